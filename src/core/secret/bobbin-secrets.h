/* Where keys live: an interface with two implementations, the Secret Service (libsecret; the Secret portal in a
 * sandbox) and memory. Keys exist nowhere else: not in properties, logs, rows, argv or URLs.
 * All calls may wait for a prompt of the desktop, so each takes a cancellable. Errors are BOBBIN_ERROR_SECRET. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_SECRET_KEY,          /* the account's credential */
  BOBBIN_SECRET_PROVIDER_KEY, /* a second one: the model provider's key of an Entities account */
} BobbinSecretKind;

/* What is known of the place keys are kept, for a plain sentence to the person. */
typedef enum
{
  BOBBIN_SECRETS_UNKNOWN,    /* not asked yet */
  BOBBIN_SECRETS_PERSISTENT, /* a Secret Service answered */
  BOBBIN_SECRETS_MEMORY,     /* no Secret Service: keys last until the program ends */
  BOBBIN_SECRETS_LOCKED,     /* there is one, but it is locked or the prompt was dismissed */
} BobbinSecretsStatus;

#define BOBBIN_TYPE_SECRETS_STATUS (bobbin_secrets_status_get_type ())
GType bobbin_secrets_status_get_type (void) G_GNUC_CONST;

#define BOBBIN_TYPE_SECRETS (bobbin_secrets_get_type ())
G_DECLARE_INTERFACE (BobbinSecrets, bobbin_secrets, BOBBIN, SECRETS, GObject)

/* Property "status" of every implementation notifies. */
struct _BobbinSecretsInterface
{
  GTypeInterface parent_iface;

  BobbinSecretsStatus (*get_status) (BobbinSecrets *self);
  void     (*lookup_async)  (BobbinSecrets *self, gint64 account_id, BobbinSecretKind kind, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
  char    *(*lookup_finish) (BobbinSecrets *self, GAsyncResult *result, GError **error);
  void     (*store_async)   (BobbinSecrets *self, gint64 account_id, BobbinSecretKind kind, const char *label,
                             const char *secret, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*store_finish)  (BobbinSecrets *self, GAsyncResult *result, GError **error);
  void     (*clear_async)   (BobbinSecrets *self, gint64 account_id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*clear_finish)  (BobbinSecrets *self, GAsyncResult *result, GError **error);
};

BobbinSecretsStatus bobbin_secrets_get_status (BobbinSecrets *self);
void     bobbin_secrets_lookup_async  (BobbinSecrets *self, gint64 account_id, BobbinSecretKind kind, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (nullable): the key, to be freed with bobbin_secret_free(); NULL without error when none is
 * stored. Locked and dismissed are errors: libsecret's bare NULL is told apart inside. */
char    *bobbin_secrets_lookup_finish (BobbinSecrets *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Always keeps the key in memory for this run; finishes with BOBBIN_ERROR_SECRET when it could not also be kept for good. */
void     bobbin_secrets_store_async   (BobbinSecrets *self, gint64 account_id, BobbinSecretKind kind, const char *label,
                                       const char *secret, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_secrets_store_finish  (BobbinSecrets *self, GAsyncResult *result, GError **error);
/* Removes every secret of the account, from memory too. */
void     bobbin_secrets_clear_async   (BobbinSecrets *self, gint64 account_id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_secrets_clear_finish  (BobbinSecrets *self, GAsyncResult *result, GError **error);
void     bobbin_secret_free           (char *secret); /* wipes it first; NULL is fine */

/* bobbin-memory-secrets.c */
BobbinSecrets *bobbin_memory_secrets_new  (void) G_GNUC_WARN_UNUSED_RESULT;
/* bobbin-service-secrets.c: libsecret, with memory behind it when there is no service. */
BobbinSecrets *bobbin_service_secrets_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* The same for the command line: no call waits longer than @patience_ms milliseconds for a prompt; it then fails as locked. */
BobbinSecrets *bobbin_service_secrets_new_impatient (guint patience_ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
