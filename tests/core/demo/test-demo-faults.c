#include "config.h"
#include "demo-client.h"

#include "util/bobbin-error.h"

#include <string.h>

/* Misbehaviour on request: what the person types, and what then happens to the connection. */

static Client *
ask (Fixture    *fixture,
     const char *text)
{
  Client *client = client_connect (fixture, NULL, NULL);

  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, text);

  return client;
}

static void
test_drop (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const orders[] = { "drop the connection", "reset the connection", "drop in mid frame" };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr(Client) client = ask (fixture, orders[i]);
      g_autofree char *text = NULL;

      client_wait_closed (client);
      text = client_dup_text (client);
      g_assert_true (g_str_has_suffix (text, "of this sentence,"));
      /* No close frame. */
      g_assert_cmpuint (client->close_code, ==, 0);
      g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STOPPED), ==, 0);
    }
}

static void
test_drop_sse (Fixture      *fixture,
               gconstpointer data)
{
  static const char *const orders[] = { "drop the connection", "reset the connection", "drop in mid frame",
                                        "close with 1011" };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}", orders[i]);
      g_autoptr(Reply) reply = post_turn (fixture, body, TRUE);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_TURN_STOPPED), ==, 0);
      g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_DONE), ==, 0);
    }
}

static void
test_close (Fixture      *fixture,
            gconstpointer data)
{
  static const struct { const char *order; guint code; guint n_started; guint n_stopped; } closes[] = {
    { "close with 4003", 4003, 1, 0 },
    { "close with 4003 in the middle", 4003, 1, 0 },
    { "close with 1013 at start", 1013, 0, 0 },
    { "close with 1000 after", 1000, 1, 1 },
    { "close with 4004 after the answer", 4004, 1, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (closes); i++)
    {
      g_autoptr(Client) client = ask (fixture, closes[i].order);

      client_wait_closed (client);
      g_assert_cmpuint (client->close_code, ==, closes[i].code);
      g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STARTED), ==, closes[i].n_started);
      g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STOPPED), ==, closes[i].n_stopped);
    }
}

static void
test_refuse (Fixture      *fixture,
             gconstpointer data)
{
  static const guint statuses[] = { 401, 403, 404, 429, 503 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *order = g_strdup_printf ("refuse with %u%s", statuses[i],
                                                statuses[i] == 429 ? " retry after 7" : "");
      g_autoptr(Client) client = ask (fixture, order);
      g_autoptr(Client) refused = NULL;
      g_autoptr(Client) next = NULL;

      client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
      client_wait_closed (client);
      refused = client_connect (fixture, NULL, NULL);
      g_assert_null (refused->ws);
      g_assert_cmpuint (refused->status, ==, statuses[i]);
      g_assert_cmpstr (refused->retry_after, ==, statuses[i] == 429 ? "7" : NULL);
      next = client_connect (fixture, NULL, NULL);
      g_assert_cmpuint (next->status, ==, 101);
    }
}

static void
test_refuse_sse (Fixture      *fixture,
                 gconstpointer data)
{
  static const char body[] = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  g_autoptr(Reply) limited = NULL;
  g_autoptr(Reply) html = NULL;
  g_autoptr(Reply) fine = NULL;

  fixture_fault (fixture, "{\"refuse\":429,\"retry_after\":3,\"on\":\"ws\"}");
  fixture_fault (fixture, "{\"refuse\":429,\"retry_after\":3,\"on\":\"sse\"}");
  fixture_fault (fixture, "{\"refuse\":502,\"body\":\"<html>Bad gateway</html>\"}");
  limited = post_turn (fixture, body, TRUE);
  g_assert_cmpuint (limited->status, ==, 429);
  g_assert_cmpstr (limited->retry_after, ==, "3");
  g_assert_nonnull (strstr (limited->body->str, "\"detail\""));
  html = post_turn (fixture, body, TRUE);
  g_assert_cmpuint (html->status, ==, 502);
  g_assert_cmpstr (html->content_type, ==, "text/html");
  fine = post_turn (fixture, body, TRUE);
  g_assert_cmpuint (fine->status, ==, 200);
}

static void
test_expire (Fixture      *fixture,
             gconstpointer data)
{
  static const struct { const char *order; guint status; gboolean ready; guint n_errors; guint code; } cases[] = {
    { "expire this thread", 101, FALSE, 1, 4004 },
    { "expire with 4004", 101, FALSE, 0, 4004 },
    { "expire with 404", 404, FALSE, 0, 0 },
    { "expire this thread silently", 101, TRUE, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Client) client = ask (fixture, cases[i].order);
      g_autoptr(Client) again = NULL;
      g_autofree char *body = NULL;
      g_autoptr(Reply) reply = NULL;
      const char *id = client_get_thread_id (client);

      client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
      client_wait_closed (client);
      again = client_connect (fixture, id, NULL);
      g_assert_cmpuint (again->status, ==, cases[i].status);
      if (cases[i].code != 0)
        {
          client_wait_closed (again);
          g_assert_cmpuint (again->close_code, ==, cases[i].code);
          g_assert_cmpuint (client_count (again, BOBBIN_EVENT_FAILED), ==, cases[i].n_errors);
        }
      if (cases[i].ready)
        g_assert_cmpstr (client_get_thread_id (again), !=, id);
      body = g_strdup_printf ("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"thread_id\":\"%s\"}", id);
      reply = post_turn (fixture, body, TRUE);
      g_assert_cmpuint (reply->status, ==, cases[i].ready ? 200 : 404);
      if (cases[i].ready)
        g_assert_cmpstr (reply->thread_id, !=, id);
    }
}

static void
test_expire_all (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autoptr(Client) again = NULL;
  g_autoptr(Client) unknown = NULL;

  client_wait (client, BOBBIN_EVENT_READY);
  fixture_fault (fixture, "{\"expire\":\"4004\"}");
  again = client_connect (fixture, client_get_thread_id (client), NULL);
  client_wait_closed (again);
  g_assert_cmpuint (again->close_code, ==, 4004);
  fixture_fault (fixture, "{\"unknown_threads\":\"404\"}");
  unknown = client_connect (fixture, "never-seen", NULL);
  g_assert_cmpuint (unknown->status, ==, 404);
}

static void
test_stall (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(Client) client = ask (fixture, "stall");
  g_autoptr(Client) other = NULL;

  client_wait (client, BOBBIN_EVENT_BLOCK);
  client_send (client, "{\"type\":\"ping\"}");
  /* Another connection's round trip is time enough for a pong. */
  other = ask (fixture, "count to 2");
  client_wait (other, BOBBIN_EVENT_TURN_STOPPED);
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_PONG), ==, 0);
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STOPPED), ==, 0);
  g_assert_false (client->closed);
  bobbin_demo_server_stop (fixture->server);
  client_wait_closed (client);
}

static void
test_drip (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(Client) client = ask (fixture, "drip");
  g_autofree char *text = NULL;

  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  text = client_dup_text (client);
  g_assert_cmpstr (text, ==, "This comes one byte at a time — même les accents, と漢字 🎉.");
}

static void
test_garbage (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(Client) client = ask (fixture, "send garbage");
  g_autofree char *text = NULL;

  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  text = client_dup_text (client);
  g_assert_true (g_str_has_suffix (text, "garbage came by, and now I am done."));
  g_assert_cmpuint (client->n_bad, >, 5);
}

static void
test_flood (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(Client) client = ask (fixture, "send a flood");

  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  g_assert_cmpuint (client->frames->len, >, 20000);
}

static void
test_oversized (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(Client) client = ask (fixture, "send an oversized frame");

  client_wait_closed (client);
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STOPPED), ==, 0);
}

static void
test_errors (Fixture      *fixture,
             gconstpointer data)
{
  static const struct { const char *order; BobbinErrorCode code; BobbinCertainty certainty; } errors[] = {
    { "error: authentication_error", BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED },
    { "error: organization_error", BOBBIN_ERROR_FORBIDDEN, BOBBIN_CERTAINTY_REFUSED },
    { "error: forbidden", BOBBIN_ERROR_FORBIDDEN, BOBBIN_CERTAINTY_REFUSED },
    { "error: not_found", BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED },
    { "error: thread_not_found", BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED },
    { "error: agent_inactive", BOBBIN_ERROR_INACTIVE, BOBBIN_CERTAINTY_REFUSED },
    { "Error: insufficient_credits", BOBBIN_ERROR_CREDITS, BOBBIN_CERTAINTY_REFUSED },
    { "error: busy", BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED },
    { "error: streaming_error", BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED },
    { "error: handler_error", BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN },
    { "error: handler_error in the middle", BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED },
    { "error: from_the_future", BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN },
  };
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);

  client_wait (client, BOBBIN_EVENT_READY);
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      const BobbinEvent *event;

      client_chat (client, errors[i].order);
      event = client_wait (client, BOBBIN_EVENT_FAILED);
      g_assert_cmpint (event->failure->code, ==, errors[i].code);
      g_assert_cmpint (event->failure->certainty, ==, errors[i].certainty);
    }
  /* The socket stays usable. */
  client_chat (client, "hello");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
}

static void
test_new_id (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(Client) client = ask (fixture, "change the thread id");
  g_autoptr(Client) old = NULL;
  g_autoptr(Client) new = NULL;
  const char *id = client_get_thread_id (client);
  const BobbinEvent *started = client_wait (client, BOBBIN_EVENT_TURN_STARTED);

  g_assert_nonnull (started->thread_id);
  g_assert_cmpstr (started->thread_id, !=, id);
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  old = client_connect (fixture, id, NULL);
  client_wait_closed (old);
  new = client_connect (fixture, started->thread_id, NULL);
  g_assert_cmpstr (client_get_thread_id (new), ==, started->thread_id);
}

/* Odd streams come out as one good answer. */
static void
test_odd_streams (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  guint n_results = 0;
  guint n_tables = 0;

  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "no message_start");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STARTED), ==, 0);
  client_chat (client, "duplicate events");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STARTED), ==, 1);
  client_chat (client, "out of order");
  wait_until (client_count (client, BOBBIN_EVENT_TURN_STARTED) == 2);
  wait_until (client_count (client, BOBBIN_EVENT_TURN_STOPPED) == 4);
  for (guint i = 0; i < client->events->len; i++)
    {
      const BobbinEvent *event = g_ptr_array_index (client->events, i);

      n_results += event->is_result;
      n_tables += event->type == BOBBIN_EVENT_BLOCK && event->kind == BOBBIN_BLOCK_TABLE;
    }
  g_assert_cmpuint (n_tables, ==, 1);
  g_assert_cmpuint (n_results, ==, 3);
}

static void
test_say (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);

  fixture_fault (fixture, "{\"say\":\"error: insufficient_credits\",\"times\":2}");
  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "hello");
  client_wait (client, BOBBIN_EVENT_FAILED);
  client_chat (client, "hello");
  client_wait (client, BOBBIN_EVENT_FAILED);
  client_chat (client, "hello");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
}

static void
test_script (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autofree char *text = NULL;

  fixture_fault (fixture,
                 "{\"script\":[{\"event\":\"message_start\"},{\"event\":\"content_block\","
                 "\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}},"
                          "{\"wait_ms\":20},{\"frame\":\"junk\"},{\"event\":\"content_block\","
                          "\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"b\"}}},"
                          "{\"event\":\"message_stop\",\"data\":{\"stop_reason\":\"x\"}},{\"over\":true},"
                          "{\"close\":4321,\"reason\":\"why\"}]}");
  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "hello");
  g_assert_cmpstr (client_wait (client, BOBBIN_EVENT_TURN_STOPPED)->text, ==, "x");
  client_wait_closed (client);
  g_assert_cmpuint (client->close_code, ==, 4321);
  g_assert_cmpuint (client->n_bad, ==, 1);
  text = client_dup_text (client);
  g_assert_cmpstr (text, ==, "ab");
}

static void
test_connect (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(Client) refused = NULL;
  g_autoptr(Client) silent = NULL;
  g_autoptr(Client) fine = NULL;

  fixture_fault (fixture,
                 "{\"connect\":[{\"event\":\"error\",\"data\":{\"type\":\"authentication_error\"}},"
                 "{\"close\":4001}]}");
  fixture_fault (fixture, "{\"connect\":[]}");
  refused = client_connect (fixture, NULL, NULL);
  client_wait_closed (refused);
  g_assert_cmpuint (refused->close_code, ==, 4001);
  g_assert_cmpuint (client_count (refused, BOBBIN_EVENT_FAILED), ==, 1);
  silent = client_connect (fixture, NULL, NULL);
  fine = client_connect (fixture, NULL, NULL);
  client_wait (fine, BOBBIN_EVENT_READY);
  g_assert_cmpuint (client_count (silent, BOBBIN_EVENT_READY), ==, 0);
}

static void
test_drop_handshakes (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(Client) ws = NULL;
  g_autoptr(Client) later = NULL;
  g_autoptr(Reply) reply = NULL;

  fixture_fault (fixture, "{\"drop\":true,\"on\":\"ws\",\"times\":0}");
  ws = client_connect (fixture, NULL, NULL);
  g_assert_null (ws->ws);
  g_assert_cmpuint (ws->status, ==, 0);
  reply = post_turn (fixture, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", TRUE);
  g_assert_cmpuint (reply->status, ==, 200);
  bobbin_demo_server_clear_faults (fixture->server);
  later = client_connect (fixture, NULL, NULL);
  g_assert_cmpuint (later->status, ==, 101);
}

static void
test_pong (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  BobbinDemoCounters counters;

  fixture_fault (fixture, "{\"pong\":false}");
  client_wait (client, BOBBIN_EVENT_READY);
  client_send (client, "{\"type\":\"ping\"}");
  client_chat (client, "hello");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_PONG), ==, 0);
  bobbin_demo_server_get_counters (fixture->server, &counters);
  g_assert_cmpuint (counters.pings, ==, 1);
  g_assert_cmpuint (counters.chats, ==, 1);
  g_assert_cmpuint (counters.connections, ==, 1);
}

static void
test_bad_faults (Fixture      *fixture,
                 gconstpointer data)
{
  static const char *const faults[] = { "x", "[]", "{}", "{\"refuse\":\"x\"}", "{\"refuse\":7}", "{\"say\":7}",
                                        "{\"script\":{}}", "{\"drop\":false}",
                                        "{\"expire\":\"x\"}", "{\"auth\":7}", "{\"unknown_threads\":\"maybe\"}",
                                          "{\"reply\":\"x\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (bobbin_demo_server_queue_fault (fixture->server, faults[i], &error));
      g_assert_nonnull (error);
    }
}

#define ADD(name, func) g_test_add ("/demo/faults/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("drop", test_drop);
  ADD ("drop-sse", test_drop_sse);
  ADD ("close", test_close);
  ADD ("refuse", test_refuse);
  ADD ("refuse-sse", test_refuse_sse);
  ADD ("expire", test_expire);
  ADD ("expire-all", test_expire_all);
  ADD ("stall", test_stall);
  ADD ("drip", test_drip);
  ADD ("garbage", test_garbage);
  ADD ("flood", test_flood);
  ADD ("oversized", test_oversized);
  ADD ("errors", test_errors);
  ADD ("new-id", test_new_id);
  ADD ("odd-streams", test_odd_streams);
  ADD ("say", test_say);
  ADD ("script", test_script);
  ADD ("connect", test_connect);
  ADD ("drop-handshakes", test_drop_handshakes);
  ADD ("pong", test_pong);
  ADD ("bad-faults", test_bad_faults);

  return g_test_run ();
}
