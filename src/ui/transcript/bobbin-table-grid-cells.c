/* Focus, pointer and assistive tools of a table's cells. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-table-grid-private.h"

#include "bobbin-proxy.h"

#include <glib/gi18n.h>
#include <string.h>

#define CELLS_MAX   300
#define ROWS_STEP   8    /* rows that come and go together */
#define COLUMNS_MAX 30
#define PAGE_ROWS   10

static gpointer
cell_key (int   row,
          guint column)
{
  return GSIZE_TO_POINTER ((gsize) (row + 1) * BOBBIN_TABLE_COLUMNS_MAX + column + 1);
}

static void
cell_activated_cb (BobbinTableGrid *self)
{
  if (self->has_cursor && self->cursor_row < 0)
    g_signal_emit_by_name (self, "sort", (guint) self->cursor_column);
}

static void
name_head (BobbinTableGrid *self,
           GtkWidget       *cell,
           guint            column)
{
  const char *name = bobbin_table_get_name (self->table, column);
  GtkAccessibleSort sort = GTK_ACCESSIBLE_SORT_NONE;

  bobbin_proxy_set_text (BOBBIN_PROXY (cell), name, strlen (name));
  if (self->sorted == (int) column)
    sort = self->descending ? GTK_ACCESSIBLE_SORT_DESCENDING : GTK_ACCESSIBLE_SORT_ASCENDING;
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_SORT, sort,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _("Press Enter to sort by this column"), -1);
}

static void
name_cell (BobbinTableGrid *self,
           GtkWidget       *cell,
           int              row,
           guint            column)
{
  const char *text = bobbin_table_get_text (self->table, _bobbin_table_grid_get_row (self, (guint) row), column);

  bobbin_proxy_set_text (BOBBIN_PROXY (cell), text, strlen (text));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_RELATION_ROW_INDEX, row + 1, -1);
  if (self->head_height > 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    bobbin_table_get_name (self->table, column), -1);
}

static GtkWidget *
make_cell (BobbinTableGrid *self,
           int              row,
           guint            column)
{
  GtkWidget *cell = bobbin_proxy_new (row < 0 ? GTK_ACCESSIBLE_ROLE_COLUMN_HEADER : GTK_ACCESSIBLE_ROLE_CELL);

  gtk_accessible_update_relation (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_RELATION_COL_INDEX, (int) column + 1, -1);
  g_signal_connect_object (cell, "activate", G_CALLBACK (cell_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_before (cell, GTK_WIDGET (self), NULL);
  g_hash_table_insert (self->cells, cell_key (row, column), cell);

  return cell;
}

/* A table that grows keeps its cells: each that comes anew asks for a layout of all that is around it. */
static void
ensure_cell (BobbinTableGrid *self,
             int              row,
             guint            column)
{
  GtkWidget *cell = g_hash_table_lookup (self->cells, cell_key (row, column));

  if (cell != NULL && !self->renewed)
    return;

  if (cell == NULL)
    cell = make_cell (self, row, column);
  if (row < 0)
    name_head (self, cell, column);
  else
    name_cell (self, cell, row, column);
  gtk_widget_set_focusable (cell, row == self->cursor_row && (int) column == self->cursor_column);
}

static void
get_rows (BobbinTableGrid *self,
          int             *ret_first,
          int             *ret_last)
{
  guint n_columns = CLAMP (self->n_columns, 1, COLUMNS_MAX);
  int most = MAX (CELLS_MAX / (int) n_columns, 1);

  *ret_first = 0;
  *ret_last = ROWS_STEP;
  if (self->vis_bottom > self->vis_top)
    {
      *ret_first = MAX (_bobbin_table_grid_row_at (self, self->vis_top), 0) / ROWS_STEP * ROWS_STEP;
      *ret_last = (_bobbin_table_grid_row_at (self, self->vis_bottom) / ROWS_STEP + 1) * ROWS_STEP;
    }
  *ret_last = MIN (MIN (*ret_last, (int) self->n_rows), *ret_first + most);
}

void
_bobbin_table_grid_drop_cells (BobbinTableGrid *self)
{
  GHashTableIter iter;
  gpointer cell;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, NULL, &cell))
    {
      g_hash_table_iter_remove (&iter);
      gtk_widget_unparent (cell);
    }
}

static void
drop_far_cells (BobbinTableGrid *self,
                int              first,
                int              last)
{
  GHashTableIter iter;
  gpointer key;
  gpointer cell;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &key, &cell))
    {
      int row = (int) ((GPOINTER_TO_SIZE (key) - 1) / BOBBIN_TABLE_COLUMNS_MAX) - 1;
      guint column = (guint) ((GPOINTER_TO_SIZE (key) - 1) % BOBBIN_TABLE_COLUMNS_MAX);
      gboolean gone = row >= (int) self->n_rows || column >= self->n_columns || (row < 0 && self->head_height == 0);

      if (!gone && (row < 0 || (row >= first && row < last) || row == self->cursor_row))
        continue;
      g_hash_table_iter_remove (&iter);
      gtk_widget_unparent (cell);
    }
}

/* Cells near the screen exist for assistive tools, and the one with the focus for the keyboard. */
void
_bobbin_table_grid_update_cells (BobbinTableGrid *self)
{
  guint n_columns = MIN (self->n_columns, COLUMNS_MAX);
  GHashTableIter iter;
  gpointer key;
  gpointer cell;
  int first;
  int last;

  if (self->table == NULL || self->n_columns == 0)
    return;

  if (!self->has_cursor)
    self->cursor_row = self->head_height > 0 ? -1 : 0;
  get_rows (self, &first, &last);
  drop_far_cells (self, first, last);
  for (int row = self->head_height > 0 ? -1 : first; row < last; row = row < first ? first : row + 1)
    for (guint i = 0; i < n_columns; i++)
      ensure_cell (self, row, i);
  if (self->cursor_row < (int) self->n_rows && (self->cursor_row >= 0 || self->head_height > 0))
    ensure_cell (self, self->cursor_row, (guint) self->cursor_column);
  self->renewed = FALSE;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &key, &cell))
    {
      gsize place = GPOINTER_TO_SIZE (key) - 1;
      GdkRectangle area;

      _bobbin_table_grid_get_cell_area (self, (int) (place / BOBBIN_TABLE_COLUMNS_MAX) - 1,
                                        (guint) (place % BOBBIN_TABLE_COLUMNS_MAX), &area);
      gtk_widget_measure (cell, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      gtk_widget_size_allocate (cell, &area, -1);
    }
}

/* The cell with the focus */

static void
set_cursor (BobbinTableGrid *self,
            int              row,
            int              column,
            gboolean         focus)
{
  gpointer before_key = cell_key (self->cursor_row, (guint) self->cursor_column);
  GtkWidget *before;
  GtkWidget *cell;

  if (self->table == NULL || self->n_columns == 0)
    return;

  self->cursor_row = CLAMP (row, self->head_height > 0 ? -1 : 0, MAX ((int) self->n_rows - 1, self->head_height > 0 ? -1 : 0));
  self->cursor_column = CLAMP (column, 0, (int) self->n_columns - 1);
  self->has_cursor = TRUE;
  _bobbin_table_grid_update_cells (self);
  cell = g_hash_table_lookup (self->cells, cell_key (self->cursor_row, (guint) self->cursor_column));
  if (cell == NULL)
    return;
  gtk_widget_set_focusable (cell, TRUE);
  if (focus)
    gtk_widget_grab_focus (cell);
  before = g_hash_table_lookup (self->cells, before_key);
  if (before != NULL && before != cell)
    gtk_widget_set_focusable (before, FALSE);
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  BobbinTableGrid *self = BOBBIN_TABLE_GRID (widget);
  int rows;
  int columns;
  int row;
  int column;

  g_variant_get (args, "(ii)", &rows, &columns);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    columns = -columns;
  row = self->cursor_row + rows;
  column = self->cursor_column + columns;
  if (row < (self->head_height > 0 ? -1 : 0) && rows == -1)
    return FALSE; /* out of the table: whoever is around it goes on */
  if (row >= (int) self->n_rows && rows == 1)
    return FALSE;
  set_cursor (self, row, column, TRUE);

  return TRUE;
}

static gboolean
menu_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  g_signal_emit_by_name (widget, "menu");

  return TRUE;
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BobbinTableGrid *self)
{
  int row = _bobbin_table_grid_row_at (self, y);
  int column = _bobbin_table_grid_column_at (self, x);
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  if (self->table == NULL)
    return;

  set_cursor (self, row, column, TRUE);
  if (button == GDK_BUTTON_SECONDARY)
    g_signal_emit_by_name (self, "menu");
  else if (row < 0)
    g_signal_emit_by_name (self, "sort", (guint) column);
  else
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
set_hover (BobbinTableGrid *self,
           int              column)
{
  if (self->hover_column == column)
    return;

  self->hover_column = column;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), column >= 0 ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (BobbinTableGrid *self,
           double           x,
           double           y)
{
  set_hover (self, self->table != NULL && y < self->head_height ? _bobbin_table_grid_column_at (self, x) : -1);
}

static void
leave_cb (BobbinTableGrid *self)
{
  set_hover (self, -1);
}

/* What was cut is shown whole. */
static gboolean
query_tooltip_cb (BobbinTableGrid *self,
                  int              x,
                  int              y,
                  gboolean         keyboard,
                  GtkTooltip      *tooltip)
{
  int row = keyboard ? self->cursor_row : self->table != NULL ? _bobbin_table_grid_row_at (self, y) : -1;
  guint column = keyboard ? (guint) self->cursor_column : (guint) _bobbin_table_grid_column_at (self, x);
  PangoLayout *layout;
  const char *text;
  GdkRectangle area;

  if (self->table == NULL || self->n_columns == 0 || row < 0 || row >= (int) self->n_rows)
    return FALSE;
  layout = _bobbin_table_grid_get_layout (self, row, column);
  if (!pango_layout_is_ellipsized (layout))
    return FALSE;

  text = bobbin_table_get_text (self->table, _bobbin_table_grid_get_row (self, (guint) row), column);
  _bobbin_table_grid_get_cell_area (self, row, column, &area);
  gtk_tooltip_set_text (tooltip, strlen (text) < 2000 ? text : pango_layout_get_text (layout));
  gtk_tooltip_set_tip_area (tooltip, &area);

  return TRUE;
}

void
_bobbin_table_grid_init_input (BobbinTableGrid *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
}

void
_bobbin_table_grid_install_input (GtkWidgetClass *widget_class)
{
  static const struct { guint key; guint keypad; int rows; int columns; } moves[] = {
    { GDK_KEY_Up, GDK_KEY_KP_Up, -1, 0 }, { GDK_KEY_Down, GDK_KEY_KP_Down, 1, 0 },
    { GDK_KEY_Left, GDK_KEY_KP_Left, 0, -1 }, { GDK_KEY_Right, GDK_KEY_KP_Right, 0, 1 },
    { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, -PAGE_ROWS, 0 }, { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, PAGE_ROWS, 0 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, 0, -100000 }, { GDK_KEY_End, GDK_KEY_KP_End, 0, 100000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      gtk_widget_class_add_binding (widget_class, moves[i].key, 0, move_cb, "(ii)", moves[i].rows, moves[i].columns);
      gtk_widget_class_add_binding (widget_class, moves[i].keypad, 0, move_cb, "(ii)", moves[i].rows, moves[i].columns);
    }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, GDK_CONTROL_MASK, move_cb, "(ii)", -1000000, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, GDK_CONTROL_MASK, move_cb, "(ii)", 1000000, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_cb, NULL);
}

gboolean
bobbin_table_grid_get_cursor (BobbinTableGrid *self,
                              int             *ret_row,
                              int             *ret_column)
{
  g_return_val_if_fail (BOBBIN_IS_TABLE_GRID (self), FALSE);

  if (!self->has_cursor || self->table == NULL || self->cursor_row >= (int) self->n_rows)
    return FALSE;

  *ret_row = self->cursor_row < 0 ? -1 : (int) _bobbin_table_grid_get_row (self, (guint) self->cursor_row);
  *ret_column = self->cursor_column;
  return TRUE;
}

void
bobbin_table_grid_get_cursor_area (BobbinTableGrid *self,
                                   GdkRectangle    *ret_area)
{
  g_return_if_fail (BOBBIN_IS_TABLE_GRID (self));

  _bobbin_table_grid_get_cell_area (self, self->cursor_row, (guint) self->cursor_column, ret_area);
}
