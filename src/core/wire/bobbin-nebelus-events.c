#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-decoder-private.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-nebelus-errors.h"

#include <string.h>

/* (nullable): only what can be an id. */
static const char *
get_id (JsonObject *object,
        const char *member)
{
  const char *id = bobbin_json_get_string (object, member);

  return id != NULL && *id != '\0' ? id : NULL;
}

/* (nullable) (transfer full): ids may also be numbers. */
static char *
dup_id (JsonObject *object,
        const char *member)
{
  char *id = bobbin_json_dup_text (object, member);

  if (id != NULL && *id == '\0')
    g_clear_pointer (&id, g_free);

  return id;
}

static void
decode_connection (BobbinNebelusDecoder *self,
                   JsonObject           *data)
{
  BobbinEvent *event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_READY);

  event->thread_id = dup_id (data, "thread_id");
  event->agent_id = dup_id (data, "agent_id");
  event->name = g_strdup (get_id (data, "agent_name"));
  event->text = g_strdup (get_id (data, "thread_title"));
  if (event->text != NULL)
    event->text_length = strlen (event->text);
  _bobbin_nebelus_decoder_learn_thread_id (self, event->thread_id);
}

static char *
dup_message_id (JsonObject *data)
{
  JsonObject *message = bobbin_json_get_object (data, "message");
  char *id = dup_id (data, "agent_message_id");

  if (id == NULL && message != NULL)
    id = dup_id (message, "id");
  if (id == NULL && message != NULL)
    id = dup_id (message, "message_id");
  if (id == NULL)
    id = dup_id (data, "completion_id");

  return id;
}

/* A frame that came twice must not open a second turn. */
static gboolean
is_repeated_start (BobbinNebelusDecoder *self,
                   const char           *message_id)
{
  if (!self->turn_open || !self->announced)
    return FALSE;
  if (message_id != NULL || self->message_id != NULL)
    return g_strcmp0 (message_id, self->message_id) == 0;

  return self->blocks.all->len == 0;
}

static void
decode_message_start (BobbinNebelusDecoder *self,
                      JsonObject           *data)
{
  JsonObject *message = bobbin_json_get_object (data, "message");
  g_autofree char *message_id = dup_message_id (data);
  g_autofree char *thread_id = dup_id (data, "thread_id");
  const char *model = get_id (data, "model");
  BobbinEvent *event;

  if (thread_id == NULL && message != NULL)
    thread_id = dup_id (message, "thread_id");
  if (is_repeated_start (self, message_id))
    {
      bobbin_nebelus_decoder_push_thread_id (self, thread_id);
      return;
    }
  /* Blocks that came ahead of it belong to this turn; after an announced one that still runs it is another turn. */
  if (!self->turn_open || self->announced)
    bobbin_nebelus_decoder_begin_turn (self);
  self->turn_open = TRUE;
  self->announced = TRUE;
  g_free (self->message_id);
  self->message_id = g_strdup (message_id);
  _bobbin_nebelus_decoder_learn_thread_id (self, thread_id);
  if (model == NULL && message != NULL)
    model = get_id (message, "model");
  event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_TURN_STARTED);
  event->message_id = g_steal_pointer (&message_id);
  event->thread_id = g_steal_pointer (&thread_id);
  event->model = g_strdup (model);
}

static void
decode_content_block (BobbinNebelusDecoder *self,
                      JsonObject           *data)
{
  BobbinEvent *event;

  _bobbin_nebelus_decoder_open_turn (self);
  event = _bobbin_nebelus_blocks_decode (&self->blocks, data);
  if (event != NULL)
    g_ptr_array_add (self->events, event);
}

static void
decode_message_delta (BobbinNebelusDecoder *self,
                      JsonObject           *data)
{
  JsonObject *delta = bobbin_json_get_object (data, "delta");
  const char *reason = delta != NULL ? get_id (delta, "stop_reason") : NULL;

  if (reason == NULL)
    reason = get_id (data, "stop_reason");
  if (reason == NULL)
    return;
  g_free (self->stop_reason);
  self->stop_reason = g_strdup (reason);
  _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_STOP_REASON)->text = g_strdup (reason);
}

/* Counters: -1 where there is none or it makes no sense. */
static gint64
get_count (JsonObject *inner,
           JsonObject *outer,
           const char *member,
           const char *alias)
{
  gint64 count = inner != NULL ? bobbin_json_get_int (inner, member, -1) : -1;

  if (count < 0 && inner != NULL)
    count = bobbin_json_get_int (inner, alias, -1);
  if (count < 0)
    count = bobbin_json_get_int (outer, member, -1);

  return MAX (count, -1);
}

static void
read_tokens (JsonObject  *data,
             BobbinUsage *usage)
{
  JsonObject *inner = bobbin_json_get_object (data, "usage");

  usage->input_tokens = get_count (inner, data, "input_tokens", "prompt_tokens");
  usage->output_tokens = get_count (inner, data, "output_tokens", "completion_tokens");
  usage->total_tokens = get_count (inner, data, "total_tokens", "total_tokens");
}

static double
get_amount (JsonObject *object,
            const char *member)
{
  double amount = bobbin_json_get_double (object, member, -1);

  return amount >= 0 ? amount : -1;
}

static void
read_timing (JsonObject  *timing,
             BobbinUsage *usage)
{
  usage->total_ms = get_amount (timing, "total_ms");
  usage->provider_ms = get_amount (timing, "provider_ms");
}

static void
decode_usage (BobbinNebelusDecoder *self,
              JsonObject           *data)
{
  BobbinEvent *event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_USAGE);
  JsonObject *inner = bobbin_json_get_object (data, "usage");

  read_tokens (data, &event->usage);
  event->model = g_strdup (get_id (data, "model"));
  if (event->model == NULL && inner != NULL)
    event->model = g_strdup (get_id (inner, "model"));
}

/* "cost" is a number, or an object with "cost" and "currency" in it. What the provider took
 * ("provider_cost_usd") is not ours to show (nebelus.md, section 5). */
static void
decode_cost (BobbinNebelusDecoder *self,
             JsonObject           *data)
{
  JsonObject *inner = bobbin_json_get_object (data, "cost");
  const char *currency = inner != NULL ? get_id (inner, "currency") : NULL;
  BobbinEvent *event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_USAGE);

  event->usage.cost = inner != NULL ? get_amount (inner, "cost") : get_amount (data, "cost");
  event->usage.unit_billed = bobbin_json_get_bool (data, "unit_billed", FALSE) ||
                             (inner != NULL && bobbin_json_get_bool (inner, "unit_billed", FALSE));
  if (currency == NULL)
    currency = get_id (data, "currency");
  if (currency != NULL && strlen (currency) < sizeof event->usage.currency && g_str_is_ascii (currency))
    {
      g_autofree char *upper = g_ascii_strup (currency, -1);

      g_strlcpy (event->usage.currency, upper, sizeof event->usage.currency);
    }
}

static void
decode_message_stop (BobbinNebelusDecoder *self,
                     JsonObject           *data)
{
  JsonObject *timing = bobbin_json_get_object (data, "timing");
  const char *reason = get_id (data, "stop_reason");
  BobbinEvent *event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_TURN_STOPPED);

  event->text = g_strdup (reason != NULL ? reason : self->stop_reason);
  event->user_message_id = dup_id (data, "user_message_id");
  event->message_id = dup_id (data, "agent_message_id");
  if (event->message_id == NULL)
    event->message_id = g_strdup (self->message_id);
  read_tokens (data, &event->usage);
  if (timing != NULL)
    read_timing (timing, &event->usage);
  g_clear_pointer (&self->stop_reason, g_free);
  self->turn_open = FALSE;
}

static void
decode_title (BobbinNebelusDecoder *self,
              JsonObject           *data)
{
  const char *title = get_id (data, "title");

  if (title == NULL)
    title = get_id (data, "thread_title");
  if (title != NULL)
    _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_TITLE)->text = g_strdup (title);
}

/* One entry of "tools", whatever came: {"name":…,"args":…}. The number of entries is that of the decisions to
 * send back. */
static void
append_tool (GString  *out,
             JsonNode *node)
{
  JsonObject *tool = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *name = NULL;
  JsonNode *args = NULL;
  g_autoptr(JsonNode) parsed = NULL;

  if (tool != NULL)
    {
      name = bobbin_json_dup_text (tool, "name");
      if (name == NULL)
        name = bobbin_json_dup_text (tool, "tool_name");
      args = bobbin_json_get_node (tool, "args");
      if (args == NULL)
        args = bobbin_json_get_node (tool, "input");
      if (args == NULL)
        args = bobbin_json_get_node (tool, "arguments");
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    name = g_strdup (json_node_get_string (node));
  if (args != NULL && JSON_NODE_HOLDS_VALUE (args) && json_node_get_value_type (args) == G_TYPE_STRING)
    parsed = bobbin_json_parse (json_node_get_string (args), -1, NULL);
  if (parsed != NULL && JSON_NODE_HOLDS_OBJECT (parsed))
    args = parsed;

  g_string_append (out, "{\"name\":");
  bobbin_json_append_string (out, name != NULL ? name : "");
  if (args != NULL)
    {
      g_autofree char *text = bobbin_json_to_text (args, FALSE);

      g_string_append (out, ",\"args\":");
      g_string_append (out, text);
    }
  g_string_append_c (out, '}');
}

static void
decode_approval (BobbinNebelusDecoder *self,
                 JsonObject           *data)
{
  JsonObject *inner = bobbin_json_get_object (data, "data");
  JsonArray *tools = inner != NULL ? bobbin_json_get_array (inner, "tools") : NULL;
  BobbinEvent *event;

  _bobbin_nebelus_decoder_open_turn (self);
  if (tools == NULL)
    tools = bobbin_json_get_array (data, "tools");
  event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_APPROVAL);
  event->text = g_strdup (get_id (data, "message"));
  event->name = g_strdup (get_id (data, "node_name"));
  if (event->text != NULL)
    event->text_length = strlen (event->text);
  if (tools != NULL && json_array_get_length (tools) > 0)
    {
      GString *out = g_string_new ("{\"tools\":[");

      for (guint i = 0; i < json_array_get_length (tools); i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          append_tool (out, json_array_get_element (tools, i));
        }
      g_string_append (out, "]}");
      event->data = g_string_free (out, FALSE);
    }
  else if (inner != NULL && json_object_get_size (inner) > 0)
    event->data = bobbin_json_object_to_text (inner, FALSE);
}

static void
decode_cancel_acknowledged (BobbinNebelusDecoder *self,
                            JsonObject           *data)
{
  _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_CANCEL_ACKNOWLEDGED)->text = g_strdup (get_id (data, "message"));
}

static void
decode_pong (BobbinNebelusDecoder *self,
             JsonObject           *data)
{
  _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_PONG);
}

static void
decode_timing (BobbinNebelusDecoder *self,
               JsonObject           *data)
{
  BobbinEvent *event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_USAGE);

  read_timing (data, &event->usage);
  event->data = bobbin_json_object_to_text (data, FALSE);
}

static void
decode_context (BobbinNebelusDecoder *self,
                JsonObject           *data)
{
  BobbinEvent *event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_CONTEXT);

  event->model = g_strdup (get_id (data, "model"));
  event->data = bobbin_json_object_to_text (data, FALSE);
}

static void
decode_error (BobbinNebelusDecoder *self,
              JsonObject           *data)
{
  BobbinEvent *event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_FAILED);
  BobbinCertainty certainty = self->turn_open ? BOBBIN_CERTAINTY_ACCEPTED : BOBBIN_CERTAINTY_UNKNOWN;

  event->failure = bobbin_nebelus_failure_from_error (data, certainty, &event->name);
  /* "busy" is about a turn that was not begun; the running one goes on (nebelus.md, section 9.1). */
  if (event->failure->code != BOBBIN_ERROR_BUSY)
    self->turn_open = FALSE;
}

typedef void (*DecodeFunc) (BobbinNebelusDecoder *, JsonObject *);

/* nebelus.md, section 5. looks_for_id: a thread id at the top level counts; the others see to it themselves. */
static const struct { const char *name; DecodeFunc decode; gboolean looks_for_id; } events[] = {
  { "content_block", decode_content_block, TRUE },
  { "connection", decode_connection, FALSE },
  { "message_start", decode_message_start, FALSE },
  { "message_delta", decode_message_delta, TRUE },
  { "message_stop", decode_message_stop, TRUE },
  { "usage_metadata", decode_usage, TRUE },
  { "cost_update", decode_cost, TRUE },
  { "thread_title", decode_title, TRUE },
  { "human_approval", decode_approval, TRUE },
  { "cancel_acknowledged", decode_cancel_acknowledged, TRUE },
  { "pong", decode_pong, TRUE },
  { "timing_details", decode_timing, TRUE },
  { "agent_context", decode_context, TRUE },
  { "error", decode_error, TRUE },
};

static void
look_for_id (BobbinNebelusDecoder *self,
             JsonObject           *data)
{
  g_autofree char *thread_id = dup_id (data, "thread_id");

  bobbin_nebelus_decoder_push_thread_id (self, thread_id);
}

void
_bobbin_nebelus_decoder_dispatch (BobbinNebelusDecoder *self,
                                  const char           *name,
                                  JsonObject           *data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (strcmp (name, events[i].name) == 0)
      {
        if (events[i].looks_for_id)
          look_for_id (self, data);
        events[i].decode (self, data);
        return;
      }
  look_for_id (self, data);
  g_debug ("Unknown event, %u members", json_object_get_size (data));
}

/* (nullable): the answer of a non-streaming reply: "message", a string or {content}, else the first choice
 * (section 4.2). */
static char *
dup_reply_text (JsonObject *reply)
{
  JsonObject *message = bobbin_json_get_object (reply, "message");
  JsonArray *choices = bobbin_json_get_array (reply, "choices");
  char *text = bobbin_json_dup_text (reply, "message");

  if (text == NULL && message != NULL)
    text = bobbin_json_dup_text (message, "content");
  if (text == NULL && choices != NULL && json_array_get_length (choices) > 0)
    {
      JsonNode *first = json_array_get_element (choices, 0);

      if (JSON_NODE_HOLDS_OBJECT (first))
        message = bobbin_json_get_object (json_node_get_object (first), "message");
      if (message != NULL)
        text = bobbin_json_dup_text (message, "content");
    }

  return text;
}

static const char *
get_finish_reason (JsonObject *reply)
{
  JsonArray *choices = bobbin_json_get_array (reply, "choices");
  JsonNode *first = choices != NULL && json_array_get_length (choices) > 0
                    ? json_array_get_element (choices, 0) : NULL;
  const char *reason = get_id (reply, "stop_reason");

  if (reason == NULL && first != NULL && JSON_NODE_HOLDS_OBJECT (first))
    reason = get_id (json_node_get_object (first), "finish_reason");

  return reason;
}

gboolean
bobbin_nebelus_decoder_push_reply (BobbinNebelusDecoder  *self,
                                   const char            *body,
                                   gssize                 length,
                                   GError               **error)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;
  BobbinEvent *event;

  g_return_val_if_fail (self != NULL, FALSE);

  reply = bobbin_json_parse_object (body, length, error);
  if (reply == NULL)
    return FALSE;
  text = dup_reply_text (reply);
  if (text == NULL && bobbin_json_get_node (reply, "error") != NULL)
    {
      _bobbin_nebelus_decoder_dispatch (self, "error", reply);
      return TRUE;
    }
  bobbin_nebelus_decoder_begin_turn (self);
  event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_TURN_STARTED);
  event->thread_id = dup_id (reply, "thread_id");
  _bobbin_nebelus_decoder_learn_thread_id (self, event->thread_id);
  id = dup_message_id (reply);
  event->message_id = id != NULL ? g_strdup (id) : dup_id (reply, "id");
  event->model = g_strdup (get_id (reply, "model"));
  self->message_id = g_strdup (event->message_id);
  if (text != NULL)
    {
      event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_BLOCK);
      event->key = g_strdup ("text:0");
      event->kind = BOBBIN_BLOCK_TEXT;
      event->phase = BOBBIN_PHASE_COMPLETE;
      event->text_length = strlen (text);
      event->text = g_steal_pointer (&text);
    }
  if (bobbin_json_get_object (reply, "usage") != NULL)
    decode_usage (self, reply);
  decode_message_stop (self, reply);
  event = g_ptr_array_index (self->events, self->events->len - 1);
  if (event->text == NULL)
    event->text = g_strdup (get_finish_reason (reply));
  _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_DONE);

  return TRUE;
}
