/* Approvals given for good. They go with their account. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "model/bobbin-rule.h"

typedef struct
{
  gint64  id;
  gint64  account_id;
  char   *agent_id;
  char   *tool;
  char   *arguments;
  gint64  created_us;
  gint64  n_uses;
  gint64  last_used_us;
} RuleRow;

static const char list_sql[] =
  "SELECT id, account_id, agent_id, tool, arguments, created_us, n_uses, last_used_us FROM approval_rules ORDER BY id";
static const char save_sql[] =
  "INSERT INTO approval_rules (id, account_id, agent_id, tool, arguments, created_us, n_uses, last_used_us)"
  " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
  " ON CONFLICT (id) DO UPDATE SET n_uses = excluded.n_uses, last_used_us = excluded.last_used_us";
static const char delete_sql[] = "DELETE FROM approval_rules WHERE id = ?";

static void
rule_row_free (RuleRow *row)
{
  g_free (row->agent_id);
  g_free (row->tool);
  g_free (row->arguments);
  g_free (row);
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  const RuleRow *row = args;

  return bobbin_db_do (db, error, save_sql, DB_INT (row->id), DB_INT (row->account_id), DB_TEXT (row->agent_id),
                       DB_TEXT (row->tool), DB_TEXT (row->arguments), DB_INT (row->created_us), DB_INT (row->n_uses),
                       DB_INT (row->last_used_us));
}

static gboolean
delete_run (BobbinStoreDb  *db,
            gpointer        args,
            gpointer       *ret_result,
            GError        **error)
{
  const gint64 *id = args;

  return bobbin_db_do (db, error, delete_sql, DB_INT (*id));
}

static gboolean
list_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_row_free);
  sqlite3_stmt *statement = bobbin_db_query (db, error, list_sql);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      RuleRow *row = g_new0 (RuleRow, 1);

      row->id = sqlite3_column_int64 (statement, 0);
      row->account_id = sqlite3_column_int64 (statement, 1);
      row->agent_id = _bobbin_db_dup_text (statement, 2);
      row->tool = _bobbin_db_dup_text (statement, 3);
      row->arguments = _bobbin_db_dup_text (statement, 4);
      row->created_us = sqlite3_column_int64 (statement, 5);
      row->n_uses = sqlite3_column_int64 (statement, 6);
      row->last_used_us = sqlite3_column_int64 (statement, 7);
      g_ptr_array_add (rows, row);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&rows);
  return TRUE;
}

static const BobbinStoreOpInfo save_info =
  { "save-rule", BOBBIN_STORE_DURABLE, NULL, save_run, (GDestroyNotify) rule_row_free, NULL };
static const BobbinStoreOpInfo delete_info = { "delete-rule", BOBBIN_STORE_DURABLE, NULL, delete_run, g_free, NULL };
static const BobbinStoreOpInfo list_info =
  { "list-rules", BOBBIN_STORE_READ, NULL, list_run, NULL, (GDestroyNotify) g_ptr_array_unref };

void
bobbin_store_save_rule_async (BobbinStore         *self,
                              BobbinRule          *rule,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  RuleRow *row;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_RULE (rule));

  row = g_new0 (RuleRow, 1);
  row->id = bobbin_rule_get_id (rule);
  row->account_id = bobbin_rule_get_account_id (rule);
  row->agent_id = g_strdup (bobbin_rule_get_agent_id (rule));
  row->tool = g_strdup (bobbin_rule_get_tool (rule));
  row->arguments = g_strdup (bobbin_rule_get_arguments (rule));
  row->created_us = bobbin_rule_get_created_us (rule);
  row->n_uses = bobbin_rule_get_n_uses (rule);
  row->last_used_us = bobbin_rule_get_last_used_us (rule);
  _bobbin_store_submit (self, bobbin_store_save_rule_async, &save_info, row, cancellable, callback, user_data);
}

void
bobbin_store_delete_rule_async (BobbinStore         *self,
                                gint64               rule_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_delete_rule_async, &delete_info, g_memdup2 (&rule_id, sizeof rule_id), cancellable,
                        callback, user_data);
}

void
bobbin_store_list_rules_async (BobbinStore         *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_list_rules_async, &list_info, NULL, cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_list_rules_finish (BobbinStore   *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  GPtrArray *rules;

  g_return_val_if_fail (BOBBIN_IS_STORE (self), NULL);

  rows = _bobbin_store_take (self, result, bobbin_store_list_rules_async, error);
  if (rows == NULL)
    return NULL;

  rules = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    {
      const RuleRow *row = g_ptr_array_index (rows, i);
      BobbinRule *rule = bobbin_rule_new (row->id, row->account_id, row->agent_id, row->tool != NULL ? row->tool : "",
                                          row->arguments, row->created_us);

      bobbin_rule_set_uses (rule, (guint) CLAMP (row->n_uses, 0, G_MAXINT), row->last_used_us);
      g_ptr_array_add (rules, rule);
    }

  return rules;
}
