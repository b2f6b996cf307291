/* Threads of an AgentFlow server (agentflow.md, section 4). A cursor is the offset of the next page. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "util/bobbin-json.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-agentflow-blocks.h"

typedef struct
{
  guint64  offset;
  char    *cursor; /* of the next page */
} List;

static void
list_free (gpointer data)
{
  List *list = data;

  g_free (list->cursor);
  g_free (list);
}

static BobbinRemoteThread *
read_thread (JsonObject *object)
{
  g_autofree char *id = bobbin_agentflow_dup_id (object, "thread_id");
  JsonObject *metadata = bobbin_json_get_object (object, "metadata");
  const char *name = bobbin_json_get_string (object, "thread_name");
  BobbinRemoteThread *thread;

  if (id == NULL)
    return NULL;

  thread = g_new0 (BobbinRemoteThread, 1);
  thread->thread_id = g_steal_pointer (&id);
  thread->title = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  thread->updated_us = bobbin_time_get_local (object, "updated_at", 0);
  thread->created_us = bobbin_time_get_local (object, "created_at", 0);
  thread->metadata = metadata != NULL ? bobbin_json_object_to_text (metadata, FALSE) : NULL;

  return thread;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  List *list = g_task_get_task_data (task);
  g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_remote_thread_free);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);
  JsonNode *data = root != NULL ? _bobbin_agentflow_get_data (root) : NULL;
  JsonArray *array = data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? bobbin_json_get_array (json_node_get_object (data), "threads") : NULL;
  guint length = array != NULL ? json_array_get_length (array) : 0;

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      BobbinRemoteThread *thread = JSON_NODE_HOLDS_OBJECT (node) ? read_thread (json_node_get_object (node)) : NULL;

      if (thread != NULL)
        g_ptr_array_add (threads, thread);
    }
  /* A page shorter than the limit is the last. */
  if (length >= BOBBIN_AGENTFLOW_PAGE)
    list->cursor = g_strdup_printf ("%" G_GUINT64_FORMAT, list->offset + length);
  g_task_return_pointer (task, g_steal_pointer (&threads), (GDestroyNotify) g_ptr_array_unref);
}

static void
agentflow_list_async (BobbinThreadLister *lister,
                      const char         *search,
                      const char         *cursor,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (lister);
  g_autofree char *words = search != NULL && *search != '\0' ? g_uri_escape_string (search, NULL, FALSE) : NULL;
  GTask *task = g_task_new (self, NULL, callback, user_data);
  List *list = g_new0 (List, 1);

  list->offset = cursor != NULL ? g_ascii_strtoull (cursor, NULL, 10) : 0;
  g_task_set_source_tag (task, agentflow_list_async);
  g_task_set_task_data (task, list, list_free);
  _bobbin_agentflow_call_async (self, "GET", g_strdup_printf ("/v1/threads?offset=%" G_GUINT64_FORMAT "&limit=%d%s%s", list->offset,
                                                              BOBBIN_AGENTFLOW_PAGE, words != NULL ? "&search=" : "",
                                                              words != NULL ? words : ""),
                                NULL, cancellable, listed_cb, task);
}

static GPtrArray *
agentflow_list_finish (BobbinThreadLister *lister,
                       GAsyncResult       *result,
                       char              **ret_cursor,
                       GError            **error)
{
  List *list = g_task_get_task_data (G_TASK (result));
  GPtrArray *threads = g_task_propagate_pointer (G_TASK (result), error);

  if (threads != NULL)
    *ret_cursor = g_steal_pointer (&list->cursor);

  return threads;
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);

  /* A thread that was not there is gone all the same. */
  if (root != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
agentflow_delete_async (BobbinThreadLister *lister,
                        const char         *thread_id,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (lister);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, agentflow_delete_async);
  g_hash_table_remove (self->ends, thread_id);
  _bobbin_agentflow_call_async (self, "DELETE", _bobbin_agentflow_thread_path (thread_id, NULL), "{\"config\":{}}", cancellable,
                                deleted_cb, task);
}

static gboolean
agentflow_delete_finish (BobbinThreadLister *lister,
                         GAsyncResult       *result,
                         GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Section 4: there is no rename call; a name given here stays here. */
static void
agentflow_rename_async (BobbinThreadLister *lister,
                        const char         *thread_id,
                        const char         *title,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_task_report_new_error (lister, callback, user_data, agentflow_rename_async, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED,
                           "AgentFlow has no call to rename a conversation");
}

static gboolean
agentflow_rename_finish (BobbinThreadLister *lister,
                         GAsyncResult       *result,
                         GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
_bobbin_agentflow_threads_iface_init (BobbinThreadListerInterface *iface)
{
  iface->list_async = agentflow_list_async;
  iface->list_finish = agentflow_list_finish;
  iface->delete_async = agentflow_delete_async;
  iface->delete_finish = agentflow_delete_finish;
  iface->rename_async = agentflow_rename_async;
  iface->rename_finish = agentflow_rename_finish;
}
