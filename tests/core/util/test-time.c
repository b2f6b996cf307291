#include "config.h"

#include "util/bobbin-json.h"
#include "util/bobbin-time.h"

#define MOMENT G_GINT64_CONSTANT (1769860800000000) /* 2026-01-31T12:00:00Z */

static void
test_parse (void)
{
  static const struct { const char *text; gint64 expected; } cases[] = {
    { "2026-01-31T12:00:00Z", MOMENT },
    { "2026-01-31T12:00:00", MOMENT },
    { "2026-01-31 12:00:00Z", MOMENT },
    { "2026-01-31T12:00:00.5Z", MOMENT + 500000 },
    { "2026-01-31T12:00:00.123456789Z", MOMENT + 123456 },
    { "2026-01-31T12:00:00,25Z", MOMENT + 250000 },
    { "2026-01-31T13:00:00+01:00", MOMENT },
    { "2026-01-31T13:00:00+0100", MOMENT },
    { "2026-01-31T13:00:00+01", MOMENT },
    { "2026-01-31T06:30:00.000-05:30", MOMENT },
    { "20260131T120000Z", MOMENT },
    { "2026-01-31", MOMENT - G_GINT64_CONSTANT (43200000000) },
    { "1769860800", MOMENT },
    { "1769860800.25", MOMENT + 250000 },
    { "1769860800000", MOMENT },
    { "1769860800000000", MOMENT },
    { "1769860800000000000", MOMENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 us = 0;

      g_assert_true (bobbin_time_parse (cases[i].text, &us));
      g_assert_cmpint (us, ==, cases[i].expected);
    }
}

static void
test_refused (void)
{
  static const char *const cases[] = { NULL, "", "yesterday", "2026", "12:00", "2026-13-01T00:00:00Z", "2026-01-31T25:00:00Z",
                                       "2026-01-31T", "not a date", "1.2.3.4.5.6.7", "99999999999999999999999" };
  gint64 us = 42;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (bobbin_time_parse (cases[i], &us))
      g_error ("\"%s\" was taken for a time", cases[i]);
  g_assert_false (bobbin_time_from_unix (-1, &us));
  g_assert_false (bobbin_time_from_unix (1e300, &us));
  g_assert_cmpint (us, ==, 42);
}

static void
test_get (void)
{
  g_autoptr(JsonObject) object =
    bobbin_json_parse_object ("{\"s\":\"2026-01-31T12:00:00Z\",\"n\":1769860800,\"ms\":1769860800000,\"bad\":\"x\",\"o\":{}}", -1, NULL);

  g_assert_cmpint (bobbin_time_get (object, "s", 1), ==, MOMENT);
  g_assert_cmpint (bobbin_time_get (object, "n", 1), ==, MOMENT);
  g_assert_cmpint (bobbin_time_get (object, "ms", 1), ==, MOMENT);
  g_assert_cmpint (bobbin_time_get (object, "bad", 1), ==, 1);
  g_assert_cmpint (bobbin_time_get (object, "o", 1), ==, 1);
  g_assert_cmpint (bobbin_time_get (object, "absent", 1), ==, 1);
  g_assert_cmpint (bobbin_time_get (NULL, "s", 1), ==, 1);
}

static void
test_iso (void)
{
  static const struct { gint64 us; const char *expected; } cases[] = {
    { MOMENT, "2026-01-31T12:00:00Z" },
    { MOMENT + 1, "2026-01-31T12:00:00.000001Z" },
    { 0, "1970-01-01T00:00:00Z" },
    { -1, "1969-12-31T23:59:59.999999Z" },
    { G_GINT64_CONSTANT (-61378214400000000), "0025-01-01T00:00:00Z" },
    { G_MAXINT64, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bobbin_time_to_iso (cases[i].us);
      gint64 again = 0;

      g_assert_cmpstr (text, ==, cases[i].expected);
      if (*text != '\0')
        {
          g_assert_true (bobbin_time_parse (text, &again));
          g_assert_cmpint (again, ==, cases[i].us);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/time/parse", test_parse);
  g_test_add_func ("/time/refused", test_refused);
  g_test_add_func ("/time/get", test_get);
  g_test_add_func ("/time/iso", test_iso);

  return g_test_run ();
}
