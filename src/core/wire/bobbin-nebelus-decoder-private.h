/* The decoder by aspect: -decoder.c takes frames and turns, -blocks.c keeps the blocks of the turn, -media.c reads images and files. */
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

void         _bobbin_nebelus_blocks_init   (BobbinNebelusBlocks *self);
void         _bobbin_nebelus_blocks_clear  (BobbinNebelusBlocks *self);
void         _bobbin_nebelus_blocks_reset  (BobbinNebelusBlocks *self);
/* @text: (transfer full). */
BobbinEvent *_bobbin_nebelus_blocks_delta  (BobbinNebelusBlocks *self, gboolean thinking, gint index, char *text, gsize length);
/* (nullable): a repeated frame gives none. @block: the "data" of a content_block event. */
BobbinEvent *_bobbin_nebelus_blocks_decode (BobbinNebelusBlocks *self, JsonObject *block);

/* Fills in bytes, content type and name, or data = {"url":…}. Returns: FALSE when there is neither. */
gboolean     _bobbin_nebelus_decode_media  (JsonNode *data, BobbinEvent *event);

G_END_DECLS
