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

#include "transport/bobbin-paced-stream.h"
#include "wire/bobbin-nebelus-decoder.h"
#include "wire/bobbin-nebelus-errors.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>

#define READ_SIZE (32 * 1024)
#define MAX_REPLY (32 * 1024 * 1024)
#define MAX_REFUSAL (64 * 1024)

typedef enum
{
  STATE_NEW,
  STATE_READY,
  STATE_TURN,
  STATE_PAUSED,
  STATE_DECIDING,
  STATE_CLOSED,
} State;

typedef struct _Run Run;

#define BOBBIN_TYPE_NEBELUS_SSE_CHANNEL (bobbin_nebelus_sse_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNebelusSseChannel, bobbin_nebelus_sse_channel, BOBBIN, NEBELUS_SSE_CHANNEL, GObject)

struct _BobbinNebelusSseChannel
{
  GObject             parent_instance;
  /* owned */
  BobbinNebelusTarget target;
  BobbinClock        *clock;
  Run                *run;       /* the request of the present or latest turn, while it lives */
  Run                *older;     /* one before it that still settles */
  BobbinChannel      *decider;   /* the WebSocket of DECIDING; it may settle a while in READY */
  BobbinBlock        *approval;  /* what DECIDING is about, until its link is ready */
  GArray             *decisions;
  BobbinEvent        *pending;   /* goes out from the idle source */
  /* sources */
  guint               idle;
  guint               decider_settle; /* timer of the clock */

  State               state;
  gboolean            started;   /* an event of the present turn arrived */
};

/* One request. Its callbacks hold a reference; who drops it cancels it. */
struct _Run
{
  gatomicrefcount          ref_count;
  BobbinNebelusSseChannel *channel;  /* borrowed; NULL once dropped */
  BobbinHttp              *http;
  BobbinHttpRequest       *request;
  BobbinBodyStream        *body;
  GCancellable            *cancellable;
  BobbinNebelusDecoder    *decoder;
  BobbinSseParser         *parser;
  guint                    settle;   /* timer of the clock */
  guint                    pause;    /* source: reading goes on */
  gint64                   worked_us;
  gboolean                 stopped;  /* the turn is over */
  gboolean                 asked;    /* the last word was a question */
  gboolean                 done;     /* the stream said that it is over */
  char                     buffer[READ_SIZE];
};

static void channel_iface_init (BobbinChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinNebelusSseChannel, bobbin_nebelus_sse_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

/* Runs */

static Run *
run_ref (Run *run)
{
  g_atomic_ref_count_inc (&run->ref_count);

  return run;
}

static void
run_unref (Run *run)
{
  if (!g_atomic_ref_count_dec (&run->ref_count))
    return;

  g_clear_object (&run->request);
  g_clear_object (&run->body);
  g_clear_object (&run->cancellable);
  g_clear_object (&run->http);
  bobbin_nebelus_decoder_free (run->decoder);
  bobbin_sse_parser_free (run->parser);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_unref)

/* Ends the request: libsoup closes the connection when the answer goes. */
static void
run_drop (Run **place)
{
  Run *run = g_steal_pointer (place);

  if (run == NULL)
    return;
  bobbin_clock_clear (run->channel->clock, &run->settle);
  g_clear_handle_id (&run->pause, g_source_remove);
  run->channel = NULL;
  g_cancellable_cancel (run->cancellable);
  bobbin_http_request_close (run->request);
  run_unref (run);
}

static Run **
run_place (Run *run)
{
  return run->channel->run == run ? &run->channel->run : &run->channel->older;
}

/* The channel's own events */

static void
enter_closed (BobbinNebelusSseChannel *self)
{
  self->state = STATE_CLOSED;
  run_drop (&self->run);
  run_drop (&self->older);
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

/* The end of a turn's stream */

static BobbinCertainty
get_certainty (BobbinNebelusSseChannel *self,
               Run                     *run)
{
  if (self->started)
    return BOBBIN_CERTAINTY_ACCEPTED;

  return bobbin_http_request_get_sent (run->request) ? BOBBIN_CERTAINTY_UNKNOWN : BOBBIN_CERTAINTY_UNSENT;
}

/* @failure: (transfer full): the turn of @run is over, the channel is not. */
static void
fail_turn (Run           *run,
           BobbinFailure *failure)
{
  BobbinNebelusSseChannel *self = run->channel;
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

  event->failure = failure;
  self->state = STATE_READY;
  run_drop (&self->run);
  emit (self, event);
}

static void
run_ended (Run          *run,
           const GError *error)
{
  BobbinNebelusSseChannel *self = run->channel;
  BobbinFailure *failure;

  if (run->stopped || self->run != run)
    {
      run_drop (run_place (run));
      return;
    }
  if (run->asked && (error == NULL || run->done))
    {
      self->state = STATE_PAUSED;
      run_drop (&self->run);
      return;
    }

  if (error != NULL)
    failure = bobbin_failure_new_from_error (error, get_certainty (self, run));
  else
    failure = bobbin_failure_new (BOBBIN_ERROR_INTERRUPTED, get_certainty (self, run),
                                  "The server ended the answer before it was complete");
  close_with (self, failure);
}

/* Events of a stream */

static gboolean
settle_cb (gpointer user_data)
{
  Run *run = user_data;

  run->settle = 0;
  run_drop (run_place (run));

  return G_SOURCE_REMOVE;
}

static void
settle (Run *run)
{
  run->stopped = TRUE;
  if (run->settle == 0)
    run->settle = bobbin_clock_add (run->channel->clock, BOBBIN_NEBELUS_SETTLE_MS, settle_cb, run);
}

/* @event: (transfer full). */
static void
handle_failed (Run         *run,
               BobbinEvent *event)
{
  BobbinNebelusSseChannel *self = run->channel;

  if (_bobbin_nebelus_ends_channel (event->failure))
    {
      close_with (self, g_steal_pointer (&event->failure));
      bobbin_event_free (event);
      return;
    }

  self->state = STATE_READY;
  settle (run);
  emit (self, event);
}

/* @event: (transfer full). */
static void
handle_event (Run         *run,
              BobbinEvent *event)
{
  BobbinNebelusSseChannel *self = run->channel;

  if (event->type == BOBBIN_EVENT_DONE)
    run->done = TRUE;
  if (event->type == BOBBIN_EVENT_NONE || event->type == BOBBIN_EVENT_DONE || event->type == BOBBIN_EVENT_PONG ||
      (self->run != run && event->type != BOBBIN_EVENT_TITLE) ||
      (run->stopped && (event->type == BOBBIN_EVENT_TURN_STOPPED || event->type == BOBBIN_EVENT_FAILED)))
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
      handle_failed (run, event);
      return;
    }

  if (event->type != BOBBIN_EVENT_THREAD_ID && event->type != BOBBIN_EVENT_TITLE)
    {
      self->started = TRUE;
      run->asked = event->type == BOBBIN_EVENT_APPROVAL || (run->asked && event->type != BOBBIN_EVENT_BLOCK);
    }
  if (event->type == BOBBIN_EVENT_TURN_STOPPED)
    {
      self->state = STATE_READY;
      settle (run);
    }
  emit (self, event);
}

static void
pop_events (Run *run)
{
  BobbinEvent *event;

  /* A handler may close the channel or begin the next turn. */
  while ((event = bobbin_nebelus_decoder_pop (run->decoder)) != NULL)
    {
      if (run->channel != NULL)
        handle_event (run, event);
      else
        bobbin_event_free (event);
    }
}

static void
pop_stream (Run *run)
{
  g_autoptr(BobbinNebelusSseChannel) hold = g_object_ref (run->channel);

  while (run->channel != NULL)
    {
      g_autoptr(GError) error = NULL;
      BobbinSseEvent event;

      if (!bobbin_sse_parser_next (run->parser, &event, &error))
        {
          if (error == NULL)
            break;
          g_debug ("skipping an event: %s", error->message);
        }
      else if (bobbin_nebelus_decoder_push_event (run->decoder, event.name, event.data, (gssize) event.length, NULL))
        pop_events (run);
      else
        /* nebelus.md, section 5.2, rule 6: one bad event must not kill the stream. */
        g_debug ("skipping an event of %" G_GSIZE_FORMAT " bytes that is not understood", event.length);
    }
}

/* Reading */

static void read_more (Run *run);

static gboolean
pause_over_cb (gpointer user_data)
{
  Run *run = user_data;

  run->pause = 0;
  read_more (run);

  return G_SOURCE_REMOVE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GError) error = NULL;
  gssize n_bytes = bobbin_http_read_finish (BOBBIN_HTTP (source), result, &error);
  gint64 began_us;

  if (run->channel == NULL)
    return;

  began_us = g_get_monotonic_time ();
  if (n_bytes > 0)
    bobbin_sse_parser_feed (run->parser, run->buffer, (gsize) n_bytes);
  else
    bobbin_sse_parser_finish (run->parser);
  pop_stream (run);
  if (run->channel == NULL)
    return;
  if (n_bytes <= 0 || run->done)
    {
      g_autoptr(BobbinNebelusSseChannel) hold = g_object_ref (run->channel);

      run_ended (run, n_bytes < 0 ? error : NULL);
      return;
    }

  /* A server that sends without end must not keep the main loop busy (bobbin-paced-stream.h). */
  run->worked_us += g_get_monotonic_time () - began_us;
  if (run->worked_us > BOBBIN_PACE_WORK_US)
    {
      run->worked_us = 0;
      run->pause = g_timeout_add (BOBBIN_PACE_PAUSE_MS, pause_over_cb, run);
    }
  else
    read_more (run);
}

static void
read_more (Run *run)
{
  bobbin_http_read_async (run->http, run->request, run->buffer, sizeof run->buffer, run->cancellable, read_cb, run_ref (run));
}

static void
reply_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  g_autoptr(BobbinNebelusSseChannel) hold = run->channel != NULL ? g_object_ref (run->channel) : NULL;

  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  if (run->channel == NULL)
    return;
  if (body != NULL && bobbin_nebelus_decoder_push_reply (run->decoder, size > 0 ? text : "", (gssize) size, NULL))
    pop_events (run);
  else if (body != NULL)
    error = g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "The server's answer is not understood: check the address");
  if (run->channel != NULL)
    run_ended (run, error);
}

static void
refusal_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, NULL);
  g_autoptr(BobbinNebelusSseChannel) hold = run->channel != NULL ? g_object_ref (run->channel) : NULL;
  BobbinFailure *failure;

  if (run->channel == NULL)
    return;

  failure = bobbin_nebelus_failure_from_http (bobbin_http_request_get_status (run->request),
                                              bobbin_http_request_get_answer_header (run->request, "Retry-After"),
                                              body != NULL ? g_bytes_get_data (body, NULL) : NULL,
                                              body != NULL ? g_bytes_get_size (body) : 0,
                                              bobbin_clock_now_us (run->channel->clock));
  if (_bobbin_nebelus_ends_channel (failure))
    close_with (run->channel, failure);
  else
    fail_turn (run, failure);
}

static gboolean
has_type (Run        *run,
          const char *type)
{
  return g_strcmp0 (bobbin_http_request_get_answer_type (run->request), type) == 0;
}

static void
head_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Run) run = user_data;
  g_autoptr(GError) error = NULL;
  gboolean answered = bobbin_http_send_finish (BOBBIN_HTTP (source), result, &error);
  g_autoptr(BobbinNebelusSseChannel) self = run->channel != NULL ? g_object_ref (run->channel) : NULL;
  guint status = bobbin_http_request_get_status (run->request);

  if (self == NULL)
    return;
  if (!answered)
    {
      BobbinFailure *failure = bobbin_failure_new_from_error (error, get_certainty (self, run));

      failure->http_status = status;
      if (status >= 300 && status < 400)
        failure->certainty = BOBBIN_CERTAINTY_REFUSED;
      if (failure->code == BOBBIN_ERROR_FILE)
        {
          /* The body never became whole: there is nothing the server could have acted on. */
          failure->certainty = BOBBIN_CERTAINTY_UNSENT;
          fail_turn (run, failure);
        }
      else
        close_with (self, failure);
    }
  else if (status < 200 || status >= 300)
    bobbin_http_drain_async (run->http, run->request, MAX_REFUSAL, run->cancellable, refusal_cb, run_ref (run));
  else
    {
      bobbin_nebelus_decoder_push_thread_id (run->decoder, bobbin_http_request_get_answer_header (run->request, "X-Thread-Id"));
      pop_events (run);
      if (run->channel == NULL)
        return;
      if (has_type (run, "application/json"))
        bobbin_http_drain_async (run->http, run->request, MAX_REPLY, run->cancellable, reply_cb, run_ref (run));
      else if (has_type (run, "text/html"))
        close_with (self, bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNKNOWN,
                                              "The server answers with a web page: check the address"));
      else
        read_more (run);
    }
}

static Run *
run_new (BobbinNebelusSseChannel *self,
         BobbinTurn              *turn)
{
  Run *run = g_new0 (Run, 1);
  g_autofree char *url = _bobbin_nebelus_target_dup_chat_url (&self->target);
  char *authorization = _bobbin_nebelus_backend_dup_authorization (self->target.backend, FALSE);

  g_atomic_ref_count_init (&run->ref_count);
  run->channel = self;
  run->http = g_object_ref (_bobbin_nebelus_backend_get_http (self->target.backend));
  run->cancellable = g_cancellable_new ();
  run->decoder = bobbin_nebelus_decoder_new ();
  run->parser = bobbin_sse_parser_new (0);
  bobbin_nebelus_decoder_set_thread_id (run->decoder, self->target.thread_id);
  bobbin_nebelus_decoder_begin_turn (run->decoder);

  run->body = _bobbin_nebelus_encode_turn (turn, TRUE, self->target.thread_id);
  run->request = bobbin_http_request_new ("POST", url);
  if (authorization != NULL)
    bobbin_http_request_set_header (run->request, "Authorization", authorization);
  _bobbin_nebelus_wipe (authorization);
  bobbin_http_request_set_header (run->request, "Accept", "text/event-stream");
  bobbin_http_request_set_silence_limit (run->request, BOBBIN_HTTP_STREAM_MS);
  bobbin_http_request_set_body (run->request, "application/json", G_INPUT_STREAM (run->body),
                                bobbin_body_stream_get_length (run->body));

  return run;
}

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

  if (event->type != BOBBIN_EVENT_BLOCK)
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
  run_drop (&self->older);
  self->older = g_steal_pointer (&self->run);
  self->started = FALSE;
  self->state = STATE_TURN;
  self->run = run_new (self, turn);
  bobbin_http_send_async (self->run->http, self->run->request, self->run->cancellable, head_cb, run_ref (self->run));
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

  run_drop (&self->run);
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
  run_drop (&self->run);
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
