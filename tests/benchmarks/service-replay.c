/* service-replay [N]: the events of a streamed answer through the parser and decoder of each service, beside those of Nebelus: what a
 * byte that the server delivers costs, as CPU time. Prints one JSON object a line, {"name", "value", "unit", "limit"}; ends with 1 when
 * a limit is passed. N: deltas, 20000 without it; each is the best of five. */
#include "config.h"

#include "model/bobbin-event.h"
#include "wire/bobbin-agentflow-decoder.h"
#include "wire/bobbin-aibtc-decoder.h"
#include "wire/bobbin-assistants-decoder.h"
#include "wire/bobbin-entities-decoder.h"
#include "wire/bobbin-ndjson-parser.h"
#include "wire/bobbin-nebelus-decoder.h"
#include "wire/bobbin-sse-parser.h"

#include <string.h>
#include <sys/resource.h>

#define READ_SIZE 16384
#define TIMES     5
#define LIMIT     3.0

typedef struct
{
  const char *body;
  gsize       length;
  gsize       n_bytes; /* of text that came out */
} Replay;

/* One delta as its server writes it; the text is put in. */
static const char nebelus_delta[] =
  "event: content_block\ndata: {\"content_type\": \"text\", \"state\": \"delta\", \"index\": 0, \"data\": {\"text\": \"%s\"}}\n\n";
static const char assistants_delta[] =
  "event: thread.message.delta\ndata: {\"id\":\"msg_HNOjGj9le0j9nXZ1KhFfEdRk\",\"object\":\"thread.message.delta\",\"delta\":"
  "{\"content\":[{\"index\":0,\"type\":\"text\",\"text\":{\"value\":\"%s\"}}]}}\n\n";
static const char entities_delta[] =
  "data: {\"type\":\"content\",\"content\":\"%s\",\"run_id\":\"run_ankIaEIW3yQt7I72GAJ9Uu\"}\n\n";
static const char agentflow_delta[] =
  "{\"event\":\"message\",\"message\":{\"message_id\":\"chatcmpl-8\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"%s\","
  "\"annotations\":[]}],\"delta\":true,\"tools_calls\":[],\"reasoning\":\"\",\"timestamp\":1795186872.194598,\"metadata\":{},"
  "\"usages\":null,\"raw\":null,\"parsed_content\":null},\"state\":null,\"data\":null,\"thread_id\":\"91d4\",\"run_id\":"
  "\"59f11a94-b89a-4cbd-b53f-251d3492b854\",\"metadata\":{\"node\":\"PILOT\",\"function_name\":\"PILOT\",\"is_new_thread\":true,"
  "\"thread_id\":\"91d4\"},\"timestamp\":1795186828.929969}\n";
static const char aibtc_delta[] =
  "{\"type\":\"token\",\"status\":\"processing\",\"content\":\"%s\",\"created_at\":\"2025-06-20T10:00:04.0\",\"role\":\"assistant\","
  "\"thread_id\":\"0b9d2c1e-4f57-4a0e-9a66-5e0f6f1d2a33\",\"agent_id\":null}\n";

static void
count (Replay      *replay,
       BobbinEvent *event)
{
  if (event->type == BOBBIN_EVENT_BLOCK)
    replay->n_bytes += event->text_length;
  bobbin_event_free (event);
}

/* Bodies of server-sent events */

static void
replay_nebelus (Replay *replay)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  BobbinSseEvent sse;
  BobbinEvent *event;

  for (gsize pos = 0; pos < replay->length; pos += READ_SIZE)
    {
      bobbin_sse_parser_feed (parser, replay->body + pos, MIN (READ_SIZE, replay->length - pos));
      while (bobbin_sse_parser_next (parser, &sse, NULL))
        if (bobbin_nebelus_decoder_push_event (decoder, sse.name, sse.data, (gssize) sse.length, NULL))
          while ((event = bobbin_nebelus_decoder_pop (decoder)) != NULL)
            count (replay, event);
    }
}

static void
replay_assistants (Replay *replay)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinAssistantsDecoder) decoder = bobbin_assistants_decoder_new ();
  BobbinSseEvent sse;
  BobbinEvent *event;

  for (gsize pos = 0; pos < replay->length; pos += READ_SIZE)
    {
      bobbin_sse_parser_feed (parser, replay->body + pos, MIN (READ_SIZE, replay->length - pos));
      while (bobbin_sse_parser_next (parser, &sse, NULL))
        if (bobbin_assistants_decoder_push_event (decoder, sse.name, sse.data, (gssize) sse.length, NULL))
          while ((event = bobbin_assistants_decoder_pop (decoder)) != NULL)
            count (replay, event);
    }
}

static void
replay_entities (Replay *replay)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinEntitiesDecoder) decoder = bobbin_entities_decoder_new ();
  BobbinSseEvent sse;
  BobbinEvent *event;

  for (gsize pos = 0; pos < replay->length; pos += READ_SIZE)
    {
      bobbin_sse_parser_feed (parser, replay->body + pos, MIN (READ_SIZE, replay->length - pos));
      while (bobbin_sse_parser_next (parser, &sse, NULL))
        if (bobbin_entities_decoder_push_event (decoder, sse.data, (gssize) sse.length, NULL))
          while ((event = bobbin_entities_decoder_pop (decoder)) != NULL)
            count (replay, event);
    }
}

/* Others */

static void
replay_agentflow (Replay *replay)
{
  g_autoptr(BobbinNdjsonParser) parser = bobbin_ndjson_parser_new (0);
  g_autoptr(BobbinAgentflowDecoder) decoder = bobbin_agentflow_decoder_new ();
  const char *text;
  gsize length;
  BobbinEvent *event;

  bobbin_agentflow_decoder_begin (decoder, "91d4");
  for (gsize pos = 0; pos < replay->length; pos += READ_SIZE)
    {
      bobbin_ndjson_parser_feed (parser, replay->body + pos, MIN (READ_SIZE, replay->length - pos));
      while (bobbin_ndjson_parser_next (parser, &text, &length, NULL))
        if (bobbin_agentflow_decoder_push (decoder, text, length, NULL))
          while ((event = bobbin_agentflow_decoder_pop (decoder)) != NULL)
            count (replay, event);
    }
}

/* A frame a line: the socket has cut them. */
static void
replay_aibtc (Replay *replay)
{
  g_autoptr(BobbinAibtcDecoder) decoder = bobbin_aibtc_decoder_new ();
  BobbinEvent *event;

  for (const char *frame = replay->body; *frame != '\0';)
    {
      const char *end = strchr (frame, '\n');

      if (bobbin_aibtc_decoder_push (decoder, frame, end - frame, NULL))
        while ((event = bobbin_aibtc_decoder_pop (decoder)) != NULL)
          count (replay, event);
      frame = end + 1;
    }
}

static const struct
{
  const char *name;
  const char *delta;
  void      (*replay) (Replay *replay);
} services[] = {
  { "nebelus", nebelus_delta, replay_nebelus },
  { "agentflow", agentflow_delta, replay_agentflow },
  { "entities", entities_delta, replay_entities },
  { "assistants", assistants_delta, replay_assistants },
  { "aibtc", aibtc_delta, replay_aibtc },
};

static double
cpu_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static char *
record (const char *delta,
        guint       n)
{
  g_auto(GStrv) parts = g_strsplit (delta, "%s", 2);
  GString *body = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (body, "%s%03u%s%s", parts[0], i % 1000, i % 16 == 15 ? "\\n" : " ", parts[1]);

  return g_string_free (body, FALSE);
}

/* Microseconds a delta; -1: it did not come out whole. */
static double
measure (guint  service,
         guint  n,
         gsize *ret_length)
{
  g_autofree char *body = record (services[service].delta, n);
  double best = G_MAXDOUBLE;

  *ret_length = strlen (body);
  for (guint i = 0; i < TIMES; i++)
    {
      Replay replay = { body, *ret_length, 0 };
      double before = cpu_us ();

      services[service].replay (&replay);
      best = MIN (best, cpu_us () - before);
      if (replay.n_bytes != 4 * (gsize) n)
        return -1;
    }

  return best / n;
}

int
main (int   argc,
      char *argv[])
{
  guint n = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 20000;
  double floor_us = 0; /* of Nebelus, for a byte the server delivers */
  int status = 0;

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      gsize length;
      double event_us = measure (i, MAX (n, 1), &length);
      double byte_us = event_us * n / (double) length;

      if (event_us < 0)
        {
          g_printerr ("%s: the text did not come out whole\n", services[i].name);
          return 1;
        }
      if (i == 0)
        floor_us = byte_us;
      g_print ("{\"name\": \"service-event-%s\", \"value\": %.3f, \"unit\": \"us of CPU\", \"limit\": null}\n", services[i].name, event_us);
      g_print ("{\"name\": \"service-byte-%s\", \"value\": %.3f, \"unit\": \"x Nebelus per delivered byte\", \"limit\": %.1f}\n",
               services[i].name, byte_us / floor_us, LIMIT);
      if (byte_us > LIMIT * floor_us)
        status = 1;
    }

  return status;
}
