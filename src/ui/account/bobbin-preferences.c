#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-preferences.h"

#include "account/bobbin-account-editor.h"
#include "account/bobbin-desktop-page.h"
#include "account/bobbin-rules-page.h"
#include "account/bobbin-setting-rows.h"
#include "app/bobbin-fit.h"
#include "dialogs/bobbin-transfer-page.h"
#include "model/bobbin-account.h"
#include "session/bobbin-library.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>

struct _BobbinPreferences
{
  AdwPreferencesWindow parent_instance;

  /* owned */
  BobbinLibrary *library;
  GSettings     *settings;

  /* borrowed: template */
  GtkListBox    *accounts;
  AdwComboRow   *scheme_row;
  AdwComboRow   *send_row;
  AdwPreferencesGroup *appearance;
  AdwPreferencesGroup *writing;
};

G_DEFINE_FINAL_TYPE (BobbinPreferences, bobbin_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
moved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bobbin_library_save_account_finish (BOBBIN_LIBRARY (source), result, &error))
    g_warning ("The order of accounts was not saved: %s", error->message);
}

/* Positions are written anew for all, so that they stay 0, 1, 2…; only those that changed are
 * saved. */
static void
move (BobbinPreferences *self,
      BobbinAccount     *account,
      int                by)
{
  GListModel *model = bobbin_library_get_accounts (self->library);
  g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func (g_object_unref);
  guint from;

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (order, g_list_model_get_item (model, i));
  if (!g_ptr_array_find (order, account, &from) || (by < 0 && from == 0) || (by > 0 && from + 1 >= order->len))
    return;

  order->pdata[from] = order->pdata[from + (guint) by];
  order->pdata[from + (guint) by] = account;
  for (guint i = 0; i < order->len; i++)
    {
      BobbinAccount *moved = g_ptr_array_index (order, i);

      if (bobbin_account_get_position (moved) == (int) i)
        continue;
      bobbin_account_set_position (moved, (int) i);
      bobbin_library_save_account_async (self->library, moved, NULL, NULL, moved_cb, NULL);
    }
}

static BobbinAccount *
account_of (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, ADW_TYPE_ACTION_ROW);

  return g_object_get_data (G_OBJECT (row), "account");
}

static void
up_cb (GtkWidget         *button,
       BobbinPreferences *self)
{
  move (self, account_of (button), -1);
}

static void
down_cb (GtkWidget         *button,
         BobbinPreferences *self)
{
  move (self, account_of (button), 1);
}

static void
remove_cb (GtkWidget         *button,
           BobbinPreferences *self)
{
  bobbin_account_confirm_removal (GTK_WINDOW (self), self->library, account_of (button));
}

static GtkWidget *
add_button (BobbinPreferences *self,
            AdwActionRow      *row,
            const char        *icon,
            const char        *label,
            GCallback          callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", callback, self, 0);
  adw_action_row_add_suffix (row, button);

  return button;
}

static char *
dup_subtitle (BobbinAccount *account)
{
  const char *service = bobbin_service_get_label (bobbin_account_get_service (account));
  g_autofree char *text = NULL;

  if (bobbin_account_get_service (account) == BOBBIN_SERVICE_DEMO)
    text = g_strdup (_("On this computer"));
  else if (bobbin_account_get_needs_key (account))
    /* Translators: %s is the name of a service. */
    text = g_strdup_printf (_("%s · Needs a key"), service);
  else
    text = g_strdup_printf ("%s · %s", service, bobbin_account_get_base_url (account));

  return g_markup_escape_text (text, -1);
}

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  BobbinPreferences *self = user_data;
  BobbinAccount *account = BOBBIN_ACCOUNT (item);
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  g_autofree char *name = g_markup_escape_text (bobbin_account_get_name (account), -1);
  g_autofree char *subtitle = dup_subtitle (account);
  g_autofree char *id = bobbin_id_to_string (bobbin_account_get_id (account));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (row, subtitle);
  adw_action_row_set_subtitle_lines (row, 1);
  g_object_set_data_full (G_OBJECT (row), "account", g_object_ref (account), g_object_unref);

  if (g_list_model_get_n_items (bobbin_library_get_accounts (self->library)) > 1)
    {
      add_button (self, row, "bobbin-up-symbolic", _("Move Up"), G_CALLBACK (up_cb));
      add_button (self, row, "bobbin-down-symbolic", _("Move Down"), G_CALLBACK (down_cb));
    }
  add_button (self, row, "bobbin-trash-symbolic", _("Remove Account…"), G_CALLBACK (remove_cb));
  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("bobbin-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "app.edit-account");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", id);

  return GTK_WIDGET (row);
}

static void
bobbin_preferences_dispose (GObject *object)
{
  BobbinPreferences *self = BOBBIN_PREFERENCES (object);

  if (self->accounts != NULL)
    gtk_list_box_bind_model (self->accounts, NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_PREFERENCES);
  g_clear_object (&self->settings);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_preferences_parent_class)->dispose (object);
}

static void
bobbin_preferences_class_init (BobbinPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, accounts);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, scheme_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, send_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, appearance);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, writing);
}

static void
bobbin_preferences_init (BobbinPreferences *self)
{
  GtkWidget *none = gtk_label_new (_("No accounts yet"));

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_add_css_class (none, "dim-label");
  gtk_widget_set_margin_top (none, 18);
  gtk_widget_set_margin_bottom (none, 18);
  gtk_label_set_wrap (GTK_LABEL (none), TRUE);
  gtk_list_box_set_placeholder (self->accounts, none);
}

static gboolean
scheme_to_row (GValue   *value,
               GVariant *variant,
               gpointer  user_data)
{
  static const char *const nicks[] = { "system", "light", "dark", NULL };

  for (guint i = 0; nicks[i] != NULL; i++)
    if (g_str_equal (nicks[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);

  return TRUE;
}

static GVariant *
scheme_from_row (const GValue       *value,
                 const GVariantType *type,
                 gpointer            user_data)
{
  static const char *const nicks[] = { "system", "light", "dark" };

  guint selected = g_value_get_uint (value);

  return selected < G_N_ELEMENTS (nicks) ? g_variant_new_string (nicks[selected]) : NULL;
}

static gboolean
send_to_row (GValue   *value,
             GVariant *variant,
             gpointer  user_data)
{
  g_value_set_uint (value, g_variant_get_boolean (variant) ? 0 : 1);

  return TRUE;
}

static GVariant *
send_from_row (const GValue       *value,
               const GVariantType *type,
               gpointer            user_data)
{
  return g_variant_new_boolean (g_value_get_uint (value) == 0);
}

static void
accounts_changed_cb (BobbinPreferences *self)
{
  /* Rows differ by how many there are, and keep no more state than what is shown. */
  gtk_list_box_bind_model (self->accounts, bobbin_library_get_accounts (self->library), make_row, self, NULL);
}

static void
add_general (BobbinPreferences *self)
{
  bobbin_setting_add_number (self->appearance, self->settings, "text-scale", 10, _("Text Size"),
                             _("Of conversations, in percent of the text of the desktop."));
  bobbin_setting_add_number (self->appearance, self->settings, "column-width", 5, _("Column Width"),
                             _("Letters in a line. Between 60 and 80 is good to read."));
  bobbin_setting_add_switch (self->writing, self->settings, "check-spelling", _("Check Spelling"),
                             _("The language is chosen in the context menu of the text, for each conversation."));
}

static void
clean_up_cb (BobbinPreferences *self)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.clean-up", NULL);
}

/* Off, and the rest in days; what was set by hand to something else is shown as the next longer one. */
static const int retentions[] = { 0, 30, 90, 365 };

static gboolean
retention_to_row (GValue   *value,
                  GVariant *variant,
                  gpointer  user_data)
{
  int days = g_variant_get_int32 (variant);
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (retentions) && retentions[i] < days)
    i++;
  g_value_set_uint (value, i);

  return TRUE;
}

static GVariant *
retention_from_row (const GValue       *value,
                    const GVariantType *type,
                    gpointer            user_data)
{
  guint selected = g_value_get_uint (value);

  return selected < G_N_ELEMENTS (retentions) ? g_variant_new_int32 (retentions[selected]) : NULL;
}

static void
add_retention (BobbinPreferences   *self,
               AdwPreferencesGroup *group)
{
  const char *const choices[] = {
    /* Translators: when conversations that are not used go to the bin */
    C_("retention", "Never"), C_("retention", "After 30 Days"), C_("retention", "After 90 Days"), C_("retention", "After a Year"), NULL
  };
  g_autoptr(GtkStringList) model = gtk_string_list_new (choices);
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Move Unused Conversations to the Bin"));
  /* Words that may be cut give way to the value, words that may not never do; and so many lines are enough. */
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 5);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("At the start of Bobbin, on this computer only. “Clean Up…” shows which."));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 10);
  bobbin_fit_choice (ADW_COMBO_ROW (row));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  g_settings_bind_with_mapping (self->settings, "retention-days", row, "selected", G_SETTINGS_BIND_DEFAULT, retention_to_row,
                                retention_from_row, NULL, NULL);
  adw_preferences_group_add (group, row);
}

static void
add_history (BobbinPreferences *self)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group;
  GtkWidget *row;

  adw_preferences_page_set_name (page, "history");
  adw_preferences_page_set_title (page, _("History"));
  adw_preferences_page_set_icon_name (page, "bobbin-clock-symbolic");
  group = bobbin_setting_group_new (page, _("Conversations"),
                                    _("Everything you see is kept on this computer. What you delete stays in the bin for 30 days."));
  add_retention (self, group);
  row = bobbin_setting_add_opener (group, _("Clean Up…"), _("Conversations that were not used for long, after a look at them."));
  g_signal_connect_object (row, "activated", G_CALLBACK (clean_up_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), page);
}

GtkWidget *
bobbin_preferences_new (GtkApplication *application,
                        BobbinLibrary  *library,
                        GSettings      *settings)
{
  BobbinPreferences *self = g_object_new (BOBBIN_TYPE_PREFERENCES, NULL);
  GDBusConnection *bus;

  self->library = g_object_ref (library);
  self->settings = g_object_ref (settings);
  g_settings_bind_with_mapping (settings, "color-scheme", self->scheme_row, "selected", G_SETTINGS_BIND_DEFAULT,
                                scheme_to_row, scheme_from_row, NULL, NULL);
  g_settings_bind_with_mapping (settings, "enter-sends", self->send_row, "selected", G_SETTINGS_BIND_DEFAULT,
                                send_to_row, send_from_row, NULL, NULL);
  g_signal_connect_object (bobbin_library_get_accounts (library), "items-changed", G_CALLBACK (accounts_changed_cb),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  accounts_changed_cb (self);
  add_general (self);
  bus = application != NULL ? g_application_get_dbus_connection (G_APPLICATION (application)) : NULL;
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), ADW_PREFERENCES_PAGE (bobbin_desktop_page_new (settings, bus)));
  add_history (self);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self),
                              ADW_PREFERENCES_PAGE (bobbin_rules_page_new (library, settings)));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), ADW_PREFERENCES_PAGE (bobbin_transfer_page_new (library)));
  bobbin_fit_tabs (ADW_PREFERENCES_WINDOW (self));

  return GTK_WIDGET (self);
}
