/* A zip archive that is read: its files in order, bounded in number and size, because a small archive can hold more than a disk. No name
 * in it is ever used as a path. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BobbinArchive BobbinArchive;

#define BOBBIN_ARCHIVE_FILES_MAX 1000000

BobbinArchive *bobbin_archive_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void           bobbin_archive_free (BobbinArchive *self);
/* The next file, valid UTF-8, borrowed until the next; NULL without error at the end. Folders and links are passed over. */
const char    *bobbin_archive_next (BobbinArchive *self, GError **error);
/* Of the file that is here: 0 at its end, -1 with @error. */
gssize         bobbin_archive_read (BobbinArchive *self, void *buffer, gsize length, GError **error);
/* All of it, at most @max_bytes, to the new file @path. */
gboolean       bobbin_archive_extract (BobbinArchive *self, const char *path, guint64 max_bytes, GCancellable *cancellable, GError **error);
/* Bytes of the archive that were read. */
guint64        bobbin_archive_get_position (BobbinArchive *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinArchive, bobbin_archive_free)

G_END_DECLS
