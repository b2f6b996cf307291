#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-import.h"

#include "store/bobbin-store-private.h"
#include "util/bobbin-id.h"
#include "util/bobbin-text.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE       (64 * 1024)
#define HEAD        4096 /* enough for any content type to be recognised */
#define TEMP_PREFIX ".import-"

struct _BobbinImport
{
  /* owned */
  GFile               *file;   /* or */
  GBytes              *bytes;
  char                *name;
  char                *content_type;
  gint64               max_bytes;
  BobbinAttachmentRow *row;    /* once read */
  char                *temp;   /* once being written */
  int                  fd;     /* of temp; its lock says that the process lives */
};

BobbinImport *
bobbin_import_new_for_file (GFile *file,
                            gint64 max_bytes)
{
  BobbinImport *self = g_new0 (BobbinImport, 1);
  g_autofree char *base = g_file_get_basename (file);

  self->file = g_object_ref (file);
  self->name = _bobbin_text_file_name (base);
  self->max_bytes = max_bytes;
  self->fd = -1;

  return self;
}

BobbinImport *
bobbin_import_new_for_bytes (GBytes     *bytes,
                             const char *name,
                             const char *content_type)
{
  BobbinImport *self = g_new0 (BobbinImport, 1);

  self->bytes = g_bytes_ref (bytes);
  self->name = _bobbin_text_file_name (name);
  self->content_type = g_strdup (content_type);
  self->fd = -1;

  return self;
}

void
bobbin_import_free (BobbinImport *self)
{
  if (self->temp != NULL)
    g_unlink (self->temp);
  if (self->fd >= 0)
    close (self->fd);
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->row, bobbin_attachment_row_free);
  g_free (self->name);
  g_free (self->content_type);
  g_free (self->temp);
  g_free (self);
}

static void
set_read_error (BobbinImport  *self,
                int            saved,
                GError       **error)
{
  const char *reason = g_strerror (saved);

  if (saved == ENOENT || saved == ENOTDIR)
    reason = "it is no longer there";
  else if (saved == EACCES || saved == EPERM)
    reason = "it may not be read: check its permissions";
  else if (saved == EISDIR)
    reason = "it is a folder; attach the files in it";
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, "“%s” cannot be attached: %s", self->name, reason);
}

static gboolean
set_write_error (int      saved,
                 GError **error)
{
  if (saved == ENOSPC || saved == EDQUOT || saved == EFBIG)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The disk is full: free some space, then try again");
  else if (saved == EROFS || saved == EACCES || saved == EPERM || saved == ENOENT)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE,
                         "The profile folder cannot be written: check its permissions");
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The attachment could not be stored: %s", g_strerror (saved));

  return FALSE;
}

static gboolean
set_too_large (BobbinImport  *self,
               GError       **error)
{
  g_autofree char *limit = bobbin_text_size (self->max_bytes);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "“%s” is larger than %s", self->name, limit);
  return FALSE;
}

/* Only a regular file is opened: a FIFO would wait for its other end, a device might do anything. */
static GInputStream *
open_path (BobbinImport  *self,
           const char    *path,
           gint64        *ret_size,
           GError       **error)
{
  struct stat info;
  int fd;

  if (stat (path, &info) != 0)
    {
      set_read_error (self, errno, error);
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      set_read_error (self, S_ISDIR (info.st_mode) ? EISDIR : ESPIPE, error);
      if (error != NULL && !S_ISDIR (info.st_mode))
        {
          g_clear_error (error);
          g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, "“%s” cannot be attached: it is not a file", self->name);
        }
      return NULL;
    }

  fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      set_read_error (self, fd < 0 ? errno : EISDIR, error);
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  *ret_size = info.st_size;

  return g_unix_input_stream_new (fd, TRUE);
}

static GInputStream *
open_source (BobbinImport  *self,
             gint64        *ret_size,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GError) local = NULL;
  GFileInputStream *stream;
  const char *path;

  if (self->bytes != NULL)
    {
      *ret_size = (gint64) g_bytes_get_size (self->bytes);
      return g_memory_input_stream_new_from_bytes (self->bytes);
    }
  path = g_file_peek_path (self->file);
  if (path != NULL)
    return open_path (self, path, ret_size, error);

  stream = g_file_read (self->file, cancellable, &local);
  if (stream == NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, "“%s” cannot be attached: %s", self->name, local->message);
  *ret_size = -1; /* unknown until it ends */

  return G_INPUT_STREAM (stream);
}

static gboolean
open_temp (BobbinImport  *self,
           const char    *dir,
           GError       **error)
{
  self->temp = g_build_filename (dir, TEMP_PREFIX "XXXXXX", NULL);
  self->fd = g_mkstemp_full (self->temp, O_WRONLY | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      int saved = errno;

      g_clear_pointer (&self->temp, g_free);
      return set_write_error (saved, error);
    }
  flock (self->fd, LOCK_EX | LOCK_NB);

  return TRUE;
}

static gboolean
write_all (int            fd,
           const guint8  *data,
           gsize          length,
           GError       **error)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_write_error (errno, error);
      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

/* @size: as the file said when it was opened, -1 unknown. */
static gboolean
check_size (BobbinImport  *self,
            gint64         total,
            gint64         size,
            gboolean       ended,
            GError       **error)
{
  if (self->max_bytes > 0 && MAX (total, size) > self->max_bytes)
    return set_too_large (self, error);
  if (size >= 0 && (total > size || (ended && total < size)))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE,
                   "“%s” changed while it was being copied: try again when it is complete", self->name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
copy (BobbinImport  *self,
      GInputStream  *source,
      gint64         size,
      GChecksum     *checksum,
      GByteArray    *head,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  g_autoptr(GError) local = NULL;
  gint64 total = 0;
  gssize n;

  if (!check_size (self, 0, size, FALSE, error))
    return FALSE;
  while ((n = g_input_stream_read (source, piece, PIECE, cancellable, &local)) > 0)
    {
      total += n;
      if (!check_size (self, total, size, FALSE, error) || !write_all (self->fd, piece, (gsize) n, error))
        return FALSE;
      g_checksum_update (checksum, piece, n);
      if (head->len < HEAD)
        g_byte_array_append (head, piece, MIN ((guint) n, HEAD - head->len));
    }
  if (n < 0)
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, "“%s” cannot be read: %s", self->name, local->message);
      return FALSE;
    }
  if (!check_size (self, total, size, TRUE, error))
    return FALSE;
  if (fsync (self->fd) != 0)
    return set_write_error (errno, error);

  self->row->size = total;
  return TRUE;
}

static char *
guess_content_type (const char       *name,
                    const GByteArray *head)
{
  static const struct { const char *magic; gsize length; const char *type; } known[] = {
    { "\x89PNG\r\n\x1a\n", 8, "image/png" }, { "\xff\xd8\xff", 3, "image/jpeg" }, { "GIF8", 4, "image/gif" },
    { "%PDF-", 5, "application/pdf" },
  };
  g_autofree char *type = NULL;
  g_autofree char *mime = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (head->len >= known[i].length && memcmp (head->data, known[i].magic, known[i].length) == 0)
      return g_strdup (known[i].type);

  /* An empty file is what its name says. */
  type = g_content_type_guess (name, head->len > 0 ? head->data : NULL, head->len, NULL);
  mime = g_content_type_get_mime_type (type);
  if (mime == NULL)
    return g_strdup ("application/octet-stream");

  return g_steal_pointer (&mime);
}

gboolean
bobbin_import_read (BobbinImport  *self,
                    const char    *dir,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(GByteArray) head = g_byte_array_new ();
  g_autoptr(GInputStream) source = NULL;
  gint64 size = -1;

  source = open_source (self, &size, cancellable, error);
  if (source == NULL)
    return FALSE;

  self->row = g_new0 (BobbinAttachmentRow, 1);
  if (!open_temp (self, dir, error) || !copy (self, source, size, checksum, head, cancellable, error))
    return FALSE;

  self->row->id = bobbin_id_new ();
  self->row->name = g_strdup (self->name);
  self->row->sha256 = g_strdup (g_checksum_get_string (checksum));
  self->row->content_type = self->content_type != NULL ? g_strdup (self->content_type) : guess_content_type (self->name, head);

  return TRUE;
}

BobbinAttachmentRow *
bobbin_import_steal_row (BobbinImport *self)
{
  return g_steal_pointer (&self->row);
}

static void
sync_folder (const char *dir)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

gboolean
bobbin_import_publish (BobbinImport  *self,
                       const char    *dir,
                       const char    *sha256,
                       GError       **error)
{
  g_autofree char *path = g_build_filename (dir, sha256, NULL);

  /* Also over a file that is there: the content is the same, unless a disk damaged it. */
  if (g_rename (self->temp, path) != 0)
    return set_write_error (errno, error);

  g_clear_pointer (&self->temp, g_free);
  sync_folder (dir);

  return TRUE;
}

void
_bobbin_import_remove_stale (const char *dir,
                             const char *name)
{
  g_autofree char *path = NULL;
  int fd;

  if (!g_str_has_prefix (name, TEMP_PREFIX))
    return;

  path = g_build_filename (dir, name, NULL);
  fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    g_unlink (path);
  close (fd);
}
