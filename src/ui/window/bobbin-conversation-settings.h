/* What the preferences say about the parts of a conversation: how large and wide its text is, how it is written, and which images
 * are fetched. */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Now and whenever a setting changes, for as long as the widgets live. */
void _bobbin_conversation_follow_settings (GSettings *settings, GtkWidget *transcript, GtkWidget *composer);

/* @settings: (nullable) */
void _bobbin_conversation_fetch_images (BobbinClock *clock, GSettings *settings, GtkWidget *transcript);

G_END_DECLS
