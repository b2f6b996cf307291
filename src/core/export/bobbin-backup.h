/* All of a profile in one zip archive: a mark, the database as SQLite's own backup gives it, and the attached files. Keys are in the
 * keyring and not in it: accounts that are restored ask for theirs. Written like an export (bobbin-export-sink.h), restored by
 * bobbin_import_async() into a profile that may have conversations of its own. */
#pragma once

#include "export/bobbin-exporter.h"

G_BEGIN_DECLS

void     bobbin_backup_async  (BobbinStore *store, const char *path, BobbinProgressFunc progress, gpointer progress_data,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* @ret_n_missing: (nullable): attached files that are gone from the disk. */
gboolean bobbin_backup_finish (BobbinStore *store, GAsyncResult *result, guint *ret_n_missing, GError **error);

G_END_DECLS
