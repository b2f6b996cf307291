#include "config.h"

#include "app/bobbin-application.h"
#include "cli/bobbin-cli.h"

#include <glib/gi18n.h>
#include <locale.h>

/* Without its schema GSettings ends the program without a word a person could use. */
static gboolean
have_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, BOBBIN_APP_ID, TRUE) : NULL;

  if (schema == NULL)
    g_printerr ("bobbin: %s\n", _("the settings schema is not installed: install Bobbin, or start it with src/run.sh"));

  return schema != NULL;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(BobbinApplication) application = NULL;
  gboolean handled = FALSE;
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, BOBBIN_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  status = bobbin_cli_run (argc, argv, &handled);
  if (handled)
    return status;
  if (!have_settings ())
    return 1;

  application = bobbin_application_new ();
  g_application_add_main_option_entries (G_APPLICATION (application), bobbin_cli_window_options);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
