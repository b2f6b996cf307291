/* The menu of one conversation, the same in the list and in the header bar. Its items are window
 * actions whose target is the thread's local id as text. */
#pragma once

#include "backend/bobbin-backend.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_THREAD_MENU_LIST,
  BOBBIN_THREAD_MENU_HEADER,
} BobbinThreadMenuPlace;

/* @can: what the service of the thread's account can. */
GMenuModel *bobbin_thread_menu_new (BobbinThread *thread, BobbinThreadMenuPlace place, BobbinCapabilities can) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
