#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-decoder-private.h"

#include "util/bobbin-json.h"

#include <string.h>

/* How far back a result without a call id looks for its tool by name. */
#define MAX_NAME_SEARCH 64

/* JSON text of tool arguments: an object as it is, a string that holds JSON as that, any other string quoted. */
static char *
dup_arguments (JsonObject *object)
{
  static const char *const members[] = { "input", "args", "arguments", "parameters" };

  for (gsize i = 0; object != NULL && i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *node = bobbin_json_get_node (object, members[i]);
      const char *text = bobbin_json_get_string (object, members[i]);
      g_autoptr(JsonNode) parsed = NULL;

      if (node == NULL)
        continue;
      if (text != NULL && *text == '\0')
        return NULL;
      if (text != NULL)
        parsed = bobbin_json_parse (text, -1, NULL);
      return bobbin_json_to_text (parsed != NULL && !JSON_NODE_HOLDS_VALUE (parsed) ? parsed : node, FALSE);
    }

  return NULL;
}

static char *
dup_call_id (JsonObject *object)
{
  static const char *const members[] = { "tool_call_id", "call_id", "id", "tool_use_id", NULL };
  char *id = _bobbin_nebelus_dup_first (object, members);

  if (id != NULL && *id == '\0')
    g_clear_pointer (&id, g_free);

  return id;
}

static char *
dup_tool_name (JsonObject *object)
{
  static const char *const members[] = { "tool_name", "name", "tool", NULL };

  return _bobbin_nebelus_dup_first (object, members);
}

/* The card a tool_use is about: by call id, else by slot unless that one is another call. */
static BobbinNebelusBlock *
find_tool (BobbinNebelusBlocks      *self,
           const BobbinNebelusFrame *frame,
           const char               *call_id,
           const char               *name)
{
  BobbinNebelusBlock *block = call_id != NULL ? g_hash_table_lookup (self->by_call, call_id) : NULL;
  g_autofree char *slot = _bobbin_nebelus_make_slot (frame->type, frame->index);

  if (block == NULL)
    {
      block = g_hash_table_lookup (self->by_slot, slot);
      if (block != NULL &&
          ((call_id != NULL && block->call_id != NULL) || block->answered ||
           (block->complete && frame->state == BOBBIN_NEBELUS_STATE_START) ||
           (name != NULL && block->name != NULL && strcmp (name, block->name) != 0)))
        block = NULL;
    }
  if (block == NULL)
    block = _bobbin_nebelus_blocks_add (self, g_steal_pointer (&slot), BOBBIN_BLOCK_TOOL_CALL);
  if (call_id != NULL && block->call_id == NULL)
    {
      block->call_id = g_strdup (call_id);
      g_hash_table_replace (self->by_call, block->call_id, block);
    }
  if (name != NULL && block->name == NULL)
    block->name = g_strdup (name);

  return block;
}

BobbinEvent *
_bobbin_nebelus_decode_tool_use (BobbinNebelusBlocks      *self,
                                 const BobbinNebelusFrame *frame,
                                 BobbinBlockKind           kind)
{
  JsonObject *object = frame->object != NULL ? frame->object : frame->block;
  g_autofree char *call_id = dup_call_id (object);
  g_autofree char *name = dup_tool_name (object);
  gboolean plain = frame->data != NULL && frame->object == NULL;
  g_autofree char *arguments = plain ? _bobbin_nebelus_dup_data (frame) : dup_arguments (object);
  gboolean complete = frame->state == BOBBIN_NEBELUS_STATE_COMPLETE || frame->state == BOBBIN_NEBELUS_STATE_NONE;
  guint digest = arguments != NULL ? g_str_hash (arguments) | 1 : 0;
  BobbinNebelusBlock *block = find_tool (self, frame, call_id, name);
  BobbinEvent *event;

  if (block->complete)
    {
      if (!complete || block->call_id != NULL || block->digest == digest)
        return NULL;
      /* No call id, other arguments: another call of the same tool. */
      block = _bobbin_nebelus_blocks_add (self, _bobbin_nebelus_make_slot (frame->type, frame->index), kind);
      block->name = g_strdup (name);
    }
  event = _bobbin_nebelus_blocks_event (self, block, complete ? BOBBIN_PHASE_COMPLETE : BOBBIN_PHASE_START);
  event->call_id = g_strdup (block->call_id);
  event->name = g_strdup (block->name);
  /* Arguments count when they are whole: "delta" may bring parts (nebelus.md, section 5.1). */
  if (frame->state != BOBBIN_NEBELUS_STATE_DELTA)
    event->data = g_steal_pointer (&arguments);
  block->complete = complete;
  block->digest = digest;

  return event;
}

static BobbinNebelusBlock *
find_answered_tool (BobbinNebelusBlocks *self,
                    const char          *call_id,
                    const char          *name)
{
  BobbinNebelusBlock *block = call_id != NULL ? g_hash_table_lookup (self->by_call, call_id) : NULL;
  guint from = self->tools->len > MAX_NAME_SEARCH ? self->tools->len - MAX_NAME_SEARCH : 0;

  if (block != NULL)
    return block;
  for (guint i = from; name != NULL && i < self->tools->len; i++)
    {
      block = g_ptr_array_index (self->tools, i);
      if (!block->answered && block->name != NULL && strcmp (block->name, name) == 0)
        return block;
    }
  /* No name and no id at all: the only tool that still runs. */
  if (call_id == NULL && name == NULL && self->tools->len > 0)
    {
      block = g_ptr_array_index (self->tools, self->tools->len - 1);
      if (!block->answered)
        return block;
    }

  return NULL;
}

/* (nullable): a string as it is, anything else as JSON text. */
static char *
dup_value (JsonObject *object,
           const char *member)
{
  JsonNode *node = bobbin_json_get_node (object, member);
  const char *text = bobbin_json_get_string (object, member);

  if (text != NULL)
    return g_strdup (text);

  return node != NULL ? bobbin_json_to_text (node, FALSE) : NULL;
}

static char *
dup_output (const BobbinNebelusFrame *frame)
{
  static const char *const members[] = { "output", "content", "result", "error", "text" };
  JsonObject *object = frame->object != NULL ? frame->object : frame->block;
  char *output = frame->object == NULL ? dup_value (frame->block, "data") : NULL;

  for (gsize i = 0; output == NULL && i < G_N_ELEMENTS (members); i++)
    output = dup_value (object, members[i]);

  return output;
}

static gboolean
is_tool_error (JsonObject *object)
{
  const char *status = bobbin_json_get_string (object, "status");
  JsonNode *error = bobbin_json_get_node (object, "error");

  if (bobbin_json_get_bool (object, "is_error", FALSE))
    return TRUE;
  if (status != NULL && (strcmp (status, "error") == 0 || strcmp (status, "failed") == 0))
    return TRUE;

  return error != NULL && !(JSON_NODE_HOLDS_VALUE (error) && json_node_get_value_type (error) == G_TYPE_BOOLEAN &&
                            !json_node_get_boolean (error));
}

BobbinEvent *
_bobbin_nebelus_decode_tool_result (BobbinNebelusBlocks      *self,
                                    const BobbinNebelusFrame *frame,
                                    BobbinBlockKind           kind)
{
  JsonObject *object = frame->object != NULL ? frame->object : frame->block;
  g_autofree char *call_id = dup_call_id (object);
  g_autofree char *name = dup_tool_name (object);
  g_autofree char *output = dup_output (frame);
  BobbinNebelusBlock *block;
  BobbinEvent *event;

  /* The result counts when it is whole; its start has nothing to show. */
  if (frame->state == BOBBIN_NEBELUS_STATE_START || (frame->state == BOBBIN_NEBELUS_STATE_DELTA && output == NULL))
    return NULL;

  block = find_answered_tool (self, call_id, name);
  if (block == NULL)
    {
      block = _bobbin_nebelus_blocks_add (self, _bobbin_nebelus_make_slot (frame->type, frame->index), kind);
      if (call_id != NULL)
        {
          block->call_id = g_strdup (call_id);
          g_hash_table_replace (self->by_call, block->call_id, block);
        }
      block->name = g_strdup (name);
    }
  event = _bobbin_nebelus_blocks_event (self, block, BOBBIN_PHASE_COMPLETE);
  event->is_result = TRUE;
  event->is_error = is_tool_error (object);
  event->call_id = g_strdup (block->call_id);
  event->name = g_strdup (block->name != NULL ? block->name : name);
  event->result = g_steal_pointer (&output);
  block->answered = TRUE;

  return event;
}
