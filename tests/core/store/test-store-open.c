#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* The contents of tests/data/store/schema-N.sql, made by "test-store-open --write DIR" and dumped with sqlite3. */
#define SAMPLE_US G_GINT64_CONSTANT (1700000000000000)

static BobbinAccount *
sample_account (void)
{
  BobbinAccount *account = bobbin_account_new (1001, BOBBIN_SERVICE_NEBELUS, "Sample", "https://example.org/");

  bobbin_account_set_agent_id (account, "agent-1");
  bobbin_account_set_transport (account, BOBBIN_TRANSPORT_SSE);
  bobbin_account_set_position (account, 3);
  bobbin_account_set_option (account, "header", "bearer");

  return account;
}

static BobbinThread *
sample_thread (void)
{
  const BobbinReadingPosition position = { 3001, 4001, 5, 6 };
  BobbinThread *thread = bobbin_thread_new (2001, 1001);

  bobbin_thread_set_server_id (thread, "server-thread");
  bobbin_thread_set_agent_name (thread, "Agent");
  bobbin_thread_set_title (thread, "Sample thread", BOBBIN_TITLE_USER);
  bobbin_thread_set_created_us (thread, SAMPLE_US);
  bobbin_thread_set_last_used_us (thread, SAMPLE_US + 2);
  bobbin_thread_set_expires_us (thread, SAMPLE_US * 2);
  bobbin_thread_set_snippet (thread, "Answer with Zuckerwatte");
  bobbin_thread_set_pinned (thread, TRUE);
  bobbin_thread_set_metadata (thread, "{\"a\":1}");
  bobbin_thread_set_reading_position (thread, &position);

  return thread;
}

static BobbinMessage *
sample_message (guint n)
{
  BobbinMessage *message = bobbin_message_new (3001 + n, n == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, SAMPLE_US + n);
  g_autoptr(BobbinBlock) text = bobbin_block_new (4001 + 10 * n, BOBBIN_BLOCK_TEXT);
  g_autoptr(BobbinBlock) tool = bobbin_block_new (4002 + 10 * n, BOBBIN_BLOCK_TOOL_CALL);

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_message_set_finished_us (message, SAMPLE_US + 1 + n);
  bobbin_block_set_text (text, n == 0 ? "Question" : "Answer with Zuckerwatte");
  bobbin_block_set_state (text, BOBBIN_BLOCK_DONE);
  bobbin_block_set_name (tool, "lookup");
  bobbin_block_set_data (tool, "{\"q\":\"x\"}");
  bobbin_block_set_result (tool, "42");
  bobbin_block_set_state (tool, BOBBIN_BLOCK_ERROR);
  bobbin_message_add_block (message, text);
  bobbin_message_add_block (message, tool);

  return message;
}

static void
write_sample (const char *dir)
{
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(BobbinAccount) account = sample_account ();
  g_autoptr(BobbinThread) thread = sample_thread ();
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (2001);

  bobbin_store_save_account_async (store, account, NULL, NULL, NULL);
  bobbin_store_save_thread_async (store, thread, NULL, NULL, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(BobbinMessage) message = sample_message (i);

      bobbin_store_save_message_async (store, 2001, message, NULL, NULL, NULL);
    }
  bobbin_draft_set_text (draft, "a draft", 2);
  bobbin_store_save_draft_async (store, draft, NULL, NULL, NULL);
  bobbin_store_append_text_async (store, 4011, 23, " and more", 9, NULL, NULL, NULL);
  fixture_close (store);
}

static void
assert_sample (BobbinStore *store)
{
  g_autoptr(BobbinAccount) account = sample_account ();
  g_autoptr(BobbinThread) thread = sample_thread ();
  g_autoptr(BobbinThread) loaded = fixture_load_thread (store, 2001);
  g_autoptr(GPtrArray) messages = fixture_list_messages (store, 2001);
  g_autoptr(GPtrArray) hits = fixture_search (store, "zuckerwatte");
  g_autoptr(GAsyncResult) accounts_result = WAIT (bobbin_store_list_accounts_async, store);
  g_autoptr(GPtrArray) accounts = bobbin_store_list_accounts_finish (store, accounts_result, NULL);
  g_autoptr(GAsyncResult) draft_result = WAIT (bobbin_store_load_draft_async, store, 2001);
  g_autoptr(BobbinDraft) draft = bobbin_store_load_draft_finish (store, draft_result, NULL);

  g_assert_cmpuint (accounts->len, ==, 1);
  assert_same_account (account, g_ptr_array_index (accounts, 0));
  assert_same_thread (thread, loaded);
  g_assert_cmpuint (messages->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(BobbinMessage) message = sample_message (i);

      if (i == 1)
        bobbin_block_append (bobbin_message_get_block (message, 0), " and more", -1);
      assert_same_message (message, g_ptr_array_index (messages, i));
    }
  g_assert_cmpstr (bobbin_draft_get_text (draft), ==, "a draft");
  g_assert_cmpuint (hits->len, ==, 1);
  assert_index_is_true (store);
}

static void
load_dump (const char *dir,
           const char *name)
{
  g_autofree char *sql_path = g_test_build_filename (G_TEST_DIST, "data", "store", name, NULL);
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  g_autofree char *sql = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *handle = NULL;

  g_file_get_contents (sql_path, &sql, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  if (sqlite3_exec (handle, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", name, sqlite3_errmsg (handle));
  sqlite3_close (handle);
}

static char *
dup_schema (const char *dir)
{
  static const char query[] = "SELECT type || ' ' || name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  GString *schema = g_string_new (NULL);
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, query, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (schema, "%s\n", sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (handle);

  return g_string_free (schema, FALSE);
}

/* Every released version opens, and ends as the schema a new profile has. */
static void
test_dumps (void)
{
  static const char *const dumps[] = { "schema-1.sql", "schema-2.sql", "schema-3.sql", "schema-4.sql", "schema-5.sql", "schema-6.sql" };
  g_autofree char *fresh_dir = fixture_make_dir ();
  g_autofree char *fresh = NULL;

  fixture_close (fixture_open (fresh_dir, NULL));
  fresh = dup_schema (fresh_dir);
  for (guint i = 0; i < G_N_ELEMENTS (dumps); i++)
    {
      g_autofree char *dir = fixture_make_dir ();
      g_autofree char *schema = NULL;
      g_autoptr(BobbinStoreReport) report = NULL;
      BobbinStore *store;

      load_dump (dir, dumps[i]);
      store = fixture_open (dir, &report);
      g_assert_false (report->created);
      g_assert_cmpuint (report->migrated_from, ==, i + 1 < G_N_ELEMENTS (dumps) ? i + 1 : 0);
      fixture_index (store);
      assert_sample (store);
      fixture_close (store);
      schema = dup_schema (dir);
      g_assert_cmpstr (schema, ==, fresh);
      fixture_remove_dir (dir);
    }
  fixture_remove_dir (fresh_dir);
}

static void
test_reopen (void)
{
  g_autofree char *parent = fixture_make_dir ();
  g_autofree char *dir = g_build_filename (parent, "not", "there", NULL);
  g_autofree char *instances = g_build_filename (dir, "instances", NULL);
  g_autofree char *database = g_build_filename (dir, "bobbin.db", NULL);
  g_autofree char *wal = g_build_filename (dir, "bobbin.db-wal", NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(BobbinStoreReport) report = NULL;
      BobbinStore *store = fixture_open (dir, &report);
      struct stat info;

      g_assert_cmpint (report->created, ==, i == 0);
      g_assert_false (report->recovered);
      g_assert_false (report->read_only);
      g_assert_null (report->backup_path);
      g_assert_cmpint (stat (dir, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0700);
      g_assert_cmpint (stat (database, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
      fixture_close (store);
      if (i == 0)
        write_sample (dir);
      /* Nothing is left of a process that ended in good order. */
      g_assert_cmpint (g_rmdir (instances), ==, 0);
      g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
    }
  fixture_remove_dir (parent);
}

/* Submitted, not waited for: written all the same. */
static void
test_close_drains (void)
{
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *store;

  write_sample (dir); /* saves without waiting, then closes */
  store = fixture_open (dir, NULL);
  assert_sample (store);
  fixture_close (store);
  fixture_remove_dir (dir);
}

static void
test_not_open (void)
{
  g_autoptr(BobbinStore) store = bobbin_sqlite_store_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_accounts_async, store);
      g_autoptr(GError) error = NULL;

      g_assert_null (bobbin_store_list_accounts_finish (store, result, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
      bobbin_store_close (store); /* the second time round it is closed */
    }
  bobbin_store_close (store);
}

static BobbinStoreReport *
open_with_steps (const char         *dir,
                 const char *const  *steps,
                 guint               n_steps,
                 GError            **error)
{
  BobbinStoreDb *db = _bobbin_db_new ();
  g_autofree char *attachments = g_build_filename (dir, "attachments", NULL);
  BobbinStoreReport *report;

  db->attachments_dir = attachments;
  db->steps = steps;
  db->n_steps = n_steps;
  report = _bobbin_db_open (db, dir, error);
  _bobbin_db_close (db);
  _bobbin_db_free (db);

  return report;
}

#define MORE_STEPS 2

/* The steps that were taken, and two more. */
static const char **
more_steps (const char *first,
            const char *second,
            guint      *ret_n_steps)
{
  guint n;
  const char **steps;

  _bobbin_schema_get_steps (&n);
  steps = g_new0 (const char *, n + MORE_STEPS);
  for (guint i = 0; i < n; i++)
    steps[i] = "";
  steps[n] = first;
  steps[n + 1] = second;
  *ret_n_steps = n + MORE_STEPS;

  return steps;
}

static void
test_migration (void)
{
  guint n;
  g_autofree const char **steps = more_steps ("CREATE TABLE extra (x); INSERT INTO extra VALUES (7);",
                                              "INSERT INTO extra VALUES (8);", &n);
  g_autofree char *dir = fixture_make_dir ();
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *backup_dir = NULL;
  gsize length;
  g_autofree char *backup = NULL;
  BobbinStore *store;

  write_sample (dir);
  report = open_with_steps (dir, steps, n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->migrated_from, ==, n - MORE_STEPS);
  g_assert_cmpint (fixture_query (dir, "SELECT sum(x) FROM extra"), ==, 15);
  g_assert_cmpint (fixture_query (dir, "PRAGMA user_version"), ==, n);

  /* The backup is a profile of its own. */
  name = g_path_get_basename (report->backup_path);
  backup = fixture_read (dir, name, &length);
  backup_dir = fixture_make_dir ();
  fixture_write (backup_dir, "bobbin.db", backup, (gssize) length);
  store = fixture_open (backup_dir, NULL);
  assert_sample (store);
  fixture_close (store);
  fixture_remove_dir (backup_dir);
  fixture_remove_dir (dir);
}

static void
test_migration_fails (void)
{
  guint n;
  g_autofree const char **steps = more_steps ("CREATE TABLE extra (x);", "INSERT INTO nowhere VALUES (8);", &n);
  g_autofree char *dir = fixture_make_dir ();
  g_autoptr(GError) error = NULL;
  BobbinStore *store;

  write_sample (dir);
  g_assert_null (open_with_steps (dir, steps, n, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_assert_cmpint (fixture_query (dir, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"), ==, 0);
  g_assert_cmpint (fixture_query (dir, "PRAGMA user_version"), ==, n - MORE_STEPS);
  store = fixture_open (dir, NULL);
  assert_sample (store);
  fixture_close (store);
  fixture_remove_dir (dir);
}

static void
assert_refused (const char *dir)
{
  gsize before_length, after_length;
  g_autofree char *before = fixture_read (dir, "bobbin.db", &before_length);
  g_autofree char *after = NULL;
  g_autoptr(GDir) folder = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (fixture_try_open (dir, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  after = fixture_read (dir, "bobbin.db", &after_length);
  g_assert_cmpmem (before, before_length, after, after_length);
  folder = g_dir_open (dir, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (folder), ==, "bobbin.db");
  g_assert_null (g_dir_read_name (folder));
}

static void
make_with (const char *dir,
           const char *sql)
{
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
test_refused (void)
{
  static const char *const files[] = {
    "PRAGMA journal_mode=WAL; PRAGMA application_id=1114595938; CREATE TABLE t (x); PRAGMA user_version=99",
    "PRAGMA application_id=12345; CREATE TABLE t (x)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *dir = fixture_make_dir ();

      make_with (dir, files[i]);
      assert_refused (dir);
      fixture_remove_dir (dir);
    }
}

static void
save_more (BobbinStore  *store,
           GError      **error)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "");
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_block_set_text (bobbin_message_get_block (message, 0), text);
  result = WAIT (bobbin_store_save_message_async, store, 2001, message);
  bobbin_store_finish (store, result, error);
}

static void
test_full_disk (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autoptr(GError) error = NULL;
  BobbinStore *store;

  write_sample (dir);
  store = fixture_open (dir, NULL);
  fixture_run_sql (store, "PRAGMA max_page_count=1"); /* as many as there are */
  save_more (store, &error);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, "disk is full"));
  g_clear_error (&error);
  assert_sample (store);
  fixture_run_sql (store, "PRAGMA max_page_count=1000000");
  save_more (store, &error);
  g_assert_no_error (error);
  fixture_close (store);
  fixture_remove_dir (dir);
}

static void
test_locked (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = NULL;
  sqlite3 *other = NULL;
  BobbinStore *store;

  write_sample (dir);
  store = fixture_open (dir, NULL);
  fixture_run_sql (store, "PRAGMA busy_timeout=20");
  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  save_more (store, &error);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, "locked"));
  g_clear_error (&error);
  messages = fixture_list_messages (store, 2001); /* reading goes on */
  g_assert_cmpuint (messages->len, ==, 2);
  g_assert_cmpint (sqlite3_exec (other, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (other);
  save_more (store, &error);
  g_assert_no_error (error);
  fixture_close (store);
  fixture_remove_dir (dir);
}

/* Root writes everywhere: what must not be written is tried by a child that is nobody. */
static void
become_nobody (void)
{
  if (geteuid () == 0)
    {
      g_assert_cmpint (setgid (65534), ==, 0);
      g_assert_cmpint (setuid (65534), ==, 0);
    }
}

static void
try_read_only (const char *dir,
               gboolean    has_sample)
{
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "x", "");
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  BobbinStore *store = fixture_open (dir, &report);
  g_autoptr(GAsyncResult) save = WAIT (bobbin_store_save_account_async, store, account);
  g_autoptr(GAsyncResult) import = WAIT (bobbin_store_import_bytes_async, store, bytes, "x", NULL);
  g_autoptr(GAsyncResult) claim = WAIT (bobbin_store_claim_orphans_async, store);
  g_autoptr(GArray) claimed = bobbin_store_claim_orphans_finish (store, claim, NULL);
  g_autoptr(GPtrArray) threads = fixture_list_threads (store, BOBBIN_FOLDER_ACTIVE, 0);
  g_autoptr(GError) error = NULL;

  g_assert_true (report->read_only);
  g_assert_false (report->created);
  g_assert_false (bobbin_store_finish (store, save, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, "cannot be written"));
  g_clear_error (&error);
  g_assert_null (bobbin_store_import_finish (store, import, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_assert_cmpuint (claimed->len, ==, 0);
  g_assert_cmpuint (threads->len, ==, has_sample);
  if (g_getenv ("BOBBIN_TEST_UNREAD") != NULL)
    g_assert_true (bobbin_thread_get_unread (threads->pdata[0]));
  g_clear_object (&save);
  g_clear_object (&import);
  g_clear_object (&claim);
  fixture_close (store);
}

static void
test_read_only_child (void)
{
  const char *dir = g_getenv ("BOBBIN_TEST_DIR");

  if (g_getenv ("BOBBIN_TEST_FULL") != NULL)
    {
      const struct rlimit limit = { 0, 0 };

      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
    }
  else
    become_nobody ();
  try_read_only (dir, g_getenv ("BOBBIN_TEST_EMPTY") == NULL);
}

static void
run_child (const char *dir)
{
  g_setenv ("BOBBIN_TEST_DIR", dir, TRUE);
  g_test_trap_subprocess ("/store/open/read-only/subprocess/child", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
set_modes (const char *dir,
           int         dir_mode,
           int         file_mode)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;

  g_assert_cmpint (g_chmod (dir, 0700), ==, 0);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_assert_cmpint (g_chmod (path, g_file_test (path, G_FILE_TEST_IS_DIR) ? dir_mode : file_mode), ==, 0);
    }
  g_assert_cmpint (g_chmod (dir, dir_mode), ==, 0);
}

/* Not one byte can be written: what was kept is read all the same, with a log and without. */
static void
test_no_space_left (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *copy = fixture_make_dir ();
  static const char *const files[] = { "bobbin.db", "bobbin.db-wal" };
  BobbinStore *store;

  g_setenv ("BOBBIN_TEST_FULL", "1", TRUE);
  write_sample (dir);
  run_child (dir);

  store = fixture_open (dir, NULL);
  fixture_run_sql (store, "UPDATE threads SET unread = 1");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gsize length;
      g_autofree char *data = fixture_read (dir, files[i], &length);

      g_assert_cmpuint (length, >, 0);
      fixture_write (copy, files[i], data, (gssize) length);
    }
  fixture_close (store);
  g_setenv ("BOBBIN_TEST_UNREAD", "1", TRUE);
  run_child (copy);
  g_unsetenv ("BOBBIN_TEST_UNREAD");
  g_unsetenv ("BOBBIN_TEST_FULL");

  /* With space again all is as it was. */
  store = fixture_open (copy, NULL);
  fixture_run_sql (store, "UPDATE threads SET unread = 0");
  fixture_close (store);
  fixture_remove_dir (dir);
  fixture_remove_dir (copy);
}

static void
test_read_only (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *copy = fixture_make_dir ();
  g_autofree char *missing = g_build_filename (copy, "not", "there", NULL);
  static const char *const files[] = { "bobbin.db", "bobbin.db-wal", "bobbin.db-shm" };
  BobbinStore *store;

  write_sample (dir);
  set_modes (dir, 0555, 0444);
  run_child (dir);

  /* As a process left it that did not end in good order, with its log. */
  set_modes (dir, 0700, 0600);
  store = fixture_open (dir, NULL);
  fixture_run_sql (store, "UPDATE threads SET unread = 1");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gsize length;
      g_autofree char *data = fixture_read (dir, files[i], &length);

      fixture_write (copy, files[i], data, (gssize) length);
    }
  fixture_close (store);
  set_modes (copy, 0555, 0444);
  run_child (copy);

  g_setenv ("BOBBIN_TEST_EMPTY", "1", TRUE);
  run_child (missing);
  g_unsetenv ("BOBBIN_TEST_EMPTY");
  set_modes (copy, 0700, 0600);
  fixture_remove_dir (dir);
  fixture_remove_dir (copy);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    {
      write_sample (argv[2]);
      return 0;
    }

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/open/dumps", test_dumps);
  g_test_add_func ("/store/open/reopen", test_reopen);
  g_test_add_func ("/store/open/close-drains", test_close_drains);
  g_test_add_func ("/store/open/not-open", test_not_open);
  g_test_add_func ("/store/open/migration", test_migration);
  g_test_add_func ("/store/open/migration-fails", test_migration_fails);
  g_test_add_func ("/store/open/refused", test_refused);
  g_test_add_func ("/store/open/full-disk", test_full_disk);
  g_test_add_func ("/store/open/locked", test_locked);
  g_test_add_func ("/store/open/no-space-left", test_no_space_left);
  g_test_add_func ("/store/open/read-only", test_read_only);
  g_test_add_func ("/store/open/read-only/subprocess/child", test_read_only_child);

  return g_test_run ();
}
