/* All of a thread as one list, a few pages of it in memory. */
#include "config.h"
#include "session-fixture.h"

#define N_OLD 400

/* A thread of N_OLD messages, prompts and answers, opened again. */
static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  fixture_set_up (self, data);
  fixture_type (self, "x");
  fixture_advance (self, 300);
  for (guint i = 0; i < N_OLD; i++)
    {
      BobbinRole role = i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT;
      g_autoptr(BobbinMessage) message = bobbin_message_new (0, role, START_US + i);
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
      g_autofree char *text = g_strdup_printf ("number %u", i);

      bobbin_block_set_text (block, text);
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
      bobbin_message_add_block (message, block);
      bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
      bobbin_store_save_message_async (self->store, bobbin_thread_get_id (self->thread), message, NULL, NULL, NULL);
    }
  fixture_type (self, "");
  fixture_advance (self, 300);
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  fixture_settle (self);
  fixture_open_session (self);
}

static guint
n_items (BobbinPager *pager)
{
  return g_list_model_get_n_items (G_LIST_MODEL (pager));
}

static void
assert_loaded (BobbinPager *pager,
               guint        position)
{
  BobbinMessage *message = bobbin_pager_peek (pager, position);
  g_autofree char *text = g_strdup_printf ("number %u", position);

  g_assert_nonnull (message);
  g_assert_cmpint (bobbin_message_get_id (message), ==, bobbin_pager_get_id (pager, position));
  assert_text (message, text);
}

static void
test_whole (Fixture       *self,
            gconstpointer  data)
{
  BobbinPager *pager = bobbin_session_get_pager (self->session);
  guint position;

  g_assert_false (bobbin_pager_get_ready (pager));
  fixture_settle (self);
  g_assert_true (bobbin_pager_get_ready (pager));
  g_assert_cmpuint (n_items (pager), ==, N_OLD);
  g_assert_cmpuint (fixture_n_messages (self), ==, BOBBIN_SESSION_PAGE);
  g_assert_cmpuint (bobbin_pager_get_n_pages (pager), ==, 0);
  g_assert_null (bobbin_pager_peek (pager, 0));
  assert_loaded (pager, N_OLD - 1);
  for (guint i = 1; i < N_OLD; i++)
    g_assert_cmpint (bobbin_pager_get_id (pager, i - 1), <, bobbin_pager_get_id (pager, i));
  for (guint i = 0; i < N_OLD; i++)
    {
      g_assert_cmpint (bobbin_pager_is_prompt (pager, i), ==, i % 2 == 0);
      g_assert_true (bobbin_pager_find (pager, bobbin_pager_get_id (pager, i), &position));
      g_assert_cmpuint (position, ==, i);
    }
  g_assert_false (bobbin_pager_find (pager, 1, &position));
}

static void
loaded_cb (BobbinPager *pager,
           guint        position,
           guint        n,
           GArray      *told)
{
  for (guint i = position; i < position + n; i++)
    {
      g_assert_nonnull (bobbin_pager_peek (pager, i));
      g_array_append_val (told, i);
    }
}

/* What is looked at is loaded, with what is around; going through all of it keeps little. */
static void
test_wanted (Fixture       *self,
             gconstpointer  data)
{
  BobbinPager *pager = bobbin_session_get_pager (self->session);
  g_autoptr(GArray) told = g_array_new (FALSE, FALSE, sizeof (guint));

  g_signal_connect (pager, "loaded", G_CALLBACK (loaded_cb), told);
  fixture_settle (self);
  bobbin_pager_want (pager, 100, 110);
  fixture_settle (self);
  for (guint i = 90; i < 120; i++)
    assert_loaded (pager, i);
  g_assert_cmpuint (told->len, >=, 30);
  g_assert_null (bobbin_pager_peek (pager, 0));

  for (guint i = 0; i + 5 < N_OLD; i += 5)
    {
      bobbin_pager_want (pager, i, i + 5);
      fixture_settle (self);
      for (guint j = i; j < i + 5; j++)
        assert_loaded (pager, j);
      g_assert_cmpuint (bobbin_pager_get_n_pages (pager), <=, 14);
    }
  g_assert_null (bobbin_pager_peek (pager, 0));
}

typedef struct
{
  guint n;
} Shadow;

/* What is told of changes adds up to what is there. */
static void
changed_cb (BobbinPager *pager,
            guint        position,
            guint        n_removed,
            guint        n_added,
            Shadow      *shadow)
{
  g_assert_cmpuint (position + n_removed, <=, shadow->n);
  shadow->n += n_added - n_removed;
  g_assert_cmpuint (shadow->n, ==, n_items (pager));
}

static void
test_changes (Fixture       *self,
              gconstpointer  data)
{
  BobbinPager *pager = bobbin_session_get_pager (self->session);
  Shadow shadow = { 0 };
  gint64 third;
  guint position;

  g_signal_connect (pager, "items-changed", G_CALLBACK (changed_cb), &shadow);
  fixture_settle (self);
  g_assert_cmpuint (shadow.n, ==, N_OLD);

  /* the session takes a page of its own */
  bobbin_session_load_older (self->session);
  fixture_settle (self);
  g_assert_cmpuint (n_items (pager), ==, N_OLD);
  assert_loaded (pager, N_OLD - BOBBIN_SESSION_PAGE - 1);

  /* a new message */
  fixture_send (self, "hello");
  fixture_settle (self);
  g_assert_cmpuint (n_items (pager), ==, N_OLD + 1);

  /* an old one goes */
  bobbin_pager_want (pager, 0, 10);
  fixture_settle (self);
  third = bobbin_pager_get_id (pager, 2);
  bobbin_session_delete_message (self->session, bobbin_pager_peek (pager, 2));
  fixture_settle (self);
  g_assert_cmpuint (n_items (pager), ==, N_OLD);
  g_assert_false (bobbin_pager_find (pager, third, &position));
  bobbin_pager_want (pager, 0, 10);
  fixture_settle (self);
  assert_text (bobbin_pager_peek (pager, 2), "number 3");
  g_assert_cmpuint (shadow.n, ==, N_OLD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/pager/whole", Fixture, NULL, set_up, test_whole, fixture_tear_down);
  g_test_add ("/pager/wanted", Fixture, NULL, set_up, test_wanted, fixture_tear_down);
  g_test_add ("/pager/changes", Fixture, NULL, set_up, test_changes, fixture_tear_down);

  return g_test_run ();
}
