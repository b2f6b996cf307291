#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include <glib/gstdio.h>

static const char list_sql[] =
  "SELECT id, service, name, base_url, agent_id, transport, allow_plain, pinned_certificate, position, options"
  " FROM accounts ORDER BY position, id";

static const char save_sql[] =
  "INSERT INTO accounts (id, service, name, base_url, agent_id, transport, allow_plain, pinned_certificate, position, options)"
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
  " ON CONFLICT (id) DO UPDATE SET service = excluded.service, name = excluded.name, base_url = excluded.base_url,"
  " agent_id = excluded.agent_id, transport = excluded.transport, allow_plain = excluded.allow_plain,"
  " pinned_certificate = excluded.pinned_certificate, position = excluded.position, options = excluded.options";

static const char release_sql[] =
  "UPDATE attachments SET holder = ?2 WHERE id IN ("
  " SELECT attachment_id FROM blocks WHERE attachment_id IS NOT NULL AND message_id IN"
  "  (SELECT id FROM messages WHERE thread_id IN (SELECT id FROM threads WHERE account_id = ?1))"
  " UNION SELECT attachment_id FROM draft_attachments WHERE thread_id IN (SELECT id FROM threads WHERE account_id = ?1))";

static const char forget_sql[] = "DELETE FROM accounts WHERE id = ?";

static BobbinAccountRow *
read_row (sqlite3_stmt *statement)
{
  g_autoptr(BobbinAccountRow) row = g_new0 (BobbinAccountRow, 1);
  g_autofree char *service = _bobbin_db_dup_text (statement, 1);
  g_autofree char *transport = _bobbin_db_dup_text (statement, 5);

  row->id = sqlite3_column_int64 (statement, 0);
  if (!bobbin_service_from_nick (service, &row->service))
    return NULL;
  row->name = _bobbin_db_dup_text (statement, 2);
  row->base_url = _bobbin_db_dup_text (statement, 3);
  row->agent_id = _bobbin_db_dup_text (statement, 4);
  if (!bobbin_transport_from_nick (transport, &row->transport))
    row->transport = BOBBIN_TRANSPORT_AUTO;
  row->allow_plain = sqlite3_column_int (statement, 6) != 0;
  row->pinned_certificate = _bobbin_db_dup_text (statement, 7);
  row->position = sqlite3_column_int (statement, 8);
  row->options = _bobbin_db_dup_text (statement, 9);

  return g_steal_pointer (&row);
}

static gboolean
list_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_account_row_free);
  sqlite3_stmt *statement = bobbin_db_query (db, error, list_sql);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinAccountRow *row = read_row (statement);

      if (row != NULL)
        g_ptr_array_add (rows, row);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  const BobbinAccountRow *row = args;

  return bobbin_db_do (db, error, save_sql,
                       DB_INT (row->id), DB_TEXT (bobbin_service_get_nick (row->service)),
                       DB_TEXT (row->name != NULL ? row->name : ""), DB_TEXT (row->base_url != NULL ? row->base_url : ""),
                       DB_TEXT (row->agent_id), DB_TEXT (bobbin_transport_get_nick (row->transport)),
                       DB_INT (row->allow_plain), DB_TEXT (row->pinned_certificate), DB_INT (row->position),
                       DB_TEXT (row->options != NULL ? row->options : "{}"));
}

static gboolean
forget_rows (BobbinStoreDb  *db,
             gint64          account_id,
             GError        **error)
{
  /* Freed pages are overwritten, whatever SQLite was built with. */
  if (!_bobbin_db_script (db, "PRAGMA secure_delete=ON", error) || !_bobbin_db_begin (db, BOBBIN_STORE_DURABLE, error))
    return FALSE;
  if (_bobbin_attachments_release_blocks (db, release_sql, account_id, "", error) &&
      bobbin_db_do (db, error, forget_sql, DB_INT (account_id)))
    return _bobbin_db_commit (db, error);

  _bobbin_db_rollback (db);
  return FALSE;
}

/* Copies made before a migration hold the account as well. */
static void
remove_backups (BobbinStoreDb *db)
{
  g_autofree char *dir = db->path != NULL ? g_path_get_dirname (db->path) : NULL;
  g_autoptr(GDir) folder = dir != NULL ? g_dir_open (dir, 0, NULL) : NULL;
  const char *base;

  while (folder != NULL && (base = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, base, NULL);

      if (g_str_has_prefix (base, "bobbin.db.backup-"))
        g_unlink (path);
    }
}

static gboolean
forget_run (BobbinStoreDb  *db,
            gpointer        args,
            gpointer       *ret_result,
            GError        **error)
{
  const gint64 *account_id = args;
  g_autoptr(GError) local = NULL;

  if (!forget_rows (db, *account_id, error) || !_bobbin_attachments_collect (db, FALSE, error))
    return FALSE;

  remove_backups (db);
  /* The full-text index keeps deleted words until its parts are merged, the log until it is copied back. The rows are gone
   * by now: a failure here (another process reads, no room for the copy) must not look like one to forget. */
  if (!_bobbin_schema_each_index (db, "optimize", &local) ||
      !_bobbin_db_script (db, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);", &local))
    g_info ("forgotten account not vacuumed: %s", local->message);

  return TRUE;
}

static const BobbinStoreOpInfo list_info =
  { "list-accounts", BOBBIN_STORE_READ, NULL, list_run, NULL, (GDestroyNotify) g_ptr_array_unref };
static const BobbinStoreOpInfo save_info =
  { "save-account", BOBBIN_STORE_DURABLE, NULL, save_run, (GDestroyNotify) bobbin_account_row_free, NULL };
static const BobbinStoreOpInfo forget_info = { "forget-account", BOBBIN_STORE_RAW, NULL, forget_run, g_free, NULL };

void
bobbin_store_list_accounts_async (BobbinStore         *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_list_accounts_async, &list_info, NULL, cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_list_accounts_finish (BobbinStore   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_autoptr(GPtrArray) rows = _bobbin_store_take (self, result, bobbin_store_list_accounts_async, error);
  GPtrArray *accounts;

  if (rows == NULL)
    return NULL;

  accounts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (accounts, bobbin_account_row_to_model (g_ptr_array_index (rows, i)));

  return accounts;
}

void
bobbin_store_save_account_async (BobbinStore         *self,
                                 BobbinAccount       *account,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_ACCOUNT (account));

  _bobbin_store_submit (self, bobbin_store_save_account_async, &save_info, bobbin_account_row_new (account), cancellable,
                        callback, user_data);
}

void
bobbin_store_forget_account_async (BobbinStore         *self,
                                   gint64               account_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_forget_account_async, &forget_info, g_memdup2 (&account_id, sizeof account_id),
                        cancellable, callback, user_data);
}
