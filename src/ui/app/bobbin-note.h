/* A text and a button to it: beside each other, or, where the text would become a tall narrow column, the button below it at the end.
 * Of both it takes what is lower. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_NOTE (bobbin_note_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNote, bobbin_note, BOBBIN, NOTE, GtkWidget)

/* @button: (nullable). @gap: between the two, in pixels. */
GtkWidget *bobbin_note_new (GtkWidget *text,
                            GtkWidget *button,
                            int        gap) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
