/* The AgentFlow channel against a server over a real socket: agentflow.md, sections 6, 8, 9 and 10. */
#include "config.h"

#include "model/bobbin-attachment.h"
#include "util/bobbin-json.h"

#include "agentflow-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

typedef AgentflowFixture Fixture;

#define STREAM "POST /v1/graph/stream"
#define ECHO "{\"event\":\"message\",\"message\":{\"message_id\":\"u\",\"role\":\"user\",\"content\":[]},\"thread_id\":\"t1\"}\n"
#define DELTA(text) "{\"event\":\"message\",\"message\":{\"message_id\":\"p\",\"role\":\"assistant\",\"delta\":true,\"content\":[{\"type\":\"text\"," \
                    "\"text\":\"" text "\"}]},\"thread_id\":\"t1\"}\n"
#define WHOLE(id, text) "{\"event\":\"message\",\"message\":{\"message_id\":\"" id "\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\"," \
                    "\"text\":\"" text "\"}]},\"thread_id\":\"t1\"}\n"
#define CLOSING "{\"event\":\"updates\",\"state\":{\"execution_meta\":{\"status\":\"completed\"}},\"data\":{\"status\":\"graph_invoked\"," \
                "\"is_interrupted\":false},\"thread_id\":\"t1\"}\n"
#define NAME "{\"event\":\"updates\",\"data\":{\"status\":\"completed\"},\"metadata\":{\"thread_name\":\"Tides\"}}\n"
#define STUCK "{\"event\":\"updates\",\"state\":{\"execution_meta\":{\"status\":\"interrupted_after\",\"interrupt_reason\":\"stop_requested\"}}," \
              "\"data\":{\"status\":\"graph_invoked\",\"is_interrupted\":true},\"thread_id\":\"t1\"}\n"

static void
say (Fixture    *f,
     const char *text)
{
  server_message_chunk (f->run, text);
}

static void
end (Fixture *f)
{
  server_message_end (f->run);
}

static char *
dup_member (Fixture    *f,
            const char *what,
            const char *member)
{
  g_autofree char *body = agentflow_fixture_dup_body (agentflow_fixture_find (f, what));
  g_autoptr(JsonObject) object = bobbin_json_parse_object (body, -1, NULL);
  JsonNode *node = bobbin_json_get_node (object, member);

  return node != NULL ? bobbin_json_to_text (node, FALSE) : NULL;
}

static void
test_turn (Fixture      *f,
           gconstpointer data)
{
  g_autofree char *config = NULL;
  g_autofree char *granularity = NULL;

  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  config = dup_member (f, STREAM, "config");
  granularity = dup_member (f, STREAM, "response_granularity");
  g_assert_cmpstr (config, ==, "{\"thread_id\":\"t1\"}");
  g_assert_cmpstr (granularity, ==, "\"low\"");
  g_assert_cmpstr (agentflow_fixture_find (f, STREAM)->authorization, ==, "Bearer " AGENTFLOW_KEY);
  say (f, ECHO DELTA ("One "));
  test_wait_until (f->channel->n_deltas == 1);
  say (f, DELTA ("moment.") WHOLE ("a1", "One moment.") CLOSING);
  test_wait_until (f->channel->stopped);
  /* the name comes behind the end */
  say (f, NAME);
  end (f);
  test_wait_until (f->n_left > 0);
  test_settle ();
  test_wait_until (g_str_has_suffix (f->channel->log->str, "title:Tides"));
  assert_log (f->channel, "accepted b0+One  b0+moment. b0> usage turn-stopped title:Tides");
  /* and the channel takes another turn */
  channel_recorder_reset (f->channel);
  agentflow_fixture_send (f, "And?");
  say (f, ECHO WHOLE ("a2", "Yes") CLOSING);
  end (f);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "accepted b1>Yes usage turn-stopped");
  /* what the server can do is asked for once */
  g_assert_cmpuint (agentflow_fixture_count (f, "GET /v1/graph"), ==, 1);
}

/* We make the id, so that a lost connection still leaves a known thread; unless ids are numbers there. */
static void
test_new_thread (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *config = NULL;
  g_autofree char *messages = NULL;

  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, NULL));
  channel_recorder_start (f->channel);
  g_assert_true (g_str_has_prefix (f->channel->log->str, "ready:"));
  g_assert_true (g_uuid_string_is_valid (f->channel->log->str + strlen ("ready:")));
  agentflow_fixture_send (f, "Hello");
  config = dup_member (f, STREAM, "config");
  messages = dup_member (f, STREAM, "messages");
  g_assert_nonnull (strstr (config, f->channel->log->str + strlen ("ready:")));
  g_assert_nonnull (strstr (messages, "\"message_id\":\""));
}

static void
test_number_ids (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *config = NULL;
  g_autofree char *messages = NULL;

  agentflow_fixture_answer (f, "GET /v1/graph", 200, "{\"data\":{\"info\":{\"checkpointer\":true,\"id_type\":\"BigInt\"}}}");
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, NULL));
  channel_recorder_start (f->channel);
  assert_log (f->channel, "ready");
  agentflow_fixture_send (f, "Hello");
  config = dup_member (f, STREAM, "config");
  messages = dup_member (f, STREAM, "messages");
  g_assert_cmpstr (config, ==, "{}");
  g_assert_null (strstr (messages, "message_id"));
  channel_recorder_reset (f->channel);
  say (f, "{\"event\":\"updates\",\"thread_id\":17,\"data\":{}}\n");
  test_wait_until (f->channel->n_events > 0);
  g_assert_true (g_str_has_prefix (f->channel->log->str, "thread-id:17"));
}

/* Newer servers tell pauses only in the long form; a long state makes it short again. */
static void
test_granularity (Fixture      *f,
                  gconstpointer data)
{
  g_autofree char *padding = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *large = g_strdup_printf ("{\"event\":\"state\",\"state\":{\"pad\":\"%s\"}}\n", padding);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  agentflow_fixture_answer (f, "GET /v1/graph", 200, AGENTFLOW_GRAPH (AGENTFLOW_S3));
  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  first = dup_member (f, STREAM, "response_granularity");
  say (f, large);
  say (f, WHOLE ("a", "x") CLOSING);
  end (f);
  test_wait_until (f->channel->stopped);
  agentflow_fixture_send (f, "Again");
  second = dup_member (f, STREAM, "response_granularity");
  g_assert_cmpstr (first, ==, "\"full\"");
  g_assert_cmpstr (second, ==, "\"low\"");
}

static void
test_pause (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *recording = agentflow_dup_recording ("20-stream-approve");

  agentflow_fixture_open (f, "t-appr");
  agentflow_fixture_send (f, "approve it");
  say (f, recording);
  end (f);
  test_wait_until (f->channel->stopped);
  g_assert_nonnull (strstr (f->channel->log->str, "approval turn-stopped:paused"));
}

/* Refused before the stream: by status, body or page. */
typedef struct
{
  guint           status;
  const char     *body;
  const char     *log;
  BobbinErrorCode code;
  BobbinCertainty certainty;
} Refusal;

static const Refusal refusals[] = {
  { 401, "{}", "closed:auth", BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED },
  { 403, "{\"error\":{\"code\":\"EXPIRED_TOKEN\"}}", "closed:auth", BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED },
  { 403, "{\"error\":{\"code\":\"HTTPException\"}}", "closed:forbidden", BOBBIN_ERROR_FORBIDDEN, BOBBIN_CERTAINTY_REFUSED },
  { 409, "{}", "failed:busy", BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED },
  { 422, "{\"detail\":\"no\"}", "failed:invalid", BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED },
  { 429, "{}", "failed:rate-limited", BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED },
  { 500, "Internal Server Error", "failed:server", BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN },
  { 502, "<html>", "failed:server", BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN },
  { 200, "<html>", "closed:protocol", BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNKNOWN },
};

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      agentflow_fixture_answer (f, STREAM, refusals[i].status, refusals[i].body);
      agentflow_fixture_open (f, "t1");
      channel_recorder_send (f->channel, "Hello");
      test_wait_until (f->channel->stopped || f->channel->closed);
      assert_log (f->channel, refusals[i].log);
      channel_recorder_assert_failure (f->channel, refusals[i].code, refusals[i].certainty);
      if (refusals[i].status == 429)
        g_assert_cmpint (f->channel->failure->retry_after_ms, ==, 7000);
      g_clear_pointer (&f->channel, channel_recorder_free);
    }
  /* nothing was tried twice */
  g_assert_cmpuint (agentflow_fixture_count (f, STREAM), ==, G_N_ELEMENTS (refusals));
}

/* A run that breaks off: what came counts, and it says how much is known. */
static void
test_cut (Fixture      *f,
          gconstpointer data)
{
  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  end (f);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_UNKNOWN);
  g_clear_pointer (&f->channel, channel_recorder_free);

  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  say (f, ECHO DELTA ("One ") "{\"event\":\"message\",\"mess");
  end (f);
  test_wait_until (f->channel->closed);
  g_assert_cmpstr (f->channel->text->str, ==, "One ");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_ACCEPTED);
}

static void
test_garbage (Fixture      *f,
              gconstpointer data)
{
  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  say (f, ECHO "\x01\xff nonsense } \n{\"event\": oops}\n[1,2]\n\n: a comment\ndata: " WHOLE ("a", "fine") CLOSING);
  end (f);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "accepted b0>fine usage turn-stopped");
}

static void
test_silence (Fixture      *f,
              gconstpointer data)
{
  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  say (f, ECHO);
  test_wait_until (f->channel->n_events == 1);
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 15 * 60 * 1000);
  test_settle ();
  g_assert_false (f->channel->closed);
  /* counted from the last byte, which on a busy machine may have come only now */
  bobbin_manual_clock_advance (f->clock, 17 * 60 * 1000);
  test_wait_until (f->channel->closed);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_ACCEPTED);
}

/* Older servers: the connection is closed and nothing is asked, for their stop flag is never cleared. */
static void
test_stop_by_closing (Fixture      *f,
                      gconstpointer data)
{
  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  say (f, ECHO DELTA ("One "));
  test_wait_until (f->channel->n_deltas == 1);
  channel_recorder_cancel (f->channel);
  test_wait_until (f->channel->stopped);
  g_assert_true (g_str_has_suffix (f->channel->log->str, "turn-stopped:cancelled"));
  g_assert_cmpuint (agentflow_fixture_count (f, "POST /v1/graph/stop"), ==, 0);
  g_assert_false (bobbin_backend_can (f->backend, BOBBIN_CAN_CANCEL));
  say (f, ": tick\n");
  test_wait_until (f->n_left > 0);
}

/* Newer ones are asked, and read for three more seconds. */
static void
test_stop_on_server (Fixture      *f,
                     gconstpointer data)
{
  g_autofree char *thread_id = NULL;

  agentflow_fixture_answer (f, "GET /v1/graph", 200, AGENTFLOW_GRAPH (AGENTFLOW_S3));
  agentflow_fixture_answer (f, "POST /v1/graph/stop", 200, "{\"data\":{\"ok\":true,\"running\":true}}");
  agentflow_fixture_open (f, "t1");
  g_assert_true (bobbin_backend_can (f->backend, BOBBIN_CAN_CANCEL));
  agentflow_fixture_send (f, "Hello");
  say (f, ECHO DELTA ("One "));
  test_wait_until (f->channel->n_deltas == 1);
  channel_recorder_cancel (f->channel);
  test_wait_until (agentflow_fixture_count (f, "POST /v1/graph/stop") == 1);
  thread_id = dup_member (f, "POST /v1/graph/stop", "thread_id");
  g_assert_cmpstr (thread_id, ==, "\"t1\"");
  say (f, DELTA ("more") STUCK);
  test_wait_until (f->channel->stopped);
  g_assert_true (g_str_has_suffix (f->channel->log->str, "b0+more usage b0> turn-stopped:cancelled"));
  end (f);
  g_clear_pointer (&f->channel, channel_recorder_free);

  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  say (f, ECHO);
  test_wait_until (f->channel->n_events == 1);
  channel_recorder_cancel (f->channel);
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 3100);
  test_wait_until (f->channel->stopped);
  g_assert_true (g_str_has_suffix (f->channel->log->str, "turn-stopped:cancelled"));
}

/* The way out of a thread whose stop flag was never cleared: the same message to the end, then again. Once a turn. */
static void
test_stuck (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *initial = NULL;

  agentflow_fixture_open (f, "t1");
  agentflow_fixture_send (f, "Hello");
  first = dup_member (f, STREAM, "messages");
  say (f, ECHO STUCK);
  end (f);
  test_wait_until (f->n_runs == 2);
  second = dup_member (f, STREAM, "messages");
  initial = dup_member (f, STREAM, "initial_state");
  g_assert_cmpstr (initial, ==, "{\"current_node\":\"__end__\"}");
  say (f, ECHO CLOSING);
  end (f);
  test_wait_until (f->n_runs == 3);
  third = dup_member (f, STREAM, "messages");
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, ==, third);
  say (f, ECHO WHOLE ("a", "there") CLOSING);
  end (f);
  test_wait_until (f->channel->stopped);
  assert_log (f->channel, "accepted usage accepted b0>there usage turn-stopped");

  channel_recorder_reset (f->channel);
  agentflow_fixture_send (f, "Again");
  for (guint i = 0; i < 3; i++)
    {
      guint n_runs = f->n_runs;

      say (f, i == 1 ? ECHO CLOSING : ECHO STUCK);
      end (f);
      test_wait_until (f->n_runs > n_runs || f->channel->stopped);
    }
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED);
}

/* Without the streaming route, the plain one. */
static void
test_invoke (Fixture      *f,
             gconstpointer data)
{
  g_autofree char *recording = agentflow_dup_recording ("06-invoke-full");
  g_autofree char *granularity = NULL;

  agentflow_fixture_answer (f, STREAM, 405, "{\"detail\":\"Method Not Allowed\"}");
  agentflow_fixture_answer (f, "POST /v1/graph/invoke", 200, recording);
  agentflow_fixture_open (f, "t-full");
  channel_recorder_send (f->channel, "think about it");
  test_wait_until (f->channel->stopped);
  granularity = dup_member (f, "POST /v1/graph/invoke", "response_granularity");
  g_assert_cmpstr (granularity, ==, "\"full\"");
  g_assert_cmpstr (f->channel->text->str, ==, "weighing the windSail at noon.");
  /* remembered */
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "again");
  test_wait_until (f->channel->stopped);
  g_assert_cmpuint (agentflow_fixture_count (f, STREAM), ==, 1);

  agentflow_fixture_answer (f, "POST /v1/graph/invoke", 500, "{\"error\":{\"message\":\"[NODE_001] boom\"}}");
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "boom");
  test_wait_until (f->channel->stopped);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN);
}

/* Files */

static BobbinTurn *
turn_with_file (const char *path,
                gsize       size)
{
  g_autofree char *content = g_strnfill (size, 'x');
  g_autoptr(GPtrArray) attachments = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *hash = g_strdup_printf ("%" G_GSIZE_FORMAT, size);

  g_assert_true (g_file_set_contents (path, content, (gssize) size, NULL));
  g_ptr_array_add (attachments, bobbin_attachment_new (0, "tide.png", "image/png", (gint64) size, hash, path));

  return bobbin_turn_new ("look", attachments);
}

static void
test_upload (Fixture      *f,
             gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "x", NULL);
  g_autoptr(BobbinTurn) turn = turn_with_file (path, 200000);
  g_autofree char *messages = NULL;

  agentflow_fixture_answer (f, "POST /v1/files/upload", 200, "{\"data\":{\"file_id\":\"f1\"}}");
  agentflow_fixture_open (f, "t1");
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->n_runs == 1);
  g_assert_true (g_str_has_prefix (f->channel->log->str, "upload upload"));
  messages = dup_member (f, STREAM, "messages");
  g_assert_nonnull (strstr (messages, "{\"type\":\"image\",\"media\":{\"kind\":\"file_id\",\"file_id\":\"f1\",\"mime_type\":\"image/png\","
                                      "\"filename\":\"tide.png\"}}"));
  say (f, ECHO WHOLE ("a", "seen") CLOSING);
  end (f);
  test_wait_until (f->channel->stopped);
  /* the same file again is there already */
  channel_recorder_reset (f->channel);
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->n_runs == 2);
  g_assert_cmpuint (agentflow_fixture_count (f, "POST /v1/files/upload"), ==, 1);
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_upload_fails (Fixture      *f,
                   gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "x", NULL);
  g_autoptr(BobbinTurn) turn = turn_with_file (path, 3);
  g_autofree char *too_large = agentflow_dup_recording ("114-upload-11mb");

  agentflow_fixture_answer (f, "POST /v1/files/upload", 413, too_large);
  agentflow_fixture_open (f, "t1");
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->channel->stopped);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_UNSENT);
  g_assert_true (g_str_has_prefix (f->channel->failure->detail, "“tide.png” could not be uploaded: Request body too large"));
  g_assert_cmpuint (f->n_runs, ==, 0);

  agentflow_fixture_answer (f, "POST /v1/files/upload", 200, "{\"data\":{}}");
  channel_recorder_reset (f->channel);
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->channel->stopped);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT);

  /* the file is gone */
  g_unlink (path);
  channel_recorder_reset (f->channel);
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->channel->stopped);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_FILE, BOBBIN_CERTAINTY_UNSENT);
  g_rmdir (dir);
}

static void
test_upload_cancelled (Fixture      *f,
                       gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "x", NULL);
  g_autoptr(BobbinTurn) turn = turn_with_file (path, 3);

  agentflow_fixture_answer (f, "POST /v1/files/upload", 0, NULL);
  agentflow_fixture_open (f, "t1");
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->n_runs == 1);
  channel_recorder_cancel (f->channel);
  test_wait_until (f->channel->stopped);
  g_assert_true (g_str_has_suffix (f->channel->log->str, "turn-stopped:cancelled"));
  g_assert_cmpuint (agentflow_fixture_count (f, STREAM), ==, 0);
  g_unlink (path);
  g_rmdir (dir);
}

/* What start finds */
static void
test_start (Fixture      *f,
            gconstpointer data)
{
  static const struct { const char *what; guint status; const char *body; BobbinErrorCode code; } rows[] = {
    { "GET /v1/graph", 404, "{}", BOBBIN_ERROR_PROTOCOL },
    { "GET /v1/graph", 200, "{\"data\":{}}", BOBBIN_ERROR_PROTOCOL },
    { "GET /v1/graph", 200, "<html>", BOBBIN_ERROR_PROTOCOL },
    { "GET /v1/graph", 403, "{\"error\":{\"code\":\"INVALID_TOKEN\"}}", BOBBIN_ERROR_AUTH },
    { "GET /v1/config/multimodal", 401, "{}", BOBBIN_ERROR_AUTH },
    { "GET /v1/graph", 500, "x", BOBBIN_ERROR_SERVER },
    { "GET /v1/graph", 200, AGENTFLOW_GRAPH (",\"is_realtime\":true"), BOBBIN_ERROR_NOT_SUPPORTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      agentflow_fixture_answer (f, rows[i].what, rows[i].status, rows[i].body);
      f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, "t1"));
      channel_recorder_start (f->channel);
      g_assert_true (f->channel->closed);
      channel_recorder_assert_failure (f->channel, rows[i].code, BOBBIN_CERTAINTY_UNSENT);
      g_clear_pointer (&f->channel, channel_recorder_free);
      g_ptr_array_set_size (f->answers, f->answers->len - 1);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/agentflow-channel/" name, Fixture, NULL, agentflow_fixture_set_up, func, agentflow_fixture_tear_down)
  ADD ("turn", test_turn);
  ADD ("new-thread", test_new_thread);
  ADD ("number-ids", test_number_ids);
  ADD ("granularity", test_granularity);
  ADD ("pause", test_pause);
  ADD ("refused", test_refused);
  ADD ("cut", test_cut);
  ADD ("garbage", test_garbage);
  ADD ("silence", test_silence);
  ADD ("stop-by-closing", test_stop_by_closing);
  ADD ("stop-on-server", test_stop_on_server);
  ADD ("stuck", test_stuck);
  ADD ("invoke", test_invoke);
  ADD ("upload", test_upload);
  ADD ("upload-fails", test_upload_fails);
  ADD ("upload-cancelled", test_upload_cancelled);
  ADD ("start", test_start);

  return g_test_run ();
}
