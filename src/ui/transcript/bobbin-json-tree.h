/* The lines of a JSON tree, drawn by ourselves: all of one height, only those near the screen are laid out and exist for assistive
 * tools. One line has the focus: arrows move it, Right and Left unfold and fold, Enter does either.
 * Signal "menu" (): a menu is asked for at the line that has the focus. */
#pragma once

#include <gtk/gtk.h>

#include "model/bobbin-json-rows.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_JSON_TREE (bobbin_json_tree_get_type ())
G_DECLARE_FINAL_TYPE (BobbinJsonTree, bobbin_json_tree, BOBBIN, JSON_TREE, GtkWidget)

GtkWidget      *bobbin_json_tree_new         (void) G_GNUC_WARN_UNUSED_RESULT;
/* @rows: (transfer full). */
void            bobbin_json_tree_set_rows    (BobbinJsonTree *self, BobbinJsonRows *rows);
BobbinJsonRows *bobbin_json_tree_get_rows    (BobbinJsonTree *self); /* (nullable) */
void            bobbin_json_tree_set_visible_range (BobbinJsonTree *self, int top, int bottom);
/* Lines that hold @text (nullable) are marked. */
void            bobbin_json_tree_set_search  (BobbinJsonTree *self, const char *text);
/* Unfolds what is around a value and gives its line the focus, unless @quietly. FALSE: too much is unfolded already. */
gboolean        bobbin_json_tree_show        (BobbinJsonTree *self, guint node, gboolean quietly);
/* The value of the line with the focus; BOBBIN_JSON_NONE: none. */
guint           bobbin_json_tree_get_cursor  (BobbinJsonTree *self);
void            bobbin_json_tree_get_cursor_area (BobbinJsonTree *self, GdkRectangle *ret_area);

G_END_DECLS
