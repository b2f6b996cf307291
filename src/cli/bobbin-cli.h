/* The command line: the core's second front end. It never touches GTK nor a display, so main() asks it before anything else.
 *
 * One file per command; bobbin-cli-private.h holds what they share. Each command is a function from its arguments to an exit
 * status, runs the default main context until it is done, and keeps nothing afterwards. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the window takes, for g_application_add_main_option_entries(). */
extern const GOptionEntry bobbin_cli_window_options[];

/* Sets up the log, then runs the command that @argv names, if it names one, and returns its exit status. @ret_handled is FALSE when
 * the arguments are the window's and can be used (none, --demo, --new, --thread, a bobbin: address). Once a process. */
int bobbin_cli_run (int argc, char **argv, gboolean *ret_handled);

G_END_DECLS
