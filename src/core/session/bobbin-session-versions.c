/* Versions of a prompt: sent again, as it was or with another text, it takes the place of the one before, which stays in the store
 * with its answer and all that followed, and can be come back to (bobbin-store-versions.c). The server keeps a history of its
 * own, where the service has one: to it the new version is one more message. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

gboolean
bobbin_session_get_can_fork (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return !self->closed && self->loaded && !self->switching && self->run == NULL && self->queue.length == 0;
}

/* Nor is anything only in memory yet: the list is about to be read from the store. */
static gboolean
can_switch (BobbinSession *self)
{
  return bobbin_session_get_can_fork (self) && self->n_sending == 0 && g_hash_table_size (self->unsaved) == 0 &&
         g_hash_table_size (self->ending) == 0;
}

static void
set_switching (BobbinSession *self,
               gboolean       switching)
{
  self->switching = switching;
  _bobbin_session_notify_can_fork (self);
}

static gint64
last_id_of (GListStore *messages,
            guint       n)
{
  g_autoptr(BobbinMessage) message = n > 0 ? g_list_model_get_item (G_LIST_MODEL (messages), n - 1) : NULL;

  return message != NULL ? bobbin_message_get_id (message) : 0;
}

/* How many messages of the list, from its start, are in @page, too. */
static guint
count_kept (BobbinSession *self,
            GPtrArray     *page)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->messages));
  guint kept = 0;
  guint i = 0;

  for (; kept < n; kept++)
    {
      gint64 id = last_id_of (self->messages, kept + 1);

      while (i < page->len && bobbin_message_get_id (g_ptr_array_index (page, i)) < id)
        i++;
      if (i == page->len || bobbin_message_get_id (g_ptr_array_index (page, i)) != id)
        break;
    }

  return kept;
}

/* Takes in what the thread ends with now. What is the same stays: somebody may be reading it. */
static void
take_page (BobbinSession *self,
           GPtrArray     *page)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->messages));
  guint kept = count_kept (self, page);
  gint64 last_id = last_id_of (self->messages, kept);
  g_autoptr(GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < page->len; i++)
    {
      BobbinMessage *message = g_ptr_array_index (page, i);

      if (bobbin_message_get_id (message) > last_id)
        g_ptr_array_add (fresh, message);
    }
  if (kept < n || fresh->len > 0)
    g_list_store_splice (self->messages, kept, n - kept, fresh->pdata, fresh->len);
  if (kept == 0)
    _bobbin_session_set_has_older (self, page->len == BOBBIN_SESSION_PAGE);
}

static void
again_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_messages_finish (BOBBIN_STORE (source), result, &error);

  set_switching (self, FALSE);
  if (self->closed)
    return;
  if (page == NULL)
    {
      _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
      return;
    }

  take_page (self, page);
  if (self->pager != NULL)
    bobbin_pager_refresh (self->pager);
  _bobbin_session_changed (self);
}

static void
switched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
  bobbin_store_list_messages_async (self->store, bobbin_thread_get_id (self->thread), 0, BOBBIN_SESSION_PAGE, NULL, again_cb,
                                    g_object_ref (self));
}

void
bobbin_session_show_version (BobbinSession *self,
                             gint64         id,
                             int            step)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (!can_switch (self))
    return;

  g_clear_pointer (&self->last, _bobbin_run_free);
  set_switching (self, TRUE);
  bobbin_store_show_version_async (self->store, bobbin_thread_get_id (self->thread), id, step, NULL, switched_cb,
                                   g_object_ref (self));
}

/* With @text (nullable: as it was) in the place of the words; files go along. Not in the list yet. */
BobbinMessage *
_bobbin_session_copy_prompt (BobbinSession *self,
                             BobbinMessage *message,
                             const char    *text)
{
  BobbinMessage *copy = bobbin_message_new (0, BOBBIN_ROLE_USER, bobbin_clock_now_us (self->clock));
  const char *left = text;

  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *from = bobbin_message_get_block (message, i);
      gboolean words = bobbin_block_get_kind (from) == BOBBIN_BLOCK_TEXT;
      g_autoptr(BobbinBlock) block = NULL;

      if (words && text != NULL && left == NULL)
        continue;
      block = bobbin_block_new (0, bobbin_block_get_kind (from));
      bobbin_block_set_text (block, words && left != NULL ? left : bobbin_block_get_text (from));
      bobbin_block_set_name (block, bobbin_block_get_name (from));
      bobbin_block_set_attachment (block, bobbin_block_get_attachment (from));
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
      bobbin_message_add_block (copy, block);
      if (words)
        left = NULL;
    }
  if (left != NULL)
    {
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

      bobbin_block_set_text (block, left);
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
      bobbin_message_add_block (copy, block);
    }

  return copy;
}

/* Takes @message and what followed it out of the list, as the store will when the new version is saved. */
static void
cut_from (BobbinSession *self,
          BobbinMessage *message)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->messages));
  guint position;

  if (!_bobbin_session_find_message (self, message, &position))
    position = 0; /* an older one: nothing of what is here stays */
  g_clear_pointer (&self->last, _bobbin_run_free);
  if (self->pager != NULL)
    bobbin_pager_cut (self->pager, bobbin_message_get_id (message));
  g_list_store_splice (self->messages, position, n - position, NULL, 0);
}

gboolean
bobbin_session_resend (BobbinSession *self,
                       BobbinMessage *message,
                       const char    *text)
{
  g_autoptr(BobbinMessage) keep = NULL;
  g_autoptr(BobbinMessage) copy = NULL;
  gint64 group;
  guint n_versions;

  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (message), FALSE);

  if (!can_switch (self) || bobbin_message_get_role (message) != BOBBIN_ROLE_USER)
    return FALSE;

  keep = g_object_ref (message);
  copy = _bobbin_session_copy_prompt (self, message, text);
  if (bobbin_message_get_n_blocks (copy) == 0)
    return FALSE;

  group = bobbin_message_get_version_of (message) != 0 ? bobbin_message_get_version_of (message)
                                                       : bobbin_message_get_id (message);
  n_versions = MAX (bobbin_message_get_n_versions (message), 1) + 1;
  bobbin_message_set_version (copy, group, n_versions, n_versions);
  bobbin_message_set_delivery (copy, BOBBIN_DELIVERY_QUEUED);

  cut_from (self, message);
  bobbin_thread_set_last_used_us (self->thread, bobbin_message_get_created_us (copy));
  _bobbin_session_take_snippet (self, copy);
  bobbin_thread_set_stored_activity (self->thread, BOBBIN_ACTIVITY_NONE);
  g_list_store_append (self->messages, copy);
  g_queue_push_tail (&self->queue, g_object_ref (copy));
  _bobbin_session_save_thread (self);
  _bobbin_session_save_message (self, copy, _bobbin_session_queued_saved);
  _bobbin_session_refresh_pager (self);
  _bobbin_session_asked (self);

  return TRUE;
}
