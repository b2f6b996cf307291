/* For programs that write a whole profile (tests/support/make-profile.c): many operations share one transaction, and none
 * waits for the disk. An error undoes all since the last commit. */
#pragma once

#include "store/bobbin-store.h"

G_BEGIN_DECLS

void _bobbin_store_set_bulk (BobbinStore *self, gboolean bulk);

G_END_DECLS
