#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-backup.h"

#include "export/bobbin-export-sink.h"
#include "export/bobbin-import-reader.h"
#include "store/bobbin-store.h"
#include "util/bobbin-error.h"
#include "util/bobbin-time.h"

#include <glib/gstdio.h>

typedef struct
{
  /* given */
  BobbinStore        *store;
  char               *path;
  char               *files_dir;
  BobbinProgressFunc  progress;
  gpointer            progress_data;
  GMainContext       *context;
  /* owned */
  char               *copy;      /* of the database, beside the attachments; NULL: there is none any more */
  GStrv               names;
  guint               n_missing;
  guint               n_done;    /* atomic: files that are written */
} Backup;

static void
backup_free (gpointer data)
{
  Backup *self = data;

  if (self->copy != NULL)
    g_unlink (self->copy);
  g_object_unref (self->store);
  g_main_context_unref (self->context);
  g_strfreev (self->names);
  g_free (self->path);
  g_free (self->files_dir);
  g_free (self->copy);
  g_free (self);
}

static gboolean
told_cb (gpointer user_data)
{
  GTask *task = user_data;
  Backup *self = g_task_get_task_data (task);

  if (self->progress != NULL && !g_task_get_completed (task))
    self->progress (g_atomic_int_get (&self->n_done), g_strv_length (self->names) + 1, self->progress_data);

  return G_SOURCE_REMOVE;
}

static gboolean
write_mark (BobbinExportSink  *sink,
            GError           **error)
{
  g_autoptr(BobbinExportChunk) chunk = bobbin_export_chunk_new ();
  g_autofree char *now = bobbin_time_to_iso (g_get_real_time ());

  g_string_append_printf (chunk->text, "{\"program\": \"bobbin %s\", \"backed_up_at\": \"%s\"}\n", BOBBIN_VERSION, now);

  return bobbin_export_sink_begin (sink, BOBBIN_BACKUP_MARK, error) && bobbin_export_sink_write (sink, chunk, NULL, error);
}

static void
tell (GTask *task)
{
  Backup *self = g_task_get_task_data (task);

  g_atomic_int_inc (&self->n_done);
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, told_cb, g_object_ref (task), g_object_unref);
}

static gboolean
write_files (GTask             *task,
             Backup            *self,
             BobbinExportSink  *sink,
             GCancellable      *cancellable,
             GError           **error)
{
  for (guint i = 0; self->names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (self->files_dir, self->names[i], NULL);
      g_autofree char *name = g_strconcat (BOBBIN_BACKUP_FILES, self->names[i], NULL);
      g_autoptr(GError) local_error = NULL;

      if (!bobbin_export_sink_add_file (sink, name, path, cancellable, &local_error))
        {
          if (!g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND))
            {
              g_propagate_error (error, g_steal_pointer (&local_error));
              return FALSE;
            }
          self->n_missing++;
        }
      tell (task);
    }

  return TRUE;
}

static void
write_thread (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  Backup *self = data;
  GError *error = NULL;
  g_autoptr(BobbinExportSink) sink = bobbin_export_sink_open (self->path, TRUE, &error);

  if (sink != NULL && write_mark (sink, &error) &&
      bobbin_export_sink_add_file (sink, BOBBIN_BACKUP_DATABASE, self->copy, cancellable, &error))
    {
      tell (task);
      if (write_files (task, self, sink, cancellable, &error) && bobbin_export_sink_commit (sink, &error))
        {
          g_task_return_boolean (task, TRUE);
          return;
        }
    }

  g_task_return_error (task, error);
}

static void
copied_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Backup *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->names = bobbin_store_backup_finish (BOBBIN_STORE (source), result, &error);
  if (self->names == NULL)
    g_task_return_error (task, error);
  else
    g_task_run_in_thread (task, write_thread);
}

void
bobbin_backup_async (BobbinStore         *store,
                     const char          *path,
                     BobbinProgressFunc   progress,
                     gpointer             progress_data,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  GTask *task;
  Backup *self;

  g_return_if_fail (BOBBIN_IS_STORE (store));

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_backup_async);
  self = g_new0 (Backup, 1);
  self->store = g_object_ref (store);
  self->path = g_strdup (path);
  self->files_dir = g_strdup (bobbin_store_get_attachments_dir (store));
  self->copy = g_strdup_printf ("%s/.backup-%08x", self->files_dir, g_random_int ());
  self->progress = progress;
  self->progress_data = progress_data;
  self->context = g_main_context_ref_thread_default ();
  g_task_set_task_data (task, self, backup_free);

  bobbin_store_backup_async (store, self->copy, cancellable, copied_cb, task);
}

gboolean
bobbin_backup_finish (BobbinStore   *store,
                      GAsyncResult  *result,
                      guint         *ret_n_missing,
                      GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bobbin_backup_async), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (ret_n_missing != NULL)
    *ret_n_missing = ((Backup *) g_task_get_task_data (G_TASK (result)))->n_missing;

  return TRUE;
}
