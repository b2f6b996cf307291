/* Formulas as they are set: measures against each other, never in pixels of one font. */
#include "config.h"

#include "ui/transcript/bobbin-math-box.h"
#include "ui/transcript/bobbin-math-layout-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  PangoContext   *context;
  BobbinMathFont *font;
  GPtrArray      *arena;
  MathLayout      layout;
  BobbinMathTree *tree;
} Page;

static void
box_free (gpointer data)
{
  MathBox *box = data;

  g_clear_object (&box->layout);
  g_free (box);
}

static void
page_open (Page *page)
{
  PangoFontDescription *font = pango_font_description_from_string ("Cantarell 24");

  page->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  pango_cairo_context_set_resolution (page->context, 96);
  pango_context_set_font_description (page->context, font);
  pango_font_description_free (font);
  page->font = bobbin_math_font_get (page->context, NULL);
  page->arena = g_ptr_array_new_with_free_func (box_free);
  page->layout = (MathLayout) { page->font, page->context, NULL, page->arena, FALSE, 0 };
  page->tree = NULL;
}

static void
page_close (Page *page)
{
  g_clear_pointer (&page->tree, bobbin_math_tree_free);
  g_ptr_array_unref (page->arena);
  bobbin_math_font_unref (page->font);
  g_object_unref (page->context);
}

/* The only member of the formula. */
static MathBox *
set (Page       *page,
     const char *tex,
     int         level)
{
  g_clear_pointer (&page->tree, bobbin_math_tree_free);
  page->tree = bobbin_math_parse (tex, -1);
  g_assert_false (page->tree->broken);

  return _bobbin_math_layout_row (&page->layout, page->tree->root, (MathStyle) { level, FALSE })->first;
}

/* The nth child. */
static MathBox *
nth (MathBox *box,
     guint    n)
{
  for (box = box->first; n > 0; n--)
    box = box->next;
  g_assert_nonnull (box);

  return box;
}

static double
axis (Page *page)
{
  return bobbin_math_font_constant (page->font, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, 0);
}

static void
test_fraction (void)
{
  Page page;
  MathBox *box;

  page_open (&page);
  for (int level = 0; level < 4; level++)
    {
      MathBox *above, *below, *rule;

      box = set (&page, "\\frac{g_j}{\\sqrt{x^2}}", level);
      above = nth (box, 0);
      below = nth (box, 1);
      rule = nth (box, 2);
      g_assert_cmpfloat (above->y + above->depth, <, rule->y - rule->height);
      g_assert_cmpfloat (below->y - below->height, >, rule->y + rule->depth);
      g_assert_cmpfloat (ABS ((above->x + above->width / 2) - (below->x + below->width / 2)), <, 0.01);
      g_assert_cmpfloat (rule->width, >=, MAX (above->width, below->width) - 0.01);
      if (level <= 1)
        g_assert_cmpfloat (ABS (-rule->y - axis (&page)), <, 0.01);
    }
  /* a formula in a line is less tall */
  g_assert_cmpfloat (set (&page, "\\frac{1}{2}", 1)->height, <, set (&page, "\\frac{1}{2}", 0)->height);
  page_close (&page);
}

static void
test_scripts (void)
{
  Page page;
  MathBox *box;

  page_open (&page);
  box = set (&page, "x_i^2", 1);
  g_assert_cmpfloat (nth (box, 1)->y, <, 0);
  g_assert_cmpfloat (nth (box, 2)->y, >, 0);
  g_assert_cmpfloat (nth (box, 1)->y + nth (box, 1)->depth, <, nth (box, 2)->y - nth (box, 2)->height);
  g_assert_cmpfloat (nth (box, 1)->x, >=, nth (box, 0)->width * 0.8);
  /* raised more over what is taller */
  g_assert_cmpfloat (nth (set (&page, "{\\left(\\frac{a}{b}\\right)}^2", 0), 1)->y, <, nth (set (&page, "x^2", 0), 1)->y);
  page_close (&page);
}

static void
test_limits (void)
{
  Page page;
  MathBox *box;
  MathBox *base;

  page_open (&page);
  box = set (&page, "\\sum_{i=1}^{n}", 0);
  base = nth (box, 0);
  for (guint i = 1; i < 3; i++)
    g_assert_cmpfloat (ABS ((nth (box, i)->x + nth (box, i)->width / 2) - (base->x + base->width / 2)), <, 1);
  g_assert_cmpfloat (nth (box, 1)->y + nth (box, 1)->depth, <, -base->height);
  g_assert_cmpfloat (nth (box, 2)->y - nth (box, 2)->height, >, base->depth);
  /* beside it within a line, and smaller */
  box = set (&page, "\\sum_{i=1}^{n}", 1);
  g_assert_cmpfloat (nth (box, 1)->x, >=, nth (box, 0)->width * 0.8);
  g_assert_cmpfloat (nth (box, 0)->height + nth (box, 0)->depth, <, base->height + base->depth);
  page_close (&page);
}

static void
test_delimiters (void)
{
  static const char *const inner[] = { "x", "\\frac{a}{b}", "\\begin{matrix}a\\\\b\\\\c\\end{matrix}",
                                       "\\begin{matrix}a\\\\b\\\\c\\\\d\\\\e\\\\f\\\\g\\\\h\\\\i\\\\j\\end{matrix}" };
  static const char *const pairs[] = { "()", "[]", "||", "\\{\\}", "\\langle\\rangle", "\\lfloor\\rceil" };
  Page page;

  page_open (&page);
  for (gsize i = 0; i < G_N_ELEMENTS (inner); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (pairs); k++)
      {
        gsize half = strlen (pairs[k]) / 2;
        g_autofree char *tex = g_strdup_printf ("\\left%.*s %s \\right%s", (int) (k >= 4 ? 7 : half), pairs[k], inner[i],
                                                pairs[k] + (k >= 4 ? 7 : half));
        MathBox *box = set (&page, tex, 0);
        MathBox *left = nth (box, 0);
        MathBox *content = nth (box, 1);
        double em = page.font->size;

        /* TeX lets a third of an em stick out of what is large; angles are not put together of parts and end somewhere */
        if (k != 4 || i < 3)
          g_assert_cmpfloat (left->height + left->depth, >=, MIN (0.9 * (content->height + content->depth),
                                                                  content->height + content->depth - 0.35 * em));
        g_assert_cmpfloat (ABS ((left->height - left->depth) / 2 - axis (&page)), <, 0.5);
        g_assert_cmpfloat (left->width, <, 1.5 * em);
      }
  page_close (&page);
}

static void
test_radical (void)
{
  Page page;

  page_open (&page);
  for (int i = 0; i < 2; i++)
    {
      MathBox *box = set (&page, i == 0 ? "\\sqrt{x}" : "\\sqrt{\\frac{a}{\\frac{b}{c}}}", 0);
      MathBox *sign = nth (box, 0);
      MathBox *rule = nth (box, 1);
      MathBox *inner = nth (box, 2);

      g_assert_cmpfloat (rule->y, <, -inner->height);
      g_assert_cmpfloat (ABS ((sign->y - sign->height) - (rule->y - rule->height)), <, 0.01);
      g_assert_cmpfloat (sign->y + sign->depth, >=, inner->depth - 0.5);
      g_assert_cmpfloat (ABS (sign->x + sign->width - inner->x), <, 0.01);
    }
  page_close (&page);
}

static void
test_table (void)
{
  Page page;
  MathBox *box;

  page_open (&page);
  box = set (&page, "\\begin{matrix} a & bbbb \\\\ ccc & d \\end{matrix}", 0);
  g_assert_cmpfloat (nth (box, 0)->y, ==, nth (box, 1)->y);
  g_assert_cmpfloat (nth (box, 2)->y, ==, nth (box, 3)->y);
  g_assert_cmpfloat (nth (box, 2)->y, >, nth (box, 0)->y);
  g_assert_cmpfloat (ABS ((nth (box, 0)->x + nth (box, 0)->width / 2) - (nth (box, 2)->x + nth (box, 2)->width / 2)), <, 0.01);
  g_assert_cmpfloat (ABS ((box->height - box->depth) / 2 - axis (&page)), <, 0.5);
  /* the signs of lines that are aligned stand below each other */
  box = set (&page, "\\begin{aligned} a &= b \\\\ ccc + d &= e \\end{aligned}", 0);
  g_assert_cmpfloat (nth (box, 1)->x, ==, nth (box, 3)->x);
  g_assert_cmpfloat (ABS (nth (box, 0)->x + nth (box, 0)->width - nth (box, 2)->x - nth (box, 2)->width), <, 0.01);
  page_close (&page);
}

static void
test_spaces (void)
{
  static const struct { const char *narrow; const char *wide; } cases[] = {
    { "ab", "a+b" }, { "(-b)", "(a-b)" }, { "ab", "a\\,b" }, { "a{=}b", "a=b" }, { "a\\,b", "a\\quad b" },
    { "\\sin x", "\\sin\\ x" }, { "a\\!b", "ab" },
  };
  Page page;

  page_open (&page);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BobbinMathBox) narrow = bobbin_math_box_new (cases[i].narrow, -1, page.context, NULL, FALSE);
      g_autoptr(BobbinMathBox) wide = bobbin_math_box_new (cases[i].wide, -1, page.context, NULL, FALSE);

      g_assert_cmpint (narrow->width, <, wide->width);
    }
  page_close (&page);
}

/* Whatever comes, there is something to draw, and it is bounded. */
static void
test_bad (void)
{
  static const char *const bad[] = {
    "", " ", "\\frac{a", "\\nosuch", "}", "{}", "^", "\\left(\\right)", "\\left.\\right.", "\\sqrt{}", "\\begin{matrix}\\end{matrix}",
    "\\begin{array}{|||}\\hline\\hline\\end{array}", "\\hat{}", "\\overbrace{}", "\\xrightarrow{}", "\\quad\\!\\!\\!", "\\!\\!\\!\\!\\!x",
    "中文 🙂", "\\text{}", "\\color{red}", "\\boxed{}", "\\cancel{}", "\\tag{1}", "\\substack{}", "x^{}_{}", "\\not\\frac12",
    "\\mathbb{é}", "\\big.", "\\phantom{x}", "&&&\\\\&&&&", "\\kern-9999pt x", "\\left\\uparrow\\frac{a}{b}\\right\\Downarrow",
  };
  const GdkRGBA color = { 0, 0, 0, 1 };
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  Page page;

  page_open (&page);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    for (int display = 0; display < 2; display++)
      {
        g_autoptr(BobbinMathBox) box = bobbin_math_box_new (bad[i], -1, page.context, NULL, display == 1);

        g_assert_cmpint (box->width, >=, 0);
        g_assert_cmpint (box->ascent, >=, 0);
        g_assert_cmpint (box->descent, >=, 0);
        g_assert_nonnull (bobbin_math_box_get_text (box));
        bobbin_math_box_snapshot (box, snapshot, 3.5, 10.2, display == 1 ? 0.7 : 1, &color);
      }
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  gsk_render_node_unref (node);
  page_close (&page);
}

static void
test_bombs (void)
{
  static const char *const units[] = { "{", "x^{", "\\frac{1}{", "\\sqrt{", "\\left(", "\\hat", "x_1", "a&b\\\\", "\\frac12", "\\sqrt x", "\\text{a}" };
  Page page;

  page_open (&page);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    for (gsize n = 100; n <= 1000000; n *= 10)
      {
        GString *tex = g_string_new (NULL);

        while (tex->len < n)
          g_string_append (tex, units[i]);
        {
          g_autoptr(BobbinMathBox) box = bobbin_math_box_new (tex->str, (gssize) tex->len, page.context, NULL, TRUE);

          g_assert_cmpint (box->width, <=, 20001 * PANGO_SCALE);
          g_assert_true (box->fallback || tex->len <= BOBBIN_MATH_SOURCE_MAX);
        }
        g_string_free (tex, TRUE);
      }
  /* as deep as it goes, closed */
  {
    GString *deep = g_string_new (NULL);

    for (guint i = 0; i < BOBBIN_MATH_DEPTH_MAX - 4; i++)
      g_string_append (deep, i % 2 == 0 ? "\\sqrt{" : "\\frac{x^2}{");
    for (guint i = 0; i < BOBBIN_MATH_DEPTH_MAX - 4; i++)
      g_string_append_c (deep, '}');
    {
      g_autoptr(BobbinMathBox) box = bobbin_math_box_new (deep->str, -1, page.context, NULL, TRUE);

      g_assert_false (box->fallback);
    }
    g_string_free (deep, TRUE);
  }
  page_close (&page);
}

/* Letters are as tall as those of the text, whatever its size. */
static void
test_sizes (void)
{
  int before = 0;
  Page page;

  page_open (&page);
  for (int size = 8; size <= 32; size *= 2)
    {
      g_autofree char *name = g_strdup_printf ("Cantarell %d", size);
      PangoFontDescription *font = pango_font_description_from_string (name);
      g_autoptr(BobbinMathBox) box = bobbin_math_box_new ("x+y^2", -1, page.context, font, FALSE);

      g_assert_false (box->fallback);
      if (before > 0)
        g_assert_cmpfloat (ABS (box->width / (2.0 * before) - 1), <, 0.02);
      before = box->width;
      pango_font_description_free (font);
    }
  page_close (&page);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/math-box/fraction", test_fraction);
  g_test_add_func ("/math-box/scripts", test_scripts);
  g_test_add_func ("/math-box/limits", test_limits);
  g_test_add_func ("/math-box/delimiters", test_delimiters);
  g_test_add_func ("/math-box/radical", test_radical);
  g_test_add_func ("/math-box/table", test_table);
  g_test_add_func ("/math-box/spaces", test_spaces);
  g_test_add_func ("/math-box/bad", test_bad);
  g_test_add_func ("/math-box/bombs", test_bombs);
  g_test_add_func ("/math-box/sizes", test_sizes);

  return g_test_run ();
}
