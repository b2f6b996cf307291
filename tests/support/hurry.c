/* A library to preload: a second of the program's timers is a quarter of one, where it asks for whole seconds, as for pings. For
 * tests that would only wait otherwise. */
#include <glib.h>

guint
g_timeout_add_seconds (guint       interval,
                       GSourceFunc function,
                       gpointer    data)
{
  return g_timeout_add (interval * 250, function, data);
}
