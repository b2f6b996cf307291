#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-empty-page.h"

#include "app/bobbin-fit.h"

#include <glib/gi18n.h>

static void
threads_changed_cb (GListModel *threads,
                    guint       position,
                    guint       removed,
                    guint       added,
                    GtkWidget  *text)
{
  gtk_widget_set_visible (text, g_list_model_get_n_items (threads) > 0);
}

/* As a status page looks, for a tenth of its cost: this is what most starts show. */
GtkWidget *
bobbin_empty_page_new (GListModel *threads)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("bobbin-conversation-symbolic");
  GtkWidget *title = gtk_label_new (_("No Conversation Selected"));
  GtkWidget *text = gtk_label_new (_("Choose one from the list, or start a new one."));
  GtkWidget *button = gtk_button_new_with_label (_("New Conversation"));
  GtkWidget *page = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 12,
                                  "valign", GTK_ALIGN_CENTER, "margin-start", 24, "margin-end", 24, NULL);

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 64);
  gtk_widget_add_css_class (icon, "dim-label");
  gtk_widget_add_css_class (title, "title-3");
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_justify (GTK_LABEL (title), GTK_JUSTIFY_CENTER);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_justify (GTK_LABEL (text), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (text, "dim-label");
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (button, 12);
  bobbin_fit_button (GTK_BUTTON (button));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.new-conversation");

  gtk_box_append (GTK_BOX (page), icon);
  gtk_box_append (GTK_BOX (page), title);
  gtk_box_append (GTK_BOX (page), text);
  gtk_box_append (GTK_BOX (page), button);
  if (threads != NULL)
    {
      g_signal_connect_object (threads, "items-changed", G_CALLBACK (threads_changed_cb), text, 0);
      threads_changed_cb (threads, 0, 0, 0, text);
    }

  /* large text in a low window: it scrolls */
  return g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, "child", page, NULL);
}
