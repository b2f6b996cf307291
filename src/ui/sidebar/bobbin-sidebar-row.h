/* A row of the sidebar: a conversation, a place found by search, or a heading.
 *
 * It draws its text itself, one widget a row: GtkListView keeps up to 200 rows alive, and at
 * start a row made of labels costs five times as much. What is drawn is also the row's
 * accessible label. Only a state has a widget of its own (an icon, or a spinner while an answer
 * arrives). */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_SIDEBAR_ROW (bobbin_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSidebarRow, bobbin_sidebar_row, BOBBIN, SIDEBAR_ROW, GtkWidget)

/* Property "item": a BobbinThread, BobbinSearchResult or BobbinThreadGroup, or NULL. */
GtkWidget *bobbin_sidebar_row_new       (BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_sidebar_row_set_item  (BobbinSidebarRow *self, GObject *item);
GObject   *bobbin_sidebar_row_get_item  (BobbinSidebarRow *self); /* (nullable) borrowed */
/* Of BobbinLabel: what the ids of a thread's labels mean. */
void       bobbin_sidebar_row_set_labels (BobbinSidebarRow *self, GListModel *labels);
/* While many are picked each has a check. */
void       bobbin_sidebar_row_set_picking (BobbinSidebarRow *self, gboolean picking, gboolean picked);
/* Whether it has a check: a heading never has one. */
gboolean   bobbin_sidebar_row_is_picking  (BobbinSidebarRow *self);
/* Something it shows is another. */
void       bobbin_sidebar_row_update    (BobbinSidebarRow *self);
/* What a screen reader says of it. Returns: (transfer full) */
char      *bobbin_sidebar_row_dup_label (BobbinSidebarRow *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
