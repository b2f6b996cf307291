/* The state machine: every edge of the table of bobbin-session.h is taken, no other one can be, and in each state the invariants
 * hold (the setter asserts them). */
#include "config.h"
#include "session-fixture.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Into each state */

static void
ready_idle (Fixture *self)
{
  fixture_ask (self, "first");
  fake_turn_started (fixture_channel (self), "am_0");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  assert_state (self, IDLE);
  g_assert_true (bobbin_session_get_connected (self->session));
}

static void
connecting (Fixture *self)
{
  fixture_send (self, "hello");
  assert_state (self, CONNECTING);
}

static void
sending (Fixture *self)
{
  fixture_ask (self, "hello");
}

static void
streaming (Fixture *self)
{
  sending (self);
  fake_turn_started (fixture_channel (self), "am_1");
  fake_text (fixture_channel (self), "text:0", "some");
  assert_state (self, STREAMING);
}

static void
approval (Fixture *self)
{
  sending (self);
  fake_approval (fixture_channel (self), "Send it?");
  assert_state (self, APPROVAL);
  fixture_settle (self);
}

static void
stopping (Fixture *self)
{
  streaming (self);
  bobbin_session_stop (self->session);
  assert_state (self, STOPPING);
}

static void
lose (Fixture        *self,
      BobbinErrorCode code)
{
  fake_closed (fixture_channel (self), code, BOBBIN_CERTAINTY_UNKNOWN);
  fixture_settle (self);
}

static void
lose_offline (Fixture *self)
{
  bobbin_network_set_available (self->network, FALSE);
  lose (self, BOBBIN_ERROR_NETWORK);
}

static void
backoff (Fixture *self)
{
  connecting (self);
  lose (self, BOBBIN_ERROR_NETWORK);
  assert_state (self, BACKOFF);
}

static void
offline (Fixture *self)
{
  connecting (self);
  lose_offline (self);
  assert_state (self, OFFLINE);
}

static void
fallback (Fixture *self)
{
  ready_idle (self);
  fixture_ask (self, "second");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_state (self, FALLBACK);
}

static void
failed (Fixture *self)
{
  connecting (self);
  lose (self, BOBBIN_ERROR_AUTH);
  assert_state (self, FAILED);
}

/* Out of each state */

static void
idle_connecting (Fixture *self)
{
  connecting (self);
}

static void
idle_sending (Fixture *self)
{
  ready_idle (self);
  fixture_ask (self, "second");
}

static void
idle_streaming (Fixture *self)
{
  ready_idle (self);
  fake_turn_started (fixture_channel (self), "am_9");
}

static void
idle_backoff (Fixture *self)
{
  ready_idle (self);
  lose (self, BOBBIN_ERROR_NETWORK);
}

static void
idle_offline (Fixture *self)
{
  ready_idle (self);
  lose_offline (self);
}

static void
idle_fallback (Fixture *self)
{
  ready_idle (self);
  fixture_ask (self, "second");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, -1);
  assert_state (self, IDLE);
  lose (self, BOBBIN_ERROR_NOT_FOUND);
}

static void
idle_failed (Fixture *self)
{
  ready_idle (self);
  lose (self, BOBBIN_ERROR_AUTH);
}

static void
connecting_idle (Fixture *self)
{
  connecting (self);
  bobbin_session_stop (self->session);
}

static void
connecting_sending (Fixture *self)
{
  connecting (self);
  fake_ready (fixture_channel (self), "t1");
}

static void
connecting_fallback (Fixture *self)
{
  ready_idle (self);
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
  fixture_send (self, "second");
  bobbin_session_try_now (self->session);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  lose (self, BOBBIN_ERROR_NOT_FOUND);
}

static void
sending_idle (Fixture *self)
{
  sending (self);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1);
}

static void
decide (Fixture    *self,
        guint       nth)
{
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  BobbinDecision decision = { BOBBIN_DECISION_APPROVE, NULL };
  BobbinMessage *answer = fixture_last (self);

  g_array_append_val (decisions, decision);
  for (guint i = 0; i < bobbin_message_get_n_blocks (answer); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (answer, i);

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL && nth-- == 0)
        bobbin_session_decide (self->session, answer, block, decisions);
    }
  fixture_settle (self);
}

static void
sending_approval (Fixture *self)
{
  approval (self);
  decide (self, 0);
  assert_state (self, SENDING);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED, -1);
}

static void
sending_streaming (Fixture *self)
{
  streaming (self);
}

static void
sending_stopping (Fixture *self)
{
  sending (self);
  bobbin_session_stop (self->session);
}

static void
sending_backoff (Fixture *self)
{
  sending (self);
  lose (self, BOBBIN_ERROR_NETWORK);
}

static void
sending_offline (Fixture *self)
{
  sending (self);
  lose_offline (self);
}

static void
sending_failed (Fixture *self)
{
  sending (self);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, -1);
}

static void
streaming_idle (Fixture *self)
{
  streaming (self);
  fake_stopped (fixture_channel (self), "end_turn");
}

static void
streaming_sending (Fixture *self)
{
  approval (self);
  fake_approval (fixture_channel (self), "And this?");
  fixture_settle (self);
  decide (self, 0);
  fake_text (fixture_channel (self), "text:0", "Done.");
  assert_state (self, STREAMING);
  decide (self, 1);
}

static void
streaming_approval (Fixture *self)
{
  streaming (self);
  fake_approval (fixture_channel (self), "Send it?");
}

static void
streaming_backoff (Fixture *self)
{
  streaming (self);
  lose (self, BOBBIN_ERROR_NETWORK);
}

static void
streaming_offline (Fixture *self)
{
  streaming (self);
  lose_offline (self);
}

static void
streaming_failed (Fixture *self)
{
  streaming (self);
  lose (self, BOBBIN_ERROR_AUTH);
}

static void
approval_idle (Fixture *self)
{
  approval (self);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED, -1);
}

static void
approval_sending (Fixture *self)
{
  approval (self);
  decide (self, 0);
}

static void
approval_streaming (Fixture *self)
{
  approval (self);
  fake_turn_started (fixture_channel (self), "am_2");
}

static void
approval_stopping (Fixture *self)
{
  approval (self);
  bobbin_session_stop (self->session);
}

static void
approval_backoff (Fixture *self)
{
  approval (self);
  lose (self, BOBBIN_ERROR_NETWORK);
}

static void
approval_offline (Fixture *self)
{
  approval (self);
  lose_offline (self);
}

static void
approval_failed (Fixture *self)
{
  approval (self);
  lose (self, BOBBIN_ERROR_FORBIDDEN);
}

static void
stopping_idle (Fixture *self)
{
  stopping (self);
  fake_stopped (fixture_channel (self), "cancelled");
}

static void
backoff_idle (Fixture *self)
{
  backoff (self);
  bobbin_session_stop (self->session);
}

static void
backoff_connecting (Fixture *self)
{
  backoff (self);
  fixture_advance (self, 1200);
}

static void
backoff_offline (Fixture *self)
{
  backoff (self);
  bobbin_network_set_available (self->network, FALSE);
}

static void
offline_idle (Fixture *self)
{
  offline (self);
  bobbin_session_stop (self->session);
}

static void
offline_connecting (Fixture *self)
{
  offline (self);
  bobbin_network_set_available (self->network, TRUE);
}

static void
fallback_idle (Fixture *self)
{
  fallback (self);
  bobbin_session_stop (self->session);
}

static void
fallback_sending (Fixture *self)
{
  fallback (self);
  fake_ready (fixture_channel (self), "t2");
}

static void
fallback_backoff (Fixture *self)
{
  fallback (self);
  lose (self, BOBBIN_ERROR_NETWORK);
}

static void
fallback_offline (Fixture *self)
{
  fallback (self);
  lose_offline (self);
}

static void
fallback_failed (Fixture *self)
{
  fallback (self);
  lose (self, BOBBIN_ERROR_NOT_FOUND);
}

static void
failed_idle (Fixture *self)
{
  failed (self);
  bobbin_session_stop (self->session);
}

static void
failed_connecting (Fixture *self)
{
  failed (self);
  bobbin_session_try_now (self->session);
}

#define EDGE(from, to, run) { BOBBIN_SESSION_##from, BOBBIN_SESSION_##to, run }

static const struct
{
  BobbinSessionState from;
  BobbinSessionState to;
  void             (*run) (Fixture *self);
} edges[] = {
  EDGE (IDLE, CONNECTING, idle_connecting), EDGE (IDLE, SENDING, idle_sending), EDGE (IDLE, STREAMING, idle_streaming),
  EDGE (IDLE, BACKOFF, idle_backoff), EDGE (IDLE, OFFLINE, idle_offline), EDGE (IDLE, FALLBACK, idle_fallback),
  EDGE (IDLE, FAILED, idle_failed),
  EDGE (CONNECTING, IDLE, connecting_idle), EDGE (CONNECTING, SENDING, connecting_sending),
  EDGE (CONNECTING, BACKOFF, backoff), EDGE (CONNECTING, OFFLINE, offline),
  EDGE (CONNECTING, FALLBACK, connecting_fallback), EDGE (CONNECTING, FAILED, failed),
  EDGE (SENDING, IDLE, sending_idle), EDGE (SENDING, STREAMING, sending_streaming),
  EDGE (SENDING, APPROVAL, sending_approval), EDGE (SENDING, STOPPING, sending_stopping),
  EDGE (SENDING, BACKOFF, sending_backoff), EDGE (SENDING, OFFLINE, sending_offline),
  EDGE (SENDING, FALLBACK, fallback), EDGE (SENDING, FAILED, sending_failed),
  EDGE (STREAMING, IDLE, streaming_idle), EDGE (STREAMING, SENDING, streaming_sending),
  EDGE (STREAMING, APPROVAL, streaming_approval), EDGE (STREAMING, STOPPING, stopping),
  EDGE (STREAMING, BACKOFF, streaming_backoff), EDGE (STREAMING, OFFLINE, streaming_offline),
  EDGE (STREAMING, FAILED, streaming_failed),
  EDGE (APPROVAL, IDLE, approval_idle), EDGE (APPROVAL, SENDING, approval_sending),
  EDGE (APPROVAL, STREAMING, approval_streaming), EDGE (APPROVAL, STOPPING, approval_stopping),
  EDGE (APPROVAL, BACKOFF, approval_backoff), EDGE (APPROVAL, OFFLINE, approval_offline),
  EDGE (APPROVAL, FAILED, approval_failed),
  EDGE (STOPPING, IDLE, stopping_idle),
  EDGE (BACKOFF, IDLE, backoff_idle), EDGE (BACKOFF, CONNECTING, backoff_connecting),
  EDGE (BACKOFF, OFFLINE, backoff_offline),
  EDGE (OFFLINE, IDLE, offline_idle), EDGE (OFFLINE, CONNECTING, offline_connecting),
  EDGE (FALLBACK, IDLE, fallback_idle), EDGE (FALLBACK, SENDING, fallback_sending),
  EDGE (FALLBACK, BACKOFF, fallback_backoff), EDGE (FALLBACK, OFFLINE, fallback_offline),
  EDGE (FALLBACK, FAILED, fallback_failed),
  EDGE (FAILED, IDLE, failed_idle), EDGE (FAILED, CONNECTING, failed_connecting),
};

static gboolean
was_taken (Fixture            *self,
           BobbinSessionState  from,
           BobbinSessionState  to)
{
  for (guint i = 1; i < self->states->len; i++)
    if (g_array_index (self->states, BobbinSessionState, i - 1) == from &&
        g_array_index (self->states, BobbinSessionState, i) == to)
      return TRUE;

  return FALSE;
}

static void
test_edges (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      Fixture fixture = { NULL };

      fixture_set_up (&fixture, NULL);
      edges[i].run (&fixture);
      fixture_settle (&fixture);
      if (!was_taken (&fixture, edges[i].from, edges[i].to))
        g_error ("%s → %s was not taken", state_name (edges[i].from), state_name (edges[i].to));
      for (guint j = 1; j < fixture.states->len; j++)
        g_assert_true (_bobbin_session_state_allows (g_array_index (fixture.states, BobbinSessionState, j - 1),
                                                     g_array_index (fixture.states, BobbinSessionState, j)));
      fixture_tear_down (&fixture, NULL);
    }
}

static void
test_all_covered (void)
{
  for (guint from = 0; from < BOBBIN_N_SESSION_STATES; from++)
    for (guint to = 0; to < BOBBIN_N_SESSION_STATES; to++)
      {
        gboolean covered = FALSE;

        for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
          covered |= edges[i].from == from && edges[i].to == to;
        if (covered != _bobbin_session_state_allows (from, to))
          g_error ("%s → %s: in the table and in the tests it must be the same", state_name (from), state_name (to));
      }
}

/* Returns whether the setter refused, which is an abort. */
static gboolean
aborts (BobbinSession      *session,
        BobbinSessionState  from,
        BobbinSessionState  to)
{
  int status;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      const struct rlimit no_core = { 0, 0 };

      setrlimit (RLIMIT_CORE, &no_core);
      if (freopen ("/dev/null", "w", stdout) == NULL || freopen ("/dev/null", "w", stderr) == NULL)
        _exit (2);
      session->state = from;
      _bobbin_session_set_state (session, to);
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  return WIFSIGNALED (status) && WTERMSIG (status) == SIGABRT;
}

static void
test_forbidden (Fixture       *self,
                gconstpointer  data)
{
  for (guint from = 0; from < BOBBIN_N_SESSION_STATES; from++)
    for (guint to = 0; to < BOBBIN_N_SESSION_STATES; to++)
      if (!_bobbin_session_state_allows (from, to) && !aborts (self->session, from, to))
        g_error ("%s → %s is not in the table and was taken", state_name (from), state_name (to));

  /* The check can say yes too. */
  g_assert_false (aborts (self->session, BOBBIN_SESSION_IDLE, BOBBIN_SESSION_CONNECTING));
}

static void
test_invariants (Fixture       *self,
                 gconstpointer  data)
{
  /* Allowed by the table, refused for what does not hold: no run, no timer, no failure. */
  g_assert_true (aborts (self->session, BOBBIN_SESSION_IDLE, BOBBIN_SESSION_SENDING));
  g_assert_true (aborts (self->session, BOBBIN_SESSION_IDLE, BOBBIN_SESSION_BACKOFF));
  g_assert_true (aborts (self->session, BOBBIN_SESSION_IDLE, BOBBIN_SESSION_FAILED));
}

static void
test_activity (Fixture       *self,
               gconstpointer  data)
{
  g_assert_cmpint (bobbin_thread_get_live_activity (self->thread), ==, BOBBIN_ACTIVITY_NONE);
  connecting (self);
  g_assert_cmpint (bobbin_thread_get_live_activity (self->thread), ==, BOBBIN_ACTIVITY_QUEUED);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpint (bobbin_thread_get_live_activity (self->thread), ==, BOBBIN_ACTIVITY_ANSWERING);
  fake_approval (fixture_channel (self), "Send it?");
  g_assert_cmpint (bobbin_thread_get_activity (self->thread), ==, BOBBIN_ACTIVITY_APPROVAL);
  lose (self, BOBBIN_ERROR_AUTH);
  g_assert_cmpint (bobbin_thread_get_activity (self->thread), ==, BOBBIN_ACTIVITY_FAILED);
  fixture_send (self, "more");
  lose (self, BOBBIN_ERROR_AUTH);
  g_assert_cmpint (bobbin_thread_get_live_activity (self->thread), ==, BOBBIN_ACTIVITY_NEEDS_KEY);
}

static void
test_properties (Fixture       *self,
                 gconstpointer  data)
{
  guint n_props;
  g_autofree GParamSpec **props = g_object_class_list_properties (G_OBJECT_GET_CLASS (self->session), &n_props);

  for (guint i = 0; i < n_props; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (self->session), props[i]->name, &value);
      g_assert_true (G_VALUE_HOLDS (&value, props[i]->value_type));
    }
  g_assert_true (bobbin_session_get_thread (self->session) == self->thread);
  g_assert_true (bobbin_session_get_account (self->session) == self->account);
  g_assert_true (bobbin_session_get_backend (self->session) == BOBBIN_BACKEND (self->backend));
  g_assert_true (bobbin_session_get_loaded (self->session));
  g_assert_null (bobbin_session_get_transport (self->session));
  sending (self);
  g_assert_cmpstr (bobbin_session_get_transport (self->session), ==, "ws");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/table/edges", test_edges);
  g_test_add_func ("/session/table/all-covered", test_all_covered);
  g_test_add ("/session/table/forbidden", Fixture, NULL, fixture_set_up, test_forbidden, fixture_tear_down);
  g_test_add ("/session/table/invariants", Fixture, NULL, fixture_set_up, test_invariants, fixture_tear_down);
  g_test_add ("/session/activity", Fixture, NULL, fixture_set_up, test_activity, fixture_tear_down);
  g_test_add ("/session/properties", Fixture, NULL, fixture_set_up, test_properties, fixture_tear_down);

  return g_test_run ();
}
