/* Another process at work in the same profile. */
#include "config.h"
#include "session-fixture.h"

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static BobbinStore *
open_second (Fixture *self)
{
  BobbinStore *store = bobbin_sqlite_store_new (self->dir);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(GError) error = NULL;

  bobbin_store_open_async (store, NULL, done_cb, (gpointer) &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  report = bobbin_store_open_finish (store, result, &error);
  g_assert_no_error (error);

  return store;
}

static void
write_thread (Fixture      *self,
              BobbinStore  *store,
              BobbinThread *thread)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_store_save_thread_async (store, thread, NULL, done_cb, (gpointer) &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (bobbin_store_finish (store, result, NULL));
}

/* Waits for the kernel to tell, then for the delay. */
static void
notice (Fixture *self)
{
  while (self->library->watch_timer == 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_advance (self, 1000);
}

static void
test_other_process (Fixture       *self,
                    gconstpointer  on_disk)
{
  g_autoptr(BobbinStore) other = NULL;
  g_autoptr(BobbinThread) theirs = bobbin_thread_new (0, bobbin_account_get_id (self->account));
  g_autoptr(BobbinThread) ours = NULL;
  g_autoptr(BobbinThread) first = NULL;
  guint n_added = 0;

  if (self->library->monitor == NULL)
    {
      g_test_skip ("Nothing tells of changed files here");
      return;
    }

  fixture_send (self, "ours");
  bobbin_session_stop (self->session);
  fixture_settle (self);
  other = open_second (self);
  g_signal_connect_swapped (self->library, "thread-added", G_CALLBACK (g_atomic_int_inc), &n_added);
  bobbin_thread_set_title (theirs, "theirs", BOBBIN_TITLE_USER);
  bobbin_thread_set_last_used_us (theirs, START_US + 1000);
  write_thread (self, other, theirs);
  notice (self);
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (self->library)), ==, 2);
  g_assert_cmpuint (n_added, ==, 1);
  first = g_list_model_get_item (bobbin_library_get_threads (self->library), 0);
  g_assert_cmpstr (bobbin_thread_get_title (first), ==, "theirs");

  /* Changed again: the same object. What a session of ours holds is as we have it. */
  bobbin_thread_set_snippet (theirs, "and on");
  bobbin_thread_set_last_used_us (theirs, START_US - 1000);
  write_thread (self, other, theirs);
  ours = bobbin_thread_new (bobbin_thread_get_id (self->thread), bobbin_account_get_id (self->account));
  bobbin_thread_set_title (ours, "meddled", BOBBIN_TITLE_USER);
  bobbin_thread_set_last_used_us (ours, START_US + 1000);
  write_thread (self, other, ours);
  notice (self);
  g_assert_cmpint (bobbin_thread_get_last_used_us (first), ==, START_US - 1000);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "ours");
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (self->library)), ==, 2);
  g_clear_object (&first);
  first = g_list_model_get_item (bobbin_library_get_threads (self->library), 0);
  g_assert_true (first == self->thread);
  g_assert_cmpuint (n_added, ==, 1);
  g_signal_handlers_disconnect_by_data (self->library, &n_added);
  bobbin_store_close (other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/library/watch/other-process", Fixture, "disk", fixture_set_up, test_other_process, fixture_tear_down);

  return g_test_run ();
}
