/* AgentFlow, server to client: the chunks of a run, or the one answer of an invoke, become BobbinEvents (agentflow.md, sections 6 and 8).
 * No socket, no clock; one decoder a channel, begun anew for each run. Give it whole objects (bobbin-ndjson-parser.h), then take
 * events until bobbin_agentflow_decoder_pop() gives NULL.
 *
 * What the decoder settles, so that nobody after it has to:
 * - Ids join nothing: fragments carry the provider's ids, or a new one each. There is one open row; fragments are appended to it, the
 *   next whole assistant message replaces it, and only where it says something else.
 * - The user's own text comes back and is not drawn again: the first chunk is ACCEPTED.
 * - The id of the answer is all ids of its rows, one a line, in TURN_STOPPED.
 * - A pause is APPROVAL with {"answer":"text"} and TURN_STOPPED "paused"; a stop TURN_STOPPED "cancelled". A run that was stopped before
 *   it began (section 9, the stop flag that is never cleared) gives neither: see bobbin_agentflow_decoder_is_stuck().
 * - A failed tool is a tool card; any other error ends the run as one FAILED. */
#pragma once

#include "model/bobbin-event.h"

G_BEGIN_DECLS

typedef struct _BobbinAgentflowDecoder BobbinAgentflowDecoder;

BobbinAgentflowDecoder *bobbin_agentflow_decoder_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void                    bobbin_agentflow_decoder_free (BobbinAgentflowDecoder *self);
/* A run was sent; @thread_id: (nullable): as far as it is known. */
void         bobbin_agentflow_decoder_begin (BobbinAgentflowDecoder *self, const char *thread_id);

/* One chunk. Returns: FALSE with BOBBIN_ERROR_PROTOCOL for what is no object: skip it. */
gboolean     bobbin_agentflow_decoder_push       (BobbinAgentflowDecoder *self, const char *text, gsize length, GError **error);
/* The answer of an invoke, as if it had been streamed. FALSE with BOBBIN_ERROR_PROTOCOL for what is none. */
gboolean     bobbin_agentflow_decoder_push_reply (BobbinAgentflowDecoder *self, JsonNode *root, GError **error);
/* The body ended in good order. Returns: whether the run had ended with it (then TURN_STOPPED was given, now or before); FALSE: it
 * was cut, or it is stuck. */
gboolean     bobbin_agentflow_decoder_finish     (BobbinAgentflowDecoder *self);
/* Returns: (transfer full) (nullable) */
BobbinEvent *bobbin_agentflow_decoder_pop        (BobbinAgentflowDecoder *self) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a chunk of the run came: the server has it. */
gboolean     bobbin_agentflow_decoder_is_accepted (BobbinAgentflowDecoder *self);
/* Whether TURN_STOPPED or FAILED was given. */
gboolean     bobbin_agentflow_decoder_is_over     (BobbinAgentflowDecoder *self);
/* Whether the run ended at once because of a stop that was asked for earlier, without a word of the agent. */
gboolean     bobbin_agentflow_decoder_is_stuck    (BobbinAgentflowDecoder *self);
/* Bytes of chunks that carried a state: section 6, more than 4 MiB means asking for less. */
gsize        bobbin_agentflow_decoder_get_state_bytes (BobbinAgentflowDecoder *self);
const char  *bobbin_agentflow_decoder_get_thread_id   (BobbinAgentflowDecoder *self); /* (nullable) */

/* The question of a paused thread as an APPROVAL event; NULL when @execution_meta says that it is not paused. */
BobbinEvent *bobbin_agentflow_read_pause (JsonObject *execution_meta) G_GNUC_WARN_UNUSED_RESULT;

/* For tests: everything by the tree. */
void         bobbin_agentflow_decoder_set_fast_path   (BobbinAgentflowDecoder *self, gboolean enabled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAgentflowDecoder, bobbin_agentflow_decoder_free)

G_END_DECLS
