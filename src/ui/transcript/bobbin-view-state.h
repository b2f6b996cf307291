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
/* A number a block's widget keeps; 0: never set. */
typedef enum
{
  BOBBIN_VIEW_SORT,    /* column + 1 of a table, negative: descending */
  BOBBIN_VIEW_ALL,     /* all rows are shown */
  BOBBIN_VIEW_OTHER,   /* the other way of looking: the table of a chart, the text of JSON */
  BOBBIN_VIEW_WIDTH,   /* of an image, once it is known */
  BOBBIN_VIEW_HEIGHT,
  BOBBIN_VIEW_FLAT,    /* code whose lines are not broken, a bit a card */
  BOBBIN_VIEW_FETCHED, /* an image was asked for on the server without being asked to */
  BOBBIN_N_VIEW_SLOTS
} BobbinViewSlot;
int              bobbin_view_state_get_slot     (BobbinViewState *self, gint64 block_id, BobbinViewSlot slot);
void             bobbin_view_state_set_slot     (BobbinViewState *self, gint64 block_id, BobbinViewSlot slot, int value);

/* What the service of the conversation can do: files that lie on its server can be fetched; messages are deleted there, too. */
gboolean         bobbin_view_state_get_fetches  (BobbinViewState *self);
gboolean         bobbin_view_state_get_deletes  (BobbinViewState *self);
void             bobbin_view_state_set_service  (BobbinViewState *self, gboolean fetches, gboolean deletes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinViewState, bobbin_view_state_unref)

G_END_DECLS
