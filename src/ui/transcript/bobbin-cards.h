/* The foldable cards: thinking, tool calls, and data shown in a simple form. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

/* Title with the duration, the last line while it is thought; unfolded: all of it. */
GtkWidget *bobbin_thinking_card_new (BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;
/* Name, arguments in a line, running, done or failed; unfolded: arguments and result. */
GtkWidget *bobbin_tool_card_new     (BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;
/* What cannot be shown as what it is: as JSON, folded. */
GtkWidget *bobbin_data_card_new     (BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;

/* Indented JSON; text that is none comes back as it is. At most @max bytes, 0 no limit, with an ellipsis. */
char      *bobbin_cards_pretty_json (const char *text, gsize max) G_GNUC_WARN_UNUSED_RESULT;
/* One line of at most @max characters: white space folded. */
char      *bobbin_cards_one_line    (const char *text, guint max) G_GNUC_WARN_UNUSED_RESULT;
/* A labelled piece of code or text below a card's head, with a button that copies all of @text. */
GtkWidget *bobbin_cards_text_part   (const char *label, const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
