#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include "util/bobbin-snippet.h"

#include <string.h>

typedef struct
{
  gint64 thread_id;
  gint64 before_id;
  guint  limit;
} ListArgs;

#define COLUMNS \
  "id, thread_id, role, delivery, server_id, created_us, finished_us, agent_id, agent_name, model, stop_reason," \
  " failure_code, failure_certainty, failure_detail, failure_http, failure_close, failure_retry_ms, input_tokens," \
  " output_tokens, total_tokens, total_ms, provider_ms, cost, currency, unit_billed, version_of"

#define VERSIONS "(SELECT count(*) FROM messages v WHERE v.version_of = m.version_of AND v.version_of <> 0"

static const char list_sql[] =
  "SELECT " COLUMNS ", " VERSIONS " AND v.id <= m.id), " VERSIONS ")"
  " FROM messages m WHERE thread_id = ? AND hidden = 0 AND id < ? ORDER BY id DESC LIMIT ?";

static const char load_sql[] =
  "SELECT " COLUMNS ", " VERSIONS " AND v.id <= m.id), " VERSIONS ") FROM messages m WHERE id = ?";

static const char save_sql[] =
  "INSERT INTO messages (" COLUMNS ", owner)"
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
  " ON CONFLICT (id) DO UPDATE SET role = excluded.role, delivery = excluded.delivery, server_id = excluded.server_id,"
  " created_us = excluded.created_us, finished_us = excluded.finished_us, agent_id = excluded.agent_id,"
  " agent_name = excluded.agent_name, model = excluded.model, stop_reason = excluded.stop_reason,"
  " failure_code = excluded.failure_code, failure_certainty = excluded.failure_certainty,"
  " failure_detail = excluded.failure_detail, failure_http = excluded.failure_http,"
  " failure_close = excluded.failure_close, failure_retry_ms = excluded.failure_retry_ms,"
  " input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, total_tokens = excluded.total_tokens,"
  " total_ms = excluded.total_ms, provider_ms = excluded.provider_ms, cost = excluded.cost,"
  " currency = excluded.currency, unit_billed = excluded.unit_billed, owner = excluded.owner,"
  " version_of = max(version_of, excluded.version_of)";

static const char used_sql[] = "UPDATE threads SET last_used_us = ?2 WHERE id = ?1 AND last_used_us < ?2";

/* Only the last message that has words speaks for the thread. */
static const char snippet_sql[] =
  "UPDATE threads SET snippet = ?2 WHERE id = ?1 AND snippet IS NOT ?2"
  " AND NOT EXISTS (SELECT 1 FROM messages m JOIN blocks b ON b.message_id = m.id"
  "  WHERE m.thread_id = ?1 AND m.id > ?3 AND m.hidden = 0 AND m.role IN ('user', 'assistant') AND b.kind = 'text'"
  "  AND b.text <> '')";

static const char thread_of_sql[] = "SELECT thread_id FROM messages WHERE id = ?";
static const char delete_sql[] = "DELETE FROM messages WHERE id = ?";
static const char release_sql[] =
  "UPDATE attachments SET holder = ?2 WHERE id IN"
  " (SELECT attachment_id FROM blocks WHERE message_id = ?1 AND attachment_id IS NOT NULL)";
static const char last_text_sql[] =
  "SELECT b.text FROM messages m JOIN blocks b ON b.message_id = m.id"
  " WHERE m.thread_id = ? AND m.hidden = 0 AND m.role IN ('user', 'assistant') AND b.kind = 'text' AND b.text <> ''"
  " ORDER BY m.id DESC, b.position DESC LIMIT 1";
static const char set_snippet_sql[] = "UPDATE threads SET snippet = ? WHERE id = ?";

static BobbinFailure *
read_failure (sqlite3_stmt *statement)
{
  g_autofree char *detail = _bobbin_db_dup_text (statement, 13);
  BobbinFailure *failure;

  if (sqlite3_column_type (statement, 11) == SQLITE_NULL)
    return NULL;

  failure = bobbin_failure_new (bobbin_error_code_from_disk ((const char *) sqlite3_column_text (statement, 11)),
                                bobbin_certainty_from_disk ((const char *) sqlite3_column_text (statement, 12)), detail);
  failure->http_status = (guint) sqlite3_column_int (statement, 14);
  failure->close_code = (guint) sqlite3_column_int (statement, 15);
  failure->retry_after_ms = sqlite3_column_int64 (statement, 16);

  return failure;
}

static void
read_usage (sqlite3_stmt *statement,
            BobbinUsage  *usage)
{
  g_autofree char *currency = _bobbin_db_dup_text (statement, 23);

  usage->input_tokens = sqlite3_column_int64 (statement, 17);
  usage->output_tokens = sqlite3_column_int64 (statement, 18);
  usage->total_tokens = sqlite3_column_int64 (statement, 19);
  usage->total_ms = sqlite3_column_double (statement, 20);
  usage->provider_ms = sqlite3_column_double (statement, 21);
  usage->cost = sqlite3_column_double (statement, 22);
  usage->currency[0] = '\0';
  if (currency != NULL && strlen (currency) < sizeof usage->currency)
    g_strlcpy (usage->currency, currency, sizeof usage->currency);
  usage->unit_billed = sqlite3_column_int (statement, 24) != 0;
}

static BobbinMessageRow *
read_row (sqlite3_stmt *statement)
{
  BobbinMessageRow *row = g_new0 (BobbinMessageRow, 1);
  const char *delivery = (const char *) sqlite3_column_text (statement, 3);

  row->id = sqlite3_column_int64 (statement, 0);
  row->thread_id = sqlite3_column_int64 (statement, 1);
  if (!bobbin_role_from_nick ((const char *) sqlite3_column_text (statement, 2), &row->role))
    row->role = BOBBIN_ROLE_SYSTEM;
  if (!bobbin_delivery_from_nick (delivery, &row->delivery))
    row->delivery = BOBBIN_DELIVERY_COMPLETE;
  row->server_id = _bobbin_db_dup_text (statement, 4);
  row->created_us = sqlite3_column_int64 (statement, 5);
  row->finished_us = sqlite3_column_int64 (statement, 6);
  row->agent_id = _bobbin_db_dup_text (statement, 7);
  row->agent_name = _bobbin_db_dup_text (statement, 8);
  row->model = _bobbin_db_dup_text (statement, 9);
  row->stop_reason = _bobbin_db_dup_text (statement, 10);
  row->failure = read_failure (statement);
  read_usage (statement, &row->usage);
  row->version_of = sqlite3_column_int64 (statement, 25);
  row->version = (guint) sqlite3_column_int (statement, 26);
  row->n_versions = (guint) sqlite3_column_int (statement, 27);

  return row;
}

BobbinMessageRow *
_bobbin_messages_load (BobbinStoreDb  *db,
                       gint64          message_id,
                       GError        **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, load_sql, DB_INT (message_id));
  int more = _bobbin_db_step (db, statement, error);
  BobbinMessageRow *row = more > 0 ? read_row (statement) : NULL;

  if (more > 0)
    sqlite3_reset (statement);
  if (more == 0)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The message is gone");

  return row;
}

static gboolean
list_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const ListArgs *args = data;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_message_row_free);
  sqlite3_stmt *statement = bobbin_db_query (db, error, list_sql, DB_INT (args->thread_id),
                                             DB_INT (args->before_id != 0 ? args->before_id : G_MAXINT64),
                                             DB_INT (args->limit));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    g_ptr_array_insert (rows, 0, read_row (statement));
  if (more < 0)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    if (!_bobbin_blocks_load (db, g_ptr_array_index (rows, i), error))
      return FALSE;

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

static gboolean
is_unfinished (BobbinDelivery delivery)
{
  return delivery <= BOBBIN_DELIVERY_ANSWERING;
}

static gboolean
save_columns (BobbinStoreDb           *db,
              const BobbinMessageRow  *row,
              GError                 **error)
{
  const BobbinFailure *failure = row->failure;
  const BobbinUsage *usage = &row->usage;
  const BobbinDbValue null = { .type = BOBBIN_DB_NULL };

  return bobbin_db_do (db, error, save_sql,
                       DB_INT (row->id), DB_INT (row->thread_id), DB_TEXT (bobbin_role_get_nick (row->role)),
                       DB_TEXT (bobbin_delivery_get_nick (row->delivery)), DB_TEXT (row->server_id),
                       DB_INT (row->created_us), DB_INT (row->finished_us), DB_TEXT (row->agent_id),
                       DB_TEXT (row->agent_name), DB_TEXT (row->model), DB_TEXT (row->stop_reason),
                       DB_TEXT (failure != NULL ? bobbin_error_code_nick (failure->code) : NULL),
                       DB_TEXT (failure != NULL ? bobbin_certainty_to_disk (failure->certainty) : NULL),
                       DB_TEXT (failure != NULL ? failure->detail : NULL),
                       failure != NULL ? DB_INT (failure->http_status) : null,
                       failure != NULL ? DB_INT (failure->close_code) : null,
                       failure != NULL ? DB_INT (failure->retry_after_ms) : null,
                       DB_INT (usage->input_tokens), DB_INT (usage->output_tokens), DB_INT (usage->total_tokens),
                       DB_REAL (usage->total_ms), DB_REAL (usage->provider_ms), DB_REAL (usage->cost),
                       DB_TEXT (usage->currency), DB_INT (usage->unit_billed != 0), DB_INT (row->version_of),
                       DB_TEXT (is_unfinished (row->delivery) ? db->instance : NULL));
}

/* What the list of threads shows of a message: words of its text, else the name of a file. */
static char *
dup_snippet (const BobbinMessageRow *row)
{
  const char *file = NULL;

  if (row->role != BOBBIN_ROLE_USER && row->role != BOBBIN_ROLE_ASSISTANT)
    return NULL;

  for (guint i = row->blocks->len; i > 0; i--)
    {
      const BobbinBlockRow *block = g_ptr_array_index (row->blocks, i - 1);
      char *snippet = block->kind == BOBBIN_BLOCK_TEXT ? bobbin_snippet_new (block->text) : NULL;

      if (snippet != NULL)
        return snippet;
      if (block->attachment != NULL)
        file = block->attachment->name;
    }

  return file != NULL ? bobbin_snippet_new (file) : NULL;
}

gboolean
_bobbin_messages_save (BobbinStoreDb           *db,
                       const BobbinMessageRow  *row,
                       GError                 **error)
{
  g_autofree char *snippet = row->blocks != NULL ? dup_snippet (row) : NULL;

  if (!save_columns (db, row, error) || (row->version_of != 0 && !_bobbin_versions_settle (db, row, error)))
    return FALSE;
  if (row->blocks != NULL && !_bobbin_blocks_save_all (db, row, error))
    return FALSE;
  if (!bobbin_db_do (db, error, used_sql, DB_INT (row->thread_id), DB_INT (MAX (row->created_us, row->finished_us))))
    return FALSE;
  if (snippet != NULL &&
      !bobbin_db_do (db, error, snippet_sql, DB_INT (row->thread_id), DB_TEXT (snippet), DB_INT (row->id)))
    return FALSE;

  return _bobbin_threads_refresh (db, row->thread_id, error);
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  return _bobbin_messages_save (db, args, error);
}

gboolean
_bobbin_messages_restore_snippet (BobbinStoreDb  *db,
                                  gint64          thread_id,
                                  GError        **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, last_text_sql, DB_INT (thread_id));
  int more = _bobbin_db_step (db, statement, error);
  g_autofree char *text = more > 0 ? _bobbin_db_dup_text (statement, 0) : NULL;
  g_autofree char *snippet = bobbin_snippet_new (text);

  if (more < 0)
    return FALSE;

  sqlite3_reset (statement);
  return bobbin_db_do (db, error, set_snippet_sql, DB_TEXT (snippet), DB_INT (thread_id));
}

static gboolean
delete_run (BobbinStoreDb  *db,
            gpointer        args,
            gpointer       *ret_result,
            GError        **error)
{
  const gint64 *id = args;
  gint64 thread_id;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, thread_of_sql, DB_INT (*id)), 0, &thread_id, error))
    return FALSE;
  if (thread_id == 0)
    return TRUE;

  /* The files stay until this process ends: the message may be going back into a draft. */
  return _bobbin_attachments_release_blocks (db, release_sql, *id, db->instance, error) &&
         _bobbin_versions_leave (db, thread_id, *id, error) &&
         bobbin_db_do (db, error, delete_sql, DB_INT (*id)) &&
         _bobbin_messages_restore_snippet (db, thread_id, error) &&
         _bobbin_threads_refresh (db, thread_id, error);
}

static const BobbinStoreOpInfo list_info =
  { "list-messages", BOBBIN_STORE_READ, NULL, list_run, g_free, (GDestroyNotify) g_ptr_array_unref };
static const BobbinStoreOpInfo save_info =
  { "save-message", BOBBIN_STORE_DURABLE, NULL, save_run, (GDestroyNotify) bobbin_message_row_free, NULL };
static const BobbinStoreOpInfo delete_info = { "delete-message", BOBBIN_STORE_WRITE, NULL, delete_run, g_free, NULL };

void
bobbin_store_list_messages_async (BobbinStore         *self,
                                  gint64               thread_id,
                                  gint64               before_id,
                                  guint                limit,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  ListArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (ListArgs, 1);
  args->thread_id = thread_id;
  args->before_id = before_id;
  args->limit = limit;
  _bobbin_store_submit (self, bobbin_store_list_messages_async, &list_info, args, cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_list_messages_finish (BobbinStore   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_autoptr(GPtrArray) rows = _bobbin_store_take (self, result, bobbin_store_list_messages_async, error);
  const char *dir = bobbin_store_get_attachments_dir (self);
  GPtrArray *messages;

  if (rows == NULL)
    return NULL;

  messages = g_ptr_array_new_full (rows->len, g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (messages, bobbin_message_row_to_model (g_ptr_array_index (rows, i), dir));

  return messages;
}

void
bobbin_store_save_message_async (BobbinStore         *self,
                                 gint64               thread_id,
                                 BobbinMessage       *message,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));

  _bobbin_store_submit (self, bobbin_store_save_message_async, &save_info, bobbin_message_row_new (thread_id, message, TRUE),
                        cancellable, callback, user_data);
}

void
bobbin_store_save_message_state_async (BobbinStore         *self,
                                       gint64               thread_id,
                                       BobbinMessage       *message,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));

  _bobbin_store_submit (self, bobbin_store_save_message_state_async, &save_info,
                        bobbin_message_row_new (thread_id, message, FALSE), cancellable, callback, user_data);
}

void
bobbin_store_delete_message_async (BobbinStore         *self,
                                   gint64               message_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_delete_message_async, &delete_info, g_memdup2 (&message_id, sizeof message_id),
                        cancellable, callback, user_data);
}
