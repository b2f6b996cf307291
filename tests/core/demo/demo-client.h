/* A plain client over real sockets: WebSocket or POST, everything that came kept, and waits on conditions. */
#pragma once

#include "demo/bobbin-demo-server.h"
#include "model/bobbin-event.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  BobbinDemoServer *server;
  SoupSession      *session;
} Fixture;

void fixture_set_up    (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
/* Queues a fault that must be one. */
void fixture_fault     (Fixture *fixture, const char *fault);

typedef struct
{
  SoupWebsocketConnection *ws;         /* NULL when the handshake was refused */
  guint                    status;     /* of the handshake */
  char                    *retry_after;
  GPtrArray               *frames;     /* of char * */
  GPtrArray               *events;     /* of BobbinEvent, from the same frames */
  gpointer                 decoder;
  guint                    n_bad;      /* frames the decoder refused */
  gboolean                 closed;
  guint                    close_code;
} Client;

/* @thread_id: (nullable). @authorization: (nullable): the right one with Bearer. Waits for the handshake only. */
Client *client_connect (Fixture *fixture, const char *thread_id, const char *authorization);
void    client_free    (Client *client);
void    client_send    (Client *client, const char *frame);
void    client_chat    (Client *client, const char *text);
/* Waits until an event of @type has come that was not waited for before. Returns: it, borrowed. */
const BobbinEvent *client_wait (Client *client, BobbinEventType type);
void    client_wait_closed (Client *client);
/* Has such an event come so far? */
guint   client_count   (Client *client, BobbinEventType type);
/* All text blocks, joined as they came. */
char   *client_dup_text (Client *client);
/* The thread id of "connection". */
const char *client_get_thread_id (Client *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

/* One turn by POST, read to its end. */
typedef struct
{
  guint      status;
  char      *content_type;
  char      *thread_id;   /* X-Thread-Id */
  char      *retry_after;
  GString   *body;
  GPtrArray *events;      /* of BobbinEvent */
  GError    *error;       /* of reading the body */
} Reply;

Reply *post_turn  (Fixture *fixture, const char *body, gboolean stream);
void   reply_free (Reply *reply);
guint  reply_count (Reply *reply, BobbinEventType type);
char  *reply_dup_text (Reply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

/* Runs the main loop until @condition holds; fails the test after ten seconds. */
#define wait_until(condition)                                                    \
  G_STMT_START                                                                   \
  {                                                                              \
    gint64 deadline_ = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;            \
    guint wake_ = g_timeout_add (50, G_SOURCE_FUNC (wake_cb), NULL);             \
    while (!(condition))                                                         \
      {                                                                          \
        if (g_get_monotonic_time () > deadline_)                                 \
          g_error ("%s:%d: waited in vain for %s", __FILE__, __LINE__, #condition); \
        g_main_context_iteration (NULL, TRUE);                                   \
      }                                                                          \
    g_source_remove (wake_);                                                     \
  }                                                                              \
  G_STMT_END

gboolean wake_cb (gpointer data);

G_END_DECLS
