#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-chart-view.h"

#include "bobbin-chart-plot.h"
#include "bobbin-save.h"
#include "bobbin-table-view.h"

#include <glib/gi18n.h>
#include <math.h>

struct _BobbinChartView
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinChart     *chart;
  BobbinViewState *state;
  gint64           block_id;
  /* template children */
  GtkWidget       *box;
  GtkLabel        *title;
  GtkWidget       *table_button;
  GtkWidget       *menu_button;
  GtkWidget       *place;
  GtkLabel        *note;
  /* children of place; (nullable) */
  BobbinChartPlot *plot;
  GtkWidget       *table;

  gboolean         show_table;
};

G_DEFINE_FINAL_TYPE (BobbinChartView, bobbin_chart_view, GTK_TYPE_WIDGET)

static const char *
kind_words (BobbinChart *chart)
{
  switch (bobbin_chart_get_kind (chart))
    {
    case BOBBIN_CHART_LINE:
      return _("Line chart");
    case BOBBIN_CHART_AREA:
      return _("Area chart");
    case BOBBIN_CHART_SCATTER:
      return _("Scatter chart");
    case BOBBIN_CHART_PIE:
      return _("Pie chart");
    case BOBBIN_CHART_DOUGHNUT:
      return _("Doughnut chart");
    case BOBBIN_CHART_BAR:
    default:
      return _("Bar chart");
    }
}

char *
bobbin_chart_view_dup_description (BobbinChart *chart)
{
  guint n_series = bobbin_chart_get_n_series (chart);
  guint n_labels = bobbin_chart_get_n_labels (chart);
  GString *text = g_string_new (kind_words (chart));

  if (bobbin_chart_get_title (chart) != NULL)
    g_string_append_printf (text, "%s%s", C_("list", ", "), bobbin_chart_get_title (chart));
  g_string_append (text, C_("list", ", "));
  g_string_append_printf (text, ngettext ("%u series", "%u series", n_series), n_series);
  g_string_append (text, C_("list", ", "));
  g_string_append_printf (text, ngettext ("%'u value", "%'u values", n_labels), n_labels);
  for (guint i = 0; i < n_series && i < 6; i++)
    {
      const BobbinSeries *series = bobbin_chart_get_series (chart, i);
      g_autofree char *min = bobbin_chart_format_exact (series->min);
      g_autofree char *max = bobbin_chart_format_exact (series->max);

      /* Translators: a series of a chart, its lowest and highest value */
      if (!isnan (series->min))
        g_string_append_printf (text, _(". %1$s from %2$s to %3$s"), *series->name != '\0' ? series->name : _("Values"), min, max);
    }

  return g_string_free (text, FALSE);
}

static guint
count_gaps (BobbinChart *chart)
{
  guint n = 0;

  for (guint i = 0; i < bobbin_chart_get_n_series (chart); i++)
    n += bobbin_chart_get_series (chart, i)->n_gaps;

  return n;
}

/* What is not in the picture is said. */
static void
update_note (BobbinChartView *self)
{
  guint n_gaps = count_gaps (self->chart);
  guint n_lost = bobbin_chart_get_n_lost (self->chart);
  GString *note = g_string_new (NULL);

  if (n_gaps > 0)
    g_string_append_printf (note, ngettext ("%'u value is missing or no number.", "%'u values are missing or no numbers.", n_gaps),
                            n_gaps);
  if (n_lost > 0)
    g_string_append_printf (note, ngettext ("%1$s%2$'u more is too much and was left out.",
                                            "%1$s%2$'u more are too many and were left out.", n_lost),
                            note->len > 0 ? " " : "", n_lost);
  gtk_label_set_label (self->note, note->str);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note->len > 0);
  g_string_free (note, TRUE);
}

static void
show (BobbinChartView *self)
{
  g_autofree char *description = bobbin_chart_view_dup_description (self->chart);
  const char *title = bobbin_chart_get_title (self->chart);
  GtkWidget *child = gtk_widget_get_first_child (self->place);

  if (child != NULL)
    gtk_box_remove (GTK_BOX (self->place), child);
  self->plot = NULL;
  self->table = NULL;
  if (self->show_table)
    {
      g_autoptr(BobbinTable) table = bobbin_chart_to_table (self->chart);

      child = self->table = bobbin_table_view_new (table);
      bobbin_table_view_set_plain (BOBBIN_TABLE_VIEW (child));
    }
  else
    {
      child = bobbin_chart_plot_new (self->chart);
      self->plot = BOBBIN_CHART_PLOT (child);
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
    }
  gtk_box_append (GTK_BOX (self->place), child);
  gtk_label_set_label (self->title, title != NULL ? title : kind_words (self->chart));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_label (self->title), -1);
  update_note (self);
}

/* Actions */

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_autoptr(BobbinTable) table = bobbin_chart_to_table (BOBBIN_CHART_VIEW (widget)->chart);
  g_autofree char *text = bobbin_table_to_text (table, BOBBIN_TABLE_CSV, NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
save_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  BobbinChartView *self = BOBBIN_CHART_VIEW (widget);
  const char *format = g_variant_get_string (parameter, NULL);
  const char *title = bobbin_chart_get_title (self->chart);
  g_autofree char *name = g_strdup_printf ("%s.%s", title != NULL ? title : _("Chart"), format);
  g_autoptr(BobbinChartPlot) plot = g_object_ref_sink (BOBBIN_CHART_PLOT (bobbin_chart_plot_new (self->chart)));
  g_autoptr(GBytes) bytes = NULL;

  if (g_str_equal (format, "csv"))
    {
      g_autoptr(BobbinTable) table = bobbin_chart_to_table (self->chart);
      g_autofree char *text = bobbin_table_to_text (table, BOBBIN_TABLE_CSV, NULL);

      bobbin_save_text (widget, name, text);
      return;
    }
  bytes = g_str_equal (format, "svg") ? bobbin_chart_plot_to_svg (plot) : bobbin_chart_plot_to_png (plot, 2);
  bobbin_save_bytes (widget, name, bytes);
}

/* Object */

static void
bobbin_chart_view_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  g_value_set_boolean (value, BOBBIN_CHART_VIEW (object)->show_table);
}

static void
bobbin_chart_view_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  BobbinChartView *self = BOBBIN_CHART_VIEW (object);

  if (self->show_table == g_value_get_boolean (value))
    return;
  self->show_table = g_value_get_boolean (value);
  bobbin_view_state_set_slot (self->state, self->block_id, BOBBIN_VIEW_OTHER, self->show_table);
  g_object_notify_by_pspec (object, pspec);
  show (self);
}

static void
bobbin_chart_view_dispose (GObject *object)
{
  BobbinChartView *self = BOBBIN_CHART_VIEW (object);

  self->plot = NULL;
  self->table = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_CHART_VIEW);

  G_OBJECT_CLASS (bobbin_chart_view_parent_class)->dispose (object);
}

static void
bobbin_chart_view_finalize (GObject *object)
{
  BobbinChartView *self = BOBBIN_CHART_VIEW (object);

  g_clear_pointer (&self->chart, bobbin_chart_unref);
  g_clear_pointer (&self->state, bobbin_view_state_unref);

  G_OBJECT_CLASS (bobbin_chart_view_parent_class)->finalize (object);
}

static void
bobbin_chart_view_class_init (BobbinChartViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_chart_view_dispose;
  object_class->finalize = bobbin_chart_view_finalize;
  object_class->get_property = bobbin_chart_view_get_property;
  object_class->set_property = bobbin_chart_view_set_property;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_boolean ("show-table", NULL, NULL, FALSE, G_PARAM_READWRITE |
                                                         G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));

  gtk_widget_class_set_css_name (widget_class, "chartview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-chart-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinChartView, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinChartView, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinChartView, table_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinChartView, menu_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinChartView, place);
  gtk_widget_class_bind_template_child (widget_class, BobbinChartView, note);
  gtk_widget_class_install_property_action (widget_class, "chart.table", "show-table");
  gtk_widget_class_install_action (widget_class, "chart.save", "s", save_action);
  gtk_widget_class_install_action (widget_class, "chart.copy", NULL, copy_action);
}

static void
bobbin_chart_view_init (BobbinChartView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bobbin_chart_view_new (BobbinChart     *chart,
                       BobbinViewState *state,
                       gint64           block_id)
{
  BobbinChartView *self = g_object_new (BOBBIN_TYPE_CHART_VIEW, NULL);

  self->chart = bobbin_chart_ref (chart);
  self->state = bobbin_view_state_ref (state);
  self->block_id = block_id;
  self->show_table = bobbin_view_state_get_slot (state, block_id, BOBBIN_VIEW_OTHER) != 0;
  show (self);

  return GTK_WIDGET (self);
}

void
bobbin_chart_view_set_chart (BobbinChartView *self,
                             BobbinChart     *chart)
{
  BobbinChart *before;

  g_return_if_fail (BOBBIN_IS_CHART_VIEW (self));

  before = self->chart;
  self->chart = bobbin_chart_ref (chart);
  bobbin_chart_unref (before);
  show (self);
}
