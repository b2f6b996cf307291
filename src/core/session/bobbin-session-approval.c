/* Approvals: the question of the server, the decision of the person, and what may go wrong between the two. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include "model/bobbin-rule.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

#define MAX_BEHIND_PROMPT 16 /* messages: notices and other answers of the turn lie between */

#define STOPPED "[{\"type\":\"stopped\"}]"
#define REFUSED "[{\"type\":\"refused\"}]"

static gboolean decide_by_rules (BobbinSession *self, BobbinMessage *message, BobbinBlock *block);

/* Announced once it is in the database: the person may answer it after a crash. */
static void
approval_saved (BobbinSession *self,
                BobbinMessage *message,
                gboolean       saved)
{
  if (self->library == NULL || self->closed)
    return;

  for (guint i = bobbin_message_get_n_blocks (message); i-- > 0;)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL)
        {
          if (bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN && !(saved && decide_by_rules (self, message, block)))
            _bobbin_library_approval_waiting (self->library, self, message, block);
          return;
        }
    }
}

static gboolean
is_same_question (BobbinBlock *block,
                  BobbinEvent *event)
{
  return bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL &&
         bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN &&
         g_strcmp0 (bobbin_block_get_text (block), event->text != NULL ? event->text : "") == 0 &&
         g_strcmp0 (bobbin_block_get_name (block), event->name) == 0 &&
         g_strcmp0 (bobbin_block_get_data (block), event->data) == 0;
}

/* The person ended the turn: there is nothing to answer any more. A pause that messages answer may still be there on the server. */
static void
stop_card (BobbinBlock *block)
{
  if (bobbin_block_get_result (block) == NULL && !g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_TEXT))
    bobbin_block_set_result (block, STOPPED);
}

void
_bobbin_session_approval_event (BobbinSession *self,
                                BobbinEvent   *event)
{
  BobbinLiveBlock *live;

  _bobbin_session_take_thread_id (self, event->thread_id, FALSE);
  if (!_bobbin_session_need_run (self))
    return;

  /* Told twice: one card. */
  for (guint i = 0; i < self->run->live->len; i++)
    if (is_same_question (((BobbinLiveBlock *) self->run->live->pdata[i])->block, event))
      return;

  live = _bobbin_session_add_block (self, event, BOBBIN_BLOCK_APPROVAL);
  if (live == NULL)
    return;

  if (self->state == BOBBIN_SESSION_STOPPING)
    {
      stop_card (live->block);
      bobbin_block_set_state (live->block, BOBBIN_BLOCK_EXPIRED);
      return;
    }

  live->in_store = TRUE;
  live->whole = FALSE;
  live->stored = bobbin_block_get_length (live->block);
  _bobbin_session_flush_run (self);
  _bobbin_session_save_block (self, self->run->answer, live->block, approval_saved);
  if (self->state != BOBBIN_SESSION_APPROVAL)
    _bobbin_session_set_state (self, BOBBIN_SESSION_APPROVAL);
}

/* @stopped: by the person. */
void
_bobbin_session_expire_approvals (BobbinSession *self,
                                  BobbinMessage *message,
                                  gboolean       stopped)
{
  if (message == NULL)
    return;

  for (guint i = bobbin_message_get_n_blocks (message); i-- > 0;)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);
      gboolean undecided = bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN ||
                           (self->run != NULL && block == self->run->deciding);

      if (bobbin_block_get_kind (block) != BOBBIN_BLOCK_APPROVAL || !undecided)
        continue;
      if (stopped)
        stop_card (block);
      bobbin_block_set_state (block, BOBBIN_BLOCK_EXPIRED);
      _bobbin_session_save_block (self, message, block, NULL);
    }
}

/* Pauses that a message answers: the turn ends with the question, which stays open until the next message. */

static gboolean
is_open_pause (BobbinBlock *block)
{
  return bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL && bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN &&
         g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_TEXT);
}

gboolean
_bobbin_session_note_pause (BobbinSession *self,
                            BobbinDelivery how)
{
  BobbinMessage *answer = self->run->answer;

  if (how != BOBBIN_DELIVERY_COMPLETE || answer == NULL || g_strcmp0 (self->run->stop_reason, BOBBIN_STOP_PAUSED) != 0)
    return FALSE;

  for (guint i = bobbin_message_get_n_blocks (answer); i-- > 0;)
    {
      BobbinBlock *block = bobbin_message_get_block (answer, i);

      if (bobbin_block_get_kind (block) != BOBBIN_BLOCK_APPROVAL ||
          !g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_TEXT) || bobbin_block_get_result (block) != NULL)
        continue;
      bobbin_block_set_state (block, BOBBIN_BLOCK_OPEN);
      return TRUE;
    }

  return FALSE;
}

static void
close_pause (BobbinSession *self,
             BobbinMessage *message,
             BobbinBlock   *block,
             const char    *type,
             const char    *text)
{
  g_autoptr(GString) result = g_string_new ("[{\"type\":");

  bobbin_json_append_string (result, type);
  if (text != NULL)
    {
      g_string_append (result, ",\"arguments\":");
      bobbin_json_append_string (result, text);
    }
  g_string_append (result, "}]");
  bobbin_block_set_result (block, result->str);
  bobbin_block_set_finished_us (block, bobbin_clock_now_us (self->clock));
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  _bobbin_session_save_block (self, message, block, NULL);
}

void
_bobbin_session_answer_pauses (BobbinSession *self,
                               const char    *text)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i-- > 0;)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);

      if (bobbin_message_get_role (message) != BOBBIN_ROLE_ASSISTANT)
        continue;
      for (guint j = bobbin_message_get_n_blocks (message); j-- > 0;)
        if (is_open_pause (bobbin_message_get_block (message, j)))
          close_pause (self, message, bobbin_message_get_block (message, j), "text", text);
      return;
    }
}

void
bobbin_session_answer_pause (BobbinSession *self,
                             BobbinMessage *message,
                             BobbinBlock   *pause,
                             const char    *text)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));
  g_return_if_fail (BOBBIN_IS_BLOCK (pause));

  if (self->closed || bobbin_block_get_kind (pause) != BOBBIN_BLOCK_APPROVAL)
    return;

  if (text != NULL)
    {
      /* Put away or not, it is answered now. */
      bobbin_block_set_state (pause, BOBBIN_BLOCK_OPEN);
      _bobbin_session_send_text (self, text);
      return;
    }
  if (!is_open_pause (pause))
    return;

  close_pause (self, message, pause, "leave", NULL);
  bobbin_thread_set_stored_activity (self->thread, BOBBIN_ACTIVITY_NONE);
  _bobbin_session_save_thread (self);
}

/* Deciding */

/* @rules: (nullable): those that decided, one for each. */
static char *
dup_result (GArray    *decisions,
            GPtrArray *rules)
{
  static const char *const nicks[] = {
    [BOBBIN_DECISION_APPROVE] = "approve",
    [BOBBIN_DECISION_REJECT] = "reject",
    [BOBBIN_DECISION_EDIT] = "edit",
    [BOBBIN_DECISION_OUTPUT] = "output",
  };
  g_autoptr(GString) text = g_string_new ("[");

  for (guint i = 0; i < decisions->len; i++)
    {
      const BobbinDecision *decision = &g_array_index (decisions, BobbinDecision, i);

      g_string_append_printf (text, "%s{\"type\":\"%s\"", i > 0 ? "," : "", nicks[decision->type]);
      if (decision->arguments != NULL)
        {
          g_string_append (text, ",\"arguments\":");
          bobbin_json_append_string (text, decision->arguments);
        }
      if (rules != NULL)
        {
          g_autofree char *id = bobbin_id_to_string (bobbin_rule_get_id (rules->pdata[i]));

          g_string_append_printf (text, ",\"rule\":\"%s\"", id);
        }
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GArray *
copy_decisions (GArray *decisions)
{
  GArray *copy = g_array_sized_new (FALSE, TRUE, sizeof (BobbinDecision), decisions->len);

  g_array_set_clear_func (copy, (GDestroyNotify) bobbin_decision_clear);
  for (guint i = 0; i < decisions->len; i++)
    {
      BobbinDecision decision = g_array_index (decisions, BobbinDecision, i);

      decision.arguments = g_strdup (decision.arguments);
      g_array_append_val (copy, decision);
    }

  return copy;
}

static void
reopen (BobbinSession *self)
{
  BobbinBlock *block = self->run->deciding;

  bobbin_block_set_result (block, NULL);
  bobbin_block_set_finished_us (block, 0);
  bobbin_block_set_state (block, BOBBIN_BLOCK_OPEN);
  _bobbin_session_save_block (self, self->run->answer, block, NULL);
  g_clear_object (&self->run->deciding);
}

/* The decision is on disk: now it may go. */
static void
decision_saved (BobbinSession *self,
                BobbinMessage *message,
                gboolean       saved)
{
  BobbinRun *run = self->run;

  if (self->closed || run == NULL || run->answer != message || run->deciding == NULL || run->decisions == NULL ||
      self->state != BOBBIN_SESSION_SENDING)
    return;

  if (saved)
    {
      g_autoptr(GArray) decisions = g_steal_pointer (&run->decisions);

      run->written = TRUE;
      bobbin_channel_decide (self->channel, run->deciding, decisions);
    }
  else
    {
      g_clear_pointer (&run->decisions, g_array_unref);
      reopen (self);
      _bobbin_session_set_state (self, BOBBIN_SESSION_APPROVAL);
    }
}

/* With a ready channel, in APPROVAL, IDLE or at READY. */
static void
decide_now (BobbinSession *self,
            BobbinBlock   *block,
            GArray        *decisions,
            GPtrArray     *rules)
{
  BobbinRun *run = self->run;
  g_autofree char *result = dup_result (decisions, rules);

  g_set_object (&run->deciding, block);
  g_clear_pointer (&run->decisions, g_array_unref);
  run->decisions = copy_decisions (decisions);
  bobbin_block_set_result (block, result);
  bobbin_block_set_finished_us (block, bobbin_clock_now_us (self->clock));
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  _bobbin_session_set_state (self, BOBBIN_SESSION_SENDING);
  _bobbin_session_save_block (self, run->answer, block, decision_saved);
}

/* The agent a rule is for. */
static const char *
get_agent_id (BobbinSession *self)
{
  const char *agent_id = bobbin_thread_get_agent_id (self->thread);

  return agent_id != NULL ? agent_id : bobbin_account_get_agent_id (self->account);
}

/* Only a card that has just come, on the link it came by, and only when each of its tools is covered: the rest is asked. */
static gboolean
decide_by_rules (BobbinSession *self,
                 BobbinMessage *message,
                 BobbinBlock   *block)
{
  g_autoptr(GPtrArray) rules = NULL;
  g_autoptr(GArray) decisions = NULL;

  if (self->state != BOBBIN_SESSION_APPROVAL || self->run == NULL || self->run->answer != message)
    return FALSE;
  /* a rule says yes; what is asked for words or for a tool's output is the person's */
  if (!g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_TOOLS))
    return FALSE;
  rules = _bobbin_library_cover (self->library, bobbin_account_get_id (self->account), get_agent_id (self),
                                 bobbin_block_get_data (block));
  if (rules == NULL)
    return FALSE;

  decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  for (guint i = 0; i < rules->len; i++)
    g_array_append_val (decisions, ((BobbinDecision) { BOBBIN_DECISION_APPROVE, NULL }));
  _bobbin_library_rules_used (self->library, rules);
  decide_now (self, block, decisions, rules);

  return TRUE;
}

void
bobbin_session_remember_approval (BobbinSession *self,
                                  const char    *tool,
                                  const char    *arguments)
{
  g_autoptr(BobbinRule) rule = NULL;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (tool != NULL);

  if (self->closed || self->library == NULL || *tool == '\0' || (arguments == NULL && !bobbin_rule_may_cover_any (tool)))
    return;

  rule = bobbin_rule_new (0, bobbin_account_get_id (self->account), get_agent_id (self), tool, arguments,
                          bobbin_clock_now_us (self->clock));
  bobbin_library_add_rule (self->library, rule);
}

void
bobbin_session_revoke_rule (BobbinSession *self,
                            gint64         rule_id)
{
  BobbinRule *rule;

  g_return_if_fail (BOBBIN_IS_SESSION (self));

  rule = self->library != NULL ? bobbin_library_find_rule (self->library, rule_id) : NULL;
  if (rule != NULL)
    bobbin_library_revoke_rule (self->library, rule);
}

BobbinRule *
bobbin_session_find_rule (BobbinSession *self,
                          gint64         rule_id)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return self->library != NULL ? bobbin_library_find_rule (self->library, rule_id) : NULL;
}

void
_bobbin_session_drop_pending (BobbinSession *self)
{
  BobbinPendingDecision *pending = g_steal_pointer (&self->pending);

  if (pending == NULL)
    return;

  if (pending->reading != NULL)
    g_cancellable_cancel (pending->reading);
  g_clear_object (&pending->reading);
  g_clear_object (&pending->prompt);
  g_object_unref (pending->message);
  g_object_unref (pending->block);
  g_array_unref (pending->decisions);
  g_free (pending);
}

/* The server knows the card no more, whatever the person decides: it says so, and is not to be answered again. */
static void
refuse_card (BobbinSession *self,
             BobbinMessage *message,
             BobbinBlock   *block)
{
  bobbin_block_set_result (block, REFUSED);
  bobbin_block_set_finished_us (block, bobbin_clock_now_us (self->clock));
  bobbin_block_set_state (block, BOBBIN_BLOCK_EXPIRED);
  _bobbin_session_save_block (self, message, block, NULL);
}

void
_bobbin_session_refuse_pending (BobbinSession *self)
{
  if (self->pending != NULL)
    refuse_card (self, self->pending->message, self->pending->block);
  _bobbin_session_drop_pending (self);
}

/* The prompt that @answer is for: the one before it, when both are here. */
static BobbinMessage *
dup_prompt_of (BobbinSession *self,
               BobbinMessage *answer)
{
  guint position;

  if (!_bobbin_session_find_message (self, answer, &position))
    return NULL;

  while (position-- > 0)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), position);

      if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
        return g_steal_pointer (&message);
    }

  return NULL;
}

static void
prompt_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_messages_finish (BOBBIN_STORE (source), result, &error);
  BobbinMessage *prompt = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* that decision was given up */
  if (page == NULL)
    _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);

  for (guint i = page != NULL ? page->len : 0; i > 0 && prompt == NULL; i--)
    if (bobbin_message_get_role (page->pdata[i - 1]) == BOBBIN_ROLE_USER)
      prompt = page->pdata[i - 1];
  if (prompt != NULL)
    {
      BobbinMessage *shown = _bobbin_session_find_shown (self, bobbin_message_get_id (prompt));

      self->pending->prompt = g_object_ref (shown != NULL ? shown : prompt);
    }
  g_clear_object (&self->pending->reading);
  _bobbin_session_pump (self);
}

/* A card may lie farther back than what is kept here. */
static void
find_prompt (BobbinSession *self)
{
  BobbinPendingDecision *pending = self->pending;

  pending->prompt = dup_prompt_of (self, pending->message);
  if (pending->prompt != NULL || !self->has_older)
    return;

  pending->reading = g_cancellable_new ();
  bobbin_store_list_messages_async (self->store, bobbin_thread_get_id (self->thread), bobbin_message_get_id (pending->message),
                                    MAX_BEHIND_PROMPT, pending->reading, prompt_read_cb, g_object_ref (self));
}

static void
answer_goes_on (BobbinSession *self,
                BobbinMessage *message)
{
  bobbin_message_set_failure (message, NULL);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_ANSWERING);
  _bobbin_session_save_state (self, message, NULL);
}

/* A card whose link was lost is answered on a new one; the answer goes on in the message that holds the card. FALSE: not yet. */
gboolean
_bobbin_session_begin_decision (BobbinSession *self)
{
  g_autoptr(BobbinBlock) block = NULL;
  g_autoptr(GArray) decisions = NULL;

  if (self->pending->reading != NULL)
    return FALSE;

  block = g_object_ref (self->pending->block);
  decisions = g_array_ref (self->pending->decisions);
  self->run = _bobbin_run_new (self, NULL);
  self->run->answer = g_object_ref (self->pending->message);
  self->run->cause = g_steal_pointer (&self->pending->prompt);
  if (self->pager != NULL)
    bobbin_pager_hold (self->pager, self->run->answer, self->run->cause);
  answer_goes_on (self, self->run->answer);
  if (self->run->cause != NULL)
    answer_goes_on (self, self->run->cause);
  _bobbin_session_drop_pending (self);
  decide_now (self, block, decisions, NULL);

  return TRUE;
}

/* The turn was asked for on a link that is lost: an error now is the end of it, and only what passes leaves the card as it was. */
static void
resumed_decision_failed (BobbinSession       *self,
                         const BobbinFailure *failure)
{
  g_autoptr(BobbinBlock) block = g_object_ref (self->run->deciding);

  if (!bobbin_failure_is_transient (failure))
    {
      refuse_card (self, self->run->answer, block);
      g_clear_object (&self->run->deciding);
      return;
    }

  reopen (self);
  bobbin_block_set_state (block, BOBBIN_BLOCK_EXPIRED);
  _bobbin_session_save_block (self, self->run->answer, block, NULL);
}

/* After a decision, an error leaves the card open (nebelus.md, section 14, point 10). FALSE: it ends the run. */
gboolean
_bobbin_session_decision_failed (BobbinSession       *self,
                                 const BobbinFailure *failure)
{
  if (self->run->deciding == NULL || self->state != BOBBIN_SESSION_SENDING)
    return FALSE;
  if (self->run->prompt == NULL && !self->run->accepted)
    {
      resumed_decision_failed (self, failure);
      return FALSE;
    }

  reopen (self);
  _bobbin_session_set_failure (self, failure);
  _bobbin_session_set_state (self, BOBBIN_SESSION_APPROVAL);
  return TRUE;
}

void
bobbin_session_decide (BobbinSession *self,
                       BobbinMessage *message,
                       BobbinBlock   *approval,
                       GArray        *decisions)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));
  g_return_if_fail (BOBBIN_IS_BLOCK (approval));
  g_return_if_fail (bobbin_block_get_kind (approval) == BOBBIN_BLOCK_APPROVAL);
  g_return_if_fail (decisions != NULL && decisions->len > 0);

  if (self->closed || bobbin_block_get_state (approval) == BOBBIN_BLOCK_DONE ||
      bobbin_block_get_result (approval) != NULL || self->pending != NULL)
    return;

  /* STREAMING: there were two questions, and the answer to the first got things going. */
  if ((self->state == BOBBIN_SESSION_APPROVAL || self->state == BOBBIN_SESSION_STREAMING) && self->run->answer == message &&
      bobbin_block_get_state (approval) == BOBBIN_BLOCK_OPEN)
    {
      decide_now (self, approval, decisions, NULL);
      return;
    }

  /* While something else runs it waits. */
  self->pending = g_new0 (BobbinPendingDecision, 1);
  self->pending->message = g_object_ref (message);
  self->pending->block = g_object_ref (approval);
  self->pending->decisions = copy_decisions (decisions);
  find_prompt (self);
  self->asked = TRUE;
  if (self->state == BOBBIN_SESSION_IDLE)
    _bobbin_session_pump (self);
  else
    bobbin_session_try_now (self);
}
