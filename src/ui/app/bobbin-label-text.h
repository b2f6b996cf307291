/* Labels in words and colours. */
#pragma once

#include "model/bobbin-label.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* "Blue", as people call it. */
const char *bobbin_label_color_get_title (BobbinLabelColor color);
void        bobbin_label_color_get_rgba  (BobbinLabelColor color, GdkRGBA *ret_rgba);
/* A dot in its colour and its name, for menus. */
char       *bobbin_label_dup_markup      (BobbinLabel *label) G_GNUC_WARN_UNUSED_RESULT;
/* A dot, for lists. It has no name of its own. */
GtkWidget  *bobbin_label_dot_new         (BobbinLabelColor color) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
