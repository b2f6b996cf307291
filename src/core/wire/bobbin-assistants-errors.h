/* What an Assistants v2 server says when it refuses or gives up (assistants.md, section 9). Pure functions, any thread. */
#pragma once

#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An answer that is no success. Strings may be NULL. */
typedef struct
{
  guint       status;
  gint64      retry_after_ms;  /* of Retry-After, -1 when it told nothing */
  const char *retry_after_ms_header; /* "retry-after-ms" */
  const char *should_retry;    /* "x-should-retry" */
  const char *request_id;      /* "x-request-id", "apim-request-id" */
  const char *body;
  gsize       length;
} BobbinAssistantsReply;

/* @ret_run_id: (out) (optional) (transfer full) (nullable): with BOBBIN_ERROR_BUSY, the run that is active, taken from the words. */
BobbinFailure *bobbin_assistants_failure_from_reply (const BobbinAssistantsReply *reply, char **ret_run_id) G_GNUC_WARN_UNUSED_RESULT;
/* @node: data of an "error" event: {code?,message,param?,type}, {"error":{…}} or a string. The turn was begun: ACCEPTED. */
BobbinFailure *bobbin_assistants_failure_from_event (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;
/* @last_error: (nullable): of a run that failed. */
BobbinFailure *bobbin_assistants_failure_from_run (JsonObject *last_error) G_GNUC_WARN_UNUSED_RESULT;
/* The run a refusal as busy names. @words: (nullable): of the server. */
char          *bobbin_assistants_dup_busy_run (const char *words) G_GNUC_WARN_UNUSED_RESULT;
/* The server has no call of this kind, whatever the id; 401 "missing_scope" of the thread list among them (section 4.2). */
gboolean       bobbin_assistants_is_unsupported (guint status, const BobbinFailure *failure);
/* A failed GET or DELETE (@safe), or a POST that the server asks to have again: section 9, 5xx and x-should-retry. */
gboolean       bobbin_assistants_may_repeat (const BobbinAssistantsReply *reply, gboolean safe);

G_END_DECLS
