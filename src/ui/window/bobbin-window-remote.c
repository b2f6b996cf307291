/* What the service keeps of the conversation that is shown: its state, its metadata, its messages. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include "backend/bobbin-backend.h"
#include "dialogs/bobbin-add-message.h"
#include "dialogs/bobbin-state-window.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"

static void
show_state_cb (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  BobbinSession *session = bobbin_conversation_get_session (self->conversation);
  BobbinBackend *backend = session != NULL ? bobbin_session_get_backend (session) : NULL;

  if (session != NULL && bobbin_state_window_is_useful (backend, bobbin_session_get_thread (session)))
    gtk_window_present (bobbin_state_window_new (GTK_WINDOW (self), backend, bobbin_session_get_thread (session)));
}

static void
show_message_metadata_cb (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  BobbinSession *session = bobbin_conversation_get_session (self->conversation);
  BobbinBackend *backend = session != NULL ? bobbin_session_get_backend (session) : NULL;

  if (backend != NULL && bobbin_backend_can (backend, BOBBIN_CAN_MESSAGE_METADATA) &&
      bobbin_state_window_is_useful (backend, bobbin_session_get_thread (session)))
    gtk_window_present (bobbin_state_window_new_for_message (GTK_WINDOW (self), backend, bobbin_session_get_thread (session),
                                                             g_variant_get_string (parameter, NULL)));
}

static void
add_message_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BobbinSession *session = bobbin_conversation_get_session (BOBBIN_WINDOW (widget)->conversation);

  if (session != NULL && bobbin_session_can_add_message (session))
    bobbin_add_message_present (GTK_WINDOW (widget), session);
}

void
_bobbin_window_class_init_remote (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-thread-state", NULL, show_state_cb);
  gtk_widget_class_install_action (widget_class, "win.show-message-metadata", "s", show_message_metadata_cb);
  gtk_widget_class_install_action (widget_class, "win.add-message", NULL, add_message_cb);
}
