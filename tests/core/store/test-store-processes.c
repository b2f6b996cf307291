#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A second process is this program again: "test-store-processes --child MODE DIR". It prints a line when it has done its work
 * and then waits to be killed, or to be told to end by the end of its standard input. */
#define THREAD_ID 2001

static void
child_fill (BobbinStore *store)
{
  g_autoptr(BobbinAccount) account = bobbin_account_new (1001, BOBBIN_SERVICE_NEBELUS, "A", "");
  g_autoptr(BobbinThread) thread = bobbin_thread_new (THREAD_ID, 1001);

  bobbin_store_save_account_async (store, account, NULL, NULL, NULL);
  bobbin_store_save_thread_async (store, thread, NULL, NULL, NULL);
}

static void
child_message (BobbinStore    *store,
               gint64          id,
               BobbinRole      role,
               BobbinDelivery  delivery,
               const char     *text)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (id, role, id);
  g_autoptr(BobbinBlock) block = bobbin_block_new (id * 10, BOBBIN_BLOCK_TEXT);
  g_autoptr(BobbinBlock) tool = bobbin_block_new (id * 10 + 1, BOBBIN_BLOCK_TOOL_CALL);
  g_autoptr(BobbinBlock) approval = bobbin_block_new (id * 10 + 2, BOBBIN_BLOCK_APPROVAL);

  bobbin_block_set_text (block, text);
  bobbin_message_set_delivery (message, delivery);
  bobbin_message_add_block (message, block);
  bobbin_message_add_block (message, tool);
  bobbin_message_add_block (message, approval);
  bobbin_store_save_message_async (store, THREAD_ID, message, NULL, NULL, NULL);
}

static void
child_turn (BobbinStore *store)
{
  child_fill (store);
  child_message (store, 3001, BOBBIN_ROLE_USER, BOBBIN_DELIVERY_COMPLETE, "done");
  child_message (store, 3002, BOBBIN_ROLE_USER, BOBBIN_DELIVERY_SENDING, "sending");
  child_message (store, 3003, BOBBIN_ROLE_USER, BOBBIN_DELIVERY_ACCEPTED, "accepted");
  child_message (store, 3004, BOBBIN_ROLE_ASSISTANT, BOBBIN_DELIVERY_ANSWERING, "The ans");
  bobbin_store_append_text_async (store, 30040, 7, "wer is Mondfisch", 16, NULL, NULL, NULL);
  child_message (store, 3005, BOBBIN_ROLE_USER, BOBBIN_DELIVERY_QUEUED, "queued");
}

/* Many messages, one after the other, beside another process that does the same. */
static void
child_write (BobbinStore *store,
             gint64       first_id)
{
  for (gint64 i = 0; i < 100; i++)
    child_message (store, first_id + i, BOBBIN_ROLE_USER, BOBBIN_DELIVERY_COMPLETE, "text of many");
}

static int
run_as_child (const char *mode,
              const char *dir)
{
  BobbinStore *store = fixture_open (dir, NULL);
  char byte;

  if (strcmp (mode, "turn") == 0)
    child_turn (store);
  else if (strcmp (mode, "open") == 0)
    child_fill (store);
  else
    child_write (store, 5001);
  fixture_flush (store);
  g_print ("ready\n");
  if (read (STDIN_FILENO, &byte, 1) == 0)
    fixture_close (store);

  return 0;
}

static GSubprocess *
start_child (const char *mode,
             const char *dir)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, "--child", mode, dir, NULL };
  g_autoptr(GError) error = NULL;
  GSubprocess *child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);

  g_assert_no_error (error);
  return child;
}

static void
wait_ready (GSubprocess *child)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  g_autofree char *line = NULL;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, "ready");
}

static void
kill_child (GSubprocess *child)
{
  g_subprocess_force_exit (child);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (child));
}

static void
end_child (GSubprocess *child)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL);
  g_assert_true (g_subprocess_wait_check (child, NULL, NULL));
}

static GArray *
claim (BobbinStore *store)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_claim_orphans_async, store);
  g_autoptr(GError) error = NULL;
  GArray *ids = bobbin_store_claim_orphans_finish (store, result, &error);

  g_assert_no_error (error);
  return ids;
}

static void
assert_state (BobbinMessage  *message,
              BobbinDelivery  delivery,
              int             certainty)
{
  const BobbinFailure *failure = bobbin_message_get_failure (message);

  g_assert_cmpint (bobbin_message_get_delivery (message), ==, delivery);
  g_assert_true ((failure != NULL) == (certainty >= 0));
  if (failure != NULL)
    {
      g_assert_cmpint (failure->code, ==, BOBBIN_ERROR_INTERRUPTED);
      g_assert_cmpint (failure->certainty, ==, certainty);
    }
}

static void
assert_claimed (BobbinStore *store)
{
  g_autoptr(GPtrArray) messages = fixture_list_messages (store, THREAD_ID);
  g_autoptr(BobbinThread) thread = fixture_load_thread (store, THREAD_ID);
  g_autoptr(GPtrArray) hits = fixture_search (store, "mondfisch");
  BobbinMessage *answer, *queued;

  g_assert_cmpuint (messages->len, ==, 5);
  answer = g_ptr_array_index (messages, 3);
  queued = g_ptr_array_index (messages, 4);
  assert_state (g_ptr_array_index (messages, 0), BOBBIN_DELIVERY_COMPLETE, -1);
  assert_state (g_ptr_array_index (messages, 1), BOBBIN_DELIVERY_INTERRUPTED, BOBBIN_CERTAINTY_UNKNOWN);
  assert_state (g_ptr_array_index (messages, 2), BOBBIN_DELIVERY_INTERRUPTED, BOBBIN_CERTAINTY_UNKNOWN);
  assert_state (answer, BOBBIN_DELIVERY_INTERRUPTED, BOBBIN_CERTAINTY_ACCEPTED);
  assert_state (queued, BOBBIN_DELIVERY_QUEUED, -1);
  g_assert_cmpstr (bobbin_block_get_text (bobbin_message_get_block (answer, 0)), ==, "The answer is Mondfisch");
  g_assert_cmpint (bobbin_block_get_state (bobbin_message_get_block (answer, 0)), ==, BOBBIN_BLOCK_DONE);
  g_assert_cmpint (bobbin_block_get_state (bobbin_message_get_block (answer, 1)), ==, BOBBIN_BLOCK_ERROR);
  g_assert_cmpint (bobbin_block_get_state (bobbin_message_get_block (answer, 2)), ==, BOBBIN_BLOCK_EXPIRED);
  g_assert_cmpint (bobbin_block_get_state (bobbin_message_get_block (queued, 2)), ==, BOBBIN_BLOCK_OPEN);
  g_assert_cmpuint (hits->len, ==, 1);
  g_assert_cmpint (bobbin_thread_get_id (thread), ==, THREAD_ID);
  assert_index_is_true (store);
}

static void
test_killed (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autoptr(GSubprocess) child = start_child ("turn", dir);
  g_autoptr(GArray) while_alive = NULL;
  g_autoptr(GArray) claimed = NULL;
  g_autoptr(GArray) again = NULL;
  BobbinStore *store;

  wait_ready (child);
  store = fixture_open (dir, NULL);
  while_alive = claim (store);
  g_assert_cmpuint (while_alive->len, ==, 0); /* it works on them */
  kill_child (child);
  claimed = claim (store);
  g_assert_cmpuint (claimed->len, ==, 1);
  g_assert_cmpint (g_array_index (claimed, gint64, 0), ==, THREAD_ID);
  assert_claimed (store);
  again = claim (store);
  g_assert_cmpuint (again->len, ==, 0); /* they are ours now */
  fixture_close (store);
  fixture_remove_dir (dir);
}

/* The same, found by a process that starts afterwards; what that one leaves queued is claimed again. */
static void
test_killed_before (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autoptr(GSubprocess) child = start_child ("turn", dir);

  wait_ready (child);
  kill_child (child);
  for (guint i = 0; i < 2; i++)
    {
      BobbinStore *store = fixture_open (dir, NULL);
      g_autoptr(GArray) claimed = claim (store);

      g_assert_cmpuint (claimed->len, ==, 1);
      assert_claimed (store);
      fixture_close (store);
    }
  fixture_remove_dir (dir);
}

static void
test_two_claim_once (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autoptr(GSubprocess) child = start_child ("turn", dir);
  g_autoptr(GArray) first = NULL;
  g_autoptr(GArray) second = NULL;
  BobbinStore *one, *two;

  wait_ready (child);
  one = fixture_open (dir, NULL);
  two = fixture_open (dir, NULL);
  kill_child (child);
  first = claim (one);
  second = claim (two);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpuint (second->len, ==, 0);
  fixture_close (one);
  fixture_close (two);
  fixture_remove_dir (dir);
}

static void
test_two_write (void)
{
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(GPtrArray) messages = NULL;

  child_fill (store);
  fixture_flush (store);
  child = start_child ("write", dir);
  child_write (store, 7001);
  fixture_flush (store);
  wait_ready (child);
  end_child (child);
  messages = fixture_list_messages (store, THREAD_ID);
  g_assert_cmpuint (messages->len, ==, 200);
  assert_index_is_true (store);
  fixture_close (store);
  fixture_remove_dir (dir);
}

/* A file is not collected while a process that is alive has it in its hands, nor lost by its owner's death. */
static void
test_held_by_another (void)
{
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *one = fixture_open (dir, NULL);
  BobbinStore *two = fixture_open (dir, NULL);
  g_autoptr(BobbinAttachment) held = fixture_import (one, "held.txt", "in hand");
  g_autoptr(BobbinAttachment) dropped = fixture_import (two, "dropped.txt", "let go");
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(BobbinAccount) account = fixture_add_account (two, "A");
  g_autoptr(GAsyncResult) result = NULL;

  thread = fixture_add_thread (two, account, "T", 1);
  result = WAIT (bobbin_store_delete_thread_async, two, bobbin_thread_get_id (thread));
  g_clear_object (&result);
  fixture_close (two);
  g_assert_true (g_file_test (bobbin_attachment_get_path (held), G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (bobbin_attachment_get_path (dropped), G_FILE_TEST_EXISTS));
  fixture_close (one);
  g_assert_false (g_file_test (bobbin_attachment_get_path (held), G_FILE_TEST_EXISTS));
  fixture_remove_dir (dir);
}

/* What a killed process left in the folder goes at the next start; what is referred to stays. */
static void
test_sweep (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *attachments = g_build_filename (dir, "attachments", NULL);
  g_autoptr(GSubprocess) child = start_child ("open", dir);
  g_autoptr(BobbinAttachment) kept = NULL;
  g_autofree char *stray_name = g_strnfill (64, 'a');
  g_autofree char *stray = g_build_filename (attachments, stray_name, NULL);
  g_autofree char *half = g_build_filename (attachments, ".import-ABCDEF", NULL);
  g_autofree char *foreign = g_build_filename (attachments, "notes.txt", NULL);
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (THREAD_ID);
  BobbinStore *store;

  wait_ready (child);
  store = fixture_open (dir, NULL);
  kept = fixture_import (store, "kept.txt", "kept");
  bobbin_draft_add_attachment (draft, kept);
  bobbin_store_save_draft_async (store, draft, NULL, NULL, NULL);
  fixture_close (store);
  fixture_write (attachments, stray_name, "x", 1);
  fixture_write (attachments, ".import-ABCDEF", "x", 1);
  fixture_write (attachments, "notes.txt", "x", 1);
  kill_child (child);

  fixture_close (fixture_open (dir, NULL));
  g_assert_true (g_file_test (bobbin_attachment_get_path (kept), G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));
  fixture_remove_dir (dir);
}

static void
assert_sweep (const char *dir,
              guint       n_alive,
              guint       n_gone,
              gboolean    rebooted)
{
  BobbinInstanceSweep sweep;

  _bobbin_instance_sweep (dir, &sweep);
  g_assert_cmpuint (sweep.n_alive, ==, n_alive);
  g_assert_cmpuint (sweep.n_gone, ==, n_gone);
  g_assert_cmpint (sweep.rebooted, ==, rebooted);
}

static void
test_locks (void)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  int fd_one, fd_two;
  BobbinInstanceSweep sweep;

  g_assert_true (_bobbin_instance_lock (dir, &one, &fd_one, NULL));
  g_assert_true (_bobbin_instance_lock (dir, &two, &fd_two, NULL));
  g_assert_cmpstr (one, !=, two);
  g_assert_true (_bobbin_instance_is_alive (dir, one));
  g_assert_false (_bobbin_instance_is_alive (dir, "1-unknown"));
  assert_sweep (dir, 2, 0, FALSE);
  close (fd_one); /* as when a process is killed */
  assert_sweep (dir, 1, 1, FALSE);
  g_assert_false (_bobbin_instance_is_alive (dir, one));
  _bobbin_instance_unlock (dir, two, fd_two);
  assert_sweep (dir, 0, 0, FALSE);

  /* Left by a machine that went down. */
  fixture_write (dir, "1-OLD.lock", "another boot\n", -1);
  fixture_write (dir, "notes.txt", "not a lock", -1);
  assert_sweep (dir, 0, 1, TRUE);
  fixture_write (dir, "1-EMPTY.lock", "", 0);
  assert_sweep (dir, 0, 1, TRUE);
  _bobbin_instance_sweep ("/nowhere", &sweep);
  g_assert_cmpuint (sweep.n_gone, ==, 0);
  fixture_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return run_as_child (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/processes/killed", test_killed);
  g_test_add_func ("/store/processes/killed-before", test_killed_before);
  g_test_add_func ("/store/processes/two-claim-once", test_two_claim_once);
  g_test_add_func ("/store/processes/two-write", test_two_write);
  g_test_add_func ("/store/processes/held-by-another", test_held_by_another);
  g_test_add_func ("/store/processes/sweep", test_sweep);
  g_test_add_func ("/store/processes/locks", test_locks);

  return g_test_run ();
}
