/* The link of a session: key, channel, waiting, falling back to a new thread of the server. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include <string.h>

gboolean
_bobbin_session_has_work (BobbinSession *self)
{
  return self->queue.length > 0 || self->pending != NULL;
}

/* A server on this machine is there whatever the network does. */
static gboolean
is_loopback (BobbinSession *self)
{
  g_autoptr(GUri) uri = g_uri_parse (bobbin_account_get_base_url (self->account), G_URI_FLAGS_NONE, NULL);
  g_autoptr(GInetAddress) address = NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL)
    return FALSE;

  address = g_inet_address_new_from_string (host);
  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost");
}

gboolean
bobbin_session_is_unencrypted (BobbinSession *self)
{
  const char *scheme;

  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  scheme = g_uri_peek_scheme (bobbin_account_get_base_url (self->account)); /* in small letters */
  return (g_strcmp0 (scheme, "http") == 0 || g_strcmp0 (scheme, "ws") == 0) && !is_loopback (self);
}

static gboolean
is_offline (BobbinSession *self)
{
  return !bobbin_network_get_available (self->network) && !is_loopback (self);
}

/* Channel */

static void
event_cb (BobbinChannel *channel,
          gpointer       event,
          gpointer       user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  if (channel == self->channel && !self->closed)
    _bobbin_session_event (self, event);
}

void
_bobbin_session_drop_link (BobbinSession *self)
{
  g_autoptr(BobbinChannel) channel = g_steal_pointer (&self->channel);
  gboolean was_ready = self->ready;

  if (self->hold)
    _bobbin_session_end_hold (self);
  self->ready = self->stale = FALSE;
  if (self->link != NULL)
    g_cancellable_cancel (self->link);
  g_clear_object (&self->link);
  if (channel == NULL)
    return;

  g_signal_handlers_disconnect_by_func (channel, event_cb, self);
  bobbin_channel_close (channel);
  if (was_ready)
    _bobbin_session_notify_connected (self);
}

static void
open_channel (BobbinSession *self)
{
  const char *agent_id = bobbin_thread_get_agent_id (self->thread);
  const char *server_id = self->abandoned ? NULL : bobbin_thread_get_server_id (self->thread);

  if (agent_id == NULL)
    agent_id = bobbin_account_get_agent_id (self->account);

  g_free (self->asked_id);
  self->asked_id = g_strdup (server_id);
  _bobbin_library_linking (self->library, self);
  self->channel = bobbin_backend_open_channel (self->backend, agent_id, server_id);
  g_signal_connect (self->channel, "event", G_CALLBACK (event_cb), self);
  bobbin_channel_start (self->channel);
}

typedef struct
{
  BobbinSession *session; /* owned */
  GCancellable  *link;    /* owned: tells whether this is still the link that asked */
} KeyWait;

static void
key_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autofree KeyWait *wait = user_data;
  g_autoptr(BobbinSession) self = wait->session;
  g_autoptr(GCancellable) link = wait->link;
  g_autoptr(GError) error = NULL;
  gboolean have_key = _bobbin_library_need_key_finish (BOBBIN_LIBRARY (source), result, &error);

  if (self->closed || link != self->link)
    return;
  if (have_key)
    {
      open_channel (self);
      _bobbin_session_notify_connected (self); /* nothing is waited for at the keyring any more */
    }
  else
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);

      _bobbin_session_link_lost (self, failure, FALSE);
    }
}

static void
go_offline (BobbinSession *self)
{
  bobbin_clock_clear (self->clock, &self->retry_timer);
  _bobbin_session_set_retry_at (self, 0);
  _bobbin_session_set_state (self, BOBBIN_SESSION_OFFLINE);
}

static void
fail (BobbinSession       *self,
      const BobbinFailure *failure)
{
  gint64 retry_at_us = 0;

  /* The old thread was refused for another reason than being gone: it is worth another try later. */
  self->abandoned = FALSE;
  if (failure->code == BOBBIN_ERROR_RATE_LIMITED && failure->retry_after_ms >= 0)
    retry_at_us = bobbin_clock_now_us (self->clock) + MIN (failure->retry_after_ms, G_MAXINT) * 1000;
  _bobbin_session_set_failure (self, failure);
  _bobbin_session_set_retry_at (self, retry_at_us);
  _bobbin_session_set_state (self, BOBBIN_SESSION_FAILED);
  if (self->library != NULL && self->queue.length > 0)
    _bobbin_library_send_failed (self->library, self, failure);
}

static void
enter_link (BobbinSession      *self,
            BobbinSessionState  state)
{
  KeyWait *wait;

  self->asked = FALSE;
  _bobbin_session_drop_link (self);
  _bobbin_session_set_state (self, state);
  self->link = g_cancellable_new ();
  wait = g_new0 (KeyWait, 1);
  wait->session = g_object_ref (self);
  wait->link = g_object_ref (self->link);
  _bobbin_library_need_key_async (self->library, self->account, self->link, key_cb, wait);
}

/* @asked: the person wants it now, so even without a network it is tried once. */
void
_bobbin_session_start_link (BobbinSession *self,
                            gboolean       asked)
{
  if (self->backend == NULL)
    {
      g_autoptr(BobbinFailure) failure =
        bobbin_failure_new (BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT, "This service is not built in");

      if (self->state != BOBBIN_SESSION_IDLE)
        _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
      fail (self, failure);
    }
  else if (!asked && is_offline (self))
    {
      if (self->state != BOBBIN_SESSION_OFFLINE)
        go_offline (self);
    }
  else
    {
      enter_link (self, BOBBIN_SESSION_CONNECTING);
    }
}

void
_bobbin_session_link_ready (BobbinSession *self,
                            BobbinEvent   *event)
{
  if (self->state != BOBBIN_SESSION_CONNECTING && self->state != BOBBIN_SESSION_FALLBACK)
    {
      _bobbin_session_take_thread_id (self, event->thread_id, FALSE);
      return;
    }

  self->ready = TRUE;
  self->live = TRUE;
  self->ready_us = bobbin_clock_monotonic_us (self->clock);
  g_clear_object (&self->link);
  /* Over HTTP the key is shown with the first turn only. */
  if (g_strcmp0 (bobbin_channel_get_transport (self->channel), "ws") == 0)
    bobbin_account_set_needs_key (self->account, FALSE);
  _bobbin_session_set_failure (self, NULL);
  _bobbin_session_notify_connected (self);
  _bobbin_session_take_thread_id (self, event->thread_id, TRUE);
  /* Runs on one thread must not overlap: what was cut may still go on there. */
  _bobbin_session_reconcile_last (self);
  if (!_bobbin_session_begin_next (self))
    _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
}

/* Waiting */

static gboolean
retry_cb (gpointer user_data)
{
  BobbinSession *self = user_data;

  self->retry_timer = 0;
  _bobbin_session_start_link (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
wait_for (BobbinSession *self,
          gint64         delay_ms)
{
  bobbin_clock_clear (self->clock, &self->retry_timer);
  self->retry_timer = bobbin_clock_add (self->clock, (guint) delay_ms, retry_cb, self);
  _bobbin_session_set_retry_at (self, bobbin_clock_now_us (self->clock) + delay_ms * 1000);
  _bobbin_session_set_state (self, BOBBIN_SESSION_BACKOFF);
}

/* nebelus.md, section 3.1: min (1 s · 2^n, 30 s) and up to a fifth more, so that many clients do not come back at once. */
static gint64
backoff_ms (guint n)
{
  gint64 delay_ms = MIN (1000 << MIN (n, 10), 30000);

  return delay_ms + (gint64) (g_random_double () * 0.2 * (double) delay_ms);
}

/* Whether trying again by itself can help; the others wait for the person (nebelus.md, section 9). */
static gboolean
is_passing (const BobbinFailure *failure)
{
  if (failure->code == BOBBIN_ERROR_SERVER)
    return failure->http_status != 0 ? failure->http_status >= 500 : failure->close_code < 4000;

  return bobbin_failure_is_transient (failure);
}

static gboolean
can_fall_back (BobbinSession *self)
{
  return bobbin_thread_get_server_id (self->thread) != NULL && !self->abandoned && !self->fell_back &&
         self->backend != NULL && bobbin_backend_can (self->backend, BOBBIN_CAN_FALL_BACK);
}

/* nebelus.md, section 6: only a refusal means that the thread is gone; time-outs and lost links never do. The old id is given up
 * once the new thread is there, so that an agent that is merely switched off does not cost the conversation. */
static void
fall_back (BobbinSession *self)
{
  gint64 expires_us = bobbin_thread_get_expires_us (self->thread);

  self->abandoned = self->fell_back = TRUE;
  self->new_reason = expires_us != 0 && expires_us <= bobbin_clock_now_us (self->clock) ? "expired" : "gone";
  enter_link (self, BOBBIN_SESSION_FALLBACK);
}

/* No message waits for the limit: it is only told how long it lasts. */
void
_bobbin_session_link_limited (BobbinSession       *self,
                              const BobbinFailure *failure)
{
  _bobbin_session_drop_link (self);
  fail (self, failure);
}

static void
limited (BobbinSession       *self,
         const BobbinFailure *failure)
{
  if (failure->retry_after_ms < 0 || failure->retry_after_ms > BOBBIN_SESSION_RATE_MS ||
      self->rate_waits >= BOBBIN_SESSION_RATE_WAITS)
    {
      fail (self, failure);
      return;
    }

  self->rate_waits++;
  _bobbin_session_set_failure (self, failure);
  wait_for (self, MAX (failure->retry_after_ms, 1000));
}

static void
go_idle (BobbinSession *self)
{
  if (self->state != BOBBIN_SESSION_IDLE)
    _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
  else
    _bobbin_session_changed (self);
  _bobbin_session_pump (self);
}

void
_bobbin_session_link_lost (BobbinSession       *self,
                           const BobbinFailure *failure,
                           gboolean             again)
{
  gboolean was_ready = self->ready;
  gboolean key_shown = self->channel != NULL; /* otherwise there was none to show */

  g_assert (self->run == NULL || self->closed);

  _bobbin_session_drop_link (self);
  if (was_ready && bobbin_clock_monotonic_us (self->clock) - self->ready_us >= BOBBIN_SESSION_STABLE_US)
    self->tries = 0;
  if (failure->code == BOBBIN_ERROR_AUTH && key_shown)
    _bobbin_library_key_refused (self->library, self->account);

  if (failure->code == BOBBIN_ERROR_NOT_FOUND && can_fall_back (self))
    {
      /* A card of the old thread can no longer be answered. */
      _bobbin_session_refuse_pending (self);
      if (_bobbin_session_has_work (self) && _bobbin_session_state_allows (self->state, BOBBIN_SESSION_FALLBACK))
        fall_back (self);
      else
        go_idle (self);
    }
  else if (!_bobbin_session_has_work (self) && !again && is_passing (failure))
    {
      go_idle (self);
    }
  else if (failure->code == BOBBIN_ERROR_RATE_LIMITED)
    {
      limited (self, failure);
    }
  else if (!is_passing (failure))
    {
      fail (self, failure);
    }
  else if (is_offline (self))
    {
      _bobbin_session_set_failure (self, failure);
      go_offline (self);
    }
  else if (self->tries >= BOBBIN_SESSION_TRIES)
    {
      fail (self, failure);
    }
  else
    {
      _bobbin_session_set_failure (self, failure);
      wait_for (self, backoff_ms (self->tries++));
    }
}

/* Busy: the queue waits for the end of the turn that runs on the thread; should that end not be told to us, for the timer. */

void
_bobbin_session_end_hold (BobbinSession *self)
{
  self->hold = FALSE;
  bobbin_clock_clear (self->clock, &self->hold_timer);
  _bobbin_session_set_retry_at (self, 0);
}

static gboolean
hold_cb (gpointer user_data)
{
  BobbinSession *self = user_data;

  self->hold_timer = 0;
  _bobbin_session_end_hold (self);
  _bobbin_session_pump (self);

  return G_SOURCE_REMOVE;
}

void
_bobbin_session_wait_busy (BobbinSession       *self,
                           const BobbinFailure *failure)
{
  guint delay_ms = BOBBIN_SESSION_BUSY_MS * ++self->busy_refusals;

  if (self->busy_refusals > BOBBIN_SESSION_TRIES)
    {
      self->busy_refusals = 0;
      _bobbin_session_drop_link (self);
      fail (self, failure);
      return;
    }

  self->hold = TRUE;
  bobbin_clock_clear (self->clock, &self->hold_timer);
  self->hold_timer = bobbin_clock_add (self->clock, delay_ms, hold_cb, self);
  _bobbin_session_set_failure (self, failure);
  _bobbin_session_set_retry_at (self, bobbin_clock_now_us (self->clock) + delay_ms * G_GINT64_CONSTANT (1000));
  _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
}

/* Nothing is left to connect for. */
void
_bobbin_session_leave_wait (BobbinSession *self)
{
  switch (self->state)
    {
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_FALLBACK:
    case BOBBIN_SESSION_BACKOFF:
    case BOBBIN_SESSION_OFFLINE:
    case BOBBIN_SESSION_FAILED:
      self->tries = self->rate_waits = 0;
      self->abandoned = FALSE;
      _bobbin_session_drop_link (self);
      _bobbin_session_set_failure (self, NULL);
      _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
      break;
    case BOBBIN_SESSION_IDLE:
      _bobbin_session_end_hold (self);
      _bobbin_session_changed (self);
      break;
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_APPROVAL:
    case BOBBIN_SESSION_STOPPING:
      break;
    case BOBBIN_N_SESSION_STATES:
    default:
      g_assert_not_reached ();
    }
}

/* The network and the person */

static void
network_back_cb (BobbinNetwork *network,
                 BobbinSession *self)
{
  /* A link from before may be dead without anybody having said so. */
  if (self->channel != NULL && self->ready)
    bobbin_channel_probe (self->channel);
  /* A wait the server asked for is kept. */
  if (self->failure != NULL && self->failure->code == BOBBIN_ERROR_RATE_LIMITED)
    return;
  if (self->state != BOBBIN_SESSION_BACKOFF && self->state != BOBBIN_SESSION_OFFLINE)
    return;

  self->tries = 0;
  _bobbin_session_start_link (self, FALSE);
}

static void
network_notify_cb (BobbinNetwork *network,
                   GParamSpec    *pspec,
                   BobbinSession *self)
{
  if (self->state == BOBBIN_SESSION_BACKOFF && is_offline (self))
    go_offline (self);
}

void
_bobbin_session_watch_network (BobbinSession *self)
{
  g_signal_connect (self->network, "returned", G_CALLBACK (network_back_cb), self);
  g_signal_connect (self->network, "woken", G_CALLBACK (network_back_cb), self);
  g_signal_connect (self->network, "notify::available", G_CALLBACK (network_notify_cb), self);
}

void
bobbin_session_try_now (BobbinSession *self)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (self->closed)
    return;

  switch (self->state)
    {
    case BOBBIN_SESSION_BACKOFF:
    case BOBBIN_SESSION_OFFLINE:
    case BOBBIN_SESSION_FAILED:
      self->tries = self->rate_waits = self->busy_refusals = 0;
      if (self->state == BOBBIN_SESSION_FAILED)
        self->fell_back = FALSE;
      _bobbin_session_start_link (self, TRUE);
      break;
    case BOBBIN_SESSION_IDLE:
      _bobbin_session_end_hold (self);
      _bobbin_session_retry_store (self);
      _bobbin_session_pump (self);
      break;
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_APPROVAL:
    case BOBBIN_SESSION_STOPPING:
    case BOBBIN_SESSION_FALLBACK:
      break;
    case BOBBIN_N_SESSION_STATES:
    default:
      g_assert_not_reached ();
    }
}

void
bobbin_session_connect (BobbinSession *self)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  /* Connecting without a thread would make one on the server (nebelus.md, section 1). */
  if (self->closed || self->state != BOBBIN_SESSION_IDLE || self->channel != NULL || self->backend == NULL ||
      bobbin_thread_get_server_id (self->thread) == NULL)
    return;

  self->live = TRUE;
  _bobbin_session_start_link (self, FALSE);
}
