#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static char *
dup_debug_info (void)
{
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);

  return g_strdup_printf ("Bobbin %s (%s)\nSystem: %s\nDesktop: %s\nDisplay: %s\n"
                          "GTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u\nLanguage: %s\n",
                          BOBBIN_VERSION, BOBBIN_APP_ID, os != NULL ? os : "?",
                          g_getenv ("XDG_CURRENT_DESKTOP") != NULL ? g_getenv ("XDG_CURRENT_DESKTOP") : "?",
                          G_OBJECT_TYPE_NAME (gdk_display_get_default ()),
                          gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
                          glib_major_version, glib_minor_version, glib_micro_version,
                          g_get_language_names ()[0]);
}

void
bobbin_about_present (GtkWindow *parent)
{
  static const char *const developers[] = { "The Bobbin contributors", NULL };
  g_autofree char *debug_info = dup_debug_info ();

  adw_show_about_window (parent,
                         "application-name", "Bobbin",
                         "application-icon", BOBBIN_APP_ID,
                         "version", BOBBIN_VERSION,
                         "developer-name", _("The Bobbin contributors"),
                         "developers", developers,
                         "copyright", "© 2026 The Bobbin contributors",
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "website", "https://github.com/bobbin-chat/bobbin",
                         "issue-url", "https://github.com/bobbin-chat/bobbin/issues",
                         /* Translators: put your names here, one a line. */
                         "translator-credits", _("translator-credits"),
                         "debug-info", debug_info,
                         "debug-info-filename", "bobbin-debug.txt",
                         NULL);
}
