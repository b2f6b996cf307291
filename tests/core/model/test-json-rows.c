#include "config.h"

#include "model/bobbin-json-rows.h"

#include <string.h>

static BobbinJsonRows *
rows_of (const char *text)
{
  g_autoptr(BobbinJsonIndex) json = bobbin_json_index_new (text, -1, NULL);

  g_assert_nonnull (json);
  return bobbin_json_rows_new (json);
}

static void
assert_rows (BobbinJsonRows *rows,
             const char     *expected)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < bobbin_json_rows_get_n (rows); i++)
    {
      const BobbinJsonRow *row = bobbin_json_rows_get (rows, i);
      g_autofree char *name = bobbin_json_index_dup_name (bobbin_json_rows_get_json (rows), row->node);
      g_autofree char *line = bobbin_json_rows_dup_text (rows, i, 20);

      g_string_append_printf (text, "%u%s%s ", row->depth, row->kind == BOBBIN_JSON_ROW_MORE ? "+" : row->unfolded ? "-" : ":",
                              row->kind == BOBBIN_JSON_ROW_TEXT ? line : name != NULL ? name : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
  g_string_free (text, TRUE);
}

static void
test_fold (void)
{
  g_autoptr(BobbinJsonRows) rows = rows_of ("{\"a\":{\"b\":[1,2]},\"c\":3,\"d\":\"x\\ny\"}");

  assert_rows (rows, "0: ");
  bobbin_json_rows_unfold_first (rows, 40);
  assert_rows (rows, "0- 1-a 2-b 3: 3: 1:c 1:d ");
  bobbin_json_rows_set_unfolded (rows, 1, FALSE);
  assert_rows (rows, "0- 1:a 1:c 1:d ");
  g_assert_false (bobbin_json_rows_can_unfold (rows, 2));
  g_assert_true (bobbin_json_rows_can_unfold (rows, 3));
  bobbin_json_rows_set_unfolded (rows, 3, TRUE);
  assert_rows (rows, "0- 1:a 1:c 1-d 2:x 2:y ");
  g_assert_cmpuint (bobbin_json_rows_get_parent (rows, 5), ==, 3);
  g_assert_cmpuint (bobbin_json_rows_get_parent (rows, 3), ==, 0);
  g_assert_cmpuint (bobbin_json_rows_get_parent (rows, 0), ==, 0);
}

static void
test_first (void)
{
  g_autoptr(BobbinJsonRows) rows = rows_of ("[[1,2,3],[4,5,6],[7,8,9]]");

  bobbin_json_rows_unfold_first (rows, 8);
  assert_rows (rows, "0- 1- 2: 2: 2: 1: 1: ");
}

static void
test_parts (void)
{
  GString *text = g_string_new ("{\"big\":[0");
  g_autoptr(BobbinJsonRows) rows = NULL;
  guint node;
  guint row;

  for (guint i = 1; i < 250; i++)
    g_string_append_printf (text, ",%u", i);
  g_string_append (text, "]}");
  rows = rows_of (text->str);
  g_string_free (text, TRUE);
  bobbin_json_rows_unfold_first (rows, 200);
  g_assert_cmpuint (bobbin_json_rows_get_n (rows), ==, 2 + 100 + 1);
  g_assert_cmpuint (bobbin_json_rows_get (rows, 102)->count, ==, 150);
  bobbin_json_rows_set_unfolded (rows, 102, TRUE);
  g_assert_cmpuint (bobbin_json_rows_get_n (rows), ==, 2 + 200 + 1);
  g_assert_cmpuint (bobbin_json_rows_get (rows, 202)->count, ==, 50);

  bobbin_json_rows_set_unfolded (rows, 0, FALSE);
  node = bobbin_json_index_get_size (bobbin_json_rows_get_json (rows)) - 1;
  row = bobbin_json_rows_reveal (rows, node);
  g_assert_cmpuint (row, ==, 1 + 250);
  g_assert_cmpuint (bobbin_json_rows_get (rows, row)->node, ==, node);
}

static void
test_long_text (void)
{
  g_autofree char *line = g_strnfill (30000, 'x');
  g_autofree char *text = g_strdup_printf ("\"%s\"", line);
  g_autoptr(BobbinJsonRows) rows = rows_of (text);

  bobbin_json_rows_set_unfolded (rows, 0, TRUE);
  g_assert_cmpuint (bobbin_json_rows_get_n (rows), ==, 1 + 100 + 1);
  for (guint i = 0; i < 2; i++)
    bobbin_json_rows_set_unfolded (rows, bobbin_json_rows_get_n (rows) - 1, TRUE);
  g_assert_cmpuint (bobbin_json_rows_get_n (rows), ==, 1 + 250);
}

static void
test_bounds (void)
{
  GString *text = g_string_new ("[0");
  g_autoptr(BobbinJsonRows) rows = NULL;
  guint node;

  for (guint i = 1; i < 50000; i++)
    g_string_append (text, ",1");
  g_string_append_c (text, ']');
  rows = rows_of (text->str);
  g_string_free (text, TRUE);
  node = bobbin_json_index_get_size (bobbin_json_rows_get_json (rows)) - 1;
  g_assert_cmpuint (bobbin_json_rows_reveal (rows, node), ==, BOBBIN_JSON_NONE);
  g_assert_cmpuint (bobbin_json_rows_get_n (rows), <=, BOBBIN_JSON_ROWS_MAX + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-rows/fold", test_fold);
  g_test_add_func ("/json-rows/first", test_first);
  g_test_add_func ("/json-rows/parts", test_parts);
  g_test_add_func ("/json-rows/long-text", test_long_text);
  g_test_add_func ("/json-rows/bounds", test_bounds);

  return g_test_run ();
}
