#include "config.h"
#include "server-fixture.h"

#define GUARD_S 20

static void
request_free (gpointer data)
{
  ServerRequest *request = data;

  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  g_free (request->authorization);
  g_free (request->origin);
  g_free (request->user_agent);
  g_free (request->accept_encoding);
  g_bytes_unref (request->body);
  g_free (request);
}

static void
note_request (ServerFixture     *self,
              SoupServerMessage *message,
              const char        *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  ServerRequest *request = g_new0 (ServerRequest, 1);

  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_strdup (path);
  request->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  request->authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  request->origin = g_strdup (soup_message_headers_get_one (headers, "Origin"));
  request->user_agent = g_strdup (soup_message_headers_get_one (headers, "User-Agent"));
  request->accept_encoding = g_strdup (soup_message_headers_get_one (headers, "Accept-Encoding"));
  request->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_ptr_array_add (self->requests, request);
}

static void
socket_text_cb (SoupWebsocketConnection *socket,
                int                      type,
                GBytes                  *message,
                gpointer                 user_data)
{
  ServerFixture *self = user_data;
  gsize length;
  const char *data = g_bytes_get_data (message, &length);
  char *text = g_strndup (data != NULL ? data : "", length);

  g_ptr_array_add (self->texts, text);
  if (self->on_text != NULL)
    self->on_text (self, socket, text, self->user_data);
}

static void
socket_closed_cb (SoupWebsocketConnection *socket,
                  gpointer                 user_data)
{
  ((ServerFixture *) user_data)->n_closed++;
}

static void
upgraded_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  ServerFixture *self = user_data;
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection (message);
  SoupWebsocketConnection *socket = soup_websocket_connection_new (stream, soup_server_message_get_uri (message),
                                                                   SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);

  soup_websocket_connection_set_max_incoming_payload_size (socket, 0);
  g_signal_connect (socket, "message", G_CALLBACK (socket_text_cb), self);
  g_signal_connect (socket, "closed", G_CALLBACK (socket_closed_cb), self);
  g_ptr_array_add (self->sockets, socket);
  if (self->on_socket != NULL)
    self->on_socket (self, socket, self->user_data);
}

static gboolean
is_handshake (SoupServerMessage *message)
{
  return soup_message_headers_header_contains (soup_server_message_get_request_headers (message), "Upgrade", "websocket");
}

static void
handler_cb (SoupServer        *soup,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  ServerFixture *self = user_data;
  guint status;

  note_request (self, message, path);
  if (!is_handshake (message))
    {
      if (self->on_request != NULL)
        self->on_request (self, message, path, self->user_data);
      else
        soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }

  status = self->on_handshake != NULL ? self->on_handshake (self, message, path, self->user_data) : 0;
  if (status != 0)
    {
      soup_server_message_set_status (message, status, NULL);
      return;
    }
  if (soup_websocket_server_process_handshake (message, NULL, NULL, NULL, NULL))
    g_signal_connect (message, "wrote-informational", G_CALLBACK (upgraded_cb), self);
}

static GTlsCertificate *
load_certificate (void)
{
  g_autoptr(GError) error = NULL;
  GTlsCertificate *loaded = g_tls_certificate_new_from_files (SERVER_FIXTURE_DIR "/test-cert.pem",
                                                              SERVER_FIXTURE_DIR "/test-key.pem", &error);

  g_assert_no_error (error);

  return loaded;
}

static ServerFixture *
fixture_new (GTlsCertificate *certificate)
{
  ServerFixture *self = g_new0 (ServerFixture, 1);
  g_autoptr(GError) error = NULL;
  g_autoslist(GUri) uris = NULL;

  self->soup = soup_server_new ("tls-certificate", certificate, NULL);
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  soup_server_add_handler (self->soup, NULL, handler_cb, self, NULL);
  soup_server_listen_local (self->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0),
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->soup);
  self->port = (guint) g_uri_get_port (uris->data);
  self->url = g_strdup_printf ("%s://127.0.0.1:%u", certificate != NULL ? "https" : "http", self->port);

  return self;
}

ServerFixture *
server_fixture_new (void)
{
  return fixture_new (NULL);
}

ServerFixture *
server_fixture_new_tls (void)
{
  g_autoptr(GTlsCertificate) certificate = load_certificate ();

  return fixture_new (certificate);
}

/* Disconnecting libsoup 3.2's server while a TLS handshake still ends on its own thread makes a source of a closed socket
 * ("Socket check failed"). A TLS server therefore stays until the program ends, with nothing behind it. */
static void
retire (SoupServer *server)
{
  static GPtrArray *retired;

  if (retired == NULL)
    retired = g_ptr_array_new_with_free_func (g_object_unref);
  soup_server_remove_handler (server, NULL);
  g_ptr_array_add (retired, server);
}

void
server_fixture_free (ServerFixture *self)
{
  for (guint i = 0; i < self->sockets->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->sockets, i), self);
  g_ptr_array_unref (self->sockets);
  if (soup_server_is_https (self->soup))
    {
      retire (self->soup);
    }
  else
    {
      soup_server_disconnect (self->soup);
      test_settle ();
      g_assert_finalize_object (self->soup);
    }
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->texts);
  g_free (self->url);
  g_free (self);
}

ServerRequest *
server_fixture_get_request (ServerFixture *self,
                            guint          position)
{
  g_assert_cmpuint (position, <, self->requests->len);

  return g_ptr_array_index (self->requests, position);
}

SoupWebsocketConnection *
server_fixture_get_socket (ServerFixture *self)
{
  return self->sockets->len > 0 ? g_ptr_array_index (self->sockets, self->sockets->len - 1) : NULL;
}

const char *
server_fixture_get_text (ServerFixture *self,
                         guint          position)
{
  g_assert_cmpuint (position, <, self->texts->len);

  return g_ptr_array_index (self->texts, position);
}

void
server_fixture_send (ServerFixture *self,
                     const char    *text)
{
  soup_websocket_connection_send_text (server_fixture_get_socket (self), text);
}

char *
server_fixture_dup_fingerprint (void)
{
  g_autoptr(GTlsCertificate) certificate = load_certificate ();
  g_autoptr(GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

void
server_message_answer (SoupServerMessage *message,
                       guint              status,
                       const char        *content_type,
                       const char        *body)
{
  soup_server_message_set_status (message, status, NULL);
  if (body != NULL)
    soup_server_message_set_response (message, content_type, SOUP_MEMORY_COPY, body, strlen (body));
}

void
server_message_stream (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (headers, "text/event-stream", NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
}

void
server_message_chunk (SoupServerMessage *message,
                      const char        *text)
{
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY, text, strlen (text));
  soup_server_message_unpause (message);
}

void
server_message_end (SoupServerMessage *message)
{
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

static gboolean
guard_cb (gpointer user_data)
{
  g_error ("waited too long: %s", (const char *) user_data);

  return G_SOURCE_REMOVE;
}

guint
test_guard_add (const char *what)
{
  return g_timeout_add_seconds (GUARD_S, guard_cb, (gpointer) what);
}

void
test_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}
