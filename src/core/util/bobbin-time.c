#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-time.h"

#include "util/bobbin-json.h"

#include <math.h>
#include <string.h>

gboolean
bobbin_time_from_unix (double  value,
                       gint64 *ret_us)
{
  static const struct { double below; double to_us; } units[] = {
    { 1e11, 1e6 }, { 1e14, 1e3 }, { 1e17, 1 }, { 1e20, 1e-3 },
  };

  if (!isfinite (value) || value < 0)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (value < units[i].below)
      {
        *ret_us = (gint64) llround (value * units[i].to_us);
        return TRUE;
      }

  return FALSE;
}

static gboolean
is_number (const char *text)
{
  gsize n_digits = strspn (text, "0123456789");
  const char *rest = text + n_digits;

  return n_digits > 8 && (*rest == '\0' || (*rest == '.' && rest[1 + strspn (rest + 1, "0123456789")] == '\0'));
}

static gboolean
parse (const char *text,
       GTimeZone  *otherwise,
       gint64     *ret_us)
{
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *full = NULL;

  if (text == NULL)
    return FALSE;
  if (is_number (text))
    return bobbin_time_from_unix (g_ascii_strtod (text, NULL), ret_us);

  full = strlen (text) == strlen ("2026-01-31") ? g_strconcat (text, "T00:00:00", NULL) : g_strdup (text);
  time = g_date_time_new_from_iso8601 (full, otherwise);
  if (time == NULL)
    return FALSE;

  *ret_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

gboolean
bobbin_time_parse (const char *text,
                   gint64     *ret_us)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  return parse (text, utc, ret_us);
}

gboolean
bobbin_time_parse_local (const char *text,
                         gint64     *ret_us)
{
  g_autoptr(GTimeZone) local = g_time_zone_new_local ();

  return parse (text, local, ret_us);
}

static gint64
get (JsonObject *object,
     const char *member,
     gboolean    is_local,
     gint64      otherwise)
{
  const char *text = bobbin_json_get_string (object, member);
  gint64 us = otherwise;

  if (text != NULL)
    (is_local ? bobbin_time_parse_local : bobbin_time_parse) (text, &us);
  else
    bobbin_time_from_unix (bobbin_json_get_double (object, member, -1), &us);

  return us;
}

gint64
bobbin_time_get (JsonObject *object,
                 const char *member,
                 gint64      otherwise)
{
  return get (object, member, FALSE, otherwise);
}

gint64
bobbin_time_get_local (JsonObject *object,
                       const char *member,
                       gint64      otherwise)
{
  return get (object, member, TRUE, otherwise);
}

char *
bobbin_time_to_iso (gint64 us)
{
  gint64 seconds = us / G_USEC_PER_SEC - (us % G_USEC_PER_SEC < 0);
  int fraction = (int) (us - seconds * G_USEC_PER_SEC);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *rest = NULL;
  g_autofree char *text = NULL;

  if (time == NULL)
    return g_strdup ("");
  /* %Y has no leading zeros, without which it cannot be read again. */
  rest = g_date_time_format (time, "-%m-%dT%H:%M:%S");
  text = g_strdup_printf ("%04d%s", g_date_time_get_year (time), rest);
  if (fraction == 0)
    return g_strconcat (text, "Z", NULL);

  return g_strdup_printf ("%s.%06dZ", text, fraction);
}
