/* A damaged database: found, put aside under a name that says when, and what can be read of it carried into a new one. The
 * damaged file itself is never written to; the work is done on a copy. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

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

/* SQLITE_OK when @sql, which looks for what is wrong, finds nothing. */
static int
look (sqlite3    *handle,
      const char *sql)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  sqlite3_finalize (statement);

  return code == SQLITE_ROW ? SQLITE_CORRUPT : code == SQLITE_DONE ? SQLITE_OK : code;
}

int
_bobbin_recovery_check_indexes (sqlite3 *handle)
{
  /* The full text is left out: it is looked at, and made anew, by itself. */
  return look (handle, "SELECT 1 FROM sqlite_schema AS s, pragma_integrity_check (s.name) WHERE s.type = 'table'"
                       "  AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND integrity_check <> 'ok' LIMIT 1");
}

/* Of all at once, as only that sees a page that two have. Since 3.44 SQLite looks at the full text there, too, which is left out as
 * above: "malformed inverted index for FTS5 table main.…", "unable to validate the inverted index for FTS5 table main.…: …". */
static const char check_sql[] =
  "SELECT 1 FROM pragma_quick_check WHERE quick_check <> 'ok' AND quick_check NOT LIKE '%inverted index for FTS5 table%' LIMIT 1";

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

  return whole ? look (handle, check_sql) : SQLITE_OK;
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

static sqlite3 *
try_copy (const char *broken,
          const char *copy,
          const char *model,
          gboolean    only_header,
          gboolean    with_log,
          gboolean   *failed)
{
  sqlite3 *handle = NULL;

  remove_all (copy);
  if (!copy_file (broken, copy, "", NULL))
    {
      *failed = TRUE;
      return NULL;
    }
  if ((with_log && !copy_file (broken, copy, "-wal", NULL)) ||
      (model != NULL && !_bobbin_graft (copy, model, only_header, failed)) ||
      _bobbin_db_connect (copy, SQLITE_OPEN_READWRITE, &handle) != SQLITE_OK)
    return NULL;

  return handle;
}

/* A connection to a copy of the damaged file from which most can be read: as it is or with the start of a sound file over its
 * own, with its log or without, as any of these may be what is damaged. @failed: a copy could not be written, so that nothing is said
 * of the file when there is none. In all of our files the tables begin on the same
 * pages, or, once vacuumed, on the same others. */
static sqlite3 *
open_copy (const char *broken,
           const char *copy,
           const char *model,
           const char *vacuumed,
           gboolean   *failed)
{
  const struct { const char *model; gboolean only_header; } ways[] = {
    { NULL, FALSE }, { model, TRUE }, { model, FALSE }, { vacuumed, FALSE } };
  guint best = 0, best_score = 0;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (ways); i++)
    {
      sqlite3 *handle = try_copy (broken, copy, ways[i / 2].model, ways[i / 2].only_header, i % 2 == 0, failed);
      guint score = handle != NULL ? _bobbin_salvage_score (handle) : 0;

      sqlite3_close (handle);
      if (score > best_score)
        {
          best_score = score;
          best = i;
        }
    }

  return best_score > 0 ? try_copy (broken, copy, ways[best / 2].model, ways[best / 2].only_header, best % 2 == 0, failed) : NULL;
}

/* Two sound files without rows, as they are written today. */
static gboolean
make_models (BobbinStoreDb  *db,
             const char     *model,
             const char     *vacuumed,
             GError        **error)
{
  sqlite3 *handle = NULL;
  int code;

  if (!_bobbin_schema_backup (db, model, error) || !_bobbin_schema_backup (db, vacuumed, error))
    return FALSE;

  code = _bobbin_db_connect (vacuumed, SQLITE_OPEN_READWRITE, &handle);
  if (code == SQLITE_OK)
    code = sqlite3_exec (handle, "VACUUM", NULL, NULL, NULL);
  if (code != SQLITE_OK)
    _bobbin_db_set_error (handle, code, error);
  sqlite3_close (handle);

  return code == SQLITE_OK;
}

static gboolean
fill_new (const char         *path,
          const char         *broken,
          BobbinStoreReport  *report,
          GError            **error)
{
  g_autofree char *copy = g_strconcat (path, ".salvage", NULL);
  g_autofree char *model = g_strconcat (path, ".model", NULL);
  g_autofree char *vacuumed = g_strconcat (path, ".vacuumed", NULL);
  BobbinStoreDb *db = _bobbin_db_new ();
  sqlite3 *source;
  gboolean failed = FALSE;
  gboolean ok;
  int code;

  remove_all (path);
  db->path = g_strdup (path);
  code = _bobbin_db_connect (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db->handle);
  if (code != SQLITE_OK)
    _bobbin_db_set_error (NULL, code, error);
  ok = code == SQLITE_OK && _bobbin_schema_migrate (db, 0, error) && make_models (db, model, vacuumed, error);
  source = ok ? open_copy (broken, copy, model, vacuumed, &failed) : NULL;
  if (failed)
    {
      ok = FALSE;
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The damaged database could not be copied to repair it: make room on"
                           " the disk and start the program again");
    }
  if (ok && source != NULL)
    ok = _bobbin_salvage (source, db, report, error);
  sqlite3_close (source);
  remove_all (copy);
  remove_all (model);
  remove_all (vacuumed);
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
  /* By a second name the damaged file is there until the new one has taken its place: at no moment is there none, which would be
   * taken for a program that was never used. Where a file has but one name it moves. */
  if (link (path, broken) != 0 && g_rename (path, broken) != 0)
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
      /* As it was. */
      rename_suffix (broken, path, "-wal");
      rename_suffix (broken, path, "-shm");
      g_rename (broken, path);
      g_unlink (broken);
      remove_all (unfinished);
      return FALSE;
    }

  _bobbin_recovery_unmark (path);
  report->recovered = TRUE;
  report->broken_path = g_steal_pointer (&broken);

  return TRUE;
}
