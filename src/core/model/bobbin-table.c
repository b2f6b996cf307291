#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-table-private.h"

#include "util/bobbin-text.h"

#include <string.h>

#define CELL_MAX  100000 /* bytes of a cell's text that are kept */
#define NAMES_MAX 2000   /* objects looked at for the names of columns */

BobbinTable *
bobbin_table_new (guint n_columns)
{
  BobbinTable *self = g_new0 (BobbinTable, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->n_columns = MIN (n_columns, BOBBIN_TABLE_COLUMNS_MAX);
  self->chunk = g_string_chunk_new (1024);
  self->columns = g_new0 (BobbinTableColumn, self->n_columns);
  self->cells = g_array_new (FALSE, TRUE, sizeof (BobbinCell));
  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i].content = -1;

  return self;
}

BobbinTable *
bobbin_table_ref (BobbinTable *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
bobbin_table_unref (BobbinTable *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_string_chunk_free (self->chunk);
  g_array_unref (self->cells);
  g_free (self->columns);
  g_free (self->title);
  g_free (self);
}

/* Filling */

static const char *
keep (BobbinTable *self,
      const char  *text)
{
  if (text == NULL || *text == '\0')
    return NULL;

  return g_string_chunk_insert (self->chunk, text);
}

static void
fill (BobbinTable *self,
      BobbinCell  *cell,
      const char  *text,
      const char  *markup,
      const char  *source)
{
  cell->text = keep (self, text);
  cell->markup = keep (self, markup);
  cell->source = keep (self, source);
}

void
bobbin_table_set_title (BobbinTable *self,
                        const char  *title)
{
  g_free (self->title);
  self->title = title != NULL && *title != '\0' ? g_strdup (title) : NULL;
}

void
bobbin_table_set_column (BobbinTable *self,
                         guint        column,
                         const char  *text,
                         const char  *markup,
                         const char  *source,
                         BobbinAlign  align)
{
  g_return_if_fail (column < self->n_columns);

  fill (self, &self->columns[column].cell, text, markup, source);
  self->columns[column].align = align;
}

void
bobbin_table_add_row (BobbinTable *self)
{
  guint64 cells = (guint64) (self->n_rows + 1) * self->n_columns;

  if (cells > BOBBIN_TABLE_CELLS_MAX)
    {
      self->n_lost++;
      return;
    }
  g_array_set_size (self->cells, (guint) cells);
  self->n_rows++;
}

void
bobbin_table_set_cell (BobbinTable *self,
                       guint        row,
                       guint        column,
                       const char  *text,
                       const char  *markup,
                       const char  *source)
{
  if (row >= self->n_rows || column >= self->n_columns)
    return;

  fill (self, (BobbinCell *) _bobbin_table_cell (self, row, column), text, markup, source);
  self->columns[column].content = -1;
}

/* From JSON */

static void
set_from_json (BobbinTable           *self,
               guint                  row,
               guint                  column,
               const BobbinJsonIndex *json,
               guint                  node)
{
  g_autofree char *text = NULL;

  if (node == BOBBIN_JSON_NONE || bobbin_json_index_is (json, node, BOBBIN_JSON_NULL))
    return;
  text = bobbin_json_index_dup_text (json, node, CELL_MAX);
  bobbin_table_set_cell (self, row, column, text, NULL, NULL);
}

static guint
find_first (const BobbinJsonIndex *json,
            guint                  node,
            const char *const     *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      guint found = bobbin_json_index_find (json, node, names[i]);

      if (found != BOBBIN_JSON_NONE && !bobbin_json_index_is (json, found, BOBBIN_JSON_NULL))
        return found;
    }

  return BOBBIN_JSON_NONE;
}

static BobbinAlign
read_align (const BobbinJsonIndex *json,
            guint                  column)
{
  static const char *const names[] = { "align", "alignment", NULL };
  guint node = find_first (json, column, names);
  g_autofree char *text = node != BOBBIN_JSON_NONE ? bobbin_json_index_dup_text (json, node, 16) : NULL;

  if (g_strcmp0 (text, "left") == 0 || g_strcmp0 (text, "start") == 0)
    return BOBBIN_ALIGN_START;
  if (g_strcmp0 (text, "center") == 0 || g_strcmp0 (text, "centre") == 0)
    return BOBBIN_ALIGN_CENTER;
  if (g_strcmp0 (text, "right") == 0 || g_strcmp0 (text, "end") == 0)
    return BOBBIN_ALIGN_END;

  return BOBBIN_ALIGN_NONE;
}

/* What a header says: its key among the rows' members, and the name to show. */
static void
read_header (const BobbinJsonIndex *json,
             guint                  node,
             char                 **ret_key,
             char                 **ret_name)
{
  static const char *const key_names[] = { "key", "field", "accessor", "dataIndex", "id", "name", NULL };
  static const char *const shown_names[] = { "label", "title", "header", "text", "name", "key", "field", "id", NULL };
  guint key = node;
  guint name = node;

  if (bobbin_json_index_is (json, node, BOBBIN_JSON_OBJECT))
    {
      key = find_first (json, node, key_names);
      name = find_first (json, node, shown_names);
    }
  *ret_key = key != BOBBIN_JSON_NONE ? bobbin_json_index_dup_text (json, key, CELL_MAX) : NULL;
  *ret_name = name != BOBBIN_JSON_NONE && !bobbin_json_index_is (json, name, BOBBIN_JSON_NULL)
                ? bobbin_json_index_dup_text (json, name, CELL_MAX) : g_strdup ("");
}

typedef struct
{
  GPtrArray *names;   /* of char *: what is shown */
  GArray    *aligns;  /* of BobbinAlign */
  GHashTable *by_key; /* key → position + 1; keys owned */
} Header;

static void
add_header (Header     *header,
            const char *key,
            const char *name,
            BobbinAlign align)
{
  g_ptr_array_add (header->names, g_strdup (name));
  g_array_append_val (header->aligns, align);
  if (key != NULL && !g_hash_table_contains (header->by_key, key))
    g_hash_table_insert (header->by_key, g_strdup (key), GUINT_TO_POINTER (header->names->len));
}

static void
read_headers (Header                *header,
              const BobbinJsonIndex *json,
              guint                  headers)
{
  for (guint child = bobbin_json_index_get_first (json, headers);
       child != BOBBIN_JSON_NONE && header->names->len < BOBBIN_TABLE_COLUMNS_MAX;
       child = bobbin_json_index_get_next (json, child))
    {
      g_autofree char *key = NULL;
      g_autofree char *name = NULL;

      read_header (json, child, &key, &name);
      add_header (header, key, name, read_align (json, child));
    }
}

/* Objects without headers name the columns themselves. */
static void
collect_headers (Header                *header,
                 const BobbinJsonIndex *json,
                 guint                  rows)
{
  guint n = 0;

  for (guint row = bobbin_json_index_get_first (json, rows); row != BOBBIN_JSON_NONE && n < NAMES_MAX;
       row = bobbin_json_index_get_next (json, row), n++)
    {
      if (!bobbin_json_index_is (json, row, BOBBIN_JSON_OBJECT))
        continue;
      for (guint cell = bobbin_json_index_get_first (json, row);
           cell != BOBBIN_JSON_NONE && header->names->len < BOBBIN_TABLE_COLUMNS_MAX;
           cell = bobbin_json_index_get_next (json, cell))
        {
          g_autofree char *name = bobbin_json_index_dup_name (json, cell);

          if (!g_hash_table_contains (header->by_key, name))
            add_header (header, name, name, BOBBIN_ALIGN_NONE);
        }
    }
}

static guint
widest_row (const BobbinJsonIndex *json,
            guint                  rows)
{
  guint widest = 0;

  for (guint row = bobbin_json_index_get_first (json, rows); row != BOBBIN_JSON_NONE;
       row = bobbin_json_index_get_next (json, row))
    widest = MAX (widest, bobbin_json_index_is (json, row, BOBBIN_JSON_ARRAY) ? bobbin_json_index_get_count (json, row) : 1);

  return widest;
}

static void
fill_row (BobbinTable           *self,
          const Header          *header,
          const BobbinJsonIndex *json,
          guint                  node)
{
  guint row = self->n_rows;
  guint column = 0;

  bobbin_table_add_row (self);
  if (row == self->n_rows)
    return;
  if (!bobbin_json_index_is (json, node, BOBBIN_JSON_ARRAY) && !bobbin_json_index_is (json, node, BOBBIN_JSON_OBJECT))
    {
      set_from_json (self, row, 0, json, node);
      return;
    }
  for (guint cell = bobbin_json_index_get_first (json, node); cell != BOBBIN_JSON_NONE;
       cell = bobbin_json_index_get_next (json, cell), column++)
    {
      if (bobbin_json_index_is (json, node, BOBBIN_JSON_OBJECT))
        {
          g_autofree char *name = bobbin_json_index_dup_name (json, cell);
          guint position = GPOINTER_TO_UINT (g_hash_table_lookup (header->by_key, name));

          if (position > 0)
            set_from_json (self, row, position - 1, json, cell);
        }
      else
        {
          set_from_json (self, row, column, json, cell);
        }
    }
}

static BobbinTable *
build (Header                *header,
       const BobbinJsonIndex *json,
       guint                  rows)
{
  guint n_columns = MAX (header->names->len, g_hash_table_size (header->by_key) == 0 || header->names->len > 0
                                               ? MIN (widest_row (json, rows), BOBBIN_TABLE_COLUMNS_MAX) : 0);
  BobbinTable *self;

  if (n_columns == 0)
    return NULL;

  self = bobbin_table_new (n_columns);
  for (guint i = 0; i < header->names->len; i++)
    bobbin_table_set_column (self, i, g_ptr_array_index (header->names, i), NULL, NULL,
                             g_array_index (header->aligns, BobbinAlign, i));
  for (guint row = bobbin_json_index_get_first (json, rows); row != BOBBIN_JSON_NONE;
       row = bobbin_json_index_get_next (json, row))
    fill_row (self, header, json, row);

  return self;
}

/* nebelus.md, section 5.1: a table is "headers and rows"; shown as a grid when both are arrays. */
BobbinTable *
bobbin_table_new_from_json (const BobbinJsonIndex *json)
{
  static const char *const header_names[] = { "headers", "columns", "header", NULL };
  static const char *const row_names[] = { "rows", "data", "records", NULL };
  static const char *const title_names[] = { "title", "caption", NULL };
  guint headers = find_first (json, 0, header_names);
  guint rows = find_first (json, 0, row_names);
  guint title = find_first (json, 0, title_names);
  Header header = { g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, FALSE, sizeof (BobbinAlign)),
                    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  BobbinTable *self = NULL;

  if (bobbin_json_index_is (json, 0, BOBBIN_JSON_ARRAY))
    rows = 0;
  if (bobbin_json_index_is (json, rows, BOBBIN_JSON_ARRAY))
    {
      if (bobbin_json_index_is (json, headers, BOBBIN_JSON_ARRAY))
        read_headers (&header, json, headers);
      else
        collect_headers (&header, json, rows);
      if (header.names->len > 0 || rows != 0 ||
          bobbin_json_index_is (json, bobbin_json_index_get_first (json, 0), BOBBIN_JSON_ARRAY))
        self = build (&header, json, rows);
    }
  if (self != NULL && title != BOBBIN_JSON_NONE)
    {
      g_autofree char *text = bobbin_json_index_dup_text (json, title, 400);

      bobbin_table_set_title (self, text);
    }
  g_ptr_array_unref (header.names);
  g_array_unref (header.aligns);
  g_hash_table_unref (header.by_key);

  return self;
}

/* Reading */

const char *
bobbin_table_get_title (const BobbinTable *self)
{
  return self->title;
}

guint
bobbin_table_get_n_columns (const BobbinTable *self)
{
  return self->n_columns;
}

guint
bobbin_table_get_n_rows (const BobbinTable *self)
{
  return self->n_rows;
}

guint
bobbin_table_get_n_lost (const BobbinTable *self)
{
  return self->n_lost;
}

gboolean
bobbin_table_has_names (const BobbinTable *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (self->columns[i].cell.text != NULL)
      return TRUE;

  return FALSE;
}

const char *
bobbin_table_get_name (const BobbinTable *self,
                       guint              column)
{
  g_return_val_if_fail (column < self->n_columns, "");

  return self->columns[column].cell.text != NULL ? self->columns[column].cell.text : "";
}

const char *
bobbin_table_get_name_markup (const BobbinTable *self,
                              guint              column)
{
  g_return_val_if_fail (column < self->n_columns, NULL);

  return self->columns[column].cell.markup;
}

const char *
bobbin_table_get_text (const BobbinTable *self,
                       guint              row,
                       guint              column)
{
  const BobbinCell *cell;

  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, "");

  cell = _bobbin_table_cell (self, row, column);
  return cell->text != NULL ? cell->text : "";
}

const char *
bobbin_table_get_markup (const BobbinTable *self,
                         guint              row,
                         guint              column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, NULL);

  return _bobbin_table_cell (self, row, column)->markup;
}

BobbinTableContent
bobbin_table_get_content (BobbinTable *self,
                          guint        column)
{
  g_return_val_if_fail (column < self->n_columns, BOBBIN_TABLE_TEXT);

  if (self->columns[column].content < 0)
    self->columns[column].content = _bobbin_table_guess (self, column);

  return (BobbinTableContent) self->columns[column].content;
}

BobbinAlign
bobbin_table_get_align (BobbinTable *self,
                        guint        column)
{
  g_return_val_if_fail (column < self->n_columns, BOBBIN_ALIGN_START);

  if (self->columns[column].align != BOBBIN_ALIGN_NONE)
    return self->columns[column].align;

  return bobbin_table_get_content (self, column) == BOBBIN_TABLE_NUMBERS ? BOBBIN_ALIGN_END : BOBBIN_ALIGN_START;
}
