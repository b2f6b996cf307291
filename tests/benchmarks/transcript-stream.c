/* transcript-stream [DELTAS [KIND [RATE]]]: appends so many deltas of four bytes to a shown answer as fast as they are taken, and tells
 * what CPU time it cost, how many frames were drawn, the longest stall between two, how many layouts were made, and how many finished
 * blocks were laid out again: that must be none.
 * RATE: deltas a second instead of as fast as they are taken.
 * KIND: "paragraphs" (the default), "line" (all of it one paragraph), "code", "mixed" (of everything), "away" (the reader is
 * elsewhere). */
#include "config.h"

#include "demo/bobbin-demo-answers.h"
#include "drawn.h"
#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-column.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define GAP   130 /* pixels without text: the margins and the head of a message */
#define BURST 50 /* deltas taken in one round of the main loop, as a socket gives them */

static double
cpu_s (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static guint n_frames;
static gint64 last_us;
static gint64 longest_us;

static void
painted_cb (void)
{
  gint64 now = g_get_monotonic_time ();

  n_frames++;
  if (last_us != 0)
    longest_us = MAX (longest_us, now - last_us);
  last_us = now;
}

static gboolean
late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_until (gint64 time_us)
{
  gint64 left_us = time_us - g_get_monotonic_time ();
  gboolean late = FALSE;

  if (left_us < 1000)
    return;
  g_timeout_add ((guint) (left_us / 1000), late_cb, &late);
  while (!late)
    g_main_context_iteration (NULL, TRUE);
}

static char *
make_mixed (gsize bytes)
{
  GString *text = g_string_sized_new (bytes + sizeof (GString));

  while (text->len < bytes)
    g_string_append (text, _bobbin_demo_bench_mixed);

  return g_string_free (text, FALSE);
}

static char *
make_text (const char *kind,
           gsize       bytes)
{
  char *text;

  if (strcmp (kind, "mixed") == 0)
    return make_mixed (bytes);

  text = messages_lorem (bytes, 5);
  if (strcmp (kind, "line") == 0)
    g_strdelimit (text, "\n", ' ');
  if (strcmp (kind, "code") == 0)
    memcpy (text, "```c\n", 5);

  return text;
}

int
main (int argc, char **argv)
{
  guint n_deltas = argc > 1 ? (guint) atoi (argv[1]) : 50000;
  const char *kind = argc > 2 ? argv[2] : "paragraphs";
  guint rate = argc > 3 ? (guint) atoi (argv[3]) : 0;
  g_autoptr(GListStore) messages = NULL;
  g_autoptr(BobbinMessage) answer = NULL;
  g_autofree char *text = make_text (kind, n_deltas * 4);
  GtkWidget *scrolled = NULL;
  GtkWidget *column = NULL;
  GtkWidget *window;
  BobbinBlock *block;
  BobbinMessageView *row;
  BobbinProse *prose;
  guint n_rebuilt;
  double before;
  gint64 started;

  stage_init ();
  messages = messages_mixed (20);
  scrolled = gtk_scrolled_window_new ();
  column = bobbin_column_new ();
  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (messages));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  window = stage_new (scrolled, 900, 800);
  if (strcmp (kind, "away") == 0)
    {
      BobbinLocus top = { 0, 0, 0 };

      bobbin_column_scroll_to (BOBBIN_COLUMN (column), 2, &top, 0);
      stage_settle (window);
    }

  answer = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, MESSAGES_NOON);
  bobbin_message_set_delivery (answer, BOBBIN_DELIVERY_ANSWERING);
  block = messages_block (answer, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_OPEN, NULL);
  g_list_store_append (messages, answer);
  stage_settle (window);

  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", painted_cb, NULL);
  before = cpu_s ();
  started = g_get_monotonic_time ();
  for (guint i = 0; i < n_deltas; i++)
    {
      bobbin_block_append (block, text + i * 4, 4);
      if (rate > 0)
        wait_until (started + (gint64) i * G_USEC_PER_SEC / rate);
      else if (i % BURST == 0)
        g_main_context_iteration (NULL, FALSE);
    }
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_set_delivery (answer, BOBBIN_DELIVERY_COMPLETE);
  stage_settle (window);

  row = bobbin_column_get_row (BOBBIN_COLUMN (column), answer);
  prose = row != NULL ? bobbin_message_view_get_prose (row, bobbin_block_get_id (block)) : NULL;
  n_rebuilt = prose != NULL ? bobbin_prose_get_n_rebuilt (prose) : 0;
  g_print ("{\"cpu_s\": %.3f, \"frames\": %u, \"longest_ms\": %.1f, \"layouts\": %u, \"rebuilt\": %u}\n", cpu_s () - before, n_frames,
           longest_us / 1000.0, prose != NULL ? bobbin_prose_get_n_layouts (prose) : 0, n_rebuilt);
  if (drawn_largest_gap (column) > GAP)
    g_error ("%d pixels of the view are empty", drawn_largest_gap (column));
  stage_free (window);

  return n_rebuilt > 0 ? 1 : 0;
}
