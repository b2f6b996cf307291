/* Labels. Which threads have one is changed by bobbin_store_change_threads_async(). */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "model/bobbin-label.h"

static const char list_sql[] = "SELECT id, name, color FROM labels ORDER BY id";
static const char save_sql[] =
  "INSERT INTO labels (id, name, color) VALUES (?, ?, ?)"
  " ON CONFLICT (id) DO UPDATE SET name = excluded.name, color = excluded.color";
static const char give_sql[] =
  "INSERT OR IGNORE INTO thread_labels (label_id, thread_id) SELECT ?1, id FROM threads WHERE id = ?2";
static const char holders_sql[] = "SELECT thread_id FROM thread_labels WHERE label_id = ?";
static const char delete_sql[] = "DELETE FROM labels WHERE id = ?";

typedef struct
{
  gint64            id;
  char             *name;
  BobbinLabelColor  color;
  GArray           *thread_ids; /* (nullable) */
} LabelRow;

static void
label_row_free (gpointer data)
{
  LabelRow *row = data;

  g_free (row->name);
  g_clear_pointer (&row->thread_ids, g_array_unref);
  g_free (row);
}

static gboolean
list_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (label_row_free);
  sqlite3_stmt *statement = bobbin_db_query (db, error, list_sql);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      LabelRow *row = g_new0 (LabelRow, 1);

      row->id = sqlite3_column_int64 (statement, 0);
      row->name = _bobbin_db_dup_text (statement, 1);
      row->color = bobbin_label_color_from_nick ((const char *) sqlite3_column_text (statement, 2));
      g_ptr_array_add (rows, row);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  const LabelRow *row = args;

  if (!bobbin_db_do (db, error, save_sql, DB_INT (row->id), DB_TEXT (row->name), DB_TEXT (bobbin_label_color_get_nick (row->color))))
    return FALSE;
  for (guint i = 0; row->thread_ids != NULL && i < row->thread_ids->len; i++)
    if (!bobbin_db_do (db, error, give_sql, DB_INT (row->id), DB_INT (g_array_index (row->thread_ids, gint64, i))))
      return FALSE;

  return TRUE;
}

static gboolean
delete_run (BobbinStoreDb  *db,
            gpointer        args,
            gpointer       *ret_result,
            GError        **error)
{
  const gint64 *id = args;
  g_autoptr(GArray) holders = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = bobbin_db_query (db, error, holders_sql, DB_INT (*id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      gint64 thread_id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (holders, thread_id);
    }
  if (more < 0 || !bobbin_db_do (db, error, delete_sql, DB_INT (*id)))
    return FALSE;

  *ret_result = g_steal_pointer (&holders);
  return TRUE;
}

static const BobbinStoreOpInfo list_info =
  { "list-labels", BOBBIN_STORE_READ, NULL, list_run, NULL, (GDestroyNotify) g_ptr_array_unref };
static const BobbinStoreOpInfo save_info = { "save-label", BOBBIN_STORE_DURABLE, NULL, save_run, label_row_free, NULL };
static const BobbinStoreOpInfo delete_info =
  { "delete-label", BOBBIN_STORE_DURABLE, NULL, delete_run, g_free, (GDestroyNotify) g_array_unref };

void
bobbin_store_list_labels_async (BobbinStore         *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_list_labels_async, &list_info, NULL, cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_list_labels_finish (BobbinStore   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_autoptr(GPtrArray) rows = _bobbin_store_take (self, result, bobbin_store_list_labels_async, error);
  GPtrArray *labels;

  if (rows == NULL)
    return NULL;

  labels = g_ptr_array_new_full (rows->len, g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    {
      const LabelRow *row = g_ptr_array_index (rows, i);

      g_ptr_array_add (labels, bobbin_label_new (row->id, row->name, row->color));
    }

  return labels;
}

void
bobbin_store_save_label_async (BobbinStore         *self,
                               BobbinLabel         *label,
                               GArray              *thread_ids,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  LabelRow *row;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_LABEL (label));

  row = g_new0 (LabelRow, 1);
  row->id = bobbin_label_get_id (label);
  row->name = g_strdup (bobbin_label_get_name (label));
  row->color = bobbin_label_get_color (label);
  row->thread_ids = thread_ids != NULL ? g_array_copy (thread_ids) : NULL;
  _bobbin_store_submit (self, bobbin_store_save_label_async, &save_info, row, cancellable, callback, user_data);
}

void
bobbin_store_delete_label_async (BobbinStore         *self,
                                 gint64               label_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_delete_label_async, &delete_info, g_memdup2 (&label_id, sizeof label_id), cancellable,
                        callback, user_data);
}

GArray *
bobbin_store_delete_label_finish (BobbinStore   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_delete_label_async, error);
}
