/* What is on paper, in order: pieces of text, rows of tables, pictures, made of messages. A piece knows how it looks, not where it is
 * (bobbin-print-pages.h). Plain data; main thread. */
#pragma once

#include "model/bobbin-message.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_PRINT_TEXT,
  BOBBIN_PRINT_CODE,
  BOBBIN_PRINT_ROW,    /* of a table */
  BOBBIN_PRINT_IMAGE,
  BOBBIN_PRINT_RULE,
} BobbinPrintKind;

/* Of one table, shared by its rows. */
typedef struct
{
  guint   n_columns;
  double *natural;     /* characters of the widest cell of each column, at most a line's */
  PangoAlignment *aligns;
} BobbinPrintColumns;

typedef struct
{
  BobbinPrintKind     kind;
  char               *text;        /* TEXT, CODE; IMAGE: what stands for it */
  PangoAttrList      *attributes;  /* (nullable) */
  char               *mark;        /* (nullable): in front of the first line: a bullet, a number */
  double              size;        /* of the font, points */
  double              space;       /* above it, points */
  guint               indent;      /* steps from the left */
  gboolean            bold;
  gboolean            dim;
  gboolean            keep;        /* does not stand last on a page */
  gboolean            tinted;      /* of the person */
  gboolean            pad_above;   /* room between the edge of a background and the text */
  gboolean            pad_below;
  guint               quotes;      /* lines at its left */
  GStrv               cells;       /* ROW */
  gboolean            head;        /* ROW: the first of its table */
  BobbinPrintColumns *columns;     /* ROW: reference counted */
  char               *path;        /* IMAGE */
} BobbinPrintItem;

/* of BobbinPrintItem */
GPtrArray *bobbin_print_items_new         (const char *title) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_print_items_add_message (GPtrArray *items, BobbinMessage *message);

G_END_DECLS
