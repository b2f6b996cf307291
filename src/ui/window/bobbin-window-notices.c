#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include "account/bobbin-welcome.h"

#include <glib/gi18n.h>

static const BobbinBannerStyle styles[BOBBIN_N_WINDOW_NOTICES] = {
  [BOBBIN_NOTICE_MEMORY_KEYS] = BOBBIN_BANNER_STYLE_WARNING,
  [BOBBIN_NOTICE_RECOVERED] = BOBBIN_BANNER_STYLE_WARNING,
  [BOBBIN_NOTICE_STORE_FAILED] = BOBBIN_BANNER_STYLE_ERROR,
  [BOBBIN_NOTICE_READ_ONLY] = BOBBIN_BANNER_STYLE_ERROR,
};

static int
heaviest (BobbinWindow *self)
{
  for (int i = BOBBIN_N_WINDOW_NOTICES - 1; i >= 0; i--)
    if (self->notices[i] != NULL)
      return i;

  return -1;
}

/* Narrow, the list is a page of its own, so the bar is there too; wide, once is enough. The welcome page hides both. */
void
_bobbin_window_update_notices (BobbinWindow *self)
{
  BobbinBanner *bars[] = { bobbin_conversation_get_notice_bar (self->conversation),
                           bobbin_sidebar_get_notice_bar (self->sidebar), NULL };
  GtkWidget *page = gtk_overlay_get_child (self->overlay);
  gboolean folded = adw_leaflet_get_folded (self->leaflet);
  int notice = heaviest (self);

  if (BOBBIN_IS_WELCOME (page))
    bars[2] = bobbin_welcome_get_notice_bar (BOBBIN_WELCOME (page));

  for (guint i = 0; i < G_N_ELEMENTS (bars) && bars[i] != NULL; i++)
    {
      if (notice >= 0 && (i != 1 || folded))
        bobbin_banner_show (bars[i], styles[notice], self->notices[notice], NULL, NULL, NULL,
                            notice != BOBBIN_NOTICE_READ_ONLY ? "win.dismiss-notice" : NULL);
      else
        bobbin_banner_hide (bars[i]);
    }
}

void
bobbin_window_show_notice (BobbinWindow      *self,
                           BobbinWindowNotice notice,
                           const char        *text)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail ((guint) notice < BOBBIN_N_WINDOW_NOTICES);

  g_free (self->notices[notice]);
  self->notices[notice] = g_strdup (text);
  _bobbin_window_update_notices (self);
}

void
_bobbin_window_dismiss_notice (BobbinWindow *self)
{
  int notice = heaviest (self);

  if (notice < 0)
    return;

  g_clear_pointer (&self->notices[notice], g_free);
  _bobbin_window_update_notices (self);
}

static char *
dup_recovered_text (const BobbinStoreReport *report)
{
  g_autofree char *threads = NULL;

  threads = g_strdup_printf (ngettext ("%u conversation was recovered", "%u conversations were recovered",
                                       report->salvaged_threads),
                             report->salvaged_threads);
  if (report->broken_path == NULL)
    /* Translators: %s is “12 conversations were recovered”. */
    return g_strdup_printf (_("The database was damaged. %s."), threads);

  /* Translators: the first is “12 conversations were recovered”, the second the path of a file. */
  return g_strdup_printf (_("The database was damaged. %1$s; the damaged file was kept as %2$s."), threads,
                          report->broken_path);
}

void
bobbin_window_tell_report (BobbinWindow            *self,
                           const BobbinStoreReport *report)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  if (report == NULL)
    return;

  if (report->read_only)
    bobbin_window_show_notice (self, BOBBIN_NOTICE_READ_ONLY,
                               _("Your data folder cannot be written. You can read, but nothing new is kept. "
                                 "Make the folder writable and start Bobbin again."));
  if (report->recovered)
    {
      g_autofree char *text = dup_recovered_text (report);

      bobbin_window_show_notice (self, BOBBIN_NOTICE_RECOVERED, text);
    }
  if (report->migrated_from != 0)
    bobbin_window_toast (self, report->backup_path != NULL
                                 ? _("Your conversations were brought to the new version. A backup was kept.")
                                 : _("Your conversations were brought to the new version"));
}
