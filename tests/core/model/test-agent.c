#include "config.h"

#include "model/bobbin-agent.h"

static void
test_agent (void)
{
  g_autoptr(BobbinAgent) named = bobbin_agent_new (3, "a-1", "Ada", "gpt");
  g_autoptr(BobbinAgent) nameless = bobbin_agent_new (3, "a-2", "", NULL);
  g_autoptr(BobbinAgent) odd = bobbin_agent_new (3, "a-3", "Ada\n\u202eL\x07", NULL);

  g_assert_cmpint (bobbin_agent_get_account_id (named), ==, 3);
  g_assert_cmpstr (bobbin_agent_get_agent_id (named), ==, "a-1");
  g_assert_cmpstr (bobbin_agent_get_name (named), ==, "Ada");
  g_assert_cmpstr (bobbin_agent_get_model (named), ==, "gpt");
  g_assert_cmpstr (bobbin_agent_get_name (nameless), ==, "a-2");
  g_assert_null (bobbin_agent_get_model (nameless));
  g_assert_cmpstr (bobbin_agent_get_name (odd), ==, "Ada L");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/agent", test_agent);

  return g_test_run ();
}
