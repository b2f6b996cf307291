/* Several tools in a row under one head: "4 tools used". The head is one more child of the box that holds the views of a message's
 * blocks; folded, the views of the tools are hidden. What is folded is kept in the view state. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

/* After the blocks of a message changed: makes, moves and removes heads. @views: one for each block, children of @box. */
void bobbin_tool_groups_update (BobbinMessage *message, GPtrArray *views, GtkBox *box, BobbinViewState *state);
/* Unfolds the group that holds @view, if any. */
void bobbin_tool_groups_reveal (GtkWidget *view);

G_END_DECLS
