/* How the full-text tables are filled: the functions their triggers call, all of it anew, and what waits since a migration. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-index.h"

#define SLICE_US (25 * 1000)
#define PAUSE_MS 40

static const char clear_sql[] = "DELETE FROM docs";
static const char number_sql[] =
  "INSERT INTO docs (block_id, message_id, part, plain) SELECT id, message_id, part, plain FROM"
  " (SELECT id, message_id, text, bobbin_part (kind) AS part,"
  "   bobbin_plain (kind, text, name, data, result, attachment_name) AS plain FROM blocks ORDER BY id)"
  " WHERE part > 0 AND ifnull (plain, text) <> ''";

static const char waiting_sql[] = "SELECT id FROM docs WHERE part = 0 ORDER BY id DESC LIMIT 1";
static const char fill_sql[] =
  "UPDATE docs SET part = n.part, plain = n.plain FROM"
  " (SELECT text, bobbin_part (kind) AS part, bobbin_plain (kind, text, name, data, result, attachment_name) AS plain FROM blocks"
  "   WHERE id = (SELECT block_id FROM docs WHERE id = ?1)) n"
  " WHERE docs.id = ?1 AND ifnull (n.plain, n.text) <> ''";
static const char drop_sql[] = "DELETE FROM docs WHERE id = ? AND part = 0";
static const char words_sql[] = "INSERT INTO body_words (rowid, words) SELECT id, words FROM body_docs WHERE id = ?";
static const char grams_sql[] = "INSERT INTO body_grams (rowid, grams) SELECT id, grams FROM body_docs WHERE id = ?";

static const char *
text_of (sqlite3_value *value)
{
  return (const char *) sqlite3_value_text (value);
}

static void
take_folded (sqlite3_context *context,
             sqlite3_value   *value,
             GString       *(*fold) (const char *text, gsize length))
{
  const char *text = text_of (value);
  GString *folded;
  gsize length;

  if (text == NULL)
    return;

  folded = fold (text, (gsize) sqlite3_value_bytes (value));
  length = folded->len;
  sqlite3_result_text64 (context, g_string_free (folded, FALSE), length, g_free, SQLITE_UTF8);
}

static void
words_cb (sqlite3_context  *context,
          int               n,
          sqlite3_value   **values)
{
  take_folded (context, values[0], _bobbin_fold_words);
}

static void
grams_cb (sqlite3_context  *context,
          int               n,
          sqlite3_value   **values)
{
  take_folded (context, values[0], _bobbin_fold_grams);
}

static void
part_cb (sqlite3_context  *context,
         int               n,
         sqlite3_value   **values)
{
  sqlite3_result_int (context, (int) _bobbin_plain_part (text_of (values[0])));
}

static void
plain_cb (sqlite3_context  *context,
          int               n,
          sqlite3_value   **values)
{
  char *plain = _bobbin_plain_new (text_of (values[0]), text_of (values[1]), text_of (values[2]), text_of (values[3]),
                                   text_of (values[4]), text_of (values[5]));

  if (plain != NULL)
    sqlite3_result_text (context, plain, -1, g_free);
}

int
_bobbin_index_functions (sqlite3 *handle)
{
  static const struct { const char *name; int n; void (*run) (sqlite3_context *, int, sqlite3_value **); } functions[] = {
    { "bobbin_words", 1, words_cb }, { "bobbin_grams", 1, grams_cb }, { "bobbin_part", 1, part_cb },
    { "bobbin_plain", 6, plain_cb } };
  int code = SQLITE_OK;

  for (guint i = 0; i < G_N_ELEMENTS (functions) && code == SQLITE_OK; i++)
    code = sqlite3_create_function_v2 (handle, functions[i].name, functions[i].n, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                       NULL, functions[i].run, NULL, NULL, NULL);

  return code;
}

gboolean
_bobbin_index_rebuild (BobbinStoreDb  *db,
                       GError        **error)
{
  return bobbin_db_do (db, error, clear_sql) && bobbin_db_do (db, error, number_sql) &&
         _bobbin_schema_each_index (db, "rebuild", error);
}

/* What a migration left to do */

static gboolean
index_one (BobbinStoreDb  *db,
           gint64          id,
           GError        **error)
{
  return bobbin_db_do (db, error, fill_sql, DB_INT (id)) && bobbin_db_do (db, error, drop_sql, DB_INT (id)) &&
         bobbin_db_do (db, error, words_sql, DB_INT (id)) && bobbin_db_do (db, error, grams_sql, DB_INT (id));
}

static gboolean
index_run (BobbinStoreDb  *db,
           gpointer        args,
           gpointer       *ret_result,
           GError        **error)
{
  gint64 end = g_get_monotonic_time () + SLICE_US;
  gint64 id;

  do
    {
      if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, waiting_sql), 0, &id, error) ||
          (id != 0 && !index_one (db, id, error)))
        return FALSE;
    }
  while (id != 0 && g_get_monotonic_time () < end);

  *ret_result = GINT_TO_POINTER (id != 0);
  return TRUE;
}

static const BobbinStoreOpInfo index_info = { "index", BOBBIN_STORE_WRITE, NULL, index_run, NULL, NULL };

void
bobbin_store_index_async (BobbinStore         *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_index_async, &index_info, NULL, cancellable, callback, user_data);
}

gboolean
bobbin_store_index_finish (BobbinStore   *self,
                           GAsyncResult  *result,
                           gboolean      *ret_more,
                           GError       **error)
{
  g_autoptr(GError) local = NULL;
  gpointer more = _bobbin_store_take (self, result, bobbin_store_index_async, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  *ret_more = more != NULL;
  return TRUE;
}

static void indexed_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* Owned by the timer: the store may be gone when it strikes. */
static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  g_autoptr(BobbinStore) store = g_weak_ref_get (user_data);

  if (store != NULL)
    bobbin_store_index_async (store, NULL, indexed_cb, NULL);

  return G_SOURCE_REMOVE;
}

static void
indexed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GWeakRef *store;
  gboolean more;

  if (!bobbin_store_index_finish (BOBBIN_STORE (source), result, &more, &error))
    {
      g_info ("The index is not caught up with: %s", error->message);
      return;
    }
  if (!more)
    return;

  store = g_new0 (GWeakRef, 1);
  g_weak_ref_init (store, source);
  g_timeout_add_full (G_PRIORITY_LOW, PAUSE_MS, pause_over_cb, store, weak_ref_free);
}

void
bobbin_store_index_in_background (BobbinStore *self)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  bobbin_store_index_async (self, NULL, indexed_cb, NULL);
}
