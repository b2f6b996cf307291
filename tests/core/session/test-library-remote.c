/* The servers' lists of threads in ours, and deletions and names on their way there. */
#include "config.h"
#include "session-fixture.h"

static void
set_up (Fixture      *self,
        gconstpointer on_disk)
{
  fixture_set_up (self, on_disk);
  self->backend->capabilities |= BOBBIN_CAN_LIST_THREADS | BOBBIN_CAN_DELETE_THREAD | BOBBIN_CAN_RENAME_THREAD | BOBBIN_CAN_SEARCH_THREADS;
}

static guint
n_threads (Fixture *self)
{
  return g_list_model_get_n_items (bobbin_library_get_threads (self->library));
}

static BobbinThread *
find (Fixture    *self,
      const char *server_id)
{
  for (guint i = 0; i < n_threads (self); i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (bobbin_library_get_threads (self->library), i);

      if (g_strcmp0 (bobbin_thread_get_server_id (thread), server_id) == 0)
        return thread;
    }

  return NULL;
}

static void
refresh (Fixture *self)
{
  bobbin_library_refresh_remote (self->library, NULL);
  fixture_settle (self);
}

static void
test_merge (Fixture      *self,
            gconstpointer on_disk)
{
  guint before = n_threads (self);

  fake_remote_thread (self->backend, "r1", "Tides", START_US - 10 * G_USEC_PER_SEC);
  fake_remote_thread (self->backend, "r2", NULL, 0);
  refresh (self);
  g_assert_cmpuint (n_threads (self), ==, before + 2);
  g_assert_cmpstr (bobbin_thread_get_title (find (self, "r1")), ==, "Tides");
  g_assert_cmpint (bobbin_thread_get_last_used_us (find (self, "r1")), ==, START_US - 10 * G_USEC_PER_SEC);
  g_assert_null (bobbin_thread_get_title (find (self, "r2")));
  /* once a minute at most */
  refresh (self);
  g_assert_cmpuint (self->backend->n_thread_lists, ==, 1);

  /* a title given here wins, one of the server follows it; a clock that is ahead is not believed */
  bobbin_library_rename_thread (self->library, find (self, "r1"), "Mine");
  g_ptr_array_set_size (self->backend->threads, 0);
  fake_remote_thread (self->backend, "r1", "Theirs", START_US + G_GINT64_CONSTANT (1000000000000));
  fake_remote_thread (self->backend, "r2", "Named", 0);
  fixture_advance (self, 61000);
  refresh (self);
  g_assert_cmpuint (n_threads (self), ==, before + 2);
  g_assert_cmpstr (bobbin_thread_get_title (find (self, "r1")), ==, "Mine");
  g_assert_cmpstr (bobbin_thread_get_title (find (self, "r2")), ==, "Named");
  g_assert_cmpint (bobbin_thread_get_last_used_us (find (self, "r1")), <=, bobbin_clock_now_us (BOBBIN_CLOCK (self->clock)));
}

static void
count_cb (GListModel *model,
          guint       position,
          guint       removed,
          guint       added,
          guint      *n_changes)
{
  (*n_changes)++;
}

/* A page of the server stands before an older conversation of ours: it comes with one change of the list, in order. */
static void
test_one_change (Fixture      *self,
                 gconstpointer on_disk)
{
  GListModel *threads = bobbin_library_get_threads (self->library);
  guint before;
  guint n_changes = 0;

  self->backend->page_size = 100;
  fake_remote_thread (self->backend, "oldest", "Oldest", START_US - G_GINT64_CONSTANT (100000) * G_USEC_PER_SEC);
  refresh (self);
  before = n_threads (self);
  for (guint i = 0; i < 90; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);

      fake_remote_thread (self->backend, id, "New", START_US - (gint64) (i * 7 % 90 + 10) * G_USEC_PER_SEC);
    }
  fixture_advance (self, 61000);
  g_signal_connect (threads, "items-changed", G_CALLBACK (count_cb), &n_changes);
  refresh (self);
  g_signal_handlers_disconnect_by_data (threads, &n_changes);
  g_assert_cmpuint (n_threads (self), ==, before + 90);
  g_assert_cmpuint (n_changes, ==, 1);
  for (guint i = 1; i < n_threads (self); i++)
    {
      g_autoptr(BobbinThread) newer = g_list_model_get_item (threads, i - 1);
      g_autoptr(BobbinThread) older = g_list_model_get_item (threads, i);

      g_assert_cmpint (bobbin_thread_get_last_used_us (newer), >=, bobbin_thread_get_last_used_us (older));
    }
}

/* Page by page, as they are asked for. */
static void
test_pages (Fixture      *self,
            gconstpointer on_disk)
{
  self->backend->page_size = 100;
  for (guint i = 0; i < 350; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      fake_remote_thread (self->backend, id, id, START_US - i * G_USEC_PER_SEC);
    }
  refresh (self);
  g_assert_cmpuint (self->backend->n_thread_lists, ==, 1);
  g_assert_true (bobbin_library_get_has_more (self->library));
  for (guint i = 0; i < 20 && bobbin_library_get_has_more (self->library); i++)
    {
      bobbin_library_load_more (self->library);
      fixture_settle (self);
    }
  g_assert_cmpuint (self->backend->n_thread_lists, ==, 4);
  g_assert_nonnull (find (self, "r349"));
  g_assert_false (bobbin_library_get_has_more (self->library));
}

/* What is in the bin, or was deleted for good, does not come back. */
static void
test_binned (Fixture      *self,
             gconstpointer on_disk)
{
  g_autoptr(BobbinThread) thread = NULL;

  fake_remote_thread (self->backend, "r1", "Tides", START_US);
  refresh (self);
  thread = g_object_ref (find (self, "r1"));
  bobbin_account_set_option (self->account, BOBBIN_OPTION_KEEP_ON_SERVER, "yes");
  bobbin_library_bin_thread (self->library, thread, TRUE);
  fixture_advance (self, 61000);
  refresh (self);
  g_assert_null (find (self, "r1"));
  g_assert_cmpstr (self->backend->changes->str, ==, "");
  bobbin_store_delete_thread_async (self->store, bobbin_thread_get_id (thread), NULL, NULL, NULL);
  fixture_advance (self, 61000);
  refresh (self);
  g_assert_cmpuint (self->backend->n_thread_lists, ==, 3);
  g_assert_null (find (self, "r1"));
}

/* The server's copy goes when the time to undo has passed. */
static void
test_delete (Fixture      *self,
             gconstpointer on_disk)
{
  g_autoptr(BobbinThread) thread = NULL;

  fake_remote_thread (self->backend, "r1", "Tides", START_US);
  refresh (self);
  thread = g_object_ref (find (self, "r1"));
  g_assert_true (bobbin_library_deletes_remote (self->library, thread));
  bobbin_library_bin_thread (self->library, thread, TRUE);
  fixture_advance (self, 1000);
  g_assert_cmpstr (self->backend->changes->str, ==, "");
  bobbin_library_bin_thread (self->library, thread, FALSE);
  fixture_advance (self, BOBBIN_LIBRARY_UNDO_MS + 1000);
  g_assert_cmpstr (self->backend->changes->str, ==, "");
  bobbin_library_bin_thread (self->library, thread, TRUE);
  fixture_advance (self, BOBBIN_LIBRARY_UNDO_MS + 1000);
  g_assert_cmpstr (self->backend->changes->str, ==, "delete r1;");
  fixture_advance (self, 600000);
  g_assert_cmpstr (self->backend->changes->str, ==, "delete r1;");
}

/* Without a network it waits, also over a restart. */
static void
test_offline (Fixture      *self,
              gconstpointer on_disk)
{
  fixture_type (self, "kept");
  fixture_advance (self, 1000);
  fake_remote_thread (self->backend, "r1", "Tides", START_US);
  refresh (self);
  self->backend->change_error = BOBBIN_ERROR_NETWORK;
  bobbin_library_bin_thread (self->library, find (self, "r1"), TRUE);
  fixture_advance (self, BOBBIN_LIBRARY_UNDO_MS + 1000);
  g_assert_cmpstr (self->backend->changes->str, ==, "delete r1;");
  fixture_restart (self, FALSE);
  self->backend->capabilities |= BOBBIN_CAN_LIST_THREADS | BOBBIN_CAN_DELETE_THREAD;
  fixture_settle (self);
  fixture_advance (self, 61000);
  g_assert_cmpstr (self->backend->changes->str, ==, "delete r1;");
  fixture_advance (self, 600000);
  g_assert_cmpstr (self->backend->changes->str, ==, "delete r1;");
}

static void
failed_cb (BobbinLibrary *library,
           BobbinAccount *account,
           BobbinFailure *failure,
           guint         *n_failed)
{
  (*n_failed)++;
}

static void
test_refused (Fixture      *self,
              gconstpointer on_disk)
{
  guint n_failed = 0;

  g_signal_connect (self->library, "remote-failed", G_CALLBACK (failed_cb), &n_failed);
  fake_remote_thread (self->backend, "r1", "Tides", START_US);
  refresh (self);
  self->backend->change_error = BOBBIN_ERROR_FORBIDDEN;
  bobbin_library_rename_thread (self->library, find (self, "r1"), "Mine");
  fixture_settle (self);
  g_assert_cmpuint (n_failed, ==, 1);
  /* a thread that is not there any more is as good as deleted */
  self->backend->change_error = BOBBIN_ERROR_NOT_FOUND;
  bobbin_library_bin_thread (self->library, find (self, "r1"), TRUE);
  fixture_advance (self, 700000);
  g_assert_cmpuint (n_failed, ==, 1);
  g_assert_cmpstr (self->backend->changes->str, ==, "rename r1 Mine;delete r1;");
}

static void
test_rename (Fixture      *self,
             gconstpointer on_disk)
{
  fake_remote_thread (self->backend, "r1", "Tides", START_US);
  refresh (self);
  bobbin_library_rename_thread (self->library, find (self, "r1"), "One");
  fixture_settle (self);
  bobbin_library_rename_thread (self->library, find (self, "r1"), "Two");
  fixture_settle (self);
  g_assert_cmpstr (self->backend->changes->str, ==, "rename r1 One;rename r1 Two;");
  self->backend->capabilities &= ~BOBBIN_CAN_RENAME_THREAD;
  bobbin_library_rename_thread (self->library, find (self, "r1"), "Three");
  fixture_settle (self);
  g_assert_cmpstr (self->backend->changes->str, ==, "rename r1 One;rename r1 Two;");
}

static void
test_search (Fixture      *self,
             gconstpointer on_disk)
{
  fake_remote_thread (self->backend, "r1", "Tides", START_US);
  bobbin_library_search_remote (self->library, "tide");
  fixture_settle (self);
  g_assert_nonnull (find (self, "r1"));
  self->backend->list_error = BOBBIN_ERROR_SERVER;
  bobbin_library_search_remote (self->library, "more");
  fixture_settle (self);
  g_assert_cmpuint (self->backend->n_thread_lists, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, disk, func) g_test_add ("/library-remote/" name, Fixture, disk, set_up, func, fixture_tear_down)
  ADD ("merge", NULL, test_merge);
  ADD ("pages", NULL, test_pages);
  ADD ("one-change", NULL, test_one_change);
  ADD ("binned", NULL, test_binned);
  ADD ("delete", NULL, test_delete);
  ADD ("offline", "disk", test_offline);
  ADD ("refused", NULL, test_refused);
  ADD ("rename", NULL, test_rename);
  ADD ("search", NULL, test_search);

  return g_test_run ();
}
