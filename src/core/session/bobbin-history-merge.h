/* The server's copy of a conversation against ours: which message is which, and what ours takes from theirs. Pure, no store, no list.
 *
 * What makes two messages one: an id of the server's rows both know; else role and words, in order; else that both answer the same
 * prompt. Ids that several messages share ("0") count for nothing. Ours never loses: what the server lacks stays, what was stopped or
 * failed here stays as it is, files stay with their message. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_MERGE_NONE G_MAXUINT

typedef struct
{
  guint local;   /* BOBBIN_MERGE_NONE: only the server has it */
  guint remote;  /* BOBBIN_MERGE_NONE: only we have it */
} BobbinMergePair;

/* Both: of BobbinMessage, oldest first. Every message of both is in exactly one pair; pairs are in the order of both.
 * Returns: (transfer full): of BobbinMergePair. */
GArray        *bobbin_history_align (GPtrArray *local, GPtrArray *remote) G_GNUC_WARN_UNUSED_RESULT;
/* Takes over what the server knows better. Returns: whether @local changed and is to be saved, whole. */
gboolean       bobbin_history_take  (BobbinMessage *local, BobbinMessage *remote);
/* @remote as a message of ours, with its place in the order. */
BobbinMessage *bobbin_history_copy  (BobbinMessage *remote, gint64 id) G_GNUC_WARN_UNUSED_RESULT;
/* An id between @before and @after (0: nothing there) for a message of @created_us (0 unknown), the first of @n_left that are to be
 * placed there; 0 when there is no room. */
gint64         bobbin_history_place (gint64 before, gint64 after, gint64 created_us, guint n_left);

G_END_DECLS
