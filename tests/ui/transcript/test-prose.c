/* Prose: a text that streams is laid out once, and what is drawn is there for assistive tools too. */
#include "config.h"

#include <string.h>

#include "model/bobbin-block.h"
#include "stage.h"
#include "ui/transcript/bobbin-code-card.h"
#include "ui/transcript/bobbin-highlight.h"
#include "ui/transcript/bobbin-image-view.h"
#include "ui/transcript/bobbin-prose.h"
#include "ui/transcript/bobbin-proxy.h"
#include "ui/transcript/bobbin-table-view.h"

#define WIDTH  600
#define HEIGHT 700

static const char document[] =
  "# A *report* of `everything`\n\nThe first paragraph, with **strong words**, a [link](https://example.org/one), ~~an error~~ and\n"
  "a formula $x^2 + 1$; it costs $5, or US$ 3 and $4.\n\n"
  "- one\n- two, with `code`\n  1. inner\n  2. [inner](https://example.org/two)\n- [x] done\n- [ ] open\n\n"
  "> A quotation\n> of two lines.\n\n"
  "```python\ndef sum (numbers):\n    return numbers\n```\n\n"
  "| Name | Amount | Note |\n|:-----|-------:|:----:|\n| a | 1 | **x** |\n| b | 22 | |\n| c | 3 | `y` |\n\n"
  "## Second heading\n\n$$\\sum_{i=0}^n i = \\frac{n(n+1)}{2}$$\n\n---\n\nLast words.\n\n"
  "| Other | Table |\n|---|---|\n| 1 | 2 |\n\n    indented code\n\n```\nno language\n```\n\nSetext\n======\n\nThe end.\n";

typedef struct
{
  BobbinBlock *block;
  GtkWidget   *window;
  BobbinProse *prose;
} Stage;

static void
stage_up (Stage        *stage,
          gconstpointer text)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *prose;

  stage->block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  if (text != NULL)
    {
      bobbin_block_append (stage->block, text, -1);
      bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
    }
  prose = bobbin_prose_new_for_block (stage->block, BOBBIN_GRAMMAR_MARKDOWN);
  gtk_widget_set_valign (prose, GTK_ALIGN_START);
  stage->prose = BOBBIN_PROSE (prose);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), prose);
  stage->window = stage_new (scrolled, WIDTH, HEIGHT);
}

static void
stage_down (Stage        *stage,
            gconstpointer text)
{
  stage_free (stage->window);
  g_object_unref (stage->block);
}

/* Streaming */

/* As the transcript does it, but after each piece. */
static void
lay_out (Stage *stage)
{
  gtk_widget_queue_resize (GTK_WIDGET (stage->prose));
  gtk_widget_measure (GTK_WIDGET (stage->prose), GTK_ORIENTATION_VERTICAL, WIDTH, NULL, NULL, NULL, NULL);
}

static void
stream (Stage      *stage,
        const char *text,
        guint       step)
{
  for (gsize at = 0; text[at] != '\0';)
    {
      gsize length = MIN (strlen (text + at), step);

      bobbin_block_append (stage->block, text + at, (gssize) length);
      at += length;
      lay_out (stage);
      g_assert_cmpuint (bobbin_prose_get_n_rebuilt (stage->prose), ==, 0);
    }
}

static void
test_stream (Stage        *stage,
             gconstpointer unused)
{
  guint n_before;

  stream (stage, document, 3);

  /* the end of it changes nothing any more */
  n_before = bobbin_prose_get_n_layouts (stage->prose);
  bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
  lay_out (stage);
  g_assert_cmpuint (bobbin_prose_get_n_layouts (stage->prose), <=, n_before + 1);
  g_assert_cmpuint (bobbin_prose_get_n_rebuilt (stage->prose), ==, 0);
}

/* The widgets of what is finished are the same to the end. */
static void
test_widgets_stay (Stage        *stage,
                   gconstpointer unused)
{
  GtkWidget *table = NULL;
  GtkWidget *card = NULL;
  guint n_layouts = 0;

  for (gsize at = 0; document[at] != '\0'; at++)
    {
      bobbin_block_append (stage->block, document + at, 1);
      if (at % 16 != 0 && document[at + 1] != '\0')
        continue;
      stage_frame (stage->window);
      if (table == NULL && strstr (document, "## Second") < document + at)
        {
          table = stage_find (GTK_WIDGET (stage->prose), BOBBIN_TYPE_TABLE_VIEW, NULL);
          card = stage_find (GTK_WIDGET (stage->prose), BOBBIN_TYPE_CODE_CARD, NULL);
          g_assert_nonnull (table);
          g_assert_nonnull (card);
          n_layouts = bobbin_prose_get_n_layouts (stage->prose);
        }
    }
  g_assert_true (gtk_widget_get_parent (table) == GTK_WIDGET (stage->prose));
  g_assert_true (gtk_widget_get_parent (card) == GTK_WIDGET (stage->prose));
  g_assert_cmpuint (bobbin_prose_get_n_layouts (stage->prose), >, n_layouts);
}

/* A head of a table that still grows may have more columns than the one that was drawn. */
static void
test_growing_head (Stage        *stage,
                   gconstpointer unused)
{
  static const char *const heads[] = {
    "| Name | Amount | Note |\n|:-----|-------:|:----:|\n| a | 1 | x |\n",
    "a|b|c|d\n-|-|-|-\n1|2|3|4\n",
    "| a |\n|---|\n| 1 |\n| 2 |\n\n| a | b | c | d | e |\n|-|-|-|-|-|\n| 1 | 2 | 3 | 4 | 5 | 6 |\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    for (gsize at = 0; heads[i][at] != '\0'; at++)
      {
        bobbin_block_append (stage->block, heads[i] + at, 1);
        lay_out (stage);
      }
}

/* Code */

static char *
long_code (guint n_lines)
{
  GString *text = g_string_new ("```\n");

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "line %u%s\n", i, i == 3 ? " which is so long that it does not fit into the width of the card, not by far, "
                                                             "whatever the font" : "");
  g_string_append (text, "```\n");

  return g_string_free (text, FALSE);
}

/* What was laid out to know its height is drawn as it is: code of some length is parted where its lines end. */
static void
test_code_once (Stage        *stage,
                gconstpointer unused)
{
  g_autofree char *text = long_code (300);
  guint n_layouts;

  bobbin_block_append (stage->block, text, -1);
  bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
  lay_out (stage);
  n_layouts = bobbin_prose_get_n_layouts (stage->prose);
  g_assert_cmpuint (n_layouts, >, 2);
  stage_settle (stage->window);
  g_assert_cmpuint (bobbin_prose_get_n_layouts (stage->prose), ==, n_layouts);
}

static int
line_left (Stage      *stage,
           const char *needle)
{
  const char *text = bobbin_prose_get_text (stage->prose, NULL);
  GdkRectangle rect;

  bobbin_prose_get_offset_rect (stage->prose, (gsize) (strstr (text, needle) - text), &rect);
  return rect.x;
}

/* A text that is given its width is not asked for one. */
static void
test_fills (Stage        *stage,
            gconstpointer text)
{
  int natural;

  gtk_widget_measure (GTK_WIDGET (stage->prose), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (natural, >, 100);
  bobbin_prose_set_fills (stage->prose, TRUE);
  gtk_widget_measure (GTK_WIDGET (stage->prose), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (natural, ==, 1);
  stage_settle (stage->window);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (stage->prose)), ==, WIDTH);
}

/* Over 20 lines there are numbers beside the code. */
static void
test_line_numbers (void)
{
  int left[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = long_code (20 + i);
      Stage stage;

      stage_up (&stage, text);
      left[i] = line_left (&stage, "line 7");
      stage_down (&stage, text);
    }
  g_assert_cmpint (left[1], >, left[0] + 10);
}

static void
test_wrap (void)
{
  g_autofree char *text = long_code (12);
  BobbinViewState *state = bobbin_view_state_new ();
  GtkWidget *card;
  GtkWidget *again;
  GdkRectangle rect;
  Stage stage;
  int broken;
  int flat;

  stage_up (&stage, text);
  bobbin_prose_bind_state (stage.prose, state);
  card = stage_find (GTK_WIDGET (stage.prose), BOBBIN_TYPE_CODE_CARD, NULL);
  g_assert_true (gtk_widget_get_visible (stage_find (card, GTK_TYPE_TOGGLE_BUTTON, NULL)));
  g_assert_null (stage_find (GTK_WIDGET (stage.prose), GTK_TYPE_SCROLLBAR, NULL));
  broken = gtk_widget_get_height (GTK_WIDGET (stage.prose));

  bobbin_code_card_set_wrap (BOBBIN_CODE_CARD (card), FALSE);
  stage_settle (stage.window);
  flat = gtk_widget_get_height (GTK_WIDGET (stage.prose));
  g_assert_cmpint (flat, <, broken);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage.prose), GTK_TYPE_SCROLLBAR, NULL));

  /* find brings what it found into view, and the rest moves with it */
  g_assert_cmpint (line_left (&stage, "whatever"), >, WIDTH);
  bobbin_prose_set_matches (stage.prose, &(BobbinTextRange) { strstr (text, "whatever") - text, strstr (text, "the font") - text }, 1, 0);
  g_assert_cmpint (line_left (&stage, "whatever"), <, WIDTH);
  g_assert_cmpint (line_left (&stage, "line 7"), <, 0);
  bobbin_prose_get_offset_rect (stage.prose, (gsize) (strstr (text, "whatever") - text), &rect);
  g_assert_cmpuint (bobbin_prose_hit (stage.prose, rect.x + 1, rect.y + 4), ==, strstr (text, "whatever") - text);

  /* another widget for the same block is as this one was */
  again = bobbin_prose_new_for_block (stage.block, BOBBIN_GRAMMAR_MARKDOWN);
  bobbin_prose_bind_state (BOBBIN_PROSE (again), state);
  gtk_widget_set_valign (again, GTK_ALIGN_START);
  gtk_window_set_child (GTK_WINDOW (stage.window), again);
  stage.prose = BOBBIN_PROSE (again);
  stage_settle (stage.window);
  g_assert_cmpint (gtk_widget_get_height (again), ==, flat);

  card = stage_find (again, BOBBIN_TYPE_CODE_CARD, NULL);
  bobbin_code_card_set_wrap (BOBBIN_CODE_CARD (card), TRUE);
  stage_settle (stage.window);
  g_assert_cmpint (gtk_widget_get_height (again), ==, broken);

  stage_down (&stage, text);
  bobbin_view_state_unref (state);
}

static void
get_rect (Stage        *stage,
          gsize         offset,
          GdkRectangle *ret_rect)
{
  bobbin_prose_get_offset_rect (stage->prose, offset, ret_rect);
}

/* Lines that are not broken stand on one line to their end; one of many kilobytes is broken all the same, into whole lines, also where
 * the text is cut within it. */
static void
test_wrap_long (void)
{
  GString *text = g_string_new ("```\nshort ");
  gsize middle;
  gsize giant;
  gsize last;
  GdkRectangle left;
  GdkRectangle right;
  Stage stage;

  while (text->len < 1500)
    g_string_append (text, "word ");
  middle = text->len;
  g_string_append (text, "end\n");
  giant = text->len;
  while (text->len < 30000)
    g_string_append (text, "giant ");
  last = text->len + 1;
  g_string_append (text, "\nlast line\n```\n");

  stage_up (&stage, text->str);
  bobbin_code_card_set_wrap (BOBBIN_CODE_CARD (stage_find (GTK_WIDGET (stage.prose), BOBBIN_TYPE_CODE_CARD, NULL)), FALSE);
  stage_settle (stage.window);

  get_rect (&stage, 4, &left);
  get_rect (&stage, middle, &right);
  g_assert_cmpint (right.y, ==, left.y);
  g_assert_cmpint (right.x, >, WIDTH);
  get_rect (&stage, giant, &left);
  g_assert_cmpint (left.y, >, right.y);
  for (gsize i = giant; i < last - 20; i += 97)
    {
      get_rect (&stage, i, &right);
      g_assert_cmpint (right.x, <, WIDTH);
    }
  get_rect (&stage, last, &right);
  g_assert_cmpint (right.y, >, left.y + 20 * left.height);

  stage_down (&stage, text->str);
  g_string_free (text, TRUE);
}

/* What a card copies is the code, also when it was long enough to be cut into pieces, or a line of it was. */
static void
test_copy_code (void)
{
  GString *code = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *copied = NULL;
  Stage stage;

  for (guint i = 0; i < 900; i++)
    g_string_append_printf (code, "number %u is a line of its own\n", i);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (code, "%u and ", i);
  g_string_append (code, "done");
  text = g_strconcat ("```\n", code->str, "\n```\n", NULL);

  stage_up (&stage, text);
  g_signal_emit_by_name (stage_find (GTK_WIDGET (stage.prose), BOBBIN_TYPE_CODE_CARD, NULL), "copy");
  copied = stage_clipboard (stage.window);
  g_assert_cmpstr (copied, ==, code->str);
  stage_down (&stage, text);
  g_string_free (code, TRUE);
}

static const struct { const char *name; const char *code; const char *id; } languages[] = {
  { "python", "", "python3" },
  { "C++", "", "cpp" },
  { "rs", "", "rust" },
  { "no-such-language", "x = 1", NULL },
  { NULL, "#include <stdio.h>\nint main (void) { return 0; }", "c" },
  { NULL, "#!/usr/bin/env python3\nprint (1)", "python3" },
  { NULL, "def add (a, b):\n    return a + b\n", "python3" },
  { NULL, "  {\"a\": 1}", "json" },
  { NULL, "SELECT name FROM people;", "sql" },
  { NULL, "$ ls -l", "sh" },
  { NULL, "plain words, nothing more", NULL },
};

static void
test_languages (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_test_message ("%s / %s", languages[i].name, languages[i].code);
      g_assert_cmpstr (bobbin_highlight_language (languages[i].name, languages[i].code), ==, languages[i].id);
    }
}

typedef struct
{
  guint      n;
  PangoColor least; /* readable */
  gboolean   done;
} Colors;

static void
colors_cb (GArray   *spans,
           gpointer  data)
{
  Colors *colors = data;

  colors->done = TRUE;
  for (guint i = 0; i < spans->len; i++)
    colors->n += g_array_index (spans, BobbinFlowSpan, i).colored;
  if (colors->n > 0)
    colors->least = g_array_index (spans, BobbinFlowSpan, 0).color;
}

static gboolean
is_done (gpointer data)
{
  return ((Colors *) data)->done;
}

/* Code that is not too long is coloured, with colours that can be read. */
static void
test_highlight (void)
{
  for (guint look = 0; look < 4; look++)
    {
      Colors colors = { 0, };
      BobbinHighlight *job = bobbin_highlight_new ("# a comment\ndef f (x):\n    return \"text\"\n", "python", look, colors_cb, &colors);

      g_assert_true (stage_wait (is_done, &colors));
      g_assert_cmpuint (colors.n, >=, 3);
      g_assert_cmpfloat (bobbin_highlight_contrast (colors.least, look), >=, look & BOBBIN_HIGHLIGHT_CONTRAST ? 7 : 4.5);
      bobbin_highlight_free (job);
    }
}

static void
test_highlight_limit (void)
{
  GString *code = g_string_new (NULL);

  for (guint i = 0; i < BOBBIN_HIGHLIGHT_LINES_MAX; i++)
    g_string_append (code, "x = 1\n");
  g_assert_null (bobbin_highlight_new (code->str, "python", 0, colors_cb, NULL));
  g_string_free (code, TRUE);
}

/* Pictures */

#define DOT "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="

static gboolean
has_picture (gpointer prose)
{
  return stage_find (prose, GTK_TYPE_PICTURE, NULL) != NULL;
}

/* One in the text is shown, one on the web offered; neither before its address is known to its end. */
static void
test_pictures (Stage        *stage,
               gconstpointer unused)
{
  GtkWidget *prose = GTK_WIDGET (stage->prose);

  bobbin_block_append (stage->block, "Look:\n\n![A dot](" DOT, -1);
  stage_settle (stage->window);
  g_assert_null (stage_find (prose, BOBBIN_TYPE_IMAGE_VIEW, NULL));
  bobbin_block_append (stage->block, ")\n\nand ![inline](" DOT ")\n\n![On the web](https://example.invalid/a", -1);
  g_assert_true (stage_wait (has_picture, prose));
  g_assert_null (stage_find (prose, GTK_TYPE_BUTTON, "Load Image"));

  bobbin_block_append (stage->block, ".png)\n\n![Near](file:///etc/passwd)\n\nEnd", -1);
  bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
  stage_settle (stage->window);
  g_assert_nonnull (stage_find (prose, GTK_TYPE_BUTTON, "Load Image"));
  g_assert_nonnull (stage_find (prose, GTK_TYPE_LABEL, "https://example.invalid/a.png"));
  g_assert_nonnull (stage_find (prose, GTK_TYPE_LABEL, "Near"));
  g_assert_cmpuint (bobbin_prose_get_n_rebuilt (stage->prose), ==, 0);
}

/* Assistive tools */

static GtkWidget *
find_proxy (Stage             *stage,
            GtkAccessibleRole  role,
            const char        *text)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stage->prose)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (BOBBIN_IS_PROXY (child) && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (child)) == role &&
        g_strcmp0 (bobbin_proxy_get_text (BOBBIN_PROXY (child)), text) == 0)
      return child;

  return NULL;
}

static void
test_proxies (Stage        *stage,
              gconstpointer text)
{
  GtkWidget *heading = find_proxy (stage, GTK_ACCESSIBLE_ROLE_HEADING, "A report of everything");
  GtkWidget *link = find_proxy (stage, GTK_ACCESSIBLE_ROLE_LINK, "link");
  GtkWidget *code = stage_find (GTK_WIDGET (stage->prose), BOBBIN_TYPE_CODE_CARD, NULL);
  GtkWidget *second = find_proxy (stage, GTK_ACCESSIBLE_ROLE_HEADING, "Second heading");

  g_assert_nonnull (heading);
  gtk_test_accessible_assert_property (heading, GTK_ACCESSIBLE_PROPERTY_LEVEL, 1);
  gtk_test_accessible_assert_property (heading, GTK_ACCESSIBLE_PROPERTY_LABEL, "A report of everything");
  g_assert_nonnull (second);
  gtk_test_accessible_assert_property (second, GTK_ACCESSIBLE_PROPERTY_LEVEL, 2);

  g_assert_nonnull (link);
  g_assert_cmpstr (bobbin_proxy_get_target (BOBBIN_PROXY (link)), ==, "https://example.org/one");
  g_assert_true (gtk_widget_get_focusable (link));
  g_assert_true (gtk_widget_grab_focus (link));
  g_assert_nonnull (find_proxy (stage, GTK_ACCESSIBLE_ROLE_LINK, "inner"));

  gtk_test_accessible_assert_role (code, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_test_accessible_assert_property (code, GTK_ACCESSIBLE_PROPERTY_LABEL, "Code, Python, 2 lines");
  g_assert_nonnull (find_proxy (stage, GTK_ACCESSIBLE_ROLE_LIST_ITEM, "one"));
  g_assert_nonnull (find_proxy (stage, GTK_ACCESSIBLE_ROLE_SEPARATOR, ""));

  /* in the order of the text: the keyboard goes that way */
  g_assert_true (stage_find_next (GTK_WIDGET (stage->prose), link, BOBBIN_TYPE_CODE_CARD) == code);
  g_assert_nonnull (stage_find_next (GTK_WIDGET (stage->prose), code, BOBBIN_TYPE_TABLE_VIEW));
  for (GtkWidget *child = code; child != second; child = gtk_widget_get_next_sibling (child))
    g_assert_true (child != heading && child != NULL);
}

#define ADD(path, func, text) g_test_add (path, Stage, text, stage_up, func, stage_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  ADD ("/transcript/prose/stream", test_stream, NULL);
  ADD ("/transcript/prose/widgets-stay", test_widgets_stay, NULL);
  ADD ("/transcript/prose/growing-head", test_growing_head, NULL);
  ADD ("/transcript/prose/code-once", test_code_once, NULL);
  ADD ("/transcript/prose/fills", test_fills, document);
  g_test_add_func ("/transcript/prose/line-numbers", test_line_numbers);
  g_test_add_func ("/transcript/prose/wrap", test_wrap);
  g_test_add_func ("/transcript/prose/wrap-long", test_wrap_long);
  g_test_add_func ("/transcript/prose/copy-code", test_copy_code);
  g_test_add_func ("/transcript/prose/languages", test_languages);
  g_test_add_func ("/transcript/prose/highlight", test_highlight);
  g_test_add_func ("/transcript/prose/highlight-limit", test_highlight_limit);
  ADD ("/transcript/prose/pictures", test_pictures, NULL);
  ADD ("/transcript/prose/proxies", test_proxies, document);

  return g_test_run ();
}
