#include "config.h"
#include "wire/bobbin-assistants-decoder.h"

#include "util/bobbin-error.h"
#include "wire-support.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>

/* SSE bodies and what comes of them, then the state of the run: "= status failure? done?". */
typedef struct
{
  const char *name;
  const char *body;
  const char *expected;
} Case;

#define RUN(event, status, more) \
  "event: thread.run." event "\ndata: {\"id\":\"run_1\",\"object\":\"thread.run\",\"thread_id\":\"thread_1\"," \
  "\"assistant_id\":\"asst_1\",\"model\":\"gpt-4o\",\"status\":\"" status "\"" more "}\n\n"
#define MESSAGE(event, status, content) \
  "event: thread.message." event "\ndata: {\"id\":\"msg_1\",\"object\":\"thread.message\",\"thread_id\":\"thread_1\"," \
  "\"role\":\"assistant\",\"assistant_id\":\"asst_1\",\"run_id\":\"run_1\",\"status\":\"" status "\",\"content\":[" content "]}\n\n"
#define DELTA(parts) \
  "event: thread.message.delta\ndata: {\"id\":\"msg_1\",\"object\":\"thread.message.delta\",\"delta\":{\"content\":[" parts "]}}\n\n"
#define TEXT_PART(value) "{\"index\":0,\"type\":\"text\",\"text\":{\"value\":\"" value "\",\"annotations\":[]}}"
#define WHOLE_TEXT(value, annotations) "{\"type\":\"text\",\"text\":{\"value\":\"" value "\",\"annotations\":[" annotations "]}}"
#define STEP_DELTA(calls) \
  "event: thread.run.step.delta\ndata: {\"id\":\"step_1\",\"object\":\"thread.run.step.delta\",\"delta\":{\"step_details\":" \
  "{\"type\":\"tool_calls\",\"tool_calls\":[" calls "]}}}\n\n"
#define STEP(event, status, calls) \
  "event: thread.run.step." event "\ndata: {\"id\":\"step_1\",\"object\":\"thread.run.step\",\"type\":\"tool_calls\"," \
  "\"status\":\"" status "\",\"step_details\":{\"type\":\"tool_calls\",\"tool_calls\":[" calls "]}}\n\n"
#define DONE "event: done\ndata: [DONE]\n\n"
#define CITATION "{\"index\":0,\"type\":\"file_citation\",\"text\":\"【4:0†grit.txt】\",\"start_index\":20,\"end_index\":34," \
                 "\"file_citation\":{\"file_id\":\"file_V\",\"quote\":\"a  grit\"}}"
#define CITATION_WHOLE "{\"type\":\"file_citation\",\"text\":\"【4:0†grit.txt】\",\"start_index\":20,\"end_index\":34," \
                       "\"file_citation\":{\"file_id\":\"file_V\",\"quote\":\"a  grit\"}}"
#define PATH_NOTE "{\"type\":\"file_path\",\"text\":\"sandbox:/mnt/data/a%20b.csv\",\"file_path\":{\"file_id\":\"file_P\"}}"
#define SOURCES "{\"sources\":[{\"title\":\"grit.txt\",\"file_id\":\"file_V\",\"quote\":\"a grit\"}]}"
#define BEGUN "turn-started agent=<asst_1> model=<gpt-4o>\n"
#define ANSWER "turn-started message=<msg_1> agent=<asst_1> model=<gpt-4o>\n"

static const Case cases[] = {
  { "plain",
    RUN ("created", "queued", "") RUN ("in_progress", "in_progress", "") MESSAGE ("created", "in_progress", "")
    DELTA (TEXT_PART ("Start with ")) DELTA (TEXT_PART ("1000 grit.")) MESSAGE ("completed", "completed", WHOLE_TEXT ("Start with 1000 grit.", ""))
    RUN ("completed", "completed", ",\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":9,\"total_tokens\":129}") DONE,
    BEGUN ANSWER
    "block msg_1/0 text delta text=<Start with >\n"
    "block msg_1/0 text delta text=<1000 grit.>\n"
    "block msg_1/0 text complete\n"
    "usage model=<gpt-4o> in=120 out=9 total=129\n"
    "= completed done\n" },
  { "citation",
    RUN ("created", "queued", "") MESSAGE ("created", "in_progress", "") DELTA (TEXT_PART ("Start with 1000 grit"))
    DELTA ("{\"index\":0,\"type\":\"text\",\"text\":{\"value\":\"【4:0†grit.txt】.\",\"annotations\":[" CITATION "]}}")
    MESSAGE ("completed", "completed", WHOLE_TEXT ("Start with 1000 grit【4:0†grit.txt】.", CITATION_WHOLE)),
    BEGUN ANSWER
    "block msg_1/0 text delta text=<Start with 1000 grit>\n"
    "block msg_1/0 text delta text=< [1].>\n"
    "block msg_1/0 text complete text=<Start with 1000 grit [1].>\n"
    "block msg_1/sources sources complete data=<" SOURCES ">\n"
    "= queued\n" },
  { "citation, never completed",
    RUN ("created", "queued", "") DELTA (TEXT_PART ("Grit【4:0†")) DELTA (TEXT_PART ("grit.txt】!"))
    DELTA ("{\"index\":0,\"type\":\"text\",\"text\":{\"annotations\":[" CITATION "]}}")
    RUN ("completed", "completed", ""),
    BEGUN "turn-started message=<msg_1> model=<gpt-4o>\n"
    "block msg_1/0 text delta text=<Grit【4:0†>\n"
    "block msg_1/0 text delta text=<grit.txt】!>\n"
    "usage model=<gpt-4o>\n"
    "block msg_1/0 text complete text=<Grit [1]!>\n"
    "block msg_1/sources sources complete data=<" SOURCES ">\n"
    "= completed\n" },
  { "file path, image, link, refusal, unknown",
    RUN ("created", "queued", "")
    MESSAGE ("completed", "completed",
             WHOLE_TEXT ("See [the file](sandbox:/mnt/data/a%20b.csv) or sandbox:/mnt/data/a%20b.csv", PATH_NOTE)
             ",{\"type\":\"image_file\",\"image_file\":{\"file_id\":\"file_I\"}},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://e.org/x.png\"}},"
             "{\"type\":\"refusal\",\"refusal\":\"No.\"},{\"type\":\"hologram\",\"x\":1},\"bare\",7"),
    BEGUN ANSWER
    "block msg_1/0 text complete text=<See the file or a b.csv>\n"
    "block msg_1/file/file_P file complete name=<a b.csv> data=<{\"file_id\":\"file_P\",\"name\":\"a b.csv\"}>\n"
    "block msg_1/1 image complete data=<{\"file_id\":\"file_I\"}>\n"
    "block msg_1/2 image complete data=<{\"url\":\"https://e.org/x.png\"}>\n"
    "block msg_1/3 text complete text=<No.>\n"
    "block msg_1/4 unknown complete name=<hologram> data=<{\"type\":\"hologram\",\"x\":1}>\n"
    "block msg_1/5 text complete text=<bare>\n"
    "= queued\n" },
  { "image and refusal by delta, attachments",
    RUN ("created", "queued", "")
    DELTA ("{\"index\":1,\"type\":\"image_file\",\"image_file\":{\"file_id\":\"file_I\"}}") DELTA ("{\"index\":0,\"type\":\"refusal\",\"refusal\":\"I ca\"}")
    DELTA ("{\"index\":0,\"type\":\"refusal\",\"refusal\":\"n't\"}")
    "event: thread.message.completed\ndata: {\"id\":\"msg_1\",\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"I can't\"},"
    "{\"type\":\"image_file\",\"image_file\":{\"file_id\":\"file_I\"}}],\"attachments\":[{\"file_id\":\"file_A\"},7,{}]}\n\n",
    BEGUN "turn-started message=<msg_1> model=<gpt-4o>\n"
    "block msg_1/1 image complete data=<{\"file_id\":\"file_I\"}>\n"
    "block msg_1/0 text delta text=<I ca>\n"
    "block msg_1/0 text delta text=<n't>\n"
    "block msg_1/0 text complete\n"
    "block msg_1/file/file_A file complete data=<{\"file_id\":\"file_A\"}>\n"
    "= queued\n" },
  { "function, to be answered",
    RUN ("created", "queued", "")
    STEP ("created", "in_progress", "")
    STEP_DELTA ("{\"index\":0,\"type\":\"function\",\"id\":\"call_7\",\"function\":{\"name\":\"shop_stock\",\"arguments\":\"{\\\"grit\\\":\"}}")
    STEP_DELTA ("{\"index\":0,\"type\":\"function\",\"function\":{\"arguments\":\"1000}\"}}")
    RUN ("requires_action", "requires_action", ",\"required_action\":{\"type\":\"submit_tool_outputs\",\"submit_tool_outputs\":{\"tool_calls\":["
         "{\"id\":\"call_7\",\"type\":\"function\",\"function\":{\"name\":\"shop_stock\",\"arguments\":\"{\\\"grit\\\":1000}\"}}]}}") DONE,
    BEGUN
    "block step_1/0 tool-call start name=<shop_stock> call=<call_7> data=<{\"grit\":>\n"
    "block step_1/0 tool-call complete name=<shop_stock> call=<call_7> data=<{\"grit\":1000}>\n"
    "= requires-action calls=1 done\n" },
  { "function that was answered",
    RUN ("created", "queued", "")
    STEP ("completed", "completed", "{\"id\":\"call_7\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\",\"output\":\"42\"}}")
    STEP ("completed", "completed", "{\"id\":\"call_7\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\",\"output\":\"42\"}}"),
    BEGUN
    "block step_1/0 tool-call complete name=<f> call=<call_7> data=<{}>\n"
    "block step_1/0 tool-call complete result name=<f> call=<call_7> output=<42>\n"
    "= queued\n" },
  { "code interpreter",
    RUN ("created", "queued", "")
    STEP_DELTA ("{\"index\":0,\"type\":\"code_interpreter\",\"id\":\"call_1\",\"code_interpreter\":{\"input\":\"print(\"}}")
    STEP_DELTA ("{\"index\":0,\"type\":\"code_interpreter\",\"code_interpreter\":{\"input\":\"1)\"}}")
    STEP_DELTA ("{\"index\":0,\"type\":\"code_interpreter\",\"code_interpreter\":{\"outputs\":[{\"index\":0,\"type\":\"logs\",\"logs\":\"1\"}]}}")
    STEP_DELTA ("{\"index\":0,\"type\":\"code_interpreter\",\"code_interpreter\":{\"outputs\":[{\"index\":1,\"type\":\"image\",\"image\":{\"file_id\":\"file_C\"}}]}}")
    STEP ("completed", "completed", "{\"id\":\"call_1\",\"type\":\"code_interpreter\",\"code_interpreter\":{\"input\":\"print(1)\",\"outputs\":["
          "{\"type\":\"logs\",\"logs\":\"1\\n\"},{\"type\":\"image\",\"image\":{\"file_id\":\"file_C\"}}]}}"),
    BEGUN
    "block step_1/0 tool-call start name=<code_interpreter> call=<call_1> data=<print(>\n"
    "block step_1/0/image/file_C image complete data=<{\"file_id\":\"file_C\"}>\n"
    "block step_1/0 tool-call complete name=<code_interpreter> call=<call_1> data=<print(1)>\n"
    "block step_1/0 tool-call complete result name=<code_interpreter> call=<call_1> output=<1\n>\n"
    "= queued\n" },
  { "file search, failed step",
    STEP ("failed", "failed", "{\"id\":\"call_2\",\"type\":\"file_search\",\"file_search\":{\"results\":[{\"file_id\":\"f\"}]}}"),
    "block step_1/0 tool-call complete name=<file_search> call=<call_2>\n"
    "block step_1/0 tool-call complete result error name=<file_search> call=<call_2> output=<[{\"file_id\":\"f\"}]>\n"
    "= none\n" },
  { "failed", RUN ("created", "queued", "") RUN ("failed", "failed", ",\"last_error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Too fast\"}"),
    BEGUN "usage model=<gpt-4o>\n" "= failed rate-limited \"Too fast\"\n" },
  { "expired", RUN ("created", "queued", "") RUN ("expired", "expired", ""),
    BEGUN "usage model=<gpt-4o>\n" "= expired timed-out \"The run expired before it was finished\"\n" },
  { "incomplete", RUN ("incomplete", "incomplete", ",\"incomplete_details\":{\"reason\":\"max_completion_tokens\"}"),
    BEGUN "block notice:cut-off notice complete name=<cut-off> data=<{\"reason\":\"max_completion_tokens\"}>\n"
    "usage model=<gpt-4o>\n" "= incomplete\n" },
  { "cancelled", RUN ("cancelling", "cancelling", "") RUN ("cancelled", "cancelled", ""),
    BEGUN "usage model=<gpt-4o>\n" "= cancelled\n" },
  { "new status", RUN ("pondering", "pondering", ""), BEGUN "= other\n" },
  { "error event", RUN ("created", "queued", "")
    "event: error\ndata: {\"code\":\"server_error\",\"message\":\"The server had an error.\",\"param\":null,\"type\":\"server_error\"}\n\n",
    BEGUN "= queued error server \"The server had an error.\"\n" },
  { "error nested", "event: error\ndata: {\"error\":{\"message\":\"No quota\",\"code\":\"insufficient_quota\"}}\n\n",
    "= none error credits \"No quota\"\n" },
  { "error as text", "event: error\ndata: the cook left\n\n", "= none error server \"the cook left\"\n" },
  { "error without a name", "data: {\"error\":{\"message\":\"odd\"}}\n\n", "= none error server \"odd\"\n" },
  { "Astra: envelopes, no names",
    "data: {\"event\":\"thread.message.delta\",\"data\":{\"id\":\"msg_1\",\"object\":\"thread.message.delta\",\"delta\":{\"content\":[" TEXT_PART ("Hi") "]}}}\n\n"
    "data: {\"event\":\"thread.run.completed\",\"data\":{\"id\":\"run_1\",\"object\":\"thread.run\",\"status\":\"completed\"}}\n\n",
    "turn-started message=<msg_1>\n" "block msg_1/0 text delta text=<Hi>\n" "block msg_1/0 text complete\n" "= completed\n" },
  { "no names, by object",
    "data: {\"id\":\"run_1\",\"object\":\"thread.run\",\"status\":\"in_progress\"}\n\n"
    "data: {\"id\":\"msg_1\",\"object\":\"thread.message\",\"role\":\"assistant\",\"content\":[]}\n\n"
    "data: {\"id\":\"msg_1\",\"object\":\"thread.message.delta\",\"delta\":{\"content\":[" TEXT_PART ("Hi") "]}}\n\n"
    "data: {\"id\":\"msg_1\",\"object\":\"thread.message\",\"role\":\"assistant\",\"content\":[" WHOLE_TEXT ("Hi!", "") "]}\n\n"
    "data: [DONE]\n\n",
    "turn-started\n" "turn-started message=<msg_1>\n" "block msg_1/0 text delta text=<Hi>\n"
    "block msg_1/0 text complete text=<Hi!>\n" "= in-progress done\n" },
  { "CRLF, comments, other roles, no thread",
    ": ping\r\n\r\nevent: thread.message.created\r\ndata: {\"id\":\"msg_u\",\"object\":\"thread.message\",\"role\":\"user\",\"content\":[]}\r\n\r\n"
    "event: thread.message.delta\r\ndata: {\"id\":\"msg_u\",\"object\":\"thread.message.delta\",\"delta\":{\"content\":[" TEXT_PART ("no") "]}}\r\n\r\n"
    "event: thread.message.in_progress\r\ndata: {\"id\":\"m\",\"thread_id\":\"\",\"role\":\"assistant\",\"usage\":{},\"content\":[]}\r\n\r\n",
    "= none\n" },
  { "several messages, delta of an unknown one, gaps",
    DELTA ("{\"index\":2,\"type\":\"text\",\"text\":{\"value\":\"c\"}},{\"index\":0,\"type\":\"text\",\"text\":{\"value\":\"a\"}}")
    "event: thread.message.delta\ndata: {\"id\":\"msg_2\",\"object\":\"thread.message.delta\",\"delta\":{\"content\":\"plain\"}}\n\n"
    "event: thread.message.completed\ndata: {\"id\":\"msg_2\",\"role\":\"assistant\",\"content\":\"plain\"}\n\n"
    MESSAGE ("completed", "completed", "") DELTA (TEXT_PART ("late")),
    "turn-started message=<msg_1>\n"
    "block msg_1/2 text delta text=<c>\n"
    "block msg_1/0 text delta text=<a>\n"
    "turn-started message=<msg_2>\n"
    "block msg_2/0 text delta text=<plain>\n"
    "block msg_2/0 text complete\n"
    "block msg_1/0 text complete\n"
    "block msg_1/2 text complete\n"
    "= none\n" },
  { "text as a string, content null",
    "event: thread.message.completed\ndata: {\"id\":\"m1\",\"content\":[{\"type\":\"text\",\"text\":\"flat\"}]}\n\n"
    "event: thread.message.completed\ndata: {\"id\":\"m2\",\"content\":null}\n\n"
    "event: thread.message.completed\ndata: {\"content\":[]}\n\nevent: thread.message.completed\ndata: {\"id\":7,\"content\":\"n\"}\n\n",
    "turn-started message=<m1>\n" "block m1/0 text complete text=<flat>\n" "turn-started message=<m2>\n"
    "turn-started message=<7>\n" "block 7/0 text complete text=<n>\n" "= none\n" },
  { "thread and run at once",
    "event: thread.created\ndata: {\"id\":\"thread_9\",\"object\":\"thread\"}\n\n" RUN ("created", "queued", ""),
    "thread-id thread=<thread_9>\n" BEGUN "= queued\n" },
  { "wrong types",
    "event: thread.run.created\ndata: {\"id\":{},\"status\":3}\n\nevent: thread.run.created\ndata: {\"status\":\"queued\"}\n\n"
    "event: thread.message.delta\ndata: {\"id\":\"m\",\"delta\":7}\n\nevent: thread.run.step.delta\ndata: {\"delta\":{\"step_details\":[]}}\n\n"
    "event: thread.run.step.delta\ndata: {\"id\":\"s\",\"delta\":{\"step_details\":{\"tool_calls\":[7,{\"index\":\"x\"}]}}}\n\n"
    "event: thread.message.delta\ndata: {\"id\":\"m\",\"delta\":{\"content\":[{\"index\":-1,\"type\":\"text\",\"text\":{\"value\":\"x\"}},"
    "{\"index\":99999,\"type\":\"text\",\"text\":{\"value\":\"x\"}},null,{\"index\":0,\"text\":{\"value\":5}}]}}\n\n"
    "event: something.else\ndata: {}\n\n",
    "turn-started message=<m>\n" "= none\n" },
  { "no JSON", "event: thread.run.created\ndata: {\"id\n\nevent: thread.run.created\ndata: [1]\n\ndata: 7\n\n",
    "! protocol\n! protocol\n! protocol\n= none\n" },
};

static void
describe_state (BobbinAssistantsDecoder *decoder,
                GString                 *out)
{
  static const char *const statuses[] = { "queued", "in-progress", "requires-action", "cancelling", "cancelled",
                                          "completed", "incomplete", "failed", "expired", "other" };
  const BobbinAssistantsRun *run = bobbin_assistants_decoder_get_run (decoder);
  const BobbinFailure *failure = bobbin_assistants_decoder_get_failure (decoder);

  g_string_append_printf (out, "= %s", run != NULL ? statuses[run->status] : "none");
  if (run != NULL && run->calls->len > 0)
    g_string_append_printf (out, " calls=%u", run->calls->len);
  if (run != NULL && run->failure != NULL)
    g_string_append_printf (out, " %s \"%s\"", bobbin_error_code_nick (run->failure->code), run->failure->detail);
  if (failure != NULL)
    g_string_append_printf (out, " error %s \"%s\"", bobbin_error_code_nick (failure->code), failure->detail);
  if (bobbin_assistants_decoder_is_done (decoder))
    g_string_append (out, " done");
  g_string_append_c (out, '\n');
}

static void
take_events (BobbinAssistantsDecoder *decoder,
             GString                 *out)
{
  BobbinEvent *event;

  while ((event = bobbin_assistants_decoder_pop (decoder)) != NULL)
    {
      g_autofree char *text = describe_event (event);

      g_string_append_printf (out, "%s\n", text);
      bobbin_event_free (event);
    }
}

static void
take (BobbinSseParser         *parser,
      BobbinAssistantsDecoder *decoder,
      GString                 *out)
{
  BobbinSseEvent event;

  while (bobbin_sse_parser_next (parser, &event, NULL))
    {
      g_autoptr(GError) error = NULL;

      if (!bobbin_assistants_decoder_push_event (decoder, event.name, event.data, (gssize) event.length, &error))
        {
          g_assert_true (error->domain == BOBBIN_ERROR);
          g_string_append_printf (out, "! %s\n", bobbin_error_code_nick ((BobbinErrorCode) error->code));
        }
      else
        g_assert_no_error (error);
      take_events (decoder, out);
    }
}

/* @length: how much of the body comes at all. */
static char *
decode (const char *body,
        gsize       split,
        gsize       length,
        gboolean    fast)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinAssistantsDecoder) decoder = bobbin_assistants_decoder_new ();
  GString *out = g_string_new (NULL);

  bobbin_assistants_decoder_set_fast_path (decoder, fast);
  bobbin_sse_parser_feed (parser, body, split);
  take (parser, decoder, out);
  bobbin_sse_parser_feed (parser, body + split, length - split);
  take (parser, decoder, out);
  bobbin_sse_parser_finish (parser);
  take (parser, decoder, out);
  bobbin_assistants_decoder_finish (decoder);
  take_events (decoder, out);
  describe_state (decoder, out);

  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  gsize length = strlen (c->body);
  g_autofree char *slow = decode (c->body, 0, length, FALSE);
  gsize step = g_getenv ("BOBBIN_SANITIZED") == NULL ? 1 : 7; /* the sanitizers take minutes over every byte */

  g_assert_cmpstr (slow, ==, c->expected);
  for (gsize split = 0; split <= length; split += step)
    {
      g_autofree char *fast = decode (c->body, split, length, TRUE);

      g_assert_cmpstr (fast, ==, c->expected);
    }
}

/* Cut anywhere: what came before the cut is there, nothing is made up, nothing breaks. */
static void
test_cut (gconstpointer data)
{
  const Case *c = data;
  gsize length = strlen (c->body);

  for (gsize cut = 0; cut < length; cut += 5)
    {
      g_autofree char *text = decode (c->body, 0, cut, TRUE);
      g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

      for (gsize i = 0; lines[i] != NULL; i++)
        if (strstr (lines[i], " delta text=<") != NULL)
          g_assert_nonnull (strstr (c->expected, lines[i]));
    }
}

static void
test_growing_arguments (void)
{
  g_autoptr(BobbinAssistantsDecoder) decoder = bobbin_assistants_decoder_new ();
  gsize told = 0;
  guint n = 0;
  BobbinEvent *event;

  for (guint i = 0; i < 20000; i++)
    {
      const char *first = i == 0 ? "\"id\":\"call_1\"," : "";
      g_autofree char *data =
        g_strdup_printf ("{\"id\":\"s\",\"object\":\"thread.run.step.delta\",\"delta\":{\"step_details\":{\"type\":\"tool_calls\",\"tool_calls\":["
                         "{\"index\":0,%s\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"abcd\"}}]}}}", first);

      g_assert_true (bobbin_assistants_decoder_push_event (decoder, "thread.run.step.delta", data, -1, NULL));
      while ((event = bobbin_assistants_decoder_pop (decoder)) != NULL)
        {
          told += event->data != NULL ? strlen (event->data) : 0;
          n++;
          bobbin_event_free (event);
        }
    }
  /* 80,000 bytes came; whole again each time they grew by a quarter, that is at most five times as much in all. */
  g_assert_cmpuint (n, >, 10);
  g_assert_cmpuint (told, <, 5 * 80000);
}

/* What polling finds after a stream was cut is only what is new. */
static void
test_poll_after_cut (void)
{
  g_autoptr(BobbinAssistantsDecoder) decoder = bobbin_assistants_decoder_new ();
  g_autoptr(JsonNode) message = json_from_string ("{\"id\":\"msg_1\",\"object\":\"thread.message\",\"role\":\"assistant\",\"thread_id\":\"t\","
                                                  "\"content\":[" WHOLE_TEXT ("Hello world", "") "]}", NULL);
  g_autoptr(JsonNode) run = json_from_string ("{\"id\":\"run_1\",\"object\":\"thread.run\",\"status\":\"completed\","
                                              "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}", NULL);
  GString *out = g_string_new (NULL);
  const char *data = "{\"id\":\"msg_1\",\"object\":\"thread.message.delta\",\"delta\":{\"content\":[" TEXT_PART ("Hello ") "]}}";

  g_assert_true (bobbin_assistants_decoder_push_event (decoder, "thread.message.delta", data, -1, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (bobbin_assistants_decoder_push_object (decoder, json_node_get_object (run)));
      g_assert_true (bobbin_assistants_decoder_push_object (decoder, json_node_get_object (message)));
    }
  bobbin_assistants_decoder_finish (decoder);
  take_events (decoder, out);
  g_assert_cmpstr (out->str, ==,
                   "turn-started message=<msg_1>\n" "block msg_1/0 text delta text=<Hello >\n"
                   "usage in=1 out=2 total=3\n" "block msg_1/0 text complete text=<Hello world>\n");
  g_assert_true (bobbin_assistants_decoder_has_message (decoder));
  g_string_free (out, TRUE);
}

static void
test_unreadable (void)
{
  g_autoptr(BobbinAssistantsDecoder) decoder = bobbin_assistants_decoder_new ();
  GString *out = g_string_new (NULL);

  bobbin_assistants_decoder_push_unreadable (decoder);
  bobbin_assistants_decoder_push_unreadable (decoder);
  take_events (decoder, out);
  g_assert_cmpstr (out->str, ==, "block notice:unreadable notice complete name=<unreadable>\n");
  g_string_free (out, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *whole = g_strdup_printf ("/wire/assistants-decoder/case/%s", cases[i].name);
      g_autofree char *cut = g_strdup_printf ("/wire/assistants-decoder/cut/%s", cases[i].name);

      g_test_add_data_func (whole, &cases[i], test_case);
      g_test_add_data_func (cut, &cases[i], test_cut);
    }
  g_test_add_func ("/wire/assistants-decoder/growing-arguments", test_growing_arguments);
  g_test_add_func ("/wire/assistants-decoder/poll-after-cut", test_poll_after_cut);
  g_test_add_func ("/wire/assistants-decoder/unreadable", test_unreadable);

  return g_test_run ();
}
