/* A conversation on paper or as a PDF: its messages are read run by run, laid out in small steps, with a progress bar and Cancel all
 * the while, and given to GTK's print dialog or written to a file. The file is complete or absent. */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks for the printer, or where to save. */
void     bobbin_print_thread        (GtkWindow *parent, BobbinStore *store, BobbinThread *thread);
void     bobbin_print_thread_to_pdf (GtkWindow *parent, BobbinStore *store, BobbinThread *thread);

/* Without asking. Errors are BOBBIN_ERROR_FILE, _STORE or G_IO_ERROR_CANCELLED. @parent: (nullable): no progress is shown. */
void     bobbin_print_to_file_async  (GtkWindow *parent, BobbinStore *store, BobbinThread *thread, const char *path,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_print_to_file_finish (GAsyncResult *result, guint *ret_n_pages, GError **error);

G_END_DECLS
