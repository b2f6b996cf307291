/* Preloaded into a GTK program (LD_PRELOAD), says what it had used when its first frame was painted.
 *
 * It stands in front of gtk_window_present(), listens to the frame clock of the first window, and writes the CPU time of all
 * threads in microseconds to the file named by BOBBIN_FIRST_FRAME. The program goes on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <gtk/gtk.h>
#include <sys/resource.h>

static gulong handler;

static void
after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  const char *path = g_getenv ("BOBBIN_FIRST_FRAME");
  g_autofree char *text = NULL;
  struct rusage used;

  getrusage (RUSAGE_SELF, &used);
  text = g_strdup_printf ("%" G_GINT64_FORMAT "\n",
                          (gint64) (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * G_USEC_PER_SEC
                          + used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  if (path != NULL && handler != 0)
    g_file_set_contents (path, text, -1, NULL);
  g_clear_signal_handler (&handler, clock);
}

void
gtk_window_present (GtkWindow *window)
{
  static void (*real) (GtkWindow *window);
  static gboolean watched;

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "gtk_window_present");
  real (window);
  if (watched || gtk_native_get_surface (GTK_NATIVE (window)) == NULL)
    return;
  watched = TRUE;
  handler = g_signal_connect (gdk_surface_get_frame_clock (gtk_native_get_surface (GTK_NATIVE (window))), "after-paint",
                              G_CALLBACK (after_paint_cb), NULL);
}
