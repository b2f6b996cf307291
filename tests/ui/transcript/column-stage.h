/* A column with messages, in a window. For its tests. */
#pragma once

#include "ui/transcript/bobbin-column.h"

G_BEGIN_DECLS

#define COLUMN_WIDTH  700
#define COLUMN_HEIGHT 600

typedef struct
{
  GListStore    *messages;
  GtkWidget     *window;
  BobbinColumn  *column;
  GtkAdjustment *adjustment;
} Stage;

/* A line that is read, and where on the screen it is. */
typedef struct
{
  BobbinMessage *message;
  BobbinLocus    locus;
} ColumnLine;

/* @n: how many messages. */
void   column_stage_up   (Stage *stage, gconstpointer n);
void   column_stage_down (Stage *stage, gconstpointer n);
/* Pixels below the view. */
double column_from_end   (Stage *stage);
double column_line_y     (Stage *stage, const ColumnLine *line);

G_END_DECLS
