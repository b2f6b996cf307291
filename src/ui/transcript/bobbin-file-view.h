/* A file of a message: name, size, Save As. Never opened by itself. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

/* @attachment (nullable): a file that was named but is not here. @name (nullable): used without an attachment. */
GtkWidget *bobbin_file_view_new            (BobbinAttachment *attachment, const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* A file that lies on the server, as the data of the block tells of it, with a button that fetches it. */
GtkWidget *bobbin_file_view_new_for_remote (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
