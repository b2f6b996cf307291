#define G_LOG_DOMAIN "bobbin-secret"
#include "config.h"
#include "secret/bobbin-secrets.h"
#include "secret/bobbin-secrets-private.h"

#include "util/bobbin-redact.h"

#include <string.h>

G_DEFINE_INTERFACE (BobbinSecrets, bobbin_secrets, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (BobbinSecretsStatus, bobbin_secrets_status,
                    G_DEFINE_ENUM_VALUE (BOBBIN_SECRETS_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SECRETS_PERSISTENT, "persistent"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SECRETS_MEMORY, "memory"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SECRETS_LOCKED, "locked"))

static void
bobbin_secrets_default_init (BobbinSecretsInterface *iface)
{
  g_object_interface_install_property (
    iface,
    g_param_spec_enum ("status", NULL, NULL, BOBBIN_TYPE_SECRETS_STATUS, BOBBIN_SECRETS_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
}

/* Stored beside the item in the keyring: never changed once released. */
const char *
_bobbin_secret_kind_nick (BobbinSecretKind kind)
{
  switch (kind)
    {
    case BOBBIN_SECRET_KEY:
      return "key";
    case BOBBIN_SECRET_PROVIDER_KEY:
      return "provider-key";
    default:
      g_assert_not_reached ();
    }
}

BobbinSecretsStatus
bobbin_secrets_get_status (BobbinSecrets *self)
{
  g_return_val_if_fail (BOBBIN_IS_SECRETS (self), BOBBIN_SECRETS_UNKNOWN);

  return BOBBIN_SECRETS_GET_IFACE (self)->get_status (self);
}

void
bobbin_secrets_lookup_async (BobbinSecrets      *self,
                             gint64              account_id,
                             BobbinSecretKind    kind,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_return_if_fail (BOBBIN_IS_SECRETS (self));

  BOBBIN_SECRETS_GET_IFACE (self)->lookup_async (self, account_id, kind, cancellable, callback, user_data);
}

char *
bobbin_secrets_lookup_finish (BobbinSecrets *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  char *secret;

  g_return_val_if_fail (BOBBIN_IS_SECRETS (self), NULL);

  secret = BOBBIN_SECRETS_GET_IFACE (self)->lookup_finish (self, result, error);
  /* Every key that enters the program passes here or through store: logs never show one. */
  bobbin_redact_add_secret (secret);

  return secret;
}

void
bobbin_secrets_store_async (BobbinSecrets      *self,
                            gint64              account_id,
                            BobbinSecretKind    kind,
                            const char         *label,
                            const char         *secret,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_return_if_fail (BOBBIN_IS_SECRETS (self));
  g_return_if_fail (label != NULL);
  g_return_if_fail (secret != NULL);

  bobbin_redact_add_secret (secret);
  BOBBIN_SECRETS_GET_IFACE (self)->store_async (self, account_id, kind, label, secret, cancellable, callback, user_data);
}

gboolean
bobbin_secrets_store_finish (BobbinSecrets *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (BOBBIN_IS_SECRETS (self), FALSE);

  return BOBBIN_SECRETS_GET_IFACE (self)->store_finish (self, result, error);
}

void
bobbin_secrets_clear_async (BobbinSecrets      *self,
                            gint64              account_id,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_return_if_fail (BOBBIN_IS_SECRETS (self));

  BOBBIN_SECRETS_GET_IFACE (self)->clear_async (self, account_id, cancellable, callback, user_data);
}

gboolean
bobbin_secrets_clear_finish (BobbinSecrets *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (BOBBIN_IS_SECRETS (self), FALSE);

  return BOBBIN_SECRETS_GET_IFACE (self)->clear_finish (self, result, error);
}

void
bobbin_secret_free (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
