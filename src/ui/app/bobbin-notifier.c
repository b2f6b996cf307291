#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-notifier.h"

#include "app/bobbin-notification-text.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-library.h"
#include "util/bobbin-id.h"
#include "window/bobbin-window.h"

#include <glib/gi18n.h>

#define SHOWN_KEY "notified-threads"

/* A notification that is out, in this run or an earlier one, is known by its thread's id in the settings; what may take it back
 * is watched only in the run that sent it. */
struct _BobbinNotifier
{
  GObject         parent_instance;
  /* owned */
  BobbinLibrary  *library;
  GSettings      *settings;
  GCancellable   *cancellable;
  GHashTable     *watched;     /* thread or approval with a handler of ours → its thread */
  /* borrowed */
  GtkApplication *application;
  gboolean        plain;       /* the server shows text as it is; else it reads markup */
};

G_DEFINE_FINAL_TYPE (BobbinNotifier, bobbin_notifier, G_TYPE_OBJECT)

/* What is out */

static gboolean
is_out (BobbinNotifier *self,
        const char     *id)
{
  g_auto(GStrv) ids = g_settings_get_strv (self->settings, SHOWN_KEY);

  return g_strv_contains ((const char *const *) ids, id);
}

static void
set_out (BobbinNotifier *self,
         const char     *id,
         gboolean        out)
{
  g_auto(GStrv) ids = g_settings_get_strv (self->settings, SHOWN_KEY);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) now = NULL;

  for (guint i = 0; ids[i] != NULL; i++)
    if (!g_str_equal (ids[i], id))
      g_strv_builder_add (builder, ids[i]);
  if (out)
    g_strv_builder_add (builder, id);
  now = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, SHOWN_KEY, (const char *const *) now);
}

static void
withdraw (BobbinNotifier *self,
          const char     *id)
{
  g_autofree char *name = g_strconcat ("thread-", id, NULL);

  if (!is_out (self, id))
    return;

  g_application_withdraw_notification (G_APPLICATION (self->application), name);
  set_out (self, id, FALSE);
}

static void
withdraw_thread (BobbinNotifier *self,
                 BobbinThread   *thread)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));

  withdraw (self, id);
}

/* Whether the person has the conversation before them: in the window that has the keyboard, or in the one its dialog belongs to. */
static gboolean
is_seen (BobbinNotifier *self,
         BobbinThread   *thread)
{
  GtkWindow *window = gtk_application_get_active_window (self->application);

  if (window == NULL || !gtk_window_is_active (window))
    return FALSE;
  while (window != NULL && !BOBBIN_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);

  return window != NULL && bobbin_window_shows_thread (BOBBIN_WINDOW (window), thread);
}

static void
look_cb (BobbinNotifier *self,
         GParamSpec     *pspec,
         BobbinWindow   *window)
{
  BobbinThread *thread = bobbin_window_get_thread (window);

  if (thread != NULL && is_seen (self, thread))
    withdraw_thread (self, thread);
}

static void
window_added_cb (BobbinNotifier *self,
                 GtkWindow      *window)
{
  if (!BOBBIN_IS_WINDOW (window))
    return;

  g_signal_connect_object (window, "notify::is-active", G_CALLBACK (look_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "notify::thread", G_CALLBACK (look_cb), self, G_CONNECT_SWAPPED);
}

/* What takes one back beside being seen */

static void
thread_changed_cb (BobbinNotifier *self,
                   GParamSpec     *pspec,
                   BobbinThread   *thread)
{
  if (bobbin_thread_get_deleted_us (thread) != 0)
    withdraw_thread (self, thread);
}

static void
approval_changed_cb (BobbinNotifier *self,
                     GParamSpec     *pspec,
                     BobbinBlock    *approval)
{
  BobbinThread *thread = g_hash_table_lookup (self->watched, approval);

  if (thread == NULL || bobbin_block_get_result (approval) == NULL)
    return;

  withdraw_thread (self, thread);
  g_signal_handlers_disconnect_by_data (approval, self);
  g_hash_table_remove (self->watched, approval);
}

static void
watch (BobbinNotifier *self,
       BobbinThread   *thread,
       BobbinBlock    *approval)
{
  if (g_hash_table_insert (self->watched, g_object_ref (thread), g_object_ref (thread)))
    g_signal_connect_object (thread, "notify::deleted-us", G_CALLBACK (thread_changed_cb), self, G_CONNECT_SWAPPED);
  if (approval != NULL && g_hash_table_insert (self->watched, g_object_ref (approval), g_object_ref (thread)))
    g_signal_connect_object (approval, "notify::result", G_CALLBACK (approval_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
accounts_changed_cb (BobbinNotifier *self,
                     guint           position,
                     guint           removed,
                     guint           added)
{
  GHashTableIter iter;
  gpointer thread;

  if (removed == 0)
    return;

  g_hash_table_iter_init (&iter, self->watched);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    if (bobbin_library_find_account (self->library, bobbin_thread_get_account_id (thread)) == NULL)
      withdraw_thread (self, thread);
}

/* Sending */

static void
send (BobbinNotifier         *self,
      const char             *id,
      BobbinNotificationText *text,
      const char             *category,
      const char             *approval)
{
  g_autoptr(GNotification) notification = g_notification_new (text->title);
  g_autoptr(GIcon) icon = g_themed_icon_new (BOBBIN_APP_ID);
  g_autofree char *name = g_strconcat ("thread-", id, NULL);

  if (text->body != NULL)
    {
      /* GLib gives the body as it is to servers that read markup. */
      g_autofree char *body = self->plain ? g_strdup (text->body) : g_markup_escape_text (text->body, -1);

      g_notification_set_body (notification, body);
    }
  g_notification_set_icon (notification, icon);
  g_notification_set_category (notification, category);
  g_notification_set_default_action_and_target (notification, "app.open-thread", "s", id);
  if (approval != NULL)
    {
      g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
      if (text->decidable)
        g_notification_add_button_with_target (notification, _("Approve"), "app.approve", "s", approval);
      g_notification_add_button_with_target (notification, _("Reject"), "app.reject", "s", approval);
      g_notification_add_button_with_target (notification, _("Open"), "app.open-thread", "s", id);
    }
  g_application_send_notification (G_APPLICATION (self->application), name, notification);
  set_out (self, id, TRUE);
}

static void
tell (BobbinNotifier         *self,
      BobbinThread           *thread,
      BobbinNotificationText *text,
      const char             *category)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));

  send (self, id, text, category, NULL);
  watch (self, thread, NULL);
}

static gboolean
wants (BobbinNotifier *self,
       const char     *key,
       BobbinThread   *thread)
{
  return g_settings_get_boolean (self->settings, key) && !is_seen (self, thread);
}

static gboolean
preview (BobbinNotifier *self)
{
  return g_settings_get_boolean (self->settings, "notify-preview");
}

static void
tell_failure (BobbinNotifier      *self,
              BobbinThread        *thread,
              gboolean             sent,
              const BobbinFailure *failure)
{
  g_autoptr(BobbinNotificationText) text = NULL;

  if (!wants (self, "notify-failures", thread))
    return;

  text = bobbin_notification_text_failure (thread, sent, failure, preview (self));
  tell (self, thread, text, "im.error");
}

static BobbinBlock *
find_open_approval (BobbinMessage *message)
{
  for (guint i = bobbin_message_get_n_blocks (message); i-- > 0;)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL && bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN)
        return block;
    }

  return NULL;
}

static void
approval_waiting_cb (BobbinNotifier *self,
                     BobbinSession  *session,
                     BobbinMessage  *message,
                     BobbinBlock    *approval)
{
  BobbinThread *thread = bobbin_session_get_thread (session);
  BobbinApprovalPlace place = { bobbin_thread_get_id (thread), bobbin_message_get_id (message), bobbin_block_get_id (approval) };
  g_autofree char *id = bobbin_id_to_string (place.thread_id);
  g_autofree char *target = NULL;
  g_autoptr(BobbinNotificationText) text = NULL;

  if (!wants (self, "notify-approvals", thread))
    return;

  text = bobbin_notification_text_approval (thread, approval, preview (self));
  if (bobbin_approval_takes_decision (approval))
    target = bobbin_approval_place_to_string (&place);
  send (self, id, text, "im.received", target);
  watch (self, thread, approval);
}

static void
tell_answer (BobbinNotifier *self,
             BobbinSession  *session,
             BobbinMessage  *answer)
{
  BobbinThread *thread = bobbin_session_get_thread (session);
  BobbinBlock *pause = find_open_approval (answer);
  g_autoptr(BobbinNotificationText) text = NULL;

  if (pause != NULL)
    {
      approval_waiting_cb (self, session, answer, pause);
      return;
    }
  if (!wants (self, "notify-answers", thread))
    return;

  text = bobbin_notification_text_answer (thread, preview (self));
  tell (self, thread, text, "im.received");
}

static void
turn_ended_cb (BobbinNotifier *self,
               BobbinSession  *session,
               BobbinMessage  *message)
{
  gboolean answer = bobbin_message_get_role (message) == BOBBIN_ROLE_ASSISTANT;

  switch (bobbin_message_get_delivery (message))
    {
    case BOBBIN_DELIVERY_COMPLETE:
      if (answer)
        tell_answer (self, session, message);
      break;
    case BOBBIN_DELIVERY_INTERRUPTED:
    case BOBBIN_DELIVERY_FAILED:
      tell_failure (self, bobbin_session_get_thread (session), answer, bobbin_message_get_failure (message));
      break;
    case BOBBIN_DELIVERY_STOPPED:
      withdraw_thread (self, bobbin_session_get_thread (session));
      break;
    case BOBBIN_DELIVERY_QUEUED:
    case BOBBIN_DELIVERY_SENDING:
    case BOBBIN_DELIVERY_ACCEPTED:
    case BOBBIN_DELIVERY_ANSWERING:
    case BOBBIN_N_DELIVERIES:
    default:
      break;
    }
}

static void
send_failed_cb (BobbinNotifier      *self,
                BobbinSession       *session,
                const BobbinFailure *failure)
{
  tell_failure (self, bobbin_session_get_thread (session), FALSE, failure);
}

void
bobbin_notifier_tell_undecided (BobbinNotifier            *self,
                                const BobbinApprovalPlace *place,
                                const GError              *error)
{
  g_autoptr(BobbinNotificationText) text = NULL;
  g_autofree char *id = NULL;

  g_return_if_fail (BOBBIN_IS_NOTIFIER (self));
  g_return_if_fail (place != NULL && error != NULL);

  text = bobbin_notification_text_undecided (error);
  id = bobbin_id_to_string (place->thread_id);
  send (self, id, text, "im.error", NULL);
}

/* Which kind of server GLib will talk to: that of GNOME and that of the sandbox take plain text. */
static void
owner_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinNotifier) self = user_data;
  g_autoptr(GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer != NULL)
    g_variant_get (answer, "(b)", &self->plain);
}

static void
ask_for_server (BobbinNotifier *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (self->application));

  self->plain = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
  if (bus != NULL && !self->plain)
    g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                            g_variant_new ("(s)", "org.gtk.Notifications"), G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1,
                            self->cancellable, owner_cb, g_object_ref (self));
}

static void
bobbin_notifier_dispose (GObject *object)
{
  BobbinNotifier *self = BOBBIN_NOTIFIER (object);

  g_cancellable_cancel (self->cancellable);
  g_hash_table_remove_all (self->watched);

  G_OBJECT_CLASS (bobbin_notifier_parent_class)->dispose (object);
}

static void
bobbin_notifier_finalize (GObject *object)
{
  BobbinNotifier *self = BOBBIN_NOTIFIER (object);

  g_hash_table_unref (self->watched);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->settings);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_notifier_parent_class)->finalize (object);
}

static void
bobbin_notifier_class_init (BobbinNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_notifier_finalize;
}

static void
bobbin_notifier_init (BobbinNotifier *self)
{
  self->cancellable = g_cancellable_new ();
  self->watched = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
}

BobbinNotifier *
bobbin_notifier_new (GtkApplication *application,
                     BobbinLibrary  *library,
                     GSettings      *settings)
{
  BobbinNotifier *self = g_object_new (BOBBIN_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->library = g_object_ref (library);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (library, "turn-ended", G_CALLBACK (turn_ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "approval-waiting", G_CALLBACK (approval_waiting_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "send-failed", G_CALLBACK (send_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bobbin_library_get_accounts (library), "items-changed", G_CALLBACK (accounts_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (application, "window-added", G_CALLBACK (window_added_cb), self, G_CONNECT_SWAPPED);
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    window_added_cb (self, l->data);
  ask_for_server (self);

  return self;
}
