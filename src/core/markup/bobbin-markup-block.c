#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-block.h"

#include <string.h>

BobbinMarkupBlock *
bobbin_markup_block_new (BobbinMarkupKind kind)
{
  BobbinMarkupBlock *self = g_new0 (BobbinMarkupBlock, 1);

  self->kind = kind;
  self->n_lines = 1;

  return self;
}

void
bobbin_markup_block_free (BobbinMarkupBlock *self)
{
  if (self == NULL)
    return;

  g_free (self->info);
  g_free (self->text);
  g_clear_pointer (&self->runs, g_array_unref);
  g_clear_pointer (&self->steps, g_array_unref);
  g_clear_pointer (&self->cells, g_array_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_free (self);
}

const char *
bobbin_markup_block_get_text (const BobbinMarkupBlock *self,
                              const char              *source)
{
  return self->text != NULL ? self->text : source + self->start;
}

/* The last step at or before @drawn, or at or before @source. */
static guint
find_step (const BobbinMarkupBlock *self,
           gsize                    offset,
           gboolean                 by_source)
{
  guint low = 0;
  guint high = self->steps->len;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;
      const BobbinMarkupStep *step = &g_array_index (self->steps, BobbinMarkupStep, middle);

      if ((by_source ? step->source : step->drawn) <= offset)
        low = middle;
      else
        high = middle;
    }

  return low;
}

gsize
bobbin_markup_block_to_source (const BobbinMarkupBlock *self,
                               guint                    drawn)
{
  const BobbinMarkupStep *step;

  if (drawn >= self->length)
    return self->end;
  if (self->steps == NULL)
    return self->start + drawn;

  step = &g_array_index (self->steps, BobbinMarkupStep, find_step (self, drawn, FALSE));
  return MIN (step->source + (drawn - step->drawn), self->end);
}

guint
bobbin_markup_block_to_drawn (const BobbinMarkupBlock *self,
                              gsize                    source)
{
  const BobbinMarkupStep *step;
  guint index;
  guint next;

  if (source <= self->start)
    return 0;
  if (source >= self->end)
    return self->length;
  if (self->steps == NULL)
    return (guint) (source - self->start);

  index = find_step (self, source, TRUE);
  step = &g_array_index (self->steps, BobbinMarkupStep, index);
  if (source < step->source)
    return step->drawn;
  next = index + 1 < self->steps->len ? g_array_index (self->steps, BobbinMarkupStep, index + 1).drawn : self->length;

  return (guint) MIN (step->drawn + (source - step->source), next);
}

const char *
bobbin_markup_block_target (const BobbinMarkupBlock *self,
                            const BobbinMarkupRun   *run)
{
  return run->target > 0 && self->targets != NULL ? g_ptr_array_index (self->targets, run->target - 1) : NULL;
}

static gboolean
same_boxes (const BobbinMarkupBlock *a,
            const BobbinMarkupBlock *b)
{
  if (a->n_boxes != b->n_boxes)
    return FALSE;

  for (guint i = 0; i < a->n_boxes; i++)
    {
      const BobbinMarkupBox *x = &a->boxes[i];
      const BobbinMarkupBox *y = &b->boxes[i];

      if (x->kind != y->kind || x->id != y->id || x->list != y->list || x->number != y->number || x->task != y->task ||
          x->first != y->first)
        return FALSE;
    }

  return TRUE;
}

static gboolean
same_cells (const BobbinMarkupBlock *a,
            const BobbinMarkupBlock *b)
{
  if (a->n_columns != b->n_columns || memcmp (a->aligns, b->aligns, sizeof a->aligns) != 0)
    return FALSE;
  if (a->cells == NULL || b->cells == NULL)
    return a->cells == b->cells;

  return a->cells->len == b->cells->len &&
         memcmp (a->cells->data, b->cells->data, a->cells->len * sizeof (BobbinMarkupCell)) == 0;
}

/* Up to where the runs agree. */
static guint
compare_runs (const BobbinMarkupBlock *a,
              const BobbinMarkupBlock *b)
{
  guint n_a = a->runs != NULL ? a->runs->len : 0;
  guint n_b = b->runs != NULL ? b->runs->len : 0;
  guint i;

  for (i = 0; i < n_a && i < n_b; i++)
    {
      const BobbinMarkupRun *x = &g_array_index (a->runs, BobbinMarkupRun, i);
      const BobbinMarkupRun *y = &g_array_index (b->runs, BobbinMarkupRun, i);

      if (x->start != y->start || x->flags != y->flags ||
          g_strcmp0 (bobbin_markup_block_target (a, x), bobbin_markup_block_target (b, y)) != 0)
        return MIN (x->start, y->start);
      if (x->end != y->end)
        return MIN (x->end, y->end);
    }
  if (i < n_a)
    return g_array_index (a->runs, BobbinMarkupRun, i).start;
  if (i < n_b)
    return g_array_index (b->runs, BobbinMarkupRun, i).start;

  return G_MAXUINT;
}

static gboolean
same_steps (const BobbinMarkupBlock *a,
            const BobbinMarkupBlock *b)
{
  if (a->steps == NULL || b->steps == NULL)
    return a->steps == b->steps;

  if (a->steps->len != b->steps->len)
    return FALSE;
  for (guint i = 0; i < a->steps->len; i++)
    {
      const BobbinMarkupStep *x = &g_array_index (a->steps, BobbinMarkupStep, i);
      const BobbinMarkupStep *y = &g_array_index (b->steps, BobbinMarkupStep, i);

      if (x->drawn != y->drawn || x->source != y->source)
        return FALSE;
    }

  return TRUE;
}

guint
bobbin_markup_block_compare (const BobbinMarkupBlock *a,
                             const BobbinMarkupBlock *b,
                             const char              *source)
{
  const char *text_a = bobbin_markup_block_get_text (a, source);
  const char *text_b = bobbin_markup_block_get_text (b, source);
  guint limit = MIN (a->length, b->length);
  guint same = 0;
  guint runs;

  if (a->kind != b->kind || a->continues != b->continues || a->loose != b->loose || a->start != b->start ||
      a->level != b->level || g_strcmp0 (a->info, b->info) != 0 || !same_boxes (a, b))
    return 0;

  if (text_a == text_b || memcmp (text_a, text_b, limit) == 0)
    same = limit;
  else
    while (text_a[same] == text_b[same])
      same++;

  runs = compare_runs (a, b);
  if (runs == G_MAXUINT && same == a->length && same == b->length && a->end == b->end && a->n_lines == b->n_lines &&
      a->open_refs == b->open_refs && same_steps (a, b) && same_cells (a, b))
    return G_MAXUINT;

  same = MIN (same, runs);
  while (same > 0 && same < limit && (text_a[same] & 0xc0) == 0x80)
    same--;

  return same;
}
