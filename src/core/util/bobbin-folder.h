#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Removes path with all that is in it, as far as it can be removed. A symbolic link within, or path
 * itself if it is one, is removed and not followed. TRUE when nothing is left. Blocks. */
gboolean bobbin_folder_remove (const char *path);

G_END_DECLS
