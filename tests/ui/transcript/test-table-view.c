#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-block-view.h"
#include "ui/transcript/bobbin-data-view.h"
#include "ui/transcript/bobbin-proxy.h"
#include "ui/transcript/bobbin-table-grid.h"
#include "ui/transcript/bobbin-table-view.h"

#include <string.h>

static GtkWidget *
show_table (const char *json)
{
  g_autoptr(BobbinJsonIndex) index = bobbin_json_index_new (json, -1, NULL);
  g_autoptr(BobbinTable) table = bobbin_table_new_from_json (index);

  g_assert_nonnull (table);
  return stage_new (bobbin_table_view_new (table), 500, 400);
}

static BobbinTableGrid *
grid_of (GtkWidget *window)
{
  return BOBBIN_TABLE_GRID (stage_find (window, BOBBIN_TYPE_TABLE_GRID, NULL));
}

/* The cell for assistive tools that says @text. */
static GtkWidget *
find_cell (GtkWidget  *window,
           const char *text)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (grid_of (window))); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    if (BOBBIN_IS_PROXY (cell) && g_strcmp0 (bobbin_proxy_get_text (BOBBIN_PROXY (cell)), text) == 0)
      return cell;

  return NULL;
}

static void
assert_copied (GtkWidget  *window,
               const char *format,
               const char *expected)
{
  GtkWidget *view = stage_find (window, BOBBIN_TYPE_TABLE_VIEW, NULL);
  g_autofree char *text = NULL;

  gtk_widget_activate_action (view, "table.copy", "s", format);
  text = stage_clipboard (view);
  g_assert_cmpstr (text, ==, expected);
}

static const char small[] = "{\"title\":\"Bills\",\"headers\":[\"Name\",\"Sum\"],\"rows\":[[\"b\",\"1,200\"],[\"a\",30],[\"c\",4]]}";

static void
test_sort (void)
{
  GtkWidget *window = show_table (small);
  GtkWidget *head = find_cell (window, "Sum");

  assert_copied (window, "tsv", "Name\tSum\nb\t1,200\na\t30\nc\t4\n");
  g_assert_true (gtk_widget_child_focus (GTK_WIDGET (grid_of (window)), GTK_DIR_TAB_FORWARD));
  g_signal_emit_by_name (grid_of (window), "sort", 1u);
  stage_settle (window);
  assert_copied (window, "csv", "Name,Sum\r\nc,4\r\na,30\r\nb,\"1,200\"\r\n");
  head = find_cell (window, "Sum");
  gtk_test_accessible_assert_property (head, GTK_ACCESSIBLE_PROPERTY_SORT, GTK_ACCESSIBLE_SORT_ASCENDING);
  g_signal_emit_by_name (grid_of (window), "sort", 1u);
  assert_copied (window, "tsv", "Name\tSum\nb\t1,200\na\t30\nc\t4\n");
  g_signal_emit_by_name (grid_of (window), "sort", 1u);
  assert_copied (window, "markdown", "| Name | Sum |\n| --- | --- |\n| b | 1,200 |\n| a | 30 |\n| c | 4 |\n");
  g_signal_emit_by_name (grid_of (window), "sort", 0u);
  assert_copied (window, "tsv", "Name\tSum\na\t30\nb\t1,200\nc\t4\n");
  stage_free (window);
}

static void
move (GtkWidget *window,
      guint      key)
{
  /* the bindings of the grid, as its focused cell would reach them */
  GtkEventController *controller = NULL;
  GListModel *controllers = gtk_widget_observe_controllers (GTK_WIDGET (grid_of (window)));
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !found; i++)
    {
      g_autoptr(GtkEventController) item = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (item))
        continue;
      controller = item;
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (controller)) && !found; j++)
        {
          g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key &&
              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == 0)
            found = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, GTK_WIDGET (grid_of (window)),
                                                  gtk_shortcut_get_arguments (shortcut));
        }
    }
  g_object_unref (controllers);
  g_assert_true (found);
  stage_settle (window);
}

static void
assert_focus (GtkWidget  *window,
              const char *text)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  g_assert_true (BOBBIN_IS_PROXY (focus));
  g_assert_cmpstr (bobbin_proxy_get_text (BOBBIN_PROXY (focus)), ==, text);
}

static void
test_keyboard (void)
{
  GtkWidget *window = show_table (small);
  g_autofree char *text = NULL;

  g_assert_true (gtk_widget_grab_focus (find_cell (window, "Name")));
  move (window, GDK_KEY_Down);
  assert_focus (window, "b");
  move (window, GDK_KEY_Right);
  assert_focus (window, "1,200");
  gtk_widget_activate_action (stage_find (window, BOBBIN_TYPE_TABLE_VIEW, NULL), "table.copy-cell", NULL);
  text = stage_clipboard (window);
  g_assert_cmpstr (text, ==, "1,200");
  move (window, GDK_KEY_Page_Down);
  assert_focus (window, "4");
  move (window, GDK_KEY_Home);
  assert_focus (window, "c");
  /* only one cell is in the way of Tab */
  g_assert_false (gtk_widget_get_focusable (find_cell (window, "1,200")));
  move (window, GDK_KEY_Page_Up);
  assert_focus (window, "Name");
  g_signal_emit_by_name (gtk_window_get_focus (GTK_WINDOW (window)), "activate");
  stage_settle (window);
  assert_copied (window, "tsv", "Name\tSum\na\t30\nb\t1,200\nc\t4\n");
  stage_free (window);
}

static void
test_names (void)
{
  GtkWidget *window = show_table (small);

  gtk_test_accessible_assert_role (grid_of (window), GTK_ACCESSIBLE_ROLE_TABLE);
  gtk_test_accessible_assert_property (grid_of (window), GTK_ACCESSIBLE_PROPERTY_LABEL, "Bills, 3 rows, 2 columns");
  gtk_test_accessible_assert_role (find_cell (window, "Sum"), GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);
  gtk_test_accessible_assert_role (find_cell (window, "30"), GTK_ACCESSIBLE_ROLE_CELL);
  gtk_test_accessible_assert_property (find_cell (window, "30"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Sum");
  stage_free (window);
}

static char *
make_rows (guint n_rows,
           guint n_columns)
{
  GString *json = g_string_new ("{\"rows\":[");

  for (guint row = 0; row < n_rows; row++)
    {
      g_string_append (json, row > 0 ? ",[" : "[");
      for (guint column = 0; column < n_columns; column++)
        g_string_append_printf (json, "%s\"cell %u of %u\"", column > 0 ? "," : "", (column * 7919) % 1000, row);
      g_string_append_c (json, ']');
    }
  g_string_append (json, "]}");

  return g_string_free (json, FALSE);
}

static gboolean
has_table (gpointer window)
{
  return stage_find (window, BOBBIN_TYPE_TABLE_VIEW, NULL) != NULL;
}

static gboolean
is_sorted (gpointer window)
{
  return !gtk_widget_get_visible (stage_find (window, GTK_TYPE_SPINNER, NULL));
}

/* Read and sorted in a thread; what is seen is laid out, nothing else. */
static void
check_large (guint n_rows,
             guint n_columns)
{
  g_autofree char *json = make_rows (n_rows, n_columns);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TABLE);
  g_autoptr(BobbinViewState) state = bobbin_view_state_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *window = stage_new (scrolled, 500, 400);
  GtkWidget *view;
  GtkWidget *more;
  gint64 stall;

  bobbin_block_set_data (block, json);
  stage_take_stall ();
  view = bobbin_data_view_new (block, state);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  g_assert_true (stage_wait (has_table, window));
  bobbin_block_view_set_visible_range (view, 0, 400);
  stage_settle (window);
  if (n_rows > 1000)
    {
      for (guint i = 0; i < 3; i++)
        {
          g_signal_emit_by_name (grid_of (window), "sort", 0u);
          g_assert_true (stage_wait (is_sorted, window));
          stage_settle (window);
        }
      g_assert_cmpuint (bobbin_table_grid_get_n_shown (grid_of (window)), ==, BOBBIN_TABLE_GRID_ROWS);
      more = stage_find (stage_find (window, BOBBIN_TYPE_TABLE_VIEW, NULL), GTK_TYPE_BUTTON, "Show All 100000 Rows");
      g_assert_nonnull (more);
      g_signal_emit_by_name (more, "clicked");
      stage_settle (window);
      g_assert_cmpuint (bobbin_table_grid_get_n_shown (grid_of (window)), ==, BOBBIN_TABLE_GRID_ROWS_MAX);
      bobbin_block_view_set_visible_range (view, 100000, 100400);
      stage_settle (window);
    }
  g_assert_cmpuint (bobbin_table_grid_get_n_layouts (grid_of (window)), <, 6000);
  stall = stage_take_stall ();
  g_test_message ("stall %" G_GINT64_FORMAT " us", stall);
  stage_assert_stall (stall);
  stage_free (window);
}

static void
test_large (void)
{
  check_large (100000, 4);
}

/* Cells full of text without a space. */
static void
test_long_cells (void)
{
  GString *json = g_string_new ("[");
  g_autofree char *word = g_strnfill (5000, 'x');
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *window = stage_new (scrolled, 500, 400);
  gint64 stall;

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (json, "%s[\"%s\",\"%s\",%u]", i > 0 ? "," : "", word, word, i);
  g_string_append_c (json, ']');
  stage_take_stall ();
  {
    g_autoptr(BobbinJsonIndex) index = bobbin_json_index_new (json->str, -1, NULL);
    g_autoptr(BobbinTable) table = bobbin_table_new_from_json (index);

    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), bobbin_table_view_new (table));
  }
  g_string_free (json, TRUE);
  stage_settle (window);
  stall = stage_take_stall ();
  g_test_message ("stall %" G_GINT64_FORMAT " us", stall);
  stage_assert_stall (stall);
  stage_free (window);
}

static void
test_wide (void)
{
  check_large (3, 10000);
}

/* What is no table is shown as what came. */
static void
test_no_table (void)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TABLE);
  g_autoptr(BobbinViewState) state = bobbin_view_state_new ();
  GtkWidget *window;

  bobbin_block_set_data (block, "{\"headers\":5}");
  window = stage_new (bobbin_data_view_new (block, state), 400, 300);
  g_assert_null (stage_find (window, BOBBIN_TYPE_TABLE_VIEW, NULL));
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "Table"));
  bobbin_block_set_data (block, small);
  stage_settle (window);
  g_assert_nonnull (stage_find (window, BOBBIN_TYPE_TABLE_VIEW, NULL));
  stage_free (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/table-view/sort", test_sort);
  g_test_add_func ("/table-view/keyboard", test_keyboard);
  g_test_add_func ("/table-view/names", test_names);
  g_test_add_func ("/table-view/large", test_large);
  g_test_add_func ("/table-view/long-cells", test_long_cells);
  g_test_add_func ("/table-view/wide", test_wide);
  g_test_add_func ("/table-view/no-table", test_no_table);

  return g_test_run ();
}
