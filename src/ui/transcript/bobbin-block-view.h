/* From a block to the widget that shows it. A view shows its block, keeps up with it and emits intents as widget actions
 * ("transcript.decide"), which some ancestor carries out. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

/* @state is kept by the views that need it. */
GtkWidget *bobbin_block_view_new (BobbinMessage *message, BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;

/* Pixels of @view that are on the screen, for views that draw only what is seen; text of its own is told by the row. */
void       bobbin_block_view_set_visible_range (GtkWidget *view, int top, int bottom);

G_END_DECLS
