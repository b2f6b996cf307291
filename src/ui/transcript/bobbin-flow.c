#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-flow-private.h"

#include "bobbin-flow-math.h"

#include <string.h>

#define CHUNK_TAKE  3072 /* bytes given to one layout at most */
#define CHUNK_LINES 1024 /* the same where the text has lines of its own to end with: that costs nothing */
#define CHUNK_FULL  1536 /* bytes from which a layout is cut */
#define CHUNK_HARD  512  /* the same for text without spaces, or with marks piled upon its letters, which costs far more a byte */
#define HARD_RUN    256  /* bytes without a space */
#define LONG_LINE   2048 /* bytes of a line that is broken in any case: one layout has to hold a whole line that is not */
#define FORMULAS    64   /* in one layout */
#define KEEP_LINES  2    /* lines that the next words may still change */
#define CODE_SCALE  0.92
#define NOTE_SCALE  0.75

static void
chunk_clear (gpointer data)
{
  BobbinFlowChunk *chunk = data;

  g_clear_object (&chunk->layout);
  g_clear_pointer (&chunk->drawn, gsk_render_node_unref);
  g_clear_pointer (&chunk->beside, gsk_render_node_unref);
}

void
bobbin_flow_clear (BobbinFlow *self)
{
  g_clear_pointer (&self->chunks, g_array_unref);
  g_clear_pointer (&self->spans, g_array_unref);
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
    chunk_clear (&g_array_index (self->chunks, BobbinFlowChunk, i));
}

void
bobbin_flow_estimate (BobbinFlow           *self,
                      const BobbinFlowText *text,
                      int                   width)
{
  const BobbinFlowStyle *style = text->style;
  gint64 a_line = MAX (width / MAX (style->char_width, 1), 1);
  gint64 lines = (gint64) text->block->length / a_line + 1;

  if (style->no_wrap && text->block->length <= LONG_LINE)
    lines = 1;
  bobbin_flow_unlay (self);
  self->length = text->block->length;
  self->width = width;
  self->height = (int) (MAX (lines, (gint64) text->block->n_lines) * style->line_height);
}

/* A line end at the end of a chunk is no line of its own. */
static guint
shown_end (const char *text,
           guint       start,
           guint       end)
{
  if (end > start && text[end - 1] == '\n')
    end--;
  if (end > start && text[end - 1] == '\r')
    end--;

  return end;
}

static PangoLayout *
make_layout (const BobbinFlowStyle *style,
             int                    width,
             gboolean               broken)
{
  PangoLayout *layout = pango_layout_new (style->context);

  pango_layout_set_font_description (layout, style->font);
  pango_layout_set_attributes (layout, style->attrs);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_auto_dir (layout, !style->code);
  pango_layout_set_width (layout, style->no_wrap && !broken ? -1 : width);

  return layout;
}

static void
insert_attribute (PangoAttrList  *attrs,
                  PangoAttribute *attribute,
                  guint           start,
                  guint           end)
{
  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert (attrs, attribute);
}

static void
style_run (PangoAttrList         *attrs,
           const BobbinFlowStyle *style,
           guint                  flags,
           guint                  start,
           guint                  end)
{
  if (flags & BOBBIN_RUN_EMPHASIS)
    insert_attribute (attrs, pango_attr_style_new (PANGO_STYLE_ITALIC), start, end);
  if (flags & BOBBIN_RUN_STRONG)
    insert_attribute (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD), start, end);
  if (flags & BOBBIN_RUN_STRIKE)
    insert_attribute (attrs, pango_attr_strikethrough_new (TRUE), start, end);
  if (flags & BOBBIN_RUN_CODE)
    {
      insert_attribute (attrs, pango_attr_family_new ("Monospace"), start, end);
      insert_attribute (attrs, pango_attr_scale_new (CODE_SCALE), start, end);
    }
  if (flags & (BOBBIN_RUN_LINK | BOBBIN_RUN_IMAGE | BOBBIN_RUN_NOTE))
    insert_attribute (attrs, pango_attr_foreground_new (style->link.red, style->link.green, style->link.blue), start, end);
  if (flags & (BOBBIN_RUN_LINK | BOBBIN_RUN_IMAGE))
    insert_attribute (attrs, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE), start, end);
  if (flags & BOBBIN_RUN_NOTE)
    {
      insert_attribute (attrs, pango_attr_scale_new (NOTE_SCALE), start, end);
      insert_attribute (attrs, pango_attr_rise_new (style->x_height * 2 / 3), start, end);
    }
}

static void
style_span (PangoAttrList        *attrs,
            const BobbinFlowSpan *span,
            guint                 start,
            guint                 end)
{
  if (span->colored)
    insert_attribute (attrs, pango_attr_foreground_new (span->color.red, span->color.green, span->color.blue), start, end);
  if (span->bold)
    insert_attribute (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD), start, end);
  if (span->italic)
    insert_attribute (attrs, pango_attr_style_new (PANGO_STYLE_ITALIC), start, end);
  if (span->underline)
    insert_attribute (attrs, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE), start, end);
}

guint
_bobbin_flow_first_range (GArray *ranges,
                          gsize   size,
                          guint   offset)
{
  guint low = 0;
  guint high = ranges->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      const guint *range = (const guint *) (const void *) (ranges->data + middle * size);

      if (range[1] <= offset)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* Emphasis, addresses, colours of code: what of them is within the chunk. */
static void
style_chunk (BobbinFlow            *self,
             BobbinFlowChunk       *chunk,
             const BobbinFlowText  *text)
{
  GArray *runs = text->block->runs;
  PangoAttrList *attrs = NULL;

  if (text->block->kind == BOBBIN_MARKUP_MATH && text->block->info != NULL)
    {
      attrs = pango_attr_list_new ();
      _bobbin_flow_add_formula (attrs, text->style, text->block->info, TRUE, 0, self->width);
      if (_bobbin_flow_formula_fits (attrs, self->width))
        pango_layout_set_alignment (chunk->layout, PANGO_ALIGN_CENTER);
      else
        pango_layout_set_width (chunk->layout, -1);
    }
  for (guint i = runs != NULL ? _bobbin_flow_first_range (runs, sizeof (BobbinMarkupRun), chunk->start) : 0; runs != NULL && i < runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (runs, BobbinMarkupRun, i);

      if (run->start >= chunk->end)
        break;
      if (attrs == NULL)
        attrs = pango_attr_list_copy (text->style->attrs);
      if ((run->flags & BOBBIN_RUN_MATH) != 0 && run->start >= chunk->start && bobbin_markup_block_target (text->block, run) != NULL)
        _bobbin_flow_add_formula (attrs, text->style, bobbin_markup_block_target (text->block, run),
                                  (run->flags & BOBBIN_RUN_DISPLAY) != 0, run->start - chunk->start, self->width);
      style_run (attrs, text->style, run->flags, MAX (run->start, chunk->start) - chunk->start,
                 MIN (run->end, chunk->end) - chunk->start);
    }
  for (guint i = self->spans != NULL ? _bobbin_flow_first_range (self->spans, sizeof (BobbinFlowSpan), chunk->start) : 0;
       self->spans != NULL && i < self->spans->len; i++)
    {
      const BobbinFlowSpan *span = &g_array_index (self->spans, BobbinFlowSpan, i);

      if (span->start >= chunk->end)
        break;
      if (attrs == NULL)
        attrs = pango_attr_list_copy (text->style->attrs);
      style_span (attrs, span, MAX (span->start, chunk->start) - chunk->start, MIN (span->end, chunk->end) - chunk->start);
    }

  if (attrs == NULL)
    return;

  pango_layout_set_attributes (chunk->layout, attrs);
  pango_attr_list_unref (attrs);
}

void
_bobbin_flow_realize (BobbinFlow           *self,
                      BobbinFlowChunk      *chunk,
                      const BobbinFlowText *text)
{
  guint end = shown_end (text->text, chunk->start, chunk->end);

  if (chunk->layout != NULL)
    return;

  chunk->layout = make_layout (text->style, self->width, chunk->broken);
  style_chunk (self, chunk, text);
  pango_layout_set_text (chunk->layout, text->text + chunk->start, (int) (end - chunk->start));
  self->n_layouts++;
}

/* The end of as many formulas as one layout takes. */
static guint
formula_limit (const BobbinMarkupBlock *block,
               guint                    from,
               guint                    to)
{
  GArray *runs = block->runs;
  guint n = 0;

  for (guint i = runs != NULL ? _bobbin_flow_first_range (runs, sizeof (BobbinMarkupRun), from) : 0; runs != NULL && i < runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (runs, BobbinMarkupRun, i);

      if (run->start >= to)
        break;
      if ((run->flags & BOBBIN_RUN_MATH) != 0 && ++n == FORMULAS)
        return MIN (run->end, to);
    }

  return to;
}

static gboolean
is_hard (const char *text,
         guint       from,
         guint       to)
{
  guint run = 0;
  guint marks = 0;

  for (guint i = from; i < to && run < HARD_RUN; i++)
    {
      run = text[i] == ' ' || text[i] == '\n' ? 0 : run + 1;
      /* the most usual marks, U+0300 to U+036F, and what turns the direction */
      marks += (guchar) text[i] == 0xcc || (guchar) text[i] == 0xcd || ((guchar) text[i] == 0xe2 && (guchar) text[i + 1] == 0x80);
    }

  return run >= HARD_RUN || marks > (to - from) / 8;
}

/* The end of the line, with its line end; 0: it is long. */
static guint
line_end (const char *text,
          guint       from,
          guint       end)
{
  guint most = MIN (end - from, LONG_LINE);
  const char *found = memchr (text + from, '\n', most);

  if (found != NULL)
    return (guint) (found - text) + 1;

  return end - from <= LONG_LINE ? end : 0;
}

/* The end of a layout is the end of a line, which where none is broken is to be the text's own: whole lines that are not long, or a
 * part of one that is. */
static guint
flat_limit (const BobbinFlowText *flow_text,
            guint                 from,
            guint                 end,
            gboolean             *ret_broken)
{
  const char *text = flow_text->text;
  gboolean within = from > 0 ? text[from - 1] != '\n' : flow_text->joins;
  guint to = from;
  guint next;

  *ret_broken = within || line_end (text, from, end) == 0;
  if (*ret_broken)
    {
      const char *found = memchr (text + from, '\n', MIN (end - from, CHUNK_TAKE));

      return found != NULL ? (guint) (found - text) + 1 : MIN (from + CHUNK_TAKE, end);
    }

  while (to < end && (next = line_end (text, to, end)) > 0 && next - from <= CHUNK_TAKE)
    to = next;

  return to;
}

/* The end of as many whole lines as one layout takes; 0: there is none near, or nothing has to be cut. */
static guint
lines_limit (const char *text,
             guint       from,
             guint       end)
{
  guint most = MIN (end - from, CHUNK_LINES);

  if (end - from <= CHUNK_LINES)
    return 0;
  for (guint i = most; i > CHUNK_LINES / 4; i--)
    if (text[from + i - 1] == '\n')
      return from + i;

  return 0;
}

/* How many bytes from @from one layout takes: a whole number of characters, not cut within a line end. @ret_whole: it ends with a
 * line of the text, nothing that follows can move that. */
static guint
take_limit (const BobbinFlowText *flow_text,
            guint                 from,
            guint                 end,
            gboolean             *ret_broken,
            gboolean             *ret_whole)
{
  const char *text = flow_text->text;
  guint to = MIN (from + CHUNK_TAKE, end);
  guint lines = flow_text->style->code ? lines_limit (text, from, end) : 0;

  *ret_broken = FALSE;
  *ret_whole = FALSE;
  if (flow_text->style->no_wrap)
    to = flat_limit (flow_text, from, end, ret_broken);
  if (lines > 0 && lines <= to && !is_hard (text, from, lines))
    to = lines;
  else if ((!flow_text->style->no_wrap || *ret_broken) && is_hard (text, from, to))
    to = MIN (from + CHUNK_HARD, to);
  to = formula_limit (flow_text->block, from, to);
  *ret_whole = to == lines;
  if (to == end)
    return end;
  while ((text[to] & 0xc0) == 0x80)
    to--;
  if (text[to] == '\n' && text[to - 1] == '\r')
    to--;

  return to;
}

/* Where to cut a layout that is full: before its last lines. 0: leave it. @ret_safe: the start of the line after the cut. */
static guint
cut_length (PangoLayout *layout,
            guint        length,
            gboolean     more,
            guint       *ret_safe)
{
  int n_lines = pango_layout_get_line_count (layout);
  PangoLayoutLine *line;

  if (!more && (length < CHUNK_FULL || n_lines < 2 * KEEP_LINES))
    return 0;
  if (n_lines <= KEEP_LINES)
    return 0;

  *ret_safe = (guint) pango_layout_get_line_readonly (layout, n_lines - KEEP_LINES + 1)->start_index;
  line = pango_layout_get_line_readonly (layout, n_lines - KEEP_LINES);
  return line != NULL ? (guint) line->start_index : 0;
}

/* Of the lines before byte @end. */
static void
measure_lines (PangoLayout     *layout,
               guint            end,
               BobbinFlowChunk *ret_chunk)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);

  do
    {
      PangoRectangle logical;

      if ((guint) pango_layout_iter_get_line_readonly (iter)->start_index >= end)
        break;
      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      ret_chunk->width = MAX (ret_chunk->width, logical.width);
      ret_chunk->height = logical.y + logical.height;
      ret_chunk->n_lines++;
    }
  while (pango_layout_iter_next_line (iter));

  pango_layout_iter_free (iter);
}

static void
lay_chunks (BobbinFlow           *self,
            const BobbinFlowText *text,
            guint                 from)
{
  do
    {
      gboolean broken;
      gboolean whole;
      guint to = take_limit (text, from, self->length, &broken, &whole);
      BobbinFlowChunk chunk = { .start = from, .end = to, .safe = to, .broken = broken };
      guint safe = 0;
      guint cut;

      _bobbin_flow_realize (self, &chunk, text);
      cut = whole ? 0 : cut_length (chunk.layout, to - from, to < self->length, &safe);
      if (cut > 0)
        {
          chunk.end = from + cut;
          chunk.safe = from + safe;
          measure_lines (chunk.layout, cut, &chunk);
          g_clear_object (&chunk.layout); /* has more than its own lines; made again when it is drawn */
        }
      else
        {
          pango_layout_get_size (chunk.layout, &chunk.width, &chunk.height);
          chunk.n_lines = (guint) pango_layout_get_line_count (chunk.layout);
        }
      self->height += chunk.height;
      self->n_lines += chunk.n_lines;
      self->natural = MAX (self->natural, chunk.width);
      g_array_append_val (self->chunks, chunk);
      from = chunk.end;
    }
  while (from < self->length);
}

void
bobbin_flow_fit (BobbinFlow           *self,
                 const BobbinFlowText *text,
                 guint                 same,
                 int                   width)
{
  guint from = 0;

  if (self->chunks != NULL && self->width != width)
    bobbin_flow_unlay (self);

  if (self->chunks == NULL)
    {
      self->chunks = g_array_new (FALSE, FALSE, sizeof (BobbinFlowChunk));
      g_array_set_clear_func (self->chunks, chunk_clear);
      self->width = width;
      self->height = 0;
      self->natural = 0;
      self->n_lines = 0;
    }
  else if (same >= self->length && text->block->length == self->length)
    {
      return;
    }
  else
    {
      gboolean last = TRUE;

      while (self->chunks->len > 0)
        {
          BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, self->chunks->len - 1);

          if (!last && chunk->safe <= same && chunk->end <= text->block->length)
            break;
          self->height -= chunk->height;
          self->n_lines -= chunk->n_lines;
          from = chunk->start;
          last = FALSE;
          g_array_set_size (self->chunks, self->chunks->len - 1);
        }
    }

  self->length = text->block->length;
  lay_chunks (self, text, from);
}

guint
bobbin_flow_hit (BobbinFlow           *self,
                 const BobbinFlowText *text,
                 int                   x,
                 int                   y)
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

          _bobbin_flow_realize (self, chunk, text);
          pango_layout_xy_to_index (chunk->layout, x, y - top, &index, &trailing);
          p = pango_layout_get_text (chunk->layout) + index;
          while (trailing-- > 0 && *p != '\0')
            p = g_utf8_next_char (p);
          return chunk->start + (guint) (p - pango_layout_get_text (chunk->layout));
        }
      top += chunk->height;
    }

  return 0;
}

void
bobbin_flow_get_rect (BobbinFlow           *self,
                      const BobbinFlowText *text,
                      guint                 offset,
                      PangoRectangle       *ret_rect)
{
  int top = 0;

  memset (ret_rect, 0, sizeof *ret_rect);
  ret_rect->height = text->style->line_height;

  for (guint i = 0; self->chunks != NULL && i < self->chunks->len; i++)
    {
      BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, i);

      if (offset < chunk->end || i + 1 == self->chunks->len)
        {
          guint end = shown_end (text->text, chunk->start, chunk->end);

          _bobbin_flow_realize (self, chunk, text);
          pango_layout_index_to_pos (chunk->layout, (int) (CLAMP (offset, chunk->start, end) - chunk->start), ret_rect);
          ret_rect->y += top;
          return;
        }
      top += chunk->height;
    }
}

int
bobbin_flow_baseline (BobbinFlow           *self,
                      const BobbinFlowText *text)
{
  BobbinFlowChunk *chunk;

  if (self->chunks == NULL || self->chunks->len == 0)
    return 0;

  chunk = &g_array_index (self->chunks, BobbinFlowChunk, 0);
  _bobbin_flow_realize (self, chunk, text);
  return pango_layout_get_baseline (chunk->layout);
}
