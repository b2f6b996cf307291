/* The content of messages as agents' servers and other programs write it: a string, or parts with a type each, and calls of tools beside
 * or within it. What is not known is kept as it is, as JSON. */
#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-import-thread.h"

#include "model/bobbin-block.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

/* How many messages back a call is looked for that a result belongs to. */
#define CALL_REACH 50

static BobbinBlock *
add_block (BobbinMessage  *message,
           BobbinBlockKind kind)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (bobbin_id_new (), kind);

  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);

  return block;
}

static void
add_text (BobbinMessage  *message,
          BobbinBlockKind kind,
          const char     *text)
{
  if (text != NULL && *text != '\0')
    bobbin_block_set_text (add_block (message, kind), text);
}

static void
add_unknown (BobbinMessage *message,
             JsonNode      *node,
             const char    *type)
{
  g_autofree char *data = bobbin_json_to_text (node, FALSE);
  BobbinBlock *block = add_block (message, type != NULL ? BOBBIN_BLOCK_UNKNOWN : BOBBIN_BLOCK_JSON);

  bobbin_block_set_name (block, type);
  bobbin_block_set_data (block, data);
}

static const char *
first_of (JsonObject        *object,
          const char *const *members)
{
  const char *text = NULL;

  for (gsize i = 0; text == NULL && members[i] != NULL; i++)
    text = bobbin_json_get_string (object, members[i]);

  return text;
}

/* A string that holds JSON, or JSON. (nullable) */
static char *
dup_value (JsonObject        *object,
           const char *const *members)
{
  for (gsize i = 0; members[i] != NULL; i++)
    {
      JsonNode *node = bobbin_json_get_node (object, members[i]);
      const char *text = bobbin_json_get_string (object, members[i]);
      g_autoptr(JsonNode) parsed = text != NULL ? bobbin_json_parse (text, -1, NULL) : NULL;

      if (parsed != NULL && !JSON_NODE_HOLDS_VALUE (parsed))
        return g_strdup (text);
      if (node != NULL)
        return bobbin_json_to_text (node, FALSE);
    }

  return NULL;
}

static void
add_call (BobbinMessage *message,
          JsonObject    *object)
{
  static const char *const arguments[] = { "args", "arguments", "input", NULL };
  static const char *const ids[] = { "call_id", "id", NULL };
  JsonObject *function = bobbin_json_get_object (object, "function");
  JsonObject *about = function != NULL ? function : object;
  BobbinBlock *block = add_block (message, BOBBIN_BLOCK_TOOL_CALL);
  g_autofree char *data = dup_value (about, arguments);

  bobbin_block_set_name (block, bobbin_json_get_string (about, "name"));
  bobbin_block_set_call_id (block, first_of (object, ids));
  bobbin_block_set_data (block, data);
}

static BobbinBlock *
find_call (BobbinImportThread *self,
           const char         *call_id)
{
  for (guint i = self->messages->len; i > 0 && self->messages->len - i < CALL_REACH; i--)
    {
      BobbinMessage *message = self->messages->pdata[i - 1];

      for (guint n = 0; n < bobbin_message_get_n_blocks (message); n++)
        {
          BobbinBlock *block = bobbin_message_get_block (message, n);

          if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_TOOL_CALL && call_id != NULL &&
              g_strcmp0 (bobbin_block_get_call_id (block), call_id) == 0)
            return block;
        }
    }

  return NULL;
}

static void
add_result (BobbinImportThread *self,
            BobbinMessage      *message,
            JsonObject         *object)
{
  static const char *const outputs[] = { "output", "content", "result", NULL };
  static const char *const ids[] = { "call_id", "tool_call_id", "tool_use_id", NULL };
  const char *call_id = first_of (object, ids);
  BobbinBlock *block = find_call (self, call_id);
  g_autofree char *result = dup_value (object, outputs);

  if (block == NULL)
    {
      block = add_block (message, BOBBIN_BLOCK_TOOL_CALL);
      bobbin_block_set_name (block, bobbin_json_get_string (object, "name"));
      bobbin_block_set_call_id (block, call_id);
    }
  bobbin_block_set_result (block, result != NULL ? result : "null");
  bobbin_block_set_state (block, bobbin_json_get_bool (object, "is_error", FALSE) ? BOBBIN_BLOCK_ERROR : BOBBIN_BLOCK_DONE);
}

static gboolean
is_one_of (const char        *word,
           const char *const *words)
{
  return word != NULL && g_strv_contains (words, word);
}

static void
add_part (BobbinImportThread *self,
          BobbinMessage      *message,
          JsonNode           *node)
{
  static const char *const texts[] = { "text", "input_text", "output_text", "markdown", NULL };
  static const char *const thoughts[] = { "thinking", "reasoning", "thought", NULL };
  static const char *const words[] = { "text", "thinking", "reasoning", "summary", "content", NULL };
  static const char *const calls[] = { "tool_call", "tool_use", "function_call", "remote_tool_call", NULL };
  static const char *const results[] = { "tool_result", "function_call_output", NULL };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *type = object != NULL ? bobbin_json_get_string (object, "type") : NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    add_text (message, BOBBIN_BLOCK_TEXT, json_node_get_string (node));
  else if (object != NULL && is_one_of (type, texts))
    add_text (message, BOBBIN_BLOCK_TEXT, first_of (object, words));
  else if (object != NULL && is_one_of (type, thoughts))
    add_text (message, BOBBIN_BLOCK_THINKING, first_of (object, words));
  else if (object != NULL && is_one_of (type, calls))
    add_call (message, object);
  else if (object != NULL && is_one_of (type, results))
    add_result (self, message, object);
  else if (!JSON_NODE_HOLDS_NULL (node))
    add_unknown (message, node, type);
}

static gboolean
has_calls (BobbinMessage *message)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    if (bobbin_block_get_kind (bobbin_message_get_block (message, i)) == BOBBIN_BLOCK_TOOL_CALL)
      return TRUE;

  return FALSE;
}

static void
add_calls (BobbinMessage *message,
           JsonObject    *object)
{
  JsonArray *calls = bobbin_json_get_array (object, "tools_calls");

  if (calls == NULL)
    calls = bobbin_json_get_array (object, "tool_calls");
  if (calls == NULL || has_calls (message))
    return;
  for (guint i = 0; i < json_array_get_length (calls); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (calls, i)))
      add_call (message, json_array_get_object_element (calls, i));
}

void
bobbin_import_add_content (BobbinImportThread *self,
                           BobbinMessage      *message,
                           JsonObject         *object)
{
  static const char *const names[] = { "content", "text", "parts", NULL };
  JsonNode *content = NULL;
  gboolean is_result = bobbin_message_get_role (message) == BOBBIN_ROLE_TOOL && bobbin_json_get_string (object, "tool_call_id") != NULL;

  for (gsize i = 0; content == NULL && names[i] != NULL; i++)
    content = bobbin_json_get_node (object, names[i]);
  add_text (message, BOBBIN_BLOCK_THINKING, bobbin_json_get_string (object, "reasoning"));
  if (is_result)
    add_result (self, message, object);
  else if (content != NULL && JSON_NODE_HOLDS_ARRAY (content))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (content)); i++)
      add_part (self, message, json_array_get_element (json_node_get_array (content), i));
  else if (content != NULL)
    add_part (self, message, content);
  add_calls (message, object);
}
