/* Asks for a new title of a conversation. */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void bobbin_rename_dialog_present (GtkWindow *parent, BobbinLibrary *library, BobbinThread *thread);

G_END_DECLS
