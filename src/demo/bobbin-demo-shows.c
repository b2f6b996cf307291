/* What the demo agent shows of each kind: charts, text in all its forms, tools in a row. */
#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-answers.h"

static const char *const charts[] = {
  "{\"type\":\"bar\",\"data\":{\"labels\":[\"January\",\"February\",\"March\",\"April\"],\"datasets\":[{\"label\":\"2025\","
  "\"data\":[120,190,300,250]},{\"label\":\"2026\",\"data\":[180,210,280,390]}]},\"options\":{\"title\":\"Visitors\"}}",
  "{\"type\":\"line\",\"title\":\"Temperature\",\"y_title\":\"°C\",\"x_title\":\"Day\",\"labels\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\"],"
  "\"series\":[{\"name\":\"Leeds\",\"data\":[4,6,null,7,9,11,10]},{\"name\":\"Cadiz\",\"data\":[14,15,16,17,15,18,19]}]}",
  "{\"type\":\"area\",\"title\":\"Water in the reservoir\",\"labels\":[\"May\",\"June\",\"July\",\"August\",\"September\"],"
  "\"series\":[{\"name\":\"Million m³\",\"data\":[42,38,29,21,24]}]}",
  "{\"type\":\"bar\",\"title\":\"Energy\",\"data\":{\"labels\":[\"2022\",\"2023\",\"2024\",\"2025\"],\"datasets\":[{\"label\":\"Wind\","
  "\"data\":[24,30,33,40],\"stack\":\"a\"},{\"label\":\"Sun\",\"data\":[14,20,28,35],\"stack\":\"a\"},{\"label\":\"Water\",\"data\":[8,9,8,9],"
  "\"stack\":\"a\"}]}}",
  "{\"type\":\"pie\",\"title\":\"Where the time goes\",\"data\":{\"Reading\":38,\"Writing\":27,\"Meetings\":24,\"Tea\":11}}",
  "{\"type\":\"doughnut\",\"title\":\"Costs\",\"data\":{\"Rent\":820,\"Food\":310,\"Travel\":140,\"Books\":60}}",
  "{\"type\":\"scatter\",\"title\":\"Size and weight\",\"x_title\":\"cm\",\"y_title\":\"kg\",\"data\":{\"datasets\":[{\"label\":\"Cats\",\"data\":["
  "[23,3.1],[25,4.2],[24,3.6],[27,5],[22,2.9],[26,4.4],[28,5.6]]},{\"label\":\"Dogs\",\"data\":[[40,8],[55,14],[60,20.5],[48,11],[35,6.2]]}]}}",
};

void
_bobbin_demo_write_chart (const BobbinDemoQuestion *question,
                          BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "Visitors by month:");
  bobbin_demo_script_block (script, "chart", charts[0]);
}

void
_bobbin_demo_write_charts (const BobbinDemoQuestion *question,
                           BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "Bars, lines, an area, stacked bars, a pie, a doughnut and points. Point at them, or focus one and "
                                  "press the arrow keys; behind each is a table.");
  for (gsize i = 0; i < G_N_ELEMENTS (charts); i++)
    bobbin_demo_script_block (script, "chart", charts[i]);
}

void
_bobbin_demo_write_markdown (const BobbinDemoQuestion *question,
                             BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script,
                          "# Text in all its forms\n\nPlain, *emphasised*, **strong**, ~~struck out~~ and `code`, with a "
                          "[link](https://www.gnome.org/) and a footnote.[^1]\n\n## Lists\n\n1. First\n2. Second\n   - nested\n   - twice\n\n"
                          "- [x] done\n- [ ] still open\n\n> A quotation, which may be long, and goes on\n> over two lines.\n\n---\n\n"
                          "| Left | Centre | Right |\n|:-----|:------:|------:|\n| a | b | 1.50 |\n| **bold** | *soft* | 12.00 |\n"
                          "| `code` | ~~old~~ | 3.25 |\n\n<b>HTML is shown as it is written.</b>\n\n[^1]: Here it is.");
}

void
_bobbin_demo_write_tools (const BobbinDemoQuestion *question,
                          BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "I look in four places.");
  bobbin_demo_script_tool (script, "search_invoices", "{\"status\":\"open\",\"customer\":\"Acme\",\"limit\":20}", 600,
                           "{\"count\":2,\"invoices\":[{\"id\":118,\"amount\":1250},{\"id\":121,\"amount\":400.5}]}", FALSE);
  bobbin_demo_script_tool (script, "get_customer", "{\"name\":\"Acme\"}", 400,
                           "{\"name\":\"Acme\",\"since\":\"2019-04-01\",\"contacts\":[{\"name\":\"B. Smith\",\"mail\":\"ap@acme.example\"}]}",
                           FALSE);
  bobbin_demo_script_tool (script, "exchange_rate", "{\"from\":\"USD\",\"to\":\"EUR\"}", 700, "\"timed out\"", TRUE);
  bobbin_demo_script_tool (script, "get_weather", "{\"place\":\"Leeds\",\"days\":1}", 500, "{\"sky\":\"rain\",\"high\":11}", FALSE);
  bobbin_demo_script_say (script, "Two invoices of Acme are open, 1,650.50 € in all. One of the four places did not answer.");
}

void
_bobbin_demo_write_long_table (const BobbinDemoQuestion *question,
                               BobbinDemoScript         *script)
{
  GString *json = g_string_new ("{\"title\":\"Measurements\",\"headers\":[\"Time\",\"Sensor\",\"Value\",\"Note\"],\"rows\":[");

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (json, "%s[\"2026-03-%02u %02u:15\",\"S%u\",%u.%02u,\"%s\"]", i > 0 ? "," : "", i % 28 + 1, i % 24, i % 7,
                            i * 37 % 500, i * 13 % 100, i % 9 == 0 ? "Calibrated" : "");
  g_string_append (json, "]}");
  bobbin_demo_script_say (script, "Five hundred rows. Press a name to sort.");
  bobbin_demo_script_block (script, "table", json->str);
  g_string_free (json, TRUE);
}

void
_bobbin_demo_write_web_image (const BobbinDemoQuestion *question,
                              BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "An image on the web, which is loaded only when you ask for it:");
  bobbin_demo_script_block (script, "image", "{\"url\":\"https://example.com/picture.png\"}");
}
