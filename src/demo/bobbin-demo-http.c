#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server-private.h"

#include "demo/bobbin-demo-answers.h"
#include "demo/bobbin-demo-talk.h"

#include <string.h>

/* Paths of nebelus.md, section 1. */
typedef enum
{
  ROUTE_NONE,
  ROUTE_WS_NEW,
  ROUTE_WS_THREAD,
  ROUTE_CHAT,
  ROUTE_AGENTS,
  ROUTE_NO_SLASH,
} Route;

typedef struct
{
  Route  type;
  char  *agent_id;
  char  *thread_id;
} Target;

static void
target_clear (Target *target)
{
  g_free (target->agent_id);
  g_free (target->thread_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static void
parse_target (const char *path,
              Target     *target)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);
  guint n = g_strv_length (parts);

  /* "/ws/agents/ID/chat/" has six parts: the first and the last are empty. */
  if (n >= 4 && !g_str_has_suffix (path, "/"))
    target->type = ROUTE_NO_SLASH;
  else if (n == 6 && strcmp (parts[1], "ws") == 0 && strcmp (parts[2], "agents") == 0
           && strcmp (parts[4], "chat") == 0)
    target->type = ROUTE_WS_NEW;
  else if (n == 7 && strcmp (parts[1], "ws") == 0 && strcmp (parts[2], "agents") == 0
           && strcmp (parts[4], "threads") == 0)
    {
      target->type = ROUTE_WS_THREAD;
      target->thread_id = g_uri_unescape_string (parts[5], NULL);
    }
  else if (n == 6 && strcmp (parts[1], "api") == 0 && strcmp (parts[2], "agents") == 0
           && strcmp (parts[4], "chat") == 0)
    target->type = ROUTE_CHAT;
  else if (strcmp (path, "/api/v1/construction/agents/") == 0)
    target->type = ROUTE_AGENTS;
  if (target->type == ROUTE_WS_NEW || target->type == ROUTE_WS_THREAD || target->type == ROUTE_CHAT)
    target->agent_id = g_uri_unescape_string (parts[3], NULL);
}

static void
respond (SoupServerMessage *message,
         guint              status,
         const char        *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, strlen (body));
}

static void
respond_detail (SoupServerMessage *message,
                guint              status,
                const char        *words)
{
  g_autofree char *quoted = bobbin_demo_quote (words);
  g_autofree char *body = g_strdup_printf ("{\"detail\":%s}", quoted);

  respond (message, status, body);
}

static void
respond_refusal (SoupServerMessage     *message,
                 const BobbinDemoFault *fault)
{
  if (fault->retry_after != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                  fault->retry_after);
  if (fault->text != NULL)
    {
      soup_server_message_set_status (message, fault->status, NULL);
      soup_server_message_set_response (message, *fault->text == '{' ? "application/json" : "text/html",
                                        SOUP_MEMORY_COPY,
                                        fault->text, strlen (fault->text));
    }
  else
    respond_detail (message, fault->status, "Refused, as you asked");
}

/* Faults that come before anything is looked at. Returns: TRUE when that was the answer. */
static gboolean
apply_fault (BobbinDemoServer   *self,
             SoupServerMessage  *message,
             BobbinDemoLinkKind  kind)
{
  BobbinDemoFault *fault;

  if ((fault = _bobbin_demo_server_take_fault (self, BOBBIN_DEMO_FAULT_DROP, kind)) != NULL)
    {
      g_autoptr(GIOStream) stream = soup_server_message_steal_connection (message);

      g_io_stream_close (stream, NULL, NULL);
    }
  else if ((fault = _bobbin_demo_server_take_fault (self, BOBBIN_DEMO_FAULT_HANG, kind)) != NULL)
    soup_server_message_pause (message);
  else if ((fault = _bobbin_demo_server_take_fault (self, BOBBIN_DEMO_FAULT_REFUSE, kind)) != NULL)
    respond_refusal (message, fault);
  else
    return FALSE;
  bobbin_demo_fault_free (fault);

  return TRUE;
}

static gboolean
check_key (BobbinDemoServer  *self,
           SoupServerMessage *message)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                     "Authorization");

  if (_bobbin_demo_server_is_authorized (self, header))
    return TRUE;
  _bobbin_demo_server_count (self, BOBBIN_DEMO_COUNT_UNAUTHORIZED);
  respond_detail (message, 401, "Invalid API key");

  return FALSE;
}

/* RFC 6455, section 4.2.2. (nullable): NULL when this is no handshake. */
static char *
make_handshake (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *key = soup_message_headers_get_one (headers, "Sec-WebSocket-Key");
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *accept = NULL;
  guint8 digest[20];
  gsize length = sizeof digest;

  if (key == NULL || !soup_message_headers_header_contains (headers, "Upgrade", "websocket") ||
      g_strcmp0 (soup_message_headers_get_one (headers, "Sec-WebSocket-Version"), "13") != 0)
    return NULL;
  g_checksum_update (checksum, (const guchar *) key, -1);
  g_checksum_update (checksum, (const guchar *) "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (checksum, digest, &length);
  accept = g_base64_encode (digest, length);

  return g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
}

static void
handle_websocket (BobbinDemoServer  *self,
                  SoupServerMessage *message,
                  const Target      *target)
{
  g_autofree char *head = NULL;
  const char *how = NULL;
  BobbinDemoThread *thread = NULL;
  BobbinDemoFault *fault;
  BobbinDemoTalk *talk;
  gboolean known_agent = strcmp (target->agent_id, bobbin_demo_server_get_agent_id (self)) == 0;

  _bobbin_demo_server_count (self, BOBBIN_DEMO_COUNT_HANDSHAKE);
  if (apply_fault (self, message, BOBBIN_DEMO_LINK_WS) || !check_key (self, message))
    return;
  head = make_handshake (message);
  if (head == NULL)
    {
      respond_detail (message, 400, "Not a WebSocket handshake");
      return;
    }
  if (!known_agent)
    how = "loud";
  else if (target->type == ROUTE_WS_THREAD)
    thread = _bobbin_demo_server_resolve_thread (self, target->thread_id, &how);
  else
    thread = _bobbin_demo_server_new_thread (self, NULL);
  if (g_strcmp0 (how, "404") == 0)
    {
      respond_detail (message, 404, "Thread not found");
      return;
    }
  if (thread == NULL)
    thread = _bobbin_demo_server_new_thread (self, NULL);
  fault = _bobbin_demo_server_take_fault (self, BOBBIN_DEMO_FAULT_CONNECT, BOBBIN_DEMO_LINK_WS);
  talk = bobbin_demo_talk_new (self, soup_server_message_steal_connection (message), BOBBIN_DEMO_LINK_WS, head,
                               thread);
  _bobbin_demo_server_adopt (self, talk);
  if (fault != NULL)
    bobbin_demo_talk_play (talk, fault->text);
  else if (how != NULL)
    bobbin_demo_talk_refuse (talk, strcmp (how, "loud") == 0 ? "not_found" : NULL,
                             known_agent ? "Thread not found" : "Agent not found", 4004);
  else
    bobbin_demo_talk_greet (talk);
  bobbin_demo_fault_free (fault);
}

static gboolean
wants_stream (BobbinDemoServer           *self,
              SoupServerMessage          *message,
              const BobbinNebelusMessage *chat)
{
  const char *accept = soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Accept");

  if (_bobbin_demo_server_get_json (self))
    return FALSE;

  return chat->stream || (accept != NULL && strstr (accept, "text/event-stream") != NULL);
}

static void
start_stream (BobbinDemoServer           *self,
              SoupServerMessage          *message,
              BobbinDemoThread           *thread,
              const BobbinNebelusMessage *chat)
{
  g_autofree char *id = g_uri_escape_string (thread->id, NULL, FALSE);
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                           "Cache-Control: no-cache\r\nX-Thread-Id: %s\r\n"
                                           "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n", id);
  BobbinDemoTalk *talk = bobbin_demo_talk_new (self, soup_server_message_steal_connection (message),
                                               BOBBIN_DEMO_LINK_SSE, head, thread);

  _bobbin_demo_server_adopt (self, talk);
  bobbin_demo_talk_chat (talk, chat);
}

static void
handle_chat (BobbinDemoServer  *self,
             SoupServerMessage *message,
             const Target      *target)
{
  g_autoptr(GBytes) body = NULL;
  g_autoptr(BobbinNebelusMessage) chat = NULL;
  g_autoptr(GError) error = NULL;
  const char *how = NULL;
  BobbinDemoThread *thread;

  _bobbin_demo_server_count (self, BOBBIN_DEMO_COUNT_REQUEST);
  if (apply_fault (self, message, BOBBIN_DEMO_LINK_SSE) || !check_key (self, message))
    return;
  if (strcmp (target->agent_id, bobbin_demo_server_get_agent_id (self)) != 0)
    {
      respond_detail (message, 404, "Agent not found");
      return;
    }
  body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  chat = bobbin_nebelus_message_new_from_body (g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body),
                                               &error);
  if (chat == NULL)
    {
      _bobbin_demo_server_count (self, BOBBIN_DEMO_COUNT_BAD);
      respond_detail (message, 422, error->message);
      return;
    }
  thread = chat->thread_id != NULL ? _bobbin_demo_server_resolve_thread (self, chat->thread_id, &how)
                                   : _bobbin_demo_server_new_thread (self, NULL);
  if (thread == NULL)
    respond_detail (message, 404, "Thread not found");
  else if (wants_stream (self, message, chat))
    start_stream (self, message, thread, chat);
  else
    {
      g_autofree char *reply = bobbin_demo_reply_json (self, thread, chat);

      _bobbin_demo_server_log_chat (self, thread, BOBBIN_DEMO_LINK_SSE, chat, "answered");
      respond (message, 200, reply);
    }
}

static void
handle_agents (BobbinDemoServer  *self,
               SoupServerMessage *message)
{
  g_autofree char *body = NULL;

  if (!check_key (self, message))
    return;
  body = g_strdup_printf ("{\"results\":[{\"id\":\"%s\",\"name\":\"Demo agent\",\"status\":\"active\","
                          "\"model_id\":\"demo-1\"}]}",
                          bobbin_demo_server_get_agent_id (self));
  respond (message, 200, body);
}

void
_bobbin_demo_server_handle (BobbinDemoServer  *self,
                            SoupServerMessage *message)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));
  const char *method = soup_server_message_get_method (message);
  g_auto(Target) target = { ROUTE_NONE, NULL, NULL };

  parse_target (path, &target);
  switch (target.type)
    {
    case ROUTE_WS_NEW:
    case ROUTE_WS_THREAD:
      handle_websocket (self, message, &target);
      break;
    case ROUTE_CHAT:
      if (strcmp (method, "POST") == 0)
        handle_chat (self, message, &target);
      else if (check_key (self, message))
        respond_detail (message, 405, "POST only");
      break;
    case ROUTE_AGENTS:
      handle_agents (self, message);
      break;
    case ROUTE_NO_SLASH:
      {
        g_autofree char *location = g_strconcat (path, "/", NULL);

        soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", location);
        respond_detail (message, 301, "The final slash is part of the path");
      }
      break;
    case ROUTE_NONE:
      respond_detail (message, 404, "Not found");
      break;
    default:
      g_assert_not_reached ();
    }
}
