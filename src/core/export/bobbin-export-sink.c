#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-export-sink.h"

#include "util/bobbin-error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER (64 * 1024 / 3 * 3) /* a multiple of three: base 64 without a remainder */

struct _BobbinExportSink
{
  /* owned */
  char           *path;
  char           *unfinished; /* NULL once it has its name */
  int             fd;         /* -1: closed */
  struct archive *zip;        /* (nullable) */
  GHashTable     *names;      /* of files in the zip */
};

static gboolean
set_errno (GError    **error,
           const char *path,
           int         code)
{
  g_autofree char *name = g_filename_display_basename (path);

  if (code == ENOSPC || code == EDQUOT)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE,
                 _("there is no room left for “%s”, and nothing of it was kept: make room, or choose another place"), name);
  else if (code == EACCES || code == EPERM || code == EROFS)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("“%s” may not be written there: choose another place"), name);
  else if (code == ENOENT || code == ENOTDIR)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("there is no such folder to write “%s” to: choose another place"), name);
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE,
                 /* Translators: the name of a file, then what the system says. */
                 _("“%1$s” could not be written (%2$s), and nothing of it was kept: choose another place"), name, g_strerror (code));

  return FALSE;
}

static gboolean
set_zip_error (BobbinExportSink *self,
               GError          **error)
{
  int code = archive_errno (self->zip);

  return set_errno (error, self->path, code > 0 ? code : EIO);
}

static struct archive *
open_zip (int fd)
{
  struct archive *zip = archive_write_new ();

  if (archive_write_set_format_zip (zip) == ARCHIVE_OK &&
      archive_write_set_format_option (zip, "zip", "hdrcharset", "UTF-8") >= ARCHIVE_WARN &&
      archive_write_set_bytes_in_last_block (zip, 1) == ARCHIVE_OK && archive_write_open_fd (zip, fd) == ARCHIVE_OK)
    return zip;

  archive_write_free (zip);
  return NULL;
}

BobbinExportSink *
bobbin_export_sink_open (const char *path,
                         gboolean    as_zip,
                         GError    **error)
{
  g_autoptr(BobbinExportSink) self = g_new0 (BobbinExportSink, 1);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);

  self->fd = -1;
  self->path = g_strdup (path);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("“%s” is a folder: name a file in it"), base);
      return NULL;
    }
  self->unfinished = g_strdup_printf ("%s/.bobbin-%08x.part", dir, g_random_int ());
  self->fd = g_open (self->unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    {
      set_errno (error, path, errno);
      g_clear_pointer (&self->unfinished, g_free);
      return NULL;
    }
  if (as_zip && (self->zip = open_zip (self->fd)) == NULL)
    {
      set_errno (error, path, EIO);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
bobbin_export_sink_free (BobbinExportSink *self)
{
  if (self->zip != NULL)
    {
      archive_write_fail (self->zip); /* no use in finishing it */
      archive_write_free (self->zip);
    }
  if (self->fd >= 0)
    close (self->fd);
  if (self->unfinished != NULL)
    g_unlink (self->unfinished);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_free (self->unfinished);
  g_free (self->path);
  g_free (self);
}

static gboolean
put (BobbinExportSink *self,
     const char       *data,
     gsize             length,
     GError          **error)
{
  while (length > 0)
    {
      gssize n = self->zip != NULL ? archive_write_data (self->zip, data, length) : write (self->fd, data, length);

      if (n < 0 && self->zip == NULL && errno == EINTR)
        continue;
      if (n <= 0)
        return self->zip != NULL ? set_zip_error (self, error) : set_errno (error, self->path, errno);
      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

static gboolean
begin_entry (BobbinExportSink *self,
             const char       *name,
             gint64            size,
             GError          **error)
{
  struct archive_entry *entry = archive_entry_new ();
  int code;

  archive_entry_set_pathname_utf8 (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_mtime (entry, g_get_real_time () / G_USEC_PER_SEC, 0);
  if (size >= 0)
    archive_entry_set_size (entry, size);
  code = archive_write_header (self->zip, entry);
  archive_entry_free (entry);

  return code >= ARCHIVE_WARN || set_zip_error (self, error);
}

gboolean
bobbin_export_sink_begin (BobbinExportSink *self,
                          const char       *name,
                          GError          **error)
{
  g_return_val_if_fail (self->zip != NULL, FALSE);

  return begin_entry (self, name, -1, error);
}

/* Reads @path to its end and gives it on, as base 64 or as it is. */
static gboolean
copy_file (BobbinExportSink *self,
           const char       *path,
           gboolean          encode,
           GCancellable     *cancellable,
           GError          **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) in = g_file_read (file, cancellable, error);
  g_autofree char *bytes = g_malloc (BUFFER);
  g_autofree char *text = encode ? g_malloc ((BUFFER / 3 + 1) * 4 + 4) : NULL;
  int state = 0;
  int save = 0;
  gsize n_read = 0;

  if (in == NULL)
    return FALSE;
  do
    {
      gsize n;

      if (!g_input_stream_read_all (G_INPUT_STREAM (in), bytes, BUFFER, &n_read, cancellable, error))
        return FALSE;
      n = encode ? g_base64_encode_step ((const guchar *) bytes, n_read, FALSE, text, &state, &save) : n_read;
      if (!put (self, encode ? text : bytes, n, error))
        return FALSE;
    }
  while (n_read > 0);

  return !encode || put (self, text, g_base64_encode_close (FALSE, text, &state, &save), error);
}

gboolean
bobbin_export_sink_write (BobbinExportSink        *self,
                          const BobbinExportChunk *chunk,
                          GCancellable            *cancellable,
                          GError                 **error)
{
  gsize from = 0;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  for (guint i = 0; i < chunk->inserts->len; i++)
    {
      const BobbinExportInsert *insert = &g_array_index (chunk->inserts, BobbinExportInsert, i);

      if (!put (self, chunk->text->str + from, insert->at - from, error) || !copy_file (self, insert->path, TRUE, cancellable, error))
        return FALSE;
      from = insert->at;
    }

  return put (self, chunk->text->str + from, chunk->text->len - from, error);
}

gboolean
bobbin_export_sink_add_file (BobbinExportSink *self,
                             const char       *name,
                             const char       *path,
                             GCancellable     *cancellable,
                             GError          **error)
{
  GStatBuf about;

  g_return_val_if_fail (self->zip != NULL, FALSE);

  if (g_hash_table_contains (self->names, name))
    return TRUE;
  if (g_stat (path, &about) != 0 || !S_ISREG (about.st_mode))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "%s is gone", path);
      return FALSE;
    }

  g_hash_table_add (self->names, g_strdup (name));
  return begin_entry (self, name, about.st_size, error) && copy_file (self, path, FALSE, cancellable, error);
}

gboolean
bobbin_export_sink_commit (BobbinExportSink *self,
                           GError          **error)
{
  int fd = self->fd;

  if (self->zip != NULL && archive_write_close (self->zip) < ARCHIVE_WARN)
    return set_zip_error (self, error);
  if (self->zip != NULL)
    archive_write_free (g_steal_pointer (&self->zip));
  if (fsync (fd) != 0 && errno != EINVAL && errno != EROFS)
    return set_errno (error, self->path, errno);
  self->fd = -1;
  if (close (fd) != 0)
    return set_errno (error, self->path, errno);
  if (g_rename (self->unfinished, self->path) != 0)
    return set_errno (error, self->path, errno);

  g_clear_pointer (&self->unfinished, g_free);
  return TRUE;
}
