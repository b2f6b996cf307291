/* What the reader did to blocks and what must outlive their widgets, which come and go with scrolling: unfolded cards,
 * arguments being edited. Reference counted; by block id. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinViewState BobbinViewState;

BobbinViewState *bobbin_view_state_new          (void) G_GNUC_WARN_UNUSED_RESULT;
BobbinViewState *bobbin_view_state_ref          (BobbinViewState *self) G_GNUC_WARN_UNUSED_RESULT;
void             bobbin_view_state_unref        (BobbinViewState *self);
gboolean         bobbin_view_state_get_expanded (BobbinViewState *self, gint64 block_id);
void             bobbin_view_state_set_expanded (BobbinViewState *self, gint64 block_id, gboolean expanded);
/* Edited arguments of tool @index of an approval. (nullable): not edited. */
const char      *bobbin_view_state_get_edit     (BobbinViewState *self, gint64 block_id, guint index);
void             bobbin_view_state_set_edit     (BobbinViewState *self, gint64 block_id, guint index, const char *text);
void             bobbin_view_state_clear_edits  (BobbinViewState *self, gint64 block_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinViewState, bobbin_view_state_unref)

G_END_DECLS
