/* One Nebelus thread over one WebSocket (nebelus.md, sections 2 to 5 and 8 to 11).
 *
 *   NEW       start → OPENING
 *   OPENING   handshake under way        101 → GREETING; 401, 403 → once more with the other form or Origin; else → CLOSED
 *   GREETING  waiting for "connection"   it → READY; error, 4001 → other form or CLOSED; 5 s since OPENING → CLOSED
 *   READY     nothing of ours runs       send → PREPARING or TURN; decide → TURN; lost → CLOSED
 *   PREPARING files are being encoded    done → TURN; cannot → READY (FAILED); cancel → READY (TURN_STOPPED)
 *   TURN      a message was written      stopped, failed → READY; lost → CLOSED
 *   CLOSED    nothing any more
 *
 * The handlers of the link run in main loop callbacks already, so events go out from there without a detour. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-private.h"

#include "backend/nebelus/bobbin-nebelus-decision.h"
#include "transport/bobbin-ws-link.h"
#include "wire/bobbin-nebelus-decoder.h"
#include "wire/bobbin-nebelus-encoder.h"
#include "wire/bobbin-nebelus-errors.h"

#include <string.h>

#define CLOSE_NORMAL 1000
#define CLOSE_AUTH 4001

typedef enum
{
  STATE_NEW,
  STATE_OPENING,
  STATE_GREETING,
  STATE_READY,
  STATE_PREPARING,
  STATE_TURN,
  STATE_CLOSED,
} State;

#define BOBBIN_TYPE_NEBELUS_WS_CHANNEL (bobbin_nebelus_ws_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNebelusWsChannel, bobbin_nebelus_ws_channel, BOBBIN, NEBELUS_WS_CHANNEL, GObject)

struct _BobbinNebelusWsChannel
{
  GObject               parent_instance;
  /* owned */
  BobbinNebelusTarget   target;
  BobbinClock          *clock;
  BobbinNebelusDecoder *decoder;
  BobbinWsLink         *link;         /* non-NULL from OPENING to CLOSED */
  GCancellable         *cancellable;  /* of the handshake, then of the preparation */
  BobbinFailure        *pending;      /* goes out as CLOSED from the idle source */
  /* sources */
  guint                 idle;         /* for what has to be told from outside a call */
  guint                 greeting;     /* timers of the clock */
  guint                 ping;
  guint                 pong;

  State                 state;
  gboolean              bare;         /* the header form of this attempt */
  gboolean              tried_both;
  gboolean              tried_origin;
  gboolean              stopped;      /* the person stopped a turn that was being prepared */
  gboolean              started;      /* an event of the present turn arrived */
  gboolean              decided;      /* a decision was written, nothing of the turn arrived since */
  gboolean              probing;      /* the link is under suspicion: the person may be waiting for it */
  guint                 missed_pongs;
  gint64                began_us;     /* monotonic: this attempt */
};

static void channel_iface_init (BobbinChannelInterface *iface);
static void open_link          (BobbinNebelusWsChannel *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinNebelusWsChannel, bobbin_nebelus_ws_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

/* The end */

static void
clear_timers (BobbinNebelusWsChannel *self)
{
  bobbin_clock_clear (self->clock, &self->greeting);
  bobbin_clock_clear (self->clock, &self->ping);
  bobbin_clock_clear (self->clock, &self->pong);
}

static void
let_go_of_link (BobbinNebelusWsChannel *self)
{
  clear_timers (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->link != NULL)
    bobbin_ws_link_close (self->link, CLOSE_NORMAL);
  g_clear_object (&self->link);
}

static void
enter_closed (BobbinNebelusWsChannel *self)
{
  self->state = STATE_CLOSED;
  let_go_of_link (self);
  g_clear_handle_id (&self->idle, g_source_remove);
}

/* @failure: (transfer full). Not from inside a call on the channel: see close_later(). */
static void
close_with (BobbinNebelusWsChannel *self,
            BobbinFailure          *failure)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_CLOSED);

  event->failure = failure;
  enter_closed (self);
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
}

static gboolean
idle_cb (gpointer user_data)
{
  g_autoptr(BobbinNebelusWsChannel) self = g_object_ref (user_data);

  self->idle = 0;
  if (self->pending != NULL)
    close_with (self, g_steal_pointer (&self->pending));
  else if (self->stopped)
    {
      BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);

      self->stopped = FALSE;
      event->text = g_strdup ("cancelled");
      bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
    }

  return G_SOURCE_REMOVE;
}

static void
close_later (BobbinNebelusWsChannel *self,
             BobbinFailure          *failure)
{
  g_clear_pointer (&self->pending, bobbin_failure_free);
  self->pending = failure;
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

/* What is known of the turn in flight, should the link go now (nebelus.md, section 11). */
static BobbinCertainty
get_certainty (BobbinNebelusWsChannel *self)
{
  if (self->state != STATE_TURN)
    return BOBBIN_CERTAINTY_UNSENT;

  return self->started ? BOBBIN_CERTAINTY_ACCEPTED : BOBBIN_CERTAINTY_UNKNOWN;
}

/* Once more with the other header form, once (nebelus.md, section 2). */
static gboolean
try_other_form (BobbinNebelusWsChannel *self)
{
  if (self->tried_both)
    return FALSE;

  self->tried_both = TRUE;
  self->bare = !self->bare;
  let_go_of_link (self);
  open_link (self);

  return TRUE;
}

/* Keep-alive (nebelus.md, section 10) */

static void ping (BobbinNebelusWsChannel *self, guint wait_ms);

static gboolean
pong_missing_cb (gpointer user_data)
{
  BobbinNebelusWsChannel *self = user_data;

  self->pong = 0;
  /* Between turns nothing is lost by a drop too many. Inside of one it would cut the answer of a server that is only busy. */
  if (++self->missed_pongs >= 2 || (self->probing && self->state != STATE_TURN))
    {
      g_autoptr(BobbinNebelusWsChannel) hold = g_object_ref (self);

      close_with (self, bobbin_failure_new (BOBBIN_ERROR_NETWORK, get_certainty (self),
                                            "The server stopped answering"));
      return G_SOURCE_REMOVE;
    }

  /* Asked again at once, not in 20 s: a link that is dead should not look alive for long. */
  ping (self, BOBBIN_NEBELUS_PONG_MS);

  return G_SOURCE_REMOVE;
}

static void
ping (BobbinNebelusWsChannel *self,
      guint                   wait_ms)
{
  const char *frame = bobbin_nebelus_get_ping ();

  if (self->pong == 0 && bobbin_ws_link_send (self->link, g_bytes_new_static (frame, strlen (frame))))
    self->pong = bobbin_clock_add (self->clock, wait_ms, pong_missing_cb, self);
}

static gboolean
ping_cb (gpointer user_data)
{
  ping (user_data, BOBBIN_NEBELUS_PONG_MS);

  return G_SOURCE_CONTINUE;
}

/* Whatever arrives shows that the link lives: a server may answer pings only between turns. */
static void
heard (BobbinNebelusWsChannel *self)
{
  self->missed_pongs = 0;
  self->probing = FALSE;
  bobbin_clock_clear (self->clock, &self->pong);
}

/* Events */

static void
take_thread_id (BobbinNebelusWsChannel *self,
                const char             *thread_id)
{
  if (thread_id == NULL || g_strcmp0 (thread_id, self->target.thread_id) == 0)
    return;

  g_free (self->target.thread_id);
  self->target.thread_id = g_strdup (thread_id);
}

/* Returns: (transfer full) (nullable): @event when it is to be told. */
static BobbinEvent *
greeted (BobbinNebelusWsChannel *self,
         BobbinEvent            *event)
{
  take_thread_id (self, event->thread_id);
  if (self->state != STATE_GREETING)
    {
      /* A second greeting only matters for its thread id. */
      event->type = BOBBIN_EVENT_THREAD_ID;
      if (event->thread_id != NULL)
        return event;
      bobbin_event_free (event);
      return NULL;
    }

  bobbin_clock_clear (self->clock, &self->greeting);
  self->state = STATE_READY;
  _bobbin_nebelus_backend_set_bare (self->target.backend, self->bare);
  self->ping = bobbin_clock_add (self->clock, BOBBIN_NEBELUS_PING_MS, ping_cb, self);

  return event;
}

/* @event: (transfer full): an "error" of the server. */
static void
failed (BobbinNebelusWsChannel *self,
        BobbinEvent            *event)
{
  BobbinFailure *failure = event->failure;

  if (self->state == STATE_GREETING)
    {
      failure->certainty = BOBBIN_CERTAINTY_UNSENT;
      if (failure->code != BOBBIN_ERROR_AUTH || !try_other_form (self))
        close_with (self, g_steal_pointer (&event->failure));
    }
  else if (_bobbin_nebelus_ends_channel (failure))
    {
      if (self->state != STATE_TURN)
        failure->certainty = BOBBIN_CERTAINTY_UNSENT;
      close_with (self, g_steal_pointer (&event->failure));
    }
  else if (failure->code == BOBBIN_ERROR_BUSY && self->state == STATE_TURN && self->started && !self->decided)
    g_debug ("the server is busy with the turn we know of");
  else
    {
      if (self->state == STATE_PREPARING)
        {
          g_cancellable_cancel (self->cancellable);
          failure->certainty = BOBBIN_CERTAINTY_UNSENT;
        }
      self->state = STATE_READY;
      self->decided = FALSE;
      bobbin_channel_emit (BOBBIN_CHANNEL (self), g_steal_pointer (&event));
    }
  g_clear_pointer (&event, bobbin_event_free);
}

/* Whether @type shows that the server began with the message. */
static gboolean
is_of_turn (BobbinEventType type)
{
  return type == BOBBIN_EVENT_TURN_STARTED || type == BOBBIN_EVENT_BLOCK || type == BOBBIN_EVENT_APPROVAL ||
         type == BOBBIN_EVENT_TURN_STOPPED || type == BOBBIN_EVENT_STOP_REASON || type == BOBBIN_EVENT_ACCEPTED;
}

/* @event: (transfer full). */
static void
handle_event (BobbinNebelusWsChannel *self,
              BobbinEvent            *event)
{
  if (is_of_turn (event->type))
    {
      self->started = TRUE;
      self->decided = FALSE;
    }

  if (event->type == BOBBIN_EVENT_READY)
    event = greeted (self, event);
  else if (event->type == BOBBIN_EVENT_FAILED)
    {
      failed (self, event);
      return;
    }
  else if (event->type == BOBBIN_EVENT_PONG || event->type == BOBBIN_EVENT_DONE || event->type == BOBBIN_EVENT_NONE ||
           self->state == STATE_GREETING)
    g_clear_pointer (&event, bobbin_event_free);
  else if (event->type == BOBBIN_EVENT_TURN_STOPPED && self->state == STATE_TURN)
    self->state = STATE_READY;

  if (event == NULL)
    return;
  if (event->type != BOBBIN_EVENT_BLOCK)
    take_thread_id (self, event->thread_id);
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
}

static void
link_text_cb (BobbinWsLink *link,
              const char   *text,
              gsize         length,
              gpointer      user_data)
{
  g_autoptr(BobbinNebelusWsChannel) self = g_object_ref (user_data);
  g_autoptr(GError) error = NULL;
  BobbinEvent *event;

  heard (self);
  if (!bobbin_nebelus_decoder_push_frame (self->decoder, text, (gssize) length, &error))
    {
      /* nebelus.md, section 5.2, rule 6: one bad frame must not kill the stream. */
      g_debug ("skipping a frame of %" G_GSIZE_FORMAT " bytes that is not understood", length);
      bobbin_nebelus_decoder_push_unreadable (self->decoder, text, length);
    }
  /* A handler may close the channel, or a failure open another link. */
  while ((event = bobbin_nebelus_decoder_pop (self->decoder)) != NULL)
    {
      if (self->link == link)
        handle_event (self, event);
      else
        bobbin_event_free (event);
    }
}

static void
link_closed_cb (BobbinWsLink *link,
                guint         code,
                const char   *reason,
                const GError *error,
                gpointer      user_data)
{
  g_autoptr(BobbinNebelusWsChannel) self = g_object_ref (user_data);
  BobbinCertainty certainty = get_certainty (self);
  BobbinFailure *failure;

  if (self->state == STATE_GREETING && code == CLOSE_AUTH && try_other_form (self))
    return;

  if (error != NULL)
    {
      failure = bobbin_failure_new_from_error (error, certainty);
      failure->close_code = code;
      /* What the server did wrong it may do right on the next link; the turn is lost either way. */
      if (self->state != STATE_GREETING && failure->code != BOBBIN_ERROR_REPLY_TOO_LARGE)
        failure->code = BOBBIN_ERROR_NETWORK;
    }
  else
    failure = bobbin_nebelus_failure_from_close (code, reason, certainty);
  close_with (self, failure);
}

static const BobbinWsHandlers link_handlers = { link_text_cb, link_closed_cb };

/* Opening */

static gboolean
greeting_late_cb (gpointer user_data)
{
  g_autoptr(BobbinNebelusWsChannel) self = g_object_ref (user_data);

  self->greeting = 0;
  close_with (self, bobbin_failure_new (BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_UNSENT,
                                        "The server accepts the connection but does not greet"));

  return G_SOURCE_REMOVE;
}

static void
wait_for_greeting (BobbinNebelusWsChannel *self)
{
  gint64 passed_ms = (bobbin_clock_monotonic_us (self->clock) - self->began_us) / 1000;

  self->state = STATE_GREETING;
  bobbin_ws_link_set_handlers (self->link, &link_handlers, self);
  self->greeting = bobbin_clock_add (self->clock, (guint) CLAMP (BOBBIN_NEBELUS_CONNECT_MS - passed_ms, 1, BOBBIN_NEBELUS_CONNECT_MS),
                                     greeting_late_cb, self);
}

/* Takes what a refused handshake says. */
static void
refused (BobbinNebelusWsChannel *self,
         const GError           *error)
{
  guint status = bobbin_ws_link_get_status (self->link);
  BobbinFailure *failure;

  if (status == 401 && try_other_form (self))
    return;
  if (status == 403 && !self->tried_origin)
    {
      self->tried_origin = TRUE;
      let_go_of_link (self);
      open_link (self);
      return;
    }

  if (status >= 400)
    {
      failure = bobbin_nebelus_failure_from_http (status, bobbin_ws_link_get_answer_header (self->link, "Retry-After"), NULL, 0,
                                                  bobbin_clock_now_us (self->clock));
      failure->certainty = BOBBIN_CERTAINTY_UNSENT;
    }
  else
    failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
  close_with (self, failure);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinNebelusWsChannel) self = BOBBIN_NEBELUS_WS_CHANNEL (user_data);
  g_autoptr(GError) error = NULL;
  gboolean opened = bobbin_ws_link_open_finish (BOBBIN_WS_LINK (source), result, &error);

  if (self->link != BOBBIN_WS_LINK (source))
    return;
  if (opened)
    wait_for_greeting (self);
  else
    refused (self, error);
}

/* nebelus.md, section 2: the API's own address, and only after a 403. */
static char *
dup_origin (BobbinNebelusWsChannel *self)
{
  g_autoptr(GUri) uri = NULL;
  g_autofree char *url = NULL;

  if (!self->tried_origin)
    return NULL;
  url = _bobbin_nebelus_target_dup_chat_url (&self->target);
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  return uri != NULL ? g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                                   g_uri_get_port (uri), "", NULL, NULL) : NULL;
}

static void
open_link (BobbinNebelusWsChannel *self)
{
  g_autofree char *url = _bobbin_nebelus_target_dup_ws_url (&self->target);
  g_autofree char *origin = dup_origin (self);
  char *authorization = _bobbin_nebelus_backend_dup_authorization (self->target.backend, self->bare);

  self->state = STATE_OPENING;
  self->began_us = bobbin_clock_monotonic_us (self->clock);
  self->cancellable = g_cancellable_new ();
  self->link = bobbin_ws_link_new (_bobbin_nebelus_backend_get_http (self->target.backend), url);
  if (authorization != NULL)
    bobbin_ws_link_set_header (self->link, "Authorization", authorization);
  _bobbin_nebelus_wipe (authorization);
  bobbin_ws_link_open_async (self->link, origin, BOBBIN_NEBELUS_CONNECT_MS, self->cancellable, opened_cb, g_object_ref (self));
}

static void
ws_start (BobbinChannel *channel)
{
  BobbinNebelusWsChannel *self = BOBBIN_NEBELUS_WS_CHANNEL (channel);
  BobbinFailure *failure;

  g_return_if_fail (self->state == STATE_NEW);

  failure = _bobbin_nebelus_target_check (&self->target);
  if (failure != NULL)
    {
      self->state = STATE_OPENING;
      close_later (self, failure);
    }
  else
    open_link (self);
}

/* Sending */

static void
begin_turn (BobbinNebelusWsChannel *self,
            GBytes                 *frame)
{
  self->started = FALSE;
  self->decided = FALSE;
  bobbin_nebelus_decoder_begin_turn (self->decoder);
  if (bobbin_ws_link_send (self->link, frame))
    self->state = STATE_TURN;
  else
    {
      self->state = STATE_READY;
      close_later (self, bobbin_failure_new (BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT, "The connection was lost"));
    }
}

static void
prepared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinNebelusWsChannel) self = BOBBIN_NEBELUS_WS_CHANNEL (user_data);
  g_autoptr(GError) error = NULL;
  GBytes *frame = bobbin_body_stream_read_all_finish (BOBBIN_BODY_STREAM (source), result, &error);

  if (self->state != STATE_PREPARING || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_pointer (&frame, g_bytes_unref);
  else if (frame != NULL)
    begin_turn (self, frame);
  else
    {
      BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

      self->state = STATE_READY;
      event->failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
      bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
    }
}

static void
ws_send (BobbinChannel *channel,
         BobbinTurn    *turn)
{
  BobbinNebelusWsChannel *self = BOBBIN_NEBELUS_WS_CHANNEL (channel);
  g_autoptr(BobbinBodyStream) body = NULL;

  g_return_if_fail (self->state == STATE_READY || self->state == STATE_CLOSED);

  if (self->state == STATE_CLOSED)
    return;
  body = _bobbin_nebelus_encode_turn (turn, FALSE, NULL);
  if (turn->attachments->len == 0)
    {
      gsize length = (gsize) bobbin_body_stream_get_length (body);
      char *text = g_malloc (length);

      g_input_stream_read_all (G_INPUT_STREAM (body), text, length, &length, NULL, NULL);
      begin_turn (self, g_bytes_new_take (text, length));
      return;
    }

  self->state = STATE_PREPARING;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  bobbin_body_stream_read_all_async (body, self->cancellable, prepared_cb, g_object_ref (self));
}

static void
ws_cancel (BobbinChannel *channel)
{
  BobbinNebelusWsChannel *self = BOBBIN_NEBELUS_WS_CHANNEL (channel);
  const char *cancel = bobbin_nebelus_get_cancel ();

  if (self->state == STATE_PREPARING)
    {
      g_cancellable_cancel (self->cancellable);
      self->state = STATE_READY;
      self->stopped = TRUE;
      if (self->idle == 0)
        self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
    }
  else if (self->state == STATE_TURN || self->state == STATE_READY)
    {
      /* A link that is closing tells of it by itself. */
      if (!bobbin_ws_link_send (self->link, g_bytes_new_static (cancel, strlen (cancel))))
        g_debug ("nothing to cancel on a closed link");
    }
}

static void
ws_decide (BobbinChannel *channel,
           BobbinBlock   *approval,
           GArray        *decisions)
{
  BobbinNebelusWsChannel *self = BOBBIN_NEBELUS_WS_CHANNEL (channel);
  char *frame;

  g_return_if_fail (self->state == STATE_READY || self->state == STATE_TURN || self->state == STATE_CLOSED);

  if (self->state == STATE_CLOSED)
    return;
  frame = _bobbin_nebelus_encode_decisions (approval, decisions);
  if (bobbin_ws_link_send (self->link, g_bytes_new_take (frame, strlen (frame))))
    {
      /* The turn goes on; a link that dies now leaves the answer open. */
      self->state = STATE_TURN;
      self->started = TRUE;
      self->decided = TRUE;
      bobbin_nebelus_decoder_resume_turn (self->decoder);
    }
  else
    close_later (self, bobbin_failure_new (BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT, "The connection was lost"));
}

static void
ws_probe (BobbinChannel *channel)
{
  BobbinNebelusWsChannel *self = BOBBIN_NEBELUS_WS_CHANNEL (channel);

  /* A network that keeps changing must not put the end off again and again. */
  if (self->probing || (self->state != STATE_READY && self->state != STATE_PREPARING && self->state != STATE_TURN))
    return;

  self->probing = TRUE;
  bobbin_clock_clear (self->clock, &self->pong);
  ping (self, BOBBIN_NEBELUS_PROBE_MS);
}

static void
ws_close (BobbinChannel *channel)
{
  enter_closed (BOBBIN_NEBELUS_WS_CHANNEL (channel));
}

static const char *
ws_get_transport (BobbinChannel *channel)
{
  return "ws";
}

static void
channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = ws_start;
  iface->send = ws_send;
  iface->cancel = ws_cancel;
  iface->decide = ws_decide;
  iface->close = ws_close;
  iface->get_transport = ws_get_transport;
  iface->probe = ws_probe;
}

static void
bobbin_nebelus_ws_channel_dispose (GObject *object)
{
  enter_closed (BOBBIN_NEBELUS_WS_CHANNEL (object));

  G_OBJECT_CLASS (bobbin_nebelus_ws_channel_parent_class)->dispose (object);
}

static void
bobbin_nebelus_ws_channel_finalize (GObject *object)
{
  BobbinNebelusWsChannel *self = BOBBIN_NEBELUS_WS_CHANNEL (object);

  bobbin_nebelus_decoder_free (self->decoder);
  g_clear_pointer (&self->pending, bobbin_failure_free);
  g_clear_object (&self->clock);
  _bobbin_nebelus_target_clear (&self->target);

  G_OBJECT_CLASS (bobbin_nebelus_ws_channel_parent_class)->finalize (object);
}

static void
bobbin_nebelus_ws_channel_class_init (BobbinNebelusWsChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_nebelus_ws_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_nebelus_ws_channel_finalize;
}

static void
bobbin_nebelus_ws_channel_init (BobbinNebelusWsChannel *self)
{
  self->decoder = bobbin_nebelus_decoder_new ();
}

BobbinChannel *
_bobbin_nebelus_ws_channel_new (BobbinNebelusBackend *backend,
                                const char           *agent_id,
                                const char           *thread_id)
{
  BobbinNebelusWsChannel *self = g_object_new (BOBBIN_TYPE_NEBELUS_WS_CHANNEL, NULL);

  _bobbin_nebelus_target_init (&self->target, backend, agent_id, thread_id);
  self->clock = g_object_ref (_bobbin_nebelus_backend_get_clock (backend));
  self->bare = _bobbin_nebelus_backend_get_bare (backend);
  bobbin_nebelus_decoder_set_thread_id (self->decoder, self->target.thread_id);

  return BOBBIN_CHANNEL (self);
}
