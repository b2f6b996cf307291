/* Back and forward over what was open in this window. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>

#define MAX_PLACES  50
#define BUTTON_BACK 8
#define BUTTON_FORWARD 9
#define MIN_ROOM    440 /* for the header of a conversation with the buttons in it */

static gint64
place (GArray *places,
       guint   position)
{
  return g_array_index (places, gint64, position);
}

/* What was shown is remembered when something else is. */
void
_bobbin_window_remember_place (BobbinWindow *self,
                               BobbinThread *thread)
{
  gint64 id = thread != NULL ? bobbin_thread_get_id (thread) : 0;

  if (id == 0 || self->travelling || (self->places->len > 0 && place (self->places, self->place) == id))
    return;

  /* Going somewhere else forgets the way forward. */
  if (self->places->len > 0)
    g_array_set_size (self->places, self->place + 1);
  g_array_append_val (self->places, id);
  if (self->places->len > MAX_PLACES)
    g_array_remove_index (self->places, 0);
  self->place = self->places->len - 1;
  _bobbin_window_actions_update (self);
}

gboolean
_bobbin_window_can_travel (BobbinWindow *self,
                           int           by)
{
  return by < 0 ? self->places->len > 0 && self->place > 0 : self->place + 1 < self->places->len;
}

static void travel (BobbinWindow *self, int by);

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinWindow) self = BOBBIN_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_library_find_thread_finish (BOBBIN_LIBRARY (source), result, &error);
  int by = self->travelling;

  self->travelling = 0;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (thread != NULL && bobbin_thread_get_deleted_us (thread) == 0)
    {
      self->travelling = by;
      bobbin_window_open_thread (self, thread);
      self->travelling = 0;
      _bobbin_window_actions_update (self);
      return;
    }

  /* It is gone: as if it had never been on the way. */
  g_array_remove_index (self->places, self->place);
  if (self->place > 0 && (by > 0 || self->place >= self->places->len))
    self->place--;
  _bobbin_window_actions_update (self);
  if (_bobbin_window_can_travel (self, by))
    travel (self, by);
}

static void
travel (BobbinWindow *self,
        int           by)
{
  g_autofree char *id = NULL;

  if (self->travelling != 0 || !_bobbin_window_can_travel (self, by))
    return;

  self->place = self->place + (guint) by;
  self->travelling = by;
  id = bobbin_id_to_string (place (self->places, self->place));
  bobbin_library_find_thread_async (self->library, id, self->cancellable, found_cb, g_object_ref (self));
}

/* Narrow, the list is what one came from. */
static void
go_back_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  if (adw_leaflet_get_folded (self->leaflet) && adw_leaflet_get_visible_child (self->leaflet) != GTK_WIDGET (self->sidebar))
    _bobbin_window_show_list (self);
  else
    travel (self, -1);
}

static void
go_forward_cb (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  travel (BOBBIN_WINDOW (widget), 1);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BobbinWindow    *self)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  if (button != BUTTON_BACK && button != BUTTON_FORWARD)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (GTK_WIDGET (self), button == BUTTON_BACK ? "win.go-back" : "win.go-forward", NULL);
}

void
_bobbin_window_update_travel (BobbinWindow *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean shown;

  if (self->travel == NULL)
    return;

  shown = !adw_leaflet_get_folded (self->leaflet) && self->places->len > 1;
  if (gtk_widget_get_visible (GTK_WIDGET (self->sidebar)))
    width -= bobbin_sidebar_get_width (self->sidebar);
  gtk_widget_set_visible (self->travel, shown && width >= MIN_ROOM);
}

static void
realize_cb (BobbinWindow *self)
{
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (self)), "notify::width", G_CALLBACK (_bobbin_window_update_travel), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static GtkWidget *
make_travel_button (const char *icon,
                    const char *action,
                    const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return button;
}

/* In the header of the conversation: that is what they change. */
static void
make_travel_buttons (BobbinWindow *self)
{
  self->travel = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_visible (self->travel, FALSE);
  gtk_box_append (GTK_BOX (self->travel),
                  /* Translators: a button: to the conversation that was open before this one */
                  make_travel_button ("bobbin-back-symbolic", "win.go-back", C_("conversation", "Back")));
  gtk_box_append (GTK_BOX (self->travel),
                  /* Translators: a button: to the conversation one has come back from */
                  make_travel_button ("bobbin-next-symbolic", "win.go-forward", C_("conversation", "Forward")));
  adw_header_bar_pack_start (ADW_HEADER_BAR (bobbin_conversation_get_header (self->conversation)), self->travel);
  g_signal_connect (self, "realize", G_CALLBACK (realize_cb), NULL);
}

void
_bobbin_window_init_history (BobbinWindow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  make_travel_buttons (self);
  self->places = g_array_new (FALSE, FALSE, sizeof (gint64));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
_bobbin_window_class_init_history (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.go-back", NULL, go_back_cb);
  gtk_widget_class_install_action (widget_class, "win.go-forward", NULL, go_forward_cb);
}
