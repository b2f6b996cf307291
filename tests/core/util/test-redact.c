#include "config.h"

#include "util/bobbin-redact.h"

#include <string.h>

static void
test_known (void)
{
  const char *secret = "p@ss/word+1 é";
  g_autofree char *base64 = g_base64_encode ((const guchar *) secret, strlen (secret));
  g_autofree char *text = g_strdup_printf ("raw %s, base64 %s, escaped p%%40ss%%2Fword%%2B1%%20%%C3%%A9.", secret, base64);
  g_autofree char *clean = NULL;

  bobbin_redact_add_secret (NULL);
  bobbin_redact_add_secret ("");
  bobbin_redact_add_secret ("abc"); /* too short: would shred words */
  bobbin_redact_add_secret (secret);
  bobbin_redact_add_secret (secret);
  clean = bobbin_redact (text);
  g_assert_cmpstr (clean, ==, "raw [redacted], base64 [redacted], escaped [redacted].");
}

static void
test_looks (void)
{
  static const struct { const char *text; const char *expected; } cases[] = {
    { "", "" },
    { "plain text stays", "plain text stays" },
    { "abc is too short", "abc is too short" },
    { "key sk-ns-org-EXAMPLE1234 end", "key [redacted] end" },
    { "task-oriented risk-based ask-me-anything-now", "task-oriented risk-based ask-me-anything-now" },
    { "Authorization: Bearer abc\nNext: x", "Authorization: [redacted]\nNext: x" },
    { "> authorization: abc", "> authorization: [redacted]" },
    { "\"Authorization\": \"x\"", "\"Authorization\": [redacted]" },
    { "X-API-Key: 1234", "X-API-Key: [redacted]" },
    { "astra-api-token: AstraCS:xyz", "astra-api-token: [redacted]" },
    { "Set-Cookie: sid=1; Path=/", "Set-Cookie: [redacted]" },
    { "sent Bearer eyJhbGciOi.eyJzdWIi.abc-_= ok", "sent Bearer [redacted] ok" },
    { "GET wss://h/ws?api_key=secret&x=1", "GET wss://h/ws?api_key=[redacted]&x=1" },
    { "GET /a?x=1&token=abc#frag", "GET /a?x=1&token=[redacted]#frag" },
    { "?access_token=a b", "?access_token=[redacted] b" },
    { "{\"api_key\":\"a\\\"b\",\"x\":1}", "{\"api_key\":[redacted],\"x\":1}" },
    { "https://me:pw@host/", "https://[redacted]@host/" },
    { "https://host:80/a@b", "https://host:80/a@b" },
    { "Sec-WebSocket-Protocol: agentflow-bearer, tok", "Sec-WebSocket-Protocol: [redacted]" },
    { "é 🎉 Bearer 12345678é", "é 🎉 Bearer [redacted]é" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = bobbin_redact (cases[i].text);

      g_assert_cmpstr (clean, ==, cases[i].expected);
      g_assert_true (g_utf8_validate (clean, -1, NULL));
    }
}

/* A log line may be a whole frame, valid or not. */
static void
test_large (void)
{
  g_autofree char *many = g_strnfill (1000000, 'a');
  g_autofree char *clean = NULL;
  g_autofree char *invalid = bobbin_redact ("\xff Bearer 123456789 \xfe");

  memcpy (many + 500000, " sk-abcdefghijklm ", 18);
  clean = bobbin_redact (many);
  g_assert_null (strstr (clean, "abcdefghijklm"));
  g_assert_null (strstr (invalid, "123456789"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/redact/known", test_known);
  g_test_add_func ("/redact/looks", test_looks);
  g_test_add_func ("/redact/large", test_large);

  return g_test_run ();
}
