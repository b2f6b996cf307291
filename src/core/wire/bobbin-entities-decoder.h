/* Entities API, server to client: the events of a completion's stream become BobbinEvents (entities.md, section 5). No socket, no
 * clock; one decoder a turn, kept when outputs were given and the completion goes on.
 *
 * - Envelopes (code_execution, computer_execution, shell, delegation) and events hidden in "content" are unwrapped.
 * - A run of text is one block; whatever comes between begins another. Keys are "text/N", "thinking/N", "code/N" and so on.
 * - The first sign of the agent gives TURN_STARTED. Tool calls are cards; those the client must answer are kept, see
 *   bobbin_entities_decoder_get_manifests(). An error is kept, too, and gives no event of its own. */
#pragma once

#include "model/bobbin-event.h"

G_BEGIN_DECLS

typedef struct _BobbinEntitiesDecoder BobbinEntitiesDecoder;

/* A tool the client is to run. */
typedef struct
{
  char *action_id;
  char *call_id;   /* (nullable) */
  char *name;      /* (nullable) */
  char *arguments; /* (nullable): JSON text */
  char *run_id;    /* (nullable): where it differs, on behalf of a sub-agent */
} BobbinEntitiesManifest;

BobbinEntitiesDecoder *bobbin_entities_decoder_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void                   bobbin_entities_decoder_free (BobbinEntitiesDecoder *self);
/* The data of one SSE event. FALSE with BOBBIN_ERROR_PROTOCOL for what is no JSON object, which servers do send: skip it. */
gboolean     bobbin_entities_decoder_push_event (BobbinEntitiesDecoder *self, const char *data, gssize length, GError **error);
/* Actions found by asking (servers before 2026): [{"action_id","tool_call_id"?,"function_arguments"?,"tool_name"?}]. */
void         bobbin_entities_decoder_push_pending (BobbinEntitiesDecoder *self, JsonArray *actions);
/* The output a person gave for @manifest: the card's result. */
void         bobbin_entities_decoder_push_output (BobbinEntitiesDecoder *self, const BobbinEntitiesManifest *manifest, const char *output,
                                                  gboolean failed);
/* Returns: (transfer full) (nullable) */
BobbinEvent *bobbin_entities_decoder_pop        (BobbinEntitiesDecoder *self) G_GNUC_WARN_UNUSED_RESULT;

GPtrArray           *bobbin_entities_decoder_get_manifests (BobbinEntitiesDecoder *self); /* of BobbinEntitiesManifest */
const BobbinFailure *bobbin_entities_decoder_get_failure   (BobbinEntitiesDecoder *self); /* (nullable) */
gboolean             bobbin_entities_decoder_is_done       (BobbinEntitiesDecoder *self); /* [DONE] came */
gboolean             bobbin_entities_decoder_is_complete   (BobbinEntitiesDecoder *self); /* the server said that no tool is left */
/* Outputs were given: another stream of the same run begins. */
void                 bobbin_entities_decoder_resume        (BobbinEntitiesDecoder *self);
void                 bobbin_entities_decoder_set_fast_path (BobbinEntitiesDecoder *self, gboolean enabled); /* for tests */
/* A bookkeeping line that servers put into the text. */
gboolean             bobbin_entities_is_internal_label     (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinEntitiesDecoder, bobbin_entities_decoder_free)

G_END_DECLS
