#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include "model/bobbin-model-private.h"

G_DEFINE_ENUM_TYPE (BobbinSessionState, bobbin_session_state,
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_SENDING, "sending"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_STREAMING, "streaming"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_APPROVAL, "approval"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_STOPPING, "stopping"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_BACKOFF, "backoff"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_FALLBACK, "fallback"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SESSION_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (BobbinSession, bobbin_session, G_TYPE_OBJECT)

enum
{
  PROP_THREAD = 1,
  PROP_ACCOUNT,
  PROP_STATE,
  PROP_CONNECTED,
  PROP_RETRY_AT_US,
  PROP_FAILURE,
  PROP_MESSAGES,
  PROP_DRAFT,
  PROP_LOADED,
  PROP_HAS_OLDER,
  PROP_QUEUE_LENGTH,
  PROP_QUIET,
  PROP_CAN_SEND_CONTEXT,
  PROP_RECONCILING,
  PROP_N_ATTACHING,
  PROP_WORKING_TEXT,
  PROP_CAN_FORK,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_ATTACHMENT_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

#define TO(state) (1u << BOBBIN_SESSION_##state)

/* From → set of to: the table of bobbin-session.h. */
static const guint16 allowed[BOBBIN_N_SESSION_STATES] = {
  [BOBBIN_SESSION_IDLE] = TO (CONNECTING) | TO (SENDING) | TO (STREAMING) | TO (BACKOFF) | TO (OFFLINE) | TO (FALLBACK) |
                          TO (FAILED),
  [BOBBIN_SESSION_CONNECTING] = TO (IDLE) | TO (SENDING) | TO (BACKOFF) | TO (OFFLINE) | TO (FALLBACK) | TO (FAILED),
  [BOBBIN_SESSION_SENDING] = TO (IDLE) | TO (STREAMING) | TO (APPROVAL) | TO (STOPPING) | TO (BACKOFF) | TO (OFFLINE) |
                             TO (FALLBACK) | TO (FAILED),
  [BOBBIN_SESSION_STREAMING] = TO (IDLE) | TO (SENDING) | TO (APPROVAL) | TO (STOPPING) | TO (BACKOFF) | TO (OFFLINE) |
                               TO (FAILED),
  [BOBBIN_SESSION_APPROVAL] = TO (IDLE) | TO (SENDING) | TO (STREAMING) | TO (STOPPING) | TO (BACKOFF) | TO (OFFLINE) |
                              TO (FAILED),
  [BOBBIN_SESSION_STOPPING] = TO (IDLE),
  [BOBBIN_SESSION_BACKOFF] = TO (IDLE) | TO (CONNECTING) | TO (OFFLINE),
  [BOBBIN_SESSION_OFFLINE] = TO (IDLE) | TO (CONNECTING),
  [BOBBIN_SESSION_FALLBACK] = TO (IDLE) | TO (SENDING) | TO (BACKOFF) | TO (OFFLINE) | TO (FAILED),
  [BOBBIN_SESSION_FAILED] = TO (IDLE) | TO (CONNECTING),
};

static void
bobbin_session_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BobbinSession *self = BOBBIN_SESSION (object);

  switch (prop_id)
    {
    case PROP_THREAD:
      g_value_set_object (value, self->thread);
      break;
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_CONNECTED:
      g_value_set_boolean (value, bobbin_session_get_connected (self));
      break;
    case PROP_RETRY_AT_US:
      g_value_set_int64 (value, self->retry_at_us);
      break;
    case PROP_FAILURE:
      g_value_set_boxed (value, self->failure);
      break;
    case PROP_MESSAGES:
      g_value_set_object (value, self->messages);
      break;
    case PROP_DRAFT:
      g_value_set_object (value, self->draft);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    case PROP_HAS_OLDER:
      g_value_set_boolean (value, bobbin_session_get_has_older (self));
      break;
    case PROP_QUEUE_LENGTH:
      g_value_set_uint (value, self->queue.length);
      break;
    case PROP_CAN_FORK:
      g_value_set_boolean (value, bobbin_session_get_can_fork (self));
      break;
    case PROP_QUIET:
      g_value_set_boolean (value, self->quiet);
      break;
    case PROP_CAN_SEND_CONTEXT:
      g_value_set_boolean (value, self->can_send_context);
      break;
    case PROP_RECONCILING:
      g_value_set_boolean (value, _bobbin_session_is_reconciling (self));
      break;
    case PROP_N_ATTACHING:
      g_value_set_uint (value, self->n_attaching);
      break;
    case PROP_WORKING_TEXT:
      g_value_set_string (value, self->working_text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_session_dispose (GObject *object)
{
  BobbinSession *self = BOBBIN_SESSION (object);

  _bobbin_session_shut_down (self);
  g_clear_weak_pointer (&self->library);

  G_OBJECT_CLASS (bobbin_session_parent_class)->dispose (object);
}

static void
bobbin_session_finalize (GObject *object)
{
  BobbinSession *self = BOBBIN_SESSION (object);

  g_queue_clear_full (&self->queue, g_object_unref);
  g_clear_pointer (&self->unsaved, g_hash_table_unref);
  g_clear_pointer (&self->imports, g_hash_table_unref);
  g_clear_pointer (&self->ending, g_hash_table_unref);
  g_clear_pointer (&self->last, _bobbin_run_free);
  g_clear_pointer (&self->failure, bobbin_failure_free);
  g_clear_pointer (&self->asked_id, g_free);
  g_clear_pointer (&self->working_text, g_free);
  g_clear_object (&self->draft);
  g_clear_object (&self->pager);
  g_clear_object (&self->messages);
  g_clear_object (&self->backend);
  g_clear_object (&self->thread);
  g_clear_object (&self->account);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (bobbin_session_parent_class)->finalize (object);
}

static void
bobbin_session_class_init (BobbinSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_session_get_property;
  object_class->dispose = bobbin_session_dispose;
  object_class->finalize = bobbin_session_finalize;

  props[PROP_THREAD] = g_param_spec_object ("thread", NULL, NULL, BOBBIN_TYPE_THREAD, BOBBIN_PARAM_RO);
  props[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, BOBBIN_TYPE_ACCOUNT, BOBBIN_PARAM_RO);
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, BOBBIN_TYPE_SESSION_STATE, BOBBIN_SESSION_IDLE,
                                         BOBBIN_PARAM_RO);
  props[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_RETRY_AT_US] = g_param_spec_int64 ("retry-at-us", NULL, NULL, 0, G_MAXINT64, 0, BOBBIN_PARAM_RO);
  props[PROP_FAILURE] = g_param_spec_boxed ("failure", NULL, NULL, BOBBIN_TYPE_FAILURE, BOBBIN_PARAM_RO);
  props[PROP_MESSAGES] = g_param_spec_object ("messages", NULL, NULL, G_TYPE_LIST_MODEL, BOBBIN_PARAM_RO);
  props[PROP_DRAFT] = g_param_spec_object ("draft", NULL, NULL, BOBBIN_TYPE_DRAFT, BOBBIN_PARAM_RO);
  props[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_QUEUE_LENGTH] = g_param_spec_uint ("queue-length", NULL, NULL, 0, G_MAXUINT, 0, BOBBIN_PARAM_RO);
  props[PROP_QUIET] = g_param_spec_boolean ("quiet", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_CAN_SEND_CONTEXT] = g_param_spec_boolean ("can-send-context", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_RECONCILING] = g_param_spec_boolean ("reconciling", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_N_ATTACHING] = g_param_spec_uint ("n-attaching", NULL, NULL, 0, G_MAXUINT, 0, BOBBIN_PARAM_RO);
  props[PROP_WORKING_TEXT] = g_param_spec_string ("working-text", NULL, NULL, NULL, BOBBIN_PARAM_RO);
  props[PROP_CAN_FORK] = g_param_spec_boolean ("can-fork", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_ATTACHMENT_REFUSED] =
    g_signal_new ("attachment-refused", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, BOBBIN_TYPE_FAILURE);
}

static void
bobbin_session_init (BobbinSession *self)
{
  self->messages = g_list_store_new (BOBBIN_TYPE_MESSAGE);
  self->unsaved = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->imports = g_hash_table_new (NULL, NULL);
  self->ending = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_queue_init (&self->queue);
}

BobbinSession *
_bobbin_session_new (BobbinLibrary *library,
                     BobbinThread  *thread,
                     BobbinAccount *account,
                     gboolean       stored)
{
  BobbinSession *self = g_object_new (BOBBIN_TYPE_SESSION, NULL);
  BobbinBackend *backend = bobbin_library_get_backend (library, account);

  g_set_weak_pointer (&self->library, library);
  self->thread = g_object_ref (thread);
  self->account = g_object_ref (account);
  self->backend = backend != NULL ? g_object_ref (backend) : NULL;
  self->store = g_object_ref (bobbin_library_get_store (library));
  self->clock = g_object_ref (bobbin_library_get_clock (library));
  self->network = g_object_ref (bobbin_library_get_network (library));
  self->draft = bobbin_draft_new (bobbin_thread_get_id (thread));
  self->loaded = self->draft_loaded = !stored;
  _bobbin_session_watch_draft (self);
  _bobbin_session_watch_network (self);

  if (stored)
    _bobbin_session_load (self);

  return self;
}

/* The state and what follows from it */

gboolean
_bobbin_session_state_allows (BobbinSessionState from,
                              BobbinSessionState to)
{
  return (allowed[from] & (1u << to)) != 0;
}

/* The invariants of bobbin-session.h that hold whenever a state is entered. */
static void
check_invariants (BobbinSession *self)
{
  switch (self->state)
    {
    case BOBBIN_SESSION_IDLE:
      g_assert (self->run == NULL && (self->channel == NULL || self->ready));
      break;
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_FALLBACK:
      g_assert (self->run == NULL && !self->ready);
      break;
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_APPROVAL:
    case BOBBIN_SESSION_STOPPING:
      g_assert (self->run != NULL && self->channel != NULL && self->ready);
      break;
    case BOBBIN_SESSION_BACKOFF:
      g_assert (self->run == NULL && self->channel == NULL && self->retry_timer != 0);
      break;
    case BOBBIN_SESSION_OFFLINE:
      g_assert (self->run == NULL && self->channel == NULL && self->retry_timer == 0);
      break;
    case BOBBIN_SESSION_FAILED:
      g_assert (self->run == NULL && self->channel == NULL && self->failure != NULL);
      break;
    case BOBBIN_N_SESSION_STATES:
    default:
      g_assert_not_reached ();
    }
}

/* The one setter. */
void
_bobbin_session_set_state (BobbinSession      *self,
                           BobbinSessionState  state)
{
  g_assert (_bobbin_session_state_allows (self->state, state));

  self->state = state;
  if (state != BOBBIN_SESSION_BACKOFF)
    bobbin_clock_clear (self->clock, &self->retry_timer);
  if (state != BOBBIN_SESSION_STOPPING)
    bobbin_clock_clear (self->clock, &self->stop_timer);
  if (state != BOBBIN_SESSION_BACKOFF && state != BOBBIN_SESSION_FAILED && self->hold_timer == 0)
    _bobbin_session_set_retry_at (self, 0);
  check_invariants (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  _bobbin_session_changed (self);
}

static BobbinActivity
live_activity (BobbinSession *self)
{
  switch (self->state)
    {
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_STOPPING:
      return BOBBIN_ACTIVITY_ANSWERING;
    case BOBBIN_SESSION_APPROVAL:
      return BOBBIN_ACTIVITY_APPROVAL;
    case BOBBIN_SESSION_FAILED:
      if (self->queue.length == 0)
        return BOBBIN_ACTIVITY_NONE;
      return bobbin_account_get_needs_key (self->account) ? BOBBIN_ACTIVITY_NEEDS_KEY : BOBBIN_ACTIVITY_FAILED;
    case BOBBIN_SESSION_IDLE:
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_BACKOFF:
    case BOBBIN_SESSION_OFFLINE:
    case BOBBIN_SESSION_FALLBACK:
      return self->queue.length > 0 ? BOBBIN_ACTIVITY_QUEUED : BOBBIN_ACTIVITY_NONE;
    case BOBBIN_N_SESSION_STATES:
    default:
      g_assert_not_reached ();
    }
}

gboolean
_bobbin_session_is_busy (BobbinSession *self)
{
  return !self->closed && (self->run != NULL || self->queue.length > 0 || self->pending != NULL ||
                           self->n_sending > 0 || _bobbin_session_is_reconciling (self) || self->n_attaching > 0 || self->draft_timer != 0 ||
                           self->reading_timer != 0 || g_hash_table_size (self->unsaved) > 0 ||
                           g_hash_table_size (self->ending) > 0);
}

void
_bobbin_session_changed (BobbinSession *self)
{
  if (self->closed)
    return;

  bobbin_thread_set_live_activity (self->thread, live_activity (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_QUEUE_LENGTH]);
  _bobbin_session_notify_can_fork (self);
  if (self->library == NULL)
    return;
  _bobbin_library_session_busy (self->library, self, _bobbin_session_is_busy (self));
  _bobbin_library_update_answering (self->library);
}

void
_bobbin_session_set_failure (BobbinSession       *self,
                             const BobbinFailure *failure)
{
  BobbinFailure *copy;

  if (self->failure == NULL && failure == NULL)
    return;

  copy = bobbin_failure_copy (failure);
  g_clear_pointer (&self->failure, bobbin_failure_free);
  self->failure = copy;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FAILURE]);
}

void
_bobbin_session_set_retry_at (BobbinSession *self,
                              gint64         retry_at_us)
{
  if (self->retry_at_us == retry_at_us)
    return;

  self->retry_at_us = retry_at_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RETRY_AT_US]);
}

void
_bobbin_session_set_working_text (BobbinSession *self,
                                  const char    *text)
{
  if (bobbin_replace_string (&self->working_text, text))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WORKING_TEXT]);
}

void
_bobbin_session_set_quiet (BobbinSession *self,
                           gboolean       quiet)
{
  if (self->quiet == quiet)
    return;

  self->quiet = quiet;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_QUIET]);
}

void
_bobbin_session_set_can_send_context (BobbinSession *self,
                                      gboolean       can)
{
  if (self->can_send_context == can)
    return;

  self->can_send_context = can;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_SEND_CONTEXT]);
}

void
_bobbin_session_set_has_older (BobbinSession *self,
                               gboolean       has_older)
{
  if (self->has_older == has_older)
    return;

  self->has_older = has_older;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HAS_OLDER]);
}

void
_bobbin_session_notify_older (BobbinSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HAS_OLDER]);
}

void
_bobbin_session_notify_reconciling (BobbinSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RECONCILING]);
}

void
_bobbin_session_set_loaded (BobbinSession *self)
{
  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
  _bobbin_session_sync_when_loaded (self);
}

void
_bobbin_session_notify_connected (BobbinSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONNECTED]);
}

void
_bobbin_session_notify_can_fork (BobbinSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_FORK]);
}

void
_bobbin_session_notify_attaching (BobbinSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ATTACHING]);
  _bobbin_session_changed (self);
}

void
_bobbin_session_refuse_attachment (BobbinSession       *self,
                                   const char          *name,
                                   const BobbinFailure *failure)
{
  g_signal_emit (self, signals[SIGNAL_ATTACHMENT_REFUSED], 0, name, failure);
}

void
_bobbin_session_account_changed (BobbinSession *self)
{
  if (self->closed)
    return;

  self->tries = self->rate_waits = 0;
  switch (self->state)
    {
    case BOBBIN_SESSION_FAILED:
    case BOBBIN_SESSION_BACKOFF:
    case BOBBIN_SESSION_OFFLINE:
      if (_bobbin_session_has_work (self) || self->live)
        _bobbin_session_start_link (self, TRUE);
      else
        _bobbin_session_leave_wait (self);
      break;
    case BOBBIN_SESSION_IDLE:
      /* The next message goes by the new settings. */
      _bobbin_session_drop_link (self);
      _bobbin_session_pump (self);
      break;
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_FALLBACK:
      /* To where the account no longer is, or with a key it no longer has. */
      _bobbin_session_drop_link (self);
      _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
      _bobbin_session_pump (self);
      break;
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_APPROVAL:
    case BOBBIN_SESSION_STOPPING:
      /* What runs goes on, with what comes late. */
      self->stale = TRUE;
      break;
    case BOBBIN_N_SESSION_STATES:
    default:
      g_assert_not_reached ();
    }
}

void
_bobbin_session_shut_down (BobbinSession *self)
{
  g_autoptr(BobbinFailure) failure = NULL;

  if (self->closed)
    return;

  if (self->run != NULL)
    {
      failure = bobbin_failure_new (BOBBIN_ERROR_INTERRUPTED,
                                    self->run->accepted ? BOBBIN_CERTAINTY_ACCEPTED : BOBBIN_CERTAINTY_UNKNOWN,
                                    "The program was closed");
      if (self->run->prompt != NULL && !self->run->written)
        _bobbin_session_requeue (self, NULL);
      else
        _bobbin_session_end_run (self, BOBBIN_DELIVERY_INTERRUPTED, failure);
    }
  _bobbin_session_save_ends (self);
  _bobbin_session_flush_draft (self);
  if (self->reading_timer != 0)
    _bobbin_session_save_thread (self);
  _bobbin_session_retry_store (self);
  _bobbin_session_drop_link (self);
  _bobbin_session_drop_pending (self);
  _bobbin_session_free_sync (self);

  self->closed = TRUE;
  bobbin_clock_clear (self->clock, &self->retry_timer);
  bobbin_clock_clear (self->clock, &self->hold_timer);
  bobbin_clock_clear (self->clock, &self->stop_timer);
  bobbin_clock_clear (self->clock, &self->quiet_timer);
  bobbin_clock_clear (self->clock, &self->save_timer);
  bobbin_clock_clear (self->clock, &self->draft_timer);
  bobbin_clock_clear (self->clock, &self->store_timer);
  bobbin_clock_clear (self->clock, &self->reading_timer);
  g_signal_handlers_disconnect_by_data (self->network, self);
  g_signal_handlers_disconnect_by_data (self->draft, self);
  bobbin_thread_set_live_activity (self->thread, BOBBIN_ACTIVITY_NONE);
  if (self->queue.length > 0 && self->library != NULL)
    _bobbin_library_add_outbox (self->library, bobbin_thread_get_id (self->thread));
}

gboolean
_bobbin_session_find_message (BobbinSession *self,
                              BobbinMessage *message,
                              guint         *ret_position)
{
  /* From the end, where everything happens. */
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i-- > 0;)
    {
      g_autoptr(BobbinMessage) candidate = g_list_model_get_item (G_LIST_MODEL (self->messages), i);

      if (candidate == message)
        {
          *ret_position = i;
          return TRUE;
        }
    }

  return FALSE;
}

/* Public getters */

BobbinThread *
bobbin_session_get_thread (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return self->thread;
}

BobbinAccount *
bobbin_session_get_account (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return self->account;
}

BobbinBackend *
bobbin_session_get_backend (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return self->backend;
}

BobbinSessionState
bobbin_session_get_state (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), BOBBIN_SESSION_IDLE);

  return self->state;
}

gboolean
bobbin_session_get_connected (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return self->channel != NULL && self->ready;
}

gboolean
bobbin_session_get_awaits_key (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return self->link != NULL && self->channel == NULL;
}

gint64
bobbin_session_get_retry_at_us (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), 0);

  return self->retry_at_us;
}

const BobbinFailure *
bobbin_session_get_failure (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return self->failure;
}

GListModel *
bobbin_session_get_messages (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->messages);
}

BobbinDraft *
bobbin_session_get_draft (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return self->draft;
}

gboolean
bobbin_session_get_loaded (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return self->loaded;
}

gboolean
bobbin_session_get_has_older (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return self->has_older || _bobbin_session_has_remote_older (self);
}

gboolean
bobbin_session_get_reconciling (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return _bobbin_session_is_reconciling (self);
}

guint
bobbin_session_get_queue_length (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), 0);

  return self->queue.length;
}

gboolean
bobbin_session_get_quiet (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return self->quiet;
}

gboolean
bobbin_session_get_can_send_context (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return self->can_send_context;
}

const char *
bobbin_session_get_transport (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return bobbin_session_get_connected (self) ? bobbin_channel_get_transport (self->channel) : NULL;
}

const char *
bobbin_session_get_working_text (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  return self->working_text;
}

guint
bobbin_session_get_n_attaching (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), 0);

  return self->n_attaching;
}
