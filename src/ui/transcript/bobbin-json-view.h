/* A JSON value in a message: a head with its name and what can be done with it, below the tree, or the text as it came. Shown for
 * `json_data`, unknown blocks, arguments and results of tools, and the state of a thread.
 *
 * Actions: "json.copy" (s: "all", "value", "json", "path"), "json.search", "json.raw" (b), "json.save". */
#pragma once

#include <gtk/gtk.h>

#include "ui/transcript/bobbin-view-state.h"
#include "util/bobbin-json-index.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_JSON_VIEW (bobbin_json_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinJsonView, bobbin_json_view, BOBBIN, JSON_VIEW, GtkWidget)

/* Reads @text, in a thread when it is long; what is no JSON is shown as text. @title: "Arguments". */
GtkWidget *bobbin_json_view_new      (const char *title, const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* One that was read already. */
GtkWidget *bobbin_json_view_new_for_index (const char *title, BobbinJsonIndex *json) G_GNUC_WARN_UNUSED_RESULT;
/* With a frame of its own. */
void       bobbin_json_view_set_framed (BobbinJsonView *self);
void       bobbin_json_view_set_visible_range (BobbinJsonView *self, int top, int bottom);
/* Marks what holds @text and goes to the first; (nullable). The number of places, at most 1000. */
guint      bobbin_json_view_search   (BobbinJsonView *self, const char *text);
/* Where the line with the first of them is, in the coordinates of the widget that is given; after a search that found some. */
GtkWidget *bobbin_json_view_get_match (BobbinJsonView *self, GdkRectangle *ret_area);
BobbinJsonIndex *bobbin_json_view_get_json (BobbinJsonView *self); /* (nullable): not read yet, or not JSON */

G_END_DECLS
