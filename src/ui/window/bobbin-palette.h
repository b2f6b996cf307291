/* The palette: every action by its name and every conversation by its title, from a few letters. It knows the table of
 * bobbin-shortcuts.h and asks the store for titles while one types; what is chosen is done by the window, from where the keyboard
 * was. */
#pragma once

#include "bobbin-types.h"
#include "window/bobbin-window.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_PALETTE (bobbin_palette_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPalette, bobbin_palette, BOBBIN, PALETTE, AdwWindow)

GtkWidget *bobbin_palette_new       (BobbinWindow *window, BobbinLibrary *library) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_palette_set_query (BobbinPalette *self, const char *query);

G_END_DECLS
