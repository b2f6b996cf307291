/* What export, import and backup need of the store: whole threads out and in, and a copy of all of it. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include <string.h>

/* Of text, before a run ends. */
#define RUN_BYTES (1024 * 1024)
#define RUN_MESSAGES 200

typedef struct
{
  gint64 thread_id;
  gint64 after_id;
} ReadArgs;

typedef struct
{
  GPtrArray *rows;    /* of BobbinMessageRow */
  GArray    *hidden;
  gint64     next_id;
} Rows;

typedef struct
{
  gint64            thread_id;
  gboolean          with_bin;
  BobbinThreadPick *pick;      /* owned (nullable): these, whatever the others say */
} MeasureArgs;

typedef struct
{
  BobbinThreadRow *thread;
  Rows            *rows;
} AddArgs;

static const char hidden_sql[] = "SELECT id, hidden FROM messages WHERE thread_id = ? AND id > ? ORDER BY id LIMIT ?";
static const char measure_sql[] =
  "SELECT id, (SELECT count(*) FROM messages WHERE thread_id = threads.id) FROM threads"
  " WHERE (?1 = 0 OR id = ?1) AND (?1 <> 0 OR ?2 OR deleted_us = 0) ORDER BY last_used_us DESC, id DESC";
static const char measure_picked_sql[] =
  "SELECT t.id, (SELECT count(*) FROM messages WHERE thread_id = t.id) FROM picked p CROSS JOIN threads t ON t.id = p.id"
  " ORDER BY t.last_used_us DESC, t.id DESC";
static const char known_sql[] = "SELECT count(*) FROM threads WHERE id = ?";
static const char last_sql[] = "SELECT max(id) FROM messages WHERE thread_id = ?";
static const char taken_sql[] = "SELECT count(*) FROM messages WHERE id = ?";
static const char taken_block_sql[] = "SELECT count(*) FROM blocks WHERE id = ?";
static const char used_sql[] = "UPDATE threads SET last_used_us = ?2 WHERE id = ?1";
static const char version_sql[] = "UPDATE messages SET version_of = ?2, hidden = ?3 WHERE id = ?1";
static const char files_sql[] = "SELECT DISTINCT sha256 FROM attachments WHERE sha256 IS NOT NULL ORDER BY sha256";

static Rows *
rows_new (void)
{
  Rows *self = g_new0 (Rows, 1);

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_message_row_free);
  self->hidden = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

static void
rows_free (gpointer data)
{
  Rows *self = data;

  g_ptr_array_unref (self->rows);
  g_array_unref (self->hidden);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rows, rows_free)

void
bobbin_message_run_free (BobbinMessageRun *self)
{
  g_ptr_array_unref (self->messages);
  g_array_unref (self->hidden);
  g_free (self);
}

/* Reading */

static gsize
count_bytes (const BobbinMessageRow *row)
{
  gsize bytes = 0;

  for (guint i = 0; i < row->blocks->len; i++)
    {
      const BobbinBlockRow *block = g_ptr_array_index (row->blocks, i);

      bytes += block->length + (block->data != NULL ? strlen (block->data) : 0) + (block->result != NULL ? strlen (block->result) : 0);
    }

  return bytes;
}

static gboolean
list_hidden (BobbinStoreDb   *db,
             const ReadArgs  *args,
             GArray          *ids,
             GArray          *hidden,
             GError         **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, hidden_sql, DB_INT (args->thread_id), DB_INT (args->after_id),
                                             DB_INT (RUN_MESSAGES));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      gint64 version = sqlite3_column_int64 (statement, 1);

      g_array_append_val (ids, id);
      g_array_append_val (hidden, version);
    }

  return more == 0;
}

static gboolean
read_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const ReadArgs *args = data;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(Rows) run = rows_new ();
  gsize bytes = 0;
  guint i = 0;

  if (!list_hidden (db, args, ids, run->hidden, error))
    return FALSE;
  for (; i < ids->len && bytes < RUN_BYTES; i++)
    {
      BobbinMessageRow *row = _bobbin_messages_load (db, g_array_index (ids, gint64, i), error);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (run->rows, row);
      if (!_bobbin_blocks_load (db, row, error))
        return FALSE;
      bytes += count_bytes (row);
    }
  if (i > 0 && (i < ids->len || ids->len == RUN_MESSAGES))
    run->next_id = g_array_index (ids, gint64, i - 1);
  g_array_set_size (run->hidden, i);

  *ret_result = g_steal_pointer (&run);
  return TRUE;
}

static gboolean
measure_run (BobbinStoreDb  *db,
             gpointer        data,
             gpointer       *ret_result,
             GError        **error)
{
  const MeasureArgs *args = data;
  g_autoptr(GArray) sizes = g_array_new (FALSE, FALSE, sizeof (BobbinThreadSize));
  sqlite3_stmt *statement;
  int more;

  if (args->pick != NULL && !_bobbin_change_pick (db, args->pick, error))
    return FALSE;
  if (args->pick != NULL)
    statement = bobbin_db_query (db, error, measure_picked_sql);
  else
    statement = bobbin_db_query (db, error, measure_sql, DB_INT (args->thread_id), DB_INT (args->with_bin != 0));

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinThreadSize size = { sqlite3_column_int64 (statement, 0), (guint) sqlite3_column_int (statement, 1) };

      g_array_append_val (sizes, size);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&sizes);
  return TRUE;
}

/* Writing */

/* What is here is never overwritten. */
static gboolean
check_ids (BobbinStoreDb           *db,
           const BobbinMessageRow  *row,
           GError                 **error)
{
  gint64 n_taken;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, taken_sql, DB_INT (row->id)), 0, &n_taken, error))
    return FALSE;
  for (guint i = 0; n_taken == 0 && i < row->blocks->len; i++)
    if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, taken_block_sql,
                                                  DB_INT (((BobbinBlockRow *) row->blocks->pdata[i])->id)), 0, &n_taken, error))
      return FALSE;
  if (n_taken == 0)
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "A message has the id of one in another conversation");
  return FALSE;
}

static gboolean
add_message (BobbinStoreDb     *db,
             BobbinMessageRow  *row,
             gint64             hidden,
             GError           **error)
{
  gint64 version_of = row->version_of;

  if (!check_ids (db, row, error))
    return FALSE;

  /* Which version is shown is given, not found out. */
  row->version_of = 0;
  return _bobbin_messages_save (db, row, error) &&
         ((version_of == 0 && hidden == 0) ||
          bobbin_db_do (db, error, version_sql, DB_INT (row->id), DB_INT (version_of), DB_INT (hidden)));
}

static gboolean
add_run (BobbinStoreDb  *db,
         gpointer        data,
         gpointer       *ret_result,
         GError        **error)
{
  const AddArgs *args = data;
  g_autofree BobbinGrafted *grafted = g_new0 (BobbinGrafted, 1);
  gint64 thread_id = args->thread->id;
  gint64 n_known, last_id;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, known_sql, DB_INT (thread_id)), 0, &n_known, error) ||
      !_bobbin_db_get_int (db, bobbin_db_query (db, error, last_sql, DB_INT (thread_id)), 0, &last_id, error))
    return FALSE;
  grafted->is_new = n_known == 0;
  if (grafted->is_new && !_bobbin_threads_save (db, args->thread, error))
    return FALSE;

  for (guint i = 0; i < args->rows->rows->len; i++)
    {
      BobbinMessageRow *row = g_ptr_array_index (args->rows->rows, i);

      if (row->id <= last_id)
        continue;
      if (!add_message (db, row, g_array_index (args->rows->hidden, gint64, i), error))
        return FALSE;
      grafted->n_messages++;
    }
  if (grafted->is_new && args->thread->last_used_us != 0 &&
      !bobbin_db_do (db, error, used_sql, DB_INT (thread_id), DB_INT (args->thread->last_used_us)))
    return FALSE;
  if (grafted->n_messages > 0 &&
      (!_bobbin_messages_restore_snippet (db, thread_id, error) || !_bobbin_threads_refresh (db, thread_id, error)))
    return FALSE;

  *ret_result = g_steal_pointer (&grafted);
  return TRUE;
}

static gboolean
backup_run (BobbinStoreDb  *db,
            gpointer        data,
            gpointer       *ret_result,
            GError        **error)
{
  const char *path = data;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  sqlite3_stmt *statement;
  int more;

  if (!_bobbin_schema_backup (db, path, error))
    return FALSE;

  statement = bobbin_db_query (db, error, files_sql);
  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      g_autofree char *name = _bobbin_db_dup_text (statement, 0);

      g_strv_builder_add (names, name);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_strv_builder_end (names);
  return TRUE;
}

static void
measure_args_free (gpointer data)
{
  MeasureArgs *args = data;

  bobbin_thread_pick_free (args->pick);
  g_free (args);
}

static void
add_args_free (gpointer data)
{
  AddArgs *args = data;

  bobbin_thread_row_free (args->thread);
  rows_free (args->rows);
  g_free (args);
}

static const BobbinStoreOpInfo read_info = { "read-messages", BOBBIN_STORE_READ, NULL, read_run, g_free, rows_free };
static const BobbinStoreOpInfo measure_info =
  { "measure", BOBBIN_STORE_READ, NULL, measure_run, measure_args_free, (GDestroyNotify) g_array_unref };
static const BobbinStoreOpInfo add_info = { "add-thread", BOBBIN_STORE_DURABLE, NULL, add_run, add_args_free, g_free };
static const BobbinStoreOpInfo backup_info = { "backup", BOBBIN_STORE_RAW, NULL, backup_run, g_free, (GDestroyNotify) g_strfreev };

void
bobbin_store_read_messages_async (BobbinStore         *self,
                                  gint64               thread_id,
                                  gint64               after_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  ReadArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (ReadArgs, 1);
  args->thread_id = thread_id;
  args->after_id = after_id;
  _bobbin_store_submit (self, bobbin_store_read_messages_async, &read_info, args, cancellable, callback, user_data);
}

BobbinMessageRun *
bobbin_store_read_messages_finish (BobbinStore   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_autoptr(Rows) rows = _bobbin_store_take (self, result, bobbin_store_read_messages_async, error);
  const char *dir = bobbin_store_get_attachments_dir (self);
  BobbinMessageRun *run;

  if (rows == NULL)
    return NULL;

  run = g_new0 (BobbinMessageRun, 1);
  run->messages = g_ptr_array_new_full (rows->rows->len, g_object_unref);
  for (guint i = 0; i < rows->rows->len; i++)
    g_ptr_array_add (run->messages, bobbin_message_row_to_model (g_ptr_array_index (rows->rows, i), dir));
  run->hidden = g_array_ref (rows->hidden);
  run->next_id = rows->next_id;

  return run;
}

void
bobbin_store_measure_async (BobbinStore         *self,
                            gint64               thread_id,
                            gboolean             with_bin,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  MeasureArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (MeasureArgs, 1);
  args->thread_id = thread_id;
  args->with_bin = with_bin;
  _bobbin_store_submit (self, bobbin_store_measure_async, &measure_info, args, cancellable, callback, user_data);
}

void
bobbin_store_measure_picked_async (BobbinStore            *self,
                                   const BobbinThreadPick *pick,
                                   GCancellable           *cancellable,
                                   GAsyncReadyCallback     callback,
                                   gpointer                user_data)
{
  MeasureArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (MeasureArgs, 1);
  args->pick = bobbin_thread_pick_copy (pick);
  _bobbin_store_submit (self, bobbin_store_measure_async, &measure_info, args, cancellable, callback, user_data);
}

GArray *
bobbin_store_measure_finish (BobbinStore   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_measure_async, error);
}

void
bobbin_store_add_thread_async (BobbinStore         *self,
                               BobbinThread        *thread,
                               GPtrArray           *messages,
                               GArray              *hidden,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  AddArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (messages->len == hidden->len);

  args = g_new0 (AddArgs, 1);
  args->thread = bobbin_thread_row_new (thread);
  args->rows = rows_new ();
  for (guint i = 0; i < messages->len; i++)
    g_ptr_array_add (args->rows->rows, bobbin_message_row_new (bobbin_thread_get_id (thread), messages->pdata[i], TRUE));
  g_array_append_vals (args->rows->hidden, hidden->data, hidden->len);
  _bobbin_store_submit (self, bobbin_store_add_thread_async, &add_info, args, cancellable, callback, user_data);
}

gboolean
bobbin_store_add_thread_finish (BobbinStore    *self,
                                GAsyncResult   *result,
                                BobbinGrafted  *ret_grafted,
                                GError        **error)
{
  g_autofree BobbinGrafted *grafted = _bobbin_store_take (self, result, bobbin_store_add_thread_async, error);

  if (grafted == NULL)
    return FALSE;

  *ret_grafted = *grafted;
  return TRUE;
}

void
bobbin_store_backup_async (BobbinStore         *self,
                           const char          *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_backup_async, &backup_info, g_strdup (path), cancellable, callback, user_data);
}

GStrv
bobbin_store_backup_finish (BobbinStore   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_backup_async, error);
}
