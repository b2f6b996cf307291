/* The Secret Service through libsecret, with memory behind it: every key of this run is in memory too. */
#define G_LOG_DOMAIN "bobbin-secret"
#include "config.h"
#include "secret/bobbin-service-secrets-private.h"

enum { PROP_STATUS = 1 };

void
_bobbin_service_secrets_set_status (BobbinServiceSecrets *self,
                                    BobbinSecretsStatus   status)
{
  if (self->status == status)
    return;

  self->status = status;
  g_object_notify (G_OBJECT (self), "status");
}

static void
secret_destroy (gpointer secret)
{
  bobbin_secret_free (secret);
}

static BobbinSecretsStatus
service_get_status (BobbinSecrets *secrets)
{
  return BOBBIN_SERVICE_SECRETS (secrets)->status;
}

static void
service_lookup_async (BobbinSecrets      *secrets,
                      gint64              account_id,
                      BobbinSecretKind    kind,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  BobbinServiceSecrets *self = BOBBIN_SERVICE_SECRETS (secrets);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *known = _bobbin_memory_secrets_peek (self->memory, account_id, kind);

  g_task_set_source_tag (task, service_lookup_async);
  if (known != NULL)
    {
      g_task_return_pointer (task, g_strdup (known), secret_destroy);
      return;
    }

  _bobbin_secret_call_run (self, BOBBIN_SECRET_LOOKUP, account_id, kind, NULL, NULL, g_steal_pointer (&task));
}

static char *
service_lookup_finish (BobbinSecrets *secrets,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, secrets), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
service_store_async (BobbinSecrets      *secrets,
                     gint64              account_id,
                     BobbinSecretKind    kind,
                     const char         *label,
                     const char         *secret,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  BobbinServiceSecrets *self = BOBBIN_SERVICE_SECRETS (secrets);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, service_store_async);
  _bobbin_memory_secrets_put (self->memory, account_id, kind, secret);

  _bobbin_secret_call_run (self, BOBBIN_SECRET_STORE, account_id, kind, label, secret, task);
}

static void
service_clear_async (BobbinSecrets      *secrets,
                     gint64              account_id,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  BobbinServiceSecrets *self = BOBBIN_SERVICE_SECRETS (secrets);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, service_clear_async);
  _bobbin_memory_secrets_clear (self->memory, account_id);

  _bobbin_secret_call_run (self, BOBBIN_SECRET_CLEAR, account_id, BOBBIN_SECRET_KEY, NULL, NULL, task);
}

static gboolean
service_finish (BobbinSecrets *secrets,
                GAsyncResult  *result,
                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, secrets), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
secrets_iface_init (BobbinSecretsInterface *iface)
{
  iface->get_status = service_get_status;
  iface->lookup_async = service_lookup_async;
  iface->lookup_finish = service_lookup_finish;
  iface->store_async = service_store_async;
  iface->store_finish = service_finish;
  iface->clear_async = service_clear_async;
  iface->clear_finish = service_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinServiceSecrets, bobbin_service_secrets, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_SECRETS, secrets_iface_init))

static void
bobbin_service_secrets_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STATUS:
      g_value_set_enum (value, BOBBIN_SERVICE_SECRETS (object)->status);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_service_secrets_finalize (GObject *object)
{
  g_clear_object (&BOBBIN_SERVICE_SECRETS (object)->memory);

  G_OBJECT_CLASS (bobbin_service_secrets_parent_class)->finalize (object);
}

static void
bobbin_service_secrets_class_init (BobbinServiceSecretsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_service_secrets_get_property;
  object_class->finalize = bobbin_service_secrets_finalize;
  g_object_class_override_property (object_class, PROP_STATUS, "status");
}

static void
bobbin_service_secrets_init (BobbinServiceSecrets *self)
{
  self->memory = BOBBIN_MEMORY_SECRETS (bobbin_memory_secrets_new ());
}

BobbinSecrets *
bobbin_service_secrets_new (void)
{
  return g_object_new (BOBBIN_TYPE_SERVICE_SECRETS, NULL);
}

BobbinSecrets *
bobbin_service_secrets_new_impatient (guint patience_ms)
{
  BobbinServiceSecrets *self = g_object_new (BOBBIN_TYPE_SERVICE_SECRETS, NULL);

  self->patience_ms = patience_ms;

  return BOBBIN_SECRETS (self);
}
