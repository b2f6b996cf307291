#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-import-thread.h"

#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <glib/gstdio.h>

/* Of an id: milliseconds above random bits (bobbin-id.h). */
#define ID_BITS   20
#define LATEST_US (g_get_real_time () + G_TIME_SPAN_DAY)

static void
file_free (gpointer data)
{
  BobbinImportFile *file = data;

  if (file->path != NULL)
    g_unlink (file->path);
  g_object_unref (file->block);
  g_free (file->path);
  g_free (file->name);
  g_free (file->content_type);
  g_free (file);
}

BobbinImportThread *
bobbin_import_thread_new (const char *dir)
{
  BobbinImportThread *self = g_new0 (BobbinImportThread, 1);

  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->hidden = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->versions = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->dir = dir;

  return self;
}

void
bobbin_import_thread_free (BobbinImportThread *self)
{
  g_clear_object (&self->thread);
  g_ptr_array_unref (self->messages);
  g_array_unref (self->hidden);
  g_ptr_array_unref (self->files);
  g_hash_table_unref (self->ids);
  g_ptr_array_unref (self->versions);
  g_free (self);
}

gint64
bobbin_import_clamp_us (gint64 us)
{
  return CLAMP (us, 0, LATEST_US);
}

static gint64
hash_id (const char *text,
         gint64      us)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  gint64 bits;

  sum[ID_BITS / 4] = '\0';
  bits = (gint64) g_ascii_strtoull (sum, NULL, 16);

  return MAX (us / 1000, 1) << ID_BITS | bits;
}

gint64
bobbin_import_make_id (const char *text,
                       gint64      created_us)
{
  gint64 id;

  if (text != NULL && bobbin_id_parse (text, &id) && (id >> ID_BITS) < LATEST_US / 1000)
    return id;

  return hash_id (text != NULL ? text : "", bobbin_import_clamp_us (created_us));
}

gint64
bobbin_import_thread_make_id (BobbinImportThread *self,
                              const char         *text,
                              gint64              created_us)
{
  gint64 id = bobbin_import_make_id (text, created_us);

  if (id <= self->last_id)
    id = self->last_id + 1;
  self->last_id = id;
  if (text != NULL)
    g_hash_table_insert (self->ids, g_strdup (text), g_memdup2 (&id, sizeof id));

  return id;
}

void
bobbin_import_thread_add_message (BobbinImportThread *self,
                                  BobbinMessage      *message,
                                  gint64              hidden)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    self->text_bytes += bobbin_block_get_length (bobbin_message_get_block (message, i));
  g_ptr_array_add (self->messages, g_object_ref (message));
  g_array_append_val (self->hidden, hidden);
}

gboolean
bobbin_import_thread_add_file (BobbinImportThread *self,
                               BobbinBlock        *block,
                               const char         *name,
                               const char         *content_type,
                               const void         *bytes,
                               gsize               length,
                               GError            **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%08x%08x", self->dir, g_random_int (), g_random_int ());
  BobbinImportFile *file;

  if (bytes != NULL && !g_file_set_contents_full (path, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, error))
    return FALSE;

  file = g_new0 (BobbinImportFile, 1);
  file->block = g_object_ref (block);
  file->path = bytes != NULL ? g_steal_pointer (&path) : NULL;
  file->name = g_strdup (name);
  file->content_type = g_strdup (content_type);
  g_ptr_array_add (self->files, file);

  return TRUE;
}

static void
settle_block (BobbinBlock *block)
{
  if (bobbin_block_get_state (block) != BOBBIN_BLOCK_OPEN)
    return;

  switch ((int) bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_APPROVAL:
      bobbin_block_set_state (block, BOBBIN_BLOCK_EXPIRED);
      break;
    case BOBBIN_BLOCK_TOOL_CALL:
      bobbin_block_set_state (block, BOBBIN_BLOCK_ERROR);
      break;
    default:
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
    }
}

void
bobbin_import_settle_message (BobbinMessage *message)
{
  if (bobbin_message_get_delivery (message) < BOBBIN_DELIVERY_COMPLETE)
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_UNKNOWN, NULL);

      bobbin_message_set_delivery (message, BOBBIN_DELIVERY_INTERRUPTED);
      if (bobbin_message_get_failure (message) == NULL)
        bobbin_message_set_failure (message, failure);
    }
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    settle_block (bobbin_message_get_block (message, i));
}
