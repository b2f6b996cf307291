#include "config.h"
#include "app/bobbin-failure-text.h"

#include <gio/gio.h>

static void
test_every_code (void)
{
  for (guint code = 0; code < BOBBIN_N_ERRORS; code++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new (code, BOBBIN_CERTAINTY_UNKNOWN, NULL);
      g_autofree char *sentence = bobbin_failure_dup_sentence (failure);
      BobbinFailureAction action = bobbin_failure_get_action (failure);

      g_test_message ("%s: %s", bobbin_error_code_nick (code), sentence);
      g_assert_nonnull (sentence);
      g_assert_true (g_str_has_suffix (sentence, "."));
      g_assert_cmpuint (g_utf8_strlen (sentence, -1), >, 20);
      g_assert_true ((action == BOBBIN_FAILURE_ACTION_NONE) == (bobbin_failure_action_get_label (action) == NULL));

      /* Each says something of its own. */
      for (guint other = 0; other < code; other++)
        {
          g_autoptr(BobbinFailure) second = bobbin_failure_new (other, BOBBIN_CERTAINTY_UNKNOWN, NULL);
          g_autofree char *second_sentence = bobbin_failure_dup_sentence (second);

          g_assert_cmpstr (sentence, !=, second_sentence);
        }
    }
}

static void
test_unknown_code (void)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_FAILED, BOBBIN_CERTAINTY_UNKNOWN, NULL);
  g_autofree char *plain = bobbin_failure_dup_sentence (failure);
  g_autofree char *sentence = NULL;

  failure->code = 4711;
  sentence = bobbin_failure_dup_sentence (failure);
  g_assert_cmpstr (sentence, ==, plain);
}

static void
test_wait (void)
{
  static const struct { gint64 wait_ms; const char *needle; } rows[] = {
    { 1, " 1 second " }, { 1000, " 1 second " }, { 1001, " 2 seconds " }, { 90000, " 90 seconds " },
    { 120000, " 2 minutes " }, { 3600000, " 60 minutes " }, { G_MAXINT64, " minutes " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, NULL);
      g_autofree char *sentence = NULL;

      failure->retry_after_ms = rows[i].wait_ms;
      sentence = bobbin_failure_dup_sentence (failure);
      g_test_message ("%s", sentence);
      g_assert_nonnull (strstr (sentence, rows[i].needle));
    }
}

static void
test_cut_answer (void)
{
  g_autoptr(BobbinFailure) unsent = bobbin_failure_new (BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNSENT, NULL);
  g_autoptr(BobbinFailure) cut = bobbin_failure_new (BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED, NULL);
  g_autofree char *first = bobbin_failure_dup_sentence (unsent);
  g_autofree char *second = bobbin_failure_dup_sentence (cut);

  g_assert_nonnull (strstr (first, "address"));
  g_assert_null (strstr (second, "address"));
}

static void
test_file_named (void)
{
  static const BobbinErrorCode codes[] = { BOBBIN_ERROR_FILE, BOBBIN_ERROR_TOO_LARGE, BOBBIN_ERROR_STORE };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new (codes[i], BOBBIN_CERTAINTY_UNSENT, "detail");
      g_autofree char *sentence = bobbin_failure_dup_file_sentence (failure, "été\u202e %s.png\n");
      g_autofree char *unnamed = bobbin_failure_dup_file_sentence (failure, NULL);

      g_assert_nonnull (strstr (sentence, "été %s.png"));
      g_assert_null (strstr (unnamed, "“"));
    }
}

static void
test_detail (void)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, NULL);
  g_autofree char *none = bobbin_failure_dup_detail (failure);
  g_autofree char *codes = NULL;
  g_autofree char *words = NULL;
  g_autofree char *cut = NULL;

  g_assert_null (none);

  failure->http_status = 503;
  failure->close_code = 4004;
  codes = bobbin_failure_dup_detail (failure);
  g_assert_cmpstr (codes, ==, "HTTP 503 · close code 4004");

  failure->detail = g_strdup (" two\nlines\t");
  words = bobbin_failure_dup_detail (failure);
  g_assert_cmpstr (words, ==, "HTTP 503 · close code 4004 · two lines");

  g_free (failure->detail);
  failure->detail = g_strnfill (100000, 'x');
  cut = bobbin_failure_dup_detail (failure);
  g_assert_cmpuint (strlen (cut), <, 400);
}

/* The server's own words stand beside ours: without secrets, control characters and what turns the text around. */
static void
test_answer (void)
{
  static const struct { BobbinErrorCode code; guint http_status; guint close_code; const char *said; } rows[] = {
    { BOBBIN_ERROR_FORBIDDEN, 403, 0, "HTTP 403 · Agent “x” is not <b>yours</b> of [redacted]" },
    { BOBBIN_ERROR_SERVER, 0, 0, "Agent “x” is not <b>yours</b> of [redacted]" },
    { BOBBIN_ERROR_NETWORK, 0, 1012, "close code 1012 · Agent “x” is not <b>yours</b> of [redacted]" },
    { BOBBIN_ERROR_NETWORK, 0, 1006, NULL },
    { BOBBIN_ERROR_NETWORK, 0, 0, NULL },
    { BOBBIN_ERROR_INTERRUPTED, 0, 0, NULL },
    { BOBBIN_ERROR_STORE, 0, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinFailure) failure =
        bobbin_failure_new (rows[i].code, BOBBIN_CERTAINTY_REFUSED,
                            "Agent “x”\nis \342\200\256not\a <b>yours</b> of sk-ns-org-made-up-4711");
      g_autofree char *said = NULL;

      failure->http_status = rows[i].http_status;
      failure->close_code = rows[i].close_code;
      said = bobbin_failure_dup_answer (failure);
      g_assert_cmpstr (said, ==, rows[i].said);
    }
}

static void
test_error (void)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "No space left on device");
  g_autofree char *sentence = bobbin_error_dup_sentence (error);

  g_assert_nonnull (strstr (sentence, "free space"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/failure-text/every-code", test_every_code);
  g_test_add_func ("/failure-text/unknown-code", test_unknown_code);
  g_test_add_func ("/failure-text/wait", test_wait);
  g_test_add_func ("/failure-text/cut-answer", test_cut_answer);
  g_test_add_func ("/failure-text/file-named", test_file_named);
  g_test_add_func ("/failure-text/detail", test_detail);
  g_test_add_func ("/failure-text/answer", test_answer);
  g_test_add_func ("/failure-text/error", test_error);

  return g_test_run ();
}
