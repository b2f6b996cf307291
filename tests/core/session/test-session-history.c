/* The server's copy of a conversation, taken in by the session; and the end of an answer that was cut. */
#include "config.h"
#include "session-fixture.h"

#define HISTORY (BOBBIN_CAN_READ_HISTORY | BOBBIN_CAN_CHOOSE_MESSAGE_ID | BOBBIN_CAN_ANSWER_TEXT)

static void
set_up (Fixture      *self,
        gconstpointer on_disk)
{
  fixture_set_up (self, on_disk);
  self->backend->capabilities |= HISTORY;
}

static void
look (Fixture *self)
{
  bobbin_session_sync (self->session);
  fixture_settle (self);
}

static char *
texts (Fixture *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < fixture_n_messages (self); i++)
    {
      BobbinMessage *message = fixture_message (self, i);
      g_autofree char *text = bobbin_message_dup_text (message);
      static const char roles[] = "uastn";

      g_string_append_printf (out, "%s%c:%s", i > 0 ? " " : "", roles[bobbin_message_get_role (message)], text);
      if (i > 0)
        g_assert_cmpint (bobbin_message_get_id (message), >, bobbin_message_get_id (fixture_message (self, i - 1)));
    }

  return g_string_free (out, FALSE);
}

#define assert_texts(fixture, wanted) G_STMT_START { \
  g_autofree char *texts_ = texts (fixture); \
  g_assert_cmpstr (texts_, ==, wanted); } G_STMT_END

/* A turn of ours that the server has too. */
static void
have_turn (Fixture *self)
{
  BobbinMessage *prompt = fixture_ask (self, "Hello");

  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "b", "Hi");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  fake_row (self->backend, BOBBIN_ROLE_USER, bobbin_message_get_server_id (prompt), "Hello");
  fake_row (self->backend, BOBBIN_ROLE_ASSISTANT, "a1", "Hi");
}

/* Nothing changes what is the same; what others said there comes, in its place, and stays after a restart. */
static void
test_merge (Fixture      *self,
            gconstpointer on_disk)
{
  have_turn (self);
  look (self);
  assert_texts (self, "u:Hello a:Hi");
  g_assert_cmpstr (bobbin_message_get_server_id (fixture_message (self, 1)), ==, "a1");
  fake_row (self->backend, BOBBIN_ROLE_USER, "u2", "From a phone");
  fake_row (self->backend, BOBBIN_ROLE_ASSISTANT, "a2", "Indeed");
  /* what was just read is not read again */
  look (self);
  g_assert_cmpuint (self->backend->n_lists, ==, 1);
  fixture_advance (self, 11000);
  look (self);
  assert_texts (self, "u:Hello a:Hi u:From a phone a:Indeed");
  assert_stored (self, "user:complete assistant:complete user:complete assistant:complete");
}

/* Without a history nothing is asked; nor for a thread the server does not know. */
static void
test_not_asked (Fixture      *self,
                gconstpointer on_disk)
{
  look (self);
  g_assert_cmpuint (self->backend->n_lists, ==, 0);
  self->backend->capabilities &= ~BOBBIN_CAN_READ_HISTORY;
  have_turn (self);
  look (self);
  g_assert_cmpuint (self->backend->n_lists, ==, 0);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Looked at before it was read from the disk, as every conversation that is opened: it is asked for when that is done. */
static void
test_opened (Fixture      *self,
             gconstpointer on_disk)
{
  BobbinThread *elsewhere = bobbin_thread_new (0, bobbin_account_get_id (self->account));
  g_autoptr(GPtrArray) listed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BobbinSession) session = NULL;

  g_ptr_array_add (listed, elsewhere);
  bobbin_thread_set_server_id (elsewhere, "elsewhere");
  bobbin_store_merge_threads_async (self->store, bobbin_account_get_id (self->account), listed, NULL, done_cb, &result);
  fixture_settle (self);
  g_ptr_array_unref (bobbin_store_merge_threads_finish (self->store, result, NULL));
  g_clear_object (&result);
  bobbin_library_find_thread_async (self->library, "elsewhere", NULL, done_cb, &result);
  fixture_settle (self);
  thread = bobbin_library_find_thread_finish (self->library, result, NULL);
  g_clear_object (&result);
  g_assert_nonnull (thread);
  fake_row (self->backend, BOBBIN_ROLE_USER, "u1", "From a phone");
  session = bobbin_library_get_session (self->library, thread);
  g_assert_false (bobbin_session_get_loaded (session));
  bobbin_session_sync (session);
  g_assert_cmpuint (self->backend->n_lists, ==, 0);
  fixture_settle (self);
  g_assert_cmpuint (self->backend->n_lists, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_session_get_messages (session)), ==, 1);
}

static void
test_gone (Fixture      *self,
           gconstpointer on_disk)
{
  have_turn (self);
  look (self);
  /* just now: the server may be slow */
  g_ptr_array_set_size (self->backend->rows, 0);
  fixture_advance (self, 11000);
  look (self);
  assert_texts (self, "u:Hello a:Hi");
  fixture_advance (self, 60000);
  look (self);
  assert_texts (self, "u:Hello a:Hi n:");
  g_assert_cmpstr (bobbin_block_get_name (bobbin_message_get_block (fixture_last (self), 0)), ==, BOBBIN_NOTICE_GONE);
  g_assert_cmpstr (bobbin_block_get_data (bobbin_message_get_block (fixture_last (self), 0)), ==, "{\"count\":2}");
  /* said once */
  fixture_advance (self, 60000);
  look (self);
  assert_texts (self, "u:Hello a:Hi n:");
}

static void
test_edited (Fixture      *self,
             gconstpointer on_disk)
{
  have_turn (self);
  look (self);
  g_ptr_array_set_size (self->backend->rows, 1);
  fake_row (self->backend, BOBBIN_ROLE_ASSISTANT, "a1", "Hi there");
  fixture_advance (self, 11000);
  look (self);
  assert_texts (self, "u:Hello a:Hi there");
}

/* Older pages come when the reader is at the beginning, and not before. */
static void
test_pages (Fixture      *self,
            gconstpointer on_disk)
{
  self->backend->page_size = 10;
  bobbin_thread_set_server_id (self->thread, "t1");
  for (guint i = 0; i < 35; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);

      fake_row (self->backend, i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, id, id);
    }
  look (self);
  g_assert_cmpuint (self->backend->n_lists, ==, 1);
  g_assert_cmpuint (fixture_n_messages (self), ==, 10);
  g_assert_true (bobbin_session_get_has_older (self->session));
  for (guint pages = 2; bobbin_session_get_has_older (self->session); pages++)
    {
      bobbin_session_load_older (self->session);
      fixture_settle (self);
      g_assert_cmpuint (self->backend->n_lists, ==, pages);
    }
  g_assert_cmpuint (self->backend->n_lists, ==, 4);
  g_assert_cmpuint (fixture_n_messages (self), ==, 35);
  assert_text (fixture_message (self, 0), "m0");
  assert_text (fixture_message (self, 34), "m34");
  /* they are ours now */
  fixture_restart (self, FALSE);
  g_assert_cmpuint (fixture_n_messages (self), ==, 35);
  assert_text (fixture_message (self, 34), "m34");
}

/* Much was said elsewhere: read back to where ours ends. */
static void
test_gap (Fixture      *self,
          gconstpointer on_disk)
{
  have_turn (self);
  self->backend->page_size = 10;
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);

      fake_row (self->backend, i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, id, id);
    }
  look (self);
  /* a chain of its own for each page */
  fixture_settle (self);
  fixture_settle (self);
  g_assert_cmpuint (fixture_n_messages (self), ==, 32);
  assert_text (fixture_message (self, 1), "Hi");
  assert_text (fixture_message (self, 2), "m0");
  assert_text (fixture_message (self, 31), "m29");
}

/* Cut in the middle: the queue waits, the server is asked until it has the whole, which takes the place of the half. */
static void
test_cut (Fixture      *self,
          gconstpointer on_disk)
{
  BobbinMessage *prompt = fixture_ask (self, "Hello");

  self->backend->poll_ms = 2000;
  fake_turn_started (fixture_channel (self), NULL);
  fake_text (fixture_channel (self), "b", "Half");
  fake_closed (fixture_channel (self), BOBBIN_ERROR_INTERRUPTED, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  assert_outline (self, "user:interrupted assistant:interrupted");
  fixture_send (self, "And then?");
  fixture_settle (self);
  fixture_advance (self, 3000);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_true (bobbin_session_get_reconciling (self->session));
  g_assert_cmpuint (self->backend->n_lists, ==, 1);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  fixture_advance (self, 2000);
  g_assert_cmpuint (self->backend->n_lists, ==, 2);
  fake_row (self->backend, BOBBIN_ROLE_USER, bobbin_message_get_server_id (prompt), "Hello");
  fake_row (self->backend, BOBBIN_ROLE_ASSISTANT, "a1", "Half and half");
  fixture_advance (self, 2000);
  g_assert_false (bobbin_session_get_reconciling (self->session));
  assert_text (fixture_message (self, 1), "Half and half");
  g_assert_cmpint (bobbin_message_get_delivery (fixture_message (self, 0)), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_cmpint (bobbin_message_get_delivery (fixture_message (self, 1)), ==, BOBBIN_DELIVERY_COMPLETE);
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
}

/* It never comes: after the time the reference names the person may go on. */
static void
test_given_up (Fixture      *self,
               gconstpointer on_disk)
{
  fixture_ask (self, "Hello");
  self->backend->poll_ms = 2000;
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN);
  fixture_settle (self);
  fixture_send (self, "And then?");
  fixture_advance (self, 3000);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  for (guint i = 0; i < 32; i++)
    fixture_advance (self, 2000);
  g_assert_false (bobbin_session_get_reconciling (self->session));
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  g_assert_cmpint (bobbin_message_get_delivery (fixture_message (self, 0)), ==, BOBBIN_DELIVERY_INTERRUPTED);
}

/* The server is sure that it has nothing of it: to send it again is safe, and it is said. */
static void
test_not_arrived (Fixture      *self,
                  gconstpointer on_disk)
{
  fixture_ask (self, "Hello");
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN);
  fixture_settle (self);
  fixture_advance (self, 3000);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpint (bobbin_message_get_delivery (fixture_message (self, 0)), ==, BOBBIN_DELIVERY_FAILED);
  g_assert_cmpint (bobbin_message_get_failure (fixture_message (self, 0))->certainty, ==, BOBBIN_CERTAINTY_REFUSED);
}

static void
test_list_fails (Fixture      *self,
                 gconstpointer on_disk)
{
  have_turn (self);
  self->backend->list_error = BOBBIN_ERROR_SERVER;
  look (self);
  assert_texts (self, "u:Hello a:Hi");
  self->backend->list_error = 0;
  look (self);
  g_assert_cmpstr (bobbin_message_get_server_id (fixture_message (self, 1)), ==, "a1");
}

/* The id of the message is on the disk before the message leaves, and the same at the next try. */
static void
test_message_id (Fixture      *self,
                 gconstpointer on_disk)
{
  BobbinMessage *prompt = fixture_ask (self, "Hello");
  BobbinTurn *turn = fixture_channel (self)->sent->pdata[0];
  g_autofree char *first = g_strdup (turn->message_id);

  g_assert_cmpstr (bobbin_message_get_server_id (prompt), ==, first);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1);
  fixture_settle (self);
  bobbin_session_retry (self->session, prompt);
  fixture_settle (self);
  turn = fixture_channel (self)->sent->pdata[1];
  g_assert_cmpstr (turn->message_id, ==, first);
}

/* Where the reference does not allow it, a message refused for the rate is not sent again; how long it lasts is told. */
static void
test_limited (Fixture      *self,
              gconstpointer on_disk)
{
  self->backend->capabilities &= ~BOBBIN_CAN_REPEAT_LIMITED;
  fixture_ask (self, "Hello");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, 7000);
  fixture_settle (self);
  assert_outline (self, "user:failed");
  assert_state (self, FAILED);
  g_assert_cmpint (bobbin_session_get_retry_at_us (self->session), >, bobbin_clock_now_us (BOBBIN_CLOCK (self->clock)));
  fixture_advance (self, 60000);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  bobbin_session_retry (self->session, fixture_message (self, 0));
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
}

/* Pauses */

static void
pause_turn (Fixture *self)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_APPROVAL);

  fixture_ask (self, "Book it");
  fake_text (fixture_channel (self), "b", "Wait");
  event->name = g_strdup ("BOOK");
  event->data = g_strdup ("{\"answer\":\"text\"}");
  fake_emit (fixture_channel (self), event);
  fake_stopped (fixture_channel (self), "paused");
  fixture_settle (self);
}

static BobbinBlock *
find_pause (Fixture *self)
{
  for (guint i = 0; i < fixture_n_messages (self); i++)
    for (guint j = 0; j < bobbin_message_get_n_blocks (fixture_message (self, i)); j++)
      if (bobbin_block_get_kind (bobbin_message_get_block (fixture_message (self, i), j)) == BOBBIN_BLOCK_APPROVAL)
        return bobbin_message_get_block (fixture_message (self, i), j);

  return NULL;
}

static void
test_pause (Fixture      *self,
            gconstpointer on_disk)
{
  pause_turn (self);
  assert_state (self, IDLE);
  assert_outline (self, "user:complete assistant:complete");
  g_assert_cmpint (bobbin_block_get_state (find_pause (self)), ==, BOBBIN_BLOCK_OPEN);
  g_assert_cmpint (bobbin_thread_get_activity (self->thread), ==, BOBBIN_ACTIVITY_APPROVAL);
  bobbin_session_answer_pause (self->session, fixture_message (self, 1), find_pause (self), "Go on");
  fixture_settle (self);
  g_assert_cmpint (bobbin_block_get_state (find_pause (self)), ==, BOBBIN_BLOCK_DONE);
  g_assert_cmpstr (bobbin_block_get_result (find_pause (self)), ==, "[{\"type\":\"text\",\"arguments\":\"Go on\"}]");
  g_assert_cmpstr (fake_backend_sent (self->backend, 1), ==, "Go on");
}

/* Any message is the answer; so is one after a restart. */
static void
test_pause_restart (Fixture      *self,
                    gconstpointer on_disk)
{
  pause_turn (self);
  fixture_restart (self, TRUE);
  self->backend->capabilities |= HISTORY;
  g_assert_cmpint (bobbin_block_get_state (find_pause (self)), ==, BOBBIN_BLOCK_OPEN);
  fixture_send (self, "yes");
  fixture_settle (self);
  g_assert_cmpint (bobbin_block_get_state (find_pause (self)), ==, BOBBIN_BLOCK_DONE);
}

static void
test_pause_left (Fixture      *self,
                 gconstpointer on_disk)
{
  pause_turn (self);
  bobbin_session_answer_pause (self->session, fixture_message (self, 1), find_pause (self), NULL);
  fixture_settle (self);
  g_assert_cmpint (bobbin_block_get_state (find_pause (self)), ==, BOBBIN_BLOCK_DONE);
  g_assert_cmpstr (bobbin_block_get_result (find_pause (self)), ==, "[{\"type\":\"leave\"}]");
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  /* and answered all the same */
  bobbin_session_answer_pause (self->session, fixture_message (self, 1), find_pause (self), "Now");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, disk, func) g_test_add ("/session-history/" name, Fixture, disk, set_up, func, fixture_tear_down)
  ADD ("merge", NULL, test_merge);
  ADD ("not-asked", NULL, test_not_asked);
  ADD ("opened", "disk", test_opened);
  ADD ("gone", NULL, test_gone);
  ADD ("edited", NULL, test_edited);
  ADD ("pages", "disk", test_pages);
  ADD ("gap", NULL, test_gap);
  ADD ("cut", NULL, test_cut);
  ADD ("given-up", NULL, test_given_up);
  ADD ("not-arrived", NULL, test_not_arrived);
  ADD ("list-fails", NULL, test_list_fails);
  ADD ("message-id", NULL, test_message_id);
  ADD ("limited", NULL, test_limited);
  ADD ("pause", NULL, test_pause);
  ADD ("pause-restart", "disk", test_pause_restart);
  ADD ("pause-left", NULL, test_pause_left);

  return g_test_run ();
}
