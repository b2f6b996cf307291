#include "config.h"
#include "wire/bobbin-nebelus-decoder.h"

#include "wire-support.h"

#include <string.h>
#include <time.h>

typedef struct
{
  const char *blocks;   /* data of content_block events, one a line; behind a "!" a whole frame */
  const char *expected; /* as describe_event(), without the word "block" */
} Case;

static char *
make_frames (const char *blocks)
{
  g_auto(GStrv) lines = g_strsplit (blocks, "\n", -1);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] == '!')
      g_string_append_printf (out, "%s\n", lines[i] + 1);
    else if (*lines[i] != '\0')
      g_string_append_printf (out, "{\"event\":\"content_block\",\"data\":%s}\n", lines[i]);

  return g_string_free (out, FALSE);
}

static void
assert_cases (const Case *cases,
              gsize       n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autofree char *frames = make_frames (cases[i].blocks);
      g_autofree char *fast = decode_frames (frames, TRUE);
      g_autofree char *slow = decode_frames (frames, FALSE);
      g_autofree char *body = frames_to_sse (frames);
      gsize length = strlen (body);

      g_assert_cmpstr (fast, ==, cases[i].expected);
      g_assert_cmpstr (slow, ==, cases[i].expected);
      for (gsize split = 0; split < length; split++)
        {
          g_autofree char *sse = decode_sse (body, length, split);

          g_assert_cmpstr (sse, ==, cases[i].expected);
        }
    }
}

#define TEXT(state, index, text) \
  "{\"content_type\":\"text\",\"state\":\"" state \
  "\",\"index\":" index ",\"data\":{\"text\":\"" text "\"}}\n"
#define EMPTY(state, index) "{\"content_type\":\"text\",\"state\":\"" state "\",\"index\":" index "}\n"
#define TABLE(index, data) \
  "{\"content_type\":\"table\",\"state\":\"complete\",\"index\":" index ",\"data\":" data "}\n"

static const Case text[] = {
  { EMPTY ("start", "0") TEXT ("delta", "0", "a") TEXT ("delta", "0", "b") EMPTY ("complete", "0"),
    "block text:0 text start\nblock text:0 text delta text=<a>\nblock text:0 text delta text=<b>\n"
    "block text:0 text complete\n" },
  /* no start, no complete */
  { TEXT ("delta", "0", "a"), "block text:0 text delta text=<a>\n" },
  /* text of "complete" counts only when no delta came */
  { TEXT ("complete", "0", "whole"), "block text:0 text complete text=<whole>\n" },
  { EMPTY ("start", "0") TEXT ("complete", "0", "whole"), "block text:0 text start\nblock text:0 text complete "
    "text=<whole>\n" },
  { TEXT ("delta", "0", "a") TEXT ("complete", "0", "whole"), "block text:0 text delta text=<a>\n"
    "block text:0 text complete\n" },
  { TEXT ("start", "0", "a") TEXT ("complete", "0", "whole"), "block text:0 text delta text=<a>\n"
    "block text:0 text complete\n" },
  { EMPTY ("complete", "0"), "" },
  /* the same index for text and thinking */
  { "{\"content_type\":\"thinking\",\"state\":\"delta\",\"index\":0,\"data\":{\"thinking\":\"hm\"}}\n"
    TEXT ("delta", "0", "a")
    "{\"content_type\":\"thinking\",\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"ha\"}}\n"
    TEXT ("delta", "0", "b"),
    "block thinking:0 thinking delta text=<hm>\nblock text:0 text delta text=<a>\n"
    "block thinking:0 thinking delta text=<ha>\nblock text:0 text delta text=<b>\n" },
  /* one index used again for a later block */
  { TEXT ("delta", "0", "a") EMPTY ("complete", "0") EMPTY ("start", "0") TEXT ("delta", "0", "b")
    EMPTY ("complete", "0"),
    "block text:0 text delta text=<a>\nblock text:0 text complete\nblock text:0#1 text start\n"
    "block text:0#1 text delta text=<b>\n"
    "block text:0#1 text complete\n" },
  { TEXT ("delta", "0", "a") EMPTY ("complete", "0") TABLE ("1", "{\"x\":1}") TEXT ("delta", "0", "b"),
    "block text:0 text delta text=<a>\nblock text:0 text complete\nblock table:1 table complete data=<{\"x\":1}>\n"
    "block text:0#1 text delta text=<b>\n" },
  { TEXT ("complete", "0", "one") TEXT ("complete", "0", "second"),
    "block text:0 text complete text=<one>\nblock text:0#1 text complete text=<second>\n" },
  /* frames repeated */
  { EMPTY ("start", "0") EMPTY ("start", "0") TEXT ("complete", "0", "a") TEXT ("complete", "0", "a")
    EMPTY ("complete", "0"),
    "block text:0 text start\nblock text:0 text start\nblock text:0 text complete text=<a>\n" },
  /* no index: a new block once another came between */
  { "{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}\n{\"state\":\"delta\",\"data\":{\"text\":\"b\"}}\n"
    TABLE ("0", "1")
    "{\"state\":\"delta\",\"data\":{\"text\":\"c\"}}\n{\"state\":\"delta\",\"data\":{\"text\":\"d\"}}",
    "block text:- text delta text=<a>\nblock text:- text delta text=<b>\nblock table:0 table complete data=<1>\n"
    "block text:-#1 text delta text=<c>\nblock text:-#1 text delta text=<d>\n" },
  /* where text may lie */
  { "{\"state\":\"delta\",\"data\":\"a\"}\n{\"state\":\"delta\",\"text\":\"b\"}\n{\"state\":\"delta\","
    "\"data\":{\"content\":\"c\",\"text\":null}}\n"
    "{\"content_type\":\"text\",\"state\":\"delta\",\"data\":{\"text\":12.5}}\n{\"content_type\":\"text\","
    "\"data\":{\"text\":\"e\"}}",
    "block text:- text delta text=<a>\nblock text:- text delta text=<b>\nblock text:- text delta text=<c>\n"
    "block text:- text delta text=<12.5>\nblock text:- text delta text=<e>\n" },
  /* wrong types */
  { "{\"content_type\":\"text\",\"state\":7,\"index\":\"x\",\"data\":[1]}\n{\"content_type\":\"text\","
    "\"state\":\"delta\",\"index\":\"3\",\"data\":{\"text\":{}}}\n"
    "{\"content_type\":\"text\",\"state\":\"odd\",\"index\":-7,\"data\":{\"text\":\"x\"}}",
    "block text:- text start\nblock text:3 text delta text=<>\nblock text:-#1 text delta text=<x>\n" },
  /* another turn begins: keys begin again */
  { TEXT ("delta", "0", "a") EMPTY ("complete", "0") "!{\"event\":\"message_stop\"}\n" TEXT ("delta", "0", "b"),
    "block text:0 text delta text=<a>\nblock text:0 text complete\nturn-stopped\nblock text:0 text delta "
    "text=<b>\n" },
  { "!{\"event\":\"message_start\",\"data\":{\"completion_id\":\"1\"}}\n" TEXT ("delta", "0", "a")
    "!{\"event\":\"message_start\",\"data\":{\"completion_id\":\"1\"}}\n"
    TEXT ("delta", "0", "b") "!{\"event\":\"message_start\",\"data\":{\"completion_id\":\"2\"}}\n"
    TEXT ("delta", "0", "c"),
    "turn-started message=<1>\nblock text:0 text delta text=<a>\nblock text:0 text delta text=<b>\n"
    "turn-started message=<2>\nblock text:0 text delta text=<c>\n" },
  /* announced late: the same turn */
  { TEXT ("delta", "0", "a") EMPTY ("complete", "0") "!{\"event\":\"message_start\"}\n" EMPTY ("start", "0"),
    "block text:0 text delta text=<a>\nblock text:0 text complete\nturn-started\nblock text:0#1 text start\n" },
};

static const Case data[] = {
  { TABLE ("0", "{\"headers\":[\"a\"],\"rows\":[[1]]}"), "block table:0 table complete "
    "data=<{\"headers\":[\"a\"],\"rows\":[[1]]}>\n" },
  { "{\"content_type\":\"chart\",\"data\":{\"type\":\"bar\"}}", "block chart:- chart complete "
    "data=<{\"type\":\"bar\"}>\n" },
  { "{\"content_type\":\"json_data\",\"state\":\"complete\",\"index\":1,\"data\":[1,null]}",
    "block json_data:1 json complete data=<[1,null]>\n" },
  { "{\"content_type\":\"json_data\",\"state\":\"complete\",\"index\":1}", "block json_data:1 json complete\n" },
  { "{\"content_type\":\"hologram\",\"state\":\"complete\",\"index\":1,\"data\":\"x\"}",
    "block hologram:1 unknown complete name=<hologram> data=<\"x\">\n" },
  { "{\"content_type\":\"hologram\",\"x\":1}", "block hologram:- unknown complete name=<hologram> "
    "data=<{\"content_type\":\"hologram\",\"x\":1}>\n" },
  { "{\"content_type\":7,\"data\":{\"a\":1}}", "block 7:- unknown complete name=<7> data=<{\"a\":1}>\n" },
  { "{\"content_type\":[],\"data\":{\"a\":1}}", "block unknown:- unknown complete name=<unknown> "
    "data=<{\"a\":1}>\n" },
  { "{\"state\":\"complete\",\"data\":{\"a\":1}}", "block unknown:- unknown complete name=<unknown> "
    "data=<{\"a\":1}>\n" },
  /* pieces replace what was there */
  { "{\"content_type\":\"table\",\"state\":\"start\",\"index\":0}\n{\"content_type\":\"table\","
    "\"state\":\"delta\",\"index\":0,\"data\":{\"rows\":[1]}}\n"
    "{\"content_type\":\"table\",\"state\":\"delta\",\"index\":0,\"data\":{\"rows\":[1,2]}}\n"
    "{\"content_type\":\"table\",\"state\":\"complete\",\"index\":0}",
    "block table:0 table start\nblock table:0 table start data=<{\"rows\":[1]}>\nblock table:0 table start "
    "data=<{\"rows\":[1,2]}>\n"
    "block table:0 table complete\n" },
  /* the same frame twice is one block, another one with the same index is another */
  { TABLE ("0", "[1]") TABLE ("0", "[1]") TABLE ("0", "[2]") TABLE ("0", "[2]"),
    "block table:0 table complete data=<[1]>\nblock table:0#1 table complete data=<[2]>\n" },
};

static const Case code[] = {
  { "{\"content_type\":\"code_block\",\"state\":\"complete\",\"index\":0,\"data\":{\"language\":\"c\","
    "\"content\":\"int x;\"}}",
    "block code_block:0 code complete name=<c> text=<int x;>\n" },
  { "{\"content_type\":\"code_block\",\"data\":{\"lang\":\"c\",\"code\":\"int x;\"}}",
    "block code_block:- code complete name=<c> text=<int x;>\n" },
  { "{\"content_type\":\"code_block\",\"data\":\"int x;\"}", "block code_block:- code complete text=<int x;>\n" },
  { "{\"content_type\":\"code_block\",\"data\":{\"cells\":[1]}}", "block code_block:- unknown complete "
    "name=<code_block> data=<{\"cells\":[1]}>\n" },
  { "{\"content_type\":\"code_block\",\"state\":\"start\",\"index\":0,\"data\":{\"language\":\"c\"}}\n"
    "{\"content_type\":\"code_block\",\"state\":\"delta\",\"index\":0,\"data\":{\"content\":\"int \"}}\n"
    "{\"content_type\":\"code_block\",\"state\":\"delta\",\"index\":0,\"data\":{\"content\":\"x;\"}}\n"
    "{\"content_type\":\"code_block\",\"state\":\"complete\",\"index\":0,\"data\":{\"content\":\"int x;\"}}",
    "block code_block:0 code start name=<c>\nblock code_block:0 code delta text=<int >\n"
    "block code_block:0 code delta text=<x;>\n"
    "block code_block:0 code complete\n" },
};

#define USE(state, index, data) \
  "{\"content_type\":\"tool_use\",\"state\":\"" state \
  "\",\"index\":" index ",\"data\":" data "}\n"
#define RESULT(index, data) \
  "{\"content_type\":\"tool_result\",\"state\":\"complete\",\"index\":" index ",\"data\":" data "}\n"

static const Case tools[] = {
  /* the names of members */
  { USE ("complete", "0", "{\"tool_name\":\"f\",\"tool_call_id\":\"c\",\"input\":{\"a\":1}}"),
    "block tool_use:0 tool-call complete name=<f> call=<c> data=<{\"a\":1}>\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"id\":\"c\",\"args\":{\"a\":1}}"),
    "block tool_use:0 tool-call complete name=<f> call=<c> data=<{\"a\":1}>\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"id\":7,\"args\":\"{\\\"a\\\": 1}\"}"),
    "block tool_use:0 tool-call complete name=<f> call=<7> data=<{\"a\":1}>\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"input\":\"plain\"}"), "block tool_use:0 tool-call complete name=<f> "
    "data=<\"plain\">\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"input\":\"7\"}"), "block tool_use:0 tool-call complete name=<f> "
    "data=<\"7\">\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"input\":\"\"}"), "block tool_use:0 tool-call complete name=<f>\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"input\":[1]}"), "block tool_use:0 tool-call complete name=<f> "
    "data=<[1]>\n" },
  { USE ("complete", "0", "{\"name\":{},\"input\":null,\"id\":[]}"), "block tool_use:0 tool-call complete\n" },
  { USE ("complete", "0", "7"), "block tool_use:0 tool-call complete data=<7>\n" },
  { "{\"content_type\":\"tool_use\",\"name\":\"f\",\"input\":{}}", "block tool_use:- tool-call complete name=<f> "
    "data=<{}>\n" },
  /* start shows the card, parts of arguments do not count */
  { USE ("start", "0", "{\"name\":\"f\",\"id\":\"c\"}") USE ("delta", "0",
    "{\"id\":\"c\",\"input\":\"{\\\"a\"}") USE ("complete", "0", "{\"id\":\"c\",\"input\":{\"a\":1}}")
    RESULT ("1", "{\"tool_call_id\":\"c\",\"output\":\"ok\"}"),
    "block tool_use:0 tool-call start name=<f> call=<c>\nblock tool_use:0 tool-call start name=<f> call=<c>\n"
    "block tool_use:0 tool-call complete name=<f> call=<c> data=<{\"a\":1}>\n"
    "block tool_use:0 tool-call complete result name=<f> call=<c> output=<ok>\n" },
  /* by name where there is no id */
  { USE ("complete", "0", "{\"name\":\"f\"}") USE ("complete", "1", "{\"name\":\"g\"}") RESULT ("2",
    "{\"name\":\"g\",\"content\":{\"x\":1}}") RESULT ("3", "{\"name\":\"f\",\"output\":[1]}"),
    "block tool_use:0 tool-call complete name=<f>\nblock tool_use:1 tool-call complete name=<g>\n"
    "block tool_use:1 tool-call complete result name=<g> output=<{\"x\":1}>\n"
    "block tool_use:0 tool-call complete result name=<f> output=<[1]>\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"id\":\"a\"}") USE ("complete", "1",
    "{\"name\":\"f\",\"id\":\"b\"}") RESULT ("2", "{\"tool_call_id\":\"zz\",\"name\":\"f\",\"output\":\"1\"}")
    RESULT ("3", "{\"name\":\"f\",\"output\":\"2\"}"),
    "block tool_use:0 tool-call complete name=<f> call=<a>\nblock tool_use:1 tool-call complete name=<f> call=<b>\n"
    "block tool_use:0 tool-call complete result name=<f> call=<a> output=<1>\n"
    "block tool_use:1 tool-call complete result name=<f> call=<b> output=<2>\n" },
  { USE ("complete", "0", "{\"name\":\"f\"}") RESULT ("1", "{\"output\":\"1\"}"),
    "block tool_use:0 tool-call complete name=<f>\nblock tool_use:0 tool-call complete result name=<f> "
    "output=<1>\n" },
  /* a card of its own */
  { RESULT ("4", "{\"tool_call_id\":\"c\",\"name\":\"f\",\"output\":\"1\"}") RESULT ("5", "{\"output\":true}")
    RESULT ("6", "\"plain\""),
    "block tool_result:4 tool-call complete result name=<f> call=<c> output=<1>\n"
    "block tool_result:5 tool-call complete result output=<true>\n"
    "block tool_result:6 tool-call complete result output=<plain>\n" },
  /* the result ahead of its call */
  { RESULT ("5", "{\"tool_call_id\":\"c\",\"output\":\"1\"}") USE ("complete", "4",
    "{\"name\":\"f\",\"id\":\"c\",\"input\":{\"a\":1}}"),
    "block tool_result:5 tool-call complete result call=<c> output=<1>\nblock tool_result:5 tool-call complete "
    "name=<f> call=<c> data=<{\"a\":1}>\n" },
  /* one index for several calls */
  { USE ("complete", "0", "{\"name\":\"f\",\"id\":\"a\",\"input\":{}}") USE ("complete", "0",
    "{\"name\":\"f\",\"id\":\"b\",\"input\":{}}") USE ("complete", "0",
    "{\"name\":\"f\",\"id\":\"b\",\"input\":{}}"),
    "block tool_use:0 tool-call complete name=<f> call=<a> data=<{}>\nblock tool_use:0#1 tool-call complete "
    "name=<f> call=<b> data=<{}>\n" },
  { USE ("complete", "0", "{\"name\":\"f\",\"input\":[1]}") USE ("complete", "0",
    "{\"name\":\"f\",\"input\":[1]}") USE ("complete", "0", "{\"name\":\"f\",\"input\":[2]}") USE ("complete",
    "0", "{\"name\":\"g\"}"),
    "block tool_use:0 tool-call complete name=<f> data=<[1]>\nblock tool_use:0#1 tool-call complete name=<f> "
    "data=<[2]>\n"
    "block tool_use:0#2 tool-call complete name=<g>\n" },
  /* failures */
  { RESULT ("0", "{\"id\":\"a\",\"output\":\"x\",\"is_error\":true}") RESULT ("1",
    "{\"id\":\"b\",\"status\":\"error\",\"error\":\"no\"}") RESULT ("2",
    "{\"id\":\"c\",\"error\":false,\"output\":\"x\"}")
    RESULT ("3", "{\"id\":\"d\",\"error\":{\"m\":1}}"),
    "block tool_result:0 tool-call complete result error call=<a> output=<x>\n"
    "block tool_result:1 tool-call complete result error call=<b> output=<no>\n"
    "block tool_result:2 tool-call complete result call=<c> output=<x>\n"
    "block tool_result:3 tool-call complete result error call=<d> output=<{\"m\":1}>\n" },
  { "{\"content_type\":\"tool_result\",\"state\":\"start\",\"index\":1,\"data\":{\"id\":\"a\"}}\n"
    "{\"content_type\":\"tool_result\",\"state\":\"delta\",\"index\":1,\"data\":{\"id\":\"a\"}}\n"
    RESULT ("1", "{\"id\":\"a\",\"output\":\"x\"}"), "block tool_result:1 tool-call complete result call=<a> "
    "output=<x>\n" },
};

static void
test_text (void)
{
  assert_cases (text, G_N_ELEMENTS (text));
}

static void
test_data (void)
{
  assert_cases (data, G_N_ELEMENTS (data));
}

static void
test_code (void)
{
  assert_cases (code, G_N_ELEMENTS (code));
}

static void
test_tools (void)
{
  assert_cases (tools, G_N_ELEMENTS (tools));
}

/* CPU time for @n blocks of their own, each a tool with its result. */
static double
time_blocks (guint n)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  clock_t begun = clock ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *use = g_strdup_printf ("{\"event\":\"content_block\","
      "\"data\":{\"content_type\":\"tool_use\",\"index\":0,\"data\":{\"name\":\"f\",\"id\":\"%u\"}}}", i);
      g_autofree char *result = g_strdup_printf ("{\"event\":\"content_block\","
      "\"data\":{\"content_type\":\"tool_result\",\"data\":{\"name\":\"g\"}}}");
      BobbinEvent *event;

      g_assert_true (bobbin_nebelus_decoder_push_frame (decoder, use, -1, NULL));
      g_assert_true (bobbin_nebelus_decoder_push_frame (decoder, result, -1, NULL));
      while ((event = bobbin_nebelus_decoder_pop (decoder)) != NULL)
        bobbin_event_free (event);
    }

  return (double) (clock () - begun);
}

/* A turn of very many blocks costs what it sends: four times as many cost four times as much, where looking for each among all
 * would cost sixteen times. A ratio of best runs, so that the machine does not matter. */
static void
test_many (void)
{
  double few = G_MAXDOUBLE;
  double many = G_MAXDOUBLE;

  for (guint run = 0; run < 2; run++)
    {
      few = MIN (few, time_blocks (1000));
      many = MIN (many, time_blocks (4000));
    }
  g_assert_cmpfloat (many, <, 8 * few);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nebelus-blocks/text", test_text);
  g_test_add_func ("/wire/nebelus-blocks/data", test_data);
  g_test_add_func ("/wire/nebelus-blocks/code", test_code);
  g_test_add_func ("/wire/nebelus-blocks/tools", test_tools);
  g_test_add_func ("/wire/nebelus-blocks/many", test_many);

  return g_test_run ();
}
