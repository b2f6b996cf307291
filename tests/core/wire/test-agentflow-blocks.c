/* Every block type of agentflow.md, section 3, and what is none. */
#include "config.h"

#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-blocks.h"

#include "wire-support.h"

#include <string.h>

typedef struct
{
  const char *message;
  const char *events;
} Row;

#define CONTENT(blocks) "{\"role\":\"assistant\",\"content\":[" blocks "]}"
#define MEDIA(members) "{\"kind\":\"url\"," members "}"

static const Row rows[] = {
  { CONTENT (""), "" },
  { "{}", "" },
  { "{\"content\":\"a string\"}", "block - text complete text=<a string>\n" },
  { "{\"content\":null,\"tools_calls\":null}", "" },
  { CONTENT ("{\"type\":\"text\",\"text\":\"\",\"annotations\":[]}"), "" },
  /* thinking first, wherever it stands */
  { CONTENT ("{\"type\":\"text\",\"text\":\"b\"},{\"type\":\"reasoning\",\"summary\":\"a\",\"details\":[\"x\",\"y\",7]}"),
    "block - thinking complete text=<a\n\nx\n\ny>\nblock - text complete text=<b>\n" },
  /* sources once each, links only to the web */
  { CONTENT ("{\"type\":\"text\",\"text\":\"b\",\"annotations\":[{\"url\":\"https://e.org/a\",\"title\":\"A [1]\"},"
             "{\"url\":\"https://e.org/a\",\"title\":\"A [1]\"},{\"url\":\"javascript:x\",\"title\":\"J\"},{\"file_id\":\"f\",\"page\":3},{}]}"),
    "block - text complete text=<b>\n"
    "block - sources complete data=<{\"sources\":[{\"title\":\"A [1]\",\"url\":\"https://e.org/a\"},{\"title\":\"J\"},{\"file_id\":\"f\",\"page\":3}]}>\n" },
  { CONTENT ("{\"type\":\"annotation\",\"kind\":\"citation\",\"refs\":[{\"title\":\"T\"}]}"),
    "block - sources complete data=<{\"sources\":[{\"title\":\"T\"}]}>\n" },
  { CONTENT ("{\"type\":\"annotation\",\"kind\":\"note\",\"refs\":[]}"),
    "block - unknown complete name=<annotation> data=<{\"type\":\"annotation\",\"kind\":\"note\",\"refs\":[]}>\n" },
  /* media in all their places */
  { CONTENT ("{\"type\":\"image\",\"media\":" MEDIA ("\"file_id\":\"f1\",\"mime_type\":\"image/png\",\"filename\":\"a/b.png\",\"size_bytes\":9") "}"),
    "block - image complete name=<a/b.png> data=<{\"file_id\":\"f1\",\"name\":\"a/b.png\",\"content_type\":\"image/png\",\"size\":9}> type=<image/png>\n" },
  { CONTENT ("{\"type\":\"image\",\"media\":" MEDIA ("\"url\":\"agentflow://media/f2\"") "}"), "block - image complete data=<{\"file_id\":\"f2\"}>\n" },
  { CONTENT ("{\"type\":\"image\",\"media\":" MEDIA ("\"url\":\"/v1/files/f3\"") "}"), "block - image complete data=<{\"file_id\":\"f3\"}>\n" },
  { CONTENT ("{\"type\":\"video\",\"media\":" MEDIA ("\"url\":\"/else/x\"") "}"), "block - file complete data=<{\"path\":\"/else/x\"}>\n" },
  { CONTENT ("{\"type\":\"image\",\"media\":" MEDIA ("\"url\":\"https://e.org/x.png\"") "}"),
    "block - image complete data=<{\"url\":\"https://e.org/x.png\"}>\n" },
  { CONTENT ("{\"type\":\"image\",\"media\":" MEDIA ("\"url\":\"file:///etc/passwd\"") "}"),
    "block - unknown complete name=<image> data=<{\"type\":\"image\",\"media\":{\"kind\":\"url\",\"url\":\"file:///etc/passwd\"}}>\n" },
  { CONTENT ("{\"type\":\"image\",\"media\":" MEDIA ("\"url\":\"//e.org/x\"") "}"),
    "block - unknown complete name=<image> data=<{\"type\":\"image\",\"media\":{\"kind\":\"url\",\"url\":\"//e.org/x\"}}>\n" },
  { CONTENT ("{\"type\":\"image\",\"media\":{\"kind\":\"data\",\"data_base64\":\"aGk=\",\"mime_type\":\"image/gif\"}}"),
    "block - image complete type=<image/gif> bytes=2/8f434346\n" },
  { CONTENT ("{\"type\":\"audio\",\"media\":" MEDIA ("\"file_id\":5") ",\"transcript\":\"hello\"}"),
    "block - file complete data=<{\"file_id\":\"5\"}>\nblock - text complete text=<hello>\n" },
  { CONTENT ("{\"type\":\"document\",\"media\":{\"kind\":\"file_id\"},\"text\":\"all of it\"}"), "block - text complete text=<all of it>\n" },
  { CONTENT ("{\"type\":\"document\",\"media\":null}"), "block - unknown complete name=<document> data=<{\"type\":\"document\",\"media\":null}>\n" },
  { CONTENT ("{\"type\":\"data\",\"mime_type\":\"text/csv\",\"data_base64\":\"YSxi\"}"), "block - file complete type=<text/csv> bytes=3/1eb7c54d\n" },
  /* tools */
  { CONTENT ("{\"type\":\"tool_call\",\"id\":\"c\",\"name\":\"f\",\"args\":{\"a\":1}}"), "block call:c tool-call start name=<f> call=<c> data=<{\"a\":1}>\n" },
  { "{\"content\":[{\"type\":\"tool_call\",\"id\":\"c\",\"name\":\"f\",\"args\":{}}],\"tools_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\","
    "\"arguments\":\"{}\"}},{\"id\":\"d\",\"function\":{\"name\":\"g\",\"arguments\":\"not json\"}},{\"id\":\"e\"},7]}",
    "block call:c tool-call start name=<f> call=<c> data=<{}>\nblock call:d tool-call start name=<g> call=<d> data=<not json>\n" },
  { CONTENT ("{\"type\":\"tool_result\",\"call_id\":\"c\",\"output\":[{\"x\":1}],\"is_error\":false}"),
    "block - tool-call complete result call=<c> output=<{\"x\":1}>\n" },
  { CONTENT ("{\"type\":\"tool_result\",\"call_id\":\"c\",\"output\":[1,2]}"), "block - tool-call complete result call=<c> output=<[1,2]>\n" },
  { CONTENT ("{\"type\":\"tool_result\",\"call_id\":\"c\",\"output\":\"words\",\"status\":\"failed\"},{\"type\":\"error\",\"message\":\"words\"}"),
    "block - tool-call complete result error call=<c> output=<words>\n" },
  { CONTENT ("{\"type\":\"error\",\"message\":\"alone\"}"), "block - text complete text=<alone>\n" },
  /* what nobody knows is kept */
  { CONTENT ("{\"type\":\"hologram\",\"z\":1},7,\"bare\""),
    "block - unknown complete name=<hologram> data=<{\"type\":\"hologram\",\"z\":1}>\nblock - unknown complete name=<block> data=<7>\n"
    "block - text complete text=<bare>\n" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonObject) message = bobbin_json_parse_object (rows[i].message, -1, NULL);
      g_autoptr(GPtrArray) events = bobbin_agentflow_read_blocks (message, TRUE);
      g_autoptr(GString) out = g_string_new (NULL);

      for (guint j = 0; j < events->len; j++)
        {
          g_autofree char *line = describe_event (events->pdata[j]);

          g_string_append_printf (out, "%s\n", line);
        }
      g_assert_cmpstr (out->str, ==, rows[i].events);
    }
}

static void
test_usage (void)
{
  g_autoptr(JsonObject) message =
    bobbin_json_parse_object ("{\"usages\":{\"prompt_tokens\":61,\"completion_tokens\":\"9\",\"total_tokens\":70.0},"
                              "\"metadata\":{\"model\":\"m-1\"}}", -1, NULL);
  g_autoptr(JsonObject) none = bobbin_json_parse_object ("{\"usages\":null,\"metadata\":{\"model\":\"none\"}}", -1, NULL);
  BobbinUsage usage = BOBBIN_USAGE_INIT;

  bobbin_agentflow_read_usage (none, &usage);
  g_assert_cmpint (usage.total_tokens, ==, -1);
  g_assert_null (bobbin_agentflow_get_model (none));
  bobbin_agentflow_read_usage (message, &usage);
  g_assert_cmpint (usage.input_tokens, ==, 61);
  g_assert_cmpint (usage.output_tokens, ==, 9);
  g_assert_cmpint (usage.total_tokens, ==, 70);
  g_assert_cmpstr (bobbin_agentflow_get_model (message), ==, "m-1");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentflow-blocks/rows", test_rows);
  g_test_add_func ("/agentflow-blocks/usage", test_usage);

  return g_test_run ();
}
