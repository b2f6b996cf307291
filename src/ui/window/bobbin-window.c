#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window.h"

#include "account/bobbin-welcome.h"
#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-thread.h"
#include "secret/bobbin-secrets.h"
#include "session/bobbin-session.h"
#include "util/bobbin-id.h"
#include "window/bobbin-window-private.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (BobbinWindow, bobbin_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_LIBRARY = 1,
  PROP_SETTINGS,
  PROP_THREAD,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

void
_bobbin_window_update_panes (BobbinWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);
  gboolean listed = folded || self->sidebar_visible;

  gtk_widget_set_visible (GTK_WIDGET (self->sidebar), listed);
  gtk_widget_set_visible (GTK_WIDGET (self->separator), listed && !folded);
  bobbin_sidebar_set_folded (self->sidebar, folded);
  bobbin_conversation_set_alone (self->conversation, folded, !listed);
  _bobbin_window_actions_update (self);
  _bobbin_window_update_notices (self);
}

void
_bobbin_window_show_list (BobbinWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->sidebar));
  bobbin_sidebar_focus_list (self->sidebar);
}

void
_bobbin_window_show_conversation (BobbinWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->conversation))
    return;

  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->conversation));
  /* The leaflet moves the keyboard along even where both panes are seen; who walks the list stays in it. */
  if (!adw_leaflet_get_folded (self->leaflet) && focus != NULL)
    gtk_window_set_focus (GTK_WINDOW (self), focus);
}

static void
folded_cb (BobbinWindow *self)
{
  /* Just folded with nothing open: the list is the page to be on. */
  if (adw_leaflet_get_folded (self->leaflet) && self->thread == NULL)
    adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->sidebar));
  _bobbin_window_update_panes (self);
}

static void
visible_child_cb (BobbinWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_THREAD]);
  _bobbin_window_actions_update (self);
}

/* The welcome page stands in for everything until there is an account. */
static void
update_welcome (BobbinWindow *self)
{
  gboolean welcome = g_list_model_get_n_items (bobbin_library_get_accounts (self->library)) == 0;

  if (welcome == self->welcoming)
    return;

  self->welcoming = welcome;
  if (welcome)
    _bobbin_window_close_thread (self);
  gtk_overlay_set_child (self->overlay, welcome ? bobbin_welcome_new () : GTK_WIDGET (self->leaflet));
  _bobbin_window_update_notices (self);
  _bobbin_window_actions_update (self);
}

static void
accounts_changed_cb (GListModel   *accounts,
                     guint         position,
                     guint         removed,
                     guint         added,
                     BobbinWindow *self)
{
  /* What is open may have gone with its account. */
  if (removed > 0 && self->thread != NULL
      && bobbin_library_find_account (self->library, bobbin_thread_get_account_id (self->thread)) == NULL)
    _bobbin_window_close_thread (self);

  update_welcome (self);
  _bobbin_window_update_new_menu (self);
}

static void
remember_thread (BobbinWindow *self)
{
  g_autofree char *id = NULL;
  g_autofree char *before = g_settings_get_string (self->settings, "selected-thread");

  id = self->thread != NULL ? bobbin_id_to_string (bobbin_thread_get_id (self->thread)) : g_strdup ("");
  if (g_strcmp0 (id, before) != 0)
    g_settings_set_string (self->settings, "selected-thread", id);
}

static void
update_window_title (BobbinWindow *self)
{
  const char *title = self->thread != NULL ? bobbin_thread_get_title (self->thread) : NULL;

  gtk_window_set_title (GTK_WINDOW (self), title != NULL && *title != '\0' ? title : "Bobbin");
}

static void
deleted_cb (BobbinThread *thread,
            GParamSpec   *pspec,
            BobbinWindow *self)
{
  /* Its session is closed, whoever deleted it: this window, another, cleaning up. */
  if (bobbin_thread_get_deleted_us (thread) != 0 && thread == self->thread)
    _bobbin_window_close_thread (self);
}

static void
show_thread (BobbinWindow *self,
             BobbinThread *thread)
{
  g_autoptr(BobbinSession) session = NULL;

  if (self->thread != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->thread, update_window_title, self);
      g_signal_handlers_disconnect_by_func (self->thread, deleted_cb, self);
    }
  g_set_object (&self->thread, thread);

  if (thread != NULL)
    {
      session = bobbin_library_get_session (self->library, thread);
      g_signal_connect_object (thread, "notify::title", G_CALLBACK (update_window_title), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (thread, "notify::deleted-us", G_CALLBACK (deleted_cb), self, 0);
    }
  bobbin_conversation_set_session (self->conversation, session);
  bobbin_sidebar_set_selected (self->sidebar, thread);
  remember_thread (self);
  _bobbin_window_remember_place (self, thread);
  update_window_title (self);
  _bobbin_window_actions_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_THREAD]);
}

void
_bobbin_window_close_thread (BobbinWindow *self)
{
  show_thread (self, NULL);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->sidebar));
}

void
bobbin_window_open_thread (BobbinWindow *self,
                           BobbinThread *thread)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (BOBBIN_IS_THREAD (thread));

  if (thread != self->thread)
    show_thread (self, thread);
  _bobbin_window_show_conversation (self);
}

static void
open_thread_cb (BobbinSidebar *sidebar,
                BobbinThread  *thread,
                gboolean       activated,
                BobbinWindow  *self)
{
  bobbin_window_open_thread (self, thread);
  if (activated)
    bobbin_conversation_grab_composer (self->conversation);
}

/* A hit of the search whose conversation is being looked up. */
typedef struct
{
  BobbinWindow *window;
  gint64        message_id; /* 0: none of them */
  gint64        block_id;   /* 0: not known */
  char         *text;       /* (nullable) the words that matched */
  guint         nth;        /* which of the places with them */
} Hit;

static void
hit_free (Hit *hit)
{
  g_object_unref (hit->window);
  g_free (hit->text);
  g_free (hit);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hit, hit_free)

static void
take_found (BobbinWindow *self,
            BobbinThread *thread,
            const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (thread != NULL)
    bobbin_window_open_thread (self, thread);
  else if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND))
    bobbin_window_toast (self, _("There is no such conversation here"));
  else if (error != NULL)
    {
      g_autofree char *text = bobbin_error_dup_sentence (error);

      bobbin_window_toast (self, text);
    }
}

static void
hit_found_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Hit) hit = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_library_find_thread_finish (BOBBIN_LIBRARY (source), result, &error);

  take_found (hit->window, thread, error);
  if (thread != NULL && hit->message_id != 0)
    bobbin_conversation_show_match (hit->window->conversation, hit->message_id, hit->block_id, hit->text, hit->nth);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinWindow) self = BOBBIN_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_library_find_thread_finish (BOBBIN_LIBRARY (source), result, &error);

  take_found (self, thread, error);
}

void
bobbin_window_open_id (BobbinWindow *self,
                       const char   *id)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (id != NULL);

  bobbin_library_find_thread_async (self->library, id, self->cancellable, found_cb, g_object_ref (self));
}

void
bobbin_window_open_match (BobbinWindow *self,
                          const char   *thread_id,
                          const char   *message_id,
                          const char   *text)
{
  Hit *hit;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (thread_id != NULL && message_id != NULL);

  hit = g_new0 (Hit, 1);
  hit->window = g_object_ref (self);
  if (!bobbin_id_parse (message_id, &hit->message_id))
    hit->message_id = 0;
  hit->text = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
  bobbin_library_find_thread_async (self->library, thread_id, self->cancellable, hit_found_cb, hit);
}

void
bobbin_window_search (BobbinWindow *self,
                      const char   *text)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  if (self->welcoming)
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.search", NULL);
  bobbin_sidebar_search (self->sidebar, text);
}

static void
open_result_cb (BobbinSidebar      *sidebar,
                BobbinSearchResult *result,
                BobbinWindow       *self)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_search_result_get_thread_id (result));
  Hit *hit = g_new0 (Hit, 1);

  hit->window = g_object_ref (self);
  hit->message_id = bobbin_search_result_get_message_id (result);
  hit->block_id = bobbin_search_result_get_block_id (result);
  hit->text = bobbin_search_result_dup_match (result);
  hit->nth = bobbin_search_result_get_nth (result);
  bobbin_library_find_thread_async (self->library, id, self->cancellable, hit_found_cb, hit);
}

static void
restored_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinWindow) self = BOBBIN_WINDOW (user_data);
  g_autoptr(BobbinThread) thread = bobbin_library_find_thread_finish (BOBBIN_LIBRARY (source), result, NULL);

  /* Gone, or the person was quicker: nothing to say. */
  if (thread == NULL || self->thread != NULL || bobbin_thread_get_deleted_us (thread) != 0)
    return;

  show_thread (self, thread);
  if (g_settings_get_boolean (self->settings, "show-conversation"))
    {
      _bobbin_window_show_conversation (self);
      bobbin_conversation_grab_composer (self->conversation);
    }
}

void
bobbin_window_restore (BobbinWindow *self)
{
  g_autofree char *id = NULL;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  id = g_settings_get_string (self->settings, "selected-thread");
  if (*id != '\0' && !self->welcoming)
    bobbin_library_find_thread_async (self->library, id, self->cancellable, restored_cb, g_object_ref (self));
}

BobbinAccount *
bobbin_window_get_account (BobbinWindow *self)
{
  g_autoptr(BobbinAccount) first = NULL;

  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), NULL);

  if (self->thread != NULL)
    return bobbin_library_find_account (self->library, bobbin_thread_get_account_id (self->thread));

  /* Borrowed from the list, which outlives the call. */
  first = g_list_model_get_item (bobbin_library_get_accounts (self->library), 0);

  return first;
}

/* A conversation in which nothing was said yet is as good as a new one. */
static gboolean
is_untouched (BobbinWindow  *self,
              BobbinAccount *account,
              const char    *agent_id)
{
  BobbinSession *session = bobbin_conversation_get_session (self->conversation);

  return session != NULL && self->thread != NULL
         && bobbin_thread_get_account_id (self->thread) == bobbin_account_get_id (account)
         && g_strcmp0 (bobbin_thread_get_agent_id (self->thread), agent_id) == 0
         && bobbin_thread_get_server_id (self->thread) == NULL
         && g_list_model_get_n_items (bobbin_session_get_messages (session)) == 0
         && bobbin_draft_is_empty (bobbin_session_get_draft (session));
}

static const char *
agent_name (BobbinWindow  *self,
            BobbinAccount *account,
            const char    *agent_id)
{
  for (guint i = 0; self->agents != NULL && i < self->agents->len; i++)
    {
      BobbinAgent *agent = g_ptr_array_index (self->agents, i);

      if (bobbin_agent_get_account_id (agent) == bobbin_account_get_id (account)
          && g_strcmp0 (bobbin_agent_get_agent_id (agent), agent_id) == 0)
        return bobbin_agent_get_name (agent);
    }

  return NULL;
}

void
bobbin_window_new_conversation (BobbinWindow  *self,
                                BobbinAccount *account,
                                const char    *agent_id,
                                const char    *text)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  /* who looks at one account's conversations wants the new one among them */
  if (account == NULL && bobbin_sidebar_get_account_id (self->sidebar) != 0)
    account = bobbin_library_find_account (self->library, bobbin_sidebar_get_account_id (self->sidebar));
  if (account == NULL)
    account = bobbin_window_get_account (self);
  if (account == NULL)
    return;
  if (agent_id == NULL)
    agent_id = bobbin_account_get_agent_id (account);

  if (!is_untouched (self, account, agent_id))
    {
      g_autoptr(BobbinThread) thread = bobbin_library_new_thread (self->library, account, agent_id,
                                                                  agent_name (self, account, agent_id));

      show_thread (self, thread);
    }

  if (text != NULL && *text != '\0')
    bobbin_draft_set_text (bobbin_session_get_draft (bobbin_conversation_get_session (self->conversation)),
                           text, (int) g_utf8_strlen (text, -1));
  _bobbin_window_show_conversation (self);
  bobbin_conversation_grab_composer (self->conversation);
}

BobbinThread *
bobbin_window_get_thread (BobbinWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), NULL);

  return self->thread;
}

BobbinThread *
_bobbin_window_ref_thread (BobbinWindow *self,
                           const char   *id)
{
  BobbinThread *thread;
  gint64 number;

  if (*id == '\0')
    return self->thread != NULL ? g_object_ref (self->thread) : NULL;
  if (!bobbin_id_parse (id, &number))
    return NULL;
  if (self->thread != NULL && bobbin_thread_get_id (self->thread) == number)
    return g_object_ref (self->thread);

  thread = bobbin_library_find_loaded (self->library, number);

  return thread != NULL ? g_object_ref (thread) : NULL;
}

void
bobbin_window_toast (BobbinWindow *self,
                     const char   *text)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  adw_toast_overlay_add_toast (self->toasts, bobbin_fit_toast (text));
}

static void
edge_drag_begin_cb (GtkGestureDrag *gesture,
                    double          x,
                    double          y,
                    BobbinWindow   *self)
{
  self->drag_start = gtk_widget_get_width (GTK_WIDGET (self->sidebar));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
edge_drag_update_cb (GtkGestureDrag *gesture,
                     double          x,
                     double          y,
                     BobbinWindow   *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  double start_x, start_y, at_x, at_y;

  /* In the window's coordinates, as the edge moves under the pointer. */
  if (!gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y)
      || !gtk_widget_translate_coordinates (GTK_WIDGET (self->separator), GTK_WIDGET (self), start_x + x, 0,
                                            &at_x, &at_y))
    return;

  bobbin_sidebar_set_width (self->sidebar, (int) (rtl ? gtk_widget_get_width (GTK_WIDGET (self)) - at_x : at_x));
}

static void
init_edge (BobbinWindow *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (edge_drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (edge_drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->separator), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->separator), "col-resize");
}

/* Only one of the header bars has a second line. */
static void
init_headers (BobbinWindow *self)
{
  g_autoptr(GtkSizeGroup) group = gtk_size_group_new (GTK_SIZE_GROUP_VERTICAL);

  gtk_size_group_add_widget (group, bobbin_sidebar_get_header (self->sidebar));
  gtk_size_group_add_widget (group, bobbin_conversation_get_header (self->conversation));
}

static void
save_state (BobbinWindow *self)
{
  g_autofree char *schema_id = NULL;
  g_autoptr(GSettings) batch = NULL;
  int width, height;

  /* One write for all; on an object of its own, as delaying cannot be taken back. */
  g_object_get (self->settings, "schema-id", &schema_id, NULL);
  batch = g_settings_new (schema_id);
  g_settings_delay (batch);
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (batch, "window-width", CLAMP (width, 360, 16384));
  g_settings_set_int (batch, "window-height", CLAMP (height, 294, 16384));
  g_settings_set_boolean (batch, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_int (batch, "sidebar-width", bobbin_sidebar_get_width (self->sidebar));
  g_settings_set_boolean (batch, "sidebar-visible", self->sidebar_visible);
  g_settings_set_boolean (batch, "show-conversation",
                          adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->conversation));
  g_settings_apply (batch);
}

static void
load_state (BobbinWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  bobbin_sidebar_set_width (self->sidebar, g_settings_get_int (self->settings, "sidebar-width"));
  self->sidebar_visible = g_settings_get_boolean (self->settings, "sidebar-visible");
}

static gboolean
bobbin_window_close_request (GtkWindow *window)
{
  save_state (BOBBIN_WINDOW (window));

  return GTK_WINDOW_CLASS (bobbin_window_parent_class)->close_request (window);
}

static void
active_cb (BobbinWindow *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)))
    {
      bobbin_sidebar_check_day (self->sidebar);
      bobbin_conversation_sync (self->conversation);
      bobbin_library_refresh_remote (self->library, NULL);
    }
}

static void
remote_failed_cb (BobbinLibrary *library,
                  BobbinAccount *account,
                  BobbinFailure *failure,
                  BobbinWindow  *self)
{
  g_autofree char *sentence = bobbin_failure_dup_sentence (failure);
  /* Translators: the name of an account, then why the server could not be told of a deletion or a new title. */
  g_autofree char *text = g_strdup_printf (_("%1$s: the server was not changed. %2$s"), bobbin_account_get_name (account), sentence);

  bobbin_window_toast (self, text);
}

static void
store_failed_cb (BobbinLibrary *library,
                 BobbinFailure *failure,
                 BobbinWindow  *self)
{
  g_autofree char *text = bobbin_failure_dup_sentence (failure);

  bobbin_window_show_notice (self, BOBBIN_NOTICE_STORE_FAILED, text);
}

static void
store_recovered_cb (BobbinLibrary *library,
                    BobbinWindow  *self)
{
  bobbin_window_show_notice (self, BOBBIN_NOTICE_STORE_FAILED, NULL);
}

static void
secrets_status_cb (BobbinSecrets *secrets,
                   GParamSpec    *pspec,
                   BobbinWindow  *self)
{
  if (bobbin_secrets_get_status (secrets) == BOBBIN_SECRETS_MEMORY)
    bobbin_window_show_notice (self, BOBBIN_NOTICE_MEMORY_KEYS,
                               _("There is no keyring on this system, so keys are forgotten when Bobbin quits. "
                                 "Install GNOME Keyring or another Secret Service to keep them."));
}

static void
bobbin_window_constructed (GObject *object)
{
  BobbinWindow *self = BOBBIN_WINDOW (object);
  GListModel *accounts = bobbin_library_get_accounts (self->library);

  G_OBJECT_CLASS (bobbin_window_parent_class)->constructed (object);

  load_state (self);
  g_object_set (self->conversation, "clock", bobbin_library_get_clock (self->library),
                "settings", self->settings, NULL);
  bobbin_sidebar_set_library (self->sidebar, self->library);
  bobbin_conversation_set_threads (self->conversation, bobbin_sidebar_get_model (self->sidebar));
  bobbin_conversation_set_session (self->conversation, NULL);

  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (accounts_changed_cb), self, 0);
  g_signal_connect_object (self->library, "store-failed", G_CALLBACK (store_failed_cb), self, 0);
  g_signal_connect_object (self->library, "store-recovered", G_CALLBACK (store_recovered_cb), self, 0);
  g_signal_connect_object (self->library, "remote-failed", G_CALLBACK (remote_failed_cb), self, 0);
  g_signal_connect_object (bobbin_library_get_secrets (self->library), "notify::status",
                           G_CALLBACK (secrets_status_cb), self, 0);

  update_welcome (self);
  _bobbin_window_update_panes (self);
  _bobbin_window_update_new_menu (self);
}

static void
bobbin_window_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  BobbinWindow *self = BOBBIN_WINDOW (object);

  switch (prop_id)
    {
    case PROP_LIBRARY:
      g_value_set_object (value, self->library);
      break;
    case PROP_SETTINGS:
      g_value_set_object (value, self->settings);
      break;
    case PROP_THREAD:
      g_value_set_object (value, self->thread);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_window_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  BobbinWindow *self = BOBBIN_WINDOW (object);

  switch (prop_id)
    {
    case PROP_LIBRARY:
      self->library = g_value_dup_object (value);
      break;
    case PROP_SETTINGS:
      self->settings = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_window_dispose (GObject *object)
{
  BobbinWindow *self = BOBBIN_WINDOW (object);
  g_autoptr(AdwLeaflet) leaflet = NULL;

  g_cancellable_cancel (self->cancellable);
  if (self->leaflet != NULL)
    g_signal_handlers_disconnect_by_data (self->leaflet, self);
  /* The template forgets its children without asking who holds them. */
  leaflet = g_steal_pointer (&self->leaflet);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_WINDOW);
  self->travel = NULL;
  g_clear_weak_pointer (&self->undo_toast);
  g_clear_object (&self->thread);
  g_clear_object (&self->settings);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_window_parent_class)->dispose (object);
}

static void
bobbin_window_finalize (GObject *object)
{
  BobbinWindow *self = BOBBIN_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->disabled, g_hash_table_unref);
  g_clear_pointer (&self->undos, g_ptr_array_unref);
  g_clear_pointer (&self->places, g_array_unref);
  g_clear_pointer (&self->agents, g_ptr_array_unref);
  for (guint i = 0; i < BOBBIN_N_WINDOW_NOTICES; i++)
    g_free (self->notices[i]);

  G_OBJECT_CLASS (bobbin_window_parent_class)->finalize (object);
}

static void
bobbin_window_class_init (BobbinWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = bobbin_window_constructed;
  object_class->get_property = bobbin_window_get_property;
  object_class->set_property = bobbin_window_set_property;
  object_class->dispose = bobbin_window_dispose;
  object_class->finalize = bobbin_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = bobbin_window_close_request;

  props[PROP_LIBRARY] = g_param_spec_object ("library", NULL, NULL, BOBBIN_TYPE_LIBRARY, flags);
  props[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, G_TYPE_SETTINGS, flags);
  props[PROP_THREAD] = g_param_spec_object ("thread", NULL, NULL, BOBBIN_TYPE_THREAD,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (BOBBIN_TYPE_SIDEBAR);
  g_type_ensure (BOBBIN_TYPE_CONVERSATION);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, overlay);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, separator);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, conversation);
  _bobbin_window_class_init_actions (widget_class);
}

static void
bobbin_window_init (BobbinWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->disabled = g_hash_table_new (g_str_hash, g_str_equal);
  self->undos = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_undo_free);
  self->sidebar_visible = TRUE;

  gtk_widget_init_template (GTK_WIDGET (self));
  /* Kept while the welcome page stands in its place. */
  g_object_ref (self->leaflet);

  g_signal_connect_swapped (self->leaflet, "notify::folded", G_CALLBACK (folded_cb), self);
  g_signal_connect_swapped (self->leaflet, "notify::visible-child", G_CALLBACK (visible_child_cb), self);
  g_signal_connect_object (self->sidebar, "open-thread", G_CALLBACK (open_thread_cb), self, 0);
  g_signal_connect_object (self->sidebar, "open-result", G_CALLBACK (open_result_cb), self, 0);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
  _bobbin_window_init_history (self);
  init_headers (self);
  init_edge (self);
  _bobbin_window_init_drop (self);
}

GtkWidget *
bobbin_window_new (GtkApplication *application,
                   BobbinLibrary  *library,
                   GSettings      *settings)
{
  return g_object_new (BOBBIN_TYPE_WINDOW,
                       "application", application,
                       "library", library,
                       "settings", settings,
                       NULL);
}
