/* A virtualised column of messages: GtkScrollable, for a GtkScrolledWindow. Only messages near the screen exist as widgets.
 *
 * How nothing jumps (product.md, section 3, promise 6): the column holds on to an anchor, a line of a message and its place in
 * the adjustment's coordinates. Rows are laid out from the anchor up and down; heights that turn out different from what was
 * thought move the ends of the adjustment ("lower" may be negative), never its value, so that the line stays where it is and
 * a fling goes on undisturbed. While the end is followed, the end is the anchor.
 *
 * A BobbinPager is shown without loading it: what is not there takes the room it is thought to need until it is looked at.
 *
 * Properties: "model" (GListModel of BobbinMessage, nullable), "following" (read-only), those of GtkScrollable.
 * Signals: "near-top" (): the first message is near the screen: time to load older ones. "moved" (): the anchor is another
 * one, or the view began or ceased to follow. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "session/bobbin-finder.h"
#include "ui/transcript/bobbin-message-view.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_COLUMN (bobbin_column_get_type ())
G_DECLARE_FINAL_TYPE (BobbinColumn, bobbin_column, BOBBIN, COLUMN, GtkWidget)

#define BOBBIN_COLUMN_CHARS 80

GtkWidget     *bobbin_column_new            (void) G_GNUC_WARN_UNUSED_RESULT;
/* How wide a line of text is at most, in letters: between 60 and 80 is good to read, and the default BOBBIN_COLUMN_CHARS. */
void           bobbin_column_set_chars      (BobbinColumn *self, guint chars);
GListModel    *bobbin_column_get_model      (BobbinColumn *self);
/* Starts at the end, following, without what was unfolded before. */
void           bobbin_column_set_model      (BobbinColumn *self, GListModel *model);
/* bobbin_view_state_set_service() for what is shown from now on, with this model and the next. */
void           bobbin_column_set_service    (BobbinColumn *self, gboolean fetches, gboolean deletes);
gboolean       bobbin_column_get_following  (BobbinColumn *self);
/* Goes to the end and follows it. */
void           bobbin_column_follow         (BobbinColumn *self);
/* Stays where the reader is, also at the end. */
void           bobbin_column_hold           (BobbinColumn *self);
/* The line at the top of the view and the pixels from the top of the view to it; FALSE while following or empty. */
gboolean       bobbin_column_get_anchor     (BobbinColumn *self, BobbinMessage **ret_message, BobbinLocus *ret_locus, int *ret_pixels);
/* It was scrolled to a message that is not loaded yet; FALSE again once that is shown, or the reader went elsewhere. */
gboolean       bobbin_column_is_on_its_way  (BobbinColumn *self);
/* Puts a line of row @position @pixels below the top of the view. */
void           bobbin_column_scroll_to      (BobbinColumn *self, guint position, const BobbinLocus *locus, int pixels);
/* The row at the top of the view and the pixels from there to its start; FALSE while following or empty. */
gboolean       bobbin_column_get_top        (BobbinColumn *self, guint *ret_position, int *ret_pixels);
/* Puts the keyboard on a row as soon as it exists. */
void           bobbin_column_focus_row      (BobbinColumn *self, guint position);
/* The message that is new since the reader left, above which that is said; 0: none. */
void           bobbin_column_set_new_id     (BobbinColumn *self, gint64 message_id);
/* The session is silent inside a turn. */
void           bobbin_column_set_quiet      (BobbinColumn *self, gboolean quiet);
void           bobbin_column_set_activity   (BobbinColumn *self, BobbinActivity activity);
/* (nullable): the row of a message, while it exists as a widget. */
BobbinMessageView *bobbin_column_get_row     (BobbinColumn *self, BobbinMessage *message);
guint          bobbin_column_get_n_rows     (BobbinColumn *self); /* that exist as widgets */
/* Where row @position begins, as a part of the whole from 0 to 1. */
double         bobbin_column_get_place      (BobbinColumn *self, guint position);
/* Marks what is looked for wherever it is shown; NULL: nothing. */
void           bobbin_column_set_search     (BobbinColumn *self, const char *text);
/* Makes a match the present one, unfolds what it is in and puts it where it is seen; FALSE while its row does not exist. */
gboolean       bobbin_column_show_match     (BobbinColumn *self, const BobbinFindPlace *place);
/* (nullable) (transfer full): what is selected and loaded, as plain text. */
char          *bobbin_column_dup_selected_text (BobbinColumn *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
