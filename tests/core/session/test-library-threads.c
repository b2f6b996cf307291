/* The lists of threads: pages, order, folders, expiry. */
#include "config.h"
#include "session-fixture.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

static GListModel *
threads (Fixture *self)
{
  return bobbin_library_get_threads (self->library);
}

/* Titles, in order. */
static char *
titles (GListModel *model)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", bobbin_thread_get_title (thread));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define assert_titles(model, wanted) G_STMT_START { \
  g_autofree char *titles_ = titles (model); \
  g_assert_cmpstr (titles_, ==, wanted); } G_STMT_END

static BobbinThread *
add (Fixture    *self,
     const char *title)
{
  BobbinThread *thread = bobbin_library_new_thread (self->library, self->account, NULL, NULL);

  fixture_advance (self, 1000);
  bobbin_thread_set_last_used_us (thread, bobbin_clock_now_us (BOBBIN_CLOCK (self->clock)));
  bobbin_library_rename_thread (self->library, thread, title);
  fixture_settle (self);

  return thread;
}

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            guint      *n_changes)
{
  (*n_changes)++;
}

static void
test_order (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(BobbinThread) a = add (self, "a");
  g_autoptr(BobbinThread) b = add (self, "b");
  g_autoptr(BobbinThread) c = add (self, "c");
  guint n_changes = 0;

  assert_titles (threads (self), "c b a");
  g_signal_connect (threads (self), "items-changed", G_CALLBACK (changed_cb), &n_changes);
  fixture_advance (self, 1000);
  bobbin_thread_set_last_used_us (a, bobbin_clock_now_us (BOBBIN_CLOCK (self->clock)));
  assert_titles (threads (self), "a c b");
  g_assert_cmpuint (n_changes, ==, 2);
  /* In its place already: nothing moves. */
  fixture_advance (self, 1000);
  bobbin_thread_set_last_used_us (a, bobbin_clock_now_us (BOBBIN_CLOCK (self->clock)));
  bobbin_library_save_thread (self->library, a);
  bobbin_library_rename_thread (self->library, c, "C");
  g_assert_cmpuint (n_changes, ==, 2);

  bobbin_library_pin_thread (self->library, b, TRUE);
  assert_titles (threads (self), "b a C");
  bobbin_library_pin_thread (self->library, b, FALSE);
  assert_titles (threads (self), "a C b");
  g_signal_handlers_disconnect_by_data (threads (self), &n_changes);
  fixture_settle (self);
}

static void
test_folders (Fixture       *self,
              gconstpointer  on_disk)
{
  g_autoptr(BobbinThread) a = add (self, "a");
  g_autoptr(BobbinThread) b = add (self, "b");
  g_autoptr(BobbinThread) c = add (self, "c");
  g_autoptr(BobbinThread) fresh = bobbin_library_new_thread (self->library, self->account, NULL, NULL);

  bobbin_library_archive_thread (self->library, a, TRUE);
  bobbin_library_bin_thread (self->library, b, TRUE);
  bobbin_library_bin_thread (self->library, fresh, TRUE);
  assert_titles (threads (self), "c");
  /* Filled on first use. */
  bobbin_library_get_archive (self->library);
  bobbin_library_get_bin (self->library);
  fixture_settle (self);
  assert_titles (bobbin_library_get_archive (self->library), "a");
  assert_titles (bobbin_library_get_bin (self->library), "b");
  bobbin_library_bin_thread (self->library, a, TRUE);
  assert_titles (bobbin_library_get_archive (self->library), "");
  assert_titles (bobbin_library_get_bin (self->library), "b a");
  bobbin_library_bin_thread (self->library, a, FALSE);
  assert_titles (bobbin_library_get_archive (self->library), "a");
  bobbin_library_archive_thread (self->library, a, FALSE);
  bobbin_library_bin_thread (self->library, b, FALSE);
  assert_titles (threads (self), "c b a");
  fixture_settle (self);
}

static void
test_bin_closes (Fixture       *self,
                 gconstpointer  on_disk)
{
  fixture_ask (self, "hello");
  fake_text (fixture_channel (self), "text:0", "Half");
  fixture_send (self, "queued");
  bobbin_library_bin_thread (self->library, self->thread, TRUE);
  fixture_settle (self);
  g_assert_null (fake_backend_channel (self->backend));
  assert_stored (self, "user:interrupted assistant:interrupted user:queued");

  /* Back again, what waited goes on. */
  bobbin_library_bin_thread (self->library, self->thread, FALSE);
  fixture_open_session (self);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 1);
}

static void
test_bin_is_emptied (Fixture       *self,
                     gconstpointer  on_disk)
{
  g_autoptr(BobbinThread) old = add (self, "old");
  g_autoptr(BobbinThread) young = NULL;

  fixture_send (self, "stays");
  bobbin_session_stop (self->session);
  bobbin_library_bin_thread (self->library, old, TRUE);
  fixture_advance (self, 29 * DAY_MS);
  young = add (self, "young");
  bobbin_library_bin_thread (self->library, young, TRUE);
  fixture_advance (self, 2 * DAY_MS);
  fixture_restart (self, FALSE);
  bobbin_library_get_bin (self->library);
  fixture_settle (self);
  assert_titles (bobbin_library_get_bin (self->library), "young");
}

static void
test_pages (Fixture       *self,
            gconstpointer  on_disk)
{
  gint64 last_us = G_MAXINT64;
  guint n_changes = 0;

  fixture_send (self, "the session's own");
  bobbin_session_stop (self->session);
  for (guint i = 0; i < 2 * BOBBIN_LIBRARY_PAGE + 30; i++)
    {
      g_autofree char *title = g_strdup_printf ("%u", i);
      g_autoptr(BobbinThread) thread = bobbin_thread_new (0, bobbin_account_get_id (self->account));

      bobbin_thread_set_title (thread, title, BOBBIN_TITLE_USER);
      bobbin_thread_set_last_used_us (thread, START_US - i * G_USEC_PER_SEC);
      bobbin_thread_set_pinned (thread, i == 150);
      bobbin_store_save_thread_async (self->store, thread, NULL, NULL, NULL);
    }
  fixture_restart (self, FALSE);

  /* The first page, and what is pinned wherever it lies. */
  g_assert_cmpuint (g_list_model_get_n_items (threads (self)), ==, BOBBIN_LIBRARY_PAGE + 1);
  g_assert_true (bobbin_library_get_has_more (self->library));
  g_signal_connect (threads (self), "items-changed", G_CALLBACK (changed_cb), &n_changes);
  bobbin_library_load_more (self->library);
  bobbin_library_load_more (self->library);
  fixture_settle (self);
  g_assert_cmpuint (g_list_model_get_n_items (threads (self)), ==, 2 * BOBBIN_LIBRARY_PAGE);
  g_assert_cmpuint (n_changes, ==, 1);
  bobbin_library_load_more (self->library);
  fixture_settle (self);
  g_assert_false (bobbin_library_get_has_more (self->library));
  bobbin_library_load_more (self->library);
  fixture_settle (self);
  g_assert_cmpuint (g_list_model_get_n_items (threads (self)), ==, 2 * BOBBIN_LIBRARY_PAGE + 31);
  for (guint i = 0; i < g_list_model_get_n_items (threads (self)); i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (threads (self), i);

      if (i == 0)
        g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "150");
      else
        {
          g_assert_cmpint (bobbin_thread_get_last_used_us (thread), <=, last_us);
          last_us = bobbin_thread_get_last_used_us (thread);
        }
    }
  g_signal_handlers_disconnect_by_data (threads (self), &n_changes);
}

static void
test_new_ones (Fixture       *self,
               gconstpointer  data)
{
  guint n_added = 0;

  g_signal_connect_swapped (self->library, "thread-added", G_CALLBACK (g_atomic_int_inc), &n_added);
  g_assert_cmpuint (g_list_model_get_n_items (threads (self)), ==, 0);
  fixture_send (self, "hello");
  g_assert_cmpuint (n_added, ==, 1);
  assert_titles (threads (self), "hello");
  fixture_send (self, "more");
  g_assert_cmpuint (n_added, ==, 1);
  g_signal_handlers_disconnect_by_data (self->library, &n_added);
}

static void
test_expiry (Fixture       *self,
             gconstpointer  data)
{
  gint64 used_us;

  fixture_send (self, "hello");
  g_assert_cmpint (bobbin_thread_get_expires_us (self->thread), ==, 0); /* the server knows nothing of it */
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  used_us = bobbin_thread_get_last_used_us (self->thread);
  g_assert_cmpint (bobbin_thread_get_expires_us (self->thread), ==, used_us + 30 * DAY_MS * 1000);
  g_assert_false (bobbin_thread_get_expires_soon (self->thread));
  fixture_advance (self, 25 * DAY_MS - 2000);
  g_assert_false (bobbin_thread_get_expires_soon (self->thread));
  fixture_advance (self, 4000);
  g_assert_true (bobbin_thread_get_expires_soon (self->thread));
  g_assert_cmpint (bobbin_thread_get_activity (self->thread), >=, BOBBIN_ACTIVITY_EXPIRES_SOON);

  /* Used again: no longer. */
  fixture_ask (self, "still there?");
  g_assert_false (bobbin_thread_get_expires_soon (self->thread));
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  fixture_advance (self, 30 * DAY_MS + 2000);
  g_assert_false (bobbin_thread_get_expires_soon (self->thread)); /* it has expired */
  g_assert_cmpint (bobbin_manual_clock_next_ms (self->clock), ==, -1);
}

#define ADD(name, test) g_test_add ("/library/threads/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/library/threads/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("order", test_order);
  ADD ("folders", test_folders);
  ADD ("bin-closes", test_bin_closes);
  ADD_ON_DISK ("bin-is-emptied", test_bin_is_emptied);
  ADD_ON_DISK ("pages", test_pages);
  ADD ("new-ones", test_new_ones);
  ADD ("expiry", test_expiry);

  return g_test_run ();
}
