/* The messages of a thread: a burst of frames without an end, which silence tells (aibtc-chat.md, sections 3 and 7). The whole history is
 * one page. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/aibtc/bobbin-aibtc-private.h"

#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-aibtc-decoder.h"

#define MAX_ENTRIES 20000

typedef struct
{
  BobbinAibtcBackend *backend;  /* owned by the task */
  char               *thread_id;
  GPtrArray          *entries;  /* of JsonObject */
  BobbinAibtcJob     *job;
  gboolean            heard;    /* the server took the request up */
  gboolean            pending;  /* our prompt's answer is looked for: the burst may have to wait for the job */
  guint               attempt;
  guint               timer;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_ptr_array_unref (listing->entries);
  g_free (listing->thread_id);
  g_free (listing);
}

static gboolean
is_answered (GPtrArray *messages)
{
  BobbinMessage *last = messages->len > 0 ? messages->pdata[messages->len - 1] : NULL;

  return last != NULL && bobbin_message_get_role (last) == BOBBIN_ROLE_ASSISTANT;
}

static gboolean
burst_over_cb (gpointer user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Listing *listing = g_task_get_task_data (task);
  BobbinHistoryPage *page = g_new0 (BobbinHistoryPage, 1);

  listing->timer = 0;
  /* What comes too late must not be taken for the answer to what is asked next: nothing tells them apart but the socket. */
  if (listing->heard)
    _bobbin_aibtc_link_done (_bobbin_aibtc_get_link (listing->backend), listing->job);
  else
    _bobbin_aibtc_link_drop (_bobbin_aibtc_get_link (listing->backend), listing->job);
  page->messages = bobbin_aibtc_messages_from_entries (listing->entries);
  if (listing->pending && !is_answered (page->messages) && listing->attempt < 3)
    page->poll_ms = 15000 << listing->attempt;
  g_task_return_pointer (task, page, (GDestroyNotify) bobbin_history_page_free);

  return G_SOURCE_REMOVE;
}

static void
set_timer (GTask *task,
           guint  delay_ms)
{
  Listing *listing = g_task_get_task_data (task);

  bobbin_clock_clear (_bobbin_aibtc_get_clock (listing->backend), &listing->timer);
  listing->timer = bobbin_clock_add (_bobbin_aibtc_get_clock (listing->backend), delay_ms, burst_over_cb, task);
}

static void
job_begin (gpointer user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);

  _bobbin_aibtc_link_send (_bobbin_aibtc_get_link (listing->backend), bobbin_aibtc_encode_history (listing->thread_id));
  set_timer (task, listing->pending ? BOBBIN_AIBTC_SILENCE_MS : BOBBIN_AIBTC_NO_BURST_MS);
}

static void
job_text (const char *text,
          gsize       length,
          gpointer    user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(JsonObject) frame = bobbin_json_parse_object (text, (gssize) length, NULL);
  const char *thread_id = frame != NULL ? bobbin_json_get_string (frame, "thread_id") : NULL;
  g_autoptr(BobbinFailure) failure = frame != NULL ? bobbin_aibtc_read_error (frame) : NULL;

  listing->heard = TRUE;
  /* An unknown thread gives an error: an empty history (section 8). */
  if (failure != NULL)
    {
      set_timer (task, 10);
      return;
    }
  if (frame == NULL || !bobbin_aibtc_is_entry (frame) || listing->entries->len >= MAX_ENTRIES ||
      (thread_id != NULL && g_ascii_strcasecmp (thread_id, listing->thread_id) != 0))
    return;
  g_ptr_array_add (listing->entries, json_object_ref (frame));
  set_timer (task, BOBBIN_AIBTC_BURST_MS);
}

static void
job_lost (BobbinFailure *failure,
          gpointer       user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Listing *listing = g_task_get_task_data (task);

  bobbin_clock_clear (_bobbin_aibtc_get_clock (listing->backend), &listing->timer);
  g_task_return_error (task, bobbin_failure_to_error (failure));
  bobbin_failure_free (failure);
}

static const BobbinAibtcJobHandlers job_handlers = { job_begin, job_text, job_lost };

static void
history_list_async (BobbinHistory            *history,
                    const BobbinHistoryQuery *query,
                    GCancellable             *cancellable,
                    GAsyncReadyCallback       callback,
                    gpointer                  user_data)
{
  BobbinAibtcBackend *self = BOBBIN_AIBTC_BACKEND (history);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(BobbinFailure) failure = _bobbin_aibtc_check_account (self);
  Listing *listing = g_new0 (Listing, 1);

  listing->backend = self;
  listing->thread_id = g_strdup (query->thread_id);
  listing->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  listing->pending = query->pending_id != NULL;
  listing->attempt = query->attempt;
  g_task_set_source_tag (task, history_list_async);
  g_task_set_task_data (task, listing, listing_free);
  if (failure != NULL)
    {
      g_task_return_error (task, bobbin_failure_to_error (failure));
      return;
    }
  listing->job = _bobbin_aibtc_link_enqueue (_bobbin_aibtc_get_link (self), &job_handlers, task);
  g_steal_pointer (&task);
}

static BobbinHistoryPage *
history_list_finish (BobbinHistory *history,
                     GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_bobbin_aibtc_history_iface_init (BobbinHistoryInterface *iface)
{
  iface->list_async = history_list_async;
  iface->list_finish = history_list_finish;
}
