#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-bulk.h"

#include "store/bobbin-store-index.h"

static const char triggers_sql[] = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid";

static gboolean
list_triggers (BobbinStoreDb  *db,
               GPtrArray      *names,
               GPtrArray      *scripts,
               GError        **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, triggers_sql);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      g_ptr_array_add (names, _bobbin_db_dup_text (statement, 0));
      g_ptr_array_add (scripts, _bobbin_db_dup_text (statement, 1));
    }

  return more == 0;
}

static gboolean
drop_triggers (BobbinStoreDb  *db,
               GPtrArray      *scripts,
               GError        **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!list_triggers (db, names, scripts, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *sql = g_strdup_printf ("DROP TRIGGER %s", (const char *) g_ptr_array_index (names, i));

      if (!_bobbin_db_script (db, sql, error))
        return FALSE;
    }

  return TRUE;
}

/* The triggers go, and are remembered: building the index once at the end takes half the time. */
static gboolean
begin_run (BobbinStoreDb  *db,
           gpointer        args,
           gpointer       *ret_result,
           GError        **error)
{
  g_autoptr(GPtrArray) scripts = g_ptr_array_new_with_free_func (g_free);

  /* Looking for a page in a long log is slow: keep them in memory. */
  if (!_bobbin_db_script (db, "PRAGMA cache_size=-262144", error) || !_bobbin_db_begin (db, BOBBIN_STORE_WRITE, error))
    return FALSE;
  if (!drop_triggers (db, scripts, error))
    {
      _bobbin_db_rollback (db);
      return FALSE;
    }

  db->bulk_triggers = g_steal_pointer (&scripts);
  return TRUE;
}

static gboolean
end_run (BobbinStoreDb  *db,
         gpointer        args,
         gpointer       *ret_result,
         GError        **error)
{
  g_autoptr(GPtrArray) scripts = g_steal_pointer (&db->bulk_triggers);

  if (scripts == NULL)
    return TRUE;

  for (guint i = 0; i < scripts->len; i++)
    if (!_bobbin_db_script (db, g_ptr_array_index (scripts, i), error))
      return FALSE;

  return _bobbin_index_rebuild (db, error) && _bobbin_db_commit (db, error) &&
         _bobbin_db_script (db, "PRAGMA cache_size=-2000", error);
}

static const BobbinStoreOpInfo begin_info = { "begin-bulk", BOBBIN_STORE_RAW, NULL, begin_run, NULL, NULL };
static const BobbinStoreOpInfo end_info = { "end-bulk", BOBBIN_STORE_RAW, NULL, end_run, NULL, NULL };

void
_bobbin_store_begin_bulk_async (BobbinStore         *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, _bobbin_store_begin_bulk_async, &begin_info, NULL, cancellable, callback, user_data);
}

void
_bobbin_store_end_bulk_async (BobbinStore         *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, _bobbin_store_end_bulk_async, &end_info, NULL, cancellable, callback, user_data);
}
