#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-exporter.h"

#include "export/bobbin-export-html.h"
#include "export/bobbin-export-json.h"
#include "export/bobbin-export-sink.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>

/* Of text, and of time, before what there is is written: the main loop has other things to do. */
#define CHUNK_BYTES (256 * 1024)
#define SLICE_US    4000

/* A file to go into the folder of a zip. */
typedef struct
{
  char *name;
  char *path;
} Extra;

/* Steps, each begun by the one before: accounts, sizes, then for each thread: load, read a run, write of it what fits a slice … */
typedef struct
{
  /* given */
  BobbinStore        *store;
  gint64              thread_id;
  BobbinThreadPick   *pick;       /* owned (nullable) */
  BobbinExportFormat  format;
  char               *path;
  BobbinProgressFunc  progress;
  gpointer            progress_data;
  /* owned */
  BobbinExportSink   *sink;
  GPtrArray          *accounts;
  GArray             *sizes;      /* of BobbinThreadSize */
  BobbinThread       *thread;
  BobbinMessageRun   *run;
  BobbinExportChunk  *chunk;      /* not written yet */
  GPtrArray          *extras;     /* of Extra, to be written with it */
  guint               at_thread;
  guint               at_message; /* of the run */
  gboolean            any;        /* a message of the thread was written */
  gboolean            as_zip;
  guint64             total;
  BobbinExportSum     sum;
  void              (*next) (GTask *task); /* after the chunk is written */
} Export;

static void next_thread (GTask *task);
static void format_some (GTask *task);

static void
extra_free (gpointer data)
{
  Extra *extra = data;

  g_free (extra->name);
  g_free (extra->path);
  g_free (extra);
}

static void
export_free (gpointer data)
{
  Export *self = data;

  g_clear_pointer (&self->sink, bobbin_export_sink_free);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->sizes, g_array_unref);
  g_clear_object (&self->thread);
  g_clear_pointer (&self->run, bobbin_message_run_free);
  g_clear_pointer (&self->chunk, bobbin_export_chunk_free);
  g_clear_pointer (&self->extras, g_ptr_array_unref);
  bobbin_thread_pick_free (self->pick);
  g_object_unref (self->store);
  g_free (self->path);
  g_free (self);
}

static BobbinExportFiles
files_form (const Export *self)
{
  if (self->format == BOBBIN_EXPORT_HTML || self->format == BOBBIN_EXPORT_JSON)
    return BOBBIN_EXPORT_FILES_INLINE;

  return self->as_zip ? BOBBIN_EXPORT_FILES_FOLDER : BOBBIN_EXPORT_FILES_NAMES;
}

static gboolean
is_many (const Export *self)
{
  return self->thread_id == 0 && !self->as_zip;
}

/* Writing, in a thread */

static gboolean
write_extras (Export        *self,
              GCancellable  *cancellable,
              GError       **error)
{
  for (guint i = 0; i < self->extras->len; i++)
    {
      Extra *extra = self->extras->pdata[i];
      g_autoptr(GError) local_error = NULL;

      if (bobbin_export_sink_add_file (self->sink, extra->name, extra->path, cancellable, &local_error))
        continue;
      if (!g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  g_ptr_array_set_size (self->extras, 0);

  return TRUE;
}

static void
write_thread (GTask        *writing,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  Export *self = data;
  g_autoptr(GError) error = NULL;

  if (self->sink == NULL)
    self->sink = bobbin_export_sink_open (self->path, self->as_zip, &error);
  if (self->sink != NULL && bobbin_export_sink_write (self->sink, self->chunk, cancellable, &error))
    g_task_return_boolean (writing, TRUE);
  else
    g_task_return_error (writing, g_steal_pointer (&error));
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }

  g_string_truncate (self->chunk->text, 0);
  g_array_set_size (self->chunk->inserts, 0);
  if (self->progress != NULL)
    self->progress (self->sum.n_messages, self->total, self->progress_data);
  self->next (g_steal_pointer (&task));
}

/* Runs @work in a thread, then @next. */
static void
in_thread (GTask           *task,
           GTaskThreadFunc  work,
           void           (*next) (GTask *task))
{
  Export *self = g_task_get_task_data (task);
  g_autoptr(GTask) writing = g_task_new (NULL, g_task_get_cancellable (task), written_cb, task);

  self->next = next;
  g_task_set_name (writing, "export-write");
  g_task_set_task_data (writing, self, NULL);
  g_task_run_in_thread (writing, work);
}

static void
commit_thread (GTask        *writing,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Export *self = data;
  g_autoptr(GError) error = NULL;

  if (write_extras (self, cancellable, &error) && bobbin_export_sink_commit (self->sink, &error))
    g_task_return_boolean (writing, TRUE);
  else
    g_task_return_error (writing, g_steal_pointer (&error));
}

static void
done (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_memdup2 (&self->sum, sizeof self->sum), g_free);
  g_object_unref (task);
}

static void
commit (GTask *task)
{
  in_thread (task, commit_thread, done);
}

static void
end_all (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  if (is_many (self) && self->format == BOBBIN_EXPORT_JSON)
    g_string_append (self->chunk->text, "]}\n");
  else if (self->format == BOBBIN_EXPORT_HTML && !self->as_zip)
    bobbin_export_html_end (self->chunk);
  in_thread (task, write_thread, commit);
}

/* Formatting */

static BobbinAccount *
find_account (const Export *self,
              gint64        id)
{
  for (guint i = 0; i < self->accounts->len; i++)
    if (bobbin_account_get_id (self->accounts->pdata[i]) == id)
      return self->accounts->pdata[i];

  return NULL;
}

static void
format_head (Export *self)
{
  gboolean first = self->as_zip || self->sum.n_threads == 0;
  guint level = is_many (self) ? 2 : 1;
  g_autofree char *title = bobbin_export_dup_title (self->thread);
  GString *text = self->chunk->text;

  switch (self->format)
    {
    case BOBBIN_EXPORT_HTML:
      if (first)
        bobbin_export_html_begin (self->chunk, is_many (self) ? _("Conversations") : title);
      bobbin_export_html_thread (self->chunk, self->thread, level);
      break;
    case BOBBIN_EXPORT_JSON:
      if (is_many (self))
        g_string_append (text, first ? "{\"threads\": [\n" : ",\n");
      bobbin_export_json_thread (self->chunk, self->thread, find_account (self, bobbin_thread_get_account_id (self->thread)));
      break;
    case BOBBIN_EXPORT_MARKDOWN:
      g_string_append_printf (text, "%s# %s\n\n", first ? "" : "---\n\n", title);
      break;
    case BOBBIN_EXPORT_TEXT:
      g_string_append_printf (text, "%s%s\n\n", first ? "" : "\n\n", title);
      break;
    case BOBBIN_EXPORT_N_FORMATS:
    default:
      g_assert_not_reached ();
    }
}

/* Files that are gone, and those that go along. */
static void
look_at_files (Export        *self,
               BobbinMessage *message)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinAttachment *attachment = bobbin_block_get_attachment (bobbin_message_get_block (message, i));
      const char *path = attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL;
      g_autofree char *name = NULL;
      Extra *extra;

      if (attachment == NULL)
        continue;
      if (path == NULL || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
        {
          self->sum.n_missing++;
          continue;
        }
      if (files_form (self) != BOBBIN_EXPORT_FILES_FOLDER)
        continue;

      name = bobbin_export_dup_file_name (attachment);
      extra = g_new0 (Extra, 1);
      extra->path = g_strdup (path);
      extra->name = g_strconcat (BOBBIN_EXPORT_FOLDER "/", name, NULL);
      g_ptr_array_add (self->extras, extra);
    }
}

static void
format_message (Export        *self,
                BobbinMessage *message,
                gint64         hidden)
{
  BobbinExportFiles files = files_form (self);

  self->sum.n_messages++;
  if (hidden != 0 && self->format != BOBBIN_EXPORT_JSON)
    return;

  look_at_files (self, message);
  switch (self->format)
    {
    case BOBBIN_EXPORT_HTML:
      bobbin_export_html_message (self->chunk, message, is_many (self) ? 2 : 1, files);
      break;
    case BOBBIN_EXPORT_JSON:
      bobbin_export_json_message (self->chunk, message, hidden, !self->any, files);
      break;
    case BOBBIN_EXPORT_MARKDOWN:
    case BOBBIN_EXPORT_TEXT:
    case BOBBIN_EXPORT_N_FORMATS:
    default:
      bobbin_export_append_text (self->chunk->text, message, self->format, files);
    }
  self->any = TRUE;
}

static void
end_thread (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  if (self->format == BOBBIN_EXPORT_JSON)
    bobbin_export_json_end (self->chunk, g_get_real_time ());
  else if (self->format == BOBBIN_EXPORT_HTML && self->as_zip)
    bobbin_export_html_end (self->chunk);
  self->sum.n_threads++;
  self->at_thread++;
  in_thread (task, write_thread, next_thread);
}

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;
  BobbinMessageRun *run = bobbin_store_read_messages_finish (BOBBIN_STORE (source), result, &error);

  if (run == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_clear_pointer (&self->run, bobbin_message_run_free);
  self->run = run;
  self->at_message = 0;
  format_some (g_steal_pointer (&task));
}

static void
read_run (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  bobbin_store_read_messages_async (self->store, bobbin_thread_get_id (self->thread), self->run != NULL ? self->run->next_id : 0,
                                    g_task_get_cancellable (task), run_cb, task);
}

static void
format_some (GTask *task)
{
  Export *self = g_task_get_task_data (task);
  gint64 until_us = g_get_monotonic_time () + SLICE_US;

  for (; self->at_message < self->run->messages->len; self->at_message++)
    {
      if (bobbin_export_chunk_get_size (self->chunk) > CHUNK_BYTES ||
          (g_get_monotonic_time () > until_us && bobbin_export_chunk_get_size (self->chunk) > 0))
        {
          in_thread (task, write_thread, format_some);
          return;
        }
      format_message (self, self->run->messages->pdata[self->at_message],
                      g_array_index (self->run->hidden, gint64, self->at_message));
    }

  if (self->run->next_id != 0)
    read_run (task);
  else
    end_thread (task);
}

static void
thread_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_object (&self->thread);
  self->thread = bobbin_store_load_thread_finish (BOBBIN_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->thread == NULL) /* deleted meanwhile */
    {
      self->at_thread++;
      next_thread (g_steal_pointer (&task));
      return;
    }

  g_clear_pointer (&self->run, bobbin_message_run_free);
  self->any = FALSE;
  format_head (self);
  read_run (g_steal_pointer (&task));
}

/* "Harbour (01JD2…).md": titles repeat, ids do not. */
static char *
dup_entry_name (const Export *self)
{
  gint64 id = g_array_index (self->sizes, BobbinThreadSize, self->at_thread).id;
  g_autofree char *local_id = bobbin_id_to_string (id);

  return g_strdup_printf ("%05u-%s.%s", self->at_thread + 1, local_id, bobbin_export_format_get_extension (self->format));
}

static void
begin_entry_thread (GTask        *writing,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  Export *self = data;
  g_autofree char *name = dup_entry_name (self);
  g_autoptr(GError) error = NULL;

  if (self->sink == NULL)
    self->sink = bobbin_export_sink_open (self->path, TRUE, &error);
  if (self->sink != NULL && write_extras (self, cancellable, &error) && bobbin_export_sink_begin (self->sink, name, &error))
    g_task_return_boolean (writing, TRUE);
  else
    g_task_return_error (writing, g_steal_pointer (&error));
}

static void
load_thread (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  bobbin_store_load_thread_async (self->store, g_array_index (self->sizes, BobbinThreadSize, self->at_thread).id,
                                  g_task_get_cancellable (task), thread_cb, task);
}

static void
next_thread (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  if (self->at_thread < self->sizes->len && self->as_zip)
    in_thread (task, begin_entry_thread, load_thread);
  else if (self->at_thread < self->sizes->len)
    load_thread (task);
  else
    end_all (task);
}

static void
sizes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->sizes = bobbin_store_measure_finish (BOBBIN_STORE (source), result, &error);
  if (self->sizes != NULL && self->sizes->len == 0)
    g_set_error_literal (&error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                         self->thread_id != 0 ? _("there is no such conversation") : _("there are no conversations to export"));
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < self->sizes->len; i++)
    self->total += g_array_index (self->sizes, BobbinThreadSize, i).n_messages;
  next_thread (g_steal_pointer (&task));
}

static void
accounts_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->accounts = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  if (self->accounts == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->pick != NULL)
    bobbin_store_measure_picked_async (self->store, self->pick, g_task_get_cancellable (task), sizes_cb, g_object_ref (task));
  else
    bobbin_store_measure_async (self->store, self->thread_id, FALSE, g_task_get_cancellable (task), sizes_cb, g_object_ref (task));
}

/* Takes @pick. */
static void
begin (BobbinStore         *store,
       gint64               thread_id,
       BobbinThreadPick    *pick,
       BobbinExportFormat   format,
       const char          *path,
       BobbinProgressFunc   progress,
       gpointer             progress_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  GTask *task;
  Export *self;

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_export_async);
  self = g_new0 (Export, 1);
  self->store = g_object_ref (store);
  self->thread_id = thread_id;
  self->pick = pick;
  self->format = format;
  self->path = g_strdup (path);
  self->progress = progress;
  self->progress_data = progress_data;
  self->chunk = bobbin_export_chunk_new ();
  self->extras = g_ptr_array_new_with_free_func (extra_free);
  self->as_zip = g_str_has_suffix (path, ".zip");
  g_task_set_task_data (task, self, export_free);

  bobbin_store_list_accounts_async (store, cancellable, accounts_cb, task);
}

void
bobbin_export_async (BobbinStore         *store,
                     gint64               thread_id,
                     BobbinExportFormat   format,
                     const char          *path,
                     BobbinProgressFunc   progress,
                     gpointer             progress_data,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (store));
  g_return_if_fail (format < BOBBIN_EXPORT_N_FORMATS);

  begin (store, thread_id, NULL, format, path, progress, progress_data, cancellable, callback, user_data);
}

void
bobbin_export_picked_async (BobbinStore            *store,
                            const BobbinThreadPick *pick,
                            BobbinExportFormat      format,
                            const char             *path,
                            BobbinProgressFunc      progress,
                            gpointer                progress_data,
                            GCancellable           *cancellable,
                            GAsyncReadyCallback     callback,
                            gpointer                user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (store));
  g_return_if_fail (format < BOBBIN_EXPORT_N_FORMATS);

  begin (store, 0, bobbin_thread_pick_copy (pick), format, path, progress, progress_data, cancellable, callback, user_data);
}

gboolean
bobbin_export_finish (BobbinStore      *store,
                      GAsyncResult     *result,
                      BobbinExportSum  *ret_sum,
                      GError          **error)
{
  g_autofree BobbinExportSum *sum = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, bobbin_export_async), FALSE);

  sum = g_task_propagate_pointer (G_TASK (result), error);
  if (sum == NULL)
    return FALSE;
  if (ret_sum != NULL)
    *ret_sum = *sum;

  return TRUE;
}
