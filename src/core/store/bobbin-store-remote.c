/* What servers hold: lists of threads and messages taken in, and what is still to be done there. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

/* Threads that were listed */

static const char forgotten_sql[] = "SELECT 1 FROM forgotten_threads WHERE account_id = ? AND server_id = ?";
/* By the ids (the plus): along the account would be all of its threads, for each one that is listed. */
static const char known_sql[] =
  "SELECT id, deleted_us FROM threads WHERE id IN (SELECT thread_id FROM thread_ids WHERE server_id = ?2) AND +account_id = ?1"
  " ORDER BY server_id IS ?2 DESC, last_used_us DESC LIMIT 1";
/* A title given here stays, as does the later use. */
static const char update_sql[] =
  "UPDATE threads SET title = iif (?2 IS NOT NULL AND title_origin IN ('none', 'derived', 'server'), ?2, title),"
  " title_origin = iif (?2 IS NOT NULL AND title_origin IN ('none', 'derived', 'server'), 'server', title_origin),"
  " last_used_us = max (last_used_us, ?3) WHERE id = ?1";

typedef struct
{
  gint64     account_id;
  GPtrArray *threads; /* of BobbinThreadRow */
} MergeArgs;

static void
merge_args_free (gpointer data)
{
  MergeArgs *args = data;

  g_ptr_array_unref (args->threads);
  g_free (args);
}

static gboolean
merge_one (BobbinStoreDb          *db,
           gint64                  account_id,
           const BobbinThreadRow  *row,
           GArray                 *ids,
           GError                **error)
{
  gint64 forgotten;
  gint64 known = 0;
  gboolean is_binned = FALSE;
  sqlite3_stmt *statement;
  int more;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, forgotten_sql, DB_INT (account_id), DB_TEXT (row->server_id)), 0,
                           &forgotten, error))
    return FALSE;
  if (forgotten != 0)
    return TRUE;

  statement = bobbin_db_query (db, error, known_sql, DB_INT (account_id), DB_TEXT (row->server_id));
  more = _bobbin_db_step (db, statement, error);
  if (more < 0)
    return FALSE;
  if (more > 0)
    {
      known = sqlite3_column_int64 (statement, 0);
      is_binned = sqlite3_column_int64 (statement, 1) != 0;
      sqlite3_reset (statement);
    }
  if (is_binned)
    return TRUE;
  if (known == 0)
    {
      known = row->id;
      if (!_bobbin_threads_save (db, row, error))
        return FALSE;
    }
  else if (!bobbin_db_do (db, error, update_sql, DB_INT (known), DB_TEXT (row->title), DB_INT (row->last_used_us)))
    {
      return FALSE;
    }
  g_array_append_val (ids, known);

  return TRUE;
}

static gboolean
merge_run (BobbinStoreDb  *db,
           gpointer        data,
           gpointer       *ret_result,
           GError        **error)
{
  const MergeArgs *args = data;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_thread_row_free);

  for (guint i = 0; i < args->threads->len; i++)
    if (!merge_one (db, args->account_id, args->threads->pdata[i], ids, error))
      return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      BobbinThreadRow *row = _bobbin_threads_load (db, g_array_index (ids, gint64, i), error);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (rows, row);
    }

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

static const BobbinStoreOpInfo merge_info =
  { "merge-threads", BOBBIN_STORE_WRITE, NULL, merge_run, merge_args_free, (GDestroyNotify) g_ptr_array_unref };

void
bobbin_store_merge_threads_async (BobbinStore         *self,
                                  gint64               account_id,
                                  GPtrArray           *threads,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  MergeArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (MergeArgs, 1);
  args->account_id = account_id;
  args->threads = g_ptr_array_new_full (threads->len, (GDestroyNotify) bobbin_thread_row_free);
  for (guint i = 0; i < threads->len; i++)
    if (bobbin_thread_get_server_id (threads->pdata[i]) != NULL)
      g_ptr_array_add (args->threads, bobbin_thread_row_new (threads->pdata[i]));
  _bobbin_store_submit (self, bobbin_store_merge_threads_async, &merge_info, args, cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_merge_threads_finish (BobbinStore   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_autoptr(GPtrArray) rows = _bobbin_store_take (self, result, bobbin_store_merge_threads_async, error);
  GPtrArray *threads;

  if (rows == NULL)
    return NULL;

  threads = g_ptr_array_new_full (rows->len, g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (threads, bobbin_thread_row_to_model (g_ptr_array_index (rows, i)));

  return threads;
}

/* Messages of a page of history, in one step */

static gboolean
save_messages_run (BobbinStoreDb  *db,
                   gpointer        args,
                   gpointer       *ret_result,
                   GError        **error)
{
  GPtrArray *rows = args;

  for (guint i = 0; i < rows->len; i++)
    if (!_bobbin_messages_save (db, rows->pdata[i], error))
      return FALSE;

  return TRUE;
}

static const BobbinStoreOpInfo save_messages_info =
  { "save-messages", BOBBIN_STORE_DURABLE, NULL, save_messages_run, (GDestroyNotify) g_ptr_array_unref, NULL };

void
bobbin_store_save_messages_async (BobbinStore         *self,
                                  gint64               thread_id,
                                  GPtrArray           *messages,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GPtrArray *rows;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  rows = g_ptr_array_new_full (messages->len, (GDestroyNotify) bobbin_message_row_free);
  for (guint i = 0; i < messages->len; i++)
    g_ptr_array_add (rows, bobbin_message_row_new (thread_id, messages->pdata[i], TRUE));
  _bobbin_store_submit (self, bobbin_store_save_messages_async, &save_messages_info, rows, cancellable, callback, user_data);
}

/* Versions that are hidden: the server has them all */

static const char hidden_sql[] = "SELECT server_id FROM messages WHERE thread_id = ? AND hidden <> 0 AND server_id IS NOT NULL";

static gboolean
list_hidden_run (BobbinStoreDb  *db,
                 gpointer        args,
                 gpointer       *ret_result,
                 GError        **error)
{
  const gint64 *thread_id = args;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  sqlite3_stmt *statement = bobbin_db_query (db, error, hidden_sql, DB_INT (*thread_id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      g_autofree char *all = _bobbin_db_dup_text (statement, 0);
      g_auto(GStrv) ids = g_strsplit (all, BOBBIN_SERVER_ID_SEPARATOR, -1);

      g_strv_builder_addv (builder, (const char **) ids);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_strv_builder_end (builder);
  return TRUE;
}

static const BobbinStoreOpInfo list_hidden_info =
  { "list-hidden-ids", BOBBIN_STORE_READ, NULL, list_hidden_run, g_free, (GDestroyNotify) g_strfreev };

void
bobbin_store_list_hidden_ids_async (BobbinStore         *self,
                                    gint64               thread_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_list_hidden_ids_async, &list_hidden_info, g_memdup2 (&thread_id, sizeof thread_id),
                        cancellable, callback, user_data);
}

GStrv
bobbin_store_list_hidden_ids_finish (BobbinStore   *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_list_hidden_ids_async, error);
}

/* What is still to be done on servers */

static const char add_change_sql[] =
  "INSERT OR REPLACE INTO remote_changes (id, account_id, thread_id, kind, server_id, title, due_us, failure)"
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
static const char list_changes_sql[] =
  "SELECT id, account_id, thread_id, kind, server_id, title, due_us, failure,"
  " (SELECT title FROM threads WHERE threads.id = remote_changes.thread_id) FROM remote_changes"
  " WHERE (failure IS NOT NULL) = ?1 ORDER BY id LIMIT ?2";
static const char retry_sql[] = "UPDATE remote_changes SET failure = NULL WHERE failure IS NOT NULL";
static const char dismiss_sql[] = "DELETE FROM remote_changes WHERE failure IS NOT NULL";
static const char remove_change_sql[] = "DELETE FROM remote_changes WHERE id = ?";

/* Append only: words on disk. */
static const char *const kinds[] = {
  [BOBBIN_REMOTE_DELETE] = "delete",
  [BOBBIN_REMOTE_RENAME] = "rename",
};

void
bobbin_remote_change_free (BobbinRemoteChange *self)
{
  if (self == NULL)
    return;

  g_free (self->server_id);
  g_free (self->title);
  g_free (self->failure);
  g_free (self->thread_title);
  g_free (self);
}

BobbinRemoteChange *
bobbin_remote_change_copy (const BobbinRemoteChange *self)
{
  BobbinRemoteChange *copy = g_memdup2 (self, sizeof *self);

  copy->server_id = g_strdup (self->server_id);
  copy->title = g_strdup (self->title);
  copy->failure = g_strdup (self->failure);
  copy->thread_title = g_strdup (self->thread_title);

  return copy;
}

static gboolean
add_change_run (BobbinStoreDb  *db,
                gpointer        args,
                gpointer       *ret_result,
                GError        **error)
{
  const BobbinRemoteChange *change = args;

  return bobbin_db_do (db, error, add_change_sql, DB_INT (change->id), DB_INT (change->account_id), DB_INT (change->thread_id),
                       DB_TEXT (kinds[change->kind]), DB_TEXT (change->server_id), DB_TEXT (change->title),
                       DB_INT (change->due_us), DB_TEXT (change->failure));
}

typedef struct
{
  gboolean failed;
  guint    limit;
} ListChangesArgs;

static gboolean
list_changes_run (BobbinStoreDb  *db,
                  gpointer        args,
                  gpointer       *ret_result,
                  GError        **error)
{
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_remote_change_free);
  const ListChangesArgs *wanted = args;
  sqlite3_stmt *statement =
    bobbin_db_query (db, error, list_changes_sql, DB_INT (wanted->failed != 0), DB_INT (wanted->limit));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinRemoteChange *change = g_new0 (BobbinRemoteChange, 1);
      const char *kind = (const char *) sqlite3_column_text (statement, 3);

      change->id = sqlite3_column_int64 (statement, 0);
      change->account_id = sqlite3_column_int64 (statement, 1);
      change->thread_id = sqlite3_column_int64 (statement, 2);
      change->kind = g_strcmp0 (kind, kinds[BOBBIN_REMOTE_RENAME]) == 0 ? BOBBIN_REMOTE_RENAME : BOBBIN_REMOTE_DELETE;
      change->server_id = _bobbin_db_dup_text (statement, 4);
      change->title = _bobbin_db_dup_text (statement, 5);
      change->due_us = sqlite3_column_int64 (statement, 6);
      change->failure = _bobbin_db_dup_text (statement, 7);
      change->thread_title = _bobbin_db_dup_text (statement, 8);
      g_ptr_array_add (changes, change);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&changes);
  return TRUE;
}

static gboolean
remove_change_run (BobbinStoreDb  *db,
                   gpointer        args,
                   gpointer       *ret_result,
                   GError        **error)
{
  const gint64 *id = args;

  return bobbin_db_do (db, error, remove_change_sql, DB_INT (*id));
}

static gboolean
retry_run (BobbinStoreDb  *db,
           gpointer        args,
           gpointer       *ret_result,
           GError        **error)
{
  const gboolean *retry = args;

  return bobbin_db_do (db, error, *retry ? retry_sql : dismiss_sql);
}

static const BobbinStoreOpInfo add_change_info =
  { "add-remote-change", BOBBIN_STORE_DURABLE, NULL, add_change_run, (GDestroyNotify) bobbin_remote_change_free, NULL };
static const BobbinStoreOpInfo list_changes_info =
  { "list-remote-changes", BOBBIN_STORE_READ, NULL, list_changes_run, g_free, (GDestroyNotify) g_ptr_array_unref };
static const BobbinStoreOpInfo retry_info = { "retry-remote-changes", BOBBIN_STORE_DURABLE, NULL, retry_run, g_free, NULL };
static const BobbinStoreOpInfo remove_change_info =
  { "remove-remote-change", BOBBIN_STORE_DURABLE, NULL, remove_change_run, g_free, NULL };

void
bobbin_store_add_remote_change_async (BobbinStore              *self,
                                      const BobbinRemoteChange *change,
                                      GCancellable             *cancellable,
                                      GAsyncReadyCallback       callback,
                                      gpointer                  user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_add_remote_change_async, &add_change_info, bobbin_remote_change_copy (change), cancellable,
                        callback, user_data);
}

void
bobbin_store_remove_remote_change_async (BobbinStore         *self,
                                         gint64               change_id,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_remove_remote_change_async, &remove_change_info,
                        g_memdup2 (&change_id, sizeof change_id), cancellable, callback, user_data);
}

void
bobbin_store_list_remote_changes_async (BobbinStore         *self,
                                        gboolean             failed,
                                        guint                limit,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  ListChangesArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (ListChangesArgs, 1);
  args->failed = failed;
  args->limit = limit;
  _bobbin_store_submit (self, bobbin_store_list_remote_changes_async, &list_changes_info, args, cancellable, callback, user_data);
}

void
bobbin_store_retry_remote_changes_async (BobbinStore         *self,
                                         gboolean             retry,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_retry_remote_changes_async, &retry_info, g_memdup2 (&retry, sizeof retry), cancellable,
                        callback, user_data);
}

GPtrArray *
bobbin_store_list_remote_changes_finish (BobbinStore   *self,
                                         GAsyncResult  *result,
                                         GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_list_remote_changes_async, error);
}
