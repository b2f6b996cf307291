/* thread [MESSAGES]: a thread of so many mixed messages in a store, shown by the transcript beside one of 20. Prints one JSON object
 * a line, {"name", "value", "unit", "limit"}, for run-benchmarks.py, and fails when a limit is passed. CPU is that of the main
 * thread where frames are meant, else of the process; each is the best of five where it can be repeated. */
#include "config.h"

#include "messages.h"
#include "session-fixture.h"
#include "session/bobbin-finder.h"
#include "stage.h"
#include "store/bobbin-store-bulk.h"
#include "ui/transcript/bobbin-column.h"
#include "ui/transcript/bobbin-transcript.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define TIMES    5
#define SHORT    20
#define HEIGHT   800
#define STEP     240  /* pixels a frame, as a fling moves */
#define STEPS    2500 /* of them; */
#define STRIDE   2200 /* the rest of the thread goes by in strides, of less than three pages, as farther ones start from guessed
                       * heights: only its memory is looked at, and that nothing moves afterwards */
#define JUMPS    60
#define FRAMES_MAX 20

typedef struct
{
  Fixture           session;
  GtkWidget        *window;
  BobbinTranscript *transcript;
  BobbinColumn     *column;
  GtkAdjustment    *adjustment;
  guint             n;
} Bench;

static int failures;

static void
tell (const char *name,
      double      value,
      const char *unit,
      double      limit)
{
  g_print ("{\"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\", \"limit\": %.1f}\n", name, value, unit, limit);
  if (value > limit)
    failures++;
}

static double
process_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static double
thread_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double
pss_mib (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL) || (line = strstr (text, "\nPss:")) == NULL)
    return 0;
  return g_ascii_strtod (line + strlen ("\nPss:"), NULL) / 1024;
}

static void
idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Frames until nothing is under way. */
static void
calm (Bench *bench)
{
  for (guint i = 0; i < 4; i++)
    {
      fixture_settle (&bench->session);
      stage_frame (bench->window);
      idle ();
    }
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  bobbin_store_finish (BOBBIN_STORE (source), result, &error);
  g_assert_no_error (error);
  --*(guint *) user_data;
}

/* A text of 1 MB now and then, code, and the word that only the oldest message holds. */
static BobbinMessage *
make_message (guint i)
{
  gsize bytes = i % 5000 == 1201 ? 1000 * 1000 : i % 97 == 96 ? 20000 : i % 13 == 12 ? 4000 : 120 + (i * 7919) % 900;
  g_autofree char *lorem = messages_lorem (i % 2 == 0 ? MIN (bytes, 300) : bytes, i);
  g_autofree char *text = i == 0 ? g_strconcat ("A rare Zuckerwatte. ", lorem, NULL)
                          : i % 7 == 3 ? g_strconcat (lorem, "\n\n```python\ndef f(x):\n    return x + 1\n```\n\nEnd.", NULL)
                                       : g_strdup (lorem);

  return messages_text (i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, text,
                        MESSAGES_NOON + (gint64) i * 600 * G_USEC_PER_SEC);
}

static void
fill (Bench *bench)
{
  guint pending = 2;

  fixture_type (&bench->session, "x");
  fixture_advance (&bench->session, 300);
  _bobbin_store_begin_bulk_async (bench->session.store, NULL, done_cb, &pending);
  for (guint i = 0; i < bench->n; i++)
    {
      g_autoptr(BobbinMessage) message = make_message (i);

      pending++;
      bobbin_store_save_message_async (bench->session.store, bobbin_thread_get_id (bench->session.thread), message, NULL,
                                       done_cb, &pending);
      while (pending > 200)
        g_main_context_iteration (NULL, TRUE);
    }
  _bobbin_store_end_bulk_async (bench->session.store, NULL, done_cb, &pending);
  while (pending > 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_type (&bench->session, "");
  fixture_advance (&bench->session, 300);
}

static void
drop_session (Bench *bench)
{
  bobbin_transcript_set_session (bench->transcript, NULL);
  if (bench->session.session != NULL)
    g_signal_handlers_disconnect_by_data (bench->session.session, &bench->session);
  g_clear_object (&bench->session.session);
  calm (bench);
}

static void
bench_up (Bench *bench,
          guint  n)
{
  GtkWidget *transcript = bobbin_transcript_new ();

  bench->n = n;
  bench->window = stage_new (transcript, 900, HEIGHT);
  bench->transcript = BOBBIN_TRANSCRIPT (transcript);
  bench->column = BOBBIN_COLUMN (stage_find (transcript, BOBBIN_TYPE_COLUMN, NULL));
  bench->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (bench->column));
  fixture_set_up (&bench->session, "disk");
  fill (bench);
  drop_session (bench);
}

static void
bench_down (Bench *bench)
{
  bobbin_transcript_set_session (bench->transcript, NULL);
  stage_free (bench->window);
  fixture_tear_down (&bench->session, "disk");
}

static double
open_ms (Bench *bench)
{
  double cpu;

  drop_session (bench);
  cpu = process_ms ();
  fixture_open_session (&bench->session);
  bobbin_transcript_set_session (bench->transcript, bench->session.session);
  calm (bench);
  return process_ms () - cpu;
}

static double
best_open_ms (Bench *bench)
{
  double best = G_MAXDOUBLE;

  open_ms (bench);
  for (guint i = 0; i < TIMES; i++)
    best = MIN (best, open_ms (bench));

  return best;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

typedef struct
{
  GArray *frames;  /* of double, ms of the main thread */
  double  worst;   /* pixels a line moved by itself */
  guint   n;
} Scroll;

static double
line_y (Bench             *bench,
        BobbinMessage     *message,
        const BobbinLocus *locus)
{
  BobbinMessageView *row = bobbin_column_get_row (bench->column, message);
  double x;
  double y;

  if (row == NULL || !gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (bench->column), 0, 0, &x, &y))
    return NAN;
  return y + bobbin_message_view_get_y (row, locus);
}

static void
check_moved (Scroll        *scroll,
             BobbinMessage *message,
             gsize          offset,
             double         moved)
{
  if (!isnan (moved) && ABS (moved) > 2)
    g_print ("# a line moved by %.0f px: message %" G_GINT64_FORMAT ", %" G_GSIZE_FORMAT " bytes at %" G_GSIZE_FORMAT "\n", moved,
             bobbin_message_get_id (message), bobbin_block_get_length (bobbin_message_get_block (message, 0)), offset);
  if (!isnan (moved))
    scroll->worst = MAX (scroll->worst, ABS (moved));
}

/* Once a stride has been drawn, nothing on the screen moves any more: neither the line at the top nor the start of the lowest row. */
static void
stay (Bench  *bench,
      Scroll *scroll)
{
  BobbinPager *pager = bobbin_session_get_pager (bench->session.session);
  g_autoptr(BobbinMessage) top = NULL;
  g_autoptr(BobbinMessage) low = NULL;
  BobbinLocus locus;
  BobbinLocus start = { 0, 0, 0 };
  double before;
  double low_before = NAN;
  guint position;
  int pixels;

  if (!bobbin_column_get_anchor (bench->column, &top, &locus, &pixels))
    {
      top = NULL;
      return;
    }
  g_object_ref (top);
  before = line_y (bench, top, &locus);
  for (bobbin_column_get_top (bench->column, &position, &pixels); position < bench->n; position++)
    {
      BobbinMessage *next = bobbin_pager_peek (pager, position);
      double y = next != NULL ? line_y (bench, next, &start) : NAN;

      if (isnan (y) || y >= HEIGHT)
        break;
      if (y < 0)
        continue; /* it begins above the screen */
      low_before = y;
      g_set_object (&low, next);
    }
  idle ();
  stage_frame (bench->window);
  idle ();
  check_moved (scroll, top, locus.offset, line_y (bench, top, &locus) - before);
  if (low != NULL)
    check_moved (scroll, low, 0, line_y (bench, low, &start) - low_before);
}

/* One step up; the line that was at the top moves by that and no more, whatever is loaded and measured above. After a stride it is
 * no longer on the screen. */
static void
scroll_step (Bench  *bench,
             Scroll *scroll)
{
  double step = scroll->n++ < STEPS ? STEP : STRIDE;
  g_autoptr(BobbinMessage) message = NULL;
  BobbinLocus locus;
  int pixels;
  double value = gtk_adjustment_get_value (bench->adjustment);
  gboolean known = bobbin_column_get_anchor (bench->column, &message, &locus, &pixels);
  double before = known ? line_y (bench, message, &locus) : NAN;
  double cpu = thread_ms ();

  if (known)
    g_object_ref (message);
  else
    message = NULL;
  gtk_adjustment_set_value (bench->adjustment, value - step);
  stage_frame (bench->window);
  if (step == STRIDE)
    {
      stay (bench, scroll);
      return;
    }

  idle ();
  cpu = thread_ms () - cpu;
  g_array_append_val (scroll->frames, cpu);
  if (known)
    check_moved (scroll, message, locus.offset,
                 line_y (bench, message, &locus) - before - (value - gtk_adjustment_get_value (bench->adjustment)));
}

/* The best of five stretches: what else the machine does is not ours. */
static double
best_p99 (GArray *frames)
{
  guint n = frames->len / TIMES;
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < TIMES && n > 0; i++)
    {
      g_autoptr(GArray) part = g_array_new (FALSE, FALSE, sizeof (double));

      g_array_append_vals (part, &g_array_index (frames, double, i * n), n);
      g_array_sort (part, compare);
      best = MIN (best, g_array_index (part, double, n * 99 / 100));
    }

  return best;
}

static void
scroll_all (Bench *bench)
{
  Scroll scroll = { g_array_new (FALSE, FALSE, sizeof (double)), 0, 0 };

  while (gtk_adjustment_get_value (bench->adjustment) > gtk_adjustment_get_lower (bench->adjustment) + 1)
    scroll_step (bench, &scroll);
  tell ("thread-scroll-p99", best_p99 (scroll.frames), "ms", 16);
  g_array_sort (scroll.frames, compare);
  g_print ("# %u frames scrolled, p50 %.2f ms, p99 of all %.2f ms\n", scroll.frames->len,
           g_array_index (scroll.frames, double, scroll.frames->len / 2),
           g_array_index (scroll.frames, double, scroll.frames->len * 99 / 100));
  tell ("thread-scroll-stall", g_array_index (scroll.frames, double, scroll.frames->len - 1), "ms", 50);
  tell ("thread-scroll-jump", scroll.worst, "px", 2);
  g_array_unref (scroll.frames);
}

static gboolean
is_there (Bench *bench,
          guint  position)
{
  BobbinPager *pager = bobbin_session_get_pager (bench->session.session);
  BobbinMessage *message = bobbin_pager_peek (pager, position);
  GtkWidget *row = message != NULL ? GTK_WIDGET (bobbin_column_get_row (bench->column, message)) : NULL;
  double x;
  double y;

  return row != NULL && gtk_widget_translate_coordinates (row, GTK_WIDGET (bench->column), 0, 0, &x, &y) && y >= -1 && y < HEIGHT;
}

/* Frames until a message anywhere is on the screen. */
static void
jump_about (Bench *bench)
{
  BobbinPager *pager = bobbin_session_get_pager (bench->session.session);
  guint most = 0;

  for (guint i = 0; i < JUMPS; i++)
    {
      guint position = (i * 7919 + 13) % bench->n;
      guint frames = 0;

      bobbin_transcript_show_message (bench->transcript, bobbin_pager_get_id (pager, position), NULL);
      while (!is_there (bench, position) && frames < FRAMES_MAX)
        {
          stage_frame (bench->window);
          frames++;
        }
      most = MAX (most, frames);
      idle ();
    }
  tell ("thread-goto", most, "frames", 3);
}

/* CPU until the only match, in the oldest message, is known; and the longest turn of the main loop while a word is typed. */
static void
find_rare (Bench *bench)
{
  double best = G_MAXDOUBLE;
  double stall = G_MAXDOUBLE;

  for (guint i = 0; i < TIMES; i++)
    {
      static const char word[] = "zuckerwatte";
      g_autoptr(BobbinFinder) finder = bobbin_finder_new (bench->session.session);
      double cpu = process_ms ();
      double longest = 0;

      bobbin_finder_set_text (finder, word);
      while (bobbin_finder_get_n (finder) == 0)
        g_main_context_iteration (NULL, TRUE);
      best = MIN (best, process_ms () - cpu);

      for (gsize j = 1; j < sizeof word; j++)
        {
          g_autofree char *typed = g_strndup (word, j);

          bobbin_finder_set_text (finder, typed);
          do
            {
              double before = thread_ms ();

              g_main_context_iteration (NULL, TRUE);
              longest = MAX (longest, thread_ms () - before);
            }
          while (j + 1 == sizeof word && bobbin_finder_get_busy (finder));
        }
      stall = MIN (stall, longest);
    }
  tell ("thread-find-first", best, "ms", 50);
  tell ("thread-find-stall", stall, "ms", 50);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) atoi (argv[1]) : 10000;
  Bench few = { 0, };
  Bench many = { 0, };
  double few_ms;
  double many_ms;
  double pss;

  gtk_test_init (&argc, &argv, NULL);
  stage_init ();

  bench_up (&few, SHORT);
  few_ms = best_open_ms (&few);
  pss = pss_mib ();
  bench_down (&few);

  bench_up (&many, n);
  many_ms = best_open_ms (&many);
  g_print ("# opening %u messages: %.1f ms; %u: %.1f ms\n", SHORT, few_ms, n, many_ms);
  tell ("thread-open", many_ms / few_ms, "x 20 messages", 2);
  find_rare (&many);
  jump_about (&many);
  bobbin_transcript_jump_to_latest (many.transcript);
  calm (&many);
  scroll_all (&many);
  tell ("thread-memory", pss_mib () - pss, "MiB above 20 messages", 40);
  bench_down (&many);

  return failures > 0 ? 1 : 0;
}
