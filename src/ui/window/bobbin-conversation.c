#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-conversation.h"

#include "account/bobbin-service-fields.h"
#include "app/bobbin-fit.h"
#include "app/bobbin-thread-menu.h"
#include "backend/bobbin-backend.h"
#include "composer/bobbin-composer.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"
#include "transcript/bobbin-outline-view.h"
#include "transcript/bobbin-transcript.h"
#include "util/bobbin-clock.h"
#include "window/bobbin-connection-text.h"
#include "window/bobbin-conversation-flap.h"
#include "window/bobbin-conversation-settings.h"
#include "window/bobbin-empty-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* A connection faster than this is not worth a bar that flashes up. */
#define SLOW_MS 1200

/* From when on it is said that a key expires, and how often anew. */
#define KEY_SOON_US (10 * 60 * G_USEC_PER_SEC)
#define KEY_STEP_US (20 * G_USEC_PER_SEC)

#define TEXT_WIDTH 300

struct _BobbinConversation
{
  GtkWidget parent_instance;

  /* owned */
  BobbinSession   *session;       /* (nullable) */
  BobbinClock     *clock;
  GSettings       *settings;
  GListModel      *threads;       /* (nullable) */
  GSignalGroup    *session_signals;
  GSignalGroup    *thread_signals;
  GSignalGroup    *account_signals;
  guint            tick_id;       /* non-0 exactly while a countdown is on screen */
  guint            key_id;        /* non-0 while the key of the account will expire */
  gint64           key_check_us;  /* when that is looked at again, from now; 0: it is not known to expire */
  guint            slow_id;       /* non-0 while a connection may become slow */
  gboolean         slow;
  gboolean         folded;        /* little room */
  BobbinBannerKind shown;
  BobbinBannerKind dismissed;     /* put away by the person, until another kind is due */

  /* borrowed: template and its children */
  GtkBox          *box;
  AdwHeaderBar    *header;
  AdwWindowTitle  *title;
  GtkWidget       *back;
  GtkMenuButton   *menu_button;
  BobbinBanner    *notice_bar;
  BobbinBanner    *banner;
  GtkWidget       *empty;         /* (nullable) */
  GtkWidget       *transcript;    /* (nullable): NULL until the first session */
  GtkWidget       *composer;      /* (nullable): with the transcript, as the next two */
  GtkWidget       *flap;
  GtkWidget       *outline;
  GtkToggleButton *outline_button;
};

G_DEFINE_FINAL_TYPE (BobbinConversation, bobbin_conversation, GTK_TYPE_WIDGET)

enum
{
  PROP_SESSION = 1,
  PROP_CLOCK,
  PROP_SETTINGS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void update_status (BobbinConversation *self);

static void
read_facts (BobbinConversation    *self,
            BobbinConnectionFacts *facts)
{
  BobbinThread *thread = bobbin_session_get_thread (self->session);
  BobbinAccount *account = bobbin_session_get_account (self->session);
  gint64 now_us = bobbin_clock_now_us (self->clock);
  gint64 retry_at_us = bobbin_session_get_retry_at_us (self->session);
  gboolean keyless = account != NULL && !bobbin_service_fields_get (bobbin_account_get_service (account))->key;
  gint64 key_expires_us;

  *facts = (BobbinConnectionFacts) {
    .state = bobbin_session_get_state (self->session),
    .connected = bobbin_session_get_connected (self->session),
    .needs_key = account != NULL && !keyless && bobbin_account_get_needs_key (account),
    .keyless = keyless,
    .awaits_key = bobbin_session_get_awaits_key (self->session),
    .can_send_context = bobbin_session_get_can_send_context (self->session),
    .reconciling = bobbin_session_get_reconciling (self->session),
    .slow = self->slow,
    .unencrypted = bobbin_session_is_unencrypted (self->session),
    .retry_in_us = retry_at_us > 0 ? MAX (retry_at_us - now_us, 0) : 0,
    .key_refused = account != NULL && bobbin_account_get_key_refused (account),
    .failure = bobbin_session_get_failure (self->session),
  };

  key_expires_us = account != NULL ? bobbin_account_get_key_expires_us (account) : 0;
  if (key_expires_us > now_us && key_expires_us - now_us <= KEY_SOON_US)
    facts->key_expires_in_us = key_expires_us - now_us;
  self->key_check_us = key_expires_us > now_us ? MAX (key_expires_us - now_us - KEY_SOON_US, KEY_STEP_US) : 0;
  if (bobbin_thread_get_expires_soon (thread))
    facts->expires_in_us = MAX (bobbin_thread_get_expires_us (thread) - now_us, 1);
}

static gboolean
tick_cb (gpointer user_data)
{
  update_status (user_data);

  return G_SOURCE_CONTINUE;
}

static gboolean
key_cb (gpointer user_data)
{
  BobbinConversation *self = user_data;

  self->key_id = 0;
  update_status (self);

  return G_SOURCE_REMOVE;
}

static gboolean
slow_cb (gpointer user_data)
{
  BobbinConversation *self = user_data;

  self->slow_id = 0;
  self->slow = TRUE;
  update_status (self);

  return G_SOURCE_REMOVE;
}

/* The only timers of the window: one while a countdown is seen, one for the first second of
 * connecting, one for a key that will expire. */
static void
update_timers (BobbinConversation          *self,
               const BobbinConnectionFacts *facts)
{
  gboolean mapped = gtk_widget_get_mapped (GTK_WIDGET (self));
  gboolean connecting = facts != NULL && (facts->state == BOBBIN_SESSION_CONNECTING
                                          || facts->state == BOBBIN_SESSION_FALLBACK);

  if (mapped && facts != NULL && bobbin_connection_counts_down (facts))
    {
      if (self->tick_id == 0)
        self->tick_id = bobbin_clock_add (self->clock, 1000, tick_cb, self);
    }
  else if (self->tick_id != 0)
    bobbin_clock_clear (self->clock, &self->tick_id);

  if (self->key_id != 0)
    bobbin_clock_clear (self->clock, &self->key_id);
  if (mapped && facts != NULL && self->key_check_us > 0)
    self->key_id = bobbin_clock_add (self->clock, (guint) MIN (self->key_check_us / 1000, G_MAXINT), key_cb, self);

  if (connecting && mapped)
    {
      if (self->slow_id == 0 && !self->slow)
        self->slow_id = bobbin_clock_add (self->clock, SLOW_MS, slow_cb, self);
    }
  else
    {
      self->slow = FALSE;
      if (self->slow_id != 0)
        bobbin_clock_clear (self->clock, &self->slow_id);
    }
}

static void
update_banner (BobbinConversation          *self,
               const BobbinConnectionFacts *facts)
{
  BobbinBannerKind kind = bobbin_connection_get_banner (facts);

  if (kind != self->dismissed)
    self->dismissed = BOBBIN_BANNER_NONE;
  else
    kind = facts->unencrypted ? BOBBIN_BANNER_UNENCRYPTED : BOBBIN_BANNER_NONE;
  self->shown = kind;
  bobbin_banner_show_connection (self->banner, facts, kind);
}

static void
update_title (BobbinConversation          *self,
              const BobbinConnectionFacts *facts)
{
  BobbinThread *thread = bobbin_session_get_thread (self->session);
  BobbinAccount *account = bobbin_session_get_account (self->session);
  const char *title = bobbin_thread_get_title (thread);
  const char *agent = bobbin_thread_get_agent_name (thread);
  g_autofree char *state = bobbin_connection_dup_state (facts);
  g_autofree char *subtitle = NULL;

  if (agent == NULL && account != NULL)
    agent = bobbin_account_get_name (account);

  /* Where there is room for one of them, what needs attention goes first. */
  if (self->folded && *state != '\0' && (facts->state != BOBBIN_SESSION_IDLE || facts->needs_key))
    subtitle = g_strdup (state);
  else if (agent != NULL && *state != '\0')
    /* Translators: under the title of a conversation: the agent’s name, then the state of the
     * connection. */
    subtitle = g_strdup_printf (C_("agent and connection", "%1$s · %2$s"), agent, state);
  else
    subtitle = g_strdup (agent != NULL ? agent : state);

  adw_window_title_set_title (self->title, title != NULL && *title != '\0' ? title : _("New Conversation"));
  adw_window_title_set_subtitle (self->title, subtitle);
}

static void
update_status (BobbinConversation *self)
{
  BobbinConnectionFacts facts;

  if (self->session == NULL || self->clock == NULL)
    {
      update_timers (self, NULL);
      return;
    }

  read_facts (self, &facts);
  update_timers (self, &facts);
  update_title (self, &facts);
  update_banner (self, &facts);
}

/* Whether the server keeps anything beside the messages of this conversation. */
static gboolean
has_state (BobbinConversation *self)
{
  BobbinAccount *account = bobbin_session_get_account (self->session);

  return account != NULL && bobbin_thread_get_server_id (bobbin_session_get_thread (self->session)) != NULL &&
         (bobbin_registry_get_capabilities (bobbin_account_get_service (account)) & (BOBBIN_CAN_STATE | BOBBIN_CAN_METADATA)) != 0;
}

void
bobbin_conversation_sync (BobbinConversation *self)
{
  g_return_if_fail (BOBBIN_IS_CONVERSATION (self));

  if (self->session != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    bobbin_session_sync (self->session);
}

static void
make_menu_cb (GtkMenuButton *button,
              gpointer       user_data)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (user_data);
  g_autoptr(GMenuModel) menu = NULL;
  g_autoptr(GMenu) look = NULL;
  BobbinCapabilities can;
  BobbinAccount *account;

  if (self->session == NULL)
    return;

  account = bobbin_session_get_account (self->session);
  can = account != NULL ? bobbin_registry_get_capabilities (bobbin_account_get_service (account)) : 0;
  menu = bobbin_thread_menu_new (bobbin_session_get_thread (self->session), BOBBIN_THREAD_MENU_HEADER, can);
  look = g_menu_new ();
  g_menu_append (look, _("_Find…"), "conversation.find");
  g_menu_append (look, _("Ou_tline"), "conversation.outline");
  g_menu_insert_section (G_MENU (menu), 1, NULL, G_MENU_MODEL (look));
  if (has_state (self))
    {
      g_autoptr(GMenu) section = g_menu_new ();

      g_menu_append (section, _("State & _Metadata"), "win.show-thread-state");
      if ((can & BOBBIN_CAN_EDIT_HISTORY) != 0)
        g_menu_append (section, _("Add Message…"), "win.add-message");
      g_menu_append_section (G_MENU (menu), NULL, G_MENU_MODEL (section));
    }
  gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (menu));
}

static void
go_cb (BobbinConversation *self,
       gint64              message_id,
       gint64              block_id,
       guint               offset)
{
  bobbin_transcript_show_place (BOBBIN_TRANSCRIPT (self->transcript), message_id, block_id, offset);
  if (adw_flap_get_folded (ADW_FLAP (self->flap)))
    adw_flap_set_reveal_flap (ADW_FLAP (self->flap), FALSE);
}

static void
make_contents (BobbinConversation *self)
{
  self->transcript = g_object_new (BOBBIN_TYPE_TRANSCRIPT, "vexpand", TRUE, NULL);
  if (self->clock != NULL)
    _bobbin_conversation_fetch_images (self->clock, self->settings, self->transcript);
  self->composer = bobbin_composer_new ();
  g_signal_connect_object (self->transcript, "quote", G_CALLBACK (bobbin_composer_quote), self->composer,
                           G_CONNECT_SWAPPED);
  if (self->settings != NULL)
    _bobbin_conversation_follow_settings (self->settings, self->transcript, self->composer);

  gtk_widget_set_size_request (self->transcript, TEXT_WIDTH, -1);
  self->outline = bobbin_outline_view_new ();
  self->flap = _bobbin_conversation_make_flap (self->transcript, self->composer, self->outline, self->outline_button);
  g_signal_connect_object (self->outline, "go", G_CALLBACK (go_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->box, self->flap);
}

/* Where there is little room the title needs it; the outline is in the menu, and a click on it goes back to the text. */
static void
update_outline_button (BobbinConversation *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->outline_button), self->session != NULL && !self->folded);
}

static void
show_contents (BobbinConversation *self)
{
  gboolean has_session = self->session != NULL;

  if (has_session && self->transcript == NULL)
    make_contents (self);
  if (!has_session && self->empty == NULL)
    {
      self->empty = bobbin_empty_page_new (self->threads);
      gtk_box_append (self->box, self->empty);
    }

  if (self->empty != NULL)
    gtk_widget_set_visible (self->empty, !has_session);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), has_session);
  update_outline_button (self);
  if (self->transcript == NULL)
    return;

  gtk_widget_set_visible (self->flap, has_session);
  bobbin_outline_view_set_session (BOBBIN_OUTLINE_VIEW (self->outline), self->session);
  gtk_widget_set_visible (self->composer, has_session);
  bobbin_transcript_set_session (BOBBIN_TRANSCRIPT (self->transcript), self->session);
  bobbin_composer_set_session (BOBBIN_COMPOSER (self->composer), self->session);
}

void
bobbin_conversation_set_threads (BobbinConversation *self,
                                 GListModel         *threads)
{
  g_return_if_fail (BOBBIN_IS_CONVERSATION (self));
  g_return_if_fail (self->empty == NULL);

  g_set_object (&self->threads, threads);
}

void
bobbin_conversation_set_session (BobbinConversation *self,
                                 BobbinSession      *session)
{
  g_return_if_fail (BOBBIN_IS_CONVERSATION (self));
  g_return_if_fail (session == NULL || BOBBIN_IS_SESSION (session));

  if (self->session == session && (session != NULL || self->empty != NULL))
    return;

  g_set_object (&self->session, session);
  self->slow = FALSE;
  self->dismissed = BOBBIN_BANNER_NONE;
  if (self->slow_id != 0)
    bobbin_clock_clear (self->clock, &self->slow_id);

  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->thread_signals, session != NULL ? bobbin_session_get_thread (session) : NULL);
  g_signal_group_set_target (self->account_signals, session != NULL ? bobbin_session_get_account (session) : NULL);

  show_contents (self);
  if (session == NULL)
    {
      adw_window_title_set_title (self->title, "");
      adw_window_title_set_subtitle (self->title, "");
      bobbin_banner_hide (self->banner);
    }
  update_status (self);
  bobbin_conversation_sync (self);

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static void
try_now_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (widget);

  if (self->session != NULL)
    bobbin_session_try_now (self->session);
}

static void
send_context_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (widget);

  if (self->session != NULL)
    bobbin_session_send_context (self->session, TRUE);
}

static void
dismiss_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (widget);

  if (self->session == NULL)
    return;

  if (self->shown == BOBBIN_BANNER_CONTEXT)
    bobbin_session_send_context (self->session, FALSE);
  self->dismissed = self->shown;
  update_status (self);
}

static void
outline_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (widget);
  gboolean show = !gtk_toggle_button_get_active (self->outline_button);

  BobbinOutlineView *outline = BOBBIN_OUTLINE_VIEW (self->outline);

  if (self->session == NULL)
    return;

  if (!show && !bobbin_outline_view_return_focus (outline))
    gtk_widget_child_focus (self->transcript, GTK_DIR_TAB_FORWARD);
  gtk_toggle_button_set_active (self->outline_button, show);
  if (show)
    bobbin_outline_view_take_focus (outline);
}

static void
find_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (widget);

  if (self->session != NULL)
    bobbin_transcript_find (BOBBIN_TRANSCRIPT (self->transcript));
}

static void
focus_composer_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  bobbin_conversation_grab_composer (BOBBIN_CONVERSATION (widget));
}

static void
bobbin_conversation_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_conversation_parent_class)->map (widget);
  update_status (BOBBIN_CONVERSATION (widget));
  bobbin_conversation_sync (BOBBIN_CONVERSATION (widget));
}

static void
bobbin_conversation_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_conversation_parent_class)->unmap (widget);
  update_timers (BOBBIN_CONVERSATION (widget), NULL);
}

static void
bobbin_conversation_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    case PROP_SETTINGS:
      g_value_set_object (value, self->settings);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_conversation_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      bobbin_conversation_set_session (self, g_value_get_object (value));
      break;
    case PROP_CLOCK:
      g_set_object (&self->clock, g_value_get_object (value));
      break;
    case PROP_SETTINGS:
      g_set_object (&self->settings, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_conversation_dispose (GObject *object)
{
  BobbinConversation *self = BOBBIN_CONVERSATION (object);

  update_timers (self, NULL);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->thread_signals);
  g_clear_object (&self->account_signals);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_CONVERSATION);
  self->transcript = self->flap = self->outline = NULL;
  self->composer = NULL;
  self->empty = NULL;
  g_clear_object (&self->settings);
  g_clear_object (&self->threads);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (bobbin_conversation_parent_class)->dispose (object);
}

static void
bobbin_conversation_class_init (BobbinConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bobbin_conversation_get_property;
  object_class->set_property = bobbin_conversation_set_property;
  object_class->dispose = bobbin_conversation_dispose;
  widget_class->map = bobbin_conversation_map;
  widget_class->unmap = bobbin_conversation_unmap;

  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, BOBBIN_TYPE_SESSION, flags);
  props[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, BOBBIN_TYPE_CLOCK, flags);
  props[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, G_TYPE_SETTINGS, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (BOBBIN_TYPE_BANNER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "bobbinconversation");
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-conversation.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, header);
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, back);
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, menu_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, outline_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, notice_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinConversation, banner);

  gtk_widget_class_install_action (widget_class, "conversation.try-now", NULL, try_now_cb);
  gtk_widget_class_install_action (widget_class, "conversation.send-context", NULL, send_context_cb);
  gtk_widget_class_install_action (widget_class, "conversation.dismiss", NULL, dismiss_cb);
  gtk_widget_class_install_action (widget_class, "conversation.outline", NULL, outline_cb);
  gtk_widget_class_install_action (widget_class, "conversation.focus-composer", NULL, focus_composer_cb);
  gtk_widget_class_install_action (widget_class, "conversation.find", NULL, find_cb);
}

static GSignalGroup *
follow_notify (BobbinConversation *self,
               GType               type)
{
  GSignalGroup *group = g_signal_group_new (type);

  g_signal_group_connect_swapped (group, "notify", G_CALLBACK (update_status), self);

  return group;
}

/* Wherever in the window the keyboard is. */
static void
add_shortcuts (BobbinConversation *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("F8"),
                                                          gtk_named_action_new ("conversation.outline")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
bobbin_conversation_init (BobbinConversation *self)
{
  self->session_signals = follow_notify (self, BOBBIN_TYPE_SESSION);
  self->thread_signals = follow_notify (self, BOBBIN_TYPE_THREAD);
  self->account_signals = follow_notify (self, BOBBIN_TYPE_ACCOUNT);

  gtk_widget_init_template (GTK_WIDGET (self));
  bobbin_fit_title (self->title);
  add_shortcuts (self);
  gtk_menu_button_set_create_popup_func (self->menu_button, make_menu_cb, self, NULL);
}

BobbinSession *
bobbin_conversation_get_session (BobbinConversation *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONVERSATION (self), NULL);

  return self->session;
}

void
bobbin_conversation_set_alone (BobbinConversation *self,
                               gboolean            folded,
                               gboolean            alone)
{
  g_return_if_fail (BOBBIN_IS_CONVERSATION (self));

  self->folded = folded;
  gtk_widget_set_visible (self->back, folded);
  update_outline_button (self);
  update_status (self);
  adw_header_bar_set_show_start_title_buttons (self->header, folded || alone);
}

BobbinBanner *
bobbin_conversation_get_notice_bar (BobbinConversation *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONVERSATION (self), NULL);

  return self->notice_bar;
}

gboolean
bobbin_conversation_grab_composer (BobbinConversation *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONVERSATION (self), FALSE);

  if (self->session == NULL || self->composer == NULL)
    return FALSE;

  return bobbin_composer_grab_focus (BOBBIN_COMPOSER (self->composer));
}

gboolean
bobbin_conversation_step_pane (BobbinConversation *self,
                               int                 by,
                               gboolean            enter)
{
  GtkWidget *panes[] = { self->transcript, self->composer, self->outline };
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = !enter && root != NULL ? gtk_root_get_focus (root) : NULL;
  int n = gtk_toggle_button_get_active (self->outline_button) ? 3 : 2;
  int at = by > 0 ? -1 : n;

  g_return_val_if_fail (BOBBIN_IS_CONVERSATION (self), FALSE);

  for (int i = 0; i < n && focus != NULL; i++)
    if (panes[i] != NULL && gtk_widget_is_ancestor (focus, panes[i]))
      at = i;
  for (at += by; self->session != NULL && at >= 0 && at < n; at += by)
    if (panes[at] == self->composer ? bobbin_conversation_grab_composer (self)
                                    : gtk_widget_child_focus (panes[at], GTK_DIR_TAB_FORWARD))
      return TRUE;

  return FALSE;
}

void
bobbin_conversation_show_match (BobbinConversation *self,
                                gint64              message_id,
                                gint64              block_id,
                                const char         *text,
                                guint               nth)
{
  g_return_if_fail (BOBBIN_IS_CONVERSATION (self));

  if (self->session == NULL || self->transcript == NULL)
    return;

  bobbin_transcript_show_match (BOBBIN_TRANSCRIPT (self->transcript), message_id, block_id, text, nth);
}

void
bobbin_conversation_add_files (BobbinConversation *self,
                               GSList             *files)
{
  g_return_if_fail (BOBBIN_IS_CONVERSATION (self));

  if (self->session != NULL && self->composer != NULL)
    bobbin_composer_add_files (BOBBIN_COMPOSER (self->composer), files);
}

void
bobbin_conversation_popup_menu (BobbinConversation *self)
{
  g_return_if_fail (BOBBIN_IS_CONVERSATION (self));

  if (self->session != NULL)
    gtk_menu_button_popup (self->menu_button);
}

const char *
bobbin_conversation_get_subtitle (BobbinConversation *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONVERSATION (self), NULL);

  return adw_window_title_get_subtitle (self->title);
}

GtkWidget *
bobbin_conversation_get_header (BobbinConversation *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONVERSATION (self), NULL);

  return GTK_WIDGET (self->header);
}
