#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-grid.h"

#include "util/bobbin-json.h"

#include <glib/gi18n.h>

#define ROWS_MAX    200
#define COLUMNS_MAX 30
#define CELL_MAX    400 /* bytes */
#define CELL_CHARS  40  /* wider cells are broken */

static char *
cell_text (JsonNode *node)
{
  g_autofree char *text = NULL;
  const char *end;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    text = g_strdup (json_node_get_string (node));
  else
    text = bobbin_json_to_text (node, FALSE);

  if (strlen (text) <= CELL_MAX)
    return g_steal_pointer (&text);

  end = g_utf8_find_prev_char (text, text + CELL_MAX);
  return g_strdup_printf ("%.*s…", end != NULL ? (int) (end - text) : 0, text);
}

static gboolean
is_number (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static void
attach (GtkGrid  *grid,
        JsonNode *node,
        int       column,
        int       row,
        gboolean  head)
{
  g_autofree char *text = cell_text (node);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), is_number (node) ? 1 : 0);
  if (g_utf8_strlen (text, -1) > CELL_CHARS)
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_width_chars (GTK_LABEL (label), CELL_CHARS);
      gtk_label_set_max_width_chars (GTK_LABEL (label), CELL_CHARS);
    }
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, head ? "heading" : "cell");
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static GtkWidget *
wrap_grid (GtkWidget *grid,
           guint      n_rows)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box;
  GtkWidget *more;
  g_autofree char *words = NULL;

  gtk_widget_add_css_class (grid, "data-grid");
  gtk_widget_set_halign (grid, GTK_ALIGN_START);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), grid);
  if (n_rows <= ROWS_MAX)
    return scrolled;

  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  words = g_strdup_printf (ngettext ("%u more row is not shown.", "%u more rows are not shown.", n_rows - ROWS_MAX),
                           n_rows - ROWS_MAX);
  more = gtk_label_new (words);
  gtk_widget_add_css_class (more, "dim-label");
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), more);

  return box;
}

static void
fill_row (GtkGrid   *grid,
          JsonNode  *row,
          JsonArray *headers,
          int        y)
{
  guint n_columns = MIN (json_array_get_length (headers), COLUMNS_MAX);

  if (JSON_NODE_HOLDS_ARRAY (row))
    {
      JsonArray *cells = json_node_get_array (row);

      for (guint x = 0; x < MIN (json_array_get_length (cells), COLUMNS_MAX); x++)
        attach (grid, json_array_get_element (cells, x), (int) x, y, FALSE);
    }
  else if (JSON_NODE_HOLDS_OBJECT (row))
    {
      for (guint x = 0; x < n_columns; x++)
        {
          g_autofree char *name = cell_text (json_array_get_element (headers, x));

          attach (grid, json_object_get_member (json_node_get_object (row), name), (int) x, y, FALSE);
        }
    }
  else
    {
      attach (grid, row, 0, y, FALSE);
    }
}

/* nebelus.md, section 5.1: a table has headers and rows; shown as a grid when both are arrays. */
GtkWidget *
bobbin_grid_new_from_table (const char *json)
{
  g_autoptr(JsonObject) object = bobbin_json_parse_object (json, -1, NULL);
  JsonArray *headers = object != NULL ? bobbin_json_get_array (object, "headers") : NULL;
  JsonArray *rows = object != NULL ? bobbin_json_get_array (object, "rows") : NULL;
  GtkWidget *grid;

  if (headers == NULL || rows == NULL)
    return NULL;

  grid = gtk_grid_new ();
  for (guint x = 0; x < MIN (json_array_get_length (headers), COLUMNS_MAX); x++)
    attach (GTK_GRID (grid), json_array_get_element (headers, x), (int) x, 0, TRUE);
  for (guint y = 0; y < MIN (json_array_get_length (rows), ROWS_MAX); y++)
    fill_row (GTK_GRID (grid), json_array_get_element (rows, y), headers, (int) y + 1);

  return wrap_grid (grid, json_array_get_length (rows));
}

/* A Chart.js-like object: labels beside, one column a data set. */
GtkWidget *
bobbin_grid_new_from_chart (const char *json)
{
  g_autoptr(JsonObject) object = bobbin_json_parse_object (json, -1, NULL);
  JsonObject *data;
  JsonArray *labels;
  JsonArray *sets;
  GtkWidget *grid;
  guint n_rows;

  if (object == NULL)
    return NULL;

  data = bobbin_json_get_object (object, "data");
  labels = bobbin_json_get_array (data != NULL ? data : object, "labels");
  sets = bobbin_json_get_array (data != NULL ? data : object, "datasets");
  if (labels == NULL || sets == NULL)
    return NULL;

  grid = gtk_grid_new ();
  n_rows = json_array_get_length (labels);
  for (guint y = 0; y < MIN (n_rows, ROWS_MAX); y++)
    attach (GTK_GRID (grid), json_array_get_element (labels, y), 0, (int) y + 1, FALSE);

  for (guint x = 0; x < MIN (json_array_get_length (sets), COLUMNS_MAX - 1); x++)
    {
      JsonNode *node = json_array_get_element (sets, x);
      JsonObject *set = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonArray *values = set != NULL ? bobbin_json_get_array (set, "data") : NULL;

      if (set != NULL && json_object_has_member (set, "label"))
        attach (GTK_GRID (grid), json_object_get_member (set, "label"), (int) x + 1, 0, TRUE);
      for (guint y = 0; values != NULL && y < MIN (json_array_get_length (values), ROWS_MAX); y++)
        attach (GTK_GRID (grid), json_array_get_element (values, y), (int) x + 1, (int) y + 1, FALSE);
    }

  return wrap_grid (grid, n_rows);
}
