/* Gives a copy of a damaged database the start of a sound one: the header, or the header and the table of tables (the tree of
 * sqlite_schema), whose other pages are put at the end of the file. SQLite's file format, sections 1.3 (header) and 1.6 (pages
 * of a tree), is all that is relied on. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HEADER_BYTES   100
#define PAGE_BYTES     4096
#define TREE           HEADER_BYTES /* where the tree begins on the first page */
#define TYPE_INTERIOR  5
#define INTERIOR_BYTES 12           /* header of an inner page of a tree */

static gboolean
read_page (int     fd,
           guint32 number,
           guint8 *page)
{
  return number > 0 && pread (fd, page, PAGE_BYTES, (off_t) (number - 1) * PAGE_BYTES) == PAGE_BYTES;
}

static guint32
get_32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, 4);
  return GUINT32_FROM_BE (value);
}

static void
set_32 (guint8  *at,
        guint32  value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, 4);
}

/* Copies the page of @from that @pointer names to the end of @to, and lets it name that. */
static gboolean
move_child (int      from,
            int      to,
            guint8  *pointer,
            guint32 *n_pages)
{
  guint8 page[PAGE_BYTES];

  if (!read_page (from, get_32 (pointer), page) ||
      pwrite (to, page, sizeof page, (off_t) *n_pages * PAGE_BYTES) != sizeof page)
    return FALSE;

  set_32 (pointer, ++*n_pages);
  return TRUE;
}

/* The schema is a page, or one with leaves below it: it is far too small for more. */
static gboolean
move_tree (int      from,
           int      to,
           guint8  *start,
           guint32 *n_pages)
{
  guint n_cells = (guint) start[TREE + 3] << 8 | start[TREE + 4];

  if (start[TREE] != TYPE_INTERIOR)
    return TRUE;
  if (TREE + INTERIOR_BYTES + 2 * n_cells > PAGE_BYTES)
    return FALSE;

  for (guint i = 0; i < n_cells; i++)
    {
      const guint8 *at = start + TREE + INTERIOR_BYTES + 2 * i;
      guint cell = (guint) at[0] << 8 | at[1];

      if (cell + 4 > PAGE_BYTES || !move_child (from, to, start + cell, n_pages))
        return FALSE;
    }

  return move_child (from, to, start + TREE + 8, n_pages);
}

gboolean
_bobbin_graft (const char *path,
               const char *model,
               gboolean    only_header,
               gboolean   *failed)
{
  guint8 start[PAGE_BYTES];
  int from = open (model, O_RDONLY | O_CLOEXEC);
  int to = open (path, O_RDWR | O_CLOEXEC);
  gboolean ok;

  errno = 0;
  ok = from >= 0 && to >= 0 && read_page (from, 1, start);

  if (ok)
    {
      guint32 n_pages = (guint32) ((lseek (to, 0, SEEK_END) + PAGE_BYTES - 1) / PAGE_BYTES);
      gsize n_bytes = only_header ? HEADER_BYTES : PAGE_BYTES;

      ok = only_header || move_tree (from, to, start, &n_pages);
      set_32 (start + 28, n_pages);
      memset (start + 32, 0, 8); /* no free pages: their list may be damaged */
      ok = ok && pwrite (to, start, n_bytes, 0) == (gssize) n_bytes;
    }
  *failed = *failed || from < 0 || to < 0 || (!ok && (errno == ENOSPC || errno == EIO || errno == EDQUOT));
  if (from >= 0)
    close (from);
  if (to >= 0)
    close (to);

  return ok;
}
