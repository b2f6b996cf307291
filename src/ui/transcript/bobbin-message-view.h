/* One message: who and when, its blocks, what is to be said about its delivery, and a row of actions on hover or focus.
 *
 * It exists only while the message is near the screen. What it asks for it says by widget actions that an ancestor has, all
 * with the message's id: "transcript.retry", "transcript.take-back", "transcript.delete", "transcript.quote",
 * "transcript.details" (x: id). */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "model/bobbin-thread.h"
#include "ui/transcript/bobbin-prose.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_MESSAGE_VIEW (bobbin_message_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMessageView, bobbin_message_view, BOBBIN, MESSAGE_VIEW, GtkWidget)

/* Where something is within a row, in a way that survives any change of sizes. */
typedef struct
{
  gint64 block_id;  /* 0: the row itself */
  gsize  offset;    /* bytes of the block's text */
  int    dy;        /* pixels below that line's top, or below the block's top where it has no text */
} BobbinLocus;

GtkWidget     *bobbin_message_view_new            (BobbinMessage *message, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;
BobbinMessage *bobbin_message_view_get_message    (BobbinMessageView *self);
/* (nullable) both: decide about the day, the name and where a failure is told. */
void           bobbin_message_view_set_neighbours (BobbinMessageView *self, BobbinMessage *before, BobbinMessage *after);
/* Model, tokens, cost, ids; @transport (nullable): what carries the conversation. Returns: (nullable): the popover. */
GtkWidget     *bobbin_message_view_show_details  (BobbinMessageView *self, const char *transport);
/* The session has heard nothing for a while. */
void           bobbin_message_view_set_quiet      (BobbinMessageView *self, gboolean quiet);
/* What the thread is about: why a queued message does not go out. */
void           bobbin_message_view_set_activity   (BobbinMessageView *self, BobbinActivity activity);
/* It is the first that came since the reader left. */
void           bobbin_message_view_set_new        (BobbinMessageView *self, gboolean is_new);
/* Opens the editor with a text that could not be sent. */
void           bobbin_message_view_edit_text      (BobbinMessageView *self, const char *text);
/* Lights up for a moment: this was looked for. */
void           bobbin_message_view_flash          (BobbinMessageView *self);
/* Signal "grew" (): as that of BobbinProse. Pixels above what the row asks for: */
int            bobbin_message_view_get_growth     (BobbinMessageView *self);
/* Pixels of the row that are on the screen. */
void           bobbin_message_view_set_visible_range (BobbinMessageView *self, int top, int bottom);
/* The line at or below @y, and where it is. Only once the row has a size. Where the text there is still to be read, what follows
 * above @end is taken in its place: FALSE when there is none, and where the line is is a guess. */
gboolean       bobbin_message_view_locate         (BobbinMessageView *self, double y, double end, BobbinLocus *ret_locus);
double         bobbin_message_view_get_y          (BobbinMessageView *self, const BobbinLocus *locus);
/* The text of the block, as drawn in this row; NULL when the block has none. */
BobbinProse   *bobbin_message_view_get_prose      (BobbinMessageView *self, gint64 block_id);
/* (nullable): the widget of the block. */
GtkWidget     *bobbin_message_view_get_view       (BobbinMessageView *self, gint64 block_id);
/* The block at @y of the row, or the one nearest to it, 0 when there is none; @ret_lower: in or below its lower half. */
gint64         bobbin_message_view_pick_block     (BobbinMessageView *self, double y, gboolean *ret_lower);
/* The texts in order; (element-type BobbinProse) (transfer container). */
GPtrArray     *bobbin_message_view_list_prose     (BobbinMessageView *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
