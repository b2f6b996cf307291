#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include <glib/gi18n.h>

static void
make_hint (BobbinWindow *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("bobbin-attach-symbolic");
  GtkWidget *label = gtk_label_new (_("Drop Files to Attach"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 48);
  gtk_widget_add_css_class (label, "title-2");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);

  self->drop_hint = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (box, TRUE);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (self->drop_hint), box);
  gtk_widget_add_css_class (self->drop_hint, "drop-hint");
  gtk_widget_set_can_target (self->drop_hint, FALSE);
  gtk_overlay_add_overlay (self->overlay, self->drop_hint);
}

static GdkDragAction
enter_cb (GtkDropTarget *target,
          double         x,
          double         y,
          BobbinWindow  *self)
{
  if (self->welcoming)
    return 0;

  if (self->drop_hint == NULL)
    make_hint (self);
  gtk_widget_set_visible (self->drop_hint, TRUE);

  return GDK_ACTION_COPY;
}

static void
leave_cb (GtkDropTarget *target,
          BobbinWindow  *self)
{
  if (self->drop_hint != NULL)
    gtk_widget_set_visible (self->drop_hint, FALSE);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         BobbinWindow  *self)
{
  g_autoptr(GSList) single = NULL;
  GSList *files;

  leave_cb (target, self);
  if (self->welcoming)
    return FALSE;

  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    files = g_value_get_boxed (value);
  else
    files = single = g_slist_prepend (NULL, g_value_get_object (value));

  if (files == NULL || files->data == NULL)
    return FALSE;

  if (self->thread == NULL)
    bobbin_window_new_conversation (self, NULL, NULL, NULL);
  _bobbin_window_show_conversation (self);
  bobbin_conversation_add_files (self->conversation, files);
  bobbin_conversation_grab_composer (self->conversation);

  return TRUE;
}

/* Files may be dropped anywhere. The list of files comes first: a target that asks for one file
 * gets the first of several. In the capture phase, or the text view would take the address of a
 * file as text. */
void
_bobbin_window_init_drop (BobbinWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
