/* A session: one open thread. It owns the messages, the draft, the queue and the channel, and drives the state machine.
 *
 *   state          holds                                            leaves by
 *   IDLE           no channel, or a ready one with nothing to do    send → CONNECTING or SENDING
 *   CONNECTING     a channel was started, no READY yet              READY → SENDING or IDLE; CLOSED → BACKOFF, FALLBACK or FAILED
 *   SENDING        a turn is written, no event of it yet            event → STREAMING; approval → APPROVAL; CLOSED → BACKOFF, FALLBACK, FAILED
 *   STREAMING      an answer is arriving                            stopped, failed → IDLE; approval → APPROVAL; CLOSED → BACKOFF
 *   APPROVAL       the server waits for a decision                  decided → SENDING; stop → STOPPING; CLOSED → BACKOFF (card kept)
 *   STOPPING       cancel is sent                                   stopped → IDLE; 10 s → channel closed, IDLE
 *   BACKOFF        waiting to connect again: retry_at_us            due, try now, network back → CONNECTING; tries used up → FAILED
 *   OFFLINE        no network; nothing is tried                     network back → CONNECTING
 *   FALLBACK       the thread is gone; a new one is being opened    as CONNECTING; the same refusal again → FAILED
 *   FAILED         needs the person: failure says why               send, try now, changed account → CONNECTING
 *
 * bobbin-session.c holds the table; there is one setter. Failure of a turn is a state of the message, not of the session.
 * Every message is saved before what it says happens; every turn ends in exactly one of COMPLETE, STOPPED, INTERRUPTED, FAILED.
 * Main thread only. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_SESSION_IDLE,
  BOBBIN_SESSION_CONNECTING,
  BOBBIN_SESSION_SENDING,
  BOBBIN_SESSION_STREAMING,
  BOBBIN_SESSION_APPROVAL,
  BOBBIN_SESSION_STOPPING,
  BOBBIN_SESSION_BACKOFF,
  BOBBIN_SESSION_OFFLINE,
  BOBBIN_SESSION_FALLBACK,
  BOBBIN_SESSION_FAILED,
  BOBBIN_N_SESSION_STATES
} BobbinSessionState;

#define BOBBIN_TYPE_SESSION_STATE (bobbin_session_state_get_type ())
GType bobbin_session_state_get_type (void) G_GNUC_CONST;

/* Kinds of notice rows (BOBBIN_BLOCK_NOTICE, the block's name); the interface has the words. */
#define BOBBIN_NOTICE_NEW_THREAD     "new-thread"     /* data {"reason":"expired"|"gone"|"changed"|"asked"}: earlier context is lost */
#define BOBBIN_NOTICE_CONTEXT_SENT   "context-sent"   /* the transcript went along */
#define BOBBIN_NOTICE_INTERRUPTED    "interrupted"
#define BOBBIN_NOTICE_AGENT_CHANGED  "agent-changed"

#define BOBBIN_TYPE_SESSION (bobbin_session_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSession, bobbin_session, BOBBIN, SESSION, GObject)

/* Made by bobbin_library_get_session() only. Properties, all notify: "thread", "account", "state", "connected" (a channel is
 * ready), "retry-at-us" (wall clock of the next try, 0 none), "failure" (boxed, why FAILED or what the last try met), "messages"
 * (GListModel of BobbinMessage, oldest first), "draft", "loaded" (first page is there), "has-older", "queue-length",
 * "quiet" (60 s without an event inside a turn: "still working"), "can-send-context" (after a fallback, until used or dismissed).
 * Signal "attachment-refused" (char *name, BobbinFailure *failure). */
BobbinThread        *bobbin_session_get_thread     (BobbinSession *self);
BobbinAccount       *bobbin_session_get_account    (BobbinSession *self);
BobbinBackend       *bobbin_session_get_backend    (BobbinSession *self);
BobbinSessionState   bobbin_session_get_state      (BobbinSession *self);
gboolean             bobbin_session_get_connected  (BobbinSession *self);
gint64               bobbin_session_get_retry_at_us (BobbinSession *self);
const BobbinFailure *bobbin_session_get_failure    (BobbinSession *self); /* (nullable) */
GListModel          *bobbin_session_get_messages   (BobbinSession *self);
BobbinDraft         *bobbin_session_get_draft      (BobbinSession *self);
gboolean             bobbin_session_get_loaded     (BobbinSession *self);
gboolean             bobbin_session_get_has_older  (BobbinSession *self);
guint                bobbin_session_get_queue_length (BobbinSession *self);
gboolean             bobbin_session_get_quiet      (BobbinSession *self);
gboolean             bobbin_session_get_can_send_context (BobbinSession *self);
const char          *bobbin_session_get_transport  (BobbinSession *self); /* (nullable) "ws", "sse", "http" */

/* The draft. Changes of bobbin_session_get_draft() are saved by themselves, at most 300 ms behind. */
/* Copies the file into the profile and adds it to the draft; "attachment-refused" when it cannot be taken. */
void     bobbin_session_attach_file    (BobbinSession *self, GFile *file);
void     bobbin_session_attach_bytes   (BobbinSession *self, GBytes *bytes, const char *name, const char *content_type);
guint    bobbin_session_get_n_attaching (BobbinSession *self); /* files still being copied; also property "n-attaching" */

/* Sends the draft: into the database, then into the queue, then out. FALSE with error when it is empty or over a limit (the
 * file is named) or a file is still being copied; the draft stays then. */
gboolean bobbin_session_send           (BobbinSession *self, GError **error);
void     bobbin_session_stop           (BobbinSession *self);
/* Takes a QUEUED message back into the draft (in front of what is typed). */
void     bobbin_session_unqueue        (BobbinSession *self, BobbinMessage *message);
/* Sends a FAILED, INTERRUPTED or STOPPED user message once more, as the person asked for it. */
void     bobbin_session_retry          (BobbinSession *self, BobbinMessage *message);
/* Removes a message from the local transcript. */
void     bobbin_session_delete_message (BobbinSession *self, BobbinMessage *message);
/* Ends a wait, or leaves FAILED, and connects now. */
void     bobbin_session_try_now        (BobbinSession *self);
/* Connects without sending, as opening a live thread does where the protocol allows it. */
void     bobbin_session_connect        (BobbinSession *self);
/* @decisions: GArray of BobbinDecision, one a tool or one in all. */
void     bobbin_session_decide         (BobbinSession *self, BobbinMessage *message, BobbinBlock *approval, GArray *decisions);
/* Puts the earlier transcript in front of the next message, as text the agent can read; or declines the offer. */
void     bobbin_session_send_context   (BobbinSession *self, gboolean send);
/* Gives up the server's thread and goes on in a new one; the local transcript stays. */
void     bobbin_session_start_over     (BobbinSession *self);
void     bobbin_session_set_agent      (BobbinSession *self, const char *agent_id, const char *agent_name);
/* Loads the page before the oldest message. */
void     bobbin_session_load_older     (BobbinSession *self);
/* The reader saw the end: clears "unread". */
void     bobbin_session_mark_read      (BobbinSession *self);
/* Kept across restarts; saved at most once a second. */
void     bobbin_session_set_reading_position (BobbinSession *self, const void *bobbin_reading_position);

G_END_DECLS
