/* "bobbin demo-server": the demo agent as a server of its own on loopback. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @argv[0] is the name of the command. Prints "listening on URL", "agent ID" and, when it made one itself, "key
 * KEY" to stdout; runs until SIGINT or SIGTERM. Returns: the exit status: 0, 1 when it cannot listen, 2 for
 * wrong arguments. */
int bobbin_demo_command (int argc, char **argv);
/* The same with what only tests ask for: --fault JSON, --speed MS, and each chat received as a line of JSON on
 * stdout. */
int bobbin_demo_test_command (int argc, char **argv);

G_END_DECLS
