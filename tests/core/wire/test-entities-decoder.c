#include "config.h"
#include "wire/bobbin-entities-decoder.h"
#include "wire/bobbin-entities-objects.h"

#include "model/bobbin-block.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire-support.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *body;
  const char *expected; /* events, then "=" and how it stands */
} Case;

#define E(json) "data: {" json ",\"run_id\":\"r\"}\n\n"
#define CONTENT(text) E ("\"type\":\"content\",\"content\":\"" text "\"")
#define DONE "data: [DONE]\n\n"

static const Case cases[] = {
  { "plain", E ("\"type\":\"status\",\"status\":\"started\"") CONTENT ("Prune in late winter, ") CONTENT ("once frost has passed.")
    E ("\"type\":\"status\",\"status\":\"complete\"") DONE,
    "turn-started\n" "block text/0 text delta text=<Prune in late winter, >\n" "block text/0 text delta text=<once frost has passed.>\n"
    "= complete done\n" },
  { "reasoning, plan, decision", E ("\"type\":\"reasoning\",\"content\":\"Hm\"") E ("\"type\":\"reasoning\",\"content\":\"m\"")
    E ("\"type\":\"plan\",\"content\":\"P\"") E ("\"type\":\"decision\",\"content\":\"{}\"") CONTENT ("x") E ("\"type\":\"reasoning\",\"content\":\"again\""),
    "turn-started\n" "block thinking/0 thinking delta text=<Hm>\n" "block thinking/0 thinking delta text=<m>\n"
    "block plan/1 thinking delta name=<plan> text=<P>\n" "block decision/2 thinking delta name=<decision> text=<{}>\n"
    "block text/3 text delta text=<x>\n" "block thinking/4 thinking delta text=<again>\n" "=\n" },
  { "a tool to run", E ("\"type\":\"call_arguments\",\"content\":\"{\\\"pl\"") E ("\"type\":\"tool_call\",\"content\":{\"name\":\"frost\",\"arguments\":{\"a\":1}}")
    E ("\"type\":\"tool_call_manifest\",\"action_id\":\"act_1\",\"tool_call_id\":\"call_1\",\"tool\":\"frost\",\"args\":{\"a\":1}") DONE,
    "turn-started\n" "block call/0 tool-call complete name=<frost> data=<{\"a\":1}>\n"
    "block call/0 tool-call complete name=<frost> call=<call_1> data=<{\"a\":1}>\n" "= act_1 done\n" },
  { "manifest alone, twice, args as text, without a call id",
    E ("\"type\":\"tool_call_manifest\",\"action_id\":\"act_1\",\"tool\":\"f\",\"args\":\"{\\\"a\\\":\"")
    E ("\"type\":\"tool_call_manifest\",\"action_id\":\"act_1\",\"tool\":\"f\",\"args\":{}") E ("\"type\":\"tool_call_manifest\",\"tool\":\"f\""),
    "turn-started\n" "block call/0 tool-call complete name=<f> call=<act_1> data=<{\"a\":>\n" "= act_1\n" },
  { "envelopes", "data: {\"stream_type\":\"code_execution\",\"chunk\":{\"type\":\"hot_code\",\"content\":\"print(1)\"}}\n\n"
    "data: {\"stream_type\":\"code_execution\",\"chunk\":{\"type\":\"content\",\"content\":\"1\"}}\n\n"
    "data: {\"stream_type\":\"shell\",\"chunk\":{\"type\":\"content\",\"content\":\"dropped\"}}\n\n"
    "data: {\"stream_type\":\"shell\",\"chunk\":{\"type\":\"shell_output\",\"content\":\"dropped\"}}\n\n"
    "data: {\"type\":\"shell_output\",\"content\":\"kept\"}\n\n"
    "data: {\"stream_type\":\"delegation\",\"chunk\":{\"type\":\"content\",\"content\":\"sub\"}}\n\n"
    "data: {\"stream_type\":\"delegation\",\"chunk\":7}\n\ndata: {\"stream_type\":\"delegation\"}\n\n",
    "turn-started\n" "block code/0 code delta name=<python> text=<print(1)>\n" "block output/1 code delta text=<1>\n"
    "block output/1 code delta text=<kept>\n" "block delegation/2 thinking delta name=<delegation> text=<sub>\n" "=\n" },
  { "fenced code", E ("\"type\":\"hot_code\",\"content\":\"```python\\n\"") E ("\"type\":\"hot_code\",\"content\":\"x\\n```\""),
    "turn-started\n" "block fenced/0 text delta text=<```python\n>\n" "block fenced/0 text delta text=<x\n```>\n" "=\n" },
  { "hidden events and labels", CONTENT ("{\\\"type\\\":\\\"web_status\\\",\\\"message\\\":\\\"Looking\\\"}") CONTENT ("{\\\"not\\\":\\\"one\\\"}")
    CONTENT ("📖 Reading scratchpad (3)") CONTENT ("Accessing memory (x)") CONTENT ("Memory of it") E ("\"type\":\"content\",\"content\":{\"a\":1}")
    E ("\"type\":\"content\",\"content\":null"),
    "activity text=<Looking>\n" "turn-started\n" "block text/0 text delta text=<{\"not\":\"one\"}>\n" "block text/0 text delta text=<Memory of it>\n" "=\n" },
  { "activities", E ("\"type\":\"activity\",\"activity\":\"Reading\",\"state\":\"in_progress\"") E ("\"type\":\"engineer_status\",\"tool\":\"t\",\"status\":\"error\",\"message\":\"m\"")
    E ("\"type\":\"scratchpad_status\",\"operation\":\"append\"") E ("\"type\":\"something_new\"") E ("\"nothing\":1"),
    "activity text=<Reading>\n" "activity text=<m>\n" "activity text=<append>\n" "=\n" },
  { "files", E ("\"type\":\"generated_file\",\"filename\":\"a.csv\",\"file_id\":\"file_1\",\"mime_type\":\"text/csv\"")
    E ("\"type\":\"computer_file\",\"filename\":\"p.png\",\"file_id\":\"file_2\",\"mime_type\":\"image/png\",\"base64\":\"iVBORw==\"") E ("\"type\":\"generated_file\""),
    "turn-started\n" "block file/file_1 file complete name=<a.csv> data=<{\"file_id\":\"file_1\",\"name\":\"a.csv\",\"content_type\":\"text/csv\"}> type=<text/csv>\n"
    "block file/file_2 image complete name=<p.png> type=<image/png> bytes=4/0f4636c7\n" "=\n" },
  { "errors", CONTENT ("Part") E ("\"type\":\"error\",\"content\":\"Stream error: upstream closed\""),
    "turn-started\n" "block text/0 text delta text=<Part>\n" "= error \"Stream error: upstream closed\"\n" },
  { "error in message", E ("\"type\":\"error\",\"message\":\"gone\""), "= error \"gone\"\n" },
  { "error in error", E ("\"type\":\"error\",\"error\":{\"message\":\"gone\"}"), "= error \"gone\"\n" },
  { "error without words", E ("\"type\":\"error\""), "= error \"The server reported an error\"\n" },
  { "not JSON, NDJSON, CRLF", "data: Field required\r\n\r\ndata: [1]\r\n\r\n{\"type\":\"content\",\"content\":\"line\"}\r\ndata: {\"type\":7}\r\n\r\n",
    "! protocol\n! protocol\n" "turn-started\n" "block text/0 text delta text=<line>\n" "=\n" },
};

static void
take (BobbinSseParser       *parser,
      BobbinEntitiesDecoder *decoder,
      GString               *out)
{
  BobbinSseEvent event;
  BobbinEvent *made;

  while (bobbin_sse_parser_next (parser, &event, NULL))
    {
      g_autoptr(GError) error = NULL;

      if (!bobbin_entities_decoder_push_event (decoder, event.data, (gssize) event.length, &error))
        g_string_append_printf (out, "! %s\n", bobbin_error_code_nick ((BobbinErrorCode) error->code));
      while ((made = bobbin_entities_decoder_pop (decoder)) != NULL)
        {
          g_autofree char *text = describe_event (made);

          g_string_append_printf (out, "%s\n", text);
          bobbin_event_free (made);
        }
    }
}

static char *
decode (const char *body,
        gsize       split,
        gsize       length,
        gboolean    fast)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinEntitiesDecoder) decoder = bobbin_entities_decoder_new ();
  GPtrArray *manifests = bobbin_entities_decoder_get_manifests (decoder);
  const BobbinFailure *failure;
  GString *out = g_string_new (NULL);

  bobbin_entities_decoder_set_fast_path (decoder, fast);
  bobbin_sse_parser_feed (parser, body, split);
  take (parser, decoder, out);
  bobbin_sse_parser_feed (parser, body + split, length - split);
  take (parser, decoder, out);
  bobbin_sse_parser_finish (parser);
  take (parser, decoder, out);
  g_string_append_c (out, '=');
  for (guint i = 0; i < manifests->len; i++)
    g_string_append_printf (out, " %s", ((BobbinEntitiesManifest *) manifests->pdata[i])->action_id);
  failure = bobbin_entities_decoder_get_failure (decoder);
  if (failure != NULL)
    g_string_append_printf (out, " error \"%s\"", failure->detail);
  if (bobbin_entities_decoder_is_complete (decoder))
    g_string_append (out, " complete");
  if (bobbin_entities_decoder_is_done (decoder))
    g_string_append (out, " done");
  g_string_append_c (out, '\n');

  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  gsize length = strlen (c->body);
  g_autofree char *slow = decode (c->body, 0, length, FALSE);

  g_assert_cmpstr (slow, ==, c->expected);
  for (gsize split = 0; split <= length; split++)
    {
      g_autofree char *fast = decode (c->body, split, length, TRUE);

      g_assert_cmpstr (fast, ==, c->expected);
    }
  for (gsize cut = 0; cut < length; cut++)
    g_free (decode (c->body, 0, cut, TRUE));
}

/* Section 6, in its order. */
static void
test_outcomes (void)
{
  static const struct { const char *run; BobbinEntitiesOutcome outcome; const char *words; } rows[] = {
    { "{\"status\":\"completed\",\"cancelled_at\":5,\"completed_at\":6}", BOBBIN_ENTITIES_CANCELLED, NULL },
    { "{\"status\":\"cancelled\"}", BOBBIN_ENTITIES_CANCELLED, NULL },
    { "{\"status\":\"queued\",\"failed_at\":1763640000,\"last_error\":\"boom\"}", BOBBIN_ENTITIES_FAILED, "boom" },
    { "{\"status\":\"completed\",\"failed_at\":1763640000,\"completed_at\":1763640009}", BOBBIN_ENTITIES_DONE, NULL },
    { "{\"status\":\"completed\",\"failed_at\":1763640009,\"completed_at\":1763640000,\"last_error\":{\"message\":\"late\"}}", BOBBIN_ENTITIES_FAILED, "late" },
    { "{\"status\":\"completed\",\"completed_at\":1763640000}", BOBBIN_ENTITIES_DONE, NULL },
    { "{\"status\":\"completed\"}", BOBBIN_ENTITIES_UNSURE, NULL },
    { "{\"status\":\"action_required\"}", BOBBIN_ENTITIES_ACTION, NULL }, { "{\"status\":\"requires_action\"}", BOBBIN_ENTITIES_ACTION, NULL },
    { "{\"status\":\"pending_action\"}", BOBBIN_ENTITIES_ACTION, NULL }, { "{\"status\":\"failed\"}", BOBBIN_ENTITIES_FAILED, "The run failed" },
    { "{\"status\":\"incomplete\",\"incomplete_details\":\"cut\"}", BOBBIN_ENTITIES_FAILED, "cut" }, { "{\"status\":\"expired\"}", BOBBIN_ENTITIES_FAILED, "The run" },
    { "{\"status\":\"queued\",\"completed_at\":1763640000}", BOBBIN_ENTITIES_UNANSWERED, NULL }, { "{\"status\":\"queued\"}", BOBBIN_ENTITIES_ACTIVE, NULL },
    { "{}", BOBBIN_ENTITIES_ACTIVE, NULL }, { "{\"status\":7}", BOBBIN_ENTITIES_ACTIVE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonObject) run = bobbin_json_parse_object (rows[i].run, -1, NULL);
      g_autoptr(BobbinFailure) failure = NULL;

      g_test_message ("%s", rows[i].run);
      g_assert_cmpint (bobbin_entities_run_outcome (run, &failure), ==, rows[i].outcome);
      g_assert_cmpint (failure != NULL, ==, rows[i].words != NULL);
      if (failure != NULL)
        g_assert_true (g_str_has_prefix (failure->detail, rows[i].words));
    }
}

/* Section 9. */
static void
test_refusals (void)
{
  static const struct { guint status; const char *body; gint64 retry; BobbinErrorCode code; gint64 wait; const char *words; } rows[] = {
    { 400, "{\"detail\":\"Run is already finished\"}", -1, BOBBIN_ERROR_INVALID, -1, "Run is already finished" },
    { 401, "{\"detail\":\"Invalid or inactive API Key.\"}", -1, BOBBIN_ERROR_AUTH, -1, "Invalid or inactive API Key." },
    { 403, "{}", -1, BOBBIN_ERROR_FORBIDDEN, -1, "The key has no right to this" },
    { 404, "{\"detail\":\"Not Found\"}", -1, BOBBIN_ERROR_NOT_FOUND, -1, "Not Found" },
    { 405, "", -1, BOBBIN_ERROR_NOT_SUPPORTED, -1, "The server does not offer this call" },
    { 413, "<html>", -1, BOBBIN_ERROR_TOO_LARGE, -1, "This is larger than the server takes" },
    { 422, "{\"detail\":[{\"loc\":[\"body\",\"provider\"],\"msg\":\"Field required\",\"type\":\"missing\"}]}", -1, BOBBIN_ERROR_INVALID, -1, "body.provider: Field required" },
    { 429, "{}", 7000, BOBBIN_ERROR_RATE_LIMITED, 7000, "Too many requests" },
    { 503, "<html>503</html>", -1, BOBBIN_ERROR_RATE_LIMITED, 2000, "The server is not available" },
    { 500, "{\"detail\":\"Invalid or unknown model identifier prefix\"}", -1, BOBBIN_ERROR_SERVER, -1, "Invalid or unknown model identifier prefix" },
    { 502, "<html>", -1, BOBBIN_ERROR_SERVER, -1, "A server behind the server did not answer" },
    { 504, "", -1, BOBBIN_ERROR_SERVER, -1, "A server behind the server took too long" },
    { 415, "{\"detail\":\"Unsupported type\"}", -1, BOBBIN_ERROR_INVALID, -1, "Unsupported type" },
    { 422, "{\"detail\":[{\"loc\":[\"body\",\"attachments\",0],\"msg\":\"Bad\"}]}", -1, BOBBIN_ERROR_INVALID, -1, "body.attachments.0: Bad" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_entities_read_refusal (rows[i].status, rows[i].retry, rows[i].body, strlen (rows[i].body));

      g_assert_cmpstr (bobbin_error_code_nick (failure->code), ==, bobbin_error_code_nick (rows[i].code));
      g_assert_cmpint (failure->retry_after_ms, ==, rows[i].wait);
      g_assert_cmpstr (failure->detail, ==, rows[i].words);
    }
}

/* Section 11. */
static void
test_stored (void)
{
  static const char list[] =
    "[{\"id\":\"m0\",\"role\":\"system\",\"content\":\"hidden\"},{\"id\":\"m1\",\"role\":\"User\",\"content\":\"When?\",\"created_at\":1763640000,"
    "\"attachments\":[{\"type\":\"image\",\"file_id\":\"file_1\"}]},"
    "{\"id\":\"m2\",\"role\":\"assistant\",\"content\":\"<think>Hm</think>Let me see.<fc>{\\\"name\\\":\\\"frost\\\",\\\"arguments\\\":{\\\"a\\\":1}}</fc>\"},"
    "{\"id\":\"m3\",\"role\":\"tool\",\"content\":\"12 April\",\"tool_call_id\":\"call_9\"},"
    "{\"id\":\"m4\",\"role\":\"assistant\",\"content\":\"<think></think>In winter.\"},"
    "{\"id\":\"m4\",\"role\":\"assistant\",\"content\":\"twice\"},"
    "{\"id\":\"m5\",\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"and\"},{\"type\":\"text\",\"text\":\"rain?\"}]},"
    "{\"id\":\"m6\",\"role\":\"assistant\",\"content\":\"[{\\\"id\\\":\\\"call_2\\\",\\\"function\\\":{\\\"name\\\":\\\"rain\\\",\\\"arguments\\\":\\\"{}\\\"}}]\"},"
    "{\"id\":\"m7\",\"role\":\"tool\",\"content\":\"much\",\"tool_call_id\":\"call_2\"},"
    "{\"id\":\"m8\",\"role\":\"user\",\"content\":\"?\"},{\"id\":\"m9\",\"role\":\"assistant\",\"content\":\"<think>\"},7,{\"role\":\"user\"}]";
  g_autoptr(JsonNode) root = bobbin_json_parse (list, -1, NULL);
  g_autoptr(GPtrArray) messages = bobbin_entities_messages_from_list (bobbin_entities_get_list (root));
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      BobbinMessage *message = messages->pdata[i];

      g_string_append_printf (out, "%s", bobbin_role_get_nick (bobbin_message_get_role (message)));
      for (guint b = 0; b < bobbin_message_get_n_blocks (message); b++)
        {
          BobbinBlock *block = bobbin_message_get_block (message, b);

          g_string_append_printf (out, " %s:%s%s%s%s", bobbin_block_kind_get_nick (bobbin_block_get_kind (block)), bobbin_block_get_text (block),
                                  bobbin_block_get_name (block) != NULL ? bobbin_block_get_name (block) : "",
                                  bobbin_block_get_result (block) != NULL ? "=" : "",
                                  bobbin_block_get_result (block) != NULL ? bobbin_block_get_result (block) : "");
        }
      g_string_append_c (out, '\n');
    }
  g_assert_cmpstr (out->str, ==,
                   "user text:When? image:\n" "assistant thinking:Hm text:Let me see. tool-call:frost=12 April text:In winter.\n"
                   "user text:and\nrain?\n" "assistant tool-call:rain=much\n" "user text:?\n");
  g_assert_true (bobbin_message_has_server_id (messages->pdata[1], "m4"));
  g_assert_true (bobbin_message_has_server_id (messages->pdata[1], "m2"));
}

static void
test_metadata (void)
{
  static const struct { const char *thread; const char *title; } rows[] = {
    { "{\"meta_data\":{\"title\":\"a\",\"name\":\"b\"}}", "a" }, { "{\"meta_data\":{\"topic\":\"\",\"name\":\"b\"}}", "b" },
    { "{\"meta_data\":\"{\\\"title\\\":\\\"text\\\"}\"}", "text" }, { "{\"metadata\":{\"topic\":\"t\"}}", "t" }, { "{\"meta_data\":7}", NULL }, { "{}", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonObject) thread = bobbin_json_parse_object (rows[i].thread, -1, NULL);
      g_autoptr(JsonObject) metadata = bobbin_entities_dup_metadata (thread);

      g_assert_cmpstr (bobbin_entities_get_title (metadata), ==, rows[i].title);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/entities-decoder/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/wire/entities-objects/outcomes", test_outcomes);
  g_test_add_func ("/wire/entities-objects/refusals", test_refusals);
  g_test_add_func ("/wire/entities-objects/stored", test_stored);
  g_test_add_func ("/wire/entities-objects/metadata", test_metadata);

  return g_test_run ();
}
