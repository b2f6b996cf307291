/* Events of each service, through its framing as it comes: whole and in pieces, by the quick path and by the tree. */
#include "config.h"
#include "fuzz.h"

#include "util/bobbin-json.h"
#include "wire-support.h"
#include "wire/bobbin-agentflow-decoder.h"
#include "wire/bobbin-aibtc-decoder.h"
#include "wire/bobbin-assistants-decoder.h"
#include "wire/bobbin-entities-decoder.h"
#include "wire/bobbin-ndjson-parser.h"
#include "wire/bobbin-nebelus-decoder.h"
#include "wire/bobbin-nebelus-encoder.h"
#include "wire/bobbin-nebelus-server.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>

typedef BobbinEvent *(*Pop) (gpointer decoder);
typedef gboolean     (*Push) (gpointer decoder, const char *name, const char *data, gsize length, GError **error);

typedef struct
{
  gpointer  decoder;
  Push      push;
  Pop       pop;
  gpointer  framing; /* BobbinSseParser or BobbinNdjsonParser */
  GString  *out;
} Decoding;

static void
check_event (const BobbinEvent *event)
{
  const char *const texts[] = { event->thread_id, event->message_id, event->user_message_id, event->agent_id, event->name, event->model,
                                event->text, event->key, event->call_id, event->data, event->result, event->content_type };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    fuzz_check_valid (texts[i]);
  if (event->type == BOBBIN_EVENT_BLOCK)
    g_assert_cmpint (event->kind, <, BOBBIN_N_BLOCK_KINDS);
  fuzz_check_valid (event->usage.currency);
  if (event->failure != NULL)
    fuzz_check_valid (event->failure->detail);
}

static void
take_events (Decoding *self)
{
  BobbinEvent *event;

  while ((event = self->pop (self->decoder)) != NULL)
    {
      g_autofree char *text = describe_event (event);

      check_event (event);
      g_string_append_printf (self->out, "%s\n", text);
      bobbin_event_free (event);
    }
}

static void
push (Decoding   *self,
      const char *name,
      const char *data,
      gsize       length)
{
  g_autoptr(GError) error = NULL;

  if (!self->push (self->decoder, name, data, length, &error))
    {
      g_assert_true (error->domain == BOBBIN_ERROR);
      g_string_append_printf (self->out, "! %s\n", bobbin_error_code_nick ((BobbinErrorCode) error->code));
    }
  else
    g_assert_no_error (error);
  take_events (self);
}

static void
take_sse (Decoding *self)
{
  BobbinSseEvent event;
  g_autoptr(GError) error = NULL;

  while (bobbin_sse_parser_next (self->framing, &event, &error))
    push (self, event.name, event.data, event.length);
  g_assert_no_error (error);
}

static void
feed_sse (gpointer    data,
          const char *bytes,
          gsize       length)
{
  Decoding *self = data;

  bobbin_sse_parser_feed (self->framing, bytes, length);
  take_sse (self);
}

static void
decode_sse_body (Decoding        *self,
                 const FuzzInput *input,
                 gboolean         in_pieces)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);

  self->framing = parser;
  fuzz_feed (input, in_pieces, feed_sse, self);
  bobbin_sse_parser_finish (parser);
  take_sse (self);
}

/* Frames of a WebSocket, one a line. */
static void
decode_frame_lines (Decoding        *self,
                    const FuzzInput *input)
{
  const char *at = input->bytes;
  const char *end = input->bytes + input->length;

  while (at < end)
    {
      const char *newline = memchr (at, '\n', (gsize) (end - at));
      gsize length = (gsize) ((newline != NULL ? newline : end) - at);
      g_autofree char *frame = g_memdup2 (at, length);

      push (self, NULL, frame != NULL ? frame : "", length);
      at += length + 1;
    }
}

/* Nebelus */

static gboolean
push_nebelus_event (gpointer     decoder,
                    const char  *name,
                    const char  *data,
                    gsize        length,
                    GError     **error)
{
  return bobbin_nebelus_decoder_push_event (decoder, name, data, (gssize) length, error);
}

static gboolean
push_nebelus_frame (gpointer     decoder,
                    const char  *name,
                    const char  *data,
                    gsize        length,
                    GError     **error)
{
  if (bobbin_nebelus_decoder_push_frame (decoder, data, (gssize) length, error))
    return TRUE;
  bobbin_nebelus_decoder_push_unreadable (decoder, data, length);
  return FALSE;
}

static char *
decode_nebelus (const FuzzInput *input,
                gboolean         fast,
                gboolean         in_pieces)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  Decoding self = { decoder, push_nebelus_frame, (Pop) bobbin_nebelus_decoder_pop, NULL, g_string_new (NULL) };

  bobbin_nebelus_decoder_set_fast_path (decoder, fast);
  bobbin_nebelus_decoder_begin_turn (decoder);
  if (input->mode & 1)
    {
      self.push = push_nebelus_event;
      decode_sse_body (&self, input, in_pieces);
    }
  else
    decode_frame_lines (&self, input);
  fuzz_check_valid (bobbin_nebelus_decoder_get_thread_id (decoder));

  return g_string_free (self.out, FALSE);
}

/* What the demo agent reads, and an approval answered in the shape it asks for. */
static void
read_as_server (const FuzzInput *input)
{
  const BobbinNebelusDecision decisions[] = { { BOBBIN_NEBELUS_EDIT, "{\"a\":1}" }, { BOBBIN_NEBELUS_APPROVE, NULL } };
  g_autofree char *text = fuzz_dup_text (input);
  g_autoptr(BobbinNebelusMessage) frame = bobbin_nebelus_message_new_from_frame (input->bytes, (gssize) input->length, NULL);
  g_autoptr(BobbinNebelusMessage) body = bobbin_nebelus_message_new_from_body (input->bytes, (gssize) input->length, NULL);
  g_autofree char *resume = bobbin_nebelus_encode_resume (text, text, decisions, G_N_ELEMENTS (decisions));
  g_autoptr(JsonObject) sent = bobbin_json_parse_object (resume, -1, NULL);
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  BobbinEvent *event;

  if (frame != NULL)
    fuzz_check_valid (frame->text);
  if (body != NULL)
    fuzz_check_valid (body->text);
  g_assert_nonnull (sent);
  (void) bobbin_nebelus_decoder_push_reply (decoder, input->bytes, (gssize) input->length, NULL);
  while ((event = bobbin_nebelus_decoder_pop (decoder)) != NULL)
    {
      check_event (event);
      bobbin_event_free (event);
    }
}

static void
compare (const FuzzInput *input,
         char          *(*decode) (const FuzzInput *input, gboolean fast, gboolean in_pieces))
{
  g_autofree char *slow = decode (input, FALSE, FALSE);
  g_autofree char *fast = decode (input, TRUE, FALSE);
  g_autofree char *pieces = decode (input, TRUE, TRUE);

  g_assert_cmpstr (fast, ==, slow);
  g_assert_cmpstr (pieces, ==, slow);
}

void
fuzz_nebelus (const guint8 *data,
              gsize         length)
{
  FuzzInput input;

  fuzz_read_input (&input, data, length);
  if (input.mode & 2)
    read_as_server (&input);
  else
    compare (&input, decode_nebelus);
}

/* AgentFlow */

static gboolean
push_agentflow (gpointer     decoder,
                const char  *name,
                const char  *data,
                gsize        length,
                GError     **error)
{
  return bobbin_agentflow_decoder_push (decoder, data, length, error);
}

static void
take_ndjson (Decoding *self)
{
  const char *text;
  gsize length;

  for (;;)
    {
      g_autoptr(GError) error = NULL;

      if (bobbin_ndjson_parser_next (self->framing, &text, &length, &error))
        push (self, NULL, text, length);
      else if (error == NULL)
        return;
    }
}

static void
feed_ndjson (gpointer    data,
             const char *bytes,
             gsize       length)
{
  Decoding *self = data;

  bobbin_ndjson_parser_feed (self->framing, bytes, length);
  take_ndjson (self);
}

static char *
decode_agentflow (const FuzzInput *input,
                  gboolean         fast,
                  gboolean         in_pieces)
{
  g_autoptr(BobbinAgentflowDecoder) decoder = bobbin_agentflow_decoder_new ();
  g_autoptr(BobbinNdjsonParser) parser = bobbin_ndjson_parser_new (0);
  Decoding self = { decoder, push_agentflow, (Pop) bobbin_agentflow_decoder_pop, parser, g_string_new (NULL) };

  bobbin_agentflow_decoder_set_fast_path (decoder, fast);
  bobbin_agentflow_decoder_begin (decoder, input->mode & 1 ? "t" : NULL);
  if (input->mode & 2)
    {
      g_autoptr(JsonNode) root = bobbin_json_parse (input->bytes, (gssize) input->length, NULL);

      if (root != NULL && !bobbin_agentflow_decoder_push_reply (decoder, root, NULL))
        g_string_append (self.out, "!\n");
      take_events (&self);
    }
  else
    {
      fuzz_feed (input, in_pieces, feed_ndjson, &self);
      bobbin_ndjson_parser_finish (parser);
      take_ndjson (&self);
    }
  g_string_append_printf (self.out, "= %d", bobbin_agentflow_decoder_finish (decoder));
  take_events (&self);
  fuzz_check_valid (bobbin_agentflow_decoder_get_thread_id (decoder));

  return g_string_free (self.out, FALSE);
}

void
fuzz_agentflow (const guint8 *data,
                gsize         length)
{
  FuzzInput input;

  fuzz_read_input (&input, data, length);
  compare (&input, decode_agentflow);
}

/* Assistants */

static gboolean
push_assistants (gpointer     decoder,
                 const char  *name,
                 const char  *data,
                 gsize        length,
                 GError     **error)
{
  if (bobbin_assistants_decoder_push_event (decoder, name, data, (gssize) length, error))
    return TRUE;
  bobbin_assistants_decoder_push_unreadable (decoder);
  return FALSE;
}

static char *
decode_assistants (const FuzzInput *input,
                   gboolean         fast,
                   gboolean         in_pieces)
{
  g_autoptr(BobbinAssistantsDecoder) decoder = bobbin_assistants_decoder_new ();
  Decoding self = { decoder, push_assistants, (Pop) bobbin_assistants_decoder_pop, NULL, g_string_new (NULL) };

  bobbin_assistants_decoder_set_fast_path (decoder, fast);
  if (input->mode & 1)
    bobbin_assistants_decoder_show_users (decoder);
  decode_sse_body (&self, input, in_pieces);
  if (input->mode & 2)
    {
      bobbin_assistants_decoder_resume (decoder);
      decode_sse_body (&self, input, in_pieces);
    }
  bobbin_assistants_decoder_finish (decoder);
  take_events (&self);

  return g_string_free (self.out, FALSE);
}

void
fuzz_assistants (const guint8 *data,
                 gsize         length)
{
  FuzzInput input;

  fuzz_read_input (&input, data, length);
  compare (&input, decode_assistants);
}

/* Entities */

static gboolean
push_entities (gpointer     decoder,
               const char  *name,
               const char  *data,
               gsize        length,
               GError     **error)
{
  return bobbin_entities_decoder_push_event (decoder, data, (gssize) length, error);
}

static char *
decode_entities (const FuzzInput *input,
                 gboolean         fast,
                 gboolean         in_pieces)
{
  g_autoptr(BobbinEntitiesDecoder) decoder = bobbin_entities_decoder_new ();
  Decoding self = { decoder, push_entities, (Pop) bobbin_entities_decoder_pop, NULL, g_string_new (NULL) };
  GPtrArray *manifests;

  bobbin_entities_decoder_set_fast_path (decoder, fast);
  decode_sse_body (&self, input, in_pieces);
  manifests = bobbin_entities_decoder_get_manifests (decoder);
  for (guint i = 0; i < manifests->len; i++)
    bobbin_entities_decoder_push_output (decoder, manifests->pdata[i], "{\"a\":1}", input->mode & 1);
  take_events (&self);
  bobbin_entities_decoder_resume (decoder);
  if (input->mode & 2)
    decode_sse_body (&self, input, in_pieces);

  return g_string_free (self.out, FALSE);
}

void
fuzz_entities (const guint8 *data,
               gsize         length)
{
  FuzzInput input;

  fuzz_read_input (&input, data, length);
  compare (&input, decode_entities);
}

/* aibtc */

static gboolean
push_aibtc (gpointer     decoder,
            const char  *name,
            const char  *data,
            gsize        length,
            GError     **error)
{
  const char *thread_id = NULL;
  gsize thread_id_length = 0;
  g_autofree char *text = bobbin_aibtc_scan_token (data, length, &thread_id, &thread_id_length);

  fuzz_check_valid (text);
  if (thread_id != NULL)
    g_assert_true (thread_id >= data && thread_id + thread_id_length <= data + length);

  return bobbin_aibtc_decoder_push (decoder, data, (gssize) length, error);
}

void
fuzz_aibtc (const guint8 *data,
            gsize         length)
{
  g_autoptr(BobbinAibtcDecoder) decoder = bobbin_aibtc_decoder_new ();
  Decoding self = { decoder, push_aibtc, (Pop) bobbin_aibtc_decoder_pop, NULL, NULL };
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *text = NULL;
  FuzzInput input;

  self.out = out;
  fuzz_read_input (&input, data, length);
  text = fuzz_dup_text (&input);
  decode_frame_lines (&self, &input);
  bobbin_aibtc_decoder_put_right (decoder, text);
  take_events (&self);
  if (bobbin_aibtc_decoder_get_failure (decoder) != NULL)
    fuzz_check_valid (bobbin_aibtc_decoder_get_failure (decoder)->detail);
}
