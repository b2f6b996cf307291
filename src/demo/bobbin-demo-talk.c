#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-talk.h"

#include "demo/bobbin-demo-answers.h"
#include "demo/bobbin-demo-talk-private.h"
#include "util/bobbin-json.h"

#include <string.h>

/* Steps played before others get their turn, when nothing waits. */
#define STEPS_AT_ONCE 200
/* Bytes on their way before a flood pauses for the socket. */
#define MAX_BACKLOG (4 * 1024 * 1024)

static void play (BobbinDemoTalk *self);

static void
stop_source (BobbinDemoTalk *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
turn_over (BobbinDemoTalk *self)
{
  self->running = FALSE;
  self->waiting = FALSE;
  if (self->thread->talk == self)
    self->thread->talk = NULL;
}

void
bobbin_demo_talk_free (BobbinDemoTalk *self)
{
  stop_source (self);
  turn_over (self);
  bobbin_demo_link_forget_owner (self->link);
  bobbin_demo_link_abort (self->link);
  bobbin_demo_link_unref (self->link);
  g_clear_pointer (&self->script, bobbin_demo_script_free);
  g_free (self->title);
  g_free (self);
}

static gboolean
play_cb (gpointer user_data)
{
  BobbinDemoTalk *self = user_data;

  stop_source (self);
  play (self);

  return G_SOURCE_REMOVE;
}

static void
play_later (BobbinDemoTalk *self,
            guint           delay_ms)
{
  stop_source (self);
  self->source = delay_ms > 0 ? g_timeout_source_new (delay_ms) : g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, play_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static void
send_event (BobbinDemoTalk *self,
            const char     *name,
            const char     *data)
{
  bobbin_demo_link_send_event (self->link, name, data);
  if (self->twice)
    bobbin_demo_link_send_event (self->link, name, data);
}

/* Four bytes: the next ones of a text, or such that are never twice the same in a row, with a line now and then. */
static void
send_bench (BobbinDemoTalk       *self,
            const BobbinDemoStep *step)
{
  gsize length = step->text != NULL ? strlen (step->text) : 0;
  g_autoptr(GString) data = g_string_new ("{\"content_type\":\"text\",\"state\":\"delta\",\"index\":0,\"data\":{\"text\":");
  char text[5] = "";

  if (length > 0)
    for (guint i = 0; i < 4; i++)
      text[i] = step->text[(self->repeated * 4 + i) % length];
  else
    g_snprintf (text, sizeof text, "%03u%s", (guint) (self->repeated % 1000), self->repeated % 16 == 15 ? "\n" : " ");
  bobbin_json_append_string (data, text);
  g_string_append (data, "}}");
  send_event (self, "content_block", data->str);
}

/* Sends the next part of a step of many events. Returns: TRUE when it is done. */
static gboolean
send_many (BobbinDemoTalk       *self,
           const BobbinDemoStep *step)
{
  for (guint i = 0; i < STEPS_AT_ONCE && self->repeated < step->number; i++, self->repeated++)
    {
      char data[128];

      if (bobbin_demo_link_get_backlog (self->link) > MAX_BACKLOG)
        return FALSE;
      if (step->type == BOBBIN_DEMO_STEP_BENCH)
        {
          send_bench (self, step);
        }
      else
        {
          g_snprintf (data, sizeof data, "{\"n\":%" G_GUINT64_FORMAT "}", self->repeated);
          send_event (self, self->repeated % 2 == 0 ? "pong" : "flood", data);
        }
    }

  return self->repeated >= step->number;
}

static void
send_oversized (BobbinDemoTalk *self,
                gsize           length)
{
  g_autofree char *text = g_strnfill (length, 'x');
  g_autofree char *data = g_strdup_printf ("{\"content_type\":\"text\",\"state\":\"delta\",\"index\":0,"
                                           "\"data\":{\"text\":\"%s\"}}", text);

  bobbin_demo_link_send_event (self->link, "content_block", data);
}

static void
send_half (BobbinDemoTalk *self,
           const char     *text)
{
  g_autofree char *frame = bobbin_demo_link_get_kind (self->link) == BOBBIN_DEMO_LINK_WS
                             ? bobbin_nebelus_encode_frame ("content_block", text)
                             : bobbin_nebelus_encode_sse_block ("content_block", text);

  bobbin_demo_link_send_half (self->link, frame, strlen (frame));
}

static void
send_frame (BobbinDemoTalk *self,
            const char     *text)
{
  if (bobbin_demo_link_get_kind (self->link) == BOBBIN_DEMO_LINK_WS)
    bobbin_demo_link_send_text (self->link, text, strlen (text));
  else
    {
      g_autofree char *block = bobbin_nebelus_encode_sse_block ("content_block", text);

      bobbin_demo_link_send_text (self->link, block, strlen (block));
    }
}

/* Over SSE the stream ends here; the decision comes by WebSocket (nebelus.md, section 8). */
static void
ask_approval (BobbinDemoTalk       *self,
              const BobbinDemoStep *step)
{
  self->thread->approval = TRUE;
  self->thread->approval_index = self->script->index;
  send_event (self, "human_approval", step->text);
  if (bobbin_demo_link_get_kind (self->link) == BOBBIN_DEMO_LINK_SSE)
    {
      self->position = self->script->steps->len;
      turn_over (self);
    }
  else
    self->waiting = TRUE;
}

static void
refuse_next (BobbinDemoTalk       *self,
             const BobbinDemoStep *step)
{
  BobbinDemoFault *fault = g_new0 (BobbinDemoFault, 1);

  fault->type = BOBBIN_DEMO_FAULT_REFUSE;
  fault->times = 1;
  fault->on = -1;
  fault->status = (guint) step->number;
  fault->retry_after = g_strdup (step->text);
  _bobbin_demo_server_add_fault (self->server, fault);
}

static void
run_event (BobbinDemoTalk       *self,
           const BobbinDemoStep *step)
{
  g_autofree char *made = step->text == NULL ? _bobbin_demo_talk_make_data (self, step->name) : NULL;

  if (step->text != NULL || made != NULL)
    send_event (self, step->name, step->text != NULL ? step->text : made);
}

/* Returns: FALSE when the step is to be run again. */
static gboolean
run_step (BobbinDemoTalk       *self,
          const BobbinDemoStep *step)
{
  switch (step->type)
    {
    case BOBBIN_DEMO_STEP_EVENT:
      run_event (self, step);
      break;
    case BOBBIN_DEMO_STEP_WAIT:
      break;
    case BOBBIN_DEMO_STEP_APPROVAL:
      ask_approval (self, step);
      break;
    case BOBBIN_DEMO_STEP_FRAME:
      send_frame (self, step->text);
      break;
    case BOBBIN_DEMO_STEP_RAW:
      bobbin_demo_link_send_raw (self->link, step->text, strlen (step->text));
      break;
    case BOBBIN_DEMO_STEP_HALF:
      send_half (self, step->text);
      break;
    case BOBBIN_DEMO_STEP_BENCH:
    case BOBBIN_DEMO_STEP_FLOOD:
      return send_many (self, step);
    case BOBBIN_DEMO_STEP_OVERSIZED:
      send_oversized (self, step->number);
      break;
    case BOBBIN_DEMO_STEP_DRIP:
      bobbin_demo_link_set_drip (self->link, (guint) step->number);
      break;
    case BOBBIN_DEMO_STEP_TWICE:
      self->twice = step->number != 0;
      break;
    case BOBBIN_DEMO_STEP_CLOSE:
      bobbin_demo_link_close (self->link, (guint) step->number, step->text);
      break;
    case BOBBIN_DEMO_STEP_DROP:
      bobbin_demo_link_drop (self->link, step->number != 0);
      break;
    case BOBBIN_DEMO_STEP_STALL:
      bobbin_demo_link_stall (self->link);
      break;
    case BOBBIN_DEMO_STEP_REFUSE:
      refuse_next (self, step);
      break;
    case BOBBIN_DEMO_STEP_EXPIRE:
      g_free (self->thread->expired);
      self->thread->expired = g_strdup (step->text);
      break;
    case BOBBIN_DEMO_STEP_NEW_ID:
      _bobbin_demo_server_rename_thread (self->server, self->thread);
      self->id_changed = TRUE;
      break;
    case BOBBIN_DEMO_STEP_OVER:
      turn_over (self);
      break;
    default:
      g_assert_not_reached ();
    }

  return TRUE;
}

static guint
scale (BobbinDemoTalk *self,
       guint           delay_ms)
{
  guint64 speed = _bobbin_demo_server_get_speed (self->server);

  return (guint) MIN (delay_ms * speed / BOBBIN_DEMO_SPEED_HUMAN, G_MAXINT);
}

static void
script_ended (BobbinDemoTalk *self)
{
  bobbin_demo_link_set_drip (self->link, 0);
  self->twice = FALSE;
  turn_over (self);
  if (bobbin_demo_link_get_kind (self->link) == BOBBIN_DEMO_LINK_SSE && bobbin_demo_link_is_open (self->link))
    {
      bobbin_demo_link_send_text (self->link, "data: [DONE]\n\n", 14);
      bobbin_demo_link_close (self->link, 0, NULL);
    }
}

/* Plays on until a delay, a decision or the end. The link may go, and this talk with it, within any step: a
 * step is the last thing that is touched before the loop looks again. */
static void
play (BobbinDemoTalk *self)
{
  g_autoptr(BobbinDemoLink) link = bobbin_demo_link_ref (self->link);

  for (guint n = 0; n < STEPS_AT_ONCE; n++)
    {
      const BobbinDemoStep *step;
      guint delay_ms;

      if (self->script == NULL || self->waiting || !bobbin_demo_link_is_open (link))
        return;
      if (self->position >= self->script->steps->len)
        {
          script_ended (self);
          return;
        }
      step = g_ptr_array_index (self->script->steps, self->position);
      delay_ms = self->delayed ? 0 : scale (self, step->delay_ms);
      if (delay_ms > 0)
        {
          self->delayed = TRUE;
          play_later (self, delay_ms);
          return;
        }
      self->delayed = TRUE;
      if (step->type == BOBBIN_DEMO_STEP_CLOSE || step->type == BOBBIN_DEMO_STEP_DROP)
        {
          self->position++;
          self->delayed = FALSE;
          run_step (self, step);
          return;
        }
      if (!run_step (self, step))
        {
          play_later (self, bobbin_demo_link_get_backlog (link) > MAX_BACKLOG ? 2 : 0);
          return;
        }
      self->repeated = 0;
      self->delayed = FALSE;
      self->position++;
    }
  play_later (self, 0);
}

static void
play_script (BobbinDemoTalk   *self,
             BobbinDemoScript *script)
{
  g_clear_pointer (&self->script, bobbin_demo_script_free);
  self->script = script;
  self->position = 0;
  self->repeated = 0;
  self->delayed = FALSE;
  play_later (self, 0);
}

/* What is left behind the end of a turn is sent before another begins. */
static void
finish_script (BobbinDemoTalk *self)
{
  while (self->script != NULL && self->position < self->script->steps->len && bobbin_demo_link_is_open (self->link))
    {
      const BobbinDemoStep *step = g_ptr_array_index (self->script->steps, self->position++);

      if (step->type == BOBBIN_DEMO_STEP_EVENT)
        run_event (self, step);
    }
}

static void
add_start (BobbinDemoScript *script)
{
  if (!script->no_start)
    bobbin_demo_script_event (script, 300, "message_start", NULL);
}

static void
add_end (BobbinDemoTalk   *self,
         BobbinDemoScript *script)
{
  if (script->no_end)
    {
      bobbin_demo_script_finish (script);
      return;
    }
  bobbin_demo_script_event (script, 0, "usage_metadata", NULL);
  if (bobbin_demo_link_get_kind (self->link) == BOBBIN_DEMO_LINK_SSE)
    bobbin_demo_script_event (script, 0, "message_delta", g_strdup ("{\"delta\":{\"stop_reason\":\"end_turn\"}}"));
  bobbin_demo_script_event (script, 0, "message_stop", NULL);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_OVER, 0, 0, NULL);
  bobbin_demo_script_event (script, 0, "cost_update", NULL);
  bobbin_demo_script_event (script, 0, "timing_details", NULL);
  bobbin_demo_script_event (script, 0, "agent_context", NULL);
  bobbin_demo_script_event (script, 100, "thread_title", NULL);
  bobbin_demo_script_finish (script);
}

/* The whole answer: the start, what the table writes, the end. */
static BobbinDemoScript *
write_script (BobbinDemoTalk             *self,
              const char                 *text,
              const BobbinNebelusMessage *message)
{
  BobbinDemoQuestion question = { 0 };
  BobbinDemoScript *script = bobbin_demo_script_new ();
  BobbinDemoScript *answer = bobbin_demo_script_new ();

  question.text = text;
  question.files = message->files;
  question.history = self->thread->history;
  g_clear_pointer (&self->title, g_free);
  bobbin_demo_answer (&question, answer, &self->title);
  script->no_start = answer->no_start;
  script->no_end = answer->no_end;
  g_string_assign (script->said, answer->said->str);
  add_start (script);
  bobbin_demo_script_append (script, answer);
  add_end (self, script);

  return script;
}

void
bobbin_demo_talk_play (BobbinDemoTalk *self,
                       const char     *steps)
{
  play_script (self, _bobbin_demo_talk_parse_steps (self, steps));
}

static guint
count_words (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isspace (*p) && (p == text || g_ascii_isspace (p[-1])))
      n++;

  return n;
}

static void
begin_turn (BobbinDemoTalk             *self,
            const BobbinNebelusMessage *message)
{
  self->running = TRUE;
  self->thread->talk = self;
  self->thread->approval = FALSE;
  self->number = _bobbin_demo_server_next_number (self->server);
  self->started_us = g_get_monotonic_time ();
  self->input_tokens = 20 + count_words (message->text);
  self->return_context = message->return_context;
  self->return_timing = message->return_timing;
  self->return_accumulated = message->return_accumulated;
}

static void
send_error (BobbinDemoTalk *self,
            const char     *type,
            const char     *words)
{
  g_autofree char *quoted = bobbin_demo_quote (words);
  g_autofree char *data = g_strdup_printf ("{\"type\":\"%s\",\"message\":%s}", type, quoted);

  bobbin_demo_link_send_event (self->link, "error", data);
}

void
bobbin_demo_talk_chat (BobbinDemoTalk             *self,
                       const BobbinNebelusMessage *message)
{
  BobbinDemoLinkKind kind = bobbin_demo_link_get_kind (self->link);
  BobbinDemoFault *say;
  BobbinDemoFault *steps;

  if (self->thread->talk != NULL)
    {
      _bobbin_demo_server_log_chat (self->server, self->thread, kind, message, "busy");
      send_error (self, "busy", "A reply is still running");
      if (kind == BOBBIN_DEMO_LINK_SSE)
        bobbin_demo_link_close (self->link, 0, NULL);
      return;
    }
  _bobbin_demo_server_log_chat (self->server, self->thread, kind, message, "answered");
  finish_script (self);
  begin_turn (self, message);
  steps = _bobbin_demo_server_take_fault (self->server, BOBBIN_DEMO_FAULT_SCRIPT, kind);
  say = steps == NULL ? _bobbin_demo_server_take_fault (self->server, BOBBIN_DEMO_FAULT_SAY, kind) : NULL;
  if (steps != NULL)
    play_script (self, _bobbin_demo_talk_parse_steps (self, steps->text));
  else
    play_script (self, write_script (self, say != NULL ? say->text : message->text, message));
  g_ptr_array_add (self->thread->history, g_strdup (message->text));
  bobbin_demo_fault_free (say);
  bobbin_demo_fault_free (steps);
}

static void
resume (BobbinDemoTalk             *self,
        const BobbinNebelusMessage *message)
{
  const BobbinNebelusAnswer *answer = message->answers->len > 0 ? g_ptr_array_index (message->answers, 0) : NULL;
  BobbinDemoScript *script;
  const char *type;

  _bobbin_demo_server_count (self->server, BOBBIN_DEMO_COUNT_RESUME);
  if (!self->thread->approval || answer == NULL || message->answers->len > 1)
    {
      send_error (self, "handler_error",
                  self->thread->approval ? "One decision is needed" : "Nothing waits for a decision");
      return;
    }
  type = answer->type != NULL ? answer->type : answer->approved == 1 ? "approve" : "reject";
  script = bobbin_demo_script_new ();
  script->index = self->thread->approval_index;
  self->thread->approval = FALSE;
  if (!self->running)
    {
      g_autoptr(BobbinNebelusMessage) empty = g_new0 (BobbinNebelusMessage, 1);

      empty->text = g_strdup ("");
      begin_turn (self, empty);
    }
  self->waiting = FALSE;
  bobbin_demo_answer_resume (script, type,
                             strcmp (type, "edit") == 0 ? answer->arguments : bobbin_demo_get_approval_arguments ());
  add_end (self, script);
  play_script (self, script);
}

static void
cancel (BobbinDemoTalk *self)
{
  g_autofree char *stop = NULL;

  _bobbin_demo_server_count (self->server, BOBBIN_DEMO_COUNT_CANCEL);
  if (!self->running)
    return;
  stop = _bobbin_demo_talk_make_stop (self, "cancelled");
  g_clear_pointer (&self->script, bobbin_demo_script_free);
  stop_source (self);
  bobbin_demo_link_set_drip (self->link, 0);
  self->twice = FALSE;
  self->thread->approval = FALSE;
  turn_over (self);
  send_event (self, "cancel_acknowledged", "{\"status\":\"cancelling\",\"message\":\"Stopping\"}");
  send_event (self, "message_stop", stop);
}

static void
pong (BobbinDemoTalk *self)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format_iso8601 (now);
  g_autofree char *data = g_strdup_printf ("{\"timestamp\":\"%s\"}", stamp);

  _bobbin_demo_server_count (self->server, BOBBIN_DEMO_COUNT_PING);
  if (_bobbin_demo_server_get_pong (self->server))
    bobbin_demo_link_send_event (self->link, "pong", data);
}

static void
message_cb (BobbinDemoLink *link,
            char           *text,
            gsize           length,
            gpointer        user_data)
{
  BobbinDemoTalk *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinNebelusMessage) message = bobbin_nebelus_message_new_from_frame (text, (gssize) length, &error);

  if (message == NULL)
    {
      _bobbin_demo_server_count (self->server, BOBBIN_DEMO_COUNT_BAD);
      send_error (self, "handler_error", error->message);
      return;
    }
  switch (message->type)
    {
    case BOBBIN_NEBELUS_MESSAGE_CHAT:
      bobbin_demo_talk_chat (self, message);
      break;
    case BOBBIN_NEBELUS_MESSAGE_RESUME:
      resume (self, message);
      break;
    case BOBBIN_NEBELUS_MESSAGE_CANCEL:
      cancel (self);
      break;
    case BOBBIN_NEBELUS_MESSAGE_PING:
      pong (self);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
gone_cb (BobbinDemoLink *link,
         gpointer        user_data)
{
  BobbinDemoTalk *self = user_data;

  stop_source (self);
  turn_over (self);
  _bobbin_demo_server_talk_ended (self->server, self);
}

BobbinDemoTalk *
bobbin_demo_talk_new (BobbinDemoServer   *server,
                      GIOStream          *stream,
                      BobbinDemoLinkKind  kind,
                      const char         *head,
                      BobbinDemoThread   *thread)
{
  static const BobbinDemoLinkFuncs funcs = { message_cb, gone_cb };
  BobbinDemoTalk *self = g_new0 (BobbinDemoTalk, 1);

  self->server = server;
  self->thread = thread;
  self->link = bobbin_demo_link_new (stream, kind, head, &funcs, self);

  return self;
}

void
bobbin_demo_talk_greet (BobbinDemoTalk *self)
{
  g_autofree char *thread_id = bobbin_demo_quote (self->thread->id);
  g_autofree char *title = bobbin_demo_quote (self->thread->title != NULL ? self->thread->title : "");
  g_autofree char *data = g_strdup_printf ("{\"status\":\"connected\",\"agent_id\":\"%s\",\"agent_name\":\"Demo "
                                           "agent\",\"thread_id\":%s,"
                                           "\"thread_title\":%s}",
                                           bobbin_demo_server_get_agent_id (self->server), thread_id, title);

  bobbin_demo_link_send_event (self->link, "connection", data);
}

void
bobbin_demo_talk_refuse (BobbinDemoTalk *self,
                         const char     *error_type,
                         const char     *words,
                         guint           close_code)
{
  if (error_type != NULL)
    send_error (self, error_type, words);
  if (close_code != 0)
    bobbin_demo_link_close (self->link, close_code, words);
}

/* nebelus.md, section 4.2: one object in the way of a chat completion. */
char *
bobbin_demo_reply_json (BobbinDemoServer           *server,
                        BobbinDemoThread           *thread,
                        const BobbinNebelusMessage *message)
{
  BobbinDemoQuestion question = { 0 };
  g_autoptr(BobbinDemoScript) script = bobbin_demo_script_new ();
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  g_autofree char *id = bobbin_demo_quote (thread->id);
  guint number = _bobbin_demo_server_next_number (server);

  question.text = message->text;
  question.files = message->files;
  question.history = thread->history;
  bobbin_demo_answer (&question, script, &title);
  g_ptr_array_add (thread->history, g_strdup (message->text));
  text = bobbin_demo_quote (script->said->str);

  return g_strdup_printf ("{\"id\":\"am_%u\",\"object\":\"chat.completion\",\"model\":\"demo-1\","
                          "\"thread_id\":%s,\"message\":{\"role\":\"assistant\","
                          "\"content\":%s},\"usage\":{\"input_tokens\":20,\"output_tokens\":%u,\"total_tokens\":%u}}",
                          number, id, text, script->n_words, 20 + script->n_words);
}
