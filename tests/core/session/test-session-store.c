/* Saving: promises 1 and 2 of the product. What is asked here is what a new process finds after a crash. */
#include "config.h"
#include "session-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void
begin (Fixture *self)
{
  fixture_ask (self, "go");
  fake_turn_started (fixture_channel (self), "am_1");
}

static void
assert_stored_text (Fixture    *self,
                    const char *wanted)
{
  g_autofree char *text = fixture_stored_text (self, bobbin_message_get_id (fixture_last (self)));

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_half_a_second (Fixture       *self,
                   gconstpointer  data)
{
  begin (self);
  fixture_settle (self);
  fake_text (fixture_channel (self), "text:0", "One");
  fixture_advance (self, 300);
  assert_stored_text (self, "");
  fake_text (fixture_channel (self), "text:0", " two");
  fixture_advance (self, 200);
  assert_stored_text (self, "One two");
  /* Nothing to write, nothing to wake up for. */
  g_assert_cmpuint (self->session->save_timer, ==, 0);
  fake_text (fixture_channel (self), "text:0", " three");
  fake_text (fixture_channel (self), "thinking:1", "hm");
  fake_text (fixture_channel (self), "text:0", " four");
  fixture_advance (self, 499);
  assert_stored_text (self, "One two three four");

  /* Every few milliseconds something: never more than half a second behind. */
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *stored = NULL;
      g_autofree char *shown = NULL;

      fake_text (fixture_channel (self), "text:0", ".");
      bobbin_manual_clock_advance (self->clock, 100);
      if (i % 7 != 6)
        continue;
      fixture_settle (self);
      shown = bobbin_message_dup_text (fixture_last (self));
      stored = fixture_stored_text (self, bobbin_message_get_id (fixture_last (self)));
      g_assert_cmpuint (strlen (stored) + 5, >=, strlen (shown));
    }
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
}

static void
test_block_complete (Fixture       *self,
                     gconstpointer  data)
{
  begin (self);
  fake_text (fixture_channel (self), "text:0", "Complete");
  fake_text_complete (fixture_channel (self), "text:0", NULL);
  fixture_settle (self);
  assert_stored_text (self, "Complete");
}

/* The same crash at each state of delivery. */

static void
test_crash_queued (Fixture       *self,
                   gconstpointer  on_disk)
{
  fixture_send (self, "one");
  fixture_send (self, "two");
  fixture_restart (self, TRUE);
  /* Never written: they go on by themselves, in order, once. */
  assert_stored (self, "user:queued user:queued");
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 2);
  assert_state (self, CONNECTING);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 2);
  g_assert_cmpstr (fake_backend_sent (self->backend, 0), ==, "one");
  g_assert_cmpstr (fake_backend_sent (self->backend, 1), ==, "two");
  assert_stored (self, "user:complete assistant:complete user:complete assistant:complete");
}

static void
check_left_alone (Fixture *self)
{
  fixture_advance (self, 120000);
  assert_state (self, IDLE);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 0);
  g_assert_cmpuint (self->backend->channels->len, ==, 0);
}

static void
test_crash_sending (Fixture       *self,
                    gconstpointer  on_disk)
{
  fixture_ask (self, "one");
  fixture_restart (self, TRUE);
  assert_outline (self, "user:interrupted");
  g_assert_cmpint (bobbin_message_get_failure (fixture_message (self, 0))->certainty, ==, BOBBIN_CERTAINTY_UNKNOWN);
  check_left_alone (self);

  bobbin_session_retry (self->session, fixture_message (self, 0));
  fixture_settle (self);
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
}

static void
test_crash_accepted (Fixture       *self,
                     gconstpointer  on_disk)
{
  fixture_ask (self, "one");
  fake_simple (fixture_channel (self), BOBBIN_EVENT_ACCEPTED, NULL);
  fixture_settle (self);
  assert_stored (self, "user:accepted");
  fixture_restart (self, TRUE);
  assert_outline (self, "user:interrupted");
  check_left_alone (self);
}

static void
test_crash_answering (Fixture       *self,
                      gconstpointer  on_disk)
{
  begin (self);
  fake_block (fixture_channel (self), BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:0", "find", "c1", "{}");
  fake_text (fixture_channel (self), "text:1", "The first ha");
  fixture_send (self, "two");
  fixture_advance (self, 500);
  fixture_restart (self, TRUE);
  assert_outline (self, "user:interrupted assistant:interrupted user:queued");
  assert_text (fixture_message (self, 1), "The first ha");
  g_assert_cmpint (bobbin_block_get_state (bobbin_message_get_block (fixture_message (self, 1), 0)), ==, BOBBIN_BLOCK_ERROR);
  /* What was queued behind it goes on. */
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  g_assert_cmpstr (fake_backend_sent (self->backend, 0), ==, "two");
}

static void
test_crash_complete (Fixture       *self,
                     gconstpointer  on_disk)
{
  begin (self);
  fake_text (fixture_channel (self), "text:0", "All of it.");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  fixture_restart (self, TRUE);
  assert_outline (self, "user:complete assistant:complete");
  assert_text (fixture_last (self), "All of it.");
  check_left_alone (self);
}

static void
test_close (Fixture       *self,
            gconstpointer  on_disk)
{
  begin (self);
  fake_text (fixture_channel (self), "text:0", "In the mid");
  fixture_send (self, "two");
  fixture_type (self, "three");
  /* Without waiting for any timer: closing saves everything. */
  fixture_restart (self, FALSE);
  assert_outline (self, "user:interrupted assistant:interrupted user:queued");
  assert_text (fixture_message (self, 1), "In the mid");
  g_assert_cmpint (bobbin_message_get_failure (fixture_message (self, 1))->code, ==, BOBBIN_ERROR_INTERRUPTED);
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (self->session)), ==, "three");
  assert_state (self, CONNECTING);
}

static void
test_close_unwritten (Fixture       *self,
                      gconstpointer  on_disk)
{
  fixture_send (self, "one");
  fake_ready (fixture_channel (self), "t1");
  assert_state (self, SENDING);
  /* No byte was written: it is sent at the next start. */
  fixture_restart (self, FALSE);
  assert_outline (self, "user:queued");
  assert_state (self, CONNECTING);
}

static void
test_full_disk_streaming (Fixture       *self,
                          gconstpointer  on_disk)
{
  begin (self);
  fake_text (fixture_channel (self), "text:0", "One");
  fixture_advance (self, 500);
  fixture_sql (self, "CREATE TRIGGER a BEFORE INSERT ON block_chunks BEGIN SELECT RAISE (ABORT, 'disk full'); END;"
                     "CREATE TRIGGER b BEFORE UPDATE ON blocks BEGIN SELECT RAISE (ABORT, 'disk full'); END;"
                     "CREATE TRIGGER c BEFORE INSERT ON blocks BEGIN SELECT RAISE (ABORT, 'disk full'); END");
  fake_text (fixture_channel (self), "text:0", " two");
  fixture_advance (self, 500);
  g_assert_cmpuint (self->n_store_failures, ==, 1);
  fake_text (fixture_channel (self), "text:0", " three");
  fixture_advance (self, 6000);
  assert_state (self, STREAMING);
  assert_text (fixture_last (self), "One two three");
  assert_stored_text (self, "One");
  fake_text (fixture_channel (self), "text:0", " four");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  /* It is announced all the same: the person sees it. */
  g_assert_cmpuint (self->ended->len, ==, 1);
  g_assert_cmpuint (self->n_store_recoveries, ==, 0);

  fixture_sql (self, "DROP TRIGGER a; DROP TRIGGER b; DROP TRIGGER c");
  fixture_advance (self, 6000);
  assert_stored_text (self, "One two three four");
  g_assert_cmpuint (self->n_store_recoveries, ==, 1);
  fixture_restart (self, TRUE);
  assert_outline (self, "user:complete assistant:complete");
  assert_text (fixture_last (self), "One two three four");
}

/* No file may grow beyond what the log of the database has: it is met as a full disk is. Without room for a byte, what is sent is
 * queued; with hardly more than the database itself needs, the queue drains by itself, each message once. */
static void
test_full_disk_log_child (void)
{
  Fixture fixture = { NULL };
  Fixture *self = &fixture;
  struct rlimit limit = { 4096, RLIM_INFINITY };
  g_autofree char *log = NULL;
  GStatBuf info;

  fixture_set_up (self, "disk");
  log = g_build_filename (self->dir, "bobbin.db-wal", NULL);
  begin (self);
  fake_text (fixture_channel (self), "text:0", "Yes");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_cmpint (g_stat (log, &info), ==, 0);

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  fixture_send (self, "one");
  fixture_send (self, "two");
  fixture_send (self, "three");
  fixture_advance (self, 60000);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  g_assert_cmpuint (bobbin_session_get_queue_length (self->session), ==, 3);
  g_assert_cmpuint (self->n_store_failures, ==, 1);
  g_assert_cmpuint (self->n_store_recoveries, ==, 0);

  limit.rlim_cur = (rlim_t) info.st_size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  for (guint i = 1; i <= 3; i++)
    {
      fixture_advance (self, 6000);
      fixture_advance (self, 6000);
      g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1 + i);
      fake_turn_started (fixture_channel (self), NULL);
      fake_text (fixture_channel (self), "text:0", "Yes");
      fake_stopped (fixture_channel (self), NULL);
      fixture_settle (self);
    }
  fixture_advance (self, 60000);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 4);
  g_assert_cmpstr (fake_backend_sent (self->backend, 1), ==, "one");
  g_assert_cmpstr (fake_backend_sent (self->backend, 2), ==, "two");
  g_assert_cmpstr (fake_backend_sent (self->backend, 3), ==, "three");
  assert_stored (self, "user:complete assistant:complete user:complete assistant:complete user:complete assistant:complete"
                       " user:complete assistant:complete");
  g_assert_cmpuint (self->n_store_recoveries, ==, self->n_store_failures);
  fixture_tear_down (self, "disk");
}

static void
test_full_disk_log (void)
{
  g_test_trap_subprocess ("/session/store/full-disk-log/subprocess/child", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static double
cpu_s (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static double
stream (guint n_deltas)
{
  Fixture fixture = { NULL };
  Fixture *self = &fixture;
  double start;
  double used;

  fixture_set_up (self, NULL);
  begin (self);
  start = cpu_s ();
  for (guint i = 0; i < n_deltas; i++)
    {
      fake_text (fixture_channel (self), "text:0", "word");
      if (i % 100 == 99)
        bobbin_manual_clock_advance (self->clock, 50);
    }
  used = cpu_s () - start;
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_cmpuint (bobbin_block_get_length (bobbin_message_get_block (fixture_last (self), 0)), ==, n_deltas * 4);
  fixture_tear_down (self, NULL);

  return used;
}

static void
test_linear (void)
{
  double small = stream (10000);
  double large = stream (40000);

  g_test_message ("10,000 deltas: %.1f ms; 40,000: %.1f ms", small * 1000, large * 1000);
  /* Four times as much; sixteen times if a delta cost what is there. */
  g_assert_cmpfloat (large, <, small * 8 + 0.02);
}

#define ADD(name, test) g_test_add ("/session/store/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/session/store/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("half-a-second", test_half_a_second);
  ADD ("block-complete", test_block_complete);
  ADD_ON_DISK ("crash-queued", test_crash_queued);
  ADD_ON_DISK ("crash-sending", test_crash_sending);
  ADD_ON_DISK ("crash-accepted", test_crash_accepted);
  ADD_ON_DISK ("crash-answering", test_crash_answering);
  ADD_ON_DISK ("crash-complete", test_crash_complete);
  ADD_ON_DISK ("close", test_close);
  ADD_ON_DISK ("close-unwritten", test_close_unwritten);
  ADD_ON_DISK ("full-disk-streaming", test_full_disk_streaming);
  g_test_add_func ("/session/store/full-disk-log", test_full_disk_log);
  g_test_add_func ("/session/store/full-disk-log/subprocess/child", test_full_disk_log_child);
  g_test_add_func ("/session/store/linear", test_linear);

  return g_test_run ();
}
