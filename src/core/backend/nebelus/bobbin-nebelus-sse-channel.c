/* One Nebelus thread over HTTP: one request a turn, its answer a stream of events (nebelus.md, sections 3.2, 4.2 and 8 to 11).
 *
 *   NEW      start → READY
 *   READY    no turn of ours                  send → TURN; decide → DECIDING
 *   TURN     a request is under way           stopped, failed → READY; cut, refused → CLOSED; body ends after a question → PAUSED
 *   PAUSED   the server waits for a decision  decide → DECIDING; cancel → READY
 *   DECIDING a WebSocket carries the rest     its turn ends → READY; lost → CLOSED
 *   CLOSED   nothing any more
 *
 * A turn that stopped leaves its request settling for 10 s: usage, cost and title may still come. When the next turn starts before
 * that, only a title is taken from it. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-private.h"

#include "backend/nebelus/bobbin-nebelus-sse-run.h"

typedef enum
{
  STATE_NEW,
  STATE_READY,
  STATE_TURN,
  STATE_PAUSED,
  STATE_DECIDING,
  STATE_CLOSED,
} State;

typedef BobbinNebelusSseRun Run;

#define BOBBIN_TYPE_NEBELUS_SSE_CHANNEL (bobbin_nebelus_sse_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNebelusSseChannel, bobbin_nebelus_sse_channel, BOBBIN, NEBELUS_SSE_CHANNEL, GObject)

struct _BobbinNebelusSseChannel
{
  GObject             parent_instance;
  /* owned */
  BobbinNebelusTarget target;
  BobbinClock        *clock;
  Run                *run;       /* the request of the present or latest turn, while it lives */
  Run                *older;     /* one before it that still settles: only its title counts */
  BobbinChannel      *decider;   /* the WebSocket of DECIDING; it may settle a while in READY */
  BobbinBlock        *approval;  /* what DECIDING is about, until its link is ready */
  GArray             *decisions;
  BobbinEvent        *pending;   /* goes out from the idle source */
  /* sources */
  guint               idle;
  guint               run_settle;     /* timers of the clock */
  guint               older_settle;
  guint               decider_settle;
  guint               n_deciders; /* there ever were */

  State               state;
  gboolean            started;   /* an event of the present turn arrived */
  gboolean            asked;     /* its last word was a question */
};

static void channel_iface_init (BobbinChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinNebelusSseChannel, bobbin_nebelus_sse_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

static void
drop_run (BobbinNebelusSseChannel *self)
{
  bobbin_clock_clear (self->clock, &self->run_settle);
  g_clear_pointer (&self->run, _bobbin_nebelus_sse_run_drop);
}

static void
drop_older (BobbinNebelusSseChannel *self)
{
  bobbin_clock_clear (self->clock, &self->older_settle);
  g_clear_pointer (&self->older, _bobbin_nebelus_sse_run_drop);
}

/* The channel's own events */

static void
enter_closed (BobbinNebelusSseChannel *self)
{
  self->state = STATE_CLOSED;
  drop_run (self);
  drop_older (self);
  bobbin_clock_clear (self->clock, &self->decider_settle);
  if (self->decider != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->decider, self);
      bobbin_channel_close (self->decider);
    }
  g_clear_object (&self->decider);
  g_clear_object (&self->approval);
  g_clear_pointer (&self->decisions, g_array_unref);
  g_clear_pointer (&self->pending, bobbin_event_free);
  g_clear_handle_id (&self->idle, g_source_remove);
}

static void
emit (BobbinNebelusSseChannel *self,
      BobbinEvent             *event)
{
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
}

/* @failure: (transfer full). */
static void
close_with (BobbinNebelusSseChannel *self,
            BobbinFailure           *failure)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_CLOSED);

  event->failure = failure;
  enter_closed (self);
  emit (self, event);
}

static gboolean
idle_cb (gpointer user_data)
{
  g_autoptr(BobbinNebelusSseChannel) self = g_object_ref (user_data);
  BobbinEvent *event = g_steal_pointer (&self->pending);

  self->idle = 0;
  if (event->type == BOBBIN_EVENT_CLOSED)
    enter_closed (self);
  emit (self, event);

  return G_SOURCE_REMOVE;
}

static void
emit_later (BobbinNebelusSseChannel *self,
            BobbinEvent             *event)
{
  g_clear_pointer (&self->pending, bobbin_event_free);
  self->pending = event;
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

static void
take_thread_id (BobbinNebelusSseChannel *self,
                const char              *thread_id)
{
  if (thread_id == NULL || g_strcmp0 (thread_id, self->target.thread_id) == 0)
    return;

  g_free (self->target.thread_id);
  self->target.thread_id = g_strdup (thread_id);
}

/* Events of a stream */

static gboolean
run_settled_cb (gpointer user_data)
{
  BobbinNebelusSseChannel *self = user_data;

  self->run_settle = 0;
  drop_run (self);

  return G_SOURCE_REMOVE;
}

static gboolean
older_settled_cb (gpointer user_data)
{
  BobbinNebelusSseChannel *self = user_data;

  self->older_settle = 0;
  drop_older (self);

  return G_SOURCE_REMOVE;
}

static void
settle (BobbinNebelusSseChannel *self)
{
  self->state = STATE_READY;
  if (self->run_settle == 0)
    self->run_settle = bobbin_clock_add (self->clock, BOBBIN_NEBELUS_SETTLE_MS, run_settled_cb, self);
}

/* @event: (transfer full). */
static void
handle_failed (BobbinNebelusSseChannel *self,
               BobbinEvent             *event)
{
  if (_bobbin_nebelus_ends_channel (event->failure))
    {
      close_with (self, g_steal_pointer (&event->failure));
      bobbin_event_free (event);
      return;
    }

  settle (self);
  emit (self, event);
}

/* Whether @event is still of interest: of an older run only the title is, of a turn that is over nothing that ends it again. */
static gboolean
is_wanted (BobbinNebelusSseChannel *self,
           Run                     *run,
           const BobbinEvent       *event)
{
  if (event->type == BOBBIN_EVENT_PONG)
    return FALSE;
  if (run != self->run)
    return event->type == BOBBIN_EVENT_TITLE;

  return self->run_settle == 0 || (event->type != BOBBIN_EVENT_TURN_STOPPED && event->type != BOBBIN_EVENT_FAILED);
}

static void
run_event_cb (Run         *run,
              BobbinEvent *event,
              gpointer     user_data)
{
  g_autoptr(BobbinNebelusSseChannel) self = g_object_ref (user_data);

  if (!is_wanted (self, run, event))
    {
      bobbin_event_free (event);
      return;
    }

  /* A greeting is for WebSockets; here only its thread id matters. */
  if (event->type == BOBBIN_EVENT_READY)
    event->type = BOBBIN_EVENT_THREAD_ID;
  if (event->type != BOBBIN_EVENT_BLOCK)
    take_thread_id (self, event->thread_id);
  if (event->type == BOBBIN_EVENT_FAILED)
    {
      handle_failed (self, event);
      return;
    }

  if (event->type != BOBBIN_EVENT_THREAD_ID && event->type != BOBBIN_EVENT_TITLE)
    {
      self->started = TRUE;
      self->asked = event->type == BOBBIN_EVENT_APPROVAL || (self->asked && event->type != BOBBIN_EVENT_BLOCK);
    }
  if (event->type == BOBBIN_EVENT_TURN_STOPPED)
    settle (self);
  emit (self, event);
}

/* @failure: (transfer full): the turn is over, the channel is not. */
static void
fail_turn (BobbinNebelusSseChannel *self,
           BobbinFailure           *failure)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

  event->failure = failure;
  self->state = STATE_READY;
  emit (self, event);
}

/* The stream of the present turn is over, and the turn is not. */
static void
turn_cut (BobbinNebelusSseChannel *self,
          BobbinFailure           *failure,
          gboolean                 sent)
{
  if (failure == NULL && self->asked)
    {
      self->state = STATE_PAUSED;
      return;
    }

  if (failure == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_INTERRUPTED, sent ? BOBBIN_CERTAINTY_UNKNOWN : BOBBIN_CERTAINTY_UNSENT,
                                  "The server ended the answer before it was complete");
  if (self->started)
    failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  if (failure->code == BOBBIN_ERROR_FILE || (failure->http_status >= 400 && !_bobbin_nebelus_ends_channel (failure)))
    fail_turn (self, failure);
  else
    close_with (self, failure);
}

static void
run_ended_cb (Run           *run,
              BobbinFailure *failure,
              gpointer       user_data)
{
  g_autoptr(BobbinNebelusSseChannel) self = g_object_ref (user_data);
  gboolean sent = _bobbin_nebelus_sse_run_get_sent (run);

  if (run != self->run)
    {
      drop_older (self);
      bobbin_failure_free (failure);
    }
  else if (self->run_settle != 0)
    {
      drop_run (self);
      bobbin_failure_free (failure);
    }
  else
    {
      drop_run (self);
      turn_cut (self, failure, sent);
    }
}

static const BobbinNebelusSseHandlers run_handlers = { run_event_cb, run_ended_cb };

/* A pause over SSE is answered by WebSocket (nebelus.md, section 8). */

static gboolean
decider_settled_cb (gpointer user_data)
{
  BobbinNebelusSseChannel *self = user_data;

  self->decider_settle = 0;
  g_signal_handlers_disconnect_by_data (self->decider, self);
  bobbin_channel_close (self->decider);
  g_clear_object (&self->decider);

  return G_SOURCE_REMOVE;
}

static void
drop_decider (BobbinNebelusSseChannel *self)
{
  bobbin_clock_clear (self->clock, &self->decider_settle);
  if (self->decider != NULL)
    decider_settled_cb (self);
}

/* Each WebSocket counts its blocks anew: they are not those the stream, or the one before, had in their places. */
static void
rename_block (BobbinNebelusSseChannel *self,
              BobbinEvent             *event)
{
  g_autofree char *key = g_steal_pointer (&event->key);

  if (key != NULL)
    event->key = g_strdup_printf ("%u/%s", self->n_deciders, key);
}

static BobbinEvent *
copy_of_end (const BobbinEvent *event)
{
  BobbinEvent *copy = bobbin_event_new (event->type);

  copy->failure = bobbin_failure_copy (event->failure);

  return copy;
}

static void
decider_event_cb (BobbinChannel           *decider,
                  BobbinEvent             *event,
                  BobbinNebelusSseChannel *self)
{
  g_autoptr(BobbinNebelusSseChannel) hold = g_object_ref (self);

  if (event->type == BOBBIN_EVENT_BLOCK)
    rename_block (self, event);
  else
    take_thread_id (self, event->thread_id);
  if (event->type == BOBBIN_EVENT_READY)
    {
      bobbin_channel_decide (decider, self->approval, self->decisions);
      g_clear_object (&self->approval);
      g_clear_pointer (&self->decisions, g_array_unref);
    }
  else if (event->type == BOBBIN_EVENT_CLOSED && self->state != STATE_DECIDING)
    drop_decider (self);
  else if (event->type == BOBBIN_EVENT_CLOSED)
    {
      BobbinEvent *copy = copy_of_end (event);

      enter_closed (self);
      emit (self, copy);
    }
  else
    {
      if (event->type == BOBBIN_EVENT_TURN_STOPPED || event->type == BOBBIN_EVENT_FAILED)
        {
          self->state = STATE_READY;
          if (self->decider_settle == 0)
            self->decider_settle = bobbin_clock_add (self->clock, BOBBIN_NEBELUS_SETTLE_MS, decider_settled_cb, self);
        }
      _bobbin_channel_forward (BOBBIN_CHANNEL (self), event);
    }
}

/* Channel */

static void
sse_start (BobbinChannel *channel)
{
  BobbinNebelusSseChannel *self = BOBBIN_NEBELUS_SSE_CHANNEL (channel);
  BobbinFailure *failure = _bobbin_nebelus_target_check (&self->target);
  BobbinEvent *event = bobbin_event_new (failure != NULL ? BOBBIN_EVENT_CLOSED : BOBBIN_EVENT_READY);

  g_return_if_fail (self->state == STATE_NEW);

  self->state = STATE_READY;
  event->failure = failure;
  event->thread_id = failure == NULL ? g_strdup (self->target.thread_id) : NULL;
  emit_later (self, event);
}

static void
sse_send (BobbinChannel *channel,
          BobbinTurn    *turn)
{
  BobbinNebelusSseChannel *self = BOBBIN_NEBELUS_SSE_CHANNEL (channel);

  g_return_if_fail (self->state == STATE_READY || self->state == STATE_CLOSED);

  if (self->state == STATE_CLOSED)
    return;
  drop_decider (self);
  drop_older (self);
  if (self->run != NULL)
    {
      /* Its 10 s start anew; nobody counts on less. */
      bobbin_clock_clear (self->clock, &self->run_settle);
      self->older = g_steal_pointer (&self->run);
      self->older_settle = bobbin_clock_add (self->clock, BOBBIN_NEBELUS_SETTLE_MS, older_settled_cb, self);
    }
  self->started = FALSE;
  self->asked = FALSE;
  self->state = STATE_TURN;
  self->run = _bobbin_nebelus_sse_run_new (&self->target, turn, &run_handlers, self);
}

/* There is no acknowledgement and no stop event; the server may finish the run (nebelus.md, section 8). */
static void
sse_cancel (BobbinChannel *channel)
{
  BobbinNebelusSseChannel *self = BOBBIN_NEBELUS_SSE_CHANNEL (channel);
  BobbinEvent *event;

  if (self->state == STATE_DECIDING && self->approval == NULL)
    {
      bobbin_channel_cancel (self->decider);
      return;
    }
  if (self->state != STATE_TURN && self->state != STATE_PAUSED && self->state != STATE_DECIDING)
    return;

  drop_run (self);
  drop_decider (self);
  g_clear_object (&self->approval);
  g_clear_pointer (&self->decisions, g_array_unref);
  self->state = STATE_READY;
  event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);
  event->text = g_strdup ("cancelled");
  emit_later (self, event);
}

static void
sse_decide (BobbinChannel *channel,
            BobbinBlock   *approval,
            GArray        *decisions)
{
  BobbinNebelusSseChannel *self = BOBBIN_NEBELUS_SSE_CHANNEL (channel);

  if (self->state == STATE_CLOSED)
    return;
  drop_run (self);
  if (self->decider != NULL && self->decider_settle == 0)
    {
      /* The WebSocket asked again: it is still there. */
      bobbin_channel_decide (self->decider, approval, decisions);
      return;
    }

  drop_decider (self);
  g_set_object (&self->approval, approval);
  g_clear_pointer (&self->decisions, g_array_unref);
  self->decisions = bobbin_decisions_copy (decisions);
  self->state = STATE_DECIDING;
  self->started = TRUE;
  self->n_deciders++;
  self->decider = _bobbin_nebelus_ws_channel_new (self->target.backend, self->target.agent_id, self->target.thread_id);
  g_signal_connect (self->decider, "event", G_CALLBACK (decider_event_cb), self);
  bobbin_channel_start (self->decider);
}

static void
sse_close (BobbinChannel *channel)
{
  enter_closed (BOBBIN_NEBELUS_SSE_CHANNEL (channel));
}

static const char *
sse_get_transport (BobbinChannel *channel)
{
  return BOBBIN_NEBELUS_SSE_CHANNEL (channel)->state == STATE_DECIDING ? "ws" : "sse";
}

static void
channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = sse_start;
  iface->send = sse_send;
  iface->cancel = sse_cancel;
  iface->decide = sse_decide;
  iface->close = sse_close;
  iface->get_transport = sse_get_transport;
}

static void
bobbin_nebelus_sse_channel_dispose (GObject *object)
{
  enter_closed (BOBBIN_NEBELUS_SSE_CHANNEL (object));

  G_OBJECT_CLASS (bobbin_nebelus_sse_channel_parent_class)->dispose (object);
}

static void
bobbin_nebelus_sse_channel_finalize (GObject *object)
{
  BobbinNebelusSseChannel *self = BOBBIN_NEBELUS_SSE_CHANNEL (object);

  g_clear_object (&self->clock);
  _bobbin_nebelus_target_clear (&self->target);

  G_OBJECT_CLASS (bobbin_nebelus_sse_channel_parent_class)->finalize (object);
}

static void
bobbin_nebelus_sse_channel_class_init (BobbinNebelusSseChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_nebelus_sse_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_nebelus_sse_channel_finalize;
}

static void
bobbin_nebelus_sse_channel_init (BobbinNebelusSseChannel *self)
{
}

BobbinChannel *
_bobbin_nebelus_sse_channel_new (BobbinNebelusBackend *backend,
                                 const char           *agent_id,
                                 const char           *thread_id)
{
  BobbinNebelusSseChannel *self = g_object_new (BOBBIN_TYPE_NEBELUS_SSE_CHANNEL, NULL);

  _bobbin_nebelus_target_init (&self->target, backend, agent_id, thread_id);
  self->clock = g_object_ref (_bobbin_nebelus_backend_get_clock (backend));

  return BOBBIN_CHANNEL (self);
}
