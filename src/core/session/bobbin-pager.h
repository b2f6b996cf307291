/* All messages of a thread that are shown, as one list, of which only pages near the reader are in memory: the ids of the older
 * messages, then the newest messages, which the session keeps. GListModel of BobbinMessage; an item that is not loaded is the
 * same empty BobbinMessage everywhere, so whoever shows many asks bobbin_pager_peek().
 *
 * Signals: "loaded" (guint position, guint n): these can be had now; their number did not change. "updated" (): the ids are
 * there, or are others. Main thread only; owned by the session. */
#pragma once

#include "bobbin-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_PAGER (bobbin_pager_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPager, bobbin_pager, BOBBIN, PAGER, GObject)

/* @newest: GListStore of BobbinMessage, kept by the session. */
BobbinPager   *bobbin_pager_new        (BobbinStore *store, gint64 thread_id, GListModel *newest) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the ids again: the thread was changed in the store. The first time is the caller's, too. */
void           bobbin_pager_refresh    (BobbinPager *self);
/* The ids were read once. */
gboolean       bobbin_pager_get_ready  (BobbinPager *self);
/* (nullable) borrowed: the message, when it is loaded. */
BobbinMessage *bobbin_pager_peek       (BobbinPager *self, guint position);
gint64         bobbin_pager_get_id     (BobbinPager *self, guint position);
gboolean       bobbin_pager_is_prompt  (BobbinPager *self, guint position);
gboolean       bobbin_pager_find       (BobbinPager *self, gint64 id, guint *ret_position);
/* Somebody looks at [first, last): they are loaded, with a page around them, and others may be given up. */
void           bobbin_pager_want       (BobbinPager *self, guint first, guint last);
/* Reads [first, last) without keeping it, for copying; what is in memory is given as it is. */
void           bobbin_pager_read_async (BobbinPager *self, guint first, guint last, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
GPtrArray     *bobbin_pager_read_finish (BobbinPager *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinMessage */
/* The message with @id and what follows it are about to be hidden in the store. */
void           bobbin_pager_cut        (BobbinPager *self, gint64 id);
/* These are shown as the objects they are here, in whatever page they lie and for as long as nothing else is held: the session
 * works on them. NULL: none. */
void           bobbin_pager_hold       (BobbinPager *self, BobbinMessage *message, BobbinMessage *other);
/* Pages in memory beside the newest messages, for tests. */
guint          bobbin_pager_get_n_pages (BobbinPager *self);

G_END_DECLS
