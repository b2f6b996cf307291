/* Attachments on the database's side. A row whose "holder" is NULL is referred to by a block or a draft. Any other may have lost
 * its last reference: "" is to be looked at now, the name of a process means that it still has the attachment in its hands
 * (just imported, or taken out of a draft or message that may come back). Rows nobody refers to and nobody alive holds are
 * collected; a file goes when its last row went, in a transaction of its own, so that an import in another process (which
 * renames its file inside one, too) never loses it. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include "store/bobbin-store-import.h"

#include <glib/gstdio.h>
#include <string.h>

#define SHA256_LENGTH 64

static const char save_sql[] =
  "INSERT INTO attachments (id, sha256, name, content_type, size) VALUES (?, ?, ?, ?, ?)"
  " ON CONFLICT (id) DO UPDATE SET holder = NULL WHERE holder IS NOT NULL";
static const char hold_sql[] =
  "INSERT INTO attachments (id, sha256, name, content_type, size, holder) VALUES (?, ?, ?, ?, ?, ?)";
static const char holders_sql[] = "SELECT DISTINCT holder FROM attachments WHERE holder IS NOT NULL";
#define REFERRED \
  "(EXISTS (SELECT 1 FROM blocks WHERE attachment_id = attachments.id)" \
  " OR EXISTS (SELECT 1 FROM draft_attachments WHERE attachment_id = attachments.id))"
static const char collect_sql[] = "DELETE FROM attachments WHERE holder = ? AND NOT " REFERRED " RETURNING sha256";
static const char settle_sql[] = "UPDATE attachments SET holder = NULL WHERE holder = ? AND " REFERRED;
static const char known_sql[] = "SELECT 1 FROM attachments WHERE sha256 = ? LIMIT 1";
/* After a recovery rows may be missing whose files are whole. */
static const char salvaged_sql[] = "SELECT value FROM meta WHERE key = 'salvaged_us'";

gboolean
_bobbin_attachments_save (BobbinStoreDb              *db,
                          const BobbinAttachmentRow  *row,
                          GError                    **error)
{
  return bobbin_db_do (db, error, save_sql, DB_INT (row->id), DB_TEXT (row->sha256 != NULL ? row->sha256 : ""),
                       DB_TEXT (row->name != NULL ? row->name : ""),
                       DB_TEXT (row->content_type != NULL ? row->content_type : ""), DB_INT (row->size));
}

gboolean
_bobbin_attachments_release_blocks (BobbinStoreDb  *db,
                                    const char     *sql,
                                    gint64          id,
                                    const char     *holder,
                                    GError        **error)
{
  return bobbin_db_do (db, error, sql, DB_INT (id), DB_TEXT (holder));
}

static gboolean
list_holders (BobbinStoreDb  *db,
              gboolean        own,
              GStrv          *ret_holders,
              GError        **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  sqlite3_stmt *statement = bobbin_db_query (db, error, holders_sql);
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      const char *holder = (const char *) sqlite3_column_text (statement, 0);
      gboolean ours = g_strcmp0 (holder, db->instance) == 0;

      if (*holder == '\0' || (ours && own) ||
          (!ours && (db->instances_dir == NULL || !_bobbin_instance_is_alive (db->instances_dir, holder))))
        g_strv_builder_add (builder, holder);
    }
  if (more < 0)
    return FALSE;

  *ret_holders = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
collect_rows (BobbinStoreDb  *db,
              GStrv           holders,
              GPtrArray      *hashes,
              GError        **error)
{
  for (guint i = 0; holders[i] != NULL; i++)
    {
      sqlite3_stmt *statement = bobbin_db_query (db, error, collect_sql, DB_TEXT (holders[i]));
      int more;

      while ((more = _bobbin_db_step (db, statement, error)) > 0)
        g_ptr_array_add (hashes, _bobbin_db_dup_text (statement, 0));
      if (more < 0 || !bobbin_db_do (db, error, settle_sql, DB_TEXT (holders[i])))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_hash (const char *name)
{
  return strlen (name) == SHA256_LENGTH && strspn (name, "0123456789abcdef") == SHA256_LENGTH;
}

/* Removes the files among @hashes that no row names, while nobody can add one. */
static gboolean
remove_files (BobbinStoreDb  *db,
              GPtrArray      *hashes,
              GError        **error)
{
  if (!_bobbin_db_begin (db, BOBBIN_STORE_WRITE, error))
    return FALSE;

  for (guint i = 0; i < hashes->len; i++)
    {
      const char *hash = g_ptr_array_index (hashes, i);
      gint64 known;

      if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, known_sql, DB_TEXT (hash)), 0, &known, error))
        {
          _bobbin_db_rollback (db);
          return FALSE;
        }
      if (known == 0 && is_hash (hash))
        {
          g_autofree char *path = g_build_filename (db->attachments_dir, hash, NULL);

          g_unlink (path);
        }
    }

  return _bobbin_db_commit (db, error);
}

gboolean
_bobbin_attachments_collect (BobbinStoreDb  *db,
                             gboolean        own,
                             GError        **error)
{
  g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) holders = NULL;

  if (!list_holders (db, own, &holders, error))
    return FALSE;
  if (holders[0] == NULL)
    return TRUE;
  if (!_bobbin_db_begin (db, BOBBIN_STORE_WRITE, error))
    return FALSE;
  if (!collect_rows (db, holders, hashes, error))
    {
      _bobbin_db_rollback (db);
      return FALSE;
    }
  if (!_bobbin_db_commit (db, error))
    return FALSE;

  return hashes->len == 0 || remove_files (db, hashes, error);
}

gboolean
_bobbin_attachments_sweep (BobbinStoreDb  *db,
                           GError        **error)
{
  g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) folder = g_dir_open (db->attachments_dir, 0, NULL);
  const char *name;
  gint64 salvaged;

  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, salvaged_sql), 0, &salvaged, error))
    return FALSE;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      if (is_hash (name) && salvaged == 0)
        g_ptr_array_add (hashes, g_strdup (name));
      else if (!is_hash (name))
        _bobbin_import_remove_stale (db->attachments_dir, name);
    }

  return hashes->len == 0 || remove_files (db, hashes, error);
}

static gboolean
import_run (BobbinStoreDb  *db,
            gpointer        data,
            gpointer       *ret_result,
            GError        **error)
{
  BobbinImport *import = data;
  g_autoptr(BobbinAttachmentRow) row = bobbin_import_steal_row (import);

  /* The file before the row: a crash between them leaves a file that a sweep removes, not a row without its file. */
  if (!bobbin_import_publish (import, db->attachments_dir, row->sha256, error) ||
      !bobbin_db_do (db, error, hold_sql, DB_INT (row->id), DB_TEXT (row->sha256), DB_TEXT (row->name),
                     DB_TEXT (row->content_type), DB_INT (row->size), DB_TEXT (db->instance)))
    return FALSE;

  *ret_result = g_steal_pointer (&row);
  return TRUE;
}

static gboolean
import_prepare (const char    *attachments_dir,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  return bobbin_import_read (data, attachments_dir, cancellable, error);
}

static const BobbinStoreOpInfo import_info =
  { "import", BOBBIN_STORE_WRITE, import_prepare, import_run, (GDestroyNotify) bobbin_import_free,
    (GDestroyNotify) bobbin_attachment_row_free };

void
bobbin_store_import_file_async (BobbinStore         *self,
                                GFile               *file,
                                gint64               max_bytes,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (G_IS_FILE (file));

  _bobbin_store_submit (self, bobbin_store_import_file_async, &import_info, bobbin_import_new_for_file (file, max_bytes),
                        cancellable, callback, user_data);
}

void
bobbin_store_import_bytes_async (BobbinStore         *self,
                                 GBytes              *bytes,
                                 const char          *name,
                                 const char          *content_type,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (bytes != NULL);

  _bobbin_store_submit (self, bobbin_store_import_file_async, &import_info,
                        bobbin_import_new_for_bytes (bytes, name, content_type), cancellable, callback, user_data);
}

BobbinAttachment *
bobbin_store_import_finish (BobbinStore   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr(BobbinAttachmentRow) row = _bobbin_store_take (self, result, bobbin_store_import_file_async, error);

  return row != NULL ? bobbin_attachment_row_to_model (row, bobbin_store_get_attachments_dir (self)) : NULL;
}
