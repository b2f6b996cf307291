/* BobbinNebelusSseChannel against a server over a real socket: nebelus.md, sections 3.2, 4.2 and 8 to 11. */
#include "config.h"

#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "util/bobbin-clock.h"

#include "channel-recorder.h"
#include "server-fixture.h"

#include <glib/gstdio.h>

#define KEY "sk-ns-org-MARKER-key"
#define BLOCK(name, data) "event: " name "\ndata: " data "\n\n"
#define START BLOCK ("message_start", "{\"thread_id\":\"t1\",\"message\":{\"id\":\"am_1\"}}")
#define DELTA(text) BLOCK ("content_block", "{\"content_type\":\"text\",\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"" text "\"}}")
#define STOP BLOCK ("message_stop", "{\"stop_reason\":\"end_turn\"}")
#define DONE "data: [DONE]\n\n"
#define APPROVAL BLOCK ("human_approval", "{\"message\":\"Send?\",\"node_name\":\"mail\",\"thread_id\":\"t1\"}")

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinAccount     *account;
  BobbinBackend     *backend;
  ChannelRecorder   *channel;
  /* what the server does */
  guint              status;        /* 0: streams */
  const char        *content_type;
  const char        *answer;
  const char        *retry_after;
  const char        *thread_header;
  SoupServerMessage *message;       /* (owned) the newest stream */
  guint              n_finished;    /* answers that are over, or whose client left */
} Fixture;

static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  Fixture *f = user_data;

  f->n_finished++;
  if (f->message == message)
    g_clear_object (&f->message);
}

static void
request_cb (ServerFixture     *server,
            SoupServerMessage *message,
            const char        *path,
            gpointer           user_data)
{
  Fixture *f = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  if (f->retry_after != NULL)
    soup_message_headers_append (headers, "Retry-After", f->retry_after);
  if (f->thread_header != NULL)
    soup_message_headers_append (headers, "X-Thread-Id", f->thread_header);
  if (f->status / 100 == 3)
    soup_message_headers_append (headers, "Location", "https://elsewhere.example/");
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), f);
  g_signal_connect (message, "disconnected", G_CALLBACK (finished_cb), f);
  if (f->status != 0)
    {
      server_message_answer (message, f->status, f->content_type, f->answer);
      return;
    }
  server_message_stream (message);
  g_set_object (&f->message, message);
  if (f->answer != NULL)
    server_message_chunk (message, f->answer);
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = server_fixture_new ();
  f->server->on_request = request_cb;
  f->server->user_data = f;
  f->content_type = "application/json";
  f->clock = bobbin_manual_clock_new (G_GINT64_CONSTANT (1700000000000000));
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "Test", f->server->url);
  bobbin_account_set_transport (f->account, BOBBIN_TRANSPORT_SSE);
  bobbin_account_set_agent_id (f->account, "a1");
  f->backend = bobbin_registry_create (f->account, BOBBIN_CLOCK (f->clock));
  bobbin_backend_set_credential (f->backend, KEY);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  if (f->channel != NULL)
    channel_recorder_free (f->channel);
  if (f->message != NULL)
    {
      g_signal_handlers_disconnect_by_data (f->message, f);
      server_message_end (f->message);
    }
  g_clear_object (&f->message);
  test_settle ();
  g_assert_finalize_object (f->backend);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->account);
  g_assert_finalize_object (f->clock);
}

static void
open_on (Fixture    *f,
         const char *thread_id)
{
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, thread_id));
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->ready);
  channel_recorder_reset (f->channel);
}

static void
open_and_send (Fixture *f)
{
  open_on (f, NULL);
  channel_recorder_send (f->channel, "Hello");
  test_wait_until (f->message != NULL);
}

static const char *
body_of (Fixture *f,
         guint    position)
{
  return g_bytes_get_data (server_fixture_get_request (f->server, position)->body, NULL);
}

static void
wait_until_gone (Fixture *f)
{
  guint guard = test_guard_add ("the client leaves");

  while (f->n_finished == 0)
    {
      /* A server only learns that the client left when it writes. */
      if (f->message != NULL)
        server_message_chunk (f->message, ":\n\n");
      g_main_context_iteration (NULL, FALSE);
    }
  g_source_remove (guard);
}

static void
test_turn (Fixture      *f,
           gconstpointer data)
{
  ServerRequest *request;

  f->thread_header = "t9";
  open_on (f, NULL);
  g_assert_cmpuint (f->server->requests->len, ==, 0);
  channel_recorder_send (f->channel, "Hello");
  test_wait_until (f->message != NULL);

  request = server_fixture_get_request (f->server, 0);
  g_assert_cmpstr (request->path, ==, "/api/agents/a1/chat/");
  g_assert_cmpstr (request->authorization, ==, "Bearer " KEY);
  g_assert_cmpstr (request->accept_encoding, ==, "identity");
  g_assert_null (request->query);
  g_assert_nonnull (strstr (body_of (f, 0), "\"content\":\"Hello\""));
  g_assert_null (strstr (body_of (f, 0), "thread_id"));

  server_message_chunk (f->message, START DELTA ("Hi"));
  server_message_chunk (f->message, ": comment\n\n" DELTA (" you") STOP);
  test_wait_until (f->channel->stopped);
  server_message_chunk (f->message, BLOCK ("usage_metadata", "{\"usage\":{\"input_tokens\":1}}"));
  server_message_chunk (f->message, BLOCK ("thread_title", "{\"title\":\"T\"}"));
  test_wait_until (strstr (f->channel->log->str, "title") != NULL);
  assert_log (f->channel, "thread-id:t9 turn-started:t1 text:0+Hi text:0+ you turn-stopped:end_turn usage title:T");
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "sse");
  server_message_chunk (f->message, DONE);
  wait_until_gone (f);

  f->thread_header = NULL;
  f->answer = STOP DONE;
  channel_recorder_send (f->channel, "Again");
  test_wait_until (f->channel->stopped);
  g_assert_nonnull (strstr (body_of (f, 1), "\"thread_id\":\"t1\""));
}

/* A stream that stays open after the stop is given up after 10 s. */
static void
test_settle_limit (Fixture      *f,
                   gconstpointer data)
{
  open_and_send (f);
  server_message_chunk (f->message, DELTA ("Hi") STOP);
  test_wait_until (f->channel->stopped);
  bobbin_manual_clock_advance (f->clock, 9900);
  server_message_chunk (f->message, BLOCK ("thread_title", "{\"title\":\"T\"}"));
  test_wait_until (strstr (f->channel->log->str, "title:T") != NULL);
  g_assert_cmpuint (f->n_finished, ==, 0);
  bobbin_manual_clock_advance (f->clock, 200);
  wait_until_gone (f);
  g_assert_false (f->channel->closed);
}

/* The next turn may start while the last one settles: its title still counts, nothing else. */
static void
test_send_while_settling (Fixture      *f,
                          gconstpointer data)
{
  g_autoptr(SoupServerMessage) first = NULL;

  open_and_send (f);
  server_message_chunk (f->message, DELTA ("1") STOP);
  test_wait_until (f->channel->stopped);
  first = g_object_ref (f->message);
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "Again");
  test_wait_until (f->message != first);
  server_message_chunk (first, DELTA ("late") BLOCK ("thread_title", "{\"title\":\"T\"}"));
  test_wait_until (strstr (f->channel->log->str, "title:T") != NULL);
  server_message_chunk (f->message, DELTA ("2") STOP);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "title:T text:0+2 turn-stopped:end_turn");
  server_message_end (first);
}

typedef struct
{
  guint           status;
  const char     *content_type;
  const char     *answer;
  const char     *retry_after;
  const char     *log;
  BobbinCertainty certainty;
  gint64          retry_after_ms;
} StatusRow;

static void
test_status (Fixture      *f,
             gconstpointer data)
{
  const StatusRow *row = data;

  f->status = row->status;
  f->content_type = row->content_type;
  f->answer = row->answer;
  f->retry_after = row->retry_after;
  open_on (f, "t1");
  channel_recorder_send (f->channel, "Hello");
  test_wait_until (f->channel->stopped || f->channel->closed);
  assert_log (f->channel, row->log);
  g_assert_cmpint (f->channel->failure->certainty, ==, row->certainty);
  g_assert_cmpint (f->channel->failure->retry_after_ms, ==, row->retry_after_ms);
  if (row->answer != NULL && strstr (row->answer, "detail") != NULL)
    g_assert_cmpstr (f->channel->failure->detail, ==, "words");
  g_assert_null (strstr (f->channel->failure->detail, "<"));
  g_assert_cmpuint (f->server->requests->len, ==, 1);
}

#define DETAIL "{\"detail\":\"words\"}"
#define HTML "<html><body>Sign in</body></html>"

static const StatusRow status_rows[] = {
  { 400, "application/json", DETAIL, NULL, "failed:invalid", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 401, "application/json", DETAIL, NULL, "closed:auth", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 402, "application/json", DETAIL, NULL, "failed:credits", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 403, "text/html", HTML, NULL, "closed:forbidden", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 404, "application/json", DETAIL, NULL, "closed:not-found", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 408, "application/json", DETAIL, NULL, "failed:timed-out", BOBBIN_CERTAINTY_UNKNOWN, -1 },
  { 413, NULL, NULL, NULL, "failed:too-large", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 422, "application/json", DETAIL, NULL, "failed:invalid", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 429, "application/json", DETAIL, "7", "failed:rate-limited", BOBBIN_CERTAINTY_REFUSED, 7000 },
  { 429, "application/json", DETAIL, NULL, "failed:rate-limited", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 500, "text/html", HTML, NULL, "failed:server", BOBBIN_CERTAINTY_UNKNOWN, -1 },
  { 502, "text/html", HTML, NULL, "failed:server", BOBBIN_CERTAINTY_UNKNOWN, -1 },
  { 503, "application/json", DETAIL, "3", "failed:rate-limited", BOBBIN_CERTAINTY_REFUSED, 3000 },
  { 503, "application/json", DETAIL, NULL, "failed:server", BOBBIN_CERTAINTY_UNKNOWN, -1 },
  { 504, "text/html", HTML, NULL, "failed:server", BOBBIN_CERTAINTY_UNKNOWN, -1 },
  { 302, NULL, NULL, NULL, "closed:protocol", BOBBIN_CERTAINTY_REFUSED, -1 },
  { 200, "text/html", HTML, NULL, "closed:protocol", BOBBIN_CERTAINTY_UNKNOWN, -1 },
  { 200, "application/json", "not json", NULL, "closed:protocol", BOBBIN_CERTAINTY_UNKNOWN, -1 },
  { 200, "application/json", "", NULL, "closed:protocol", BOBBIN_CERTAINTY_UNKNOWN, -1 },
};

static void
test_reply (Fixture      *f,
            gconstpointer data)
{
  f->status = 200;
  f->answer = "{\"object\":\"chat.completion\",\"thread_id\":\"t5\",\"message\":{\"content\":\"Hi\"},\"usage\":{\"input_tokens\":1}}";
  open_on (f, NULL);
  channel_recorder_send (f->channel, "Hello");
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "turn-started:t5 text:0>Hi usage turn-stopped");
}

static void
test_cut (Fixture      *f,
          gconstpointer data)
{
  gboolean started = data != NULL;

  open_and_send (f);
  if (started)
    {
      server_message_chunk (f->message, START DELTA ("Hi"));
      test_wait_until (f->channel->n_deltas == 1);
    }
  server_message_end (f->message);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INTERRUPTED,
                                   started ? BOBBIN_CERTAINTY_ACCEPTED : BOBBIN_CERTAINTY_UNKNOWN);
}

static void
test_drop (Fixture      *f,
           gconstpointer data)
{
  open_and_send (f);
  server_message_chunk (f->message, DELTA ("Hi"));
  test_wait_until (f->channel->n_deltas == 1);
  g_socket_close (soup_server_message_get_socket (f->message), NULL);
  test_wait_until (f->channel->closed);
  /* libsoup 3.2 takes a chunked body that is cut for one that ends. */
  g_assert_true (f->channel->failure->code == BOBBIN_ERROR_NETWORK || f->channel->failure->code == BOBBIN_ERROR_INTERRUPTED);
  g_assert_cmpint (f->channel->failure->certainty, ==, BOBBIN_CERTAINTY_ACCEPTED);
}

static void
test_refused_connection (Fixture      *f,
                         gconstpointer data)
{
  soup_server_disconnect (f->server->soup);
  open_on (f, NULL);
  channel_recorder_send (f->channel, "Hello");
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
}

static void
test_silence (Fixture      *f,
              gconstpointer data)
{
  open_and_send (f);
  server_message_chunk (f->message, DELTA ("Hi"));
  test_wait_until (f->channel->n_deltas == 1);
  bobbin_manual_clock_advance (f->clock, 599 * 1000);
  server_message_chunk (f->message, DELTA ("!"));
  test_wait_until (f->channel->n_deltas == 2);
  bobbin_manual_clock_advance (f->clock, 599 * 1000);
  test_settle ();
  g_assert_false (f->channel->closed);
  bobbin_manual_clock_advance (f->clock, 2000);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_ACCEPTED);
}

static void
test_error (Fixture      *f,
            gconstpointer data)
{
  open_and_send (f);
  server_message_chunk (f->message, DELTA ("Hi") BLOCK ("error", "{\"error\":{\"type\":\"streaming_error\",\"message\":\"words\"}}"));
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "text:0+Hi failed:server");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED);
  server_message_end (f->message);
  test_settle ();
  g_assert_false (f->channel->closed);
}

static void
test_thread_gone (Fixture      *f,
                  gconstpointer data)
{
  open_and_send (f);
  server_message_chunk (f->message, BLOCK ("error", "{\"code\":\"thread_not_found\"}"));
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED);
}

static void
test_garbage (Fixture      *f,
              gconstpointer data)
{
  open_and_send (f);
  server_message_chunk (f->message, "data: not json\n\ndata\n\n\nevent: content_block\ndata: []\n\n\xff\xfe\n\n");
  server_message_chunk (f->message, DELTA ("Hi") BLOCK ("unheard_of", "{}") STOP);
  test_wait_until (f->channel->stopped);
  g_assert_cmpstr (f->channel->text->str, ==, "Hi");
}

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  open_and_send (f);
  server_message_chunk (f->message, DELTA ("Hi"));
  test_wait_until (f->channel->n_deltas == 1);
  channel_recorder_cancel (f->channel);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "text:0+Hi turn-stopped:cancelled");
  wait_until_gone (f);

  f->answer = STOP DONE;
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "Again");
  test_wait_until (f->channel->stopped);
}

/* Over SSE a question is answered by WebSocket, and what follows comes from there (nebelus.md, section 8). */
static void
approval_socket_cb (ServerFixture           *server,
                    SoupWebsocketConnection *socket,
                    gpointer                 user_data)
{
  soup_websocket_connection_send_text (socket, "{\"event\":\"connection\",\"data\":{\"thread_id\":\"t1\"}}");
}

static void
approval_text_cb (ServerFixture           *server,
                  SoupWebsocketConnection *socket,
                  const char              *text,
                  gpointer                 user_data)
{
  soup_websocket_connection_send_text (socket, "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\",\"state\":\"delta\",\"index\":3,\"data\":{\"text\":\"Sent\"}}}");
  soup_websocket_connection_send_text (socket, "{\"event\":\"message_stop\",\"data\":{}}");
}

static void
test_approval (Fixture      *f,
               gconstpointer data)
{
  f->server->on_socket = approval_socket_cb;
  f->server->on_text = approval_text_cb;
  open_and_send (f);
  server_message_chunk (f->message, START DELTA ("Hm") APPROVAL);
  if (data != NULL)
    server_message_end (f->message);
  test_wait_until (strstr (f->channel->log->str, "approval") != NULL);
  test_settle ();
  g_assert_false (f->channel->closed);

  channel_recorder_decide (f->channel, BOBBIN_DECISION_APPROVE, NULL, NULL, "mail");
  test_wait_until (f->channel->stopped);
  g_assert_cmpstr (server_fixture_get_request (f->server, 1)->path, ==, "/ws/agents/a1/threads/t1/");
  g_assert_cmpstr (server_fixture_get_text (f->server, 0), ==,
                   "{\"type\":\"interrupt_resume\",\"decisions\":[{\"node_name\":\"mail\",\"approved\":true}]}");
  assert_log (f->channel, "turn-started:t1 text:0+Hm approval:Send? 1/text:3+Sent turn-stopped");

  f->answer = STOP DONE;
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "Again");
  test_wait_until (f->channel->stopped);
  test_wait_until (f->server->n_closed == 1);
}

static guint
no_socket_cb (ServerFixture     *server,
              SoupServerMessage *message,
              const char        *path,
              gpointer           user_data)
{
  return 502;
}

static void
test_approval_without_socket (Fixture      *f,
                              gconstpointer data)
{
  f->server->on_handshake = no_socket_cb;
  open_and_send (f);
  server_message_chunk (f->message, APPROVAL);
  test_wait_until (strstr (f->channel->log->str, "approval") != NULL);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_REJECT, NULL, NULL, "mail");
  test_wait_until (f->channel->closed);
  g_assert_cmpint (f->channel->failure->code, ==, BOBBIN_ERROR_SERVER);
}

static BobbinTurn *
turn_with_file (const char *path,
                gint64      size)
{
  g_autoptr(GPtrArray) attachments = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (attachments, bobbin_attachment_new (0, "q3.csv", "text/csv", size, "00", path));

  return bobbin_turn_new ("", attachments);
}

static void
test_attachment (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "file", NULL);
  g_autoptr(BobbinTurn) turn = turn_with_file (path, 8);

  g_assert_true (g_file_set_contents (path, "a,b\n1,2\n", 8, NULL));
  open_on (f, NULL);
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->message != NULL);
  g_assert_nonnull (strstr (body_of (f, 0), "\"content\":\"Attached: q3.csv\""));
  g_assert_nonnull (strstr (body_of (f, 0), "{\"name\":\"q3.csv\",\"content_type\":\"text/csv\",\"data\":\"YSxiCjEsMgo=\"}"));
  server_message_chunk (f->message, STOP DONE);
  test_wait_until (f->channel->stopped);

  /* It grew since. */
  g_assert_true (g_file_set_contents (path, "a,b\n1,2\n3", 9, NULL));
  channel_recorder_reset (f->channel);
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->channel->stopped);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_FILE, BOBBIN_CERTAINTY_UNSENT);
  g_assert_nonnull (strstr (f->channel->failure->detail, "q3.csv"));
  g_assert_false (f->channel->closed);
  g_assert_cmpuint (f->server->requests->len, ==, 1);
  g_unlink (path);
  g_rmdir (dir);
}

typedef void (*TestFunc) (Fixture *, gconstpointer);

static void
add (const char   *path,
     TestFunc      func,
     gconstpointer data)
{
  g_autofree char *full = g_strconcat ("/backend/nebelus/sse/", path, NULL);

  g_test_add (full, Fixture, data, set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("turn", test_turn, NULL);
  add ("settle-limit", test_settle_limit, NULL);
  add ("send-while-settling", test_send_while_settling, NULL);
  add ("reply", test_reply, NULL);
  add ("cut/waiting", test_cut, NULL);
  add ("cut/streaming", test_cut, "");
  add ("drop", test_drop, NULL);
  add ("refused-connection", test_refused_connection, NULL);
  add ("silence", test_silence, NULL);
  add ("error", test_error, NULL);
  add ("thread-gone", test_thread_gone, NULL);
  add ("garbage", test_garbage, NULL);
  add ("cancel", test_cancel, NULL);
  add ("approval/open", test_approval, NULL);
  add ("approval/ended", test_approval, "");
  add ("approval/without-socket", test_approval_without_socket, NULL);
  add ("attachment", test_attachment, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (status_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("status/%u-%u", status_rows[i].status, i);

      add (path, test_status, &status_rows[i]);
    }

  return g_test_run ();
}
