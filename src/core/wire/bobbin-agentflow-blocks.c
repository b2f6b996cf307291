#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-agentflow-blocks.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <string.h>

#define MEDIA_SCHEME "agentflow://media/"
#define FILES_PATH "/v1/files/"

typedef struct
{
  GPtrArray *events;
  GPtrArray *sources;  /* of char *: JSON objects */
  gboolean   decode;
} Reader;

static BobbinEvent *
add (Reader          *reader,
     BobbinBlockKind  kind)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_BLOCK);

  event->kind = kind;
  event->phase = BOBBIN_PHASE_COMPLETE;
  g_ptr_array_add (reader->events, event);

  return event;
}

static void
add_text (Reader          *reader,
          BobbinBlockKind  kind,
          const char      *text)
{
  BobbinEvent *event;

  if (text == NULL || *text == '\0')
    return;
  event = add (reader, kind);
  event->text = g_strdup (text);
  event->text_length = strlen (text);
}

static void
add_raw (Reader     *reader,
         JsonNode   *node,
         const char *type)
{
  BobbinEvent *event = add (reader, BOBBIN_BLOCK_UNKNOWN);

  event->name = g_strdup (type != NULL ? type : "block");
  event->data = bobbin_json_to_text (node, FALSE);
}

/* Sources */

static void
append_member (GString    *out,
               const char *name,
               const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append (out, out->len > 1 ? "," : "");
  bobbin_json_append_string (out, name);
  g_string_append_c (out, ':');
  bobbin_json_append_string (out, value);
}

static void
add_source (Reader     *reader,
            JsonObject *ref)
{
  const char *url = bobbin_json_get_string (ref, "url");
  const char *title = bobbin_json_get_string (ref, "title");
  gint64 page = bobbin_json_get_int (ref, "page", -1);
  gboolean link = url != NULL && (g_ascii_strncasecmp (url, "http://", 7) == 0 || g_ascii_strncasecmp (url, "https://", 8) == 0) &&
                  strpbrk (url, " <>\n\r\t") == NULL;
  g_autofree char *file_id = bobbin_agentflow_dup_id (ref, "file_id");
  g_autofree char *words = bobbin_text_clean_name (title != NULL && *title != '\0' ? title : url != NULL && !link ? url : "");
  g_autoptr(GString) source = g_string_new ("{");

  append_member (source, "title", words);
  if (link)
    append_member (source, "url", url);
  append_member (source, "file_id", file_id);
  if (source->len == 1)
    return;
  if (page >= 0)
    g_string_append_printf (source, ",\"page\":%" G_GINT64_FORMAT, page);
  g_string_append_c (source, '}');
  if (!g_ptr_array_find_with_equal_func (reader->sources, source->str, g_str_equal, NULL))
    g_ptr_array_add (reader->sources, g_string_free (g_steal_pointer (&source), FALSE));
}

static void
add_refs (Reader    *reader,
          JsonArray *refs)
{
  for (guint i = 0; refs != NULL && i < json_array_get_length (refs); i++)
    {
      JsonNode *node = json_array_get_element (refs, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_source (reader, json_node_get_object (node));
    }
}

static void
end_sources (Reader *reader)
{
  g_autofree char *list = NULL;

  if (reader->sources->len == 0)
    return;

  g_ptr_array_add (reader->sources, NULL);
  list = g_strjoinv (",", (GStrv) reader->sources->pdata);
  add (reader, BOBBIN_BLOCK_SOURCES)->data = g_strdup_printf ("{\"sources\":[%s]}", list);
}

/* Media */

static GBytes *
decode_base64 (const char *text)
{
  gsize length;
  guchar *bytes = g_base64_decode (text, &length);

  if (length == 0)
    {
      g_free (bytes);
      return NULL;
    }

  return g_bytes_new_take (bytes, length);
}

/* Section 10: data_base64; else file_id or agentflow://media/<id>; else an address. */
static gboolean
append_place (GString    *out,
              JsonObject *media)
{
  const char *base64 = bobbin_json_get_string (media, "data_base64");
  const char *url = bobbin_json_get_string (media, "url");
  g_autofree char *file_id = bobbin_agentflow_dup_id (media, "file_id");

  if (base64 != NULL && *base64 != '\0')
    append_member (out, "data_base64", base64);
  else if (file_id != NULL)
    append_member (out, "file_id", file_id);
  else if (url == NULL || *url == '\0')
    return FALSE;
  else if (g_str_has_prefix (url, MEDIA_SCHEME) && url[strlen (MEDIA_SCHEME)] != '\0')
    append_member (out, "file_id", url + strlen (MEDIA_SCHEME));
  else if (g_str_has_prefix (url, FILES_PATH) && strchr (url + strlen (FILES_PATH), '/') == NULL)
    append_member (out, "file_id", url + strlen (FILES_PATH));
  else if (*url == '/' && url[1] != '/')
    append_member (out, "path", url);
  else if (g_ascii_strncasecmp (url, "http://", 7) == 0 || g_ascii_strncasecmp (url, "https://", 8) == 0)
    append_member (out, "url", url);
  else
    return FALSE;

  return TRUE;
}

static gboolean
add_media (Reader     *reader,
           JsonObject *media,
           const char *type)
{
  g_autoptr(GString) data = g_string_new ("{");
  const char *content_type = bobbin_json_get_string (media, "mime_type");
  const char *name = bobbin_json_get_string (media, "filename");
  const char *base64 = bobbin_json_get_string (media, "data_base64");
  gint64 size = bobbin_json_get_int (media, "size_bytes", -1);
  gboolean is_image = g_str_equal (type, "image") || (content_type != NULL && g_str_has_prefix (content_type, "image/"));
  g_autoptr(GBytes) bytes = NULL;
  BobbinEvent *event;

  if (!append_place (data, media))
    return FALSE;
  if (reader->decode && base64 != NULL && *base64 != '\0')
    {
      bytes = decode_base64 (base64);
      if (bytes == NULL)
        return FALSE;
    }

  event = add (reader, is_image ? BOBBIN_BLOCK_IMAGE : BOBBIN_BLOCK_FILE);
  event->name = name != NULL ? bobbin_text_clean_name (name) : NULL;
  event->content_type = g_strdup (content_type);
  if (bytes != NULL)
    {
      event->bytes = g_steal_pointer (&bytes);
      return TRUE;
    }

  append_member (data, "name", event->name);
  append_member (data, "content_type", content_type);
  if (size >= 0)
    g_string_append_printf (data, ",\"size\":%" G_GINT64_FORMAT, size);
  g_string_append_c (data, '}');
  event->data = g_string_free (g_steal_pointer (&data), FALSE);

  return TRUE;
}

/* Blocks, one function a type */

static gboolean
read_text (Reader     *reader,
           JsonObject *block)
{
  add_text (reader, BOBBIN_BLOCK_TEXT, bobbin_json_get_string (block, "text"));
  add_refs (reader, bobbin_json_get_array (block, "annotations"));

  return TRUE;
}

static gboolean
read_media (Reader     *reader,
            JsonObject *block)
{
  JsonObject *media = bobbin_json_get_object (block, "media");
  const char *type = bobbin_json_get_string (block, "type");
  const char *words = bobbin_json_get_string (block, g_str_equal (type, "audio") ? "transcript" : "text");

  if (media == NULL || !add_media (reader, media, type))
    {
      if (words == NULL || *words == '\0')
        return FALSE;
      add_text (reader, BOBBIN_BLOCK_TEXT, words);
      return TRUE;
    }
  if (g_str_equal (type, "audio"))
    add_text (reader, BOBBIN_BLOCK_TEXT, words);

  return TRUE;
}

static gboolean
read_data (Reader     *reader,
           JsonObject *block)
{
  JsonObject *media = bobbin_json_get_object (block, "media");

  /* The block has the members of a media reference itself, or one inside. */
  return add_media (reader, media != NULL && bobbin_json_get_string (block, "data_base64") == NULL ? media : block, "data");
}

static gboolean
read_tool_call (Reader     *reader,
                JsonObject *block)
{
  g_autofree char *id = bobbin_agentflow_dup_id (block, "id");
  JsonNode *args = bobbin_json_get_node (block, "args");
  BobbinEvent *event = add (reader, BOBBIN_BLOCK_TOOL_CALL);

  event->phase = BOBBIN_PHASE_START;
  event->name = g_strdup (bobbin_json_get_string (block, "name"));
  event->data = args != NULL ? bobbin_json_to_text (args, FALSE) : NULL;
  if (id != NULL)
    {
      event->key = g_strconcat ("call:", id, NULL);
      event->call_id = g_steal_pointer (&id);
    }

  return TRUE;
}

/* Section 9: "asked for a client tool"; nothing is ever executed. */
static gboolean
read_remote_call (Reader     *reader,
                  JsonObject *block)
{
  g_autoptr(GString) data = g_string_new ("{");
  BobbinEvent *notice;

  read_tool_call (reader, block);
  append_member (data, "name", bobbin_json_get_string (block, "name"));
  g_string_append_c (data, '}');
  notice = add (reader, BOBBIN_BLOCK_NOTICE);
  notice->name = g_strdup (BOBBIN_NOTICE_CLIENT_TOOL);
  notice->data = g_string_free (g_steal_pointer (&data), FALSE);

  return TRUE;
}

static gboolean
read_tool_result (Reader     *reader,
                  JsonObject *block)
{
  BobbinEvent *event = add (reader, BOBBIN_BLOCK_TOOL_CALL);

  event->is_result = TRUE;
  event->call_id = bobbin_agentflow_dup_id (block, "call_id");
  event->result = bobbin_agentflow_dup_output (bobbin_json_get_node (block, "output"));
  event->is_error = bobbin_json_get_bool (block, "is_error", FALSE) ||
                    g_strcmp0 (bobbin_json_get_string (block, "status"), "failed") == 0;

  return TRUE;
}

static gboolean
read_reasoning (Reader     *reader,
                JsonObject *block)
{
  const char *summary = bobbin_json_get_string (block, "summary");
  JsonArray *details = bobbin_json_get_array (block, "details");
  g_autoptr(GString) text = g_string_new (summary);

  for (guint i = 0; details != NULL && i < json_array_get_length (details); i++)
    {
      JsonNode *node = json_array_get_element (details, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n\n" : "", json_node_get_string (node));
    }
  add_text (reader, BOBBIN_BLOCK_THINKING, text->str);

  return TRUE;
}

static gboolean
read_annotation (Reader     *reader,
                 JsonObject *block)
{
  guint before = reader->sources->len;

  add_refs (reader, bobbin_json_get_array (block, "refs"));

  return reader->sources->len > before;
}

static gboolean
read_error (Reader     *reader,
            JsonObject *block)
{
  const char *message = bobbin_json_get_string (block, "message");
  BobbinEvent *last = reader->events->len > 0 ? g_ptr_array_index (reader->events, reader->events->len - 1) : NULL;

  /* Section 6: behind the result of a failed tool it says the same once more. */
  if (last != NULL && last->is_result && last->is_error)
    return TRUE;
  if (message == NULL || *message == '\0')
    return FALSE;
  add_text (reader, BOBBIN_BLOCK_TEXT, message);

  return TRUE;
}

static const struct
{
  const char *type;
  gboolean  (*read) (Reader *reader, JsonObject *block); /* FALSE: shown raw */
} readers[] = {
  { "text", read_text },
  { "image", read_media },
  { "audio", read_media },
  { "video", read_media },
  { "document", read_media },
  { "data", read_data },
  { "tool_call", read_tool_call },
  { "remote_tool_call", read_remote_call },
  { "tool_result", read_tool_result },
  { "reasoning", read_reasoning },
  { "annotation", read_annotation },
  { "error", read_error },
};

static void
read_block (Reader   *reader,
            JsonNode *node)
{
  JsonObject *block = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *type = block != NULL ? bobbin_json_get_string (block, "type") : NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      add_text (reader, BOBBIN_BLOCK_TEXT, json_node_get_string (node));
      return;
    }
  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (readers); i++)
    if (g_str_equal (type, readers[i].type))
      {
        if (!readers[i].read (reader, block))
          add_raw (reader, node, type);
        return;
      }
  add_raw (reader, node, type);
}

/* Calls that are told only in the older place, chat-completions shape. */
static void
read_old_calls (Reader    *reader,
                JsonArray *calls)
{
  for (guint i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    {
      JsonNode *node = json_array_get_element (calls, i);
      JsonObject *call = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *function = call != NULL ? bobbin_json_get_object (call, "function") : NULL;
      g_autofree char *id = call != NULL ? bobbin_agentflow_dup_id (call, "id") : NULL;
      gboolean known = function == NULL;
      BobbinEvent *event;

      for (guint j = 0; j < reader->events->len; j++)
        {
          BobbinEvent *other = reader->events->pdata[j];

          known |= other->kind == BOBBIN_BLOCK_TOOL_CALL && g_strcmp0 (other->call_id, id) == 0;
        }
      if (known)
        continue;

      event = add (reader, BOBBIN_BLOCK_TOOL_CALL);
      event->phase = BOBBIN_PHASE_START;
      event->name = g_strdup (bobbin_json_get_string (function, "name"));
      event->data = g_strdup (bobbin_json_get_string (function, "arguments"));
      event->key = id != NULL ? g_strconcat ("call:", id, NULL) : NULL;
      event->call_id = g_steal_pointer (&id);
    }
}

/* Thinking comes before what came of it, wherever the server puts it (section 6). */
static void
sort_thinking (Reader     *reader,
               JsonObject *message)
{
  const char *reasoning = bobbin_json_get_string (message, "reasoning");
  guint n_thinking = 0;

  for (guint i = 0; i < reader->events->len; i++)
    {
      BobbinEvent *event = reader->events->pdata[i];

      if (event->kind != BOBBIN_BLOCK_THINKING)
        continue;
      for (guint j = i; j > n_thinking; j--)
        reader->events->pdata[j] = reader->events->pdata[j - 1];
      reader->events->pdata[n_thinking++] = event;
    }
  if (n_thinking == 0 && reasoning != NULL && *reasoning != '\0')
    {
      BobbinEvent *event;

      add_text (reader, BOBBIN_BLOCK_THINKING, reasoning);
      event = reader->events->pdata[reader->events->len - 1];
      for (guint j = reader->events->len - 1; j > 0; j--)
        reader->events->pdata[j] = reader->events->pdata[j - 1];
      reader->events->pdata[0] = event;
    }
}

GPtrArray *
bobbin_agentflow_read_blocks (JsonObject *message,
                              gboolean    decode)
{
  g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func (g_free);
  Reader reader = { g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_event_free), sources, decode };
  JsonNode *content = bobbin_json_get_node (message, "content");

  if (content != NULL && JSON_NODE_HOLDS_ARRAY (content))
    {
      JsonArray *blocks = json_node_get_array (content);

      for (guint i = 0; i < json_array_get_length (blocks); i++)
        read_block (&reader, json_array_get_element (blocks, i));
    }
  else if (content != NULL)
    {
      read_block (&reader, content);
    }
  read_old_calls (&reader, bobbin_json_get_array (message, "tools_calls"));
  sort_thinking (&reader, message);
  end_sources (&reader);

  return reader.events;
}

char *
bobbin_agentflow_dup_output (JsonNode *output)
{
  if (output == NULL)
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (output) && json_node_get_value_type (output) == G_TYPE_STRING)
    return json_node_dup_string (output);
  if (JSON_NODE_HOLDS_ARRAY (output))
    {
      JsonArray *array = json_node_get_array (output);

      /* Section 3: the output of a tool that returned an object is a one-element array holding it. */
      if (json_array_get_length (array) == 1 && JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, 0)))
        return bobbin_json_to_text (json_array_get_element (array, 0), FALSE);
    }

  return bobbin_json_to_text (output, FALSE);
}

char *
bobbin_agentflow_dup_id (JsonObject *object,
                         const char *member)
{
  g_autofree char *id = bobbin_json_dup_text (object, member);

  if (id == NULL || *id == '\0')
    return NULL;

  return g_steal_pointer (&id);
}

void
bobbin_agentflow_read_usage (JsonObject  *message,
                             BobbinUsage *usage)
{
  JsonObject *usages = bobbin_json_get_object (message, "usages");

  if (usages == NULL)
    return;

  usage->input_tokens = bobbin_json_get_int (usages, "prompt_tokens", -1);
  usage->output_tokens = bobbin_json_get_int (usages, "completion_tokens", -1);
  usage->total_tokens = bobbin_json_get_int (usages, "total_tokens", -1);
}

const char *
bobbin_agentflow_get_model (JsonObject *message)
{
  JsonObject *metadata = bobbin_json_get_object (message, "metadata");
  const char *model = metadata != NULL ? bobbin_json_get_string (metadata, "model") : NULL;

  return model != NULL && *model != '\0' && !g_str_equal (model, "none") ? model : NULL;
}
