/* What the numbers in an answer stand for: "[1]" and so on, as a list. An address is shown whole before it opens. */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

GtkWidget *bobbin_sources_view_new (BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;
/* What a source is called: its title, else its address, with the page. */
char      *bobbin_sources_dup_title (JsonObject *source) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
