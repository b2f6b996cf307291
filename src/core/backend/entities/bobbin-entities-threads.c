/* Assistants, threads, titles and metadata (entities.md, sections 4.1, 4.2 and 10). A list of threads is ids; what they are called costs a
 * request each, so a page is a slice of the ids with their details, a few at a time. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/entities/bobbin-entities-private.h"

#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-entities-objects.h"

#include <string.h>

#define PAGE 50
#define MAX_PARALLEL 4

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

static BobbinEntitiesBackend *
get_backend (GTask *task)
{
  return BOBBIN_ENTITIES_BACKEND (g_task_get_source_object (task));
}

/* Assistants */

static void agents_ask (GTask *task, const char *path);

static void
agents_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (source);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *list = bobbin_entities_get_list (root);
  g_autoptr(GListStore) agents = NULL;
  g_autofree char *user = _bobbin_entities_dup_user (self);

  if (failure != NULL && failure->http_status == 404 && user != NULL && !_bobbin_entities_get_first_form (self))
    {
      g_autofree char *path = _bobbin_entities_path ("users", user, "assistants", NULL);

      _bobbin_entities_set_first_form (self);
      agents_ask (task, path);
      return;
    }
  if (list == NULL)
    {
      if (failure == NULL && root != NULL)
        failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server's answer is no list of assistants");
      fail (task, failure);
      return;
    }

  agents = g_list_store_new (BOBBIN_TYPE_AGENT);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *id = object != NULL ? bobbin_json_dup_text (object, "id") : NULL;
      const char *told = object != NULL ? bobbin_json_get_string (object, "name") : NULL;
      g_autofree char *name = told != NULL ? bobbin_text_clean_name (told) : NULL;
      g_autoptr(BobbinAgent) agent = NULL;

      if (id == NULL || *id == '\0')
        continue;
      agent = bobbin_agent_new (bobbin_account_get_id (_bobbin_entities_get_account (self)), id,
                                name != NULL && *name != '\0' ? name : NULL, bobbin_json_get_string (object, "model"));
      g_list_store_append (agents, agent);
      _bobbin_entities_set_model (self, object);
    }
  g_task_return_pointer (task, g_steal_pointer (&agents), g_object_unref);
  g_object_unref (task);
}

static void
agents_ask (GTask      *task,
            const char *path)
{
  _bobbin_entities_call (get_backend (task), "GET", path, NULL, g_task_get_task_data (task), agents_cb, task);
}

static void
agents_list_async (BobbinAgentLister  *lister,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  GTask *task = g_task_new (lister, NULL, callback, user_data);

  g_task_set_source_tag (task, agents_list_async);
  if (cancellable != NULL)
    g_task_set_task_data (task, g_object_ref (cancellable), g_object_unref);
  agents_ask (task, "/v1/assistants");
}

static GListModel *
agents_list_finish (BobbinAgentLister *lister,
                    GAsyncResult      *result,
                    GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_bobbin_entities_agent_lister_iface_init (BobbinAgentListerInterface *iface)
{
  iface->list_async = agents_list_async;
  iface->list_finish = agents_list_finish;
}

/* Threads */

typedef struct
{
  /* owned */
  GPtrArray    *ids;      /* of char *, all of the user's */
  GPtrArray    *threads;  /* of BobbinRemoteThread, in the order of the ids of the page; NULL where not (yet) known */
  GCancellable *cancellable;
  char         *user;
  guint         first;    /* of the page */
  guint         next;
  guint         n_waiting;
} ThreadList;

static void
remote_free (gpointer thread)
{
  if (thread != NULL)
    bobbin_remote_thread_free (thread);
}

static void
thread_list_free (gpointer data)
{
  ThreadList *list = data;

  g_clear_object (&list->cancellable);
  g_clear_pointer (&list->ids, g_ptr_array_unref);
  g_ptr_array_unref (list->threads);
  g_free (list->user);
  g_free (list);
}

static void
fill_thread (BobbinRemoteThread *thread,
             JsonObject         *object)
{
  g_autoptr(JsonObject) metadata = bobbin_entities_dup_metadata (object);
  const char *title = bobbin_entities_get_title (metadata);
  g_autofree char *clean = title != NULL ? bobbin_text_clean_name (title) : NULL;

  thread->title = clean != NULL && *clean != '\0' ? g_steal_pointer (&clean) : NULL;
  thread->created_us = bobbin_time_get (object, "created_at", 0);
  thread->metadata = metadata != NULL ? bobbin_json_object_to_text (metadata, FALSE) : NULL;
}

static void ask_details (GTask *task);

typedef struct
{
  GTask *task; /* owned */
  guint  position;
} DetailWait;

static void
detail_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree DetailWait *wait = user_data;
  GTask *task = wait->task;
  ThreadList *list = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  BobbinRemoteThread *thread = list->threads->pdata[wait->position - list->first];

  /* One that is gone meanwhile, or of somebody else, is still one that is listed. */
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    fill_thread (thread, json_node_get_object (root));
  list->n_waiting--;
  ask_details (task);
  g_object_unref (task);
}

static void
ask_details (GTask *task)
{
  ThreadList *list = g_task_get_task_data (task);
  guint end = MIN (list->first + PAGE, list->ids->len);

  while (list->n_waiting < MAX_PARALLEL && list->next < end)
    {
      DetailWait *wait = g_new0 (DetailWait, 1);
      g_autofree char *path = _bobbin_entities_path ("threads", list->ids->pdata[list->next], NULL);
      BobbinRemoteThread *thread = g_new0 (BobbinRemoteThread, 1);

      thread->thread_id = g_strdup (list->ids->pdata[list->next]);
      g_ptr_array_add (list->threads, thread);
      wait->task = g_object_ref (task);
      wait->position = list->next++;
      list->n_waiting++;
      _bobbin_entities_call (get_backend (task), "GET", path, NULL, list->cancellable, detail_cb, wait);
    }
  if (list->n_waiting == 0 && !g_task_get_completed (task))
    g_task_return_pointer (task, g_ptr_array_ref (list->threads), (GDestroyNotify) g_ptr_array_unref);
}

static void ask_ids (GTask *task);

/* Newest cache first does not exist here; the server's order is none. The cursor is a position in it. */
static void
ids_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (source);
  ThreadList *list = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *array = bobbin_entities_get_list (root);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (failure != NULL && failure->http_status == 404 && !_bobbin_entities_get_first_form (self))
    {
      _bobbin_entities_set_first_form (self);
      ask_ids (g_steal_pointer (&task));
      return;
    }
  if (array == NULL)
    {
      if (failure == NULL && root != NULL)
        failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server's answer is no list of threads");
      fail (g_steal_pointer (&task), failure);
      return;
    }

  list->ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      char *id = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        id = bobbin_json_dup_text (json_node_get_object (node), "id");
      else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        id = json_node_dup_string (node);
      if (id != NULL && *id != '\0' && g_hash_table_add (seen, id))
        g_ptr_array_add (list->ids, id);
      else
        g_free (id);
    }
  list->next = list->first;
  ask_details (task);
}

static void
ask_ids (GTask *task)
{
  ThreadList *list = g_task_get_task_data (task);
  BobbinEntitiesBackend *self = get_backend (task);
  g_autofree char *path = _bobbin_entities_get_first_form (self) ? _bobbin_entities_path ("users", list->user, "threads", NULL)
                                                                 : _bobbin_entities_path ("threads", "user", list->user, NULL);

  _bobbin_entities_call (self, "GET", path, NULL, list->cancellable, ids_cb, task);
}

static void
user_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  ThreadList *list = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;

  list->user = _bobbin_entities_find_user_finish (result, &failure);
  if (list->user != NULL)
    ask_ids (g_steal_pointer (&task));
  else if (failure != NULL)
    fail (g_steal_pointer (&task), failure);
  else
    /* Known once a thread was made here: until then there is nothing of ours to list. */
    g_task_return_pointer (task, g_ptr_array_ref (list->threads), (GDestroyNotify) g_ptr_array_unref);
}

static void
threads_list_async (BobbinThreadLister *lister,
                    const char         *search,
                    const char         *cursor,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (lister);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  ThreadList *list = g_new0 (ThreadList, 1);

  list->threads = g_ptr_array_new_with_free_func (remote_free);
  list->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  list->first = cursor != NULL ? (guint) CLAMP (g_ascii_strtoll (cursor, NULL, 10), 0, G_MAXINT) : 0;
  g_task_set_source_tag (task, threads_list_async);
  g_task_set_task_data (task, list, thread_list_free);
  _bobbin_entities_find_user_async (self, cancellable, user_cb, task);
}

static GPtrArray *
threads_list_finish (BobbinThreadLister *lister,
                     GAsyncResult       *result,
                     char              **ret_cursor,
                     GError            **error)
{
  ThreadList *list = g_task_get_task_data (G_TASK (result));
  GPtrArray *threads = g_task_propagate_pointer (G_TASK (result), error);

  if (threads != NULL && ret_cursor != NULL)
    *ret_cursor = list->ids != NULL && list->first + PAGE < list->ids->len ? g_strdup_printf ("%u", list->first + PAGE) : NULL;

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
  g_autofree char *path = _bobbin_entities_path ("threads", thread_id, NULL);

  g_task_set_source_tag (task, thread_delete_async);
  _bobbin_entities_call (BOBBIN_ENTITIES_BACKEND (lister), "DELETE", path, NULL, cancellable, deleted_cb, task);
}

static gboolean
boolean_finish (BobbinThreadLister *lister,
                GAsyncResult       *result,
                GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Metadata: GET, change, PUT the whole object */

typedef struct
{
  char         *thread_id;
  char         *title;       /* (nullable) */
  GCancellable *cancellable; /* (nullable) */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_clear_object (&change->cancellable);
  g_free (change->thread_id);
  g_free (change->title);
  g_free (change);
}

static GTask *
change_task_new (gpointer            source,
                 const char         *thread_id,
                 const char         *title,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  GTask *task = g_task_new (source, NULL, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->thread_id = g_strdup (thread_id);
  change->title = g_strdup (title);
  change->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, change_task_new);
  g_task_set_task_data (task, change, change_free);

  return task;
}

static char *
dup_metadata_text (JsonNode *root)
{
  g_autoptr(JsonObject) metadata = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                                   ? bobbin_entities_dup_metadata (json_node_get_object (root)) : NULL;

  return metadata != NULL ? bobbin_json_object_to_text (metadata, FALSE) : g_strdup ("{}");
}

static void
put_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Change *change = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root == NULL)
    fail (g_steal_pointer (&task), failure);
  else if (change->title != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_pointer (task, dup_metadata_text (root), g_free);
}

static void
put_metadata (GTask      *task,
              const char *body)
{
  Change *change = g_task_get_task_data (task);
  g_autofree char *path = _bobbin_entities_path ("threads", change->thread_id, "metadata", NULL);

  _bobbin_entities_call (get_backend (task), "PUT", path, body, change->cancellable, put_cb, task);
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
  g_autoptr(JsonObject) metadata = NULL;
  g_autofree char *body = NULL;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      fail (task, failure);
      return;
    }
  metadata = bobbin_entities_dup_metadata (json_node_get_object (root));
  if (metadata == NULL)
    metadata = json_object_new ();
  json_object_set_string_member (metadata, "title", change->title);
  body = bobbin_json_object_to_text (metadata, FALSE);
  put_metadata (task, body);
}

static void
thread_rename_async (BobbinThreadLister *lister,
                     const char         *thread_id,
                     const char         *title,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  GTask *task = change_task_new (lister, thread_id, title, cancellable, callback, user_data);
  g_autofree char *path = _bobbin_entities_path ("threads", thread_id, NULL);

  _bobbin_entities_call (BOBBIN_ENTITIES_BACKEND (lister), "GET", path, NULL, cancellable, before_rename_cb, task);
}

void
_bobbin_entities_thread_lister_iface_init (BobbinThreadListerInterface *iface)
{
  iface->list_async = threads_list_async;
  iface->list_finish = threads_list_finish;
  iface->delete_async = thread_delete_async;
  iface->delete_finish = boolean_finish;
  iface->rename_async = thread_rename_async;
  iface->rename_finish = boolean_finish;
}

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
    g_task_return_pointer (task, dup_metadata_text (root), g_free);
}

static void
state_get_async (BobbinThreadState    *state,
                 const char           *thread_id,
                 BobbinThreadStateKind what,
                 GCancellable         *cancellable,
                 GAsyncReadyCallback   callback,
                 gpointer              user_data)
{
  GTask *task = change_task_new (state, thread_id, NULL, cancellable, callback, user_data);
  g_autofree char *path = _bobbin_entities_path ("threads", thread_id, NULL);

  if (what == BOBBIN_THREAD_STATE_METADATA)
    {
      _bobbin_entities_call (BOBBIN_ENTITIES_BACKEND (state), "GET", path, NULL, cancellable, got_cb, task);
      return;
    }
  if (what == BOBBIN_THREAD_STATE_METADATA_SCHEMA)
    g_task_return_pointer (task, g_strdup ("{\"type\":\"object\"}"), g_free);
  else
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "Threads of this service have no state");
  g_object_unref (task);
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
  GTask *task = change_task_new (state, thread_id, NULL, cancellable, callback, user_data);
  g_autoptr(JsonObject) object = bobbin_json_parse_object (json, -1, NULL);

  if (what == BOBBIN_THREAD_STATE_METADATA && object != NULL)
    {
      put_metadata (task, json);
      return;
    }
  if (what == BOBBIN_THREAD_STATE_METADATA)
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "This is no JSON object");
  else
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
_bobbin_entities_thread_state_iface_init (BobbinThreadStateInterface *iface)
{
  iface->get_async = state_get_async;
  iface->get_finish = text_finish;
  iface->set_async = state_set_async;
  iface->set_finish = text_finish;
}
