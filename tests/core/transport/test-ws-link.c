/* BobbinWsLink: one handshake, frames both ways, one end. */
#include "config.h"

#include "transport/bobbin-http.h"
#include "transport/bobbin-ws-link.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include "server-fixture.h"

#include <unistd.h>

#define KEY "MARKER-key"

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinHttp        *http;
  BobbinWsLink      *link;
  gboolean           done;
  GError            *error;
  GString           *texts;      /* received, each followed by "|" */
  guint              n_texts;
  guint              n_closed;
  guint              close_code;
  char              *reason;
  gboolean           drop_in_text;
  guint              status;
} Fixture;

static guint
handshake_cb (ServerFixture     *server,
              SoupServerMessage *message,
              const char        *path,
              gpointer           user_data)
{
  Fixture *f = user_data;

  if (f->status == 503)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After", "9");

  return f->status;
}

/* Right behind the handshake, perhaps in the same packet. */
static void
socket_cb (ServerFixture           *server,
           SoupWebsocketConnection *socket,
           gpointer                 user_data)
{
  soup_websocket_connection_send_text (socket, "early");
}

static void
text_cb (BobbinWsLink *link,
         const char   *text,
         gsize         length,
         gpointer      user_data)
{
  Fixture *f = user_data;

  g_assert_cmpuint (strlen (text), <=, length);
  g_string_append_printf (f->texts, "%.20s|", text);
  f->n_texts++;
  if (f->drop_in_text)
    g_clear_object (&f->link);
}

static void
closed_cb (BobbinWsLink *link,
           guint         code,
           const char   *reason,
           const GError *error,
           gpointer      user_data)
{
  Fixture *f = user_data;

  f->n_closed++;
  f->close_code = code;
  g_free (f->reason);
  f->reason = g_strdup (reason);
  if (error != NULL && f->error == NULL)
    f->error = g_error_copy (error);
}

static const BobbinWsHandlers handlers = { text_cb, closed_cb };

static void
set_up_with (Fixture       *f,
             ServerFixture *server)
{
  f->server = server;
  f->server->on_handshake = handshake_cb;
  f->server->on_socket = socket_cb;
  f->server->user_data = f;
  f->clock = bobbin_manual_clock_new (0);
  f->http = bobbin_http_new (BOBBIN_CLOCK (f->clock));
  f->texts = g_string_new (NULL);
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
tear_down (Fixture      *f,
           gconstpointer data)
{
  if (f->link != NULL)
    {
      bobbin_ws_link_close (f->link, 1000);
      test_settle ();
      g_assert_finalize_object (f->link);
    }
  test_settle ();
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  g_assert_finalize_object (f->http);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->clock);
  g_string_free (f->texts, TRUE);
  g_free (f->reason);
  g_clear_error (&f->error);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  if (bobbin_ws_link_open_finish (BOBBIN_WS_LINK (source), result, &f->error))
    bobbin_ws_link_set_handlers (BOBBIN_WS_LINK (source), &handlers, f);
  f->done = TRUE;
}

static void
begin (Fixture      *f,
       const char   *url,
       GCancellable *cancellable)
{
  f->link = bobbin_ws_link_new (f->http, url);
  bobbin_ws_link_set_header (f->link, "Authorization", KEY);
  bobbin_ws_link_open_async (f->link, NULL, 5000, cancellable, opened_cb, f);
}

static void
open_link (Fixture *f)
{
  g_autofree char *url = g_strdup_printf ("ws%s/ws", f->server->url + strlen ("http"));

  begin (f, url, NULL);
  test_wait_until (f->done);
  if (f->error != NULL)
    g_assert_null (strstr (f->error->message, "MARKER"));
}

static gboolean
send_text (Fixture    *f,
           const char *text)
{
  return bobbin_ws_link_send (f->link, g_bytes_new (text, strlen (text)));
}

static void
test_frames (Fixture      *f,
             gconstpointer data)
{
  open_link (f);
  g_assert_no_error (f->error);
  g_assert_true (bobbin_ws_link_is_open (f->link));
  g_assert_cmpstr (server_fixture_get_request (f->server, 0)->authorization, ==, KEY);
  test_wait_until (f->n_texts == 1);
  server_fixture_send (f->server, "one");
  server_fixture_send (f->server, "");
  server_fixture_send (f->server, "zwei ü");
  test_wait_until (f->n_texts == 4);
  g_assert_cmpstr (f->texts->str, ==, "early|one||zwei ü|");
  g_assert_true (send_text (f, "hello"));
  test_wait_until (f->server->texts->len == 1);
  g_assert_cmpstr (server_fixture_get_text (f->server, 0), ==, "hello");
}

static void
test_large_frames (Fixture      *f,
                   gconstpointer data)
{
  g_autofree char *large = g_strnfill (5 * 1024 * 1024, 'x');

  open_link (f);
  server_fixture_send (f->server, large);
  test_wait_until (f->n_texts == 2);
  g_assert_true (send_text (f, large));
  test_wait_until (f->server->texts->len == 1);
  g_assert_cmpuint (strlen (server_fixture_get_text (f->server, 0)), ==, strlen (large));
}

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  f->status = GPOINTER_TO_UINT (data);
  open_link (f);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
  g_assert_cmpuint (bobbin_ws_link_get_status (f->link), ==, f->status);
  g_assert_cmpint (bobbin_ws_link_get_retry_after_ms (f->link), ==, f->status == 503 ? 9000 : -1);
  g_assert_false (bobbin_ws_link_is_open (f->link));
  g_assert_false (send_text (f, "hello"));
}

static void
test_limit (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%u/", port);

  begin (f, url, NULL);
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 5000);
  test_wait_until (f->done);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
  g_socket_listener_close (listener);
}

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  g_autofree char *url = g_strconcat (f->server->url, "/ws", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  begin (f, url, cancellable);
  g_cancellable_cancel (cancellable);
  test_wait_until (f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_insecure (Fixture      *f,
               gconstpointer data)
{
  begin (f, data, NULL);
  test_wait_until (f->done);
  g_assert_nonnull (f->error);
  g_assert_true (f->error->domain == BOBBIN_ERROR);
  g_assert_true (f->error->code == BOBBIN_ERROR_INSECURE || f->error->code == BOBBIN_ERROR_INVALID);
}

static void
test_server_closes (Fixture      *f,
                    gconstpointer data)
{
  open_link (f);
  soup_websocket_connection_close (server_fixture_get_socket (f->server), 4004, "gone");
  test_wait_until (f->n_closed == 1);
  g_assert_cmpuint (f->close_code, ==, 4004);
  g_assert_cmpstr (f->reason, ==, "gone");
  g_assert_false (bobbin_ws_link_is_open (f->link));
  g_assert_false (send_text (f, "hello"));
  test_wait_until (f->server->n_closed == 1);
  g_assert_cmpuint (f->n_closed, ==, 1);
}

static void
test_dropped (Fixture      *f,
              gconstpointer data)
{
  open_link (f);
  test_wait_until (f->n_texts == 1);
  g_io_stream_close (soup_websocket_connection_get_io_stream (server_fixture_get_socket (f->server)), NULL, NULL);
  test_wait_until (f->n_closed == 1);
  g_assert_cmpuint (f->close_code, ==, 1006);
}

static void
test_we_close (Fixture      *f,
               gconstpointer data)
{
  open_link (f);
  bobbin_ws_link_close (f->link, 1000);
  test_wait_until (f->server->n_closed == 1);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (server_fixture_get_socket (f->server)), ==, 1000);
  g_assert_cmpuint (f->n_closed, ==, 0);
  g_assert_cmpuint (f->n_texts, ==, 0);
}

static void
test_drop_in_text (Fixture      *f,
                   gconstpointer data)
{
  f->drop_in_text = TRUE;
  open_link (f);
  test_wait_until (f->server->n_closed == 1);
  g_assert_cmpuint (f->n_texts, ==, 1);
}

static void
test_tls (Fixture      *f,
          gconstpointer data)
{
  g_autofree char *fingerprint = server_fixture_dup_fingerprint ();

  open_link (f);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TLS);
  g_assert_cmpstr (bobbin_ws_link_get_refused_certificate (f->link), ==, fingerprint);
  g_clear_error (&f->error);
  g_assert_finalize_object (f->link);

  bobbin_http_configure (f->http, FALSE, fingerprint);
  f->done = FALSE;
  open_link (f);
  g_assert_no_error (f->error);
  test_wait_until (f->n_texts == 1);
}

/* A flood without end: the rest of the program still gets its turn. */
/* Past the server's libsoup, which would put it right. (transfer full) */
static GSocketConnection *
get_raw (Fixture *f)
{
  g_autoptr(GIOStream) base = NULL;
  g_autoptr(GSocket) socket = NULL;

  g_object_get (soup_websocket_connection_get_io_stream (server_fixture_get_socket (f->server)), "base-iostream", &base, NULL);
  socket = g_socket_new_from_fd (dup (g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)))), NULL);

  return g_socket_connection_factory_create_connection (socket);
}

static void
test_bad_utf8 (Fixture      *f,
               gconstpointer data)
{
  static const guint8 frames[] = { 0x81, 5, 'c', 'a', 'f', 0xff, '!', 0x81, 2, 'o', 'k' };
  g_autoptr(GSocketConnection) raw = NULL;

  open_link (f);
  test_wait_until (f->n_texts == 1);
  raw = get_raw (f);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (raw)), frames, sizeof frames, NULL, NULL, NULL));
  test_wait_until (f->n_texts == 3);
  g_assert_cmpstr (f->texts->str, ==, "early|caf\xff!|ok|");
  g_assert_cmpuint (f->n_closed, ==, 0);
}

typedef struct
{
  GSocketConnection *connection;
  gint               stop;    /* atomic */
} Flood;

/* What came before it in the same packet is not lost. */
static void
test_oversized (Fixture      *f,
                gconstpointer data)
{
  static const guint8 frames[] = { 0x81, 2, 'h', 'i', 0x81, 127, 0, 0, 0, 0, 6, 0, 0, 0, '{' };
  g_autoptr(GSocketConnection) raw = NULL;

  open_link (f);
  test_wait_until (f->n_texts == 1);
  raw = get_raw (f);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (raw)), frames, sizeof frames, NULL, NULL, NULL));
  test_wait_until (f->n_closed == 1);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
  g_assert_cmpstr (f->texts->str, ==, "early|hi|");
}

/* A message in pieces of 1 MiB that never ends. */
static gpointer
pieces_thread (gpointer data)
{
  Flood *flood = data;
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (flood->connection));
  const gsize size = 1024 * 1024;
  g_autofree guint8 *piece = g_malloc0 (size + 10);
  const guint8 head[] = { 0x01, 127, 0, 0, 0, 0, 0, 0x10, 0, 0 };

  memcpy (piece, head, sizeof head);
  while (!g_atomic_int_get (&flood->stop) && g_output_stream_write_all (out, piece, size + 10, NULL, NULL, NULL))
    piece[0] = 0x00;

  return NULL;
}

static void
test_pieces (Fixture      *f,
             gconstpointer data)
{
  Flood flood = { 0 };
  GThread *thread;

  open_link (f);
  test_wait_until (f->n_texts == 1);
  flood.connection = get_raw (f);
  thread = g_thread_new ("pieces", pieces_thread, &flood);
  test_wait_until (f->n_closed == 1);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
  g_assert_cmpuint (f->n_texts, ==, 1);
  g_atomic_int_set (&flood.stop, 1);
  g_socket_shutdown (g_socket_connection_get_socket (flood.connection), TRUE, TRUE, NULL);
  g_thread_join (thread);
  g_object_unref (flood.connection);
}

static gpointer
flood_thread (gpointer data)
{
  Flood *flood = data;
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (flood->connection));
  static const guint8 frame[] = { 0x81, 4, 'f', 'l', 'o', 'w' };
  g_autoptr(GByteArray) frames = g_byte_array_new ();

  for (guint i = 0; i < 5000; i++)
    g_byte_array_append (frames, frame, sizeof frame);
  while (!g_atomic_int_get (&flood->stop) &&
         g_output_stream_write_all (out, frames->data, frames->len, NULL, NULL, NULL))
    ;

  return NULL;
}

static gboolean
tick_cb (gpointer user_data)
{
  ++*(guint *) user_data;

  return G_SOURCE_CONTINUE;
}

static void
test_flood (Fixture      *f,
            gconstpointer data)
{
  Flood flood = { 0 };
  guint n_ticks = 0;
  guint ticker;
  GThread *thread;

  open_link (f);
  test_wait_until (f->n_texts == 1);
  /* Written from another thread, straight to the socket, as another process would. */
  flood.connection = get_raw (f);

  ticker = g_timeout_add (1, tick_cb, &n_ticks);
  thread = g_thread_new ("flood", flood_thread, &flood);
  test_wait_until (n_ticks >= 25 && f->n_texts > 100);
  g_atomic_int_set (&flood.stop, 1);
  /* The thread may wait for room in the socket: it ends with the link. */
  bobbin_ws_link_close (f->link, 1000);
  g_socket_shutdown (g_socket_connection_get_socket (flood.connection), TRUE, TRUE, NULL);
  g_thread_join (thread);
  g_source_remove (ticker);
  g_object_unref (flood.connection);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/transport/ws-link/frames", Fixture, NULL, set_up, test_frames, tear_down);
  g_test_add ("/transport/ws-link/large-frames", Fixture, NULL, set_up, test_large_frames, tear_down);
  g_test_add ("/transport/ws-link/refused-403", Fixture, GUINT_TO_POINTER (403), set_up, test_refused, tear_down);
  g_test_add ("/transport/ws-link/refused-503", Fixture, GUINT_TO_POINTER (503), set_up, test_refused, tear_down);
  g_test_add ("/transport/ws-link/refused-302", Fixture, GUINT_TO_POINTER (302), set_up, test_refused, tear_down);
  g_test_add ("/transport/ws-link/limit", Fixture, NULL, set_up, test_limit, tear_down);
  g_test_add ("/transport/ws-link/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/transport/ws-link/insecure", Fixture, "ws://example.org/", set_up, test_insecure, tear_down);
  g_test_add ("/transport/ws-link/no-address", Fixture, "no address", set_up, test_insecure, tear_down);
  g_test_add ("/transport/ws-link/server-closes", Fixture, NULL, set_up, test_server_closes, tear_down);
  g_test_add ("/transport/ws-link/dropped", Fixture, NULL, set_up, test_dropped, tear_down);
  g_test_add ("/transport/ws-link/we-close", Fixture, NULL, set_up, test_we_close, tear_down);
  g_test_add ("/transport/ws-link/drop-in-text", Fixture, NULL, set_up, test_drop_in_text, tear_down);
  g_test_add ("/transport/ws-link/tls", Fixture, NULL, set_up_tls, test_tls, tear_down);
  g_test_add ("/transport/ws-link/flood", Fixture, NULL, set_up, test_flood, tear_down);
  g_test_add ("/transport/ws-link/bad-utf8", Fixture, NULL, set_up, test_bad_utf8, tear_down);
  g_test_add ("/transport/ws-link/oversized", Fixture, NULL, set_up, test_oversized, tear_down);
  g_test_add ("/transport/ws-link/pieces", Fixture, NULL, set_up, test_pieces, tear_down);

  return g_test_run ();
}
