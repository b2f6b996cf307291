/* For programs that write a whole profile (tests/support/make-profile.c): all operations between the two calls are one
 * transaction, the full-text index is built at its end, and a failed operation undoes everything. Finish with
 * bobbin_store_finish(). */
#pragma once

#include "store/bobbin-store.h"

G_BEGIN_DECLS

void _bobbin_store_begin_bulk_async (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void _bobbin_store_end_bulk_async   (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
