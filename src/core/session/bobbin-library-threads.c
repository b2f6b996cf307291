/* The lists of threads: paged, sorted, one object for each thread. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-session-private.h"

#define DAY_US (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)
#define EXPIRES_SOON_US (5 * DAY_US)
#define BIN_US (30 * DAY_US)

void
_bobbin_library_init_threads (BobbinLibrary *self)
{
  self->threads = g_list_store_new (BOBBIN_TYPE_THREAD);
  self->archive = g_list_store_new (BOBBIN_TYPE_THREAD);
  self->bin = g_list_store_new (BOBBIN_TYPE_THREAD);
  self->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->placed = g_hash_table_new (NULL, NULL);
  self->fresh = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

static void
forget_thread (BobbinLibrary *self,
               BobbinThread  *thread)
{
  g_signal_handlers_disconnect_by_data (thread, self);
}

void
_bobbin_library_finalize_threads (BobbinLibrary *self)
{
  GHashTableIter iter;
  gpointer thread;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    forget_thread (self, thread);
  g_clear_pointer (&self->placed, g_hash_table_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->fresh, g_hash_table_unref);
  g_clear_pointer (&self->dirty, g_hash_table_unref);
  g_clear_object (&self->threads);
  g_clear_object (&self->archive);
  g_clear_object (&self->bin);
}

/* Order and place */

static int
compare_threads (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  BobbinThread *first = BOBBIN_THREAD ((gpointer) a);
  BobbinThread *second = BOBBIN_THREAD ((gpointer) b);
  gboolean pinned = bobbin_thread_get_pinned (first);
  gint64 used_us = bobbin_thread_get_last_used_us (first);
  gint64 other_us = bobbin_thread_get_last_used_us (second);

  if (pinned != bobbin_thread_get_pinned (second))
    return pinned ? -1 : 1;
  if (used_us != other_us)
    return used_us > other_us ? -1 : 1;

  return bobbin_thread_get_id (first) > bobbin_thread_get_id (second) ? -1 : 1;
}

static int
compare_pointers (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  return compare_threads (*(gconstpointer *) a, *(gconstpointer *) b, user_data);
}

/* Where the thread belongs. NULL: in no list that is filled so far. */
static GListStore *
list_for (BobbinLibrary *self,
          BobbinThread  *thread)
{
  gint64 used_us = bobbin_thread_get_last_used_us (thread);

  if (g_hash_table_contains (self->fresh, thread))
    return NULL;
  if (bobbin_thread_get_deleted_us (thread) != 0)
    return self->bin_asked ? self->bin : NULL;
  if (bobbin_thread_get_archived (thread))
    return self->archive_asked ? self->archive : NULL;
  /* What lies on a page that was not read yet comes with it. */
  if (!bobbin_thread_get_pinned (thread) && self->has_more &&
      (used_us < self->cursor_used_us ||
       (used_us == self->cursor_used_us && bobbin_thread_get_id (thread) < self->cursor_id)))
    return NULL;

  return self->threads;
}

/* Whether the thread stands right between its neighbours: then nothing moves, and no selection is lost. */
static gboolean
is_in_order (GListStore   *list,
             guint         position,
             BobbinThread *thread)
{
  g_autoptr(BobbinThread) before = position > 0 ? g_list_model_get_item (G_LIST_MODEL (list), position - 1) : NULL;
  g_autoptr(BobbinThread) after = g_list_model_get_item (G_LIST_MODEL (list), position + 1);

  return (before == NULL || compare_threads (before, thread, NULL) < 0) &&
         (after == NULL || compare_threads (thread, after, NULL) < 0);
}

void
_bobbin_library_place_thread (BobbinLibrary *self,
                              BobbinThread  *thread)
{
  GListStore *old = g_hash_table_lookup (self->placed, thread);
  GListStore *list = list_for (self, thread);
  guint position;

  if (old != NULL && g_list_store_find (old, thread, &position))
    {
      if (old == list && is_in_order (list, position, thread))
        return;
      g_hash_table_remove (self->placed, thread);
      g_list_store_remove (old, position);
    }
  if (list != NULL)
    {
      g_hash_table_insert (self->placed, thread, list);
      g_list_store_insert_sorted (list, thread, compare_threads, NULL);
    }
}

static void
moved_cb (BobbinThread  *thread,
          GParamSpec    *pspec,
          BobbinLibrary *self)
{
  if (self->closed)
    return;

  if (g_hash_table_contains (self->placed, thread))
    _bobbin_library_place_thread (self, thread);
  _bobbin_library_update_expiry (self);
}

BobbinThread *
_bobbin_library_intern_thread (BobbinLibrary *self,
                               BobbinThread  *thread)
{
  gint64 id = bobbin_thread_get_id (thread);
  BobbinThread *known = g_hash_table_lookup (self->by_id, &id);

  if (known != NULL)
    return known;

  g_hash_table_insert (self->by_id, g_memdup2 (&id, sizeof id), g_object_ref (thread));
  g_signal_connect (thread, "notify::last-used-us", G_CALLBACK (moved_cb), self);
  g_signal_connect (thread, "notify::server-id", G_CALLBACK (moved_cb), self);

  return thread;
}

/* Puts what is new of a page into @list with one change for all. */
static void
splice_page (BobbinLibrary *self,
             GListStore    *list,
             GPtrArray     *threads)
{
  for (guint i = 0; i < threads->len; i++)
    {
      BobbinThread *thread = threads->pdata[i];
      guint n_items = g_list_model_get_n_items (G_LIST_MODEL (list));
      g_autoptr(BobbinThread) last = n_items > 0 ? g_list_model_get_item (G_LIST_MODEL (list), n_items - 1) : NULL;
      guint end = i;

      /* A run of threads that all go to the end, which is the rule. */
      if (last == NULL || compare_threads (last, thread, NULL) < 0)
        {
          while (end + 1 < threads->len && compare_threads (threads->pdata[end], threads->pdata[end + 1], NULL) < 0)
            end++;
          for (guint j = i; j <= end; j++)
            g_hash_table_insert (self->placed, threads->pdata[j], list);
          g_list_store_splice (list, n_items, 0, threads->pdata + i, end - i + 1);
          i = end;
        }
      else
        {
          _bobbin_library_place_thread (self, thread);
        }
    }
}

void
_bobbin_library_add_page (BobbinLibrary *self,
                          GPtrArray     *threads,
                          gboolean       is_active_page)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();

  if (is_active_page)
    {
      self->has_more = threads->len == BOBBIN_LIBRARY_PAGE;
      if (threads->len > 0)
        {
          BobbinThread *last = threads->pdata[threads->len - 1];

          self->cursor_used_us = bobbin_thread_get_last_used_us (last);
          self->cursor_id = bobbin_thread_get_id (last);
        }
    }

  for (guint i = 0; i < threads->len; i++)
    {
      BobbinThread *thread = _bobbin_library_intern_thread (self, threads->pdata[i]);

      if (!g_hash_table_contains (self->placed, thread) && list_for (self, thread) != NULL)
        g_ptr_array_add (fresh, thread);
    }
  if (fresh->len > 0)
    splice_page (self, list_for (self, fresh->pdata[0]), fresh);
  _bobbin_library_update_expiry (self);
  if (is_active_page)
    _bobbin_library_notify_has_more (self);
}

void
_bobbin_library_take_threads (BobbinLibrary *self,
                              GPtrArray     *threads)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < threads->len; i++)
    {
      BobbinThread *read = threads->pdata[i];
      BobbinThread *thread = _bobbin_library_intern_thread (self, read);

      if (thread != read)
        {
          if (bobbin_thread_get_title (read) != NULL && bobbin_thread_get_title_origin (read) == BOBBIN_TITLE_SERVER)
            bobbin_thread_set_title (thread, bobbin_thread_get_title (read), BOBBIN_TITLE_SERVER);
          if (bobbin_thread_get_last_used_us (read) > bobbin_thread_get_last_used_us (thread))
            bobbin_thread_set_last_used_us (thread, bobbin_thread_get_last_used_us (read));
        }
      if (!g_hash_table_contains (self->placed, thread) && list_for (self, thread) == self->threads)
        g_ptr_array_add (fresh, thread);
    }
  if (fresh->len > 0)
    {
      g_ptr_array_sort_with_data (fresh, compare_pointers, NULL);
      splice_page (self, self->threads, fresh);
    }
}

void
_bobbin_library_forget_account_threads (BobbinLibrary *self,
                                        gint64         account_id)
{
  GHashTableIter iter;
  gpointer thread;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    {
      GListStore *list = g_hash_table_lookup (self->placed, thread);
      guint position;

      if (bobbin_thread_get_account_id (thread) != account_id)
        continue;
      g_hash_table_remove (self->placed, thread);
      g_hash_table_remove (self->dirty, thread);
      g_hash_table_remove (self->fresh, thread);
      forget_thread (self, thread);
      if (list != NULL && g_list_store_find (list, thread, &position))
        g_list_store_remove (list, position);
      g_hash_table_iter_remove (&iter);
    }
}

/* Paging */

GListModel *
bobbin_library_get_threads (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return G_LIST_MODEL (self->threads);
}

gboolean
bobbin_library_get_has_more (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), FALSE);

  return self->has_more || _bobbin_library_has_more_remote (self);
}

static void
read_failed (BobbinLibrary *self,
             const GError  *error)
{
  g_autoptr(BobbinFailure) failure = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
  _bobbin_library_store_failed (self, failure);
}

static void
more_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_threads_finish (BOBBIN_STORE (source), result, &error);

  self->loading_more = FALSE;
  if (self->closed)
    return;
  if (page != NULL)
    _bobbin_library_add_page (self, page, TRUE);
  else
    read_failed (self, error);
}

void
bobbin_library_load_more (BobbinLibrary *self)
{
  BobbinThreadQuery query = { .folder = BOBBIN_FOLDER_ACTIVE, .limit = BOBBIN_LIBRARY_PAGE };

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  if (!self->closed && !self->has_more)
    _bobbin_library_load_more_remote (self);
  if (self->closed || self->loading_more || !self->has_more)
    return;

  query.before_used_us = self->cursor_used_us;
  query.before_id = self->cursor_id;
  self->loading_more = TRUE;
  bobbin_store_list_threads_async (self->store, &query, self->cancellable, more_cb, g_object_ref (self));
}

static void read_folder (BobbinLibrary *self, BobbinFolder folder, BobbinThread *after, GAsyncReadyCallback callback);

static void
read_folder (BobbinLibrary       *self,
             BobbinFolder         folder,
             BobbinThread        *after,
             GAsyncReadyCallback  callback)
{
  BobbinThreadQuery query = { .folder = folder, .limit = BOBBIN_LIBRARY_PAGE };

  if (after != NULL)
    {
      query.before_used_us = bobbin_thread_get_last_used_us (after);
      query.before_id = bobbin_thread_get_id (after);
    }
  bobbin_store_list_threads_async (self->store, &query, self->cancellable, callback, g_object_ref (self));
}

static GPtrArray *
finish_folder (BobbinLibrary *self,
               GObject       *source,
               GAsyncResult  *result)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *page = bobbin_store_list_threads_finish (BOBBIN_STORE (source), result, &error);

  if (page == NULL && !self->closed)
    read_failed (self, error);

  return page;
}

static void
archive_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GPtrArray) page = finish_folder (self, source, result);

  if (self->closed || page == NULL)
    return;

  _bobbin_library_add_page (self, page, FALSE);
  if (page->len == BOBBIN_LIBRARY_PAGE)
    read_folder (self, BOBBIN_FOLDER_ARCHIVED, page->pdata[page->len - 1], archive_cb);
}

GListModel *
bobbin_library_get_archive (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  if (!self->archive_asked && !self->closed)
    {
      self->archive_asked = TRUE;
      read_folder (self, BOBBIN_FOLDER_ARCHIVED, NULL, archive_cb);
    }

  return G_LIST_MODEL (self->archive);
}

static void
bin_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GPtrArray) page = finish_folder (self, source, result);

  if (self->closed || page == NULL)
    return;

  _bobbin_library_add_page (self, page, FALSE);
  if (page->len == BOBBIN_LIBRARY_PAGE)
    read_folder (self, BOBBIN_FOLDER_BIN, page->pdata[page->len - 1], bin_cb);
}

GListModel *
bobbin_library_get_bin (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  if (!self->bin_asked && !self->closed)
    {
      self->bin_asked = TRUE;
      read_folder (self, BOBBIN_FOLDER_BIN, NULL, bin_cb);
    }

  return G_LIST_MODEL (self->bin);
}

static void
purge_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GPtrArray) page = finish_folder (self, source, result);
  gint64 oldest_us = bobbin_clock_now_us (self->clock) - BIN_US;

  if (self->closed || page == NULL)
    return;

  for (guint i = 0; i < page->len; i++)
    if (bobbin_thread_get_deleted_us (page->pdata[i]) < oldest_us)
      bobbin_store_delete_thread_async (self->store, bobbin_thread_get_id (page->pdata[i]), NULL, NULL, NULL);
  if (page->len == BOBBIN_LIBRARY_PAGE)
    read_folder (self, BOBBIN_FOLDER_BIN, page->pdata[page->len - 1], purge_cb);
}

/* Deleted threads stay 30 days (product.md, section 4). */
void
_bobbin_library_purge_bin (BobbinLibrary *self)
{
  read_folder (self, BOBBIN_FOLDER_BIN, NULL, purge_cb);
}

/* Expiry */

/* The server forgets a thread some time after its last use. Returns when this changes next, 0 never. */
static gint64
update_expiry (BobbinLibrary *self,
               BobbinThread  *thread,
               gint64         now_us)
{
  BobbinAccount *account = bobbin_library_find_account (self, bobbin_thread_get_account_id (thread));
  BobbinBackend *backend = account != NULL ? bobbin_library_get_backend (self, account) : NULL;
  const BobbinLimits *limits = backend != NULL ? bobbin_backend_get_limits (backend) : NULL;
  gint64 used_us = bobbin_thread_get_last_used_us (thread);
  gint64 expires_us = 0;

  if (limits != NULL && limits->thread_lifetime_us > 0 && bobbin_thread_get_server_id (thread) != NULL && used_us > 0)
    expires_us = used_us + limits->thread_lifetime_us;
  bobbin_thread_set_expires_us (thread, expires_us);
  bobbin_thread_set_expires_soon (thread, expires_us != 0 && expires_us - EXPIRES_SOON_US <= now_us && now_us < expires_us);

  if (expires_us == 0 || now_us >= expires_us)
    return 0;

  return now_us < expires_us - EXPIRES_SOON_US ? expires_us - EXPIRES_SOON_US : expires_us;
}

static gboolean
expiry_cb (gpointer user_data)
{
  BobbinLibrary *self = user_data;

  self->expiry_timer = 0;
  _bobbin_library_update_expiry (self);

  return G_SOURCE_REMOVE;
}

void
_bobbin_library_update_expiry (BobbinLibrary *self)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);
  gint64 next_us = 0;
  GHashTableIter iter;
  gpointer thread;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    {
      gint64 change_us = update_expiry (self, thread, now_us);

      if (change_us != 0 && (next_us == 0 || change_us < next_us))
        next_us = change_us;
    }

  /* At most one wake-up a day, and none when nothing can expire. */
  bobbin_clock_clear (self->clock, &self->expiry_timer);
  if (next_us != 0)
    self->expiry_timer =
      bobbin_clock_add (self->clock, (guint) (MIN (next_us - now_us, DAY_US) / 1000 + 1000), expiry_cb, self);
}
