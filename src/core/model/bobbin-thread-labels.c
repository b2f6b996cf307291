/* The labels of a thread: a small sorted set of ids, absent in most. */
#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-thread.h"

#include "model/bobbin-thread-private.h"

#include <string.h>

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  const gint64 *first = a;
  const gint64 *second = b;

  return *first < *second ? -1 : *first > *second;
}

const gint64 *
bobbin_thread_get_labels (BobbinThread *self,
                          guint        *ret_n)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  *ret_n = self->labels != NULL ? self->labels->len : 0;

  return self->labels != NULL ? (const gint64 *) (gpointer) self->labels->data : NULL;
}

gboolean
bobbin_thread_has_label (BobbinThread *self,
                         gint64        label_id)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), FALSE);

  return self->labels != NULL && g_array_binary_search (self->labels, &label_id, compare_ids, NULL);
}

void
bobbin_thread_set_labels (BobbinThread *self,
                          const gint64 *ids,
                          guint         n)
{
  g_autoptr(GArray) labels = NULL;

  g_return_if_fail (BOBBIN_IS_THREAD (self));
  g_return_if_fail (n == 0 || ids != NULL);

  if (n > 0)
    {
      labels = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);
      g_array_append_vals (labels, ids, n);
      g_array_sort (labels, compare_ids);
    }
  if ((labels != NULL) == (self->labels != NULL) &&
      (labels == NULL || (labels->len == self->labels->len && memcmp (labels->data, self->labels->data, n * sizeof (gint64)) == 0)))
    return;

  g_clear_pointer (&self->labels, g_array_unref);
  self->labels = g_steal_pointer (&labels);
  _bobbin_thread_notify_labels (self);
}

void
bobbin_thread_set_label (BobbinThread *self,
                         gint64        label_id,
                         gboolean      has)
{
  g_autoptr(GArray) labels = NULL;
  guint position;

  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (bobbin_thread_has_label (self, label_id) == has)
    return;

  labels = self->labels != NULL ? g_array_copy (self->labels) : g_array_new (FALSE, FALSE, sizeof (gint64));
  if (has)
    g_array_append_val (labels, label_id);
  else if (g_array_binary_search (labels, &label_id, compare_ids, &position))
    g_array_remove_index (labels, position);
  bobbin_thread_set_labels (self, (const gint64 *) (gpointer) labels->data, labels->len);
}
