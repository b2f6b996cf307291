#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"


typedef struct
{
  BobbinStore   *store;
  BobbinAccount *account;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->store = fixture_open (NULL, NULL);
  self->account = fixture_add_account (self->store, "A");
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  fixture_close (self->store);
  g_clear_object (&self->account);
}

static void
add (Fixture    *self,
     const char *title,
     gint64      used_us,
     gboolean    archived,
     gboolean    binned)
{
  g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, self->account, title, used_us);
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_set_archived (thread, archived);
  bobbin_thread_set_deleted_us (thread, binned ? used_us : 0);
  result = WAIT (bobbin_store_save_thread_async, self->store, thread);
  g_assert_true (bobbin_store_finish (self->store, result, NULL));
}

/* "title; title" in their order. */
static char *
find (Fixture    *self,
      const char *query,
      guint       limit)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_find_titles_async, self->store, query, limit);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) hits = bobbin_store_find_titles_finish (self->store, result, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++)
    {
      BobbinTitleHit *hit = hits->pdata[i];

      g_assert_cmpint (hit->account_id, ==, bobbin_account_get_id (self->account));
      g_string_append_printf (text, "%s%s%s", i > 0 ? "; " : "", hit->title, hit->archived ? " (archived)" : "");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define assert_found(self, query, limit, wanted) G_STMT_START { \
  g_autofree char *found_ = find (self, query, limit); \
  g_assert_cmpstr (found_, ==, wanted); } G_STMT_END

static void
test_find (Fixture       *self,
           gconstpointer  data)
{
  add (self, "Überfällige Rechnungen", 1, FALSE, FALSE);
  add (self, "Invoices of March", 2, FALSE, FALSE);
  add (self, "March of the penguins", 3, TRUE, FALSE);
  add (self, "Marching orders", 4, FALSE, FALSE);
  add (self, "March in the bin", 5, FALSE, TRUE);
  add (self, NULL, 6, FALSE, FALSE);

  assert_found (self, "march", 10, "March of the penguins (archived); Invoices of March; Marching orders");
  assert_found (self, "march", 1, "March of the penguins (archived)");
  assert_found (self, "uber", 10, "Überfällige Rechnungen");
  assert_found (self, "im", 10, "Invoices of March");
  assert_found (self, "nothing", 10, "");
  /* Nothing typed: the last used. */
  assert_found (self, "", 2, "Marching orders; March of the penguins (archived)");
  assert_found (self, "", 10, "Marching orders; March of the penguins (archived); Invoices of March; Überfällige Rechnungen");
  assert_index_is_true (self->store);
}

/* Of many alike the last used, and no more than was asked for. */
static void
test_many (Fixture       *self,
           gconstpointer  data)
{
  for (gint64 i = 1; i <= 300; i++)
    {
      g_autofree char *title = g_strdup_printf ("Report %03d", (int) i);

      add (self, title, i, FALSE, FALSE);
    }
  assert_found (self, "rep", 3, "Report 300; Report 299; Report 298");
  assert_found (self, "rep 12", 3, "Report 129; Report 128; Report 127");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/titles/find", Fixture, NULL, set_up, test_find, tear_down);
  g_test_add ("/store/titles/many", Fixture, NULL, set_up, test_many, tear_down);

  return g_test_run ();
}
