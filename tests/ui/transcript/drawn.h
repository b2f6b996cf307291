/* What a widget really draws: for tests of widgets that could forget to. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The height of the largest band of @widget, in pixels, without any text in it. */
int drawn_largest_gap (GtkWidget *widget);

G_END_DECLS
