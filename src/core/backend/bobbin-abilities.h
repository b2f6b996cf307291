/* Optional abilities of a backend, one small interface each. A backend that implements one also sets the capability.
 * Lists are fetched page by page; a page's cursor is opaque and given back for the next. */
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

struct _BobbinHistoryInterface
{
  GTypeInterface parent_iface;

  void        (*list_async)    (BobbinHistory *self, const char *thread_id, const char *cursor, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  GListModel *(*list_finish)   (BobbinHistory *self, GAsyncResult *result, char **ret_cursor, GError **error);
  void        (*add_async)     (BobbinHistory *self, const char *thread_id, guint role, const char *text, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*add_finish)    (BobbinHistory *self, GAsyncResult *result, GError **error);
  void        (*delete_async)  (BobbinHistory *self, const char *thread_id, const char *message_id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*delete_finish) (BobbinHistory *self, GAsyncResult *result, GError **error);
};

void        bobbin_history_list_async    (BobbinHistory *self, const char *thread_id, const char *cursor, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): of BobbinMessage, oldest first within the page; pages go backwards in time. */
GListModel *bobbin_history_list_finish   (BobbinHistory *self, GAsyncResult *result, char **ret_cursor, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void        bobbin_history_add_async     (BobbinHistory *self, const char *thread_id, guint role, const char *text, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean    bobbin_history_add_finish    (BobbinHistory *self, GAsyncResult *result, GError **error);
void        bobbin_history_delete_async  (BobbinHistory *self, const char *thread_id, const char *message_id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean    bobbin_history_delete_finish (BobbinHistory *self, GAsyncResult *result, GError **error);

#define BOBBIN_TYPE_THREAD_STATE (bobbin_thread_state_get_type ())
G_DECLARE_INTERFACE (BobbinThreadState, bobbin_thread_state, BOBBIN, THREAD_STATE, GObject)

/* State and metadata alike: a JSON object of the thread. Which of the two: @what. */
typedef enum
{
  BOBBIN_THREAD_STATE_STATE,
  BOBBIN_THREAD_STATE_METADATA,
  BOBBIN_THREAD_STATE_SCHEMA, /* read only: a JSON Schema of the state */
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
/* Returns: (transfer full): what the server holds now */
char    *bobbin_thread_state_set_finish   (BobbinThreadState *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     bobbin_thread_state_clear_async  (BobbinThreadState *self, const char *thread_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_thread_state_clear_finish (BobbinThreadState *self, GAsyncResult *result, GError **error);

#define BOBBIN_TYPE_UPLOADER (bobbin_uploader_get_type ())
G_DECLARE_INTERFACE (BobbinUploader, bobbin_uploader, BOBBIN, UPLOADER, GObject)

struct _BobbinUploaderInterface
{
  GTypeInterface parent_iface;

  void  (*upload_async)  (BobbinUploader *self, BobbinAttachment *attachment, GFileProgressCallback progress, gpointer progress_data,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  char *(*upload_finish) (BobbinUploader *self, GAsyncResult *result, GError **error);
};

void  bobbin_uploader_upload_async  (BobbinUploader *self, BobbinAttachment *attachment, GFileProgressCallback progress, gpointer progress_data,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): the server's id of the file */
char *bobbin_uploader_upload_finish (BobbinUploader *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
