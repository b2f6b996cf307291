#include "config.h"
#include "wire/bobbin-ndjson-parser.h"

#include "util/bobbin-error.h"

#include <string.h>

/* "object;" for each object, "!nick;" for each error. */
static void
take (BobbinNdjsonParser *parser,
      GString            *out)
{
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      const char *text;
      gsize length;

      if (bobbin_ndjson_parser_next (parser, &text, &length, &error))
        {
          g_assert_cmpuint (strlen (text), ==, length);
          g_assert_true (g_utf8_validate (text, -1, NULL));
          g_string_append_printf (out, "%s;", text);
        }
      else if (error != NULL)
        {
          g_assert_true (error->domain == BOBBIN_ERROR);
          g_string_append_printf (out, "!%s;", bobbin_error_code_nick ((BobbinErrorCode) error->code));
        }
      else
        return;
    }
}

static char *
parse (const char *input,
       gsize       length,
       gsize       split,
       gsize       piece,
       gsize       max)
{
  g_autoptr(BobbinNdjsonParser) parser = bobbin_ndjson_parser_new (max);
  GString *out = g_string_new (NULL);
  gsize pos = 0;

  while (pos < length)
    {
      gsize n = piece > 0 ? MIN (piece, length - pos) : pos < split ? split : length - pos;

      bobbin_ndjson_parser_feed (parser, input + pos, n);
      take (parser, out);
      pos += n;
    }
  bobbin_ndjson_parser_finish (parser);
  take (parser, out);

  return g_string_free (out, FALSE);
}

static void
assert_parses (const char *input,
               gsize       length,
               gsize       max,
               const char *expected)
{
  for (gsize split = 0; split < length; split++)
    {
      g_autofree char *got = parse (input, length, split, 0, max);

      g_assert_cmpstr (got, ==, expected);
    }
  for (gsize piece = 1; piece <= 3; piece++)
    {
      g_autofree char *got = parse (input, length, 0, piece, max);

      g_assert_cmpstr (got, ==, expected);
    }
}

static void
test_table (void)
{
  static const struct { const char *input; gsize length; const char *expected; } cases[] = {
#define CASE(input, expected) { input, sizeof input - 1, expected }
    CASE ("{\"a\":1}\n{\"b\":2}\n", "{\"a\":1};{\"b\":2};"),
    CASE ("{\"a\":1}{\"b\":{\"c\":{}}}{}", "{\"a\":1};{\"b\":{\"c\":{}}};{};"),
    CASE ("{\"a\":1}\r\n\r\n \t{\"b\":2}", "{\"a\":1};{\"b\":2};"),
    CASE ("{\"a\":\"}{\\\"}\\\\\"}{\"b\":2}", "{\"a\":\"}{\\\"}\\\\\"};{\"b\":2};"),
    CASE ("{\n \"a\": [\n  {}\n ]\n}\n", "{\n \"a\": [\n  {}\n ]\n};"),
    CASE ("[{\"a\":1},\n{\"b\":2}]\n", "{\"a\":1};{\"b\":2};"),
    CASE (": ping {\n{\"a\":1}\n:\n\n", "{\"a\":1};"),
    CASE ("data: {\"a\":1}\n\ndata:{\"b\":2}\n", "{\"a\":1};{\"b\":2};"),
    CASE ("{\"a\":\"h\xc3\xa9\xe2\x80\xa8\xc2\x85\"}\n", "{\"a\":\"h\xc3\xa9\xe2\x80\xa8\xc2\x85\"};"),
    CASE ("{\"a\":\"\xff\"}\n", "{\"a\":\"\xef\xbf\xbd\"};"),
    CASE ("{\"a\":\"x\0y\"}\n", "{\"a\":\"x\xef\xbf\xbdy\"};"),
    CASE ("", ""),
    CASE ("\n\n", ""),
    /* what is no object costs its line, or itself */
    CASE ("oops\n{\"a\":1}\n", "!protocol;{\"a\":1};"),
    CASE ("oops {\"a\":1}\n", "!protocol;{\"a\":1};"),
    CASE ("dat\n{\"a\":1}\ndatx{\"b\":1}", "!protocol;{\"a\":1};!protocol;{\"b\":1};"),
    CASE ("}}\n{\"a\":1}", "!protocol;{\"a\":1};"),
    CASE ("event: x\ndata: {\"a\":1}\n", "!protocol;{\"a\":1};"),
    CASE ("{\"a\":\"broken\n{\"b\":2}\n", "!protocol;{\"b\":2};"),
    CASE ("{\"a\":\"broken\\\n{\"b\":2}\n", "!protocol;{\"b\":2};"),
    /* the end */
    CASE ("{\"a\":1}{\"b\":", "{\"a\":1};!network;"),
    CASE ("{\"a\":1}{\"b\":\"", "{\"a\":1};!network;"),
    CASE ("{\"a\":1}\ntail", "{\"a\":1};!protocol;"),
    CASE ("{\"a\":1}\nda", "{\"a\":1};!protocol;"),
#undef CASE
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_parses (cases[i].input, cases[i].length, 0, cases[i].expected);
}

static void
test_limit (void)
{
  static const struct { const char *input; const char *expected; } cases[] = {
    { "{\"a\":1234}{\"b\":2}", "{\"a\":1234};{\"b\":2};" },
    { "{\"a\":12345}{\"b\":2}\n", "!too-large;{\"b\":2};" },
    { "{\"a\":\"123456}{\"}{\"b\":2}\n", "!too-large;{\"b\":2};" },
    { "{\"a\":{\"x\":{\"y\":{}}}}{\"b\":2}\n", "!too-large;{\"b\":2};" },
    { "{\"a\":123456789", "!network;" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_parses (cases[i].input, strlen (cases[i].input), 10, cases[i].expected);
}

/* Half a million braces: counted, not recursed into, and in linear time. */
static void
test_deep (void)
{
  g_autoptr(BobbinNdjsonParser) parser = bobbin_ndjson_parser_new (0);
  g_autofree char *open = g_strnfill (500000, '{');
  g_autofree char *close = g_strnfill (500000, '}');
  const char *text;
  gsize length;

  for (gsize i = 0; i < 500000; i += 100)
    {
      bobbin_ndjson_parser_feed (parser, open + i, 100);
      g_assert_false (bobbin_ndjson_parser_next (parser, &text, &length, NULL));
    }
  bobbin_ndjson_parser_feed (parser, close, 500000);
  g_assert_true (bobbin_ndjson_parser_next (parser, &text, &length, NULL));
  g_assert_cmpuint (length, ==, 1000000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/ndjson-parser/table", test_table);
  g_test_add_func ("/wire/ndjson-parser/limit", test_limit);
  g_test_add_func ("/wire/ndjson-parser/deep", test_deep);

  return g_test_run ();
}
