#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-server.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <string.h>

static void
file_free (BobbinNebelusFile *file)
{
  g_free (file->name);
  g_free (file->content_type);
  g_free (file->sha256);
  g_clear_pointer (&file->bytes, g_bytes_unref);
  g_free (file);
}

static void
answer_free (BobbinNebelusAnswer *answer)
{
  g_free (answer->type);
  g_free (answer->node_name);
  g_free (answer->arguments);
  g_free (answer);
}

void
bobbin_nebelus_message_free (BobbinNebelusMessage *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->thread_id);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->answers, g_ptr_array_unref);
  g_free (self);
}

static BobbinNebelusMessage *
message_new (BobbinNebelusMessageType type)
{
  BobbinNebelusMessage *self = g_new0 (BobbinNebelusMessage, 1);

  self->type = type;
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) answer_free);

  return self;
}

static BobbinNebelusFile *
read_file (JsonObject *object)
{
  BobbinNebelusFile *file = g_new0 (BobbinNebelusFile, 1);
  const char *data = bobbin_json_get_string (object, "data");
  gsize length = 0;

  file->name = bobbin_json_dup_text (object, "name");
  file->content_type = bobbin_json_dup_text (object, "content_type");
  if (file->name == NULL)
    file->name = g_strdup ("unnamed");
  if (file->content_type == NULL)
    file->content_type = g_strdup ("application/octet-stream");
  /* A whole server refuses what is not plain base64, with the right padding; so that tests see a client that
   * sends less. */
  if (data != NULL && strlen (data) % 4 == 0 &&
      data[strspn (data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")] == '\0')
    {
      guchar *bytes = g_base64_decode (data, &length);

      file->bytes = g_bytes_new_take (bytes, length);
      file->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, file->bytes);
    }

  return file;
}

static void
read_files (BobbinNebelusMessage *self,
            JsonObject           *owner)
{
  JsonObject *metadata = bobbin_json_get_object (owner, "metadata");
  JsonArray *list = metadata != NULL ? bobbin_json_get_array (metadata, "attachments") : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        g_ptr_array_add (self->files, read_file (json_node_get_object (node)));
    }
}

static void
read_flags (BobbinNebelusMessage *self,
            JsonObject           *object)
{
  self->return_context = bobbin_json_get_bool (object, "return_context", FALSE);
  self->return_timing = bobbin_json_get_bool (object, "return_timing", FALSE);
  self->return_accumulated = bobbin_json_get_bool (object, "return_accumulated", FALSE);
}

static void
read_answers (BobbinNebelusMessage *self,
              JsonArray            *list)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *arguments = object != NULL ? bobbin_json_get_object (object, "modified_args") : NULL;
      BobbinNebelusAnswer *answer;

      if (object == NULL)
        continue;
      answer = g_new0 (BobbinNebelusAnswer, 1);
      answer->type = g_strdup (bobbin_json_get_string (object, "type"));
      answer->node_name = g_strdup (bobbin_json_get_string (object, "node_name"));
      answer->approved = json_object_has_member (object, "approved")
                         ? bobbin_json_get_bool (object, "approved", FALSE) : -1;
      if (arguments != NULL)
        answer->arguments = bobbin_json_object_to_text (arguments, FALSE);
      g_ptr_array_add (self->answers, answer);
    }
}

static BobbinNebelusMessage *
read_chat (JsonObject  *object,
           GError     **error)
{
  const char *content = bobbin_json_get_string (object, "content");
  BobbinNebelusMessage *self;

  if (content == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "\"content\" is missing or no string");
      return NULL;
    }
  self = message_new (BOBBIN_NEBELUS_MESSAGE_CHAT);
  self->text = g_strdup (content);
  read_files (self, object);

  return self;
}

BobbinNebelusMessage *
bobbin_nebelus_message_new_from_frame (const char  *text,
                                       gssize       length,
                                       GError     **error)
{
  g_autoptr(JsonObject) object = bobbin_json_parse_object (text, length, error);
  const char *type = object != NULL ? bobbin_json_get_string (object, "type") : NULL;
  BobbinNebelusMessage *self;

  if (object == NULL)
    return NULL;

  if (g_strcmp0 (type, "chat") == 0)
    {
      self = read_chat (object, error);
      if (self != NULL)
        read_flags (self, object);
      return self;
    }
  if (g_strcmp0 (type, "cancel") == 0)
    return message_new (BOBBIN_NEBELUS_MESSAGE_CANCEL);
  if (g_strcmp0 (type, "ping") == 0)
    return message_new (BOBBIN_NEBELUS_MESSAGE_PING);
  if (g_strcmp0 (type, "interrupt_resume") == 0 && bobbin_json_get_array (object, "decisions") != NULL)
    {
      self = message_new (BOBBIN_NEBELUS_MESSAGE_RESUME);
      read_answers (self, bobbin_json_get_array (object, "decisions"));
      read_flags (self, object);
      return self;
    }
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "A client message of an unknown type: %s",
               type != NULL ? type : "none");

  return NULL;
}

/* (nullable): the last message of the user. */
static JsonObject *
find_user_message (JsonObject *body)
{
  JsonArray *list = bobbin_json_get_array (body, "messages");

  for (guint i = list != NULL ? json_array_get_length (list) : 0; i > 0; i--)
    {
      JsonNode *node = json_array_get_element (list, i - 1);
      JsonObject *message = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (message != NULL && g_strcmp0 (bobbin_json_get_string (message, "role"), "user") == 0)
        return message;
    }

  return NULL;
}

BobbinNebelusMessage *
bobbin_nebelus_message_new_from_body (const char  *text,
                                      gssize       length,
                                      GError     **error)
{
  g_autoptr(JsonObject) body = bobbin_json_parse_object (text, length, error);
  JsonObject *message = body != NULL ? find_user_message (body) : NULL;
  BobbinNebelusMessage *self;

  if (body == NULL)
    return NULL;
  if (message == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "\"messages\" holds no message of a user");
      return NULL;
    }
  self = read_chat (message, error);
  if (self == NULL)
    return NULL;
  read_flags (self, body);
  self->stream = bobbin_json_get_bool (body, "stream", FALSE);
  self->thread_id = g_strdup (bobbin_json_get_string (body, "thread_id"));
  if (self->thread_id == NULL)
    self->thread_id = g_strdup (bobbin_json_get_string (body, "session_id"));

  return self;
}

char *
bobbin_nebelus_encode_frame (const char *name,
                             const char *data)
{
  GString *out = g_string_sized_new (strlen (data) + strlen (name) + 32);

  g_string_append (out, "{\"event\":");
  bobbin_json_append_string (out, name);
  g_string_append (out, ",\"data\":");
  g_string_append (out, data);
  g_string_append_c (out, '}');

  return g_string_free (out, FALSE);
}

char *
bobbin_nebelus_encode_sse_block (const char *name,
                                 const char *data)
{
  return g_strconcat ("event: ", name, "\ndata: ", data, "\n\n", NULL);
}
