/* The outline of a conversation as a list: prompts, headings and tools, the one being read selected. Reads nothing before it is
 * seen. Signal "go" (gint64 message_id, gint64 block_id, guint offset): the reader chose an entry. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_OUTLINE_VIEW (bobbin_outline_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinOutlineView, bobbin_outline_view, BOBBIN, OUTLINE_VIEW, GtkWidget)

GtkWidget *bobbin_outline_view_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_outline_view_set_session (BobbinOutlineView *self, BobbinSession *session); /* (nullable) */
/* Where the reader is: the entry at or before it is selected. */
void       bobbin_outline_view_set_place   (BobbinOutlineView *self, gint64 message_id, gint64 block_id, gsize offset);
/* Takes the keyboard, and gives it back to what had it; FALSE when that has gone. */
void       bobbin_outline_view_take_focus  (BobbinOutlineView *self);
gboolean   bobbin_outline_view_return_focus (BobbinOutlineView *self);

G_END_DECLS
