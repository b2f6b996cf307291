/* Points of a prose widget: from the pointer to bytes of the text and back, and steps of the keyboard. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "bobbin-links.h"

/* The piece at @y, or the nearest one; NULL when there is none. */
static BobbinPiece *
piece_at (BobbinProse *self,
          int          y,
          guint       *ret_index)
{
  BobbinPiece *found = NULL;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);

      if (found != NULL && piece->y > y)
        break;
      found = piece;
      *ret_index = i;
    }

  return found;
}

static BobbinPiece *
piece_with (BobbinProse *self,
            gsize        offset,
            guint       *ret_index)
{
  BobbinPiece *found = NULL;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      if (found != NULL && bobbin_segmenter_get (self->segmenter, i)->start > offset)
        break;
      found = prose_piece (self, i);
      *ret_index = i;
    }

  return found;
}

static void
ensure_laid (BobbinProse *self,
             BobbinPiece *piece,
             guint        index)
{
  if (!bobbin_flow_is_laid (&piece->flow))
    _bobbin_prose_lay_piece (self, piece, index);
}

static void
ensure_placed (BobbinProse *self)
{
  if (self->width <= 0 || self->dirty)
    _bobbin_prose_place (self, MAX (self->width, 1));
}

gsize
bobbin_prose_hit (BobbinProse *self,
                  double       x,
                  double       y)
{
  BobbinPiece *piece;
  guint index = 0;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  ensure_placed (self);
  piece = piece_at (self, (int) y, &index);
  if (piece == NULL)
    return 0;

  ensure_laid (self, piece, index);
  return bobbin_flow_hit (&piece->flow, _bobbin_prose_style (self, piece), bobbin_prose_get_text (self, NULL),
                          (int) ((x - _bobbin_prose_piece_x (self, piece)) * PANGO_SCALE),
                          (int) ((MAX (y, piece->y) - piece->y) * PANGO_SCALE));
}

char *
bobbin_prose_dup_link_at (BobbinProse *self,
                          double       x,
                          double       y)
{
  const char *text = bobbin_prose_get_text (self, NULL);
  BobbinPiece *piece;
  guint index = 0;
  gsize offset;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), NULL);

  piece = self->width > 0 && !self->dirty ? piece_at (self, (int) y, &index) : NULL;
  if (piece == NULL || piece->flow.links == NULL || y < piece->y || y >= piece->y + piece->height)
    return NULL;

  offset = bobbin_prose_hit (self, x, y);
  for (guint i = 0; i < piece->flow.links->len; i++)
    {
      const BobbinTextLink *link = &g_array_index (piece->flow.links, BobbinTextLink, i);
      GdkRectangle rect;

      if (offset < link->start || offset >= link->end)
        continue;
      /* beyond the end of a line its last letter is hit */
      bobbin_prose_get_offset_rect (self, offset, &rect);
      if (x < rect.x - rect.width || x > rect.x + 2 * rect.width)
        return NULL;
      return g_strndup (text + link->start, link->end - link->start);
    }

  return NULL;
}

void
bobbin_prose_get_offset_rect (BobbinProse  *self,
                              gsize         offset,
                              GdkRectangle *ret_rect)
{
  BobbinPiece *piece;
  PangoRectangle rect;
  guint index = 0;

  g_return_if_fail (BOBBIN_IS_PROSE (self));

  ensure_placed (self);
  *ret_rect = (GdkRectangle) { 0, 0, 1, 1 };
  piece = piece_with (self, offset, &index);
  if (piece == NULL)
    return;

  ensure_laid (self, piece, index);
  bobbin_flow_get_rect (&piece->flow, _bobbin_prose_style (self, piece), bobbin_prose_get_text (self, NULL), offset, &rect);
  ret_rect->x = PANGO_PIXELS (rect.x) + _bobbin_prose_piece_x (self, piece);
  ret_rect->y = PANGO_PIXELS (rect.y) + piece->y;
  ret_rect->width = MAX (PANGO_PIXELS (rect.width), 1);
  ret_rect->height = PANGO_PIXELS (rect.height);
}

gsize
bobbin_prose_get_line_at (BobbinProse *self,
                          double       y,
                          int         *ret_top)
{
  GdkRectangle rect = { 0, };
  gsize offset = 0;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  ensure_placed (self);
  *ret_top = 0;
  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);

      if (piece->y + piece->height <= y && i + 1 < self->pieces->len)
        continue;
      ensure_laid (self, piece, i);
      offset = bobbin_flow_hit (&piece->flow, _bobbin_prose_style (self, piece), bobbin_prose_get_text (self, NULL),
                                0, (int) (MAX (y - piece->y, 0) * PANGO_SCALE));
      bobbin_prose_get_offset_rect (self, offset, &rect);
      break;
    }
  *ret_top = rect.y;

  return offset;
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

/* To the next (or this) start or end of a word, by the rules of the language. */
static gsize
move_by_word (BobbinProse *self,
              gsize        offset,
              int          count)
{
  const char *text = bobbin_prose_get_text (self, NULL);
  const BobbinSegment *segment;
  g_autofree PangoLogAttr *attrs = NULL;
  guint index = 0;
  glong n_chars;
  glong at;

  if (piece_with (self, offset, &index) == NULL)
    return offset;
  segment = bobbin_segmenter_get (self->segmenter, index);
  if (count > 0 && offset >= segment->end)
    return index + 1 < self->pieces->len ? bobbin_segmenter_get (self->segmenter, index + 1)->start : offset;
  if (count < 0 && offset <= segment->start)
    return index > 0 ? bobbin_segmenter_get (self->segmenter, index - 1)->end : offset;

  n_chars = g_utf8_strlen (text + segment->start, segment->end - segment->start);
  attrs = g_new0 (PangoLogAttr, n_chars + 1);
  pango_get_log_attrs (text + segment->start, (int) (segment->end - segment->start), -1, NULL, attrs, (int) n_chars + 1);
  at = g_utf8_strlen (text + segment->start, MIN (offset, segment->end) - segment->start);
  do
    at += count;
  while (at > 0 && at < n_chars && !(count < 0 ? attrs[at].is_word_start : attrs[at].is_word_end));

  return g_utf8_offset_to_pointer (text + segment->start, CLAMP (at, 0, n_chars)) - text;
}

gsize
bobbin_prose_move (BobbinProse     *self,
                   gsize            offset,
                   GtkMovementStep  step,
                   int              count)
{
  gsize length;
  const char *text = bobbin_prose_get_text (self, &length);
  GdkRectangle rect;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  ensure_placed (self);
  offset = MIN (offset, length);

  if (step == GTK_MOVEMENT_DISPLAY_LINES)
    return move_vertically (self, offset, count);
  if (step == GTK_MOVEMENT_WORDS)
    return move_by_word (self, offset, count);
  if (step == GTK_MOVEMENT_BUFFER_ENDS)
    return count < 0 ? 0 : length;
  if (step == GTK_MOVEMENT_DISPLAY_LINE_ENDS)
    {
      bobbin_prose_get_offset_rect (self, offset, &rect);
      return bobbin_prose_hit (self, count < 0 ? 0 : self->width, rect.y + rect.height / 2);
    }

  if (count < 0 && offset > 0)
    return g_utf8_prev_char (text + offset) - text;
  if (count > 0 && offset < length)
    return g_utf8_next_char (text + offset) - text;
  return offset;
}
