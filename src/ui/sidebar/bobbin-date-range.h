/* A popover to choose a first and a last day, either of which may be left open. It says "changed" () with every choice; it knows
 * nothing of what the days are for. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_DATE_RANGE (bobbin_date_range_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDateRange, bobbin_date_range, BOBBIN, DATE_RANGE, GtkPopover)

GtkWidget *bobbin_date_range_new  (void) G_GNUC_WARN_UNUSED_RESULT;
/* Local midnights that begin the two days; 0: open. */
void       bobbin_date_range_set  (BobbinDateRange *self, gint64 first_us, gint64 last_us);
void       bobbin_date_range_get  (BobbinDateRange *self, gint64 *ret_first_us, gint64 *ret_last_us);
/* The two in words, as short as a button wants them; NULL: both are open. */
char      *bobbin_date_range_dup_text (gint64 first_us, gint64 last_us) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
