/* Messages with every block that is a widget, for pictures. */
#include "config.h"

#include "messages.h"

#include "util/bobbin-id.h"

static BobbinBlock *
add_data (BobbinMessage   *message,
          BobbinBlockKind  kind,
          const char      *data)
{
  BobbinBlock *block = messages_block (message, kind, BOBBIN_BLOCK_DONE, NULL);

  bobbin_block_set_data (block, data);

  return block;
}

static void
add_tables (BobbinMessage *message)
{
  GString *long_rows = g_string_new ("{\"title\":\"Measurements\",\"headers\":[\"Time\",\"Sensor\",\"Value\",\"Note\"],\"rows\":[");

  add_data (message, BOBBIN_BLOCK_TABLE,
            "{\"headers\":[\"Invoice\",\"Customer\",\"Due\",\"Amount\"],\"rows\":[[\"118\",\"Acme\",\"2 March\",\"1,250.00 €\"],"
            "[\"119\",\"Blue Fig\",\"9 March\",\"310.50 €\"],[\"120\",\"Café Zoë\",\"16 March\",\"78.20 €\"],"
            "[\"121\",\"مكتبة النور\",\"23 March\",\"12,004.00 €\"]]}");
  add_data (message, BOBBIN_BLOCK_TABLE,
            "[{\"Step\":1,\"What is done\":\"The column sums are compared with the ledger of last month, and every difference of more "
            "than one cent is listed with the invoice it belongs to.\",\"Who\":\"Ledger\"},{\"Step\":2,\"What is done\":\"Reminders\","
            "\"Who\":\"A person\"}]");
  for (guint i = 0; i < 40; i++)
    g_string_append_printf (long_rows, "%s[\"2026-03-%02u %02u:15\",\"S%u\",%.2f,\"%s\"]", i > 0 ? "," : "", i % 28 + 1, i % 24, i % 7,
                            i * 1.37, i % 9 == 0 ? "Calibrated after the repair of the second line, see the log of that day" : "");
  g_string_append (long_rows, "]}");
  add_data (message, BOBBIN_BLOCK_TABLE, long_rows->str);
  g_string_free (long_rows, TRUE);
}

static void
add_charts (BobbinMessage *message)
{
  static const char *const charts[] = {
    "{\"type\":\"bar\",\"data\":{\"labels\":[\"January\",\"February\",\"March\",\"April\"],\"datasets\":[{\"label\":\"2025\",\"data\":[120,190,"
    "300,250]},{\"label\":\"2026\",\"data\":[180,210,280,390]}]},\"options\":{\"title\":\"Visitors\"}}",
    "{\"type\":\"line\",\"title\":\"Temperature\",\"y_title\":\"°C\",\"x_title\":\"Day\",\"labels\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\"],"
    "\"series\":[{\"name\":\"Leeds\",\"data\":[4,6,null,7,9,11,10,8]},{\"name\":\"Cadiz\",\"data\":[14,15,16,17,15,18,19,18]}]}",
    "{\"type\":\"area\",\"stacked\":true,\"title\":\"Energy\",\"labels\":[\"2021\",\"2022\",\"2023\",\"2024\",\"2025\"],\"series\":["
    "{\"name\":\"Wind\",\"data\":[20,24,30,33,40]},{\"name\":\"Sun\",\"data\":[10,14,20,28,35]},{\"name\":\"Water\",\"data\":[8,8,9,8,9]}]}",
    "{\"type\":\"doughnut\",\"title\":\"Costs\",\"data\":{\"Rent\":820,\"Food\":310,\"Travel\":140,\"Books\":60,\"Other\":45}}",
    "{\"type\":\"horizontalBar\",\"stacked\":true,\"title\":\"Votes\",\"labels\":[\"A rather long label of a row\",\"North\",\"South\"],"
    "\"series\":[{\"name\":\"Yes\",\"data\":[12000,18000,9000]},{\"name\":\"No\",\"data\":[7000,-3000,11000]}]}",
  };
  GString *points = g_string_new ("{\"type\":\"scatter\",\"title\":\"Size and weight\",\"data\":{\"datasets\":[{\"label\":\"Cats\",\"data\":[");

  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    add_data (message, BOBBIN_BLOCK_CHART, charts[i]);
  for (guint i = 0; i < 60; i++)
    g_string_append_printf (points, "%s{\"x\":%u,\"y\":%.1f}", i > 0 ? "," : "", 20 + i * 7 % 30, 2 + (i * 7 % 30) * 0.1 + (i * 13 % 17) * 0.1);
  g_string_append (points, "]},{\"label\":\"Dogs\",\"data\":[[40,8],[55,14],[60,20.5],[48,11]]}]}}");
  add_data (message, BOBBIN_BLOCK_CHART, points->str);
  g_string_free (points, TRUE);
}

static void
add_json (BobbinMessage *message)
{
  BobbinBlock *block;

  add_data (message, BOBBIN_BLOCK_JSON,
            "{\"order\":{\"id\":4711,\"paid\":true,\"items\":[{\"sku\":\"A-1\",\"count\":2},{\"sku\":\"B-7\",\"count\":1}],"
            "\"note\":null},\"total\":99.9,\"text\":\"Dear customer,\\nyour order is on its way.\\nWith kind regards\"}");
  block = add_data (message, BOBBIN_BLOCK_UNKNOWN, "{\"angle\":42,\"frames\":[\"a\",\"b\"]}");
  bobbin_block_set_name (block, "hologram");
}

static void
add_tool (BobbinMessage    *message,
          BobbinBlockState  state,
          const char       *name,
          const char       *arguments,
          const char       *result)
{
  BobbinBlock *block = messages_block (message, BOBBIN_BLOCK_TOOL_CALL, state, NULL);

  bobbin_block_set_name (block, name);
  bobbin_block_set_data (block, arguments);
  bobbin_block_set_result (block, result);
}

static void
add_agent (BobbinMessage *message)
{
  g_autofree char *rule = bobbin_id_to_string (1);
  g_autofree char *result = g_strdup_printf ("[{\"type\":\"approve\",\"rule\":\"%s\"}]", rule);
  BobbinBlock *block = messages_block (message, BOBBIN_BLOCK_THINKING, BOBBIN_BLOCK_DONE,
                                       "The customer asked for the open invoices.\nI look them up first.");

  bobbin_block_set_started_us (block, 1);
  bobbin_block_set_finished_us (block, 12 * G_USEC_PER_SEC);
  add_tool (message, BOBBIN_BLOCK_DONE, "search_invoices", "{\"status\":\"open\",\"customer\":\"Acme\"}", "{\"count\":2}");
  add_tool (message, BOBBIN_BLOCK_ERROR, "exchange_rate", "{\"from\":\"USD\"}", "timed out");
  add_tool (message, BOBBIN_BLOCK_DONE, "get_weather", "{\"place\":\"Leeds\"}", "{\"sky\":\"rain\"}");
  messages_block (message, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_DONE, "Two invoices are open [1]. Shall I look for more?");
  block = messages_block (message, BOBBIN_BLOCK_APPROVAL, BOBBIN_BLOCK_OPEN, "May I look in the archive?");
  bobbin_block_set_data (block, "{\"tools\":[{\"name\":\"look_up\",\"args\":{\"place\":\"archive\",\"years\":[2024,2025]}}]}");
  block = messages_block (message, BOBBIN_BLOCK_APPROVAL, BOBBIN_BLOCK_DONE, "May I look in the files?");
  bobbin_block_set_data (block, "{\"tools\":[{\"name\":\"look_up\",\"args\":{\"place\":\"files\"}}]}");
  bobbin_block_set_result (block, result);
  block = messages_block (message, BOBBIN_BLOCK_APPROVAL, BOBBIN_BLOCK_OPEN, NULL);
  bobbin_block_set_data (block, "{\"answer\":\"outputs\",\"tools\":[{\"id\":\"1\",\"name\":\"look_up\",\"args\":{\"currency\":\"EUR\"}}]}");
  block = messages_block (message, BOBBIN_BLOCK_APPROVAL, BOBBIN_BLOCK_OPEN, NULL);
  bobbin_block_set_name (block, "APPROVAL");
  bobbin_block_set_data (block, "{\"answer\":\"text\",\"reason\":\"interrupt_before: APPROVAL\"}");
  add_data (message, BOBBIN_BLOCK_FILE, "{\"file_id\":\"file_1\",\"name\":\"a report with a long name.pdf\",\"size\":123456}");
  add_data (message, BOBBIN_BLOCK_SOURCES,
            "{\"sources\":[{\"title\":\"Ledger of March\",\"url\":\"https://ledger.example/march\",\"page\":3},"
            "{\"title\":\"terms.pdf\",\"quote\":\"Payment is due within thirty days of the date of the invoice.\"}]}");
  add_data (message, BOBBIN_BLOCK_IMAGE, "{\"url\":\"https://example.com/chart.png\"}");
}

GListStore *
messages_blocks (const char *which)
{
  GListStore *store = g_list_store_new (BOBBIN_TYPE_MESSAGE);
  g_autoptr(BobbinMessage) prompt = messages_text (BOBBIN_ROLE_USER, "Show me everything", g_get_real_time ());
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, g_get_real_time ());

  bobbin_message_set_agent_name (message, "Ledger");
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  if (which == NULL || g_str_equal (which, "charts"))
    add_charts (message);
  if (which == NULL || g_str_equal (which, "data"))
    {
      add_json (message);
      add_tables (message);
    }
  if (which == NULL || g_str_equal (which, "agent"))
    add_agent (message);
  g_list_store_append (store, prompt);
  g_list_store_append (store, message);

  return store;
}
