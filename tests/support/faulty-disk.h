/* A disk that fails: the calls of libc that write, for files below one folder, in this whole process (SQLite's and GLib's too). They
 * are counted from faulty_disk_arm() on; the n-th, or all from it on, does not do its work and fails. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DISK_SOUND,
  DISK_FULL,       /* ENOSPC, once */
  DISK_STAYS_FULL, /* ENOSPC from then on */
  DISK_BROKEN,     /* EIO, once */
  DISK_READ_ONLY,  /* EROFS from then on */
  DISK_NO_FILES,   /* EMFILE, once, of opens */
  DISK_SHORT,      /* half of what is to be written */
  N_DISKS
} FaultyDisk;

const char *faulty_disk_get_name (FaultyDisk disk);
/* @dir: (nullable): none counts. */
void        faulty_disk_arm      (FaultyDisk disk, const char *dir, guint n);
/* Returns: how many calls there were. */
guint       faulty_disk_disarm   (void);
gboolean    faulty_disk_fired    (void);

G_END_DECLS
