/* A message being written anew in its place: text, Cancel, Send. What is typed goes to the view state, as the row may go and come
 * back. Signals: "done" (char *text, nullable: it was cancelled). */
#pragma once

#include <gtk/gtk.h>

#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_MESSAGE_EDITOR (bobbin_message_editor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMessageEditor, bobbin_message_editor, BOBBIN, MESSAGE_EDITOR, GtkWidget)

/* @key: under which the text is kept in @state, which has it already. */
GtkWidget *bobbin_message_editor_new (BobbinViewState *state, gint64 key) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
