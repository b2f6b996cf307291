/* The floor for starting: what a window costs that has a header bar, an empty list and a text view, and does nothing.
 * Runs until it is ended from outside. */
#include <adwaita.h>

static void
activate_cb (GtkApplication *application, gpointer user_data)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *panes = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *list_scroll = gtk_scrolled_window_new ();
  GtkWidget *text_scroll = gtk_scrolled_window_new ();
  GListModel *empty = G_LIST_MODEL (g_list_store_new (G_TYPE_OBJECT));
  GtkWidget *list = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (empty)),
                                       gtk_signal_list_item_factory_new ());

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (list_scroll), list);
  gtk_widget_set_size_request (list_scroll, 280, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (text_scroll), gtk_text_view_new ());
  gtk_widget_set_hexpand (text_scroll, TRUE);
  gtk_widget_set_vexpand (panes, TRUE);
  gtk_box_append (GTK_BOX (panes), list_scroll);
  gtk_box_append (GTK_BOX (panes), text_scroll);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), panes);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr(AdwApplication) application = adw_application_new ("io.github.bobbin_chat.FloorWindow",
                                                               G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
