/* The cells of a table, drawn by ourselves: widths and heights are fixed once it is shown, only what is near the screen is laid
 * out and exists for assistive tools. Small tables wrap their cells; in large ones each row is one line and what does not fit is
 * cut (the tooltip has all of it), so that any row's place is known without looking at the others.
 *
 * One cell has the focus: arrows, Home, End, Page Up and Down move it, Enter on a name sorts. Signal "sort" (uint column): its
 * name was activated. "menu" (): a menu is asked for at the cell that has the focus. */
#pragma once

#include <gtk/gtk.h>

#include "model/bobbin-table.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_TABLE_GRID (bobbin_table_grid_get_type ())
G_DECLARE_FINAL_TYPE (BobbinTableGrid, bobbin_table_grid, BOBBIN, TABLE_GRID, GtkWidget)

/* What is shown of a large table; the rest is told in words and copied. */
#define BOBBIN_TABLE_GRID_ROWS     25
#define BOBBIN_TABLE_GRID_ROWS_MAX 20000
#define BOBBIN_TABLE_GRID_COLUMNS  100

GtkWidget *bobbin_table_grid_new         (void) G_GNUC_WARN_UNUSED_RESULT;
/* @all: more than the first rows. */
void       bobbin_table_grid_set_table   (BobbinTableGrid *self, BobbinTable *table, gboolean all);
/* @order: (transfer full) (nullable) rows as they are shown; @column -1: unsorted. */
void       bobbin_table_grid_set_order   (BobbinTableGrid *self, guint *order, int column, gboolean descending);
void       bobbin_table_grid_set_visible_range (BobbinTableGrid *self, int top, int bottom);
void       bobbin_table_grid_set_selected (BobbinTableGrid *self, gboolean selected);
/* Cells that hold @text (nullable) are marked. */
void       bobbin_table_grid_set_search  (BobbinTableGrid *self, const char *text);
guint      bobbin_table_grid_get_n_shown (BobbinTableGrid *self);
/* The table's row and column of the cell with the focus; row -1: the names. FALSE: none has had it. */
gboolean   bobbin_table_grid_get_cursor  (BobbinTableGrid *self, int *ret_row, int *ret_column);
void       bobbin_table_grid_get_cursor_area (BobbinTableGrid *self, GdkRectangle *ret_area);
guint      bobbin_table_grid_get_n_layouts (BobbinTableGrid *self); /* kept at this moment, for tests */

G_END_DECLS
