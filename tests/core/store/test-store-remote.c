/* Lists of servers taken in, pages of messages in one step, and changes that wait for a server. */
#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

typedef struct
{
  BobbinStore   *store;
  BobbinAccount *account;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->store = fixture_open (NULL, NULL);
  self->account = fixture_add_account (self->store, "A");
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  assert_index_is_true (self->store);
  fixture_close (self->store);
  g_clear_object (&self->account);
}

static void
finish (Fixture      *self,
        GAsyncResult *taken)
{
  g_autoptr(GAsyncResult) result = taken;

  g_assert_true (bobbin_store_finish (self->store, result, NULL));
}

static GPtrArray *
merge (Fixture    *self,
       const char *server_id,
       const char *title,
       gint64      used_us)
{
  g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func (g_object_unref);
  BobbinThread *thread = bobbin_thread_new (0, bobbin_account_get_id (self->account));
  g_autoptr(GAsyncResult) result = NULL;
  GPtrArray *merged;

  bobbin_thread_set_server_id (thread, server_id);
  bobbin_thread_set_title (thread, title, BOBBIN_TITLE_SERVER);
  bobbin_thread_set_last_used_us (thread, used_us);
  g_ptr_array_add (threads, thread);
  result = WAIT (bobbin_store_merge_threads_async, self->store, bobbin_account_get_id (self->account), threads);
  merged = bobbin_store_merge_threads_finish (self->store, result, NULL);
  g_assert_nonnull (merged);

  return merged;
}

static void
test_merge (Fixture      *self,
            gconstpointer data)
{
  g_autoptr(GPtrArray) fresh = merge (self, "r1", "One", 100);
  g_autoptr(GPtrArray) again = merge (self, "r1", "Two", 50);
  BobbinThread *thread = again->pdata[0];
  g_autoptr(GPtrArray) renamed = NULL;
  g_autoptr(GPtrArray) all = NULL;

  g_assert_cmpuint (fresh->len, ==, 1);
  g_assert_cmpint (bobbin_thread_get_id (fresh->pdata[0]), ==, bobbin_thread_get_id (thread));
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "Two");
  g_assert_cmpint (bobbin_thread_get_last_used_us (thread), ==, 100);
  bobbin_thread_set_title (thread, "Mine", BOBBIN_TITLE_USER);
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, thread));
  renamed = merge (self, "r1", "Three", 200);
  g_assert_cmpstr (bobbin_thread_get_title (renamed->pdata[0]), ==, "Mine");
  g_assert_cmpint (bobbin_thread_get_last_used_us (renamed->pdata[0]), ==, 200);
  all = fixture_list_threads (self->store, BOBBIN_FOLDER_ACTIVE, 0);
  g_assert_cmpuint (all->len, ==, 1);
}

static void
test_stays_deleted (Fixture      *self,
                    gconstpointer data)
{
  g_autoptr(GPtrArray) fresh = merge (self, "r1", "One", 100);
  g_autoptr(GPtrArray) binned = NULL;
  g_autoptr(GPtrArray) deleted = NULL;
  BobbinThread *thread = fresh->pdata[0];

  bobbin_thread_set_deleted_us (thread, 1);
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, thread));
  binned = merge (self, "r1", "One", 200);
  g_assert_cmpuint (binned->len, ==, 0);
  finish (self, WAIT (bobbin_store_delete_thread_async, self->store, bobbin_thread_get_id (thread)));
  deleted = merge (self, "r1", "One", 300);
  g_assert_cmpuint (deleted->len, ==, 0);
}

static void
test_messages (Fixture      *self,
               gconstpointer data)
{
  g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, self->account, "T", 1);
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) stored = NULL;

  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (messages, fixture_make_message (i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, "words"));
  finish (self, WAIT (bobbin_store_save_messages_async, self->store, bobbin_thread_get_id (thread), messages));
  stored = fixture_list_messages (self->store, bobbin_thread_get_id (thread));
  g_assert_cmpuint (stored->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    assert_same_message (stored->pdata[i], messages->pdata[i]);
}

static void
test_hidden_ids (Fixture      *self,
                 gconstpointer data)
{
  g_autoptr(BobbinThread) thread = fixture_add_thread (self->store, self->account, "T", 1);
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "old");
  g_auto(GStrv) none = NULL;
  g_auto(GStrv) ids = NULL;
  g_autoptr(GAsyncResult) before = NULL;
  g_autoptr(GAsyncResult) after = NULL;

  bobbin_message_add_server_id (message, "a");
  bobbin_message_add_server_id (message, "b");
  fixture_save_message (self->store, thread, message);
  before = WAIT (bobbin_store_list_hidden_ids_async, self->store, bobbin_thread_get_id (thread));
  none = bobbin_store_list_hidden_ids_finish (self->store, before, NULL);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  fixture_run_sql (self->store, "UPDATE messages SET hidden = 1");
  after = WAIT (bobbin_store_list_hidden_ids_async, self->store, bobbin_thread_get_id (thread));
  ids = bobbin_store_list_hidden_ids_finish (self->store, after, NULL);
  g_assert_true (g_strv_equal ((const char *const *) ids, (const char *[]) { "a", "b", NULL }));
}

static GPtrArray *
list_changes (Fixture *self)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_remote_changes_async, self->store, FALSE, 100);

  return bobbin_store_list_remote_changes_finish (self->store, result, NULL);
}

static void
test_changes (Fixture      *self,
              gconstpointer data)
{
  const BobbinRemoteChange changes[] = {
    { 1, bobbin_account_get_id (self->account), 7, BOBBIN_REMOTE_DELETE, (char *) "r1", NULL, 100 },
    { 2, bobbin_account_get_id (self->account), 8, BOBBIN_REMOTE_RENAME, (char *) "r2", (char *) "Name", 200 },
  };
  g_autoptr(GPtrArray) both = NULL;
  g_autoptr(GPtrArray) one = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    finish (self, WAIT (bobbin_store_add_remote_change_async, self->store, &changes[i]));
  both = list_changes (self);
  g_assert_cmpuint (both->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const BobbinRemoteChange *read = both->pdata[i];

      g_assert_cmpint (read->id, ==, changes[i].id);
      g_assert_cmpint (read->account_id, ==, changes[i].account_id);
      g_assert_cmpint (read->thread_id, ==, changes[i].thread_id);
      g_assert_cmpint (read->kind, ==, changes[i].kind);
      g_assert_cmpstr (read->server_id, ==, changes[i].server_id);
      g_assert_cmpstr (read->title, ==, changes[i].title);
      g_assert_cmpint (read->due_us, ==, changes[i].due_us);
    }
  finish (self, WAIT (bobbin_store_remove_remote_change_async, self->store, 1));
  one = list_changes (self);
  g_assert_cmpuint (one->len, ==, 1);
  /* an account that is forgotten takes them with it */
  finish (self, WAIT (bobbin_store_forget_account_async, self->store, bobbin_account_get_id (self->account)));
  g_ptr_array_unref (one);
  one = list_changes (self);
  g_assert_cmpuint (one->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/store-remote/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("merge", test_merge);
  ADD ("stays-deleted", test_stays_deleted);
  ADD ("messages", test_messages);
  ADD ("hidden-ids", test_hidden_ids);
  ADD ("changes", test_changes);

  return g_test_run ();
}
