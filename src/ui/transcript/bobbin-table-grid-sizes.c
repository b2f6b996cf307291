/* Widths and heights of a table's cells. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-table-grid-private.h"

#include <string.h>

#define CELLS_WRAPPED   600   /* a table of more cells has rows of one line */
#define CELLS_MEASURED  600   /* laid out for the widths */
#define CELLS_COUNTED   20000 /* of which only the bytes are counted */
#define COLUMN_CHARS    60    /* the widest column */
#define COLUMN_SHRUNK   18    /* wide columns give way down to this */
#define TABLE_CHARS     84    /* what fits into a message */
#define BYTES_WRAPPED   20000 /* one of more text */
#define ROWS_WRAPPED    60    /* and one of more rows */
#define NEAR_PX         400   /* around what is visible */

static int
char_width (BobbinTableGrid *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = pango_font_metrics_get_approximate_char_width (metrics) / PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  return MAX (width, 4);
}

static int
natural_width (BobbinTableGrid *self,
               int              row,
               guint            column)
{
  PangoLayout *layout = _bobbin_table_grid_get_layout (self, row, column);
  int width;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);

  return width;
}

/* The row of the longest text, by bytes: in a large table only this one is measured. */
static int
find_longest (BobbinTableGrid *self,
              guint            column,
              guint            n_rows)
{
  gsize longest = 0;
  int found = 0;

  for (guint row = 0; row < n_rows; row++)
    {
      gsize length = strlen (bobbin_table_get_text (self->table, _bobbin_table_grid_get_row (self, row), column));

      if (length > longest)
        {
          longest = length;
          found = (int) row;
        }
    }

  return found;
}

static int
column_width (BobbinTableGrid *self,
              guint            column,
              int              limit)
{
  gboolean each = self->n_rows * self->n_columns <= CELLS_MEASURED;
  guint n_counted = MIN (self->n_rows, MAX (CELLS_COUNTED / MAX (self->n_columns, 1), 20));
  int width = self->head_height != 0 ? natural_width (self, -1, column) + 18 : 0;

  if (each)
    for (guint row = 0; row < self->n_rows && width < limit; row++)
      width = MAX (width, natural_width (self, (int) row, column));
  else if (self->n_rows > 0)
    width = MAX (width, natural_width (self, find_longest (self, column, n_counted), column) + 8);

  return CLAMP (width, 24, limit);
}

/* The widest columns give way until the table fits, as far as they can: none gets wider than the width that is found. */
static void
shrink (int  *widths,
        guint n_columns,
        int   available,
        int   least)
{
  int low = least;
  int high = 0;

  for (guint i = 0; i < n_columns; i++)
    high = MAX (high, widths[i]);
  while (low < high)
    {
      int cap = (low + high + 1) / 2;
      int total = 0;

      for (guint i = 0; i < n_columns; i++)
        total += MIN (widths[i], cap) + 2 * TABLE_PAD_X;
      if (total <= available)
        low = cap;
      else
        high = cap - 1;
    }
  for (guint i = 0; i < n_columns; i++)
    widths[i] = MIN (widths[i], MAX (low, least));
}

static int
layout_height (BobbinTableGrid *self,
               int              row,
               guint            column)
{
  PangoLayout *layout = _bobbin_table_grid_get_layout (self, row, column);
  int left = g_array_index (self->lefts, int, column);
  int right = g_array_index (self->lefts, int, column + 1);
  int height;

  pango_layout_set_width (layout, (right - left - 2 * TABLE_PAD_X) * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, NULL, &height);

  return height;
}

static void
measure_columns (BobbinTableGrid *self)
{
  int em = char_width (self);
  g_autofree int *widths = g_new (int, MAX (self->n_columns, 1));
  int left = 0;

  for (guint i = 0; i < self->n_columns; i++)
    widths[i] = column_width (self, i, COLUMN_CHARS * em);
  shrink (widths, self->n_columns, TABLE_CHARS * em, COLUMN_SHRUNK * em);
  g_array_set_size (self->lefts, 0);
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_array_append_val (self->lefts, left);
      left += widths[i] + 2 * TABLE_PAD_X;
    }
  g_array_append_val (self->lefts, left);
}

static void
measure_rows (BobbinTableGrid *self)
{
  int top;

  self->head_height = 0;
  if (bobbin_table_has_names (self->table))
    for (guint i = 0; i < self->n_columns; i++)
      self->head_height = MAX (self->head_height, layout_height (self, -1, i) + 2 * TABLE_PAD_Y + 2);

  g_array_set_size (self->tops, 0);
  if (self->uniform)
    {
      PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
      PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
      int line = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);

      self->row_height = PANGO_PIXELS_CEIL (line) + 2 * TABLE_PAD_Y;
      pango_font_metrics_unref (metrics);
      return;
    }

  top = self->head_height;
  g_array_append_val (self->tops, top);
  for (guint row = 0; row < self->n_rows; row++)
    {
      int height = 0;

      for (guint i = 0; i < self->n_columns; i++)
        height = MAX (height, layout_height (self, (int) row, i));
      top += height + 2 * TABLE_PAD_Y;
      g_array_append_val (self->tops, top);
    }
}

/* Pango takes the square of the length to break a text without spaces. */
static gboolean
is_wordy (BobbinTableGrid *self)
{
  gsize bytes = 0;

  for (guint row = 0; row < self->n_rows; row++)
    for (guint i = 0; i < self->n_columns && bytes < BYTES_WRAPPED; i++)
      bytes += strlen (bobbin_table_get_text (self->table, _bobbin_table_grid_get_row (self, row), i));

  return bytes >= BYTES_WRAPPED;
}

void
_bobbin_table_grid_ensure_sizes (BobbinTableGrid *self)
{
  guint serial = pango_context_get_serial (gtk_widget_get_pango_context (GTK_WIDGET (self)));

  if (self->table == NULL || self->serial == serial)
    return;

  if (self->serial != 0)
    g_hash_table_remove_all (self->layouts);
  self->serial = serial;
  self->uniform = self->n_rows * self->n_columns > CELLS_WRAPPED || self->n_rows > ROWS_WRAPPED ||
                  is_wordy (self);
  self->head_height = bobbin_table_has_names (self->table);
  measure_columns (self);
  measure_rows (self);
}

int
_bobbin_table_grid_get_top (BobbinTableGrid *self,
                            int              shown_row)
{
  if (shown_row < 0)
    return 0;
  if (self->uniform)
    return self->head_height + shown_row * self->row_height;

  return (guint) shown_row < self->tops->len ? g_array_index (self->tops, int, shown_row) : self->head_height;
}

int
_bobbin_table_grid_get_left (BobbinTableGrid *self,
                             guint            column)
{
  return column < self->lefts->len ? g_array_index (self->lefts, int, column) : 0;
}

int
_bobbin_table_grid_row_at (BobbinTableGrid *self,
                           double           y)
{
  int low = 0;
  int high = (int) self->n_rows;

  if (y < self->head_height)
    return self->head_height > 0 ? -1 : 0;
  if (self->uniform)
    return CLAMP ((int) (y - self->head_height) / MAX (self->row_height, 1), 0, MAX (high - 1, 0));

  while (high - low > 1)
    {
      int middle = (low + high) / 2;

      if (_bobbin_table_grid_get_top (self, middle) <= y)
        low = middle;
      else
        high = middle;
    }

  return low;
}

int
_bobbin_table_grid_column_at (BobbinTableGrid *self,
                              double           x)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x;
  for (guint i = 0; i + 1 < self->n_columns; i++)
    if (x < _bobbin_table_grid_get_left (self, i + 1))
      return (int) i;

  return MAX ((int) self->n_columns - 1, 0);
}

void
_bobbin_table_grid_get_near (BobbinTableGrid *self,
                             int             *ret_first,
                             int             *ret_last)
{
  *ret_first = 0;
  *ret_last = (int) self->n_rows;
  if (self->vis_bottom <= self->vis_top)
    {
      *ret_last = MIN (*ret_last, 2 * BOBBIN_TABLE_GRID_ROWS);
      return;
    }
  *ret_first = MAX (_bobbin_table_grid_row_at (self, self->vis_top - NEAR_PX), 0);
  *ret_last = MIN (_bobbin_table_grid_row_at (self, self->vis_bottom + NEAR_PX) + 1, (int) self->n_rows);
}

void
_bobbin_table_grid_get_cell_area (BobbinTableGrid *self,
                                  int              shown_row,
                                  guint            column,
                                  GdkRectangle    *ret_area)
{
  int left = _bobbin_table_grid_get_left (self, column);
  int right = _bobbin_table_grid_get_left (self, column + 1);
  int top = _bobbin_table_grid_get_top (self, shown_row);
  int bottom = _bobbin_table_grid_get_top (self, shown_row + 1);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    {
      int width = gtk_widget_get_width (GTK_WIDGET (self));

      *ret_area = (GdkRectangle) { width - right, top, right - left, bottom - top };
      return;
    }
  *ret_area = (GdkRectangle) { left, top, right - left, bottom - top };
}
