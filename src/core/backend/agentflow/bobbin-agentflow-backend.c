#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "model/bobbin-account.h"

#include <string.h>

static void backend_iface_init (BobbinBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinAgentflowBackend, bobbin_agentflow_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, backend_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_LISTER, _bobbin_agentflow_threads_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_HISTORY, _bobbin_agentflow_history_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_STATE, _bobbin_agentflow_state_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_DOWNLOADER, _bobbin_agentflow_downloader_iface_init))

/* What any server of this kind can do, less what this one was found to lack (section 13, "Feature detection"). */
static BobbinCapabilities
agentflow_get_capabilities (BobbinBackend *backend)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (backend);
  BobbinCapabilities can = bobbin_registry_get_capabilities (bobbin_account_get_service (self->account));

  if (self->features.known && !self->features.checkpointer)
    can &= ~(BOBBIN_CAN_LIST_THREADS | BOBBIN_CAN_SEARCH_THREADS | BOBBIN_CAN_READ_HISTORY | BOBBIN_CAN_EDIT_HISTORY |
             BOBBIN_CAN_DELETE_THREAD | BOBBIN_CAN_STATE);
  if (self->features.known && !self->features.uploads)
    can &= ~(BOBBIN_CAN_ATTACH | BOBBIN_CAN_UPLOAD);
  /* Section 9: older servers run on to the end, whatever is asked of them. */
  if (self->features.known && !_bobbin_agentflow_stops_on_server (self))
    can &= ~BOBBIN_CAN_CANCEL;

  return can;
}

static const BobbinLimits *
agentflow_get_limits (BobbinBackend *backend)
{
  return &BOBBIN_AGENTFLOW_BACKEND (backend)->limits;
}

static void
agentflow_set_credential (BobbinBackend *backend,
                          const char    *credential)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (backend);
  char *old = self->credential;

  self->credential = credential != NULL ? g_strstrip (g_strdup (credential)) : NULL;
  _bobbin_agentflow_wipe (old);
}

static BobbinChannel *
agentflow_open_channel (BobbinBackend *backend,
                        const char    *agent_id,
                        const char    *thread_id)
{
  return _bobbin_agentflow_channel_new (BOBBIN_AGENTFLOW_BACKEND (backend), thread_id);
}

static void
agentflow_check_async (BobbinBackend      *backend,
                       BobbinCheck         step,
                       const char         *agent_id,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  _bobbin_agentflow_check_async (BOBBIN_AGENTFLOW_BACKEND (backend), step, cancellable, callback, user_data);
}

static gboolean
agentflow_check_finish (BobbinBackend *backend,
                        GAsyncResult  *result,
                        GError       **error)
{
  return _bobbin_agentflow_check_finish (BOBBIN_AGENTFLOW_BACKEND (backend), result, error);
}

static void
backend_iface_init (BobbinBackendInterface *iface)
{
  iface->get_capabilities = agentflow_get_capabilities;
  iface->get_limits = agentflow_get_limits;
  iface->set_credential = agentflow_set_credential;
  iface->open_channel = agentflow_open_channel;
  iface->check_async = agentflow_check_async;
  iface->check_finish = agentflow_check_finish;
}

/* What was learned about the old address says nothing about the new one. */
static void
account_changed_cb (BobbinAgentflowBackend *self)
{
  self->features = (BobbinAgentflowFeatures) { .text_ids = TRUE, .checkpointer = TRUE, .uploads = TRUE };
  self->features_us = 0;
  self->no_stream = FALSE;
  g_clear_pointer (&self->state_id, g_free);
  g_clear_pointer (&self->state, json_object_unref);
  self->limits.file_bytes = BOBBIN_AGENTFLOW_BODY_BYTES;
  g_hash_table_remove_all (self->file_ids);
  g_hash_table_remove_all (self->ends);
  bobbin_http_configure (self->http, bobbin_account_get_allow_plain (self->account),
                         bobbin_account_get_pinned_certificate (self->account));
}

static void
bobbin_agentflow_backend_finalize (GObject *object)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (object);

  _bobbin_agentflow_wipe (self->credential);
  g_clear_pointer (&self->file_ids, g_hash_table_unref);
  g_clear_pointer (&self->ends, g_hash_table_unref);
  g_clear_pointer (&self->state_id, g_free);
  g_clear_pointer (&self->state, json_object_unref);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (bobbin_agentflow_backend_parent_class)->finalize (object);
}

static void
bobbin_agentflow_backend_class_init (BobbinAgentflowBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_agentflow_backend_finalize;
}

static void
bobbin_agentflow_backend_init (BobbinAgentflowBackend *self)
{
  self->file_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  /* Section 9: after 60 s the person may send anyway. */
  self->limits = (BobbinLimits) { .file_bytes = BOBBIN_AGENTFLOW_BODY_BYTES, .reconcile_ms = 60000 };
}

BobbinBackend *
bobbin_agentflow_backend_new (BobbinAccount *account,
                              BobbinClock   *clock)
{
  static const char *const watched[] = { "notify::base-url", "notify::allow-plain", "notify::pinned-certificate", "notify::options" };
  BobbinAgentflowBackend *self = g_object_new (BOBBIN_TYPE_AGENTFLOW_BACKEND, NULL);

  self->account = g_object_ref (account);
  self->clock = g_object_ref (clock);
  self->http = bobbin_http_new (clock);
  account_changed_cb (self);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (account, watched[i], G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);

  return BOBBIN_BACKEND (self);
}
