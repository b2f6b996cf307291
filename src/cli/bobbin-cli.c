#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli.h"
#include "cli/bobbin-cli-private.h"

#include "demo/bobbin-demo-command.h"
#include "util/bobbin-log.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

const GOptionEntry bobbin_cli_window_options[] = {
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Try the demo agent in a profile that is thrown away"), NULL },
  { "new", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Start a new conversation"), NULL },
  { "quick", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Ask a quick question in a small window"), NULL },
  { "thread", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Open the conversation with this ID"), N_("ID") },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, NULL, N_("Tell on standard error what is going on"), NULL },
  { NULL }
};

static int help    (int argc, char **argv);
static int version (int argc, char **argv);

static const struct
{
  const char *name;
  int       (*run) (int argc, char **argv);
} commands[] = {
  { "accounts", bobbin_cli_accounts },
  { "ask", bobbin_cli_ask },
  { "threads", bobbin_cli_threads },
  { "show", bobbin_cli_show },
  { "search", bobbin_cli_search },
  { "state", bobbin_cli_state },
  { "metadata", bobbin_cli_metadata },
  { "export", bobbin_cli_export },
  { "import", bobbin_cli_import },
  { "search-provider", bobbin_cli_search_provider },
  { "demo-server", bobbin_demo_command },
  { "help", help },
  { "--help", help },
  { "-h", help },
  { "-?", help },
  { "--version", version },
};

static const char help_text[] =
  N_("Usage:\n"
     "  bobbin [--demo] [--new] [--quick] [--thread ID]   open the window\n"
     "  bobbin accounts [--json]                  name, service, base URL and agent, one account a line\n"
     "  bobbin accounts add --name NAME --service SERVICE [--base-url URL] [--agent ID] [--key-stdin]\n"
     "  bobbin accounts check NAME                the connection, step by step\n"
     "  bobbin accounts key NAME --key-stdin      another key for the account\n"
     "  bobbin accounts remove NAME               forget the account, its key, conversations and files\n"
     "  bobbin ask [--account NAME] [--thread ID | --new] [--attach FILE]… [--json] TEXT|-\n"
     "  bobbin threads [--account NAME] [--remote] [--json]\n"
     "  bobbin show THREAD [--format md|json|html|txt]\n"
     "  bobbin search [--account NAME] [--since DATE] [--in PARTS]… [--json] QUERY   in all that was said\n"
     "  bobbin state THREAD [get | set JSON | clear]   what the server keeps with a conversation\n"
     "  bobbin metadata THREAD [get | set JSON | clear]\n"
     "  bobbin export THREAD FILE | --all FILE [--format md|html|txt|json]\n"
     "  bobbin export --backup FILE               everything but the keys\n"
     "  bobbin import [--account NAME] [--restore] FILE\n"
     "  bobbin demo-server [--port PORT] [--key-stdin]\n"
     "\n"
     "Options for all of them: --verbose, --help. “bobbin COMMAND --help” says more about one.\n"
     "Keys are read from standard input only, and kept in the keyring of the desktop.\n"
     "Exit status: 0 done, 1 failed, 2 usage, 3 authentication, 4 network, 5 server.\n");

static int
help (int    argc,
      char **argv)
{
  return bobbin_cli_print (_(help_text), -1) ? BOBBIN_EXIT_DONE : BOBBIN_EXIT_FAILED;
}

static int
version (int    argc,
         char **argv)
{
  return bobbin_cli_print ("bobbin " BOBBIN_VERSION "\n", -1) ? BOBBIN_EXIT_DONE : BOBBIN_EXIT_FAILED;
}

static int
run_word (const char *word,
          int         argc,
          char      **argv)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, word))
      {
        signal (SIGPIPE, SIG_IGN); /* a reader that leaves is an error of the write, not the end in mid-save */
        return commands[i].run (argc, argv);
      }

  return bobbin_cli_usage (_("there is no command “%s”"), word);
}

/* GApplication would tell of a mistake in words and with a status of its own. Returns the status; *@ret_word is the command that one
 * of the options stands for, if any. */
static int
check_window_options (int          argc,
                      char       **argv,
                      const char **ret_word)
{
  GOptionEntry entries[G_N_ELEMENTS (bobbin_cli_window_options)];
  gboolean given[G_N_ELEMENTS (entries)] = { FALSE };
  gboolean wants_help = FALSE;
  gboolean wants_version = FALSE;
  gboolean verbose = FALSE;
  const GOptionEntry others[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &wants_help, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &wants_version, NULL, NULL },
    { "gapplication-service", 0, 0, G_OPTION_ARG_NONE, &given[0], NULL, NULL },
    { NULL }
  };
  g_autofree char *thread = NULL;
  g_autoptr(GOptionContext) options = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) args = g_new0 (char *, (gsize) argc + 1);

  for (int i = 0; i < argc; i++)
    args[i] = g_strdup (argv[i]);
  memcpy (entries, bobbin_cli_window_options, sizeof entries);
  for (gsize i = 0; entries[i].long_name != NULL; i++)
    if (entries[i].arg == G_OPTION_ARG_STRING)
      entries[i].arg_data = &thread;
    else
      entries[i].arg_data = g_str_equal (entries[i].long_name, "verbose") ? &verbose : &given[i];
  g_option_context_set_help_enabled (options, FALSE);
  g_option_context_add_main_entries (options, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (options, others, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (options, &args, &error))
    return bobbin_cli_usage ("%.*s", (int) strcspn (error->message, "="), error->message);

  if (verbose)
    bobbin_log_set_verbose (TRUE);
  *ret_word = wants_help ? "--help" : wants_version ? "--version" : NULL;
  return BOBBIN_EXIT_DONE;
}

/* A channel that is closed must not get the number of a file or socket of ours: what is printed would go there. Written to or read
 * from, it fails as before. */
static void
occupy_closed_channels (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
      return;
}

int
bobbin_cli_run (int       argc,
                char    **argv,
                gboolean *ret_handled)
{
  int first = 1;
  int status;
  const char *word;

  occupy_closed_channels ();
  bobbin_log_init ();
  while (first < argc && (g_str_equal (argv[first], "--verbose") || g_str_equal (argv[first], "-v")))
    {
      bobbin_log_set_verbose (TRUE);
      first++;
    }

  word = first < argc ? argv[first] : NULL;
  *ret_handled = word != NULL &&
                 ((word[0] != '-' && !g_str_has_prefix (word, "bobbin:")) ||
                  g_str_equal (word, "--help") || g_str_equal (word, "-h") || g_str_equal (word, "-?") ||
                  g_str_equal (word, "--version"));
  if (*ret_handled)
    return run_word (word, argc - first, argv + first);

  word = NULL;
  status = check_window_options (argc, argv, &word);
  *ret_handled = status != BOBBIN_EXIT_DONE || word != NULL;

  return word != NULL ? run_word (word, argc, argv) : status;
}
