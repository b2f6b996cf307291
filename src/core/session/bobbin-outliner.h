/* The outline of a session's thread: of the newest messages from memory, made anew as they change, of the older ones from the
 * store. A GListModel of BobbinOutlineEntry in the order of the thread. Does nothing before it is started. Main thread only. */
#pragma once

#include "bobbin-types.h"
#include "model/bobbin-outline.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_OUTLINE_ENTRY (bobbin_outline_entry_get_type ())
G_DECLARE_FINAL_TYPE (BobbinOutlineEntry, bobbin_outline_entry, BOBBIN, OUTLINE_ENTRY, GObject)

const BobbinOutlineItem *bobbin_outline_entry_get_item (BobbinOutlineEntry *self);

#define BOBBIN_TYPE_OUTLINER (bobbin_outliner_get_type ())
G_DECLARE_FINAL_TYPE (BobbinOutliner, bobbin_outliner, BOBBIN, OUTLINER, GObject)

BobbinOutliner *bobbin_outliner_new   (BobbinSession *session) G_GNUC_WARN_UNUSED_RESULT;
void            bobbin_outliner_start (BobbinOutliner *self);
/* The entry at or before a place of the thread; FALSE when there is none. */
gboolean        bobbin_outliner_find  (BobbinOutliner *self, gint64 message_id, gint64 block_id, gsize offset, guint *ret_position);

G_END_DECLS
