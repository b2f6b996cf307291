/* "Add Message": puts a message into the server's thread without asking the agent. For services that allow it. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

/* bobbin_session_can_add_message() holds. What was written comes again with the reason when it could not be added. */
void bobbin_add_message_present (GtkWindow *parent, BobbinSession *session);

G_END_DECLS
