/* What AgentFlow says when it refuses or breaks: HTTP statuses and error chunks become a BobbinFailure by tables (agentflow.md,
 * sections 1, 2 and 6, "Errors in the stream"). Pure functions, any thread. Details never hold a raw body. */
#pragma once

#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @body: (nullable): JSON, a page or anything. @retry_after_ms: of the header, -1: none; the body may tell it too. The certainty is
 * REFUSED below 500 and for 503, UNKNOWN else; a caller that had not sent a run may change it. */
BobbinFailure *bobbin_agentflow_failure_from_http  (guint status, const char *body, gsize length, gint64 retry_after_ms) G_GNUC_WARN_UNUSED_RESULT;
/* @data: of an "error" chunk that ends the run. Certainty ACCEPTED. */
BobbinFailure *bobbin_agentflow_failure_from_chunk (JsonObject *data) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the answer of GET or DELETE of one message means that there is no such message (section 13: "missing message"). */
gboolean       bobbin_agentflow_is_missing_message (guint status, const char *body, gsize length);
/* Whether the answer of GET …/state means that there is no state yet (section 5: 422 naming StateResponseSchema). */
gboolean       bobbin_agentflow_is_missing_state   (guint status, const char *body, gsize length);

G_END_DECLS
