/* The window about the program: version, licence, people, and facts for a bug report, none of
 * them secret. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void bobbin_about_present (GtkWindow *parent);

G_END_DECLS
