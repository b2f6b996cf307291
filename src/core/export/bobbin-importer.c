#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-importer.h"

#include "export/bobbin-import-reader.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store.h"
#include "util/bobbin-error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* Steps: accounts, open (in a thread), then for each conversation: next (in a thread), its files one by one, add. */
typedef struct
{
  /* given */
  BobbinStore         *store;
  char                *path;
  gboolean             restore;
  BobbinProgressFunc   progress;
  gpointer             progress_data;
  /* owned */
  BobbinImportPlace    place;
  BobbinImportReader  *reader;
  BobbinImportThread  *thread;
  char                *dir;       /* of a backup, unpacked */
  guint                at_file;
  BobbinImportSum      sum;
} Import;

static void read_next (GTask *task);
static void take_files (GTask *task);

static void
import_free (gpointer data)
{
  Import *self = data;

  g_clear_pointer (&self->thread, bobbin_import_thread_free);
  g_clear_pointer (&self->reader, bobbin_import_reader_free);
  g_clear_pointer (&self->place.accounts, g_ptr_array_unref);
  g_object_unref (self->store);
  g_free (self->path);
  g_free (self->dir);
  g_free (self);
}

static void
done (GTask *task)
{
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Takes both. */
static void
fail (GTask  *task,
      GError *error)
{
  Import *self = g_task_get_task_data (task);
  guint n = self->sum.n_threads + self->sum.n_grown;

  if (n > 0 && error->domain == BOBBIN_ERROR)
    {
      g_autofree char *before = g_strdup_printf (ngettext ("%u conversation before it was imported and stays",
                                                           "%u conversations before it were imported and stay", n), n);

      /* Translators: what went wrong, then "3 conversations before it were imported and stay". */
      g_task_return_new_error (task, error->domain, error->code, _("%1$s; %2$s"), error->message, before);
      g_error_free (error);
    }
  else
    {
      g_task_return_error (task, error);
    }
  g_object_unref (task);
}

static void
tell (Import *self)
{
  guint64 at, size;

  if (self->progress == NULL)
    return;

  bobbin_import_reader_get_position (self->reader, &at, &size);
  self->progress (at, size, self->progress_data);
}

/* Conversations */

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;
  BobbinGrafted grafted;

  if (bobbin_store_add_thread_finish (BOBBIN_STORE (source), result, &grafted, &error))
    {
      self->sum.n_messages += grafted.n_messages;
      if (grafted.is_new)
        self->sum.n_threads++;
      else if (grafted.n_messages > 0)
        self->sum.n_grown++;
      else
        self->sum.n_known++;
    }
  else if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID))
    {
      g_clear_error (&error);
      self->sum.n_unfit++;
    }
  else
    {
      fail (task, error);
      return;
    }

  g_clear_pointer (&self->thread, bobbin_import_thread_free);
  tell (self);
  read_next (task);
}

static void
file_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  BobbinImportFile *file = self->thread->files->pdata[self->at_file];
  GError *error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, &error);

  if (attachment == NULL)
    {
      fail (task, error);
      return;
    }

  bobbin_block_set_attachment (file->block, attachment);
  g_unlink (file->path);
  self->at_file++;
  take_files (task);
}

static void
take_files (GTask *task)
{
  Import *self = g_task_get_task_data (task);
  BobbinImportFile *file = self->at_file < self->thread->files->len ? self->thread->files->pdata[self->at_file] : NULL;
  g_autoptr(GMappedFile) mapped = NULL;
  g_autoptr(GBytes) bytes = NULL;
  GError *error = NULL;

  if (file == NULL)
    {
      bobbin_store_add_thread_async (self->store, self->thread->thread, self->thread->messages, self->thread->hidden,
                                     g_task_get_cancellable (task), added_cb, task);
      return;
    }

  mapped = g_mapped_file_new (file->path, FALSE, &error);
  if (mapped == NULL)
    {
      fail (task, error);
      return;
    }
  bytes = g_mapped_file_get_bytes (mapped);
  bobbin_store_import_bytes_async (self->store, bytes, file->name, file->content_type, g_task_get_cancellable (task), file_cb, task);
}

static void
known_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GArray) sizes = bobbin_store_measure_finish (BOBBIN_STORE (source), result, &error);

  if (sizes == NULL)
    {
      fail (task, error);
      return;
    }

  /* What is here with as many messages needs none of its files again. */
  if (sizes->len > 0 && g_array_index (sizes, BobbinThreadSize, 0).n_messages >= self->thread->messages->len)
    self->at_file = self->thread->files->len;
  take_files (task);
}

static void
next_thread (GTask        *reading,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Import *self = data;
  GError *error = NULL;

  self->thread = bobbin_import_reader_next (self->reader, cancellable, &error);
  if (error != NULL)
    g_task_return_error (reading, error);
  else
    g_task_return_boolean (reading, TRUE);
}

static void
next_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    fail (task, error);
  else if (self->thread == NULL)
    done (task);
  else if (self->thread->files->len == 0)
    {
      self->at_file = 0;
      take_files (task);
    }
  else
    {
      self->at_file = 0;
      bobbin_store_measure_async (self->store, bobbin_thread_get_id (self->thread->thread), TRUE, g_task_get_cancellable (task),
                                  known_cb, task);
    }
}

static void
in_thread (GTask               *task,
           GTaskThreadFunc      work,
           GAsyncReadyCallback  callback)
{
  g_autoptr(GTask) reading = g_task_new (NULL, g_task_get_cancellable (task), callback, task);

  g_task_set_name (reading, "import-read");
  g_task_set_task_data (reading, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (reading, work);
}

static void
read_next (GTask *task)
{
  in_thread (task, next_thread, next_cb);
}

/* Backups */

static void
restored_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (_bobbin_restore_finish (BOBBIN_STORE (source), result, &self->sum, &error))
    done (task);
  else
    fail (task, error);
}

static void
unpack_thread (GTask        *reading,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Import *self = data;
  GError *error = NULL;

  if (bobbin_import_reader_unpack (self->reader, self->dir, cancellable, &error))
    g_task_return_boolean (reading, TRUE);
  else
    g_task_return_error (reading, error);
}

static void
unpacked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    _bobbin_restore_async (self->store, self->dir, self->progress, self->progress_data, g_task_get_cancellable (task), restored_cb, task);
  else
    fail (task, error);
}

static void
open_thread (GTask        *reading,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Import *self = data;
  GError *error = NULL;

  self->reader = bobbin_import_reader_open (self->path, &self->place, &error);
  if (self->reader != NULL)
    g_task_return_boolean (reading, TRUE);
  else
    g_task_return_error (reading, error);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      fail (task, error);
      return;
    }

  self->sum.is_backup = bobbin_import_reader_get_kind (self->reader) == BOBBIN_IMPORT_BACKUP;
  if (self->sum.is_backup && !self->restore)
    g_set_error_literal (&error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, _("this is a backup of a whole profile: restore it"));
  else if (!self->sum.is_backup && self->place.account_id == 0)
    g_set_error_literal (&error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no account for the conversations to belong to: add one first"));
  else if (self->sum.is_backup)
    self->dir = g_dir_make_tmp ("bobbin-restore-XXXXXX", &error);

  if (error != NULL)
    fail (task, error);
  else if (self->sum.is_backup)
    in_thread (task, unpack_thread, unpacked_cb);
  else
    read_next (task);
}

static void
accounts_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->place.accounts = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  if (self->place.accounts == NULL)
    {
      fail (task, error);
      return;
    }

  if (self->place.account_id == 0 && self->place.accounts->len > 0)
    self->place.account_id = bobbin_account_get_id (self->place.accounts->pdata[0]);
  in_thread (task, open_thread, opened_cb);
}

void
bobbin_import_async (BobbinStore         *store,
                     const char          *path,
                     gint64               account_id,
                     gboolean             restore,
                     BobbinProgressFunc   progress,
                     gpointer             progress_data,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  GTask *task;
  Import *self;

  g_return_if_fail (BOBBIN_IS_STORE (store));

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_import_async);
  self = g_new0 (Import, 1);
  self->store = g_object_ref (store);
  self->path = g_strdup (path);
  self->place.account_id = account_id;
  self->restore = restore;
  self->progress = progress;
  self->progress_data = progress_data;
  g_task_set_task_data (task, self, import_free);

  bobbin_store_list_accounts_async (store, cancellable, accounts_cb, task);
}

gboolean
bobbin_import_finish (BobbinStore      *store,
                      GAsyncResult     *result,
                      BobbinImportSum  *ret_sum,
                      GError          **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bobbin_import_async), FALSE);

  if (ret_sum != NULL)
    *ret_sum = ((Import *) g_task_get_task_data (G_TASK (result)))->sum;

  return g_task_propagate_boolean (G_TASK (result), error);
}
