/* What the Assistants backend can do beside turns: lists, histories, titles, metadata, files, the doctor's steps; by dialect. */
#include "config.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include "channel-recorder.h"
#include "hurried-clock.h"
#include "server-fixture.h"
#include "service-server.h"

#include <string.h>

enum { OPENAI, AZURE, ASTRA, OPEN_ASSISTANT, N_DIALECTS };

static ServiceServer *servers[N_DIALECTS];

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
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = servers[GPOINTER_TO_INT (data)];
  service_server_reset (f->server);
  f->clock = hurried_clock_new ();
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_ASSISTANTS, "Assistants", f->server->url);
  bobbin_account_set_agent_id (f->account, f->server->agent);
  if (GPOINTER_TO_INT (data) == AZURE)
    {
      bobbin_account_set_option (f->account, "auth", "api-key");
      bobbin_account_set_option (f->account, "query", "api-version=2024-05-01-preview");
    }
  f->backend = bobbin_registry_create (f->account, f->clock);
  bobbin_backend_set_credential (f->backend, f->server->key);
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, NULL));
  g_signal_connect (f->channel->channel, "event", G_CALLBACK (event_cb), f);
  channel_recorder_start (f->channel);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (f->channel->channel, f);
  channel_recorder_free (f->channel);
  test_settle ();
  g_assert_finalize_object (f->backend);
  g_assert_finalize_object (f->account);
  g_clear_object (&f->clock);
  g_free (f->thread_id);
  g_free (f->prompt_id);
  g_free (f->question);
}

static void
turn (Fixture    *f,
      const char *text)
{
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, text);
  test_wait_until (f->channel->stopped || f->channel->closed);
}

/* Calls, made as if they blocked */

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

#define WAIT_RESULT(result) test_wait_until (result != NULL)

static GListModel *
list_agents (Fixture *f,
             GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_agent_lister_list_async (BOBBIN_AGENT_LISTER (f->backend), NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_agent_lister_list_finish (BOBBIN_AGENT_LISTER (f->backend), result, error);
}

static GPtrArray *
list_threads (Fixture    *f,
              const char *cursor,
              char      **ret_cursor,
              GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_lister_list_async (BOBBIN_THREAD_LISTER (f->backend), NULL, cursor, NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_thread_lister_list_finish (BOBBIN_THREAD_LISTER (f->backend), result, ret_cursor, error);
}

static gboolean
delete_thread (Fixture    *f,
               const char *thread_id,
               GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_lister_delete_async (BOBBIN_THREAD_LISTER (f->backend), thread_id, NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_thread_lister_delete_finish (BOBBIN_THREAD_LISTER (f->backend), result, error);
}

static gboolean
rename_thread (Fixture    *f,
               const char *title,
               GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_lister_rename_async (BOBBIN_THREAD_LISTER (f->backend), f->thread_id, title, NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_thread_lister_rename_finish (BOBBIN_THREAD_LISTER (f->backend), result, error);
}

static char *
get_state (Fixture              *f,
           BobbinThreadStateKind what,
           GError              **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_state_get_async (BOBBIN_THREAD_STATE (f->backend), f->thread_id, what, NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_thread_state_get_finish (BOBBIN_THREAD_STATE (f->backend), result, error);
}

static char *
set_metadata (Fixture    *f,
              const char *json,
              GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_state_set_async (BOBBIN_THREAD_STATE (f->backend), f->thread_id, BOBBIN_THREAD_STATE_METADATA, json, NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_thread_state_set_finish (BOBBIN_THREAD_STATE (f->backend), result, error);
}

static BobbinHistoryPage *
list_history (Fixture    *f,
              const char *cursor,
              const char *pending_id,
              GError    **error)
{
  const BobbinHistoryQuery query = { f->thread_id, cursor, pending_id, 0 };
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_history_list_async (BOBBIN_HISTORY (f->backend), &query, NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_history_list_finish (BOBBIN_HISTORY (f->backend), result, error);
}

static gboolean
check (Fixture    *f,
       BobbinCheck step,
       const char *agent_id,
       GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_backend_check_async (f->backend, step, agent_id, NULL, result_cb, &result);
  WAIT_RESULT (result);

  return bobbin_backend_check_finish (f->backend, result, error);
}

/* Assistants */

static void
test_agents (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) agents = list_agents (f, &error);
  g_autoptr(BobbinAgent) oldest = NULL;
  g_autoptr(BobbinAgent) nameless = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (agents), ==, GPOINTER_TO_INT (data) == OPENAI ? 232 : 2);
  oldest = g_list_model_get_item (agents, g_list_model_get_n_items (agents) - 1);
  g_assert_cmpstr (bobbin_agent_get_name (oldest), ==, "Kitchen guide");
  g_assert_cmpstr (bobbin_agent_get_model (oldest), ==, "gpt-4o");
  if (GPOINTER_TO_INT (data) != OPENAI)
    return;
  g_assert_cmpuint (service_server_count (f->server, "GET /v1/assistants"), ==, 3);
  nameless = g_list_model_get_item (agents, 229);
  g_assert_cmpstr (bobbin_agent_get_name (nameless), ==, bobbin_agent_get_agent_id (nameless));
}

static void
test_no_agents (Fixture      *f,
                gconstpointer data)
{
  static const struct { const char *fault; BobbinErrorCode code; const char *words; } rows[] = {
    { "\"status\":404,\"body\":{}", BOBBIN_ERROR_NOT_FOUND, "/v1" },
    { "\"status\":401,\"body\":{}", BOBBIN_ERROR_AUTH, "key" },
    { "\"status\":200,\"body\":\"<html>\"", BOBBIN_ERROR_PROTOCOL, "web page" },
    { "\"status\":200,\"body\":{\"data\":7}", BOBBIN_ERROR_PROTOCOL, "no list" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *fault = g_strdup_printf ("{\"match\":\"GET /v1/assistants\",%s}", rows[i].fault);
      g_autoptr(GError) error = NULL;

      service_server_fault (f->server, fault);
      g_assert_null (list_agents (f, &error));
      g_assert_error (error, BOBBIN_ERROR, (int) rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].words));
    }
}

/* A fault that passes is waited out; a bare array is a list, too. */
static void
test_agents_again (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr(GListModel) agents = NULL;
  g_autoptr(GListModel) bare = NULL;

  service_server_fault (f->server, "{\"match\":\"GET /v1/assistants\",\"status\":503,\"times\":2}");
  agents = list_agents (f, NULL);
  g_assert_nonnull (agents);
  service_server_fault (f->server, "{\"match\":\"GET /v1/assistants\",\"status\":200,\"body\":[{\"id\":\"a\"},{\"id\":\"a\"},{\"id\":\"\"},7,{\"name\":\"x\"}]}");
  bare = list_agents (f, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (bare), ==, 1);
}

/* Threads */

static void
test_unlisted (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) again = NULL;
  g_autofree char *kept = NULL;

  g_assert_true (bobbin_backend_can (f->backend, BOBBIN_CAN_LIST_THREADS));
  g_assert_null (list_threads (f, NULL, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  g_assert_false (bobbin_backend_can (f->backend, BOBBIN_CAN_LIST_THREADS));
  g_assert_null (list_threads (f, NULL, NULL, &again));
  g_assert_cmpuint (service_server_count (f->server, "GET /v1/threads"), ==, 1);
  /* Known from now on, until the address changes. */
  kept = bobbin_account_dup_option (f->account, "lists-threads");
  g_assert_cmpstr (kept, ==, "no");
  bobbin_account_set_base_url (f->account, "http://127.0.0.1:1/v1");
  g_assert_true (bobbin_backend_can (f->backend, BOBBIN_CAN_LIST_THREADS));
}

static void
test_listed (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  gboolean pages = GPOINTER_TO_INT (data) == AZURE;

  turn (f, "hello list");
  for (guint i = 0; i < 120; i++)
    {
      g_autoptr(JsonNode) made = service_server_call (f->server, "POST", "/v1/threads?api-version=1", "{\"metadata\":{\"title\":\"Made\"}}");

      g_assert_nonnull (made);
    }
  do
    {
      g_autofree char *next = NULL;
      g_autoptr(GPtrArray) threads = list_threads (f, cursor, &next, &error);

      g_assert_no_error (error);
      for (guint i = 0; i < threads->len; i++)
        {
          BobbinRemoteThread *thread = threads->pdata[i];

          g_assert_cmpint (thread->created_us, >, G_GINT64_CONSTANT (1700000000000000));
          g_assert_true (g_str_equal (thread->title, "Made") || g_str_equal (thread->title, "hello list"));
          g_assert_true (g_hash_table_add (seen, g_strdup (thread->thread_id)));
        }
      g_free (cursor);
      cursor = g_steal_pointer (&next);
    }
  while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), >=, pages ? 121 : 100);
}

static void
test_titles (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  turn (f, "hello\n  title");
  before = get_state (f, BOBBIN_THREAD_STATE_METADATA, &error);
  g_assert_cmpstr (before, ==, "{\"title\":\"hello title\"}");
  g_free (set_metadata (f, "{\"title\":\"hello title\",\"colour\":\"red\",\"n\":7}", &error));
  g_assert_no_error (error);
  g_assert_true (rename_thread (f, "Knives", &error));
  after = get_state (f, BOBBIN_THREAD_STATE_METADATA, &error);
  g_assert_cmpstr (after, ==, "{\"title\":\"Knives\",\"colour\":\"red\",\"n\":\"7\"}");
}

static void
test_metadata (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *schema = NULL;
  g_autofree char *empty = NULL;
  g_autofree char *long_key = g_strnfill (65, 'k');
  g_autofree char *too_long = g_strdup_printf ("{\"%s\":\"v\"}", long_key);

  turn (f, "hello");
  schema = get_state (f, BOBBIN_THREAD_STATE_METADATA_SCHEMA, &error);
  g_assert_nonnull (strstr (schema, "\"maxProperties\":16"));
  empty = set_metadata (f, "{}", &error);
  g_assert_cmpstr (empty, ==, "{}");
  g_assert_null (set_metadata (f, too_long, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (set_metadata (f, "[]", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (get_state (f, BOBBIN_THREAD_STATE_STATE, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_true (delete_thread (f, f->thread_id, &error));
  g_assert_true (delete_thread (f, f->thread_id, &error)); /* gone is what was wanted */
  g_assert_null (get_state (f, BOBBIN_THREAD_STATE_METADATA, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
}

/* Histories */

static void
test_history_pages (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *cursor = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_pages = 0;

  turn (f, "hello");
  path = g_strdup_printf ("/v1/threads/%s/messages", f->thread_id);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"role\":\"%s\",\"content\":\"message %u\"}", i % 2 == 0 ? "user" : "assistant", i);

      json_node_unref (service_server_call (f->server, "POST", path, body));
    }
  do
    {
      BobbinHistoryPage *page = list_history (f, cursor, NULL, &error);

      g_assert_no_error (error);
      if (n_pages++ == 0)
        {
          g_autofree char *text = bobbin_message_dup_text (page->messages->pdata[page->messages->len - 1]);

          g_assert_cmpstr (text, ==, "message 99");
          g_assert_cmpuint (page->poll_ms, ==, 0);
        }
      for (guint i = 0; i < page->messages->len; i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (bobbin_message_get_server_id (page->messages->pdata[i]))));
      g_free (cursor);
      cursor = g_steal_pointer (&page->cursor);
      bobbin_history_page_free (page);
    }
  while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, GPOINTER_TO_INT (data) == ASTRA ? 50 : 102);
  g_assert_cmpuint (n_pages, ==, GPOINTER_TO_INT (data) == ASTRA ? 1 : 3);
}

static char *
describe_message (BobbinMessage *message)
{
  GString *out = g_string_new (bobbin_role_get_nick (bobbin_message_get_role (message)));

  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);

      g_string_append_printf (out, " %s:%s%s%s", bobbin_block_kind_get_nick (bobbin_block_get_kind (block)), bobbin_block_get_text (block),
                              bobbin_block_get_name (block) != NULL ? bobbin_block_get_name (block) : "",
                              bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN ? "?" : "");
    }

  return g_string_free (out, FALSE);
}

static void
assert_history (Fixture    *f,
                const char *expected)
{
  g_autoptr(GError) error = NULL;
  BobbinHistoryPage *page = list_history (f, NULL, NULL, &error);
  g_autoptr(GString) out = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < page->messages->len; i++)
    {
      g_autofree char *text = describe_message (page->messages->pdata[i]);

      g_string_append_printf (out, "%s\n", text);
      g_assert_cmpint (bobbin_message_get_created_us (page->messages->pdata[i]), >, G_GINT64_CONSTANT (1700000000000000));
    }
  g_assert_cmpstr (out->str, ==, expected);
  bobbin_history_page_free (page);
}

static void
test_history_blocks (Fixture      *f,
                     gconstpointer data)
{
  turn (f, "run code");
  turn (f, "search the files");
  turn (f, "make a file");
  turn (f, "two messages");
  assert_history (f,
                  "user text:run code\n"
                  "assistant tool-call:code_interpreter image: text:Pi is about 3.14159.\n"
                  "user text:search the files\n"
                  "assistant tool-call:file_search text:Start with 1000 grit [1]. sources:\n"
                  "user text:make a file\n"
                  "assistant text:The totals are in totals.csv. file:totals.csv\n"
                  "user text:two messages\n"
                  "assistant text:First, sharpen.\n"
                  "assistant text:Second, polish.\n");
}

static void
test_history_question (Fixture      *f,
                       gconstpointer data)
{
  channel_recorder_send (f->channel, "use a tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  assert_history (f, "user text:use a tool\nassistant approval:?\n");
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "3", f->question, NULL);
  test_wait_until (f->channel->stopped || f->channel->closed);
  assert_history (f, "user text:use a tool\nassistant tool-call:shop_stock text:The shop says 3.\n");
}

static void
test_history_edit (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr(GAsyncResult) added = NULL;
  g_autoptr(GAsyncResult) deleted = NULL;
  g_autoptr(GAsyncResult) refused = NULL;
  g_autoptr(GError) error = NULL;

  turn (f, "hello");
  bobbin_history_add_async (BOBBIN_HISTORY (f->backend), f->thread_id, BOBBIN_ROLE_ASSISTANT, "by hand", NULL, result_cb, &added);
  WAIT_RESULT (added);
  g_assert_true (bobbin_history_add_finish (BOBBIN_HISTORY (f->backend), added, &error));
  bobbin_history_delete_async (BOBBIN_HISTORY (f->backend), f->thread_id, f->prompt_id, NULL, result_cb, &deleted);
  WAIT_RESULT (deleted);
  g_assert_true (bobbin_history_delete_finish (BOBBIN_HISTORY (f->backend), deleted, &error));
  assert_history (f, "assistant text:You said: hello\nassistant text:by hand\n");
  bobbin_history_add_async (BOBBIN_HISTORY (f->backend), f->thread_id, BOBBIN_ROLE_SYSTEM, "no", NULL, result_cb, &refused);
  WAIT_RESULT (refused);
  g_assert_false (bobbin_history_add_finish (BOBBIN_HISTORY (f->backend), refused, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
}

static void
test_history_odd (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  BobbinHistoryPage *page;
  g_autofree char *first = NULL;

  f->thread_id = g_strdup ("thread_x");
  service_server_fault (f->server, "{\"match\":\"GET *runs\",\"status\":405}");
  service_server_fault (f->server,
                        "{\"match\":\"GET *messages\",\"status\":200,\"body\":[{\"id\":\"m4\",\"role\":\"assistant\",\"content\":null,\"created_at\":1755600003000},"
                        "{\"id\":\"m3\",\"role\":\"system\",\"content\":\"hidden\"},{\"id\":\"m2\",\"role\":\"assistant\",\"content\":\"flat\",\"created_at\":\"2025-08-19T10:40:01Z\"},"
                        "{\"id\":\"m2\",\"role\":\"assistant\",\"content\":\"twice\",\"created_at\":1755600001},{\"role\":\"user\"},7,"
                        "{\"id\":\"m1\",\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"parts\"}],\"file_ids\":[\"file_1\"],\"created_at\":1755600000.5}]}");
  page = list_history (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->messages->len, ==, 3);
  first = describe_message (page->messages->pdata[0]);
  g_assert_cmpstr (first, ==, "user text:parts file:");
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (bobbin_message_get_created_us (page->messages->pdata[i]) / 10000000, ==, G_GINT64_CONSTANT (175560000));
  bobbin_history_page_free (page);

  g_assert_null (list_history (f, NULL, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
}

/* Files */

static void
test_download (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) large = NULL;
  g_autoptr(GAsyncResult) nothing = NULL;
  g_autoptr(GError) error = NULL;
  BobbinHistoryPage *page;
  const char *file;
  g_autofree char *kept = NULL;
  g_autofree char *name = NULL;
  g_autofree char *type = NULL;
  g_autoptr(GBytes) bytes = NULL;

  turn (f, "make a file");
  page = list_history (f, NULL, NULL, &error);
  file = bobbin_block_get_data (bobbin_message_get_block (page->messages->pdata[1], 1));
  kept = g_strdup (file);
  bobbin_history_page_free (page);
  bobbin_downloader_download_async (BOBBIN_DOWNLOADER (f->backend), kept, 1000, NULL, result_cb, &result);
  WAIT_RESULT (result);
  bytes = bobbin_downloader_download_finish (BOBBIN_DOWNLOADER (f->backend), result, &name, &type, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "totals.csv");
  g_assert_cmpstr (type, ==, "text/csv");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "month,total\nJanuary,12\nFebruary,15\n", 35);

  bobbin_downloader_download_async (BOBBIN_DOWNLOADER (f->backend), kept, 10, NULL, result_cb, &large);
  WAIT_RESULT (large);
  g_assert_null (bobbin_downloader_download_finish (BOBBIN_DOWNLOADER (f->backend), large, NULL, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE);
  g_clear_error (&error);
  bobbin_downloader_download_async (BOBBIN_DOWNLOADER (f->backend), "{\"file_id\":\"file_nobody\"}", 10, NULL, result_cb, &nothing);
  WAIT_RESULT (nothing);
  g_assert_null (bobbin_downloader_download_finish (BOBBIN_DOWNLOADER (f->backend), nothing, NULL, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
}

/* A file that is cited by its id alone. */
static void
test_describe (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) nothing = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) file = NULL;
  g_autofree char *name = NULL;
  BobbinHistoryPage *page;

  turn (f, "make a file");
  page = list_history (f, NULL, NULL, &error);
  file = bobbin_json_parse_object (bobbin_block_get_data (bobbin_message_get_block (page->messages->pdata[1], 1)), -1, NULL);
  bobbin_history_page_free (page);
  bobbin_downloader_describe_async (BOBBIN_DOWNLOADER (f->backend), bobbin_json_get_string (file, "file_id"), NULL, result_cb, &result);
  WAIT_RESULT (result);
  name = bobbin_downloader_describe_finish (BOBBIN_DOWNLOADER (f->backend), result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "totals.csv");

  bobbin_downloader_describe_async (BOBBIN_DOWNLOADER (f->backend), "file_nobody", NULL, result_cb, &nothing);
  WAIT_RESULT (nothing);
  g_assert_null (bobbin_downloader_describe_finish (BOBBIN_DOWNLOADER (f->backend), nothing, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
}

/* Of one message: shown and changed, with the same limits. */
static void
test_message_metadata (Fixture      *f,
                       gconstpointer data)
{
  BobbinThreadState *state = BOBBIN_THREAD_STATE (f->backend);
  g_autoptr(GAsyncResult) set = NULL;
  g_autoptr(GAsyncResult) got = NULL;
  g_autoptr(GAsyncResult) missing = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *after = NULL;
  g_autofree char *now = NULL;
  g_autofree char *of_thread = NULL;

  turn (f, "hello");
  of_thread = get_state (f, BOBBIN_THREAD_STATE_METADATA, &error);
  id = g_strdup_printf ("%s\n%s", f->thread_id, f->prompt_id);
  bobbin_thread_state_set_async (state, id, BOBBIN_THREAD_STATE_MESSAGE, "{\"seen\":\"yes\"}", NULL, result_cb, &set);
  WAIT_RESULT (set);
  after = bobbin_thread_state_set_finish (state, set, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (after, ==, "{\"seen\":\"yes\"}");
  bobbin_thread_state_get_async (state, id, BOBBIN_THREAD_STATE_MESSAGE, NULL, result_cb, &got);
  WAIT_RESULT (got);
  now = bobbin_thread_state_get_finish (state, got, &error);
  g_assert_cmpstr (now, ==, "{\"seen\":\"yes\"}");
  /* the thread has its own */
  g_free (after);
  after = get_state (f, BOBBIN_THREAD_STATE_METADATA, &error);
  g_assert_cmpstr (after, ==, of_thread);

  g_free (id);
  id = g_strdup_printf ("%s\nmsg_nobody", f->thread_id);
  bobbin_thread_state_get_async (state, id, BOBBIN_THREAD_STATE_MESSAGE, NULL, result_cb, &missing);
  WAIT_RESULT (missing);
  g_assert_null (bobbin_thread_state_get_finish (state, missing, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
}

/* The doctor */

static void
test_check (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (check (f, BOBBIN_CHECK_AUTH, NULL, &error));
  g_assert_true (check (f, BOBBIN_CHECK_STREAM, NULL, &error));
  g_assert_false (check (f, BOBBIN_CHECK_STREAM, "asst_nobody", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_clear_error (&error);
  bobbin_backend_set_credential (f->backend, "sk-wrong");
  g_assert_false (check (f, BOBBIN_CHECK_AUTH, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH);
  g_clear_error (&error);
  service_server_fault (f->server, "{\"status\":404,\"body\":\"<html>\"}");
  g_assert_false (check (f, BOBBIN_CHECK_AUTH, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/v1"));
  g_clear_error (&error);
  service_server_fault (f->server, "{\"status\":200,\"body\":{\"hello\":\"world\"}}");
  g_assert_false (check (f, BOBBIN_CHECK_AUTH, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
}

/* Dialects: the same conversation with each. */
static void
test_dialect (Fixture      *f,
              gconstpointer data)
{
  turn (f, "hello there");
  g_assert_true (f->channel->stopped);
  g_assert_true (g_str_has_suffix (f->channel->text->str, "You said: hello there"));
  turn (f, "two messages");
  g_assert_nonnull (strstr (f->channel->text->str, "Second, polish."));
  channel_recorder_send (f->channel, "use a tool");
  test_wait_until (f->question != NULL || f->channel->closed);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_OUTPUT, "three", f->question, NULL);
  test_wait_until (f->channel->stopped || f->channel->closed);
  g_assert_nonnull (strstr (f->channel->text->str, "The shop says three."));
  channel_recorder_send (f->channel, "be slow");
  test_wait_until (f->channel->n_deltas > 2 || f->channel->closed);
  channel_recorder_reset (f->channel);
  channel_recorder_cancel (f->channel);
  test_wait_until (f->channel->stopped || f->channel->closed);
  g_assert_true (g_str_has_suffix (f->channel->log->str, "turn-stopped:cancelled"));
}

int
main (int   argc,
      char *argv[])
{
  static const char *const names[] = { "openai", "azure", "astra", "open-assistant" };
  static const struct { const char *name; void (*func) (Fixture *, gconstpointer); guint dialects; } tests[] = {
    { "agents", test_agents, 0xf }, { "no-agents", test_no_agents, 1 << OPENAI }, { "agents-again", test_agents_again, 1 << OPENAI },
    { "unlisted", test_unlisted, 1 << OPENAI | 1 << OPEN_ASSISTANT }, { "listed", test_listed, 1 << AZURE | 1 << ASTRA },
    { "titles", test_titles, 0xf }, { "metadata", test_metadata, 1 << OPENAI },
    { "history-pages", test_history_pages, 1 << OPENAI | 1 << ASTRA }, { "history-blocks", test_history_blocks, 1 << OPENAI },
    { "history-question", test_history_question, 1 << OPENAI }, { "history-edit", test_history_edit, 1 << OPENAI },
    { "history-odd", test_history_odd, 1 << OPENAI }, { "download", test_download, 1 << OPENAI }, { "describe", test_describe, 1 << OPENAI },
    { "message-metadata", test_message_metadata, 1 << OPENAI }, { "check", test_check, 1 << OPENAI },
    { "dialect", test_dialect, 0xf },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  for (int dialect = 0; dialect < N_DIALECTS; dialect++)
    {
      servers[dialect] = service_server_new ("assistants", "--dialect", names[dialect], "--assistants", dialect == OPENAI ? "230" : "0", NULL);
      for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        {
          g_autofree char *path = g_strdup_printf ("/backend/assistants-backend/%s/%s", names[dialect], tests[i].name);

          if (tests[i].dialects & 1 << dialect)
            g_test_add (path, Fixture, GINT_TO_POINTER (dialect), set_up, tests[i].func, tear_down);
        }
    }
  status = g_test_run ();
  for (int dialect = 0; dialect < N_DIALECTS; dialect++)
    service_server_free (servers[dialect]);

  return status;
}
