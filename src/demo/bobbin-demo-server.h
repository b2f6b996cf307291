/* The demo agent: a server inside the process, or on its own, that speaks Nebelus over WebSocket and SSE
 * (nebelus.md) on a loopback port, answers plain words, and misbehaves when told to. A newcomer meets it first;
 * the same code drives the tests.
 *
 * It runs in a thread of its own with its own main context, so that it never blocks the window and the window
 * never blocks it. Every function here may be called from any thread.
 *
 * Rooms: -link is one connection, bytes only; -script is what will be sent, step by step; -answers and -faults
 * write scripts for what the person asked; -talk plays a script over a link; -threads is what the server
 * remembers, -memory what it is reminded of; this file listens and decides who plays. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Milliseconds between two words; the delays of a script are given at this speed. */
#define BOBBIN_DEMO_SPEED_HUMAN 30
/* Flat out, for tests and benchmarks. */
#define BOBBIN_DEMO_SPEED_FLAT_OUT 0

#define BOBBIN_TYPE_DEMO_SERVER (bobbin_demo_server_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDemoServer, bobbin_demo_server, BOBBIN, DEMO_SERVER, GObject)

BobbinDemoServer *bobbin_demo_server_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Listens on 127.0.0.1. @port: 0 for any. @key: (nullable): NULL makes a random one. Blocks until it listens,
 * or not. */
gboolean    bobbin_demo_server_start        (BobbinDemoServer *self, guint16 port, const char *key, GError **error);
/* Cuts every connection and ends the thread. Threads of the conversation are remembered for another start. */
void        bobbin_demo_server_stop         (BobbinDemoServer *self);

/* Valid from the first start on, and unchanged until the next. */
guint16     bobbin_demo_server_get_port     (BobbinDemoServer *self);
const char *bobbin_demo_server_get_base_url (BobbinDemoServer *self); /* "http://127.0.0.1:PORT" */
const char *bobbin_demo_server_get_key      (BobbinDemoServer *self);
const char *bobbin_demo_server_get_agent_id (BobbinDemoServer *self); /* always the same UUID */

/* What was said in a thread of an earlier run, by @messages (of BobbinMessage): it goes on from there when it is asked for. */
void        bobbin_demo_server_remember     (BobbinDemoServer *self, const char *thread_id, const char *title,
                                             GListModel *messages);

/* Milliseconds between two words. */
void        bobbin_demo_server_set_speed    (BobbinDemoServer *self, guint word_ms);

/* Makes the server fail in a way that no chat can ask for. @fault: a JSON object with one of
 *   "say": TEXT             the next chat is answered as if it were TEXT (all that the agent can be told, see "help")
 *   "script": [STEP…]       the next chat is answered by these steps alone, each one of
 *                           {"event":NAME,"data":{…}} (without data: what belongs there), {"frame":TEXT},
 *                           {"raw":TEXT}, {"half":TEXT}, {"wait_ms":N}, {"bench":N}, {"flood":N}, {"drip":US},
 *                           {"close":CODE,"reason":TEXT}, {"drop":true}, {"reset":true}, {"stall":true}, and
 *                           {"over":true}: another chat is taken from here on
 *   "refuse": STATUS        the next handshake or request gets this status, with "retry_after": SECONDS or text
 *                           and "body": TEXT
 *   "connect": STEPS        the next handshake succeeds, then these steps come instead of "connection"
 *   "hang": true            the next handshake or request is never answered
 *   "drop": true            it is cut without an answer
 *   "expire": HOW           every thread known now expires; HOW: "loud" (error not_found, 4004), "4004", "404",
 *                           "silent" (a new id)
 * "times": N repeats each of these (0: until the server stops); "on": "ws" or "sse" limits it to one transport.
 * And settings, which stay:
 *   "unknown_threads": HOW or "accept" (the start value)
 *   "auth": "both" (the start value), "bearer", "bare"
 *   "reply": "stream" (the start value) or "json"
 *   "pong": BOOL            "speed": MILLISECONDS
 * Returns: FALSE with @error for anything else. */
gboolean    bobbin_demo_server_queue_fault  (BobbinDemoServer *self, const char *fault, GError **error);
/* Forgets faults that were not used, and the settings above. */
void        bobbin_demo_server_clear_faults (BobbinDemoServer *self);

/* What the server has received so far, counted since it was made. */
typedef struct
{
  guint handshakes;      /* WebSocket handshakes asked for, refused ones too */
  guint requests;        /* POST of a turn, refused ones too */
  guint unauthorized;    /* of those, with a wrong key */
  guint connections;     /* open now */
  guint chats;
  guint resumes;
  guint cancels;
  guint pings;
  guint bad_messages;    /* client messages that could not be read */
} BobbinDemoCounters;

typedef struct
{
  char  *thread_id;
  char  *text;
  char  *transport;   /* "ws" or "sse" */
  char  *outcome;     /* "answered", or why not: "busy" */
  GPtrArray *files;   /* of BobbinDemoFile */
} BobbinDemoChat;

typedef struct
{
  char  *name;
  char  *content_type;
  gint64 size;        /* bytes, -1 when the data was no base64 */
  char  *sha256;      /* (nullable) hex */
} BobbinDemoFile;

void        bobbin_demo_server_get_counters (BobbinDemoServer *self, BobbinDemoCounters *ret_counters);
/* Returns: (transfer full): a copy of BobbinDemoChat in the order of arrival; free with g_ptr_array_unref(). */
GPtrArray  *bobbin_demo_server_dup_chats    (BobbinDemoServer *self) G_GNUC_WARN_UNUSED_RESULT;
/* One chat as a JSON object, without a newline: thread_id, text, transport, outcome, attachments. */
char       *bobbin_demo_chat_to_json        (const BobbinDemoChat *chat) G_GNUC_WARN_UNUSED_RESULT;
/* Called in the server's thread for each chat as it arrives. Set it before the start. */
typedef void (*BobbinDemoChatFunc) (const BobbinDemoChat *chat, gpointer user_data);
void        bobbin_demo_server_set_chat_func (BobbinDemoServer *self, BobbinDemoChatFunc func, gpointer user_data);

G_END_DECLS
