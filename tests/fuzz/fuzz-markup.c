/* Markdown and formulas. */
#include "config.h"
#include "fuzz.h"

#include "markup-dump.h"
#include "markup/bobbin-markup-write.h"
#include "markup/bobbin-math-scan.h"
#include "markup/bobbin-math-tree.h"
#include "util/bobbin-snippet.h"

#include <math.h>
#include <string.h>

static void
check_block (const BobbinMarkupBlock *block,
             const char              *source,
             gsize                    length,
             gsize                    before)
{
  const char *text = bobbin_markup_block_get_text (block, source);
  guint at = 0;

  g_assert_cmpuint (block->start, >=, before);
  g_assert_cmpuint (block->end, >=, block->start);
  g_assert_cmpuint (block->end, <=, length);
  g_assert_true (g_utf8_validate (text, block->length, NULL));
  fuzz_check_valid (block->info);
  for (guint i = 0; block->runs != NULL && i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);

      g_assert_true (run->start >= at && run->end >= run->start && run->end <= block->length);
      g_assert_true (g_utf8_validate (text + run->start, run->end - run->start, NULL));
      fuzz_check_valid (bobbin_markup_block_target (block, run));
      at = run->end;
    }
  for (guint i = 0; block->cells != NULL && i < block->cells->len; i++)
    {
      const BobbinMarkupCell *cell = &g_array_index (block->cells, BobbinMarkupCell, i);

      g_assert_true (cell->end >= cell->start && cell->end <= block->length);
    }
  for (guint drawn = 0; drawn <= block->length; drawn += 1 + block->length / 50)
    {
      gsize place = bobbin_markup_block_to_source (block, drawn);

      g_assert_true (place >= block->start && place <= block->end);
      g_assert_cmpuint (bobbin_markup_block_to_drawn (block, place), <=, block->length);
    }
}

/* Every address in it is one that may be followed; nothing else of HTML came through. */
static void
check_html (const char *html)
{
  fuzz_check_valid (html);
  for (const char *at = strstr (html, "<a href=\""); at != NULL; at = strstr (at + 1, "<a href=\""))
    {
      const char *address = at + strlen ("<a href=\"");

      g_assert_true (g_ascii_strncasecmp (address, "http:", 5) == 0 || g_ascii_strncasecmp (address, "https:", 6) == 0
                     || g_ascii_strncasecmp (address, "mailto:", 7) == 0 || *address == '#');
    }
  g_assert_null (strstr (html, "<script"));
  g_assert_null (strstr (html, "<img"));
  g_assert_null (strstr (html, "<iframe"));
}

static void
check_written (BobbinMarkup *document,
               const char   *text,
               gsize         length)
{
  gsize from = length / 3;
  gsize to = length - length / 5;

  while (from > 0 && (text[from] & 0xc0) == 0x80)
    from--;
  while (to < length && (text[to] & 0xc0) == 0x80)
    to++;
  for (BobbinMarkupFormat format = BOBBIN_MARKUP_TO_TEXT; format <= BOBBIN_MARKUP_TO_HTML; format++)
    {
      g_autofree char *all = bobbin_markup_write (document, format, text, length, 0, length);
      g_autofree char *part = bobbin_markup_write (document, format, text, length, from, to);

      fuzz_check_valid (all);
      fuzz_check_valid (part);
      if (format == BOBBIN_MARKUP_TO_HTML)
        {
          check_html (all);
          check_html (part);
        }
    }
}

void
fuzz_markup (const guint8 *data,
             gsize         length)
{
  FuzzInput input;
  BobbinMarkupFlavour flavour;
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;
  g_autofree char *snippet = NULL;
  g_autoptr(BobbinMarkup) whole = NULL;
  g_autoptr(BobbinMarkup) parts = NULL;
  gsize before = 0;
  gsize size;

  fuzz_read_input (&input, data, length);
  flavour = input.mode & 1 ? BOBBIN_MARKUP_STRICT : BOBBIN_MARKUP_EXTENDED;
  text = fuzz_dup_text (&input);
  size = strlen (text);
  whole = bobbin_markup_new (flavour);
  parts = bobbin_markup_new (flavour);
  bobbin_markup_feed (whole, text, size, TRUE);
  for (guint i = 0; i < bobbin_markup_get_n (whole); i++)
    {
      check_block (bobbin_markup_get (whole, i), text, size, before);
      before = bobbin_markup_get (whole, i)->end;
    }
  for (guint i = 0; i < input.n_cuts; i++)
    {
      gsize cut = MIN (input.cuts[i], size);
      g_autofree char *prefix = NULL;

      while (cut > 0 && (text[cut] & 0xc0) == 0x80)
        cut--;
      prefix = g_strndup (text, cut);
      bobbin_markup_feed (parts, prefix, cut, FALSE);
      before = 0;
      for (guint n = 0; n < bobbin_markup_get_n (parts); n++)
        {
          check_block (bobbin_markup_get (parts, n), prefix, cut, before);
          before = bobbin_markup_get (parts, n)->end;
        }
    }
  bobbin_markup_feed (parts, text, size, TRUE);
  expected = markup_dump (whole, text);
  found = markup_dump (parts, text);
  g_assert_cmpstr (found, ==, expected);
  check_written (whole, text, size);
  snippet = bobbin_snippet_new (text);
  fuzz_check_valid (snippet);
  g_assert_true (snippet == NULL || g_utf8_strlen (snippet, -1) <= 160);
}

static void
check_node (const BobbinMathNode *node,
            guint                 depth)
{
  g_assert_cmpuint (depth, <, 4 * BOBBIN_MATH_DEPTH_MAX);
  for (; node != NULL; node = node->next)
    {
      fuzz_check_valid (node->text);
      fuzz_check_valid (node->open);
      fuzz_check_valid (node->close);
      g_assert_true (isfinite (node->amount));
      check_node (node->a, depth + 1);
      check_node (node->b, depth + 1);
      check_node (node->c, depth + 1);
      check_node (node->first, depth + 1);
    }
}

static void
check_scan (const char *text,
            gsize       length,
            gsize       cut)
{
  g_autoptr(GArray) spans = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));
  g_autoptr(GArray) early = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));
  g_autofree char *prefix = g_strndup (text, cut);
  gsize before = 0;

  g_assert_cmpuint (bobbin_math_scan (text, 0, length, TRUE, spans), ==, length);
  g_assert_cmpuint (bobbin_math_scan (prefix, 0, cut, FALSE, early), <=, cut);
  g_assert_cmpuint (early->len, <=, spans->len);
  for (guint i = 0; i < spans->len; i++)
    {
      const BobbinMathSpan *span = &g_array_index (spans, BobbinMathSpan, i);
      g_autofree char *tex = bobbin_math_span_dup_tex (text, span);

      fuzz_check_valid (tex);
      g_assert_true (span->start >= before && span->tex_start >= span->start && span->tex_end >= span->tex_start
                     && span->end >= span->tex_end && span->end <= length);
      before = span->end;
      if (i < early->len)
        {
          const BobbinMathSpan *same = &g_array_index (early, BobbinMathSpan, i);

          g_assert_true (same->start == span->start && same->end == span->end && same->display == span->display);
        }
    }
}

void
fuzz_math (const guint8 *data,
           gsize         length)
{
  FuzzInput input;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  g_autoptr(BobbinMathTree) tree = NULL;
  gsize size, cut;

  fuzz_read_input (&input, data, length);
  text = fuzz_dup_text (&input);
  size = strlen (text);
  tree = bobbin_math_parse (text, (gssize) size);
  g_assert_nonnull (tree->root);
  check_node (tree->root, 0);
  check_node (tree->tag, 0);
  line = bobbin_math_tree_dup_text (tree);
  fuzz_check_valid (line);
  cut = input.n_cuts > 0 ? MIN (input.cuts[0], size) : size / 2;
  while (cut > 0 && (text[cut] & 0xc0) == 0x80)
    cut--;
  check_scan (text, size, cut);
}
