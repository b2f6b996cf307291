/* What the preferences say about the parts of a conversation: how large and wide its text is, and how it is written. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Now and whenever a setting changes, for as long as the widgets live. */
void _bobbin_conversation_follow_settings (GSettings *settings, GtkWidget *transcript, GtkWidget *composer);

G_END_DECLS
