#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-agentflow-decoder.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-blocks.h"
#include "wire/bobbin-agentflow-delta.h"
#include "wire/bobbin-agentflow-errors.h"

#include <string.h>

/* A run of fragments of one kind within the open row, or the place of a block of another kind (text NULL). */
typedef struct
{
  BobbinBlockKind  kind;
  char            *key;
  GString         *text;
} Part;

struct _BobbinAgentflowDecoder
{
  GQueue     *events;      /* of BobbinEvent */
  GPtrArray  *parts;       /* of Part: the open row */
  GPtrArray  *shown;       /* of char *: JSON of blocks of the open row that came whole */
  GString    *ids;         /* of the rows of the answer, one a line */
  JsonObject *meta;        /* (nullable): the latest execution_meta */
  char       *thread_id;
  guint       n_keys;
  gsize       state_bytes;
  gboolean    accepted;
  gboolean    answered;    /* a whole assistant message came */
  gboolean    said;        /* anything of the agent came */
  gboolean    waiting;     /* the last whole message asked for tools */
  gboolean    over;
  gboolean    stuck;
  gboolean    fast_path;
};

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->key);
  if (part->text != NULL)
    g_string_free (part->text, TRUE);
  g_free (part);
}

static BobbinEvent *
add (BobbinAgentflowDecoder *self,
     BobbinEventType         type)
{
  BobbinEvent *event = bobbin_event_new (type);

  g_queue_push_tail (self->events, event);

  return event;
}

static char *
new_key (BobbinAgentflowDecoder *self)
{
  return g_strdup_printf ("b%u", self->n_keys++);
}

static void
add_id (BobbinAgentflowDecoder *self,
        JsonObject             *message)
{
  g_autofree char *id = bobbin_agentflow_dup_id (message, "message_id");

  if (id == NULL)
    return;
  if (self->ids->len > 0)
    g_string_append (self->ids, BOBBIN_SERVER_ID_SEPARATOR);
  g_string_append (self->ids, id);
}

static void
take_thread_id (BobbinAgentflowDecoder *self,
                JsonObject             *object)
{
  g_autofree char *id = object != NULL ? bobbin_agentflow_dup_id (object, "thread_id") : NULL;

  if (id == NULL || g_strcmp0 (id, self->thread_id) == 0)
    return;

  add (self, BOBBIN_EVENT_THREAD_ID)->thread_id = g_strdup (id);
  g_free (self->thread_id);
  self->thread_id = g_steal_pointer (&id);
}

static void
take_title (BobbinAgentflowDecoder *self,
            JsonObject             *object)
{
  const char *name = object != NULL ? bobbin_json_get_string (object, "thread_name") : NULL;

  if (name != NULL && *name != '\0')
    add (self, BOBBIN_EVENT_TITLE)->text = g_strdup (name);
}

static void
accept (BobbinAgentflowDecoder *self)
{
  if (self->accepted)
    return;

  self->accepted = TRUE;
  add (self, BOBBIN_EVENT_ACCEPTED);
}

/* The open row */

static void
complete_part (BobbinAgentflowDecoder *self,
               Part                   *part,
               const char             *text)
{
  BobbinEvent *event = add (self, BOBBIN_EVENT_BLOCK);

  event->key = g_strdup (part->key);
  event->kind = part->kind;
  event->phase = BOBBIN_PHASE_COMPLETE;
  if (text != NULL)
    {
      event->text = g_strdup (text);
      event->text_length = strlen (text);
      event->replace = TRUE;
    }
}

static void
clear_row (BobbinAgentflowDecoder *self)
{
  g_ptr_array_set_size (self->parts, 0);
  g_ptr_array_set_size (self->shown, 0);
}

/* A tool message, an error or the end closes the row: what is there is what there is. */
static void
close_row (BobbinAgentflowDecoder *self)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];

      if (part->text != NULL)
        complete_part (self, part, NULL);
    }
  clear_row (self);
}

static void
append_fragment (BobbinAgentflowDecoder *self,
                 BobbinBlockKind         kind,
                 const char             *text)
{
  Part *part = self->parts->len > 0 ? g_ptr_array_index (self->parts, self->parts->len - 1) : NULL;
  BobbinEvent *event;

  if (text == NULL || *text == '\0')
    return;
  if (part == NULL || part->text == NULL || part->kind != kind)
    {
      part = g_new0 (Part, 1);
      part->kind = kind;
      part->key = new_key (self);
      part->text = g_string_new (NULL);
      g_ptr_array_add (self->parts, part);
    }

  self->said = TRUE;
  g_string_append (part->text, text);
  event = add (self, BOBBIN_EVENT_BLOCK);
  event->key = g_strdup (part->key);
  event->kind = kind;
  event->phase = BOBBIN_PHASE_DELTA;
  event->text = g_strdup (text);
  event->text_length = strlen (text);
}

/* What a block shows, to know it again when the whole message brings it once more. NULL: another one may say the same. */
static const char *
facts_of (const BobbinEvent *event)
{
  return event->kind == BOBBIN_BLOCK_TOOL_CALL ? NULL : event->data;
}

/* @event: (transfer full): a block that is whole. */
static void
push_whole (BobbinAgentflowDecoder *self,
            BobbinEvent            *event)
{
  const char *facts = facts_of (event);
  Part *place;

  if (facts != NULL && g_ptr_array_find_with_equal_func (self->shown, facts, g_str_equal, NULL))
    {
      bobbin_event_free (event);
      return;
    }

  if (facts != NULL)
    g_ptr_array_add (self->shown, g_strdup (facts));
  place = g_new0 (Part, 1);
  place->kind = event->kind;
  g_ptr_array_add (self->parts, place);
  if (event->key == NULL)
    event->key = new_key (self);
  self->said = TRUE;
  g_queue_push_tail (self->events, event);
}

static void
take_fragments (BobbinAgentflowDecoder *self,
                JsonObject             *message)
{
  JsonNode *content = bobbin_json_get_node (message, "content");
  JsonArray *blocks;

  if (content != NULL && JSON_NODE_HOLDS_VALUE (content) && json_node_get_value_type (content) == G_TYPE_STRING)
    append_fragment (self, BOBBIN_BLOCK_TEXT, json_node_get_string (content));
  if (content == NULL || !JSON_NODE_HOLDS_ARRAY (content))
    return;

  blocks = json_node_get_array (content);
  for (guint i = 0; i < json_array_get_length (blocks); i++)
    {
      JsonNode *node = json_array_get_element (blocks, i);
      JsonObject *block = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *type = block != NULL ? bobbin_json_get_string (block, "type") : NULL;

      if (g_strcmp0 (type, "text") == 0)
        {
          append_fragment (self, BOBBIN_BLOCK_TEXT, bobbin_json_get_string (block, "text"));
        }
      else if (g_strcmp0 (type, "reasoning") == 0)
        {
          append_fragment (self, BOBBIN_BLOCK_THINKING, bobbin_json_get_string (block, "summary"));
        }
      else
        {
          /* Anything else comes whole, in a message of its own for the reader of blocks. */
          g_autoptr(JsonObject) one = json_object_new ();
          g_autoptr(GPtrArray) events = NULL;
          JsonArray *array = json_array_new ();

          json_array_add_element (array, json_node_copy (node));
          json_object_set_array_member (one, "content", array);
          events = bobbin_agentflow_read_blocks (one, TRUE);
          for (guint j = 0; j < events->len; j++)
            push_whole (self, g_steal_pointer (&events->pdata[j]));
        }
    }
}

/* The whole message against its fragments */

static gboolean
is_same_text (const char *a,
              const char *b)
{
  gsize a_length = strlen (a);
  gsize b_length = strlen (b);

  while (a_length > 0 && g_ascii_isspace (a[a_length - 1]))
    a_length--;
  while (b_length > 0 && g_ascii_isspace (b[b_length - 1]))
    b_length--;

  return a_length == b_length && memcmp (a, b, a_length) == 0;
}

/* Text or thinking: what was streamed stays, unless the whole says something else. Events that were used up become NULL. */
static void
settle_kind (BobbinAgentflowDecoder *self,
             GPtrArray              *events,
             BobbinBlockKind         kind)
{
  g_autoptr(GPtrArray) live = g_ptr_array_new ();
  g_autoptr(GPtrArray) whole = g_ptr_array_new ();
  g_autoptr(GString) streamed = g_string_new (NULL);
  g_autoptr(GString) final = g_string_new (NULL);

  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];

      if (part->kind != kind || part->text == NULL)
        continue;
      g_ptr_array_add (live, part);
      g_string_append (streamed, part->text->str);
    }
  if (live->len == 0)
    return;

  for (guint i = 0; i < events->len; i++)
    {
      BobbinEvent *event = events->pdata[i];

      if (event == NULL || event->kind != kind)
        continue;
      g_ptr_array_add (whole, event);
      g_string_append (final, event->text);
      events->pdata[i] = NULL;
    }

  for (guint i = 0; i < live->len; i++)
    {
      if (whole->len == 0 || is_same_text (streamed->str, final->str))
        complete_part (self, live->pdata[i], NULL);
      else if (live->len == whole->len)
        complete_part (self, live->pdata[i], ((BobbinEvent *) whole->pdata[i])->text);
      else
        complete_part (self, live->pdata[i], i == 0 ? final->str : "");
    }
  g_ptr_array_set_free_func (whole, (GDestroyNotify) bobbin_event_free);
}

static void
add_usage (BobbinAgentflowDecoder *self,
           JsonObject             *message)
{
  BobbinUsage usage = BOBBIN_USAGE_INIT;
  const char *model = bobbin_agentflow_get_model (message);
  BobbinEvent *event;

  bobbin_agentflow_read_usage (message, &usage);
  if (usage.total_tokens < 0 && usage.input_tokens < 0 && usage.output_tokens < 0 && model == NULL)
    return;

  event = add (self, BOBBIN_EVENT_USAGE);
  event->usage = usage;
  event->model = g_strdup (model);
}

static void
take_whole (BobbinAgentflowDecoder *self,
            JsonObject             *message)
{
  g_autoptr(GPtrArray) events = bobbin_agentflow_read_blocks (message, TRUE);
  gboolean calls = FALSE;

  settle_kind (self, events, BOBBIN_BLOCK_THINKING);
  settle_kind (self, events, BOBBIN_BLOCK_TEXT);
  for (guint i = 0; i < events->len; i++)
    {
      BobbinEvent *event = events->pdata[i];

      if (event == NULL)
        continue;
      calls |= event->kind == BOBBIN_BLOCK_TOOL_CALL && !event->is_result;
      events->pdata[i] = NULL;
      push_whole (self, event);
    }
  g_ptr_array_set_free_func (events, NULL);
  self->answered = TRUE;
  self->waiting = calls;
  add_id (self, message);
  add_usage (self, message);
  clear_row (self);
}

static void
take_tool_message (BobbinAgentflowDecoder *self,
                   JsonObject             *message,
                   JsonObject             *data)
{
  g_autoptr(GPtrArray) events = bobbin_agentflow_read_blocks (message, TRUE);

  close_row (self);
  for (guint i = 0; i < events->len; i++)
    {
      BobbinEvent *event = events->pdata[i];

      if (event->is_result && event->name == NULL && data != NULL)
        event->name = g_strdup (bobbin_json_get_string (data, "tool_name"));
      events->pdata[i] = NULL;
      push_whole (self, event);
    }
  g_ptr_array_set_free_func (events, NULL);
  self->waiting = FALSE;
  add_id (self, message);
  clear_row (self);
}

static void
take_message (BobbinAgentflowDecoder *self,
              JsonObject             *message,
              JsonObject             *data)
{
  const char *role = bobbin_json_get_string (message, "role");

  if (g_strcmp0 (role, "tool") == 0)
    take_tool_message (self, message, data);
  else if (g_strcmp0 (role, "assistant") != 0)
    return; /* an echo of what was sent */
  else if (bobbin_json_get_bool (message, "delta", FALSE))
    take_fragments (self, message);
  else
    take_whole (self, message);
}

/* What else chunks say */

static void
take_activity (BobbinAgentflowDecoder *self,
               JsonObject             *data)
{
  const char *text = bobbin_json_get_string (data, "message");

  if (text == NULL || *text == '\0')
    text = bobbin_json_get_string (data, "tool_name");
  if (text == NULL || *text == '\0' || *text == '<')
    text = bobbin_json_get_string (data, "node");
  if (text == NULL || *text == '\0' || g_str_has_prefix (text, "__"))
    return;

  add (self, BOBBIN_EVENT_ACTIVITY)->text = g_strdup (text);
}

static void
take_state (BobbinAgentflowDecoder *self,
            JsonObject             *state)
{
  JsonObject *meta = bobbin_json_get_object (state, "execution_meta");

  if (meta == NULL)
    return;

  g_clear_pointer (&self->meta, json_object_unref);
  self->meta = json_object_ref (meta);
}

BobbinEvent *
bobbin_agentflow_read_pause (JsonObject *execution_meta)
{
  const char *status = bobbin_json_get_string (execution_meta, "status");
  const char *reason = bobbin_json_get_string (execution_meta, "interrupt_reason");
  const char *node = bobbin_json_get_string (execution_meta, "interrupted_node");
  JsonNode *details = bobbin_json_get_node (execution_meta, "interrupt_data");
  g_autoptr(GString) data = g_string_new ("{\"answer\":\"" BOBBIN_APPROVAL_TEXT "\"");
  BobbinEvent *event;

  if (status == NULL || !g_str_has_prefix (status, "interrupted") || g_strcmp0 (reason, "stop_requested") == 0)
    return NULL;

  if (reason != NULL && *reason != '\0')
    {
      g_string_append (data, ",\"reason\":");
      bobbin_json_append_string (data, reason);
    }
  if (details != NULL)
    {
      g_autofree char *json = bobbin_json_to_text (details, FALSE);

      g_string_append_printf (data, ",\"details\":%s", json);
    }
  g_string_append_c (data, '}');
  event = bobbin_event_new (BOBBIN_EVENT_APPROVAL);
  event->name = g_strdup (node);
  event->data = g_string_free (g_steal_pointer (&data), FALSE);

  return event;
}

static void
stop (BobbinAgentflowDecoder *self,
      const char             *reason)
{
  BobbinEvent *event;

  close_row (self);
  event = add (self, BOBBIN_EVENT_TURN_STOPPED);
  event->text = g_strdup (reason);
  event->message_id = self->ids->len > 0 ? g_strdup (self->ids->str) : NULL;
  self->over = TRUE;
}

static void
add_totals (BobbinAgentflowDecoder *self,
            JsonObject             *data)
{
  double seconds = bobbin_json_get_double (data, "time_taken", -1);
  BobbinEvent *event = add (self, BOBBIN_EVENT_USAGE);

  event->usage.input_tokens = bobbin_json_get_int (data, "total_input_tokens", -1);
  event->usage.output_tokens = bobbin_json_get_int (data, "total_output_tokens", -1);
  event->usage.total_tokens = bobbin_json_get_int (data, "total_tokens", -1);
  event->usage.total_ms = seconds >= 0 ? seconds * 1000 : -1;
  /* A server that counts nothing says 0. */
  if (event->usage.total_tokens == 0)
    event->usage.input_tokens = event->usage.output_tokens = event->usage.total_tokens = -1;
}

/* The closing chunk (section 6, point 4). */
static void
close_run (BobbinAgentflowDecoder *self,
           JsonObject             *data)
{
  gboolean interrupted = bobbin_json_get_bool (data, "is_interrupted", FALSE);
  const char *reason = self->meta != NULL ? bobbin_json_get_string (self->meta, "interrupt_reason") : NULL;
  BobbinEvent *pause = NULL;

  add_totals (self, data);
  if (interrupted && g_strcmp0 (reason, "stop_requested") == 0)
    {
      if (self->said)
        stop (self, "cancelled");
      else
        self->stuck = TRUE;
      return;
    }
  if (interrupted)
    pause = self->meta != NULL ? bobbin_agentflow_read_pause (self->meta) : NULL;
  if (interrupted && pause == NULL)
    {
      pause = bobbin_event_new (BOBBIN_EVENT_APPROVAL);
      pause->data = g_strdup ("{\"answer\":\"" BOBBIN_APPROVAL_TEXT "\"}");
    }
  if (pause != NULL)
    {
      close_row (self);
      g_queue_push_tail (self->events, pause);
    }
  stop (self, interrupted ? "paused" : NULL);
}

static void
take_updates (BobbinAgentflowDecoder *self,
              JsonObject             *data)
{
  const char *status = bobbin_json_get_string (data, "status");

  if (g_strcmp0 (status, "graph_invoked") == 0 && bobbin_json_get_node (data, "is_interrupted") != NULL)
    close_run (self, data);
  else if (g_strcmp0 (status, "invoking_node") == 0 || g_strcmp0 (status, "invoking_tool") == 0)
    take_activity (self, data);
}

static void
take_error (BobbinAgentflowDecoder *self,
            JsonObject             *data)
{
  BobbinEvent *event;

  close_row (self);
  if (g_strcmp0 (bobbin_json_get_string (data, "status"), "tool_failed") == 0)
    {
      const char *error = bobbin_json_get_string (data, "error");

      event = add (self, BOBBIN_EVENT_BLOCK);
      event->kind = BOBBIN_BLOCK_TOOL_CALL;
      event->phase = BOBBIN_PHASE_COMPLETE;
      event->is_result = event->is_error = TRUE;
      event->name = g_strdup (bobbin_json_get_string (data, "tool_name"));
      event->call_id = bobbin_agentflow_dup_id (data, "tool_call_id");
      event->result = g_strdup (error != NULL ? error : bobbin_json_get_string (data, "reason"));
      self->said = TRUE;
      self->waiting = FALSE;
      return;
    }

  event = add (self, BOBBIN_EVENT_FAILED);
  event->failure = bobbin_agentflow_failure_from_chunk (data);
  self->over = TRUE;
}

static void
take_chunk (BobbinAgentflowDecoder *self,
            JsonObject             *chunk,
            gsize                   length)
{
  const char *name = bobbin_json_get_string (chunk, "event");
  JsonObject *message = bobbin_json_get_object (chunk, "message");
  JsonObject *state = bobbin_json_get_object (chunk, "state");
  JsonObject *data = bobbin_json_get_object (chunk, "data");
  JsonObject *metadata = bobbin_json_get_object (chunk, "metadata");

  take_thread_id (self, chunk);
  take_thread_id (self, metadata);
  if (state != NULL)
    {
      self->state_bytes += length;
      take_state (self, state);
    }
  if (data != NULL && g_strcmp0 (bobbin_json_get_string (data, "status"), "completed") == 0)
    take_title (self, metadata);
  if (self->over)
    return;

  accept (self);
  if (g_strcmp0 (name, "error") == 0)
    {
      g_autoptr(JsonObject) empty = json_object_new ();

      take_error (self, data != NULL ? data : empty);
    }
  else if (message != NULL)
    take_message (self, message, data);
  else if (g_strcmp0 (name, "message") == 0 && data != NULL)
    take_activity (self, data);
  else if (g_strcmp0 (name, "updates") == 0 && data != NULL)
    take_updates (self, data);
}

/* Public */

BobbinAgentflowDecoder *
bobbin_agentflow_decoder_new (void)
{
  BobbinAgentflowDecoder *self = g_new0 (BobbinAgentflowDecoder, 1);

  self->events = g_queue_new ();
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->shown = g_ptr_array_new_with_free_func (g_free);
  self->ids = g_string_new (NULL);
  self->fast_path = TRUE;

  return self;
}

void
bobbin_agentflow_decoder_set_fast_path (BobbinAgentflowDecoder *self,
                                        gboolean                enabled)
{
  self->fast_path = enabled;
}

void
bobbin_agentflow_decoder_free (BobbinAgentflowDecoder *self)
{
  if (self == NULL)
    return;

  g_queue_free_full (self->events, (GDestroyNotify) bobbin_event_free);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->shown);
  g_string_free (self->ids, TRUE);
  g_clear_pointer (&self->meta, json_object_unref);
  g_free (self->thread_id);
  g_free (self);
}

void
bobbin_agentflow_decoder_begin (BobbinAgentflowDecoder *self,
                                const char             *thread_id)
{
  clear_row (self);
  g_string_truncate (self->ids, 0);
  g_clear_pointer (&self->meta, json_object_unref);
  g_free (self->thread_id);
  self->thread_id = g_strdup (thread_id);
  self->state_bytes = 0;
  self->accepted = self->answered = self->said = self->waiting = self->over = self->stuck = FALSE;
}

gboolean
bobbin_agentflow_decoder_push (BobbinAgentflowDecoder *self,
                               const char             *text,
                               gsize                   length,
                               GError                **error)
{
  g_autoptr(JsonObject) chunk = NULL;
  g_autofree char *fragment = NULL;

  if (self->fast_path && self->accepted && !self->over && self->thread_id != NULL)
    fragment = bobbin_agentflow_scan_delta (text, length, self->thread_id);
  if (fragment != NULL)
    {
      append_fragment (self, BOBBIN_BLOCK_TEXT, fragment);
      return TRUE;
    }
  chunk = bobbin_json_parse_object (text, (gssize) length, error);
  if (chunk == NULL)
    return FALSE;

  take_chunk (self, chunk, length);
  return TRUE;
}

gboolean
bobbin_agentflow_decoder_push_reply (BobbinAgentflowDecoder *self,
                                     JsonNode               *root,
                                     GError                **error)
{
  JsonObject *body = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonObject *data = body != NULL && bobbin_json_get_object (body, "data") != NULL ? bobbin_json_get_object (body, "data") : body;
  JsonArray *messages = data != NULL ? bobbin_json_get_array (data, "messages") : NULL;
  JsonObject *meta = data != NULL ? bobbin_json_get_object (data, "meta") : NULL;
  g_autoptr(BobbinEvent) pause = NULL;
  gboolean paused;

  if (messages == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "The answer holds no messages");
      return FALSE;
    }

  accept (self);
  take_thread_id (self, meta);
  for (guint i = 0; i < json_array_get_length (messages); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (messages, i)))
      take_message (self, json_node_get_object (json_array_get_element (messages, i)), NULL);
  if (bobbin_json_get_object (data, "state") != NULL)
    take_state (self, bobbin_json_get_object (data, "state"));
  take_title (self, meta);
  if (self->meta != NULL)
    pause = bobbin_agentflow_read_pause (self->meta);
  if (pause == NULL && !self->said && self->meta != NULL &&
      g_strcmp0 (bobbin_json_get_string (self->meta, "interrupt_reason"), "stop_requested") == 0)
    {
      self->stuck = TRUE;
      return TRUE;
    }
  paused = pause != NULL;
  if (paused)
    g_queue_push_tail (self->events, g_steal_pointer (&pause));
  stop (self, paused ? "paused" : NULL);

  return TRUE;
}

gboolean
bobbin_agentflow_decoder_finish (BobbinAgentflowDecoder *self)
{
  if (self->over)
    return TRUE;
  if (self->stuck)
    return FALSE;
  /* Section 13: without a closing chunk the end of the body is the end, if the last word was a whole one. */
  if (!self->answered || self->waiting || self->parts->len > 0)
    return FALSE;

  stop (self, NULL);
  return TRUE;
}

BobbinEvent *
bobbin_agentflow_decoder_pop (BobbinAgentflowDecoder *self)
{
  return g_queue_pop_head (self->events);
}

gboolean
bobbin_agentflow_decoder_is_accepted (BobbinAgentflowDecoder *self)
{
  return self->accepted;
}

gboolean
bobbin_agentflow_decoder_is_over (BobbinAgentflowDecoder *self)
{
  return self->over;
}

gboolean
bobbin_agentflow_decoder_is_stuck (BobbinAgentflowDecoder *self)
{
  return self->stuck;
}

gsize
bobbin_agentflow_decoder_get_state_bytes (BobbinAgentflowDecoder *self)
{
  return self->state_bytes;
}

const char *
bobbin_agentflow_decoder_get_thread_id (BobbinAgentflowDecoder *self)
{
  return self->thread_id;
}
