/* What is shown while there is no library to show: a spinner when opening the profile takes
 * long, and why it failed. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_START_WINDOW (bobbin_start_window_get_type ())
G_DECLARE_FINAL_TYPE (BobbinStartWindow, bobbin_start_window, BOBBIN, START_WINDOW, AdwApplicationWindow)

GtkWidget *bobbin_start_window_new         (GtkApplication *application) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_start_window_show_busy   (BobbinStartWindow *self);
/* Offers app.open-again and app.quit. */
void       bobbin_start_window_show_failed (BobbinStartWindow *self, const GError *error, const char *data_dir);

G_END_DECLS
