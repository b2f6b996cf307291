#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "export/bobbin-backup.h"
#include "model/bobbin-thread.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

static gboolean
interrupted_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

GCancellable *
bobbin_cli_cancellable_new (void)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_unix_signal_add_full (G_PRIORITY_DEFAULT, SIGINT, interrupted_cb, g_object_ref (cancellable), g_object_unref);
  g_unix_signal_add_full (G_PRIORITY_DEFAULT, SIGTERM, interrupted_cb, g_object_ref (cancellable), g_object_unref);

  return cancellable;
}

/* By --format, else by the end of the file's name; a zip holds JSON unless something else is asked for. */
static gboolean
choose_format (const char         *named,
               const char         *path,
               BobbinExportFormat *ret_format)
{
  const char *dot = strrchr (path, '.');

  if (named != NULL)
    return bobbin_export_format_from_name (named, ret_format);
  if (dot != NULL && strchr (dot, '/') == NULL && g_ascii_strcasecmp (dot, ".zip") == 0)
    {
      *ret_format = BOBBIN_EXPORT_JSON;
      return TRUE;
    }

  return dot != NULL && bobbin_export_format_from_name (dot + 1, ret_format);
}

static void
tell_missing (guint n_missing)
{
  if (n_missing > 0)
    bobbin_cli_note (ngettext ("%u attached file is gone from the disk and is not in it",
                               "%u attached files are gone from the disk and are not in it", n_missing), n_missing);
}

static void
tell (const BobbinExportSum *sum,
      const char            *path)
{
  g_autofree char *messages = g_strdup_printf (ngettext ("%u message", "%u messages", sum->n_messages), sum->n_messages);
  g_autofree char *threads = g_strdup_printf (ngettext ("%u conversation", "%u conversations", sum->n_threads), sum->n_threads);

  /* Translators: the name of a file, then "3 conversations", then "12 messages". */
  bobbin_cli_printf (_("%1$s: %2$s, %3$s\n"), path, threads, messages);
  tell_missing (sum->n_missing);
}

static int
stopped (void)
{
  bobbin_cli_note (_("stopped: nothing was written"));

  return BOBBIN_EXIT_FAILED;
}

static int
export_to (const char        *id,
           BobbinExportFormat format,
           const char        *path)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GCancellable) cancellable = bobbin_cli_cancellable_new ();
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  BobbinExportSum sum;

  if (!bobbin_cli_context_open (&context, &error))
    return bobbin_cli_fail (error);
  if (id != NULL && (thread = bobbin_cli_find_thread (&context, id, &error)) == NULL)
    return bobbin_cli_fail (error);

  bobbin_export_async (context.store, thread != NULL ? bobbin_thread_get_id (thread) : 0, format, absolute, NULL, NULL, cancellable,
                       bobbin_cli_result_cb, &result);
  if (!bobbin_export_finish (context.store, bobbin_cli_await (&result), &sum, &error))
    return g_cancellable_is_cancelled (cancellable) ? stopped () : bobbin_cli_fail (error);

  tell (&sum, path);
  return BOBBIN_EXIT_DONE;
}

static int
back_up (const char *path)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GCancellable) cancellable = bobbin_cli_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  guint n_missing;

  if (!bobbin_cli_context_open (&context, &error))
    return bobbin_cli_fail (error);

  bobbin_backup_async (context.store, absolute, NULL, NULL, cancellable, bobbin_cli_result_cb, &result);
  if (!bobbin_backup_finish (context.store, bobbin_cli_await (&result), &n_missing, &error))
    return g_cancellable_is_cancelled (cancellable) ? stopped () : bobbin_cli_fail (error);

  tell_missing (n_missing);
  return bobbin_cli_printf (_("%s: everything but the keys\n"), path) ? BOBBIN_EXIT_DONE : BOBBIN_EXIT_FAILED;
}

int
bobbin_cli_export (int    argc,
                   char **argv)
{
  g_autofree char *named = NULL;
  g_auto(GStrv) rest = NULL;
  gboolean all = FALSE;
  gboolean backup = FALSE;
  BobbinExportFormat format;
  const char *path;
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("Every conversation that is not in the bin"), NULL },
    { "backup", 0, 0, G_OPTION_ARG_NONE, &backup, N_("The whole profile but the keys, for “bobbin import --restore”"), NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &named, N_("md, html, txt or json; otherwise by the end of the file's name"), N_("FORMAT") },
    { NULL }
  };

  if (!bobbin_cli_parse (argc, argv, "[THREAD] FILE",
                         _("THREAD is the id that “bobbin threads” prints. A FILE that ends in “.zip” gets one file for each "
                           "conversation and the attached files. “bobbin import” takes json back."),
                         entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (backup && (all || named != NULL))
    return bobbin_cli_usage (_("a backup has everything, in a form of its own: leave --all and --format out"));
  if (g_strv_length (rest) != (all || backup ? 1 : 2))
    return bobbin_cli_usage (all || backup ? _("“export --all” and “export --backup” take the name of one file")
                                 : _("“export” takes the id of one conversation, or --all, and the name of a file"));

  path = rest[all || backup ? 0 : 1];
  if (backup)
    return back_up (path);
  if (!choose_format (named, path, &format))
    return named != NULL ? bobbin_cli_usage (_("the format is md, html, txt or json, not “%s”"), named)
                         : bobbin_cli_usage (_("say with --format what to write: md, html, txt or json"));

  return export_to (all ? NULL : rest[0], format, path);
}
