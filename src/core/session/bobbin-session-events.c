/* Runs: from the events of the channel to messages, their order and their one end. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

static void
live_block_free (gpointer data)
{
  BobbinLiveBlock *live = data;

  g_clear_object (&live->block);
  g_free (live);
}

void
_bobbin_run_free (BobbinRun *run)
{
  g_clear_object (&run->prompt);
  g_clear_object (&run->cause);
  g_clear_object (&run->answer);
  g_clear_object (&run->deciding);
  g_clear_pointer (&run->decisions, g_array_unref);
  g_clear_pointer (&run->by_key, g_hash_table_unref);
  g_clear_pointer (&run->dirty, g_ptr_array_unref);
  g_clear_pointer (&run->live, g_ptr_array_unref);
  g_free (run->stop_reason);
  g_free (run);
}

static gboolean quiet_cb (gpointer user_data);

/* Something of the run happened. One timer that looks at the time of the last event costs less than one set anew at each. */
static void
touch (BobbinSession *self)
{
  self->event_us = bobbin_clock_monotonic_us (self->clock);
  _bobbin_session_set_quiet (self, FALSE);
  if (self->quiet_timer == 0)
    self->quiet_timer = bobbin_clock_add (self->clock, BOBBIN_SESSION_QUIET_MS, quiet_cb, self);
}

static gboolean
quiet_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));
  gint64 silent_ms = (bobbin_clock_monotonic_us (self->clock) - self->event_us) / 1000;

  self->quiet_timer = 0;
  if (self->run == NULL || self->state == BOBBIN_SESSION_APPROVAL)
    return G_SOURCE_REMOVE;

  if (silent_ms < BOBBIN_SESSION_QUIET_MS)
    {
      self->quiet_timer =
        bobbin_clock_add (self->clock, (guint) (BOBBIN_SESSION_QUIET_MS - silent_ms), quiet_cb, self);
    }
  else if (self->run->prompt == NULL && self->run->deciding == NULL && self->state == BOBBIN_SESSION_STREAMING)
    {
      /* Nobody here asked for this turn: it must not block the queue for ever. */
      g_autoptr(BobbinFailure) failure =
        bobbin_failure_new (BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_ACCEPTED, "The server fell silent");

      _bobbin_session_end_run (self, BOBBIN_DELIVERY_INTERRUPTED, failure);
      _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
      _bobbin_session_pump (self);
    }
  else
    {
      _bobbin_session_set_quiet (self, TRUE);
    }

  return G_SOURCE_REMOVE;
}

BobbinRun *
_bobbin_run_new (BobbinSession *self,
                 BobbinMessage *prompt)
{
  BobbinRun *run = g_new0 (BobbinRun, 1);

  run->serial = ++self->last_serial;
  run->prompt = prompt != NULL ? g_object_ref (prompt) : NULL;
  run->live = g_ptr_array_new_with_free_func (live_block_free);
  run->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run->dirty = g_ptr_array_new ();
  touch (self);

  return run;
}

/* Messages in their place */

static gint64
id_at (BobbinSession *self,
       guint          position)
{
  g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), position);

  return message != NULL ? bobbin_message_get_id (message) : 0;
}

/* Messages are ordered by id, here as in the store. What belongs before prompts that were queued meanwhile gets an id in
 * between; ids leave room for that, being times above 20 random bits (bobbin-id.h). 0: a new id, at the end. */
gint64
_bobbin_session_place_after (BobbinSession *self,
                             BobbinMessage *anchor,
                             guint         *ret_position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->messages));
  guint position;

  *ret_position = n_items;
  if (anchor == NULL || !_bobbin_session_find_message (self, anchor, &position))
    return 0;

  for (position++; position < n_items; position++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), position);

      if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
        break;
    }
  if (position == n_items || id_at (self, position) <= id_at (self, position - 1) + 1)
    return 0;

  *ret_position = position;
  return id_at (self, position - 1) + 1;
}

void
_bobbin_session_ensure_answer (BobbinSession *self)
{
  BobbinRun *run = self->run;
  guint position;
  gint64 id;

  if (run->answer != NULL)
    return;

  id = _bobbin_session_place_after (self, run->prompt, &position);
  run->answer = bobbin_message_new (id, BOBBIN_ROLE_ASSISTANT, bobbin_clock_now_us (self->clock));
  bobbin_message_set_delivery (run->answer, BOBBIN_DELIVERY_ANSWERING);
  bobbin_message_set_agent_id (run->answer, bobbin_thread_get_agent_id (self->thread));
  bobbin_message_set_agent_name (run->answer, bobbin_thread_get_agent_name (self->thread));
  _bobbin_session_save_message (self, run->answer, NULL);
  g_list_store_insert (self->messages, position, run->answer);
  if (run->prompt != NULL && bobbin_message_get_delivery (run->prompt) != BOBBIN_DELIVERY_ANSWERING)
    {
      bobbin_message_set_delivery (run->prompt, BOBBIN_DELIVERY_ANSWERING);
      _bobbin_session_save_state (self, run->prompt, NULL);
    }
}

/* The server has it: from here on nothing sends it again but the person. */
void
_bobbin_session_accepted (BobbinSession *self)
{
  BobbinRun *run = self->run;

  if (self->state == BOBBIN_SESSION_SENDING)
    _bobbin_session_set_state (self, BOBBIN_SESSION_STREAMING);
  g_clear_object (&run->deciding);
  _bobbin_session_set_failure (self, NULL);
  if (run->accepted)
    return;

  run->accepted = TRUE;
  self->fell_back = FALSE;
  self->tries = self->rate_waits = self->busy_refusals = 0;
  bobbin_account_set_needs_key (self->account, FALSE);
  if (self->abandoned)
    _bobbin_session_commit_new_thread (self, NULL);
  if (run->prompt != NULL)
    {
      bobbin_message_set_delivery (run->prompt, BOBBIN_DELIVERY_ACCEPTED);
      _bobbin_session_save_state (self, run->prompt, NULL);
    }
  if (run->context)
    _bobbin_session_context_sent (self);
}

/* An event of a turn came: there is a run now, be it one nobody here asked for. FALSE: the event belongs to nothing. */
gboolean
_bobbin_session_need_run (BobbinSession *self)
{
  if (self->run == NULL && self->state != BOBBIN_SESSION_IDLE)
    return FALSE;

  if (self->run == NULL)
    {
      self->run = _bobbin_run_new (self, NULL);
      self->run->written = self->run->accepted = TRUE;
      _bobbin_session_set_state (self, BOBBIN_SESSION_STREAMING);
    }
  else if (self->run->prompt != NULL && !self->run->written)
    {
      /* We wrote nothing yet: this is left from something else. */
      return FALSE;
    }

  _bobbin_session_accepted (self);
  return TRUE;
}

/* The end of a run */

static void
announce (BobbinSession *self,
          BobbinMessage *message)
{
  if (self->library != NULL && !self->closed)
    _bobbin_library_turn_ended (self->library, self, message);
}

static void
prompt_ended (BobbinSession *self,
              BobbinMessage *message,
              gboolean       saved)
{
  g_object_thaw_notify (G_OBJECT (message));
}

void
_bobbin_session_end_saved (BobbinSession *self,
                           BobbinMessage *message,
                           gboolean       saved)
{
  g_object_thaw_notify (G_OBJECT (message));
  announce (self, message);
}

/* Notifications wait for the database, so that nobody acts on an end that a crash could undo. */
static void
finish_message (BobbinSession       *self,
                BobbinMessage       *message,
                BobbinDelivery       how,
                const BobbinFailure *failure)
{
  g_object_freeze_notify (G_OBJECT (message));
  bobbin_message_set_failure (message, failure);
  bobbin_message_set_delivery (message, how);
  bobbin_message_set_finished_us (message, bobbin_clock_now_us (self->clock));
}

static void
update_thread (BobbinSession *self,
               BobbinRun     *run,
               BobbinDelivery how)
{
  gboolean went_wrong = how == BOBBIN_DELIVERY_FAILED || how == BOBBIN_DELIVERY_INTERRUPTED;

  bobbin_thread_set_stored_activity (self->thread, went_wrong ? BOBBIN_ACTIVITY_FAILED : BOBBIN_ACTIVITY_NONE);
  if (run->answer != NULL)
    {
      _bobbin_session_take_snippet (self, run->answer);
      bobbin_thread_set_last_used_us (self->thread, bobbin_clock_now_us (self->clock));
      if (!self->closed)
        bobbin_thread_set_unread (self->thread, TRUE);
    }
  _bobbin_session_save_thread (self);
}

/* A file of the prompt is on its way ahead of it. Nothing of the turn itself has happened. */
static void
upload_event (BobbinSession *self,
              BobbinEvent   *event)
{
  guint n_blocks = self->run != NULL && self->run->prompt != NULL ? bobbin_message_get_n_blocks (self->run->prompt) : 0;

  for (guint i = 0; i < n_blocks; i++)
    {
      BobbinBlock *block = bobbin_message_get_block (self->run->prompt, i);

      if (event->attachment != NULL && bobbin_block_get_attachment (block) == event->attachment)
        bobbin_block_set_progress (block, event->done_bytes < event->total_bytes
                                          ? (double) event->done_bytes / (double) event->total_bytes : -1);
    }
}

static void
end_uploads (BobbinMessage *prompt)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (prompt); i++)
    bobbin_block_set_progress (bobbin_message_get_block (prompt, i), -1);
}

/* Ends the run in exactly one way; the caller sets the state. */
void
_bobbin_session_end_run (BobbinSession       *self,
                         BobbinDelivery       how,
                         const BobbinFailure *failure)
{
  BobbinRun *run = self->run;
  gboolean paused;

  g_assert (run != NULL);

  bobbin_clock_clear (self->clock, &self->save_timer);
  bobbin_clock_clear (self->clock, &self->quiet_timer);
  _bobbin_session_set_quiet (self, FALSE);
  _bobbin_session_set_working_text (self, NULL);
  if (run->context && !run->accepted)
    _bobbin_session_arm_context (self, TRUE);
  if (run->answer != NULL)
    _bobbin_session_close_blocks (self, how);
  paused = _bobbin_session_note_pause (self, how);
  g_ptr_array_set_size (run->dirty, 0);

  self->run = NULL;
  g_clear_pointer (&self->last, _bobbin_run_free);
  self->last = run;
  update_thread (self, run, how);
  if (paused)
    bobbin_thread_set_stored_activity (self->thread, BOBBIN_ACTIVITY_APPROVAL);
  if (run->prompt != NULL)
    {
      end_uploads (run->prompt);
      if (how == BOBBIN_DELIVERY_STOPPED && !run->accepted)
        _bobbin_session_drop_uploads (self, run->prompt);
      finish_message (self, run->prompt, how, failure);
      _bobbin_session_save_state (self, run->prompt, run->answer != NULL ? prompt_ended : _bobbin_session_end_saved);
    }
  if (run->cause != NULL)
    {
      finish_message (self, run->cause, how, failure);
      _bobbin_session_save_state (self, run->cause, prompt_ended);
    }
  if (run->answer != NULL)
    {
      finish_message (self, run->answer, how, failure);
      if (run->stop_reason != NULL)
        bobbin_message_set_stop_reason (run->answer, run->stop_reason);
      _bobbin_session_save_end (self, run->answer);
    }
}

/* A server that cannot be stopped goes on; what is said meanwhile would join in its midst. */
static void
outlast (BobbinSession *self)
{
  BobbinRun *run = self->last;

  if (run != NULL && run->prompt != NULL && run->accepted && self->backend != NULL &&
      bobbin_backend_can (self->backend, BOBBIN_CAN_READ_HISTORY) && !bobbin_backend_can (self->backend, BOBBIN_CAN_CANCEL))
    _bobbin_session_reconcile (self, run->prompt);
}

static void
end_and_go_on (BobbinSession       *self,
               BobbinDelivery       how,
               const BobbinFailure *failure)
{
  gboolean stopping = self->state == BOBBIN_SESSION_STOPPING;

  _bobbin_session_end_run (self, how, failure);
  _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
  if (stopping)
    outlast (self);
  _bobbin_session_end_hold (self);
  _bobbin_session_pump (self);
}

/* Events */

static void
merge_usage (BobbinMessage     *message,
             const BobbinEvent *event)
{
  BobbinUsage usage = *bobbin_message_get_usage (message);
  const BobbinUsage *more = &event->usage;

  if (more->input_tokens >= 0)
    usage.input_tokens = more->input_tokens;
  if (more->output_tokens >= 0)
    usage.output_tokens = more->output_tokens;
  if (more->total_tokens >= 0)
    usage.total_tokens = more->total_tokens;
  if (more->total_ms >= 0)
    usage.total_ms = more->total_ms;
  if (more->provider_ms >= 0)
    usage.provider_ms = more->provider_ms;
  if (more->cost >= 0)
    usage.cost = more->cost;
  if (more->currency[0] != '\0')
    memcpy (usage.currency, more->currency, sizeof usage.currency);
  usage.unit_billed |= more->unit_billed;
  bobbin_message_set_usage (message, &usage);
  if (event->model != NULL)
    bobbin_message_set_model (message, event->model);
}

/* nebelus.md, section 5.2: facts come before or after the stop and belong to the latest turn. */
static void
usage_event (BobbinSession *self,
             BobbinEvent   *event)
{
  if (self->run != NULL && self->run->answer != NULL)
    {
      merge_usage (self->run->answer, event);
    }
  else if (self->last != NULL && self->last->answer != NULL)
    {
      merge_usage (self->last->answer, event);
      /* It must not be over in the database before its files are there. */
      if (!g_hash_table_contains (self->ending, self->last->answer))
        _bobbin_session_save_state (self, self->last->answer, NULL);
    }
}

static gboolean
is_other_id (BobbinMessage *message,
             const char    *server_id)
{
  return server_id != NULL && bobbin_message_get_server_id (message) != NULL &&
         g_strcmp0 (bobbin_message_get_server_id (message), server_id) != 0;
}

/* The same answer goes on, unless the server names another one after content came, or an approval lies between. */
static void
next_answer (BobbinSession *self)
{
  BobbinRun *run = self->run;
  g_autoptr(BobbinMessage) answer = NULL;

  _bobbin_session_flush_run (self);
  _bobbin_session_close_blocks (self, BOBBIN_DELIVERY_COMPLETE);
  answer = g_steal_pointer (&run->answer);
  finish_message (self, answer, BOBBIN_DELIVERY_COMPLETE, NULL);
  _bobbin_session_save_message (self, answer, prompt_ended);
  g_hash_table_remove_all (run->by_key);
  g_ptr_array_set_size (run->dirty, 0);
  g_ptr_array_set_size (run->live, 0);
}

/* A start told twice, the second time after the stop. */
static gboolean
is_repeated_start (BobbinSession *self,
                   BobbinEvent   *event)
{
  return self->run == NULL && event->message_id != NULL && self->last != NULL && self->last->answer != NULL &&
         g_strcmp0 (bobbin_message_get_server_id (self->last->answer), event->message_id) == 0;
}

static void
turn_started (BobbinSession *self,
              BobbinEvent   *event)
{
  gboolean decided = self->run != NULL && self->run->deciding != NULL;
  BobbinRun *run;

  _bobbin_session_take_thread_id (self, event->thread_id, self->run != NULL && !self->run->accepted);
  if (is_repeated_start (self, event) || !_bobbin_session_need_run (self))
    return;

  run = self->run;
  if (self->state == BOBBIN_SESSION_APPROVAL)
    {
      /* The question was answered elsewhere, or given up. */
      _bobbin_session_expire_approvals (self, run->answer, FALSE);
      _bobbin_session_set_state (self, BOBBIN_SESSION_STREAMING);
      decided = TRUE;
    }
  if (run->answer != NULL && bobbin_message_get_n_blocks (run->answer) > 0 &&
      (decided || is_other_id (run->answer, event->message_id)))
    next_answer (self);
  _bobbin_session_ensure_answer (self);
  if (event->message_id != NULL)
    bobbin_message_set_server_id (run->answer, event->message_id);
  if (event->model != NULL)
    bobbin_message_set_model (run->answer, event->model);
}

static gboolean
is_cancelled (const char *reason)
{
  return g_strcmp0 (reason, "cancelled") == 0 || g_strcmp0 (reason, "canceled") == 0;
}

/* With services whose pause is answered by the next message: the turn is over, the question stays open. */
static gboolean
is_paused (const char *reason)
{
  return g_strcmp0 (reason, BOBBIN_STOP_PAUSED) == 0;
}

/* A second stop of the turn before must not end the one that was just sent. */
static gboolean
is_stale_stop (BobbinSession *self,
               BobbinEvent   *event)
{
  return !self->run->accepted && event->message_id != NULL && self->last != NULL && self->last->answer != NULL &&
         g_strcmp0 (bobbin_message_get_server_id (self->last->answer), event->message_id) == 0;
}

static void
note_stop (BobbinRun   *run,
           BobbinEvent *event)
{
  if (run->answer != NULL)
    {
      merge_usage (run->answer, event);
      if (event->message_id != NULL)
        bobbin_message_set_server_id (run->answer, event->message_id);
    }
  if (run->prompt != NULL && event->user_message_id != NULL)
    bobbin_message_set_server_id (run->prompt, event->user_message_id);
  if (event->text != NULL)
    {
      g_free (run->stop_reason);
      run->stop_reason = g_strdup (event->text);
    }
}

static void
turn_stopped (BobbinSession *self,
              BobbinEvent   *event)
{
  gboolean stopping = self->state == BOBBIN_SESSION_STOPPING;
  const char *reason;

  if (self->run == NULL)
    {
      /* The end of the turn that made the server say "busy". */
      usage_event (self, event);
      _bobbin_session_end_hold (self);
      _bobbin_session_pump (self);
      return;
    }
  if ((self->run->prompt != NULL && !self->run->written) || is_stale_stop (self, event))
    return;

  if (!stopping)
    _bobbin_session_accepted (self);
  note_stop (self->run, event);
  reason = self->run->stop_reason;
  /* nebelus.md, section 3.1: in Approval a stop changes nothing, the card stays live. */
  if (self->state == BOBBIN_SESSION_APPROVAL && !is_cancelled (reason) && !is_paused (reason))
    return;

  if (stopping && (reason == NULL || is_cancelled (reason)))
    end_and_go_on (self, BOBBIN_DELIVERY_STOPPED, NULL);
  else if (is_cancelled (reason))
    end_and_go_on (self, BOBBIN_DELIVERY_STOPPED, NULL);
  else
    {
      _bobbin_session_ensure_answer (self);
      note_stop (self->run, event);
      end_and_go_on (self, BOBBIN_DELIVERY_COMPLETE, NULL);
    }
}

static void
failed_event (BobbinSession *self,
              BobbinEvent   *event)
{
  g_autoptr(BobbinFailure) failure = _bobbin_session_dup_failure (self, event);

  if (self->run == NULL)
    {
      _bobbin_session_set_failure (self, failure);
      return;
    }
  if (_bobbin_session_decision_failed (self, failure))
    return;

  if (self->state == BOBBIN_SESSION_STOPPING)
    {
      end_and_go_on (self, BOBBIN_DELIVERY_STOPPED, NULL);
    }
  else if (!_bobbin_session_is_unsent (self, failure) || _bobbin_session_is_about_message (failure))
    {
      end_and_go_on (self, BOBBIN_DELIVERY_FAILED, failure);
    }
  else if (failure->code == BOBBIN_ERROR_BUSY)
    {
      _bobbin_session_requeue (self, failure);
      _bobbin_session_wait_busy (self, failure);
    }
  else if (failure->code == BOBBIN_ERROR_RATE_LIMITED && !bobbin_backend_can (self->backend, BOBBIN_CAN_REPEAT_LIMITED))
    {
      /* The person sends it again; the wait is shown, and the queue waits with it. */
      _bobbin_session_end_run (self, BOBBIN_DELIVERY_FAILED, failure);
      _bobbin_session_link_limited (self, failure);
    }
  else
    {
      _bobbin_session_requeue (self, failure);
      _bobbin_session_link_lost (self, failure, TRUE);
    }
}

static void
closed_event (BobbinSession *self,
              BobbinEvent   *event)
{
  g_autoptr(BobbinFailure) failure = _bobbin_session_dup_failure (self, event);
  gboolean again = self->live;

  if (self->state == BOBBIN_SESSION_STOPPING)
    {
      _bobbin_session_end_run (self, BOBBIN_DELIVERY_STOPPED, NULL);
      _bobbin_session_drop_link (self);
      _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
      _bobbin_session_pump (self);
      return;
    }

  if (self->run != NULL)
    {
      again = TRUE;
      if (_bobbin_session_is_unsent (self, failure) && (!_bobbin_session_is_about_message (failure) || !self->run->written))
        _bobbin_session_requeue (self, failure);
      else
        _bobbin_session_end_run (self, _bobbin_session_is_about_message (failure) && failure->code != BOBBIN_ERROR_INTERRUPTED
                                         ? BOBBIN_DELIVERY_FAILED : BOBBIN_DELIVERY_INTERRUPTED, failure);
    }
  _bobbin_session_link_lost (self, failure, again);
}

/* The run belongs to nothing if none is there; DONE after a stop is the ordinary end of a stream. */
static void
done_event (BobbinSession *self,
            BobbinEvent   *event)
{
  g_autoptr(BobbinFailure) failure = NULL;

  if (self->run == NULL || !self->run->written || self->state == BOBBIN_SESSION_APPROVAL)
    return;
  if (self->run->accepted)
    {
      turn_stopped (self, event);
      return;
    }

  failure = bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, "The server ended the answer before it began");
  if (self->state == BOBBIN_SESSION_STOPPING)
    end_and_go_on (self, BOBBIN_DELIVERY_STOPPED, NULL);
  else
    end_and_go_on (self, BOBBIN_DELIVERY_FAILED, failure);
}

static void
ready_event (BobbinSession *self,
             BobbinEvent   *event)
{
  if (event->agent_id != NULL && bobbin_thread_get_agent_id (self->thread) == NULL)
    bobbin_thread_set_agent_id (self->thread, event->agent_id);
  if (event->name != NULL && *event->name != '\0')
    bobbin_thread_set_agent_name (self->thread, event->name);
  _bobbin_session_link_ready (self, event);
  /* After it was seen which thread this is: a new one does not name the conversation. */
  if (event->text != NULL && *event->text != '\0')
    bobbin_thread_set_title (self->thread, event->text, BOBBIN_TITLE_SERVER);
  if (_bobbin_library_ensure_thread (self->library, self->thread, FALSE))
    _bobbin_session_save_thread (self);
}

void
_bobbin_session_event (BobbinSession *self,
                       BobbinEvent   *event)
{
  if (self->run != NULL && event->type != BOBBIN_EVENT_PONG && event->type != BOBBIN_EVENT_NONE)
    touch (self);

  switch (event->type)
    {
    case BOBBIN_EVENT_READY:
      ready_event (self, event);
      break;
    case BOBBIN_EVENT_THREAD_ID:
      _bobbin_session_take_thread_id (self, event->thread_id, self->run != NULL && !self->run->accepted);
      break;
    case BOBBIN_EVENT_TITLE:
      if (event->text != NULL && *event->text != '\0' &&
          bobbin_thread_set_title (self->thread, event->text, BOBBIN_TITLE_SERVER))
        _bobbin_session_save_thread (self);
      break;
    case BOBBIN_EVENT_UPLOAD:
      upload_event (self, event);
      break;
    case BOBBIN_EVENT_ACCEPTED:
      if (self->run != NULL && self->run->written)
        _bobbin_session_accepted (self);
      if (self->run != NULL && self->run->prompt != NULL && self->run->written && event->message_id != NULL)
        bobbin_message_set_server_id (self->run->prompt, event->message_id);
      break;
    case BOBBIN_EVENT_TURN_STARTED:
      turn_started (self, event);
      break;
    case BOBBIN_EVENT_BLOCK:
      _bobbin_session_block_event (self, event);
      break;
    case BOBBIN_EVENT_USAGE:
      usage_event (self, event);
      break;
    case BOBBIN_EVENT_STOP_REASON:
      if (self->run != NULL && self->run->accepted)
        {
          g_free (self->run->stop_reason);
          self->run->stop_reason = g_strdup (event->text);
        }
      break;
    case BOBBIN_EVENT_TURN_STOPPED:
      turn_stopped (self, event);
      break;
    case BOBBIN_EVENT_APPROVAL:
      _bobbin_session_approval_event (self, event);
      break;
    case BOBBIN_EVENT_ACTIVITY:
      if (self->run != NULL)
        _bobbin_session_set_working_text (self, event->text);
      break;
    case BOBBIN_EVENT_FAILED:
      failed_event (self, event);
      break;
    case BOBBIN_EVENT_CLOSED:
      closed_event (self, event);
      break;
    case BOBBIN_EVENT_DONE:
      done_event (self, event);
      break;
    case BOBBIN_EVENT_NONE:
    case BOBBIN_EVENT_CONTEXT: /* asked for by nobody */
    case BOBBIN_EVENT_CANCEL_ACKNOWLEDGED:
    case BOBBIN_EVENT_PONG:
      break;
    case BOBBIN_N_EVENTS:
    default:
      g_debug ("Event of unknown kind %u", event->type);
    }
}
