/* Drawing a chart with cairo, the same on the screen, in a PNG and in an SVG. Values beyond what the pixels can show are thinned
 * out: a million points cost one pass over them. */
#pragma once

#include <gtk/gtk.h>

#include "model/bobbin-chart.h"

G_BEGIN_DECLS

typedef struct
{
  GdkRGBA  text;
  GdkRGBA  background;
  gboolean dark;
  gboolean high_contrast;  /* lines differ by dashes and bars by edges, too */
  gboolean with_title;
} BobbinChartStyle;

/* Where things are, for pointing at them. */
typedef struct
{
  BobbinChartType type;
  gboolean        horizontal;
  double          x;        /* of the plot, or of the pie's square */
  double          y;
  double          width;
  double          height;
  double          min;      /* of the values */
  double          max;
  double          x_min;    /* of points */
  double          x_max;
  guint           n_labels;
} BobbinChartPlaces;

void bobbin_chart_draw          (BobbinChart *chart, const BobbinChartStyle *style, cairo_t *cr, PangoContext *context, double width,
                                 double height, BobbinChartPlaces *ret_places);
/* The colour of a series, or of a slice: told apart also by people who see few colours (Paul Tol's "bright" scheme). */
void bobbin_chart_get_color     (const BobbinChartStyle *style, guint index, GdkRGBA *ret_color);
/* The label (slice, point of the longest series) at a place; FALSE: outside. */
gboolean bobbin_chart_hit       (BobbinChart *chart, const BobbinChartPlaces *places, double x, double y, guint *ret_index);
/* Where a value is. */
void bobbin_chart_get_point     (BobbinChart *chart, const BobbinChartPlaces *places, guint series, guint index, double *ret_x,
                                 double *ret_y);
/* "January: 2025 120, 2026 180", a line each. */
char *bobbin_chart_dup_values   (BobbinChart *chart, guint index) G_GNUC_WARN_UNUSED_RESULT;
/* The share of a slice, and its value; @index BOBBIN_CHART_SLICES: the rest. */
double bobbin_chart_get_slice   (BobbinChart *chart, guint series, guint index, double *ret_value);
guint  bobbin_chart_get_n_slices (BobbinChart *chart);

/* bobbin-chart-marks.c */
void _bobbin_chart_draw_marks   (BobbinChart *chart, const BobbinChartStyle *style, cairo_t *cr, const BobbinChartPlaces *places);
void _bobbin_chart_draw_pie     (BobbinChart *chart, const BobbinChartStyle *style, cairo_t *cr, const BobbinChartPlaces *places);
double _bobbin_chart_get_value_y (const BobbinChartPlaces *places, double value);

G_END_DECLS
