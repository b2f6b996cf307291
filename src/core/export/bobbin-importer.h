/* Takes in conversations from a file (bobbin-import-reader.h), or all of a profile from a backup (bobbin-backup.h). Each conversation is one
 * transaction with all its files: it is there or not, whenever the program is killed, and doing it again finishes the work: what is
 * here already is recognised and stays as it is. Nothing that was waiting to be sent is sent. */
#pragma once

#include "export/bobbin-exporter.h"

G_BEGIN_DECLS

typedef struct
{
  guint    n_threads;  /* new here */
  guint    n_grown;    /* were here, and got messages that are newer than theirs */
  guint    n_known;    /* were here with all they have */
  guint    n_messages; /* new here */
  guint    n_unfit;    /* conversations whose ids belong to others here */
  guint    n_accounts; /* of a backup, new here: without their keys */
  gboolean is_backup;
} BobbinImportSum;

/* @account_id: where conversations go that belong to no account here; 0: to the first. A backup is taken when @restore, else it is
 * BOBBIN_ERROR_NOT_SUPPORTED, and nothing is done. Other errors: BOBBIN_ERROR_FILE, _INVALID, _STORE, or G_IO_ERROR_CANCELLED; what
 * was imported before stays, and the error says how much that is. */
void     bobbin_import_async  (BobbinStore *store, const char *path, gint64 account_id, gboolean restore,
                               BobbinProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* @ret_sum is filled in either case: it tells what was done. */
gboolean bobbin_import_finish (BobbinStore *store, GAsyncResult *result, BobbinImportSum *ret_sum, GError **error);

/* bobbin-restore.c: all of the profile in @dir, whose files an archive had. */
void     _bobbin_restore_async  (BobbinStore *store, const char *dir, BobbinProgressFunc progress, gpointer progress_data,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean _bobbin_restore_finish (BobbinStore *store, GAsyncResult *result, BobbinImportSum *ret_sum, GError **error);

G_END_DECLS
