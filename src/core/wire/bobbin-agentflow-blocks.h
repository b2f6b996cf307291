/* The content of one AgentFlow message as BLOCK events, the way they are shown: thinking first, then what was said, called and sent in
 * its order, then the sources of citations (agentflow.md, section 3). Used for what streams and for what is read later. Pure. */
#pragma once

#include "model/bobbin-event.h"

G_BEGIN_DECLS

/* @message: of any role, whole (not a delta). Nothing is dropped: what is not known is an UNKNOWN block with its JSON. Media that lie
 * on the server have data {"file_id" or "path", "name"?, "content_type"?, "size"?}; on the web {"url", …}; inside the message
 * {"data_base64", …}, unless @decode: then bytes.
 * Returns: (transfer full): of BobbinEvent, phase COMPLETE, keys unset except of tool calls. */
GPtrArray   *bobbin_agentflow_read_blocks   (JsonObject *message, gboolean decode) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): what a tool gave: its text, or JSON; the array around a single object is taken off. Never NULL. */
char        *bobbin_agentflow_dup_output    (JsonNode *output) G_GNUC_WARN_UNUSED_RESULT;
/* An id that may be a string or a number. (transfer full) (nullable): NULL where there is none. */
char        *bobbin_agentflow_dup_id        (JsonObject *object, const char *member) G_GNUC_WARN_UNUSED_RESULT;
/* Fields that are not told stay -1. */
void         bobbin_agentflow_read_usage    (JsonObject *message, BobbinUsage *usage);
/* (nullable) borrowed */
const char  *bobbin_agentflow_get_model     (JsonObject *message);

G_END_DECLS
