#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-decoder.h"

#include "util/bobbin-json.h"
#include "wire/bobbin-assistants-decoder-private.h"
#include "wire/bobbin-assistants-delta.h"
#include "wire/bobbin-assistants-errors.h"

#include <string.h>

typedef BobbinAssistantsDecoder Decoder;

Decoder *
bobbin_assistants_decoder_new (void)
{
  Decoder *self = g_new0 (Decoder, 1);

  self->events = g_ptr_array_new ();
  self->messages = g_ptr_array_new_with_free_func (_bobbin_assistants_message_free);
  self->calls = g_ptr_array_new_with_free_func (_bobbin_assistants_call_free);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_call = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
bobbin_assistants_decoder_free (Decoder *self)
{
  BobbinEvent *event;

  if (self == NULL)
    return;

  while ((event = bobbin_assistants_decoder_pop (self)) != NULL)
    bobbin_event_free (event);
  g_ptr_array_unref (self->events);
  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->by_call);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->calls);
  bobbin_assistants_run_free (self->run);
  bobbin_failure_free (self->failure);
  g_free (self);
}

BobbinEvent *
bobbin_assistants_decoder_pop (Decoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->next < self->events->len)
    return g_ptr_array_index (self->events, self->next++);
  if (self->next > 0)
    {
      g_ptr_array_set_size (self->events, 0);
      self->next = 0;
    }

  return NULL;
}

void
bobbin_assistants_decoder_set_fast_path (Decoder *self,
                                         gboolean enabled)
{
  self->slow_only = !enabled;
}

const BobbinAssistantsRun *
bobbin_assistants_decoder_get_run (Decoder *self)
{
  return self->run;
}

const BobbinFailure *
bobbin_assistants_decoder_get_failure (Decoder *self)
{
  return self->failure;
}

gboolean
bobbin_assistants_decoder_is_done (Decoder *self)
{
  return self->done;
}

gboolean
bobbin_assistants_decoder_has_message (Decoder *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    if (!((BobbinAssistantsMessage *) self->messages->pdata[i])->hidden)
      return TRUE;

  return FALSE;
}

void
bobbin_assistants_decoder_expect (Decoder    *self,
                                  const char *run_id)
{
  const BobbinUsage unknown = BOBBIN_USAGE_INIT;

  bobbin_assistants_run_free (self->run);
  self->run = g_new0 (BobbinAssistantsRun, 1);
  self->run->id = g_strdup (run_id);
  self->run->status = BOBBIN_ASSISTANTS_OTHER;
  self->run->calls = g_ptr_array_new ();
  self->run->usage = unknown;
}

void
bobbin_assistants_decoder_show_users (Decoder *self)
{
  self->shows_users = TRUE;
}

void
bobbin_assistants_decoder_resume (Decoder *self)
{
  self->done = FALSE;
  if (self->run != NULL)
    self->run->status = BOBBIN_ASSISTANTS_OTHER;
  g_clear_pointer (&self->failure, bobbin_failure_free);
}

void
bobbin_assistants_decoder_finish (Decoder *self)
{
  _bobbin_assistants_messages_finish (self);
}

/* Making events */

BobbinEvent *
_bobbin_assistants_push (Decoder        *self,
                         BobbinEventType type)
{
  BobbinEvent *event = bobbin_event_new (type);

  g_ptr_array_add (self->events, event);

  return event;
}

BobbinEvent *
_bobbin_assistants_push_block (Decoder        *self,
                               const char     *key,
                               BobbinBlockKind kind,
                               BobbinPhase     phase)
{
  BobbinEvent *event = _bobbin_assistants_push (self, BOBBIN_EVENT_BLOCK);

  event->key = g_strdup (key);
  event->kind = kind;
  event->phase = phase;

  return event;
}

void
_bobbin_assistants_push_text (BobbinEvent *event,
                              char        *text,
                              gsize        length)
{
  event->text = text;
  event->text_length = length;
}

void
_bobbin_assistants_push_file (Decoder        *self,
                              const char     *key,
                              BobbinBlockKind kind,
                              const char     *file_id,
                              const char     *name)
{
  BobbinEvent *event = _bobbin_assistants_push_block (self, key, kind, BOBBIN_PHASE_COMPLETE);
  g_autoptr(JsonObject) data = json_object_new ();

  json_object_set_string_member (data, "file_id", file_id);
  if (name != NULL)
    json_object_set_string_member (data, "name", name);
  event->name = g_strdup (name);
  event->data = bobbin_json_object_to_text (data, FALSE);
}

void
bobbin_assistants_decoder_push_unreadable (Decoder *self)
{
  g_return_if_fail (self != NULL);

  if (self->unreadable)
    return;
  self->unreadable = TRUE;
  _bobbin_assistants_push_block (self, "notice:" BOBBIN_NOTICE_UNREADABLE, BOBBIN_BLOCK_NOTICE, BOBBIN_PHASE_COMPLETE)->name =
    g_strdup (BOBBIN_NOTICE_UNREADABLE);
}

/* Runs */

static void
tell_usage (Decoder                   *self,
            const BobbinAssistantsRun *run)
{
  BobbinEvent *event;

  if (run->usage.input_tokens < 0 && run->usage.output_tokens < 0 && run->usage.total_tokens < 0 && run->model == NULL)
    return;

  event = _bobbin_assistants_push (self, BOBBIN_EVENT_USAGE);
  event->usage = run->usage;
  event->model = g_strdup (run->model);
}

/* assistants.md, section 5.2: incomplete is an end with a note. */
static void
tell_cut_off (Decoder                   *self,
              const BobbinAssistantsRun *run)
{
  BobbinEvent *event = _bobbin_assistants_push_block (self, "notice:" BOBBIN_NOTICE_CUT_OFF, BOBBIN_BLOCK_NOTICE,
                                                      BOBBIN_PHASE_COMPLETE);
  g_autoptr(JsonObject) data = json_object_new ();

  if (run->reason != NULL)
    json_object_set_string_member (data, "reason", run->reason);
  event->name = g_strdup (BOBBIN_NOTICE_CUT_OFF);
  event->data = bobbin_json_object_to_text (data, FALSE);
}

static gboolean
take_run (Decoder    *self,
          JsonObject *object)
{
  BobbinAssistantsRun *run = bobbin_assistants_run_parse (object);
  gboolean was_over = self->run != NULL && bobbin_assistants_status_is_terminal (self->run->status);

  if (run == NULL)
    return FALSE;

  if (!self->started && self->run == NULL)
    {
      BobbinEvent *event = _bobbin_assistants_push (self, BOBBIN_EVENT_TURN_STARTED);

      event->model = g_strdup (run->model);
      event->agent_id = g_strdup (run->assistant_id);
    }
  bobbin_assistants_run_free (self->run);
  self->run = run;
  if (run->status == BOBBIN_ASSISTANTS_REQUIRES_ACTION)
    {
      /* Deltas of the message before it may go on after the outputs; calls are whole now. */
      _bobbin_assistants_required (self, run);
    }
  else if (bobbin_assistants_status_is_terminal (run->status) && !was_over)
    {
      if (run->status == BOBBIN_ASSISTANTS_INCOMPLETE)
        tell_cut_off (self, run);
      tell_usage (self, run);
    }

  return TRUE;
}

static void
take_error (Decoder  *self,
            JsonNode *node)
{
  bobbin_failure_free (self->failure);
  self->failure = bobbin_assistants_failure_from_event (node);
}

/* Dispatch */

static gboolean
is_whole_message (JsonObject *object)
{
  const char *status = bobbin_json_get_string (object, "status");
  JsonNode *content = bobbin_json_get_node (object, "content");

  if (g_strcmp0 (status, "in_progress") == 0)
    return FALSE;

  return status != NULL || (content != NULL && (!JSON_NODE_HOLDS_ARRAY (content) ||
                                                json_array_get_length (json_node_get_array (content)) > 0));
}

gboolean
bobbin_assistants_decoder_push_object (Decoder    *self,
                                       JsonObject *object)
{
  const char *kind;

  g_return_val_if_fail (self != NULL && object != NULL, FALSE);

  kind = bobbin_json_get_string (object, "object");
  if (g_strcmp0 (kind, "thread.message.delta") == 0)
    _bobbin_assistants_message_delta (self, object);
  else if (g_strcmp0 (kind, "thread.run.step.delta") == 0)
    _bobbin_assistants_step_delta (self, object);
  else if (g_strcmp0 (kind, "thread.run.step") == 0)
    _bobbin_assistants_step (self, object);
  else if (g_strcmp0 (kind, "thread.message") == 0 && is_whole_message (object))
    _bobbin_assistants_message_ended (self, object);
  else if (g_strcmp0 (kind, "thread.message") == 0)
    _bobbin_assistants_message_begun (self, object);
  else if (g_strcmp0 (kind, "thread.run") == 0)
    return take_run (self, object);
  else
    return FALSE;

  return TRUE;
}

static void
take_thread (Decoder    *self,
             JsonObject *object)
{
  char *id = bobbin_json_dup_text (object, "id");

  if (id == NULL || *id == '\0')
    g_free (id);
  else
    _bobbin_assistants_push (self, BOBBIN_EVENT_THREAD_ID)->thread_id = id;
}

static void
dispatch (Decoder    *self,
          const char *name,
          JsonObject *object)
{
  if (strcmp (name, "thread.created") == 0)
    take_thread (self, object);
  else if (strcmp (name, "thread.run.step.delta") == 0)
    _bobbin_assistants_step_delta (self, object);
  else if (g_str_has_prefix (name, "thread.run.step."))
    _bobbin_assistants_step (self, object);
  else if (g_str_has_prefix (name, "thread.run."))
    take_run (self, object);
  else if (strcmp (name, "thread.message.delta") == 0)
    _bobbin_assistants_message_delta (self, object);
  else if (strcmp (name, "thread.message.completed") == 0 || strcmp (name, "thread.message.incomplete") == 0)
    _bobbin_assistants_message_ended (self, object);
  else if (g_str_has_prefix (name, "thread.message."))
    _bobbin_assistants_message_begun (self, object);
  else
    g_debug ("An event of the unknown name %.60s", name);
}

/* assistants.md, section 5.1: without a name there may be an envelope (Astra), else the object tells. */
static void
dispatch_nameless (Decoder  *self,
                   JsonNode *root)
{
  JsonObject *object = json_node_get_object (root);
  const char *name = bobbin_json_get_string (object, "event");
  JsonNode *data = bobbin_json_get_node (object, "data");

  if (name != NULL && g_strcmp0 (name, "done") == 0)
    self->done = TRUE;
  else if (name != NULL && g_strcmp0 (name, "error") == 0)
    take_error (self, data != NULL ? data : root);
  else if (name != NULL && data != NULL && JSON_NODE_HOLDS_OBJECT (data))
    dispatch (self, name, json_node_get_object (data));
  else if (bobbin_json_get_node (object, "error") != NULL && bobbin_json_get_string (object, "object") == NULL)
    take_error (self, root);
  else if (!bobbin_assistants_decoder_push_object (self, object))
    g_debug ("An event without a name, of an unknown object");
}

static gboolean
is_done (const char *name,
         const char *data)
{
  return g_strcmp0 (name, "done") == 0 || g_str_has_prefix (data + strspn (data, " \t"), "[DONE]");
}

gboolean
bobbin_assistants_decoder_push_event (Decoder    *self,
                                      const char *name,
                                      const char *data,
                                      gssize      length,
                                      GError    **error)
{
  gsize n_bytes;
  BobbinAssistantsDelta delta;
  g_autoptr(JsonNode) root = NULL;

  g_return_val_if_fail (self != NULL && data != NULL, FALSE);

  n_bytes = length < 0 ? strlen (data) : (gsize) length;

  /* "message" is what SSE calls an event without a name. */
  if (name != NULL && (*name == '\0' || strcmp (name, "message") == 0))
    name = NULL;
  if (!self->slow_only && (name == NULL || strcmp (name, "thread.message.delta") == 0) &&
      bobbin_assistants_scan_delta (data, n_bytes, &delta))
    {
      _bobbin_assistants_text_delta (self, delta.message_id, delta.message_id_length, delta.index, delta.text, delta.length);
      return TRUE;
    }
  if (is_done (name, data))
    {
      self->done = TRUE;
      return TRUE;
    }

  root = bobbin_json_parse (data, (gssize) n_bytes, g_strcmp0 (name, "error") == 0 ? NULL : error);
  if (g_strcmp0 (name, "error") == 0)
    {
      g_autoptr(JsonNode) words = root != NULL ? NULL : json_node_init_string (json_node_alloc (), data);

      take_error (self, root != NULL ? root : words);
      return TRUE;
    }
  if (root == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "An event that is no object");
      return FALSE;
    }
  if (name != NULL)
    dispatch (self, name, json_node_get_object (root));
  else
    dispatch_nameless (self, root);

  return TRUE;
}
