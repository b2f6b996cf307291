/* What an Entities server tells beside streams: runs and how they ended, stored messages, refusals (entities.md, sections 4, 6, 9, 11).
 * Pure functions. */
#pragma once

#include "model/bobbin-message.h"
#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_ENTITIES_ACTIVE,
  BOBBIN_ENTITIES_DONE,
  BOBBIN_ENTITIES_UNSURE,     /* says completed, but not when: may be about to require action */
  BOBBIN_ENTITIES_CANCELLED,
  BOBBIN_ENTITIES_ACTION,     /* tools may wait for the client */
  BOBBIN_ENTITIES_FAILED,
  BOBBIN_ENTITIES_UNANSWERED, /* ended without storing an answer: failed unless there is one */
} BobbinEntitiesOutcome;

/* Section 6, in its order. @ret_failure: (transfer full) (nullable): with FAILED. */
BobbinEntitiesOutcome bobbin_entities_run_outcome  (JsonObject *run, BobbinFailure **ret_failure);
BobbinFailure        *bobbin_entities_read_refusal (guint status, gint64 retry_after_ms, const char *body, gsize length) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "meta_data" or "metadata", an object or its JSON text. (transfer full) */
JsonObject           *bobbin_entities_dup_metadata (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) borrowed from @metadata: title, topic, name. */
const char           *bobbin_entities_get_title    (JsonObject *metadata);
/* (nullable): the list of a bare array or of an envelope. */
JsonArray            *bobbin_entities_get_list     (JsonNode *root);
/* @list: messages, oldest first. Returns: (transfer full): of BobbinMessage, oldest first, as shown: rows of one answer are one
 * message, its tool rows the results of its calls, thoughts and calls taken out of the text. */
GPtrArray            *bobbin_entities_messages_from_list (JsonArray *list) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
