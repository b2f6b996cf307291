#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/bobbin-abilities.h"

void
bobbin_remote_thread_free (BobbinRemoteThread *self)
{
  if (self == NULL)
    return;

  g_free (self->thread_id);
  g_free (self->title);
  g_free (self->agent_id);
  g_free (self->metadata);
  g_free (self);
}

G_DEFINE_INTERFACE (BobbinAgentLister, bobbin_agent_lister, G_TYPE_OBJECT)

static void
bobbin_agent_lister_default_init (BobbinAgentListerInterface *iface)
{
}

void
bobbin_agent_lister_list_async (BobbinAgentLister   *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_AGENT_LISTER (self));

  BOBBIN_AGENT_LISTER_GET_IFACE (self)->list_async (self, cancellable, callback, user_data);
}

GListModel *
bobbin_agent_lister_list_finish (BobbinAgentLister  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (BOBBIN_IS_AGENT_LISTER (self), NULL);

  return BOBBIN_AGENT_LISTER_GET_IFACE (self)->list_finish (self, result, error);
}

G_DEFINE_INTERFACE (BobbinThreadLister, bobbin_thread_lister, G_TYPE_OBJECT)

static void
bobbin_thread_lister_default_init (BobbinThreadListerInterface *iface)
{
}

void
bobbin_thread_lister_list_async (BobbinThreadLister  *self,
                                 const char          *search,
                                 const char          *cursor,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_THREAD_LISTER (self));

  BOBBIN_THREAD_LISTER_GET_IFACE (self)->list_async (self, search, cursor, cancellable, callback, user_data);
}

GPtrArray *
bobbin_thread_lister_list_finish (BobbinThreadLister  *self,
                                  GAsyncResult        *result,
                                  char               **ret_cursor,
                                  GError             **error)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_LISTER (self), NULL);

  return BOBBIN_THREAD_LISTER_GET_IFACE (self)->list_finish (self, result, ret_cursor, error);
}

void
bobbin_thread_lister_delete_async (BobbinThreadLister  *self,
                                   const char          *thread_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_THREAD_LISTER (self));

  BOBBIN_THREAD_LISTER_GET_IFACE (self)->delete_async (self, thread_id, cancellable, callback, user_data);
}

gboolean
bobbin_thread_lister_delete_finish (BobbinThreadLister  *self,
                                    GAsyncResult        *result,
                                    GError             **error)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_LISTER (self), FALSE);

  return BOBBIN_THREAD_LISTER_GET_IFACE (self)->delete_finish (self, result, error);
}

void
bobbin_thread_lister_rename_async (BobbinThreadLister  *self,
                                   const char          *thread_id,
                                   const char          *title,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_THREAD_LISTER (self));

  BOBBIN_THREAD_LISTER_GET_IFACE (self)->rename_async (self, thread_id, title, cancellable, callback, user_data);
}

gboolean
bobbin_thread_lister_rename_finish (BobbinThreadLister  *self,
                                    GAsyncResult        *result,
                                    GError             **error)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_LISTER (self), FALSE);

  return BOBBIN_THREAD_LISTER_GET_IFACE (self)->rename_finish (self, result, error);
}

G_DEFINE_INTERFACE (BobbinHistory, bobbin_history, G_TYPE_OBJECT)

static void
bobbin_history_default_init (BobbinHistoryInterface *iface)
{
}

void
bobbin_history_page_free (BobbinHistoryPage *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_free (self->cursor);
  g_free (self);
}

void
bobbin_history_list_async (BobbinHistory            *self,
                           const BobbinHistoryQuery *query,
                           GCancellable             *cancellable,
                           GAsyncReadyCallback       callback,
                           gpointer                  user_data)
{
  g_return_if_fail (BOBBIN_IS_HISTORY (self));
  g_return_if_fail (query != NULL && query->thread_id != NULL);

  BOBBIN_HISTORY_GET_IFACE (self)->list_async (self, query, cancellable, callback, user_data);
}

BobbinHistoryPage *
bobbin_history_list_finish (BobbinHistory  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (BOBBIN_IS_HISTORY (self), NULL);

  return BOBBIN_HISTORY_GET_IFACE (self)->list_finish (self, result, error);
}

void
bobbin_history_add_async (BobbinHistory       *self,
                          const char          *thread_id,
                          guint                role,
                          const char          *text,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_HISTORY (self));

  BOBBIN_HISTORY_GET_IFACE (self)->add_async (self, thread_id, role, text, cancellable, callback, user_data);
}

gboolean
bobbin_history_add_finish (BobbinHistory  *self,
                           GAsyncResult   *result,
                           GError        **error)
{
  g_return_val_if_fail (BOBBIN_IS_HISTORY (self), FALSE);

  return BOBBIN_HISTORY_GET_IFACE (self)->add_finish (self, result, error);
}

void
bobbin_history_delete_async (BobbinHistory       *self,
                             const char          *thread_id,
                             const char          *message_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_HISTORY (self));

  BOBBIN_HISTORY_GET_IFACE (self)->delete_async (self, thread_id, message_id, cancellable, callback, user_data);
}

gboolean
bobbin_history_delete_finish (BobbinHistory  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (BOBBIN_IS_HISTORY (self), FALSE);

  return BOBBIN_HISTORY_GET_IFACE (self)->delete_finish (self, result, error);
}

G_DEFINE_INTERFACE (BobbinThreadState, bobbin_thread_state, G_TYPE_OBJECT)

static void
bobbin_thread_state_default_init (BobbinThreadStateInterface *iface)
{
}

void
bobbin_thread_state_get_async (BobbinThreadState     *self,
                               const char            *thread_id,
                               BobbinThreadStateKind  what,
                               GCancellable          *cancellable,
                               GAsyncReadyCallback    callback,
                               gpointer               user_data)
{
  g_return_if_fail (BOBBIN_IS_THREAD_STATE (self));

  BOBBIN_THREAD_STATE_GET_IFACE (self)->get_async (self, thread_id, what, cancellable, callback, user_data);
}

char *
bobbin_thread_state_get_finish (BobbinThreadState  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_STATE (self), NULL);

  return BOBBIN_THREAD_STATE_GET_IFACE (self)->get_finish (self, result, error);
}

void
bobbin_thread_state_set_async (BobbinThreadState     *self,
                               const char            *thread_id,
                               BobbinThreadStateKind  what,
                               const char            *json,
                               GCancellable          *cancellable,
                               GAsyncReadyCallback    callback,
                               gpointer               user_data)
{
  g_return_if_fail (BOBBIN_IS_THREAD_STATE (self));

  BOBBIN_THREAD_STATE_GET_IFACE (self)->set_async (self, thread_id, what, json, cancellable, callback, user_data);
}

char *
bobbin_thread_state_set_finish (BobbinThreadState  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_STATE (self), NULL);

  return BOBBIN_THREAD_STATE_GET_IFACE (self)->set_finish (self, result, error);
}

void
bobbin_thread_state_clear_async (BobbinThreadState   *self,
                                 const char          *thread_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_THREAD_STATE (self));

  BOBBIN_THREAD_STATE_GET_IFACE (self)->clear_async (self, thread_id, cancellable, callback, user_data);
}

gboolean
bobbin_thread_state_clear_finish (BobbinThreadState  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_STATE (self), FALSE);

  return BOBBIN_THREAD_STATE_GET_IFACE (self)->clear_finish (self, result, error);
}

G_DEFINE_INTERFACE (BobbinDownloader, bobbin_downloader, G_TYPE_OBJECT)

static void
bobbin_downloader_default_init (BobbinDownloaderInterface *iface)
{
}

void
bobbin_downloader_download_async (BobbinDownloader    *self,
                                  const char          *file,
                                  gsize                max_bytes,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOADER (self));
  g_return_if_fail (file != NULL);

  BOBBIN_DOWNLOADER_GET_IFACE (self)->download_async (self, file, max_bytes, cancellable, callback, user_data);
}

GBytes *
bobbin_downloader_download_finish (BobbinDownloader  *self,
                                   GAsyncResult      *result,
                                   char             **ret_name,
                                   char             **ret_content_type,
                                   GError           **error)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOADER (self), NULL);

  return BOBBIN_DOWNLOADER_GET_IFACE (self)->download_finish (self, result, ret_name, ret_content_type, error);
}

void
bobbin_downloader_describe_async (BobbinDownloader   *self,
                                  const char         *file_id,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOADER (self));
  g_return_if_fail (file_id != NULL && *file_id != '\0');

  BOBBIN_DOWNLOADER_GET_IFACE (self)->describe_async (self, file_id, cancellable, callback, user_data);
}

char *
bobbin_downloader_describe_finish (BobbinDownloader *self,
                                   GAsyncResult     *result,
                                   GError          **error)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOADER (self), NULL);

  return BOBBIN_DOWNLOADER_GET_IFACE (self)->describe_finish (self, result, error);
}
