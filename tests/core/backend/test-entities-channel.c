/* The Entities backend against its test server: turns, refusals, lists, histories. */
#include "config.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
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

enum { GENERATION_D, GENERATION_B, N_GENERATIONS };

static ServiceServer *servers[N_GENERATIONS];

typedef struct
{
  ServiceServer   *server;
  BobbinClock     *clock;
  BobbinAccount   *account;
  BobbinBackend   *backend;
  ChannelRecorder *channel;
  char            *thread_id;
  char            *prompt_id;
  char            *question;
  char            *reason;
  guint            n_uploads;
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
    f->n_uploads += event->done_bytes == event->total_bytes;
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
  g_signal_handlers_disconnect_by_data (f->channel->channel, f);
  channel_recorder_free (f->channel);
  f->channel = NULL;
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = servers[GPOINTER_TO_INT (data)];
  service_server_reset (f->server);
  f->clock = hurried_clock_new ();
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_ENTITIES, "Entities", f->server->url);
  bobbin_account_set_agent_id (f->account, f->server->agent);
  f->backend = bobbin_registry_create (f->account, f->clock);
  bobbin_backend_set_credential (f->backend, f->server->key);
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

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static BobbinHistoryPage *
list_history (Fixture    *f,
              const char *cursor,
              const char *pending_id,
              guint       attempt)
{
  const BobbinHistoryQuery query = { f->thread_id, cursor, pending_id, attempt };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinHistoryPage *page;

  bobbin_history_list_async (BOBBIN_HISTORY (f->backend), &query, NULL, result_cb, &result);
  test_wait_until (result != NULL);
  page = bobbin_history_list_finish (BOBBIN_HISTORY (f->backend), result, &error);
  g_assert_no_error (error);

  return page;
}

static char *
describe_page (BobbinHistoryPage *page)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < page->messages->len; i++)
    {
      BobbinMessage *message = page->messages->pdata[i];

      g_string_append_printf (out, "%s", bobbin_role_get_nick (bobbin_message_get_role (message)));
      for (guint b = 0; b < bobbin_message_get_n_blocks (message); b++)
        {
          BobbinBlock *block = bobbin_message_get_block (message, b);

          g_string_append_printf (out, " %s:%s%s", bobbin_block_kind_get_nick (bobbin_block_get_kind (block)), bobbin_block_get_text (block),
                                  bobbin_block_get_result (block) != NULL ? bobbin_block_get_result (block) : "");
        }
      g_string_append_c (out, '\n');
    }

  return g_string_free (out, FALSE);
}

static void
assert_history (Fixture    *f,
                const char *expected)
{
  BobbinHistoryPage *page = list_history (f, NULL, NULL, 0);
  g_autofree char *text = describe_page (page);

  g_assert_cmpstr (text, ==, expected);
  bobbin_history_page_free (page);
}

/* Turns */

static void
test_plain (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *key = NULL;
  g_autofree char *body = NULL;

  turn (f, "hello there");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello there");
  g_assert_true (g_str_has_prefix (f->channel->log->str, "thread-id:thread_"));
  g_assert_true (g_str_has_suffix (f->channel->log->str, "turn-stopped"));
  g_assert_true (g_str_has_prefix (f->prompt_id, "message_"));
  turn (f, "and again");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: and again");
  assert_history (f, "user text:hello there\nassistant text:You said: hello there\nuser text:and again\nassistant text:You said: and again\n");
  key = service_server_dup_header (f->server, "POST /v1/completions", "x-api-key");
  body = service_server_dup_body (f->server, "POST /v1/completions");
  g_assert_cmpstr (key, ==, f->server->key);
  g_assert_nonnull (strstr (body, "\"api_key\":null"));
  g_assert_cmpuint (service_server_count (f->server, "GET /v1/assistants/*"), ==, 1);
}

static void
test_provider_key (Fixture      *f,
                   gconstpointer data)
{
  close_channel (f);
  bobbin_account_set_agent_id (f->account, "asst_hosted");
  open_channel (f);
  turn (f, "hello");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED);
  g_assert_cmpstr (f->channel->failure->detail, ==, "Missing API key.");
  bobbin_backend_set_provider_key (f->backend, " pk-provider-0123456789\n");
  turn (f, "hello again");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello again");
}

static void
test_blocks (Fixture      *f,
             gconstpointer data)
{
  turn (f, "plan and run code");
  g_assert_nonnull (strstr (f->channel->log->str, "plan/"));
  g_assert_nonnull (strstr (f->channel->log->str, "+```python\n"));
  g_assert_nonnull (strstr (f->channel->log->str, "file/file_"));
  g_assert_null (strstr (f->channel->log->str, "scratchpad"));
  turn (f, "error please");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED);
  g_assert_cmpstr (f->channel->text->str, ==, "Partly ");
}

static void
test_outputs (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *tool = NULL;

  channel_recorder_send (f->channel, "two tools");
  test_wait_until (f->question != NULL || f->channel->closed);
  g_assert_nonnull (strstr (f->question, "\"answer\":\"outputs\""));
  channel_recorder_reset (f->channel);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "12 April", f->question, NULL);
  wait_end (f);
  g_assert_true (g_str_has_suffix (f->channel->text->str, "The office says 12 April and 12 April."));
  tool = service_server_dup_body (f->server, "POST /v1/messages/tools");
  g_assert_nonnull (strstr (tool, "\"content\":\"12 April\""));
  g_assert_cmpuint (service_server_count (f->server, "PUT /v1/actions/*"), ==, 4);
  assert_history (f, "user text:two tools\nassistant tool-call:12 April tool-call:12 April text:The office says 12 April and 12 April.\n");
}

/* The program ended between the question and the answer; the person refuses. */
static void
test_reject_after_restart (Fixture      *f,
                           gconstpointer data)
{
  BobbinHistoryPage *page;
  BobbinMessage *last;
  BobbinBlock *asked;

  channel_recorder_send (f->channel, "use a tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  close_channel (f);
  open_channel (f);
  page = list_history (f, NULL, NULL, 0);
  last = page->messages->pdata[page->messages->len - 1];
  asked = bobbin_message_get_block (last, bobbin_message_get_n_blocks (last) - 1);
  g_assert_cmpint (bobbin_block_get_kind (asked), ==, BOBBIN_BLOCK_APPROVAL);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_REJECT, NULL, bobbin_block_get_data (asked), NULL);
  wait_end (f);
  g_assert_nonnull (strstr (f->channel->text->str, "refused by the user"));
  bobbin_history_page_free (page);
}

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  channel_recorder_send (f->channel, "be slow");
  test_wait_until (f->channel->n_deltas > 2 || f->channel->closed);
  channel_recorder_cancel (f->channel);
  wait_end (f);
  g_assert_cmpstr (f->reason, ==, "cancelled");
  g_assert_cmpuint (service_server_count (f->server, "POST /v1/runs/*/cancel"), ==, 1);
  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
  channel_recorder_send (f->channel, "hello");
  channel_recorder_cancel (f->channel);
  wait_end (f);
  g_assert_cmpstr (f->reason, ==, "cancelled");
}

/* Files */

static void
test_files (Fixture      *f,
            gconstpointer data)
{
  static const struct { const char *name; const char *type; const char *content; } rows[] = {
    { "bobbin-fig.png", "image/png", "\x89PNG" }, { "bobbin-note.txt", "text/plain", "prune\nlate" },
  };
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(BobbinTurn) given = NULL;
  g_autoptr(BobbinTurn) again = NULL;
  g_autofree char *body = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_build_filename (g_get_tmp_dir (), rows[i].name, NULL);
      g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, rows[i].content, -1);

      g_assert_true (g_file_set_contents (path, rows[i].content, -1, NULL));
      g_ptr_array_add (files, bobbin_attachment_new (0, rows[i].name, rows[i].type, (gint64) strlen (rows[i].content), sha256, path));
    }
  given = bobbin_turn_new ("look", files);
  channel_recorder_send_turn (f->channel, given);
  wait_end (f);
  g_assert_nonnull (strstr (f->channel->text->str, "I see 1 pictures."));
  g_assert_cmpuint (f->n_uploads, ==, 2);
  body = service_server_dup_body (f->server, "POST /v1/messages");
  g_assert_nonnull (strstr (body, "look\\n\\nbobbin-note.txt:\\n```\\nprune\\nlate\\n```"));

  again = bobbin_turn_new ("once more", files);
  channel_recorder_reset (f->channel);
  channel_recorder_send_turn (f->channel, again);
  wait_end (f);
  g_assert_cmpuint (service_server_count (f->server, "POST /v1/uploads"), ==, 1);
  /* in a message it stays */
  bobbin_backend_drop_uploads (f->backend, files);
  channel_recorder_reset (f->channel);
  channel_recorder_send_turn (f->channel, again);
  wait_end (f);
  g_assert_cmpuint (service_server_count (f->server, "DELETE /v1/files/*"), ==, 0);
  for (guint i = 0; i < files->len; i++)
    g_remove (bobbin_attachment_get_path (files->pdata[i]));
}

/* What went ahead of a message that will not be sent is deleted there. */
static void
test_dropped_files (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bobbin-dropped.png", NULL);
  g_autoptr(BobbinTurn) given = NULL;

  g_assert_true (g_file_set_contents (path, "\x89PNG!", -1, NULL));
  g_ptr_array_add (files, bobbin_attachment_new (0, "bobbin-dropped.png", "image/png", 5, "d0", path));
  given = bobbin_turn_new ("look", files);
  service_server_fault (f->server, "{\"match\":\"POST /v1/threads\",\"status\":422,\"body\":{\"detail\":\"no\"}}");
  channel_recorder_send_turn (f->channel, given);
  wait_end (f);
  g_assert_nonnull (f->channel->failure);
  g_assert_cmpuint (service_server_count (f->server, "POST /v1/uploads"), ==, 1);
  bobbin_backend_drop_uploads (f->backend, files);
  test_wait_until (service_server_count (f->server, "DELETE /v1/files/*") == 1);
  g_remove (path);
}

static void
test_file_refused (Fixture      *f,
                   gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bobbin-b.bin", NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(BobbinTurn) given = NULL;

  g_assert_true (g_file_set_contents (path, "\xff\xfe", 2, NULL));
  g_ptr_array_add (files, bobbin_attachment_new (0, "bobbin-b.bin", "application/octet-stream", 2, "00", path));
  given = bobbin_turn_new ("look", files);
  channel_recorder_send_turn (f->channel, given);
  wait_end (f);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT);
  g_assert_cmpuint (service_server_count (f->server, "POST /v1/threads"), ==, 0);
  g_remove (path);
}

/* Streams that break */

static char *
reconcile (Fixture *f)
{
  for (guint attempt = 0;; attempt++)
    {
      BobbinHistoryPage *page = list_history (f, NULL, f->prompt_id, attempt);
      char *text = describe_page (page);
      gboolean again = page->poll_ms > 0;

      bobbin_history_page_free (page);
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
  text = reconcile (f);
  g_assert_cmpstr (text, ==, "user text:reset the connection\nassistant text:You said: reset the connection\n");
}

static void
test_silent_end (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *text = NULL;

  turn (f, "stop telling");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_ACCEPTED);
  text = reconcile (f);
  g_assert_cmpstr (text, ==, "user text:stop telling\nassistant text:You said: stop telling\n");
}

static void
test_cut_everywhere (Fixture      *f,
                     gconstpointer data)
{
  for (guint n = 0; n < 10; n++)
    {
      g_autofree char *fault = g_strdup_printf ("{\"match\":\"POST /v1/completions\",\"after_events\":%u,\"reset\":true}", n);

      service_server_fault (f->server, fault);
      turn (f, "hello there");
      g_assert_true (g_str_has_prefix ("You said: hello there", f->channel->text->str));
      if (!f->channel->closed)
        continue;
      channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
      close_channel (f);
      open_channel (f);
    }
}

/* Refusals, call by call */

typedef struct
{
  const char     *match;
  const char     *fault;
  BobbinErrorCode code;
  gboolean        closed;
  BobbinCertainty certainty;
} Row;

#define U BOBBIN_CERTAINTY_UNKNOWN
#define R BOBBIN_CERTAINTY_REFUSED
#define N BOBBIN_CERTAINTY_UNSENT
#define A BOBBIN_CERTAINTY_ACCEPTED

static const Row rows[] = {
  { "POST /v1/messages", "\"status\":401,\"body\":{\"detail\":\"Invalid or inactive API Key.\"}", BOBBIN_ERROR_AUTH, TRUE, R },
  { "POST /v1/messages", "\"status\":403,\"body\":{\"detail\":\"not yours\"}", BOBBIN_ERROR_FORBIDDEN, TRUE, R },
  { "POST /v1/messages", "\"status\":404,\"body\":{\"detail\":\"Thread not found\"}", BOBBIN_ERROR_NOT_FOUND, TRUE, R },
  { "POST /v1/messages", "\"status\":422,\"body\":{\"detail\":[{\"loc\":[\"body\",\"x\"],\"msg\":\"no\"}]}", BOBBIN_ERROR_INVALID, FALSE, R },
  { "POST /v1/messages", "\"status\":429,\"headers\":{\"Retry-After\":\"3\"},\"body\":{}", BOBBIN_ERROR_RATE_LIMITED, FALSE, R },
  { "POST /v1/messages", "\"status\":500,\"body\":{\"detail\":\"boom\"}", BOBBIN_ERROR_SERVER, FALSE, U },
  { "POST /v1/messages", "\"status\":502,\"body\":\"<html>\"", BOBBIN_ERROR_SERVER, FALSE, U },
  { "POST /v1/messages", "\"close\":true", BOBBIN_ERROR_NETWORK, TRUE, U },
  { "POST /v1/messages", "\"lose\":true", BOBBIN_ERROR_NETWORK, TRUE, U },
  { "POST /v1/messages", "\"status\":200,\"body\":\"<html>\"", BOBBIN_ERROR_PROTOCOL, FALSE, U },
  { "POST /v1/messages", "\"status\":200,\"body\":[7]", BOBBIN_ERROR_PROTOCOL, FALSE, U },
  { "POST /v1/runs", "\"status\":500,\"body\":{\"detail\":\"boom\"}", BOBBIN_ERROR_SERVER, FALSE, N },
  { "POST /v1/runs", "\"status\":404,\"body\":{}", BOBBIN_ERROR_INVALID, FALSE, R },
  { "POST /v1/runs", "\"close\":true", BOBBIN_ERROR_NETWORK, TRUE, N },
  { "POST /v1/completions", "\"status\":403,\"body\":{\"detail\":\"ids\"}", BOBBIN_ERROR_INVALID, FALSE, R },
  { "POST /v1/completions", "\"status\":404,\"body\":{\"detail\":\"Run not found\"}", BOBBIN_ERROR_INVALID, FALSE, R },
  { "POST /v1/completions", "\"status\":422,\"body\":{\"detail\":[{\"loc\":[\"body\",\"provider\"],\"msg\":\"Field required\"}]}", BOBBIN_ERROR_INVALID, FALSE, R },
  { "POST /v1/completions", "\"status\":503,\"body\":\"<html>\"", BOBBIN_ERROR_RATE_LIMITED, FALSE, R },
  { "POST /v1/completions", "\"status\":500,\"body\":{\"detail\":\"prefix\"}", BOBBIN_ERROR_SERVER, FALSE, U },
  { "POST /v1/completions", "\"close\":true", BOBBIN_ERROR_NETWORK, TRUE, A },
};

static void
test_refusals (Fixture      *f,
               gconstpointer data)
{
  turn (f, "first");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *fault = g_strdup_printf ("{\"match\":\"%s\",%s}", rows[i].match, rows[i].fault);
      g_autofree char *text = g_strdup_printf ("question-%02u", (guint) i);
      g_autofree char *answer = g_strdup_printf ("You said: %s", text);
      g_autofree char *history = NULL;
      BobbinHistoryPage *page;

      g_test_message ("%s", fault);
      service_server_fault (f->server, fault);
      turn (f, text);
      channel_recorder_assert_failure (f->channel, rows[i].code, rows[i].certainty);
      g_assert_cmpint (f->channel->closed, ==, rows[i].closed);

      /* Sent again: there once, answered. */
      if (f->channel->closed)
        {
          close_channel (f);
          open_channel (f);
        }
      turn (f, text);
      g_assert_cmpstr (f->channel->text->str, ==, answer);
      page = list_history (f, NULL, NULL, 0);
      history = describe_page (page);
      g_assert_nonnull (strstr (history, text));
      g_assert_null (strstr (strstr (history, text) + 1, "user text:question-") != NULL
                     ? strstr (strstr (strstr (history, text) + 1, "user text:question-"), text) : NULL);
      bobbin_history_page_free (page);
    }
}

static void
test_account (Fixture      *f,
              gconstpointer data)
{
  close_channel (f);
  bobbin_backend_set_credential (f->backend, NULL);
  open_channel (f);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_AUTH, N);
  close_channel (f);
  bobbin_backend_set_credential (f->backend, "ea_wrong");
  open_channel (f);
  turn (f, "hello");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_AUTH, R);
}

/* Lists */

static void
test_lists (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(GAsyncResult) agents_result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) agents = NULL;
  g_autofree char *cursor = NULL;
  guint n_threads = 0;

  bobbin_agent_lister_list_async (BOBBIN_AGENT_LISTER (f->backend), NULL, result_cb, &agents_result);
  test_wait_until (agents_result != NULL);
  agents = bobbin_agent_lister_list_finish (BOBBIN_AGENT_LISTER (f->backend), agents_result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (agents), ==, 2);

  turn (f, "a title\nand more");
  for (guint i = 0; i < 60; i++)
    json_node_unref (service_server_call (f->server, "POST", "/v1/threads", "{}"));
  do
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GPtrArray) threads = NULL;
      char *next = NULL;

      bobbin_thread_lister_list_async (BOBBIN_THREAD_LISTER (f->backend), NULL, cursor, NULL, result_cb, &result);
      test_wait_until (result != NULL);
      threads = bobbin_thread_lister_list_finish (BOBBIN_THREAD_LISTER (f->backend), result, &next, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < threads->len; i++)
        {
          BobbinRemoteThread *thread = threads->pdata[i];

          g_assert_cmpint (thread->created_us, >, 0);
          if (g_strcmp0 (thread->thread_id, f->thread_id) == 0)
            g_assert_cmpstr (thread->title, ==, "a title and more");
        }
      n_threads += threads->len;
      g_free (cursor);
      cursor = next;
    }
  while (cursor != NULL);
  g_assert_cmpuint (n_threads, >=, 61);
}

static void
test_edits (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(GAsyncResult) renamed = NULL;
  g_autoptr(GAsyncResult) got = NULL;
  g_autoptr(GAsyncResult) set = NULL;
  g_autoptr(GAsyncResult) deleted = NULL;
  g_autoptr(GAsyncResult) gone = NULL;
  g_autoptr(GAsyncResult) dropped = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *metadata = NULL;
  g_autofree char *changed = NULL;

  turn (f, "hello");
  bobbin_thread_lister_rename_async (BOBBIN_THREAD_LISTER (f->backend), f->thread_id, "Figs", NULL, result_cb, &renamed);
  test_wait_until (renamed != NULL);
  g_assert_true (bobbin_thread_lister_rename_finish (BOBBIN_THREAD_LISTER (f->backend), renamed, &error));
  bobbin_thread_state_get_async (BOBBIN_THREAD_STATE (f->backend), f->thread_id, BOBBIN_THREAD_STATE_METADATA, NULL, result_cb, &got);
  test_wait_until (got != NULL);
  metadata = bobbin_thread_state_get_finish (BOBBIN_THREAD_STATE (f->backend), got, &error);
  g_assert_cmpstr (metadata, ==, "{\"title\":\"Figs\"}");
  bobbin_thread_state_set_async (BOBBIN_THREAD_STATE (f->backend), f->thread_id, BOBBIN_THREAD_STATE_METADATA, "{\"a\":[1]}", NULL, result_cb, &set);
  test_wait_until (set != NULL);
  changed = bobbin_thread_state_set_finish (BOBBIN_THREAD_STATE (f->backend), set, &error);
  g_assert_cmpstr (changed, ==, "{\"a\":[1]}");
  bobbin_history_delete_async (BOBBIN_HISTORY (f->backend), f->thread_id, f->prompt_id, NULL, result_cb, &dropped);
  test_wait_until (dropped != NULL);
  g_assert_true (bobbin_history_delete_finish (BOBBIN_HISTORY (f->backend), dropped, &error));
  assert_history (f, "assistant text:You said: hello\n");
  bobbin_thread_lister_delete_async (BOBBIN_THREAD_LISTER (f->backend), f->thread_id, NULL, result_cb, &deleted);
  test_wait_until (deleted != NULL);
  g_assert_true (bobbin_thread_lister_delete_finish (BOBBIN_THREAD_LISTER (f->backend), deleted, &error));
  bobbin_thread_lister_delete_async (BOBBIN_THREAD_LISTER (f->backend), f->thread_id, NULL, result_cb, &gone);
  test_wait_until (gone != NULL);
  g_assert_true (bobbin_thread_lister_delete_finish (BOBBIN_THREAD_LISTER (f->backend), gone, &error));
  turn (f, "still there?");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NOT_FOUND, R);
}

static void
test_pages (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *cursor = NULL;
  guint n_messages = 0;

  turn (f, "hello");
  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"thread_id\":\"%s\",\"assistant_id\":\"a\",\"role\":\"user\",\"content\":\"message %u\"}", f->thread_id, i);

      json_node_unref (service_server_call (f->server, "POST", "/v1/messages", body));
    }
  do
    {
      BobbinHistoryPage *page = list_history (f, cursor, NULL, 0);

      n_messages += page->messages->len;
      g_free (cursor);
      cursor = g_steal_pointer (&page->cursor);
      bobbin_history_page_free (page);
    }
  while (cursor != NULL);
  g_assert_cmpuint (n_messages, ==, 122);
}

static void
test_check (Fixture      *f,
            gconstpointer data)
{
  static const struct { BobbinCheck step; const char *agent; const char *key; gboolean passes; } checks[] = {
    { BOBBIN_CHECK_AUTH, NULL, NULL, TRUE }, { BOBBIN_CHECK_STREAM, NULL, NULL, TRUE }, { BOBBIN_CHECK_STREAM, "asst_nobody", NULL, FALSE },
    { BOBBIN_CHECK_AUTH, NULL, "ea_wrong", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;

      bobbin_backend_set_credential (f->backend, checks[i].key != NULL ? checks[i].key : f->server->key);
      bobbin_backend_check_async (f->backend, checks[i].step, checks[i].agent, NULL, result_cb, &result);
      test_wait_until (result != NULL);
      g_assert_cmpint (bobbin_backend_check_finish (f->backend, result, NULL), ==, checks[i].passes);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const names[] = { "D", "B" };
  static const struct { const char *name; void (*func) (Fixture *, gconstpointer); guint generations; } tests[] = {
    { "plain", test_plain, 3 }, { "provider-key", test_provider_key, 1 }, { "blocks", test_blocks, 1 }, { "outputs", test_outputs, 3 },
    { "reject-after-restart", test_reject_after_restart, 3 }, { "cancel", test_cancel, 1 }, { "files", test_files, 1 }, { "dropped-files", test_dropped_files, 1 },
    { "file-refused", test_file_refused, 1 }, { "dropped", test_dropped, 1 }, { "silent-end", test_silent_end, 1 },
    { "cut-everywhere", test_cut_everywhere, 1 }, { "refusals", test_refusals, 1 }, { "account", test_account, 1 },
    { "lists", test_lists, 3 }, { "edits", test_edits, 3 }, { "pages", test_pages, 1 }, { "check", test_check, 3 },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  for (int generation = 0; generation < N_GENERATIONS; generation++)
    {
      servers[generation] = service_server_new ("entities", "--generation", names[generation], NULL);
      for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        {
          g_autofree char *path = g_strdup_printf ("/backend/entities-channel/%s/%s", names[generation], tests[i].name);

          if (tests[i].generations & 1 << generation)
            g_test_add (path, Fixture, GINT_TO_POINTER (generation), set_up, tests[i].func, tear_down);
        }
    }
  status = g_test_run ();
  for (int generation = 0; generation < N_GENERATIONS; generation++)
    service_server_free (servers[generation]);

  return status;
}
