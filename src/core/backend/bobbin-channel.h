/* A channel: the conversation of one thread with one server, for as long as the link lasts.
 *
 * The session owns it, tells it what to do and listens to "event". A channel makes one attempt: it never
 * reconnects, never resends and never picks another thread; backoff, queue and fallback are the session's.
 * It may hide what is the service's own: the two header forms, Origin, the 5 s limit to the greeting, pings and the
 * pong watchdog, WebSocket to SSE (nebelus.md, sections 2, 3, 10).
 *
 * Order of events, which every implementation keeps (tests/core/backend holds them to it):
 *   start → READY | CLOSED(failure)
 *   send  → [UPLOAD…] [ACCEPTED] [TURN_STARTED] BLOCK… → TURN_STOPPED, or FAILED (turn over, channel still READY),
 *           or CLOSED(failure) (turn cut; failure.certainty says what is known of it)
 * Files that go ahead of the message are uploaded inside send, one after the other, with UPLOAD events; cancel ends that too
 * (TURN_STOPPED "cancelled", nothing was sent). A file that was uploaded already and is still good on the server is not sent
 * again: the backend remembers ids by the attachment's SHA-256. One that cannot be uploaded is FAILED with certainty UNSENT.
 * Approvals (bobbin-block.h says what their data holds): with BOBBIN_CAN_APPROVE and BOBBIN_CAN_GIVE_OUTPUT the turn waits after
 * APPROVAL until decide() and then goes on; with BOBBIN_CAN_ANSWER_TEXT the turn ends after APPROVAL by TURN_STOPPED "paused",
 * and the answer is the next turn.
 * After TURN_STOPPED late USAGE, TITLE, CONTEXT belong to that turn. After CLOSED nothing follows. Events come from the
 * main context, never from inside a call on the channel. */
#pragma once

#include "bobbin-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What one turn sends. Immutable once given to a channel. */
struct _BobbinTurn
{
  gatomicrefcount ref_count;
  char      *text;           /* never empty (nebelus.md, section 7) */
  GPtrArray *attachments;    /* of BobbinAttachment */
  char      *message_id;     /* a UUID for the user's message, the same at each try of it, for services that take one */
  char      *options;        /* (nullable): JSON object text: run options of the thread, as its service knows them */
  GPtrArray *context;        /* (nullable): of BobbinMessage, oldest first: BOBBIN_CAN_TAKE_CONTEXT, on a new thread */
};

BobbinTurn *bobbin_turn_new   (const char *text, GPtrArray *attachments) G_GNUC_WARN_UNUSED_RESULT;
BobbinTurn *bobbin_turn_ref   (BobbinTurn *self) G_GNUC_WARN_UNUSED_RESULT;
void        bobbin_turn_unref (BobbinTurn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTurn, bobbin_turn_unref)

typedef enum
{
  BOBBIN_DECISION_APPROVE,
  BOBBIN_DECISION_REJECT,
  BOBBIN_DECISION_EDIT,     /* approve with other arguments */
  BOBBIN_DECISION_OUTPUT,   /* the person gives what the tool would have (BOBBIN_CAN_GIVE_OUTPUT) */
} BobbinDecisionType;

typedef struct
{
  BobbinDecisionType type;
  char              *arguments; /* EDIT: JSON object text; OUTPUT: the text; else NULL */
} BobbinDecision;

void    bobbin_decision_clear (BobbinDecision *self); /* for g_array_set_clear_func() */
/* @decisions: of BobbinDecision. */
GArray *bobbin_decisions_copy (GArray *decisions) G_GNUC_WARN_UNUSED_RESULT;

#define BOBBIN_TYPE_CHANNEL (bobbin_channel_get_type ())
G_DECLARE_INTERFACE (BobbinChannel, bobbin_channel, BOBBIN, CHANNEL, GObject)

/* Signal "event" (BobbinEvent *, borrowed): static scope, see bobbin_channel_emit(). */
struct _BobbinChannelInterface
{
  GTypeInterface parent_iface;

  void        (*start)         (BobbinChannel *self);
  void        (*send)          (BobbinChannel *self, BobbinTurn *turn);
  void        (*cancel)        (BobbinChannel *self);
  void        (*decide)        (BobbinChannel *self, BobbinBlock *approval, GArray *decisions);
  void        (*close)         (BobbinChannel *self);
  const char *(*get_transport) (BobbinChannel *self);
  void        (*probe)         (BobbinChannel *self); /* (nullable): nothing to look at */
};

void        bobbin_channel_start  (BobbinChannel *self);
/* Once READY and with no turn running. */
void        bobbin_channel_send   (BobbinChannel *self, BobbinTurn *turn);
/* Asks the server to stop the turn. Where only closing can (SSE), emits CLOSED or TURN_STOPPED("cancelled") itself. */
void        bobbin_channel_cancel (BobbinChannel *self);
/* Answers an approval: one BobbinDecision a tool, or one in all. @approval holds the question as it was asked. */
void        bobbin_channel_decide (BobbinChannel *self, BobbinBlock *approval, GArray *decisions);
/* Closes in good order; no event follows. */
void        bobbin_channel_close  (BobbinChannel *self);
/* "ws", "sse", "http": what carries it now, for the details. */
const char *bobbin_channel_get_transport (BobbinChannel *self);
/* The machine woke, or the network is another one: looks at once whether the link still lives, instead of when the next ping is
 * due. CLOSED within seconds when it does not; nothing when it does, or when the service has no link to look at. In any state. */
void        bobbin_channel_probe  (BobbinChannel *self);
/* For implementations: emits "event" and frees @event. */
void        bobbin_channel_emit   (BobbinChannel *self, BobbinEvent *event);
/* For channels that wrap another: emits "event" and leaves @event with its owner. */
void        _bobbin_channel_forward (BobbinChannel *self, BobbinEvent *event);

G_END_DECLS
