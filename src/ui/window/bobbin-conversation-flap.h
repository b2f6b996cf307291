#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The outline beside the transcript and the composer, which stay in one column; above them where there is no room for both.
 * Returns: (transfer floating): an AdwFlap that @button reveals. */
GtkWidget *_bobbin_conversation_make_flap (GtkWidget       *transcript,
                                           GtkWidget       *composer,
                                           GtkWidget       *outline,
                                           GtkToggleButton *button) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
