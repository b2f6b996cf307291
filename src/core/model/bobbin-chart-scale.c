/* Round numbers along an axis. */
#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-chart.h"

#include <math.h>
#include <string.h>

#define MILLION 1e6

/* 1, 2 or 5 times a power of ten, not below @step. */
static double
round_step (double step)
{
  double power = pow (10, floor (log10 (step)));
  double part = step / power;

  if (part <= 1.0000001)
    return power;
  if (part <= 2.0000001)
    return 2 * power;

  return (part <= 5.0000001 ? 5 : 10) * power;
}

void
bobbin_chart_make_ticks (double       min,
                         double       max,
                         guint        n,
                         BobbinTicks *ret_ticks)
{
  double span = max - min;
  double last;

  /* one value, or values that differ by less than a double can tell: something around it */
  if (!isfinite (span) || span <= fabs (max) * 1e-12)
    {
      double around = isfinite (span) && max != 0 ? fabs (max) * 0.5 : 1;

      if (!isfinite (span)) /* from one end of what a double holds to the other */
        {
          *ret_ticks = (BobbinTicks) { -1e308, 1e308, 3, 0 };
          return;
        }
      min -= around;
      max += around;
      span = max - min;
    }
  ret_ticks->step = round_step (span / MAX (n, 1));
  ret_ticks->first = floor (min / ret_ticks->step + 1e-9) * ret_ticks->step;
  last = ceil (max / ret_ticks->step - 1e-9) * ret_ticks->step;
  ret_ticks->n = (guint) CLAMP (lround ((last - ret_ticks->first) / ret_ticks->step) + 1, 2, 1000);
  ret_ticks->decimals = (guint) CLAMP (-floor (log10 (ret_ticks->step) + 1e-9), 0, 12);
}

static char *
with_unit (double value)
{
  static const struct { double size; const char *unit; } units[] = { { 1e12, "T" }, { 1e9, "G" }, { MILLION, "M" } };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (fabs (value) >= units[i].size)
      return g_strdup_printf ("%.4g\302\240%s", value / units[i].size, units[i].unit);

  return NULL;
}

char *
bobbin_chart_format (double value,
                     guint  decimals)
{
  if (!isfinite (value))
    return g_strdup ("–");
  if (value == 0 || fabs (value) < pow (10, -(double) decimals) / 2)
    value = 0;
  if (fabs (value) >= 1e15 || (value != 0 && decimals > 6))
    return g_strdup_printf ("%.3g", value);
  if (fabs (value) >= MILLION)
    return with_unit (value);

  return g_strdup_printf ("%'.*f", (int) decimals, value);
}

char *
bobbin_chart_format_exact (double value)
{
  guint decimals = 0;

  if (!isfinite (value))
    return g_strdup ("–");
  if (fabs (value) >= 1e15 || (value != 0 && fabs (value) < 1e-6))
    return g_strdup_printf ("%.6g", value);
  while (decimals < 6 && fabs (value * pow (10, decimals) - round (value * pow (10, decimals))) > 1e-6 * MAX (fabs (value), 1))
    decimals++;

  return g_strdup_printf ("%'.*f", (int) decimals, value);
}
