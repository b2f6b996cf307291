/* "State & Metadata": what the server keeps with a thread, beside its messages. Shown for services that have it. */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @backend has BOBBIN_CAN_STATE or BOBBIN_CAN_METADATA and @thread a server id. */
GtkWindow *bobbin_state_window_new      (GtkWindow *parent, BobbinBackend *backend, BobbinThread *thread) G_GNUC_WARN_UNUSED_RESULT;
/* The metadata of one message; @backend has BOBBIN_CAN_MESSAGE_METADATA, @message_id is the server's. */
GtkWindow *bobbin_state_window_new_for_message (GtkWindow *parent, BobbinBackend *backend, BobbinThread *thread,
                                                const char *message_id) G_GNUC_WARN_UNUSED_RESULT;
/* Whether there is anything to show of @thread. */
gboolean   bobbin_state_window_is_useful (BobbinBackend *backend, BobbinThread *thread);

G_END_DECLS
