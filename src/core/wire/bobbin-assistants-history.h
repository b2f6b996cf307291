/* Stored messages of an Assistants v2 thread as this program shows them. */
#pragma once

#include "bobbin-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @list: (nullable): of Message objects, newest first, as the server lists them. @steps: run id → JsonNode, the list of steps of that run:
 * their tool calls stand in front of the run's first message.
 * Returns: (transfer full): of BobbinMessage, oldest first. Left out are other roles and messages that are still being made;
 * an id told twice counts once. */
GPtrArray *bobbin_assistants_messages_from_list (JsonArray *list, GHashTable *steps) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
