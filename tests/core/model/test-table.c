#include "config.h"

#include "model/bobbin-table.h"

#include <string.h>

static BobbinTable *
from_json (const char *text)
{
  g_autoptr(BobbinJsonIndex) json = bobbin_json_index_new (text, -1, NULL);

  g_assert_nonnull (json);
  return bobbin_table_new_from_json (json);
}

static void
assert_text (BobbinTable       *table,
             BobbinTableFormat  format,
             const char        *expected)
{
  g_autofree char *text = bobbin_table_to_text (table, format, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_shapes (void)
{
  static const char *const same[] = {
    "{\"headers\":[\"a\",\"b\"],\"rows\":[[1,\"x\"],[2,null]]}",
    "{\"columns\":[\"a\",\"b\"],\"data\":[{\"b\":\"x\",\"a\":1},{\"a\":2}]}",
    "{\"columns\":[{\"key\":\"p\",\"label\":\"a\"},{\"name\":\"b\"}],\"rows\":[{\"p\":1,\"b\":\"x\"},{\"p\":2}]}",
    "[{\"a\":1,\"b\":\"x\"},{\"a\":2}]",
    "{\"rows\":[{\"a\":1,\"b\":\"x\"},{\"a\":2}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr(BobbinTable) table = from_json (same[i]);

      g_test_message ("%s", same[i]);
      g_assert_nonnull (table);
      assert_text (table, BOBBIN_TABLE_TSV, "a\tb\n1\tx\n2\t\n");
    }
}

static void
test_no_table (void)
{
  static const char *const none[] = { "{}", "[]", "3", "{\"rows\":3}", "{\"headers\":[]}", "[1,2]", "{\"headers\":[\"a\"]}",
                                      "{\"headers\":[],\"rows\":[]}" };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_test_message ("%s", none[i]);
      g_assert_null (from_json (none[i]));
    }
}

static void
test_odd_rows (void)
{
  g_autoptr(BobbinTable) table = from_json ("{\"title\":\"T\",\"headers\":[\"a\"],\"rows\":[[1,2,3],7,[],[[4],{\"x\":1}]]}");

  g_assert_cmpstr (bobbin_table_get_title (table), ==, "T");
  g_assert_cmpuint (bobbin_table_get_n_columns (table), ==, 3);
  assert_text (table, BOBBIN_TABLE_TSV, "a\t\t\n1\t2\t3\n7\t\t\n\t\t\n[4]\t{\"x\":1}\t\n");
}

static void
test_write (void)
{
  g_autoptr(BobbinTable) table = bobbin_table_new (2);

  bobbin_table_set_column (table, 0, "n|me", NULL, NULL, BOBBIN_ALIGN_CENTER);
  bobbin_table_set_column (table, 1, "b", NULL, "**b**", BOBBIN_ALIGN_NONE);
  bobbin_table_add_row (table);
  bobbin_table_set_cell (table, 0, 0, "a\t\"b\"\nc", NULL, NULL);
  bobbin_table_set_cell (table, 0, 1, "x, y", "<i>x</i>, y", "*x*, y");
  bobbin_table_set_cell (table, 5, 5, "outside", NULL, NULL);
  assert_text (table, BOBBIN_TABLE_TSV, "n|me\tb\na \"b\" c\tx, y\n");
  assert_text (table, BOBBIN_TABLE_CSV, "n|me,b\r\n\"a\t\"\"b\"\"\nc\",\"x, y\"\r\n");
  assert_text (table, BOBBIN_TABLE_MARKDOWN, "| n\\|me | **b** |\n| :---: | --- |\n| a\t\"b\"<br>c | *x*, y |\n");
}

static void
test_numbers (void)
{
  static const struct { const char *text; gboolean comma; double number; } numbers[] = {
    { "1", FALSE, 1 }, { "1,250.00 €", FALSE, 1250 }, { "12,004.00 €", FALSE, 12004 }, { "1.234,5", FALSE, 1234.5 },
    { "−3", FALSE, -3 }, { "12 %", FALSE, 12 }, { "$4.5", FALSE, 4.5 }, { "1 234 567", FALSE, 1234567 },
    { "1e3", FALSE, 1000 }, { "3.2 GB", FALSE, 3.2 }, { "1,250", FALSE, 1250 }, { "1,250", TRUE, 1.25 }, { "1.250", TRUE, 1250 },
    { "0,125", TRUE, 0.125 }, { "2,5", FALSE, 2.5 }, { "1'000", FALSE, 1000 }, { "EUR 12", FALSE, 12 },
  };
  static const char *const none[] = { "", "abc", "12 March 2026", "1-2", "a1b2", "-", "S3", "v2", "v1.2.3.4 beta channel" };
  double number;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_test_message ("%s", numbers[i].text);
      g_assert_true (bobbin_table_parse_number (numbers[i].text, numbers[i].comma, &number));
      g_assert_cmpfloat_with_epsilon (number, numbers[i].number, 1e-9);
    }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_test_message ("%s", none[i]);
      g_assert_false (bobbin_table_parse_number (none[i], FALSE, &number));
    }
}

static void
test_dates (void)
{
  /* each later than the one before */
  static const char *const dates[] = { "2 March", "9 March", "31.12.2024", "2025-01-15", "15 Jan 2025 10:00", "1/31/2025",
                                       "March 2, 2025", "2025-03-02T10:00:00Z", "2025/03/03", "4.3.25" };
  static const char *const none[] = { "", "2025", "12.5", "1.2.3.4 x", "market 5", "2025-13-01", "hello", "10:30" };
  double before = -1;
  double date;

  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_test_message ("%s", dates[i]);
      g_assert_true (bobbin_table_parse_date (dates[i], TRUE, &date));
      g_assert_cmpfloat (date, >, before);
      before = date;
    }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_test_message ("%s", none[i]);
      g_assert_false (bobbin_table_parse_date (none[i], TRUE, &date));
    }
}

static void
assert_order (BobbinTable *table,
              guint        column,
              gboolean     descending,
              const char  *expected)
{
  g_autofree guint *order = bobbin_table_sort (table, column, descending);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < bobbin_table_get_n_rows (table); i++)
    g_string_append_printf (text, "%u ", order[i]);
  g_assert_cmpstr (text->str, ==, expected);
  g_string_free (text, TRUE);
}

static void
test_sort (void)
{
  g_autoptr(BobbinTable) table =
    from_json ("{\"headers\":[\"n\",\"d\",\"t\"],\"rows\":[[\"10 €\",\"9 March\",\"b\"],[9,\"2 March\",\"A\"],[null,\"16 March\",\"\"],"
               "[\"1,200\",null,\"a\"]]}");

  g_assert_cmpint (bobbin_table_get_content (table, 0), ==, BOBBIN_TABLE_NUMBERS);
  g_assert_cmpint (bobbin_table_get_content (table, 1), ==, BOBBIN_TABLE_DATES);
  g_assert_cmpint (bobbin_table_get_content (table, 2), ==, BOBBIN_TABLE_TEXT);
  g_assert_cmpint (bobbin_table_get_align (table, 0), ==, BOBBIN_ALIGN_END);
  g_assert_cmpint (bobbin_table_get_align (table, 2), ==, BOBBIN_ALIGN_START);
  assert_order (table, 0, FALSE, "1 0 3 2 ");
  assert_order (table, 0, TRUE, "3 0 1 2 "); /* what is empty stays last */
  assert_order (table, 1, FALSE, "1 0 2 3 ");
  assert_order (table, 2, FALSE, "1 3 0 2 ");
}

static void
test_bounds (void)
{
  g_autoptr(BobbinTable) wide = bobbin_table_new (1000000);
  g_autoptr(BobbinTable) table = bobbin_table_new (10000);

  g_assert_cmpuint (bobbin_table_get_n_columns (wide), ==, BOBBIN_TABLE_COLUMNS_MAX);
  for (guint i = 0; i < 250; i++)
    bobbin_table_add_row (table);
  g_assert_cmpuint (bobbin_table_get_n_rows (table), ==, BOBBIN_TABLE_CELLS_MAX / 10000);
  g_assert_cmpuint (bobbin_table_get_n_lost (table), ==, 250 - BOBBIN_TABLE_CELLS_MAX / 10000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/shapes", test_shapes);
  g_test_add_func ("/table/no-table", test_no_table);
  g_test_add_func ("/table/odd-rows", test_odd_rows);
  g_test_add_func ("/table/write", test_write);
  g_test_add_func ("/table/numbers", test_numbers);
  g_test_add_func ("/table/dates", test_dates);
  g_test_add_func ("/table/sort", test_sort);
  g_test_add_func ("/table/bounds", test_bounds);

  return g_test_run ();
}
