/* Nebelus, and the demo agent that speaks its protocol: channels over WebSocket or SSE (protocol reference: nebelus.md).
 *
 *   bobbin-nebelus-backend.c      account, credential, addresses, which transport a new channel gets
 *   bobbin-nebelus-ws-channel.c   one thread over one WebSocket
 *   bobbin-nebelus-sse-channel.c  one thread over one request a turn, -sse-run.c
 *   bobbin-nebelus-auto-channel.c WebSocket, and SSE where WebSockets do not get through
 */
#pragma once

#include "backend/bobbin-backend.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_NEBELUS_BACKEND (bobbin_nebelus_backend_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNebelusBackend, bobbin_nebelus_backend, BOBBIN, NEBELUS_BACKEND, GObject)

BobbinBackend *bobbin_nebelus_backend_new (BobbinAccount *account, BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
