#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-math-layout-private.h"

#include <string.h>

#define PAD         0.18 /* em between brackets and cells */
#define ROWS_MAX    256
#define COLUMNS_MAX 64

/* How one kind of table is spaced, in em. */
typedef struct
{
  double ascent;  /* a row is at least that tall … */
  double descent; /* … and that deep */
  double row_gap;
  double column_gap;
  double side;    /* outside of the first and the last column */
} Spacing;

static const Spacing spacings[] = {
  [BOBBIN_MATH_TABLE_MATRIX] = { 0.84, 0.36, 0.12, 1.0, 0 },
  [BOBBIN_MATH_TABLE_SMALL] = { 0.62, 0.28, 0.05, 0.55, 0.1 },
  [BOBBIN_MATH_TABLE_CASES] = { 0.95, 0.47, 0.08, 1.0, 0 },
  [BOBBIN_MATH_TABLE_ALIGNED] = { 0.84, 0.36, 0.4, 2.0, 0 },
  [BOBBIN_MATH_TABLE_GATHERED] = { 0.84, 0.36, 0.4, 1.0, 0 },
  [BOBBIN_MATH_TABLE_SUBSTACK] = { 0.7, 0.2, 0.1, 1.0, 0 },
};

typedef struct
{
  MathBox  *cells[COLUMNS_MAX];
  MathBox  *tag;    /* (nullable) */
  guint     n_cells;
  double    height;
  double    depth;
  double    y;      /* of its baseline, from the top */
  gboolean  ruled;
} Row;

typedef struct
{
  MathLayout          *layout;
  const BobbinMathNode *node;
  MathStyle            style;
  Spacing              spacing;  /* pixels */
  GArray              *rows;     /* of Row */
  guint                n_columns;
  double               widths[COLUMNS_MAX];
  double               xs[COLUMNS_MAX];
} Table;

/* 'l', 'c' or 'r' of a column; bars are passed over. */
static char
align_of (const Table *table,
          guint        column)
{
  const char *told = table->node->columns;
  char last = 'c';
  guint n = 0;

  if (table->node->table == BOBBIN_MATH_TABLE_ALIGNED)
    return column % 2 == 0 ? 'r' : 'l';
  for (; told != NULL && *told != '\0'; told++)
    {
      if (*told == '|')
        continue;
      last = *told;
      if (n++ == column)
        break;
    }

  return last;
}

/* Bars before @column. */
static guint
bars_before (const Table *table,
             guint        column)
{
  const char *told = table->node->columns;
  guint n_bars = 0;
  guint n = 0;

  for (; told != NULL && *told != '\0'; told++)
    {
      if (*told == '|')
        n_bars += n == column ? 1 : 0;
      else if (++n > column)
        break;
    }

  return MIN (n_bars, 2);
}

static void
read_row (Table                *table,
          const BobbinMathNode *node)
{
  double em = _bobbin_math_em (table->layout, table->style);
  Row row = { .ruled = (node->flags & BOBBIN_MATH_FLAG_RULED) != 0 };

  for (const BobbinMathNode *cell = node->first; cell != NULL && row.n_cells < COLUMNS_MAX; cell = cell->next)
    {
      gboolean after = table->node->table == BOBBIN_MATH_TABLE_ALIGNED && row.n_cells % 2 == 1;
      MathBox *box = after ? _bobbin_math_layout_cell (table->layout, cell, table->style)
                           : _bobbin_math_layout_row (table->layout, cell, table->style);

      table->widths[row.n_cells] = MAX (table->widths[row.n_cells], box->width);
      row.height = MAX (row.height, box->height);
      row.depth = MAX (row.depth, box->depth);
      row.cells[row.n_cells++] = box;
    }
  if (node->a != NULL)
    row.tag = _bobbin_math_layout_node (table->layout, node->a, (MathStyle) { 1, FALSE });
  table->n_columns = MAX (table->n_columns, row.n_cells);
  /* what follows a line across needs air */
  row.height = MAX (row.height + (row.ruled ? 0.15 * em : 0), table->spacing.ascent);
  row.depth = MAX (row.depth, table->spacing.descent);
  g_array_append_val (table->rows, row);
}

static double
place_columns (Table *table)
{
  double em = _bobbin_math_em (table->layout, table->style);
  gboolean array = table->node->columns != NULL && strchr (table->node->columns, '|') != NULL;
  double x = table->spacing.side + (array ? 0.5 * em : 0);

  for (guint i = 0; i < table->n_columns; i++)
    {
      if (i > 0 && table->node->table == BOBBIN_MATH_TABLE_ALIGNED)
        x += i % 2 == 0 ? table->spacing.column_gap : 0;
      else if (i > 0)
        x += table->spacing.column_gap;
      table->xs[i] = x;
      x += table->widths[i];
    }

  return x + table->spacing.side + (array ? 0.5 * em : 0);
}

static double
place_rows (Table *table)
{
  double y = 0;

  for (guint i = 0; i < table->rows->len; i++)
    {
      Row *row = &g_array_index (table->rows, Row, i);

      if (i > 0)
        y += table->spacing.row_gap;
      row->y = y + row->height;
      y += row->height + row->depth;
    }

  return y;
}

static void
put_lines (Table   *table,
           MathBox *list,
           double   width,
           double   top,
           double   bottom)
{
  MathLayout *layout = table->layout;
  double rule = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_FRACTION_RULE_THICKNESS, table->style);
  double half_gap = table->spacing.column_gap / 2;

  for (guint i = 0; i < table->rows->len; i++)
    {
      const Row *row = &g_array_index (table->rows, Row, i);
      double y = row->y - row->height - (i > 0 ? table->spacing.row_gap / 2 : 0);

      if (row->ruled)
        _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, width, rule / 2, rule / 2), 0, y - top);
    }
  for (guint i = 0; i <= table->n_columns; i++)
    for (guint k = 0, n = bars_before (table, i); k < n; k++)
      {
        double x = i < table->n_columns ? table->xs[i] - half_gap : table->xs[i - 1] + table->widths[i - 1] + half_gap;

        if (i == table->n_columns)
          x = MIN (x, width - rule);
        _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, rule, top, bottom - top),
                              MAX (x - rule / 2 + 3 * k * rule, 0), 0);
      }
}

static MathBox *
put_cells (Table *table)
{
  MathLayout *layout = table->layout;
  double axis = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, table->style);
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double width = place_columns (table);
  double height = place_rows (table);
  double top = height / 2 + axis; /* its middle is on the axis */

  for (guint i = 0; i < table->rows->len; i++)
    {
      const Row *row = &g_array_index (table->rows, Row, i);

      for (guint k = 0; k < row->n_cells; k++)
        {
          double room = table->widths[k] - row->cells[k]->width;
          char align = align_of (table, k);

          _bobbin_math_box_put (list, row->cells[k], table->xs[k] + (align == 'l' ? 0 : align == 'r' ? room : room / 2), row->y - top);
        }
    }
  list->width = width;
  put_lines (table, list, width, top, height);
  for (guint i = 0; i < table->rows->len; i++)
    {
      const Row *row = &g_array_index (table->rows, Row, i);

      if (row->tag != NULL)
        _bobbin_math_box_put (list, row->tag, width + 2 * _bobbin_math_em (layout, table->style), row->y - top);
    }
  list->height = MAX (list->height, top);
  list->depth = MAX (list->depth, height - top);

  return list;
}

MathBox *
_bobbin_math_table (MathLayout           *layout,
                    const BobbinMathNode *node,
                    MathStyle             style)
{
  Table table = { .layout = layout, .node = node, .style = { MAX (style.level, 1), FALSE } };
  double em;
  MathBox *list;
  guint n = 0;

  if (node->table == BOBBIN_MATH_TABLE_SMALL)
    table.style.level = 2;
  em = _bobbin_math_em (layout, table.style);
  table.spacing = spacings[node->table];
  table.spacing.ascent *= em;
  table.spacing.descent *= em;
  table.spacing.row_gap *= em;
  table.spacing.column_gap *= em;
  table.spacing.side *= em;
  /* a lone row is as tall as what is in it */
  if (node->first != NULL && node->first->next == NULL && node->open == NULL)
    table.spacing.ascent = table.spacing.descent = 0;

  table.rows = g_array_new (FALSE, FALSE, sizeof (Row));
  for (const BobbinMathNode *row = node->first; row != NULL && n < ROWS_MAX; row = row->next, n++)
    read_row (&table, row);
  list = put_cells (&table);
  g_array_unref (table.rows);

  if (node->open == NULL && node->close == NULL)
    return list;
  if (node->table == BOBBIN_MATH_TABLE_CASES || node->table == BOBBIN_MATH_TABLE_MATRIX)
    {
      /* a hair between the brackets and the cells */
      MathBox *padded = _bobbin_math_box_new (layout, MATH_BOX_LIST);
      gboolean left = node->open != NULL && *node->open != '\0';
      gboolean right = node->close != NULL && *node->close != '\0';

      _bobbin_math_box_put (padded, list, left ? PAD * em : 0, 0);
      padded->width += right ? PAD * em : 0;
      list = padded;
    }

  return _bobbin_math_enclose (layout, list, node->open, node->close, style);
}
