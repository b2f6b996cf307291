/* Files that a person gives: conversations and backups to import, pictures. */
#define _GNU_SOURCE /* memfd_create() */
#include "config.h"
#include "fuzz.h"

#include "export/bobbin-import-reader.h"
#include "model/bobbin-account.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "transcript/bobbin-image-header.h"
#include "util/bobbin-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
check_thread (BobbinImportThread *thread)
{
  gint64 before = 0;

  fuzz_check_valid (bobbin_thread_get_title (thread->thread));
  g_assert_cmpuint (thread->messages->len, ==, thread->hidden->len);
  for (guint i = 0; i < thread->messages->len; i++)
    {
      BobbinMessage *message = thread->messages->pdata[i];
      g_autofree char *text = bobbin_message_dup_text (message);

      fuzz_check_valid (text);
      fuzz_check_valid (bobbin_message_get_usage (message)->currency);
      g_assert_cmpint (bobbin_message_get_id (message), >, before);
      before = bobbin_message_get_id (message);
      g_assert_cmpint (bobbin_message_get_delivery (message), >=, BOBBIN_DELIVERY_COMPLETE);
      for (guint n = 0; n < bobbin_message_get_n_blocks (message); n++)
        {
          BobbinBlock *block = bobbin_message_get_block (message, n);

          fuzz_check_valid (bobbin_block_get_name (block));
          fuzz_check_valid (bobbin_block_get_data (block));
          fuzz_check_valid (bobbin_block_get_result (block));
        }
    }
  for (guint i = 0; i < thread->files->len; i++)
    {
      BobbinImportFile *file = thread->files->pdata[i];

      fuzz_check_valid (file->name);
      g_assert_true (file->path == NULL || g_str_has_prefix (file->path, thread->dir));
    }
}

static guint
remove_dir (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_dir (child);
      n++;
    }
  g_remove (path);

  return n;
}

/* Nothing of a backup lands beside the folder it is unpacked to. */
static void
unpack (BobbinImportReader *reader)
{
  g_autofree char *around = g_dir_make_tmp ("bobbin-fuzz-XXXXXX", NULL);
  g_autofree char *dir = g_build_filename (around, "profile", NULL);
  g_autoptr(GError) error = NULL;
  guint n;

  g_mkdir (dir, 0700);
  if (!bobbin_import_reader_unpack (reader, dir, NULL, &error))
    g_assert_nonnull (error);
  remove_dir (dir);
  n = remove_dir (around);
  g_assert_cmpuint (n, ==, 0);
}

void
fuzz_import (const guint8 *data,
             gsize         length)
{
  g_autoptr(GPtrArray) accounts = g_ptr_array_new_with_free_func (g_object_unref);
  BobbinImportPlace place = { accounts, 1 };
  g_autoptr(BobbinImportReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  FuzzInput input;
  int fd = memfd_create ("import", MFD_CLOEXEC);

  fuzz_read_input (&input, data, length);
  g_assert_cmpint (fd, >=, 0);
  if (input.length > 0)
    g_assert_cmpint (write (fd, input.bytes, input.length), ==, (gssize) input.length);
  path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_ptr_array_add (accounts, bobbin_account_new (1, BOBBIN_SERVICE_DEMO, "Work", "http://127.0.0.1:1/"));
  reader = bobbin_import_reader_open (path, &place, &error);
  if (reader == NULL)
    g_assert_true (error != NULL && error->domain == BOBBIN_ERROR);
  else if (bobbin_import_reader_get_kind (reader) == BOBBIN_IMPORT_BACKUP)
    unpack (reader);
  else
    for (;;)
      {
        g_autoptr(BobbinImportThread) thread = bobbin_import_reader_next (reader, NULL, &error);

        if (thread == NULL)
          break;
        check_thread (thread);
      }
  if (error != NULL)
    fuzz_check_valid (error->message);
  close (fd);
}

void
fuzz_image (const guint8 *data,
            gsize         length)
{
  FuzzInput input;
  g_autoptr(GBytes) bytes = NULL;
  gint64 width, height;

  fuzz_read_input (&input, data, length);
  bytes = g_bytes_new (input.bytes, input.length);
  if (bobbin_image_header_read (bytes, &width, &height))
    g_assert_true (width >= 0 && height >= 0 && width <= G_MAXUINT32 && height <= G_MAXUINT32);
}
