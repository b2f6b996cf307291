/* WebSocket first, SSE where WebSockets do not get through: nebelus.md, section 3.2. */
#include "config.h"

#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include "channel-recorder.h"
#include "server-fixture.h"

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinAccount     *account;
  BobbinBackend     *backend;
  ChannelRecorder   *channel;
  guint              cut;        /* handshakes still to be cut off */
  guint              status;     /* of refused handshakes */
  guint              answer_status; /* of the chat address, 0: 200 */
  gboolean           mute;       /* accepts, says nothing */
} Fixture;

static guint
handshake_cb (ServerFixture     *server,
              SoupServerMessage *message,
              const char        *path,
              gpointer           user_data)
{
  Fixture *f = user_data;

  if (f->cut == 0)
    return f->status;

  /* As a middlebox does it that does not know the upgrade. */
  f->cut--;
  g_socket_close (soup_server_message_get_socket (message), NULL);
  return SOUP_STATUS_INTERNAL_SERVER_ERROR;
}

static void
socket_cb (ServerFixture           *server,
           SoupWebsocketConnection *socket,
           gpointer                 user_data)
{
  Fixture *f = user_data;

  if (!f->mute)
    soup_websocket_connection_send_text (socket, "{\"event\":\"connection\",\"data\":{\"thread_id\":\"t1\"}}");
}

static void
request_cb (ServerFixture     *server,
            SoupServerMessage *message,
            const char        *path,
            gpointer           user_data)
{
  Fixture *f = user_data;

  if (g_str_equal (path, "/"))
    {
      server_message_answer (message, 404, "text/html", "<html>");
      return;
    }
  server_message_answer (message, f->answer_status != 0 ? f->answer_status : 200, "text/event-stream",
                         "event: message_stop\ndata: {}\n\n");
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = server_fixture_new ();
  f->server->on_handshake = handshake_cb;
  f->server->on_socket = socket_cb;
  f->server->on_request = request_cb;
  f->server->user_data = f;
  f->clock = bobbin_manual_clock_new (0);
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "Test", f->server->url);
  bobbin_account_set_agent_id (f->account, "a1");
  f->backend = bobbin_registry_create (f->account, BOBBIN_CLOCK (f->clock));
  bobbin_backend_set_credential (f->backend, "k");
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  if (f->channel != NULL)
    channel_recorder_free (f->channel);
  g_assert_finalize_object (f->backend);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->account);
  g_assert_finalize_object (f->clock);
}

static void
open_channel (Fixture *f)
{
  if (f->channel != NULL)
    channel_recorder_free (f->channel);
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, "t1"));
}

static void
test_websocket (Fixture      *f,
                gconstpointer data)
{
  open_channel (f);
  channel_recorder_start (f->channel);
  assert_log (f->channel, "ready:t1");
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "ws");
  g_assert_cmpuint (f->server->requests->len, ==, 1);
}

static void
test_one_cut (Fixture      *f,
              gconstpointer data)
{
  f->cut = 1;
  open_channel (f);
  channel_recorder_start (f->channel);
  assert_log (f->channel, "ready:t1");
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "ws");
  g_assert_cmpuint (f->server->requests->len, ==, 3);
  g_assert_cmpstr (server_fixture_get_request (f->server, 1)->path, ==, "/");
  g_assert_null (server_fixture_get_request (f->server, 1)->authorization);
}

static void
test_fallback (Fixture      *f,
               gconstpointer data)
{
  f->cut = 2;
  open_channel (f);
  channel_recorder_start (f->channel);
  assert_log (f->channel, "ready:t1");
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "sse");
  channel_recorder_send (f->channel, "Hello");
  test_wait_until (f->channel->stopped);

  /* Remembered for the run … */
  open_channel (f);
  channel_recorder_start (f->channel);
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "sse");
  /* … of this address. */
  bobbin_account_set_base_url (f->account, "http://127.0.0.1:1");
  bobbin_account_set_base_url (f->account, f->server->url);
  open_channel (f);
  channel_recorder_start (f->channel);
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "ws");
}

/* A proxy that lets the handshake through and nothing after it. */
static void
test_mute (Fixture      *f,
           gconstpointer data)
{
  f->mute = TRUE;
  open_channel (f);
  bobbin_channel_start (f->channel->channel);
  for (guint i = 1; i <= 2; i++)
    {
      test_wait_until (f->server->sockets->len == i);
      test_settle ();
      bobbin_manual_clock_advance (f->clock, 5000);
    }
  test_wait_until (f->channel->ready);
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "sse");
}

/* No fallback where nothing gets through, nor where the server refuses in words. */
static void
test_offline (Fixture      *f,
              gconstpointer data)
{
  soup_server_disconnect (f->server->soup);
  open_channel (f);
  channel_recorder_start (f->channel);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
}

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  f->status = GPOINTER_TO_UINT (data);
  open_channel (f);
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->closed);
  for (guint i = 0; i < f->server->requests->len; i++)
    g_assert_true (g_str_has_prefix (server_fixture_get_request (f->server, i)->path, "/ws/"));
}

typedef struct
{
  GError  *error;
  gboolean done;
  gboolean passed;
} Checked;

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Checked *checked = user_data;

  checked->passed = bobbin_backend_check_finish (BOBBIN_BACKEND (source), result, &checked->error);
  checked->done = TRUE;
}

/* The doctor does not call an account sick that goes on by SSE; that the agent exists is asked there, too. */
static void
test_check (Fixture      *f,
            gconstpointer data)
{
  Checked checked = { 0 };

  f->cut = 2;
  f->answer_status = GPOINTER_TO_UINT (data);
  bobbin_backend_check_async (f->backend, BOBBIN_CHECK_STREAM, NULL, NULL, checked_cb, &checked);
  test_wait_until (checked.done);
  if (f->answer_status == 0)
    g_assert_no_error (checked.error);
  else
    g_assert_error (checked.error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_assert_true (checked.passed == (f->answer_status == 0));
  g_clear_error (&checked.error);

  open_channel (f);
  channel_recorder_start (f->channel);
  g_assert_cmpstr (bobbin_channel_get_transport (f->channel->channel), ==, "sse");
}

static void
test_close_in_probe (Fixture      *f,
                     gconstpointer data)
{
  f->cut = 2;
  open_channel (f);
  bobbin_channel_start (f->channel->channel);
  test_wait_until (f->server->requests->len == 2);
  bobbin_channel_close (f->channel->channel);
  test_settle ();
  assert_log (f->channel, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/backend/nebelus/auto/websocket", Fixture, NULL, set_up, test_websocket, tear_down);
  g_test_add ("/backend/nebelus/auto/one-cut", Fixture, NULL, set_up, test_one_cut, tear_down);
  g_test_add ("/backend/nebelus/auto/fallback", Fixture, NULL, set_up, test_fallback, tear_down);
  g_test_add ("/backend/nebelus/auto/mute", Fixture, NULL, set_up, test_mute, tear_down);
  g_test_add ("/backend/nebelus/auto/offline", Fixture, NULL, set_up, test_offline, tear_down);
  g_test_add ("/backend/nebelus/auto/refused-401", Fixture, GUINT_TO_POINTER (401), set_up, test_refused, tear_down);
  g_test_add ("/backend/nebelus/auto/refused-404", Fixture, GUINT_TO_POINTER (404), set_up, test_refused, tear_down);
  g_test_add ("/backend/nebelus/auto/refused-503", Fixture, GUINT_TO_POINTER (503), set_up, test_refused, tear_down);
  g_test_add ("/backend/nebelus/auto/check", Fixture, NULL, set_up, test_check, tear_down);
  g_test_add ("/backend/nebelus/auto/check-404", Fixture, GUINT_TO_POINTER (404), set_up, test_check, tear_down);
  g_test_add ("/backend/nebelus/auto/close-in-probe", Fixture, NULL, set_up, test_close_in_probe, tear_down);

  return g_test_run ();
}
