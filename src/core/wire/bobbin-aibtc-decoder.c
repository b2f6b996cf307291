#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-aibtc-decoder.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-json-scanner.h"
#include "wire/bobbin-refusal.h"

#include <string.h>

#define MAX_TOOLS 256

typedef BobbinAibtcDecoder Decoder;

typedef struct
{
  char    *key;
  char    *name;
  char    *input;
  gboolean done;
} Tool;

struct _BobbinAibtcDecoder
{
  GPtrArray          *events;
  guint               next;
  GPtrArray          *tools;    /* of Tool */
  GString            *open;     /* text of the open run */
  char               *open_key; /* (nullable): no run is open */
  char               *open_id;  /* (nullable): of dialect D */
  BobbinFailure      *failure;
  BobbinAibtcProgress progress;
  guint               n_blocks;
  guint               n_texts;
  gboolean            open_thinking;
  gboolean            started;
  gboolean            has_ids;
};

static void
tool_free (gpointer data)
{
  Tool *tool = data;

  g_free (tool->key);
  g_free (tool->name);
  g_free (tool->input);
  g_free (tool);
}

Decoder *
bobbin_aibtc_decoder_new (void)
{
  Decoder *self = g_new0 (Decoder, 1);

  self->events = g_ptr_array_new ();
  self->tools = g_ptr_array_new_with_free_func (tool_free);
  self->open = g_string_new (NULL);

  return self;
}

void
bobbin_aibtc_decoder_free (Decoder *self)
{
  BobbinEvent *event;

  if (self == NULL)
    return;

  while ((event = bobbin_aibtc_decoder_pop (self)) != NULL)
    bobbin_event_free (event);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->tools);
  g_string_free (self->open, TRUE);
  g_free (self->open_key);
  g_free (self->open_id);
  bobbin_failure_free (self->failure);
  g_free (self);
}

BobbinEvent *
bobbin_aibtc_decoder_pop (Decoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->next < self->events->len)
    return g_ptr_array_index (self->events, self->next++);
  if (self->next > 0)
    {
      g_ptr_array_set_size (self->events, 0);
      self->next = 0;
    }

  return NULL;
}

BobbinAibtcProgress
bobbin_aibtc_decoder_get_progress (Decoder *self)
{
  return self->progress;
}

gboolean
bobbin_aibtc_decoder_has_ids (Decoder *self)
{
  return self->has_ids;
}

const BobbinFailure *
bobbin_aibtc_decoder_get_failure (Decoder *self)
{
  return self->failure;
}

static BobbinEvent *
push_event (Decoder        *self,
            BobbinEventType type)
{
  BobbinEvent *event = bobbin_event_new (type);

  g_ptr_array_add (self->events, event);

  return event;
}

static BobbinEvent *
push_block (Decoder        *self,
            const char     *key,
            BobbinBlockKind kind,
            BobbinPhase     phase)
{
  BobbinEvent *event;

  if (!self->started)
    push_event (self, BOBBIN_EVENT_TURN_STARTED);
  self->started = TRUE;
  event = push_event (self, BOBBIN_EVENT_BLOCK);
  event->key = g_strdup (key);
  event->kind = kind;
  event->phase = phase;

  return event;
}

static void
set_text (BobbinEvent *event,
          const char  *text)
{
  event->text = g_strdup (text);
  event->text_length = strlen (text);
}

static void
close_run (Decoder *self)
{
  g_clear_pointer (&self->open_key, g_free);
  g_clear_pointer (&self->open_id, g_free);
  g_string_truncate (self->open, 0);
}

static void
append_run (Decoder    *self,
            gboolean    thinking,
            const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (self->open_key == NULL || self->open_thinking != thinking)
    {
      close_run (self);
      self->open_key = g_strdup_printf ("%s/%u", thinking ? "plan" : "text", self->n_blocks++);
      self->open_thinking = thinking;
      self->n_texts += !thinking;
    }
  g_string_append (self->open, text);
  set_text (push_block (self, self->open_key, thinking ? BOBBIN_BLOCK_THINKING : BOBBIN_BLOCK_TEXT, BOBBIN_PHASE_DELTA), text);
}

static void
replace_run (Decoder    *self,
             const char *text)
{
  BobbinEvent *event;

  if (strcmp (self->open->str, text) == 0)
    return;
  /* More of the same is no replacement. */
  if (g_str_has_prefix (text, self->open->str))
    {
      g_autofree char *rest = g_strdup (text + self->open->len);

      append_run (self, FALSE, rest);
      return;
    }
  g_string_assign (self->open, text);
  event = push_block (self, self->open_key, BOBBIN_BLOCK_TEXT, BOBBIN_PHASE_COMPLETE);
  event->replace = TRUE;
  set_text (event, text);
}

void
bobbin_aibtc_decoder_put_right (Decoder    *self,
                                const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (self->open_key != NULL && !self->open_thinking && self->n_texts == 1)
    replace_run (self, text);
  else if (self->n_texts == 0)
    append_run (self, FALSE, text);
}

/* Rule T */
static void
final_text (Decoder    *self,
            const char *content)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (content));
  g_autofree char *before = g_strstrip (g_strdup (self->open->str));

  if (self->open_key != NULL && !self->open_thinking && g_str_has_prefix (trimmed, before))
    replace_run (self, content);
  else
    append_run (self, FALSE, content);
}

static gboolean
is_final (const char *status)
{
  return g_strcmp0 (status, "complete") == 0 || g_strcmp0 (status, "end") == 0;
}

static void
take_token (Decoder    *self,
            const char *status,
            const char *content)
{
  if (g_strcmp0 (status, "error") == 0)
    {
      bobbin_failure_free (self->failure);
      self->failure = bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED,
                                          *content != '\0' ? content : "The server reported an error");
      self->progress = BOBBIN_AIBTC_HARD_END;
    }
  else if (is_final (status))
    {
      if (*content != '\0')
        final_text (self, content);
      self->progress = BOBBIN_AIBTC_HARD_END;
    }
  else
    {
      append_run (self, FALSE, content);
    }
}

/* Rule L */

static char *
dup_field (JsonObject *frame,
           const char *member)
{
  JsonNode *node = bobbin_json_get_node (frame, member);
  char *text;

  if (node == NULL)
    return NULL;
  text = JSON_NODE_HOLDS_VALUE (node) ? bobbin_json_dup_text (frame, member) : bobbin_json_to_text (node, FALSE);
  if (text != NULL && (*text == '\0' || g_str_equal (text, "None")))
    g_clear_pointer (&text, g_free);

  return text;
}

static Tool *
find_tool (Decoder    *self,
           const char *name,
           const char *input)
{
  Tool *tool;

  for (guint i = 0; i < self->tools->len; i++)
    {
      tool = self->tools->pdata[i];
      if (!tool->done && g_strcmp0 (tool->name, name) == 0 && g_strcmp0 (tool->input, input) == 0)
        return tool;
    }
  if (self->tools->len >= MAX_TOOLS)
    return NULL;
  tool = g_new0 (Tool, 1);
  tool->key = g_strdup_printf ("tool/%u", self->n_blocks++);
  tool->name = g_strdup (name);
  tool->input = g_strdup (input);
  g_ptr_array_add (self->tools, tool);

  return tool;
}

static void
take_tool (Decoder    *self,
           JsonObject *frame,
           const char *status)
{
  g_autofree char *name = dup_field (frame, "tool");
  g_autofree char *input = dup_field (frame, "tool_input");
  g_autofree char *output = dup_field (frame, "tool_output");
  Tool *tool;
  BobbinEvent *event;

  close_run (self);
  tool = find_tool (self, name, input);
  if (tool == NULL)
    return;
  event = push_block (self, tool->key, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE);
  event->call_id = g_strdup (tool->key);
  event->name = g_strdup (name != NULL ? name : "tool");
  event->data = g_strdup (input);
  self->progress = BOBBIN_AIBTC_TOOL;
  if (output == NULL && !is_final (status) && g_strcmp0 (status, "error") != 0)
    return;
  tool->done = TRUE;
  event = push_block (self, tool->key, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE);
  event->call_id = g_strdup (tool->key);
  event->name = g_strdup (name != NULL ? name : "tool");
  event->is_result = TRUE;
  event->is_error = g_strcmp0 (status, "error") == 0;
  event->result = g_strdup (output != NULL ? output : "");
  self->progress = BOBBIN_AIBTC_STREAMING;
}

/* Rule M */
static void
take_message (Decoder    *self,
              JsonObject *frame,
              const char *status,
              const char *content)
{
  g_autofree char *id = bobbin_json_dup_text (frame, "id");
  gboolean processing = g_strcmp0 (status, "processing") == 0;

  if (g_strcmp0 (bobbin_json_get_string (frame, "role"), "user") == 0)
    return;
  self->has_ids |= id != NULL;
  if (id != NULL && g_strcmp0 (id, self->open_id) == 0 && self->open_key != NULL)
    {
      if (g_str_has_prefix (content, self->open->str))
        replace_run (self, content);
      else
        append_run (self, FALSE, content);
    }
  else
    {
      if (!(id == NULL && processing))
        close_run (self);
      append_run (self, FALSE, content);
      g_free (self->open_id);
      self->open_id = g_steal_pointer (&id);
    }
  if (!processing)
    self->progress = BOBBIN_AIBTC_SOFT_END;
}

BobbinFailure *
bobbin_aibtc_read_error (JsonObject *frame)
{
  JsonNode *node = bobbin_json_get_node (frame, "message");
  g_autofree char *words = NULL;

  if (g_strcmp0 (bobbin_json_get_string (frame, "type"), "error") != 0)
    return NULL;
  words = node != NULL ? bobbin_refusal_dup_words (node) : NULL;
  if (words != NULL && (strstr (words, "Invalid thread ID") != NULL || strstr (words, "Invalid UUID") != NULL))
    return bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, words);

  return bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, words != NULL ? words : "The server reported an error");
}

static gboolean
is_plan (JsonObject *frame)
{
  const char *thought = bobbin_json_get_string (frame, "thought");

  return g_strcmp0 (bobbin_json_get_string (frame, "status"), "planning") == 0 || (thought != NULL && *thought != '\0');
}

static void
dispatch (Decoder    *self,
          const char *type,
          JsonObject *frame)
{
  const char *status = bobbin_json_get_string (frame, "status");
  const char *told = bobbin_json_get_string (frame, "content");
  const char *content = told != NULL ? told : "";

  if (g_str_equal (type, "message_received"))
    {
      self->has_ids = TRUE;
      push_event (self, BOBBIN_EVENT_ACCEPTED);
      return;
    }
  if (g_str_equal (type, "ping") || g_str_equal (type, "user"))
    return;
  if (self->progress == BOBBIN_AIBTC_WAITING || self->progress == BOBBIN_AIBTC_SOFT_END)
    self->progress = BOBBIN_AIBTC_STREAMING;

  if (g_str_equal (type, "token") || g_str_equal (type, "result"))
    take_token (self, g_str_equal (type, "result") ? "complete" : status, content);
  else if (g_str_equal (type, "step") && is_plan (frame))
    append_run (self, TRUE, content);
  else if (g_str_equal (type, "step"))
    final_text (self, content);
  else if (g_str_equal (type, "tool"))
    take_tool (self, frame, status);
  else if (g_str_equal (type, "completion"))
    self->progress = BOBBIN_AIBTC_HARD_END;
  else if (g_str_equal (type, "error"))
    {
      bobbin_failure_free (self->failure);
      self->failure = bobbin_aibtc_read_error (frame);
      self->progress = BOBBIN_AIBTC_HARD_END;
    }
  else if (g_str_equal (type, "message"))
    take_message (self, frame, status, content);
  else
    g_debug ("A frame of the unknown type %.60s", type);
}

static gboolean
take_exactly (BobbinJsonCursor *c,
              const char       *wanted)
{
  BobbinJsonRaw raw;

  return bobbin_json_take_string (c, &raw) && bobbin_json_raw_is (&raw, wanted);
}

char *
bobbin_aibtc_scan_token (const char  *text,
                         gsize        length,
                         const char **ret_thread_id,
                         gsize       *ret_thread_id_length)
{
  enum { TYPE = 1 << 0, STATUS = 1 << 1, CONTENT = 1 << 2, THREAD = 1 << 3 };
  static const struct { const char *name; guint flag; const char *value; } members[] = {
    { "type", TYPE, "token" }, { "status", STATUS, "processing" }, { "content", CONTENT, NULL }, { "thread_id", THREAD, NULL },
    { "created_at", 0, NULL }, { "role", 0, NULL }, { "agent_id", 0, NULL },
  };
  BobbinJsonCursor c = { text, text + length };
  BobbinJsonRaw content = { 0 };
  BobbinJsonRaw thread = { 0 };
  BobbinJsonRaw key;
  guint seen = 0;
  gsize content_length;
  char *token;

  if (!bobbin_json_take (&c, '{'))
    return NULL;
  do
    {
      guint i = 0;

      if (!bobbin_json_take_key (&c, &key))
        return NULL;
      while (i < G_N_ELEMENTS (members) && !bobbin_json_raw_is (&key, members[i].name))
        i++;
      if (i == G_N_ELEMENTS (members) || (seen & members[i].flag) != 0)
        return NULL;
      seen |= members[i].flag;
      if (members[i].value != NULL ? !take_exactly (&c, members[i].value)
          : members[i].flag == CONTENT ? !bobbin_json_take_string (&c, &content)
          : members[i].flag == THREAD ? !bobbin_json_take_string (&c, &thread) || thread.has_escapes
          : !bobbin_json_skip_value (&c))
        return NULL;
    }
  while (bobbin_json_take (&c, ','));
  if ((seen & (TYPE | STATUS | CONTENT)) != (TYPE | STATUS | CONTENT) || !bobbin_json_take (&c, '}') || !bobbin_json_at_end (&c))
    return NULL;

  token = bobbin_json_raw_dup (&content, &content_length);
  if (token != NULL && strlen (token) != content_length)
    g_clear_pointer (&token, g_free);
  *ret_thread_id = thread.start;
  *ret_thread_id_length = thread.length;

  return token;
}

gboolean
bobbin_aibtc_decoder_push (Decoder    *self,
                           const char *text,
                           gssize      length,
                           GError    **error)
{
  const char *thread_id;
  gsize thread_id_length;
  g_autofree char *token = bobbin_aibtc_scan_token (text, length < 0 ? strlen (text) : (gsize) length, &thread_id, &thread_id_length);
  g_autoptr(JsonObject) frame = NULL;
  const char *type;

  if (token != NULL)
    {
      if (self->progress == BOBBIN_AIBTC_WAITING || self->progress == BOBBIN_AIBTC_SOFT_END)
        self->progress = BOBBIN_AIBTC_STREAMING;
      append_run (self, FALSE, token);
      return TRUE;
    }
  frame = bobbin_json_parse_object (text, length, error);
  if (frame == NULL)
    return FALSE;
  type = bobbin_json_get_string (frame, "type");
  if (type == NULL && json_object_has_member (frame, "role") && json_object_has_member (frame, "content"))
    type = "message";
  if (type != NULL)
    dispatch (self, type, frame);

  return TRUE;
}
