/* The whole way: session, Nebelus backend, sockets, the demo agent, and the store; over WebSocket and over SSE. What the server
 * received is asked of the server. */
#include "config.h"
#include "backend/bobbin-channel.h"
#include "demo/bobbin-demo-server.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "secret/bobbin-secrets.h"
#include "session/bobbin-library.h"
#include "session/bobbin-session.h"
#include "store/bobbin-store.h"
#include "server-fixture.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include <string.h>

typedef struct
{
  BobbinDemoServer *server;
  BobbinStore      *store;
  BobbinLibrary    *library;
  BobbinNetwork    *network;
  BobbinAccount    *account;
  BobbinThread     *thread;
  BobbinSession    *session;
  guint             n_ended;
} Demo;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
ended_cb (BobbinLibrary *library,
          BobbinSession *session,
          BobbinMessage *answer,
          Demo          *self)
{
  self->n_ended++;
}

static void
set_up_library (Demo *self)
{
  g_autoptr(BobbinSecrets) secrets = bobbin_memory_secrets_new ();
  g_autoptr(BobbinClock) clock = bobbin_system_clock_new ();
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) saved = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(GError) error = NULL;

  self->store = bobbin_sqlite_store_new (NULL);
  bobbin_store_open_async (self->store, NULL, done_cb, &opened);
  test_wait_until (opened != NULL);
  report = bobbin_store_open_finish (self->store, opened, &error);
  g_assert_no_error (error);

  self->network = bobbin_network_new_manual ();
  self->library = bobbin_library_new (self->store, secrets, clock, self->network);
  g_signal_connect (self->library, "turn-ended", G_CALLBACK (ended_cb), self);
  bobbin_library_load_async (self->library, NULL, done_cb, &loaded);
  test_wait_until (loaded != NULL);
  g_assert_true (bobbin_library_load_finish (self->library, loaded, &error));
  bobbin_library_save_account_async (self->library, self->account, NULL, NULL, done_cb, &saved);
  test_wait_until (saved != NULL);
  g_assert_true (bobbin_library_save_account_finish (self->library, saved, &error));
}

static void
set_up (Demo          *self,
        gconstpointer  transport)
{
  g_autoptr(GError) error = NULL;
  BobbinTransport wanted;

  self->server = bobbin_demo_server_new ();
  g_assert_true (bobbin_demo_server_start (self->server, 0, NULL, &error));
  bobbin_demo_server_set_speed (self->server, BOBBIN_DEMO_SPEED_FLAT_OUT);

  g_assert_true (bobbin_transport_from_nick (transport, &wanted));
  self->account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "Demo", bobbin_demo_server_get_base_url (self->server));
  bobbin_account_set_agent_id (self->account, bobbin_demo_server_get_agent_id (self->server));
  bobbin_account_set_transport (self->account, wanted);
  set_up_library (self);
  bobbin_library_use_credential (self->library, self->account, bobbin_demo_server_get_key (self->server));
  self->thread = bobbin_library_new_thread (self->library, self->account, NULL, NULL);
  self->session = bobbin_library_get_session (self->library, self->thread);
}

static void
tear_down (Demo          *self,
           gconstpointer  transport)
{
  bobbin_library_close (self->library);
  g_clear_object (&self->session);
  g_clear_object (&self->thread);
  test_settle ();
  g_assert_finalize_object (self->library);
  g_assert_finalize_object (self->store);
  g_assert_finalize_object (self->network);
  g_object_unref (self->account);
  bobbin_demo_server_stop (self->server);
  g_object_unref (self->server);
}

static void
fault (Demo       *self,
       const char *json)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bobbin_demo_server_queue_fault (self->server, json, &error));
  g_assert_no_error (error);
}

static void
send (Demo       *self,
      const char *text)
{
  g_autoptr(GError) error = NULL;

  bobbin_draft_set_text (bobbin_session_get_draft (self->session), text, 0);
  g_assert_true (bobbin_session_send (self->session, &error));
  g_assert_no_error (error);
}

static void
ask (Demo       *self,
     const char *text)
{
  guint n_ended = self->n_ended;

  send (self, text);
  test_wait_until (self->n_ended > n_ended);
}

static BobbinMessage *
last (Demo *self)
{
  GListModel *messages = bobbin_session_get_messages (self->session);
  g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, g_list_model_get_n_items (messages) - 1);

  return message;
}

static BobbinMessage *
find (Demo         *self,
      BobbinRole    role)
{
  GListModel *messages = bobbin_session_get_messages (self->session);

  for (guint i = g_list_model_get_n_items (messages); i-- > 0;)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);

      if (bobbin_message_get_role (message) == role)
        return message;
    }

  return NULL;
}

static BobbinBlock *
find_block (BobbinMessage   *message,
            BobbinBlockKind  kind)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    if (bobbin_block_get_kind (bobbin_message_get_block (message, i)) == kind)
      return bobbin_message_get_block (message, i);

  return NULL;
}

/* How often the server took @text up. */
static guint
n_received (Demo       *self,
            const char *text)
{
  g_autoptr(GPtrArray) chats = bobbin_demo_server_dup_chats (self->server);
  guint n = 0;

  for (guint i = 0; i < chats->len; i++)
    if (strcmp (((BobbinDemoChat *) chats->pdata[i])->text, text) == 0)
      n++;

  return n;
}

static void
test_turn (Demo          *self,
           gconstpointer  transport)
{
  g_autofree char *text = NULL;

  ask (self, "count to 5");
  g_assert_cmpint (bobbin_session_get_state (self->session), ==, BOBBIN_SESSION_IDLE);
  g_assert_cmpstr (bobbin_session_get_transport (self->session), ==, transport);
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
  text = bobbin_message_dup_text (last (self));
  g_assert_nonnull (strstr (text, "5"));
  g_assert_nonnull (bobbin_thread_get_server_id (self->thread));
  g_assert_null (find (self, BOBBIN_ROLE_NOTICE));
  test_wait_until (bobbin_thread_get_title_origin (self->thread) == BOBBIN_TITLE_SERVER);
  ask (self, "what did I say");
  g_free (text);
  text = bobbin_message_dup_text (last (self));
  g_assert_nonnull (strstr (text, "count to 5"));
  g_assert_null (find (self, BOBBIN_ROLE_NOTICE));
}

static void
decide_card (Demo *self)
{
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  BobbinDecision decision = { BOBBIN_DECISION_APPROVE, NULL };

  g_array_append_val (decisions, decision);
  bobbin_session_decide (self->session, last (self), find_block (last (self), BOBBIN_BLOCK_APPROVAL), decisions);
}

static void
approve (Demo *self)
{
  test_wait_until (bobbin_session_get_state (self->session) == BOBBIN_SESSION_APPROVAL);
  decide_card (self);
}

static void
test_everything (Demo          *self,
                 gconstpointer  transport)
{
  static const BobbinBlockKind kinds[] = {
    BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_THINKING, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_BLOCK_TABLE, BOBBIN_BLOCK_CHART, BOBBIN_BLOCK_CODE,
    BOBBIN_BLOCK_JSON, BOBBIN_BLOCK_IMAGE, BOBBIN_BLOCK_FILE,
  };

  send (self, "show everything");
  approve (self);
  test_wait_until (self->n_ended == 1);
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      BobbinBlock *block = find_block (last (self), kinds[i]);

      g_assert_nonnull (block);
      test_wait_until (bobbin_block_get_state (block) == BOBBIN_BLOCK_DONE);
    }
  g_assert_nonnull (bobbin_block_get_result (find_block (last (self), BOBBIN_BLOCK_TOOL_CALL)));
  g_assert_nonnull (bobbin_block_get_attachment (find_block (last (self), BOBBIN_BLOCK_FILE)));
}

static void
test_approval (Demo          *self,
               gconstpointer  transport)
{
  send (self, "ask for approval");
  approve (self);
  test_wait_until (self->n_ended == 1);
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_cmpint (bobbin_block_get_state (find_block (find (self, BOBBIN_ROLE_ASSISTANT), BOBBIN_BLOCK_TEXT)), ==,
                   BOBBIN_BLOCK_DONE);
}

static void
test_attachment (Demo          *self,
                 gconstpointer  transport)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("a,b\n1,2\n", 8);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autoptr(GPtrArray) chats = NULL;
  BobbinDemoFile *file;

  bobbin_session_attach_bytes (self->session, bytes, "q3.csv", "text/csv");
  test_wait_until (bobbin_session_get_n_attaching (self->session) == 0);
  ask (self, "Check this table");
  chats = bobbin_demo_server_dup_chats (self->server);
  g_assert_cmpuint (chats->len, ==, 1);
  file = ((BobbinDemoChat *) chats->pdata[0])->files->pdata[0];
  g_assert_cmpstr (file->name, ==, "q3.csv");
  g_assert_cmpstr (file->sha256, ==, sha256);
}

static void
test_stop (Demo          *self,
           gconstpointer  transport)
{
  bobbin_demo_server_set_speed (self->server, 20);
  send (self, "write 2000 words");
  test_wait_until (find (self, BOBBIN_ROLE_ASSISTANT) != NULL && find_block (last (self), BOBBIN_BLOCK_TEXT) != NULL);
  bobbin_session_stop (self->session);
  test_wait_until (self->n_ended == 1);
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_STOPPED);
  bobbin_demo_server_set_speed (self->server, 0);
  ask (self, "hello");
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
}

static void
test_cut (Demo          *self,
          gconstpointer  transport)
{
  ask (self, "hello");
  fault (self, "{\"script\":[{\"event\":\"message_start\",\"data\":{}},{\"event\":\"content_block\",\"data\":"
               "{\"content_type\":\"text\",\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"The first ha\"}}},"
               "{\"wait_ms\":50},{\"drop\":true}]}");
  ask (self, "tell me");
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_INTERRUPTED);
  g_assert_cmpstr (bobbin_block_get_text (find_block (last (self), BOBBIN_BLOCK_TEXT)), ==, "The first ha");
  bobbin_session_try_now (self->session);
  test_wait_until (bobbin_session_get_connected (self->session));
  ask (self, "count to 3");
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_cmpuint (n_received (self, "tell me"), ==, 1);
  g_assert_null (find (self, BOBBIN_ROLE_NOTICE));
}

static void
expire (Demo       *self,
        const char *how)
{
  g_autofree char *json = g_strdup_printf ("{\"expire\":\"%s\"}", how);
  g_autofree char *old_id = NULL;
  g_autofree char *text = g_strdup_printf ("count to 4 after %s", how);

  old_id = g_strdup (bobbin_thread_get_server_id (self->thread));
  fault (self, json);
  ask (self, text);
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), !=, old_id);
  g_assert_nonnull (find (self, BOBBIN_ROLE_NOTICE));
  g_assert_true (bobbin_session_get_can_send_context (self->session));
}

static void
test_expiry (Demo          *self,
             gconstpointer  transport)
{
  static const char *const hows[] = { "loud", "4004", "404", "silent" };

  for (guint i = 0; i < G_N_ELEMENTS (hows); i++)
    {
      ask (self, "hello");
      /* A socket that is open knows nothing of it: the link is made anew. */
      bobbin_library_use_credential (self->library, self->account, bobbin_demo_server_get_key (self->server));
      expire (self, hows[i]);
    }
}

static void
test_refused (Demo          *self,
              gconstpointer  transport)
{
  bobbin_library_use_credential (self->library, self->account, "wrong");
  send (self, "count to 2");
  test_wait_until (bobbin_session_get_state (self->session) == BOBBIN_SESSION_FAILED);
  g_assert_cmpint (bobbin_session_get_failure (self->session)->code, ==, BOBBIN_ERROR_AUTH);
  g_assert_true (bobbin_account_get_needs_key (self->account));
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_QUEUED);
  bobbin_library_use_credential (self->library, self->account, bobbin_demo_server_get_key (self->server));
  test_wait_until (self->n_ended == 1);
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);

  /* Too many requests: waited for as long as the server says. */
  bobbin_library_use_credential (self->library, self->account, bobbin_demo_server_get_key (self->server));
  fault (self, "{\"refuse\":429,\"retry_after\":1}");
  ask (self, "count to 7");
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_cmpuint (n_received (self, "count to 7"), ==, 1);
}

static void
linking_cb (BobbinLibrary *library,
            BobbinSession *session,
            Demo          *self)
{
  BobbinThread *thread = bobbin_session_get_thread (session);

  if (bobbin_thread_get_server_id (thread) != NULL)
    bobbin_demo_server_remember (self->server, bobbin_thread_get_server_id (thread), bobbin_thread_get_title (thread),
                                 bobbin_session_get_messages (session));
}

/* Another server of the same program, as after its next start. */
static void
replace_server (Demo *self)
{
  g_autoptr(GError) error = NULL;

  bobbin_demo_server_stop (self->server);
  g_object_unref (self->server);
  test_settle ();
  self->server = bobbin_demo_server_new ();
  g_assert_true (bobbin_demo_server_start (self->server, 0, NULL, &error));
  bobbin_demo_server_set_speed (self->server, BOBBIN_DEMO_SPEED_FLAT_OUT);
  bobbin_account_set_base_url (self->account, bobbin_demo_server_get_base_url (self->server));
  bobbin_library_use_credential (self->library, self->account, bobbin_demo_server_get_key (self->server));
}

/* The agent goes on where it was: with its thread, its title, what was said to it and what it asked. */
static void
test_remember (Demo          *self,
               gconstpointer  transport)
{
  g_autofree char *server_id = NULL;
  g_autofree char *title = NULL;
  g_autofree char *answer = NULL;

  g_signal_connect (self->library, "linking", G_CALLBACK (linking_cb), self);
  ask (self, "count to 2");
  server_id = g_strdup (bobbin_thread_get_server_id (self->thread));
  title = g_strdup (bobbin_thread_get_title (self->thread));
  g_assert_nonnull (title);

  replace_server (self);
  ask (self, "what did I say?");
  answer = bobbin_message_dup_text (last (self));
  g_assert_nonnull (strstr (answer, "count to 2"));
  g_assert_null (strstr (answer, "first thing"));
  g_assert_cmpstr (bobbin_thread_get_server_id (self->thread), ==, server_id);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, title);
  g_assert_null (find (self, BOBBIN_ROLE_NOTICE));

  if (g_str_equal (transport, "sse"))
    return; /* nothing tells that the server went while it waits for a decision */

  send (self, "ask for approval");
  test_wait_until (bobbin_session_get_state (self->session) == BOBBIN_SESSION_APPROVAL);
  replace_server (self);
  test_wait_until (self->n_ended == 3);
  g_assert_cmpint (bobbin_block_get_state (find_block (last (self), BOBBIN_BLOCK_APPROVAL)), ==, BOBBIN_BLOCK_EXPIRED);
  decide_card (self);
  test_wait_until (self->n_ended == 4);
  g_assert_cmpint (bobbin_message_get_delivery (last (self)), ==, BOBBIN_DELIVERY_COMPLETE);
}

#define ADD(name, test) G_STMT_START { \
  g_test_add ("/session/demo/ws/" name, Demo, "ws", set_up, test, tear_down); \
  g_test_add ("/session/demo/sse/" name, Demo, "sse", set_up, test, tear_down); } G_STMT_END

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("turn", test_turn);
  ADD ("everything", test_everything);
  ADD ("approval", test_approval);
  ADD ("attachment", test_attachment);
  ADD ("stop", test_stop);
  ADD ("cut", test_cut);
  ADD ("expiry", test_expiry);
  ADD ("refused", test_refused);
  ADD ("remember", test_remember);

  return g_test_run ();
}
