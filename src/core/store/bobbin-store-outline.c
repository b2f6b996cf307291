/* The outline of a thread, read from its start a slice at a time (see bobbin-store-find.c). */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "model/bobbin-outline.h"

#define SLICE_BYTES (2 * 1024 * 1024)

typedef struct
{
  gint64 thread_id;
  gint64 after_id;
} OutlineArgs;

static const char outline_sql[] =
  "SELECT m.id, m.role, b.id, b.kind, iif(b.kind = 'text', b.text, b.name)"
  " FROM messages m JOIN blocks b ON b.message_id = m.id"
  " WHERE m.thread_id = ?1 AND m.hidden = 0 AND m.id > ?2 AND b.kind IN ('text', 'tool-call') ORDER BY m.id, b.position";

void
bobbin_outline_slice_free (BobbinOutlineSlice *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

static gboolean
outline_run (BobbinStoreDb  *db,
             gpointer        data,
             gpointer       *ret_result,
             GError        **error)
{
  const OutlineArgs *args = data;
  g_autoptr(BobbinOutlineSlice) slice = g_new0 (BobbinOutlineSlice, 1);
  sqlite3_stmt *statement;
  gint64 current = 0;
  gsize bytes = 0;
  int more = 0;

  slice->items = bobbin_outline_new ();
  statement = bobbin_db_query (db, error, outline_sql, DB_INT (args->thread_id), DB_INT (args->after_id));
  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      gint64 message_id = sqlite3_column_int64 (statement, 0);
      const char *text = (const char *) sqlite3_column_text (statement, 4);
      BobbinRole role = BOBBIN_ROLE_SYSTEM;
      BobbinBlockKind kind = BOBBIN_BLOCK_UNKNOWN;

      if (message_id != current && bytes >= SLICE_BYTES)
        {
          slice->next_id = current; /* all of it was read */
          sqlite3_reset (statement);
          break;
        }
      current = message_id;
      bytes += (gsize) sqlite3_column_bytes (statement, 4);
      if (bobbin_role_from_nick ((const char *) sqlite3_column_text (statement, 1), &role) &&
          bobbin_block_kind_from_nick ((const char *) sqlite3_column_text (statement, 3), &kind))
        bobbin_outline_add_block (slice->items, message_id, role, sqlite3_column_int64 (statement, 2), kind, text);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&slice);
  return TRUE;
}

static const BobbinStoreOpInfo outline_info =
  { "outline", BOBBIN_STORE_READ, NULL, outline_run, g_free, (GDestroyNotify) bobbin_outline_slice_free };

void
bobbin_store_outline_async (BobbinStore         *self,
                            gint64               thread_id,
                            gint64               after_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  OutlineArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (OutlineArgs, 1);
  args->thread_id = thread_id;
  args->after_id = after_id;
  _bobbin_store_submit (self, bobbin_store_outline_async, &outline_info, args, cancellable, callback, user_data);
}

BobbinOutlineSlice *
bobbin_store_outline_finish (BobbinStore   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_outline_async, error);
}
