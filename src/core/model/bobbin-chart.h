/* A chart as data: series of numbers over labels, or of points. Read from JSON once, then only looked at; reference counted
 * atomically, so that a large one may be made in a thread. What is missing, not a number or infinite is NAN and leaves a gap. */
#pragma once

#include "model/bobbin-table.h"

G_BEGIN_DECLS

typedef struct _BobbinChart BobbinChart;

typedef enum
{
  BOBBIN_CHART_BAR,
  BOBBIN_CHART_LINE,
  BOBBIN_CHART_AREA,
  BOBBIN_CHART_SCATTER,
  BOBBIN_CHART_PIE,
  BOBBIN_CHART_DOUGHNUT,
} BobbinChartType;

typedef struct
{
  char            *name;    /* never NULL */
  BobbinChartType  type;    /* BAR, LINE, AREA in one chart may be mixed */
  double          *ys;
  double          *xs;      /* (nullable): by label */
  guint            n;
  double           min;     /* of ys; NAN: there is none */
  double           max;
  double           sum;     /* of what is above 0: the whole of a pie */
  double           rest;    /* of that what has no slice of its own */
  guint            n_gaps;  /* values that are no numbers */
} BobbinSeries;

#define BOBBIN_CHART_SERIES_MAX 50u
#define BOBBIN_CHART_SLICES     24u  /* of a pie; the rest is one more */
#define BOBBIN_CHART_VALUES_MAX (2u * 1000 * 1000)

/* (nullable): NULL when there is nothing to draw. Takes what Chart.js takes, {"series":[{"name","data"}],"categories":[…]} and
 * {"x":[…],"y":[…]}. */
BobbinChart        *bobbin_chart_new_from_json (const BobbinJsonIndex *json) G_GNUC_WARN_UNUSED_RESULT;
BobbinChart        *bobbin_chart_ref           (BobbinChart *self) G_GNUC_WARN_UNUSED_RESULT;
void                bobbin_chart_unref         (BobbinChart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinChart, bobbin_chart_unref)

BobbinChartType     bobbin_chart_get_kind      (const BobbinChart *self);
gboolean            bobbin_chart_is_stacked    (const BobbinChart *self);
gboolean            bobbin_chart_is_horizontal (const BobbinChart *self); /* bars lie */
const char         *bobbin_chart_get_title     (const BobbinChart *self); /* (nullable), as the next */
const char         *bobbin_chart_get_axis      (const BobbinChart *self, gboolean vertical);
guint               bobbin_chart_get_n_labels  (const BobbinChart *self); /* the longest series */
const char         *bobbin_chart_get_label     (const BobbinChart *self, guint index); /* never NULL */
guint               bobbin_chart_get_n_series  (const BobbinChart *self);
const BobbinSeries *bobbin_chart_get_series    (const BobbinChart *self, guint index);
guint               bobbin_chart_get_n_lost    (const BobbinChart *self); /* series or values beyond the maximum */
/* The range to draw: of all values, or of the sums when they are stacked, with 0 where it belongs in. FALSE: no number at all. */
gboolean            bobbin_chart_get_range     (const BobbinChart *self, double *ret_min, double *ret_max);
gboolean            bobbin_chart_get_x_range   (const BobbinChart *self, double *ret_min, double *ret_max); /* of points */
/* The numbers behind it. */
BobbinTable        *bobbin_chart_to_table      (const BobbinChart *self) G_GNUC_WARN_UNUSED_RESULT;

/* bobbin-chart-scale.c: round numbers that cover [min, max] in about @n steps. */
typedef struct
{
  double first;
  double step;
  guint  n;        /* ticks: first, first + step, … */
  guint  decimals; /* needed to tell them apart */
} BobbinTicks;

void                bobbin_chart_make_ticks    (double min, double max, guint n, BobbinTicks *ret_ticks);
/* "1,200", "2.5", "3.2 M": with the separators of the locale. */
char               *bobbin_chart_format        (double value, guint decimals) G_GNUC_WARN_UNUSED_RESULT;
/* As many decimals as the number has, at most six. */
char               *bobbin_chart_format_exact  (double value) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
