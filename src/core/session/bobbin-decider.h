/* Decides an approval that is known by its ids alone, as a notification names it: the thread need not be open, nor its link be
 * there. Works with what bobbin_session_decide() does; knows nothing of rules and of edited arguments. Main thread only. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 thread_id;
  gint64 message_id;
  gint64 block_id;
} BobbinApprovalPlace;

/* "THREAD/MESSAGE/BLOCK", each as bobbin-id.h writes them. */
char    *bobbin_approval_place_to_string (const BobbinApprovalPlace *place) G_GNUC_WARN_UNUSED_RESULT;
gboolean bobbin_approval_place_parse     (const char *string, BobbinApprovalPlace *ret_place);

/* Whether approving and rejecting is an answer to it: neither a pause that waits for words nor the output of a tool. */
gboolean bobbin_approval_takes_decision  (BobbinBlock *approval);

/* Approves or rejects all that is asked. Finishes once the server took it; one that is decided already is left as it is, which
 * is no error. BOBBIN_ERROR_NOT_FOUND when the thread or the card is gone, BOBBIN_ERROR_NOT_SUPPORTED when it wants something
 * else, BOBBIN_ERROR_BUSY when something else runs in the thread; else what the server or the network said. Without a network
 * it waits. */
void     bobbin_decide_async  (BobbinLibrary *library, const BobbinApprovalPlace *place, gboolean approve, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_decide_finish (BobbinLibrary *library, GAsyncResult *result, GError **error);

G_END_DECLS
