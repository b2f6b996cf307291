/* What the numbers in an answer stand for: "[1]" and so on, as a list. An address is shown whole before it opens. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

GtkWidget *bobbin_sources_view_new (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
