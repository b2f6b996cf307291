/* Labels: few, so all of them are in memory. Every change of one tells the list that its row changed. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"

#include "model/bobbin-label.h"

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinFailure) failure = NULL;

  if (bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      _bobbin_library_store_worked (self);
      return;
    }

  failure = bobbin_failure_new (BOBBIN_ERROR_STORE, BOBBIN_CERTAINTY_UNSENT, error->message);
  _bobbin_library_store_failed (self, failure);
}

static int
compare_labels (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  gint64 first = bobbin_label_get_id (BOBBIN_LABEL ((gpointer) a));
  gint64 second = bobbin_label_get_id (BOBBIN_LABEL ((gpointer) b));

  return first < second ? -1 : first > second;
}

/* At the start, and after an import those that came with it. */
static void
labels_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GPtrArray) labels = bobbin_store_list_labels_finish (BOBBIN_STORE (source), result, NULL);

  for (guint i = 0; labels != NULL && !self->closed && i < labels->len; i++)
    if (bobbin_library_find_label (self, bobbin_label_get_id (labels->pdata[i])) == NULL)
      g_list_store_insert_sorted (self->labels, labels->pdata[i], compare_labels, NULL);
}

void
_bobbin_library_load_labels (BobbinLibrary *self)
{
  bobbin_store_list_labels_async (self->store, self->cancellable, labels_loaded_cb, g_object_ref (self));
}

GListModel *
bobbin_library_get_labels (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return G_LIST_MODEL (self->labels);
}

BobbinLabel *
bobbin_library_find_label (BobbinLibrary *self,
                           gint64         label_id)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->labels)); i++)
    {
      g_autoptr(BobbinLabel) label = g_list_model_get_item (G_LIST_MODEL (self->labels), i);

      if (bobbin_label_get_id (label) == label_id)
        return label; /* the list holds it */
    }

  return NULL;
}

static void
tell (BobbinLibrary *self,
      GArray        *thread_ids,
      gint64         label_id,
      gboolean       has)
{
  g_autoptr(GPtrArray) touched = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; thread_ids != NULL && i < thread_ids->len; i++)
    {
      BobbinThread *thread = _bobbin_library_find_known (self, g_array_index (thread_ids, gint64, i));

      if (thread == NULL)
        continue;
      bobbin_thread_set_label (thread, label_id, has);
      g_ptr_array_add (touched, g_object_ref (thread));
    }
  _bobbin_library_refresh_views (self, touched);
}

void
bobbin_library_add_label (BobbinLibrary *self,
                          BobbinLabel   *label,
                          GArray        *thread_ids)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_LABEL (label));

  if (self->closed || bobbin_library_find_label (self, bobbin_label_get_id (label)) != NULL)
    return;

  g_list_store_insert_sorted (self->labels, label, compare_labels, NULL);
  bobbin_store_save_label_async (self->store, label, thread_ids, NULL, saved_cb, g_object_ref (self));
  tell (self, thread_ids, bobbin_label_get_id (label), TRUE);
}

void
bobbin_library_change_label (BobbinLibrary    *self,
                             BobbinLabel      *label,
                             const char       *name,
                             BobbinLabelColor  color)
{
  guint position;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_LABEL (label));

  if (self->closed || !g_list_store_find (self->labels, label, &position) ||
      (g_strcmp0 (bobbin_label_get_name (label), name) == 0 && bobbin_label_get_color (label) == color))
    return;

  bobbin_label_set_name (label, name);
  bobbin_label_set_color (label, color);
  bobbin_store_save_label_async (self->store, label, NULL, NULL, saved_cb, g_object_ref (self));
  g_list_model_items_changed (G_LIST_MODEL (self->labels), position, 1, 1);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  BobbinLabel *label = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) holders = bobbin_store_delete_label_finish (BOBBIN_STORE (source), result, &error);
  guint position;

  if (holders == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!self->closed)
    {
      tell (self, holders, bobbin_label_get_id (label), FALSE);
      if (g_list_store_find (self->labels, label, &position))
        g_list_store_remove (self->labels, position);
    }
  g_task_return_pointer (task, g_steal_pointer (&holders), (GDestroyNotify) g_array_unref);
}

void
bobbin_library_delete_label_async (BobbinLibrary       *self,
                                   BobbinLabel         *label,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_LABEL (label));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_delete_label_async);
  g_task_set_task_data (task, g_object_ref (label), g_object_unref);
  bobbin_store_delete_label_async (self->store, bobbin_label_get_id (label), NULL, deleted_cb, g_steal_pointer (&task));
}

GArray *
bobbin_library_delete_label_finish (BobbinLibrary *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
