#include "config.h"
#include "wire/bobbin-assistants-errors.h"

#include "util/bobbin-json.h"
#include "wire/bobbin-refusal.h"

#include <string.h>

#define U BOBBIN_CERTAINTY_UNKNOWN
#define R BOBBIN_CERTAINTY_REFUSED

#define ENVELOPE(message, type, code) "{\"error\":{\"message\":\"" message "\",\"type\":\"" type "\",\"param\":null,\"code\":" code "}}"

/* assistants.md, section 9, line by line; every form of the body. */
static const struct
{
  guint           status;
  const char     *body;
  gint64          retry_after_ms;
  const char     *should_retry;
  BobbinErrorCode code;
  BobbinCertainty certainty;
  gint64          wait_ms;
  const char     *detail;
  const char     *run_id;
} replies[] = {
  { 400, ENVELOPE ("Send the header", "invalid_request_error", "\"invalid_beta\""), -1, NULL, BOBBIN_ERROR_PROTOCOL, R, -1, "Send the header", NULL },
  { 400, ENVELOPE ("Can't add messages to thread_T1 while a run run_PK is active.", "invalid_request_error", "null"), -1, NULL,
    BOBBIN_ERROR_BUSY, R, -1, "Can't add messages to thread_T1 while a run run_PK is active.", "run_PK" },
  { 400, ENVELOPE ("Thread thread_T1 already has an active run run_PK.", "invalid_request_error", "null"), -1, NULL,
    BOBBIN_ERROR_BUSY, R, -1, "Thread thread_T1 already has an active run run_PK.", "run_PK" },
  { 400, "{\"detail\":\"thread 65a already has an active run 65b0c1d2e3f4a5b6c7d8e9f0\"}", -1, NULL,
    BOBBIN_ERROR_BUSY, R, -1, "thread 65a already has an active run 65b0c1d2e3f4a5b6c7d8e9f0", "65b0c1d2e3f4a5b6c7d8e9f0" },
  { 400, ENVELOPE ("Bad", "invalid_request_error", "null"), -1, NULL, BOBBIN_ERROR_INVALID, R, -1, "Bad", NULL },
  { 401, ENVELOPE ("Incorrect API key", "invalid_request_error", "\"invalid_api_key\""), -1, NULL, BOBBIN_ERROR_AUTH, R, -1, "Incorrect API key", NULL },
  { 401, ENVELOPE ("session key", "invalid_request_error", "\"missing_scope\""), -1, NULL, BOBBIN_ERROR_FORBIDDEN, R, -1, "session key", NULL },
  { 403, "{\"error\":\"Country not supported\"}", -1, NULL, BOBBIN_ERROR_FORBIDDEN, R, -1, "Country not supported", NULL },
  { 404, ENVELOPE ("No thread found with id 'thread_T1'.", "invalid_request_error", "null"), -1, NULL, BOBBIN_ERROR_NOT_FOUND, R, -1,
    "No thread found with id 'thread_T1'.", NULL },
  { 404, "<html><h1>Not Found</h1></html>", -1, NULL, BOBBIN_ERROR_NOT_FOUND, R, -1, "The server does not have this", NULL },
  { 405, "", -1, NULL, BOBBIN_ERROR_NOT_SUPPORTED, R, -1, "The server does not offer this call", NULL },
  { 408, NULL, -1, NULL, BOBBIN_ERROR_TIMED_OUT, U, -1, "The server gave up waiting", NULL },
  { 409, NULL, -1, NULL, BOBBIN_ERROR_BUSY, R, -1, "The server is busy with the same conversation", NULL },
  { 413, "{\"message\":\"File too large\"}", -1, NULL, BOBBIN_ERROR_TOO_LARGE, R, -1, "File too large", NULL },
  { 415, "{}", -1, NULL, BOBBIN_ERROR_INVALID, R, -1, "The server does not take this kind of file", NULL },
  { 422, "{\"detail\":[{\"loc\":[\"body\",\"tools\",0],\"msg\":\"Field required\",\"type\":\"missing\"},{\"msg\":\"and more\"}]}", -1, NULL,
    BOBBIN_ERROR_INVALID, R, -1, "body.tools.0: Field required; and more", NULL },
  { 429, ENVELOPE ("Rate limit reached.", "requests", "\"rate_limit_exceeded\""), 2000, NULL, BOBBIN_ERROR_RATE_LIMITED, R, 2000, "Rate limit reached.", NULL },
  { 429, ENVELOPE ("Rate limit reached.", "requests", "\"rate_limit_exceeded\""), -1, NULL, BOBBIN_ERROR_RATE_LIMITED, R, 2000, "Rate limit reached.", NULL },
  { 429, NULL, 3000, "false", BOBBIN_ERROR_RATE_LIMITED, R, -1, "Too many requests", NULL },
  { 429, ENVELOPE ("You exceeded your quota", "insufficient_quota", "\"insufficient_quota\""), 2000, NULL, BOBBIN_ERROR_CREDITS, R, 2000,
    "You exceeded your quota", NULL },
  { 500, "{\"statusCode\":500,\"message\":\"Internal\"}", -1, NULL, BOBBIN_ERROR_SERVER, U, -1, "Internal", NULL },
  { 500, NULL, -1, "true", BOBBIN_ERROR_RATE_LIMITED, R, 2000, "The server had an error", NULL },
  { 501, "{\"message\":\"No such call\"}", -1, NULL, BOBBIN_ERROR_NOT_SUPPORTED, R, -1, "No such call", NULL },
  { 502, "<html>", -1, NULL, BOBBIN_ERROR_SERVER, U, -1, "A server behind the server did not answer", NULL },
  { 503, NULL, -1, NULL, BOBBIN_ERROR_SERVER, U, -1, "The server is not available", NULL },
  { 503, NULL, 5000, NULL, BOBBIN_ERROR_RATE_LIMITED, R, 5000, "The server is not available", NULL },
  { 504, "\"gateway timeout\"", -1, NULL, BOBBIN_ERROR_SERVER, U, -1, "gateway timeout", NULL },
  { 418, NULL, -1, NULL, BOBBIN_ERROR_FAILED, R, -1, "HTTP status 418", NULL },
  { 599, NULL, -1, NULL, BOBBIN_ERROR_SERVER, U, -1, "HTTP status 599", NULL },
  { 302, NULL, -1, NULL, BOBBIN_ERROR_PROTOCOL, R, -1, "The server points to another address (HTTP 302)", NULL },
  { 400, "{\"error\":{\"message\":7},\"detail\":[]}", -1, NULL, BOBBIN_ERROR_INVALID, R, -1, "Bad request", NULL },
  { 400, "{\"error\":{\"message\":\"  \xff \"}}", -1, NULL, BOBBIN_ERROR_INVALID, R, -1, "\xef\xbf\xbd", NULL },
};

static void
test_replies (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      const BobbinAssistantsReply reply = { replies[i].status, replies[i].retry_after_ms, NULL, replies[i].should_retry, NULL,
                                            replies[i].body, replies[i].body != NULL ? strlen (replies[i].body) : 0 };
      g_autofree char *run_id = NULL;
      g_autoptr(BobbinFailure) failure = bobbin_assistants_failure_from_reply (&reply, &run_id);

      g_test_message ("%u %s", replies[i].status, replies[i].body);
      g_assert_cmpstr (bobbin_error_code_nick (failure->code), ==, bobbin_error_code_nick (replies[i].code));
      g_assert_cmpint (failure->certainty, ==, replies[i].certainty);
      g_assert_cmpint (failure->retry_after_ms, ==, replies[i].wait_ms);
      g_assert_cmpstr (failure->detail, ==, replies[i].detail);
      g_assert_cmpstr (run_id, ==, replies[i].run_id);
      g_assert_cmpuint (failure->http_status, ==, replies[i].status);
    }
}

static void
test_headers (void)
{
  const BobbinAssistantsReply reply = { 429, 9000, "1500", NULL, "req_7", NULL, 0 };
  const BobbinAssistantsReply nonsense = { 429, 9000, "soon", NULL, "", NULL, 0 };
  const BobbinAssistantsReply endless = { 429, -1, "1e30", NULL, NULL, NULL, 0 };
  g_autofree char *endless_id = g_strnfill (79, 'x');
  g_autofree char *id = g_strconcat (endless_id, "éé", NULL);
  const BobbinAssistantsReply named = { 429, -1, NULL, NULL, id, NULL, 0 };
  g_autoptr(BobbinFailure) failure = bobbin_assistants_failure_from_reply (&reply, NULL);
  g_autoptr(BobbinFailure) cut = bobbin_assistants_failure_from_reply (&named, NULL);
  g_autoptr(BobbinFailure) other = bobbin_assistants_failure_from_reply (&nonsense, NULL);
  g_autoptr(BobbinFailure) bounded = bobbin_assistants_failure_from_reply (&endless, NULL);

  g_assert_cmpint (failure->retry_after_ms, ==, 1500);
  g_assert_cmpstr (failure->detail, ==, "Too many requests (request req_7)");
  g_assert_true (g_utf8_validate (cut->detail, -1, NULL));
  g_assert_true (g_str_has_suffix (cut->detail, "xxx…)"));
  g_assert_cmpint (other->retry_after_ms, ==, 9000);
  g_assert_cmpstr (other->detail, ==, "Too many requests");
  g_assert_cmpint (bounded->retry_after_ms, ==, 24 * 60 * 60 * 1000);
}

static void
test_repeat (void)
{
  static const struct { guint status; const char *should_retry; gboolean safe; gboolean expected; } rows[] = {
    { 500, NULL, TRUE, TRUE },   { 500, NULL, FALSE, FALSE },   { 500, "false", TRUE, FALSE }, { 500, "true", FALSE, TRUE },
    { 408, NULL, TRUE, TRUE },   { 409, NULL, TRUE, TRUE },     { 501, NULL, TRUE, FALSE },    { 404, NULL, TRUE, FALSE },
    { 429, NULL, TRUE, FALSE },  { 429, "true", TRUE, TRUE },   { 200, NULL, TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const BobbinAssistantsReply reply = { rows[i].status, -1, NULL, rows[i].should_retry, NULL, NULL, 0 };

      g_assert_cmpint (bobbin_assistants_may_repeat (&reply, rows[i].safe), ==, rows[i].expected);
    }
}

/* Section 4.2: what tells that a list is not offered, and what does not. */
static void
test_unsupported (void)
{
  static const struct { guint status; const char *body; gboolean expected; } rows[] = {
    { 401, ENVELOPE ("scope", "x", "\"missing_scope\""), TRUE },
    { 401, ENVELOPE ("key", "x", "\"invalid_api_key\""), FALSE },
    { 403, NULL, TRUE }, { 404, NULL, TRUE }, { 405, NULL, TRUE }, { 501, NULL, TRUE }, { 500, NULL, FALSE }, { 429, NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const BobbinAssistantsReply reply = { rows[i].status, -1, NULL, NULL, NULL, rows[i].body, rows[i].body != NULL ? strlen (rows[i].body) : 0 };
      g_autoptr(BobbinFailure) failure = bobbin_assistants_failure_from_reply (&reply, NULL);

      g_assert_cmpint (bobbin_assistants_is_unsupported (rows[i].status, failure), ==, rows[i].expected);
    }
}

static void
test_long (void)
{
  g_autofree char *endless = g_strnfill (100000, 'x');
  g_autofree char *body = g_strdup_printf ("{\"error\":{\"message\":\"%s\"}}", endless);
  g_autoptr(BobbinFailure) failure = bobbin_refusal_to_failure (400, -1, body, strlen (body));

  g_assert_cmpint (g_utf8_strlen (failure->detail, -1), ==, 501);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/assistants-errors/replies", test_replies);
  g_test_add_func ("/wire/assistants-errors/headers", test_headers);
  g_test_add_func ("/wire/assistants-errors/repeat", test_repeat);
  g_test_add_func ("/wire/assistants-errors/unsupported", test_unsupported);
  g_test_add_func ("/wire/assistants-errors/long", test_long);

  return g_test_run ();
}
