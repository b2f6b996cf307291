/* Saving what a message holds: a file chooser, then the writing, off the main thread; a failure is told in a dialog. The chooser
 * keeps itself alive; nothing happens when the window went meanwhile. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

void bobbin_save_text       (GtkWidget *parent, const char *name, const char *text);
void bobbin_save_bytes      (GtkWidget *parent, const char *name, GBytes *bytes);
void bobbin_save_attachment (GtkWidget *parent, BobbinAttachment *attachment);
/* Where the chooser would put it, without asking: for tests and drag and drop. */
void bobbin_save_bytes_to   (GtkWidget *parent, GFile *file, GBytes *bytes);

G_END_DECLS
