/* Finding words in one thread: its messages are read from the newest back, a slice at a time, so that what is saved meanwhile
 * does not wait. Matching is that of bobbin-needle.h, which no index knows; reading is fast enough. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-needle.h"

#include <string.h>

#define SLICE_BYTES (1024 * 1024)

typedef struct
{
  gint64  thread_id;
  gint64  before_id;
  char   *text;
} FindArgs;

/* The order is that in which bobbin_finder looks through a block, too. */
static const char find_sql[] =
  "SELECT m.id, b.id, b.kind IN ('text', 'thinking', 'code'), b.text, b.name, b.data, b.result, b.attachment_name"
  " FROM messages m JOIN blocks b ON b.message_id = m.id"
  " WHERE m.thread_id = ?1 AND m.hidden = 0 AND m.id < ?2 AND b.kind <> 'notice' ORDER BY m.id DESC, b.position DESC";

void
bobbin_found_free (BobbinFound *self)
{
  g_array_unref (self->hits);
  g_free (self);
}

static void
find_args_free (FindArgs *args)
{
  g_free (args->text);
  g_free (args);
}

static guint
count_row (BobbinNeedle *needle,
           sqlite3_stmt *statement,
           gsize        *bytes)
{
  int last = sqlite3_column_int (statement, 2) != 0 ? 3 : 7;
  guint n = 0;

  for (int i = 3; i <= last; i++)
    {
      const char *text = (const char *) sqlite3_column_text (statement, i);
      gsize length = (gsize) sqlite3_column_bytes (statement, i);

      if (text == NULL)
        continue;
      *bytes += length;
      n += bobbin_needle_count (needle, text, length);
    }

  return n;
}

static gboolean
find_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const FindArgs *args = data;
  g_autoptr(BobbinNeedle) needle = bobbin_needle_new (args->text);
  g_autoptr(BobbinFound) found = g_new0 (BobbinFound, 1);
  sqlite3_stmt *statement;
  gint64 current = 0;
  gsize bytes = 0;
  int more = 0;

  found->hits = g_array_new (FALSE, FALSE, sizeof (BobbinFindHit));
  statement = bobbin_db_query (db, error, find_sql, DB_INT (args->thread_id), DB_INT (args->before_id));
  while (needle != NULL && (more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinFindHit hit = { sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1), 0 };

      if (hit.message_id != current && bytes >= SLICE_BYTES)
        {
          found->next_id = current;
          sqlite3_reset (statement);
          break;
        }
      current = hit.message_id;
      hit.n = count_row (needle, statement, &bytes);
      if (hit.n > 0)
        g_array_append_val (found->hits, hit);
    }
  if (more < 0 || statement == NULL)
    return FALSE;

  *ret_result = g_steal_pointer (&found);
  return TRUE;
}

static const BobbinStoreOpInfo find_info =
  { "find-in-thread", BOBBIN_STORE_READ, NULL, find_run, (GDestroyNotify) find_args_free, (GDestroyNotify) bobbin_found_free };

void
bobbin_store_find_async (BobbinStore         *self,
                         gint64               thread_id,
                         const char          *text,
                         gint64               before_id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  FindArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (text != NULL);

  args = g_new0 (FindArgs, 1);
  args->thread_id = thread_id;
  args->before_id = before_id;
  args->text = g_strdup (text);
  _bobbin_store_submit (self, bobbin_store_find_async, &find_info, args, cancellable, callback, user_data);
}

BobbinFound *
bobbin_store_find_finish (BobbinStore   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_find_async, error);
}
