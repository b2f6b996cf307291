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

static void
answer (Fixture    *self,
        const char *text)
{
  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "text:0", text);
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
}

static void
test_queue (Fixture       *self,
            gconstpointer  data)
{
  fixture_ask (self, "one");
  fixture_send (self, "two");
  fixture_send (self, "three");
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 2);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  answer (self, "1");
  /* What was queued meanwhile stays behind the answer, here and on disk. */
  assert_outline (self, "user:complete assistant:complete user:sending user:queued");
  assert_stored (self, "user:complete assistant:complete user:sending user:queued");
  g_assert_cmpstr (fake_backend_sent (self->backend, 1), ==, "two");
  answer (self, "2");
  g_assert_cmpstr (fake_backend_sent (self->backend, 2), ==, "three");
  answer (self, "3");
  assert_state (self, IDLE);
  assert_outline (self, "user:complete assistant:complete user:complete assistant:complete user:complete assistant:complete");
  assert_stored (self, "user:complete assistant:complete user:complete assistant:complete user:complete assistant:complete");
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  g_assert_cmpuint (self->ended->len, ==, 3);
}

static void
test_refused_draft (Fixture       *self,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (bobbin_session_send (self->session, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
  fixture_type (self, " \n\t ");
  g_clear_error (&error);
  g_assert_false (bobbin_session_send (self->session, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, " \n\t ");
  g_assert_cmpuint (fixture_n_messages (self), ==, 0);
}

static void
test_busy (Fixture       *self,
           gconstpointer  data)
{
  fixture_ask (self, "one");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_state (self, IDLE);
  assert_stored (self, "user:queued");
  g_assert_cmpint (bobbin_session_get_retry_at_us (self->session), >, START_US);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);

  /* The end of the turn that ran. */
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  g_assert_cmpint (bobbin_session_get_retry_at_us (self->session), ==, 0);

  /* It may never be told: then after a while. */
  fake_failed (fixture_channel (self), BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_advance (self, 9000);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  fixture_advance (self, 1500);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  answer (self, "1");
  assert_stored (self, "user:complete assistant:complete");

  /* And not for ever. */
  fixture_ask (self, "two");
  for (guint i = 0; i < BOBBIN_SESSION_TRIES; i++)
    {
      fake_failed (fixture_channel (self), BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, -1);
      fixture_advance (self, 60000);
      assert_state (self, SENDING);
    }
  fake_failed (fixture_channel (self), BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, -1);
  assert_state (self, FAILED);
  bobbin_session_stop (self->session);
}

static void
test_rate_limit (Fixture       *self,
                 gconstpointer  data)
{
  fixture_ask (self, "one");
  for (guint i = 0; i < 2; i++)
    {
      fake_failed (fixture_channel (self), BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, 20000);
      fixture_settle (self);
      assert_state (self, BACKOFF);
      assert_stored (self, "user:queued");
      g_assert_cmpint (bobbin_session_get_retry_at_us (self->session), ==,
                       bobbin_clock_now_us (BOBBIN_CLOCK (self->clock)) + 20 * G_USEC_PER_SEC);
      /* The server asked for it: another network changes nothing. */
      bobbin_network_set_available (self->network, TRUE);
      assert_state (self, BACKOFF);
      fixture_advance (self, 20000);
      assert_state (self, CONNECTING);
      fake_ready (fixture_channel (self), "t1");
      fixture_settle (self);
    }
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);

  /* The third time a countdown, and the person decides. */
  fake_failed (fixture_channel (self), BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, 20000);
  assert_state (self, FAILED);
  g_assert_cmpint (bobbin_session_get_retry_at_us (self->session), >, 0);
  fixture_advance (self, 100000);
  assert_state (self, FAILED);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 4);
  answer (self, "1");

  /* Too long to wait for unasked, and not told how long. */
  fixture_ask (self, "two");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, 31000);
  assert_state (self, FAILED);
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, -1);
  assert_state (self, FAILED);
  g_assert_cmpint (bobbin_session_get_retry_at_us (self->session), ==, 0);
  bobbin_session_stop (self->session);
}

static void
test_uncertain (Fixture       *self,
                gconstpointer  data)
{
  BobbinMessage *prompt = fixture_ask (self, "pay it");

  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN);
  fixture_settle (self);
  assert_stored (self, "user:interrupted");
  g_assert_cmpint (bobbin_message_get_failure (prompt)->certainty, ==, BOBBIN_CERTAINTY_UNKNOWN);
  g_assert_cmpuint (self->ended->len, ==, 1);
  g_assert_true (self->ended->pdata[0] == (gpointer) prompt);

  /* It connects again, and sends nothing by itself. */
  fixture_advance (self, 2000);
  fake_ready (fixture_channel (self), "t1");
  fixture_advance (self, 120000);
  assert_state (self, IDLE);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);

  bobbin_session_retry (self->session, prompt);
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  answer (self, "paid");
  assert_outline (self, "user:complete assistant:complete");
  assert_stored (self, "user:complete assistant:complete");
  g_assert_null (bobbin_message_get_failure (prompt));
}

static void
test_server_error (Fixture       *self,
                   gconstpointer  data)
{
  BobbinMessage *prompt = fixture_ask (self, "one");

  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "text:0", "half of");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1);
  fixture_settle (self);
  assert_state (self, IDLE);
  assert_stored (self, "user:failed assistant:failed");
  assert_text (fixture_last (self), "half of");
  g_assert_cmpint (bobbin_message_get_failure (prompt)->certainty, ==, BOBBIN_CERTAINTY_ACCEPTED);
  g_assert_cmpint (bobbin_thread_get_activity (self->thread), ==, BOBBIN_ACTIVITY_FAILED);

  /* No money: the message fails, the session does not. */
  prompt = fixture_ask (self, "two");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_CREDITS, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_state (self, IDLE);
  g_assert_cmpint (bobbin_message_get_delivery (prompt), ==, BOBBIN_DELIVERY_FAILED);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  assert_stored (self, "user:failed assistant:failed user:failed");
}

static void
test_retry_earlier (Fixture       *self,
                    gconstpointer  data)
{
  BobbinMessage *first = fixture_ask (self, "one");

  fake_failed (fixture_channel (self), BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1);
  fixture_settle (self);
  fixture_ask (self, "two");
  answer (self, "2");
  bobbin_session_retry (self->session, first);
  fixture_settle (self);
  /* The server hears it after "two": so it stands there. */
  assert_outline (self, "user:failed user:complete assistant:complete user:sending");
  g_assert_cmpstr (fake_backend_sent (self->backend, 2), ==, "one");
  answer (self, "1");
  assert_stored (self, "user:failed user:complete assistant:complete user:complete assistant:complete");
  /* Only what went wrong can be retried. */
  bobbin_session_retry (self->session, fixture_last (self));
  bobbin_session_retry (self->session, fixture_message (self, 1));
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
}

static void
test_stop (Fixture       *self,
           gconstpointer  data)
{
  BobbinMessage *prompt = fixture_ask (self, "one");
  FakeChannel *channel = fixture_channel (self);

  fake_turn_started (channel, NULL);
  fake_text (channel, "text:0", "The beginning");
  bobbin_session_stop (self->session);
  bobbin_session_stop (self->session);
  g_assert_cmpuint (channel->n_cancels, ==, 1);
  assert_state (self, STOPPING);
  /* It goes on for a moment, and that is shown. */
  fake_simple (channel, BOBBIN_EVENT_CANCEL_ACKNOWLEDGED, NULL);
  fake_text (channel, "text:0", " of it");
  fake_stopped (channel, "cancelled");
  fixture_settle (self);
  assert_stored (self, "user:stopped assistant:stopped");
  assert_text (fixture_last (self), "The beginning of it");
  g_assert_false (channel->closed);

  /* A server that does not stop. */
  fixture_ask (self, "two");
  fake_turn_started (channel, NULL);
  bobbin_session_stop (self->session);
  fixture_advance (self, 9900);
  assert_state (self, STOPPING);
  fixture_advance (self, 200);
  assert_state (self, IDLE);
  g_assert_true (channel->closed);
  assert_stored (self, "user:stopped assistant:stopped user:stopped assistant:stopped");

  /* It was done before it heard us. */
  fixture_send (self, "three");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "text:0", "All");
  bobbin_session_stop (self->session);
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  g_assert_cmpint (bobbin_message_get_delivery (fixture_last (self)), ==, BOBBIN_DELIVERY_COMPLETE);

  /* Closing is the only stop some servers have. */
  prompt = fixture_ask (self, "four");
  fake_turn_started (fixture_channel (self), NULL);
  bobbin_session_stop (self->session);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  assert_state (self, IDLE);
  fixture_advance (self, 60000);
  assert_state (self, IDLE);
  g_assert_cmpint (bobbin_message_get_delivery (prompt), ==, BOBBIN_DELIVERY_STOPPED);
  g_assert_cmpuint (self->ended->len, ==, 4);
}

static void
test_stop_unsent (Fixture       *self,
                  gconstpointer  data)
{
  BobbinMessage *prompt = fixture_send (self, "one");

  /* Waiting for a link. */
  bobbin_session_stop (self->session);
  fixture_settle (self);
  assert_state (self, IDLE);
  assert_stored (self, "user:stopped");
  g_assert_null (fake_backend_channel (self->backend));

  /* Being saved. */
  bobbin_session_retry (self->session, prompt);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  assert_state (self, SENDING);
  bobbin_session_stop (self->session);
  fixture_settle (self);
  assert_state (self, IDLE);
  assert_stored (self, "user:stopped");
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 0);
}

static void
test_unqueue (Fixture       *self,
              gconstpointer  data)
{
  BobbinMessage *two;

  fixture_ask (self, "one");
  two = fixture_send (self, "two");
  fixture_type (self, "three");
  bobbin_session_unqueue (self->session, two);
  fixture_settle (self);
  assert_stored (self, "user:sending");
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "two\n\nthree");
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 0);
  /* What is on its way cannot be taken back. */
  bobbin_session_unqueue (self->session, fixture_message (self, 0));
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "two\n\nthree");
  answer (self, "1");
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
}

static void
test_full_disk (Fixture       *self,
                gconstpointer  on_disk)
{
  BobbinMessage *prompt;
  g_autofree char *stored = NULL;

  fixture_ask (self, "one");
  answer (self, "1");

  /* Nothing goes out that is not on disk. */
  fixture_sql (self, "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE (ABORT, 'disk full'); END");
  fixture_type (self, "two");
  fixture_advance (self, 300);
  prompt = fixture_send (self, "two");
  fixture_type (self, "three");
  fixture_advance (self, 1000);
  assert_state (self, IDLE);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  g_assert_cmpint (bobbin_message_get_delivery (prompt), ==, BOBBIN_DELIVERY_QUEUED);
  g_assert_cmpint (bobbin_message_get_failure (prompt)->code, ==, BOBBIN_ERROR_STORE);
  g_assert_cmpuint (self->n_store_failures, ==, 1);

  /* There is room again: it goes by itself, once, and the draft behind it is saved. */
  fixture_sql (self, "DROP TRIGGER full");
  fixture_advance (self, 6000);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  g_assert_cmpstr (fake_backend_sent (self->backend, 1), ==, "two");
  g_assert_null (bobbin_message_get_failure (prompt));
  answer (self, "2");
  fixture_restart (self, TRUE);
  assert_outline (self, "user:complete assistant:complete user:complete assistant:complete");
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "three");
}

static void
test_full_disk_deleted (Fixture       *self,
                        gconstpointer  on_disk)
{
  BobbinMessage *prompt;

  fixture_sql (self, "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE (ABORT, 'disk full'); END");
  prompt = fixture_send (self, "never mind");
  bobbin_session_unqueue (self->session, prompt);
  fixture_sql (self, "DROP TRIGGER full");
  fixture_advance (self, 20000);
  assert_stored (self, "");
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "never mind");
  fixture_restart (self, TRUE);
  assert_outline (self, "");
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "never mind");
}

static void
test_full_disk_crash (Fixture       *self,
                      gconstpointer  on_disk)
{
  fixture_type (self, "two");
  fixture_advance (self, 300);
  fixture_sql (self, "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE (ABORT, 'disk full'); END");
  fixture_send (self, "two");
  fixture_type (self, "three");
  fixture_advance (self, 1000);
  /* What was sent is on disk only as the draft it was: what is typed now must not take its place. */
  fixture_restart (self, TRUE);
  assert_outline (self, "");
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "two");
  fixture_sql (self, "DROP TRIGGER full");
}

static void
test_full_disk_late (Fixture       *self,
                     gconstpointer  on_disk)
{
  BobbinMessage *prompt;

  fixture_ask (self, "one");
  answer (self, "1");
  prompt = fixture_send (self, "two");
  answer (self, "2");

  /* It was saved as queued, but cannot be saved as sending. */
  fixture_sql (self, "CREATE TRIGGER full BEFORE UPDATE ON messages WHEN NEW.delivery = 'sending'"
                     " BEGIN SELECT RAISE (ABORT, 'disk full'); END");
  prompt = fixture_send (self, "three");
  assert_state (self, IDLE);
  g_assert_cmpint (bobbin_message_get_delivery (prompt), ==, BOBBIN_DELIVERY_QUEUED);
  g_assert_cmpint (bobbin_message_get_failure (prompt)->code, ==, BOBBIN_ERROR_STORE);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  fixture_sql (self, "DROP TRIGGER full");
  fixture_advance (self, 6000);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  answer (self, "3");
}

/* Nothing is sent twice: the same turn with every fault at every point of it. */

typedef enum
{
  POINT_CONNECTING,
  POINT_READY,      /* saved as sending, not written */
  POINT_WRITTEN,
  POINT_STARTED,
  POINT_TEXT,
  POINT_STOPPED,
  N_POINTS
} Point;

static void
play_until (Fixture *self,
            Point    point)
{
  fixture_send (self, "only once");
  if (point >= POINT_READY)
    fake_ready (fixture_channel (self), "t1");
  if (point >= POINT_WRITTEN)
    fixture_settle (self);
  if (point >= POINT_STARTED)
    fake_turn_started (fixture_channel (self), NULL);
  if (point >= POINT_TEXT)
    fake_text (fixture_channel (self), "text:0", "some");
  if (point >= POINT_STOPPED)
    fake_stopped (fixture_channel (self), "end_turn");
}

/* A server that answers everything, and three minutes of patience. */
static void
recover (Fixture *self)
{
  guint answered = 0;

  for (guint i = 0; i < 25; i++)
    {
      FakeChannel *channel = fake_backend_channel (self->backend);
      BobbinSessionState state = bobbin_session_get_state (self->session);

      if (channel != NULL && (state == BOBBIN_SESSION_CONNECTING || state == BOBBIN_SESSION_FALLBACK))
        fake_ready (channel, "t1");
      else if (channel != NULL && state == BOBBIN_SESSION_SENDING && answered != fake_backend_n_sent (self->backend))
        {
          answered = fake_backend_n_sent (self->backend);
          fake_turn_started (channel, NULL);
          fake_stopped (channel, "end_turn");
        }
      fixture_advance (self, 7500);
    }
}

static void
check_fault (Point           point,
             gboolean        closed,
             BobbinErrorCode code,
             BobbinCertainty certainty)
{
  Fixture fixture = { NULL };
  Fixture *self = &fixture;
  gboolean is_sure = certainty == BOBBIN_CERTAINTY_UNSENT || certainty == BOBBIN_CERTAINTY_REFUSED;
  BobbinDelivery delivery;
  guint n_sent;

  fixture_set_up (self, NULL);
  play_until (self, point);
  if (closed)
    fake_closed (fixture_channel (self), code, certainty);
  else
    fake_failed (fixture_channel (self), code, certainty, -1);
  recover (self);

  n_sent = fake_backend_n_sent (self->backend);
  delivery = bobbin_message_get_delivery (fixture_message (self, 0));
  if (point >= POINT_WRITTEN)
    {
      /* Once, and once more only after a refusal that came before any sign of a turn. */
      g_assert_cmpuint (n_sent, >=, 1);
      g_assert_cmpuint (n_sent, <=, point == POINT_WRITTEN && is_sure ? 2 : 1);
    }
  else
    g_assert_cmpuint (n_sent, <=, 1);
  /* And nothing is forgotten: it is done, or waits for the person with a reason. */
  if (delivery == BOBBIN_DELIVERY_QUEUED)
    assert_state (self, FAILED);
  else
    g_assert_true (delivery == BOBBIN_DELIVERY_COMPLETE || bobbin_message_get_failure (fixture_message (self, 0)) != NULL);
  bobbin_session_stop (self->session);
  fixture_settle (self);
  fixture_tear_down (self, NULL);
}

static void
test_never_twice (void)
{
  static const BobbinErrorCode codes[] = {
    BOBBIN_ERROR_FAILED, BOBBIN_ERROR_AUTH, BOBBIN_ERROR_NOT_FOUND, BOBBIN_ERROR_NETWORK, BOBBIN_ERROR_TIMED_OUT,
    BOBBIN_ERROR_RATE_LIMITED, BOBBIN_ERROR_BUSY, BOBBIN_ERROR_CREDITS, BOBBIN_ERROR_SERVER, BOBBIN_ERROR_TOO_LARGE,
    BOBBIN_ERROR_INTERRUPTED,
  };

  for (Point point = 0; point < N_POINTS; point++)
    for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
      {
        check_fault (point, TRUE, codes[i], BOBBIN_CERTAINTY_UNSENT);
        check_fault (point, TRUE, codes[i], BOBBIN_CERTAINTY_UNKNOWN);
        if (point < POINT_WRITTEN)
          continue;
        check_fault (point, FALSE, codes[i], BOBBIN_CERTAINTY_REFUSED);
        check_fault (point, FALSE, codes[i], BOBBIN_CERTAINTY_UNKNOWN);
      }
}

#define ADD(name, test) g_test_add ("/session/send/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/session/send/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("first-turn", test_first_turn);
  ADD ("queue", test_queue);
  ADD ("refused-draft", test_refused_draft);
  ADD ("busy", test_busy);
  ADD ("rate-limit", test_rate_limit);
  ADD ("uncertain", test_uncertain);
  ADD ("server-error", test_server_error);
  ADD ("retry-earlier", test_retry_earlier);
  ADD ("stop", test_stop);
  ADD ("stop-unsent", test_stop_unsent);
  ADD ("unqueue", test_unqueue);
  ADD_ON_DISK ("full-disk", test_full_disk);
  ADD_ON_DISK ("full-disk-deleted", test_full_disk_deleted);
  ADD_ON_DISK ("full-disk-crash", test_full_disk_crash);
  ADD_ON_DISK ("full-disk-late", test_full_disk_late);
  g_test_add_func ("/session/send/never-twice", test_never_twice);

  return g_test_run ();
}
