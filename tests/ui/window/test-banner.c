#include "config.h"
#include "window/bobbin-banner.h"

#include "ui-fixture.h"

static guint n_notified;

static void
notified_cb (void)
{
  n_notified++;
}

static void
test_defaults (void)
{
  BobbinBanner *banner = BOBBIN_BANNER (g_object_ref_sink (bobbin_banner_new ()));

  g_assert_false (bobbin_banner_get_revealed (banner));
  g_assert_null (bobbin_banner_get_text (banner));
  /* Nothing is made before there is something to say. */
  g_assert_null (gtk_widget_get_first_child (GTK_WIDGET (banner)));
  bobbin_banner_hide (banner);
  g_assert_finalize_object (banner);
}

static void
test_show_hide (void)
{
  GtkWidget *window = gtk_window_new ();
  BobbinBanner *banner = BOBBIN_BANNER (bobbin_banner_new ());
  GtkWidget *button;
  GtkWidget *dismiss, *bar;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (banner));
  n_notified = 0;
  g_signal_connect (banner, "notify::revealed", G_CALLBACK (notified_cb), NULL);

  bobbin_banner_show (banner, BOBBIN_BANNER_STYLE_WARNING, "Something <is> wrong", "detail",
                      "Mend It", "app.mend", "app.away");
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_cmpstr (bobbin_banner_get_text (banner), ==, "Something <is> wrong");
  button = ui_find (GTK_WIDGET (banner), GTK_TYPE_BUTTON, "app.mend");
  dismiss = ui_find (GTK_WIDGET (banner), GTK_TYPE_BUTTON, "app.away");
  g_assert_true (gtk_widget_get_visible (button));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "Mend It");
  g_assert_true (gtk_widget_get_visible (dismiss));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (dismiss), GTK_ACCESSIBLE_PROPERTY_LABEL, "Dismiss");
  bar = gtk_widget_get_parent (dismiss);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, "Something <is> wrong");

  /* Other words are no other bar. */
  bobbin_banner_show (banner, BOBBIN_BANNER_STYLE_INFO, "Well", NULL, NULL, NULL, NULL);
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_false (gtk_widget_get_visible (button));
  g_assert_false (gtk_widget_get_visible (dismiss));
  g_assert_true (gtk_widget_has_css_class (bar, "info"));
  g_assert_false (gtk_widget_has_css_class (bar, "warning"));

  bobbin_banner_hide (banner);
  g_assert_cmpuint (n_notified, ==, 2);
  g_assert_null (bobbin_banner_get_text (banner));
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
focus_after (GtkWidget *widget)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (widget));

  g_assert_true (gtk_widget_grab_focus (widget));
  gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD);

  return gtk_root_get_focus (GTK_ROOT (window));
}

static gboolean
scrolls (GtkWidget *scrolled)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  return gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment);
}

/* The keyboard stops at its words only when they are to be scrolled, and then it says which. */
static void
test_keyboard (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *banner = bobbin_banner_new ();
  GtkWidget *before = gtk_button_new_with_label ("before");
  GtkWidget *after = gtk_button_new_with_label ("after");
  GtkWidget *scrolled;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < 60; i++)
    g_string_append (text, "Many words. ");
  gtk_box_append (GTK_BOX (box), before);
  gtk_box_append (GTK_BOX (box), banner);
  gtk_box_append (GTK_BOX (box), after);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 200);
  gtk_window_present (GTK_WINDOW (window));
  bobbin_banner_show (BOBBIN_BANNER (banner), BOBBIN_BANNER_STYLE_INFO, "Well", NULL, NULL, NULL, NULL);
  scrolled = ui_find (banner, GTK_TYPE_SCROLLED_WINDOW, NULL);
  ui_wait_until (gtk_widget_get_mapped (scrolled) && gtk_widget_get_height (scrolled) > 0 && !scrolls (scrolled));
  g_assert_true (focus_after (before) == after);

  bobbin_banner_show (BOBBIN_BANNER (banner), BOBBIN_BANNER_STYLE_INFO, text->str, NULL, NULL, NULL, NULL);
  ui_wait_until (scrolls (scrolled));
  g_assert_true (focus_after (before) == scrolled);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (scrolled), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str);
  g_assert_true (focus_after (scrolled) == after);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/banner/defaults", test_defaults);
  g_test_add_func ("/banner/show-hide", test_show_hide);
  g_test_add_func ("/banner/keyboard", test_keyboard);

  return g_test_run ();
}
