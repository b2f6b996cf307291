#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-rules-page.h"

#include "account/bobbin-contacts-group.h"
#include "model/bobbin-account.h"
#include "model/bobbin-rule.h"
#include "session/bobbin-library.h"
#include "transport/bobbin-contacts.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

#define ARGUMENTS_MAX 300 /* characters */
#define HOSTS_KEY     "image-hosts"

struct _BobbinRulesPage
{
  AdwPreferencesPage parent_instance;
  /* owned */
  BobbinLibrary *library;
  GSettings     *settings;
  /* borrowed: children */
  GtkListBox    *rules;
  GtkListBox    *hosts;
  AdwPreferencesGroup *contacts;
};

G_DEFINE_FINAL_TYPE (BobbinRulesPage, bobbin_rules_page, ADW_TYPE_PREFERENCES_PAGE)

static GtkListBox *
add_list (BobbinRulesPage *self,
          const char      *title,
          const char      *description,
          const char      *none)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *words = gtk_label_new (none);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  gtk_widget_add_css_class (words, "dim-label");
  gtk_widget_set_margin_top (words, 18);
  gtk_widget_set_margin_bottom (words, 18);
  gtk_widget_set_margin_start (words, 12);
  gtk_widget_set_margin_end (words, 12);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (list), words);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (list, "tells-empty");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (self), ADW_PREFERENCES_GROUP (group));

  return GTK_LIST_BOX (list);
}

/* @label: names what is taken back, for assistive tools. */
static GtkWidget *
add_revoke_button (AdwActionRow *row,
                   const char   *tooltip,
                   const char   *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("bobbin-trash-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_action_row_add_suffix (row, button);

  return button;
}

/* Rules */

static char *
dup_uses (BobbinRule *rule)
{
  guint n_uses = bobbin_rule_get_n_uses (rule);
  gint64 last_us = bobbin_rule_get_last_used_us (rule);
  g_autoptr(GDateTime) last = g_date_time_new_from_unix_local (last_us / G_USEC_PER_SEC);
  g_autofree char *day = last != NULL ? g_date_time_format (last, "%x") : NULL;

  if (n_uses == 0 || day == NULL)
    return g_strdup (_("Not used yet"));

  /* Translators: %2$s is a date */
  return g_strdup_printf (ngettext ("Used %1$u time, last on %2$s", "Used %1$u times, last on %2$s", n_uses), n_uses, day);
}

static char *
dup_subtitle (BobbinRulesPage *self,
              BobbinRule      *rule)
{
  BobbinAccount *account = bobbin_library_find_account (self->library, bobbin_rule_get_account_id (rule));
  const char *arguments = bobbin_rule_get_arguments (rule);
  g_autofree char *shown = arguments != NULL ? bobbin_text_truncate (arguments, ARGUMENTS_MAX) : NULL;
  g_autofree char *uses = dup_uses (rule);
  g_autofree char *what = shown != NULL ? g_strdup_printf (_("Only with %s"), shown) : g_strdup (_("With any arguments"));
  g_autofree char *text = g_strdup_printf ("%s\n%s · %s", what, account != NULL ? bobbin_account_get_name (account) : "", uses);

  return g_markup_escape_text (text, -1);
}

static void
rule_changed_cb (BobbinRule   *rule,
                 GParamSpec   *pspec,
                 AdwActionRow *row)
{
  BobbinRulesPage *self = BOBBIN_RULES_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (row), BOBBIN_TYPE_RULES_PAGE));
  g_autofree char *subtitle = NULL;

  if (self == NULL)
    return;
  subtitle = dup_subtitle (self, rule);
  adw_action_row_set_subtitle (row, subtitle);
}

static void
revoke_rule_cb (GtkWidget       *button,
                BobbinRulesPage *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  g_autoptr(BobbinRule) rule = g_object_ref (g_object_get_data (G_OBJECT (row), "rule"));

  bobbin_library_revoke_rule (self->library, rule);
}

static GtkWidget *
make_rule_row (gpointer item,
               gpointer user_data)
{
  BobbinRulesPage *self = user_data;
  BobbinRule *rule = BOBBIN_RULE (item);
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  g_autofree char *title = g_markup_escape_text (bobbin_rule_get_tool (rule), -1);
  g_autofree char *subtitle = dup_subtitle (self, rule);
  g_autofree char *label = g_strdup_printf (_("Ask again for “%s”"), bobbin_rule_get_tool (rule));
  GtkWidget *button;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, subtitle);
  adw_action_row_set_subtitle_lines (row, 4);
  g_object_set_data_full (G_OBJECT (row), "rule", g_object_ref (rule), g_object_unref);
  button = add_revoke_button (row, _("Ask Again"), label);
  g_signal_connect_object (button, "clicked", G_CALLBACK (revoke_rule_cb), self, 0);
  g_signal_connect_object (rule, "notify", G_CALLBACK (rule_changed_cb), row, 0);

  return GTK_WIDGET (row);
}

/* Hosts */

static void
forget_host_cb (GtkWidget       *button,
                BobbinRulesPage *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  const char *host = g_object_get_data (G_OBJECT (row), "host");
  g_auto(GStrv) hosts = g_settings_get_strv (self->settings, HOSTS_KEY);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) left = NULL;

  for (guint i = 0; hosts[i] != NULL; i++)
    if (!g_str_equal (hosts[i], host))
      g_strv_builder_add (builder, hosts[i]);
  left = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, HOSTS_KEY, (const char *const *) left);
}

static void
update_hosts (BobbinRulesPage *self)
{
  g_auto(GStrv) hosts = g_settings_get_strv (self->settings, HOSTS_KEY);
  GtkListBoxRow *old;

  while ((old = gtk_list_box_get_row_at_index (self->hosts, 0)) != NULL)
    gtk_list_box_remove (self->hosts, GTK_WIDGET (old));
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
      g_autofree char *title = g_markup_escape_text (hosts[i], -1);
      g_autofree char *label = g_strdup_printf (_("Forget %s"), hosts[i]);
      GtkWidget *button;

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      g_object_set_data_full (G_OBJECT (row), "host", g_strdup (hosts[i]), g_free);
      button = add_revoke_button (row, _("Ask Again"), label);
      g_signal_connect_object (button, "clicked", G_CALLBACK (forget_host_cb), self, 0);
      gtk_list_box_append (self->hosts, GTK_WIDGET (row));
    }
}

static void
bobbin_rules_page_dispose (GObject *object)
{
  BobbinRulesPage *self = BOBBIN_RULES_PAGE (object);

  if (self->rules != NULL)
    gtk_list_box_bind_model (self->rules, NULL, NULL, NULL, NULL);
  self->rules = NULL;
  if (self->contacts != NULL)
    bobbin_contacts_group_close (BOBBIN_CONTACTS_GROUP (self->contacts));
  self->contacts = NULL;
  g_clear_object (&self->library);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bobbin_rules_page_parent_class)->dispose (object);
}

static void
bobbin_rules_page_class_init (BobbinRulesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_rules_page_dispose;
}

static void
bobbin_rules_page_init (BobbinRulesPage *self)
{
  adw_preferences_page_set_name (ADW_PREFERENCES_PAGE (self), "privacy");
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (self), _("Privacy"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (self), "bobbin-check-symbolic");
  self->rules = add_list (self, _("Approvals Remembered"), _("What agents may do without asking you."),
                          _("Every approval is asked for"));
  self->hosts = add_list (self, _("Images on the Web"), _("Hosts whose images load by themselves. Loading tells them that you read the message."),
                          _("Every image is loaded only when you ask for it"));
}

GtkWidget *
bobbin_rules_page_new (BobbinLibrary *library,
                       GSettings     *settings)
{
  BobbinRulesPage *self = g_object_new (BOBBIN_TYPE_RULES_PAGE, NULL);

  self->library = g_object_ref (library);
  self->settings = g_object_ref (settings);
  gtk_list_box_bind_model (self->rules, bobbin_library_get_rules (library), make_rule_row, self, NULL);
  g_signal_connect_object (settings, "changed::" HOSTS_KEY, G_CALLBACK (update_hosts), self, G_CONNECT_SWAPPED);
  update_hosts (self);
  self->contacts = ADW_PREFERENCES_GROUP (bobbin_contacts_group_new (library, bobbin_contacts_get_model ()));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (self), self->contacts);

  return GTK_WIDGET (self);
}
