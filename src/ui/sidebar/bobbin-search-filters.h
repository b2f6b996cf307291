/* The row of filters below the search entry: buttons that say what they let through, in as many lines as they need. It fills in
 * the question and emits "changed" (); it searches nothing itself. */
#pragma once

#include "session/bobbin-library.h"
#include "store/bobbin-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_SEARCH_FILTERS (bobbin_search_filters_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSearchFilters, bobbin_search_filters, BOBBIN, SEARCH_FILTERS, GtkWidget)

GtkWidget *bobbin_search_filters_new       (BobbinLibrary *library) G_GNUC_WARN_UNUSED_RESULT;
/* Everything but the text and the page. Strings are borrowed and good until the next change. */
void       bobbin_search_filters_fill      (BobbinSearchFilters *self, BobbinSearchQuery *query);
/* 0: all. */
void       bobbin_search_filters_set_account (BobbinSearchFilters *self, gint64 account_id);
/* Anything but the account holds something back. */
gboolean   bobbin_search_filters_is_active (BobbinSearchFilters *self);
/* Back to everything; says "changed" when that is a change. */
void       bobbin_search_filters_reset     (BobbinSearchFilters *self);

G_END_DECLS
