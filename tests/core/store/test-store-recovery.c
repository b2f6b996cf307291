#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include "store/bobbin-store-bulk.h"

#include <string.h>

#define PAGE      4096
#define N_THREADS 60
#define N_EACH    4

/* A database of a few hundred pages, closed in good order. */
static void
write_database (const char *dir)
{
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(BobbinAccount) account = fixture_add_account (store, "A");
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(BobbinDraft) draft = NULL;

  _bobbin_store_begin_bulk_async (store, NULL, NULL, NULL); /* one wait for the disk, not hundreds */
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autofree char *title = g_strdup_printf ("Thread %u", i);

      g_clear_object (&thread);
      thread = fixture_add_thread (store, account, title, 1000 + i);
      for (guint j = 0; j < N_EACH; j++)
        {
          g_autofree char *text = g_strdup_printf ("Message %u-%u %0*d", i, j, 600, 7);
          g_autoptr(BobbinMessage) message = fixture_make_message (j % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, text);

          bobbin_store_save_message_async (store, bobbin_thread_get_id (thread), message, NULL, NULL, NULL);
        }
    }
  draft = bobbin_draft_new (bobbin_thread_get_id (thread));
  bobbin_draft_set_text (draft, "unsent words", 0);
  bobbin_store_save_draft_async (store, draft, NULL, NULL, NULL);
  _bobbin_store_end_bulk_async (store, NULL, NULL, NULL);
  fixture_close (store);
}

/* A copy of it, which is made once. */
static char *
make_profile (void)
{
  static char *bytes;
  static gsize length;
  char *dir = fixture_make_dir ();

  if (bytes == NULL)
    {
      write_database (dir);
      bytes = fixture_read (dir, "bobbin.db", &length);
      fixture_remove_dir (dir);
      g_free (dir);
      dir = fixture_make_dir ();
    }
  fixture_write (dir, "bobbin.db", bytes, (gssize) length);

  return dir;
}

static char *
find_broken (const char *dir)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_prefix (name, "bobbin.db.broken-"))
      return g_build_filename (dir, name, NULL);

  return NULL;
}

typedef struct
{
  const char *name;
  goffset     start;     /* bytes; negative from the end */
  goffset     length;    /* 0: to the end is cut off */
  int         fill;
  guint       min_messages;
} Damage;

/* All of ours begin alike, so even a lost beginning costs nothing of the rest. */
static const Damage damages[] = {
  { "garbage in the header", 0, 100, 0xa5, N_THREADS * N_EACH },
  { "first page zeroed", 0, PAGE, 0, N_THREADS * N_EACH },
  { "header and more zeroed", 0, 3 * PAGE, 0, N_THREADS * N_EACH / 2 },
  { "some middle pages zeroed", 60 * PAGE, 6 * PAGE, 0, N_THREADS * N_EACH / 2 },
  { "a stretch of garbage", 90 * PAGE + 100, 3 * PAGE, 0x5a, N_THREADS * N_EACH / 2 },
  { "the end cut off", -40 * PAGE, 0, 0, 20 },
  { "cut to a few bytes", 50, 0, 0, 0 },
  { "nothing but garbage", 0, G_MAXINT, 0x77, 0 },
};

static void
apply (char         **data,
       gsize         *length,
       const Damage  *damage)
{
  gsize start = damage->start < 0 ? *length - (gsize) -damage->start : (gsize) damage->start;

  g_assert_cmpuint (start, <, *length);
  if (damage->length == 0)
    *length = start;
  else
    memset (*data + start, damage->fill, MIN ((gsize) damage->length, *length - start));
}

static void
assert_usable (BobbinStore             *store,
               const BobbinStoreReport *report)
{
  g_autoptr(GPtrArray) threads = fixture_list_threads (store, BOBBIN_FOLDER_ACTIVE, 0);
  g_autoptr(BobbinAccount) account = fixture_add_account (store, "New");
  g_autoptr(BobbinThread) thread = fixture_add_thread (store, account, "New", 5);
  g_autoptr(BobbinMessage) message = fixture_add_message (store, thread, BOBBIN_ROLE_USER, "Papageientaucher");
  g_autoptr(GPtrArray) hits = fixture_search (store, "papageien");
  guint n_messages = 0;

  g_assert_cmpuint (threads->len, ==, report->salvaged_threads);
  for (guint i = 0; i < threads->len; i++)
    {
      g_autoptr(GPtrArray) messages = fixture_list_messages (store, bobbin_thread_get_id (g_ptr_array_index (threads, i)));

      n_messages += messages->len;
    }
  g_assert_cmpuint (n_messages, ==, report->salvaged_messages);
  g_assert_cmpuint (hits->len, ==, 1);
  assert_index_is_true (store);
  fixture_run_sql (store, "PRAGMA foreign_key_check");
}

static void
test_damage (gconstpointer data)
{
  const Damage *damage = data;
  g_autofree char *dir = make_profile ();
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(BobbinStoreReport) second = NULL;
  g_autofree char *broken = NULL;
  g_autofree char *kept = NULL;
  g_autoptr(GError) error = NULL;
  gsize length, kept_length;
  g_autofree char *bytes = fixture_read (dir, "bobbin.db", &length);
  BobbinStore *store;

  apply (&bytes, &length, damage);
  fixture_write (dir, "bobbin.db", bytes, (gssize) length);
  store = fixture_open (dir, &report);
  g_assert_true (report->recovered);
  g_test_message ("%s: %u threads, %u messages", damage->name, report->salvaged_threads, report->salvaged_messages);
  g_assert_cmpuint (report->salvaged_messages, >=, damage->min_messages);
  g_assert_cmpuint (report->salvaged_messages, <=, N_THREADS * N_EACH);
  assert_usable (store, report);
  fixture_close (store);

  /* The damaged file is whole and where the report says. */
  broken = find_broken (dir);
  g_assert_cmpstr (broken, ==, report->broken_path);
  g_file_get_contents (broken, &kept, &kept_length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (kept, kept_length, bytes, length);

  store = fixture_open (dir, &second);
  g_assert_false (second->recovered);
  fixture_close (store);
  fixture_remove_dir (dir);
}

/* A file that was vacuumed has its tables in other places. */
static void
test_vacuumed (void)
{
  g_autofree char *dir = make_profile ();
  g_autoptr(BobbinStoreReport) report = NULL;
  BobbinStore *store = fixture_open (dir, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  fixture_run_sql (store, "VACUUM");
  fixture_close (store);
  bytes = fixture_read (dir, "bobbin.db", &length);
  memset (bytes, 0, PAGE);
  fixture_write (dir, "bobbin.db", bytes, (gssize) length);
  store = fixture_open (dir, &report);
  g_assert_cmpuint (report->salvaged_threads, ==, N_THREADS);
  g_assert_cmpuint (report->salvaged_messages, ==, N_THREADS * N_EACH);
  assert_usable (store, report);
  fixture_close (store);
  fixture_remove_dir (dir);
}

/* What is in the log and not yet in the file is read as well. */
static void
test_with_log (void)
{
  g_autofree char *dir = make_profile ();
  g_autofree char *copy = fixture_make_dir ();
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(GPtrArray) hits = NULL;
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(GPtrArray) threads = fixture_list_threads (store, BOBBIN_FOLDER_ACTIVE, 0);
  g_autoptr(BobbinMessage) last = fixture_add_message (store, g_ptr_array_index (threads, 0), BOBBIN_ROLE_USER, "Lachsforelle");
  gsize length, wal_length;
  g_autofree char *bytes = fixture_read (dir, "bobbin.db", &length);
  g_autofree char *wal = fixture_read (dir, "bobbin.db-wal", &wal_length);

  memset (bytes + 70 * PAGE, 0, 4 * PAGE);
  fixture_write (copy, "bobbin.db", bytes, (gssize) length);
  fixture_write (copy, "bobbin.db-wal", wal, (gssize) wal_length);
  fixture_close (store);

  store = fixture_open (copy, &report);
  g_assert_true (report->recovered);
  hits = fixture_search (store, "lachsforelle");
  g_assert_cmpuint (hits->len, ==, 1);
  fixture_close (store);
  fixture_remove_dir (dir);
  fixture_remove_dir (copy);
}

/* Met while running: a sentence now, the repair at the next start. */
static void
test_while_running (void)
{
  g_autofree char *dir = make_profile ();
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(GPtrArray) threads = fixture_list_threads (store, BOBBIN_FOLDER_ACTIVE, 0);
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autofree char *zeros = g_malloc0 (PAGE);
  guint n_failed = 0;
  FILE *file;

  file = g_fopen (path, "r+b");
  for (guint page = 20; page < 100; page++)
    {
      fseek (file, (long) page * PAGE, SEEK_SET);
      fwrite (zeros, PAGE, 1, file);
    }
  fclose (file);
  fixture_run_sql (store, "PRAGMA shrink_memory");
  for (guint i = 0; i < threads->len; i++)
    {
      gint64 id = bobbin_thread_get_id (g_ptr_array_index (threads, i));
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_messages_async, store, id, 0, 10);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) messages = bobbin_store_list_messages_finish (store, result, &error);

      if (messages != NULL)
        continue;
      n_failed++;
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
      g_assert_nonnull (strstr (error->message, "damaged"));
    }
  g_assert_cmpuint (n_failed, >, 0);
  fixture_close (store);

  store = fixture_open (dir, &report);
  g_assert_true (report->recovered);
  assert_usable (store, report);
  fixture_close (store);
  fixture_remove_dir (dir);
}

/* Not while another process writes to it. */
static void
test_in_use (void)
{
  g_autofree char *dir = make_profile ();
  g_autofree char *instances = g_build_filename (dir, "instances", NULL);
  g_autofree char *name = NULL;
  g_autofree char *broken = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;
  g_autofree char *bytes = fixture_read (dir, "bobbin.db", &length);
  int fd;

  memset (bytes + 60 * PAGE, 0, 6 * PAGE);
  fixture_write (dir, "bobbin.db", bytes, (gssize) length);
  g_assert_cmpint (g_mkdir (instances, 0700), ==, 0);
  g_assert_true (_bobbin_instance_lock (instances, &name, &fd, NULL));
  g_assert_null (fixture_try_open (dir, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  broken = find_broken (dir);
  g_assert_null (broken);
  _bobbin_instance_unlock (instances, name, fd);
  fixture_close (fixture_open (dir, NULL));
  fixture_remove_dir (dir);
}

/* A page that is in use and free at once: nothing is lost yet, and the next write would lose it. */
static void
test_free_and_used (void)
{
  g_autofree char *dir = make_profile ();
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;
  sqlite3_stmt *root = NULL;
  sqlite3 *handle = NULL;
  guint32 trunk, used;
  gsize length;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "CREATE TABLE gone (data); INSERT INTO gone VALUES (zeroblob (200000)); DROP TABLE gone",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_prepare_v2 (handle, "SELECT rootpage FROM sqlite_schema WHERE name = 'messages'", -1, &root, NULL);
  g_assert_cmpint (sqlite3_step (root), ==, SQLITE_ROW);
  used = GUINT32_TO_BE ((guint32) sqlite3_column_int (root, 0));
  sqlite3_finalize (root);
  sqlite3_close (handle);

  /* The first page of the list of free ones: the next such page, how many it names, and their numbers. */
  bytes = fixture_read (dir, "bobbin.db", &length);
  memcpy (&trunk, bytes + 32, sizeof trunk);
  trunk = GUINT32_FROM_BE (trunk);
  g_assert_cmpuint (trunk, >, 0);
  memcpy (bytes + (trunk - 1) * PAGE + 8, &used, sizeof used);
  fixture_write (dir, "bobbin.db", bytes, (gssize) length);

  fixture_close (fixture_open (dir, &report));
  g_assert_true (report->recovered);
  g_assert_cmpuint (report->salvaged_messages, ==, N_THREADS * N_EACH);
  fixture_remove_dir (dir);
}

/* More than is looked at for nothing. */
static char *
make_large (void)
{
  char *dir = fixture_make_dir ();
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(BobbinAccount) account = fixture_add_account (store, "A");
  g_autoptr(BobbinThread) thread = fixture_add_thread (store, account, "T", 1);
  g_autofree char *data = g_strnfill (100000, ' ');

  for (guint i = 0; i < 30; i++)
    {
      g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, 1);
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TABLE);

      bobbin_block_set_data (block, data);
      bobbin_message_add_block (message, block);
      fixture_save_message (store, thread, message);
    }
  fixture_close (store);

  return dir;
}

/* Every page is looked at when there is a reason to: the machine went down, or an operation met damage. */
static void
test_reasons (void)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *dir = make_large ();
      g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
      g_autofree char *instances = g_build_filename (dir, "instances", NULL);
      g_autoptr(BobbinStoreReport) report = NULL;
      g_autofree char *zeros = g_malloc0 (4 * PAGE);
      FILE *file = g_fopen (path, "r+b");

      fseek (file, 400L * PAGE, SEEK_SET);
      fwrite (zeros, 4 * PAGE, 1, file);
      fclose (file);
      if (i == 1)
        fixture_write (instances, "1-OLD.lock", "another boot", -1);
      if (i == 2)
        _bobbin_recovery_mark (path);
      fixture_close (fixture_open (dir, &report));
      g_assert_cmpint (report->recovered, ==, i > 0);
      g_assert_cmpuint (report->salvaged_messages, ==, i > 0 ? 30 : 0);
      fixture_remove_dir (dir);
    }
}

/* An index that disagrees with its text is built anew when an operation stumbled over it. */
static void
test_index (void)
{
  g_autofree char *dir = make_profile ();
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(GPtrArray) hits = NULL;

  fixture_run_sql (store, "DELETE FROM body_words_docsize; DELETE FROM body_words_data WHERE id > 10");
  fixture_close (store);
  store = fixture_open (dir, &report);
  g_assert_false (report->recovered);
  g_assert_false (_bobbin_recovery_is_marked (path));
  hits = fixture_search (store, "message");
  g_assert_cmpuint (hits->len, ==, 20);
  assert_index_is_true (store);
  fixture_close (store);
  fixture_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strdelimit (g_strconcat ("/store/recovery/", damages[i].name, NULL), " ", '-');

      g_test_add_data_func (path, &damages[i], test_damage);
    }
  g_test_add_func ("/store/recovery/free-and-used", test_free_and_used);
  g_test_add_func ("/store/recovery/vacuumed", test_vacuumed);
  g_test_add_func ("/store/recovery/with-log", test_with_log);
  g_test_add_func ("/store/recovery/while-running", test_while_running);
  g_test_add_func ("/store/recovery/in-use", test_in_use);
  g_test_add_func ("/store/recovery/reasons", test_reasons);
  g_test_add_func ("/store/recovery/index", test_index);

  return g_test_run ();
}
