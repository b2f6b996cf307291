/* The heights of the rows of a column: measured ones, and for the others the mean of those. Answers where a row starts and
 * which row is at a place. Plain data, no GTK. Pixels. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinHeights BobbinHeights;

BobbinHeights *bobbin_heights_new        (double first_guess) G_GNUC_WARN_UNUSED_RESULT;
void           bobbin_heights_free       (BobbinHeights *self);
guint          bobbin_heights_get_n      (BobbinHeights *self);
/* Rows were removed and added, the new ones not measured. */
void           bobbin_heights_splice     (BobbinHeights *self, guint position, guint n_removed, guint n_added);
void           bobbin_heights_set        (BobbinHeights *self, guint position, double height);
double         bobbin_heights_get        (BobbinHeights *self, guint position);
/* Where row @position starts, the first one at 0; @position may be the number of rows. */
double         bobbin_heights_get_top    (BobbinHeights *self, guint position);
double         bobbin_heights_get_total  (BobbinHeights *self);
/* The row at @y: the first or the last beyond the ends, 0 when there is none. */
guint          bobbin_heights_find       (BobbinHeights *self, double y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHeights, bobbin_heights_free)

G_END_DECLS
