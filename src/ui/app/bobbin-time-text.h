/* Times in words, as short as a list wants them, in the person's language and clock format. Pure
 * functions. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Today: the time; the last six days: the weekday; this year: day and month; else the date. */
char *bobbin_time_dup_short    (gint64 time_us, gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;
/* Date and time in full, for tooltips and accessible names. */
char *bobbin_time_dup_full     (gint64 time_us) G_GNUC_WARN_UNUSED_RESULT;
/* "5 s", "2 min", "3 h", "4 days": rounded up, never 0. */
char *bobbin_time_dup_duration (gint64 duration_us) G_GNUC_WARN_UNUSED_RESULT;
/* Local midnight that began the day of @time_us, moved by @days; UTC microseconds. Right across
 * clock changes. */
gint64 bobbin_time_day_start   (gint64 time_us, int days);

G_END_DECLS
