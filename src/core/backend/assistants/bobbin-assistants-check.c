/* The last two steps of the connection doctor. AUTH lists one assistant; a server that needs no key passes, too. STREAM asks for the
 * account's assistant: a run would cost the person something, and nothing less streams. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-private.h"

#include "util/bobbin-json.h"

typedef struct
{
  BobbinCheck step;
} Check;

static void
explain (BobbinFailure *failure,
         BobbinCheck    step)
{
  if (failure->http_status != 404)
    return;

  g_free (failure->detail);
  failure->detail = g_strdup (step == BOBBIN_CHECK_AUTH
                              ? "The server has no assistants at this address. It may have to end in /v1; "
                                "api.openai.com has offered none since August 2026"
                              : "The server does not know the assistant of this account");
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Check *check = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root == NULL && failure == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    }
  else if (failure != NULL)
    {
      explain (failure, check->step);
      g_task_return_error (task, bobbin_failure_to_error (failure));
    }
  else if (check->step == BOBBIN_CHECK_AUTH ? _bobbin_assistants_get_list (root) == NULL : !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "This is no server of assistants: check the address");
    }
  else
    {
      g_task_return_boolean (task, TRUE);
    }
}

void
_bobbin_assistants_check_async (BobbinAssistantsBackend *self,
                                BobbinCheck              step,
                                const char              *agent_id,
                                GCancellable            *cancellable,
                                GAsyncReadyCallback      callback,
                                gpointer                 user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(BobbinFailure) failure = _bobbin_assistants_check_account (self);
  g_autofree char *path = NULL;
  Check *check = g_new0 (Check, 1);

  check->step = step;
  g_task_set_source_tag (task, _bobbin_assistants_check_async);
  g_task_set_task_data (task, check, g_free);
  if (failure != NULL)
    {
      g_task_return_error (task, bobbin_failure_to_error (failure));
      return;
    }
  if (step == BOBBIN_CHECK_STREAM && (agent_id == NULL || *agent_id == '\0'))
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "no assistant is chosen yet");
      return;
    }

  path = step == BOBBIN_CHECK_AUTH ? g_strdup ("/assistants?limit=1&order=desc") : _bobbin_assistants_path ("assistants", agent_id, NULL);
  _bobbin_assistants_call (self, "GET", path, NULL, cancellable, answered_cb, g_steal_pointer (&task));
}

gboolean
_bobbin_assistants_check_finish (BobbinAssistantsBackend *self,
                                 GAsyncResult            *result,
                                 GError                 **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
