#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-body-stream.h"

#include "util/bobbin-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Raw bytes encoded at a time: a multiple of 3, so that no padding falls into the middle. */
#define RAW_STEP (48 * 1024)
#define ENCODED_STEP (RAW_STEP / 3 * 4)

typedef struct
{
  GBytes   *text;  /* or a file: */
  char     *path;
  char     *name;
  gint64    size;
  gboolean  as_is; /* not in base64 */
} Part;

struct _BobbinBodyStream
{
  GInputStream parent_instance;
  /* owned */
  GPtrArray   *parts;
  guint        current;     /* index of the part being read */
  gsize        text_offset; /* into a text part */
  int          fd;          /* of a file part, else -1 */
  gint64       raw_read;    /* of it */
  guint8      *raw;         /* RAW_STEP, made with the first file */
  char        *encoded;     /* ENCODED_STEP */
  gsize        encoded_length;
  gsize        encoded_offset;
  gint64       length;
};

static void pollable_iface_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinBodyStream, bobbin_body_stream, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, pollable_iface_init))

static void
part_free (gpointer data)
{
  Part *part = data;

  g_clear_pointer (&part->text, g_bytes_unref);
  g_free (part->path);
  g_free (part->name);
  g_free (part);
}

static void
close_file (BobbinBodyStream *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  self->raw_read = 0;
}

static gboolean
file_failed (BobbinBodyStream *self,
             const Part       *part,
             const char       *what,
             GError          **error)
{
  close_file (self);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, "“%s” %s", part->name, what);

  return FALSE;
}

static gboolean
open_file (BobbinBodyStream *self,
           const Part       *part,
           GError          **error)
{
  struct stat info;

  /* Without O_NONBLOCK a FIFO would wait for somebody to write. */
  self->fd = open (part->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0)
    {
      g_autofree char *what = g_strdup_printf ("cannot be read: %s", g_strerror (errno));

      return file_failed (self, part, what, error);
    }
  if (fstat (self->fd, &info) != 0 || !S_ISREG (info.st_mode))
    return file_failed (self, part, "is not a file", error);
  if (info.st_size != part->size)
    return file_failed (self, part, "has changed since it was attached", error);
  if (self->raw == NULL)
    {
      self->raw = g_malloc (RAW_STEP);
      self->encoded = g_malloc (ENCODED_STEP);
    }

  return TRUE;
}

/* Reads @size bytes, less only at the end of the file; -1 on error. */
static gssize
read_full (int     fd,
           guint8 *buffer,
           gsize   size)
{
  gsize filled = 0;

  while (filled < size)
    {
      gssize n = read (fd, buffer + filled, size - filled);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      filled += (gsize) n;
    }

  return (gssize) filled;
}

static gsize
encode (const guint8 *raw,
        gsize         size,
        char         *encoded)
{
  int state = 0;
  int save = 0;
  gsize length = g_base64_encode_step (raw, size, FALSE, encoded, &state, &save);

  return length + g_base64_encode_close (FALSE, encoded + length, &state, &save);
}

/* Fills the encoded buffer with the next step of the file; goes on to the next part at its end. */
static gboolean
fill_from_file (BobbinBodyStream *self,
                const Part       *part,
                GError          **error)
{
  gint64 left = part->size - self->raw_read;
  gsize wanted = (gsize) MIN (left, RAW_STEP);
  guint8 beyond;
  gssize n;

  n = read_full (self->fd, self->raw, wanted);
  if (n < 0)
    return file_failed (self, part, "cannot be read", error);
  if ((gsize) n < wanted)
    return file_failed (self, part, "became shorter while it was sent", error);

  self->raw_read += n;
  if (part->as_is)
    memcpy (self->encoded, self->raw, (gsize) n);
  self->encoded_length = part->as_is ? (gsize) n : encode (self->raw, (gsize) n, self->encoded);
  self->encoded_offset = 0;
  if (self->raw_read < part->size)
    return TRUE;
  if (read_full (self->fd, &beyond, 1) != 0)
    return file_failed (self, part, "grew while it was sent", error);

  close_file (self);
  self->current++;
  return TRUE;
}

static gsize
take (BobbinBodyStream *self,
      char             *buffer,
      gsize             count)
{
  gsize n = MIN (count, self->encoded_length - self->encoded_offset);

  memcpy (buffer, self->encoded + self->encoded_offset, n);
  self->encoded_offset += n;

  return n;
}

static gsize
take_text (BobbinBodyStream *self,
           const Part       *part,
           char             *buffer,
           gsize             count)
{
  gsize size;
  const char *text = g_bytes_get_data (part->text, &size);
  gsize n = MIN (count, size - self->text_offset);

  memcpy (buffer, text + self->text_offset, n);
  self->text_offset += n;
  if (self->text_offset == size)
    {
      self->text_offset = 0;
      self->current++;
    }

  return n;
}

static gssize
bobbin_body_stream_read (GInputStream *stream,
                         void         *buffer,
                         gsize         count,
                         GCancellable *cancellable,
                         GError      **error)
{
  BobbinBodyStream *self = BOBBIN_BODY_STREAM (stream);
  char *out = buffer;
  gsize filled = 0;

  while (filled < count)
    {
      const Part *part;

      if (self->encoded_offset < self->encoded_length)
        {
          filled += take (self, out + filled, count - filled);
          continue;
        }
      if (self->current >= self->parts->len)
        break;

      part = g_ptr_array_index (self->parts, self->current);
      if (part->text != NULL)
        filled += take_text (self, part, out + filled, count - filled);
      else if ((self->fd < 0 && !open_file (self, part, error)) || !fill_from_file (self, part, error))
        return -1;
    }

  return (gssize) filled;
}

static gboolean
bobbin_body_stream_close (GInputStream *stream,
                          GCancellable *cancellable,
                          GError      **error)
{
  close_file (BOBBIN_BODY_STREAM (stream));

  return TRUE;
}

/* Always ready. Over HTTP/2 libsoup 3.2 reads a stream that cannot be polled into a buffer of a size it assumes to fit the next
 * frame, and aborts the program when it does not; over HTTP/1 it spends a thread on each piece. What is read here is 48 KiB of a
 * local file at a time. */

static gboolean
bobbin_body_stream_is_readable (GPollableInputStream *stream)
{
  return TRUE;
}

static GSource *
bobbin_body_stream_create_source (GPollableInputStream *stream,
                                  GCancellable         *cancellable)
{
  g_autoptr(GSource) now = g_timeout_source_new (0);

  return g_pollable_source_new_full (stream, now, cancellable);
}

static gssize
bobbin_body_stream_read_nonblocking (GPollableInputStream *stream,
                                     void                 *buffer,
                                     gsize                 count,
                                     GError              **error)
{
  return bobbin_body_stream_read (G_INPUT_STREAM (stream), buffer, count, NULL, error);
}

static void
pollable_iface_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = bobbin_body_stream_is_readable;
  iface->create_source = bobbin_body_stream_create_source;
  iface->read_nonblocking = bobbin_body_stream_read_nonblocking;
}

static void
bobbin_body_stream_finalize (GObject *object)
{
  BobbinBodyStream *self = BOBBIN_BODY_STREAM (object);

  close_file (self);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_free (self->raw);
  g_free (self->encoded);

  G_OBJECT_CLASS (bobbin_body_stream_parent_class)->finalize (object);
}

static void
bobbin_body_stream_class_init (BobbinBodyStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_body_stream_finalize;
  stream_class->read_fn = bobbin_body_stream_read;
  stream_class->close_fn = bobbin_body_stream_close;
}

static void
bobbin_body_stream_init (BobbinBodyStream *self)
{
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->fd = -1;
}

BobbinBodyStream *
bobbin_body_stream_new (void)
{
  return g_object_new (BOBBIN_TYPE_BODY_STREAM, NULL);
}

void
bobbin_body_stream_append_text (BobbinBodyStream *self,
                                const char       *text,
                                gssize            length)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  Part *part;

  g_return_if_fail (BOBBIN_IS_BODY_STREAM (self));

  if (size == 0)
    return;
  part = g_new0 (Part, 1);
  part->text = g_bytes_new (text, size);
  g_ptr_array_add (self->parts, part);
  self->length += (gint64) size;
}

static void
append_file (BobbinBodyStream *self,
             const char       *path,
             const char       *name,
             gint64            size,
             gboolean          as_is)
{
  Part *part = g_new0 (Part, 1);

  part->path = g_strdup (path);
  part->name = g_strdup (name != NULL ? name : path);
  part->size = size;
  part->as_is = as_is;
  g_ptr_array_add (self->parts, part);
  self->length += as_is ? size : (size + 2) / 3 * 4;
}

void
bobbin_body_stream_append_file (BobbinBodyStream *self,
                                const char       *path,
                                const char       *name,
                                gint64            size)
{
  g_return_if_fail (BOBBIN_IS_BODY_STREAM (self));
  g_return_if_fail (path != NULL && size >= 0);

  append_file (self, path, name, size, FALSE);
}

void
bobbin_body_stream_append_raw_file (BobbinBodyStream *self,
                                    const char       *path,
                                    const char       *name,
                                    gint64            size)
{
  g_return_if_fail (BOBBIN_IS_BODY_STREAM (self));
  g_return_if_fail (path != NULL && size >= 0);

  append_file (self, path, name, size, TRUE);
}

gint64
bobbin_body_stream_get_length (BobbinBodyStream *self)
{
  g_return_val_if_fail (BOBBIN_IS_BODY_STREAM (self), 0);

  return self->length;
}

static void
read_all_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  BobbinBodyStream *self = source;
  gsize size = (gsize) self->length;
  g_autofree char *buffer = g_try_malloc (size + 1);
  GError *error = NULL;
  gsize n_read;

  if (buffer == NULL)
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "Not enough memory for the attachments");
  else if (!g_input_stream_read_all (G_INPUT_STREAM (self), buffer, size, &n_read, cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&buffer), n_read), (GDestroyNotify) g_bytes_unref);
}

void
bobbin_body_stream_read_all_async (BobbinBodyStream   *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, bobbin_body_stream_read_all_async);
  g_task_run_in_thread (task, read_all_thread);
}

GBytes *
bobbin_body_stream_read_all_finish (BobbinBodyStream *self,
                                    GAsyncResult     *result,
                                    GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
