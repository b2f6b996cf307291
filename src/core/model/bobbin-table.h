/* A table: columns with a name and an alignment, rows of cells. Filled by one owner, then only read; reference counted atomically,
 * so that it may be made and sorted in a thread.
 *
 * A cell has plain text, which is sorted, copied and read aloud; it may have Pango markup to be drawn with and Markdown to be
 * copied as. Rows may be shorter than the table is wide: what is missing is empty. */
#pragma once

#include "util/bobbin-json-index.h"

G_BEGIN_DECLS

typedef struct _BobbinTable BobbinTable;

typedef enum
{
  BOBBIN_ALIGN_NONE,   /* numbers at the end, all else at the start */
  BOBBIN_ALIGN_START,
  BOBBIN_ALIGN_CENTER,
  BOBBIN_ALIGN_END,
} BobbinAlign;

typedef enum
{
  BOBBIN_TABLE_TEXT,
  BOBBIN_TABLE_NUMBERS,
  BOBBIN_TABLE_DATES,
} BobbinTableContent;

typedef enum
{
  BOBBIN_TABLE_TSV,
  BOBBIN_TABLE_CSV,       /* RFC 4180, CR LF */
  BOBBIN_TABLE_MARKDOWN,
} BobbinTableFormat;

#define BOBBIN_TABLE_COLUMNS_MAX 16384u
#define BOBBIN_TABLE_CELLS_MAX   (2u * 1000 * 1000)

BobbinTable *bobbin_table_new   (guint n_columns) G_GNUC_WARN_UNUSED_RESULT; /* clamped to the maximum */
/* (nullable): NULL when the value is no table. Takes {"headers":[…],"rows":[…]} with rows of arrays or objects, columns named
 * by strings or objects, and bare arrays of objects or arrays. */
BobbinTable *bobbin_table_new_from_json (const BobbinJsonIndex *json) G_GNUC_WARN_UNUSED_RESULT;
BobbinTable *bobbin_table_ref   (BobbinTable *self) G_GNUC_WARN_UNUSED_RESULT;
void         bobbin_table_unref (BobbinTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTable, bobbin_table_unref)

/* @markup, @source: (nullable). */
void         bobbin_table_set_column (BobbinTable *self, guint column, const char *text, const char *markup, const char *source, BobbinAlign align);
void         bobbin_table_add_row    (BobbinTable *self); /* beyond the maximum of cells rows are only counted */
void         bobbin_table_set_cell   (BobbinTable *self, guint row, guint column, const char *text, const char *markup, const char *source);
void         bobbin_table_set_title  (BobbinTable *self, const char *title);

const char  *bobbin_table_get_title       (const BobbinTable *self); /* (nullable) */
guint        bobbin_table_get_n_columns   (const BobbinTable *self);
guint        bobbin_table_get_n_rows      (const BobbinTable *self);
guint        bobbin_table_get_n_lost      (const BobbinTable *self); /* rows beyond the maximum */
gboolean     bobbin_table_has_names       (const BobbinTable *self); /* any column has one */
const char  *bobbin_table_get_name        (const BobbinTable *self, guint column); /* never NULL, as the next */
const char  *bobbin_table_get_text        (const BobbinTable *self, guint row, guint column);
const char  *bobbin_table_get_name_markup (const BobbinTable *self, guint column); /* (nullable), as the next */
const char  *bobbin_table_get_markup      (const BobbinTable *self, guint row, guint column);
/* What a column holds, from its cells; never NONE: an alignment to draw with. Made when first asked: not in two threads. */
BobbinTableContent bobbin_table_get_content (BobbinTable *self, guint column);
BobbinAlign        bobbin_table_get_align   (BobbinTable *self, guint column);

/* bobbin-table-sort.c: (transfer full): the rows in order, n_rows numbers. Empty cells come last; equal ones keep their order. */
guint       *bobbin_table_sort (BobbinTable *self, guint column, gboolean descending) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers as people write them: "1,250.00 €", "−3", "12 %", "1.234,5". @comma_decimal: what a comma means where it is not clear. */
gboolean     bobbin_table_parse_number (const char *text, gboolean comma_decimal, double *ret_number);
/* Dates: ISO, "31.12.2026", "12/31/2026" (@month_first), "2 March 2026", "Mar 2". A number that sorts. */
gboolean     bobbin_table_parse_date   (const char *text, gboolean month_first, double *ret_date);

/* bobbin-table-write.c: @order: (nullable): of n_rows. */
char        *bobbin_table_to_text (const BobbinTable *self, BobbinTableFormat format, const guint *order) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
