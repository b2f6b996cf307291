/* The content of a run: BLOCK events to blocks. Servers leave out starts and completes, repeat themselves, and tell results before
 * calls; what is kept is what they said, in the order they said it (nebelus.md, sections 5.1 and 5.2). */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include <string.h>

static gboolean
is_text (BobbinBlockKind kind)
{
  return kind == BOBBIN_BLOCK_TEXT || kind == BOBBIN_BLOCK_THINKING;
}

/* The time of thinking ends where something else begins, whether or not its end is told. */
static void
end_thinking (BobbinSession *self,
              gint64         now_us)
{
  BobbinLiveBlock *previous;

  if (self->run->live->len == 0)
    return;

  previous = self->run->live->pdata[self->run->live->len - 1];
  if (bobbin_block_get_kind (previous->block) != BOBBIN_BLOCK_THINKING ||
      bobbin_block_get_finished_us (previous->block) != 0)
    return;

  bobbin_block_set_finished_us (previous->block, now_us);
  _bobbin_session_mark_dirty (self, previous, TRUE);
}

/* Appends a block to the answer. (transfer none) (nullable): NULL when the answer has too many. */
BobbinLiveBlock *
_bobbin_session_add_block (BobbinSession  *self,
                           BobbinEvent    *event,
                           BobbinBlockKind kind)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);
  BobbinLiveBlock *live;

  _bobbin_session_ensure_answer (self);
  if (bobbin_message_get_n_blocks (self->run->answer) >= BOBBIN_SESSION_MAX_BLOCKS)
    return NULL;

  end_thinking (self, now_us);
  live = g_new0 (BobbinLiveBlock, 1);
  live->block = bobbin_block_new (0, kind);
  live->position = bobbin_message_get_n_blocks (self->run->answer);
  bobbin_block_set_started_us (live->block, now_us);
  g_ptr_array_add (self->run->live, live);
  if (event->key != NULL)
    g_hash_table_replace (self->run->by_key, g_strdup (event->key), live);
  if (kind == BOBBIN_BLOCK_APPROVAL)
    {
      /* Whoever shows it looks at once what is asked for. */
      bobbin_block_set_text (live->block, event->text);
      bobbin_block_set_name (live->block, event->name);
      bobbin_block_set_data (live->block, event->data);
    }
  bobbin_message_add_block (self->run->answer, live->block);
  _bobbin_session_mark_dirty (self, live, TRUE);

  return live;
}

/* Tool calls */

static BobbinLiveBlock *
find_call (BobbinSession *self,
           const char    *call_id,
           const char    *name)
{
  BobbinLiveBlock *by_name = NULL;

  for (guint i = self->run->live->len; i-- > 0;)
    {
      BobbinLiveBlock *live = self->run->live->pdata[i];

      if (bobbin_block_get_kind (live->block) != BOBBIN_BLOCK_TOOL_CALL)
        continue;
      if (call_id != NULL && g_strcmp0 (bobbin_block_get_call_id (live->block), call_id) == 0)
        return live;
      /* The oldest of that name that still waits: calls are answered in order. */
      if (name != NULL && bobbin_block_get_result (live->block) == NULL &&
          g_strcmp0 (bobbin_block_get_name (live->block), name) == 0 &&
          (call_id == NULL || bobbin_block_get_call_id (live->block) == NULL))
        by_name = live;
    }

  return by_name;
}

static void
fill (BobbinBlock *block,
      BobbinEvent *event)
{
  if (event->name != NULL)
    bobbin_block_set_name (block, event->name);
  if (event->call_id != NULL)
    bobbin_block_set_call_id (block, event->call_id);
  if (event->data != NULL)
    bobbin_block_set_data (block, event->data);
  if (event->result != NULL)
    bobbin_block_set_result (block, event->result);
}

static void
tool_result (BobbinSession *self,
             BobbinEvent   *event)
{
  BobbinLiveBlock *live = find_call (self, event->call_id, event->name);

  if (live == NULL)
    live = _bobbin_session_add_block (self, event, BOBBIN_BLOCK_TOOL_CALL);
  if (live == NULL)
    return;

  if (bobbin_block_get_name (live->block) == NULL && event->name != NULL)
    bobbin_block_set_name (live->block, event->name);
  if (bobbin_block_get_call_id (live->block) == NULL && event->call_id != NULL)
    bobbin_block_set_call_id (live->block, event->call_id);
  if (event->result != NULL || event->data != NULL)
    bobbin_block_set_result (live->block, event->result != NULL ? event->result : event->data);
  if (event->phase == BOBBIN_PHASE_COMPLETE || event->result != NULL)
    {
      bobbin_block_set_finished_us (live->block, bobbin_clock_now_us (self->clock));
      bobbin_block_set_state (live->block, event->is_error ? BOBBIN_BLOCK_ERROR : BOBBIN_BLOCK_DONE);
    }
  _bobbin_session_mark_dirty (self, live, TRUE);
  if (event->phase == BOBBIN_PHASE_COMPLETE)
    _bobbin_session_flush_run (self);
}

static void
tool_call (BobbinSession *self,
           BobbinEvent   *event)
{
  BobbinLiveBlock *live = NULL;

  if (event->call_id != NULL)
    live = find_call (self, event->call_id, NULL);
  if (live == NULL && event->key != NULL)
    live = g_hash_table_lookup (self->run->by_key, event->key);
  /* The place of another call is taken by this one: its card stays. */
  if (live != NULL && event->call_id != NULL && bobbin_block_get_call_id (live->block) != NULL &&
      g_strcmp0 (bobbin_block_get_call_id (live->block), event->call_id) != 0)
    live = NULL;
  if (live == NULL)
    live = _bobbin_session_add_block (self, event, BOBBIN_BLOCK_TOOL_CALL);
  if (live == NULL)
    return;

  fill (live->block, event);
  if (event->is_error)
    bobbin_block_set_state (live->block, BOBBIN_BLOCK_ERROR);
  _bobbin_session_mark_dirty (self, live, TRUE);
  if (event->phase == BOBBIN_PHASE_COMPLETE)
    _bobbin_session_flush_run (self);
}

/* Files */

typedef struct
{
  BobbinSession *session; /* owned */
  BobbinMessage *message; /* owned */
  BobbinBlock   *block;   /* owned */
} Import;

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree Import *import = user_data;
  g_autoptr(BobbinSession) self = import->session;
  g_autoptr(BobbinMessage) message = import->message;
  g_autoptr(BobbinBlock) block = import->block;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, &error);

  if (attachment != NULL)
    {
      bobbin_block_set_attachment (block, attachment);
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
    }
  else
    {
      bobbin_block_set_state (block, BOBBIN_BLOCK_ERROR);
      _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
    }
  if (!_bobbin_session_import_ended (self, message))
    _bobbin_session_save_block (self, message, block, NULL);
}

static void
import (BobbinSession   *self,
        BobbinLiveBlock *live,
        BobbinEvent     *event)
{
  Import *import_data = g_new0 (Import, 1);

  live->importing = TRUE;
  import_data->session = g_object_ref (self);
  import_data->message = g_object_ref (self->run->answer);
  import_data->block = g_object_ref (live->block);
  _bobbin_session_import_begun (self, self->run->answer);
  bobbin_store_import_bytes_async (self->store, event->bytes, event->name != NULL ? event->name : "file",
                                   event->content_type != NULL ? event->content_type : "application/octet-stream",
                                   NULL, imported_cb, import_data);
}

/* Everything else */

static BobbinLiveBlock *
find_live (BobbinSession *self,
           BobbinEvent   *event)
{
  BobbinLiveBlock *live = event->key != NULL ? g_hash_table_lookup (self->run->by_key, event->key) : NULL;

  if (live == NULL || bobbin_block_get_kind (live->block) != event->kind)
    return NULL;
  /* Places are used again: after its end, a start or more text is another block, while a second end is nothing new. */
  if (bobbin_block_get_state (live->block) != BOBBIN_BLOCK_OPEN && event->phase != BOBBIN_PHASE_COMPLETE)
    return NULL;

  return live;
}

static void
take_text (BobbinSession   *self,
           BobbinLiveBlock *live,
           BobbinEvent     *event)
{
  gsize length = event->text_length > 0 ? event->text_length : strlen (event->text);

  if (event->phase == BOBBIN_PHASE_COMPLETE && (live->had_delta || bobbin_block_get_length (live->block) > 0))
    {
      if (!event->replace)
        return;
      bobbin_block_set_text (live->block, event->text);
      live->whole = TRUE;
    }
  else
    {
      bobbin_block_append (live->block, event->text, (gssize) length);
    }
  live->had_delta |= event->phase != BOBBIN_PHASE_COMPLETE;
  self->run->bytes += length;
}

static void
complete (BobbinSession   *self,
          BobbinLiveBlock *live)
{
  if (bobbin_block_get_finished_us (live->block) == 0)
    bobbin_block_set_finished_us (live->block, bobbin_clock_now_us (self->clock));
  bobbin_block_set_state (live->block, BOBBIN_BLOCK_DONE);
  _bobbin_session_mark_dirty (self, live, TRUE);
  _bobbin_session_flush_run (self);
}

static void
any_block (BobbinSession *self,
           BobbinEvent   *event)
{
  BobbinLiveBlock *live = find_live (self, event);

  if (live != NULL && bobbin_block_get_state (live->block) != BOBBIN_BLOCK_OPEN && !event->replace)
    return;
  if (live == NULL && is_text (event->kind) && event->phase == BOBBIN_PHASE_COMPLETE &&
      (event->text == NULL || *event->text == '\0'))
    return; /* the end of something that never began */
  if (live == NULL)
    live = _bobbin_session_add_block (self, event, event->kind);
  if (live == NULL)
    return;

  if (event->text != NULL && *event->text != '\0')
    take_text (self, live, event);
  fill (live->block, event);
  _bobbin_session_mark_dirty (self, live, !is_text (event->kind));
  if (event->bytes != NULL)
    {
      _bobbin_session_flush_run (self);
      import (self, live, event);
    }
  else if (event->phase == BOBBIN_PHASE_COMPLETE)
    {
      complete (self, live);
    }
}

/* A server that never ends must not fill memory and disk. */
static void
too_much (BobbinSession *self)
{
  g_autoptr(BobbinFailure) failure =
    bobbin_failure_new (BOBBIN_ERROR_REPLY_TOO_LARGE, BOBBIN_CERTAINTY_ACCEPTED, "The answer is larger than this program takes");

  _bobbin_session_end_run (self, BOBBIN_DELIVERY_FAILED, failure);
  _bobbin_session_drop_link (self);
  _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
  _bobbin_session_pump (self);
}

void
_bobbin_session_block_event (BobbinSession *self,
                             BobbinEvent   *event)
{
  if (self->run == NULL && self->last != NULL && event->key != NULL && event->phase == BOBBIN_PHASE_COMPLETE)
    {
      _bobbin_session_late_block (self, event);
      return;
    }
  if (!_bobbin_session_need_run (self))
    return;

  if (event->kind == BOBBIN_BLOCK_TOOL_CALL && event->is_result)
    tool_result (self, event);
  else if (event->kind == BOBBIN_BLOCK_TOOL_CALL)
    tool_call (self, event);
  else
    any_block (self, event);

  if (self->run->bytes > BOBBIN_SESSION_MAX_BYTES ||
      (self->run->answer != NULL && bobbin_message_get_n_blocks (self->run->answer) >= BOBBIN_SESSION_MAX_BLOCKS))
    too_much (self);
}

/* After the stop: an end that was overtaken by it is no new turn. Whole content that was never seen is kept. */
void
_bobbin_session_late_block (BobbinSession *self,
                            BobbinEvent   *event)
{
  BobbinMessage *answer = self->last->answer;
  g_autoptr(BobbinBlock) block = NULL;
  gboolean has_content = (event->text != NULL && *event->text != '\0') || event->data != NULL || event->result != NULL;

  if (answer == NULL || !has_content || g_hash_table_contains (self->last->by_key, event->key) ||
      bobbin_message_get_n_blocks (answer) >= BOBBIN_SESSION_MAX_BLOCKS)
    return;

  block = bobbin_block_new (0, event->kind);
  if (event->text != NULL)
    bobbin_block_set_text (block, event->text);
  fill (block, event);
  bobbin_block_set_state (block, event->is_error ? BOBBIN_BLOCK_ERROR : BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (answer, block);
  _bobbin_session_save_block (self, answer, block, NULL);
}

/* message_stop closes all (nebelus.md, section 5.2). */
void
_bobbin_session_close_blocks (BobbinSession *self,
                              BobbinDelivery how)
{
  gboolean cut = how == BOBBIN_DELIVERY_INTERRUPTED || how == BOBBIN_DELIVERY_FAILED;
  gint64 now_us = bobbin_clock_now_us (self->clock);

  for (guint i = 0; i < self->run->live->len; i++)
    {
      BobbinLiveBlock *live = self->run->live->pdata[i];
      BobbinBlock *block = live->block;

      if (bobbin_block_get_state (block) != BOBBIN_BLOCK_OPEN || live->importing ||
          bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL)
        continue;
      if (bobbin_block_get_finished_us (block) == 0)
        bobbin_block_set_finished_us (block, now_us);
      bobbin_block_set_state (block, bobbin_block_get_kind (block) == BOBBIN_BLOCK_TOOL_CALL && cut
                                     ? BOBBIN_BLOCK_ERROR : BOBBIN_BLOCK_DONE);
    }
  _bobbin_session_expire_approvals (self, self->run->answer, how == BOBBIN_DELIVERY_STOPPED);
}
