#include "config.h"

#include "util/bobbin-error.h"

static void
test_nicks (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int code = 0; code < BOBBIN_N_ERRORS; code++)
    {
      const char *nick = bobbin_error_code_nick ((BobbinErrorCode) code);

      g_assert_nonnull (nick);
      g_assert_true (g_hash_table_add (seen, (gpointer) nick));
    }
}

static void
test_from_error (void)
{
  struct { GQuark domain; int code; BobbinErrorCode expected; } cases[] = {
    { BOBBIN_ERROR, BOBBIN_ERROR_CREDITS, BOBBIN_ERROR_CREDITS },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, BOBBIN_ERROR_TIMED_OUT },
    { G_IO_ERROR, G_IO_ERROR_NO_SPACE, BOBBIN_ERROR_STORE },
    { G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, BOBBIN_ERROR_FILE },
    { G_IO_ERROR, G_IO_ERROR_FAILED, BOBBIN_ERROR_FAILED },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, BOBBIN_ERROR_TLS },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, BOBBIN_ERROR_NETWORK },
    { G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE, BOBBIN_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (cases[i].domain, cases[i].code, "words");
      g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN);

      g_assert_cmpint (failure->code, ==, cases[i].expected);
      g_assert_cmpint (failure->certainty, ==, BOBBIN_CERTAINTY_UNKNOWN);
      g_assert_cmpstr (failure->detail, ==, "words");
      g_assert_cmpint (failure->retry_after_ms, ==, -1);
    }
}

static void
test_failure (void)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, "bad \xff byte");
  g_autoptr(BobbinFailure) copy = NULL;
  g_autoptr(BobbinFailure) plain = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) bare = NULL;

  g_assert_true (g_utf8_validate (failure->detail, -1, NULL));
  failure->http_status = 429;
  failure->retry_after_ms = 7000;
  copy = bobbin_failure_copy (failure);
  g_assert_cmpint (copy->http_status, ==, 429);
  g_assert_cmpint (copy->retry_after_ms, ==, 7000);
  g_assert_cmpstr (copy->detail, ==, failure->detail);
  g_assert_true (copy->detail != failure->detail);
  g_assert_null (bobbin_failure_copy (NULL));
  bobbin_failure_free (NULL);

  error = bobbin_failure_to_error (failure);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_RATE_LIMITED);
  bare = bobbin_failure_to_error (plain);
  g_assert_cmpstr (bare->message, ==, "auth");
}

static void
test_transient (void)
{
  const guint transient = 1u << BOBBIN_ERROR_NETWORK | 1u << BOBBIN_ERROR_TIMED_OUT | 1u << BOBBIN_ERROR_RATE_LIMITED |
                          1u << BOBBIN_ERROR_BUSY | 1u << BOBBIN_ERROR_INTERRUPTED | 1u << BOBBIN_ERROR_REPLY_TOO_LARGE;

  for (int code = 0; code < BOBBIN_N_ERRORS; code++)
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new ((BobbinErrorCode) code, BOBBIN_CERTAINTY_UNKNOWN, NULL);

      g_assert_cmpint (bobbin_failure_is_transient (failure), ==, (transient >> code & 1) != 0);
    }
}

static void
test_transient_server (void)
{
  g_autoptr(BobbinFailure) unsent = bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNSENT, NULL);

  g_assert_true (bobbin_failure_is_transient (unsent));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/nicks", test_nicks);
  g_test_add_func ("/error/from-error", test_from_error);
  g_test_add_func ("/error/failure", test_failure);
  g_test_add_func ("/error/transient", test_transient);
  g_test_add_func ("/error/transient-server", test_transient_server);

  return g_test_run ();
}
