/* An image of a message: from an attachment, from a data: address, or from the web, where nothing is loaded without being asked for
 * (bobbin-image-fetcher.h). Decoded off the main thread, no larger than the screen needs; its place is kept free as soon as its size
 * is known. Activating it opens a window of its own. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_IMAGE_VIEW (bobbin_image_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinImageView, bobbin_image_view, BOBBIN, IMAGE_VIEW, GtkWidget)

GtkWidget *bobbin_image_view_new         (BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;
/* An image in a text: @uri https or data:, @alt (nullable): what is said instead. */
GtkWidget *bobbin_image_view_new_for_uri (const char *uri, const char *alt) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
