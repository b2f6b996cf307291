#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-heights.h"

/* Two Fenwick trees, of measured heights and of how many are measured; made again when rows come or go. */
struct _BobbinHeights
{
  GArray *heights;  /* of double; below 0: not measured */
  double *sums;     /* 1-based */
  guint  *counts;
  double  first_guess;
  double  measured;
  guint   n_measured;
  gboolean stale;   /* the trees no longer fit the rows */
};

BobbinHeights *
bobbin_heights_new (double first_guess)
{
  BobbinHeights *self = g_new0 (BobbinHeights, 1);

  self->heights = g_array_new (FALSE, FALSE, sizeof (double));
  self->first_guess = first_guess;
  self->stale = TRUE;

  return self;
}

void
bobbin_heights_free (BobbinHeights *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->heights);
  g_free (self->sums);
  g_free (self->counts);
  g_free (self);
}

guint
bobbin_heights_get_n (BobbinHeights *self)
{
  return self->heights->len;
}

static double
mean (BobbinHeights *self)
{
  return self->n_measured > 0 ? self->measured / self->n_measured : self->first_guess;
}

static void
build (BobbinHeights *self)
{
  guint n = self->heights->len;

  if (!self->stale)
    return;

  self->stale = FALSE;
  self->measured = 0;
  self->n_measured = 0;
  self->sums = g_renew (double, self->sums, n + 1);
  self->counts = g_renew (guint, self->counts, n + 1);
  self->sums[0] = 0;
  self->counts[0] = 0;
  for (guint i = 1; i <= n; i++)
    {
      double height = g_array_index (self->heights, double, i - 1);

      self->sums[i] = MAX (height, 0);
      self->counts[i] = height >= 0;
      self->measured += self->sums[i];
      self->n_measured += self->counts[i];
    }
  for (guint i = 1; i <= n; i++)
    {
      guint parent = i + (i & -i);

      if (parent <= n)
        {
          self->sums[parent] += self->sums[i];
          self->counts[parent] += self->counts[i];
        }
    }
}

void
bobbin_heights_splice (BobbinHeights *self,
                       guint          position,
                       guint          n_removed,
                       guint          n_added)
{
  g_return_if_fail (position + n_removed <= self->heights->len);

  if (n_removed > 0)
    g_array_remove_range (self->heights, position, n_removed);
  if (n_added > 0)
    {
      g_autofree double *added = g_new (double, n_added);

      for (guint i = 0; i < n_added; i++)
        added[i] = -1;
      g_array_insert_vals (self->heights, position, added, n_added);
    }
  self->stale = TRUE;
}

void
bobbin_heights_set (BobbinHeights *self,
                    guint          position,
                    double         height)
{
  double *old;
  double grown;
  guint counted;

  g_return_if_fail (position < self->heights->len && height >= 0);

  build (self);
  old = &g_array_index (self->heights, double, position);
  if (*old == height)
    return;

  counted = *old < 0 ? 1 : 0;
  grown = height - MAX (*old, 0);
  *old = height;
  self->measured += grown;
  self->n_measured += counted;
  for (guint i = position + 1; i <= self->heights->len; i += i & -i)
    {
      self->sums[i] += grown;
      self->counts[i] += counted;
    }
}

double
bobbin_heights_get (BobbinHeights *self,
                    guint          position)
{
  double height;

  g_return_val_if_fail (position < self->heights->len, 0);

  build (self);
  height = g_array_index (self->heights, double, position);
  return height >= 0 ? height : mean (self);
}

double
bobbin_heights_get_top (BobbinHeights *self,
                        guint          position)
{
  double sum = 0;
  guint counted = 0;

  g_return_val_if_fail (position <= self->heights->len, 0);

  build (self);
  for (guint i = position; i > 0; i -= i & -i)
    {
      sum += self->sums[i];
      counted += self->counts[i];
    }

  return sum + (position - counted) * mean (self);
}

double
bobbin_heights_get_total (BobbinHeights *self)
{
  return bobbin_heights_get_top (self, self->heights->len);
}

guint
bobbin_heights_find (BobbinHeights *self,
                     double         y)
{
  guint low = 0;
  guint high = self->heights->len;

  while (low + 1 < high)
    {
      guint middle = low + (high - low) / 2;

      if (bobbin_heights_get_top (self, middle) <= y)
        low = middle;
      else
        high = middle;
    }

  return low;
}
