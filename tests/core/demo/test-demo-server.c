#include "config.h"
#include "demo-client.h"

#include "util/bobbin-error.h"

#include <string.h>

static void
test_start_stop (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(BobbinDemoServer) other = bobbin_demo_server_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (bobbin_demo_server_get_port (fixture->server), >, 0);
  g_assert_true (g_str_has_prefix (bobbin_demo_server_get_base_url (fixture->server), "http://127.0.0.1:"));
  g_assert_true (g_uuid_string_is_valid (bobbin_demo_server_get_agent_id (fixture->server)));
  /* The port is taken. */
  g_assert_false (bobbin_demo_server_start (other, bobbin_demo_server_get_port (fixture->server), "k", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  /* Another one is free, and stopping twice is nothing. */
  g_assert_true (bobbin_demo_server_start (other, 0, "k", &error));
  g_assert_cmpstr (bobbin_demo_server_get_key (other), ==, "k");
  bobbin_demo_server_stop (other);
  bobbin_demo_server_stop (other);
  g_assert_true (bobbin_demo_server_start (other, 0, NULL, &error));
  g_assert_cmpstr (bobbin_demo_server_get_key (other), !=, bobbin_demo_server_get_key (fixture->server));
}

static void
test_ws_turn (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autofree char *text = NULL;
  const BobbinEvent *event;

  g_assert_cmpuint (client->status, ==, 101);
  event = client_wait (client, BOBBIN_EVENT_READY);
  g_assert_nonnull (event->thread_id);
  g_assert_cmpstr (event->name, ==, "Demo agent");
  client_chat (client, "count to 5");
  g_assert_nonnull (client_wait (client, BOBBIN_EVENT_TURN_STARTED)->message_id);
  event = client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  g_assert_cmpstr (event->text, ==, "end_turn");
  g_assert_nonnull (event->user_message_id);
  g_assert_cmpstr (client_wait (client, BOBBIN_EVENT_TITLE)->text, ==, "Counting");
  text = client_dup_text (client);
  g_assert_cmpstr (text, ==, "1 2 3 4 5.");
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_USAGE), ==, 2);

  /* Another turn: no second title; the flags bring what they ask for. */
  client_send (client, "{\"type\":\"chat\",\"content\":\"hello\",\"return_context\":true,\"return_timing\":true,"
                       "\"return_accumulated\":true}");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  client_wait (client, BOBBIN_EVENT_CONTEXT);
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TITLE), ==, 1);
  client_send (client, "{\"type\":\"ping\"}");
  client_wait (client, BOBBIN_EVENT_PONG);
}

static void
test_ws_resume (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;

  {
    g_autoptr(Client) client = client_connect (fixture, NULL, NULL);

    id = g_strdup (client_get_thread_id (client));
    client_chat (client, "the first thing");
    client_wait (client, BOBBIN_EVENT_TITLE);
  }
  {
    g_autoptr(Client) client = client_connect (fixture, id, NULL);
    const BobbinEvent *ready = client_wait (client, BOBBIN_EVENT_READY);

    g_assert_cmpstr (ready->thread_id, ==, id);
    g_assert_cmpstr (ready->text, ==, "the first thing");
    client_chat (client, "what did I say");
    client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
    text = client_dup_text (client);
    g_assert_nonnull (strstr (text, "1. the first thing"));
  }
}

/* Stopped in the middle of an answer, started again on the same port with the same key: the thread is known. */
static void
test_restart (Fixture      *fixture,
              gconstpointer data)
{
  guint16 port = bobbin_demo_server_get_port (fixture->server);
  g_autofree char *key = g_strdup (bobbin_demo_server_get_key (fixture->server));
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autoptr(Client) again = NULL;
  g_autoptr(GError) error = NULL;
  BobbinDemoCounters counters;

  bobbin_demo_server_set_speed (fixture->server, 20);
  fixture_fault (fixture, "{\"unknown_threads\":\"404\"}");
  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "write 2000 words");
  client_wait (client, BOBBIN_EVENT_BLOCK);
  bobbin_demo_server_stop (fixture->server);
  client_wait_closed (client);
  g_assert_cmpuint (client->close_code, ==, 0);

  g_assert_true (bobbin_demo_server_start (fixture->server, port, key, &error));
  g_assert_no_error (error);
  bobbin_demo_server_set_speed (fixture->server, 0);
  again = client_connect (fixture, client_get_thread_id (client), NULL);
  g_assert_cmpuint (again->status, ==, 101);
  client_chat (again, "hello");
  client_wait (again, BOBBIN_EVENT_TURN_STOPPED);
  bobbin_demo_server_get_counters (fixture->server, &counters);
  g_assert_cmpuint (counters.connections, ==, 1);
}

static void
test_odd_thread_id (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, "a/b c%ü", NULL);

  g_assert_cmpstr (client_get_thread_id (client), ==, "a/b c%ü");
}

static void
test_sse_turn (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr(Reply) reply = post_turn (fixture,
                                      "{\"messages\":[{\"role\":\"user\",\"content\":\"count to 5\"}],"
                                      "\"stream\":true}", TRUE);
  g_autoptr(Reply) again = NULL;
  g_autofree char *text = reply_dup_text (reply);
  g_autofree char *body = NULL;

  g_assert_no_error (reply->error);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (text, ==, "1 2 3 4 5.");
  g_assert_nonnull (reply->thread_id);
  g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_TURN_STOPPED), ==, 1);
  g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_STOP_REASON), ==, 1);
  g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_TITLE), ==, 1);
  g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_DONE), ==, 1);

  body = g_strdup_printf ("{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"session_id\":\"%s\","
                          "\"stream\":true}", reply->thread_id);
  again = post_turn (fixture, body, TRUE);
  g_assert_cmpstr (again->thread_id, ==, reply->thread_id);
  g_assert_cmpuint (reply_count (again, BOBBIN_EVENT_TITLE), ==, 0);
}

static void
test_json_reply (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(Reply) reply = post_turn (fixture,
                                      "{\"messages\":[{\"role\":\"user\",\"content\":\"count to 3\"}]}", FALSE);
  g_autoptr(Reply) forced = NULL;

  g_assert_cmpstr (reply->content_type, ==, "application/json");
  g_assert_nonnull (strstr (reply->body->str, "1 2 3."));
  fixture_fault (fixture, "{\"reply\":\"json\"}");
  forced = post_turn (fixture,
                      "{\"messages\":[{\"role\":\"user\",\"content\":\"count to 3\"}],\"stream\":true}", TRUE);
  g_assert_cmpstr (forced->content_type, ==, "application/json");
}

static void
assert_handshake (Fixture    *fixture,
                  const char *authorization,
                  guint       status)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, authorization);

  g_assert_cmpuint (client->status, ==, status);
}

static void
test_auth (Fixture      *fixture,
           gconstpointer data)
{
  const char *key = bobbin_demo_server_get_key (fixture->server);
  g_autofree char *bearer = g_strconcat ("Bearer ", key, NULL);
  BobbinDemoCounters counters;

  assert_handshake (fixture, bearer, 101);
  assert_handshake (fixture, key, 101);
  assert_handshake (fixture, "Bearer wrong", 401);
  fixture_fault (fixture, "{\"auth\":\"bare\"}");
  assert_handshake (fixture, bearer, 401);
  assert_handshake (fixture, key, 101);
  fixture_fault (fixture, "{\"auth\":\"bearer\"}");
  assert_handshake (fixture, bearer, 101);
  assert_handshake (fixture, key, 401);
  bobbin_demo_server_clear_faults (fixture->server);
  assert_handshake (fixture, key, 101);
  bobbin_demo_server_get_counters (fixture->server, &counters);
  g_assert_cmpuint (counters.handshakes, ==, 8);
  g_assert_cmpuint (counters.unauthorized, ==, 3);
}

static void
test_busy_and_cancel (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autoptr(GPtrArray) chats = NULL;

  bobbin_demo_server_set_speed (fixture->server, 5);
  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "write 2000 words");
  client_wait (client, BOBBIN_EVENT_BLOCK);
  client_chat (client, "another");
  g_assert_cmpint (client_wait (client, BOBBIN_EVENT_FAILED)->failure->code, ==, BOBBIN_ERROR_BUSY);
  client_send (client, "{\"type\":\"cancel\"}");
  client_wait (client, BOBBIN_EVENT_CANCEL_ACKNOWLEDGED);
  g_assert_cmpstr (client_wait (client, BOBBIN_EVENT_TURN_STOPPED)->text, ==, "cancelled");
  bobbin_demo_server_set_speed (fixture->server, 0);
  client_chat (client, "hello");
  client_wait (client, BOBBIN_EVENT_TURN_STARTED);
  g_assert_cmpstr (client_wait (client, BOBBIN_EVENT_TURN_STOPPED)->text, ==, "end_turn");

  chats = bobbin_demo_server_dup_chats (fixture->server);
  g_assert_cmpuint (chats->len, ==, 3);
  g_assert_cmpstr (((BobbinDemoChat *) g_ptr_array_index (chats, 1))->outcome, ==, "busy");
}

static void
test_approval (Fixture      *fixture,
               gconstpointer data)
{
  static const struct { const char *decision; const char *words; } answers[] = {
    { "{\"type\":\"approve\",\"node_name\":\"send_mail\",\"approved\":true}",
      "“Invoice 118” to accounts@acme.example went out" },
    { "{\"type\":\"reject\"}", "I did not send anything" },
    { "{\"node_name\":\"send_mail\",\"approved\":false}", "I did not send anything" },
    { "{\"type\":\"edit\",\"modified_args\":{\"to\":\"zoe@fig.example\",\"subject\":\"Hi\"}}",
      "with your changes: the mail “Hi” to zoe@fig.example" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
      g_autofree char *frame = g_strdup_printf ("{\"type\":\"interrupt_resume\",\"decisions\":[%s]}",
                                                answers[i].decision);
      g_autofree char *text = NULL;
      const BobbinEvent *event;

      client_wait (client, BOBBIN_EVENT_READY);
      client_chat (client, "ask for approval");
      event = client_wait (client, BOBBIN_EVENT_APPROVAL);
      g_assert_nonnull (strstr (event->data, "accounts@acme.example"));
      g_assert_cmpuint (client_count (client, BOBBIN_EVENT_TURN_STOPPED), ==, 0);
      client_send (client, frame);
      client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
      text = client_dup_text (client);
      g_assert_nonnull (strstr (text, answers[i].words));
      /* Once is enough. */
      client_send (client, frame);
      client_wait (client, BOBBIN_EVENT_FAILED);
    }
}

/* Over SSE it is asked, over WebSocket it is answered; and it survives the connection. */
static void
test_approval_elsewhere (Fixture      *fixture,
                         gconstpointer data)
{
  g_autoptr(Reply) reply = post_turn (fixture,
                                      "{\"messages\":[{\"role\":\"user\",\"content\":\"ask for approval\"}]}", TRUE);
  g_autoptr(Client) client = NULL;

  g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_APPROVAL), ==, 1);
  g_assert_cmpuint (reply_count (reply, BOBBIN_EVENT_TURN_STOPPED), ==, 0);
  client = client_connect (fixture, reply->thread_id, NULL);
  client_wait (client, BOBBIN_EVENT_READY);
  client_send (client, "{\"type\":\"interrupt_resume\",\"decisions\":[{\"type\":\"approve\"}]}");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
}

static void
test_everything (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  gboolean seen[BOBBIN_N_BLOCK_KINDS] = { FALSE };

  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "show everything");
  client_wait (client, BOBBIN_EVENT_APPROVAL);
  for (guint i = 0; i < client->events->len; i++)
    {
      const BobbinEvent *event = g_ptr_array_index (client->events, i);

      if (event->type != BOBBIN_EVENT_BLOCK)
        continue;
      seen[event->kind] = TRUE;
      if (event->kind == BOBBIN_BLOCK_IMAGE)
        {
          g_assert_cmpstr (event->content_type, ==, "image/png");
          g_assert_cmpmem (g_bytes_get_data (event->bytes, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
        }
    }
  for (BobbinBlockKind kind = BOBBIN_BLOCK_TEXT; kind < BOBBIN_N_BLOCK_KINDS; kind++)
    if (kind != BOBBIN_BLOCK_APPROVAL && kind != BOBBIN_BLOCK_NOTICE && kind != BOBBIN_BLOCK_SOURCES)
      g_assert_true (seen[kind]);
}

/* What the help lists, the agent can do: none of the friendly lines ends in an error. */
static void
test_every_answer (Fixture      *fixture,
                   gconstpointer data)
{
  static const char *const lines[] = {
    "help", "what can you do?", "Show a table, please", "show a chart", "show charts", "show a long table", "show math", "show markdown",
    "run several tools", "show a web image", "show code", "run a tool",
      "failing tool", "think", "show an image",
    "show a file", "json", "unknown block", "write 20 words", "write 0 words", "count to 0", "be slow", "drip",
      "what did I say?", "bench 100 deltas", "bench 20 mixed deltas", "bench 20 line deltas", "bench 20 paced deltas", "", "hi",
    "something else\nentirely", "write words",
  };
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);

  client_wait (client, BOBBIN_EVENT_READY);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *escaped = g_strescape (lines[i], NULL);

      client_chat (client, escaped);
      client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
    }
  g_assert_cmpuint (client_count (client, BOBBIN_EVENT_FAILED), ==, 0);
  g_assert_cmpuint (client->n_bad, ==, 0);
}

/* A transcript that is sent along does not make the agent misbehave again. */
static void
test_prose_is_no_order (Fixture      *fixture,
                        gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);

  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "Earlier I said: drop the connection\\n\\ncount to 2");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  g_assert_false (client->closed);
}

static void
test_attachments (Fixture      *fixture,
                  gconstpointer data)
{
  static const char attachments[] = "\"metadata\":{\"attachments\":["
                                    "{\"name\":\"q3.csv\",\"content_type\":\"text/csv\",\"data\":\"YSxiCjEsMgo=\"},"
                                    "{\"name\":\"bad\",\"content_type\":\"x/y\",\"data\":\"a\"}]}";
  g_autofree char *frame = g_strdup_printf ("{\"type\":\"chat\",\"content\":\"look\",%s}", attachments);
  g_autofree char *body = g_strdup_printf ("{\"messages\":[{\"role\":\"user\",\"content\":\"look\",%s}]}",
                                           attachments);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "a,b\n1,2\n", -1);
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autoptr(Reply) reply = NULL;
  g_autoptr(GPtrArray) chats = NULL;
  g_autofree char *text = NULL;

  client_wait (client, BOBBIN_EVENT_READY);
  client_send (client, frame);
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  text = client_dup_text (client);
  g_assert_nonnull (strstr (text, hash));
  g_assert_nonnull (strstr (text, "8 bytes"));
  g_assert_nonnull (strstr (text, "cannot be read"));
  reply = post_turn (fixture, body, TRUE);
  chats = bobbin_demo_server_dup_chats (fixture->server);
  g_assert_cmpuint (chats->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const BobbinDemoChat *chat = g_ptr_array_index (chats, i);
      const BobbinDemoFile *file = g_ptr_array_index (chat->files, 0);
      g_autofree char *json = bobbin_demo_chat_to_json (chat);

      g_assert_cmpstr (chat->transport, ==, i == 0 ? "ws" : "sse");
      g_assert_cmpstr (file->name, ==, "q3.csv");
      g_assert_cmpint (file->size, ==, 8);
      g_assert_cmpstr (file->sha256, ==, hash);
      g_assert_nonnull (strstr (json,
                                "\"attachments\":[{\"name\":\"q3.csv\",\"content_type\":\"text/csv\",\"sha256\""));
    }
}

static void
test_bench (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autoptr(Reply) reply = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sse_text = NULL;

  client_wait (client, BOBBIN_EVENT_READY);
  client_chat (client, "bench 5000 deltas");
  client_wait (client, BOBBIN_EVENT_TURN_STOPPED);
  text = client_dup_text (client);
  g_assert_cmpuint (strlen (text), ==, 20000);
  reply = post_turn (fixture, "{\"messages\":[{\"role\":\"user\",\"content\":\"bench 5000 deltas\"}]}", TRUE);
  sse_text = reply_dup_text (reply);
  g_assert_cmpstr (sse_text, ==, text);
}

static void
test_http (Fixture      *fixture,
           gconstpointer data)
{
  static const struct { const char *method; const char *path; guint status; } requests[] = {
    { "GET", "/", 404 },
    { "GET", "/api/v1/construction/agents/", 200 },
    { "GET", "/api/agents/x/chat/", 405 },
    { "POST", "/api/agents/x/chat/", 404 },
    { "POST", "/api/agents/x/chat", 301 },
    { "GET", "/ws/agents/x/chat/", 400 },
  };

  /* The key comes before everything else that could be wrong, but not before an address that does not exist. */
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (requests); i++)
    {
      gboolean wrong = i >= G_N_ELEMENTS (requests);
      gsize row = i % G_N_ELEMENTS (requests);
      guint status = wrong && row > 0 && requests[row].status != 301 ? 401 : requests[row].status;
      g_autofree char *uri = g_strconcat (bobbin_demo_server_get_base_url (fixture->server), requests[row].path, NULL);
      g_autofree char *bearer = g_strconcat ("Bearer ", wrong ? "wrong" : bobbin_demo_server_get_key (fixture->server),
                                            NULL);
      g_autoptr(SoupMessage) message = soup_message_new (requests[row].method, uri);
      g_autoptr(GBytes) bytes = NULL;

      soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
      bytes = soup_session_send_and_read (fixture->session, message, NULL, NULL);
      g_assert_cmpuint (soup_message_get_status (message), ==, status);
    }
}

static void
test_bad_messages (Fixture      *fixture,
                   gconstpointer data)
{
  static const char *const frames[] = { "x", "[]", "{}", "{\"type\":\"chat\"}",
                                        "{\"type\":\"chat\",\"content\":7}", "{\"type\":\"interrupt_resume\"}" };
  g_autoptr(Client) client = client_connect (fixture, NULL, NULL);
  g_autoptr(Reply) reply = NULL;
  BobbinDemoCounters counters;

  client_wait (client, BOBBIN_EVENT_READY);
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      client_send (client, frames[i]);
      client_wait (client, BOBBIN_EVENT_FAILED);
    }
  reply = post_turn (fixture, "{\"messages\":[]}", TRUE);
  g_assert_cmpuint (reply->status, ==, 422);
  bobbin_demo_server_get_counters (fixture->server, &counters);
  g_assert_cmpuint (counters.bad_messages, ==, G_N_ELEMENTS (frames) + 1);
}

#define ADD(name, func) g_test_add ("/demo/server/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("start-stop", test_start_stop);
  ADD ("ws-turn", test_ws_turn);
  ADD ("ws-resume", test_ws_resume);
  ADD ("restart", test_restart);
  ADD ("odd-thread-id", test_odd_thread_id);
  ADD ("sse-turn", test_sse_turn);
  ADD ("json-reply", test_json_reply);
  ADD ("auth", test_auth);
  ADD ("busy-and-cancel", test_busy_and_cancel);
  ADD ("approval", test_approval);
  ADD ("approval-elsewhere", test_approval_elsewhere);
  ADD ("everything", test_everything);
  ADD ("every-answer", test_every_answer);
  ADD ("prose-is-no-order", test_prose_is_no_order);
  ADD ("attachments", test_attachments);
  ADD ("bench", test_bench);
  ADD ("http", test_http);
  ADD ("bad-messages", test_bad_messages);

  return g_test_run ();
}
