#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-ws-link.h"

#include "transport/bobbin-http-private.h"
#include "transport/bobbin-paced-stream.h"
#include "util/bobbin-clock.h"

struct _BobbinWsLink
{
  GObject                  parent_instance;
  /* owned */
  BobbinHttp              *http;
  char                    *url;
  SoupMessage             *message;    /* NULL when the URL cannot be parsed */
  BobbinExchange           exchange;
  SoupWebsocketConnection *connection; /* non-NULL from success until closed */
  SoupWebsocketConnection *shell;      /* (nullable): see take_over() */
  GError                  *error;      /* (nullable): what went wrong on an open link */
  guint                    limit;      /* timer of the handshake */
  guint                    keepalive_s;
  GCancellable            *outer;
  gulong                   outer_id;
  /* borrowed */
  const BobbinWsHandlers  *handlers;
  gpointer                 user_data;
  gboolean                 reported;   /* closed() was called */
};

G_DEFINE_FINAL_TYPE (BobbinWsLink, bobbin_ws_link, G_TYPE_OBJECT)

static gboolean
unref_cb (gpointer user_data)
{
  g_object_unref (user_data);

  return G_SOURCE_REMOVE;
}

/* libsoup goes on using a connection after its signals: the last reference never goes inside one. */
static void
unref_later (gpointer object)
{
  g_idle_add (unref_cb, object);
}

static void
unref_closed_cb (SoupWebsocketConnection *connection,
                 gpointer                 user_data)
{
  g_signal_handlers_disconnect_by_func (connection, unref_closed_cb, user_data);
  if (user_data != NULL)
    unref_later (user_data);
  unref_later (connection);
}

/* Lets go of the connection; it lives on by itself until its closing handshake is over. */
static void
release (BobbinWsLink *self)
{
  g_autoptr(SoupWebsocketConnection) connection = g_steal_pointer (&self->connection);
  SoupWebsocketConnection *shell = g_steal_pointer (&self->shell);

  if (connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (connection, self);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_CLOSED)
    {
      if (shell != NULL)
        unref_later (shell);
      unref_later (g_steal_pointer (&connection));
    }
  else
    {
      SoupWebsocketConnection *kept = g_steal_pointer (&connection);

      g_signal_connect (kept, "closed", G_CALLBACK (unref_closed_cb), shell);
    }
}

static void
report_closed (BobbinWsLink *self)
{
  g_autoptr(BobbinWsLink) hold = g_object_ref (self);
  guint code = soup_websocket_connection_get_close_code (self->connection);
  g_autofree char *reason = g_strdup (soup_websocket_connection_get_close_data (self->connection));
  const BobbinWsHandlers *handlers = self->handlers;

  if (self->reported)
    return;
  self->reported = TRUE;
  self->handlers = NULL;
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  release (self);
  /* nebelus.md, section 13: libsoup says 0 when no close frame came. */
  if (handlers != NULL)
    handlers->closed (self, code != 0 ? code : SOUP_WEBSOCKET_CLOSE_ABNORMAL, reason, self->error, self->user_data);
}

static void
message_cb (SoupWebsocketConnection *connection,
            int                      type,
            GBytes                  *message,
            gpointer                 user_data)
{
  BobbinWsLink *self = user_data;
  gsize length;
  const char *text = g_bytes_get_data (message, &length);

  /* Whatever the type: the gate renames text frames, and a binary one that is no event is skipped where it is read.
   * libsoup puts a NUL behind the text, except for an empty one. */
  if (self->handlers != NULL)
    self->handlers->text (self, length > 0 ? text : "", length, self->user_data);
}

static void
error_cb (SoupWebsocketConnection *connection,
          const GError            *error,
          gpointer                 user_data)
{
  BobbinWsLink *self = user_data;

  if (self->error != NULL)
    return;
  if (error->domain == BOBBIN_ERROR)
    self->error = g_error_copy (error);
  else if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_TOO_BIG))
    self->error = g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE, "The server sent a message above %d MiB",
                               BOBBIN_WS_MAX_FRAME / (1024 * 1024));
  else if (error->domain == SOUP_WEBSOCKET_ERROR)
    self->error = g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "The server sent a broken frame");
  else
    self->error = _bobbin_exchange_map_error (&self->exchange, soup_message_get_uri (self->message), error);
}

/* The server's close frame is the end, however long its TCP connection lingers; our own close has cleared the handlers. */
static void
closing_cb (SoupWebsocketConnection *connection,
            gpointer                 user_data)
{
  BobbinWsLink *self = user_data;

  if (soup_websocket_connection_get_close_code (connection) != 0)
    report_closed (self);
}

static void
closed_cb (SoupWebsocketConnection *connection,
           gpointer                 user_data)
{
  report_closed (user_data);
}

/* Puts a paced stream between libsoup and the socket. libsoup makes its connection object before we see the stream, so that object
 * is silenced (its one source removed) and kept as a shell, and a second one is put over the paced stream. Where a later libsoup
 * does not let us find the source, its own object is used as it is. */
static void
take_over (BobbinWsLink            *self,
           SoupWebsocketConnection *first)
{
  GSource *source = g_main_context_find_source_by_user_data (g_main_context_get_thread_default (), first);
  g_autoptr(GIOStream) paced = NULL;

  if (source == NULL)
    {
      g_debug ("reading without pace");
      self->connection = first;
      return;
    }

  g_source_destroy (source);
  paced = bobbin_paced_stream_new (soup_websocket_connection_get_io_stream (first), BOBBIN_WS_MAX_FRAME);
  self->connection = soup_websocket_connection_new (paced, soup_websocket_connection_get_uri (first),
                                                    SOUP_WEBSOCKET_CONNECTION_CLIENT,
                                                    soup_websocket_connection_get_origin (first),
                                                    soup_websocket_connection_get_protocol (first), NULL);
  self->shell = first;
}

static void
adopt (BobbinWsLink            *self,
       SoupWebsocketConnection *first)
{
  take_over (self, first);
  soup_websocket_connection_set_max_incoming_payload_size (self->connection, BOBBIN_WS_MAX_FRAME);
  soup_websocket_connection_set_keepalive_interval (self->connection, self->keepalive_s);
  g_signal_connect (self->connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->connection, "error", G_CALLBACK (error_cb), self);
  g_signal_connect (self->connection, "closing", G_CALLBACK (closing_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (closed_cb), self);
}

static void
end_opening (BobbinWsLink *self)
{
  bobbin_clock_clear (bobbin_http_get_clock (self->http), &self->limit);
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_object (&self->outer);
  self->outer_id = 0;
  _bobbin_exchange_end (&self->exchange, self->message);
}

static GError *
refusal_error (BobbinWsLink *self,
               const GError *raw)
{
  GUri *uri = soup_message_get_uri (self->message);
  guint status = soup_message_get_status (self->message);
  const char *type = soup_message_headers_get_content_type (soup_message_get_response_headers (self->message), NULL);

  if (raw->domain != SOUP_WEBSOCKET_ERROR)
    return _bobbin_exchange_map_error (&self->exchange, uri, raw);
  if (SOUP_STATUS_IS_REDIRECTION (status))
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "%s redirects elsewhere (HTTP %u): check the address",
                        g_uri_get_host (uri), status);
  if (SOUP_STATUS_IS_SUCCESSFUL (status) && g_strcmp0 (type, "text/html") == 0)
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "%s answers with a web page: check the address",
                        g_uri_get_host (uri));
  /* It agrees, and what must be said with that is not there: libsoup takes a head that ends between two lines for a whole one. */
  if (status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    return _bobbin_exchange_cut_error (uri);

  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "%s refuses the WebSocket (HTTP %u)",
                      g_uri_get_host (uri), status);
}

static void
open_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  BobbinWsLink *self = g_task_get_source_object (task);
  SoupWebsocketConnection *first = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  end_opening (self);
  if (first != NULL && (g_cancellable_is_cancelled (self->exchange.abort) || self->reported))
    {
      /* Given up while the last bytes of the handshake were on their way. */
      soup_websocket_connection_close (first, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
      g_signal_connect (first, "closed", G_CALLBACK (unref_closed_cb), NULL);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      g_task_return_error (task, _bobbin_exchange_map_error (&self->exchange, soup_message_get_uri (self->message), error));
    }
  else if (first != NULL)
    {
      adopt (self, first);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, refusal_error (self, error));
}

static gboolean
limit_cb (gpointer user_data)
{
  BobbinWsLink *self = user_data;

  self->limit = 0;
  _bobbin_exchange_abort (&self->exchange, BOBBIN_ERROR_TIMED_OUT, "The server does not answer the WebSocket handshake");

  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

void
bobbin_ws_link_open_async (BobbinWsLink       *self,
                           const char         *origin,
                           guint               limit_ms,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BOBBIN_IS_WS_LINK (self));
  g_return_if_fail (self->exchange.policy == NULL);

  g_task_set_source_tag (task, bobbin_ws_link_open_async);
  if (self->message == NULL)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "Not an address: %s", self->url);
      return;
    }
  if (!_bobbin_exchange_begin (&self->exchange, self->http, self->message, &error))
    {
      _bobbin_exchange_end (&self->exchange, self->message);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (self->exchange.abort), g_object_unref);
    }
  self->limit = bobbin_clock_add (bobbin_http_get_clock (self->http), limit_ms, limit_cb, self);
  soup_session_websocket_connect_async (_bobbin_exchange_get_session (&self->exchange, self->message), self->message,
                                        origin, NULL, G_PRIORITY_DEFAULT, self->exchange.abort, open_cb, g_steal_pointer (&task));
}

gboolean
bobbin_ws_link_open_finish (BobbinWsLink *self,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
bobbin_ws_link_is_open (BobbinWsLink *self)
{
  g_return_val_if_fail (BOBBIN_IS_WS_LINK (self), FALSE);

  return self->connection != NULL &&
         soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

gboolean
bobbin_ws_link_send (BobbinWsLink *self,
                     GBytes       *text)
{
  g_autoptr(GBytes) owned = text;

  g_return_val_if_fail (BOBBIN_IS_WS_LINK (self), FALSE);

  if (!bobbin_ws_link_is_open (self))
    return FALSE;
  /* libsoup makes its one copy here, masked; ours goes on return. */
  soup_websocket_connection_send_message (self->connection, SOUP_WEBSOCKET_DATA_TEXT, owned);

  return TRUE;
}

void
bobbin_ws_link_close (BobbinWsLink *self,
                      guint         code)
{
  g_return_if_fail (BOBBIN_IS_WS_LINK (self));

  self->handlers = NULL;
  self->reported = TRUE;
  if (self->exchange.abort != NULL && self->connection == NULL)
    g_cancellable_cancel (self->exchange.abort);
  if (bobbin_ws_link_is_open (self))
    soup_websocket_connection_close (self->connection, (gushort) code, NULL);
  release (self);
}

static void
bobbin_ws_link_dispose (GObject *object)
{
  BobbinWsLink *self = BOBBIN_WS_LINK (object);

  bobbin_ws_link_close (self, SOUP_WEBSOCKET_CLOSE_NORMAL);

  G_OBJECT_CLASS (bobbin_ws_link_parent_class)->dispose (object);
}

static void
bobbin_ws_link_finalize (GObject *object)
{
  BobbinWsLink *self = BOBBIN_WS_LINK (object);

  g_assert (self->limit == 0 && self->outer == NULL);
  g_clear_object (&self->message);
  _bobbin_exchange_clear (&self->exchange);
  g_clear_error (&self->error);
  g_clear_object (&self->http);
  g_free (self->url);

  G_OBJECT_CLASS (bobbin_ws_link_parent_class)->finalize (object);
}

static void
bobbin_ws_link_class_init (BobbinWsLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_ws_link_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_ws_link_finalize;
}

static void
bobbin_ws_link_init (BobbinWsLink *self)
{
}

BobbinWsLink *
bobbin_ws_link_new (BobbinHttp *http,
                    const char *url)
{
  BobbinWsLink *self = g_object_new (BOBBIN_TYPE_WS_LINK, NULL);

  self->http = g_object_ref (http);
  self->url = g_strdup (url);
  self->message = soup_message_new ("GET", url);

  return self;
}

void
bobbin_ws_link_set_header (BobbinWsLink *self,
                           const char   *name,
                           const char   *value)
{
  g_return_if_fail (BOBBIN_IS_WS_LINK (self));

  if (self->message != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (self->message), name, value);
}

void
bobbin_ws_link_set_keepalive (BobbinWsLink *self,
                              guint         seconds)
{
  g_return_if_fail (BOBBIN_IS_WS_LINK (self));

  self->keepalive_s = seconds;
}

void
bobbin_ws_link_set_handlers (BobbinWsLink           *self,
                             const BobbinWsHandlers *handlers,
                             gpointer                user_data)
{
  g_return_if_fail (BOBBIN_IS_WS_LINK (self));

  self->handlers = handlers;
  self->user_data = user_data;
}

guint
bobbin_ws_link_get_status (BobbinWsLink *self)
{
  g_return_val_if_fail (BOBBIN_IS_WS_LINK (self), 0);

  return self->message != NULL ? soup_message_get_status (self->message) : 0;
}

gint64
bobbin_ws_link_get_retry_after_ms (BobbinWsLink *self)
{
  g_return_val_if_fail (BOBBIN_IS_WS_LINK (self), -1);

  if (self->message == NULL)
    return -1;

  return _bobbin_message_get_retry_after_ms (self->message, bobbin_http_get_clock (self->http));
}

const char *
bobbin_ws_link_get_answer_header (BobbinWsLink *self,
                                  const char   *name)
{
  g_return_val_if_fail (BOBBIN_IS_WS_LINK (self), NULL);

  if (self->message == NULL)
    return NULL;

  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

const char *
bobbin_ws_link_get_refused_certificate (BobbinWsLink *self)
{
  g_return_val_if_fail (BOBBIN_IS_WS_LINK (self), NULL);

  return self->exchange.refused_fingerprint;
}
