/* Nebelus, server to client: WebSocket frames, SSE events and the non-streaming reply become BobbinEvents
 * (nebelus.md, sections 5, 9.1 and 14). No socket, no clock; one decoder per channel, kept across its turns.
 *
 * Give it what came with one of the push calls, then take events until bobbin_nebelus_decoder_pop() gives NULL.
 * A bad frame is an error of that push alone: log its length, go on (section 5.2, rule 6).
 *
 * What the decoder settles, so that nobody after it has to:
 * - Keys. A block's key is its content type and index; where a server uses one again for a later block ("start" after
 *   "complete", other content after "complete", no index and another block in between) the later one gets a key
 *   of its own. A repeated frame does not make a block.
 * - Text of "complete" is given only when no delta brought text (phase COMPLETE, text set).
 * - Tool results carry the key and call id of the card they belong to, found by call id, else by name, else
 *   their own key.
 *   A tool's COMPLETE means that its arguments are complete; it runs until a BLOCK with is_result comes. The
 *   two may come in either order: a COMPLETE does not open again a card that has its result.
 * - A "message_start" behind the first blocks of a turn gives TURN_STARTED all the same, for the turn that runs.
 * - Structured kinds never come as DELTA: START and COMPLETE with data, each replacing what was there.
 * - The stop reason of a "message_delta" stands in for one missing in "message_stop".
 * - A thread id at the top level of any event gives THREAD_ID when it is not the one known; READY and
 *   TURN_STARTED carry it.
 * - TURN_STOPPED closes all blocks; no COMPLETE is made up for them. The channel drops what comes outside a turn. */
#pragma once

#include "model/bobbin-event.h"

G_BEGIN_DECLS

typedef struct _BobbinNebelusDecoder BobbinNebelusDecoder;

BobbinNebelusDecoder *bobbin_nebelus_decoder_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void                  bobbin_nebelus_decoder_free (BobbinNebelusDecoder *self);

/* One WebSocket text frame; @length in bytes, -1 for a C string.
 * Returns: FALSE with BOBBIN_ERROR_PROTOCOL for what is no JSON object. */
gboolean     bobbin_nebelus_decoder_push_frame (BobbinNebelusDecoder *self, const char *text, gssize length,
                                                GError **error);
/* One SSE event. @name: (nullable). "[DONE]" gives BOBBIN_EVENT_DONE. */
gboolean     bobbin_nebelus_decoder_push_event (BobbinNebelusDecoder *self, const char *name, const char *data,
                                                gssize length,
                                                GError **error);
/* The non-streaming reply (section 4.2): as if it had been streamed, DONE at the end. */
gboolean     bobbin_nebelus_decoder_push_reply (BobbinNebelusDecoder *self, const char *body, gssize length,
                                                GError **error);
/* A push failed, or something was too large to be pushed at all (@text NULL): once in a turn a BLOCK of kind NOTICE with the
 * name BOBBIN_NOTICE_UNREADABLE, where @text looks like an event. What is said in between, such as "ping", leaves no gap. */
void         bobbin_nebelus_decoder_push_unreadable (BobbinNebelusDecoder *self, const char *text, gsize length);
/* A thread id from elsewhere (X-Thread-Id): THREAD_ID when it is not the one known. NULL and "" are ignored. */
void         bobbin_nebelus_decoder_push_thread_id (BobbinNebelusDecoder *self, const char *thread_id);

/* Returns: (transfer full) (nullable): the next event, NULL when there is none. */
BobbinEvent *bobbin_nebelus_decoder_pop (BobbinNebelusDecoder *self) G_GNUC_WARN_UNUSED_RESULT;

/* A turn was sent: forgets the blocks of the one before. Not needed when the server sends "message_start". */
void         bobbin_nebelus_decoder_begin_turn    (BobbinNebelusDecoder *self);
/* A decision was sent: the turn goes on, whether it was stopped meanwhile or not. The server may count its blocks anew, so text that
 * comes now gets a key of its own and does not go on above the question. */
void         bobbin_nebelus_decoder_resume_turn   (BobbinNebelusDecoder *self);
/* The id the thread is known by; no event comes of it. NULL: none. */
void         bobbin_nebelus_decoder_set_thread_id (BobbinNebelusDecoder *self, const char *thread_id);
const char  *bobbin_nebelus_decoder_get_thread_id (BobbinNebelusDecoder *self); /* (nullable) */
/* TRUE from the first event of a turn to its stop: a failure then is of an accepted turn. */
gboolean     bobbin_nebelus_decoder_in_turn       (BobbinNebelusDecoder *self);
/* For the test that compares the two paths. */
void         bobbin_nebelus_decoder_set_fast_path (BobbinNebelusDecoder *self, gboolean enabled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinNebelusDecoder, bobbin_nebelus_decoder_free)

G_END_DECLS
