/* Many threads at once, loaded or not; labels; views; what leaves the bin. */
#include "config.h"
#include "session-fixture.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define N_THREADS 250

static void
set_up (Fixture       *self,
        gconstpointer  on_disk)
{
  fixture_set_up (self, on_disk);
  self->backend->capabilities |= BOBBIN_CAN_LIST_THREADS | BOBBIN_CAN_DELETE_THREAD;
  fixture_send (self, "the session's own");
  bobbin_session_stop (self->session);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autofree char *title = g_strdup_printf ("%u", i);
      g_autoptr(BobbinThread) thread = bobbin_thread_new (1000 + i, bobbin_account_get_id (self->account));

      bobbin_thread_set_title (thread, title, BOBBIN_TITLE_USER);
      bobbin_thread_set_last_used_us (thread, START_US - i * G_USEC_PER_SEC);
      bobbin_thread_set_pinned (thread, i == 7);
      bobbin_thread_set_unread (thread, i % 3 == 0);
      if (i % 2 == 0)
        bobbin_thread_set_server_id (thread, title);
      bobbin_store_save_thread_async (self->store, thread, NULL, NULL, NULL);
    }
  fixture_restart (self, FALSE);
  self->backend->capabilities |= BOBBIN_CAN_LIST_THREADS | BOBBIN_CAN_DELETE_THREAD;
}

static guint
n_rows (GListModel *model)
{
  return g_list_model_get_n_items (model);
}

static BobbinThread *
row (GListModel *model,
     guint       position)
{
  g_autoptr(BobbinThread) thread = g_list_model_get_item (model, position);

  g_assert_nonnull (thread);
  return thread; /* the list holds it */
}

static void
take_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  BobbinThreadChanged **ret_changed = user_data;

  *ret_changed = bobbin_library_change_threads_finish (BOBBIN_LIBRARY (source), result, &error);
  g_assert_no_error (error);
}

static BobbinThreadChanged *
change (Fixture                *self,
        const BobbinThreadPick *pick,
        BobbinThreadChangeKind  kind,
        gint64                  label_id)
{
  BobbinThreadChanged *changed = NULL;

  bobbin_library_change_threads_async (self->library, pick, kind, label_id, FALSE, NULL, take_cb, &changed);
  fixture_settle (self);
  g_assert_nonnull (changed);
  return changed;
}

static void
undo (Fixture                   *self,
      const BobbinThreadChanged *changed)
{
  g_autoptr(BobbinThreadChanged) back = NULL;

  bobbin_library_undo_change_async (self->library, changed, NULL, take_cb, &back);
  fixture_settle (self);
  g_assert_nonnull (back);
  g_assert_cmpuint (back->ids->len, ==, changed->ids->len);
}

static BobbinThreadPick *
pick_all (Fixture          *self,
          BobbinThreadView *view)
{
  BobbinThreadPick *pick = bobbin_thread_pick_new (NULL, 0);

  bobbin_library_pick_view (self->library, view, pick);
  return pick;
}

/* Those that were not loaded too; the list changes at once, and the undo brings back what it was. */
static void
test_archive_all (Fixture       *self,
                  gconstpointer  on_disk)
{
  GListModel *threads = bobbin_library_get_threads (self->library);
  g_autoptr(BobbinThreadView) view = bobbin_library_ref_view (self->library, BOBBIN_FOLDER_ACTIVE, 0, 0, FALSE);
  g_autoptr(BobbinThreadPick) pick = pick_all (self, view);
  g_autoptr(BobbinThreadChanged) changed = NULL;
  GListModel *archive;
  guint before = n_rows (threads);

  g_assert_cmpuint (before, ==, BOBBIN_LIBRARY_PAGE);
  bobbin_library_change_threads_async (self->library, pick, BOBBIN_CHANGE_ARCHIVE, 0, FALSE, NULL, take_cb, &changed);
  g_assert_cmpuint (n_rows (threads), ==, 0);
  fixture_settle (self);
  g_assert_cmpuint (changed->ids->len, ==, N_THREADS + 1);
  g_assert_cmpuint (n_rows (threads), ==, 0);
  g_assert_false (bobbin_library_get_has_more (self->library));

  archive = bobbin_library_get_archive (self->library);
  fixture_settle (self);
  g_assert_cmpuint (n_rows (archive), ==, BOBBIN_LIBRARY_PAGE);
  /* Put away, what is pinned has no place of its own. */
  g_assert_false (bobbin_thread_get_pinned (row (archive, 0)));

  undo (self, changed);
  g_assert_cmpuint (n_rows (archive), ==, 0);
  g_assert_cmpuint (n_rows (threads), ==, before);
  g_assert_cmpstr (bobbin_thread_get_title (row (threads, 0)), ==, "7");
  g_assert_true (bobbin_library_get_has_more (self->library));
  fixture_restart (self, FALSE);
  g_assert_cmpuint (n_rows (bobbin_library_get_threads (self->library)), ==, before);
}

/* Exactly what it was: some were read, some not. */
static void
test_marks (Fixture       *self,
            gconstpointer  on_disk)
{
  GListModel *threads = bobbin_library_get_threads (self->library);
  g_autoptr(BobbinThreadView) view = bobbin_library_ref_view (self->library, BOBBIN_FOLDER_ACTIVE, 0, 0, FALSE);
  g_autoptr(BobbinThreadPick) pick = pick_all (self, view);
  g_autoptr(BobbinThreadChanged) changed = change (self, pick, BOBBIN_CHANGE_MARK_READ, 0);
  guint n_unread = 0;

  g_assert_cmpuint (changed->ids->len, ==, (N_THREADS + 2) / 3);
  for (guint i = 0; i < n_rows (threads); i++)
    g_assert_false (bobbin_thread_get_unread (row (threads, i)));
  undo (self, changed);
  for (guint i = 0; i < n_rows (threads); i++)
    {
      BobbinThread *thread = row (threads, i);
      guint64 number;

      if (g_ascii_string_to_unsigned (bobbin_thread_get_title (thread), 10, 0, N_THREADS, &number, NULL))
        g_assert_cmpint (bobbin_thread_get_unread (thread), ==, number % 3 == 0);
      n_unread += bobbin_thread_get_unread (thread);
    }
  g_assert_cmpuint (n_unread, >, 0);
}

/* More deletions on the server than are kept in memory; what is undone in time is not deleted there. */
static void
test_bin_many (Fixture       *self,
               gconstpointer  on_disk)
{
  g_autoptr(BobbinThreadView) view = bobbin_library_ref_view (self->library, BOBBIN_FOLDER_ACTIVE, 0, 0, FALSE);
  g_autoptr(BobbinThreadPick) pick = pick_all (self, view);
  g_autoptr(BobbinThreadChanged) changed = NULL;
  g_autoptr(BobbinThreadChanged) again = NULL;
  g_auto(GStrv) words = NULL;

  changed = change (self, pick, BOBBIN_CHANGE_BIN, 0);
  g_assert_cmpuint (changed->n_remote, >=, N_THREADS / 2);
  g_assert_cmpuint (changed->n_kept, ==, 0);
  fixture_advance (self, 1000);
  undo (self, changed);
  fixture_advance (self, BOBBIN_LIBRARY_UNDO_MS + 1000);
  g_assert_cmpstr (self->backend->changes->str, ==, "");

  again = change (self, pick, BOBBIN_CHANGE_BIN, 0);
  fixture_advance (self, BOBBIN_LIBRARY_UNDO_MS + 1000);
  words = g_strsplit (self->backend->changes->str, ";", -1);
  g_assert_cmpuint (g_strv_length (words) - 1, ==, again->n_remote);
}

static void
purged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gssize *ret_n = user_data;

  *ret_n = bobbin_library_purge_finish (BOBBIN_LIBRARY (source), result, NULL);
}

static void
test_purge (Fixture       *self,
            gconstpointer  on_disk)
{
  gint64 ids[] = { 1000, 1001, 1002 };
  g_autoptr(BobbinThreadPick) three = bobbin_thread_pick_new (ids, 3);
  g_autoptr(BobbinThreadPick) one = bobbin_thread_pick_new (ids, 1);
  g_autoptr(BobbinThreadChanged) changed = change (self, three, BOBBIN_CHANGE_BIN, 0);
  GListModel *bin = bobbin_library_get_bin (self->library);
  gssize n = -1;

  fixture_settle (self);
  g_assert_cmpuint (n_rows (bin), ==, 3);
  bobbin_library_purge_async (self->library, one, NULL, purged_cb, &n);
  fixture_settle (self);
  g_assert_cmpint (n, ==, 1);
  g_assert_cmpuint (n_rows (bin), ==, 2);
  /* While the program runs, day by day. */
  for (guint day = 0; day < 29; day++)
    fixture_advance (self, DAY_MS);
  g_assert_cmpuint (n_rows (bin), ==, 2);
  fixture_advance (self, DAY_MS);
  fixture_advance (self, DAY_MS);
  g_assert_cmpuint (n_rows (bin), ==, 0);
  /* Nothing to wait for. */
  bobbin_library_purge_async (self->library, NULL, NULL, purged_cb, &n);
  fixture_settle (self);
  g_assert_cmpint (n, ==, 0);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GArray **ret_holders = user_data;

  *ret_holders = bobbin_library_delete_label_finish (BOBBIN_LIBRARY (source), result, NULL);
}

static void
test_labels (Fixture       *self,
             gconstpointer  on_disk)
{
  GListModel *labels = bobbin_library_get_labels (self->library);
  g_autoptr(BobbinLabel) label = bobbin_label_new (0, "Work", BOBBIN_LABEL_GREEN);
  gint64 label_id = bobbin_label_get_id (label);
  g_autoptr(BobbinThreadView) view = NULL;
  g_autoptr(BobbinThreadPick) two = NULL;
  g_autoptr(BobbinThreadChanged) changed = NULL;
  g_autoptr(GArray) holders = NULL;
  GListModel *model;
  gint64 ids[] = { 1003, 1000 + N_THREADS - 1 };

  bobbin_library_add_label (self->library, label, NULL);
  view = bobbin_library_ref_view (self->library, BOBBIN_FOLDER_ACTIVE, 0, label_id, FALSE);
  model = bobbin_thread_view_get_model (view);
  fixture_settle (self);
  g_assert_true (bobbin_thread_view_get_loaded (view));
  g_assert_cmpuint (n_rows (model), ==, 0);

  /* One of them was not loaded. */
  two = bobbin_thread_pick_new (ids, 2);
  changed = change (self, two, BOBBIN_CHANGE_ADD_LABEL, label_id);
  g_assert_cmpuint (n_rows (model), ==, 2);
  g_assert_cmpint (bobbin_thread_get_id (row (model, 0)), ==, 1003);
  g_assert_true (bobbin_thread_has_label (row (model, 1), label_id));
  bobbin_library_archive_thread (self->library, row (model, 0), TRUE);
  g_assert_cmpuint (n_rows (model), ==, 1);

  bobbin_library_change_label (self->library, label, "Play", BOBBIN_LABEL_RED);
  bobbin_library_delete_label_async (self->library, label, NULL, deleted_cb, &holders);
  fixture_settle (self);
  g_assert_cmpuint (holders->len, ==, 2);
  g_assert_cmpuint (n_rows (labels), ==, 0);
  g_assert_cmpuint (n_rows (model), ==, 0);
  bobbin_library_add_label (self->library, label, holders);
  fixture_settle (self);
  fixture_restart (self, FALSE);
  labels = bobbin_library_get_labels (self->library);
  g_assert_cmpuint (n_rows (labels), ==, 1);
  g_assert_cmpstr (bobbin_label_get_name (bobbin_library_find_label (self->library, label_id)), ==, "Play");
}

/* Of what was scrolled to, only the first rows stay; the rest comes again. Threads nobody holds are gone from memory. */
static void
test_trim (Fixture       *self,
           gconstpointer  on_disk)
{
  g_autoptr(BobbinThreadView) view = bobbin_library_ref_view (self->library, BOBBIN_FOLDER_ACTIVE, 0, 0, FALSE);
  GListModel *threads = bobbin_library_get_threads (self->library);
  gpointer last;

  for (guint i = 0; i < 4 * BOBBIN_LIBRARY_PAGE; i++)
    {
      g_autofree char *title = g_strdup_printf ("older %u", i);
      g_autoptr(BobbinThread) thread = bobbin_thread_new (5000 + i, bobbin_account_get_id (self->account));

      bobbin_thread_set_title (thread, title, BOBBIN_TITLE_USER);
      bobbin_thread_set_last_used_us (thread, START_US - (1000 + i) * G_USEC_PER_SEC);
      bobbin_store_save_thread_async (self->store, thread, NULL, NULL, NULL);
    }
  while (bobbin_library_get_has_more (self->library))
    {
      bobbin_library_load_more (self->library);
      fixture_settle (self);
    }
  g_assert_cmpuint (n_rows (threads), ==, N_THREADS + 4 * BOBBIN_LIBRARY_PAGE + 1);
  last = row (threads, n_rows (threads) - 1);
  g_object_add_weak_pointer (last, &last);
  bobbin_thread_view_trim (view);
  fixture_settle (self);
  g_assert_null (last);
  g_assert_cmpuint (n_rows (threads), ==, 2 * BOBBIN_LIBRARY_PAGE);
  while (bobbin_library_get_has_more (self->library))
    {
      bobbin_library_load_more (self->library);
      fixture_settle (self);
    }
  g_assert_cmpuint (n_rows (threads), ==, N_THREADS + 4 * BOBBIN_LIBRARY_PAGE + 1);
}

#define ADD(path, test) g_test_add ("/library/change/" path, Fixture, "disk", set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("archive-all", test_archive_all);
  ADD ("marks", test_marks);
  ADD ("bin-many", test_bin_many);
  ADD ("purge", test_purge);
  ADD ("labels", test_labels);
  ADD ("trim", test_trim);

  return g_test_run ();
}
