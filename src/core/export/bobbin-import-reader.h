/* Reads conversations from a file, one after the other: our JSON (one conversation or many), AgentFlow's and the like, ChatGPT's
 * conversations.json, and zip archives of any of these with their files. Memory is what one conversation needs. Blocks: used in
 * a thread. Errors are BOBBIN_ERROR_FILE, _INVALID or _TOO_LARGE, in the person's language. */
#pragma once

#include "export/bobbin-import-thread.h"

G_BEGIN_DECLS

typedef struct _BobbinImportReader BobbinImportReader;

/* What the file is, by its beginning. */
typedef enum
{
  BOBBIN_IMPORT_CONVERSATIONS,
  BOBBIN_IMPORT_BACKUP,        /* bobbin-backup.h */
} BobbinImportKind;

#define BOBBIN_BACKUP_MARK     "bobbin-backup.json"
#define BOBBIN_BACKUP_DATABASE "bobbin.db"
#define BOBBIN_BACKUP_FILES    "attachments/"

/* @place stays the caller's until it is freed. */
BobbinImportReader *bobbin_import_reader_open (const char *path, const BobbinImportPlace *place, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void                bobbin_import_reader_free (BobbinImportReader *self);
BobbinImportKind    bobbin_import_reader_get_kind (BobbinImportReader *self);
/* Bytes of the file that were read, and all there are. */
void                bobbin_import_reader_get_position (BobbinImportReader *self, guint64 *ret_at, guint64 *ret_size);
/* (nullable): NULL without error at the end. */
BobbinImportThread *bobbin_import_reader_next (BobbinImportReader *self, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* BACKUP: puts its database and files into @dir as a profile. */
gboolean            bobbin_import_reader_unpack (BobbinImportReader *self, const char *dir, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinImportReader, bobbin_import_reader_free)

G_END_DECLS
