#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-poll.h"

#include "util/bobbin-json.h"

#include <string.h>

/* What is fetched of a run that is over. */
#define MAX_ANSWERS 20
#define MAX_REPLY (4 * 1024 * 1024)

/* Its callbacks hold a reference each. */
struct _BobbinAssistantsPoll
{
  gatomicrefcount                     ref_count;
  const BobbinAssistantsPollHandlers *handlers;  /* NULL once dropped or ended */
  gpointer                            user_data; /* borrowed, as the decoder */
  BobbinAssistantsDecoder            *decoder;
  /* owned */
  BobbinAssistantsBackend            *backend;
  BobbinClock                        *clock;
  char                               *thread_id;
  char                               *run_id;
  char                               *prompt_id;
  GCancellable                       *cancellable;
  BobbinHttpRequest                  *request;
  guint                               timer;

  gboolean                            once;
  guint                               attempt;
  guint                               failures; /* in a row */
  gint64                              began_us; /* monotonic */
};

typedef BobbinAssistantsPoll Poll;

static void look (Poll *poll);

static Poll *
poll_ref (Poll *poll)
{
  g_atomic_ref_count_inc (&poll->ref_count);

  return poll;
}

static void
poll_unref (Poll *poll)
{
  if (!g_atomic_ref_count_dec (&poll->ref_count))
    return;

  g_clear_object (&poll->request);
  g_clear_object (&poll->cancellable);
  g_clear_object (&poll->clock);
  g_clear_object (&poll->backend);
  g_free (poll->thread_id);
  g_free (poll->run_id);
  g_free (poll->prompt_id);
  g_free (poll);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Poll, poll_unref)

void
_bobbin_assistants_poll_drop (BobbinAssistantsPoll *poll)
{
  bobbin_clock_clear (poll->clock, &poll->timer);
  poll->handlers = NULL;
  g_cancellable_cancel (poll->cancellable);
  poll_unref (poll);
}

/* @failure: (transfer full) (nullable). */
static void
end (Poll          *poll,
     BobbinFailure *failure)
{
  const BobbinAssistantsPollHandlers *handlers = poll->handlers;

  if (handlers == NULL)
    {
      bobbin_failure_free (failure);
      return;
    }
  poll->handlers = NULL;
  if (failure != NULL)
    failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  handlers->ended (failure, poll->user_data);
}

/* A run that is over: steps, then messages */

static gboolean
is_answer (Poll       *poll,
           JsonObject *message)
{
  g_autofree char *run_id = bobbin_json_dup_text (message, "run_id");

  return g_strcmp0 (bobbin_json_get_string (message, "role"), "assistant") == 0 &&
         (run_id == NULL || *run_id == '\0' || g_str_equal (run_id, poll->run_id));
}

/* The list is newest first; what is older than the prompt is of another run. */
static void
take_messages (Poll      *poll,
               JsonArray *list)
{
  guint n = 0;

  for (; list != NULL && n < json_array_get_length (list); n++)
    {
      JsonNode *node = json_array_get_element (list, n);
      const char *id = JSON_NODE_HOLDS_OBJECT (node) ? bobbin_json_get_string (json_node_get_object (node), "id") : NULL;
      const char *role = id != NULL ? bobbin_json_get_string (json_node_get_object (node), "role") : NULL;

      if (poll->prompt_id != NULL ? g_strcmp0 (id, poll->prompt_id) == 0 : g_strcmp0 (role, "user") == 0)
        break;
    }
  while (n-- > 0)
    {
      JsonNode *node = json_array_get_element (list, n);

      if (!JSON_NODE_HOLDS_OBJECT (node) || !is_answer (poll, json_node_get_object (node)))
        continue;
      /* "object" may be missing. */
      json_object_set_string_member (json_node_get_object (node), "object", "thread.message");
      bobbin_assistants_decoder_push_object (poll->decoder, json_node_get_object (node));
    }
}

static void
messages_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Poll) poll = user_data;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (poll->handlers == NULL)
    return;
  if (root == NULL)
    {
      end (poll, g_steal_pointer (&failure));
      return;
    }

  take_messages (poll, _bobbin_assistants_get_list (root));
  poll->handlers->news (poll->user_data);
  end (poll, NULL);
}

static void
fetch_messages (Poll *poll)
{
  g_autofree char *path = _bobbin_assistants_path ("threads", poll->thread_id, "messages", NULL);
  g_autofree char *full = g_strdup_printf ("%s?order=desc&limit=%d", path, MAX_ANSWERS);

  _bobbin_assistants_call (poll->backend, "GET", full, NULL, poll->cancellable, messages_cb, poll_ref (poll));
}

static void
steps_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Poll) poll = user_data;
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *list = _bobbin_assistants_get_list (root);

  if (poll->handlers == NULL)
    return;

  /* Without the steps the answer is still an answer. */
  if (_bobbin_assistants_is_lacking (failure))
    _bobbin_assistants_found_lack (poll->backend, BOBBIN_ASSISTANTS_LACKS_STEPS);
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      json_object_set_string_member (json_node_get_object (node), "object", "thread.run.step");
      bobbin_assistants_decoder_push_object (poll->decoder, json_node_get_object (node));
    }
  poll->handlers->news (poll->user_data);
  if (poll->handlers != NULL)
    fetch_messages (poll);
}

static void
fetch_rest (Poll *poll)
{
  g_autofree char *path = _bobbin_assistants_path ("threads", poll->thread_id, "runs", poll->run_id, "steps", NULL);
  g_autofree char *full = g_strconcat (path, "?limit=100&order=asc", NULL);

  if (_bobbin_assistants_lacks (poll->backend, BOBBIN_ASSISTANTS_LACKS_STEPS))
    fetch_messages (poll);
  else
    _bobbin_assistants_call (poll->backend, "GET", full, NULL, poll->cancellable, steps_cb, poll_ref (poll));
}

/* The run */

static gboolean
timer_cb (gpointer user_data)
{
  Poll *poll = user_data;

  poll->timer = 0;
  look (poll);

  return G_SOURCE_REMOVE;
}

static void
wait (Poll  *poll,
      gint64 delay_ms)
{
  poll->timer = bobbin_clock_add (poll->clock, (guint) CLAMP (delay_ms, 10, BOBBIN_ASSISTANTS_SLACK_MS), timer_cb, poll);
}

static gboolean
is_too_late (Poll *poll)
{
  const BobbinAssistantsRun *run = bobbin_assistants_decoder_get_run (poll->decoder);
  gint64 waited_us = bobbin_clock_monotonic_us (poll->clock) - poll->began_us;

  /* The expiry is a hint, and our clock may be wrong: never sooner than the slack. */
  if (run != NULL && run->expires_us > 0)
    return bobbin_clock_now_us (poll->clock) > run->expires_us + BOBBIN_ASSISTANTS_SLACK_MS * 1000 &&
           waited_us > BOBBIN_ASSISTANTS_SLACK_MS * 1000;

  return waited_us > BOBBIN_ASSISTANTS_RUN_MS * G_GINT64_CONSTANT (1000);
}

static gint64
get_told_delay (Poll *poll)
{
  const char *told = bobbin_http_request_get_answer_header (poll->request, "openai-poll-after-ms");
  gint64 delay = told != NULL ? g_ascii_strtoll (told, NULL, 10) : 0;

  return delay > 0 ? delay : _bobbin_assistants_poll_delay (poll->attempt++);
}

static void
take_run (Poll       *poll,
          JsonObject *object)
{
  const BobbinAssistantsRun *run;

  json_object_set_string_member (object, "object", "thread.run");
  if (!bobbin_assistants_decoder_push_object (poll->decoder, object))
    {
      end (poll, bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_ACCEPTED, "The server does not say how the run is"));
      return;
    }
  poll->handlers->news (poll->user_data);
  if (poll->handlers == NULL)
    return;

  run = bobbin_assistants_decoder_get_run (poll->decoder);
  if (bobbin_assistants_status_is_terminal (run->status))
    fetch_rest (poll);
  else if (run->status == BOBBIN_ASSISTANTS_REQUIRES_ACTION || poll->once)
    end (poll, NULL);
  else if (is_too_late (poll))
    end (poll, bobbin_failure_new (BOBBIN_ERROR_TIMED_OUT, BOBBIN_CERTAINTY_ACCEPTED, "The run did not end in time"));
  else
    wait (poll, get_told_delay (poll));
}

/* @failure: (transfer full): network errors and faults of the server are waited out for a while. */
static void
not_told (Poll          *poll,
          BobbinFailure *failure)
{
  gboolean passing = failure->http_status == 0 ? failure->code == BOBBIN_ERROR_NETWORK || failure->code == BOBBIN_ERROR_TIMED_OUT
                                               : failure->http_status >= 500 || failure->code == BOBBIN_ERROR_RATE_LIMITED;

  if (!passing || poll->once || ++poll->failures > BOBBIN_ASSISTANTS_POLL_TRIES)
    {
      end (poll, failure);
      return;
    }
  wait (poll, failure->retry_after_ms > 0 ? failure->retry_after_ms : _bobbin_assistants_poll_delay (poll->attempt++));
  bobbin_failure_free (failure);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Poll) poll = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  g_autoptr(JsonObject) object = NULL;
  guint status = bobbin_http_request_get_status (poll->request);
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  if (poll->handlers == NULL)
    return;
  if (body == NULL)
    {
      not_told (poll, bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_ACCEPTED));
      return;
    }
  if (status >= 400)
    {
      not_told (poll, _bobbin_assistants_read_refusal (poll->request, text, size, NULL));
      return;
    }
  object = bobbin_json_parse_object (text != NULL ? text : "", (gssize) size, &error);
  if (object == NULL)
    {
      end (poll, bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_ACCEPTED));
      return;
    }
  poll->failures = 0;
  take_run (poll, object);
}

static void
look (Poll *poll)
{
  g_autofree char *path = _bobbin_assistants_path ("threads", poll->thread_id, "runs", poll->run_id, NULL);

  g_clear_object (&poll->request);
  poll->request = _bobbin_assistants_make_request (poll->backend, "GET", path);
  bobbin_http_call_async (_bobbin_assistants_get_http (poll->backend), poll->request, MAX_REPLY, poll->cancellable, looked_cb,
                          poll_ref (poll));
}

BobbinAssistantsPoll *
_bobbin_assistants_poll_new (BobbinAssistantsBackend            *backend,
                             const char                         *thread_id,
                             const char                         *run_id,
                             const char                         *prompt_id,
                             BobbinAssistantsPollMode            mode,
                             BobbinAssistantsDecoder            *decoder,
                             const BobbinAssistantsPollHandlers *handlers,
                             gpointer                            user_data)
{
  Poll *poll = g_new0 (Poll, 1);

  g_atomic_ref_count_init (&poll->ref_count);
  poll->handlers = handlers;
  poll->user_data = user_data;
  poll->decoder = decoder;
  poll->backend = g_object_ref (backend);
  poll->clock = g_object_ref (_bobbin_assistants_get_clock (backend));
  poll->thread_id = g_strdup (thread_id);
  poll->run_id = g_strdup (run_id);
  poll->prompt_id = g_strdup (prompt_id);
  poll->cancellable = g_cancellable_new ();
  poll->once = mode == BOBBIN_ASSISTANTS_POLL_ONCE;
  poll->began_us = bobbin_clock_monotonic_us (poll->clock);
  if (mode == BOBBIN_ASSISTANTS_POLL_PATIENTLY)
    wait (poll, _bobbin_assistants_poll_delay (poll->attempt++));
  else
    look (poll);

  return poll;
}
