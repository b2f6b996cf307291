/* A profile out of a backup, opened as a store of its own (checked, recovered, brought up to date like any), and taken over account by
 * account and conversation by conversation. What is here stays. */
#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-restore-private.h"

#include "model/bobbin-label.h"
#include "model/bobbin-rule.h"
#include "util/bobbin-error.h"
#include "util/bobbin-folder.h"

#include <glib/gi18n.h>

static void save_accounts (GTask *task);
static void save_labels (GTask *task);

static void
restore_free (gpointer data)
{
  BobbinRestore *self = data;

  if (self->from != NULL)
    bobbin_store_close (self->from);
  g_clear_object (&self->from);
  bobbin_folder_remove (self->dir);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  g_clear_pointer (&self->mapped, g_hash_table_unref);
  g_clear_pointer (&self->named, g_hash_table_unref);
  g_clear_pointer (&self->sizes, g_array_unref);
  g_clear_object (&self->thread);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->hidden, g_array_unref);
  g_clear_object (&self->their_draft);
  g_clear_object (&self->draft);
  g_object_unref (self->store);
  g_free (self->dir);
  g_free (self);
}

void
_bobbin_restore_fail (GTask  *task,
                      GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* Labels: one of the same id or, whatever its case, the same name is the same. */

/* (nullable) borrowed */
static BobbinLabel *
find_label (BobbinRestore *self,
            BobbinLabel   *label)
{
  g_autofree char *name = g_utf8_casefold (bobbin_label_get_name (label), -1);

  for (guint i = 0; i < self->labels->len; i++)
    if (bobbin_label_get_id (self->labels->pdata[i]) == bobbin_label_get_id (label))
      return self->labels->pdata[i];
  for (guint i = 0; i < self->labels->len; i++)
    {
      g_autofree char *folded = g_utf8_casefold (bobbin_label_get_name (self->labels->pdata[i]), -1);

      if (g_str_equal (folded, name))
        return self->labels->pdata[i];
    }

  return NULL;
}

static void
label_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      _bobbin_restore_fail (task, error);
      return;
    }

  g_ptr_array_add (self->labels, g_object_ref (self->theirs->pdata[self->at_own]));
  save_labels (task);
}

static void
save_labels (GTask *task)
{
  BobbinRestore *self = g_task_get_task_data (task);

  for (; self->at_own < self->theirs->len; self->at_own++)
    {
      BobbinLabel *label = self->theirs->pdata[self->at_own];
      BobbinLabel *known = find_label (self, label);
      gint64 theirs = bobbin_label_get_id (label);
      gint64 ours;

      if (known == NULL)
        {
          bobbin_store_save_label_async (self->store, label, NULL, g_task_get_cancellable (task), label_saved_cb, task);
          return;
        }
      ours = bobbin_label_get_id (known);
      g_hash_table_insert (self->named, g_memdup2 (&theirs, sizeof theirs), g_memdup2 (&ours, sizeof ours));
    }

  _bobbin_restore_threads (task);
}

static void
their_labels_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *labels = bobbin_store_list_labels_finish (BOBBIN_STORE (source), result, &error);

  if (labels == NULL)
    {
      _bobbin_restore_fail (task, error);
      return;
    }

  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  self->theirs = labels;
  self->at_own = 0;
  save_labels (task);
}

static void
our_labels_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->labels = bobbin_store_list_labels_finish (BOBBIN_STORE (source), result, &error);
  if (self->labels != NULL)
    bobbin_store_list_labels_async (self->from, g_task_get_cancellable (task), their_labels_cb, task);
  else
    _bobbin_restore_fail (task, error);
}

/* Rules */

static void
rule_saved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* One that does not fit here any more is no reason to stop. */
  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    g_debug ("A rule could not be restored: %s", error->message);
  self->at_own++;
  if (self->at_own < self->theirs->len)
    bobbin_store_save_rule_async (self->store, self->theirs->pdata[self->at_own], g_task_get_cancellable (task), rule_saved_cb, task);
  else
    bobbin_store_list_labels_async (self->store, g_task_get_cancellable (task), our_labels_cb, task);
}

static void
rules_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *rules = bobbin_store_list_rules_finish (BOBBIN_STORE (source), result, &error);

  if (rules == NULL)
    {
      _bobbin_restore_fail (task, error);
      return;
    }

  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  self->theirs = rules;
  self->at_own = 0;
  if (rules->len > 0)
    bobbin_store_save_rule_async (self->store, rules->pdata[0], g_task_get_cancellable (task), rule_saved_cb, task);
  else
    bobbin_store_list_labels_async (self->store, g_task_get_cancellable (task), our_labels_cb, task);
}

/* Accounts */

/* (nullable) borrowed: the same account, by its id, else by all that names it. */
static BobbinAccount *
find_account (BobbinRestore *self,
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
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      _bobbin_restore_fail (task, error);
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
  BobbinRestore *self = g_task_get_task_data (task);

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
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->theirs = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  if (self->theirs != NULL)
    save_accounts (task);
  else
    _bobbin_restore_fail (task, error);
}

static void
ours_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->accounts = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  if (self->accounts != NULL)
    bobbin_store_list_accounts_async (self->from, g_task_get_cancellable (task), theirs_cb, task);
  else
    _bobbin_restore_fail (task, error);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  BobbinRestore *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(BobbinStoreReport) report = bobbin_store_open_finish (BOBBIN_STORE (source), result, &error);

  if (report != NULL)
    {
      bobbin_store_list_accounts_async (self->store, g_task_get_cancellable (task), ours_cb, task);
      return;
    }

  g_prefix_error (&error, "%s: ", _("the database in the backup cannot be opened"));
  _bobbin_restore_fail (task, error);
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
  BobbinRestore *self = g_new0 (BobbinRestore, 1);

  g_task_set_source_tag (task, _bobbin_restore_async);
  self->store = g_object_ref (store);
  self->dir = g_strdup (dir);
  self->progress = progress;
  self->progress_data = progress_data;
  self->mapped = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->named = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
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

  *ret_sum = ((BobbinRestore *) g_task_get_task_data (G_TASK (result)))->sum;

  return g_task_propagate_boolean (G_TASK (result), error);
}
