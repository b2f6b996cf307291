/* One AgentFlow thread: one request a run, its answer a stream of objects (agentflow.md, sections 6, 8 and 9).
 *
 *   NEW      start → LEARNING
 *   LEARNING what the server can do is asked for             told → READY; not → CLOSED
 *   READY    no run of ours                                  send → UPLOADING, RUNNING
 *   UPLOADING the turn's files go ahead                      all there → RUNNING; one is not → READY; cancel → READY
 *   RUNNING  the request is under way                        over, refused → READY; cut, key refused → CLOSED;
 *                                                            cancel → STOPPING, READY
 *   STOPPING the server was asked to stop; 3 s               over, time is up → READY
 *   CLOSED   nothing any more
 *
 * A run that ended goes on being read: the name of the thread comes last. A server that still ends every run because of a stop of
 * long ago is talked out of it by the two requests of section 9, once a turn. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "model/bobbin-attachment.h"
#include "transport/bobbin-http-stream.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-decoder.h"
#include "wire/bobbin-agentflow-encoder.h"
#include "wire/bobbin-agentflow-errors.h"
#include "wire/bobbin-ndjson-parser.h"

#include <string.h>

#define STOP_MS 3000
#define MAX_STATE_BYTES (4 * 1024 * 1024) /* section 6: then the small form */

typedef enum
{
  STATE_NEW,
  STATE_LEARNING,
  STATE_READY,
  STATE_UPLOADING,
  STATE_RUNNING,
  STATE_STOPPING,
  STATE_CLOSED,
} State;

/* What a run is for. */
typedef enum
{
  RUN_PLAIN,
  RUN_TO_END,  /* the way out, first request: nothing of it is shown */
  RUN_AGAIN,   /* the second */
} RunKind;

#define BOBBIN_TYPE_AGENTFLOW_CHANNEL (bobbin_agentflow_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAgentflowChannel, bobbin_agentflow_channel, BOBBIN, AGENTFLOW_CHANNEL, GObject)

struct _BobbinAgentflowChannel
{
  GObject                 parent_instance;
  /* owned */
  BobbinAgentflowBackend *backend;
  char                   *thread_id;   /* (nullable): none yet */
  BobbinTurn             *turn;        /* the present or latest one */
  BobbinHttpStream       *stream;      /* while the answer is being read */
  BobbinNdjsonParser     *parser;
  BobbinAgentflowDecoder *decoder;
  GCancellable           *calls;       /* of learning, uploads, invoke and stop */
  BobbinAttachment       *uploading;
  BobbinEvent            *pending;     /* goes out from the idle source */
  guint                   idle;
  guint                   stop_timer;  /* of the clock */

  State                   state;
  RunKind                 kind;
  guint                   n_uploaded;
  gsize                   state_bytes; /* of the runs so far */
};

static void channel_iface_init (BobbinChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinAgentflowChannel, bobbin_agentflow_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

static void begin_run (BobbinAgentflowChannel *self, RunKind kind);

static void
emit (BobbinAgentflowChannel *self,
      BobbinEvent            *event)
{
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
}

static void
drop_work (BobbinAgentflowChannel *self)
{
  bobbin_clock_clear (self->backend->clock, &self->stop_timer);
  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  if (self->calls != NULL)
    g_cancellable_cancel (self->calls);
  g_clear_object (&self->calls);
  g_clear_object (&self->uploading);
}

static void
enter_closed (BobbinAgentflowChannel *self)
{
  self->state = STATE_CLOSED;
  drop_work (self);
  g_clear_pointer (&self->pending, bobbin_event_free);
  g_clear_handle_id (&self->idle, g_source_remove);
}

/* @failure: (transfer full). */
static void
close_with (BobbinAgentflowChannel *self,
            BobbinFailure          *failure)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_CLOSED);

  event->failure = failure;
  enter_closed (self);
  emit (self, event);
}

/* @failure: (transfer full): the turn is over, the channel is not, unless the failure is one of the account. */
static void
fail_turn (BobbinAgentflowChannel *self,
           BobbinFailure          *failure)
{
  BobbinEvent *event;

  if (failure->code == BOBBIN_ERROR_AUTH || failure->code == BOBBIN_ERROR_FORBIDDEN || failure->code == BOBBIN_ERROR_NOT_FOUND ||
      failure->code == BOBBIN_ERROR_NETWORK || failure->code == BOBBIN_ERROR_TIMED_OUT || failure->code == BOBBIN_ERROR_TLS)
    {
      close_with (self, failure);
      return;
    }

  event = bobbin_event_new (BOBBIN_EVENT_FAILED);
  event->failure = failure;
  drop_work (self);
  self->state = STATE_READY;
  emit (self, event);
}

static void
stopped (BobbinAgentflowChannel *self)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);

  event->text = g_strdup ("cancelled");
  drop_work (self);
  self->state = STATE_READY;
  emit (self, event);
}

static gboolean
idle_cb (gpointer user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = g_object_ref (user_data);
  BobbinEvent *event = g_steal_pointer (&self->pending);

  self->idle = 0;
  emit (self, event);

  return G_SOURCE_REMOVE;
}

static void
emit_later (BobbinAgentflowChannel *self,
            BobbinEvent            *event)
{
  g_clear_pointer (&self->pending, bobbin_event_free);
  self->pending = event;
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

/* The answer */

static void
take_thread_id (BobbinAgentflowChannel *self,
                const char             *thread_id)
{
  if (thread_id == NULL || g_strcmp0 (thread_id, self->thread_id) == 0)
    return;

  g_free (self->thread_id);
  self->thread_id = g_strdup (thread_id);
}

/* Hands on what was decoded. FALSE: a handler closed the channel or began something else. */
static gboolean
pop_events (BobbinAgentflowChannel *self)
{
  BobbinHttpStream *stream = self->stream;
  BobbinEvent *event;

  while (self->state != STATE_CLOSED && (event = bobbin_agentflow_decoder_pop (self->decoder)) != NULL)
    {
      gboolean ends = event->type == BOBBIN_EVENT_TURN_STOPPED || event->type == BOBBIN_EVENT_FAILED;

      take_thread_id (self, event->thread_id);
      if (self->kind == RUN_TO_END)
        {
          bobbin_event_free (event);
          continue;
        }
      if (ends && self->state == STATE_STOPPING)
        {
          /* Whatever it ended with, it was stopped. */
          event->type = BOBBIN_EVENT_TURN_STOPPED;
          g_clear_pointer (&event->failure, bobbin_failure_free);
          g_free (event->text);
          event->text = g_strdup ("cancelled");
        }
      if (ends)
        {
          bobbin_clock_clear (self->backend->clock, &self->stop_timer);
          self->state = STATE_READY;
        }
      emit (self, event);
      if (self->stream != stream)
        return FALSE;
    }

  return self->state != STATE_CLOSED;
}

static gboolean
is_running (BobbinAgentflowChannel *self)
{
  return self->state == STATE_RUNNING || self->state == STATE_STOPPING;
}

/* The request is over and the run is not. @failure: (transfer full) (nullable): NULL: the body ended too early. */
static void
run_cut (BobbinAgentflowChannel *self,
         BobbinFailure          *failure)
{
  if (failure == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_UNKNOWN,
                                  "The server ended the answer before it was complete");
  if (bobbin_agentflow_decoder_is_accepted (self->decoder) || self->kind != RUN_PLAIN)
    failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  if (self->state == STATE_STOPPING)
    {
      bobbin_failure_free (failure);
      stopped (self);
      return;
    }

  close_with (self, failure);
}

static void
run_over (BobbinAgentflowChannel *self)
{
  gboolean over = bobbin_agentflow_decoder_finish (self->decoder);
  RunKind kind = self->kind;

  if (!pop_events (self))
    return;
  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  if (!is_running (self))
    return;

  if (self->state == STATE_STOPPING)
    stopped (self);
  else if (kind == RUN_TO_END)
    begin_run (self, RUN_AGAIN);
  else if (bobbin_agentflow_decoder_is_stuck (self->decoder) && kind == RUN_PLAIN)
    begin_run (self, RUN_TO_END);
  else if (bobbin_agentflow_decoder_is_stuck (self->decoder))
    fail_turn (self, bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED,
                                         "The server ends every answer in this conversation at once, since it was stopped"));
  else if (!over)
    run_cut (self, NULL);
}

static void
bytes_cb (BobbinHttpStream *stream,
          const char       *bytes,
          gsize             length,
          gpointer          user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = g_object_ref (user_data);

  bobbin_ndjson_parser_feed (self->parser, bytes, length);
  while (self->stream == stream)
    {
      g_autoptr(GError) error = NULL;
      const char *text;
      gsize size;

      if (!bobbin_ndjson_parser_next (self->parser, &text, &size, &error))
        {
          if (error == NULL)
            break;
          g_debug ("skipping a part of the answer: %s", error->message);
        }
      else if (!bobbin_agentflow_decoder_push (self->decoder, text, size, NULL))
        {
          /* Section 6: an unreadable object is logged (length only) and skipped. */
          g_debug ("skipping an object of %" G_GSIZE_FORMAT " bytes that is not understood", size);
        }
      if (!pop_events (self))
        break;
    }
}

static void
ended_cb (BobbinHttpStream *stream,
          const GError     *error,
          gpointer          user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = g_object_ref (user_data);
  BobbinHttpRequest *request = bobbin_http_stream_get_request (stream);
  BobbinFailure *failure;

  if (error == NULL)
    {
      run_over (self);
      return;
    }
  if (!is_running (self))
    {
      g_clear_pointer (&self->stream, bobbin_http_stream_drop);
      return;
    }

  failure = bobbin_failure_new_from_error (error, bobbin_http_request_get_sent (request) ? BOBBIN_CERTAINTY_UNKNOWN
                                                                                        : BOBBIN_CERTAINTY_UNSENT);
  failure->http_status = bobbin_http_request_get_status (request);
  if (failure->http_status >= 300 && failure->http_status < 400)
    failure->certainty = BOBBIN_CERTAINTY_REFUSED;
  run_cut (self, failure);
}

/* Invoke, where there is no stream (section 6) */

static void
invoked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = user_data;
  BobbinFailure *failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  g_autoptr(GError) error = NULL;

  if (root == NULL && failure == NULL)
    return; /* cancelled */
  if (failure != NULL && self->state == STATE_STOPPING)
    {
      bobbin_failure_free (failure);
      stopped (self);
    }
  else if (failure != NULL)
    {
      if (failure->http_status == 0)
        close_with (self, failure);
      else
        fail_turn (self, failure);
    }
  else if (!bobbin_agentflow_decoder_push_reply (self->decoder, root, &error))
    {
      fail_turn (self, bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN));
    }
  else
    {
      run_over (self);
    }
}

static char *
encode_run (BobbinAgentflowChannel *self)
{
  g_autoptr(GArray) files = g_array_new (FALSE, FALSE, sizeof (BobbinAgentflowFile));
  gboolean full = self->backend->no_stream || (self->backend->features.is_s3 && self->state_bytes <= MAX_STATE_BYTES);
  BobbinAgentflowRun run = {
    .text = self->turn->text,
    .message_id = self->backend->features.text_ids ? self->turn->message_id : NULL,
    .thread_id = self->thread_id,
    .granularity = full ? BOBBIN_AGENTFLOW_FULL : BOBBIN_AGENTFLOW_LOW,
    .at_end = self->kind == RUN_TO_END,
  };

  for (guint i = 0; i < self->turn->attachments->len; i++)
    {
      BobbinAttachment *attachment = self->turn->attachments->pdata[i];
      BobbinAgentflowFile file = {
        .file_id = (char *) _bobbin_agentflow_get_file_id (self->backend, attachment),
        .content_type = (char *) bobbin_attachment_get_content_type (attachment),
        .name = (char *) bobbin_attachment_get_name (attachment),
      };

      if (file.file_id != NULL)
        g_array_append_val (files, file);
    }
  run.files = (const BobbinAgentflowFile *) (gpointer) files->data;
  run.n_files = files->len;

  return bobbin_agentflow_encode_run (&run);
}

static void
invoke (BobbinAgentflowChannel *self)
{
  g_autofree char *body = encode_run (self);
  g_autoptr(BobbinHttpRequest) request = _bobbin_agentflow_request_new (self->backend, "POST", "/v1/graph/invoke");
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  g_set_object (&self->calls, NULL);
  self->calls = g_cancellable_new ();
  bobbin_http_request_set_body_bytes (request, "application/json", bytes);
  bobbin_http_request_set_silence_limit (request, BOBBIN_AGENTFLOW_SILENCE_MS);
  bobbin_json_api_send_async (&_bobbin_agentflow_api, G_OBJECT (self->backend), self->backend->http, request, self->calls, invoked_cb,
                              g_object_ref (self));
}

static void
refused_cb (BobbinHttpStream *stream,
            const char       *body,
            gsize             length,
            gpointer          user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = g_object_ref (user_data);
  BobbinHttpRequest *request = bobbin_http_stream_get_request (stream);
  guint status = bobbin_http_request_get_status (request);
  BobbinFailure *failure =
    bobbin_agentflow_failure_from_http (status, body, length, bobbin_http_request_get_retry_after_ms (request));

  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  if (self->state == STATE_STOPPING)
    {
      bobbin_failure_free (failure);
      stopped (self);
    }
  else if (status == 404 || status == 405 || status == 501)
    {
      bobbin_failure_free (failure);
      self->backend->no_stream = TRUE;
      invoke (self);
    }
  else
    {
      fail_turn (self, failure);
    }
}

static const BobbinHttpStreamHandlers stream_handlers = { NULL, bytes_cb, refused_cb, ended_cb };

static void
begin_run (BobbinAgentflowChannel *self,
           RunKind                 kind)
{
  g_autoptr(BobbinHttpRequest) request = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *body = NULL;

  self->kind = kind;
  self->state = STATE_RUNNING;
  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  g_clear_pointer (&self->parser, bobbin_ndjson_parser_free);
  self->parser = bobbin_ndjson_parser_new (0);
  self->state_bytes += bobbin_agentflow_decoder_get_state_bytes (self->decoder);
  bobbin_agentflow_decoder_begin (self->decoder, self->thread_id);
  if (self->backend->no_stream)
    {
      invoke (self);
      return;
    }

  body = encode_run (self);
  bytes = g_bytes_new (body, strlen (body));
  request = _bobbin_agentflow_request_new (self->backend, "POST", "/v1/graph/stream");
  bobbin_http_request_set_header (request, "Accept", "application/x-ndjson, application/json");
  bobbin_http_request_set_body_bytes (request, "application/json", bytes);
  bobbin_http_request_set_silence_limit (request, BOBBIN_AGENTFLOW_SILENCE_MS);
  self->stream = bobbin_http_stream_new (self->backend->http, request, &stream_handlers, self);
}

/* Uploads */

static void upload_next (BobbinAgentflowChannel *self);

static void
emit_upload (BobbinAgentflowChannel *self,
             BobbinAttachment       *attachment,
             gint64                  done,
             gint64                  total)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_UPLOAD);

  event->attachment = g_object_ref (attachment);
  event->done_bytes = done;
  event->total_bytes = MAX (total, 1);
  emit (self, event);
}

static void
progress_cb (goffset  sent,
             goffset  total,
             gpointer user_data)
{
  BobbinAgentflowChannel *self = user_data;

  /* Done is what the server has confirmed. */
  if (self->state == STATE_UPLOADING && self->uploading != NULL)
    emit_upload (self, self->uploading, MIN (sent, total - 1), total);
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = user_data;
  BobbinFailure *failure = NULL;
  gboolean uploaded = _bobbin_agentflow_upload_finish (BOBBIN_AGENTFLOW_BACKEND (source), result, &failure);
  g_autoptr(BobbinAttachment) attachment = NULL;

  if (self->state != STATE_UPLOADING || (!uploaded && failure == NULL))
    {
      bobbin_failure_free (failure);
      return;
    }

  attachment = g_steal_pointer (&self->uploading);
  if (!uploaded)
    {
      fail_turn (self, failure);
      return;
    }

  emit_upload (self, attachment, 1, 1);
  if (self->state == STATE_UPLOADING)
    upload_next (self);
}

static void
upload_next (BobbinAgentflowChannel *self)
{
  while (self->n_uploaded < self->turn->attachments->len &&
         _bobbin_agentflow_get_file_id (self->backend, self->turn->attachments->pdata[self->n_uploaded]) != NULL)
    self->n_uploaded++;
  if (self->n_uploaded == self->turn->attachments->len)
    {
      begin_run (self, RUN_PLAIN);
      return;
    }

  if (self->calls == NULL)
    self->calls = g_cancellable_new ();
  g_set_object (&self->uploading, self->turn->attachments->pdata[self->n_uploaded]);
  _bobbin_agentflow_upload_async (self->backend, self->uploading, progress_cb, self, self->calls, uploaded_cb, g_object_ref (self));
}

/* Channel */

static void
learned_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = user_data;
  BobbinFailure *failure = NULL;
  gboolean learned = _bobbin_agentflow_learn_finish (BOBBIN_AGENTFLOW_BACKEND (source), result, &failure);
  BobbinEvent *event;

  if (self->state != STATE_LEARNING)
    {
      bobbin_failure_free (failure);
      return;
    }

  g_clear_object (&self->calls);
  if (learned && self->backend->features.voice_only)
    failure = bobbin_failure_new (BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT, "This agent can only be talked to by voice");
  if (failure != NULL)
    {
      failure->certainty = BOBBIN_CERTAINTY_UNSENT;
      close_with (self, failure);
      return;
    }

  /* Section 4: with an id of our own a lost connection still leaves a known thread. */
  if (self->thread_id == NULL && self->backend->features.text_ids)
    self->thread_id = g_uuid_string_random ();
  self->state = STATE_READY;
  event = bobbin_event_new (BOBBIN_EVENT_READY);
  event->thread_id = g_strdup (self->thread_id);
  emit (self, event);
}

static void
channel_start (BobbinChannel *channel)
{
  BobbinAgentflowChannel *self = BOBBIN_AGENTFLOW_CHANNEL (channel);

  self->state = STATE_LEARNING;
  self->calls = g_cancellable_new ();
  _bobbin_agentflow_learn_async (self->backend, FALSE, self->calls, learned_cb, g_object_ref (self));
}

static gboolean
begin_turn_cb (gpointer user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = g_object_ref (user_data);

  self->idle = 0;
  if (self->state == STATE_UPLOADING)
    upload_next (self);

  return G_SOURCE_REMOVE;
}

static void
channel_send (BobbinChannel *channel,
              BobbinTurn    *turn)
{
  BobbinAgentflowChannel *self = BOBBIN_AGENTFLOW_CHANNEL (channel);

  g_return_if_fail (self->state == STATE_READY);

  drop_work (self);
  g_clear_pointer (&self->turn, bobbin_turn_unref);
  self->turn = bobbin_turn_ref (turn);
  self->n_uploaded = 0;
  self->state = STATE_UPLOADING;
  g_clear_handle_id (&self->idle, g_source_remove);
  self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, begin_turn_cb, self, NULL);
}

static gboolean
stop_cb (gpointer user_data)
{
  g_autoptr(BobbinAgentflowChannel) self = g_object_ref (user_data);

  self->stop_timer = 0;
  stopped (self);

  return G_SOURCE_REMOVE;
}

static void
asked_to_stop_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root == NULL && failure != NULL)
    g_debug ("the server does not stop: %s", failure->detail);
}

/* Section 9. */
static void
channel_cancel (BobbinChannel *channel)
{
  BobbinAgentflowChannel *self = BOBBIN_AGENTFLOW_CHANNEL (channel);
  BobbinEvent *event;

  if (self->state == STATE_RUNNING && _bobbin_agentflow_stops_on_server (self->backend) && self->thread_id != NULL)
    {
      g_autofree char *body = bobbin_agentflow_encode_stop (self->thread_id);

      self->state = STATE_STOPPING;
      self->stop_timer = bobbin_clock_add (self->backend->clock, STOP_MS, stop_cb, self);
      _bobbin_agentflow_call_async (self->backend, "POST", g_strdup ("/v1/graph/stop"), body, NULL, asked_to_stop_cb, NULL);
    }
  else if (self->state == STATE_RUNNING || self->state == STATE_UPLOADING)
    {
      drop_work (self);
      g_clear_handle_id (&self->idle, g_source_remove);
      self->state = STATE_READY;
      event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);
      event->text = g_strdup ("cancelled");
      emit_later (self, event);
    }
}

/* The answer to a pause is the next turn (BOBBIN_CAN_ANSWER_TEXT): there is nothing to decide. */
static void
channel_decide (BobbinChannel *channel,
                BobbinBlock   *approval,
                GArray        *decisions)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

  event->failure = bobbin_failure_new (BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT, "A pause is answered by a message");
  emit_later (BOBBIN_AGENTFLOW_CHANNEL (channel), event);
}

static void
channel_close (BobbinChannel *channel)
{
  enter_closed (BOBBIN_AGENTFLOW_CHANNEL (channel));
}

static const char *
channel_get_transport (BobbinChannel *channel)
{
  return "http";
}

static void
channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = channel_start;
  iface->send = channel_send;
  iface->cancel = channel_cancel;
  iface->decide = channel_decide;
  iface->close = channel_close;
  iface->get_transport = channel_get_transport;
}

static void
bobbin_agentflow_channel_dispose (GObject *object)
{
  enter_closed (BOBBIN_AGENTFLOW_CHANNEL (object));

  G_OBJECT_CLASS (bobbin_agentflow_channel_parent_class)->dispose (object);
}

static void
bobbin_agentflow_channel_finalize (GObject *object)
{
  BobbinAgentflowChannel *self = BOBBIN_AGENTFLOW_CHANNEL (object);

  g_clear_pointer (&self->turn, bobbin_turn_unref);
  g_clear_pointer (&self->parser, bobbin_ndjson_parser_free);
  g_clear_pointer (&self->decoder, bobbin_agentflow_decoder_free);
  g_free (self->thread_id);
  g_clear_object (&self->backend);

  G_OBJECT_CLASS (bobbin_agentflow_channel_parent_class)->finalize (object);
}

static void
bobbin_agentflow_channel_class_init (BobbinAgentflowChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_agentflow_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_agentflow_channel_finalize;
}

static void
bobbin_agentflow_channel_init (BobbinAgentflowChannel *self)
{
  self->decoder = bobbin_agentflow_decoder_new ();
}

BobbinChannel *
_bobbin_agentflow_channel_new (BobbinAgentflowBackend *backend,
                               const char             *thread_id)
{
  BobbinAgentflowChannel *self = g_object_new (BOBBIN_TYPE_AGENTFLOW_CHANNEL, NULL);

  self->backend = g_object_ref (backend);
  self->thread_id = thread_id != NULL && *thread_id != '\0' ? g_strdup (thread_id) : NULL;

  return BOBBIN_CHANNEL (self);
}
