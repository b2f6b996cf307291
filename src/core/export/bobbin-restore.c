/* A profile out of a backup, opened as a store of its own (checked, recovered, brought up to date like any), and taken over account by
 * account and conversation by conversation. What is here stays. */
#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-importer.h"

#include "export/bobbin-import-thread.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-rule.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store.h"
#include "util/bobbin-error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef struct
{
  /* given */
  BobbinStore        *store;
  char               *dir;
  BobbinProgressFunc  progress;
  gpointer            progress_data;
  /* owned */
  BobbinStore        *from;
  GPtrArray          *accounts;    /* of here */
  GPtrArray          *theirs;      /* accounts and rules of the backup, of which the first at_own are done */
  guint               at_own;
  GHashTable         *mapped;      /* account of theirs → of here, gint64 */
  GArray             *sizes;
  guint               at_thread;
  BobbinThread       *thread;
  GPtrArray          *messages;
  GArray             *hidden;
  guint               at_message;  /* whose files are taken over */
  guint               at_block;
  BobbinImportSum     sum;
} Restore;

static void save_accounts (GTask *task);
static void next_thread (GTask *task);
static void take_files (GTask *task);

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *full = g_build_filename (path, name, NULL);

      if (g_file_test (full, G_FILE_TEST_IS_DIR) && !g_file_test (full, G_FILE_TEST_IS_SYMLINK))
        remove_tree (full);
      else
        g_unlink (full);
    }
  g_rmdir (path);
}

static void
restore_free (gpointer data)
{
  Restore *self = data;

  if (self->from != NULL)
    bobbin_store_close (self->from);
  g_clear_object (&self->from);
  remove_tree (self->dir);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  g_clear_pointer (&self->mapped, g_hash_table_unref);
  g_clear_pointer (&self->sizes, g_array_unref);
  g_clear_object (&self->thread);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->hidden, g_array_unref);
  g_object_unref (self->store);
  g_free (self->dir);
  g_free (self);
}

/* Takes both. */
static void
fail (GTask  *task,
      GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* Conversations */

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
  Restore *self = g_task_get_task_data (task);

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
    fail (task, error);
}

static void
draft_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(BobbinDraft) draft = bobbin_store_load_draft_finish (BOBBIN_STORE (source), result, &error);
  g_autoptr(BobbinDraft) words = NULL;

  if (draft == NULL)
    {
      fail (task, error);
      return;
    }

  words = bobbin_draft_new (bobbin_thread_get_id (self->thread));
  bobbin_draft_set_text (words, bobbin_draft_get_text (draft), bobbin_draft_get_cursor (draft));
  bobbin_store_save_draft_async (self->store, words, g_task_get_cancellable (task), draft_saved_cb, task);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;
  BobbinGrafted grafted = { FALSE, 0 };

  if (!bobbin_store_add_thread_finish (BOBBIN_STORE (source), result, &grafted, &error))
    {
      if (!g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID))
        {
          fail (task, error);
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
  if (grafted.is_new)
    bobbin_store_load_draft_async (self->from, bobbin_thread_get_id (self->thread), g_task_get_cancellable (task), draft_cb, task);
  else
    go_on (task);
}

static void
file_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  BobbinBlock *block = bobbin_message_get_block (self->messages->pdata[self->at_message], self->at_block);
  GError *error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, &error);

  if (attachment == NULL)
    {
      fail (task, error);
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
  Restore *self = g_task_get_task_data (task);
  g_autoptr(BobbinThread) thread = NULL;
  const gint64 *account_id;
  gint64 theirs;

  for (; self->at_message < self->messages->len; self->at_message++, self->at_block = 0)
    for (; self->at_block < bobbin_message_get_n_blocks (self->messages->pdata[self->at_message]); self->at_block++)
      {
        BobbinBlock *block = bobbin_message_get_block (self->messages->pdata[self->at_message], self->at_block);
        BobbinAttachment *attachment = bobbin_block_get_attachment (block);
        const char *path = attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL;
        g_autoptr(GMappedFile) mapped = path != NULL ? g_mapped_file_new (path, FALSE, NULL) : NULL;
        g_autoptr(GBytes) bytes = NULL;

        if (attachment == NULL)
          continue;
        if (mapped == NULL)
          {
            bobbin_block_set_name (block, bobbin_attachment_get_name (attachment));
            bobbin_block_set_attachment (block, NULL);
            continue;
          }
        bytes = g_mapped_file_get_bytes (mapped);
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
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(BobbinMessageRun) run = bobbin_store_read_messages_finish (BOBBIN_STORE (source), result, &error);

  if (run == NULL)
    {
      fail (task, error);
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
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_object (&self->thread);
  self->thread = bobbin_store_load_thread_finish (BOBBIN_STORE (source), result, &error);
  if (error != NULL)
    {
      fail (task, error);
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
  Restore *self = g_task_get_task_data (task);
  const BobbinThreadSize *size = &g_array_index (self->sizes, BobbinThreadSize, self->at_thread);
  GError *error = NULL;
  g_autoptr(GArray) here = bobbin_store_measure_finish (BOBBIN_STORE (source), result, &error);

  if (here == NULL)
    fail (task, error);
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
  Restore *self = g_task_get_task_data (task);

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
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->sizes = bobbin_store_measure_finish (BOBBIN_STORE (source), result, &error);
  if (self->sizes != NULL)
    next_thread (task);
  else
    fail (task, error);
}

/* Rules */

static void
rule_saved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* One that does not fit here any more is no reason to stop. */
  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    g_debug ("A rule could not be restored: %s", error->message);
  self->at_own++;
  if (self->at_own < self->theirs->len)
    bobbin_store_save_rule_async (self->store, self->theirs->pdata[self->at_own], g_task_get_cancellable (task), rule_saved_cb, task);
  else
    bobbin_store_measure_async (self->from, 0, TRUE, g_task_get_cancellable (task), sizes_cb, task);
}

static void
rules_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *rules = bobbin_store_list_rules_finish (BOBBIN_STORE (source), result, &error);

  if (rules == NULL)
    {
      fail (task, error);
      return;
    }

  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  self->theirs = rules;
  self->at_own = 0;
  if (rules->len > 0)
    bobbin_store_save_rule_async (self->store, rules->pdata[0], g_task_get_cancellable (task), rule_saved_cb, task);
  else
    bobbin_store_measure_async (self->from, 0, TRUE, g_task_get_cancellable (task), sizes_cb, task);
}

/* Accounts */

/* (nullable) borrowed: the same account, by its id, else by all that names it. */
static BobbinAccount *
find_account (Restore       *self,
              BobbinAccount *account)
{
  for (guint i = 0; i < self->accounts->len; i++)
    if (bobbin_account_get_id (self->accounts->pdata[i]) == bobbin_account_get_id (account))
      return self->accounts->pdata[i];
  for (guint i = 0; i < self->accounts->len; i++)
    if (bobbin_account_get_service (self->accounts->pdata[i]) == bobbin_account_get_service (account) &&
        (bobbin_account_get_service (account) == BOBBIN_SERVICE_DEMO ||
         (g_strcmp0 (bobbin_account_get_name (self->accounts->pdata[i]), bobbin_account_get_name (account)) == 0 &&
          g_strcmp0 (bobbin_account_get_base_url (self->accounts->pdata[i]), bobbin_account_get_base_url (account)) == 0)))
      return self->accounts->pdata[i];

  return NULL;
}

static void
account_saved_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      fail (task, error);
      return;
    }

  self->sum.n_accounts++;
  g_ptr_array_add (self->accounts, g_object_ref (self->theirs->pdata[self->at_own]));
  self->at_own++;
  save_accounts (task);
}

static void
save_accounts (GTask *task)
{
  Restore *self = g_task_get_task_data (task);

  for (; self->at_own < self->theirs->len; self->at_own++)
    {
      BobbinAccount *account = self->theirs->pdata[self->at_own];
      BobbinAccount *known = find_account (self, account);
      gint64 theirs = bobbin_account_get_id (account);
      gint64 ours;

      if (known == NULL)
        {
          bobbin_store_save_account_async (self->store, account, g_task_get_cancellable (task), account_saved_cb, task);
          return;
        }
      ours = bobbin_account_get_id (known);
      g_hash_table_insert (self->mapped, g_memdup2 (&theirs, sizeof theirs), g_memdup2 (&ours, sizeof ours));
    }

  bobbin_store_list_rules_async (self->from, g_task_get_cancellable (task), rules_cb, task);
}

static void
theirs_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->theirs = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  if (self->theirs != NULL)
    save_accounts (task);
  else
    fail (task, error);
}

static void
ours_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->accounts = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  if (self->accounts != NULL)
    bobbin_store_list_accounts_async (self->from, g_task_get_cancellable (task), theirs_cb, task);
  else
    fail (task, error);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(BobbinStoreReport) report = bobbin_store_open_finish (BOBBIN_STORE (source), result, &error);

  if (report != NULL)
    {
      bobbin_store_list_accounts_async (self->store, g_task_get_cancellable (task), ours_cb, task);
      return;
    }

  g_prefix_error (&error, "%s: ", _("the database in the backup cannot be opened"));
  fail (task, error);
}

void
_bobbin_restore_async (BobbinStore         *store,
                       const char          *dir,
                       BobbinProgressFunc   progress,
                       gpointer             progress_data,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Restore *self = g_new0 (Restore, 1);

  g_task_set_source_tag (task, _bobbin_restore_async);
  self->store = g_object_ref (store);
  self->dir = g_strdup (dir);
  self->progress = progress;
  self->progress_data = progress_data;
  self->mapped = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->hidden = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->sum.is_backup = TRUE;
  self->from = bobbin_sqlite_store_new (dir);
  g_task_set_task_data (task, self, restore_free);

  bobbin_store_open_async (self->from, cancellable, opened_cb, task);
}

gboolean
_bobbin_restore_finish (BobbinStore      *store,
                        GAsyncResult     *result,
                        BobbinImportSum  *ret_sum,
                        GError          **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, _bobbin_restore_async), FALSE);

  *ret_sum = ((Restore *) g_task_get_task_data (G_TASK (result)))->sum;

  return g_task_propagate_boolean (G_TASK (result), error);
}
