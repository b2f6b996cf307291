/* The channel by aspect: -channel.c is the object, its states and what the session calls; -turn.c what goes ahead of a run: files, thread,
 * message; -run.c the run: stream, polling, outputs, end. */
#pragma once

#include "backend/assistants/bobbin-assistants-poll.h"
#include "backend/assistants/bobbin-assistants-private.h"
#include "model/bobbin-event.h"
#include "transport/bobbin-http-stream.h"
#include "wire/bobbin-assistants-decoder.h"
#include "wire/bobbin-sse-parser.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_ASSISTANTS_NEW,
  BOBBIN_ASSISTANTS_READY,
  BOBBIN_ASSISTANTS_PREPARING, /* files, thread, message: nothing runs yet */
  BOBBIN_ASSISTANTS_RUNNING,   /* the run was asked for, is read or followed */
  BOBBIN_ASSISTANTS_PAUSED,    /* it waits for outputs */
  BOBBIN_ASSISTANTS_CLOSED,
} BobbinAssistantsState;

#define BOBBIN_TYPE_ASSISTANTS_CHANNEL (bobbin_assistants_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAssistantsChannel, bobbin_assistants_channel, BOBBIN, ASSISTANTS_CHANNEL, GObject)

struct _BobbinAssistantsChannel
{
  GObject                  parent_instance;
  /* owned */
  BobbinAssistantsBackend *backend;
  char                    *agent_id;
  char                    *thread_id;  /* (nullable): none yet */
  BobbinTurn              *turn;       /* (nullable): the present one */
  GArray                  *files;      /* of BobbinAssistantsFile: of the turn, once uploaded */
  char                    *message_id; /* (nullable): the user's message on the server */
  GCancellable            *work;       /* of the calls of the present turn */
  BobbinHttpStream        *stream;     /* of the run */
  BobbinSseParser         *parser;
  GByteArray              *reply;      /* (nullable): the answer is one JSON object, for the server ignored "stream" */
  BobbinAssistantsDecoder *decoder;    /* of the present run */
  BobbinAssistantsPoll    *poll;
  GQueue                   pending;    /* of BobbinEvent: go out from the idle source */
  char                    *submit_path; /* (nullable): the stream is of outputs that were given */
  char                    *submit_body;
  /* sources */
  guint                    idle;

  BobbinAssistantsState    state;
  gboolean                 known_new;  /* the thread was made by this channel and holds nothing of ours that could be unclear */
  gboolean                 compared;   /* the newest message was looked at for the present turn */
  gboolean                 accepted;   /* the run began; the session was told */
  gboolean                 adopted;    /* the run is not of our turn */
  gboolean                 cancelling;
  gboolean                 cancel_sent;
};

/* -channel.c */
void _bobbin_assistants_channel_emit       (BobbinAssistantsChannel *self, BobbinEvent *event);
void _bobbin_assistants_channel_emit_later (BobbinAssistantsChannel *self, BobbinEvent *event);
void _bobbin_assistants_channel_close_with (BobbinAssistantsChannel *self, BobbinFailure *failure); /* takes @failure */
/* The turn is over, the channel is not, unless @failure says that nothing more will come of it. Takes @failure. */
void _bobbin_assistants_channel_fail       (BobbinAssistantsChannel *self, BobbinFailure *failure);
/* @reason: (nullable). */
void _bobbin_assistants_channel_stop       (BobbinAssistantsChannel *self, const char *reason);
/* Ends requests, stream and polling of the present turn. */
void _bobbin_assistants_channel_drop_work  (BobbinAssistantsChannel *self);

/* -turn.c */
void _bobbin_assistants_channel_prepare    (BobbinAssistantsChannel *self);

/* -run.c */
void _bobbin_assistants_channel_begin_run  (BobbinAssistantsChannel *self);
void _bobbin_assistants_channel_submit     (BobbinAssistantsChannel *self, BobbinBlock *approval, GArray *decisions);
void _bobbin_assistants_channel_cancel_run (BobbinAssistantsChannel *self);
/* Another run is active on the thread: @run_id is followed to its end, or asked about. */
void _bobbin_assistants_channel_adopt      (BobbinAssistantsChannel *self, const char *run_id);

G_END_DECLS
