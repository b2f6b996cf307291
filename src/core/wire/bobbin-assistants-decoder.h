/* Assistants v2, server to client: events of a run's stream, and the objects that polling brings, become BobbinEvents
 * (assistants.md, sections 5 to 8). No socket, no clock; one decoder a turn. Give it what came, then take events until
 * bobbin_assistants_decoder_pop() gives NULL.
 *
 * What the decoder settles:
 * - Names. An event is known by its name, else unwrapped from {"event","data"} (Astra), else by its "object".
 * - A message begins with TURN_STARTED and its id; so does a delta of an id not seen before. Messages of other roles, and such
 *   without a thread (open-assistant-api), are passed over. Blocks have the key "MESSAGE/INDEX", calls "STEP/INDEX".
 * - Markers of citations become " [1]", in the delta that brings them or when the message is complete (phase COMPLETE, replace);
 *   a SOURCES block lists them. Files of the code interpreter are FILE blocks, images IMAGE blocks, with data {"file_id"…}.
 * - Tool calls: arguments come whole, whenever they have grown by a quarter, and with COMPLETE; results with is_result.
 *   Told again by a polled step nothing comes twice.
 * - The run's object is kept, see bobbin_assistants_decoder_get_run(); what its end means for the turn is the channel's, except
 *   for USAGE, which comes ahead of it. An "error" event is kept, too, and gives no event of its own. */
#pragma once

#include "model/bobbin-event.h"
#include "wire/bobbin-assistants-run.h"

G_BEGIN_DECLS

typedef struct _BobbinAssistantsDecoder BobbinAssistantsDecoder;

BobbinAssistantsDecoder *bobbin_assistants_decoder_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void                     bobbin_assistants_decoder_free (BobbinAssistantsDecoder *self);

/* One SSE event. @name: (nullable). Returns: FALSE with BOBBIN_ERROR_PROTOCOL for what is no JSON of this protocol. */
gboolean     bobbin_assistants_decoder_push_event  (BobbinAssistantsDecoder *self, const char *name, const char *data, gssize length,
                                                    GError **error);
/* A Run, Message or Run step, whole: from polling, from a server that ignored "stream". By its "object". */
gboolean     bobbin_assistants_decoder_push_object (BobbinAssistantsDecoder *self, JsonObject *object);
/* For what could not be read at all: once a turn a NOTICE of the name BOBBIN_NOTICE_UNREADABLE. */
void         bobbin_assistants_decoder_push_unreadable (BobbinAssistantsDecoder *self);
/* Returns: (transfer full) (nullable) */
BobbinEvent *bobbin_assistants_decoder_pop         (BobbinAssistantsDecoder *self) G_GNUC_WARN_UNUSED_RESULT;

/* (nullable): the newest word on the run. */
const BobbinAssistantsRun *bobbin_assistants_decoder_get_run     (BobbinAssistantsDecoder *self);
/* (nullable): of an "error" event. */
const BobbinFailure       *bobbin_assistants_decoder_get_failure (BobbinAssistantsDecoder *self);
/* The stream said that it is over. */
gboolean                   bobbin_assistants_decoder_is_done     (BobbinAssistantsDecoder *self);
/* Whether an answer of the assistant was seen: else it is looked for with the thread's messages. */
gboolean                   bobbin_assistants_decoder_has_message (BobbinAssistantsDecoder *self);
/* Outputs were given: a stream of the same run begins. */
void                       bobbin_assistants_decoder_resume      (BobbinAssistantsDecoder *self);
/* The turn is over: closes what is open (final texts of messages that were never told complete). */
void                       bobbin_assistants_decoder_finish      (BobbinAssistantsDecoder *self);
/* The run is known from elsewhere; what it does is not. */
void                       bobbin_assistants_decoder_expect      (BobbinAssistantsDecoder *self, const char *run_id);
/* For a history: messages of the user are shown, too. */
void                       bobbin_assistants_decoder_show_users  (BobbinAssistantsDecoder *self);
/* For the test that compares the two paths. */
void                       bobbin_assistants_decoder_set_fast_path (BobbinAssistantsDecoder *self, gboolean enabled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAssistantsDecoder, bobbin_assistants_decoder_free)

G_END_DECLS
