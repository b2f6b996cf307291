/* Messages of an AgentFlow thread (agentflow.md, section 5).
 *
 * The server pages from the oldest message and tells no total, and this program shows the newest. So the end is looked for first: from
 * where it was when last seen, else by doubling and halving with pages of one. A cursor is the offset behind the page that is
 * asked for. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-encoder.h"
#include "wire/bobbin-agentflow-history.h"

#define POLL_MS 2000 /* section 9 */

typedef struct
{
  char         *thread_id;
  char         *pending_id;
  GCancellable *cancellable; /* (nullable) */
  gboolean      is_newest;
  /* the search for the end: there are at least low rows and fewer than high */
  guint64       low;
  guint64       high;     /* 0: not known yet */
  guint64       asked;    /* offset of the probe under way */
  /* the page */
  guint64       offset;
  JsonNode     *rows;     /* the whole answer */
  JsonArray    *list;     /* inside of it */
} List;

static void
list_free (gpointer data)
{
  List *list = data;

  g_free (list->thread_id);
  g_free (list->pending_id);
  g_clear_object (&list->cancellable);
  g_clear_pointer (&list->rows, json_node_unref);
  g_free (list);
}

static void
get_rows (BobbinAgentflowBackend *self,
          List                   *list,
          guint64                 offset,
          guint                   limit,
          GAsyncReadyCallback     callback,
          GTask                  *task)
{
  g_autofree char *query = g_strdup_printf ("/messages?offset=%" G_GUINT64_FORMAT "&limit=%u", offset, limit);

  _bobbin_agentflow_call_async (self, "GET", _bobbin_agentflow_thread_path (list->thread_id, query), NULL, list->cancellable,
                                callback, task);
}

/* (nullable) borrowed: "messages" of an answer. */
static JsonArray *
rows_of (JsonNode *root)
{
  JsonNode *data = _bobbin_agentflow_get_data (root);

  return data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? bobbin_json_get_array (json_node_get_object (data), "messages") : NULL;
}

static guint
length_of (JsonNode *root)
{
  JsonArray *rows = rows_of (root);

  return rows != NULL ? json_array_get_length (rows) : 0;
}

/* The end */

static gboolean
context_has (JsonObject *state,
             const char *message_id)
{
  JsonArray *context = state != NULL ? bobbin_json_get_array (state, "context") : NULL;
  JsonObject *meta = state != NULL ? bobbin_json_get_object (state, "execution_meta") : NULL;
  const char *status = meta != NULL ? bobbin_json_get_string (meta, "status") : NULL;

  return context != NULL && status != NULL && g_str_has_prefix (status, "interrupted") &&
         bobbin_agentflow_list_has_id (context, message_id);
}

/* A page that begins in the middle of an answer leaves that piece to the page before. */
static guint
count_tail_of_answer (JsonArray *list)
{
  guint length = list != NULL ? json_array_get_length (list) : 0;

  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_OBJECT (node) && g_strcmp0 (bobbin_json_get_string (json_node_get_object (node), "role"), "user") == 0)
        return i;
    }

  return 0;
}

static void
return_page (GTask      *task,
             JsonObject *state)
{
  List *list = g_task_get_task_data (task);
  BobbinHistoryPage *page = g_new0 (BobbinHistoryPage, 1);
  g_autoptr(JsonArray) rows = json_array_new ();
  guint skipped = list->offset > 0 ? count_tail_of_answer (list->list) : 0;

  for (guint i = skipped; list->list != NULL && i < json_array_get_length (list->list); i++)
    json_array_add_element (rows, json_array_dup_element (list->list, i));
  list->offset += skipped;
  page->messages = bobbin_agentflow_read_messages (rows, state, list->offset == 0, list->is_newest);
  if (list->offset > 0)
    page->cursor = g_strdup_printf ("%" G_GUINT64_FORMAT, list->offset);
  /* Section 9: the user's message is written last, so the run is over when it is there. One that paused writes none. */
  if (list->pending_id != NULL && list->is_newest && !bobbin_agentflow_list_has_id (rows, list->pending_id) &&
      !context_has (state, list->pending_id))
    page->poll_ms = POLL_MS;
  g_task_return_pointer (task, page, (GDestroyNotify) bobbin_history_page_free);
}

static void
state_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (source);
  List *list = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonNode *data = root != NULL ? _bobbin_agentflow_get_data (root) : NULL;
  JsonObject *state = data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? bobbin_json_get_object (json_node_get_object (data), "state") : NULL;

  if (root == NULL && failure == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      return;
    }

  /* The list alone if the state fails. Older pages go by the same state: it holds the whole context. */
  g_free (self->state_id);
  self->state_id = g_strdup (list->thread_id);
  g_clear_pointer (&self->state, json_object_unref);
  self->state = state != NULL ? json_object_ref (state) : NULL;
  return_page (task, state);
}

static void
page_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data);

static void
probe_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data);

/* The next step of the search, or the page once it fits. */
static void
look_for_end (BobbinAgentflowBackend *self,
              GTask                  *task)
{
  List *list = g_task_get_task_data (task);

  if (list->high == 0)
    {
      list->asked = list->low * 2;
      get_rows (self, list, list->asked, 1, probe_cb, task);
    }
  else if (list->high - list->low > BOBBIN_AGENTFLOW_PAGE / 2)
    {
      list->asked = list->low + (list->high - list->low) / 2;
      get_rows (self, list, list->asked, 1, probe_cb, task);
    }
  else
    {
      list->offset = list->low > BOBBIN_AGENTFLOW_PAGE / 2 ? list->low - BOBBIN_AGENTFLOW_PAGE / 2 : 0;
      get_rows (self, list, list->offset, BOBBIN_AGENTFLOW_PAGE, page_cb, task);
    }
}

static void
probe_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  List *list = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);

  if (root == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (length_of (root) > 0)
    list->low = list->asked + 1;
  else
    list->high = list->asked;
  look_for_end (BOBBIN_AGENTFLOW_BACKEND (source), g_steal_pointer (&task));
}

static void
page_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (source);
  List *list = g_task_get_task_data (task);
  GError *error = NULL;
  guint length;

  g_clear_pointer (&list->rows, json_node_unref);
  list->rows = bobbin_json_api_call_propagate (result, &error);
  if (list->rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  list->list = rows_of (list->rows);
  length = length_of (list->rows);
  if (list->is_newest && length >= BOBBIN_AGENTFLOW_PAGE)
    {
      /* There may be more behind it. */
      list->low = list->offset + length;
      list->high = 0;
      look_for_end (self, g_steal_pointer (&task));
      return;
    }
  if (list->is_newest && length == 0 && list->offset > 0)
    {
      /* It is shorter than it was. */
      g_hash_table_remove (self->ends, list->thread_id);
      list->offset = 0;
      get_rows (self, list, 0, BOBBIN_AGENTFLOW_PAGE, page_cb, g_steal_pointer (&task));
      return;
    }
  if (!list->is_newest && g_strcmp0 (self->state_id, list->thread_id) == 0)
    {
      return_page (task, self->state);
      return;
    }
  if (list->is_newest)
    g_hash_table_insert (self->ends, g_strdup (list->thread_id), GUINT_TO_POINTER ((guint) MIN (list->offset + length, G_MAXUINT)));
  _bobbin_agentflow_call_async (self, "GET", _bobbin_agentflow_thread_path (list->thread_id, "/state"), NULL, list->cancellable,
                                state_cb, g_steal_pointer (&task));
}

static void
agentflow_list_async (BobbinHistory            *history,
                      const BobbinHistoryQuery *query,
                      GCancellable             *cancellable,
                      GAsyncReadyCallback       callback,
                      gpointer                  user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (history);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  List *list = g_new0 (List, 1);
  guint64 end;

  list->thread_id = g_strdup (query->thread_id);
  list->pending_id = g_strdup (query->pending_id);
  list->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  list->is_newest = query->cursor == NULL;
  g_task_set_source_tag (task, agentflow_list_async);
  g_task_set_task_data (task, list, list_free);
  end = list->is_newest ? GPOINTER_TO_UINT (g_hash_table_lookup (self->ends, query->thread_id))
                        : g_ascii_strtoull (query->cursor, NULL, 10);
  /* Room behind the known end for what came since. */
  if (list->is_newest)
    list->offset = end > BOBBIN_AGENTFLOW_PAGE / 2 ? end - BOBBIN_AGENTFLOW_PAGE / 2 : 0;
  else
    list->offset = end > BOBBIN_AGENTFLOW_PAGE ? end - BOBBIN_AGENTFLOW_PAGE : 0;
  get_rows (self, list, list->offset, list->is_newest ? BOBBIN_AGENTFLOW_PAGE : (guint) MAX (end - list->offset, 1), page_cb, task);
}

static BobbinHistoryPage *
agentflow_list_finish (BobbinHistory *history,
                       GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Adding and deleting */

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);

  if (root != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
agentflow_add_async (BobbinHistory       *history,
                     const char          *thread_id,
                     guint                role,
                     const char          *text,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (history);
  g_autofree char *id = self->features.text_ids ? g_uuid_string_random () : NULL;
  g_autofree char *body = bobbin_agentflow_encode_addition (bobbin_role_get_nick (role), text, id);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, agentflow_add_async);
  _bobbin_agentflow_call_async (self, "POST", _bobbin_agentflow_thread_path (thread_id, "/messages"), body, cancellable, done_cb, task);
}

static void
agentflow_delete_async (BobbinHistory       *history,
                        const char          *thread_id,
                        const char          *message_id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (history);
  g_autofree char *id = g_uri_escape_string (message_id, NULL, FALSE);
  g_autofree char *rest = g_strconcat ("/messages/", id, NULL);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, agentflow_delete_async);
  _bobbin_agentflow_call_async (self, "DELETE", _bobbin_agentflow_thread_path (thread_id, rest), "{\"config\":{}}", cancellable,
                                done_cb, task);
}

static gboolean
agentflow_done_finish (BobbinHistory *history,
                       GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
_bobbin_agentflow_history_iface_init (BobbinHistoryInterface *iface)
{
  iface->list_async = agentflow_list_async;
  iface->list_finish = agentflow_list_finish;
  iface->add_async = agentflow_add_async;
  iface->add_finish = agentflow_done_finish;
  iface->delete_async = agentflow_delete_async;
  iface->delete_finish = agentflow_done_finish;
}
