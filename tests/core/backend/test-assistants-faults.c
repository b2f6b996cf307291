/* What the Assistants backend makes of refusals, lost answers and nonsense, call by call (assistants.md, section 9). */
#include "config.h"

#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-json.h"

#include "channel-recorder.h"
#include "hurried-clock.h"
#include "server-fixture.h"
#include "service-server.h"

#include <string.h>

static ServiceServer *server;

typedef struct
{
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
reopen (Fixture *f)
{
  if (!f->channel->closed)
    return;
  close_channel (f);
  open_channel (f);
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  service_server_reset (server);
  f->clock = hurried_clock_new ();
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_ASSISTANTS, "Assistants", server->url);
  bobbin_account_set_agent_id (f->account, server->agent);
  f->backend = bobbin_registry_create (f->account, f->clock);
  bobbin_backend_set_credential (f->backend, server->key);
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

static guint
count_prompts (Fixture    *f,
               const char *text)
{
  g_autofree char *path = g_strdup_printf ("/v1/threads/%s/messages?limit=100", f->thread_id);
  g_autoptr(JsonNode) answer = service_server_call (server, "GET", path, NULL);
  JsonArray *list = bobbin_json_get_array (json_node_get_object (answer), "data");
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *message = json_array_get_object_element (list, i);
      g_autofree char *content = bobbin_json_to_text (bobbin_json_get_node (message, "content"), FALSE);

      count += g_strcmp0 (bobbin_json_get_string (message, "role"), "user") == 0 && strstr (content, text) != NULL;
    }

  return count;
}

#define U BOBBIN_CERTAINTY_UNKNOWN
#define R BOBBIN_CERTAINTY_REFUSED
#define N BOBBIN_CERTAINTY_UNSENT
#define A BOBBIN_CERTAINTY_ACCEPTED
#define ENVELOPE(message, code) "{\"error\":{\"message\":\"" message "\",\"type\":\"x\",\"param\":null,\"code\":" code "}}"

typedef struct
{
  const char     *name;
  const char     *fault;    /* behind the match */
  BobbinErrorCode code;
  gboolean        closed;   /* else FAILED: the channel goes on */
  BobbinCertainty of_message, of_run; /* certainty, by the call that was refused */
} Row;

/* Of a refused POST of a message or a run. */
static const Row rows[] = {
  { "beta", "\"status\":400,\"body\":" ENVELOPE ("header", "\"invalid_beta\""), BOBBIN_ERROR_PROTOCOL, FALSE, R, R },
  { "bad", "\"status\":400,\"body\":" ENVELOPE ("Bad content", "null"), BOBBIN_ERROR_INVALID, FALSE, R, R },
  { "key", "\"status\":401,\"body\":" ENVELOPE ("Incorrect API key", "\"invalid_api_key\""), BOBBIN_ERROR_AUTH, TRUE, R, R },
  { "forbidden", "\"status\":403,\"body\":{\"message\":\"No\"}", BOBBIN_ERROR_FORBIDDEN, TRUE, R, R },
  { "gone", "\"status\":404,\"body\":" ENVELOPE ("No thread found with id 'x'.", "null"), BOBBIN_ERROR_NOT_FOUND, TRUE, R, R },
  { "lacking", "\"status\":405", BOBBIN_ERROR_NOT_SUPPORTED, FALSE, R, R },
  { "gave-up", "\"status\":408", BOBBIN_ERROR_TIMED_OUT, FALSE, U, U },
  { "locked", "\"status\":409,\"body\":{\"detail\":\"locked\"}", BOBBIN_ERROR_BUSY, FALSE, R, R },
  { "large", "\"status\":413,\"body\":\"<html>\"", BOBBIN_ERROR_TOO_LARGE, FALSE, R, R },
  { "kind", "\"status\":415", BOBBIN_ERROR_INVALID, FALSE, R, R },
  { "fields", "\"status\":422,\"body\":{\"detail\":[{\"loc\":[\"body\",\"x\"],\"msg\":\"no\"}]}", BOBBIN_ERROR_INVALID, FALSE, R, R },
  { "rate", "\"status\":429,\"headers\":{\"retry-after\":\"2\"},\"body\":" ENVELOPE ("Slow", "\"rate_limit_exceeded\""),
    BOBBIN_ERROR_RATE_LIMITED, FALSE, R, R },
  { "quota", "\"status\":429,\"body\":" ENVELOPE ("Quota", "\"insufficient_quota\""), BOBBIN_ERROR_CREDITS, FALSE, R, R },
  { "fault", "\"status\":500", BOBBIN_ERROR_SERVER, FALSE, U, U },
  { "unknown-call", "\"status\":501,\"body\":{\"message\":\"Unknown path\"}", BOBBIN_ERROR_NOT_SUPPORTED, FALSE, U, R },
  { "gateway", "\"status\":502,\"body\":\"<html>bad gateway</html>\"", BOBBIN_ERROR_SERVER, FALSE, U, U },
  { "redirect", "\"status\":302,\"headers\":{\"Location\":\"http://127.0.0.1:1/\"}", BOBBIN_ERROR_PROTOCOL, FALSE, R, R },
  { "lost", "\"close\":true", BOBBIN_ERROR_NETWORK, TRUE, U, A },
};

static void
refuse (const char *match,
        const Row  *row)
{
  g_autofree char *fault = g_strdup_printf ("{\"match\":\"%s\",%s}", match, row->fault);

  service_server_fault (server, fault);
}

/* Refused or lost, then sent again by the session or the person: the server has the message once, and one answer. */
static void
try_again (Fixture    *f,
           const char *text)
{
  g_autofree char *answer = g_strdup_printf ("You said: %s", text);

  service_server_reset (server);
  reopen (f);
  turn (f, text);
  g_assert_true (f->channel->stopped);
  g_assert_true (g_str_has_suffix (f->channel->text->str, answer));
  g_assert_cmpuint (count_prompts (f, text), ==, 1);
}

static void
assert_row (Fixture        *f,
            const Row      *row,
            BobbinCertainty certainty)
{
  channel_recorder_assert_failure (f->channel, row->code, certainty);
  g_assert_cmpint (f->channel->closed, ==, row->closed);
  if (row->code == BOBBIN_ERROR_RATE_LIMITED)
    g_assert_cmpint (f->channel->failure->retry_after_ms, ==, 2000);
  g_assert_nonnull (f->channel->failure->detail);
}

static void
test_message (Fixture      *f,
              gconstpointer data)
{
  turn (f, "first");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("question-%s", rows[i].name);

      g_test_message ("%s", rows[i].name);
      refuse ("POST *messages", &rows[i]);
      turn (f, text);
      assert_row (f, &rows[i], rows[i].of_message);
      try_again (f, text);
    }
}

static void
test_run (Fixture      *f,
          gconstpointer data)
{
  turn (f, "first");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("question-%s", rows[i].name);

      g_test_message ("%s", rows[i].name);
      refuse ("POST *runs", &rows[i]);
      turn (f, text);
      assert_row (f, &rows[i], rows[i].of_run);
      try_again (f, text);
    }
}

/* The message arrived, its answer did not. */
static void
test_lost_answer (Fixture      *f,
                  gconstpointer data)
{
  turn (f, "first");
  service_server_fault (server, "{\"match\":\"POST *messages\",\"lose\":true}");
  turn (f, "question-lost");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, U);
  try_again (f, "question-lost");
}

/* Making the thread starts nothing: whatever happened to it, the message may go again. */
static void
test_thread (Fixture      *f,
             gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      BobbinErrorCode code = rows[i].code == BOBBIN_ERROR_NOT_FOUND ? BOBBIN_ERROR_PROTOCOL : rows[i].code;

      g_test_message ("%s", rows[i].name);
      reopen (f);
      refuse ("POST /v1/threads", &rows[i]);
      turn (f, "hello");
      g_assert_cmpstr (bobbin_error_code_nick (f->channel->failure->code), ==, bobbin_error_code_nick (code));
      g_assert_cmpint (f->channel->failure->certainty, !=, U);
      g_assert_cmpint (f->channel->failure->certainty, !=, A);
    }
}

/* 200, but not what it should be. */
static void
test_nonsense (Fixture      *f,
               gconstpointer data)
{
  static const char *const bodies[] = {
    "\"<html>sign in</html>\"", "[]", "{}", "7", "{\"id\":{}}", "{\"id\":\"\"}", "\"{\\\"id\\\":\"", "null",
    "\"[[[[[[[[[[[[[[[[[[[[\"", "{\"id\":null,\"status\":7}",
  };
  static const char *const calls[] = { "POST /v1/threads", "POST *messages", "POST *runs", "GET *messages" };

  for (gsize call = 0; call < G_N_ELEMENTS (calls); call++)
    for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
      {
        g_autofree char *fault = g_strdup_printf ("{\"match\":\"%s\",\"status\":200,\"body\":%s,\"type\":\"application/json\"}", calls[call],
                                                  bodies[i]);

        g_test_message ("%s %s", calls[call], bodies[i]);
        service_server_fault (server, fault);
        turn (f, "hello");
        g_assert_true (f->channel->failure != NULL || f->channel->stopped);
        service_server_reset (server);
        reopen (f);
        bobbin_failure_free (g_steal_pointer (&f->channel->failure));
        if (call == 0)
          g_clear_pointer (&f->thread_id, g_free);
      }
}

/* A web page where a stream should be. */
static void
test_page (Fixture      *f,
           gconstpointer data)
{
  service_server_fault (server, "{\"match\":\"POST *runs\",\"status\":200,\"body\":\"<html>sign in</html>\"}");
  turn (f, "hello");
  g_assert_cmpstr (bobbin_error_code_nick (f->channel->failure->code), ==, "protocol");
}

static void
test_thread_gone (Fixture      *f,
                  gconstpointer data)
{
  g_autofree char *path = NULL;

  turn (f, "hello");
  path = g_strdup_printf ("/v1/threads/%s", f->thread_id);
  json_node_unref (service_server_call (server, "DELETE", path, NULL));
  turn (f, "still there?");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NOT_FOUND, R);
  g_assert_true (f->channel->closed);

  /* The same, met by a channel that looks first. */
  close_channel (f);
  open_channel (f);
  turn (f, "still there?");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NOT_FOUND, R);
}

/* Another thread would not help where the assistant is gone. */
static void
test_assistant_gone (Fixture      *f,
                     gconstpointer data)
{
  turn (f, "hello");
  close_channel (f);
  bobbin_account_set_agent_id (f->account, "asst_nobody");
  open_channel (f);
  turn (f, "hello again");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INVALID, R);
  g_assert_false (f->channel->closed);
}

static void
test_server_gone (Fixture      *f,
                  gconstpointer data)
{
  close_channel (f);
  bobbin_account_set_base_url (f->account, "http://127.0.0.1:1/v1");
  open_channel (f);
  turn (f, "hello");
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_NETWORK, N);
  g_assert_true (f->channel->closed);
}

static void
test_account (Fixture      *f,
              gconstpointer data)
{
  close_channel (f);
  bobbin_backend_set_credential (f->backend, "sk-a\nb");
  open_channel (f);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_AUTH, N);
  close_channel (f);
  bobbin_backend_set_credential (f->backend, server->key);
  bobbin_account_set_agent_id (f->account, NULL);
  open_channel (f);
  channel_recorder_assert_failure (f->channel, BOBBIN_ERROR_INVALID, N);
}

int
main (int   argc,
      char *argv[])
{
  static const struct { const char *name; void (*func) (Fixture *, gconstpointer); } tests[] = {
    { "message", test_message }, { "run", test_run }, { "lost-answer", test_lost_answer }, { "thread", test_thread },
    { "nonsense", test_nonsense }, { "page", test_page }, { "thread-gone", test_thread_gone },
    { "assistant-gone", test_assistant_gone }, { "server-gone", test_server_gone }, { "account", test_account },
  };
  int status;

  g_test_init (&argc, &argv, NULL);
  server = service_server_new ("assistants", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/backend/assistants-faults/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  status = g_test_run ();
  service_server_free (server);

  return status;
}
