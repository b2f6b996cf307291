#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-outliner.h"

#include "session/bobbin-session-private.h"

#define PAUSE_MS 700 /* between two looks at what is being written */

struct _BobbinOutlineEntry
{
  GObject            parent_instance;
  BobbinOutlineItem *item; /* owned */
};

G_DEFINE_FINAL_TYPE (BobbinOutlineEntry, bobbin_outline_entry, G_TYPE_OBJECT)

static void
bobbin_outline_entry_finalize (GObject *object)
{
  g_clear_pointer (&BOBBIN_OUTLINE_ENTRY (object)->item, bobbin_outline_item_free);

  G_OBJECT_CLASS (bobbin_outline_entry_parent_class)->finalize (object);
}

static void
bobbin_outline_entry_class_init (BobbinOutlineEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_outline_entry_finalize;
}

static void
bobbin_outline_entry_init (BobbinOutlineEntry *self)
{
}

const BobbinOutlineItem *
bobbin_outline_entry_get_item (BobbinOutlineEntry *self)
{
  g_return_val_if_fail (BOBBIN_IS_OUTLINE_ENTRY (self), NULL);

  return self->item;
}

struct _BobbinOutliner
{
  GObject       parent_instance;
  /* owned */
  BobbinStore  *store;
  GListModel   *newest;
  BobbinPager  *pager;
  GListStore   *entries;
  GCancellable *cancellable;

  gint64        thread_id;
  guint         n_old;       /* entries of older messages */
  guint         pause_id;
  gboolean      started;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinOutliner, bobbin_outliner, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return BOBBIN_TYPE_OUTLINE_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (BOBBIN_OUTLINER (model)->entries));
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  return g_list_model_get_item (G_LIST_MODEL (BOBBIN_OUTLINER (model)->entries), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static const BobbinOutlineItem *
item_at (BobbinOutliner *self,
         guint           position)
{
  g_autoptr(BobbinOutlineEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->entries), position);

  return entry->item; /* the list holds it */
}

static gboolean
is_same (const BobbinOutlineItem *a,
         const BobbinOutlineItem *b)
{
  return a->kind == b->kind && a->level == b->level && a->message_id == b->message_id && a->block_id == b->block_id &&
         a->offset == b->offset && a->n == b->n && g_strcmp0 (a->text, b->text) == 0;
}

/* Takes @items, in the place of the entries from @from to @to; those at the start that did not change stay. */
static void
replace (BobbinOutliner *self,
         guint           from,
         guint           to,
         GPtrArray      *items)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  guint kept = 0;

  while (from + kept < to && kept < items->len && is_same (item_at (self, from + kept), g_ptr_array_index (items, kept)))
    kept++;
  g_ptr_array_set_free_func (items, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      BobbinOutlineEntry *entry;

      if (i < kept)
        {
          bobbin_outline_item_free (g_ptr_array_index (items, i));
          continue;
        }
      entry = g_object_new (BOBBIN_TYPE_OUTLINE_ENTRY, NULL);
      entry->item = g_ptr_array_index (items, i);
      g_ptr_array_add (fresh, entry);
    }
  if (fresh->len > 0 || from + kept < to)
    g_list_store_splice (self->entries, from + kept, to - from - kept, fresh->pdata, fresh->len);
}

static void
watch_last (BobbinOutliner *self);

static gboolean
look_cb (gpointer user_data)
{
  BobbinOutliner *self = user_data;
  g_autoptr(GPtrArray) items = bobbin_outline_new ();

  self->pause_id = 0;
  for (guint i = 0; i < g_list_model_get_n_items (self->newest); i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (self->newest, i);

      bobbin_outline_add_message (items, message);
    }
  replace (self, self->n_old, get_n_items (G_LIST_MODEL (self)), items);
  watch_last (self);

  return G_SOURCE_REMOVE;
}

static void
look_soon (BobbinOutliner *self)
{
  if (self->pause_id == 0)
    self->pause_id = g_timeout_add (PAUSE_MS, look_cb, self);
}

/* An answer that is being written has new headings now and then. */
static void
watch_last (BobbinOutliner *self)
{
  guint n = g_list_model_get_n_items (self->newest);
  g_autoptr(BobbinMessage) last = n > 0 ? g_list_model_get_item (self->newest, n - 1) : NULL;

  if (last != NULL && bobbin_message_get_delivery (last) == BOBBIN_DELIVERY_ANSWERING)
    look_soon (self);
}

static void read_more (BobbinOutliner *self, gint64 after_id);

static void
slice_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinOutliner) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinOutlineSlice) slice = bobbin_store_outline_finish (BOBBIN_STORE (source), result, &error);
  g_autoptr(BobbinMessage) first = g_list_model_get_item (self->newest, 0);
  g_autoptr(GPtrArray) items = NULL;
  guint n;

  if (slice == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("The outline could not be read: %s", error->message);
      return;
    }

  items = g_ptr_array_ref (slice->items);
  while (first != NULL && items->len > 0 &&
         ((BobbinOutlineItem *) g_ptr_array_index (items, items->len - 1))->message_id >= bobbin_message_get_id (first))
    g_ptr_array_set_size (items, (int) items->len - 1);
  n = items->len;
  replace (self, self->n_old, self->n_old, items);
  self->n_old += n;
  if (slice->next_id != 0 && (first == NULL || slice->next_id < bobbin_message_get_id (first)))
    read_more (self, slice->next_id);
}

static void
read_more (BobbinOutliner *self,
           gint64          after_id)
{
  bobbin_store_outline_async (self->store, self->thread_id, after_id, self->cancellable, slice_cb, g_object_ref (self));
}

/* The older part is another one: after messages were deleted, or another version is shown. */
static void
read_all (BobbinOutliner *self)
{
  if (!self->started)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_list_store_splice (self->entries, 0, self->n_old, NULL, 0);
  self->n_old = 0;
  read_more (self, 0);
  look_soon (self);
}

static void
bobbin_outliner_dispose (GObject *object)
{
  BobbinOutliner *self = BOBBIN_OUTLINER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->pause_id, g_source_remove);

  G_OBJECT_CLASS (bobbin_outliner_parent_class)->dispose (object);
}

static void
bobbin_outliner_finalize (GObject *object)
{
  BobbinOutliner *self = BOBBIN_OUTLINER (object);

  g_clear_object (&self->store);
  g_clear_object (&self->newest);
  g_clear_object (&self->pager);
  g_clear_object (&self->entries);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (bobbin_outliner_parent_class)->finalize (object);
}

static void
bobbin_outliner_class_init (BobbinOutlinerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_outliner_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_outliner_finalize;
}

static void
forward_cb (BobbinOutliner *self,
            guint           position,
            guint           n_removed,
            guint           n_added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

static void
bobbin_outliner_init (BobbinOutliner *self)
{
  self->entries = g_list_store_new (BOBBIN_TYPE_OUTLINE_ENTRY);
  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (self->entries, "items-changed", G_CALLBACK (forward_cb), self, G_CONNECT_SWAPPED);
}

BobbinOutliner *
bobbin_outliner_new (BobbinSession *session)
{
  BobbinOutliner *self = g_object_new (BOBBIN_TYPE_OUTLINER, NULL);

  self->store = g_object_ref (session->store);
  self->newest = g_object_ref (G_LIST_MODEL (session->messages));
  self->pager = g_object_ref (bobbin_session_get_pager (session));
  self->thread_id = bobbin_thread_get_id (session->thread);

  return self;
}

void
bobbin_outliner_start (BobbinOutliner *self)
{
  g_return_if_fail (BOBBIN_IS_OUTLINER (self));

  if (self->started)
    return;

  self->started = TRUE;
  g_signal_connect_object (self->newest, "items-changed", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pager, "updated", G_CALLBACK (read_all), self, G_CONNECT_SWAPPED);
  read_more (self, 0);
  look_cb (self);
}

gboolean
bobbin_outliner_find (BobbinOutliner *self,
                      gint64          message_id,
                      gint64          block_id,
                      gsize           offset,
                      guint          *ret_position)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (BOBBIN_IS_OUTLINER (self), FALSE);

  /* the first entry behind the place */
  high = get_n_items (G_LIST_MODEL (self));
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const BobbinOutlineItem *item = item_at (self, middle);
      gboolean behind = item->message_id > message_id;

      if (item->message_id == message_id && block_id != 0)
        behind = item->block_id > block_id || (item->block_id == block_id && item->offset > offset);
      if (behind)
        high = middle;
      else
        low = middle + 1;
    }
  if (low == 0)
    return FALSE;

  *ret_position = low - 1;
  return TRUE;
}
