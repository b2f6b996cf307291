#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-block-view.h"
#include "ui/transcript/bobbin-chart-draw.h"
#include "ui/transcript/bobbin-chart-plot.h"
#include "ui/transcript/bobbin-chart-view.h"
#include "ui/transcript/bobbin-data-view.h"
#include "ui/transcript/bobbin-table-view.h"

#include <string.h>

typedef struct
{
  BobbinBlock     *block;
  BobbinViewState *state;
  GtkWidget       *window;
} Shown;

static void
show (Shown      *shown,
      const char *json)
{
  shown->block = bobbin_block_new (0, BOBBIN_BLOCK_CHART);
  shown->state = bobbin_view_state_new ();
  bobbin_block_set_data (shown->block, json);
  shown->window = stage_new (bobbin_data_view_new (shown->block, shown->state), 640, 480);
}

static void
hide (Shown *shown)
{
  stage_free (shown->window);
  g_object_unref (shown->block);
  bobbin_view_state_unref (shown->state);
}

static GtkWidget *
plot_of (Shown *shown)
{
  return stage_find (shown->window, BOBBIN_TYPE_CHART_PLOT, NULL);
}

static const char bars[] = "{\"type\":\"bar\",\"title\":\"Visitors\",\"labels\":[\"January\",\"February\"],"
                           "\"series\":[{\"name\":\"2025\",\"data\":[120,190.5]},{\"name\":\"2026\",\"data\":[180,null]}]}";

static void
press (GtkWidget *widget,
       guint      key)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !found; i++)
    {
      g_autoptr(GtkEventController) item = g_list_model_get_item (controllers, i);

      for (guint j = 0; GTK_IS_SHORTCUT_CONTROLLER (item) && j < g_list_model_get_n_items (G_LIST_MODEL (item)) && !found; j++)
        {
          g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (item), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
            found = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                  gtk_shortcut_get_arguments (shortcut));
        }
    }
  g_assert_true (found);
}

static void
test_values (void)
{
  Shown shown;
  GtkWidget *plot;

  show (&shown, bars);
  plot = plot_of (&shown);
  g_assert_null (bobbin_chart_plot_get_shown (BOBBIN_CHART_PLOT (plot)));
  press (plot, GDK_KEY_Right);
  g_assert_cmpstr (bobbin_chart_plot_get_shown (BOBBIN_CHART_PLOT (plot)), ==, "January\n2025: 120\n2026: 180");
  gtk_test_accessible_assert_property (plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "January\n2025: 120\n2026: 180");
  press (plot, GDK_KEY_End);
  g_assert_cmpstr (bobbin_chart_plot_get_shown (BOBBIN_CHART_PLOT (plot)), ==, "February\n2025: 190.5\n2026: –");
  stage_settle (shown.window);
  press (plot, GDK_KEY_Escape);
  g_assert_null (bobbin_chart_plot_get_shown (BOBBIN_CHART_PLOT (plot)));
  hide (&shown);
}

static void
test_names (void)
{
  Shown shown;

  show (&shown, bars);
  gtk_test_accessible_assert_role (plot_of (&shown), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (plot_of (&shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Bar chart, Visitors, 2 series, 2 values. 2025 from 120 to 190.5. 2026 from 180 to 180");
  g_assert_nonnull (stage_find (shown.window, GTK_TYPE_LABEL, "1 value is missing or no number."));
  hide (&shown);
}

static void
test_table (void)
{
  Shown shown;
  GtkWidget *view;
  g_autofree char *text = NULL;

  show (&shown, bars);
  view = stage_find (shown.window, BOBBIN_TYPE_CHART_VIEW, NULL);
  gtk_widget_activate_action (view, "chart.table", NULL);
  stage_settle (shown.window);
  g_assert_nonnull (stage_find (shown.window, BOBBIN_TYPE_TABLE_VIEW, NULL));
  g_assert_null (plot_of (&shown));
  gtk_widget_activate_action (view, "chart.copy", NULL);
  text = stage_clipboard (view);
  g_assert_cmpstr (text, ==, ",2025,2026\r\nJanuary,120,180\r\nFebruary,190.5,\r\n");
  hide (&shown);
}

static void
test_images (void)
{
  Shown shown;
  g_autoptr(GBytes) png = NULL;
  g_autoptr(GBytes) svg = NULL;
  g_autofree char *text = NULL;

  show (&shown, bars);
  png = bobbin_chart_plot_to_png (BOBBIN_CHART_PLOT (plot_of (&shown)), 2);
  g_assert_cmpmem (g_bytes_get_data (png, NULL), 4, "\x89PNG", 4);
  svg = bobbin_chart_plot_to_svg (BOBBIN_CHART_PLOT (plot_of (&shown)));
  text = g_strndup (g_bytes_get_data (svg, NULL), g_bytes_get_size (svg));
  g_assert_nonnull (strstr (text, "<svg"));
  hide (&shown);
}

/* Where a bar, a slice and a point are is where they are found. */
static void
test_hit (void)
{
  static const char *const charts[] = {
    "{\"type\":\"bar\",\"data\":[1,2,3]}", "{\"type\":\"horizontalBar\",\"data\":[1,2,3]}", "{\"type\":\"line\",\"data\":[1,2,3]}",
    "{\"type\":\"scatter\",\"series\":[{\"data\":[[1,1],[5,2],[9,7]]}]}",
  };
  BobbinChartStyle style = { { 0, 0, 0, 1 }, { 1, 1, 1, 1 }, FALSE, TRUE, TRUE };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 600, 300);
  cairo_t *cr = cairo_create (surface);
  GtkWidget *label = g_object_ref_sink (gtk_label_new (""));

  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      g_autoptr(BobbinJsonIndex) json = bobbin_json_index_new (charts[i], -1, NULL);
      g_autoptr(BobbinChart) chart = bobbin_chart_new_from_json (json);
      BobbinChartPlaces places;

      bobbin_chart_draw (chart, &style, cr, gtk_widget_get_pango_context (label), 600, 300, &places);
      for (guint j = 0; j < 3; j++)
        {
          double x;
          double y;
          guint index = 99;

          bobbin_chart_get_point (chart, &places, 0, j, &x, &y);
          g_assert_true (bobbin_chart_hit (chart, &places, CLAMP (x, places.x, places.x + places.width - 1), y, &index));
          g_assert_cmpuint (index, ==, j);
        }
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_object_unref (label);
}

static gboolean
is_shown (gpointer window)
{
  return stage_find (window, BOBBIN_TYPE_CHART_PLOT, NULL) != NULL;
}

/* A million points, of any kind, with gaps: the main loop goes on. */
static void
test_million (void)
{
  static const char *const types[] = { "line", "area", "bar", "scatter", "pie" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GString *json = g_string_new (NULL);
      Shown shown;
      gint64 stall;

      g_string_printf (json, "{\"type\":\"%s\",\"series\":[{\"data\":[0", types[i]);
      for (guint j = 1; j < 1000000; j++)
        g_string_append_printf (json, j % 1000 == 0 ? ",null" : ",%u", (j * 7919) % 10007);
      g_string_append (json, "]}]}");
      shown.block = bobbin_block_new (0, BOBBIN_BLOCK_CHART);
      shown.state = bobbin_view_state_new ();
      bobbin_block_set_data (shown.block, json->str);
      g_string_free (json, TRUE);
      shown.window = stage_new (gtk_label_new (""), 640, 480);
      stage_take_stall ();
      gtk_window_set_child (GTK_WINDOW (shown.window), bobbin_data_view_new (shown.block, shown.state));
      g_assert_true (stage_wait (is_shown, shown.window));
      stage_settle (shown.window);
      stall = stage_take_stall ();
      g_test_message ("%s: stall %" G_GINT64_FORMAT " us", types[i], stall);
      stage_assert_stall (stall);
      hide (&shown);
    }
}

static void
test_bad (void)
{
  Shown shown;

  show (&shown, "{\"type\":\"bar\",\"data\":{\"datasets\":[{\"data\":[null,NaN]}]}}");
  g_assert_null (plot_of (&shown));
  g_assert_nonnull (stage_find (shown.window, GTK_TYPE_LABEL, "Chart"));
  hide (&shown);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/chart-view/values", test_values);
  g_test_add_func ("/chart-view/names", test_names);
  g_test_add_func ("/chart-view/table", test_table);
  g_test_add_func ("/chart-view/images", test_images);
  g_test_add_func ("/chart-view/hit", test_hit);
  g_test_add_func ("/chart-view/million", test_million);
  g_test_add_func ("/chart-view/bad", test_bad);

  return g_test_run ();
}
