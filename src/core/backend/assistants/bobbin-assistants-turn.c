/* What goes ahead of a run: files, the thread where there is none, the message. Nothing of it starts an answer. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-channel-private.h"

#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "wire/bobbin-assistants-encoder.h"
#include "wire/bobbin-assistants-errors.h"

#include <string.h>

/* Of an earlier transcript given to a new thread. */
#define MAX_CONTEXT 32
#define MAX_TITLE 60

typedef BobbinAssistantsChannel Channel;

static void make_thread (Channel *self);
static void compare (Channel *self);
static void add_message (Channel *self);

/* A callback of a turn that is over, or of a channel that is closed, does nothing. */
static gboolean
is_stale (Channel      *self,
          GCancellable *work)
{
  return self->work != work || self->state != BOBBIN_ASSISTANTS_PREPARING;
}

typedef struct
{
  Channel      *channel; /* owned */
  GCancellable *work;    /* owned */
} Wait;

static Wait *
wait_new (Channel *self)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->channel = g_object_ref (self);
  wait->work = g_object_ref (self->work);

  return wait;
}

static void
wait_free (Wait *wait)
{
  g_object_unref (wait->channel);
  g_object_unref (wait->work);
  g_free (wait);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wait, wait_free)

/* Nothing of the turn was acted on: the message can be given again. @failure: (transfer full) (nullable). */
static void
fail_unsent (Channel       *self,
             BobbinFailure *failure)
{
  if (failure == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server's answer is not understood");
  failure->certainty = failure->http_status >= 400 && failure->http_status < 500 ? BOBBIN_CERTAINTY_REFUSED
                                                                                 : BOBBIN_CERTAINTY_UNSENT;
  _bobbin_assistants_channel_fail (self, failure);
}

/* Files */

static void
upload_progress (BobbinAttachment *attachment,
                 gint64            done_bytes,
                 gint64            total_bytes,
                 gpointer          user_data)
{
  Channel *self = user_data;
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_UPLOAD);

  event->attachment = g_object_ref (attachment);
  event->done_bytes = done_bytes;
  event->total_bytes = total_bytes;
  /* A file that is known already is told from inside send(). */
  _bobbin_assistants_channel_emit_later (self, event);
}

static const BobbinAssistantsUploadHandlers upload_handlers = { upload_progress };

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(GArray) files = _bobbin_assistants_upload_finish (result, &failure);

  if (is_stale (wait->channel, wait->work))
    return;
  if (files == NULL)
    {
      failure->certainty = BOBBIN_CERTAINTY_UNSENT;
      _bobbin_assistants_channel_fail (wait->channel, g_steal_pointer (&failure));
      return;
    }

  wait->channel->files = g_steal_pointer (&files);
  make_thread (wait->channel);
}

/* Thread */

static JsonArray *
make_context (GPtrArray *context)
{
  JsonArray *messages = json_array_new ();
  guint first = context != NULL && context->len > MAX_CONTEXT ? context->len - MAX_CONTEXT : 0;

  for (guint i = first; context != NULL && i < context->len; i++)
    {
      BobbinMessage *message = context->pdata[i];
      g_autofree char *text = bobbin_message_dup_text (message);
      const char *role = bobbin_message_get_role (message) == BOBBIN_ROLE_ASSISTANT ? "assistant"
                         : bobbin_message_get_role (message) == BOBBIN_ROLE_USER ? "user" : NULL;

      if (role != NULL && text[strspn (text, " \t\r\n")] != '\0')
        json_array_add_object_element (messages, bobbin_assistants_make_message (role, text, NULL, 0));
    }

  return messages;
}

static void
thread_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  g_autofree char *id = NULL;
  BobbinEvent *event;

  if (is_stale (self, wait->work))
    return;
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    id = bobbin_json_dup_text (json_node_get_object (root), "id");
  if (id == NULL || *id == '\0')
    {
      /* A thread that was made and not told holds nothing. */
      if (failure != NULL && failure->http_status == 404)
        failure->code = BOBBIN_ERROR_PROTOCOL;
      fail_unsent (self, g_steal_pointer (&failure));
      return;
    }

  self->thread_id = g_steal_pointer (&id);
  self->known_new = TRUE;
  event = bobbin_event_new (BOBBIN_EVENT_THREAD_ID);
  event->thread_id = g_strdup (self->thread_id);
  _bobbin_assistants_channel_emit (self, event);
  if (!is_stale (self, wait->work))
    compare (self);
}

static void
make_thread (Channel *self)
{
  g_autoptr(JsonArray) messages = NULL;
  g_autofree char *line = NULL;
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;

  if (self->thread_id != NULL)
    {
      compare (self);
      return;
    }

  messages = make_context (self->turn->context);
  line = bobbin_text_one_line (self->turn->text);
  title = bobbin_text_truncate (line, MAX_TITLE);
  body = bobbin_assistants_encode_thread (title, messages);
  _bobbin_assistants_call (self->backend, "POST", "/threads", body, self->work, thread_cb, wait_new (self));
}

/* The message may be there already */

static gboolean
is_ours (Channel    *self,
         JsonObject *message)
{
  JsonNode *content = bobbin_json_get_node (message, "content");
  JsonArray *attachments = bobbin_json_get_array (message, "attachments");
  g_autoptr(GString) text = g_string_new (NULL);
  guint n_files = attachments != NULL ? json_array_get_length (attachments) : 0;

  if (g_strcmp0 (bobbin_json_get_string (message, "role"), "user") != 0 || content == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (content) && json_node_get_value_type (content) == G_TYPE_STRING)
    g_string_assign (text, json_node_get_string (content));
  for (guint i = 0; JSON_NODE_HOLDS_ARRAY (content) && i < json_array_get_length (json_node_get_array (content)); i++)
    {
      JsonNode *node = json_array_get_element (json_node_get_array (content), i);
      JsonObject *part = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *inner = part != NULL ? bobbin_json_get_object (part, "text") : NULL;

      if (inner != NULL && bobbin_json_get_string (inner, "value") != NULL)
        g_string_append (text, bobbin_json_get_string (inner, "value"));
      else if (part != NULL && bobbin_json_get_object (part, "image_file") != NULL)
        n_files++;
    }

  return g_str_equal (text->str, self->turn->text) && n_files == self->files->len;
}

static void
compared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *list = _bobbin_assistants_get_list (root);
  JsonNode *newest = list != NULL && json_array_get_length (list) > 0 ? json_array_get_element (list, 0) : NULL;

  if (is_stale (self, wait->work))
    return;
  if (root == NULL)
    {
      fail_unsent (self, g_steal_pointer (&failure));
      return;
    }

  self->compared = TRUE;
  if (newest != NULL && JSON_NODE_HOLDS_OBJECT (newest) && is_ours (self, json_node_get_object (newest)))
    {
      g_debug ("the message is on the server already");
      self->message_id = bobbin_json_dup_text (json_node_get_object (newest), "id");
    }
  if (self->message_id != NULL)
    _bobbin_assistants_channel_begin_run (self);
  else
    add_message (self);
}

/* After the first turn of a channel that went well there is nothing unclear. */
static void
compare (Channel *self)
{
  g_autofree char *path = NULL;
  g_autofree char *full = NULL;

  if (self->known_new)
    {
      add_message (self);
      return;
    }

  path = _bobbin_assistants_path ("threads", self->thread_id, "messages", NULL);
  full = g_strconcat (path, "?limit=1&order=desc", NULL);
  _bobbin_assistants_call (self->backend, "GET", full, NULL, self->work, compared_cb, wait_new (self));
}

/* Message */

static void
refused_message (Channel       *self,
                 BobbinFailure *failure)
{
  /* Of the thread: the session falls back. Of a file: it was deleted there, the next try uploads it again. */
  if (failure->http_status == 404 && _bobbin_assistants_mentions (failure, "file"))
    {
      _bobbin_assistants_forget_files (self->backend);
      failure->code = BOBBIN_ERROR_INVALID;
    }
  _bobbin_assistants_channel_fail (self, failure);
}

static void
message_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  g_autofree char *busy_run = NULL;

  if (is_stale (self, wait->work))
    return;
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    self->message_id = bobbin_json_dup_text (json_node_get_object (root), "id");
  if (self->message_id != NULL)
    {
      _bobbin_assistants_channel_begin_run (self);
      return;
    }

  if (failure == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNKNOWN, "The server's answer is not understood");
  if (failure->code == BOBBIN_ERROR_BUSY)
    busy_run = bobbin_assistants_dup_busy_run (failure->detail);
  refused_message (self, g_steal_pointer (&failure));
  if (busy_run != NULL && self->state == BOBBIN_ASSISTANTS_READY && self->turn == NULL)
    _bobbin_assistants_channel_adopt (self, busy_run);
}

static void
add_message (Channel *self)
{
  g_autofree char *path = _bobbin_assistants_path ("threads", self->thread_id, "messages", NULL);
  g_autoptr(JsonObject) message =
    bobbin_assistants_make_message ("user", self->turn->text, (const BobbinAssistantsFile *) (void *) self->files->data, self->files->len);
  g_autofree char *body = bobbin_json_object_to_text (message, FALSE);

  for (guint i = 0; i < self->files->len; i++)
    _bobbin_assistants_use_file (self->backend, g_array_index (self->files, BobbinAssistantsFile, i).file_id);
  _bobbin_assistants_call (self->backend, "POST", path, body, self->work, message_cb, wait_new (self));
}

void
_bobbin_assistants_channel_prepare (Channel *self)
{
  _bobbin_assistants_upload_async (self->backend, self->agent_id, self->turn->attachments, &upload_handlers, self, self->work,
                                   uploaded_cb, wait_new (self));
}
