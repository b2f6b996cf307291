/* aibtc chat: one WebSocket for all threads of an account (protocol reference: aibtc-chat.md).
 *
 *   bobbin-aibtc-backend.c  account, credential and its form, the local limiter
 *   bobbin-aibtc-link.c     the socket, and who may use it: one request at a time
 *   bobbin-aibtc-channel.c  the turns of one thread; -history.c: its messages
 */
#pragma once

#include "backend/bobbin-backend.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_AIBTC_BACKEND (bobbin_aibtc_backend_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAibtcBackend, bobbin_aibtc_backend, BOBBIN, AIBTC_BACKEND, GObject)

BobbinBackend *bobbin_aibtc_backend_new (BobbinAccount *account, BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
