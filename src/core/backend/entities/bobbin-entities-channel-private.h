/* The channel by aspect: -channel.c is the object, its states, the completion's stream and its end; -turn.c what goes ahead of it: files,
 * thread, message, run, and the answers to tools. */
#pragma once

#include "backend/entities/bobbin-entities-private.h"
#include "model/bobbin-event.h"
#include "transport/bobbin-http-stream.h"
#include "wire/bobbin-entities-decoder.h"
#include "wire/bobbin-sse-parser.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_ENTITIES_NEW,
  BOBBIN_ENTITIES_READY,
  BOBBIN_ENTITIES_PREPARING, /* files, thread, message, run: nothing runs yet */
  BOBBIN_ENTITIES_RUNNING,   /* the completion was asked for */
  BOBBIN_ENTITIES_PAUSED,    /* tools wait for the person */
  BOBBIN_ENTITIES_GIVING,    /* outputs are on their way */
  BOBBIN_ENTITIES_CLOSED,
} BobbinEntitiesState;

#define BOBBIN_TYPE_ENTITIES_CHANNEL (bobbin_entities_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinEntitiesChannel, bobbin_entities_channel, BOBBIN, ENTITIES_CHANNEL, GObject)

struct _BobbinEntitiesChannel
{
  GObject                parent_instance;
  /* owned */
  BobbinEntitiesBackend *backend;
  BobbinClock           *clock;
  char                  *agent_id;
  char                  *thread_id;  /* (nullable), as the next four */
  BobbinTurn            *turn;
  char                  *text;       /* of the message: the turn's, and small files behind it */
  GPtrArray             *pictures;   /* ids */
  char                  *message_id;
  char                  *run_id;
  GCancellable          *work;       /* of the calls of the present turn */
  BobbinHttpStream      *stream;
  BobbinSseParser       *parser;
  GByteArray            *reply;      /* (nullable): the answer is one JSON object */
  BobbinEntitiesDecoder *decoder;
  GPtrArray             *given;      /* of BobbinEntitiesManifest: what GIVING answers */
  GPtrArray             *outputs;    /* of char *, (nullable): refused */
  GQueue                 pending;    /* of BobbinEvent: go out from the idle source */
  /* sources */
  guint                  idle;
  guint                  cancel_timer;

  BobbinEntitiesState    state;
  guint                  next_given;
  guint                  loops;      /* completions of this run */
  gboolean               known_new;  /* nothing of ours on the thread could be unclear */
  gboolean               accepted;
  gboolean               cancelling;
};

/* -channel.c */
void _bobbin_entities_channel_emit       (BobbinEntitiesChannel *self, BobbinEvent *event);
void _bobbin_entities_channel_emit_later (BobbinEntitiesChannel *self, BobbinEvent *event);
void _bobbin_entities_channel_fail       (BobbinEntitiesChannel *self, BobbinFailure *failure); /* takes @failure */
void _bobbin_entities_channel_stop       (BobbinEntitiesChannel *self, const char *reason);
void _bobbin_entities_channel_complete   (BobbinEntitiesChannel *self); /* asks for the completion */
void _bobbin_entities_channel_pop_events (BobbinEntitiesChannel *self);

/* -turn.c */
void _bobbin_entities_channel_prepare    (BobbinEntitiesChannel *self);
void _bobbin_entities_channel_give       (BobbinEntitiesChannel *self, BobbinBlock *approval, GArray *decisions);

G_END_DECLS
