/* BobbinHttpStream: bytes as they come, refusals with their words, cuts, and a handler that drops it. With it uploads: BobbinMultipart and
 * the progress of a request. */
#include "config.h"

#include "model/bobbin-attachment.h"
#include "transport/bobbin-http-stream.h"
#include "transport/bobbin-multipart.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include "server-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinHttp        *http;
  BobbinHttpRequest *request;
  BobbinHttpStream  *stream;
  SoupServerMessage *message; /* the answer that is open */
  gboolean           drops;
  /* what came */
  gboolean           head;
  GString           *bytes;
  GString           *refusal;
  gboolean           ended;
  GError            *error;
  goffset            sent;
  goffset            total;
  guint              n_progress;
} Fixture;

static void
request_cb (ServerFixture     *server,
            SoupServerMessage *message,
            const char        *path,
            gpointer           user_data)
{
  Fixture *f = user_data;

  if (g_str_equal (path, "/no"))
    server_message_answer (message, 409, "application/json", "{\"why\":\"busy\"}");
  else if (g_str_equal (path, "/page"))
    server_message_answer (message, 200, "text/html", "<html>");
  else if (g_str_equal (path, "/upload"))
    server_message_answer (message, 201, "application/json", "{}");
  else
    {
      server_message_stream (message);
      f->message = message;
    }
}

static void
head_cb (BobbinHttpStream *stream,
         gpointer          user_data)
{
  Fixture *f = user_data;

  f->head = TRUE;
}

static void
bytes_cb (BobbinHttpStream *stream,
          const char       *bytes,
          gsize             length,
          gpointer          user_data)
{
  Fixture *f = user_data;

  g_string_append_len (f->bytes, bytes, (gssize) length);
  if (f->drops)
    g_clear_pointer (&f->stream, bobbin_http_stream_drop);
}

static void
refused_cb (BobbinHttpStream *stream,
            const char       *body,
            gsize             length,
            gpointer          user_data)
{
  Fixture *f = user_data;

  f->refusal = g_string_new_len (body, (gssize) length);
  f->ended = TRUE;
}

static void
ended_cb (BobbinHttpStream *stream,
          const GError     *error,
          gpointer          user_data)
{
  Fixture *f = user_data;

  f->error = error != NULL ? g_error_copy (error) : NULL;
  f->ended = TRUE;
}

static const BobbinHttpStreamHandlers handlers = { head_cb, bytes_cb, refused_cb, ended_cb };

static void
progress_cb (goffset  sent,
             goffset  total,
             gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpint (sent, >, f->sent);
  f->sent = sent;
  f->total = total;
  f->n_progress++;
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = server_fixture_new ();
  f->server->on_request = request_cb;
  f->server->user_data = f;
  f->clock = bobbin_manual_clock_new (G_GINT64_CONSTANT (1700000000000000));
  f->http = bobbin_http_new (BOBBIN_CLOCK (f->clock));
  f->bytes = g_string_new (NULL);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_clear_pointer (&f->stream, bobbin_http_stream_drop);
  test_settle ();
  g_clear_object (&f->request);
  g_clear_error (&f->error);
  g_string_free (f->bytes, TRUE);
  if (f->refusal != NULL)
    g_string_free (f->refusal, TRUE);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  g_assert_finalize_object (f->http);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->clock);
}

static void
begin (Fixture    *f,
       const char *method,
       const char *path)
{
  g_autofree char *url = g_strconcat (f->server->url, path, NULL);

  f->request = bobbin_http_request_new (method, url);
  if (g_str_equal (method, "GET"))
    f->stream = bobbin_http_stream_new (f->http, f->request, &handlers, f);
}

static void
test_bytes (Fixture      *f,
            gconstpointer data)
{
  begin (f, "GET", "/stream");
  test_wait_until (f->message != NULL);
  server_message_chunk (f->message, "one");
  test_wait_until (g_str_equal (f->bytes->str, "one"));
  g_assert_true (f->head);
  server_message_chunk (f->message, "two");
  server_message_end (f->message);
  test_wait_until (f->ended);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->bytes->str, ==, "onetwo");
}

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  begin (f, "GET", "/no");
  test_wait_until (f->ended);
  g_assert_cmpstr (f->refusal->str, ==, "{\"why\":\"busy\"}");
  g_assert_cmpuint (bobbin_http_request_get_status (bobbin_http_stream_get_request (f->stream)), ==, 409);
  g_assert_false (f->head);
}

static void
test_page (Fixture      *f,
           gconstpointer data)
{
  begin (f, "GET", "/page");
  test_wait_until (f->ended);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
  g_assert_cmpuint (f->bytes->len, ==, 0);
}

static void
test_dropped (Fixture      *f,
              gconstpointer data)
{
  f->drops = TRUE;
  begin (f, "GET", "/stream");
  test_wait_until (f->message != NULL);
  server_message_chunk (f->message, "one");
  test_wait_until (f->stream == NULL);
  server_message_chunk (f->message, "two");
  server_message_end (f->message);
  test_settle ();
  g_assert_cmpstr (f->bytes->str, ==, "one");
  g_assert_false (f->ended);
}

/* The silence of a stream is bounded by the request's limit. */
static void
test_silence (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *url = g_strconcat (f->server->url, "/stream", NULL);

  f->request = bobbin_http_request_new ("GET", url);
  bobbin_http_request_set_silence_limit (f->request, 960000);
  f->stream = bobbin_http_stream_new (f->http, f->request, &handlers, f);
  test_wait_until (f->message != NULL);
  server_message_chunk (f->message, "one");
  test_wait_until (f->bytes->len == 3);
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 959000);
  test_settle ();
  g_assert_false (f->ended);
  bobbin_manual_clock_advance (f->clock, 2000);
  test_wait_until (f->ended);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
}

/* An upload: the file's bytes as they are, between the right lines, whatever it is called. */
static void
test_multipart (Fixture      *f,
                gconstpointer data)
{
  const char *fields[] = { "purpose", "assistants", NULL };
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "x", NULL);
  g_autofree char *content = g_malloc (200000);
  g_autofree char *type = NULL;
  g_autofree char *head = NULL;
  g_autoptr(BobbinAttachment) attachment = NULL;
  g_autoptr(BobbinBodyStream) body = NULL;
  const char *boundary;
  const char *sent;
  gsize size;

  for (guint i = 0; i < 200000; i++)
    content[i] = (char) (i * 7);
  g_assert_true (g_file_set_contents (path, content, 200000, NULL));
  attachment = bobbin_attachment_new (0, "a \"b\"\r\nX: y.bin", "text/evil\r\nX: y", 200000, "00", path);
  body = bobbin_multipart_new (fields, "file", attachment, NULL, &type);
  begin (f, "POST", "/upload");
  bobbin_http_request_set_body (f->request, type, G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
  bobbin_http_request_set_progress (f->request, progress_cb, f);
  f->stream = bobbin_http_stream_new (f->http, f->request, &handlers, f);
  test_wait_until (f->ended);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->n_progress, >, 2);
  g_assert_cmpint (f->sent, ==, f->total);
  g_assert_cmpint (f->total, ==, bobbin_body_stream_get_length (body));

  g_assert_true (g_str_has_prefix (type, "multipart/form-data; boundary="));
  boundary = strchr (type, '=') + 1;
  head = g_strdup_printf ("--%s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
                          "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %%22b%%22%%0D%%0AX: y.bin\"\r\n"
                          "Content-Type: application/octet-stream\r\n\r\n", boundary, boundary);
  sent = g_bytes_get_data (server_fixture_get_request (f->server, 0)->body, &size);
  g_assert_cmpmem (sent, strlen (head), head, strlen (head));
  g_assert_cmpmem (sent + strlen (head), 200000, content, 200000);
  g_assert_cmpuint (size, ==, strlen (head) + 200000 + strlen (boundary) + 8);
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/http-stream/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("bytes", test_bytes);
  ADD ("refused", test_refused);
  ADD ("page", test_page);
  ADD ("dropped", test_dropped);
  ADD ("silence", test_silence);
  ADD ("multipart", test_multipart);

  return g_test_run ();
}
