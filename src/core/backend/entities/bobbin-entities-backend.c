#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/entities/bobbin-entities-private.h"

#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-entities-objects.h"

#include <string.h>

#define MAX_REMEMBERED 1000
/* Section 4.6: files are deleted an hour after their upload; ours are trusted for less. */
#define FILE_LIFE_US (50 * G_TIME_SPAN_MINUTE)

struct _BobbinEntitiesBackend
{
  GObject        parent_instance;
  /* owned */
  BobbinAccount *account;
  BobbinClock   *clock;
  BobbinHttp    *http;
  char          *credential;   /* (nullable): wiped when it goes, as the next */
  char          *provider_key;
  GHashTable    *models;       /* assistant id → model */
  GHashTable    *files;        /* SHA-256 → File */

  gboolean       first_form;
};

typedef struct
{
  char    *id;
  gint64   expires_us; /* monotonic */
  gboolean used;       /* a message may hold it */
} File;

static void backend_iface_init (BobbinBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinEntitiesBackend, bobbin_entities_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, backend_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_AGENT_LISTER, _bobbin_entities_agent_lister_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_LISTER, _bobbin_entities_thread_lister_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_HISTORY, _bobbin_entities_history_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_STATE, _bobbin_entities_thread_state_iface_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_DOWNLOADER, _bobbin_entities_downloader_iface_init))

static const BobbinLimits limits = {
  .file_bytes = 100 * 1000 * 1000, /* section 2: the shipped proxy */
  .reconcile_ms = BOBBIN_ENTITIES_RECONCILE_MS,
};

static void
wipe (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->id);
  g_free (file);
}

/* Requests */

BobbinHttpRequest *
_bobbin_entities_make_request (BobbinEntitiesBackend *self,
                               const char            *method,
                               const char            *path)
{
  const char *base = bobbin_account_get_base_url (self->account);
  g_autofree char *url = g_strconcat (base != NULL ? base : "", path, NULL);
  BobbinHttpRequest *request = bobbin_http_request_new (method, url);

  bobbin_http_request_set_header (request, "Accept", "application/json");
  if (self->credential != NULL && *self->credential != '\0')
    bobbin_http_request_set_header (request, "X-API-Key", self->credential);

  return request;
}

static BobbinHttpRequest *
api_make_request (GObject    *service,
                  const char *method,
                  const char *path)
{
  return _bobbin_entities_make_request (BOBBIN_ENTITIES_BACKEND (service), method, path);
}

static BobbinFailure *
api_make_failure (GObject    *service,
                  guint       status,
                  const char *body,
                  gsize       length,
                  gint64      retry_after_ms)
{
  return bobbin_entities_read_refusal (status, retry_after_ms, body, length);
}

const BobbinJsonApi _bobbin_entities_api = {
  .make_request = api_make_request,
  .make_failure = api_make_failure,
  .repeats = 2,
};

void
_bobbin_entities_call (BobbinEntitiesBackend *self,
                       const char            *method,
                       const char            *path,
                       const char            *body,
                       GCancellable          *cancellable,
                       GAsyncReadyCallback    callback,
                       gpointer               user_data)
{
  bobbin_json_api_call_async (&_bobbin_entities_api, G_OBJECT (self), self->http, method, path, body, cancellable, callback, user_data);
}

char *
_bobbin_entities_path (const char *first,
                       ...)
{
  GString *path = g_string_new ("/v1");
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

/* The user's own id */

char *
_bobbin_entities_dup_user (BobbinEntitiesBackend *self)
{
  return bobbin_account_dup_option (self->account, "user-id");
}

static void
keep_user (BobbinEntitiesBackend *self,
           const char            *user_id)
{
  if (user_id != NULL && *user_id != '\0')
    bobbin_account_set_option (self->account, "user-id", user_id);
}

void
_bobbin_entities_learn_user (BobbinEntitiesBackend *self,
                             JsonObject            *thread)
{
  g_autofree char *known = _bobbin_entities_dup_user (self);
  JsonArray *participants = bobbin_json_get_array (thread, "participants");
  JsonNode *first = participants != NULL && json_array_get_length (participants) > 0 ? json_array_get_element (participants, 0) : NULL;

  if (known == NULL && first != NULL && JSON_NODE_HOLDS_OBJECT (first))
    keep_user (self, bobbin_json_get_string (json_node_get_object (first), "id"));
}

typedef struct
{
  GCancellable  *cancellable;
  BobbinFailure *failure;
} UserSearch;

static void
user_search_free (gpointer data)
{
  UserSearch *search = data;

  g_clear_object (&search->cancellable);
  bobbin_failure_free (search->failure);
  g_free (search);
}

static void
user_of_run_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (source);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonArray *list = bobbin_entities_get_list (root);
  JsonNode *first = list != NULL && json_array_get_length (list) > 0 ? json_array_get_element (list, 0) : NULL;

  if (first != NULL && JSON_NODE_HOLDS_OBJECT (first))
    keep_user (self, bobbin_json_get_string (json_node_get_object (first), "user_id"));
  g_task_return_pointer (task, _bobbin_entities_dup_user (self), g_free);
}

static void
validated_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (source);
  UserSearch *search = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  g_autofree char *user = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    keep_user (self, bobbin_json_get_string (json_node_get_object (root), "user_id"));
  user = _bobbin_entities_dup_user (self);
  if (user != NULL || (root == NULL && failure == NULL))
    {
      g_task_return_pointer (task, g_steal_pointer (&user), g_free);
    }
  else if (failure != NULL && failure->http_status != 404 && failure->http_status != 405)
    {
      search->failure = g_steal_pointer (&failure);
      g_task_return_pointer (task, NULL, NULL);
    }
  else
    {
      _bobbin_entities_call (self, "GET", "/v1/runs?limit=1", NULL, search->cancellable, user_of_run_cb, g_steal_pointer (&task));
    }
}

void
_bobbin_entities_find_user_async (BobbinEntitiesBackend *self,
                                  GCancellable          *cancellable,
                                  GAsyncReadyCallback    callback,
                                  gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *known = _bobbin_entities_dup_user (self);
  UserSearch *search = g_new0 (UserSearch, 1);

  search->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, _bobbin_entities_find_user_async);
  g_task_set_task_data (task, search, user_search_free);
  if (known != NULL)
    g_task_return_pointer (task, g_steal_pointer (&known), g_free);
  else
    _bobbin_entities_call (self, "GET", "/v1/auth/validate-key", NULL, cancellable, validated_cb, g_steal_pointer (&task));
}

char *
_bobbin_entities_find_user_finish (GAsyncResult   *result,
                                   BobbinFailure **ret_failure)
{
  UserSearch *search = g_task_get_task_data (G_TASK (result));
  char *user = g_task_propagate_pointer (G_TASK (result), NULL);

  *ret_failure = user == NULL ? g_steal_pointer (&search->failure) : NULL;

  return user;
}

/* What is known */

const char *
_bobbin_entities_get_model (BobbinEntitiesBackend *self,
                            const char            *assistant_id)
{
  return g_hash_table_lookup (self->models, assistant_id);
}

void
_bobbin_entities_set_model (BobbinEntitiesBackend *self,
                            JsonObject            *assistant)
{
  g_autofree char *id = bobbin_json_dup_text (assistant, "id");
  const char *model = bobbin_json_get_string (assistant, "model");

  if (id == NULL || model == NULL)
    return;
  if (g_hash_table_size (self->models) >= MAX_REMEMBERED)
    g_hash_table_remove_all (self->models);
  g_hash_table_replace (self->models, g_steal_pointer (&id), g_strdup (model));
}

const char *
_bobbin_entities_get_file (BobbinEntitiesBackend *self,
                           const char            *sha256)
{
  File *file = g_hash_table_lookup (self->files, sha256);

  return file != NULL && bobbin_clock_monotonic_us (self->clock) < file->expires_us ? file->id : NULL;
}

void
_bobbin_entities_set_file (BobbinEntitiesBackend *self,
                           const char            *sha256,
                           const char            *file_id)
{
  File *file = g_new0 (File, 1);

  if (g_hash_table_size (self->files) >= MAX_REMEMBERED)
    g_hash_table_remove_all (self->files);
  file->id = g_strdup (file_id);
  file->expires_us = bobbin_clock_monotonic_us (self->clock) + FILE_LIFE_US;
  g_hash_table_replace (self->files, g_strdup (sha256), file);
}

void
_bobbin_entities_use_file (BobbinEntitiesBackend *self,
                           const char            *file_id)
{
  GHashTableIter iter;
  gpointer file;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &file))
    if (g_str_equal (((File *) file)->id, file_id))
      ((File *) file)->used = TRUE;
}

static void
entities_drop_uploads (BobbinBackend *backend,
                       GPtrArray     *attachments)
{
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (backend);

  for (guint i = 0; i < attachments->len; i++)
    {
      const char *sha256 = bobbin_attachment_get_sha256 (attachments->pdata[i]);
      File *file = g_hash_table_lookup (self->files, sha256);
      g_autofree char *path = NULL;

      if (file == NULL || file->used)
        continue;
      path = _bobbin_entities_path ("files", file->id, NULL);
      g_hash_table_remove (self->files, sha256);
      _bobbin_entities_call (self, "DELETE", path, NULL, NULL, NULL, NULL);
    }
}

gboolean
_bobbin_entities_get_first_form (BobbinEntitiesBackend *self)
{
  return self->first_form;
}

void
_bobbin_entities_set_first_form (BobbinEntitiesBackend *self)
{
  self->first_form = TRUE;
}

BobbinAccount *
_bobbin_entities_get_account (BobbinEntitiesBackend *self)
{
  return self->account;
}

BobbinHttp *
_bobbin_entities_get_http (BobbinEntitiesBackend *self)
{
  return self->http;
}

BobbinClock *
_bobbin_entities_get_clock (BobbinEntitiesBackend *self)
{
  return self->clock;
}

const char *
_bobbin_entities_get_provider_key (BobbinEntitiesBackend *self)
{
  return self->provider_key;
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
_bobbin_entities_check_account (BobbinEntitiesBackend *self)
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

/* The doctor: AUTH asks whose key it is, or, where that is not offered, for the assistants; STREAM for the account's assistant. */

typedef struct
{
  BobbinCheck   step;
  GCancellable *cancellable;
  gboolean      fell_back;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_clear_object (&check->cancellable);
  g_free (check);
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (source);
  Check *check = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (failure != NULL && failure->http_status == 404 && check->step == BOBBIN_CHECK_AUTH && !check->fell_back)
    {
      check->fell_back = TRUE;
      _bobbin_entities_call (self, "GET", "/v1/assistants", NULL, check->cancellable, checked_cb, g_steal_pointer (&task));
      return;
    }
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    {
      keep_user (self, bobbin_json_get_string (json_node_get_object (root), "user_id"));
      _bobbin_entities_set_model (self, json_node_get_object (root));
    }
  if (failure != NULL)
    g_task_return_error (task, bobbin_failure_to_error (failure));
  else if (root == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  else if (JSON_NODE_HOLDS_OBJECT (root) || (JSON_NODE_HOLDS_ARRAY (root) && check->step == BOBBIN_CHECK_AUTH))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "This is no Entities server: check the address");
}

static void
entities_check_async (BobbinBackend      *backend,
                      BobbinCheck         step,
                      const char         *agent_id,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (backend);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(BobbinFailure) failure = _bobbin_entities_check_account (self);
  Check *check = g_new0 (Check, 1);
  g_autofree char *path = NULL;

  check->step = step;
  check->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, entities_check_async);
  g_task_set_task_data (task, check, check_free);
  if (agent_id == NULL)
    agent_id = bobbin_account_get_agent_id (self->account);
  if (failure != NULL)
    {
      g_task_return_error (task, bobbin_failure_to_error (failure));
      return;
    }
  if (step == BOBBIN_CHECK_STREAM && (agent_id == NULL || *agent_id == '\0'))
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "no assistant is chosen yet");
      return;
    }
  path = step == BOBBIN_CHECK_AUTH ? g_strdup ("/v1/auth/validate-key") : _bobbin_entities_path ("assistants", agent_id, NULL);
  _bobbin_entities_call (self, "GET", path, NULL, cancellable, checked_cb, g_steal_pointer (&task));
}

static gboolean
entities_check_finish (BobbinBackend *backend,
                       GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Backend */

static BobbinCapabilities
entities_get_capabilities (BobbinBackend *backend)
{
  return bobbin_registry_get_capabilities (BOBBIN_SERVICE_ENTITIES);
}

static const BobbinLimits *
entities_get_limits (BobbinBackend *backend)
{
  return &limits;
}

static void
set_secret (char      **place,
            const char *secret)
{
  char *old = *place;

  *place = secret != NULL ? g_strstrip (g_strdup (secret)) : NULL;
  wipe (old);
}

static void
entities_set_credential (BobbinBackend *backend,
                         const char    *credential)
{
  set_secret (&BOBBIN_ENTITIES_BACKEND (backend)->credential, credential);
}

static void
entities_set_provider_key (BobbinBackend *backend,
                           const char    *key)
{
  set_secret (&BOBBIN_ENTITIES_BACKEND (backend)->provider_key, key);
}

static BobbinChannel *
entities_open_channel (BobbinBackend *backend,
                       const char    *agent_id,
                       const char    *thread_id)
{
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (backend);

  return _bobbin_entities_channel_new (self, agent_id != NULL ? agent_id : bobbin_account_get_agent_id (self->account), thread_id);
}

static void
backend_iface_init (BobbinBackendInterface *iface)
{
  iface->get_capabilities = entities_get_capabilities;
  iface->get_limits = entities_get_limits;
  iface->set_credential = entities_set_credential;
  iface->set_provider_key = entities_set_provider_key;
  iface->open_channel = entities_open_channel;
  iface->check_async = entities_check_async;
  iface->check_finish = entities_check_finish;
  iface->drop_uploads = entities_drop_uploads;
}

static void
policy_changed_cb (BobbinEntitiesBackend *self)
{
  bobbin_http_configure (self->http, bobbin_account_get_allow_plain (self->account),
                         bobbin_account_get_pinned_certificate (self->account));
}

static void
address_changed_cb (BobbinEntitiesBackend *self)
{
  self->first_form = FALSE;
  g_hash_table_remove_all (self->models);
  g_hash_table_remove_all (self->files);
  bobbin_account_set_option (self->account, "user-id", NULL);
}

static void
bobbin_entities_backend_finalize (GObject *object)
{
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (object);

  wipe (self->credential);
  wipe (self->provider_key);
  g_hash_table_unref (self->models);
  g_hash_table_unref (self->files);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (bobbin_entities_backend_parent_class)->finalize (object);
}

static void
bobbin_entities_backend_class_init (BobbinEntitiesBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_entities_backend_finalize;
}

static void
bobbin_entities_backend_init (BobbinEntitiesBackend *self)
{
  self->models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_free);
}

BobbinBackend *
bobbin_entities_backend_new (BobbinAccount *account,
                             BobbinClock   *clock)
{
  BobbinEntitiesBackend *self = g_object_new (BOBBIN_TYPE_ENTITIES_BACKEND, NULL);

  self->account = g_object_ref (account);
  self->clock = g_object_ref (clock);
  self->http = bobbin_http_new (clock);
  policy_changed_cb (self);
  g_signal_connect_object (account, "notify::base-url", G_CALLBACK (policy_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::base-url", G_CALLBACK (address_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::allow-plain", G_CALLBACK (policy_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::pinned-certificate", G_CALLBACK (policy_changed_cb), self, G_CONNECT_SWAPPED);

  return BOBBIN_BACKEND (self);
}
