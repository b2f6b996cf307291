/* The last two steps of the connection doctor for Nebelus.
 *
 * AUTH asks for the chat address without sending a turn. 401 and 403 refuse the key, and 2xx takes it. Anything else, such as
 * that GET is not for this address, may have been said without a look at the key: then the same is asked without one, and only
 * a server that refuses that has shown that it looks. STREAM opens the WebSocket and waits for its greeting. An account set to
 * SSE, or one that falls back to it here, has no such thing: there the address must at least exist. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-private.h"

#include "wire/bobbin-nebelus-errors.h"

#define MAX_ANSWER (64 * 1024)

typedef struct
{
  BobbinCheck          step;
  BobbinTransport      transport;
  BobbinNebelusTarget  target;
  BobbinHttpRequest   *request;
  gboolean             keyless;  /* asked once more without the key */
  BobbinChannel       *channel;
  GCancellable        *cancellable;
  gulong               cancelled_id;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  if (check->cancelled_id != 0)
    g_cancellable_disconnect (check->cancellable, check->cancelled_id);
  g_clear_object (&check->cancellable);
  g_clear_object (&check->request);
  g_clear_object (&check->channel);
  _bobbin_nebelus_target_clear (&check->target);
  g_free (check);
}

static gboolean
is_refusal (const Check         *check,
            guint                status,
            const BobbinFailure *failure)
{
  if (failure->code == BOBBIN_ERROR_AUTH || failure->code == BOBBIN_ERROR_FORBIDDEN || status >= 500)
    return TRUE;

  return check->step == BOBBIN_CHECK_STREAM && status == 404;
}

static void ask (BobbinNebelusBackend *backend, GTask *task);

static gboolean
is_page (const Check *check,
         guint        status)
{
  return status < 300 && g_strcmp0 (bobbin_http_request_get_answer_type (check->request), "text/html") == 0;
}

static void
answered_keyless_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  Check *check = g_task_get_task_data (task);
  guint status = bobbin_http_request_get_status (check->request);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (body != NULL && (status == 401 || status == 403))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "%s",
                             check->transport == BOBBIN_TRANSPORT_SSE ? "the first message will tell" : "told by the next step");
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  g_autoptr(BobbinFailure) failure = NULL;
  Check *check = g_task_get_task_data (task);
  guint status = bobbin_http_request_get_status (check->request);

  if (body == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (status >= 400)
    failure = bobbin_nebelus_failure_from_http (status, NULL, g_bytes_get_data (body, NULL), g_bytes_get_size (body), 0);
  if (failure != NULL && is_refusal (check, status, failure))
    g_task_return_error (task, bobbin_failure_to_error (failure));
  else if (is_page (check, status))
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "The server answers with a web page: check the address");
  else if (check->step == BOBBIN_CHECK_AUTH && status >= 300)
    {
      check->keyless = TRUE;
      ask (check->target.backend, g_steal_pointer (&task));
    }
  else
    g_task_return_boolean (task, TRUE);
}

/* @task: (transfer full). */
static void
ask (BobbinNebelusBackend *backend,
     GTask                *task)
{
  Check *check = g_task_get_task_data (task);
  g_autofree char *url = _bobbin_nebelus_target_dup_chat_url (&check->target);
  char *authorization = check->keyless ? NULL : _bobbin_nebelus_backend_dup_authorization (backend, FALSE);

  g_clear_object (&check->request);
  check->request = bobbin_http_request_new ("GET", url);
  if (authorization != NULL)
    bobbin_http_request_set_header (check->request, "Authorization", authorization);
  bobbin_http_request_set_header (check->request, "Accept", "text/event-stream");
  _bobbin_nebelus_wipe (authorization);
  bobbin_http_call_async (_bobbin_nebelus_backend_get_http (backend), check->request, MAX_ANSWER, check->cancellable,
                          check->keyless ? answered_keyless_cb : answered_cb, task);
}

static void
channel_event_cb (BobbinChannel *channel,
                  BobbinEvent   *event,
                  GTask         *task)
{
  if (event->type != BOBBIN_EVENT_READY && event->type != BOBBIN_EVENT_CLOSED)
    return;

  g_signal_handlers_disconnect_by_data (channel, task);
  if (event->type == BOBBIN_EVENT_READY)
    {
      gboolean is_sse = g_strcmp0 (bobbin_channel_get_transport (channel), "sse") == 0;

      bobbin_channel_close (channel);
      if (is_sse)
        {
          ask (g_task_get_source_object (task), task);
          return;
        }
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, bobbin_failure_to_error (event->failure));
  g_object_unref (task);
}

static gboolean
cancel_channel_cb (gpointer user_data)
{
  GTask *task = user_data;
  Check *check = g_task_get_task_data (task);

  if (!g_task_get_completed (task) && g_signal_handlers_disconnect_by_data (check->channel, task) > 0)
    {
      bobbin_channel_close (check->channel);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      g_object_unref (task);
    }

  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  /* Not from inside the cancellation: a callback may drop the cancellable. */
  g_idle_add_full (G_PRIORITY_DEFAULT, cancel_channel_cb, g_object_ref (user_data), g_object_unref);
}

/* @task: (transfer full), as ask(). */
static void
greet (BobbinNebelusBackend *backend,
       GTask                *task)
{
  Check *check = g_task_get_task_data (task);

  check->channel = check->transport == BOBBIN_TRANSPORT_AUTO
                   ? _bobbin_nebelus_auto_channel_new (backend, check->target.agent_id, NULL)
                   : _bobbin_nebelus_ws_channel_new (backend, check->target.agent_id, NULL);
  g_signal_connect (check->channel, "event", G_CALLBACK (channel_event_cb), task);
  if (check->cancellable != NULL)
    check->cancelled_id = g_cancellable_connect (check->cancellable, G_CALLBACK (cancelled_cb), task, NULL);
  bobbin_channel_start (check->channel);
}

void
_bobbin_nebelus_check_async (BobbinNebelusBackend *backend,
                             BobbinCheck           step,
                             const char           *agent_id,
                             BobbinTransport       transport,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (backend, NULL, callback, user_data);
  g_autoptr(BobbinFailure) failure = NULL;
  Check *check = g_new0 (Check, 1);

  check->step = step;
  check->transport = transport;
  check->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  _bobbin_nebelus_target_init (&check->target, backend, agent_id, NULL);
  g_task_set_source_tag (task, _bobbin_nebelus_check_async);
  g_task_set_task_data (task, check, check_free);

  failure = _bobbin_nebelus_target_check (&check->target);
  if (failure != NULL)
    g_task_return_error (task, bobbin_failure_to_error (failure));
  else if (step == BOBBIN_CHECK_STREAM && transport != BOBBIN_TRANSPORT_SSE)
    greet (backend, g_steal_pointer (&task));
  else
    ask (backend, g_steal_pointer (&task));
}

gboolean
_bobbin_nebelus_check_finish (BobbinNebelusBackend *backend,
                              GAsyncResult         *result,
                              GError              **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
