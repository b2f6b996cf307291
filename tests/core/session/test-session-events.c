/* Runs: facts that come early, late or twice; thread ids; what ends a turn. */
#include "config.h"
#include "session-fixture.h"

static void
begin (Fixture *self)
{
  fixture_ask (self, "go");
  fake_turn_started (fixture_channel (self), "am_1");
  fake_text (fixture_channel (self), "text:0", "Some.");
}

static void
usage (Fixture *self,
       gint64   input,
       gint64   output,
       double   cost)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_USAGE);

  event->usage.input_tokens = input;
  event->usage.output_tokens = output;
  event->usage.cost = cost;
  if (cost >= 0)
    g_strlcpy (event->usage.currency, "EUR", sizeof event->usage.currency);
  fake_emit (fixture_channel (self), event);
}

static void
test_usage (Fixture       *self,
            gconstpointer  on_disk)
{
  const BobbinUsage *kept;

  begin (self);
  usage (self, 412, -1, -1);
  fake_stopped (fixture_channel (self), "end_turn");
  usage (self, -1, 38, -1);
  fixture_send (self, "next");
  /* The next one was not begun: still the one before. */
  usage (self, -1, -1, 0.25);
  fake_turn_started (fixture_channel (self), "am_2");
  usage (self, 7, 7, -1);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  fixture_restart (self, TRUE);
  kept = bobbin_message_get_usage (fixture_message (self, 1));
  g_assert_cmpint (kept->input_tokens, ==, 412);
  g_assert_cmpint (kept->output_tokens, ==, 38);
  g_assert_cmpfloat (kept->cost, ==, 0.25);
  g_assert_cmpstr (kept->currency, ==, "EUR");
  kept = bobbin_message_get_usage (fixture_message (self, 3));
  g_assert_cmpint (kept->input_tokens, ==, 7);
  g_assert_cmpfloat (kept->cost, <, 0);
}

static void
test_title (Fixture       *self,
            gconstpointer  data)
{
  begin (self);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "go");
  g_assert_cmpint (bobbin_thread_get_title_origin (self->thread), ==, BOBBIN_TITLE_DERIVED);
  fake_stopped (fixture_channel (self), NULL);
  fake_simple (fixture_channel (self), BOBBIN_EVENT_TITLE, "");
  fake_simple (fixture_channel (self), BOBBIN_EVENT_TITLE, "Invoice 118 reminder");
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Invoice 118 reminder");
  bobbin_library_rename_thread (self->library, self->thread, "Mine");
  fake_simple (fixture_channel (self), BOBBIN_EVENT_TITLE, "Theirs");
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Mine");
  fixture_settle (self);
}

static void
thread_id (Fixture    *self,
           const char *id)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_THREAD_ID);

  event->thread_id = g_strdup (id);
  fake_emit (fixture_channel (self), event);
}

static void
test_thread_ids (Fixture       *self,
                 gconstpointer  on_disk)
{
  /* In mid conversation: followed, without a word. */
  begin (self);
  thread_id (self, "t1b");
  thread_id (self, "");
  thread_id (self, NULL);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete");
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t1b");

  /* A link that answers with another id than asked for: what was said is lost. */
  fixture_restart (self, TRUE);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t1b");
  fixture_send (self, "still there?");
  g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "t1b");
  fake_ready (fixture_channel (self), "d902");
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete notice:new-thread user:sending");
  assert_stored (self, "user:complete assistant:complete notice:new-thread user:sending");
  g_assert_cmpstr (bobbin_block_get_data (bobbin_message_get_block (fixture_message (self, 2), 0)), ==,
                   "{\"reason\":\"changed\"}");
  g_assert_true (bobbin_session_get_can_send_context (self->session));
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
}

static void
test_thread_ids_http (Fixture       *self,
                      gconstpointer  on_disk)
{
  self->backend->transport = "sse";
  fixture_send (self, "one");
  fake_ready (fixture_channel (self), NULL);
  fixture_settle (self);
  thread_id (self, "t1");
  fake_turn_started (fixture_channel (self), NULL);
  thread_id (self, "t2");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete");

  fixture_restart (self, FALSE);
  self->backend->transport = "sse";
  fixture_send (self, "two");
  g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "t2");
  fake_ready (fixture_channel (self), "t2");
  fixture_settle (self);
  /* Each request asks anew, so its first answer says whether the thread is known. */
  thread_id (self, "t3");
  fake_turn_started (fixture_channel (self), NULL);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete notice:new-thread user:complete assistant:complete");
}

static void
test_two_answers (Fixture       *self,
                  gconstpointer  data)
{
  begin (self);
  /* Told twice: the same. Before any content: the same. Another name after content: another answer to the same prompt. */
  fake_turn_started (fixture_channel (self), "am_1");
  g_assert_cmpuint (fixture_n_messages (self), ==, 2);
  fake_turn_started (fixture_channel (self), "am_2");
  fake_text (fixture_channel (self), "text:0", "Other.");
  assert_outline (self, "user:answering assistant:complete assistant:answering");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete assistant:complete");
  assert_text (fixture_message (self, 1), "Some.");
  assert_text (fixture_message (self, 2), "Other.");
  g_assert_cmpuint (self->ended->len, ==, 1);
}

static void
test_stale_stop (Fixture       *self,
                 gconstpointer  data)
{
  BobbinEvent *event;

  begin (self);
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_ask (self, "next");
  event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);
  event->message_id = g_strdup ("am_1");
  fake_emit (fixture_channel (self), event);
  assert_state (self, SENDING);
  fake_turn_started (fixture_channel (self), "am_2");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete user:complete assistant:complete");
}

static void
test_empty_answer (Fixture       *self,
                   gconstpointer  data)
{
  fixture_ask (self, "go");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete");
  g_assert_cmpuint (bobbin_message_get_n_blocks (fixture_last (self)), ==, 0);

  /* Cancelled elsewhere. */
  fixture_ask (self, "go on");
  fake_stopped (fixture_channel (self), "cancelled");
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete user:stopped");
}

static void
test_done (Fixture       *self,
           gconstpointer  data)
{
  /* A stream that ends without a stop is over; one that ends without a word has failed. */
  begin (self);
  fake_simple (fixture_channel (self), BOBBIN_EVENT_STOP_REASON, "end_turn");
  fake_simple (fixture_channel (self), BOBBIN_EVENT_DONE, NULL);
  fake_simple (fixture_channel (self), BOBBIN_EVENT_DONE, NULL);
  assert_state (self, IDLE);
  g_assert_cmpstr (bobbin_message_get_stop_reason (fixture_last (self)), ==, "end_turn");
  fixture_ask (self, "next");
  fake_simple (fixture_channel (self), BOBBIN_EVENT_DONE, NULL);
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete user:failed");
}

static void
test_quiet (Fixture       *self,
            gconstpointer  data)
{
  begin (self);
  fake_simple (fixture_channel (self), BOBBIN_EVENT_ACTIVITY, "Looking it up");
  g_assert_cmpstr (bobbin_session_get_working_text (self->session), ==, "Looking it up");
  fixture_advance (self, 59000);
  g_assert_false (bobbin_session_get_quiet (self->session));
  fake_simple (fixture_channel (self), BOBBIN_EVENT_PONG, NULL);
  fixture_advance (self, 2000);
  g_assert_true (bobbin_session_get_quiet (self->session));
  fake_text (fixture_channel (self), "text:0", " More.");
  g_assert_false (bobbin_session_get_quiet (self->session));
  fixture_advance (self, 30000);
  fake_text (fixture_channel (self), "text:0", " More.");
  fixture_advance (self, 40000);
  g_assert_false (bobbin_session_get_quiet (self->session));
  fixture_advance (self, 25000);
  g_assert_true (bobbin_session_get_quiet (self->session));
  fake_stopped (fixture_channel (self), NULL);
  g_assert_false (bobbin_session_get_quiet (self->session));
  g_assert_null (bobbin_session_get_working_text (self->session));
  fixture_settle (self);
}

static void
delivery_cb (BobbinMessage *message,
             GParamSpec    *pspec,
             gpointer       user_data)
{
  gint64 *n_saved = user_data;

  if (bobbin_message_get_delivery (message) == BOBBIN_DELIVERY_COMPLETE)
    (*n_saved)++;
}

static void
test_saved_before_announced (Fixture       *self,
                             gconstpointer  data)
{
  gint64 n_told = 0;

  begin (self);
  g_signal_connect (fixture_last (self), "notify::delivery", G_CALLBACK (delivery_cb), &n_told);
  g_signal_connect (fixture_message (self, 0), "notify::delivery", G_CALLBACK (delivery_cb), &n_told);
  fake_stopped (fixture_channel (self), "end_turn");
  g_assert_cmpint (n_told, ==, 0);
  g_assert_cmpuint (self->ended->len, ==, 0);
  fixture_settle (self);
  g_assert_cmpint (n_told, ==, 2);
  g_assert_cmpuint (self->ended->len, ==, 1);
}

static void
test_strange (Fixture       *self,
              gconstpointer  data)
{
  /* Events that belong nowhere: no critical, no change. */
  fixture_send (self, "go");
  for (guint type = 0; type <= BOBBIN_N_EVENTS; type++)
    if (type != BOBBIN_EVENT_READY && type != BOBBIN_EVENT_CLOSED)
      fake_emit (fixture_channel (self), bobbin_event_new (type));
  assert_state (self, CONNECTING);
  fake_ready (fixture_channel (self), "t1");
  for (guint type = 0; type <= BOBBIN_N_EVENTS; type++)
    if (type != BOBBIN_EVENT_CLOSED && type != BOBBIN_EVENT_FAILED)
      fake_emit (fixture_channel (self), bobbin_event_new (type));
  assert_state (self, SENDING);
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  fake_emit (fixture_channel (self), bobbin_event_new (BOBBIN_EVENT_FAILED));
  fake_emit (fixture_channel (self), bobbin_event_new (BOBBIN_EVENT_CLOSED));
  fixture_settle (self);
  assert_state (self, BACKOFF);
}

#define ADD(name, test) g_test_add ("/session/events/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/session/events/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_ON_DISK ("usage", test_usage);
  ADD ("title", test_title);
  ADD_ON_DISK ("thread-ids", test_thread_ids);
  ADD_ON_DISK ("thread-ids-http", test_thread_ids_http);
  ADD ("two-answers", test_two_answers);
  ADD ("stale-stop", test_stale_stop);
  ADD ("empty-answer", test_empty_answer);
  ADD ("done", test_done);
  ADD ("quiet", test_quiet);
  ADD ("saved-before-announced", test_saved_before_announced);
  ADD ("strange", test_strange);

  return g_test_run ();
}
