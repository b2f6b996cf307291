/* One thread of an aibtc chat server (aibtc-chat.md, sections 3 to 7).
 *
 *   NEW      start → READY
 *   READY    no turn of ours             send → QUEUED
 *   QUEUED   the socket is not ours yet  ours → LIVE; cannot be opened → CLOSED
 *   LIVE     frames of the answer        end → READY; quiet, silence → FENCE; lost → CLOSED
 *   FENCE    a history was asked for     it holds the answer → READY; else once more later; three times → READY (FAILED); lost → CLOSED
 *   CLOSED   nothing any more
 *
 * No server marks the end of a turn dependably, but it answers one request after the other: a history asked for during a turn comes
 * when the turn is over. Stopping closes the socket, for it is busy until then; the server works on. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/aibtc/bobbin-aibtc-private.h"

#include "model/bobbin-block.h"
#include "model/bobbin-event.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-aibtc-decoder.h"

#include <string.h>

#define MAX_FENCES 4
#define MAX_ENTRIES 5000

typedef enum
{
  STATE_NEW,
  STATE_READY,
  STATE_QUEUED,
  STATE_LIVE,
  STATE_FENCE,
  STATE_CLOSED,
} State;

#define BOBBIN_TYPE_AIBTC_CHANNEL (bobbin_aibtc_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAibtcChannel, bobbin_aibtc_channel, BOBBIN, AIBTC_CHANNEL, GObject)

struct _BobbinAibtcChannel
{
  GObject             parent_instance;
  /* owned */
  BobbinAibtcBackend *backend;
  BobbinClock        *clock;
  char               *agent_id;  /* (nullable): the default assistant */
  char               *thread_id;
  BobbinTurn         *turn;
  BobbinAibtcJob     *job;
  BobbinAibtcDecoder *decoder;
  GPtrArray          *entries;   /* of JsonObject: of the burst */
  BobbinEvent        *pending;   /* goes out from the idle source */
  /* sources */
  guint               idle;
  guint               timer;

  State               state;
  guint               n_fences;
  gboolean            fresh;     /* the id is ours and the server has not heard it */
};

typedef BobbinAibtcChannel Channel;

static void channel_iface_init (BobbinChannelInterface *iface);
static void ask_history (Channel *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinAibtcChannel, bobbin_aibtc_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

static BobbinAibtcLink *
get_link (Channel *self)
{
  return _bobbin_aibtc_get_link (self->backend);
}

static void
emit (Channel     *self,
      BobbinEvent *event)
{
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
}

/* @done: the server is done with it, too. */
static void
forget_turn (Channel *self,
             gboolean done)
{
  bobbin_clock_clear (self->clock, &self->timer);
  if (self->job != NULL && done)
    _bobbin_aibtc_link_done (get_link (self), self->job);
  else if (self->job != NULL)
    _bobbin_aibtc_link_drop (get_link (self), self->job);
  self->job = NULL;
  g_clear_pointer (&self->turn, bobbin_turn_unref);
  g_clear_pointer (&self->decoder, bobbin_aibtc_decoder_free);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->n_fences = 0;
}

static void
enter_closed (Channel *self)
{
  self->state = STATE_CLOSED;
  forget_turn (self, FALSE);
  g_clear_pointer (&self->pending, bobbin_event_free);
  g_clear_handle_id (&self->idle, g_source_remove);
}

static gboolean
idle_cb (gpointer user_data)
{
  g_autoptr(BobbinAibtcChannel) self = g_object_ref (user_data);
  BobbinEvent *event = g_steal_pointer (&self->pending);

  self->idle = 0;
  if (event->type == BOBBIN_EVENT_CLOSED)
    enter_closed (self);
  emit (self, event);

  return G_SOURCE_REMOVE;
}

static void
emit_later (Channel     *self,
            BobbinEvent *event)
{
  g_clear_pointer (&self->pending, bobbin_event_free);
  self->pending = event;
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

/* Ends */

static void
stop (Channel    *self,
      const char *reason,
      gboolean    done)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);

  event->text = g_strdup (reason);
  forget_turn (self, done);
  self->state = STATE_READY;
  if (done)
    emit (self, event);
  else
    emit_later (self, event);
}

/* @failure: (transfer full). @done: as in forget_turn(). */
static void
fail (Channel       *self,
      BobbinFailure *failure,
      gboolean       done)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

  event->failure = failure;
  forget_turn (self, done);
  self->state = STATE_READY;
  emit (self, event);
}

static void
pop_events (Channel *self)
{
  BobbinEvent *event;

  while (self->decoder != NULL && (event = bobbin_aibtc_decoder_pop (self->decoder)) != NULL)
    emit (self, event);
}

/* The fence */

/* (nullable): the last answer to our message, as the history has it. */
static char *
dup_answer (Channel *self)
{
  g_autoptr(GPtrArray) messages = bobbin_aibtc_messages_from_entries (self->entries);
  g_autofree char *ours = g_strstrip (g_strdup (self->turn->text));

  for (guint i = messages->len; i-- > 0;)
    {
      g_autofree char *text = bobbin_message_dup_text (messages->pdata[i]);
      BobbinMessage *answer = i + 1 < messages->len ? messages->pdata[i + 1] : NULL;

      if (bobbin_message_get_role (messages->pdata[i]) != BOBBIN_ROLE_USER || strcmp (g_strstrip (text), ours) != 0)
        continue;
      for (guint b = answer != NULL ? bobbin_message_get_n_blocks (answer) : 0; b-- > 0;)
        {
          BobbinBlock *block = bobbin_message_get_block (answer, b);

          if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_TEXT)
            return g_strdup (bobbin_block_get_text (block));
        }
      return NULL;
    }

  return NULL;
}

static gboolean
timer_cb (gpointer user_data)
{
  g_autoptr(BobbinAibtcChannel) self = g_object_ref (user_data);
  g_autofree char *answer = NULL;

  self->timer = 0;
  if (self->state == STATE_LIVE && bobbin_aibtc_decoder_has_ids (self->decoder) &&
      bobbin_aibtc_decoder_get_progress (self->decoder) == BOBBIN_AIBTC_SOFT_END)
    {
      stop (self, NULL, TRUE);
      return G_SOURCE_REMOVE;
    }
  if (self->state == STATE_LIVE || self->entries == NULL)
    {
      ask_history (self);
      return G_SOURCE_REMOVE;
    }

  /* The burst is over, or none came. */
  answer = dup_answer (self);
  if (answer != NULL)
    {
      bobbin_aibtc_decoder_put_right (self->decoder, answer);
      pop_events (self);
      if (self->state == STATE_FENCE)
        stop (self, NULL, TRUE);
    }
  else if (++self->n_fences >= MAX_FENCES)
    {
      /* It may still answer: on a socket that nobody reads any more. */
      fail (self, bobbin_failure_new (BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_ACCEPTED, "The server has not answered yet"), FALSE);
    }
  else
    {
      /* 15, 30, 60 s */
      g_clear_pointer (&self->entries, g_ptr_array_unref);
      self->timer = bobbin_clock_add (self->clock, 15000 << (self->n_fences - 1), timer_cb, self);
    }

  return G_SOURCE_REMOVE;
}

static void
set_timer (Channel *self,
           guint    delay_ms)
{
  bobbin_clock_clear (self->clock, &self->timer);
  self->timer = bobbin_clock_add (self->clock, delay_ms, timer_cb, self);
}

static void
ask_history (Channel *self)
{
  self->state = STATE_FENCE;
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  /* A socket that is gone says so itself. */
  _bobbin_aibtc_link_send (get_link (self), bobbin_aibtc_encode_history (self->thread_id));
  set_timer (self, BOBBIN_AIBTC_SILENCE_MS);
}

/* Frames */

static void
live_progress (Channel *self)
{
  const BobbinFailure *failure = bobbin_aibtc_decoder_get_failure (self->decoder);

  switch (bobbin_aibtc_decoder_get_progress (self->decoder))
    {
    case BOBBIN_AIBTC_STREAMING:
      set_timer (self, BOBBIN_AIBTC_QUIET_MS);
      break;
    case BOBBIN_AIBTC_TOOL:
      set_timer (self, BOBBIN_AIBTC_TOOL_MS);
      break;
    case BOBBIN_AIBTC_SOFT_END:
      set_timer (self, BOBBIN_AIBTC_BURST_MS);
      break;
    case BOBBIN_AIBTC_HARD_END:
      if (failure != NULL)
        fail (self, bobbin_failure_copy (failure), TRUE);
      else
        stop (self, NULL, TRUE);
      break;
    case BOBBIN_AIBTC_WAITING:
    default:
      break;
    }
}

/* A piece of text of this thread, without a tree of the whole frame. */
static gboolean
is_our_token (Channel    *self,
              const char *text,
              gsize       length)
{
  const char *thread_id = NULL;
  gsize thread_id_length = 0;
  g_autofree char *token = bobbin_aibtc_scan_token (text, length, &thread_id, &thread_id_length);

  return token != NULL && thread_id != NULL && thread_id_length == strlen (self->thread_id) &&
         g_ascii_strncasecmp (thread_id, self->thread_id, thread_id_length) == 0;
}

static void
push (Channel    *self,
      const char *text,
      gsize       length)
{
  self->fresh = FALSE;
  bobbin_aibtc_decoder_push (self->decoder, text, (gssize) length, NULL);
  pop_events (self);
  if (self->state == STATE_LIVE)
    live_progress (self);
}

static void
judge (Channel    *self,
       const char *text,
       gsize       length)
{
  g_autoptr(JsonObject) frame = bobbin_json_parse_object (text, (gssize) length, NULL);
  g_autoptr(BobbinFailure) failure = NULL;
  const char *thread_id = frame != NULL ? bobbin_json_get_string (frame, "thread_id") : NULL;

  if (frame == NULL || (thread_id != NULL && g_ascii_strcasecmp (thread_id, self->thread_id) != 0))
    return;
  self->fresh = FALSE;
  if (self->state == STATE_FENCE && self->entries != NULL)
    {
      failure = bobbin_aibtc_read_error (frame);
      if (bobbin_aibtc_is_entry (frame) && self->entries->len < MAX_ENTRIES)
        g_ptr_array_add (self->entries, json_object_ref (frame));
      if (failure != NULL || bobbin_aibtc_is_entry (frame))
        {
          set_timer (self, failure != NULL ? 10 : BOBBIN_AIBTC_BURST_MS);
          return;
        }
    }
  push (self, text, length);
}

static void
job_text (const char *text,
          gsize       length,
          gpointer    user_data)
{
  g_autoptr(BobbinAibtcChannel) self = g_object_ref (BOBBIN_AIBTC_CHANNEL (user_data));

  if (is_our_token (self, text, length))
    push (self, text, length);
  else
    judge (self, text, length);
}

static void
job_begin (gpointer user_data)
{
  Channel *self = BOBBIN_AIBTC_CHANNEL (user_data);

  self->state = STATE_LIVE;
  _bobbin_aibtc_link_send (get_link (self), bobbin_aibtc_encode_message (self->thread_id, self->agent_id, self->turn->text));
  set_timer (self, BOBBIN_AIBTC_SILENCE_MS);
}

static void
job_lost (BobbinFailure *failure,
          gpointer       user_data)
{
  g_autoptr(BobbinAibtcChannel) self = g_object_ref (BOBBIN_AIBTC_CHANNEL (user_data));
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_CLOSED);

  self->job = NULL; /* over */
  if (self->state == STATE_QUEUED)
    failure->certainty = BOBBIN_CERTAINTY_UNSENT;
  else if (failure->code == BOBBIN_ERROR_TOO_LARGE || failure->code == BOBBIN_ERROR_AUTH || failure->code == BOBBIN_ERROR_RATE_LIMITED)
    failure->certainty = BOBBIN_CERTAINTY_REFUSED;
  event->failure = failure;
  enter_closed (self);
  emit (self, event);
}

static const BobbinAibtcJobHandlers job_handlers = { job_begin, job_text, job_lost };

/* Channel */

static void
aibtc_start (BobbinChannel *channel)
{
  Channel *self = BOBBIN_AIBTC_CHANNEL (channel);
  BobbinFailure *failure = _bobbin_aibtc_check_account (self->backend);
  BobbinEvent *event = bobbin_event_new (failure != NULL ? BOBBIN_EVENT_CLOSED : BOBBIN_EVENT_READY);

  g_return_if_fail (self->state == STATE_NEW);

  self->state = STATE_READY;
  event->failure = failure;
  event->thread_id = failure == NULL && !self->fresh ? g_strdup (self->thread_id) : NULL;
  emit_later (self, event);
}

static void
aibtc_send (BobbinChannel *channel,
            BobbinTurn    *turn)
{
  Channel *self = BOBBIN_AIBTC_CHANNEL (channel);
  gint64 wait_ms;

  g_return_if_fail (self->state == STATE_READY || self->state == STATE_CLOSED);

  if (self->state == STATE_CLOSED)
    return;
  wait_ms = _bobbin_aibtc_limit (self->backend);
  if (wait_ms > 0)
    {
      BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

      event->failure = bobbin_failure_new (BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_UNSENT, "The server takes ten messages a minute");
      event->failure->retry_after_ms = wait_ms;
      emit_later (self, event);
      return;
    }
  self->turn = bobbin_turn_ref (turn);
  self->decoder = bobbin_aibtc_decoder_new ();
  self->state = STATE_QUEUED;
  self->job = _bobbin_aibtc_link_enqueue (get_link (self), &job_handlers, self);
  if (self->fresh)
    {
      BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_THREAD_ID);

      event->thread_id = g_strdup (self->thread_id);
      emit_later (self, event);
    }
}

static void
aibtc_cancel (BobbinChannel *channel)
{
  Channel *self = BOBBIN_AIBTC_CHANNEL (channel);

  if (self->state == STATE_QUEUED || self->state == STATE_LIVE || self->state == STATE_FENCE)
    stop (self, "cancelled", FALSE);
}

static void
aibtc_decide (BobbinChannel *channel,
              BobbinBlock   *approval,
              GArray        *decisions)
{
  /* Nothing asks (section 10). */
}

static void
aibtc_close (BobbinChannel *channel)
{
  enter_closed (BOBBIN_AIBTC_CHANNEL (channel));
}

static const char *
aibtc_get_transport (BobbinChannel *channel)
{
  Channel *self = BOBBIN_AIBTC_CHANNEL (channel);

  /* Before the first turn nothing was shown to the server. */
  return self->state == STATE_LIVE || self->state == STATE_FENCE ? "ws" : "http";
}

static void
channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = aibtc_start;
  iface->send = aibtc_send;
  iface->cancel = aibtc_cancel;
  iface->decide = aibtc_decide;
  iface->close = aibtc_close;
  iface->get_transport = aibtc_get_transport;
}

static void
bobbin_aibtc_channel_dispose (GObject *object)
{
  enter_closed (BOBBIN_AIBTC_CHANNEL (object));

  G_OBJECT_CLASS (bobbin_aibtc_channel_parent_class)->dispose (object);
}

static void
bobbin_aibtc_channel_finalize (GObject *object)
{
  Channel *self = BOBBIN_AIBTC_CHANNEL (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->backend);
  g_free (self->agent_id);
  g_free (self->thread_id);

  G_OBJECT_CLASS (bobbin_aibtc_channel_parent_class)->finalize (object);
}

static void
bobbin_aibtc_channel_class_init (BobbinAibtcChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_aibtc_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_aibtc_channel_finalize;
}

static void
bobbin_aibtc_channel_init (BobbinAibtcChannel *self)
{
}

BobbinChannel *
_bobbin_aibtc_channel_new (BobbinAibtcBackend *backend,
                           const char         *agent_id,
                           const char         *thread_id)
{
  Channel *self = g_object_new (BOBBIN_TYPE_AIBTC_CHANNEL, NULL);

  self->backend = g_object_ref (backend);
  self->clock = g_object_ref (_bobbin_aibtc_get_clock (backend));
  self->agent_id = agent_id != NULL && *agent_id != '\0' ? g_strdup (agent_id) : NULL;
  self->fresh = thread_id == NULL || *thread_id == '\0';
  self->thread_id = self->fresh ? g_uuid_string_random () : g_strdup (thread_id);

  return BOBBIN_CHANNEL (self);
}
