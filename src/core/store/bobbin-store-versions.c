/* Versions of a prompt (bobbin-store-schema.c, step 2), and which messages of a thread are shown.
 *
 *   1. Of the messages with one version_of at most one is shown (hidden = 0).
 *   2. What is shown, by id, is one conversation: each message followed the one before it.
 *   3. A version that is left hides itself and all that follows, under its own id; coming back shows exactly those. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include "util/bobbin-error.h"

#define DEPTH_MAX 1000 /* of versions within versions */

typedef struct
{
  gint64 thread_id;
  gint64 message_id;
  int    step;
} ShowArgs;

static const char list_ids_sql[] = "SELECT id, role = 'user' FROM messages WHERE thread_id = ? AND hidden = 0 ORDER BY id";

/* Step 3 for the version of the group ?1 that is shown beside ?2, in the thread ?3. */
static const char first_sql[] = "UPDATE messages SET version_of = id WHERE id = ?1 AND version_of = 0";
static const char leave_sql[] =
  "UPDATE messages SET hidden = s.id FROM"
  " (SELECT id FROM messages WHERE version_of = ?1 AND hidden = 0 AND id <> ?2 ORDER BY id LIMIT 1) s"
  " WHERE messages.thread_id = ?3 AND messages.hidden = 0 AND messages.id >= s.id AND messages.id <> ?2"
  " AND NOT EXISTS (SELECT 1 FROM messages WHERE id = ?2 AND hidden <> 0)";
static const char enter_sql[] = "UPDATE messages SET hidden = 0 WHERE hidden = ?1 AND thread_id = ?2";

static const char group_sql[] = "SELECT version_of FROM messages WHERE id = ? AND thread_id = ?";
static const char hidden_sql[] = "SELECT hidden FROM messages WHERE id = ? AND thread_id = ?";
static const char before_sql[] = "SELECT id FROM messages WHERE version_of = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1";
static const char after_sql[] = "SELECT id FROM messages WHERE version_of = ?1 AND id > ?2 ORDER BY id LIMIT 1";
/* Within which version the whole group lies: one of it was shown when that was left. */
static const char around_sql[] =
  "SELECT hidden FROM messages WHERE version_of = ?1 AND hidden <> 0 AND hidden NOT IN"
  " (SELECT id FROM messages WHERE version_of = ?1) LIMIT 1";

/* A group without the message ?1; what followed it speaks for it, else another version does. */
static const char others_sql[] = "SELECT count(*) FROM messages WHERE version_of = ?1 AND id <> ?2";
static const char next_sql[] =
  "SELECT id FROM messages WHERE thread_id = ?1 AND hidden = ?3 AND id > ?2 AND version_of = 0 ORDER BY id LIMIT 1";
static const char inherit_sql[] = "UPDATE messages SET version_of = ?2 WHERE id = ?1";
static const char rename_sql[] = "UPDATE messages SET hidden = ?2 WHERE hidden = ?1";

gboolean
_bobbin_versions_settle (BobbinStoreDb           *db,
                         const BobbinMessageRow  *row,
                         GError                 **error)
{
  return bobbin_db_do (db, error, first_sql, DB_INT (row->version_of)) &&
         bobbin_db_do (db, error, leave_sql, DB_INT (row->version_of), DB_INT (row->id), DB_INT (row->thread_id));
}

static gboolean
enter (BobbinStoreDb  *db,
       gint64          thread_id,
       gint64          group,
       gint64          version,
       GError        **error)
{
  return bobbin_db_do (db, error, leave_sql, DB_INT (group), DB_INT (0), DB_INT (thread_id)) &&
         bobbin_db_do (db, error, enter_sql, DB_INT (version), DB_INT (thread_id));
}

/* Shows @message_id, which may lie in a version that lies in another one: the outermost is entered first. */
static gboolean
reveal (BobbinStoreDb  *db,
        gint64          thread_id,
        gint64          message_id,
        GError        **error)
{
  g_autoptr(GArray) ways = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 version;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, hidden_sql, DB_INT (message_id), DB_INT (thread_id)), 0, &version,
                           error))
    return FALSE;
  while (version != 0 && ways->len < DEPTH_MAX)
    {
      gint64 group;

      g_array_append_val (ways, version);
      if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, group_sql, DB_INT (version), DB_INT (thread_id)), 0, &group,
                               error) ||
          !_bobbin_db_get_int (db, bobbin_db_query (db, error, around_sql, DB_INT (group)), 0, &version, error))
        return FALSE;
    }
  for (guint i = ways->len; i > 0; i--)
    {
      gint64 way = g_array_index (ways, gint64, i - 1);
      gint64 group;

      if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, group_sql, DB_INT (way), DB_INT (thread_id)), 0, &group,
                               error) ||
          !enter (db, thread_id, group, way, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
_bobbin_versions_leave (BobbinStoreDb  *db,
                        gint64          thread_id,
                        gint64          message_id,
                        GError        **error)
{
  gint64 group, others, hidden, next;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, group_sql, DB_INT (message_id), DB_INT (thread_id)), 0, &group,
                           error))
    return FALSE;
  if (group == 0)
    return TRUE;
  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, others_sql, DB_INT (group), DB_INT (message_id)), 0, &others,
                           error) ||
      !_bobbin_db_get_int (db, bobbin_db_query (db, error, hidden_sql, DB_INT (message_id), DB_INT (thread_id)), 0, &hidden,
                           error) ||
      !_bobbin_db_get_int (db, bobbin_db_query (db, error, next_sql, DB_INT (thread_id), DB_INT (message_id),
                                                DB_INT (hidden)), 0, &next, error))
    return FALSE;

  if (others > 0 && next != 0)
    return bobbin_db_do (db, error, inherit_sql, DB_INT (next), DB_INT (group)) &&
           (hidden != message_id || bobbin_db_do (db, error, rename_sql, DB_INT (message_id), DB_INT (next)));
  if (others > 0 && hidden == 0)
    {
      gint64 other;

      if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, before_sql, DB_INT (group), DB_INT (message_id)), 0, &other,
                               error) ||
          (other == 0 && !_bobbin_db_get_int (db, bobbin_db_query (db, error, after_sql, DB_INT (group), DB_INT (message_id)),
                                              0, &other, error)))
        return FALSE;
      return enter (db, thread_id, group, other, error);
    }

  return TRUE;
}

static gboolean
show_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const ShowArgs *args = data;
  gint64 target = args->message_id;
  gint64 group;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, group_sql, DB_INT (args->message_id), DB_INT (args->thread_id)), 0,
                           &group, error))
    return FALSE;
  if (args->step != 0)
    {
      if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, args->step < 0 ? before_sql : after_sql, DB_INT (group),
                                                    DB_INT (args->message_id)), 0, &target, error))
        return FALSE;
      if (group == 0 || target == 0)
        return TRUE;
    }

  return reveal (db, args->thread_id, target, error) && _bobbin_messages_restore_snippet (db, args->thread_id, error) &&
         _bobbin_threads_refresh (db, args->thread_id, error);
}

static gboolean
list_ids_run (BobbinStoreDb  *db,
              gpointer        data,
              gpointer       *ret_result,
              GError        **error)
{
  const gint64 *thread_id = data;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (BobbinMessageKey));
  sqlite3_stmt *statement = bobbin_db_query (db, error, list_ids_sql, DB_INT (*thread_id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinMessageKey key = { sqlite3_column_int64 (statement, 0), sqlite3_column_int (statement, 1) != 0 };

      g_array_append_val (ids, key);
    }
  if (more < 0)
    return FALSE;

  *ret_result = g_steal_pointer (&ids);
  return TRUE;
}

static const BobbinStoreOpInfo show_info = { "show-version", BOBBIN_STORE_WRITE, NULL, show_run, g_free, NULL };
static const BobbinStoreOpInfo list_ids_info =
  { "list-message-ids", BOBBIN_STORE_READ, NULL, list_ids_run, g_free, (GDestroyNotify) g_array_unref };

void
bobbin_store_show_version_async (BobbinStore         *self,
                                 gint64               thread_id,
                                 gint64               message_id,
                                 int                  step,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  ShowArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  args = g_new0 (ShowArgs, 1);
  args->thread_id = thread_id;
  args->message_id = message_id;
  args->step = step;
  _bobbin_store_submit (self, bobbin_store_show_version_async, &show_info, args, cancellable, callback, user_data);
}

void
bobbin_store_list_message_ids_async (BobbinStore         *self,
                                     gint64               thread_id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_list_message_ids_async, &list_ids_info, g_memdup2 (&thread_id, sizeof thread_id),
                        cancellable, callback, user_data);
}

GArray *
bobbin_store_list_message_ids_finish (BobbinStore   *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_list_message_ids_async, error);
}
