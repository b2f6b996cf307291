/* Approvals: asked, decided, refused, lost. */
#include "config.h"
#include "session-fixture.h"

#include "model/bobbin-rule.h"
#include "session/bobbin-library.h"
#include "util/bobbin-id.h"

static BobbinBlock *
card (Fixture *self)
{
  for (guint i = fixture_n_messages (self); i-- > 0;)
    for (guint j = bobbin_message_get_n_blocks (fixture_message (self, i)); j-- > 0;)
      if (bobbin_block_get_kind (bobbin_message_get_block (fixture_message (self, i), j)) == BOBBIN_BLOCK_APPROVAL)
        return bobbin_message_get_block (fixture_message (self, i), j);

  g_assert_not_reached ();
}

static void
decide (Fixture            *self,
        BobbinMessage      *message,
        BobbinDecisionType  type,
        const char         *arguments)
{
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  BobbinDecision decision = { type, g_strdup (arguments) };

  g_array_set_clear_func (decisions, (GDestroyNotify) bobbin_decision_clear);
  g_array_append_val (decisions, decision);
  bobbin_session_decide (self->session, message, card (self), decisions);
}

static void
ask (Fixture *self)
{
  fixture_ask (self, "remind Acme");
  fake_turn_started (fixture_channel (self), "am_1");
  fake_text (fixture_channel (self), "text:0", "Well.");
  fake_approval (fixture_channel (self), "Send the reminder?");
  fixture_settle (self);
}

static void
test_approve (Fixture       *self,
              gconstpointer  data)
{
  FakeChannel *channel;

  ask (self);
  channel = fixture_channel (self);
  assert_state (self, APPROVAL);
  g_assert_cmpuint (self->n_approvals, ==, 1);
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_OPEN);
  g_assert_cmpstr (bobbin_block_get_text (card (self)), ==, "Send the reminder?");
  g_assert_cmpstr (bobbin_block_get_name (card (self)), ==, "send_mail");

  /* Told twice; a stop meanwhile changes nothing; what is typed waits. */
  fake_approval (channel, "Send the reminder?");
  fake_stopped (channel, NULL);
  fixture_send (self, "and hurry");
  assert_state (self, APPROVAL);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);

  decide (self, fixture_message (self, 1), BOBBIN_DECISION_APPROVE, NULL);
  assert_state (self, SENDING);
  g_assert_cmpuint (channel->n_decisions, ==, 0); /* not before it is on disk */
  fixture_settle (self);
  g_assert_cmpuint (channel->n_decisions, ==, 1);
  g_assert_cmpstr (channel->last_decision, ==, "approve");
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_DONE);
  g_assert_cmpstr (bobbin_block_get_result (card (self)), ==, "[{\"type\":\"approve\"}]");

  /* Decided is decided. */
  decide (self, fixture_message (self, 1), BOBBIN_DECISION_REJECT, NULL);
  fixture_settle (self);
  g_assert_cmpuint (channel->n_decisions, ==, 1);

  /* The same turn goes on. */
  fake_text (channel, "text:3", "Reminder sent.");
  assert_state (self, STREAMING);
  fake_stopped (channel, "end_turn");
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete user:sending");
  assert_text (fixture_message (self, 1), "Well.\n\nReminder sent.");
  g_assert_cmpuint (self->n_approvals, ==, 1);
}

static void
test_new_turn_after (Fixture       *self,
                     gconstpointer  data)
{
  ask (self);
  decide (self, fixture_last (self), BOBBIN_DECISION_EDIT, "{\"to\":\"x\"}");
  fixture_settle (self);
  g_assert_cmpstr (fixture_channel (self)->last_decision, ==, "edit{\"to\":\"x\"}");
  fake_turn_started (fixture_channel (self), "am_2");
  fake_text (fixture_channel (self), "text:0", "Sent.");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete assistant:complete");
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_DONE);
}

static void
test_refused (Fixture       *self,
              gconstpointer  data)
{
  ask (self);
  decide (self, fixture_last (self), BOBBIN_DECISION_REJECT, NULL);
  fixture_settle (self);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_state (self, APPROVAL);
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_OPEN);
  g_assert_null (bobbin_block_get_result (card (self)));
  g_assert_cmpint (bobbin_session_get_failure (self->session)->code, ==, BOBBIN_ERROR_INVALID);
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 2);
  fake_text (fixture_channel (self), "text:1", "Fine.");
  g_assert_null (bobbin_session_get_failure (self->session));
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
}

static void
test_lost (Fixture       *self,
           gconstpointer  data)
{
  ask (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  assert_state (self, BACKOFF);
  assert_stored (self, "user:interrupted assistant:interrupted");
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_EXPIRED);

  /* It may still work: on the next link, in the message that holds the card. */
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  g_assert_cmpstr (fixture_channel (self)->thread_id, ==, "t1");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  assert_state (self, SENDING);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 1);
  assert_stored (self, "user:answering assistant:answering");
  g_assert_null (bobbin_message_get_failure (fixture_message (self, 0)));
  fake_text (fixture_channel (self), "text:0", "Sent after all.");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete");
  assert_stored (self, "user:complete assistant:complete");
  assert_text (fixture_last (self), "Well.\n\nSent after all.");
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
}

/* The link is lost once more: the prompt, which was sent, is neither sent again nor left as if it were being answered. */
static void
test_lost_again (Fixture       *self,
                 gconstpointer  when)
{
  ask (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  if (g_strcmp0 (when, "before the decision is written") != 0)
    fixture_settle (self);
  if (g_strcmp0 (when, "in the answer") == 0)
    fake_text (fixture_channel (self), "text:0", "Sent aft");
  if (g_strcmp0 (when, "by the person") == 0)
    {
      bobbin_session_stop (self->session);
      fake_stopped (fixture_channel (self), "cancelled");
      fixture_settle (self);
      assert_stored (self, "user:stopped assistant:stopped");
      return;
    }
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN);
  fixture_advance (self, 2000);
  assert_outline (self, "user:interrupted assistant:interrupted");
  assert_stored (self, "user:interrupted assistant:interrupted");
  g_assert_cmpint (bobbin_message_get_failure (fixture_message (self, 0))->code, ==, BOBBIN_ERROR_NETWORK);
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 0);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  assert_state (self, IDLE);
}

/* The agent takes the decision no more: the card says so and the turn ends, so that what waits behind it goes. */
static void
test_lost_refused (Fixture       *self,
                   gconstpointer  passing)
{
  ask (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  fixture_send (self, "and hurry");
  assert_state (self, SENDING);
  fake_failed (fixture_channel (self), passing != NULL ? BOBBIN_ERROR_RATE_LIMITED : BOBBIN_ERROR_SERVER,
               BOBBIN_CERTAINTY_REFUSED, -1);
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_EXPIRED);
  g_assert_cmpstr (bobbin_block_get_result (card (self)), ==, passing != NULL ? NULL : "[{\"type\":\"refused\"}]");
  fixture_settle (self);
  assert_stored (self, "user:failed assistant:failed user:sending");
  g_assert_nonnull (bobbin_message_get_failure (fixture_message (self, 1)));
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  fake_text (fixture_channel (self), "text:0", "Well.");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);

  /* What is over is over; what only had to wait may be decided again. */
  decide (self, fixture_message (self, 1), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, passing != NULL ? 2 : 1);
  if (passing != NULL)
    fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
}

/* @n messages of long ago after what there is; the thread is opened again. */
static void
add_later (Fixture *self,
           guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      BobbinRole role = i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT;
      g_autoptr(BobbinMessage) message = bobbin_message_new (0, role, START_US + 1000 + i);
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

      bobbin_block_set_text (block, "later words");
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
      bobbin_message_add_block (message, block);
      bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
      bobbin_store_save_message_async (self->store, bobbin_thread_get_id (self->thread), message, NULL, NULL, NULL);
    }
  fixture_settle (self);
  fixture_restart (self, FALSE);
}

static void
decide_old (Fixture       *self,
            BobbinMessage *answer)
{
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  BobbinDecision decision = { BOBBIN_DECISION_APPROVE, NULL };

  g_array_append_val (decisions, decision);
  bobbin_session_decide (self->session, answer, bobbin_message_get_block (answer, 1), decisions);
  fixture_settle (self);
}

/* A card that is answered long after, when it, or its prompt, lies farther back than what the session keeps: both are told how
 * it ends, and those that are shown are the ones that are told. */
static void
test_old (Fixture       *self,
          gconstpointer  what)
{
  gboolean only_prompt = g_strcmp0 (what, "only the prompt") == 0;
  guint n_later = only_prompt ? BOBBIN_SESSION_PAGE - 1 : 8 * BOBBIN_SESSION_PAGE;
  BobbinPager *pager;
  BobbinMessage *answer;
  FakeChannel *channel;

  ask (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  add_later (self, n_later);
  pager = bobbin_session_get_pager (self->session);
  fixture_settle (self);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pager)), ==, n_later + 2);
  if (!only_prompt)
    bobbin_pager_want (pager, 0, 2);
  fixture_settle (self);
  answer = bobbin_pager_peek (pager, 1);
  g_assert_nonnull (answer);

  decide_old (self, answer);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  channel = fixture_channel (self);
  g_assert_cmpuint (channel->n_decisions, ==, 1);
  fake_text (channel, "text:9", "Sent after all.");

  /* the reader goes away, the pages go, and he comes back */
  for (guint i = 0; i + 5 < n_later; i += 5)
    {
      bobbin_pager_want (pager, i + 5, i + 10);
      fixture_settle (self);
    }
  bobbin_pager_want (pager, 0, 2);
  fixture_settle (self);
  g_assert_true (bobbin_pager_peek (pager, 1) == answer);
  g_assert_cmpint (bobbin_message_get_delivery (bobbin_pager_peek (pager, 0)), ==, BOBBIN_DELIVERY_ANSWERING);
  fake_stopped (channel, NULL);
  fixture_settle (self);
  assert_text (bobbin_pager_peek (pager, 1), "Well.\n\nSent after all.");
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (bobbin_message_get_delivery (bobbin_pager_peek (pager, i)), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_cmpstr (bobbin_thread_get_snippet (self->thread), ==, "later words");

  fixture_restart (self, TRUE);
  pager = bobbin_session_get_pager (self->session);
  fixture_settle (self);
  bobbin_pager_want (pager, 0, 2);
  fixture_settle (self);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (bobbin_message_get_delivery (bobbin_pager_peek (pager, i)), ==, BOBBIN_DELIVERY_COMPLETE);
}

/* Decided while something else is being answered: it waits for that, and is not forgotten. */
static void
test_meanwhile (Fixture       *self,
                gconstpointer  data)
{
  BobbinMessage *answer;

  ask (self);
  answer = fixture_last (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_advance (self, 2000);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  fixture_ask (self, "something else");
  fake_turn_started (fixture_channel (self), "am_2");
  fake_text (fixture_channel (self), "text:0", "Else.");
  assert_state (self, STREAMING);
  decide (self, answer, BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 0);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 1);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete user:complete assistant:complete");
}

static void
test_lost_decision (Fixture       *self,
                    gconstpointer  data)
{
  ask (self);
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN);
  fixture_advance (self, 2000);
  /* Whether it arrived nobody knows: it is not given again by itself. */
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_EXPIRED);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 0);
  assert_state (self, IDLE);
}

static void
test_gone (Fixture       *self,
           gconstpointer  data)
{
  ask (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_UNSENT);
  fixture_settle (self);
  /* A new thread knows nothing of the question. */
  assert_state (self, IDLE);
  g_assert_cmpstr (bobbin_block_get_result (card (self)), ==, "[{\"type\":\"refused\"}]");
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_EXPIRED);
  g_assert_null (fake_backend_channel (self->backend));
}

/* The server takes the old address and greets with another thread: that one knows nothing of the question either. */
static void
test_gone_silently (Fixture       *self,
                    gconstpointer  data)
{
  ask (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED);
  fixture_settle (self);
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t9");
  fixture_settle (self);
  assert_state (self, IDLE);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 0);
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_EXPIRED);
  assert_outline (self, "user:interrupted assistant:interrupted notice:new-thread");
}

static void
test_restart (Fixture       *self,
              gconstpointer  on_disk)
{
  ask (self);
  fixture_restart (self, TRUE);
  assert_outline (self, "user:interrupted assistant:interrupted");
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_EXPIRED);
  decide (self, fixture_last (self), BOBBIN_DECISION_REJECT, NULL);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpstr (fixture_channel (self)->last_decision, ==, "reject");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete");
}

static void
test_stop (Fixture       *self,
           gconstpointer  data)
{
  ask (self);
  bobbin_session_stop (self->session);
  fake_approval (fixture_channel (self), "Another one?");
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_EXPIRED);
  fixture_advance (self, 10100);
  assert_state (self, IDLE);
  assert_stored (self, "user:stopped assistant:stopped");
  g_assert_cmpuint (self->n_approvals, ==, 1);

  /* The person ended it: there is nothing to answer. */
  for (guint i = 1; i < 3; i++)
    {
      BobbinBlock *block = bobbin_message_get_block (fixture_message (self, 1), i);

      g_assert_cmpint (bobbin_block_get_state (block), ==, BOBBIN_BLOCK_EXPIRED);
      g_assert_cmpstr (bobbin_block_get_result (block), ==, "[{\"type\":\"stopped\"}]");
    }
  decide (self, fixture_message (self, 1), BOBBIN_DECISION_APPROVE, NULL);
  assert_state (self, IDLE);
}

static void
test_waiting_costs_nothing (Fixture       *self,
                            gconstpointer  data)
{
  ask (self);
  fixture_advance (self, 61000);
  g_assert_false (bobbin_session_get_quiet (self->session));
  g_assert_cmpint (bobbin_manual_clock_next_ms (self->clock), >, 3600 * 1000);
}

static void
test_full_disk (Fixture       *self,
                gconstpointer  on_disk)
{
  ask (self);
  fixture_sql (self, "CREATE TRIGGER full BEFORE UPDATE ON blocks BEGIN SELECT RAISE (ABORT, 'disk full'); END");
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  /* What is not on disk does not go out. */
  assert_state (self, APPROVAL);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 0);
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_OPEN);
  fixture_sql (self, "DROP TRIGGER full");
  decide (self, fixture_last (self), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  g_assert_cmpuint (fixture_channel (self)->n_decisions, ==, 1);
}

static void
block_added_cb (GListModel *blocks,
                guint       position,
                guint       n_removed,
                guint       n_added,
                char      **ret_form)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(BobbinBlock) block = g_list_model_get_item (blocks, i);

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL)
        *ret_form = g_strdup (bobbin_block_get_answer_form (block));
    }
}

/* Which card it is can be told from the moment it is there: the window makes it then. */
static void
test_form (Fixture       *self,
           gconstpointer  data)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_APPROVAL);
  g_autofree char *form = NULL;

  fixture_ask (self, "remind Acme");
  fake_turn_started (fixture_channel (self), "am_1");
  fake_text (fixture_channel (self), "text:0", "Well.");
  g_signal_connect (bobbin_message_get_blocks (fixture_last (self)), "items-changed", G_CALLBACK (block_added_cb), &form);
  event->data = g_strdup ("{\"answer\":\"outputs\",\"tools\":[{\"id\":\"c1\",\"name\":\"stock\",\"args\":{}}]}");
  bobbin_channel_emit (BOBBIN_CHANNEL (fixture_channel (self)), event);
  g_assert_cmpstr (form, ==, BOBBIN_APPROVAL_OUTPUTS);
  fixture_settle (self);
}

#define ADD(name, test) g_test_add ("/session/approval/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_WHEN(name, test, when) g_test_add ("/session/approval/" name, Fixture, when, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/session/approval/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

static GListModel *
rules (Fixture *self)
{
  return bobbin_library_get_rules (self->library);
}

/* A rule answers the next card that is covered, is counted, named in the card, outlives a restart and can be taken back. */
static void
test_rule (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr(BobbinRule) rule = NULL;
  g_autofree char *id = NULL;
  g_autofree char *result = NULL;

  ask (self);
  bobbin_session_remember_approval (self->session, "send_mail", "{}");
  bobbin_session_remember_approval (self->session, "send_mail", "{ }"); /* the same */
  g_assert_cmpuint (g_list_model_get_n_items (rules (self)), ==, 1);
  decide (self, fixture_message (self, 1), BOBBIN_DECISION_APPROVE, NULL);
  fixture_settle (self);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_cmpuint (self->n_approvals, ==, 1);

  fixture_restart (self, FALSE);
  fixture_settle (self);
  g_assert_cmpuint (g_list_model_get_n_items (rules (self)), ==, 1);
  rule = g_list_model_get_item (rules (self), 0);
  g_assert_cmpuint (bobbin_rule_get_n_uses (rule), ==, 0);
  self->n_approvals = 0;
  ask (self);
  g_assert_cmpuint (self->n_approvals, ==, 0); /* nobody was asked */
  g_assert_cmpstr (fixture_channel (self)->last_decision, ==, "approve");
  g_assert_cmpint (bobbin_block_get_state (card (self)), ==, BOBBIN_BLOCK_DONE);
  id = bobbin_id_to_string (bobbin_rule_get_id (rule));
  result = g_strdup_printf ("[{\"type\":\"approve\",\"rule\":\"%s\"}]", id);
  g_assert_cmpstr (bobbin_block_get_result (card (self)), ==, result);
  g_assert_cmpuint (bobbin_rule_get_n_uses (rule), ==, 1);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);

  bobbin_session_revoke_rule (self->session, bobbin_rule_get_id (rule));
  g_assert_cmpuint (g_list_model_get_n_items (rules (self)), ==, 0);
  ask (self);
  g_assert_cmpuint (self->n_approvals, ==, 1);
  assert_state (self, APPROVAL);
}

/* Other arguments, and a tool whose name says that it does harm with any: both ask. */
static void
test_rule_not_covering (Fixture       *self,
                        gconstpointer  data)
{
  ask (self);
  bobbin_session_remember_approval (self->session, "send_mail", "{\"to\":\"somebody\"}");
  bobbin_session_remember_approval (self->session, "send_mail", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (rules (self)), ==, 1);
  decide (self, fixture_message (self, 1), BOBBIN_DECISION_REJECT, NULL);
  fixture_settle (self);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  ask (self);
  g_assert_cmpuint (self->n_approvals, ==, 2);
  assert_state (self, APPROVAL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("approve", test_approve);
  ADD ("form", test_form);
  ADD_ON_DISK ("rule", test_rule);
  ADD ("rule-not-covering", test_rule_not_covering);
  ADD ("new-turn-after", test_new_turn_after);
  ADD ("refused", test_refused);
  ADD ("lost", test_lost);
  ADD_WHEN ("lost-again/unwritten", test_lost_again, "before the decision is written");
  ADD_WHEN ("lost-again/written", test_lost_again, "after the decision is written");
  ADD_WHEN ("lost-again/answering", test_lost_again, "in the answer");
  ADD_WHEN ("lost-again/stopped", test_lost_again, "by the person");
  ADD ("lost-refused", test_lost_refused);
  ADD_WHEN ("lost-refused/passing", test_lost_refused, "passing");
  ADD ("lost-decision", test_lost_decision);
  ADD_WHEN ("old/both", test_old, "both");
  ADD_WHEN ("old/prompt", test_old, "only the prompt");
  ADD ("meanwhile", test_meanwhile);
  ADD ("gone", test_gone);
  ADD ("gone-silently", test_gone_silently);
  ADD_ON_DISK ("restart", test_restart);
  ADD ("stop", test_stop);
  ADD ("waiting-costs-nothing", test_waiting_costs_nothing);
  ADD_ON_DISK ("full-disk", test_full_disk);

  return g_test_run ();
}
