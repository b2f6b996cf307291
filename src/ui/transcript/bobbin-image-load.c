/* Bounded decoding of images in a thread: the header first, which may already be too much, then scaled while it is read. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-image-load.h"

#include "bobbin-image-header.h"
#include "util/bobbin-error.h"

#define FILE_MAX  (64 * 1024 * 1024) /* bytes */
#define PIECE     65536

typedef struct
{
  /* what is asked */
  char       *path;   /* (nullable) */
  GBytes     *bytes;  /* (nullable) */
  int         max_width;
  int         max_height;
  gboolean    only_size;
  /* what came */
  GdkTexture *texture;
  int         width;
  int         height;
  gboolean    too_large;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->path);
  g_clear_pointer (&load->bytes, g_bytes_unref);
  g_clear_object (&load->texture);
  g_free (load);
}

/* The header was read: nothing of the pixels has been made yet. */
static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  Load            *load)
{
  double scale;

  load->width = width;
  load->height = height;
  load->too_large = width <= 0 || height <= 0 || (gint64) width * height > BOBBIN_IMAGE_PIXELS_MAX;
  if (load->too_large || load->only_size)
    {
      gdk_pixbuf_loader_set_size (loader, 0, 0); /* the loaders give up at this, before they make room for pixels */
      return;
    }
  scale = MIN (MIN ((double) load->max_width / width, (double) load->max_height / height), 1);
  gdk_pixbuf_loader_set_size (loader, MAX ((int) (width * scale), 1), MAX ((int) (height * scale), 1));
}

static void
set_too_large (Load    *load,
               GError **error)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "image of %d × %d pixels", load->width, load->height);
}

/* What says of itself that it is too much goes to no loader; there need not be one for it either. */
static gboolean
is_claimed_too_large (Load *load)
{
  gint64 width;
  gint64 height;

  if (!bobbin_image_header_read (load->bytes, &width, &height) || width == 0 || height <= BOBBIN_IMAGE_PIXELS_MAX / width)
    return FALSE;

  load->width = (int) MIN (width, G_MAXINT);
  load->height = (int) MIN (height, G_MAXINT);

  return TRUE;
}

static gboolean
feed (GdkPixbufLoader  *loader,
      Load             *load,
      GCancellable     *cancellable,
      GError          **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (load->bytes, &length);

  for (gsize at = 0; at < length; at += PIECE)
    {
      g_autoptr(GError) local_error = NULL;
      gboolean written;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      written = gdk_pixbuf_loader_write (loader, data + at, MIN (PIECE, length - at), &local_error);
      if (load->too_large)
        {
          set_too_large (load, error);
          return FALSE;
        }
      if (load->only_size && load->width > 0)
        return TRUE;
      if (!written)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
read_file (Load          *load,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (load->path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, cancellable, error);
  gsize max = load->only_size ? 4 * PIECE : FILE_MAX;

  if (stream == NULL)
    return FALSE;
  load->bytes = g_input_stream_read_bytes (G_INPUT_STREAM (stream), max, cancellable, error);
  while (load->bytes != NULL && !load->only_size)
    {
      g_autoptr(GBytes) more = g_input_stream_read_bytes (G_INPUT_STREAM (stream), max, cancellable, error);
      g_autoptr(GByteArray) all = NULL;

      if (more == NULL)
        return FALSE;
      if (g_bytes_get_size (more) == 0)
        break;
      if (g_bytes_get_size (load->bytes) + g_bytes_get_size (more) > FILE_MAX)
        {
          g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "image of more than %d bytes", FILE_MAX);
          return FALSE;
        }
      all = g_bytes_unref_to_array (g_steal_pointer (&load->bytes));
      g_byte_array_append (all, g_bytes_get_data (more, NULL), (guint) g_bytes_get_size (more));
      load->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
    }

  return load->bytes != NULL;
}

static gboolean
decode (Load          *load,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autoptr(GdkPixbufLoader) loader = NULL;
  g_autoptr(GdkPixbuf) turned = NULL;
  g_autoptr(GError) close_error = NULL;
  GdkPixbuf *raw;
  gboolean closed;

  if (load->bytes == NULL && !read_file (load, cancellable, error))
    return FALSE;
  if (is_claimed_too_large (load))
    {
      set_too_large (load, error);
      return FALSE;
    }
  loader = gdk_pixbuf_loader_new ();
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), load);
  if (!feed (loader, load, cancellable, error))
    {
      gdk_pixbuf_loader_close (loader, NULL);
      return FALSE;
    }
  /* the header of a small image is read only here */
  closed = gdk_pixbuf_loader_close (loader, load->only_size ? NULL : &close_error);
  if (load->too_large)
    {
      set_too_large (load, error);
      return FALSE;
    }
  if (load->only_size)
    {
      if (load->width == 0)
        g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, "no image");
      return load->width > 0;
    }
  if (!closed)
    {
      g_propagate_error (error, g_steal_pointer (&close_error));
      return FALSE;
    }

  raw = gdk_pixbuf_loader_get_pixbuf (loader);
  turned = raw != NULL ? gdk_pixbuf_apply_embedded_orientation (raw) : NULL;
  if (turned == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, "no image");
      return FALSE;
    }
  load->texture = gdk_texture_new_for_pixbuf (turned);

  return TRUE;
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Load *load = data;
  GError *error = NULL;

  if (decode (load, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bobbin_image_load_async (const char          *path,
                         GBytes              *bytes,
                         int                  max_width,
                         int                  max_height,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  g_task_set_source_tag (task, bobbin_image_load_async);
  load->path = g_strdup (path);
  load->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  load->max_width = max_width;
  load->max_height = max_height;
  load->only_size = max_width == 0;
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_thread);
}

gboolean
bobbin_image_load_finish (GAsyncResult  *result,
                          GdkTexture   **ret_texture,
                          int           *ret_width,
                          int           *ret_height,
                          GError       **error)
{
  Load *load = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (ret_texture != NULL)
    *ret_texture = g_steal_pointer (&load->texture);
  if (ret_width != NULL)
    *ret_width = load->width;
  if (ret_height != NULL)
    *ret_height = load->height;

  return TRUE;
}
