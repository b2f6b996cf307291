/* Buttons beside each other at the end; where one line has no room for all of them, in several. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_BUTTON_BAR (bobbin_button_bar_get_type ())
G_DECLARE_FINAL_TYPE (BobbinButtonBar, bobbin_button_bar, BOBBIN, BUTTON_BAR, GtkWidget)

GtkWidget *bobbin_button_bar_new    (void) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_button_bar_append (BobbinButtonBar *self,
                                     GtkWidget       *button);

G_END_DECLS
