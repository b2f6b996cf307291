#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "export/bobbin-importer.h"

#include <glib/gi18n.h>

/* Takes @line. */
static void
tell_line (guint n,
           char *line)
{
  if (n > 0)
    bobbin_cli_printf ("%s\n", line);
  g_free (line);
}

static void
tell (const BobbinImportSum *sum)
{
  tell_line (sum->n_accounts, g_strdup_printf (ngettext ("%u account restored: it asks for its key when it is used",
                                                         "%u accounts restored: they ask for their keys when they are used",
                                                         sum->n_accounts), sum->n_accounts));
  tell_line (sum->n_threads, g_strdup_printf (ngettext ("%u conversation imported", "%u conversations imported", sum->n_threads),
                                              sum->n_threads));
  tell_line (sum->n_grown, g_strdup_printf (ngettext ("%u conversation was here and got newer messages",
                                                      "%u conversations were here and got newer messages", sum->n_grown), sum->n_grown));
  tell_line (sum->n_known, g_strdup_printf (ngettext ("%u conversation was here already", "%u conversations were here already",
                                                      sum->n_known), sum->n_known));
  tell_line (sum->n_messages, g_strdup_printf (ngettext ("%u message added", "%u messages added", sum->n_messages), sum->n_messages));
  if (sum->n_unfit > 0)
    bobbin_cli_note (ngettext ("%u conversation was left out: its messages belong to another one here",
                               "%u conversations were left out: their messages belong to others here", sum->n_unfit), sum->n_unfit);
}

static int
import (const char *name,
        gboolean    restore,
        const char *path)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GCancellable) cancellable = bobbin_cli_cancellable_new ();
  g_autoptr(GPtrArray) accounts = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinAccount *account = NULL;
  BobbinImportSum sum;
  gboolean done;

  if (!bobbin_cli_context_open (&context, &error) || (accounts = bobbin_cli_list_accounts (&context, &error)) == NULL)
    return bobbin_cli_fail (error);
  if (name != NULL && (account = bobbin_cli_find_account (accounts, name, &error)) == NULL)
    return bobbin_cli_fail (error);

  bobbin_import_async (context.store, path, account != NULL ? bobbin_account_get_id (account) : 0, restore, NULL, NULL, cancellable,
                       bobbin_cli_result_cb, &result);
  done = bobbin_import_finish (context.store, bobbin_cli_await (&result), &sum, &error);
  tell (&sum);
  if (done)
    return BOBBIN_EXIT_DONE;
  if (g_cancellable_is_cancelled (cancellable))
    {
      bobbin_cli_note (_("stopped: what is told above was imported, and doing it again goes on from there"));
      return BOBBIN_EXIT_FAILED;
    }
  if (sum.is_backup && !restore)
    return bobbin_cli_usage (_("“%s” is a backup of a whole profile: add --restore to take it into this one"), path);

  return bobbin_cli_context_fail (&context, error);
}

int
bobbin_cli_import (int    argc,
                   char **argv)
{
  g_autofree char *account = NULL;
  g_auto(GStrv) rest = NULL;
  gboolean restore = FALSE;
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &account, N_("Where conversations go that belong to no account here; otherwise the first"), N_("NAME") },
    { "restore", 0, 0, G_OPTION_ARG_NONE, &restore, N_("Take all of a backup into this profile; what is here stays"), NULL },
    { NULL }
  };

  if (!bobbin_cli_parse (argc, argv, "FILE",
                         _("FILE is what “bobbin export” wrote as json or zip, an export of AgentFlow, or the export of ChatGPT "
                           "(conversations.json, or the whole zip). Importing it again adds nothing twice."),
                         entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (g_strv_length (rest) != 1)
    return bobbin_cli_usage (_("“import” takes the name of one file"));

  return import (account, restore, rest[0]);
}
