/* The name and colour of one label. */
#pragma once

#include "model/bobbin-label.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the person chose; @deleted: it is to go. */
typedef void (*BobbinLabelEdited) (const char *name, BobbinLabelColor color, gboolean deleted, gpointer user_data);

/* @label: (nullable): a new one. Calls @edited at most once, and frees @user_data with @destroy in any case. */
void bobbin_label_editor_present (GtkWindow *parent, BobbinLabel *label, BobbinLabelEdited edited, gpointer user_data,
                                  GDestroyNotify destroy);

G_END_DECLS
