#include "config.h"
#include "session-fixture.h"

#include "util/bobbin-folder.h"

#include <sqlite3.h>

const char *
state_name (BobbinSessionState state)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (BOBBIN_TYPE_SESSION_STATE);

  return g_enum_get_value (klass, (int) state)->value_nick;
}

/* Waiting */

typedef struct
{
  GAsyncResult *result;
} Wait;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Wait *wait = user_data;

  wait->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&wait->result);
}

static void
flush (BobbinStore *store)
{
  Wait wait = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_store_flush_async (store, NULL, done_cb, &wait);
  result = wait_for (&wait);
  bobbin_store_finish (store, result, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
fixture_settle (Fixture *self)
{
  /* Saved → sent is the longest chain that one call sets off; each link of it needs one round. */
  for (int i = 0; i < 5; i++)
    flush (self->store);
}

void
fixture_advance (Fixture *self,
                 gint64   ms)
{
  bobbin_manual_clock_advance (self->clock, ms);
  fixture_settle (self);
}

/* Set up */

void
fixture_open_store (Fixture *self)
{
  Wait wait = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;

  self->store = bobbin_sqlite_store_new (self->dir);
  bobbin_store_open_async (self->store, NULL, done_cb, &wait);
  result = wait_for (&wait);
  report = bobbin_store_open_finish (self->store, result, &error);
  g_assert_no_error (error);
}

static void
turn_ended_cb (BobbinLibrary *library,
               BobbinSession *session,
               BobbinMessage *answer,
               Fixture       *self)
{
  g_assert_true (BOBBIN_IS_MESSAGE (answer));
  g_ptr_array_add (self->ended, g_object_ref (answer));
}

static void
approval_cb (BobbinLibrary *library,
             BobbinSession *session,
             BobbinMessage *message,
             BobbinBlock   *block,
             Fixture       *self)
{
  g_assert_cmpint (bobbin_block_get_kind (block), ==, BOBBIN_BLOCK_APPROVAL);
  self->n_approvals++;
}

static void
store_failed_cb (BobbinLibrary *library,
                 BobbinFailure *failure,
                 Fixture       *self)
{
  g_assert_cmpint (failure->code, ==, BOBBIN_ERROR_STORE);
  self->n_store_failures++;
}

static void
store_recovered_cb (BobbinLibrary *library,
                    Fixture       *self)
{
  self->n_store_recoveries++;
}

static void
load_library (Fixture *self)
{
  Wait wait = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  self->library = bobbin_library_new_with_factory (self->store, self->secrets, BOBBIN_CLOCK (self->clock), self->network,
                                                   fake_backend_create);
  g_signal_connect (self->library, "turn-ended", G_CALLBACK (turn_ended_cb), self);
  g_signal_connect (self->library, "approval-waiting", G_CALLBACK (approval_cb), self);
  g_signal_connect (self->library, "store-failed", G_CALLBACK (store_failed_cb), self);
  g_signal_connect (self->library, "store-recovered", G_CALLBACK (store_recovered_cb), self);
  bobbin_library_load_async (self->library, NULL, done_cb, &wait);
  result = wait_for (&wait);
  bobbin_library_load_finish (self->library, result, &error);
  g_assert_no_error (error);
}

static void
add_account (Fixture *self)
{
  Wait wait = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  self->account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "Work", "https://api.example.org");
  bobbin_account_set_agent_id (self->account, "agent-1");
  bobbin_library_save_account_async (self->library, self->account, "key-1", NULL, done_cb, &wait);
  result = wait_for (&wait);
  bobbin_library_save_account_finish (self->library, result, &error);
  g_assert_no_error (error);
}

static void
state_cb (BobbinSession *session,
          GParamSpec    *pspec,
          Fixture       *self)
{
  BobbinSessionState state = bobbin_session_get_state (session);

  g_array_append_val (self->states, state);
}

void
fixture_open_session (Fixture *self)
{
  BobbinSessionState state;

  g_clear_object (&self->session);
  self->session = bobbin_library_get_session (self->library, self->thread);
  state = bobbin_session_get_state (self->session);
  g_array_set_size (self->states, 0);
  g_array_append_val (self->states, state);
  g_signal_connect (self->session, "notify::state", G_CALLBACK (state_cb), self);
}

void
fixture_set_up (Fixture       *self,
                gconstpointer  on_disk)
{
  self->dir = on_disk != NULL ? g_dir_make_tmp ("bobbin-session-XXXXXX", NULL) : NULL;
  self->secrets = bobbin_memory_secrets_new ();
  self->clock = bobbin_manual_clock_new (START_US);
  self->network = bobbin_network_new_manual ();
  self->states = g_array_new (FALSE, FALSE, sizeof (BobbinSessionState));
  self->ended = g_ptr_array_new_with_free_func (g_object_unref);
  fixture_open_store (self);
  load_library (self);
  add_account (self);
  self->backend = FAKE_BACKEND (bobbin_library_get_backend (self->library, self->account));
  self->thread = bobbin_library_new_thread (self->library, self->account, NULL, NULL);
  fixture_open_session (self);
}

static void
drop_library (Fixture *self)
{
  g_clear_object (&self->session);
  g_clear_object (&self->thread);
  g_clear_object (&self->account);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->library);
  self->library = NULL;
}

void
fixture_tear_down (Fixture       *self,
                   gconstpointer  on_disk)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  bobbin_library_close (self->library);
  drop_library (self);
  g_assert_finalize_object (self->store);
  g_assert_finalize_object (self->network);
  g_object_unref (self->secrets);
  /* Nothing may be left that would call back. */
  g_assert_cmpint (bobbin_manual_clock_next_ms (self->clock), ==, -1);
  g_assert_finalize_object (self->clock);
  g_array_unref (self->states);
  g_ptr_array_unref (self->ended);
  if (self->dir != NULL)
    bobbin_folder_remove (self->dir);
  g_free (self->dir);
}

/* A crash is played by a copy of the database as it is on disk at this moment: nothing that the old process still does reaches
 * it, and its lock is not held. */
static void
copy_profile (Fixture *self)
{
  g_autofree char *copy = g_dir_make_tmp ("bobbin-session-XXXXXX", NULL);
  g_autoptr(GDir) dir = g_dir_open (self->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (self->dir, name, NULL);
      g_autofree char *to = g_build_filename (copy, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (g_file_test (from, G_FILE_TEST_IS_REGULAR) && g_file_get_contents (from, &bytes, &length, NULL))
        g_assert_true (g_file_set_contents (to, bytes, (gssize) length, NULL));
    }

  bobbin_library_close (self->library);
  bobbin_folder_remove (self->dir);
  g_free (self->dir);
  self->dir = g_steal_pointer (&copy);
}

void
fixture_restart (Fixture *self,
                 gboolean crash)
{
  gint64 thread_id = bobbin_thread_get_id (self->thread);
  g_autoptr(GPtrArray) ended = NULL;

  g_assert_nonnull (self->dir);
  g_signal_handlers_disconnect_by_data (self->session, self);
  if (crash)
    copy_profile (self);
  else
    bobbin_library_close (self->library);
  drop_library (self);
  g_assert_finalize_object (self->store);
  g_ptr_array_set_size (self->ended, 0);

  fixture_open_store (self);
  load_library (self);
  self->account = g_object_ref (bobbin_library_find_account_by_name (self->library, "Work"));
  self->backend = FAKE_BACKEND (bobbin_library_get_backend (self->library, self->account));
  for (guint i = 0; i < g_list_model_get_n_items (bobbin_library_get_threads (self->library)); i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (bobbin_library_get_threads (self->library), i);

      if (bobbin_thread_get_id (thread) == thread_id)
        self->thread = g_steal_pointer (&thread);
    }
  g_assert_nonnull (self->thread);
  fixture_open_session (self);
  fixture_settle (self);
}

/* Doing */

void
fixture_type (Fixture    *self,
              const char *text)
{
  bobbin_draft_set_text (bobbin_session_get_draft (self->session), text, (int) g_utf8_strlen (text, -1));
}

BobbinMessage *
fixture_send (Fixture    *self,
              const char *text)
{
  g_autoptr(GError) error = NULL;

  fixture_type (self, text);
  g_assert_true (bobbin_session_send (self->session, &error));
  g_assert_no_error (error);
  fixture_settle (self);

  for (guint i = fixture_n_messages (self); i-- > 0;)
    if (bobbin_message_get_role (fixture_message (self, i)) == BOBBIN_ROLE_USER)
      return fixture_message (self, i);

  g_assert_not_reached ();
}

FakeChannel *
fixture_channel (Fixture *self)
{
  FakeChannel *channel = fake_backend_channel (self->backend);

  g_assert_nonnull (channel);

  return channel;
}

BobbinMessage *
fixture_ask (Fixture    *self,
             const char *text)
{
  guint n_sent = fake_backend_n_sent (self->backend);
  BobbinMessage *message = fixture_send (self, text);

  if (bobbin_session_get_state (self->session) == BOBBIN_SESSION_CONNECTING)
    {
      fake_ready (fixture_channel (self), "t1");
      fixture_settle (self);
    }
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, n_sent + 1);
  assert_state (self, SENDING);

  return message;
}

/* Looking */

guint
fixture_n_messages (Fixture *self)
{
  return g_list_model_get_n_items (bobbin_session_get_messages (self->session));
}

BobbinMessage *
fixture_message (Fixture *self,
                 guint    position)
{
  g_autoptr(BobbinMessage) message = g_list_model_get_item (bobbin_session_get_messages (self->session), position);

  g_assert_nonnull (message);

  return message; /* the list holds it */
}

BobbinMessage *
fixture_last (Fixture *self)
{
  return fixture_message (self, fixture_n_messages (self) - 1);
}

static void
add_to_outline (GString       *outline,
                BobbinMessage *message)
{
  if (outline->len > 0)
    g_string_append_c (outline, ' ');
  if (bobbin_message_get_role (message) == BOBBIN_ROLE_NOTICE)
    g_string_append_printf (outline, "notice:%s", bobbin_block_get_name (bobbin_message_get_block (message, 0)));
  else
    g_string_append_printf (outline, "%s:%s", bobbin_role_get_nick (bobbin_message_get_role (message)),
                            bobbin_delivery_get_nick (bobbin_message_get_delivery (message)));
}

char *
fixture_outline (Fixture *self)
{
  g_autoptr(GString) outline = g_string_new (NULL);
  gint64 last_id = 0;

  for (guint i = 0; i < fixture_n_messages (self); i++)
    {
      g_assert_cmpint (bobbin_message_get_id (fixture_message (self, i)), >, last_id);
      last_id = bobbin_message_get_id (fixture_message (self, i));
      add_to_outline (outline, fixture_message (self, i));
    }

  return g_string_free (g_steal_pointer (&outline), FALSE);
}

static GPtrArray *
read_messages (Fixture *self)
{
  Wait wait = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *messages;

  bobbin_store_list_messages_async (self->store, bobbin_thread_get_id (self->thread), 0, 1000, NULL, done_cb, &wait);
  result = wait_for (&wait);
  messages = bobbin_store_list_messages_finish (self->store, result, &error);
  g_assert_no_error (error);

  return messages;
}

char *
fixture_stored_outline (Fixture *self)
{
  g_autoptr(GPtrArray) messages = read_messages (self);
  g_autoptr(GString) outline = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    add_to_outline (outline, messages->pdata[i]);

  return g_string_free (g_steal_pointer (&outline), FALSE);
}

char *
fixture_stored_text (Fixture *self,
                     gint64   message_id)
{
  g_autoptr(GPtrArray) messages = read_messages (self);

  for (guint i = 0; i < messages->len; i++)
    if (bobbin_message_get_id (messages->pdata[i]) == message_id)
      return bobbin_message_dup_text (messages->pdata[i]);

  return NULL;
}

void
fixture_sql (Fixture    *self,
             const char *sql)
{
  g_autofree char *path = g_build_filename (self->dir, "bobbin.db", NULL);
  g_autofree char *message = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s", message);
  sqlite3_close (db);
}
