#include "config.h"
#include "app/bobbin-time-text.h"

#define SECOND G_USEC_PER_SEC
#define DAY    ((gint64) 24 * 3600 * SECOND)
/* 2026-03-18 15:30 UTC, a Wednesday */
#define NOW    G_GINT64_CONSTANT (1773847800000000)

static void
test_short (void)
{
  static const struct { gint64 before_us; const char *text; } rows[] = {
    { 0, "15:30" },
    { 15 * 3600 * (gint64) SECOND, "00:30" },
    { 16 * 3600 * (gint64) SECOND, "Tue" },
    { 6 * DAY, "Thu" },
    { 7 * DAY, "11 Mar" },
    { 60 * DAY, "17 Jan" },
    { 100 * DAY, "12/08/25" },
    { -DAY, "15:30" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = bobbin_time_dup_short (NOW - rows[i].before_us, NOW);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_next_day (void)
{
  g_autofree char *today = bobbin_time_dup_short (NOW, NOW);
  g_autofree char *yesterday = bobbin_time_dup_short (NOW, NOW + DAY);
  g_autofree char *today_again = bobbin_time_dup_short (NOW, NOW);

  g_assert_cmpstr (today, ==, "15:30");
  g_assert_cmpstr (yesterday, ==, "Wed");
  g_assert_cmpstr (today_again, ==, "15:30");
}

static void
test_duration (void)
{
  static const struct { gint64 duration_us; const char *text; } rows[] = {
    { -5, "1 s" }, { 0, "1 s" }, { 1, "1 s" }, { SECOND, "1 s" }, { SECOND + 1, "2 s" },
    { 119 * (gint64) SECOND, "119 s" },
    { 120 * (gint64) SECOND, "2 min" }, { 3600 * (gint64) SECOND, "60 min" }, { 2 * 3600 * (gint64) SECOND, "2 h" },
    { 2 * DAY, "2 days" }, { 4 * DAY + 1, "5 days" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = bobbin_time_dup_duration (rows[i].duration_us);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_day_start (void)
{
  g_assert_cmpint (bobbin_time_day_start (NOW, 0), ==, NOW - 15 * 3600 * (gint64) SECOND - 30 * 60 * (gint64) SECOND);
  g_assert_cmpint (bobbin_time_day_start (NOW, -1), ==, bobbin_time_day_start (NOW, 0) - DAY);
}

static void
test_absurd (void)
{
  g_autofree char *far = bobbin_time_dup_short (G_MAXINT64, NOW);
  g_autofree char *old = bobbin_time_dup_full (G_MININT64);
  g_autofree char *full = bobbin_time_dup_full (NOW);

  g_assert_nonnull (far);
  g_assert_nonnull (old);
  g_assert_cmpstr (full, ==, "18 March 2026, 15:30");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time-text/short", test_short);
  g_test_add_func ("/time-text/next-day", test_next_day);
  g_test_add_func ("/time-text/duration", test_duration);
  g_test_add_func ("/time-text/day-start", test_day_start);
  g_test_add_func ("/time-text/absurd", test_absurd);

  return g_test_run ();
}
