#include "config.h"
#include "util/bobbin-json-schema.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

/* As pydantic writes it. */
#define SCHEMA \
  "{\"$defs\":{\"Leg\":{\"type\":\"object\",\"properties\":{\"to\":{\"type\":\"string\",\"minLength\":2},\"next\":{\"$ref\":\"#/$defs/Leg\"}}," \
  "\"required\":[\"to\"]}},\"type\":\"object\",\"required\":[\"berth\",\"count\"],\"properties\":{" \
  "\"berth\":{\"type\":\"string\",\"maxLength\":4},\"count\":{\"type\":\"integer\",\"minimum\":0,\"exclusiveMaximum\":10}," \
  "\"wind\":{\"type\":\"number\"},\"note\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"flag\":{\"type\":[\"boolean\",\"null\"]}," \
  "\"side\":{\"enum\":[\"port\",\"starboard\"]},\"kind\":{\"const\":\"ship\"},\"legs\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/Leg\"}," \
  "\"maxItems\":2},\"tags\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"},\"maxProperties\":2," \
  "\"propertyNames\":{\"maxLength\":3}},\"closed\":{\"type\":\"object\",\"additionalProperties\":false}}}"

static const struct { const char *json; const char *wrong; } values[] = {
  { "{\"berth\":\"B7\",\"count\":1}", NULL },
  { "{\"berth\":\"B7\",\"count\":1.0}", NULL },
  { "{\"berth\":\"B7\",\"count\":1,\"unknown\":[]}", NULL },
  { "{\"berth\":\"B7\"}", "count" },
  { "[]", "object" },
  { "{\"berth\":7,\"count\":1}", "berth" },
  { "{\"berth\":null,\"count\":1}", "berth" },
  { "{\"berth\":\"B1234\",\"count\":1}", "berth" },
  { "{\"berth\":\"ßéäö\",\"count\":1}", NULL },
  { "{\"berth\":\"B7\",\"count\":-1}", "count" },
  { "{\"berth\":\"B7\",\"count\":10}", "count" },
  { "{\"berth\":\"B7\",\"count\":1.5}", "count" },
  { "{\"berth\":\"B7\",\"count\":true}", "count" },
  { "{\"berth\":\"B7\",\"count\":0,\"wind\":3}", NULL },
  { "{\"berth\":\"B7\",\"count\":0,\"wind\":\"3\"}", "wind" },
  { "{\"berth\":\"B7\",\"count\":0,\"note\":null}", NULL },
  { "{\"berth\":\"B7\",\"count\":0,\"note\":3}", "note" },
  { "{\"berth\":\"B7\",\"count\":0,\"flag\":null}", NULL },
  { "{\"berth\":\"B7\",\"count\":0,\"flag\":\"x\"}", "flag" },
  { "{\"berth\":\"B7\",\"count\":0,\"side\":\"port\"}", NULL },
  { "{\"berth\":\"B7\",\"count\":0,\"side\":\"left\"}", "side" },
  { "{\"berth\":\"B7\",\"count\":0,\"kind\":\"boat\"}", "kind" },
  { "{\"berth\":\"B7\",\"count\":0,\"legs\":[{\"to\":\"Cadiz\",\"next\":{\"to\":\"Oslo\"}}]}", NULL },
  { "{\"berth\":\"B7\",\"count\":0,\"legs\":[{\"to\":\"Cadiz\",\"next\":{\"to\":1}}]}", "legs[0].next.to" },
  { "{\"berth\":\"B7\",\"count\":0,\"legs\":[{\"to\":\"Cadiz\"},{}]}", "legs[1]" },
  { "{\"berth\":\"B7\",\"count\":0,\"legs\":[{\"to\":\"aa\"},{\"to\":\"aa\"},{\"to\":\"aa\"}]}", "legs" },
  { "{\"berth\":\"B7\",\"count\":0,\"tags\":{\"a\":\"b\"}}", NULL },
  { "{\"berth\":\"B7\",\"count\":0,\"tags\":{\"a\":1}}", "tags.a" },
  { "{\"berth\":\"B7\",\"count\":0,\"tags\":{\"long\":\"b\"}}", "tags.long" },
  { "{\"berth\":\"B7\",\"count\":0,\"tags\":{\"a\":\"\",\"b\":\"\",\"c\":\"\"}}", "tags" },
  { "{\"berth\":\"B7\",\"count\":0,\"closed\":{\"a\":1}}", "closed" },
};

static void
test_values (void)
{
  g_autoptr(JsonObject) schema = bobbin_json_parse_object (SCHEMA, -1, NULL);

  g_assert_nonnull (schema);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(JsonNode) value = bobbin_json_parse (values[i].json, -1, NULL);
      g_autoptr(GError) error = NULL;
      gboolean fits = bobbin_json_schema_check (schema, value, FALSE, &error);

      g_test_message ("%s: %s", values[i].json, error != NULL ? error->message : "fits");
      g_assert_cmpint (fits, ==, values[i].wrong == NULL);
      if (!fits)
        {
          g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, values[i].wrong));
        }
    }
}

/* What is merged need not be whole, but what is there must fit. */
static void
test_partial (void)
{
  g_autoptr(JsonObject) schema = bobbin_json_parse_object (SCHEMA, -1, NULL);
  g_autoptr(JsonNode) part = bobbin_json_parse ("{\"wind\":4.5}", -1, NULL);
  g_autoptr(JsonNode) wrong = bobbin_json_parse ("{\"wind\":\"\"}", -1, NULL);
  g_autoptr(JsonNode) inner = bobbin_json_parse ("{\"legs\":[{}]}", -1, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (bobbin_json_schema_check (schema, part, FALSE, NULL));
  g_assert_true (bobbin_json_schema_check (schema, part, TRUE, &error));
  g_assert_no_error (error);
  g_assert_false (bobbin_json_schema_check (schema, wrong, TRUE, NULL));
  g_assert_false (bobbin_json_schema_check (schema, inner, TRUE, NULL));
}

/* Schemas that strangers sent: of wrong types, in circles, with places that are not there. */
static void
test_strange_schemas (void)
{
  static const char *const schemas[] = {
    "{}", "{\"type\":7}", "{\"type\":[7]}", "{\"properties\":[]}", "{\"properties\":{\"a\":3}}", "{\"$ref\":\"#\"}", "{\"$ref\":\"#/a/b\"}",
    "{\"$ref\":\"https://example.com/x\"}", "{\"$ref\":\"\"}", "{\"required\":[1,null]}", "{\"enum\":{}}", "{\"anyOf\":[]}", "{\"anyOf\":[1]}",
    "{\"allOf\":[{\"$ref\":\"#\"},null]}", "{\"minimum\":\"x\"}", "{\"$defs\":{\"A\":{\"anyOf\":[{\"$ref\":\"#/$defs/A\"}]}},\"$ref\":\"#/$defs/A\"}",
    "{\"maxProperties\":\"many\"}",
  };
  g_autoptr(JsonNode) value = bobbin_json_parse ("{\"a\":1,\"b\":[\"x\",null,{}]}", -1, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      g_autoptr(JsonObject) schema = bobbin_json_parse_object (schemas[i], -1, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_nonnull (schema);
      g_assert_true (bobbin_json_schema_check (schema, value, FALSE, &error));
      g_assert_no_error (error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-schema/values", test_values);
  g_test_add_func ("/json-schema/partial", test_partial);
  g_test_add_func ("/json-schema/strange-schemas", test_strange_schemas);

  return g_test_run ();
}
