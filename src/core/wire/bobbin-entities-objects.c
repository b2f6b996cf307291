#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-entities-objects.h"

#include "model/bobbin-block.h"
#include "util/bobbin-json.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-refusal.h"

#include <string.h>

/* Runs */

static gboolean
is_one_of (const char        *word,
           const char *const *words)
{
  for (gsize i = 0; word != NULL && words[i] != NULL; i++)
    if (g_str_equal (word, words[i]))
      return TRUE;

  return FALSE;
}

static BobbinFailure *
make_failure (JsonObject *run,
              const char *status)
{
  static const char *const members[] = { "last_error", "incomplete_details" };
  g_autofree char *words = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (members) && words == NULL; i++)
    {
      JsonNode *node = bobbin_json_get_node (run, members[i]);

      words = node != NULL ? bobbin_refusal_dup_words (node) : NULL;
    }

  return bobbin_failure_new (g_strcmp0 (status, "expired") == 0 ? BOBBIN_ERROR_TIMED_OUT : BOBBIN_ERROR_SERVER,
                             BOBBIN_CERTAINTY_ACCEPTED, words != NULL ? words : "The run failed and the server does not say why");
}

BobbinEntitiesOutcome
bobbin_entities_run_outcome (JsonObject     *run,
                             BobbinFailure **ret_failure)
{
  static const char *const actions[] = { "action_required", "requires_action", "pending_action", NULL };
  static const char *const failures[] = { "failed", "expired", "incomplete", NULL };
  const char *status = bobbin_json_get_string (run, "status");
  gint64 completed_us = bobbin_time_get (run, "completed_at", 0);
  gint64 failed_us = bobbin_time_get (run, "failed_at", 0);

  *ret_failure = NULL;
  if (bobbin_time_get (run, "cancelled_at", 0) != 0 || g_strcmp0 (status, "cancelled") == 0)
    return BOBBIN_ENTITIES_CANCELLED;
  if (failed_us != 0 && (completed_us == 0 || completed_us < failed_us))
    {
      *ret_failure = make_failure (run, status);
      return BOBBIN_ENTITIES_FAILED;
    }
  if (g_strcmp0 (status, "completed") == 0)
    return completed_us != 0 ? BOBBIN_ENTITIES_DONE : BOBBIN_ENTITIES_UNSURE;
  if (is_one_of (status, actions))
    return BOBBIN_ENTITIES_ACTION;
  if (is_one_of (status, failures))
    {
      *ret_failure = make_failure (run, status);
      return BOBBIN_ENTITIES_FAILED;
    }

  return completed_us != 0 ? BOBBIN_ENTITIES_UNANSWERED : BOBBIN_ENTITIES_ACTIVE;
}

BobbinFailure *
bobbin_entities_read_refusal (guint       status,
                              gint64      retry_after_ms,
                              const char *body,
                              gsize       length)
{
  BobbinFailure *failure = bobbin_refusal_to_failure (status, retry_after_ms, body, length);

  /* Section 9: the shipped proxy answers 503 to too many requests, in HTML, and does not say how long to wait. */
  if (status == 429 || status == 503)
    {
      failure->code = BOBBIN_ERROR_RATE_LIMITED;
      failure->certainty = BOBBIN_CERTAINTY_REFUSED;
      if (failure->retry_after_ms < 0)
        failure->retry_after_ms = 2000;
    }

  return failure;
}

JsonObject *
bobbin_entities_dup_metadata (JsonObject *object)
{
  static const char *const members[] = { "meta_data", "metadata" };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonObject *found = bobbin_json_get_object (object, members[i]);
      const char *text = bobbin_json_get_string (object, members[i]);

      if (found != NULL)
        return json_object_ref (found);
      if (text != NULL)
        return bobbin_json_parse_object (text, -1, NULL);
    }

  return NULL;
}

const char *
bobbin_entities_get_title (JsonObject *metadata)
{
  static const char *const members[] = { "title", "topic", "name" };

  for (gsize i = 0; metadata != NULL && i < G_N_ELEMENTS (members); i++)
    {
      const char *title = bobbin_json_get_string (metadata, members[i]);

      if (title != NULL && *title != '\0')
        return title;
    }

  return NULL;
}

JsonArray *
bobbin_entities_get_list (JsonNode *root)
{
  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    {
      JsonArray *list = bobbin_json_get_array (json_node_get_object (root), "data");

      return list != NULL ? list : bobbin_json_get_array (json_node_get_object (root), "thread_ids");
    }

  return NULL;
}

/* Stored messages */

static BobbinBlock *
add_block (BobbinMessage  *message,
           BobbinBlockKind kind)
{
  BobbinBlock *block = bobbin_block_new (0, kind);

  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  g_object_unref (block); /* the message has it */

  return block;
}

static void
add_text (BobbinMessage  *message,
          BobbinBlockKind kind,
          const char     *text,
          gsize           length)
{
  g_autofree char *copy = g_strstrip (g_strndup (text, length));

  if (*copy != '\0')
    bobbin_block_set_text (add_block (message, kind), copy);
}

static void
add_call (BobbinMessage *message,
          JsonObject    *call)
{
  JsonObject *function = bobbin_json_get_object (call, "function");
  JsonObject *from = function != NULL ? function : call;
  JsonNode *arguments = bobbin_json_get_node (from, "arguments");
  BobbinBlock *block;
  g_autofree char *id = bobbin_json_dup_text (call, "id");
  g_autofree char *text = NULL;

  if (bobbin_json_get_string (from, "name") == NULL)
    return;
  if (arguments != NULL)
    text = JSON_NODE_HOLDS_VALUE (arguments) ? bobbin_json_dup_text (from, "arguments") : bobbin_json_to_text (arguments, FALSE);
  block = add_block (message, BOBBIN_BLOCK_TOOL_CALL);
  bobbin_block_set_name (block, bobbin_json_get_string (from, "name"));
  bobbin_block_set_call_id (block, id);
  bobbin_block_set_data (block, text);
}

/* Section 11, 1: a list of calls is stored as the text. */
static gboolean
add_call_list (BobbinMessage *message,
               const char    *text)
{
  g_autoptr(JsonNode) root = *text == '[' ? bobbin_json_parse (text, -1, NULL) : NULL;
  JsonArray *list = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  if (list == NULL || json_array_get_length (list) == 0)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_OBJECT (node) || bobbin_json_get_object (json_node_get_object (node), "function") == NULL)
        return FALSE;
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    add_call (message, json_array_get_object_element (list, i));

  return TRUE;
}

static void
add_tagged (BobbinMessage *message,
            const char    *tag,
            const char    *inside,
            gsize          length)
{
  g_autofree char *text = g_strndup (inside, length);
  g_autoptr(JsonObject) call = NULL;

  if (g_str_equal (tag, "think") || g_str_equal (tag, "plan") || g_str_equal (tag, "decision"))
    {
      add_text (message, BOBBIN_BLOCK_THINKING, text, strlen (text));
      return;
    }
  call = bobbin_json_parse_object (g_strstrip (text), -1, NULL);
  if (call != NULL)
    add_call (message, call);
}

/* Section 11, 2: the first tag at or behind @text; an unclosed one runs to the end. */
static const char *
find_tag (const char  *text,
          const char **ret_tag)
{
  static const char *const tags[] = { "think", "plan", "decision", "fc", "tool_call", "tool_code" };
  const char *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autofree char *open = g_strdup_printf ("<%s>", tags[i]);
      const char *found = strstr (text, open);

      if (found != NULL && (first == NULL || found < first))
        {
          first = found;
          *ret_tag = tags[i];
        }
    }

  return first;
}

static void
add_stored (BobbinMessage *message,
            const char    *text)
{
  const char *tag = NULL;
  const char *found;

  if (add_call_list (message, text))
    return;

  /* Each step looks at the rest of the text: tags are few. */
  for (guint i = 0; i < 1000 && (found = find_tag (text, &tag)) != NULL; i++)
    {
      g_autofree char *close = g_strdup_printf ("</%s>", tag);
      const char *inside = found + strlen (tag) + 2;
      const char *end = strstr (inside, close);

      add_text (message, BOBBIN_BLOCK_TEXT, text, (gsize) (found - text));
      add_tagged (message, tag, inside, end != NULL ? (gsize) (end - inside) : strlen (inside));
      text = end != NULL ? end + strlen (close) : inside + strlen (inside);
    }
  add_text (message, BOBBIN_BLOCK_TEXT, text, strlen (text));
}

/* A string; or parts, of which the texts are joined. */
static char *
dup_content (JsonObject *object)
{
  JsonNode *content = bobbin_json_get_node (object, "content");
  GString *text = g_string_new (NULL);

  if (content != NULL && JSON_NODE_HOLDS_VALUE (content) && json_node_get_value_type (content) == G_TYPE_STRING)
    g_string_assign (text, json_node_get_string (content));
  for (guint i = 0; content != NULL && JSON_NODE_HOLDS_ARRAY (content) && i < json_array_get_length (json_node_get_array (content)); i++)
    {
      JsonNode *node = json_array_get_element (json_node_get_array (content), i);
      const char *part = JSON_NODE_HOLDS_OBJECT (node) ? bobbin_json_get_string (json_node_get_object (node), "text") : NULL;

      if (part != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", part);
    }

  return g_string_free (text, FALSE);
}

static void
add_attachments (BobbinMessage *message,
                 JsonObject    *object)
{
  JsonArray *list = bobbin_json_get_array (object, "attachments");

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *file = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *id = file != NULL ? bobbin_json_get_string (file, "file_id") : NULL;
      g_autoptr(JsonObject) data = NULL;
      g_autofree char *text = NULL;

      if (id == NULL)
        continue;
      data = json_object_new ();
      json_object_set_string_member (data, "file_id", id);
      text = bobbin_json_object_to_text (data, FALSE);
      bobbin_block_set_data (add_block (message, g_strcmp0 (bobbin_json_get_string (file, "type"), "image") == 0
                                                 ? BOBBIN_BLOCK_IMAGE : BOBBIN_BLOCK_FILE), text);
    }
}

/* The result of the call it names, else of the last one that has none. */
static void
take_tool_row (BobbinMessage *answer,
               JsonObject    *object)
{
  g_autofree char *call_id = bobbin_json_dup_text (object, "tool_call_id");
  g_autofree char *text = dup_content (object);
  BobbinBlock *found = NULL;

  for (guint i = bobbin_message_get_n_blocks (answer); i-- > 0;)
    {
      BobbinBlock *block = bobbin_message_get_block (answer, i);

      if (bobbin_block_get_kind (block) != BOBBIN_BLOCK_TOOL_CALL || bobbin_block_get_result (block) != NULL)
        continue;
      if (call_id != NULL && g_strcmp0 (bobbin_block_get_call_id (block), call_id) == 0)
        {
          found = block;
          break;
        }
      if (bobbin_block_get_call_id (block) == NULL || call_id == NULL)
        found = block;
    }
  if (found == NULL)
    {
      found = add_block (answer, BOBBIN_BLOCK_TOOL_CALL);
      bobbin_block_set_call_id (found, call_id);
    }
  bobbin_block_set_result (found, text);
}

static BobbinMessage *
begin_message (JsonObject *object,
               BobbinRole  role)
{
  BobbinMessage *message = bobbin_message_new (0, role, bobbin_time_get (object, "created_at", 0));

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  if (role == BOBBIN_ROLE_ASSISTANT)
    {
      bobbin_message_set_agent_id (message, bobbin_json_get_string (object, "assistant_id"));
      bobbin_message_set_finished_us (message, bobbin_time_get (object, "completed_at", 0));
    }

  return message;
}

GPtrArray *
bobbin_entities_messages_from_list (JsonArray *list)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  BobbinMessage *answer = NULL; /* borrowed: the open one */

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *id = object != NULL ? bobbin_json_dup_text (object, "id") : NULL;
      const char *told = object != NULL ? bobbin_json_get_string (object, "role") : NULL;
      g_autofree char *role = told != NULL ? g_ascii_strdown (told, -1) : NULL;
      gboolean is_user = g_strcmp0 (role, "user") == 0;
      g_autofree char *text = NULL;

      if (id == NULL || *id == '\0' || (!is_user && g_strcmp0 (role, "assistant") != 0 && g_strcmp0 (role, "tool") != 0) ||
          !g_hash_table_add (seen, g_strdup (id)))
        continue;
      if (is_user || answer == NULL)
        {
          BobbinMessage *message = begin_message (object, is_user ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT);

          g_ptr_array_add (messages, message);
          answer = is_user ? NULL : message;
        }
      if (g_strcmp0 (role, "tool") == 0)
        {
          take_tool_row (answer, object);
        }
      else
        {
          text = dup_content (object);
          if (is_user)
            add_text (messages->pdata[messages->len - 1], BOBBIN_BLOCK_TEXT, text, strlen (text));
          else
            add_stored (answer, text);
          add_attachments (messages->pdata[messages->len - 1], object);
        }
      bobbin_message_add_server_id (messages->pdata[messages->len - 1], id);
    }
  /* Nothing is left of an answer that was only an empty thought. */
  for (guint i = messages->len; i-- > 0;)
    if (bobbin_message_get_n_blocks (messages->pdata[i]) == 0)
      g_ptr_array_remove_index (messages, i);

  return messages;
}
