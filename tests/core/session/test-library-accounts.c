/* Accounts and their keys. */
#include "config.h"
#include "session-fixture.h"

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **waited)
{
  while (*waited == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (waited);
}

static void
save (Fixture       *self,
      BobbinAccount *account,
      const char    *credential)
{
  GAsyncResult *waited = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bobbin_library_save_account_async (self->library, account, credential, NULL, done_cb, &waited);
  result = wait_for (&waited);
  g_assert_true (bobbin_library_save_account_finish (self->library, result, &error));
  g_assert_no_error (error);
}

static char *
look_up (Fixture *self,
         gint64   account_id)
{
  GAsyncResult *waited = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_secrets_lookup_async (self->secrets, account_id, BOBBIN_SECRET_KEY, NULL, done_cb, &waited);
  result = wait_for (&waited);

  return bobbin_secrets_lookup_finish (self->secrets, result, NULL);
}

static void
test_list (Fixture       *self,
           gconstpointer  on_disk)
{
  g_autoptr(BobbinAccount) second = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "Demo", "http://127.0.0.1:1");
  g_autoptr(BobbinAccount) first = NULL;
  GListModel *accounts = bobbin_library_get_accounts (self->library);

  bobbin_account_set_position (second, -1);
  save (self, second, NULL);
  first = g_list_model_get_item (accounts, 0);
  g_assert_true (first == second);
  bobbin_account_set_position (second, 5);
  save (self, second, NULL);
  g_clear_object (&first);
  first = g_list_model_get_item (accounts, 0);
  g_assert_true (first == self->account);
  g_assert_cmpuint (g_list_model_get_n_items (accounts), ==, 2);
  g_assert_true (bobbin_library_find_account (self->library, bobbin_account_get_id (second)) == second);
  g_assert_true (bobbin_library_find_account_by_name (self->library, "Demo") == second);
  g_assert_null (bobbin_library_find_account (self->library, 1));
  g_assert_null (bobbin_library_find_account_by_name (self->library, "None"));
  g_assert_true (bobbin_library_get_backend (self->library, second) != BOBBIN_BACKEND (self->backend));
}

static void
test_key_from_secrets (Fixture       *self,
                       gconstpointer  on_disk)
{
  g_autofree char *stored = look_up (self, bobbin_account_get_id (self->account));

  g_assert_cmpstr (stored, ==, "key-1");
  fixture_type (self, "make a row");
  fixture_advance (self, 300);
  fixture_restart (self, FALSE);
  /* Not before it is needed. */
  g_assert_null (self->backend->credential);
  fixture_send (self, "hello");
  g_assert_cmpstr (self->backend->credential, ==, "key-1");
  assert_state (self, CONNECTING);

  /* A key that was refused is looked up again: it may have been changed where it is kept. */
  fake_closed (fixture_channel (self), BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT);
  assert_state (self, FAILED);
  bobbin_secrets_store_async (self->secrets, bobbin_account_get_id (self->account), BOBBIN_SECRET_KEY, "x", "key-3", NULL,
                              NULL, NULL);
  fixture_settle (self);
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  g_assert_cmpstr (self->backend->credential, ==, "key-3");
}

static void
test_no_key (Fixture       *self,
             gconstpointer  data)
{
  bobbin_library_use_credential (self->library, self->account, NULL);
  bobbin_secrets_clear_async (self->secrets, bobbin_account_get_id (self->account), NULL, NULL, NULL);
  fixture_settle (self);
  fixture_send (self, "hello");
  assert_state (self, FAILED);
  g_assert_cmpint (bobbin_session_get_failure (self->session)->code, ==, BOBBIN_ERROR_AUTH);
  g_assert_true (bobbin_account_get_needs_key (self->account));
  g_assert_false (bobbin_account_get_key_refused (self->account));
  g_assert_cmpuint (self->backend->channels->len, ==, 0);
  assert_stored (self, "user:queued");

  /* The person gives one: it goes on by itself. */
  save (self, self->account, "key-2");
  fixture_settle (self);
  assert_state (self, CONNECTING);
  g_assert_false (bobbin_account_get_needs_key (self->account));
  g_assert_cmpstr (self->backend->credential, ==, "key-2");

  /* Servers that need none. */
  bobbin_session_stop (self->session);
  bobbin_library_use_credential (self->library, self->account, NULL);
  bobbin_secrets_clear_async (self->secrets, bobbin_account_get_id (self->account), NULL, NULL, NULL);
  self->backend->capabilities |= BOBBIN_CAN_WORK_KEYLESS;
  fixture_send (self, "hello");
  assert_state (self, CONNECTING);
}

static void
test_settings_changed (Fixture       *self,
                       gconstpointer  data)
{
  FakeChannel *channel;

  fixture_ask (self, "hello");
  channel = fixture_channel (self);
  /* What runs goes on; what comes next goes by the new settings. */
  bobbin_account_set_base_url (self->account, "https://other.example.org");
  save (self, self->account, NULL);
  g_assert_false (channel->closed);
  fake_text (channel, "text:0", "Hi");
  fixture_send (self, "and then?");
  fake_stopped (channel, NULL);
  fixture_settle (self);
  g_assert_true (channel->closed);
  assert_state (self, CONNECTING);
  assert_stored (self, "user:complete assistant:complete user:queued");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fixture_channel (self)->sent->len, ==, 1);
  fake_text (fixture_channel (self), "text:0", "Then this");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete user:complete assistant:complete");
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);

  /* Between two answers, too. */
  channel = fixture_channel (self);
  save (self, self->account, NULL);
  g_assert_true (channel->closed);
  assert_state (self, IDLE);
}

/* What comes after the end of an answer still comes: the old link is left when the next message goes. */
static void
test_settings_changed_late (Fixture       *self,
                            gconstpointer  data)
{
  FakeChannel *channel;

  fixture_ask (self, "hello");
  channel = fixture_channel (self);
  fake_text (channel, "text:0", "Hi");
  save (self, self->account, "key-2");
  g_assert_cmpstr (self->backend->credential, ==, "key-2");
  fake_stopped (channel, NULL);
  fake_simple (channel, BOBBIN_EVENT_TITLE, "Greetings");
  fixture_settle (self);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Greetings");
  fixture_send (self, "more");
  g_assert_true (channel->closed);
  assert_state (self, CONNECTING);
}

/* While the link is being made, and while a question waits. */
static void
test_settings_changed_early (Fixture       *self,
                             gconstpointer  data)
{
  FakeChannel *channel;

  fixture_send (self, "hello");
  fixture_settle (self);
  assert_state (self, CONNECTING);
  channel = fixture_channel (self);
  save (self, self->account, "key-2");
  fixture_settle (self);
  g_assert_true (channel->closed);
  assert_state (self, CONNECTING);
  assert_stored (self, "user:queued");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  fake_approval (fixture_channel (self), "May I?");
  fixture_settle (self);
  assert_state (self, APPROVAL);
  channel = fixture_channel (self);
  bobbin_account_set_agent_id (self->account, "another");
  save (self, self->account, NULL);
  assert_state (self, APPROVAL);
  g_assert_false (channel->closed);
  fake_stopped (channel, "cancelled");
  fixture_settle (self);
  assert_stored (self, "user:stopped assistant:stopped");
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
}

static void
test_remove (Fixture       *self,
             gconstpointer  on_disk)
{
  GAsyncResult *waited = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *key = NULL;
  gint64 account_id = bobbin_account_get_id (self->account);

  fixture_ask (self, "hello");
  fake_text (fixture_channel (self), "text:0", "Ha");
  bobbin_library_remove_account_async (self->library, self->account, NULL, done_cb, &waited);
  result = wait_for (&waited);
  g_assert_true (bobbin_library_remove_account_finish (self->library, result, &error));
  g_assert_no_error (error);
  fixture_settle (self);

  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_accounts (self->library)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (self->library)), ==, 0);
  key = look_up (self, account_id);
  g_assert_null (key);
  assert_stored (self, "");
  self->backend = NULL;
}

#define ADD(name, test) g_test_add ("/library/accounts/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/library/accounts/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("list", test_list);
  ADD_ON_DISK ("key-from-secrets", test_key_from_secrets);
  ADD ("no-key", test_no_key);
  ADD ("settings-changed", test_settings_changed);
  ADD ("settings-changed/late", test_settings_changed_late);
  ADD ("settings-changed/early", test_settings_changed_early);
  ADD_ON_DISK ("remove", test_remove);

  return g_test_run ();
}
