/* What is known of a message, in a popover: agent, model, tokens, cost, timing, ids. Every value can be copied. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "store/bobbin-store.h"

G_BEGIN_DECLS

/* @transport: (nullable): what carries the conversation now. @parent has a layout manager. */
GtkWidget *bobbin_message_details_popup (BobbinMessage *message, const char *transport, GtkWidget *parent);
/* What the whole conversation used, below; @popover as returned. */
void       bobbin_message_details_add_sum (GtkWidget *popover, const BobbinUsageSum *sum);

/* A button that shows what the server keeps with the message: "win.show-message-metadata" with its id. */
void       bobbin_message_details_add_metadata (GtkWidget *popover, BobbinMessage *message);

G_END_DECLS
