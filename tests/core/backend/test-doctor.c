/* The connection doctor, with Nebelus behind it. */
#include "config.h"

#include "backend/bobbin-doctor.h"
#include "model/bobbin-account.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include "server-fixture.h"

#define KEY "sk-ns-org-MARKER-key"

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinAccount     *account;
  BobbinBackend     *backend;
  BobbinDoctor      *doctor;
  GString           *steps;    /* as announced: "0r 0p …" */
  gboolean           done;
  gboolean           passed;
  GError            *error;
  guint              status;   /* of refused handshakes and requests below /api */
  gboolean           keen;     /* looks at the key before the method */
} Fixture;

static guint
handshake_cb (ServerFixture     *server,
              SoupServerMessage *message,
              const char        *path,
              gpointer           user_data)
{
  return ((Fixture *) user_data)->status;
}

static void
socket_cb (ServerFixture           *server,
           SoupWebsocketConnection *socket,
           gpointer                 user_data)
{
  soup_websocket_connection_send_text (socket, "{\"event\":\"connection\",\"data\":{\"thread_id\":\"t1\"}}");
}

static void
request_cb (ServerFixture     *server,
            SoupServerMessage *message,
            const char        *path,
            gpointer           user_data)
{
  Fixture *f = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (f->keen && soup_message_headers_get_one (headers, "Authorization") == NULL)
    server_message_answer (message, 401, "application/json", "{\"detail\":\"no key\"}");
  else if (g_str_has_prefix (path, "/api/"))
    server_message_answer (message, f->status != 0 ? f->status : 405, "application/json", "{\"detail\":\"words\"}");
  else
    server_message_answer (message, 404, "text/html", "<html>");
}

static void
step_cb (BobbinDoctor *doctor,
         guint         check,
         Fixture      *f)
{
  g_string_append_printf (f->steps, "%u%c ", check, "wrpsf"[bobbin_doctor_get_step (doctor, check)->state]);
}

static void
prepare (Fixture    *f,
         const char *url)
{
  f->server->on_handshake = handshake_cb;
  f->server->on_socket = socket_cb;
  f->server->on_request = request_cb;
  f->server->user_data = f;
  f->steps = g_string_new (NULL);
  f->clock = bobbin_manual_clock_new (0);
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "Test", url);
  bobbin_account_set_agent_id (f->account, "a1");
  f->backend = bobbin_registry_create (f->account, BOBBIN_CLOCK (f->clock));
  bobbin_backend_set_credential (f->backend, KEY);
  f->doctor = bobbin_doctor_new (f->account, f->backend, BOBBIN_CLOCK (f->clock));
  g_signal_connect (f->doctor, "step", G_CALLBACK (step_cb), f);
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = server_fixture_new ();
  prepare (f, f->server->url);
}

static void
set_up_tls (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *url = NULL;

  f->server = server_fixture_new_tls ();
  url = g_strdup_printf ("https://localhost:%u", f->server->port);
  prepare (f, url);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_autofree char *report = bobbin_doctor_dup_report (f->doctor);

  g_assert_null (strstr (report, "MARKER"));
  g_clear_error (&f->error);
  test_settle ();
  g_assert_finalize_object (f->doctor);
  g_assert_finalize_object (f->backend);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->account);
  g_assert_finalize_object (f->clock);
  g_string_free (f->steps, TRUE);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *f = user_data;

  f->passed = bobbin_doctor_run_finish (BOBBIN_DOCTOR (source), result, &f->error);
  f->done = TRUE;
}

static void
run (Fixture *f)
{
  g_clear_error (&f->error);
  g_string_truncate (f->steps, 0);
  f->done = FALSE;
  bobbin_doctor_run_async (f->doctor, NULL, done_cb, f);
  test_wait_until (f->done);
}

static void
welcome_cb (ServerFixture     *server,
         SoupServerMessage *message,
         const char        *path,
         gpointer           user_data)
{
  server_message_answer (message, 200, "application/json", "{}");
}

static void
test_healthy (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *report = NULL;

  f->keen = TRUE;
  run (f);
  g_assert_no_error (f->error);
  g_assert_true (f->passed);
  g_assert_cmpstr (f->steps->str, ==, "0s 1r 1p 2s 3r 3p 4r 4p 5r 5p ");
  report = bobbin_doctor_dup_report (f->doctor);
  g_assert_nonnull (strstr (report, "Authentication: passed"));
  g_assert_nonnull (strstr (report, "Stream: passed"));
  /* Once more with the same doctor. */
  run (f);
  g_assert_true (f->passed);
}

/* A server that never looks at keys, at least not here, has shown nothing. */
static void
test_unproven (Fixture      *f,
               gconstpointer data)
{
  g_autofree char *report = NULL;

  run (f);
  g_assert_true (f->passed);
  g_assert_cmpstr (f->steps->str, ==, "0s 1r 1p 2s 3r 3p 4r 4s 5r 5p ");
  report = bobbin_doctor_dup_report (f->doctor);
  g_assert_nonnull (strstr (report, "Authentication: skipped, told by the next step"));

  f->server->on_request = welcome_cb;
  run (f);
  g_assert_true (g_str_has_suffix (f->steps->str, "4r 4p 5r 5p "));
}

static void
test_sse (Fixture      *f,
          gconstpointer data)
{
  bobbin_account_set_transport (f->account, BOBBIN_TRANSPORT_SSE);
  run (f);
  g_assert_true (f->passed);
  g_assert_cmpuint (f->server->sockets->len, ==, 0);
  g_assert_cmpstr (bobbin_doctor_get_step (f->doctor, BOBBIN_CHECK_AUTH)->detail, ==, "the first message will tell");
  f->status = 404;
  run (f);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_suffix (f->steps->str, "4s 5r 5f "));
}

static void
test_wrong_key (Fixture      *f,
                gconstpointer data)
{
  f->status = 401;
  run (f);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH);
  g_assert_cmpstr (f->steps->str, ==, "0s 1r 1p 2s 3r 3p 4r 4f 5s ");
  g_assert_cmpstr (bobbin_doctor_get_step (f->doctor, BOBBIN_CHECK_AUTH)->failure->detail, ==, "words");
}

static void
test_unknown_agent (Fixture      *f,
                    gconstpointer data)
{
  f->status = 404;
  run (f);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_suffix (f->steps->str, "5f "));
}

static void
test_nobody_home (Fixture      *f,
                  gconstpointer data)
{
  soup_server_disconnect (f->server->soup);
  run (f);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_NETWORK);
  g_assert_cmpstr (f->steps->str, ==, "0s 1r 1f 2s 3s 4s 5s ");
}

static void
test_address (Fixture      *f,
              gconstpointer data)
{
  bobbin_account_set_base_url (f->account, data);
  run (f);
  g_assert_false (f->passed);
  g_assert_cmpstr (f->steps->str, ==, "0f 1s 2s 3s 4s 5s ");
}

static void
test_certificate (Fixture      *f,
                  gconstpointer data)
{
  g_autofree char *fingerprint = server_fixture_dup_fingerprint ();

  run (f);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TLS);
  g_assert_cmpstr (f->steps->str, ==, "0r 0p 1r 1p 2r 2f 3s 4s 5s ");
  g_assert_cmpstr (bobbin_doctor_get_step (f->doctor, BOBBIN_CHECK_TLS)->fingerprint, ==, fingerprint);
  g_assert_cmpuint (f->server->requests->len, ==, 0);

  bobbin_account_set_pinned_certificate (f->account, fingerprint);
  run (f);
  g_assert_no_error (f->error);
  g_assert_true (g_str_has_prefix (bobbin_doctor_get_step (f->doctor, BOBBIN_CHECK_TLS)->detail, "TLS 1."));
}

/* A server that takes the connection and says nothing. */
static void
test_silent (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", port);

  bobbin_account_set_base_url (f->account, url);
  bobbin_doctor_run_async (f->doctor, NULL, done_cb, f);
  test_wait_until (g_str_has_suffix (f->steps->str, "3r "));
  test_settle ();
  bobbin_manual_clock_advance (f->clock, 15000);
  test_wait_until (f->done);
  g_assert_error (f->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
  g_socket_listener_close (listener);
}

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  bobbin_doctor_run_async (f->doctor, cancellable, done_cb, f);
  g_cancellable_cancel (cancellable);
  test_wait_until (f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/backend/doctor/healthy", Fixture, NULL, set_up, test_healthy, tear_down);
  g_test_add ("/backend/doctor/unproven", Fixture, NULL, set_up, test_unproven, tear_down);
  g_test_add ("/backend/doctor/sse", Fixture, NULL, set_up, test_sse, tear_down);
  g_test_add ("/backend/doctor/wrong-key", Fixture, NULL, set_up, test_wrong_key, tear_down);
  g_test_add ("/backend/doctor/unknown-agent", Fixture, NULL, set_up, test_unknown_agent, tear_down);
  g_test_add ("/backend/doctor/nobody-home", Fixture, NULL, set_up, test_nobody_home, tear_down);
  g_test_add ("/backend/doctor/insecure", Fixture, "http://example.org", set_up, test_address, tear_down);
  g_test_add ("/backend/doctor/no-address", Fixture, "what?", set_up, test_address, tear_down);
  g_test_add ("/backend/doctor/certificate", Fixture, NULL, set_up_tls, test_certificate, tear_down);
  g_test_add ("/backend/doctor/silent", Fixture, NULL, set_up, test_silent, tear_down);
  g_test_add ("/backend/doctor/cancel", Fixture, NULL, set_up, test_cancel, tear_down);

  return g_test_run ();
}
