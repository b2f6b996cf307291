/* Writes conversations to a file. Messages are read from the store run by run and written as they come: memory holds about a mebibyte
 * of them, and a cut of the main loop is a few milliseconds. The file is complete or absent (bobbin-export-sink.h).
 *
 * All conversations (those in the bin are left out) go to one file, or, where its name ends in ".zip", to one file each with their
 * attachments beside them. */
#pragma once

#include "export/bobbin-export-format.h"
#include "store/bobbin-store.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_threads;
  guint n_messages;
  guint n_missing;   /* attached files that are gone from the disk */
} BobbinExportSum;

/* @done of @total, in whatever unit; @total is 0 while it is not known. */
typedef void (*BobbinProgressFunc) (guint64 done, guint64 total, gpointer user_data);

/* @thread_id: 0: all. Errors: BOBBIN_ERROR_FILE, _STORE, _INVALID (no such conversation), or G_IO_ERROR_CANCELLED. @progress may be
 * called until the callback is. */
void     bobbin_export_async  (BobbinStore *store, gint64 thread_id, BobbinExportFormat format, const char *path,
                               BobbinProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* The same of those that are picked. */
void     bobbin_export_picked_async (BobbinStore *store, const BobbinThreadPick *pick, BobbinExportFormat format, const char *path,
                                     BobbinProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* Both. @ret_sum: (nullable) */
gboolean bobbin_export_finish (BobbinStore *store, GAsyncResult *result, BobbinExportSum *ret_sum, GError **error);

G_END_DECLS
