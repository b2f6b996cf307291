#include "config.h"

#include "model/bobbin-chart.h"

#include <math.h>
#include <string.h>

static BobbinChart *
from_json (const char *text)
{
  g_autoptr(BobbinJsonIndex) json = bobbin_json_index_new (text, -1, NULL);

  g_assert_nonnull (json);
  return bobbin_chart_new_from_json (json);
}

static void
test_shapes (void)
{
  static const char *const same[] = {
    "{\"type\":\"bar\",\"data\":{\"labels\":[\"a\",\"b\"],\"datasets\":[{\"label\":\"s\",\"data\":[1,2.5]}]}}",
    "{\"type\":\"bar\",\"labels\":[\"a\",\"b\"],\"datasets\":[{\"label\":\"s\",\"data\":[\"1\",2.5]}]}",
    "{\"chart_type\":\"column\",\"categories\":[\"a\",\"b\"],\"series\":[{\"name\":\"s\",\"data\":[1,2.5]}]}",
    "{\"labels\":[\"a\",\"b\"],\"series\":[{\"name\":\"s\",\"values\":[{\"x\":\"a\",\"y\":1},{\"value\":2.5}]}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr(BobbinChart) chart = from_json (same[i]);
      g_autoptr(BobbinTable) table = NULL;
      g_autofree char *text = NULL;

      g_test_message ("%s", same[i]);
      g_assert_nonnull (chart);
      g_assert_cmpint (bobbin_chart_get_kind (chart), ==, BOBBIN_CHART_BAR);
      table = bobbin_chart_to_table (chart);
      text = bobbin_table_to_text (table, BOBBIN_TABLE_CSV, NULL);
      g_assert_cmpstr (text, ==, ",s\r\na,1\r\nb,2.5\r\n");
    }
}

static void
test_more_shapes (void)
{
  static const struct { const char *json; BobbinChartType type; guint n_series; guint n_labels; } shapes[] = {
    { "{\"type\":\"line\",\"data\":[1,2,3]}", BOBBIN_CHART_LINE, 1, 3 },
    { "{\"type\":\"donut\",\"data\":{\"Rent\":3,\"Food\":2}}", BOBBIN_CHART_DOUGHNUT, 1, 2 },
    { "{\"type\":\"pie\",\"labels\":[\"a\"],\"data\":[1]}", BOBBIN_CHART_PIE, 1, 1 },
    { "{\"type\":\"line\",\"x\":[2020,2021],\"y\":[1,2]}", BOBBIN_CHART_LINE, 1, 2 },
    { "{\"type\":\"scatter\",\"data\":{\"datasets\":[{\"data\":[{\"x\":1,\"y\":2},[3,4]]}]}}", BOBBIN_CHART_SCATTER, 1, 2 },
    { "{\"type\":\"stacked_area\",\"series\":[{\"data\":[1]},{\"data\":[2]}]}", BOBBIN_CHART_AREA, 2, 1 },
    { "{\"series\":[1,2]}", BOBBIN_CHART_BAR, 1, 2 },
    { "{\"data\":{\"datasets\":[{\"type\":\"bar\",\"data\":[1]},{\"type\":\"line\",\"data\":[2,3]}]}}", BOBBIN_CHART_BAR, 2, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr(BobbinChart) chart = from_json (shapes[i].json);

      g_test_message ("%s", shapes[i].json);
      g_assert_nonnull (chart);
      g_assert_cmpint (bobbin_chart_get_kind (chart), ==, shapes[i].type);
      g_assert_cmpuint (bobbin_chart_get_n_series (chart), ==, shapes[i].n_series);
      g_assert_cmpuint (bobbin_chart_get_n_labels (chart), ==, shapes[i].n_labels);
    }
}

static void
test_none (void)
{
  static const char *const none[] = { "{}", "[]", "3", "{\"data\":3}", "{\"type\":\"bar\",\"data\":{\"datasets\":[]}}",
                                      "{\"type\":\"bar\",\"data\":{\"datasets\":[{\"data\":[null,\"x\",NaN]}]}}", "{\"datasets\":[3,{}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr(BobbinChart) chart = NULL;

      g_test_message ("%s", none[i]);
      chart = from_json (none[i]);
      if (i == 6)
        continue; /* a bare number is a series of one */
      g_assert_null (chart);
    }
}

static void
test_options (void)
{
  g_autoptr(BobbinChart) chart =
    from_json ("{\"type\":\"horizontalBar\",\"data\":{\"labels\":[\"a\"],\"datasets\":[{\"data\":[1],\"stack\":\"s\"}]},\"options\":{"
               "\"plugins\":{\"title\":{\"display\":true,\"text\":\"T\"}},\"scales\":{\"x\":{\"title\":{\"text\":\"X\"}},\"y\":{\"title\":\"Y\"}}}}");

  g_assert_cmpstr (bobbin_chart_get_title (chart), ==, "T");
  g_assert_cmpstr (bobbin_chart_get_axis (chart, FALSE), ==, "X");
  g_assert_cmpstr (bobbin_chart_get_axis (chart, TRUE), ==, "Y");
  g_assert_true (bobbin_chart_is_horizontal (chart));
  g_assert_true (bobbin_chart_is_stacked (chart));
}

/* What is no number is a gap, never drawn far away. */
static void
test_gaps (void)
{
  g_autoptr(BobbinChart) chart = from_json ("{\"type\":\"line\",\"data\":[1,null,NaN,1e999,-1e999,\"x\",{},7]}");
  const BobbinSeries *series = bobbin_chart_get_series (chart, 0);
  double min;
  double max;

  g_assert_cmpuint (series->n, ==, 8);
  g_assert_cmpuint (series->n_gaps, ==, 6);
  g_assert_true (isnan (series->ys[3]));
  g_assert_true (bobbin_chart_get_range (chart, &min, &max));
  g_assert_cmpfloat (min, ==, 0 + (min > 0 ? 1 : 0));
  g_assert_cmpfloat (max, ==, 7);
}

static void
test_stacked_range (void)
{
  g_autoptr(BobbinChart) chart = from_json ("{\"type\":\"stackedBar\",\"series\":[{\"data\":[1,-2]},{\"data\":[3,-4]},{\"data\":[5]}]}");
  double min;
  double max;

  g_assert_true (bobbin_chart_get_range (chart, &min, &max));
  g_assert_cmpfloat (min, ==, -6);
  g_assert_cmpfloat (max, ==, 9);
}

static void
test_ticks (void)
{
  static const double ranges[][2] = { { 0, 10 }, { 0, 390 }, { -5, 5 }, { 0.001, 0.0042 }, { 3, 3 }, { 0, 0 }, { 1e9, 1.1e9 }, { -1, 1e-9 },
                                      { -1.7e308, 1.7e308 }, { 5e-324, 1e-320 }, { 1, 1 + 1e-15 } };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    for (guint n = 1; n < 12; n++)
      {
        BobbinTicks ticks;

        bobbin_chart_make_ticks (ranges[i][0], ranges[i][1], n, &ticks);
        g_test_message ("%g to %g: %g + %u × %g", ranges[i][0], ranges[i][1], ticks.first, ticks.n, ticks.step);
        g_assert_true (isfinite (ticks.first));
        g_assert_cmpfloat (ticks.step, >, 0);
        g_assert_cmpuint (ticks.n, >=, 2);
        g_assert_cmpuint (ticks.n, <=, 30);
        if (ranges[i][1] < 1e300)
          {
            g_assert_cmpfloat (ticks.first, <=, ranges[i][0] + ticks.step * 1e-8);
            g_assert_cmpfloat (ticks.first + (ticks.n - 1) * ticks.step, >=, ranges[i][1] - ticks.step * 1e-8);
          }
      }
}

static void
test_format (void)
{
  static const struct { double value; guint decimals; const char *text; } cases[] = {
    { 0, 0, "0" }, { -0.001, 1, "0.0" }, { 2.5, 1, "2.5" }, { 1.2e6, 0, "1.2\302\240M" }, { 3e9, 0, "3\302\240G" }, { NAN, 0, "–" },
    { 1e20, 0, "1e+20" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bobbin_chart_format (cases[i].value, cases[i].decimals);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_million (void)
{
  GString *json = g_string_new ("{\"type\":\"line\",\"data\":[0");
  g_autoptr(BobbinChart) chart = NULL;

  for (guint i = 1; i < 300000; i++)
    g_string_append_printf (json, ",%u", i % 1000);
  g_string_append (json, "]}");
  chart = from_json (json->str);
  g_string_free (json, TRUE);
  g_assert_cmpuint (bobbin_chart_get_n_labels (chart), ==, 300000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/shapes", test_shapes);
  g_test_add_func ("/chart/more-shapes", test_more_shapes);
  g_test_add_func ("/chart/none", test_none);
  g_test_add_func ("/chart/options", test_options);
  g_test_add_func ("/chart/gaps", test_gaps);
  g_test_add_func ("/chart/stacked-range", test_stacked_range);
  g_test_add_func ("/chart/ticks", test_ticks);
  g_test_add_func ("/chart/format", test_format);
  g_test_add_func ("/chart/million", test_million);

  return g_test_run ();
}
