/* The store: everything this program has seen, on the person's own disk (product.md, section 7).
 *
 * BobbinStore is an interface of one slot: submit an operation, which runs on the one thread that owns the database, in the
 * order submitted. All other functions are such operations, one file per table. Arguments are copied from the models on the
 * calling thread; results are plain data turned into fresh models in the _finish function: no live model crosses threads.
 * Main thread only. Errors are BOBBIN_ERROR_STORE (BOBBIN_ERROR_FILE, _TOO_LARGE for attachments).
 *
 * Each operation is one transaction: it happens or leaves no trace. A read may be cancelled at any moment; a write that was
 * submitted is carried out and its true outcome told, cancelled or not. Messages, drafts, accounts and claims are on the disk
 * (fsync) when they are reported; threads, blocks and streamed text survive the end of the process at once and a power cut
 * as soon as anything of the first kind was written after them.
 *
 * Attachments live as long as a block or a draft refers to them, and while the process that imported them or took them out of
 * a draft or message lives. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef struct _BobbinStoreDb BobbinStoreDb; /* the open database, seen only on the store's thread */
typedef struct _BobbinStoreOp BobbinStoreOp;

#define BOBBIN_TYPE_STORE (bobbin_store_get_type ())
G_DECLARE_INTERFACE (BobbinStore, bobbin_store, BOBBIN, STORE, GObject)

struct _BobbinStoreInterface
{
  GTypeInterface parent_iface;

  void (*submit) (BobbinStore *self, GTask *task, BobbinStoreOp *op); /* takes both */
};

/* What opening found, for a plain sentence to the person. */
typedef struct
{
  gboolean  created;        /* there was no database */
  guint     migrated_from;  /* schema version before, 0 when nothing was migrated */
  char     *backup_path;    /* (nullable) made before migrating */
  gboolean  recovered;      /* the file was damaged; what could be read is in a new one */
  char     *broken_path;    /* (nullable) where the damaged file was put */
  guint     salvaged_threads;
  guint     salvaged_messages;
  gboolean  read_only;      /* the profile cannot be written: reading works, nothing is kept */
} BobbinStoreReport;

void bobbin_store_report_free (BobbinStoreReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinStoreReport, bobbin_store_report_free)

/* bobbin-sqlite-store.c. @data_dir holds bobbin.db and attachments/ and is made (0700) when absent; NULL: in memory, with
 * attachments in a temporary folder that goes with the store. */
BobbinStore       *bobbin_sqlite_store_new (const char *data_dir) G_GNUC_WARN_UNUSED_RESULT;
/* Opens, checks, migrates, recovers. A file from a newer version is refused with BOBBIN_ERROR_NOT_SUPPORTED and not touched. */
void               bobbin_store_open_async  (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
BobbinStoreReport *bobbin_store_open_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Waits until everything submitted is on disk and closes. Blocks: for the end of the program only. */
void               bobbin_store_close       (BobbinStore *self);
/* Finishes when everything submitted before is committed. */
void               bobbin_store_flush_async (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The finish of every operation that returns nothing but success. */
gboolean           bobbin_store_finish      (BobbinStore *self, GAsyncResult *result, GError **error);
const char        *bobbin_store_get_attachments_dir (BobbinStore *self);

/* Accounts */
void       bobbin_store_list_accounts_async  (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bobbin_store_list_accounts_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinAccount */
void       bobbin_store_save_account_async   (BobbinStore *self, BobbinAccount *account, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* Removes rows, index entries and attachment files nobody else uses, and vacuums what remains of the text. */
void       bobbin_store_forget_account_async (BobbinStore *self, gint64 account_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* Agents last seen, for menus without a network. */
void       bobbin_store_save_agents_async    (BobbinStore *self, gint64 account_id, GListModel *agents, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
void       bobbin_store_list_agents_async    (BobbinStore *self, gint64 account_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data); /* 0: of all accounts */
GPtrArray *bobbin_store_list_agents_finish   (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinAgent */

/* Approvals given for good (bobbin-rule.h); forgotten with their account. */
void       bobbin_store_save_rule_async      (BobbinStore *self, BobbinRule *rule, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
void       bobbin_store_delete_rule_async    (BobbinStore *self, gint64 rule_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
void       bobbin_store_list_rules_async     (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bobbin_store_list_rules_finish    (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinRule */

/* Threads */
typedef enum
{
  BOBBIN_FOLDER_ACTIVE,   /* neither archived nor in the bin */
  BOBBIN_FOLDER_PINNED,   /* of those, the pinned */
  BOBBIN_FOLDER_ARCHIVED,
  BOBBIN_FOLDER_BIN,
} BobbinFolder;

/* Newest last use first. The next page goes on after the last row of the one before. */
typedef struct
{
  BobbinFolder folder;
  gint64       account_id;         /* 0: all */
  gint64       before_used_us;     /* 0: from the newest */
  gint64       before_id;
  guint        limit;
  gint64       label_id;           /* 0: any and none */
  gint64       least_used_us;      /* bounds of the last use, the first within, the second not; 0: none */
  gint64       below_used_us;
  const char  *kept_by;            /* (nullable) JSON array of accounts: only threads these have on a server */
  gboolean     no_pinned;
  gboolean     unused;             /* neither pinned nor with a draft: what goes when it is old */
} BobbinThreadQuery;

void          bobbin_store_list_threads_async  (BobbinStore *self, const BobbinThreadQuery *query, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray    *bobbin_store_list_threads_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinThread */
void          bobbin_store_load_thread_async   (BobbinStore *self, gint64 thread_id, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
/* By any id the server ever gave it; @account_id 0: of any account. */
void          bobbin_store_find_thread_async   (BobbinStore *self, gint64 account_id, const char *server_id, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
BobbinThread *bobbin_store_load_thread_finish  (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* both; NULL without error: none */
/* Inserts or updates every column of the thread; a changed server id also goes to the history of ids. Once the thread has
 * messages its snippet and stored activity are what they say, and what the model says of the two is not written. */
void          bobbin_store_save_thread_async   (BobbinStore *self, BobbinThread *thread, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
/* For good: rows, index, attachment files nobody else uses. Its ids on the server are remembered, so that no list brings it back. */
void          bobbin_store_delete_thread_async (BobbinStore *self, gint64 thread_id, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
void          bobbin_store_list_server_ids_async  (BobbinStore *self, gint64 thread_id, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
GStrv         bobbin_store_list_server_ids_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* oldest first */

/* How many rows @query has, its page left aside. */
void          bobbin_store_count_threads_async  (BobbinStore *self, const BobbinThreadQuery *query, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean      bobbin_store_count_threads_finish (BobbinStore *self, GAsyncResult *result, guint *ret_n, GError **error);

/* Many threads at once: those of @ids, or with @all every thread of @query but those. */
typedef struct
{
  gboolean          all;
  BobbinThreadQuery query;   /* with @all; the page is left aside */
  GArray           *ids;     /* (nullable) of gint64 */
} BobbinThreadPick;

BobbinThreadPick *bobbin_thread_pick_new  (const gint64 *ids, guint n) G_GNUC_WARN_UNUSED_RESULT;
BobbinThreadPick *bobbin_thread_pick_copy (const BobbinThreadPick *self) G_GNUC_WARN_UNUSED_RESULT;
void              bobbin_thread_pick_free (BobbinThreadPick *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinThreadPick, bobbin_thread_pick_free)

typedef enum
{
  BOBBIN_CHANGE_PIN,
  BOBBIN_CHANGE_UNPIN,
  BOBBIN_CHANGE_ARCHIVE,
  BOBBIN_CHANGE_UNARCHIVE,
  BOBBIN_CHANGE_MARK_READ,
  BOBBIN_CHANGE_MARK_UNREAD,
  BOBBIN_CHANGE_BIN,
  BOBBIN_CHANGE_RESTORE,
  BOBBIN_CHANGE_ADD_LABEL,
  BOBBIN_CHANGE_REMOVE_LABEL,
  BOBBIN_N_CHANGES
} BobbinThreadChangeKind;

typedef struct
{
  BobbinThreadChangeKind kind;
  gint64                 label_id;
  gint64                 now_us;     /* BIN: when */
  gint64                 due_us;     /* BIN: when the servers' copies go */
  const char            *delete_by;  /* BIN (nullable): JSON array of the accounts whose servers' copies go */
} BobbinThreadChange;

/* What a change did: the threads that were not so before. Undoing it changes these and no others, each to what it was. */
typedef struct
{
  BobbinThreadChangeKind kind;
  gint64                 label_id;
  GArray                *ids;        /* of gint64 */
  GArray                *deleted_us; /* (nullable) of gint64, as @ids: RESTORE */
  guint                  n_remote;   /* BIN: servers' copies that will go */
  guint                  n_kept;     /* BIN: servers' copies that stay */
} BobbinThreadChanged;

BobbinThreadChanged *bobbin_thread_changed_copy (const BobbinThreadChanged *self) G_GNUC_WARN_UNUSED_RESULT;
void                 bobbin_thread_changed_free (BobbinThreadChanged *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinThreadChanged, bobbin_thread_changed_free)

/* One transaction, whatever the number. What is to be deleted on servers is written down in it, or taken back. */
void                 bobbin_store_change_threads_async  (BobbinStore *self, const BobbinThreadPick *pick, const BobbinThreadChange *change,
                                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Takes it back; @again: as @change of the opposite, for what undoing RESTORE deletes on servers. */
void                 bobbin_store_undo_change_async     (BobbinStore *self, const BobbinThreadChanged *changed, const BobbinThreadChange *again,
                                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
BobbinThreadChanged *bobbin_store_change_threads_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* both */

/* For good, as bobbin_store_delete_thread_async(): up to @limit threads that lie in the bin since before @deleted_before_us (0: whenever),
 * of @pick (nullable). Call again until nothing is left. */
void     bobbin_store_purge_async  (BobbinStore *self, gint64 deleted_before_us, const BobbinThreadPick *pick, guint limit, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
/* Of gint64: those deleted; since when the oldest of what is left lies in the bin, 0: it is empty. */
gboolean bobbin_store_purge_finish (BobbinStore *self, GAsyncResult *result, GArray **ret_ids, gint64 *ret_oldest_us, GError **error);

/* What threads take on the disk, for cleaning up. The longest unused first. */
typedef struct
{
  gint64  id;
  gint64  account_id;
  gint64  last_used_us;
  gint64  size;       /* bytes: text and files */
  char   *title;      /* (nullable) */
  char   *server_id;  /* (nullable) */
} BobbinThreadRoom;

void       bobbin_thread_room_free         (BobbinThreadRoom *self);
/* A page of @query, from after @before_used_us and @before_id on upwards. */
void       bobbin_store_list_sizes_async   (BobbinStore *self, const BobbinThreadQuery *query, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bobbin_store_list_sizes_finish  (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinThreadRoom */

/* Labels */
void       bobbin_store_list_labels_async  (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bobbin_store_list_labels_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinLabel, oldest first */
/* @thread_ids: (nullable) of gint64: given to these too, in the same transaction. */
void       bobbin_store_save_label_async   (BobbinStore *self, BobbinLabel *label, GArray *thread_ids, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
/* Returns who had it. */
void       bobbin_store_delete_label_async  (BobbinStore *self, gint64 label_id, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GArray    *bobbin_store_delete_label_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of gint64 */

/* A page of a server's list: @threads, of BobbinThread, are taken in where they are new, and update title (unless it was given here) and
 * last use of those that are known. What is in the bin or was deleted here stays so. Returns those that are there now. */
void          bobbin_store_merge_threads_async  (BobbinStore *self, gint64 account_id, GPtrArray *threads, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
GPtrArray    *bobbin_store_merge_threads_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinThread */

/* What is to be done on a server once it is due and there is a network. */
typedef enum
{
  BOBBIN_REMOTE_DELETE,
  BOBBIN_REMOTE_RENAME,
} BobbinRemoteChangeKind;

typedef struct
{
  gint64                 id;
  gint64                 account_id;
  gint64                 thread_id;  /* ours */
  BobbinRemoteChangeKind kind;
  char                  *server_id;
  char                  *title;      /* (nullable) RENAME */
  gint64                 due_us;     /* wall clock */
  char                  *failure;    /* (nullable) why the server would not: not tried again unless the person says so */
  char                  *thread_title; /* (nullable) of ours, read only */
} BobbinRemoteChange;

void                bobbin_remote_change_free (BobbinRemoteChange *self);
BobbinRemoteChange *bobbin_remote_change_copy (const BobbinRemoteChange *self) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinRemoteChange, bobbin_remote_change_free)

void       bobbin_store_add_remote_change_async    (BobbinStore *self, const BobbinRemoteChange *change, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
void       bobbin_store_remove_remote_change_async (BobbinStore *self, gint64 change_id, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
/* Those that are to be tried, the first @limit, or (@failed) those that failed. */
void       bobbin_store_list_remote_changes_async  (BobbinStore *self, gboolean failed, guint limit, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
/* All that failed are to be tried again, or (FALSE) forgotten. */
void       bobbin_store_retry_remote_changes_async (BobbinStore *self, gboolean retry, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bobbin_store_list_remote_changes_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinRemoteChange, oldest first */

/* What the answers of a thread used in all, versions that are not shown included: they were paid for, too. */
#define BOBBIN_USAGE_SUM_COSTS 4
typedef struct
{
  guint  n_answers;
  gint64 input_tokens;
  gint64 output_tokens;
  gint64 total_tokens;
  double total_ms;
  guint  n_costs;       /* one a currency */
  struct { char currency[8]; double cost; } costs[BOBBIN_USAGE_SUM_COSTS];
} BobbinUsageSum;
void            bobbin_store_sum_usage_async  (BobbinStore *self, gint64 thread_id, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
BobbinUsageSum *bobbin_store_sum_usage_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* g_free() */

/* Messages. Order within a thread is (created order) by message id, which rises with time (bobbin-id.h). */
/* The @limit messages that are shown before @before_id (0: the newest), with their blocks and attachments, oldest first. */
void       bobbin_store_list_messages_async  (BobbinStore *self, gint64 thread_id, gint64 before_id, guint limit, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bobbin_store_list_messages_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinMessage */
typedef struct
{
  gint64     id;
  gboolean   prompt;  /* of the person */
} BobbinMessageKey;

/* The messages that are shown, ids rising, without reading them. */
void       bobbin_store_list_message_ids_async  (BobbinStore *self, gint64 thread_id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
GArray    *bobbin_store_list_message_ids_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinMessageKey */
/* Versions of a prompt: saving a message whose version_of is another's id hides that one and all that followed it. This shows
 * the version @step (-1, 1) before or after @message_id with what followed it, or with 0 the message itself, wherever it is. */
void       bobbin_store_show_version_async   (BobbinStore *self, gint64 thread_id, gint64 message_id, int step, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* Inserts or updates the message, all its blocks and attachment references in one transaction. Also keeps the thread row's
 * snippet, last use and stored activity true. */
void       bobbin_store_save_message_async   (BobbinStore *self, gint64 thread_id, BobbinMessage *message, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* Several, whole, in one transaction. */
void       bobbin_store_save_messages_async  (BobbinStore *self, gint64 thread_id, GPtrArray *messages, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* The server ids of messages that are hidden by other versions, one row id each. */
void       bobbin_store_list_hidden_ids_async  (BobbinStore *self, gint64 thread_id, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
GStrv      bobbin_store_list_hidden_ids_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Only the message's own columns (delivery, failure, usage…): no block is written. */
void       bobbin_store_save_message_state_async (BobbinStore *self, gint64 thread_id, BobbinMessage *message, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
/* One block: inserted or rewritten whole. */
void       bobbin_store_save_block_async     (BobbinStore *self, gint64 message_id, guint position, BobbinBlock *block, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* Adds text that streamed in: costs what is added. @offset_bytes is where it begins; a gap is an error, an overlap is ignored.
 * The full-text index sees it when the block is next saved whole. */
void       bobbin_store_append_text_async    (BobbinStore *self, gint64 block_id, gsize offset_bytes, const char *text, gsize length,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void       bobbin_store_delete_message_async (BobbinStore *self, gint64 message_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);

/* After a crash. Each process holds a lock file while it lives, and every unfinished message names the process that works on it.
 * Claims for this process the messages (QUEUED, SENDING, ACCEPTED, ANSWERING) whose process is gone, and marks in the database:
 * SENDING and ACCEPTED user messages INTERRUPTED (certainty unknown), ANSWERING answers INTERRUPTED, open tool calls ERROR, open
 * approvals EXPIRED. QUEUED ones were never written and stay QUEUED. Returns the ids of threads that hold claimed QUEUED messages. */
void    bobbin_store_claim_orphans_async  (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *bobbin_store_claim_orphans_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of gint64 */

/* Drafts */
void         bobbin_store_load_draft_async  (BobbinStore *self, gint64 thread_id, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
BobbinDraft *bobbin_store_load_draft_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* never NULL without error */
/* An empty draft is removed. */
void         bobbin_store_save_draft_async  (BobbinStore *self, BobbinDraft *draft, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
/* Saves a user message and clears the draft it came from, in one transaction: neither is ever there twice nor lost. */
void         bobbin_store_send_draft_async  (BobbinStore *self, BobbinDraft *draft, BobbinMessage *message, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);

/* Attachments: copied under their SHA-256, mode 0600, on a thread of their own. A directory, FIFO, device or unreadable file
 * is BOBBIN_ERROR_FILE, more than @max_bytes (0: no limit) BOBBIN_ERROR_TOO_LARGE, also when it grows while it is read. */
void              bobbin_store_import_file_async  (BobbinStore *self, GFile *file, gint64 max_bytes, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
void              bobbin_store_import_bytes_async (BobbinStore *self, GBytes *bytes, const char *name, const char *content_type,
                                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
BobbinAttachment *bobbin_store_import_finish      (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* both */

/* Export, import, backup (bobbin-store-archive.c). Messages with what hides each: 0, or the version it belongs to that is not shown. */
typedef struct
{
  GPtrArray *messages; /* of BobbinMessage, oldest first */
  GArray    *hidden;   /* of gint64, one a message */
  gint64     next_id;  /* read on after this one; 0: that was all */
} BobbinMessageRun;

void              bobbin_message_run_free           (BobbinMessageRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMessageRun, bobbin_message_run_free)
/* All messages after @after_id, shown or not, as many as make about a mebibyte. */
void              bobbin_store_read_messages_async  (BobbinStore *self, gint64 thread_id, gint64 after_id, GCancellable *cancellable,
                                                     GAsyncReadyCallback callback, gpointer user_data);
BobbinMessageRun *bobbin_store_read_messages_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The threads of an export, by last use: all that are not in the bin, or (@with_bin) those in it, too. */
typedef struct
{
  gint64 id;
  guint  n_messages; /* shown or not */
} BobbinThreadSize;

void    bobbin_store_measure_async  (BobbinStore *self, gint64 thread_id, gboolean with_bin, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data); /* 0: all */
/* Those of @pick. */
void    bobbin_store_measure_picked_async (BobbinStore *self, const BobbinThreadPick *pick, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* Both. */
GArray *bobbin_store_measure_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinThreadSize */

/* A whole conversation from elsewhere, in one transaction. One that is here, by its id, keeps what it has; of the messages those are
 * added that are newer than all of its own. Ids that belong to something else here are BOBBIN_ERROR_INVALID. */
typedef struct
{
  gboolean is_new;
  guint    n_messages; /* that were added */
} BobbinGrafted;

void     bobbin_store_add_thread_async  (BobbinStore *self, BobbinThread *thread, GPtrArray *messages, GArray *hidden,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_store_add_thread_finish (BobbinStore *self, GAsyncResult *result, BobbinGrafted *ret_grafted, GError **error);

/* A copy of the database by SQLite's backup, with the names (SHA-256) of the files in attachments/ that it refers to. */
void  bobbin_store_backup_async  (BobbinStore *self, const char *path, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
GStrv bobbin_store_backup_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Finding in one thread, as in bobbin-needle.h: every block that holds @text, the newest first. Reads back from @before_id for
 * a while only; next_id is where to go on, 0 at the start of the thread. */
typedef struct
{
  gint64 message_id;
  gint64 block_id;
  guint  n;          /* matches */
} BobbinFindHit;

typedef struct
{
  GArray *hits;      /* of BobbinFindHit */
  gint64  next_id;
} BobbinFound;

void         bobbin_found_free        (BobbinFound *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinFound, bobbin_found_free)
void         bobbin_store_find_async  (BobbinStore *self, gint64 thread_id, const char *text, gint64 before_id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
BobbinFound *bobbin_store_find_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The outline of a thread from after @after_id on (bobbin-outline.h), a slice of it; next_id is where to go on, 0 at the end. */
typedef struct
{
  GPtrArray *items;   /* of BobbinOutlineItem */
  gint64     next_id;
} BobbinOutlineSlice;

void                bobbin_outline_slice_free   (BobbinOutlineSlice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinOutlineSlice, bobbin_outline_slice_free)
void                bobbin_store_outline_async  (BobbinStore *self, gint64 thread_id, gint64 after_id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
BobbinOutlineSlice *bobbin_store_outline_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Search: full text over all that was said, on this computer alone. @text is what a person types: words, "phrases", the last
 * word and one that ends in "*" as beginnings; whatever it is, it is no mistake. Letters are compared as in bobbin-needle.h. */
typedef enum
{
  BOBBIN_SEARCH_TITLES   = 1 << 0,
  BOBBIN_SEARCH_TEXT     = 1 << 1,
  BOBBIN_SEARCH_THINKING = 1 << 2,
  BOBBIN_SEARCH_CODE     = 1 << 3,
  BOBBIN_SEARCH_TOOLS    = 1 << 4,  /* names, arguments and results; approvals */
  BOBBIN_SEARCH_DATA     = 1 << 5,  /* tables, charts, JSON */
  BOBBIN_SEARCH_FILES    = 1 << 6,  /* their names */
  BOBBIN_SEARCH_BODIES   = 0x7e,    /* all but titles */
  BOBBIN_SEARCH_ALL      = 0x7f,
} BobbinSearchParts;

typedef struct
{
  const char        *text;
  BobbinSearchParts  parts;       /* 0: all */
  gint64             account_id;  /* 0: all */
  gint64             label_id;    /* 0: any and none */
  const char        *agent;       /* (nullable) id or name */
  guint              roles;       /* bits 1 << BobbinRole; 0: all */
  gint64             from_us;     /* wall clock; 0: from the start */
  gint64             until_us;    /* and before this; 0: no end */
  gboolean           with_files;  /* only messages with a file or an image */
  guint              offset;      /* hits before this page */
  guint              limit;
} BobbinSearchQuery;

typedef struct
{
  gint64            thread_id;
  gint64            message_id; /* 0: the title matched */
  gint64            block_id;
  char             *title;      /* (nullable) */
  char             *excerpt;    /* the matching line, never JSON; matches lie between U+E000 and U+E001 */
  char             *agent;      /* (nullable) name of who wrote it */
  gint64            created_us;
  guint             role;       /* of the message: a BobbinRole */
  guint             nth;        /* so many times what is marked first stands before it in the text */
  BobbinSearchParts part;
} BobbinSearchHit;

typedef struct
{
  GPtrArray *hits;        /* of BobbinSearchHit: titles, then best first */
  guint      n_found;     /* as far as it is known, on all pages */
  gboolean   more;        /* there may be more than that */
  gboolean   incomplete;  /* older messages are not in the index yet */
} BobbinSearchPage;

void              bobbin_search_hit_free     (BobbinSearchHit *self);
void              bobbin_search_page_free    (BobbinSearchPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinSearchPage, bobbin_search_page_free)
void              bobbin_store_search_async  (BobbinStore *self, const BobbinSearchQuery *query, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
BobbinSearchPage *bobbin_store_search_finish (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After a migration the index is caught up with, newest messages first: one short slice, or all of it while the program runs. */
void              bobbin_store_index_async   (BobbinStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean          bobbin_store_index_finish  (BobbinStore *self, GAsyncResult *result, gboolean *ret_more, GError **error);
void              bobbin_store_index_in_background (BobbinStore *self);

/* Threads by their titles, as a palette asks for them while it is typed: all are looked through, the archive too, the bin not. */
typedef struct
{
  gint64   thread_id;
  gint64   account_id;
  char    *title;        /* never NULL */
  gint64   last_used_us;
  gboolean archived;
  guint    score;        /* of bobbin-fuzzy.h */
} BobbinTitleHit;

void       bobbin_title_hit_free             (BobbinTitleHit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTitleHit, bobbin_title_hit_free)
/* The @limit best for @query, best first, the last used first among equals; with an empty query the last used. Threads without a
 * title are left out. */
void       bobbin_store_find_titles_async    (BobbinStore *self, const char *query, guint limit, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *bobbin_store_find_titles_finish   (BobbinStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinTitleHit */

G_END_DECLS
