/* Colours of formulas by name or as #rrggbb. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FALSE: not a colour. @ret_rgb: 0xRRGGBB. */
gboolean _bobbin_math_color (const char *name, guint32 *ret_rgb);

G_END_DECLS
