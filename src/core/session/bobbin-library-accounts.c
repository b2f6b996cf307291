/* Accounts of the library: their backends and where their keys come from. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-session-private.h"
#include "util/bobbin-jwt.h"

void
_bobbin_account_entry_free (BobbinAccountEntry *entry)
{
  g_clear_object (&entry->backend);
  g_free (entry->list_cursor);
  g_free (entry);
}

BobbinAccountEntry *
_bobbin_library_get_entry (BobbinLibrary *self,
                           BobbinAccount *account)
{
  BobbinAccountEntry *entry = g_hash_table_lookup (self->entries, account);

  if (entry == NULL)
    {
      entry = g_new0 (BobbinAccountEntry, 1);
      entry->backend = self->factory (account, self->clock);
      g_hash_table_insert (self->entries, g_object_ref (account), entry);
    }

  return entry;
}

static int
compare_accounts (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  BobbinAccount *first = BOBBIN_ACCOUNT ((gpointer) a);
  BobbinAccount *second = BOBBIN_ACCOUNT ((gpointer) b);
  int by_position = bobbin_account_get_position (first) - bobbin_account_get_position (second);
  gint64 by_id = bobbin_account_get_id (first) - bobbin_account_get_id (second);

  return by_position != 0 ? by_position : by_id < 0 ? -1 : by_id > 0;
}

void
_bobbin_library_add_accounts (BobbinLibrary *self,
                              GPtrArray     *accounts)
{
  for (guint i = 0; i < accounts->len; i++)
    if (bobbin_library_find_account (self, bobbin_account_get_id (accounts->pdata[i])) == NULL)
      g_list_store_insert_sorted (self->accounts, accounts->pdata[i], compare_accounts, NULL);
}

GListModel *
bobbin_library_get_accounts (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return G_LIST_MODEL (self->accounts);
}

BobbinAccount *
bobbin_library_find_account (BobbinLibrary *self,
                             gint64         account_id)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (bobbin_account_get_id (account) == account_id)
        return account; /* the list keeps its reference */
    }

  return NULL;
}

BobbinAccount *
bobbin_library_find_account_by_name (BobbinLibrary *self,
                                     const char    *name)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (g_strcmp0 (bobbin_account_get_name (account), name) == 0)
        return account;
    }

  return NULL;
}

BobbinBackend *
bobbin_library_get_backend (BobbinLibrary *self,
                            BobbinAccount *account)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (account), NULL);

  return _bobbin_library_get_entry (self, account)->backend;
}

/* Keys */

static void
no_key (BobbinAccount *account)
{
  bobbin_account_set_key_refused (account, FALSE);
  bobbin_account_set_needs_key (account, TRUE);
}

/* The second key, where the service uses one: without it some models answer, so its absence is no failure here. */
static void
provider_key_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  BobbinAccount *account = g_task_get_task_data (task);
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, account);
  char *key = bobbin_secrets_lookup_finish (BOBBIN_SECRETS (source), result, NULL);

  if (key != NULL)
    bobbin_backend_set_provider_key (entry->backend, key);
  bobbin_secret_free (key);
  entry->have_provider_key = TRUE;
  if (entry->have_key || bobbin_backend_can (entry->backend, BOBBIN_CAN_WORK_KEYLESS))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  no_key (account);
  g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_AUTH, "No key is stored for this account");
}

void
bobbin_library_use_provider_key (BobbinLibrary *self,
                                 BobbinAccount *account,
                                 const char    *key)
{
  BobbinAccountEntry *entry;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_ACCOUNT (account));

  entry = _bobbin_library_get_entry (self, account);
  if (entry->backend != NULL)
    bobbin_backend_set_provider_key (entry->backend, key);
  entry->have_provider_key = key != NULL;
}

static void
provider_key_kept_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bobbin_secrets_store_finish (BOBBIN_SECRETS (source), result, &error))
    g_message ("The model provider's key is kept for this run only: %s", error->message);
}

void
bobbin_library_keep_provider_key (BobbinLibrary *self,
                                  BobbinAccount *account,
                                  const char    *key)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (key != NULL);

  bobbin_library_use_provider_key (self, account, key);
  bobbin_secrets_store_async (self->secrets, bobbin_account_get_id (account), BOBBIN_SECRET_PROVIDER_KEY,
                              bobbin_account_get_name (account), key, NULL, provider_key_kept_cb, NULL);
}

static void
key_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  BobbinAccount *account = g_task_get_task_data (task);
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, account);
  g_autoptr(GError) error = NULL;
  char *key = bobbin_secrets_lookup_finish (BOBBIN_SECRETS (source), result, &error);

  if (key != NULL && !entry->have_key)
    {
      bobbin_backend_set_credential (entry->backend, key);
      bobbin_account_set_key_expires_us (account, bobbin_jwt_get_expiry_us (key));
      entry->have_key = entry->from_secrets = TRUE;
    }
  bobbin_secret_free (key);

  if (!entry->have_provider_key && bobbin_backend_can (entry->backend, BOBBIN_CAN_USE_PROVIDER_KEY))
    {
      bobbin_secrets_lookup_async (self->secrets, bobbin_account_get_id (account), BOBBIN_SECRET_PROVIDER_KEY, NULL, provider_key_cb,
                                   g_steal_pointer (&task));
      return;
    }
  if (entry->have_key || bobbin_backend_can (entry->backend, BOBBIN_CAN_WORK_KEYLESS))
    {
      g_task_return_boolean (task, TRUE);
    }
  else if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else
    {
      no_key (account);
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_AUTH, "No key is stored for this account");
    }
}

void
_bobbin_library_need_key_async (BobbinLibrary       *self,
                                BobbinAccount       *account,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, account);

  g_task_set_source_tag (task, _bobbin_library_need_key_async);
  g_task_set_task_data (task, g_object_ref (account), g_object_unref);
  if (entry->have_key)
    g_task_return_boolean (task, TRUE);
  else
    bobbin_secrets_lookup_async (self->secrets, bobbin_account_get_id (account), BOBBIN_SECRET_KEY, cancellable, key_cb,
                                 g_steal_pointer (&task));
}

gboolean
_bobbin_library_need_key_finish (BobbinLibrary *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
_bobbin_library_key_refused (BobbinLibrary *self,
                             BobbinAccount *account)
{
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, account);

  bobbin_account_set_key_refused (account, TRUE);
  bobbin_account_set_needs_key (account, TRUE);
  /* Somebody may put another one into the keyring. A key that was typed for this run exists nowhere else. */
  if (entry->from_secrets)
    entry->have_key = FALSE;
}

static void
tell_sessions (BobbinLibrary *self,
               BobbinAccount *account)
{
  g_autoptr(GPtrArray) sessions = _bobbin_library_list_sessions (self, bobbin_account_get_id (account));

  for (guint i = 0; i < sessions->len; i++)
    _bobbin_session_account_changed (sessions->pdata[i]);
}

static void
use_credential (BobbinLibrary *self,
                BobbinAccount *account,
                const char    *credential)
{
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, account);

  if (entry->backend != NULL)
    bobbin_backend_set_credential (entry->backend, credential);
  bobbin_account_set_key_expires_us (account, bobbin_jwt_get_expiry_us (credential));
  entry->have_key = credential != NULL;
  entry->from_secrets = FALSE;
  if (credential == NULL)
    no_key (account);
  else
    bobbin_account_set_needs_key (account, FALSE);
}

void
bobbin_library_use_credential (BobbinLibrary *self,
                               BobbinAccount *account,
                               const char    *credential)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_ACCOUNT (account));

  use_credential (self, account, credential);
  tell_sessions (self, account);
}

/* Saving */

typedef struct
{
  BobbinAccount *account; /* owned */
  char          *credential;
} SaveAccount;

static void
save_account_free (SaveAccount *save)
{
  bobbin_secret_free (save->credential);
  g_object_unref (save->account);
  g_free (save);
}

static void
key_stored_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;

  if (bobbin_secrets_store_finish (BOBBIN_SECRETS (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
account_saved_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  SaveAccount *save = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  guint position;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (g_list_store_find (self->accounts, save->account, &position))
    g_list_store_sort (self->accounts, compare_accounts, NULL);
  else
    g_list_store_insert_sorted (self->accounts, save->account, compare_accounts, NULL);
  if (save->credential != NULL)
    use_credential (self, save->account, save->credential);
  tell_sessions (self, save->account);

  if (save->credential == NULL)
    g_task_return_boolean (task, TRUE);
  else
    bobbin_secrets_store_async (self->secrets, bobbin_account_get_id (save->account), BOBBIN_SECRET_KEY,
                                bobbin_account_get_name (save->account), save->credential,
                                g_task_get_cancellable (task), key_stored_cb, g_object_ref (task));
}

void
bobbin_library_save_account_async (BobbinLibrary       *self,
                                   BobbinAccount       *account,
                                   const char          *credential,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  SaveAccount *save;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_ACCOUNT (account));

  save = g_new0 (SaveAccount, 1);
  save->account = g_object_ref (account);
  save->credential = g_strdup (credential);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_save_account_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_account_free);
  bobbin_store_save_account_async (self->store, account, cancellable, account_saved_cb, g_steal_pointer (&task));
}

gboolean
bobbin_library_save_account_finish (BobbinLibrary *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Removing */

static void
forgotten_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  BobbinAccount *account = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  guint position;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  _bobbin_library_forget_account_threads (self, bobbin_account_get_id (account));
  _bobbin_library_forget_account_rules (self, bobbin_account_get_id (account));
  if (g_list_store_find (self->accounts, account, &position))
    g_list_store_remove (self->accounts, position);
  g_hash_table_remove (self->entries, account);
  g_task_return_boolean (task, TRUE);
}

static void
keys_cleared_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  BobbinAccount *account = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* The key first, and nothing else without it: an account that is gone while its key stays could never be cleaned up. */
  if (!bobbin_secrets_clear_finish (BOBBIN_SECRETS (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bobbin_store_forget_account_async (self->store, bobbin_account_get_id (account), g_task_get_cancellable (task),
                                     forgotten_cb, g_object_ref (task));
}

void
bobbin_library_remove_account_async (BobbinLibrary       *self,
                                     BobbinAccount       *account,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GPtrArray) sessions = NULL;
  gint64 account_id;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_ACCOUNT (account));

  account_id = bobbin_account_get_id (account);
  sessions = _bobbin_library_list_sessions (self, account_id);
  for (guint i = 0; i < sessions->len; i++)
    _bobbin_library_close_session (self, bobbin_thread_get_id (bobbin_session_get_thread (sessions->pdata[i])));
  use_credential (self, account, NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_remove_account_async);
  g_task_set_task_data (task, g_object_ref (account), g_object_unref);
  bobbin_secrets_clear_async (self->secrets, account_id, cancellable, keys_cleared_cb, g_steal_pointer (&task));
}

gboolean
bobbin_library_remove_account_finish (BobbinLibrary *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
