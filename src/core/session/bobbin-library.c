#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"

#include "model/bobbin-model-private.h"
#include "model/bobbin-rule.h"
#include "session/bobbin-session-private.h"

G_DEFINE_FINAL_TYPE (BobbinLibrary, bobbin_library, G_TYPE_OBJECT)

enum
{
  PROP_STORE = 1,
  PROP_SECRETS,
  PROP_CLOCK,
  PROP_NETWORK,
  PROP_BACKEND_FACTORY,
  PROP_ACCOUNTS,
  PROP_THREADS,
  PROP_ARCHIVE,
  PROP_BIN,
  PROP_LOADED,
  PROP_HAS_MORE,
  PROP_ANSWERING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_THREAD_ADDED,
  SIGNAL_TURN_ENDED,
  SIGNAL_APPROVAL_WAITING,
  SIGNAL_STORE_FAILED,
  SIGNAL_STORE_RECOVERED,
  SIGNAL_REMOTE_FAILED,
  SIGNAL_SEND_FAILED,
  SIGNAL_LINKING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
bobbin_library_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BobbinLibrary *self = BOBBIN_LIBRARY (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_SECRETS:
      g_value_set_object (value, self->secrets);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    case PROP_NETWORK:
      g_value_set_object (value, self->network);
      break;
    case PROP_BACKEND_FACTORY:
      g_value_set_pointer (value, (gpointer) self->factory);
      break;
    case PROP_ACCOUNTS:
      g_value_set_object (value, self->accounts);
      break;
    case PROP_THREADS:
      g_value_set_object (value, bobbin_library_get_threads (self));
      break;
    case PROP_ARCHIVE:
      g_value_set_object (value, bobbin_library_get_archive (self));
      break;
    case PROP_BIN:
      g_value_set_object (value, bobbin_library_get_bin (self));
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    case PROP_HAS_MORE:
      g_value_set_boolean (value, bobbin_library_get_has_more (self));
      break;
    case PROP_ANSWERING:
      g_value_set_boolean (value, bobbin_library_get_answering (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_library_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  BobbinLibrary *self = BOBBIN_LIBRARY (object);

  switch (prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;
    case PROP_SECRETS:
      self->secrets = g_value_dup_object (value);
      break;
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    case PROP_NETWORK:
      self->network = g_value_dup_object (value);
      break;
    case PROP_BACKEND_FACTORY:
      self->factory = (BobbinBackendFactory) g_value_get_pointer (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
shut_down (BobbinLibrary *self)
{
  g_autoptr(GPtrArray) sessions = NULL;

  if (self->closed)
    return;

  g_cancellable_cancel (self->cancellable);
  _bobbin_library_unwatch (self);
  sessions = _bobbin_library_list_sessions (self, 0);
  for (guint i = 0; i < sessions->len; i++)
    _bobbin_session_shut_down (sessions->pdata[i]);
  _bobbin_library_save_dirty (self);
  self->closed = TRUE;
  g_hash_table_remove_all (self->busy);
  bobbin_clock_clear (self->clock, &self->dirty_timer);
  bobbin_clock_clear (self->clock, &self->expiry_timer);
  bobbin_clock_clear (self->clock, &self->change_timer);
  bobbin_clock_clear (self->clock, &self->purge_timer);
  g_signal_handlers_disconnect_by_data (self->network, self);
}

static void
forget_session (gpointer  data,
                GObject  *where_it_was)
{
  BobbinLibrary *self = data;
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    if (session == (gpointer) where_it_was)
      g_hash_table_iter_remove (&iter);
}

static void
bobbin_library_dispose (GObject *object)
{
  BobbinLibrary *self = BOBBIN_LIBRARY (object);
  GHashTableIter iter;
  gpointer session;

  shut_down (self);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    {
      g_object_weak_unref (session, forget_session, self);
      g_hash_table_iter_remove (&iter);
    }

  G_OBJECT_CLASS (bobbin_library_parent_class)->dispose (object);
}

static void
bobbin_library_finalize (GObject *object)
{
  BobbinLibrary *self = BOBBIN_LIBRARY (object);

  _bobbin_library_finalize_threads (self);
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_pointer (&self->busy, g_hash_table_unref);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->outboxes, g_hash_table_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_object (&self->accounts);
  g_clear_object (&self->rules);
  g_clear_object (&self->labels);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->secrets);
  g_clear_object (&self->network);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (bobbin_library_parent_class)->finalize (object);
}

/* Timers stand still while the machine sleeps. */
static void
woken_cb (BobbinNetwork *network,
          BobbinLibrary *self)
{
  _bobbin_library_update_expiry (self);
  _bobbin_library_run_changes (self);
  _bobbin_library_purge_bin (self);
}

static void
network_back_cb (BobbinNetwork *network,
                 BobbinLibrary *self)
{
  _bobbin_library_run_changes (self);
}

static void
bobbin_library_constructed (GObject *object)
{
  BobbinLibrary *self = BOBBIN_LIBRARY (object);

  G_OBJECT_CLASS (bobbin_library_parent_class)->constructed (object);

  g_assert (self->store != NULL && self->secrets != NULL && self->clock != NULL && self->network != NULL);
  if (self->factory == NULL)
    self->factory = bobbin_registry_create;
  g_signal_connect (self->network, "woken", G_CALLBACK (woken_cb), self);
  g_signal_connect (self->network, "returned", G_CALLBACK (network_back_cb), self);
}

static void
bobbin_library_class_init (BobbinLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_library_get_property;
  object_class->set_property = bobbin_library_set_property;
  object_class->constructed = bobbin_library_constructed;
  object_class->dispose = bobbin_library_dispose;
  object_class->finalize = bobbin_library_finalize;

  props[PROP_STORE] = g_param_spec_object ("store", NULL, NULL, BOBBIN_TYPE_STORE, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_SECRETS] = g_param_spec_object ("secrets", NULL, NULL, BOBBIN_TYPE_SECRETS, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, BOBBIN_TYPE_CLOCK, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_NETWORK] = g_param_spec_object ("network", NULL, NULL, BOBBIN_TYPE_NETWORK, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_BACKEND_FACTORY] = g_param_spec_pointer ("backend-factory", NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_ACCOUNTS] = g_param_spec_object ("accounts", NULL, NULL, G_TYPE_LIST_MODEL, BOBBIN_PARAM_RO);
  props[PROP_THREADS] = g_param_spec_object ("threads", NULL, NULL, G_TYPE_LIST_MODEL, BOBBIN_PARAM_RO);
  props[PROP_ARCHIVE] = g_param_spec_object ("archive", NULL, NULL, G_TYPE_LIST_MODEL, BOBBIN_PARAM_RO);
  props[PROP_BIN] = g_param_spec_object ("bin", NULL, NULL, G_TYPE_LIST_MODEL, BOBBIN_PARAM_RO);
  props[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_HAS_MORE] = g_param_spec_boolean ("has-more", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  props[PROP_ANSWERING] = g_param_spec_boolean ("answering", NULL, NULL, FALSE, BOBBIN_PARAM_RO);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_THREAD_ADDED] =
    g_signal_new ("thread-added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOBBIN_TYPE_THREAD);
  signals[SIGNAL_TURN_ENDED] =
    g_signal_new ("turn-ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BOBBIN_TYPE_SESSION, BOBBIN_TYPE_MESSAGE);
  signals[SIGNAL_APPROVAL_WAITING] =
    g_signal_new ("approval-waiting", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, BOBBIN_TYPE_SESSION, BOBBIN_TYPE_MESSAGE, BOBBIN_TYPE_BLOCK);
  signals[SIGNAL_STORE_FAILED] =
    g_signal_new ("store-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOBBIN_TYPE_FAILURE);
  signals[SIGNAL_STORE_RECOVERED] =
    g_signal_new ("store-recovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REMOTE_FAILED] =
    g_signal_new ("remote-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BOBBIN_TYPE_ACCOUNT, BOBBIN_TYPE_FAILURE);
  signals[SIGNAL_SEND_FAILED] =
    g_signal_new ("send-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BOBBIN_TYPE_SESSION, BOBBIN_TYPE_FAILURE);
  signals[SIGNAL_LINKING] =
    g_signal_new ("linking", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOBBIN_TYPE_SESSION);
}

static void
bobbin_library_init (BobbinLibrary *self)
{
  self->accounts = g_list_store_new (BOBBIN_TYPE_ACCOUNT);
  self->rules = g_list_store_new (BOBBIN_TYPE_RULE);
  self->labels = g_list_store_new (BOBBIN_TYPE_LABEL);
  self->entries = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify) _bobbin_account_entry_free);
  self->outboxes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->sessions = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_remote_change_free);
  self->busy = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->cancellable = g_cancellable_new ();
  self->adopts = TRUE;
  _bobbin_library_init_threads (self);
}

BobbinLibrary *
bobbin_library_new (BobbinStore   *store,
                    BobbinSecrets *secrets,
                    BobbinClock   *clock,
                    BobbinNetwork *network)
{
  return bobbin_library_new_with_factory (store, secrets, clock, network, NULL);
}

BobbinLibrary *
bobbin_library_new_with_factory (BobbinStore          *store,
                                 BobbinSecrets        *secrets,
                                 BobbinClock          *clock,
                                 BobbinNetwork        *network,
                                 BobbinBackendFactory  factory)
{
  return g_object_new (BOBBIN_TYPE_LIBRARY,
                       "store", store,
                       "secrets", secrets,
                       "clock", clock,
                       "network", network,
                       "backend-factory", factory,
                       NULL);
}

/* Loading: accounts, what a crash left, pinned threads, the first page of the others, then what was queued. */

typedef struct
{
  GArray *queued; /* of gint64: threads whose messages wait */
} Load;

static void
load_free (Load *load)
{
  g_clear_pointer (&load->queued, g_array_unref);
  g_free (load);
}

static void
queued_thread_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_store_load_thread_finish (BOBBIN_STORE (source), result, &error);

  if (self->closed || thread == NULL || bobbin_thread_get_deleted_us (thread) != 0)
    return;

  /* Its first page brings the queue, and the queue keeps it alive. */
  g_object_unref (bobbin_library_get_session (self, _bobbin_library_intern_thread (self, thread)));
}

static void
resume_queues (BobbinLibrary *self,
               GArray        *thread_ids)
{
  for (guint i = 0; i < thread_ids->len; i++)
    {
      gint64 thread_id = g_array_index (thread_ids, gint64, i);

      _bobbin_library_add_outbox (self, thread_id);
      bobbin_store_load_thread_async (self->store, thread_id, self->cancellable, queued_thread_cb, g_object_ref (self));
    }
}

static void
active_page_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  Load *load = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_threads_finish (BOBBIN_STORE (source), result, &error);

  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  _bobbin_library_add_page (self, page, TRUE);
  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
  if (load->queued != NULL)
    resume_queues (self, load->queued);
  _bobbin_library_purge_bin (self);
  _bobbin_library_load_changes (self);
  _bobbin_library_watch (self);
  g_task_return_boolean (task, TRUE);
}

static void
pinned_page_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  BobbinThreadQuery query = { .folder = BOBBIN_FOLDER_ACTIVE, .limit = BOBBIN_LIBRARY_PAGE };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_threads_finish (BOBBIN_STORE (source), result, &error);

  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  _bobbin_library_add_page (self, page, FALSE);
  bobbin_store_list_threads_async (self->store, &query, g_task_get_cancellable (task), active_page_cb,
                                   g_object_ref (task));
}

static void
list_pinned (GTask *task)
{
  BobbinLibrary *self = g_task_get_source_object (task);
  BobbinThreadQuery query = { .folder = BOBBIN_FOLDER_PINNED, .limit = 1000 };

  bobbin_store_list_threads_async (self->store, &query, g_task_get_cancellable (task), pinned_page_cb,
                                   g_object_ref (task));
}

static void
claimed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Load *load = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* A profile that cannot be written is still read. */
  load->queued = bobbin_store_claim_orphans_finish (BOBBIN_STORE (source), result, &error);
  if (error != NULL)
    g_debug ("Nothing claimed: %s", error->message);

  list_pinned (task);
}

static void
accounts_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) accounts = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);

  if (accounts == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  _bobbin_library_add_accounts (self, accounts);
  _bobbin_library_load_rules (self);
  _bobbin_library_load_labels (self);
  if (!self->adopts)
    {
      list_pinned (task);
      return;
    }
  bobbin_store_claim_orphans_async (self->store, g_task_get_cancellable (task), claimed_cb, g_object_ref (task));
}

void
bobbin_library_set_adopts (BobbinLibrary *self,
                           gboolean       adopts)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (!self->loaded);

  self->adopts = adopts;
}

void
bobbin_library_load_async (BobbinLibrary       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_load_async);
  g_task_set_task_data (task, g_new0 (Load, 1), (GDestroyNotify) load_free);
  bobbin_store_list_accounts_async (self->store, cancellable, accounts_cb, g_steal_pointer (&task));
}

gboolean
bobbin_library_load_finish (BobbinLibrary *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bobbin_library_close (BobbinLibrary *self)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  if (self->closed)
    return;

  shut_down (self);
  bobbin_store_close (self->store);
}

/* Sessions */

BobbinSession *
bobbin_library_get_session (BobbinLibrary *self,
                            BobbinThread  *thread)
{
  BobbinSession *session;
  BobbinAccount *account;
  gint64 thread_id;

  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (BOBBIN_IS_THREAD (thread), NULL);

  thread_id = bobbin_thread_get_id (thread);
  session = g_hash_table_lookup (self->sessions, &thread_id);
  if (session != NULL)
    return g_object_ref (session);

  account = bobbin_library_find_account (self, bobbin_thread_get_account_id (thread));
  g_return_val_if_fail (account != NULL, NULL);

  session = _bobbin_session_new (self, thread, account, _bobbin_library_ensure_thread (self, thread, FALSE));
  g_hash_table_insert (self->sessions, g_memdup2 (&thread_id, sizeof thread_id), session);
  g_object_weak_ref (G_OBJECT (session), forget_session, self);

  return session;
}

GPtrArray *
_bobbin_library_list_sessions (BobbinLibrary *self,
                               gint64         account_id)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    if (account_id == 0 || bobbin_account_get_id (bobbin_session_get_account (session)) == account_id)
      g_ptr_array_add (list, g_object_ref (session));

  return list;
}

void
_bobbin_library_close_session (BobbinLibrary *self,
                               gint64         thread_id)
{
  BobbinSession *session = g_hash_table_lookup (self->sessions, &thread_id);

  if (session == NULL)
    return;

  g_object_ref (session);
  _bobbin_session_shut_down (session);
  g_object_weak_unref (G_OBJECT (session), forget_session, self);
  g_hash_table_remove (self->sessions, &thread_id);
  g_hash_table_remove (self->busy, session);
  g_object_unref (session);
  _bobbin_library_update_answering (self);
}

void
_bobbin_library_session_busy (BobbinLibrary *self,
                              BobbinSession *session,
                              gboolean       busy)
{
  if (self->closed || busy == g_hash_table_contains (self->busy, session))
    return;

  if (busy)
    g_hash_table_add (self->busy, g_object_ref (session));
  else
    g_hash_table_remove (self->busy, session);
}

static gboolean
is_answering (BobbinLibrary *self)
{
  GHashTableIter iter;
  gpointer session;

  /* Whoever answers is busy. */
  g_hash_table_iter_init (&iter, self->busy);
  while (g_hash_table_iter_next (&iter, &session, NULL))
    if (bobbin_thread_get_live_activity (bobbin_session_get_thread (session)) == BOBBIN_ACTIVITY_ANSWERING)
      return TRUE;

  return FALSE;
}

void
_bobbin_library_update_answering (BobbinLibrary *self)
{
  gboolean answering = !self->closed && is_answering (self);

  if (answering == self->answering)
    return;

  self->answering = answering;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ANSWERING]);
}

gboolean
bobbin_library_get_answering (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), FALSE);

  return self->answering;
}

void
_bobbin_library_send_failed (BobbinLibrary       *self,
                             BobbinSession       *session,
                             const BobbinFailure *failure)
{
  if (!self->closed)
    g_signal_emit (self, signals[SIGNAL_SEND_FAILED], 0, session, failure);
}

void
_bobbin_library_add_outbox (BobbinLibrary *self,
                            gint64         thread_id)
{
  g_hash_table_add (self->outboxes, g_memdup2 (&thread_id, sizeof thread_id));
}

/* Whoever asks has it from then on. */
gboolean
_bobbin_library_take_outbox (BobbinLibrary *self,
                             gint64         thread_id)
{
  return g_hash_table_remove (self->outboxes, &thread_id);
}

void
_bobbin_library_turn_ended (BobbinLibrary *self,
                            BobbinSession *session,
                            BobbinMessage *answer)
{
  if (!self->closed)
    g_signal_emit (self, signals[SIGNAL_TURN_ENDED], 0, session, answer);
}

void
_bobbin_library_linking (BobbinLibrary *self,
                         BobbinSession *session)
{
  if (!self->closed)
    g_signal_emit (self, signals[SIGNAL_LINKING], 0, session);
}

void
_bobbin_library_approval_waiting (BobbinLibrary *self,
                                  BobbinSession *session,
                                  BobbinMessage *message,
                                  BobbinBlock   *block)
{
  if (!self->closed)
    g_signal_emit (self, signals[SIGNAL_APPROVAL_WAITING], 0, session, message, block);
}

void
_bobbin_library_emit_thread_added (BobbinLibrary *self,
                                   BobbinThread  *thread)
{
  g_signal_emit (self, signals[SIGNAL_THREAD_ADDED], 0, thread);
}

void
_bobbin_library_notify_has_more (BobbinLibrary *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HAS_MORE]);
}

/* Said once, until all could be written again: a full disk fails many writes in a row. */
void
_bobbin_library_store_failed (BobbinLibrary       *self,
                              const BobbinFailure *failure)
{
  if (self->closed || self->store_broken)
    return;

  self->store_broken = TRUE;
  g_signal_emit (self, signals[SIGNAL_STORE_FAILED], 0, failure);
}

void
_bobbin_library_remote_failed (BobbinLibrary       *self,
                               BobbinAccount       *account,
                               const BobbinFailure *failure)
{
  if (!self->closed)
    g_signal_emit (self, signals[SIGNAL_REMOTE_FAILED], 0, account, failure);
}

/* A disk that is nearly full takes what is small: it is over when nothing waits to be tried again. */
void
_bobbin_library_store_worked (BobbinLibrary *self)
{
  GHashTableIter iter;
  gpointer session;

  if (self->closed || !self->store_broken || self->dirty_timer != 0)
    return;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    if (_bobbin_session_has_unsaved (session))
      return;

  self->store_broken = FALSE;
  g_signal_emit (self, signals[SIGNAL_STORE_RECOVERED], 0);
}

BobbinStore *
bobbin_library_get_store (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return self->store;
}

BobbinSecrets *
bobbin_library_get_secrets (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return self->secrets;
}

BobbinClock *
bobbin_library_get_clock (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return self->clock;
}

BobbinNetwork *
bobbin_library_get_network (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return self->network;
}
