/* Opening a locked collection, with the prompt of the desktop, by our own D-Bus calls.
 *
 * libsecret's own prompt emits a critical and never finishes when the daemon dies while the prompt is up (0.20.5 and 0.21.7:
 * on_real_prompt_completed returns a NULL error), so nothing here lets libsecret prompt. May go when that is mended.
 *
 * A prompt is never dismissed from here either: gnome-keyring aborts, and takes all open keyrings along, when an unlock prompt on
 * the screen is dismissed over D-Bus (42.1 to 48: mark_as_complete starts the prompt it just ended, and an assertion fails).
 * Cancelling only stops the wait; the prompt stays until the person answers it or the program ends. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Unlocks @paths (collections or items); @paths NULL makes the default collection, which needs a prompt too. Cancelling
 * finishes at once. */
void     _bobbin_secret_open_async  (GDBusConnection *connection, const char *const *paths, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* TRUE: open now. FALSE without error: the prompt was dismissed. */
gboolean _bobbin_secret_open_finish (GDBusConnection *connection, GAsyncResult *result, GError **error);

G_END_DECLS
