/* A file of a message: name, size, Save As. Never opened by itself. Also the save dialog alone, for images. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

/* @attachment (nullable): a file that was named but is not here. @name (nullable): used without an attachment. */
GtkWidget *bobbin_file_view_new  (BobbinAttachment *attachment, const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* Asks where to, copies, and says on @widget's window what went wrong. */
void       bobbin_file_view_save (GtkWidget *widget, BobbinAttachment *attachment);

G_END_DECLS
