#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-transcript-private.h"

#include "model/bobbin-account.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"

#include <glib/gi18n.h>

enum { PROP_SESSION = 1, PROP_FOLLOWING, PROP_N_NEW, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinTranscript, bobbin_transcript, GTK_TYPE_WIDGET)

static void
set_n_new (BobbinTranscript *self,
           guint             n_new)
{
  g_autofree char *label = NULL;

  if (n_new > 0)
    label = g_strdup_printf (ngettext ("%u New Message", "%u New Messages", n_new), n_new);
  else
    label = g_strdup (_("Jump to Latest"));
  gtk_label_set_label (self->jump_label, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->jump_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  if (self->n_new == n_new)
    return;

  self->n_new = n_new;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_NEW]);
}

static void
update_jump (BobbinTranscript *self)
{
  gboolean away = self->session != NULL && !bobbin_column_get_following (self->column);

  gtk_revealer_set_reveal_child (self->jump_revealer, away);
  gtk_widget_set_can_target (GTK_WIDGET (self->jump_revealer), away);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transcript.jump-to-latest", away);
}

/* In a conversation that has not begun: who will answer, and what one may write. */
static void
update_greeting (BobbinTranscript *self)
{
  gboolean empty = self->session != NULL && bobbin_session_get_loaded (self->session) &&
                   g_list_model_get_n_items (bobbin_session_get_messages (self->session)) == 0;
  BobbinAccount *account;
  const char *name;
  gboolean demo;

  gtk_widget_set_visible (self->greeting, empty);
  if (!empty)
    return;

  account = bobbin_session_get_account (self->session);
  name = bobbin_thread_get_agent_name (bobbin_session_get_thread (self->session));
  if ((name == NULL || *name == '\0') && account != NULL)
    name = bobbin_account_get_name (account);
  demo = account != NULL && bobbin_account_get_service (account) == BOBBIN_SERVICE_DEMO;
  gtk_label_set_label (self->greeting_title, name);
  gtk_label_set_label (self->greeting_text,
                       demo ? _("Write “help” to see what it can do, or “show everything” to see it all at once.")
                            : _("Write a message, or drop a file here."));
}

static void
mark_read (BobbinTranscript *self)
{
  if (self->session != NULL && bobbin_column_get_following (self->column) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    bobbin_session_mark_read (self->session);
}

static void
following_cb (BobbinTranscript *self)
{
  if (bobbin_column_get_following (self->column))
    {
      set_n_new (self, 0);
      mark_read (self);
    }
  update_jump (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLLOWING]);
}

/* The very first message is near: the service may know of more. */
static void
near_top_cb (BobbinTranscript *self)
{
  if (self->session != NULL && bobbin_session_get_has_older (self->session) &&
      g_list_model_get_n_items (G_LIST_MODEL (self->pager)) ==
        g_list_model_get_n_items (bobbin_session_get_messages (self->session)))
    bobbin_session_load_older (self->session);
}

/* After each layout. */
static void
moved_cb (BobbinTranscript *self)
{
  _bobbin_transcript_show_wanted (self);
  _bobbin_transcript_show_found (self);
  _bobbin_transcript_update_marks (self);
  _bobbin_transcript_keep_position (self);
}

/* More is known of the thread. */
static void
progress_cb (BobbinTranscript *self)
{
  update_greeting (self);
  _bobbin_transcript_mark_new (self);
  _bobbin_transcript_restore (self);
  _bobbin_transcript_show_wanted (self);
  if (!self->restoring)
    mark_read (self);
}

/* What one writes oneself is always shown; what others write is counted while one reads elsewhere. */
static void
items_changed_cb (BobbinTranscript *self,
                  guint             position,
                  guint             n_removed,
                  guint             n_added)
{
  GListModel *messages = G_LIST_MODEL (self->pager);
  guint n = g_list_model_get_n_items (messages);

  progress_cb (self);
  if (self->finder != NULL)
    bobbin_finder_refresh (self->finder);
  /* what takes the place of others was read again, or is another version: neither is new */
  if (n_added == 0 || n_removed > 0 || position + n_added != n || position == 0)
    return;

  for (guint i = position; i < n; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);

      if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
        bobbin_column_follow (self->column);
      else if (!bobbin_column_get_following (self->column))
        set_n_new (self, self->n_new + 1);
    }
  mark_read (self);
}

static void
can_fork_cb (BobbinTranscript *self)
{
  gboolean can = self->session != NULL && bobbin_session_get_can_fork (self->session);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transcript.regenerate", can);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transcript.show-version", can);
}

static void
quiet_cb (BobbinTranscript *self)
{
  bobbin_column_set_quiet (self->column, bobbin_session_get_quiet (self->session));
}

/* What a queued message waits for is told there as in the list. */
static void
activity_cb (BobbinTranscript *self)
{
  bobbin_column_set_activity (self->column, bobbin_thread_get_live_activity (bobbin_session_get_thread (self->session)));
}

static void
session_signals (BobbinTranscript *self)
{
  g_signal_connect_object (self->pager, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pager, "updated", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  /* an answer that ends under the reader's eyes is read */
  g_signal_connect_object (bobbin_session_get_thread (self->session), "notify::unread", G_CALLBACK (mark_read), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (bobbin_session_get_thread (self->session), "notify::live-activity", G_CALLBACK (activity_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::can-fork", G_CALLBACK (can_fork_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::quiet", G_CALLBACK (quiet_cb), self, G_CONNECT_SWAPPED);
  /* an answer that ends before one's eyes is read */
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (mark_read), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::loaded", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
}

void
bobbin_transcript_set_session (BobbinTranscript *self,
                               BobbinSession    *session)
{
  GListModel *messages = NULL;

  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));
  g_return_if_fail (session == NULL || BOBBIN_IS_SESSION (session));

  if (self->session == session)
    return;

  if (self->session != NULL)
    {
      _bobbin_transcript_keep_position (self);
      bobbin_find_bar_close (self->find_bar);
      if (self->lit_id != 0)
        bobbin_column_set_search (self->column, NULL);
      g_clear_handle_id (&self->lit_id, g_source_remove);
      g_signal_handlers_disconnect_by_data (self->pager, self);
      g_signal_handlers_disconnect_by_data (bobbin_session_get_thread (self->session), self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  g_set_object (&self->session, session);

  self->pager = session != NULL ? bobbin_session_get_pager (session) : NULL;
  if (session != NULL)
    messages = bobbin_session_get_messages (session);
  self->restoring = session != NULL;
  self->wanted_id = 0;
  self->new_after = session != NULL && bobbin_thread_get_unread (bobbin_session_get_thread (session))
                      ? bobbin_thread_get_reading_position (bobbin_session_get_thread (session))->read_id : 0;
  set_n_new (self, 0);
  _bobbin_transcript_update_service (self);
  bobbin_column_set_model (self->column, G_LIST_MODEL (self->pager));
  bobbin_announcer_set_model (self->announcements, messages);
  if (session != NULL)
    {
      session_signals (self);
      quiet_cb (self);
      activity_cb (self);
      progress_cb (self);
    }
  can_fork_cb (self);
  update_greeting (self);
  update_jump (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static void
bobbin_transcript_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_transcript_parent_class)->map (widget);

  mark_read (BOBBIN_TRANSCRIPT (widget));
}

static void
bobbin_transcript_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_FOLLOWING:
      g_value_set_boolean (value, bobbin_column_get_following (self->column));
      break;
    case PROP_N_NEW:
      g_value_set_uint (value, self->n_new);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_transcript_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      bobbin_transcript_set_session (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_transcript_dispose (GObject *object)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (object);

  g_clear_handle_id (&self->lit_id, g_source_remove);
  if (self->column != NULL)
    bobbin_transcript_set_session (self, NULL);
  g_clear_object (&self->announcements);
  g_clear_pointer (&self->wanted_text, g_free);
  g_clear_pointer (&self->fetches, g_hash_table_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_TRANSCRIPT);

  G_OBJECT_CLASS (bobbin_transcript_parent_class)->dispose (object);
}

static void
bobbin_transcript_class_init (BobbinTranscriptClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_transcript_get_property;
  object_class->set_property = bobbin_transcript_set_property;
  object_class->dispose = bobbin_transcript_dispose;
  widget_class->map = bobbin_transcript_map;

  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, BOBBIN_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, TRUE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_N_NEW] = g_param_spec_uint ("n-new", NULL, NULL, 0, G_MAXUINT, 0,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_signal_new ("quote", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_signal_new ("reading", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_INT64,
                G_TYPE_INT64, G_TYPE_UINT);

  g_type_ensure (BOBBIN_TYPE_COLUMN);
  gtk_widget_class_set_css_name (widget_class, "transcript");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-transcript.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, overlay);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, column);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, jump_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, jump_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, announcer);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, greeting);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, greeting_title);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, greeting_text);
  gtk_widget_class_bind_template_callback (widget_class, near_top_cb);
  gtk_widget_class_bind_template_callback (widget_class, moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, following_cb);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, find_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, marks);
  gtk_widget_class_bind_template_child (widget_class, BobbinTranscript, box);
  _bobbin_transcript_install_actions (widget_class);
  _bobbin_transcript_install_remote (widget_class);
  _bobbin_transcript_install_find (widget_class);
}

static void
add_shortcut (GtkEventController *controller,
              const char         *trigger,
              const char         *action,
              GVariant           *arguments)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger), gtk_named_action_new (action));

  if (arguments != NULL)
    gtk_shortcut_set_arguments (shortcut, arguments);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

/* Wherever in the window the keyboard is: mostly in the composer. */
static void
add_shortcuts (BobbinTranscript *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  add_shortcut (controller, "<Alt>Up", "transcript.walk", g_variant_new_int32 (-1));
  add_shortcut (controller, "<Alt>Down", "transcript.walk", g_variant_new_int32 (1));
  add_shortcut (controller, "<Control>f", "transcript.find", NULL);
  add_shortcut (controller, "<Control>g", "transcript.find-step", g_variant_new_int32 (1));
  add_shortcut (controller, "F3", "transcript.find-step", g_variant_new_int32 (1));
  add_shortcut (controller, "<Control><Shift>g", "transcript.find-step", g_variant_new_int32 (-1));
  add_shortcut (controller, "<Shift>F3", "transcript.find-step", g_variant_new_int32 (-1));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
bobbin_transcript_init (BobbinTranscript *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->fetches = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  add_shortcuts (self);
  self->announcements = bobbin_announcer_new (self->announcer);
  update_jump (self);
}

GtkWidget *
bobbin_transcript_new (void)
{
  return g_object_new (BOBBIN_TYPE_TRANSCRIPT, NULL);
}

BobbinSession *
bobbin_transcript_get_session (BobbinTranscript *self)
{
  g_return_val_if_fail (BOBBIN_IS_TRANSCRIPT (self), NULL);

  return self->session;
}

void
bobbin_transcript_jump_to_latest (BobbinTranscript *self)
{
  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));

  bobbin_column_follow (self->column);
}

void
bobbin_transcript_set_chars (BobbinTranscript *self,
                             guint             chars)
{
  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));

  bobbin_column_set_chars (self->column, chars);
}
