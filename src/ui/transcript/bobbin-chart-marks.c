/* Bars, lines, areas, points and slices. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-chart-draw.h"

#include <math.h>
#include <string.h>

#define DOTS_MAX 40   /* labels up to which values have a dot */
#define DOT      2.5
#define POINTS_MAX 2000 /* drawn as shapes of their own */

/* Along the value axis: pixels from the top, or from the left when bars lie. */
double
_bobbin_chart_get_value_y (const BobbinChartPlaces *places,
                           double                   value)
{
  double part = (value - places->min) / (places->max - places->min);

  part = CLAMP (part, -1, 2);
  return places->horizontal ? places->x + part * places->width : places->y + places->height - part * places->height;
}

static double
label_x (const BobbinChartPlaces *places,
         guint                    index)
{
  if (places->horizontal)
    return places->y + (index + 0.5) * places->height / MAX (places->n_labels, 1);

  return places->x + (index + 0.5) * places->width / MAX (places->n_labels, 1);
}

static double
point_x (const BobbinChartPlaces *places,
         const BobbinSeries      *series,
         guint                    index)
{
  double x = series->xs != NULL ? series->xs[index] : (double) index;

  if (places->type != BOBBIN_CHART_SCATTER)
    return label_x (places, index);

  return places->x + (x - places->x_min) / (places->x_max - places->x_min) * places->width;
}

static void
set_color (cairo_t                *cr,
           const BobbinChartStyle *style,
           guint                   index,
           double                  alpha)
{
  GdkRGBA color;

  bobbin_chart_get_color (style, index, &color);
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, alpha);
}

static void
set_dash (cairo_t                *cr,
          const BobbinChartStyle *style,
          guint                   index)
{
  static const double dashes[][4] = { { 1, 0, 1, 0 }, { 7, 3, 7, 3 }, { 2, 3, 2, 3 }, { 8, 3, 2, 3 } };
  guint which = index % G_N_ELEMENTS (dashes);

  if (style->high_contrast && which > 0)
    cairo_set_dash (cr, dashes[which], 4, 0);
  else
    cairo_set_dash (cr, NULL, 0, 0);
}

/* Bars */

static void
add_bar (cairo_t                 *cr,
         const BobbinChartPlaces *places,
         double                   across,
         double                   thickness,
         double                   from,
         double                   to)
{
  double a = _bobbin_chart_get_value_y (places, from);
  double b = _bobbin_chart_get_value_y (places, to);

  if (places->horizontal)
    cairo_rectangle (cr, MIN (a, b), across, fabs (b - a), thickness);
  else
    cairo_rectangle (cr, across, MIN (a, b), thickness, fabs (b - a));
}

static guint
count_bars (BobbinChart *chart)
{
  guint n = 0;

  for (guint i = 0; i < bobbin_chart_get_n_series (chart); i++)
    n += bobbin_chart_get_series (chart, i)->type == BOBBIN_CHART_BAR;

  return n;
}

/* What is below a value in its stack. */
static double
get_base (BobbinChart *chart,
          guint        before,
          guint        index,
          double       value)
{
  double base = 0;

  for (guint i = 0; i < before; i++)
    {
      const BobbinSeries *series = bobbin_chart_get_series (chart, i);

      if (index < series->n && !isnan (series->ys[index]) && (series->ys[index] >= 0) == (value >= 0))
        base += series->ys[index];
    }

  return base;
}

/* One bar a pixel at most: the value farthest from 0 of those that fall into it. */
static void
draw_bars (BobbinChart             *chart,
           const BobbinChartStyle  *style,
           cairo_t                 *cr,
           const BobbinChartPlaces *places,
           guint                    which,
           guint                    nth)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);
  gboolean stacked = bobbin_chart_is_stacked (chart);
  double length = places->horizontal ? places->height : places->width;
  double step = length / MAX (places->n_labels, 1);
  guint n_bars = stacked ? 1 : MAX (count_bars (chart), 1);
  double group = MIN (step * 0.72, 64.0 * n_bars);
  double thickness = MAX (group / n_bars, 1);
  double gap = thickness > 8 && n_bars > 1 ? 2 : 0;
  guint bucket = (guint) MAX (ceil (1 / MAX (step, 1e-9)), 1);

  for (guint i = 0; i < series->n; i += bucket)
    {
      guint best = i;

      for (guint j = i; j < MIN (i + bucket, series->n); j++)
        if (isnan (series->ys[best]) || fabs (series->ys[j]) > fabs (series->ys[best]))
          best = j;
      if (isnan (series->ys[best]))
        continue;
      {
        double base = stacked ? get_base (chart, which, best, series->ys[best]) : 0;

        add_bar (cr, places, label_x (places, i) - group / 2 + (stacked ? 0 : nth * thickness), thickness - gap, base,
                 base + series->ys[best]);
      }
    }
  set_color (cr, style, which, 1);
  cairo_fill_preserve (cr);
  if (style->high_contrast)
    {
      gdk_cairo_set_source_rgba (cr, &style->text);
      cairo_set_line_width (cr, 1);
      cairo_stroke_preserve (cr);
    }
  cairo_new_path (cr);
}

/* Lines and areas */

static double
stacked_value (BobbinChart        *chart,
               const BobbinSeries *series,
               guint               which,
               guint               index)
{
  double value = series->ys[index];

  return bobbin_chart_is_stacked (chart) && !isnan (value) ? value + get_base (chart, which, index, value) : value;
}

typedef struct
{
  double x;
  double y;
} Point;

static void
add_bucket (GArray                  *points,
            const BobbinChartPlaces *places,
            double                   x,
            const double             values[4])
{
  /* the first, the lowest, the highest and the last of those that share a pixel; one is one */
  for (guint i = 0; i < 4; i++)
    {
      Point point = { x, _bobbin_chart_get_value_y (places, values[i]) };

      if (i == 0 || values[i] != values[i - 1])
        g_array_append_val (points, point);
    }
}

/* [from, to), all numbers, thinned out to what the pixels can show. */
static GArray *
collect (BobbinChart             *chart,
         const BobbinChartPlaces *places,
         guint                    which,
         guint                    from,
         guint                    to)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);
  gboolean stacked = bobbin_chart_is_stacked (chart);
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));
  double start = label_x (places, 0);
  double step = label_x (places, 1) - start;
  double values[4] = { 0 };
  double x = 0;
  int bucket = -1;

  for (guint i = from; i < to; i++)
    {
      double value = stacked ? stacked_value (chart, series, which, i) : series->ys[i];
      double at = start + i * step;

      if ((int) (at * 2) != bucket)
        {
          if (bucket >= 0)
            add_bucket (points, places, x, values);
          bucket = (int) (at * 2);
          x = at;
          values[0] = values[1] = values[2] = value;
        }
      if (value < values[1])
        values[1] = value;
      if (value > values[2])
        values[2] = value;
      values[3] = value;
    }
  if (bucket >= 0)
    add_bucket (points, places, x, values);

  return points;
}

static void
trace (cairo_t      *cr,
       const GArray *points)
{
  for (guint i = 0; i < points->len; i++)
    cairo_line_to (cr, g_array_index (points, Point, i).x, g_array_index (points, Point, i).y);
}

static void
fill_below (BobbinChart             *chart,
            const BobbinChartStyle  *style,
            cairo_t                 *cr,
            const BobbinChartPlaces *places,
            guint                    which,
            guint                    from,
            guint                    to,
            const GArray            *points)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);
  double zero = _bobbin_chart_get_value_y (places, CLAMP (0, places->min, places->max));
  guint every = MAX ((guint) ((to - from) / MAX (2 * places->width, 1)), 1);

  cairo_new_path (cr);
  trace (cr, points);
  if (bobbin_chart_is_stacked (chart) && which > 0)
    {
      for (guint i = to; i-- > from;)
        if ((i - from) % every == 0 || i + 1 == to)
          cairo_line_to (cr, label_x (places, i), _bobbin_chart_get_value_y (places, get_base (chart, which, i, series->ys[i])));
    }
  else
    {
      cairo_line_to (cr, label_x (places, to - 1), zero);
      cairo_line_to (cr, label_x (places, from), zero);
    }
  cairo_close_path (cr);
  set_color (cr, style, which, bobbin_chart_is_stacked (chart) ? 0.55 : 0.25);
  cairo_fill (cr);
}

static void
draw_run (BobbinChart             *chart,
          const BobbinChartStyle  *style,
          cairo_t                 *cr,
          const BobbinChartPlaces *places,
          guint                    which,
          guint                    from,
          guint                    to)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);
  g_autoptr(GArray) points = collect (chart, places, which, from, to);

  if (series->type == BOBBIN_CHART_AREA)
    fill_below (chart, style, cr, places, which, from, to, points);
  cairo_new_path (cr);
  trace (cr, points);
  set_color (cr, style, which, 1);
  set_dash (cr, style, which);
  /* joins of a jagged line cost more than they show */
  cairo_set_line_join (cr, points->len > 500 ? CAIRO_LINE_JOIN_BEVEL : CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, points->len > 500 ? 1 : 2);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);

  /* a value between two gaps has no line: a dot shows it */
  for (guint i = from; i < to && (places->n_labels <= DOTS_MAX || to - from == 1); i++)
    {
      cairo_arc (cr, label_x (places, i), _bobbin_chart_get_value_y (places, stacked_value (chart, series, which, i)), DOT, 0,
                 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw_line (BobbinChart             *chart,
           const BobbinChartStyle  *style,
           cairo_t                 *cr,
           const BobbinChartPlaces *places,
           guint                    which)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);
  guint n_runs = 0;

  for (guint from = 0; from < series->n && n_runs < 4 * places->width; n_runs++)
    {
      guint to;

      while (from < series->n && isnan (series->ys[from]))
        from++;
      for (to = from; to < series->n && !isnan (series->ys[to]);)
        to++;
      if (to > from)
        draw_run (chart, style, cr, places, which, from, to);
      from = to;
    }
}

/* Points */

static void
add_shape (cairo_t *cr,
           guint    which,
           double   x,
           double   y)
{
  switch (which % 4)
    {
    case 1:
      cairo_rectangle (cr, x - 3, y - 3, 6, 6);
      break;
    case 2:
      cairo_move_to (cr, x, y - 4);
      cairo_line_to (cr, x + 3.5, y + 3);
      cairo_line_to (cr, x - 3.5, y + 3);
      cairo_close_path (cr);
      break;
    case 3:
      cairo_move_to (cr, x, y - 4.2);
      cairo_line_to (cr, x + 4.2, y);
      cairo_line_to (cr, x, y + 4.2);
      cairo_line_to (cr, x - 4.2, y);
      cairo_close_path (cr);
      break;
    default:
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, 3.2, 0, 2 * G_PI);
      break;
    }
}

/* Which cells of two pixels hold a point of the series; (transfer full). */
static guint8 *
find_cells (const BobbinChartPlaces *places,
            const BobbinSeries      *series,
            guint                    columns,
            guint                    rows)
{
  guint8 *cells = g_new0 (guint8, (gsize) columns * rows);

  for (guint i = 0; i < series->n; i++)
    {
      double x;
      double y;
      gsize cell;

      if (isnan (series->ys[i]) || (series->xs != NULL && isnan (series->xs[i])))
        continue;
      x = point_x (places, series, i) - places->x;
      y = _bobbin_chart_get_value_y (places, series->ys[i]) - places->y;
      cell = (gsize) MAX (y / 2, 0) * columns + (gsize) MAX (x / 2, 0);
      if (cell < (gsize) columns * rows)
        cells[cell] = 0xd0;
    }

  return cells;
}

/* A cloud is an image: each cell that holds a point is a square. */
static void
draw_cloud (BobbinChart             *chart,
            const BobbinChartStyle  *style,
            cairo_t                 *cr,
            const BobbinChartPlaces *places,
            guint                    which)
{
  guint columns = (guint) places->width / 2 + 2;
  guint rows = (guint) places->height / 2 + 2;
  g_autofree guint8 *cells = find_cells (places, bobbin_chart_get_series (chart, which), columns, rows);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, (int) columns, (int) rows);
  guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  cairo_pattern_t *pattern;

  for (guint row = 0; pixels != NULL && row < rows; row++)
    memcpy (pixels + (gsize) row * stride, cells + (gsize) row * columns, columns);
  cairo_surface_mark_dirty (surface);
  cairo_save (cr);
  cairo_translate (cr, places->x, places->y);
  cairo_scale (cr, 2, 2);
  pattern = cairo_pattern_create_for_surface (surface);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  set_color (cr, style, which, 1);
  cairo_mask (cr, pattern);
  cairo_pattern_destroy (pattern);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

static void
draw_points (BobbinChart             *chart,
             const BobbinChartStyle  *style,
             cairo_t                 *cr,
             const BobbinChartPlaces *places,
             guint                    which)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);

  if (series->n > POINTS_MAX)
    {
      draw_cloud (chart, style, cr, places, which);
      return;
    }
  set_color (cr, style, which, 0.8);
  for (guint i = 0; i < series->n; i++)
    {
      if (isnan (series->ys[i]) || (series->xs != NULL && isnan (series->xs[i])))
        continue;
      add_shape (cr, which, point_x (places, series, i), _bobbin_chart_get_value_y (places, series->ys[i]));
      cairo_fill (cr);
    }
}

void
_bobbin_chart_draw_marks (BobbinChart             *chart,
                          const BobbinChartStyle  *style,
                          cairo_t                 *cr,
                          const BobbinChartPlaces *places)
{
  guint n_series = bobbin_chart_get_n_series (chart);
  guint nth = 0;

  cairo_save (cr);
  cairo_rectangle (cr, places->x - 4, places->y - 4, places->width + 8, places->height + 8);
  cairo_clip (cr);
  /* lines over bars */
  for (guint i = 0; i < n_series; i++)
    if (bobbin_chart_get_series (chart, i)->type == BOBBIN_CHART_BAR)
      draw_bars (chart, style, cr, places, i, nth++);
  for (guint i = 0; i < n_series; i++)
    {
      BobbinChartType type = bobbin_chart_get_series (chart, i)->type;

      if (places->type == BOBBIN_CHART_SCATTER && type != BOBBIN_CHART_BAR)
        draw_points (chart, style, cr, places, i);
      else if (type != BOBBIN_CHART_BAR)
        draw_line (chart, style, cr, places, i);
    }
  cairo_restore (cr);
}

void
_bobbin_chart_draw_pie (BobbinChart             *chart,
                        const BobbinChartStyle  *style,
                        cairo_t                 *cr,
                        const BobbinChartPlaces *places)
{
  guint n_rings = MIN (bobbin_chart_get_n_series (chart), 3);
  double cx = places->x + places->width / 2;
  double cy = places->y + places->height / 2;
  double radius = MIN (places->width, places->height) / 2;
  double hole = places->type == BOBBIN_CHART_DOUGHNUT ? radius * 0.55 : 0;
  double ring = (radius - hole) / n_rings;

  for (guint i = 0; i < n_rings; i++)
    {
      double outer = radius - i * ring;
      double inner = MAX (outer - ring, 0);
      double angle = -G_PI / 2;

      for (guint j = 0; j < bobbin_chart_get_n_slices (chart); j++)
        {
          double share = bobbin_chart_get_slice (chart, i, j, NULL);

          if (share <= 0)
            continue;
          cairo_new_path (cr);
          cairo_arc (cr, cx, cy, outer, angle, angle + share * 2 * G_PI);
          if (inner > 0)
            cairo_arc_negative (cr, cx, cy, inner, angle + share * 2 * G_PI, angle);
          else
            cairo_line_to (cr, cx, cy);
          cairo_close_path (cr);
          set_color (cr, style, j, 1);
          cairo_fill_preserve (cr);
          gdk_cairo_set_source_rgba (cr, &style->background);
          cairo_set_line_width (cr, share < 1 ? 1.5 : 0);
          cairo_stroke (cr);
          angle += share * 2 * G_PI;
        }
    }
}
