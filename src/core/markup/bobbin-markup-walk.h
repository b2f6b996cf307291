/* What -walk.c and -emit.c share: the block that is being written. */
#pragma once

#include "markup/bobbin-markup-private.h"

G_BEGIN_DECLS

typedef struct
{
  gsize id;
  guint next;
  guint numbered;
} BobbinWalkList;

typedef struct
{
  guint flags;
  guint target;
} BobbinWalkStyle;

typedef struct
{
  BobbinMarkupParse *parse;
  GPtrArray         *blocks;
  GArray            *boxes;        /* of BobbinMarkupBox: all of them, however deep */
  GArray            *lists;        /* of BobbinWalkList */
  guint              from_context; /* boxes of the context that were entered */
  gboolean           leaf_met;     /* the leaf the prelude opened */
  gboolean           list_met;
  /* the block being written */
  BobbinMarkupBlock *block;
  cmark_node        *leaf;
  GString           *text;
  GArray            *styles;       /* of BobbinWalkStyle, one a nested inline */
  gsize              pos;          /* buf: up to here the source is used */
  gsize              limit;
  gsize              part_end;     /* buf: the block ends here, before its leaf does; 0: it does not */
  gsize              expected;     /* source: what follows side by side */
} BobbinWalk;

/* Nested styles. @target of a link or picture, "" when it leads nowhere. */
const BobbinWalkStyle *_bobbin_walk_style      (BobbinWalk *walk);
void                   _bobbin_walk_push_style (BobbinWalk *walk, guint flags, const char *target);
void                   _bobbin_walk_pop_style  (BobbinWalk *walk);
/* @length drawn bytes for what stands at @at of the buffer, @used bytes of it. */
void                   _bobbin_walk_emit       (BobbinWalk *walk, const char *drawn, gsize length, gsize at, gsize used);
/* The same in the current style. */
void                   _bobbin_walk_emit_mark  (BobbinWalk *walk, const char *drawn, gsize at, gsize used);
/* Lays @literal beside the source from @at on and takes it over, whatever is hidden between. */
void                   _bobbin_walk_literal    (BobbinWalk *walk, const char *literal, gsize length, gsize at);
void                   _bobbin_walk_text       (BobbinWalk *walk, cmark_node *node);
void                   _bobbin_walk_styled     (BobbinWalk *walk, cmark_node *node, guint flags);
/* -walk.c: ends the paragraph at @at of the buffer and begins a block of @kind there; FALSE: that cannot be done here. */
gboolean               _bobbin_walk_part       (BobbinWalk *walk, BobbinMarkupKind kind, gsize at);
void                   _bobbin_walk_break      (BobbinWalk *walk, cmark_node *node);

G_END_DECLS
