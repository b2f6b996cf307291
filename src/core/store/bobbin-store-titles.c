#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-fuzzy.h"

typedef struct
{
  char  *query;
  guint  limit;
} TitlesArgs;

/* In the order of last use, so that the first of equals is the one to keep. */
static const char titles_sql[] =
  "SELECT id, account_id, title, last_used_us, archived FROM threads WHERE deleted_us = 0 AND title <> ''"
  " ORDER BY last_used_us DESC, id DESC";

void
bobbin_title_hit_free (BobbinTitleHit *self)
{
  g_free (self->title);
  g_free (self);
}

static void
titles_args_free (TitlesArgs *args)
{
  g_free (args->query);
  g_free (args);
}

/* Keeps @hits sorted and short: for the handful that is asked for, that is cheaper than sorting all. */
static void
insert (GPtrArray    *hits,
        sqlite3_stmt *statement,
        guint         score,
        guint         limit)
{
  guint place = hits->len;
  BobbinTitleHit *hit;

  while (place > 0 && ((BobbinTitleHit *) hits->pdata[place - 1])->score < score)
    place--;
  if (place == limit)
    return;

  hit = g_new0 (BobbinTitleHit, 1);
  hit->thread_id = sqlite3_column_int64 (statement, 0);
  hit->account_id = sqlite3_column_int64 (statement, 1);
  hit->title = _bobbin_db_dup_text (statement, 2);
  hit->last_used_us = sqlite3_column_int64 (statement, 3);
  hit->archived = sqlite3_column_int (statement, 4) != 0;
  hit->score = score;
  g_ptr_array_insert (hits, (int) place, hit);
  if (hits->len > limit)
    g_ptr_array_set_size (hits, (int) limit);
}

static gboolean
titles_run (BobbinStoreDb  *db,
            gpointer        data,
            gpointer       *ret_result,
            GError        **error)
{
  const TitlesArgs *args = data;
  g_autoptr(BobbinFuzzy) fuzzy = bobbin_fuzzy_new (args->query);
  g_autoptr(GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_title_hit_free);
  sqlite3_stmt *statement = _bobbin_db_query (db, titles_sql, NULL, 0, error);
  gboolean all = bobbin_fuzzy_is_empty (fuzzy);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      const char *title = (const char *) sqlite3_column_text (statement, 2);
      guint score = title != NULL ? bobbin_fuzzy_score (fuzzy, title) : 0;

      if (score > 0)
        insert (hits, statement, score, args->limit);
      if (all && hits->len == args->limit)
        {
          sqlite3_reset (statement);
          break;
        }
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&hits);
  return TRUE;
}

static const BobbinStoreOpInfo titles_info = {
  .name = "find-titles",
  .mode = BOBBIN_STORE_READ,
  .run = titles_run,
  .free_args = (GDestroyNotify) titles_args_free,
  .free_result = (GDestroyNotify) g_ptr_array_unref,
};

void
bobbin_store_find_titles_async (BobbinStore        *self,
                                const char         *query,
                                guint               limit,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  TitlesArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query != NULL && limit > 0);

  args = g_new0 (TitlesArgs, 1);
  args->query = g_strdup (query);
  args->limit = limit;
  _bobbin_store_submit (self, bobbin_store_find_titles_async, &titles_info, args, cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_find_titles_finish (BobbinStore   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_find_titles_async, error);
}
