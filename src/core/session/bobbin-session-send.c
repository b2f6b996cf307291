/* The outbox: from the draft to the channel, one turn at a time. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include "util/bobbin-json.h"

/* Saving, then sending */

void
_bobbin_session_queued_saved (BobbinSession *self,
                              BobbinMessage *message,
                              gboolean       saved)
{
  g_autoptr(BobbinFailure) failure = NULL;

  if (bobbin_message_get_delivery (message) != BOBBIN_DELIVERY_QUEUED)
    return;

  if (saved)
    bobbin_message_set_failure (message, NULL);
  else if (bobbin_message_get_failure (message) == NULL)
    {
      failure = bobbin_failure_new (BOBBIN_ERROR_STORE, BOBBIN_CERTAINTY_UNSENT,
                                    "The message could not be saved, so it was not sent");
      bobbin_message_set_failure (message, failure);
    }
  _bobbin_session_pump (self);
}

/* The next message that may go: in the database, and first of its kind. */
static BobbinMessage *
sendable (BobbinSession *self)
{
  BobbinMessage *message = g_queue_peek_head (&self->queue);

  if (message == NULL || self->hold || _bobbin_session_is_reconciling (self) || g_hash_table_contains (self->unsaved, message))
    return NULL;

  return message;
}

static char *
dup_turn_text (BobbinSession *self,
               BobbinMessage *message,
               GPtrArray     *attachments)
{
  g_autofree char *text = bobbin_message_dup_text (message);
  g_autoptr(GString) named = NULL;

  if (*text != '\0')
    return g_steal_pointer (&text);

  /* nebelus.md, section 7: a message must not be empty, whatever is attached. */
  named = g_string_new ("Attached: ");
  for (guint i = 0; i < attachments->len; i++)
    g_string_append_printf (named, "%s%s", i > 0 ? ", " : "", bobbin_attachment_get_shown_name (attachments->pdata[i]));

  return g_string_free (g_steal_pointer (&named), FALSE);
}

/* The earlier transcript, for services that take it as messages of the new thread. */
static GPtrArray *
collect_context (BobbinSession *self)
{
  GPtrArray *context = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->messages));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);
      g_autofree char *text = bobbin_message_dup_text (message);

      if (message == self->run->prompt)
        break;
      if (bobbin_message_get_role (message) <= BOBBIN_ROLE_ASSISTANT && *text != '\0' &&
          bobbin_message_get_delivery (message) != BOBBIN_DELIVERY_QUEUED)
        g_ptr_array_add (context, g_object_ref (message));
    }

  return context;
}

static char *
dup_run_options (BobbinSession *self)
{
  g_autoptr(JsonObject) metadata = bobbin_json_parse_object (bobbin_thread_get_metadata (self->thread), -1, NULL);
  JsonObject *options = metadata != NULL ? bobbin_json_get_object (metadata, BOBBIN_THREAD_RUN_OPTIONS) : NULL;

  return options != NULL ? bobbin_json_object_to_text (options, FALSE) : NULL;
}

/* @turn: (transfer full). */
static BobbinTurn *
finish_turn (BobbinSession *self,
             BobbinTurn    *turn)
{
  const char *id = bobbin_message_get_server_id (self->run->prompt);

  turn->options = dup_run_options (self);
  if (id != NULL && bobbin_backend_can (self->backend, BOBBIN_CAN_CHOOSE_MESSAGE_ID))
    {
      g_free (turn->message_id);
      turn->message_id = g_strdup (id);
    }

  return turn;
}

static BobbinTurn *
make_turn (BobbinSession *self)
{
  g_autoptr(GPtrArray) attachments = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = NULL;
  guint n_blocks = bobbin_message_get_n_blocks (self->run->prompt);

  for (guint i = 0; i < n_blocks; i++)
    {
      BobbinAttachment *attachment = bobbin_block_get_attachment (bobbin_message_get_block (self->run->prompt, i));

      if (attachment != NULL)
        g_ptr_array_add (attachments, g_object_ref (attachment));
    }

  text = dup_turn_text (self, self->run->prompt, attachments);
  if (self->context_armed && bobbin_backend_can (self->backend, BOBBIN_CAN_TAKE_CONTEXT))
    {
      BobbinTurn *turn = bobbin_turn_new (text, attachments);

      turn->context = collect_context (self);
      self->run->context = turn->context->len > 0;
      return finish_turn (self, turn);
    }
  if (self->context_armed)
    {
      g_autofree char *context = _bobbin_session_dup_context (self, self->run->prompt);

      self->run->context = context != NULL;
      if (context != NULL)
        {
          g_autofree char *both = g_strconcat (context, text, NULL);

          return finish_turn (self, bobbin_turn_new (both, attachments));
        }
    }

  return finish_turn (self, bobbin_turn_new (text, attachments));
}

typedef struct
{
  BobbinSession *session; /* owned */
  guint          serial;
} SendWait;

static void
sending_saved_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autofree SendWait *wait = user_data;
  g_autoptr(BobbinSession) self = wait->session;
  g_autoptr(GError) error = NULL;
  gboolean saved = bobbin_store_finish (BOBBIN_STORE (source), result, &error);

  if (self->closed || self->run == NULL || self->run->serial != wait->serial || self->run->written)
    return;

  if (saved)
    {
      g_autoptr(BobbinTurn) turn = make_turn (self);

      self->run->written = TRUE;
      bobbin_channel_send (self->channel, turn);
    }
  else
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
      g_autoptr(BobbinMessage) prompt = g_object_ref (self->run->prompt);

      failure->code = BOBBIN_ERROR_STORE;
      _bobbin_session_requeue (self, failure);
      _bobbin_session_store_failed (self, prompt, BOBBIN_UNSAVED_WHOLE, error);
      _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
    }
}

static void
begin_run (BobbinSession *self,
           BobbinMessage *message)
{
  SendWait *wait = g_new0 (SendWait, 1);

  g_queue_pop_head (&self->queue);
  self->run = _bobbin_run_new (self, message);
  bobbin_message_set_failure (message, NULL);
  /* The id is on the disk before it is on the wire: by it the message is found again on the server. */
  if (bobbin_message_get_server_id (message) == NULL && bobbin_backend_can (self->backend, BOBBIN_CAN_CHOOSE_MESSAGE_ID))
    {
      g_autofree char *id = g_uuid_string_random ();

      bobbin_message_set_server_id (message, id);
    }
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_SENDING);
  _bobbin_session_set_state (self, BOBBIN_SESSION_SENDING);

  wait->session = g_object_ref (self);
  wait->serial = self->run->serial;
  bobbin_store_save_message_state_async (self->store, bobbin_thread_get_id (self->thread), message, NULL,
                                         sending_saved_cb, wait);
  g_object_unref (message); /* of the queue; the run has its own */
}

/* From IDLE with a ready channel, or at READY. */
gboolean
_bobbin_session_begin_next (BobbinSession *self)
{
  BobbinMessage *message;

  if (self->pending != NULL)
    return _bobbin_session_begin_decision (self);

  message = sendable (self);
  if (message == NULL)
    return FALSE;

  begin_run (self, message);
  return TRUE;
}

/* Gives the queue what it waits for, if the state allows. */
void
_bobbin_session_pump (BobbinSession *self)
{
  if (self->closed)
    return;

  _bobbin_session_changed (self);
  if (self->state != BOBBIN_SESSION_IDLE || !_bobbin_session_has_work (self))
    return;
  if (self->stale)
    _bobbin_session_drop_link (self);
  if (self->channel != NULL)
    _bobbin_session_begin_next (self);
  else if (self->pending != NULL || sendable (self) != NULL)
    _bobbin_session_start_link (self, self->asked);
}

/* Known not to have started a turn: back to the head of the queue. The caller sets the state. */
void
_bobbin_session_requeue (BobbinSession       *self,
                         const BobbinFailure *failure)
{
  g_autoptr(BobbinMessage) prompt = g_object_ref (self->run->prompt);

  g_clear_pointer (&self->run, _bobbin_run_free);
  bobbin_message_set_failure (prompt, failure);
  bobbin_message_set_delivery (prompt, BOBBIN_DELIVERY_QUEUED);
  g_queue_push_head (&self->queue, g_object_ref (prompt));
  _bobbin_session_save_state (self, prompt, NULL);
}

void
_bobbin_session_adopt_queue (BobbinSession *self,
                             GPtrArray     *messages)
{
  GList *position = self->queue.head;

  /* In front of what was sent while the page was being read. */
  for (guint i = 0; i < messages->len; i++)
    {
      BobbinMessage *message = messages->pdata[i];

      if (bobbin_message_get_role (message) != BOBBIN_ROLE_USER ||
          bobbin_message_get_delivery (message) != BOBBIN_DELIVERY_QUEUED ||
          g_queue_find (&self->queue, message) != NULL)
        continue;
      g_queue_insert_before (&self->queue, position, g_object_ref (message));
    }
  _bobbin_session_pump (self);
}

/* Public */

static BobbinMessage *
message_of_draft (BobbinSession *self)
{
  GListModel *attachments = bobbin_draft_get_attachments (self->draft);
  BobbinMessage *message = bobbin_message_new (0, BOBBIN_ROLE_USER, bobbin_clock_now_us (self->clock));
  guint n_attachments = g_list_model_get_n_items (attachments);

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_QUEUED);
  if (*bobbin_draft_get_text (self->draft) != '\0')
    {
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

      bobbin_block_set_text (block, bobbin_draft_get_text (self->draft));
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
      bobbin_message_add_block (message, block);
    }
  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autoptr(BobbinBlock) block =
        bobbin_block_new (0, bobbin_attachment_is_image (attachment) ? BOBBIN_BLOCK_IMAGE : BOBBIN_BLOCK_FILE);

      bobbin_block_set_attachment (block, attachment);
      bobbin_block_set_name (block, bobbin_attachment_get_name (attachment));
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
      bobbin_message_add_block (message, block);
    }

  return message;
}

/* What the person starts is tried even where the program by itself would wait for the network. */
void
_bobbin_session_asked (BobbinSession *self)
{
  self->asked = TRUE;
  if (self->state == BOBBIN_SESSION_IDLE || self->state == BOBBIN_SESSION_FAILED)
    self->fell_back = FALSE;
  switch (self->state)
    {
    case BOBBIN_SESSION_FAILED:
    case BOBBIN_SESSION_OFFLINE:
      bobbin_session_try_now (self);
      break;
    case BOBBIN_SESSION_IDLE:
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_APPROVAL:
    case BOBBIN_SESSION_STOPPING:
    case BOBBIN_SESSION_BACKOFF:
    case BOBBIN_SESSION_FALLBACK:
      _bobbin_session_pump (self);
      break;
    case BOBBIN_N_SESSION_STATES:
    default:
      g_assert_not_reached ();
    }
}

gboolean
bobbin_session_send (BobbinSession *self,
                     GError       **error)
{
  g_autoptr(BobbinMessage) message = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  if (self->closed)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The conversation is closed");
      return FALSE;
    }
  if (!_bobbin_session_check_draft (self, error))
    return FALSE;

  message = message_of_draft (self);
  text = bobbin_message_dup_text (message);
  _bobbin_session_derive_title (self, text);
  bobbin_thread_set_last_used_us (self->thread, bobbin_message_get_created_us (message));
  _bobbin_session_take_snippet (self, message);
  g_list_store_append (self->messages, message);
  g_queue_push_tail (&self->queue, g_object_ref (message));
  bobbin_thread_set_stored_activity (self->thread, BOBBIN_ACTIVITY_NONE);
  _bobbin_session_save_thread (self);
  _bobbin_session_save_sent (self, message);
  _bobbin_session_answer_pauses (self, text);
  _bobbin_session_clear_draft (self);
  _bobbin_session_asked (self);

  return TRUE;
}

/* A message that is not typed in the composer; what is typed there stays. */
void
_bobbin_session_send_text (BobbinSession *self,
                           const char    *text)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_USER, bobbin_clock_now_us (self->clock));
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_QUEUED);
  bobbin_thread_set_last_used_us (self->thread, bobbin_message_get_created_us (message));
  g_list_store_append (self->messages, message);
  g_queue_push_tail (&self->queue, g_object_ref (message));
  bobbin_thread_set_stored_activity (self->thread, BOBBIN_ACTIVITY_NONE);
  _bobbin_session_answer_pauses (self, text);
  _bobbin_session_save_message (self, message, _bobbin_session_queued_saved);
  _bobbin_session_asked (self);
}

static gboolean
stop_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  /* nebelus.md, section 3.1: ten seconds without a stop. */
  self->stop_timer = 0;
  _bobbin_session_end_run (self, BOBBIN_DELIVERY_STOPPED, NULL);
  _bobbin_session_drop_link (self);
  _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
  _bobbin_session_pump (self);

  return G_SOURCE_REMOVE;
}

/* Nothing of the queue was written: it becomes STOPPED and can be retried. */
static void
stop_queue (BobbinSession *self)
{
  BobbinMessage *message;

  while ((message = g_queue_pop_head (&self->queue)) != NULL)
    {
      bobbin_message_set_failure (message, NULL);
      bobbin_message_set_delivery (message, BOBBIN_DELIVERY_STOPPED);
      _bobbin_session_save_state (self, message, NULL);
      g_object_unref (message);
    }
  _bobbin_session_drop_pending (self);
  _bobbin_session_leave_wait (self);
}

void
bobbin_session_stop (BobbinSession *self)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (self->closed)
    return;

  switch (self->state)
    {
    case BOBBIN_SESSION_SENDING:
      if (self->run->prompt != NULL && !self->run->written)
        {
          _bobbin_session_end_run (self, BOBBIN_DELIVERY_STOPPED, NULL);
          _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
          _bobbin_session_pump (self);
          break;
        }
      G_GNUC_FALLTHROUGH;
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_APPROVAL:
      self->stop_timer = bobbin_clock_add (self->clock, BOBBIN_SESSION_STOP_MS, stop_cb, self);
      _bobbin_session_set_state (self, BOBBIN_SESSION_STOPPING);
      bobbin_channel_cancel (self->channel);
      break;
    case BOBBIN_SESSION_IDLE:
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_BACKOFF:
    case BOBBIN_SESSION_OFFLINE:
    case BOBBIN_SESSION_FALLBACK:
    case BOBBIN_SESSION_FAILED:
      stop_queue (self);
      break;
    case BOBBIN_SESSION_STOPPING:
      break;
    case BOBBIN_N_SESSION_STATES:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
take_from_queue (BobbinSession *self,
                 BobbinMessage *message)
{
  if (!g_queue_remove (&self->queue, message))
    return FALSE;

  g_object_unref (message);
  return TRUE;
}

static void
remove_message (BobbinSession *self,
                BobbinMessage *message)
{
  guint position;

  g_hash_table_remove (self->unsaved, message);
  bobbin_store_delete_message_async (self->store, bobbin_message_get_id (message), NULL, NULL, NULL);
  if (_bobbin_session_find_message (self, message, &position))
    g_list_store_remove (self->messages, position);
  else
    _bobbin_session_refresh_pager (self);
}

void
bobbin_session_unqueue (BobbinSession *self,
                        BobbinMessage *message)
{
  g_autoptr(BobbinMessage) keep = NULL;
  g_autofree char *text = NULL;
  g_autofree char *both = NULL;
  const char *typed;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));

  keep = g_object_ref (message);
  if (self->closed || !take_from_queue (self, message))
    return;

  text = bobbin_message_dup_text (message);
  typed = bobbin_draft_get_text (self->draft);
  both = *typed != '\0' && *text != '\0' ? g_strconcat (text, "\n\n", typed, NULL) : g_strconcat (text, typed, NULL);
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinAttachment *attachment = bobbin_block_get_attachment (bobbin_message_get_block (message, i));

      if (attachment != NULL)
        bobbin_draft_add_attachment (self->draft, attachment);
    }
  bobbin_draft_set_text (self->draft, both, (int) g_utf8_strlen (both, -1));

  /* The draft first: between the two writes the text is there twice, never not at all. */
  g_hash_table_remove (self->unsaved, message);
  _bobbin_session_flush_draft (self);
  remove_message (self, message);
  if (_bobbin_session_has_work (self))
    _bobbin_session_changed (self);
  else
    _bobbin_session_leave_wait (self);
}

/* Whether a later prompt exists: then the server's order is another one than ours would be. */
static gboolean
is_last_prompt (BobbinSession *self,
                guint          position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->messages));

  for (guint i = position + 1; i < n_items; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);

      if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
        return FALSE;
    }

  return TRUE;
}

static gboolean
can_retry (BobbinMessage *message)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (message);

  return bobbin_message_get_role (message) == BOBBIN_ROLE_USER &&
         (delivery == BOBBIN_DELIVERY_FAILED || delivery == BOBBIN_DELIVERY_INTERRUPTED ||
          delivery == BOBBIN_DELIVERY_STOPPED);
}

void
bobbin_session_retry (BobbinSession *self,
                      BobbinMessage *message)
{
  g_autoptr(BobbinMessage) again = NULL;
  guint position;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));

  if (self->closed || !can_retry (message))
    return;

  if (_bobbin_session_find_message (self, message, &position) && is_last_prompt (self, position))
    again = g_object_ref (message);
  else
    {
      again = _bobbin_session_copy_prompt (self, message, NULL);
      g_list_store_append (self->messages, again);
    }
  bobbin_message_set_failure (again, NULL);
  bobbin_message_set_delivery (again, BOBBIN_DELIVERY_QUEUED);
  g_queue_push_tail (&self->queue, g_object_ref (again));
  bobbin_thread_set_stored_activity (self->thread, BOBBIN_ACTIVITY_NONE);
  _bobbin_session_save_message (self, again, _bobbin_session_queued_saved);
  _bobbin_session_asked (self);
}

void
bobbin_session_delete_message (BobbinSession *self,
                               BobbinMessage *message)
{
  g_autoptr(BobbinMessage) keep = NULL;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));

  keep = g_object_ref (message);
  if (self->closed || (self->run != NULL && (self->run->prompt == message || self->run->cause == message ||
                                             self->run->answer == message)))
    return;

  if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER && bobbin_message_get_delivery (message) == BOBBIN_DELIVERY_FAILED)
    _bobbin_session_drop_uploads (self, message);
  if (self->last != NULL && self->last->answer == message)
    g_clear_pointer (&self->last, _bobbin_run_free);
  if (self->pending != NULL && self->pending->message == message)
    _bobbin_session_drop_pending (self);
  if (self->pending != NULL && self->pending->prompt == message)
    g_clear_object (&self->pending->prompt);
  if (take_from_queue (self, message) && !_bobbin_session_has_work (self))
    _bobbin_session_leave_wait (self);
  remove_message (self, message);
  _bobbin_session_changed (self);
}
