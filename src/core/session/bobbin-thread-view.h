/* A view of the library's threads: those of a folder, an account, a label, those that expire soon; in pages, in order, kept true while
 * it lives. The library makes views and tells them what changes; the rows a view has read are all it holds. Main thread only. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_THREAD_VIEW (bobbin_thread_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinThreadView, bobbin_thread_view, BOBBIN, THREAD_VIEW, GObject)

/* Signal: "grew": a page was read. */

/* Of BobbinThread; pinned ones first where they count, then the newest use. Grows by load_more(). */
GListModel *bobbin_thread_view_get_model    (BobbinThreadView *self);
/* Of the store; a server's list may hold more. */
gboolean    bobbin_thread_view_get_has_more (BobbinThreadView *self);
/* The next page; does nothing while one is loading. */
void        bobbin_thread_view_load_more    (BobbinThreadView *self);
/* Whether its first page has been read. */
gboolean    bobbin_thread_view_get_loaded   (BobbinThreadView *self);
/* Lets go of what was read beyond the first rows, some at a time while nothing else is to do; it comes again by load_more(), which
 * also ends that. */
void        bobbin_thread_view_trim         (BobbinThreadView *self);

G_END_DECLS
