#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-encoder.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <string.h>

/* assistants.md, section 3; characters. */
#define MAX_PAIRS 16
#define MAX_KEY 64
#define MAX_VALUE 512

static void
set_text (JsonObject *object,
          const char *member,
          const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  json_object_set_string_member (object, member, valid);
}

static JsonObject *
make_title (const char *title)
{
  JsonObject *metadata = json_object_new ();
  g_autofree char *cut = bobbin_text_truncate (title, MAX_VALUE);

  set_text (metadata, "title", cut);

  return metadata;
}

char *
bobbin_assistants_encode_thread (const char *title,
                                 JsonArray  *messages)
{
  g_autoptr(JsonObject) body = json_object_new ();

  if (messages != NULL && json_array_get_length (messages) > 0)
    json_object_set_array_member (body, "messages", json_array_ref (messages));
  if (title != NULL && *title != '\0')
    json_object_set_object_member (body, "metadata", make_title (title));

  return bobbin_json_object_to_text (body, FALSE);
}

/* assistants.md, section 4.3: a text part of a request holds a plain string. */
static void
add_text_part (JsonArray  *parts,
               const char *text)
{
  JsonObject *part = json_object_new ();

  json_object_set_string_member (part, "type", "text");
  set_text (part, "text", text);
  json_array_add_object_element (parts, part);
}

static void
add_image_part (JsonArray  *parts,
                const char *file_id)
{
  JsonObject *part = json_object_new ();
  JsonObject *file = json_object_new ();

  json_object_set_string_member (part, "type", "image_file");
  json_object_set_string_member (file, "file_id", file_id);
  json_object_set_string_member (file, "detail", "auto");
  json_object_set_object_member (part, "image_file", file);
  json_array_add_object_element (parts, part);
}

static void
add_tool (JsonArray  *tools,
          const char *type)
{
  JsonObject *tool = json_object_new ();

  json_object_set_string_member (tool, "type", type);
  json_array_add_object_element (tools, tool);
}

static void
add_attachment (JsonArray                  *attachments,
                const BobbinAssistantsFile *file)
{
  JsonObject *attachment = json_object_new ();
  JsonArray *tools = json_array_new ();

  json_object_set_string_member (attachment, "file_id", file->file_id);
  if (file->search)
    add_tool (tools, "file_search");
  if (file->code)
    add_tool (tools, "code_interpreter");
  json_object_set_array_member (attachment, "tools", tools);
  json_array_add_object_element (attachments, attachment);
}

JsonObject *
bobbin_assistants_make_message (const char                 *role,
                                const char                 *text,
                                const BobbinAssistantsFile *files,
                                guint                       n_files)
{
  JsonObject *body = json_object_new ();
  g_autoptr(JsonArray) parts = json_array_new ();
  g_autoptr(JsonArray) attachments = json_array_new ();

  json_object_set_string_member (body, "role", role);
  if (*text != '\0')
    add_text_part (parts, text);
  for (guint i = 0; i < n_files; i++)
    if (files[i].is_image)
      add_image_part (parts, files[i].file_id);
    else
      add_attachment (attachments, &files[i]);
  if (json_array_get_length (parts) == 0 || (json_array_get_length (parts) == 1 && *text != '\0'))
    set_text (body, "content", text);
  else
    json_object_set_array_member (body, "content", g_steal_pointer (&parts));
  if (json_array_get_length (attachments) > 0)
    json_object_set_array_member (body, "attachments", g_steal_pointer (&attachments));

  return body;
}

char *
bobbin_assistants_encode_run (const char *assistant_id,
                              gboolean    stream,
                              JsonObject *options)
{
  static const char *const known[] = {
    "model", "instructions", "additional_instructions", "temperature", "top_p", "max_prompt_tokens",
    "max_completion_tokens", "tool_choice", "reasoning_effort",
  };
  g_autoptr(JsonObject) body = json_object_new ();

  json_object_set_string_member (body, "assistant_id", assistant_id);
  for (gsize i = 0; options != NULL && i < G_N_ELEMENTS (known); i++)
    {
      JsonNode *node = bobbin_json_get_node (options, known[i]);

      /* An empty field of the form is not set. */
      if (node != NULL && g_strcmp0 (bobbin_json_get_string (options, known[i]), "") != 0)
        json_object_set_member (body, known[i], json_node_copy (node));
    }
  if (stream)
    json_object_set_boolean_member (body, "stream", TRUE);

  return bobbin_json_object_to_text (body, FALSE);
}

char *
bobbin_assistants_encode_outputs (GPtrArray *call_ids,
                                  GPtrArray *outputs,
                                  gboolean   stream)
{
  g_autoptr(JsonObject) body = json_object_new ();
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < call_ids->len; i++)
    {
      JsonObject *output = json_object_new ();

      set_text (output, "tool_call_id", call_ids->pdata[i]);
      set_text (output, "output", outputs->pdata[i]);
      json_array_add_object_element (list, output);
    }
  json_object_set_array_member (body, "tool_outputs", list);
  if (stream)
    json_object_set_boolean_member (body, "stream", TRUE);

  return bobbin_json_object_to_text (body, FALSE);
}

/* Metadata */

static char *
stringify (JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);

  return bobbin_json_to_text (node, FALSE);
}

static gboolean
add_pair (JsonObject *out,
          const char *key,
          JsonNode   *node,
          GError    **error)
{
  g_autofree char *value = NULL;

  /* null is how a form takes a value away. */
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  value = stringify (node);
  if (g_utf8_strlen (key, -1) > MAX_KEY)
    {
      g_autofree char *cut = bobbin_text_truncate (key, 40);

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The name “%s” is longer than %d characters", cut, MAX_KEY);
      return FALSE;
    }
  if (g_utf8_strlen (value, -1) > MAX_VALUE)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The value of “%s” is longer than %d characters", key, MAX_VALUE);
      return FALSE;
    }
  json_object_set_string_member (out, key, value);

  return TRUE;
}

static char *
encode (JsonObject *metadata,
        GError    **error)
{
  g_autoptr(JsonObject) body = json_object_new ();
  JsonObject *out = json_object_new ();
  g_autoptr(GList) keys = metadata != NULL ? json_object_get_members (metadata) : NULL;

  json_object_set_object_member (body, "metadata", out);
  for (GList *key = keys; key != NULL; key = key->next)
    if (!add_pair (out, key->data, json_object_get_member (metadata, key->data), error))
      return NULL;
  if (json_object_get_size (out) > MAX_PAIRS)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The server keeps at most %d values", MAX_PAIRS);
      return NULL;
    }

  return bobbin_json_object_to_text (body, FALSE);
}

char *
bobbin_assistants_encode_metadata (const char *metadata,
                                   GError    **error)
{
  g_autoptr(JsonObject) object = bobbin_json_parse_object (metadata, -1, NULL);

  if (object == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "This is no JSON object");
      return NULL;
    }

  return encode (object, error);
}

char *
bobbin_assistants_encode_title (JsonObject *metadata,
                                const char *title,
                                GError    **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GList) keys = metadata != NULL ? json_object_get_members (metadata) : NULL;
  g_autofree char *cut = bobbin_text_truncate (title, MAX_VALUE);

  for (GList *key = keys; key != NULL; key = key->next)
    json_object_set_member (object, key->data, json_node_copy (json_object_get_member (metadata, key->data)));
  set_text (object, "title", cut);

  return encode (object, error);
}

const char *
bobbin_assistants_get_metadata_schema (void)
{
  return "{\"type\":\"object\",\"maxProperties\":16,\"propertyNames\":{\"maxLength\":64},"
         "\"additionalProperties\":{\"type\":\"string\",\"maxLength\":512}}";
}
