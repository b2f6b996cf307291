/* The segmenter: what a text is cut into, and that it does not matter how it arrives. */
#include "config.h"

#include "ui/transcript/bobbin-segmenter.h"

#include <string.h>

/* "P hello|C python: x" */
static char *
dump (BobbinSegmenter *segmenter,
      const char      *text)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < bobbin_segmenter_get_n (segmenter); i++)
    {
      const BobbinSegment *segment = bobbin_segmenter_get (segmenter, i);

      g_string_append_printf (out, "%s%s%s%s%s %.*s", i > 0 ? "|" : "", segment->kind == BOBBIN_SEGMENT_CODE ? "C" : "P",
                              segment->continues ? "+" : "", segment->info != NULL ? " " : "",
                              segment->info != NULL ? segment->info : "", (int) (segment->end - segment->start),
                              text + segment->start);
    }

  return g_string_free (out, FALSE);
}

static const struct { const char *text; const char *expected; } cases[] = {
  { "", "" },
  { "\n\n  \n", "" },
  { "one", "P one" },
  { "one\ntwo\n\nthree\n", "P one\ntwo|P three" },
  { "a\n```python\nx = 1\n\ny\n```\nb", "P a|C python x = 1\n\ny|P b" },
  { "```\nx\n```", "C x" },
  { "```\n```", "C " },
  { "~~~ sh\n```\n~~~", "C sh ```" },
  { "```{.rust}\nx", "C rust x" },
  { "````\n```\n````", "C ```" },
  { "1. list\n   ```c\n   x\n   ```\n", "P 1. list|C c    x" },
  { "```inline``` code", "P ```inline``` code" },
  { "`` ` ``\n", "P `` ` ``" },
  { "a\r\n\r\nb\r\n", "P a|P b" },
  { "```\nopen for ever", "C open for ever" },
  { "ümlaut\n\n```é\nñ\n```", "P ümlaut|C é ñ" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BobbinSegmenter) segmenter = bobbin_segmenter_new (BOBBIN_GRAMMAR_FENCES, NULL);
      g_autofree char *found = NULL;

      bobbin_segmenter_feed (segmenter, cases[i].text, strlen (cases[i].text), TRUE);
      found = dump (segmenter, cases[i].text);
      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

/* Byte by byte: the same in the end, and a segment that is not the last stays as it is. */
static void
check_streaming (const char *text)
{
  gsize length = strlen (text);
  g_autoptr(BobbinSegmenter) whole = bobbin_segmenter_new (BOBBIN_GRAMMAR_FENCES, NULL);
  g_autoptr(BobbinSegmenter) parts = bobbin_segmenter_new (BOBBIN_GRAMMAR_FENCES, NULL);
  g_autoptr(GArray) frozen = g_array_new (FALSE, FALSE, sizeof (BobbinSegment));
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  for (gsize i = 0; i <= length; i++)
    {
      guint changed = bobbin_segmenter_feed (parts, text, i, i == length);
      guint n = bobbin_segmenter_get_n (parts);

      g_assert_cmpuint (changed, <=, n);
      for (guint k = 0; k < MIN (frozen->len, n > 0 ? n - 1 : 0); k++)
        {
          const BobbinSegment *before = &g_array_index (frozen, BobbinSegment, k);
          const BobbinSegment *now = bobbin_segmenter_get (parts, k);

          g_assert_cmpuint (before->start, ==, now->start);
          g_assert_cmpuint (before->end, ==, now->end);
          g_assert_cmpint (before->kind, ==, now->kind);
          g_assert_cmpuint (before->n_lines, ==, now->n_lines);
        }
      for (guint k = frozen->len; k + 1 < n; k++)
        g_array_append_vals (frozen, bobbin_segmenter_get (parts, k), 1);
      for (guint k = 0; k < n; k++)
        g_assert_cmpuint (bobbin_segmenter_get (parts, k)->end, <=, i);
    }

  bobbin_segmenter_feed (whole, text, length, TRUE);
  expected = dump (whole, text);
  found = dump (parts, text);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_every_prefix (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_streaming (cases[i].text);
}

/* A fence that is only half there is not shown as text. */
static void
test_held_back (void)
{
  const char *text = "a\n```py";
  g_autoptr(BobbinSegmenter) segmenter = bobbin_segmenter_new (BOBBIN_GRAMMAR_FENCES, NULL);

  for (gsize i = 3; i <= strlen (text); i++)
    {
      g_autofree char *found = NULL;

      bobbin_segmenter_feed (segmenter, text, i, FALSE);
      found = dump (segmenter, text);
      g_assert_cmpstr (found, ==, "P a");
    }
}

static char *
long_line (gsize length,
           gsize space_every)
{
  GString *line = g_string_new (NULL);

  while (line->len < length)
    g_string_append (line, line->len % space_every == space_every - 1 ? " " : "x");

  return g_string_free (line, FALSE);
}

static void
check_bounded (const char *text)
{
  g_autoptr(BobbinSegmenter) segmenter = bobbin_segmenter_new (BOBBIN_GRAMMAR_FENCES, NULL);
  gsize length = strlen (text);
  gsize shown = 0;

  bobbin_segmenter_feed (segmenter, text, length, TRUE);
  for (guint i = 0; i < bobbin_segmenter_get_n (segmenter); i++)
    {
      const BobbinSegment *segment = bobbin_segmenter_get (segmenter, i);

      g_assert_cmpuint (segment->end - segment->start, <=, BOBBIN_SEGMENT_MAX);
      g_assert_true (g_utf8_validate (text + segment->start, segment->end - segment->start, NULL));
      g_assert_cmpint (segment->continues, ==, i > 0);
      shown += segment->end - segment->start;
    }
  g_assert_cmpuint (shown, >=, length - bobbin_segmenter_get_n (segmenter));
}

static void
test_long (void)
{
  g_autofree char *words = long_line (200000, 7);
  g_autofree char *word = long_line (200000, 1000000);
  g_autoptr(GString) wide = g_string_new (NULL);
  g_autoptr(GString) lines = g_string_new (NULL);

  while (wide->len < 100000)
    g_string_append (wide, "漢");
  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (lines, "line %u\n", i);

  check_bounded (words);
  check_bounded (word);
  check_bounded (wide->str);
  check_bounded (lines->str);
}

/* The same cuts when a long line arrives in pieces. */
static void
test_long_streamed (void)
{
  g_autofree char *line = long_line (100000, 9);
  g_autofree char *text = g_strconcat (line, "\nand after it\n\nend", NULL);
  gsize length = strlen (text);
  g_autoptr(BobbinSegmenter) whole = bobbin_segmenter_new (BOBBIN_GRAMMAR_FENCES, NULL);
  g_autoptr(BobbinSegmenter) parts = bobbin_segmenter_new (BOBBIN_GRAMMAR_FENCES, NULL);
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  for (gsize i = 0; i < length; i += 777)
    bobbin_segmenter_feed (parts, text, i, FALSE);
  bobbin_segmenter_feed (parts, text, length, TRUE);
  bobbin_segmenter_feed (whole, text, length, TRUE);
  expected = dump (whole, text);
  found = dump (parts, text);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_code (void)
{
  g_autoptr(BobbinSegmenter) segmenter = bobbin_segmenter_new (BOBBIN_GRAMMAR_CODE, "c");
  const char *text = "int x;\n\n```\nend";
  g_autofree char *found = NULL;

  bobbin_segmenter_feed (segmenter, text, 3, FALSE);
  bobbin_segmenter_feed (segmenter, text, strlen (text), TRUE);
  found = dump (segmenter, text);
  g_assert_cmpstr (found, ==, "C c int x;\n\n```\nend");
  g_assert_cmpuint (bobbin_segmenter_get (segmenter, 0)->n_lines, ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transcript/segmenter/cases", test_cases);
  g_test_add_func ("/transcript/segmenter/every-prefix", test_every_prefix);
  g_test_add_func ("/transcript/segmenter/held-back", test_held_back);
  g_test_add_func ("/transcript/segmenter/long", test_long);
  g_test_add_func ("/transcript/segmenter/long-streamed", test_long_streamed);
  g_test_add_func ("/transcript/segmenter/code", test_code);

  return g_test_run ();
}
