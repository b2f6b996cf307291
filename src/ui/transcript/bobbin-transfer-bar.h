/* A file on its way to or from the server: how far it is, and a button that stops it. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

/* Seen while the block's progress is told. @upload: it goes ahead of a message of the person, and stopping stops the message. */
GtkWidget *bobbin_transfer_bar_new   (BobbinBlock *block, gboolean upload) G_GNUC_WARN_UNUSED_RESULT;
/* @view with such a bar below it. */
GtkWidget *bobbin_transfer_bar_wrap  (GtkWidget *view, BobbinBlock *block, gboolean upload) G_GNUC_WARN_UNUSED_RESULT;
/* Asks whoever shows the message of @widget to fetch the file of @block: "transcript.fetch". @save: and then where to save it. FALSE
 * where nobody can. */
gboolean   bobbin_transfer_fetch     (GtkWidget *widget, BobbinBlock *block, gboolean save);
/* Whether the data of the block says that its file lies on the server. */
gboolean   bobbin_transfer_is_remote (BobbinBlock *block);

G_END_DECLS
