#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-setting-rows.h"

#include <string.h>

AdwPreferencesGroup *
bobbin_setting_group_new (AdwPreferencesPage *page,
                          const char         *title,
                          const char         *description)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, description);
  adw_preferences_page_add (page, group);

  return group;
}

static AdwActionRow *
add_row (AdwPreferencesGroup *group,
         const char          *title,
         const char          *subtitle,
         GtkWidget           *control)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (row, subtitle);
  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle_lines (row, 0);
  if (control != NULL)
    {
      gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      adw_action_row_add_suffix (row, control);
      adw_action_row_set_activatable_widget (row, control);
    }
  adw_preferences_group_add (group, GTK_WIDGET (row));

  return row;
}

GtkWidget *
bobbin_setting_add_switch (AdwPreferencesGroup *group,
                           GSettings           *settings,
                           const char          *key,
                           const char          *title,
                           const char          *subtitle)
{
  GtkWidget *toggle = gtk_switch_new ();

  g_settings_bind (settings, key, toggle, "active", G_SETTINGS_BIND_DEFAULT);

  return GTK_WIDGET (add_row (group, title, subtitle, toggle));
}

GtkSwitch *
bobbin_setting_add_free_switch (AdwPreferencesGroup  *group,
                                const char           *title,
                                AdwActionRow        **ret_row)
{
  GtkWidget *toggle = gtk_switch_new ();

  *ret_row = add_row (group, title, NULL, toggle);

  return GTK_SWITCH (toggle);
}

GtkWidget *
bobbin_setting_add_number (AdwPreferencesGroup *group,
                           GSettings           *settings,
                           const char          *key,
                           int                  step,
                           const char          *title,
                           const char          *subtitle)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autoptr(GSettingsSchemaKey) schema_key = NULL;
  g_autoptr(GVariant) range = NULL;
  g_autoptr(GVariant) limits = NULL;
  GtkWidget *spin;
  int min, max;

  g_object_get (settings, "settings-schema", &schema, NULL);
  schema_key = g_settings_schema_get_key (schema, key);
  range = g_settings_schema_key_get_range (schema_key);
  g_variant_get (range, "(&sv)", NULL, &limits);
  g_variant_get (limits, "(ii)", &min, &max);

  spin = gtk_spin_button_new_with_range (min, max, step);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 4);
  g_settings_bind (settings, key, spin, "value", G_SETTINGS_BIND_DEFAULT);

  return GTK_WIDGET (add_row (group, title, subtitle, spin));
}

GtkWidget *
bobbin_setting_add_opener (AdwPreferencesGroup *group,
                           const char          *title,
                           const char          *subtitle)
{
  AdwActionRow *row = add_row (group, title, subtitle, NULL);

  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("bobbin-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  return GTK_WIDGET (row);
}
