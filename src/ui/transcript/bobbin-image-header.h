/* The size an image says it has, from its first bytes: PNG, JPEG, GIF and WebP. Nothing is decoded. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FALSE: another kind of file, or its size is not in these bytes. */
gboolean bobbin_image_header_read (GBytes *bytes, gint64 *ret_width, gint64 *ret_height);

G_END_DECLS
