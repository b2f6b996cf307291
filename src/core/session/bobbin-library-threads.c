/* The threads: one object for each that somebody holds, the views of them, expiry, the end of the bin. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-session-private.h"
#include "session/bobbin-thread-view-private.h"

#define DAY_US (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)
#define EXPIRES_SOON_US (5 * DAY_US)
#define BIN_US (BOBBIN_LIBRARY_BIN_DAYS * DAY_US)
#define PURGE_STEP 20 /* threads deleted at once: others wait for the store */

static BobbinThreadView *
new_view (BobbinLibrary           *self,
          const BobbinThreadQuery *query)
{
  BobbinThreadView *view = _bobbin_thread_view_new (self, query);

  g_ptr_array_add (self->views, view);

  return view;
}

void
_bobbin_library_init_threads (BobbinLibrary *self)
{
  self->views = g_ptr_array_new ();
  self->threads = new_view (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ACTIVE });
  self->archive = new_view (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ARCHIVED });
  self->bin = new_view (self, &(BobbinThreadQuery) { .folder = BOBBIN_FOLDER_BIN });
  _bobbin_thread_view_set_open (self->threads);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->fresh = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/* Known threads: each while somebody holds it. */

typedef struct
{
  gint64         id;
  BobbinThread  *thread;  /* borrowed */
  BobbinLibrary *library; /* borrowed */
} Known;

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  Known *known = data;

  g_hash_table_remove (known->library->by_id, &known->id);
  g_free (known);
}

static void
let_go (BobbinLibrary *self,
        Known         *known)
{
  g_signal_handlers_disconnect_by_data (known->thread, self);
  g_object_weak_unref (G_OBJECT (known->thread), gone_cb, known);
  g_free (known);
}

void
_bobbin_library_finalize_threads (BobbinLibrary *self)
{
  GHashTableIter iter;
  gpointer known;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &known))
    {
      g_hash_table_iter_steal (&iter);
      let_go (self, known);
    }
  for (guint i = 0; i < self->views->len; i++)
    _bobbin_thread_view_detach (self->views->pdata[i]);
  g_clear_object (&self->threads);
  g_clear_object (&self->archive);
  g_clear_object (&self->bin);
  g_clear_pointer (&self->views, g_ptr_array_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->fresh, g_hash_table_unref);
  g_clear_pointer (&self->dirty, g_hash_table_unref);
}

GPtrArray *
_bobbin_library_list_known (BobbinLibrary *self)
{
  GPtrArray *threads = g_ptr_array_new_full (g_hash_table_size (self->by_id), g_object_unref);
  GHashTableIter iter;
  gpointer known;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &known))
    g_ptr_array_add (threads, g_object_ref (((Known *) known)->thread));

  return threads;
}

BobbinThread *
_bobbin_library_find_known (BobbinLibrary *self,
                            gint64         id)
{
  Known *known = g_hash_table_lookup (self->by_id, &id);

  return known != NULL ? known->thread : NULL;
}

BobbinThread *
bobbin_library_find_loaded (BobbinLibrary *self,
                            gint64         thread_id)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return _bobbin_library_find_known (self, thread_id);
}

gboolean
_bobbin_library_is_fresh (BobbinLibrary *self,
                          BobbinThread  *thread)
{
  return g_hash_table_contains (self->fresh, thread);
}

static gint64 update_expiry (BobbinLibrary *self, BobbinThread *thread, gint64 now_us);
static void   wait_for_expiry (BobbinLibrary *self, gint64 next_us, gint64 now_us);

static void
moved_cb (BobbinThread  *thread,
          GParamSpec    *pspec,
          BobbinLibrary *self)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);

  if (self->closed)
    return;

  for (guint i = 0; i < self->views->len; i++)
    if (_bobbin_thread_view_holds (self->views->pdata[i], thread))
      _bobbin_thread_view_place (self->views->pdata[i], thread);
  wait_for_expiry (self, update_expiry (self, thread, now_us), now_us);
}

BobbinThread *
_bobbin_library_intern_thread (BobbinLibrary *self,
                               BobbinThread  *thread)
{
  BobbinThread *there = _bobbin_library_find_known (self, bobbin_thread_get_id (thread));
  Known *known;

  if (there != NULL)
    return there;

  known = g_new0 (Known, 1);
  known->id = bobbin_thread_get_id (thread);
  known->thread = thread;
  known->library = self;
  g_hash_table_insert (self->by_id, &known->id, known);
  g_object_weak_ref (G_OBJECT (thread), gone_cb, known);
  g_signal_connect (thread, "notify::last-used-us", G_CALLBACK (moved_cb), self);
  g_signal_connect (thread, "notify::server-id", G_CALLBACK (moved_cb), self);

  return thread;
}

/* What the messages say of a thread may have been written by an import. */
static void
take_words (BobbinLibrary *self,
            BobbinThread  *thread,
            BobbinThread  *read)
{
  gint64 id = bobbin_thread_get_id (thread);

  if (g_hash_table_contains (self->sessions, &id) || g_hash_table_contains (self->dirty, thread))
    return;

  bobbin_thread_set_snippet (thread, bobbin_thread_get_snippet (read));
  bobbin_thread_set_stored_activity (thread, bobbin_thread_get_stored_activity (read));
}

/* Of what was read: the one object of each. */
static GPtrArray *
intern_all (BobbinLibrary *self,
            GPtrArray     *threads)
{
  GPtrArray *interned = g_ptr_array_new_full (threads->len, g_object_unref);
  gint64 now_us = bobbin_clock_now_us (self->clock);

  for (guint i = 0; i < threads->len; i++)
    {
      BobbinThread *thread = _bobbin_library_intern_thread (self, threads->pdata[i]);

      if (thread != threads->pdata[i])
        take_words (self, thread, threads->pdata[i]);
      g_ptr_array_add (interned, g_object_ref (thread));
      wait_for_expiry (self, update_expiry (self, thread, now_us), now_us);
    }

  return interned;
}

/* Views */

void
_bobbin_library_place_thread (BobbinLibrary *self,
                              BobbinThread  *thread)
{
  for (guint i = 0; i < self->views->len; i++)
    _bobbin_thread_view_place (self->views->pdata[i], thread);
}

void
_bobbin_library_refresh_views (BobbinLibrary *self,
                               GPtrArray     *threads)
{
  for (guint i = 0; i < self->views->len; i++)
    _bobbin_thread_view_refresh (self->views->pdata[i], threads);
}

/* Nothing moved, but what is pinned is another: who groups the rows looks again. */
void
_bobbin_library_regroup_views (BobbinLibrary *self)
{
  for (guint i = 0; i < self->views->len; i++)
    g_list_model_items_changed (bobbin_thread_view_get_model (self->views->pdata[i]), 0, 0, 0);
}

void
_bobbin_library_reload_views (BobbinLibrary *self)
{
  for (guint i = 0; i < self->views->len; i++)
    _bobbin_thread_view_reload (self->views->pdata[i]);
}

void
_bobbin_library_forget_view (BobbinLibrary    *self,
                             BobbinThreadView *view)
{
  g_ptr_array_remove_fast (self->views, view);
}

void
_bobbin_library_view_grew (BobbinLibrary    *self,
                           BobbinThreadView *view)
{
  if (view == self->threads)
    _bobbin_library_notify_has_more (self);
}

void
_bobbin_library_add_page (BobbinLibrary *self,
                          GPtrArray     *threads,
                          gboolean       is_active_page)
{
  g_autoptr(GPtrArray) interned = intern_all (self, threads);

  _bobbin_thread_view_add_page (self->threads, interned, is_active_page);
}

void
_bobbin_library_take_threads (BobbinLibrary *self,
                              GPtrArray     *threads)
{
  g_autoptr(GPtrArray) interned = intern_all (self, threads);

  for (guint i = 0; i < threads->len; i++)
    {
      BobbinThread *read = threads->pdata[i];
      BobbinThread *thread = interned->pdata[i];

      if (thread == read)
        continue;
      if (bobbin_thread_get_title (read) != NULL && bobbin_thread_get_title_origin (read) == BOBBIN_TITLE_SERVER)
        bobbin_thread_set_title (thread, bobbin_thread_get_title (read), BOBBIN_TITLE_SERVER);
      if (bobbin_thread_get_last_used_us (read) > bobbin_thread_get_last_used_us (thread))
        bobbin_thread_set_last_used_us (thread, bobbin_thread_get_last_used_us (read));
    }
  for (guint i = 0; i < self->views->len; i++)
    _bobbin_thread_view_take (self->views->pdata[i], interned);
}

void
_bobbin_library_forget_threads (BobbinLibrary *self,
                                GPtrArray     *threads)
{
  for (guint i = 0; i < threads->len; i++)
    {
      BobbinThread *thread = threads->pdata[i];
      gint64 id = bobbin_thread_get_id (thread);
      Known *known = g_hash_table_lookup (self->by_id, &id);

      g_hash_table_remove (self->dirty, thread);
      g_hash_table_remove (self->fresh, thread);
      for (guint j = 0; j < self->views->len; j++)
        _bobbin_thread_view_remove (self->views->pdata[j], thread);
      if (known != NULL)
        {
          g_hash_table_remove (self->by_id, &id);
          let_go (self, known);
        }
    }
}

void
_bobbin_library_forget_account_threads (BobbinLibrary *self,
                                        gint64         account_id)
{
  g_autoptr(GPtrArray) known = _bobbin_library_list_known (self);
  g_autoptr(GPtrArray) theirs = g_ptr_array_new ();

  for (guint i = 0; i < known->len; i++)
    if (bobbin_thread_get_account_id (known->pdata[i]) == account_id)
      g_ptr_array_add (theirs, known->pdata[i]);
  _bobbin_library_forget_threads (self, theirs);
}

GListModel *
bobbin_library_get_threads (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return bobbin_thread_view_get_model (self->threads);
}

GListModel *
bobbin_library_get_archive (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  if (!self->closed)
    _bobbin_thread_view_open (self->archive);

  return bobbin_thread_view_get_model (self->archive);
}

GListModel *
bobbin_library_get_bin (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  if (!self->closed)
    _bobbin_thread_view_open (self->bin);

  return bobbin_thread_view_get_model (self->bin);
}

/* Accounts whose servers forget threads, as JSON; how long they keep them. */
static char *
dup_forgetful (BobbinLibrary *self,
               gint64        *ret_lifetime_us)
{
  GString *text = g_string_new ("[");

  *ret_lifetime_us = 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      BobbinBackend *backend = bobbin_library_get_backend (self, account);
      const BobbinLimits *limits = backend != NULL ? bobbin_backend_get_limits (backend) : NULL;

      if (limits == NULL || limits->thread_lifetime_us <= 0)
        continue;
      *ret_lifetime_us = MAX (*ret_lifetime_us, limits->thread_lifetime_us);
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, text->len > 1 ? "," : "", bobbin_account_get_id (account));
    }
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

BobbinThreadView *
bobbin_library_ref_view (BobbinLibrary *self,
                         BobbinFolder   folder,
                         gint64         account_id,
                         gint64         label_id,
                         gboolean       expiring)
{
  BobbinThreadQuery query = { .folder = folder, .account_id = account_id, .label_id = label_id };
  g_autofree char *forgetful = NULL;
  gint64 lifetime_us;
  BobbinThreadView *view;

  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  if (account_id == 0 && label_id == 0 && !expiring)
    {
      view = folder == BOBBIN_FOLDER_ARCHIVED ? self->archive : folder == BOBBIN_FOLDER_BIN ? self->bin : self->threads;
      if (!self->closed)
        _bobbin_thread_view_open (view);
      return g_object_ref (view);
    }

  if (expiring)
    {
      query.kept_by = forgetful = dup_forgetful (self, &lifetime_us);
      query.least_used_us = bobbin_clock_now_us (self->clock) - lifetime_us + 1;
      query.below_used_us = query.least_used_us + EXPIRES_SOON_US;
    }
  view = new_view (self, &query);
  if (!self->closed)
    {
      g_autoptr(GPtrArray) known = _bobbin_library_list_known (self);

      /* What is at hand is shown at once. */
      _bobbin_thread_view_open (view);
      _bobbin_thread_view_take (view, known);
    }

  return view;
}

void
bobbin_library_pick_view (BobbinLibrary     *self,
                          BobbinThreadView  *view,
                          BobbinThreadPick  *pick)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_THREAD_VIEW (view));

  pick->all = TRUE;
  g_free ((char *) pick->query.kept_by);
  pick->query = *_bobbin_thread_view_get_query (view);
  pick->query.kept_by = g_strdup (pick->query.kept_by);
}

/* Paging */

gboolean
bobbin_library_get_has_more (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), FALSE);

  return bobbin_thread_view_get_has_more (self->threads) || _bobbin_library_has_more_remote (self);
}

void
bobbin_library_load_more (BobbinLibrary *self)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  if (self->closed)
    return;
  if (bobbin_thread_view_get_has_more (self->threads))
    bobbin_thread_view_load_more (self->threads);
  else
    _bobbin_library_load_more_remote (self);
}

void
_bobbin_library_list_threads (BobbinLibrary           *self,
                              const BobbinThreadQuery *query,
                              GAsyncReadyCallback      callback,
                              gpointer                 user_data)
{
  bobbin_store_list_threads_async (self->store, query, self->cancellable, callback, user_data);
}

GPtrArray *
_bobbin_library_list_threads_finish (BobbinLibrary *self,
                                     GObject       *source,
                                     GAsyncResult  *result)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_threads_finish (BOBBIN_STORE (source), result, &error);
  g_autoptr(BobbinFailure) failure = NULL;

  if (self->closed)
    return NULL;
  if (page != NULL)
    return intern_all (self, page);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;

  failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
  _bobbin_library_store_failed (self, failure);

  return NULL;
}

/* Deleted threads stay 30 days (product.md, section 4). */

void
_bobbin_library_threads_purged (BobbinLibrary *self,
                                GArray        *ids)
{
  g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      BobbinThread *thread = _bobbin_library_find_known (self, id);

      _bobbin_library_close_session (self, id);
      if (thread != NULL)
        g_ptr_array_add (gone, g_object_ref (thread));
    }
  _bobbin_library_forget_threads (self, gone);
}

static void
purged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GArray) ids = NULL;

  gint64 oldest_us;

  if (!bobbin_store_purge_finish (BOBBIN_STORE (source), result, &ids, &oldest_us, NULL) || self->closed)
    return;

  _bobbin_library_threads_purged (self, ids);
  if (ids->len == PURGE_STEP)
    _bobbin_library_purge_bin (self);
  else if (oldest_us != 0)
    _bobbin_library_expect_purge (self);
}

static gboolean
purge_timer_cb (gpointer user_data)
{
  BobbinLibrary *self = user_data;

  self->purge_timer = 0;
  _bobbin_library_purge_bin (self);

  return G_SOURCE_REMOVE;
}

/* Once a day, while something lies in the bin. */
void
_bobbin_library_expect_purge (BobbinLibrary *self)
{
  if (self->purge_timer == 0 && !self->closed)
    self->purge_timer = bobbin_clock_add (self->clock, DAY_US / 1000, purge_timer_cb, self);
}

void
_bobbin_library_purge_bin (BobbinLibrary *self)
{
  if (self->closed)
    return;

  bobbin_clock_clear (self->clock, &self->purge_timer);
  bobbin_store_purge_async (self->store, bobbin_clock_now_us (self->clock) - BIN_US, NULL, PURGE_STEP, self->cancellable, purged_cb,
                            g_object_ref (self));
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

/* At most one wake-up a day, and none when nothing can expire. @next_us 0: nothing more to wait for. */
static void
wait_for_expiry (BobbinLibrary *self,
                 gint64         next_us,
                 gint64         now_us)
{
  gint64 due_us = next_us != 0 ? MIN (next_us, now_us + DAY_US) : 0;

  if (due_us == 0 || self->closed || (self->expiry_timer != 0 && self->expiry_due_us <= due_us))
    return;

  bobbin_clock_clear (self->clock, &self->expiry_timer);
  self->expiry_due_us = due_us;
  self->expiry_timer = bobbin_clock_add (self->clock, (guint) ((due_us - now_us) / 1000 + 1000), expiry_cb, self);
}

void
_bobbin_library_update_expiry (BobbinLibrary *self)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);
  g_autoptr(GPtrArray) known = _bobbin_library_list_known (self);

  bobbin_clock_clear (self->clock, &self->expiry_timer);
  for (guint i = 0; i < known->len; i++)
    wait_for_expiry (self, update_expiry (self, known->pdata[i], now_us), now_us);
}
