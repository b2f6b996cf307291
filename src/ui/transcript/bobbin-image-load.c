/* Bounded decoding of images: header first, then scaled while it is read, both off the main thread. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-image-view.h"

#include "util/bobbin-error.h"

typedef struct
{
  char *path;
  int   width;
  int   height;
} LoadImage;

static void
load_image_free (gpointer data)
{
  LoadImage *load = data;

  g_free (load->path);
  g_free (load);
}

static void
decoded_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkPixbuf) raw = gdk_pixbuf_new_from_stream_finish (result, &error);
  g_autoptr(GdkPixbuf) turned = raw != NULL ? gdk_pixbuf_apply_embedded_orientation (raw) : NULL;

  if (turned == NULL)
    g_task_return_error (task, error != NULL ? g_steal_pointer (&error)
                                             : g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_FILE, "no image"));
  else
    g_task_return_pointer (task, gdk_texture_new_for_pixbuf (turned), g_object_unref);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  LoadImage *load = g_task_get_task_data (task);
  g_autoptr(GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  gdk_pixbuf_new_from_stream_at_scale_async (G_INPUT_STREAM (stream), load->width, load->height, TRUE,
                                             g_task_get_cancellable (task), decoded_cb, g_object_ref (task));
}

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;
  LoadImage *load = g_task_get_task_data (task);
  int width = 0;
  int height = 0;

  if (gdk_pixbuf_get_file_info_finish (result, &width, &height, &error) == NULL)
    {
      g_task_return_error (task, error != NULL ? g_steal_pointer (&error)
                                               : g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_FILE, "no image"));
      return;
    }
  if (width <= 0 || height <= 0 || (gint64) width * height > BOBBIN_IMAGE_PIXELS_MAX)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "image of %d × %d pixels", width, height);
      return;
    }

  load->width = MIN (load->width, width);
  load->height = MIN (load->height, height);
  file = g_file_new_for_path (load->path);
  g_file_read_async (file, G_PRIORITY_DEFAULT, g_task_get_cancellable (task), opened_cb, g_object_ref (task));
}

void
bobbin_image_load_async (const char          *path,
                         int                  width,
                         int                  height,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  LoadImage *load = g_new0 (LoadImage, 1);

  g_task_set_source_tag (task, bobbin_image_load_async);
  load->path = g_strdup (path);
  load->width = width;
  load->height = height;
  g_task_set_task_data (task, load, load_image_free);
  gdk_pixbuf_get_file_info_async (path, cancellable, measured_cb, task);
}

GdkTexture *
bobbin_image_load_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
