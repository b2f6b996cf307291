/* Turns of the Assistants backend against its test server: real requests, real streams. */
#include "config.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-json.h"

#include "channel-recorder.h"
#include "hurried-clock.h"
#include "server-fixture.h"
#include "service-server.h"

#include <glib/gstdio.h>
#include <string.h>

static ServiceServer *server;

typedef struct
{
  BobbinClock     *clock;
  BobbinAccount   *account;
  BobbinBackend   *backend;
  ChannelRecorder *channel;
  GString         *events;    /* "type" of all, for what the recorder does not write */
  char            *thread_id;
  char            *prompt_id;
  char            *question;  /* data of the last APPROVAL */
  char            *reason;    /* of the last TURN_STOPPED */
  guint            n_uploads; /* that are there */
  gboolean         progress;  /* of an upload under way was seen */
} Fixture;

static void
event_cb (BobbinChannel *channel,
          BobbinEvent   *event,
          Fixture       *f)
{
  if (event->type == BOBBIN_EVENT_THREAD_ID)
    {
      g_free (f->thread_id);
      f->thread_id = g_strdup (event->thread_id);
    }
  if (event->type == BOBBIN_EVENT_ACCEPTED)
    {
      g_free (f->prompt_id);
      f->prompt_id = g_strdup (event->message_id);
    }
  if (event->type == BOBBIN_EVENT_APPROVAL)
    {
      g_free (f->question);
      f->question = g_strdup (event->data);
    }
  if (event->type == BOBBIN_EVENT_TURN_STOPPED)
    {
      g_free (f->reason);
      f->reason = g_strdup (event->text);
    }
  if (event->type == BOBBIN_EVENT_UPLOAD)
    {
      f->n_uploads += event->done_bytes == event->total_bytes;
      f->progress |= event->done_bytes < event->total_bytes;
    }
}

static void
open_channel (Fixture *f)
{
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, f->thread_id));
  g_signal_connect (f->channel->channel, "event", G_CALLBACK (event_cb), f);
  channel_recorder_start (f->channel);
}

static void
close_channel (Fixture *f)
{
  if (f->channel == NULL)
    return;
  g_signal_handlers_disconnect_by_data (f->channel->channel, f);
  channel_recorder_free (f->channel);
  f->channel = NULL;
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  service_server_reset (server);
  f->clock = hurried_clock_new ();
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_ASSISTANTS, "Assistants", server->url);
  bobbin_account_set_agent_id (f->account, server->agent);
  f->backend = bobbin_registry_create (f->account, f->clock);
  bobbin_backend_set_credential (f->backend, server->key);
  open_channel (f);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  close_channel (f);
  test_settle ();
  g_assert_finalize_object (f->backend);
  g_assert_finalize_object (f->account);
  g_clear_object (&f->clock);
  g_free (f->thread_id);
  g_free (f->prompt_id);
  g_free (f->question);
  g_free (f->reason);
}

static void
wait_end (Fixture *f)
{
  test_wait_until (f->channel->stopped || f->channel->closed);
}

static void
turn (Fixture    *f,
      const char *text)
{
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, text);
  wait_end (f);
}

static guint
count_messages (Fixture *f)
{
  g_autofree char *path = g_strdup_printf ("/v1/threads/%s/messages?limit=100", f->thread_id);
  g_autoptr(JsonNode) answer = service_server_call (server, "GET", path, NULL);

  return json_array_get_length (bobbin_json_get_array (json_node_get_object (answer), "data"));
}

static char *
dup_last_status (Fixture *f)
{
  g_autofree char *path = g_strdup_printf ("/v1/threads/%s/runs?limit=1", f->thread_id);
  g_autoptr(JsonNode) answer = service_server_call (server, "GET", path, NULL);
  JsonArray *list = bobbin_json_get_array (json_node_get_object (answer), "data");

  return g_strdup (bobbin_json_get_string (json_array_get_object_element (list, 0), "status"));
}

/* Turns */

static void
test_plain (Fixture      *f,
            gconstpointer data)
{
  turn (f, "hello there");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello there");
  g_assert_cmpuint (f->channel->n_deltas, >, 2);
  g_assert_true (g_str_has_prefix (f->channel->log->str, "thread-id:thread_"));
  g_assert_nonnull (strstr (f->channel->log->str, " accepted turn-started turn-started "));
  g_assert_true (g_str_has_suffix (f->channel->log->str, "usage turn-stopped"));
  g_assert_null (f->reason);
  g_assert_true (g_str_has_prefix (f->prompt_id, "msg_"));
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "sse");

  turn (f, "and again");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: and again");
  g_assert_cmpuint (count_messages (f), ==, 4);
  g_assert_cmpuint (service_server_count (server, "POST /v1/threads"), ==, 1);
}

static void
test_headers (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", server->key, NULL);
  g_autofree char *authorization = NULL;
  g_autofree char *key = NULL;
  g_autofree char *beta = NULL;
  g_autofree char *project = NULL;

  bobbin_account_set_option (f->account, "auth", "both");
  bobbin_account_set_option (f->account, "headers", "OpenAI-Project: proj-2; Authorization: evil; bad name: x; X-A\t: y");
  bobbin_account_set_option (f->account, "query", "?api-version=v1");
  turn (f, "hello");
  authorization = service_server_dup_header (server, "POST *runs", "authorization");
  key = service_server_dup_header (server, "POST *runs", "api-key");
  beta = service_server_dup_header (server, "POST *runs", "openai-beta");
  project = service_server_dup_header (server, "POST *runs", "openai-project");
  g_assert_cmpstr (authorization, ==, bearer);
  g_assert_cmpstr (key, ==, server->key);
  g_assert_cmpstr (beta, ==, "assistants=v2");
  g_assert_cmpstr (project, ==, "proj-2");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
}

static void
test_options (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BobbinTurn) given = bobbin_turn_new ("hello", NULL);
  g_autofree char *body = NULL;

  given->options = g_strdup ("{\"model\":\"gpt-5\",\"additional_instructions\":\"Be brief\"}");
  channel_recorder_send_turn (f->channel, given);
  wait_end (f);
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello And I was told: Be brief");
  body = service_server_dup_body (server, "POST *runs");
  g_assert_nonnull (strstr (body, "\"model\":\"gpt-5\""));
}

static void
test_context (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BobbinTurn) given = bobbin_turn_new ("go on", NULL);
  g_autofree char *body = NULL;

  given->context = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < 3; i++)
    {
      static const BobbinRole roles[] = { BOBBIN_ROLE_USER, BOBBIN_ROLE_NOTICE, BOBBIN_ROLE_ASSISTANT };
      BobbinMessage *message = bobbin_message_new (0, roles[i], 1);
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

      bobbin_block_set_text (block, i == 0 ? "earlier question" : "earlier answer");
      bobbin_message_add_block (message, block);
      g_ptr_array_add (given->context, message);
    }
  channel_recorder_send_turn (f->channel, given);
  wait_end (f);
  body = service_server_dup_body (server, "POST /v1/threads");
  g_assert_cmpstr (body, ==,
                   "{\"messages\":[{\"role\":\"user\",\"content\":\"earlier question\"},{\"role\":\"assistant\",\"content\":\"earlier answer\"}],"
                   "\"metadata\":{\"title\":\"go on\"}}");
  g_assert_cmpuint (count_messages (f), ==, 4);
}

/* Files */

static BobbinAttachment *
make_file (const char *name,
           const char *type,
           const char *content)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));

  return bobbin_attachment_new (0, name, type, (gint64) strlen (content), sha256, path);
}

static void
send_files (Fixture    *f,
            const char *text,
            GPtrArray  *files)
{
  g_autoptr(BobbinTurn) given = bobbin_turn_new (text, files);

  channel_recorder_reset (f->channel);
  f->n_uploads = 0;
  channel_recorder_send_turn (f->channel, given);
  wait_end (f);
}

static void
test_files (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *body = NULL;

  g_ptr_array_add (files, make_file ("bobbin-a\"b.txt", "text/plain", "Start with 1000 grit."));
  g_ptr_array_add (files, make_file ("bobbin-data.csv", "text/csv", "a,b\n1,2\n"));
  g_ptr_array_add (files, make_file ("bobbin-p.png", "image/png", "\x89PNG\r\n\x1a\n"));
  send_files (f, "read these", files);
  g_assert_cmpstr (f->channel->text->str, ==,
                   "You said: read these I have read bobbin-p.png, bobbin-a%22b.txt, bobbin-data.csv (37 bytes).");
  g_assert_cmpuint (f->n_uploads, ==, 3);
  body = service_server_dup_body (server, "POST *messages");
  g_assert_nonnull (strstr (body, "\"type\":\"image_file\""));
  g_assert_nonnull (strstr (body, "{\"type\":\"file_search\"}"));
  g_assert_nonnull (strstr (body, "{\"type\":\"code_interpreter\"}"));

  /* Known files do not travel again. */
  send_files (f, "once more", files);
  g_assert_cmpuint (f->n_uploads, ==, 3);
  g_assert_cmpuint (service_server_count (server, "POST /v1/files"), ==, 3);
  for (guint i = 0; i < files->len; i++)
    g_remove (bobbin_attachment_get_path (files->pdata[i]));
}

/* What went ahead of a message that will not be sent is deleted there; what is in a message stays. */
static void
test_dropped_files (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (files, make_file ("bobbin-c.txt", "text/plain", "Never sent."));
  service_server_fault (server, "{\"match\":\"POST /v1/threads\",\"status\":422,\"body\":{\"error\":{\"message\":\"no\"}}}");
  send_files (f, "read this", files);
  g_assert_nonnull (f->channel->failure);
  g_assert_cmpuint (service_server_count (server, "POST /v1/files"), ==, 1);
  bobbin_backend_drop_uploads (f->backend, files);
  test_wait_until (service_server_count (server, "DELETE /v1/files/*") == 1);

  send_files (f, "read this", files);
  g_assert_cmpuint (service_server_count (server, "POST /v1/files"), ==, 2);
  bobbin_backend_drop_uploads (f->backend, files);
  send_files (f, "once more", files);
  g_assert_cmpuint (service_server_count (server, "POST /v1/files"), ==, 2);
  g_assert_cmpuint (service_server_count (server, "DELETE /v1/files/*"), ==, 1);
  g_remove (bobbin_attachment_get_path (files->pdata[0]));
}

static void
test_file_refused (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (files, make_file ("bobbin-virus.exe", "application/x-msdownload", "MZ"));
  send_files (f, "run this", files);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT);
  g_assert_nonnull (strstr (f->channel->failure->detail, "Invalid extension exe"));
  g_assert_cmpuint (service_server_count (server, "POST /v1/threads"), ==, 0);
  g_remove (bobbin_attachment_get_path (files->pdata[0]));

  /* A file that is gone from the disk. */
  send_files (f, "run this", files);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_FILE, BOBBIN_CERTAINTY_UNSENT);
}

static void
test_no_tools (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  close_channel (f);
  bobbin_account_set_agent_id (f->account, "asst_plain");
  open_channel (f);
  g_ptr_array_add (files, make_file ("bobbin-a.txt", "text/plain", "text"));
  send_files (f, "read", files);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT);
  g_remove (bobbin_attachment_get_path (files->pdata[0]));
}

/* Tools */

static void
test_output (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(JsonObject) question = NULL;
  JsonObject *tool;

  channel_recorder_send (f->channel, "use a tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  question = bobbin_json_parse_object (f->question, -1, NULL);
  tool = json_array_get_object_element (bobbin_json_get_array (question, "tools"), 0);
  g_assert_cmpstr (bobbin_json_get_string (question, "answer"), ==, "outputs");
  g_assert_cmpstr (bobbin_json_get_string (tool, "name"), ==, "shop_stock");
  g_assert_cmpint (bobbin_json_get_int (bobbin_json_get_object (tool, "args"), "grit", 0), ==, 1000);
  g_assert_false (f->channel->stopped);

  channel_recorder_reset (f->channel);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "{\"in_stock\":3}", f->question, NULL);
  wait_end (f);
  g_assert_cmpstr (f->channel->text->str, ==, "The shop says {\"in_stock\":3}.");
  g_assert_nonnull (strstr (f->channel->log->str, "={\"in_stock\":3}"));
}

static void
test_reject (Fixture      *f,
             gconstpointer data)
{
  channel_recorder_send (f->channel, "two tools");
  test_wait_until (f->question != NULL || f->channel->closed);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_REJECT, NULL, f->question, NULL);
  wait_end (f);
  g_assert_nonnull (strstr (f->channel->text->str, "The shop says {\"error\":\"refused by the user\"} and {\"error\""));
}

static void
test_broken_arguments (Fixture      *f,
                       gconstpointer data)
{
  channel_recorder_send (f->channel, "odd tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  g_assert_nonnull (strstr (f->question, "\"args\":\"{\\\"grit\\\": 1000\""));
}

/* The program ended between the question and the answer. */
static void
test_output_after_restart (Fixture      *f,
                           gconstpointer data)
{
  channel_recorder_send (f->channel, "use a tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  close_channel (f);
  open_channel (f);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "none left", f->question, NULL);
  wait_end (f);
  g_assert_cmpstr (f->channel->text->str, ==, "The shop says none left.");

  /* Once more is too late; the run itself says how it ended. */
  channel_recorder_reset (f->channel);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "none left", f->question, NULL);
  wait_end (f);
  g_assert_true (f->channel->stopped);
  g_assert_null (f->reason);
}

static void
test_bad_question (Fixture      *f,
                   gconstpointer data)
{
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "x", "{\"tools\":[]}", NULL);
  wait_end (f);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED);
}

static void
test_server_tools (Fixture      *f,
                   gconstpointer data)
{
  turn (f, "run code");
  g_assert_nonnull (strstr (f->channel->log->str, "=3.141592653589793\n"));
  g_assert_nonnull (strstr (f->channel->log->str, "/image/file-"));
  turn (f, "search the files");
  g_assert_nonnull (strstr (f->channel->log->str, ">Start with 1000 grit [1]. "));
  g_assert_nonnull (strstr (f->channel->log->str, "/sources>"));
  turn (f, "make a file");
  g_assert_nonnull (strstr (f->channel->log->str, ">The totals are in totals.csv. "));
  turn (f, "two messages");
  g_assert_cmpstr (f->channel->text->str, ==, "First, sharpen.Second, polish.");
}

/* Ends */

static void
test_ends (Fixture      *f,
           gconstpointer data)
{
  static const struct { const char *text; BobbinErrorCode code; } bad[] = {
    { "fail", BOBBIN_ERROR_SERVER }, { "rate limit", BOBBIN_ERROR_RATE_LIMITED }, { "expire", BOBBIN_ERROR_TIMED_OUT },
    { "error", BOBBIN_ERROR_SERVER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      turn (f, bad[i].text);
      channel_recorder_assert_failure (f->channel, bad[i].code, BOBBIN_CERTAINTY_ACCEPTED);
      g_assert_false (f->channel->closed);
    }
  turn (f, "cut off");
  g_assert_cmpstr (f->reason, ==, "max_completion_tokens");
  g_assert_nonnull (strstr (f->channel->log->str, "notice:cut-off>"));
  turn (f, "refuse");
  g_assert_cmpstr (f->channel->text->str, ==, "I will not do that.");
}

/* Stopping */

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  g_autofree char *status = NULL;

  channel_recorder_send (f->channel, "be slow");
  test_wait_until (f->channel->n_deltas > 2 || f->channel->closed);
  channel_recorder_cancel (f->channel);
  wait_end (f);
  g_assert_cmpstr (f->reason, ==, "cancelled");
  status = dup_last_status (f);
  g_assert_cmpstr (status, ==, "cancelled");

  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
}

static void
test_cancel_at_once (Fixture      *f,
                     gconstpointer data)
{
  channel_recorder_send (f->channel, "hello");
  channel_recorder_cancel (f->channel);
  wait_end (f);
  g_assert_cmpstr (f->reason, ==, "cancelled");
  g_assert_cmpuint (service_server_count (server, "POST *runs"), ==, 0);
  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
}

static void
test_cancel_question (Fixture      *f,
                      gconstpointer data)
{
  g_autofree char *status = NULL;

  channel_recorder_send (f->channel, "use a tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  channel_recorder_cancel (f->channel);
  wait_end (f);
  g_assert_cmpstr (f->reason, ==, "cancelled");
  status = dup_last_status (f);
  g_assert_cmpstr (status, ==, "cancelled");
}

/* Streams that are not what they should be */

typedef struct
{
  BobbinHistoryPage *page;
  GError            *error;
  gboolean           done;
} Listed;

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Listed *listed = user_data;

  listed->page = bobbin_history_list_finish (BOBBIN_HISTORY (source), result, &listed->error);
  listed->done = TRUE;
}

/* What the session does with an answer that was cut: (transfer full) the text of the last message, once it is settled. */
static char *
reconcile (Fixture *f)
{
  BobbinHistoryQuery query = { f->thread_id, NULL, f->prompt_id, 0 };

  for (;; query.attempt++)
    {
      Listed listed = { NULL, NULL, FALSE };
      char *text = NULL;
      gboolean again;

      bobbin_history_list_async (BOBBIN_HISTORY (f->backend), &query, NULL, listed_cb, &listed);
      test_wait_until (listed.done);
      g_assert_no_error (listed.error);
      again = listed.page->poll_ms > 0;
      if (listed.page->messages->len > 0)
        text = bobbin_message_dup_text (listed.page->messages->pdata[listed.page->messages->len - 1]);
      bobbin_history_page_free (listed.page);
      if (!again)
        return text;
      g_free (text);
    }
}

static void
test_dropped (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *text = NULL;

  turn (f, "reset the connection");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  g_assert_true (f->channel->closed);
  g_assert_cmpstr (f->channel->text->str, ==, "The line was lost");
  text = reconcile (f);
  g_assert_cmpstr (text, ==, "The line was lost but the answer is here.");
}

/* A connection that is closed in good order, but without the last chunk of the body. libsoup 3.6 tells of it, which is a lost
 * line; to 3.2 it is the end of the stream. */
static gboolean
is_told_as_lost (Fixture *f)
{
  if (!f->channel->closed || f->channel->failure->code != BOBBIN_ERROR_NETWORK)
    return FALSE;

  g_assert_cmpint (f->channel->failure->certainty, ==, BOBBIN_CERTAINTY_ACCEPTED);
  return TRUE;
}

/* The end of the stream does not say how the run ended: polling does. */
static void
test_closed (Fixture      *f,
             gconstpointer data)
{
  turn (f, "drop the connection");
  if (is_told_as_lost (f))
    {
      g_autofree char *text = reconcile (f);

      g_assert_cmpstr (text, ==, "The line was lost but the answer is here.");
      return;
    }
  g_assert_true (f->channel->stopped);
  g_assert_true (g_str_has_suffix (f->channel->log->str, ">The line was lost but the answer is here. turn-stopped"));
}

/* Cut behind each event: what came is kept, the rest is found by the reconcile path, and nothing is sent twice. */
static void
test_cut_everywhere (Fixture      *f,
                     gconstpointer data)
{
  for (guint n = 0; n < 17; n++)
    {
      g_autofree char *fault = g_strdup_printf ("{\"match\":\"POST *runs\",\"after_events\":%u,\"reset\":true}", n);
      g_autofree char *text = NULL;

      service_server_fault (server, fault);
      turn (f, "hello there");
      if (f->channel->closed)
        channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
      g_assert_cmpint (f->channel->closed, ==, n < 14);
      g_assert_true (g_str_has_prefix ("You said: hello there", f->channel->text->str));
      text = reconcile (f);
      g_assert_cmpstr (text, ==, "You said: hello there");
      g_assert_cmpuint (count_messages (f), ==, 2 * (n + 1));
      if (f->channel->closed)
        {
          close_channel (f);
          open_channel (f);
        }
    }
}

/* Nothing at all came, and no error: whether the run began is not known, but where the message is. */
static void
test_empty_stream (Fixture      *f,
                   gconstpointer data)
{
  g_autofree char *text = NULL;

  service_server_fault (server, "{\"match\":\"POST *runs\",\"after_events\":0}");
  turn (f, "hello there");
  if (!is_told_as_lost (f))
    channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_ACCEPTED);
  text = reconcile (f);
  g_assert_cmpstr (text, ==, "You said: hello there");
}

static void
test_silent_end (Fixture      *f,
                 gconstpointer data)
{
  turn (f, "stop telling");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: stop telling");
  g_assert_true (f->channel->stopped);
}

static void
test_garbage (Fixture      *f,
              gconstpointer data)
{
  service_server_fault (server, "{\"match\":\"POST *runs\",\"after_events\":6,\"garbage\":\"event: thread.message.delta\\ndata: {\\\"id\\n\\ndata: 7\\n\\n\"}");
  turn (f, "hello there");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello there");
  g_assert_nonnull (strstr (f->channel->log->str, "notice:unreadable>"));
}

static void
test_polled (Fixture      *f,
             gconstpointer data)
{
  bobbin_account_set_option (f->account, "poll", "yes");
  turn (f, "run code");
  g_assert_cmpstr (f->channel->text->str, ==, "Pi is about 3.14159.");
  g_assert_nonnull (strstr (f->channel->log->str, "=3.141592653589793\n"));
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "http");
  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
  turn (f, "fail");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED);

  channel_recorder_send (f->channel, "use a tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  channel_recorder_reset (f->channel);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "three", f->question, NULL);
  wait_end (f);
  g_assert_cmpstr (f->channel->text->str, ==, "The shop says three.");
}

static void
test_stream_refused (Fixture      *f,
                     gconstpointer data)
{
  service_server_fault (server, "{\"match\":\"POST *runs\",\"status\":400,\"body\":{\"error\":{\"message\":\"Unknown parameter: 'stream'.\"}}}");
  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
  g_assert_cmpuint (service_server_count (server, "POST *runs"), ==, 2);
  g_assert_cmpuint (count_messages (f), ==, 2);
}

/* Polling outlives faults of the server, up to a point. */
static void
test_poll_faults (Fixture      *f,
                  gconstpointer data)
{
  bobbin_account_set_option (f->account, "poll", "yes");
  service_server_fault (server, "{\"match\":\"GET *runs/*\",\"status\":502,\"body\":\"<html>\",\"times\":2,\"headers\":{\"Retry-After\":\"0\"}}");
  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
}

/* Busy threads */

static void
test_busy (Fixture      *f,
           gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonNode) made = NULL;

  turn (f, "hello");
  path = g_strdup_printf ("/v1/threads/%s/runs", f->thread_id);
  made = service_server_call (server, "POST", path, "{\"assistant_id\":\"asst_kitchen\",\"additional_messages\":[{\"role\":\"user\",\"content\":\"use a tool\"}]}");
  turn (f, "me too");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED);

  /* The other run is shown, and can be answered; a message meanwhile is refused. */
  test_wait_until (f->question != NULL || f->channel->closed);
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, "me too");
  wait_end (f);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED);
  channel_recorder_reset (f->channel);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "four", f->question, NULL);
  wait_end (f);
  g_assert_cmpstr (f->channel->text->str, ==, "The shop says four.");
  turn (f, "me too");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: me too");
}

int
main (int   argc,
      char *argv[])
{
  static const struct { const char *name; void (*func) (Fixture *, gconstpointer); } tests[] = {
    { "plain", test_plain }, { "headers", test_headers }, { "options", test_options }, { "context", test_context },
    { "files", test_files }, { "dropped-files", test_dropped_files }, { "file-refused", test_file_refused }, { "no-tools", test_no_tools }, { "output", test_output },
    { "reject", test_reject }, { "broken-arguments", test_broken_arguments }, { "output-after-restart", test_output_after_restart },
    { "bad-question", test_bad_question }, { "server-tools", test_server_tools }, { "ends", test_ends }, { "cancel", test_cancel },
    { "cancel-at-once", test_cancel_at_once }, { "cancel-question", test_cancel_question }, { "dropped", test_dropped }, { "closed", test_closed },
    { "cut-everywhere", test_cut_everywhere }, { "silent-end", test_silent_end }, { "empty-stream", test_empty_stream }, { "garbage", test_garbage },
    { "polled", test_polled }, { "stream-refused", test_stream_refused }, { "poll-faults", test_poll_faults }, { "busy", test_busy },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  server = service_server_new ("assistants", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/backend/assistants-channel/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  status = g_test_run ();
  service_server_free (server);

  return status;
}
