/* What a thread used in all. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include <string.h>

static const char sum_sql[] =
  "SELECT currency, count(*), sum(max(input_tokens, 0)), sum(max(output_tokens, 0)),"
  "  sum(CASE WHEN total_tokens >= 0 THEN total_tokens ELSE max(input_tokens, 0) + max(output_tokens, 0) END),"
  "  sum(max(cost, 0)), sum(cost >= 0), sum(max(total_ms, 0))"
  " FROM messages WHERE thread_id = ? AND role = 'assistant' GROUP BY currency ORDER BY currency";

static gboolean
sum_run (BobbinStoreDb  *db,
         gpointer        args,
         gpointer       *ret_result,
         GError        **error)
{
  const gint64 *thread_id = args;
  g_autofree BobbinUsageSum *sum = g_new0 (BobbinUsageSum, 1);
  sqlite3_stmt *statement = bobbin_db_query (db, error, sum_sql, DB_INT (*thread_id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      g_autofree char *currency = _bobbin_db_dup_text (statement, 0);

      sum->n_answers += (guint) sqlite3_column_int64 (statement, 1);
      sum->input_tokens += sqlite3_column_int64 (statement, 2);
      sum->output_tokens += sqlite3_column_int64 (statement, 3);
      sum->total_tokens += sqlite3_column_int64 (statement, 4);
      sum->total_ms += sqlite3_column_double (statement, 7);
      if (sqlite3_column_int64 (statement, 6) == 0 || sum->n_costs == BOBBIN_USAGE_SUM_COSTS)
        continue;
      g_strlcpy (sum->costs[sum->n_costs].currency, currency != NULL ? currency : "", sizeof sum->costs[0].currency);
      sum->costs[sum->n_costs++].cost = sqlite3_column_double (statement, 5);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&sum);
  return TRUE;
}

static const BobbinStoreOpInfo sum_info = { "sum-usage", BOBBIN_STORE_READ, NULL, sum_run, g_free, g_free };

void
bobbin_store_sum_usage_async (BobbinStore         *self,
                              gint64               thread_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_sum_usage_async, &sum_info, g_memdup2 (&thread_id, sizeof thread_id), cancellable,
                        callback, user_data);
}

BobbinUsageSum *
bobbin_store_sum_usage_finish (BobbinStore   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (BOBBIN_IS_STORE (self), NULL);

  return _bobbin_store_take (self, result, bobbin_store_sum_usage_async, error);
}
