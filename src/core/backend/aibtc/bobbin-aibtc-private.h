/* Shared by the files of backend/aibtc/ only. */
#pragma once

#include "backend/aibtc/bobbin-aibtc-backend.h"
#include "backend/bobbin-abilities.h"
#include "backend/bobbin-channel.h"
#include "transport/bobbin-http.h"
#include "transport/bobbin-ws-link.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* aibtc-chat.md, sections 3, 8 and 9. */
#define BOBBIN_AIBTC_CONNECT_MS   5000
#define BOBBIN_AIBTC_PING_S       30
#define BOBBIN_AIBTC_QUIET_MS     8000
#define BOBBIN_AIBTC_TOOL_MS      60000
#define BOBBIN_AIBTC_SILENCE_MS   120000
#define BOBBIN_AIBTC_BURST_MS     1500
#define BOBBIN_AIBTC_NO_BURST_MS  5000
#define BOBBIN_AIBTC_A_MINUTE     10

BobbinHttp    *_bobbin_aibtc_get_http  (BobbinAibtcBackend *self);
BobbinClock   *_bobbin_aibtc_get_clock (BobbinAibtcBackend *self);
BobbinFailure *_bobbin_aibtc_check_account (BobbinAibtcBackend *self) G_GNUC_WARN_UNUSED_RESULT; /* (nullable) */
/* A link to open now, with the credential in a header or, @query, in its address. */
BobbinWsLink  *_bobbin_aibtc_make_link (BobbinAibtcBackend *self, gboolean query) G_GNUC_WARN_UNUSED_RESULT;
/* "auto", "header" or "query" of the account, and what auto has learned. */
gboolean       _bobbin_aibtc_may_try_both (BobbinAibtcBackend *self);
gboolean       _bobbin_aibtc_get_query    (BobbinAibtcBackend *self);
void           _bobbin_aibtc_learn_query  (BobbinAibtcBackend *self, gboolean query);
/* Milliseconds until a message may go; 0: now, and it is counted. */
gint64         _bobbin_aibtc_limit        (BobbinAibtcBackend *self);

typedef struct _BobbinAibtcLink BobbinAibtcLink;
typedef struct _BobbinAibtcJob BobbinAibtcJob;

BobbinAibtcLink *_bobbin_aibtc_get_link (BobbinAibtcBackend *self);

/* A request and all that comes of it: the server answers one after the other. Handlers are called from the main loop, never from
 * inside a call. */
typedef struct
{
  void (*begin) (gpointer user_data);                                       /* the socket is open and ours: send */
  void (*text)  (const char *text, gsize length, gpointer user_data);
  void (*lost)  (BobbinFailure *failure, gpointer user_data);               /* (transfer full): the job is over */
} BobbinAibtcJobHandlers;

BobbinAibtcLink *_bobbin_aibtc_link_new     (BobbinAibtcBackend *backend) G_GNUC_WARN_UNUSED_RESULT; /* borrows @backend */
void             _bobbin_aibtc_link_free    (BobbinAibtcLink *self);
BobbinAibtcJob  *_bobbin_aibtc_link_enqueue (BobbinAibtcLink *self, const BobbinAibtcJobHandlers *handlers, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
gboolean         _bobbin_aibtc_link_send    (BobbinAibtcLink *self, char *text); /* takes @text */
/* The job is over, the server waits for the next. */
void             _bobbin_aibtc_link_done    (BobbinAibtcLink *self, BobbinAibtcJob *job);
/* It is given up: where it had begun the server is still busy with it, so the socket goes (section 10). */
void             _bobbin_aibtc_link_drop    (BobbinAibtcLink *self, BobbinAibtcJob *job);

BobbinChannel *_bobbin_aibtc_channel_new (BobbinAibtcBackend *backend, const char *agent_id, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;
void           _bobbin_aibtc_history_iface_init (BobbinHistoryInterface *iface);

G_END_DECLS
