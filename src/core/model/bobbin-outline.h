/* What a conversation is made of, to find one's way: prompts, headings of answers, runs of tools. Plain data, any thread. */
#pragma once

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_OUTLINE_PROMPT,
  BOBBIN_OUTLINE_HEADING,
  BOBBIN_OUTLINE_TOOLS,
} BobbinOutlineKind;

typedef struct
{
  BobbinOutlineKind kind;
  guint             level;      /* of a heading, 1 to 6 */
  gint64            message_id;
  gint64            block_id;
  gsize             offset;     /* bytes of the block's text */
  char             *text;       /* plain, in one line, never empty */
  guint             n;          /* tools of the run */
} BobbinOutlineItem;

void       bobbin_outline_item_free   (BobbinOutlineItem *self);
GPtrArray *bobbin_outline_new         (void) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinOutlineItem */
/* Adds what is in one block; blocks come in order. @text is the block's text, or the name of a tool. */
void       bobbin_outline_add_block   (GPtrArray *outline, gint64 message_id, BobbinRole role, gint64 block_id,
                                       BobbinBlockKind kind, const char *text);
void       bobbin_outline_add_message (GPtrArray *outline, BobbinMessage *message);

G_END_DECLS
