/* Entities API: threads of a user, a message, a run and a completion a turn (protocol reference: entities.md).
 *
 *   bobbin-entities-backend.c   account, the two secrets, requests, the user's own id
 *   bobbin-entities-channel.c   the turns of one thread; -turn.c what goes ahead of the completion
 *   bobbin-entities-history.c   messages of a thread; -threads.c: lists, titles, metadata; -files.c: uploads and downloads
 */
#pragma once

#include "backend/bobbin-backend.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ENTITIES_BACKEND (bobbin_entities_backend_get_type ())
G_DECLARE_FINAL_TYPE (BobbinEntitiesBackend, bobbin_entities_backend, BOBBIN, ENTITIES_BACKEND, GObject)

BobbinBackend *bobbin_entities_backend_new (BobbinAccount *account, BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
