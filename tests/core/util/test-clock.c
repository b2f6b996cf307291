#include "config.h"

#include "util/bobbin-clock.h"

#include <string.h>

typedef struct
{
  BobbinClock *clock;
  GString     *log;
  char         name;
  guint        times; /* how often it still runs */
} Timer;

static gboolean
timer_cb (gpointer data)
{
  Timer *timer = data;

  g_string_append_printf (timer->log, "%c%" G_GINT64_FORMAT " ", timer->name, bobbin_clock_monotonic_us (timer->clock) / 1000);

  return --timer->times > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
test_order (void)
{
  g_autoptr(BobbinManualClock) manual = bobbin_manual_clock_new (1000000);
  g_autoptr(GString) log = g_string_new (NULL);
  BobbinClock *clock = BOBBIN_CLOCK (manual);
  Timer a = { clock, log, 'a', 3 };
  Timer b = { clock, log, 'b', 1 };
  guint id;

  g_assert_cmpint (bobbin_manual_clock_next_ms (manual), ==, -1);
  id = bobbin_clock_add (clock, 10, timer_cb, &a);
  g_assert_cmpuint (id, >, 0);
  bobbin_clock_add (clock, 25, timer_cb, &b);
  g_assert_cmpint (bobbin_manual_clock_next_ms (manual), ==, 10);
  bobbin_manual_clock_advance (manual, 5);
  g_assert_cmpstr (log->str, ==, "");
  bobbin_manual_clock_advance (manual, 20);
  g_assert_cmpstr (log->str, ==, "a10 a20 b25 ");
  bobbin_manual_clock_advance (manual, 100);
  g_assert_cmpstr (log->str, ==, "a10 a20 b25 a30 ");
  g_assert_cmpint (bobbin_manual_clock_next_ms (manual), ==, -1);
  g_assert_cmpint (bobbin_clock_now_us (clock), ==, 1000000 + 125000);
  g_assert_cmpint (bobbin_clock_monotonic_us (clock), ==, 125000);
}

static void
test_remove (void)
{
  g_autoptr(BobbinManualClock) manual = bobbin_manual_clock_new (0);
  g_autoptr(GString) log = g_string_new (NULL);
  BobbinClock *clock = BOBBIN_CLOCK (manual);
  Timer a = { clock, log, 'a', 100 };
  guint id = bobbin_clock_add (clock, 10, timer_cb, &a);

  bobbin_manual_clock_advance (manual, 10);
  bobbin_clock_clear (clock, &id);
  g_assert_cmpuint (id, ==, 0);
  bobbin_clock_clear (clock, &id);
  bobbin_manual_clock_advance (manual, 100);
  g_assert_cmpstr (log->str, ==, "a10 ");
}

typedef struct
{
  BobbinClock *clock;
  guint        own;
  guint        other;
  guint        n;
} Nested;

static gboolean
count_cb (gpointer data)
{
  ++*(guint *) data;

  return G_SOURCE_CONTINUE;
}

/* A timer may remove itself, remove others and add more from within. */
static gboolean
nested_cb (gpointer data)
{
  Nested *nested = data;

  bobbin_clock_clear (nested->clock, &nested->other);
  bobbin_clock_clear (nested->clock, &nested->own);
  bobbin_clock_add (nested->clock, 1, count_cb, &nested->n);

  return G_SOURCE_REMOVE;
}

static void
test_nested (void)
{
  g_autoptr(BobbinManualClock) manual = bobbin_manual_clock_new (0);
  Nested nested = { BOBBIN_CLOCK (manual), 0, 0, 0 };
  guint other = 0;

  nested.other = bobbin_clock_add (nested.clock, 11, count_cb, &other);
  nested.own = bobbin_clock_add (nested.clock, 10, nested_cb, &nested);
  bobbin_manual_clock_advance (manual, 13);
  g_assert_cmpuint (other, ==, 0);
  g_assert_cmpuint (nested.n, ==, 3);
}

static void
test_system (void)
{
  g_autoptr(BobbinClock) clock = bobbin_system_clock_new ();
  guint n = 0;
  guint id = bobbin_clock_add (clock, 1, count_cb, &n);
  gint64 before = bobbin_clock_monotonic_us (clock);

  g_assert_cmpint (ABS (bobbin_clock_now_us (clock) - g_get_real_time ()), <, G_USEC_PER_SEC);
  while (n < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (bobbin_clock_monotonic_us (clock), >, before);
  bobbin_clock_clear (clock, &id);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/order", test_order);
  g_test_add_func ("/clock/remove", test_remove);
  g_test_add_func ("/clock/nested", test_nested);
  g_test_add_func ("/clock/system", test_system);

  return g_test_run ();
}
