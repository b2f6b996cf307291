/* What makes widgets of the library fit: where there is little room (a window of 360 pixels, text of twice its size, a language with
 * long words), and for who hears them instead of seeing them. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The label of @button, made by its "label" property, breaks into lines where it must. */
void       bobbin_fit_button   (GtkButton *button);
/* The title of a header bar gives way to the buttons beside it, to the last letter. */
void       bobbin_fit_title    (AdwWindowTitle *title);
/* A toast with all of @text, which is plain: those of the library cut what does not fit into one line. */
AdwToast  *bobbin_fit_toast    (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* As adw_message_dialog_new(), whose heading is measured well. */
GtkWidget *bobbin_fit_dialog   (GtkWindow *parent, const char *heading, const char *body) G_GNUC_WARN_UNUSED_RESULT;
/* Buttons with only an icon below @widget are told by their tooltips, now and when these change. */
void       bobbin_fit_names    (GtkWidget *widget);
/* The value of @row is broken into lines instead of cut. Before it has a model. */
void       bobbin_fit_choice   (AdwComboRow *row);
/* The tabs at the bottom of a narrow window: where the name of one would be cut, all are told by their icons and tooltips. Once its
 * pages are there. */
void       bobbin_fit_tabs     (AdwPreferencesWindow *window);
/* What @revealer has folded away is not told by screen readers, nor reached by keys. */
void       bobbin_fit_revealer (GtkRevealer *revealer);

G_END_DECLS
