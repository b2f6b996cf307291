/* Inside of BobbinSession, shared by its files: bobbin-session.c (object, table, setter), -load.c, -versions.c, -link.c (key,
 * channel, backoff, fallback), -history.c (the server's copy), -remote.c (files and messages there), -send.c (outbox, queue, stop, retry), -events.c (runs), -failure.c, -blocks.c (content of a run), -approval.c, -store.c
 * (saving), -draft.c, -context.c (new threads of the server, notices, titles). */
#pragma once

#include "session/bobbin-session.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-pager.h"
#include "backend/bobbin-backend.h"
#include "backend/bobbin-channel.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-event.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

#define BOBBIN_SESSION_PAGE          50    /* messages read at once */
#define BOBBIN_SESSION_SAVE_MS       400   /* text is written at most this long after it came; promised are 500 */
#define BOBBIN_SESSION_DRAFT_MS      250   /* between two writes of a draft; promised are 300 */
#define BOBBIN_SESSION_STORE_WAIT_MS 5000  /* before what could not be written is tried again */
#define BOBBIN_SESSION_IMPORT_MS     5000  /* an end waits this long for the files of its answer */
#define BOBBIN_SESSION_STOP_MS       10000
#define BOBBIN_SESSION_QUIET_MS      60000
#define BOBBIN_SESSION_STABLE_US     (60 * G_USEC_PER_SEC) /* a link that held this long forgives earlier failures */
#define BOBBIN_SESSION_TRIES         5
#define BOBBIN_SESSION_RATE_WAITS    2
#define BOBBIN_SESSION_RATE_MS       30000 /* the longest Retry-After that is waited for unasked */
#define BOBBIN_SESSION_BUSY_MS       5000  /* grows by as much at each refusal */
#define BOBBIN_SESSION_MAX_BLOCKS    5000  /* of one answer */
#define BOBBIN_SESSION_MAX_BYTES     (64 * 1024 * 1024) /* of text in one answer */
#define BOBBIN_STOP_PAUSED           "paused" /* bobbin-channel.h: a stop reason */
#define BOBBIN_SESSION_CONTEXT_BYTES (48 * 1024)

/* One block of a run while it can still change. */
typedef struct
{
  BobbinBlock *block;     /* owned */
  guint        position;
  gsize        stored;    /* bytes of its text given to the store */
  gboolean     in_store;  /* its row was given to the store */
  gboolean     dirty;     /* in BobbinRun.dirty */
  gboolean     whole;     /* to be written whole: something other than text changed */
  gboolean     had_delta;
  gboolean     importing; /* its bytes are on their way into the store, which ends the block */
} BobbinLiveBlock;

/* A turn, ours or the server's own. */
typedef struct
{
  guint          serial;
  /* owned */
  BobbinMessage *prompt;    /* NULL: not asked for by this session, or a decision about an older card */
  BobbinMessage *cause;     /* with a decision about an older card: the prompt its answer goes on for; it was sent long ago
                             * and only shares the end */
  BobbinMessage *answer;    /* NULL until the server began one */
  GPtrArray     *live;      /* of BobbinLiveBlock, in order */
  GHashTable    *by_key;    /* event key → BobbinLiveBlock */
  GPtrArray     *dirty;     /* of BobbinLiveBlock, borrowed */
  BobbinBlock   *deciding;  /* a decision was given, nothing came back yet */
  GArray        *decisions; /* of BobbinDecision, for deciding */
  char          *stop_reason;

  gboolean       written;   /* given to the channel: bytes may have left */
  gboolean       accepted;  /* an event of it arrived */
  gboolean       context;   /* carries the earlier transcript */
  gsize          bytes;
} BobbinRun;

typedef struct
{
  BobbinMessage *message;
  BobbinMessage *prompt;    /* that the message answers; NULL: there is none, or it is being read */
  BobbinBlock   *block;
  GArray        *decisions;
  GCancellable  *reading;   /* of the prompt, from the store; NULL: it was read */
} BobbinPendingDecision;

typedef struct _BobbinSync BobbinSync; /* bobbin-session-history.c */

struct _BobbinSession
{
  GObject                parent_instance;
  /* owned */
  BobbinThread          *thread;
  BobbinAccount         *account;
  BobbinBackend         *backend;   /* NULL: service not built in */
  BobbinStore           *store;
  BobbinClock           *clock;
  BobbinNetwork         *network;
  GListStore            *messages;  /* of BobbinMessage, oldest first, ids rising */
  BobbinPager           *pager;     /* NULL until somebody asks */
  BobbinDraft           *draft;
  GQueue                 queue;     /* of BobbinMessage, owned; QUEUED, next first */
  GHashTable            *unsaved;   /* BobbinMessage → BobbinUnsaved: not (yet) in the database as they are */
  GHashTable            *imports;   /* BobbinMessage, borrowed → how many of its files are on their way into the store */
  GHashTable            *ending;    /* BobbinMessage: over, but not saved so, for the sake of those */
  BobbinChannel         *channel;
  GCancellable          *link;      /* of the key look-up */
  BobbinRun             *run;
  BobbinRun             *last;      /* the run before, for what comes late */
  BobbinSync            *sync;      /* NULL until the server's copy was read */
  BobbinPendingDecision *pending;   /* for a card whose link was lost */
  BobbinFailure         *failure;
  char                  *asked_id;  /* the thread the channel was opened for */
  char                  *working_text;
  /* borrowed */
  BobbinLibrary         *library;   /* weak pointer; NULL once it is gone */

  BobbinSessionState     state;
  gboolean               ready;       /* the channel said READY */
  gboolean               stale;       /* the account changed since the link was made: the next message goes by another */
  gboolean               live;        /* a link was ready: worth having again */
  gboolean               abandoned;   /* the server's thread is given up; the next link opens a new one */
  gboolean               fell_back;   /* since the last accepted turn or act of the person */
  const char            *new_reason;  /* static: why it was given up */
  gboolean               closed;      /* shut down: does nothing any more */
  gboolean               asked;       /* the person did something since the last try: the next one is made even without a network */
  gboolean               hold;        /* the server is busy: the queue waits for the end of a turn */
  gboolean               loaded;
  gboolean               has_older;
  gboolean               loading_older;
  gboolean               switching;    /* another version is being shown: the messages are about to be others */
  gboolean               quiet;
  gboolean               draft_loaded;
  gboolean               draft_dirty;
  gboolean               draft_silent; /* the draft is changed by us: no saving */
  gboolean               can_send_context;
  gboolean               context_armed;
  gboolean               reading_dirty;
  guint                  n_attaching;
  guint                  n_sending;    /* messages given to the store and not confirmed */
  guint                  tries;
  guint                  rate_waits;
  guint                  busy_refusals;
  guint                  last_serial;
  gint64                 ready_us;     /* monotonic */
  gint64                 event_us;     /* monotonic, of the last event inside a run */
  gint64                 retry_at_us;
  gint64                 draft_saved_us; /* monotonic, when the draft was given to the store; 0: not yet */
  /* timers of the clock */
  guint                  retry_timer;
  guint                  hold_timer;
  guint                  stop_timer;
  guint                  quiet_timer;
  guint                  save_timer;
  guint                  draft_timer;
  guint                  store_timer;
  guint                  end_timer;
  guint                  reading_timer;
};

/* bobbin-session.c */
BobbinSession *_bobbin_session_new (BobbinLibrary *library, BobbinThread *thread, BobbinAccount *account, gboolean stored) G_GNUC_WARN_UNUSED_RESULT;
gboolean _bobbin_session_state_allows (BobbinSessionState from, BobbinSessionState to);
void     _bobbin_session_set_state    (BobbinSession *self, BobbinSessionState state);
void     _bobbin_session_set_failure  (BobbinSession *self, const BobbinFailure *failure);
void     _bobbin_session_set_retry_at (BobbinSession *self, gint64 retry_at_us);
void     _bobbin_session_set_working_text (BobbinSession *self, const char *text);
void     _bobbin_session_set_quiet    (BobbinSession *self, gboolean quiet);
void     _bobbin_session_set_can_send_context (BobbinSession *self, gboolean can);
void     _bobbin_session_set_has_older (BobbinSession *self, gboolean has_older);
void     _bobbin_session_set_loaded   (BobbinSession *self);
void     _bobbin_session_notify_connected (BobbinSession *self);
void     _bobbin_session_notify_attaching (BobbinSession *self);
void     _bobbin_session_notify_can_fork (BobbinSession *self);
void     _bobbin_session_refuse_attachment (BobbinSession *self, const char *name, const BobbinFailure *failure);
void     _bobbin_session_changed      (BobbinSession *self); /* queue, run or draft changed: what follows from them */
gboolean _bobbin_session_is_busy      (BobbinSession *self);
void     _bobbin_session_account_changed (BobbinSession *self);
void     _bobbin_session_shut_down    (BobbinSession *self); /* saves, closes, and is inert from then on */
gboolean _bobbin_session_find_message (BobbinSession *self, BobbinMessage *message, guint *ret_position);

void     _bobbin_session_notify_older (BobbinSession *self);
void     _bobbin_session_notify_reconciling (BobbinSession *self);

/* -history.c */
void     _bobbin_session_free_sync    (BobbinSession *self);
BobbinMessage *_bobbin_session_find_shown (BobbinSession *self, gint64 id); /* (nullable) borrowed: the object that is shown */
void     _bobbin_session_sync_when_loaded (BobbinSession *self);
gboolean _bobbin_session_is_reconciling (BobbinSession *self);
gboolean _bobbin_session_has_remote_older (BobbinSession *self);
void     _bobbin_session_reconcile    (BobbinSession *self, BobbinMessage *prompt);
void     _bobbin_session_reconcile_last (BobbinSession *self);
void     _bobbin_session_load_remote_older (BobbinSession *self);
void     _bobbin_session_read_again   (BobbinSession *self); /* the server's copy was changed */

/* -remote.c */
void     _bobbin_session_drop_uploads (BobbinSession *self, BobbinMessage *prompt);

/* -load.c */
void     _bobbin_session_refresh_pager (BobbinSession *self);
void     _bobbin_session_load         (BobbinSession *self);

/* -link.c */
void     _bobbin_session_start_link   (BobbinSession *self, gboolean asked);
void     _bobbin_session_drop_link    (BobbinSession *self);
void     _bobbin_session_link_ready   (BobbinSession *self, BobbinEvent *event);
/* The channel is gone, or must go, because of @failure; no run is left. @again: worth connecting even with nothing queued. */
void     _bobbin_session_link_lost    (BobbinSession *self, const BobbinFailure *failure, gboolean again);
void     _bobbin_session_wait_busy    (BobbinSession *self, const BobbinFailure *failure);
void     _bobbin_session_link_limited (BobbinSession *self, const BobbinFailure *failure);
void     _bobbin_session_end_hold     (BobbinSession *self);
void     _bobbin_session_watch_network (BobbinSession *self);
gboolean _bobbin_session_has_work     (BobbinSession *self);
void     _bobbin_session_leave_wait   (BobbinSession *self); /* BACKOFF, OFFLINE, FAILED, CONNECTING → IDLE when nothing is left to do */

/* -send.c */
void     _bobbin_session_pump         (BobbinSession *self);
void     _bobbin_session_send_text    (BobbinSession *self, const char *text);
gboolean _bobbin_session_begin_next   (BobbinSession *self);
void     _bobbin_session_requeue      (BobbinSession *self, const BobbinFailure *failure); /* the prompt of the run, known to be unsent */
void     _bobbin_session_asked        (BobbinSession *self);
void     _bobbin_session_adopt_queue  (BobbinSession *self, GPtrArray *messages);
void     _bobbin_session_queued_saved (BobbinSession *self, BobbinMessage *message, gboolean saved);

/* -versions.c */
BobbinMessage *_bobbin_session_copy_prompt (BobbinSession *self, BobbinMessage *message, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* -events.c */
void       _bobbin_session_event      (BobbinSession *self, BobbinEvent *event);
BobbinRun *_bobbin_run_new            (BobbinSession *self, BobbinMessage *prompt);
void       _bobbin_run_free           (BobbinRun *run);
void       _bobbin_session_end_run    (BobbinSession *self, BobbinDelivery how, const BobbinFailure *failure);
void       _bobbin_session_ensure_answer (BobbinSession *self);
void       _bobbin_session_accepted   (BobbinSession *self);
gboolean   _bobbin_session_need_run   (BobbinSession *self);
void       _bobbin_session_end_saved  (BobbinSession *self, BobbinMessage *message, gboolean saved);
/* The place and id of a message that belongs after @anchor and before the next prompt; NULL: at the end. */
gint64     _bobbin_session_place_after (BobbinSession *self, BobbinMessage *anchor, guint *ret_position);

/* -failure.c */
BobbinFailure *_bobbin_session_dup_failure (BobbinSession *self, BobbinEvent *event) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the prompt of the run is known not to have started a turn. */
gboolean       _bobbin_session_is_unsent   (BobbinSession *self, const BobbinFailure *failure);
/* What is wrong with the message itself, or with the server in a way that only the person can judge: it fails. Anything else
 * is wrong with the link, and the message waits for a better one. */
gboolean       _bobbin_session_is_about_message (const BobbinFailure *failure);

/* -blocks.c */
void     _bobbin_session_block_event  (BobbinSession *self, BobbinEvent *event);
void     _bobbin_session_late_block   (BobbinSession *self, BobbinEvent *event);
BobbinLiveBlock *_bobbin_session_add_block (BobbinSession *self, BobbinEvent *event, BobbinBlockKind kind);
void     _bobbin_session_close_blocks (BobbinSession *self, BobbinDelivery how);

/* -approval.c */
void     _bobbin_session_approval_event  (BobbinSession *self, BobbinEvent *event);
void     _bobbin_session_expire_approvals (BobbinSession *self, BobbinMessage *message, gboolean stopped);
gboolean _bobbin_session_decision_failed (BobbinSession *self, const BobbinFailure *failure);
gboolean _bobbin_session_begin_decision  (BobbinSession *self);
void     _bobbin_session_drop_pending    (BobbinSession *self);
/* The same when the server has lost the card. */
void     _bobbin_session_refuse_pending  (BobbinSession *self);
/* At the end of a run, before its cards are closed for good: whether a pause stays open beyond it. */
gboolean _bobbin_session_note_pause      (BobbinSession *self, BobbinDelivery how);
/* A message is on its way: it is the answer to any pause that waits. */
void     _bobbin_session_answer_pauses   (BobbinSession *self, const char *text);

/* -store.c */
typedef enum
{
  BOBBIN_UNSAVED_WHOLE  = 1 << 0, /* message and blocks */
  BOBBIN_UNSAVED_SEND   = 1 << 1, /* with the draft it came from */
  BOBBIN_UNSAVED_FAILED = 1 << 2, /* it was tried; else it is on its way */
} BobbinUnsaved;

typedef void (*BobbinSavedFunc) (BobbinSession *self, BobbinMessage *message, gboolean saved);

void     _bobbin_session_save_message (BobbinSession *self, BobbinMessage *message, BobbinSavedFunc done);
void     _bobbin_session_save_state   (BobbinSession *self, BobbinMessage *message, BobbinSavedFunc done);
void     _bobbin_session_save_block   (BobbinSession *self, BobbinMessage *message, BobbinBlock *block, BobbinSavedFunc done);
void     _bobbin_session_save_end     (BobbinSession *self, BobbinMessage *message); /* with its files */
void     _bobbin_session_save_ends    (BobbinSession *self); /* without waiting any longer */
void     _bobbin_session_import_begun (BobbinSession *self, BobbinMessage *message);
/* TRUE: the message was saved with it. */
gboolean _bobbin_session_import_ended (BobbinSession *self, BobbinMessage *message);
void     _bobbin_session_save_sent    (BobbinSession *self, BobbinMessage *message);
void     _bobbin_session_save_thread  (BobbinSession *self);
void     _bobbin_session_mark_dirty   (BobbinSession *self, BobbinLiveBlock *live, gboolean whole);
void     _bobbin_session_flush_run    (BobbinSession *self);
void     _bobbin_session_store_failed (BobbinSession *self, BobbinMessage *message, BobbinUnsaved kind, const GError *error);
void     _bobbin_session_retry_store  (BobbinSession *self);
gboolean _bobbin_session_has_unsaved  (BobbinSession *self); /* something waits to be tried again, or is on its way */

/* -draft.c */
void     _bobbin_session_watch_draft  (BobbinSession *self);
void     _bobbin_session_take_draft   (BobbinSession *self, BobbinDraft *loaded);
void     _bobbin_session_flush_draft  (BobbinSession *self);
gboolean _bobbin_session_check_draft  (BobbinSession *self, GError **error);
void     _bobbin_session_clear_draft  (BobbinSession *self);

/* -context.c */
void     _bobbin_session_take_thread_id (BobbinSession *self, const char *thread_id, gboolean answers_ask);
void     _bobbin_session_commit_new_thread (BobbinSession *self, const char *thread_id);
void     _bobbin_session_add_notice   (BobbinSession *self, const char *name, const char *data);
char    *_bobbin_session_dup_context  (BobbinSession *self, BobbinMessage *before); /* (nullable) (transfer full) */
void     _bobbin_session_context_sent (BobbinSession *self);
void     _bobbin_session_arm_context  (BobbinSession *self, gboolean armed);
void     _bobbin_session_restore_context (BobbinSession *self);
void     _bobbin_session_derive_title (BobbinSession *self, const char *text);
void     _bobbin_session_take_snippet (BobbinSession *self, BobbinMessage *message); /* what the list shows, as the store has it */

G_END_DECLS
