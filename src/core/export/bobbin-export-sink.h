/* The file an export or a backup is written to: under another name in the same folder, 0600, which gets the file's own name when all of
 * it is on the disk, and is gone when anything fails before. Either one text, or a zip of many files. Blocks: used in a thread, by
 * one at a time. Errors are BOBBIN_ERROR_FILE and say what to do, in the person's language. */
#pragma once

#include "export/bobbin-export-chunk.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BobbinExportSink BobbinExportSink;

BobbinExportSink *bobbin_export_sink_open     (const char *path, gboolean as_zip, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what was not committed. */
void              bobbin_export_sink_free     (BobbinExportSink *self);
/* Zip only: what is written from here on is the file @name. */
gboolean          bobbin_export_sink_begin    (BobbinExportSink *self, const char *name, GError **error);
gboolean          bobbin_export_sink_write    (BobbinExportSink *self, const BobbinExportChunk *chunk, GCancellable *cancellable, GError **error);
/* Zip only: a whole file. One that is there under that name is not added again; one that is gone is BOBBIN_ERROR_NOT_FOUND. */
gboolean          bobbin_export_sink_add_file (BobbinExportSink *self, const char *name, const char *path, GCancellable *cancellable,
                                               GError **error);
gboolean          bobbin_export_sink_commit   (BobbinExportSink *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinExportSink, bobbin_export_sink_free)

G_END_DECLS
