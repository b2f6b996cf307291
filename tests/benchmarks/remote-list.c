/* remote-list [N]: a server lists N conversations in pages of 100, which are taken in while the list of the window is on the screen.
 * Prints one JSON object a line, {"name", "value", "unit", "limit"}: the longest time the main loop was held, and what the second half
 * of the pages cost in CPU beside the first; each is the best of five. Ends with 1 when a limit is passed. */
#include "config.h"

#include "session-fixture.h"
#include "sidebar/bobbin-sidebar.h"
#include "ui-fixture.h"

#include <sys/resource.h>
#include <time.h>

#define PAGE     100
#define HOLD_MS  50.0
#define GROWTH   1.5 /* one cost for each conversation, however many there are */
#define WAIT_S   120
#define TIMES    5

typedef struct
{
  double thread_us; /* CPU a conversation */
  double hold_ms;
  double growth;
} Result;

static gint64 began_us;
static gint64 longest_us;

/* What the main thread itself needed, however busy the machine is with others. */
static gint64
thread_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gint64
process_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* The time from waking up to polling again is what the loop was held. */
static int
timed_poll (GPollFD *fds,
            guint    n_fds,
            int      timeout_ms)
{
  int result;

  if (began_us != 0)
    longest_us = MAX (longest_us, thread_us () - began_us);
  result = g_poll (fds, n_fds, timeout_ms);
  began_us = thread_us ();

  return result;
}

static void
show (GtkWidget     *window,
      BobbinLibrary *library)
{
  GtkWidget *sidebar = g_object_new (BOBBIN_TYPE_SIDEBAR, NULL);

  bobbin_sidebar_set_library (BOBBIN_SIDEBAR (sidebar), library);
  gtk_window_set_default_size (GTK_WINDOW (window), 320, 700);
  gtk_window_set_child (GTK_WINDOW (window), sidebar);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (window) || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

/* Until the server was asked for @n_pages and all of them are here. FALSE: they do not come. */
static gboolean
take_pages (Fixture *self,
            guint    n_pages)
{
  gint64 deadline_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;
  GListModel *threads = bobbin_library_get_threads (self->library);
  guint wanted = n_pages * PAGE;

  while (g_list_model_get_n_items (threads) < wanted)
    {
      if (g_get_monotonic_time () > deadline_us)
        return FALSE;
      bobbin_library_load_more (self->library);
      g_main_context_iteration (NULL, TRUE);
    }

  return TRUE;
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE; /* a step that has nothing to wait for is looked at again */
}

static int
tell (const char *name,
      double      value,
      const char *unit,
      double      limit)
{
  g_print ("{\"name\": \"%s\", \"value\": %.2f, \"unit\": \"%s\", \"limit\": %.1f}\n", name, value, unit, limit);

  return value > limit ? 1 : 0;
}

static void
fill (Fixture *self,
      guint    n)
{
  self->backend->capabilities |= BOBBIN_CAN_LIST_THREADS;
  self->backend->page_size = PAGE;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("thread-%u", i);
      g_autofree char *title = g_strdup_printf ("Conversation number %u about tides", i);

      fake_remote_thread (self->backend, id, title, START_US - (i + 1) * 60 * G_USEC_PER_SEC);
    }
}

static Result
list_all (guint n_pages)
{
  Fixture self = { NULL };
  GtkWidget *window = g_object_ref_sink (gtk_window_new ());
  gint64 begin_us, half_us, end_us;
  guint ticks;

  fixture_set_up (&self, "disk");
  fill (&self, n_pages * PAGE);
  show (window, self.library);
  ticks = g_timeout_add (5, tick_cb, NULL);

  began_us = longest_us = 0;
  g_main_context_set_poll_func (NULL, timed_poll);
  begin_us = process_us ();
  bobbin_library_refresh_remote (self.library, NULL);
  if (!take_pages (&self, n_pages / 2))
    g_error ("the first half does not come");
  half_us = process_us ();
  if (!take_pages (&self, n_pages))
    g_error ("the second half does not come");
  end_us = process_us ();
  g_main_context_set_poll_func (NULL, NULL);

  g_source_remove (ticks);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  fixture_tear_down (&self, "disk");

  return (Result) {
    (double) (end_us - begin_us) / (n_pages * PAGE), longest_us / 1000.0, (double) (end_us - half_us) / MAX (half_us - begin_us, 1),
  };
}

int
main (int   argc,
      char *argv[])
{
  guint n = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 10000;
  Result best = { G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE };
  int failures;

  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  for (guint i = 0; i < TIMES; i++)
    {
      Result result = list_all (MAX (n / PAGE, 2));

      best.thread_us = MIN (best.thread_us, result.thread_us);
      best.hold_ms = MIN (best.hold_ms, result.hold_ms);
      best.growth = MIN (best.growth, result.growth);
    }

  g_print ("{\"name\": \"remote-list-thread\", \"value\": %.1f, \"unit\": \"us of CPU a conversation\", \"limit\": null}\n",
           best.thread_us);
  failures = tell ("remote-list-hold", best.hold_ms, "ms of the main loop", HOLD_MS);
  failures += tell ("remote-list-growth", best.growth, "x the first half", GROWTH);

  return failures > 0 ? 1 : 0;
}
