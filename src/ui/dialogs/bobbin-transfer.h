/* Conversations out and in, from the window and the preferences: asks for the form and the file, shows how far it is with a way to
 * stop, and says what came of it. */
#pragma once

#include "export/bobbin-export-format.h"
#include "store/bobbin-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @thread: (nullable); without it, those of @pick, or (NULL) all conversations. */
void  bobbin_transfer_export     (GtkWindow *parent, BobbinLibrary *library, BobbinThread *thread, const BobbinThreadPick *pick);
void  bobbin_transfer_import     (GtkWindow *parent, BobbinLibrary *library);
void  bobbin_transfer_back_up    (GtkWindow *parent, BobbinLibrary *library);

/* The same without asking where; @account_id: 0 for the first. */
void  bobbin_transfer_export_to  (GtkWindow *parent, BobbinLibrary *library, BobbinThread *thread, BobbinExportFormat format, const char *path);
void  bobbin_transfer_import_from (GtkWindow *parent, BobbinLibrary *library, const char *path, gint64 account_id);
void  bobbin_transfer_back_up_to (GtkWindow *parent, BobbinLibrary *library, const char *path);

/* Shared with printing. */
void  bobbin_transfer_tell         (GtkWindow *parent, const char *text);
/* Silent for what was cancelled. @error's words are a sentence already where they are ours. */
void  bobbin_transfer_tell_failure (GtkWindow *parent, const char *heading, const GError *error);
/* A file chooser for saving; @callback is the chooser's "response" and owns the chooser. */
void  bobbin_transfer_ask_where    (GtkWindow *parent, const char *title, const char *name, const char *extension, GCallback callback,
                                    gpointer user_data, GClosureNotify destroy);
/* (nullable): the chosen file, with @extension when it was typed without one; NULL after saying that it is on no disk of this computer. */
char *bobbin_transfer_dup_path     (GtkWindow *parent, GtkFileChooser *chooser, const char *extension) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
