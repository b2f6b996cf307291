/* Replays a recorded stream of text deltas through parser and decoder, to count what one event costs.
 *
 *   codec-replay ws|sse|slow|floor [N]
 *
 * ws: WebSocket frames through the decoder; sse: the same as an SSE body in reads of 16 KiB through parser and
 * decoder; slow: ws without the fast path; floor: what a program with json-glib alone does, parse the frame and
 * take the text. N: deltas, 50000 without it. Prints microseconds of CPU an event. Instructions an event, and
 * whether they grow with the message: run under valgrind --tool=callgrind --toggle-collect=codec_replay
 * codec-replay ws N with two values of N, and divide "Collected" by N. */
#include "config.h"

#include "model/bobbin-event.h"
#include "wire/bobbin-nebelus-decoder.h"
#include "wire/bobbin-sse-parser.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define READ_SIZE 16384

typedef struct
{
  const char *mode;
  guint       n;
  GString    *stream;
  GArray     *ends;    /* of gsize: of frames in the stream; not for sse */
  gsize       n_bytes; /* of text that came out */
} Replay;

/* As a server writes them: a start, deltas of four bytes, a complete. */
static void
record (Replay *replay)
{
  gboolean sse = strcmp (replay->mode, "sse") == 0;

  for (guint i = 0; i < replay->n; i++)
    {
      gsize end;

      g_string_append (replay->stream, sse ? "event: content_block\ndata: "
                       : "{\"event\": \"content_block\", \"data\": ");
      g_string_append_printf (replay->stream,
                              "{\"content_type\": \"text\", \"state\": \"delta\", \"index\": 0, \"data\": "
                              "{\"text\": \"%03u%s\"}}",
                              i % 1000, i % 16 == 15 ? "\\n" : " ");
      g_string_append (replay->stream, sse ? "\n\n" : "}");
      end = replay->stream->len;
      g_array_append_val (replay->ends, end);
    }
}

static void
take (Replay               *replay,
      BobbinNebelusDecoder *decoder)
{
  BobbinEvent *event;

  while ((event = bobbin_nebelus_decoder_pop (decoder)) != NULL)
    {
      replay->n_bytes += event->text_length;
      bobbin_event_free (event);
    }
}

static void
replay_frames (Replay   *replay,
               gboolean  fast)
{
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  gsize start = 0;

  bobbin_nebelus_decoder_set_fast_path (decoder, fast);
  for (guint i = 0; i < replay->ends->len; i++)
    {
      gsize end = g_array_index (replay->ends, gsize, i);

      if (bobbin_nebelus_decoder_push_frame (decoder, replay->stream->str + start, (gssize) (end - start), NULL))
        take (replay, decoder);
      start = end;
    }
}

static void
replay_body (Replay *replay)
{
  g_autoptr(BobbinSseParser) parser = bobbin_sse_parser_new (0);
  g_autoptr(BobbinNebelusDecoder) decoder = bobbin_nebelus_decoder_new ();
  BobbinSseEvent event;

  for (gsize pos = 0; pos < replay->stream->len; pos += READ_SIZE)
    {
      bobbin_sse_parser_feed (parser, replay->stream->str + pos, MIN (READ_SIZE, replay->stream->len - pos));
      while (bobbin_sse_parser_next (parser, &event, NULL))
        if (bobbin_nebelus_decoder_push_event (decoder, event.name, event.data, (gssize) event.length, NULL))
          take (replay, decoder);
    }
}

static void
replay_floor (Replay *replay)
{
  gsize start = 0;

  for (guint i = 0; i < replay->ends->len; i++)
    {
      gsize end = g_array_index (replay->ends, gsize, i);
      g_autoptr(JsonParser) parser = json_parser_new ();

      if (json_parser_load_from_data (parser, replay->stream->str + start, (gssize) (end - start), NULL))
        {
          JsonObject *frame = json_node_get_object (json_parser_get_root (parser));
          JsonObject *data = json_object_get_object_member (frame, "data");
          const char *text = json_object_get_string_member (json_object_get_object_member (data, "data"), "text");

          replay->n_bytes += strlen (text);
        }
      start = end;
    }
}

/* The name valgrind is told. */
void codec_replay (Replay *replay) __attribute__ ((noinline));

void
codec_replay (Replay *replay)
{
  if (strcmp (replay->mode, "ws") == 0)
    replay_frames (replay, TRUE);
  else if (strcmp (replay->mode, "slow") == 0)
    replay_frames (replay, FALSE);
  else if (strcmp (replay->mode, "sse") == 0)
    replay_body (replay);
  else
    replay_floor (replay);
}

static double
cpu_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const modes[] = { "ws", "sse", "slow", "floor", NULL };
  Replay replay = { 0 };
  double before;

  if (argc < 2 || argc > 3 || !g_strv_contains (modes, argv[1]))
    {
      fprintf (stderr, "usage: codec-replay ws|sse|slow|floor [N]\n");
      return 2;
    }
  replay.mode = argv[1];
  replay.n = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 50000;
  replay.stream = g_string_new (NULL);
  replay.ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  record (&replay);
  before = cpu_us ();
  codec_replay (&replay);
  printf ("%s: %u deltas, %" G_GSIZE_FORMAT " bytes of text, %.3f us an event\n", replay.mode, replay.n,
          replay.n_bytes,
          (cpu_us () - before) / MAX (replay.n, 1));
  g_string_free (replay.stream, TRUE);
  g_array_unref (replay.ends);

  return replay.n_bytes == 4 * (gsize) replay.n ? 0 : 1;
}
