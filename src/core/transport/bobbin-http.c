#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-http-private.h"

#include "util/bobbin-clock.h"

#include <string.h>

/* More than any number of open threads; libsoup's default of 2 a host would make the third answer wait. */
#define MAX_CONNECTIONS 128

/* The socket's own limit is only a net below the watch, which the clock drives. */
#define SOCKET_TIMEOUT_S 660

#define DRAIN_STEP (16 * 1024)

struct _BobbinHttp
{
  GObject           parent_instance;
  /* owned */
  BobbinClock      *clock;
  BobbinHttpPolicy *policy;
};

G_DEFINE_FINAL_TYPE (BobbinHttp, bobbin_http, G_TYPE_OBJECT)

struct _BobbinHttpRequest
{
  GObject        parent_instance;
  /* owned */
  char          *url;
  SoupMessage   *message;    /* NULL when the URL cannot be parsed */
  char          *answer_type;
  GInputStream  *answer;     /* non-NULL from the head of the answer until it is closed */
  BobbinClock   *clock;      /* non-NULL once sent */
  BobbinExchange exchange;
  gboolean       has_body;
  gint64         body_length; /* -1: not known */
  guint64        n_read;      /* bytes of the answer's body */
  guint          silence_ms;
  GFileProgressCallback progress; /* (nullable) */
  gpointer       progress_data;
  /* The watch: runs exactly while an operation does. */
  guint          watch;
  gint64         active_us;  /* monotonic: when something last moved */
  GCancellable  *outer;      /* the caller's, for the operation under way */
  gulong         outer_id;
};

G_DEFINE_FINAL_TYPE (BobbinHttpRequest, bobbin_http_request, G_TYPE_OBJECT)

/* Policy */

static SoupSession *
session_new (void)
{
  SoupSession *session = soup_session_new_with_options ("user-agent", "Bobbin/" BOBBIN_VERSION,
                                                        "timeout", SOCKET_TIMEOUT_S,
                                                        "max-conns", MAX_CONNECTIONS,
                                                        "max-conns-per-host", MAX_CONNECTIONS,
                                                        NULL);

  /* No decoding of bodies (no bound on what comes out), no answering of WWW-Authenticate behind our back. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);

  return session;
}

BobbinHttpPolicy *
_bobbin_http_policy_new (gboolean    allow_plain,
                         const char *pin)
{
  BobbinHttpPolicy *policy = g_new0 (BobbinHttpPolicy, 1);

  g_atomic_ref_count_init (&policy->ref_count);
  policy->allow_plain = allow_plain;
  if (pin != NULL)
    {
      g_auto(GStrv) bytes = g_strsplit (pin, ":", -1);
      g_autofree char *bare = g_strjoinv ("", bytes);

      policy->pin = g_ascii_strdown (g_strstrip (bare), -1);
    }
  policy->session = session_new ();
  policy->direct = session_new ();
  soup_session_set_proxy_resolver (policy->direct, NULL);

  return policy;
}

BobbinHttpPolicy *
_bobbin_http_ref_policy (BobbinHttp *self)
{
  g_atomic_ref_count_inc (&self->policy->ref_count);

  return self->policy;
}

void
_bobbin_http_policy_unref (BobbinHttpPolicy *policy)
{
  if (!g_atomic_ref_count_dec (&policy->ref_count))
    return;

  g_object_unref (policy->session);
  g_object_unref (policy->direct);
  g_free (policy->pin);
  g_free (policy);
}

/* Requests: the watch */

static gboolean watch_cb (gpointer user_data);

static void
watch_arm (BobbinHttpRequest *self)
{
  guint limit_ms = self->exchange.connected ? self->silence_ms : BOBBIN_HTTP_CONNECT_MS;
  gint64 passed_ms = (bobbin_clock_monotonic_us (self->clock) - self->active_us) / 1000;
  gint64 left_ms = (gint64) limit_ms - passed_ms;

  bobbin_clock_clear (self->clock, &self->watch);
  if (left_ms > 0)
    self->watch = bobbin_clock_add (self->clock, (guint) left_ms, watch_cb, self);
  else
    _bobbin_exchange_abort (&self->exchange, BOBBIN_ERROR_TIMED_OUT,
                            self->exchange.connected ? "The server does not answer"
                                                     : "No connection to the server within 10 seconds");
}

static gboolean
watch_cb (gpointer user_data)
{
  BobbinHttpRequest *self = user_data;

  self->watch = 0;
  watch_arm (self);

  return G_SOURCE_REMOVE;
}

static void
moved_cb (BobbinHttpRequest *self)
{
  self->active_us = bobbin_clock_monotonic_us (self->clock);
}

static void
wrote_cb (BobbinHttpRequest *self)
{
  moved_cb (self);
  if (self->progress != NULL)
    self->progress ((goffset) self->exchange.body_written, self->body_length, self->progress_data);
}

static void
starting_cb (BobbinHttpRequest *self)
{
  moved_cb (self);
  watch_arm (self);
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
operation_begin (BobbinHttpRequest *self,
                 GCancellable      *cancellable)
{
  moved_cb (self);
  watch_arm (self);
  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (self->exchange.abort), g_object_unref);
    }
}

static void
operation_end (BobbinHttpRequest *self)
{
  bobbin_clock_clear (self->clock, &self->watch);
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_object (&self->outer);
  self->outer_id = 0;
}

static void
return_raw_error (GTask             *task,
                  BobbinHttpRequest *request,
                  const GError      *raw)
{
  g_task_return_error (task, _bobbin_exchange_map_error (&request->exchange, soup_message_get_uri (request->message), raw));
}

/* Requests */

static void
bobbin_http_request_finalize (GObject *object)
{
  BobbinHttpRequest *self = BOBBIN_HTTP_REQUEST (object);

  g_assert (self->outer == NULL && self->watch == 0);
  _bobbin_exchange_end (&self->exchange, self->message);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->answer);
  g_clear_object (&self->message);
  _bobbin_exchange_clear (&self->exchange);
  g_clear_object (&self->clock);
  g_free (self->answer_type);
  g_free (self->url);

  G_OBJECT_CLASS (bobbin_http_request_parent_class)->finalize (object);
}

static void
bobbin_http_request_class_init (BobbinHttpRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_http_request_finalize;
}

static void
bobbin_http_request_init (BobbinHttpRequest *self)
{
  self->silence_ms = BOBBIN_HTTP_CALL_MS;
}

BobbinHttpRequest *
bobbin_http_request_new (const char *method,
                         const char *url)
{
  BobbinHttpRequest *self = g_object_new (BOBBIN_TYPE_HTTP_REQUEST, NULL);

  self->url = g_strdup (url);
  self->message = soup_message_new (method, url);

  return self;
}

void
bobbin_http_request_set_header (BobbinHttpRequest *self,
                                const char        *name,
                                const char        *value)
{
  if (self->message != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (self->message), name, value);
}

void
bobbin_http_request_set_body (BobbinHttpRequest *self,
                              const char        *content_type,
                              GInputStream      *body,
                              gint64             length)
{
  self->has_body = TRUE;
  self->body_length = length;
  if (self->message != NULL)
    soup_message_set_request_body (self->message, content_type, body, (gssize) length);
}

void
bobbin_http_request_set_body_bytes (BobbinHttpRequest *self,
                                    const char        *content_type,
                                    GBytes            *body)
{
  self->has_body = g_bytes_get_size (body) > 0;
  self->body_length = (gint64) g_bytes_get_size (body);
  if (self->message != NULL)
    soup_message_set_request_body_from_bytes (self->message, content_type, body);
}

void
bobbin_http_request_set_silence_limit (BobbinHttpRequest *self,
                                       guint              silence_ms)
{
  self->silence_ms = silence_ms;
}

void
bobbin_http_request_set_progress (BobbinHttpRequest     *self,
                                  GFileProgressCallback  func,
                                  gpointer               user_data)
{
  self->progress = func;
  self->progress_data = user_data;
}

guint
bobbin_http_request_get_status (BobbinHttpRequest *self)
{
  return self->message != NULL ? soup_message_get_status (self->message) : 0;
}

const char *
bobbin_http_request_get_reason (BobbinHttpRequest *self)
{
  return self->message != NULL ? soup_message_get_reason_phrase (self->message) : NULL;
}

const char *
bobbin_http_request_get_answer_header (BobbinHttpRequest *self,
                                       const char        *name)
{
  if (self->message == NULL)
    return NULL;

  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

const char *
bobbin_http_request_get_answer_type (BobbinHttpRequest *self)
{
  const char *type;

  if (self->message == NULL)
    return NULL;

  type = soup_message_headers_get_content_type (soup_message_get_response_headers (self->message), NULL);
  g_free (self->answer_type);
  self->answer_type = type != NULL ? g_ascii_strdown (type, -1) : NULL;

  return self->answer_type;
}

gint64
bobbin_http_request_get_retry_after_ms (BobbinHttpRequest *self)
{
  if (self->message == NULL || self->clock == NULL)
    return -1;

  return _bobbin_message_get_retry_after_ms (self->message, self->clock);
}

gboolean
bobbin_http_request_get_sent (BobbinHttpRequest *self)
{
  return self->has_body ? self->exchange.body_written > 0 : self->exchange.connected;
}

const char *
bobbin_http_request_get_refused_certificate (BobbinHttpRequest *self)
{
  return self->exchange.refused_fingerprint;
}

const char *
bobbin_http_request_get_tls_summary (BobbinHttpRequest *self)
{
  return self->exchange.tls_summary;
}

void
bobbin_http_request_close (BobbinHttpRequest *self)
{
  if (self->exchange.abort != NULL)
    g_cancellable_cancel (self->exchange.abort);
  g_clear_object (&self->answer); /* libsoup keeps the connection open until the last reference goes */
}

/* BobbinHttp */

static void
bobbin_http_finalize (GObject *object)
{
  BobbinHttp *self = BOBBIN_HTTP (object);

  g_clear_pointer (&self->policy, _bobbin_http_policy_unref);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (bobbin_http_parent_class)->finalize (object);
}

static void
bobbin_http_class_init (BobbinHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_http_finalize;
}

static void
bobbin_http_init (BobbinHttp *self)
{
  self->policy = _bobbin_http_policy_new (FALSE, NULL);
}

BobbinHttp *
bobbin_http_new (BobbinClock *clock)
{
  BobbinHttp *self = g_object_new (BOBBIN_TYPE_HTTP, NULL);

  self->clock = g_object_ref (clock);

  return self;
}

void
bobbin_http_configure (BobbinHttp *self,
                       gboolean    allow_plain,
                       const char *pinned_certificate)
{
  g_return_if_fail (BOBBIN_IS_HTTP (self));

  _bobbin_http_policy_unref (self->policy);
  self->policy = _bobbin_http_policy_new (allow_plain, pinned_certificate);
}

BobbinClock *
bobbin_http_get_clock (BobbinHttp *self)
{
  g_return_val_if_fail (BOBBIN_IS_HTTP (self), NULL);

  return self->clock;
}

/* Only the host of the new place is told: the rest may carry what is nobody's business. */
static GError *
redirect_error (BobbinHttpRequest *request)
{
  GUri *uri = soup_message_get_uri (request->message);
  const char *location = bobbin_http_request_get_answer_header (request, "Location");
  g_autoptr(GUri) target = location != NULL ? g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *host = target != NULL ? g_uri_get_host (target) : NULL;

  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "%s redirects to %s (HTTP %u): check the address",
                      g_uri_get_host (uri), host != NULL ? host : "another place",
                      soup_message_get_status (request->message));
}

static void
send_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  BobbinHttpRequest *request = g_task_get_task_data (task);

  operation_end (request);
  request->answer = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (request->answer == NULL)
    return_raw_error (task, request, error);
  else if (SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (request->message)))
    {
      g_task_return_error (task, redirect_error (request));
      bobbin_http_request_close (request);
    }
  else
    g_task_return_boolean (task, TRUE);
}

void
bobbin_http_send_async (BobbinHttp         *self,
                        BobbinHttpRequest  *request,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BOBBIN_IS_HTTP (self));
  g_return_if_fail (BOBBIN_IS_HTTP_REQUEST (request) && request->clock == NULL);

  g_task_set_source_tag (task, bobbin_http_send_async);
  g_task_set_task_data (task, g_object_ref (request), g_object_unref);
  request->clock = g_object_ref (self->clock);
  if (request->message == NULL)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "Not an address: %s", request->url);
      return;
    }
  if (!_bobbin_exchange_begin (&request->exchange, self, request->message, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_signal_connect_swapped (request->message, "starting", G_CALLBACK (starting_cb), request);
  g_signal_connect_swapped (request->message, "wrote-body-data", G_CALLBACK (wrote_cb), request);
  operation_begin (request, cancellable);
  soup_session_send_async (_bobbin_exchange_get_session (&request->exchange, request->message), request->message,
                           G_PRIORITY_DEFAULT, request->exchange.abort, send_cb, g_steal_pointer (&task));
}

gboolean
bobbin_http_send_finish (BobbinHttp   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* libsoup takes a head that ends between two lines for a whole one: no length, no chunks, and nothing behind it. */
static gboolean
is_cut_head (BobbinHttpRequest *request)
{
  guint status = soup_message_get_status (request->message);

  return SOUP_STATUS_IS_SUCCESSFUL (status) && status != SOUP_STATUS_NO_CONTENT && status != SOUP_STATUS_RESET_CONTENT
         && soup_message_headers_get_encoding (soup_message_get_response_headers (request->message)) == SOUP_ENCODING_EOF;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  BobbinHttpRequest *request = g_task_get_task_data (task);
  gssize n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  operation_end (request);
  if (n_bytes < 0)
    return_raw_error (task, request, error);
  else if (n_bytes == 0 && request->n_read == 0 && is_cut_head (request))
    g_task_return_error (task, _bobbin_exchange_cut_error (soup_message_get_uri (request->message)));
  else
    {
      request->n_read += (guint64) n_bytes;
      g_task_return_int (task, n_bytes);
    }
}

void
bobbin_http_read_async (BobbinHttp         *self,
                        BobbinHttpRequest  *request,
                        void               *buffer,
                        gsize               size,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (BOBBIN_IS_HTTP (self));
  g_return_if_fail (BOBBIN_IS_HTTP_REQUEST (request) && request->answer != NULL);

  g_task_set_source_tag (task, bobbin_http_read_async);
  g_task_set_task_data (task, g_object_ref (request), g_object_unref);
  operation_begin (request, cancellable);
  g_input_stream_read_async (request->answer, buffer, size, G_PRIORITY_DEFAULT, request->exchange.abort, read_cb,
                             g_steal_pointer (&task));
}

gssize
bobbin_http_read_finish (BobbinHttp   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/* Whole bodies */

typedef struct
{
  BobbinHttpRequest *request;
  GCancellable      *cancellable;
  GByteArray        *body;
  gsize              max_bytes;
  guint8             buffer[DRAIN_STEP];
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->request);
  g_clear_object (&call->cancellable);
  g_clear_pointer (&call->body, g_byte_array_unref);
  g_free (call);
}

static GTask *
call_task_new (BobbinHttp         *self,
               BobbinHttpRequest  *request,
               gsize               max_bytes,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->request = g_object_ref (request);
  call->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  call->body = g_byte_array_new ();
  call->max_bytes = max_bytes;
  g_task_set_source_tag (task, bobbin_http_call_async);
  g_task_set_task_data (task, call, call_free);

  return task;
}

static void
call_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  BobbinHttp *self = BOBBIN_HTTP (source);
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  Call *call = g_task_get_task_data (task);
  gssize n_bytes = bobbin_http_read_finish (self, result, &error);

  if (n_bytes < 0)
    {
      bobbin_http_request_close (call->request);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (n_bytes == 0)
    {
      g_clear_object (&call->request->answer);
      g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&call->body)),
                             (GDestroyNotify) g_bytes_unref);
    }
  else if (call->body->len + (gsize) n_bytes > call->max_bytes)
    {
      bobbin_http_request_close (call->request);
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE,
                               "The server's answer is larger than %" G_GSIZE_FORMAT " bytes", call->max_bytes);
    }
  else
    {
      g_byte_array_append (call->body, call->buffer, (guint) n_bytes);
      bobbin_http_read_async (self, call->request, call->buffer, sizeof call->buffer, call->cancellable, call_read_cb,
                              g_steal_pointer (&task));
    }
}

static void
call_send_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  BobbinHttp *self = BOBBIN_HTTP (source);
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  Call *call = g_task_get_task_data (task);

  if (!bobbin_http_send_finish (self, result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    bobbin_http_read_async (self, call->request, call->buffer, sizeof call->buffer, call->cancellable, call_read_cb,
                            g_steal_pointer (&task));
}

void
bobbin_http_call_async (BobbinHttp         *self,
                        BobbinHttpRequest  *request,
                        gsize               max_bytes,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  GTask *task = call_task_new (self, request, max_bytes, cancellable, callback, user_data);

  bobbin_http_send_async (self, request, cancellable, call_send_cb, task);
}

void
bobbin_http_drain_async (BobbinHttp         *self,
                         BobbinHttpRequest  *request,
                         gsize               max_bytes,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  GTask *task = call_task_new (self, request, max_bytes, cancellable, callback, user_data);
  Call *call = g_task_get_task_data (task);

  bobbin_http_read_async (self, request, call->buffer, sizeof call->buffer, cancellable, call_read_cb, task);
}

GBytes *
bobbin_http_call_finish (BobbinHttp   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
