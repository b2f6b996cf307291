#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-archive.h"

#include "util/bobbin-error.h"
#include "util/bobbin-text.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define BUFFER (64 * 1024)
/* What is read out of an archive for each byte of it, once it is a good deal: what people write shrinks to a twentieth at best. */
#define RATIO_MAX  250
#define RATIO_FROM (64 * 1024 * 1024)

struct _BobbinArchive
{
  struct archive *zip;
  char           *name;
  guint64         size;    /* of the archive */
  guint64         n_bytes; /* that were read out of it */
  guint           n_files;
};

static gboolean
set_error (BobbinArchive *self,
           GError       **error)
{
  const char *words = archive_error_string (self->zip);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("the archive is damaged and could not be read to its end (%s): get it once more"),
               words != NULL ? words : "");
  return FALSE;
}

BobbinArchive *
bobbin_archive_open (const char *path,
                     GError    **error)
{
  g_autoptr(BobbinArchive) self = g_new0 (BobbinArchive, 1);
  GStatBuf about;

  self->zip = archive_read_new ();
  self->size = g_stat (path, &about) == 0 ? (guint64) about.st_size : 0;
  if (archive_read_support_format_zip (self->zip) < ARCHIVE_WARN || archive_read_open_filename (self->zip, path, BUFFER) < ARCHIVE_WARN)
    {
      set_error (self, error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
bobbin_archive_free (BobbinArchive *self)
{
  if (self->zip != NULL)
    archive_read_free (self->zip);
  g_free (self->name);
  g_free (self);
}

const char *
bobbin_archive_next (BobbinArchive *self,
                     GError       **error)
{
  for (;;)
    {
      struct archive_entry *entry = NULL;
      int code = archive_read_next_header (self->zip, &entry);
      const char *name;

      if (code == ARCHIVE_EOF)
        return NULL;
      if (code < ARCHIVE_WARN)
        {
          set_error (self, error);
          return NULL;
        }
      if (++self->n_files > BOBBIN_ARCHIVE_FILES_MAX)
        {
          g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, _("the archive has more files than can be: it was not read"));
          return NULL;
        }
      if (archive_entry_filetype (entry) != AE_IFREG)
        continue;

      name = archive_entry_pathname_utf8 (entry);
      if (name == NULL)
        name = archive_entry_pathname (entry);
      g_free (self->name);
      self->name = bobbin_text_make_valid (name != NULL ? name : "", -1);
      return self->name;
    }
}

gssize
bobbin_archive_read (BobbinArchive *self,
                     void          *buffer,
                     gsize          length,
                     GError       **error)
{
  la_ssize_t n = archive_read_data (self->zip, buffer, length);

  if (n < 0)
    {
      set_error (self, error);
      return -1;
    }
  self->n_bytes += (guint64) n;
  if (self->n_bytes > RATIO_FROM && self->n_bytes / RATIO_MAX > self->size)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE,
                           _("the archive unpacks to more than an honest one does: it was not read further"));
      return -1;
    }

  return (gssize) n;
}

gboolean
bobbin_archive_extract (BobbinArchive *self,
                        const char    *path,
                        guint64        max_bytes,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree char *buffer = g_malloc (BUFFER);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  guint64 total = 0;
  gssize n = -1;

  while (fd >= 0 && !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         (n = bobbin_archive_read (self, buffer, BUFFER, error)) > 0)
    {
      total += (guint64) n;
      if (total > max_bytes)
        {
          g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, _("a file in the archive is too large: it was not read further"));
          n = -1;
          break;
        }
      if (write (fd, buffer, (size_t) n) != n)
        {
          g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("the archive could not be unpacked (%s): make room on the disk"),
                       g_strerror (errno));
          n = -1;
          break;
        }
    }
  if (fd < 0)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("the archive could not be unpacked (%s): make room on the disk"), g_strerror (errno));
  else
    close (fd);
  if (n != 0 && fd >= 0)
    g_unlink (path);

  return n == 0;
}

guint64
bobbin_archive_get_position (BobbinArchive *self)
{
  return (guint64) MAX (archive_filter_bytes (self->zip, -1), 0);
}
