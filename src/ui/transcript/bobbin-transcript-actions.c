/* Intents of the rows, carried out on the session. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-message-details.h"
#include "bobbin-transcript-private.h"

#include "backend/bobbin-backend.h"
#include "backend/bobbin-channel.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "session/bobbin-session.h"

BobbinMessage *
_bobbin_transcript_find_message (BobbinTranscript *self,
                                 gint64            id,
                                 guint            *ret_position)
{
  BobbinMessage *message = NULL;
  guint position;

  if (self->session == NULL || !bobbin_pager_find (self->pager, id, &position))
    return NULL;

  if (ret_position != NULL)
    *ret_position = position;
  message = bobbin_pager_peek (self->pager, position);

  return message != NULL ? g_object_ref (message) : NULL;
}

/* (nullable) (transfer full): the message of the person that @position is about: itself, or the one it answers. */
static BobbinMessage *
find_prompt (BobbinTranscript *self,
             guint             position)
{
  for (guint i = position + 1; i > 0; i--)
    if (bobbin_pager_is_prompt (self->pager, i - 1))
      {
        BobbinMessage *message = bobbin_pager_peek (self->pager, i - 1);

        return message != NULL ? g_object_ref (message) : NULL;
      }

  return NULL;
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  guint position;
  g_autoptr(BobbinMessage) message = _bobbin_transcript_find_message (self, g_variant_get_int64 (parameter), &position);
  g_autoptr(BobbinMessage) prompt = message != NULL ? find_prompt (self, position) : NULL;

  if (prompt != NULL)
    bobbin_session_retry (self->session, prompt);
}

static void
take_back_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  guint position;
  g_autoptr(BobbinMessage) message = _bobbin_transcript_find_message (self, g_variant_get_int64 (parameter), &position);

  if (message != NULL)
    bobbin_session_unqueue (self->session, message);
}

static void
summed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkWidget) popover = user_data;
  g_autofree BobbinUsageSum *sum = bobbin_store_sum_usage_finish (BOBBIN_STORE (source), result, NULL);

  /* closed meanwhile, it has no parent any more */
  if (sum != NULL && gtk_widget_get_parent (popover) != NULL)
    bobbin_message_details_add_sum (popover, sum);
}

static void
details_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  guint position;
  g_autoptr(BobbinMessage) message = _bobbin_transcript_find_message (self, g_variant_get_int64 (parameter), &position);
  BobbinMessageView *view = message != NULL ? bobbin_column_get_row (self->column, message) : NULL;

  GtkWidget *popover;

  if (view == NULL)
    return;
  popover = bobbin_message_view_show_details (view, bobbin_session_get_transport (self->session));
  if (popover != NULL && bobbin_backend_can (bobbin_session_get_backend (self->session), BOBBIN_CAN_MESSAGE_METADATA))
    bobbin_message_details_add_metadata (popover, message);
  if (popover != NULL)
    bobbin_session_sum_usage (self->session, NULL, summed_cb, g_object_ref (popover));
}

static void
quote_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autofree char *selected = bobbin_column_dup_selected_text (self->column);
  guint position;
  g_autoptr(BobbinMessage) message = _bobbin_transcript_find_message (self, g_variant_get_int64 (parameter), &position);
  g_autofree char *text = NULL;

  if (message == NULL)
    return;

  text = selected != NULL ? g_steal_pointer (&selected) : bobbin_message_dup_text (message);
  g_signal_emit_by_name (self, "quote", text);
}

BobbinBlock *
_bobbin_transcript_find_block (BobbinMessage *message,
                               gint64         id)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    if (bobbin_block_get_id (bobbin_message_get_block (message, i)) == id)
      return bobbin_message_get_block (message, i);

  return NULL;
}

static void
decide_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  g_autoptr(GVariantIter) iter = NULL;
  g_autoptr(BobbinMessage) message = NULL;
  BobbinBlock *block;
  gint64 message_id;
  gint64 block_id;
  const char *arguments;
  guint position;
  int type;

  g_array_set_clear_func (decisions, (GDestroyNotify) (void (*) (void)) bobbin_decision_clear);
  g_variant_get (parameter, "(xxa(is))", &message_id, &block_id, &iter);
  while (g_variant_iter_next (iter, "(i&s)", &type, &arguments))
    {
      gboolean has_text = type == BOBBIN_DECISION_EDIT || type == BOBBIN_DECISION_OUTPUT;
      BobbinDecision decision = { type, has_text ? g_strdup (arguments) : NULL };

      g_array_append_val (decisions, decision);
    }

  message = _bobbin_transcript_find_message (self, message_id, &position);
  block = message != NULL ? _bobbin_transcript_find_block (message, block_id) : NULL;
  if (block != NULL && bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL)
    bobbin_session_decide (self->session, message, block, decisions);
}

static void
remember_approval_action (GtkWidget  *widget,
                          const char *name,
                          GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  const char *tool;
  const char *arguments;

  g_variant_get (parameter, "(&s&s)", &tool, &arguments);
  if (self->session != NULL)
    bobbin_session_remember_approval (self->session, tool, *arguments != '\0' ? arguments : NULL);
}

static void
revoke_rule_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);

  if (self->session != NULL)
    bobbin_session_revoke_rule (self->session, g_variant_get_int64 (parameter));
}

static void
answer_pause_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autoptr(BobbinMessage) message = NULL;
  BobbinBlock *block;
  const char *text;
  gint64 message_id;
  gint64 block_id;
  guint position;

  g_variant_get (parameter, "(xxm&s)", &message_id, &block_id, &text);
  message = _bobbin_transcript_find_message (self, message_id, &position);
  block = message != NULL ? _bobbin_transcript_find_block (message, block_id) : NULL;
  if (block != NULL && bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL)
    bobbin_session_answer_pause (self->session, message, block, text);
}

static void
regenerate_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  guint position;
  g_autoptr(BobbinMessage) message = _bobbin_transcript_find_message (self, g_variant_get_int64 (parameter), &position);
  g_autoptr(BobbinMessage) prompt = message != NULL ? find_prompt (self, position) : NULL;

  if (prompt != NULL && bobbin_session_resend (self->session, prompt, NULL))
    bobbin_column_follow (self->column);
}

static void
resend_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autoptr(BobbinMessage) message = NULL;
  const char *text;
  guint position;
  gint64 id;

  g_variant_get (parameter, "(x&s)", &id, &text);
  message = _bobbin_transcript_find_message (self, id, &position);
  if (message == NULL)
    return;

  if (bobbin_session_resend (self->session, message, text))
    {
      bobbin_column_follow (self->column);
    }
  else
    {
      BobbinMessageView *row = bobbin_column_get_row (self->column, message);

      if (row != NULL)
        bobbin_message_view_edit_text (row, text);
      gtk_widget_error_bell (widget);
    }
}

/* The version stands where the one before stood. */
static void
show_version_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  gint64 id;
  int step;

  g_variant_get (parameter, "(xi)", &id, &step);
  if (self->session == NULL)
    return;

  bobbin_column_hold (self->column);
  bobbin_session_show_version (self->session, id, step);
}

static void
walk_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  _bobbin_transcript_walk (BOBBIN_TRANSCRIPT (widget), g_variant_get_int32 (parameter));
}

static void
jump_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  bobbin_transcript_jump_to_latest (BOBBIN_TRANSCRIPT (widget));
}

void
_bobbin_transcript_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "transcript.retry", "x", retry_action);
  gtk_widget_class_install_action (widget_class, "transcript.take-back", "x", take_back_action);
  gtk_widget_class_install_action (widget_class, "transcript.quote", "x", quote_action);
  gtk_widget_class_install_action (widget_class, "transcript.details", "x", details_action);
  gtk_widget_class_install_action (widget_class, "transcript.decide", "(xxa(is))", decide_action);
  gtk_widget_class_install_action (widget_class, "transcript.remember-approval", "(ss)", remember_approval_action);
  gtk_widget_class_install_action (widget_class, "transcript.revoke-rule", "x", revoke_rule_action);
  gtk_widget_class_install_action (widget_class, "transcript.answer-pause", "(xxms)", answer_pause_action);
  gtk_widget_class_install_action (widget_class, "transcript.jump-to-latest", NULL, jump_action);
  gtk_widget_class_install_action (widget_class, "transcript.walk", "i", walk_action);
  gtk_widget_class_install_action (widget_class, "transcript.regenerate", "x", regenerate_action);
  gtk_widget_class_install_action (widget_class, "transcript.resend", "(xs)", resend_action);
  gtk_widget_class_install_action (widget_class, "transcript.show-version", "(xi)", show_version_action);
}
