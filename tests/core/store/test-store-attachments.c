#define _GNU_SOURCE
#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char        *dir;
  char        *files; /* outside of the profile */
  BobbinStore *store;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->dir = fixture_make_dir ();
  self->files = fixture_make_dir ();
  self->store = fixture_open (self->dir, NULL);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  fixture_close (self->store);
  fixture_remove_dir (self->dir);
  fixture_remove_dir (self->files);
  g_free (self->dir);
  g_free (self->files);
}

static char *
path_of (Fixture    *self,
         const char *name)
{
  return g_build_filename (self->files, name, NULL);
}

static BobbinAttachment *
import (Fixture     *self,
        const char  *name,
        gint64       max_bytes,
        GError     **error)
{
  g_autofree char *path = path_of (self, name);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_import_file_async, self->store, file, max_bytes);

  return bobbin_store_import_finish (self->store, result, error);
}

static guint
count_files (Fixture *self)
{
  g_autoptr(GDir) folder = g_dir_open (bobbin_store_get_attachments_dir (self->store), 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static void
assert_refused (Fixture    *self,
                const char *name,
                gint64      max_bytes,
                int         code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = import (self, name, max_bytes, &error);

  g_assert_null (attachment);
  g_assert_error (error, BOBBIN_ERROR, code);
  g_assert_nonnull (strstr (error->message, name)); /* the sentence names the file */
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_import (Fixture       *self,
             gconstpointer  data)
{
  g_autofree char *content = g_malloc (300000);
  g_autofree char *hash = NULL;
  g_autofree char *copy = NULL;
  gsize copy_length;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = NULL;
  g_autoptr(BobbinAttachment) again = NULL;
  struct stat info;

  for (guint i = 0; i < 300000; i++)
    content[i] = (char) (i * 7 + i / 251);
  fixture_write (self->files, "Ein Bild.bin", content, 300000);
  attachment = import (self, "Ein Bild.bin", 300000, &error);
  g_assert_no_error (error);
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, 300000);
  g_assert_cmpstr (bobbin_attachment_get_sha256 (attachment), ==, hash);
  g_assert_cmpstr (bobbin_attachment_get_name (attachment), ==, "Ein Bild.bin");
  g_assert_cmpint (bobbin_attachment_get_size (attachment), ==, 300000);
  g_assert_true (g_str_has_prefix (bobbin_attachment_get_path (attachment), self->dir));
  g_assert_cmpint (stat (bobbin_attachment_get_path (attachment), &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  copy = fixture_read (bobbin_store_get_attachments_dir (self->store), hash, &copy_length);
  g_assert_cmpmem (copy, copy_length, content, 300000);

  again = import (self, "Ein Bild.bin", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (bobbin_attachment_get_id (again), !=, bobbin_attachment_get_id (attachment));
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_types (Fixture       *self,
            gconstpointer  data)
{
  static const struct { const char *name, *data; gsize length; const char *type; } rows[] = {
    { "no-suffix", "\x89PNG\r\n\x1a\n____", 12, "image/png" },
    { "lies.txt", "\xff\xd8\xff\xe0 JFIF", 9, "image/jpeg" },
    { "a.pdf", "%PDF-1.7", 8, "application/pdf" },
    { "a.gif", "GIF89a", 6, "image/gif" },
    { "plain.txt", "hello", 5, "text/plain" },
    { "empty.txt", "", 0, "text/plain" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BobbinAttachment) attachment = NULL;

      fixture_write (self->files, rows[i].name, rows[i].data, (gssize) rows[i].length);
      attachment = import (self, rows[i].name, 0, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (bobbin_attachment_get_content_type (attachment), ==, rows[i].type);
    }
}

static void
test_bytes (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_import_bytes_async, self->store, bytes, "../../pasted.bin", "image/webp");
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (self->store, result, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (bobbin_attachment_get_name (attachment), ==, "pasted.bin");
  g_assert_cmpstr (bobbin_attachment_get_content_type (attachment), ==, "image/webp");
  g_assert_cmpstr (bobbin_attachment_get_sha256 (attachment), ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_bad_files (Fixture       *self,
                gconstpointer  data)
{
  g_autofree char *folder = path_of (self, "folder");
  g_autofree char *fifo = path_of (self, "fifo");
  g_autofree char *dangling = path_of (self, "dangling");
  g_autofree char *null = path_of (self, "null");
  g_autofree char *loop = path_of (self, "loop");
  g_autofree char *content = g_strnfill (5000, 'x');

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_cmpint (symlink ("/dev/null", null), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  fixture_write (self->files, "large", content, -1);

  assert_refused (self, "folder", 0, BOBBIN_ERROR_FILE);
  assert_refused (self, "fifo", 0, BOBBIN_ERROR_FILE);
  assert_refused (self, "dangling", 0, BOBBIN_ERROR_FILE);
  assert_refused (self, "null", 0, BOBBIN_ERROR_FILE);
  assert_refused (self, "loop", 0, BOBBIN_ERROR_FILE);
  assert_refused (self, "vanished", 0, BOBBIN_ERROR_FILE);
  assert_refused (self, "large", 4999, BOBBIN_ERROR_TOO_LARGE);
}

typedef struct
{
  char  *path;
  gint   stop;
} Writer;

static gpointer
grow (gpointer data)
{
  Writer *writer = data;
  FILE *file = g_fopen (writer->path, "ab");
  g_autofree char *piece = g_strnfill (256 * 1024, 'g');

  /* Faster than it can be copied and synced; bounded, should nobody read. */
  for (guint i = 0; i < 256 && !g_atomic_int_get (&writer->stop); i++)
    {
      fwrite (piece, 256 * 1024, 1, file);
      fflush (file);
    }
  fclose (file);

  return NULL;
}

static void
test_grows (Fixture       *self,
            gconstpointer  data)
{
  g_autofree char *content = g_strnfill (4 * 1024 * 1024, 'x');
  g_autofree char *path = path_of (self, "log");
  Writer writer = { path, 0 };
  g_autoptr(GThread) thread = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = NULL;

  fixture_write (self->files, "log", content, 4 * 1024 * 1024);
  thread = g_thread_new ("grow", grow, &writer);
  attachment = import (self, "log", 4 * 1024 * 1024 + 1000, &error);
  g_atomic_int_set (&writer.stop, 1);
  g_thread_join (g_steal_pointer (&thread));
  /* Whichever moment it met, it took the file as it was before, or refused it: never a part. */
  if (attachment != NULL)
    g_assert_cmpint (bobbin_attachment_get_size (attachment), ==, 4 * 1024 * 1024);
  else
    g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE);
}

/* /proc says that its files are empty and then gives text: the same as one that grows. */
static void
test_says_less_than_it_has (Fixture       *self,
                            gconstpointer  data)
{
  g_autofree char *path = path_of (self, "grown");
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = NULL;

  if (!g_file_test ("/proc/self/status", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("no /proc");
      return;
    }
  g_assert_cmpint (symlink ("/proc/self/status", path), ==, 0);
  assert_refused (self, "grown", 0, BOBBIN_ERROR_FILE);
  assert_refused (self, "grown", 10, BOBBIN_ERROR_TOO_LARGE);
}

static void
test_cancelled (Fixture       *self,
                gconstpointer  data)
{
  g_autofree char *path = path_of (self, "a");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  Answer answer = { NULL };

  fixture_write (self->files, "a", "x", 1);
  g_cancellable_cancel (cancellable);
  bobbin_store_import_file_async (self->store, file, 0, cancellable, answer_cb, &answer);
  result = answer_wait (&answer);
  g_assert_null (bobbin_store_import_finish (self->store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BobbinAttachment **attachment = user_data;

  *attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, NULL);
}

/* A flush waits for files that are still being copied. */
static void
test_flush (Fixture       *self,
            gconstpointer  data)
{
  g_autofree char *content = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *path = path_of (self, "big");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(BobbinAttachment) attachment = NULL;

  fixture_write (self->files, "big", content, 2 * 1024 * 1024);
  bobbin_store_import_file_async (self->store, file, 0, NULL, imported_cb, &attachment);
  fixture_flush (self->store);
  g_assert_nonnull (attachment);
}

static void
test_unreadable_child (void)
{
  const char *path = g_getenv ("BOBBIN_TEST_FILE");
  BobbinStore *store;
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0)
    g_assert_cmpint (setuid (65534), ==, 0);
  store = fixture_open (NULL, NULL);
  result = WAIT (bobbin_store_import_file_async, store, file, 0);
  g_assert_null (bobbin_store_import_finish (store, result, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "permissions"));
  g_clear_object (&result);
  fixture_close (store);
}

static void
test_unreadable (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *path = g_build_filename (dir, "secret", NULL);

  fixture_write (dir, "secret", "x", 1);
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  g_assert_cmpint (g_chmod (dir, 0755), ==, 0);
  g_setenv ("BOBBIN_TEST_FILE", path, TRUE);
  g_test_trap_subprocess ("/store/attachments/unreadable/subprocess/child", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  fixture_remove_dir (dir);
}

/* A limit on the size of files is met as a full disk is: in a write. */
static void
test_no_space_child (void)
{
  BobbinStore *store = fixture_open (NULL, NULL);
  const struct rlimit limit = { 100000, 100000 };
  g_autofree char *content = g_strnfill (200000, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new_static (content, 200000);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  result = WAIT (bobbin_store_import_bytes_async, store, bytes, "large", NULL);
  g_assert_null (bobbin_store_import_finish (store, result, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, "disk is full"));
  g_clear_object (&result);
  fixture_close (store);
}

static void
test_no_space (void)
{
  g_test_trap_subprocess ("/store/attachments/no-space/subprocess/child", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* The database meets it as well, and says the same. */
static void
test_no_space_for_rows_child (void)
{
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *store = fixture_open (dir, NULL);
  const struct rlimit limit = { 400000, 400000 };
  g_autoptr(BobbinAccount) account = fixture_add_account (store, "A");
  g_autoptr(BobbinThread) thread = fixture_add_thread (store, account, "T", 1);
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "");
  g_autofree char *content = g_strnfill (500000, 'x');
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  bobbin_block_set_text (bobbin_message_get_block (message, 0), content);
  result = WAIT (bobbin_store_save_message_async, store, bobbin_thread_get_id (thread), message);
  g_assert_false (bobbin_store_finish (store, result, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, "free some space"));
  messages = fixture_list_messages (store, bobbin_thread_get_id (thread));
  g_assert_cmpuint (messages->len, ==, 0);
  bobbin_block_set_text (bobbin_message_get_block (message, 0), "short");
  fixture_save_message (store, thread, message); /* what fits is taken */
  g_clear_object (&result);
  fixture_close (store);
  fixture_remove_dir (dir);
}

static void
test_no_space_for_rows (void)
{
  g_test_trap_subprocess ("/store/attachments/no-space-for-rows/subprocess/child", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* The log is emptied by itself only when it has grown to 4 MB: on a small or nearly full disk it is the log that fills it. */
static void
test_log_fills_disk_child (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *log = g_build_filename (dir, "bobbin.db-wal", NULL);
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(BobbinAccount) account = fixture_add_account (store, "A");
  g_autoptr(BobbinThread) thread = fixture_add_thread (store, account, "T", 1);
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "short");
  struct rlimit limit = { 0, RLIM_INFINITY };
  GStatBuf info;
  guint n_failed = 0;

  g_assert_cmpint (g_stat (log, &info), ==, 0);
  limit.rlim_cur = (rlim_t) info.st_size + 100000;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_save_message_async, store, bobbin_thread_get_id (thread), message);
      g_autoptr(GError) error = NULL;

      if (bobbin_store_finish (store, result, &error))
        continue;
      n_failed++;
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
      fixture_save_message (store, thread, message); /* the next try has room */
    }
  g_assert_cmpuint (n_failed, >, 0);
  g_assert_cmpuint (n_failed, <, 20);
  fixture_close (store);
  fixture_remove_dir (dir);
}

static void
test_log_fills_disk (void)
{
  g_test_trap_subprocess ("/store/attachments/log-fills-disk/subprocess/child", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* A disk of its own, far smaller than the log may be: nothing ever fails on it. Where none can be mounted, nothing is asked. */
static void
test_small_disk_child (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autoptr(BobbinAccount) account = NULL;
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "short");
  BobbinStore *store;

  if ((unshare (CLONE_NEWNS) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0) ||
      mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount ("tmpfs", dir, "tmpfs", 0, "size=1536k") != 0)
    {
      g_printerr ("no disk can be mounted: %s\n", g_strerror (errno));
      fixture_remove_dir (dir);
      return;
    }

  store = fixture_open (dir, NULL);
  account = fixture_add_account (store, "A");
  thread = fixture_add_thread (store, account, "T", 1);
  for (guint i = 0; i < 2000; i++)
    fixture_save_message (store, thread, message);
  fixture_close (store);
  g_assert_cmpint (umount (dir), ==, 0);
  fixture_remove_dir (dir);
}

static void
test_small_disk (void)
{
  g_test_trap_subprocess ("/store/attachments/small-disk/subprocess/child", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

#define ADD(path, test) g_test_add ("/store/attachments/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("import", test_import);
  ADD ("types", test_types);
  ADD ("bytes", test_bytes);
  ADD ("bad-files", test_bad_files);
  ADD ("grows", test_grows);
  ADD ("says-less-than-it-has", test_says_less_than_it_has);
  ADD ("cancelled", test_cancelled);
  ADD ("flush", test_flush);
  g_test_add_func ("/store/attachments/unreadable", test_unreadable);
  g_test_add_func ("/store/attachments/unreadable/subprocess/child", test_unreadable_child);
  g_test_add_func ("/store/attachments/no-space", test_no_space);
  g_test_add_func ("/store/attachments/no-space/subprocess/child", test_no_space_child);
  g_test_add_func ("/store/attachments/no-space-for-rows", test_no_space_for_rows);
  g_test_add_func ("/store/attachments/no-space-for-rows/subprocess/child", test_no_space_for_rows_child);
  g_test_add_func ("/store/attachments/small-disk", test_small_disk);
  g_test_add_func ("/store/attachments/small-disk/subprocess/child", test_small_disk_child);
  g_test_add_func ("/store/attachments/log-fills-disk", test_log_fills_disk);
  g_test_add_func ("/store/attachments/log-fills-disk/subprocess/child", test_log_fills_disk_child);

  return g_test_run ();
}
