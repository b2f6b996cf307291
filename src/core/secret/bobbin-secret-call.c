/* One call to the Secret Service.
 *
 * libsecret answers NULL without an error for "no such item", "locked, prompt dismissed" and "the daemon was restarted and is
 * locked" alike, so a lookup is done in steps here: search, look whether what was found is locked, unlock, retrieve. When nothing
 * was found and the default collection is locked, the search says nothing (some services hide the items of a locked collection):
 * it is unlocked and searched once more.
 *
 *   lookup, clear: SEARCH ──► found, open ──► RETRIEVE or CLEAR ──► answer
 *                    │──────► found, locked ──► OPEN
 *                    └──────► nothing found ──► look at the COLLECTION: locked ──► OPEN; else answer
 *   store:         look at the COLLECTION ──► open ──► STORE ──► answer
 *                    └──────► locked or not there ──► OPEN (it asks the person)
 *   OPEN ──► opened: from the beginning, once; dismissed: "locked"
 *   a step failed for a reason that a new connection may cure (the daemon died): from the beginning, once
 *
 * The caller's task is answered at once when it is cancelled or runs out of patience, whatever the service does: a prompt nobody
 * sees, or a daemon that hangs, holds nobody up. What the service says later is dropped. */
#define G_LOG_DOMAIN "bobbin-secret"
#include "config.h"
#include "secret/bobbin-service-secrets-private.h"

#include "secret/bobbin-secret-prompt.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <libsecret/secret.h>

/* One call. Shared by the caller's task and by the step that runs in libsecret; the last of them frees it. */
typedef struct
{
  BobbinServiceSecrets *self;
  BobbinSecretVerb      verb;
  gint64                account_id;
  BobbinSecretKind      kind;
  char                 *account; /* text form of the id: the attribute */
  char                 *label;   /* STORE */
  char                 *secret;  /* STORE */
  GTask                *task;    /* NULL once answered */
  GCancellable         *inner;   /* given to libsecret */
  SecretService        *service; /* once looked for */
  GSource              *cancel;  /* watches the caller's cancellable */
  GSource              *patience;
  gboolean              open_tried;
  gboolean              retried;
} Call;

/* account-id is in the text form people see in "bobbin threads", so that an item can be told apart in a keyring viewer. A static
 * schema: the autoptr of SecretSchema crashes with libsecret 0.20.5. */
static const SecretSchema schema = {
  BOBBIN_APP_ID, SECRET_SCHEMA_NONE,
  {
    { "account-id", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  }
};

static void call_begin (Call *call);

/* Calls */

static void
call_clear (gpointer data)
{
  Call *call = data;

  g_assert (call->task == NULL);
  g_clear_object (&call->self);
  g_clear_object (&call->inner);
  g_clear_object (&call->service);
  g_free (call->account);
  g_free (call->label);
  bobbin_secret_free (call->secret);
}

static void
call_unref (Call *call)
{
  g_rc_box_release_full (call, call_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_unref)

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Returns: (transfer full) (nullable): the caller's task, to be returned now; NULL when it was answered before. */
static GTask *
call_take_task (Call *call)
{
  clear_source (&call->cancel);
  clear_source (&call->patience);

  return g_steal_pointer (&call->task);
}

static void
call_answer_error (Call   *call,
                   GError *error)
{
  g_autoptr(GTask) task = call_take_task (call);

  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

static void
call_answer_locked (Call       *call,
                    const char *message)
{
  if (call->task == NULL)
    return;

  _bobbin_service_secrets_set_status (call->self, BOBBIN_SECRETS_LOCKED);
  call_answer_error (call, g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_SECRET, message));
}

/* Nobody to ask: memory is all there is. */
static void
call_answer_absent (Call *call)
{
  g_autoptr(GTask) task = call_take_task (call);

  if (task == NULL)
    return;

  _bobbin_service_secrets_set_status (call->self, BOBBIN_SECRETS_MEMORY);
  if (call->verb == BOBBIN_SECRET_STORE)
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_SECRET, "There is no Secret Service to keep the key");
  else if (call->verb == BOBBIN_SECRET_LOOKUP)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_boolean (task, TRUE);
}

static void
secret_destroy (gpointer secret)
{
  bobbin_secret_free (secret);
}

/* @secret: (transfer full) (nullable): for a lookup */
static void
call_answer (Call *call,
             char *secret)
{
  g_autoptr(GTask) task = call_take_task (call);

  if (task == NULL)
    {
      bobbin_secret_free (secret);
      return;
    }

  _bobbin_service_secrets_set_status (call->self, BOBBIN_SECRETS_PERSISTENT);
  if (call->verb == BOBBIN_SECRET_LOOKUP)
    {
      if (secret != NULL)
        _bobbin_memory_secrets_put (call->self->memory, call->account_id, call->kind, secret);
      g_task_return_pointer (task, secret, secret_destroy);
    }
  else
    g_task_return_boolean (task, TRUE);
}

/* TRUE when @error says that no service is there and none can be started. */
static gboolean
error_is_absence (const GError *error)
{
  static const int codes[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN, G_DBUS_ERROR_NAME_HAS_NO_OWNER, G_DBUS_ERROR_NO_SERVER, G_DBUS_ERROR_DISCONNECTED,
    G_DBUS_ERROR_SPAWN_EXEC_FAILED, G_DBUS_ERROR_SPAWN_CHILD_EXITED, G_DBUS_ERROR_SPAWN_CHILD_SIGNALED,
    G_DBUS_ERROR_SPAWN_FAILED, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND, G_DBUS_ERROR_ACCESS_DENIED,
  };

  if (error->domain == G_DBUS_ERROR)
    for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
      if (codes[i] == error->code)
        return TRUE;

  /* No session bus at all: GIO says so in a dozen ways, none of them from the service. */
  return error->domain == G_IO_ERROR && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
         !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && !g_dbus_error_is_remote_error (error);
}

/* A step failed. @error: (transfer full) */
static void
call_failed (Call   *call,
             GError *error)
{
  g_autoptr(GError) owned = error;

  if (call->task == NULL)
    return;

  g_debug ("%s: %s", call->account, error->message);
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    {
      call_answer_locked (call, "The keyring is locked");
    }
  else if (!call->retried)
    {
      /* A daemon killed in the middle leaves a session that its successor does not know; absence too may be over by now. */
      call->retried = TRUE;
      secret_service_disconnect ();
      call_begin (call);
    }
  else if (error_is_absence (error))
    {
      call_answer_absent (call);
    }
  else
    {
      call_answer_error (call, g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_SECRET, "The keyring failed: %s", error->message));
    }
}

/* Steps */

static void
retrieve_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;
  SecretValue *value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  const char *text = value != NULL ? secret_value_get_text (value) : NULL;

  if (error != NULL)
    call_failed (call, g_steal_pointer (&error));
  else
    call_answer (call, g_strdup (text));
  g_clear_pointer (&value, secret_value_unref);
}

static void
clear_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    call_failed (call, g_steal_pointer (&error));
  else
    call_answer (call, NULL);
}

static void
open_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;
  gboolean opened = _bobbin_secret_open_finish (G_DBUS_CONNECTION (source), result, &error);

  if (call->task == NULL)
    return;
  if (opened)
    call_begin (call);
  else if (error != NULL)
    call_failed (call, g_steal_pointer (&error));
  else
    call_answer_locked (call, "The keyring stayed locked");
}

/* @proxies: what is locked, of libsecret's types; NULL when there is no collection yet. */
static void
open_keyring (Call          *call,
              SecretService *service,
              GList         *proxies)
{
  GDBusConnection *connection = g_dbus_proxy_get_connection (G_DBUS_PROXY (service));
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();

  if (call->open_tried)
    {
      call_answer_locked (call, "The keyring is locked");
      return;
    }

  call->open_tried = TRUE;
  for (GList *l = proxies; l != NULL; l = l->next)
    g_ptr_array_add (paths, (gpointer) g_dbus_proxy_get_object_path (l->data));
  g_ptr_array_add (paths, NULL);
  _bobbin_secret_open_async (connection, proxies != NULL ? (const char *const *) paths->pdata : NULL, call->inner,
                             open_cb, g_rc_box_acquire (call));
}

static void
store_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    call_answer (call, NULL);
  else
    call_failed (call, g_steal_pointer (&error));
}

static void
store (Call *call)
{
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, call->label, call->secret, call->inner,
                         store_cb, g_rc_box_acquire (call),
                         "account-id", call->account, "kind", _bobbin_secret_kind_nick (call->kind), NULL);
}

static void
collection_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretCollection) collection = secret_collection_for_alias_finish (result, &error);

  if (call->task == NULL)
    return;
  if (error != NULL)
    {
      call_failed (call, g_steal_pointer (&error));
    }
  else if (collection != NULL && secret_collection_get_locked (collection))
    {
      GList link = { collection, NULL, NULL };

      open_keyring (call, secret_collection_get_service (collection), &link);
    }
  else if (call->verb != BOBBIN_SECRET_STORE)
    {
      call_answer (call, NULL);
    }
  else if (collection == NULL)
    {
      open_keyring (call, call->service, NULL);
    }
  else
    {
      store (call);
    }
}

static void
service_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_object (&call->service);
  call->service = secret_service_get_finish (result, &error);
  if (call->task == NULL)
    return;
  if (call->service != NULL)
    secret_collection_for_alias (call->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                 call->inner, collection_cb, g_rc_box_acquire (call));
  else
    call_failed (call, g_steal_pointer (&error));
}

/* FALSE where libsecret keeps a file of its own behind the Secret portal: it has no lock and nobody to ask. */
static gboolean
uses_service (void)
{
  const char *backend = g_getenv ("SECRET_BACKEND");

  return !g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) && g_getenv ("SNAP_NAME") == NULL &&
         (backend == NULL || *backend == '\0' || g_str_equal (backend, "service"));
}

static void
look_at_collection (Call *call)
{
  secret_service_get (SECRET_SERVICE_NONE, call->inner, service_cb, g_rc_box_acquire (call));
}

static void
found_open (Call              *call,
            SecretRetrievable *item)
{
  if (call->verb == BOBBIN_SECRET_LOOKUP)
    secret_retrievable_retrieve_secret (item, call->inner, retrieve_cb, g_rc_box_acquire (call));
  else
    secret_password_clear (&schema, call->inner, clear_cb, g_rc_box_acquire (call), "account-id", call->account, NULL);
}

static void
search_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;
  GList *items = secret_password_search_finish (result, &error);
  g_autoptr(GList) locked = NULL;
  SecretRetrievable *open = NULL;

  for (GList *l = items; l != NULL; l = l->next)
    {
      if (SECRET_IS_ITEM (l->data) && secret_item_get_locked (l->data))
        locked = g_list_prepend (locked, l->data);
      else if (open == NULL)
        open = l->data;
    }

  if (call->task == NULL)
    ; /* answered meanwhile */
  else if (error != NULL)
    call_failed (call, g_steal_pointer (&error));
  else if (locked != NULL && (open == NULL || call->verb == BOBBIN_SECRET_CLEAR))
    open_keyring (call, secret_item_get_service (locked->data), locked);
  else if (open != NULL)
    found_open (call, open);
  else if (uses_service ())
    look_at_collection (call);
  else
    call_answer (call, NULL);

  g_list_free_full (items, g_object_unref);
}

static void
call_begin (Call *call)
{
  if (call->verb == BOBBIN_SECRET_STORE && uses_service ())
    look_at_collection (call);
  else if (call->verb == BOBBIN_SECRET_STORE)
    store (call);
  else if (call->verb == BOBBIN_SECRET_LOOKUP)
    secret_password_search (&schema, SECRET_SEARCH_ALL, call->inner, search_cb, g_rc_box_acquire (call),
                            "account-id", call->account, "kind", _bobbin_secret_kind_nick (call->kind), NULL);
  else
    secret_password_search (&schema, SECRET_SEARCH_ALL, call->inner, search_cb, g_rc_box_acquire (call),
                            "account-id", call->account, NULL);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(Call) call = g_rc_box_acquire (user_data);

  call_answer_error (call, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  g_cancellable_cancel (call->inner);

  return G_SOURCE_REMOVE;
}

static gboolean
patience_cb (gpointer user_data)
{
  g_autoptr(Call) call = g_rc_box_acquire (user_data);

  call_answer_locked (call, "The keyring did not answer in time: it is locked or waits for a password");
  g_cancellable_cancel (call->inner);

  return G_SOURCE_REMOVE;
}

static void
release_call (gpointer call)
{
  call_unref (call);
}

static void
watch (GSource   *source,
       GSourceFunc func,
       Call      *call)
{
  g_source_set_callback (source, func, g_rc_box_acquire (call), release_call);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/* @task: (transfer full) */
static Call *
call_new (BobbinServiceSecrets *self,
          BobbinSecretVerb      verb,
          gint64                account_id,
          GTask                *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Call *call = g_rc_box_new0 (Call);

  call->self = g_object_ref (self);
  call->verb = verb;
  call->account_id = account_id;
  call->account = bobbin_id_to_string (account_id);
  call->task = task;
  call->inner = g_cancellable_new ();
  if (cancellable != NULL)
    {
      call->cancel = g_cancellable_source_new (cancellable);
      watch (call->cancel, G_SOURCE_FUNC (cancelled_cb), call);
    }
  if (self->patience_ms > 0)
    {
      call->patience = g_timeout_source_new (self->patience_ms);
      watch (call->patience, patience_cb, call);
    }

  return call;
}

void
_bobbin_secret_call_run (BobbinServiceSecrets *self,
                         BobbinSecretVerb      verb,
                         gint64                account_id,
                         BobbinSecretKind      kind,
                         const char           *label,
                         const char           *secret,
                         GTask                *task)
{
  g_autoptr(Call) call = call_new (self, verb, account_id, task);

  call->kind = kind;
  call->label = g_strdup (label);
  call->secret = g_strdup (secret);
  call_begin (call);
}
