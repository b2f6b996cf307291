/* BobbinNebelusWsChannel against a server over a real socket: nebelus.md, sections 2 to 5 and 8 to 11. */
#include "config.h"

#include "backend/bobbin-backend.h"
#include "backend/nebelus/bobbin-nebelus-backend.h"
#include "model/bobbin-account.h"
#include "util/bobbin-clock.h"

#include "channel-recorder.h"
#include "server-fixture.h"

#define KEY "sk-ns-org-MARKER-key"
#define GREETING "{\"event\":\"connection\",\"data\":{\"status\":\"connected\",\"agent_id\":\"a1\",\"agent_name\":\"Ledger\",\"thread_id\":\"t1\"}}"
#define FRAME(event, data) "{\"event\":\"" event "\",\"data\":" data "}"
#define START FRAME ("message_start", "{\"agent_message_id\":\"am_1\"}")
#define DELTA(text) FRAME ("content_block", "{\"content_type\":\"text\",\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"" text "\"}}")
#define STOP FRAME ("message_stop", "{\"stop_reason\":\"end_turn\"}")
#define ERROR(type) FRAME ("error", "{\"type\":\"" type "\",\"message\":\"words\"}")

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinAccount     *account;
  BobbinBackend     *backend;
  ChannelRecorder   *channel;
  /* what the server does */
  const char        *greeting;      /* NULL: says nothing */
  const char        *only_form;     /* the one Authorization it takes, else 401 */
  guint              refuse_status; /* of every handshake */
  guint              close_code;    /* at once after the handshake */
  gboolean           wants_origin;
  gboolean           silent;        /* does not answer pings */
} Fixture;

static guint
handshake_cb (ServerFixture     *server,
              SoupServerMessage *message,
              const char        *path,
              gpointer           user_data)
{
  Fixture *f = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (f->refuse_status == 429)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After", "12");
  if (f->refuse_status / 100 == 3)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Location", "https://elsewhere.example/");
  if (f->refuse_status != 0)
    return f->refuse_status;
  if (f->only_form != NULL && g_strcmp0 (soup_message_headers_get_one (headers, "Authorization"), f->only_form) != 0)
    return 401;
  if (f->wants_origin && soup_message_headers_get_one (headers, "Origin") == NULL)
    return 403;

  return 0;
}

static void
socket_cb (ServerFixture           *server,
           SoupWebsocketConnection *socket,
           gpointer                 user_data)
{
  Fixture *f = user_data;

  if (f->greeting != NULL)
    soup_websocket_connection_send_text (socket, f->greeting);
  if (f->close_code != 0)
    soup_websocket_connection_close (socket, (gushort) f->close_code, "closing words");
}

static void
text_cb (ServerFixture           *server,
         SoupWebsocketConnection *socket,
         const char              *text,
         gpointer                 user_data)
{
  Fixture *f = user_data;

  if (!f->silent && strstr (text, "\"ping\"") != NULL)
    soup_websocket_connection_send_text (socket, FRAME ("pong", "{}"));
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = server_fixture_new ();
  f->server->on_handshake = handshake_cb;
  f->server->on_socket = socket_cb;
  f->server->on_text = text_cb;
  f->server->user_data = f;
  f->greeting = GREETING;
  f->clock = bobbin_manual_clock_new (G_GINT64_CONSTANT (1700000000000000));
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "Test", f->server->url);
  bobbin_account_set_transport (f->account, BOBBIN_TRANSPORT_WS);
  bobbin_account_set_agent_id (f->account, "a1");
  f->backend = bobbin_registry_create (f->account, BOBBIN_CLOCK (f->clock));
  bobbin_backend_set_credential (f->backend, KEY "\n");
}

static void
open_channel (Fixture    *f,
              const char *thread_id)
{
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, thread_id));
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  if (f->channel != NULL)
    channel_recorder_free (f->channel);
  g_assert_finalize_object (f->backend);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->account);
  g_assert_finalize_object (f->clock);
}

static void
send_all (Fixture           *f,
          const char *const *frames)
{
  for (guint i = 0; frames[i] != NULL; i++)
    server_fixture_send (f->server, frames[i]);
}

static void
open_and_send (Fixture *f)
{
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "Hello");
  test_wait_until (f->server->texts->len == 1);
}

static void
test_turn (Fixture      *f,
           gconstpointer data)
{
  static const char *const frames[] = { START, DELTA ("Hi"), DELTA (" you"), STOP, FRAME ("usage_metadata", "{\"input_tokens\":3}"),
                                        FRAME ("thread_title", "{\"title\":\"T\"}"), NULL };

  open_and_send (f);
  g_assert_cmpstr (server_fixture_get_request (f->server, 0)->path, ==, "/ws/agents/a1/chat/");
  g_assert_cmpstr (server_fixture_get_request (f->server, 0)->authorization, ==, "Bearer " KEY);
  g_assert_null (server_fixture_get_request (f->server, 0)->origin);
  g_assert_null (server_fixture_get_request (f->server, 0)->query);
  g_assert_true (g_str_has_prefix (server_fixture_get_request (f->server, 0)->user_agent, "Bobbin/"));
  g_assert_cmpstr (server_fixture_get_text (f->server, 0), ==, "{\"type\":\"chat\",\"content\":\"Hello\"}");

  send_all (f, frames);
  test_wait_until (strstr (f->channel->log->str, "title") != NULL);
  assert_log (f->channel, "turn-started text:0+Hi text:0+ you turn-stopped:end_turn usage title:T");
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "ws");

  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "Again");
  test_wait_until (f->server->texts->len == 2);
  send_all (f, frames);
  test_wait_until (f->channel->stopped);
  g_assert_cmpstr (f->channel->text->str, ==, "Hi you");
}

static void
test_thread_path (Fixture      *f,
                  gconstpointer data)
{
  open_channel (f, "t/1 ü");
  channel_recorder_start (f->channel);
  g_assert_cmpstr (server_fixture_get_request (f->server, 0)->path, ==, "/ws/agents/a1/threads/t/1 ü/");
  assert_log (f->channel, "ready:t1");
}

/* The remembered form comes first the next time. */
static void
test_bare_key (Fixture      *f,
               gconstpointer data)
{
  f->only_form = KEY;
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->ready);
  g_assert_cmpuint (f->server->requests->len, ==, 2);
  channel_recorder_free (f->channel);

  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->ready);
  g_assert_cmpuint (f->server->requests->len, ==, 3);
  channel_recorder_free (f->channel);

  f->only_form = "Bearer " KEY;
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->ready);
  g_assert_cmpuint (f->server->requests->len, ==, 5);
}

static void
test_wrong_key (Fixture      *f,
                gconstpointer data)
{
  f->only_form = "nothing";
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  assert_log (f->channel, "closed:auth");
  g_assert_cmpuint (f->server->requests->len, ==, 2);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT);
  g_assert_null (strstr (f->channel->failure->detail, "MARKER"));
}

static void
test_no_key (Fixture      *f,
             gconstpointer data)
{
  bobbin_backend_set_credential (f->backend, data);
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  assert_log (f->channel, "closed:auth");
  g_assert_cmpuint (f->server->requests->len, ==, 0);
}

/* nebelus.md, section 14, 3: an error event or a close says the same as 401. */
static void
test_auth_after_handshake (Fixture      *f,
                           gconstpointer data)
{
  f->greeting = data;
  f->close_code = data == NULL ? 4001 : 0;
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  assert_log (f->channel, "closed:auth");
  g_assert_cmpuint (f->server->requests->len, ==, 2);
  g_assert_cmpstr (server_fixture_get_request (f->server, 1)->authorization, ==, KEY);
}

static void
test_origin (Fixture      *f,
             gconstpointer data)
{
  f->wants_origin = TRUE;
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->ready);
  g_assert_cmpuint (f->server->requests->len, ==, 2);
  g_assert_cmpstr (server_fixture_get_request (f->server, 1)->origin, ==, f->server->url);
}

typedef struct
{
  guint           status;
  BobbinErrorCode code;
} StatusRow;

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  const StatusRow *row = data;

  f->refuse_status = row->status;
  open_channel (f, "t1");
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->closed);
  channel_recorder_assert_failure (f->channel, row->code, BOBBIN_CERTAINTY_UNSENT);
  if (row->status == 429)
    g_assert_cmpint (f->channel->failure->retry_after_ms, ==, 12000);
  if (row->status >= 400)
    g_assert_cmpuint (f->channel->failure->http_status, ==, row->status);
  g_assert_cmpuint (f->server->requests->len, ==, row->status == 401 || row->status == 403 ? 2 : 1);
}

typedef struct
{
  guint           close_code;
  BobbinErrorCode code;
  BobbinCertainty waiting;   /* message written, nothing heard */
  BobbinCertainty streaming;
} CloseRow;

static void
check_close (Fixture        *f,
             const CloseRow *row,
             gboolean        streaming)
{
  open_and_send (f);
  if (streaming)
    {
      server_fixture_send (f->server, DELTA ("Hi"));
      test_wait_until (f->channel->n_deltas == 1);
    }
  soup_websocket_connection_close (server_fixture_get_socket (f->server), (gushort) row->close_code, NULL);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, row->code, streaming ? row->streaming : row->waiting);
  g_assert_cmpuint (f->channel->failure->close_code, ==, row->close_code);
}

static void
test_close (Fixture      *f,
            gconstpointer data)
{
  check_close (f, data, FALSE);
}

static void
test_close_streaming (Fixture      *f,
                      gconstpointer data)
{
  check_close (f, data, TRUE);
}

static void
test_drop (Fixture      *f,
           gconstpointer data)
{
  open_and_send (f);
  server_fixture_send (f->server, START);
  server_fixture_send (f->server, DELTA ("Hi"));
  test_wait_until (f->channel->n_deltas == 1);
  g_io_stream_close (soup_websocket_connection_get_io_stream (server_fixture_get_socket (f->server)), NULL, NULL);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
}

typedef struct
{
  const char     *frame;
  const char     *log;       /* with a message waiting */
  BobbinCertainty certainty;
} ErrorRow;

static void
test_error (Fixture      *f,
            gconstpointer data)
{
  const ErrorRow *row = data;

  open_and_send (f);
  server_fixture_send (f->server, row->frame);
  test_wait_until (f->channel->stopped || f->channel->closed);
  assert_log (f->channel, row->log);
  g_assert_cmpint (f->channel->failure->certainty, ==, row->certainty);
  if (f->channel->closed)
    return;

  /* The socket stays usable. */
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "Again");
  test_wait_until (f->server->texts->len == 2);
  server_fixture_send (f->server, STOP);
  test_wait_until (f->channel->stopped);
}

static void
test_no_greeting (Fixture      *f,
                  gconstpointer data)
{
  f->greeting = NULL;
  open_channel (f, NULL);
  bobbin_channel_start (f->channel->channel);
  test_wait_until (f->server->sockets->len == 1);
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 4900);
  test_settle ();
  g_assert_false (f->channel->closed);
  bobbin_manual_clock_advance (f->clock, 200);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_UNSENT);
}

static void
test_ping (Fixture      *f,
           gconstpointer data)
{
  open_channel (f, NULL);
  channel_recorder_start (f->channel);
  for (guint i = 1; i <= 4; i++)
    {
      bobbin_manual_clock_advance (f->clock, 30000);
      test_wait_until (f->server->texts->len == i);
      g_assert_cmpstr (server_fixture_get_text (f->server, i - 1), ==, "{\"type\":\"ping\"}");
      test_settle ();
    }
  g_assert_false (f->channel->closed);
  assert_log (f->channel, "ready:t1");
}

static void
test_watchdog (Fixture      *f,
               gconstpointer data)
{
  f->silent = TRUE;
  open_and_send (f);
  bobbin_manual_clock_advance (f->clock, 30000);
  test_wait_until (f->server->texts->len == 2);
  bobbin_manual_clock_advance (f->clock, 10000);
  test_wait_until (f->server->texts->len == 3);
  g_assert_false (f->channel->closed);
  bobbin_manual_clock_advance (f->clock, 10000);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN);
}

/* The machine woke: 3 s between turns. Without a probe the same link would live on for 50 s. */
static void
test_probe_idle (Fixture      *f,
                 gconstpointer data)
{
  open_channel (f, NULL);
  bobbin_channel_probe (f->channel->channel); /* nothing to look at yet */
  channel_recorder_start (f->channel);
  bobbin_channel_probe (f->channel->channel);
  test_wait_until (f->server->texts->len == 1);
  g_assert_cmpstr (server_fixture_get_text (f->server, 0), ==, "{\"type\":\"ping\"}");
  test_wait_until (bobbin_manual_clock_next_ms (f->clock) > 3000); /* the pong came */
  bobbin_manual_clock_advance (f->clock, 5000);
  g_assert_false (f->channel->closed);

  f->silent = TRUE;
  bobbin_channel_probe (f->channel->channel);
  test_wait_until (f->server->texts->len == 2);
  bobbin_manual_clock_advance (f->clock, 2000);
  bobbin_channel_probe (f->channel->channel); /* puts nothing off */
  g_assert_false (f->channel->closed);
  bobbin_manual_clock_advance (f->clock, 1100);
  g_assert_true (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
}

/* Inside a turn a server may be slow to answer: asked once more before the answer is given up. */
static void
test_probe_turn (Fixture      *f,
                 gconstpointer data)
{
  f->silent = TRUE;
  open_and_send (f);
  bobbin_channel_probe (f->channel->channel);
  test_wait_until (f->server->texts->len == 2);
  bobbin_manual_clock_advance (f->clock, 3000);
  test_wait_until (f->server->texts->len == 3);
  g_assert_false (f->channel->closed);
  server_fixture_send (f->server, DELTA ("Hi"));
  test_wait_until (f->channel->n_deltas == 1);
  bobbin_manual_clock_advance (f->clock, 10000);
  g_assert_false (f->channel->closed);

  bobbin_channel_probe (f->channel->channel);
  test_wait_until (f->server->texts->len == 4);
  bobbin_manual_clock_advance (f->clock, 3000);
  test_wait_until (f->server->texts->len == 5);
  bobbin_manual_clock_advance (f->clock, 10000);
  g_assert_true (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
}

static void
test_new_thread_id (Fixture      *f,
                    gconstpointer data)
{
  open_channel (f, "old");
  channel_recorder_start (f->channel);
  assert_log (f->channel, "ready:t1");
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "Hello");
  server_fixture_send (f->server, FRAME ("message_start", "{\"thread_id\":\"t2\"}"));
  server_fixture_send (f->server, FRAME ("usage_metadata", "{\"thread_id\":\"t3\",\"input_tokens\":1}"));
  server_fixture_send (f->server, STOP);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "turn-started:t2 thread-id:t3 usage turn-stopped:end_turn");
}

static void
test_garbage (Fixture      *f,
              gconstpointer data)
{
  static const char *const frames[] = { "", "not json", "[]", "42", "{\"event\":7}", FRAME ("unheard_of", "{}"), DELTA ("Hi"),
                                        "{\"event\":\"content_block\"", STOP, NULL };
  g_autofree char *deep = g_strnfill (100000, '[');

  open_and_send (f);
  server_fixture_send (f->server, deep);
  soup_websocket_connection_send_binary (server_fixture_get_socket (f->server), "\0\1\2", 3);
  send_all (f, frames);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "text:0+Hi notice:unreadable> turn-stopped:end_turn");
}

static void
test_bad_utf8 (Fixture      *f,
               gconstpointer data)
{
  static const char frame[] = DELTA ("caf\xff");
  const guint8 head[] = { 0x81, sizeof frame - 1 };
  GOutputStream *out;

  G_STATIC_ASSERT (sizeof frame - 1 < 126);
  open_and_send (f);
  out = g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (server_fixture_get_socket (f->server)));
  g_output_stream_write_all (out, head, sizeof head, NULL, NULL, NULL);
  g_output_stream_write_all (out, frame, sizeof frame - 1, NULL, NULL, NULL);
  server_fixture_send (f->server, STOP);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "text:0+caf\xef\xbf\xbd turn-stopped:end_turn");
}

/* Frames that break the WebSocket itself: libsoup ends the link, the text that came stays. */
static void
test_broken_frame (Fixture      *f,
                   gconstpointer data)
{
  static const guint8 reserved[] = { 0xf7, 0x02, 'a', 'b' };
  static const guint8 oversized[] = { 0x81, 0x7f, 0, 0, 0, 0, 0x06, 0, 0, 0, '{' };
  static const guint8 cut[] = { 0x81, 0x7e, 0x01, 0x00, '{', '"' };
  SoupWebsocketConnection *socket;
  GOutputStream *out;

  open_and_send (f);
  server_fixture_send (f->server, DELTA ("Hi"));
  test_wait_until (f->channel->n_deltas == 1);
  socket = server_fixture_get_socket (f->server);
  out = g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (socket));
  if (g_str_equal (data, "reserved"))
    g_output_stream_write_all (out, reserved, sizeof reserved, NULL, NULL, NULL);
  else if (g_str_equal (data, "oversized"))
    g_output_stream_write_all (out, oversized, sizeof oversized, NULL, NULL, NULL);
  else
    {
      g_output_stream_write_all (out, cut, sizeof cut, NULL, NULL, NULL);
      g_io_stream_close (soup_websocket_connection_get_io_stream (socket), NULL, NULL);
    }
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, g_str_equal (data, "oversized") ? BOBBIN_ERROR_REPLY_TOO_LARGE : BOBBIN_ERROR_NETWORK,
                                   BOBBIN_CERTAINTY_ACCEPTED);
  g_assert_cmpstr (f->channel->text->str, ==, "Hi");
}

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  open_and_send (f);
  server_fixture_send (f->server, DELTA ("Hi"));
  test_wait_until (f->channel->n_deltas == 1);
  channel_recorder_cancel (f->channel);
  test_wait_until (f->server->texts->len == 2);
  g_assert_cmpstr (server_fixture_get_text (f->server, 1), ==, "{\"type\":\"cancel\"}");
  server_fixture_send (f->server, FRAME ("cancel_acknowledged", "{\"status\":\"cancelling\"}"));
  server_fixture_send (f->server, DELTA ("!"));
  server_fixture_send (f->server, FRAME ("message_stop", "{\"stop_reason\":\"cancelled\"}"));
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "text:0+Hi cancel-acknowledged text:0+! turn-stopped:cancelled");
}

static void
test_approval (Fixture      *f,
               gconstpointer data)
{
  open_and_send (f);
  server_fixture_send (f->server, FRAME ("human_approval", "{\"message\":\"Send?\",\"node_name\":\"mail\",\"data\":{\"tools\":[{\"name\":\"m\",\"args\":{}}]}}"));
  test_wait_until (strstr (f->channel->log->str, "approval") != NULL);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_EDIT, "{\"to\":\"x\"}", "{\"tools\":[{\"name\":\"m\",\"args\":{}}]}", "mail");
  test_wait_until (f->server->texts->len == 2);
  g_assert_cmpstr (server_fixture_get_text (f->server, 1), ==,
                   "{\"type\":\"interrupt_resume\",\"decisions\":[{\"type\":\"edit\",\"modified_args\":{\"to\":\"x\"},\"node_name\":\"mail\",\"approved\":true}]}");
  server_fixture_send (f->server, DELTA ("Sent"));
  server_fixture_send (f->server, STOP);
  test_wait_until (f->channel->stopped);
  g_assert_cmpstr (f->channel->text->str, ==, "Sent");
}

#define APPROVAL FRAME ("human_approval", "{\"message\":\"Send?\",\"node_name\":\"mail\"}")

static void
ask_approval (Fixture           *f,
              const char *const *frames)
{
  open_and_send (f);
  send_all (f, frames);
  server_fixture_send (f->server, FRAME ("thread_title", "{\"title\":\"T\"}"));
  test_wait_until (strstr (f->channel->log->str, "title") != NULL);
  channel_recorder_reset (f->channel);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_APPROVE, NULL, NULL, "mail");
  test_wait_until (f->server->texts->len == 2);
}

/* nebelus.md, section 14, point 10: whatever error answers a decision is told; the decision can be given again. */
static void
test_decision_busy (Fixture      *f,
                    gconstpointer data)
{
  static const char *const frames[] = { DELTA ("Hm"), APPROVAL, NULL };

  ask_approval (f, frames);
  server_fixture_send (f->server, ERROR ("busy"));
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "failed:busy");

  channel_recorder_reset (f->channel);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_APPROVE, NULL, NULL, "mail");
  server_fixture_send (f->server, DELTA ("Sent"));
  server_fixture_send (f->server, ERROR ("busy")); /* about something else */
  server_fixture_send (f->server, STOP);
  test_wait_until (f->channel->stopped);
  g_assert_cmpstr (f->channel->text->str, ==, "Sent");
  g_assert_null (strstr (f->channel->log->str, "failed"));
}

/* A server that counts its blocks anew, with or without a stop in between: what it says goes below the question. */
static void
test_decision_resumes (Fixture      *f,
                       gconstpointer data)
{
  static const char *const frames[] = { START, DELTA ("Hm"), APPROVAL, NULL };
  static const char *const stopped[] = { START, DELTA ("Hm"), APPROVAL, STOP, NULL };

  ask_approval (f, data != NULL ? stopped : frames);
  server_fixture_send (f->server, DELTA ("Sent"));
  server_fixture_send (f->server, DELTA ("!"));
  server_fixture_send (f->server, STOP);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "text:0#1+Sent text:0#1+! turn-stopped:end_turn");
}

/* Closing from inside an event must not upset the reading that brought it. */
static void
close_in_event_cb (BobbinChannel *channel,
                   BobbinEvent   *event,
                   gpointer       user_data)
{
  if (event->type == BOBBIN_EVENT_BLOCK)
    {
      bobbin_channel_close (channel);
      *(gboolean *) user_data = TRUE;
    }
}

static void
test_close_in_event (Fixture      *f,
                     gconstpointer data)
{
  static const char *const frames[] = { DELTA ("1"), DELTA ("2"), DELTA ("3"), STOP, NULL };
  gboolean closed = FALSE;

  open_and_send (f);
  g_signal_connect (f->channel->channel, "event", G_CALLBACK (close_in_event_cb), &closed);
  send_all (f, frames);
  test_wait_until (closed);
  test_wait_until (f->server->n_closed == 1);
  assert_log (f->channel, "text:0+1");
}

static void
test_close_while_opening (Fixture      *f,
                          gconstpointer data)
{
  open_channel (f, NULL);
  bobbin_channel_start (f->channel->channel);
  bobbin_channel_close (f->channel->channel);
  test_settle ();
  assert_log (f->channel, "");
}

static const StatusRow status_rows[] = {
  { 400, BOBBIN_ERROR_INVALID }, { 401, BOBBIN_ERROR_AUTH }, { 402, BOBBIN_ERROR_CREDITS }, { 403, BOBBIN_ERROR_FORBIDDEN },
  { 404, BOBBIN_ERROR_NOT_FOUND }, { 429, BOBBIN_ERROR_RATE_LIMITED }, { 500, BOBBIN_ERROR_SERVER }, { 502, BOBBIN_ERROR_SERVER },
  { 503, BOBBIN_ERROR_SERVER }, { 302, BOBBIN_ERROR_PROTOCOL }, { 200, BOBBIN_ERROR_PROTOCOL },
};

static const CloseRow close_rows[] = {
  { 1000, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN, BOBBIN_CERTAINTY_ACCEPTED },
  { 1001, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN, BOBBIN_CERTAINTY_ACCEPTED },
  { 1009, BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_REFUSED, BOBBIN_CERTAINTY_ACCEPTED },
  { 1011, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN, BOBBIN_CERTAINTY_ACCEPTED },
  { 4001, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, BOBBIN_CERTAINTY_ACCEPTED },
  { 4002, BOBBIN_ERROR_FORBIDDEN, BOBBIN_CERTAINTY_REFUSED, BOBBIN_CERTAINTY_ACCEPTED },
  { 4003, BOBBIN_ERROR_FORBIDDEN, BOBBIN_CERTAINTY_REFUSED, BOBBIN_CERTAINTY_ACCEPTED },
  { 4004, BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, BOBBIN_CERTAINTY_ACCEPTED },
  { 4999, BOBBIN_ERROR_FAILED, BOBBIN_CERTAINTY_UNKNOWN, BOBBIN_CERTAINTY_ACCEPTED },
};

static const ErrorRow error_rows[] = {
  { ERROR ("authentication_error"), "closed:auth", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("organization_error"), "closed:forbidden", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("forbidden"), "closed:forbidden", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("not_found"), "closed:not-found", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("thread_not_found"), "closed:not-found", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("agent_inactive"), "closed:inactive", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("insufficient_credits"), "failed:credits", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("busy"), "failed:busy", BOBBIN_CERTAINTY_REFUSED },
  { ERROR ("streaming_error"), "failed:server", BOBBIN_CERTAINTY_UNKNOWN },
  { ERROR ("handler_error"), "failed:server", BOBBIN_CERTAINTY_UNKNOWN },
  { ERROR ("new_kind"), "failed:server", BOBBIN_CERTAINTY_UNKNOWN },
};

typedef void (*TestFunc) (Fixture *, gconstpointer);

static void
add (const char   *path,
     TestFunc      func,
     gconstpointer data)
{
  g_autofree char *full = g_strconcat ("/backend/nebelus/ws/", path, NULL);

  g_test_add (full, Fixture, data, set_up, func, tear_down);
}

static void
add_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (status_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("refused/%u", status_rows[i].status);

      add (path, test_refused, &status_rows[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (close_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("close/%u", close_rows[i].close_code);
      g_autofree char *streaming = g_strdup_printf ("close-streaming/%u", close_rows[i].close_code);

      add (path, test_close, &close_rows[i]);
      add (streaming, test_close_streaming, &close_rows[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (error_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("error/%u", i);

      add (path, test_error, &error_rows[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("turn", test_turn, NULL);
  add ("thread-path", test_thread_path, NULL);
  add ("bare-key", test_bare_key, NULL);
  add ("wrong-key", test_wrong_key, NULL);
  add ("no-key", test_no_key, NULL);
  add ("broken-key", test_no_key, "line\r\nX-Evil: 1");
  add ("auth/close", test_auth_after_handshake, NULL);
  add ("auth/event", test_auth_after_handshake, ERROR ("authentication_error"));
  add ("origin", test_origin, NULL);
  add ("drop", test_drop, NULL);
  add ("no-greeting", test_no_greeting, NULL);
  add ("ping", test_ping, NULL);
  add ("watchdog", test_watchdog, NULL);
  add ("probe/idle", test_probe_idle, NULL);
  add ("probe/turn", test_probe_turn, NULL);
  add ("new-thread-id", test_new_thread_id, NULL);
  add ("garbage", test_garbage, NULL);
  add ("bad-utf8", test_bad_utf8, NULL);
  add ("broken-frame/reserved", test_broken_frame, "reserved");
  add ("broken-frame/oversized", test_broken_frame, "oversized");
  add ("broken-frame/cut", test_broken_frame, "cut");
  add ("cancel", test_cancel, NULL);
  add ("approval", test_approval, NULL);
  add ("decision/busy", test_decision_busy, NULL);
  add ("decision/resumes", test_decision_resumes, NULL);
  add ("decision/resumes-after-stop", test_decision_resumes, "");
  add ("close-in-event", test_close_in_event, NULL);
  add ("close-while-opening", test_close_while_opening, NULL);
  add_rows ();

  return g_test_run ();
}
