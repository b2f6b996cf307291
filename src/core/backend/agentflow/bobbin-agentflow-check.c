/* The doctor's last two steps on an AgentFlow server. "/ping" never asks for a key, so it proves only that something answers; the
 * description of the graph asks for one where the server has keys (agentflow.md, section 1). */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "util/bobbin-json.h"

typedef struct
{
  BobbinCheck   step;
  GCancellable *cancellable; /* (nullable) */
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_clear_object (&check->cancellable);
  g_free (check);
}

static void
return_failure (GTask         *task,
                BobbinFailure *failure)
{
  if (failure == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  else
    g_task_return_error (task, bobbin_failure_to_error (failure));
}

static void
learned_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (source);
  g_autoptr(BobbinFailure) failure = NULL;

  if (!_bobbin_agentflow_learn_finish (self, result, &failure))
    return_failure (task, failure);
  else if (self->features.voice_only)
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "This agent can only be talked to by voice");
  else
    g_task_return_boolean (task, TRUE);
}

static void
pinged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Check *check = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root == NULL)
    return_failure (task, failure);
  else
    _bobbin_agentflow_learn_async (BOBBIN_AGENTFLOW_BACKEND (source), TRUE, check->cancellable, learned_cb, g_steal_pointer (&task));
}

void
_bobbin_agentflow_check_async (BobbinAgentflowBackend *self,
                               BobbinCheck             step,
                               GCancellable           *cancellable,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  Check *check = g_new0 (Check, 1);

  check->step = step;
  check->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, _bobbin_agentflow_check_async);
  g_task_set_task_data (task, check, check_free);
  if (step == BOBBIN_CHECK_STREAM)
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "the first message will tell");
  else
    _bobbin_agentflow_call_async (self, "GET", g_strdup ("/ping"), NULL, cancellable, pinged_cb, g_steal_pointer (&task));
}

gboolean
_bobbin_agentflow_check_finish (BobbinAgentflowBackend *self,
                                GAsyncResult           *result,
                                GError                **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
