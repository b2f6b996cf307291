/* Asks which agent goes on with an open conversation: one that is known, or another by its ID. For services that have
 * BOBBIN_CAN_CHANGE_AGENT. */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @agents: (nullable): of BobbinAgent, of any account. */
void bobbin_agent_dialog_present (GtkWindow *parent, BobbinSession *session, GPtrArray *agents);

G_END_DECLS
