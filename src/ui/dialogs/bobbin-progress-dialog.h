/* A bar that tells how far something is, with Cancel. It shows only when the thing takes a moment, and goes with bobbin_progress_dialog_close()
 * or with its window. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _BobbinProgressDialog BobbinProgressDialog;

/* Cancel, Escape and closing the window cancel @cancellable; the dialog stays until it is closed. */
BobbinProgressDialog *bobbin_progress_dialog_new   (GtkWindow *parent, const char *heading, GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
/* @total 0: it is not known; a little moves. */
void                  bobbin_progress_dialog_set   (BobbinProgressDialog *self, guint64 done, guint64 total);
void                  bobbin_progress_dialog_close (BobbinProgressDialog *self);

G_END_DECLS
