#include "config.h"
#include "demo-client.h"

#include "wire/bobbin-nebelus-decoder.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>

gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->server = bobbin_demo_server_new ();
  bobbin_demo_server_set_speed (fixture->server, BOBBIN_DEMO_SPEED_FLAT_OUT);
  g_assert_true (bobbin_demo_server_start (fixture->server, 0, NULL, &error));
  g_assert_no_error (error);
  fixture->session = soup_session_new_with_options ("user-agent", "bobbin-test", NULL);
}

void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  gpointer session = fixture->session;

  soup_session_abort (fixture->session);
  g_object_add_weak_pointer (session, &session);
  g_object_unref (fixture->session);
  /* libsoup lets go of the last connection a moment later. */
  wait_until (session == NULL);
  g_assert_finalize_object (fixture->server);
}

void
fixture_fault (Fixture    *fixture,
               const char *fault)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bobbin_demo_server_queue_fault (fixture->server, fault, &error));
  g_assert_no_error (error);
}

static void
take_events (BobbinNebelusDecoder *decoder,
             GPtrArray            *events)
{
  BobbinEvent *event;

  while ((event = bobbin_nebelus_decoder_pop (decoder)) != NULL)
    g_ptr_array_add (events, event);
}

static void
message_cb (SoupWebsocketConnection *ws,
            gint                     type,
            GBytes                  *message,
            gpointer                 user_data)
{
  Client *client = user_data;
  gsize length;
  const char *text = g_bytes_get_data (message, &length);

  g_ptr_array_add (client->frames, g_strndup (text, length));
  if (!bobbin_nebelus_decoder_push_frame (client->decoder, text, (gssize) length, NULL))
    client->n_bad++;
  take_events (client->decoder, client->events);
}

static void
closed_cb (SoupWebsocketConnection *ws,
           gpointer                 user_data)
{
  Client *client = user_data;

  client->closed = TRUE;
  client->close_code = soup_websocket_connection_get_close_code (ws);
}

typedef struct
{
  Client      *client;
  SoupMessage *message;
  gboolean     done;
} Connecting;

static void
connect_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Connecting *connecting = user_data;
  Client *client = connecting->client;
  SoupMessageHeaders *headers;

  client->ws = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, NULL);
  client->status = soup_message_get_status (connecting->message);
  headers = soup_message_get_response_headers (connecting->message);
  client->retry_after = g_strdup (soup_message_headers_get_one (headers, "Retry-After"));
  if (client->ws != NULL)
    {
      soup_websocket_connection_set_max_incoming_payload_size (client->ws, 32 * 1024 * 1024);
      g_signal_connect (client->ws, "message", G_CALLBACK (message_cb), client);
      g_signal_connect (client->ws, "closed", G_CALLBACK (closed_cb), client);
    }
  connecting->done = TRUE;
}

Client *
client_connect (Fixture    *fixture,
                const char *thread_id,
                const char *authorization)
{
  Client *client = g_new0 (Client, 1);
  g_autofree char *escaped = thread_id != NULL ? g_uri_escape_string (thread_id, NULL, FALSE) : NULL;
  g_autofree char *uri = g_strdup_printf ("ws://127.0.0.1:%u/ws/agents/%s/%s%s/",
                                          bobbin_demo_server_get_port (fixture->server),
                                          bobbin_demo_server_get_agent_id (fixture->server),
                                          thread_id != NULL ? "threads/" : "chat", thread_id != NULL ? escaped : "");
  g_autofree char *bearer = g_strdup_printf ("Bearer %s", bobbin_demo_server_get_key (fixture->server));
  g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);
  Connecting connecting = { client, message, FALSE };

  client->frames = g_ptr_array_new_with_free_func (g_free);
  client->events = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_event_free);
  client->decoder = bobbin_nebelus_decoder_new ();
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                authorization != NULL ? authorization : bearer);
  soup_session_websocket_connect_async (fixture->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                        connect_cb, &connecting);
  wait_until (connecting.done);

  return client;
}

void
client_free (Client *client)
{
  if (client->ws != NULL)
    {
      g_signal_handlers_disconnect_by_data (client->ws, client);
      if (soup_websocket_connection_get_state (client->ws) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close (client->ws, 1000, NULL);
      wait_until (soup_websocket_connection_get_state (client->ws) == SOUP_WEBSOCKET_STATE_CLOSED);
      g_object_unref (client->ws);
    }
  g_ptr_array_unref (client->frames);
  g_ptr_array_unref (client->events);
  bobbin_nebelus_decoder_free (client->decoder);
  g_free (client->retry_after);
  g_free (client);
}

void
client_send (Client     *client,
             const char *frame)
{
  g_assert_nonnull (client->ws);
  soup_websocket_connection_send_text (client->ws, frame);
}

void
client_chat (Client     *client,
             const char *text)
{
  g_autofree char *frame = g_strdup_printf ("{\"type\":\"chat\",\"content\":\"%s\"}", text);

  client_send (client, frame);
}

static BobbinEvent *
find (GPtrArray      *events,
      BobbinEventType type)
{
  for (guint i = 0; i < events->len; i++)
    {
      BobbinEvent *event = g_ptr_array_index (events, i);

      if (event->type == type)
        return event;
    }

  return NULL;
}

/* The marker of an event that was waited for. */
#define SEEN "seen"

const BobbinEvent *
client_wait (Client         *client,
             BobbinEventType type)
{
  BobbinEvent *event = NULL;
  guint from = 0;

  wait_until (({
    for (; event == NULL && from < client->events->len; from++)
      {
        BobbinEvent *candidate = g_ptr_array_index (client->events, from);

        if (candidate->type == type && g_strcmp0 (candidate->agent_id, SEEN) != 0)
          event = candidate;
      }
    event != NULL;
  }));
  g_free (event->agent_id);
  event->agent_id = g_strdup (SEEN);

  return event;
}

void
client_wait_closed (Client *client)
{
  wait_until (client->closed);
}

static guint
count (GPtrArray      *events,
       BobbinEventType type)
{
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    n += ((BobbinEvent *) g_ptr_array_index (events, i))->type == type;

  return n;
}

static char *
join_text (GPtrArray *events)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < events->len; i++)
    {
      const BobbinEvent *event = g_ptr_array_index (events, i);

      if (event->type == BOBBIN_EVENT_BLOCK && event->kind == BOBBIN_BLOCK_TEXT && event->text != NULL)
        g_string_append (text, event->text);
    }

  return g_string_free (text, FALSE);
}

guint
client_count (Client         *client,
              BobbinEventType type)
{
  return count (client->events, type);
}

char *
client_dup_text (Client *client)
{
  return join_text (client->events);
}

const char *
client_get_thread_id (Client *client)
{
  if (find (client->events, BOBBIN_EVENT_READY) == NULL)
    client_wait (client, BOBBIN_EVENT_READY);

  return find (client->events, BOBBIN_EVENT_READY)->thread_id;
}

/* --- POST --- */

typedef struct
{
  Reply        *reply;
  GInputStream *stream;
  gboolean      done;
} Posting;

static void read_some (Posting *posting);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Posting *posting = user_data;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                              &posting->reply->error);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      posting->done = TRUE;
      return;
    }
  g_string_append_len (posting->reply->body, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  read_some (posting);
}

static void
read_some (Posting *posting)
{
  g_input_stream_read_bytes_async (posting->stream, 8192, G_PRIORITY_DEFAULT, NULL, read_cb, posting);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Posting *posting = user_data;

  posting->stream = soup_session_send_finish (SOUP_SESSION (source), result, &posting->reply->error);
  if (posting->stream == NULL)
    posting->done = TRUE;
  else
    read_some (posting);
}

static void
decode_body (Reply *reply)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  BobbinSseEvent event;

  bobbin_sse_parser_feed (parser, reply->body->str, reply->body->len);
  if (reply->error == NULL)
    bobbin_sse_parser_finish (parser);
  while (bobbin_sse_parser_next (parser, &event, NULL))
    {
      (void) bobbin_nebelus_decoder_push_event (decoder, event.name, event.data, (gssize) event.length, NULL);
      take_events (decoder, reply->events);
    }
}

Reply *
post_turn (Fixture    *fixture,
           const char *body,
           gboolean    stream)
{
  Reply *reply = g_new0 (Reply, 1);
  Posting posting = { reply, NULL, FALSE };
  g_autofree char *uri = g_strdup_printf ("%s/api/agents/%s/chat/", bobbin_demo_server_get_base_url (fixture->server),
                                          bobbin_demo_server_get_agent_id (fixture->server));
  g_autofree char *bearer = g_strdup_printf ("Bearer %s", bobbin_demo_server_get_key (fixture->server));
  g_autoptr(SoupMessage) message = soup_message_new ("POST", uri);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  SoupMessageHeaders *headers;

  reply->body = g_string_new (NULL);
  reply->events = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_event_free);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
  if (stream)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "text/event-stream");
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  soup_session_send_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL, sent_cb, &posting);
  wait_until (posting.done);
  g_clear_object (&posting.stream);
  headers = soup_message_get_response_headers (message);
  reply->status = soup_message_get_status (message);
  reply->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  reply->thread_id = g_strdup (soup_message_headers_get_one (headers, "X-Thread-Id"));
  reply->retry_after = g_strdup (soup_message_headers_get_one (headers, "Retry-After"));
  if (g_strcmp0 (reply->content_type, "text/event-stream") == 0)
    decode_body (reply);

  return reply;
}

void
reply_free (Reply *reply)
{
  g_free (reply->content_type);
  g_free (reply->thread_id);
  g_free (reply->retry_after);
  g_string_free (reply->body, TRUE);
  g_ptr_array_unref (reply->events);
  g_clear_error (&reply->error);
  g_free (reply);
}

guint
reply_count (Reply          *reply,
             BobbinEventType type)
{
  return count (reply->events, type);
}

char *
reply_dup_text (Reply *reply)
{
  return join_text (reply->events);
}
