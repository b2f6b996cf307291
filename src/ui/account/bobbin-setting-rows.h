/* Rows of the preferences that are bound to a setting: what they show is the setting, and a change takes effect at once. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwPreferencesGroup *bobbin_setting_group_new  (AdwPreferencesPage *page, const char *title, const char *description);
/* @subtitle: (nullable) */
GtkWidget           *bobbin_setting_add_switch (AdwPreferencesGroup *group, GSettings *settings, const char *key, const char *title,
                                                const char *subtitle);
/* Of an integer setting; its range is that of the schema. */
GtkWidget           *bobbin_setting_add_number (AdwPreferencesGroup *group, GSettings *settings, const char *key, int step, const char *title,
                                                const char *subtitle);
/* A row that opens something when it is activated. */
GtkWidget           *bobbin_setting_add_opener (AdwPreferencesGroup *group, const char *title, const char *subtitle);
/* A switch that is not bound, at the end of a row of its own. */
GtkSwitch           *bobbin_setting_add_free_switch (AdwPreferencesGroup *group, const char *title, AdwActionRow **ret_row);

G_END_DECLS
