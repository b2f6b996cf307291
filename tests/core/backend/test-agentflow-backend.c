/* The plain calls of the AgentFlow backend: threads, histories, state, files, credentials, and what the server turns out to lack
 * (agentflow.md, sections 1, 4, 5, 10 and 13). */
#include "config.h"

#include "backend/bobbin-abilities.h"
#include "model/bobbin-message.h"
#include "model/bobbin-block.h"

#include "agentflow-fixture.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  AgentflowFixture   base;
  GAsyncResult      *result;
  gboolean           done;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  agentflow_fixture_set_up (&f->base, data);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_clear_object (&f->result);
  agentflow_fixture_tear_down (&f->base, data);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  g_set_object (&f->result, result);
  f->done = TRUE;
}

static GAsyncResult *
await (Fixture *f)
{
  agentflow_fixture_run_until (&f->base, &f->done);
  f->done = FALSE;

  return f->result;
}

#define ANSWER(what, status, body) agentflow_fixture_answer (&f->base, what, status, body)
#define RECORDED(what, name) \
  G_STMT_START { g_autofree char *body_ = agentflow_dup_recording (name); ANSWER (what, 200, body_); } G_STMT_END

/* Threads */

static GPtrArray *
list_threads (Fixture    *f,
              const char *search,
              const char *cursor,
              char      **ret_cursor,
              GError    **error)
{
  bobbin_thread_lister_list_async (BOBBIN_THREAD_LISTER (f->base.backend), search, cursor, NULL, result_cb, f);

  return bobbin_thread_lister_list_finish (BOBBIN_THREAD_LISTER (f->base.backend), await (f), ret_cursor, error);
}

static void
test_threads (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(GPtrArray) threads = NULL;
  g_autofree char *cursor = NULL;
  BobbinRemoteThread *thread;

  RECORDED ("GET /v1/threads", "32-threads-search");
  threads = list_threads (f, "tide & co", NULL, &cursor, NULL);
  g_assert_cmpuint (threads->len, ==, 1);
  g_assert_null (cursor);
  thread = threads->pdata[0];
  g_assert_cmpstr (thread->thread_id, ==, "t-tide");
  g_assert_cmpstr (thread->title, ==, "Log: tide Cadiz Looking it");
  /* the tests run in UTC or anywhere: a time without a zone is ours */
  g_assert_cmpint (thread->updated_us % G_USEC_PER_SEC, ==, 835886);
  g_assert_cmpstr (agentflow_fixture_find (&f->base, "GET /v1/threads")->query, ==, "offset=0&limit=100&search=tide%20%26%20co");
}

static void
test_thread_pages (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr(GString) body = g_string_new ("{\"data\":{\"threads\":[");
  g_autoptr(GPtrArray) threads = NULL;
  g_autoptr(GPtrArray) rest = NULL;
  g_autofree char *cursor = NULL;
  g_autofree char *none = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (body, "%s{\"thread_id\":%u}", i > 0 ? "," : "", i);
  g_string_append (body, "]}}");
  ANSWER ("GET /v1/threads", 200, body->str);
  threads = list_threads (f, NULL, NULL, &cursor, NULL);
  g_assert_cmpuint (threads->len, ==, 100);
  g_assert_cmpstr (((BobbinRemoteThread *) threads->pdata[7])->thread_id, ==, "7");
  g_assert_cmpstr (cursor, ==, "100");
  /* wrong types, missing ids, null */
  ANSWER ("GET /v1/threads", 200, "{\"data\":{\"threads\":[{\"thread_name\":\"x\"},7,{\"thread_id\":\"z\",\"updated_at\":1e10,\"metadata\":[]}]}}");
  rest = list_threads (f, NULL, cursor, &none, NULL);
  g_assert_cmpuint (rest->len, ==, 1);
  g_assert_null (none);
  g_assert_cmpstr (agentflow_fixture_find (&f->base, "GET /v1/threads")->query, ==, "offset=100&limit=100");
  ANSWER ("GET /v1/threads", 200, "{\"data\":{\"threads\":null}}");
  g_clear_pointer (&rest, g_ptr_array_unref);
  rest = list_threads (f, NULL, NULL, &none, NULL);
  g_assert_cmpuint (rest->len, ==, 0);
}

static void
test_thread_errors (Fixture      *f,
                    gconstpointer data)
{
  g_autofree char *cursor = NULL;
  g_autoptr(GError) error = NULL;

  ANSWER ("GET /v1/threads", 403, "{\"error\":{\"code\":\"EXPIRED_TOKEN\",\"message\":\"old\"}}");
  g_assert_null (list_threads (f, NULL, NULL, &cursor, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH);
  g_clear_error (&error);
  /* asked once more after the wait */
  ANSWER ("GET /v1/threads", 429, "{}");
  g_assert_null (list_threads (f, NULL, NULL, &cursor, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_RATE_LIMITED);
  g_assert_cmpuint (agentflow_fixture_count (&f->base, "GET /v1/threads"), ==, 3);
  g_clear_error (&error);
  ANSWER ("GET /v1/threads", 200, "<html>");
  g_assert_null (list_threads (f, NULL, NULL, &cursor, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
}

static void
test_delete_thread (Fixture      *f,
                    gconstpointer data)
{
  static const struct { guint status; const char *body; } gone[] = {
    { 200, "{\"data\":{\"success\":true,\"data\":true}}" }, { 200, "{\"data\":{\"success\":true,\"data\":false}}" },
    { 204, "" }, { 404, "{}" },
  };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    {
      ANSWER ("DELETE /v1/threads/t 1", gone[i].status, gone[i].body);
      bobbin_thread_lister_delete_async (BOBBIN_THREAD_LISTER (f->base.backend), "t 1", NULL, result_cb, f);
      g_assert_true (bobbin_thread_lister_delete_finish (BOBBIN_THREAD_LISTER (f->base.backend), await (f), NULL));
    }
  g_assert_cmpmem (g_bytes_get_data (agentflow_fixture_find (&f->base, "DELETE /v1/threads/t 1")->body, NULL), 13, "{\"config\":{}}", 13);
  ANSWER ("DELETE /v1/threads/t 1", 403, "{\"error\":{\"message\":\"Not authorized\"}}");
  bobbin_thread_lister_delete_async (BOBBIN_THREAD_LISTER (f->base.backend), "t 1", NULL, result_cb, f);
  g_assert_false (bobbin_thread_lister_delete_finish (BOBBIN_THREAD_LISTER (f->base.backend), await (f), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FORBIDDEN);
}

/* Histories */

static BobbinHistoryPage *
list_messages (Fixture    *f,
               const char *cursor,
               const char *pending_id,
               GError    **error)
{
  const BobbinHistoryQuery query = { .thread_id = "t1", .cursor = cursor, .pending_id = pending_id };

  bobbin_history_list_async (BOBBIN_HISTORY (f->base.backend), &query, NULL, result_cb, f);

  return bobbin_history_list_finish (BOBBIN_HISTORY (f->base.backend), await (f), error);
}

static void
test_history (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BobbinHistoryPage) page = NULL;
  g_autoptr(BobbinHistoryPage) empty = NULL;

  RECORDED ("GET /v1/threads/t1/messages", "40-messages");
  RECORDED ("GET /v1/threads/t1/state", "56-state");
  page = list_messages (f, NULL, NULL, NULL);
  g_assert_cmpuint (page->messages->len, ==, 2);
  g_assert_null (page->cursor);
  g_assert_cmpuint (page->poll_ms, ==, 0);
  /* the list alone where the state fails */
  ANSWER ("GET /v1/threads/t1/state", 500, "x");
  RECORDED ("GET /v1/threads/t1/messages", "44-messages-missing");
  empty = list_messages (f, NULL, NULL, NULL);
  g_assert_cmpuint (empty->messages->len, ==, 0);
}

/* A prompt whose stream was cut: as long as the list does not have it, the run goes on; one that paused is told by the state. */
static void
test_pending (Fixture      *f,
              gconstpointer data)
{
  g_autoptr(BobbinHistoryPage) running = NULL;
  g_autoptr(BobbinHistoryPage) over = NULL;
  g_autoptr(BobbinHistoryPage) paused = NULL;

  RECORDED ("GET /v1/threads/t1/messages", "44-messages-missing");
  ANSWER ("GET /v1/threads/t1/state", 422, "{\"error\":{\"code\":\"VALIDATION_ERROR\",\"message\":\"for StateResponseSchema\"}}");
  running = list_messages (f, NULL, "u-tide", NULL);
  g_assert_cmpuint (running->poll_ms, ==, 2000);
  RECORDED ("GET /v1/threads/t1/messages", "40-messages");
  over = list_messages (f, NULL, "u-tide", NULL);
  g_assert_cmpuint (over->poll_ms, ==, 0);
  RECORDED ("GET /v1/threads/t1/messages", "44-messages-missing");
  RECORDED ("GET /v1/threads/t1/state", "21-state-interrupted");
  paused = list_messages (f, NULL, "u-appr", NULL);
  g_assert_cmpuint (paused->poll_ms, ==, 0);
  g_assert_cmpuint (paused->messages->len, ==, 2);
}

/* A long thread: the server's rows are made up from the query. Turns of a user's row and two of the agent. */
typedef struct
{
  guint n_rows;
  guint n_requests;
  guint n_rows_sent;
} Long;

static void
long_cb (ServerFixture     *server,
         SoupServerMessage *message,
         const char        *path,
         gpointer           user_data)
{
  Long *rows = user_data;
  g_autoptr(GString) body = g_string_new ("{\"data\":{\"messages\":[");
  guint offset = 0;
  guint limit = 0;
  guint n = 0;

  if (!g_str_has_suffix (path, "/messages"))
    {
      server_message_answer (message, 200, "application/json", "{\"data\":{\"state\":null}}");
      return;
    }
  g_assert_cmpint (sscanf (g_uri_get_query (soup_server_message_get_uri (message)), "offset=%u&limit=%u", &offset, &limit), ==, 2);
  g_assert_cmpuint (limit, >=, 1);
  g_assert_cmpuint (limit, <=, 100);
  for (guint i = offset; i < rows->n_rows && n < limit; i++, n++)
    g_string_append_printf (body, "%s{\"message_id\":\"m%u\",\"role\":\"%s\",\"content\":\"%u\"}", n > 0 ? "," : "", i,
                            i % 3 == 0 ? "user" : "assistant", i);
  g_string_append (body, "]}}");
  rows->n_requests++;
  rows->n_rows_sent += n;
  server_message_answer (message, 200, "application/json", body->str);
}

static void
test_long_history (Fixture      *f,
                   gconstpointer data)
{
  static const guint lengths[] = { 99, 100, 101, 300, 1000, 10000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      Long rows = { lengths[i], 0, 0 };
      g_autoptr(BobbinHistoryPage) page = NULL;
      BobbinMessage *last;
      g_autofree char *last_id = g_strdup_printf ("m%u", lengths[i] - 1);
      guint n_messages;

      f->base.server->on_request = long_cb;
      f->base.server->user_data = &rows;
      page = list_messages (f, NULL, NULL, NULL);
      last = page->messages->pdata[page->messages->len - 1];
      g_assert_true (bobbin_message_has_server_id (last, last_id));
      g_assert_cmpint (bobbin_message_get_role (page->messages->pdata[0]), ==, BOBBIN_ROLE_USER);
      /* nothing is fetched that nobody looks at */
      g_assert_cmpuint (rows.n_requests, <=, 20);
      g_assert_cmpuint (rows.n_rows_sent, <, 330);
      n_messages = page->messages->len;

      /* back to the beginning: every turn once */
      while (page->cursor != NULL)
        {
          g_autofree char *cursor = g_strdup (page->cursor);

          bobbin_history_page_free (page);
          page = list_messages (f, cursor, NULL, NULL);
          g_assert_cmpint (bobbin_message_get_role (page->messages->pdata[0]), ==, BOBBIN_ROLE_USER);
          n_messages += page->messages->len;
        }
      g_assert_true (bobbin_message_has_server_id (page->messages->pdata[0], "m0"));
      g_assert_cmpuint (n_messages, ==, (lengths[i] + 2) / 3 + (lengths[i] + 1) / 3);

      /* the end is remembered, and found again when it moved either way */
      rows.n_requests = 0;
      rows.n_rows += 12;
      g_clear_pointer (&page, bobbin_history_page_free);
      page = list_messages (f, NULL, NULL, NULL);
      g_assert_cmpuint (rows.n_requests, <=, 2);
      rows.n_rows = 3;
      g_clear_pointer (&page, bobbin_history_page_free);
      page = list_messages (f, NULL, NULL, NULL);
      g_assert_cmpuint (page->messages->len, ==, 2);
      bobbin_account_set_base_url (f->base.account, "http://127.0.0.1:1");
      bobbin_account_set_base_url (f->base.account, f->base.server->url);
    }
}

static void
test_edit_history (Fixture      *f,
                   gconstpointer data)
{
  BobbinHistory *history = BOBBIN_HISTORY (f->base.backend);
  g_autofree char *missing = agentflow_dup_recording ("46-message-missing");
  g_autofree char *body = NULL;

  ANSWER ("POST /v1/threads/t1/messages", 200, "{\"data\":{\"success\":true}}");
  bobbin_history_add_async (history, "t1", BOBBIN_ROLE_SYSTEM, "Be brief.", NULL, result_cb, f);
  g_assert_true (bobbin_history_add_finish (history, await (f), NULL));
  body = agentflow_fixture_dup_body (agentflow_fixture_find (&f->base, "POST /v1/threads/t1/messages"));
  g_assert_nonnull (strstr (body, "\"role\":\"system\""));

  /* one that is not there is gone all the same, in whatever words */
  ANSWER ("DELETE /v1/threads/t1/messages/m/1", 500, missing);
  bobbin_history_delete_async (history, "t1", "m/1", NULL, result_cb, f);
  g_assert_true (bobbin_history_delete_finish (history, await (f), NULL));
}

/* State */

static void
test_state (Fixture      *f,
            gconstpointer data)
{
  BobbinThreadState *state = BOBBIN_THREAD_STATE (f->base.backend);
  g_autoptr(GError) error = NULL;
  char *text;

  RECORDED ("GET /v1/threads/t1/state", "56-state");
  bobbin_thread_state_get_async (state, "t1", BOBBIN_THREAD_STATE_STATE, NULL, result_cb, f);
  text = bobbin_thread_state_get_finish (state, await (f), NULL);
  g_assert_true (g_str_has_prefix (text, "{\"context\":["));
  g_free (text);

  /* none yet: null, or a fault that means it */
  RECORDED ("GET /v1/threads/t1/state", "57-state-missing");
  bobbin_thread_state_get_async (state, "t1", BOBBIN_THREAD_STATE_STATE, NULL, result_cb, f);
  text = bobbin_thread_state_get_finish (state, await (f), NULL);
  g_assert_cmpstr (text, ==, "{}");
  g_free (text);
  text = agentflow_dup_recording ("69-state-after-delete");
  ANSWER ("GET /v1/threads/t1/state", 422, text);
  g_free (text);
  bobbin_thread_state_get_async (state, "t1", BOBBIN_THREAD_STATE_STATE, NULL, result_cb, f);
  text = bobbin_thread_state_get_finish (state, await (f), NULL);
  g_assert_cmpstr (text, ==, "{}");
  g_free (text);

  RECORDED ("PUT /v1/threads/t1/state", "58-state-put");
  bobbin_thread_state_set_async (state, "t1", BOBBIN_THREAD_STATE_STATE, "{\"berth\":\"B7\"}", NULL, result_cb, f);
  text = bobbin_thread_state_set_finish (state, await (f), NULL);
  g_assert_nonnull (strstr (text, "\"berth\":\"B7\""));
  g_free (text);
  /* some say only that it was done */
  ANSWER ("PUT /v1/threads/t1/state", 200, "{\"data\":{\"updated\":true}}");
  ANSWER ("GET /v1/threads/t1/state", 200, "{\"data\":{\"state\":{\"berth\":\"B8\"}}}");
  bobbin_thread_state_set_async (state, "t1", BOBBIN_THREAD_STATE_STATE, "{}", NULL, result_cb, f);
  text = bobbin_thread_state_set_finish (state, await (f), NULL);
  g_assert_cmpstr (text, ==, "{\"berth\":\"B8\"}");
  g_free (text);
  ANSWER ("PUT /v1/threads/t1/state", 409, "{\"error\":{\"code\":\"STORAGE_CONFLICT_000\"}}");
  bobbin_thread_state_set_async (state, "t1", BOBBIN_THREAD_STATE_STATE, "{}", NULL, result_cb, f);
  g_assert_null (bobbin_thread_state_set_finish (state, await (f), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BUSY);
  g_clear_error (&error);

  ANSWER ("DELETE /v1/threads/t1/state", 200, "{\"data\":{\"success\":true}}");
  bobbin_thread_state_clear_async (state, "t1", NULL, result_cb, f);
  g_assert_true (bobbin_thread_state_clear_finish (state, await (f), NULL));

  RECORDED ("GET /v1/graph:StateSchema", "03-schema");
  bobbin_thread_state_get_async (state, "t1", BOBBIN_THREAD_STATE_SCHEMA, NULL, result_cb, f);
  text = bobbin_thread_state_get_finish (state, await (f), NULL);
  g_assert_nonnull (strstr (text, "\"properties\""));
  g_free (text);
  bobbin_thread_state_get_async (state, "t1", BOBBIN_THREAD_STATE_METADATA, NULL, result_cb, f);
  g_assert_null (bobbin_thread_state_get_finish (state, await (f), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
}

/* Files */

static GBytes *
download (Fixture    *f,
          const char *file,
          gsize       max_bytes,
          GError    **error)
{
  BobbinDownloader *downloader = BOBBIN_DOWNLOADER (f->base.backend);
  g_autofree char *name = NULL;
  g_autofree char *type = NULL;

  bobbin_downloader_download_async (downloader, file, max_bytes, NULL, result_cb, f);

  return bobbin_downloader_download_finish (downloader, await (f), &name, &type, error);
}

static void
test_download (Fixture      *f,
               gconstpointer data)
{
  static const char *const bad[] = { "{}", "[]", "no", "{\"path\":\"//elsewhere.example/x\"}", "{\"path\":\"x\"}", "{\"file_id\":7}" };
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) inside = NULL;
  g_autoptr(GError) error = NULL;

  ANSWER ("GET /v1/files/a b", 200, "hello");
  bytes = download (f, "{\"file_id\":\"a b\"}", 100, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "hello", 5);
  g_assert_cmpstr (agentflow_fixture_find (&f->base, "GET /v1/files/a b")->authorization, ==, "Bearer " AGENTFLOW_KEY);
  inside = download (f, "{\"data_base64\":\"aGk=\"}", 100, NULL);
  g_assert_cmpmem (g_bytes_get_data (inside, NULL), g_bytes_get_size (inside), "hi", 2);
  g_assert_null (download (f, "{\"file_id\":\"a b\"}", 2, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (download (f, "{\"file_id\":\"gone\"}", 100, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_clear_error (&error);
      g_assert_null (download (f, bad[i], 100, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
    }
}

/* Credentials */

static void
test_credentials (Fixture      *f,
                  gconstpointer data)
{
  static const struct { const char *form; const char *header; const char *prefix; const char *key; const char *authorization; } rows[] = {
    { NULL, NULL, NULL, "k", "Bearer k" },
    { "bearer", NULL, NULL, " k\n", "Bearer k" },
    { "basic", NULL, NULL, "ana:pass", "Basic YW5hOnBhc3M=" },
    { "header", "Authorization", "Token", "k", "Token k" },
    { "header", "X-API-Key", NULL, "k", NULL },
    { NULL, NULL, NULL, NULL, NULL },
  };

  ANSWER ("GET /v1/threads", 200, "{\"data\":{\"threads\":[]}}");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GPtrArray) threads = NULL;
      g_autofree char *cursor = NULL;

      bobbin_account_set_option (f->base.account, "auth", rows[i].form);
      bobbin_account_set_option (f->base.account, "auth-header", rows[i].header);
      bobbin_account_set_option (f->base.account, "auth-prefix", rows[i].prefix);
      bobbin_backend_set_credential (f->base.backend, rows[i].key);
      threads = list_threads (f, NULL, NULL, &cursor, NULL);
      g_assert_nonnull (threads);
      g_assert_cmpstr (agentflow_fixture_find (&f->base, "GET /v1/threads")->authorization, ==, rows[i].authorization);
      /* never in the address */
      g_assert_cmpstr (agentflow_fixture_find (&f->base, "GET /v1/threads")->query, ==, "offset=0&limit=100");
    }
}

static void
test_check (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  bobbin_backend_check_async (f->base.backend, BOBBIN_CHECK_AUTH, NULL, NULL, result_cb, f);
  g_assert_true (bobbin_backend_check_finish (f->base.backend, await (f), NULL));
  g_assert_cmpuint (agentflow_fixture_count (&f->base, "GET /ping"), ==, 1);
  bobbin_backend_check_async (f->base.backend, BOBBIN_CHECK_STREAM, NULL, NULL, result_cb, f);
  g_assert_false (bobbin_backend_check_finish (f->base.backend, await (f), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  ANSWER ("GET /v1/graph", 403, "{\"error\":{\"code\":\"INVALID_TOKEN\",\"message\":\"Bad token\"}}");
  bobbin_backend_check_async (f->base.backend, BOBBIN_CHECK_AUTH, NULL, NULL, result_cb, f);
  g_assert_false (bobbin_backend_check_finish (f->base.backend, await (f), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH);
  g_clear_error (&error);
  bobbin_account_set_option (f->base.account, "auth", "header");
  bobbin_account_set_option (f->base.account, "auth-header", "X Bad:");
  bobbin_backend_check_async (f->base.backend, BOBBIN_CHECK_AUTH, NULL, NULL, result_cb, f);
  g_assert_false (bobbin_backend_check_finish (f->base.backend, await (f), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
}

/* What a server lacks is gone from the window. */
static void
test_lacking (Fixture      *f,
              gconstpointer data)
{
  g_assert_true (bobbin_backend_can (f->base.backend, BOBBIN_CAN_LIST_THREADS | BOBBIN_CAN_ATTACH | BOBBIN_CAN_STATE));
  ANSWER ("GET /v1/graph", 200, "{\"data\":{\"info\":{\"checkpointer\":false}}}");
  ANSWER ("GET /v1/config/multimodal", 404, "{\"detail\":\"Not Found\"}");
  agentflow_fixture_open (&f->base, "t1");
  g_assert_false (bobbin_backend_can (f->base.backend, BOBBIN_CAN_LIST_THREADS));
  g_assert_false (bobbin_backend_can (f->base.backend, BOBBIN_CAN_READ_HISTORY));
  g_assert_false (bobbin_backend_can (f->base.backend, BOBBIN_CAN_STATE));
  g_assert_false (bobbin_backend_can (f->base.backend, BOBBIN_CAN_ATTACH));
  g_clear_pointer (&f->base.channel, channel_recorder_free);

  /* the smaller limit counts */
  ANSWER ("GET /v1/config/multimodal", 200, "{\"data\":{\"media_max_size_mb\":2}}");
  bobbin_account_set_base_url (f->base.account, "http://127.0.0.1:1");
  bobbin_account_set_base_url (f->base.account, f->base.server->url);
  g_assert_cmpint (bobbin_backend_get_limits (f->base.backend)->file_bytes, ==, 10 * 1024 * 1024);
  agentflow_fixture_open (&f->base, "t1");
  g_assert_true (bobbin_backend_can (f->base.backend, BOBBIN_CAN_ATTACH));
  g_assert_cmpint (bobbin_backend_get_limits (f->base.backend)->file_bytes, ==, 2 * 1024 * 1024);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/agentflow-backend/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("threads", test_threads);
  ADD ("thread-pages", test_thread_pages);
  ADD ("thread-errors", test_thread_errors);
  ADD ("delete-thread", test_delete_thread);
  ADD ("history", test_history);
  ADD ("pending", test_pending);
  ADD ("long-history", test_long_history);
  ADD ("edit-history", test_edit_history);
  ADD ("state", test_state);
  ADD ("download", test_download);
  ADD ("credentials", test_credentials);
  ADD ("check", test_check);
  ADD ("lacking", test_lacking);

  return g_test_run ();
}
