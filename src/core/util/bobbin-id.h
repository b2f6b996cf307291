/* Local ids: 63-bit integers, time in milliseconds above 20 random bits. They sort by creation, fit a
 * SQLite rowid, and two processes that write one profile never agree on one by chance. Outside the
 * program (command line, bobbin: links) they are 13 characters of Crockford base 32. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOBBIN_ID_STRING_LENGTH 13

gint64   bobbin_id_new       (void); /* never 0, strictly increasing within the process; any thread */
char    *bobbin_id_to_string (gint64 id) G_GNUC_WARN_UNUSED_RESULT;
gboolean bobbin_id_parse     (const char *string, gint64 *ret_id);

G_END_DECLS
