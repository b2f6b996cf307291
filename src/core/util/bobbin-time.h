/* Times as servers write them: ISO 8601 in all the forms met, Unix time in any unit. Ours are microseconds since 1970, UTC. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* "2026-01-31T12:00:00Z", with a fraction of any length, with an offset, with a space for the T, without a zone (then UTC), a date
 * alone, or Unix time as digits. FALSE, with *@ret_us untouched, for anything else. */
gboolean bobbin_time_parse      (const char *text, gint64 *ret_us);
/* The same, but without a zone the time is ours (agentflow.md, section 13: naive means local time of the server, taken as ours). */
gboolean bobbin_time_parse_local (const char *text, gint64 *ret_us);
/* Seconds, milliseconds, microseconds or nanoseconds: told apart by size, right for the years 1973 to 5138. */
gboolean bobbin_time_from_unix  (double value, gint64 *ret_us);
/* A string or a number; @otherwise when it is neither, absent or no time. @object (nullable) */
gint64   bobbin_time_get        (JsonObject *object, const char *member, gint64 otherwise);
/* The same by bobbin_time_parse_local(). */
gint64   bobbin_time_get_local  (JsonObject *object, const char *member, gint64 otherwise);
/* "2026-01-31T12:00:00.123456Z", without the fraction when it is 0. */
char    *bobbin_time_to_iso     (gint64 us) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
