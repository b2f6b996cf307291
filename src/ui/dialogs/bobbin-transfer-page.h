/* The page of the preferences for all conversations at once: export, import, backup. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *bobbin_transfer_page_new (BobbinLibrary *library) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
