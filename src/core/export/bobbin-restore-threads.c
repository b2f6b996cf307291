/* The conversations of a backup, one after the other: each with its messages and files in one step, then, where it is new here, its
 * labels and its draft. */
#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-restore-private.h"

#include "export/bobbin-import-thread.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-error.h"

static void next_thread (GTask *task);
static void take_files (GTask *task);
static void take_draft_files (GTask *task);

static BobbinThread *
copy_thread (BobbinThread *from,
             gint64        account_id)
{
  BobbinThread *thread = bobbin_thread_new (bobbin_thread_get_id (from), account_id);

  bobbin_thread_set_server_id (thread, bobbin_thread_get_server_id (from));
  bobbin_thread_set_agent_id (thread, bobbin_thread_get_agent_id (from));
  bobbin_thread_set_agent_name (thread, bobbin_thread_get_agent_name (from));
  bobbin_thread_set_title (thread, bobbin_thread_get_title (from), bobbin_thread_get_title_origin (from));
  bobbin_thread_set_created_us (thread, bobbin_thread_get_created_us (from));
  bobbin_thread_set_last_used_us (thread, bobbin_thread_get_last_used_us (from));
  bobbin_thread_set_expires_us (thread, bobbin_thread_get_expires_us (from));
  bobbin_thread_set_snippet (thread, bobbin_thread_get_snippet (from));
  bobbin_thread_set_pinned (thread, bobbin_thread_get_pinned (from));
  bobbin_thread_set_archived (thread, bobbin_thread_get_archived (from));
  bobbin_thread_set_deleted_us (thread, bobbin_thread_get_deleted_us (from));
  bobbin_thread_set_unread (thread, bobbin_thread_get_unread (from));
  bobbin_thread_set_metadata (thread, bobbin_thread_get_metadata (from));
  bobbin_thread_set_reading_position (thread, bobbin_thread_get_reading_position (from));

  return thread;
}

static void
go_on (GTask *task)
{
  BobbinRestore *self = g_task_get_task_data (task);

  self->at_thread++;
  if (self->progress != NULL)
    self->progress (self->at_thread, self->sizes->len, self->progress_data);
  next_thread (task);
}

static void
draft_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    go_on (task);
  else
    _bobbin_restore_fail (task, error);
}

static void
draft_file_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, &error);

  if (attachment == NULL)
    {
      _bobbin_restore_fail (task, error);
      return;
    }

  bobbin_draft_add_attachment (self->draft, attachment);
  self->at_file++;
  take_draft_files (task);
}

/* (nullable): NULL for a file that was not in the backup. */
static GBytes *
dup_bytes (BobbinAttachment *attachment)
{
  const char *path = attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL;
  g_autoptr(GMappedFile) mapped = path != NULL ? g_mapped_file_new (path, FALSE, NULL) : NULL;

  return mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
}

/* One after the other; then the draft is whole. */
static void
take_draft_files (GTask *task)
{
  BobbinRestore *self = g_task_get_task_data (task);
  GListModel *files = bobbin_draft_get_attachments (self->their_draft);

  for (; self->at_file < g_list_model_get_n_items (files); self->at_file++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (files, self->at_file);
      g_autoptr(GBytes) bytes = dup_bytes (attachment);

      if (bytes == NULL)
        continue;
      bobbin_store_import_bytes_async (self->store, bytes, bobbin_attachment_get_name (attachment),
                                       bobbin_attachment_get_content_type (attachment), g_task_get_cancellable (task), draft_file_cb,
                                       task);
      return;
    }

  bobbin_store_save_draft_async (self->store, self->draft, g_task_get_cancellable (task), draft_saved_cb, task);
}

static void
draft_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_object (&self->their_draft);
  g_clear_object (&self->draft);
  self->their_draft = bobbin_store_load_draft_finish (BOBBIN_STORE (source), result, &error);
  if (self->their_draft == NULL)
    {
      _bobbin_restore_fail (task, error);
      return;
    }

  self->draft = bobbin_draft_new (bobbin_thread_get_id (self->thread));
  bobbin_draft_set_text (self->draft, bobbin_draft_get_text (self->their_draft), bobbin_draft_get_cursor (self->their_draft));
  self->at_file = 0;
  take_draft_files (task);
}

static void give_labels (GTask *task);

static void
labelled_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr(BobbinThreadChanged) changed = bobbin_store_change_threads_finish (BOBBIN_STORE (source), result, &error);

  if (changed != NULL)
    give_labels (task);
  else
    _bobbin_restore_fail (task, error);
}

/* One after the other; then comes the draft. */
static void
give_labels (GTask *task)
{
  BobbinRestore *self = g_task_get_task_data (task);
  gint64 id = bobbin_thread_get_id (self->thread);
  guint n;
  const gint64 *labels = bobbin_thread_get_labels (self->thread, &n);

  while (self->at_label < n)
    {
      const gint64 *label_id = g_hash_table_lookup (self->named, &labels[self->at_label++]);
      g_autoptr(BobbinThreadPick) pick = bobbin_thread_pick_new (&id, 1);
      BobbinThreadChange change = { .kind = BOBBIN_CHANGE_ADD_LABEL };

      if (label_id == NULL)
        continue;
      change.label_id = *label_id;
      bobbin_store_change_threads_async (self->store, pick, &change, g_task_get_cancellable (task), labelled_cb, task);
      return;
    }

  bobbin_store_load_draft_async (self->from, id, g_task_get_cancellable (task), draft_cb, task);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;
  BobbinGrafted grafted = { FALSE, 0 };

  if (!bobbin_store_add_thread_finish (BOBBIN_STORE (source), result, &grafted, &error))
    {
      if (!g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID))
        {
          _bobbin_restore_fail (task, error);
          return;
        }
      g_clear_error (&error);
      self->sum.n_unfit++;
      go_on (task);
      return;
    }

  self->sum.n_messages += grafted.n_messages;
  self->sum.n_threads += grafted.is_new;
  self->sum.n_grown += !grafted.is_new && grafted.n_messages > 0;
  self->sum.n_known += !grafted.is_new && grafted.n_messages == 0;
  self->at_label = 0;
  if (grafted.is_new)
    give_labels (task);
  else
    go_on (task);
}

static void
file_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  BobbinBlock *block = bobbin_message_get_block (self->messages->pdata[self->at_message], self->at_block);
  GError *error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, &error);

  if (attachment == NULL)
    {
      _bobbin_restore_fail (task, error);
      return;
    }

  bobbin_block_set_attachment (block, attachment);
  self->at_block++;
  take_files (task);
}

/* The next block with a file. One whose file was not in the backup keeps its name. */
static void
take_files (GTask *task)
{
  BobbinRestore *self = g_task_get_task_data (task);
  g_autoptr(BobbinThread) thread = NULL;
  const gint64 *account_id;
  gint64 theirs;

  for (; self->at_message < self->messages->len; self->at_message++, self->at_block = 0)
    for (; self->at_block < bobbin_message_get_n_blocks (self->messages->pdata[self->at_message]); self->at_block++)
      {
        BobbinBlock *block = bobbin_message_get_block (self->messages->pdata[self->at_message], self->at_block);
        BobbinAttachment *attachment = bobbin_block_get_attachment (block);
        g_autoptr(GBytes) bytes = dup_bytes (attachment);

        if (attachment == NULL)
          continue;
        if (bytes == NULL)
          {
            bobbin_block_set_name (block, bobbin_attachment_get_name (attachment));
            bobbin_block_set_attachment (block, NULL);
            continue;
          }
        bobbin_store_import_bytes_async (self->store, bytes, bobbin_attachment_get_name (attachment),
                                         bobbin_attachment_get_content_type (attachment), g_task_get_cancellable (task), file_cb, task);
        return;
      }

  theirs = bobbin_thread_get_account_id (self->thread);
  account_id = g_hash_table_lookup (self->mapped, &theirs);
  thread = copy_thread (self->thread, account_id != NULL ? *account_id : theirs);
  bobbin_store_add_thread_async (self->store, thread, self->messages, self->hidden, g_task_get_cancellable (task), added_cb, task);
}

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(BobbinMessageRun) run = bobbin_store_read_messages_finish (BOBBIN_STORE (source), result, &error);

  if (run == NULL)
    {
      _bobbin_restore_fail (task, error);
      return;
    }

  for (guint i = 0; i < run->messages->len; i++)
    {
      bobbin_import_settle_message (run->messages->pdata[i]);
      g_ptr_array_add (self->messages, g_object_ref (run->messages->pdata[i]));
    }
  g_array_append_vals (self->hidden, run->hidden->data, run->hidden->len);
  if (run->next_id != 0)
    bobbin_store_read_messages_async (self->from, bobbin_thread_get_id (self->thread), run->next_id, g_task_get_cancellable (task),
                                      run_cb, task);
  else
    take_files (task);
}

static void
thread_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_object (&self->thread);
  self->thread = bobbin_store_load_thread_finish (BOBBIN_STORE (source), result, &error);
  if (error != NULL)
    {
      _bobbin_restore_fail (task, error);
      return;
    }
  if (self->thread == NULL)
    {
      go_on (task);
      return;
    }

  g_ptr_array_set_size (self->messages, 0);
  g_array_set_size (self->hidden, 0);
  self->at_message = 0;
  self->at_block = 0;
  bobbin_store_read_messages_async (self->from, bobbin_thread_get_id (self->thread), 0, g_task_get_cancellable (task), run_cb, task);
}

static void
known_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  const BobbinThreadSize *size = &g_array_index (self->sizes, BobbinThreadSize, self->at_thread);
  GError *error = NULL;
  g_autoptr(GArray) here = bobbin_store_measure_finish (BOBBIN_STORE (source), result, &error);

  if (here == NULL)
    _bobbin_restore_fail (task, error);
  else if (here->len > 0 && g_array_index (here, BobbinThreadSize, 0).n_messages >= size->n_messages)
    {
      self->sum.n_known++;
      go_on (task);
    }
  else
    bobbin_store_load_thread_async (self->from, size->id, g_task_get_cancellable (task), thread_cb, task);
}

static void
next_thread (GTask *task)
{
  BobbinRestore *self = g_task_get_task_data (task);

  if (self->at_thread < self->sizes->len)
    {
      bobbin_store_measure_async (self->store, g_array_index (self->sizes, BobbinThreadSize, self->at_thread).id, TRUE,
                                  g_task_get_cancellable (task), known_cb, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
sizes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->sizes = bobbin_store_measure_finish (BOBBIN_STORE (source), result, &error);
  if (self->sizes != NULL)
    next_thread (task);
  else
    _bobbin_restore_fail (task, error);
}

void
_bobbin_restore_threads (GTask *task)
{
  BobbinRestore *self = g_task_get_task_data (task);

  bobbin_store_measure_async (self->from, 0, TRUE, g_task_get_cancellable (task), sizes_cb, task);
}
