/* The link: promises 4 and 5 of the product. */
#include "config.h"
#include "session-fixture.h"

static void
answer (Fixture *self)
{
  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "text:0", "Yes.");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
}

static void
lose (Fixture        *self,
      BobbinErrorCode code)
{
  fake_closed (fixture_channel (self), code, BOBBIN_CERTAINTY_UNSENT);
  fixture_settle (self);
}

static gint64
wait_ms (Fixture *self)
{
  return (bobbin_session_get_retry_at_us (self->session) - bobbin_clock_now_us (BOBBIN_CLOCK (self->clock))) / 1000;
}

static void
test_backoff (Fixture       *self,
              gconstpointer  data)
{
  static const gint64 delays[] = { 1000, 2000, 4000, 8000, 16000 };

  fixture_send (self, "hello");
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      assert_state (self, CONNECTING);
      lose (self, BOBBIN_ERROR_NETWORK);
      assert_state (self, BACKOFF);
      g_assert_cmpint (wait_ms (self), >=, delays[i]);
      g_assert_cmpint (wait_ms (self), <=, delays[i] * 12 / 10);
      g_assert_cmpint (bobbin_session_get_failure (self->session)->code, ==, BOBBIN_ERROR_NETWORK);
      fixture_advance (self, delays[i] - 100);
      assert_state (self, BACKOFF);
      fixture_advance (self, delays[i] * 2 / 10 + 200);
    }
  lose (self, BOBBIN_ERROR_TIMED_OUT);
  assert_state (self, FAILED);
  g_assert_cmpint (bobbin_session_get_failure (self->session)->code, ==, BOBBIN_ERROR_TIMED_OUT);
  assert_stored (self, "user:queued");
  fixture_advance (self, 600000);
  g_assert_cmpuint (self->backend->channels->len, ==, 6);

  /* The person asks: all tries are there again. */
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  lose (self, BOBBIN_ERROR_NETWORK);
  assert_state (self, BACKOFF);
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_null (bobbin_session_get_failure (self->session));
  answer (self);
  assert_stored (self, "user:complete assistant:complete");
}

static void
test_stable_link (Fixture       *self,
                  gconstpointer  data)
{
  fixture_ask (self, "hello");
  answer (self);

  /* It comes and goes: five times, then no more by itself. */
  for (guint i = 0; i < 5; i++)
    {
      lose (self, BOBBIN_ERROR_NETWORK);
      assert_state (self, BACKOFF);
      fixture_advance (self, 20000);
      fake_ready (fixture_channel (self), "t1");
      assert_state (self, IDLE);
      fixture_advance (self, 10000);
    }
  lose (self, BOBBIN_ERROR_NETWORK);
  assert_state (self, FAILED);

  /* One that holds for a minute forgives. */
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  for (guint i = 0; i < 10; i++)
    {
      fake_ready (fixture_channel (self), "t1");
      fixture_advance (self, 61000);
      lose (self, BOBBIN_ERROR_NETWORK);
      assert_state (self, BACKOFF);
      g_assert_cmpint (wait_ms (self), <=, 1200);
      fixture_advance (self, 1300);
    }
}

static void
test_interrupted (Fixture       *self,
                  gconstpointer  data)
{
  BobbinMessage *prompt = fixture_ask (self, "hello");

  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "text:0", "The first ha");
  fixture_send (self, "and then?");
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN);
  fixture_settle (self);
  assert_state (self, BACKOFF);
  assert_stored (self, "user:interrupted assistant:interrupted user:queued");
  g_assert_cmpint (bobbin_message_get_failure (prompt)->certainty, ==, BOBBIN_CERTAINTY_ACCEPTED);
  assert_text (fixture_message (self, 1), "The first ha");

  /* On the same thread; what was queued goes on, what was cut does not. */
  fixture_advance (self, 1300);
  g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "t1");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  g_assert_cmpstr (fake_backend_sent (self->backend, 1), ==, "and then?");
  answer (self);
  assert_outline (self, "user:interrupted assistant:interrupted user:complete assistant:complete");
}

static void
test_network (Fixture       *self,
              gconstpointer  data)
{
  /* Asked for by the person, it is tried whatever the monitor says. */
  bobbin_network_set_available (self->network, FALSE);
  fixture_send (self, "hello");
  assert_state (self, CONNECTING);
  lose (self, BOBBIN_ERROR_NETWORK);
  assert_state (self, OFFLINE);
  g_assert_cmpint (bobbin_session_get_retry_at_us (self->session), ==, 0);
  fixture_advance (self, 3600000);
  g_assert_cmpuint (self->backend->channels->len, ==, 1);

  bobbin_session_try_now (self->session);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  lose (self, BOBBIN_ERROR_NETWORK);
  assert_state (self, OFFLINE);
  bobbin_network_set_available (self->network, TRUE);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  bobbin_session_stop (self->session);
}

static void
test_wake (Fixture       *self,
           gconstpointer  data)
{
  fixture_send (self, "hello");
  lose (self, BOBBIN_ERROR_NETWORK);
  assert_state (self, BACKOFF);
  bobbin_network_sleep (self->network);
  assert_state (self, BACKOFF);
  bobbin_network_wake (self->network);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  lose (self, BOBBIN_ERROR_NETWORK);
  g_assert_cmpint (wait_ms (self), <=, 1200); /* the tries begin anew */
  bobbin_network_set_available (self->network, TRUE);
  fixture_settle (self);
  assert_state (self, CONNECTING);

  /* A link that was ready is looked at, and kept while it answers. */
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  answer (self);
  bobbin_network_wake (self->network);
  g_assert_cmpuint (fixture_channel (self)->n_probes, ==, 1);
  bobbin_network_set_available (self->network, FALSE);
  g_assert_cmpuint (fixture_channel (self)->n_probes, ==, 1);
  bobbin_network_set_available (self->network, TRUE);
  g_assert_cmpuint (fixture_channel (self)->n_probes, ==, 2);
  assert_state (self, IDLE);
  g_assert_true (bobbin_session_get_connected (self->session));
}

static void
test_wake_finds_dead (Fixture       *self,
                      gconstpointer  data)
{
  /* Idle: found out at once, and there again before the person asks. */
  fixture_ask (self, "hello");
  answer (self);
  bobbin_network_wake (self->network);
  g_assert_cmpuint (fixture_channel (self)->n_probes, ==, 1);
  lose (self, BOBBIN_ERROR_NETWORK);
  assert_state (self, BACKOFF);
  g_assert_cmpint (wait_ms (self), <=, 1200);
  fixture_advance (self, 1300);
  assert_state (self, CONNECTING);
  bobbin_network_wake (self->network);
  g_assert_cmpuint (fixture_channel (self)->n_probes, ==, 0); /* not a link yet */
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);

  /* In the middle of an answer. */
  fixture_send (self, "and then?");
  fixture_settle (self);
  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "text:0", "The first ha");
  bobbin_network_wake (self->network);
  g_assert_cmpuint (fixture_channel (self)->n_probes, ==, 1);
  assert_state (self, STREAMING);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete user:interrupted assistant:interrupted");
}

static void
test_loopback (Fixture       *self,
               gconstpointer  data)
{
  static const char *const local[] = { "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9", "http://127.9.9.9" };

  for (guint i = 0; i < G_N_ELEMENTS (local); i++)
    {
      bobbin_account_set_base_url (self->account, local[i]);
      bobbin_network_set_available (self->network, FALSE);
      fixture_send (self, "hello");
      lose (self, BOBBIN_ERROR_NETWORK);
      assert_state (self, BACKOFF);
      bobbin_network_set_available (self->network, FALSE);
      assert_state (self, BACKOFF);
      fixture_advance (self, 1300);
      assert_state (self, CONNECTING);
      bobbin_session_stop (self->session);
      fixture_settle (self);
      bobbin_session_try_now (self->session);
    }
}

static void
test_idle_link (Fixture       *self,
                gconstpointer  data)
{
  gint64 next_ms;

  fixture_ask (self, "hello");
  answer (self);
  /* Nothing wakes up while nothing happens; the library looks once a day at most. */
  next_ms = bobbin_manual_clock_next_ms (self->clock);
  g_assert_cmpint (next_ms, >, 23 * 3600 * 1000);

  /* A link nobody looks at is let go. */
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  fixture_settle (self);
  g_assert_null (fake_backend_channel (self->backend));
}

static void
test_connect (Fixture       *self,
              gconstpointer  data)
{
  /* Connecting makes a thread: not before there is something to say. */
  bobbin_session_connect (self->session);
  assert_state (self, IDLE);
  fixture_ask (self, "hello");
  answer (self);
  bobbin_session_connect (self->session);
  assert_state (self, IDLE);
  g_assert_cmpuint (self->backend->channels->len, ==, 1);

  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  fixture_settle (self);
  fixture_open_session (self);
  fixture_settle (self);
  assert_state (self, IDLE);
  g_assert_cmpuint (self->backend->channels->len, ==, 1);
  bobbin_session_connect (self->session);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "t1");
  fake_ready (fixture_channel (self), "t1");
  assert_state (self, IDLE);
}

static void
test_failed_codes (Fixture       *self,
                   gconstpointer  data)
{
  static const BobbinErrorCode codes[] = {
    BOBBIN_ERROR_AUTH, BOBBIN_ERROR_FORBIDDEN, BOBBIN_ERROR_NOT_FOUND, BOBBIN_ERROR_TLS, BOBBIN_ERROR_CREDITS,
    BOBBIN_ERROR_INACTIVE, BOBBIN_ERROR_PROTOCOL, BOBBIN_ERROR_INSECURE, BOBBIN_ERROR_INVALID,
  };

  fixture_send (self, "hello");
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      lose (self, codes[i]);
      assert_state (self, FAILED);
      g_assert_cmpint (bobbin_session_get_failure (self->session)->code, ==, codes[i]);
      /* Not the network's business. */
      bobbin_network_set_available (self->network, TRUE);
      bobbin_network_wake (self->network);
      fixture_advance (self, 600000);
      assert_state (self, FAILED);
      bobbin_session_try_now (self->session);
      fixture_settle (self);
    }
  assert_stored (self, "user:queued");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  answer (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
}

static void
test_auth (Fixture       *self,
           gconstpointer  data)
{
  fixture_send (self, "hello");
  lose (self, BOBBIN_ERROR_AUTH);
  assert_state (self, FAILED);
  g_assert_true (bobbin_account_get_needs_key (self->account));
  g_assert_true (bobbin_account_get_key_refused (self->account));
  g_assert_cmpint (bobbin_thread_get_activity (self->thread), ==, BOBBIN_ACTIVITY_NEEDS_KEY);
  bobbin_library_use_credential (self->library, self->account, "key-2");
  fixture_settle (self);
  assert_state (self, CONNECTING);
  g_assert_cmpstr (self->backend->credential, ==, "key-2");
  g_assert_false (bobbin_account_get_needs_key (self->account));
  g_assert_false (bobbin_account_get_key_refused (self->account));
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  answer (self);
  assert_stored (self, "user:complete assistant:complete");
}

static void
test_fall_back (Fixture       *self,
                gconstpointer  data)
{
  BobbinBlock *notice;

  fixture_ask (self, "first");
  answer (self);
  fixture_ask (self, "second");
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED);
  fixture_settle (self);
  assert_state (self, FALLBACK);
  g_assert_null (fixture_channel (self)->thread_id);
  fake_ready (fixture_channel (self), "t2");
  fixture_settle (self);
  assert_state (self, SENDING);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t2");
  assert_outline (self, "user:complete assistant:complete notice:new-thread user:sending");
  assert_stored (self, "user:complete assistant:complete notice:new-thread user:sending");
  notice = bobbin_message_get_block (fixture_message (self, 2), 0);
  g_assert_cmpstr (bobbin_block_get_data (notice), ==, "{\"reason\":\"gone\"}");
  g_assert_true (bobbin_session_get_can_send_context (self->session));
  answer (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);

  /* And again, much later: the reason is known then. */
  fixture_advance (self, G_GINT64_CONSTANT (31) * 24 * 3600 * 1000);
  fixture_ask (self, "third");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_state (self, FALLBACK);
  fake_ready (fixture_channel (self), "t3");
  fixture_settle (self);
  answer (self);
  assert_outline (self, "user:complete assistant:complete notice:new-thread user:complete assistant:complete"
                        " notice:new-thread user:complete assistant:complete");
}

static void
test_fall_back_agent (Fixture       *self,
                      gconstpointer  data)
{
  fixture_ask (self, "first");
  answer (self);
  fixture_ask (self, "second");
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED);
  fixture_settle (self);
  lose (self, BOBBIN_ERROR_NOT_FOUND);
  /* The agent is at fault, not the thread: that is kept, and nothing claims otherwise. */
  assert_state (self, FAILED);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t1");
  assert_stored (self, "user:complete assistant:complete user:queued");
  g_assert_false (bobbin_session_get_can_send_context (self->session));
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "t1");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  answer (self);
  assert_stored (self, "user:complete assistant:complete user:complete assistant:complete");
}

static void
test_fall_back_once (Fixture       *self,
                     gconstpointer  data)
{
  fixture_ask (self, "first");
  answer (self);
  fixture_ask (self, "second");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t2");
  fixture_settle (self);
  /* A server that makes threads and then knows none of them: not round and round. */
  fake_failed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_advance (self, 600000);
  assert_state (self, FAILED);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  bobbin_session_stop (self->session);
}

static void
test_no_fall_back (Fixture       *self,
                   gconstpointer  data)
{
  fixture_ask (self, "first");
  answer (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
  fixture_send (self, "second");

  /* Time-outs are no expiry: the same thread, to the end. */
  for (guint i = 0; i < 4; i++)
    {
      fixture_advance (self, 40000);
      assert_state (self, CONNECTING);
      g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "t1");
      lose (self, BOBBIN_ERROR_TIMED_OUT);
    }
  fixture_advance (self, 40000);
  lose (self, BOBBIN_ERROR_TIMED_OUT);
  assert_state (self, FAILED);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t1");

  /* Services that have no such thing. */
  self->backend->capabilities &= ~(guint) BOBBIN_CAN_FALL_BACK;
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  lose (self, BOBBIN_ERROR_NOT_FOUND);
  assert_state (self, FAILED);
  bobbin_session_stop (self->session);
}

static void
test_fall_back_http (Fixture       *self,
                     gconstpointer  data)
{
  BobbinEvent *event;

  self->backend->transport = "sse";
  fixture_send (self, "first");
  fake_ready (fixture_channel (self), NULL);
  fixture_settle (self);
  event = bobbin_event_new (BOBBIN_EVENT_THREAD_ID);
  event->thread_id = g_strdup ("t1");
  fake_emit (fixture_channel (self), event);
  answer (self);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t1");

  fixture_send (self, "second");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_state (self, FALLBACK);
  fake_ready (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_state (self, SENDING);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  /* Refused again: only once. */
  fake_failed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, -1);
  assert_state (self, FAILED);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, "t1");
  bobbin_session_stop (self->session);
}

static void
test_no_backend (void)
{
  Fixture fixture = { NULL };
  Fixture *self = &fixture;

  fixture_set_up (self, NULL);
  self->session->backend = NULL;
  g_object_unref (self->backend);
  fixture_send (self, "hello");
  assert_state (self, FAILED);
  g_assert_cmpint (bobbin_session_get_failure (self->session)->code, ==, BOBBIN_ERROR_NOT_SUPPORTED);
  bobbin_session_try_now (self->session);
  assert_state (self, FAILED);
  bobbin_session_stop (self->session);
  fixture_settle (self);
  fixture_tear_down (self, NULL);
}

#define ADD(name, test) g_test_add ("/session/link/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

/* Whether others can listen: told by the address, for as long as it is that. */
static void
test_unencrypted (Fixture       *self,
                  gconstpointer  data)
{
  static const struct { const char *address; gboolean plain; } rows[] = {
    { "https://example.com", FALSE }, { "wss://example.com", FALSE }, { "http://127.0.0.1:8080", FALSE },
    { "http://localhost", FALSE }, { "ws://[::1]:9", FALSE }, { "http://192.168.1.5:8000/v1", TRUE }, { "HTTP://box.local", TRUE },
    { "ws://10.0.0.1", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bobbin_account_set_base_url (self->account, rows[i].address);
      g_test_message ("%s", rows[i].address);
      g_assert_cmpint (bobbin_session_is_unencrypted (self->session), ==, rows[i].plain);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("backoff", test_backoff);
  ADD ("unencrypted", test_unencrypted);
  ADD ("stable-link", test_stable_link);
  ADD ("interrupted", test_interrupted);
  ADD ("network", test_network);
  ADD ("wake", test_wake);
  ADD ("wake-finds-dead", test_wake_finds_dead);
  ADD ("loopback", test_loopback);
  ADD ("idle-link", test_idle_link);
  ADD ("connect", test_connect);
  ADD ("failed-codes", test_failed_codes);
  ADD ("auth", test_auth);
  ADD ("fall-back", test_fall_back);
  ADD ("fall-back-agent", test_fall_back_agent);
  ADD ("fall-back-once", test_fall_back_once);
  ADD ("no-fall-back", test_no_fall_back);
  ADD ("fall-back-http", test_fall_back_http);
  g_test_add_func ("/session/link/no-backend", test_no_backend);

  return g_test_run ();
}
