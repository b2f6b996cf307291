/* The library: loading, sessions and how long they live, closing. */
#include "config.h"
#include "session-fixture.h"

static void
test_properties (Fixture       *self,
                 gconstpointer  data)
{
  guint n_props;
  g_autofree GParamSpec **props = g_object_class_list_properties (G_OBJECT_GET_CLASS (self->library), &n_props);

  for (guint i = 0; i < n_props; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (self->library), props[i]->name, &value);
      g_assert_true (G_VALUE_HOLDS (&value, props[i]->value_type));
    }
  g_assert_true (bobbin_library_get_store (self->library) == self->store);
  g_assert_true (bobbin_library_get_secrets (self->library) == self->secrets);
  g_assert_true (bobbin_library_get_clock (self->library) == BOBBIN_CLOCK (self->clock));
  g_assert_true (bobbin_library_get_network (self->library) == self->network);
  fixture_settle (self);
}

static void
test_one_session (Fixture       *self,
                  gconstpointer  data)
{
  g_autoptr(BobbinSession) again = bobbin_library_get_session (self->library, self->thread);

  g_assert_true (again == self->session);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
let_go (Fixture *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
}

static void
test_life (Fixture       *self,
           gconstpointer  data)
{
  gpointer session = self->session;

  g_object_add_weak_pointer (session, &session);
  fixture_ask (self, "hello");
  let_go (self);
  fixture_settle (self);
  /* The window is closed, the answer comes all the same. */
  g_assert_nonnull (session);
  fake_text (fixture_channel (self), "text:0", "Here.");
  g_assert_nonnull (session);
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  g_assert_null (session);
  assert_stored (self, "user:complete assistant:complete");
  g_assert_cmpuint (self->ended->len, ==, 1);
  g_assert_true (bobbin_thread_get_unread (self->thread));
}

static void
test_life_of_a_queue (Fixture       *self,
                      gconstpointer  data)
{
  gpointer session = self->session;

  g_object_add_weak_pointer (session, &session);
  fixture_send (self, "hello");
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
  let_go (self);
  fixture_settle (self);
  g_assert_nonnull (session);
  fixture_advance (self, 1300);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_null (session);
}

static void
test_life_of_a_draft (Fixture       *self,
                      gconstpointer  on_disk)
{
  fixture_type (self, "just typed");
  let_go (self);
  fixture_advance (self, 300);
  fixture_open_session (self);
  fixture_settle (self);
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "just typed");
}

static void
test_leave_orphans (Fixture       *self,
                    gconstpointer  on_disk)
{
  g_autoptr(BobbinLibrary) other = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  /* A command that is over in a moment: what a crash left queued stays for the window. */
  fixture_send (self, "queued");
  fixture_restart (self, TRUE);
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 1);
  bobbin_library_close (self->library);
  let_go (self);
  g_clear_object (&self->thread);
  g_clear_object (&self->account);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->library);
  g_assert_finalize_object (self->store);

  fixture_open_store (self);
  other = bobbin_library_new_with_factory (self->store, self->secrets, BOBBIN_CLOCK (self->clock), self->network,
                                           fake_backend_create);
  bobbin_library_set_adopts (other, FALSE);
  bobbin_library_load_async (other, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (bobbin_library_load_finish (other, result, &error));
  g_clear_object (&result);
  fixture_settle (self);
  self->account = g_object_ref (bobbin_library_find_account_by_name (other, "Work"));
  self->thread = g_list_model_get_item (bobbin_library_get_threads (other), 0);
  self->library = g_steal_pointer (&other);
  fixture_open_session (self);
  fixture_settle (self);
  assert_outline (self, "user:queued");
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 0);
  assert_state (self, IDLE);
}

static void
test_close (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  g_autoptr(GError) error = NULL;
  FakeChannel *channel;

  fixture_ask (self, "hello");
  channel = fixture_channel (self);
  g_object_ref (channel);
  bobbin_library_close (self->library);
  bobbin_library_close (self->library);
  g_assert_true (channel->closed);

  /* Whoever still holds it can do no harm. */
  fixture_type (self, "late");
  g_assert_false (bobbin_session_send (self->session, &error));
  bobbin_session_stop (self->session);
  bobbin_session_retry (self->session, fixture_message (self, 0));
  bobbin_session_unqueue (self->session, fixture_message (self, 0));
  bobbin_session_delete_message (self->session, fixture_message (self, 0));
  bobbin_session_try_now (self->session);
  bobbin_session_connect (self->session);
  bobbin_session_start_over (self->session);
  bobbin_session_set_agent (self->session, "x", "y");
  bobbin_session_load_older (self->session);
  bobbin_session_mark_read (self->session);
  bobbin_library_load_more (self->library);
  bobbin_library_rename_thread (self->library, self->thread, "late");
  bobbin_network_wake (self->network);
  thread = bobbin_library_new_thread (self->library, self->account, NULL, NULL);
  fake_text (channel, "text:0", "late");
  g_object_unref (channel);
}

#define ADD(name, test) g_test_add ("/library/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("properties", test_properties);
  ADD ("one-session", test_one_session);
  ADD ("life", test_life);
  ADD ("life-of-a-queue", test_life_of_a_queue);
  g_test_add ("/library/life-of-a-draft", Fixture, "disk", fixture_set_up, test_life_of_a_draft, fixture_tear_down);
  g_test_add ("/library/leave-orphans", Fixture, "disk", fixture_set_up, test_leave_orphans, fixture_tear_down);
  ADD ("close", test_close);

  return g_test_run ();
}
