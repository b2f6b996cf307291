/* Assistants, threads, titles and metadata (assistants.md, sections 3, 4.1 and 4.2). */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-private.h"

#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-assistants-encoder.h"
#include "wire/bobbin-assistants-errors.h"

/* Section 10: assistants are walked to the end, within reason. */
#define MAX_PAGES 10

static BobbinAssistantsBackend *
get_backend (GTask *task)
{
  return BOBBIN_ASSISTANTS_BACKEND (g_task_get_source_object (task));
}

/* @task: (transfer full), as below. */
static void
fail (GTask               *task,
      const BobbinFailure *failure)
{
  g_autoptr(GTask) owned G_GNUC_UNUSED = task;

  if (failure != NULL)
    g_task_return_error (task, bobbin_failure_to_error (failure));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
}

/* Assistants */

typedef struct
{
  GListStore   *agents;      /* owned */
  GHashTable   *seen;        /* owned: ids */
  GCancellable *cancellable; /* owned (nullable) */
  guint         n_pages;
} AgentList;

static void
agent_list_free (gpointer data)
{
  AgentList *list = data;

  g_clear_object (&list->agents);
  g_clear_object (&list->cancellable);
  g_hash_table_unref (list->seen);
  g_free (list);
}

static void ask_agents (GTask *task, const char *after);

static void
add_agent (GTask      *task,
           JsonObject *object)
{
  AgentList *list = g_task_get_task_data (task);
  BobbinAssistantsBackend *self = get_backend (task);
  g_autofree char *id = bobbin_json_dup_text (object, "id");
  const char *told = bobbin_json_get_string (object, "name");
  g_autofree char *name = told != NULL ? bobbin_text_clean_name (told) : NULL;
  g_autoptr(BobbinAgent) agent = NULL;

  if (id == NULL || *id == '\0' || !g_hash_table_add (list->seen, g_strdup (id)))
    return;

  agent = bobbin_agent_new (bobbin_account_get_id (_bobbin_assistants_get_account (self)), id,
                            name != NULL && *name != '\0' ? name : NULL, bobbin_json_get_string (object, "model"));
  g_list_store_append (list->agents, agent);
  _bobbin_assistants_set_tools (self, object);
}

static void
agents_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  AgentList *list = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *array = _bobbin_assistants_get_list (root);
  guint before = g_hash_table_size (list->seen);
  g_autofree char *last = NULL;

  if (array == NULL && failure == NULL && root != NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server's answer is no list of assistants");
  /* A page after the first that is refused: what is there is all there is to have. */
  if (array == NULL && (list->n_pages == 1 || failure == NULL))
    {
      if (failure != NULL && failure->http_status == 404)
        {
          g_free (failure->detail);
          failure->detail = g_strdup ("The server has no assistants at this address. It may have to end in /v1; "
                                      "api.openai.com has offered none since August 2026");
        }
      fail (task, failure);
      return;
    }

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      add_agent (task, json_node_get_object (node));
      g_free (last);
      last = bobbin_json_dup_text (json_node_get_object (node), "id");
    }
  if (last != NULL && g_hash_table_size (list->seen) > before && list->n_pages < MAX_PAGES &&
      _bobbin_assistants_has_more (root, BOBBIN_ASSISTANTS_MAX_PAGE))
    {
      ask_agents (task, last);
      return;
    }
  g_task_return_pointer (task, g_object_ref (list->agents), g_object_unref);
  g_object_unref (task);
}

static void
ask_agents (GTask      *task,
            const char *after)
{
  AgentList *list = g_task_get_task_data (task);
  g_autofree char *escaped = after != NULL ? g_uri_escape_string (after, NULL, FALSE) : NULL;
  g_autofree char *path = g_strdup_printf ("/assistants?limit=%d&order=desc%s%s", BOBBIN_ASSISTANTS_MAX_PAGE,
                                           escaped != NULL ? "&after=" : "", escaped != NULL ? escaped : "");

  list->n_pages++;
  _bobbin_assistants_call (get_backend (task), "GET", path, NULL, list->cancellable, agents_cb, task);
}

static void
agents_list_async (BobbinAgentLister  *lister,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  GTask *task = g_task_new (lister, NULL, callback, user_data);
  AgentList *list = g_new0 (AgentList, 1);

  list->agents = g_list_store_new (BOBBIN_TYPE_AGENT);
  list->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, agents_list_async);
  g_task_set_task_data (task, list, agent_list_free);
  ask_agents (task, NULL);
}

static GListModel *
agents_list_finish (BobbinAgentLister *lister,
                    GAsyncResult      *result,
                    GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_bobbin_assistants_agent_lister_iface_init (BobbinAgentListerInterface *iface)
{
  iface->list_async = agents_list_async;
  iface->list_finish = agents_list_finish;
}

/* Threads */

typedef struct
{
  char *cursor; /* (nullable): asked for */
  char *next;   /* (nullable) */
} ThreadList;

static void
thread_list_free (gpointer data)
{
  ThreadList *list = data;

  g_free (list->cursor);
  g_free (list->next);
  g_free (list);
}

static void
add_thread (GPtrArray  *threads,
            JsonObject *object)
{
  JsonObject *metadata = bobbin_json_get_object (object, "metadata");
  const char *title = metadata != NULL ? bobbin_json_get_string (metadata, "title") : NULL;
  g_autofree char *id = bobbin_json_dup_text (object, "id");
  g_autofree char *clean = title != NULL ? bobbin_text_clean_name (title) : NULL;
  BobbinRemoteThread *thread;

  if (id == NULL || *id == '\0')
    return;

  thread = g_new0 (BobbinRemoteThread, 1);
  thread->thread_id = g_steal_pointer (&id);
  thread->title = clean != NULL && *clean != '\0' ? g_steal_pointer (&clean) : NULL;
  thread->created_us = bobbin_time_get (object, "created_at", 0);
  thread->metadata = metadata != NULL ? bobbin_json_object_to_text (metadata, FALSE) : NULL;
  g_ptr_array_add (threads, thread);
}

static void
threads_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAssistantsBackend *self = get_backend (task);
  ThreadList *list = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *array = _bobbin_assistants_get_list (root);
  g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_remote_thread_free);

  if (failure != NULL && list->cursor == NULL && bobbin_assistants_is_unsupported (failure->http_status, failure))
    {
      /* Section 4.2: probed once; this 401 is not about the key. */
      _bobbin_assistants_found_lack (self, BOBBIN_ASSISTANTS_LACKS_LIST);
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "This server does not list threads");
      return;
    }
  if (failure != NULL && list->cursor != NULL && failure->code != BOBBIN_ERROR_AUTH && failure->http_status >= 400)
    {
      g_task_return_pointer (task, g_steal_pointer (&threads), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  if (array == NULL)
    {
      if (failure == NULL && root != NULL)
        failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server's answer is no list of threads");
      fail (g_steal_pointer (&task), failure);
      return;
    }

  for (guint i = 0; i < json_array_get_length (array); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      add_thread (threads, json_array_get_object_element (array, i));
  if (threads->len > 0 && _bobbin_assistants_has_more (root, BOBBIN_ASSISTANTS_MAX_PAGE))
    list->next = g_strdup (((BobbinRemoteThread *) threads->pdata[threads->len - 1])->thread_id);
  /* A server that does not heed the cursor would go on for ever. */
  if (g_strcmp0 (list->next, list->cursor) == 0)
    g_clear_pointer (&list->next, g_free);
  g_task_return_pointer (task, g_steal_pointer (&threads), (GDestroyNotify) g_ptr_array_unref);
}

static void
threads_list_async (BobbinThreadLister *lister,
                    const char         *search,
                    const char         *cursor,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (lister);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  ThreadList *list = g_new0 (ThreadList, 1);
  g_autofree char *escaped = cursor != NULL ? g_uri_escape_string (cursor, NULL, FALSE) : NULL;
  g_autofree char *path = g_strdup_printf ("/threads?limit=%d&order=desc%s%s", BOBBIN_ASSISTANTS_MAX_PAGE,
                                           escaped != NULL ? "&after=" : "", escaped != NULL ? escaped : "");

  list->cursor = g_strdup (cursor);
  g_task_set_source_tag (task, threads_list_async);
  g_task_set_task_data (task, list, thread_list_free);
  if (_bobbin_assistants_lacks (self, BOBBIN_ASSISTANTS_LACKS_LIST))
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "This server does not list threads");
  else
    _bobbin_assistants_call (self, "GET", path, NULL, cancellable, threads_cb, g_steal_pointer (&task));
}

static GPtrArray *
threads_list_finish (BobbinThreadLister *lister,
                     GAsyncResult       *result,
                     char              **ret_cursor,
                     GError            **error)
{
  GPtrArray *threads = g_task_propagate_pointer (G_TASK (result), error);
  ThreadList *list = g_task_get_task_data (G_TASK (result));

  if (threads != NULL && ret_cursor != NULL)
    *ret_cursor = g_steal_pointer (&list->next);

  return threads;
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  /* Section 9: gone is what was wanted. */
  if (root != NULL || (failure != NULL && failure->http_status == 404))
    g_task_return_boolean (task, TRUE);
  else
    fail (g_steal_pointer (&task), failure);
}

static void
thread_delete_async (BobbinThreadLister *lister,
                     const char         *thread_id,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  GTask *task = g_task_new (lister, NULL, callback, user_data);
  g_autofree char *path = _bobbin_assistants_path ("threads", thread_id, NULL);

  g_task_set_source_tag (task, thread_delete_async);
  _bobbin_assistants_call (get_backend (task), "DELETE", path, NULL, cancellable, deleted_cb, task);
}

static gboolean
boolean_finish (BobbinThreadLister *lister,
                GAsyncResult       *result,
                GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Changing metadata: the complete map, for servers replace it (section 3). */

typedef struct
{
  char         *thread_id;
  char         *title;       /* (nullable): to put into what is there */
  char         *metadata;    /* (nullable): to put in its place */
  GCancellable *cancellable;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_clear_object (&change->cancellable);
  g_free (change->thread_id);
  g_free (change->title);
  g_free (change->metadata);
  g_free (change);
}

static Change *
change_new (const char   *thread_id,
            GCancellable *cancellable)
{
  Change *change = g_new0 (Change, 1);

  change->thread_id = g_strdup (thread_id);
  change->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  return change;
}

static char *
dup_metadata (JsonNode *root)
{
  JsonObject *thread = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonObject *metadata = thread != NULL ? bobbin_json_get_object (thread, "metadata") : NULL;

  return metadata != NULL ? bobbin_json_object_to_text (metadata, FALSE) : g_strdup ("{}");
}

/* Of the thread, or of the message in it: "THREAD\nMESSAGE". */
static char *
dup_path (const char *id)
{
  g_auto(GStrv) ids = g_strsplit (id, "\n", 2);

  return ids[0] != NULL && ids[1] != NULL ? _bobbin_assistants_path ("threads", ids[0], "messages", ids[1], NULL)
                                          : _bobbin_assistants_path ("threads", id, NULL);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Change *change = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root == NULL)
    {
      /* 409: somebody else changes it. */
      if (failure != NULL && failure->http_status == 409)
        failure->code = BOBBIN_ERROR_BUSY;
      fail (g_steal_pointer (&task), failure);
    }
  else if (change->title != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_pointer (task, dup_metadata (root), g_free);
}

static void
post_change (GTask *task,
             char  *body,
             GError *error)
{
  g_autofree char *owned G_GNUC_UNUSED = body;
  Change *change = g_task_get_task_data (task);
  g_autofree char *path = NULL;

  if (body == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  path = dup_path (change->thread_id);
  _bobbin_assistants_call (get_backend (task), "POST", path, body, change->cancellable, changed_cb, task);
}

static void
before_rename_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonObject *thread = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  GError *error = NULL;
  char *body;

  if (thread == NULL)
    {
      fail (task, failure);
      return;
    }
  body = bobbin_assistants_encode_title (bobbin_json_get_object (thread, "metadata"), change->title, &error);
  post_change (task, body, error);
}

static void
thread_rename_async (BobbinThreadLister *lister,
                     const char         *thread_id,
                     const char         *title,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  GTask *task = g_task_new (lister, NULL, callback, user_data);
  Change *change = change_new (thread_id, cancellable);
  g_autofree char *path = _bobbin_assistants_path ("threads", thread_id, NULL);

  change->title = g_strdup (title);
  g_task_set_source_tag (task, thread_rename_async);
  g_task_set_task_data (task, change, change_free);
  _bobbin_assistants_call (get_backend (task), "GET", path, NULL, cancellable, before_rename_cb, task);
}

void
_bobbin_assistants_thread_lister_iface_init (BobbinThreadListerInterface *iface)
{
  iface->list_async = threads_list_async;
  iface->list_finish = threads_list_finish;
  iface->delete_async = thread_delete_async;
  iface->delete_finish = boolean_finish;
  iface->rename_async = thread_rename_async;
  iface->rename_finish = boolean_finish;
}

/* Metadata */

static void
got_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root == NULL)
    fail (g_steal_pointer (&task), failure);
  else
    g_task_return_pointer (task, dup_metadata (root), g_free);
}

static void
state_get_async (BobbinThreadState    *state,
                 const char           *thread_id,
                 BobbinThreadStateKind what,
                 GCancellable         *cancellable,
                 GAsyncReadyCallback   callback,
                 gpointer              user_data)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (state);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *path = dup_path (thread_id);

  g_task_set_source_tag (task, state_get_async);
  if (what == BOBBIN_THREAD_STATE_METADATA_SCHEMA)
    g_task_return_pointer (task, g_strdup (bobbin_assistants_get_metadata_schema ()), g_free);
  else if (what == BOBBIN_THREAD_STATE_METADATA || what == BOBBIN_THREAD_STATE_MESSAGE)
    _bobbin_assistants_call (self, "GET", path, NULL, cancellable, got_cb, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "Threads of this service have no state");
}

static void
state_set_async (BobbinThreadState    *state,
                 const char           *thread_id,
                 BobbinThreadStateKind what,
                 const char           *json,
                 GCancellable         *cancellable,
                 GAsyncReadyCallback   callback,
                 gpointer              user_data)
{
  GTask *task = g_task_new (state, NULL, callback, user_data);
  Change *change = change_new (thread_id, cancellable);
  GError *error = NULL;
  char *body;

  g_task_set_source_tag (task, state_set_async);
  g_task_set_task_data (task, change, change_free);
  if (what == BOBBIN_THREAD_STATE_METADATA || what == BOBBIN_THREAD_STATE_MESSAGE)
    {
      body = bobbin_assistants_encode_metadata (json, &error);
      post_change (task, body, error);
      return;
    }
  g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "Threads of this service have no state");
  g_object_unref (task);
}

static char *
text_finish (BobbinThreadState *state,
             GAsyncResult      *result,
             GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_bobbin_assistants_thread_state_iface_init (BobbinThreadStateInterface *iface)
{
  iface->get_async = state_get_async;
  iface->get_finish = text_finish;
  iface->set_async = state_set_async;
  iface->set_finish = text_finish;
}
