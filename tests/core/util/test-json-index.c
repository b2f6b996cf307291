#include "config.h"

#include "util/bobbin-json-index.h"

#include <math.h>
#include <string.h>

static void
test_walk (void)
{
  static const char json[] = " {\"order\": {\"id\": 4711, \"items\": [{\"sku\":\"A\\n\\u00e9\\ud83d\\ude00\"}, 2.5e1, \"12\", true, null]},"
                             " \"a b\": [], \"x\": 1, \"x\": 2}";
  g_autoptr(BobbinJsonIndex) index = bobbin_json_index_new (json, -1, NULL);
  guint order;
  guint items;
  guint item;
  g_autofree char *path = NULL;
  g_autofree char *sku = NULL;
  g_autofree char *odd = NULL;
  g_autofree char *source = NULL;

  g_assert_nonnull (index);
  g_assert_cmpuint (bobbin_json_index_get_count (index, 0), ==, 4);
  order = bobbin_json_index_find (index, 0, "order");
  items = bobbin_json_index_find (index, order, "items");
  g_assert_true (bobbin_json_index_is (index, items, BOBBIN_JSON_ARRAY));
  g_assert_cmpuint (bobbin_json_index_get_count (index, items), ==, 5);
  item = bobbin_json_index_find (index, bobbin_json_index_get_first (index, items), "sku");
  sku = bobbin_json_index_dup_text (index, item, 0);
  g_assert_cmpstr (sku, ==, "A\né😀");
  path = bobbin_json_index_dup_path (index, item);
  g_assert_cmpstr (path, ==, "order.items[0].sku");
  item = bobbin_json_index_get_next (index, bobbin_json_index_get_first (index, items));
  g_assert_cmpfloat (bobbin_json_index_get_double (index, item), ==, 25);
  item = bobbin_json_index_get_next (index, item);
  g_assert_cmpfloat (bobbin_json_index_get_double (index, item), ==, 12);
  item = bobbin_json_index_get_next (index, item);
  g_assert_true (isnan (bobbin_json_index_get_double (index, item)));
  odd = bobbin_json_index_dup_path (index, bobbin_json_index_find (index, 0, "a b"));
  g_assert_cmpstr (odd, ==, "[\"a b\"]");
  g_assert_cmpfloat (bobbin_json_index_get_double (index, bobbin_json_index_find (index, 0, "x")), ==, 2);
  source = bobbin_json_index_dup_source (index, bobbin_json_index_find (index, 0, "a b"));
  g_assert_cmpstr (source, ==, "[]");
  g_assert_cmpuint (bobbin_json_index_find (index, 0, "none"), ==, BOBBIN_JSON_NONE);
}

static void
test_roots (void)
{
  static const struct { const char *json; BobbinJsonType type; } roots[] = {
    { "1", BOBBIN_JSON_NUMBER }, { " -0.5 ", BOBBIN_JSON_NUMBER }, { "\"\"", BOBBIN_JSON_STRING }, { "[]", BOBBIN_JSON_ARRAY },
    { "{}", BOBBIN_JSON_OBJECT }, { "true", BOBBIN_JSON_TRUE }, { "NaN", BOBBIN_JSON_NULL }, { "-Infinity", BOBBIN_JSON_NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
    {
      g_autoptr(BobbinJsonIndex) index = bobbin_json_index_new (roots[i].json, -1, NULL);

      g_assert_nonnull (index);
      g_assert_cmpint (bobbin_json_index_get_type (index, 0), ==, roots[i].type);
      g_assert_cmpuint (bobbin_json_index_get_next (index, 0), ==, BOBBIN_JSON_NONE);
    }
}

static void
test_mistakes (void)
{
  static const struct { const char *json; BobbinJsonMistake mistake; guint line; guint column; } cases[] = {
    { "", BOBBIN_JSON_EMPTY, 1, 1 },
    { " \n ", BOBBIN_JSON_EMPTY, 2, 2 },
    { "{\n  \"a\": 1,\n}", BOBBIN_JSON_NO_NAME, 3, 1 },
    { "{\"a\" 1}", BOBBIN_JSON_NO_COLON, 1, 6 },
    { "{\"ä\": x}", BOBBIN_JSON_NO_VALUE, 1, 7 },
    { "[1 2]", BOBBIN_JSON_NO_COMMA, 1, 4 },
    { "[1, 2", BOBBIN_JSON_OPEN_END, 1, 6 },
    { "[1,", BOBBIN_JSON_OPEN_END, 1, 4 },
    { "{\"a\":", BOBBIN_JSON_OPEN_END, 1, 6 },
    { "[\"ab", BOBBIN_JSON_OPEN_STRING, 1, 2 },
    { "\"a\\q\"", BOBBIN_JSON_BAD_STRING, 1, 4 },
    { "\"\\u12g4\"", BOBBIN_JSON_BAD_STRING, 1, 3 },
    { "01", BOBBIN_JSON_BAD_NUMBER, 1, 3 },
    { "-01", BOBBIN_JSON_BAD_NUMBER, 1, 4 },
    { "1.", BOBBIN_JSON_BAD_NUMBER, 1, 3 },
    { "1 1", BOBBIN_JSON_MORE, 1, 3 },
    { "nul", BOBBIN_JSON_NO_VALUE, 1, 1 },
    { "truely", BOBBIN_JSON_NO_VALUE, 1, 1 },
    { "[}", BOBBIN_JSON_NO_VALUE, 1, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BobbinJsonProblem problem;

      g_test_message ("%s", cases[i].json);
      g_assert_null (bobbin_json_index_new (cases[i].json, -1, &problem));
      g_assert_cmpint (problem.mistake, ==, cases[i].mistake);
      g_assert_cmpuint (problem.line, ==, cases[i].line);
      g_assert_cmpuint (problem.column, ==, cases[i].column);
    }
}

/* Every prefix and every byte exchanged: an answer, never more. */
static void
test_broken (void)
{
  static const char json[] = "{\"a\":[1,-2.5e+3,\"x\\u0041\\n\",{\"b\":null}],\"c\":true}";

  for (gsize length = 0; length < strlen (json); length++)
    g_assert_null (bobbin_json_index_new (json, (gssize) length, NULL));
  for (gsize i = 0; i < strlen (json); i++)
    for (guint byte = 0; byte < 256; byte++)
      {
        g_autofree char *bad = g_strdup (json);
        g_autoptr(BobbinJsonIndex) index = NULL;

        bad[i] = (char) byte;
        index = bobbin_json_index_new (bad, (gssize) strlen (json), NULL);
        for (guint node = 0; index != NULL && node < bobbin_json_index_get_size (index); node++)
          {
            g_autofree char *path = bobbin_json_index_dup_path (index, node);
            g_autofree char *text = bobbin_json_index_dup_text (index, node, 3);

            g_assert_true (g_utf8_validate (path, -1, NULL));
            g_assert_true (g_utf8_validate (text, -1, NULL));
          }
      }
}

static void
test_search (void)
{
  g_autoptr(BobbinJsonIndex) index = bobbin_json_index_new ("{\"Alpha\":[\"an alpha\",12,{\"b\":\"x alpha alpha\"}],\"c\":\"no\"}", -1, NULL);
  guint last;
  guint node = bobbin_json_index_search (index, "ALPHA", BOBBIN_JSON_NONE);

  g_assert_cmpuint (node, ==, 1); /* by its name */
  node = bobbin_json_index_search (index, "alpha", node);
  g_assert_cmpuint (node, ==, 2);
  node = bobbin_json_index_search (index, "alpha", node);
  g_assert_cmpuint (node, ==, 5);
  g_assert_cmpuint (bobbin_json_index_search (index, "alpha", node), ==, BOBBIN_JSON_NONE);
  g_assert_cmpuint (bobbin_json_index_count_matches (index, "alpha", BOBBIN_JSON_NONE, 10, &last), ==, 3);
  g_assert_cmpuint (last, ==, 5);
  g_assert_cmpuint (bobbin_json_index_search (index, "12", BOBBIN_JSON_NONE), ==, 3);
  g_assert_cmpuint (bobbin_json_index_search (index, "{", BOBBIN_JSON_NONE), ==, BOBBIN_JSON_NONE);
  g_assert_cmpuint (bobbin_json_index_search (index, "", BOBBIN_JSON_NONE), ==, BOBBIN_JSON_NONE);
}

static void
test_bounds (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  GString *many = g_string_new ("[0");
  BobbinJsonProblem problem;
  g_autoptr(BobbinJsonIndex) index = NULL;

  g_assert_null (bobbin_json_index_new (deep, -1, &problem));
  g_assert_cmpint (problem.mistake, ==, BOBBIN_JSON_TOO_DEEP);
  for (guint i = 1; i < 300000; i++)
    g_string_append (many, ",1");
  g_string_append_c (many, ']');
  index = bobbin_json_index_new (many->str, (gssize) many->len, &problem);
  g_assert_nonnull (index);
  g_assert_cmpuint (bobbin_json_index_get_count (index, 0), ==, 300000);
  g_string_free (many, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-index/walk", test_walk);
  g_test_add_func ("/json-index/roots", test_roots);
  g_test_add_func ("/json-index/mistakes", test_mistakes);
  g_test_add_func ("/json-index/broken", test_broken);
  g_test_add_func ("/json-index/search", test_search);
  g_test_add_func ("/json-index/bounds", test_bounds);

  return g_test_run ();
}
