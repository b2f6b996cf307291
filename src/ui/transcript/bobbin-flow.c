#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-flow.h"

#include "bobbin-links.h"

#include <string.h>

#define CHUNK_TAKE  3072 /* bytes given to one layout at most */
#define CHUNK_FULL  1536 /* bytes from which a layout is cut */
#define KEEP_LINES  2    /* lines that the next words may still change */

static void
chunk_clear (gpointer data)
{
  BobbinFlowChunk *chunk = data;

  g_clear_object (&chunk->layout);
}

void
bobbin_flow_clear (BobbinFlow *self)
{
  g_clear_pointer (&self->chunks, g_array_unref);
  g_clear_pointer (&self->links, g_array_unref);
  memset (self, 0, sizeof *self);
}

void
bobbin_flow_unlay (BobbinFlow *self)
{
  g_clear_pointer (&self->chunks, g_array_unref);
}

gboolean
bobbin_flow_is_laid (const BobbinFlow *self)
{
  return self->chunks != NULL;
}

void
bobbin_flow_drop (BobbinFlow *self)
{
  for (guint i = 0; self->chunks != NULL && i < self->chunks->len; i++)
    g_clear_object (&g_array_index (self->chunks, BobbinFlowChunk, i).layout);
}

void
bobbin_flow_estimate (BobbinFlow            *self,
                      const BobbinFlowStyle *style,
                      gsize                  start,
                      gsize                  end,
                      guint                  n_lines,
                      int                    width)
{
  gint64 a_line = MAX (width / MAX (style->char_width, 1), 1);
  gint64 lines = (gint64) (end - start) / a_line + 1;

  bobbin_flow_unlay (self);
  self->start = start;
  self->end = end;
  self->width = width;
  self->height = (int) (MAX (lines, (gint64) n_lines) * style->line_height);
}

/* A line end at the end of a chunk is no line of its own. */
static gsize
shown_end (const char *text,
           gsize       start,
           gsize       end)
{
  if (end > start && text[end - 1] == '\n')
    end--;
  if (end > start && text[end - 1] == '\r')
    end--;

  return end;
}

static PangoLayout *
make_layout (const BobbinFlowStyle *style,
             int                    width)
{
  PangoLayout *layout = pango_layout_new (style->context);

  pango_layout_set_font_description (layout, style->font);
  pango_layout_set_attributes (layout, style->attrs);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_auto_dir (layout, !style->code);
  pango_layout_set_width (layout, width);

  return layout;
}

static void
insert_attribute (PangoAttrList   *attrs,
                  PangoAttribute  *attribute,
                  gsize            start,
                  gsize            end)
{
  attribute->start_index = (guint) start;
  attribute->end_index = (guint) end;
  pango_attr_list_insert (attrs, attribute);
}

/* Addresses within the chunk are underlined and in the colour of links. */
static void
mark_links (BobbinFlow            *self,
            BobbinFlowChunk       *chunk,
            const BobbinFlowStyle *style)
{
  PangoAttrList *attrs = NULL;

  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    {
      const BobbinTextLink *link = &g_array_index (self->links, BobbinTextLink, i);
      gsize start = MAX (link->start, chunk->start) - chunk->start;
      gsize end = MIN (link->end, chunk->end) - chunk->start;

      if (link->end <= chunk->start || link->start >= chunk->end)
        continue;
      if (attrs == NULL)
        attrs = pango_attr_list_copy (style->attrs);
      insert_attribute (attrs, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE), start, end);
      insert_attribute (attrs, pango_attr_foreground_new (style->link.red, style->link.green, style->link.blue), start, end);
    }

  if (attrs == NULL)
    return;

  pango_layout_set_attributes (chunk->layout, attrs);
  pango_attr_list_unref (attrs);
}

static void
chunk_realize (BobbinFlow            *self,
               BobbinFlowChunk       *chunk,
               const BobbinFlowStyle *style,
               const char            *text)
{
  gsize end = shown_end (text, chunk->start, chunk->end);

  if (chunk->layout != NULL)
    return;

  chunk->layout = make_layout (style, self->width);
  mark_links (self, chunk, style);
  pango_layout_set_text (chunk->layout, text + chunk->start, (int) (end - chunk->start));
  self->n_layouts++;
}

/* How many bytes from @from one layout takes: a whole number of characters, not cut within a line end. */
static gsize
take_limit (const char *text,
            gsize       from,
            gsize       end)
{
  gsize to = from + CHUNK_TAKE;

  if (end <= to)
    return end;
  while ((text[to] & 0xc0) == 0x80)
    to--;
  if (text[to] == '\n' && text[to - 1] == '\r')
    to--;

  return to;
}

/* Where to cut a layout that is full: before its last lines. 0: leave it. */
static gsize
cut_length (PangoLayout *layout,
            gsize        length,
            gboolean     more)
{
  int n_lines = pango_layout_get_line_count (layout);
  PangoLayoutLine *line;

  if (!more && (length < CHUNK_FULL || n_lines < 2 * KEEP_LINES))
    return 0;
  if (n_lines <= KEEP_LINES)
    return 0;

  line = pango_layout_get_line_readonly (layout, n_lines - KEEP_LINES);
  return line != NULL ? (gsize) line->start_index : 0;
}

static void
lay_chunks (BobbinFlow            *self,
            const BobbinFlowStyle *style,
            const char            *text,
            gsize                  from)
{
  do
    {
      gsize to = take_limit (text, from, self->end);
      BobbinFlowChunk chunk = { from, to, 0, 0, NULL };
      gsize cut;

      chunk_realize (self, &chunk, style, text);
      cut = cut_length (chunk.layout, to - from, to < self->end);
      if (cut > 0)
        {
          chunk.end = from + cut;
          g_clear_object (&chunk.layout);
          chunk_realize (self, &chunk, style, text);
        }
      pango_layout_get_size (chunk.layout, &chunk.width, &chunk.height);
      self->height += chunk.height;
      self->natural = MAX (self->natural, chunk.width);
      g_array_append_val (self->chunks, chunk);
      from = chunk.end;
    }
  while (from < self->end);
}

void
bobbin_flow_fit (BobbinFlow            *self,
                 const BobbinFlowStyle *style,
                 const char            *text,
                 gsize                  start,
                 gsize                  end,
                 int                    width)
{
  gsize from = start;

  if (self->chunks != NULL && (self->width != width || self->start != start || end < self->end))
    bobbin_flow_unlay (self);

  if (self->chunks == NULL)
    {
      self->chunks = g_array_new (FALSE, FALSE, sizeof (BobbinFlowChunk));
      g_array_set_clear_func (self->chunks, chunk_clear);
      self->start = start;
      self->width = width;
      self->height = 0;
      self->natural = 0;
    }
  else if (self->end == end)
    {
      return;
    }
  else
    {
      BobbinFlowChunk *last = &g_array_index (self->chunks, BobbinFlowChunk, self->chunks->len - 1);

      from = last->start;
      self->height -= last->height;
      g_array_set_size (self->chunks, self->chunks->len - 1);
    }

  self->end = end;
  lay_chunks (self, style, text, from);
}

static void
snapshot_selection (BobbinFlowChunk *chunk,
                    GtkSnapshot     *snapshot,
                    gsize            from,
                    gsize            to,
                    const GdkRGBA   *selected)
{
  PangoLayoutIter *iter = pango_layout_get_iter (chunk->layout);

  do
    {
      PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
      gsize line_start = chunk->start + line->start_index;
      gsize line_end = line_start + line->length;
      PangoRectangle logical;
      int *ranges = NULL;
      int n_ranges = 0;

      if (from > line_end || to <= line_start)
        continue;
      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      pango_layout_line_get_x_ranges (line, (int) (MAX (from, line_start) - chunk->start),
                                      (int) (MIN (to, line_end) - chunk->start), &ranges, &n_ranges);
      for (int i = 0; i < n_ranges; i++)
        gtk_snapshot_append_color (snapshot, selected,
                                   &GRAPHENE_RECT_INIT (PANGO_PIXELS (ranges[2 * i]), PANGO_PIXELS (logical.y),
                                                        PANGO_PIXELS (ranges[2 * i + 1] - ranges[2 * i]),
                                                        PANGO_PIXELS (logical.y + logical.height) - PANGO_PIXELS (logical.y)));
      g_free (ranges);
    }
  while (pango_layout_iter_next_line (iter));

  pango_layout_iter_free (iter);
}

void
bobbin_flow_snapshot (BobbinFlow            *self,
                      const BobbinFlowStyle *style,
                      const char            *text,
                      GtkSnapshot           *snapshot,
                      int                    top,
                      int                    bottom,
                      const GdkRGBA         *color,
                      gsize                  from,
                      gsize                  to,
                      const GdkRGBA         *selected)
{
  int y = 0;

  for (guint i = 0; self->chunks != NULL && i < self->chunks->len && y < bottom; i++)
    {
      BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, i);

      if (y + chunk->height > top)
        {
          chunk_realize (self, chunk, style, text);
          gtk_snapshot_save (snapshot);
          gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, PANGO_PIXELS (y)));
          if (from < to && from < chunk->end && to > chunk->start)
            snapshot_selection (chunk, snapshot, from, to, selected);
          gtk_snapshot_append_layout (snapshot, chunk->layout, color);
          gtk_snapshot_restore (snapshot);
        }
      y += chunk->height;
    }
}

void
bobbin_flow_snapshot_ground (BobbinFlow            *self,
                             const BobbinFlowStyle *style,
                             const char            *text,
                             GtkSnapshot           *snapshot,
                             int                    top,
                             int                    bottom,
                             gsize                  from,
                             gsize                  to,
                             const GdkRGBA         *ground)
{
  int y = 0;

  for (guint i = 0; self->chunks != NULL && i < self->chunks->len && y < bottom; i++)
    {
      BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, i);

      if (y + chunk->height > top && from < chunk->end && to > chunk->start)
        {
          chunk_realize (self, chunk, style, text);
          gtk_snapshot_save (snapshot);
          gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, PANGO_PIXELS (y)));
          snapshot_selection (chunk, snapshot, from, to, ground);
          gtk_snapshot_restore (snapshot);
        }
      y += chunk->height;
    }
}

gsize
bobbin_flow_hit (BobbinFlow            *self,
                 const BobbinFlowStyle *style,
                 const char            *text,
                 int                    x,
                 int                    y)
{
  int top = 0;

  for (guint i = 0; self->chunks != NULL && i < self->chunks->len; i++)
    {
      BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, i);

      if (y < top + chunk->height || i + 1 == self->chunks->len)
        {
          int index;
          int trailing;
          const char *p;

          chunk_realize (self, chunk, style, text);
          pango_layout_xy_to_index (chunk->layout, x, y - top, &index, &trailing);
          p = pango_layout_get_text (chunk->layout) + index;
          while (trailing-- > 0 && *p != '\0')
            p = g_utf8_next_char (p);
          return chunk->start + (p - pango_layout_get_text (chunk->layout));
        }
      top += chunk->height;
    }

  return self->start;
}

void
bobbin_flow_get_rect (BobbinFlow            *self,
                      const BobbinFlowStyle *style,
                      const char            *text,
                      gsize                  offset,
                      PangoRectangle        *ret_rect)
{
  int top = 0;

  memset (ret_rect, 0, sizeof *ret_rect);
  ret_rect->height = style->line_height;

  for (guint i = 0; self->chunks != NULL && i < self->chunks->len; i++)
    {
      BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, i);

      if (offset < chunk->end || i + 1 == self->chunks->len)
        {
          gsize end = shown_end (text, chunk->start, chunk->end);

          chunk_realize (self, chunk, style, text);
          pango_layout_index_to_pos (chunk->layout, (int) (CLAMP (offset, chunk->start, end) - chunk->start), ret_rect);
          ret_rect->y += top;
          return;
        }
      top += chunk->height;
    }
}
