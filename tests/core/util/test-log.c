#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"

#include "util/bobbin-log.h"
#include "util/bobbin-redact.h"

#include <string.h>

static void
test_shows (void)
{
  g_unsetenv ("G_MESSAGES_DEBUG");
  g_unsetenv ("BOBBIN_DEBUG");
  g_assert_true (bobbin_log_shows ("anything", G_LOG_LEVEL_WARNING));
  g_assert_true (bobbin_log_shows (NULL, G_LOG_LEVEL_CRITICAL));
  g_assert_false (bobbin_log_shows ("bobbin-session", G_LOG_LEVEL_DEBUG));

  g_setenv ("BOBBIN_DEBUG", "session, bobbin-wire", TRUE);
  g_assert_true (bobbin_log_shows ("bobbin-session", G_LOG_LEVEL_DEBUG));
  g_assert_true (bobbin_log_shows ("bobbin-wire", G_LOG_LEVEL_INFO));
  g_assert_false (bobbin_log_shows ("bobbin-store", G_LOG_LEVEL_DEBUG));
  g_setenv ("BOBBIN_DEBUG", "all", TRUE);
  g_assert_true (bobbin_log_shows ("bobbin-store", G_LOG_LEVEL_DEBUG));
  g_assert_false (bobbin_log_shows ("GLib-GIO", G_LOG_LEVEL_DEBUG));
  g_assert_false (bobbin_log_shows (NULL, G_LOG_LEVEL_DEBUG));
  g_unsetenv ("BOBBIN_DEBUG");

  g_setenv ("G_MESSAGES_DEBUG", "GLib-GIO", TRUE);
  g_assert_true (bobbin_log_shows ("GLib-GIO", G_LOG_LEVEL_DEBUG));
  g_unsetenv ("G_MESSAGES_DEBUG");

  bobbin_log_set_verbose (TRUE);
  g_assert_true (bobbin_log_shows ("bobbin", G_LOG_LEVEL_DEBUG));
  g_assert_false (bobbin_log_shows ("GLib-GIO", G_LOG_LEVEL_DEBUG));
  bobbin_log_set_verbose (FALSE);
}

static void
test_writes (void)
{
  if (g_test_subprocess ())
    {
      bobbin_log_init ();
      bobbin_redact_add_secret ("marker-key-123");
      g_debug ("not shown");
      g_message ("key marker-key-123 here");
      bobbin_log_set_verbose (TRUE);
      g_debug ("Authorization: Bearer abcdefghijkl");
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*bobbin-test message: key [redacted] here\n*bobbin-test debug: Authorization: [redacted]\n*");
  g_test_trap_assert_stderr_unmatched ("*not shown*");
  g_test_trap_assert_stderr_unmatched ("*marker-key*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log/shows", test_shows);
  g_test_add_func ("/log/writes", test_writes);

  return g_test_run ();
}
