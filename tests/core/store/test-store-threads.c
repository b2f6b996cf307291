#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include "model/bobbin-rule.h"

#include <string.h>

typedef struct
{
  char          *dir;
  BobbinStore   *store;
  BobbinAccount *account;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  on_disk)
{
  self->dir = on_disk != NULL ? fixture_make_dir () : NULL;
  self->store = fixture_open (self->dir, NULL);
  self->account = fixture_add_account (self->store, "A");
}

static void
tear_down (Fixture       *self,
           gconstpointer  on_disk)
{
  assert_index_is_true (self->store);
  fixture_close (self->store);
  g_clear_object (&self->account);
  if (self->dir != NULL)
    fixture_remove_dir (self->dir);
  g_free (self->dir);
}

static void
finish (Fixture      *self,
        GAsyncResult *taken)
{
  g_autoptr(GAsyncResult) result = taken;
  g_autoptr(GError) error = NULL;
  gboolean ok = bobbin_store_finish (self->store, result, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
save (Fixture      *self,
      BobbinThread *thread)
{
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, thread));
}

static BobbinThread *
find (Fixture    *self,
      gint64      account_id,
      const char *server_id)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_find_thread_async, self->store, account_id, server_id);
  g_autoptr(GError) error = NULL;
  BobbinThread *thread = bobbin_store_load_thread_finish (self->store, result, &error);

  g_assert_no_error (error);
  return thread;
}

static void
test_accounts (Fixture       *self,
               gconstpointer  on_disk)
{
  g_autoptr(GPtrArray) saved = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) listed = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  for (guint i = 0; i < BOBBIN_N_SERVICES; i++)
    {
      BobbinAccount *account = bobbin_account_new (0, (BobbinService) i, "Name ü", "https://h/");

      bobbin_account_set_agent_id (account, i % 2 == 0 ? NULL : "agent");
      bobbin_account_set_transport (account, (BobbinTransport) (i % 3));
      bobbin_account_set_allow_plain (account, i % 2 == 0);
      bobbin_account_set_pinned_certificate (account, i % 2 == 0 ? "ab:cd" : NULL);
      bobbin_account_set_position (account, 10 - (int) i);
      bobbin_account_set_option (account, "header", "x");
      finish (self, WAIT (bobbin_store_save_account_async, self->store, account));
      g_ptr_array_insert (saved, 0, account);
    }
  bobbin_account_set_name (g_ptr_array_index (saved, 2), "Renamed");
  finish (self, WAIT (bobbin_store_save_account_async, self->store, g_ptr_array_index (saved, 2)));
  result = WAIT (bobbin_store_list_accounts_async, self->store);
  listed = bobbin_store_list_accounts_finish (self->store, result, NULL);
  g_assert_cmpuint (listed->len, ==, BOBBIN_N_SERVICES + 1);
  assert_same_account (self->account, g_ptr_array_index (listed, 0));
  for (guint i = 0; i < saved->len; i++)
    assert_same_account (g_ptr_array_index (saved, i), g_ptr_array_index (listed, i + 1));
}

static void
test_agents (Fixture       *self,
             gconstpointer  on_disk)
{
  gint64 id = bobbin_account_get_id (self->account);
  g_autoptr(GListStore) agents = g_list_store_new (BOBBIN_TYPE_AGENT);
  g_autoptr(BobbinAgent) one = bobbin_agent_new (id, "1", "One", "m");
  g_autoptr(BobbinAgent) two = bobbin_agent_new (id, "2", NULL, NULL);

  g_list_store_append (agents, two);
  g_list_store_append (agents, one);
  g_list_store_append (agents, two);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GPtrArray) listed = NULL;

      finish (self, WAIT (bobbin_store_save_agents_async, self->store, id, G_LIST_MODEL (agents)));
      result = WAIT (bobbin_store_list_agents_async, self->store, round == 0 ? id : 0);
      listed = bobbin_store_list_agents_finish (self->store, result, NULL);
      g_assert_cmpuint (listed->len, ==, 2);
      g_assert_cmpstr (bobbin_agent_get_agent_id (g_ptr_array_index (listed, 0)), ==, "2");
      g_assert_cmpstr (bobbin_agent_get_name (g_ptr_array_index (listed, 1)), ==, "One");
      g_assert_cmpstr (bobbin_agent_get_model (g_ptr_array_index (listed, 1)), ==, "m");
    }
}

static void
test_round_trip (Fixture       *self,
                 gconstpointer  on_disk)
{
  const BobbinReadingPosition position = { 11, 12, 13, -14 };
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, bobbin_account_get_id (self->account));
  g_autoptr(BobbinThread) loaded = NULL;
  g_autoptr(BobbinThread) none = NULL;

  bobbin_thread_set_server_id (thread, "s");
  bobbin_thread_set_agent_id (thread, "a");
  bobbin_thread_set_agent_name (thread, "Agent");
  bobbin_thread_set_title (thread, "Title ü", BOBBIN_TITLE_USER);
  bobbin_thread_set_created_us (thread, 1);
  bobbin_thread_set_last_used_us (thread, 2);
  bobbin_thread_set_expires_us (thread, 3);
  bobbin_thread_set_snippet (thread, "from the server");
  bobbin_thread_set_pinned (thread, TRUE);
  bobbin_thread_set_archived (thread, TRUE);
  bobbin_thread_set_deleted_us (thread, 4);
  bobbin_thread_set_unread (thread, TRUE);
  bobbin_thread_set_stored_activity (thread, BOBBIN_ACTIVITY_FAILED);
  bobbin_thread_set_metadata (thread, "{\"k\":[1]}");
  bobbin_thread_set_reading_position (thread, &position);
  save (self, thread);
  loaded = fixture_load_thread (self->store, bobbin_thread_get_id (thread));
  assert_same_thread (thread, loaded);

  bobbin_thread_set_pinned (thread, FALSE);
  bobbin_thread_set_snippet (thread, NULL);
  bobbin_thread_set_deleted_us (thread, 0);
  save (self, thread);
  g_clear_object (&loaded);
  loaded = fixture_load_thread (self->store, bobbin_thread_get_id (thread));
  assert_same_thread (thread, loaded);
  none = fixture_load_thread (self->store, 1);
  g_assert_null (none);
}

static void
test_folders (Fixture       *self,
              gconstpointer  on_disk)
{
  g_autoptr(BobbinAccount) other = fixture_add_account (self->store, "B");
  static const struct { gboolean pinned, archived; gint64 deleted; } rows[] = {
    { FALSE, FALSE, 0 }, { TRUE, FALSE, 0 }, { FALSE, TRUE, 0 }, { TRUE, TRUE, 0 }, { FALSE, FALSE, 9 }, { TRUE, TRUE, 9 } };
  static const guint expected[] = { 2, 1, 2, 2 };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, i % 2 == 0 ? self->account : other, "T", i);

      bobbin_thread_set_pinned (thread, rows[i / 2].pinned);
      bobbin_thread_set_archived (thread, rows[i / 2].archived);
      bobbin_thread_set_deleted_us (thread, rows[i / 2].deleted);
      save (self, thread);
    }
  for (guint folder = BOBBIN_FOLDER_ACTIVE; folder <= BOBBIN_FOLDER_BIN; folder++)
    {
      g_autoptr(GPtrArray) all = fixture_list_threads (self->store, (BobbinFolder) folder, 0);
      g_autoptr(GPtrArray) one = fixture_list_threads (self->store, (BobbinFolder) folder, bobbin_account_get_id (other));

      g_assert_cmpuint (all->len, ==, 2 * expected[folder]);
      g_assert_cmpuint (one->len, ==, expected[folder]);
      for (guint i = 1; i < all->len; i++)
        g_assert_cmpint (bobbin_thread_get_last_used_us (g_ptr_array_index (all, i - 1)), >,
                         bobbin_thread_get_last_used_us (g_ptr_array_index (all, i)));
    }
}

/* Also through threads of one time, and of no time at all. */
static void
test_pages (Fixture       *self,
            gconstpointer  on_disk)
{
  BobbinThreadQuery query = { .folder = BOBBIN_FOLDER_ACTIVE, .limit = 4 };
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n_pages = 0;

  for (guint i = 0; i < 21; i++)
    {
      g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, self->account, "T", i / 7);
    }
  for (;;)
    {
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_threads_async, self->store, &query);
      g_autoptr(GPtrArray) page = bobbin_store_list_threads_finish (self->store, result, NULL);

      if (page->len == 0)
        break;
      for (guint i = 0; i < page->len; i++)
        {
          gint64 id = bobbin_thread_get_id (g_ptr_array_index (page, i));

          g_assert_true (g_hash_table_add (seen, g_memdup2 (&id, sizeof id)));
          query.before_id = id;
          query.before_used_us = bobbin_thread_get_last_used_us (g_ptr_array_index (page, i));
        }
      g_assert_cmpuint (++n_pages, <, 10);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 21);
}

static void
test_server_ids (Fixture       *self,
                 gconstpointer  on_disk)
{
  g_autoptr(BobbinAccount) other = fixture_add_account (self->store, "B");
  g_autoptr(BobbinThread) first = fixture_add_thread (self->store, self->account, "1", 1);
  g_autoptr(BobbinThread) second = fixture_add_thread (self->store, other, "2", 2);
  static const char *const ids[] = { "one", "one", "two", "one" };
  g_autoptr(GAsyncResult) result = NULL;
  g_auto(GStrv) listed = NULL;
  g_autofree char *joined = NULL;
  g_autoptr(BobbinThread) by_old = NULL;
  g_autoptr(BobbinThread) by_current = NULL;
  g_autoptr(BobbinThread) wrong_account = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      bobbin_thread_set_server_id (first, ids[i]);
      save (self, first);
    }
  bobbin_thread_set_server_id (second, "two");
  save (self, second);
  result = WAIT (bobbin_store_list_server_ids_async, self->store, bobbin_thread_get_id (first));
  listed = bobbin_store_list_server_ids_finish (self->store, result, NULL);
  joined = g_strjoinv (" ", listed);
  g_assert_cmpstr (joined, ==, "one two one");

  by_old = find (self, bobbin_account_get_id (self->account), "two");
  g_assert_cmpint (bobbin_thread_get_id (by_old), ==, bobbin_thread_get_id (first));
  by_current = find (self, 0, "two"); /* two has it now, one had it */
  g_assert_cmpint (bobbin_thread_get_id (by_current), ==, bobbin_thread_get_id (second));
  wrong_account = find (self, bobbin_account_get_id (other), "one");
  g_assert_null (wrong_account);
}

static void
test_draft (Fixture       *self,
            gconstpointer  on_disk)
{
  g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, self->account, "T", 1);
  g_autoptr(BobbinAttachment) attachment = fixture_import (self->store, "a.txt", "x");
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (bobbin_thread_get_id (thread));
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "typed");
  gint64 id = bobbin_thread_get_id (thread);

  bobbin_draft_set_text (draft, "typed", 3);
  bobbin_draft_add_attachment (draft, attachment);
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr(BobbinThread) row = NULL;
      g_autoptr(BobbinDraft) loaded = NULL;
      g_autoptr(GAsyncResult) result = NULL;

      /* Saved, then sent, then saved again as it was taken back. */
      if (round == 1)
        finish (self, WAIT (bobbin_store_send_draft_async, self->store, draft, message));
      else
        finish (self, WAIT (bobbin_store_save_draft_async, self->store, draft));
      result = WAIT (bobbin_store_load_draft_async, self->store, id);
      loaded = bobbin_store_load_draft_finish (self->store, result, NULL);
      g_assert_cmpint (bobbin_draft_get_thread_id (loaded), ==, id);
      g_assert_cmpstr (bobbin_draft_get_text (loaded), ==, round == 1 ? "" : "typed");
      g_assert_cmpint (bobbin_draft_get_cursor (loaded), ==, round == 1 ? 0 : 3);
      g_assert_cmpuint (g_list_model_get_n_items (bobbin_draft_get_attachments (loaded)), ==, round == 1 ? 0 : 1);
      g_assert_true (g_file_test (bobbin_attachment_get_path (attachment), G_FILE_TEST_EXISTS));
      row = fixture_load_thread (self->store, id);
      g_assert_cmpstr (bobbin_thread_get_draft (row), ==, round != 1 ? "typed" : NULL);
    }
  bobbin_draft_clear (draft);
  bobbin_draft_set_text (draft, " \n", 1);
  finish (self, WAIT (bobbin_store_save_draft_async, self->store, draft));
  g_clear_object (&thread);
  thread = fixture_load_thread (self->store, id);
  g_assert_null (bobbin_thread_get_draft (thread));
}

static void
test_send_is_one (Fixture       *self,
                  gconstpointer  on_disk)
{
  g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, self->account, "T", 1);
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (bobbin_thread_get_id (thread));
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "typed");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) load = NULL;
  g_autoptr(BobbinDraft) loaded = NULL;
  g_autoptr(GPtrArray) messages = NULL;

  bobbin_draft_set_text (draft, "typed", 5);
  finish (self, WAIT (bobbin_store_save_draft_async, self->store, draft));
  fixture_run_sql (self->store, "CREATE TEMP TRIGGER refuse BEFORE INSERT ON blocks BEGIN SELECT RAISE (ABORT, 'no'); END");
  result = WAIT (bobbin_store_send_draft_async, self->store, draft, message);
  g_assert_false (bobbin_store_finish (self->store, result, NULL));
  fixture_run_sql (self->store, "DROP TRIGGER refuse");

  load = WAIT (bobbin_store_load_draft_async, self->store, bobbin_thread_get_id (thread));
  loaded = bobbin_store_load_draft_finish (self->store, load, NULL);
  g_assert_cmpstr (bobbin_draft_get_text (loaded), ==, "typed");
  messages = fixture_list_messages (self->store, bobbin_thread_get_id (thread));
  g_assert_cmpuint (messages->len, ==, 0);
}

static void
add_file_message (Fixture          *self,
                  BobbinThread     *thread,
                  BobbinAttachment *attachment)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "Wolpertinger");
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_FILE);

  bobbin_block_set_attachment (block, attachment);
  bobbin_message_add_block (message, block);
  fixture_save_message (self->store, thread, message);
}

static void
test_delete (Fixture       *self,
             gconstpointer  on_disk)
{
  g_autoptr(BobbinThread) keep = fixture_add_thread (self->store, self->account, "Keep", 1);
  g_autoptr(BobbinThread) gone = fixture_add_thread (self->store, self->account, "Gone", 2);
  g_autoptr(BobbinAttachment) shared = fixture_import (self->store, "s.txt", "shared");
  g_autoptr(BobbinAttachment) again = fixture_import (self->store, "again.txt", "shared");
  g_autoptr(BobbinAttachment) own = fixture_import (self->store, "o.txt", "own");
  g_autoptr(BobbinThread) loaded = NULL;
  g_autoptr(GPtrArray) hits = NULL;

  g_assert_cmpstr (bobbin_attachment_get_path (shared), ==, bobbin_attachment_get_path (again));
  add_file_message (self, keep, shared);
  add_file_message (self, gone, again);
  add_file_message (self, gone, own);
  finish (self, WAIT (bobbin_store_delete_thread_async, self->store, bobbin_thread_get_id (gone)));
  loaded = fixture_load_thread (self->store, bobbin_thread_get_id (gone));
  g_assert_null (loaded);
  g_assert_true (g_file_test (bobbin_attachment_get_path (shared), G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (bobbin_attachment_get_path (own), G_FILE_TEST_EXISTS));
  hits = fixture_search (self->store, "Wolpertinger");
  g_assert_cmpuint (hits->len, ==, 1);
}

static void
test_forget (Fixture       *self,
             gconstpointer  on_disk)
{
  g_autoptr(BobbinAccount) other = fixture_add_account (self->store, "B");
  g_autoptr(BobbinThread) mine = fixture_add_thread (self->store, self->account, "Mine", 1);
  g_autoptr(BobbinThread) theirs = fixture_add_thread (self->store, other, "Theirs", 2);
  g_autoptr(BobbinAttachment) file = fixture_import (self->store, "Quellwolke.txt", "Quellwolke");
  g_autoptr(BobbinMessage) kept = fixture_add_message (self->store, theirs, BOBBIN_ROLE_USER, "remains");
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (bobbin_thread_get_id (mine));
  g_autoptr(BobbinRule) my_rule = bobbin_rule_new (0, bobbin_account_get_id (self->account), NULL, "quellwolke_tool", NULL, 1);
  g_autoptr(BobbinRule) their_rule = bobbin_rule_new (0, bobbin_account_get_id (other), "agent", "look", "{\"b\":1,\"a\":2}", 2);
  g_autoptr(GAsyncResult) rules_result = NULL;
  g_autoptr(GPtrArray) rules = NULL;
  g_autoptr(GPtrArray) left = NULL;

  finish (self, WAIT (bobbin_store_save_rule_async, self->store, my_rule));
  finish (self, WAIT (bobbin_store_save_rule_async, self->store, their_rule));
  bobbin_rule_set_uses (their_rule, 3, 77);
  finish (self, WAIT (bobbin_store_save_rule_async, self->store, their_rule));
  bobbin_thread_set_title (mine, "Quellwolke", BOBBIN_TITLE_USER);
  save (self, mine);
  add_file_message (self, mine, file);
  bobbin_draft_set_text (draft, "Quellwolke", 0);
  finish (self, WAIT (bobbin_store_save_draft_async, self->store, draft));
  finish (self, WAIT (bobbin_store_forget_account_async, self->store, bobbin_account_get_id (self->account)));

  rules_result = WAIT (bobbin_store_list_rules_async, self->store);
  rules = bobbin_store_list_rules_finish (self->store, rules_result, NULL);
  g_assert_cmpuint (rules->len, ==, 1);
  g_assert_cmpstr (bobbin_rule_get_agent_id (rules->pdata[0]), ==, "agent");
  g_assert_cmpstr (bobbin_rule_get_arguments (rules->pdata[0]), ==, "{\"a\":2,\"b\":1}");
  g_assert_cmpuint (bobbin_rule_get_n_uses (rules->pdata[0]), ==, 3);
  g_assert_cmpint (bobbin_rule_get_last_used_us (rules->pdata[0]), ==, 77);
  left = fixture_list_threads (self->store, BOBBIN_FOLDER_ACTIVE, 0);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_false (g_file_test (bobbin_attachment_get_path (file), G_FILE_TEST_EXISTS));
  if (self->dir == NULL)
    return;

  /* Provably: not one byte of it in any file of the profile. */
  for (guint i = 0; i < 2; i++)
    {
      static const char *const names[] = { "bobbin.db", "bobbin.db-wal" };
      gsize length;
      g_autofree char *data = fixture_read (self->dir, names[i], &length);

      g_assert_false (fixture_contains (data, length, "uellwolke"));
      g_assert_false (fixture_contains (data, length, "olpertinger"));
      g_assert_true (i == 1 || fixture_contains (data, length, "remains"));
    }
}

static gboolean
plan_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  g_autofree char *sql = g_strconcat ("EXPLAIN QUERY PLAN ", args, NULL);
  GString *plan = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (plan, "%s\n", sqlite3_column_text (statement, 3));
  sqlite3_finalize (statement);
  *ret_result = g_string_free (plan, FALSE);

  return TRUE;
}

static void
plan_async (BobbinStore         *store,
            const char          *sql,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  static const BobbinStoreOpInfo info = { "plan", BOBBIN_STORE_READ, NULL, plan_run, g_free, g_free };

  _bobbin_store_submit (store, plan_async, &info, g_strdup (sql), cancellable, callback, user_data);
}

/* One page of 100,000 threads costs what one of 1,000 does: every list is read off an index, nothing is sorted or scanned. */
static void
test_plans (Fixture       *self,
            gconstpointer  on_disk)
{
  static const char *const indexes[4][2] = {
    { "threads_by_use", "threads_of_account" }, { "threads_pinned", "threads_pinned_of_account" },
    { "threads_by_use", "threads_of_account" }, { "threads_by_use", "threads_of_account" } };

  for (guint folder = 0; folder < 4; folder++)
    for (guint account = 0; account < 2; account++)
      {
        g_autoptr(GAsyncResult) result = WAIT (plan_async, self->store, _bobbin_threads_list_sql[folder][account]);
        g_autofree char *plan = _bobbin_store_take (self->store, result, plan_async, NULL);
        g_autofree char *expected = g_strconcat ("SEARCH threads USING INDEX ", indexes[folder][account], " ", NULL);

        if (strstr (plan, expected) == NULL)
          g_test_message ("%s", plan);
        g_assert_nonnull (strstr (plan, expected));
        g_assert_null (strstr (plan, "SCAN"));
        g_assert_null (strstr (plan, "TEMP B-TREE"));
      }
}

#define ADD(path, test) \
  g_test_add ("/store/threads/memory/" path, Fixture, NULL, set_up, test, tear_down); \
  g_test_add ("/store/threads/disk/" path, Fixture, "disk", set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("accounts", test_accounts);
  ADD ("agents", test_agents);
  ADD ("round-trip", test_round_trip);
  ADD ("folders", test_folders);
  ADD ("pages", test_pages);
  ADD ("server-ids", test_server_ids);
  ADD ("draft", test_draft);
  ADD ("send-is-one", test_send_is_one);
  ADD ("delete", test_delete);
  ADD ("forget", test_forget);
  ADD ("plans", test_plans);

  return g_test_run ();
}
