#include "config.h"
#include "wire-support.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>

static void
add (GString    *out,
     const char *name,
     const char *value)
{
  if (value != NULL)
    g_string_append_printf (out, " %s=<%s>", name, value);
}

static void
add_usage (GString           *out,
           const BobbinUsage *usage)
{
  if (usage->input_tokens >= 0)
    g_string_append_printf (out, " in=%" G_GINT64_FORMAT, usage->input_tokens);
  if (usage->output_tokens >= 0)
    g_string_append_printf (out, " out=%" G_GINT64_FORMAT, usage->output_tokens);
  if (usage->total_tokens >= 0)
    g_string_append_printf (out, " total=%" G_GINT64_FORMAT, usage->total_tokens);
  if (usage->total_ms >= 0)
    g_string_append_printf (out, " ms=%g", usage->total_ms);
  if (usage->provider_ms >= 0)
    g_string_append_printf (out, " provider-ms=%g", usage->provider_ms);
  if (usage->cost >= 0)
    g_string_append_printf (out, " cost=%g", usage->cost);
  if (*usage->currency != '\0')
    g_string_append_printf (out, " %s", usage->currency);
  if (usage->unit_billed)
    g_string_append (out, " unit-billed");
}

static void
add_block (GString           *out,
           const BobbinEvent *event)
{
  static const char *const phases[] = { "start", "delta", "complete" };

  g_string_append_printf (out, " %s %s %s", event->key != NULL ? event->key : "-", bobbin_block_kind_get_nick (event->kind),
                          phases[event->phase]);
  if (event->is_result)
    g_string_append (out, " result");
  if (event->is_error)
    g_string_append (out, " error");
  if (event->text != NULL)
    g_assert_cmpuint (strlen (event->text), ==, event->text_length);
}

char *
describe_event (const BobbinEvent *event)
{
  static const char *const certainties[] = { "unsent", "refused", "unknown", "accepted" };
  GString *out = g_string_new (bobbin_event_type_get_nick (event->type));

  if (event->type == BOBBIN_EVENT_BLOCK)
    add_block (out, event);
  add (out, "thread", event->thread_id);
  add (out, "message", event->message_id);
  add (out, "user-message", event->user_message_id);
  add (out, "agent", event->agent_id);
  add (out, "name", event->name);
  add (out, "model", event->model);
  add (out, "text", event->text);
  add (out, "call", event->call_id);
  add (out, "data", event->data);
  add (out, "output", event->result);
  add (out, "type", event->content_type);
  if (event->bytes != NULL)
    {
      g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, event->bytes);

      g_string_append_printf (out, " bytes=%" G_GSIZE_FORMAT "/%.8s", g_bytes_get_size (event->bytes), hash);
    }
  add_usage (out, &event->usage);
  if (event->failure != NULL)
    g_string_append_printf (out, " %s %s \"%s\"", bobbin_error_code_nick (event->failure->code),
                            certainties[event->failure->certainty], event->failure->detail);

  return g_string_free (out, FALSE);
}

void
describe_events (BobbinNebelusDecoder *decoder,
                 GString              *out)
{
  BobbinEvent *event;

  while ((event = bobbin_nebelus_decoder_pop (decoder)) != NULL)
    {
      g_autofree char *text = describe_event (event);

      g_string_append_printf (out, "%s\n", text);
      bobbin_event_free (event);
    }
}

static void
note_error (GString      *out,
            const GError *error)
{
  g_assert_true (error->domain == BOBBIN_ERROR);
  g_string_append_printf (out, "! %s\n", bobbin_error_code_nick ((BobbinErrorCode) error->code));
}

char *
decode_frames (const char *frames,
               gboolean    fast_path)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  g_auto(GStrv) lines = g_strsplit (frames, "\n", -1);
  GString *out = g_string_new (NULL);

  bobbin_nebelus_decoder_set_fast_path (decoder, fast_path);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr(GError) error = NULL;

      if (*lines[i] == '\0')
        continue;
      if (!bobbin_nebelus_decoder_push_frame (decoder, lines[i], -1, &error))
        note_error (out, error);
      else
        g_assert_no_error (error);
      describe_events (decoder, out);
    }

  return g_string_free (out, FALSE);
}

char *
frames_to_sse (const char *frames)
{
  g_auto(GStrv) lines = g_strsplit (frames, "\n", -1);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr(JsonObject) frame = bobbin_json_parse_object (lines[i], -1, NULL);
      g_autofree char *data = NULL;

      if (frame == NULL)
        continue;
      if (bobbin_json_get_object (frame, "data") != NULL)
        data = bobbin_json_object_to_text (bobbin_json_get_object (frame, "data"), FALSE);
      g_string_append_printf (out, "event: %s\ndata: %s\n\n", bobbin_json_get_string (frame, "event"),
                              data != NULL ? data : "");
    }

  return g_string_free (out, FALSE);
}

static void
take_sse (BobbinSseParser      *parser,
          BobbinNebelusDecoder *decoder,
          GString              *out)
{
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      BobbinSseEvent event;

      if (bobbin_sse_parser_next (parser, &event, &error))
        {
          if (!bobbin_nebelus_decoder_push_event (decoder, event.name, event.data, (gssize) event.length, &error))
            note_error (out, error);
          describe_events (decoder, out);
        }
      else if (error != NULL)
        note_error (out, error);
      else
        return;
    }
}

char *
decode_sse (const char *body,
            gsize       length,
            gsize       split)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  GString *out = g_string_new (NULL);

  if (split > 0)
    {
      bobbin_sse_parser_feed (parser, body, split);
      take_sse (parser, decoder, out);
    }
  bobbin_sse_parser_feed (parser, body + split, length - split);
  take_sse (parser, decoder, out);
  bobbin_sse_parser_finish (parser);
  take_sse (parser, decoder, out);

  return g_string_free (out, FALSE);
}
