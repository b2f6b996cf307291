/* What is known of a message, in a popover: agent, model, tokens, cost, timing, ids. Every value can be copied. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

void bobbin_message_details_popup (BobbinMessage *message, GtkWidget *parent);

G_END_DECLS
