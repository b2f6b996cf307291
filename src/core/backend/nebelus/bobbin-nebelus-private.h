/* Shared by the files of backend/nebelus/ only. */
#pragma once

#include "backend/bobbin-channel.h"
#include "backend/nebelus/bobbin-nebelus-backend.h"
#include "model/bobbin-account.h"
#include "model/bobbin-event.h"
#include "transport/bobbin-body-stream.h"
#include "transport/bobbin-http.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

/* nebelus.md, section 10. */
#define BOBBIN_NEBELUS_CONNECT_MS 5000
#define BOBBIN_NEBELUS_PING_MS    30000
#define BOBBIN_NEBELUS_PONG_MS    10000
#define BOBBIN_NEBELUS_PROBE_MS   3000 /* the same for a link that is under suspicion; ours */
#define BOBBIN_NEBELUS_SETTLE_MS  10000

/* What a channel works on: one agent, one thread or a new one. */
typedef struct
{
  BobbinNebelusBackend *backend;   /* owned */
  char                 *agent_id;  /* (nullable) */
  char                 *thread_id; /* (nullable): none yet */
} BobbinNebelusTarget;

void _bobbin_nebelus_target_init  (BobbinNebelusTarget *target, BobbinNebelusBackend *backend, const char *agent_id, const char *thread_id);
void _bobbin_nebelus_target_clear (BobbinNebelusTarget *target);
/* What can be known to be wrong before anything is sent: no key, no agent. (nullable) (transfer full) */
BobbinFailure *_bobbin_nebelus_target_check (const BobbinNebelusTarget *target) G_GNUC_WARN_UNUSED_RESULT;
char *_bobbin_nebelus_target_dup_ws_url   (const BobbinNebelusTarget *target) G_GNUC_WARN_UNUSED_RESULT;
char *_bobbin_nebelus_target_dup_chat_url (const BobbinNebelusTarget *target) G_GNUC_WARN_UNUSED_RESULT;
/* The whole message of @turn; @thread_id: (nullable): for SSE. */
BobbinBodyStream *_bobbin_nebelus_encode_turn (BobbinTurn *turn, gboolean sse, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;

BobbinHttp  *_bobbin_nebelus_backend_get_http     (BobbinNebelusBackend *self);
BobbinClock *_bobbin_nebelus_backend_get_clock    (BobbinNebelusBackend *self);
const char  *_bobbin_nebelus_backend_get_base_url (BobbinNebelusBackend *self);
/* The header's value; the caller wipes it with _bobbin_nebelus_wipe(). NULL: no key. */
char        *_bobbin_nebelus_backend_dup_authorization (BobbinNebelusBackend *self, gboolean bare) G_GNUC_WARN_UNUSED_RESULT;
void         _bobbin_nebelus_wipe                 (char *secret);
/* Which header form worked on a WebSocket (nebelus.md, section 2); kept with the account. */
gboolean     _bobbin_nebelus_backend_get_bare     (BobbinNebelusBackend *self);
void         _bobbin_nebelus_backend_set_bare     (BobbinNebelusBackend *self, gboolean bare);
/* WebSockets do not get through: from now on, until the account changes, SSE. */
gboolean     _bobbin_nebelus_backend_get_sse_only (BobbinNebelusBackend *self);
void         _bobbin_nebelus_backend_set_sse_only (BobbinNebelusBackend *self);

BobbinChannel *_bobbin_nebelus_ws_channel_new   (BobbinNebelusBackend *backend, const char *agent_id, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;
BobbinChannel *_bobbin_nebelus_sse_channel_new  (BobbinNebelusBackend *backend, const char *agent_id, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;
BobbinChannel *_bobbin_nebelus_auto_channel_new (BobbinNebelusBackend *backend, const char *agent_id, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;

/* Refusals after which the channel is of no use any more: the session decides what then. */
gboolean _bobbin_nebelus_ends_channel (const BobbinFailure *failure);

/* bobbin-nebelus-check.c: the doctor's steps AUTH and STREAM. */
void     _bobbin_nebelus_check_async  (BobbinNebelusBackend *backend, BobbinCheck step, const char *agent_id, BobbinTransport transport,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean _bobbin_nebelus_check_finish (BobbinNebelusBackend *backend, GAsyncResult *result, GError **error);

G_END_DECLS
