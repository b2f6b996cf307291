/* Where the pieces of a prose widget stand. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#define PARAGRAPH_GAP 10   /* pixels between two paragraphs */
#define ITEM_GAP      4    /* between two items of a list without blank lines */
#define CARD_GAP      12   /* above and below a code card, a table, a picture */
#define RULE_GAP      16
#define RULE_HEIGHT   1
#define NOTES_GAP     18   /* above the footnotes */
#define GUESS_PX      3000 /* laid out before the owner has said what is visible */
#define DIRECTION_BYTES 256
#define LAY_US       12000 /* CPU time in which more pieces are laid out, */
#define SEEN_US      24000 /* and what is on the screen: that is not to move in the next frame */
#define NUMBERS_MIN   20   /* more lines of code than this are numbered */

static const int head_gaps[] = { 24, 20, 16, 14, 12, 12 };

gboolean
_bobbin_prose_starts_card (BobbinProse *self,
                           guint        index)
{
  const BobbinPiece *piece = prose_piece (self, index);

  return piece->kind == BOBBIN_MARKUP_CODE && !piece->continues && !self->bare;
}

gboolean
_bobbin_prose_ends_card (BobbinProse *self,
                         guint        index)
{
  const BobbinPiece *piece = prose_piece (self, index);
  const BobbinPiece *next = index + 1 < self->pieces->len ? prose_piece (self, index + 1) : NULL;

  return piece->kind == BOBBIN_MARKUP_CODE && !self->bare &&
         (next == NULL || next->kind != BOBBIN_MARKUP_CODE || !next->continues);
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
      *ret_bottom = length <= PROSE_SMALL ? PROSE_FAR : GUESS_PX;
    }
}

/* The first piece of @n that ends below @y. */
static guint
first_below (BobbinProse *self,
             guint        n,
             int          y)
{
  guint low = 0;
  guint high = n;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (prose_piece (self, middle)->end > y)
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

void
_bobbin_prose_pieces_in (BobbinProse *self,
                         int          top,
                         int          bottom,
                         guint       *ret_first,
                         guint       *ret_last)
{
  guint n = MIN (self->n_placed, self->pieces->len);
  guint first = first_below (self, n, top);
  guint last = first;

  while (last < n && prose_piece (self, last)->y - self->head < bottom)
    last++;
  while (first > 0 && first < n && prose_piece (self, first)->continues)
    first--;
  *ret_first = first;
  *ret_last = last;
}

void
_bobbin_prose_hold_layouts (BobbinProse *self,
                            guint        index)
{
  if (self->laid_first >= self->laid_last)
    self->laid_first = self->laid_last = index;
  self->laid_first = MIN (self->laid_first, index);
  self->laid_last = MAX (self->laid_last, index + 1);
}

static int
box_indent (BobbinProse           *self,
            const BobbinMarkupBox *box)
{
  int digits = 1;

  switch (box->kind)
    {
    case BOBBIN_BOX_QUOTE:
      return self->em;
    case BOBBIN_BOX_BULLET:
      return self->em * 3 / 2;
    case BOBBIN_BOX_NUMBER:
    case BOBBIN_BOX_NOTE:
    default:
      for (guint n = box->number; n >= 10; n /= 10)
        digits++;
      return self->em * (10 + 6 * MAX (digits, 2)) / 12 + self->em / 4;
    }
}

int
_bobbin_prose_indent (BobbinProse             *self,
                      const BobbinMarkupBlock *block,
                      guint                    depth)
{
  int most = self->width > 0 ? self->width * 2 / 5 : G_MAXINT16;
  int all = 0;
  int indent = 0;

  for (guint i = 0; i < block->n_boxes; i++)
    {
      all += box_indent (self, &block->boxes[i]);
      if (i < depth)
        indent = all;
    }

  /* deep boxes in a narrow window: each gets less */
  return all > most ? (int) ((gint64) indent * most / all) : indent;
}

/* Of the first letter. */
static PangoDirection
base_direction (const char *text,
                gsize       length)
{
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isalpha (c))
        continue;
      switch ((int) g_unichar_get_script (c))
        {
        case G_UNICODE_SCRIPT_ARABIC:
        case G_UNICODE_SCRIPT_HEBREW:
        case G_UNICODE_SCRIPT_SYRIAC:
        case G_UNICODE_SCRIPT_THAANA:
        case G_UNICODE_SCRIPT_NKO:
        case G_UNICODE_SCRIPT_ADLAM:
          return PANGO_DIRECTION_RTL;
        default:
          return PANGO_DIRECTION_LTR;
        }
    }

  return PANGO_DIRECTION_NEUTRAL;
}

/* By the first letter; what has none stands as what is before it in the same box. */
static gboolean
find_direction (BobbinProse *self,
                guint        index)
{
  const BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  const BobbinMarkupBlock *before = index > 0 ? _bobbin_prose_block (self, index - 1) : NULL;
  PangoDirection direction = PANGO_DIRECTION_NEUTRAL;

  if (text.block->continues && index > 0)
    return prose_piece (self, index - 1)->rtl;
  if (text.block->kind != BOBBIN_MARKUP_CODE && text.block->kind != BOBBIN_MARKUP_TABLE)
    direction = base_direction (text.text, MIN (text.block->length, DIRECTION_BYTES));
  if (direction == PANGO_DIRECTION_NEUTRAL && before != NULL && before->n_boxes > 0 && text.block->n_boxes > 0 &&
      before->boxes[0].id == text.block->boxes[0].id)
    return prose_piece (self, index - 1)->rtl;

  return direction == PANGO_DIRECTION_RTL;
}

/* Room for the numbers of so many lines of code; the same up to 999, so that code which grows is seldom moved. */
int
_bobbin_prose_count_digits (guint n_lines)
{
  int digits = 3;

  if (n_lines <= NUMBERS_MIN)
    return 0;
  for (guint n = n_lines; n >= 1000; n /= 10)
    digits++;

  return digits;
}

static int
find_gutter (BobbinProse *self,
             guint        index)
{
  const BobbinPiece *piece = prose_piece (self, index);
  int digits = _bobbin_prose_count_digits (prose_piece (self, piece->head)->card_lines);

  if (piece->kind != BOBBIN_MARKUP_CODE || self->bare || digits == 0)
    return 0;

  return PANGO_PIXELS_CEIL (digits * _bobbin_prose_get_style (self, PROSE_STYLE_CODE)->digit_width) + GUTTER_GAP - CODE_PAD / 2;
}

static void
place_sideways (BobbinProse *self,
                guint        index)
{
  const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);
  BobbinPiece *piece = prose_piece (self, index);
  int indent = _bobbin_prose_indent (self, block, block->n_boxes);
  int pad = piece->kind == BOBBIN_MARKUP_CODE && !self->bare ? CODE_PAD : 0;

  piece->rtl = find_direction (self, index);
  piece->gutter = find_gutter (self, index);
  piece->x = (piece->rtl ? 0 : indent) + pad + piece->gutter;
  piece->width = MAX (self->width - indent - 2 * pad - piece->gutter, 1);
}

void
_bobbin_prose_lay_piece (BobbinProse *self,
                         guint        index)
{
  BobbinPiece *piece = prose_piece (self, index);
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);

  bobbin_flow_fit (&piece->flow, &text, piece->same, piece->width * PANGO_SCALE);
  _bobbin_prose_hold_layouts (self, index);
  piece->same = G_MAXUINT;
  piece->height = PANGO_PIXELS_CEIL (piece->flow.height);
}

/* Letters that are hard to set may take more than a frame: the rest stays an estimate until the next one. */
static void
lay_in_time (BobbinProse *self,
             guint        index,
             int          top)
{
  const BobbinPiece *piece = prose_piece (self, index);
  gboolean seen = top < self->vis_bottom && top + piece->height + self->head > self->vis_top;

  if (_bobbin_prose_cpu_us () < self->lay_until + (seen ? SEEN_US - LAY_US : 0))
    _bobbin_prose_lay_piece (self, index);
  else
    self->unlaid = TRUE;
}

static void
place_text (BobbinProse *self,
            guint        index,
            int          top,
            gboolean     lay_all,
            int          near_top,
            int          near_bottom)
{
  BobbinPiece *piece = prose_piece (self, index);
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  int width = piece->width * PANGO_SCALE;
  gboolean fresh = piece->flow.width != width || piece->same != G_MAXUINT || piece->flow.length != text.block->length;

  if (!fresh && bobbin_flow_is_laid (&piece->flow))
    return;

  if (fresh && !bobbin_flow_is_laid (&piece->flow))
    bobbin_flow_estimate (&piece->flow, &text, width);
  piece->height = PANGO_PIXELS_CEIL (piece->flow.height);
  if (lay_all || (top < near_bottom && top + piece->height + self->head > near_top))
    lay_in_time (self, index, top);
  else if (fresh && bobbin_flow_is_laid (&piece->flow))
    bobbin_flow_estimate (&piece->flow, &text, width);
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
  const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);
  BobbinPiece *piece = prose_piece (self, index);

  place_sideways (self, index);
  piece->n_lines = block->n_lines;
  piece->y = top + (_bobbin_prose_starts_card (self, index) ? self->head : 0);

  if (block->n_lines == 0)
    piece->height = 0;
  else if (piece->kind == BOBBIN_MARKUP_RULE)
    piece->height = RULE_HEIGHT;
  else if (_bobbin_prose_is_hosted (piece))
    piece->height = _bobbin_prose_measure_host (self, index, top < near_bottom && top + piece->height > near_top, lay_all);
  else
    place_text (self, index, top, lay_all, near_top, near_bottom);

  piece->end = piece->y + piece->height + (_bobbin_prose_ends_card (self, index) ? CODE_PAD : 0);
  if (piece->kind == BOBBIN_MARKUP_MATH && _bobbin_prose_is_wide (self, index))
    piece->end += SLIDER_ROOM;
}

static gboolean
is_item (const BobbinMarkupBlock *block,
         guint                    depth)
{
  return depth < block->n_boxes && block->boxes[depth].kind != BOBBIN_BOX_QUOTE && block->boxes[depth].first;
}

static gboolean
is_card (const BobbinPiece *piece)
{
  return piece->kind == BOBBIN_MARKUP_CODE || piece->kind == BOBBIN_MARKUP_TABLE || piece->kind == BOBBIN_MARKUP_IMAGE ||
         piece->kind == BOBBIN_MARKUP_MATH;
}

static int
gap_before (BobbinProse *self,
            guint        index)
{
  const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);
  const BobbinMarkupBlock *before = _bobbin_prose_block (self, index - 1);
  const BobbinPiece *piece = prose_piece (self, index);
  const BobbinPiece *last = prose_piece (self, index - 1);
  int gap = PARAGRAPH_GAP;

  if (piece->continues)
    return 0;
  if (block->n_boxes > 0 && block->boxes[0].kind == BOBBIN_BOX_NOTE &&
      (before->n_boxes == 0 || before->boxes[0].kind != BOBBIN_BOX_NOTE))
    return NOTES_GAP;
  if (last->kind == BOBBIN_MARKUP_RULE || piece->kind == BOBBIN_MARKUP_RULE)
    return RULE_GAP;
  if (piece->kind == BOBBIN_MARKUP_HEADING)
    return head_gaps[CLAMP (piece->level, 1, 6) - 1];
  if (last->kind == BOBBIN_MARKUP_HEADING)
    gap = last->level <= 2 ? PARAGRAPH_GAP : PARAGRAPH_GAP - 3;
  else if (!block->loose && (is_item (block, 0) || is_item (block, block->n_boxes - 1)) && before->n_boxes > 0)
    gap = ITEM_GAP;

  return is_card (piece) || is_card (last) ? MAX (gap, CARD_GAP) : gap;
}

/* Below what changed near the screen nothing has to be measured again. */
static void
shift_pieces (BobbinProse *self,
              guint        from,
              guint        to,
              int          by)
{
  if (by == 0)
    return;

  for (guint i = from; i < to; i++)
    {
      prose_piece (self, i)->y += by;
      prose_piece (self, i)->end += by;
    }
}

/* As high, a byte, as what has been read. */
static int
estimate_rest (BobbinProse *self,
               int          height,
               gsize        length)
{
  if (self->fed >= length || self->fed == 0)
    return 0;

  return (int) MIN ((double) height * (length - self->fed) / self->fed, PROSE_FAR * 10.0);
}

/* A frame may place a text several times, as rows change their height. */
static void
begin_laying (BobbinProse *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  gint64 frame = clock != NULL ? gdk_frame_clock_get_frame_counter (clock) : -1;

  if (frame < 0 || frame != self->lay_frame)
    self->lay_until = _bobbin_prose_cpu_us () + LAY_US;
  self->lay_frame = frame;
  self->unlaid = FALSE;
}

/* The first piece that may need a place. With @grown only those that changed: all that is near had one, and still has. */
static guint
first_to_place (BobbinProse *self,
                gboolean     grown,
                guint        n_placed,
                gboolean     lay_all,
                int          near_top,
                int          near_bottom)
{
  gboolean same = self->placed_top == near_top && self->placed_bottom == near_bottom && !self->unlaid;

  self->placed_top = near_top;
  self->placed_bottom = near_bottom;
  if (grown && same)
    return n_placed;

  return lay_all ? 0 : first_below (self, n_placed, near_top);
}

/* Gives every piece that is new, or near the screen, its place for @width. What is far gets an estimate in a long text. */
static void
place (BobbinProse *self,
       int          width,
       gboolean     grown)
{
  gsize length;
  gboolean lay_all;
  int near_top;
  int near_bottom;
  guint n_placed;
  guint i;
  int y;

  _bobbin_prose_ensure_styles (self);
  _bobbin_prose_sync (self);
  n_placed = self->width == width ? MIN (self->n_placed, self->pieces->len) : 0;
  self->width = width;
  bobbin_prose_get_text (self, &length);
  lay_all = length <= PROSE_SMALL;
  _bobbin_prose_near (self, &near_top, &near_bottom);

  i = first_to_place (self, grown, n_placed, lay_all, near_top, near_bottom);
  begin_laying (self);
  y = i > 0 ? prose_piece (self, i - 1)->end : 0;
  while (i < self->pieces->len)
    {
      int before = prose_piece (self, i)->end;

      if (_bobbin_prose_starts_card (self, i))
        _bobbin_prose_ensure_head (self);
      if (i > 0)
        y += gap_before (self, i);
      place_piece (self, i, y, lay_all, near_top, near_bottom);
      y = prose_piece (self, i)->end;
      if (++i >= n_placed || y < near_bottom || lay_all)
        continue;

      shift_pieces (self, i, n_placed, y - before);
      i = n_placed;
      y = prose_piece (self, i - 1)->end;
    }

  if (self->unlaid)
    _bobbin_prose_read_on (self);
  self->n_placed = self->pieces->len;
  self->rest = estimate_rest (self, y, length);
  self->height = y + self->rest;
}

void
_bobbin_prose_place (BobbinProse *self,
                     int          width)
{
  place (self, width, FALSE);
}

void
_bobbin_prose_place_grown (BobbinProse *self)
{
  place (self, self->width, TRUE);
}
