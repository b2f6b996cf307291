#include "config.h"

#include "drawn.h"
#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-block-view.h"
#include "ui/transcript/bobbin-json-tree.h"
#include "ui/transcript/bobbin-json-view.h"
#include "ui/transcript/bobbin-prose.h"
#include "ui/transcript/bobbin-proxy.h"

#include <string.h>

static const char order[] = "{\"order\":{\"id\":4711,\"items\":[{\"sku\":\"A-1\"},{\"sku\":\"B-7\"}],\"note\":null},\"total\":99.9,"
                            "\"a\":1,\"b\":2,\"c\":3}";

static GtkWidget *
tree_of (GtkWidget *window)
{
  return stage_find (window, BOBBIN_TYPE_JSON_TREE, NULL);
}

static GtkWidget *
find_item (GtkWidget  *window,
           const char *text)
{
  for (GtkWidget *item = gtk_widget_get_first_child (tree_of (window)); item != NULL; item = gtk_widget_get_next_sibling (item))
    if (g_strcmp0 (bobbin_proxy_get_text (BOBBIN_PROXY (item)), text) == 0)
      return item;

  return NULL;
}

static void
press (GtkWidget *widget,
       guint      key)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !found; i++)
    {
      g_autoptr(GtkEventController) item = g_list_model_get_item (controllers, i);

      for (guint j = 0; GTK_IS_SHORTCUT_CONTROLLER (item) && j < g_list_model_get_n_items (G_LIST_MODEL (item)) && !found; j++)
        {
          g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (item), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
            found = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                  gtk_shortcut_get_arguments (shortcut));
        }
    }
  g_assert_true (found);
}

static void
assert_copied (GtkWidget  *window,
               const char *what,
               const char *expected)
{
  GtkWidget *view = stage_find (window, BOBBIN_TYPE_JSON_VIEW, NULL);
  g_autofree char *text = NULL;

  gtk_widget_activate_action (view, "json.copy", "s", what);
  text = stage_clipboard (view);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_fold (void)
{
  GtkWidget *window = stage_new (bobbin_json_view_new ("Data", order), 400, 500);
  GtkWidget *item = find_item (window, "order: 3 members");

  gtk_test_accessible_assert_role (tree_of (window), GTK_ACCESSIBLE_ROLE_TREE);
  gtk_test_accessible_assert_role (item, GTK_ACCESSIBLE_ROLE_TREE_ITEM);
  gtk_test_accessible_assert_state (item, GTK_ACCESSIBLE_STATE_EXPANDED, TRUE);
  gtk_widget_grab_focus (find_item (window, "6 members") != NULL ? find_item (window, "6 members") : gtk_widget_get_first_child (tree_of (window)));
  press (tree_of (window), GDK_KEY_Down);
  press (tree_of (window), GDK_KEY_Left);
  stage_settle (window);
  g_assert_null (find_item (window, "id: 4711"));
  item = find_item (window, "order: {\"id\":4711,\"items\":[{\"sku\":\"A-1\"},{\"sku\":\"B-7\"}],\"note\":null}");
  g_assert_nonnull (item);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == item);
  press (tree_of (window), GDK_KEY_Right);
  press (tree_of (window), GDK_KEY_Right);
  stage_settle (window);
  assert_copied (window, "path", "order.id");
  assert_copied (window, "value", "4711");
  press (tree_of (window), GDK_KEY_Left);
  assert_copied (window, "path", "order");
  stage_free (window);
}

static gboolean
is_first_found (gpointer window)
{
  return stage_find (window, GTK_TYPE_LABEL, "1 of 2") != NULL;
}

static gboolean
is_nothing_found (gpointer window)
{
  return stage_find (window, GTK_TYPE_LABEL, "Nothing found") != NULL;
}

static void
test_search (void)
{
  GtkWidget *view = bobbin_json_view_new ("Data", order);
  GtkWidget *window = stage_new (view, 400, 500);
  GtkWidget *entry;

  gtk_widget_activate_action (view, "json.search", NULL);
  entry = stage_find (window, GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "SKU");
  g_assert_true (stage_wait (is_first_found, window)); /* a moment after the typing */
  assert_copied (window, "path", "order.items[0].sku");
  g_signal_emit_by_name (entry, "activate");
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "2 of 2"));
  assert_copied (window, "value", "B-7");
  g_signal_emit_by_name (entry, "activate");
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "1 of 2"));
  g_signal_emit_by_name (entry, "previous-match");
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "2 of 2"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "nowhere");
  g_assert_true (stage_wait (is_nothing_found, window));
  stage_free (window);
}

static void
test_raw (void)
{
  GtkWidget *view = bobbin_json_view_new ("Data", "{\"b\":1,\"a\":[2]}");
  GtkWidget *window = stage_new (view, 400, 500);

  gtk_widget_activate_action (view, "json.raw", NULL);
  stage_settle (window);
  g_assert_null (tree_of (window));
  g_assert_cmpstr (bobbin_prose_get_text (BOBBIN_PROSE (stage_find (window, BOBBIN_TYPE_PROSE, NULL)), NULL), ==,
                   "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}");
  gtk_widget_activate_action (view, "json.raw", NULL);
  stage_settle (window);
  g_assert_nonnull (tree_of (window));
  stage_free (window);
}

/* What is no JSON is a text. */
static void
test_text (void)
{
  GtkWidget *window = stage_new (bobbin_json_view_new ("Result", "timed out {"), 400, 300);

  g_assert_null (tree_of (window));
  g_assert_cmpstr (bobbin_prose_get_text (BOBBIN_PROSE (stage_find (window, BOBBIN_TYPE_PROSE, NULL)), NULL), ==, "timed out {");
  assert_copied (window, "all", "timed out {");
  stage_free (window);
}

static gboolean
is_read (gpointer window)
{
  return tree_of (window) != NULL;
}

static void
test_large (void)
{
  GString *json = g_string_new ("[");
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *window = stage_new (scrolled, 400, 500);
  GtkWidget *view;
  gint64 stall;

  for (guint i = 0; i < 200000; i++)
    g_string_append_printf (json, "%s{\"id\":%u,\"name\":\"item number %u\"}", i > 0 ? "," : "", i, i);
  g_string_append_c (json, ']');
  stage_take_stall ();
  view = bobbin_json_view_new ("Data", json->str);
  g_string_free (json, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  g_assert_true (stage_wait (is_read, window));
  bobbin_block_view_set_visible_range (view, 0, 500);
  stage_settle (window);
  g_assert_cmpuint (bobbin_json_view_search (BOBBIN_JSON_VIEW (view), "number 15000\""), ==, 1);
  stage_settle (window);
  stall = stage_take_stall ();
  g_test_message ("stall %" G_GINT64_FORMAT " us", stall);
  stage_assert_stall (stall);
  assert_copied (window, "path", "[15000].name");
  stage_free (window);
}

static gboolean
is_text (gpointer window)
{
  return stage_find (window, BOBBIN_TYPE_PROSE, NULL) != NULL;
}

/* Too deep for a tree. */
static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *window = stage_new (scrolled, 400, 300);
  GtkWidget *view;
  gint64 stall;

  stage_take_stall ();
  view = bobbin_json_view_new ("Data", deep);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  g_assert_true (stage_wait (is_text, window));
  bobbin_block_view_set_visible_range (view, 0, 300);
  stage_settle (window);
  stall = stage_take_stall ();
  g_test_message ("stall %" G_GINT64_FORMAT " us", stall);
  stage_assert_stall (stall);
  g_assert_null (tree_of (window));
  stage_free (window);
}

/* Whichever way the words run, they stand beside their arrow. */
static void
test_directions (void)
{
  static const char *const texts[] = { "[\"one\",2]", "[\"\331\205\330\261\330\255\330\250\330\247\",2]" };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (texts); i++)
    {
      GtkWidget *view = bobbin_json_view_new ("Data", texts[i / 2]);
      GtkWidget *window;
      int left;
      int right;

      gtk_widget_set_default_direction (i % 2 == 0 ? GTK_TEXT_DIR_LTR : GTK_TEXT_DIR_RTL);
      window = stage_new (view, 600, 300);
      drawn_text_sides (tree_of (window), &left, &right);
      g_test_message ("%s: %d to %d of %d", texts[i / 2], left, right, gtk_widget_get_width (tree_of (window)));
      if (i % 2 == 0)
        g_assert_cmpint (right, <, gtk_widget_get_width (tree_of (window)) / 2);
      else
        g_assert_cmpint (left, >, gtk_widget_get_width (tree_of (window)) / 2);
      stage_free (window);
    }
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/json-view/fold", test_fold);
  g_test_add_func ("/json-view/search", test_search);
  g_test_add_func ("/json-view/raw", test_raw);
  g_test_add_func ("/json-view/text", test_text);
  g_test_add_func ("/json-view/large", test_large);
  g_test_add_func ("/json-view/deep", test_deep);
  g_test_add_func ("/json-view/directions", test_directions);

  return g_test_run ();
}
