/* All of its child where there is the height for it; where there is not, it is scrolled by wheel, touch or keys. What is below keeps
 * its place. Unlike GtkScrolledWindow of GTK 4.8 it asks for the height that words take in the width there is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_SCROLLER (bobbin_scroller_get_type ())
G_DECLARE_FINAL_TYPE (BobbinScroller, bobbin_scroller, BOBBIN, SCROLLER, GtkWidget)

/* @least: pixels of height that it keeps, if @child (transfer floating) is not lower. */
GtkWidget *bobbin_scroller_new       (GtkWidget *child, int least) G_GNUC_WARN_UNUSED_RESULT;
/* What assistive tools call it when the keyboard scrolls it. */
void       bobbin_scroller_set_label (BobbinScroller *self, const char *label);

G_END_DECLS
