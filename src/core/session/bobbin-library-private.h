/* Inside of BobbinLibrary: bobbin-library.c (object, loading, sessions), -accounts.c, -rules.c, -threads.c (lists), -actions.c, -watch.c; and what
 * sessions ask of it. */
#pragma once

#include "session/bobbin-library.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "model/bobbin-thread.h"
#include "secret/bobbin-secrets.h"
#include "store/bobbin-store.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

#define BOBBIN_LIBRARY_PAGE 100 /* threads read at once */

/* What is known of the credential of an account. */
typedef struct
{
  BobbinBackend *backend;  /* NULL: not built in */
  gboolean       have_key;
  gboolean       from_secrets; /* it can be looked up again */
  gboolean       have_provider_key; /* it was looked for */
  char          *list_cursor;  /* of the next page of the server's list; NULL: none, or not begun */
  gint64         listed_us;    /* monotonic: when its first page was read, if was_listed */
  gboolean       was_listed;
  gboolean       listing;      /* a page is under way */
} BobbinAccountEntry;

struct _BobbinLibrary
{
  GObject              parent_instance;
  /* owned */
  BobbinStore         *store;
  BobbinSecrets       *secrets;
  BobbinClock         *clock;
  BobbinNetwork       *network;
  GListStore          *accounts;  /* of BobbinAccount */
  GListStore          *rules;     /* of BobbinRule */
  GListStore          *labels;    /* of BobbinLabel */
  GPtrArray           *views;     /* of BobbinThreadView, borrowed: all there are */
  BobbinThreadView    *threads;   /* these three always are */
  BobbinThreadView    *archive;
  BobbinThreadView    *bin;
  GHashTable          *entries;   /* BobbinAccount → BobbinAccountEntry */
  GHashTable          *by_id;     /* gint64 → every thread that somebody holds, one object each */
  GHashTable          *fresh;     /* set of BobbinThread, owned: not in the database yet */
  GHashTable          *dirty;     /* set of BobbinThread, owned: could not be written */
  GHashTable          *outboxes;  /* set of gint64: threads without a session whose QUEUED messages are ours to send */
  GHashTable          *sessions;  /* gint64 → BobbinSession, weak */
  GHashTable          *busy;      /* set of BobbinSession, owned: kept while they have something to do */
  GPtrArray           *changes;   /* of BobbinRemoteChange: still to be done on servers, oldest first */
  GCancellable        *cancellable;
  GFileMonitor        *monitor;   /* NULL where nothing can be watched */

  BobbinBackendFactory factory;
  gboolean             adopts;
  gboolean             loaded;
  gboolean             closed;
  gboolean             answering;  /* as last told */
  gboolean             changing;     /* one of changes is under way */
  gboolean             more_changes; /* there are more in the store */
  guint                changes_serial; /* of what was done to them here */
  gboolean             store_broken; /* "store-failed" was said, "store-recovered" not yet */
  gint64               expiry_due_us;
  guint                dirty_timer;
  guint                expiry_timer;
  guint                purge_timer;
  guint                change_timer;
  guint                watch_timer;
};

/* bobbin-library.c */
void _bobbin_library_session_busy  (BobbinLibrary *self, BobbinSession *session, gboolean busy);
void _bobbin_library_turn_ended    (BobbinLibrary *self, BobbinSession *session, BobbinMessage *answer);
void _bobbin_library_linking       (BobbinLibrary *self, BobbinSession *session);
void _bobbin_library_approval_waiting (BobbinLibrary *self, BobbinSession *session, BobbinMessage *message, BobbinBlock *block);
void _bobbin_library_send_failed   (BobbinLibrary *self, BobbinSession *session, const BobbinFailure *failure);
/* The live activity of some thread changed. */
void _bobbin_library_update_answering (BobbinLibrary *self);
void _bobbin_library_store_failed  (BobbinLibrary *self, const BobbinFailure *failure);
void _bobbin_library_store_worked  (BobbinLibrary *self);
void _bobbin_library_close_session (BobbinLibrary *self, gint64 thread_id);
void _bobbin_library_add_outbox    (BobbinLibrary *self, gint64 thread_id);
gboolean _bobbin_library_take_outbox (BobbinLibrary *self, gint64 thread_id);
GPtrArray *_bobbin_library_list_sessions (BobbinLibrary *self, gint64 account_id) G_GNUC_WARN_UNUSED_RESULT; /* owned; 0: all */
void _bobbin_library_notify_has_more (BobbinLibrary *self);
void _bobbin_library_emit_thread_added (BobbinLibrary *self, BobbinThread *thread);

void _bobbin_library_remote_failed (BobbinLibrary *self, BobbinAccount *account, const BobbinFailure *failure);

/* -remote.c */
gboolean _bobbin_library_has_more_remote  (BobbinLibrary *self);
void     _bobbin_library_load_more_remote (BobbinLibrary *self);
void     _bobbin_library_load_changes     (BobbinLibrary *self);
void     _bobbin_library_run_changes      (BobbinLibrary *self);
void     _bobbin_library_thread_binned    (BobbinLibrary *self, BobbinThread *thread, gboolean binned);
void     _bobbin_library_thread_renamed   (BobbinLibrary *self, BobbinThread *thread, const char *title);

/* -accounts.c */
BobbinAccountEntry *_bobbin_library_get_entry (BobbinLibrary *self, BobbinAccount *account);
void _bobbin_account_entry_free      (BobbinAccountEntry *entry);
void _bobbin_library_add_accounts    (BobbinLibrary *self, GPtrArray *accounts);
/* Sees to it that the backend has its key. BOBBIN_ERROR_AUTH when there is none (and the account's needs-key is set),
 * BOBBIN_ERROR_SECRET when the place they are kept does not answer. */
void     _bobbin_library_need_key_async  (BobbinLibrary *self, BobbinAccount *account, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean _bobbin_library_need_key_finish (BobbinLibrary *self, GAsyncResult *result, GError **error);
/* The server refused the key: it is looked up again before the next try. */
void     _bobbin_library_key_refused     (BobbinLibrary *self, BobbinAccount *account);

/* -rules.c */
void       _bobbin_library_load_rules  (BobbinLibrary *self);
void       _bobbin_library_forget_account_rules (BobbinLibrary *self, gint64 account_id);
/* (nullable) (transfer full) (element-type BobbinRule): one for each tool of an approval's data; NULL: some tool has none. */
GPtrArray *_bobbin_library_cover       (BobbinLibrary *self, gint64 account_id, const char *agent_id, const char *data) G_GNUC_WARN_UNUSED_RESULT;
void       _bobbin_library_rules_used  (BobbinLibrary *self, GPtrArray *rules);

/* -labels.c */
void          _bobbin_library_load_labels     (BobbinLibrary *self);

/* -threads.c */
void          _bobbin_library_init_threads    (BobbinLibrary *self);
void          _bobbin_library_finalize_threads (BobbinLibrary *self);
/* Of what somebody holds. (nullable) borrowed */
BobbinThread *_bobbin_library_find_known      (BobbinLibrary *self, gint64 id);
GPtrArray    *_bobbin_library_list_known      (BobbinLibrary *self) G_GNUC_WARN_UNUSED_RESULT;
/* Not in the database yet. */
gboolean      _bobbin_library_is_fresh        (BobbinLibrary *self, BobbinThread *thread);
/* The one object of a thread that was read: @thread, or the one we have. */
BobbinThread *_bobbin_library_intern_thread   (BobbinLibrary *self, BobbinThread *thread);
/* What came of a BOBBIN_FOLDER_ACTIVE page moves the place the next page begins. */
void          _bobbin_library_add_page        (BobbinLibrary *self, GPtrArray *threads, gboolean is_active_page);
/* Threads of a server's list as the store has them now: shown where they belong. */
void          _bobbin_library_take_threads    (BobbinLibrary *self, GPtrArray *threads);
void          _bobbin_library_place_thread    (BobbinLibrary *self, BobbinThread *thread);
void          _bobbin_library_forget_account_threads (BobbinLibrary *self, gint64 account_id);
void          _bobbin_library_forget_threads  (BobbinLibrary *self, GPtrArray *threads);
void          _bobbin_library_threads_purged  (BobbinLibrary *self, GArray *ids);
/* The views: many threads changed; what is not loaded changed too. */
void          _bobbin_library_refresh_views   (BobbinLibrary *self, GPtrArray *threads);
void          _bobbin_library_reload_views    (BobbinLibrary *self);
void          _bobbin_library_regroup_views   (BobbinLibrary *self);
void          _bobbin_library_forget_view     (BobbinLibrary *self, BobbinThreadView *view);
void          _bobbin_library_view_grew       (BobbinLibrary *self, BobbinThreadView *view);
/* For views: a page of the store, of interned threads. NULL: failed, which was told. */
void          _bobbin_library_list_threads    (BobbinLibrary *self, const BobbinThreadQuery *query, GAsyncReadyCallback callback,
                                               gpointer user_data);
GPtrArray    *_bobbin_library_list_threads_finish (BobbinLibrary *self, GObject *source, GAsyncResult *result) G_GNUC_WARN_UNUSED_RESULT;
/* But for its accounts (kept_by) and page. */
gboolean      _bobbin_thread_query_matches    (const BobbinThreadQuery *query, BobbinThread *thread);
void          _bobbin_library_update_expiry   (BobbinLibrary *self);
void          _bobbin_library_purge_bin       (BobbinLibrary *self);
/* Something went to the bin. */
void          _bobbin_library_expect_purge    (BobbinLibrary *self);

/* -watch.c */
void          _bobbin_library_watch           (BobbinLibrary *self);
void          _bobbin_library_unwatch         (BobbinLibrary *self);

/* -actions.c */
/* Whether the thread has a row, made now if it has none and @create is set. */
gboolean      _bobbin_library_ensure_thread   (BobbinLibrary *self, BobbinThread *thread, gboolean create);
void          _bobbin_library_save_dirty      (BobbinLibrary *self);

G_END_DECLS
