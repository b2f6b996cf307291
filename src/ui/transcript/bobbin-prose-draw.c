/* Drawing of a prose widget: text, what marks parts of it, and what stands beside it: bars of quotes, marks of items. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include <adwaita.h>

#define BAR_WIDTH    3
#define EDGE         24 /* pixels beyond the widget that may be drawn on */
#define SELECT_ALPHA 0.35f
#define QUOTE_ALPHA  0.8f
#define NUMBERS_KEPT 200

typedef struct
{
  BobbinProse *self;
  GtkSnapshot *snapshot;
  GdkRGBA      color;
  GdkRGBA      accent;
  GdkRGBA      selected;
  GdkRGBA      found;
  GdkRGBA      current; /* of what was found */
  gboolean     contrast; /* high */
} Draw;

/* In coordinates that run from the side the piece begins at. */
static void
append_area (Draw              *draw,
             const BobbinPiece *piece,
             float              x,
             float              y,
             float              width,
             float              height,
             float              radius,
             const GdkRGBA     *color)
{
  float left = piece->rtl ? (float) draw->self->width - x - width : x;
  graphene_rect_t area = GRAPHENE_RECT_INIT (left, y, width, height);
  GskRoundedRect round;

  gsk_rounded_rect_init_from_rect (&round, &area, radius);
  gtk_snapshot_push_rounded_clip (draw->snapshot, &round);
  gtk_snapshot_append_color (draw->snapshot, color, &area);
  gtk_snapshot_pop (draw->snapshot);
}

static gboolean
shares_box (BobbinProse *self,
            guint        index,
            guint        depth,
            gsize        id)
{
  const BobbinMarkupBlock *block = index < self->pieces->len ? _bobbin_prose_block (self, index) : NULL;

  return block != NULL && depth < block->n_boxes && block->boxes[depth].id == id;
}

static void
draw_bars (Draw  *draw,
           guint  index)
{
  BobbinProse *self = draw->self;
  const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);
  const BobbinPiece *piece = prose_piece (self, index);
  GdkRGBA color = draw->color;

  color.alpha *= draw->contrast ? 0.6f : 0.22f;
  for (guint i = 0; i < block->n_boxes; i++)
    {
      int top = piece->y - (_bobbin_prose_starts_card (self, index) ? self->head : 0);
      int bottom = piece->end;

      if (block->boxes[i].kind != BOBBIN_BOX_QUOTE)
        continue;
      if (shares_box (self, index + 1, i, block->boxes[i].id))
        bottom = prose_piece (self, index + 1)->y - (_bobbin_prose_starts_card (self, index + 1) ? self->head : 0);
      append_area (draw, piece, (float) _bobbin_prose_indent (self, block, i), (float) top, BAR_WIDTH,
                   (float) (bottom - top), shares_box (self, index + 1, i, block->boxes[i].id) ||
                   (index > 0 && shares_box (self, index - 1, i, block->boxes[i].id)) ? 0 : BAR_WIDTH / 2.0f, &color);
    }
}

/* Those of a screen are the same in every frame. */
static PangoLayout *
number_layout (BobbinProse           *self,
               const BobbinFlowStyle *style,
               guint                  number)
{
  gpointer key = GSIZE_TO_POINTER ((gsize) number * PROSE_N_STYLES + (gsize) (style - self->styles));
  PangoLayout *layout = g_hash_table_lookup (self->numbers, key);
  char text[16];

  if (layout != NULL)
    return layout;

  if (g_hash_table_size (self->numbers) >= NUMBERS_KEPT)
    g_hash_table_remove_all (self->numbers);
  g_snprintf (text, sizeof text, "%u.", number);
  layout = pango_layout_new (style->context);
  pango_layout_set_font_description (layout, style->font);
  pango_layout_set_text (layout, text, -1);
  g_hash_table_insert (self->numbers, key, layout);

  return layout;
}

static void
draw_number (Draw                  *draw,
             const BobbinPiece     *piece,
             const BobbinFlowStyle *style,
             guint                  number,
             int                    edge,
             int                    baseline)
{
  PangoLayout *layout = number_layout (draw->self, style, number);
  PangoRectangle logical;
  GdkRGBA color = draw->color;
  int x;

  color.alpha *= 0.75f;
  pango_layout_get_pixel_extents (layout, NULL, &logical);
  x = MAX (edge - draw->self->em / 2 - logical.width, 0);
  if (piece->rtl)
    x = draw->self->width - x - logical.width;
  gtk_snapshot_save (draw->snapshot);
  gtk_snapshot_translate (draw->snapshot,
                          &GRAPHENE_POINT_INIT (x, baseline - PANGO_PIXELS (pango_layout_get_baseline (layout))));
  gtk_snapshot_append_layout (draw->snapshot, layout, &color);
  gtk_snapshot_restore (draw->snapshot);
}

/* A disc, a circle, a square: by how many lists are around it. */
static void
draw_bullet (Draw              *draw,
             const BobbinPiece *piece,
             guint              depth,
             int                edge,
             int                middle)
{
  float size = (float) MAX (draw->self->em / 3, 4);
  float x = (float) edge - (float) draw->self->em * 0.55f - size;
  float y = (float) middle - size / 2;
  GdkRGBA color = draw->color;

  color.alpha *= 0.7f;
  if (depth % 3 == 1)
    {
      float left = piece->rtl ? (float) draw->self->width - x - size : x;
      GskRoundedRect round;
      float widths[4] = { 1.3f, 1.3f, 1.3f, 1.3f };
      GdkRGBA colors[4] = { color, color, color, color };

      gsk_rounded_rect_init_from_rect (&round, &GRAPHENE_RECT_INIT (left, y, size, size), size / 2);
      gtk_snapshot_append_border (draw->snapshot, &round, widths, colors);
      return;
    }
  append_area (draw, piece, x, y, size, size, depth % 3 == 0 ? size / 2 : 1, &color);
}

static void
draw_task (Draw              *draw,
           const BobbinPiece *piece,
           gboolean           done,
           int                edge,
           int                middle)
{
  float size = (float) draw->self->em * 0.9f;
  float x = (float) edge - (float) draw->self->em * 0.4f - size;
  float left = piece->rtl ? (float) draw->self->width - x - size : x;
  graphene_rect_t area = GRAPHENE_RECT_INIT (left, (float) middle - size / 2, size, size);
  GdkRGBA color = draw->color;
  GskRoundedRect round;
  cairo_t *cr;

  if (!done)
    {
      float widths[4] = { 1.5f, 1.5f, 1.5f, 1.5f };
      GdkRGBA colors[4];

      color.alpha *= 0.5f;
      for (guint i = 0; i < 4; i++)
        colors[i] = color;
      gsk_rounded_rect_init_from_rect (&round, &area, 3);
      gtk_snapshot_append_border (draw->snapshot, &round, widths, colors);
      return;
    }

  append_area (draw, piece, x, (float) middle - size / 2, size, size, 3, &draw->accent);
  cr = gtk_snapshot_append_cairo (draw->snapshot, &area);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, size / 7);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, area.origin.x + size * 0.25f, area.origin.y + size * 0.53f);
  cairo_line_to (cr, area.origin.x + size * 0.43f, area.origin.y + size * 0.70f);
  cairo_line_to (cr, area.origin.x + size * 0.76f, area.origin.y + size * 0.32f);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
draw_mark (Draw  *draw,
           guint  index,
           guint  depth,
           guint  list_depth)
{
  BobbinProse *self = draw->self;
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  BobbinPiece *piece = prose_piece (self, index);
  const BobbinMarkupBox *box = &text.block->boxes[depth];
  const BobbinFlowStyle *style = text.style->code ? &self->styles[PROSE_STYLE_TEXT] : text.style;
  int baseline = bobbin_flow_is_laid (&piece->flow) && !text.style->code
                   ? bobbin_flow_baseline (&piece->flow, &text) : style->ascent;
  int edge = _bobbin_prose_indent (self, text.block, depth + 1);
  int top = piece->y - (_bobbin_prose_starts_card (self, index) ? self->head : 0);
  int line = top + PANGO_PIXELS (baseline);
  int middle = line - PANGO_PIXELS (style->x_height) / 2 - 1;

  if (box->task != 0)
    {
      draw_task (draw, piece, box->task != ' ', edge, middle);
      return;
    }
  switch (box->kind)
    {
    case BOBBIN_BOX_BULLET:
      draw_bullet (draw, piece, list_depth, edge, middle);
      break;
    case BOBBIN_BOX_NUMBER:
    case BOBBIN_BOX_NOTE:
      draw_number (draw, piece, style, box->number, edge, line);
      break;
    case BOBBIN_BOX_QUOTE:
    default:
      break;
    }
}

static void
draw_marks (Draw  *draw,
            guint  index)
{
  const BobbinMarkupBlock *block = _bobbin_prose_block (draw->self, index);
  guint list_depth = 0;

  for (guint i = 0; i < block->n_boxes; i++)
    {
      if (block->boxes[i].first)
        draw_mark (draw, index, i, list_depth);
      list_depth += block->boxes[i].kind == BOBBIN_BOX_BULLET || block->boxes[i].kind == BOBBIN_BOX_NUMBER;
    }
}

static void
add_mark (GArray                  *marks,
          const BobbinMarkupBlock *block,
          gsize                    from,
          gsize                    to,
          const GdkRGBA           *color,
          float                    radius)
{
  BobbinFlowMark mark = { 0, 0, *color, radius };

  if (from >= to || to <= block->start || from >= block->end)
    return;
  mark.start = bobbin_markup_block_to_drawn (block, from);
  mark.end = bobbin_markup_block_to_drawn (block, to);
  if (mark.start < mark.end)
    g_array_append_val (marks, mark);
}

/* The first that ends behind @start; they are in order and do not overlap. */
static guint
first_match (BobbinProse *self,
             gsize        start)
{
  guint low = 0;
  guint high = self->matches->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->matches, BobbinTextRange, middle).end > start)
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

/* What of the block is found and selected. (nullable) */
static GArray *
collect_marks (Draw                    *draw,
               const BobbinMarkupBlock *block)
{
  BobbinProse *self = draw->self;
  GArray *marks = NULL;

  if (self->matches->len == 0 && self->sel_from >= self->sel_to)
    return NULL;

  marks = g_array_new (FALSE, FALSE, sizeof (BobbinFlowMark));
  for (guint i = first_match (self, block->start); i < self->matches->len; i++)
    {
      const BobbinTextRange *range = &g_array_index (self->matches, BobbinTextRange, i);
      GdkRGBA color = draw->found;

      if (range->start >= block->end)
        break;
      if ((int) i == self->match)
        color = draw->current;
      add_mark (marks, block, range->start, range->end, &color, 3);
    }
  add_mark (marks, block, self->sel_from, self->sel_to, &draw->selected, 0);

  return marks;
}

static gboolean
is_quote (const BobbinMarkupBlock *block)
{
  for (guint i = 0; i < block->n_boxes; i++)
    if (block->boxes[i].kind == BOBBIN_BOX_QUOTE)
      return TRUE;

  return FALSE;
}

typedef struct
{
  const BobbinPiece     *piece;
  const BobbinFlowStyle *style;
  PangoLayout           *layout; /* (nullable): made for the first number */
} DrawNumbers;

static void
draw_line_number (GtkSnapshot   *snapshot,
                  guint          line,
                  int            baseline,
                  const GdkRGBA *color,
                  gpointer       data)
{
  DrawNumbers *numbers = data;
  char text[16];
  int width;

  if (line == numbers->piece->first_line && numbers->piece->joins)
    return;

  if (numbers->layout == NULL)
    {
      numbers->layout = pango_layout_new (numbers->style->context);
      pango_layout_set_font_description (numbers->layout, numbers->style->font);
    }
  g_snprintf (text, sizeof text, "%u", line + 1);
  pango_layout_set_text (numbers->layout, text, -1);
  pango_layout_get_pixel_size (numbers->layout, &width, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (-GUTTER_GAP - width,
                                                          baseline - PANGO_PIXELS (pango_layout_get_baseline (numbers->layout))));
  gtk_snapshot_append_layout (snapshot, numbers->layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
draw_line_numbers (Draw                 *draw,
                   BobbinPiece          *piece,
                   const BobbinFlowText *text,
                   int                   top,
                   int                   bottom)
{
  DrawNumbers numbers = { piece, _bobbin_prose_get_style (draw->self, PROSE_STYLE_CODE), NULL };
  GdkRGBA color = draw->color;

  color.alpha *= draw->contrast ? 0.8f : 0.45f;
  bobbin_flow_snapshot_beside (&piece->flow, text, draw->snapshot, top, bottom, &color, piece->first_line, draw_line_number,
                               &numbers);
  g_clear_object (&numbers.layout);
}

static void
draw_text (Draw  *draw,
           guint  index)
{
  BobbinProse *self = draw->self;
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  BobbinPiece *piece = prose_piece (self, index);
  g_autoptr(GArray) marks = collect_marks (draw, text.block);
  gboolean wide = _bobbin_prose_is_wide (self, index);
  int top = MAX (self->drawn_top - piece->y, 0) * PANGO_SCALE;
  int bottom = MIN (self->drawn_bottom - piece->y, PROSE_FAR) * PANGO_SCALE;
  GdkRGBA color = draw->color;

  if (is_quote (text.block))
    color.alpha *= QUOTE_ALPHA;
  gtk_snapshot_save (draw->snapshot);
  gtk_snapshot_translate (draw->snapshot, &GRAPHENE_POINT_INIT (piece->x, piece->y));
  if (piece->gutter > 0)
    draw_line_numbers (draw, piece, &text, top, bottom);
  if (wide)
    {
      gtk_snapshot_push_clip (draw->snapshot, &GRAPHENE_RECT_INIT (-2, 0, piece->width + 2 + (piece->kind == BOBBIN_MARKUP_CODE ? CODE_PAD : 0),
                                                                   piece->height));
      gtk_snapshot_translate (draw->snapshot, &GRAPHENE_POINT_INIT (-_bobbin_prose_shift (self, index), 0));
    }
  bobbin_flow_snapshot (&piece->flow, &text, draw->snapshot, top, bottom, &color, marks);
  if (wide)
    gtk_snapshot_pop (draw->snapshot);
  gtk_snapshot_restore (draw->snapshot);
}

static void
draw_rule (Draw  *draw,
           guint  index)
{
  const BobbinPiece *piece = prose_piece (draw->self, index);
  GdkRGBA color = draw->color;

  color.alpha *= draw->contrast ? 0.6f : 0.2f;
  gtk_snapshot_append_color (draw->snapshot, &color,
                             &GRAPHENE_RECT_INIT (piece->x, piece->y, piece->width, piece->height));
}

static void
draw_piece (Draw  *draw,
            guint  index)
{
  BobbinPiece *piece = prose_piece (draw->self, index);

  draw_bars (draw, index);
  if (piece->kind == BOBBIN_MARKUP_RULE)
    draw_rule (draw, index);
  else if (!_bobbin_prose_is_hosted (piece))
    draw_text (draw, index);
  draw_marks (draw, index);
}

static void
draw_init (Draw        *draw,
           BobbinProse *self,
           GtkSnapshot *snapshot)
{
  GtkStyleContext *css = gtk_widget_get_style_context (GTK_WIDGET (self));

  draw->self = self;
  draw->snapshot = snapshot;
  gtk_style_context_get_color (css, &draw->color);
  if (!gtk_style_context_lookup_color (css, "accent_bg_color", &draw->accent))
    draw->accent = draw->color;
  draw->found = (GdkRGBA) { 0.97f, 0.82f, 0.18f, 1 };
  draw->current = (GdkRGBA) { 1, 0.47f, 0, 1 };
  gtk_style_context_lookup_color (css, "yellow_3", &draw->found);
  gtk_style_context_lookup_color (css, "orange_3", &draw->current);
  draw->contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  draw->selected = draw->accent;
  draw->selected.alpha = SELECT_ALPHA;
  draw->found.alpha = 0.45f;
  draw->current.alpha = 0.75f;
  _bobbin_prose_update_colors (self);
}

/* What scrolls is drawn with a margin, so that it need not be drawn again in every frame; what is written is, in any case. */
static void
set_drawn (BobbinProse *self,
           int          near_top,
           int          near_bottom)
{
  gboolean open = !self->final && self->vis_bottom > self->vis_top;

  self->drawn_top = open ? self->vis_top - OPEN_MARGIN : near_top;
  self->drawn_bottom = open ? self->vis_bottom + OPEN_MARGIN : near_bottom;
}

void
_bobbin_prose_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  BobbinProse *self = BOBBIN_PROSE (widget);
  gboolean clips = !self->final; /* all the while, though only what has no room yet is cut: a clip that comes or goes has all of it
                                  * painted again */
  Draw draw;
  int near_top;
  int near_bottom;
  guint first;
  guint last;

  _bobbin_prose_near (self, &near_top, &near_bottom);
  _bobbin_prose_pieces_in (self, near_top - PROSE_MARGIN, near_bottom, &first, &last);
  set_drawn (self, near_top, near_bottom);
  draw_init (&draw, self, snapshot);

  if (clips)
    gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (-EDGE, -EDGE, self->width + 2 * EDGE,
                                                           gtk_widget_get_height (widget) + EDGE));
  for (guint i = self->laid_first; i < MIN (self->laid_last, self->pieces->len); i++)
    if (i < first || i >= last)
      bobbin_flow_drop (&prose_piece (self, i)->flow);
  self->laid_first = first;
  self->laid_last = last;
  for (guint i = first; i < last; i++)
    if (prose_piece (self, i)->frame != NULL)
      gtk_widget_snapshot_child (widget, prose_piece (self, i)->frame, snapshot);

  for (guint i = first; i < last; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);
      gboolean hosted = _bobbin_prose_is_hosted (piece) || piece->kind == BOBBIN_MARKUP_RULE;

      if (piece->n_lines == 0 || piece->y >= near_bottom || piece->end + PROSE_MARGIN <= near_top)
        {
          bobbin_flow_drop (&piece->flow);
          continue;
        }
      if (piece->y - self->head >= self->drawn_bottom || piece->end + EDGE <= self->drawn_top)
        continue;
      if (hosted || bobbin_flow_is_laid (&piece->flow)) /* not before its place is known for good */
        draw_piece (&draw, i);
      if (piece->host != NULL && gtk_widget_get_child_visible (piece->host))
        gtk_widget_snapshot_child (widget, piece->host, snapshot);
    }
  for (guint i = first; i < last; i++) /* below its card, of which this piece is the start */
    if (prose_piece (self, i)->slider != NULL)
      gtk_widget_snapshot_child (widget, prose_piece (self, i)->slider, snapshot);
  if (clips)
    gtk_snapshot_pop (snapshot);
}
