#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-export-chunk.h"

static void
clear_insert (gpointer data)
{
  g_free (((BobbinExportInsert *) data)->path);
}

BobbinExportChunk *
bobbin_export_chunk_new (void)
{
  BobbinExportChunk *self = g_new0 (BobbinExportChunk, 1);

  self->text = g_string_new (NULL);
  self->inserts = g_array_new (FALSE, FALSE, sizeof (BobbinExportInsert));
  g_array_set_clear_func (self->inserts, clear_insert);

  return self;
}

void
bobbin_export_chunk_free (BobbinExportChunk *self)
{
  g_string_free (self->text, TRUE);
  g_array_unref (self->inserts);
  g_free (self);
}

void
bobbin_export_chunk_add_file (BobbinExportChunk *self,
                              const char        *path)
{
  BobbinExportInsert insert = { self->text->len, g_strdup (path) };

  g_array_append_val (self->inserts, insert);
}

gsize
bobbin_export_chunk_get_size (const BobbinExportChunk *self)
{
  return self->text->len;
}
