/* The messages of a thread (entities.md, sections 4.3, 6, 7, 10 and 11). There are no cursors: a page further back asks for twice as many
 * and shows those not shown before. With the newest page comes how the last run stands. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/entities/bobbin-entities-private.h"

#include "model/bobbin-account.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-entities-decoder.h"
#include "wire/bobbin-entities-objects.h"

typedef struct
{
  /* owned */
  char                  *thread_id;
  char                  *pending_id;  /* (nullable) */
  char                  *run_id;      /* (nullable): the last */
  GCancellable          *cancellable; /* (nullable) */
  JsonNode              *root;
  BobbinEntitiesDecoder *decoder;     /* (nullable): with the actions that wait */

  BobbinEntitiesOutcome  outcome;
  gboolean               has_run;
  guint                  limit;
  guint                  skip;        /* newest ones, on pages before */
  guint                  attempt;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_object (&listing->cancellable);
  g_clear_pointer (&listing->root, json_node_unref);
  g_clear_pointer (&listing->decoder, bobbin_entities_decoder_free);
  g_free (listing->thread_id);
  g_free (listing->pending_id);
  g_free (listing->run_id);
  g_free (listing);
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

/* The rows of this page, oldest first. */
static JsonArray *
get_rows (Listing *listing)
{
  JsonArray *list = bobbin_entities_get_list (listing->root);
  JsonArray *rows = json_array_new ();

  for (guint i = list != NULL ? json_array_get_length (list) : 0; i-- > listing->skip;)
    json_array_add_element (rows, json_array_dup_element (list, i));

  return rows;
}

static gboolean
is_answered (GPtrArray  *messages,
             const char *pending_id)
{
  for (guint i = 0; i + 1 < messages->len; i++)
    if (bobbin_message_has_server_id (messages->pdata[i], pending_id))
      return bobbin_message_get_role (messages->pdata[i + 1]) == BOBBIN_ROLE_ASSISTANT;

  return FALSE;
}

/* (nullable): the completion that goes on is about it. */
static const char *
get_last_prompt (GPtrArray *messages)
{
  for (guint i = messages->len; i-- > 0;)
    if (bobbin_message_get_role (messages->pdata[i]) == BOBBIN_ROLE_USER)
      return bobbin_message_get_server_id (messages->pdata[i]);

  return NULL;
}

static void
add_question (Listing           *listing,
              BobbinHistoryPage *page)
{
  GPtrArray *manifests = bobbin_entities_decoder_get_manifests (listing->decoder);
  BobbinMessage *last = page->messages->len > 0 ? page->messages->pdata[page->messages->len - 1] : NULL;
  g_autoptr(BobbinBlock) block = NULL;
  g_autofree char *data = NULL;

  if (manifests->len == 0)
    return;
  if (last == NULL || bobbin_message_get_role (last) != BOBBIN_ROLE_ASSISTANT)
    {
      last = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, 0);
      bobbin_message_set_delivery (last, BOBBIN_DELIVERY_COMPLETE);
      g_ptr_array_add (page->messages, last);
    }
  block = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);
  data = _bobbin_entities_dup_question (manifests, listing->thread_id, listing->run_id, get_last_prompt (page->messages));
  bobbin_block_set_data (block, data);
  bobbin_message_add_block (last, block);
}

static gboolean
has_more (Listing *listing)
{
  JsonArray *list = bobbin_entities_get_list (listing->root);
  guint n = list != NULL ? json_array_get_length (list) : 0;

  return n > listing->skip && n >= listing->limit;
}

static void
finish (GTask *task)
{
  g_autoptr(GTask) owned G_GNUC_UNUSED = task;
  Listing *listing = g_task_get_task_data (task);
  BobbinHistoryPage *page = g_new0 (BobbinHistoryPage, 1);
  g_autoptr(JsonArray) rows = get_rows (listing);

  page->messages = bobbin_entities_messages_from_list (rows);
  if (has_more (listing))
    page->cursor = g_strdup_printf ("%u", listing->limit);
  if (listing->decoder != NULL)
    add_question (listing, page);
  if (listing->pending_id != NULL && listing->has_run && !is_answered (page->messages, listing->pending_id) &&
      (listing->outcome == BOBBIN_ENTITIES_ACTIVE || listing->outcome == BOBBIN_ENTITIES_UNSURE ||
       (listing->outcome == BOBBIN_ENTITIES_ACTION && listing->decoder == NULL)))
    page->poll_ms = (guint) (MIN (500 * (1 + listing->attempt), 5000) * g_random_double_range (0.8, 1.2));
  g_task_return_pointer (task, page, (GDestroyNotify) bobbin_history_page_free);
}

static void
messages_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;

  listing->root = bobbin_json_api_call_finish (result, &failure);
  if (listing->root == NULL)
    fail (task, failure);
  else
    finish (task);
}

static void
ask_messages (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  g_autofree char *path = _bobbin_entities_path ("threads", listing->thread_id, "messages", NULL);
  g_autofree char *full = g_strdup_printf ("%s?limit=%u&order=desc", path, listing->limit);

  _bobbin_entities_call (BOBBIN_ENTITIES_BACKEND (g_task_get_source_object (task)), "GET", full, NULL, listing->cancellable, messages_cb, task);
}

static void
pending_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *list = bobbin_entities_get_list (root);

  /* Section 6: nothing waits for us while tools run on the server. */
  if (list != NULL && json_array_get_length (list) > 0)
    {
      listing->decoder = bobbin_entities_decoder_new ();
      bobbin_entities_decoder_push_pending (listing->decoder, list);
    }
  ask_messages (task);
}

static void
runs_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(BobbinFailure) of_run = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *list = bobbin_entities_get_list (root);
  JsonNode *newest = list != NULL && json_array_get_length (list) > 0 ? json_array_get_element (list, 0) : NULL;
  g_autofree char *path = NULL;

  if (root == NULL && (failure == NULL || (failure->http_status != 404 && failure->http_status != 405)))
    {
      fail (task, failure);
      return;
    }
  if (newest != NULL && JSON_NODE_HOLDS_OBJECT (newest))
    {
      listing->has_run = TRUE;
      listing->run_id = bobbin_json_dup_text (json_node_get_object (newest), "id");
      listing->outcome = bobbin_entities_run_outcome (json_node_get_object (newest), &of_run);
    }
  if (listing->run_id == NULL || listing->outcome != BOBBIN_ENTITIES_ACTION)
    {
      ask_messages (task);
      return;
    }
  path = _bobbin_entities_path ("actions", "pending", listing->run_id, NULL);
  _bobbin_entities_call (BOBBIN_ENTITIES_BACKEND (source), "GET", path, NULL, listing->cancellable, pending_cb, task);
}

static void
history_list_async (BobbinHistory            *history,
                    const BobbinHistoryQuery *query,
                    GCancellable             *cancellable,
                    GAsyncReadyCallback       callback,
                    gpointer                  user_data)
{
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (history);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);
  g_autofree char *path = _bobbin_entities_path ("threads", query->thread_id, "runs", NULL);
  g_autofree char *full = g_strconcat (path, "?limit=1&order=desc", NULL);

  listing->thread_id = g_strdup (query->thread_id);
  listing->pending_id = g_strdup (query->pending_id);
  listing->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  listing->attempt = query->attempt;
  listing->skip = query->cursor != NULL ? (guint) CLAMP (g_ascii_strtoll (query->cursor, NULL, 10), 0, 1000000) : 0;
  listing->limit = listing->skip > 0 ? listing->skip * 2 : BOBBIN_ENTITIES_PAGE;
  g_task_set_source_tag (task, history_list_async);
  g_task_set_task_data (task, listing, listing_free);
  if (query->cursor != NULL)
    ask_messages (task);
  else
    _bobbin_entities_call (self, "GET", full, NULL, cancellable, runs_cb, task);
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
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root != NULL)
    g_task_return_boolean (task, TRUE);
  else
    fail (g_steal_pointer (&task), failure);
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
history_add_async (BobbinHistory      *history,
                   const char         *thread_id,
                   guint               role,
                   const char         *text,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  static const char *const roles[] = { [BOBBIN_ROLE_USER] = "user", [BOBBIN_ROLE_ASSISTANT] = "assistant", [BOBBIN_ROLE_SYSTEM] = "system" };
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (history);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(JsonObject) message = json_object_new ();
  const char *assistant_id = bobbin_account_get_agent_id (_bobbin_entities_get_account (self));
  g_autofree char *body = NULL;

  g_task_set_source_tag (task, history_add_async);
  if (role >= G_N_ELEMENTS (roles))
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "Messages of this kind cannot be added");
      return;
    }
  json_object_set_string_member (message, "thread_id", thread_id);
  json_object_set_string_member (message, "assistant_id", assistant_id != NULL ? assistant_id : "");
  json_object_set_string_member (message, "role", roles[role]);
  json_object_set_string_member (message, "content", text);
  json_object_set_object_member (message, "meta_data", json_object_new ());
  body = bobbin_json_object_to_text (message, FALSE);
  _bobbin_entities_call (self, "POST", "/v1/messages", body, cancellable, added_cb, g_steal_pointer (&task));
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
  g_autofree char *path = _bobbin_entities_path ("messages", message_id, NULL);

  g_task_set_source_tag (task, history_delete_async);
  _bobbin_entities_call (BOBBIN_ENTITIES_BACKEND (history), "DELETE", path, NULL, cancellable, deleted_cb, task);
}

static gboolean
edit_finish (BobbinHistory *history,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
_bobbin_entities_history_iface_init (BobbinHistoryInterface *iface)
{
  iface->list_async = history_list_async;
  iface->list_finish = history_list_finish;
  iface->add_async = history_add_async;
  iface->add_finish = edit_finish;
  iface->delete_async = history_delete_async;
  iface->delete_finish = edit_finish;
}
