#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-private.h"

#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-assistants-errors.h"

#include <string.h>

/* Files and assistants remembered; beyond that the oldest knowledge is worth little. */
#define MAX_REMEMBERED 1000

struct _BobbinAssistantsBackend
{
  GObject        parent_instance;
  /* owned */
  BobbinAccount *account;
  BobbinClock   *clock;
  BobbinHttp    *http;
  char          *credential; /* (nullable): wiped when it goes */
  GHashTable    *files;      /* "SHA-256 purpose" → file id */
  GHashTable    *used;       /* set of those ids that a message may hold */
  GHashTable    *tools;      /* assistant id → bits + 1 */

  guint          lacks;      /* BobbinAssistantsLack */
};

static void backend_iface_init (BobbinBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinAssistantsBackend, bobbin_assistants_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, backend_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_AGENT_LISTER, _bobbin_assistants_agent_lister_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_LISTER, _bobbin_assistants_thread_lister_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_HISTORY, _bobbin_assistants_history_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_STATE, _bobbin_assistants_thread_state_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_DOWNLOADER, _bobbin_assistants_downloader_iface_init))

/* assistants.md, section 4.5: 512 MB a file. */
static const BobbinLimits limits = {
  .file_bytes = 512 * 1000 * 1000,
  .reconcile_ms = BOBBIN_ASSISTANTS_RUN_MS + BOBBIN_ASSISTANTS_SLACK_MS,
};

static void
wipe (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/* Requests */

/* "api-key" for Azure's hosts, else a Bearer token, unless the account says otherwise (section 1). */
static const char *
get_auth_form (BobbinAssistantsBackend *self,
               char                   **ret_kept)
{
  g_autoptr(GUri) uri = NULL;
  const char *host;

  *ret_kept = bobbin_account_dup_option (self->account, "auth");
  if (*ret_kept != NULL && **ret_kept != '\0' && !g_str_equal (*ret_kept, "auto"))
    return *ret_kept;

  uri = g_uri_parse (bobbin_account_get_base_url (self->account), G_URI_FLAGS_NONE, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && g_str_has_suffix (host, ".openai.azure.com") ? "api-key" : "bearer";
}

static void
set_credential_headers (BobbinAssistantsBackend *self,
                        BobbinHttpRequest       *request)
{
  g_autofree char *kept = NULL;
  const char *form = get_auth_form (self, &kept);
  char *bearer;

  if (self->credential == NULL || *self->credential == '\0')
    return;

  if (g_str_equal (form, "api-key") || g_str_equal (form, "both"))
    bobbin_http_request_set_header (request, "api-key", self->credential);
  if (g_str_equal (form, "astra-api-token"))
    bobbin_http_request_set_header (request, "astra-api-token", self->credential);
  if (!g_str_equal (form, "bearer") && !g_str_equal (form, "both"))
    return;

  bearer = g_strconcat ("Bearer ", self->credential, NULL);
  bobbin_http_request_set_header (request, "Authorization", bearer);
  wipe (bearer);
}

static gboolean
is_header_name (const char *name)
{
  static const char *const ours[] = { "authorization", "api-key", "host", "content-length", "content-type", "transfer-encoding",
                                      "connection", "accept", "accept-encoding", "cookie", "openai-beta", "astra-api-token" };

  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    if (g_ascii_strcasecmp (name, ours[i]) == 0)
      return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
      return FALSE;

  return *name != '\0';
}

static gboolean
is_header_text (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return FALSE;

  return TRUE;
}

/* "OpenAI-Organization: org-1; OpenAI-Project: proj-2" */
static void
set_extra_headers (BobbinAssistantsBackend *self,
                   BobbinHttpRequest       *request)
{
  g_autofree char *option = bobbin_account_dup_option (self->account, "headers");
  g_auto(GStrv) lines = g_strsplit_set (option != NULL ? option : "", ";\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      g_strstrip (lines[i]);
      g_strstrip (colon + 1);
      if (is_header_name (lines[i]) && is_header_text (colon + 1))
        bobbin_http_request_set_header (request, lines[i], colon + 1);
    }
}

/* Section 1: base without its slash, path, extra query, own query. */
static char *
dup_url (BobbinAssistantsBackend *self,
         const char              *path)
{
  g_autofree char *extra = bobbin_account_dup_option (self->account, "query");
  const char *base = bobbin_account_get_base_url (self->account);
  const char *query = strchr (path, '?');
  gsize length = base != NULL ? strlen (base) : 0;
  GString *url;

  while (length > 0 && base[length - 1] == '/')
    length--;
  url = g_string_new_len (base != NULL ? base : "", (gssize) length);
  g_string_append_len (url, path, query != NULL ? query - path : (gssize) strlen (path));
  if (extra != NULL)
    g_strstrip (extra);
  if (extra != NULL && (*extra == '?' || *extra == '&'))
    extra[0] = ' ';
  if (extra != NULL && *g_strstrip (extra) != '\0')
    {
      g_autofree char *escaped = g_uri_escape_string (extra, "=&-._~%:/,+", FALSE);

      g_string_append_printf (url, "?%s%s%s", escaped, query != NULL ? "&" : "", query != NULL ? query + 1 : "");
    }
  else if (query != NULL)
    {
      g_string_append (url, query);
    }

  return g_string_free (url, FALSE);
}

BobbinHttpRequest *
_bobbin_assistants_make_request (BobbinAssistantsBackend *self,
                                 const char              *method,
                                 const char              *path)
{
  g_autofree char *url = dup_url (self, path);
  BobbinHttpRequest *request = bobbin_http_request_new (method, url);

  bobbin_http_request_set_silence_limit (request, BOBBIN_ASSISTANTS_CALL_MS);
  bobbin_http_request_set_header (request, "OpenAI-Beta", "assistants=v2");
  bobbin_http_request_set_header (request, "Accept", "application/json");
  set_extra_headers (self, request);
  set_credential_headers (self, request);

  return request;
}

BobbinFailure *
_bobbin_assistants_read_refusal (BobbinHttpRequest *request,
                                 const char        *body,
                                 gsize              length,
                                 char             **ret_run_id)
{
  const char *request_id = bobbin_http_request_get_answer_header (request, "x-request-id");
  const BobbinAssistantsReply reply = {
    .status = bobbin_http_request_get_status (request),
    .retry_after_ms = bobbin_http_request_get_retry_after_ms (request),
    .retry_after_ms_header = bobbin_http_request_get_answer_header (request, "retry-after-ms"),
    .should_retry = bobbin_http_request_get_answer_header (request, "x-should-retry"),
    .request_id = request_id != NULL ? request_id : bobbin_http_request_get_answer_header (request, "apim-request-id"),
    .body = body,
    .length = length,
  };

  return bobbin_assistants_failure_from_reply (&reply, ret_run_id);
}

gboolean
_bobbin_assistants_is_lacking (const BobbinFailure *failure)
{
  return failure != NULL && (failure->http_status == 405 || failure->http_status == 501);
}

gboolean
_bobbin_assistants_mentions (const BobbinFailure *failure,
                             const char          *word)
{
  g_autofree char *words = failure->detail != NULL ? g_ascii_strdown (failure->detail, -1) : NULL;

  return words != NULL && strstr (words, word) != NULL;
}

static BobbinHttpRequest *
api_make_request (GObject    *service,
                  const char *method,
                  const char *path)
{
  return _bobbin_assistants_make_request (BOBBIN_ASSISTANTS_BACKEND (service), method, path);
}

static BobbinFailure *
api_read_failure (GObject           *service,
                  BobbinHttpRequest *request,
                  const char        *body,
                  gsize              length)
{
  return _bobbin_assistants_read_refusal (request, body, length, NULL);
}

const BobbinJsonApi _bobbin_assistants_api = {
  .make_request = api_make_request,
  .read_failure = api_read_failure,
  .repeats = 2,
};

void
_bobbin_assistants_call (BobbinAssistantsBackend *self,
                         const char              *method,
                         const char              *path,
                         const char              *body,
                         GCancellable            *cancellable,
                         GAsyncReadyCallback      callback,
                         gpointer                 user_data)
{
  bobbin_json_api_call_async (&_bobbin_assistants_api, G_OBJECT (self), self->http, method, path, body, cancellable,
                              callback, user_data);
}

char *
_bobbin_assistants_path (const char *first,
                         ...)
{
  GString *path = g_string_new (NULL);
  const char *segment = first;
  va_list args;

  va_start (args, first);
  for (; segment != NULL; segment = va_arg (args, const char *))
    {
      g_autofree char *escaped = g_uri_escape_string (segment, NULL, FALSE);

      g_string_append_printf (path, "/%s", escaped);
    }
  va_end (args);

  return g_string_free (path, FALSE);
}

JsonArray *
_bobbin_assistants_get_list (JsonNode *root)
{
  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return bobbin_json_get_array (json_node_get_object (root), "data");

  return NULL;
}

gboolean
_bobbin_assistants_has_more (JsonNode *root,
                             guint     limit)
{
  JsonArray *list = _bobbin_assistants_get_list (root);
  gboolean full = list != NULL && json_array_get_length (list) >= limit;

  if (list == NULL || json_array_get_length (list) == 0 || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  return bobbin_json_get_bool (json_node_get_object (root), "has_more", full);
}

guint
_bobbin_assistants_poll_delay (guint attempt)
{
  double delay = BOBBIN_ASSISTANTS_POLL_MS;

  for (guint i = 0; i < attempt && delay < BOBBIN_ASSISTANTS_POLL_MAX_MS; i++)
    delay *= 1.5;
  delay = MIN (delay, BOBBIN_ASSISTANTS_POLL_MAX_MS);

  return (guint) (delay * g_random_double_range (0.8, 1.2));
}

/* What is known of the server */

gboolean
_bobbin_assistants_lacks (BobbinAssistantsBackend *self,
                          BobbinAssistantsLack     lack)
{
  if (lack == BOBBIN_ASSISTANTS_LACKS_STREAM)
    {
      g_autofree char *polls = bobbin_account_dup_option (self->account, "poll");

      if (g_strcmp0 (polls, "yes") == 0)
        return TRUE;
    }

  return (self->lacks & lack) != 0;
}

void
_bobbin_assistants_found_lack (BobbinAssistantsBackend *self,
                               BobbinAssistantsLack     lack)
{
  self->lacks |= lack;
  if (lack == BOBBIN_ASSISTANTS_LACKS_LIST)
    bobbin_account_set_option (self->account, "lists-threads", "no");
}

static char *
file_key (const char *sha256,
          gboolean    image)
{
  return g_strconcat (sha256, image ? " vision" : " assistants", NULL);
}

const char *
_bobbin_assistants_get_file (BobbinAssistantsBackend *self,
                             const char              *sha256,
                             gboolean                 image)
{
  g_autofree char *key = file_key (sha256, image);

  return g_hash_table_lookup (self->files, key);
}

void
_bobbin_assistants_set_file (BobbinAssistantsBackend *self,
                             const char              *sha256,
                             gboolean                 image,
                             const char              *file_id)
{
  if (g_hash_table_size (self->files) >= MAX_REMEMBERED)
    _bobbin_assistants_forget_files (self);
  g_hash_table_replace (self->files, file_key (sha256, image), g_strdup (file_id));
}

void
_bobbin_assistants_forget_files (BobbinAssistantsBackend *self)
{
  g_hash_table_remove_all (self->files);
  g_hash_table_remove_all (self->used);
}

void
_bobbin_assistants_use_file (BobbinAssistantsBackend *self,
                             const char              *file_id)
{
  g_hash_table_add (self->used, g_strdup (file_id));
}

/* assistants.md, section 11: uploads of an abandoned draft are deleted. */
static void
assistants_drop_uploads (BobbinBackend *backend,
                         GPtrArray     *attachments)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (backend);

  for (guint i = 0; i < 2 * attachments->len; i++)
    {
      g_autofree char *key = file_key (bobbin_attachment_get_sha256 (attachments->pdata[i / 2]), i % 2 != 0);
      const char *file_id = g_hash_table_lookup (self->files, key);
      g_autofree char *path = NULL;

      if (file_id == NULL || g_hash_table_contains (self->used, file_id))
        continue;
      path = _bobbin_assistants_path ("files", file_id, NULL);
      g_hash_table_remove (self->files, key);
      _bobbin_assistants_call (self, "DELETE", path, NULL, NULL, NULL, NULL);
    }
}

int
_bobbin_assistants_get_tools (BobbinAssistantsBackend *self,
                              const char              *assistant_id)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->tools, assistant_id)) - 1;
}

void
_bobbin_assistants_set_tools (BobbinAssistantsBackend *self,
                              JsonObject              *assistant)
{
  g_autofree char *id = bobbin_json_dup_text (assistant, "id");
  JsonArray *tools = bobbin_json_get_array (assistant, "tools");
  int bits = 0;

  for (guint i = 0; tools != NULL && i < json_array_get_length (tools); i++)
    {
      JsonNode *node = json_array_get_element (tools, i);
      const char *type = JSON_NODE_HOLDS_OBJECT (node) ? bobbin_json_get_string (json_node_get_object (node), "type") : NULL;

      /* "retrieval" is what version 1 called it. */
      if (g_strcmp0 (type, "file_search") == 0 || g_strcmp0 (type, "retrieval") == 0)
        bits |= 1;
      else if (g_strcmp0 (type, "code_interpreter") == 0)
        bits |= 2;
    }
  if (id == NULL)
    return;
  if (g_hash_table_size (self->tools) >= MAX_REMEMBERED)
    g_hash_table_remove_all (self->tools);
  g_hash_table_replace (self->tools, g_steal_pointer (&id), GINT_TO_POINTER (bits + 1));
}

BobbinAccount *
_bobbin_assistants_get_account (BobbinAssistantsBackend *self)
{
  return self->account;
}

BobbinHttp *
_bobbin_assistants_get_http (BobbinAssistantsBackend *self)
{
  return self->http;
}

BobbinClock *
_bobbin_assistants_get_clock (BobbinAssistantsBackend *self)
{
  return self->clock;
}

BobbinFailure *
_bobbin_assistants_check_account (BobbinAssistantsBackend *self)
{
  const char *base = bobbin_account_get_base_url (self->account);

  if (base == NULL || *base == '\0')
    return bobbin_failure_new (BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, "The account has no address");
  if (self->credential != NULL && !is_header_text (self->credential))
    return bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT,
                               "The key holds characters that no key has: paste it again");

  return NULL;
}

/* Backend */

static BobbinCapabilities
assistants_get_capabilities (BobbinBackend *backend)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (backend);
  BobbinCapabilities capabilities = bobbin_registry_get_capabilities (BOBBIN_SERVICE_ASSISTANTS);

  if (_bobbin_assistants_lacks (self, BOBBIN_ASSISTANTS_LACKS_LIST))
    capabilities &= ~BOBBIN_CAN_LIST_THREADS;

  return capabilities;
}

static const BobbinLimits *
assistants_get_limits (BobbinBackend *backend)
{
  return &limits;
}

static void
assistants_set_credential (BobbinBackend *backend,
                           const char    *credential)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (backend);
  char *old = self->credential;

  self->credential = credential != NULL ? g_strstrip (g_strdup (credential)) : NULL;
  wipe (old);
}

static BobbinChannel *
assistants_open_channel (BobbinBackend *backend,
                         const char    *agent_id,
                         const char    *thread_id)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (backend);

  return _bobbin_assistants_channel_new (self, agent_id != NULL ? agent_id : bobbin_account_get_agent_id (self->account), thread_id);
}

static void
assistants_check_async (BobbinBackend      *backend,
                        BobbinCheck         step,
                        const char         *agent_id,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (backend);

  _bobbin_assistants_check_async (self, step, agent_id != NULL ? agent_id : bobbin_account_get_agent_id (self->account), cancellable,
                                  callback, user_data);
}

static gboolean
assistants_check_finish (BobbinBackend *backend,
                         GAsyncResult  *result,
                         GError       **error)
{
  return _bobbin_assistants_check_finish (BOBBIN_ASSISTANTS_BACKEND (backend), result, error);
}

static void
backend_iface_init (BobbinBackendInterface *iface)
{
  iface->get_capabilities = assistants_get_capabilities;
  iface->get_limits = assistants_get_limits;
  iface->set_credential = assistants_set_credential;
  iface->open_channel = assistants_open_channel;
  iface->check_async = assistants_check_async;
  iface->check_finish = assistants_check_finish;
  iface->drop_uploads = assistants_drop_uploads;
}

static void
policy_changed_cb (BobbinAssistantsBackend *self)
{
  bobbin_http_configure (self->http, bobbin_account_get_allow_plain (self->account),
                         bobbin_account_get_pinned_certificate (self->account));
}

/* What was learned about the old address says nothing about the new one. */
static void
address_changed_cb (BobbinAssistantsBackend *self)
{
  self->lacks = 0;
  _bobbin_assistants_forget_files (self);
  g_hash_table_remove_all (self->tools);
  bobbin_account_set_option (self->account, "lists-threads", NULL);
}

static void
bobbin_assistants_backend_finalize (GObject *object)
{
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (object);

  wipe (self->credential);
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->used);
  g_hash_table_unref (self->tools);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (bobbin_assistants_backend_parent_class)->finalize (object);
}

static void
bobbin_assistants_backend_class_init (BobbinAssistantsBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_assistants_backend_finalize;
}

static void
bobbin_assistants_backend_init (BobbinAssistantsBackend *self)
{
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->tools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

BobbinBackend *
bobbin_assistants_backend_new (BobbinAccount *account,
                               BobbinClock   *clock)
{
  BobbinAssistantsBackend *self = g_object_new (BOBBIN_TYPE_ASSISTANTS_BACKEND, NULL);
  g_autofree char *lists = bobbin_account_dup_option (account, "lists-threads");

  self->account = g_object_ref (account);
  self->clock = g_object_ref (clock);
  self->http = bobbin_http_new (clock);
  if (g_strcmp0 (lists, "no") == 0)
    self->lacks |= BOBBIN_ASSISTANTS_LACKS_LIST;
  policy_changed_cb (self);
  g_signal_connect_object (account, "notify::base-url", G_CALLBACK (policy_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::base-url", G_CALLBACK (address_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::allow-plain", G_CALLBACK (policy_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::pinned-certificate", G_CALLBACK (policy_changed_cb), self, G_CONNECT_SWAPPED);

  return BOBBIN_BACKEND (self);
}
