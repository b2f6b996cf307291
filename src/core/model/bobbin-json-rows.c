#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-json-rows.h"

#include <string.h>

#define LINE_CHARS 120  /* a longer string unfolds into lines of at most this */

struct _BobbinJsonRows
{
  BobbinJsonIndex *json;
  GArray          *rows;  /* of BobbinJsonRow */
};

static inline BobbinJsonRow *
get_row (const BobbinJsonRows *self,
         guint                 row)
{
  return &g_array_index (self->rows, BobbinJsonRow, row);
}

static BobbinJsonRow
value_row (guint node,
           guint depth)
{
  return (BobbinJsonRow) { node, 0, 0, 0, (guint16) depth, BOBBIN_JSON_ROW_VALUE, FALSE };
}

BobbinJsonRows *
bobbin_json_rows_new (BobbinJsonIndex *json)
{
  BobbinJsonRows *self = g_new0 (BobbinJsonRows, 1);
  BobbinJsonRow root = value_row (0, 0);

  self->json = bobbin_json_index_ref (json);
  self->rows = g_array_new (FALSE, FALSE, sizeof (BobbinJsonRow));
  g_array_append_val (self->rows, root);

  return self;
}

void
bobbin_json_rows_free (BobbinJsonRows *self)
{
  bobbin_json_index_unref (self->json);
  g_array_unref (self->rows);
  g_free (self);
}

BobbinJsonIndex *
bobbin_json_rows_get_json (BobbinJsonRows *self)
{
  return self->json;
}

guint
bobbin_json_rows_get_n (const BobbinJsonRows *self)
{
  return self->rows->len;
}

const BobbinJsonRow *
bobbin_json_rows_get (const BobbinJsonRows *self,
                      guint                 row)
{
  g_return_val_if_fail (row < self->rows->len, NULL);

  return get_row (self, row);
}

/* Unfolding */

/* A string that one line cannot show. */
static gboolean
is_long_text (const BobbinJsonRows *self,
              guint                 node)
{
  g_autofree char *start = NULL;

  if (!bobbin_json_index_is (self->json, node, BOBBIN_JSON_STRING))
    return FALSE;
  if (bobbin_json_index_get_length (self->json, node) > 4 * LINE_CHARS + 2)
    return TRUE;
  start = bobbin_json_index_dup_text (self->json, node, 0);

  return strchr (start, '\n') != NULL || g_utf8_strlen (start, -1) > LINE_CHARS;
}

gboolean
bobbin_json_rows_can_unfold (const BobbinJsonRows *self,
                             guint                 row)
{
  const BobbinJsonRow *at = get_row (self, row);

  if (at->kind == BOBBIN_JSON_ROW_MORE)
    return self->rows->len < BOBBIN_JSON_ROWS_MAX;

  return at->kind == BOBBIN_JSON_ROW_VALUE &&
         (bobbin_json_index_get_count (self->json, at->node) > 0 || is_long_text (self, at->node));
}

static gboolean
has_room (const BobbinJsonRows *self,
          const GArray         *made)
{
  return made->len < BOBBIN_JSON_ROWS_PART && self->rows->len + made->len < BOBBIN_JSON_ROWS_MAX;
}

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (const char *p = text; (p = strchr (p, '\n')) != NULL; p++)
    n++;

  return n;
}

/* Lines of a text from byte @start on. */
static void
make_lines (const BobbinJsonRows *self,
            GArray               *made,
            guint                 node,
            guint                 depth,
            gsize                 start)
{
  g_autofree char *text = bobbin_json_index_dup_text (self->json, node, 0);
  const char *p = text + MIN (start, strlen (text));

  while (*p != '\0' && has_room (self, made))
    {
      const char *line = p;
      BobbinJsonRow row = value_row (node, depth);

      for (guint n = 0; n < LINE_CHARS && *p != '\0' && *p != '\n'; n++)
        p = g_utf8_next_char (p);
      row.kind = BOBBIN_JSON_ROW_TEXT;
      row.start = (guint32) (line - text);
      row.end = (guint32) (p - text);
      g_array_append_val (made, row);
      if (*p == '\n')
        p++;
    }
  if (*p != '\0')
    {
      BobbinJsonRow row = value_row (node, depth);

      row.kind = BOBBIN_JSON_ROW_MORE;
      row.count = count_lines (p);
      row.start = (guint32) (p - text);
      g_array_append_val (made, row);
    }
}

/* Children from @child on, which @n of @node's follow. */
static void
make_children (const BobbinJsonRows *self,
               GArray               *made,
               guint                 node,
               guint                 depth,
               guint                 child,
               guint                 n)
{
  for (; child != BOBBIN_JSON_NONE && has_room (self, made); child = bobbin_json_index_get_next (self->json, child), n--)
    {
      BobbinJsonRow row = value_row (child, depth);

      g_array_append_val (made, row);
    }
  if (child != BOBBIN_JSON_NONE)
    {
      BobbinJsonRow row = value_row (node, depth);

      row.kind = BOBBIN_JSON_ROW_MORE;
      row.count = n;
      row.start = child;
      g_array_append_val (made, row);
    }
}

static GArray *
make_inside (const BobbinJsonRows *self,
             const BobbinJsonRow  *at)
{
  GArray *made = g_array_new (FALSE, FALSE, sizeof (BobbinJsonRow));
  gboolean text = bobbin_json_index_is (self->json, at->node, BOBBIN_JSON_STRING);
  gboolean more = at->kind == BOBBIN_JSON_ROW_MORE;
  guint depth = more ? at->depth : at->depth + 1;

  if (text)
    make_lines (self, made, at->node, depth, more ? at->start : 0);
  else
    make_children (self, made, at->node, depth, more ? at->start : bobbin_json_index_get_first (self->json, at->node),
                   more ? at->count : bobbin_json_index_get_count (self->json, at->node));

  return made;
}

static void
fold (BobbinJsonRows *self,
      guint           row)
{
  guint depth = get_row (self, row)->depth;
  guint end = row + 1;

  while (end < self->rows->len && get_row (self, end)->depth > depth)
    end++;
  g_array_remove_range (self->rows, row + 1, end - row - 1);
  get_row (self, row)->unfolded = FALSE;
}

void
bobbin_json_rows_set_unfolded (BobbinJsonRows *self,
                               guint           row,
                               gboolean        unfolded)
{
  BobbinJsonRow at;
  g_autoptr(GArray) made = NULL;

  g_return_if_fail (row < self->rows->len);

  at = *get_row (self, row);
  if (!bobbin_json_rows_can_unfold (self, row) || (at.kind == BOBBIN_JSON_ROW_VALUE && at.unfolded == unfolded))
    return;
  if (!unfolded)
    {
      if (at.kind == BOBBIN_JSON_ROW_VALUE)
        fold (self, row);
      return;
    }

  made = make_inside (self, &at);
  if (at.kind == BOBBIN_JSON_ROW_MORE)
    {
      g_array_remove_index (self->rows, row);
      g_array_insert_vals (self->rows, row, made->data, made->len);
      return;
    }
  get_row (self, row)->unfolded = TRUE;
  g_array_insert_vals (self->rows, row + 1, made->data, made->len);
}

void
bobbin_json_rows_unfold_first (BobbinJsonRows *self,
                               guint           n)
{
  gboolean any = TRUE;

  for (guint depth = 0; any; depth++)
    {
      any = FALSE;
      for (guint row = 0; row < self->rows->len; row++)
        {
          const BobbinJsonRow *at = get_row (self, row);
          guint count = bobbin_json_index_get_count (self->json, at->node);

          if (at->kind != BOBBIN_JSON_ROW_VALUE || at->depth != depth || at->unfolded || count == 0)
            continue;
          if (depth > 0 && self->rows->len + MIN (count, BOBBIN_JSON_ROWS_PART) > n)
            continue;
          bobbin_json_rows_set_unfolded (self, row, TRUE);
          any = TRUE;
        }
    }
}

/* The line of a child among those of an unfolded one, asking for more parts of it until it is there. */
static guint
find_child (BobbinJsonRows *self,
            guint           row,
            guint           node)
{
  guint depth = get_row (self, row)->depth + 1u;

  for (guint i = row + 1; i < self->rows->len && get_row (self, i)->depth >= depth; i++)
    {
      const BobbinJsonRow *at = get_row (self, i);

      if (at->depth == depth && at->kind == BOBBIN_JSON_ROW_VALUE && at->node == node)
        return i;
      if (at->depth == depth && at->kind == BOBBIN_JSON_ROW_MORE)
        {
          if (!bobbin_json_rows_can_unfold (self, i))
            return BOBBIN_JSON_NONE;
          bobbin_json_rows_set_unfolded (self, i, TRUE);
          i--;
        }
    }

  return BOBBIN_JSON_NONE;
}

guint
bobbin_json_rows_reveal (BobbinJsonRows *self,
                         guint           node)
{
  guint parent = bobbin_json_index_get_parent (self->json, node);
  guint row;

  if (parent == BOBBIN_JSON_NONE)
    return 0;

  row = bobbin_json_rows_reveal (self, parent); /* as deep as the document, which is bounded */
  if (row == BOBBIN_JSON_NONE)
    return BOBBIN_JSON_NONE;
  bobbin_json_rows_set_unfolded (self, row, TRUE);

  return find_child (self, row, node);
}

guint
bobbin_json_rows_get_parent (const BobbinJsonRows *self,
                             guint                 row)
{
  guint depth = get_row (self, row)->depth;

  while (row > 0 && get_row (self, row)->depth >= depth && depth > 0)
    row--;

  return row;
}

/* White space and control characters in a line become spaces. */
static char *
one_line (char *text)
{
  for (char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      *p = ' ';

  return text;
}

char *
bobbin_json_rows_dup_text (const BobbinJsonRows *self,
                           guint                 row,
                           gsize                 max)
{
  const BobbinJsonRow *at = get_row (self, row);

  if (at->kind == BOBBIN_JSON_ROW_TEXT)
    {
      g_autofree char *text = bobbin_json_index_dup_text (self->json, at->node, at->end);

      return one_line (g_strndup (text + at->start, at->end - at->start));
    }

  return one_line (bobbin_json_index_dup_text (self->json, at->node, max));
}
