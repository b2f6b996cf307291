#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"

#define _XOPEN_SOURCE 700 /* nftw() */

#include "util/bobbin-folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>

#define MAX_OPEN_FOLDERS 16

static int
remove_one (const char        *path,
            const struct stat *info,
            int                kind,
            struct FTW        *place)
{
  remove (path);

  return 0; /* go on with the others */
}

gboolean
bobbin_folder_remove (const char *path)
{
  struct stat info;

  g_return_val_if_fail (path != NULL, FALSE);

  nftw (path, remove_one, MAX_OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);

  return lstat (path, &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}
