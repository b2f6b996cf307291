/* A chart in a message: a head with what can be done with it, the drawing, or the numbers behind it as a table.
 * Actions: "chart.table" (b), "chart.save" (s: "png", "svg", "csv"), "chart.copy". */
#pragma once

#include <gtk/gtk.h>

#include "model/bobbin-chart.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CHART_VIEW (bobbin_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinChartView, bobbin_chart_view, BOBBIN, CHART_VIEW, GtkWidget)

GtkWidget *bobbin_chart_view_new       (BobbinChart *chart, BobbinViewState *state, gint64 block_id) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_chart_view_set_chart (BobbinChartView *self, BobbinChart *chart);
/* What it shows, for those who do not see it: "Bar chart, 2 series, 4 values each. 2025: from 120 to 300. …". */
char      *bobbin_chart_view_dup_description (BobbinChart *chart) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
