#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

G_DEFINE_INTERFACE (BobbinStore, bobbin_store, G_TYPE_OBJECT)

static void
bobbin_store_default_init (BobbinStoreInterface *iface)
{
}

void
bobbin_store_report_free (BobbinStoreReport *self)
{
  if (self == NULL)
    return;

  g_free (self->backup_path);
  g_free (self->broken_path);
  g_free (self);
}

void
_bobbin_store_op_free (BobbinStoreOp *op)
{
  if (op->args != NULL && op->info->free_args != NULL)
    op->info->free_args (op->args);
  g_free (op);
}

void
_bobbin_store_submit (BobbinStore             *self,
                      gpointer                 source_tag,
                      const BobbinStoreOpInfo *info,
                      gpointer                 args,
                      GCancellable            *cancellable,
                      GAsyncReadyCallback      callback,
                      gpointer                 user_data)
{
  BobbinStoreOp *op = g_new0 (BobbinStoreOp, 1);
  GTask *task;

  op->info = info;
  op->args = args;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, source_tag);
  g_task_set_name (task, info->name);
  BOBBIN_STORE_GET_IFACE (self)->submit (self, task, op);
}

gpointer
_bobbin_store_take (BobbinStore   *self,
                    GAsyncResult  *result,
                    gpointer       source_tag,
                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (source_tag == NULL || g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
bobbin_store_finish (BobbinStore   *self,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_autoptr(GError) local = NULL;

  g_return_val_if_fail (BOBBIN_IS_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  g_task_propagate_pointer (G_TASK (result), &local);
  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
