/* The keyboard of the composer: sending, line breaks, earlier prompts. */
#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-composer-private.h"

#include "backend/bobbin-backend.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-message.h"
#include "session/bobbin-session.h"
#include "ui/app/bobbin-failure-text.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* (nullable) (transfer full): which file is over a limit, in words. */
static char *
dup_limit_problem (BobbinComposer *self)
{
  BobbinBackend *backend = bobbin_session_get_backend (self->session);
  const BobbinLimits *limits = backend != NULL ? bobbin_backend_get_limits (backend) : NULL;
  GListModel *attachments = bobbin_draft_get_attachments (self->draft);
  guint n = g_list_model_get_n_items (attachments);
  gint64 total = 0;

  for (guint i = 0; limits != NULL && i < n; i++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (attachments, i);
      const char *name = bobbin_attachment_get_shown_name (attachment);
      g_autofree char *limit = NULL;

      total += bobbin_attachment_get_size (attachment);
      if (limits->file_bytes > 0 && bobbin_attachment_get_size (attachment) > limits->file_bytes)
        {
          limit = bobbin_text_size (limits->file_bytes);
          return g_strdup_printf (_("“%1$s” is larger than %2$s, the most the service takes in one file. Remove it to send the message."),
                                  name, limit);
        }
      if (limits->message_bytes > 0 && total > limits->message_bytes)
        {
          limit = bobbin_text_size (limits->message_bytes);
          return g_strdup_printf (_("With “%1$s” the files are larger than %2$s, the most the service takes in one message. "
                                    "Remove a file to send the message."), name, limit);
        }
    }

  return NULL;
}

void
_bobbin_composer_send (BobbinComposer *self)
{
  g_autofree char *problem = NULL;
  g_autoptr(GError) error = NULL;

  if (self->session == NULL || bobbin_draft_is_empty (self->draft) || bobbin_session_get_n_attaching (self->session) > 0)
    return;

  problem = dup_limit_problem (self);
  _bobbin_composer_clear_offer (self);
  if (problem == NULL && !bobbin_session_send (self->session, &error))
    problem = bobbin_error_dup_sentence (error);
  _bobbin_composer_show_problem (self, problem);
  g_clear_pointer (&self->recalled, g_free);
  self->recall_back = 0;
}

/* (nullable) (transfer full): the prompt written @back prompts ago, 1 the last one. */
static char *
dup_prompt (BobbinComposer *self,
            guint           back)
{
  GListModel *messages = bobbin_session_get_messages (self->session);

  for (guint i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i - 1);

      if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER && --back == 0)
        return bobbin_message_dup_text (message);
    }

  return NULL;
}

static void
set_text (BobbinComposer *self,
          const char     *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter end;

  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_place_cursor (buffer, &end);
}

/* Up in an empty composer shows the last prompt, then the ones before; Down comes back. What was typed is never replaced. */
static gboolean
recall (BobbinComposer *self,
        gboolean        up)
{
  g_autofree char *text = _bobbin_composer_dup_text (self);
  g_autofree char *prompt = NULL;
  guint back;

  if (self->session == NULL || (*text != '\0' && g_strcmp0 (text, self->recalled) != 0))
    return FALSE;
  if (*text == '\0')
    self->recall_back = 0;
  if (!up && self->recall_back == 0)
    return FALSE;

  back = up ? self->recall_back + 1 : self->recall_back - 1;
  prompt = back > 0 ? dup_prompt (self, back) : g_strdup ("");
  if (prompt == NULL)
    return TRUE; /* there is no earlier one: stay */

  self->recall_back = back;
  g_free (self->recalled);
  self->recalled = g_strdup (prompt);
  set_text (self, prompt);

  return TRUE;
}

static gboolean
is_enter (guint keyval)
{
  return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
}

/* Which keys are ours; of these the input method is asked first. */
static gboolean
is_ours (BobbinComposer  *self,
         guint            keyval,
         GdkModifierType  state)
{
  state &= GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;

  if (is_enter (keyval))
    return self->ctrl_enter_sends ? state == GDK_CONTROL_MASK : state == 0 || state == GDK_CONTROL_MASK;

  return (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up || keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down) && state == 0;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                BobbinComposer        *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  if (self->preediting || !is_ours (self, keyval, state))
    return GDK_EVENT_PROPAGATE;

  if (is_enter (keyval))
    {
      if (event != NULL && gtk_text_view_im_context_filter_keypress (self->text_view, event))
        return GDK_EVENT_STOP;
      _bobbin_composer_send (self);
      return GDK_EVENT_STOP;
    }

  return recall (self, keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
preedit_changed_cb (BobbinComposer *self,
                    const char     *preedit)
{
  self->preediting = preedit != NULL && *preedit != '\0';
  if (self->speller != NULL)
    bobbin_speller_set_composing (self->speller, self->preediting);
  _bobbin_composer_update (self);
}

void
_bobbin_composer_init_keys (BobbinComposer *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  /* before the text view, which would break the line; the input method is still asked first, above */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text_view), keys);
  g_signal_connect_object (self->text_view, "preedit-changed", G_CALLBACK (preedit_changed_cb), self, G_CONNECT_SWAPPED);
}
