/* organise PROFILE-DIRECTORY: the list over a large profile (make-profile DIR 100000): scrolling, picking all, archiving all, taking it
 * back, narrowing. Tells the longest time the main loop was held in each, and the memory. Ends with 1 when one is above the limit. */
#define G_LOG_DOMAIN "bobbin-bench"
#include "config.h"

#include "secret/bobbin-secrets.h"
#include "session/bobbin-library.h"
#include "sidebar/bobbin-sidebar.h"
#include "util/bobbin-clock.h"

#include <adwaita.h>
#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#define LIMIT_MS 50.0
#define SCROLLS  400

static gint64 began_us;
static gint64 longest_us;

/* What the main thread itself needed, however busy the machine is with others. */
static gint64
cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* The time from waking up to polling again is what the loop was held. */
static int
timed_poll (GPollFD *fds,
            guint    n_fds,
            int      timeout_ms)
{
  gint64 now_us = cpu_us ();
  int result;

  if (began_us != 0)
    longest_us = MAX (longest_us, now_us - began_us);
  result = g_poll (fds, n_fds, timeout_ms);
  began_us = cpu_us ();

  return result;
}

static guint
resident_mb (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) words = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  words = g_strsplit (text, " ", -1);

  return (guint) (g_ascii_strtoull (words[1], NULL, 10) * 4096 / 1048576);
}

static gboolean too_slow;

static void
tell (const char *what,
      gboolean    counts)
{
  double ms = (double) longest_us / 1000;

  g_print ("%-28s longest hold of the main loop %6.1f ms, resident %u MB%s\n", what, ms, resident_mb (),
           counts && ms > LIMIT_MS ? "   TOO SLOW" : "");
  too_slow = too_slow || (counts && ms > LIMIT_MS);
  longest_us = 0;
}

static void
run_for (guint ms)
{
  gint64 end_us = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, g_main_context_pending (NULL));
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static void
scroll (GtkWidget     *sidebar,
        BobbinLibrary *library)
{
  GtkWidget *widget = sidebar;
  GtkAdjustment *adjustment = NULL;
  GQueue queue = G_QUEUE_INIT;

  g_queue_push_tail (&queue, sidebar);
  while (adjustment == NULL && (widget = g_queue_pop_head (&queue)) != NULL)
    {
      if (GTK_IS_SCROLLED_WINDOW (widget))
        adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
        g_queue_push_tail (&queue, child);
    }
  g_queue_clear (&queue);
  for (guint i = 0; i < SCROLLS; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
      run_for (16);
    }
  g_print ("%u rows after scrolling %u times to the end\n", g_list_model_get_n_items (bobbin_library_get_threads (library)), SCROLLS);
  tell ("scrolling", TRUE);
  gtk_adjustment_set_value (adjustment, 0);
  run_for (300);
  malloc_trim (0);
  tell ("back at the top", TRUE);
}

static void
archive_all (BobbinSidebar *sidebar,
             BobbinLibrary *library)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (bobbin_sidebar_get_model (sidebar));
  g_autoptr(BobbinThreadPick) pick = NULL;
  g_autoptr(BobbinThreadChanged) changed = NULL;
  g_autoptr(BobbinThreadChanged) back = NULL;
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  gint64 start_us;

  gtk_selection_model_select_all (selection);
  run_for (500);
  g_print ("%u picked\n", bobbin_sidebar_get_n_picked (sidebar));
  tell ("picking all", TRUE);

  pick = bobbin_sidebar_dup_pick (sidebar);
  bobbin_sidebar_set_picking (sidebar, FALSE);
  start_us = g_get_monotonic_time ();
  bobbin_library_change_threads_async (library, pick, BOBBIN_CHANGE_ARCHIVE, 0, FALSE, NULL, done_cb, &first);
  changed = bobbin_library_change_threads_finish (library, wait_result (&first), NULL);
  g_print ("%u archived in %.2f s of the store\n", changed->ids->len, (double) (g_get_monotonic_time () - start_us) / 1e6);
  run_for (500);
  tell ("archiving all", TRUE);

  start_us = g_get_monotonic_time ();
  bobbin_library_undo_change_async (library, changed, NULL, done_cb, &second);
  back = bobbin_library_change_threads_finish (library, wait_result (&second), NULL);
  g_print ("%u taken back in %.2f s of the store\n", back->ids->len, (double) (g_get_monotonic_time () - start_us) / 1e6);
  run_for (500);
  tell ("taking it back", TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(BobbinStore) store = NULL;
  g_autoptr(BobbinClock) clock = NULL;
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autoptr(BobbinNetwork) network = NULL;
  g_autoptr(BobbinLibrary) library = NULL;
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  static const char *const views[] = { "archive", "expiring", "active" };
  BobbinStoreReport *report;
  GtkWidget *window, *sidebar;

  if (argc != 2)
    {
      g_printerr ("usage: organise PROFILE-DIRECTORY\n");
      return 2;
    }

  adw_init ();
  store = bobbin_sqlite_store_new (argv[1]);
  bobbin_store_open_async (store, NULL, done_cb, &opened);
  report = bobbin_store_open_finish (store, wait_result (&opened), NULL);
  g_assert (report != NULL);
  bobbin_store_report_free (report);
  clock = bobbin_system_clock_new ();
  secrets = bobbin_memory_secrets_new ();
  network = bobbin_network_new ();
  library = bobbin_library_new (store, secrets, clock, network);
  bobbin_library_load_async (library, NULL, done_cb, &loaded);
  g_assert (bobbin_library_load_finish (library, wait_result (&loaded), NULL));

  window = g_object_new (GTK_TYPE_WINDOW, "default-width", 320, "default-height", 700, NULL);
  sidebar = g_object_new (BOBBIN_TYPE_SIDEBAR, NULL);
  bobbin_sidebar_set_library (BOBBIN_SIDEBAR (sidebar), library);
  gtk_window_set_child (GTK_WINDOW (window), sidebar);
  gtk_window_present (GTK_WINDOW (window));
  g_main_context_set_poll_func (NULL, timed_poll);
  run_for (1000);
  tell ("start (not counted)", FALSE);

  scroll (sidebar, library);
  archive_all (BOBBIN_SIDEBAR (sidebar), library);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      bobbin_sidebar_show (BOBBIN_SIDEBAR (sidebar), views[i]);
      run_for (300);
      tell (views[i], TRUE);
    }

  gtk_window_destroy (GTK_WINDOW (window));
  bobbin_library_close (library);

  return too_slow ? 1 : 0;
}
