#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-time-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#define CLOCK_SCHEMA "org.gnome.desktop.interface"
#define ZONE_US      G_USEC_PER_SEC

/* The desktop's choice, where there is one; it is looked up, as a bare system lacks the schema. */
static gboolean
clock_is_12h (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autoptr(GSettings) settings = NULL;
  g_autofree char *format = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, CLOCK_SCHEMA, TRUE);
  if (schema == NULL || !g_settings_schema_has_key (schema, "clock-format"))
    return FALSE;

  settings = g_settings_new_full (schema, NULL, NULL);
  format = g_settings_get_string (settings, "clock-format");

  return g_strcmp0 (format, "12h") == 0;
}

static const char *
time_format (void)
{
  static gsize format = 0;

  /* Once a process: rows ask for it hundreds of times. */
  if (g_once_init_enter (&format))
    g_once_init_leave (&format, clock_is_12h () ? (gsize) "%l:%M %p" : (gsize) "%H:%M");

  return (const char *) format;
}

/* The midnights the short form needs, kept while the day lasts: a list asks for them once a
 * row. Main thread. */
static struct
{
  gint64 today;
  gint64 tomorrow;
  gint64 week;
  int    year;
} recent;

/* GLib looks for it in the file system each time: a list that is filled asks once a row. Main thread. */
static GTimeZone *
local_zone (void)
{
  static GTimeZone *zone = NULL;
  static gint64 read_us = 0;
  gint64 now_us = g_get_monotonic_time ();

  if (zone == NULL || now_us - read_us > ZONE_US)
    {
      g_clear_pointer (&zone, g_time_zone_unref);
      zone = g_time_zone_new_local ();
      read_us = now_us;
    }

  return zone;
}

static GDateTime *
local_time (gint64 time_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_timezone (utc, local_zone ()) : NULL;
}

static void
read_days (gint64 now_us)
{
  g_autoptr(GDateTime) now = NULL;

  if (now_us >= recent.today && now_us < recent.tomorrow)
    return;

  now = local_time (now_us);
  recent.today = bobbin_time_day_start (now_us, 0);
  recent.tomorrow = bobbin_time_day_start (now_us, 1);
  recent.week = bobbin_time_day_start (now_us, -6);
  recent.year = now != NULL ? g_date_time_get_year (now) : 0;
}

gint64
bobbin_time_day_start (gint64 time_us,
                       int    days)
{
  g_autoptr(GDateTime) local = local_time (time_us);
  g_autoptr(GDateTime) moved = NULL;
  g_autoptr(GDateTime) midnight = NULL;

  if (local == NULL)
    return 0;

  moved = g_date_time_add_days (local, days);
  if (moved == NULL)
    return 0;
  midnight = g_date_time_new_local (g_date_time_get_year (moved), g_date_time_get_month (moved),
                                    g_date_time_get_day_of_month (moved), 0, 0, 0);

  return midnight != NULL ? g_date_time_to_unix (midnight) * G_USEC_PER_SEC : 0;
}

char *
bobbin_time_dup_short (gint64 time_us,
                       gint64 now_us)
{
  g_autoptr(GDateTime) time = local_time (time_us);
  g_autofree char *text = NULL;

  if (time == NULL)
    return g_strdup ("");

  read_days (now_us);
  if (time_us >= recent.today)
    text = g_date_time_format (time, time_format ());
  else if (time_us >= recent.week)
    text = g_date_time_format (time, "%a");
  else if (g_date_time_get_year (time) == recent.year)
    /* Translators: a day of this year in a list, as short as it can be: “5 Mar” (see
     * g_date_time_format) */
    text = g_date_time_format (time, C_("short date", "%-e %b"));
  else
    text = g_date_time_format (time, "%x");

  return text != NULL ? g_strdup (g_strstrip (text)) : g_strdup ("");
}

char *
bobbin_time_dup_full (gint64 time_us)
{
  g_autoptr(GDateTime) time = local_time (time_us);
  g_autofree char *date = NULL;
  g_autofree char *clock = NULL;

  if (time == NULL)
    return g_strdup ("");

  /* Translators: a date in full: “5 March 2026” (see g_date_time_format) */
  date = g_date_time_format (time, C_("full date", "%-e %B %Y"));
  clock = g_date_time_format (time, time_format ());

  /* Translators: the first is a date, the second a time of day. */
  return g_strdup_printf (C_("date and time", "%1$s, %2$s"), date != NULL ? date : "",
                          clock != NULL ? g_strchug (clock) : "");
}

char *
bobbin_time_dup_duration (gint64 duration_us)
{
  guint64 seconds = duration_us <= 0 ? 1 : ((guint64) duration_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  guint hours;

  if (seconds < 120)
    /* Translators: a short duration in seconds */
    return g_strdup_printf (C_("duration", "%u s"), (guint) seconds);
  if (seconds < 120 * 60)
    /* Translators: a short duration in minutes */
    return g_strdup_printf (C_("duration", "%u min"), (guint) ((seconds + 59) / 60));

  hours = (guint) MIN ((seconds + 3599) / 3600, G_MAXINT);
  if (hours < 48)
    /* Translators: a short duration in hours */
    return g_strdup_printf (C_("duration", "%u h"), hours);

  return g_strdup_printf (ngettext ("%u day", "%u days", (hours + 23) / 24), (hours + 23) / 24);
}
