/* What can be done with a message or with what is selected, by the second button or the menu key. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "model/bobbin-message.h"

#include <glib/gi18n.h>

static void
add_item (GMenu      *menu,
          const char *label,
          const char *action)
{
  g_menu_append (menu, label, action);
}

static GMenuModel *
make_menu (BobbinColumn  *self,
           BobbinMessage *message)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) copy = g_menu_new ();
  g_autoptr(GMenu) turn = g_menu_new ();
  g_autoptr(GMenu) select = g_menu_new ();
  gboolean user = bobbin_message_get_role (message) == BOBBIN_ROLE_USER;

  if (_bobbin_column_has_selection (self))
    add_item (copy, _("Copy"), "selection.copy");
  add_item (copy, _("Copy Message"), "message.copy");
  add_item (copy, _("Copy Message as Markdown"), "message.copy-markdown");
  add_item (copy, _("Quote in Message"), "message.quote");
  if (user)
    {
      add_item (turn, _("Edit and Send Again"), "message.edit");
    }
  else
    {
      g_autoptr(GMenuItem) item = g_menu_item_new (_("Answer Again"), NULL);

      g_menu_item_set_action_and_target (item, "transcript.regenerate", "x", bobbin_message_get_id (message));
      g_menu_append_item (turn, item);
    }
  add_item (turn, _("Delete From This Computer"), "message.delete");
  add_item (turn, _("Details"), "message.details");
  add_item (select, _("Select All"), "selection.select-all");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (copy));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (turn));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (select));

  return G_MENU_MODEL (menu);
}

static gboolean
unparent_cb (gpointer popover)
{
  if (gtk_widget_get_parent (popover) != NULL)
    gtk_widget_unparent (popover);

  return G_SOURCE_REMOVE;
}

/* The action of the item that was chosen runs after "closed". */
static void
closed_cb (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_cb, g_object_ref (popover), g_object_unref);
}

static void
popup (BobbinColumn      *self,
       BobbinMessageView *row,
       double             x,
       double             y)
{
  BobbinMessage *message = bobbin_message_view_get_message (row);
  g_autoptr(GMenuModel) menu = NULL;
  GtkWidget *popover;

  if (bobbin_message_get_role (message) == BOBBIN_ROLE_NOTICE)
    return;

  menu = make_menu (self, message);
  popover = gtk_popover_menu_new_from_model (menu);
  gtk_widget_set_parent (popover, GTK_WIDGET (row));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
pressed_cb (BobbinColumn *self,
            int           n_press,
            double        x,
            double        y,
            GtkGesture   *gesture)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL ? gtk_widget_get_ancestor (picked, BOBBIN_TYPE_MESSAGE_VIEW) : NULL;
  double inside_x;
  double inside_y;

  if (row == NULL || !gtk_widget_translate_coordinates (GTK_WIDGET (self), row, x, y, &inside_x, &inside_y))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  popup (self, BOBBIN_MESSAGE_VIEW (row), inside_x, inside_y);
}

static gboolean
key_cb (GtkWidget *widget,
        GVariant  *arguments,
        gpointer   user_data)
{
  GtkWidget *row = gtk_widget_get_focus_child (widget);

  if (row == NULL)
    return FALSE;

  popup (BOBBIN_COLUMN (widget), BOBBIN_MESSAGE_VIEW (row), gtk_widget_get_width (row) / 2.0, 24);
  return TRUE;
}

void
_bobbin_column_init_menu (BobbinColumn *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Shift>F10|Menu"),
                                                          gtk_callback_action_new (key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
