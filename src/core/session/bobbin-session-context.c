/* What the server calls the conversation: thread ids, new threads, notices where one broke, the transcript that can go along,
 * titles. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include "util/bobbin-json.h"
#include "util/bobbin-snippet.h"

#include <string.h>

#define TITLE_LENGTH 60

/* Text */

/* Whether @c belongs to the character before it: Pango is not to be had here, and cutting an accent, a skin tone or a flag in
 * half is all that must not happen. */
static gboolean
joins_previous (gunichar previous,
                gunichar c)
{
  const gunichar joiner = 0x200D;

  if (c == joiner || previous == joiner)
    return TRUE;
  if (g_unichar_ismark (c) || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF) ||
      (c >= 0xE0020 && c <= 0xE007F))
    return TRUE;

  return FALSE;
}

static gboolean
is_flag_letter (gunichar c)
{
  return c >= 0x1F1E6 && c <= 0x1F1FF;
}

/* The first @n_characters of @text as people count them, white space made single spaces. */
static char *
dup_start (const char *text,
           guint       n_characters)
{
  g_autoptr(GString) start = g_string_new (NULL);
  gunichar previous = 0;
  gboolean half_flag = FALSE;
  guint n = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      gboolean joined = FALSE;

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        c = ' ';
      if (c == ' ' && (previous == ' ' || previous == 0))
        continue;

      joined = joins_previous (previous, c) || (half_flag && is_flag_letter (c));
      half_flag = is_flag_letter (c) && !half_flag;
      if (!joined && n++ == n_characters)
        break;
      g_string_append_unichar (start, c);
      previous = c;
    }
  g_strchomp (start->str);

  return g_string_free (g_steal_pointer (&start), FALSE);
}

void
_bobbin_session_derive_title (BobbinSession *self,
                              const char    *text)
{
  g_autofree char *title = NULL;

  if (bobbin_thread_get_title_origin (self->thread) != BOBBIN_TITLE_NONE)
    return;

  title = dup_start (text, TITLE_LENGTH);
  if (*title != '\0')
    bobbin_thread_set_title (self->thread, title, BOBBIN_TITLE_DERIVED);
}

static char *
dup_snippet (BobbinMessage *message)
{
  const char *file = NULL;

  for (guint i = bobbin_message_get_n_blocks (message); i > 0; i--)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i - 1);
      BobbinAttachment *attachment = bobbin_block_get_attachment (block);
      char *words = NULL;

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_TEXT)
        words = bobbin_snippet_new (bobbin_block_get_text (block));
      if (words != NULL)
        return words;
      if (attachment != NULL)
        file = bobbin_attachment_get_name (attachment);
    }

  return bobbin_snippet_new (file);
}

static gboolean
is_speaking (BobbinMessage *message)
{
  BobbinRole role = bobbin_message_get_role (message);

  if (role != BOBBIN_ROLE_USER && role != BOBBIN_ROLE_ASSISTANT)
    return FALSE;

  for (guint i = bobbin_message_get_n_blocks (message); i > 0; i--)
    if (bobbin_block_get_length (bobbin_message_get_block (message, i - 1)) > 0)
      return TRUE;

  return FALSE;
}

/* The row in the list of threads shows the words of @message, else the name of its file; unless a later one speaks. */
void
_bobbin_session_take_snippet (BobbinSession *self,
                              BobbinMessage *message)
{
  g_autofree char *snippet = dup_snippet (message);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i > 0; i--)
    {
      g_autoptr(BobbinMessage) later = g_list_model_get_item (G_LIST_MODEL (self->messages), i - 1);

      if (later == message || bobbin_message_get_id (later) < bobbin_message_get_id (message))
        break;
      if (is_speaking (later))
        return;
    }
  if (snippet != NULL)
    bobbin_thread_set_snippet (self->thread, snippet);
}

/* Notices */

static BobbinMessage *
first_waiting (BobbinSession *self)
{
  if (self->run != NULL && self->run->prompt != NULL)
    return self->run->prompt;

  return g_queue_peek_head (&self->queue);
}

/* A notice stands before the message that waits for the new thread, else at the end. */
void
_bobbin_session_add_notice (BobbinSession *self,
                            const char    *name,
                            const char    *data)
{
  BobbinMessage *before = first_waiting (self);
  g_autoptr(BobbinMessage) notice = NULL;
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_NOTICE);
  guint position = g_list_model_get_n_items (G_LIST_MODEL (self->messages));
  gint64 id = 0;
  guint found;

  if (before != NULL && _bobbin_session_find_message (self, before, &found))
    {
      g_autoptr(BobbinMessage) previous =
        found > 0 ? g_list_model_get_item (G_LIST_MODEL (self->messages), found - 1) : NULL;

      if (previous == NULL || bobbin_message_get_id (previous) < bobbin_message_get_id (before) - 1)
        {
          id = bobbin_message_get_id (before) - 1;
          position = found;
        }
    }

  notice = bobbin_message_new (id, BOBBIN_ROLE_NOTICE, bobbin_clock_now_us (self->clock));
  bobbin_message_set_delivery (notice, BOBBIN_DELIVERY_COMPLETE);
  bobbin_block_set_name (block, name);
  bobbin_block_set_data (block, data);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (notice, block);
  _bobbin_session_save_message (self, notice, NULL);
  g_list_store_insert (self->messages, position, notice);
}

static BobbinBlock *
notice_block (BobbinMessage *message,
              const char    *name)
{
  BobbinBlock *block;

  if (bobbin_message_get_role (message) != BOBBIN_ROLE_NOTICE)
    return NULL;

  block = bobbin_message_get_block (message, 0);
  return block != NULL && g_strcmp0 (bobbin_block_get_name (block), name) == 0 ? block : NULL;
}

/* The server's thread */

static gboolean
has_history (BobbinSession *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->messages));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);

      if (bobbin_message_get_role (message) == BOBBIN_ROLE_ASSISTANT)
        return TRUE;
    }

  return FALSE;
}

static void
new_thread_notice (BobbinSession *self,
                   const char    *reason)
{
  g_autofree char *data = g_strdup_printf ("{\"reason\":\"%s\"}", reason);

  bobbin_thread_keep_title (self->thread);
  _bobbin_session_add_notice (self, BOBBIN_NOTICE_NEW_THREAD, data);
  self->context_armed = FALSE;
  _bobbin_session_set_can_send_context (self, has_history (self));
}

/* The new thread is there; only now the old id is given up. @thread_id: NULL where the server names none yet. */
void
_bobbin_session_commit_new_thread (BobbinSession *self,
                                   const char    *thread_id)
{
  self->abandoned = FALSE;
  bobbin_thread_set_server_id (self->thread, thread_id);
  _bobbin_session_save_thread (self);
  new_thread_notice (self, self->new_reason);
}

/* @answers_ask: it is the answer to the id we asked for, so another one means that the server has lost what was said. In mid
 * conversation it only names things anew. */
void
_bobbin_session_take_thread_id (BobbinSession *self,
                                const char    *thread_id,
                                gboolean       answers_ask)
{
  const char *known = bobbin_thread_get_server_id (self->thread);
  gint64 expires_us = bobbin_thread_get_expires_us (self->thread);
  gboolean lost;

  if (thread_id == NULL || *thread_id == '\0')
    return;
  if (self->abandoned)
    {
      _bobbin_session_commit_new_thread (self, thread_id);
      return;
    }
  if (g_strcmp0 (known, thread_id) == 0)
    return;

  /* Over HTTP each turn asks anew; a WebSocket asks once, with its path. */
  lost = answers_ask && known != NULL && self->asked_id != NULL &&
         (self->run == NULL || g_strcmp0 (bobbin_channel_get_transport (self->channel), "ws") != 0);
  bobbin_thread_set_server_id (self->thread, thread_id);
  if (_bobbin_library_ensure_thread (self->library, self->thread, FALSE))
    _bobbin_session_save_thread (self);
  if (!lost)
    return;

  /* A card of the old thread can no longer be answered. */
  _bobbin_session_refuse_pending (self);
  new_thread_notice (self, expires_us != 0 && expires_us <= bobbin_clock_now_us (self->clock) ? "expired" : "changed");
}

void
bobbin_session_start_over (BobbinSession *self)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (self->closed || bobbin_thread_get_server_id (self->thread) == NULL)
    return;

  if (self->run != NULL && self->run->prompt != NULL && !self->run->written)
    _bobbin_session_requeue (self, NULL);
  else if (self->run != NULL)
    _bobbin_session_end_run (self, BOBBIN_DELIVERY_STOPPED, NULL);
  _bobbin_session_drop_pending (self);
  _bobbin_session_drop_link (self);
  self->live = self->abandoned = FALSE;
  self->tries = self->rate_waits = self->busy_refusals = 0;
  _bobbin_session_set_failure (self, NULL);
  if (self->state != BOBBIN_SESSION_IDLE)
    _bobbin_session_set_state (self, BOBBIN_SESSION_IDLE);
  self->new_reason = "asked";
  _bobbin_session_commit_new_thread (self, NULL);
  _bobbin_session_pump (self);
}

void
bobbin_session_set_agent (BobbinSession *self,
                          const char    *agent_id,
                          const char    *agent_name)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (self->closed || g_strcmp0 (agent_id, bobbin_thread_get_agent_id (self->thread)) == 0)
    return;

  bobbin_thread_set_agent_id (self->thread, agent_id);
  bobbin_thread_set_agent_name (self->thread, agent_name);
  if (_bobbin_library_ensure_thread (self->library, self->thread, FALSE))
    {
      g_autoptr(GString) data = g_string_new ("{\"agent\":");

      bobbin_json_append_string (data, agent_name != NULL ? agent_name : agent_id != NULL ? agent_id : "");
      g_string_append_c (data, '}');
      _bobbin_session_save_thread (self);
      _bobbin_session_add_notice (self, BOBBIN_NOTICE_AGENT_CHANGED, data->str);
    }
  /* What runs ends with the agent it began with; the next link asks for the new one. */
  _bobbin_session_account_changed (self);
}

/* The transcript */

static void
append_quoted (GString       *out,
               BobbinMessage *message)
{
  g_autofree char *text = bobbin_message_dup_text (message);
  const char *agent = bobbin_message_get_agent_name (message);

  if (*text == '\0')
    return;

  if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
    g_string_append (out, "**User:**\n\n");
  else
    g_string_append_printf (out, "**%s:**\n\n", agent != NULL ? agent : "Assistant");
  g_string_append (out, text);
  g_string_append (out, "\n\n");
}

/* What the server forgot: everything before the last break, newest as far as it fits. NULL: nothing. */
char *
_bobbin_session_dup_context (BobbinSession *self,
                             BobbinMessage *before)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) text = g_string_new ("Earlier in this conversation:\n\n");
  gboolean after_break = TRUE;
  gsize length = 0;
  guint position;

  if (!_bobbin_session_find_message (self, before, &position))
    return NULL;

  while (position-- > 0)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), position);
      g_autoptr(GString) part = g_string_new (NULL);

      if (notice_block (message, BOBBIN_NOTICE_NEW_THREAD) != NULL)
        after_break = FALSE;
      if (after_break || bobbin_message_get_role (message) > BOBBIN_ROLE_ASSISTANT)
        continue;
      append_quoted (part, message);
      if (length + part->len > BOBBIN_SESSION_CONTEXT_BYTES)
        break;
      length += part->len;
      g_ptr_array_add (parts, g_string_free (g_steal_pointer (&part), FALSE));
    }
  if (length == 0)
    return NULL;

  for (guint i = parts->len; i-- > 0;)
    g_string_append (text, parts->pdata[i]);
  g_string_append (text, "---\n\n");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
_bobbin_session_arm_context (BobbinSession *self,
                             gboolean       armed)
{
  self->context_armed = armed;
  _bobbin_session_set_can_send_context (self, FALSE);
}

void
_bobbin_session_context_sent (BobbinSession *self)
{
  self->context_armed = FALSE;
  _bobbin_session_set_can_send_context (self, FALSE);
  _bobbin_session_add_notice (self, BOBBIN_NOTICE_CONTEXT_SENT, "{}");
}

/* The offer stands on the break itself, so that it is still there after a restart. */
static void
keep_offer (BobbinSession *self,
            const char    *offer)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i-- > 0;)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);
      BobbinBlock *block = notice_block (message, BOBBIN_NOTICE_NEW_THREAD);

      if (block == NULL)
        continue;
      bobbin_block_set_result (block, offer);
      _bobbin_session_save_block (self, message, block, NULL);
      return;
    }
}

void
bobbin_session_send_context (BobbinSession *self,
                             gboolean       send)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (self->closed || !self->can_send_context)
    return;

  _bobbin_session_arm_context (self, send);
  keep_offer (self, send ? "armed" : "declined");
}

/* After loading: the last break and whether the offer made there still stands. */
void
_bobbin_session_restore_context (BobbinSession *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->messages)); i-- > 0;)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (self->messages), i);
      BobbinBlock *block = notice_block (message, BOBBIN_NOTICE_NEW_THREAD);

      if (notice_block (message, BOBBIN_NOTICE_CONTEXT_SENT) != NULL)
        return;
      if (block == NULL)
        continue;
      self->context_armed = g_strcmp0 (bobbin_block_get_result (block), "armed") == 0;
      _bobbin_session_set_can_send_context (self, bobbin_block_get_result (block) == NULL && has_history (self));
      return;
    }
}
