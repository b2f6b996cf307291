/* What is selected in the list: in one mode the row of the open conversation, in the other as many as the person picks, by id, so that
 * rows which are not loaded can be among them ("all but these"). Ctrl+click, Shift+click and Select All pick, and so begin the other
 * mode by themselves. */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_ROW_SELECTION (bobbin_row_selection_get_type ())
G_DECLARE_FINAL_TYPE (BobbinRowSelection, bobbin_row_selection, BOBBIN, ROW_SELECTION, GObject)

/* Property "selected-item" (GObject, nullable; of the first mode). Signals "mode-changed", "picked-changed". Takes @model. */
BobbinRowSelection *bobbin_row_selection_new           (GListModel *model) G_GNUC_WARN_UNUSED_RESULT;
GObject            *bobbin_row_selection_get_selected_item (BobbinRowSelection *self); /* (nullable) borrowed */
/* GTK_INVALID_LIST_POSITION: nothing. */
void                bobbin_row_selection_set_selected  (BobbinRowSelection *self, guint position);
gboolean            bobbin_row_selection_get_picking   (BobbinRowSelection *self);
/* Nothing is picked at first, and at the end. */
void                bobbin_row_selection_set_picking   (BobbinRowSelection *self, gboolean picking);
/* Only what is shown is meant by "all": it is narrowed in a way no query knows. */
void                bobbin_row_selection_set_narrowed  (BobbinRowSelection *self, gboolean narrowed);
gboolean            bobbin_row_selection_is_picked     (BobbinRowSelection *self, BobbinThread *thread);
void                bobbin_row_selection_pick          (BobbinRowSelection *self, guint position, gboolean picked);
/* All of the view but get_ids(), or just those. */
gboolean            bobbin_row_selection_get_all       (BobbinRowSelection *self);
GArray             *bobbin_row_selection_dup_ids       (BobbinRowSelection *self) G_GNUC_WARN_UNUSED_RESULT; /* of gint64 */
guint               bobbin_row_selection_get_n_ids     (BobbinRowSelection *self);

G_END_DECLS
