#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-composer-private.h"

#include "bobbin-attachment-chip.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-draft.h"
#include "session/bobbin-session.h"
#include "ui/app/bobbin-failure-text.h"
#include "ui/app/bobbin-fit.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define TEXT_HEIGHT_MIN 72 /* pixels the text may take in the lowest window */
#define NOTE_HEIGHT_MIN 36 /* pixels of what is said above it there */

enum { PROP_SESSION = 1, PROP_CTRL_ENTER_SENDS, PROP_CHECK_SPELLING, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinComposer, bobbin_composer, GTK_TYPE_WIDGET)

char *
_bobbin_composer_dup_text (BobbinComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
_bobbin_composer_show_problem (BobbinComposer *self,
                               const char     *text)
{
  if (text != NULL)
    {
      gtk_label_set_label (self->problem_label, text);
      bobbin_scroller_set_label (self->problem_scroller, text);
    }
  if (text == NULL)
    _bobbin_composer_take_focus_from (self, self->problem_revealer);
  gtk_revealer_set_reveal_child (self->problem_revealer, text != NULL);
}

/* What the widgets say and offer */

static void
show_or_hide (GtkLabel   *label,
              const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  if (text != NULL)
    gtk_label_set_label (label, text);
}

static void
update_footer (BobbinComposer *self)
{
  guint n_attaching = self->session != NULL ? bobbin_session_get_n_attaching (self->session) : 0;
  guint n_queued = self->session != NULL ? bobbin_session_get_queue_length (self->session) : 0;
  g_autofree char *attaching = NULL;
  g_autofree char *queued = NULL;

  if (n_attaching > 0)
    attaching = g_strdup_printf (ngettext ("Adding %u file…", "Adding %u files…", n_attaching), n_attaching);
  if (n_queued > 0)
    /* Translators: how many messages wait to be sent */
    queued = g_strdup_printf (_("Queued: %u"), n_queued);
  show_or_hide (self->attaching_label, attaching);
  show_or_hide (self->queue_label, queued);
  gtk_widget_set_visible (self->footer, n_attaching > 0 || n_queued > 0);
}

static gboolean
is_answering (BobbinComposer *self)
{
  BobbinSessionState state;

  if (self->session == NULL)
    return FALSE;

  state = bobbin_session_get_state (self->session);
  return state == BOBBIN_SESSION_SENDING || state == BOBBIN_SESSION_STREAMING || state == BOBBIN_SESSION_APPROVAL ||
         state == BOBBIN_SESSION_STOPPING;
}

static const char *
hint_text (BobbinComposer *self)
{
  if (self->session == NULL)
    return _("Choose a conversation to write in");
  if (bobbin_session_get_backend (self->session) == NULL)
    return _("This kind of service is not supported yet");

  return is_answering (self) ? _("Write the next message") : _("Message");
}

void
_bobbin_composer_update (BobbinComposer *self)
{
  BobbinBackend *backend = self->session != NULL ? bobbin_session_get_backend (self->session) : NULL;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  gboolean empty = gtk_text_buffer_get_char_count (buffer) == 0;
  gboolean answering = is_answering (self);
  gboolean stopping = answering && bobbin_session_get_state (self->session) == BOBBIN_SESSION_STOPPING;
  gboolean ready = backend != NULL && !bobbin_draft_is_empty (self->draft) &&
                   bobbin_session_get_n_attaching (self->session) == 0;

  gtk_label_set_label (self->hint_label, hint_text (self));
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), empty && !self->preediting);
  gtk_widget_set_sensitive (GTK_WIDGET (self->text_view), backend != NULL);
  gtk_widget_set_visible (self->attach_button, backend != NULL && bobbin_backend_can (backend, BOBBIN_CAN_ATTACH));
  gtk_widget_set_visible (self->stop_button, answering);
  gtk_widget_set_visible (self->send_button, !answering || ready);
  gtk_widget_set_tooltip_text (self->send_button, answering ? _("Send After This Answer") : _("Send"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "composer.send", ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "composer.stop", answering && !stopping);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "composer.attach", backend != NULL);
  update_footer (self);
}

/* The draft and the text view are kept alike, in both directions */

static void
buffer_changed_cb (BobbinComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *text = NULL;
  int cursor;

  if (self->syncing || self->draft == NULL)
    return;

  text = _bobbin_composer_dup_text (self);
  g_object_get (buffer, "cursor-position", &cursor, NULL);
  self->syncing = TRUE;
  bobbin_draft_set_text (self->draft, text, cursor);
  self->syncing = FALSE;
  if (self->speller == NULL)
    _bobbin_composer_update_spelling (self);
  _bobbin_composer_update (self);
}

static void
take_draft (BobbinComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  const char *text = self->draft != NULL ? bobbin_draft_get_text (self->draft) : "";
  g_autofree char *shown = _bobbin_composer_dup_text (self);

  self->syncing = TRUE;
  if (g_strcmp0 (text, shown) != 0)
    {
      GtkTextIter cursor;

      /* undo must not bring back the text of another thread, nor one that was sent */
      gtk_text_buffer_begin_irreversible_action (buffer);
      gtk_text_buffer_set_text (buffer, text, -1);
      gtk_text_buffer_end_irreversible_action (buffer);
      gtk_text_buffer_get_iter_at_offset (buffer, &cursor, self->draft != NULL ? bobbin_draft_get_cursor (self->draft) : 0);
      gtk_text_buffer_place_cursor (buffer, &cursor);
      gtk_text_view_scroll_mark_onscreen (self->text_view, gtk_text_buffer_get_insert (buffer));
    }
  self->syncing = FALSE;
}

static void
draft_changed_cb (BobbinComposer *self)
{
  if (!self->syncing)
    take_draft (self);
  _bobbin_composer_update (self);
}

/* Attachments */

static void
remove_attachment_cb (BobbinComposer       *self,
                      BobbinAttachmentChip *chip)
{
  bobbin_draft_remove_attachment (self->draft, bobbin_attachment_chip_get_attachment (chip));
  bobbin_composer_grab_focus (self);
}

static GtkWidget *
nth_chip (BobbinComposer *self,
          guint           n)
{
  GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips));

  while (chip != NULL && n-- > 0)
    chip = gtk_widget_get_next_sibling (chip);

  return chip;
}

static void
attachments_changed_cb (BobbinComposer *self,
                        guint           position,
                        guint           n_removed,
                        guint           n_added,
                        GListModel     *attachments)
{
  GtkWidget *before = position > 0 ? nth_chip (self, position - 1) : NULL;
  BobbinBackend *backend = n_added > 0 ? bobbin_session_get_backend (self->session) : NULL;

  for (guint i = 0; i < n_removed; i++)
    gtk_box_remove (self->chips, nth_chip (self, position));
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (attachments, position + i);
      GtkWidget *chip = bobbin_attachment_chip_new (attachment);

      if (backend != NULL && !bobbin_limits_list_type (bobbin_backend_get_limits (backend), bobbin_attachment_get_name (attachment)))
        bobbin_attachment_chip_warn (BOBBIN_ATTACHMENT_CHIP (chip));
      g_signal_connect_object (chip, "remove", G_CALLBACK (remove_attachment_cb), self, G_CONNECT_SWAPPED);
      gtk_box_insert_child_after (self->chips, chip, before);
      before = chip;
    }
  gtk_widget_set_visible (self->chips_scrolled, gtk_widget_get_first_child (GTK_WIDGET (self->chips)) != NULL);
  if (n_added > 0)
    _bobbin_composer_attached (self);
  _bobbin_composer_update (self);
}

static void
refused_cb (BobbinComposer      *self,
            const char          *name,
            const BobbinFailure *failure)
{
  BobbinBackend *backend = bobbin_session_get_backend (self->session);
  g_autofree char *limits =
    backend != NULL && failure->code == BOBBIN_ERROR_TOO_LARGE ? bobbin_limits_dup_sentence (bobbin_backend_get_limits (backend)) : NULL;
  g_autofree char *plain = bobbin_failure_dup_file_sentence (failure, name);
  g_autofree char *sentence = limits != NULL ? g_strdup_printf ("%s %s", plain, limits) : g_steal_pointer (&plain);
  g_autofree char *both = NULL;

  _bobbin_composer_clear_offer (self);
  /* several files may be refused at once: each is named */
  if (gtk_revealer_get_reveal_child (self->problem_revealer))
    both = g_strdup_printf ("%s\n%s", gtk_label_get_label (self->problem_label), sentence);
  _bobbin_composer_show_problem (self, both != NULL ? both : sentence);
}

/* The session */

static void
drop_session (BobbinComposer *self)
{
  guint n = self->draft != NULL ? g_list_model_get_n_items (bobbin_draft_get_attachments (self->draft)) : 0;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->session == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (self->draft, self);
  g_signal_handlers_disconnect_by_data (bobbin_draft_get_attachments (self->draft), self);
  attachments_changed_cb (self, 0, n, 0, bobbin_draft_get_attachments (self->draft));
  g_clear_object (&self->draft);
  g_clear_object (&self->session);
}

void
bobbin_composer_set_session (BobbinComposer *self,
                             BobbinSession  *session)
{
  g_return_if_fail (BOBBIN_IS_COMPOSER (self));
  g_return_if_fail (session == NULL || BOBBIN_IS_SESSION (session));

  if (self->session == session)
    return;

  drop_session (self);
  _bobbin_composer_clear_offer (self);
  _bobbin_composer_show_problem (self, NULL);
  g_clear_pointer (&self->recalled, g_free);
  self->recall_back = 0;

  if (session != NULL)
    {
      GListModel *attachments;

      self->session = g_object_ref (session);
      self->draft = g_object_ref (bobbin_session_get_draft (session));
      attachments = bobbin_draft_get_attachments (self->draft);
      g_signal_connect_object (session, "notify", G_CALLBACK (_bobbin_composer_update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "attachment-refused", G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->draft, "changed", G_CALLBACK (draft_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (attachments, "items-changed", G_CALLBACK (attachments_changed_cb), self, G_CONNECT_SWAPPED);
      attachments_changed_cb (self, 0, 0, g_list_model_get_n_items (attachments), attachments);
    }
  take_draft (self);
  _bobbin_composer_update_spelling (self);
  _bobbin_composer_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

/* A third of the window */

static void
surface_layout_cb (BobbinComposer *self,
                   int             width,
                   int             height)
{
  gtk_scrolled_window_set_max_content_height (self->text_scrolled, MAX (height / 3, TEXT_HEIGHT_MIN));
}

static void
bobbin_composer_realize (GtkWidget *widget)
{
  BobbinComposer *self = BOBBIN_COMPOSER (widget);

  GTK_WIDGET_CLASS (bobbin_composer_parent_class)->realize (widget);

  g_set_object (&self->surface, gtk_native_get_surface (gtk_widget_get_native (widget)));
  g_signal_connect_object (self->surface, "layout", G_CALLBACK (surface_layout_cb), self, G_CONNECT_SWAPPED);
}

static void
bobbin_composer_unrealize (GtkWidget *widget)
{
  BobbinComposer *self = BOBBIN_COMPOSER (widget);

  g_signal_handlers_disconnect_by_data (self->surface, self);
  g_clear_object (&self->surface);

  GTK_WIDGET_CLASS (bobbin_composer_parent_class)->unrealize (widget);
}

/* Actions */

static void
composer_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  BobbinComposer *self = BOBBIN_COMPOSER (widget);

  if (g_str_equal (name, "composer.send"))
    _bobbin_composer_send (self);
  else if (g_str_equal (name, "composer.stop") && self->session != NULL)
    bobbin_session_stop (self->session);
  else if (g_str_equal (name, "composer.attach"))
    _bobbin_composer_choose_files (self);
  else if (g_str_equal (name, "composer.paste-as-file"))
    _bobbin_composer_paste_as_file (self);
  else if (g_str_equal (name, "composer.dismiss-offer"))
    _bobbin_composer_clear_offer (self);
  else if (g_str_equal (name, "composer.dismiss"))
    _bobbin_composer_show_problem (self, NULL);
}

static void
bobbin_composer_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BobbinComposer *self = BOBBIN_COMPOSER (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_CTRL_ENTER_SENDS:
      g_value_set_boolean (value, self->ctrl_enter_sends);
      break;
    case PROP_CHECK_SPELLING:
      g_value_set_boolean (value, self->check_spelling);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_composer_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  BobbinComposer *self = BOBBIN_COMPOSER (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      bobbin_composer_set_session (self, g_value_get_object (value));
      break;
    case PROP_CTRL_ENTER_SENDS:
      bobbin_composer_set_ctrl_enter_sends (self, g_value_get_boolean (value));
      break;
    case PROP_CHECK_SPELLING:
      self->check_spelling = g_value_get_boolean (value);
      _bobbin_composer_update_spelling (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_composer_dispose (GObject *object)
{
  BobbinComposer *self = BOBBIN_COMPOSER (object);

  if (self->text_view != NULL)
    {
      drop_session (self);
      g_clear_object (&self->cancellable);
    }
  if (self->speller != NULL)
    g_signal_handlers_disconnect_by_data (self->speller, self);
  g_clear_object (&self->speller);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_COMPOSER);
  self->text_view = NULL;

  G_OBJECT_CLASS (bobbin_composer_parent_class)->dispose (object);
}

static void
bobbin_composer_finalize (GObject *object)
{
  BobbinComposer *self = BOBBIN_COMPOSER (object);

  g_free (self->recalled);

  G_OBJECT_CLASS (bobbin_composer_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, clamp);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, problem_box);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, problem_close);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, offer_revealer);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, offer_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, keep_text_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, paste_file_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, frame);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, chips_scrolled);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, chips);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, attach_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, text_scrolled);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, hint_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, stop_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, send_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, footer);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, attaching_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinComposer, queue_label);
}

static void
bobbin_composer_class_init (BobbinComposerClass *klass)
{
  static const char *const actions[] = {
    "composer.send", "composer.stop", "composer.attach", "composer.paste-as-file", "composer.dismiss-offer", "composer.dismiss",
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_composer_get_property;
  object_class->set_property = bobbin_composer_set_property;
  object_class->dispose = bobbin_composer_dispose;
  object_class->finalize = bobbin_composer_finalize;
  widget_class->realize = bobbin_composer_realize;
  widget_class->unrealize = bobbin_composer_unrealize;

  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, BOBBIN_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_CTRL_ENTER_SENDS] =
    g_param_spec_boolean ("ctrl-enter-sends", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_CHECK_SPELLING] = g_param_spec_boolean ("check-spelling", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "composer");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-composer.ui");
  bind_children (widget_class);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, composer_action);
}

/* Several files may be refused, each with its sentence: in a low window they are scrolled, and the entry stays. */
static void
make_problem (BobbinComposer *self)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "xalign", 0.0, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  GtkWidget *scroller = bobbin_scroller_new (label, NOTE_HEIGHT_MIN);

  self->problem_label = GTK_LABEL (label);
  self->problem_scroller = BOBBIN_SCROLLER (scroller);
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_box_insert_child_after (GTK_BOX (self->problem_box), scroller, gtk_widget_get_first_child (self->problem_box));
}

static void
bobbin_composer_init (BobbinComposer *self)
{
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  bobbin_fit_button (self->keep_text_button);
  bobbin_fit_button (self->paste_file_button);
  make_problem (self);
  bobbin_fit_revealer (self->problem_revealer);
  bobbin_fit_revealer (self->offer_revealer);
  self->cancellable = g_cancellable_new ();
  buffer = gtk_text_view_get_buffer (self->text_view);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (buffer_changed_cb), self, G_CONNECT_SWAPPED);
  _bobbin_composer_init_keys (self);
  _bobbin_composer_init_files (self);
  _bobbin_composer_update (self);
}

GtkWidget *
bobbin_composer_new (void)
{
  return g_object_new (BOBBIN_TYPE_COMPOSER, NULL);
}

BobbinSession *
bobbin_composer_get_session (BobbinComposer *self)
{
  g_return_val_if_fail (BOBBIN_IS_COMPOSER (self), NULL);

  return self->session;
}

gboolean
bobbin_composer_get_ctrl_enter_sends (BobbinComposer *self)
{
  g_return_val_if_fail (BOBBIN_IS_COMPOSER (self), FALSE);

  return self->ctrl_enter_sends;
}

void
bobbin_composer_set_ctrl_enter_sends (BobbinComposer *self,
                                      gboolean        ctrl_enter_sends)
{
  g_return_if_fail (BOBBIN_IS_COMPOSER (self));

  if (self->ctrl_enter_sends == ctrl_enter_sends)
    return;

  self->ctrl_enter_sends = ctrl_enter_sends;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CTRL_ENTER_SENDS]);
}

gboolean
bobbin_composer_grab_focus (BobbinComposer *self)
{
  g_return_val_if_fail (BOBBIN_IS_COMPOSER (self), FALSE);

  return gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

void
bobbin_composer_quote (BobbinComposer *self,
                       const char     *text)
{
  GtkTextBuffer *buffer;
  GString *quoted;
  g_auto(GStrv) lines = NULL;
  GtkTextIter start;
  GtkTextIter end;

  g_return_if_fail (BOBBIN_IS_COMPOSER (self));

  if (self->session == NULL || text == NULL)
    return;

  buffer = gtk_text_view_get_buffer (self->text_view);
  quoted = g_string_new (NULL);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (quoted, "> %s\n", lines[i]);
  g_string_append_c (quoted, '\n');

  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_insert (buffer, &start, quoted->str, (int) quoted->len);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_place_cursor (buffer, &end);
  g_string_free (quoted, TRUE);
  bobbin_composer_grab_focus (self);
}

void
bobbin_composer_set_width (BobbinComposer *self,
                           int             width)
{
  g_return_if_fail (BOBBIN_IS_COMPOSER (self));

  adw_clamp_set_maximum_size (ADW_CLAMP (self->clamp), width);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (self->clamp), MAX (width - 40, 0));
}
