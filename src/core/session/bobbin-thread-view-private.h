/* What the library does with its views. */
#pragma once

#include "session/bobbin-thread-view.h"
#include "store/bobbin-store.h"

G_BEGIN_DECLS

/* @library is borrowed until _detach(). Nothing is read before the first use. */
BobbinThreadView        *_bobbin_thread_view_new       (BobbinLibrary *library, const BobbinThreadQuery *query) G_GNUC_WARN_UNUSED_RESULT;
void                     _bobbin_thread_view_detach    (BobbinThreadView *self);
const BobbinThreadQuery *_bobbin_thread_view_get_query (BobbinThreadView *self);
/* The view is filled by _add_page() from outside, or (open) reads its first page itself, once. */
void                     _bobbin_thread_view_set_open  (BobbinThreadView *self);
void                     _bobbin_thread_view_open      (BobbinThreadView *self);
gboolean                 _bobbin_thread_view_holds     (BobbinThreadView *self, BobbinThread *thread);
/* Whether the thread is of those it shows, wherever it lies. */
gboolean                 _bobbin_thread_view_matches   (BobbinThreadView *self, BobbinThread *thread);
/* The thread is put where it belongs now: in, out, or elsewhere. */
void                     _bobbin_thread_view_place     (BobbinThreadView *self, BobbinThread *thread);
void                     _bobbin_thread_view_remove    (BobbinThreadView *self, BobbinThread *thread);
/* Many at once, with one change of the list. */
void                     _bobbin_thread_view_refresh   (BobbinThreadView *self, GPtrArray *threads);
/* @threads: interned. @is_page: the next one in order, which moves the place where the one after begins. */
void                     _bobbin_thread_view_add_page  (BobbinThreadView *self, GPtrArray *threads, gboolean is_page);
/* Threads that come from elsewhere: those that belong here are put in. */
void                     _bobbin_thread_view_take      (BobbinThreadView *self, GPtrArray *threads);
/* Reads what it has read so far again. */
void                     _bobbin_thread_view_reload    (BobbinThreadView *self);

G_END_DECLS
