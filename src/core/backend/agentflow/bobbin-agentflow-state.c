/* The state of an AgentFlow thread and its schema (agentflow.md, section 5). */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-encoder.h"

typedef struct
{
  char         *thread_id;
  GCancellable *cancellable; /* (nullable) */
} Get;

static void
get_free (gpointer data)
{
  Get *get = data;

  g_free (get->thread_id);
  g_clear_object (&get->cancellable);
  g_free (get);
}

static void
return_object (GTask      *task,
               JsonObject *object)
{
  g_task_return_pointer (task, object != NULL ? bobbin_json_object_to_text (object, FALSE) : g_strdup ("{}"), g_free);
}

static JsonObject *
state_of (JsonNode *root)
{
  JsonNode *data = _bobbin_agentflow_get_data (root);

  return data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? bobbin_json_get_object (json_node_get_object (data), "state") : NULL;
}

static void
got_state_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);

  if (root == NULL)
    g_task_return_error (task, error);
  else
    return_object (task, state_of (root));
}

static void
got_schema_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);
  JsonNode *data = root != NULL ? _bobbin_agentflow_get_data (root) : NULL;

  /* A server without it is one that accepts what it accepts. */
  if (root == NULL && (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND) ||
                       g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED)))
    {
      g_clear_error (&error);
      return_object (task, NULL);
    }
  else if (root == NULL)
    g_task_return_error (task, error);
  else
    return_object (task, data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? json_node_get_object (data) : NULL);
}

static GTask *
task_new (BobbinAgentflowBackend *self,
          gpointer                tag,
          const char             *thread_id,
          GCancellable           *cancellable,
          GAsyncReadyCallback     callback,
          gpointer                user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Get *get = g_new0 (Get, 1);

  get->thread_id = g_strdup (thread_id);
  get->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, get, get_free);

  return task;
}

static void
get_state (BobbinAgentflowBackend *self,
           GTask                  *task)
{
  Get *get = g_task_get_task_data (task);

  _bobbin_agentflow_call_async (self, "GET", _bobbin_agentflow_thread_path (get->thread_id, "/state"), NULL, get->cancellable,
                                got_state_cb, task);
}

static void
not_supported (GTask *task)
{
  g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "AgentFlow keeps a state, and no metadata that could be set");
  g_object_unref (task);
}

static void
agentflow_get_async (BobbinThreadState     *state,
                     const char            *thread_id,
                     BobbinThreadStateKind  what,
                     GCancellable          *cancellable,
                     GAsyncReadyCallback    callback,
                     gpointer               user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (state);
  GTask *task = task_new (self, agentflow_get_async, thread_id, cancellable, callback, user_data);

  switch (what)
    {
    case BOBBIN_THREAD_STATE_STATE:
      get_state (self, task);
      break;
    case BOBBIN_THREAD_STATE_SCHEMA:
      _bobbin_agentflow_call_async (self, "GET", g_strdup ("/v1/graph:StateSchema"), NULL, cancellable, got_schema_cb, task);
      break;
    case BOBBIN_THREAD_STATE_METADATA:
    case BOBBIN_THREAD_STATE_METADATA_SCHEMA:
    case BOBBIN_THREAD_STATE_MESSAGE:
    default:
      not_supported (task);
    }
}

static char *
agentflow_text_finish (BobbinThreadState  *state,
                       GAsyncResult       *result,
                       GError            **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
put_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);

  if (root == NULL)
    g_task_return_error (task, error);
  else if (state_of (root) != NULL)
    return_object (task, state_of (root));
  else /* section 13: some answer only that it was done */
    get_state (BOBBIN_AGENTFLOW_BACKEND (source), g_steal_pointer (&task));
}

static void
agentflow_set_async (BobbinThreadState     *state,
                     const char            *thread_id,
                     BobbinThreadStateKind  what,
                     const char            *json,
                     GCancellable          *cancellable,
                     GAsyncReadyCallback    callback,
                     gpointer               user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (state);
  g_autofree char *body = bobbin_agentflow_encode_state (json);
  GTask *task = task_new (self, agentflow_set_async, thread_id, cancellable, callback, user_data);

  if (what == BOBBIN_THREAD_STATE_STATE)
    _bobbin_agentflow_call_async (self, "PUT", _bobbin_agentflow_thread_path (thread_id, "/state"), body, cancellable, put_cb, task);
  else
    not_supported (task);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);

  if (root != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
agentflow_clear_async (BobbinThreadState   *state,
                       const char          *thread_id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (state);

  _bobbin_agentflow_call_async (self, "DELETE", _bobbin_agentflow_thread_path (thread_id, "/state"), NULL, cancellable, cleared_cb,
                                task_new (self, agentflow_clear_async, thread_id, cancellable, callback, user_data));
}

static gboolean
agentflow_clear_finish (BobbinThreadState  *state,
                        GAsyncResult       *result,
                        GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
_bobbin_agentflow_state_iface_init (BobbinThreadStateInterface *iface)
{
  iface->get_async = agentflow_get_async;
  iface->get_finish = agentflow_text_finish;
  iface->set_async = agentflow_set_async;
  iface->set_finish = agentflow_text_finish;
  iface->clear_async = agentflow_clear_async;
  iface->clear_finish = agentflow_clear_finish;
}
