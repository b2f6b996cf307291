/* Tells the person what happened while nobody looked: an answer is ready, an approval waits, something could not be sent. One
 * notification a conversation, replaced by what comes next and taken back once it was seen, here or in an earlier run. Its
 * actions are the application's ("open-thread", "approve", "reject"), so they work when the program has ended meanwhile.
 *
 * The application owns it, for as long as the library is open. Main thread only. */
#pragma once

#include "bobbin-types.h"
#include "session/bobbin-decider.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_NOTIFIER (bobbin_notifier_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNotifier, bobbin_notifier, BOBBIN, NOTIFIER, GObject)

/* @application is not held; its windows are watched. */
BobbinNotifier *bobbin_notifier_new            (GtkApplication *application, BobbinLibrary *library, GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
/* A decision from a notification did not get through. */
void            bobbin_notifier_tell_undecided (BobbinNotifier *self, const BobbinApprovalPlace *place, const GError *error);

G_END_DECLS
