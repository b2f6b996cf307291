/* Blocks, and the text that streams into them. A block saved whole carries its text; what arrives after that is appended as
 * rows of block_chunks, each costing what it adds, and goes away when the block is saved whole again. Loading puts both
 * together. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include "util/bobbin-error.h"

#include <string.h>

typedef struct
{
  gint64          message_id;
  guint           position;
  BobbinBlockRow *row;
} SaveArgs;

typedef struct
{
  gint64  block_id;
  gint64  start;
  char   *text;
  gsize   length;
} AppendArgs;

static const char load_sql[] =
  "SELECT b.id, b.kind, b.state, b.name, b.call_id, b.text, b.data, b.result, b.started_us, b.finished_us,"
  " a.id, a.name, a.content_type, a.size, a.sha256"
  " FROM blocks b LEFT JOIN attachments a ON a.id = b.attachment_id WHERE b.message_id = ? ORDER BY b.position, b.id";

static const char chunks_sql[] = "SELECT start, text FROM block_chunks WHERE block_id = ? ORDER BY start";

/* Unchanged rows are left alone: saving a message of many finished blocks costs reading them. */
static const char save_sql[] =
  "INSERT INTO blocks (id, message_id, position, kind, state, name, call_id, attachment_id, attachment_name, started_us,"
  " finished_us, text_bytes, text, data, result)"
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
  " ON CONFLICT (id) DO UPDATE SET message_id = excluded.message_id, position = excluded.position, kind = excluded.kind,"
  " state = excluded.state, name = excluded.name, call_id = excluded.call_id, attachment_id = excluded.attachment_id,"
  " attachment_name = excluded.attachment_name, started_us = excluded.started_us, finished_us = excluded.finished_us,"
  " text_bytes = excluded.text_bytes, text = excluded.text, data = excluded.data, result = excluded.result"
  " WHERE message_id <> excluded.message_id OR position <> excluded.position OR kind <> excluded.kind"
  " OR state <> excluded.state OR name IS NOT excluded.name OR call_id IS NOT excluded.call_id"
  " OR attachment_id IS NOT excluded.attachment_id OR started_us <> excluded.started_us"
  " OR finished_us <> excluded.finished_us OR text_bytes <> excluded.text_bytes OR text <> excluded.text"
  " OR data IS NOT excluded.data OR result IS NOT excluded.result";

static const char thread_of_sql[] = "SELECT thread_id FROM messages WHERE id = ?";
static const char clear_chunks_sql[] = "DELETE FROM block_chunks WHERE block_id = ?";
static const char list_ids_sql[] = "SELECT id FROM blocks WHERE message_id = ?";
static const char delete_sql[] = "DELETE FROM blocks WHERE id = ?";
static const char release_sql[] =
  "UPDATE attachments SET holder = ?2 WHERE id = (SELECT attachment_id FROM blocks WHERE id = ?1)";

static const char end_sql[] =
  "SELECT ifnull((SELECT start + bytes FROM block_chunks WHERE block_id = ?1 ORDER BY start DESC LIMIT 1), text_bytes)"
  " FROM blocks WHERE id = ?1";
static const char append_sql[] = "INSERT INTO block_chunks (block_id, start, bytes, text) VALUES (?, ?, ?, ?)";

static BobbinBlockRow *
read_row (sqlite3_stmt *statement)
{
  BobbinBlockRow *row = g_new0 (BobbinBlockRow, 1);

  row->id = sqlite3_column_int64 (statement, 0);
  if (!bobbin_block_kind_from_nick ((const char *) sqlite3_column_text (statement, 1), &row->kind))
    row->kind = BOBBIN_BLOCK_UNKNOWN;
  if (!bobbin_block_state_from_nick ((const char *) sqlite3_column_text (statement, 2), &row->state))
    row->state = BOBBIN_BLOCK_DONE;
  row->name = _bobbin_db_dup_text (statement, 3);
  row->call_id = _bobbin_db_dup_text (statement, 4);
  row->text = _bobbin_db_dup_text (statement, 5);
  row->data = _bobbin_db_dup_text (statement, 6);
  row->result = _bobbin_db_dup_text (statement, 7);
  row->started_us = sqlite3_column_int64 (statement, 8);
  row->finished_us = sqlite3_column_int64 (statement, 9);
  if (sqlite3_column_type (statement, 10) != SQLITE_NULL)
    {
      row->attachment = g_new0 (BobbinAttachmentRow, 1);
      row->attachment->id = sqlite3_column_int64 (statement, 10);
      row->attachment->name = _bobbin_db_dup_text (statement, 11);
      row->attachment->content_type = _bobbin_db_dup_text (statement, 12);
      row->attachment->size = sqlite3_column_int64 (statement, 13);
      row->attachment->sha256 = _bobbin_db_dup_text (statement, 14);
    }

  return row;
}

static gboolean
load_chunks (BobbinStoreDb   *db,
             BobbinBlockRow  *row,
             GError         **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, chunks_sql, DB_INT (row->id));
  GString *text = NULL;
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      if (text == NULL)
        text = g_string_new (row->text);
      /* A character may be split between two chunks: valid or not is seen when they are together. */
      g_string_append_len (text, (const char *) sqlite3_column_text (statement, 1), sqlite3_column_bytes (statement, 1));
    }
  if (text != NULL)
    {
      g_free (row->text);
      if (g_utf8_validate_len (text->str, text->len, NULL))
        row->text = g_string_free (text, FALSE);
      else
        {
          row->text = g_utf8_make_valid (text->str, text->len);
          g_string_free (text, TRUE);
        }
    }
  row->length = row->text != NULL ? strlen (row->text) : 0;

  return more == 0;
}

gboolean
_bobbin_blocks_load (BobbinStoreDb     *db,
                     BobbinMessageRow  *message,
                     GError           **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, load_sql, DB_INT (message->id));
  int more;

  message->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_block_row_free);
  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    g_ptr_array_add (message->blocks, read_row (statement));
  if (more < 0)
    return FALSE;

  for (guint i = 0; i < message->blocks->len; i++)
    if (!load_chunks (db, g_ptr_array_index (message->blocks, i), error))
      return FALSE;

  return TRUE;
}

gboolean
_bobbin_blocks_save (BobbinStoreDb         *db,
                     gint64                 message_id,
                     guint                  position,
                     const BobbinBlockRow  *row,
                     GError               **error)
{
  const BobbinAttachmentRow *attachment = row->attachment;

  if (attachment != NULL && !_bobbin_attachments_save (db, attachment, error))
    return FALSE;
  if (!bobbin_db_do (db, error, save_sql,
                     DB_INT (row->id), DB_INT (message_id), DB_INT (position),
                     DB_TEXT (bobbin_block_kind_get_nick (row->kind)), DB_TEXT (bobbin_block_state_get_nick (row->state)),
                     DB_TEXT (row->name), DB_TEXT (row->call_id),
                     attachment != NULL ? DB_INT (attachment->id) : DB_TEXT (NULL),
                     DB_TEXT (attachment != NULL ? attachment->name : NULL),
                     DB_INT (row->started_us), DB_INT (row->finished_us), DB_INT ((gint64) row->length),
                     DB_BYTES (row->text, (gssize) row->length), DB_TEXT (row->data), DB_TEXT (row->result)))
    return FALSE;

  return bobbin_db_do (db, error, clear_chunks_sql, DB_INT (row->id));
}

/* Rows of blocks the message no longer has. */
static gboolean
delete_missing (BobbinStoreDb           *db,
                const BobbinMessageRow  *message,
                GError                 **error)
{
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = bobbin_db_query (db, error, list_ids_sql, DB_INT (message->id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      gboolean kept = FALSE;

      for (guint i = 0; i < message->blocks->len && !kept; i++)
        kept = ((BobbinBlockRow *) g_ptr_array_index (message->blocks, i))->id == id;
      if (!kept)
        g_array_append_val (gone, id);
    }
  if (more < 0)
    return FALSE;

  for (guint i = 0; i < gone->len; i++)
    {
      gint64 id = g_array_index (gone, gint64, i);

      if (!_bobbin_attachments_release_blocks (db, release_sql, id, db->instance, error) ||
          !bobbin_db_do (db, error, delete_sql, DB_INT (id)))
        return FALSE;
    }

  return TRUE;
}

gboolean
_bobbin_blocks_save_all (BobbinStoreDb           *db,
                         const BobbinMessageRow  *message,
                         GError                 **error)
{
  if (!delete_missing (db, message, error))
    return FALSE;

  for (guint i = 0; i < message->blocks->len; i++)
    if (!_bobbin_blocks_save (db, message->id, i, g_ptr_array_index (message->blocks, i), error))
      return FALSE;

  return TRUE;
}

static void
save_args_free (SaveArgs *args)
{
  bobbin_block_row_free (args->row);
  g_free (args);
}

static void
append_args_free (AppendArgs *args)
{
  g_free (args->text);
  g_free (args);
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const SaveArgs *args = data;
  gint64 thread_id;

  if (!_bobbin_blocks_save (db, args->message_id, args->position, args->row, error))
    return FALSE;
  if (args->row->kind != BOBBIN_BLOCK_APPROVAL)
    return TRUE;

  /* An approval decides what the list of threads shows. */
  return _bobbin_db_get_int (db, bobbin_db_query (db, error, thread_of_sql, DB_INT (args->message_id)), 0, &thread_id, error) &&
         _bobbin_threads_refresh (db, thread_id, error);
}

static gboolean
append_run (BobbinStoreDb  *db,
            gpointer        data,
            gpointer       *ret_result,
            GError        **error)
{
  const AppendArgs *args = data;
  gint64 end, skip;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, end_sql, DB_INT (args->block_id)), -1, &end, error))
    return FALSE;
  if (end < 0)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The block that text belongs to is not stored");
      return FALSE;
    }
  if (args->start > end)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "Text is missing before byte %" G_GINT64_FORMAT " of a block",
                   args->start);
      return FALSE;
    }

  skip = end - args->start;
  if (skip >= (gint64) args->length)
    return TRUE;

  return bobbin_db_do (db, error, append_sql, DB_INT (args->block_id), DB_INT (end), DB_INT ((gint64) args->length - skip),
                       DB_BYTES (args->text + skip, (gssize) args->length - skip));
}

static const BobbinStoreOpInfo save_info =
  { "save-block", BOBBIN_STORE_WRITE, NULL, save_run, (GDestroyNotify) save_args_free, NULL };
static const BobbinStoreOpInfo append_info =
  { "append-text", BOBBIN_STORE_WRITE, NULL, append_run, (GDestroyNotify) append_args_free, NULL };

void
bobbin_store_save_block_async (BobbinStore         *self,
                               gint64               message_id,
                               guint                position,
                               BobbinBlock         *block,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  SaveArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_BLOCK (block));

  args = g_new0 (SaveArgs, 1);
  args->message_id = message_id;
  args->position = position;
  args->row = bobbin_block_row_new (block);
  _bobbin_store_submit (self, bobbin_store_save_block_async, &save_info, args, cancellable, callback, user_data);
}

void
bobbin_store_append_text_async (BobbinStore         *self,
                                gint64               block_id,
                                gsize                offset_bytes,
                                const char          *text,
                                gsize                length,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  AppendArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (text != NULL || length == 0);

  args = g_new0 (AppendArgs, 1);
  args->block_id = block_id;
  args->start = (gint64) offset_bytes;
  args->text = g_memdup2 (text, length);
  args->length = length;
  _bobbin_store_submit (self, bobbin_store_append_text_async, &append_info, args, cancellable, callback, user_data);
}
