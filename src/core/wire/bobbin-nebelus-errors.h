/* What Nebelus says when it refuses: error events, close codes and HTTP statuses become a BobbinFailure, each
 * by a table (nebelus.md, sections 9.1 to 9.3). Pure functions, any thread. Details never hold a raw body. */
#pragma once

#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @data: of an "error" event: "type", then "code"; both may lie in "error" (section 9.1, ambiguity 4).
 * @certainty: what is known of the turn without this event. A refusal of a turn that has not begun makes
 * it REFUSED; once the turn has begun (ACCEPTED) only "busy", which is about another turn, is REFUSED.
 * @ret_type: (out) (optional) (transfer full) (nullable): the server's word for it. */
BobbinFailure *bobbin_nebelus_failure_from_error (JsonObject *data, BobbinCertainty certainty,
                                                  char **ret_type) G_GNUC_WARN_UNUSED_RESULT;

/* @code: 0 when the link was lost without a close frame. @reason: (nullable): the server's words.
 * @certainty: of the turn in flight; 4001 to 4004 and 1009 make UNKNOWN a REFUSED. */
BobbinFailure *bobbin_nebelus_failure_from_close (guint code, const char *reason,
                                                  BobbinCertainty certainty) G_GNUC_WARN_UNUSED_RESULT;

/* @body: (nullable): shown only where it is JSON with a "detail" or "error". @retry_after: (nullable): the
 * header, seconds or a date. @now_us: wall clock. The certainty is REFUSED, or UNKNOWN where the run may have
 * happened (408, 500, 502, 504, 503 without Retry-After); a caller that had not sent a turn may lower it to
 * UNSENT. */
BobbinFailure *bobbin_nebelus_failure_from_http  (guint status, const char *retry_after, const char *body,
                                                  gsize length,
                                                  gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;

/* Milliseconds from @now_us on, never negative; -1 when @value is NULL or cannot be read. */
gint64         bobbin_nebelus_parse_retry_after  (const char *value, gint64 now_us);

G_END_DECLS
