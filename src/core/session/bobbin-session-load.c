/* What the store has of the thread: pages of messages, the draft. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

/* Puts @page (oldest first) in front of what is there; messages that are there already win. */
static void
prepend_page (BobbinSession *self,
              GPtrArray     *page)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->messages));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);
      gint64 id = bobbin_message_get_id (message);

      g_hash_table_add (known, g_memdup2 (&id, sizeof id));
    }
  for (guint i = 0; i < page->len; i++)
    {
      gint64 id = bobbin_message_get_id (page->pdata[i]);

      if (!g_hash_table_contains (known, &id))
        g_ptr_array_add (fresh, page->pdata[i]);
    }
  if (fresh->len > 0)
    g_list_store_splice (self->messages, 0, 0, fresh->pdata, fresh->len);
}

static void
first_page_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_messages_finish (BOBBIN_STORE (source), result, &error);

  if (self->closed)
    return;
  if (page == NULL)
    {
      _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
      page = g_ptr_array_new_with_free_func (g_object_unref);
    }

  prepend_page (self, page);
  _bobbin_session_set_has_older (self, page->len == BOBBIN_SESSION_PAGE);
  _bobbin_session_set_loaded (self);
  _bobbin_session_refresh_pager (self);
  _bobbin_session_restore_context (self);
  if (_bobbin_library_take_outbox (self->library, bobbin_thread_get_id (self->thread)))
    _bobbin_session_adopt_queue (self, page);
}

static void
draft_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinDraft) draft = bobbin_store_load_draft_finish (BOBBIN_STORE (source), result, &error);

  if (self->closed)
    return;
  if (draft == NULL)
    _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);

  _bobbin_session_take_draft (self, draft);
}

static void
older_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_messages_finish (BOBBIN_STORE (source), result, &error);

  self->loading_older = FALSE;
  if (self->closed)
    return;
  if (page == NULL)
    {
      _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
      return;
    }

  prepend_page (self, page);
  _bobbin_session_set_has_older (self, page->len == BOBBIN_SESSION_PAGE);
}

void
bobbin_session_load_older (BobbinSession *self)
{
  g_autoptr(BobbinMessage) oldest = NULL;

  g_return_if_fail (BOBBIN_IS_SESSION (self));

  oldest = g_list_model_get_item (G_LIST_MODEL (self->messages), 0);
  if (!self->closed && !self->has_older)
    _bobbin_session_load_remote_older (self);
  if (self->closed || self->loading_older || !self->has_older || oldest == NULL)
    return;

  self->loading_older = TRUE;
  bobbin_store_list_messages_async (self->store, bobbin_thread_get_id (self->thread), bobbin_message_get_id (oldest),
                                    BOBBIN_SESSION_PAGE, NULL, older_cb, g_object_ref (self));
}

/* There is nothing to read while the first page is on its way, or is all there is. */
void
_bobbin_session_refresh_pager (BobbinSession *self)
{
  if (self->pager != NULL && self->loaded && (self->has_older || bobbin_pager_get_ready (self->pager)))
    bobbin_pager_refresh (self->pager);
}

BobbinPager *
bobbin_session_get_pager (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  if (self->pager == NULL)
    {
      self->pager = bobbin_pager_new (self->store, bobbin_thread_get_id (self->thread), G_LIST_MODEL (self->messages));
      _bobbin_session_refresh_pager (self);
    }

  return self->pager;
}

void
_bobbin_session_load (BobbinSession *self)
{
  gint64 thread_id = bobbin_thread_get_id (self->thread);

  bobbin_store_list_messages_async (self->store, thread_id, 0, BOBBIN_SESSION_PAGE, NULL, first_page_cb, g_object_ref (self));
  bobbin_store_load_draft_async (self->store, thread_id, NULL, draft_cb, g_object_ref (self));
}
