/* What the two implementations of BobbinSecrets share. */
#pragma once

#include "secret/bobbin-secrets.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_MEMORY_SECRETS (bobbin_memory_secrets_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMemorySecrets, bobbin_memory_secrets, BOBBIN, MEMORY_SECRETS, GObject)

/* The same as the asynchronous calls, which for memory need not wait. Borrowed, NULL when there is none. */
const char *_bobbin_memory_secrets_peek  (BobbinMemorySecrets *self, gint64 account_id, BobbinSecretKind kind);
void        _bobbin_memory_secrets_put   (BobbinMemorySecrets *self, gint64 account_id, BobbinSecretKind kind, const char *secret);
void        _bobbin_memory_secrets_clear (BobbinMemorySecrets *self, gint64 account_id);

const char *_bobbin_secret_kind_nick     (BobbinSecretKind kind);

G_END_DECLS
