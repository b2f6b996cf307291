/* transcript-open [MESSAGES]: shows so many mixed messages at their end, scrolls through all of them, jumps about, and tells what
 * that cost and whether a line ever moved by other than what was scrolled. */
#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-column.h"

#include <stdlib.h>
#include <sys/resource.h>

#define STEP  240 /* pixels scrolled a frame */
#define JUMPS 100

/* Beyond these the program fails. */
#define JUMP_MAX 2.0 /* pixels a line moved by itself */
#define ROWS_MAX 60  /* rows that exist at the same time */

static double
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static double
percentile (GArray *values,
            double  part)
{
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, double, (guint) ((values->len - 1) * part)) : 0;
}

static double
line_y (BobbinColumn      *column,
        BobbinMessage     *message,
        const BobbinLocus *locus)
{
  BobbinMessageView *row = bobbin_column_get_row (column, message);
  double x;
  double y;

  if (row == NULL || !gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (column), 0, 0, &x, &y))
    return 0;
  return y + bobbin_message_view_get_y (row, locus);
}

/* One step up; returns how far the line at the top moved beyond that. */
static double
step (GtkWidget     *window,
      BobbinColumn  *column,
      GtkAdjustment *adjustment,
      GArray        *frames)
{
  BobbinMessage *message = NULL;
  BobbinLocus locus;
  int pixels;
  double value = gtk_adjustment_get_value (adjustment);
  gboolean known = bobbin_column_get_anchor (column, &message, &locus, &pixels);
  double before = known ? line_y (column, message, &locus) : 0;
  double cpu = cpu_ms ();

  gtk_adjustment_set_value (adjustment, value - STEP);
  stage_frame (window);
  cpu = cpu_ms () - cpu;
  g_array_append_val (frames, cpu);

  return known ? ABS (line_y (column, message, &locus) - before - (value - gtk_adjustment_get_value (adjustment))) : 0;
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) atoi (argv[1]) : 10000;
  g_autoptr(GListStore) messages = NULL;
  g_autoptr(GArray) frames = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) jumps = g_array_new (FALSE, FALSE, sizeof (double));
  GtkWidget *scrolled;
  GtkWidget *column;
  GtkWidget *window;
  GtkAdjustment *adjustment;
  double open_ms;
  double worst = 0;
  guint most_rows = 0;
  BobbinLocus top = { 0, 0, 0 };

  stage_init ();
  messages = messages_mixed (n);
  scrolled = gtk_scrolled_window_new ();
  column = bobbin_column_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  window = stage_new (scrolled, 900, 800);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  open_ms = cpu_ms ();
  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (messages));
  stage_frame (window);
  open_ms = cpu_ms () - open_ms;

  while (gtk_adjustment_get_value (adjustment) > gtk_adjustment_get_lower (adjustment) + 1)
    {
      worst = MAX (worst, step (window, BOBBIN_COLUMN (column), adjustment, frames));
      most_rows = MAX (most_rows, bobbin_column_get_n_rows (BOBBIN_COLUMN (column)));
    }

  for (guint i = 0; i < JUMPS; i++)
    {
      double cpu = cpu_ms ();

      bobbin_column_scroll_to (BOBBIN_COLUMN (column), (i * 7919) % n, &top, 0);
      stage_frame (window);
      cpu = cpu_ms () - cpu;
      g_array_append_val (jumps, cpu);
    }

  g_print ("{\"messages\": %u, \"open_ms\": %.1f, \"steps\": %u, \"step_p50_ms\": %.2f, \"step_p99_ms\": %.2f, "
           "\"step_max_ms\": %.2f, \"jump_px\": %.1f, \"rows\": %u, \"goto_p50_ms\": %.2f, \"goto_max_ms\": %.2f}\n",
           n, open_ms, frames->len, percentile (frames, 0.5), percentile (frames, 0.99), percentile (frames, 1), worst, most_rows,
           percentile (jumps, 0.5), percentile (jumps, 1));
  stage_free (window);

  return worst > JUMP_MAX || most_rows > ROWS_MAX ? 1 : 0;
}
