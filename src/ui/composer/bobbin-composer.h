/* The composer: what is typed, the files that go along, Send and Stop. It shows the draft of a session and keeps the two alike;
 * sending and stopping are the session's doing. Input methods see every key first: Enter during composition never sends.
 *
 * Properties: "session" (BobbinSession, nullable: insensitive, and says why), "ctrl-enter-sends" (boolean, else Enter sends and
 * Shift+Enter breaks the line), "check-spelling" (boolean; bobbin-speller.h). */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_COMPOSER (bobbin_composer_get_type ())
G_DECLARE_FINAL_TYPE (BobbinComposer, bobbin_composer, BOBBIN, COMPOSER, GtkWidget)

GtkWidget     *bobbin_composer_new                  (void) G_GNUC_WARN_UNUSED_RESULT;
BobbinSession *bobbin_composer_get_session          (BobbinComposer *self); /* (nullable) */
void           bobbin_composer_set_session          (BobbinComposer *self, BobbinSession *session);
gboolean       bobbin_composer_get_ctrl_enter_sends (BobbinComposer *self);
void           bobbin_composer_set_ctrl_enter_sends (BobbinComposer *self, gboolean ctrl_enter_sends);
/* How wide it may become, in pixels. */
void           bobbin_composer_set_width            (BobbinComposer *self, int width);
gboolean       bobbin_composer_grab_focus           (BobbinComposer *self);
/* Attaches files, as dropped on the window: checks the limits first and says in words what cannot be taken.
 * Addresses of the web become text instead. @files: (element-type GFile): borrowed. */
void           bobbin_composer_add_files            (BobbinComposer *self, GSList *files);
/* Puts @text into the draft as a quotation, in front of what is typed. */
void           bobbin_composer_quote                (BobbinComposer *self, const char *text);

G_END_DECLS
