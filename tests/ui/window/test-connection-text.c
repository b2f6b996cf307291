#include "config.h"
#include "window/bobbin-connection-text.h"

#include "model/bobbin-account.h"

static void
test_every_state (void)
{
  static const struct { const char *state; BobbinBannerKind banner; } rows[BOBBIN_N_SESSION_STATES] = {
    [BOBBIN_SESSION_IDLE] = { "", BOBBIN_BANNER_NONE },
    [BOBBIN_SESSION_CONNECTING] = { "Connecting…", BOBBIN_BANNER_NONE },
    [BOBBIN_SESSION_SENDING] = { "Sending…", BOBBIN_BANNER_NONE },
    [BOBBIN_SESSION_STREAMING] = { "Answering…", BOBBIN_BANNER_NONE },
    [BOBBIN_SESSION_APPROVAL] = { "Needs your approval", BOBBIN_BANNER_NONE },
    [BOBBIN_SESSION_STOPPING] = { "Stopping…", BOBBIN_BANNER_NONE },
    [BOBBIN_SESSION_BACKOFF] = { "Reconnecting in 5 s", BOBBIN_BANNER_BACKOFF },
    [BOBBIN_SESSION_OFFLINE] = { "Offline", BOBBIN_BANNER_OFFLINE },
    [BOBBIN_SESSION_FALLBACK] = { "Connecting…", BOBBIN_BANNER_NONE },
    [BOBBIN_SESSION_FAILED] = { "Not connected", BOBBIN_BANNER_FAILED },
  };

  for (guint i = 0; i < BOBBIN_N_SESSION_STATES; i++)
    {
      BobbinConnectionFacts facts = { .state = i, .retry_in_us = 4 * G_USEC_PER_SEC + 1 };
      g_autofree char *state = bobbin_connection_dup_state (&facts);
      BobbinBannerKind banner = bobbin_connection_get_banner (&facts);
      g_autofree char *text = bobbin_connection_dup_banner (&facts, banner);

      g_assert_cmpstr (state, ==, rows[i].state);
      g_assert_cmpint (banner, ==, rows[i].banner);
      g_assert_true ((text == NULL) == (banner == BOBBIN_BANNER_NONE));
      g_assert_true (bobbin_connection_counts_down (&facts) == (i == BOBBIN_SESSION_BACKOFF || i == BOBBIN_SESSION_FAILED));
    }
}

static void
test_every_banner (void)
{
  for (guint kind = BOBBIN_BANNER_NONE + 1; kind < BOBBIN_N_BANNERS; kind++)
    {
      BobbinConnectionFacts facts = { .expires_in_us = 1, .retry_in_us = 1, .key_expires_in_us = 1 };
      g_autofree char *text = bobbin_connection_dup_banner (&facts, kind);

      g_assert_nonnull (text);
      g_assert_true (g_str_has_suffix (text, ".") || g_str_has_suffix (text, "…"));
    }
}

static void
test_weight (void)
{
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_IDLE, .connected = TRUE };
  g_autofree char *live = bobbin_connection_dup_state (&facts);

  g_assert_cmpstr (live, ==, "Live");
  facts.unencrypted = TRUE;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_UNENCRYPTED);
  {
    BobbinConnectionFacts waiting = { .state = BOBBIN_SESSION_CONNECTING, .slow = TRUE, .awaits_key = TRUE };
    g_autofree char *text = bobbin_connection_dup_banner (&waiting, bobbin_connection_get_banner (&waiting));

    g_assert_nonnull (strstr (text, "keyring"));
  }
  facts.expires_in_us = 1;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_EXPIRES);
  facts.expires_in_us = 0;
  facts.key_expires_in_us = 1;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_KEY_EXPIRES);
  facts.can_send_context = TRUE;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_CONTEXT);
  facts.state = BOBBIN_SESSION_CONNECTING;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_CONTEXT);
  facts.slow = TRUE;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_CONNECTING);
  facts.state = BOBBIN_SESSION_FAILED;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_FAILED);
  facts.needs_key = TRUE;
  g_assert_cmpint (bobbin_connection_get_banner (&facts), ==, BOBBIN_BANNER_NEEDS_KEY);
}

static void
test_reason (void)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_TLS, BOBBIN_CERTAINTY_UNSENT, NULL);
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_FAILED, .failure = failure };
  g_autofree char *text = bobbin_connection_dup_banner (&facts, BOBBIN_BANNER_FAILED);

  g_assert_nonnull (strstr (text, "certificate"));
}

static void
test_due (void)
{
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_BACKOFF, .retry_in_us = 0 };
  g_autofree char *state = bobbin_connection_dup_state (&facts);

  g_assert_cmpstr (state, ==, "Reconnecting…");
  g_assert_false (bobbin_connection_counts_down (&facts));
}

/* The other conversations of an account whose key was refused met no failure themselves. */
static void
test_refused_elsewhere (void)
{
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_IDLE, .needs_key = TRUE, .key_refused = TRUE };
  g_autofree char *text = bobbin_connection_dup_banner (&facts, bobbin_connection_get_banner (&facts));

  g_assert_nonnull (strstr (text, "did not accept"));
}

/* A server that asks for a wait is there. */
static void
test_limited_backoff (void)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_UNSENT, NULL);
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_BACKOFF, .retry_in_us = 4 * G_USEC_PER_SEC + 1, .failure = failure };
  g_autofree char *text = bobbin_connection_dup_banner (&facts, BOBBIN_BANNER_BACKOFF);

  g_assert_null (strstr (text, "lost"));
  g_assert_nonnull (strstr (text, "in 5 s"));
}

/* No key yet, and a key that was refused, are different things to do something about. */
static void
test_keys (void)
{
  g_autoptr(BobbinFailure) none = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT, "No key is stored for this account");
  g_autoptr(BobbinFailure) refused = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT, NULL);
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_FAILED, .needs_key = TRUE, .failure = none };
  g_autofree char *missing = bobbin_connection_dup_banner (&facts, BOBBIN_BANNER_NEEDS_KEY);
  g_autofree char *wrong = NULL;

  refused->http_status = 401;
  facts.failure = refused;
  wrong = bobbin_connection_dup_banner (&facts, BOBBIN_BANNER_NEEDS_KEY);
  g_assert_nonnull (strstr (missing, "no key yet"));
  g_assert_nonnull (strstr (wrong, "did not accept"));
}

/* An account without a key has none that could be mended. */
static void
test_keyless (void)
{
  g_autoptr(BobbinFailure) refused = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, NULL);
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_FAILED, .keyless = TRUE, .failure = refused };
  g_autofree char *failed = bobbin_connection_dup_banner (&facts, BOBBIN_BANNER_FAILED);

  g_assert_null (strstr (failed, "key"));
}

/* A server that said how long it takes no messages. */
static void
test_limited (void)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, NULL);
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_FAILED, .failure = failure, .retry_in_us = 7 * G_USEC_PER_SEC };
  g_autofree char *text = bobbin_connection_dup_banner (&facts, BOBBIN_BANNER_FAILED);

  g_assert_nonnull (strstr (text, "7 s"));
  g_assert_true (bobbin_connection_counts_down (&facts));
  facts.retry_in_us = 0;
  g_assert_false (bobbin_connection_counts_down (&facts));
}

static void
test_reconciling (void)
{
  BobbinConnectionFacts facts = { .state = BOBBIN_SESSION_IDLE, .connected = TRUE, .reconciling = TRUE };
  g_autofree char *state = bobbin_connection_dup_state (&facts);

  g_assert_cmpstr (state, ==, "Looking for the answer…");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection-text/every-state", test_every_state);
  g_test_add_func ("/connection-text/every-banner", test_every_banner);
  g_test_add_func ("/connection-text/weight", test_weight);
  g_test_add_func ("/connection-text/reason", test_reason);
  g_test_add_func ("/connection-text/due", test_due);
  g_test_add_func ("/connection-text/keys", test_keys);
  g_test_add_func ("/connection-text/keyless", test_keyless);
  g_test_add_func ("/connection-text/limited", test_limited);
  g_test_add_func ("/connection-text/reconciling", test_reconciling);
  g_test_add_func ("/connection-text/limited-backoff", test_limited_backoff);
  g_test_add_func ("/connection-text/refused-elsewhere", test_refused_elsewhere);

  return g_test_run ();
}
