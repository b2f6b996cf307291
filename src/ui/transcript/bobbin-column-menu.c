/* What can be done with a message or with what is selected, by the second button or the menu key. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "model/bobbin-message.h"

#include <glib/gi18n.h>

#define KEY_BELOW 24 /* pixels */

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
  add_item (turn, self->deletes && bobbin_message_get_server_id (message) != NULL ? _("Delete Message…") : _("Delete From This Computer"), "message.delete");
  add_item (turn, _("Details"), "message.details");
  add_item (select, _("Select All"), "selection.select-all");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (copy));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (turn));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (select));

  return G_MENU_MODEL (menu);
}

/* What the row would do: the menu is the column's, as the row moves while an answer streams, and may go out of sight. */
static void
intent_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  BobbinColumn *self = BOBBIN_COLUMN (user_data);
  BobbinMessageView *row = _bobbin_column_row_of (self, self->menu_id);
  g_autofree char *name = g_strconcat ("message.", g_action_get_name (G_ACTION (action)), NULL);

  if (row != NULL)
    gtk_widget_activate_action (GTK_WIDGET (row), name, NULL);
}

static GSimpleActionGroup *
make_actions (BobbinColumn  *self,
              BobbinMessage *message)
{
  static const char *const names[] = { "copy", "copy-markdown", "quote", "edit", "delete", "details" };
  BobbinDelivery delivery = bobbin_message_get_delivery (message);
  gboolean busy = delivery == BOBBIN_DELIVERY_ANSWERING || delivery == BOBBIN_DELIVERY_SENDING;
  GSimpleActionGroup *group = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GSimpleAction) action = g_simple_action_new (names[i], NULL);

      g_simple_action_set_enabled (action, !busy || !g_str_equal (names[i], "delete"));
      g_signal_connect_object (action, "activate", G_CALLBACK (intent_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }

  return group;
}

/* Back to where it was; what is chosen may take it from there. GTK 4.18 gives it to the parent of the menu after it was closed: that passes
 * it on. */
gboolean
_bobbin_column_return_focus (BobbinColumn *self)
{
  GtkWidget *before = self->menu_focus;

  return before != NULL && before != GTK_WIDGET (self) &&
         gtk_widget_get_root (before) == gtk_widget_get_root (GTK_WIDGET (self)) && gtk_widget_grab_focus (before);
}

void
_bobbin_column_drop_menu (BobbinColumn *self)
{
  g_clear_handle_id (&self->menu_drop_id, g_source_remove);
  g_clear_weak_pointer (&self->menu_focus);
  self->menu_id = 0;
  g_clear_pointer (&self->menu, gtk_widget_unparent);
}

static gboolean
drop_cb (gpointer user_data)
{
  BobbinColumn *self = BOBBIN_COLUMN (user_data);

  self->menu_drop_id = 0;
  _bobbin_column_drop_menu (self);

  return G_SOURCE_REMOVE;
}

/* The action of the item that was chosen runs after "closed". */
static void
closed_cb (BobbinColumn *self)
{
  _bobbin_column_return_focus (self);
  if (self->menu_drop_id == 0)
    self->menu_drop_id = g_idle_add (drop_cb, self);
}

/* At a place of the column that can be seen: GTK 4.8 finds no monitor for a menu whose place is on none. */
static void
popup (BobbinColumn      *self,
       BobbinMessageView *row,
       double             x,
       double             y)
{
  BobbinMessage *message = bobbin_message_view_get_message (row);
  g_autoptr(GMenuModel) menu = NULL;
  g_autoptr(GSimpleActionGroup) actions = NULL;
  GdkRectangle place = { 0, 0, 1, 1 };

  if (bobbin_message_get_role (message) == BOBBIN_ROLE_NOTICE)
    return;

  place.x = (int) CLAMP (x, 0, MAX (gtk_widget_get_width (GTK_WIDGET (self)) - 1, 0));
  place.y = (int) CLAMP (y, 0, MAX (gtk_widget_get_height (GTK_WIDGET (self)) - 1, 0));
  _bobbin_column_drop_menu (self);
  menu = make_menu (self, message);
  actions = make_actions (self, message);
  self->menu_id = bobbin_message_get_id (message);
  g_set_weak_pointer (&self->menu_focus, gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self))));
  self->menu = gtk_popover_menu_new_from_model (menu);
  gtk_widget_insert_action_group (self->menu, "message", G_ACTION_GROUP (actions));
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &place);
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (self->menu));
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

  if (row == NULL)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  popup (self, BOBBIN_MESSAGE_VIEW (row), x, y);
}

/* Below the top of the row, or of what can be seen of it. */
static gboolean
popup_at_row (BobbinColumn *self)
{
  BobbinMessageView *row = _bobbin_column_get_focus_row (self);
  double x;
  double y;

  if (row == NULL || !gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (self),
                                                        gtk_widget_get_width (GTK_WIDGET (row)) / 2.0, 0, &x, &y))
    return FALSE;

  popup (self, row, x, MAX (y, 0) + KEY_BELOW);
  return TRUE;
}

/* The focus goes to a message that is gone to and still to be loaded. It may be meant for one that nobody goes to: that may never come. */
static gboolean
focus_is_on_its_way (BobbinColumn *self)
{
  return self->focus_id != 0 && self->held;
}

/* Where the key was quicker than the layout, or than the focus that goes elsewhere after it. */
void
_bobbin_column_popup_late (BobbinColumn *self)
{
  if (!self->menu_late || self->waiting || focus_is_on_its_way (self))
    return;

  self->menu_late = FALSE;
  popup_at_row (self);
}

static gboolean
key_cb (GtkWidget *widget,
        GVariant  *arguments,
        gpointer   user_data)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);

  if (!self->waiting && self->told_id == 0 && !focus_is_on_its_way (self))
    return popup_at_row (self);

  self->menu_late = _bobbin_column_get_focus_row (self) != NULL;
  return self->menu_late;
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
