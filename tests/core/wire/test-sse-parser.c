#include "config.h"
#include "wire/bobbin-sse-parser.h"

#include "util/bobbin-error.h"

#include <string.h>

/* Takes what the parser has: "name|data;" for each event, "!" for one dropped as too large. */
static void
take (BobbinSseParser *parser,
      GString         *out)
{
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      BobbinSseEvent event;

      if (bobbin_sse_parser_next (parser, &event, &error))
        {
          g_assert_cmpuint (strlen (event.data), ==, event.length);
          g_assert_true (g_utf8_validate (event.data, -1, NULL));
          g_string_append_printf (out, "%s|%s;", event.name != NULL ? event.name : "", event.data);
        }
      else if (error != NULL)
        {
          g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE);
          g_string_append_c (out, '!');
        }
      else
        return;
    }
}

/* Feeds @input in pieces: of @piece bytes, or two cut at @split. */
static char *
parse (const char *input,
       gsize       length,
       gsize       split,
       gsize       piece,
       gsize       max)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (max);
  GString *out = g_string_new (NULL);
  gsize pos = 0;

  while (pos < length)
    {
      gsize n = piece > 0 ? MIN (piece, length - pos) : pos < split ? split : length - pos;

      bobbin_sse_parser_feed (parser, input + pos, n);
      take (parser, out);
      pos += n;
    }
  bobbin_sse_parser_finish (parser);
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

static const struct { const char *input; gsize length; const char *expected; } cases[] = {
#define CASE(input, expected) { input, sizeof input - 1, expected }
  CASE ("event: a\ndata: 1\n\n", "a|1;"),
  CASE ("event: a\r\ndata: 1\r\n\r\nevent: b\r\ndata: 2\r\n\r\n", "a|1;b|2;"),
  CASE ("event: a\rdata: 1\r\revent: b\rdata: 2\r\r", "a|1;b|2;"),
  CASE ("event: a\ndata: 1\r\n\ndata: 2\r\r\n", "a|1;|2;"),
  CASE ("data:1\n\n", "|1;"),
  CASE ("data:  1 \n\n", "| 1 ;"),
  CASE ("data: 1\ndata: 2\ndata\ndata: 4\n\n", "|1\n2\n\n4;"),
  CASE (": ping\n\n: ping\ndata: 1\n: x\n\n", "|1;"),
  CASE ("id: 7\nretry: 10\ndata: 1\nid\n\nid: 8\n\n", "|1;"),
  CASE ("\xef\xbb\xbf" "data: 1\n\n", "|1;"),
  CASE ("data: 1\n\n\xef\xbb\xbf" "data: 2\n\ndata: 3\n\n", "|1;|3;"),
  CASE ("event: a\ndata: 1", "a|1;"),
  CASE ("event: a\ndata: 1\n", "a|1;"),
  CASE ("event: a\n\n", "a|;"),
  CASE ("\n\n\n", ""),
  CASE ("", ""),
  CASE ("event:\ndata: 1\n\n", "|1;"),
  CASE ("event: a\nevent: b\ndata: 1\n\n", "b|1;"),
  CASE ("nonsense\nx: y\ndata: 1\n\n", "|1;"),
  CASE ("data: a:b: c\n\n", "|a:b: c;"),
  CASE ("data: h\xc3\xa9 \xf0\x9f\x8e\x89\n\n", "|h\xc3\xa9 \xf0\x9f\x8e\x89;"),
  CASE ("data: \xff\xc3\n\n", "|\xef\xbf\xbd\xef\xbf\xbd;"),
  CASE ("data: a\0b\n\n", "|a\xef\xbf\xbd" "b;"),
  CASE ("event: \xff\ndata: 1\n\n", "\xef\xbf\xbd|1;"),
  /* U+2028, U+0085: no line ends here */
  CASE ("data: a\xe2\x80\xa8" "b\xc2\x85" "c\n\n", "|a\xe2\x80\xa8" "b\xc2\x85" "c;"),
  CASE ("{\"a\":1}\n{\"b\":2}\n", "|{\"a\":1};|{\"b\":2};"),
  CASE ("data: 1\n{\"a\":1}\r\n\r\ndata: 2\n\n", "|1;|{\"a\":1};|2;"),
  CASE ("data: 1\n{\"a\":1}", "|1;|{\"a\":1};"),
  CASE ("data: [DONE]\n\n", "|[DONE];"),
#undef CASE
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_parses (cases[i].input, cases[i].length, 0, cases[i].expected);
}

static void
test_limits (void)
{
  static const struct { const char *input; const char *expected; } limits[] = {
    { "data: 1234567\n\ndata: 1\n\n", "!|1;" },                    /* a line above 10 bytes */
    { "data: 1234\n\n", "|1234;" },                                 /* exactly 10 */
    { "data: 12345\n\n", "!" },
    { "data:123\ndata:456\ndata:7890123\n\ndata:4\n\n", "!|4;" },
    { "data:12345\ndata:67890\ndata:1\ndata:2\n\ndata:4\n\n", "!|4;" },
    { "event:aaaaaaaaaaaaaaaaaaaaaaaa\ndata:1\n\ndata:2\n\n", "!|2;" },
    { ":aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\ndata:1\n\ndata:2\n\n", "!|2;" },
    { "data:1\n\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "|1;!" },
    { "xxxxxxxxxxxxxxxxxxxxx\rdata:1\r\rdata:2\r\r", "!|2;" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    assert_parses (limits[i].input, strlen (limits[i].input), 10, limits[i].expected);
}

static void
test_free_early (void)
{
  BobbinSseParser *parser = bobbin_sse_parser_new (0);
  BobbinSseEvent event;

  bobbin_sse_parser_feed (parser, "data: 1\n\ndata: 2\n\nda", 20);
  g_assert_true (bobbin_sse_parser_next (parser, &event, NULL));
  bobbin_sse_parser_free (parser);
  bobbin_sse_parser_free (NULL);
}

/* Feeds @n_events fed in pieces of @piece; @line_end between. Returns: seconds. */
static double
time_feed (gsize       n_events,
           gsize       piece,
           const char *line_end)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(GString) input = g_string_new (NULL);
  g_autoptr(GTimer) timer = NULL;
  BobbinSseEvent event;
  gsize n = 0;

  for (gsize i = 0; i < n_events; i++)
    g_string_append_printf (input, "data: %06" G_GSIZE_FORMAT "%s%s", i, line_end, line_end);
  timer = g_timer_new ();
  for (gsize pos = 0; pos < input->len; pos += piece)
    {
      bobbin_sse_parser_feed (parser, input->str + pos, MIN (piece, input->len - pos));
      while (bobbin_sse_parser_next (parser, &event, NULL))
        n++;
    }
  g_assert_cmpuint (n, ==, n_events);

  return g_timer_elapsed (timer, NULL);
}

/* The cost is that of the bytes, whatever the line ends and the pieces: were it that of the buffer, this would
 * take minutes. */
static void
test_linear (void)
{
  g_assert_cmpfloat (time_feed (200000, G_MAXSSIZE / 2, "\n"), <, 5);
  g_assert_cmpfloat (time_feed (200000, G_MAXSSIZE / 2, "\r"), <, 5);
  g_assert_cmpfloat (time_feed (200000, G_MAXSSIZE / 2, "\r\n"), <, 5);
  g_assert_cmpfloat (time_feed (100000, 7, "\n"), <, 5);
}

/* One long line in small pieces is looked at once, too. */
static void
test_linear_line (void)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autofree char *piece = g_strnfill (100, 'x');
  g_autoptr(GTimer) timer = g_timer_new ();
  BobbinSseEvent event;

  bobbin_sse_parser_feed (parser, "data: ", 6);
  for (gsize i = 0; i < 100000; i++)
    {
      bobbin_sse_parser_feed (parser, piece, 100);
      g_assert_false (bobbin_sse_parser_next (parser, &event, NULL));
    }
  bobbin_sse_parser_feed (parser, "\n\n", 2);
  g_assert_true (bobbin_sse_parser_next (parser, &event, NULL));
  g_assert_cmpuint (event.length, ==, 10000000);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/sse-parser/table", test_table);
  g_test_add_func ("/wire/sse-parser/limits", test_limits);
  g_test_add_func ("/wire/sse-parser/free-early", test_free_early);
  g_test_add_func ("/wire/sse-parser/linear", test_linear);
  g_test_add_func ("/wire/sse-parser/linear-line", test_linear_line);

  return g_test_run ();
}
