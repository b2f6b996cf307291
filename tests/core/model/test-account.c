#include "config.h"

#include "model-asserts.h"
#include "model/bobbin-account.h"

static void
test_defaults (void)
{
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "Work", "https://x.example");
  g_autoptr(BobbinAccount) other = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, NULL, NULL);

  g_assert_cmpint (bobbin_account_get_id (account), !=, 0);
  g_assert_cmpint (bobbin_account_get_id (other), !=, bobbin_account_get_id (account));
  g_assert_cmpint (bobbin_account_get_service (account), ==, BOBBIN_SERVICE_NEBELUS);
  g_assert_cmpstr (bobbin_account_get_name (account), ==, "Work");
  g_assert_cmpstr (bobbin_account_get_base_url (account), ==, "https://x.example");
  g_assert_null (bobbin_account_get_agent_id (account));
  g_assert_cmpint (bobbin_account_get_transport (account), ==, BOBBIN_TRANSPORT_AUTO);
  g_assert_false (bobbin_account_get_allow_plain (account));
  g_assert_null (bobbin_account_get_pinned_certificate (account));
  g_assert_cmpstr (bobbin_account_get_options (account), ==, "{}");
  g_assert_false (bobbin_account_get_needs_key (account));
  assert_notifies_once (G_OBJECT (account));
}

static void
test_options (void)
{
  g_autoptr(BobbinAccount) account = bobbin_account_new (1, BOBBIN_SERVICE_AIBTC, "a", "b");
  g_autofree char *read = NULL;
  guint notified = 0;

  count_signal (account, "notify::options", &notified);
  g_assert_null (bobbin_account_dup_option (account, "form"));
  bobbin_account_set_option (account, "form", "head\"er");
  read = bobbin_account_dup_option (account, "form");
  g_assert_cmpstr (read, ==, "head\"er");
  bobbin_account_set_option (account, "other", "x");
  bobbin_account_set_option (account, "form", NULL);
  g_assert_null (bobbin_account_dup_option (account, "form"));
  g_assert_cmpstr (bobbin_account_get_options (account), ==, "{\"other\":\"x\"}");
  g_assert_cmpuint (notified, ==, 3);

  bobbin_account_set_options (account, NULL);
  g_assert_cmpstr (bobbin_account_get_options (account), ==, "{}");
  /* What is no object is replaced, not appended to. */
  bobbin_account_set_options (account, "[1]");
  g_assert_null (bobbin_account_dup_option (account, "form"));
  bobbin_account_set_option (account, "a", "b");
  g_assert_cmpstr (bobbin_account_get_options (account), ==, "{\"a\":\"b\"}");
}

static const char *
service_nick (int service)
{
  return bobbin_service_get_nick ((BobbinService) service);
}

static gboolean
service_from (const char *nick,
              int        *ret_service)
{
  BobbinService service = BOBBIN_SERVICE_DEMO;

  if (!bobbin_service_from_nick (nick, &service))
    return FALSE;

  *ret_service = (int) service;
  return TRUE;
}

static const char *
transport_nick (int transport)
{
  return bobbin_transport_get_nick ((BobbinTransport) transport);
}

static gboolean
transport_from (const char *nick,
                int        *ret_transport)
{
  BobbinTransport transport = BOBBIN_TRANSPORT_AUTO;

  if (!bobbin_transport_from_nick (nick, &transport))
    return FALSE;

  *ret_transport = (int) transport;
  return TRUE;
}

static void
test_nicks (void)
{
  assert_nicks (BOBBIN_N_SERVICES, service_nick, service_from);
  assert_nicks (BOBBIN_TRANSPORT_SSE + 1, transport_nick, transport_from);
  for (int i = 0; i < BOBBIN_N_SERVICES; i++)
    g_assert_nonnull (bobbin_service_get_label ((BobbinService) i));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/account/defaults", test_defaults);
  g_test_add_func ("/account/options", test_options);
  g_test_add_func ("/account/nicks", test_nicks);

  return g_test_run ();
}
