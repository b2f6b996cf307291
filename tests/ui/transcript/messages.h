/* Made-up messages for tests, benchmarks and pictures of the transcript. */
#pragma once

#include "bobbin-types.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

G_BEGIN_DECLS

#define MESSAGES_NOON G_GINT64_CONSTANT (1767268800000000) /* 1 January 2026, 12:00 UTC */

/* A complete message with one text block. */
BobbinMessage *messages_text  (BobbinRole role, const char *text, gint64 created_us) G_GNUC_WARN_UNUSED_RESULT;
BobbinBlock   *messages_block (BobbinMessage *message, BobbinBlockKind kind, BobbinBlockState state, const char *text);
/* Words enough for @bytes, in paragraphs. */
char          *messages_lorem (gsize bytes, guint seed) G_GNUC_WARN_UNUSED_RESULT;
/* @n messages, prompts and answers, of very different lengths, some with code. */
GListStore    *messages_mixed (guint n) G_GNUC_WARN_UNUSED_RESULT;
/* One message of each kind. */
GListStore    *messages_gallery (void) G_GNUC_WARN_UNUSED_RESULT;

/* block-messages.c: every block that is a widget, one below the other; @which (nullable): "charts", "data", "agent". */
GListStore    *messages_blocks (const char *which) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
