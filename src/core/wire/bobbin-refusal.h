/* What an HTTP server says when it refuses, in every form met: OpenAI's envelope, FastAPI's, a gateway's, a page of a proxy, nothing.
 * The services' own codecs begin with this and put their words for busy, quota and the like on top. Pure functions, any thread. */
#pragma once

#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* At most 500 characters of one paragraph; NULL when nothing is left. */
char          *bobbin_refusal_shorten    (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Returns: (transfer full) (nullable): the sentence in {"error":{"message"}}, {"error":"…"}, {"message"}, {"detail":"…"},
 * {"detail":[{"loc":[…],"msg"}]} ("body.provider: Field required"), or a bare string. @root: (nullable). */
char          *bobbin_refusal_dup_words  (JsonNode *root) G_GNUC_WARN_UNUSED_RESULT;
/* @body: (nullable), @length in bytes: shown only where it is JSON with words in it. @retry_after_ms: as told, -1.
 * The certainty is REFUSED, or UNKNOWN where the server may have acted (408, 500, 502, 504, 503 without Retry-After). */
BobbinFailure *bobbin_refusal_to_failure (guint status, gint64 retry_after_ms, const char *body, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
