/* The fast paths of AgentFlow and aibtc: what is a plain piece of text, and what is left to the slow path. */
#include "config.h"

#include "wire/bobbin-aibtc-decoder.h"
#include "wire/bobbin-agentflow-delta.h"
#include "wire/bobbin-json-scanner.h"

#include <string.h>

#define CONTENT "\"content\":[{\"type\":\"text\",\"text\":\"Hi\",\"annotations\":[]}]"
#define MESSAGE(more) "{\"message_id\":7,\"role\":\"assistant\"," CONTENT ",\"delta\":true" more "}"
#define CHUNK(message, more) "{\"event\":\"message\",\"message\":" message ",\"state\":null,\"data\":null,\"thread_id\":\"t\"" more "}"

static const char *const plain[] = {
  CHUNK (MESSAGE (""), ""),
  CHUNK (MESSAGE (",\"tools_calls\":[],\"reasoning\":\"so far\",\"metadata\":{\"a\":[1,-2.5e3,{}]},\"usages\":null"),
         ",\"run_id\":\"r\",\"metadata\":{\"thread_id\":\"t\",\"is_new_thread\":true},\"timestamp\":1.5"),
  " { \"message\" : " MESSAGE ("") " , \"event\" : \"message\" } ",
};

static const char *const others[] = {
  "", "{}", "[]", "{\"event\":\"message\"}",
  CHUNK (MESSAGE (""), ",\"thread_id\":\"other\""), CHUNK (MESSAGE (""), ",\"metadata\":{\"thread_id\":\"other\"}"),
  CHUNK (MESSAGE (""), ",\"metadata\":{\"thread_id\":7}"), CHUNK (MESSAGE (""), ",\"metadata\":null"), CHUNK (MESSAGE (""), ",\"event\":\"message\""),
  CHUNK (MESSAGE (",\"role\":\"tool\""), ""), CHUNK (MESSAGE (",\"delta\":true"), ""), CHUNK (MESSAGE (",\"x\":01"), ""),
  CHUNK (MESSAGE (",\"x\":nul"), ""), CHUNK (MESSAGE (",\"x\":[1,]"), ""), CHUNK (MESSAGE (",\"x\":\"\\u00e9\""), ""),
  CHUNK (MESSAGE (",\"x\":[[[[[[[[[1]]]]]]]]]"), ""), CHUNK (MESSAGE (""), "") "x", CHUNK (MESSAGE (""), ","),
  "{\"event\":\"updates\",\"message\":" MESSAGE ("") "}", "{\"event\":\"message\",\"message\":" MESSAGE ("") ",\"state\":{}}",
  "{\"event\":\"message\",\"message\":" MESSAGE ("") ",\"data\":{}}", "{\"event\":\"message\",\"message\":null}",
  "{\"event\":\"message\",\"message\":{\"role\":\"assistant\"," CONTENT ",\"delta\":false}}",
  "{\"event\":\"message\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"delta\":true}}",
  "{\"event\":\"message\",\"message\":{\"role\":\"assistant\",\"content\":[],\"delta\":true}}",
  "{\"event\":\"message\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"reasoning\",\"text\":\"Hi\"}],\"delta\":true}}",
  "{\"event\":\"message\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"a\\u0000b\"}],\"delta\":true}}",
  "{\"event\":\"message\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"\xff\"}],\"delta\":true}}",
  "{\"event\":\"message\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\",\"annotations\":[{}]}],\"delta\":true}}",
};

static void
test_agentflow (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autofree char *text = bobbin_agentflow_scan_delta (plain[i], strlen (plain[i]), "t");

      g_assert_cmpstr (text, ==, "Hi");
      /* cut anywhere it is none */
      for (gsize length = 0; length + 2 < strlen (plain[i]); length++)
        {
          g_autofree char *cut = bobbin_agentflow_scan_delta (plain[i], length, "t");

          g_assert_null (cut);
        }
    }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *text = bobbin_agentflow_scan_delta (others[i], strlen (others[i]), "t");

      g_test_message ("%s", others[i]);
      g_assert_null (text);
    }
}

static void
test_aibtc (void)
{
  static const struct { const char *frame; const char *text; } rows[] = {
    { "{\"type\":\"token\",\"status\":\"processing\",\"content\":\"Hi\",\"thread_id\":\"T\",\"agent_id\":null,\"created_at\":\"x\",\"role\":\"assistant\"}", "Hi" },
    { "{\"content\":\"\\n\",\"status\":\"processing\",\"type\":\"token\",\"thread_id\":\"T\"}", "\n" },
    { "{\"type\":\"token\",\"status\":\"complete\",\"content\":\"Hi\",\"thread_id\":\"T\"}", NULL },
    { "{\"type\":\"tool\",\"status\":\"processing\",\"content\":\"Hi\",\"thread_id\":\"T\"}", NULL },
    { "{\"type\":\"token\",\"status\":\"processing\",\"content\":null,\"thread_id\":\"T\"}", NULL },
    { "{\"type\":\"token\",\"status\":\"processing\",\"content\":\"Hi\",\"thought\":\"x\"}", NULL },
    { "{\"type\":\"token\",\"type\":\"token\",\"status\":\"processing\",\"content\":\"Hi\"}", NULL },
    { "{\"type\":\"token\",\"status\":\"processing\"}", NULL }, { "", NULL }, { "[]", NULL }, { "{", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *thread_id = NULL;
      gsize length = 0;
      g_autofree char *text = bobbin_aibtc_scan_token (rows[i].frame, strlen (rows[i].frame), &thread_id, &length);

      g_assert_cmpstr (text, ==, rows[i].text);
      if (text != NULL)
        g_assert_cmpmem (thread_id, length, "T", 1);
    }
}

static void
test_skip (void)
{
  static const struct { const char *json; gboolean skipped; } rows[] = {
    { "null", TRUE }, { " true", TRUE }, { "-0.5e+10", TRUE }, { "0", TRUE }, { "\"a\"", TRUE }, { "{\"a\":[{},[]]}", TRUE },
    { "", FALSE }, { "-", FALSE }, { "00", FALSE }, { "1.", FALSE }, { "1e", FALSE }, { "\"a", FALSE }, { "{\"a\"}", FALSE },
    { "{a:1}", FALSE }, { "[1 2]", FALSE }, { "{\"a\":1]", FALSE }, { "\"\\x\"", FALSE }, { "\"\xff\"", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      BobbinJsonCursor c = { rows[i].json, rows[i].json + strlen (rows[i].json) };

      g_assert_cmpint (bobbin_json_skip_value (&c) && bobbin_json_at_end (&c), ==, rows[i].skipped);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentflow-delta/agentflow", test_agentflow);
  g_test_add_func ("/agentflow-delta/aibtc", test_aibtc);
  g_test_add_func ("/agentflow-delta/skip", test_skip);

  return g_test_run ();
}
