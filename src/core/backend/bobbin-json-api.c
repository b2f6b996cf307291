#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/bobbin-json-api.h"

#include "util/bobbin-clock.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <string.h>

typedef struct
{
  const BobbinJsonApi *api;
  /* owned */
  GObject             *service;
  BobbinHttp          *http;
  char                *method;
  char                *path;    /* NULL: the request was given */
  char                *body;
  BobbinHttpRequest   *request;
  GCancellable        *cancellable; /* (nullable) */
  BobbinFailure       *failure; /* the result, when there is one */
  guint                timer;
  gulong               cancelled_id;
  guint                rate_waits;
  guint                repeats;
} Call;

static void attempt (GTask *task);

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->service);
  g_clear_object (&call->http);
  g_clear_object (&call->request);
  g_clear_object (&call->cancellable);
  bobbin_failure_free (call->failure);
  g_free (call->method);
  g_free (call->path);
  g_free (call->body);
  g_free (call);
}

/* @failure: (transfer full). */
static void
fail (GTask         *task,
      BobbinFailure *failure)
{
  Call *call = g_task_get_task_data (task);

  call->failure = failure;
  g_task_return_pointer (task, NULL, NULL);
}

static gboolean
is_method (Call       *call,
           const char *method)
{
  return g_str_equal (call->method, method);
}

/* Milliseconds to wait before the same call is made again; -1: it is not. */
static gint64
get_wait_ms (Call                *call,
             const BobbinFailure *failure)
{
  gboolean faulty = failure->http_status == 500 || failure->http_status == 502 || failure->http_status == 503 ||
                    failure->http_status == 504;

  if (call->path == NULL)
    return -1;
  if (is_method (call, "GET") && failure->code == BOBBIN_ERROR_RATE_LIMITED && call->rate_waits == 0 &&
      failure->retry_after_ms >= 0 && failure->retry_after_ms <= BOBBIN_JSON_API_WAIT_MS)
    {
      call->rate_waits++;
      return MAX (failure->retry_after_ms, 100);
    }
  if ((is_method (call, "GET") || is_method (call, "DELETE")) && faulty && call->repeats < call->api->repeats)
    return 1000 << call->repeats++;

  return -1;
}

static gboolean
wait_over_cb (gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);

  call->timer = 0;
  if (call->cancelled_id != 0)
    g_cancellable_disconnect (call->cancellable, call->cancelled_id);
  call->cancelled_id = 0;
  attempt (task);

  return G_SOURCE_REMOVE;
}

static gboolean
end_wait_cb (gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);

  if (call->timer == 0)
    return G_SOURCE_REMOVE;

  bobbin_clock_clear (bobbin_http_get_clock (call->http), &call->timer);
  g_cancellable_disconnect (call->cancellable, call->cancelled_id);
  call->cancelled_id = 0;
  g_task_return_pointer (task, NULL, NULL);
  g_object_unref (task);

  return G_SOURCE_REMOVE;
}

static void
wait_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  /* Not from inside the cancellation, which holds a lock that disconnecting wants. */
  g_idle_add_full (G_PRIORITY_DEFAULT, end_wait_cb, g_object_ref (user_data), g_object_unref);
}

/* @task: (transfer full). */
static void
wait (GTask  *task,
      gint64  wait_ms)
{
  Call *call = g_task_get_task_data (task);

  call->timer = bobbin_clock_add (bobbin_http_get_clock (call->http), (guint) wait_ms, wait_over_cb, task);
  if (call->cancellable != NULL)
    call->cancelled_id = g_cancellable_connect (call->cancellable, G_CALLBACK (wait_cancelled_cb), task, NULL);
}

static BobbinCertainty
get_certainty (Call *call)
{
  return bobbin_http_request_get_sent (call->request) ? BOBBIN_CERTAINTY_UNKNOWN : BOBBIN_CERTAINTY_UNSENT;
}

static BobbinFailure *
failure_from_error (Call         *call,
                    const GError *error)
{
  BobbinFailure *failure = bobbin_failure_new_from_error (error, get_certainty (call));

  failure->http_status = bobbin_http_request_get_status (call->request);
  if (failure->http_status >= 300 && failure->http_status < 400)
    failure->certainty = BOBBIN_CERTAINTY_REFUSED;
  else if (failure->code == BOBBIN_ERROR_FILE)
    failure->certainty = BOBBIN_CERTAINTY_UNSENT;

  return failure;
}

static BobbinFailure *
failure_from_status (Call   *call,
                     guint   status,
                     GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  BobbinFailure *failure;

  if (call->api->read_failure != NULL)
    failure = call->api->read_failure (call->service, call->request, text, size);
  else
    failure = call->api->make_failure (call->service, status, text, size, bobbin_http_request_get_retry_after_ms (call->request));

  failure->http_status = status;
  failure->certainty = status < 500 && status != 408 ? BOBBIN_CERTAINTY_REFUSED : BOBBIN_CERTAINTY_UNKNOWN;

  return failure;
}

static void
take_answer (GTask  *task,
             Call   *call,
             GBytes *body)
{
  g_autoptr(GError) error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  JsonNode *root;

  if (size == 0)
    {
      g_task_return_pointer (task, json_node_new (JSON_NODE_NULL), (GDestroyNotify) json_node_unref);
      return;
    }

  root = bobbin_json_parse (text, (gssize) size, &error);
  if (root != NULL)
    g_task_return_pointer (task, root, (GDestroyNotify) json_node_unref);
  else
    fail (task, bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, get_certainty (call),
                                    g_strcmp0 (bobbin_http_request_get_answer_type (call->request), "text/html") == 0
                                    ? "The server answers with a web page: check the address"
                                    : "The server's answer is not understood: check the address"));
}

static gboolean
is_nothing (Call   *call,
            guint   status,
            GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);

  return call->path != NULL && call->api->is_nothing != NULL &&
         call->api->is_nothing (call->service, call->method, call->path, status, text, size);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  Call *call = g_task_get_task_data (task);
  guint status = bobbin_http_request_get_status (call->request);
  BobbinFailure *failure;
  gint64 wait_ms;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  if (body != NULL && status < 400)
    {
      take_answer (task, call, body);
      return;
    }
  if (body != NULL && is_nothing (call, status, body))
    {
      g_task_return_pointer (task, json_node_new (JSON_NODE_NULL), (GDestroyNotify) json_node_unref);
      return;
    }

  failure = body != NULL ? failure_from_status (call, status, body) : failure_from_error (call, error);
  wait_ms = get_wait_ms (call, failure);
  if (wait_ms < 0)
    {
      fail (task, failure);
      return;
    }
  bobbin_failure_free (failure);
  wait (g_steal_pointer (&task), wait_ms);
}

/* @task: (transfer full). */
static void
attempt (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (call->path != NULL)
    {
      g_clear_object (&call->request);
      call->request = call->api->make_request (call->service, call->method, call->path);
      if (call->body != NULL)
        {
          g_autoptr(GBytes) bytes = g_bytes_new (call->body, strlen (call->body));

          bobbin_http_request_set_body_bytes (call->request, "application/json", bytes);
        }
    }
  bobbin_http_call_async (call->http, call->request, BOBBIN_JSON_API_MAX_BYTES, call->cancellable, answered_cb, task);
}

static Call *
call_new (const BobbinJsonApi *api,
          GObject             *service,
          BobbinHttp          *http,
          const char          *method,
          GCancellable        *cancellable)
{
  Call *call = g_new0 (Call, 1);

  call->api = api;
  call->service = g_object_ref (service);
  call->http = g_object_ref (http);
  call->method = g_strdup (method);
  call->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  return call;
}

static void
start (GTask *task,
       Call  *call)
{
  g_task_set_task_data (task, call, call_free);
  attempt (task);
}

void
bobbin_json_api_call_async (const BobbinJsonApi *api,
                            GObject             *service,
                            BobbinHttp          *http,
                            const char          *method,
                            const char          *path,
                            const char          *body,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (service, NULL, callback, user_data);
  Call *call = call_new (api, service, http, method, cancellable);

  g_return_if_fail (path != NULL && *path == '/');

  call->path = g_strdup (path);
  call->body = g_strdup (body);
  g_task_set_source_tag (task, bobbin_json_api_call_async);
  start (task, call);
}

void
bobbin_json_api_send_async (const BobbinJsonApi *api,
                            GObject             *service,
                            BobbinHttp          *http,
                            BobbinHttpRequest   *request,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (service, NULL, callback, user_data);
  Call *call = call_new (api, service, http, "POST", cancellable);

  call->request = g_object_ref (request);
  g_task_set_source_tag (task, bobbin_json_api_call_async);
  start (task, call);
}

JsonNode *
bobbin_json_api_call_finish (GAsyncResult   *result,
                             BobbinFailure **ret_failure)
{
  Call *call;
  JsonNode *root;

  g_return_val_if_fail (g_async_result_is_tagged (result, bobbin_json_api_call_async), NULL);

  call = g_task_get_task_data (G_TASK (result));
  root = g_task_propagate_pointer (G_TASK (result), NULL);
  if (ret_failure != NULL)
    *ret_failure = root == NULL ? g_steal_pointer (&call->failure) : NULL;

  return root;
}

JsonNode *
bobbin_json_api_call_propagate (GAsyncResult  *result,
                                GError       **error)
{
  g_autoptr(BobbinFailure) failure = NULL;
  JsonNode *root = bobbin_json_api_call_finish (result, &failure);

  if (root == NULL && failure != NULL)
    g_propagate_error (error, bobbin_failure_to_error (failure));
  else if (root == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");

  return root;
}

void
bobbin_json_api_name_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);
  JsonObject *file = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonObject *data = file != NULL ? bobbin_json_get_object (file, "data") : NULL;
  const char *name = file != NULL ? bobbin_json_get_string (data != NULL ? data : file, "filename") : NULL;
  g_autofree char *base = name != NULL && *name != '\0' ? g_path_get_basename (name) : NULL;

  if (root == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (base == NULL)
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "The server does not say what the file is called");
  else
    g_task_return_pointer (task, bobbin_text_clean_name (base), g_free);
}
