#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-run.h"

#include "util/bobbin-json.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-assistants-errors.h"

/* A server must not make us hold more calls than a person can answer. */
#define MAX_CALLS 128

static const char *const statuses[] = {
  [BOBBIN_ASSISTANTS_QUEUED] = "queued",
  [BOBBIN_ASSISTANTS_IN_PROGRESS] = "in_progress",
  [BOBBIN_ASSISTANTS_REQUIRES_ACTION] = "requires_action",
  [BOBBIN_ASSISTANTS_CANCELLING] = "cancelling",
  [BOBBIN_ASSISTANTS_CANCELLED] = "cancelled",
  [BOBBIN_ASSISTANTS_COMPLETED] = "completed",
  [BOBBIN_ASSISTANTS_INCOMPLETE] = "incomplete",
  [BOBBIN_ASSISTANTS_FAILED] = "failed",
  [BOBBIN_ASSISTANTS_EXPIRED] = "expired",
};

gboolean
bobbin_assistants_status_is_terminal (BobbinAssistantsStatus status)
{
  return status >= BOBBIN_ASSISTANTS_CANCELLED && status <= BOBBIN_ASSISTANTS_EXPIRED;
}

static BobbinAssistantsStatus
parse_status (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_strcmp0 (word, statuses[i]) == 0)
      return (BobbinAssistantsStatus) i;

  return BOBBIN_ASSISTANTS_OTHER;
}

static void
call_free (gpointer data)
{
  BobbinAssistantsCall *call = data;

  g_free (call->call_id);
  g_free (call->name);
  g_free (call->arguments);
  g_free (call);
}

static void
add_call (GPtrArray  *calls,
          JsonObject *object)
{
  JsonObject *function = bobbin_json_get_object (object, "function");
  g_autofree char *id = bobbin_json_dup_text (object, "id");
  const char *type = bobbin_json_get_string (object, "type");
  BobbinAssistantsCall *call;

  if (id == NULL || *id == '\0')
    return;

  call = g_new0 (BobbinAssistantsCall, 1);
  call->call_id = g_steal_pointer (&id);
  call->is_function = function != NULL && (type == NULL || g_strcmp0 (type, "function") == 0);
  call->name = g_strdup (function != NULL ? bobbin_json_get_string (function, "name") : type);
  if (function != NULL)
    {
      JsonNode *arguments = bobbin_json_get_node (function, "arguments");

      /* JSON text; some servers put the object itself there. */
      if (arguments != NULL && JSON_NODE_HOLDS_VALUE (arguments))
        call->arguments = bobbin_json_dup_text (function, "arguments");
      else if (arguments != NULL)
        call->arguments = bobbin_json_to_text (arguments, FALSE);
    }
  g_ptr_array_add (calls, call);
}

static GPtrArray *
parse_calls (JsonObject *object)
{
  GPtrArray *calls = g_ptr_array_new_with_free_func (call_free);
  JsonObject *action = bobbin_json_get_object (object, "required_action");
  JsonObject *submit = action != NULL ? bobbin_json_get_object (action, "submit_tool_outputs") : NULL;
  JsonArray *list = submit != NULL ? bobbin_json_get_array (submit, "tool_calls") : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list) && calls->len < MAX_CALLS; i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_call (calls, json_node_get_object (node));
    }

  return calls;
}

static void
parse_usage (JsonObject  *object,
             BobbinUsage *usage)
{
  JsonObject *told = bobbin_json_get_object (object, "usage");

  if (told == NULL)
    return;
  usage->input_tokens = bobbin_json_get_int (told, "prompt_tokens", -1);
  usage->output_tokens = bobbin_json_get_int (told, "completion_tokens", -1);
  usage->total_tokens = bobbin_json_get_int (told, "total_tokens", -1);
}

BobbinAssistantsRun *
bobbin_assistants_run_parse (JsonObject *object)
{
  const BobbinUsage unknown = BOBBIN_USAGE_INIT;
  g_autofree char *id = bobbin_json_dup_text (object, "id");
  const char *status = bobbin_json_get_string (object, "status");
  JsonObject *details = bobbin_json_get_object (object, "incomplete_details");
  BobbinAssistantsRun *self;

  if (id == NULL || *id == '\0' || status == NULL)
    return NULL;

  self = g_new0 (BobbinAssistantsRun, 1);
  self->id = g_steal_pointer (&id);
  self->thread_id = bobbin_json_dup_text (object, "thread_id");
  self->assistant_id = bobbin_json_dup_text (object, "assistant_id");
  self->model = g_strdup (bobbin_json_get_string (object, "model"));
  self->reason = details != NULL ? g_strdup (bobbin_json_get_string (details, "reason")) : NULL;
  self->status = parse_status (status);
  self->created_us = bobbin_time_get (object, "created_at", 0);
  self->expires_us = bobbin_time_get (object, "expires_at", 0);
  self->calls = parse_calls (object);
  self->usage = unknown;
  parse_usage (object, &self->usage);
  if (self->status == BOBBIN_ASSISTANTS_FAILED)
    self->failure = bobbin_assistants_failure_from_run (bobbin_json_get_object (object, "last_error"));
  else if (self->status == BOBBIN_ASSISTANTS_EXPIRED)
    self->failure = bobbin_failure_new (BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_ACCEPTED,
                                        "The run expired before it was finished");

  return self;
}

void
bobbin_assistants_run_free (BobbinAssistantsRun *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->thread_id);
  g_free (self->assistant_id);
  g_free (self->model);
  g_free (self->reason);
  g_ptr_array_unref (self->calls);
  bobbin_failure_free (self->failure);
  g_free (self);
}
