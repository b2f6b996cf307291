/* Stored messages of an AgentFlow thread as the messages this program shows (agentflow.md, sections 3, 5, 8 and 9). Pure. */
#pragma once

#include "bobbin-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @list: of the messages route, oldest first. @state: (nullable): of the state route; its context holds what the list does not yet: a run
 * that paused writes nothing to the list. @is_whole: @list begins with the first message of the thread; otherwise what the context has
 * before the first message they share is older than the list. @is_newest: @list ends with the last.
 * Rows with equal id, role and content are one. What the server keeps as several rows of one answer becomes one message; a pause is
 * an open approval at its end.
 * Returns: (transfer full): of BobbinMessage, oldest first. */
GPtrArray *bobbin_agentflow_read_messages (JsonArray *list, JsonObject *state, gboolean is_whole, gboolean is_newest) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a message of @list has the id. */
gboolean   bobbin_agentflow_list_has_id   (JsonArray *list, const char *message_id);

G_END_DECLS
