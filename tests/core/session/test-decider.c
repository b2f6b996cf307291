/* Approvals decided from outside: by the ids a notification carries. */
#include "config.h"
#include "session-fixture.h"

#include "session/bobbin-decider.h"
#include "session/bobbin-library.h"

typedef struct
{
  gboolean  done;
  gboolean  ok;
  GError   *error;
} Outcome;

static void
decided_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;

  g_assert_false (outcome->done);
  outcome->done = TRUE;
  outcome->ok = bobbin_decide_finish (BOBBIN_LIBRARY (source), result, &outcome->error);
}

static BobbinBlock *
card (Fixture *self)
{
  BobbinMessage *message = fixture_last (self);

  for (guint i = bobbin_message_get_n_blocks (message); i-- > 0;)
    if (bobbin_block_get_kind (bobbin_message_get_block (message, i)) == BOBBIN_BLOCK_APPROVAL)
      return bobbin_message_get_block (message, i);

  g_assert_not_reached ();
}

static BobbinApprovalPlace
place_of_card (Fixture *self)
{
  return (BobbinApprovalPlace) { bobbin_thread_get_id (self->thread), bobbin_message_get_id (fixture_last (self)),
                                 bobbin_block_get_id (card (self)) };
}

static void
ask (Fixture *self)
{
  fixture_ask (self, "remind Acme");
  fake_turn_started (fixture_channel (self), "am_1");
  fake_approval (fixture_channel (self), "Send the reminder?");
  fixture_settle (self);
}

/* While the thread is open: the same turn goes on. */
static void
test_open (Fixture       *self,
           gconstpointer  data)
{
  BobbinApprovalPlace place;
  Outcome outcome = { FALSE };

  ask (self);
  place = place_of_card (self);
  bobbin_decide_async (self->library, &place, TRUE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  g_assert_cmpstr (fixture_channel (self)->last_decision, ==, "approve");
  g_assert_false (outcome.done); /* nothing came back yet */
  fake_text (fixture_channel (self), "text:3", "Sent.");
  fixture_settle (self);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.ok);

  /* Decided is decided, and no error. */
  outcome = (Outcome) { FALSE };
  bobbin_decide_async (self->library, &place, FALSE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  g_assert_true (outcome.ok);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 1);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
}

/* The program was ended and started again for this: nobody holds the thread, and more was said since than one page. */
static void
test_after_restart (Fixture       *self,
                    gconstpointer  on_disk)
{
  BobbinApprovalPlace place;
  Outcome outcome = { FALSE };

  ask (self);
  place = place_of_card (self);
  fixture_restart (self, TRUE);
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  bobbin_decide_async (self->library, &place, FALSE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  g_assert_false (outcome.done);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpstr (fixture_channel (self)->last_decision, ==, "reject");
  fake_text (fixture_channel (self), "text:0", "Then not.");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.ok);
  fixture_open_session (self);
  assert_stored (self, "user:complete assistant:complete");
}

static void
test_older_page (Fixture       *self,
                 gconstpointer  on_disk)
{
  BobbinApprovalPlace place;
  Outcome outcome = { FALSE };

  ask (self);
  place = place_of_card (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_advance (self, 2000);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  for (guint i = 0; i < BOBBIN_SESSION_PAGE + 10; i++)
    {
      fixture_send (self, "more");
      fixture_settle (self);
      fake_turn_started (fixture_channel (self), NULL);
      fake_text (fixture_channel (self), "text:0", "Yes.");
      fake_stopped (fixture_channel (self), NULL);
      fixture_settle (self);
    }
  fixture_restart (self, FALSE);
  g_assert_cmpuint (fixture_n_messages (self), ==, BOBBIN_SESSION_PAGE);
  bobbin_decide_async (self->library, &place, TRUE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpstr (fixture_channel (self)->last_decision, ==, "approve");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_true (outcome.ok);
}

static void
test_refused (Fixture       *self,
              gconstpointer  data)
{
  BobbinApprovalPlace place;
  Outcome outcome = { FALSE };

  ask (self);
  place = place_of_card (self);
  bobbin_decide_async (self->library, &place, TRUE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  g_assert_error (outcome.error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
  g_clear_error (&outcome.error);
  g_assert_null (bobbin_block_get_result (card (self)));
}

/* Nothing can be waited for on a link that is refused. */
static void
test_no_link (Fixture       *self,
              gconstpointer  data)
{
  BobbinApprovalPlace place;
  Outcome outcome = { FALSE };

  ask (self);
  place = place_of_card (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  bobbin_decide_async (self->library, &place, TRUE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT);
  fixture_settle (self);
  g_assert_error (outcome.error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH);
  g_clear_error (&outcome.error);
}

static void
test_gone (Fixture       *self,
           gconstpointer  data)
{
  BobbinApprovalPlace place;
  Outcome outcome = { FALSE };

  ask (self);
  place = place_of_card (self);
  place.block_id++;
  bobbin_decide_async (self->library, &place, TRUE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  g_assert_error (outcome.error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_clear_error (&outcome.error);

  outcome = (Outcome) { FALSE };
  place = (BobbinApprovalPlace) { 1, 2, 3 };
  bobbin_decide_async (self->library, &place, TRUE, NULL, decided_cb, &outcome);
  fixture_settle (self);
  g_assert_error (outcome.error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_clear_error (&outcome.error);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 0);
}

/* The end of the program does not leave it hanging. */
static void
test_cancelled (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  BobbinApprovalPlace place;
  Outcome outcome = { FALSE };

  ask (self);
  place = place_of_card (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  bobbin_decide_async (self->library, &place, TRUE, cancellable, decided_cb, &outcome);
  fixture_settle (self);
  g_assert_false (outcome.done);
  g_cancellable_cancel (cancellable);
  fixture_settle (self);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
}

static void
test_place (void)
{
  BobbinApprovalPlace place = { G_MAXINT64, 2, 3 };
  BobbinApprovalPlace read = { 0, 0, 0 };
  g_autofree char *text = bobbin_approval_place_to_string (&place);
  static const char *const bad[] = { "", "/", "1/2/3", "//", "0000000000001/0000000000002", "../../x" };

  g_assert_true (bobbin_approval_place_parse (text, &read));
  g_assert_cmpint (read.thread_id, ==, place.thread_id);
  g_assert_cmpint (read.message_id, ==, place.message_id);
  g_assert_cmpint (read.block_id, ==, place.block_id);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (bobbin_approval_place_parse (bad[i], &read));
}

/* What the application watches: whether an answer arrives, and what could not be sent. */

static void
answering_cb (BobbinLibrary *library,
              GParamSpec    *pspec,
              GString       *told)
{
  g_string_append (told, bobbin_library_get_answering (library) ? "on " : "off ");
}

static void
test_answering (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(GString) told = g_string_new (NULL);

  g_signal_connect (self->library, "notify::answering", G_CALLBACK (answering_cb), told);
  ask (self); /* while it waits for a person nothing arrives */
  g_assert_cmpstr (told->str, ==, "on off ");
  {
    BobbinApprovalPlace place = place_of_card (self);
    Outcome outcome = { FALSE };

    bobbin_decide_async (self->library, &place, TRUE, NULL, decided_cb, &outcome);
    fixture_settle (self);
    g_assert_cmpstr (told->str, ==, "on off on ");
    fake_stopped (fixture_channel (self), NULL);
    fixture_settle (self);
    g_assert_true (outcome.ok);
  }
  g_assert_cmpstr (told->str, ==, "on off on off ");
  g_signal_handlers_disconnect_by_data (self->library, told);
}

static void
send_failed_cb (BobbinLibrary       *library,
                BobbinSession       *session,
                const BobbinFailure *failure,
                guint               *n)
{
  g_assert_cmpint (failure->code, ==, BOBBIN_ERROR_AUTH);
  ++*n;
}

static void
test_send_failed (Fixture       *self,
                  gconstpointer  data)
{
  guint n = 0;

  g_signal_connect (self->library, "send-failed", G_CALLBACK (send_failed_cb), &n);
  fixture_send (self, "hello");
  fixture_settle (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT);
  fixture_settle (self);
  g_assert_cmpuint (n, ==, 1);
  g_signal_handlers_disconnect_by_data (self->library, &n);
}

#define ADD(path, function, data) g_test_add (path, Fixture, data, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/decider/open", test_open, NULL);
  ADD ("/decider/after-restart", test_after_restart, "disk");
  ADD ("/decider/older-page", test_older_page, "disk");
  ADD ("/decider/refused", test_refused, NULL);
  ADD ("/decider/no-link", test_no_link, NULL);
  ADD ("/decider/gone", test_gone, NULL);
  ADD ("/decider/cancelled", test_cancelled, NULL);
  g_test_add_func ("/decider/place", test_place);
  ADD ("/library/answering", test_answering, NULL);
  ADD ("/library/send-failed", test_send_failed, NULL);

  return g_test_run ();
}
