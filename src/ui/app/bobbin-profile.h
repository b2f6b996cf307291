/* A profile: the parts everything stands on, opened once and closed once. It makes the store,
 * the secrets, the clock, the network and the library, and runs the demo agent's server for as
 * long as there is an account for it.
 *
 * The application owns one; windows only ever see the library. A throw-away profile lies in a
 * temporary folder, keeps its keys in memory, and is removed when it is closed. Main thread
 * only. */
#pragma once

#include "session/bobbin-library.h"
#include "store/bobbin-store.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_PROFILE (bobbin_profile_get_type ())
G_DECLARE_FINAL_TYPE (BobbinProfile, bobbin_profile, BOBBIN, PROFILE, GObject)

/* @data_dir: (nullable): NULL is the person's own, below XDG_DATA_HOME. */
BobbinProfile           *bobbin_profile_new            (const char *data_dir) G_GNUC_WARN_UNUSED_RESULT;
/* NULL with error when no temporary folder can be made. */
BobbinProfile           *bobbin_profile_new_throw_away (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the store and loads the library. After a failure it may be called again. */
void                     bobbin_profile_open_async     (BobbinProfile *self, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean                 bobbin_profile_open_finish    (BobbinProfile *self, GAsyncResult *result, GError **error);
/* Saves what is pending and closes. Blocks briefly: for the end of the program. */
void                     bobbin_profile_close          (BobbinProfile *self);

BobbinLibrary           *bobbin_profile_get_library    (BobbinProfile *self); /* (nullable): until it is open */
const BobbinStoreReport *bobbin_profile_get_report     (BobbinProfile *self); /* (nullable): until it is open */
gboolean                 bobbin_profile_get_throw_away (BobbinProfile *self);
const char              *bobbin_profile_get_data_dir   (BobbinProfile *self);

/* Finds the demo agent's account or makes it. */
void                     bobbin_profile_ensure_demo_async  (BobbinProfile *self, GCancellable *cancellable,
                                                            GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) */
BobbinAccount           *bobbin_profile_ensure_demo_finish (BobbinProfile *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
