#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include "util/bobbin-error.h"

#define COLUMNS \
  "id, account_id, server_id, agent_id, agent_name, title, title_origin, created_us, last_used_us, expires_us, snippet," \
  " pinned, archived, deleted_us, unread, activity, metadata, reading_message, reading_block, reading_offset," \
  " reading_pixels, (SELECT substr(text, 1, 200) FROM drafts WHERE thread_id = threads.id), read_message," \
  " (SELECT group_concat(label_id) FROM thread_labels WHERE thread_id = threads.id)"

#define LIST(where) \
  "SELECT " COLUMNS " FROM threads WHERE " where " AND (last_used_us, id) < (?1, ?2)" \
  " ORDER BY last_used_us DESC, id DESC LIMIT ?3"

/* Each is answered from one index, row by row: a page costs what it holds, however many threads there are. */
const char *const _bobbin_threads_list_sql[4][2] = {
  [BOBBIN_FOLDER_ACTIVE] = {
    LIST ("folder = 'active'"), LIST ("account_id = ?4 AND folder = 'active'") },
  [BOBBIN_FOLDER_PINNED] = {
    LIST ("folder = 'active' AND pinned = 1"), LIST ("account_id = ?4 AND folder = 'active' AND pinned = 1") },
  [BOBBIN_FOLDER_ARCHIVED] = {
    LIST ("folder = 'archived'"), LIST ("account_id = ?4 AND folder = 'archived'") },
  [BOBBIN_FOLDER_BIN] = {
    LIST ("folder = 'bin'"), LIST ("account_id = ?4 AND folder = 'bin'") },
};

/* By pinned_value(). */
#define PINNED "(?7 = 0 OR (pinned = (?7 = 2) AND (?7 < 3 OR id NOT IN (SELECT thread_id FROM drafts))))"
/* The same with whatever narrows it: rarer, and by the same index. */
#define NARROW \
  "folder = ?1 AND (last_used_us, id) < (?2, ?3) AND last_used_us >= ?4 AND last_used_us < ?5" \
  " AND (?6 = 0 OR account_id = ?6) AND " PINNED \
  " AND (?8 IS NULL OR (server_id IS NOT NULL AND account_id IN (SELECT value FROM json_each (?8))))"
#define LABELLED "id IN (SELECT thread_id FROM thread_labels WHERE label_id = ?10) AND " NARROW
#define NEWEST_FIRST " ORDER BY last_used_us DESC, id DESC LIMIT ?9"

/* By whether a label is asked for. */
static const char *const narrow_sql[2] = {
  "SELECT " COLUMNS " FROM threads WHERE " NARROW NEWEST_FIRST,
  "SELECT " COLUMNS " FROM threads WHERE " LABELLED NEWEST_FIRST,
};
static const char *const count_sql[2] = {
  "SELECT count(*) FROM (SELECT 1 FROM threads WHERE " NARROW " LIMIT ?9)",
  "SELECT count(*) FROM (SELECT 1 FROM threads WHERE " LABELLED " LIMIT ?9)",
};
/* Into the table of what a change is for (bobbin-store-change.c). */
static const char *const pick_sql[2] = {
  "INSERT INTO picked SELECT id FROM threads WHERE " NARROW " AND id NOT IN (SELECT value FROM json_each (?11)) LIMIT ?9",
  "INSERT INTO picked SELECT id FROM threads WHERE " LABELLED " AND id NOT IN (SELECT value FROM json_each (?11)) LIMIT ?9",
};
/* Upwards: the longest unused first. */
static const char sizes_sql[] =
  "SELECT id, account_id, last_used_us, title, server_id,"
  " ifnull((SELECT sum(b.text_bytes) + sum(length(ifnull(b.result, ''))) FROM messages m JOIN blocks b ON b.message_id = m.id"
  "  WHERE m.thread_id = t.id), 0)"
  " + ifnull((SELECT sum(a.size) FROM messages m JOIN blocks b ON b.message_id = m.id JOIN attachments a ON a.id = b.attachment_id"
  "  WHERE m.thread_id = t.id), 0)"
  " FROM threads t WHERE folder = ?1 AND (last_used_us, id) > (?2, ?3) AND last_used_us >= ?4 AND last_used_us < ?5"
  " AND (?6 = 0 OR account_id = ?6) AND " PINNED
  " AND (?8 IS NULL OR (server_id IS NOT NULL AND account_id IN (SELECT value FROM json_each (?8))))"
  " ORDER BY last_used_us, id LIMIT ?9";

static const char *
folder_word (BobbinFolder folder)
{
  switch (folder)
    {
    case BOBBIN_FOLDER_ARCHIVED:
      return "archived";
    case BOBBIN_FOLDER_BIN:
      return "bin";
    case BOBBIN_FOLDER_ACTIVE:
    case BOBBIN_FOLDER_PINNED:
    default:
      return "active";
    }
}

/* 0: pinned or not, 1: not, 2: pinned, 3: neither pinned nor with a draft. */
static gint64
pinned_value (const BobbinThreadQuery *query)
{
  if (query->folder == BOBBIN_FOLDER_PINNED)
    return 2;

  return query->unused ? 3 : query->no_pinned ? 1 : 0;
}

static sqlite3_stmt *
query_narrow (BobbinStoreDb            *db,
              const char *const        *sql,
              const BobbinThreadQuery  *query,
              gint64                    used_us,
              gint64                    id,
              gint64                    limit,
              const char               *without,
              GError                  **error)
{
  const BobbinDbValue values[] = {
    DB_TEXT (folder_word (query->folder)), DB_INT (used_us), DB_INT (id), DB_INT (query->least_used_us),
    DB_INT (query->below_used_us != 0 ? query->below_used_us : G_MAXINT64), DB_INT (query->account_id),
    DB_INT (pinned_value (query)), DB_TEXT (query->kept_by), DB_INT (limit), DB_INT (query->label_id), DB_TEXT (without),
  };
  gsize n_values = without != NULL ? 11 : query->label_id != 0 ? 10 : 9;

  return _bobbin_db_query (db, sql[query->label_id != 0], values, n_values, error);
}

gboolean
_bobbin_threads_pick (BobbinStoreDb            *db,
                      const BobbinThreadQuery  *query,
                      const char               *without,
                      GError                  **error)
{
  return _bobbin_db_finish (db, query_narrow (db, pick_sql, query, G_MAXINT64, G_MAXINT64, -1, without, error), error);
}

static const char load_sql[] = "SELECT " COLUMNS " FROM threads WHERE id = ?";

/* The thread that has the id now goes before one that once had it. */
static const char find_sql[] =
  "SELECT " COLUMNS " FROM threads WHERE id IN (SELECT thread_id FROM thread_ids WHERE server_id = ?1)"
  " AND (?2 = 0 OR account_id = ?2) ORDER BY server_id IS ?1 DESC, last_used_us DESC LIMIT 1";

static const char known_id_sql[] = "SELECT server_id FROM thread_ids WHERE thread_id = ? ORDER BY id DESC LIMIT 1";
static const char add_id_sql[] = "INSERT INTO thread_ids (thread_id, server_id, since_us) VALUES (?, ?, ?)";
static const char ids_sql[] = "SELECT server_id FROM thread_ids WHERE thread_id = ? ORDER BY id";

/* What the messages decide (activity, snippet) stays theirs once there are messages. */
static const char save_sql[] =
  "INSERT INTO threads (id, account_id, server_id, agent_id, agent_name, title, title_origin, created_us, last_used_us,"
  " expires_us, snippet, pinned, archived, deleted_us, unread, activity, metadata, reading_message, reading_block,"
  " reading_offset, reading_pixels, read_message)"
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
  " ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, server_id = excluded.server_id,"
  " agent_id = excluded.agent_id, agent_name = excluded.agent_name, title = excluded.title,"
  " title_origin = excluded.title_origin, created_us = excluded.created_us, last_used_us = excluded.last_used_us,"
  " expires_us = excluded.expires_us, pinned = excluded.pinned, archived = excluded.archived,"
  " deleted_us = excluded.deleted_us, unread = excluded.unread, metadata = excluded.metadata,"
  " reading_message = excluded.reading_message, reading_block = excluded.reading_block,"
  " reading_offset = excluded.reading_offset, reading_pixels = excluded.reading_pixels,"
  " read_message = excluded.read_message,"
  " (snippet, activity) = (SELECT iif(has, threads.snippet, excluded.snippet), iif(has, threads.activity, excluded.activity)"
  "  FROM (SELECT EXISTS (SELECT 1 FROM messages WHERE thread_id = excluded.id) AS has))";

static const char release_sql[] =
  "UPDATE attachments SET holder = ?2 WHERE id IN ("
  " SELECT attachment_id FROM blocks WHERE attachment_id IS NOT NULL AND message_id IN"
  "  (SELECT id FROM messages WHERE thread_id = ?1)"
  " UNION SELECT attachment_id FROM draft_attachments WHERE thread_id = ?1)";
static const char delete_sql[] = "DELETE FROM threads WHERE id = ?";
static const char forget_sql[] =
  "INSERT OR IGNORE INTO forgotten_threads (account_id, server_id)"
  " SELECT t.account_id, i.server_id FROM threads t JOIN thread_ids i ON i.thread_id = t.id WHERE t.id = ?";

/* An approval that waits goes before a failure, that before a queue. A failure counts while nothing followed it. */
static const char refresh_sql[] =
  "UPDATE threads SET activity = CASE"
  " WHEN EXISTS (SELECT 1 FROM messages m JOIN blocks b ON b.message_id = m.id"
  "  WHERE m.thread_id = ?1 AND m.hidden = 0 AND m.id >= ifnull((SELECT id FROM messages WHERE thread_id = ?1"
  "   AND hidden = 0 AND role = 'user' ORDER BY id DESC LIMIT 1), 0)"
  "  AND b.kind = 'approval' AND b.state = 'open') THEN 'approval'"
  " WHEN (SELECT delivery FROM messages WHERE thread_id = ?1 AND hidden = 0 AND role IN ('user', 'assistant')"
  "  AND delivery <> 'queued' ORDER BY id DESC LIMIT 1) IN ('failed', 'interrupted') THEN 'failed'"
  " WHEN EXISTS (SELECT 1 FROM messages WHERE thread_id = ?1 AND delivery = 'queued') THEN 'queued'"
  " ELSE 'none' END WHERE id = ?1";

static BobbinThreadRow *
read_row (sqlite3_stmt *statement)
{
  BobbinThreadRow *row = g_new0 (BobbinThreadRow, 1);

  row->id = sqlite3_column_int64 (statement, 0);
  row->account_id = sqlite3_column_int64 (statement, 1);
  row->server_id = _bobbin_db_dup_text (statement, 2);
  row->agent_id = _bobbin_db_dup_text (statement, 3);
  row->agent_name = _bobbin_db_dup_text (statement, 4);
  row->title = _bobbin_db_dup_text (statement, 5);
  row->title_origin = bobbin_title_origin_from_disk ((const char *) sqlite3_column_text (statement, 6));
  row->created_us = sqlite3_column_int64 (statement, 7);
  row->last_used_us = sqlite3_column_int64 (statement, 8);
  row->expires_us = sqlite3_column_int64 (statement, 9);
  row->snippet = _bobbin_db_dup_text (statement, 10);
  row->pinned = sqlite3_column_int (statement, 11) != 0;
  row->archived = sqlite3_column_int (statement, 12) != 0;
  row->deleted_us = sqlite3_column_int64 (statement, 13);
  row->unread = sqlite3_column_int (statement, 14) != 0;
  row->stored_activity = bobbin_activity_from_disk ((const char *) sqlite3_column_text (statement, 15));
  row->metadata = _bobbin_db_dup_text (statement, 16);
  row->reading.message_id = sqlite3_column_int64 (statement, 17);
  row->reading.block_id = sqlite3_column_int64 (statement, 18);
  row->reading.offset = sqlite3_column_int (statement, 19);
  row->reading.pixels = sqlite3_column_int (statement, 20);
  row->draft = _bobbin_db_dup_text (statement, 21);
  row->reading.read_id = sqlite3_column_int64 (statement, 22);
  row->labels = _bobbin_db_dup_text (statement, 23);

  return row;
}

static gboolean
list_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  const BobbinThreadQuery *query = args;
  gboolean first = query->before_used_us == 0 && query->before_id == 0;
  gboolean narrow = query->label_id != 0 || query->least_used_us != 0 || query->below_used_us != 0 || query->kept_by != NULL ||
                    query->no_pinned || query->unused;
  gint64 used_us = first ? G_MAXINT64 : query->before_used_us;
  gint64 id = first ? G_MAXINT64 : query->before_id;
  const char *sql = _bobbin_threads_list_sql[query->folder][query->account_id != 0];
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_thread_row_free);
  sqlite3_stmt *statement;
  int more;

  if (narrow)
    statement = query_narrow (db, narrow_sql, query, used_us, id, query->limit, NULL, error);
  else if (query->account_id != 0)
    statement = bobbin_db_query (db, error, sql, DB_INT (used_us), DB_INT (id), DB_INT (query->limit), DB_INT (query->account_id));
  else
    statement = bobbin_db_query (db, error, sql, DB_INT (used_us), DB_INT (id), DB_INT (query->limit));
  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    g_ptr_array_add (rows, read_row (statement));
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

static gboolean
take_one (BobbinStoreDb  *db,
          sqlite3_stmt   *statement,
          gpointer       *ret_result,
          GError        **error)
{
  int more = _bobbin_db_step (db, statement, error);

  if (more > 0)
    {
      *ret_result = read_row (statement);
      sqlite3_reset (statement);
    }

  return more >= 0;
}

static gboolean
load_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  const gint64 *id = args;

  return take_one (db, bobbin_db_query (db, error, load_sql, DB_INT (*id)), ret_result, error);
}

typedef struct
{
  gint64  account_id;
  char   *server_id;
} FindArgs;

static void
find_args_free (FindArgs *args)
{
  g_free (args->server_id);
  g_free (args);
}

static gboolean
find_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const FindArgs *args = data;

  return take_one (db, bobbin_db_query (db, error, find_sql, DB_TEXT (args->server_id), DB_INT (args->account_id)),
                   ret_result, error);
}

static gboolean
note_server_id (BobbinStoreDb          *db,
                const BobbinThreadRow  *row,
                GError                **error)
{
  g_autofree char *known = NULL;
  sqlite3_stmt *statement;
  int more;

  if (row->server_id == NULL)
    return TRUE;

  statement = bobbin_db_query (db, error, known_id_sql, DB_INT (row->id));
  more = _bobbin_db_step (db, statement, error);
  if (more < 0)
    return FALSE;
  if (more > 0)
    {
      known = _bobbin_db_dup_text (statement, 0);
      sqlite3_reset (statement);
    }
  if (g_strcmp0 (known, row->server_id) == 0)
    return TRUE;

  return bobbin_db_do (db, error, add_id_sql, DB_INT (row->id), DB_TEXT (row->server_id), DB_INT (g_get_real_time ()));
}

gboolean
_bobbin_threads_save (BobbinStoreDb          *db,
                      const BobbinThreadRow  *row,
                      GError                **error)
{
  if (!bobbin_db_do (db, error, save_sql,
                     DB_INT (row->id), DB_INT (row->account_id), DB_TEXT (row->server_id), DB_TEXT (row->agent_id),
                     DB_TEXT (row->agent_name), DB_TEXT (row->title),
                     DB_TEXT (bobbin_title_origin_to_disk (row->title_origin)), DB_INT (row->created_us),
                     DB_INT (row->last_used_us), DB_INT (row->expires_us), DB_TEXT (row->snippet), DB_INT (row->pinned != 0),
                     DB_INT (row->archived != 0), DB_INT (row->deleted_us), DB_INT (row->unread != 0),
                     DB_TEXT (bobbin_activity_to_disk (row->stored_activity)),
                     DB_TEXT (row->metadata != NULL ? row->metadata : "{}"), DB_INT (row->reading.message_id),
                     DB_INT (row->reading.block_id), DB_INT (row->reading.offset), DB_INT (row->reading.pixels),
                     DB_INT (row->reading.read_id)))
    return FALSE;

  return note_server_id (db, row, error);
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  return _bobbin_threads_save (db, args, error);
}

BobbinThreadRow *
_bobbin_threads_load (BobbinStoreDb  *db,
                      gint64          thread_id,
                      GError        **error)
{
  gpointer row = NULL;

  if (!take_one (db, bobbin_db_query (db, error, load_sql, DB_INT (thread_id)), &row, error))
    return NULL;
  if (row == NULL)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The conversation is gone");

  return row;
}

gboolean
_bobbin_threads_delete (BobbinStoreDb  *db,
                        gint64          thread_id,
                        GError        **error)
{
  return bobbin_db_do (db, error, forget_sql, DB_INT (thread_id)) &&
         _bobbin_attachments_release_blocks (db, release_sql, thread_id, "", error) &&
         bobbin_db_do (db, error, delete_sql, DB_INT (thread_id));
}

static gboolean
delete_run (BobbinStoreDb  *db,
            gpointer        args,
            gpointer       *ret_result,
            GError        **error)
{
  const gint64 *id = args;

  if (!_bobbin_db_begin (db, BOBBIN_STORE_WRITE, error))
    return FALSE;
  if (!_bobbin_threads_delete (db, *id, error))
    {
      _bobbin_db_rollback (db);
      return FALSE;
    }

  return _bobbin_db_commit (db, error) && _bobbin_attachments_collect (db, FALSE, error);
}

static gboolean
ids_run (BobbinStoreDb  *db,
         gpointer        args,
         gpointer       *ret_result,
         GError        **error)
{
  const gint64 *id = args;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  sqlite3_stmt *statement = bobbin_db_query (db, error, ids_sql, DB_INT (*id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      g_autofree char *server_id = _bobbin_db_dup_text (statement, 0);

      g_strv_builder_add (builder, server_id);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_strv_builder_end (builder);
  return TRUE;
}

gboolean
_bobbin_threads_refresh (BobbinStoreDb  *db,
                         gint64          thread_id,
                         GError        **error)
{
  return bobbin_db_do (db, error, refresh_sql, DB_INT (thread_id));
}

static gboolean
count_run (BobbinStoreDb  *db,
           gpointer        args,
           gpointer       *ret_result,
           GError        **error)
{
  const BobbinThreadQuery *query = args;
  gint64 n;

  if (!_bobbin_db_get_int (db, query_narrow (db, count_sql, query, G_MAXINT64, G_MAXINT64, -1, NULL, error), 0, &n, error))
    return FALSE;

  *ret_result = g_memdup2 (&n, sizeof n);
  return TRUE;
}

void
bobbin_thread_room_free (BobbinThreadRoom *self)
{
  g_free (self->title);
  g_free (self->server_id);
  g_free (self);
}

static gboolean
sizes_run (BobbinStoreDb  *db,
           gpointer        args,
           gpointer       *ret_result,
           GError        **error)
{
  const BobbinThreadQuery *query = args;
  const char *const sql[] = { sizes_sql, sizes_sql };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_thread_room_free);
  sqlite3_stmt *statement =
    query_narrow (db, sql, query, query->before_used_us, query->before_id, query->limit, NULL, error);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinThreadRoom *row = g_new0 (BobbinThreadRoom, 1);

      row->id = sqlite3_column_int64 (statement, 0);
      row->account_id = sqlite3_column_int64 (statement, 1);
      row->last_used_us = sqlite3_column_int64 (statement, 2);
      row->title = _bobbin_db_dup_text (statement, 3);
      row->server_id = _bobbin_db_dup_text (statement, 4);
      row->size = sqlite3_column_int64 (statement, 5);
      g_ptr_array_add (rows, row);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

/* @kept_by is not the caller's for long. */
static BobbinThreadQuery *
query_copy (const BobbinThreadQuery *query)
{
  BobbinThreadQuery *copy = g_memdup2 (query, sizeof *query);

  copy->kept_by = g_strdup (query->kept_by);

  return copy;
}

static void
query_free (gpointer data)
{
  BobbinThreadQuery *query = data;

  g_free ((char *) query->kept_by);
  g_free (query);
}

static const BobbinStoreOpInfo list_info =
  { "list-threads", BOBBIN_STORE_READ, NULL, list_run, query_free, (GDestroyNotify) g_ptr_array_unref };
static const BobbinStoreOpInfo count_info = { "count-threads", BOBBIN_STORE_READ, NULL, count_run, query_free, g_free };
static const BobbinStoreOpInfo sizes_info =
  { "list-sizes", BOBBIN_STORE_READ, NULL, sizes_run, query_free, (GDestroyNotify) g_ptr_array_unref };
static const BobbinStoreOpInfo load_info =
  { "load-thread", BOBBIN_STORE_READ, NULL, load_run, g_free, (GDestroyNotify) bobbin_thread_row_free };
static const BobbinStoreOpInfo find_info =
  { "find-thread", BOBBIN_STORE_READ, NULL, find_run, (GDestroyNotify) find_args_free, (GDestroyNotify) bobbin_thread_row_free };
static const BobbinStoreOpInfo save_info =
  { "save-thread", BOBBIN_STORE_WRITE, NULL, save_run, (GDestroyNotify) bobbin_thread_row_free, NULL };
static const BobbinStoreOpInfo delete_info = { "delete-thread", BOBBIN_STORE_RAW, NULL, delete_run, g_free, NULL };
static const BobbinStoreOpInfo ids_info =
  { "list-server-ids", BOBBIN_STORE_READ, NULL, ids_run, g_free, (GDestroyNotify) g_strfreev };

void
bobbin_store_list_threads_async (BobbinStore             *self,
                                 const BobbinThreadQuery *query,
                                 GCancellable            *cancellable,
                                 GAsyncReadyCallback      callback,
                                 gpointer                 user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query != NULL && (guint) query->folder <= BOBBIN_FOLDER_BIN);

  _bobbin_store_submit (self, bobbin_store_list_threads_async, &list_info, query_copy (query), cancellable, callback, user_data);
}

void
bobbin_store_count_threads_async (BobbinStore             *self,
                                  const BobbinThreadQuery *query,
                                  GCancellable            *cancellable,
                                  GAsyncReadyCallback      callback,
                                  gpointer                 user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query != NULL && (guint) query->folder <= BOBBIN_FOLDER_BIN);

  _bobbin_store_submit (self, bobbin_store_count_threads_async, &count_info, query_copy (query), cancellable, callback, user_data);
}

gboolean
bobbin_store_count_threads_finish (BobbinStore   *self,
                                   GAsyncResult  *result,
                                   guint         *ret_n,
                                   GError       **error)
{
  g_autofree gint64 *n = _bobbin_store_take (self, result, bobbin_store_count_threads_async, error);

  if (n == NULL)
    return FALSE;

  *ret_n = (guint) *n;
  return TRUE;
}

void
bobbin_store_list_sizes_async (BobbinStore             *self,
                               const BobbinThreadQuery *query,
                               GCancellable            *cancellable,
                               GAsyncReadyCallback      callback,
                               gpointer                 user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query != NULL && query->label_id == 0);

  _bobbin_store_submit (self, bobbin_store_list_sizes_async, &sizes_info, query_copy (query), cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_list_sizes_finish (BobbinStore   *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_list_sizes_async, error);
}

GPtrArray *
bobbin_store_list_threads_finish (BobbinStore   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_autoptr(GPtrArray) rows = _bobbin_store_take (self, result, bobbin_store_list_threads_async, error);
  GPtrArray *threads;

  if (rows == NULL)
    return NULL;

  threads = g_ptr_array_new_full (rows->len, g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (threads, bobbin_thread_row_to_model (g_ptr_array_index (rows, i)));

  return threads;
}

void
bobbin_store_load_thread_async (BobbinStore         *self,
                                gint64               thread_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_load_thread_async, &load_info, g_memdup2 (&thread_id, sizeof thread_id), cancellable,
                        callback, user_data);
}

void
bobbin_store_find_thread_async (BobbinStore         *self,
                                gint64               account_id,
                                const char          *server_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  FindArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (server_id != NULL);

  args = g_new0 (FindArgs, 1);
  args->account_id = account_id;
  args->server_id = g_strdup (server_id);
  _bobbin_store_submit (self, bobbin_store_load_thread_async, &find_info, args, cancellable, callback, user_data);
}

BobbinThread *
bobbin_store_load_thread_finish (BobbinStore   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_autoptr(BobbinThreadRow) row = _bobbin_store_take (self, result, bobbin_store_load_thread_async, error);

  return row != NULL ? bobbin_thread_row_to_model (row) : NULL;
}

void
bobbin_store_save_thread_async (BobbinStore         *self,
                                BobbinThread        *thread,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_THREAD (thread));

  _bobbin_store_submit (self, bobbin_store_save_thread_async, &save_info, bobbin_thread_row_new (thread), cancellable, callback,
                        user_data);
}

void
bobbin_store_delete_thread_async (BobbinStore         *self,
                                  gint64               thread_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_delete_thread_async, &delete_info, g_memdup2 (&thread_id, sizeof thread_id),
                        cancellable, callback, user_data);
}

void
bobbin_store_list_server_ids_async (BobbinStore         *self,
                                    gint64               thread_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_list_server_ids_async, &ids_info, g_memdup2 (&thread_id, sizeof thread_id),
                        cancellable, callback, user_data);
}

GStrv
bobbin_store_list_server_ids_finish (BobbinStore   *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_list_server_ids_async, error);
}
