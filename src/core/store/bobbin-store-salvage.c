/* Reads a damaged database row by row and carries what can be read into a fresh one. Each table is read forwards until a
 * damaged page stops it, backwards from its end, and where there is an index, row by row through the ids the index still
 * knows. What lost its parent gets a stand-in, so that no text that was read is dropped. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

typedef struct
{
  const char *name;
  const char *columns;
  const char *sound;  /* what a row read from a damaged page must at least be */
  const char *key;    /* to order by */
  const char *index;  /* (nullable) knows the ids, apart from the table itself */
  const char *later;  /* (nullable) columns a database of an older version does not have */
} Table;

static const Table tables[] = {
  { "accounts", "id, service, name, base_url, agent_id, transport, allow_plain, pinned_certificate, position, options",
    "transport IN ('auto', 'ws', 'sse')", "id", NULL, NULL },
  { "agents", "account_id, agent_id, name, model, position", "typeof(agent_id) = 'text'", "account_id, agent_id", NULL, NULL },
  { "threads", "id, account_id, server_id, agent_id, agent_name, title, title_origin, created_us, last_used_us, expires_us,"
    " snippet, pinned, archived, deleted_us, unread, activity, metadata, reading_message, reading_block, reading_offset,"
    " reading_pixels", "title_origin IN ('none', 'derived', 'server', 'kept', 'user')", "id", "threads_of_account",
    "read_message" },
  { "thread_ids", "id, thread_id, server_id, since_us", "typeof(server_id) = 'text'", "id", "thread_ids_of_thread", NULL },
  { "remote_changes", "id, account_id, thread_id, kind, server_id, title, due_us", "kind IN ('delete', 'rename')", "id", NULL, "failure" },
  { "forgotten_threads", "account_id, server_id", "typeof(server_id) = 'text'", "account_id, server_id", NULL, NULL },
  { "messages", "id, thread_id, role, delivery, server_id, created_us, finished_us, agent_id, agent_name, model, stop_reason,"
    " failure_code, failure_certainty, failure_detail, failure_http, failure_close, failure_retry_ms, input_tokens,"
    " output_tokens, total_tokens, total_ms, provider_ms, cost, currency, unit_billed, owner",
    "role IN ('user', 'assistant', 'system', 'tool', 'notice')", "id", "messages_of_thread",
    "version_of, hidden" },
  { "attachments", "id, sha256, name, content_type, size, holder", "length(sha256) = 64", "id", "attachments_by_sha256",
    NULL },
  { "blocks", "id, message_id, position, kind, state, name, call_id, attachment_id, attachment_name, started_us, finished_us,"
    " text_bytes, text, data, result", "typeof(text) = 'text' AND state IN ('open', 'done', 'error', 'expired')", "id",
    "blocks_of_message", NULL },
  { "block_chunks", "block_id, start, bytes, text", "typeof(text) = 'text'", "block_id, start", NULL, NULL },
  { "drafts", "thread_id, text, cursor", "typeof(text) = 'text' AND typeof(cursor) = 'integer'", "thread_id", NULL, NULL },
  { "draft_attachments", "thread_id, position, attachment_id", "typeof(attachment_id) = 'integer'", "thread_id, position",
    NULL, NULL },
  { "labels", "id, name, color", "typeof(name) = 'text' AND typeof(color) = 'text'", "id", NULL, NULL },
  { "thread_labels", "thread_id, label_id", "typeof(label_id) = 'integer'", "thread_id, label_id", NULL, NULL },
  { "approval_rules", "id, account_id, agent_id, tool, arguments, created_us, n_uses, last_used_us", "typeof(tool) = 'text'", "id",
    NULL, NULL },
};

/* Ids: 2 is no id of ours (they are times), so these stand-ins meet nothing. */
static const char repair_sql[] =
  /* What is no number belongs to nobody, and cannot be the id of a stand-in. */
  "UPDATE blocks SET message_id = 2 WHERE typeof(message_id) <> 'integer';"
  "UPDATE messages SET thread_id = 2 WHERE typeof(thread_id) <> 'integer';"
  "UPDATE threads SET account_id = 2 WHERE typeof(account_id) <> 'integer';"
  "INSERT OR IGNORE INTO messages (id, thread_id, role, delivery, created_us, finished_us, input_tokens, output_tokens,"
  "  total_tokens, total_ms, provider_ms, cost, currency, unit_billed)"
  "  SELECT DISTINCT message_id, 2, 'assistant', 'complete', 0, 0, -1, -1, -1, -1, -1, -1, '', 0 FROM blocks"
  "  WHERE message_id NOT IN (SELECT id FROM messages);"
  "INSERT OR IGNORE INTO threads (id, account_id, title, title_origin, created_us, last_used_us, expires_us, pinned, archived,"
  "  deleted_us, unread, activity, metadata, reading_message, reading_block, reading_offset, reading_pixels)"
  "  SELECT DISTINCT thread_id, ifnull((SELECT min(id) FROM accounts), 2), 'Recovered', 'derived', 0, 0, 0, 0, 0, 0, 0, 'none',"
  "  '{}', 0, 0, 0, 0 FROM (SELECT thread_id FROM messages UNION SELECT thread_id FROM drafts)"
  "  WHERE thread_id NOT IN (SELECT id FROM threads);"
  "INSERT OR IGNORE INTO accounts (id, service, name, base_url, transport, allow_plain, position, options)"
  "  SELECT DISTINCT account_id, 'nebelus', 'Recovered', '', 'auto', 0, 0, '{}' FROM threads"
  "  WHERE account_id NOT IN (SELECT id FROM accounts);"
  "UPDATE threads SET created_us = (SELECT min(created_us) FROM messages WHERE thread_id = threads.id),"
  "  last_used_us = (SELECT max(created_us) FROM messages WHERE thread_id = threads.id)"
  "  WHERE last_used_us = 0 AND EXISTS (SELECT 1 FROM messages WHERE thread_id = threads.id);"
  "UPDATE blocks SET attachment_id = NULL WHERE attachment_id NOT IN (SELECT id FROM attachments);"
  "DELETE FROM agents WHERE account_id NOT IN (SELECT id FROM accounts);"
  "DELETE FROM thread_ids WHERE thread_id NOT IN (SELECT id FROM threads);"
  "DELETE FROM thread_labels WHERE thread_id NOT IN (SELECT id FROM threads) OR label_id NOT IN (SELECT id FROM labels);"
  "DELETE FROM block_chunks WHERE block_id NOT IN (SELECT id FROM blocks);"
  "DELETE FROM draft_attachments WHERE thread_id NOT IN (SELECT thread_id FROM drafts)"
  "  OR attachment_id NOT IN (SELECT id FROM attachments);"
  /* Files whose rows were not readable stay: the damaged database still knows them. */
  "INSERT INTO meta (key, value) VALUES ('salvaged_us', CAST (strftime('%s', 'now') AS INTEGER) * 1000000);";

guint
_bobbin_salvage_score (sqlite3 *from)
{
  guint score = 0;

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s NOT INDEXED WHERE %s LIMIT 1", tables[i].name, tables[i].sound);
      sqlite3_stmt *statement = NULL;

      if (sqlite3_prepare_v2 (from, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
        score++;
      sqlite3_finalize (statement);
    }

  return score;
}

/* A row of a damaged page may hold anything, even a text where an id belongs: that says nothing of the new database. */
static gboolean
is_unfit_row (int code)
{
  code &= 0xff;

  return code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG;
}

/* FALSE only when the new database cannot be written. */
static gboolean
copy_rows (sqlite3_stmt  *from,
           sqlite3_stmt  *to,
           BobbinStoreDb *db,
           GError       **error)
{
  while (sqlite3_step (from) == SQLITE_ROW)
    {
      int code = SQLITE_OK;

      for (int i = 0; i < sqlite3_column_count (from) && code == SQLITE_OK; i++)
        code = sqlite3_bind_value (to, i + 1, sqlite3_column_value (from, i));
      if (code == SQLITE_OK)
        code = sqlite3_step (to);
      sqlite3_reset (to);
      if (code == SQLITE_DONE || is_unfit_row (code))
        continue;

      _bobbin_db_set_error (db->handle, code, error);
      return FALSE;
    }

  return TRUE;
}

static sqlite3_stmt *
prepare_read (sqlite3     *from,
              const Table *table,
              const char  *rest)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s NOT INDEXED WHERE %s %s", table->columns, table->name,
                                          table->sound, rest);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (from, sql, -1, &statement, NULL) != SQLITE_OK)
    g_info ("%s not readable: %s", table->name, sqlite3_errmsg (from));

  return statement;
}

static gboolean
copy_ordered (sqlite3        *from,
              const Table    *table,
              const char     *direction,
              sqlite3_stmt   *to,
              BobbinStoreDb  *db,
              GError        **error)
{
  g_auto(GStrv) keys = g_strsplit (table->key, ", ", -1);
  g_autofree char *joint = g_strdup_printf (" %s, ", direction);
  g_autofree char *joined = g_strjoinv (joint, keys);
  g_autofree char *rest = g_strdup_printf ("ORDER BY %s %s", joined, direction);
  sqlite3_stmt *statement = prepare_read (from, table, rest);
  gboolean ok = statement == NULL || copy_rows (statement, to, db, error);

  sqlite3_finalize (statement);
  return ok;
}

static gboolean
copy_by_index (sqlite3        *from,
               const Table    *table,
               const char     *direction,
               sqlite3_stmt   *to,
               BobbinStoreDb  *db,
               GError        **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rowid FROM %s INDEXED BY %s ORDER BY 1 %s", table->name, table->index, direction);
  sqlite3_stmt *statement = prepare_read (from, table, "AND rowid = ?");
  sqlite3_stmt *ids = NULL;
  gboolean ok = TRUE;

  if (statement != NULL && sqlite3_prepare_v2 (from, sql, -1, &ids, NULL) == SQLITE_OK)
    while (ok && sqlite3_step (ids) == SQLITE_ROW)
      {
        sqlite3_bind_int64 (statement, 1, sqlite3_column_int64 (ids, 0));
        ok = copy_rows (statement, to, db, error);
        sqlite3_reset (statement);
      }
  sqlite3_finalize (ids);
  sqlite3_finalize (statement);

  return ok;
}

static sqlite3_stmt *
prepare_write (BobbinStoreDb  *db,
               const Table    *table,
               GError        **error)
{
  g_auto(GStrv) columns = g_strsplit (table->columns, ", ", -1);
  g_autoptr(GString) sql = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;
  int code;

  g_string_printf (sql, "INSERT OR IGNORE INTO %s (%s) VALUES (?", table->name, table->columns);
  for (guint i = 1; i < g_strv_length (columns); i++)
    g_string_append (sql, ", ?");
  g_string_append_c (sql, ')');
  code = sqlite3_prepare_v2 (db->handle, sql->str, -1, &statement, NULL);
  if (code != SQLITE_OK)
    _bobbin_db_set_error (db->handle, code, error);

  return statement;
}

static gboolean
has_columns (sqlite3     *from,
             const Table *table,
             const char  *columns)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s LIMIT 0", columns, table->name);
  sqlite3_stmt *statement = NULL;
  gboolean has = sqlite3_prepare_v2 (from, sql, -1, &statement, NULL) == SQLITE_OK;

  sqlite3_finalize (statement);
  return has;
}

static gboolean
copy_table (sqlite3        *from,
            const Table    *known,
            BobbinStoreDb  *db,
            GError        **error)
{
  g_autofree char *columns = known->later != NULL && has_columns (from, known, known->later)
                               ? g_strconcat (known->columns, ", ", known->later, NULL) : g_strdup (known->columns);
  Table copy = *known;
  const Table *table = &copy;
  sqlite3_stmt *to;
  gboolean ok;

  copy.columns = columns;
  to = prepare_write (db, table, error);
  ok = to != NULL && copy_ordered (from, table, "ASC", to, db, error) &&
                copy_ordered (from, table, "DESC", to, db, error);

  if (ok && table->index != NULL)
    ok = copy_by_index (from, table, "ASC", to, db, error) && copy_by_index (from, table, "DESC", to, db, error);
  sqlite3_finalize (to);

  return ok;
}

static gboolean
count (BobbinStoreDb      *db,
       BobbinStoreReport  *report,
       GError            **error)
{
  gint64 n_threads, n_messages;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, "SELECT count(*) FROM threads"), 0, &n_threads, error) ||
      !_bobbin_db_get_int (db, bobbin_db_query (db, error, "SELECT count(*) FROM messages"), 0, &n_messages, error))
    return FALSE;

  report->salvaged_threads = (guint) n_threads;
  report->salvaged_messages = (guint) n_messages;

  return TRUE;
}

gboolean
_bobbin_salvage (sqlite3            *from,
                 BobbinStoreDb      *to,
                 BobbinStoreReport  *report,
                 GError            **error)
{
  /* Parents may come after their children, or not at all: relations are put right at the end. */
  sqlite3_db_config (to->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
  if (!_bobbin_db_begin (to, BOBBIN_STORE_DURABLE, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!copy_table (from, &tables[i], to, error))
      {
        _bobbin_db_rollback (to);
        return FALSE;
      }
  if (!_bobbin_db_script (to, repair_sql, error) || !count (to, report, error))
    {
      _bobbin_db_rollback (to);
      return FALSE;
    }

  return _bobbin_db_commit (to, error);
}
