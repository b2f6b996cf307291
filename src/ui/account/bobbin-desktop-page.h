/* The page of the preferences about the desktop: what is told and when, and what goes on without a window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_DESKTOP_PAGE (bobbin_desktop_page_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDesktopPage, bobbin_desktop_page, BOBBIN, DESKTOP_PAGE, AdwPreferencesPage)

/* @bus: (nullable): where the desktop is asked; without one it cannot be. */
GtkWidget *bobbin_desktop_page_new (GSettings *settings, GDBusConnection *bus) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
