/* Tells assistive tools politely what is being answered: one status per finished paragraph, at most one a second, the
 * paragraphs between put together, and "answer finished". Silent for what was there before. Owned by the transcript. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ANNOUNCER (bobbin_announcer_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAnnouncer, bobbin_announcer, BOBBIN, ANNOUNCER, GObject)

/* @label has the role STATUS; what is announced becomes its text. */
BobbinAnnouncer *bobbin_announcer_new       (GtkLabel *label) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): listens to answers added to @messages from now on. */
void             bobbin_announcer_set_model (BobbinAnnouncer *self, GListModel *messages);

G_END_DECLS
