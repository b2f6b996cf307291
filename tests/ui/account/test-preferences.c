#include "config.h"
#include "account/bobbin-preferences.h"

#include "ui-fixture.h"
#include "model/bobbin-rule.h"
#include "session/bobbin-library.h"
#include "transport/bobbin-contacts.h"
#include <string.h>

static GtkWidget *
row_titled (GtkWidget  *widget,
            const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = row_titled (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_settings (void)
{
  UiFixture fixture;
  GtkWidget *window;
  AdwComboRow *style, *send;

  ui_fixture_open (&fixture);
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  style = ADW_COMBO_ROW (row_titled (window, "Style"));
  send = ADW_COMBO_ROW (row_titled (window, "Send With"));
  g_assert_cmpuint (adw_combo_row_get_selected (style), ==, 0);
  g_assert_cmpuint (adw_combo_row_get_selected (send), ==, 0);

  adw_combo_row_set_selected (style, 2);
  adw_combo_row_set_selected (send, 1);
  g_assert_cmpint (g_settings_get_enum (fixture.settings, "color-scheme"), ==, 2);
  g_assert_false (g_settings_get_boolean (fixture.settings, "enter-sends"));
  g_settings_reset (fixture.settings, "color-scheme");
  g_settings_reset (fixture.settings, "enter-sends");
  g_assert_cmpuint (adw_combo_row_get_selected (style), ==, 0);

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait_until (window == NULL);
  ui_fixture_close (&fixture);
}

static GtkWidget *
find_type (GtkWidget *widget,
           GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (find_type (child, type) != NULL)
      return find_type (child, type);

  return NULL;
}

/* Every row is its setting, both ways, within the range of the schema. */
static void
test_rows (void)
{
  static const struct { const char *title; const char *key; } switches[] = {
    { "Check Spelling", "check-spelling" }, { "An Answer Is Ready", "notify-answers" },
    { "An Agent Asks for Approval", "notify-approvals" }, { "A Message or an Answer Failed", "notify-failures" },
    { "Show Words of the Conversation", "notify-preview" }, { "Stay Awake While an Answer Arrives", "inhibit-suspend" },
  };
  UiFixture fixture;
  GtkWidget *window;
  GtkSpinButton *spin;

  ui_fixture_open (&fixture);
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      GtkSwitch *toggle = GTK_SWITCH (find_type (row_titled (window, switches[i].title), GTK_TYPE_SWITCH));

      g_test_message ("%s", switches[i].key);
      g_assert_true (gtk_switch_get_active (toggle));
      gtk_switch_set_active (toggle, FALSE);
      g_assert_false (g_settings_get_boolean (fixture.settings, switches[i].key));
      g_settings_reset (fixture.settings, switches[i].key);
      g_assert_true (gtk_switch_get_active (toggle));
    }

  spin = GTK_SPIN_BUTTON (find_type (row_titled (window, "Text Size"), GTK_TYPE_SPIN_BUTTON));
  gtk_spin_button_set_value (spin, 1000);
  g_assert_cmpint (g_settings_get_int (fixture.settings, "text-scale"), ==, 200);
  gtk_spin_button_set_value (spin, 0);
  g_assert_cmpint (g_settings_get_int (fixture.settings, "text-scale"), ==, 80);
  g_settings_reset (fixture.settings, "text-scale");
  spin = GTK_SPIN_BUTTON (find_type (row_titled (window, "Column Width"), GTK_TYPE_SPIN_BUTTON));
  g_assert_cmpint (gtk_spin_button_get_value_as_int (spin), ==, 80);

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait_until (window == NULL);
  ui_fixture_close (&fixture);
}

/* Where the desktop cannot be asked, what needs no permission works, and what does is explained. */
static void
test_background (void)
{
  UiFixture fixture;
  GtkWidget *window;
  GtkSwitch *background, *autostart;
  GtkWidget *row;

  ui_fixture_open (&fixture);
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  background = GTK_SWITCH (find_type (row_titled (window, "Keep Running Without a Window"), GTK_TYPE_SWITCH));
  row = row_titled (window, "Start With the Session");
  autostart = GTK_SWITCH (find_type (row, GTK_TYPE_SWITCH));
  g_assert_false (gtk_widget_get_sensitive (row)); /* it makes no sense alone */

  gtk_switch_set_active (background, TRUE);
  g_assert_true (g_settings_get_boolean (fixture.settings, "run-in-background"));
  g_assert_true (gtk_switch_get_state (background));
  g_assert_true (gtk_widget_get_sensitive (row));
  gtk_switch_set_active (autostart, TRUE);
  g_assert_false (g_settings_get_boolean (fixture.settings, "autostart"));
  g_assert_false (gtk_switch_get_active (autostart));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "portal"));
  gtk_switch_set_active (background, FALSE);
  g_assert_false (g_settings_get_boolean (fixture.settings, "run-in-background"));
  g_assert_false (gtk_widget_get_sensitive (row));

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait_until (window == NULL);
  ui_fixture_close (&fixture);
}

static void
note (const char *address)
{
  g_autoptr(GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  bobbin_contacts_note (uri, UI_FIXTURE_NOW_US);
}

/* What was contacted before the window was opened, and what is contacted while it is. */
static void
test_contacts (void)
{
  UiFixture fixture;
  GtkWidget *window;
  AdwActionRow *row;

  ui_fixture_open (&fixture);
  bobbin_account_set_base_url (ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Work"), "https://agents.example/v1");
  note ("https://agents.example/v1/runs");
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  row = ADW_ACTION_ROW (row_titled (window, "agents.example"));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (row), "Work"));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (row), "1 time"));
  note ("https://agents.example/v1/runs");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (row), "2 times"));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (row), "Encrypted"));
  g_assert_null (row_titled (window, "pictures.example"));
  note ("https://pictures.example/a.png");
  g_assert_nonnull (row_titled (window, "pictures.example"));

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait_until (window == NULL);
  ui_fixture_close (&fixture);
}

static GtkWidget *
button_named (GtkWidget  *row,
              const char *tooltip)
{
  if (GTK_IS_BUTTON (row) && g_strcmp0 (gtk_widget_get_tooltip_text (row), tooltip) == 0)
    return row;

  for (GtkWidget *child = gtk_widget_get_first_child (row); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = button_named (child, tooltip);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static char *
dup_order (UiFixture *fixture)
{
  GListModel *accounts = bobbin_library_get_accounts (fixture->library);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_auto(GStrv) strv = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      g_strv_builder_add (names, bobbin_account_get_name (account));
    }
  strv = g_strv_builder_end (names);

  return g_strjoinv (" ", strv);
}

static gboolean
order_is (UiFixture  *fixture,
          const char *expected)
{
  g_autofree char *order = dup_order (fixture);

  return g_str_equal (order, expected);
}

static void
test_accounts (void)
{
  UiFixture fixture;
  GtkWidget *window;
  GtkWidget *button;

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "One");
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  /* With one there is no order. */
  g_assert_null (button_named (row_titled (window, "One"), "Move Up"));

  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "Two");
  g_assert_nonnull (row_titled (window, "Two"));
  button = button_named (row_titled (window, "Two"), "Move Up");
  g_assert_nonnull (button);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "Move Up");
  g_assert_true (order_is (&fixture, "One Two"));
  g_signal_emit_by_name (button, "clicked");
  ui_wait_until (order_is (&fixture, "Two One"));

  gtk_window_destroy (GTK_WINDOW (window));
  ui_fixture_close (&fixture);
}

/* What is remembered is listed, with its use, and can be taken back. */
static void
test_remembered (void)
{
  static const char *const hosts[] = { "img.example.org", "other.example", NULL };
  UiFixture fixture;
  GtkWidget *window;
  GtkWidget *row;
  g_autoptr(BobbinRule) rule = NULL;
  g_auto(GStrv) left = NULL;

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "One");
  {
    g_autoptr(BobbinAccount) account = g_list_model_get_item (bobbin_library_get_accounts (fixture.library), 0);

    rule = bobbin_rule_new (0, bobbin_account_get_id (account), NULL, "look<up>", "{\"q\":\"a\"}", 1);
  }
  bobbin_library_add_rule (fixture.library, rule);
  g_settings_set_strv (fixture.settings, "image-hosts", hosts);
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  row = row_titled (window, "look&lt;up&gt;");
  g_assert_nonnull (row);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "Not used yet"));
  bobbin_rule_set_uses (rule, 2, 1700000000000000);
  g_signal_emit_by_name (button_named (row_titled (window, "other.example"), "Ask Again"), "clicked");
  left = g_settings_get_strv (fixture.settings, "image-hosts");
  g_assert_cmpstr (left[0], ==, "img.example.org");
  g_assert_null (left[1]);
  g_signal_emit_by_name (button_named (row, "Ask Again"), "clicked");
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_rules (fixture.library)), ==, 0);
  g_assert_null (row_titled (window, "look&lt;up&gt;"));

  gtk_window_destroy (GTK_WINDOW (window));
  g_settings_reset (fixture.settings, "image-hosts");
  ui_fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/preferences/settings", test_settings);
  g_test_add_func ("/preferences/accounts", test_accounts);
  g_test_add_func ("/preferences/remembered", test_remembered);

  g_test_add_func ("/preferences/rows", test_rows);
  g_test_add_func ("/preferences/background", test_background);
  g_test_add_func ("/preferences/contacts", test_contacts);

  return g_test_run ();
}
