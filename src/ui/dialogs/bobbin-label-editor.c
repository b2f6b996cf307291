#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-label-editor.h"

#include "app/bobbin-fit.h"
#include "app/bobbin-label-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct
{
  BobbinLabelEdited edited;
  gpointer          user_data;
  GDestroyNotify    destroy;
  GtkEditable      *entry;                          /* borrowed from the dialog */
  GtkToggleButton  *colors[BOBBIN_N_LABEL_COLORS];  /* borrowed */
} Edit;

static void
edit_free (gpointer  data,
           GClosure *closure)
{
  Edit *edit = data;

  if (edit->destroy != NULL)
    edit->destroy (edit->user_data);
  g_free (edit);
}

static BobbinLabelColor
chosen_color (Edit *edit)
{
  for (guint i = 0; i < BOBBIN_N_LABEL_COLORS; i++)
    if (gtk_toggle_button_get_active (edit->colors[i]))
      return (BobbinLabelColor) i;

  return BOBBIN_LABEL_BLUE;
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Edit             *edit)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (edit->entry)));
  gboolean deleted = g_str_equal (response, "delete");

  if (deleted || (g_str_equal (response, "save") && *name != '\0'))
    edit->edited (name, chosen_color (edit), deleted, edit->user_data);
}

static void
changed_cb (GtkEditable      *entry,
            AdwMessageDialog *dialog)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "save", *name != '\0');
}

/* One button for each colour, of which one is down. */
static GtkWidget *
make_colors (Edit             *edit,
             BobbinLabelColor  chosen)
{
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (box), 4);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), 4);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (box), TRUE);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Color"), -1);
  for (guint i = 0; i < BOBBIN_N_LABEL_COLORS; i++)
    {
      GtkWidget *button = gtk_toggle_button_new ();
      GtkWidget *cell = gtk_flow_box_child_new ();
      const char *title = bobbin_label_color_get_title ((BobbinLabelColor) i);

      gtk_button_set_child (GTK_BUTTON (button), bobbin_label_dot_new ((BobbinLabelColor) i));
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_tooltip_text (button, title);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), edit->colors[0]);
      edit->colors[i] = GTK_TOGGLE_BUTTON (button);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == (guint) chosen);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (cell), button);
      gtk_widget_set_focusable (cell, FALSE);
      gtk_flow_box_append (GTK_FLOW_BOX (box), cell);
    }

  return box;
}

void
bobbin_label_editor_present (GtkWindow         *parent,
                             BobbinLabel       *label,
                             BobbinLabelEdited  edited,
                             gpointer           user_data,
                             GDestroyNotify     destroy)
{
  AdwMessageDialog *dialog =
    ADW_MESSAGE_DIALOG (bobbin_fit_dialog (parent, label != NULL ? _("Edit Label") : _("New Label"), NULL));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();
  Edit *edit = g_new0 (Edit, 1);

  edit->edited = edited;
  edit->user_data = user_data;
  edit->destroy = destroy;
  edit->entry = GTK_EDITABLE (entry);
  gtk_entry_set_max_length (GTK_ENTRY (entry), BOBBIN_LABEL_NAME_CHARS);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Name"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"), -1);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), make_colors (edit, label != NULL ? bobbin_label_get_color (label) : BOBBIN_LABEL_BLUE));

  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  if (label != NULL)
    {
      adw_message_dialog_add_response (dialog, "delete", _("_Delete"));
      adw_message_dialog_set_response_appearance (dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
    }
  adw_message_dialog_add_response (dialog, "save", label != NULL ? _("_Save") : _("_Add"));
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, box);

  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), dialog, 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), label != NULL ? bobbin_label_get_name (label) : "");
  changed_cb (GTK_EDITABLE (entry), dialog);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), edit, edit_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}
