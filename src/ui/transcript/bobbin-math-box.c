#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-math-box.h"

#include "bobbin-math-layout-private.h"

#include <math.h>
#include <string.h>

#define WORDS_MAX   400   /* characters of a source that is shown in the place of its formula */
#define EXTENT_MAX  20000 /* pixels either way: beyond, nothing is set */
#define CONTRAST    0.35  /* of luminance, between a colour and what is behind */

typedef enum
{
  ITEM_GLYPHS,
  ITEM_RULE,
  ITEM_WORDS,
  ITEM_LINE,
} ItemKind;

/* What is drawn at once, from the origin of the formula. */
typedef struct
{
  ItemKind          kind;
  gboolean          colored;
  guint32           rgb;
  graphene_rect_t   rect;    /* RULE; LINE: its corners; WORDS: the left end of the baseline */
  gboolean          falling; /* LINE */
  PangoFont        *font;    /* GLYPHS, owned */
  int               level;
  PangoGlyphString *glyphs;  /* GLYPHS, owned: each at its own offset */
  PangoLayout      *layout;  /* WORDS, owned */
} Item;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_clear_object (&item->font);
  g_clear_pointer (&item->glyphs, pango_glyph_string_free);
  g_clear_object (&item->layout);
  g_free (item);
}

static void
box_free (gpointer data)
{
  MathBox *box = data;

  g_clear_object (&box->layout);
  g_free (box);
}

static Item *
add_item (BobbinMathBox *self,
          ItemKind       kind,
          const MathBox *box)
{
  Item *item = g_new0 (Item, 1);

  item->kind = kind;
  item->colored = box->colored;
  item->rgb = box->rgb;
  g_ptr_array_add (self->items, item);

  return item;
}

/* Glyphs of one size and colour are drawn together: each has its place as an offset and takes no width. */
static Item *
glyphs_of (BobbinMathBox *self,
           const MathBox *box)
{
  BobbinMathFont *font = self->font;
  Item *item;

  for (guint i = 0; i < self->items->len; i++)
    {
      item = g_ptr_array_index (self->items, i);
      if (item->kind == ITEM_GLYPHS && item->level == box->level && item->colored == box->colored && item->rgb == box->rgb)
        return item;
    }

  item = add_item (self, ITEM_GLYPHS, box);
  item->level = box->level;
  item->font = g_object_ref (font->fonts[box->level]);
  item->glyphs = pango_glyph_string_new ();

  return item;
}

static void
add_glyph (BobbinMathBox *self,
           const MathBox *box,
           double         x,
           double         y)
{
  Item *item = glyphs_of (self, box);
  int n = item->glyphs->num_glyphs;

  pango_glyph_string_set_size (item->glyphs, n + 1);
  item->glyphs->glyphs[n] = (PangoGlyphInfo) {
    .glyph = box->glyph,
    .geometry = { 0, (int) (x * PANGO_SCALE), (int) (y * PANGO_SCALE) },
  };
  item->glyphs->log_clusters[n] = 0;
}

static void
flatten (BobbinMathBox *self,
         const MathBox *box,
         double         x,
         double         y)
{
  Item *item;

  x += box->x;
  y += box->y;
  switch (box->kind)
    {
    case MATH_BOX_GLYPH:
      add_glyph (self, box, x, y);
      break;
    case MATH_BOX_RULE:
    case MATH_BOX_LINE:
      item = add_item (self, box->kind == MATH_BOX_RULE ? ITEM_RULE : ITEM_LINE, box);
      item->rect = GRAPHENE_RECT_INIT ((float) x, (float) (y - box->height), (float) box->width, (float) (box->height + box->depth));
      item->falling = box->falling;
      break;
    case MATH_BOX_WORDS:
      item = add_item (self, ITEM_WORDS, box);
      item->rect = GRAPHENE_RECT_INIT ((float) x, (float) y, 0, 0);
      item->layout = g_object_ref (box->layout);
      break;
    case MATH_BOX_LIST:
    default:
      for (const MathBox *child = box->first; child != NULL; child = child->next)
        flatten (self, child, x, y);
    }
}

static void
set_extents (BobbinMathBox *self,
             double         width,
             double         ascent,
             double         descent)
{
  self->width = (int) ceil (CLAMP (width, 0, EXTENT_MAX) * PANGO_SCALE);
  self->ascent = (int) ceil (CLAMP (ascent, 0, EXTENT_MAX) * PANGO_SCALE);
  self->descent = (int) ceil (CLAMP (descent, 0, EXTENT_MAX) * PANGO_SCALE);
}

static void
set_start (PangoLayout *layout,
           const char  *text)
{
  g_autofree char *start = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), WORDS_MAX));
  g_autofree char *shown = g_strconcat (start, strlen (start) < strlen (text) ? "…" : "", NULL);

  pango_layout_set_text (layout, shown, -1);
}

/* Words in the place of the formula: as a line of text, or, where a sign of that is in no font, as it was written. */
static void
set_words (BobbinMathBox              *self,
           const char                 *tex,
           gssize                      length,
           PangoContext               *context,
           const PangoFontDescription *font)
{
  const MathBox plain = { 0 };
  PangoFontDescription *slanted =
    pango_font_description_copy (font != NULL ? font : pango_context_get_font_description (context));
  Item *item = add_item (self, ITEM_WORDS, &plain);
  g_autofree char *source = g_utf8_make_valid (tex, length);
  PangoRectangle logical;
  double baseline;

  pango_font_description_set_style (slanted, PANGO_STYLE_ITALIC);
  item->layout = pango_layout_new (context);
  pango_layout_set_font_description (item->layout, slanted);
  pango_layout_set_single_paragraph_mode (item->layout, TRUE);
  set_start (item->layout, self->text);
  if (pango_layout_get_unknown_glyphs_count (item->layout) > 0)
    set_start (item->layout, g_strstrip (source));
  pango_layout_get_extents (item->layout, NULL, &logical);
  baseline = pango_layout_get_baseline (item->layout) / (double) PANGO_SCALE;
  set_extents (self, logical.width / (double) PANGO_SCALE, baseline, logical.height / (double) PANGO_SCALE - baseline);
  pango_font_description_free (slanted);
  self->fallback = TRUE;
}

static void
set_formula (BobbinMathBox              *self,
             const BobbinMathTree       *tree,
             PangoContext               *context,
             const PangoFontDescription *font,
             gboolean                    display)
{
  MathStyle style = { display ? 0 : 1, FALSE };
  MathLayout layout = { self->font, context, font, NULL, FALSE, 0 };
  MathBox *box;
  MathBox *tag;

  layout.boxes = g_ptr_array_new_with_free_func (box_free);
  box = tree->root->kind == BOBBIN_MATH_TABLE ? _bobbin_math_layout_node (&layout, tree->root, style)
                                              : _bobbin_math_layout_row (&layout, tree->root, style);
  if (tree->tag != NULL && tree->root->kind != BOBBIN_MATH_TABLE)
    {
      MathBox *both = _bobbin_math_box_new (&layout, MATH_BOX_LIST);

      tag = _bobbin_math_layout_node (&layout, tree->tag, (MathStyle) { 1, FALSE });
      _bobbin_math_box_put (both, box, 0, 0);
      _bobbin_math_box_put (both, tag, box->width + 2 * _bobbin_math_em (&layout, style), 0);
      box = both;
    }
  flatten (self, box, 0, 0);
  set_extents (self, box->width, box->height, box->depth);
  g_ptr_array_unref (layout.boxes);
}

/* (transfer full): formulas run from left to right in every language. */
static PangoContext *
make_context (PangoContext *context)
{
  PangoContext *ltr = pango_font_map_create_context (pango_context_get_font_map (context));

  pango_context_set_font_description (ltr, pango_context_get_font_description (context));
  pango_context_set_language (ltr, pango_context_get_language (context));
  pango_context_set_round_glyph_positions (ltr, pango_context_get_round_glyph_positions (context));
  pango_context_set_base_dir (ltr, PANGO_DIRECTION_LTR);
  pango_cairo_context_set_resolution (ltr, pango_cairo_context_get_resolution (context));
  pango_cairo_context_set_font_options (ltr, pango_cairo_context_get_font_options (context));

  return ltr;
}

BobbinMathBox *
bobbin_math_box_new (const char                 *tex,
                     gssize                      length,
                     PangoContext               *context,
                     const PangoFontDescription *font,
                     gboolean                    display)
{
  BobbinMathBox *self = g_new0 (BobbinMathBox, 1);
  g_autoptr(BobbinMathTree) tree = bobbin_math_parse (tex, length);
  PangoContext *ltr;

  g_return_val_if_fail (PANGO_IS_CONTEXT (context), self);

  self->items = g_ptr_array_new_with_free_func (item_free);
  self->text = bobbin_math_tree_dup_text (tree);
  self->font = bobbin_math_font_get (context, font);

  ltr = make_context (context);
  if (tree->broken || self->font == NULL)
    set_words (self, tex, length, ltr, font);
  else
    set_formula (self, tree, ltr, font, display);
  g_object_unref (ltr);

  return self;
}

void
bobbin_math_box_wrap (BobbinMathBox *self,
                      int            width)
{
  const Item *item = self->fallback ? g_ptr_array_index (self->items, 0) : NULL;
  PangoRectangle logical;
  double baseline;

  if (item == NULL || self->width <= width || width <= 0)
    return;

  pango_layout_set_width (item->layout, width);
  pango_layout_set_wrap (item->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_extents (item->layout, NULL, &logical);
  baseline = pango_layout_get_baseline (item->layout) / (double) PANGO_SCALE;
  set_extents (self, width / (double) PANGO_SCALE, baseline, logical.height / (double) PANGO_SCALE - baseline);
}

void
bobbin_math_box_free (BobbinMathBox *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->items, g_ptr_array_unref);
  bobbin_math_font_unref (self->font);
  g_free (self->text);
  g_free (self);
}

const char *
bobbin_math_box_get_text (BobbinMathBox *self)
{
  return self->text;
}

static double
luminance (const GdkRGBA *color)
{
  return 0.3 * color->red + 0.59 * color->green + 0.11 * color->blue;
}

/* A colour of the formula, moved towards that of the text as far as it takes to be seen: what is behind is as far from the text
 * as can be. */
static GdkRGBA
seen_color (const Item    *item,
            const GdkRGBA *text)
{
  double behind = luminance (text) > 0.5 ? 0.1 : 0.95;
  GdkRGBA color = *text;

  if (!item->colored)
    return color;

  color.red = (float) (item->rgb >> 16 & 0xff) / 255;
  color.green = (float) (item->rgb >> 8 & 0xff) / 255;
  color.blue = (float) (item->rgb & 0xff) / 255;
  for (int i = 0; i < 8 && ABS (luminance (&color) - behind) < CONTRAST; i++)
    {
      color.red += (text->red - color.red) / 5;
      color.green += (text->green - color.green) / 5;
      color.blue += (text->blue - color.blue) / 5;
    }

  return color;
}

/* Bars and strokes lie on whole pixels, at least one of them thick: half a pixel would be grey. */
static void
snapshot_rule (GtkSnapshot           *snapshot,
               const graphene_rect_t *rect,
               double                 x,
               double                 baseline,
               double                 scale,
               const GdkRGBA         *color)
{
  graphene_rect_t rule;
  double left = x + rect->origin.x * scale;
  double top = baseline + rect->origin.y * scale;
  double width = rect->size.width * scale;
  double height = rect->size.height * scale;

  if (height < width && height < 4)
    {
      double thick = MAX (round (height), 1);

      top = round (top + height / 2 - thick / 2);
      height = thick;
    }
  else if (width < 4)
    {
      double thick = MAX (round (width), 1);

      left = round (left + width / 2 - thick / 2);
      width = thick;
    }
  rule = GRAPHENE_RECT_INIT ((float) left, (float) top, (float) width, (float) height);
  gtk_snapshot_append_color (snapshot, color, &rule);
}

static void
snapshot_glyphs (GtkSnapshot   *snapshot,
                 const Item    *item,
                 const GdkRGBA *color)
{
  GskRenderNode *node = gsk_text_node_new (item->font, item->glyphs, color, &GRAPHENE_POINT_INIT (0, 0));

  /* none when nothing of it has ink */
  if (node == NULL)
    return;
  gtk_snapshot_append_node (snapshot, node);
  gsk_render_node_unref (node);
}

static void
snapshot_line (GtkSnapshot   *snapshot,
               const Item    *item,
               const GdkRGBA *color)
{
  graphene_rect_t bounds;
  cairo_t *cr;
  float foot = item->rect.origin.y + item->rect.size.height;

  graphene_rect_inset_r (&item->rect, -2, -2, &bounds);
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, item->rect.origin.x, item->falling ? item->rect.origin.y : foot);
  cairo_line_to (cr, item->rect.origin.x + item->rect.size.width, item->falling ? foot : item->rect.origin.y);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

void
bobbin_math_box_snapshot (BobbinMathBox *self,
                          GtkSnapshot   *snapshot,
                          double         x,
                          double         baseline,
                          double         scale,
                          const GdkRGBA *color)
{
  baseline = round (baseline);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) baseline));
  if (scale != 1)
    gtk_snapshot_scale (snapshot, (float) scale, (float) scale);

  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = g_ptr_array_index (self->items, i);
      GdkRGBA shown = seen_color (item, color);

      switch (item->kind)
        {
        case ITEM_GLYPHS:
          snapshot_glyphs (snapshot, item, &shown);
          break;
        case ITEM_LINE:
          snapshot_line (snapshot, item, &shown);
          break;
        case ITEM_WORDS:
          gtk_snapshot_save (snapshot);
          gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (item->rect.origin.x, item->rect.origin.y -
                                                                  (float) pango_layout_get_baseline (item->layout) / PANGO_SCALE));
          gtk_snapshot_append_layout (snapshot, item->layout, &shown);
          gtk_snapshot_restore (snapshot);
          break;
        case ITEM_RULE:
        default:
          break;
        }
    }
  gtk_snapshot_restore (snapshot);

  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = g_ptr_array_index (self->items, i);
      GdkRGBA shown = seen_color (item, color);

      if (item->kind == ITEM_RULE)
        snapshot_rule (snapshot, &item->rect, x, baseline, scale, &shown);
    }
}
