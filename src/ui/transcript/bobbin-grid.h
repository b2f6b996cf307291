/* Tables and the numbers behind charts as a plain grid that scrolls sideways. Bounded: what is beyond is told in words. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Both (nullable): NULL when @json is not of the expected form. (transfer floating) */
GtkWidget *bobbin_grid_new_from_table (const char *json);
GtkWidget *bobbin_grid_new_from_chart (const char *json);

G_END_DECLS
