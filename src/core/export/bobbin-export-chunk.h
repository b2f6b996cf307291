/* A piece of a file that is being written: text, and the places in it where the bytes of other files belong, as base 64. So
 * a large picture is read when it is written, and never held. Plain data; made on one thread, written on another. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize  at;   /* offset in the text */
  char  *path;
} BobbinExportInsert;

typedef struct
{
  GString *text;
  GArray  *inserts; /* of BobbinExportInsert, offsets rising */
} BobbinExportChunk;

BobbinExportChunk *bobbin_export_chunk_new      (void) G_GNUC_WARN_UNUSED_RESULT;
void               bobbin_export_chunk_free     (BobbinExportChunk *self);
/* Here, at the end of what is there, go the bytes of the file at @path. */
void               bobbin_export_chunk_add_file (BobbinExportChunk *self, const char *path);
/* Bytes it will be, about. */
gsize              bobbin_export_chunk_get_size (const BobbinExportChunk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinExportChunk, bobbin_export_chunk_free)

G_END_DECLS
