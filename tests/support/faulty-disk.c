/* The names here are those of libc: 64-bit forms have their own, so they must not be renamed to one another. */
#undef _FILE_OFFSET_BITS
#define _GNU_SOURCE /* RTLD_NEXT, the 64-bit forms */
#include "faulty-disk.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 4096

static GMutex     lock;
static FaultyDisk kind;
static char       below[PATH_MAX];
static guint      wanted;
static guint      n_calls;
static gboolean   fired;
static gboolean   ours[MAX_FILES]; /* descriptors of files below the folder */

const char *
faulty_disk_get_name (FaultyDisk disk)
{
  const char *const names[N_DISKS] = { "sound", "full", "stays-full", "broken", "read-only", "no-files", "short" };

  return names[disk];
}

void
faulty_disk_arm (FaultyDisk  disk,
                 const char *dir,
                 guint       n)
{
  g_mutex_lock (&lock);
  kind = disk;
  g_strlcpy (below, dir != NULL ? dir : "", sizeof below);
  wanted = n;
  n_calls = 0;
  fired = FALSE;
  g_mutex_unlock (&lock);
}

guint
faulty_disk_disarm (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = n_calls;
  kind = DISK_SOUND;
  below[0] = '\0';
  g_mutex_unlock (&lock);

  return n;
}

gboolean
faulty_disk_fired (void)
{
  gboolean is_fired;

  g_mutex_lock (&lock);
  is_fired = fired;
  g_mutex_unlock (&lock);

  return is_fired;
}

static gboolean
is_below (const char *path)
{
  return path != NULL && below[0] != '\0' && strncmp (path, below, strlen (below)) == 0;
}

/* Counts a call; the errno it is to fail with, 0: none, -1: by half. */
static int
next_fault (gboolean opens)
{
  static const int errors[N_DISKS] = { 0, ENOSPC, ENOSPC, EIO, EROFS, EMFILE, -1 };
  int error = 0;
  gboolean lasts;

  g_mutex_lock (&lock);
  lasts = kind == DISK_STAYS_FULL || kind == DISK_READ_ONLY;
  n_calls++;
  if (kind != DISK_SOUND && (n_calls == wanted || (lasts && n_calls > wanted)) && (kind != DISK_NO_FILES || opens))
    {
      fired = TRUE;
      error = errors[kind];
    }
  g_mutex_unlock (&lock);

  return error;
}

static gboolean
fails (gboolean opens)
{
  int error = next_fault (opens);

  if (error > 0)
    errno = error;

  return error > 0;
}

static gboolean
is_ours (int fd)
{
  return fd >= 0 && fd < MAX_FILES && ours[fd] && below[0] != '\0';
}

static int
opened (int      fd,
        gboolean is_below_dir)
{
  if (fd >= 0 && fd < MAX_FILES)
    ours[fd] = is_below_dir;

  return fd;
}

#define REAL(name) ((__typeof__ (&name)) (gpointer) dlsym (RTLD_NEXT, #name))

static int
mode_of (int     flags,
         va_list args)
{
  return flags & (O_CREAT | __O_TMPFILE) ? va_arg (args, int) : 0;
}

/* What only reads finds a full or read-only disk as good as any. */
static gboolean
open_fails (const char *path,
            int         flags)
{
  return is_below (path) && ((flags & O_ACCMODE) != O_RDONLY || kind == DISK_NO_FILES) && fails (TRUE);
}

#define DEFINE_OPEN(name)                                                       \
  int                                                                           \
  name (const char *path,                                                       \
        int         flags,                                                      \
        ...)                                                                    \
  {                                                                             \
    va_list args;                                                               \
    int mode;                                                                   \
                                                                                \
    va_start (args, flags);                                                     \
    mode = mode_of (flags, args);                                               \
    va_end (args);                                                              \
    if (open_fails (path, flags))                                               \
      return -1;                                                                \
    return opened (REAL (name) (path, flags, mode), is_below (path));           \
  }

DEFINE_OPEN (open)
DEFINE_OPEN (open64)

/* How much of @length is to be written; -1: it fails. */
static ssize_t
part_of (int    fd,
         size_t length)
{
  int error = is_ours (fd) ? next_fault (FALSE) : 0;

  if (error > 0)
    {
      errno = error;
      return -1;
    }

  return error < 0 && length > 1 ? (ssize_t) (length / 2) : (ssize_t) length;
}

ssize_t
write (int         fd,
       const void *data,
       size_t      length)
{
  ssize_t part = part_of (fd, length);

  return part < 0 ? -1 : REAL (write) (fd, data, (size_t) part);
}

ssize_t
pwrite (int         fd,
        const void *data,
        size_t      length,
        off_t       at)
{
  ssize_t part = part_of (fd, length);

  return part < 0 ? -1 : REAL (pwrite) (fd, data, (size_t) part, at);
}

ssize_t
pwrite64 (int         fd,
          const void *data,
          size_t      length,
          off64_t     at)
{
  ssize_t part = part_of (fd, length);

  return part < 0 ? -1 : REAL (pwrite64) (fd, data, (size_t) part, at);
}

int
fsync (int fd)
{
  return is_ours (fd) && fails (FALSE) ? -1 : REAL (fsync) (fd);
}

int
fdatasync (int fd)
{
  return is_ours (fd) && fails (FALSE) ? -1 : REAL (fdatasync) (fd);
}

int
ftruncate (int   fd,
           off_t length)
{
  return is_ours (fd) && fails (FALSE) ? -1 : REAL (ftruncate) (fd, length);
}

int
ftruncate64 (int     fd,
             off64_t length)
{
  return is_ours (fd) && fails (FALSE) ? -1 : REAL (ftruncate64) (fd, length);
}

int
rename (const char *from,
        const char *to)
{
  return is_below (to) && fails (FALSE) ? -1 : REAL (rename) (from, to);
}

int
mkdir (const char *path,
       mode_t      mode)
{
  return is_below (path) && fails (FALSE) ? -1 : REAL (mkdir) (path, mode);
}
