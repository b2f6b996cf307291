/* One thread of an Entities server: each turn is a message, a run, and a completion that streams (entities.md, sections 4 to 8).
 *
 *   NEW        start → READY
 *   READY      no turn of ours                        send → PREPARING; decide → GIVING
 *   PREPARING  files, thread, message, run go ahead   run there → RUNNING; refused, cancelled → READY; lost, gone → CLOSED
 *   RUNNING    the completion streams                 over → READY; tools asked for → PAUSED; stream cut → CLOSED
 *   PAUSED     tools wait for the person              decide → GIVING; cancel → READY
 *   GIVING     actions and messages of tools          all told → RUNNING
 *   CLOSED     nothing any more
 *
 * A message that is on the server already, because the run or the completion was refused or lost, is not added again. A stream that
 * ends without [DONE] closes the channel: the session looks at the history for the outcome. Stopping asks the server first and reads on
 * for three seconds, for a connection that closes too early loses the partial answer (section 6). */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/entities/bobbin-entities-channel-private.h"

#include "util/bobbin-json.h"
#include "wire/bobbin-entities-objects.h"

#include <string.h>

#define MAX_REPLY (4 * 1024 * 1024)
/* Section 8: of completions, where each asks for tools again. */
#define MAX_LOOPS 10

typedef BobbinEntitiesChannel Channel;

static void channel_iface_init (BobbinChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinEntitiesChannel, bobbin_entities_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

static void
drop_stream (Channel *self)
{
  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  g_clear_pointer (&self->parser, bobbin_sse_parser_free);
  g_clear_pointer (&self->reply, g_byte_array_unref);
}

static void
forget_turn (Channel *self)
{
  /* A message without its run: the next turn looks whether it is the same. */
  if (self->turn != NULL && !self->accepted)
    self->known_new = FALSE;
  drop_stream (self);
  if (self->work != NULL)
    g_cancellable_cancel (self->work);
  g_clear_object (&self->work);
  bobbin_clock_clear (self->clock, &self->cancel_timer);
  g_clear_pointer (&self->decoder, bobbin_entities_decoder_free);
  g_clear_pointer (&self->given, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_clear_pointer (&self->turn, bobbin_turn_unref);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->pictures, g_ptr_array_unref);
  g_clear_pointer (&self->message_id, g_free);
  g_clear_pointer (&self->run_id, g_free);
  self->accepted = self->cancelling = FALSE;
  self->loops = self->next_given = 0;
}

static void
enter_closed (Channel *self)
{
  self->state = BOBBIN_ENTITIES_CLOSED;
  forget_turn (self);
  g_queue_clear_full (&self->pending, (GDestroyNotify) bobbin_event_free);
  g_clear_handle_id (&self->idle, g_source_remove);
}

void
_bobbin_entities_channel_emit (Channel     *self,
                               BobbinEvent *event)
{
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
}

static gboolean
idle_cb (gpointer user_data)
{
  g_autoptr(BobbinEntitiesChannel) self = g_object_ref (user_data);
  BobbinEvent *event;

  self->idle = 0;
  while (self->idle == 0 && (event = g_queue_pop_head (&self->pending)) != NULL)
    {
      if (event->type == BOBBIN_EVENT_CLOSED)
        enter_closed (self);
      _bobbin_entities_channel_emit (self, event);
    }

  return G_SOURCE_REMOVE;
}

void
_bobbin_entities_channel_emit_later (Channel     *self,
                                     BobbinEvent *event)
{
  g_queue_push_tail (&self->pending, event);
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

static void
close_with (Channel       *self,
            BobbinFailure *failure)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_CLOSED);

  event->failure = failure;
  enter_closed (self);
  _bobbin_entities_channel_emit (self, event);
}

static gboolean
ends_channel (const BobbinFailure *failure)
{
  return failure->code == BOBBIN_ERROR_AUTH || failure->code == BOBBIN_ERROR_FORBIDDEN || failure->code == BOBBIN_ERROR_NOT_FOUND ||
         failure->code == BOBBIN_ERROR_NETWORK || failure->code == BOBBIN_ERROR_TLS || failure->code == BOBBIN_ERROR_INSECURE ||
         (failure->code == BOBBIN_ERROR_TIMED_OUT && failure->http_status == 0 && failure->certainty != BOBBIN_CERTAINTY_ACCEPTED);
}

void
_bobbin_entities_channel_fail (Channel       *self,
                               BobbinFailure *failure)
{
  BobbinEvent *event;

  if (ends_channel (failure))
    {
      close_with (self, failure);
      return;
    }
  event = bobbin_event_new (BOBBIN_EVENT_FAILED);
  event->failure = failure;
  forget_turn (self);
  self->state = BOBBIN_ENTITIES_READY;
  _bobbin_entities_channel_emit (self, event);
}

static BobbinEvent *
make_stop (Channel    *self,
           const char *reason)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_TURN_STOPPED);

  event->text = g_strdup (reason);
  event->user_message_id = g_strdup (self->message_id);
  forget_turn (self);
  self->state = BOBBIN_ENTITIES_READY;

  return event;
}

void
_bobbin_entities_channel_stop (Channel    *self,
                               const char *reason)
{
  _bobbin_entities_channel_emit (self, make_stop (self, reason));
}

void
_bobbin_entities_channel_pop_events (Channel *self)
{
  BobbinEvent *event;

  while (self->decoder != NULL && (event = bobbin_entities_decoder_pop (self->decoder)) != NULL)
    _bobbin_entities_channel_emit (self, event);
}

/* The end of a completion */

char *
_bobbin_entities_dup_question (GPtrArray  *manifests,
                               const char *thread_id,
                               const char *run_id,
                               const char *message_id)
{
  g_autoptr(JsonObject) data = json_object_new ();
  JsonArray *tools = json_array_new ();

  json_object_set_string_member (data, "answer", BOBBIN_APPROVAL_OUTPUTS);
  json_object_set_array_member (data, "tools", tools);
  json_object_set_string_member (data, "thread_id", thread_id);
  json_object_set_string_member (data, "run_id", run_id);
  if (message_id != NULL)
    json_object_set_string_member (data, "message_id", message_id);
  for (guint i = 0; i < manifests->len; i++)
    {
      const BobbinEntitiesManifest *manifest = manifests->pdata[i];
      JsonObject *tool = json_object_new ();
      JsonNode *args = manifest->arguments != NULL ? bobbin_json_parse (manifest->arguments, -1, NULL) : NULL;

      json_object_set_string_member (tool, "id", manifest->call_id);
      json_object_set_string_member (tool, "action_id", manifest->action_id);
      json_object_set_string_member (tool, "name", manifest->name != NULL ? manifest->name : "tool");
      if (args != NULL && JSON_NODE_HOLDS_OBJECT (args))
        json_object_set_member (tool, "args", g_steal_pointer (&args));
      else
        json_object_set_string_member (tool, "args", manifest->arguments != NULL ? manifest->arguments : "");
      g_clear_pointer (&args, json_node_unref);
      json_array_add_object_element (tools, tool);
    }

  return bobbin_json_object_to_text (data, FALSE);
}

static void
ask (Channel *self)
{
  BobbinEvent *event;

  if (self->loops >= MAX_LOOPS)
    {
      _bobbin_entities_channel_fail (self, bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED,
                                                               "The agent asks for tools again and again"));
      return;
    }
  drop_stream (self);
  self->state = BOBBIN_ENTITIES_PAUSED;
  event = bobbin_event_new (BOBBIN_EVENT_APPROVAL);
  event->data = _bobbin_entities_dup_question (bobbin_entities_decoder_get_manifests (self->decoder), self->thread_id, self->run_id,
                                               self->message_id);
  _bobbin_entities_channel_emit (self, event);
}

typedef struct
{
  Channel      *channel; /* owned */
  GCancellable *work;    /* owned */
} Wait;

static Wait *
wait_new (Channel *self)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->channel = g_object_ref (self);
  wait->work = g_object_ref (self->work);

  return wait;
}

static void
wait_free (Wait *wait)
{
  g_object_unref (wait->channel);
  g_object_unref (wait->work);
  g_free (wait);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wait, wait_free)

static void
pending_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (self->work != wait->work || self->state != BOBBIN_ENTITIES_RUNNING)
    return;
  bobbin_entities_decoder_push_pending (self->decoder, bobbin_entities_get_list (root));
  _bobbin_entities_channel_pop_events (self);
  if (self->state != BOBBIN_ENTITIES_RUNNING)
    return;
  if (bobbin_entities_decoder_get_manifests (self->decoder)->len > 0)
    ask (self);
  else
    _bobbin_entities_channel_stop (self, NULL);
}

/* A stream that ended in good order and did not say that all is complete: the run tells (section 6; servers before 2026). */
static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(BobbinFailure) of_run = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  BobbinEntitiesOutcome outcome = BOBBIN_ENTITIES_DONE;
  g_autofree char *path = NULL;

  if (self->work != wait->work || self->state != BOBBIN_ENTITIES_RUNNING)
    return;
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    outcome = bobbin_entities_run_outcome (json_node_get_object (root), &of_run);
  switch (outcome)
    {
    case BOBBIN_ENTITIES_ACTION:
      path = _bobbin_entities_path ("actions", "pending", self->run_id, NULL);
      _bobbin_entities_call (self->backend, "GET", path, NULL, self->work, pending_cb, wait_new (self));
      break;
    case BOBBIN_ENTITIES_FAILED:
      _bobbin_entities_channel_fail (self, g_steal_pointer (&of_run));
      break;
    case BOBBIN_ENTITIES_CANCELLED:
      _bobbin_entities_channel_stop (self, "cancelled");
      break;
    case BOBBIN_ENTITIES_ACTIVE:
    case BOBBIN_ENTITIES_DONE:
    case BOBBIN_ENTITIES_UNSURE:
    case BOBBIN_ENTITIES_UNANSWERED:
    default:
      _bobbin_entities_channel_stop (self, NULL);
    }
}

static void
completion_over (Channel *self)
{
  const BobbinFailure *failure = bobbin_entities_decoder_get_failure (self->decoder);
  g_autofree char *path = NULL;

  if (self->cancelling)
    {
      _bobbin_entities_channel_stop (self, "cancelled");
    }
  else if (failure != NULL)
    {
      _bobbin_entities_channel_fail (self, bobbin_failure_copy (failure));
    }
  else if (bobbin_entities_decoder_get_manifests (self->decoder)->len > 0)
    {
      ask (self);
    }
  else if (bobbin_entities_decoder_is_complete (self->decoder))
    {
      _bobbin_entities_channel_stop (self, NULL);
    }
  else
    {
      drop_stream (self);
      path = _bobbin_entities_path ("runs", self->run_id, NULL);
      _bobbin_entities_call (self->backend, "GET", path, NULL, self->work, run_cb, wait_new (self));
    }
}

/* The stream */

static void
tell_accepted (Channel *self)
{
  BobbinEvent *event;

  if (self->accepted)
    return;
  self->accepted = self->known_new = TRUE;
  event = bobbin_event_new (BOBBIN_EVENT_ACCEPTED);
  event->message_id = g_strdup (self->message_id);
  _bobbin_entities_channel_emit (self, event);
}

static gboolean
is_current (Channel          *self,
            BobbinHttpStream *stream)
{
  return self->state == BOBBIN_ENTITIES_RUNNING && self->stream == stream;
}

static void
take_stream (Channel          *self,
             BobbinHttpStream *stream)
{
  while (is_current (self, stream))
    {
      g_autoptr(GError) error = NULL;
      BobbinSseEvent event;

      if (bobbin_sse_parser_next (self->parser, &event, &error))
        bobbin_entities_decoder_push_event (self->decoder, event.data, (gssize) event.length, NULL);
      else if (error == NULL)
        return;
      _bobbin_entities_channel_pop_events (self);
    }
}

static void
stream_head (BobbinHttpStream *stream,
             gpointer          user_data)
{
  g_autoptr(BobbinEntitiesChannel) self = g_object_ref (BOBBIN_ENTITIES_CHANNEL (user_data));

  /* Section 4.5: what was asked for says nothing; the answer's type does. */
  if (g_strcmp0 (bobbin_http_request_get_answer_type (bobbin_http_stream_get_request (stream)), "application/json") == 0)
    self->reply = g_byte_array_new ();
  tell_accepted (self);
}

static void
stream_bytes (BobbinHttpStream *stream,
              const char       *bytes,
              gsize             length,
              gpointer          user_data)
{
  g_autoptr(BobbinEntitiesChannel) self = g_object_ref (BOBBIN_ENTITIES_CHANNEL (user_data));

  if (self->reply != NULL)
    {
      if (self->reply->len + length <= MAX_REPLY)
        g_byte_array_append (self->reply, (const guint8 *) bytes, (guint) length);
      return;
    }
  bobbin_sse_parser_feed (self->parser, bytes, length);
  take_stream (self, stream);
  if (is_current (self, stream) && bobbin_entities_decoder_is_done (self->decoder))
    completion_over (self);
}

static void
stream_refused (BobbinHttpStream *stream,
                const char       *body,
                gsize             length,
                gpointer          user_data)
{
  g_autoptr(BobbinEntitiesChannel) self = g_object_ref (BOBBIN_ENTITIES_CHANNEL (user_data));
  BobbinHttpRequest *request = bobbin_http_stream_get_request (stream);
  BobbinFailure *failure = bobbin_entities_read_refusal (bobbin_http_request_get_status (request),
                                                         bobbin_http_request_get_retry_after_ms (request), body, length);

  /* The run is gone, or ids do not match: neither is about the thread. */
  if (failure->code == BOBBIN_ERROR_NOT_FOUND || failure->code == BOBBIN_ERROR_FORBIDDEN)
    failure->code = BOBBIN_ERROR_INVALID;
  if (self->accepted)
    failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  _bobbin_entities_channel_fail (self, failure);
}

static void
stream_ended (BobbinHttpStream *stream,
              const GError     *error,
              gpointer          user_data)
{
  g_autoptr(BobbinEntitiesChannel) self = g_object_ref (BOBBIN_ENTITIES_CHANNEL (user_data));
  BobbinHttpRequest *request = bobbin_http_stream_get_request (stream);
  gboolean sent = bobbin_http_request_get_sent (request);
  guint status = bobbin_http_request_get_status (request);
  BobbinFailure *failure;

  if (error == NULL && self->reply != NULL)
    {
      g_autoptr(GByteArray) reply = g_steal_pointer (&self->reply);

      bobbin_entities_decoder_push_event (self->decoder, (const char *) reply->data, reply->len, NULL);
      _bobbin_entities_channel_pop_events (self);
      if (is_current (self, stream))
        completion_over (self);
      return;
    }
  if (error == NULL)
    {
      bobbin_sse_parser_finish (self->parser);
      take_stream (self, stream);
      if (!is_current (self, stream))
        return;
      if (bobbin_entities_decoder_is_done (self->decoder) || bobbin_entities_decoder_get_failure (self->decoder) != NULL ||
          bobbin_entities_decoder_is_complete (self->decoder) || self->cancelling)
        {
          completion_over (self);
          return;
        }
    }
  if (self->cancelling)
    {
      _bobbin_entities_channel_stop (self, "cancelled");
      return;
    }

  failure = error != NULL ? bobbin_failure_new_from_error (error, sent ? BOBBIN_CERTAINTY_UNKNOWN : BOBBIN_CERTAINTY_UNSENT)
                          : bobbin_failure_new (BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_ACCEPTED,
                                                "The server ended the answer before it was complete");
  if (status >= 300 && status < 400)
    {
      failure->certainty = BOBBIN_CERTAINTY_REFUSED;
      _bobbin_entities_channel_fail (self, failure);
      return;
    }
  if (sent)
    tell_accepted (self);
  if (!is_current (self, stream))
    {
      bobbin_failure_free (failure);
      return;
    }
  if (self->accepted)
    failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  close_with (self, failure);
}

static const BobbinHttpStreamHandlers stream_handlers = { stream_head, stream_bytes, stream_refused, stream_ended };

static char *
dup_completion (Channel *self)
{
  const char *model = _bobbin_entities_get_model (self->backend, self->agent_id);
  const char *key = _bobbin_entities_get_provider_key (self->backend);
  g_autofree char *provider = g_strndup (model != NULL ? model : "", model != NULL ? strcspn (model, "/") : 0);
  g_autoptr(JsonObject) body = json_object_new ();

  json_object_set_string_member (body, "model", model != NULL ? model : "");
  json_object_set_string_member (body, "provider", provider);
  if (key != NULL && *key != '\0')
    json_object_set_string_member (body, "api_key", key);
  else
    json_object_set_null_member (body, "api_key");
  json_object_set_string_member (body, "thread_id", self->thread_id);
  if (self->message_id != NULL)
    json_object_set_string_member (body, "message_id", self->message_id);
  json_object_set_string_member (body, "run_id", self->run_id);
  json_object_set_string_member (body, "assistant_id", self->agent_id);
  json_object_set_boolean_member (body, "stream", TRUE);

  return bobbin_json_object_to_text (body, FALSE);
}

static void
wipe_text (gpointer text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

void
_bobbin_entities_channel_complete (Channel *self)
{
  g_autoptr(BobbinHttpRequest) request = _bobbin_entities_make_request (self->backend, "POST", "/v1/completions");
  char *body = dup_completion (self);
  /* It may hold the provider's key. */
  g_autoptr(GBytes) bytes = g_bytes_new_with_free_func (body, strlen (body), wipe_text, body);

  drop_stream (self);
  if (self->decoder == NULL)
    self->decoder = bobbin_entities_decoder_new ();
  bobbin_entities_decoder_resume (self->decoder);
  self->loops++;
  self->parser = bobbin_sse_parser_new (0);
  self->state = BOBBIN_ENTITIES_RUNNING;
  bobbin_http_request_set_silence_limit (request, BOBBIN_ENTITIES_STREAM_MS);
  bobbin_http_request_set_header (request, "Accept", "text/event-stream");
  bobbin_http_request_set_body_bytes (request, "application/json", bytes);
  self->stream = bobbin_http_stream_new (_bobbin_entities_get_http (self->backend), request, &stream_handlers, self);
}

/* Stopping */

static gboolean
cancel_over_cb (gpointer user_data)
{
  g_autoptr(BobbinEntitiesChannel) self = g_object_ref (user_data);

  self->cancel_timer = 0;
  _bobbin_entities_channel_stop (self, "cancelled");

  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root G_GNUC_UNUSED = bobbin_json_api_call_finish (result, &failure);

  /* 400: already finished. Whatever it said, the stream ends or is left soon. */
  if (failure != NULL)
    g_debug ("cancelling: %s", failure->detail);
}

static void
entities_cancel (BobbinChannel *channel)
{
  Channel *self = BOBBIN_ENTITIES_CHANNEL (channel);
  g_autofree char *path = NULL;

  if (self->state != BOBBIN_ENTITIES_PREPARING && self->state != BOBBIN_ENTITIES_RUNNING && self->state != BOBBIN_ENTITIES_PAUSED &&
      self->state != BOBBIN_ENTITIES_GIVING)
    return;
  if (self->run_id != NULL)
    {
      path = _bobbin_entities_path ("runs", self->run_id, "cancel", NULL);
      _bobbin_entities_call (self->backend, "POST", path, NULL, NULL, cancelled_cb, NULL);
    }
  if (self->state == BOBBIN_ENTITIES_RUNNING && self->stream != NULL)
    {
      self->cancelling = TRUE;
      if (self->cancel_timer == 0)
        self->cancel_timer = bobbin_clock_add (self->clock, BOBBIN_ENTITIES_CANCEL_MS, cancel_over_cb, self);
      return;
    }
  _bobbin_entities_channel_emit_later (self, make_stop (self, "cancelled"));
}

/* Channel */

static void
entities_start (BobbinChannel *channel)
{
  Channel *self = BOBBIN_ENTITIES_CHANNEL (channel);
  BobbinFailure *failure = _bobbin_entities_check_account (self->backend);
  BobbinEvent *event;

  g_return_if_fail (self->state == BOBBIN_ENTITIES_NEW);

  if (failure == NULL && (self->agent_id == NULL || *self->agent_id == '\0'))
    failure = bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, "No assistant is chosen");
  event = bobbin_event_new (failure != NULL ? BOBBIN_EVENT_CLOSED : BOBBIN_EVENT_READY);
  self->state = BOBBIN_ENTITIES_READY;
  event->failure = failure;
  event->thread_id = failure == NULL ? g_strdup (self->thread_id) : NULL;
  _bobbin_entities_channel_emit_later (self, event);
}

static void
entities_send (BobbinChannel *channel,
               BobbinTurn    *turn)
{
  Channel *self = BOBBIN_ENTITIES_CHANNEL (channel);

  g_return_if_fail (self->state == BOBBIN_ENTITIES_READY || self->state == BOBBIN_ENTITIES_CLOSED);

  if (self->state == BOBBIN_ENTITIES_CLOSED)
    return;
  forget_turn (self);
  self->turn = bobbin_turn_ref (turn);
  self->work = g_cancellable_new ();
  self->state = BOBBIN_ENTITIES_PREPARING;
  _bobbin_entities_channel_prepare (self);
}

static void
entities_decide (BobbinChannel *channel,
                 BobbinBlock   *approval,
                 GArray        *decisions)
{
  Channel *self = BOBBIN_ENTITIES_CHANNEL (channel);

  if (self->state == BOBBIN_ENTITIES_READY || self->state == BOBBIN_ENTITIES_PAUSED)
    _bobbin_entities_channel_give (self, approval, decisions);
}

static void
entities_close (BobbinChannel *channel)
{
  enter_closed (BOBBIN_ENTITIES_CHANNEL (channel));
}

static const char *
entities_get_transport (BobbinChannel *channel)
{
  return "sse";
}

static void
channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = entities_start;
  iface->send = entities_send;
  iface->cancel = entities_cancel;
  iface->decide = entities_decide;
  iface->close = entities_close;
  iface->get_transport = entities_get_transport;
}

static void
bobbin_entities_channel_dispose (GObject *object)
{
  enter_closed (BOBBIN_ENTITIES_CHANNEL (object));

  G_OBJECT_CLASS (bobbin_entities_channel_parent_class)->dispose (object);
}

static void
bobbin_entities_channel_finalize (GObject *object)
{
  Channel *self = BOBBIN_ENTITIES_CHANNEL (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->backend);
  g_free (self->agent_id);
  g_free (self->thread_id);

  G_OBJECT_CLASS (bobbin_entities_channel_parent_class)->finalize (object);
}

static void
bobbin_entities_channel_class_init (BobbinEntitiesChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_entities_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_entities_channel_finalize;
}

static void
bobbin_entities_channel_init (BobbinEntitiesChannel *self)
{
  g_queue_init (&self->pending);
}

BobbinChannel *
_bobbin_entities_channel_new (BobbinEntitiesBackend *backend,
                              const char            *agent_id,
                              const char            *thread_id)
{
  Channel *self = g_object_new (BOBBIN_TYPE_ENTITIES_CHANNEL, NULL);

  self->backend = g_object_ref (backend);
  self->clock = g_object_ref (_bobbin_entities_get_clock (backend));
  self->agent_id = g_strdup (agent_id);
  self->thread_id = thread_id != NULL && *thread_id != '\0' ? g_strdup (thread_id) : NULL;

  return BOBBIN_CHANNEL (self);
}
