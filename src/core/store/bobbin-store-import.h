/* One file on its way into the attachments folder: read once, in pieces, hashed while it is copied to a temporary file, which
 * becomes the attachment when the database takes it (bobbin-store-attachments.c). Reading happens on the thread for files. */
#pragma once

#include "store/bobbin-store-rows.h"

G_BEGIN_DECLS

typedef struct _BobbinImport BobbinImport;

BobbinImport        *bobbin_import_new_for_file  (GFile *file, gint64 max_bytes) G_GNUC_WARN_UNUSED_RESULT;
BobbinImport        *bobbin_import_new_for_bytes (GBytes *bytes, const char *name, const char *content_type) G_GNUC_WARN_UNUSED_RESULT;
void                 bobbin_import_free          (BobbinImport *self);
/* Copies to a temporary file in @dir and waits until it is on the disk. */
gboolean             bobbin_import_read          (BobbinImport *self, const char *dir, GCancellable *cancellable, GError **error);
/* What was read; once. */
BobbinAttachmentRow *bobbin_import_steal_row     (BobbinImport *self) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the temporary file its name, or drops it when the content is there already. */
gboolean             bobbin_import_publish       (BobbinImport *self, const char *dir, const char *sha256, GError **error);
/* Removes @name in @dir if it is a temporary file whose process is gone. */
void                 _bobbin_import_remove_stale (const char *dir, const char *name);

G_END_DECLS
