/* Points of a prose widget: from the pointer to bytes of the text and back, and steps of the keyboard. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"


/* The piece at @y, or the nearest one; NULL when there is none. */
static BobbinPiece *
piece_at (BobbinProse *self,
          int          y,
          guint       *ret_index)
{
  guint low = 0;
  guint high = self->pieces->len;

  if (high == 0)
    return NULL;

  /* the last one that starts at or above @y */
  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (prose_piece (self, middle)->y <= y)
        low = middle;
      else
        high = middle;
    }
  *ret_index = low;

  return prose_piece (self, low);
}

static BobbinPiece *
piece_with (BobbinProse *self,
            gsize        offset,
            guint       *ret_index)
{
  guint low = 0;
  guint high = self->pieces->len;

  if (high == 0)
    return NULL;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (_bobbin_prose_block (self, middle)->start <= offset)
        low = middle;
      else
        high = middle;
    }
  *ret_index = low;

  return prose_piece (self, low);
}

static gboolean
has_text (const BobbinPiece *piece)
{
  return piece->kind != BOBBIN_MARKUP_RULE && !_bobbin_prose_is_hosted (piece);
}

static void
ensure_laid (BobbinProse *self,
             guint        index)
{
  BobbinPiece *piece = prose_piece (self, index);

  if (!has_text (piece))
    return;

  if (!bobbin_flow_is_laid (&piece->flow))
    _bobbin_prose_lay_piece (self, index);
  _bobbin_prose_hold_layouts (self, index);
}

static void
ensure_placed (BobbinProse *self)
{
  if (self->width <= 0 || self->dirty || self->n_placed < self->pieces->len)
    _bobbin_prose_place (self, MAX (self->width, 1));
}

/* The drawn byte at a point of the piece. A hosted widget is one thing: before it or behind it. */
static guint
hit_piece (BobbinProse *self,
           guint        index,
           double       x,
           double       y)
{
  BobbinPiece *piece = prose_piece (self, index);
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);

  if (!has_text (piece))
    return y < piece->y + piece->height / 2.0 ? 0 : text.block->length;

  ensure_laid (self, index);
  return bobbin_flow_hit (&piece->flow, &text, (int) ((x - piece->x + _bobbin_prose_shift (self, index)) * PANGO_SCALE),
                          (int) ((MAX (y, piece->y) - piece->y) * PANGO_SCALE));
}

gsize
bobbin_prose_hit (BobbinProse *self,
                  double       x,
                  double       y)
{
  guint index = 0;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  ensure_placed (self);
  if (piece_at (self, (int) y, &index) == NULL)
    return 0;

  return bobbin_markup_block_to_source (_bobbin_prose_block (self, index), hit_piece (self, index, x, y));
}

static void
get_drawn_rect (BobbinProse  *self,
                guint         index,
                guint         drawn,
                GdkRectangle *ret_rect)
{
  BobbinPiece *piece = prose_piece (self, index);
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  PangoRectangle rect;

  if (!has_text (piece))
    {
      *ret_rect = (GdkRectangle) { piece->x, piece->y, MAX (piece->width, 1), MAX (piece->height, 1) };
      return;
    }

  ensure_laid (self, index);
  bobbin_flow_get_rect (&piece->flow, &text, drawn, &rect);
  ret_rect->x = PANGO_PIXELS (rect.x) + piece->x - _bobbin_prose_shift (self, index);
  ret_rect->y = PANGO_PIXELS (rect.y) + piece->y;
  ret_rect->width = MAX (PANGO_PIXELS (rect.width), 1);
  ret_rect->height = PANGO_PIXELS (rect.height);
}

char *
bobbin_prose_dup_link_at (BobbinProse *self,
                          double       x,
                          double       y)
{
  const BobbinMarkupBlock *block;
  BobbinPiece *piece;
  guint index = 0;
  guint drawn;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), NULL);

  piece = self->width > 0 && !self->dirty ? piece_at (self, (int) y, &index) : NULL;
  if (piece == NULL || !has_text (piece) || y < piece->y || y >= piece->y + piece->height)
    return NULL;
  block = _bobbin_prose_block (self, index);
  if (block->runs == NULL)
    return NULL;

  drawn = hit_piece (self, index, x, y);
  for (guint i = 0; i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);
      GdkRectangle rect;

      if (drawn < run->start || drawn >= run->end || !(run->flags & (BOBBIN_RUN_LINK | BOBBIN_RUN_IMAGE)))
        continue;
      /* beyond the end of a line its last letter is hit */
      get_drawn_rect (self, index, drawn, &rect);
      if (x < rect.x - rect.width || x > rect.x + 2 * rect.width)
        return NULL;
      return g_strdup (bobbin_markup_block_target (block, run));
    }

  return NULL;
}

void
bobbin_prose_get_offset_rect (BobbinProse  *self,
                              gsize         offset,
                              GdkRectangle *ret_rect)
{
  gsize length;
  guint index = 0;

  g_return_if_fail (BOBBIN_IS_PROSE (self));

  ensure_placed (self);
  bobbin_prose_get_text (self, &length);
  *ret_rect = (GdkRectangle) { 0, 0, 1, 1 };
  if (offset > self->fed && self->fed < length)
    ret_rect->y = self->height - (int) ((double) self->rest * (length - MIN (offset, length)) / (length - self->fed));
  else if (piece_with (self, offset, &index) != NULL)
    get_drawn_rect (self, index, bobbin_markup_block_to_drawn (_bobbin_prose_block (self, index), offset), ret_rect);
}

/* As far into what is not read yet as @y is. */
static gsize
offset_in_rest (BobbinProse *self,
                double       y)
{
  gsize length;
  double part = (y - (self->height - self->rest)) / self->rest;

  bobbin_prose_get_text (self, &length);

  return MIN (self->fed + 1 + (gsize) ((length - self->fed) * part), length);
}

gboolean
bobbin_prose_get_line_at (BobbinProse *self,
                          double       y,
                          gsize       *ret_offset,
                          int         *ret_top)
{
  GdkRectangle rect = { 0, };
  guint index = 0;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), FALSE);

  ensure_placed (self);
  *ret_offset = 0;
  *ret_top = 0;
  if (self->rest > 0 && y >= self->height - self->rest)
    {
      *ret_offset = offset_in_rest (self, y);
      bobbin_prose_get_offset_rect (self, *ret_offset, &rect);
      *ret_top = rect.y;
      return FALSE;
    }

  piece_at (self, (int) y, &index);
  for (guint i = index; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);
      guint drawn;

      if (piece->y + piece->height <= y && i + 1 < self->pieces->len)
        continue;
      drawn = has_text (piece) ? hit_piece (self, i, piece->x, MAX (y, piece->y)) : 0;
      *ret_offset = bobbin_markup_block_to_source (_bobbin_prose_block (self, i), drawn);
      get_drawn_rect (self, i, drawn, &rect);
      break;
    }
  *ret_top = rect.y;

  return TRUE;
}

static gsize
move_vertically (BobbinProse *self,
                 gsize        offset,
                 int          count)
{
  GdkRectangle rect;
  int y;

  bobbin_prose_get_offset_rect (self, offset, &rect);
  y = count < 0 ? rect.y - 4 : rect.y + rect.height + 4;
  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, count < 0 ? self->pieces->len - 1 - i : i);

      /* a gap between two paragraphs is stepped over */
      if (count < 0 && piece->y <= y)
        return bobbin_prose_hit (self, rect.x, MIN (y, piece->y + piece->height - 1));
      if (count > 0 && piece->y + piece->height > y)
        return bobbin_prose_hit (self, rect.x, MAX (y, piece->y));
    }

  return offset;
}

/* The next place in the drawn text of a piece; G_MAXUINT: there is none in that direction. */
static guint
step_drawn (const BobbinFlowText *text,
            guint                 drawn,
            gboolean              words,
            int                   count)
{
  g_autofree PangoLogAttr *attrs = NULL;
  guint from = drawn > 512 ? drawn - 512 : 0;
  guint to = MIN (drawn + 512, text->block->length);
  glong n_chars;
  glong at;

  if (count > 0 ? drawn >= text->block->length : drawn == 0)
    return G_MAXUINT;

  while (from > 0 && (text->text[from] & 0xc0) == 0x80)
    from--;
  while (to < text->block->length && (text->text[to] & 0xc0) == 0x80)
    to++;
  n_chars = g_utf8_strlen (text->text + from, to - from);
  attrs = g_new0 (PangoLogAttr, n_chars + 1);
  pango_get_log_attrs (text->text + from, (int) (to - from), -1, NULL, attrs, (int) n_chars + 1);
  at = g_utf8_strlen (text->text + from, drawn - from);
  do
    at += count;
  while (at > 0 && at < n_chars &&
         !(!words ? attrs[at].is_cursor_position : count < 0 ? attrs[at].is_word_start : attrs[at].is_word_end));

  return (guint) (g_utf8_offset_to_pointer (text->text + from, CLAMP (at, 0, n_chars)) - text->text);
}

/* By a character or a word of what is read: markup is not stepped into. */
static gsize
move_in_text (BobbinProse *self,
              gsize        offset,
              gboolean     words,
              int          count)
{
  BobbinFlowText text;
  guint index = 0;
  guint drawn;

  count = count < 0 ? -1 : 1;
  if (piece_with (self, offset, &index) == NULL)
    return offset;

  text = _bobbin_prose_flow_text (self, index);
  drawn = bobbin_markup_block_to_drawn (text.block, offset);
  drawn = _bobbin_prose_is_hosted (prose_piece (self, index))
            ? (count > 0 && drawn < text.block->length ? text.block->length : count < 0 && drawn > 0 ? 0 : G_MAXUINT)
            : step_drawn (&text, drawn, words, count);
  if (drawn != G_MAXUINT)
    return bobbin_markup_block_to_source (text.block, drawn);
  if (count > 0)
    return index + 1 < self->pieces->len ? _bobbin_prose_block (self, index + 1)->start : offset;

  return index > 0 ? _bobbin_prose_block (self, index - 1)->end : offset;
}

gsize
bobbin_prose_move (BobbinProse     *self,
                   gsize            offset,
                   GtkMovementStep  step,
                   int              count)
{
  gsize length;
  GdkRectangle rect;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  bobbin_prose_get_text (self, &length);
  ensure_placed (self);
  offset = MIN (offset, length);

  if (step == GTK_MOVEMENT_DISPLAY_LINES)
    return move_vertically (self, offset, count);
  if (step == GTK_MOVEMENT_WORDS || step == GTK_MOVEMENT_LOGICAL_POSITIONS || step == GTK_MOVEMENT_VISUAL_POSITIONS)
    return move_in_text (self, offset, step == GTK_MOVEMENT_WORDS, count);
  if (step == GTK_MOVEMENT_BUFFER_ENDS)
    return count < 0 ? 0 : length;
  if (step == GTK_MOVEMENT_DISPLAY_LINE_ENDS)
    {
      bobbin_prose_get_offset_rect (self, offset, &rect);
      return bobbin_prose_hit (self, count < 0 ? 0 : self->width, rect.y + rect.height / 2);
    }

  return offset;
}
