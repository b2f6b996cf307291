#include "config.h"

#include "model/bobbin-rule.h"
#include "util/bobbin-json.h"

static gboolean
covers (BobbinRule *rule,
        gint64      account_id,
        const char *agent_id,
        const char *tool,
        const char *arguments)
{
  g_autoptr(JsonNode) node = arguments != NULL ? bobbin_json_parse (arguments, -1, NULL) : NULL;

  return bobbin_rule_covers (rule, account_id, agent_id, tool, node);
}

static void
test_exact (void)
{
  g_autoptr(BobbinRule) rule = bobbin_rule_new (0, 1, "agent", "send_mail", "{\"to\":\"a@b.example\",\"x\":{\"b\":[1,2],\"a\":null}}", 5);

  g_assert_true (covers (rule, 1, "agent", "send_mail", "{ \"x\": {\"a\": null, \"b\": [1, 2]}, \"to\": \"a@b.example\" }"));
  g_assert_false (covers (rule, 2, "agent", "send_mail", "{\"to\":\"a@b.example\",\"x\":{\"b\":[1,2],\"a\":null}}"));
  g_assert_false (covers (rule, 1, "other", "send_mail", "{\"to\":\"a@b.example\",\"x\":{\"b\":[1,2],\"a\":null}}"));
  g_assert_false (covers (rule, 1, NULL, "send_mail", "{\"to\":\"a@b.example\",\"x\":{\"b\":[1,2],\"a\":null}}"));
  g_assert_false (covers (rule, 1, "agent", "send_mails", "{\"to\":\"a@b.example\",\"x\":{\"b\":[1,2],\"a\":null}}"));
  g_assert_false (covers (rule, 1, "agent", "send_mail", "{\"to\":\"a@b.example\",\"x\":{\"b\":[2,1],\"a\":null}}"));
  g_assert_false (covers (rule, 1, "agent", "send_mail", "{\"to\":\"a@b.example\"}"));
  g_assert_false (covers (rule, 1, "agent", "send_mail", NULL));
}

static void
test_none_is_empty (void)
{
  g_autoptr(BobbinRule) rule = bobbin_rule_new (0, 1, NULL, "look", "{}", 5);

  g_assert_true (covers (rule, 1, NULL, "look", NULL));
  g_assert_true (covers (rule, 1, NULL, "look", "{}"));
  g_assert_true (covers (rule, 1, NULL, "look", "null"));
  g_assert_false (covers (rule, 1, NULL, "look", "{\"a\":1}"));
}

static void
test_any (void)
{
  g_autoptr(BobbinRule) rule = bobbin_rule_new (0, 1, NULL, "get_weather", NULL, 5);
  g_autoptr(BobbinRule) bad = bobbin_rule_new (0, 1, NULL, "delete_file", NULL, 5);

  g_assert_true (covers (rule, 1, NULL, "get_weather", "{\"place\":\"Leeds\"}"));
  g_assert_false (covers (rule, 1, NULL, "Get_weather", "{}"));
  /* what destroys is never covered with whatever arguments, also not by a rule that says so */
  g_assert_false (covers (bad, 1, NULL, "delete_file", "{}"));
}

/* What cannot be read covers nothing. */
static void
test_broken (void)
{
  g_autoptr(BobbinRule) rule = bobbin_rule_new (0, 1, NULL, "look", "{broken", 5);

  g_assert_nonnull (bobbin_rule_get_arguments (rule));
  g_assert_false (covers (rule, 1, NULL, "look", "{}"));
}

static void
test_risky (void)
{
  static const char *const risky[] = { "delete_file", "DropTable", "send_mail", "bash", "runCommand", "payment_transfer", "rm_or_remove" };
  static const char *const fine[] = { "get_weather", "lookup", "list_files", "calculator" };

  for (guint i = 0; i < G_N_ELEMENTS (risky); i++)
    g_assert_false (bobbin_rule_may_cover_any (risky[i]));
  for (guint i = 0; i < G_N_ELEMENTS (fine); i++)
    g_assert_true (bobbin_rule_may_cover_any (fine[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rule/exact", test_exact);
  g_test_add_func ("/rule/none-is-empty", test_none_is_empty);
  g_test_add_func ("/rule/any", test_any);
  g_test_add_func ("/rule/broken", test_broken);
  g_test_add_func ("/rule/risky", test_risky);

  return g_test_run ();
}
