/* The state or the metadata of a thread on its server: a tree to look at, a text to change, checked while it is typed.
 *
 * Actions: "state.reload", "state.edit", "state.cancel", "state.save", "state.clear", "state.undo". */
#pragma once

#include "session/bobbin-state-editor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_STATE_PAGE (bobbin_state_page_get_type ())
G_DECLARE_FINAL_TYPE (BobbinStatePage, bobbin_state_page, BOBBIN, STATE_PAGE, GtkWidget)

GtkWidget *bobbin_state_page_new (BobbinStateEditor *editor) G_GNUC_WARN_UNUSED_RESULT;
/* There is something typed that was not saved. */
gboolean   bobbin_state_page_get_changed (BobbinStatePage *self);

G_END_DECLS
