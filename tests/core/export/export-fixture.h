/* Blocking forms of export, import and backup, for tests; and a conversation with one of everything. */
#pragma once

#include "store-fixture.h"

#include "export/bobbin-backup.h"
#include "export/bobbin-importer.h"

G_BEGIN_DECLS

gboolean export_to          (BobbinStore *store, gint64 thread_id, BobbinExportFormat format, const char *path, BobbinExportSum *ret_sum,
                             GCancellable *cancellable, GError **error);
gboolean import_from        (BobbinStore *store, const char *path, gboolean restore, BobbinImportSum *ret_sum, GError **error);
gboolean back_up_to         (BobbinStore *store, const char *path, GError **error);
/* Writes @text to a file in @dir and imports that. */
gboolean import_text        (BobbinStore *store, const char *dir, const char *text, BobbinImportSum *ret_sum, GError **error);
/* Every kind of block and of state, two versions of a prompt, files, and text that is hard to write. */
BobbinThread *fill_thread   (BobbinStore *store, BobbinAccount *account);
/* All messages, hidden or not. */
BobbinMessageRun *read_all  (BobbinStore *store, gint64 thread_id);
void     assert_same_file (BobbinAttachment *a, BobbinAttachment *b);
void     assert_same_content (BobbinMessage *a, BobbinMessage *b);
char    *read_text          (const char *path);

G_END_DECLS
