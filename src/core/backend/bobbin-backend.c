#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/bobbin-backend.h"

#include "backend/bobbin-channel.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_INTERFACE (BobbinBackend, bobbin_backend, G_TYPE_OBJECT)

static void
bobbin_backend_default_init (BobbinBackendInterface *iface)
{
}

char *
bobbin_limits_dup_sentence (const BobbinLimits *self)
{
  g_autofree char *file = NULL;
  g_autofree char *message = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  file = self->file_bytes > 0 ? bobbin_text_size (self->file_bytes) : NULL;
  message = self->message_bytes > 0 ? bobbin_text_size (self->message_bytes) : NULL;
  if (file != NULL && message != NULL)
    /* Translators: two sizes: 10 MiB a file and 25 MiB a message */
    return g_strdup_printf (_("The service takes %1$s a file and %2$s a message."), file, message);
  if (file != NULL)
    /* Translators: a size: 10 MiB a file */
    return g_strdup_printf (_("The service takes %s a file."), file);
  if (message != NULL)
    /* Translators: a size: 25 MiB a message */
    return g_strdup_printf (_("The service takes %s a message."), message);

  return NULL;
}

gboolean
bobbin_limits_list_type (const BobbinLimits *self,
                         const char         *name)
{
  const char *dot;

  g_return_val_if_fail (self != NULL, TRUE);
  g_return_val_if_fail (name != NULL, TRUE);

  if (self->file_types == NULL)
    return TRUE;

  dot = strrchr (name, '.');
  for (guint i = 0; dot != NULL && self->file_types[i] != NULL; i++)
    if (g_ascii_strcasecmp (dot + 1, self->file_types[i]) == 0)
      return TRUE;

  return FALSE;
}

BobbinCapabilities
bobbin_backend_get_capabilities (BobbinBackend *self)
{
  g_return_val_if_fail (BOBBIN_IS_BACKEND (self), 0);

  return BOBBIN_BACKEND_GET_IFACE (self)->get_capabilities (self);
}

gboolean
bobbin_backend_can (BobbinBackend     *self,
                    BobbinCapabilities all_of)
{
  return (bobbin_backend_get_capabilities (self) & all_of) == all_of;
}

const BobbinLimits *
bobbin_backend_get_limits (BobbinBackend *self)
{
  g_return_val_if_fail (BOBBIN_IS_BACKEND (self), NULL);

  return BOBBIN_BACKEND_GET_IFACE (self)->get_limits (self);
}

void
bobbin_backend_set_credential (BobbinBackend *self,
                               const char    *credential)
{
  g_return_if_fail (BOBBIN_IS_BACKEND (self));

  BOBBIN_BACKEND_GET_IFACE (self)->set_credential (self, credential);
}

void
bobbin_backend_set_provider_key (BobbinBackend *self,
                                 const char    *key)
{
  g_return_if_fail (BOBBIN_IS_BACKEND (self));

  if (BOBBIN_BACKEND_GET_IFACE (self)->set_provider_key != NULL)
    BOBBIN_BACKEND_GET_IFACE (self)->set_provider_key (self, key);
}

void
bobbin_backend_drop_uploads (BobbinBackend *self,
                             GPtrArray     *attachments)
{
  g_return_if_fail (BOBBIN_IS_BACKEND (self));

  if (BOBBIN_BACKEND_GET_IFACE (self)->drop_uploads != NULL && attachments->len > 0)
    BOBBIN_BACKEND_GET_IFACE (self)->drop_uploads (self, attachments);
}

BobbinChannel *
bobbin_backend_open_channel (BobbinBackend *self,
                             const char    *agent_id,
                             const char    *thread_id)
{
  g_return_val_if_fail (BOBBIN_IS_BACKEND (self), NULL);

  return BOBBIN_BACKEND_GET_IFACE (self)->open_channel (self, agent_id, thread_id);
}

void
bobbin_backend_check_async (BobbinBackend      *self,
                            BobbinCheck         step,
                            const char         *agent_id,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_return_if_fail (BOBBIN_IS_BACKEND (self));

  BOBBIN_BACKEND_GET_IFACE (self)->check_async (self, step, agent_id, cancellable, callback, user_data);
}

gboolean
bobbin_backend_check_finish (BobbinBackend *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (BOBBIN_IS_BACKEND (self), FALSE);

  return BOBBIN_BACKEND_GET_IFACE (self)->check_finish (self, result, error);
}
