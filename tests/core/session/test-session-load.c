/* What a session reads: pages of messages, and what was sent before they came. */
#include "config.h"
#include "session-fixture.h"

static void
fill (Fixture *self,
      guint    n_messages)
{
  fixture_type (self, "x");
  fixture_advance (self, 300);
  for (guint i = 0; i < n_messages; i++)
    {
      g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, START_US + i);

      bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
      bobbin_store_save_message_async (self->store, bobbin_thread_get_id (self->thread), message, NULL, NULL, NULL);
    }
  fixture_type (self, "");
  fixture_advance (self, 300);
}

static void
reopen (Fixture *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  fixture_settle (self);
  fixture_open_session (self);
}

static void
test_pages (Fixture       *self,
            gconstpointer  data)
{
  gint64 last_id = 0;

  fill (self, 2 * BOBBIN_SESSION_PAGE + 10);
  reopen (self);
  g_assert_false (bobbin_session_get_loaded (self->session));
  fixture_settle (self);
  g_assert_true (bobbin_session_get_loaded (self->session));
  g_assert_true (bobbin_session_get_has_older (self->session));
  g_assert_cmpuint (fixture_n_messages (self), ==, BOBBIN_SESSION_PAGE);

  bobbin_session_load_older (self->session);
  bobbin_session_load_older (self->session);
  fixture_settle (self);
  g_assert_cmpuint (fixture_n_messages (self), ==, 2 * BOBBIN_SESSION_PAGE);
  bobbin_session_load_older (self->session);
  fixture_settle (self);
  g_assert_cmpuint (fixture_n_messages (self), ==, 2 * BOBBIN_SESSION_PAGE + 10);
  g_assert_false (bobbin_session_get_has_older (self->session));
  bobbin_session_load_older (self->session);
  fixture_settle (self);
  g_assert_cmpuint (fixture_n_messages (self), ==, 2 * BOBBIN_SESSION_PAGE + 10);
  for (guint i = 0; i < fixture_n_messages (self); i++)
    {
      g_assert_cmpint (bobbin_message_get_id (fixture_message (self, i)), >, last_id);
      last_id = bobbin_message_get_id (fixture_message (self, i));
    }
}

static void
test_sent_before_loaded (Fixture       *self,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fill (self, 3);
  reopen (self);
  fixture_type (self, "quick");
  g_assert_true (bobbin_session_send (self->session, &error));
  fixture_settle (self);
  assert_outline (self, "assistant:complete assistant:complete assistant:complete user:queued");
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 1);
}

static void
test_not_ours (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr(BobbinMessage) message = NULL;

  /* Another process, the command line say, has a message of this thread on its way; we had one there ourselves. */
  fixture_send (self, "ours");
  bobbin_session_stop (self->session);
  fixture_settle (self);
  fill (self, 1);
  message = bobbin_message_new (0, BOBBIN_ROLE_USER, START_US);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_QUEUED);
  bobbin_store_save_message_async (self->store, bobbin_thread_get_id (self->thread), message, NULL, NULL, NULL);
  reopen (self);
  fixture_settle (self);
  assert_outline (self, "user:stopped assistant:complete user:queued");
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 0);
  assert_state (self, IDLE);
}

static void
test_delete (Fixture       *self,
             gconstpointer  data)
{
  fixture_ask (self, "one");
  /* What runs stays. */
  bobbin_session_delete_message (self->session, fixture_message (self, 0));
  fake_text (fixture_channel (self), "text:0", "1");
  bobbin_session_delete_message (self->session, fixture_message (self, 1));
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete");
  bobbin_session_delete_message (self->session, fixture_message (self, 1));
  fixture_settle (self);
  assert_stored (self, "user:complete");
  /* Facts of what is gone. */
  fake_emit (fixture_channel (self), bobbin_event_new (BOBBIN_EVENT_USAGE));

  /* Waiting: it is not sent. */
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
  fixture_send (self, "two");
  bobbin_session_delete_message (self->session, fixture_last (self));
  fixture_settle (self);
  assert_stored (self, "user:complete");
  assert_state (self, IDLE);
}

#define ADD(name, test) g_test_add ("/session/load/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("pages", test_pages);
  ADD ("sent-before-loaded", test_sent_before_loaded);
  ADD ("not-ours", test_not_ours);
  ADD ("delete", test_delete);

  return g_test_run ();
}
