/* The bar for finding in a conversation: what to look for, which of how many, back and forth. It looks for nothing itself.
 *
 * Signals: "search" (char *text): other words. "step" (int): to the next (1) or the previous (-1) match. "closed" (). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_FIND_BAR (bobbin_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFindBar, bobbin_find_bar, BOBBIN, FIND_BAR, GtkWidget)

/* Shows the bar with the keyboard in it; @text (nullable) is looked for at once. */
void        bobbin_find_bar_open     (BobbinFindBar *self, const char *text);
void        bobbin_find_bar_close    (BobbinFindBar *self);
gboolean    bobbin_find_bar_get_open (BobbinFindBar *self);
const char *bobbin_find_bar_get_text (BobbinFindBar *self);
/* @index from 0 of @n matches, G_MAXUINT: of none; @busy: there may be more. */
void        bobbin_find_bar_set_count (BobbinFindBar *self, guint index, guint n, gboolean busy);

G_END_DECLS
