#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-http-stream.h"

#include "transport/bobbin-paced-stream.h"
#include "util/bobbin-error.h"

#define READ_SIZE (32 * 1024)
#define MAX_REFUSAL (64 * 1024)

/* Its callbacks hold a reference each. */
struct _BobbinHttpStream
{
  gatomicrefcount                 ref_count;
  const BobbinHttpStreamHandlers *handlers;  /* NULL once dropped or ended */
  gpointer                        user_data; /* borrowed */
  /* owned */
  BobbinHttp                     *http;
  BobbinHttpRequest              *request;
  GCancellable                   *cancellable;
  guint                           pause;     /* source: reading goes on */
  gint64                          worked_us;
  char                            buffer[READ_SIZE];
};

typedef BobbinHttpStream Stream;

static Stream *
stream_ref (Stream *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
stream_unref (Stream *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->request);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->http);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stream, stream_unref)

void
bobbin_http_stream_drop (BobbinHttpStream *self)
{
  g_clear_handle_id (&self->pause, g_source_remove);
  self->handlers = NULL;
  g_cancellable_cancel (self->cancellable);
  bobbin_http_request_close (self->request); /* libsoup closes the connection when the answer goes */
  stream_unref (self);
}

BobbinHttpRequest *
bobbin_http_stream_get_request (BobbinHttpStream *self)
{
  return self->request;
}

static void
end (Stream       *self,
     const GError *error)
{
  const BobbinHttpStreamHandlers *handlers = g_steal_pointer (&self->handlers);

  handlers->ended (self, error, self->user_data);
}

static void read_more (Stream *self);

static gboolean
pause_over_cb (gpointer user_data)
{
  Stream *self = user_data;

  self->pause = 0;
  read_more (self);

  return G_SOURCE_REMOVE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Stream) self = user_data;
  g_autoptr(GError) error = NULL;
  gssize n_bytes = bobbin_http_read_finish (BOBBIN_HTTP (source), result, &error);
  gint64 began_us = g_get_monotonic_time ();

  if (self->handlers == NULL)
    return;
  if (n_bytes <= 0)
    {
      end (self, error);
      return;
    }
  self->handlers->bytes (self, self->buffer, (gsize) n_bytes, self->user_data);
  if (self->handlers == NULL)
    return;

  self->worked_us += g_get_monotonic_time () - began_us;
  if (self->worked_us > BOBBIN_PACE_WORK_US)
    {
      self->worked_us = 0;
      self->pause = g_timeout_add (BOBBIN_PACE_PAUSE_MS, pause_over_cb, self);
    }
  else
    read_more (self);
}

static void
read_more (Stream *self)
{
  bobbin_http_read_async (self->http, self->request, self->buffer, sizeof self->buffer, self->cancellable, read_cb,
                          stream_ref (self));
}

static void
refusal_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Stream) self = user_data;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, NULL);
  const BobbinHttpStreamHandlers *handlers = g_steal_pointer (&self->handlers);
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  if (handlers != NULL)
    handlers->refused (self, text, size, self->user_data);
}

static void
head_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Stream) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean answered = bobbin_http_send_finish (BOBBIN_HTTP (source), result, &error);
  guint status = bobbin_http_request_get_status (self->request);

  if (self->handlers == NULL)
    return;
  if (!answered)
    {
      end (self, error);
      return;
    }
  if (status < 200 || status >= 300)
    {
      bobbin_http_drain_async (self->http, self->request, MAX_REFUSAL, self->cancellable, refusal_cb, stream_ref (self));
      return;
    }
  if (g_strcmp0 (bobbin_http_request_get_answer_type (self->request), "text/html") == 0)
    {
      g_set_error_literal (&error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL,
                           "The server answers with a web page: check the address");
      bobbin_http_request_close (self->request);
      end (self, error);
      return;
    }
  if (self->handlers->head != NULL)
    self->handlers->head (self, self->user_data);
  if (self->handlers != NULL)
    read_more (self);
}

BobbinHttpStream *
bobbin_http_stream_new (BobbinHttp                     *http,
                        BobbinHttpRequest              *request,
                        const BobbinHttpStreamHandlers *handlers,
                        gpointer                        user_data)
{
  Stream *self = g_new0 (Stream, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->handlers = handlers;
  self->user_data = user_data;
  self->http = g_object_ref (http);
  self->request = g_object_ref (request);
  self->cancellable = g_cancellable_new ();
  bobbin_http_send_async (http, request, self->cancellable, head_cb, stream_ref (self));

  return self;
}
