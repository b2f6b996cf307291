/* Bounded decoding of images, in a thread: the header is read first, and an image of too many pixels is refused before any is made. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_IMAGE_PIXELS_MAX (64 * 1024 * 1024)

/* One of @path and @bytes. To at most @max_width × @max_height pixels; 0: only its size is read. More pixels than the limit are
 * BOBBIN_ERROR_TOO_LARGE; what is no image is an error of GdkPixbuf or BOBBIN_ERROR_FILE. */
void     bobbin_image_load_async  (const char *path, GBytes *bytes, int max_width, int max_height, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
/* @ret_texture (nullable) (transfer full); the size is that of the image, before it was scaled. */
gboolean bobbin_image_load_finish (GAsyncResult *result, GdkTexture **ret_texture, int *ret_width, int *ret_height, GError **error);

G_END_DECLS
