#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-fit.h"

#include "app/bobbin-toast-text.h"

/* Longer ones belong where they stay. */
#define TOAST_LINES 5
#define TOAST_CHARS 50

void
bobbin_fit_button (GtkButton *button)
{
  GtkWidget *label = gtk_button_get_child (button);

  g_return_if_fail (GTK_IS_LABEL (label));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
}

/* AdwWindowTitle keeps room for five letters of each line. */
static void
shrink_labels (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    gtk_label_set_width_chars (GTK_LABEL (widget), 0);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    shrink_labels (child);
}

void
bobbin_fit_title (AdwWindowTitle *title)
{
  g_return_if_fail (ADW_IS_WINDOW_TITLE (title));

  shrink_labels (GTK_WIDGET (title));
}

AdwToast *
bobbin_fit_toast (const char *text)
{
  g_autofree char *escaped = NULL;
  GtkWidget *label;
  AdwToast *toast;

  g_return_val_if_fail (text != NULL, NULL);

  /* Toasts of libadwaita 1.2 read markup. */
  escaped = g_markup_escape_text (text, -1);
  toast = adw_toast_new (escaped);
  label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0f,
                        "lines", TOAST_LINES, "ellipsize", PANGO_ELLIPSIZE_END, "max-width-chars", TOAST_CHARS,
                        "natural-wrap-mode", GTK_NATURAL_WRAP_NONE, NULL);
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, bobbin_toast_text_new (GTK_LABEL (label)));

  return toast;
}

static void
tooltip_cb (GtkWidget *button)
{
  const char *tooltip = gtk_widget_get_tooltip_text (button);

  if (tooltip != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
}

void
bobbin_fit_names (GtkWidget *widget)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL)
    {
      tooltip_cb (widget);
      g_signal_connect (widget, "notify::tooltip-text", G_CALLBACK (tooltip_cb), NULL);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    bobbin_fit_names (child);
}

static void
reveal_cb (GtkRevealer *revealer)
{
  gtk_widget_set_visible (gtk_revealer_get_child (revealer),
                          gtk_revealer_get_reveal_child (revealer) || gtk_revealer_get_child_revealed (revealer));
}

void
bobbin_fit_revealer (GtkRevealer *revealer)
{
  g_return_if_fail (GTK_IS_REVEALER (revealer));
  g_return_if_fail (gtk_revealer_get_child (revealer) != NULL);

  g_signal_connect (revealer, "notify::reveal-child", G_CALLBACK (reveal_cb), NULL);
  g_signal_connect (revealer, "notify::child-revealed", G_CALLBACK (reveal_cb), NULL);
  reveal_cb (revealer);
}
