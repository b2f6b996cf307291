/* How the program looks, as the preferences say: light or dark, and how large the text of conversations is. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The text of widgets with this style class grows with the setting; not one inside of another. */
#define BOBBIN_STYLE_SCALED_TEXT "scaled-text"

/* Applies the settings now and whenever they change, for as long as @application lives. */
void bobbin_appearance_follow (AdwApplication *application, GSettings *settings);

G_END_DECLS
