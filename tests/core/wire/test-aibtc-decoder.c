#include "config.h"
#include "wire/bobbin-aibtc-decoder.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire-support.h"

#include <string.h>

/* Frames, one a line, and what comes of them; then how the turn stands. */
typedef struct
{
  const char *name;
  const char *frames;
  const char *expected;
} Case;

#define TOKEN(status, content) "{\"type\":\"token\",\"status\":\"" status "\",\"content\":\"" content "\",\"thread_id\":\"T\"}\n"
#define MESSAGE(id, content) "{\"type\":\"message\",\"id\":\"" id "\",\"role\":\"assistant\",\"content\":\"" content "\"}\n"

static const Case cases[] = {
  { "S2", "{\"type\":\"step\",\"status\":\"planning\",\"content\":\"Look \",\"thought\":\"P\"}\n{\"type\":\"step\",\"status\":\"planning\",\"content\":\"up.\"}\n"
    "{\"type\":\"tool\",\"status\":\"processing\",\"tool\":\"price\",\"tool_input\":\"{'a': 1}\",\"tool_output\":\"0.1\"}\n"
    TOKEN ("processing", "PEPE is") TOKEN ("processing", " at 0.1.") "{\"type\":\"ping\"}\n",
    "turn-started\n" "block plan/0 thinking delta text=<Look >\n" "block plan/0 thinking delta text=<up.>\n"
    "block tool/1 tool-call complete name=<price> call=<tool/1> data=<{'a': 1}>\n"
    "block tool/1 tool-call complete result name=<price> call=<tool/1> output=<0.1>\n"
    "block text/2 text delta text=<PEPE is>\n" "block text/2 text delta text=< at 0.1.>\n" "= streaming\n" },
  { "S1, a tool at its start", "{\"type\":\"tool\",\"tool\":\"price\",\"tool_input\":\"PEPE\",\"tool_output\":\"None\"}\n",
    "turn-started\n" "block tool/0 tool-call complete name=<price> call=<tool/0> data=<PEPE>\n" "= tool\n" },
  { "S1, the end", TOKEN ("processing", "0.1") TOKEN ("end", ""), "turn-started\n" "block text/0 text delta text=<0.1>\n" "= hard\n" },
  { "a tool that failed", "{\"type\":\"tool\",\"tool\":\"p\",\"tool_input\":{\"a\":1},\"tool_output\":\"\"}\n{\"type\":\"tool\",\"status\":\"error\",\"tool\":\"p\",\"tool_input\":{\"a\":1},\"tool_output\":\"Error: no\"}\n",
    "turn-started\n" "block tool/0 tool-call complete name=<p> call=<tool/0> data=<{\"a\":1}>\n"
    "block tool/0 tool-call complete name=<p> call=<tool/0> data=<{\"a\":1}>\n"
    "block tool/0 tool-call complete result error name=<p> call=<tool/0> output=<Error: no>\n" "= streaming\n" },
  { "rule T: all of it", TOKEN ("processing", "PEPE") TOKEN ("complete", "PEPE is up"),
    "turn-started\n" "block text/0 text delta text=<PEPE>\n" "block text/0 text delta text=< is up>\n" "= hard\n" },
  { "rule T: the last piece", TOKEN ("processing", "PEPE") TOKEN ("complete", " is up"),
    "turn-started\n" "block text/0 text delta text=<PEPE>\n" "block text/0 text delta text=< is up>\n" "= hard\n" },
  { "token error", TOKEN ("processing", "PEPE") TOKEN ("error", "Error: no"), "turn-started\n" "block text/0 text delta text=<PEPE>\n" "= hard server \"Error: no\"\n" },
  { "D: received, cumulative", "{\"type\":\"message_received\",\"id\":\"m3\",\"job_id\":\"j\"}\n" MESSAGE ("m4", "The smallest") MESSAGE ("m4", "The smallest turnout."),
    "accepted\n" "turn-started\n" "block text/0 text delta text=<The smallest>\n" "block text/0 text delta text=< turnout.>\n" "= soft ids\n" },
  { "D: deltas, then another", MESSAGE ("m4", "One") MESSAGE ("m4", " two") MESSAGE ("m5", "Three"),
    "turn-started\n" "block text/0 text delta text=<One>\n" "block text/0 text delta text=< two>\n" "block text/1 text delta text=<Three>\n" "= soft ids\n" },
  { "without a type, echo, legacy", "{\"role\":\"assistant\",\"content\":\"Hi\"}\n{\"type\":\"message\",\"role\":\"user\",\"content\":\"me\"}\n{\"type\":\"job_started\"}\n{\"type\":7}\n",
    "turn-started\n" "block text/0 text delta text=<Hi>\n" "= streaming\n" },
  { "error frame", "{\"type\":\"error\",\"message\":\"Invalid UUID format\"}\n", "= hard invalid \"Invalid UUID format\"\n" },
  { "completion, null content, no JSON", "{\"type\":\"token\",\"status\":\"processing\",\"content\":null}\nno\n{\"type\":\"completion\"}\n", "! protocol\n= hard\n" },
};

static void
test_case (gconstpointer data)
{
  static const char *const states[] = { "waiting", "streaming", "tool", "soft", "hard" };
  const Case *c = data;
  g_autoptr(BobbinAibtcDecoder) decoder = bobbin_aibtc_decoder_new ();
  g_auto(GStrv) frames = g_strsplit (c->frames, "\n", -1);
  g_autoptr(GString) out = g_string_new (NULL);
  const BobbinFailure *failure;
  BobbinEvent *event;

  for (gsize i = 0; frames[i] != NULL && *frames[i] != '\0'; i++)
    {
      g_autoptr(GError) error = NULL;

      if (!bobbin_aibtc_decoder_push (decoder, frames[i], -1, &error))
        g_string_append_printf (out, "! %s\n", bobbin_error_code_nick ((BobbinErrorCode) error->code));
      while ((event = bobbin_aibtc_decoder_pop (decoder)) != NULL)
        {
          g_autofree char *text = describe_event (event);

          g_string_append_printf (out, "%s\n", text);
          bobbin_event_free (event);
        }
    }
  failure = bobbin_aibtc_decoder_get_failure (decoder);
  g_string_append_printf (out, "= %s%s", states[bobbin_aibtc_decoder_get_progress (decoder)], bobbin_aibtc_decoder_has_ids (decoder) ? " ids" : "");
  if (failure != NULL)
    g_string_append_printf (out, " %s \"%s\"", bobbin_error_code_nick (failure->code), failure->detail);
  g_string_append_c (out, '\n');
  g_assert_cmpstr (out->str, ==, c->expected);
}

static void
test_put_right (void)
{
  g_autoptr(BobbinAibtcDecoder) decoder = bobbin_aibtc_decoder_new ();
  BobbinEvent *event = NULL;

  g_assert_true (bobbin_aibtc_decoder_push (decoder, "{\"type\":\"token\",\"status\":\"processing\",\"content\":\"PEPE is\"}", -1, NULL));
  bobbin_aibtc_decoder_put_right (decoder, "PEPE is up");
  bobbin_aibtc_decoder_put_right (decoder, "Other");
  for (guint i = 0; i < 4; i++)
    {
      bobbin_event_free (event);
      event = bobbin_aibtc_decoder_pop (decoder);
    }
  g_assert_cmpstr (event->text, ==, "Other");
  g_assert_true (event->replace);
  bobbin_event_free (event);
}

static void
test_entries (void)
{
  static const char *const frames[] = {
    "{\"type\":\"user\",\"role\":\"user\",\"content\":\"Price?\",\"created_at\":\"2025-06-20T10:00:00.2+00:00\"}",
    "{\"type\":\"step\",\"status\":\"planning\",\"content\":\"Look.\",\"thought\":\"P\",\"created_at\":\"2025-06-20T09:59:59+00:00\"}",
    "{\"type\":\"tool\",\"status\":\"complete\",\"tool\":\"price\",\"tool_input\":\"x\",\"tool_output\":\"1\",\"created_at\":\"2025-06-20T10:00:03+00:00\"}",
    "{\"type\":\"token\",\"status\":\"complete\",\"role\":\"assistant\",\"content\":\"One.\",\"created_at\":\"2025-06-20T10:00:05+00:00\",\"agent_id\":\"None\"}",
    "{\"type\":\"user\",\"role\":\"user\",\"content\":\"And?\",\"created_at\":\"2025-06-20T10:01:00+00:00\"}",
  };
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr(GPtrArray) messages = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      JsonObject *frame = bobbin_json_parse_object (frames[i], -1, NULL);

      g_assert_true (bobbin_aibtc_is_entry (frame));
      g_ptr_array_add (entries, frame);
    }
  messages = bobbin_aibtc_messages_from_entries (entries);
  g_assert_cmpuint (messages->len, ==, 3);
  g_assert_cmpuint (bobbin_message_get_n_blocks (messages->pdata[1]), ==, 3);
  g_assert_cmpint (bobbin_block_get_kind (bobbin_message_get_block (messages->pdata[1], 0)), ==, BOBBIN_BLOCK_THINKING);
  g_assert_null (bobbin_message_get_agent_id (messages->pdata[1]));
}

/* Sections 2 and 8. */
static void
test_ends (void)
{
  static const struct { guint code; gboolean spoke; BobbinErrorCode error; } closes[] = {
    { 1000, TRUE, BOBBIN_ERROR_NETWORK }, { 1001, TRUE, BOBBIN_ERROR_NETWORK }, { 1006, TRUE, BOBBIN_ERROR_NETWORK }, { 1002, TRUE, BOBBIN_ERROR_PROTOCOL },
    { 1007, TRUE, BOBBIN_ERROR_PROTOCOL }, { 1008, FALSE, BOBBIN_ERROR_AUTH }, { 1008, TRUE, BOBBIN_ERROR_RATE_LIMITED }, { 1009, TRUE, BOBBIN_ERROR_TOO_LARGE },
    { 1011, TRUE, BOBBIN_ERROR_NETWORK }, { 4000, TRUE, BOBBIN_ERROR_FAILED },
  };
  static const struct { guint status; BobbinErrorCode error; } statuses[] = {
    { 401, BOBBIN_ERROR_AUTH }, { 403, BOBBIN_ERROR_FORBIDDEN }, { 404, BOBBIN_ERROR_PROTOCOL }, { 400, BOBBIN_ERROR_PROTOCOL },
    { 426, BOBBIN_ERROR_PROTOCOL }, { 429, BOBBIN_ERROR_RATE_LIMITED }, { 500, BOBBIN_ERROR_SERVER }, { 502, BOBBIN_ERROR_SERVER }, { 200, BOBBIN_ERROR_PROTOCOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (closes); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_aibtc_failure_from_close (closes[i].code, NULL, closes[i].spoke);

      g_assert_cmpstr (bobbin_error_code_nick (failure->code), ==, bobbin_error_code_nick (closes[i].error));
      g_assert_cmpuint (failure->close_code, ==, closes[i].code);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_aibtc_failure_from_status (statuses[i].status, -1);

      g_assert_cmpstr (bobbin_error_code_nick (failure->code), ==, bobbin_error_code_nick (statuses[i].error));
      g_assert_cmpint (failure->certainty, ==, BOBBIN_CERTAINTY_UNSENT);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/aibtc-decoder/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/wire/aibtc-decoder/put-right", test_put_right);
  g_test_add_func ("/wire/aibtc-decoder/entries", test_entries);
  g_test_add_func ("/wire/aibtc-decoder/ends", test_ends);

  return g_test_run ();
}
