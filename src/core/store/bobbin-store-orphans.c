/* What processes left that ended in the middle of a turn (bobbin_store_claim_orphans_async). Text that streamed in is put
 * together here, so that it can be found by searching. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

static const char owners_sql[] = "SELECT DISTINCT owner FROM messages WHERE owner IS NOT NULL";
static const char threads_sql[] =
  "SELECT DISTINCT thread_id, EXISTS (SELECT 1 FROM messages q WHERE q.owner = ?1 AND q.thread_id = messages.thread_id"
  " AND q.delivery = 'queued') FROM messages WHERE owner = ?1";

static const char merge_sql[] =
  "UPDATE blocks SET (text, text_bytes) = (SELECT blocks.text || group_concat(text, ''), blocks.text_bytes + sum(bytes)"
  " FROM (SELECT text, bytes FROM block_chunks WHERE block_id = blocks.id ORDER BY start))"
  " WHERE message_id IN (SELECT id FROM messages WHERE owner = ?)"
  " AND EXISTS (SELECT 1 FROM block_chunks WHERE block_id = blocks.id)";
static const char clear_sql[] =
  "DELETE FROM block_chunks WHERE block_id IN"
  " (SELECT id FROM blocks WHERE message_id IN (SELECT id FROM messages WHERE owner = ?))";
static const char close_blocks_sql[] =
  "UPDATE blocks SET state = CASE kind WHEN 'tool-call' THEN 'error' WHEN 'approval' THEN 'expired' ELSE 'done' END"
  " WHERE state = 'open' AND message_id IN (SELECT id FROM messages WHERE owner = ? AND delivery <> 'queued')";
static const char claim_sql[] =
  "UPDATE messages SET owner = ?2 WHERE owner = ?1 AND delivery = 'queued'";
/* Nobody knows what became of what was on its way; of an answer that had begun it is known that its turn ran. */
static const char interrupt_sql[] =
  "UPDATE messages SET owner = NULL, failure_code = 'interrupted',"
  " failure_certainty = CASE delivery WHEN 'answering' THEN 'accepted' ELSE 'unknown' END,"
  " failure_detail = 'The program ended before the answer was complete', failure_http = 0, failure_close = 0,"
  " failure_retry_ms = -1, delivery = 'interrupted' WHERE owner = ?";

static gboolean
list_gone (BobbinStoreDb  *db,
           GStrv          *ret_owners,
           GError        **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  sqlite3_stmt *statement = bobbin_db_query (db, error, owners_sql);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      const char *owner = (const char *) sqlite3_column_text (statement, 0);

      if (g_strcmp0 (owner, db->instance) != 0 &&
          (db->instances_dir == NULL || !_bobbin_instance_is_alive (db->instances_dir, owner)))
        g_strv_builder_add (builder, owner);
    }
  if (more < 0)
    return FALSE;

  *ret_owners = g_strv_builder_end (builder);
  return TRUE;
}

static void
add_unique (GArray *ids,
            gint64  id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == id)
      return;
  g_array_append_val (ids, id);
}

static gboolean
claim_of (BobbinStoreDb  *db,
          const char     *owner,
          GArray         *queued,
          GError        **error)
{
  g_autoptr(GArray) threads = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = bobbin_db_query (db, error, threads_sql, DB_TEXT (owner));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (threads, id);
      if (sqlite3_column_int (statement, 1) != 0)
        add_unique (queued, id);
    }
  if (more < 0)
    return FALSE;

  if (!bobbin_db_do (db, error, merge_sql, DB_TEXT (owner)) || !bobbin_db_do (db, error, clear_sql, DB_TEXT (owner)) ||
      !bobbin_db_do (db, error, close_blocks_sql, DB_TEXT (owner)) ||
      !bobbin_db_do (db, error, claim_sql, DB_TEXT (owner), DB_TEXT (db->instance)) ||
      !bobbin_db_do (db, error, interrupt_sql, DB_TEXT (owner)))
    return FALSE;

  for (guint i = 0; i < threads->len; i++)
    if (!_bobbin_threads_refresh (db, g_array_index (threads, gint64, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
claim_run (BobbinStoreDb  *db,
           gpointer        args,
           gpointer       *ret_result,
           GError        **error)
{
  g_autoptr(GArray) queued = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto(GStrv) owners = NULL;

  if (!list_gone (db, &owners, error))
    return FALSE;
  for (guint i = 0; owners[i] != NULL; i++)
    if (!claim_of (db, owners[i], queued, error))
      return FALSE;

  *ret_result = g_steal_pointer (&queued);
  return TRUE;
}

/* Asks first: most starts find nothing and write nothing. */
static gboolean
look_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  static const BobbinStoreOpInfo write_info =
    { "claim-orphans", BOBBIN_STORE_DURABLE, NULL, claim_run, NULL, (GDestroyNotify) g_array_unref };
  g_auto(GStrv) owners = NULL;

  if (!list_gone (db, &owners, error))
    return FALSE;
  if (owners[0] != NULL && !db->read_only)
    return _bobbin_db_execute (db, &write_info, NULL, NULL, ret_result, error);

  /* Nothing to claim, or nothing that can be claimed in a profile that cannot be written. */
  *ret_result = g_array_new (FALSE, FALSE, sizeof (gint64));
  return TRUE;
}

static const BobbinStoreOpInfo claim_info =
  { "claim-orphans", BOBBIN_STORE_RAW, NULL, look_run, NULL, (GDestroyNotify) g_array_unref };

void
bobbin_store_claim_orphans_async (BobbinStore         *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_claim_orphans_async, &claim_info, NULL, cancellable, callback, user_data);
}

GArray *
bobbin_store_claim_orphans_finish (BobbinStore   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_claim_orphans_async, error);
}
