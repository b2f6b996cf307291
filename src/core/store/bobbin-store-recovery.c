/* A damaged database: found, put aside under a name that says when, and what can be read of it carried into a new one. The
 * damaged file itself is never written to; the work is done on a copy. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define HEADER_BYTES 100
#define PAGE_BYTES   4096

/* The two apart: together SQLite would read the whole table. */
#define ENDS(table, key) "SELECT (SELECT min(" key ") FROM " table "), (SELECT max(" key ") FROM " table ")"

static const char *const probes[] = {
  "PRAGMA user_version",
  "SELECT count(*) FROM sqlite_schema",
  ENDS ("accounts", "id"),
  ENDS ("threads", "id"),
  ENDS ("thread_ids", "id"),
  ENDS ("messages", "id"),
  ENDS ("blocks", "id"),
  ENDS ("attachments", "id"),
  ENDS ("drafts", "thread_id"),
  "SELECT last_used_us FROM threads WHERE folder = 'active' ORDER BY last_used_us DESC LIMIT 1",
};

static const char *const index_probes[] = {
  "SELECT rowid FROM body_words WHERE body_words MATCH 'a' LIMIT 1",
  "SELECT rowid FROM body_grams WHERE body_grams MATCH 'aaa' LIMIT 1",
  "SELECT rowid FROM title_words WHERE title_words MATCH 'a' LIMIT 1",
  "SELECT rowid FROM title_grams WHERE title_grams MATCH 'aaa' LIMIT 1",
};

static int
probe (sqlite3    *handle,
       const char *sql)
{
  int code = sqlite3_exec (handle, sql, NULL, NULL, NULL);

  /* A table that is not there yet: a new file. */
  return code == SQLITE_ERROR ? SQLITE_OK : code;
}

static int
check_pages (sqlite3 *handle)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (handle, "PRAGMA quick_check(1)", -1, &statement, NULL);

  if (code != SQLITE_OK)
    return code;

  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    code = strcmp ((const char *) sqlite3_column_text (statement, 0), "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
  sqlite3_finalize (statement);

  return code == SQLITE_DONE ? SQLITE_OK : code;
}

int
_bobbin_recovery_check (sqlite3  *handle,
                        gboolean  whole)
{
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      int code = probe (handle, probes[i]);

      if (code != SQLITE_OK)
        return code;
    }

  return whole ? check_pages (handle) : SQLITE_OK;
}

gboolean
_bobbin_recovery_index_answers (sqlite3 *handle)
{
  for (guint i = 0; i < G_N_ELEMENTS (index_probes); i++)
    if (_bobbin_db_is_damage (probe (handle, index_probes[i])))
      return FALSE;

  return TRUE;
}

void
_bobbin_recovery_mark (const char *path)
{
  g_autofree char *mark = g_strconcat (path, ".check", NULL);
  int fd = open (mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
}

gboolean
_bobbin_recovery_is_marked (const char *path)
{
  g_autofree char *mark = g_strconcat (path, ".check", NULL);

  return g_file_test (mark, G_FILE_TEST_EXISTS);
}

void
_bobbin_recovery_unmark (const char *path)
{
  g_autofree char *mark = g_strconcat (path, ".check", NULL);

  g_unlink (mark);
}

static char *
unused_broken_path (const char *path)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  char *broken = g_strconcat (path, ".broken-", date, NULL);

  for (guint i = 2; g_file_test (broken, G_FILE_TEST_EXISTS); i++)
    {
      g_free (broken);
      broken = g_strdup_printf ("%s.broken-%s-%u", path, date, i);
    }

  return broken;
}

static void
rename_suffix (const char *from,
               const char *to,
               const char *suffix)
{
  g_autofree char *source = g_strconcat (from, suffix, NULL);
  g_autofree char *target = g_strconcat (to, suffix, NULL);

  g_rename (source, target);
}

static void
remove_all (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      g_unlink (file);
    }
}

static gboolean
copy_file (const char  *from,
           const char  *to,
           const char  *suffix,
           GError     **error)
{
  g_autofree char *source_path = g_strconcat (from, suffix, NULL);
  g_autofree char *target_path = g_strconcat (to, suffix, NULL);
  g_autoptr(GFile) source = g_file_new_for_path (source_path);
  g_autoptr(GFile) target = g_file_new_for_path (target_path);

  return g_file_copy (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, error);
}

static int
open_readable (const char  *path,
               sqlite3    **ret_handle)
{
  sqlite3 *handle = NULL;
  int code = _bobbin_db_connect (path, SQLITE_OPEN_READWRITE, &handle);

  if (code == SQLITE_OK)
    {
      sqlite3_db_config (handle, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
      code = sqlite3_exec (handle, "SELECT count(*) FROM threads WHERE id = 0", NULL, NULL, NULL);
    }
  if (code != SQLITE_OK)
    {
      sqlite3_close (handle);
      return code;
    }

  *ret_handle = handle;
  return SQLITE_OK;
}

/* Puts the first @n_bytes of @model, a fresh database, over those of @path; the size in the header becomes the file's. */
static gboolean
patch_start (const char *path,
             const char *model,
             gsize       n_bytes)
{
  guint8 start[PAGE_BYTES];
  int from = open (model, O_RDONLY | O_CLOEXEC);
  int to = open (path, O_RDWR | O_CLOEXEC);
  gboolean ok = from >= 0 && to >= 0 && read (from, start, sizeof start) == sizeof start;

  if (ok)
    {
      guint32 n_pages = GUINT32_TO_BE ((guint32) (lseek (to, 0, SEEK_END) / PAGE_BYTES));

      memcpy (start + 28, &n_pages, 4);
      memset (start + 32, 0, 8); /* no free pages: their list may be damaged */
      ok = pwrite (to, start, n_bytes, 0) == (gssize) n_bytes;
    }
  if (from >= 0)
    close (from);
  if (to >= 0)
    close (to);

  return ok;
}

/* A connection to a copy of the damaged file from which tables can be read: as it is, without its log, or with the start of
 * a fresh file put over its own (all of our files begin alike). */
static sqlite3 *
open_copy (const char *broken,
           const char *copy,
           const char *model)
{
  static const gsize patches[] = { 0, HEADER_BYTES, PAGE_BYTES };
  sqlite3 *handle = NULL;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (patches); i++)
    {
      gboolean with_log = i % 2 == 0;

      remove_all (copy);
      if (!copy_file (broken, copy, "", NULL))
        break;
      if (with_log && !copy_file (broken, copy, "-wal", NULL))
        continue;
      if (patches[i / 2] > 0 && !patch_start (copy, model, patches[i / 2]))
        continue;
      if (open_readable (copy, &handle) == SQLITE_OK)
        return handle;
    }

  return NULL;
}

static gboolean
fill_new (const char         *path,
          const char         *broken,
          BobbinStoreReport  *report,
          GError            **error)
{
  g_autofree char *copy = g_strconcat (path, ".salvage", NULL);
  g_autofree char *model = g_strconcat (path, ".model", NULL);
  BobbinStoreDb *db = _bobbin_db_new ();
  sqlite3 *source;
  gboolean ok;
  int code;

  remove_all (path);
  db->path = g_strdup (path);
  code = _bobbin_db_connect (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db->handle);
  if (code != SQLITE_OK)
    _bobbin_db_set_error (NULL, code, error);
  ok = code == SQLITE_OK && _bobbin_schema_migrate (db, 0, error) && _bobbin_schema_backup (db, model, error);
  source = ok ? open_copy (broken, copy, model) : NULL;
  if (source != NULL)
    ok = _bobbin_salvage (source, db, report, error);
  sqlite3_close (source);
  remove_all (copy);
  remove_all (model);
  _bobbin_db_free (db);

  return ok && g_chmod (path, 0600) == 0;
}

gboolean
_bobbin_recovery_run (const char         *path,
                      BobbinStoreReport  *report,
                      GError            **error)
{
  g_autofree char *broken = unused_broken_path (path);
  g_autofree char *unfinished = g_strconcat (path, ".recovered", NULL);

  /* The new file is complete before the damaged one moves: until then the next start tries again. */
  if (!fill_new (unfinished, path, report, error))
    {
      remove_all (unfinished);
      return FALSE;
    }
  if (g_rename (path, broken) != 0)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The damaged database could not be put aside: %s", g_strerror (errno));
      remove_all (unfinished);
      return FALSE;
    }
  rename_suffix (path, broken, "-wal");
  rename_suffix (path, broken, "-shm");
  if (g_rename (unfinished, path) != 0)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The recovered database could not be put in place: %s",
                   g_strerror (errno));
      return FALSE;
    }

  _bobbin_recovery_unmark (path);
  report->recovered = TRUE;
  report->broken_path = g_steal_pointer (&broken);

  return TRUE;
}
