/* The aibtc backend against its test server, in each dialect. */
#include "config.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "model/bobbin-message.h"
#include "transport/bobbin-http.h"
#include "transport/bobbin-ws-link.h"
#include "util/bobbin-clock.h"

#include "channel-recorder.h"
#include "hurried-clock.h"
#include "server-fixture.h"
#include "service-server.h"

#include <string.h>

enum { DIALECT_S2, DIALECT_S1, DIALECT_D, N_DIALECTS };

static ServiceServer *servers[N_DIALECTS];

typedef struct
{
  ServiceServer   *server;
  BobbinClock     *clock;
  BobbinAccount   *account;
  BobbinBackend   *backend;
  ChannelRecorder *channel;
  char            *thread_id;
} Fixture;

static void
event_cb (BobbinChannel *channel,
          BobbinEvent   *event,
          Fixture       *f)
{
  if (event->type != BOBBIN_EVENT_THREAD_ID)
    return;
  g_free (f->thread_id);
  f->thread_id = g_strdup (event->thread_id);
}

static void
open_channel (Fixture *f)
{
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, f->thread_id));
  g_signal_connect (f->channel->channel, "event", G_CALLBACK (event_cb), f);
  channel_recorder_start (f->channel);
}

static void
close_channel (Fixture *f)
{
  g_signal_handlers_disconnect_by_data (f->channel->channel, f);
  channel_recorder_free (f->channel);
  f->channel = NULL;
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = servers[GPOINTER_TO_INT (data)];
  service_server_reset (f->server);
  f->clock = hurried_clock_new ();
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_AIBTC, "Chat", f->server->url);
  f->backend = bobbin_registry_create (f->account, f->clock);
  bobbin_backend_set_credential (f->backend, f->server->key);
  open_channel (f);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  close_channel (f);
  test_settle ();
  g_assert_finalize_object (f->backend);
  g_assert_finalize_object (f->account);
  g_clear_object (&f->clock);
  g_free (f->thread_id);
}

static void
turn (Fixture    *f,
      const char *text)
{
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, text);
  test_wait_until (f->channel->stopped || f->channel->closed);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static char *
describe_history (Fixture    *f,
                  const char *pending_id)
{
  const BobbinHistoryQuery query = { f->thread_id, NULL, pending_id, 0 };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinHistoryPage *page;
  GString *out = g_string_new (NULL);

  bobbin_history_list_async (BOBBIN_HISTORY (f->backend), &query, NULL, result_cb, &result);
  test_wait_until (result != NULL);
  page = bobbin_history_list_finish (BOBBIN_HISTORY (f->backend), result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < page->messages->len; i++)
    {
      g_autofree char *text = bobbin_message_dup_text (page->messages->pdata[i]);

      g_string_append_printf (out, "%s: %s\n", bobbin_role_get_nick (bobbin_message_get_role (page->messages->pdata[i])), text);
    }
  bobbin_history_page_free (page);

  return g_string_free (out, FALSE);
}

static void
test_plain (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *form = NULL;
  g_autofree char *history = NULL;

  turn (f, "hello there");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello there");
  g_assert_true (g_str_has_suffix (f->channel->log->str, "turn-stopped"));
  turn (f, "and again");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: and again");
  /* The public server takes no header: learned once. */
  form = bobbin_account_dup_option (f->account, "ws-auth-form");
  g_assert_cmpstr (form, ==, "query");
  g_assert_cmpuint (service_server_count (f->server, "GET /chat/ws"), ==, 2);
  history = describe_history (f, NULL);
  g_assert_cmpstr (history, ==, "user: hello there\nassistant: You said: hello there\nuser: and again\nassistant: You said: and again\n");
}

static void
test_tool (Fixture      *f,
           gconstpointer data)
{
  turn (f, "use a tool and plan");
  g_assert_nonnull (strstr (f->channel->log->str, "tool/0>"));
  g_assert_nonnull (strstr (f->channel->text->str, "You said: use a tool and plan"));
}

/* The last pieces of a stream are lost; the history puts it right. */
static void
test_lossy (Fixture      *f,
            gconstpointer data)
{
  turn (f, "lossy one two");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: lossy one two");
}

static void
test_stop (Fixture      *f,
           gconstpointer data)
{
  channel_recorder_send (f->channel, "slow one two three four five six");
  test_wait_until (f->channel->n_deltas > 0 || f->channel->closed);
  channel_recorder_cancel (f->channel);
  test_wait_until (f->channel->stopped || f->channel->closed);
  g_assert_true (g_str_has_suffix (f->channel->log->str, "turn-stopped:cancelled"));
  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
}

static void
test_dropped (Fixture      *f,
              gconstpointer data)
{
  g_autofree char *history = NULL;

  turn (f, "drop the connection");
  g_assert_true (f->channel->closed);
  g_assert_cmpint (f->channel->failure->code, ==, BOBBIN_ERROR_NETWORK);
  history = describe_history (f, "pending");
  g_assert_cmpstr (history, ==, "user: drop the connection\nassistant: You said: drop the connection\n");
}

static void
test_errors (Fixture      *f,
             gconstpointer data)
{
  turn (f, "error please");
  g_assert_cmpstr (f->channel->failure->detail, ==, "The database is on fire");
  g_assert_false (f->channel->closed);
  turn (f, "hello");
  g_assert_cmpstr (f->channel->text->str, ==, "You said: hello");
}

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  static const struct { const char *fault; BobbinErrorCode code; } rows[] = {
    { "{\"status\":404}", BOBBIN_ERROR_PROTOCOL }, { "{\"status\":426}", BOBBIN_ERROR_PROTOCOL },
    { "[{\"status\":401},{\"status\":403}]", BOBBIN_ERROR_FORBIDDEN }, { "{\"status\":429,\"headers\":{\"Retry-After\":\"3\"}}", BOBBIN_ERROR_RATE_LIMITED },
    { "{\"status\":502}", BOBBIN_ERROR_SERVER }, { "[{\"status\":500},{\"status\":401}]", BOBBIN_ERROR_AUTH },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      service_server_reset (f->server);
      service_server_fault (f->server, rows[i].fault);
      turn (f, "hello");
      channel_recorder_assert_failure (f->channel, rows[i].code, BOBBIN_CERTAINTY_UNSENT);
      close_channel (f);
      open_channel (f);
    }
  bobbin_backend_set_credential (f->backend, "eyJ.wrong.token");
  turn (f, "hello");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT);
  close_channel (f);
  bobbin_backend_set_credential (f->backend, NULL);
  open_channel (f);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT);
}

/* The server ends a run in its own time when nobody listens. */
static gboolean
comes_to_history (Fixture    *f,
                  const char *answer)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *history = describe_history (f, "pending");

      if (strstr (history, answer) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* Cut behind every frame, and in the middle of frames: what came is kept, and the history has the whole of it. */
static void
test_cuts (Fixture      *f,
           gconstpointer data)
{
  const char *text = f->server == servers[DIALECT_D] ? "one two three" : "one two tool";
  g_autofree char *whole = g_strdup_printf ("You said: %s", text);
  static const guint bytes[] = { 1, 40, 333, 777 };
  gboolean ended = FALSE;

  turn (f, "hello"); /* the form of the credential is known then */
  for (guint cut = 0; !ended; cut++)
    {
      g_autofree char *fault = cut < G_N_ELEMENTS (bytes) ? g_strdup_printf ("{\"after_bytes\":%u}", bytes[cut])
                                                          : g_strdup_printf ("{\"after_events\":%u}", cut - (guint) G_N_ELEMENTS (bytes));

      g_assert_cmpuint (cut, <, 40);
      close_channel (f);
      g_clear_pointer (&f->thread_id, g_free);
      g_clear_object (&f->backend);
      f->backend = bobbin_registry_create (f->account, f->clock);
      bobbin_backend_set_credential (f->backend, f->server->key);
      open_channel (f);
      service_server_fault (f->server, fault);
      turn (f, text);
      ended = !f->channel->closed && cut >= G_N_ELEMENTS (bytes);
      if (!f->channel->closed)
        continue; /* so short an answer was whole before */
      g_assert_cmpint (f->channel->failure->code, ==, BOBBIN_ERROR_NETWORK);
      g_assert_cmpint (f->channel->failure->certainty, !=, BOBBIN_CERTAINTY_UNSENT);
      g_assert_true (g_str_has_prefix (whole, f->channel->text->str));
      g_assert_true (comes_to_history (f, whole));
    }
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_assert_true (bobbin_ws_link_open_finish (BOBBIN_WS_LINK (source), result, NULL));
}

/* Section 9: pings of the protocol, never of JSON. */
static void
test_pings (Fixture      *f,
            gconstpointer data)
{
  g_autoptr(BobbinHttp) http = bobbin_http_new (f->clock);
  g_autofree char *url = g_strdup_printf ("%s/chat/ws?key=%s", f->server->url, f->server->key);
  g_autoptr(BobbinWsLink) link = bobbin_ws_link_new (http, url);

  bobbin_ws_link_set_keepalive (link, 1);
  bobbin_ws_link_open_async (link, NULL, 600000, NULL, opened_cb, NULL); /* of a clock that hurries */
  test_wait_until (service_server_count (f->server, "PING *") > 0);
  g_assert_cmpuint (service_server_count (f->server, "FRAME *"), ==, 0);
  bobbin_ws_link_close (link, 1000);
}

/* Ten a minute; the eleventh waits, and says how long. */
static void
test_limit (Fixture      *f,
            gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    turn (f, "error");
  turn (f, "hello");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_UNSENT);
  g_assert_cmpint (f->channel->failure->retry_after_ms, >, 1000);
}

/* Two threads, one socket: one request at a time. */
static void
test_two_threads (Fixture      *f,
                  gconstpointer data)
{
  ChannelRecorder *other = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, NULL));

  channel_recorder_start (other);
  channel_recorder_send (f->channel, "one");
  channel_recorder_send (other, "two");
  test_wait_until ((f->channel->stopped || f->channel->closed) && (other->stopped || other->closed));
  g_assert_cmpstr (f->channel->text->str, ==, "You said: one");
  g_assert_cmpstr (other->text->str, ==, "You said: two");
  channel_recorder_free (other);
}

static void
test_check (Fixture      *f,
            gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GAsyncResult) result = NULL;

      bobbin_backend_check_async (f->backend, BOBBIN_CHECK_AUTH, NULL, NULL, result_cb, &result);
      test_wait_until (result != NULL);
      g_assert_cmpint (bobbin_backend_check_finish (f->backend, result, NULL), ==, i == 0);
      service_server_fault (f->server, "{\"status\":404}");
      turn (f, "drop the connection"); /* the socket goes, the next one is refused */
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const names[] = { "S2", "S1", "D" };
  static const struct { const char *name; void (*func) (Fixture *, gconstpointer); guint dialects; } tests[] = {
    { "plain", test_plain, 7 }, { "tool", test_tool, 3 }, { "lossy", test_lossy, 3 }, { "stop", test_stop, 3 }, { "dropped", test_dropped, 3 },
    { "errors", test_errors, 7 }, { "refused", test_refused, 1 }, { "limit", test_limit, 1 }, { "two-threads", test_two_threads, 7 },
    { "check", test_check, 1 }, { "cuts", test_cuts, 7 }, { "pings", test_pings, 1 },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  for (int dialect = 0; dialect < N_DIALECTS; dialect++)
    {
      servers[dialect] = service_server_new ("aibtc", "--dialect", names[dialect], NULL);
      for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
        {
          g_autofree char *path = g_strdup_printf ("/backend/aibtc-channel/%s/%s", names[dialect], tests[i].name);

          if (tests[i].dialects & 1 << dialect)
            g_test_add (path, Fixture, GINT_TO_POINTER (dialect), set_up, tests[i].func, tear_down);
        }
    }
  status = g_test_run ();
  for (int dialect = 0; dialect < N_DIALECTS; dialect++)
    service_server_free (servers[dialect]);

  return status;
}
