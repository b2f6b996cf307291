/* What goes ahead of a completion: files, the assistant's model, the thread where there is none, the message, the run; and what a person
 * gives for tools. One call after the other, each by a row of a table (entities.md, sections 4 and 8). */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/entities/bobbin-entities-channel-private.h"

#include "model/bobbin-block.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "wire/bobbin-entities-objects.h"

#include <string.h>

#define MAX_TITLE 60
#define RUN_LIFE_S 3600
#define REFUSED_OUTPUT "{\"error\":\"refused by the user\"}"

typedef BobbinEntitiesChannel Channel;

static void ask_model (Channel *self);
static void make_thread (Channel *self);
static void compare (Channel *self);
static void add_message (Channel *self);
static void make_run (Channel *self);
static void give_next (Channel *self);

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

/* A callback of a turn that is over, or of a channel that is closed, does nothing. */
static gboolean
is_stale (Wait *wait)
{
  return wait->channel->work != wait->work || (wait->channel->state != BOBBIN_ENTITIES_PREPARING &&
                                               wait->channel->state != BOBBIN_ENTITIES_GIVING);
}

/* Nothing of the turn was acted on. @failure: (transfer full) (nullable). */
static void
fail_unsent (Channel       *self,
             BobbinFailure *failure)
{
  if (failure == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server's answer is not understood");
  failure->certainty = failure->http_status >= 400 && failure->http_status < 500 ? BOBBIN_CERTAINTY_REFUSED : BOBBIN_CERTAINTY_UNSENT;
  _bobbin_entities_channel_fail (self, failure);
}

/* The object of an answer, NULL when it is none. */
static JsonObject *
get_object (JsonNode *root)
{
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

/* Files */

static void
upload_progress (BobbinAttachment *attachment,
                 gint64            done_bytes,
                 gint64            total_bytes,
                 gpointer          user_data)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_UPLOAD);

  event->attachment = g_object_ref (attachment);
  event->done_bytes = done_bytes;
  event->total_bytes = total_bytes;
  _bobbin_entities_channel_emit_later (BOBBIN_ENTITIES_CHANNEL (user_data), event);
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) pictures = _bobbin_entities_upload_finish (result, &text, &failure);

  if (is_stale (wait))
    return;
  if (pictures == NULL)
    {
      _bobbin_entities_channel_fail (self, g_steal_pointer (&failure));
      return;
    }
  self->pictures = g_steal_pointer (&pictures);
  self->text = g_strconcat (self->turn->text, text, NULL);
  ask_model (self);
}

/* The model is the assistant's; completions want it named */

static void
model_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (is_stale (wait))
    return;
  if (get_object (root) != NULL)
    _bobbin_entities_set_model (self->backend, get_object (root));
  if (_bobbin_entities_get_model (self->backend, self->agent_id) != NULL)
    {
      make_thread (self);
      return;
    }
  /* Another thread would not help where the assistant is gone. */
  if (failure != NULL && (failure->http_status == 404 || failure->http_status == 403))
    failure->code = BOBBIN_ERROR_INVALID;
  fail_unsent (self, g_steal_pointer (&failure));
}

static void
ask_model (Channel *self)
{
  g_autofree char *path = NULL;

  if (_bobbin_entities_get_model (self->backend, self->agent_id) != NULL)
    {
      make_thread (self);
      return;
    }
  path = _bobbin_entities_path ("assistants", self->agent_id, NULL);
  _bobbin_entities_call (self->backend, "GET", path, NULL, self->work, model_cb, wait_new (self));
}

/* Thread */

static void
title_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root G_GNUC_UNUSED = bobbin_json_api_call_finish (result, &failure);

  /* A thread without a title is still a thread. */
  if (!is_stale (wait))
    add_message (wait->channel);
}

/* Section 4.2: what is given when it is made is dropped, so it is set afterwards. */
static void
set_title (Channel *self)
{
  g_autofree char *path = _bobbin_entities_path ("threads", self->thread_id, "metadata", NULL);
  g_autofree char *line = bobbin_text_one_line (self->turn->text);
  g_autofree char *title = bobbin_text_truncate (line, MAX_TITLE);
  g_autoptr(JsonObject) metadata = json_object_new ();
  g_autofree char *body = NULL;

  json_object_set_string_member (metadata, "title", title);
  body = bobbin_json_object_to_text (metadata, FALSE);
  _bobbin_entities_call (self->backend, "PUT", path, body, self->work, title_cb, wait_new (self));
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
  g_autofree char *id = get_object (root) != NULL ? bobbin_json_dup_text (get_object (root), "id") : NULL;
  BobbinEvent *event;

  if (is_stale (wait))
    return;
  if (id == NULL || *id == '\0')
    {
      if (failure != NULL && failure->http_status == 404)
        failure->code = BOBBIN_ERROR_PROTOCOL;
      fail_unsent (self, g_steal_pointer (&failure));
      return;
    }

  _bobbin_entities_learn_user (self->backend, get_object (root));
  self->thread_id = g_steal_pointer (&id);
  self->known_new = TRUE;
  event = bobbin_event_new (BOBBIN_EVENT_THREAD_ID);
  event->thread_id = g_strdup (self->thread_id);
  _bobbin_entities_channel_emit (self, event);
  if (!is_stale (wait))
    set_title (self);
}

static void
make_thread (Channel *self)
{
  g_autofree char *user = _bobbin_entities_dup_user (self->backend);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;

  if (self->thread_id != NULL)
    {
      compare (self);
      return;
    }
  if (user != NULL)
    {
      JsonArray *participants = json_array_new ();

      json_array_add_string_element (participants, user);
      json_object_set_array_member (body, "participant_ids", participants);
    }
  text = bobbin_json_object_to_text (body, FALSE);
  _bobbin_entities_call (self->backend, "POST", "/v1/threads", text, self->work, thread_cb, wait_new (self));
}

/* The message may be there already */

static gboolean
is_ours (Channel    *self,
         JsonObject *message)
{
  const char *role = bobbin_json_get_string (message, "role");
  JsonArray *attachments = bobbin_json_get_array (message, "attachments");
  guint n_files = attachments != NULL ? json_array_get_length (attachments) : 0;

  return role != NULL && g_ascii_strcasecmp (role, "user") == 0 && n_files == self->pictures->len &&
         g_strcmp0 (bobbin_json_get_string (message, "content"), self->text) == 0;
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
  JsonArray *list = bobbin_entities_get_list (root);
  JsonObject *newest = list != NULL && json_array_get_length (list) > 0 ? get_object (json_array_get_element (list, 0)) : NULL;

  if (is_stale (wait))
    return;
  if (root == NULL)
    {
      fail_unsent (self, g_steal_pointer (&failure));
      return;
    }
  if (newest != NULL && is_ours (self, newest))
    self->message_id = bobbin_json_dup_text (newest, "id");
  if (self->message_id != NULL)
    make_run (self);
  else
    add_message (self);
}

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
  path = _bobbin_entities_path ("threads", self->thread_id, "messages", NULL);
  full = g_strconcat (path, "?limit=1&order=desc", NULL);
  _bobbin_entities_call (self->backend, "GET", full, NULL, self->work, compared_cb, wait_new (self));
}

/* Message */

static void
message_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (is_stale (wait))
    return;
  if (get_object (root) != NULL)
    self->message_id = bobbin_json_dup_text (get_object (root), "id");
  if (self->message_id != NULL)
    make_run (self);
  else
    _bobbin_entities_channel_fail (self, failure != NULL ? g_steal_pointer (&failure)
                                                         : bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNKNOWN,
                                                                               "The server's answer is not understood"));
}

static void
add_message (Channel *self)
{
  g_autofree char *user = _bobbin_entities_dup_user (self->backend);
  g_autofree char *valid = g_utf8_make_valid (self->text, -1);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (body, "thread_id", self->thread_id);
  json_object_set_string_member (body, "assistant_id", self->agent_id);
  json_object_set_string_member (body, "role", "user");
  if (user != NULL)
    json_object_set_string_member (body, "sender_id", user);
  json_object_set_string_member (body, "content", valid);
  json_object_set_object_member (body, "meta_data", json_object_new ());
  if (self->pictures->len > 0)
    {
      JsonArray *attachments = json_array_new ();

      for (guint i = 0; i < self->pictures->len; i++)
        {
          JsonObject *attachment = json_object_new ();

          json_object_set_string_member (attachment, "type", "image");
          json_object_set_string_member (attachment, "file_id", self->pictures->pdata[i]);
          _bobbin_entities_use_file (self->backend, self->pictures->pdata[i]);
          json_array_add_object_element (attachments, attachment);
        }
      json_object_set_array_member (body, "attachments", attachments);
    }
  text = bobbin_json_object_to_text (body, FALSE);
  _bobbin_entities_call (self->backend, "POST", "/v1/messages", text, self->work, message_cb, wait_new (self));
}

/* Run: making it starts nothing (section 4.5) */

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (is_stale (wait))
    return;
  if (get_object (root) != NULL)
    self->run_id = bobbin_json_dup_text (get_object (root), "id");
  if (self->run_id != NULL && *self->run_id != '\0')
    {
      _bobbin_entities_channel_complete (self);
      return;
    }
  if (failure != NULL && failure->http_status == 404)
    failure->code = BOBBIN_ERROR_INVALID;
  fail_unsent (self, g_steal_pointer (&failure));
}

static void
make_run (Channel *self)
{
  gint64 now_s = bobbin_clock_now_us (self->clock) / G_USEC_PER_SEC;
  const char *model = _bobbin_entities_get_model (self->backend, self->agent_id);
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto(GStrv) parts = g_strsplit (uuid, "-", -1);
  g_autofree char *hex = g_strjoinv ("", parts);
  g_autofree char *id = g_strdup_printf ("run_%.22s", hex);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (body, "id", id);
  json_object_set_string_member (body, "assistant_id", self->agent_id);
  json_object_set_string_member (body, "thread_id", self->thread_id);
  json_object_set_int_member (body, "created_at", now_s);
  json_object_set_int_member (body, "expires_at", now_s + RUN_LIFE_S);
  json_object_set_string_member (body, "instructions", "");
  json_object_set_string_member (body, "model", model != NULL ? model : "");
  json_object_set_object_member (body, "meta_data", json_object_new ());
  json_object_set_string_member (body, "object", "run");
  json_object_set_string_member (body, "status", "pending");
  text = bobbin_json_object_to_text (body, FALSE);
  _bobbin_entities_call (self->backend, "POST", "/v1/runs", text, self->work, run_cb, wait_new (self));
}

void
_bobbin_entities_channel_prepare (Channel *self)
{
  _bobbin_entities_upload_async (self->backend, self->turn->attachments, upload_progress, self, self->work, uploaded_cb, wait_new (self));
}

/* Outputs: action "processing", the tool's message, action "completed" or "failed", one tool after the other (section 8) */

static const BobbinEntitiesManifest *
get_given (Channel *self)
{
  return self->given->pdata[self->next_given];
}

static void
give_failed (Channel       *self,
             BobbinFailure *failure)
{
  if (failure == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_ACCEPTED, "The server's answer is not understood");
  failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  if (failure->code == BOBBIN_ERROR_NOT_FOUND || failure->code == BOBBIN_ERROR_FORBIDDEN)
    failure->code = BOBBIN_ERROR_INVALID;
  _bobbin_entities_channel_fail (self, failure);
}

static void
put_action (Channel            *self,
            const char         *status,
            const char         *output,
            GAsyncReadyCallback callback)
{
  g_autofree char *path = _bobbin_entities_path ("actions", get_given (self)->action_id, NULL);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (body, "status", status);
  if (output != NULL)
    {
      JsonObject *result = json_object_new ();

      json_object_set_string_member (result, "output", output);
      json_object_set_object_member (body, "result", result);
    }
  text = bobbin_json_object_to_text (body, FALSE);
  _bobbin_entities_call (self->backend, "PUT", path, text, self->work, callback, wait_new (self));
}

static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root G_GNUC_UNUSED = bobbin_json_api_call_finish (result, &failure);
  const char *output;

  if (is_stale (wait))
    return;
  /* The output is told; that the action could not be closed is the server's own affair. */
  output = self->outputs->pdata[self->next_given];
  bobbin_entities_decoder_push_output (self->decoder, get_given (self), output != NULL ? output : REFUSED_OUTPUT, output == NULL);
  _bobbin_entities_channel_pop_events (self);
  if (is_stale (wait))
    return;
  self->next_given++;
  give_next (self);
}

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  const char *output;

  if (is_stale (wait))
    return;
  if (root == NULL)
    {
      give_failed (self, g_steal_pointer (&failure));
      return;
    }
  output = self->outputs->pdata[self->next_given];
  put_action (self, output != NULL ? "completed" : "failed", output != NULL ? output : REFUSED_OUTPUT, finished_cb);
}

static void
processing_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  Channel *self = wait->channel;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  g_autoptr(JsonObject) body = NULL;
  g_autofree char *text = NULL;
  const char *output;

  if (is_stale (wait))
    return;
  if (root == NULL)
    {
      give_failed (self, g_steal_pointer (&failure));
      return;
    }
  output = self->outputs->pdata[self->next_given];
  body = json_object_new ();
  json_object_set_string_member (body, "thread_id", self->thread_id);
  json_object_set_string_member (body, "assistant_id", self->agent_id);
  json_object_set_string_member (body, "role", "tool");
  json_object_set_string_member (body, "tool_id", get_given (self)->action_id);
  json_object_set_string_member (body, "tool_call_id", get_given (self)->call_id);
  json_object_set_string_member (body, "content", output != NULL ? output : REFUSED_OUTPUT);
  json_object_set_object_member (body, "meta_data", json_object_new ());
  text = bobbin_json_object_to_text (body, FALSE);
  _bobbin_entities_call (self->backend, "POST", "/v1/messages/tools", text, self->work, told_cb, wait_new (self));
}

static void
give_next (Channel *self)
{
  if (self->next_given < self->given->len)
    {
      put_action (self, "processing", NULL, processing_cb);
      return;
    }
  _bobbin_entities_channel_complete (self);
}

static void
given_free (gpointer data)
{
  BobbinEntitiesManifest *given = data;

  g_free (given->action_id);
  g_free (given->call_id);
  g_free (given->name);
  g_free (given);
}

static void
add_given (Channel  *self,
           JsonNode *tool,
           GArray   *decisions)
{
  JsonObject *object = get_object (tool);
  g_autofree char *action_id = object != NULL ? bobbin_json_dup_text (object, "action_id") : NULL;
  g_autofree char *call_id = object != NULL ? bobbin_json_dup_text (object, "id") : NULL;
  const BobbinDecision *decision = &g_array_index (decisions, BobbinDecision, MIN (self->given->len, decisions->len - 1));
  BobbinEntitiesManifest *given;

  if (action_id == NULL)
    return;
  given = g_new0 (BobbinEntitiesManifest, 1);
  given->call_id = call_id != NULL ? g_steal_pointer (&call_id) : g_strdup (action_id);
  given->action_id = g_steal_pointer (&action_id);
  given->name = g_strdup (bobbin_json_get_string (object, "name"));
  g_ptr_array_add (self->given, given);
  g_ptr_array_add (self->outputs, decision->type != BOBBIN_DECISION_REJECT ? g_strdup (decision->arguments) : NULL);
}

/* After a restart it is known how the thread, run and actions are called, and that the model is the assistant's. */
static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Wait) wait = user_data;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (is_stale (wait))
    return;
  if (get_object (root) == NULL)
    {
      give_failed (wait->channel, g_steal_pointer (&failure));
      return;
    }
  _bobbin_entities_set_model (wait->channel->backend, get_object (root));
  give_next (wait->channel);
}

void
_bobbin_entities_channel_give (Channel     *self,
                               BobbinBlock *approval,
                               GArray      *decisions)
{
  const char *text = bobbin_block_get_data (approval);
  g_autoptr(JsonObject) data = text != NULL ? bobbin_json_parse_object (text, -1, NULL) : NULL;
  const char *run_id = data != NULL ? bobbin_json_get_string (data, "run_id") : NULL;
  const char *thread_id = data != NULL ? bobbin_json_get_string (data, "thread_id") : NULL;
  JsonArray *tools = data != NULL ? bobbin_json_get_array (data, "tools") : NULL;
  g_autofree char *path = NULL;

  g_clear_pointer (&self->given, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  self->given = g_ptr_array_new_with_free_func (given_free);
  self->outputs = g_ptr_array_new_with_free_func (g_free);
  self->next_given = 0;
  for (guint i = 0; tools != NULL && decisions->len > 0 && i < json_array_get_length (tools); i++)
    add_given (self, json_array_get_element (tools, i), decisions);
  if (run_id == NULL || thread_id == NULL || self->given->len == 0)
    {
      BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_FAILED);

      event->failure = bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, "The question can no longer be answered");
      _bobbin_entities_channel_emit_later (self, event);
      return;
    }

  if (g_strcmp0 (self->thread_id, thread_id) != 0)
    {
      g_free (self->thread_id);
      self->thread_id = g_strdup (thread_id);
    }
  if (g_strcmp0 (self->run_id, run_id) != 0)
    {
      g_free (self->run_id);
      self->run_id = g_strdup (run_id);
    }
  if (self->message_id == NULL)
    self->message_id = g_strdup (bobbin_json_get_string (data, "message_id"));
  if (self->work == NULL)
    self->work = g_cancellable_new ();
  if (self->decoder == NULL)
    self->decoder = bobbin_entities_decoder_new ();
  self->accepted = TRUE;
  self->state = BOBBIN_ENTITIES_GIVING;
  if (_bobbin_entities_get_model (self->backend, self->agent_id) != NULL)
    {
      give_next (self);
      return;
    }
  path = _bobbin_entities_path ("assistants", self->agent_id, NULL);
  _bobbin_entities_call (self->backend, "GET", path, NULL, self->work, resumed_cb, wait_new (self));
}
