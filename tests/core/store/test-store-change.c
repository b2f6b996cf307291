/* Many threads at once: labels, folders, marks, and each of it back; what leaves the bin for good; sizes. */
#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include "model/bobbin-label.h"

#define N_THREADS 8

typedef struct
{
  char          *dir;
  BobbinStore   *store;
  BobbinAccount *account;
  gint64         ids[N_THREADS];
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  on_disk)
{
  self->dir = on_disk != NULL ? fixture_make_dir () : NULL;
  self->store = fixture_open (self->dir, NULL);
  self->account = fixture_add_account (self->store, "A");
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autofree char *title = g_strdup_printf ("t%u", i);
      g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, self->account, title, 1000 + i);

      self->ids[i] = bobbin_thread_get_id (thread);
    }
}

static void
tear_down (Fixture       *self,
           gconstpointer  on_disk)
{
  assert_index_is_true (self->store);
  fixture_close (self->store);
  g_clear_object (&self->account);
  if (self->dir != NULL)
    fixture_remove_dir (self->dir);
  g_free (self->dir);
}

static BobbinThreadChanged *
finish (Fixture      *self,
        GAsyncResult *taken)
{
  g_autoptr(GAsyncResult) result = taken;
  g_autoptr(GError) error = NULL;
  BobbinThreadChanged *changed = bobbin_store_change_threads_finish (self->store, result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (changed);
  return changed;
}

static BobbinThreadChanged *
change (Fixture                *self,
        const BobbinThreadPick *pick,
        BobbinThreadChangeKind  kind,
        gint64                  label_id)
{
  const BobbinThreadChange what = { .kind = kind, .label_id = label_id, .now_us = 77, .due_us = 99, .delete_by = NULL };

  return finish (self, WAIT (bobbin_store_change_threads_async, self->store, pick, &what));
}

static void
undo (Fixture                   *self,
      const BobbinThreadChanged *changed)
{
  g_autoptr(BobbinThreadChanged) back = finish (self, WAIT (bobbin_store_undo_change_async, self->store, changed, NULL));

  g_assert_cmpuint (back->ids->len, ==, changed->ids->len);
}

/* What of a thread can be changed, for all of them. */
static char *
state (Fixture *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autoptr(BobbinThread) thread = fixture_load_thread (self->store, self->ids[i]);
      guint n_labels;
      const gint64 *labels = bobbin_thread_get_labels (thread, &n_labels);

      g_string_append_printf (text, "%s%s%s%" G_GINT64_FORMAT, bobbin_thread_get_pinned (thread) ? "p" : "-",
                              bobbin_thread_get_archived (thread) ? "a" : "-", bobbin_thread_get_unread (thread) ? "u" : "-",
                              bobbin_thread_get_deleted_us (thread));
      for (guint j = 0; j < n_labels; j++)
        g_string_append_printf (text, "/%" G_GINT64_FORMAT, labels[j]);
      g_string_append_c (text, ' ');
    }

  return g_string_free (text, FALSE);
}

static guint
count (Fixture                 *self,
       const BobbinThreadQuery *query)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_count_threads_async, self->store, query);
  guint n = G_MAXUINT;

  g_assert_true (bobbin_store_count_threads_finish (self->store, result, &n, NULL));
  return n;
}

static void
add_label (Fixture *self,
           gint64   id,
           GArray  *thread_ids)
{
  g_autoptr(BobbinLabel) label = bobbin_label_new (id, "Work", BOBBIN_LABEL_RED);
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_save_label_async, self->store, label, thread_ids);

  g_assert_true (bobbin_store_finish (self->store, result, NULL));
}

/* Whatever was so before, one undo brings back exactly that. */
static void
test_each_and_back (Fixture       *self,
                    gconstpointer  on_disk)
{
  g_autoptr(BobbinThreadPick) some = bobbin_thread_pick_new (self->ids, 5);
  static const BobbinThreadChangeKind before[][2] = {
    { BOBBIN_CHANGE_PIN, 0 }, { BOBBIN_CHANGE_ARCHIVE, 2 }, { BOBBIN_CHANGE_MARK_UNREAD, 1 }, { BOBBIN_CHANGE_BIN, 3 } };

  add_label (self, 9, NULL);
  add_label (self, 10, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autoptr(BobbinThreadPick) two = bobbin_thread_pick_new (self->ids + before[i][1], 2);
      g_autoptr(BobbinThreadChanged) changed = change (self, two, before[i][0], 0);

      g_assert_cmpuint (changed->ids->len, ==, 2);
      if (i < 2)
        {
          g_autoptr(BobbinThreadChanged) labelled = change (self, two, BOBBIN_CHANGE_ADD_LABEL, i == 0 ? 9 : 10);

          g_assert_cmpuint (labelled->ids->len, ==, 2);
        }
    }

  for (guint kind = 0; kind < BOBBIN_N_CHANGES; kind++)
    {
      g_autofree char *was = state (self);
      g_autofree char *is = NULL;
      g_autofree char *again = NULL;
      g_autoptr(BobbinThreadChanged) changed = change (self, some, (BobbinThreadChangeKind) kind, 9);
      g_autoptr(BobbinThreadChanged) repeated = change (self, some, (BobbinThreadChangeKind) kind, 9);

      is = state (self);
      g_assert_cmpstr (is, !=, was);
      g_assert_cmpuint (changed->ids->len, >, 0);
      g_assert_cmpuint (changed->ids->len, <=, 5);
      /* It was so already: nothing to do, and nothing to undo. */
      g_assert_cmpuint (repeated->ids->len, ==, 0);
      undo (self, changed);
      again = state (self);
      g_assert_cmpstr (again, ==, was);
    }
}

static void
test_all_but (Fixture       *self,
              gconstpointer  on_disk)
{
  g_autoptr(BobbinThreadPick) first = bobbin_thread_pick_new (self->ids, 1);
  g_autoptr(BobbinThreadPick) others = bobbin_thread_pick_new (self->ids + 6, 2);
  g_autoptr(BobbinThreadChanged) binned = change (self, first, BOBBIN_CHANGE_BIN, 0);
  g_autoptr(BobbinThreadChanged) changed = NULL;

  others->all = TRUE;
  others->query.folder = BOBBIN_FOLDER_ACTIVE;
  changed = change (self, others, BOBBIN_CHANGE_ARCHIVE, 0);
  g_assert_cmpuint (changed->ids->len, ==, 5);
  g_assert_cmpuint (count (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ARCHIVED }), ==, 5);
  g_assert_cmpuint (count (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ACTIVE }), ==, 2);
  g_assert_cmpuint (count (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_BIN }), ==, 1);
  undo (self, changed);
  g_assert_cmpuint (count (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ACTIVE }), ==, 7);
}

/* Deletions on the server are written down with the change, and taken back with it. */
static void
test_remote (Fixture       *self,
             gconstpointer  on_disk)
{
  g_autofree char *deleting = g_strdup_printf ("[%" G_GINT64_FORMAT "]", bobbin_account_get_id (self->account));
  const BobbinThreadChange bin = { .kind = BOBBIN_CHANGE_BIN, .now_us = 5, .due_us = 6, .delete_by = deleting };
  g_autoptr(BobbinAccount) keeping = fixture_add_account (self->store, "B");
  g_autoptr(BobbinThread) kept = fixture_add_thread (self->store, keeping, "kept", 5);
  g_autoptr(BobbinThreadPick) pick = NULL;
  g_autoptr(BobbinThreadChanged) changed = NULL;
  gint64 ids[4];

  bobbin_thread_set_server_id (kept, "k");
  bobbin_store_save_thread_async (self->store, kept, NULL, NULL, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *server_id = g_strdup_printf ("s%u", i);
      g_autoptr(BobbinThread) thread = fixture_load_thread (self->store, self->ids[i]);

      bobbin_thread_set_server_id (thread, server_id);
      bobbin_store_save_thread_async (self->store, thread, NULL, NULL, NULL);
      ids[i] = self->ids[i];
    }
  ids[2] = self->ids[2];
  ids[3] = bobbin_thread_get_id (kept);
  pick = bobbin_thread_pick_new (ids, 4);
  changed = finish (self, WAIT (bobbin_store_change_threads_async, self->store, pick, &bin));
  g_assert_cmpuint (changed->ids->len, ==, 4);
  g_assert_cmpuint (changed->n_remote, ==, 2);
  g_assert_cmpuint (changed->n_kept, ==, 1);

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_remote_changes_async, self->store, FALSE, 10);
      g_autoptr(GPtrArray) remote = bobbin_store_list_remote_changes_finish (self->store, result, NULL);

      g_assert_cmpuint (remote->len, ==, round == 0 ? 2 : 0);
      for (guint i = 0; i < remote->len; i++)
        {
          const BobbinRemoteChange *one = g_ptr_array_index (remote, i);

          g_assert_cmpint (one->thread_id, ==, ids[i]);
          g_assert_cmpint (one->due_us, ==, 6);
          g_assert_cmpint (one->kind, ==, BOBBIN_REMOTE_DELETE);
          g_assert_cmpstr (one->thread_title, ==, i == 0 ? "t0" : "t1");
        }
      if (round == 0)
        undo (self, changed);
    }
}

static void
test_labels (Fixture       *self,
             gconstpointer  on_disk)
{
  g_autoptr(BobbinThreadPick) three = bobbin_thread_pick_new (self->ids + 1, 3);
  const BobbinThreadQuery labelled = { .folder = BOBBIN_FOLDER_ACTIVE, .limit = 2, .label_id = 40 };
  g_autoptr(GAsyncResult) listed = NULL;
  g_autoptr(GAsyncResult) page_result = NULL;
  g_autoptr(GAsyncResult) deleted = NULL;
  g_autoptr(GPtrArray) labels = NULL;
  g_autoptr(GPtrArray) page = NULL;
  g_autoptr(GArray) holders = NULL;
  g_autoptr(BobbinThreadChanged) given = NULL;

  add_label (self, 40, NULL);
  given = change (self, three, BOBBIN_CHANGE_ADD_LABEL, 40);
  g_assert_cmpuint (given->ids->len, ==, 3);
  listed = WAIT (bobbin_store_list_labels_async, self->store);
  labels = bobbin_store_list_labels_finish (self->store, listed, NULL);
  g_assert_cmpuint (labels->len, ==, 1);
  g_assert_cmpstr (bobbin_label_get_name (g_ptr_array_index (labels, 0)), ==, "Work");
  g_assert_cmpint (bobbin_label_get_color (g_ptr_array_index (labels, 0)), ==, BOBBIN_LABEL_RED);

  g_assert_cmpuint (count (self, &labelled), ==, 3);
  page_result = WAIT (bobbin_store_list_threads_async, self->store, &labelled);
  page = bobbin_store_list_threads_finish (self->store, page_result, NULL);
  g_assert_cmpuint (page->len, ==, 2);
  g_assert_cmpint (bobbin_thread_get_id (g_ptr_array_index (page, 0)), ==, self->ids[3]);
  g_assert_true (bobbin_thread_has_label (g_ptr_array_index (page, 0), 40));

  /* Saving the thread leaves its labels. */
  bobbin_store_save_thread_async (self->store, g_ptr_array_index (page, 0), NULL, NULL, NULL);
  deleted = WAIT (bobbin_store_delete_label_async, self->store, 40);
  holders = bobbin_store_delete_label_finish (self->store, deleted, NULL);
  g_assert_cmpuint (holders->len, ==, 3);
  g_assert_cmpuint (count (self, &labelled), ==, 0);
  add_label (self, 40, holders);
  g_assert_cmpuint (count (self, &labelled), ==, 3);
}

static void
test_purge (Fixture       *self,
            gconstpointer  on_disk)
{
  g_autoptr(BobbinThreadPick) five = bobbin_thread_pick_new (self->ids, 5);
  g_autoptr(BobbinThreadPick) last = bobbin_thread_pick_new (self->ids + 3, 5);
  g_autoptr(BobbinThreadChanged) changed = change (self, five, BOBBIN_CHANGE_BIN, 0); /* at 77 */
  static const struct { gint64 before; guint limit; guint expected; } rounds[] = { { 77, 9, 0 }, { 78, 2, 2 }, { 0, 9, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
    {
      /* Of the last round only what is picked; what is not in the bin is never touched. */
      g_autoptr(GAsyncResult) result =
        WAIT (bobbin_store_purge_async, self->store, rounds[i].before, i == 2 ? last : NULL, rounds[i].limit);
      g_autoptr(GArray) ids = NULL;
      gint64 oldest_us = 0;

      g_assert_true (bobbin_store_purge_finish (self->store, result, &ids, &oldest_us, NULL));
      g_assert_cmpuint (ids->len, ==, rounds[i].expected);
      g_assert_cmpint (oldest_us, ==, 77);
    }
  g_assert_cmpuint (count (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_BIN }), ==, 1);
  g_assert_cmpuint (count (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ACTIVE }), ==, 3);
}

static void
test_sizes (Fixture       *self,
            gconstpointer  on_disk)
{
  BobbinThreadQuery query = { .folder = BOBBIN_FOLDER_ACTIVE, .below_used_us = 1004, .no_pinned = TRUE, .limit = 2 };
  g_autoptr(BobbinThreadPick) pinned = bobbin_thread_pick_new (self->ids + 1, 1);
  g_autoptr(BobbinThreadChanged) changed = change (self, pinned, BOBBIN_CHANGE_PIN, 0);
  g_autoptr(BobbinThread) thread = fixture_load_thread (self->store, self->ids[2]);
  g_autoptr(BobbinMessage) message = NULL;
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(GPtrArray) page = NULL;
  g_autoptr(GPtrArray) next = NULL;

  g_assert_cmpuint (count (self, &query), ==, 3);
  first = WAIT (bobbin_store_list_sizes_async, self->store, &query);
  page = bobbin_store_list_sizes_finish (self->store, first, NULL);
  g_assert_cmpuint (page->len, ==, 2);
  g_assert_cmpstr (((BobbinThreadRoom *) page->pdata[0])->title, ==, "t0");
  g_assert_cmpstr (((BobbinThreadRoom *) page->pdata[1])->title, ==, "t2");
  g_assert_cmpint (((BobbinThreadRoom *) page->pdata[1])->size, ==, 0);
  query.before_used_us = ((BobbinThreadRoom *) page->pdata[1])->last_used_us;
  query.before_id = ((BobbinThreadRoom *) page->pdata[1])->id;
  second = WAIT (bobbin_store_list_sizes_async, self->store, &query);
  next = bobbin_store_list_sizes_finish (self->store, second, NULL);
  g_assert_cmpuint (next->len, ==, 1);
  g_assert_cmpstr (((BobbinThreadRoom *) next->pdata[0])->title, ==, "t3");

  message = fixture_add_message (self->store, thread, BOBBIN_ROLE_USER, "twelve bytes");
  query = (BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ACTIVE, .least_used_us = 2000, .limit = 9 };
  g_clear_object (&first);
  g_clear_pointer (&page, g_ptr_array_unref);
  first = WAIT (bobbin_store_list_sizes_async, self->store, &query);
  page = bobbin_store_list_sizes_finish (self->store, first, NULL);
  g_assert_cmpuint (page->len, ==, 1);
  g_assert_cmpint (((BobbinThreadRoom *) page->pdata[0])->size, ==, 12);
}

/* One that failed waits for the person. */
static void
test_failed (Fixture       *self,
             gconstpointer  on_disk)
{
  BobbinRemoteChange failed = { .id = 3, .account_id = bobbin_account_get_id (self->account), .thread_id = self->ids[0],
                                .kind = BOBBIN_REMOTE_DELETE, .server_id = (char *) "s", .due_us = 1, .failure = (char *) "locked" };
  static const guint expected[][2] = { { 0, 1 }, { 1, 0 } };

  bobbin_store_add_remote_change_async (self->store, &failed, NULL, NULL, NULL);
  for (guint round = 0; round < 2; round++)
    {
      for (guint is_failed = 0; is_failed < 2; is_failed++)
        {
          g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_remote_changes_async, self->store, is_failed == 1, 10);
          g_autoptr(GPtrArray) listed = bobbin_store_list_remote_changes_finish (self->store, result, NULL);

          g_assert_cmpuint (listed->len, ==, expected[round][is_failed]);
          if (is_failed == 1 && listed->len > 0)
            g_assert_cmpstr (((BobbinRemoteChange *) listed->pdata[0])->failure, ==, "locked");
        }
      bobbin_store_retry_remote_changes_async (self->store, TRUE, NULL, NULL, NULL);
    }
}

#define ADD(path, test) \
  g_test_add ("/store/change/memory/" path, Fixture, NULL, set_up, test, tear_down); \
  g_test_add ("/store/change/disk/" path, Fixture, "disk", set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("each-and-back", test_each_and_back);
  ADD ("all-but", test_all_but);
  ADD ("remote", test_remote);
  ADD ("labels", test_labels);
  ADD ("purge", test_purge);
  ADD ("sizes", test_sizes);
  ADD ("failed", test_failed);

  return g_test_run ();
}
