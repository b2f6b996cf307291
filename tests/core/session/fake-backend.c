#include "config.h"
#include "fake-backend.h"

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
  static const char *const nicks[] = { "approve", "reject", "edit" };
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
fake_backend_iface_init (BobbinBackendInterface *iface)
{
  iface->get_capabilities = fake_backend_get_capabilities;
  iface->get_limits = fake_backend_get_limits;
  iface->set_credential = fake_backend_set_credential;
  iface->open_channel = fake_backend_open_channel;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeBackend, fake_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, fake_backend_iface_init))

static void
fake_backend_finalize (GObject *object)
{
  FakeBackend *self = FAKE_BACKEND (object);

  if (fake_backend_last == self)
    fake_backend_last = NULL;
  g_free (self->credential);
  g_ptr_array_unref (self->channels);

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
  self->transport = "ws";
  self->capabilities = BOBBIN_CAN_ATTACH | BOBBIN_CAN_CANCEL | BOBBIN_CAN_APPROVE | BOBBIN_CAN_FALL_BACK;
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
