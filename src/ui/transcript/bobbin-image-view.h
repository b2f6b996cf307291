/* An image of a message: from an attachment, decoded off the main thread, no larger than the screen needs, with a limit on
 * its pixels; or, when it lies somewhere on the web, only its address: nothing is loaded without being asked for. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_IMAGE_VIEW (bobbin_image_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinImageView, bobbin_image_view, BOBBIN, IMAGE_VIEW, GtkWidget)

#define BOBBIN_IMAGE_PIXELS_MAX (64 * 1024 * 1024)

GtkWidget *bobbin_image_view_new (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;

/* Decodes the image at @path to at most @width × @height pixels. FALSE size: more pixels than the limit is
 * BOBBIN_ERROR_TOO_LARGE. */
void       bobbin_image_load_async  (const char *path, int width, int height, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
GdkTexture *bobbin_image_load_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
