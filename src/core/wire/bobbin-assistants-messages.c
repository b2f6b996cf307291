/* The messages of a turn: parts that grow by deltas, and whole messages that put right what the deltas made (assistants.md,
 * sections 4.3, 5.2 and 5.3). */
#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-decoder-private.h"

#include "util/bobbin-json.h"

#include <string.h>

typedef BobbinAssistantsDecoder Decoder;
typedef BobbinAssistantsMessage Message;
typedef BobbinAssistantsPart Part;

static void
part_free (gpointer data)
{
  Part *part = data;

  if (part == NULL)
    return;
  g_free (part->key);
  g_string_free (part->raw, TRUE);
  g_ptr_array_unref (part->notes);
  g_free (part);
}

void
_bobbin_assistants_message_free (gpointer data)
{
  Message *message = data;

  g_free (message->id);
  g_ptr_array_unref (message->parts);
  bobbin_assistants_sources_free (message->sources);
  g_free (message);
}

/* (nullable) */
static Message *
find_message (Decoder    *self,
              const char *id,
              gsize       length)
{
  for (guint i = self->messages->len; i-- > 0;)
    {
      Message *message = self->messages->pdata[i];

      if (strncmp (message->id, id, length) == 0 && message->id[length] == '\0')
        return message;
    }

  return NULL;
}

/* (nullable): NULL when there are too many. */
static Message *
add_message (Decoder    *self,
             const char *id,
             gsize       length)
{
  Message *message;

  if (self->messages->len >= BOBBIN_ASSISTANTS_MAX_MESSAGES)
    return NULL;

  message = g_new0 (Message, 1);
  message->id = g_strndup (id, length);
  message->parts = g_ptr_array_new_with_free_func (part_free);
  message->sources = bobbin_assistants_sources_new ();
  g_ptr_array_add (self->messages, message);

  return message;
}

static void
tell_message (Decoder    *self,
              Message    *message,
              const char *agent_id)
{
  BobbinEvent *event = _bobbin_assistants_push (self, BOBBIN_EVENT_TURN_STARTED);

  event->message_id = g_strdup (message->id);
  event->agent_id = g_strdup (agent_id);
  if (self->run != NULL)
    event->model = g_strdup (self->run->model);
  self->started = TRUE;
}

/* (nullable): NULL when the index makes no sense. */
static Part *
get_part (Message *message,
          gint     index)
{
  Part *part;

  if (index < 0 || index >= BOBBIN_ASSISTANTS_MAX_PARTS)
    return NULL;
  if ((guint) index >= message->parts->len)
    g_ptr_array_set_size (message->parts, index + 1);
  part = message->parts->pdata[index];
  if (part == NULL)
    {
      part = g_new0 (Part, 1);
      part->key = g_strdup_printf ("%s/%d", message->id, index);
      part->raw = g_string_new (NULL);
      part->notes = bobbin_assistants_notes_new ();
      message->parts->pdata[index] = part;
    }

  return part;
}

static gboolean
is_hidden (Decoder    *self,
           const char *role)
{
  return role != NULL && g_strcmp0 (role, "assistant") != 0 && !(self->shows_users && g_strcmp0 (role, "user") == 0);
}

/* Returns: FALSE when it is none of ours: of another role, or of no thread. */
gboolean
_bobbin_assistants_message_begun (Decoder    *self,
                                  JsonObject *object)
{
  g_autofree char *id = bobbin_json_dup_text (object, "id");
  const char *role = bobbin_json_get_string (object, "role");
  const char *thread_id = bobbin_json_get_string (object, "thread_id");
  Message *message;

  if (id == NULL || *id == '\0' || (thread_id != NULL && *thread_id == '\0'))
    return FALSE;

  message = find_message (self, id, strlen (id));
  if (message == NULL)
    {
      message = add_message (self, id, strlen (id));
      if (message == NULL)
        return FALSE;
      message->hidden = is_hidden (self, role);
      if (!message->hidden)
        tell_message (self, message, bobbin_json_get_string (object, "assistant_id"));
    }

  return !message->hidden;
}

/* Text */

void
_bobbin_assistants_text_delta (Decoder    *self,
                               const char *id,
                               gsize       id_length,
                               gint        index,
                               char       *text,
                               gsize       length)
{
  Message *message = find_message (self, id, id_length);
  Part *part;

  if (message == NULL)
    {
      message = add_message (self, id, id_length);
      if (message != NULL)
        tell_message (self, message, NULL);
    }
  part = message != NULL && !message->hidden && !message->done ? get_part (message, index) : NULL;
  if (part == NULL || part->done || length == 0)
    {
      g_free (text);
      return;
    }

  part->is_text = TRUE;
  g_string_append_len (part->raw, text, (gssize) length);
  _bobbin_assistants_push_text (_bobbin_assistants_push_block (self, part->key, BOBBIN_BLOCK_TEXT, BOBBIN_PHASE_DELTA),
                                text, length);
}

/* "text" is {"value"} or, in simplified servers, the string itself. */
static const char *
get_value (JsonObject *part,
           JsonObject **ret_text)
{
  *ret_text = bobbin_json_get_object (part, "text");

  if (*ret_text != NULL)
    return bobbin_json_get_string (*ret_text, "value");
  if (bobbin_json_get_string (part, "text") != NULL)
    return bobbin_json_get_string (part, "text");

  return bobbin_json_get_string (part, "refusal");
}

static void
tell_files (Decoder *self,
            Message *message,
            Part    *part,
            guint    first)
{
  for (guint i = first; i < part->notes->len; i++)
    {
      const BobbinAssistantsNote *note = part->notes->pdata[i];
      g_autofree char *key = NULL;
      g_autofree char *name = NULL;

      if (!note->is_path || note->file_id == NULL)
        continue;
      key = g_strdup_printf ("%s/file/%s", message->id, note->file_id);
      name = bobbin_assistants_note_dup_name (note);
      _bobbin_assistants_push_file (self, key, BOBBIN_BLOCK_FILE, note->file_id, name);
    }
}

static void
tell_sources (Decoder *self,
              Message *message)
{
  guint count = bobbin_assistants_sources_count (message->sources);
  g_autofree char *key = NULL;
  BobbinEvent *event;

  if (count <= message->n_told)
    return;

  key = g_strconcat (message->id, "/sources", NULL);
  event = _bobbin_assistants_push_block (self, key, BOBBIN_BLOCK_SOURCES, BOBBIN_PHASE_COMPLETE);
  event->replace = TRUE;
  event->data = bobbin_assistants_sources_to_json (message->sources);
  message->n_told = count;
}

/* Images and what is not known */

static gboolean
tell_image (Decoder    *self,
            Part       *part,
            JsonObject *object)
{
  JsonObject *file = bobbin_json_get_object (object, "image_file");
  JsonObject *link = bobbin_json_get_object (object, "image_url");
  const char *file_id = file != NULL ? bobbin_json_get_string (file, "file_id") : NULL;
  const char *url = link != NULL ? bobbin_json_get_string (link, "url") : NULL;

  if (part->done || (file_id == NULL && url == NULL))
    return file != NULL || link != NULL;

  if (file_id != NULL)
    {
      _bobbin_assistants_push_file (self, part->key, BOBBIN_BLOCK_IMAGE, file_id, NULL);
    }
  else
    {
      BobbinEvent *event = _bobbin_assistants_push_block (self, part->key, BOBBIN_BLOCK_IMAGE, BOBBIN_PHASE_COMPLETE);
      g_autoptr(JsonObject) data = json_object_new ();

      json_object_set_string_member (data, "url", url);
      event->data = bobbin_json_object_to_text (data, FALSE);
    }
  part->done = TRUE;

  return TRUE;
}

static void
tell_unknown (Decoder    *self,
              Part       *part,
              JsonObject *object)
{
  BobbinEvent *event = _bobbin_assistants_push_block (self, part->key, BOBBIN_BLOCK_UNKNOWN, BOBBIN_PHASE_COMPLETE);
  const char *type = bobbin_json_get_string (object, "type");

  event->name = g_strdup (type != NULL ? type : "part");
  event->data = bobbin_json_object_to_text (object, FALSE);
  part->done = TRUE;
}

/* Deltas */

static void
part_delta (Decoder    *self,
            const char *id,
            JsonObject *object,
            gint        index)
{
  Message *message = find_message (self, id, strlen (id));
  Part *part = message != NULL && !message->hidden && !message->done ? get_part (message, index) : NULL;
  JsonObject *text;
  const char *value = get_value (object, &text);
  guint first;
  char *shown;

  if (part == NULL || part->done || tell_image (self, part, object))
    return;

  first = part->notes->len;
  if (text != NULL)
    bobbin_assistants_notes_take (part->notes, bobbin_json_get_array (text, "annotations"));
  if (value != NULL && *value != '\0')
    {
      part->is_text = TRUE;
      g_string_append (part->raw, value);
      shown = bobbin_assistants_sources_apply (message->sources, part->notes, first, value);
      _bobbin_assistants_push_text (_bobbin_assistants_push_block (self, part->key, BOBBIN_BLOCK_TEXT, BOBBIN_PHASE_DELTA),
                                    shown, strlen (shown));
    }
  tell_files (self, message, part, first);
}

void
_bobbin_assistants_message_delta (Decoder    *self,
                                  JsonObject *object)
{
  g_autofree char *id = bobbin_json_dup_text (object, "id");
  JsonObject *delta = bobbin_json_get_object (object, "delta");
  JsonArray *content = delta != NULL ? bobbin_json_get_array (delta, "content") : NULL;
  const char *role = delta != NULL ? bobbin_json_get_string (delta, "role") : NULL;
  Message *message;

  if (id == NULL || *id == '\0')
    return;
  message = find_message (self, id, strlen (id));
  if (message == NULL)
    {
      message = add_message (self, id, strlen (id));
      if (message == NULL)
        return;
      message->hidden = is_hidden (self, role);
      if (!message->hidden)
        tell_message (self, message, NULL);
    }
  if (content == NULL && delta != NULL && bobbin_json_get_string (delta, "content") != NULL)
    {
      char *text = g_strdup (bobbin_json_get_string (delta, "content"));

      _bobbin_assistants_text_delta (self, id, strlen (id), 0, text, strlen (text));
    }
  for (guint i = 0; content != NULL && i < json_array_get_length (content); i++)
    {
      JsonNode *node = json_array_get_element (content, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        part_delta (self, id, json_node_get_object (node),
                    (gint) bobbin_json_get_int (json_node_get_object (node), "index", i));
    }
}

/* Whole messages */

static void
end_text (Decoder    *self,
          Message    *message,
          Part       *part,
          const char *value)
{
  gboolean same = value == NULL || strcmp (value, part->raw->str) == 0;
  BobbinEvent *event;

  if (part->done || (part->raw->len == 0 && (value == NULL || *value == '\0')))
    return;

  event = _bobbin_assistants_push_block (self, part->key, BOBBIN_BLOCK_TEXT, BOBBIN_PHASE_COMPLETE);
  if (!same || part->notes->len > 0)
    {
      char *shown = bobbin_assistants_sources_apply (message->sources, part->notes, 0, value != NULL ? value : part->raw->str);

      event->replace = TRUE;
      _bobbin_assistants_push_text (event, shown, strlen (shown));
    }
  part->done = TRUE;
}

/* Here they have no index: they take the place of those of the deltas. */
static void
take_all_notes (Part      *part,
                JsonArray *annotations)
{
  if (annotations == NULL || json_array_get_length (annotations) == 0)
    return;
  g_ptr_array_set_size (part->notes, 0);
  bobbin_assistants_notes_take (part->notes, annotations);
}

static void
end_part (Decoder  *self,
          Message  *message,
          JsonNode *node,
          gint      index)
{
  Part *part = get_part (message, index);
  JsonObject *text = NULL;
  const char *value;

  if (part == NULL || part->done)
    return;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      end_text (self, message, part, json_node_get_string (node));
      return;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;

  value = get_value (json_node_get_object (node), &text);
  if (value == NULL && text == NULL)
    {
      if (!tell_image (self, part, json_node_get_object (node)))
        tell_unknown (self, part, json_node_get_object (node));
      return;
    }
  if (text != NULL)
    take_all_notes (part, bobbin_json_get_array (text, "annotations"));
  end_text (self, message, part, value != NULL ? value : "");
  tell_files (self, message, part, 0);
}

/* Files the answer brings: "attachments", "file_ids" of 2023. */
static void
tell_attachments (Decoder    *self,
                  Message    *message,
                  JsonObject *object)
{
  JsonArray *list = bobbin_json_get_array (object, "attachments");

  if (list == NULL)
    list = bobbin_json_get_array (object, "file_ids");
  for (guint i = 0; list != NULL && i < MIN (json_array_get_length (list), BOBBIN_ASSISTANTS_MAX_PARTS); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      const char *file_id = NULL;
      g_autofree char *key = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        file_id = bobbin_json_get_string (json_node_get_object (node), "file_id");
      else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        file_id = json_node_get_string (node);
      if (file_id == NULL || *file_id == '\0')
        continue;
      key = g_strdup_printf ("%s/file/%s", message->id, file_id);
      _bobbin_assistants_push_file (self, key, BOBBIN_BLOCK_FILE, file_id, NULL);
    }
}

static void
finish_message (Decoder *self,
                Message *message)
{
  for (guint i = 0; i < message->parts->len; i++)
    {
      Part *part = message->parts->pdata[i];

      if (part != NULL && part->is_text)
        end_text (self, message, part, NULL);
    }
  tell_sources (self, message);
  message->done = TRUE;
}

void
_bobbin_assistants_message_ended (Decoder    *self,
                                  JsonObject *object)
{
  g_autofree char *id = NULL;
  JsonNode *content = bobbin_json_get_node (object, "content");
  Message *message;

  if (!_bobbin_assistants_message_begun (self, object))
    return;
  id = bobbin_json_dup_text (object, "id");
  message = find_message (self, id, strlen (id));
  if (message->done)
    return;

  if (content != NULL && JSON_NODE_HOLDS_ARRAY (content))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (content)); i++)
      end_part (self, message, json_array_get_element (json_node_get_array (content), i), (gint) i);
  else if (content != NULL)
    end_part (self, message, content, 0);
  tell_attachments (self, message, object);
  finish_message (self, message);
}

void
_bobbin_assistants_messages_finish (Decoder *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      Message *message = self->messages->pdata[i];

      if (!message->hidden && !message->done)
        finish_message (self, message);
    }
}
