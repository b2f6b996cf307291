/* WebSocket first. A handshake that fails for network reasons while HTTP works is tried once more; when that fails the same way,
 * WebSockets do not get through here, and this channel and all later ones of the run use SSE (nebelus.md, section 3.2).
 *
 * Which of the two it is shows only in get_transport(): the events are those of the channel within. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-private.h"

#define HANDSHAKES 2
#define MAX_PROBE (256 * 1024)

#define BOBBIN_TYPE_NEBELUS_AUTO_CHANNEL (bobbin_nebelus_auto_channel_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNebelusAutoChannel, bobbin_nebelus_auto_channel, BOBBIN, NEBELUS_AUTO_CHANNEL, GObject)

struct _BobbinNebelusAutoChannel
{
  GObject             parent_instance;
  /* owned */
  BobbinNebelusTarget target;
  BobbinChannel      *inner;       /* NULL while HTTP is probed and once closed */
  GCancellable       *cancellable; /* of the probe */
  BobbinFailure      *failure;     /* of the last handshake */

  guint               failures;
  gboolean            ready;
};

static void channel_iface_init (BobbinChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinNebelusAutoChannel, bobbin_nebelus_auto_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CHANNEL, channel_iface_init))

static void inner_event_cb (BobbinChannel *inner, BobbinEvent *event, BobbinNebelusAutoChannel *self);

/* @inner: (transfer full). */
static void
use (BobbinNebelusAutoChannel *self,
     BobbinChannel            *inner)
{
  self->inner = inner;
  g_signal_connect (inner, "event", G_CALLBACK (inner_event_cb), self);
  bobbin_channel_start (inner);
}

static void
drop_inner (BobbinNebelusAutoChannel *self)
{
  if (self->inner == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->inner, self);
  bobbin_channel_close (self->inner);
  g_clear_object (&self->inner);
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinNebelusAutoChannel) self = BOBBIN_NEBELUS_AUTO_CHANNEL (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  BobbinNebelusBackend *backend = self->target.backend;

  if (self->cancellable == NULL)
    return; /* closed meanwhile */
  g_clear_object (&self->cancellable);

  /* Any answer will do, also one that is a redirect or too long. */
  if (body == NULL && !g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL) &&
      !g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE))
    {
      BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_CLOSED);

      event->failure = g_steal_pointer (&self->failure);
      bobbin_channel_emit (BOBBIN_CHANNEL (self), event);
    }
  else if (++self->failures < HANDSHAKES)
    use (self, _bobbin_nebelus_ws_channel_new (backend, self->target.agent_id, self->target.thread_id));
  else
    {
      _bobbin_nebelus_backend_set_sse_only (backend);
      use (self, _bobbin_nebelus_sse_channel_new (backend, self->target.agent_id, self->target.thread_id));
    }
}

/* Without a key: what is asked is only whether HTTP gets through. */
static void
probe (BobbinNebelusAutoChannel *self)
{
  g_autofree char *chat_url = _bobbin_nebelus_target_dup_chat_url (&self->target);
  g_autofree char *root = g_uri_resolve_relative (chat_url, "/", G_URI_FLAGS_NONE, NULL);
  g_autoptr(BobbinHttpRequest) request = bobbin_http_request_new ("GET", root != NULL ? root : chat_url);

  self->cancellable = g_cancellable_new ();
  bobbin_http_call_async (_bobbin_nebelus_backend_get_http (self->target.backend), request, MAX_PROBE, self->cancellable,
                          probed_cb, g_object_ref (self));
}

static gboolean
is_network_reason (const BobbinFailure *failure)
{
  return failure != NULL && (failure->code == BOBBIN_ERROR_NETWORK || failure->code == BOBBIN_ERROR_TIMED_OUT) &&
         failure->http_status == 0 && (failure->close_code == 0 || failure->close_code == 1006);
}

static void
inner_event_cb (BobbinChannel            *inner,
                BobbinEvent              *event,
                BobbinNebelusAutoChannel *self)
{
  g_autoptr(BobbinNebelusAutoChannel) hold = g_object_ref (self);

  if (event->type == BOBBIN_EVENT_READY)
    self->ready = TRUE;
  if (event->type == BOBBIN_EVENT_CLOSED && !self->ready && self->failures < HANDSHAKES && is_network_reason (event->failure))
    {
      g_clear_pointer (&self->failure, bobbin_failure_free);
      self->failure = bobbin_failure_copy (event->failure);
      drop_inner (self);
      probe (self);
    }
  else
    _bobbin_channel_forward (BOBBIN_CHANNEL (self), event);
}

static void
auto_start (BobbinChannel *channel)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (channel);

  use (self, _bobbin_nebelus_ws_channel_new (self->target.backend, self->target.agent_id, self->target.thread_id));
}

static void
auto_send (BobbinChannel *channel,
           BobbinTurn    *turn)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (channel);

  if (self->inner != NULL)
    bobbin_channel_send (self->inner, turn);
}

static void
auto_cancel (BobbinChannel *channel)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (channel);

  if (self->inner != NULL)
    bobbin_channel_cancel (self->inner);
}

static void
auto_decide (BobbinChannel *channel,
             BobbinBlock   *approval,
             GArray        *decisions)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (channel);

  if (self->inner != NULL)
    bobbin_channel_decide (self->inner, approval, decisions);
}

static void
auto_close (BobbinChannel *channel)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (channel);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  drop_inner (self);
}

static const char *
auto_get_transport (BobbinChannel *channel)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (channel);

  return self->inner != NULL ? bobbin_channel_get_transport (self->inner) : "ws";
}

static void
auto_probe (BobbinChannel *channel)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (channel);

  if (self->inner != NULL)
    bobbin_channel_probe (self->inner);
}

static void
channel_iface_init (BobbinChannelInterface *iface)
{
  iface->start = auto_start;
  iface->send = auto_send;
  iface->cancel = auto_cancel;
  iface->decide = auto_decide;
  iface->close = auto_close;
  iface->get_transport = auto_get_transport;
  iface->probe = auto_probe;
}

static void
bobbin_nebelus_auto_channel_dispose (GObject *object)
{
  auto_close (BOBBIN_CHANNEL (object));

  G_OBJECT_CLASS (bobbin_nebelus_auto_channel_parent_class)->dispose (object);
}

static void
bobbin_nebelus_auto_channel_finalize (GObject *object)
{
  BobbinNebelusAutoChannel *self = BOBBIN_NEBELUS_AUTO_CHANNEL (object);

  g_clear_pointer (&self->failure, bobbin_failure_free);
  _bobbin_nebelus_target_clear (&self->target);

  G_OBJECT_CLASS (bobbin_nebelus_auto_channel_parent_class)->finalize (object);
}

static void
bobbin_nebelus_auto_channel_class_init (BobbinNebelusAutoChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_nebelus_auto_channel_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_nebelus_auto_channel_finalize;
}

static void
bobbin_nebelus_auto_channel_init (BobbinNebelusAutoChannel *self)
{
}

BobbinChannel *
_bobbin_nebelus_auto_channel_new (BobbinNebelusBackend *backend,
                                  const char           *agent_id,
                                  const char           *thread_id)
{
  BobbinNebelusAutoChannel *self = g_object_new (BOBBIN_TYPE_NEBELUS_AUTO_CHANNEL, NULL);

  _bobbin_nebelus_target_init (&self->target, backend, agent_id, thread_id);

  return BOBBIN_CHANNEL (self);
}
