/* A conversation of ChatGPT's export (conversations.json): `mapping` is a tree of nodes, `current_node` the leaf that was shown last.
 *
 * A turn of ours is a prompt and the answer to it; theirs is a chain of messages (thoughts, calls, results, text), which becomes one
 * answer. Where a node has several children, the tree branches: a prompt that was edited, or an answer that was made again. Both are
 * versions of a prompt here: for an answer made again the prompt is there again. What is hidden follows bobbin-store-versions.c:
 * a message off the path that is shown is hidden by the innermost version around it that is not the chosen one. */
#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-import-thread.h"

#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"
#include "util/bobbin-time.h"

#include <string.h>

#define MAX_NODES 200000

typedef struct
{
  JsonObject *object;
  const char *id;
  GPtrArray  *children;   /* of Node, borrowed */
  gboolean    shown;      /* on the path to current_node */
  gboolean    visited;
} Node;

/* What is to be walked next: a node below a message of ours, within a version. */
typedef struct
{
  Node          *node;
  BobbinMessage *prompt;     /* (nullable) owned: the last one above, of which an answer may be another version */
  BobbinMessage *answer;     /* (nullable) owned: goes on while there is one way only */
  gint64         parent_id;  /* ids below are larger */
  gint64         hidden;
} Step;

typedef struct
{
  BobbinImportThread *out;
  GHashTable         *nodes;   /* id → Node */
  GQueue              steps;   /* of Step; the last is walked first */
  GHashTable         *taken;   /* ids that are given */
} Walk;

static void
node_free (gpointer data)
{
  Node *node = data;

  g_ptr_array_unref (node->children);
  g_free (node);
}

static void
step_free (Step *step)
{
  g_clear_object (&step->prompt);
  g_clear_object (&step->answer);
  g_free (step);
}

gboolean
bobbin_import_is_chatgpt (JsonObject *object)
{
  return bobbin_json_get_object (object, "mapping") != NULL;
}

/* The tree */

static GHashTable *
read_nodes (JsonObject *mapping)
{
  g_autoptr(GHashTable) nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, node_free);
  JsonObjectIter iter;
  const char *id;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, mapping);
  while (json_object_iter_next_ordered (&iter, &id, &value))
    if (JSON_NODE_HOLDS_OBJECT (value))
      {
        Node *node = g_new0 (Node, 1);

        node->object = json_node_get_object (value);
        node->id = id;
        node->children = g_ptr_array_new ();
        g_hash_table_insert (nodes, (gpointer) id, node);
      }

  return g_steal_pointer (&nodes);
}

static void
link_nodes (GHashTable *nodes,
            JsonObject *mapping)
{
  JsonObjectIter iter;
  const char *id;

  json_object_iter_init_ordered (&iter, mapping);
  while (json_object_iter_next_ordered (&iter, &id, NULL))
    {
      Node *node = g_hash_table_lookup (nodes, id);
      JsonArray *children = node != NULL ? bobbin_json_get_array (node->object, "children") : NULL;

      for (guint i = 0; children != NULL && i < json_array_get_length (children); i++)
        {
          JsonNode *value = json_array_get_element (children, i);
          gboolean named = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;
          Node *child = named ? g_hash_table_lookup (nodes, json_node_get_string (value)) : NULL;

          if (child != NULL)
            g_ptr_array_add (node->children, child);
        }
    }
}

static void
mark_path (GHashTable *nodes,
           const char *leaf)
{
  Node *node = leaf != NULL ? g_hash_table_lookup (nodes, leaf) : NULL;

  while (node != NULL && !node->shown) /* a ring ends where it began */
    {
      const char *parent = bobbin_json_get_string (node->object, "parent");

      node->shown = TRUE;
      node = parent != NULL ? g_hash_table_lookup (nodes, parent) : NULL;
    }
}

/* Messages */

static JsonObject *
get_message (const Node *node)
{
  return bobbin_json_get_object (node->object, "message");
}

static const char *
get_role (JsonObject *message)
{
  JsonObject *author = bobbin_json_get_object (message, "author");
  const char *role = author != NULL ? bobbin_json_get_string (author, "role") : NULL;

  return role != NULL ? role : "assistant";
}

static gboolean
is_unseen (JsonObject *message)
{
  JsonObject *metadata = bobbin_json_get_object (message, "metadata");

  return g_str_equal (get_role (message), "system") ||
         (metadata != NULL && bobbin_json_get_bool (metadata, "is_visually_hidden_from_conversation", FALSE));
}

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

/* "file-service://file-AbC" and "sediment://file_00ab" name a file of the archive by how its name begins. */
static void
add_asset (BobbinImportThread *out,
           BobbinMessage      *message,
           const char         *pointer,
           const char         *name,
           const char         *content_type,
           gboolean            image)
{
  const char *id = pointer != NULL ? strstr (pointer, "://") : NULL;
  BobbinBlock *block = add_block (message, image ? BOBBIN_BLOCK_IMAGE : BOBBIN_BLOCK_FILE);
  g_autoptr(JsonObject) data = json_object_new ();
  g_autofree char *text = NULL;

  id = id != NULL ? id + 3 : pointer;
  if (id == NULL)
    return;

  /* What is told of it where the archive has no such file. */
  json_object_set_string_member (data, "file_id", id);
  if (name != NULL)
    json_object_set_string_member (data, "name", name);
  text = bobbin_json_object_to_text (data, FALSE);
  bobbin_block_set_data (block, text);
  bobbin_import_thread_add_file (out, block, id, content_type, NULL, 0, NULL);
}

static void
add_parts (BobbinImportThread *out,
           BobbinMessage      *message,
           JsonArray          *parts)
{
  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++)
    {
      JsonNode *node = json_array_get_element (parts, i);
      JsonObject *part = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *pointer = part != NULL ? bobbin_json_get_string (part, "asset_pointer") : NULL;
      const char *type = part != NULL ? bobbin_json_get_string (part, "content_type") : NULL;

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        add_text (message, BOBBIN_BLOCK_TEXT, json_node_get_string (node));
      else if (pointer != NULL)
        add_asset (out, message, pointer, NULL, NULL, g_strcmp0 (type, "image_asset_pointer") == 0);
      else if (part != NULL && bobbin_json_get_string (part, "text") != NULL)
        add_text (message, BOBBIN_BLOCK_TEXT, bobbin_json_get_string (part, "text"));
      else if (part != NULL)
        {
          g_autofree char *data = bobbin_json_to_text (node, FALSE);
          BobbinBlock *block = add_block (message, BOBBIN_BLOCK_UNKNOWN);

          bobbin_block_set_name (block, type);
          bobbin_block_set_data (block, data);
        }
    }
}

static void
add_thoughts (BobbinMessage *message,
              JsonArray     *thoughts)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; thoughts != NULL && i < json_array_get_length (thoughts); i++)
    {
      JsonNode *node = json_array_get_element (thoughts, i);
      const char *words = JSON_NODE_HOLDS_OBJECT (node) ? bobbin_json_get_string (json_node_get_object (node), "content") : NULL;

      if (words != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n\n" : "", words);
    }
  add_text (message, BOBBIN_BLOCK_THINKING, text->str);
}

/* A message to a tool is a call, and one of a tool its result. */
static void
add_tool (BobbinMessage *message,
          JsonObject    *from,
          const char    *recipient,
          const char    *text)
{
  JsonObject *author = bobbin_json_get_object (from, "author");
  guint n = bobbin_message_get_n_blocks (message);
  BobbinBlock *last = n > 0 ? bobbin_message_get_block (message, n - 1) : NULL;
  gboolean is_result = g_str_equal (get_role (from), "tool");
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *quoted = NULL;

  json_node_set_string (node, text);
  quoted = bobbin_json_to_text (node, FALSE);
  if (!is_result || last == NULL || bobbin_block_get_kind (last) != BOBBIN_BLOCK_TOOL_CALL || bobbin_block_get_result (last) != NULL)
    {
      last = add_block (message, BOBBIN_BLOCK_TOOL_CALL);
      bobbin_block_set_name (last, is_result && author != NULL ? bobbin_json_get_string (author, "name") : recipient);
    }
  if (is_result)
    {
      bobbin_block_set_result (last, quoted);
    }
  else
    {
      g_autoptr(JsonNode) arguments = bobbin_json_parse (text, -1, NULL);

      bobbin_block_set_data (last, arguments != NULL && JSON_NODE_HOLDS_OBJECT (arguments) ? text : quoted);
    }
}

static void
add_content (BobbinImportThread *out,
             BobbinMessage      *message,
             JsonObject         *from)
{
  JsonObject *content = bobbin_json_get_object (from, "content");
  const char *type = content != NULL ? bobbin_json_get_string (content, "content_type") : NULL;
  const char *recipient = bobbin_json_get_string (from, "recipient");
  JsonArray *parts = content != NULL ? bobbin_json_get_array (content, "parts") : NULL;
  const char *text = content != NULL ? bobbin_json_get_string (content, "text") : NULL;
  gboolean to_tool = recipient != NULL && !g_str_equal (recipient, "all");

  if (content == NULL)
    return;
  if (text == NULL && parts != NULL && json_array_get_length (parts) == 1 &&
      JSON_NODE_HOLDS_VALUE (json_array_get_element (parts, 0)) &&
      json_node_get_value_type (json_array_get_element (parts, 0)) == G_TYPE_STRING)
    text = json_array_get_string_element (parts, 0);

  if (g_strcmp0 (type, "thoughts") == 0)
    add_thoughts (message, bobbin_json_get_array (content, "thoughts"));
  else if (g_strcmp0 (type, "reasoning_recap") == 0 || g_strcmp0 (type, "model_editable_context") == 0)
    ;
  else if (text != NULL && (to_tool || g_str_equal (get_role (from), "tool")))
    add_tool (message, from, recipient, text);
  else if (g_strcmp0 (type, "code") == 0 && text != NULL)
    {
      BobbinBlock *block = add_block (message, BOBBIN_BLOCK_CODE);

      bobbin_block_set_text (block, text);
      bobbin_block_set_name (block, g_strcmp0 (bobbin_json_get_string (content, "language"), "unknown") == 0
                                      ? NULL : bobbin_json_get_string (content, "language"));
    }
  else if (parts != NULL)
    add_parts (out, message, parts);
  else
    add_text (message, BOBBIN_BLOCK_TEXT, text);
}

/* Files the person gave along; pictures are parts of the content already. */
static void
add_files (BobbinImportThread *out,
           BobbinMessage      *message,
           JsonObject         *from)
{
  JsonObject *metadata = bobbin_json_get_object (from, "metadata");
  JsonArray *files = metadata != NULL ? bobbin_json_get_array (metadata, "attachments") : NULL;

  for (guint i = 0; files != NULL && i < json_array_get_length (files); i++)
    {
      JsonNode *node = json_array_get_element (files, i);
      JsonObject *file = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *type = file != NULL ? bobbin_json_get_string (file, "mimeType") : NULL;

      if (type == NULL && file != NULL)
        type = bobbin_json_get_string (file, "mime_type");
      if (file != NULL && (type == NULL || !g_str_has_prefix (type, "image/")))
        add_asset (out, message, bobbin_json_get_string (file, "id"), bobbin_json_get_string (file, "name"), type, FALSE);
    }
}

/* Walking */

static gint64
make_id (Walk       *walk,
         const char *text,
         gint64      us,
         gint64      after)
{
  gint64 id;

  walk->out->last_id = after;
  id = bobbin_import_thread_make_id (walk->out, text, us);
  while (g_hash_table_contains (walk->taken, &id))
    id++;
  g_hash_table_add (walk->taken, g_memdup2 (&id, sizeof id));

  return id;
}

static BobbinMessage *
start_message (Walk       *walk,
               const Step *step,
               BobbinRole  role,
               const char *salt)
{
  JsonObject *from = get_message (step->node);
  JsonObject *metadata = bobbin_json_get_object (from, "metadata");
  gint64 us = bobbin_import_clamp_us (bobbin_time_get (from, "create_time", 0));
  g_autofree char *seed = g_strconcat (step->node->id, salt, NULL);
  BobbinMessage *message = bobbin_message_new (make_id (walk, seed, us, step->parent_id), role, us);

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  if (role == BOBBIN_ROLE_ASSISTANT && metadata != NULL)
    bobbin_message_set_model (message, bobbin_json_get_string (metadata, "model_slug"));
  bobbin_import_thread_add_message (walk->out, message, step->hidden);

  return message;
}

/* The prompt once more, for another answer to it. */
static BobbinMessage *
repeat_prompt (Walk          *walk,
               const Step    *step,
               BobbinMessage *prompt)
{
  BobbinMessage *again = start_message (walk, step, BOBBIN_ROLE_USER, "/prompt");

  for (guint i = 0; i < bobbin_message_get_n_blocks (prompt); i++)
    {
      BobbinBlock *from = bobbin_message_get_block (prompt, i);
      BobbinBlock *block = add_block (again, bobbin_block_get_kind (from));

      bobbin_block_set_text (block, bobbin_block_get_text (from));
      bobbin_block_set_name (block, bobbin_block_get_name (from));
      bobbin_block_set_data (block, bobbin_block_get_data (from));
    }

  return again;
}

static gint64
group_of (BobbinMessage *message)
{
  gint64 group = bobbin_message_get_version_of (message);

  return group != 0 ? group : bobbin_message_get_id (message);
}

static void
push (Walk          *walk,
      Node          *node,
      BobbinMessage *prompt,
      BobbinMessage *answer,
      gint64         parent_id,
      gint64         hidden)
{
  Step *step = g_new0 (Step, 1);

  step->node = node;
  step->prompt = prompt != NULL ? g_object_ref (prompt) : NULL;
  step->answer = answer != NULL ? g_object_ref (answer) : NULL;
  step->parent_id = parent_id;
  step->hidden = hidden;
  g_queue_push_tail (&walk->steps, step);
}

static gboolean
is_prompt (const Node *node)
{
  JsonObject *message = get_message (node);

  return message != NULL && g_str_equal (get_role (message), "user") && !is_unseen (message);
}

/* Which child is shown when this part of the tree is: the one on the path, else the last. */
static guint
chosen_child (const Node *node)
{
  for (guint i = 0; i < node->children->len; i++)
    if (((Node *) node->children->pdata[i])->shown)
      return i;

  return node->children->len - 1;
}

/* A prompt beside others: each but the chosen one hides itself and what follows. */
static void
branch_prompt (Walk       *walk,
               Node       *node,
               const Step *above,
               gboolean    chosen,
               gint64     *group)
{
  Step step = { node, NULL, NULL, above->parent_id, above->hidden };
  g_autoptr(BobbinMessage) message = NULL;
  gint64 id;

  if (node->visited)
    return;

  node->visited = TRUE;
  message = start_message (walk, &step, BOBBIN_ROLE_USER, NULL);
  add_content (walk->out, message, get_message (node));
  add_files (walk->out, message, get_message (node));
  id = bobbin_message_get_id (message);
  *group = *group != 0 ? *group : id;
  bobbin_message_set_version (message, *group, 1, 1);
  if (!chosen)
    g_array_index (walk->out->hidden, gint64, walk->out->hidden->len - 1) = id;
  push (walk, node, message, NULL, id, chosen ? above->hidden : id);
}

/* An answer made again. The chosen one stands where the prompt is; for each other the prompt is there once more. */
static void
branch_answer (Walk       *walk,
               Node       *node,
               const Step *above,
               gboolean    chosen)
{
  Step step = { node, NULL, NULL, above->parent_id, above->hidden };
  g_autoptr(BobbinMessage) again = NULL;
  gint64 group, id;

  if (chosen || above->prompt == NULL)
    {
      push (walk, node, above->prompt, above->answer, above->parent_id, above->hidden);
      return;
    }

  group = group_of (above->prompt);
  bobbin_message_set_version (above->prompt, group, 1, 1);
  again = repeat_prompt (walk, &step, above->prompt);
  id = bobbin_message_get_id (again);
  bobbin_message_set_version (again, group, 1, 1);
  g_array_index (walk->out->hidden, gint64, walk->out->hidden->len - 1) = id;
  push (walk, node, again, NULL, id, id);
}

static void
walk_children (Walk          *walk,
               Node          *node,
               const Step    *step,
               BobbinMessage *prompt,
               BobbinMessage *answer,
               gint64         parent_id)
{
  Step above = { node, prompt, answer, parent_id, step->hidden };
  gint64 group = 0;

  if (node->children->len == 1)
    push (walk, node->children->pdata[0], prompt, answer, parent_id, step->hidden);
  if (node->children->len < 2)
    return;

  for (guint i = 0; i < node->children->len; i++)
    {
      Node *child = node->children->pdata[i];
      gboolean chosen = i == chosen_child (node);

      if (is_prompt (child))
        branch_prompt (walk, child, &above, chosen, &group);
      else
        branch_answer (walk, child, &above, chosen);
    }
}

static void
visit (Walk *walk,
       Step *step)
{
  Node *node = step->node;
  JsonObject *from = get_message (node);
  gboolean seen = from != NULL && !is_unseen (from);
  g_autoptr(BobbinMessage) message = NULL;
  BobbinMessage *prompt = step->prompt;
  BobbinMessage *answer = step->answer;
  gint64 parent_id = step->parent_id;
  gboolean again = node->visited && is_prompt (node); /* its message was made where the tree branched */

  if (node->visited && !again)
    return;
  node->visited = TRUE;
  if (again || !seen)
    {
      walk_children (walk, node, step, prompt, answer, parent_id);
      return;
    }

  if (is_prompt (node))
    {
      message = start_message (walk, step, BOBBIN_ROLE_USER, NULL);
      prompt = message;
      answer = NULL;
    }
  else if (answer == NULL)
    {
      message = start_message (walk, step, BOBBIN_ROLE_ASSISTANT, NULL);
      answer = message;
    }
  add_content (walk->out, message != NULL ? message : answer, from);
  if (is_prompt (node))
    add_files (walk->out, message, from);
  if (message != NULL)
    parent_id = bobbin_message_get_id (message);
  walk_children (walk, node, step, prompt, answer, parent_id);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b,
             gpointer      messages)
{
  gint64 x = bobbin_message_get_id (((GPtrArray *) messages)->pdata[*(const guint *) a]);
  gint64 y = bobbin_message_get_id (((GPtrArray *) messages)->pdata[*(const guint *) b]);

  return x < y ? -1 : x > y;
}

/* The store takes messages by rising ids. Those in which nothing is left go. */
static void
sort_messages (BobbinImportThread *out)
{
  g_autoptr(GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GPtrArray) messages = g_steal_pointer (&out->messages);
  g_autoptr(GArray) hidden = g_steal_pointer (&out->hidden);

  for (guint i = 0; i < messages->len; i++)
    if (bobbin_message_get_n_blocks (messages->pdata[i]) > 0 || bobbin_message_get_version_of (messages->pdata[i]) != 0)
      g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_ids, messages);

  out->messages = g_ptr_array_new_with_free_func (g_object_unref);
  out->hidden = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < order->len; i++)
    {
      guint at = g_array_index (order, guint, i);

      g_ptr_array_add (out->messages, g_object_ref (messages->pdata[at]));
      g_array_append_val (out->hidden, g_array_index (hidden, gint64, at));
    }
}

static void
walk_all (Walk       *walk,
          JsonObject *mapping)
{
  JsonObjectIter iter;
  const char *id;

  json_object_iter_init_ordered (&iter, mapping);
  while (json_object_iter_next_ordered (&iter, &id, NULL))
    {
      Node *node = g_hash_table_lookup (walk->nodes, id);
      const char *parent = node != NULL ? bobbin_json_get_string (node->object, "parent") : NULL;

      if (node != NULL && (parent == NULL || !g_hash_table_contains (walk->nodes, parent)))
        push (walk, node, NULL, NULL, 0, 0);
    }
  while (!g_queue_is_empty (&walk->steps))
    {
      Step *step = g_queue_pop_tail (&walk->steps);

      visit (walk, step);
      step_free (step);
    }
}

static void
make_thread (BobbinImportThread      *self,
             JsonObject              *object,
             const BobbinImportPlace *place)
{
  gint64 created_us = bobbin_import_clamp_us (bobbin_time_get (object, "create_time", 0));
  const char *id = bobbin_json_get_string (object, "conversation_id");
  const char *title = bobbin_json_get_string (object, "title");
  g_autoptr(BobbinThread) thread = NULL;

  if (id == NULL)
    id = bobbin_json_get_string (object, "id");
  if (id == NULL)
    id = bobbin_json_get_string (object, "current_node");
  thread = bobbin_thread_new (bobbin_import_make_id (id, created_us), place->account_id);
  if (title != NULL && *title != '\0')
    bobbin_thread_set_title (thread, title, BOBBIN_TITLE_SERVER);
  bobbin_thread_set_created_us (thread, created_us);
  bobbin_thread_set_last_used_us (thread, bobbin_import_clamp_us (bobbin_time_get (object, "update_time", created_us)));
  bobbin_thread_set_archived (thread, bobbin_json_get_bool (object, "is_archived", FALSE));
  g_set_object (&self->thread, thread);
}

gboolean
bobbin_import_chatgpt (BobbinImportThread       *self,
                       JsonObject               *object,
                       const BobbinImportPlace  *place,
                       GError                  **error)
{
  JsonObject *mapping = bobbin_json_get_object (object, "mapping");
  Walk walk = { self, NULL, G_QUEUE_INIT, NULL };

  if (json_object_get_size (mapping) > MAX_NODES)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "A conversation has too many messages");
      return FALSE;
    }

  make_thread (self, object, place);
  walk.nodes = read_nodes (mapping);
  walk.taken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  link_nodes (walk.nodes, mapping);
  mark_path (walk.nodes, bobbin_json_get_string (object, "current_node"));
  walk_all (&walk, mapping);
  sort_messages (self);
  g_hash_table_unref (walk.nodes);
  g_hash_table_unref (walk.taken);

  return TRUE;
}
