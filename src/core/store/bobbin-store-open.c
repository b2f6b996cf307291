/* Opening and closing the database: folders, the lock of this process, checks, migration, and the profile that can only be
 * read.
 *
 * What is checked at start. Always: the header, the schema, the first and last row of every table and one question to each
 * index, which costs the same however large the file is. Every page (PRAGMA quick_check) when there is a reason to doubt: the
 * machine went down under a process, an operation met damage, the last look is a week old, or the file is so small that it
 * costs nothing. A process that was merely killed is no such reason: what it had written, the system still writes. Measured
 * with one message a thread: opening takes 2 ms of CPU for 1,000 as for 100,000 threads; looking at every page takes 6 ms for
 * 1,000, 35 ms for 10,000 and 250 ms for 100,000 (100 MB), which is more than the start of the whole program may cost. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-index.h"

#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRESS_STEPS   4000 /* virtual machine steps, a fraction of a millisecond */
#define SMALL_BYTES      (2 * 1024 * 1024)
#define CHECK_EVERY_US   (7 * G_TIME_SPAN_DAY)
#define HEADER_BYTES     100

static const char checked_sql[] = "SELECT value FROM meta WHERE key = 'checked_us'";
static const char set_checked_sql[] =
  "INSERT INTO meta (key, value) VALUES ('checked_us', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

int
_bobbin_db_connect (const char  *path,
                    int          flags,
                    sqlite3    **ret_handle)
{
  sqlite3 *handle = NULL;
  int code = sqlite3_open_v2 (path, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_extended_result_codes (handle, 1);
      sqlite3_busy_timeout (handle, BOBBIN_DB_BUSY_MS);
      sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
      code = sqlite3_exec (handle, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
      if (code == SQLITE_OK)
        code = _bobbin_index_functions (handle);
    }
  if (code != SQLITE_OK)
    {
      sqlite3_close (handle);
      return code;
    }

  *ret_handle = handle;
  return SQLITE_OK;
}

static int
progress_cb (void *data)
{
  BobbinStoreDb *db = data;

  return (db->cancellable != NULL && g_cancellable_is_cancelled (db->cancellable)) ||
         (db->deadline_us != 0 && g_get_monotonic_time () > db->deadline_us);
}

BobbinStoreDb *
_bobbin_db_new (void)
{
  BobbinStoreDb *db = g_new0 (BobbinStoreDb, 1);

  db->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, (GDestroyNotify) sqlite3_finalize);
  db->instance_fd = -1;
  db->steps = _bobbin_schema_get_steps (&db->n_steps);

  return db;
}

void
_bobbin_db_drop_statements (BobbinStoreDb *db)
{
  g_hash_table_remove_all (db->statements);
}

static void
disconnect (BobbinStoreDb *db)
{
  _bobbin_db_drop_statements (db);
  if (db->handle != NULL)
    sqlite3_close (db->handle);
  db->handle = NULL;
  db->sync = BOBBIN_DB_SYNC_UNSET;
}

void
_bobbin_db_free (BobbinStoreDb *db)
{
  disconnect (db);
  if (db->instance_fd >= 0)
    _bobbin_instance_unlock (db->instances_dir, db->instance, db->instance_fd);
  g_hash_table_unref (db->statements);
  g_clear_pointer (&db->bulk_triggers, g_ptr_array_unref);
  g_free (db->path);
  g_free (db->instances_dir);
  g_free (db->instance);
  g_free (db);
}

void
_bobbin_db_close (BobbinStoreDb *db)
{
  g_autoptr(GError) error = NULL;

  if (db->handle == NULL || db->read_only)
    return;

  _bobbin_db_rollback (db);
  if (!_bobbin_attachments_collect (db, TRUE, &error))
    g_info ("attachments not collected: %s", error->message);
  if (db->checked)
    bobbin_db_do (db, NULL, set_checked_sql, DB_INT (g_get_real_time ()));
}

static gboolean
set_newer_error (BobbinStoreDb  *db,
                 guint           version,
                 GError        **error)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED,
               "%s was written by a newer version of this program (format %u, this version knows %u): use the newer version",
               db->path, version, db->n_steps);
  return FALSE;
}

/* Reads the header as it lies on the disk, so that what is refused is not touched, not even by opening it. */
static gboolean
check_header (BobbinStoreDb  *db,
              GError        **error)
{
  guint8 header[HEADER_BYTES];
  guint32 version, application;
  int fd = open (db->path, O_RDONLY | O_CLOEXEC);
  gssize n = fd >= 0 ? read (fd, header, sizeof header) : -1;

  if (fd >= 0)
    close (fd);
  if (n != HEADER_BYTES || memcmp (header, "SQLite format 3", 16) != 0)
    return TRUE; /* absent, empty or damaged: seen later */

  memcpy (&version, header + 60, 4);
  memcpy (&application, header + 68, 4);
  version = GUINT32_FROM_BE (version);
  application = GUINT32_FROM_BE (application);
  if (application != 0 && application != BOBBIN_STORE_APPLICATION_ID)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "%s belongs to another program: move it away", db->path);
      return FALSE;
    }

  return version <= db->n_steps || set_newer_error (db, version, error);
}

static gboolean
read_version (BobbinStoreDb  *db,
              guint          *ret_version,
              GError        **error)
{
  gint64 version;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, "PRAGMA user_version"), 0, &version, error))
    return FALSE;
  if (version > (gint64) db->n_steps)
    return set_newer_error (db, (guint) version, error);

  *ret_version = (guint) version;
  return TRUE;
}

static gboolean
open_memory (BobbinStoreDb      *db,
             BobbinStoreReport  *report,
             GError            **error)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_id_new ());
  int code = _bobbin_db_connect (":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db->handle);

  if (code != SQLITE_OK)
    {
      _bobbin_db_set_error (NULL, code, error);
      return FALSE;
    }
  g_free (db->instance);
  db->instance = g_steal_pointer (&id);
  report->created = TRUE;

  return _bobbin_schema_migrate (db, 0, error);
}

/* Whether @code says that nothing can be written: not that the file is damaged or in use. */
static gboolean
is_unwritable (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return TRUE;
    case SQLITE_IOERR:
      return !_bobbin_db_is_damage (code);
    default:
      return FALSE;
    }
}

/* A file in WAL mode is read with the index of its log, "-shm", which SQLite makes when it is not there. Without space for it, it
 * is kept in memory where this process alone has the file; without the right to write, the file opens only when it is declared
 * unchanging. */
static int
connect_reading (BobbinStoreDb *db)
{
  g_autofree char *escaped = g_uri_escape_string (db->path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);
  g_autofree char *unchanging = g_strdup_printf ("file:%s?immutable=1", escaped);
  const struct { const char *path; int flags; const char *pragma; } ways[] = {
    { db->path, SQLITE_OPEN_READONLY, "" },
    { db->path, SQLITE_OPEN_READWRITE, "PRAGMA locking_mode=EXCLUSIVE" },
    { unchanging, SQLITE_OPEN_READONLY, "" },
  };
  int code = SQLITE_CANTOPEN;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      disconnect (db);
      code = _bobbin_db_connect (ways[i].path, ways[i].flags, &db->handle);
      if (code == SQLITE_OK)
        code = sqlite3_exec (db->handle, ways[i].pragma, NULL, NULL, NULL);
      if (code == SQLITE_OK)
        {
          sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
          code = _bobbin_recovery_check (db->handle, FALSE);
        }
      if (code == SQLITE_OK || _bobbin_db_is_damage (code))
        return code;
    }

  return code;
}

/* No write is possible: what is there is shown, and every operation that writes fails with its sentence. */
static gboolean
open_read_only (BobbinStoreDb      *db,
                BobbinStoreReport  *report,
                GError            **error)
{
  guint version = 0;

  if (connect_reading (db) == SQLITE_OK && !read_version (db, &version, error))
    return FALSE;
  if (version == 0)
    {
      disconnect (db);
      if (!open_memory (db, report, error))
        return FALSE;
      report->created = FALSE;
    }
  else if (version < db->n_steps)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE,
                   "%s was written by an older version and cannot be updated: make the profile folder writable", db->path);
      return FALSE;
    }

  db->read_only = report->read_only = TRUE;
  return _bobbin_db_script (db, "PRAGMA query_only=ON", error);
}

static gboolean
make_folders (BobbinStoreDb *db,
              const char    *data_dir)
{
  db->instances_dir = g_build_filename (data_dir, "instances", NULL);

  return g_mkdir_with_parents (data_dir, 0700) == 0 && g_mkdir_with_parents (db->attachments_dir, 0700) == 0 &&
         g_mkdir_with_parents (db->instances_dir, 0700) == 0;
}

/* SQLite gives its other files the mode of this one. */
static void
create_private (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
}

static gboolean
needs_whole_check (BobbinStoreDb *db)
{
  GStatBuf info;
  gint64 checked_us = 0;

  if (db->rebooted || _bobbin_recovery_is_marked (db->path) || g_stat (db->path, &info) != 0 || info.st_size <= SMALL_BYTES)
    return TRUE;
  if (!_bobbin_db_get_int (db, bobbin_db_query (db, NULL, checked_sql), 0, &checked_us, NULL))
    return TRUE;

  return ABS (g_get_real_time () - checked_us) > CHECK_EVERY_US;
}

static int
check (BobbinStoreDb *db)
{
  int code = _bobbin_db_connect (db->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db->handle);

  if (code != SQLITE_OK || sqlite3_db_readonly (db->handle, "main") == 1)
    return code;

  code = _bobbin_recovery_check (db->handle, FALSE);
  if (code == SQLITE_OK && !_bobbin_recovery_index_answers (db->handle))
    _bobbin_recovery_mark (db->path);
  if (code == SQLITE_OK && needs_whole_check (db))
    {
      code = _bobbin_recovery_check (db->handle, TRUE);
      if (code == SQLITE_OK && _bobbin_recovery_is_marked (db->path))
        code = _bobbin_recovery_check_indexes (db->handle);
      db->checked = code == SQLITE_OK;
    }

  return code;
}

/* Leaves a sound connection, recovering when it is not. */
static gboolean
open_checked (BobbinStoreDb      *db,
              guint               n_others,
              BobbinStoreReport  *report,
              int                *ret_code,
              GError            **error)
{
  int code = *ret_code = check (db);

  if (_bobbin_db_is_damage (code))
    {
      disconnect (db);
      /* Another process would go on writing to the file that is put aside. */
      if (n_others > 0)
        {
          g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE,
                               "The database of conversations is damaged and in use: close every window of this program and"
                               " start it again, then it will be repaired");
          return FALSE;
        }
      if (!_bobbin_recovery_run (db->path, report, error))
        return FALSE;
      code = check (db);
    }
  if (code != SQLITE_OK)
    _bobbin_db_set_error (db->handle, code, error);

  return code == SQLITE_OK;
}

static gboolean
migrate (BobbinStoreDb      *db,
         BobbinStoreReport  *report,
         GError            **error)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  guint version;

  if (!read_version (db, &version, error))
    return FALSE;
  if (version == db->n_steps)
    return TRUE;

  report->created = version == 0;
  if (version > 0)
    {
      report->migrated_from = version;
      report->backup_path = g_strdup_printf ("%s.backup-%u-%s", db->path, version, date);
      if (!_bobbin_schema_backup (db, report->backup_path, error))
        return FALSE;
    }

  return _bobbin_schema_migrate (db, version, error);
}

/* After damage was met the index may disagree with the text although every page is sound. */
static gboolean
settle (BobbinStoreDb  *db,
        GError        **error)
{
  if (_bobbin_recovery_is_marked (db->path))
    {
      if (!_bobbin_index_rebuild (db, error))
        return FALSE;
      _bobbin_recovery_unmark (db->path);
    }
  if (!db->unclean)
    return TRUE;

  return _bobbin_attachments_collect (db, FALSE, error) && _bobbin_attachments_sweep (db, error);
}

static gboolean
open_disk (BobbinStoreDb      *db,
           const char         *data_dir,
           BobbinStoreReport  *report,
           GError            **error)
{
  BobbinInstanceSweep sweep;
  g_autoptr(GError) local_error = NULL;
  int code;

  db->path = g_build_filename (data_dir, "bobbin.db", NULL);
  if (!check_header (db, error))
    return FALSE;
  if (!make_folders (db, data_dir))
    return open_read_only (db, report, error);

  _bobbin_instance_sweep (db->instances_dir, &sweep);
  db->unclean = sweep.n_gone > 0;
  db->rebooted = sweep.rebooted;
  if (!_bobbin_instance_lock (db->instances_dir, &db->instance, &db->instance_fd, NULL))
    return open_read_only (db, report, error);

  create_private (db->path);
  if (!open_checked (db, sweep.n_alive, report, &code, &local_error))
    {
      if (is_unwritable (code))
        return open_read_only (db, report, error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (sqlite3_db_readonly (db->handle, "main") == 1)
    return open_read_only (db, report, error);

  return _bobbin_db_script (db, "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=16777216", error) &&
         migrate (db, report, error) && settle (db, error);
}

BobbinStoreReport *
_bobbin_db_open (BobbinStoreDb  *db,
                 const char     *data_dir,
                 GError        **error)
{
  g_autoptr(BobbinStoreReport) report = g_new0 (BobbinStoreReport, 1);
  gboolean ok = data_dir != NULL ? open_disk (db, data_dir, report, error) : open_memory (db, report, error);

  if (!ok)
    {
      disconnect (db);
      return NULL;
    }
  sqlite3_progress_handler (db->handle, PROGRESS_STEPS, progress_cb, db);

  return g_steal_pointer (&report);
}
