/* The outbox: promises 1 and 3 of the product. */
#include "config.h"
#include "session-fixture.h"

static void
test_first_turn (Fixture       *self,
                 gconstpointer  data)
{
  BobbinMessage *prompt;
  BobbinMessage *answer;
  FakeChannel *channel;
  g_autofree char *text = NULL;

  assert_state (self, IDLE);
  g_assert_cmpuint (self->backend->channels->len, ==, 0);

  prompt = fixture_send (self, "Which invoices are overdue?");
  assert_state (self, CONNECTING);
  assert_stored (self, "user:queued");
  g_assert_true (bobbin_draft_is_empty (bobbin_session_get_draft (self->session)));

  channel = fixture_channel (self);
  g_assert_null (channel->thread_id);
  g_assert_cmpstr (channel->agent_id, ==, "agent-1");
  g_assert_cmpstr (self->backend->credential, ==, "key-1");
  fake_ready (channel, "t1");
  assert_state (self, SENDING);
  /* No byte before it is on disk. */
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 0);
  fixture_settle (self);
  assert_stored (self, "user:sending");
  g_assert_cmpstr (fake_backend_sent (self->backend, 0), ==, "Which invoices are overdue?");

  fake_turn_started (channel, "am_1");
  assert_state (self, STREAMING);
  fake_text (channel, "text:0", "Two: ");
  fake_text (channel, "text:0", "118 and 119.");
  fake_text_complete (channel, "text:0", NULL);
  fixture_settle (self);
  assert_stored (self, "user:answering assistant:answering");

  fake_stopped (channel, "end_turn");
  assert_state (self, IDLE);
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete");
  assert_stored (self, "user:complete assistant:complete");
  answer = fixture_last (self);
  g_assert_cmpuint (self->ended->len, ==, 1);
  g_assert_true (self->ended->pdata[0] == (gpointer) answer);
  assert_text (answer, "Two: 118 and 119.");
  g_assert_cmpstr (bobbin_message_get_agent_name (answer), ==, "Ledger");
  g_assert_cmpstr (bobbin_message_get_model (answer), ==, "m-large");
  g_assert_cmpstr (bobbin_message_get_server_id (answer), ==, "am_1");
  g_assert_cmpstr (bobbin_message_get_stop_reason (answer), ==, "end_turn");
  text = fixture_stored_text (self, bobbin_message_get_id (answer));
  g_assert_cmpstr (text, ==, "Two: 118 and 119.");
  g_assert_cmpint (bobbin_message_get_delivery (prompt), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t1");
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Which invoices are overdue?");
  g_assert_cmpstr (bobbin_thread_get_snippet (self->thread), ==, "Two: 118 and 119.");
  g_assert_true (bobbin_thread_get_unread (self->thread));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/session/send/first-turn", Fixture, NULL, fixture_set_up, test_first_turn, fixture_tear_down);

  return g_test_run ();
}
