/* The run of a turn: its stream, what polling adds to it, the outputs a person gives, and its end (assistants.md, sections 5 to 8). */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-channel-private.h"

#include "model/bobbin-block.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-assistants-encoder.h"
#include "wire/bobbin-assistants-errors.h"

#include <string.h>

#define MAX_REPLY (4 * 1024 * 1024)

/* What the agent is told where the person gives no output. */
#define REFUSED_OUTPUT "{\"error\":\"refused by the user\"}"

typedef BobbinAssistantsChannel Channel;

static void run_over (Channel *self);
static void post_run (Channel *self);
static void post_stream (Channel *self, const char *path, const char *body, gboolean stream);

/* Events of the decoder; a handler of the session may close the channel at each. */
static void
pop_events (Channel *self)
{
  BobbinEvent *event;

  while (self->decoder != NULL && (event = bobbin_assistants_decoder_pop (self->decoder)) != NULL)
    {
      if (event->type == BOBBIN_EVENT_THREAD_ID && self->thread_id != NULL)
        {
          g_free (self->thread_id);
          self->thread_id = g_strdup (event->thread_id);
        }
      _bobbin_assistants_channel_emit (self, event);
    }
}

static gboolean
is_running (Channel *self)
{
  return self->state == BOBBIN_ASSISTANTS_RUNNING;
}

static const BobbinAssistantsRun *
get_run (Channel *self)
{
  return self->decoder != NULL ? bobbin_assistants_decoder_get_run (self->decoder) : NULL;
}

/* The server has begun the run, so it has the message, too. */
static void
tell_accepted (Channel *self)
{
  BobbinEvent *event;

  if (self->accepted || self->adopted)
    return;
  self->accepted = self->known_new = TRUE;
  event = bobbin_event_new (BOBBIN_EVENT_ACCEPTED);
  event->message_id = g_strdup (self->message_id);
  _bobbin_assistants_channel_emit (self, event);
}

/* Following a run by polling */

static void
poll_news (gpointer user_data)
{
  pop_events (BOBBIN_ASSISTANTS_CHANNEL (user_data));
}

static void
poll_ended (BobbinFailure *failure,
            gpointer       user_data)
{
  g_autoptr(BobbinAssistantsChannel) self = g_object_ref (BOBBIN_ASSISTANTS_CHANNEL (user_data));
  const BobbinFailure *told = self->decoder != NULL ? bobbin_assistants_decoder_get_failure (self->decoder) : NULL;
  const BobbinAssistantsRun *run = get_run (self);

  g_clear_pointer (&self->poll, _bobbin_assistants_poll_drop);
  if (failure == NULL && told != NULL && run != NULL && !bobbin_assistants_status_is_terminal (run->status) &&
      run->status != BOBBIN_ASSISTANTS_REQUIRES_ACTION)
    failure = bobbin_failure_copy (told);
  if (failure == NULL)
    {
      run_over (self);
      return;
    }
  /* Gone from the server, or not to be followed: what came is kept, the history tells the rest. */
  if (failure->code == BOBBIN_ERROR_NETWORK || failure->code == BOBBIN_ERROR_NOT_FOUND || failure->http_status >= 500)
    {
      failure->code = BOBBIN_ERROR_INTERRUPTED;
      _bobbin_assistants_channel_close_with (self, failure);
      return;
    }
  _bobbin_assistants_channel_fail (self, failure);
}

static const BobbinAssistantsPollHandlers poll_handlers = { poll_news, poll_ended };

static void
follow (Channel                 *self,
        const char              *run_id,
        BobbinAssistantsPollMode mode)
{
  g_autofree char *kept = g_strdup (run_id); /* it may be the run's, which polling replaces */

  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  g_clear_pointer (&self->poll, _bobbin_assistants_poll_drop);
  if (self->decoder == NULL)
    self->decoder = bobbin_assistants_decoder_new ();
  self->state = BOBBIN_ASSISTANTS_RUNNING;
  self->poll = _bobbin_assistants_poll_new (self->backend, self->thread_id, kept, self->message_id, mode, self->decoder,
                                            &poll_handlers, self);
}

/* The end of a run, or its pause */

/* {"answer":"outputs","tools":[{"id","name","args"}],"thread_id","run_id"}: all that is needed to answer, also after a restart. */
char *
_bobbin_assistants_dup_question (const BobbinAssistantsRun *run,
                                 const char                *thread_id)
{
  g_autoptr(JsonObject) data = json_object_new ();
  JsonArray *tools = json_array_new ();

  json_object_set_string_member (data, "answer", BOBBIN_APPROVAL_OUTPUTS);
  json_object_set_array_member (data, "tools", tools);
  json_object_set_string_member (data, "thread_id", thread_id);
  json_object_set_string_member (data, "run_id", run->id);
  for (guint i = 0; i < run->calls->len; i++)
    {
      const BobbinAssistantsCall *call = run->calls->pdata[i];
      JsonObject *tool = json_object_new ();
      JsonNode *args = call->arguments != NULL ? bobbin_json_parse (call->arguments, -1, NULL) : NULL;

      json_object_set_string_member (tool, "id", call->call_id);
      json_object_set_string_member (tool, "name", call->name != NULL ? call->name : "function");
      if (args != NULL && JSON_NODE_HOLDS_OBJECT (args))
        json_object_set_member (tool, "args", g_steal_pointer (&args));
      else
        json_object_set_string_member (tool, "args", call->arguments != NULL ? call->arguments : "");
      if (args != NULL)
        json_node_unref (args);
      json_array_add_object_element (tools, tool);
    }

  return bobbin_json_object_to_text (data, FALSE);
}

static gboolean
can_answer (const BobbinAssistantsRun *run)
{
  for (guint i = 0; i < run->calls->len; i++)
    if (((const BobbinAssistantsCall *) run->calls->pdata[i])->is_function)
      return TRUE;

  return FALSE;
}

static void
ask (Channel                   *self,
     const BobbinAssistantsRun *run)
{
  BobbinEvent *event;

  /* Section 8: what nobody can answer would block the thread until it expires. */
  if (!can_answer (run) || self->cancelling)
    {
      self->cancelling = TRUE;
      _bobbin_assistants_channel_cancel_run (self);
      return;
    }

  self->state = BOBBIN_ASSISTANTS_PAUSED;
  event = bobbin_event_new (BOBBIN_EVENT_APPROVAL);
  event->data = _bobbin_assistants_dup_question (run, self->thread_id);
  _bobbin_assistants_channel_emit (self, event);
}

static void
end_turn (Channel                   *self,
          const BobbinAssistantsRun *run)
{
  switch (run->status)
    {
    case BOBBIN_ASSISTANTS_COMPLETED:
      _bobbin_assistants_channel_stop (self, NULL);
      break;
    case BOBBIN_ASSISTANTS_INCOMPLETE:
      _bobbin_assistants_channel_stop (self, run->reason != NULL ? run->reason : "incomplete");
      break;
    case BOBBIN_ASSISTANTS_CANCELLED:
      _bobbin_assistants_channel_stop (self, "cancelled");
      break;
    case BOBBIN_ASSISTANTS_FAILED:
    case BOBBIN_ASSISTANTS_EXPIRED:
      _bobbin_assistants_channel_fail (self, bobbin_failure_copy (run->failure));
      break;
    case BOBBIN_ASSISTANTS_QUEUED:
    case BOBBIN_ASSISTANTS_IN_PROGRESS:
    case BOBBIN_ASSISTANTS_REQUIRES_ACTION:
    case BOBBIN_ASSISTANTS_CANCELLING:
    case BOBBIN_ASSISTANTS_OTHER:
    default:
      g_assert_not_reached ();
    }
}

/* The stream ended, or polling did: whatever the run says of itself decides. */
static void
run_over (Channel *self)
{
  const BobbinAssistantsRun *run = get_run (self);

  if (run == NULL && bobbin_assistants_decoder_get_failure (self->decoder) != NULL)
    {
      _bobbin_assistants_channel_fail (self, bobbin_failure_copy (bobbin_assistants_decoder_get_failure (self->decoder)));
      return;
    }
  if (run == NULL)
    {
      _bobbin_assistants_channel_close_with (
        self, bobbin_failure_new (BOBBIN_ERROR_INTERRUPTED, self->accepted ? BOBBIN_CERTAINTY_ACCEPTED : BOBBIN_CERTAINTY_UNKNOWN,
                                  "The server ended the answer before it was complete"));
      return;
    }

  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  if (run->status == BOBBIN_ASSISTANTS_REQUIRES_ACTION)
    {
      ask (self, run);
    }
  else if (bobbin_assistants_status_is_terminal (run->status))
    {
      bobbin_assistants_decoder_finish (self->decoder);
      pop_events (self);
      if (is_running (self))
        end_turn (self, get_run (self));
    }
  else
    {
      follow (self, run->id, bobbin_assistants_decoder_get_failure (self->decoder) != NULL ? BOBBIN_ASSISTANTS_POLL_ONCE
                                                                                           : BOBBIN_ASSISTANTS_POLL_PATIENTLY);
    }
}

/* A stream that is over with a run completed but no answer in it (section 6): the messages are fetched. */
static gboolean
lacks_answer (Channel *self)
{
  const BobbinAssistantsRun *run = get_run (self);

  return run != NULL && run->status == BOBBIN_ASSISTANTS_COMPLETED && !bobbin_assistants_decoder_has_message (self->decoder);
}

/* The stream */

static void
take_stream (Channel *self)
{
  while (is_running (self) && self->parser != NULL)
    {
      g_autoptr(GError) error = NULL;
      BobbinSseEvent event;

      if (bobbin_sse_parser_next (self->parser, &event, &error))
        {
          if (!bobbin_assistants_decoder_push_event (self->decoder, event.name, event.data, (gssize) event.length, NULL))
            {
              g_debug ("skipping an event of %" G_GSIZE_FORMAT " bytes that is not understood", event.length);
              bobbin_assistants_decoder_push_unreadable (self->decoder);
            }
        }
      else if (error != NULL)
        {
          bobbin_assistants_decoder_push_unreadable (self->decoder);
        }
      else
        {
          return;
        }
      pop_events (self);
    }
}

/* The stream has said what it has to say. */
static void
stream_over (Channel *self)
{
  if (lacks_answer (self))
    follow (self, get_run (self)->id, BOBBIN_ASSISTANTS_POLL_AT_ONCE);
  else
    run_over (self);
}

static void
stream_head (BobbinHttpStream *stream,
             gpointer          user_data)
{
  g_autoptr(BobbinAssistantsChannel) self = g_object_ref (BOBBIN_ASSISTANTS_CHANNEL (user_data));
  const char *type = bobbin_http_request_get_answer_type (bobbin_http_stream_get_request (stream));

  if (g_strcmp0 (type, "application/json") == 0)
    self->reply = g_byte_array_new ();
  tell_accepted (self);
  if (is_running (self) && self->cancelling && !self->cancel_sent)
    _bobbin_assistants_channel_cancel_run (self);
}

static void
stream_bytes (BobbinHttpStream *stream,
              const char       *bytes,
              gsize             length,
              gpointer          user_data)
{
  g_autoptr(BobbinAssistantsChannel) self = g_object_ref (BOBBIN_ASSISTANTS_CHANNEL (user_data));

  if (self->reply != NULL)
    {
      if (self->reply->len + length <= MAX_REPLY)
        g_byte_array_append (self->reply, (const guint8 *) bytes, (guint) length);
      return;
    }

  bobbin_sse_parser_feed (self->parser, bytes, length);
  take_stream (self);
  if (!is_running (self) || self->stream != stream)
    return;
  if (self->cancelling && !self->cancel_sent && get_run (self) != NULL)
    _bobbin_assistants_channel_cancel_run (self);
  if (is_running (self) && self->stream == stream && bobbin_assistants_decoder_is_done (self->decoder))
    stream_over (self);
}

/* Section 5.1: the server ignored "stream": this is a Run. */
static void
take_reply (Channel *self)
{
  g_autoptr(GByteArray) reply = g_steal_pointer (&self->reply);
  g_autoptr(JsonObject) object = bobbin_json_parse_object ((const char *) reply->data, reply->len, NULL);
  const BobbinAssistantsRun *run;

  if (object != NULL)
    {
      json_object_set_string_member (object, "object", "thread.run");
      bobbin_assistants_decoder_push_object (self->decoder, object);
      pop_events (self);
    }
  run = get_run (self);
  if (!is_running (self))
    return;
  if (run == NULL)
    run_over (self);
  else
    follow (self, run->id, bobbin_assistants_status_is_terminal (run->status) ? BOBBIN_ASSISTANTS_POLL_AT_ONCE
                                                                              : BOBBIN_ASSISTANTS_POLL_PATIENTLY);
}

static void
stream_cut (Channel      *self,
            const GError *error,
            gboolean      sent)
{
  BobbinFailure *failure = bobbin_failure_new_from_error (error, sent ? BOBBIN_CERTAINTY_UNKNOWN : BOBBIN_CERTAINTY_UNSENT);
  const BobbinAssistantsRun *run = get_run (self);

  if (run != NULL && (bobbin_assistants_status_is_terminal (run->status) || run->status == BOBBIN_ASSISTANTS_REQUIRES_ACTION))
    {
      bobbin_failure_free (failure);
      stream_over (self);
      return;
    }
  /* Without its first byte: whether the run began is not known, but where its message is. The session looks there. */
  if (sent)
    tell_accepted (self);
  if (!is_running (self))
    {
      bobbin_failure_free (failure);
      return;
    }
  if (self->accepted || self->adopted)
    failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  _bobbin_assistants_channel_close_with (self, failure);
}

static void
stream_ended (BobbinHttpStream *stream,
              const GError     *error,
              gpointer          user_data)
{
  g_autoptr(BobbinAssistantsChannel) self = g_object_ref (BOBBIN_ASSISTANTS_CHANNEL (user_data));
  BobbinHttpRequest *request = bobbin_http_stream_get_request (stream);

  if (error != NULL && bobbin_http_request_get_status (request) >= 300 && bobbin_http_request_get_status (request) < 400)
    {
      BobbinFailure *failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_REFUSED);

      _bobbin_assistants_channel_fail (self, failure);
      return;
    }
  if (error != NULL)
    {
      stream_cut (self, error, bobbin_http_request_get_sent (request));
      return;
    }
  if (self->reply != NULL)
    {
      take_reply (self);
      return;
    }

  bobbin_sse_parser_finish (self->parser);
  take_stream (self);
  if (is_running (self) && self->stream == stream)
    stream_over (self);
}

/* Refusals */

static gboolean
is_about_stream (const BobbinFailure *failure)
{
  return (failure->http_status == 400 || failure->http_status == 404 || failure->http_status == 422) && _bobbin_assistants_mentions (failure, "stream");
}

/* Outputs that came too late, or twice: the run itself says how it is. */
static void
refused_outputs (Channel       *self,
                 BobbinFailure *failure,
                 const char    *run_id)
{
  if (failure->http_status == 400 && run_id != NULL)
    {
      bobbin_failure_free (failure);
      follow (self, run_id, BOBBIN_ASSISTANTS_POLL_AT_ONCE);
      return;
    }
  _bobbin_assistants_channel_fail (self, failure);
}

static void
stream_refused (BobbinHttpStream *stream,
                const char       *body,
                gsize             length,
                gpointer          user_data)
{
  g_autoptr(BobbinAssistantsChannel) self = g_object_ref (BOBBIN_ASSISTANTS_CHANNEL (user_data));
  g_autofree char *busy_run = NULL;
  BobbinFailure *failure = _bobbin_assistants_read_refusal (bobbin_http_stream_get_request (stream), body, length, &busy_run);

  if (is_about_stream (failure) && !_bobbin_assistants_lacks (self->backend, BOBBIN_ASSISTANTS_LACKS_STREAM))
    {
      g_autofree char *path = g_strdup (self->submit_path);
      g_autofree char *given = g_strdup (self->submit_body);

      /* Section 7: refused before it began, so that it may be asked for in the other way. */
      g_debug ("the server does not stream: %s", failure->detail);
      bobbin_failure_free (failure);
      _bobbin_assistants_found_lack (self->backend, BOBBIN_ASSISTANTS_LACKS_STREAM);
      if (path == NULL)
        post_run (self);
      else
        post_stream (self, path, given, FALSE);
      return;
    }
  if (self->submit_path != NULL)
    {
      const BobbinAssistantsRun *run = get_run (self);

      refused_outputs (self, failure, run != NULL ? run->id : NULL);
      return;
    }

  /* 404 is about the assistant as well as about the thread, and another thread would not help there. */
  if (failure->http_status == 404 && _bobbin_assistants_mentions (failure, "assistant"))
    failure->code = BOBBIN_ERROR_INVALID;
  _bobbin_assistants_channel_fail (self, failure);
  if (busy_run != NULL && self->state == BOBBIN_ASSISTANTS_READY && self->turn == NULL)
    _bobbin_assistants_channel_adopt (self, busy_run);
}

static const BobbinHttpStreamHandlers stream_handlers = { stream_head, stream_bytes, stream_refused, stream_ended };

static void
post_stream (Channel    *self,
             const char *path,
             const char *body,
             gboolean    stream)
{
  g_autoptr(BobbinHttpRequest) request = _bobbin_assistants_make_request (self->backend, "POST", path);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  g_clear_pointer (&self->stream, bobbin_http_stream_drop);
  g_clear_pointer (&self->parser, bobbin_sse_parser_free);
  g_clear_pointer (&self->reply, g_byte_array_unref);
  self->parser = bobbin_sse_parser_new (0);
  self->state = BOBBIN_ASSISTANTS_RUNNING;
  bobbin_http_request_set_silence_limit (request, BOBBIN_ASSISTANTS_STREAM_MS);
  if (stream)
    bobbin_http_request_set_header (request, "Accept", "text/event-stream");
  bobbin_http_request_set_body_bytes (request, "application/json", bytes);
  self->stream = bobbin_http_stream_new (_bobbin_assistants_get_http (self->backend), request, &stream_handlers, self);
}

static void
post_run (Channel *self)
{
  g_autofree char *path = _bobbin_assistants_path ("threads", self->thread_id, "runs", NULL);
  gboolean stream = !_bobbin_assistants_lacks (self->backend, BOBBIN_ASSISTANTS_LACKS_STREAM);
  g_autoptr(JsonObject) options = self->turn->options != NULL ? bobbin_json_parse_object (self->turn->options, -1, NULL) : NULL;
  g_autofree char *body = bobbin_assistants_encode_run (self->agent_id, stream, options);

  post_stream (self, path, body, stream);
}

void
_bobbin_assistants_channel_begin_run (Channel *self)
{
  g_clear_pointer (&self->decoder, bobbin_assistants_decoder_free);
  self->decoder = bobbin_assistants_decoder_new ();
  post_run (self);
}

/* Outputs */

static void
add_output (GPtrArray *ids,
            GPtrArray *outputs,
            JsonNode  *tool,
            GArray    *decisions)
{
  const char *id = JSON_NODE_HOLDS_OBJECT (tool) ? bobbin_json_get_string (json_node_get_object (tool), "id") : NULL;
  guint index = MIN (ids->len, decisions->len - 1);
  const BobbinDecision *decision = &g_array_index (decisions, BobbinDecision, index);

  if (id == NULL)
    return;
  g_ptr_array_add (ids, (gpointer) id);
  g_ptr_array_add (outputs, (gpointer) (decision->type != BOBBIN_DECISION_REJECT && decision->arguments != NULL
                                        ? decision->arguments : REFUSED_OUTPUT));
}

void
_bobbin_assistants_channel_submit (Channel     *self,
                                   BobbinBlock *approval,
                                   GArray      *decisions)
{
  const char *text = bobbin_block_get_data (approval);
  g_autoptr(JsonObject) data = text != NULL ? bobbin_json_parse_object (text, -1, NULL) : NULL;
  const char *run_id = data != NULL ? bobbin_json_get_string (data, "run_id") : NULL;
  const char *thread_id = data != NULL ? bobbin_json_get_string (data, "thread_id") : NULL;
  JsonArray *tools = data != NULL ? bobbin_json_get_array (data, "tools") : NULL;
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autoptr(GPtrArray) outputs = g_ptr_array_new ();
  gboolean stream = !_bobbin_assistants_lacks (self->backend, BOBBIN_ASSISTANTS_LACKS_STREAM);

  if (thread_id == NULL)
    thread_id = self->thread_id;
  for (guint i = 0; tools != NULL && decisions->len > 0 && i < json_array_get_length (tools); i++)
    add_output (ids, outputs, json_array_get_element (tools, i), decisions);
  if (run_id == NULL || thread_id == NULL || ids->len == 0)
    {
      BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

      event->failure = bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, "The question can no longer be answered");
      _bobbin_assistants_channel_emit_later (self, event);
      return;
    }

  if (self->decoder == NULL)
    {
      self->decoder = bobbin_assistants_decoder_new ();
      bobbin_assistants_decoder_expect (self->decoder, run_id);
    }
  if (self->work == NULL)
    self->work = g_cancellable_new ();
  bobbin_assistants_decoder_resume (self->decoder);
  self->accepted = TRUE;
  g_free (self->submit_path);
  g_free (self->submit_body);
  self->submit_path = _bobbin_assistants_path ("threads", thread_id, "runs", run_id, "submit_tool_outputs", NULL);
  self->submit_body = bobbin_assistants_encode_outputs (ids, outputs, FALSE);
  if (stream)
    {
      g_autofree char *streamed = bobbin_assistants_encode_outputs (ids, outputs, TRUE);

      post_stream (self, self->submit_path, streamed, TRUE);
    }
  else
    {
      post_stream (self, self->submit_path, self->submit_body, FALSE);
    }
}

/* Stopping */

typedef struct
{
  Channel      *channel; /* owned */
  GCancellable *work;    /* owned */
} CancelWait;

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree CancelWait *wait = user_data;
  g_autoptr(BobbinAssistantsChannel) self = wait->channel;
  g_autoptr(GCancellable) work = wait->work;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root G_GNUC_UNUSED = bobbin_json_api_call_finish (result, &failure);
  const BobbinAssistantsRun *run = get_run (self);

  if (self->work != work || self->state == BOBBIN_ASSISTANTS_CLOSED || run == NULL)
    return;
  if (failure != NULL && (failure->http_status == 404 || failure->http_status == 405 || failure->http_status == 501))
    {
      /* Section 6: without the call reading ends; the run goes on unseen, and the next message waits for it. */
      _bobbin_assistants_found_lack (self->backend, BOBBIN_ASSISTANTS_LACKS_CANCEL);
      self->known_new = FALSE;
      _bobbin_assistants_channel_stop (self, "cancelled");
    }
  else if (self->stream == NULL && self->poll == NULL)
    {
      follow (self, run->id, BOBBIN_ASSISTANTS_POLL_AT_ONCE);
    }
}

void
_bobbin_assistants_channel_cancel_run (Channel *self)
{
  const BobbinAssistantsRun *run = get_run (self);
  g_autofree char *path = NULL;
  CancelWait *wait;

  /* Not known yet: once it is. */
  if (run == NULL || self->cancel_sent)
    return;

  self->cancel_sent = TRUE;
  if (self->work == NULL)
    self->work = g_cancellable_new ();
  wait = g_new0 (CancelWait, 1);
  wait->channel = g_object_ref (self);
  wait->work = g_object_ref (self->work);
  path = _bobbin_assistants_path ("threads", self->thread_id, "runs", run->id, "cancel", NULL);
  _bobbin_assistants_call (self->backend, "POST", path, NULL, self->work, cancelled_cb, wait);
}

/* A run of somebody else */

void
_bobbin_assistants_channel_adopt (Channel    *self,
                                  const char *run_id)
{
  self->adopted = TRUE;
  follow (self, run_id, BOBBIN_ASSISTANTS_POLL_PATIENTLY);
}
