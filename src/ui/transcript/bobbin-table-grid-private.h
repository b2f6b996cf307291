/* What the files of BobbinTableGrid share: bobbin-table-grid.c (object, drawing), -sizes.c (widths and heights), -cells.c (focus,
 * pointer, assistive tools). */
#pragma once

#include "ui/transcript/bobbin-table-grid.h"

G_BEGIN_DECLS

struct _BobbinTableGrid
{
  GtkWidget    parent_instance;
  /* owned */
  BobbinTable *table;       /* (nullable) */
  guint       *order;       /* (nullable): unsorted */
  char        *search;      /* (nullable) folded */
  GHashTable  *layouts;     /* row * n_columns + column + 1 → PangoLayout; row 0 are the names */
  GHashTable  *cells;       /* shown row * n_columns + column + 1 → BobbinProxy, children; row 0 are the names */
  GArray      *lefts;       /* of int: left edges of the columns, and the right edge of the last */
  GArray      *tops;        /* of int: top edges of the rows below the names, and the end; empty while uniform */

  guint        n_rows;      /* shown */
  guint        n_columns;   /* shown */
  gboolean     uniform;
  int          row_height;  /* while uniform */
  int          head_height; /* 0: no names */
  guint        serial;      /* of the Pango context the sizes are for; 0: to be measured */
  int          sorted;      /* column, -1 */
  gboolean     descending;
  gboolean     selected;
  gboolean     renewed;     /* what the cells are named by may have changed */

  int          vis_top;
  int          vis_bottom;  /* not above vis_top: all is near */
  int          cursor_row;  /* shown row, -1: the names */
  int          cursor_column;
  gboolean     has_cursor;
  int          hover_column; /* of the names, -1 */
};

#define TABLE_PAD_X 10
#define TABLE_PAD_Y 5

/* bobbin-table-grid.c */
PangoLayout *_bobbin_table_grid_get_layout (BobbinTableGrid *self, int shown_row, guint column);
guint        _bobbin_table_grid_get_row    (BobbinTableGrid *self, guint shown_row); /* of the table */
/* bobbin-table-grid-sizes.c */
void         _bobbin_table_grid_ensure_sizes (BobbinTableGrid *self);
int          _bobbin_table_grid_get_top    (BobbinTableGrid *self, int shown_row); /* n_rows: the end */
int          _bobbin_table_grid_get_left   (BobbinTableGrid *self, guint column);  /* n_columns: the end; from the left */
int          _bobbin_table_grid_row_at     (BobbinTableGrid *self, double y);      /* -1: the names; clamped */
int          _bobbin_table_grid_column_at  (BobbinTableGrid *self, double x);      /* clamped */
/* Shown rows [first, last) and columns that are near the screen. */
void         _bobbin_table_grid_get_near   (BobbinTableGrid *self, int *ret_first, int *ret_last);
void         _bobbin_table_grid_get_cell_area (BobbinTableGrid *self, int shown_row, guint column, GdkRectangle *ret_area);
/* bobbin-table-grid-cells.c */
void         _bobbin_table_grid_init_input   (BobbinTableGrid *self);
void         _bobbin_table_grid_install_input (GtkWidgetClass *widget_class);
void         _bobbin_table_grid_update_cells (BobbinTableGrid *self);
void         _bobbin_table_grid_drop_cells   (BobbinTableGrid *self);

G_END_DECLS
