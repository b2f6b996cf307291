/* Saving: at once what decides what may be sent again, at most half a second behind what streams in. What could not be written
 * stays in memory and is tried again, whole. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

typedef struct
{
  BobbinSession   *session; /* owned */
  BobbinMessage   *message; /* owned, nullable */
  BobbinUnsaved    kind;    /* what to do again when it fails */
  BobbinSavedFunc  done;
} Save;

static Save *
save_new (BobbinSession   *self,
          BobbinMessage   *message,
          BobbinUnsaved    kind,
          BobbinSavedFunc  done)
{
  Save *save = g_new0 (Save, 1);

  save->session = g_object_ref (self);
  save->message = message != NULL ? g_object_ref (message) : NULL;
  save->kind = kind;
  save->done = done;

  return save;
}

static void
save_free (Save *save)
{
  g_clear_object (&save->message);
  g_clear_object (&save->session);
  g_free (save);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Save, save_free)

static gboolean
store_timer_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  self->store_timer = 0;
  _bobbin_session_retry_store (self);

  return G_SOURCE_REMOVE;
}

void
_bobbin_session_store_failed (BobbinSession *self,
                              BobbinMessage *message,
                              BobbinUnsaved  kind,
                              const GError  *error)
{
  g_autoptr(BobbinFailure) failure = NULL;
  gpointer old;
  guint position;

  /* What was deleted meanwhile must not come back. */
  if (message != NULL && _bobbin_session_find_message (self, message, &position))
    {
      old = g_hash_table_lookup (self->unsaved, message);
      kind |= (BobbinUnsaved) GPOINTER_TO_UINT (old);
      g_hash_table_replace (self->unsaved, g_object_ref (message), GUINT_TO_POINTER (kind | BOBBIN_UNSAVED_FAILED));
    }
  if (self->closed || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_debug ("Could not write: %s", error->message);
  if (self->store_timer == 0)
    self->store_timer = bobbin_clock_add (self->clock, BOBBIN_SESSION_STORE_WAIT_MS, store_timer_cb, self);
  failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
  failure->code = BOBBIN_ERROR_STORE;
  if (self->library != NULL)
    _bobbin_library_store_failed (self->library, failure);
}

/* The end of every write: says whether it worked. */
static gboolean
finish_save (Save         *save,
             GObject      *source,
             GAsyncResult *result)
{
  BobbinSession *self = save->session;
  g_autoptr(GError) error = NULL;

  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      _bobbin_session_store_failed (self, save->message, save->kind, error);
      return FALSE;
    }

  return TRUE;
}

gboolean
_bobbin_session_has_unsaved (BobbinSession *self)
{
  return g_hash_table_size (self->unsaved) > 0 || (self->store_timer != 0 && self->draft_dirty);
}

static void
tell_saved (BobbinSession *self)
{
  if (self->library != NULL)
    _bobbin_library_store_worked (self->library);
}

static void
part_saved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Save) save = user_data;
  gboolean saved = finish_save (save, source, result);

  if (saved)
    tell_saved (save->session);
  if (save->done != NULL)
    save->done (save->session, save->message, saved);
}

/* Message and blocks are in the database now. */
static void
whole_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Save) save = user_data;
  BobbinSession *self = save->session;
  gboolean saved = finish_save (save, source, result);

  if (saved)
    {
      g_hash_table_remove (self->unsaved, save->message);
      tell_saved (self);
    }
  if (save->kind == BOBBIN_UNSAVED_SEND)
    self->n_sending--;
  if (save->done != NULL)
    save->done (self, save->message, saved);
  _bobbin_session_changed (self);
}

void
_bobbin_session_save_message (BobbinSession   *self,
                              BobbinMessage   *message,
                              BobbinSavedFunc  done)
{
  if (!g_hash_table_contains (self->unsaved, message))
    g_hash_table_insert (self->unsaved, g_object_ref (message), GUINT_TO_POINTER (BOBBIN_UNSAVED_WHOLE));
  bobbin_store_save_message_async (self->store, bobbin_thread_get_id (self->thread), message, NULL, whole_saved_cb,
                                   save_new (self, message, BOBBIN_UNSAVED_WHOLE, done));
}

void
_bobbin_session_save_state (BobbinSession   *self,
                            BobbinMessage   *message,
                            BobbinSavedFunc  done)
{
  bobbin_store_save_message_state_async (self->store, bobbin_thread_get_id (self->thread), message, NULL, part_saved_cb,
                                         save_new (self, message, BOBBIN_UNSAVED_WHOLE, done));
}

void
_bobbin_session_save_block (BobbinSession   *self,
                            BobbinMessage   *message,
                            BobbinBlock     *block,
                            BobbinSavedFunc  done)
{
  for (guint i = bobbin_message_get_n_blocks (message); i-- > 0;)
    if (bobbin_message_get_block (message, i) == block)
      {
        bobbin_store_save_block_async (self->store, bobbin_message_get_id (message), i, block, NULL, part_saved_cb,
                                       save_new (self, message, BOBBIN_UNSAVED_WHOLE, done));
        return;
      }
}

/* Ends and files: an end is saved and announced with the files the server gave before it. */

static void
save_end (BobbinSession *self,
          BobbinMessage *message)
{
  g_autoptr(BobbinMessage) hold = g_object_ref (message);

  g_hash_table_remove (self->ending, message);
  if (g_hash_table_size (self->ending) == 0)
    bobbin_clock_clear (self->clock, &self->end_timer);
  _bobbin_session_save_message (self, message, _bobbin_session_end_saved);
}

void
_bobbin_session_save_ends (BobbinSession *self)
{
  g_autoptr(GList) messages = g_hash_table_get_keys (self->ending);

  for (GList *l = messages; l != NULL; l = l->next)
    save_end (self, l->data);
}

static gboolean
end_timer_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  self->end_timer = 0;
  _bobbin_session_save_ends (self);

  return G_SOURCE_REMOVE;
}

void
_bobbin_session_save_end (BobbinSession *self,
                          BobbinMessage *message)
{
  if (!g_hash_table_contains (self->imports, message))
    {
      _bobbin_session_save_message (self, message, _bobbin_session_end_saved);
      return;
    }

  g_hash_table_add (self->ending, g_object_ref (message));
  if (self->end_timer == 0)
    self->end_timer = bobbin_clock_add (self->clock, BOBBIN_SESSION_IMPORT_MS, end_timer_cb, self);
}

void
_bobbin_session_import_begun (BobbinSession *self,
                              BobbinMessage *message)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->imports, message));

  g_hash_table_replace (self->imports, message, GUINT_TO_POINTER (n + 1));
}

gboolean
_bobbin_session_import_ended (BobbinSession *self,
                              BobbinMessage *message)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->imports, message));

  if (n > 1)
    g_hash_table_replace (self->imports, message, GUINT_TO_POINTER (n - 1));
  else
    g_hash_table_remove (self->imports, message);
  if (!g_hash_table_contains (self->ending, message))
    return FALSE;

  if (n <= 1)
    save_end (self, message);
  return TRUE;
}

/* A message that was just made of the draft: it goes in and the draft goes out in one step. */
void
_bobbin_session_save_sent (BobbinSession *self,
                           BobbinMessage *message)
{
  g_hash_table_replace (self->unsaved, g_object_ref (message), GUINT_TO_POINTER (BOBBIN_UNSAVED_SEND));
  self->n_sending++;
  bobbin_store_send_draft_async (self->store, self->draft, message, NULL, whole_saved_cb,
                                 save_new (self, message, BOBBIN_UNSAVED_SEND, _bobbin_session_queued_saved));
}

void
_bobbin_session_save_thread (BobbinSession *self)
{
  if (self->library != NULL)
    bobbin_library_save_thread (self->library, self->thread);
}

/* What could not be written, once more. Drafts wait for it: they must not clear the row a sent message still lives in. */
void
_bobbin_session_retry_store (BobbinSession *self)
{
  g_autoptr(GPtrArray) again = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer message;
  gpointer kind;

  bobbin_clock_clear (self->clock, &self->store_timer);
  g_hash_table_iter_init (&iter, self->unsaved);
  while (g_hash_table_iter_next (&iter, &message, &kind))
    if (GPOINTER_TO_UINT (kind) & BOBBIN_UNSAVED_FAILED)
      g_ptr_array_add (again, g_object_ref (message));

  for (guint i = 0; i < again->len; i++)
    {
      guint flags = GPOINTER_TO_UINT (g_hash_table_lookup (self->unsaved, again->pdata[i]));

      if (flags & BOBBIN_UNSAVED_SEND)
        {
          _bobbin_session_save_sent (self, again->pdata[i]);
        }
      else
        {
          g_hash_table_replace (self->unsaved, g_object_ref (again->pdata[i]), GUINT_TO_POINTER (BOBBIN_UNSAVED_WHOLE));
          _bobbin_session_save_message (self, again->pdata[i], _bobbin_session_queued_saved);
        }
    }
  if (self->draft_dirty)
    _bobbin_session_flush_draft (self);
}

/* Streaming */

static gboolean
save_timer_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  self->save_timer = 0;
  _bobbin_session_flush_run (self);

  return G_SOURCE_REMOVE;
}

/* @whole: more than text at the end of the block changed. */
void
_bobbin_session_mark_dirty (BobbinSession   *self,
                            BobbinLiveBlock *live,
                            gboolean         whole)
{
  live->whole |= whole;
  if (!live->dirty)
    {
      live->dirty = TRUE;
      g_ptr_array_add (self->run->dirty, live);
    }
  if (self->save_timer == 0)
    self->save_timer = bobbin_clock_add (self->clock, BOBBIN_SESSION_SAVE_MS, save_timer_cb, self);
}

static void
write_live (BobbinSession   *self,
            BobbinLiveBlock *live)
{
  gsize length = bobbin_block_get_length (live->block);

  if (!live->in_store || live->whole)
    bobbin_store_save_block_async (self->store, bobbin_message_get_id (self->run->answer), live->position, live->block,
                                   NULL, part_saved_cb, save_new (self, self->run->answer, BOBBIN_UNSAVED_WHOLE, NULL));
  else if (length > live->stored)
    bobbin_store_append_text_async (self->store, bobbin_block_get_id (live->block), live->stored,
                                    bobbin_block_get_text (live->block) + live->stored, length - live->stored, NULL,
                                    part_saved_cb, save_new (self, self->run->answer, BOBBIN_UNSAVED_WHOLE, NULL));

  live->in_store = TRUE;
  live->whole = FALSE;
  live->stored = length;
}

/* Gives the store what came since the last time. */
void
_bobbin_session_flush_run (BobbinSession *self)
{
  guint flags;

  bobbin_clock_clear (self->clock, &self->save_timer);
  if (self->run == NULL || self->run->answer == NULL)
    return;

  flags = GPOINTER_TO_UINT (g_hash_table_lookup (self->unsaved, self->run->answer));
  for (guint i = 0; i < self->run->dirty->len; i++)
    {
      BobbinLiveBlock *live = self->run->dirty->pdata[i];

      live->dirty = FALSE;
      /* While writing fails, the whole message is tried from time to time instead of every piece. */
      if ((flags & BOBBIN_UNSAVED_FAILED) == 0)
        write_live (self, live);
      else
        live->whole = TRUE;
    }
  g_ptr_array_set_size (self->run->dirty, 0);
}

void
bobbin_session_sum_usage (BobbinSession       *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (self->library != NULL);

  bobbin_store_sum_usage_async (bobbin_library_get_store (self->library), bobbin_thread_get_id (self->thread), cancellable, callback,
                                user_data);
}
