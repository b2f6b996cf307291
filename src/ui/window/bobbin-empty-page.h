/* What stands in the place of a conversation when none is open. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @threads: (nullable): what there is to choose from; while there is nothing, nobody is told to. */
GtkWidget *bobbin_empty_page_new (GListModel *threads) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
