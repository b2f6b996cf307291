/* The one table of keyboard shortcuts: it feeds the accelerators of the application and the help
 * window, so that neither can know more than the other. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *group;     /* heading in the help window; NULL goes on with the one before */
  const char *title;     /* what it does */
  const char *accels;    /* one or more, separated by spaces, as gtk_accelerator_parse() takes them */
  const char *action;    /* (nullable) detailed name; NULL: the widget knows the key itself */
} BobbinShortcut;

/* Returns: the table and its length. */
const BobbinShortcut *bobbin_shortcuts_get_table  (guint *ret_n);
void                  bobbin_shortcuts_install    (GtkApplication *application);
/* Returns: (transfer floating) */
GtkWidget            *bobbin_shortcuts_new_window (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
