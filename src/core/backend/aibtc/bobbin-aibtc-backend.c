#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/aibtc/bobbin-aibtc-private.h"

#include "model/bobbin-account.h"

#include <string.h>

#define MINUTE_US (60 * G_USEC_PER_SEC)

struct _BobbinAibtcBackend
{
  GObject          parent_instance;
  /* owned */
  BobbinAccount   *account;
  BobbinClock     *clock;
  BobbinHttp      *http;
  BobbinAibtcLink *link;
  char            *credential; /* (nullable): wiped when it goes */

  gint64           sent_us[BOBBIN_AIBTC_A_MINUTE]; /* monotonic, a ring: when the last ten messages went; 0 none */
  guint            next_sent;
};

static void backend_iface_init (BobbinBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinAibtcBackend, bobbin_aibtc_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, backend_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_HISTORY, _bobbin_aibtc_history_iface_init))

static const BobbinLimits limits = {
  .messages_a_minute = BOBBIN_AIBTC_A_MINUTE,
  .reconcile_ms = 2 * BOBBIN_AIBTC_SILENCE_MS,
};

static void
wipe (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/* Section 2: a key is a UUID, anything else a token. */
static gboolean
is_key (const char *credential)
{
  return g_uuid_string_is_valid (credential);
}

static gboolean
is_header_text (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return FALSE;

  return TRUE;
}

BobbinFailure *
_bobbin_aibtc_check_account (BobbinAibtcBackend *self)
{
  const char *base = bobbin_account_get_base_url (self->account);

  if (base == NULL || *base == '\0')
    return bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, "The account has no address");
  if (self->credential == NULL || *self->credential == '\0')
    return bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT, "The account has no key");
  if (!is_header_text (self->credential))
    return bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT,
                               "The key holds characters that no key has: paste it again");

  return NULL;
}

/* The address with the credential is made just before connecting and kept nowhere (section 2). */
BobbinWsLink *
_bobbin_aibtc_make_link (BobbinAibtcBackend *self,
                         gboolean            query)
{
  const char *base = bobbin_account_get_base_url (self->account);
  gboolean key = is_key (self->credential != NULL ? self->credential : "");
  char *escaped = query ? g_uri_escape_string (self->credential != NULL ? self->credential : "", NULL, FALSE) : NULL;
  char *url = query ? g_strconcat (base, "/chat/ws?", key ? "key=" : "token=", escaped, NULL) : g_strconcat (base, "/chat/ws", NULL);
  BobbinWsLink *link = bobbin_ws_link_new (self->http, url);

  wipe (escaped);
  wipe (url);
  bobbin_ws_link_set_keepalive (link, BOBBIN_AIBTC_PING_S);
  if (!query && key)
    {
      bobbin_ws_link_set_header (link, "X-API-Key", self->credential);
    }
  else if (!query && self->credential != NULL)
    {
      char *bearer = g_strconcat ("Bearer ", self->credential, NULL);

      bobbin_ws_link_set_header (link, "Authorization", bearer);
      wipe (bearer);
    }

  return link;
}

gboolean
_bobbin_aibtc_may_try_both (BobbinAibtcBackend *self)
{
  g_autofree char *form = bobbin_account_dup_option (self->account, "auth");

  return form == NULL || *form == '\0' || g_str_equal (form, "auto");
}

gboolean
_bobbin_aibtc_get_query (BobbinAibtcBackend *self)
{
  g_autofree char *form = bobbin_account_dup_option (self->account, "auth");
  g_autofree char *learned = bobbin_account_dup_option (self->account, "ws-auth-form");

  if (_bobbin_aibtc_may_try_both (self))
    return g_strcmp0 (learned, "query") == 0;

  return g_strcmp0 (form, "query") == 0;
}

void
_bobbin_aibtc_learn_query (BobbinAibtcBackend *self,
                           gboolean            query)
{
  /* The header is the first choice and needs no remembering. */
  if (_bobbin_aibtc_may_try_both (self) && query != _bobbin_aibtc_get_query (self))
    bobbin_account_set_option (self->account, "ws-auth-form", query ? "query" : NULL);
}

gint64
_bobbin_aibtc_limit (BobbinAibtcBackend *self)
{
  gint64 now_us = bobbin_clock_monotonic_us (self->clock);
  gint64 oldest_us = self->sent_us[self->next_sent];

  if (oldest_us != 0 && now_us - oldest_us < MINUTE_US)
    return (MINUTE_US - (now_us - oldest_us)) / 1000 + 1;
  self->sent_us[self->next_sent] = MAX (now_us, 1);
  self->next_sent = (self->next_sent + 1) % BOBBIN_AIBTC_A_MINUTE;

  return 0;
}

BobbinHttp *
_bobbin_aibtc_get_http (BobbinAibtcBackend *self)
{
  return self->http;
}

BobbinClock *
_bobbin_aibtc_get_clock (BobbinAibtcBackend *self)
{
  return self->clock;
}

BobbinAibtcLink *
_bobbin_aibtc_get_link (BobbinAibtcBackend *self)
{
  return self->link;
}

/* The doctor: a handshake that is accepted has looked at the credential; it is all there is to see without a turn. */

static void
check_begin (gpointer user_data)
{
  BobbinAibtcJob **place = g_task_get_task_data (G_TASK (user_data));
  g_autoptr(GTask) task = G_TASK (user_data);

  _bobbin_aibtc_link_done (BOBBIN_AIBTC_BACKEND (g_task_get_source_object (task))->link, *place);
  g_task_return_boolean (task, TRUE);
}

static void
check_text (const char *text,
            gsize       length,
            gpointer    user_data)
{
}

static void
check_lost (BobbinFailure *failure,
            gpointer       user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  g_task_return_error (task, bobbin_failure_to_error (failure));
  bobbin_failure_free (failure);
}

static const BobbinAibtcJobHandlers check_handlers = { check_begin, check_text, check_lost };

static void
aibtc_check_async (BobbinBackend      *backend,
                   BobbinCheck         step,
                   const char         *agent_id,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  BobbinAibtcBackend *self = BOBBIN_AIBTC_BACKEND (backend);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(BobbinFailure) failure = _bobbin_aibtc_check_account (self);
  BobbinAibtcJob **place;

  g_task_set_source_tag (task, aibtc_check_async);
  if (failure != NULL)
    {
      g_task_return_error (task, bobbin_failure_to_error (failure));
      return;
    }
  place = g_new0 (BobbinAibtcJob *, 1);
  g_task_set_task_data (task, place, g_free);
  *place = _bobbin_aibtc_link_enqueue (self->link, &check_handlers, task);
  g_steal_pointer (&task);
}

static gboolean
aibtc_check_finish (BobbinBackend *backend,
                    GAsyncResult  *result,
                    GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Backend */

static BobbinCapabilities
aibtc_get_capabilities (BobbinBackend *backend)
{
  return bobbin_registry_get_capabilities (BOBBIN_SERVICE_AIBTC);
}

static const BobbinLimits *
aibtc_get_limits (BobbinBackend *backend)
{
  return &limits;
}

static void
renew_link (BobbinAibtcBackend *self)
{
  bobbin_http_configure (self->http, FALSE, bobbin_account_get_pinned_certificate (self->account));
}

static void
aibtc_set_credential (BobbinBackend *backend,
                      const char    *credential)
{
  BobbinAibtcBackend *self = BOBBIN_AIBTC_BACKEND (backend);
  char *old = self->credential;

  self->credential = credential != NULL ? g_strstrip (g_strdup (credential)) : NULL;
  wipe (old);
}

static BobbinChannel *
aibtc_open_channel (BobbinBackend *backend,
                    const char    *agent_id,
                    const char    *thread_id)
{
  BobbinAibtcBackend *self = BOBBIN_AIBTC_BACKEND (backend);

  return _bobbin_aibtc_channel_new (self, agent_id != NULL ? agent_id : bobbin_account_get_agent_id (self->account), thread_id);
}

static void
backend_iface_init (BobbinBackendInterface *iface)
{
  iface->get_capabilities = aibtc_get_capabilities;
  iface->get_limits = aibtc_get_limits;
  iface->set_credential = aibtc_set_credential;
  iface->open_channel = aibtc_open_channel;
  iface->check_async = aibtc_check_async;
  iface->check_finish = aibtc_check_finish;
}

static void
bobbin_aibtc_backend_finalize (GObject *object)
{
  BobbinAibtcBackend *self = BOBBIN_AIBTC_BACKEND (object);

  _bobbin_aibtc_link_free (self->link);
  wipe (self->credential);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (bobbin_aibtc_backend_parent_class)->finalize (object);
}

static void
bobbin_aibtc_backend_class_init (BobbinAibtcBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_aibtc_backend_finalize;
}

static void
bobbin_aibtc_backend_init (BobbinAibtcBackend *self)
{
}

BobbinBackend *
bobbin_aibtc_backend_new (BobbinAccount *account,
                          BobbinClock   *clock)
{
  BobbinAibtcBackend *self = g_object_new (BOBBIN_TYPE_AIBTC_BACKEND, NULL);

  self->account = g_object_ref (account);
  self->clock = g_object_ref (clock);
  self->http = bobbin_http_new (clock);
  self->link = _bobbin_aibtc_link_new (self);
  renew_link (self);
  g_signal_connect_object (account, "notify::pinned-certificate", G_CALLBACK (renew_link), self, G_CONNECT_SWAPPED);

  return BOBBIN_BACKEND (self);
}
