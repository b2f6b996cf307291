/* Stored messages: one message an answer, what only the state's context has, repeated rows, and pauses. */
#include "config.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-history.h"

#include <string.h>

static JsonObject *
load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".body", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "agentflow", file, NULL);
  g_autofree char *content = NULL;
  g_autoptr(JsonObject) body = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  body = bobbin_json_parse_object (content, -1, NULL);

  return json_object_ref (bobbin_json_get_object (body, "data"));
}

static char *
describe (GPtrArray *messages)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      BobbinMessage *message = messages->pdata[i];
      g_auto(GStrv) ids = g_strsplit (bobbin_message_get_server_id (message) != NULL ? bobbin_message_get_server_id (message) : "-",
                                      "\n", -1);
      g_autofree char *joined = NULL;

      for (guint j = 0; ids[j] != NULL; j++)
        if (strlen (ids[j]) > 8)
          ids[j][8] = '\0';
      joined = g_strjoinv ("+", ids);
      g_string_append_printf (out, "%s %s", bobbin_role_get_nick (bobbin_message_get_role (message)), joined);
      for (guint j = 0; j < bobbin_message_get_n_blocks (message); j++)
        {
          BobbinBlock *block = bobbin_message_get_block (message, j);

          g_string_append_printf (out, " [%s", bobbin_block_kind_get_nick (bobbin_block_get_kind (block)));
          if (bobbin_block_get_state (block) != BOBBIN_BLOCK_DONE)
            g_string_append_printf (out, " %s", bobbin_block_state_get_nick (bobbin_block_get_state (block)));
          if (bobbin_block_get_name (block) != NULL)
            g_string_append_printf (out, " %s", bobbin_block_get_name (block));
          if (*bobbin_block_get_text (block) != '\0')
            g_string_append_printf (out, " %s", bobbin_block_get_text (block));
          if (bobbin_block_get_result (block) != NULL)
            g_string_append_printf (out, " → %s", bobbin_block_get_result (block));
          g_string_append_c (out, ']');
        }
      g_string_append_c (out, '\n');
    }

  return g_string_free (out, FALSE);
}

static char *
read_texts (const char *list,
            const char *state,
            gboolean    is_whole,
            gboolean    is_newest)
{
  g_autoptr(JsonNode) array = bobbin_json_parse (list, -1, NULL);
  g_autoptr(JsonObject) object = state != NULL ? bobbin_json_parse_object (state, -1, NULL) : NULL;
  g_autoptr(GPtrArray) messages = bobbin_agentflow_read_messages (json_node_get_array (array), object, is_whole, is_newest);

  return describe (messages);
}

/* A real thread with a tool: user, assistant + call, tool, assistant are two messages here. */
static void
test_recorded (void)
{
  g_autoptr(JsonObject) list = load ("40-messages");
  g_autoptr(JsonObject) state = load ("56-state");
  g_autoptr(GPtrArray) messages =
    bobbin_agentflow_read_messages (bobbin_json_get_array (list, "messages"), bobbin_json_get_object (state, "state"), TRUE, TRUE);
  g_autofree char *text = describe (messages);

  g_assert_cmpstr (text, ==,
                   "user u-tide [text tide Cadiz]\n"
                   "assistant bf129d81+cfc126a3+b5ff62d4 [text Looking it up.] "
                   "[tool-call lookup_tide → {\"place\":\"Cadiz\",\"height_m\":4.2}] "
                   "[text The tool said: [{\"place\": \"Cadiz\", \"height_m\": 4.2}]]\n");
  g_assert_cmpint (bobbin_message_get_created_us (messages->pdata[0]), ==, G_GINT64_CONSTANT (1795186871607084));
  g_assert_cmpint (bobbin_message_get_delivery (messages->pdata[1]), ==, BOBBIN_DELIVERY_COMPLETE);
}

/* A run that pauses writes nothing to the list: everything is in the state's context. */
static void
test_paused (void)
{
  g_autoptr(JsonObject) state = load ("21-state-interrupted");
  g_autoptr(JsonArray) empty = json_array_new ();
  g_autoptr(GPtrArray) messages = bobbin_agentflow_read_messages (empty, bobbin_json_get_object (state, "state"), TRUE, TRUE);
  g_autofree char *text = describe (messages);

  g_assert_cmpstr (text, ==,
                   "user u-appr [text approve it]\n"
                   "assistant 4b1b2c65 [text Going to approve.] [approval open APPROVAL]\n");
  g_assert_cmpstr (bobbin_block_get_data (bobbin_message_get_block (messages->pdata[1], 1)), ==,
                   "{\"answer\":\"text\",\"reason\":\"interrupt_before: APPROVAL\"}");
}

#define USER(id, text) "{\"message_id\":\"" id "\",\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" text "\"}]}"
#define SAID(id, text) "{\"message_id\":\"" id "\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"" text "\"}]}"

static void
test_context (void)
{
  static const struct { const char *list; const char *context; gboolean whole; gboolean newest; const char *text; } rows[] = {
    /* missing ones before the next that is present */
    { "[" USER ("3", "c") "," SAID ("4", "d") "]", "[" USER ("1", "a") "," SAID ("2", "b") "," USER ("3", "c") "," SAID ("4", "d") "]",
      TRUE, TRUE, "user 1 [text a]\nassistant 2 [text b]\nuser 3 [text c]\nassistant 4 [text d]\n" },
    /* on a page that is not the first they are older than the page */
    { "[" USER ("3", "c") "," SAID ("4", "d") "]", "[" USER ("1", "a") "," SAID ("2", "b") "," USER ("3", "c") "," USER ("5", "e") "]",
      FALSE, TRUE, "user 3 [text c]\nassistant 4 [text d]\nuser 5 [text e]\n" },
    /* between two that are present, also there */
    { "[" USER ("1", "a") "," SAID ("4", "d") "]", "[" USER ("1", "a") "," SAID ("2", "b") "," SAID ("4", "d") "]",
      FALSE, TRUE, "user 1 [text a]\nassistant 2+4 [text b] [text d]\n" },
    /* on an older page nothing goes to the end */
    { "[" USER ("1", "a") "]", "[" USER ("1", "a") "," USER ("2", "b") "]", TRUE, FALSE, "user 1 [text a]\n" },
    /* the same words beside each other are one message under two ids */
    { "[" SAID ("9", "d") "]", "[" SAID ("4", "d") "]", TRUE, TRUE, "assistant 9 [text d]\n" },
    { "[" SAID ("9", "d") "]", "[" SAID ("4", "d") "," SAID ("9", "d") "]", TRUE, TRUE, "assistant 9 [text d]\n" },
    { "[]", "[]", TRUE, TRUE, "" },
    { "[]", "[7,null,\"x\"]", TRUE, TRUE, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *state = g_strdup_printf ("{\"context\":%s}", rows[i].context);
      g_autofree char *text = read_texts (rows[i].list, state, rows[i].whole, rows[i].newest);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_repeated (void)
{
  /* the way out of a stuck thread leaves the prompt several times */
  g_autofree char *stuck = read_texts ("[" USER ("7", "x") "," USER ("7", "x") "," USER ("7", "x") "," SAID ("8", "y") "]", NULL, TRUE, TRUE);
  /* "0" is the id of every message of some clients */
  g_autofree char *zero = read_texts ("[" USER ("0", "x") "," SAID ("1", "y") "," USER ("0", "x") "," SAID ("2", "y") "]", NULL, TRUE, TRUE);
  /* one id, two contents: both are kept */
  g_autofree char *two = read_texts ("[" USER ("7", "x") "," USER ("7", "z") "]", NULL, TRUE, TRUE);
  g_autofree char *none = read_texts ("[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"a\"}]", NULL, TRUE, TRUE);

  g_assert_cmpstr (stuck, ==, "user 7 [text x]\nassistant 8 [text y]\n");
  g_assert_cmpstr (zero, ==, "user 0 [text x]\nassistant 1 [text y]\nuser 0 [text x]\nassistant 2 [text y]\n");
  g_assert_cmpstr (two, ==, "user 7 [text x]\nuser 7 [text z]\n");
  g_assert_cmpstr (none, ==, "user - [text a]\nuser - [text a]\n");
}

static void
test_odd (void)
{
  g_autofree char *text =
    read_texts ("[7,{\"message_id\":12,\"role\":\"robot\",\"content\":null,\"timestamp\":\"2026-01-01T00:00:00\"},"
                "{\"message_id\":\"s\",\"role\":\"system\",\"content\":\"Be brief.\"},"
                "{\"message_id\":\"t\",\"role\":\"tool\",\"content\":[{\"type\":\"tool_result\",\"call_id\":\"lost\",\"output\":\"o\"}],"
                "\"metadata\":{\"function_name\":\"f\"}}]",
                "{\"context\":\"x\",\"execution_meta\":[]}", TRUE, TRUE);

  g_assert_cmpstr (text, ==, "assistant 12\nsystem s [text Be brief.]\nassistant t [tool-call f → o]\n");
}

/* A stop is no question (section 8). */
static void
test_stopped (void)
{
  g_autofree char *text =
    read_texts ("[" USER ("1", "a") "]", "{\"execution_meta\":{\"status\":\"interrupted_after\",\"interrupt_reason\":\"stop_requested\"}}",
                TRUE, TRUE);
  g_autofree char *paused =
    read_texts ("[" USER ("1", "a") "]", "{\"execution_meta\":{\"status\":\"interrupted_after\",\"interrupted_node\":\"N\"}}", TRUE, TRUE);

  g_assert_cmpstr (text, ==, "user 1 [text a]\n");
  g_assert_cmpstr (paused, ==, "user 1 [text a]\nassistant - [approval open N]\n");
}

static void
test_has_id (void)
{
  g_autoptr(JsonNode) list = bobbin_json_parse ("[{\"message_id\":7},{\"message_id\":\"x\"},3]", -1, NULL);

  g_assert_true (bobbin_agentflow_list_has_id (json_node_get_array (list), "7"));
  g_assert_true (bobbin_agentflow_list_has_id (json_node_get_array (list), "x"));
  g_assert_false (bobbin_agentflow_list_has_id (json_node_get_array (list), "3"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentflow-history/recorded", test_recorded);
  g_test_add_func ("/agentflow-history/paused", test_paused);
  g_test_add_func ("/agentflow-history/context", test_context);
  g_test_add_func ("/agentflow-history/repeated", test_repeated);
  g_test_add_func ("/agentflow-history/odd", test_odd);
  g_test_add_func ("/agentflow-history/stopped", test_stopped);
  g_test_add_func ("/agentflow-history/has-id", test_has_id);

  return g_test_run ();
}
