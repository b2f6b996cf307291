#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-history.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-assistants-decoder.h"

/* Blocks from events */

static BobbinBlock *
get_block (BobbinMessage *message,
           GHashTable    *by_key,
           BobbinEvent   *event)
{
  BobbinBlock *block = g_hash_table_lookup (by_key, event->key);

  if (block != NULL)
    return block;

  block = bobbin_block_new (0, event->kind);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  g_hash_table_insert (by_key, g_strdup (event->key), block);
  g_object_unref (block); /* the message has it */

  return block;
}

static void
take_block (BobbinMessage *message,
            GHashTable    *by_key,
            BobbinEvent   *event)
{
  BobbinBlock *block = get_block (message, by_key, event);

  if (event->text != NULL)
    bobbin_block_set_text (block, event->text);
  if (event->name != NULL)
    bobbin_block_set_name (block, event->name);
  if (event->call_id != NULL)
    bobbin_block_set_call_id (block, event->call_id);
  if (event->data != NULL)
    bobbin_block_set_data (block, event->data);
  if (event->result != NULL)
    bobbin_block_set_result (block, event->result);
  if (event->is_error)
    bobbin_block_set_state (block, BOBBIN_BLOCK_ERROR);
}

static void
take_events (BobbinAssistantsDecoder *decoder,
             BobbinMessage           *message,
             GHashTable              *by_key)
{
  BobbinEvent *event;

  while ((event = bobbin_assistants_decoder_pop (decoder)) != NULL)
    {
      if (event->type == BOBBIN_EVENT_BLOCK)
        take_block (message, by_key, event);
      bobbin_event_free (event);
    }
}

static void
push_steps (BobbinAssistantsDecoder *decoder,
            JsonNode                *root)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root)
                    : JSON_NODE_HOLDS_OBJECT (root) ? bobbin_json_get_array (json_node_get_object (root), "data") : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      json_object_set_string_member (json_node_get_object (node), "object", "thread.run.step");
      bobbin_assistants_decoder_push_object (decoder, json_node_get_object (node));
    }
}

/* Messages */

static void
add_cut_off (BobbinMessage *message,
             const char    *reason)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_NOTICE);
  g_autoptr(JsonObject) data = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (data, "reason", reason);
  text = bobbin_json_object_to_text (data, FALSE);
  bobbin_block_set_name (block, BOBBIN_NOTICE_CUT_OFF);
  bobbin_block_set_data (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
}

/* assistants.md, section 4.3: why a message is incomplete. */
static void
set_delivery (BobbinMessage *message,
              JsonObject    *object)
{
  JsonObject *details = bobbin_json_get_object (object, "incomplete_details");
  const char *reason = details != NULL ? bobbin_json_get_string (details, "reason") : NULL;

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  if (g_strcmp0 (bobbin_json_get_string (object, "status"), "incomplete") != 0 || reason == NULL)
    return;
  if (g_str_equal (reason, "run_cancelled"))
    bobbin_message_set_delivery (message, BOBBIN_DELIVERY_STOPPED);
  else if (g_str_equal (reason, "run_failed") || g_str_equal (reason, "run_expired"))
    bobbin_message_set_delivery (message, BOBBIN_DELIVERY_INTERRUPTED);
  else
    add_cut_off (message, reason);
}

static BobbinMessage *
make_message (JsonObject *object,
              JsonNode   *steps)
{
  gboolean is_user = g_strcmp0 (bobbin_json_get_string (object, "role"), "user") == 0;
  BobbinMessage *message = bobbin_message_new (0, is_user ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT,
                                               bobbin_time_get (object, "created_at", 0));
  g_autoptr(BobbinAssistantsDecoder) decoder = bobbin_assistants_decoder_new ();
  g_autoptr(GHashTable) by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *id = bobbin_json_dup_text (object, "id");

  bobbin_message_set_server_id (message, id);
  bobbin_message_set_agent_id (message, is_user ? NULL : bobbin_json_get_string (object, "assistant_id"));
  bobbin_message_set_finished_us (message, bobbin_time_get (object, "completed_at", 0));
  bobbin_assistants_decoder_show_users (decoder);
  if (steps != NULL)
    push_steps (decoder, steps);
  /* What simple servers leave out. */
  json_object_set_string_member (object, "object", "thread.message");
  json_object_remove_member (object, "thread_id");
  if (!json_object_has_member (object, "status"))
    json_object_set_string_member (object, "status", "completed");
  bobbin_assistants_decoder_push_object (decoder, object);
  bobbin_assistants_decoder_finish (decoder);
  take_events (decoder, message, by_key);
  set_delivery (message, object);

  return message;
}

static gboolean
is_shown (JsonObject *object)
{
  const char *role = bobbin_json_get_string (object, "role");

  return (g_strcmp0 (role, "user") == 0 || g_strcmp0 (role, "assistant") == 0) &&
         g_strcmp0 (bobbin_json_get_string (object, "status"), "in_progress") != 0;
}

GPtrArray *
bobbin_assistants_messages_from_list (JsonArray  *list,
                                      GHashTable *steps)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = list != NULL ? json_array_get_length (list) : 0; i-- > 0;)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *id = object != NULL ? bobbin_json_dup_text (object, "id") : NULL;
      g_autofree char *run_id = object != NULL ? bobbin_json_dup_text (object, "run_id") : NULL;
      JsonNode *of_run = NULL;

      if (id == NULL || *id == '\0' || !is_shown (object) || !g_hash_table_add (seen, g_steal_pointer (&id)))
        continue;
      /* Only in front of its first message. */
      if (run_id != NULL && g_hash_table_lookup (steps, run_id) != NULL)
        {
          of_run = json_node_copy (g_hash_table_lookup (steps, run_id));
          g_hash_table_remove (steps, run_id);
        }
      g_ptr_array_add (messages, make_message (object, of_run));
      g_clear_pointer (&of_run, json_node_unref);
    }

  return messages;
}
