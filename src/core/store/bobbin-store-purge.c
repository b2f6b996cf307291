/* Threads that leave the bin for good, some at a time: deleting long ones takes its time, and others wait for the store. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

static const char old_sql[] = "SELECT id FROM threads WHERE deleted_us <> 0 AND deleted_us < ?1 ORDER BY deleted_us LIMIT ?2";
static const char picked_sql[] =
  "SELECT p.id FROM picked p CROSS JOIN threads t ON t.id = p.id WHERE t.deleted_us <> 0 AND t.deleted_us < ?1 LIMIT ?2";

static const char oldest_sql[] = "SELECT min(deleted_us) FROM threads WHERE deleted_us <> 0";

typedef struct
{
  GArray *ids;
  gint64  oldest_us;
} Purged;

static void
purged_free (gpointer data)
{
  Purged *purged = data;

  g_clear_pointer (&purged->ids, g_array_unref);
  g_free (purged);
}

typedef struct
{
  gint64            before_us;
  BobbinThreadPick *pick;      /* (nullable) */
  guint             limit;
} PurgeArgs;

static void
purge_args_free (gpointer data)
{
  PurgeArgs *args = data;

  bobbin_thread_pick_free (args->pick);
  g_free (args);
}

static gboolean
delete_some (BobbinStoreDb    *db,
             const PurgeArgs  *args,
             GArray           *ids,
             GError          **error)
{
  sqlite3_stmt *statement;
  int more;

  if (args->pick != NULL && !_bobbin_change_pick (db, args->pick, error))
    return FALSE;

  statement = bobbin_db_query (db, error, args->pick != NULL ? picked_sql : old_sql, DB_INT (args->before_us), DB_INT (args->limit));
  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  if (more < 0)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (!_bobbin_threads_delete (db, g_array_index (ids, gint64, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
purge_run (BobbinStoreDb  *db,
           gpointer        data,
           gpointer       *ret_result,
           GError        **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 oldest_us;
  Purged *purged;

  if (!_bobbin_db_begin (db, BOBBIN_STORE_WRITE, error))
    return FALSE;
  if (!delete_some (db, data, ids, error))
    {
      _bobbin_db_rollback (db);
      return FALSE;
    }
  if (!_bobbin_db_commit (db, error) || (ids->len > 0 && !_bobbin_attachments_collect (db, FALSE, error)) ||
      !_bobbin_db_get_int (db, bobbin_db_query (db, error, oldest_sql), 0, &oldest_us, error))
    return FALSE;

  purged = g_new0 (Purged, 1);
  purged->ids = g_steal_pointer (&ids);
  purged->oldest_us = oldest_us;
  *ret_result = purged;
  return TRUE;
}

static const BobbinStoreOpInfo purge_info =
  { "purge", BOBBIN_STORE_RAW, NULL, purge_run, purge_args_free, purged_free };

void
bobbin_store_purge_async (BobbinStore            *self,
                          gint64                  deleted_before_us,
                          const BobbinThreadPick *pick,
                          guint                   limit,
                          GCancellable           *cancellable,
                          GAsyncReadyCallback     callback,
                          gpointer                user_data)
{
  PurgeArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (PurgeArgs, 1);
  args->before_us = deleted_before_us != 0 ? deleted_before_us : G_MAXINT64;
  args->pick = pick != NULL ? bobbin_thread_pick_copy (pick) : NULL;
  args->limit = limit;
  _bobbin_store_submit (self, bobbin_store_purge_async, &purge_info, args, cancellable, callback, user_data);
}

gboolean
bobbin_store_purge_finish (BobbinStore   *self,
                           GAsyncResult  *result,
                           GArray       **ret_ids,
                           gint64        *ret_oldest_us,
                           GError       **error)
{
  Purged *purged = _bobbin_store_take (self, result, bobbin_store_purge_async, error);

  if (purged == NULL)
    return FALSE;

  *ret_ids = g_steal_pointer (&purged->ids);
  *ret_oldest_us = purged->oldest_us;
  purged_free (purged);
  return TRUE;
}
