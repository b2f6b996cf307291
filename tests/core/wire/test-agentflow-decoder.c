/* The AgentFlow decoder against a real server's streams (tests/data/agentflow/NN-*.body): what comes of each is in NN-*.events, whole, at
 * any split, and cut after every chunk. "test-agentflow-decoder --write" makes the .events anew, for reading before they are committed. */
#include "config.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-decoder.h"
#include "wire/bobbin-ndjson-parser.h"

#include "wire-support.h"

#include <string.h>

static const char *const streams[] = {
  "08-stream-new", "09-stream-think-full", "11-stream-tide", "12-stream-twotools", "13-stream-failtool", "14-stream-plain",
  "15-stream-blocks", "16-stream-boom", "18-stream-loop", "20-stream-approve", "22-stream-approve-resume", "120-stream-with-image",
  "121-stream-with-doc", "160-slow-stopped", "162-after-stop", "234-noname-first", "241-unicode", "260-provider", "270-repair-stuck",
  "271-repair-step1", "272-repair-step2",
};

static char *
load (const char *name,
      const char *suffix,
      gsize      *ret_length)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "agentflow", file, NULL);
  g_autoptr(GError) error = NULL;
  char *content = NULL;

  g_file_get_contents (path, &content, ret_length, &error);
  g_assert_no_error (error);

  return content;
}

static void
describe (BobbinAgentflowDecoder *decoder,
          GString                *out)
{
  BobbinEvent *event;

  while ((event = bobbin_agentflow_decoder_pop (decoder)) != NULL)
    {
      g_autofree char *text = describe_event (event);

      g_string_append_printf (out, "%s\n", text);
      bobbin_event_free (event);
    }
}

/* Feeds what the parser has; returns how many objects that were. */
static guint
drain (BobbinNdjsonParser     *parser,
       BobbinAgentflowDecoder *decoder,
       GString                *out)
{
  guint n_objects = 0;
  g_autoptr(GError) error = NULL;
  const char *text;
  gsize length;

  while (bobbin_ndjson_parser_next (parser, &text, &length, &error))
    {
      g_assert_true (bobbin_agentflow_decoder_push (decoder, text, length, NULL));
      n_objects++;
    }
  g_assert_no_error (error);
  describe (decoder, out);

  return n_objects;
}

static void
end (BobbinAgentflowDecoder *decoder,
     GString                *out)
{
  gboolean over = bobbin_agentflow_decoder_finish (decoder);

  describe (decoder, out);
  g_string_append (out, over ? "= over\n" : bobbin_agentflow_decoder_is_stuck (decoder) ? "= stuck\n" : "= cut\n");
}

/* @step: bytes fed at a time, after a first piece of @first bytes. */
static char *
decode (const char *body,
        gsize       length,
        gsize       first,
        gsize       step)
{
  g_autoptr(BobbinAgentflowDecoder) decoder = bobbin_agentflow_decoder_new ();
  g_autoptr(BobbinNdjsonParser) parser = bobbin_ndjson_parser_new (0);
  GString *out = g_string_new (NULL);

  bobbin_agentflow_decoder_begin (decoder, NULL);
  bobbin_ndjson_parser_feed (parser, body, first);
  drain (parser, decoder, out);
  for (gsize offset = first; offset < length; offset += step)
    {
      bobbin_ndjson_parser_feed (parser, body + offset, MIN (step, length - offset));
      drain (parser, decoder, out);
    }
  bobbin_ndjson_parser_finish (parser);
  drain (parser, decoder, out);
  end (decoder, out);

  return g_string_free (out, FALSE);
}

static void
test_recording (gconstpointer data)
{
  gsize length;
  g_autofree char *body = load (data, ".body", &length);
  g_autofree char *expected = load (data, ".events", NULL);
  g_autofree char *whole = decode (body, length, length, 1);
  g_autofree char *bytes = decode (body, length, 0, 1);
  g_autofree char *joined = NULL;
  g_auto(GStrv) lines = g_strsplit (body, "\n", -1);

  g_assert_cmpstr (whole, ==, expected);
  g_assert_cmpstr (bytes, ==, expected);
  /* The oldest servers put nothing between the objects. */
  joined = g_strjoinv ("", lines);
  g_free (g_steal_pointer (&whole));
  whole = decode (joined, strlen (joined), strlen (joined), 1);
  g_assert_cmpstr (whole, ==, expected);
  if (length > 1700 && !g_str_equal (data, "241-unicode"))
    return;
  for (gsize split = 1; split < length; split++)
    {
      g_autofree char *two = decode (body, length, split, length);

      g_assert_cmpstr (two, ==, expected);
    }
}

/* Cut after each chunk: what came is a beginning of the whole, and only behind the closing chunk it counts as complete. */
static void
test_cut (gconstpointer data)
{
  gsize length;
  g_autofree char *body = load (data, ".body", &length);
  g_autofree char *expected = load (data, ".events", NULL);
  g_auto(GStrv) lines = g_strsplit (g_strchomp (body), "\n", -1);
  guint n_lines = g_strv_length (lines);

  for (guint n = 0; n < n_lines; n++)
    {
      g_autoptr(BobbinAgentflowDecoder) decoder = bobbin_agentflow_decoder_new ();
      g_autoptr(GString) out = g_string_new (NULL);
      gboolean closing = FALSE;

      bobbin_agentflow_decoder_begin (decoder, NULL);
      for (guint i = 0; i < n; i++)
        {
          g_assert_true (bobbin_agentflow_decoder_push (decoder, lines[i], strlen (lines[i]), NULL));
          closing |= strstr (lines[i], "\"is_interrupted\"") != NULL;
        }
      describe (decoder, out);
      g_assert_true (g_str_has_prefix (expected, out->str));
      g_assert_cmpint (bobbin_agentflow_decoder_is_accepted (decoder), ==, n > 0);
      if (!closing && !bobbin_agentflow_decoder_is_over (decoder) && bobbin_agentflow_decoder_finish (decoder))
        {
          /* Without a closing chunk only a whole message that asks for nothing may be the last word. */
          JsonObject *chunk = bobbin_json_parse_object (lines[n - 1], -1, NULL);
          JsonObject *message = bobbin_json_get_object (chunk, "message");

          g_assert_true (message == NULL || !bobbin_json_get_bool (message, "delta", FALSE));
          json_object_unref (chunk);
        }
    }
}

typedef struct
{
  const char *name;
  const char *chunks;   /* one a line */
  const char *events;
} Row;

#define CHUNK(message) "{\"event\":\"message\",\"message\":" message ",\"metadata\":null}\n"

static const Row rows[] = {
  { "nothing", "", "= cut\n" },
  { "a number as thread id", "{\"event\":\"updates\",\"thread_id\":42,\"data\":{}}\n", "thread-id thread=<42>\naccepted\n= cut\n" },
  { "wrong types everywhere",
    "{\"event\":7,\"message\":[1],\"state\":\"x\",\"data\":[],\"metadata\":3}\n{\"event\":\"error\",\"data\":\"boom\"}\n",
    "accepted\nfailed server accepted \"The run failed on the server\"\n= over\n" },
  { "a new id for each fragment, another for the whole",
    CHUNK ("{\"message_id\":1,\"role\":\"assistant\",\"delta\":true,\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}")
    CHUNK ("{\"message_id\":2,\"role\":\"assistant\",\"delta\":true,\"content\":[{\"type\":\"text\",\"text\":\"b\"}]}")
    CHUNK ("{\"message_id\":3,\"role\":\"assistant\",\"delta\":false,\"content\":\"abc\"}"),
    "accepted\nblock b0 text delta text=<a>\nblock b0 text delta text=<b>\n"
    "block b0 text complete text=<abc>\nturn-stopped message=<3>\n= over\n" },
  { "thinking in a plain member only",
    CHUNK ("{\"message_id\":\"m\",\"role\":\"assistant\",\"reasoning\":\"hm\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}"),
    "accepted\nblock b0 thinking complete text=<hm>\nblock b1 text complete text=<x>\nturn-stopped message=<m>\n= over\n" },
  { "a call without an answer is no end",
    CHUNK ("{\"message_id\":\"m\",\"role\":\"assistant\",\"content\":[],\"tools_calls\":[{\"id\":\"c\",\"function\":"
           "{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
    "accepted\nblock call:c tool-call start name=<f> call=<c> data=<{}>\n= cut\n" },
  { "a call for a tool of ours",
    CHUNK ("{\"message_id\":\"t\",\"role\":\"tool\",\"content\":[{\"type\":\"remote_tool_call\",\"id\":\"r\",\"name\":\"camera\","
           "\"args\":{\"on\":true},\"tool_type\":\"remote\"}]}"),
    "accepted\nblock call:r tool-call start name=<camera> call=<r> data=<{\"on\":true}>\n"
    "block b0 notice complete name=<client-tool> data=<{\"name\":\"camera\"}>\n= cut\n" },
  { "the limit of steps, garbled",
    "{\"event\":\"error\",\"data\":{\"reason\":\"1 validation error for ErrorBlock\\ncode\",\"step\":4,\"max_steps\":4}}\n"
    "{\"event\":\"error\",\"data\":{\"reason\":\"again\"}}\n",
    "accepted\nfailed server accepted \"The agent reached its limit of steps\"\n= over\n" },
  { "a limit of the rate inside the stream",
    "{\"event\":\"error\",\"data\":{\"reason\":\"slow down\",\"retry_after_seconds\":3}}\n",
    "accepted\nfailed rate-limited accepted \"slow down\"\n= over\n" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize length = strlen (rows[i].chunks);
      g_autofree char *events = decode (rows[i].chunks, length, length, 1);

      if (g_strcmp0 (events, rows[i].events) != 0)
        g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (events, ==, rows[i].events);
    }
}

static void
test_no_object (void)
{
  g_autoptr(BobbinAgentflowDecoder) decoder = bobbin_agentflow_decoder_new ();
  g_autoptr(GError) error = NULL;

  bobbin_agentflow_decoder_begin (decoder, "t");
  g_assert_false (bobbin_agentflow_decoder_push (decoder, "[1]", 3, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
  g_assert_false (bobbin_agentflow_decoder_is_accepted (decoder));
  g_assert_cmpstr (bobbin_agentflow_decoder_get_thread_id (decoder), ==, "t");
}

static const char *const replies[] = { "05-invoke-new", "06-invoke-full" };

static char *
decode_reply (const char *name)
{
  gsize length;
  g_autofree char *body = load (name, ".body", &length);
  g_autoptr(JsonNode) root = bobbin_json_parse (body, (gssize) length, NULL);
  g_autoptr(BobbinAgentflowDecoder) decoder = bobbin_agentflow_decoder_new ();
  GString *out = g_string_new (NULL);

  bobbin_agentflow_decoder_begin (decoder, NULL);
  g_assert_true (bobbin_agentflow_decoder_push_reply (decoder, root, NULL));
  end (decoder, out);

  return g_string_free (out, FALSE);
}

/* An invoke says at once what a stream says bit by bit. */
static void
test_reply (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autofree char *expected = load (replies[i], ".events", NULL);
      g_autofree char *events = decode_reply (replies[i]);

      g_assert_cmpstr (events, ==, expected);
    }
}

static void
test_bad_reply (void)
{
  static const char *const bodies[] = { "null", "[]", "{\"data\":[]}", "{\"data\":{\"messages\":\"x\"}}" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(JsonNode) root = bobbin_json_parse (bodies[i], -1, NULL);
      g_autoptr(BobbinAgentflowDecoder) decoder = bobbin_agentflow_decoder_new ();
      g_autoptr(GError) error = NULL;

      bobbin_agentflow_decoder_begin (decoder, NULL);
      g_assert_false (bobbin_agentflow_decoder_push_reply (decoder, root, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
    }
}

static void
write_file (const char *name,
            const char *events)
{
  g_autofree char *file = g_strconcat (name, ".events", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "agentflow", file, NULL);

  g_assert_true (g_file_set_contents (path, events, -1, NULL));
}

static void
write_events (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      gsize length;
      g_autofree char *body = load (streams[i], ".body", &length);
      g_autofree char *events = decode (body, length, length, 1);

      write_file (streams[i], events);
    }
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autofree char *events = decode_reply (replies[i]);

      write_file (replies[i], events);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && g_str_equal (argv[1], "--write"))
    {
      write_events ();
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autofree char *whole = g_strconcat ("/agentflow-decoder/recording/", streams[i], NULL);
      g_autofree char *cut = g_strconcat ("/agentflow-decoder/cut/", streams[i], NULL);

      g_test_add_data_func (whole, streams[i], test_recording);
      g_test_add_data_func (cut, streams[i], test_cut);
    }
  g_test_add_func ("/agentflow-decoder/rows", test_rows);
  g_test_add_func ("/agentflow-decoder/no-object", test_no_object);
  g_test_add_func ("/agentflow-decoder/reply", test_reply);
  g_test_add_func ("/agentflow-decoder/bad-reply", test_bad_reply);

  return g_test_run ();
}
