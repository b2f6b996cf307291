/* The application: one instance for a person's session bus, started by hand or by D-Bus. It owns
 * the profile and gives its library to the windows; it knows which requests (a conversation, a
 * link, new) still wait for the profile to open.
 *
 * It stays alive without a window while an answer arrives. With --demo it is an instance of its
 * own over a throw-away profile. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_APPLICATION (bobbin_application_get_type ())
G_DECLARE_FINAL_TYPE (BobbinApplication, bobbin_application, BOBBIN, APPLICATION, AdwApplication)

/* Actions: app.new-window, .new-conversation, .open-thread (s), .quick-ask, .approve (s), .reject (s)
 * (of an approval: bobbin-decider.h), .text-larger, .text-smaller, .text-normal, .try-demo, .add-account,
 * .edit-account (s), .preferences, .about, .open-again, .quit. */
BobbinApplication *bobbin_application_new         (void) G_GNUC_WARN_UNUSED_RESULT;
BobbinLibrary     *bobbin_application_get_library (BobbinApplication *self); /* (nullable): NULL until the profile is open */

G_END_DECLS
