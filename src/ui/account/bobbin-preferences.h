/* The preferences: accounts, looks, keys of the composer. Accounts come from the library, the
 * rest is GSettings. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_PREFERENCES (bobbin_preferences_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPreferences, bobbin_preferences, BOBBIN, PREFERENCES, AdwPreferencesWindow)

GtkWidget *bobbin_preferences_new (BobbinLibrary *library, GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
