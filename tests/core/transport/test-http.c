/* BobbinHttp: what may be spoken to, what may come back, and what it is called when it fails. */
#include "config.h"

#include "transport/bobbin-body-stream.h"
#include "transport/bobbin-http.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include "server-fixture.h"

#include <glib/gstdio.h>

#define KEY "MARKER-key"

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinHttp        *http;
  GCancellable      *cancellable;
  /* result of a call */
  BobbinHttpRequest *request;
  gboolean           done;
  GBytes            *body;
  GError            *error;
} Fixture;

static void
request_cb (ServerFixture     *server,
            SoupServerMessage *message,
            const char        *path,
            gpointer           user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *large = NULL;

  if (g_str_equal (path, "/redirect"))
    {
      soup_message_headers_append (headers, "Location", "https://elsewhere.example/?token=SECRET");
      server_message_answer (message, 307, NULL, NULL);
    }
  else if (g_str_equal (path, "/basic"))
    {
      soup_message_headers_append (headers, "WWW-Authenticate", "Basic realm=\"x\"");
      server_message_answer (message, 401, "application/json", "{}");
    }
  else if (g_str_equal (path, "/large"))
    {
      large = g_strnfill (100000, 'x');
      server_message_answer (message, 200, "text/plain", large);
    }
  else if (g_str_equal (path, "/later"))
    {
      soup_message_headers_append (headers, "Retry-After", "Tue, 14 Nov 2023 22:13:50 GMT");
      server_message_answer (message, 503, "application/json", "{}");
    }
  else if (g_str_equal (path, "/never"))
    soup_server_message_pause (message);
  else
    {
      soup_message_headers_append (headers, "Set-Cookie", "a=b");
      server_message_answer (message, 200, "Application/JSON; charset=utf-8", "{\"a\":1}");
    }
}

static void
set_up_with (Fixture       *f,
             ServerFixture *server)
{
  f->server = server;
  f->server->on_request = request_cb;
  f->server->user_data = f;
  f->clock = bobbin_manual_clock_new (G_GINT64_CONSTANT (1700000000000000)); /* Tue, 14 Nov 2023 22:13:20 GMT */
  f->http = bobbin_http_new (BOBBIN_CLOCK (f->clock));
  f->cancellable = g_cancellable_new ();
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  set_up_with (f, server_fixture_new ());
}

static void
set_up_tls (Fixture      *f,
            gconstpointer data)
{
  set_up_with (f, server_fixture_new_tls ());
}

static void
clear_result (Fixture *f)
{
  if (f->request != NULL)
    g_assert_finalize_object (f->request);
  f->request = NULL;
  g_clear_pointer (&f->body, g_bytes_unref);
  g_clear_error (&f->error);
  f->done = FALSE;
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  test_settle ();
  clear_result (f);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  g_assert_finalize_object (f->http);
  g_assert_finalize_object (f->cancellable);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->clock);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  f->body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &f->error);
  f->done = TRUE;
}

static void
begin (Fixture    *f,
       const char *url)
{
  clear_result (f);
  f->request = bobbin_http_request_new ("GET", url);
  bobbin_http_request_set_header (f->request, "Authorization", "Bearer " KEY);
  bobbin_http_call_async (f->http, f->request, 10000, f->cancellable, called_cb, f);
}

static void
call (Fixture    *f,
      const char *path)
{
  g_autofree char *url = g_strconcat (f->server->url, path, NULL);

  begin (f, url);
  test_wait_until (f->done);
  if (f->error != NULL)
    g_assert_null (strstr (f->error->message, "MARKER"));
}

static void
test_get (Fixture      *f,
          gconstpointer data)
{
  ServerRequest *request;

  call (f, "/a?b=c");
  g_assert_no_error (f->error);
  g_assert_cmpmem (g_bytes_get_data (f->body, NULL), g_bytes_get_size (f->body), "{\"a\":1}", 7);
  g_assert_cmpuint (bobbin_http_request_get_status (f->request), ==, 200);
  g_assert_cmpstr (bobbin_http_request_get_answer_type (f->request), ==, "application/json");
  g_assert_cmpint (bobbin_http_request_get_retry_after_ms (f->request), ==, -1);
  request = server_fixture_get_request (f->server, 0);
  g_assert_cmpstr (request->user_agent, ==, "Bobbin/" BOBBIN_VERSION);
  g_assert_cmpstr (request->accept_encoding, ==, "identity");
  g_assert_cmpstr (request->authorization, ==, "Bearer " KEY);
}

static void
test_statuses (Fixture      *f,
               gconstpointer data)
{
  call (f, "/basic");
  g_assert_no_error (f->error);
  g_assert_cmpuint (bobbin_http_request_get_status (f->request), ==, 401);
  g_assert_cmpuint (f->server->requests->len, ==, 1);
  call (f, "/later");
  g_assert_no_error (f->error);
  g_assert_cmpint (bobbin_http_request_get_retry_after_ms (f->request), ==, 30000);
}

static void
test_redirect (Fixture      *f,
               gconstpointer data)
{
  call (f, "/redirect");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (f->error->message, "elsewhere.example"));
  g_assert_null (strstr (f->error->message, "SECRET"));
  g_assert_cmpuint (f->server->requests->len, ==, 1);
}

static void
test_large (Fixture      *f,
            gconstpointer data)
{
  call (f, "/large");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
}

static void
test_refused_urls (Fixture      *f,
                   gconstpointer data)
{
  static const struct { const char *url; gboolean allow_plain; BobbinErrorCode code; } rows[] = {
    { "http://example.org/", FALSE, BOBBIN_ERROR_INSECURE }, { "http://example.org/", TRUE, BOBBIN_ERROR_INSECURE },
    { "http://192.168.0.1/", FALSE, BOBBIN_ERROR_INSECURE }, { "no address", FALSE, BOBBIN_ERROR_INVALID },
    { "", FALSE, BOBBIN_ERROR_INVALID }, { "ftp://example.org/", FALSE, BOBBIN_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bobbin_http_configure (f->http, rows[i].allow_plain, NULL);
      begin (f, rows[i].url);
      test_wait_until (f->done);
      g_assert_error (f->error, BOBBIN_ERROR, (int) rows[i].code);
      g_assert_false (bobbin_http_request_get_sent (f->request));
    }
}

static void
test_nobody_home (Fixture      *f,
                  gconstpointer data)
{
  soup_server_disconnect (f->server->soup);
  call (f, "/");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_NETWORK);
  g_assert_false (bobbin_http_request_get_sent (f->request));
  begin (f, "https://no-such-name.invalid/");
  test_wait_until (f->done);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_NETWORK);
}

static void
test_silence (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *url = g_strconcat (f->server->url, "/never", NULL);

  begin (f, url);
  test_wait_until (f->server->requests->len == 1);
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 29000);
  test_settle ();
  g_assert_false (f->done);
  bobbin_manual_clock_advance (f->clock, 1001);
  test_wait_until (f->done);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
  g_assert_true (bobbin_http_request_get_sent (f->request));
}

/* The TCP connection stands, but nobody answers the TLS handshake. */
static void
test_connect_limit (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/", port);

  begin (f, url);
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 10000);
  test_wait_until (f->done);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
  g_assert_false (bobbin_http_request_get_sent (f->request));
  g_socket_listener_close (listener);
}

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  g_autofree char *url = g_strconcat (f->server->url, "/never", NULL);

  begin (f, url);
  test_wait_until (f->server->requests->len == 1);
  g_cancellable_cancel (f->cancellable);
  test_wait_until (f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* Cancelled before it begins. */
  begin (f, url);
  test_wait_until (f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Servers that speak no HTTP, or hang up. */
static gboolean
babble_cb (GSocketService    *service,
           GSocketConnection *connection,
           GObject           *source,
           gpointer           user_data)
{
  const char *babble = user_data;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), babble, strlen (babble), NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  return TRUE;
}

static void
test_babble (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  guint port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *url = g_strdup_printf ("%s://127.0.0.1:%u/", strstr (data, "tls") != NULL ? "https" : "http", port);

  g_signal_connect (service, "incoming", G_CALLBACK (babble_cb), (gpointer) data);
  begin (f, url);
  test_wait_until (f->done);
  g_assert_nonnull (f->error);
  g_assert_true (f->error->domain == BOBBIN_ERROR);
  g_assert_true (f->error->code == BOBBIN_ERROR_PROTOCOL || f->error->code == BOBBIN_ERROR_NETWORK ||
                 f->error->code == BOBBIN_ERROR_TLS);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

static void
test_tls_refused (Fixture      *f,
                  gconstpointer data)
{
  g_autofree char *fingerprint = server_fixture_dup_fingerprint ();

  call (f, "/");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TLS);
  g_assert_nonnull (strstr (f->error->message, "signed"));
  g_assert_cmpstr (bobbin_http_request_get_refused_certificate (f->request), ==, fingerprint);
  g_assert_cmpuint (f->server->requests->len, ==, 0);
  g_assert_false (bobbin_http_request_get_sent (f->request));
}

static void
test_tls_pinned (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *fingerprint = server_fixture_dup_fingerprint ();
  g_autofree char *upper = g_ascii_strup (fingerprint, -1);
  g_autoptr(GString) colons = g_string_new (NULL);

  for (guint i = 0; upper[i] != '\0'; i += 2)
    g_string_append_printf (colons, "%s%.2s", i > 0 ? ":" : "", upper + i);

  bobbin_http_configure (f->http, FALSE, fingerprint);
  call (f, "/");
  g_assert_no_error (f->error);
  g_assert_true (g_str_has_prefix (bobbin_http_request_get_tls_summary (f->request), "TLS 1."));
  bobbin_http_configure (f->http, FALSE, colons->str);
  call (f, "/");
  g_assert_no_error (f->error);

  /* Another one does not do, nor does a part of it; and a pin that is taken back counts at once. */
  fingerprint[0] = fingerprint[0] == '0' ? '1' : '0';
  bobbin_http_configure (f->http, FALSE, fingerprint);
  call (f, "/");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TLS);
  bobbin_http_configure (f->http, FALSE, "");
  call (f, "/");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TLS);
  bobbin_http_configure (f->http, FALSE, NULL);
  call (f, "/");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TLS);
  g_assert_cmpuint (f->server->requests->len, ==, 2);
}

static void
test_post (Fixture      *f,
           gconstpointer data)
{
  g_autofree char *url = g_strconcat (f->server->url, "/post", NULL);
  g_autofree char *text = g_strnfill (3000000, 'y');
  g_autoptr(BobbinBodyStream) body = bobbin_body_stream_new ();

  bobbin_body_stream_append_text (body, text, -1);
  f->request = bobbin_http_request_new ("POST", url);
  bobbin_http_request_set_body (f->request, "application/json", G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
  g_assert_false (bobbin_http_request_get_sent (f->request));
  bobbin_http_call_async (f->http, f->request, 10000, NULL, called_cb, f);
  test_wait_until (f->done);
  g_assert_no_error (f->error);
  g_assert_true (bobbin_http_request_get_sent (f->request));
  g_assert_cmpuint (g_bytes_get_size (server_fixture_get_request (f->server, 0)->body), ==, 3000000);
}

/* Public servers speak HTTP/2, on which libsoup reads bodies another way. */
static void
set_up_http2 (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *fingerprint = server_fixture_dup_fingerprint ();

  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  set_up_tls (f, data);
  g_unsetenv ("SOUP_SERVER_HTTP2");
  bobbin_http_configure (f->http, FALSE, fingerprint);
}

static void
test_http2 (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *url = g_strconcat (f->server->url, "/post", NULL);
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "file", NULL);
  g_autofree char *content = g_strnfill (40000, 'y');
  g_autofree char *encoded = g_base64_encode ((const guchar *) content, 40000);
  g_autoptr(BobbinBodyStream) body = bobbin_body_stream_new ();
  GBytes *got;

  call (f, "/");
  g_assert_no_error (f->error);
  clear_result (f);

  /* The server of libsoup 3.2 opens its window no further than the first 64 KiB. */
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  bobbin_body_stream_append_file (body, path, "file", 40000);
  f->request = bobbin_http_request_new ("POST", url);
  bobbin_http_request_set_body (f->request, "application/json", G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
  bobbin_http_call_async (f->http, f->request, 10000, NULL, called_cb, f);
  test_wait_until (f->done);
  g_assert_no_error (f->error);
  g_assert_true (bobbin_http_request_get_sent (f->request));
  got = server_fixture_get_request (f->server, 1)->body;
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), encoded, strlen (encoded));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);

  call (f, "/redirect");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
  call (f, "/large");
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
}

/* A file that changes while it is sent ends the exchange with its own error there, too. */
static void
test_http2_file (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *url = g_strconcat (f->server->url, "/post", NULL);
  g_autoptr(BobbinBodyStream) body = bobbin_body_stream_new ();

  bobbin_body_stream_append_text (body, "{", 1);
  bobbin_body_stream_append_file (body, "/nonexistent/file", "q3.csv", 100000);
  f->request = bobbin_http_request_new ("POST", url);
  bobbin_http_request_set_body (f->request, "application/json", G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
  bobbin_http_call_async (f->http, f->request, 10000, NULL, called_cb, f);
  test_wait_until (f->done);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_assert_cmpuint (f->server->requests->len, ==, 0);
}

/* product.md, promise 7: with everything logged that GLib and libsoup can log. */
static void
test_log (Fixture      *f,
          gconstpointer data)
{
  if (g_test_subprocess ())
    {
      call (f, "/");
      call (f, "/redirect");
      call (f, "/basic");
      soup_server_disconnect (f->server->soup);
      call (f, "/");
      return;
    }

  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_unsetenv ("G_MESSAGES_DEBUG");
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr_unmatched ("*MARKER*");
  g_test_trap_assert_stdout_unmatched ("*MARKER*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/transport/http/tls/refused", Fixture, NULL, set_up_tls, test_tls_refused, tear_down);
  g_test_add ("/transport/http/tls/pinned", Fixture, NULL, set_up_tls, test_tls_pinned, tear_down);
  g_test_add ("/transport/http/get", Fixture, NULL, set_up, test_get, tear_down);
  g_test_add ("/transport/http/statuses", Fixture, NULL, set_up, test_statuses, tear_down);
  g_test_add ("/transport/http/redirect", Fixture, NULL, set_up, test_redirect, tear_down);
  g_test_add ("/transport/http/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add ("/transport/http/refused-urls", Fixture, NULL, set_up, test_refused_urls, tear_down);
  g_test_add ("/transport/http/nobody-home", Fixture, NULL, set_up, test_nobody_home, tear_down);
  g_test_add ("/transport/http/silence", Fixture, NULL, set_up, test_silence, tear_down);
  g_test_add ("/transport/http/connect-limit", Fixture, NULL, set_up, test_connect_limit, tear_down);
  g_test_add ("/transport/http/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/transport/http/babble/empty", Fixture, "", set_up, test_babble, tear_down);
  g_test_add ("/transport/http/babble/words", Fixture, "220 mail.example ESMTP\r\n\r\n", set_up, test_babble, tear_down);
  g_test_add ("/transport/http/babble/tls", Fixture, "this is no tls at all", set_up, test_babble, tear_down);
  g_test_add ("/transport/http/http2", Fixture, NULL, set_up_http2, test_http2, tear_down);
  g_test_add ("/transport/http/http2-file", Fixture, NULL, set_up_http2, test_http2_file, tear_down);
  g_test_add ("/transport/http/post", Fixture, NULL, set_up, test_post, tear_down);
  g_test_add ("/transport/http/log", Fixture, NULL, set_up, test_log, tear_down);

  return g_test_run ();
}
