/* The frame of a chart: title, axes, legend; where the marks go. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-chart-draw.h"

#include <glib/gi18n.h>
#include <math.h>

#define PAD         8
#define GAP         6
#define SWATCH      10
#define LEGEND_ROWS 3
#define TICK_PX     38   /* wanted between two ticks of the value axis */
#define FONT_SCALE  0.85

typedef struct
{
  BobbinChart            *chart;
  const BobbinChartStyle *style;
  cairo_t                *cr;
  PangoLayout            *layout;   /* small, for everything */
  double                  width;
  double                  height;
  double                  legend;   /* height of it */
  BobbinTicks             ticks;
  BobbinTicks             x_ticks;  /* of points */
} Painting;

void
bobbin_chart_get_color (const BobbinChartStyle *style,
                        guint                   index,
                        GdkRGBA                *ret_color)
{
  static const guint32 light[] = { 0x4477aa, 0xee6677, 0x228833, 0xccbb44, 0x66ccee, 0xaa3377, 0x888888 };
  static const guint32 dark[] = { 0x77aadd, 0xff8899, 0x66bb77, 0xddcc77, 0x88ddff, 0xdd77aa, 0xbbbbbb };
  static const guint32 contrast_light[] = { 0x004488, 0xbb5566, 0x997700, 0x000000, 0x117733, 0x882255, 0x555555 };
  static const guint32 contrast_dark[] = { 0x6699cc, 0xee99aa, 0xeecc66, 0xffffff, 0x88ccaa, 0xff99dd, 0xcccccc };
  const guint32 *palette = style->high_contrast ? style->dark ? contrast_dark : contrast_light : style->dark ? dark : light;
  guint32 color = palette[index % G_N_ELEMENTS (light)];
  /* further rounds are lighter or darker */
  double shade = 1 - 0.22 * MIN (index / G_N_ELEMENTS (light), 3);

  *ret_color = (GdkRGBA) { (float) ((color >> 16 & 255) / 255.0 * shade), (float) ((color >> 8 & 255) / 255.0 * shade),
                           (float) ((color & 255) / 255.0 * shade), 1 };
}

static gboolean
is_pie (BobbinChart *chart)
{
  BobbinChartType type = bobbin_chart_get_kind (chart);

  return type == BOBBIN_CHART_PIE || type == BOBBIN_CHART_DOUGHNUT;
}

/* Slices */

guint
bobbin_chart_get_n_slices (BobbinChart *chart)
{
  guint n = bobbin_chart_get_n_labels (chart);

  return n > BOBBIN_CHART_SLICES ? BOBBIN_CHART_SLICES + 1 : n;
}

double
bobbin_chart_get_slice (BobbinChart *chart,
                        guint        which,
                        guint        index,
                        double      *ret_value)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);
  double value = index >= BOBBIN_CHART_SLICES ? series->rest : index < series->n ? series->ys[index] : 0;

  if (!(value > 0)) /* there is no slice of less than nothing */
    value = 0;
  if (ret_value != NULL)
    *ret_value = value;

  return series->sum > 0 && isfinite (series->sum) ? value / series->sum : 0;
}

static char *
dup_slice_name (BobbinChart *chart,
                guint        index)
{
  const char *label = bobbin_chart_get_label (chart, index);

  if (index >= BOBBIN_CHART_SLICES && bobbin_chart_get_n_labels (chart) > BOBBIN_CHART_SLICES)
    return g_strdup (C_("the slice of a pie for all that is not named", "Others"));

  return *label != '\0' ? g_strdup (label) : g_strdup_printf ("%u", index + 1);
}

/* Texts */

static void
set_text (Painting   *painting,
          const char *text,
          double      width)
{
  pango_layout_set_text (painting->layout, text, -1);
  pango_layout_set_width (painting->layout, width > 0 ? (int) (width * PANGO_SCALE) : -1);
}

static void
measure_text (Painting   *painting,
              const char *text,
              int        *ret_width,
              int        *ret_height)
{
  set_text (painting, text, 0);
  pango_layout_get_pixel_size (painting->layout, ret_width, ret_height);
}

/* @align: 0 at x, 0.5 around it, 1 before it. */
static void
draw_text (Painting   *painting,
           const char *text,
           double      x,
           double      y,
           double      width,
           double      align,
           double      alpha)
{
  const GdkRGBA *color = &painting->style->text;
  int text_width;

  set_text (painting, text, 0);
  pango_layout_get_pixel_size (painting->layout, &text_width, NULL);
  if (width > 0 && text_width > width)
    {
      set_text (painting, text, width);
      pango_layout_get_pixel_size (painting->layout, &text_width, NULL);
    }
  cairo_set_source_rgba (painting->cr, color->red, color->green, color->blue, color->alpha * alpha);
  cairo_move_to (painting->cr, round (x - align * text_width), round (y));
  pango_cairo_show_layout (painting->cr, painting->layout);
}

/* Legend */

static guint
get_n_entries (BobbinChart *chart)
{
  guint n = bobbin_chart_get_n_series (chart);

  if (is_pie (chart))
    return bobbin_chart_get_n_slices (chart);
  if (n == 1 && *bobbin_chart_get_series (chart, 0)->name == '\0')
    return 0;

  return n;
}

static char *
dup_entry (BobbinChart *chart,
           guint        index)
{
  const char *name;

  if (is_pie (chart))
    {
      g_autofree char *slice = dup_slice_name (chart, index);
      double share = bobbin_chart_get_slice (chart, 0, index, NULL);

      /* Translators: a slice of a pie and its share: "Rent 42 %" */
      return g_strdup_printf (_("%1$s %2$.*3$f %%"), slice, share * 100, share < 0.1 ? 1 : 0);
    }
  name = bobbin_chart_get_series (chart, index)->name;

  return *name != '\0' ? g_strdup (name) : g_strdup_printf (_("Series %u"), index + 1);
}

/* Draws or, without, only measures. Returns: the height. */
static double
do_legend (Painting *painting,
           double    top,
           gboolean  draw)
{
  guint n = get_n_entries (painting->chart);
  double x = PAD;
  double y = top;
  int line = 0;
  guint row = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = dup_entry (painting->chart, i);
      int width;
      gboolean over;

      measure_text (painting, name, &width, &line);
      width = MIN (width, 180);
      over = x > PAD && x + SWATCH + 5 + width > painting->width - PAD;
      if (over && ++row == LEGEND_ROWS)
        {
          g_autofree char *more = g_strdup_printf (ngettext ("%u more", "%u more", n - i), n - i);

          if (draw)
            draw_text (painting, more, painting->width - PAD, y, 0, 1, 0.7);
          break;
        }
      if (over)
        {
          x = PAD;
          y += line + 4;
        }
      if (draw)
        {
          GdkRGBA color;

          bobbin_chart_get_color (painting->style, i, &color);
          gdk_cairo_set_source_rgba (painting->cr, &color);
          cairo_rectangle (painting->cr, x, round (y + (line - SWATCH) / 2.0), SWATCH, SWATCH);
          cairo_fill (painting->cr);
          draw_text (painting, name, x + SWATCH + 5, y, 180, 0, 0.9);
        }
      x += SWATCH + 5 + width + 14;
    }

  return n > 0 ? y + line - top : 0;
}

/* Axes */

static void
draw_rule (Painting *painting,
           double    x1,
           double    y1,
           double    x2,
           double    y2,
           double    alpha)
{
  const GdkRGBA *color = &painting->style->text;

  cairo_set_source_rgba (painting->cr, color->red, color->green, color->blue, alpha);
  cairo_set_line_width (painting->cr, 1);
  cairo_move_to (painting->cr, round (x1) + 0.5, round (y1) + 0.5);
  cairo_line_to (painting->cr, round (x2) + 0.5, round (y2) + 0.5);
  cairo_stroke (painting->cr);
}

static int
widest_tick (Painting          *painting,
             const BobbinTicks *ticks)
{
  int widest = 0;

  for (guint i = 0; i < ticks->n; i++)
    {
      g_autofree char *text = bobbin_chart_format (ticks->first + i * ticks->step, ticks->decimals);
      int width;

      measure_text (painting, text, &width, NULL);
      widest = MAX (widest, width);
    }

  return widest;
}

static int
widest_label (Painting *painting)
{
  guint n = MIN (bobbin_chart_get_n_labels (painting->chart), 60);
  int widest = 0;

  for (guint i = 0; i < n; i++)
    {
      int width;

      measure_text (painting, bobbin_chart_get_label (painting->chart, i), &width, NULL);
      widest = MAX (widest, width);
    }

  return MIN (widest, (int) (painting->width * 0.3));
}

static void
draw_value_axis (Painting                *painting,
                 const BobbinChartPlaces *places,
                 int                      line)
{
  double strong = painting->style->high_contrast ? 0.5 : 0.12;

  for (guint i = 0; i < painting->ticks.n; i++)
    {
      double value = painting->ticks.first + i * painting->ticks.step;
      double at = _bobbin_chart_get_value_y (places, value);
      gboolean zero = fabs (value) < painting->ticks.step / 1000;
      g_autofree char *text = bobbin_chart_format (value, painting->ticks.decimals);

      if (places->horizontal)
        {
          draw_rule (painting, at, places->y, at, places->y + places->height, zero ? 0.5 : strong);
          draw_text (painting, text, at, places->y + places->height + 4, 0, 0.5, 0.7);
        }
      else
        {
          draw_rule (painting, places->x, at, places->x + places->width, at, zero ? 0.5 : strong);
          draw_text (painting, text, places->x - GAP, at - line / 2.0, 0, 1, 0.7);
        }
    }
}

/* As many labels as there is room for, the same number left out between any two. */
static void
draw_label_axis (Painting                *painting,
                 const BobbinChartPlaces *places,
                 int                      line)
{
  guint n = places->n_labels;
  double length = places->horizontal ? places->height : places->width;
  double step = length / MAX (n, 1);
  int room = places->horizontal ? line + 2 : MIN (widest_label (painting) + 10, 90);
  guint every = (guint) MAX (ceil (room / MAX (step, 1e-9)), 1);

  for (guint i = 0; i < n; i += every)
    {
      const char *label = bobbin_chart_get_label (painting->chart, i);

      if (places->horizontal)
        draw_text (painting, label, places->x - GAP, places->y + (i + 0.5) * step - line / 2.0, places->x - PAD - GAP, 1, 0.7);
      else
        draw_text (painting, label, places->x + (i + 0.5) * step, places->y + places->height + 4, step * every - 4, 0.5, 0.7);
    }
}

static void
draw_x_axis (Painting                *painting,
             const BobbinChartPlaces *places)
{
  double strong = painting->style->high_contrast ? 0.5 : 0.12;

  for (guint i = 0; i < painting->x_ticks.n; i++)
    {
      double value = painting->x_ticks.first + i * painting->x_ticks.step;
      double x = places->x + (value - places->x_min) / (places->x_max - places->x_min) * places->width;
      g_autofree char *text = bobbin_chart_format (value, painting->x_ticks.decimals);

      draw_rule (painting, x, places->y, x, places->y + places->height, strong);
      draw_text (painting, text, x, places->y + places->height + 4, 0, 0.5, 0.7);
    }
}

static void
draw_axis_titles (Painting                *painting,
                  const BobbinChartPlaces *places,
                  double                   top,
                  int                      line)
{
  const char *x_axis = bobbin_chart_get_axis (painting->chart, FALSE);
  const char *y_axis = bobbin_chart_get_axis (painting->chart, TRUE);

  /* the name of the upright axis stands above it: nobody has to turn their head */
  if (y_axis != NULL)
    draw_text (painting, y_axis, PAD, top, painting->width - 2 * PAD, 0, 0.7);
  if (x_axis != NULL)
    draw_text (painting, x_axis, places->x + places->width / 2, places->y + places->height + line + 6, places->width, 0.5, 0.7);
}

static void
make_ticks (Painting          *painting,
            BobbinChartPlaces *places,
            double             width,
            double             height)
{
  double min = 0;
  double max = 1;
  guint n = (guint) CLAMP ((places->horizontal ? width / 2 : height) / TICK_PX, 2, 10);

  bobbin_chart_get_range (painting->chart, &min, &max);
  bobbin_chart_make_ticks (min, max, n, &painting->ticks);
  places->min = painting->ticks.first;
  places->max = painting->ticks.first + (painting->ticks.n - 1) * painting->ticks.step;
  if (places->type != BOBBIN_CHART_SCATTER)
    return;

  bobbin_chart_get_x_range (painting->chart, &min, &max);
  bobbin_chart_make_ticks (min, max, (guint) CLAMP (width / 80, 2, 10), &painting->x_ticks);
  places->x_min = painting->x_ticks.first;
  places->x_max = painting->x_ticks.first + (painting->x_ticks.n - 1) * painting->x_ticks.step;
}

static void
draw_axes (Painting          *painting,
           BobbinChartPlaces *places,
           double             top)
{
  double bottom = painting->height - PAD - (painting->legend > 0 ? painting->legend + GAP : 0);
  int right;
  int line;

  measure_text (painting, "0", NULL, &line);
  places->y = top + (bobbin_chart_get_axis (painting->chart, TRUE) != NULL ? line + 4 : 0) + line / 2.0;
  places->height = MAX (bottom - line - 6 - places->y - (bobbin_chart_get_axis (painting->chart, FALSE) != NULL ? line + 2 : 0), 20);
  make_ticks (painting, places, painting->width - 80, places->height);
  places->x = PAD + GAP + (places->horizontal ? widest_label (painting) : widest_tick (painting, &painting->ticks));
  /* the last number stands around the end of the axis */
  right = places->horizontal ? widest_tick (painting, &painting->ticks) / 2
          : places->type == BOBBIN_CHART_SCATTER ? widest_tick (painting, &painting->x_ticks) / 2 : 0;
  places->width = MAX (painting->width - PAD - 6 - right - places->x, 20);
  draw_value_axis (painting, places, line);
  if (places->type == BOBBIN_CHART_SCATTER)
    draw_x_axis (painting, places);
  else
    draw_label_axis (painting, places, line);
  draw_axis_titles (painting, places, top, line);
}

void
bobbin_chart_draw (BobbinChart            *chart,
                   const BobbinChartStyle *style,
                   cairo_t                *cr,
                   PangoContext           *context,
                   double                  width,
                   double                  height,
                   BobbinChartPlaces      *ret_places)
{
  g_autoptr(PangoLayout) layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (context));
  Painting painting = { chart, style, cr, layout, width, height, 0, { 0 }, { 0 } };
  BobbinChartPlaces places = { 0 };
  double top = PAD;

  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * FONT_SCALE);
  else
    pango_font_description_set_size (font, (int) (pango_font_description_get_size (font) * FONT_SCALE));
  pango_layout_set_font_description (layout, font);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_font_description_free (font);
  places.type = bobbin_chart_get_kind (chart);
  places.horizontal = bobbin_chart_is_horizontal (chart);
  places.n_labels = bobbin_chart_get_n_labels (chart);
  if (style->with_title && bobbin_chart_get_title (chart) != NULL)
    {
      int line;

      measure_text (&painting, bobbin_chart_get_title (chart), NULL, &line);
      draw_text (&painting, bobbin_chart_get_title (chart), width / 2, top, width - 2 * PAD, 0.5, 1);
      top += line + GAP;
    }
  painting.legend = do_legend (&painting, 0, FALSE);
  do_legend (&painting, height - PAD - painting.legend, TRUE);
  if (is_pie (chart))
    {
      places.x = PAD;
      places.y = top;
      places.width = width - 2 * PAD;
      places.height = MAX (height - top - PAD - painting.legend - 2 * GAP, 20);
      _bobbin_chart_draw_pie (chart, style, cr, &places);
    }
  else
    {
      draw_axes (&painting, &places, top);
      _bobbin_chart_draw_marks (chart, style, cr, &places);
    }
  if (ret_places != NULL)
    *ret_places = places;
}

/* Pointing */

static gboolean
hit_slice (BobbinChart             *chart,
           const BobbinChartPlaces *places,
           double                   x,
           double                   y,
           guint                   *ret_index)
{
  double dx = x - places->x - places->width / 2;
  double dy = y - places->y - places->height / 2;
  double turn = atan2 (dx, -dy) / (2 * G_PI);

  if (hypot (dx, dy) > MIN (places->width, places->height) / 2)
    return FALSE;
  if (turn < 0)
    turn += 1;
  for (guint i = 0; i < bobbin_chart_get_n_slices (chart); i++)
    {
      double share = bobbin_chart_get_slice (chart, 0, i, NULL);

      if (turn <= share && share > 0)
        {
          *ret_index = i;
          return TRUE;
        }
      turn -= share;
    }

  return FALSE;
}

static gboolean
hit_point (BobbinChart             *chart,
           const BobbinChartPlaces *places,
           double                   x,
           double                   y,
           guint                   *ret_index)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, 0);
  double nearest = 24 * 24;
  gboolean found = FALSE;

  for (guint i = 0; i < series->n; i++)
    {
      double px;
      double py;
      double away;

      bobbin_chart_get_point (chart, places, 0, i, &px, &py);
      away = (px - x) * (px - x) + (py - y) * (py - y);
      if (away < nearest)
        {
          nearest = away;
          *ret_index = i;
          found = TRUE;
        }
    }

  return found;
}

gboolean
bobbin_chart_hit (BobbinChart             *chart,
                  const BobbinChartPlaces *places,
                  double                   x,
                  double                   y,
                  guint                   *ret_index)
{
  double part;

  if (is_pie (chart))
    return hit_slice (chart, places, x, y, ret_index);
  if (x < places->x || x >= places->x + places->width || y < places->y || y > places->y + places->height || places->n_labels == 0)
    return FALSE;
  if (places->type == BOBBIN_CHART_SCATTER)
    return hit_point (chart, places, x, y, ret_index);

  part = places->horizontal ? (y - places->y) / places->height : (x - places->x) / places->width;
  *ret_index = MIN ((guint) (part * places->n_labels), places->n_labels - 1);
  return TRUE;
}

void
bobbin_chart_get_point (BobbinChart             *chart,
                        const BobbinChartPlaces *places,
                        guint                    which,
                        guint                    index,
                        double                  *ret_x,
                        double                  *ret_y)
{
  const BobbinSeries *series = bobbin_chart_get_series (chart, which);
  double value = index < series->n ? series->ys[index] : NAN;
  double along = (index + 0.5) / MAX (places->n_labels, 1);

  if (places->type == BOBBIN_CHART_SCATTER)
    {
      double x = series->xs != NULL && index < series->n ? series->xs[index] : (double) index;

      *ret_x = places->x + (x - places->x_min) / (places->x_max - places->x_min) * places->width;
      *ret_y = _bobbin_chart_get_value_y (places, value);
    }
  else if (places->horizontal)
    {
      *ret_x = _bobbin_chart_get_value_y (places, value);
      *ret_y = places->y + along * places->height;
    }
  else
    {
      *ret_x = places->x + along * places->width;
      *ret_y = _bobbin_chart_get_value_y (places, value);
    }
}

char *
bobbin_chart_dup_values (BobbinChart *chart,
                         guint        index)
{
  GString *text = g_string_new (NULL);

  if (is_pie (chart))
    {
      g_autofree char *name = dup_slice_name (chart, index);
      double value;
      double share = bobbin_chart_get_slice (chart, 0, index, &value);
      g_autofree char *number = bobbin_chart_format_exact (value);

      g_string_append_printf (text, "%s\n%s (%.1f %%)", name, number, share * 100);
      return g_string_free (text, FALSE);
    }
  g_string_append (text, bobbin_chart_get_label (chart, index));
  for (guint i = 0; i < bobbin_chart_get_n_series (chart) && i < 12; i++)
    {
      const BobbinSeries *series = bobbin_chart_get_series (chart, i);
      g_autofree char *number = bobbin_chart_format_exact (index < series->n ? series->ys[index] : NAN);
      g_autofree char *x = NULL;

      if (index >= series->n)
        continue;
      if (bobbin_chart_get_kind (chart) == BOBBIN_CHART_SCATTER)
        x = bobbin_chart_format_exact (series->xs != NULL ? series->xs[index] : (double) index);
      g_string_append_printf (text, "%s%s%s%s%s%s", text->len > 0 ? "\n" : "", series->name, *series->name != '\0' ? ": " : "",
                              x != NULL ? x : "", x != NULL ? "; " : "", number);
    }

  return g_string_free (text, FALSE);
}
