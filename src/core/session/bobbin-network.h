/* Whether there is a network and when the machine wakes: GNetworkMonitor and login1's PrepareForSleep behind one object, so that
 * tests can play both. Offline is only ever a hint: a loopback server is tried all the same. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_NETWORK (bobbin_network_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNetwork, bobbin_network, BOBBIN, NETWORK, GObject)

/* Property "available". Signals "returned" (the network changed to available, or to another one), "sleeping", "woken". */
BobbinNetwork *bobbin_network_new           (void) G_GNUC_WARN_UNUSED_RESULT; /* watches the system */
BobbinNetwork *bobbin_network_new_manual    (void) G_GNUC_WARN_UNUSED_RESULT; /* driven by the three calls below */
gboolean       bobbin_network_get_available (BobbinNetwork *self);
void           bobbin_network_set_available (BobbinNetwork *self, gboolean available);
void           bobbin_network_sleep         (BobbinNetwork *self);
void           bobbin_network_wake          (BobbinNetwork *self);

G_END_DECLS
