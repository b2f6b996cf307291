#pragma once

#include "model/bobbin-table.h"

G_BEGIN_DECLS

typedef struct
{
  const char *text;    /* in chunk; NULL: empty */
  const char *markup;  /* (nullable) */
  const char *source;  /* (nullable) */
} BobbinCell;

typedef struct
{
  BobbinCell  cell;
  BobbinAlign align;
  int         content; /* BobbinTableContent, -1: not yet known */
} BobbinTableColumn;

struct _BobbinTable
{
  gatomicrefcount    ref_count;
  GStringChunk      *chunk;
  char              *title;    /* (nullable) */
  BobbinTableColumn *columns;
  GArray            *cells;    /* of BobbinCell, row by row */
  guint              n_columns;
  guint              n_rows;
  guint              n_lost;
};

static inline const BobbinCell *
_bobbin_table_cell (const BobbinTable *self,
                    guint              row,
                    guint              column)
{
  return &g_array_index (self->cells, BobbinCell, (gsize) row * self->n_columns + column);
}

/* bobbin-table-sort.c */
BobbinTableContent _bobbin_table_guess (const BobbinTable *self, guint column);

G_END_DECLS
