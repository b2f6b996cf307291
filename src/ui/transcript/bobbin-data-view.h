/* A block that carries JSON: a table, a chart, data, or something unknown, shown as what it is, and as folded JSON when it is not
 * what it claims to be. Large JSON is read in a thread; until then a line says so. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_DATA_VIEW (bobbin_data_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDataView, bobbin_data_view, BOBBIN, DATA_VIEW, GtkWidget)

GtkWidget *bobbin_data_view_new (BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
