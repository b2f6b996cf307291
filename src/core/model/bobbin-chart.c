#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-chart.h"

#include <math.h>
#include <string.h>

#define NAME_MAX_BYTES 400

struct _BobbinChart
{
  gatomicrefcount  ref_count;
  BobbinChartType  type;
  gboolean         stacked;
  gboolean         horizontal;
  char            *title;
  char            *x_axis;
  char            *y_axis;
  GPtrArray       *labels;   /* of char * */
  GArray          *series;   /* of BobbinSeries */
  guint            n_labels; /* of the longest series */
  guint            n_values;
  guint            n_lost;
};

static void
series_clear (gpointer data)
{
  BobbinSeries *series = data;

  g_free (series->name);
  g_free (series->xs);
  g_free (series->ys);
}

BobbinChart *
bobbin_chart_ref (BobbinChart *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
bobbin_chart_unref (BobbinChart *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->title);
  g_free (self->x_axis);
  g_free (self->y_axis);
  g_ptr_array_unref (self->labels);
  g_array_unref (self->series);
  g_free (self);
}

/* Reading */

static guint
find_first (const BobbinJsonIndex *json,
            guint                  node,
            const char *const     *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      guint found = bobbin_json_index_find (json, node, names[i]);

      if (found != BOBBIN_JSON_NONE && !bobbin_json_index_is (json, found, BOBBIN_JSON_NULL))
        return found;
    }

  return BOBBIN_JSON_NONE;
}

/* (nullable): words, also {"text":…} as Chart.js has it. */
static char *
dup_words (const BobbinJsonIndex *json,
           guint                  node)
{
  static const char *const names[] = { "text", "label", "title", "name", NULL };
  char *words;

  if (bobbin_json_index_is (json, node, BOBBIN_JSON_OBJECT))
    node = find_first (json, node, names);
  if (!bobbin_json_index_is (json, node, BOBBIN_JSON_STRING) && !bobbin_json_index_is (json, node, BOBBIN_JSON_NUMBER))
    return NULL;

  words = bobbin_json_index_dup_text (json, node, NAME_MAX_BYTES);
  if (*words == '\0')
    g_clear_pointer (&words, g_free);

  return words;
}

static gboolean
read_type (const char      *name,
           BobbinChartType *ret_type,
           gboolean        *ret_stacked,
           gboolean        *ret_horizontal)
{
  static const struct { const char *part; BobbinChartType type; } types[] = {
    { "doughnut", BOBBIN_CHART_DOUGHNUT }, { "donut", BOBBIN_CHART_DOUGHNUT }, { "pie", BOBBIN_CHART_PIE },
    { "polar", BOBBIN_CHART_PIE }, { "scatter", BOBBIN_CHART_SCATTER }, { "bubble", BOBBIN_CHART_SCATTER },
    { "point", BOBBIN_CHART_SCATTER }, { "area", BOBBIN_CHART_AREA }, { "line", BOBBIN_CHART_LINE },
    { "radar", BOBBIN_CHART_LINE }, { "bar", BOBBIN_CHART_BAR }, { "column", BOBBIN_CHART_BAR },
    { "histogram", BOBBIN_CHART_BAR }, { "stacked", BOBBIN_CHART_BAR },
  };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  *ret_stacked |= strstr (lower, "stack") != NULL;
  *ret_horizontal |= strstr (lower, "horizontal") != NULL;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strstr (lower, types[i].part) != NULL)
      {
        *ret_type = types[i].type;
        return TRUE;
      }

  return FALSE;
}

static double
or_gap (double value)
{
  return isfinite (value) ? value : NAN;
}

/* One point: a number, {"x":…,"y":…} or [x, y]. */
static void
read_point (const BobbinJsonIndex *json,
            guint                  node,
            double                *ret_x,
            double                *ret_y)
{
  static const char *const y_names[] = { "y", "value", "v", NULL };
  guint first;

  *ret_x = NAN;
  if (bobbin_json_index_is (json, node, BOBBIN_JSON_OBJECT))
    {
      *ret_x = or_gap (bobbin_json_index_get_double (json, bobbin_json_index_find (json, node, "x")));
      node = find_first (json, node, y_names);
    }
  else if (bobbin_json_index_is (json, node, BOBBIN_JSON_ARRAY))
    {
      first = bobbin_json_index_get_first (json, node);
      *ret_x = or_gap (bobbin_json_index_get_double (json, first));
      node = bobbin_json_index_get_next (json, first);
    }
  *ret_y = or_gap (bobbin_json_index_get_double (json, node));
}

static void
add_label (BobbinChart           *self,
           const BobbinJsonIndex *json,
           guint                  node)
{
  char *label = NULL;

  if (bobbin_json_index_is (json, node, BOBBIN_JSON_OBJECT))
    label = dup_words (json, node);
  else if (node != BOBBIN_JSON_NONE && !bobbin_json_index_is (json, node, BOBBIN_JSON_NULL))
    label = bobbin_json_index_dup_text (json, node, NAME_MAX_BYTES);
  g_ptr_array_add (self->labels, label != NULL ? label : g_strdup (""));
}

static void
read_labels (BobbinChart           *self,
             const BobbinJsonIndex *json,
             guint                  labels)
{
  for (guint child = bobbin_json_index_get_first (json, labels);
       child != BOBBIN_JSON_NONE && self->labels->len < BOBBIN_CHART_VALUES_MAX; child = bobbin_json_index_get_next (json, child))
    add_label (self, json, child);
}

static void
find_range (BobbinSeries *series)
{
  series->min = series->max = NAN;
  for (guint i = 0; i < series->n; i++)
    {
      if (isnan (series->ys[i]))
        {
          series->n_gaps++;
          continue;
        }
      if (isnan (series->min) || series->ys[i] < series->min)
        series->min = series->ys[i];
      if (isnan (series->max) || series->ys[i] > series->max)
        series->max = series->ys[i];
      series->sum += MAX (series->ys[i], 0);
      series->rest += i >= BOBBIN_CHART_SLICES ? MAX (series->ys[i], 0) : 0;
    }
}

/* @values: an array, or an object whose members are the labels. @xs: (none) the x of each. */
static void
add_series (BobbinChart           *self,
            const BobbinJsonIndex *json,
            guint                  values,
            guint                  xs,
            char                  *name,
            BobbinChartType        type)
{
  BobbinSeries series = { 0 };
  guint count = bobbin_json_index_get_count (json, values);
  gboolean named = bobbin_json_index_is (json, values, BOBBIN_JSON_OBJECT);
  gboolean any_x = FALSE;
  guint x_node = bobbin_json_index_get_first (json, xs);

  if (self->series->len >= BOBBIN_CHART_SERIES_MAX)
    {
      self->n_lost++;
      g_free (name);
      return;
    }
  series.n = MIN (count, BOBBIN_CHART_VALUES_MAX - self->n_values);
  self->n_lost += count - series.n;
  self->n_values += series.n;
  series.name = name != NULL ? name : g_strdup ("");
  series.type = type;
  series.ys = g_new (double, MAX (series.n, 1));
  series.xs = g_new (double, MAX (series.n, 1));
  for (guint i = 0, child = bobbin_json_index_get_first (json, values); i < series.n;
       i++, child = bobbin_json_index_get_next (json, child))
    {
      read_point (json, child, &series.xs[i], &series.ys[i]);
      if (x_node != BOBBIN_JSON_NONE)
        {
          series.xs[i] = or_gap (bobbin_json_index_get_double (json, x_node));
          x_node = bobbin_json_index_get_next (json, x_node);
        }
      any_x |= !isnan (series.xs[i]);
      if (named && self->series->len == 0)
        g_ptr_array_add (self->labels, bobbin_json_index_dup_name (json, child));
    }
  if (!any_x)
    g_clear_pointer (&series.xs, g_free);
  find_range (&series);
  self->n_labels = MAX (self->n_labels, series.n);
  g_array_append_val (self->series, series);
}

static void
read_set (BobbinChart           *self,
          const BobbinJsonIndex *json,
          guint                  set)
{
  static const char *const value_names[] = { "data", "values", "points", "y", NULL };
  static const char *const name_names[] = { "label", "name", "title", NULL };
  guint values = find_first (json, set, value_names);
  guint type_node = bobbin_json_index_find (json, set, "type");
  guint fill = bobbin_json_index_find (json, set, "fill");
  guint stack = bobbin_json_index_find (json, set, "stack");
  g_autofree char *type_name = dup_words (json, type_node);
  BobbinChartType type = self->type;
  gboolean horizontal = FALSE;

  if (values == BOBBIN_JSON_NONE && bobbin_json_index_is (json, set, BOBBIN_JSON_ARRAY))
    values = set;
  if (values == BOBBIN_JSON_NONE)
    return;
  if (type_name != NULL)
    read_type (type_name, &type, &self->stacked, &horizontal);
  if (type == BOBBIN_CHART_LINE && fill != BOBBIN_JSON_NONE && !bobbin_json_index_is (json, fill, BOBBIN_JSON_FALSE) &&
      !bobbin_json_index_is (json, fill, BOBBIN_JSON_NULL))
    type = BOBBIN_CHART_AREA;
  self->stacked |= bobbin_json_index_is (json, stack, BOBBIN_JSON_STRING);
  add_series (self, json, values, bobbin_json_index_find (json, set, "x"), dup_words (json, find_first (json, set, name_names)),
              type);
}

static gboolean
is_true (const BobbinJsonIndex *json,
         guint                  node,
         const char            *member)
{
  return bobbin_json_index_is (json, bobbin_json_index_find (json, node, member), BOBBIN_JSON_TRUE);
}

static void
read_options (BobbinChart           *self,
              const BobbinJsonIndex *json)
{
  static const char *const x_names[] = { "x_title", "xTitle", "x_label", "xLabel", "xAxisLabel", "x_axis", NULL };
  static const char *const y_names[] = { "y_title", "yTitle", "y_label", "yLabel", "yAxisLabel", "y_axis", NULL };
  guint options = bobbin_json_index_find (json, 0, "options");
  guint plugins = bobbin_json_index_find (json, options, "plugins");
  guint scales = bobbin_json_index_find (json, options, "scales");
  guint x = bobbin_json_index_find (json, scales, "x");
  guint y = bobbin_json_index_find (json, scales, "y");
  g_autofree char *index_axis = dup_words (json, bobbin_json_index_find (json, options, "indexAxis"));

  self->title = dup_words (json, bobbin_json_index_find (json, 0, "title"));
  if (self->title == NULL)
    self->title = dup_words (json, bobbin_json_index_find (json, options, "title"));
  if (self->title == NULL)
    self->title = dup_words (json, bobbin_json_index_find (json, plugins, "title"));
  self->x_axis = dup_words (json, bobbin_json_index_find (json, x, "title"));
  if (self->x_axis == NULL)
    self->x_axis = dup_words (json, find_first (json, 0, x_names));
  self->y_axis = dup_words (json, bobbin_json_index_find (json, y, "title"));
  if (self->y_axis == NULL)
    self->y_axis = dup_words (json, find_first (json, 0, y_names));
  self->stacked |= is_true (json, 0, "stacked") || is_true (json, options, "stacked") || is_true (json, x, "stacked") ||
                   is_true (json, y, "stacked");
  self->horizontal |= g_strcmp0 (index_axis, "y") == 0;
}

static void
read_all_series (BobbinChart           *self,
                 const BobbinJsonIndex *json,
                 guint                  data)
{
  static const char *const set_names[] = { "datasets", "series", NULL };
  static const char *const label_names[] = { "labels", "categories", NULL };
  static const char *const value_names[] = { "values", "y", "data", NULL };
  guint sets = find_first (json, data, set_names);
  guint labels = find_first (json, data, label_names);
  guint xs = bobbin_json_index_find (json, data, "x");

  if (bobbin_json_index_is (json, labels, BOBBIN_JSON_ARRAY))
    read_labels (self, json, labels);
  if (bobbin_json_index_is (json, sets, BOBBIN_JSON_ARRAY))
    {
      guint first = bobbin_json_index_get_first (json, sets);

      /* bare numbers: one series */
      if (bobbin_json_index_is (json, first, BOBBIN_JSON_NUMBER))
        add_series (self, json, sets, xs, NULL, self->type);
      else
        for (guint set = first; set != BOBBIN_JSON_NONE; set = bobbin_json_index_get_next (json, set))
          read_set (self, json, set);
      return;
    }
  sets = find_first (json, data, value_names);
  if (sets == BOBBIN_JSON_NONE && (bobbin_json_index_is (json, data, BOBBIN_JSON_ARRAY) || data != 0))
    sets = data; /* {"data":[1,2,3]}, {"data":{"January":3}} */
  if (!bobbin_json_index_is (json, sets, BOBBIN_JSON_ARRAY) && !bobbin_json_index_is (json, sets, BOBBIN_JSON_OBJECT))
    return;
  if (labels == BOBBIN_JSON_NONE && self->type != BOBBIN_CHART_SCATTER && bobbin_json_index_is (json, xs, BOBBIN_JSON_ARRAY))
    {
      read_labels (self, json, xs);
      xs = BOBBIN_JSON_NONE;
    }
  add_series (self, json, sets, xs, NULL, self->type);
}

static gboolean
has_numbers (const BobbinChart *self)
{
  for (guint i = 0; i < self->series->len; i++)
    if (!isnan (g_array_index (self->series, BobbinSeries, i).min))
      return TRUE;

  return FALSE;
}

/* Lines over numbers: they are their labels. */
static void
label_by_x (BobbinChart *self)
{
  const BobbinSeries *series = self->series->len > 0 ? &g_array_index (self->series, BobbinSeries, 0) : NULL;

  for (guint i = 0; series != NULL && series->xs != NULL && i < series->n; i++)
    g_ptr_array_add (self->labels, bobbin_chart_format_exact (series->xs[i]));
}

/* nebelus.md, section 5.1: a chart is "a Chart.js-like object". */
BobbinChart *
bobbin_chart_new_from_json (const BobbinJsonIndex *json)
{
  static const char *const type_names[] = { "type", "chart_type", "chartType", "kind", NULL };
  BobbinChart *self;
  guint data = bobbin_json_index_find (json, 0, "data");
  g_autofree char *type_name = NULL;

  if (!bobbin_json_index_is (json, 0, BOBBIN_JSON_OBJECT))
    return NULL;

  self = g_new0 (BobbinChart, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->series = g_array_new (FALSE, FALSE, sizeof (BobbinSeries));
  g_array_set_clear_func (self->series, series_clear);
  type_name = dup_words (json, find_first (json, 0, type_names));
  if (type_name != NULL)
    read_type (type_name, &self->type, &self->stacked, &self->horizontal);
  read_options (self, json);
  if (!bobbin_json_index_is (json, data, BOBBIN_JSON_OBJECT) && !bobbin_json_index_is (json, data, BOBBIN_JSON_ARRAY))
    data = 0;
  if (bobbin_json_index_is (json, data, BOBBIN_JSON_ARRAY) && bobbin_json_index_find (json, 0, "labels") != BOBBIN_JSON_NONE)
    data = 0; /* {"labels":[…],"data":[…]} */
  read_all_series (self, json, data);
  if (self->type == BOBBIN_CHART_PIE || self->type == BOBBIN_CHART_DOUGHNUT)
    self->stacked = FALSE;
  else if (self->type != BOBBIN_CHART_SCATTER && self->labels->len == 0)
    label_by_x (self);
  if (!has_numbers (self))
    g_clear_pointer (&self, bobbin_chart_unref);

  return self;
}

/* Looking */

BobbinChartType
bobbin_chart_get_kind (const BobbinChart *self)
{
  return self->type;
}

gboolean
bobbin_chart_is_stacked (const BobbinChart *self)
{
  return self->stacked;
}

gboolean
bobbin_chart_is_horizontal (const BobbinChart *self)
{
  return self->horizontal && self->type == BOBBIN_CHART_BAR;
}

const char *
bobbin_chart_get_title (const BobbinChart *self)
{
  return self->title;
}

const char *
bobbin_chart_get_axis (const BobbinChart *self,
                       gboolean           vertical)
{
  return vertical ? self->y_axis : self->x_axis;
}

guint
bobbin_chart_get_n_labels (const BobbinChart *self)
{
  return self->n_labels;
}

const char *
bobbin_chart_get_label (const BobbinChart *self,
                        guint              index)
{
  return index < self->labels->len ? g_ptr_array_index (self->labels, index) : "";
}

guint
bobbin_chart_get_n_series (const BobbinChart *self)
{
  return self->series->len;
}

const BobbinSeries *
bobbin_chart_get_series (const BobbinChart *self,
                         guint              index)
{
  g_return_val_if_fail (index < self->series->len, NULL);

  return &g_array_index (self->series, BobbinSeries, index);
}

guint
bobbin_chart_get_n_lost (const BobbinChart *self)
{
  return self->n_lost;
}

static void
widen (double *min,
       double *max,
       double  value)
{
  if (isnan (value))
    return;
  if (isnan (*min) || value < *min)
    *min = value;
  if (isnan (*max) || value > *max)
    *max = value;
}

static void
widen_by_sums (const BobbinChart *self,
               double            *min,
               double            *max)
{
  for (guint i = 0; i < self->n_labels; i++)
    {
      double up = 0;
      double down = 0;

      for (guint j = 0; j < self->series->len; j++)
        {
          const BobbinSeries *series = &g_array_index (self->series, BobbinSeries, j);
          double value = i < series->n && !isnan (series->ys[i]) ? series->ys[i] : 0;

          if (value > 0)
            up += value;
          else
            down += value;
        }
      widen (min, max, or_gap (up));
      widen (min, max, or_gap (down));
    }
}

gboolean
bobbin_chart_get_range (const BobbinChart *self,
                        double            *ret_min,
                        double            *ret_max)
{
  double min = NAN;
  double max = NAN;
  gboolean zero = FALSE;

  for (guint i = 0; i < self->series->len; i++)
    {
      const BobbinSeries *series = &g_array_index (self->series, BobbinSeries, i);

      widen (&min, &max, series->min);
      widen (&min, &max, series->max);
      zero |= series->type == BOBBIN_CHART_BAR || series->type == BOBBIN_CHART_AREA;
    }
  if (isnan (min))
    return FALSE;
  if (self->stacked)
    widen_by_sums (self, &min, &max);
  /* bars and areas stand on 0; lines do when it is not far */
  if (zero || (self->type == BOBBIN_CHART_LINE && min > 0 && min < 0.5 * max))
    widen (&min, &max, 0);
  *ret_min = min;
  *ret_max = max;

  return TRUE;
}

gboolean
bobbin_chart_get_x_range (const BobbinChart *self,
                          double            *ret_min,
                          double            *ret_max)
{
  double min = NAN;
  double max = NAN;

  for (guint i = 0; i < self->series->len; i++)
    {
      const BobbinSeries *series = &g_array_index (self->series, BobbinSeries, i);

      for (guint j = 0; j < series->n; j++)
        if (!isnan (series->ys[j]))
          widen (&min, &max, series->xs != NULL ? series->xs[j] : (double) j);
    }
  if (isnan (min))
    return FALSE;
  *ret_min = min;
  *ret_max = max;

  return TRUE;
}

/* As text that reads back to the same number. */
static void
set_number (BobbinTable *table,
            guint        row,
            guint        column,
            double       value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isnan (value))
    bobbin_table_set_cell (table, row, column, g_ascii_formatd (text, sizeof text, "%.15g", value), NULL, NULL);
}

static BobbinTable *
points_to_table (const BobbinChart *self)
{
  BobbinTable *table = bobbin_table_new (3);

  bobbin_table_set_column (table, 1, self->x_axis != NULL ? self->x_axis : "x", NULL, NULL, BOBBIN_ALIGN_END);
  bobbin_table_set_column (table, 2, self->y_axis != NULL ? self->y_axis : "y", NULL, NULL, BOBBIN_ALIGN_END);
  for (guint i = 0; i < self->series->len; i++)
    {
      const BobbinSeries *series = &g_array_index (self->series, BobbinSeries, i);

      for (guint j = 0; j < series->n; j++)
        {
          guint row = bobbin_table_get_n_rows (table);

          bobbin_table_add_row (table);
          bobbin_table_set_cell (table, row, 0, series->name, NULL, NULL);
          set_number (table, row, 1, series->xs != NULL ? series->xs[j] : (double) j);
          set_number (table, row, 2, series->ys[j]);
        }
    }

  return table;
}

BobbinTable *
bobbin_chart_to_table (const BobbinChart *self)
{
  BobbinTable *table;

  if (self->type == BOBBIN_CHART_SCATTER)
    return points_to_table (self);

  table = bobbin_table_new (self->series->len + 1);
  bobbin_table_set_column (table, 0, self->x_axis, NULL, NULL, BOBBIN_ALIGN_START);
  for (guint i = 0; i < self->series->len; i++)
    {
      const BobbinSeries *series = &g_array_index (self->series, BobbinSeries, i);
      const char *name = *series->name == '\0' && self->y_axis != NULL ? self->y_axis : series->name;

      bobbin_table_set_column (table, i + 1, name, NULL, NULL, BOBBIN_ALIGN_END);
    }
  for (guint i = 0; i < self->n_labels; i++)
    {
      bobbin_table_add_row (table);
      bobbin_table_set_cell (table, i, 0, bobbin_chart_get_label (self, i), NULL, NULL);
      for (guint j = 0; j < self->series->len; j++)
        {
          const BobbinSeries *series = &g_array_index (self->series, BobbinSeries, j);

          if (i < series->n)
            set_number (table, i, j + 1, series->ys[i]);
        }
    }
  bobbin_table_set_title (table, self->title);

  return table;
}
