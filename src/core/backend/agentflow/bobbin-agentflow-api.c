/* Requests to an AgentFlow server: address, credential, errors, and what the server can do. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "model/bobbin-account.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-errors.h"

#include <string.h>

#define FEATURES_US (5 * 60 * (gint64) G_USEC_PER_SEC) /* a server is not changed every minute */

void
_bobbin_agentflow_wipe (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/* A header ends at a line end: a key must not bring its own. */
static gboolean
is_header_text (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return FALSE;

  return TRUE;
}

static gboolean
is_token (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("!#$%&'*+-.^_`|~", *p) == NULL)
      return FALSE;

  return *text != '\0';
}

BobbinFailure *
_bobbin_agentflow_check_account (BobbinAgentflowBackend *self)
{
  g_autofree char *form = bobbin_account_dup_option (self->account, "auth");
  g_autofree char *header = bobbin_account_dup_option (self->account, "auth-header");
  const char *base_url = bobbin_account_get_base_url (self->account);

  if (base_url == NULL || *base_url == '\0')
    return bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, "The account has no address");
  if (self->credential != NULL && !is_header_text (self->credential))
    return bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT,
                               "The key holds characters that no key has: paste it again");
  if (g_strcmp0 (form, "header") == 0 && (header == NULL || !is_token (header)))
    return bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT,
                               "The account sends its key in a header of its own, but the name of the header is missing");

  return NULL;
}

/* Section 1, "Authentication". Never in the address. */
static void
add_credential (BobbinAgentflowBackend *self,
                BobbinHttpRequest      *request)
{
  g_autofree char *form = bobbin_account_dup_option (self->account, "auth");
  g_autofree char *header = bobbin_account_dup_option (self->account, "auth-header");
  g_autofree char *prefix = bobbin_account_dup_option (self->account, "auth-prefix");
  char *value;

  if (self->credential == NULL || *self->credential == '\0' || !is_header_text (self->credential))
    return;

  if (g_strcmp0 (form, "basic") == 0)
    {
      char *encoded = g_base64_encode ((const guchar *) self->credential, strlen (self->credential));

      value = g_strconcat ("Basic ", encoded, NULL);
      _bobbin_agentflow_wipe (encoded);
      bobbin_http_request_set_header (request, "Authorization", value);
    }
  else if (g_strcmp0 (form, "header") == 0)
    {
      gboolean has_prefix = prefix != NULL && *prefix != '\0' && is_header_text (prefix);

      value = g_strconcat (has_prefix ? prefix : "", has_prefix ? " " : "", self->credential, NULL);
      if (header != NULL && is_token (header))
        bobbin_http_request_set_header (request, header, value);
    }
  else
    {
      value = g_strconcat ("Bearer ", self->credential, NULL);
      bobbin_http_request_set_header (request, "Authorization", value);
    }
  _bobbin_agentflow_wipe (value);
}

BobbinHttpRequest *
_bobbin_agentflow_request_new (BobbinAgentflowBackend *self,
                               const char             *method,
                               const char             *path)
{
  g_autofree char *base = g_strdup (bobbin_account_get_base_url (self->account));
  g_autofree char *url = NULL;
  gsize length = base != NULL ? strlen (base) : 0;
  BobbinHttpRequest *request;

  while (length > 0 && base[length - 1] == '/')
    base[--length] = '\0';
  url = g_strconcat (base != NULL ? base : "", path, NULL);
  request = bobbin_http_request_new (method, url);
  add_credential (self, request);
  bobbin_http_request_set_header (request, "Accept", "application/json");

  return request;
}

static BobbinHttpRequest *
make_request (GObject    *service,
              const char *method,
              const char *path)
{
  return _bobbin_agentflow_request_new (BOBBIN_AGENTFLOW_BACKEND (service), method, path);
}

static BobbinFailure *
make_failure (GObject    *service,
              guint       status,
              const char *body,
              gsize       length,
              gint64      retry_after_ms)
{
  return bobbin_agentflow_failure_from_http (status, body, length, retry_after_ms);
}

/* Section 13: "missing message", "missing thread"; section 5: no state yet. */
static gboolean
is_nothing (GObject    *service,
            const char *method,
            const char *path,
            guint       status,
            const char *body,
            gsize       length)
{
  if (strstr (path, "/messages/") != NULL)
    return bobbin_agentflow_is_missing_message (status, body, length);
  if (g_str_has_suffix (path, "/state") && g_str_equal (method, "GET"))
    return bobbin_agentflow_is_missing_state (status, body, length);

  return status == 404 && g_str_has_prefix (path, "/v1/threads/");
}

/* Section 2: a GET is repeated once after a 429; nothing else is. */
const BobbinJsonApi _bobbin_agentflow_api = { make_request, make_failure, is_nothing, 0 };

void
_bobbin_agentflow_call_async (BobbinAgentflowBackend *self,
                              const char             *method,
                              char                   *path,
                              const char             *body,
                              GCancellable           *cancellable,
                              GAsyncReadyCallback     callback,
                              gpointer                user_data)
{
  g_autofree char *owned = path;

  bobbin_json_api_call_async (&_bobbin_agentflow_api, G_OBJECT (self), self->http, method, owned, body, cancellable, callback,
                              user_data);
}

JsonNode *
_bobbin_agentflow_get_data (JsonNode *root)
{
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  if (object == NULL || !json_object_has_member (object, "data"))
    return root;

  return json_object_get_member (object, "data");
}

char *
_bobbin_agentflow_thread_path (const char *thread_id,
                               const char *rest)
{
  g_autofree char *id = g_uri_escape_string (thread_id, NULL, FALSE);

  return g_strconcat ("/v1/threads/", id, rest, NULL);
}

gboolean
_bobbin_agentflow_stops_on_server (BobbinAgentflowBackend *self)
{
  g_autofree char *wish = bobbin_account_dup_option (self->account, "server-stop");

  return self->features.is_s3 || g_strcmp0 (wish, "yes") == 0;
}

/* Features */

typedef struct
{
  GCancellable  *cancellable; /* (nullable) */
  BobbinFailure *failure;
  gboolean       uploads;
  gint64         file_bytes;
} Learn;

static void
learn_free (gpointer data)
{
  Learn *learn = data;

  g_clear_object (&learn->cancellable);
  bobbin_failure_free (learn->failure);
  g_free (learn);
}

static gboolean
is_text_type (const char *id_type)
{
  static const char *const numbers[] = { "int", "integer", "bigint" };

  for (guint i = 0; id_type != NULL && i < G_N_ELEMENTS (numbers); i++)
    if (g_ascii_strcasecmp (id_type, numbers[i]) == 0)
      return FALSE;

  return TRUE;
}

static void
take_features (BobbinAgentflowBackend *self,
               JsonObject             *info,
               const Learn            *learn)
{
  self->features.known = TRUE;
  self->features.is_s3 = json_object_has_member (info, "is_realtime");
  self->features.voice_only = bobbin_json_get_bool (info, "is_realtime", FALSE);
  self->features.text_ids = is_text_type (bobbin_json_get_string (info, "id_type"));
  self->features.checkpointer = bobbin_json_get_bool (info, "checkpointer", FALSE);
  self->features.uploads = learn->uploads;
  self->features_us = bobbin_clock_monotonic_us (self->clock);
  self->limits.file_bytes = learn->file_bytes;
}

/* @task: (transfer none). @failure: (transfer full) (nullable): NULL: cancelled. */
static void
not_learned (GTask         *task,
             BobbinFailure *failure)
{
  Learn *learn = g_task_get_task_data (task);

  learn->failure = failure;
  g_task_return_boolean (task, FALSE);
}

static void
graph_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (source);
  BobbinFailure *failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonNode *data = root != NULL ? _bobbin_agentflow_get_data (root) : NULL;
  JsonObject *info = data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? bobbin_json_get_object (json_node_get_object (data), "info") : NULL;

  if (root == NULL)
    {
      if (failure != NULL && failure->http_status == 404)
        {
          g_free (failure->detail);
          failure->detail = g_strdup ("There is no AgentFlow server at this address");
          failure->code = BOBBIN_ERROR_PROTOCOL;
        }
      not_learned (task, failure);
    }
  else if (info == NULL)
    {
      not_learned (task, bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT,
                                             "This is no AgentFlow server: its description is missing"));
    }
  else
    {
      take_features (self, info, g_task_get_task_data (task));
      g_task_return_boolean (task, TRUE);
    }
}

/* Section 10: the smaller of the two limits counts; 404 means that there are no uploads. */
static void
multimodal_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (source);
  Learn *learn = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonNode *data = root != NULL ? _bobbin_agentflow_get_data (root) : NULL;
  double megabytes = data != NULL && JSON_NODE_HOLDS_OBJECT (data)
                     ? bobbin_json_get_double (json_node_get_object (data), "media_max_size_mb", -1) : -1;

  if (root == NULL && (failure == NULL || failure->code == BOBBIN_ERROR_AUTH || failure->http_status == 0))
    {
      not_learned (task, g_steal_pointer (&failure));
      return;
    }

  learn->uploads = failure == NULL || (failure->http_status != 404 && failure->http_status != 405);
  if (megabytes > 0 && megabytes * 1024 * 1024 < BOBBIN_AGENTFLOW_BODY_BYTES)
    learn->file_bytes = (gint64) (megabytes * 1024 * 1024);
  _bobbin_agentflow_call_async (self, "GET", g_strdup ("/v1/graph"), NULL, learn->cancellable, graph_cb, g_steal_pointer (&task));
}

void
_bobbin_agentflow_learn_async (BobbinAgentflowBackend *self,
                               gboolean                anew,
                               GCancellable           *cancellable,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  Learn *learn = g_new0 (Learn, 1);
  BobbinFailure *failure = _bobbin_agentflow_check_account (self);

  learn->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  learn->file_bytes = BOBBIN_AGENTFLOW_BODY_BYTES;
  g_task_set_source_tag (task, _bobbin_agentflow_learn_async);
  g_task_set_task_data (task, learn, learn_free);
  if (failure != NULL)
    not_learned (task, failure);
  else if (!anew && self->features.known && bobbin_clock_monotonic_us (self->clock) - self->features_us < FEATURES_US)
    g_task_return_boolean (task, TRUE);
  else
    _bobbin_agentflow_call_async (self, "GET", g_strdup ("/v1/config/multimodal"), NULL, cancellable, multimodal_cb,
                                  g_steal_pointer (&task));
}

gboolean
_bobbin_agentflow_learn_finish (BobbinAgentflowBackend *self,
                                GAsyncResult           *result,
                                BobbinFailure         **ret_failure)
{
  Learn *learn = g_task_get_task_data (G_TASK (result));
  gboolean learned = g_task_propagate_boolean (G_TASK (result), NULL);

  *ret_failure = learned ? NULL : g_steal_pointer (&learn->failure);

  return learned;
}
