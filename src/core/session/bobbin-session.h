/* A session: one open thread. It owns the messages, the draft, the queue and the channel, and drives the state machine.
 *
 * Run: a turn of ours or of the server, from its first save to its end. Link: key look-up, channel, waiting for another try.
 *
 *   state        what holds                                       leaves by (function: edge)
 *   IDLE         no run; no channel, or a ready one               begin_run → SENDING; start_link → CONNECTING, OFFLINE, FAILED;
 *                                                                 event of a run nobody asked for → STREAMING;
 *                                                                 link_lost → BACKOFF, OFFLINE, FALLBACK, FAILED
 *   CONNECTING   no run; key look-up, or channel without READY    READY → SENDING, IDLE; stop, start over → IDLE;
 *                                                                 link_lost → BACKOFF, OFFLINE, FALLBACK, FAILED, IDLE
 *   SENDING      run, ready channel; nothing of it came back      event → STREAMING; approval, refused decision → APPROVAL;
 *                (being saved, written, or a decision given)      stop → STOPPING, IDLE; FAILED event → IDLE and by its code
 *                                                                 BACKOFF, FALLBACK, FAILED; link_lost → the same, OFFLINE
 *   STREAMING    run, ready channel; an answer is arriving        stopped, failed → IDLE; approval → APPROVAL; stop → STOPPING;
 *                                                                 a second open card decided → SENDING;
 *                                                                 link_lost → BACKOFF, OFFLINE, FAILED, IDLE
 *   APPROVAL     run, ready channel, its approval block is OPEN   decide → SENDING; a new turn of the server → STREAMING;
 *                                                                 stop → STOPPING; failed → IDLE;
 *                                                                 link_lost → BACKOFF, OFFLINE, FAILED, IDLE (card EXPIRED)
 *   STOPPING     run, ready channel, 10 s timer; cancel is sent   stopped, failed, link lost, 10 s → IDLE
 *   BACKOFF      no run, no channel; timer, retry_at_us           due, try now, network back, woken, account → CONNECTING;
 *                                                                 network gone → OFFLINE; stop, unqueue, start over → IDLE
 *   OFFLINE      no run, no channel, no timer                     network back, woken, try now, send, account → CONNECTING;
 *                                                                 stop, unqueue, start over → IDLE
 *   FALLBACK     as CONNECTING, on a new thread of the server     as CONNECTING, but the same refusal again → FAILED
 *   FAILED       no run, no channel; failure says why             send, try now, account → CONNECTING; stop, unqueue, start
 *                                                                 over → IDLE
 *
 * Invariants (checked by the setter, bobbin-session.c, which also holds the table):
 *   1. A run exists exactly in SENDING, STREAMING, APPROVAL and STOPPING; then the channel is ready.
 *   2. BACKOFF, OFFLINE and FAILED have no channel. Only BACKOFF has the retry timer.
 *   3. A QUEUED user message of ours is in the queue and in no run; a SENDING one is the prompt of the run.
 *   4. No byte is written before the message is saved as SENDING. A message goes back from the run to the queue only when it is
 *      known that no turn was started for it (BOBBIN_CERTAINTY_UNSENT or _REFUSED), once for each refusal.
 *   5. Every run ends in exactly one of COMPLETE, STOPPED, INTERRUPTED, FAILED; that is saved before it is announced.
 *
 * OFFLINE is a hint: what the person starts is tried all the same, as is a server on this machine; only what the program would
 * do by itself waits. Failure of a turn is a state of the message, not of the session. Main thread only. */
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

#define BOBBIN_TYPE_SESSION (bobbin_session_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSession, bobbin_session, BOBBIN, SESSION, GObject)

/* Made by bobbin_library_get_session() only. Properties, all notify: "thread", "account", "state", "connected" (a channel is
 * ready), "retry-at-us" (wall clock of the next try, or, when FAILED, from when on the server takes one; 0 none), "failure"
 * (boxed, why FAILED or what the last try met), "messages" (GListModel of BobbinMessage, oldest first), "draft", "loaded" (first
 * page is there), "has-older", "queue-length", "can-fork", "quiet" (60 s without an event inside a turn: "still working"),
 * "reconciling" (the outcome of a cut answer is looked for on the server; the queue waits),
 * "can-send-context" (after a fallback, until used or dismissed), "working-text" (a line of the server while it works, or NULL).
 * Signal "attachment-refused" (char *name, BobbinFailure *failure). */
BobbinThread        *bobbin_session_get_thread     (BobbinSession *self);
BobbinAccount       *bobbin_session_get_account    (BobbinSession *self);
BobbinBackend       *bobbin_session_get_backend    (BobbinSession *self);
BobbinSessionState   bobbin_session_get_state      (BobbinSession *self);
gboolean             bobbin_session_get_connected  (BobbinSession *self);
/* What is said can be read on the way: plain http or ws to another computer. */
gboolean             bobbin_session_is_unencrypted (BobbinSession *self);
/* While the key of the account is being fetched, which may wait for the person to unlock the keyring. Changes with "connected". */
gboolean             bobbin_session_get_awaits_key (BobbinSession *self);
gint64               bobbin_session_get_retry_at_us (BobbinSession *self);
const BobbinFailure *bobbin_session_get_failure    (BobbinSession *self); /* (nullable) */
GListModel          *bobbin_session_get_messages   (BobbinSession *self);
/* The same with all that is older, loaded where it is looked at (bobbin-pager.h). Kept from the first call on. */
BobbinPager         *bobbin_session_get_pager      (BobbinSession *self);
BobbinDraft         *bobbin_session_get_draft      (BobbinSession *self);
gboolean             bobbin_session_get_loaded     (BobbinSession *self);
gboolean             bobbin_session_get_has_older  (BobbinSession *self);
guint                bobbin_session_get_queue_length (BobbinSession *self);
gboolean             bobbin_session_get_quiet      (BobbinSession *self);
gboolean             bobbin_session_get_can_send_context (BobbinSession *self);
const char          *bobbin_session_get_transport  (BobbinSession *self); /* (nullable) "ws", "sse", "http" */
const char          *bobbin_session_get_working_text (BobbinSession *self); /* (nullable) */

/* The draft. Changes of bobbin_session_get_draft() are saved by themselves, at most 300 ms behind. */
/* The language its text is written in, for the spelling: "de_AT", "" none, NULL that of the desktop. Kept with the thread. */
char    *bobbin_session_dup_spelling   (BobbinSession *self) G_GNUC_WARN_UNUSED_RESULT;
void     bobbin_session_set_spelling   (BobbinSession *self, const char *language);
/* Copies the file into the profile and adds it to the draft; "attachment-refused" when it cannot be taken. */
void     bobbin_session_attach_file    (BobbinSession *self, GFile *file);
void     bobbin_session_attach_bytes   (BobbinSession *self, GBytes *bytes, const char *name, const char *content_type);
guint    bobbin_session_get_n_attaching (BobbinSession *self); /* files still being copied; also property "n-attaching" */

/* Sends the draft: into the database, then into the queue, then out. FALSE with error when it is empty or over a limit (the
 * file is named) or a file is still being copied; the draft stays then. */
gboolean bobbin_session_send           (BobbinSession *self, GError **error);
/* Stops the answer; while nothing was written yet, the waiting messages become STOPPED and can be retried. */
void     bobbin_session_stop           (BobbinSession *self);
/* Takes a QUEUED message back into the draft (in front of what is typed). */
void     bobbin_session_unqueue        (BobbinSession *self, BobbinMessage *message);
/* Sends a FAILED, INTERRUPTED or STOPPED user message once more, as the person asked for it: in its place when it is the last
 * one, else as a copy at the end. */
void     bobbin_session_retry          (BobbinSession *self, BobbinMessage *message);
/* Removes a message from the local transcript. */
void     bobbin_session_delete_message (BobbinSession *self, BobbinMessage *message);
/* The same, and before that all the server has of it; where it cannot be deleted there, nothing is. */
gboolean bobbin_session_deletes_on_server (BobbinSession *self, BobbinMessage *message);
void     bobbin_session_delete_on_server_async  (BobbinSession *self, BobbinMessage *message, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_session_delete_on_server_finish (BobbinSession *self, GAsyncResult *result, GError **error);
/* Puts a message of @role (BobbinRole) at the end of the server's thread without asking the agent, then reads it from there. */
gboolean bobbin_session_can_add_message    (BobbinSession *self);
void     bobbin_session_add_message_async  (BobbinSession *self, guint role, const char *text, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_session_add_message_finish (BobbinSession *self, GAsyncResult *result, GError **error);
/* A file of a message that lies on the server (bobbin-abilities.h) is fetched and kept: the block has an attachment then. While it
 * is on its way the block's progress is 0; cancelled, it stays on the server. */
gboolean bobbin_session_can_fetch          (BobbinSession *self, BobbinBlock *block);
void     bobbin_session_fetch_file_async   (BobbinSession *self, BobbinMessage *message, BobbinBlock *block, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_session_fetch_file_finish  (BobbinSession *self, GAsyncResult *result, GError **error);
/* A cited file, which is not kept. Returns: (transfer full); *@ret_name: (transfer full) (nullable) */
void     bobbin_session_fetch_source_async  (BobbinSession *self, const char *file_id, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GBytes  *bobbin_session_fetch_source_finish (BobbinSession *self, GAsyncResult *result, char **ret_name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Somebody looks at a SOURCES block: files in it that are known by their ids alone get their names, once. */
void     bobbin_session_name_sources       (BobbinSession *self, BobbinMessage *message, BobbinBlock *block);
/* Sends a message of the person again in its own place, with another @text (nullable: the same), as a new version: the one that
 * was there stays in the store with what followed. FALSE where that cannot be now. */
gboolean bobbin_session_resend         (BobbinSession *self, BobbinMessage *message, const char *text);
gboolean bobbin_session_get_can_fork   (BobbinSession *self); /* also a property */
/* Versions of a prompt: shows the one @step (-1, 1) before or after message @id with what followed it; 0: the message itself,
 * in whatever version it is. Not while something is being sent or answered. */
void     bobbin_session_show_version   (BobbinSession *self, gint64 id, int step);
/* Ends a wait, or leaves FAILED, and connects now. */
void     bobbin_session_try_now        (BobbinSession *self);
/* Connects without sending, as opening a live thread does; nothing happens while the server has no thread yet. */
void     bobbin_session_connect        (BobbinSession *self);
/* @decisions: GArray of BobbinDecision, one a tool or one in all. */
void     bobbin_session_decide         (BobbinSession *self, BobbinMessage *message, BobbinBlock *approval, GArray *decisions);
/* A pause that any message answers (BOBBIN_APPROVAL_TEXT): sends @text as one; NULL leaves it paused and puts the card away. */
void     bobbin_session_answer_pause   (BobbinSession *self, BobbinMessage *message, BobbinBlock *pause, const char *text);
/* From now on the tool runs without asking, for this account and agent; @arguments: JSON text it is asked with, NULL any (only
 * where bobbin_rule_may_cover_any()). The rule that decided a card is in the card's result: [{"type","rule"}]. */
void     bobbin_session_remember_approval (BobbinSession *self, const char *tool, const char *arguments);
BobbinRule *bobbin_session_find_rule   (BobbinSession *self, gint64 rule_id); /* (nullable) borrowed */
void     bobbin_session_revoke_rule    (BobbinSession *self, gint64 rule_id);
/* BobbinUsageSum (bobbin-store.h) of all answers; finished by bobbin_store_sum_usage_finish() of the source. */
void     bobbin_session_sum_usage      (BobbinSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Puts the earlier transcript in front of the next message, as text the agent can read; or declines the offer. */
void     bobbin_session_send_context   (BobbinSession *self, gboolean send);
/* Gives up the server's thread and goes on in a new one; the local transcript stays. */
void     bobbin_session_start_over     (BobbinSession *self);
void     bobbin_session_set_agent      (BobbinSession *self, const char *agent_id, const char *agent_name);
/* Loads the page before the oldest message; where ours begins, the server's. */
void     bobbin_session_load_older     (BobbinSession *self);
/* Somebody looks at the thread: reads what the server has of it, where it keeps a history, and takes it in. */
void     bobbin_session_sync           (BobbinSession *self);
gboolean bobbin_session_get_reconciling (BobbinSession *self);
/* The reader saw the end: clears "unread". */
void     bobbin_session_mark_read      (BobbinSession *self);
/* Kept across restarts; saved at most once a second. */
void     bobbin_session_set_reading_position (BobbinSession *self, const void *bobbin_reading_position);

G_END_DECLS
