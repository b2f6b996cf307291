/* The messages of a thread, a page at a time (assistants.md, sections 4.3, 4.4, 7 and 10). With the newest page comes how the last run
 * stands: still going, waiting for outputs, or over. Tool calls are the steps of the runs on the page, each asked for once. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-private.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-assistants-encoder.h"
#include "wire/bobbin-assistants-history.h"

#define MAX_PARALLEL 4

typedef struct
{
  /* owned */
  BobbinAssistantsBackend *backend;
  char                    *thread_id;
  char                    *cursor;    /* (nullable) */
  char                    *pending_id; /* (nullable) */
  GCancellable            *cancellable;
  JsonNode                *root;      /* the list */
  GHashTable              *steps;     /* run id → JsonNode list (nullable) */
  GPtrArray               *run_ids;   /* whose steps are to be asked for */
  BobbinAssistantsRun     *last_run;  /* (nullable) */
  BobbinFailure           *failure;

  guint                    limit;
  guint                    attempt;
  guint                    next_run;
  guint                    n_waiting;
} Listing;

static void
list_free (gpointer node)
{
  g_clear_pointer ((JsonNode **) &node, json_node_unref);
}

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_object (&listing->backend);
  g_clear_object (&listing->cancellable);
  g_clear_pointer (&listing->root, json_node_unref);
  g_hash_table_unref (listing->steps);
  g_ptr_array_unref (listing->run_ids);
  bobbin_assistants_run_free (listing->last_run);
  bobbin_failure_free (listing->failure);
  g_free (listing->thread_id);
  g_free (listing->cursor);
  g_free (listing->pending_id);
  g_free (listing);
}

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

/* The page */

static gboolean
is_active (const BobbinAssistantsRun *run)
{
  return run->status == BOBBIN_ASSISTANTS_QUEUED || run->status == BOBBIN_ASSISTANTS_IN_PROGRESS ||
         run->status == BOBBIN_ASSISTANTS_CANCELLING || run->status == BOBBIN_ASSISTANTS_OTHER;
}

static void
add_question (BobbinHistoryPage         *page,
              const BobbinAssistantsRun *run,
              const char                *thread_id)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);
  g_autofree char *data = _bobbin_assistants_dup_question (run, thread_id);
  BobbinMessage *last = page->messages->len > 0 ? page->messages->pdata[page->messages->len - 1] : NULL;

  if (run->calls->len == 0)
    return;
  if (last == NULL || bobbin_message_get_role (last) != BOBBIN_ROLE_ASSISTANT)
    {
      last = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, run->created_us);
      bobbin_message_set_delivery (last, BOBBIN_DELIVERY_COMPLETE);
      bobbin_message_set_agent_id (last, run->assistant_id);
      g_ptr_array_add (page->messages, last);
    }
  bobbin_block_set_data (block, data);
  bobbin_message_add_block (last, block);
}

static char *
dup_next_cursor (Listing *listing)
{
  JsonArray *list = _bobbin_assistants_get_list (listing->root);
  guint n = list != NULL ? json_array_get_length (list) : 0;
  JsonNode *oldest = n > 0 ? json_array_get_element (list, n - 1) : NULL;
  char *next;

  if (oldest == NULL || !JSON_NODE_HOLDS_OBJECT (oldest) || !_bobbin_assistants_has_more (listing->root, listing->limit) ||
      _bobbin_assistants_lacks (listing->backend, BOBBIN_ASSISTANTS_LACKS_CURSORS))
    return NULL;

  next = bobbin_json_dup_text (json_node_get_object (oldest), "id");
  /* A server that does not heed the cursor would go on for ever. */
  if (g_strcmp0 (next, listing->cursor) == 0)
    g_clear_pointer (&next, g_free);

  return next;
}

static void
finish (GTask *task)
{
  g_autoptr(GTask) owned G_GNUC_UNUSED = task;
  Listing *listing = g_task_get_task_data (task);
  BobbinHistoryPage *page = g_new0 (BobbinHistoryPage, 1);

  page->messages = bobbin_assistants_messages_from_list (_bobbin_assistants_get_list (listing->root), listing->steps);
  page->cursor = dup_next_cursor (listing);
  if (listing->last_run != NULL && is_active (listing->last_run) && listing->pending_id != NULL)
    page->poll_ms = _bobbin_assistants_poll_delay (listing->attempt);
  else if (listing->last_run != NULL && listing->last_run->status == BOBBIN_ASSISTANTS_REQUIRES_ACTION)
    add_question (page, listing->last_run, listing->thread_id);
  g_task_return_pointer (task, page, (GDestroyNotify) bobbin_history_page_free);
}

/* Steps */

typedef struct
{
  GTask *task;   /* owned */
  char  *run_id;
} StepsWait;

static void ask_steps (GTask *task);

static void
steps_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree StepsWait *wait = user_data;
  GTask *task = wait->task;
  g_autofree char *run_id = wait->run_id;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  JsonNode *root = bobbin_json_api_call_finish (result, &failure);

  /* What is missing here is missing from the cards only. */
  if (_bobbin_assistants_is_lacking (failure))
    _bobbin_assistants_found_lack (listing->backend, BOBBIN_ASSISTANTS_LACKS_STEPS);
  if (root != NULL)
    g_hash_table_replace (listing->steps, g_steal_pointer (&run_id), root);
  listing->n_waiting--;
  ask_steps (g_object_ref (task));
  g_object_unref (task);
}

static void
ask_steps (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);

  if (_bobbin_assistants_lacks (listing->backend, BOBBIN_ASSISTANTS_LACKS_STEPS))
    listing->next_run = listing->run_ids->len;
  while (listing->n_waiting < MAX_PARALLEL && listing->next_run < listing->run_ids->len)
    {
      StepsWait *wait = g_new0 (StepsWait, 1);
      g_autofree char *path = NULL;
      g_autofree char *full = NULL;

      wait->run_id = g_strdup (listing->run_ids->pdata[listing->next_run++]);
      wait->task = g_object_ref (task);
      path = _bobbin_assistants_path ("threads", listing->thread_id, "runs", wait->run_id, "steps", NULL);
      full = g_strconcat (path, "?limit=100&order=asc", NULL);
      listing->n_waiting++;
      _bobbin_assistants_call (listing->backend, "GET", full, NULL, listing->cancellable, steps_cb, wait);
    }
  if (listing->n_waiting == 0)
    finish (task);
  else
    g_object_unref (task);
}

static void
find_runs (Listing *listing)
{
  JsonArray *list = _bobbin_assistants_get_list (listing->root);

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      g_autofree char *run_id = JSON_NODE_HOLDS_OBJECT (node) ? bobbin_json_dup_text (json_node_get_object (node), "run_id") : NULL;

      if (run_id != NULL && *run_id != '\0' && !g_ptr_array_find_with_equal_func (listing->run_ids, run_id, g_str_equal, NULL))
        g_ptr_array_add (listing->run_ids, g_steal_pointer (&run_id));
    }
}

/* Messages */

static void
messages_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;

  listing->root = bobbin_json_api_call_finish (result, &failure);
  if (listing->root == NULL && failure != NULL && listing->cursor != NULL && failure->http_status >= 400 &&
      failure->code != BOBBIN_ERROR_AUTH && failure->code != BOBBIN_ERROR_RATE_LIMITED && failure->http_status != 404)
    {
      /* Section 10: a server that refuses cursors; from now on one large page is all. */
      _bobbin_assistants_found_lack (listing->backend, BOBBIN_ASSISTANTS_LACKS_CURSORS);
      listing->root = json_node_init_array (json_node_alloc (), json_array_new ());
      json_array_unref (json_node_get_array (listing->root));
    }
  if (listing->root == NULL)
    {
      fail (task, failure);
      return;
    }

  find_runs (listing);
  ask_steps (task);
}

static void
ask_messages (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  g_autofree char *path = _bobbin_assistants_path ("threads", listing->thread_id, "messages", NULL);
  g_autofree char *after = listing->cursor != NULL ? g_uri_escape_string (listing->cursor, NULL, FALSE) : NULL;
  g_autofree char *full = g_strdup_printf ("%s?order=desc&limit=%u%s%s", path, listing->limit, after != NULL ? "&after=" : "",
                                           after != NULL ? after : "");

  _bobbin_assistants_call (listing->backend, "GET", full, NULL, listing->cancellable, messages_cb, task);
}

/* The last run: asked for ahead of the messages, for one that is over has all of its messages there. */

static void
runs_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *list = _bobbin_assistants_get_list (root);
  JsonNode *newest = list != NULL && json_array_get_length (list) > 0 ? json_array_get_element (list, 0) : NULL;

  if (_bobbin_assistants_is_lacking (failure))
    {
      _bobbin_assistants_found_lack (listing->backend, BOBBIN_ASSISTANTS_LACKS_RUNS);
    }
  /* 404 may be about the call or about the thread, which the list of messages tells. */
  else if (root == NULL && (failure == NULL || failure->http_status != 404))
    {
      /* Nobody could say whether the answer is still being made. */
      fail (task, failure);
      return;
    }
  if (newest != NULL && JSON_NODE_HOLDS_OBJECT (newest))
    listing->last_run = bobbin_assistants_run_parse (json_node_get_object (newest));
  ask_messages (task);
}

static void
ask_last_run (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  g_autofree char *path = NULL;
  g_autofree char *full = NULL;

  if (listing->cursor != NULL || _bobbin_assistants_lacks (listing->backend, BOBBIN_ASSISTANTS_LACKS_RUNS))
    {
      ask_messages (task);
      return;
    }

  path = _bobbin_assistants_path ("threads", listing->thread_id, "runs", NULL);
  full = g_strconcat (path, "?limit=1&order=desc", NULL);
  _bobbin_assistants_call (listing->backend, "GET", full, NULL, listing->cancellable, runs_cb, task);
}

static void
history_list_async (BobbinHistory            *history,
                    const BobbinHistoryQuery *query,
                    GCancellable             *cancellable,
                    GAsyncReadyCallback       callback,
                    gpointer                  user_data)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (history);
  GTask *task = g_task_new (history, NULL, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);

  listing->backend = g_object_ref (self);
  listing->thread_id = g_strdup (query->thread_id);
  listing->cursor = g_strdup (query->cursor);
  listing->pending_id = g_strdup (query->pending_id);
  listing->attempt = query->attempt;
  listing->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  listing->steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, list_free);
  listing->run_ids = g_ptr_array_new_with_free_func (g_free);
  listing->limit = _bobbin_assistants_lacks (self, BOBBIN_ASSISTANTS_LACKS_CURSORS) ? BOBBIN_ASSISTANTS_MAX_PAGE : BOBBIN_ASSISTANTS_PAGE;
  g_task_set_source_tag (task, history_list_async);
  g_task_set_task_data (task, listing, listing_free);
  ask_last_run (task);
}

static BobbinHistoryPage *
history_list_finish (BobbinHistory *history,
                     GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Editing */

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  gboolean gone_is_fine = g_task_get_source_tag (task) != NULL && GPOINTER_TO_INT (g_task_get_task_data (task)) != 0;

  if (root != NULL || (failure != NULL && failure->http_status == 404 && gone_is_fine))
    g_task_return_boolean (task, TRUE);
  else
    fail (g_steal_pointer (&task), failure);
}

static void
history_add_async (BobbinHistory      *history,
                   const char         *thread_id,
                   guint               role,
                   const char         *text,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (history);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *path = _bobbin_assistants_path ("threads", thread_id, "messages", NULL);
  g_autoptr(JsonObject) message = NULL;
  g_autofree char *body = NULL;

  g_task_set_source_tag (task, history_add_async);
  if (role != BOBBIN_ROLE_USER && role != BOBBIN_ROLE_ASSISTANT)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED,
                               "Only messages of the user and of the assistant can be added");
      return;
    }

  message = bobbin_assistants_make_message (role == BOBBIN_ROLE_USER ? "user" : "assistant", text, NULL, 0);
  body = bobbin_json_object_to_text (message, FALSE);
  _bobbin_assistants_call (self, "POST", path, body, cancellable, done_cb, g_steal_pointer (&task));
}

static void
history_delete_async (BobbinHistory      *history,
                      const char         *thread_id,
                      const char         *message_id,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  GTask *task = g_task_new (history, NULL, callback, user_data);
  g_autofree char *path = _bobbin_assistants_path ("threads", thread_id, "messages", message_id, NULL);

  g_task_set_source_tag (task, history_delete_async);
  g_task_set_task_data (task, GINT_TO_POINTER (TRUE), NULL);
  _bobbin_assistants_call (get_backend (task), "DELETE", path, NULL, cancellable, done_cb, task);
}

static gboolean
history_edit_finish (BobbinHistory *history,
                     GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
_bobbin_assistants_history_iface_init (BobbinHistoryInterface *iface)
{
  iface->list_async = history_list_async;
  iface->list_finish = history_list_finish;
  iface->add_async = history_add_async;
  iface->add_finish = history_edit_finish;
  iface->delete_async = history_delete_async;
  iface->delete_finish = history_edit_finish;
}
