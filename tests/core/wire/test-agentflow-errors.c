/* The table of agentflow.md, section 2: status and body, as a real server gave them (tests/data/agentflow) or in any other form, to code,
 * certainty, sentence, wait, and whether the same may be tried again. */
#include "config.h"

#include "wire/bobbin-agentflow-errors.h"
#include "util/bobbin-json.h"

#include <string.h>

typedef struct
{
  guint           status;
  const char     *body;    /* "@NAME": of a recording */
  gint64          retry_after_ms;
  BobbinErrorCode code;
  BobbinCertainty certainty;
  gint64          wait_ms;
  gboolean        transient;
  const char     *detail;  /* without the request */
} Row;

#define PLAIN(status) "The server answered HTTP " #status

static const Row rows[] = {
  { 403, "@200-auth-none", -1, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "Please sign in" },
  { 403, "@201-auth-bad", -1, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "Bad token" },
  { 403, "{\"error\":{\"code\":\"EXPIRED_TOKEN\",\"message\":\"Token expired\"}}", -1, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, -1, FALSE,
    "Token expired" },
  { 403, "{\"error\":{\"code\":\"USER_ACCOUNT_DISABLE\",\"message\":\"Off\"}}", -1, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "Off" },
  { 403, "{\"error\":{\"code\":\"HTTPException\",\"message\":\"Not authorized to delete thread\"}}", -1, BOBBIN_ERROR_FORBIDDEN,
    BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "Not authorized to delete thread" },
  { 401, "{\"detail\":\"Not authenticated\"}", -1, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "Not authenticated" },
  { 401, "", -1, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, PLAIN (401) },
  { 404, "{\"error\":{\"code\":\"HTTPException\",\"message\":\"File not found\",\"details\":[]}}", -1, BOBBIN_ERROR_NOT_FOUND,
    BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "File not found" },
  { 405, "{\"detail\":\"Method Not Allowed\"}", -1, BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "Method Not Allowed" },
  { 400, "@112-upload-empty", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "Empty file" },
  { 409, "{\"error\":{\"code\":\"STORAGE_CONFLICT_000\",\"message\":\"Changed meanwhile\"}}", -1, BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, -1,
    TRUE, "Changed meanwhile" },
  { 413, "@114-upload-11mb", -1, BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_REFUSED, -1, FALSE,
    "Request body too large. Maximum size is 10.0MB" },
  { 415, "{\"error\":{\"message\":\"No such type\"}}", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "No such type" },
  /* Dumps of the server's own trouble are not a reason. */
  { 422, "@80-content-string", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "The server did not accept what was sent" },
  { 422, "@84-bad-role", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "The server did not accept what was sent" },
  { 422, "@62-state-put-badtype", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE,
    "The server did not accept what was sent" },
  { 422, "{\"error\":{\"code\":\"VALIDATION_ERROR\",\"message\":\"Validation error\",\"details\":[{\"loc\":[\"query\",\"limit\",0],\"msg\":"
         "\"Input should be greater than 0\",\"type\":\"x\"}]}}", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE,
    "query.limit.0: Input should be greater than 0" },
  { 422, "{\"error\":{\"details\":{\"msg\":\"as an object\"}}}", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "as an object" },
  { 422, "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"Field required\"},\"and more\"]}", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1,
    FALSE, "body: Field required; and more" },
  { 429, "@212-rate-6", 8000, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, 8000, TRUE,
    "Too many requests. Limit: 12 per 8s. Retry after 8s." },
  { 429, "@212-rate-6", -1, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, 8000, TRUE,
    "Too many requests. Limit: 12 per 8s. Retry after 8s." },
  { 429, "<html>slow</html>", -1, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, -1, TRUE, PLAIN (429) },
  { 500, "@230-prod-invoke-boom", -1, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1, FALSE,
    "An error occurred processing your request." },
  { 500, "@46-message-missing", -1, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1, FALSE, PLAIN (500) },
  { 502, "<html><h1>Bad Gateway</h1></html>", -1, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1, FALSE, PLAIN (502) },
  { 503, "{\"error\":{\"code\":\"HTTPException\",\"message\":\"No checkpointer\"}}", -1, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_REFUSED, -1, FALSE,
    "No checkpointer" },
  { 503, "", 2000, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, 2000, TRUE, PLAIN (503) },
  { 418, "{\"error\":\"short and stout\"}", -1, BOBBIN_ERROR_FAILED, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, "short and stout" },
  { 400, "{\"success\":false,\"message\":\"the other envelope\"}", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE,
    "the other envelope" },
  { 400, "[]", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE, PLAIN (400) },
  { 400, "{\"error\":{\"message\":7,\"details\":3,\"code\":[]},\"metadata\":\"x\"}", -1, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1, FALSE,
    PLAIN (400) },
};

static char *
dup_body (const char *body)
{
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  char *content = NULL;

  if (*body != '@')
    return g_strdup (body);

  file = g_strconcat (body + 1, ".body", NULL);
  path = g_test_build_filename (G_TEST_DIST, "data", "agentflow", file, NULL);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));

  return content;
}

static void
test_http (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autofree char *body = dup_body (row->body);
      g_autoptr(BobbinFailure) failure =
        bobbin_agentflow_failure_from_http (row->status, body, strlen (body), row->retry_after_ms);

      g_test_message ("%u %s", row->status, row->body);
      g_assert_cmpint (failure->code, ==, row->code);
      g_assert_cmpint (failure->certainty, ==, row->certainty);
      g_assert_cmpuint (failure->http_status, ==, row->status);
      g_assert_cmpint (failure->retry_after_ms, ==, row->wait_ms);
      g_assert_cmpint (bobbin_failure_is_transient (failure), ==, row->transient);
      if (strstr (failure->detail, " (request ") != NULL)
        *strstr (failure->detail, " (request ") = '\0';
      g_assert_cmpstr (failure->detail, ==, row->detail);
    }
}

static void
test_request_id (void)
{
  const char *body = "{\"error\":{\"message\":\"no\"},\"metadata\":{\"request_id\":\"7e1c\"}}";
  g_autoptr(BobbinFailure) failure = bobbin_agentflow_failure_from_http (500, body, strlen (body), -1);

  g_assert_cmpstr (failure->detail, ==, "no (request 7e1c)");
}

typedef struct
{
  const char     *data;
  BobbinErrorCode code;
  const char     *detail;
} ChunkRow;

static const ChunkRow chunk_rows[] = {
  { "{}", BOBBIN_ERROR_SERVER, "The run failed on the server" },
  { "{\"reason\":\"[NODE_001] Error in node 'MAIN': the mast broke\"}", BOBBIN_ERROR_SERVER,
    "[NODE_001] Error in node 'MAIN': the mast broke" },
  { "{\"reason\":\"[RECURSION_000] too deep\",\"step\":3}", BOBBIN_ERROR_SERVER, "The agent reached its limit of steps" },
  { "{\"reason\":\"1 validation error for ErrorBlock\",\"step\":25,\"max_steps\":25}", BOBBIN_ERROR_SERVER,
    "The agent reached its limit of steps" },
  { "{\"error\":\"plain\"}", BOBBIN_ERROR_SERVER, "plain" },
  { "{\"reason\":\"later\",\"retry_after_seconds\":2}", BOBBIN_ERROR_RATE_LIMITED, "later" },
  { "{\"reason\":7,\"step\":\"x\"}", BOBBIN_ERROR_SERVER, "The run failed on the server" },
};

static void
test_chunks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (chunk_rows); i++)
    {
      g_autoptr(JsonObject) data = bobbin_json_parse_object (chunk_rows[i].data, -1, NULL);
      g_autoptr(BobbinFailure) failure = bobbin_agentflow_failure_from_chunk (data);

      g_assert_cmpint (failure->code, ==, chunk_rows[i].code);
      g_assert_cmpint (failure->certainty, ==, BOBBIN_CERTAINTY_ACCEPTED);
      g_assert_cmpstr (failure->detail, ==, chunk_rows[i].detail);
    }
}

static void
test_missing (void)
{
  g_autofree char *message = dup_body ("@46-message-missing");
  g_autofree char *deleted = dup_body ("@69-state-after-delete");
  g_autofree char *first = dup_body ("@280-state-first-run");
  g_autofree char *boom = dup_body ("@230-prod-invoke-boom");
  const char *postgres = "{\"error\":{\"message\":\"Message not found: x\"}}";

  g_assert_true (bobbin_agentflow_is_missing_message (500, message, strlen (message)));
  g_assert_true (bobbin_agentflow_is_missing_message (404, NULL, 0));
  g_assert_true (bobbin_agentflow_is_missing_message (422, postgres, strlen (postgres)));
  g_assert_false (bobbin_agentflow_is_missing_message (500, boom, strlen (boom)));
  g_assert_false (bobbin_agentflow_is_missing_message (403, "no", 2));
  g_assert_true (bobbin_agentflow_is_missing_state (422, deleted, strlen (deleted)));
  g_assert_true (bobbin_agentflow_is_missing_state (422, first, strlen (first)));
  g_assert_true (bobbin_agentflow_is_missing_state (404, NULL, 0));
  g_assert_false (bobbin_agentflow_is_missing_state (422, "{}", 2));
  g_assert_false (bobbin_agentflow_is_missing_state (500, message, strlen (message)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentflow-errors/http", test_http);
  g_test_add_func ("/agentflow-errors/request-id", test_request_id);
  g_test_add_func ("/agentflow-errors/chunks", test_chunks);
  g_test_add_func ("/agentflow-errors/missing", test_missing);

  return g_test_run ();
}
