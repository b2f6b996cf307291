/* aibtc chat, server to client: the flat frames of all dialects at once (aibtc-chat.md, sections 5 to 7). No socket, no clock; one decoder
 * a turn. Live frames become BobbinEvents; the frames of a history burst become messages. */
#pragma once

#include "model/bobbin-event.h"

G_BEGIN_DECLS

typedef struct _BobbinAibtcDecoder BobbinAibtcDecoder;

/* How a turn stands after a frame (section 6). */
typedef enum
{
  BOBBIN_AIBTC_WAITING,   /* no reply yet */
  BOBBIN_AIBTC_STREAMING,
  BOBBIN_AIBTC_TOOL,      /* streaming, a tool runs: silence may be longer */
  BOBBIN_AIBTC_SOFT_END,  /* it looks like the end: the history tells */
  BOBBIN_AIBTC_HARD_END,
} BobbinAibtcProgress;

BobbinAibtcDecoder *bobbin_aibtc_decoder_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void                bobbin_aibtc_decoder_free (BobbinAibtcDecoder *self);
/* One live frame. FALSE with BOBBIN_ERROR_PROTOCOL for what is no JSON object. */
gboolean            bobbin_aibtc_decoder_push (BobbinAibtcDecoder *self, const char *text, gssize length, GError **error);
/* A frame that is a piece of text and nothing else, which is nearly all of a stream. Returns: (transfer full) (nullable): the text; with
 * *@ret_thread_id, borrowed from @text and not NUL-terminated, NULL where none is named. */
char               *bobbin_aibtc_scan_token   (const char *text, gsize length, const char **ret_thread_id, gsize *ret_thread_id_length) G_GNUC_WARN_UNUSED_RESULT;
/* The answer as the history has it: what streamed in one run of text is put right. @text: (nullable). */
void                bobbin_aibtc_decoder_put_right (BobbinAibtcDecoder *self, const char *text);
BobbinEvent        *bobbin_aibtc_decoder_pop  (BobbinAibtcDecoder *self) G_GNUC_WARN_UNUSED_RESULT;
BobbinAibtcProgress bobbin_aibtc_decoder_get_progress (BobbinAibtcDecoder *self);
/* Frames carried ids (dialect D): an end needs no look at the history. */
gboolean            bobbin_aibtc_decoder_has_ids      (BobbinAibtcDecoder *self);
const BobbinFailure *bobbin_aibtc_decoder_get_failure (BobbinAibtcDecoder *self); /* (nullable) */

char          *bobbin_aibtc_encode_message (const char *thread_id, const char *agent_id, const char *content) G_GNUC_WARN_UNUSED_RESULT;
char          *bobbin_aibtc_encode_history (const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): the "error" frame's failure; NULL for every other frame. */
BobbinFailure *bobbin_aibtc_read_error     (JsonObject *frame) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a frame that came while a history was asked for is an entry of it (section 7). */
gboolean       bobbin_aibtc_is_entry       (JsonObject *frame);
/* @entries: of JsonObject, as they came. Returns: (transfer full): of BobbinMessage, oldest first. */
GPtrArray     *bobbin_aibtc_messages_from_entries (GPtrArray *entries) G_GNUC_WARN_UNUSED_RESULT;
/* Close codes and refused handshakes (sections 2 and 8). @reason: (nullable). @spoke: a frame arrived before. */
BobbinFailure *bobbin_aibtc_failure_from_close  (guint code, const char *reason, gboolean spoke) G_GNUC_WARN_UNUSED_RESULT;
BobbinFailure *bobbin_aibtc_failure_from_status (guint status, gint64 retry_after_ms) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAibtcDecoder, bobbin_aibtc_decoder_free)

G_END_DECLS
