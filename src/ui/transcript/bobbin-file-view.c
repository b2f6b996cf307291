#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-file-view.h"

#include "bobbin-save.h"
#include "model/bobbin-attachment.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static void
save_cb (GtkWidget        *button,
         BobbinAttachment *attachment)
{
  bobbin_save_attachment (button, attachment);
}

static GtkWidget *
make_icon (BobbinAttachment *attachment)
{
  const char *type = attachment != NULL ? bobbin_attachment_get_content_type (attachment) : NULL;
  g_autofree char *content_type = g_content_type_from_mime_type (type != NULL ? type : "application/octet-stream");
  g_autoptr(GIcon) icon = g_content_type_get_symbolic_icon (content_type != NULL ? content_type : "application/octet-stream");

  return gtk_image_new_from_gicon (icon);
}

GtkWidget *
bobbin_file_view_new (BobbinAttachment *attachment,
                      const char       *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title;
  GtkWidget *size;
  g_autofree char *size_words = NULL;
  GtkWidget *button;

  if (attachment != NULL)
    name = bobbin_attachment_get_shown_name (attachment);
  gtk_widget_add_css_class (box, "file-row");
  gtk_box_append (GTK_BOX (box), make_icon (attachment));

  title = gtk_label_new (name != NULL ? name : _("File"));
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (title, name);
  gtk_box_append (GTK_BOX (texts), title);
  size_words = attachment != NULL ? g_format_size (MAX (bobbin_attachment_get_size (attachment), 0))
                                  : g_strdup (_("Not on this computer"));
  size = gtk_label_new (size_words);
  gtk_label_set_xalign (GTK_LABEL (size), 0);
  gtk_widget_add_css_class (size, "caption");
  gtk_widget_add_css_class (size, "dim-label");
  gtk_box_append (GTK_BOX (texts), size);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), texts);

  if (attachment != NULL)
    {
      g_autofree char *label = g_strdup_printf (_("Save “%s” As…"), name);

      button = gtk_button_new_from_icon_name ("bobbin-save-symbolic");
      gtk_widget_set_tooltip_text (button, _("Save As…"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      g_signal_connect_data (button, "clicked", G_CALLBACK (save_cb), g_object_ref (attachment),
                             (GClosureNotify) (void (*) (void)) g_object_unref, 0);
      gtk_box_append (GTK_BOX (box), button);
    }

  return box;
}
