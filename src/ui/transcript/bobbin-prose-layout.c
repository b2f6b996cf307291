#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "bobbin-links.h"
#include "bobbin-save.h"

#define PARAGRAPH_GAP 10   /* pixels between two paragraphs */
#define CARD_GAP      12   /* above and below a code card */
#define LINE_FACTOR   1.25
#define CODE_FACTOR   1.2
#define CODE_SCALE    0.92
#define FAR_PX        1000000 /* farther than anything, and still an int in Pango units */
#define GUESS_PX      3000 /* laid out before the owner has said what is visible */

static void
style_clear (BobbinFlowStyle *style)
{
  g_clear_object (&style->context);
  g_clear_pointer (&style->font, pango_font_description_free);
  g_clear_pointer (&style->attrs, pango_attr_list_unref);
}

static void
style_finish (BobbinFlowStyle *style,
              double           factor)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (style->context, style->font, NULL);

  style->attrs = pango_attr_list_new ();
  pango_attr_list_insert (style->attrs, pango_attr_line_height_new (factor));
  style->line_height = (int) ((pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics)) * factor);
  style->char_width = (int) (pango_font_metrics_get_approximate_char_width (metrics) * 0.9);
  pango_font_metrics_unref (metrics);
}

/* The font changed (theme, text size, first use): everything is laid out anew. */
void
_bobbin_prose_ensure_styles (BobbinProse *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font;
  int size;

  if (self->prose_style.context != NULL && self->serial == pango_context_get_serial (context))
    return;

  style_clear (&self->prose_style);
  style_clear (&self->code_style);
  self->serial = pango_context_get_serial (context);

  /* Each paragraph has the direction of its own first letter, whatever that of the interface; Pango turns the alignment
   * round against the direction of the context. */
  self->prose_style.context = gtk_widget_create_pango_context (GTK_WIDGET (self));
  pango_context_set_base_dir (self->prose_style.context, PANGO_DIRECTION_WEAK_LTR);
  style_finish (&self->prose_style, LINE_FACTOR);

  self->code_style.context = gtk_widget_create_pango_context (GTK_WIDGET (self));
  self->code_style.code = TRUE;
  pango_context_set_base_dir (self->code_style.context, PANGO_DIRECTION_LTR);
  font = pango_context_get_font_description (context);
  size = pango_font_description_get_size (font);
  self->code_style.font = pango_font_description_copy (font);
  pango_font_description_set_family_static (self->code_style.font, "Monospace");
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (self->code_style.font, size * CODE_SCALE);
  else
    pango_font_description_set_size (self->code_style.font, (int) (size * CODE_SCALE));
  style_finish (&self->code_style, CODE_FACTOR);

  for (guint i = 0; i < self->pieces->len; i++)
    bobbin_flow_unlay (&prose_piece (self, i)->flow);
  self->width = -1;
  self->head = 0;
  self->natural_length = G_MAXSIZE;
}

BobbinFlowStyle *
_bobbin_prose_style (BobbinProse       *self,
                     const BobbinPiece *piece)
{
  return piece->kind == BOBBIN_SEGMENT_CODE ? &self->code_style : &self->prose_style;
}

int
_bobbin_prose_piece_x (BobbinProse       *self,
                       const BobbinPiece *piece)
{
  return piece->kind == BOBBIN_SEGMENT_CODE && !self->bare ? CODE_PAD : 0;
}

static int
piece_width (BobbinProse       *self,
             const BobbinPiece *piece)
{
  return MAX (self->width - 2 * _bobbin_prose_piece_x (self, piece), 1) * PANGO_SCALE;
}

static gboolean
starts_card (BobbinProse       *self,
             const BobbinPiece *piece)
{
  return piece->kind == BOBBIN_SEGMENT_CODE && !piece->continues && !self->bare;
}

static gboolean
ends_card (BobbinProse *self,
           guint        index)
{
  const BobbinPiece *piece = prose_piece (self, index);
  const BobbinPiece *next = index + 1 < self->pieces->len ? prose_piece (self, index + 1) : NULL;

  return piece->kind == BOBBIN_SEGMENT_CODE && !self->bare &&
         (next == NULL || next->kind != BOBBIN_SEGMENT_CODE || !next->continues);
}

/* What is drawn and kept ready: the visible range and a margin. */
void
_bobbin_prose_near (BobbinProse *self,
                    int         *ret_top,
                    int         *ret_bottom)
{
  if (self->vis_bottom > self->vis_top)
    {
      *ret_top = self->vis_top - PROSE_MARGIN;
      *ret_bottom = self->vis_bottom + PROSE_MARGIN;
    }
  else
    {
      gsize length;

      bobbin_prose_get_text (self, &length);
      *ret_top = 0;
      *ret_bottom = length <= PROSE_SMALL ? FAR_PX : GUESS_PX;
    }
}

/* Addresses are looked for in what is shown; they are few, and most pieces have none. */
static void
find_links (BobbinProse         *self,
            BobbinPiece         *piece,
            const BobbinSegment *segment)
{
  g_autoptr(GArray) links = NULL;

  if (piece->kind == BOBBIN_SEGMENT_CODE)
    return;

  links = g_array_new (FALSE, FALSE, sizeof (BobbinTextLink));
  bobbin_links_scan (bobbin_prose_get_text (self, NULL), segment->start, segment->end, links);
  g_clear_pointer (&piece->flow.links, g_array_unref);
  if (links->len > 0)
    piece->flow.links = g_steal_pointer (&links);
}

void
_bobbin_prose_lay_piece (BobbinProse *self,
                         BobbinPiece *piece,
                         guint        index)
{
  const BobbinSegment *segment = bobbin_segmenter_get (self->segmenter, index);

  find_links (self, piece, segment);
  bobbin_flow_fit (&piece->flow, _bobbin_prose_style (self, piece), bobbin_prose_get_text (self, NULL),
                   segment->start, segment->end, piece_width (self, piece));
  piece->height = PANGO_PIXELS_CEIL (piece->flow.height);
}

static void
place_piece (BobbinProse *self,
             guint        index,
             int          top,
             gboolean     lay_all,
             int          near_top,
             int          near_bottom)
{
  BobbinPiece *piece = prose_piece (self, index);
  const BobbinSegment *segment = bobbin_segmenter_get (self->segmenter, index);
  int width = piece_width (self, piece);
  gboolean fresh = piece->flow.width != width || piece->flow.start != segment->start || piece->flow.end != segment->end;

  piece->n_lines = segment->n_lines;
  piece->y = top + (starts_card (self, piece) ? self->head : 0);

  if (segment->n_lines == 0)
    {
      piece->height = 0;
    }
  else if (fresh || !bobbin_flow_is_laid (&piece->flow))
    {
      if (fresh && !bobbin_flow_is_laid (&piece->flow))
        bobbin_flow_estimate (&piece->flow, _bobbin_prose_style (self, piece), segment->start, segment->end,
                              segment->n_lines, width);
      piece->height = PANGO_PIXELS_CEIL (piece->flow.height);
      if (lay_all || (top < near_bottom && top + piece->height + self->head > near_top))
        _bobbin_prose_lay_piece (self, piece, index);
      else if (fresh && bobbin_flow_is_laid (&piece->flow))
        bobbin_flow_estimate (&piece->flow, _bobbin_prose_style (self, piece), segment->start, segment->end,
                              segment->n_lines, width);
      piece->height = PANGO_PIXELS_CEIL (piece->flow.height);
    }

  piece->end = piece->y + piece->height + (ends_card (self, index) ? CODE_PAD : 0);
}

/* What the head of a card takes is asked of a real one, before any piece has its place. */
static void
ensure_head (BobbinProse *self)
{
  GtkWidget *card;

  if (self->head > 0)
    return;

  card = bobbin_code_card_new (NULL);
  gtk_widget_insert_after (card, GTK_WIDGET (self), NULL);
  gtk_widget_measure (card, GTK_ORIENTATION_VERTICAL, -1, &self->head, NULL, NULL, NULL);
  gtk_widget_unparent (card);
}

/* Gives every piece its place for @width. What is far from the screen gets an estimate in a long text. */
void
_bobbin_prose_place (BobbinProse *self,
                     int          width)
{
  gsize length;
  gboolean lay_all;
  int near_top;
  int near_bottom;
  int y = 0;

  _bobbin_prose_ensure_styles (self);
  _bobbin_prose_sync (self);
  self->width = width;
  bobbin_prose_get_text (self, &length);
  lay_all = length <= PROSE_SMALL;
  _bobbin_prose_near (self, &near_top, &near_bottom);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);
      BobbinPiece *before = i > 0 ? prose_piece (self, i - 1) : NULL;

      if (starts_card (self, piece))
        ensure_head (self);
      if (before != NULL && !piece->continues)
        y += piece->kind == BOBBIN_SEGMENT_CODE || before->kind == BOBBIN_SEGMENT_CODE ? CARD_GAP : PARAGRAPH_GAP;
      place_piece (self, i, y, lay_all, near_top, near_bottom);
      y = piece->end;
    }

  self->height = y;
}

static int
card_bottom (BobbinProse *self,
             guint        index)
{
  while (!ends_card (self, index))
    index++;

  return prose_piece (self, index)->end;
}

static guint
card_lines (BobbinProse *self,
            guint        index)
{
  guint n_lines = prose_piece (self, index)->n_lines;

  while (!ends_card (self, index))
    n_lines += prose_piece (self, ++index)->n_lines;

  return n_lines;
}

/* (nullable): all the code of a card. */
static char *
dup_card_code (BobbinProse *self,
               GtkWidget   *card)
{
  const char *text = bobbin_prose_get_text (self, NULL);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      gsize start;

      if (prose_piece (self, i)->card != card)
        continue;

      start = bobbin_segmenter_get (self->segmenter, i)->start;
      while (!ends_card (self, i))
        i++;
      return g_strndup (text + start, bobbin_segmenter_get (self->segmenter, i)->end - start);
    }

  return NULL;
}

static void
copy_code_cb (BobbinProse *self,
              GtkWidget   *card)
{
  g_autofree char *code = dup_card_code (self, card);

  if (code == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), code);
  bobbin_code_card_confirm (BOBBIN_CODE_CARD (card));
}

static void
save_code_cb (BobbinProse *self,
              GtkWidget   *card)
{
  g_autofree char *code = dup_card_code (self, card);
  g_autofree char *name = bobbin_code_card_dup_file_name (bobbin_code_card_get_language (BOBBIN_CODE_CARD (card)));

  if (code != NULL)
    bobbin_save_text (GTK_WIDGET (self), name, code);
}

static void
add_card (BobbinProse *self,
          BobbinPiece *piece,
          guint        index)
{
  piece->card = bobbin_code_card_new (bobbin_segmenter_get (self->segmenter, index)->info);
  g_signal_connect_object (piece->card, "copy", G_CALLBACK (copy_code_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (piece->card, "save", G_CALLBACK (save_code_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_after (piece->card, GTK_WIDGET (self), NULL);
}

/* Cards near the screen exist as widgets, others do not. */
void
_bobbin_prose_allocate_cards (BobbinProse *self)
{
  int near_top;
  int near_bottom;

  _bobbin_prose_near (self, &near_top, &near_bottom);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);
      GtkAllocation area;

      if (!starts_card (self, piece))
        continue;

      area.x = 0;
      area.y = piece->y - self->head;
      area.width = self->width;
      area.height = card_bottom (self, i) - area.y;

      if (area.y >= near_bottom || area.y + area.height <= near_top)
        {
          g_clear_pointer (&piece->card, gtk_widget_unparent);
          continue;
        }
      if (piece->card == NULL)
        add_card (self, piece, i);
      bobbin_code_card_set_n_lines (BOBBIN_CODE_CARD (piece->card), card_lines (self, i));
      gtk_widget_measure (piece->card, GTK_ORIENTATION_VERTICAL, area.width, NULL, NULL, NULL, NULL);
      gtk_widget_size_allocate (piece->card, &area, -1);
    }
}

/* The theme may have changed: layouts with the old colour in them go. */
static void
update_link_color (BobbinProse     *self,
                   GtkStyleContext *css)
{
  GdkRGBA accent;
  PangoColor link;

  if (!gtk_style_context_lookup_color (css, "accent_color", &accent))
    gtk_style_context_get_color (css, &accent);
  link = (PangoColor) { (guint16) (accent.red * 65535), (guint16) (accent.green * 65535), (guint16) (accent.blue * 65535) };
  if (link.red == self->prose_style.link.red && link.green == self->prose_style.link.green &&
      link.blue == self->prose_style.link.blue)
    return;

  self->prose_style.link = link;
  for (guint i = 0; i < self->pieces->len; i++)
    if (prose_piece (self, i)->flow.links != NULL)
      bobbin_flow_drop (&prose_piece (self, i)->flow);
}

/* The matches of one piece, whose place is the origin. */
static void
snapshot_matches (BobbinProse *self,
                  BobbinPiece *piece,
                  GtkSnapshot *snapshot)
{
  GtkStyleContext *css = gtk_widget_get_style_context (GTK_WIDGET (self));
  const char *text = bobbin_prose_get_text (self, NULL);
  GdkRGBA ground = { 0.97f, 0.82f, 0.18f, 1 };
  GdkRGBA current = { 1, 0.47f, 0, 1 };

  gtk_style_context_lookup_color (css, "yellow_3", &ground);
  gtk_style_context_lookup_color (css, "orange_3", &current);
  ground.alpha = 0.45f;
  current.alpha = 0.75f;

  for (guint i = 0; i < self->matches->len; i++)
    {
      const BobbinTextRange *range = &g_array_index (self->matches, BobbinTextRange, i);

      if (range->end <= piece->flow.start)
        continue;
      if (range->start >= piece->flow.end)
        return;
      bobbin_flow_snapshot_ground (&piece->flow, _bobbin_prose_style (self, piece), text, snapshot,
                                   MAX (self->drawn_top - piece->y, 0) * PANGO_SCALE,
                                   MIN (self->drawn_bottom - piece->y, FAR_PX) * PANGO_SCALE, range->start, range->end,
                                   (int) i == self->current ? &current : &ground);
    }
}

static void
snapshot_pieces (BobbinProse *self,
                 GtkSnapshot *snapshot)
{
  GtkStyleContext *css = gtk_widget_get_style_context (GTK_WIDGET (self));
  const char *text = bobbin_prose_get_text (self, NULL);
  GdkRGBA color;
  GdkRGBA selected;

  gtk_style_context_get_color (css, &color);
  if (!gtk_style_context_lookup_color (css, "accent_bg_color", &selected))
    selected = color;
  selected.alpha = 0.35f;
  update_link_color (self, css);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);

      if (piece->n_lines == 0 || piece->y >= self->drawn_bottom || piece->y + piece->height <= self->drawn_top)
        {
          bobbin_flow_drop (&piece->flow);
          continue;
        }
      if (!bobbin_flow_is_laid (&piece->flow))
        continue; /* not before its place is known for good */

      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (_bobbin_prose_piece_x (self, piece), piece->y));
      if (self->matches != NULL)
        snapshot_matches (self, piece, snapshot);
      bobbin_flow_snapshot (&piece->flow, _bobbin_prose_style (self, piece), text, snapshot,
                            MAX (self->drawn_top - piece->y, 0) * PANGO_SCALE,
                            MIN (self->drawn_bottom - piece->y, FAR_PX) * PANGO_SCALE,
                            &color, self->sel_from, self->sel_to, &selected);
      gtk_snapshot_restore (snapshot);
    }
}

void
_bobbin_prose_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  BobbinProse *self = BOBBIN_PROSE (widget);

  _bobbin_prose_near (self, &self->drawn_top, &self->drawn_bottom);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);

      if (piece->card != NULL)
        gtk_widget_snapshot_child (widget, piece->card, snapshot);
    }

  snapshot_pieces (self, snapshot);
}
