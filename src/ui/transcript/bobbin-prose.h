/* Text of one block, drawn by ourselves: what Markdown yields as Pango layouts, only those near the screen; real widgets only
 * for what is operated (the head of a code card, a table, a picture) and, without drawing of their own, for assistive tools.
 *
 * The block is listened to; what arrives is taken in once a frame, so a delta costs a flag. The
 * owner tells which part is near the screen by bobbin_prose_set_visible_range(); without it everything counts as near.
 * Offsets are bytes of the block's text, with the markup that is not drawn. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "markup/bobbin-markup-write.h"
#include "ui/transcript/bobbin-segmenter.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_PROSE (bobbin_prose_get_type ())
typedef struct
{
  gsize start;
  gsize end;
} BobbinTextRange;

G_DECLARE_FINAL_TYPE (BobbinProse, bobbin_prose, BOBBIN, PROSE, GtkWidget)

GtkWidget   *bobbin_prose_new_for_block     (BobbinBlock *block, BobbinGrammar grammar) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget   *bobbin_prose_new_for_text      (const char *text, BobbinGrammar grammar, const char *info) G_GNUC_WARN_UNUSED_RESULT;
/* Once: where it keeps what the reader chose, by the block's id. */
void         bobbin_prose_bind_state        (BobbinProse *self, BobbinViewState *state);
BobbinBlock *bobbin_prose_get_block         (BobbinProse *self); /* (nullable) */
const char  *bobbin_prose_get_text          (BobbinProse *self, gsize *ret_length);
/* Pixels of this widget; bottom is exclusive. Layouts and widgets outside a margin around it are given up. */
void         bobbin_prose_set_visible_range (BobbinProse *self, int top, int bottom);
/* Parts of the text that find has found, and which of them it is at (-1: none). They are marked; n 0: none. */
void         bobbin_prose_set_matches       (BobbinProse *self, const BobbinTextRange *ranges, guint n, int current);
/* What tables in the text mark by themselves; (nullable). */
void         bobbin_prose_set_search        (BobbinProse *self, const char *text);
/* [from, to), empty: nothing selected. */
void         bobbin_prose_set_selection     (BobbinProse *self, gsize from, gsize to);
/* [from, to) in a format for the clipboard; (transfer full). */
char        *bobbin_prose_dup_selection     (BobbinProse *self, gsize from, gsize to, BobbinMarkupFormat format) G_GNUC_WARN_UNUSED_RESULT;
gsize        bobbin_prose_hit               (BobbinProse *self, double x, double y);
void         bobbin_prose_get_offset_rect   (BobbinProse *self, gsize offset, GdkRectangle *ret_rect);
/* The start of the first line at or below @y, and that line's top: what the reading position holds on to. FALSE: the text has not
 * been read so far, both are estimates. */
gboolean     bobbin_prose_get_line_at       (BobbinProse *self, double y, gsize *ret_offset, int *ret_top);
/* From @offset by @count steps; stays within the text. */
gsize        bobbin_prose_move              (BobbinProse *self, gsize offset, GtkMovementStep step, int count);
/* (nullable) (transfer full): the address under the point. */
char        *bobbin_prose_dup_link_at       (BobbinProse *self, double x, double y) G_GNUC_WARN_UNUSED_RESULT;
/* Shows the address at @rect, with what can be done with it. */
void         bobbin_prose_popup_link        (BobbinProse *self, const GdkRectangle *rect, const char *uri);
/* The widest a line wants to be, up to @limit: what a bubble is as wide as. */
int          bobbin_prose_get_natural_width (BobbinProse *self, int limit);
/* It is given a width, and nobody asks which it would like: to know that takes a layout of all of it. */
void         bobbin_prose_set_fills         (BobbinProse *self, gboolean fills);
/* Signal "grew" (): what is being written needs more room than it last asked for. Who gives it that without being asked returns TRUE.
 * Pixels above what was asked for: */
int          bobbin_prose_get_growth        (BobbinProse *self);
/* Finished blocks that were laid out again because of what came later: none. For tests and benchmarks. */
guint        bobbin_prose_get_n_rebuilt     (BobbinProse *self);
/* Parts of code that have a colour, for tests and benchmarks. */
guint        bobbin_prose_get_n_colored     (BobbinProse *self);
/* Layouts made so far, for tests and benchmarks. */
guint        bobbin_prose_get_n_layouts     (BobbinProse *self);

G_END_DECLS
