/* After an import: what is new in the store comes into the lists that are shown, wherever its time puts it. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"

static void
accounts_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) accounts = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->closed || accounts == NULL)
    return;

  for (guint i = 0; i < accounts->len; i++)
    if (bobbin_library_find_account (self, bobbin_account_get_id (accounts->pdata[i])) == NULL)
      g_ptr_array_add (fresh, g_object_ref (accounts->pdata[i]));
  if (fresh->len > 0)
    {
      _bobbin_library_add_accounts (self, fresh);
      _bobbin_library_load_rules (self);
    }
  _bobbin_library_load_labels (self);
  _bobbin_library_reload_views (self);
}

void
bobbin_library_reread (BobbinLibrary *self)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  if (!self->closed)
    bobbin_store_list_accounts_async (self->store, self->cancellable, accounts_cb, g_object_ref (self));
}
