/* Framing and refusals. */
#include "config.h"
#include "fuzz.h"

#include "transport/bobbin-frame-gate.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-errors.h"
#include "wire/bobbin-aibtc-decoder.h"
#include "wire/bobbin-assistants-errors.h"
#include "wire/bobbin-entities-objects.h"
#include "wire/bobbin-ndjson-parser.h"
#include "wire/bobbin-nebelus-errors.h"
#include "wire/bobbin-refusal.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1750000000) * G_USEC_PER_SEC)

/* A parser and what came of it so far. */
typedef struct
{
  gpointer  parser;
  GString  *out;
} Parse;

/* What @decode makes of an input does not depend on how it was cut. */
static void
compare (const guint8 *data,
         gsize         length,
         char        *(*decode) (const FuzzInput *input, gboolean in_pieces))
{
  FuzzInput input;
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;

  fuzz_read_input (&input, data, length);
  whole = decode (&input, FALSE);
  pieces = decode (&input, TRUE);
  g_assert_cmpstr (pieces, ==, whole);
}

static void
take_error (GString      *out,
            const GError *error)
{
  g_assert_true (error->domain == BOBBIN_ERROR);
  g_string_append_printf (out, "! %s\n", bobbin_error_code_nick ((BobbinErrorCode) error->code));
}

static void
take_sse (Parse *parse)
{
  BobbinSseEvent event;

  for (;;)
    {
      g_autoptr(GError) error = NULL;

      if (bobbin_sse_parser_next (parse->parser, &event, &error))
        {
          fuzz_check_valid (event.name);
          fuzz_check_valid (event.data);
          g_assert_cmpuint (strlen (event.data), ==, event.length);
          g_string_append_printf (parse->out, "%s <%s>\n", event.name != NULL ? event.name : "-", event.data);
        }
      else if (error != NULL)
        take_error (parse->out, error);
      else
        return;
    }
}

static void
feed_sse (gpointer    data,
          const char *bytes,
          gsize       length)
{
  Parse *parse = data;

  bobbin_sse_parser_feed (parse->parser, bytes, length);
  take_sse (parse);
}

static char *
read_sse (const FuzzInput *input,
          gboolean         in_pieces)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (input->mode & 1 ? 64 : 0);
  Parse parse = { parser, g_string_new (NULL) };

  fuzz_feed (input, in_pieces, feed_sse, &parse);
  bobbin_sse_parser_finish (parser);
  take_sse (&parse);

  return g_string_free (parse.out, FALSE);
}

void
fuzz_sse (const guint8 *data,
          gsize         length)
{
  compare (data, length, read_sse);
}

static void
take_ndjson (Parse *parse)
{
  const char *text;
  gsize length;

  for (;;)
    {
      g_autoptr(GError) error = NULL;

      if (bobbin_ndjson_parser_next (parse->parser, &text, &length, &error))
        {
          g_assert_true (g_utf8_validate (text, (gssize) length, NULL));
          g_assert_true (*text == '{' && text[length - 1] == '}');
          g_string_append_len (parse->out, text, (gssize) length);
          g_string_append_c (parse->out, '\n');
        }
      else if (error != NULL)
        take_error (parse->out, error);
      else
        return;
    }
}

static void
feed_ndjson (gpointer    data,
             const char *bytes,
             gsize       length)
{
  Parse *parse = data;

  bobbin_ndjson_parser_feed (parse->parser, bytes, length);
  take_ndjson (parse);
}

static char *
read_ndjson (const FuzzInput *input,
             gboolean         in_pieces)
{
  g_autoptr(BobbinNdjsonParser) parser = bobbin_ndjson_parser_new (input->mode & 1 ? 64 : 0);
  Parse parse = { parser, g_string_new (NULL) };

  fuzz_feed (input, in_pieces, feed_ndjson, &parse);
  bobbin_ndjson_parser_finish (parser);
  take_ndjson (&parse);

  return g_string_free (parse.out, FALSE);
}

void
fuzz_ndjson (const guint8 *data,
             gsize         length)
{
  compare (data, length, read_ndjson);
}

/* What passed, and whether the gate is shut. */
typedef struct
{
  BobbinFrameGate  gate;
  GByteArray      *passed;
  gboolean         shut;
} Gate;

static void
feed_gate (gpointer    data,
           const char *bytes,
           gsize       length)
{
  Gate *self = data;
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  g_autoptr(GError) error = NULL;
  gsize n;

  if (self->shut)
    return;
  n = bobbin_frame_gate_pass (&self->gate, copy, length, &error);
  g_assert_cmpuint (n, <=, length);
  g_assert_true (n == length || g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE));
  self->shut = error != NULL;
  g_byte_array_append (self->passed, copy, (guint) n);
}

void
fuzz_frames (const guint8 *data,
             gsize         length)
{
  FuzzInput input;
  Gate gates[2] = { 0 };

  fuzz_read_input (&input, data, length);
  for (guint i = 0; i < G_N_ELEMENTS (gates); i++)
    {
      gates[i].gate.max_message = input.mode & 1 ? 300 : 32 * 1024 * 1024;
      gates[i].passed = g_byte_array_new ();
      fuzz_feed (&input, i == 1, feed_gate, &gates[i]);
    }
  g_assert_cmpmem (gates[0].passed->data, gates[0].passed->len, gates[1].passed->data, gates[1].passed->len);
  g_assert_cmpint (gates[0].shut, ==, gates[1].shut);
  for (guint i = 0; i < G_N_ELEMENTS (gates); i++)
    g_byte_array_unref (gates[i].passed);
}

static void
check_failure (BobbinFailure *failure)
{
  if (failure == NULL)
    return;
  g_assert_cmpuint (failure->code, <, BOBBIN_N_ERRORS);
  fuzz_check_valid (failure->detail);
  bobbin_failure_free (failure);
}

static void
refuse_by_node (const char *body,
                gsize       length)
{
  g_autoptr(JsonNode) root = bobbin_json_parse (body, (gssize) length, NULL);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  g_autofree char *words = bobbin_refusal_dup_words (root);
  g_autofree char *type = NULL;

  fuzz_check_valid (words);
  if (root != NULL)
    check_failure (bobbin_assistants_failure_from_event (root));
  check_failure (bobbin_assistants_failure_from_run (object));
  if (object == NULL)
    return;
  check_failure (bobbin_agentflow_failure_from_chunk (object));
  check_failure (bobbin_aibtc_read_error (object));
  check_failure (bobbin_nebelus_failure_from_error (object, BOBBIN_CERTAINTY_UNKNOWN, &type));
  fuzz_check_valid (type);
}

void
fuzz_refusals (const guint8 *data,
               gsize         length)
{
  static const guint statuses[] = { 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 200, 307 };
  FuzzInput input;
  guint status;
  g_autofree char *text = NULL;
  g_autofree char *body = NULL;
  g_autofree char *run_id = NULL;
  g_autofree char *busy = NULL;
  BobbinAssistantsReply reply;

  fuzz_read_input (&input, data, length);
  status = statuses[input.mode % G_N_ELEMENTS (statuses)];
  text = fuzz_dup_text (&input);
  body = g_memdup2 (input.bytes, input.length);
  check_failure (bobbin_refusal_to_failure (status, -1, body, input.length));
  check_failure (bobbin_agentflow_failure_from_http (status, body, input.length, -1));
  check_failure (bobbin_entities_read_refusal (status, -1, body, input.length));
  check_failure (bobbin_nebelus_failure_from_http (status, text, body, input.length, NOW_US));
  check_failure (bobbin_nebelus_failure_from_close (4000 + status % 1000, text, BOBBIN_CERTAINTY_UNKNOWN));
  check_failure (bobbin_aibtc_failure_from_close (1000 + status, text, status & 1));
  reply = (BobbinAssistantsReply) { status, -1, text, text, text, body, input.length };
  check_failure (bobbin_assistants_failure_from_reply (&reply, &run_id));
  fuzz_check_valid (run_id);
  busy = bobbin_assistants_dup_busy_run (text);
  fuzz_check_valid (busy);
  (void) bobbin_assistants_may_repeat (&reply, FALSE);
  (void) bobbin_agentflow_is_missing_message (status, body, input.length);
  (void) bobbin_agentflow_is_missing_state (status, body, input.length);
  g_assert_cmpint (bobbin_nebelus_parse_retry_after (text, NOW_US), >=, -1);
  refuse_by_node (body, input.length);
}
