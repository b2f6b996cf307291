/* Tool calls: from the deltas of run steps, from whole steps, and from a run that requires action (assistants.md, sections 4.4,
 * 5.3 and 8). The same call may be told by all three. */
#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-decoder-private.h"

#include "util/bobbin-json.h"

#include <string.h>

typedef BobbinAssistantsDecoder Decoder;
typedef BobbinAssistantsCallState Call;

/* The input of a call and its logs, each. */
#define MAX_CALL_TEXT (4 * 1024 * 1024)

void
_bobbin_assistants_call_free (gpointer data)
{
  Call *call = data;

  g_free (call->key);
  g_free (call->call_id);
  g_free (call->type);
  g_free (call->name);
  g_string_free (call->input, TRUE);
  g_string_free (call->logs, TRUE);
  g_free (call);
}

/* (nullable): NULL when there are too many. @call_id: (nullable). */
static Call *
get_call (Decoder    *self,
          const char *key,
          const char *call_id)
{
  Call *call = call_id != NULL ? g_hash_table_lookup (self->by_call, call_id) : NULL;

  if (call == NULL)
    call = g_hash_table_lookup (self->by_key, key);
  /* The place is taken by another call. */
  if (call != NULL && call_id != NULL && call->call_id != NULL && strcmp (call->call_id, call_id) != 0)
    call = NULL;
  if (call == NULL)
    {
      if (self->calls->len >= BOBBIN_ASSISTANTS_MAX_CALLS)
        return NULL;
      call = g_new0 (Call, 1);
      call->key = g_hash_table_contains (self->by_key, key) ? g_strdup_printf ("%s/%s", key, call_id) : g_strdup (key);
      call->input = g_string_new (NULL);
      call->logs = g_string_new (NULL);
      g_ptr_array_add (self->calls, call);
      g_hash_table_replace (self->by_key, call->key, call);
    }
  if (call->call_id == NULL && call_id != NULL)
    {
      call->call_id = g_strdup (call_id);
      g_hash_table_replace (self->by_call, call->call_id, call);
    }

  return call;
}

static void
append (GString    *text,
        const char *more)
{
  if (more != NULL && text->len + strlen (more) <= MAX_CALL_TEXT)
    g_string_append (text, more);
}

static void
tell_call (Decoder    *self,
           Call       *call,
           BobbinPhase phase)
{
  BobbinEvent *event = _bobbin_assistants_push_block (self, call->key, BOBBIN_BLOCK_TOOL_CALL, phase);

  event->call_id = g_strdup (call->call_id);
  event->name = g_strdup (call->name != NULL ? call->name : call->type);
  if (call->input->len > 0)
    event->data = g_strndup (call->input->str, call->input->len);
  call->told = call->input->len;
  call->started = TRUE;
  self->started = TRUE;
}

/* Whole again each time: so only when it has grown enough that the sum stays linear. */
static void
tell_growth (Decoder *self,
             Call    *call)
{
  if (call->complete || (call->name == NULL && call->type == NULL))
    return;
  if (!call->started)
    tell_call (self, call, BOBBIN_PHASE_START);
  else if (call->input->len > call->told + MAX (call->told / 4, 48))
    tell_call (self, call, BOBBIN_PHASE_DELTA);
}

static void
complete_call (Decoder *self,
               Call    *call)
{
  if (call->complete)
    return;
  call->complete = TRUE;
  tell_call (self, call, BOBBIN_PHASE_COMPLETE);
}

/* @result: (transfer full) (nullable). */
static void
answer_call (Decoder *self,
             Call    *call,
             char    *result,
             gboolean is_error)
{
  BobbinEvent *event;

  if (call->answered)
    {
      g_free (result);
      return;
    }
  event = _bobbin_assistants_push_block (self, call->key, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE);
  event->call_id = g_strdup (call->call_id);
  event->name = g_strdup (call->name != NULL ? call->name : call->type);
  event->is_result = TRUE;
  event->is_error = is_error;
  event->result = result;
  call->answered = TRUE;
}

static void
take_name (Call       *call,
           JsonObject *object)
{
  const char *type = bobbin_json_get_string (object, "type");
  JsonObject *function = bobbin_json_get_object (object, "function");
  const char *name = function != NULL ? bobbin_json_get_string (function, "name") : NULL;

  if (call->type == NULL)
    call->type = g_strdup (type != NULL ? type : function != NULL ? "function" : NULL);
  if (call->name == NULL && name != NULL)
    call->name = g_strdup (name);
}

static void
take_outputs (Decoder   *self,
              Call      *call,
              JsonArray *outputs,
              gboolean   delta)
{
  guint n_images = 0;

  for (guint i = 0; outputs != NULL && i < json_array_get_length (outputs); i++)
    {
      JsonNode *node = json_array_get_element (outputs, i);
      JsonObject *output = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *image = output != NULL ? bobbin_json_get_object (output, "image") : NULL;
      const char *file_id = image != NULL ? bobbin_json_get_string (image, "file_id") : NULL;

      if (output == NULL)
        continue;
      append (call->logs, bobbin_json_get_string (output, "logs"));
      if (file_id == NULL)
        continue;
      /* A whole step tells again what its deltas told. */
      if (delta || ++n_images > call->n_images)
        {
          g_autofree char *key = g_strdup_printf ("%s/image/%s", call->key, file_id);

          _bobbin_assistants_push_file (self, key, BOBBIN_BLOCK_IMAGE, file_id, NULL);
          if (delta)
            call->n_images++;
        }
    }
}

/* Deltas */

static void
call_delta (Decoder    *self,
            const char *step_id,
            JsonObject *object,
            guint       position)
{
  gint64 index = bobbin_json_get_int (object, "index", position);
  g_autofree char *key = g_strdup_printf ("%s/%" G_GINT64_FORMAT, step_id, index);
  const char *call_id = bobbin_json_get_string (object, "id");
  JsonObject *function = bobbin_json_get_object (object, "function");
  JsonObject *code = bobbin_json_get_object (object, "code_interpreter");
  Call *call = get_call (self, key, call_id != NULL && *call_id != '\0' ? call_id : NULL);

  if (call == NULL || call->complete)
    return;
  take_name (call, object);
  if (function != NULL)
    append (call->input, bobbin_json_get_string (function, "arguments"));
  if (code != NULL)
    append (call->input, bobbin_json_get_string (code, "input"));
  tell_growth (self, call);
  if (code != NULL)
    take_outputs (self, call, bobbin_json_get_array (code, "outputs"), TRUE);
}

static JsonArray *
get_calls (JsonObject *step)
{
  JsonObject *details = bobbin_json_get_object (step, "step_details");

  return details != NULL ? bobbin_json_get_array (details, "tool_calls") : NULL;
}

void
_bobbin_assistants_step_delta (Decoder    *self,
                               JsonObject *object)
{
  g_autofree char *id = bobbin_json_dup_text (object, "id");
  JsonObject *delta = bobbin_json_get_object (object, "delta");
  JsonArray *calls = delta != NULL ? get_calls (delta) : NULL;

  for (guint i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    {
      JsonNode *node = json_array_get_element (calls, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        call_delta (self, id != NULL ? id : "step", json_node_get_object (node), i);
    }
}

/* Whole steps */

static char *
dup_search_results (JsonObject *search)
{
  JsonNode *results = search != NULL ? bobbin_json_get_node (search, "results") : NULL;

  return results != NULL ? bobbin_json_to_text (results, FALSE) : NULL;
}

static void
set_input (Call       *call,
           const char *input)
{
  if (input == NULL || call->complete || strlen (input) > MAX_CALL_TEXT)
    return;
  g_string_assign (call->input, input);
}

static void
whole_call (Decoder    *self,
            const char *step_id,
            JsonObject *object,
            guint       position,
            gboolean    over,
            gboolean    failed)
{
  g_autofree char *key = g_strdup_printf ("%s/%u", step_id, position);
  const char *call_id = bobbin_json_get_string (object, "id");
  JsonObject *function = bobbin_json_get_object (object, "function");
  JsonObject *code = bobbin_json_get_object (object, "code_interpreter");
  Call *call = get_call (self, key, call_id != NULL && *call_id != '\0' ? call_id : NULL);
  char *result = NULL;

  if (call == NULL || call->answered)
    return;
  take_name (call, object);
  if (function != NULL)
    set_input (call, bobbin_json_get_string (function, "arguments"));
  if (code != NULL)
    set_input (call, bobbin_json_get_string (code, "input"));
  if (!over)
    {
      tell_growth (self, call);
      return;
    }

  complete_call (self, call);
  if (code != NULL)
    {
      g_string_truncate (call->logs, 0);
      take_outputs (self, call, bobbin_json_get_array (code, "outputs"), FALSE);
    }
  if (function != NULL)
    result = bobbin_json_dup_text (function, "output");
  else if (call->logs->len > 0)
    result = g_strndup (call->logs->str, call->logs->len);
  else
    result = dup_search_results (bobbin_json_get_object (object, "file_search"));
  answer_call (self, call, result, failed);
}

void
_bobbin_assistants_step (Decoder    *self,
                         JsonObject *step)
{
  g_autofree char *id = bobbin_json_dup_text (step, "id");
  const char *status = bobbin_json_get_string (step, "status");
  JsonArray *calls = get_calls (step);
  gboolean completed = g_strcmp0 (status, "completed") == 0;
  gboolean failed = g_strcmp0 (status, "failed") == 0 || g_strcmp0 (status, "cancelled") == 0 ||
                    g_strcmp0 (status, "expired") == 0;

  for (guint i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    {
      JsonNode *node = json_array_get_element (calls, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        whole_call (self, id != NULL ? id : "step", json_node_get_object (node), i, completed || failed, failed);
    }
}

/* Required action */

void
_bobbin_assistants_required (Decoder                   *self,
                             const BobbinAssistantsRun *run)
{
  for (guint i = 0; i < run->calls->len; i++)
    {
      const BobbinAssistantsCall *required = run->calls->pdata[i];
      g_autofree char *key = g_strdup_printf ("%s/%s", run->id, required->call_id);
      Call *call = get_call (self, key, required->call_id);

      if (call == NULL || call->complete)
        continue;
      if (call->name == NULL)
        call->name = g_strdup (required->name);
      set_input (call, required->arguments);
      complete_call (self, call);
    }
}
