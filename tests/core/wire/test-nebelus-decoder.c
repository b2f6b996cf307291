#include "config.h"
#include "wire/bobbin-nebelus-decoder.h"

#include "util/bobbin-error.h"
#include "wire-support.h"

#include <string.h>

typedef struct
{
  const char *frames;   /* one a line */
  const char *expected; /* one event a line; "! nick" for a frame refused */
} Case;

/* Both paths, and the same frames as SSE. */
static void
assert_case (const Case *c)
{
  g_autofree char *fast = decode_frames (c->frames, TRUE);
  g_autofree char *slow = decode_frames (c->frames, FALSE);

  g_assert_cmpstr (fast, ==, c->expected);
  g_assert_cmpstr (slow, ==, c->expected);
}

static void
assert_case_as_sse (const Case *c)
{
  g_autofree char *body = frames_to_sse (c->frames);
  gsize length = strlen (body);

  for (gsize split = 0; split < length; split++)
    {
      g_autofree char *got = decode_sse (body, length, split);

      g_assert_cmpstr (got, ==, c->expected);
    }
}

/* Well-formed events, and every variant the reference tells to accept. */
static const Case events[] = {
  { "{\"event\":\"connection\",\"data\":{\"status\":\"connected\",\"agent_id\":\"a\",\"agent_name\":\"Ledger\","
    "\"thread_id\":\"t1\",\"thread_title\":\"\"}}",
    "ready thread=<t1> agent=<a> name=<Ledger>\n" },
  { "{\"event\":\"connection\",\"data\":{\"thread_id\":\"t1\",\"thread_title\":\"Old talk\"}}",
    "ready thread=<t1> text=<Old talk>\n" },
  { "{\"event\":\"connection\"}", "ready\n" },
  { "{\"event\":\"message_start\",\"data\":{\"completion_id\":\"c\",\"model\":\"m\",\"agent_message_id\":\"am\"}}",
    "turn-started message=<am> model=<m>\n" },
  { "{\"event\":\"message_start\",\"data\":{\"completion_id\":\"c\"}}", "turn-started message=<c>\n" },
  { "{\"event\":\"message_start\",\"data\":{\"thread_id\":\"t\",\"message\":{\"id\":\"m1\"},"
    "\"completion_id\":\"c\"}}",
    "turn-started thread=<t> message=<m1>\n" },
  { "{\"event\":\"message_start\",\"data\":{\"message\":{\"message_id\":\"m2\",\"thread_id\":\"t\","
    "\"model\":\"x\"}}}",
    "turn-started thread=<t> message=<m2> model=<x>\n" },
  { "{\"event\":\"message_start\"}", "turn-started\n" },
  { "{\"event\":\"message_delta\",\"data\":{\"delta\":{\"stop_reason\":\"end_turn\"}}}\n{\"event\":\"message_stop\"}",
    "stop-reason text=<end_turn>\nturn-stopped text=<end_turn>\n" },
  { "{\"event\":\"message_delta\",\"data\":{\"stop_reason\":\"length\"}}\n{\"event\":\"message_stop\","
    "\"data\":{\"stop_reason\":\"end_turn\"}}",
    "stop-reason text=<length>\nturn-stopped text=<end_turn>\n" },
  { "{\"event\":\"message_delta\",\"data\":{}}", "" },
  { "{\"event\":\"message_stop\",\"data\":{\"stop_reason\":\"end_turn\",\"user_message_id\":\"u\","
    "\"agent_message_id\":\"am\",\"timing\":{\"total_ms\":910,\"provider_ms\":760.5}}}",
    "turn-stopped message=<am> user-message=<u> text=<end_turn> ms=910 provider-ms=760.5\n" },
  { "{\"event\":\"message_start\",\"data\":{\"agent_message_id\":\"am\"}}\n{\"event\":\"message_stop\"}",
    "turn-started message=<am>\nturn-stopped message=<am>\n" },
  { "{\"event\":\"usage_metadata\",\"data\":{\"input_tokens\":412,\"output_tokens\":38,\"total_tokens\":450,"
    "\"model\":\"m\"}}",
    "usage model=<m> in=412 out=38 total=450\n" },
  { "{\"event\":\"usage_metadata\",\"data\":{\"usage\":{\"input_tokens\":120,\"output_tokens\":9},"
    "\"input_tokens\":1,\"total_tokens\":7,\"model\":\"m\"}}",
    "usage model=<m> in=120 out=9 total=7\n" },
  { "{\"event\":\"usage_metadata\",\"data\":{\"usage\":{\"input_tokens\":\"12\",\"output_tokens\":-4}}}",
    "usage in=12\n" },
  { "{\"event\":\"cost_update\",\"data\":{\"cost\":0.0125,\"currency\":\"eur\",\"provider_cost_usd\":9}}",
    "usage cost=0.0125 EUR\n" },
  { "{\"event\":\"cost_update\",\"data\":{\"cost\":{\"cost\":2,\"currency\":\"SAR\"},\"unit_billed\":true}}",
    "usage cost=2 SAR unit-billed\n" },
  { "{\"event\":\"cost_update\",\"data\":{\"cost\":{\"cost\":\"2.5\",\"unit_billed\":true},\"currency\":\"way "
    "too long\"}}", "usage cost=2.5 unit-billed\n" },
  { "{\"event\":\"cost_update\",\"data\":{\"provider_cost_usd\":9}}", "usage\n" },
  { "{\"event\":\"thread_title\",\"data\":{\"title\":\"Invoice 118\"}}", "title text=<Invoice 118>\n" },
  { "{\"event\":\"thread_title\",\"data\":{\"title\":\"\"}}", "" },
  { "{\"event\":\"cancel_acknowledged\",\"data\":{\"status\":\"cancelling\",\"message\":\"stopping\"}}",
    "cancel-acknowledged text=<stopping>\n" },
  { "{\"event\":\"pong\",\"data\":{\"timestamp\":\"2026-03-02T09:00:30Z\"}}\n{\"event\":\"pong\"}", "pong\npong\n" },
  { "{\"event\":\"timing_details\",\"data\":{\"total_ms\":5,\"provider_ms\":4,\"tool_calls\":[]}}",
    "usage data=<{\"total_ms\":5,\"provider_ms\":4,\"tool_calls\":[]}> ms=5 provider-ms=4\n" },
  { "{\"event\":\"agent_context\",\"data\":{\"model\":\"m\",\"total_tokens\":5}}",
    "context model=<m> data=<{\"model\":\"m\",\"total_tokens\":5}>\n" },
  { "{\"event\":\"from_the_future\",\"data\":{\"x\":1}}", "" },
  /* section 14, 7: any event's top level may hold the thread id */
  { "{\"event\":\"connection\",\"data\":{\"thread_id\":\"t1\"}}\n{\"event\":\"pong\","
    "\"data\":{\"thread_id\":\"t1\"}}\n"
    "{\"event\":\"usage_metadata\",\"data\":{\"thread_id\":\"t2\"}}\n{\"event\":\"message_stop\","
    "\"data\":{\"thread_id\":\"t2\"}}\n"
    "{\"event\":\"message_start\",\"data\":{\"thread_id\":\"t3\"}}\n{\"event\":\"content_block\","
    "\"data\":{\"thread_id\":\"t4\",\"state\":\"delta\",\"data\":{\"text\":\"x\"}}}",
    "ready thread=<t1>\npong\nthread-id thread=<t2>\nusage\nturn-stopped\nturn-started thread=<t3>\nthread-id "
    "thread=<t4>\n"
    "block text:- text delta text=<x>\n" },
  { "{\"event\":\"message_start\"}\n{\"event\":\"from_the_future\",\"data\":{\"thread_id\":4}}\n"
    "{\"event\":\"error\",\"data\":{\"type\":\"streaming_error\",\"thread_id\":\"t5\"}}",
    "turn-started\nthread-id thread=<4>\nthread-id thread=<t5>\n"
    "failed name=<streaming_error> server accepted \"streaming_error\"\n" },
};

static const Case approvals[] = {
  { "{\"event\":\"human_approval\",\"data\":{\"message\":\"Send?\",\"node_name\":\"send_mail\","
    "\"thread_id\":\"b7c1\",\"data\":{\"tools\":[{\"name\":\"send_mail\",\"args\":{\"to\":\"a@b\"}}]}}}",
    "thread-id thread=<b7c1>\napproval name=<send_mail> text=<Send?> data=<{\"tools\":[{\"name\":\"send_mail\","
    "\"args\":{\"to\":\"a@b\"}}]}>\n" },
  { "{\"event\":\"human_approval\",\"data\":{\"tools\":[{\"tool_name\":\"x\",\"input\":\"{\\\"a\\\":1}\"},\"y\","
    "7,{\"name\":\"z\",\"arguments\":[1]},{\"name\":3,\"args\":\"s\"}]}}",
    "approval data=<{\"tools\":[{\"name\":\"x\",\"args\":{\"a\":1}},{\"name\":\"y\"},{\"name\":\"\"},"
    "{\"name\":\"z\",\"args\":[1]},{\"name\":\"3\",\"args\":\"s\"}]}>\n" },
  { "{\"event\":\"human_approval\",\"data\":{\"node_name\":\"n\",\"data\":{\"why\":\"x\"}}}",
    "approval name=<n> data=<{\"why\":\"x\"}>\n" },
  { "{\"event\":\"human_approval\",\"data\":{\"node_name\":\"n\",\"data\":{\"tools\":[]}}}",
    "approval name=<n> data=<{\"tools\":[]}>\n" },
  { "{\"event\":\"human_approval\"}", "approval\n" },
};

static const Case errors[] = {
  { "{\"event\":\"error\",\"data\":{\"type\":\"not_found\",\"message\":\"Thread not found\"}}",
    "failed name=<not_found> not-found refused \"Thread not found\"\n" },
  { "{\"event\":\"error\",\"data\":{\"code\":\"busy\"}}", "failed name=<busy> busy refused \"busy\"\n" },
  { "{\"event\":\"error\",\"data\":{\"error\":{\"type\":\"forbidden\",\"message\":\"No\"}}}",
    "failed name=<forbidden> forbidden refused \"No\"\n" },
  { "{\"event\":\"error\",\"data\":{\"type\":\"error\",\"error\":{\"code\":\"insufficient_credits\"},"
    "\"message\":\"Pay\"}}",
    "failed name=<insufficient_credits> credits refused \"Pay\"\n" },
  { "{\"event\":\"error\",\"data\":{\"error\":\"It broke\"}}", "failed server unknown \"It broke\"\n" },
  { "{\"event\":\"error\",\"data\":\"boom\"}", "failed server unknown \"boom\"\n" },
  { "{\"event\":\"error\"}", "failed server unknown \"The server reported an error\"\n" },
  { "{\"event\":\"message_start\"}\n{\"event\":\"error\",\"data\":{\"type\":\"streaming_error\","
    "\"message\":\"lost\"}}",
    "turn-started\nfailed name=<streaming_error> server accepted \"lost\"\n" },
  { "{\"event\":\"message_start\"}\n{\"event\":\"error\",\"data\":{\"type\":\"busy\"}}\n{\"event\":\"error\","
    "\"data\":{\"type\":\"handler_error\"}}",
    "turn-started\nfailed name=<busy> busy refused \"busy\"\nfailed name=<handler_error> server accepted "
    "\"handler_error\"\n" },
};

/* Nothing here may take the stream down: what can be read is, the rest is refused or nothing. */
static const Case bad[] = {
  { "nonsense\n{\"event\":\"pong\"}", "! protocol\npong\n" },
  { "[1,2]\n\"x\"\n12\nnull\n{}\n{\"event\":\"pong\"}", "! protocol\n! protocol\n! protocol\n! protocol\npong\n" },
  { "{\"event\":\"pong\",\"data\":{}\n{\"event\":\"pong\"}", "! protocol\npong\n" },
  { "{\"event\":\"pong\"}{\"event\":\"pong\"}", "! protocol\n" },
  { "{\"event\":7,\"data\":{\"x\":1}}\n{\"event\":null}\n{\"event\":{\"a\":1}}\n{\"event\":[]}", "" },
  { "{\"event\":\"pong\",\"data\":7}\n{\"event\":\"pong\",\"data\":[1]}\n{\"event\":\"pong\",\"data\":null}",
    "pong\npong\npong\n" },
  { "{\"event\":\"connection\",\"data\":{\"thread_id\":7,\"agent_id\":[],\"agent_name\":{},"
    "\"thread_title\":8}}", "ready thread=<7>\n" },
  { "{\"event\":\"message_start\",\"data\":{\"message\":\"x\",\"model\":5,\"agent_message_id\":{},"
    "\"thread_id\":[]}}", "turn-started\n" },
  { "{\"event\":\"message_stop\",\"data\":{\"stop_reason\":5,\"timing\":\"x\",\"usage\":[]}}", "turn-stopped\n" },
  { "{\"event\":\"message_stop\",\"data\":{\"timing\":{\"total_ms\":\"x\",\"provider_ms\":-5}}}", "turn-stopped\n" },
  { "{\"event\":\"usage_metadata\",\"data\":{\"input_tokens\":{},\"output_tokens\":\"x\",\"total_tokens\":1e300,"
    "\"model\":[]}}", "usage\n" },
  { "{\"event\":\"cost_update\",\"data\":{\"cost\":\"x\",\"currency\":5,\"unit_billed\":\"yes\"}}", "usage\n" },
  { "{\"event\":\"thread_title\",\"data\":{\"title\":[\"x\"]}}\n{\"event\":\"message_delta\","
    "\"data\":{\"delta\":7}}", "" },
  { "{\"event\":\"human_approval\",\"data\":{\"message\":7,\"node_name\":[],\"data\":\"x\"}}", "approval\n" },
  { "{\"event\":\"error\",\"data\":{\"type\":7,\"message\":{}}}", "failed name=<7> server unknown \"7\"\n" },
  { "{\"event\":\"agent_context\",\"data\":\"x\"}", "context data=<{\"data\":\"x\"}>\n" },
};

static void
test_events (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    {
      assert_case (&events[i]);
      assert_case_as_sse (&events[i]);
    }
}

static void
test_approvals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (approvals); i++)
    {
      assert_case (&approvals[i]);
      assert_case_as_sse (&approvals[i]);
    }
}

static void
test_errors (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    assert_case (&errors[i]);
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_case (&bad[i]);
}

static char *
read_data (const char *name,
           gsize      *ret_length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "nebelus", name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, ret_length, &error);
  g_assert_no_error (error);

  return text;
}

/* The example session of the reference, as recorded. */
static void
test_session_ws (void)
{
  gsize length;
  g_autofree char *frames = read_data ("session-ws.jsonl", &length);
  const Case c = { frames,
    "ready thread=<b7c1> agent=<3f6b0f0e-7a43-4c55-8d4e-2b9a3f1c6a10> name=<Ledger>\n"
    "turn-started message=<am_1> model=<m-large>\n"
    "block thinking:0 thinking delta text=<Need the address.>\n"
    "block tool_use:1 tool-call complete name=<find_contact> call=<c1> data=<{\"name\":\"Acme\"}>\n"
    "block tool_use:1 tool-call complete result name=<find_contact> call=<c1> output=<ap@acme.example>\n"
    "approval name=<send_mail> text=<Send the reminder?> data=<{\"tools\":[{\"name\":\"send_mail\","
    "\"args\":{\"to\":\"ap@acme.example\"}}]}>\n"
    "block text:3 text delta text=<Reminder sent>\n"
    "block text:3 text delta text=< to Acme.>\n"
    "block text:3 text complete\n"
    "usage model=<m-large> in=412 out=38 total=450\n"
    "turn-stopped message=<am_1> user-message=<um_1> text=<end_turn>\n"
    "title text=<Invoice 118 reminder>\n"
    "pong\n"
    "block text:0 text start\n"
    "block text:0 text delta text=<Acme began>\n"
    "cancel-acknowledged text=<stopping>\n"
    "turn-stopped text=<cancelled>\n" };

  assert_case (&c);
  assert_case_as_sse (&c);
}

static void
test_session_sse (void)
{
  gsize length;
  g_autofree char *body = read_data ("session-sse.txt", &length);

  for (gsize split = 0; split < length; split++)
    {
      g_autofree char *got = decode_sse (body, length, split);

      g_assert_cmpstr (got, ==,
                       "turn-started thread=<d902> message=<am_7>\n"
                       "block text:0 text delta text=<Invoice 119 is paid.>\n"
                       "usage model=<m-large> in=120 out=9\n"
                       "stop-reason text=<end_turn>\n"
                       "turn-stopped message=<am_7> text=<end_turn> ms=910 provider-ms=760\n"
                       "done\n");
    }
}

/* SSE in forms the table of frames cannot say. */
static void
test_sse_forms (void)
{
  static const struct { const char *body; const char *expected; } forms[] = {
    { "data: {\"event\":\"pong\",\"data\":{}}\n\n", "pong\n" },
    { "event: pong\ndata: {\"event\":\"pong\",\"data\":{\"thread_id\":\"t\"}}\n\n", "thread-id thread=<t>\npong\n" },
    { "data: {\"state\":\"delta\",\"data\":{\"text\":\"x\"}}\n\n", "block text:- text delta text=<x>\n" },
    { "data: {\"content_type\":\"table\",\"data\":{\"a\":1}}\n\n",
      "block table:- table complete data=<{\"a\":1}>\n" },
    { "data: {\"content_type\":\"text\"}\n\n", "block text:- text start\n" },
    { "data: {\"type\":\"error\",\"message\":\"boom\"}\n\n", "failed server unknown \"boom\"\n" },
    { "data: {\"error\":{\"type\":\"busy\"}}\n\n", "failed name=<busy> busy refused \"busy\"\n" },
    { "data: {\"thread_id\":\"t\"}\n\n", "thread-id thread=<t>\n" },
    { "data: plain words\n\nevent: pong\n\n", "! protocol\npong\n" },
    { "data:  [DONE] \n\n", "done\n" },
    { "event: message_stop\ndata: {\"timing\":\ndata: {\"total_ms\":1}}\n\n", "turn-stopped ms=1\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *got = decode_sse (forms[i].body, strlen (forms[i].body), 0);

      g_assert_cmpstr (got, ==, forms[i].expected);
    }
}

/* nebelus.md, section 4.2. */
static void
test_reply (void)
{
  static const struct { const char *body; const char *expected; } replies[] = {
    { "{\"thread_id\":\"t\",\"message\":\"Hello\",\"id\":\"r1\",\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,"
      "\"completion_tokens\":2}}",
      "turn-started thread=<t> message=<r1> model=<m>\nblock text:0 text complete text=<Hello>\nusage model=<m> "
      "in=3 out=2\n"
      "turn-stopped message=<r1> in=3 out=2\ndone\n" },
    { "{\"message\":{\"content\":\"Hi\",\"id\":\"m1\"},\"stop_reason\":\"end_turn\"}",
      "turn-started message=<m1>\nblock text:0 text complete text=<Hi>\nturn-stopped message=<m1> "
      "text=<end_turn>\ndone\n" },
    { "{\"choices\":[{\"message\":{\"content\":\"Ho\"},\"finish_reason\":\"stop\"}]}",
      "turn-started\nblock text:0 text complete text=<Ho>\nturn-stopped text=<stop>\ndone\n" },
    { "{\"choices\":[7],\"message\":[]}", "turn-started\nturn-stopped\ndone\n" },
    { "{\"error\":{\"type\":\"busy\",\"message\":\"wait\"}}", "failed name=<busy> busy refused \"wait\"\n" },
    { "{\"error\":\"broken\"}", "failed server unknown \"broken\"\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
      g_autoptr(GString) out = g_string_new (NULL);

      g_assert_true (bobbin_nebelus_decoder_push_reply (decoder, replies[i].body, -1, NULL));
      describe_events (decoder, out);
      g_assert_cmpstr (out->str, ==, replies[i].expected);
    }
}

static void
test_reply_bad (void)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (bobbin_nebelus_decoder_push_reply (decoder, "<html>", -1, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
  /* what g_bytes_get_data() gives for nothing */
  g_assert_false (bobbin_nebelus_decoder_push_reply (decoder, NULL, 0, NULL));
  g_assert_false (bobbin_nebelus_decoder_push_frame (decoder, NULL, 0, NULL));
  g_assert_null (bobbin_nebelus_decoder_pop (decoder));
}

static void
test_thread_id (void)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  bobbin_nebelus_decoder_set_thread_id (decoder, "t1");
  bobbin_nebelus_decoder_push_thread_id (decoder, "t1");
  bobbin_nebelus_decoder_push_thread_id (decoder, NULL);
  bobbin_nebelus_decoder_push_thread_id (decoder, "");
  describe_events (decoder, out);
  g_assert_cmpstr (out->str, ==, "");
  bobbin_nebelus_decoder_push_thread_id (decoder, "t2");
  describe_events (decoder, out);
  g_assert_cmpstr (out->str, ==, "thread-id thread=<t2>\n");
  g_assert_cmpstr (bobbin_nebelus_decoder_get_thread_id (decoder), ==, "t2");
}

/* Of an envelope "top level" may mean itself or its data. */
static void
test_thread_id_beside_data (void)
{
  static const Case c = {
    "{\"event\":\"connection\",\"thread_id\":\"t1\",\"data\":{\"agent_id\":\"a\"}}\n{\"event\":\"pong\",\"thread_id\":\"t2\"}\n"
    "{\"event\":\"message_start\",\"thread_id\":\"t3\",\"data\":{\"agent_message_id\":\"am\"}}\n"
    "{\"event\":\"usage_metadata\",\"thread_id\":\"t9\",\"data\":{\"thread_id\":\"t3\"}}",
    "ready thread=<t1> agent=<a>\nthread-id thread=<t2>\npong\nturn-started thread=<t3> message=<am>\nusage\n" };

  assert_case (&c);
}

static void
test_in_turn (void)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  g_assert_false (bobbin_nebelus_decoder_in_turn (decoder));
  g_assert_true (bobbin_nebelus_decoder_push_frame (decoder,
                                                    "{\"event\":\"content_block\","
                                                    "\"data\":{\"state\":\"start\"}}", -1, NULL));
  g_assert_true (bobbin_nebelus_decoder_in_turn (decoder));
  g_assert_true (bobbin_nebelus_decoder_push_frame (decoder, "{\"event\":\"pong\"}", -1, NULL));
  g_assert_true (bobbin_nebelus_decoder_in_turn (decoder));
  g_assert_true (bobbin_nebelus_decoder_push_frame (decoder, "{\"event\":\"message_stop\"}", -1, NULL));
  g_assert_false (bobbin_nebelus_decoder_in_turn (decoder));
  describe_events (decoder, out);
}

static void
push_frames (BobbinNebelusDecoder *decoder,
             GString              *out,
             const char           *frames)
{
  g_auto(GStrv) lines = g_strsplit (frames, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_true (bobbin_nebelus_decoder_push_frame (decoder, lines[i], -1, NULL));
  describe_events (decoder, out);
}

/* After a decision: text that comes in a place that is taken is a block of its own, as a whole or in pieces; a late end is none.
 * Tools go on. */
static void
test_resume (void)
{
  static const char before[] =
    "{\"event\":\"message_start\",\"data\":{\"agent_message_id\":\"am\"}}\n"
    "{\"event\":\"content_block\",\"data\":{\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"Hm\"}}}\n"
    "{\"event\":\"content_block\",\"data\":{\"content_type\":\"tool_use\",\"state\":\"start\",\"index\":1,"
    "\"data\":{\"name\":\"mail\"}}}\n"
    "{\"event\":\"human_approval\"}\n";
  static const char after[] =
    "{\"event\":\"content_block\",\"data\":{\"content_type\":\"tool_use\",\"state\":\"complete\",\"index\":1,"
    "\"data\":{\"name\":\"mail\"}}}\n"
    "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\",\"state\":\"complete\",\"index\":0}}\n"
    "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\",\"state\":\"complete\",\"index\":0,"
    "\"data\":{\"text\":\"Hm\"}}}\n"
    "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\",\"state\":\"complete\",\"index\":0,"
    "\"data\":{\"text\":\"Sent\"}}}\n"
    "{\"event\":\"content_block\",\"data\":{\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"!\"}}}";
  static const char *const stops[] = { "{\"event\":\"pong\"}", "{\"event\":\"message_stop\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    {
      g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
      g_autoptr(GString) out = g_string_new (NULL);
      g_autofree char *first = g_strconcat (before, stops[i], NULL);

      push_frames (decoder, out, first);
      g_string_truncate (out, 0);
      bobbin_nebelus_decoder_resume_turn (decoder);
      push_frames (decoder, out, after);
      g_assert_cmpstr (out->str, ==,
                       "block tool_use:1 tool-call complete name=<mail>\n"
                       "block text:0#1 text complete text=<Sent>\n"
                       "block text:0#1 text delta text=<!>\n");
      g_string_truncate (out, 0);
      push_frames (decoder, out, "{\"event\":\"message_start\",\"data\":{\"agent_message_id\":\"am\"}}");
      g_assert_cmpstr (out->str, ==, "turn-started message=<am>\n");
    }
}

/* 128,000 levels: refused before anything recurses. */
static void
test_deep (void)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  g_autoptr(GString) frame = g_string_new ("{\"event\":\"content_block\","
                                           "\"data\":{\"content_type\":\"json_data\",\"data\":");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 128000; i++)
    g_string_append_c (frame, '[');
  for (guint i = 0; i < 128000; i++)
    g_string_append_c (frame, ']');
  g_string_append (frame, "}}");
  g_assert_false (bobbin_nebelus_decoder_push_frame (decoder, frame->str, (gssize) frame->len, &error));
  g_assert_nonnull (error);
  g_assert_null (bobbin_nebelus_decoder_pop (decoder));
}

/* NUL, invalid UTF-8 and escapes of both inside a frame: text comes out valid, nothing is lost behind it. */
static void
test_bytes (void)
{
  static const struct { const char *frame; gsize length; const char *expected; } frames[] = {
#define CASE(frame, expected) { frame, sizeof frame - 1, expected }
    CASE ("{\"event\":\"content_block\",\"data\":{\"state\":\"delta\",\"index\":0,"
          "\"data\":{\"text\":\"a\xff" "b\"}}}",
          "block text:0 text delta text=<a\xef\xbf\xbd" "b>\n"),
    CASE ("{\"event\":\"content_block\",\"data\":{\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"a\0b\"}}}",
          "block text:0 text delta text=<a\xef\xbf\xbd" "b>\n"),
    CASE ("{\"event\":\"pong\"}\0", "pong\n"),
#undef CASE
  };

  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
      g_autoptr(GString) out = g_string_new (NULL);

      g_assert_true (bobbin_nebelus_decoder_push_frame (decoder, frames[i].frame, (gssize) frames[i].length, NULL));
      describe_events (decoder, out);
      g_assert_cmpstr (out->str, ==, frames[i].expected);
    }
}

/* Every frame cut off at every byte: refused or read, never worse. */
static void
test_truncated (void)
{
  gsize length;
  g_autofree char *frames = read_data ("session-ws.jsonl", &length);
  g_auto(GStrv) lines = g_strsplit (frames, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    for (gsize n = 0; n < strlen (lines[i]); n++)
      {
        g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
        g_autofree char *part = g_strndup (lines[i], n); /* on its own, so that a read past the end is seen */

        g_assert_false (bobbin_nebelus_decoder_push_frame (decoder, part, (gssize) n, NULL));
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nebelus-decoder/events", test_events);
  g_test_add_func ("/wire/nebelus-decoder/approvals", test_approvals);
  g_test_add_func ("/wire/nebelus-decoder/errors", test_errors);
  g_test_add_func ("/wire/nebelus-decoder/bad", test_bad);
  g_test_add_func ("/wire/nebelus-decoder/session-ws", test_session_ws);
  g_test_add_func ("/wire/nebelus-decoder/session-sse", test_session_sse);
  g_test_add_func ("/wire/nebelus-decoder/sse-forms", test_sse_forms);
  g_test_add_func ("/wire/nebelus-decoder/reply", test_reply);
  g_test_add_func ("/wire/nebelus-decoder/reply-bad", test_reply_bad);
  g_test_add_func ("/wire/nebelus-decoder/thread-id", test_thread_id);
  g_test_add_func ("/wire/nebelus-decoder/thread-id-beside-data", test_thread_id_beside_data);
  g_test_add_func ("/wire/nebelus-decoder/in-turn", test_in_turn);
  g_test_add_func ("/wire/nebelus-decoder/resume", test_resume);
  g_test_add_func ("/wire/nebelus-decoder/deep", test_deep);
  g_test_add_func ("/wire/nebelus-decoder/bytes", test_bytes);
  g_test_add_func ("/wire/nebelus-decoder/truncated", test_truncated);

  return g_test_run ();
}
