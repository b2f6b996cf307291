/* A library to preload: the program is laid out from right to left although its words are English. GTK asks its translation for the
 * direction, and GLib translates no library for a program that is not translated itself. For pictures. */
#include <libintl.h>
#include <string.h>

const char *g_dgettext (const char *domain, const char *msgid);

const char *
g_dgettext (const char *domain,
            const char *msgid)
{
  if (strcmp (msgid, "default:LTR") == 0)
    return "default:RTL";

  return dgettext (domain, msgid);
}
