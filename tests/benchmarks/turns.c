/* Preloaded into a GTK program (LD_PRELOAD), tells from outside how long its main loop was busy at one go.
 *
 * The poll function of the default context is wrapped; the CPU time of the main thread between two polls is what a person would
 * notice as a late frame, whatever else the machine does. The longest, in nanoseconds, stands in the file named by BOBBIN_TURNS,
 * eight bytes that are shared: who looks at it may set it back to nothing. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static guint64 *longest;
static guint64  began;

static guint64
cpu_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (guint64) now.tv_sec * 1000000000u + (guint64) now.tv_nsec;
}

static int
poll_turn (GPollFD *fds,
           guint    n_fds,
           int      timeout_ms)
{
  guint64 now = cpu_ns ();
  int n;

  if (began != 0 && now - began > *longest)
    *longest = now - began;
  n = g_poll (fds, n_fds, timeout_ms);
  began = cpu_ns ();

  return n;
}

static void __attribute__ ((constructor))
watch (void)
{
  const char *path = g_getenv ("BOBBIN_TURNS");
  int fd = path != NULL ? open (path, O_RDWR | O_CREAT, 0600) : -1;
  void *shared = MAP_FAILED;

  if (fd >= 0 && ftruncate (fd, sizeof *longest) == 0)
    shared = mmap (NULL, sizeof *longest, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (fd >= 0)
    close (fd);
  if (shared == MAP_FAILED)
    return;

  longest = shared;
  g_main_context_set_poll_func (g_main_context_default (), poll_turn);
}
