#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-decider.h"

#include "session/bobbin-session-private.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

char *
bobbin_approval_place_to_string (const BobbinApprovalPlace *place)
{
  g_autofree char *thread = bobbin_id_to_string (place->thread_id);
  g_autofree char *message = bobbin_id_to_string (place->message_id);
  g_autofree char *block = bobbin_id_to_string (place->block_id);

  return g_strdup_printf ("%s/%s/%s", thread, message, block);
}

gboolean
bobbin_approval_place_parse (const char          *string,
                             BobbinApprovalPlace *ret_place)
{
  g_auto(GStrv) parts = g_strsplit (string, "/", -1);
  BobbinApprovalPlace place;

  if (g_strv_length (parts) != 3 || !bobbin_id_parse (parts[0], &place.thread_id) ||
      !bobbin_id_parse (parts[1], &place.message_id) || !bobbin_id_parse (parts[2], &place.block_id))
    return FALSE;

  *ret_place = place;
  return TRUE;
}

gboolean
bobbin_approval_takes_decision (BobbinBlock *approval)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (approval), FALSE);

  return bobbin_block_get_kind (approval) == BOBBIN_BLOCK_APPROVAL &&
         g_str_equal (bobbin_block_get_answer_form (approval), BOBBIN_APPROVAL_TOOLS);
}

/* One decision on its way; the task owns it. */
typedef struct
{
  BobbinApprovalPlace  place;
  gboolean             approve;
  /* owned, from when they are known */
  BobbinSession       *session;
  BobbinMessage       *message;
  BobbinBlock         *block;
  gulong               session_id;
  gulong               messages_id;
  gulong               cancel_id;
} Decide;

static void
decide_free (Decide *decide)
{
  g_clear_object (&decide->block);
  g_clear_object (&decide->message);
  g_clear_object (&decide->session);
  g_free (decide);
}

static void
stop_looking (Decide *decide)
{
  if (decide->session_id != 0)
    g_clear_signal_handler (&decide->session_id, decide->session);
  if (decide->messages_id != 0)
    g_clear_signal_handler (&decide->messages_id, bobbin_session_get_messages (decide->session));
}

/* The handlers hold the task, which holds the session: they are gone when it is finished. */
static gulong
connect (GTask      *task,
         gpointer    object,
         const char *signal,
         GCallback   callback)
{
  return g_signal_connect_data (object, signal, callback, g_object_ref (task), (GClosureNotify) (void (*) (void)) g_object_unref,
                                G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/* Called once: nothing comes back to the task afterwards. */
static void
finish (GTask  *task,
        GError *error)
{
  Decide *decide = g_task_get_task_data (task);

  stop_looking (decide);
  if (decide->cancel_id != 0)
    g_clear_signal_handler (&decide->cancel_id, g_task_get_cancellable (task));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
find_block (Decide *decide)
{
  GListModel *messages = bobbin_session_get_messages (decide->session);

  for (guint i = g_list_model_get_n_items (messages); i-- > 0 && decide->block == NULL;)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);

      if (bobbin_message_get_id (message) != decide->place.message_id)
        continue;
      for (guint j = 0; j < bobbin_message_get_n_blocks (message); j++)
        if (bobbin_block_get_id (bobbin_message_get_block (message, j)) == decide->place.block_id)
          {
            g_set_object (&decide->message, message);
            g_set_object (&decide->block, bobbin_message_get_block (message, j));
          }
      break;
    }

  return decide->block != NULL;
}

/* One for each tool, or one in all. */
static GArray *
dup_decisions (Decide *decide)
{
  GArray *decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  const char *data = bobbin_block_get_data (decide->block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;
  guint n = MAX (tools != NULL ? json_array_get_length (tools) : 0, 1);
  BobbinDecision decision = { decide->approve ? BOBBIN_DECISION_APPROVE : BOBBIN_DECISION_REJECT, NULL };

  for (guint i = 0; i < n; i++)
    g_array_append_val (decisions, decision);

  return decisions;
}

static GError *
dup_failure (Decide *decide)
{
  const BobbinFailure *failure = bobbin_session_get_failure (decide->session);

  return failure != NULL ? bobbin_failure_to_error (failure)
                         : g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_FAILED, "The decision was not taken");
}

/* What became of it, once it was handed over. */
static void
watch_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (G_TASK (user_data));
  Decide *decide = g_task_get_task_data (task);
  BobbinSession *session = decide->session;

  if (session->closed)
    finish (task, g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_INTERRUPTED, "The conversation was closed"));
  else if (session->state == BOBBIN_SESSION_FAILED)
    finish (task, dup_failure (decide));
  else if (session->pending != NULL || session->state == BOBBIN_SESSION_SENDING)
    return;
  else if (bobbin_block_get_result (decide->block) == NULL || bobbin_block_get_state (decide->block) == BOBBIN_BLOCK_EXPIRED)
    finish (task, dup_failure (decide));
  else
    finish (task, NULL);
}

static void
hand_over (GTask *task)
{
  Decide *decide = g_task_get_task_data (task);
  g_autoptr(GArray) decisions = NULL;

  if (!bobbin_approval_takes_decision (decide->block))
    {
      finish (task, g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "This is not answered by approving or rejecting"));
      return;
    }
  if (bobbin_block_get_result (decide->block) != NULL)
    {
      finish (task, bobbin_block_get_state (decide->block) == BOBBIN_BLOCK_EXPIRED ? dup_failure (decide) : NULL);
      return;
    }

  decisions = dup_decisions (decide);
  bobbin_session_decide (decide->session, decide->message, decide->block, decisions);
  if (decide->session->pending == NULL && bobbin_block_get_result (decide->block) == NULL)
    {
      finish (task, g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_BUSY, "Something else runs in this thread"));
      return;
    }

  decide->session_id = connect (task, decide->session, "notify", G_CALLBACK (watch_cb));
  watch_cb (task);
}

static void
look_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (G_TASK (user_data));
  Decide *decide = g_task_get_task_data (task);

  if (!bobbin_session_get_loaded (decide->session))
    return;

  if (find_block (decide))
    {
      stop_looking (decide);
      hand_over (task);
    }
  else if (decide->session->has_older)
    bobbin_session_load_older (decide->session);
  else
    finish (task, g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "The approval is no longer there"));
}

static void
cancelled_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (G_TASK (user_data));

  finish (task, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *library = BOBBIN_LIBRARY (source);
  Decide *decide = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_library_find_thread_finish (library, result, &error);

  if (thread == NULL || bobbin_thread_get_deleted_us (thread) != 0)
    {
      finish (task, error != NULL ? error : g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "The conversation is in the bin"));
      return;
    }

  decide->session = bobbin_library_get_session (library, thread);
  decide->session_id = connect (task, decide->session, "notify", G_CALLBACK (look_cb));
  decide->messages_id = connect (task, bobbin_session_get_messages (decide->session), "items-changed", G_CALLBACK (look_cb));
  if (g_task_get_cancellable (task) != NULL)
    decide->cancel_id = connect (task, g_task_get_cancellable (task), "cancelled", G_CALLBACK (cancelled_cb));
  look_cb (task);
}

void
bobbin_decide_async (BobbinLibrary             *library,
                     const BobbinApprovalPlace *place,
                     gboolean                   approve,
                     GCancellable              *cancellable,
                     GAsyncReadyCallback        callback,
                     gpointer                   user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *id = NULL;
  Decide *decide;

  g_return_if_fail (BOBBIN_IS_LIBRARY (library));
  g_return_if_fail (place != NULL);

  decide = g_new0 (Decide, 1);
  decide->place = *place;
  decide->approve = approve;
  task = g_task_new (library, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_decide_async);
  g_task_set_task_data (task, decide, (GDestroyNotify) decide_free);
  id = bobbin_id_to_string (place->thread_id);
  bobbin_library_find_thread_async (library, id, cancellable, found_cb, g_steal_pointer (&task));
}

gboolean
bobbin_decide_finish (BobbinLibrary *library,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, library), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
