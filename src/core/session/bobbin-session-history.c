/* The server's copy of the conversation: read in pages when somebody looks, taken in, and asked for the end of an answer that was cut.
 *
 * One page at a time. The newest is read when the thread is opened or a cut answer is to be found; older ones when the reader
 * comes to the beginning of ours. A page is compared with as many of our messages, from the store; what changes is written there
 * and in the objects that are shown. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include "backend/bobbin-abilities.h"
#include "session/bobbin-history-merge.h"

#define FRESH_US (10 * G_USEC_PER_SEC)   /* what was read that lately is not read again */
#define SETTLE_US (30 * G_USEC_PER_SEC)  /* a server may write a moment later than it says */
#define MAX_GAP_PAGES 50                 /* read to find where ours begins */

struct _BobbinSync
{
  GCancellable      *cancellable; /* of the page under way; NULL: none */
  BobbinHistoryPage *page;
  char              *cursor;      /* of the page before the oldest that was read; NULL: none, or not known */
  gint64             oldest_id;   /* of ours, as far as pages reached */
  gint64             read_us;     /* monotonic: when the newest page was read, if was_read */
  char              *pending_id;  /* the prompt whose outcome is looked for */
  gint64             since_us;    /* monotonic: since when */
  guint              attempt;
  guint              timer;       /* of the clock */
  guint              n_gap;
  gboolean           was_read;
  gboolean           is_newest;   /* the page under way */
  gboolean           wanted;      /* once more after this, or once our messages are loaded */
};

static void fetch (BobbinSession *self, gboolean newest);

static BobbinSync *
get_sync (BobbinSession *self)
{
  if (self->sync == NULL)
    self->sync = g_new0 (BobbinSync, 1);

  return self->sync;
}

void
_bobbin_session_free_sync (BobbinSession *self)
{
  BobbinSync *sync = g_steal_pointer (&self->sync);

  if (sync == NULL)
    return;

  bobbin_clock_clear (self->clock, &sync->timer);
  if (sync->cancellable != NULL)
    g_cancellable_cancel (sync->cancellable);
  g_clear_object (&sync->cancellable);
  g_clear_pointer (&sync->page, bobbin_history_page_free);
  g_free (sync->cursor);
  g_free (sync->pending_id);
  g_free (sync);
}

static gboolean
can_read (BobbinSession *self)
{
  return !self->closed && self->backend != NULL && BOBBIN_IS_HISTORY (self->backend) &&
         bobbin_backend_can (self->backend, BOBBIN_CAN_READ_HISTORY) && bobbin_thread_get_server_id (self->thread) != NULL;
}

gboolean
_bobbin_session_is_reconciling (BobbinSession *self)
{
  return self->sync != NULL && self->sync->pending_id != NULL;
}

gboolean
_bobbin_session_has_remote_older (BobbinSession *self)
{
  return self->sync != NULL && self->sync->cursor != NULL;
}

static void
end_reconciling (BobbinSession *self)
{
  BobbinSync *sync = self->sync;

  if (sync->pending_id == NULL)
    return;

  g_clear_pointer (&sync->pending_id, g_free);
  bobbin_clock_clear (self->clock, &sync->timer);
  _bobbin_session_notify_reconciling (self);
  _bobbin_session_pump (self);
}

/* Our messages beside theirs */

BobbinMessage *
_bobbin_session_find_shown (BobbinSession *self,
                            gint64         id)
{
  guint position;

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i-- > 0;)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);

      if (bobbin_message_get_id (message) == id)
        return message;
      if (bobbin_message_get_id (message) < id)
        break;
    }
  if (self->pager != NULL && bobbin_pager_find (self->pager, id, &position))
    return bobbin_pager_peek (self->pager, position);

  return NULL;
}

static gboolean
is_comparable (BobbinSession *self,
               BobbinMessage *message)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (message);

  if (bobbin_message_get_role (message) > BOBBIN_ROLE_SYSTEM || delivery == BOBBIN_DELIVERY_QUEUED)
    return FALSE;

  return self->run == NULL ||
         (message != self->run->prompt && message != self->run->cause && message != self->run->answer);
}

/* Of ours, those a page can be compared with, as the objects that are shown where there are such. */
static GPtrArray *
collect_local (BobbinSession *self,
               GPtrArray     *stored)
{
  GPtrArray *local = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < stored->len; i++)
    {
      BobbinMessage *live = _bobbin_session_find_shown (self, bobbin_message_get_id (stored->pdata[i]));
      BobbinMessage *message = live != NULL ? live : stored->pdata[i];

      if (is_comparable (self, message))
        g_ptr_array_add (local, g_object_ref (message));
    }

  return local;
}

static void
show_message (BobbinSession *self,
              BobbinMessage *message)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->messages));
  g_autoptr(BobbinMessage) first = g_list_model_get_item (G_LIST_MODEL (self->messages), 0);
  guint position = n_items;

  /* What lies before the messages that are kept here comes with the pages of the store. */
  if (first != NULL && self->has_older && bobbin_message_get_id (message) < bobbin_message_get_id (first))
    return;

  for (; position > 0; position--)
    {
      g_autoptr(BobbinMessage) previous = g_list_model_get_item (G_LIST_MODEL (self->messages), position - 1);

      if (bobbin_message_get_id (previous) < bobbin_message_get_id (message))
        break;
    }
  g_list_store_insert (self->messages, position, message);
}

/* A change of the server's copy, said once where it is. */
static void
note_gone (BobbinSession *self,
           GPtrArray     *saves,
           gint64         after_id,
           gint64         before_id,
           guint          n)
{
  gint64 id = bobbin_history_place (after_id, before_id, 0, 1);
  g_autoptr(BobbinMessage) notice = NULL;
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_NOTICE);
  g_autofree char *data = g_strdup_printf ("{\"count\":%u}", n);

  if (id == 0)
    return;

  notice = bobbin_message_new (id, BOBBIN_ROLE_NOTICE, bobbin_clock_now_us (self->clock));
  bobbin_message_set_delivery (notice, BOBBIN_DELIVERY_COMPLETE);
  bobbin_block_set_name (block, BOBBIN_NOTICE_GONE);
  bobbin_block_set_data (block, data);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (notice, block);
  g_ptr_array_add (saves, g_object_ref (notice));
  show_message (self, notice);
}

/* Whether the server once had it and has it no more. */
static gboolean
is_gone (BobbinSession *self,
         BobbinMessage *message)
{
  gint64 changed_us = MAX (bobbin_message_get_created_us (message), bobbin_message_get_finished_us (message));

  return bobbin_message_get_server_id (message) != NULL && bobbin_message_get_delivery (message) == BOBBIN_DELIVERY_COMPLETE &&
         self->run == NULL && changed_us + SETTLE_US < bobbin_clock_now_us (self->clock);
}

typedef struct
{
  GPtrArray *local;
  GPtrArray *remote;
  GArray    *pairs;
  GPtrArray *saves;     /* of BobbinMessage: changed or new */
  guint      n_fresh;
  guint      n_matched;
  guint      from;      /* the first pair the page tells anything of */
} Merge;

static gint64
local_id (Merge *merge,
          guint  pair)
{
  guint local = g_array_index (merge->pairs, BobbinMergePair, pair).local;

  return local != BOBBIN_MERGE_NONE ? bobbin_message_get_id (merge->local->pdata[local]) : 0;
}

/* Messages only the server has, from @pair to the next of ours. Returns the pair behind them. */
static guint
insert_fresh (BobbinSession *self,
              Merge         *merge,
              guint          pair,
              gint64         before_id)
{
  guint end = pair;
  gint64 after_id = 0;

  while (end < merge->pairs->len && g_array_index (merge->pairs, BobbinMergePair, end).local == BOBBIN_MERGE_NONE)
    end++;
  if (end < merge->pairs->len)
    after_id = local_id (merge, end);
  else if (!self->sync->is_newest)
    after_id = self->sync->oldest_id;
  /* Not among what waits to be sent. */
  if (after_id == 0 && self->queue.length > 0)
    after_id = bobbin_message_get_id (g_queue_peek_head (&self->queue));

  for (; pair < end; pair++)
    {
      BobbinMessage *remote = merge->remote->pdata[g_array_index (merge->pairs, BobbinMergePair, pair).remote];
      gint64 id = bobbin_history_place (before_id, after_id, bobbin_message_get_created_us (remote), end - pair);
      g_autoptr(BobbinMessage) copy = NULL;

      if (id == 0)
        {
          g_debug ("no room for a message of the server");
          continue;
        }
      copy = bobbin_history_copy (remote, id);
      g_ptr_array_add (merge->saves, g_object_ref (copy));
      merge->n_fresh++;
      show_message (self, copy);
      before_id = id;
    }

  return end;
}

static guint
count_gone (BobbinSession *self,
            Merge         *merge,
            guint          pair)
{
  guint n = 0;

  for (; pair < merge->pairs->len; pair++)
    {
      const BobbinMergePair *at = &g_array_index (merge->pairs, BobbinMergePair, pair);

      if (at->local == BOBBIN_MERGE_NONE || at->remote != BOBBIN_MERGE_NONE || !is_gone (self, merge->local->pdata[at->local]))
        break;
      n++;
    }

  return n;
}

static void
forget_ids (Merge *merge,
            guint  pair,
            guint  n)
{
  for (guint i = 0; i < n; i++)
    {
      BobbinMessage *message = merge->local->pdata[g_array_index (merge->pairs, BobbinMergePair, pair + i).local];

      bobbin_message_set_server_id (message, NULL);
      g_ptr_array_add (merge->saves, g_object_ref (message));
    }
}

static void
apply (BobbinSession *self,
       Merge         *merge)
{
  gint64 before_id = 0;

  for (guint pair = 0; pair < merge->pairs->len;)
    {
      const BobbinMergePair at = g_array_index (merge->pairs, BobbinMergePair, pair);
      guint n_gone;

      if (at.local == BOBBIN_MERGE_NONE)
        {
          pair = insert_fresh (self, merge, pair, before_id);
          continue;
        }
      before_id = local_id (merge, pair);
      if (at.remote != BOBBIN_MERGE_NONE)
        {
          if (bobbin_history_take (merge->local->pdata[at.local], merge->remote->pdata[at.remote]))
            g_ptr_array_add (merge->saves, g_object_ref (merge->local->pdata[at.local]));
          merge->n_matched++;
          pair++;
          continue;
        }
      n_gone = pair >= merge->from && self->sync->page->poll_ms == 0 ? count_gone (self, merge, pair) : 0;
      if (n_gone > 0)
        {
          forget_ids (merge, pair, n_gone);
          before_id = local_id (merge, pair + n_gone - 1);
          note_gone (self, merge->saves, before_id, pair + n_gone < merge->pairs->len ? local_id (merge, pair + n_gone) : 0, n_gone);
        }
      pair += MAX (n_gone, 1);
    }
}

/* From where on the page says something of ours: its first message that is also ours, or everything when it is all there is. */
static guint
find_from (Merge    *merge,
           gboolean  is_whole)
{
  for (guint pair = 0; !is_whole && pair < merge->pairs->len; pair++)
    {
      const BobbinMergePair *at = &g_array_index (merge->pairs, BobbinMergePair, pair);

      if (at->local != BOBBIN_MERGE_NONE && at->remote != BOBBIN_MERGE_NONE)
        return pair;
    }

  return is_whole ? 0 : merge->pairs->len;
}

/* The prompt that is looked for, when the server is known not to have it: it may be sent again without fear. */
static void
not_arrived (BobbinSession *self,
             Merge         *merge,
             const char    *pending_id)
{
  for (guint i = merge->local->len; i-- > 0;)
    {
      BobbinMessage *message = merge->local->pdata[i];
      const BobbinFailure *known = bobbin_message_get_failure (message);
      g_autoptr(BobbinFailure) failure = NULL;

      if (bobbin_message_get_role (message) != BOBBIN_ROLE_USER || !bobbin_message_has_server_id (message, pending_id))
        continue;
      if (bobbin_message_get_delivery (message) != BOBBIN_DELIVERY_INTERRUPTED)
        return;
      failure = bobbin_failure_new (known != NULL ? known->code : BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_REFUSED,
                                    "The message did not reach the server");
      bobbin_message_set_failure (message, failure);
      bobbin_message_set_delivery (message, BOBBIN_DELIVERY_FAILED);
      g_ptr_array_add (merge->saves, g_object_ref (message));
      return;
    }
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
  else if (!self->closed && self->pager != NULL)
    bobbin_pager_refresh (self->pager);
}

static void
save (BobbinSession *self,
      Merge         *merge)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->messages));
  g_autoptr(BobbinMessage) last = n_items > 0 ? g_list_model_get_item (G_LIST_MODEL (self->messages), n_items - 1) : NULL;

  if (merge->saves->len == 0)
    return;

  /* A thread that is only attached is kept from the first message on. */
  if (self->library != NULL)
    _bobbin_library_ensure_thread (self->library, self->thread, TRUE);
  bobbin_store_save_messages_async (self->store, bobbin_thread_get_id (self->thread), merge->saves, NULL, saved_cb, g_object_ref (self));
  if (merge->n_fresh > 0 && last != NULL && self->sync->is_newest)
    {
      _bobbin_session_take_snippet (self, last);
      if (bobbin_message_get_created_us (last) > bobbin_thread_get_last_used_us (self->thread))
        bobbin_thread_set_last_used_us (self->thread, bobbin_message_get_created_us (last));
    }
}

static gboolean
poll_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  self->sync->timer = 0;
  fetch (self, TRUE);

  return G_SOURCE_REMOVE;
}

/* What the page means for a prompt that is looked for. */
static void
judge_pending (BobbinSession *self,
               Merge         *merge)
{
  BobbinSync *sync = self->sync;
  const BobbinLimits *limits = bobbin_backend_get_limits (self->backend);
  gint64 passed_ms;
  gboolean found = FALSE;

  if (sync->pending_id == NULL || !sync->is_newest)
    return;

  passed_ms = (bobbin_clock_monotonic_us (self->clock) - sync->since_us) / 1000;
  if (sync->page->poll_ms > 0 && limits != NULL && passed_ms < limits->reconcile_ms)
    {
      sync->attempt++;
      sync->timer = bobbin_clock_add (self->clock, sync->page->poll_ms, poll_cb, self);
      return;
    }
  for (guint i = 0; i < merge->remote->len; i++)
    found |= bobbin_message_has_server_id (merge->remote->pdata[i], sync->pending_id);
  if (!found && sync->page->poll_ms == 0)
    not_arrived (self, merge, sync->pending_id);
}

static void
note_page (BobbinSession *self,
           Merge         *merge)
{
  BobbinSync *sync = self->sync;
  gint64 first_id = 0;

  /* The oldest of ours that the page reaches. */
  for (guint i = 0; i < merge->saves->len; i++)
    if (first_id == 0 || bobbin_message_get_id (merge->saves->pdata[i]) < first_id)
      first_id = bobbin_message_get_id (merge->saves->pdata[i]);
  for (guint pair = 0; pair < merge->pairs->len; pair++)
    {
      const BobbinMergePair *at = &g_array_index (merge->pairs, BobbinMergePair, pair);

      if (at->local == BOBBIN_MERGE_NONE || at->remote == BOBBIN_MERGE_NONE)
        continue;
      if (first_id == 0 || local_id (merge, pair) < first_id)
        first_id = local_id (merge, pair);
      break;
    }
  if (first_id != 0)
    sync->oldest_id = first_id;
  if (sync->is_newest)
    {
      sync->was_read = TRUE;
      sync->read_us = bobbin_clock_monotonic_us (self->clock);
    }
  g_free (sync->cursor);
  sync->cursor = g_steal_pointer (&sync->page->cursor);
}

/* The server has every version of a prompt; those that were left are hidden here. */
static void
drop_hidden (GPtrArray *messages,
             GStrv      hidden)
{
  for (guint i = 0; i < messages->len;)
    {
      gboolean is_hidden = FALSE;

      for (guint j = 0; hidden[j] != NULL && !is_hidden; j++)
        is_hidden = bobbin_message_has_server_id (messages->pdata[i], hidden[j]);
      if (is_hidden)
        g_ptr_array_remove_index (messages, i);
      else
        i++;
    }
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) stored = bobbin_store_list_messages_finish (BOBBIN_STORE (source), result, &error);
  g_autoptr(GPtrArray) local = NULL;
  g_autoptr(GPtrArray) saves = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GArray) pairs = NULL;
  BobbinSync *sync = self->sync;
  Merge merge = { .saves = saves };
  gboolean gap;

  if (self->closed || sync == NULL || sync->page == NULL)
    return;
  if (stored == NULL)
    {
      _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
      g_clear_pointer (&sync->page, bobbin_history_page_free);
      g_clear_object (&sync->cancellable);
      end_reconciling (self);
      return;
    }

  local = collect_local (self, stored);
  pairs = bobbin_history_align (local, sync->page->messages);
  merge.local = local;
  merge.remote = sync->page->messages;
  merge.pairs = pairs;
  merge.from = find_from (&merge, sync->page->cursor == NULL && sync->is_newest);
  apply (self, &merge);
  judge_pending (self, &merge);
  save (self, &merge);
  /* Between this page and ours there are others. */
  gap = merge.n_matched == 0 && local->len > 0 && sync->page->cursor != NULL && sync->n_gap < MAX_GAP_PAGES;
  note_page (self, &merge);
  g_clear_pointer (&sync->page, bobbin_history_page_free);
  g_clear_object (&sync->cancellable);
  _bobbin_session_notify_older (self);
  if (sync->timer == 0)
    end_reconciling (self);
  if (gap)
    {
      sync->n_gap++;
      fetch (self, FALSE);
    }
  else if (sync->wanted)
    {
      sync->wanted = FALSE;
      fetch (self, TRUE);
    }
}

static void
hidden_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_auto(GStrv) hidden = bobbin_store_list_hidden_ids_finish (BOBBIN_STORE (source), result, NULL);
  BobbinSync *sync = self->sync;

  if (self->closed || sync == NULL || sync->page == NULL)
    return;

  if (hidden != NULL)
    drop_hidden (sync->page->messages, hidden);
  bobbin_store_list_messages_async (self->store, bobbin_thread_get_id (self->thread), sync->is_newest ? 0 : sync->oldest_id,
                                    sync->page->messages->len * 2 + BOBBIN_SESSION_PAGE, NULL, stored_cb, g_object_ref (self));
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinHistoryPage) page = bobbin_history_list_finish (BOBBIN_HISTORY (source), result, &error);
  BobbinSync *sync = self->sync;

  if (self->closed || sync == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (page == NULL)
    {
      g_debug ("the server's copy could not be read: %s", error->message);
      g_clear_object (&sync->cancellable);
      /* A cut answer is looked for again with the next link. */
      if (sync->timer == 0)
        end_reconciling (self);
      return;
    }

  sync->page = g_steal_pointer (&page);
  bobbin_store_list_hidden_ids_async (self->store, bobbin_thread_get_id (self->thread), NULL, hidden_cb, g_object_ref (self));
}

static void
key_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  BobbinSync *sync = self->sync;
  BobbinHistoryQuery query = { 0 };
  gboolean have_key = _bobbin_library_need_key_finish (BOBBIN_LIBRARY (source), result, NULL);

  if (self->closed || sync == NULL || sync->cancellable == NULL || g_cancellable_is_cancelled (sync->cancellable))
    return;
  if (!have_key || !can_read (self))
    {
      g_clear_object (&sync->cancellable);
      end_reconciling (self);
      return;
    }

  query.thread_id = bobbin_thread_get_server_id (self->thread);
  query.cursor = sync->is_newest ? NULL : sync->cursor;
  query.pending_id = sync->is_newest ? sync->pending_id : NULL;
  query.attempt = sync->attempt;
  bobbin_history_list_async (BOBBIN_HISTORY (self->backend), &query, sync->cancellable, listed_cb, g_object_ref (self));
}

static void
fetch (BobbinSession *self,
       gboolean       newest)
{
  BobbinSync *sync = get_sync (self);

  if (sync->cancellable != NULL)
    {
      sync->wanted |= newest;
      return;
    }

  sync->is_newest = newest;
  sync->cancellable = g_cancellable_new ();
  if (newest)
    sync->n_gap = 0;
  _bobbin_library_need_key_async (self->library, self->account, sync->cancellable, key_cb, g_object_ref (self));
}

/* Somebody looks at the thread. */
void
bobbin_session_sync (BobbinSession *self)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (!can_read (self) || self->library == NULL || self->run != NULL)
    return;
  if (!self->loaded)
    {
      get_sync (self)->wanted = TRUE;
      return;
    }
  _bobbin_session_reconcile_last (self);
  if (_bobbin_session_is_reconciling (self))
    return;
  if (self->sync != NULL && self->sync->was_read &&
      bobbin_clock_monotonic_us (self->clock) - self->sync->read_us < FRESH_US)
    return;

  fetch (self, TRUE);
}

void
_bobbin_session_sync_when_loaded (BobbinSession *self)
{
  if (self->sync == NULL || !self->sync->wanted || self->sync->cancellable != NULL)
    return;

  self->sync->wanted = FALSE;
  bobbin_session_sync (self);
}

/* The outcome of @prompt is not known, or goes on without us. */
void
_bobbin_session_reconcile (BobbinSession *self,
                           BobbinMessage *prompt)
{
  const char *id = bobbin_message_get_server_id (prompt);
  BobbinSync *sync;

  if (!can_read (self) || self->library == NULL || id == NULL || strchr (id, '\n') != NULL)
    return;

  sync = get_sync (self);
  g_free (sync->pending_id);
  sync->pending_id = g_strdup (id);
  sync->since_us = bobbin_clock_monotonic_us (self->clock);
  sync->attempt = 0;
  bobbin_clock_clear (self->clock, &sync->timer);
  _bobbin_session_notify_reconciling (self);
  fetch (self, TRUE);
}

/* After a crash, or with a new link: the last prompt, when it was cut. */
void
_bobbin_session_reconcile_last (BobbinSession *self)
{
  if (!can_read (self) || !self->loaded || self->run != NULL || _bobbin_session_is_reconciling (self))
    return;

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i-- > 0;)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);

      if (bobbin_message_get_role (message) != BOBBIN_ROLE_USER || bobbin_message_get_delivery (message) == BOBBIN_DELIVERY_QUEUED)
        continue;
      if (bobbin_message_get_delivery (message) == BOBBIN_DELIVERY_INTERRUPTED)
        _bobbin_session_reconcile (self, message);
      return;
    }
}

/* The reader came to the beginning of ours. */
void
_bobbin_session_load_remote_older (BobbinSession *self)
{
  if (can_read (self) && self->library != NULL && _bobbin_session_has_remote_older (self) && self->sync->cancellable == NULL)
    fetch (self, FALSE);
}

void
_bobbin_session_read_again (BobbinSession *self)
{
  if (self->sync != NULL)
    self->sync->was_read = FALSE;
  bobbin_session_sync (self);
}
