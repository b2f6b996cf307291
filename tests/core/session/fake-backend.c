#include "config.h"
#include "fake-backend.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#include <string.h>

FakeBackend *fake_backend_last;

/* Channel */

static void
fake_channel_start (BobbinChannel *channel)
{
  FAKE_CHANNEL (channel)->started = TRUE;
}

static void
fake_channel_send (BobbinChannel *channel,
                   BobbinTurn    *turn)
{
  FakeChannel *self = FAKE_CHANNEL (channel);

  g_assert_true (self->started);
  g_assert_false (self->closed);
  g_assert_cmpstr (turn->text, !=, "");
  g_ptr_array_add (self->sent, bobbin_turn_ref (turn));
}

static void
fake_channel_cancel (BobbinChannel *channel)
{
  FAKE_CHANNEL (channel)->n_cancels++;
}

static void
fake_channel_decide (BobbinChannel *channel,
                     BobbinBlock   *approval,
                     GArray        *decisions)
{
  static const char *const nicks[] = { "approve", "reject", "edit", "output" };
  FakeChannel *self = FAKE_CHANNEL (channel);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < decisions->len; i++)
    {
      BobbinDecision *decision = &g_array_index (decisions, BobbinDecision, i);

      g_string_append_printf (text, "%s%s%s", i > 0 ? " " : "", nicks[decision->type],
                              decision->arguments != NULL ? decision->arguments : "");
    }
  g_free (self->last_decision);
  self->last_decision = g_string_free (g_steal_pointer (&text), FALSE);
  self->n_decisions++;
}

static void
fake_channel_close (BobbinChannel *channel)
{
  FAKE_CHANNEL (channel)->closed = TRUE;
}

static void
fake_channel_probe (BobbinChannel *channel)
{
  FAKE_CHANNEL (channel)->n_probes++;
}

static const char *
fake_channel_get_transport (BobbinChannel *channel)
{
  return FAKE_CHANNEL (channel)->transport;
}

static void
fake_channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = fake_channel_start;
  iface->send = fake_channel_send;
  iface->cancel = fake_channel_cancel;
  iface->decide = fake_channel_decide;
  iface->close = fake_channel_close;
  iface->get_transport = fake_channel_get_transport;
  iface->probe = fake_channel_probe;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeChannel, fake_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, fake_channel_iface_init))

static void
fake_channel_finalize (GObject *object)
{
  FakeChannel *self = FAKE_CHANNEL (object);

  g_free (self->agent_id);
  g_free (self->thread_id);
  g_free (self->last_decision);
  g_ptr_array_unref (self->sent);

  G_OBJECT_CLASS (fake_channel_parent_class)->finalize (object);
}

static void
fake_channel_class_init (FakeChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_channel_finalize;
}

static void
fake_channel_init (FakeChannel *self)
{
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_turn_unref);
}

/* Backend */

static BobbinCapabilities
fake_backend_get_capabilities (BobbinBackend *backend)
{
  return FAKE_BACKEND (backend)->capabilities;
}

static const BobbinLimits *
fake_backend_get_limits (BobbinBackend *backend)
{
  return &FAKE_BACKEND (backend)->limits;
}

static void
fake_backend_set_credential (BobbinBackend *backend,
                             const char    *credential)
{
  FakeBackend *self = FAKE_BACKEND (backend);

  g_free (self->credential);
  self->credential = g_strdup (credential);
}

static BobbinChannel *
fake_backend_open_channel (BobbinBackend *backend,
                           const char    *agent_id,
                           const char    *thread_id)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  FakeChannel *channel = g_object_new (FAKE_TYPE_CHANNEL, NULL);

  channel->agent_id = g_strdup (agent_id);
  channel->thread_id = g_strdup (thread_id);
  channel->transport = self->transport;
  g_ptr_array_add (self->channels, g_object_ref (channel));

  return BOBBIN_CHANNEL (channel);
}

static void
fake_backend_drop_uploads (BobbinBackend *backend,
                           GPtrArray     *attachments)
{
  for (guint i = 0; i < attachments->len; i++)
    g_string_append_printf (FAKE_BACKEND (backend)->changes, "drop %s;", bobbin_attachment_get_name (attachments->pdata[i]));
}

static void
fake_backend_iface_init (BobbinBackendInterface *iface)
{
  iface->drop_uploads = fake_backend_drop_uploads;
  iface->get_capabilities = fake_backend_get_capabilities;
  iface->get_limits = fake_backend_get_limits;
  iface->set_credential = fake_backend_set_credential;
  iface->open_channel = fake_backend_open_channel;
}

/* History */

typedef struct
{
  guint  from;
  guint  to;
  guint  poll_ms;
  char  *cursor;
} FakeList;

static void
fake_list_free (gpointer data)
{
  FakeList *list = data;

  g_free (list->cursor);
  g_free (list);
}

static void
fake_history_list_async (BobbinHistory            *history,
                         const BobbinHistoryQuery *query,
                         GCancellable             *cancellable,
                         GAsyncReadyCallback       callback,
                         gpointer                  user_data)
{
  FakeBackend *self = FAKE_BACKEND (history);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  FakeList *list = g_new0 (FakeList, 1);

  self->n_lists++;
  list->to = query->cursor != NULL ? (guint) g_ascii_strtoull (query->cursor, NULL, 10) : self->rows->len;
  list->from = list->to > self->page_size ? list->to - self->page_size : 0;
  list->cursor = list->from > 0 ? g_strdup_printf ("%u", list->from) : NULL;
  list->poll_ms = query->pending_id != NULL ? self->poll_ms : 0;
  for (guint i = 0; i < self->rows->len; i++)
    if (bobbin_message_has_server_id (self->rows->pdata[i], query->pending_id))
      list->poll_ms = 0;
  g_task_set_task_data (task, list, fake_list_free);
  if (self->list_error != 0)
    g_task_return_new_error (task, BOBBIN_ERROR, (int) self->list_error, "no list");
  else
    g_task_return_boolean (task, TRUE);
}

static BobbinMessage *
copy_row (BobbinMessage *row)
{
  BobbinMessage *copy = bobbin_message_new (0, bobbin_message_get_role (row), bobbin_message_get_created_us (row));

  bobbin_message_set_server_id (copy, bobbin_message_get_server_id (row));
  for (guint i = 0; i < bobbin_message_get_n_blocks (row); i++)
    bobbin_message_add_block (copy, bobbin_message_get_block (row, i));

  return copy;
}

static BobbinHistoryPage *
fake_history_list_finish (BobbinHistory *history,
                          GAsyncResult  *result,
                          GError       **error)
{
  FakeBackend *self = FAKE_BACKEND (history);
  FakeList *list = g_task_get_task_data (G_TASK (result));
  BobbinHistoryPage *page;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  page = g_new0 (BobbinHistoryPage, 1);
  page->messages = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = list->from; i < list->to; i++)
    g_ptr_array_add (page->messages, copy_row (self->rows->pdata[i]));
  page->cursor = g_strdup (list->cursor);
  page->poll_ms = list->poll_ms;

  return page;
}

static void change (FakeBackend *self, GAsyncReadyCallback callback, gpointer user_data);

static void
fake_history_add_async (BobbinHistory      *history,
                        const char         *thread_id,
                        guint               role,
                        const char         *text,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  FakeBackend *self = FAKE_BACKEND (history);

  g_string_append_printf (self->changes, "add %s %s;", bobbin_role_get_nick (role), text);
  if (self->change_error == 0)
    fake_row (self, role, "added", text);
  change (self, callback, user_data);
}

static void
fake_history_delete_async (BobbinHistory      *history,
                           const char         *thread_id,
                           const char         *message_id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_string_append_printf (FAKE_BACKEND (history)->changes, "remove %s;", message_id);
  change (FAKE_BACKEND (history), callback, user_data);
}

static gboolean
fake_history_change_finish (BobbinHistory *history,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_history_iface_init (BobbinHistoryInterface *iface)
{
  iface->add_async = fake_history_add_async;
  iface->add_finish = fake_history_change_finish;
  iface->delete_async = fake_history_delete_async;
  iface->delete_finish = fake_history_change_finish;
  iface->list_async = fake_history_list_async;
  iface->list_finish = fake_history_list_finish;
}

BobbinMessage *
fake_row (FakeBackend *self,
          BobbinRole   role,
          const char  *id,
          const char  *text)
{
  BobbinMessage *message = bobbin_message_new (0, role, 0);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  bobbin_message_set_server_id (message, id);
  g_ptr_array_add (self->rows, message);

  return message;
}

/* Threads */

static void
fake_threads_list_async (BobbinThreadLister *lister,
                         const char         *search,
                         const char         *cursor,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  FakeBackend *self = FAKE_BACKEND (lister);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  FakeList *list = g_new0 (FakeList, 1);

  self->n_thread_lists++;
  list->from = cursor != NULL ? (guint) g_ascii_strtoull (cursor, NULL, 10) : 0;
  list->to = MIN (list->from + self->page_size, self->threads->len);
  list->cursor = list->to < self->threads->len ? g_strdup_printf ("%u", list->to) : NULL;
  g_task_set_task_data (task, list, fake_list_free);
  if (self->list_error != 0)
    g_task_return_new_error (task, BOBBIN_ERROR, (int) self->list_error, "no list");
  else
    g_task_return_boolean (task, TRUE);
}

static BobbinRemoteThread *
copy_thread (const BobbinRemoteThread *thread)
{
  BobbinRemoteThread *copy = g_memdup2 (thread, sizeof *thread);

  copy->thread_id = g_strdup (thread->thread_id);
  copy->title = g_strdup (thread->title);
  copy->agent_id = g_strdup (thread->agent_id);
  copy->metadata = g_strdup (thread->metadata);

  return copy;
}

static GPtrArray *
fake_threads_list_finish (BobbinThreadLister *lister,
                          GAsyncResult       *result,
                          char              **ret_cursor,
                          GError            **error)
{
  FakeBackend *self = FAKE_BACKEND (lister);
  FakeList *list = g_task_get_task_data (G_TASK (result));
  GPtrArray *threads;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  threads = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_remote_thread_free);
  for (guint i = list->from; i < list->to; i++)
    g_ptr_array_add (threads, copy_thread (self->threads->pdata[i]));
  *ret_cursor = g_strdup (list->cursor);

  return threads;
}

static void
change (FakeBackend         *self,
        GAsyncReadyCallback  callback,
        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  if (self->change_error != 0)
    g_task_return_new_error (task, BOBBIN_ERROR, (int) self->change_error, "no change");
  else
    g_task_return_boolean (task, TRUE);
}

static void
fake_threads_delete_async (BobbinThreadLister *lister,
                           const char         *thread_id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_string_append_printf (FAKE_BACKEND (lister)->changes, "delete %s;", thread_id);
  change (FAKE_BACKEND (lister), callback, user_data);
}

static void
fake_threads_rename_async (BobbinThreadLister *lister,
                           const char         *thread_id,
                           const char         *title,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_string_append_printf (FAKE_BACKEND (lister)->changes, "rename %s %s;", thread_id, title);
  change (FAKE_BACKEND (lister), callback, user_data);
}

static gboolean
fake_threads_change_finish (BobbinThreadLister *lister,
                            GAsyncResult       *result,
                            GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_threads_iface_init (BobbinThreadListerInterface *iface)
{
  iface->list_async = fake_threads_list_async;
  iface->list_finish = fake_threads_list_finish;
  iface->delete_async = fake_threads_delete_async;
  iface->delete_finish = fake_threads_change_finish;
  iface->rename_async = fake_threads_rename_async;
  iface->rename_finish = fake_threads_change_finish;
}

void
fake_remote_thread (FakeBackend *self,
                    const char  *id,
                    const char  *title,
                    gint64       updated_us)
{
  BobbinRemoteThread *thread = g_new0 (BobbinRemoteThread, 1);

  thread->thread_id = g_strdup (id);
  thread->title = g_strdup (title);
  thread->updated_us = updated_us;
  g_ptr_array_add (self->threads, thread);
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeBackend, fake_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, fake_backend_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_HISTORY, fake_history_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_DOWNLOADER, _fake_downloader_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_LISTER, fake_threads_iface_init))

static void
fake_backend_finalize (GObject *object)
{
  FakeBackend *self = FAKE_BACKEND (object);

  g_clear_object (&self->download);
  if (fake_backend_last == self)
    fake_backend_last = NULL;
  g_free (self->credential);
  g_ptr_array_unref (self->channels);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->threads);
  g_string_free (self->changes, TRUE);

  G_OBJECT_CLASS (fake_backend_parent_class)->finalize (object);
}

static void
fake_backend_class_init (FakeBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_backend_finalize;
}

static void
fake_backend_init (FakeBackend *self)
{
  self->channels = g_ptr_array_new_with_free_func (g_object_unref);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->threads = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_remote_thread_free);
  self->changes = g_string_new (NULL);
  self->page_size = 100;
  self->limits.reconcile_ms = 60000;
  self->transport = "ws";
  self->capabilities = BOBBIN_CAN_ATTACH | BOBBIN_CAN_CANCEL | BOBBIN_CAN_APPROVE | BOBBIN_CAN_FALL_BACK |
                       BOBBIN_CAN_REPEAT_LIMITED;
  self->limits.file_bytes = 1000;
  self->limits.message_bytes = 1500;
  self->limits.thread_lifetime_us = 30 * 24 * G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC;
}

BobbinBackend *
fake_backend_create (BobbinAccount *account,
                     BobbinClock   *clock)
{
  fake_backend_last = g_object_new (FAKE_TYPE_BACKEND, NULL);

  return BOBBIN_BACKEND (fake_backend_last);
}

FakeChannel *
fake_backend_channel (FakeBackend *self)
{
  FakeChannel *last = self->channels->len > 0 ? self->channels->pdata[self->channels->len - 1] : NULL;

  return last != NULL && !last->closed ? last : NULL;
}

guint
fake_backend_n_sent (FakeBackend *self)
{
  guint n_sent = 0;

  for (guint i = 0; i < self->channels->len; i++)
    n_sent += ((FakeChannel *) self->channels->pdata[i])->sent->len;

  return n_sent;
}

const char *
fake_backend_sent (FakeBackend *self,
                   guint        index)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      FakeChannel *channel = self->channels->pdata[i];

      if (index < channel->sent->len)
        return ((BobbinTurn *) channel->sent->pdata[index])->text;
      index -= channel->sent->len;
    }

  return NULL;
}

/* What the server says */

void
fake_emit (FakeChannel *self,
           BobbinEvent *event)
{
  g_object_ref (self);
  bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
  g_object_unref (self);
}

void
fake_ready (FakeChannel *self,
            const char  *thread_id)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_READY);

  event->thread_id = g_strdup (thread_id);
  event->name = g_strdup ("Ledger");
  fake_emit (self, event);
}

void
fake_ready_titled (FakeChannel *self,
                   const char  *thread_id,
                   const char  *title)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_READY);

  event->thread_id = g_strdup (thread_id);
  event->text = g_strdup (title);
  fake_emit (self, event);
}

void
fake_turn_started (FakeChannel *self,
                   const char  *message_id)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_TURN_STARTED);

  event->message_id = g_strdup (message_id);
  event->model = g_strdup ("m-large");
  fake_emit (self, event);
}

static BobbinEvent *
text_event (const char *key,
            const char *text,
            BobbinPhase phase)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_BLOCK);

  event->kind = g_str_has_prefix (key, "thinking") ? BOBBIN_BLOCK_THINKING : BOBBIN_BLOCK_TEXT;
  event->key = g_strdup (key);
  event->phase = phase;
  event->text = g_strdup (text);
  event->text_length = text != NULL ? strlen (text) : 0;

  return event;
}

void
fake_text (FakeChannel *self,
           const char  *key,
           const char  *text)
{
  fake_emit (self, text_event (key, text, BOBBIN_PHASE_DELTA));
}

void
fake_text_complete (FakeChannel *self,
                    const char  *key,
                    const char  *text)
{
  fake_emit (self, text_event (key, text, BOBBIN_PHASE_COMPLETE));
}

void
fake_block (FakeChannel     *self,
            BobbinBlockKind  kind,
            BobbinPhase      phase,
            const char      *key,
            const char      *name,
            const char      *call_id,
            const char      *data)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_BLOCK);

  event->kind = kind;
  event->phase = phase;
  event->key = g_strdup (key);
  event->name = g_strdup (name);
  event->call_id = g_strdup (call_id);
  event->data = g_strdup (data);
  fake_emit (self, event);
}

void
fake_result (FakeChannel *self,
             const char  *key,
             const char  *name,
             const char  *call_id,
             const char  *result)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_BLOCK);

  event->kind = BOBBIN_BLOCK_TOOL_CALL;
  event->phase = BOBBIN_PHASE_COMPLETE;
  event->is_result = TRUE;
  event->key = g_strdup (key);
  event->name = g_strdup (name);
  event->call_id = g_strdup (call_id);
  event->result = g_strdup (result);
  fake_emit (self, event);
}

void
fake_stopped (FakeChannel *self,
              const char  *reason)
{
  fake_simple (self, BOBBIN_EVENT_TURN_STOPPED, reason);
}

void
fake_approval (FakeChannel *self,
               const char  *question)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_APPROVAL);

  event->text = g_strdup (question);
  event->name = g_strdup ("send_mail");
  event->data = g_strdup ("{\"tools\":[{\"name\":\"send_mail\",\"args\":{}}]}");
  fake_emit (self, event);
}

static BobbinEvent *
failure_event (BobbinEventType type,
               BobbinErrorCode code,
               BobbinCertainty certainty)
{
  BobbinEvent *event = bobbin_event_new (type);

  event->failure = bobbin_failure_new (code, certainty, "as the test says");

  return event;
}

void
fake_failed (FakeChannel    *self,
             BobbinErrorCode code,
             BobbinCertainty certainty,
             gint64          retry_after_ms)
{
  BobbinEvent *event = failure_event (BOBBIN_EVENT_FAILED, code, certainty);

  event->failure->retry_after_ms = retry_after_ms;
  fake_emit (self, event);
}

void
fake_closed (FakeChannel    *self,
             BobbinErrorCode code,
             BobbinCertainty certainty)
{
  self->closed = TRUE;
  fake_emit (self, failure_event (BOBBIN_EVENT_CLOSED, code, certainty));
}

void
fake_simple (FakeChannel     *self,
             BobbinEventType  type,
             const char      *text)
{
  BobbinEvent *event = bobbin_event_new (type);

  event->text = g_strdup (text);
  fake_emit (self, event);
}
