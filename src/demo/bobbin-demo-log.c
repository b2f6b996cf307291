#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server-private.h"

#include "util/bobbin-json.h"

/* Chats remembered for bobbin_demo_server_dup_chats(). */
#define MAX_CHATS 10000

static void
file_free (BobbinDemoFile *file)
{
  g_free (file->name);
  g_free (file->content_type);
  g_free (file->sha256);
  g_free (file);
}

void
_bobbin_demo_chat_free (BobbinDemoChat *chat)
{
  g_free (chat->thread_id);
  g_free (chat->text);
  g_free (chat->transport);
  g_free (chat->outcome);
  g_ptr_array_unref (chat->files);
  g_free (chat);
}

/* --- what was received, any thread --- */

void
_bobbin_demo_server_count (BobbinDemoServer *self,
                           BobbinDemoCount   what)
{
  guint *counters[] = {
    [BOBBIN_DEMO_COUNT_HANDSHAKE] = &self->counters.handshakes,
    [BOBBIN_DEMO_COUNT_REQUEST] = &self->counters.requests,
    [BOBBIN_DEMO_COUNT_UNAUTHORIZED] = &self->counters.unauthorized,
    [BOBBIN_DEMO_COUNT_RESUME] = &self->counters.resumes,
    [BOBBIN_DEMO_COUNT_CANCEL] = &self->counters.cancels,
    [BOBBIN_DEMO_COUNT_PING] = &self->counters.pings,
    [BOBBIN_DEMO_COUNT_BAD] = &self->counters.bad_messages,
  };

  g_mutex_lock (&self->lock);
  (*counters[what])++;
  g_mutex_unlock (&self->lock);
}

void
bobbin_demo_server_get_counters (BobbinDemoServer   *self,
                                 BobbinDemoCounters *ret_counters)
{
  g_mutex_lock (&self->lock);
  *ret_counters = self->counters;
  g_mutex_unlock (&self->lock);
}

static BobbinDemoChat *
chat_new (const BobbinDemoThread     *thread,
          BobbinDemoLinkKind          kind,
          const BobbinNebelusMessage *message,
          const char                 *outcome)
{
  BobbinDemoChat *chat = g_new0 (BobbinDemoChat, 1);

  chat->thread_id = g_strdup (thread->id);
  chat->text = g_strdup (message->text);
  chat->transport = g_strdup (kind == BOBBIN_DEMO_LINK_WS ? "ws" : "sse");
  chat->outcome = g_strdup (outcome);
  chat->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  for (guint i = 0; i < message->files->len; i++)
    {
      const BobbinNebelusFile *from = g_ptr_array_index (message->files, i);
      BobbinDemoFile *file = g_new0 (BobbinDemoFile, 1);

      file->name = g_strdup (from->name);
      file->content_type = g_strdup (from->content_type);
      file->size = from->bytes != NULL ? (gint64) g_bytes_get_size (from->bytes) : -1;
      file->sha256 = g_strdup (from->sha256);
      g_ptr_array_add (chat->files, file);
    }

  return chat;
}

static BobbinDemoChat *
chat_copy (const BobbinDemoChat *chat)
{
  BobbinDemoChat *copy = g_new0 (BobbinDemoChat, 1);

  copy->thread_id = g_strdup (chat->thread_id);
  copy->text = g_strdup (chat->text);
  copy->transport = g_strdup (chat->transport);
  copy->outcome = g_strdup (chat->outcome);
  copy->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  for (guint i = 0; i < chat->files->len; i++)
    {
      const BobbinDemoFile *from = g_ptr_array_index (chat->files, i);
      BobbinDemoFile *file = g_memdup2 (from, sizeof *from);

      file->name = g_strdup (from->name);
      file->content_type = g_strdup (from->content_type);
      file->sha256 = g_strdup (from->sha256);
      g_ptr_array_add (copy->files, file);
    }

  return copy;
}

void
_bobbin_demo_server_log_chat (BobbinDemoServer           *self,
                              const BobbinDemoThread     *thread,
                              BobbinDemoLinkKind          kind,
                              const BobbinNebelusMessage *message,
                              const char                 *outcome)
{
  BobbinDemoChat *chat = chat_new (thread, kind, message, outcome);

  if (self->chat_func != NULL)
    self->chat_func (chat, self->chat_data);
  g_mutex_lock (&self->lock);
  self->counters.chats++;
  g_ptr_array_add (self->chats, chat);
  if (self->chats->len > MAX_CHATS)
    g_ptr_array_remove_index (self->chats, 0);
  g_mutex_unlock (&self->lock);
}

GPtrArray *
bobbin_demo_server_dup_chats (BobbinDemoServer *self)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func ((GDestroyNotify) _bobbin_demo_chat_free);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->chats->len; i++)
    g_ptr_array_add (copies, chat_copy (g_ptr_array_index (self->chats, i)));
  g_mutex_unlock (&self->lock);

  return copies;
}

void
bobbin_demo_server_set_chat_func (BobbinDemoServer   *self,
                                  BobbinDemoChatFunc  func,
                                  gpointer            user_data)
{
  self->chat_func = func;
  self->chat_data = user_data;
}

static void
append_member (GString    *out,
               const char *name,
               const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (out, "%s\"%s\":", out->str[out->len - 1] == '{' ? "" : ",", name);
  bobbin_json_append_string (out, value);
}

char *
bobbin_demo_chat_to_json (const BobbinDemoChat *chat)
{
  GString *out = g_string_new ("{");

  append_member (out, "thread_id", chat->thread_id);
  append_member (out, "text", chat->text);
  append_member (out, "transport", chat->transport);
  append_member (out, "outcome", chat->outcome);
  g_string_append (out, ",\"attachments\":[");
  for (guint i = 0; i < chat->files->len; i++)
    {
      const BobbinDemoFile *file = g_ptr_array_index (chat->files, i);

      g_string_append (out, i > 0 ? ",{" : "{");
      append_member (out, "name", file->name);
      append_member (out, "content_type", file->content_type);
      append_member (out, "sha256", file->sha256);
      g_string_append_printf (out, ",\"size\":%" G_GINT64_FORMAT "}", file->size);
    }
  g_string_append (out, "]}");

  return g_string_free (out, FALSE);
}
