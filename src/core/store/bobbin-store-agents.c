#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include "model/bobbin-agent.h"

typedef struct
{
  gint64     account_id;
  GPtrArray *rows; /* of BobbinAgentRow */
} SaveArgs;

static const char list_sql[] =
  "SELECT a.account_id, a.agent_id, a.name, a.model FROM agents a JOIN accounts o ON o.id = a.account_id"
  " WHERE ?1 = 0 OR a.account_id = ?1 ORDER BY o.position, o.id, a.position";
static const char clear_sql[] = "DELETE FROM agents WHERE account_id = ?";
static const char save_sql[] =
  "INSERT INTO agents (account_id, agent_id, name, model, position) VALUES (?, ?, ?, ?, ?)"
  " ON CONFLICT (account_id, agent_id) DO NOTHING";

static void
save_args_free (SaveArgs *args)
{
  g_ptr_array_unref (args->rows);
  g_free (args);
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const SaveArgs *args = data;

  if (!bobbin_db_do (db, error, clear_sql, DB_INT (args->account_id)))
    return FALSE;

  for (guint i = 0; i < args->rows->len; i++)
    {
      const BobbinAgentRow *row = g_ptr_array_index (args->rows, i);

      if (row->agent_id == NULL)
        continue;
      if (!bobbin_db_do (db, error, save_sql, DB_INT (args->account_id), DB_TEXT (row->agent_id), DB_TEXT (row->name),
                         DB_TEXT (row->model), DB_INT (i)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
list_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  const gint64 *account_id = args;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_agent_row_free);
  sqlite3_stmt *statement = bobbin_db_query (db, error, list_sql, DB_INT (*account_id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinAgentRow *row = g_new0 (BobbinAgentRow, 1);

      row->account_id = sqlite3_column_int64 (statement, 0);
      row->agent_id = _bobbin_db_dup_text (statement, 1);
      row->name = _bobbin_db_dup_text (statement, 2);
      row->model = _bobbin_db_dup_text (statement, 3);
      g_ptr_array_add (rows, row);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

static const BobbinStoreOpInfo save_info =
  { "save-agents", BOBBIN_STORE_WRITE, NULL, save_run, (GDestroyNotify) save_args_free, NULL };
static const BobbinStoreOpInfo list_info =
  { "list-agents", BOBBIN_STORE_READ, NULL, list_run, g_free, (GDestroyNotify) g_ptr_array_unref };

void
bobbin_store_save_agents_async (BobbinStore         *self,
                                gint64               account_id,
                                GListModel          *agents,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  SaveArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (G_IS_LIST_MODEL (agents));

  args = g_new0 (SaveArgs, 1);
  args->account_id = account_id;
  args->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_agent_row_free);
  for (guint i = 0; i < g_list_model_get_n_items (agents); i++)
    {
      g_autoptr(BobbinAgent) agent = g_list_model_get_item (agents, i);

      g_ptr_array_add (args->rows, bobbin_agent_row_new (agent));
    }
  _bobbin_store_submit (self, bobbin_store_save_agents_async, &save_info, args, cancellable, callback, user_data);
}

void
bobbin_store_list_agents_async (BobbinStore         *self,
                                gint64               account_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_list_agents_async, &list_info, g_memdup2 (&account_id, sizeof account_id),
                        cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_list_agents_finish (BobbinStore   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_autoptr(GPtrArray) rows = _bobbin_store_take (self, result, bobbin_store_list_agents_async, error);
  GPtrArray *agents;

  if (rows == NULL)
    return NULL;

  agents = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (agents, bobbin_agent_row_to_model (g_ptr_array_index (rows, i)));

  return agents;
}
