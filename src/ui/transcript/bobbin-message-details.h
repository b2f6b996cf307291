/* What is known of a message, in a popover: agent, model, tokens, cost, timing, ids. Every value can be copied. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

/* @transport: (nullable): what carries the conversation now. @parent has a layout manager. */
void bobbin_message_details_popup (BobbinMessage *message, const char *transport, GtkWidget *parent);

G_END_DECLS
