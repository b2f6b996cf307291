#define G_LOG_DOMAIN "bobbin-secret"
#include "config.h"
#include "secret/bobbin-secrets-private.h"

typedef struct
{
  gint64           account_id;
  BobbinSecretKind kind;
  char            *secret;
} Entry;

struct _BobbinMemorySecrets
{
  GObject parent_instance;
  GArray *entries; /* of Entry: a handful of accounts */
};

enum { PROP_STATUS = 1 };

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->secret, bobbin_secret_free);
}

static Entry *
find_entry (BobbinMemorySecrets *self,
            gint64               account_id,
            BobbinSecretKind     kind)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->account_id == account_id && entry->kind == kind)
        return entry;
    }

  return NULL;
}

const char *
_bobbin_memory_secrets_peek (BobbinMemorySecrets *self,
                             gint64               account_id,
                             BobbinSecretKind     kind)
{
  Entry *entry = find_entry (self, account_id, kind);

  return entry != NULL ? entry->secret : NULL;
}

void
_bobbin_memory_secrets_put (BobbinMemorySecrets *self,
                            gint64               account_id,
                            BobbinSecretKind     kind,
                            const char          *secret)
{
  Entry *entry = find_entry (self, account_id, kind);

  if (entry == NULL)
    {
      Entry fresh = { account_id, kind, NULL };

      g_array_append_val (self->entries, fresh);
      entry = &g_array_index (self->entries, Entry, self->entries->len - 1);
    }
  bobbin_secret_free (entry->secret);
  entry->secret = g_strdup (secret);
}

void
_bobbin_memory_secrets_clear (BobbinMemorySecrets *self,
                              gint64               account_id)
{
  for (guint i = self->entries->len; i > 0; i--)
    if (g_array_index (self->entries, Entry, i - 1).account_id == account_id)
      g_array_remove_index (self->entries, i - 1);
}

static BobbinSecretsStatus
memory_get_status (BobbinSecrets *secrets)
{
  return BOBBIN_SECRETS_MEMORY;
}

static void
secret_destroy (gpointer secret)
{
  bobbin_secret_free (secret);
}

static void
memory_lookup_async (BobbinSecrets      *secrets,
                     gint64              account_id,
                     BobbinSecretKind    kind,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (secrets, cancellable, callback, user_data);
  const char *secret = _bobbin_memory_secrets_peek (BOBBIN_MEMORY_SECRETS (secrets), account_id, kind);

  g_task_set_source_tag (task, memory_lookup_async);
  g_task_return_pointer (task, g_strdup (secret), secret_destroy);
}

static char *
memory_lookup_finish (BobbinSecrets *secrets,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, secrets), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
memory_store_async (BobbinSecrets      *secrets,
                    gint64              account_id,
                    BobbinSecretKind    kind,
                    const char         *label,
                    const char         *secret,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (secrets, cancellable, callback, user_data);

  g_task_set_source_tag (task, memory_store_async);
  _bobbin_memory_secrets_put (BOBBIN_MEMORY_SECRETS (secrets), account_id, kind, secret);
  g_task_return_boolean (task, TRUE);
}

static void
memory_clear_async (BobbinSecrets      *secrets,
                    gint64              account_id,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (secrets, cancellable, callback, user_data);

  g_task_set_source_tag (task, memory_clear_async);
  _bobbin_memory_secrets_clear (BOBBIN_MEMORY_SECRETS (secrets), account_id);
  g_task_return_boolean (task, TRUE);
}

static gboolean
memory_finish (BobbinSecrets *secrets,
               GAsyncResult  *result,
               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, secrets), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
secrets_iface_init (BobbinSecretsInterface *iface)
{
  iface->get_status = memory_get_status;
  iface->lookup_async = memory_lookup_async;
  iface->lookup_finish = memory_lookup_finish;
  iface->store_async = memory_store_async;
  iface->store_finish = memory_finish;
  iface->clear_async = memory_clear_async;
  iface->clear_finish = memory_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinMemorySecrets, bobbin_memory_secrets, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_SECRETS, secrets_iface_init))

static void
bobbin_memory_secrets_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STATUS:
      g_value_set_enum (value, BOBBIN_SECRETS_MEMORY);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_memory_secrets_finalize (GObject *object)
{
  g_array_unref (BOBBIN_MEMORY_SECRETS (object)->entries);

  G_OBJECT_CLASS (bobbin_memory_secrets_parent_class)->finalize (object);
}

static void
bobbin_memory_secrets_class_init (BobbinMemorySecretsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_memory_secrets_get_property;
  object_class->finalize = bobbin_memory_secrets_finalize;
  g_object_class_override_property (object_class, PROP_STATUS, "status");
}

static void
bobbin_memory_secrets_init (BobbinMemorySecrets *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
}

BobbinSecrets *
bobbin_memory_secrets_new (void)
{
  return g_object_new (BOBBIN_TYPE_MEMORY_SECRETS, NULL);
}
