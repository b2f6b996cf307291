#include "config.h"

#include "model-asserts.h"
#include "model/bobbin-thread.h"

static void
test_defaults (void)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 3);

  g_assert_cmpint (bobbin_thread_get_id (thread), !=, 0);
  g_assert_cmpint (bobbin_thread_get_account_id (thread), ==, 3);
  g_assert_null (bobbin_thread_get_server_id (thread));
  g_assert_null (bobbin_thread_get_title (thread));
  g_assert_cmpint (bobbin_thread_get_title_origin (thread), ==, BOBBIN_TITLE_NONE);
  g_assert_cmpstr (bobbin_thread_get_metadata (thread), ==, "{}");
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_NONE);
  g_assert_cmpint (bobbin_thread_get_reading_position (thread)->message_id, ==, 0);
  assert_notifies_once (G_OBJECT (thread));
}

static void
test_title_of_strangers (void)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 3);

  g_assert_true (bobbin_thread_set_title (thread, "what I asked", BOBBIN_TITLE_DERIVED));
  /* Nothing that could be shown: what there is stays. */
  g_assert_false (bobbin_thread_set_title (thread, "\n\u202e\t", BOBBIN_TITLE_SERVER));
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "what I asked");
  g_assert_true (bobbin_thread_set_title (thread, "Q3\nreport\u202egpj.exe\x1b", BOBBIN_TITLE_SERVER));
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "Q3 reportgpj.exe");
  bobbin_thread_set_agent_name (thread, "Led\u2067ger\r\n");
  g_assert_cmpstr (bobbin_thread_get_agent_name (thread), ==, "Ledger");
}

static void
test_title_kept (void)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 3);

  bobbin_thread_keep_title (thread);
  g_assert_true (bobbin_thread_set_title (thread, "server", BOBBIN_TITLE_SERVER));
  bobbin_thread_keep_title (thread);
  g_assert_false (bobbin_thread_set_title (thread, "of the new thread", BOBBIN_TITLE_SERVER));
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "server");
  g_assert_true (bobbin_thread_set_title (thread, "mine", BOBBIN_TITLE_USER));
  bobbin_thread_keep_title (thread);
  g_assert_cmpint (bobbin_thread_get_title_origin (thread), ==, BOBBIN_TITLE_USER);
}

static void
test_title (void)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 3);
  guint titles = 0;
  guint origins = 0;

  count_signal (thread, "notify::title", &titles);
  count_signal (thread, "notify::title-origin", &origins);
  g_assert_true (bobbin_thread_set_title (thread, "derived", BOBBIN_TITLE_DERIVED));
  g_assert_true (bobbin_thread_set_title (thread, "server", BOBBIN_TITLE_SERVER));
  g_assert_false (bobbin_thread_set_title (thread, "derived again", BOBBIN_TITLE_DERIVED));
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "server");
  g_assert_true (bobbin_thread_set_title (thread, "server 2", BOBBIN_TITLE_SERVER));
  g_assert_true (bobbin_thread_set_title (thread, "mine", BOBBIN_TITLE_USER));
  g_assert_false (bobbin_thread_set_title (thread, "server 3", BOBBIN_TITLE_SERVER));
  g_assert_false (bobbin_thread_set_title (thread, "mine", BOBBIN_TITLE_USER));
  g_assert_true (bobbin_thread_set_title (thread, "mine 2", BOBBIN_TITLE_USER));
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "mine 2");
  g_assert_cmpint (bobbin_thread_get_title_origin (thread), ==, BOBBIN_TITLE_USER);
  g_assert_cmpuint (titles, ==, 5);
  g_assert_cmpuint (origins, ==, 3);
}

/* Rising: each stage outweighs those before, and notifies once. */
static void
test_activity (void)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 3);
  guint notified = 0;

  count_signal (thread, "notify::activity", &notified);
  bobbin_thread_set_expires_soon (thread, TRUE);
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_EXPIRES_SOON);
  bobbin_thread_set_unread (thread, TRUE);
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_UNREAD);
  bobbin_thread_set_draft (thread, "");
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_DRAFT);
  bobbin_thread_set_stored_activity (thread, BOBBIN_ACTIVITY_QUEUED);
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_QUEUED);
  bobbin_thread_set_stored_activity (thread, BOBBIN_ACTIVITY_FAILED);
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_FAILED);
  bobbin_thread_set_live_activity (thread, BOBBIN_ACTIVITY_ANSWERING);
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_ANSWERING);
  bobbin_thread_set_stored_activity (thread, BOBBIN_ACTIVITY_APPROVAL);
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_APPROVAL);
  g_assert_cmpuint (notified, ==, 7);

  /* What is hidden behind a stronger one changes without a word. */
  bobbin_thread_set_unread (thread, FALSE);
  bobbin_thread_set_live_activity (thread, BOBBIN_ACTIVITY_NONE);
  g_assert_cmpuint (notified, ==, 7);
  bobbin_thread_set_stored_activity (thread, BOBBIN_ACTIVITY_NONE);
  g_assert_cmpint (bobbin_thread_get_activity (thread), ==, BOBBIN_ACTIVITY_DRAFT);
  g_assert_cmpuint (notified, ==, 8);
}

static void
test_reading_position (void)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 3);
  const BobbinReadingPosition position = { 1, 2, 3, 4 };

  bobbin_thread_set_reading_position (thread, &position);
  g_assert_cmpint (bobbin_thread_get_reading_position (thread)->block_id, ==, 2);
  g_assert_cmpint (bobbin_thread_get_reading_position (thread)->pixels, ==, 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/thread/defaults", test_defaults);
  g_test_add_func ("/thread/title", test_title);
  g_test_add_func ("/thread/title-of-strangers", test_title_of_strangers);
  g_test_add_func ("/thread/title-kept", test_title_kept);
  g_test_add_func ("/thread/activity", test_activity);
  g_test_add_func ("/thread/reading-position", test_reading_position);

  return g_test_run ();
}
