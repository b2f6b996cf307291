/* An image in a window of its own: fitted or at any size, by wheel, pinch, buttons and keys; copy, save. */
#pragma once

#include <adwaita.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_IMAGE_WINDOW (bobbin_image_window_get_type ())
G_DECLARE_FINAL_TYPE (BobbinImageWindow, bobbin_image_window, BOBBIN, IMAGE_WINDOW, AdwWindow)

/* @attachment or @bytes: what is shown and saved. @name: of the file. */
GtkWidget *bobbin_image_window_new      (BobbinAttachment *attachment, GBytes *bytes, const char *name) G_GNUC_WARN_UNUSED_RESULT;
double     bobbin_image_window_get_zoom (BobbinImageWindow *self); /* 0: fitted */
gboolean   bobbin_image_window_is_ready (BobbinImageWindow *self);

G_END_DECLS
