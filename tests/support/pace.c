/* A library to preload: a second of the program's timers is as long as BOBBIN_SECOND_MS says, where it asks for whole seconds, as
 * for pings. For tests that would only wait otherwise, or must not be overtaken by a watchdog on a computer with much to do. */
#include <glib.h>

guint
g_timeout_add_seconds (guint       interval,
                       GSourceFunc function,
                       gpointer    data)
{
  const gchar *second_ms = g_getenv ("BOBBIN_SECOND_MS");

  return g_timeout_add (interval * (second_ms != NULL ? (guint) g_ascii_strtoull (second_ms, NULL, 10) : 1000), function, data);
}
