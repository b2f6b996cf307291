#include "config.h"
#include "account/bobbin-service-fields.h"

#include "backend/bobbin-backend.h"
#include "util/bobbin-error.h"

static void
test_list (void)
{
  BobbinService services[BOBBIN_N_SERVICES];
  guint n = bobbin_service_fields_list (services);

  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpint (services[0], ==, BOBBIN_SERVICE_NEBELUS);
  g_assert_cmpint (services[n - 1], ==, BOBBIN_SERVICE_DEMO);
  for (guint i = 0; i < n; i++)
    g_assert_true (bobbin_registry_has (services[i]));
}

static void
test_every_service (void)
{
  for (guint service = 0; service < BOBBIN_N_SERVICES; service++)
    {
      const BobbinServiceFields *fields = bobbin_service_fields_get (service);

      g_assert_nonnull (fields->summary);
      g_assert_true (fields->url == (service != BOBBIN_SERVICE_DEMO));
      g_assert_true (fields->key == (service != BOBBIN_SERVICE_DEMO));
    }
}

static void
test_names (void)
{
  g_autoptr(GListStore) accounts = g_list_store_new (BOBBIN_TYPE_ACCOUNT);

  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *name = bobbin_service_fields_dup_name (BOBBIN_SERVICE_NEBELUS, G_LIST_MODEL (accounts));
      g_autofree char *expected = i == 1 ? g_strdup ("Nebelus") : g_strdup_printf ("Nebelus %u", i);
      g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, name, "");

      g_assert_cmpstr (name, ==, expected);
      g_list_store_append (accounts, account);
    }
}

static void
test_url_problem (void)
{
  g_autoptr(GError) insecure = g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_INSECURE, "x");
  g_autoptr(GError) invalid = g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "x");
  g_autofree char *first = bobbin_service_fields_dup_url_problem (insecure);
  g_autofree char *second = bobbin_service_fields_dup_url_problem (invalid);

  g_assert_nonnull (strstr (first, "https"));
  g_assert_cmpstr (first, !=, second);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service-fields/list", test_list);
  g_test_add_func ("/service-fields/every-service", test_every_service);
  g_test_add_func ("/service-fields/names", test_names);
  g_test_add_func ("/service-fields/url-problem", test_url_problem);

  return g_test_run ();
}
