/* A server in the test's own process, on a loopback port the system chose: HTTP answers and WebSockets by the test's callbacks, every
 * request noted down. Also the loop helpers that every network test needs. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  char   *method;
  char   *path;
  char   *query;          /* (nullable) */
  char   *authorization;  /* (nullable), as the next three */
  char   *origin;
  char   *user_agent;
  char   *accept_encoding;
  GBytes *body;
} ServerRequest;

typedef struct _ServerFixture ServerFixture;

/* Answers a request that is no WebSocket handshake. */
typedef void  (*ServerRequestFunc) (ServerFixture *server, SoupServerMessage *message, const char *path, gpointer user_data);
/* Returns 0 to accept a handshake, else the status to refuse it with; headers may be set on @message. */
typedef guint (*ServerHandshakeFunc) (ServerFixture *server, SoupServerMessage *message, const char *path, gpointer user_data);
typedef void  (*ServerSocketFunc) (ServerFixture *server, SoupWebsocketConnection *socket, gpointer user_data);
typedef void  (*ServerTextFunc) (ServerFixture *server, SoupWebsocketConnection *socket, const char *text, gpointer user_data);

struct _ServerFixture
{
  SoupServer              *soup;
  guint                    port;
  char                    *url;       /* http(s)://127.0.0.1:PORT */
  GPtrArray               *requests;  /* of ServerRequest, oldest first */
  GPtrArray               *sockets;   /* of SoupWebsocketConnection, oldest first */
  GPtrArray               *texts;     /* of char *: what clients sent, oldest first */
  guint                    n_closed;  /* sockets that are closed */
  /* set by the test; all may stay NULL */
  ServerRequestFunc        on_request;
  ServerHandshakeFunc      on_handshake;
  ServerSocketFunc         on_socket;
  ServerTextFunc           on_text;
  gpointer                 user_data;
};

ServerFixture *server_fixture_new     (void);
/* With the checked-in self-signed certificate, for the name "localhost" and address 127.0.0.1. */
ServerFixture *server_fixture_new_tls (void);
void           server_fixture_free    (ServerFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerFixture, server_fixture_free)

ServerRequest *server_fixture_get_request (ServerFixture *self, guint position);
/* (nullable) borrowed: the newest socket. */
SoupWebsocketConnection *server_fixture_get_socket (ServerFixture *self);
const char    *server_fixture_get_text    (ServerFixture *self, guint position);
/* On the newest socket. */
void           server_fixture_send        (ServerFixture *self, const char *text);
/* SHA-256 in hex of the certificate of server_fixture_new_tls(). */
char          *server_fixture_dup_fingerprint (void);

/* Answers with a whole body. */
void           server_message_answer  (SoupServerMessage *message, guint status, const char *content_type, const char *body);
/* Answers 200 text/event-stream and leaves the body open; then chunks, then an end or a cut. */
void           server_message_stream  (SoupServerMessage *message);
void           server_message_chunk   (SoupServerMessage *message, const char *text);
void           server_message_end     (SoupServerMessage *message);

/* Runs the main loop until @condition holds; fails the test after 20 s of real time. */
#define test_wait_until(condition)                                                                   \
  G_STMT_START {                                                                                     \
    guint test_guard_ = test_guard_add (G_STRLOC ": " #condition);                                   \
    while (!(condition))                                                                             \
      g_main_context_iteration (NULL, TRUE);                                                         \
    g_source_remove (test_guard_);                                                                   \
  } G_STMT_END
guint          test_guard_add         (const char *what);
/* Runs the main loop until nothing is ready any more. */
void           test_settle            (void);

G_END_DECLS
