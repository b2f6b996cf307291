#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-error.h"

#include <glib/gstdio.h>
#include <sys/statvfs.h>

#define LOW_BYTES       (8 * 1024 * 1024)
#define SHORT_LOG_BYTES (256 * 1024)

gboolean
_bobbin_db_is_damage (int code)
{
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

static const char *
sentence_for_code (int code)
{
  if (_bobbin_db_is_damage (code))
    return "The database of conversations is damaged: start the program again and it will be repaired";

  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return "The disk is full: free some space, then try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "The profile folder cannot be written: check its permissions and the free space on its disk";
    case SQLITE_CANTOPEN:
      return "The database of conversations cannot be opened: check the profile folder and its permissions";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "The database of conversations is locked by another program: close it, then try again";
    case SQLITE_IOERR:
      /* SQLite calls only ENOSPC full; a quota or a limit on file sizes ends here, and which it was is lost by now. */
      if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_TRUNCATE)
        return "The disk cannot be written, it is full, over a quota or failing: free some space, then try again";
      return "The disk reported an error: check the disk";
    case SQLITE_NOMEM:
      return "Not enough memory";
    case SQLITE_TOOBIG:
      return "This is too large to be stored";
    default:
      break;
    }
  if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
    return "What this belongs to (account, conversation or message) is not stored";

  return "The database of conversations could not be used";
}

void
_bobbin_db_set_error (sqlite3  *handle,
                      int       code,
                      GError  **error)
{
  BobbinErrorCode to = (code & 0xff) == SQLITE_TOOBIG ? BOBBIN_ERROR_TOO_LARGE : BOBBIN_ERROR_STORE;

  if (error != NULL && *error != NULL)
    return;
  if ((code & 0xff) == SQLITE_INTERRUPT)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      return;
    }
  g_set_error (error, BOBBIN_ERROR, to, "%s (%s)", sentence_for_code (code),
               handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (code));
}

/* SQLite calls only ENOSPC full; a quota or a limit on file sizes are errors of a write to it. */
static gboolean
is_full (int code)
{
  return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE;
}

static int
fail (BobbinStoreDb  *db,
      int             code,
      GError        **error)
{
  _bobbin_db_set_error (db->handle, code, error);
  db->full |= is_full (code);
  if (_bobbin_db_is_damage (code) && db->path != NULL && !db->read_only)
    _bobbin_recovery_mark (db->path);

  return -1;
}

static sqlite3_stmt *
prepare (BobbinStoreDb  *db,
         const char     *sql,
         GError        **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (db->statements, sql);
  int code;

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }

  code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      fail (db, sqlite3_extended_errcode (db->handle), error);
      return NULL;
    }
  g_hash_table_insert (db->statements, (gpointer) sql, statement);

  return statement;
}

static int
bind_value (sqlite3_stmt        *statement,
            int                  position,
            const BobbinDbValue *value)
{
  switch (value->type)
    {
    case BOBBIN_DB_NULL:
      return sqlite3_bind_null (statement, position);
    case BOBBIN_DB_INT:
      return sqlite3_bind_int64 (statement, position, value->integer);
    case BOBBIN_DB_REAL:
      return sqlite3_bind_double (statement, position, value->real);
    case BOBBIN_DB_TEXT:
      if (value->text == NULL)
        return sqlite3_bind_null (statement, position);
      return sqlite3_bind_text64 (statement, position, value->text,
                                  value->length < 0 ? strlen (value->text) : (sqlite3_uint64) value->length,
                                  SQLITE_STATIC, SQLITE_UTF8);
    default:
      g_assert_not_reached ();
    }
}

sqlite3_stmt *
_bobbin_db_query (BobbinStoreDb        *db,
                  const char           *sql,
                  const BobbinDbValue  *values,
                  gsize                 n_values,
                  GError              **error)
{
  sqlite3_stmt *statement = prepare (db, sql, error);

  if (statement == NULL)
    return NULL;

  g_assert ((gsize) sqlite3_bind_parameter_count (statement) == n_values);
  for (gsize i = 0; i < n_values; i++)
    {
      int code = bind_value (statement, (int) i + 1, &values[i]);

      if (code != SQLITE_OK)
        {
          fail (db, code, error);
          return NULL;
        }
    }

  return statement;
}

int
_bobbin_db_step (BobbinStoreDb  *db,
                 sqlite3_stmt   *statement,
                 GError        **error)
{
  int code;

  if (statement == NULL)
    return -1;

  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    return 1;
  if (code != SQLITE_DONE)
    {
      fail (db, sqlite3_extended_errcode (db->handle), error);
      sqlite3_reset (statement);
      return -1;
    }
  sqlite3_reset (statement);

  return 0;
}

gboolean
_bobbin_db_finish (BobbinStoreDb  *db,
                   sqlite3_stmt   *statement,
                   GError        **error)
{
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    ;

  return more == 0;
}

gboolean
_bobbin_db_get_int (BobbinStoreDb  *db,
                    sqlite3_stmt   *statement,
                    gint64          otherwise,
                    gint64         *ret_value,
                    GError        **error)
{
  int more = _bobbin_db_step (db, statement, error);

  if (more < 0)
    return FALSE;

  *ret_value = otherwise;
  if (more > 0)
    {
      if (sqlite3_column_type (statement, 0) != SQLITE_NULL)
        *ret_value = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }

  return TRUE;
}

gboolean
_bobbin_db_script (BobbinStoreDb  *db,
                   const char     *sql,
                   GError        **error)
{
  if (sqlite3_exec (db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  fail (db, sqlite3_extended_errcode (db->handle), error);
  return FALSE;
}

char *
_bobbin_db_dup_text (sqlite3_stmt *statement,
                     int           column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);
  gssize length;

  if (text == NULL)
    return NULL;

  length = sqlite3_column_bytes (statement, column);
  if (G_LIKELY (g_utf8_validate_len (text, length, NULL)))
    return g_strndup (text, length);

  return g_utf8_make_valid (text, length);
}

/* By itself SQLite empties the log when it has 4 MB, which a small or nearly full disk never holds: there every write would fail
 * for good, each leaving in the log what it could, and the little that a person frees would go the same way. Before the next
 * write, so that what was freed is for the pages that move from the log to the database; then the log gives back all of its
 * own. Another process that reads is not waited for: it is tried again with the next write. */
static void
make_room (BobbinStoreDb *db)
{
  int code;

  if (!db->full || db->path == NULL || !sqlite3_get_autocommit (db->handle))
    return;

  sqlite3_busy_timeout (db->handle, 0);
  code = sqlite3_wal_checkpoint_v2 (db->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (db->handle, BOBBIN_DB_BUSY_MS);
  db->full = code != SQLITE_OK;
}

/* On a disk where the log could not grow to the 4 MB it may have, it is kept short: once it has taken the last byte, the pages of
 * it that are new to the database have no place to go to. */
static void
keep_log_short (BobbinStoreDb *db)
{
  g_autofree char *log = NULL;
  struct statvfs disk;
  GStatBuf info;

  if (db->path == NULL || statvfs (db->path, &disk) != 0 || (guint64) disk.f_bavail * disk.f_frsize > LOW_BYTES)
    return;

  log = g_strconcat (db->path, "-wal", NULL);
  if (g_stat (log, &info) != 0 || info.st_size < SHORT_LOG_BYTES)
    return;

  db->full = TRUE;
  make_room (db);
}

gboolean
_bobbin_db_begin (BobbinStoreDb    *db,
                  BobbinStoreMode   mode,
                  GError          **error)
{
  BobbinDbSync sync = mode == BOBBIN_STORE_DURABLE ? BOBBIN_DB_SYNC_FULL : BOBBIN_DB_SYNC_NORMAL;

  if (db->bulk_triggers != NULL)
    return TRUE;
  if (mode == BOBBIN_STORE_READ)
    return _bobbin_db_script (db, "BEGIN", error);
  make_room (db);

  /* In WAL mode NORMAL writes the log without waiting for the disk, FULL waits for it at each commit, also for all that
   * NORMAL wrote before. Measured with 1,000 to 100,000 threads: 1.5 to 6 ms against 0.1 to 0.8 ms, of which 0.2 ms are CPU.
   * The setting cannot change inside a transaction. */
  if (sync != db->sync)
    {
      if (!_bobbin_db_script (db, sync == BOBBIN_DB_SYNC_FULL ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL", error))
        return FALSE;
      db->sync = sync;
    }

  return _bobbin_db_script (db, "BEGIN IMMEDIATE", error);
}

gboolean
_bobbin_db_commit (BobbinStoreDb  *db,
                   GError        **error)
{
  if (db->bulk_triggers != NULL)
    return TRUE;
  if (_bobbin_db_script (db, "COMMIT", error))
    {
      keep_log_short (db);
      return TRUE;
    }

  _bobbin_db_rollback (db);
  return FALSE;
}

void
_bobbin_db_rollback (BobbinStoreDb *db)
{
  GHashTableIter iter;
  gpointer statement;

  /* A statement left in the middle would keep the transaction alive. */
  g_hash_table_iter_init (&iter, db->statements);
  while (g_hash_table_iter_next (&iter, NULL, &statement))
    sqlite3_reset (statement);
  /* SQLite rolls back by itself after some errors (disk full, I/O): then there is nothing left to do. */
  if (!sqlite3_get_autocommit (db->handle))
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
}

static gboolean
run_in_transaction (BobbinStoreDb            *db,
                    const BobbinStoreOpInfo  *info,
                    gpointer                  args,
                    gpointer                 *ret_result,
                    GError                  **error)
{
  gpointer result = NULL;

  if (info->mode == BOBBIN_STORE_RAW || info->mode == BOBBIN_STORE_OPEN)
    return info->run (db, args, ret_result, error);
  if (!_bobbin_db_begin (db, info->mode, error))
    return FALSE;
  if (!info->run (db, args, &result, error))
    {
      _bobbin_db_rollback (db);
      return FALSE;
    }
  if (!_bobbin_db_commit (db, error))
    {
      if (result != NULL && info->free_result != NULL)
        info->free_result (result);
      return FALSE;
    }

  *ret_result = result;
  return TRUE;
}

gboolean
_bobbin_db_execute (BobbinStoreDb            *db,
                    const BobbinStoreOpInfo  *info,
                    gpointer                  args,
                    GCancellable             *cancellable,
                    gpointer                 *ret_result,
                    GError                  **error)
{
  gboolean ok;

  if ((db->handle != NULL) == (info->mode == BOBBIN_STORE_OPEN))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The database of conversations is %s",
                   db->handle != NULL ? "open already" : "not open");
      return FALSE;
    }
  /* A write that was submitted is carried out, whoever still waits for it: it may be the last thing a person typed. */
  if (info->mode == BOBBIN_STORE_READ && g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  db->cancellable = info->mode == BOBBIN_STORE_READ ? cancellable : NULL;
  db->deadline_us = 0;
  ok = run_in_transaction (db, info, args, ret_result, error);
  db->cancellable = NULL;
  db->deadline_us = 0;

  return ok;
}
