#include "config.h"
#include "wire/bobbin-nebelus-errors.h"

#include "util/bobbin-json.h"

#include <string.h>

#define U BOBBIN_CERTAINTY_UNKNOWN
#define R BOBBIN_CERTAINTY_REFUSED
#define A BOBBIN_CERTAINTY_ACCEPTED
#define N BOBBIN_CERTAINTY_UNSENT

static void
test_types (void)
{
  static const struct
  {
    const char *type;
    BobbinErrorCode code;
    BobbinCertainty of_unknown;
    BobbinCertainty of_accepted;
  } types[] = {
    { "authentication_error", BOBBIN_ERROR_AUTH, R, A },
    { "organization_error", BOBBIN_ERROR_FORBIDDEN, R, A },
    { "forbidden", BOBBIN_ERROR_FORBIDDEN, R, A },
    { "not_found", BOBBIN_ERROR_NOT_FOUND, R, A },
    { "thread_not_found", BOBBIN_ERROR_NOT_FOUND, R, A },
    { "agent_inactive", BOBBIN_ERROR_INACTIVE, R, A },
    { "insufficient_credits", BOBBIN_ERROR_CREDITS, R, A },
    { "busy", BOBBIN_ERROR_BUSY, R, R },
    { "streaming_error", BOBBIN_ERROR_SERVER, U, A },
    { "handler_error", BOBBIN_ERROR_SERVER, U, A },
    { "anything", BOBBIN_ERROR_SERVER, U, A },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      static const char *const forms[] = { "{\"type\":\"%s\",\"message\":\"m\"}",
                                           "{\"code\":\"%s\",\"message\":\"m\"}",
                                           "{\"error\":{\"type\":\"%s\",\"message\":\"m\"}}",
                                             "{\"type\":\"error\",\"error\":{\"code\":\"%s\",\"message\":\"m\"}}" };

      for (gsize form = 0; form < G_N_ELEMENTS (forms); form++)
        {
          g_auto(GStrv) halves = g_strsplit (forms[form], "%s", 2);
          g_autofree char *json = g_strconcat (halves[0], types[i].type, halves[1], NULL);
          g_autoptr(JsonObject) data = bobbin_json_parse_object (json, -1, NULL);
          g_autofree char *type = NULL;
          g_autoptr(BobbinFailure) unknown = bobbin_nebelus_failure_from_error (data, U, &type);
          g_autoptr(BobbinFailure) accepted = bobbin_nebelus_failure_from_error (data, A, NULL);
          g_autoptr(BobbinFailure) unsent = bobbin_nebelus_failure_from_error (data, N, NULL);

          g_assert_cmpstr (type, ==, types[i].type);
          g_assert_cmpint (unknown->code, ==, types[i].code);
          g_assert_cmpint (unknown->certainty, ==, types[i].of_unknown);
          g_assert_cmpint (accepted->certainty, ==, types[i].of_accepted);
          g_assert_cmpstr (unknown->detail, ==, "m");
          if (types[i].code != BOBBIN_ERROR_BUSY)
            g_assert_cmpint (unsent->certainty, ==, N);
        }
    }
}

static void
test_closes (void)
{
  static const struct { guint code; BobbinErrorCode error; BobbinCertainty certainty; } codes[] = {
    { 0, BOBBIN_ERROR_NETWORK, U },        { 1000, BOBBIN_ERROR_NETWORK, U },    { 1001, BOBBIN_ERROR_NETWORK, U },
    { 1006, BOBBIN_ERROR_NETWORK, U },     { 1011, BOBBIN_ERROR_NETWORK, U },    { 1012, BOBBIN_ERROR_NETWORK, U },
    { 1013, BOBBIN_ERROR_NETWORK, U },     { 1009, BOBBIN_ERROR_TOO_LARGE, R },  { 4001, BOBBIN_ERROR_AUTH, R },
    { 4002, BOBBIN_ERROR_FORBIDDEN, R },   { 4003, BOBBIN_ERROR_FORBIDDEN, R },  { 4004, BOBBIN_ERROR_NOT_FOUND, R },
    { 4005, BOBBIN_ERROR_FAILED, U },      { 4999, BOBBIN_ERROR_FAILED, U },     { 3000, BOBBIN_ERROR_FAILED, U },
    { 1099, BOBBIN_ERROR_NETWORK, U },     { 1002, BOBBIN_ERROR_PROTOCOL, U },   { 1007, BOBBIN_ERROR_PROTOCOL, U },
  };
  g_autoptr(BobbinFailure) reason = bobbin_nebelus_failure_from_close (4999, "Out of \xff biscuits", U);
  g_autoptr(BobbinFailure) inactive = bobbin_nebelus_failure_from_close (4004, "Agent is inactive", N);

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_nebelus_failure_from_close (codes[i].code, NULL, U);
      g_autoptr(BobbinFailure) begun = bobbin_nebelus_failure_from_close (codes[i].code, "", A);
      g_autoptr(BobbinFailure) unsent = bobbin_nebelus_failure_from_close (codes[i].code, "  ", N);

      g_assert_cmpint (failure->code, ==, codes[i].error);
      g_assert_cmpint (failure->certainty, ==, codes[i].certainty);
      g_assert_cmpint (begun->certainty, ==, A);
      g_assert_cmpint (unsent->certainty, ==, N);
      g_assert_cmpuint (failure->close_code, ==, codes[i].code);
      g_assert_cmpstr (failure->detail, !=, "");
      g_assert_cmpstr (begun->detail, ==, failure->detail);
      g_assert_cmpstr (unsent->detail, ==, failure->detail);
    }
  g_assert_cmpstr (reason->detail, ==, "Out of \xef\xbf\xbd biscuits");
  g_assert_cmpint (inactive->code, ==, BOBBIN_ERROR_INACTIVE);
}

static void
test_statuses (void)
{
  static const struct
  {
    guint status;
    const char *retry_after;
    BobbinErrorCode error;
    BobbinCertainty certainty;
    gint64 retry_ms;
  } statuses[] = {
    { 400, NULL, BOBBIN_ERROR_INVALID, R, -1 },       { 401, NULL, BOBBIN_ERROR_AUTH, R, -1 },
    { 402, NULL, BOBBIN_ERROR_CREDITS, R, -1 },       { 403, NULL, BOBBIN_ERROR_FORBIDDEN, R, -1 },
    { 404, NULL, BOBBIN_ERROR_NOT_FOUND, R, -1 },     { 408, NULL, BOBBIN_ERROR_TIMED_OUT, U, -1 },
    { 413, NULL, BOBBIN_ERROR_TOO_LARGE, R, -1 },     { 422, NULL, BOBBIN_ERROR_INVALID, R, -1 },
    { 426, NULL, BOBBIN_ERROR_NOT_SUPPORTED, R, -1 }, { 429, NULL, BOBBIN_ERROR_RATE_LIMITED, R, -1 },
    { 429, "5", BOBBIN_ERROR_RATE_LIMITED, R, 5000 }, { 500, NULL, BOBBIN_ERROR_SERVER, U, -1 },
    { 502, NULL, BOBBIN_ERROR_SERVER, U, -1 },        { 503, NULL, BOBBIN_ERROR_SERVER, U, -1 },
    { 503, "2", BOBBIN_ERROR_RATE_LIMITED, R, 2000 }, { 504, NULL, BOBBIN_ERROR_SERVER, U, -1 },
    { 301, NULL, BOBBIN_ERROR_PROTOCOL, R, -1 },      { 302, NULL, BOBBIN_ERROR_PROTOCOL, R, -1 },
    { 418, NULL, BOBBIN_ERROR_FAILED, R, -1 },        { 599, NULL, BOBBIN_ERROR_SERVER, U, -1 },
    { 200, NULL, BOBBIN_ERROR_PROTOCOL, R, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_nebelus_failure_from_http (statuses[i].status,
                                                                           statuses[i].retry_after, NULL, 0, 0);

      g_assert_cmpint (failure->code, ==, statuses[i].error);
      g_assert_cmpint (failure->certainty, ==, statuses[i].certainty);
      g_assert_cmpuint (failure->http_status, ==, statuses[i].status);
      g_assert_cmpint (failure->retry_after_ms, ==, statuses[i].retry_ms);
      g_assert_nonnull (failure->detail);
    }
}

/* detail, else error (a string or its message), else our words; never the raw body. */
static void
test_bodies (void)
{
  static const struct { const char *body; const char *detail; } bodies[] = {
    { "{\"detail\":\"No such agent\",\"error\":\"x\"}", "No such agent" },
    { "{\"error\":\"Wrong key\"}", "Wrong key" },
    { "{\"error\":{\"message\":\"Wrong org\"}}", "Wrong org" },
    { "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\"}]}", "field required" },
    { "{\"message\":\"Plain\"}", "Plain" },
    { "{\"detail\":7}", "Bad request" },
    { "{\"detail\":{\"a\":1},\"error\":[]}", "Bad request" },
    { "{\"detail\":\"  \"}", "Bad request" },
    { "<html><title>403</title></html>", "Bad request" },
    { "", "Bad request" },
    { "[]", "Bad request" },
  };
  g_autoptr(GString) longer = g_string_new ("{\"detail\":\"");
  g_autoptr(BobbinFailure) shortened = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_nebelus_failure_from_http (400, NULL, bodies[i].body,
                                                                           strlen (bodies[i].body), 0);

      g_assert_cmpstr (failure->detail, ==, bodies[i].detail);
    }
  for (guint i = 0; i < 100000; i++)
    g_string_append (longer, "é");
  g_string_append (longer, "\"}");
  shortened = bobbin_nebelus_failure_from_http (400, NULL, longer->str, longer->len, 0);
  g_assert_cmpint (g_utf8_strlen (shortened->detail, -1), <, 600);
  g_assert_true (g_utf8_validate (shortened->detail, -1, NULL));
}

static void
test_retry_after (void)
{
  const gint64 now_us = G_GINT64_CONSTANT (784111777) * G_USEC_PER_SEC; /* Sun, 06 Nov 1994 08:49:37 GMT */
  static const struct { const char *value; gint64 ms; } values[] = {
    { NULL, -1 },
    { "", -1 },
    { "0", 0 },
    { " 30 ", 30000 },
    { "1.5", 1500 },
    { "-1", -1 },
    { "soon", -1 },
    { "5 seconds", -1 },
    { "99999999999999999999", 86400000 },
    { "nan", -1 },
    { "Sun, 06 Nov 1994 08:49:47 GMT", 10000 },
    { "Sun, 06 Nov 1994 08:49:27 GMT", 0 },
    { "Sun, 06 Nov 2094 08:49:27 GMT", 86400000 },
    { "Sun, 06 Xyz 1994 08:49:47 GMT", -1 },
    { "Sun, 06 anF 1994 08:49:47 GMT", -1 },
    { "Sun, 36 Nov 1994 08:49:47 GMT", -1 },
    { "Sun, 06 Nov 1994 08:49", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpint (bobbin_nebelus_parse_retry_after (values[i].value, now_us), ==, values[i].ms);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nebelus-errors/types", test_types);
  g_test_add_func ("/wire/nebelus-errors/closes", test_closes);
  g_test_add_func ("/wire/nebelus-errors/statuses", test_statuses);
  g_test_add_func ("/wire/nebelus-errors/bodies", test_bodies);
  g_test_add_func ("/wire/nebelus-errors/retry-after", test_retry_after);

  return g_test_run ();
}
