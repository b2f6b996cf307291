/* Where the program's log goes: to stderr, through the redactor, so that a log can be sent to a stranger.
 *
 * Warnings and worse are always shown. Debug and info lines of our own domains are shown with --verbose or when BOBBIN_DEBUG is
 * "all", or for the domains it names ("bobbin-session,bobbin-wire"; "session,wire" will do). G_MESSAGES_DEBUG works as ever for
 * the libraries, redacted too. One writer for the whole process, as GLib has it; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Installs the writer; once, at the start of main(). */
void     bobbin_log_init        (void);
/* TRUE: as with BOBBIN_DEBUG=all. */
void     bobbin_log_set_verbose (gboolean verbose);
/* Whether a line of @domain (nullable) at @level would be shown. */
gboolean bobbin_log_shows       (const char *domain, GLogLevelFlags level);

G_END_DECLS
