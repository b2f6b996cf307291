/* Puts its one child at the end side, as wide as it wants to be and no wider than a share of what there is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_BUBBLE (bobbin_bubble_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBubble, bobbin_bubble, BOBBIN, BUBBLE, GtkWidget)

GtkWidget *bobbin_bubble_new (GtkWidget *child) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
