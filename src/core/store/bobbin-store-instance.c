/* One lock file for each process that uses a profile, named by a number that never comes again. The lock (flock) goes with the
 * process however it ends, so a file that can be locked belongs to nobody. A process that ends in good order removes its file:
 * one that is left says that a process was killed, and its content, whether the machine has gone down since: a killed process
 * cannot tear a file, a power cut can. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_MAX  64

static char *
path_of (const char *dir,
         const char *name)
{
  g_autofree char *base = g_strconcat (name, ".lock", NULL);

  return g_build_filename (dir, base, NULL);
}

/* A sweeper may have locked and removed the file between our open and our lock. */
static gboolean
is_still_there (int         fd,
                const char *path)
{
  GStatBuf ours, there;

  return fstat (fd, &ours) == 0 && g_stat (path, &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

static void
note_boot (int fd)
{
  g_autofree char *boot_id = NULL;
  gsize length;

  /* Not written, or not there: as if the machine had gone down. */
  if (g_file_get_contents (BOOT_ID_PATH, &boot_id, &length, NULL) &&
      write (fd, boot_id, MIN (length, BOOT_ID_MAX)) < 0)
    g_debug ("boot id not noted: %s", g_strerror (errno));
}

static gboolean
is_of_this_boot (int fd)
{
  g_autofree char *boot_id = NULL;
  char noted[BOOT_ID_MAX];
  gsize length;
  gssize n;

  if (!g_file_get_contents (BOOT_ID_PATH, &boot_id, &length, NULL))
    return FALSE;

  n = read (fd, noted, sizeof noted);
  return n > 0 && (gsize) n == MIN (length, BOOT_ID_MAX) && memcmp (noted, boot_id, (gsize) n) == 0;
}

gboolean
_bobbin_instance_lock (const char  *dir,
                       char       **ret_name,
                       int         *ret_fd,
                       GError     **error)
{
  for (int i = 0; i < 16; i++)
    {
      g_autofree char *id = bobbin_id_to_string (bobbin_id_new ());
      g_autofree char *name = g_strdup_printf ("%d-%s", (int) getpid (), id);
      g_autofree char *path = path_of (dir, name);
      int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

      if (fd < 0)
        break;
      /* A file system without locks leaves only the process id to tell who lives. */
      if (flock (fd, LOCK_EX) != 0)
        g_debug ("no lock for %s: %s", path, g_strerror (errno));
      if (is_still_there (fd, path))
        {
          note_boot (fd);
          *ret_name = g_steal_pointer (&name);
          *ret_fd = fd;
          return TRUE;
        }
      close (fd);
    }

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The profile folder %s cannot be written: %s", dir, g_strerror (errno));
  return FALSE;
}

void
_bobbin_instance_unlock (const char *dir,
                         const char *name,
                         int         fd)
{
  g_autofree char *path = path_of (dir, name);

  g_unlink (path);
  close (fd);
}

/* Whether a process holds @path; removes the file when none does, and says whether the machine went down after it. */
static gboolean
test_lock (const char *path,
           const char *name,
           gboolean   *rebooted)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  gboolean alive;

  if (fd < 0)
    return errno != ENOENT;

  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    alive = FALSE;
  else if (errno == EWOULDBLOCK)
    alive = TRUE;
  else
    alive = kill ((pid_t) g_ascii_strtoll (name, NULL, 10), 0) == 0 || errno == EPERM;
  if (!alive)
    {
      *rebooted |= !is_of_this_boot (fd);
      g_unlink (path);
    }
  close (fd);

  return alive;
}

gboolean
_bobbin_instance_is_alive (const char *dir,
                           const char *name)
{
  g_autofree char *path = path_of (dir, name);
  gboolean rebooted = FALSE;

  return test_lock (path, name, &rebooted);
}

void
_bobbin_instance_sweep (const char          *dir,
                        BobbinInstanceSweep *ret_sweep)
{
  BobbinInstanceSweep sweep = { 0 };
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  const char *base;

  while (folder != NULL && (base = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, base, NULL);

      if (!g_str_has_suffix (base, ".lock"))
        continue;
      if (test_lock (path, base, &sweep.rebooted))
        sweep.n_alive++;
      else
        sweep.n_gone++;
    }

  *ret_sweep = sweep;
}
