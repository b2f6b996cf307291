/* Changes of many threads in one step, and back. The threads meant go into a table of the connection, "picked"; those that are so
 * already leave it, and the rest is one statement for all of them. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include <string.h>

static const char table_sql[] = "CREATE TEMP TABLE IF NOT EXISTS picked (id INTEGER PRIMARY KEY); DELETE FROM picked;";
static const char pick_ids_sql[] = "INSERT OR IGNORE INTO picked SELECT id FROM threads WHERE id IN (SELECT value FROM json_each (?))";
static const char ids_sql[] = "SELECT p.id, t.deleted_us FROM picked p CROSS JOIN threads t ON t.id = p.id";

#define KEEP(condition) "DELETE FROM picked WHERE NOT EXISTS (SELECT 1 FROM threads t WHERE t.id = picked.id AND " condition ")"
#define KEEP_LABEL(condition) \
  "DELETE FROM picked WHERE " condition " EXISTS (SELECT 1 FROM thread_labels l WHERE l.thread_id = picked.id AND l.label_id = ?)"
#define SET(what) "UPDATE threads SET " what " WHERE id IN (SELECT id FROM picked)"

static const struct
{
  const char            *keep;  /* drops from the table what the change does not touch */
  const char            *set;
  BobbinThreadChangeKind back;
} kinds[BOBBIN_N_CHANGES] = {
  [BOBBIN_CHANGE_PIN] = { KEEP ("t.pinned = 0"), SET ("pinned = 1"), BOBBIN_CHANGE_UNPIN },
  [BOBBIN_CHANGE_UNPIN] = { KEEP ("t.pinned <> 0"), SET ("pinned = 0"), BOBBIN_CHANGE_PIN },
  [BOBBIN_CHANGE_ARCHIVE] = { KEEP ("t.archived = 0"), SET ("archived = 1"), BOBBIN_CHANGE_UNARCHIVE },
  [BOBBIN_CHANGE_UNARCHIVE] = { KEEP ("t.archived <> 0"), SET ("archived = 0"), BOBBIN_CHANGE_ARCHIVE },
  [BOBBIN_CHANGE_MARK_READ] = { KEEP ("t.unread <> 0"), SET ("unread = 0"), BOBBIN_CHANGE_MARK_UNREAD },
  [BOBBIN_CHANGE_MARK_UNREAD] = { KEEP ("t.unread = 0"), SET ("unread = 1"), BOBBIN_CHANGE_MARK_READ },
  [BOBBIN_CHANGE_BIN] = { KEEP ("t.deleted_us = 0"), SET ("deleted_us = ?"), BOBBIN_CHANGE_RESTORE },
  [BOBBIN_CHANGE_RESTORE] = { KEEP ("t.deleted_us <> 0"), SET ("deleted_us = 0"), BOBBIN_CHANGE_BIN },
  [BOBBIN_CHANGE_ADD_LABEL] = { KEEP_LABEL (""), "INSERT OR IGNORE INTO thread_labels (label_id, thread_id) SELECT ?, id FROM picked",
                                BOBBIN_CHANGE_REMOVE_LABEL },
  [BOBBIN_CHANGE_REMOVE_LABEL] = { KEEP_LABEL ("NOT"),
                                   "DELETE FROM thread_labels WHERE label_id = ? AND thread_id IN (SELECT id FROM picked)",
                                   BOBBIN_CHANGE_ADD_LABEL },
};

static const char bin_again_sql[] =
  "UPDATE threads SET deleted_us = j.was FROM (SELECT json_extract (value, '$[0]') AS id, json_extract (value, '$[1]') AS was"
  " FROM json_each (?)) AS j WHERE threads.id = j.id AND threads.id IN (SELECT id FROM picked)";
static const char delete_remote_sql[] =
  "INSERT INTO remote_changes (account_id, thread_id, kind, server_id, due_us)"
  " SELECT account_id, id, 'delete', server_id, ?2 FROM threads WHERE id IN (SELECT id FROM picked) AND server_id IS NOT NULL"
  " AND account_id IN (SELECT value FROM json_each (?1))";
static const char take_back_sql[] =
  "DELETE FROM remote_changes WHERE kind = 'delete' AND thread_id IN (SELECT id FROM picked)";
/* The demo agent is part of this program. */
static const char kept_sql[] =
  "SELECT count(*) FROM threads WHERE id IN (SELECT id FROM picked) AND server_id IS NOT NULL"
  " AND account_id NOT IN (SELECT value FROM json_each (?)) AND account_id NOT IN (SELECT id FROM accounts WHERE service = 'demo')";

BobbinThreadPick *
bobbin_thread_pick_new (const gint64 *ids,
                        guint         n)
{
  BobbinThreadPick *self = g_new0 (BobbinThreadPick, 1);

  self->ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), MAX (n, 1));
  if (n > 0)
    g_array_append_vals (self->ids, ids, n);

  return self;
}

BobbinThreadPick *
bobbin_thread_pick_copy (const BobbinThreadPick *self)
{
  BobbinThreadPick *copy = g_memdup2 (self, sizeof *self);

  copy->query.kept_by = g_strdup (self->query.kept_by);
  copy->ids = self->ids != NULL ? g_array_copy (self->ids) : NULL;

  return copy;
}

void
bobbin_thread_pick_free (BobbinThreadPick *self)
{
  if (self == NULL)
    return;

  g_free ((char *) self->query.kept_by);
  g_clear_pointer (&self->ids, g_array_unref);
  g_free (self);
}

BobbinThreadChanged *
bobbin_thread_changed_copy (const BobbinThreadChanged *self)
{
  BobbinThreadChanged *copy = g_memdup2 (self, sizeof *self);

  copy->ids = g_array_ref (self->ids);
  copy->deleted_us = self->deleted_us != NULL ? g_array_ref (self->deleted_us) : NULL;

  return copy;
}

void
bobbin_thread_changed_free (BobbinThreadChanged *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->deleted_us, g_array_unref);
  g_free (self);
}

typedef struct
{
  BobbinThreadPick    *pick;    /* owned; NULL: undo */
  BobbinThreadChanged *changed; /* owned; undo: what is taken back */
  BobbinThreadChange   change;  /* owns delete_by */
} ChangeArgs;

static void
change_args_free (gpointer data)
{
  ChangeArgs *args = data;

  bobbin_thread_pick_free (args->pick);
  bobbin_thread_changed_free (args->changed);
  g_free ((char *) args->change.delete_by);
  g_free (args);
}

/* JSON: [id,…], or with @others [[id,other],…]. */
static char *
dup_json (const GArray *ids,
          const GArray *others)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (i > 0)
        g_string_append_c (text, ',');
      if (others == NULL)
        g_string_append_printf (text, "%" G_GINT64_FORMAT, id);
      else
        g_string_append_printf (text, "[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]", id, g_array_index (others, gint64, i));
    }
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

gboolean
_bobbin_change_pick (BobbinStoreDb           *db,
                     const BobbinThreadPick  *pick,
                     GError                 **error)
{
  g_autofree char *ids = dup_json (pick->ids, NULL);

  if (!_bobbin_db_script (db, table_sql, error))
    return FALSE;
  if (pick->all)
    return _bobbin_threads_pick (db, &pick->query, ids, error);

  return bobbin_db_do (db, error, pick_ids_sql, DB_TEXT (ids));
}

static gboolean
read_picked (BobbinStoreDb        *db,
             BobbinThreadChanged  *changed,
             GError              **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, ids_sql);
  int more;

  changed->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (changed->kind == BOBBIN_CHANGE_RESTORE)
    changed->deleted_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      gint64 deleted_us = sqlite3_column_int64 (statement, 1);

      g_array_append_val (changed->ids, id);
      if (changed->deleted_us != NULL)
        g_array_append_val (changed->deleted_us, deleted_us);
    }

  return more == 0;
}

static gboolean
change_remote (BobbinStoreDb             *db,
               const BobbinThreadChange  *change,
               BobbinThreadChanged       *changed,
               GError                   **error)
{
  const char *delete_by = change->delete_by != NULL ? change->delete_by : "[]";
  gint64 n_kept;

  if (change->kind == BOBBIN_CHANGE_RESTORE)
    return bobbin_db_do (db, error, take_back_sql);
  if (change->kind != BOBBIN_CHANGE_BIN)
    return TRUE;
  if (!bobbin_db_do (db, error, delete_remote_sql, DB_TEXT (delete_by), DB_INT (change->due_us)))
    return FALSE;

  changed->n_remote = (guint) sqlite3_changes (db->handle);
  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, kept_sql, DB_TEXT (delete_by)), 0, &n_kept, error))
    return FALSE;

  changed->n_kept = (guint) n_kept;
  return TRUE;
}

static gboolean
set_all (BobbinStoreDb        *db,
         const ChangeArgs     *args,
         GError              **error)
{
  const BobbinThreadChange *change = &args->change;
  const char *sql = kinds[change->kind].set;

  if (args->changed != NULL && args->changed->deleted_us != NULL)
    {
      g_autofree char *pairs = dup_json (args->changed->ids, args->changed->deleted_us);

      return bobbin_db_do (db, error, bin_again_sql, DB_TEXT (pairs));
    }
  if (change->kind == BOBBIN_CHANGE_BIN)
    return bobbin_db_do (db, error, sql, DB_INT (change->now_us));
  if (change->kind == BOBBIN_CHANGE_ADD_LABEL || change->kind == BOBBIN_CHANGE_REMOVE_LABEL)
    return bobbin_db_do (db, error, sql, DB_INT (change->label_id));

  return bobbin_db_do (db, error, sql);
}

static gboolean
keep_touched (BobbinStoreDb             *db,
              const BobbinThreadChange  *change,
              GError                   **error)
{
  const char *sql = kinds[change->kind].keep;

  if (change->kind == BOBBIN_CHANGE_ADD_LABEL || change->kind == BOBBIN_CHANGE_REMOVE_LABEL)
    return bobbin_db_do (db, error, sql, DB_INT (change->label_id));

  return bobbin_db_do (db, error, sql);
}

static gboolean
change_run (BobbinStoreDb  *db,
            gpointer        data,
            gpointer       *ret_result,
            GError        **error)
{
  const ChangeArgs *args = data;
  g_autoptr(BobbinThreadChanged) changed = g_new0 (BobbinThreadChanged, 1);

  changed->kind = args->change.kind;
  changed->label_id = args->change.label_id;
  if (!_bobbin_change_pick (db, args->pick, error) || !keep_touched (db, &args->change, error) || !read_picked (db, changed, error) ||
      !set_all (db, args, error) || !change_remote (db, &args->change, changed, error))
    return FALSE;

  *ret_result = g_steal_pointer (&changed);
  return TRUE;
}

static const BobbinStoreOpInfo change_info =
  { "change-threads", BOBBIN_STORE_DURABLE, NULL, change_run, change_args_free, (GDestroyNotify) bobbin_thread_changed_free };

static void
submit (BobbinStore               *self,
        BobbinThreadPick          *pick,
        BobbinThreadChanged       *changed,
        const BobbinThreadChange  *change,
        GCancellable              *cancellable,
        GAsyncReadyCallback        callback,
        gpointer                   user_data)
{
  ChangeArgs *args = g_new0 (ChangeArgs, 1);

  args->pick = pick;
  args->changed = changed;
  args->change = *change;
  args->change.delete_by = g_strdup (change->delete_by);
  _bobbin_store_submit (self, bobbin_store_change_threads_async, &change_info, args, cancellable, callback, user_data);
}

void
bobbin_store_change_threads_async (BobbinStore              *self,
                                   const BobbinThreadPick   *pick,
                                   const BobbinThreadChange *change,
                                   GCancellable             *cancellable,
                                   GAsyncReadyCallback       callback,
                                   gpointer                  user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (pick != NULL && change != NULL && (guint) change->kind < BOBBIN_N_CHANGES);

  submit (self, bobbin_thread_pick_copy (pick), NULL, change, cancellable, callback, user_data);
}

void
bobbin_store_undo_change_async (BobbinStore               *self,
                                const BobbinThreadChanged *changed,
                                const BobbinThreadChange  *again,
                                GCancellable              *cancellable,
                                GAsyncReadyCallback        callback,
                                gpointer                   user_data)
{
  BobbinThreadChange back = { 0, };
  BobbinThreadPick *pick;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (changed != NULL && (guint) changed->kind < BOBBIN_N_CHANGES);

  if (again != NULL)
    back = *again;
  back.kind = kinds[changed->kind].back;
  back.label_id = changed->label_id;
  pick = g_new0 (BobbinThreadPick, 1);
  pick->ids = g_array_ref (changed->ids);
  submit (self, pick, bobbin_thread_changed_copy (changed), &back, cancellable, callback, user_data);
}

BobbinThreadChanged *
bobbin_store_change_threads_finish (BobbinStore   *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_change_threads_async, error);
}
