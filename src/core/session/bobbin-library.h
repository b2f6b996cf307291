/* The library: accounts, the list of threads, and the open sessions, above one store. Both front ends, the window and the
 * command line, are built on it. The application makes the parts and gives them in; nothing here is a singleton.
 *
 * The list of threads holds what was loaded so far, newest use first, in pages: a profile with 100,000 threads opens like one
 * with ten. Main thread only. */
#pragma once

#include "bobbin-types.h"
#include "session/bobbin-network.h"
#include "session/bobbin-session.h"
#include "session/bobbin-thread-view.h"
#include "model/bobbin-label.h"
#include "store/bobbin-store.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_LIBRARY (bobbin_library_get_type ())
G_DECLARE_FINAL_TYPE (BobbinLibrary, bobbin_library, BOBBIN, LIBRARY, GObject)

/* Makes the backend of an account, or NULL for a service that is not built in. */
typedef BobbinBackend *(*BobbinBackendFactory) (BobbinAccount *account, BobbinClock *clock);

/* Properties: "store", "secrets", "clock", "network", "backend-factory" (all construct-only), "accounts", "threads", "archive",
 * "bin" (GListModels), "loaded", "has-more", "answering" (an answer is arriving somewhere). Signals: "thread-added" (BobbinThread *), "turn-ended" (BobbinSession *,
 * BobbinMessage *answer; the prompt when no answer came), "approval-waiting" (BobbinSession *, BobbinMessage *, BobbinBlock *),
 * "linking" (BobbinSession *: it is about to open its channel),
 * "send-failed" (BobbinSession *, BobbinFailure *: what was sent still waits, and is not tried again by itself),
 * "remote-failed" (BobbinAccount *, BobbinFailure *: a thread could not be deleted or renamed on its server),
 * "store-failed" (BobbinFailure *: something could not be written; the text stays in memory and is tried again) and then, once all
 * of it was written, "store-recovered" (). What is said of sending and saving comes after saving was done or tried. */
BobbinLibrary *bobbin_library_new          (BobbinStore *store, BobbinSecrets *secrets, BobbinClock *clock, BobbinNetwork *network) G_GNUC_WARN_UNUSED_RESULT;
/* With other backends than those of bobbin_registry_create(): for tests. */
BobbinLibrary *bobbin_library_new_with_factory (BobbinStore *store, BobbinSecrets *secrets, BobbinClock *clock, BobbinNetwork *network,
                                                BobbinBackendFactory factory) G_GNUC_WARN_UNUSED_RESULT;
/* Before loading. FALSE: what a crash left (cut turns, queues) is left to the next process that adopts it. So the command line has
 * it: it would send what somebody queued elsewhere, and end in the middle of the answer. TRUE at first. */
void           bobbin_library_set_adopts   (BobbinLibrary *self, gboolean adopts);
/* Reads accounts and the first page of threads, claims what a crash left, and puts queued messages back on their way. The store
 * must be open. */
void           bobbin_library_load_async   (BobbinLibrary *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean       bobbin_library_load_finish  (BobbinLibrary *self, GAsyncResult *result, GError **error);
/* Closes every channel in good order, saves what is pending, closes the store. Blocks briefly: for the end of the program. */
void           bobbin_library_close        (BobbinLibrary *self);

BobbinStore   *bobbin_library_get_store    (BobbinLibrary *self);
BobbinSecrets *bobbin_library_get_secrets  (BobbinLibrary *self);
BobbinClock   *bobbin_library_get_clock    (BobbinLibrary *self);
BobbinNetwork *bobbin_library_get_network  (BobbinLibrary *self);

/* Accounts */
GListModel    *bobbin_library_get_accounts (BobbinLibrary *self); /* of BobbinAccount, by position */
BobbinAccount *bobbin_library_find_account (BobbinLibrary *self, gint64 account_id);  /* (nullable) borrowed */
BobbinAccount *bobbin_library_find_account_by_name (BobbinLibrary *self, const char *name); /* (nullable) borrowed */
BobbinBackend *bobbin_library_get_backend  (BobbinLibrary *self, BobbinAccount *account); /* (nullable): service not built in */
/* Saves a new or changed account; @credential NULL leaves the one it has. When the account is saved but its key could not be kept
 * for good the error is BOBBIN_ERROR_SECRET and the key works for this run. Sessions of the account leave FAILED. */
void           bobbin_library_save_account_async    (BobbinLibrary *self, BobbinAccount *account, const char *credential, GCancellable *cancellable,
                                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean       bobbin_library_save_account_finish   (BobbinLibrary *self, GAsyncResult *result, GError **error);
/* A key for this run only: not stored anywhere. */
void           bobbin_library_use_credential        (BobbinLibrary *self, BobbinAccount *account, const char *credential);
/* The second key of services that use one (BOBBIN_CAN_USE_PROVIDER_KEY), for this run. */
void           bobbin_library_use_provider_key      (BobbinLibrary *self, BobbinAccount *account, const char *key);
/* The same, and kept where keys are kept; where that fails it works for this run. */
void           bobbin_library_keep_provider_key     (BobbinLibrary *self, BobbinAccount *account, const char *key);
/* Forgets everything of it: key, rows, index, files, drafts. */
void           bobbin_library_remove_account_async  (BobbinLibrary *self, BobbinAccount *account, GCancellable *cancellable,
                                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean       bobbin_library_remove_account_finish (BobbinLibrary *self, GAsyncResult *result, GError **error);

/* Approvals given for good (bobbin-rule.h) */
GListModel    *bobbin_library_get_rules     (BobbinLibrary *self); /* of BobbinRule, oldest first */
/* One that says the same as another is not added. */
void           bobbin_library_add_rule      (BobbinLibrary *self, BobbinRule *rule);
void           bobbin_library_revoke_rule   (BobbinLibrary *self, BobbinRule *rule);
BobbinRule    *bobbin_library_find_rule     (BobbinLibrary *self, gint64 rule_id); /* (nullable) borrowed */

/* Threads */
GListModel    *bobbin_library_get_threads   (BobbinLibrary *self); /* active ones, pinned first, then newest use; grows by load_more */
gboolean       bobbin_library_get_has_more  (BobbinLibrary *self);
void           bobbin_library_load_more     (BobbinLibrary *self); /* the next page; does nothing while one is loading */
GListModel    *bobbin_library_get_archive   (BobbinLibrary *self); /* filled on first use, and grows like the first */
GListModel    *bobbin_library_get_bin       (BobbinLibrary *self); /* filled on first use, and grows like the first */
/* Those of a folder, and with that of an account, a label (0: all), or only those that the server forgets within days. */
BobbinThreadView *bobbin_library_ref_view   (BobbinLibrary *self, BobbinFolder folder, gint64 account_id, gint64 label_id,
                                             gboolean expiring) G_GNUC_WARN_UNUSED_RESULT;
/* Makes @pick mean all of @view, but for its ids. */
void           bobbin_library_pick_view     (BobbinLibrary *self, BobbinThreadView *view, BobbinThreadPick *pick);
/* Many at once (bobbin-store.h); the views change at once. @keep_remote: servers' copies stay whatever the accounts say. */
void           bobbin_library_change_threads_async (BobbinLibrary *self, const BobbinThreadPick *pick, BobbinThreadChangeKind kind, gint64 label_id,
                                                    gboolean keep_remote, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                    gpointer user_data);
void           bobbin_library_undo_change_async    (BobbinLibrary *self, const BobbinThreadChanged *changed, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
BobbinThreadChanged *bobbin_library_change_threads_finish (BobbinLibrary *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* both */
/* Deletes for good what lies in the bin: of @pick, or (NULL) all. Returns how many, -1 with an error. */
void           bobbin_library_purge_async   (BobbinLibrary *self, const BobbinThreadPick *pick, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gssize         bobbin_library_purge_finish  (BobbinLibrary *self, GAsyncResult *result, GError **error);

/* Labels */
GListModel    *bobbin_library_get_labels    (BobbinLibrary *self); /* of BobbinLabel, oldest first; a label that changes is told as a new row */
BobbinLabel   *bobbin_library_find_label    (BobbinLibrary *self, gint64 label_id); /* (nullable) borrowed */
/* @thread_ids: (nullable) of gint64: who gets it, as when a deleted one comes back. */
void           bobbin_library_add_label     (BobbinLibrary *self, BobbinLabel *label, GArray *thread_ids);
void           bobbin_library_change_label  (BobbinLibrary *self, BobbinLabel *label, const char *name, BobbinLabelColor color);
/* Returns who had it: bobbin_library_add_label() with both undoes it. */
void           bobbin_library_delete_label_async  (BobbinLibrary *self, BobbinLabel *label, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
GArray        *bobbin_library_delete_label_finish (BobbinLibrary *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One thread */
/* A new conversation. It is written to disk with its first draft or message, so an untouched one leaves no trace. */
BobbinThread  *bobbin_library_new_thread    (BobbinLibrary *self, BobbinAccount *account, const char *agent_id, const char *agent_name) G_GNUC_WARN_UNUSED_RESULT;
/* A thread known from elsewhere by its server id; the one we have if we have it. */
void           bobbin_library_attach_thread_async  (BobbinLibrary *self, BobbinAccount *account, const char *server_id, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
/* By local id text or server id, of any account. NULL with BOBBIN_ERROR_NOT_FOUND. */
void           bobbin_library_find_thread_async    (BobbinLibrary *self, const char *id, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
BobbinThread  *bobbin_library_find_thread_finish   (BobbinLibrary *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* both */
void           bobbin_library_rename_thread (BobbinLibrary *self, BobbinThread *thread, const char *title);
void           bobbin_library_pin_thread    (BobbinLibrary *self, BobbinThread *thread, gboolean pinned);
void           bobbin_library_archive_thread (BobbinLibrary *self, BobbinThread *thread, gboolean archived);
/* To the bin and back; the session is closed. Where the service deletes, the server's copy goes too once the time to undo has passed,
 * unless the account says otherwise (option BOBBIN_OPTION_KEEP_ON_SERVER). */
void           bobbin_library_bin_thread    (BobbinLibrary *self, BobbinThread *thread, gboolean binned);
#define BOBBIN_LIBRARY_UNDO_MS 15000
#define BOBBIN_LIBRARY_BIN_DAYS 30
#define BOBBIN_OPTION_KEEP_ON_SERVER "keep-on-server" /* "yes" */
/* Whether bobbin_library_bin_thread() would delete the server's copy. */
gboolean       bobbin_library_deletes_remote (BobbinLibrary *self, BobbinThread *thread);
gboolean       bobbin_library_account_deletes (BobbinLibrary *self, BobbinAccount *account);
/* What servers refused to delete or rename (bobbin_store_list_remote_changes_async): tried again now, or let be. */
void           bobbin_library_retry_remote  (BobbinLibrary *self, gboolean retry);
/* Somebody looks at the list: reads the first page of what servers list, of one account or (NULL) of all. Further pages come with
 * bobbin_library_load_more(). */
/* What was written into the store beside the library (an import) comes into its lists. */
void           bobbin_library_reread         (BobbinLibrary *self);
void           bobbin_library_refresh_remote (BobbinLibrary *self, BobbinAccount *account);
/* Threads that servers find for @text are taken in. */
void           bobbin_library_search_remote (BobbinLibrary *self, const char *text);
/* Of those that somebody holds. (nullable) borrowed */
BobbinThread  *bobbin_library_find_loaded   (BobbinLibrary *self, gint64 thread_id);
void           bobbin_library_save_thread   (BobbinLibrary *self, BobbinThread *thread);
gboolean       bobbin_library_get_answering (BobbinLibrary *self);
/* Live as long as somebody holds it or a turn, a queue or a wait is open. */
BobbinSession *bobbin_library_get_session   (BobbinLibrary *self, BobbinThread *thread) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
