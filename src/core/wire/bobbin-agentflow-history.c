#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-agentflow-history.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-agentflow-blocks.h"
#include "wire/bobbin-agentflow-decoder.h"

#include <string.h>

/* What makes two rows the same (section 9): id, role, content. */
static char *
dup_identity (JsonObject *message)
{
  g_autofree char *id = bobbin_agentflow_dup_id (message, "message_id");
  const char *role = bobbin_json_get_string (message, "role");
  JsonNode *content = bobbin_json_get_node (message, "content");
  g_autofree char *text = content != NULL ? bobbin_json_to_text (content, FALSE) : NULL;

  return g_strdup_printf ("%s\n%s\n%s", id != NULL ? id : "", role != NULL ? role : "", text != NULL ? text : "");
}

static gboolean
is_same_content (JsonObject *a,
                 JsonObject *b)
{
  JsonNode *first = bobbin_json_get_node (a, "content");
  JsonNode *second = bobbin_json_get_node (b, "content");

  return g_strcmp0 (bobbin_json_get_string (a, "role"), bobbin_json_get_string (b, "role")) == 0 &&
         first != NULL && second != NULL && json_node_equal (first, second);
}

static void
add_objects (GPtrArray *rows,
             JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        g_ptr_array_add (rows, json_node_get_object (node));
    }
}

static void
drop_repeated (GPtrArray *rows)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < rows->len;)
    {
      g_autofree char *id = bobbin_agentflow_dup_id (rows->pdata[i], "message_id");

      /* Without an id, or with the "0" of a client that makes none, the same words twice are two messages. */
      if (id != NULL && !g_str_equal (id, "0") && !g_hash_table_add (seen, dup_identity (rows->pdata[i])))
        g_ptr_array_remove_index (rows, i);
      else
        i++;
    }
}

/* Context (section 5) */

static gboolean
find_id (GPtrArray  *rows,
         JsonObject *message,
         guint      *ret_position)
{
  g_autofree char *id = bobbin_agentflow_dup_id (message, "message_id");

  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *other = bobbin_agentflow_dup_id (rows->pdata[i], "message_id");

      if (id == NULL || g_strcmp0 (id, other) != 0 || g_strcmp0 (bobbin_json_get_string (message, "role"),
                                                                 bobbin_json_get_string (rows->pdata[i], "role")) != 0)
        continue;
      *ret_position = i;
      return TRUE;
    }

  return FALSE;
}

/* Each message of the context whose id is missing goes right before the next one that is present, else to the end, unless it says
 * the same as that neighbour. */
static void
merge_context (GPtrArray *rows,
               JsonArray *context,
               gboolean   is_whole,
               gboolean   is_newest)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  g_autoptr(GPtrArray) missing = g_ptr_array_new ();
  gboolean shared = is_whole;
  guint position;

  add_objects (all, context);
  for (guint i = 0; i < all->len; i++)
    {
      if (!find_id (rows, all->pdata[i], &position))
        {
          g_ptr_array_add (missing, all->pdata[i]);
          continue;
        }
      for (guint j = missing->len; shared && j-- > 0;)
        if (!is_same_content (missing->pdata[j], rows->pdata[position]))
          g_ptr_array_insert (rows, (int) position, missing->pdata[j]);
      shared = TRUE;
      g_ptr_array_set_size (missing, 0);
    }

  for (guint i = 0; shared && is_newest && i < missing->len; i++)
    if (rows->len == 0 || !is_same_content (missing->pdata[i], rows->pdata[rows->len - 1]))
      g_ptr_array_add (rows, missing->pdata[i]);
}

/* Messages */

static void
fill_block (BobbinBlock *block,
            BobbinEvent *event)
{
  if (event->text != NULL)
    bobbin_block_set_text (block, event->text);
  if (event->kind != BOBBIN_BLOCK_TEXT)
    bobbin_block_set_name (block, event->name);
  bobbin_block_set_call_id (block, event->call_id);
  bobbin_block_set_data (block, event->data);
  bobbin_block_set_state (block, event->is_error ? BOBBIN_BLOCK_ERROR : BOBBIN_BLOCK_DONE);
}

static BobbinBlock *
find_call (BobbinMessage *message,
           const char    *call_id)
{
  for (guint i = bobbin_message_get_n_blocks (message); i-- > 0;)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_TOOL_CALL && call_id != NULL &&
          g_strcmp0 (bobbin_block_get_call_id (block), call_id) == 0)
        return block;
    }

  return NULL;
}

/* @name: (nullable): of the tool, told beside the message. */
static void
add_event (BobbinMessage *message,
           BobbinEvent   *event,
           const char    *name)
{
  BobbinBlock *call = event->kind == BOBBIN_BLOCK_TOOL_CALL ? find_call (message, event->call_id) : NULL;
  g_autoptr(BobbinBlock) block = NULL;

  if (event->is_result && call != NULL)
    {
      bobbin_block_set_result (call, event->result);
      bobbin_block_set_state (call, event->is_error ? BOBBIN_BLOCK_ERROR : BOBBIN_BLOCK_DONE);
      return;
    }
  if (call != NULL)
    return;

  block = bobbin_block_new (0, event->kind);
  fill_block (block, event);
  if (event->is_result)
    {
      bobbin_block_set_result (block, event->result);
      bobbin_block_set_name (block, name);
    }
  bobbin_message_add_block (message, block);
}

static BobbinRole
read_role (JsonObject *row)
{
  BobbinRole role = BOBBIN_ROLE_ASSISTANT;

  bobbin_role_from_nick (bobbin_json_get_string (row, "role"), &role);

  return role == BOBBIN_ROLE_TOOL || role == BOBBIN_ROLE_NOTICE ? BOBBIN_ROLE_ASSISTANT : role;
}

static void
add_row (BobbinMessage *message,
         JsonObject    *row)
{
  g_autoptr(GPtrArray) events = bobbin_agentflow_read_blocks (row, FALSE);
  g_autofree char *id = bobbin_agentflow_dup_id (row, "message_id");
  JsonObject *metadata = bobbin_json_get_object (row, "metadata");
  BobbinUsage usage = BOBBIN_USAGE_INIT;

  for (guint i = 0; i < events->len; i++)
    add_event (message, events->pdata[i], metadata != NULL ? bobbin_json_get_string (metadata, "function_name") : NULL);
  bobbin_message_add_server_id (message, id);
  bobbin_agentflow_read_usage (row, &usage);
  if (usage.total_tokens >= 0)
    bobbin_message_set_usage (message, &usage);
  if (bobbin_agentflow_get_model (row) != NULL)
    bobbin_message_set_model (message, bobbin_agentflow_get_model (row));
  bobbin_message_set_finished_us (message, bobbin_time_get_local (row, "timestamp", 0));
}

static BobbinMessage *
begin_message (GPtrArray  *messages,
               BobbinRole  role,
               gint64      created_us)
{
  BobbinMessage *message = bobbin_message_new (0, role, created_us);

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  g_ptr_array_add (messages, message);

  return message;
}

static void
add_pause (GPtrArray  *messages,
           JsonObject *state)
{
  JsonObject *meta = bobbin_json_get_object (state, "execution_meta");
  g_autoptr(BobbinEvent) pause = meta != NULL ? bobbin_agentflow_read_pause (meta) : NULL;
  BobbinMessage *last = messages->len > 0 ? g_ptr_array_index (messages, messages->len - 1) : NULL;
  g_autoptr(BobbinBlock) block = NULL;

  if (pause == NULL)
    return;
  if (last == NULL || bobbin_message_get_role (last) != BOBBIN_ROLE_ASSISTANT)
    last = begin_message (messages, BOBBIN_ROLE_ASSISTANT, last != NULL ? bobbin_message_get_created_us (last) : 0);

  block = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);
  bobbin_block_set_name (block, pause->name);
  bobbin_block_set_data (block, pause->data);
  bobbin_message_add_block (last, block);
  bobbin_message_set_stop_reason (last, "paused");
}

GPtrArray *
bobbin_agentflow_read_messages (JsonArray  *list,
                                JsonObject *state,
                                gboolean    is_whole,
                                gboolean    is_newest)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();
  BobbinMessage *message = NULL;

  add_objects (rows, list);
  drop_repeated (rows);
  if (state != NULL)
    merge_context (rows, bobbin_json_get_array (state, "context"), is_whole, is_newest);
  for (guint i = 0; i < rows->len; i++)
    {
      BobbinRole role = read_role (rows->pdata[i]);

      if (message == NULL || role != BOBBIN_ROLE_ASSISTANT || bobbin_message_get_role (message) != BOBBIN_ROLE_ASSISTANT)
        message = begin_message (messages, role, bobbin_time_get_local (rows->pdata[i], "timestamp", 0));
      add_row (message, rows->pdata[i]);
    }
  if (state != NULL && is_newest)
    add_pause (messages, state);

  return messages;
}

gboolean
bobbin_agentflow_list_has_id (JsonArray  *list,
                              const char *message_id)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  add_objects (rows, list);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *id = bobbin_agentflow_dup_id (rows->pdata[i], "message_id");

      if (g_strcmp0 (id, message_id) == 0)
        return TRUE;
    }

  return FALSE;
}
