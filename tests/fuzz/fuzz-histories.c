/* Stored conversations as servers tell them, read into messages, and two readings of one aligned. */
#include "config.h"
#include "fuzz.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "session/bobbin-history-merge.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-blocks.h"
#include "wire/bobbin-agentflow-decoder.h"
#include "wire/bobbin-agentflow-history.h"
#include "wire/bobbin-aibtc-decoder.h"
#include "wire/bobbin-assistants-history.h"
#include "wire/bobbin-assistants-run.h"
#include "wire/bobbin-entities-objects.h"

static void
check_messages (GPtrArray *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      g_autofree char *text = bobbin_message_dup_text (messages->pdata[i]);

      fuzz_check_valid (text);
      for (guint n = 0; n < bobbin_message_get_n_blocks (messages->pdata[i]); n++)
        {
          BobbinBlock *block = bobbin_message_get_block (messages->pdata[i], n);

          fuzz_check_valid (bobbin_block_get_text (block));
          fuzz_check_valid (bobbin_block_get_name (block));
          fuzz_check_valid (bobbin_block_get_data (block));
          fuzz_check_valid (bobbin_block_get_result (block));
        }
    }
}

/* Every message is in one pair, in the order of both. */
static void
check_merge (GPtrArray *local,
             GPtrArray *remote)
{
  g_autoptr(GArray) pairs = bobbin_history_align (local, remote);
  guint n_local = 0, n_remote = 0;

  for (guint i = 0; i < pairs->len; i++)
    {
      BobbinMergePair *pair = &g_array_index (pairs, BobbinMergePair, i);

      if (pair->local != BOBBIN_MERGE_NONE)
        g_assert_cmpuint (pair->local, ==, n_local++);
      if (pair->remote != BOBBIN_MERGE_NONE)
        g_assert_cmpuint (pair->remote, ==, n_remote++);
      if (pair->local != BOBBIN_MERGE_NONE && pair->remote != BOBBIN_MERGE_NONE)
        (void) bobbin_history_take (local->pdata[pair->local], remote->pdata[pair->remote]);
    }
  g_assert_cmpuint (n_local, ==, local->len);
  g_assert_cmpuint (n_remote, ==, remote->len);
  check_messages (local);
}

/* @lists: a list of messages, or an object with one and what else the service has. */
static GPtrArray *
read_list (guint     service,
           JsonNode *root)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : bobbin_entities_get_list (root);
  g_autoptr(JsonArray) empty = json_array_new ();

  if (service == 0)
    return bobbin_agentflow_read_messages (list != NULL ? list : empty, object != NULL ? bobbin_json_get_object (object, "state") : NULL, TRUE, TRUE);
  if (service == 1)
    {
      g_autoptr(GHashTable) steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
      JsonNode *node = object != NULL ? bobbin_json_get_node (object, "steps") : NULL;

      if (node != NULL)
        g_hash_table_insert (steps, g_strdup ("run_1"), json_node_ref (node));
      return bobbin_assistants_messages_from_list (list, steps);
    }
  if (service == 2)
    return bobbin_entities_messages_from_list (list != NULL ? list : empty);
  {
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

    for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
      if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (list, i)) && bobbin_aibtc_is_entry (json_array_get_object_element (list, i)))
        g_ptr_array_add (entries, json_object_ref (json_array_get_object_element (list, i)));
    return bobbin_aibtc_messages_from_entries (entries);
  }
}

static void
read_objects (JsonObject *object)
{
  g_autoptr(BobbinAssistantsRun) run = bobbin_assistants_run_parse (object);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonObject) metadata = bobbin_entities_dup_metadata (object);
  g_autoptr(BobbinEvent) pause = bobbin_agentflow_read_pause (object);
  g_autoptr(GPtrArray) blocks = bobbin_agentflow_read_blocks (object, TRUE);

  (void) bobbin_entities_run_outcome (object, &failure);
  if (metadata != NULL)
    fuzz_check_valid (bobbin_entities_get_title (metadata));
}

void
fuzz_histories (const guint8 *data,
                gsize         length)
{
  FuzzInput input;
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GPtrArray) local = NULL;
  g_autoptr(GPtrArray) remote = NULL;
  guint service;

  fuzz_read_input (&input, data, length);
  service = input.mode & 3;
  root = bobbin_json_parse (input.bytes, (gssize) input.length, NULL);
  if (root == NULL)
    return;
  if (JSON_NODE_HOLDS_OBJECT (root))
    read_objects (json_node_get_object (root));
  local = read_list (service, root);
  remote = read_list (input.mode & 4 ? (service + 1) & 3 : service, root);
  check_messages (remote);
  check_merge (local, remote);
}
