/* A table in a message: a head with what can be done with it, the cells below, which scroll sideways where they do not fit. Shows
 * the first rows until all are asked for; copying and saving take everything. Sorting is only a way of looking: what is copied has
 * the order that is seen. Tables of Markdown, `table` blocks and the numbers behind charts are all shown by it.
 *
 * Actions: "table.copy" (s: "tsv", "csv", "markdown"), "table.copy-cell", "table.save". */
#pragma once

#include <gtk/gtk.h>

#include "model/bobbin-table.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_TABLE_VIEW (bobbin_table_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinTableView, bobbin_table_view, BOBBIN, TABLE_VIEW, GtkWidget)

GtkWidget   *bobbin_table_view_new        (BobbinTable *table) G_GNUC_WARN_UNUSED_RESULT;
/* As it was when it was new: nothing of it has to be kept when it is used for another table. */
gboolean     bobbin_table_view_is_fresh (BobbinTableView *self);
void         bobbin_table_view_renew    (BobbinTableView *self, BobbinTable *table);
BobbinTable *bobbin_table_view_get_table  (BobbinTableView *self);
/* While it streams: how it is sorted and how much is shown are kept. */
void         bobbin_table_view_set_table  (BobbinTableView *self, BobbinTable *table);
/* Keeps how it is sorted and how much is shown for when the widget is made again. Right after it was made. */
void         bobbin_table_view_bind_state (BobbinTableView *self, BobbinViewState *state, gint64 block_id);
/* Pixels of this widget that are on the screen. */
void         bobbin_table_view_set_visible_range (BobbinTableView *self, int top, int bottom);
void         bobbin_table_view_set_selected (BobbinTableView *self, gboolean selected);
void         bobbin_table_view_set_search (BobbinTableView *self, const char *text);
/* No frame and no title: it is part of something that has them. */
void         bobbin_table_view_set_plain  (BobbinTableView *self);

G_END_DECLS
