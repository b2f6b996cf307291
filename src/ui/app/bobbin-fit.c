#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-fit.h"

#include "app/bobbin-toast-text.h"

/* Longer ones belong where they stay. */
#define TOAST_LINES 5
#define TOAST_CHARS 50
/* More than a letter of any size, and less than any dialog has. */
#define HEADING_WIDTH 100

#define TAB_SIDE 3 /* pixels that stay free beside the name of a tab */

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

/* AdwMessageDialog has its heading in two sizes and shows the large one where it fits into a line. It asks either for its height at the
 * least width of the other, which GTK 4.18 warns of: so they need the same. */
static void
level_headings (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && (gtk_widget_has_css_class (widget, "title-2") || gtk_widget_has_css_class (widget, "title-4")))
    {
      gtk_widget_set_size_request (widget, HEADING_WIDTH, -1);
      if (!gtk_label_get_wrap (GTK_LABEL (widget)))
        gtk_label_set_ellipsize (GTK_LABEL (widget), PANGO_ELLIPSIZE_END);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    level_headings (child);
}

GtkWidget *
bobbin_fit_dialog (GtkWindow  *parent,
                   const char *heading,
                   const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);

  level_headings (dialog);

  return dialog;
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

static GtkWidget *
find_type (GtkWidget *widget,
           GType      type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);

  return found;
}

static void
choice_setup_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *label = child != NULL ? find_type (child, GTK_TYPE_LABEL) : NULL;

  if (label != NULL)
    g_object_set (label, "ellipsize", PANGO_ELLIPSIZE_NONE, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                  "natural-wrap-mode", GTK_NATURAL_WRAP_NONE, NULL);
}

/* What the library's factory made is changed: one of our own would have to bring the mark in the list, too. */
void
bobbin_fit_choice (AdwComboRow *row)
{
  GtkListItemFactory *factory;

  g_return_if_fail (ADW_IS_COMBO_ROW (row));

  factory = adw_combo_row_get_factory (row);
  if (GTK_IS_SIGNAL_LIST_ITEM_FACTORY (factory))
    g_signal_connect (factory, "setup", G_CALLBACK (choice_setup_cb), NULL);
}

/* Of the tabs below @widget: the labels below their icons. */
static void
list_tab_labels (GtkWidget *widget,
                 gboolean   narrow,
                 GPtrArray *labels)
{
  narrow = narrow || gtk_widget_has_css_class (widget, "narrow");
  if (narrow && GTK_IS_LABEL (widget) && gtk_widget_get_ancestor (widget, GTK_TYPE_TOGGLE_BUTTON) != NULL)
    g_ptr_array_add (labels, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    list_tab_labels (child, narrow, labels);
}

static gboolean
fits (GtkWidget *label,
      int        room)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (label, gtk_label_get_text (GTK_LABEL (label)));
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);

  return width + 2 * TAB_SIDE <= room;
}

static gboolean
update_tabs_cb (gpointer user_data)
{
  GtkWidget *window = user_data;
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();
  GtkWidget *tabs = find_type (window, ADW_TYPE_VIEW_SWITCHER_BAR);
  gboolean named = TRUE;
  guint shown; /* how many tabs, and whether with their names */

  g_object_steal_data (G_OBJECT (window), "bobbin-fit-tabs");
  if (tabs == NULL)
    return G_SOURCE_REMOVE;

  list_tab_labels (tabs, FALSE, labels);
  for (guint i = 0; i < labels->len && named; i++)
    named = fits (labels->pdata[i], gtk_widget_get_width (window) / (int) labels->len);
  shown = labels->len * 2 + (guint) named;
  if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (window), "bobbin-fit-shown")) == shown)
    return G_SOURCE_REMOVE;

  g_object_set_data (G_OBJECT (window), "bobbin-fit-shown", GUINT_TO_POINTER (shown));
  for (guint i = 0; i < labels->len; i++)
    {
      GtkWidget *button = gtk_widget_get_ancestor (labels->pdata[i], GTK_TYPE_TOGGLE_BUTTON);
      const char *name = gtk_label_get_text (labels->pdata[i]);

      gtk_widget_set_visible (labels->pdata[i], named);
      gtk_widget_set_tooltip_text (button, named ? NULL : name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    }

  return G_SOURCE_REMOVE;
}

static void
drop_source (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

/* Within a layout nothing may change. */
static void
update_tabs_later (GtkWidget *window)
{
  if (g_object_get_data (G_OBJECT (window), "bobbin-fit-tabs") == NULL)
    g_object_set_data_full (G_OBJECT (window), "bobbin-fit-tabs", GUINT_TO_POINTER (g_idle_add (update_tabs_cb, window)), drop_source);
}

static void
tabs_realized_cb (GtkWidget *window)
{
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (window)), "layout", G_CALLBACK (update_tabs_later), window, G_CONNECT_SWAPPED);
  update_tabs_later (window);
}

void
bobbin_fit_tabs (AdwPreferencesWindow *window)
{
  g_return_if_fail (ADW_IS_PREFERENCES_WINDOW (window));

  g_signal_connect (window, "realize", G_CALLBACK (tabs_realized_cb), NULL);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (window)), "notify::gtk-xft-dpi", G_CALLBACK (update_tabs_later), window,
                           G_CONNECT_SWAPPED);
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
