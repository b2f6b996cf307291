/* Finding, attaching, naming threads; what cannot be written. */
#include "config.h"
#include "session-fixture.h"

#include "util/bobbin-id.h"

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static BobbinThread *
finish (Fixture       *self,
        GAsyncResult **waited,
        GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  while (*waited == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = g_steal_pointer (waited);

  return bobbin_library_find_thread_finish (self->library, result, error);
}

static BobbinThread *
find (Fixture    *self,
      const char *id,
      GError    **error)
{
  GAsyncResult *result = NULL;

  bobbin_library_find_thread_async (self->library, id, NULL, done_cb, &result);

  return finish (self, &result, error);
}

static BobbinThread *
attach (Fixture    *self,
        const char *server_id)
{
  GAsyncResult *result = NULL;
  BobbinThread *thread;
  g_autoptr(GError) error = NULL;

  bobbin_library_attach_thread_async (self->library, self->account, server_id, NULL, done_cb, &result);
  thread = finish (self, &result, &error);
  g_assert_no_error (error);

  return thread;
}

static void
test_find (Fixture       *self,
           gconstpointer  on_disk)
{
  g_autoptr(BobbinThread) by_id = NULL;
  g_autoptr(BobbinThread) by_server_id = NULL;
  g_autoptr(BobbinThread) by_old_id = NULL;
  g_autoptr(BobbinThread) none = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (self->thread));

  none = find (self, id, &error);
  g_assert_null (none);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_clear_error (&error);

  fixture_ask (self, "hello");
  fake_stopped (fixture_channel (self), NULL);
  bobbin_thread_set_server_id (self->thread, "t2");
  bobbin_library_save_thread (self->library, self->thread);
  fixture_settle (self);
  by_id = find (self, id, &error);
  by_server_id = find (self, "t2", &error);
  by_old_id = find (self, "t1", &error);
  g_assert_no_error (error);
  /* One object, however it is found. */
  g_assert_true (by_id == self->thread);
  g_assert_true (by_server_id == self->thread);
  g_assert_true (by_old_id == self->thread);
  none = find (self, "", &error);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
}

static void
test_attach (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr(BobbinThread) thread = attach (self, "elsewhere/1");
  g_autoptr(BobbinThread) again = attach (self, "elsewhere/1");

  g_assert_true (thread == again);
  g_assert_cmpstr (bobbin_thread_get_server_id (thread), ==, "elsewhere/1");
  g_assert_cmpstr (bobbin_thread_get_agent_id (thread), ==, "agent-1");
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (self->library)), ==, 1);

  g_set_object (&self->thread, thread);
  fixture_open_session (self);
  fixture_settle (self);
  bobbin_session_connect (self->session);
  fixture_settle (self);
  g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "elsewhere/1");
}

static void
test_cannot_write (Fixture       *self,
                   gconstpointer  on_disk)
{
  fixture_send (self, "hello");
  bobbin_session_stop (self->session);
  fixture_settle (self);
  fixture_sql (self, "CREATE TRIGGER full BEFORE UPDATE ON threads BEGIN SELECT RAISE (ABORT, 'disk full'); END");
  bobbin_library_rename_thread (self->library, self->thread, "Mine");
  fixture_settle (self);
  g_assert_cmpuint (self->n_store_failures, ==, 1);
  fixture_sql (self, "DROP TRIGGER full");
  fixture_advance (self, 6000);
  fixture_restart (self, TRUE);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Mine");
}

#define ADD(name, test) g_test_add ("/library/actions/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("find", test_find);
  ADD ("attach", test_attach);
  g_test_add ("/library/actions/cannot-write", Fixture, "disk", fixture_set_up, test_cannot_write, fixture_tear_down);

  return g_test_run ();
}
