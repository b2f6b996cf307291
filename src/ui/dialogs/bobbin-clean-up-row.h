/* One conversation that would go, in the list of bobbin-clean-up.h. */
#pragma once

#include "store/bobbin-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_CLEAN_UP_ROW (bobbin_clean_up_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCleanUpRow, bobbin_clean_up_row, BOBBIN, CLEAN_UP_ROW, GObject)

/* The check was changed: it stays, or goes after all. */
typedef void (*BobbinCleanUpKept) (BobbinCleanUpRow *row, gboolean kept, gpointer user_data);

BobbinCleanUpRow       *bobbin_clean_up_row_new        (const BobbinThreadRoom *size, const char *account) G_GNUC_WARN_UNUSED_RESULT;
const BobbinThreadRoom *bobbin_clean_up_row_get_size   (BobbinCleanUpRow *self);
/* The widget a list makes once and binds to many. */
GtkWidget              *bobbin_clean_up_row_widget_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                    bobbin_clean_up_row_bind       (BobbinCleanUpRow *self, GtkWidget *widget, gboolean kept, gint64 now_us,
                                                        BobbinCleanUpKept callback, gpointer user_data);
void                    bobbin_clean_up_row_unbind     (GtkWidget *widget);

G_END_DECLS
