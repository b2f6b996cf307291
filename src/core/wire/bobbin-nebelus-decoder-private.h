/* The decoder by aspect: -decoder.c takes frames and keeps the turn, -events.c reads each kind of event,
 * -blocks.c and -tools.c keep the blocks of the turn, -media.c reads images and files. */
#pragma once

#include "wire/bobbin-nebelus-decoder.h"

G_BEGIN_DECLS

/* One block of the running turn. */
typedef struct
{
  BobbinBlockKind  kind;
  char            *key;
  char            *call_id;    /* tools */
  char            *name;       /* tools */
  gsize            text_bytes; /* text and thinking: what came so far */
  guint            digest;     /* structured kinds: of what came last, to know a repeated frame */
  guint            generation; /* blocks that had this slot before */
  gboolean         complete;
  gboolean         answered;   /* tools: a result came */
} BobbinNebelusBlock;

typedef struct
{
  GPtrArray          *all;      /* owned, in order */
  GHashTable         *by_slot;  /* "type:index" → block that has the slot now */
  GHashTable         *by_call;  /* call id → tool */
  GPtrArray          *tools;    /* in order */
  BobbinNebelusBlock *last;     /* that something came for */
  /* the slot of the delta before, so that a stream of deltas looks nothing up */
  BobbinNebelusBlock *hot;
  gboolean            hot_thinking;
  gint                hot_index;
} BobbinNebelusBlocks;

struct _BobbinNebelusDecoder
{
  GPtrArray           *events;     /* of BobbinEvent, waiting from next on */
  guint                next;
  BobbinNebelusBlocks  blocks;
  char                *thread_id;
  char                *message_id; /* of the running turn */
  char                *stop_reason;
  gboolean             turn_open;
  gboolean             announced;  /* the turn began with "message_start" */
  gboolean             slow_only;
};

BobbinEvent *_bobbin_nebelus_decoder_push            (BobbinNebelusDecoder *self,
                                                      BobbinEventType type); /* borrowed */
/* Returns: TRUE when @thread_id is one and not the one known, which it is from now on. */
gboolean     _bobbin_nebelus_decoder_learn_thread_id (BobbinNebelusDecoder *self, const char *thread_id);
void         _bobbin_nebelus_decoder_open_turn       (BobbinNebelusDecoder *self);
void         _bobbin_nebelus_decoder_dispatch        (BobbinNebelusDecoder *self, const char *name, JsonObject *data);

void         _bobbin_nebelus_blocks_init   (BobbinNebelusBlocks *self);
void         _bobbin_nebelus_blocks_clear  (BobbinNebelusBlocks *self);
void         _bobbin_nebelus_blocks_reset  (BobbinNebelusBlocks *self);
void         _bobbin_nebelus_blocks_end_text (BobbinNebelusBlocks *self);
/* @text: (transfer full). */
BobbinEvent *_bobbin_nebelus_blocks_delta  (BobbinNebelusBlocks *self, gboolean thinking, gint index,
                                            char *text, gsize length);
/* (nullable): a repeated frame gives none. @block: the "data" of a content_block event. */
BobbinEvent *_bobbin_nebelus_blocks_decode (BobbinNebelusBlocks *self, JsonObject *block);

/* For the files that decode one kind of block each. */
typedef enum
{
  BOBBIN_NEBELUS_STATE_NONE,
  BOBBIN_NEBELUS_STATE_START,
  BOBBIN_NEBELUS_STATE_DELTA,
  BOBBIN_NEBELUS_STATE_COMPLETE,
} BobbinNebelusState;

/* What a content_block event says, before it is known which block it is about. */
typedef struct
{
  JsonObject *block;
  JsonNode   *data;       /* (nullable) */
  JsonObject *object;     /* (nullable): data, where it is an object */
  const char *type;
  BobbinNebelusState       state;
  gint64      index;      /* -1 when absent */
} BobbinNebelusFrame;

char               *_bobbin_nebelus_make_slot     (const char *type, gint64 index) G_GNUC_WARN_UNUSED_RESULT;
/* @slot: (transfer full): the new block has it now; the one that had it keeps its own key. */
BobbinNebelusBlock *_bobbin_nebelus_blocks_add    (BobbinNebelusBlocks *self, char *slot, BobbinBlockKind kind);
BobbinEvent        *_bobbin_nebelus_blocks_event  (BobbinNebelusBlocks *self, BobbinNebelusBlock *block,
                                                   BobbinPhase phase) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) (transfer full): the first of @members that holds text; a number counts as its digits. */
char               *_bobbin_nebelus_dup_first     (JsonObject *object,
                                                   const char *const *members) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): JSON text. */
char               *_bobbin_nebelus_dup_data      (const BobbinNebelusFrame *frame) G_GNUC_WARN_UNUSED_RESULT;
BobbinEvent        *_bobbin_nebelus_decode_tool_use    (BobbinNebelusBlocks *self,
                                                        const BobbinNebelusFrame *frame, BobbinBlockKind kind);
BobbinEvent        *_bobbin_nebelus_decode_tool_result (BobbinNebelusBlocks *self,
                                                        const BobbinNebelusFrame *frame, BobbinBlockKind kind);

/* Fills in bytes, content type and name, or data = {"url":…}. Returns: FALSE when there is neither. */
gboolean     _bobbin_nebelus_decode_media  (JsonNode *data, BobbinEvent *event);

G_END_DECLS
