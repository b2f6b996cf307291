#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-command.h"

#include "demo/bobbin-demo-server.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  int       port;
  gboolean  key_stdin;
  int       speed;
  char    **faults;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->faults);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
usage (const char *words)
{
  fprintf (stderr, "bobbin: %s: try “bobbin demo-server --help”\n", words);

  return 2;
}

static gboolean
parse (int        *argc,
       char     ***argv,
       gboolean    for_tests,
       Options    *options,
       GError    **error)
{
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &options->port, "Port to listen on; any free one without it", "PORT" },
    { "key-stdin", 0, 0, G_OPTION_ARG_NONE, &options->key_stdin,
      "Read the key that clients must give from the standard input", NULL },
    { "speed", 0, for_tests ? 0 : G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options->speed,
      "Milliseconds between two words", "MS" },
    { "fault", 0, for_tests ? 0 : G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING_ARRAY, &options->faults,
      "A fault to begin with", "JSON" },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("- the demo agent as a server on this computer");

  g_option_context_add_main_entries (context, entries, NULL);

  return g_option_context_parse (context, argc, argv, error);
}

/* The first line of the standard input, without its end. */
static char *
read_key (void)
{
  char line[1024];

  if (fgets (line, sizeof line, stdin) == NULL)
    return NULL;
  line[strcspn (line, "\r\n")] = '\0';

  return *line != '\0' ? g_strdup (line) : NULL;
}

static void
chat_cb (const BobbinDemoChat *chat,
         gpointer              user_data)
{
  g_autofree char *json = bobbin_demo_chat_to_json (chat);

  printf ("%s\n", json);
  fflush (stdout);
}

static gboolean
signal_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

static void
run_until_signal (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint interrupt = g_unix_signal_add (SIGINT, signal_cb, loop);
  guint terminate = g_unix_signal_add (SIGTERM, signal_cb, loop);

  g_main_loop_run (loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);
}

static int
serve (const Options *options,
       gboolean       for_tests)
{
  g_autoptr(BobbinDemoServer) server = bobbin_demo_server_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *key = options->key_stdin ? read_key () : NULL;

  if (options->key_stdin && key == NULL)
    return usage ("no key came on the standard input");
  if (options->speed >= 0)
    bobbin_demo_server_set_speed (server, (guint) options->speed);
  if (for_tests)
    bobbin_demo_server_set_chat_func (server, chat_cb, NULL);
  for (guint i = 0; options->faults != NULL && options->faults[i] != NULL; i++)
    if (!bobbin_demo_server_queue_fault (server, options->faults[i], &error))
      return usage (error->message);
  if (!bobbin_demo_server_start (server, (guint16) options->port, key, &error))
    {
      fprintf (stderr, "bobbin: the demo server cannot listen: %s\n", error->message);
      return 1;
    }
  printf ("listening on %s\nagent %s\n", bobbin_demo_server_get_base_url (server),
          bobbin_demo_server_get_agent_id (server));
  if (!options->key_stdin)
    printf ("key %s\n", bobbin_demo_server_get_key (server));
  fflush (stdout);
  run_until_signal ();
  bobbin_demo_server_stop (server);

  return 0;
}

static int
run (int        argc,
     char     **argv,
     gboolean   for_tests)
{
  g_auto(Options) options = { 0, FALSE, -1, NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char **args = g_memdup2 (argv, sizeof (char *) * ((gsize) argc + 1));
  char **rest = args;

  if (!parse (&argc, &rest, for_tests, &options, &error))
    return usage (error->message);
  if (argc > 1)
    return usage ("too many arguments");
  if (options.port < 0 || options.port > 65535)
    return usage ("the port is no port");

  return serve (&options, for_tests);
}

int
bobbin_demo_command (int    argc,
                     char **argv)
{
  return run (argc, argv, FALSE);
}

int
bobbin_demo_test_command (int    argc,
                          char **argv)
{
  return run (argc, argv, TRUE);
}
