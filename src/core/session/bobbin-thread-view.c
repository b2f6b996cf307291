#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-thread-view-private.h"

#define MAX_PINNED 1000
/* Rows read again at once, and kept when a view is trimmed. */
#define MAX_RELOAD 1000
#define KEPT (2 * BOBBIN_LIBRARY_PAGE)
#define TRIM_SLICE 500 /* rows */

struct _BobbinThreadView
{
  GObject parent_instance;

  /* owned */
  GListStore        *list;     /* of BobbinThread */
  GHashTable        *members;  /* set of BobbinThread, borrowed from @list */
  GHashTable        *keepers;  /* (nullable) set of gint64: the accounts of query.kept_by */
  GPtrArray         *incoming; /* (nullable) pinned ones, while the rest is read */
  BobbinThreadQuery  query;    /* owns kept_by */
  /* borrowed */
  BobbinLibrary     *library;  /* (nullable) */

  gint64             cursor_used_us;
  gint64             cursor_id;
  guint              serial;   /* of the reading that counts */
  guint              trim_id;
  gboolean           open;     /* threads may be put in */
  gboolean           loaded;
  gboolean           loading;
  gboolean           has_more;
};

G_DEFINE_FINAL_TYPE (BobbinThreadView, bobbin_thread_view, G_TYPE_OBJECT)

static guint grew_signal;

static void
bobbin_thread_view_dispose (GObject *object)
{
  BobbinThreadView *self = BOBBIN_THREAD_VIEW (object);

  if (self->library != NULL)
    _bobbin_library_forget_view (self->library, self);
  self->library = NULL;
  g_clear_handle_id (&self->trim_id, g_source_remove);

  G_OBJECT_CLASS (bobbin_thread_view_parent_class)->dispose (object);
}

static void
bobbin_thread_view_finalize (GObject *object)
{
  BobbinThreadView *self = BOBBIN_THREAD_VIEW (object);

  g_clear_object (&self->list);
  g_clear_pointer (&self->members, g_hash_table_unref);
  g_clear_pointer (&self->keepers, g_hash_table_unref);
  g_clear_pointer (&self->incoming, g_ptr_array_unref);
  g_free ((char *) self->query.kept_by);

  G_OBJECT_CLASS (bobbin_thread_view_parent_class)->finalize (object);
}

static void
bobbin_thread_view_class_init (BobbinThreadViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_thread_view_dispose;
  object_class->finalize = bobbin_thread_view_finalize;

  grew_signal =
    g_signal_new ("grew", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_thread_view_init (BobbinThreadView *self)
{
  self->list = g_list_store_new (BOBBIN_TYPE_THREAD);
  self->members = g_hash_table_new (NULL, NULL);
}

/* "[1,2]" */
static GHashTable *
parse_ids (const char *json)
{
  GHashTable *ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_auto(GStrv) words = g_strsplit_set (json, "[],", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      {
        gint64 id = g_ascii_strtoll (words[i], NULL, 10);

        g_hash_table_add (ids, g_memdup2 (&id, sizeof id));
      }

  return ids;
}

BobbinThreadView *
_bobbin_thread_view_new (BobbinLibrary           *library,
                         const BobbinThreadQuery *query)
{
  BobbinThreadView *self = g_object_new (BOBBIN_TYPE_THREAD_VIEW, NULL);

  self->library = library;
  self->query = *query;
  self->query.kept_by = g_strdup (query->kept_by);
  if (query->kept_by != NULL)
    self->keepers = parse_ids (query->kept_by);

  return self;
}

void
_bobbin_thread_view_detach (BobbinThreadView *self)
{
  self->library = NULL;
}

const BobbinThreadQuery *
_bobbin_thread_view_get_query (BobbinThreadView *self)
{
  return &self->query;
}

/* Order and place */

static gboolean
pinned_first (BobbinThreadView *self)
{
  return self->query.folder == BOBBIN_FOLDER_ACTIVE;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  BobbinThreadView *self = user_data;
  BobbinThread *first = BOBBIN_THREAD ((gpointer) a);
  BobbinThread *second = BOBBIN_THREAD ((gpointer) b);
  gboolean pinned = bobbin_thread_get_pinned (first);
  gint64 used_us = bobbin_thread_get_last_used_us (first);
  gint64 other_us = bobbin_thread_get_last_used_us (second);

  if (pinned_first (self) && pinned != bobbin_thread_get_pinned (second))
    return pinned ? -1 : 1;
  if (used_us != other_us)
    return used_us > other_us ? -1 : 1;
  if (first == second)
    return 0;

  return bobbin_thread_get_id (first) > bobbin_thread_get_id (second) ? -1 : 1;
}

static int
compare_pointers (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  return compare (*(gconstpointer *) a, *(gconstpointer *) b, user_data);
}

static BobbinFolder
folder_of (BobbinThread *thread)
{
  if (bobbin_thread_get_deleted_us (thread) != 0)
    return BOBBIN_FOLDER_BIN;

  return bobbin_thread_get_archived (thread) ? BOBBIN_FOLDER_ARCHIVED : BOBBIN_FOLDER_ACTIVE;
}

gboolean
_bobbin_thread_query_matches (const BobbinThreadQuery *query,
                              BobbinThread            *thread)
{
  gint64 used_us = bobbin_thread_get_last_used_us (thread);
  BobbinFolder folder = query->folder == BOBBIN_FOLDER_PINNED ? BOBBIN_FOLDER_ACTIVE : query->folder;

  if (folder_of (thread) != folder || (query->folder == BOBBIN_FOLDER_PINNED && !bobbin_thread_get_pinned (thread)))
    return FALSE;
  if (query->account_id != 0 && bobbin_thread_get_account_id (thread) != query->account_id)
    return FALSE;
  if (query->label_id != 0 && !bobbin_thread_has_label (thread, query->label_id))
    return FALSE;
  if ((query->no_pinned || query->unused) && bobbin_thread_get_pinned (thread))
    return FALSE;
  if (query->unused && bobbin_thread_get_draft (thread) != NULL)
    return FALSE;
  if (query->kept_by != NULL && bobbin_thread_get_server_id (thread) == NULL)
    return FALSE;

  return used_us >= query->least_used_us && (query->below_used_us == 0 || used_us < query->below_used_us);
}

gboolean
_bobbin_thread_view_matches (BobbinThreadView *self,
                             BobbinThread     *thread)
{
  gint64 account_id = bobbin_thread_get_account_id (thread);

  return _bobbin_thread_query_matches (&self->query, thread) &&
         (self->keepers == NULL || g_hash_table_contains (self->keepers, &account_id));
}

/* What lies on a page that was not read yet comes with it. */
static gboolean
wants (BobbinThreadView *self,
       BobbinThread     *thread)
{
  gint64 used_us = bobbin_thread_get_last_used_us (thread);

  if (!self->open || self->library == NULL || _bobbin_library_is_fresh (self->library, thread) ||
      !_bobbin_thread_view_matches (self, thread))
    return FALSE;
  if (!self->has_more || (pinned_first (self) && bobbin_thread_get_pinned (thread)))
    return TRUE;

  return used_us > self->cursor_used_us || (used_us == self->cursor_used_us && bobbin_thread_get_id (thread) >= self->cursor_id);
}

/* Whether the thread stands right between its neighbours: then nothing moves, and no selection is lost. */
static gboolean
is_in_order (BobbinThreadView *self,
             guint             position,
             BobbinThread     *thread)
{
  GListModel *model = G_LIST_MODEL (self->list);
  g_autoptr(BobbinThread) before = position > 0 ? g_list_model_get_item (model, position - 1) : NULL;
  g_autoptr(BobbinThread) after = g_list_model_get_item (model, position + 1);

  return (before == NULL || compare (before, thread, self) < 0) && (after == NULL || compare (thread, after, self) < 0);
}

void
_bobbin_thread_view_remove (BobbinThreadView *self,
                            BobbinThread     *thread)
{
  guint position;

  if (g_hash_table_remove (self->members, thread) && g_list_store_find (self->list, thread, &position))
    g_list_store_remove (self->list, position);
}

void
_bobbin_thread_view_place (BobbinThreadView *self,
                           BobbinThread     *thread)
{
  gboolean wanted = wants (self, thread);
  g_autoptr(BobbinThread) keep = g_object_ref (thread);
  guint position;

  if (g_hash_table_contains (self->members, thread) && g_list_store_find (self->list, thread, &position))
    {
      if (wanted && is_in_order (self, position, thread))
        return;
      g_hash_table_remove (self->members, thread);
      g_list_store_remove (self->list, position);
    }
  if (wanted)
    {
      g_hash_table_add (self->members, thread);
      g_list_store_insert_sorted (self->list, thread, compare, self);
    }
}

gboolean
_bobbin_thread_view_holds (BobbinThreadView *self,
                           BobbinThread     *thread)
{
  return g_hash_table_contains (self->members, thread);
}

/* Makes the list hold @wanted, in order, by one change of what differs. */
static void
set_rows (BobbinThreadView *self,
          GPtrArray        *wanted)
{
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  g_autoptr(GPtrArray) old = g_ptr_array_new_full (n_old, g_object_unref);
  guint start = 0;
  guint end = 0;

  for (guint i = 0; i < n_old; i++)
    g_ptr_array_add (old, g_list_model_get_item (G_LIST_MODEL (self->list), i));
  while (start < old->len && start < wanted->len && old->pdata[start] == wanted->pdata[start])
    start++;
  while (end < old->len - start && end < wanted->len - start &&
         old->pdata[old->len - 1 - end] == wanted->pdata[wanted->len - 1 - end])
    end++;

  g_hash_table_remove_all (self->members);
  for (guint i = 0; i < wanted->len; i++)
    g_hash_table_add (self->members, wanted->pdata[i]);
  if (start + end < old->len || start + end < wanted->len)
    g_list_store_splice (self->list, start, old->len - start - end, wanted->pdata + start, wanted->len - start - end);
}

void
_bobbin_thread_view_refresh (BobbinThreadView *self,
                             GPtrArray        *threads)
{
  g_autoptr(GHashTable) touched = g_hash_table_new (NULL, NULL);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (!self->open)
    return;

  for (guint i = 0; i < threads->len; i++)
    {
      g_hash_table_add (touched, threads->pdata[i]);
      if (wants (self, threads->pdata[i]))
        g_ptr_array_add (rows, g_object_ref (threads->pdata[i]));
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      if (!g_hash_table_contains (touched, thread))
        g_ptr_array_add (rows, g_steal_pointer (&thread));
    }
  g_ptr_array_sort_with_data (rows, compare_pointers, self);
  set_rows (self, rows);
  /* Nobody scrolls what is empty. */
  if (rows->len < BOBBIN_LIBRARY_PAGE / 2)
    bobbin_thread_view_load_more (self);
}

/* Pages */

static void
grew (BobbinThreadView *self)
{
  if (self->library != NULL)
    _bobbin_library_view_grew (self->library, self);
  g_signal_emit (self, grew_signal, 0);
}

/* Where @thread, which is not in the list, belongs. */
static guint
find_place (BobbinThreadView *self,
            BobbinThread     *thread)
{
  guint low = 0;
  guint high = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr(BobbinThread) other = g_list_model_get_item (G_LIST_MODEL (self->list), middle);

      if (compare (other, thread, self) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* Those that stand together come with one change: who groups the rows looks at all of them each time. */
void
_bobbin_thread_view_take (BobbinThreadView *self,
                          GPtrArray        *threads)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < threads->len; i++)
    if (!g_hash_table_contains (self->members, threads->pdata[i]) && wants (self, threads->pdata[i]))
      g_ptr_array_add (fresh, threads->pdata[i]);
  g_ptr_array_sort_with_data (fresh, compare_pointers, self);

  for (guint i = 0; i < fresh->len;)
    {
      guint place = find_place (self, fresh->pdata[i]);
      g_autoptr(BobbinThread) next = g_list_model_get_item (G_LIST_MODEL (self->list), place);
      guint end = i;

      for (; end < fresh->len && (end == i || next == NULL || compare (fresh->pdata[end], next, self) < 0); end++)
        g_hash_table_add (self->members, fresh->pdata[end]);
      g_list_store_splice (self->list, place, 0, fresh->pdata + i, end - i);
      i = end;
    }
}

static void
move_cursor (BobbinThreadView *self,
             GPtrArray        *page,
             guint             limit)
{
  self->has_more = page->len == limit;
  if (page->len > 0)
    {
      BobbinThread *last = page->pdata[page->len - 1];

      self->cursor_used_us = bobbin_thread_get_last_used_us (last);
      self->cursor_id = bobbin_thread_get_id (last);
    }
}

void
_bobbin_thread_view_add_page (BobbinThreadView *self,
                              GPtrArray        *threads,
                              gboolean          is_page)
{
  if (is_page)
    {
      move_cursor (self, threads, BOBBIN_LIBRARY_PAGE);
      self->loaded = TRUE;
    }
  _bobbin_thread_view_take (self, threads);
  if (is_page)
    grew (self);
}

typedef struct
{
  BobbinThreadView *view;    /* owned */
  BobbinLibrary    *library; /* owned */
  guint             serial;
  guint             limit;
  gboolean          pinned;  /* these come first */
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->view);
  g_object_unref (reading->library);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static void
read_page (BobbinThreadView    *self,
           guint                limit,
           gboolean             pinned,
           gboolean             from_start,
           GAsyncReadyCallback  callback)
{
  BobbinThreadQuery query = self->query;
  Reading *reading = g_new0 (Reading, 1);

  reading->view = g_object_ref (self);
  reading->library = g_object_ref (self->library);
  reading->serial = self->serial;
  reading->limit = limit;
  reading->pinned = pinned;
  query.limit = limit;
  if (pinned)
    query.folder = BOBBIN_FOLDER_PINNED;
  if (!from_start)
    {
      query.before_used_us = self->cursor_used_us;
      query.before_id = self->cursor_id;
    }
  self->loading = TRUE;
  _bobbin_library_list_threads (self->library, &query, callback, reading);
}

/* (nullable): failed, which was told, or of no use any more. */
static GPtrArray *
finish_page (Reading      *reading,
             GObject      *source,
             GAsyncResult *result)
{
  BobbinThreadView *self = reading->view;
  g_autoptr(GPtrArray) page = _bobbin_library_list_threads_finish (reading->library, source, result);

  if (reading->serial != self->serial || self->library == NULL)
    return NULL;

  self->loading = FALSE;

  return g_steal_pointer (&page);
}

static void
more_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Reading) reading = user_data;
  g_autoptr(GPtrArray) page = finish_page (reading, source, result);

  if (page != NULL)
    _bobbin_thread_view_add_page (reading->view, page, TRUE);
}

static void
reloaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Reading) reading = user_data;
  BobbinThreadView *self = reading->view;
  g_autoptr(GPtrArray) page = finish_page (reading, source, result);
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  if (page == NULL)
    return;
  if (reading->pinned)
    {
      g_clear_pointer (&self->incoming, g_ptr_array_unref);
      self->incoming = g_steal_pointer (&page);
      read_page (self, reading->limit, FALSE, TRUE, reloaded_cb);
      return;
    }

  move_cursor (self, page, reading->limit);
  self->loaded = TRUE;
  if (self->incoming != NULL)
    g_ptr_array_extend_and_steal (page, g_steal_pointer (&self->incoming));
  rows = g_ptr_array_new_full (page->len, g_object_unref);
  for (guint i = 0; i < page->len; i++)
    if (wants (self, page->pdata[i]) && g_hash_table_add (seen, page->pdata[i]))
      g_ptr_array_add (rows, g_object_ref (page->pdata[i]));
  g_ptr_array_sort_with_data (rows, compare_pointers, self);
  set_rows (self, rows);
  grew (self);
}

void
_bobbin_thread_view_reload (BobbinThreadView *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  if (!self->open || self->library == NULL)
    return;

  g_clear_handle_id (&self->trim_id, g_source_remove);
  self->serial++;
  read_page (self, CLAMP (n_items, BOBBIN_LIBRARY_PAGE, MAX_RELOAD), pinned_first (self), TRUE, reloaded_cb);
}

void
_bobbin_thread_view_set_open (BobbinThreadView *self)
{
  self->open = TRUE;
}

void
_bobbin_thread_view_open (BobbinThreadView *self)
{
  if (self->open)
    return;

  self->open = TRUE;
  _bobbin_thread_view_reload (self);
}

GListModel *
bobbin_thread_view_get_model (BobbinThreadView *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_VIEW (self), NULL);

  return G_LIST_MODEL (self->list);
}

gboolean
bobbin_thread_view_get_has_more (BobbinThreadView *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_VIEW (self), FALSE);

  return self->has_more;
}

gboolean
bobbin_thread_view_get_loaded (BobbinThreadView *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_VIEW (self), FALSE);

  return self->loaded;
}

void
bobbin_thread_view_load_more (BobbinThreadView *self)
{
  g_return_if_fail (BOBBIN_IS_THREAD_VIEW (self));

  if (self->library == NULL || self->loading || !self->has_more)
    return;

  g_clear_handle_id (&self->trim_id, g_source_remove);
  read_page (self, BOBBIN_LIBRARY_PAGE, FALSE, FALSE, more_cb);
}

/* Each slice leaves a list that ends where a page would: it can stay as it is when there is more to show. */
static gboolean
trim_cb (gpointer user_data)
{
  BobbinThreadView *self = user_data;
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  guint end = MAX (KEPT, n_items - MIN (n_items, TRIM_SLICE));
  g_autoptr(BobbinThread) last = NULL;

  last = n_items > KEPT ? g_list_model_get_item (G_LIST_MODEL (self->list), end - 1) : NULL;
  /* Pinned ones alone: there is no place to go on from. */
  if (last == NULL || self->library == NULL || (pinned_first (self) && bobbin_thread_get_pinned (last)))
    {
      self->trim_id = 0;
      return G_SOURCE_REMOVE;
    }

  for (guint i = end; i < n_items; i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      g_hash_table_remove (self->members, thread);
    }
  self->has_more = TRUE;
  self->cursor_used_us = bobbin_thread_get_last_used_us (last);
  self->cursor_id = bobbin_thread_get_id (last);
  g_list_store_splice (self->list, end, n_items - end, NULL, 0);

  return G_SOURCE_CONTINUE;
}

void
bobbin_thread_view_trim (BobbinThreadView *self)
{
  g_return_if_fail (BOBBIN_IS_THREAD_VIEW (self));

  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) <= 2 * KEPT || self->library == NULL || self->trim_id != 0)
    return;

  /* What is being read would follow what goes. */
  self->serial++;
  self->loading = FALSE;
  self->trim_id = g_idle_add (trim_cb, self);
}
