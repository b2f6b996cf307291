/* The text of a toast. The overlay of libadwaita asks a toast how high it would be at its natural width, and gives it that height where
 * the window is narrower than that, too: so what likes to be wider than it was made says from then on that it likes what it got. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_TOAST_TEXT (bobbin_toast_text_get_type ())
G_DECLARE_FINAL_TYPE (BobbinToastText, bobbin_toast_text, BOBBIN, TOAST_TEXT, GtkWidget)

GtkWidget *bobbin_toast_text_new (GtkLabel *label) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
