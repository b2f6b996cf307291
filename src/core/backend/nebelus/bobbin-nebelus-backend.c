#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-private.h"

#include "model/bobbin-account.h"

#include <string.h>

struct _BobbinNebelusBackend
{
  GObject        parent_instance;
  /* owned */
  BobbinAccount *account;
  BobbinClock   *clock;
  BobbinHttp    *http;
  char          *credential; /* (nullable): wiped when it goes */
  gboolean       sse_only;
};

static void backend_iface_init (BobbinBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinNebelusBackend, bobbin_nebelus_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, backend_iface_init))

/* nebelus.md, section 7: others are allowed, with a warning. */
static const char *const file_types[] = {
  "pdf", "txt", "doc", "docx", "png", "jpg", "jpeg", "gif", "webp", "js", "py", "ts", "json", "xml", "html", "css", "csv", "xls",
  "xlsx", NULL
};

/* nebelus.md, sections 6 and 7. */
static const BobbinLimits limits = {
  .file_bytes = 10 * 1024 * 1024,
  .message_bytes = 25 * 1024 * 1024,
  .thread_lifetime_us = 30 * G_TIME_SPAN_DAY,
  .file_types = file_types,
};

void
_bobbin_nebelus_wipe (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static BobbinCapabilities
nebelus_get_capabilities (BobbinBackend *backend)
{
  BobbinNebelusBackend *self = BOBBIN_NEBELUS_BACKEND (backend);

  return bobbin_registry_get_capabilities (bobbin_account_get_service (self->account));
}

static const BobbinLimits *
nebelus_get_limits (BobbinBackend *backend)
{
  return &limits;
}

static void
nebelus_set_credential (BobbinBackend *backend,
                        const char    *credential)
{
  BobbinNebelusBackend *self = BOBBIN_NEBELUS_BACKEND (backend);
  char *old = self->credential;

  self->credential = credential != NULL ? g_strstrip (g_strdup (credential)) : NULL;
  _bobbin_nebelus_wipe (old);
}

static BobbinChannel *
nebelus_open_channel (BobbinBackend *backend,
                      const char    *agent_id,
                      const char    *thread_id)
{
  BobbinNebelusBackend *self = BOBBIN_NEBELUS_BACKEND (backend);

  if (agent_id == NULL)
    agent_id = bobbin_account_get_agent_id (self->account);
  switch (bobbin_account_get_transport (self->account))
    {
    case BOBBIN_TRANSPORT_WS:
      return _bobbin_nebelus_ws_channel_new (self, agent_id, thread_id);
    case BOBBIN_TRANSPORT_SSE:
      return _bobbin_nebelus_sse_channel_new (self, agent_id, thread_id);
    case BOBBIN_TRANSPORT_AUTO:
    default:
      return self->sse_only ? _bobbin_nebelus_sse_channel_new (self, agent_id, thread_id)
                            : _bobbin_nebelus_auto_channel_new (self, agent_id, thread_id);
    }
}

static void
nebelus_check_async (BobbinBackend      *backend,
                     BobbinCheck         step,
                     const char         *agent_id,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  BobbinNebelusBackend *self = BOBBIN_NEBELUS_BACKEND (backend);
  BobbinTransport transport = bobbin_account_get_transport (self->account);

  if (agent_id == NULL)
    agent_id = bobbin_account_get_agent_id (self->account);
  if (self->sse_only && transport == BOBBIN_TRANSPORT_AUTO)
    transport = BOBBIN_TRANSPORT_SSE;
  _bobbin_nebelus_check_async (self, step, agent_id, transport, cancellable, callback, user_data);
}

static gboolean
nebelus_check_finish (BobbinBackend *backend,
                      GAsyncResult  *result,
                      GError       **error)
{
  return _bobbin_nebelus_check_finish (BOBBIN_NEBELUS_BACKEND (backend), result, error);
}

static void
backend_iface_init (BobbinBackendInterface *iface)
{
  iface->get_capabilities = nebelus_get_capabilities;
  iface->get_limits = nebelus_get_limits;
  iface->set_credential = nebelus_set_credential;
  iface->open_channel = nebelus_open_channel;
  iface->check_async = nebelus_check_async;
  iface->check_finish = nebelus_check_finish;
}

/* What was learned about the old address says nothing about the new one. */
static void
account_changed_cb (BobbinNebelusBackend *self)
{
  self->sse_only = FALSE;
  /* nebelus.md, section 1: plain http for loopback only, whatever the account says. */
  bobbin_http_configure (self->http, FALSE, bobbin_account_get_pinned_certificate (self->account));
}

static void
bobbin_nebelus_backend_finalize (GObject *object)
{
  BobbinNebelusBackend *self = BOBBIN_NEBELUS_BACKEND (object);

  _bobbin_nebelus_wipe (self->credential);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (bobbin_nebelus_backend_parent_class)->finalize (object);
}

static void
bobbin_nebelus_backend_class_init (BobbinNebelusBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_nebelus_backend_finalize;
}

static void
bobbin_nebelus_backend_init (BobbinNebelusBackend *self)
{
}

BobbinBackend *
bobbin_nebelus_backend_new (BobbinAccount *account,
                            BobbinClock   *clock)
{
  BobbinNebelusBackend *self = g_object_new (BOBBIN_TYPE_NEBELUS_BACKEND, NULL);

  self->account = g_object_ref (account);
  self->clock = g_object_ref (clock);
  self->http = bobbin_http_new (clock);
  account_changed_cb (self);
  g_signal_connect_object (account, "notify::base-url", G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::transport", G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::pinned-certificate", G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);

  return BOBBIN_BACKEND (self);
}

BobbinHttp *
_bobbin_nebelus_backend_get_http (BobbinNebelusBackend *self)
{
  return self->http;
}

BobbinClock *
_bobbin_nebelus_backend_get_clock (BobbinNebelusBackend *self)
{
  return self->clock;
}

const char *
_bobbin_nebelus_backend_get_base_url (BobbinNebelusBackend *self)
{
  return bobbin_account_get_base_url (self->account);
}

char *
_bobbin_nebelus_backend_dup_authorization (BobbinNebelusBackend *self,
                                           gboolean              bare)
{
  if (self->credential == NULL || *self->credential == '\0')
    return NULL;

  return bare ? g_strdup (self->credential) : g_strconcat ("Bearer ", self->credential, NULL);
}

gboolean
_bobbin_nebelus_backend_get_bare (BobbinNebelusBackend *self)
{
  g_autofree char *form = bobbin_account_dup_option (self->account, "ws-auth-form");

  return g_strcmp0 (form, "bare") == 0;
}

void
_bobbin_nebelus_backend_set_bare (BobbinNebelusBackend *self,
                                  gboolean              bare)
{
  /* Bearer is the first choice and needs no remembering. */
  if (bare != _bobbin_nebelus_backend_get_bare (self))
    bobbin_account_set_option (self->account, "ws-auth-form", bare ? "bare" : NULL);
}

gboolean
_bobbin_nebelus_backend_get_sse_only (BobbinNebelusBackend *self)
{
  return self->sse_only;
}

void
_bobbin_nebelus_backend_set_sse_only (BobbinNebelusBackend *self)
{
  g_info ("WebSockets do not get through, but HTTP does: using SSE for this run");
  self->sse_only = TRUE;
}
