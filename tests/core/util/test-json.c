#include "config.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <string.h>

static void
test_types (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) object =
    bobbin_json_parse_object ("{\"s\":\"text\",\"i\":7,\"d\":1.5,\"t\":true,\"n\":null,\"o\":{},\"a\":[],"
                              "\"si\":\"12\",\"sd\":\"2.5\",\"di\":12.0,\"huge\":1e300}", -1, &error);
  const char *const all[] = { "s", "i", "d", "t", "n", "o", "a", "absent" };

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_assert_cmpstr (bobbin_json_get_string (object, all[i]), ==, i == 0 ? "text" : NULL);
      g_assert_cmpint (bobbin_json_get_int (object, all[i], -9), ==, i == 1 ? 7 : i == 2 ? 1 : -9);
      g_assert_cmpfloat (bobbin_json_get_double (object, all[i], -9), ==, i == 1 ? 7 : i == 2 ? 1.5 : -9);
      g_assert_cmpint (bobbin_json_get_bool (object, all[i], FALSE), ==, i == 3);
      g_assert_cmpint (bobbin_json_get_object (object, all[i]) != NULL, ==, i == 5);
      g_assert_cmpint (bobbin_json_get_array (object, all[i]) != NULL, ==, i == 6);
      g_assert_cmpint (bobbin_json_get_node (object, all[i]) != NULL, ==, i != 4 && i != 7);
    }
  g_assert_cmpint (bobbin_json_get_int (object, "si", 0), ==, 12);
  g_assert_cmpint (bobbin_json_get_int (object, "sd", -9), ==, -9);
  g_assert_cmpint (bobbin_json_get_int (object, "di", 0), ==, 12);
  g_assert_cmpint (bobbin_json_get_int (object, "huge", -9), ==, -9);
  g_assert_cmpfloat (bobbin_json_get_double (object, "sd", 0), ==, 2.5);
  g_assert_null (bobbin_json_get_string (NULL, "s"));
}

static void
test_dup_text (void)
{
  g_autoptr(JsonObject) object = bobbin_json_parse_object ("{\"s\":\"t\",\"i\":7,\"b\":false,\"o\":{},\"n\":null}", -1, NULL);
  g_autofree char *s = bobbin_json_dup_text (object, "s");
  g_autofree char *i = bobbin_json_dup_text (object, "i");
  g_autofree char *b = bobbin_json_dup_text (object, "b");

  g_assert_cmpstr (s, ==, "t");
  g_assert_cmpstr (i, ==, "7");
  g_assert_cmpstr (b, ==, "false");
  g_assert_null (bobbin_json_dup_text (object, "o"));
  g_assert_null (bobbin_json_dup_text (object, "n"));
}

static void
test_nul (void)
{
  g_autoptr(JsonObject) object = bobbin_json_parse_object ("{\"a\":\"x\\u0000y\",\"b\":\"x\\\\u0000y\",\"c\":\"\\\\\\u0000\\u0000\"}", -1, NULL);

  g_assert_cmpstr (bobbin_json_get_string (object, "a"), ==, "x\xef\xbf\xbdy");
  g_assert_cmpstr (bobbin_json_get_string (object, "b"), ==, "x\\u0000y");
  g_assert_cmpstr (bobbin_json_get_string (object, "c"), ==, "\\\xef\xbf\xbd\xef\xbf\xbd");
}

static void
test_surrogates (void)
{
  static const struct { const char *escaped; const char *wanted; } cases[] = {
    { "\\ud83d\\ude00!", "\xf0\x9f\x98\x80!" }, { "\\uD83D\\uDE00", "\xf0\x9f\x98\x80" }, { "\\ud800 x", "\xef\xbf\xbd x" },
    { "\\udc00\\ud800", "\xef\xbf\xbd\xef\xbf\xbd" }, { "\\ud800\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
    { "\\ud800\\u0041", "\xef\xbf\xbd\x41" }, { "\\\\ud800", "\\ud800" }, { "\\ud800\\n", "\xef\xbf\xbd\n" }, { "\\ud800", "\xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", cases[i].escaped);
      g_autoptr(JsonObject) object = bobbin_json_parse_object (text, -1, NULL);

      g_assert_nonnull (object);
      g_assert_cmpstr (bobbin_json_get_string (object, "a"), ==, cases[i].wanted);
    }
}

static void
assert_refused (const char *text,
                gssize      length)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (bobbin_json_parse_object (text, length, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
}

static void
test_refused (void)
{
  const char *const cases[] = { "", " ", "{", "}", "nonsense", "<html>", "[]", "1", "\"x\"", "null", "{\"a\":}", "{} {}", "{}x", "{}{}", "{}]", "{\"a\":1" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i], -1);
}

static void
test_values (void)
{
  const char *const cases[] = { "1", " 1 ", "-1.5e3", "true\n", "\"x y\"", " [ 1, 2 ] ", "{\"a\":\"}\"}\r\n", "null" };
  const char *const trailing[] = { "1 2", "true false", "\"a\" \"b\"", "\"a\"1", "[1] 2", "null,null" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = bobbin_json_parse (cases[i], -1, &error);

      g_assert_no_error (error);
      g_assert_nonnull (node);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (trailing); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (bobbin_json_parse (trailing[i], -1, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
    }
}

static void
test_depth (void)
{
  g_autoptr(GString) deep = g_string_new (NULL);
  g_autoptr(GString) flat = g_string_new (NULL);
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonNode) strings = NULL;

  for (int i = 0; i < 128000; i++)
    g_string_append (deep, "[");
  for (int i = 0; i < 128000; i++)
    g_string_append (deep, "]");
  assert_refused (deep->str, (gssize) deep->len);
  /* json-glib reads past comments and takes single quotes: neither may hide how deep it goes. */
  g_string_prepend (deep, "[/*\"*/");
  assert_refused (deep->str, (gssize) deep->len);
  g_string_overwrite (deep, 0, "['\"', ");
  assert_refused (deep->str, (gssize) deep->len);
  assert_refused ("{'a':1}", -1);
  assert_refused ("\"a\"{}", -1); /* of which json-glib would lose the first */
  assert_refused ("1 [2]", -1);
  assert_refused ("true{}", -1);
  assert_refused ("{\"a\":\"\\u00\u00e9\"}", -1);
  assert_refused ("{\"a\":\"\\ud8\"}", -1);
  assert_refused ("{\"a\":\"\\377\"}", -1);

  for (int i = 0; i < BOBBIN_JSON_MAX_DEPTH; i++)
    g_string_append (flat, "[");
  for (int i = 0; i < BOBBIN_JSON_MAX_DEPTH; i++)
    g_string_append (flat, "]");
  node = bobbin_json_parse (flat->str, -1, NULL);
  g_assert_nonnull (node);
  g_string_prepend_c (flat, '[');
  g_string_append_c (flat, ']');
  assert_refused (flat->str, -1);

  /* Brackets within strings, escaped quotes and all, are no depth. */
  g_string_truncate (flat, 0);
  g_string_append (flat, "{\"a\":\"\\\"");
  for (int i = 0; i < 1000; i++)
    g_string_append (flat, "[{");
  g_string_append (flat, "\\\\\"}");
  strings = bobbin_json_parse (flat->str, -1, NULL);
  g_assert_nonnull (strings);
}

static void
test_bytes (void)
{
  static const char invalid[] = "{\"a\":\"x\xff\xfey\"}";
  static const char nul[] = "{\"a\":\"x\0y\"}";
  g_autoptr(JsonObject) repaired = bobbin_json_parse_object (invalid, sizeof invalid - 1, NULL);
  g_autoptr(JsonObject) without = bobbin_json_parse_object (nul, sizeof nul - 1, NULL);

  g_assert_nonnull (repaired);
  g_assert_true (g_utf8_validate (bobbin_json_get_string (repaired, "a"), -1, NULL));
  g_assert_nonnull (without);
  g_assert_cmpstr (bobbin_json_get_string (without, "a"), ==, "x\357\277\275y");
}

static void
test_write (void)
{
  g_autoptr(GString) out = g_string_new ("");
  g_autoptr(GString) object_text = g_string_new ("{\"a\":");
  g_autoptr(JsonObject) object = NULL;
  g_autofree char *again = NULL;
  const char *hard = "\"\\\n\r\t\x01\x7f/é🎉";

  bobbin_json_append_string (out, hard);
  g_assert_cmpstr (out->str, ==, "\"\\\"\\\\\\n\\r\\t\\u0001\\u007f/é🎉\"");
  bobbin_json_append_string (object_text, hard);
  g_string_append_c (object_text, '}');
  object = bobbin_json_parse_object (object_text->str, -1, NULL);
  g_assert_cmpstr (bobbin_json_get_string (object, "a"), ==, hard);
  again = bobbin_json_object_to_text (object, FALSE);
  g_assert_true (g_str_has_prefix (again, "{\"a\":"));
}

static void
test_writer (void)
{
  static const char *const same[] = {
    "{}", "[]", "null", "true", "false", "0", "-7", "9223372036854775807", "0.1", "99.9", "1.5e+300", "2.0", "-0.0", "0.30000000000000004",
    "\"a\\nb\"", "[1,[2,{\"z\":1,\"a\":[null]}],{}]", "{\"é\":\"🎉\",\"b\":{}}",
  };
  g_autoptr(JsonNode) node = bobbin_json_parse ("{\"a\":[1,{}],\"b\":{\"c\":\"d\"},\"e\":[]}", -1, NULL);
  g_autofree char *pretty = bobbin_json_to_text (node, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr(JsonNode) parsed = bobbin_json_parse (same[i], -1, NULL);
      g_autofree char *text = bobbin_json_to_text (parsed, FALSE);

      g_assert_cmpstr (text, ==, same[i]);
    }
  g_assert_cmpstr (pretty, ==, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": \"d\"\n  },\n  \"e\": []\n}");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/types", test_types);
  g_test_add_func ("/json/dup-text", test_dup_text);
  g_test_add_func ("/json/nul", test_nul);
  g_test_add_func ("/json/surrogates", test_surrogates);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/values", test_values);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/bytes", test_bytes);
  g_test_add_func ("/json/write", test_write);
  g_test_add_func ("/json/writer", test_writer);

  return g_test_run ();
}
