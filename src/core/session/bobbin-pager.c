#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-pager.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "store/bobbin-store.h"

#include <gio/gio.h>
#include <string.h>
#if HAVE_MALLOC_TRIM
#include <malloc.h>
#endif

#define PAGE_ITEMS 24
#define PAGES_MAX  6                /* kept, when they are small */
#define CHANGES_MAX 64 /* told one by one */
#define TRIM_MS    1000
#define BYTES_MAX  (4 * 1024 * 1024) /* of all pages that nobody looks at */

typedef struct
{
  gint64     first_id;   /* what of the ids it holds: the positions may change, these do not */
  gint64     last_id;
  GPtrArray *messages;   /* of BobbinMessage; NULL while it is being read */
  gsize      bytes;
  guint64    used;       /* when it was wanted last, counted */
} Page;

struct _BobbinPager
{
  GObject        parent_instance;
  /* owned */
  BobbinStore   *store;
  GListModel    *newest;
  GArray        *ids;          /* of BobbinMessageKey, rising: older than the first of newest */
  GPtrArray     *pages;        /* of Page, in no order */
  BobbinMessage *absent;       /* stands for what is not loaded */
  GPtrArray     *held;         /* of BobbinMessage: shown as these objects */
  GCancellable  *cancellable;

  gint64         thread_id;
  guint64        clock;
  guint          loads;        /* pages being read */
  guint          want_first;
  guint          want_last;
  gsize          dropped;      /* bytes of pages given up since memory was given back */
  guint          trim_id;
  gboolean       ready;
  gboolean       refreshing;
  gboolean       again;        /* refresh once more after the one that runs */
};

enum { SIGNAL_LOADED, SIGNAL_UPDATED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinPager, bobbin_pager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
page_free (gpointer data)
{
  Page *page = data;

  g_clear_pointer (&page->messages, g_ptr_array_unref);
  g_free (page);
}

static gint64
id_at (BobbinPager *self,
       guint        index)
{
  return g_array_index (self->ids, BobbinMessageKey, index).id;
}

/* The first of the older ids that is not below @id. */
static guint
lower_bound (BobbinPager *self,
             gint64       id)
{
  guint low = 0;
  guint high = self->ids->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (id_at (self, middle) < id)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static gint64
first_newest_id (BobbinPager *self)
{
  g_autoptr(BobbinMessage) first = g_list_model_get_item (self->newest, 0);

  return first != NULL ? bobbin_message_get_id (first) : G_MAXINT64;
}

static Page *
page_with (BobbinPager *self,
           gint64       id)
{
  for (guint i = 0; i < self->pages->len; i++)
    {
      Page *page = g_ptr_array_index (self->pages, i);

      if (id >= page->first_id && id <= page->last_id)
        return page;
    }

  return NULL;
}

/* List model */

static GType
get_item_type (GListModel *model)
{
  return BOBBIN_TYPE_MESSAGE;
}

static guint
get_n_items (GListModel *model)
{
  BobbinPager *self = BOBBIN_PAGER (model);

  return self->ids->len + g_list_model_get_n_items (self->newest);
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  BobbinPager *self = BOBBIN_PAGER (model);
  BobbinMessage *message;

  if (position >= get_n_items (model))
    return NULL;

  message = bobbin_pager_peek (self, position);
  return g_object_ref (message != NULL ? message : self->absent);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Reading pages */

typedef struct
{
  BobbinPager *pager; /* owned */
  gint64       first_id;
} Load;

static void read_wanted (BobbinPager *self);

static gsize
count_bytes (GPtrArray *messages)
{
  gsize bytes = 0;

  for (guint i = 0; i < messages->len; i++)
    {
      BobbinMessage *message = g_ptr_array_index (messages, i);

      for (guint j = 0; j < bobbin_message_get_n_blocks (message); j++)
        {
          BobbinBlock *block = bobbin_message_get_block (message, j);
          const char *data = bobbin_block_get_data (block);
          const char *result = bobbin_block_get_result (block);

          bytes += bobbin_block_get_length (block) + (data != NULL ? strlen (data) : 0) +
                   (result != NULL ? strlen (result) : 0);
        }
    }

  return bytes;
}

static void
put_held (BobbinPager *self,
          GPtrArray   *messages)
{
  for (guint i = 0; i < self->held->len; i++)
    for (guint j = 0; j < messages->len; j++)
      if (bobbin_message_get_id (messages->pdata[j]) == bobbin_message_get_id (self->held->pdata[i]))
        {
          g_object_unref (messages->pdata[j]);
          messages->pdata[j] = g_object_ref (self->held->pdata[i]);
        }
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Load *load = user_data;
  g_autoptr(BobbinPager) self = load->pager;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = bobbin_store_list_messages_finish (BOBBIN_STORE (source), result, &error);
  Page *page;
  guint position;

  self->loads--;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  page = page_with (self, load->first_id);
  if (page == NULL || page->messages != NULL)
    return; /* the thread was read anew meanwhile */
  if (messages == NULL)
    {
      g_warning ("A page of messages could not be read: %s", error->message);
      messages = g_ptr_array_new_with_free_func (g_object_unref);
    }

  put_held (self, messages);
  page->bytes = count_bytes (messages);
  page->messages = g_steal_pointer (&messages);
  position = lower_bound (self, page->first_id);
  g_signal_emit (self, signals[SIGNAL_LOADED], 0, position, lower_bound (self, page->last_id + 1) - position);
  read_wanted (self);
}

static void
read_page (BobbinPager *self,
           guint        first,
           guint        last)
{
  Page *page = g_new0 (Page, 1);
  Load *load = g_new0 (Load, 1);
  gint64 before = last < self->ids->len ? id_at (self, last) : first_newest_id (self);

  page->first_id = id_at (self, first);
  page->last_id = id_at (self, last - 1);
  page->used = self->clock;
  g_ptr_array_add (self->pages, page);
  load->pager = g_object_ref (self);
  load->first_id = page->first_id;
  self->loads++;
  bobbin_store_list_messages_async (self->store, self->thread_id, before, last - first, self->cancellable, loaded_cb, load);
}

/* From @at, the wanted message that no page has, as far as no page begins. */
static void
read_around (BobbinPager *self,
             guint        at)
{
  guint first = at / PAGE_ITEMS * PAGE_ITEMS;
  guint last = MIN (first + PAGE_ITEMS, self->ids->len);

  for (guint i = at; i > first; i--)
    if (page_with (self, id_at (self, i - 1)) != NULL)
      first = i;
  for (guint i = at + 1; i < last; i++)
    if (page_with (self, id_at (self, i)) != NULL)
      last = i;
  read_page (self, first, last);
}

/* One page at a time, that which is looked at first: while it is read the reader may go elsewhere. */
static void
read_wanted (BobbinPager *self)
{
  guint first = MIN (self->want_first, self->ids->len);
  guint last = MIN (self->want_last, self->ids->len);
  guint low = first > PAGE_ITEMS ? first - PAGE_ITEMS : 0;
  guint high = MIN (last + PAGE_ITEMS, self->ids->len);

  for (guint i = first; i < last && self->loads < 2; i++)
    if (page_with (self, id_at (self, i)) == NULL)
      read_around (self, i);
  for (guint i = first; i > low && self->loads == 0; i--)
    if (page_with (self, id_at (self, i - 1)) == NULL)
      read_around (self, i - 1);
  for (guint i = last; i < high && self->loads == 0; i++)
    if (page_with (self, id_at (self, i)) == NULL)
      read_around (self, i);
}

static gint
compare_used (gconstpointer a,
              gconstpointer b)
{
  const Page *page_a = *(Page *const *) a;
  const Page *page_b = *(Page *const *) b;

  return page_a->used > page_b->used ? -1 : page_a->used < page_b->used;
}

/* Large texts come and go: what they leave between small things is given back, when nothing else is to be done. */
static gboolean
trim_cb (gpointer user_data)
{
  BobbinPager *self = user_data;

  self->trim_id = 0;
  self->dropped = 0;
#if HAVE_MALLOC_TRIM
  malloc_trim (0);
#endif

  return G_SOURCE_REMOVE;
}

/* Pages that were not looked at for the longest time go. */
static void
drop_pages (BobbinPager *self)
{
  gsize bytes = 0;
  guint kept = 0;

  if (self->pages->len <= 3)
    return;

  g_ptr_array_sort (self->pages, compare_used);
  while (kept < self->pages->len)
    {
      Page *page = g_ptr_array_index (self->pages, kept);

      bytes += page->bytes;
      if (page->messages != NULL && page->used != self->clock && (kept >= PAGES_MAX || bytes > BYTES_MAX))
        {
          self->dropped += page->bytes;
          g_ptr_array_remove_index (self->pages, kept);
        }
      else
        kept++;
    }
  if (self->dropped > BYTES_MAX && self->trim_id == 0)
    self->trim_id = g_timeout_add_full (G_PRIORITY_LOW, TRIM_MS, trim_cb, self, NULL);
}

void
bobbin_pager_hold (BobbinPager   *self,
                   BobbinMessage *message,
                   BobbinMessage *other)
{
  g_return_if_fail (BOBBIN_IS_PAGER (self));

  g_ptr_array_set_size (self->held, 0);
  if (message != NULL)
    g_ptr_array_add (self->held, g_object_ref (message));
  if (other != NULL)
    g_ptr_array_add (self->held, g_object_ref (other));
}

void
bobbin_pager_want (BobbinPager *self,
                   guint        first,
                   guint        last)
{
  guint low;
  guint high;

  g_return_if_fail (BOBBIN_IS_PAGER (self));

  if (self->ids->len == 0)
    return;

  self->want_first = first;
  self->want_last = last;
  self->clock++;
  low = MIN (first, self->ids->len);
  high = MIN (last, self->ids->len);
  for (guint i = 0; i < self->pages->len && low < high; i++)
    {
      Page *page = g_ptr_array_index (self->pages, i);

      if (page->last_id >= id_at (self, low) && page->first_id <= id_at (self, high - 1))
        page->used = self->clock;
    }
  read_wanted (self);
  drop_pages (self);
}

/* The ids */

/* What the session has loaded itself is no longer among the older ones. */
static void
newest_changed_cb (BobbinPager *self,
                   guint        position,
                   guint        n_removed,
                   guint        n_added)
{
  guint old = self->ids->len;
  guint n = lower_bound (self, first_newest_id (self));

  if (n < old)
    g_array_set_size (self->ids, n);
  if (n < old || position == 0)
    g_list_model_items_changed (G_LIST_MODEL (self), n, old - n + position + n_removed, position + n_added);
  else
    g_list_model_items_changed (G_LIST_MODEL (self), old + position, n_removed, n_added);
}

static gint64
key_id (GArray *keys,
        guint   index)
{
  return g_array_index (keys, BobbinMessageKey, index).id;
}

/* A page in whose midst a message came is read again; of one that lost a message the others stay. */
static void
drop_pages_around (BobbinPager *self,
                   gint64       first_id,
                   gint64       last_id)
{
  for (guint i = self->pages->len; i > 0; i--)
    {
      Page *page = g_ptr_array_index (self->pages, i - 1);

      if (page->last_id >= first_id && page->first_id <= last_id)
        g_ptr_array_remove_index_fast (self->pages, i - 1);
    }
}

static void
splice (BobbinPager *self,
        guint        position,
        guint        n_removed,
        GArray      *keys,
        guint        from,
        guint        n_added)
{
  if (n_removed > 0)
    g_array_remove_range (self->ids, position, n_removed);
  if (n_added > 0)
    {
      drop_pages_around (self, key_id (keys, from), key_id (keys, from + n_added - 1));
      g_array_insert_vals (self->ids, position, &g_array_index (keys, BobbinMessageKey, from), n_added);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

/* Takes @keys in, telling only what changed, so that whoever reads stays where he is. */
static void
take_ids (BobbinPager *self,
          GArray      *keys)
{
  gint64 end = first_newest_id (self);
  guint n_changes = 0;
  guint i = 0;
  guint j = 0;

  while (keys->len > 0 && key_id (keys, keys->len - 1) >= end)
    g_array_set_size (keys, keys->len - 1);

  while (i < self->ids->len || j < keys->len)
    {
      guint n_removed = 0;
      guint n_added = 0;

      if (i < self->ids->len && j < keys->len && id_at (self, i) == key_id (keys, j))
        {
          i++;
          j++;
          continue;
        }
      if (++n_changes > CHANGES_MAX)
        {
          splice (self, i, self->ids->len - i, keys, j, keys->len - j);
          return;
        }
      while (i + n_removed < self->ids->len && (j == keys->len || id_at (self, i + n_removed) < key_id (keys, j)))
        n_removed++;
      while (n_removed == 0 && j + n_added < keys->len &&
             (i == self->ids->len || key_id (keys, j + n_added) < id_at (self, i)))
        n_added++;
      splice (self, i, n_removed, keys, j, n_added);
      i += n_added;
      j += n_added;
    }
}

static void
ids_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(BobbinPager) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = bobbin_store_list_message_ids_finish (BOBBIN_STORE (source), result, &error);

  self->refreshing = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (self->again)
    {
      self->again = FALSE;
      bobbin_pager_refresh (self);
      return;
    }
  if (ids == NULL)
    g_warning ("The messages of a conversation could not be listed: %s", error->message);
  else
    take_ids (self, ids);
  self->ready = TRUE;
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
}

void
bobbin_pager_refresh (BobbinPager *self)
{
  g_return_if_fail (BOBBIN_IS_PAGER (self));

  if (self->refreshing)
    {
      self->again = TRUE;
      return;
    }

  self->refreshing = TRUE;
  bobbin_store_list_message_ids_async (self->store, self->thread_id, self->cancellable, ids_cb, g_object_ref (self));
}

/* Reading for others */

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BobbinPager *self = g_task_get_source_object (task);
  guint n_newest = GPOINTER_TO_UINT (g_task_get_task_data (task));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = bobbin_store_list_messages_finish (BOBBIN_STORE (source), result, &error);

  if (messages == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < n_newest; i++)
    {
      BobbinMessage *message = g_list_model_get_item (self->newest, i);

      if (message != NULL)
        g_ptr_array_add (messages, message);
    }
  g_task_return_pointer (task, g_steal_pointer (&messages), (GDestroyNotify) g_ptr_array_unref);
}

void
bobbin_pager_read_async (BobbinPager         *self,
                         guint                first,
                         guint                last,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint n_old;

  g_return_if_fail (BOBBIN_IS_PAGER (self));

  g_task_set_source_tag (task, bobbin_pager_read_async);
  n_old = self->ids->len;
  if (first >= n_old)
    {
      GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = first; i < MIN (last, get_n_items (G_LIST_MODEL (self))); i++)
        g_ptr_array_add (messages, g_list_model_get_item (self->newest, i - n_old));
      g_task_return_pointer (task, messages, (GDestroyNotify) g_ptr_array_unref);
      return;
    }

  g_task_set_task_data (task, GUINT_TO_POINTER (last > n_old ? last - n_old : 0), NULL);
  last = MIN (last, n_old);
  bobbin_store_list_messages_async (self->store, self->thread_id, last < n_old ? id_at (self, last) : first_newest_id (self),
                                    last - first, cancellable, read_cb, g_steal_pointer (&task));
}

GPtrArray *
bobbin_pager_read_finish (BobbinPager   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bobbin_pager_cut (BobbinPager *self,
                  gint64       id)
{
  guint old;
  guint n;

  g_return_if_fail (BOBBIN_IS_PAGER (self));

  old = self->ids->len;
  n = lower_bound (self, id);
  if (n == old)
    return;

  for (guint i = self->pages->len; i > 0; i--)
    {
      Page *page = g_ptr_array_index (self->pages, i - 1);

      if (page->last_id >= id)
        g_ptr_array_remove_index_fast (self->pages, i - 1);
    }
  g_array_set_size (self->ids, n);
  g_list_model_items_changed (G_LIST_MODEL (self), n, old - n, 0);
}

static void
bobbin_pager_dispose (GObject *object)
{
  BobbinPager *self = BOBBIN_PAGER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->trim_id, g_source_remove);
  if (self->newest != NULL)
    g_signal_handlers_disconnect_by_data (self->newest, self);

  G_OBJECT_CLASS (bobbin_pager_parent_class)->dispose (object);
}

static void
bobbin_pager_finalize (GObject *object)
{
  BobbinPager *self = BOBBIN_PAGER (object);

  g_clear_object (&self->store);
  g_clear_object (&self->newest);
  g_clear_object (&self->absent);
  g_clear_object (&self->cancellable);
  g_array_unref (self->ids);
  g_ptr_array_unref (self->pages);
  g_ptr_array_unref (self->held);

  G_OBJECT_CLASS (bobbin_pager_parent_class)->finalize (object);
}

static void
bobbin_pager_class_init (BobbinPagerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_pager_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_pager_finalize;

  signals[SIGNAL_LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[SIGNAL_UPDATED] = g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
bobbin_pager_init (BobbinPager *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (BobbinMessageKey));
  self->pages = g_ptr_array_new_with_free_func (page_free);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
  self->absent = bobbin_message_new (0, BOBBIN_ROLE_NOTICE, 0);
}

BobbinPager *
bobbin_pager_new (BobbinStore *store,
                  gint64       thread_id,
                  GListModel  *newest)
{
  BobbinPager *self = g_object_new (BOBBIN_TYPE_PAGER, NULL);

  self->store = g_object_ref (store);
  self->thread_id = thread_id;
  self->newest = g_object_ref (newest);
  g_signal_connect_object (newest, "items-changed", G_CALLBACK (newest_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

gboolean
bobbin_pager_get_ready (BobbinPager *self)
{
  g_return_val_if_fail (BOBBIN_IS_PAGER (self), FALSE);

  return self->ready;
}

BobbinMessage *
bobbin_pager_peek (BobbinPager *self,
                   guint        position)
{
  Page *page;
  gint64 id;

  g_return_val_if_fail (BOBBIN_IS_PAGER (self), NULL);

  if (position >= self->ids->len)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (self->newest, position - self->ids->len);

      return message; /* newest holds it */
    }

  id = id_at (self, position);
  page = page_with (self, id);
  for (guint i = 0; page != NULL && page->messages != NULL && i < page->messages->len; i++)
    if (bobbin_message_get_id (g_ptr_array_index (page->messages, i)) == id)
      return g_ptr_array_index (page->messages, i);

  return NULL;
}

gint64
bobbin_pager_get_id (BobbinPager *self,
                     guint        position)
{
  g_autoptr(BobbinMessage) message = NULL;

  g_return_val_if_fail (BOBBIN_IS_PAGER (self), 0);

  if (position < self->ids->len)
    return id_at (self, position);

  message = g_list_model_get_item (self->newest, position - self->ids->len);
  return message != NULL ? bobbin_message_get_id (message) : 0;
}

gboolean
bobbin_pager_is_prompt (BobbinPager *self,
                        guint        position)
{
  g_autoptr(BobbinMessage) message = NULL;

  g_return_val_if_fail (BOBBIN_IS_PAGER (self), FALSE);

  if (position < self->ids->len)
    return g_array_index (self->ids, BobbinMessageKey, position).prompt;

  message = g_list_model_get_item (self->newest, position - self->ids->len);
  return message != NULL && bobbin_message_get_role (message) == BOBBIN_ROLE_USER;
}

gboolean
bobbin_pager_find (BobbinPager *self,
                   gint64       id,
                   guint       *ret_position)
{
  guint index;
  guint n;

  g_return_val_if_fail (BOBBIN_IS_PAGER (self), FALSE);

  index = lower_bound (self, id);
  if (index < self->ids->len && id_at (self, index) == id)
    {
      *ret_position = index;
      return TRUE;
    }

  n = g_list_model_get_n_items (self->newest);
  for (guint i = n; i > 0; i--)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (self->newest, i - 1);

      if (bobbin_message_get_id (message) == id)
        {
          *ret_position = self->ids->len + i - 1;
          return TRUE;
        }
    }

  return FALSE;
}

guint
bobbin_pager_get_n_pages (BobbinPager *self)
{
  g_return_val_if_fail (BOBBIN_IS_PAGER (self), 0);

  return self->pages->len;
}
