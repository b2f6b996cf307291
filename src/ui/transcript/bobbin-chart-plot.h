/* The drawing of a chart: pointing at it, or moving with the arrows, shows the values. */
#pragma once

#include <gtk/gtk.h>

#include "model/bobbin-chart.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CHART_PLOT (bobbin_chart_plot_get_type ())
G_DECLARE_FINAL_TYPE (BobbinChartPlot, bobbin_chart_plot, BOBBIN, CHART_PLOT, GtkWidget)

GtkWidget *bobbin_chart_plot_new       (BobbinChart *chart) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_chart_plot_set_chart (BobbinChartPlot *self, BobbinChart *chart);
/* The values that are shown at this moment; (nullable). */
const char *bobbin_chart_plot_get_shown (BobbinChartPlot *self);
/* Both on white, with the title, in colours for paper. @scale: pixels of the image for one of the screen. */
GBytes    *bobbin_chart_plot_to_png    (BobbinChartPlot *self, int scale) G_GNUC_WARN_UNUSED_RESULT;
GBytes    *bobbin_chart_plot_to_svg    (BobbinChartPlot *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
