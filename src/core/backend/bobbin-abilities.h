/* Optional abilities of a backend, one small interface each. A backend that implements one also sets the capability.
 *
 * Lists are fetched page by page; a page's cursor is opaque and given back for the next. Every call is one attempt as far as the
 * person can tell: an implementation may wait for a Retry-After of some seconds and repeat a GET once, as its reference says, but
 * never a call that changes something. Errors are BOBBIN_ERROR; NOT_FOUND means that the thread, message or file is not there,
 * NOT_SUPPORTED that this server lacks the call (it is not asked again). The credential was given before. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

/* A thread as a server lists it. Times in microseconds, 0 unknown. */
typedef struct
{
  char  *thread_id;
  char  *title;       /* (nullable) */
  char  *agent_id;    /* (nullable) */
  gint64 created_us;
  gint64 updated_us;
  char  *metadata;    /* (nullable) JSON object text */
} BobbinRemoteThread;

void bobbin_remote_thread_free (BobbinRemoteThread *self);

#define BOBBIN_TYPE_AGENT_LISTER (bobbin_agent_lister_get_type ())
G_DECLARE_INTERFACE (BobbinAgentLister, bobbin_agent_lister, BOBBIN, AGENT_LISTER, GObject)

struct _BobbinAgentListerInterface
{
  GTypeInterface parent_iface;

  void        (*list_async)  (BobbinAgentLister *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  GListModel *(*list_finish) (BobbinAgentLister *self, GAsyncResult *result, GError **error);
};

void        bobbin_agent_lister_list_async  (BobbinAgentLister *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): of BobbinAgent */
GListModel *bobbin_agent_lister_list_finish (BobbinAgentLister *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define BOBBIN_TYPE_THREAD_LISTER (bobbin_thread_lister_get_type ())
G_DECLARE_INTERFACE (BobbinThreadLister, bobbin_thread_lister, BOBBIN, THREAD_LISTER, GObject)

struct _BobbinThreadListerInterface
{
  GTypeInterface parent_iface;

  void       (*list_async)    (BobbinThreadLister *self, const char *search, const char *cursor, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray *(*list_finish)   (BobbinThreadLister *self, GAsyncResult *result, char **ret_cursor, GError **error);
  void       (*delete_async)  (BobbinThreadLister *self, const char *thread_id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
  gboolean   (*delete_finish) (BobbinThreadLister *self, GAsyncResult *result, GError **error);
  void       (*rename_async)  (BobbinThreadLister *self, const char *thread_id, const char *title, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
  gboolean   (*rename_finish) (BobbinThreadLister *self, GAsyncResult *result, GError **error);
};

void       bobbin_thread_lister_list_async    (BobbinThreadLister *self, const char *search, const char *cursor, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): of BobbinRemoteThread; *@ret_cursor is NULL on the last page. */
GPtrArray *bobbin_thread_lister_list_finish   (BobbinThreadLister *self, GAsyncResult *result, char **ret_cursor, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_thread_lister_delete_async  (BobbinThreadLister *self, const char *thread_id, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean   bobbin_thread_lister_delete_finish (BobbinThreadLister *self, GAsyncResult *result, GError **error);
void       bobbin_thread_lister_rename_async  (BobbinThreadLister *self, const char *thread_id, const char *title, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean   bobbin_thread_lister_rename_finish (BobbinThreadLister *self, GAsyncResult *result, GError **error);

#define BOBBIN_TYPE_HISTORY (bobbin_history_get_type ())
G_DECLARE_INTERFACE (BobbinHistory, bobbin_history, BOBBIN, HISTORY, GObject)

/* What is asked: a page of the messages of a thread. The first page is the newest; the pages after it go back in time. */
typedef struct
{
  const char *thread_id;
  const char *cursor;     /* (nullable): of the page before; NULL: the newest page */
  const char *pending_id; /* (nullable): server id of our prompt whose outcome is not known: the stream was cut */
  guint       attempt;    /* 0, or how often the newest page was asked for the sake of @pending_id */
} BobbinHistoryQuery;

/* A page. Messages are fresh objects of role USER, ASSISTANT or SYSTEM, oldest first, as this program shows them: what the
 * server keeps as several rows of one answer (assistant, tool, assistant) is one ASSISTANT message with TOOL_CALL blocks that
 * hold their results, and its server id then names all rows, see bobbin_message_has_server_id(). created_us is 0 when the
 * server tells none. Files that lie on the server are IMAGE or FILE blocks whose data is as BobbinDownloader takes it. A pause
 * that waits is an OPEN APPROVAL block at the end of the last message. */
typedef struct
{
  GPtrArray *messages;  /* of BobbinMessage */
  char      *cursor;    /* of the page before this one; NULL: this one begins with the first message */
  guint      poll_ms;   /* the answer to pending_id is still being made, ask again then; 0: what is here is how it ended */
} BobbinHistoryPage;

void bobbin_history_page_free (BobbinHistoryPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHistoryPage, bobbin_history_page_free)

struct _BobbinHistoryInterface
{
  GTypeInterface parent_iface;

  void               (*list_async)    (BobbinHistory *self, const BobbinHistoryQuery *query, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
  BobbinHistoryPage *(*list_finish)   (BobbinHistory *self, GAsyncResult *result, GError **error);
  /* BOBBIN_CAN_EDIT_HISTORY; NULL without it. */
  void               (*add_async)     (BobbinHistory *self, const char *thread_id, guint role, const char *text, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
  gboolean           (*add_finish)    (BobbinHistory *self, GAsyncResult *result, GError **error);
  void               (*delete_async)  (BobbinHistory *self, const char *thread_id, const char *message_id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
  gboolean           (*delete_finish) (BobbinHistory *self, GAsyncResult *result, GError **error);
};

/* @query is copied. A thread that is not there is an empty page where the server answers so, else BOBBIN_ERROR_NOT_FOUND. */
void               bobbin_history_list_async    (BobbinHistory *self, const BobbinHistoryQuery *query, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
BobbinHistoryPage *bobbin_history_list_finish   (BobbinHistory *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @role: BobbinRole. Adds without running the agent. */
void               bobbin_history_add_async     (BobbinHistory *self, const char *thread_id, guint role, const char *text, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean           bobbin_history_add_finish    (BobbinHistory *self, GAsyncResult *result, GError **error);
/* @message_id: of one row of the server. */
void               bobbin_history_delete_async  (BobbinHistory *self, const char *thread_id, const char *message_id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean           bobbin_history_delete_finish (BobbinHistory *self, GAsyncResult *result, GError **error);

#define BOBBIN_TYPE_THREAD_STATE (bobbin_thread_state_get_type ())
G_DECLARE_INTERFACE (BobbinThreadState, bobbin_thread_state, BOBBIN, THREAD_STATE, GObject)

/* State and metadata alike: a JSON object of the thread. Which of them: @what. */
typedef enum
{
  BOBBIN_THREAD_STATE_STATE,           /* BOBBIN_CAN_STATE; set merges or replaces as the server does */
  BOBBIN_THREAD_STATE_METADATA,        /* BOBBIN_CAN_METADATA; set gives the complete object */
  BOBBIN_THREAD_STATE_SCHEMA,          /* read only: a JSON Schema of the state, "{}" when there is none */
  BOBBIN_THREAD_STATE_METADATA_SCHEMA, /* read only: the same of the metadata: limits, strings only; no call to the server */
  BOBBIN_THREAD_STATE_MESSAGE,         /* BOBBIN_CAN_MESSAGE_METADATA: as METADATA, of one message; the id is "THREAD\nMESSAGE" */
} BobbinThreadStateKind;

struct _BobbinThreadStateInterface
{
  GTypeInterface parent_iface;

  void     (*get_async)    (BobbinThreadState *self, const char *thread_id, BobbinThreadStateKind what, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
  char    *(*get_finish)   (BobbinThreadState *self, GAsyncResult *result, GError **error);
  void     (*set_async)    (BobbinThreadState *self, const char *thread_id, BobbinThreadStateKind what, const char *json,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  char    *(*set_finish)   (BobbinThreadState *self, GAsyncResult *result, GError **error);
  /* Of the state; NULL where there is only metadata, which is cleared by setting {}. */
  void     (*clear_async)  (BobbinThreadState *self, const char *thread_id, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*clear_finish) (BobbinThreadState *self, GAsyncResult *result, GError **error);
};

void     bobbin_thread_state_get_async    (BobbinThreadState *self, const char *thread_id, BobbinThreadStateKind what, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): JSON object text, "{}" when there is none yet */
char    *bobbin_thread_state_get_finish   (BobbinThreadState *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     bobbin_thread_state_set_async    (BobbinThreadState *self, const char *thread_id, BobbinThreadStateKind what, const char *json,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): what the server holds now. BOBBIN_ERROR_BUSY: somebody else changed it meanwhile (409). */
char    *bobbin_thread_state_set_finish   (BobbinThreadState *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     bobbin_thread_state_clear_async  (BobbinThreadState *self, const char *thread_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_thread_state_clear_finish (BobbinThreadState *self, GAsyncResult *result, GError **error);

/* Files that lie on the server. Uploading is the channel's (bobbin-channel.h, UPLOAD events). */
#define BOBBIN_TYPE_DOWNLOADER (bobbin_downloader_get_type ())
G_DECLARE_INTERFACE (BobbinDownloader, bobbin_downloader, BOBBIN, DOWNLOADER, GObject)

struct _BobbinDownloaderInterface
{
  GTypeInterface parent_iface;

  void    (*download_async)  (BobbinDownloader *self, const char *file, gsize max_bytes, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
  GBytes *(*download_finish) (BobbinDownloader *self, GAsyncResult *result, char **ret_name, char **ret_content_type, GError **error);
  void    (*describe_async)  (BobbinDownloader *self, const char *file_id, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
  char   *(*describe_finish) (BobbinDownloader *self, GAsyncResult *result, GError **error);
};

/* @file: the data of an IMAGE or FILE block, JSON object text: {"file_id", "name"?, "content_type"?, "size"?, "thread_id"?} and
 * what else the service put there. */
void    bobbin_downloader_download_async  (BobbinDownloader *self, const char *file, gsize max_bytes, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* *@ret_name, *@ret_content_type: (transfer full) (nullable): what the server says of it. */
GBytes *bobbin_downloader_download_finish (BobbinDownloader *self, GAsyncResult *result, char **ret_name, char **ret_content_type,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a file is called that is known by its id alone. */
void    bobbin_downloader_describe_async  (BobbinDownloader *self, const char *file_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): a clean name; NULL with error, also when the server tells none */
char   *bobbin_downloader_describe_finish (BobbinDownloader *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
