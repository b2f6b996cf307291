/* One thread of an Assistants v2 server: each turn is a message and a run, the run's stream its answer (assistants.md, sections 4 to 8).
 *
 *   NEW        start → READY
 *   READY      no turn of ours                     send → PREPARING; decide → RUNNING
 *   PREPARING  files, thread and message go ahead  message there → RUNNING; refused, cancelled → READY; lost, gone → CLOSED
 *   RUNNING    a run is read, or followed          over → READY; outputs asked for → PAUSED; stream cut → CLOSED
 *   PAUSED     it waits for outputs                decide → RUNNING; cancel → RUNNING
 *   CLOSED     nothing any more
 *
 * A message is on the server before its run is asked for. When the run is refused, or the answer to either call is lost, the next
 * turn with the same text finds it there as the newest message and does not add it again: no turn is sent twice (section 9).
 * A stream that is cut closes the channel, for the session then looks at the history; a stream that ends without saying how
 * (section 5.1), and a server that does not stream, are followed by polling here. Where another run is active it is adopted: its
 * end is told as TURN_STOPPED, for which a message that was refused as busy waits. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-channel-private.h"

typedef BobbinAssistantsChannel Channel;

static void channel_iface_init (BobbinChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinAssistantsChannel, bobbin_assistants_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

void
_bobbin_assistants_channel_drop_work (Channel *self)
{
  g_clear_pointer (&self->poll, _bobbin_assistants_poll_drop);
  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  if (self->work != NULL)
    g_cancellable_cancel (self->work);
  g_clear_object (&self->work);
  g_clear_pointer (&self->parser, bobbin_sse_parser_free);
  g_clear_pointer (&self->reply, g_byte_array_unref);
  g_clear_pointer (&self->submit_path, g_free);
  g_clear_pointer (&self->submit_body, g_free);
}

/* What belongs to the turn that is over. */
static void
forget_turn (Channel *self)
{
  /* A message without its run: the next turn looks whether it is the same. */
  if (self->turn != NULL && !self->accepted)
    self->known_new = FALSE;
  _bobbin_assistants_channel_drop_work (self);
  g_clear_pointer (&self->decoder, bobbin_assistants_decoder_free);
  g_clear_pointer (&self->turn, bobbin_turn_unref);
  g_clear_pointer (&self->files, g_array_unref);
  g_clear_pointer (&self->message_id, g_free);
  self->compared = self->accepted = self->adopted = self->cancelling = self->cancel_sent = FALSE;
}

static void
drop_pending (Channel *self)
{
  g_queue_clear_full (&self->pending, (GDestroyNotify) bobbin_event_free);
  g_clear_handle_id (&self->idle, g_source_remove);
}

static void
enter_closed (Channel *self)
{
  self->state = BOBBIN_ASSISTANTS_CLOSED;
  forget_turn (self);
  drop_pending (self);
}

void
_bobbin_assistants_channel_emit (Channel     *self,
                                 BobbinEvent *event)
{
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
}

static gboolean
idle_cb (gpointer user_data)
{
  g_autoptr(BobbinAssistantsChannel) self = g_object_ref (user_data);
  BobbinEvent *event;

  self->idle = 0;
  while (self->idle == 0 && (event = g_queue_pop_head (&self->pending)) != NULL)
    {
      if (event->type == BOBBIN_EVENT_CLOSED)
        enter_closed (self);
      _bobbin_assistants_channel_emit (self, event);
    }

  return G_SOURCE_REMOVE;
}

void
_bobbin_assistants_channel_emit_later (Channel     *self,
                                       BobbinEvent *event)
{
  g_queue_push_tail (&self->pending, event);
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

void
_bobbin_assistants_channel_close_with (Channel       *self,
                                       BobbinFailure *failure)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_CLOSED);

  event->failure = failure;
  enter_closed (self);
  _bobbin_assistants_channel_emit (self, event);
}

/* Refusals after which the channel is of no use any more: the session decides what then. */
static gboolean
ends_channel (const BobbinFailure *failure)
{
  return failure->code == BOBBIN_ERROR_AUTH || failure->code == BOBBIN_ERROR_FORBIDDEN || failure->code == BOBBIN_ERROR_NOT_FOUND ||
         failure->code == BOBBIN_ERROR_NETWORK || failure->code == BOBBIN_ERROR_TLS || failure->code == BOBBIN_ERROR_INSECURE ||
         (failure->code == BOBBIN_ERROR_TIMED_OUT && failure->http_status == 0 && failure->certainty != BOBBIN_CERTAINTY_ACCEPTED);
}

void
_bobbin_assistants_channel_fail (Channel       *self,
                                 BobbinFailure *failure)
{
  BobbinEvent *event;

  if (ends_channel (failure))
    {
      _bobbin_assistants_channel_close_with (self, failure);
      return;
    }

  event = bobbin_event_new (BOBBIN_EVENT_FAILED);
  event->failure = failure;
  forget_turn (self);
  self->state = BOBBIN_ASSISTANTS_READY;
  _bobbin_assistants_channel_emit (self, event);
}

void
_bobbin_assistants_channel_stop (Channel    *self,
                                 const char *reason)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);

  event->text = g_strdup (reason);
  event->user_message_id = g_strdup (self->message_id);
  forget_turn (self);
  self->state = BOBBIN_ASSISTANTS_READY;
  _bobbin_assistants_channel_emit (self, event);
}

/* Channel */

static void
assistants_start (BobbinChannel *channel)
{
  Channel *self = BOBBIN_ASSISTANTS_CHANNEL (channel);
  BobbinFailure *failure = _bobbin_assistants_check_account (self->backend);
  BobbinEvent *event;

  g_return_if_fail (self->state == BOBBIN_ASSISTANTS_NEW);

  if (failure == NULL && (self->agent_id == NULL || *self->agent_id == '\0'))
    failure = bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, "No assistant is chosen");
  event = bobbin_event_new (failure != NULL ? BOBBIN_EVENT_CLOSED : BOBBIN_EVENT_READY);
  self->state = BOBBIN_ASSISTANTS_READY;
  event->failure = failure;
  event->thread_id = failure == NULL ? g_strdup (self->thread_id) : NULL;
  _bobbin_assistants_channel_emit_later (self, event);
}

/* A run that was adopted goes on by itself; our message has to wait for its end. */
static void
refuse_busy (Channel *self)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

  event->failure = bobbin_failure_new (BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, "A run is active on this thread");
  _bobbin_assistants_channel_emit_later (self, event);
}

static void
assistants_send (BobbinChannel *channel,
                 BobbinTurn    *turn)
{
  Channel *self = BOBBIN_ASSISTANTS_CHANNEL (channel);

  if (self->state == BOBBIN_ASSISTANTS_CLOSED)
    return;
  if (self->adopted)
    {
      refuse_busy (self);
      return;
    }
  g_return_if_fail (self->state == BOBBIN_ASSISTANTS_READY);

  forget_turn (self);
  self->turn = bobbin_turn_ref (turn);
  self->work = g_cancellable_new ();
  self->state = BOBBIN_ASSISTANTS_PREPARING;
  _bobbin_assistants_channel_prepare (self);
}

static void
assistants_cancel (BobbinChannel *channel)
{
  Channel *self = BOBBIN_ASSISTANTS_CHANNEL (channel);
  BobbinEvent *event;

  switch (self->state)
    {
    case BOBBIN_ASSISTANTS_PREPARING:
      event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);
      event->text = g_strdup ("cancelled");
      event->user_message_id = g_strdup (self->message_id);
      forget_turn (self);
      self->state = BOBBIN_ASSISTANTS_READY;
      _bobbin_assistants_channel_emit_later (self, event);
      break;
    case BOBBIN_ASSISTANTS_RUNNING:
    case BOBBIN_ASSISTANTS_PAUSED:
      self->cancelling = TRUE;
      _bobbin_assistants_channel_cancel_run (self);
      break;
    case BOBBIN_ASSISTANTS_NEW:
    case BOBBIN_ASSISTANTS_READY:
    case BOBBIN_ASSISTANTS_CLOSED:
    default:
      break;
    }
}

static void
assistants_decide (BobbinChannel *channel,
                   BobbinBlock   *approval,
                   GArray        *decisions)
{
  Channel *self = BOBBIN_ASSISTANTS_CHANNEL (channel);

  if (self->state == BOBBIN_ASSISTANTS_READY || self->state == BOBBIN_ASSISTANTS_PAUSED)
    _bobbin_assistants_channel_submit (self, approval, decisions);
}

static void
assistants_close (BobbinChannel *channel)
{
  enter_closed (BOBBIN_ASSISTANTS_CHANNEL (channel));
}

static const char *
assistants_get_transport (BobbinChannel *channel)
{
  Channel *self = BOBBIN_ASSISTANTS_CHANNEL (channel);

  return _bobbin_assistants_lacks (self->backend, BOBBIN_ASSISTANTS_LACKS_STREAM) ? "http" : "sse";
}

static void
channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = assistants_start;
  iface->send = assistants_send;
  iface->cancel = assistants_cancel;
  iface->decide = assistants_decide;
  iface->close = assistants_close;
  iface->get_transport = assistants_get_transport;
}

static void
bobbin_assistants_channel_dispose (GObject *object)
{
  enter_closed (BOBBIN_ASSISTANTS_CHANNEL (object));

  G_OBJECT_CLASS (bobbin_assistants_channel_parent_class)->dispose (object);
}

static void
bobbin_assistants_channel_finalize (GObject *object)
{
  Channel *self = BOBBIN_ASSISTANTS_CHANNEL (object);

  g_clear_object (&self->backend);
  g_free (self->agent_id);
  g_free (self->thread_id);

  G_OBJECT_CLASS (bobbin_assistants_channel_parent_class)->finalize (object);
}

static void
bobbin_assistants_channel_class_init (BobbinAssistantsChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_assistants_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_assistants_channel_finalize;
}

static void
bobbin_assistants_channel_init (BobbinAssistantsChannel *self)
{
  g_queue_init (&self->pending);
}

BobbinChannel *
_bobbin_assistants_channel_new (BobbinAssistantsBackend *backend,
                                const char              *agent_id,
                                const char              *thread_id)
{
  Channel *self = g_object_new (BOBBIN_TYPE_ASSISTANTS_CHANNEL, NULL);

  self->backend = g_object_ref (backend);
  self->agent_id = g_strdup (agent_id);
  self->thread_id = thread_id != NULL && *thread_id != '\0' ? g_strdup (thread_id) : NULL;

  return BOBBIN_CHANNEL (self);
}
