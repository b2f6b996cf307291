/* Inside of the libsecret implementation: bobbin-service-secrets.c (object and interface), bobbin-secret-call.c (one call, step by step),
 * bobbin-secret-prompt.c (opening a locked keyring). */
#pragma once

#include "secret/bobbin-secrets-private.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SERVICE_SECRETS (bobbin_service_secrets_get_type ())
G_DECLARE_FINAL_TYPE (BobbinServiceSecrets, bobbin_service_secrets, BOBBIN, SERVICE_SECRETS, GObject)

struct _BobbinServiceSecrets
{
  GObject              parent_instance;
  /* owned */
  BobbinMemorySecrets *memory;      /* every key of this run */
  /* plain */
  BobbinSecretsStatus  status;
  guint                patience_ms; /* 0: no limit */
};

typedef enum
{
  BOBBIN_SECRET_LOOKUP,
  BOBBIN_SECRET_STORE,
  BOBBIN_SECRET_CLEAR,
} BobbinSecretVerb;

/* bobbin-service-secrets.c */
void _bobbin_service_secrets_set_status (BobbinServiceSecrets *self, BobbinSecretsStatus status);

/* bobbin-secret-call.c. @label and @secret: for STORE. @task: (transfer full): returns a key to be wiped for LOOKUP, else a boolean. */
void _bobbin_secret_call_run (BobbinServiceSecrets *self, BobbinSecretVerb verb, gint64 account_id, BobbinSecretKind kind,
                              const char *label, const char *secret, GTask *task);

G_END_DECLS
