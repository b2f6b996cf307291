/* Prompts sent again in their place: the answers before stay, and can be come back to. */
#include "config.h"
#include "session-fixture.h"

static void
answer (Fixture    *self,
        const char *text)
{
  FakeChannel *channel = fixture_channel (self);

  fake_turn_started (channel, NULL);
  fake_text (channel, "a", text);
  fake_stopped (channel, "stop");
  fixture_settle (self);
}

static void
ask_and_answer (Fixture    *self,
                const char *text,
                const char *answered)
{
  fixture_ask (self, text);
  answer (self, answered);
}

static char *
texts_of (GListModel *messages)
{
  GString *texts = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);
      g_autofree char *text = bobbin_message_dup_text (message);

      g_string_append_printf (texts, "%s%s", i > 0 ? " " : "", text);
      if (bobbin_message_get_n_versions (message) > 0)
        g_string_append_printf (texts, "(%u/%u)", bobbin_message_get_version (message),
                                bobbin_message_get_n_versions (message));
    }

  return g_string_free (texts, FALSE);
}

#define assert_shown(fixture, wanted) G_STMT_START { \
  g_autofree char *texts_ = texts_of (bobbin_session_get_messages ((fixture)->session)); \
  g_autofree char *paged_ = texts_of (G_LIST_MODEL (bobbin_session_get_pager ((fixture)->session))); \
  g_assert_cmpstr (texts_, ==, wanted); \
  g_assert_cmpstr (paged_, ==, wanted); } G_STMT_END

static void
show (Fixture *self,
      guint    position,
      int      step)
{
  bobbin_session_show_version (self->session, bobbin_message_get_id (fixture_message (self, position)), step);
  fixture_settle (self);
}

static void
test_resend (Fixture       *self,
             gconstpointer  data)
{
  ask_and_answer (self, "p1", "a1");
  ask_and_answer (self, "p2", "a2");
  assert_shown (self, "p1 a1 p2 a2");

  /* another text, in the place of the first prompt */
  g_assert_true (bobbin_session_resend (self->session, fixture_message (self, 0), "p1b"));
  g_assert_false (bobbin_session_get_can_fork (self->session));
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 3);
  g_assert_cmpstr (fake_backend_sent (self->backend, 2), ==, "p1b");
  answer (self, "a1b");
  assert_shown (self, "p1b(2/2) a1b");
  g_assert_true (bobbin_session_get_can_fork (self->session));

  /* there and back: what followed comes along */
  show (self, 0, -1);
  assert_shown (self, "p1(1/2) a1 p2 a2");
  show (self, 0, -1);
  assert_shown (self, "p1(1/2) a1 p2 a2");
  show (self, 0, 1);
  assert_shown (self, "p1b(2/2) a1b");

  /* and is there in the next run */
  fixture_restart (self, FALSE);
  fixture_settle (self);
  assert_shown (self, "p1b(2/2) a1b");
  show (self, 0, -1);
  assert_shown (self, "p1(1/2) a1 p2 a2");
}

/* A version within a version, found again from anywhere. */
static void
test_nested (Fixture       *self,
             gconstpointer  data)
{
  gint64 deep;

  ask_and_answer (self, "p1", "a1");
  ask_and_answer (self, "p2", "a2");
  deep = bobbin_message_get_id (fixture_message (self, 3));
  g_assert_true (bobbin_session_resend (self->session, fixture_message (self, 2), NULL));
  fixture_settle (self);
  answer (self, "a2b");
  assert_shown (self, "p1 a1 p2(2/2) a2b");
  g_assert_true (bobbin_session_resend (self->session, fixture_message (self, 0), "p1b"));
  fixture_settle (self);
  answer (self, "a1b");
  assert_shown (self, "p1b(2/2) a1b");

  bobbin_session_show_version (self->session, deep, 0);
  fixture_settle (self);
  assert_shown (self, "p1(1/2) a1 p2(1/2) a2");
  show (self, 2, 1);
  assert_shown (self, "p1(1/2) a1 p2(2/2) a2b");
  show (self, 0, 1);
  show (self, 0, -1);
  assert_shown (self, "p1(1/2) a1 p2(2/2) a2b");
}

/* Killed before the answer: the new version is queued once, and the old one is there. */
static void
test_killed (Fixture       *self,
             gconstpointer  data)
{
  ask_and_answer (self, "p1", "a1");
  fake_closed (fixture_channel (self), BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT);
  bobbin_network_set_available (self->network, FALSE);
  g_assert_true (bobbin_session_resend (self->session, fixture_message (self, 0), "p1b"));
  fixture_settle (self);
  fixture_restart (self, TRUE);
  fixture_settle (self);
  assert_shown (self, "p1b(2/2)");
  bobbin_session_stop (self->session);
  fixture_settle (self);
  show (self, 0, -1);
  assert_shown (self, "p1(1/2) a1");
}

/* What is left when a version is deleted can still be reached. */
static void
test_deleted (Fixture       *self,
              gconstpointer  data)
{
  ask_and_answer (self, "p1", "a1");
  g_assert_true (bobbin_session_resend (self->session, fixture_message (self, 0), "p1b"));
  fixture_settle (self);
  answer (self, "a1b");
  bobbin_session_delete_message (self->session, fixture_message (self, 0));
  fixture_settle (self);
  fixture_restart (self, FALSE);
  fixture_settle (self);
  assert_shown (self, "a1b(2/2)");
  show (self, 0, -1);
  assert_shown (self, "p1(1/2) a1");
}

/* Not under a turn. */
static void
test_busy (Fixture       *self,
           gconstpointer  data)
{
  ask_and_answer (self, "p1", "a1");
  fixture_ask (self, "p2");
  g_assert_false (bobbin_session_get_can_fork (self->session));
  g_assert_false (bobbin_session_resend (self->session, fixture_message (self, 0), "p1b"));
  show (self, 0, 1);
  assert_shown (self, "p1 a1 p2");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session-versions/resend", Fixture, "disk", fixture_set_up, test_resend, fixture_tear_down);
  g_test_add ("/session-versions/nested", Fixture, NULL, fixture_set_up, test_nested, fixture_tear_down);
  g_test_add ("/session-versions/killed", Fixture, "disk", fixture_set_up, test_killed, fixture_tear_down);
  g_test_add ("/session-versions/deleted", Fixture, "disk", fixture_set_up, test_deleted, fixture_tear_down);
  g_test_add ("/session-versions/busy", Fixture, NULL, fixture_set_up, test_busy, fixture_tear_down);

  return g_test_run ();
}
