/* The one table of what can be done and with which keys: it feeds the accelerators of the application, the palette and the help
 * window, so that none can know more than the others. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The widget knows the key itself: it is no accelerator, and the action is for the palette alone. */
#define BOBBIN_SHORTCUT_OWN_KEY (1 << 0)

typedef struct
{
  const char *group;     /* heading in the help window; NULL goes on with the one before */
  const char *title;     /* what it does */
  const char *accels;    /* (nullable) one or more, separated by spaces, as gtk_accelerator_parse() takes them; NULL: palette only */
  const char *action;    /* (nullable) detailed name; NULL: the widget knows the key itself, and nothing but a key does it */
  guint       flags;
} BobbinShortcut;

/* Returns: the table and its length. */
const BobbinShortcut *bobbin_shortcuts_get_table  (guint *ret_n);
void                  bobbin_shortcuts_install    (GtkApplication *application);
/* Returns: (transfer floating) */
GtkWidget            *bobbin_shortcuts_new_window (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
