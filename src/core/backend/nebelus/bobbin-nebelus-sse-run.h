/* One turn over HTTP: the POST, and the reading of what comes back (nebelus.md, sections 3.2, 4.2 and 9.3).
 *
 * Knows requests, streams and frames; what an event means for the turn is the channel's. Handlers are called from main loop
 * callbacks, never from inside a call, and not after _bobbin_nebelus_sse_run_drop(). */
#pragma once

#include "backend/nebelus/bobbin-nebelus-private.h"

G_BEGIN_DECLS

typedef struct _BobbinNebelusSseRun BobbinNebelusSseRun;

typedef struct
{
  /* @event: (transfer full). */
  void (*event) (BobbinNebelusSseRun *run, BobbinEvent *event, gpointer user_data);
  /* Nothing follows. @failure: (transfer full) (nullable): NULL at the end of the stream. Its certainty is what the exchange
   * alone tells; http_status is 400 or above when the server refused. */
  void (*ended) (BobbinNebelusSseRun *run, BobbinFailure *failure, gpointer user_data);
} BobbinNebelusSseHandlers;

/* Sends @turn at once. @handlers: static. */
BobbinNebelusSseRun *_bobbin_nebelus_sse_run_new  (const BobbinNebelusTarget *target, BobbinTurn *turn,
                                                   const BobbinNebelusSseHandlers *handlers, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the request, whatever it does, and gives it up. */
void                 _bobbin_nebelus_sse_run_drop (BobbinNebelusSseRun *run);
/* Whether the message may have reached the server. */
gboolean             _bobbin_nebelus_sse_run_get_sent (BobbinNebelusSseRun *run);

G_END_DECLS
