/* Marks beside a scrollbar: where in the whole there is something. Draws only; places are parts of the whole, from 0 to 1. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_FIND_MARKS (bobbin_find_marks_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFindMarks, bobbin_find_marks, BOBBIN, FIND_MARKS, GtkWidget)

/* @places: of float, in any order. */
void bobbin_find_marks_set_places (BobbinFindMarks *self, const float *places, guint n);
/* For tests. */
guint bobbin_find_marks_get_n     (BobbinFindMarks *self);

G_END_DECLS
