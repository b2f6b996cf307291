/* New threads of the server: the transcript that can go along, starting over, agents; titles. */
#include "config.h"
#include "session-fixture.h"

#include <string.h>

static void
turn (Fixture    *self,
      const char *prompt,
      const char *answer)
{
  fixture_ask (self, prompt);
  fake_text (fixture_channel (self), "text:0", answer);
  fake_text (fixture_channel (self), "thinking:1", "secret thoughts");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
}

static void
break_thread (Fixture *self)
{
  fixture_ask (self, "third");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_NOT_FOUND, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t2");
  fixture_settle (self);
  fake_text (fixture_channel (self), "text:0", "Who are you?");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
}

static void
test_send_context (Fixture       *self,
                   gconstpointer  on_disk)
{
  const char *sent;

  turn (self, "first", "One.");
  g_assert_false (bobbin_session_get_can_send_context (self->session));
  turn (self, "second", "Two.");
  break_thread (self);
  g_assert_cmpstr (fake_backend_sent (self->backend, 3), ==, "third");
  g_assert_true (bobbin_session_get_can_send_context (self->session));

  /* The offer, and its being taken, outlive a crash. */
  fixture_restart (self, TRUE);
  g_assert_true (bobbin_session_get_can_send_context (self->session));
  bobbin_session_send_context (self->session, TRUE);
  g_assert_false (bobbin_session_get_can_send_context (self->session));
  fixture_settle (self);
  fixture_restart (self, TRUE);
  g_assert_false (bobbin_session_get_can_send_context (self->session));

  fixture_send (self, "fourth");
  fake_ready (fixture_channel (self), "t2");
  fixture_settle (self);
  sent = fake_backend_sent (self->backend, 0);
  g_assert_true (g_str_has_suffix (sent, "\n\nfourth"));
  g_assert_nonnull (strstr (sent, "**User:**\n\nfirst\n\n**Ledger:**\n\nOne.\n\n**User:**\n\nsecond"));
  /* What the new thread knows is not told again; nor is thinking. */
  g_assert_null (strstr (sent, "third"));
  g_assert_null (strstr (sent, "secret"));
  assert_text (fixture_last (self), "fourth");

  /* Refused: it must go along again. Accepted: once. */
  fake_failed (fixture_channel (self), BOBBIN_ERROR_BUSY, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_advance (self, 6000);
  g_assert_cmpstr (fake_backend_sent (self->backend, 1), ==, sent);
  fake_text (fixture_channel (self), "text:0", "I see.");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete user:complete assistant:complete notice:new-thread user:complete"
                       " assistant:complete notice:context-sent user:complete assistant:complete");
  fixture_send (self, "fifth");
  g_assert_cmpstr (fake_backend_sent (self->backend, 2), ==, "fifth");
}

static void
test_decline (Fixture       *self,
              gconstpointer  on_disk)
{
  turn (self, "first", "One.");
  break_thread (self);
  bobbin_session_send_context (self->session, FALSE);
  fixture_settle (self);
  g_assert_false (bobbin_session_get_can_send_context (self->session));
  fixture_restart (self, TRUE);
  g_assert_false (bobbin_session_get_can_send_context (self->session));
  fixture_send (self, "fourth");
  fake_ready (fixture_channel (self), "t2");
  fixture_settle (self);
  g_assert_cmpstr (fake_backend_sent (self->backend, 0), ==, "fourth");
}

static void
test_bounded (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *huge = g_strnfill (BOBBIN_SESSION_CONTEXT_BYTES * 2, 'x');
  const char *sent;

  turn (self, "ancient", "history");
  turn (self, "huge", huge);
  turn (self, "recent", "news");
  break_thread (self);
  bobbin_session_send_context (self->session, TRUE);
  fixture_ask (self, "fourth");
  sent = fake_backend_sent (self->backend, fake_backend_n_sent (self->backend) - 1);
  g_assert_cmpuint (strlen (sent), <, BOBBIN_SESSION_CONTEXT_BYTES + 200);
  g_assert_nonnull (strstr (sent, "recent"));
  g_assert_null (strstr (sent, "ancient"));
}

static void
test_start_over (Fixture       *self,
                 gconstpointer  data)
{
  bobbin_session_start_over (self->session); /* nothing to give up */
  g_assert_cmpuint (fixture_n_messages (self), ==, 0);
  turn (self, "first", "One.");
  bobbin_session_start_over (self->session);
  fixture_settle (self);
  assert_state (self, IDLE);
  g_assert_null (bobbin_thread_get_server_id (self->thread));
  assert_stored (self, "user:complete assistant:complete notice:new-thread");
  g_assert_cmpstr (bobbin_block_get_data (bobbin_message_get_block (fixture_last (self), 0)), ==, "{\"reason\":\"asked\"}");
  g_assert_true (bobbin_session_get_can_send_context (self->session));

  fixture_send (self, "second");
  g_assert_null (fixture_channel (self)->thread_id);
  fake_ready (fixture_channel (self), "t2");
  fixture_settle (self);
  /* In the middle of an answer, and with something waiting. */
  fake_text (fixture_channel (self), "text:0", "Tw");
  fixture_send (self, "third");
  bobbin_session_start_over (self->session);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  g_assert_null (fixture_channel (self)->thread_id);
  assert_stored (self, "user:complete assistant:complete notice:new-thread user:stopped assistant:stopped notice:new-thread"
                       " user:queued");
  fake_ready (fixture_channel (self), "t3");
  fixture_settle (self);
  g_assert_cmpstr (fake_backend_sent (self->backend, 2), ==, "third");

  /* From a thread that only times out. */
  fake_closed (fixture_channel (self), BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_UNSENT);
  fixture_settle (self);
  assert_state (self, BACKOFF);
  bobbin_session_start_over (self->session);
  fixture_settle (self);
  assert_state (self, CONNECTING);
  g_assert_null (fixture_channel (self)->thread_id);
}

/* The server names its new thread, which is only the latest part of the conversation. */
static void
test_title_stays (Fixture       *self,
                  gconstpointer  on_disk)
{
  turn (self, "first", "One.");
  fake_simple (fixture_channel (self), BOBBIN_EVENT_TITLE, "Invoices");
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Invoices");
  break_thread (self);
  fake_simple (fixture_channel (self), BOBBIN_EVENT_TITLE, "Who are you?");
  fixture_settle (self);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Invoices");

  fixture_restart (self, TRUE);
  fixture_send (self, "fourth");
  fake_ready_titled (fixture_channel (self), "t2", "Who are you?");
  fixture_settle (self);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "Invoices");
  g_assert_cmpint (bobbin_thread_get_title_origin (self->thread), ==, BOBBIN_TITLE_KEPT);
}

/* Expired without a word: the title comes in the very frame that tells the new id. */
static void
test_title_stays_silently (Fixture       *self,
                           gconstpointer  on_disk)
{
  turn (self, "first", "One.");
  fixture_restart (self, TRUE);
  fixture_send (self, "second");
  fake_ready_titled (fixture_channel (self), "t9", "Untitled");
  fixture_settle (self);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, "first");
}

static void
test_agent (Fixture       *self,
            gconstpointer  data)
{
  turn (self, "first", "One.");
  bobbin_session_set_agent (self->session, "agent-2", "Other");
  bobbin_session_set_agent (self->session, "agent-2", "Other");
  fixture_settle (self);
  assert_stored (self, "user:complete assistant:complete notice:agent-changed");
  g_assert_null (fake_backend_channel (self->backend));
  fixture_send (self, "second");
  g_assert_cmpstr (fixture_channel (self)->agent_id, ==, "agent-2");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpstr (bobbin_message_get_agent_id (fixture_message (self, 1)), ==, "agent-1");
}

static void
check_title (const char *text,
             const char *wanted)
{
  Fixture fixture = { NULL };
  Fixture *self = &fixture;

  fixture_set_up (self, NULL);
  fixture_send (self, text);
  g_assert_cmpstr (bobbin_thread_get_title (self->thread), ==, wanted);
  bobbin_session_stop (self->session);
  fixture_settle (self);
  fixture_tear_down (self, NULL);
}

static void
test_titles (void)
{
  const char *sixty = "123456789 123456789 123456789 123456789 123456789 123456789 ";
  g_autofree char *long_text = g_strconcat (sixty, "and more", NULL);
  g_autofree char *accents = g_strconcat ("123456789 123456789 123456789 123456789 123456789 123456789e\xCC\x81", "x", NULL);
  g_autofree char *family =
    g_strconcat ("123456789 123456789 123456789 123456789 123456789 123456789",
                 "\U0001F469\u200D\U0001F469\u200D\U0001F467", "x", NULL);
  g_autofree char *flags = g_strconcat ("123456789 123456789 123456789 123456789 123456789 123456789",
                                        "\U0001F1E9\U0001F1EA", "\U0001F1EB\U0001F1F7", NULL);

  check_title ("  Hello,\n\n world\t! ", "Hello, world !");
  check_title (long_text, "123456789 123456789 123456789 123456789 123456789 123456789");
  check_title (accents, "123456789 123456789 123456789 123456789 123456789 123456789e\xCC\x81");
  check_title (family, "123456789 123456789 123456789 123456789 123456789 123456789\U0001F469\u200D\U0001F469\u200D\U0001F467");
  check_title (flags, "123456789 123456789 123456789 123456789 123456789 123456789\U0001F1E9\U0001F1EA");
}

/* The list says what an answer says, not how it ends; the same now and after a start. */
static void
test_snippet (Fixture       *self,
              gconstpointer  on_disk)
{
  fixture_ask (self, "one\n\ntwo");
  g_assert_cmpstr (bobbin_thread_get_snippet (self->thread), ==, "two");
  fake_turn_started (fixture_channel (self), "am_1");
  fake_text (fixture_channel (self), "text:0", "Here it is:\n\n```c\nint\nmain (void)\n{\n}\n```\n");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  g_assert_cmpstr (bobbin_thread_get_snippet (self->thread), ==, "Here it is:");
  fixture_restart (self, FALSE);
  g_assert_cmpstr (bobbin_thread_get_snippet (self->thread), ==, "Here it is:");
}

#define ADD(name, test) g_test_add ("/session/context/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/session/context/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_ON_DISK ("send-context", test_send_context);
  ADD_ON_DISK ("decline", test_decline);
  ADD_ON_DISK ("snippet", test_snippet);
  ADD ("bounded", test_bounded);
  ADD ("start-over", test_start_over);
  ADD_ON_DISK ("title-stays", test_title_stays);
  ADD_ON_DISK ("title-stays-silently", test_title_stays_silently);
  ADD ("agent", test_agent);
  g_test_add_func ("/session/context/titles", test_titles);

  return g_test_run ();
}
