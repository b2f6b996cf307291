/* The preferences: accounts, looks and writing, the desktop, history, privacy. Accounts and rules come from the library, the rest
 * is GSettings. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_PREFERENCES (bobbin_preferences_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPreferences, bobbin_preferences, BOBBIN, PREFERENCES, AdwPreferencesWindow)

/* @application: (nullable): whose actions open more, and whose bus the desktop is asked on. */
GtkWidget *bobbin_preferences_new (GtkApplication *application, BobbinLibrary *library, GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
