/* What a widget really draws: for tests of widgets that could forget to. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The height of the largest band of @widget, in pixels, without any text in it. */
int drawn_largest_gap (GtkWidget *widget);
/* The leftmost and the rightmost pixel of the text in @widget. */
void drawn_text_sides (GtkWidget *widget, int *ret_left, int *ret_right);

G_END_DECLS
