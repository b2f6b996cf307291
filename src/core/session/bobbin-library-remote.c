/* The servers' lists of threads, taken in page by page as they are looked at, and what is to be changed there: deletions, once the time
 * to take them back has passed, and names. Changes wait in the database for a network, a key, the next start. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-session-private.h"

#include "backend/bobbin-abilities.h"
#include "util/bobbin-id.h"

#define REFRESH_US (60 * G_USEC_PER_SEC) /* a list that was read is not read again before */
#define RETRY_MS 60000
#define MOST_CHANGES 100 /* kept in memory */

/* Lists */

typedef struct
{
  BobbinLibrary *library; /* owned */
  BobbinAccount *account; /* owned */
  char          *search;  /* (nullable) */
  gboolean       first;
} List;

static void
list_free (List *list)
{
  g_object_unref (list->library);
  g_object_unref (list->account);
  g_free (list->search);
  g_free (list);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (List, list_free)

static gboolean
can_list (BobbinLibrary *self,
          BobbinAccount *account)
{
  BobbinBackend *backend = bobbin_library_get_backend (self, account);

  return backend != NULL && BOBBIN_IS_THREAD_LISTER (backend) && bobbin_backend_can (backend, BOBBIN_CAN_LIST_THREADS);
}

static void
set_busy (BobbinLibrary *self,
          BobbinAccount *account,
          gboolean       busy)
{
  _bobbin_library_get_entry (self, account)->listing = busy;
}

static void
merged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(List) list = user_data;
  BobbinLibrary *self = list->library;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) threads = bobbin_store_merge_threads_finish (BOBBIN_STORE (source), result, &error);

  set_busy (self, list->account, FALSE);
  if (self->closed)
    return;
  if (threads == NULL)
    {
      g_debug ("a list of the server could not be kept: %s", error->message);
      return;
    }

  _bobbin_library_take_threads (self, threads);
  _bobbin_library_notify_has_more (self);
}

static BobbinThread *
thread_from_remote (BobbinLibrary            *self,
                    BobbinAccount            *account,
                    const BobbinRemoteThread *remote)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);
  /* A server whose clock is ahead must not push everything else down for ever. */
  gint64 used_us = MIN (remote->updated_us != 0 ? remote->updated_us : remote->created_us, now_us);
  BobbinThread *thread = bobbin_thread_new (0, bobbin_account_get_id (account));

  bobbin_thread_set_server_id (thread, remote->thread_id);
  if (remote->title != NULL && *remote->title != '\0')
    bobbin_thread_set_title (thread, remote->title, BOBBIN_TITLE_SERVER);
  bobbin_thread_set_agent_id (thread, remote->agent_id != NULL ? remote->agent_id : bobbin_account_get_agent_id (account));
  bobbin_thread_set_created_us (thread, remote->created_us != 0 ? remote->created_us : used_us);
  bobbin_thread_set_last_used_us (thread, used_us);

  return thread;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(List) list = user_data;
  BobbinLibrary *self = list->library;
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, list->account);
  g_autofree char *cursor = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_thread_lister_list_finish (BOBBIN_THREAD_LISTER (source), result, &cursor, &error);
  g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func (g_object_unref);

  entry->listing = FALSE;
  if (self->closed)
    return;
  if (page == NULL)
    {
      g_debug ("the server's list could not be read: %s", error->message);
      if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH))
        _bobbin_library_key_refused (self, list->account);
      return;
    }

  if (list->search == NULL)
    {
      if (list->first)
        entry->listed_us = bobbin_clock_monotonic_us (self->clock);
      entry->was_listed = TRUE;
      g_free (entry->list_cursor);
      entry->list_cursor = g_steal_pointer (&cursor);
    }
  for (guint i = 0; i < page->len; i++)
    g_ptr_array_add (threads, thread_from_remote (self, list->account, page->pdata[i]));
  entry->listing = TRUE;
  bobbin_store_merge_threads_async (self->store, bobbin_account_get_id (list->account), threads, NULL, merged_cb, list);
  g_steal_pointer (&list);
}

static void
list_key_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(List) list = user_data;
  BobbinLibrary *self = list->library;
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, list->account);
  gboolean have_key = _bobbin_library_need_key_finish (self, result, NULL);

  if (self->closed || !have_key)
    {
      entry->listing = FALSE;
      return;
    }

  bobbin_thread_lister_list_async (BOBBIN_THREAD_LISTER (entry->backend), list->search, list->first ? NULL : entry->list_cursor,
                                   self->cancellable, listed_cb, list);
  g_steal_pointer (&list);
}

static void
list_page (BobbinLibrary *self,
           BobbinAccount *account,
           const char    *search,
           gboolean       first)
{
  BobbinAccountEntry *entry = _bobbin_library_get_entry (self, account);
  List *list;

  if (self->closed || entry->listing || !can_list (self, account))
    return;

  list = g_new0 (List, 1);
  list->library = g_object_ref (self);
  list->account = g_object_ref (account);
  list->search = g_strdup (search);
  list->first = first;
  entry->listing = TRUE;
  _bobbin_library_need_key_async (self, account, self->cancellable, list_key_cb, list);
}

void
bobbin_library_refresh_remote (BobbinLibrary *self,
                               BobbinAccount *account)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(BobbinAccount) candidate = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      BobbinAccountEntry *entry = _bobbin_library_get_entry (self, candidate);

      if (account != NULL && candidate != account)
        continue;
      if (entry->was_listed && bobbin_clock_monotonic_us (self->clock) - entry->listed_us < REFRESH_US)
        continue;
      list_page (self, candidate, NULL, TRUE);
    }
}

void
bobbin_library_search_remote (BobbinLibrary *self,
                              const char    *text)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (text != NULL && *text != '\0');

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      BobbinBackend *backend = bobbin_library_get_backend (self, account);

      if (backend != NULL && bobbin_backend_can (backend, BOBBIN_CAN_SEARCH_THREADS))
        list_page (self, account, text, TRUE);
    }
}

gboolean
_bobbin_library_has_more_remote (BobbinLibrary *self)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    if (((BobbinAccountEntry *) entry)->list_cursor != NULL)
      return TRUE;

  return FALSE;
}

void
_bobbin_library_load_more_remote (BobbinLibrary *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (_bobbin_library_get_entry (self, account)->list_cursor != NULL)
        list_page (self, account, NULL, FALSE);
    }
}

/* Changes */

static void run_changes (BobbinLibrary *self);

static gboolean
changes_cb (gpointer user_data)
{
  BobbinLibrary *self = user_data;

  self->change_timer = 0;
  run_changes (self);

  return G_SOURCE_REMOVE;
}

/* At the next due time, or after a failure in a while. */
static void
wait_for_changes (BobbinLibrary *self,
                  gint64         least_ms)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);
  gint64 wait_ms = G_MAXINT64;

  bobbin_clock_clear (self->clock, &self->change_timer);
  for (guint i = 0; i < self->changes->len; i++)
    {
      const BobbinRemoteChange *change = self->changes->pdata[i];

      wait_ms = MIN (wait_ms, MAX ((change->due_us - now_us) / 1000 + 1, least_ms));
    }
  if (wait_ms != G_MAXINT64 && !self->closed && self->adopts)
    self->change_timer = bobbin_clock_add (self->clock, (guint) MIN (wait_ms, G_MAXINT), changes_cb, self);
}

static void
leave_change (BobbinLibrary *self,
              gint64         id)
{
  for (guint i = 0; i < self->changes->len; i++)
    if (((BobbinRemoteChange *) self->changes->pdata[i])->id == id)
      {
        g_ptr_array_remove_index (self->changes, i);
        break;
      }
  self->changes_serial++;
}

static void
drop_change (BobbinLibrary *self,
             gint64         id)
{
  leave_change (self, id);
  bobbin_store_remove_remote_change_async (self->store, id, NULL, NULL, NULL);
}

/* The person sees it where cleaning up is done, and decides. */
static void
keep_failed (BobbinLibrary            *self,
             const BobbinRemoteChange *change,
             const BobbinFailure      *failure)
{
  g_autoptr(BobbinRemoteChange) failed = bobbin_remote_change_copy (change);

  failed->failure = g_strdup (failure->detail != NULL ? failure->detail : bobbin_error_code_nick (failure->code));
  bobbin_store_add_remote_change_async (self->store, failed, NULL, NULL, NULL);
}

typedef struct
{
  BobbinLibrary      *library; /* owned */
  BobbinAccount      *account; /* owned */
  BobbinRemoteChange *change;  /* owned, a copy */
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->library);
  g_object_unref (change->account);
  bobbin_remote_change_free (change->change);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Change) change = user_data;
  BobbinLibrary *self = change->library;
  BobbinThreadLister *lister = BOBBIN_THREAD_LISTER (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinFailure) failure = NULL;
  gboolean done = change->change->kind == BOBBIN_REMOTE_DELETE ? bobbin_thread_lister_delete_finish (lister, result, &error)
                                                               : bobbin_thread_lister_rename_finish (lister, result, &error);

  self->changing = FALSE;
  if (self->closed)
    return;

  failure = error != NULL ? bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN) : NULL;
  if (!done && (bobbin_failure_is_transient (failure) || failure->code == BOBBIN_ERROR_SERVER || failure->code == BOBBIN_ERROR_AUTH ||
                failure->code == BOBBIN_ERROR_TLS))
    {
      wait_for_changes (self, RETRY_MS);
      return;
    }
  if (!done && failure->code != BOBBIN_ERROR_NOT_FOUND && failure->code != BOBBIN_ERROR_NOT_SUPPORTED)
    {
      leave_change (self, change->change->id);
      keep_failed (self, change->change, failure);
      _bobbin_library_remote_failed (self, change->account, failure);
    }
  else
    {
      drop_change (self, change->change->id);
    }
  run_changes (self);
}

static void
change_key_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Change) change = user_data;
  BobbinLibrary *self = change->library;
  BobbinThreadLister *lister = BOBBIN_THREAD_LISTER (bobbin_library_get_backend (self, change->account));
  const char *server_id = change->change->server_id;

  if (!_bobbin_library_need_key_finish (self, result, NULL) || self->closed)
    {
      self->changing = FALSE;
      wait_for_changes (self, RETRY_MS);
      return;
    }

  if (change->change->kind == BOBBIN_REMOTE_DELETE)
    bobbin_thread_lister_delete_async (lister, server_id, self->cancellable, changed_cb, change);
  else
    bobbin_thread_lister_rename_async (lister, server_id, change->change->title, self->cancellable, changed_cb, change);
  g_steal_pointer (&change);
}

/* One at a time, in order. */
static void
run_changes (BobbinLibrary *self)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);

  if (self->closed || !self->adopts || self->changing)
    return;

  for (guint i = 0; i < self->changes->len; i++)
    {
      BobbinRemoteChange *due = self->changes->pdata[i];
      BobbinAccount *account = bobbin_library_find_account (self, due->account_id);
      Change *change;

      if (due->due_us > now_us)
        continue;
      if (account == NULL || !BOBBIN_IS_THREAD_LISTER (bobbin_library_get_backend (self, account)))
        continue;
      change = g_new0 (Change, 1);
      change->library = g_object_ref (self);
      change->account = g_object_ref (account);
      change->change = bobbin_remote_change_copy (due);
      self->changing = TRUE;
      _bobbin_library_need_key_async (self, account, self->cancellable, change_key_cb, change);
      return;
    }
  if (self->changes->len == 0 && self->more_changes)
    _bobbin_library_load_changes (self);
  wait_for_changes (self, 0);
}

void
_bobbin_library_run_changes (BobbinLibrary *self)
{
  run_changes (self);
}

static void
add_change (BobbinLibrary          *self,
            BobbinThread           *thread,
            BobbinRemoteChangeKind  kind,
            const char             *title,
            gint64                  delay_ms)
{
  BobbinRemoteChange *change = g_new0 (BobbinRemoteChange, 1);

  change->id = bobbin_id_new ();
  change->account_id = bobbin_thread_get_account_id (thread);
  change->thread_id = bobbin_thread_get_id (thread);
  change->kind = kind;
  change->server_id = g_strdup (bobbin_thread_get_server_id (thread));
  change->title = g_strdup (title);
  change->due_us = bobbin_clock_now_us (self->clock) + delay_ms * 1000;
  g_ptr_array_add (self->changes, change);
  self->changes_serial++;
  bobbin_store_add_remote_change_async (self->store, change, NULL, NULL, NULL);
  run_changes (self);
}

static void
take_back (BobbinLibrary          *self,
           BobbinThread           *thread,
           BobbinRemoteChangeKind  kind)
{
  for (guint i = self->changes->len; i-- > 0;)
    {
      const BobbinRemoteChange *change = self->changes->pdata[i];

      if (change->thread_id == bobbin_thread_get_id (thread) && change->kind == kind)
        drop_change (self, change->id);
    }
}

static gboolean
can_change (BobbinLibrary      *self,
            BobbinThread       *thread,
            BobbinCapabilities  what)
{
  BobbinAccount *account = bobbin_library_find_account (self, bobbin_thread_get_account_id (thread));
  BobbinBackend *backend = account != NULL ? bobbin_library_get_backend (self, account) : NULL;

  return backend != NULL && bobbin_thread_get_server_id (thread) != NULL && BOBBIN_IS_THREAD_LISTER (backend) &&
         bobbin_backend_can (backend, what);
}

gboolean
bobbin_library_deletes_remote (BobbinLibrary *self,
                               BobbinThread  *thread)
{
  BobbinAccount *account;

  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_THREAD (thread), FALSE);

  account = bobbin_library_find_account (self, bobbin_thread_get_account_id (thread));

  return account != NULL && bobbin_thread_get_server_id (thread) != NULL && bobbin_library_account_deletes (self, account);
}

gboolean
bobbin_library_account_deletes (BobbinLibrary *self,
                                BobbinAccount *account)
{
  BobbinBackend *backend;
  g_autofree char *wish = NULL;

  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (account), FALSE);

  backend = bobbin_library_get_backend (self, account);
  if (backend == NULL || !BOBBIN_IS_THREAD_LISTER (backend) || !bobbin_backend_can (backend, BOBBIN_CAN_DELETE_THREAD))
    return FALSE;

  wish = bobbin_account_dup_option (account, BOBBIN_OPTION_KEEP_ON_SERVER);

  return g_strcmp0 (wish, "yes") != 0;
}

void
_bobbin_library_thread_binned (BobbinLibrary *self,
                               BobbinThread  *thread,
                               gboolean       binned)
{
  if (binned)
    _bobbin_library_expect_purge (self);
  if (!binned)
    take_back (self, thread, BOBBIN_REMOTE_DELETE);
  else if (bobbin_library_deletes_remote (self, thread))
    add_change (self, thread, BOBBIN_REMOTE_DELETE, NULL, BOBBIN_LIBRARY_UNDO_MS);
}

void
_bobbin_library_thread_renamed (BobbinLibrary *self,
                                BobbinThread  *thread,
                                const char    *title)
{
  if (!can_change (self, thread, BOBBIN_CAN_RENAME_THREAD))
    return;

  /* Only the last name counts. */
  take_back (self, thread, BOBBIN_REMOTE_RENAME);
  add_change (self, thread, BOBBIN_REMOTE_RENAME, title, 0);
}

typedef struct
{
  BobbinLibrary *library; /* owned */
  guint          serial;
} LoadChanges;

static void
changes_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autofree LoadChanges *load = user_data;
  g_autoptr(BobbinLibrary) self = load->library;
  g_autoptr(GPtrArray) changes = bobbin_store_list_remote_changes_finish (BOBBIN_STORE (source), result, NULL);

  if (self->closed || changes == NULL)
    return;
  /* What was read is older than what is here. */
  if (load->serial != self->changes_serial)
    {
      _bobbin_library_load_changes (self);
      return;
    }

  g_ptr_array_set_size (self->changes, 0);
  for (guint i = 0; i < changes->len; i++)
    g_ptr_array_add (self->changes, bobbin_remote_change_copy (changes->pdata[i]));
  self->more_changes = changes->len == MOST_CHANGES;
  run_changes (self);
}

void
_bobbin_library_load_changes (BobbinLibrary *self)
{
  LoadChanges *load;

  if (!self->adopts || self->closed)
    return;

  load = g_new0 (LoadChanges, 1);
  load->library = g_object_ref (self);
  load->serial = self->changes_serial;
  bobbin_store_list_remote_changes_async (self->store, FALSE, MOST_CHANGES, self->cancellable, changes_loaded_cb, load);
}

void
bobbin_library_retry_remote (BobbinLibrary *self,
                             gboolean       retry)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  if (self->closed)
    return;

  bobbin_store_retry_remote_changes_async (self->store, retry, NULL, NULL, NULL);
  if (retry)
    _bobbin_library_load_changes (self);
}
