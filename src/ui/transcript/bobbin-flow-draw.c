/* What a flow draws: letters, what is behind and what is beside them. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-flow-private.h"

#include "bobbin-flow-math.h"

#include <string.h>

static void
snapshot_mark (BobbinFlowChunk      *chunk,
               GtkSnapshot          *snapshot,
               const BobbinFlowMark *mark,
               int                   pad)
{
  PangoLayoutIter *iter = pango_layout_get_iter (chunk->layout);

  do
    {
      PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
      guint line_start = chunk->start + (guint) line->start_index;
      guint line_end = line_start + (guint) line->length;
      PangoRectangle logical;
      int *ranges = NULL;
      int n_ranges = 0;

      if (mark->start > line_end || mark->end <= line_start)
        continue;
      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      pango_layout_line_get_x_ranges (line, (int) (MAX (mark->start, line_start) - chunk->start),
                                      (int) (MIN (mark->end, line_end) - chunk->start), &ranges, &n_ranges);
      for (int i = 0; i < n_ranges; i++)
        {
          graphene_rect_t area = GRAPHENE_RECT_INIT (PANGO_PIXELS (ranges[2 * i]) - pad, PANGO_PIXELS (logical.y) + pad / 2,
                                                     PANGO_PIXELS (ranges[2 * i + 1] - ranges[2 * i]) + 2 * pad,
                                                     PANGO_PIXELS (logical.y + logical.height) - PANGO_PIXELS (logical.y) - pad);
          GskRoundedRect round;

          if (mark->radius <= 0)
            {
              gtk_snapshot_append_color (snapshot, &mark->color, &area);
              continue;
            }
          gsk_rounded_rect_init_from_rect (&round, &area, mark->radius);
          gtk_snapshot_push_rounded_clip (snapshot, &round);
          gtk_snapshot_append_color (snapshot, &mark->color, &area);
          gtk_snapshot_pop (snapshot);
        }
      g_free (ranges);
    }
  while (pango_layout_iter_next_line (iter));

  pango_layout_iter_free (iter);
}

/* Code within a sentence stands on a tint. */
static void
snapshot_code (BobbinFlowChunk         *chunk,
               GtkSnapshot             *snapshot,
               const BobbinMarkupBlock *block,
               const GdkRGBA           *color)
{
  if (block->runs == NULL)
    return;

  for (guint i = _bobbin_flow_first_range (block->runs, sizeof (BobbinMarkupRun), chunk->start); i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);
      BobbinFlowMark mark = { MAX (run->start, chunk->start), MIN (run->end, chunk->end), *color, 4 };

      if (run->start >= chunk->end)
        break;
      if (!(run->flags & BOBBIN_RUN_CODE))
        continue;
      mark.color.alpha *= 0.09f;
      snapshot_mark (chunk, snapshot, &mark, 2);
    }
}

static gboolean
has_formulas (const BobbinFlowChunk   *chunk,
              const BobbinMarkupBlock *block)
{
  if (block->kind == BOBBIN_MARKUP_MATH)
    return TRUE;
  if (block->runs == NULL)
    return FALSE;

  for (guint i = _bobbin_flow_first_range (block->runs, sizeof (BobbinMarkupRun), chunk->start); i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);

      if (run->start >= chunk->end)
        break;
      if (run->flags & BOBBIN_RUN_MATH)
        return TRUE;
    }

  return FALSE;
}

/* Letters cost most to draw, and are the same in nearly every frame. */
static void
snapshot_letters (BobbinFlowChunk *chunk,
                  GtkSnapshot     *snapshot,
                  const GdkRGBA   *color)
{
  GtkSnapshot *letters;

  if (chunk->drawn != NULL && !gdk_rgba_equal (&chunk->drawn_color, color))
    g_clear_pointer (&chunk->drawn, gsk_render_node_unref);
  if (chunk->drawn == NULL)
    {
      letters = gtk_snapshot_new ();
      gtk_snapshot_append_layout (letters, chunk->layout, color);
      chunk->drawn = gtk_snapshot_free_to_node (letters);
      chunk->drawn_color = *color;
    }
  if (chunk->drawn != NULL)
    gtk_snapshot_append_node (snapshot, chunk->drawn);
}

/* What of it crosses [top, bottom). */
static void
snapshot_chunk (BobbinFlowChunk      *chunk,
                const BobbinFlowText *text,
                GtkSnapshot          *snapshot,
                int                   top,
                int                   bottom,
                const GdkRGBA        *color,
                GArray               *marks)
{
  snapshot_code (chunk, snapshot, text->block, color);
  for (guint i = 0; marks != NULL && i < marks->len; i++)
    {
      const BobbinFlowMark *mark = &g_array_index (marks, BobbinFlowMark, i);

      if (mark->start < chunk->end && mark->end > chunk->start)
        snapshot_mark (chunk, snapshot, mark, 0);
    }
  snapshot_letters (chunk, snapshot, color);
  if (has_formulas (chunk, text->block))
    _bobbin_flow_snapshot_formulas (chunk->layout, snapshot, top, bottom, color);
}

void
bobbin_flow_snapshot (BobbinFlow           *self,
                      const BobbinFlowText *text,
                      GtkSnapshot          *snapshot,
                      int                   top,
                      int                   bottom,
                      const GdkRGBA        *color,
                      GArray               *marks)
{
  int y = 0;

  for (guint i = 0; self->chunks != NULL && i < self->chunks->len && y < bottom; i++)
    {
      BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, i);

      if (y + chunk->height > top)
        {
          _bobbin_flow_realize (self, chunk, text);
          gtk_snapshot_save (snapshot);
          gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, PANGO_PIXELS (y)));
          snapshot_chunk (chunk, text, snapshot, top - y, bottom - y, color, marks);
          gtk_snapshot_restore (snapshot);
        }
      y += chunk->height;
    }
}

static guint
count_lines (const char *text,
             guint       from,
             guint       to)
{
  guint n = 0;

  for (const char *p = text + from; (p = memchr (p, '\n', (size_t) (text + to - p))) != NULL; p++)
    n++;

  return n;
}

typedef struct
{
  BobbinFlowLineFunc func;
  gpointer           data;
  guint              first;
  guint              counted; /* bytes */
  guint              line;    /* that they end in */
} Beside;

static void
draw_beside (BobbinFlowChunk      *chunk,
             const BobbinFlowText *text,
             const GdkRGBA        *color,
             Beside               *beside)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  PangoLayoutIter *iter = pango_layout_get_iter (chunk->layout);

  do
    {
      guint start = chunk->start + (guint) pango_layout_iter_get_line_readonly (iter)->start_index;

      if (start > 0 && text->text[start - 1] != '\n')
        continue;
      beside->line += count_lines (text->text, beside->counted, start);
      beside->counted = start;
      beside->func (snapshot, beside->first + beside->line, PANGO_PIXELS (pango_layout_iter_get_baseline (iter)), color,
                    beside->data);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);

  chunk->beside = gtk_snapshot_free_to_node (snapshot);
  chunk->beside_color = *color;
  chunk->beside_first = beside->first;
}

void
bobbin_flow_snapshot_beside (BobbinFlow           *self,
                             const BobbinFlowText *text,
                             GtkSnapshot          *snapshot,
                             int                   top,
                             int                   bottom,
                             const GdkRGBA        *color,
                             guint                 first,
                             BobbinFlowLineFunc    func,
                             gpointer              data)
{
  Beside beside = { func, data, first, 0, 0 };
  int y = 0;

  for (guint i = 0; self->chunks != NULL && i < self->chunks->len && y < bottom; i++)
    {
      BobbinFlowChunk *chunk = &g_array_index (self->chunks, BobbinFlowChunk, i);

      if (y + chunk->height > top)
        {
          _bobbin_flow_realize (self, chunk, text);
          if (chunk->beside != NULL && (chunk->beside_first != first || !gdk_rgba_equal (&chunk->beside_color, color)))
            g_clear_pointer (&chunk->beside, gsk_render_node_unref);
          if (chunk->beside == NULL)
            draw_beside (chunk, text, color, &beside);
          if (chunk->beside != NULL)
            {
              gtk_snapshot_save (snapshot);
              gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, PANGO_PIXELS (y)));
              gtk_snapshot_append_node (snapshot, chunk->beside);
              gtk_snapshot_restore (snapshot);
            }
        }
      y += chunk->height;
    }
}
