#include "config.h"
#include "account/bobbin-preferences.h"

#include "ui-fixture.h"
#include "model/bobbin-rule.h"
#include "session/bobbin-library.h"
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
  window = bobbin_preferences_new (fixture.library, fixture.settings);
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
  window = bobbin_preferences_new (fixture.library, fixture.settings);
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
  window = bobbin_preferences_new (fixture.library, fixture.settings);
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

  return g_test_run ();
}
