/* The Background portal: asks the desktop whether the program may stay without a window, and to start it with the session. Bare
 * D-Bus, as nothing else of libportal would be used. Main thread only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean background; /* it may stay without a window */
  gboolean autostart;  /* it will be started with the session */
} BobbinBackgroundAnswer;

/* Asks for background and, if @autostart, to be started; FALSE takes an earlier autostart back. BOBBIN_ERROR_NOT_SUPPORTED where
 * there is no such portal. A person may be asked meanwhile: it can take long. */
void     bobbin_background_request_async  (GDBusConnection *bus, gboolean autostart, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_background_request_finish (GAsyncResult *result, BobbinBackgroundAnswer *ret_answer, GError **error);

G_END_DECLS
