#include "config.h"
#include "account/bobbin-welcome.h"

#include "ui-fixture.h"

static void
test_buttons (void)
{
  GtkWidget *welcome = g_object_ref_sink (bobbin_welcome_new ());

  g_assert_nonnull (ui_find (welcome, GTK_TYPE_BUTTON, "app.try-demo"));
  g_assert_nonnull (ui_find (welcome, GTK_TYPE_BUTTON, "app.add-account"));
  g_assert_true (gtk_icon_theme_has_icon (gtk_icon_theme_get_for_display (gdk_display_get_default ()), BOBBIN_APP_ID));
  g_assert_finalize_object (welcome);
}

static void
test_focus (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *welcome = bobbin_welcome_new ();
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr(GSimpleAction) demo = g_simple_action_new ("try-demo", NULL);

  /* A button whose action is not there takes no focus. */
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (demo));
  gtk_widget_insert_action_group (window, "app", G_ACTION_GROUP (actions));
  gtk_window_set_child (GTK_WINDOW (window), welcome);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (welcome));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == ui_find (welcome, GTK_TYPE_BUTTON, "app.try-demo"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* At the least size of the window both buttons can be seen. */
static void
test_low (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *welcome = bobbin_welcome_new ();
  GtkWidget *add = ui_find (welcome, GTK_TYPE_BUTTON, "app.add-account");
  double x, y = 1000;

  gtk_window_set_default_size (GTK_WINDOW (window), 360, 294);
  gtk_window_set_child (GTK_WINDOW (window), welcome);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_translate_coordinates (add, welcome, 0, gtk_widget_get_height (add), &x, &y) && y > 100
                 && y <= gtk_widget_get_height (welcome));
  g_assert_cmpint (gtk_widget_get_height (window), <=, 294);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/welcome/buttons", test_buttons);
  g_test_add_func ("/welcome/focus", test_focus);
  g_test_add_func ("/welcome/low", test_low);

  return g_test_run ();
}
