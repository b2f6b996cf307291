#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server.h"

#include "demo/bobbin-demo-server-private.h"
#include "demo/bobbin-demo-talk.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <string.h>

/* The same in every program, so that an account made at one start works at the next. */
#define AGENT_ID "de300000-0b0b-4b1d-8a9e-000000000001"
/* Chats remembered for bobbin_demo_server_dup_chats(). */
#define MAX_CHATS 10000

struct _BobbinDemoServer
{
  GObject             parent_instance;

  /* any thread, set between start and stop only */
  GThread            *thread;
  GMainContext       *context;
  GMainLoop          *loop;
  guint16             port;
  char               *base_url;
  char               *key;
  GError             *start_error;
  BobbinDemoChatFunc  chat_func;
  gpointer            chat_data;

  /* any thread, under the lock */
  GMutex              lock;
  GCond               started;
  gboolean            is_started;
  GQueue              faults;          /* of BobbinDemoFault */
  char               *unknown_threads;
  char               *auth;
  gboolean            pong;
  gboolean            reply_json;
  guint               word_ms;
  guint               number;
  char               *expire_all;      /* (nullable): to be done by the server's thread */
  BobbinDemoCounters  counters;
  GPtrArray          *chats;           /* of BobbinDemoChat */

  /* the server's thread */
  SoupServer         *soup;
  GHashTable         *threads;         /* id → BobbinDemoThread */
  GPtrArray          *talks;           /* of BobbinDemoTalk, those that live */
};

G_DEFINE_FINAL_TYPE (BobbinDemoServer, bobbin_demo_server, G_TYPE_OBJECT)

static void
chat_free (BobbinDemoChat *chat)
{
  g_free (chat->thread_id);
  g_free (chat->text);
  g_free (chat->transport);
  g_free (chat->outcome);
  g_ptr_array_unref (chat->files);
  g_free (chat);
}

static void
file_free (BobbinDemoFile *file)
{
  g_free (file->name);
  g_free (file->content_type);
  g_free (file->sha256);
  g_free (file);
}

static void
reset_settings (BobbinDemoServer *self)
{
  g_queue_clear_full (&self->faults, (GDestroyNotify) bobbin_demo_fault_free);
  g_free (self->unknown_threads);
  self->unknown_threads = g_strdup ("accept");
  g_free (self->auth);
  self->auth = g_strdup ("both");
  self->pong = TRUE;
  self->reply_json = FALSE;
}

static void
bobbin_demo_server_finalize (GObject *object)
{
  BobbinDemoServer *self = BOBBIN_DEMO_SERVER (object);

  bobbin_demo_server_stop (self);
  reset_settings (self);
  g_free (self->unknown_threads);
  g_free (self->auth);
  g_free (self->base_url);
  g_free (self->key);
  g_free (self->expire_all);
  g_clear_error (&self->start_error);
  g_hash_table_unref (self->threads);
  g_ptr_array_unref (self->talks);
  g_ptr_array_unref (self->chats);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->started);

  G_OBJECT_CLASS (bobbin_demo_server_parent_class)->finalize (object);
}

static void
bobbin_demo_server_class_init (BobbinDemoServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_demo_server_finalize;
}

static void
bobbin_demo_server_init (BobbinDemoServer *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->started);
  g_queue_init (&self->faults);
  reset_settings (self);
  self->word_ms = BOBBIN_DEMO_SPEED_HUMAN;
  self->threads = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) bobbin_demo_thread_free);
  self->talks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_demo_talk_free);
  self->chats = g_ptr_array_new_with_free_func ((GDestroyNotify) chat_free);
}

BobbinDemoServer *
bobbin_demo_server_new (void)
{
  return g_object_new (BOBBIN_TYPE_DEMO_SERVER, NULL);
}

/* --- the thread --- */

static void
request_cb (SoupServer        *soup,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  _bobbin_demo_server_handle (user_data, message);
}

static gboolean
listen_locally (BobbinDemoServer *self,
                GError          **error)
{
  g_autoslist(GUri) uris = NULL;

  /* raw: a thread id may hold a slash, encoded. */
  self->soup = soup_server_new ("server-header", "bobbin-demo", "raw-paths", TRUE, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  if (!soup_server_listen_local (self->soup, self->port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  uris = soup_server_get_uris (self->soup);
  self->port = (guint16) g_uri_get_port (uris->data);
  g_free (self->base_url);
  self->base_url = g_strdup_printf ("http://127.0.0.1:%u", self->port);

  return TRUE;
}

static gpointer
thread_func (gpointer data)
{
  BobbinDemoServer *self = data;
  gboolean listening;

  g_main_context_push_thread_default (self->context);
  listening = listen_locally (self, &self->start_error);
  g_mutex_lock (&self->lock);
  self->is_started = TRUE;
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->lock);

  if (listening)
    g_main_loop_run (self->loop);
  g_clear_object (&self->soup);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static char *
make_key (void)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strconcat ("sk-ns-org-demo-", uuid, NULL);
}

gboolean
bobbin_demo_server_start (BobbinDemoServer *self,
                          guint16           port,
                          const char       *key,
                          GError          **error)
{
  g_return_val_if_fail (BOBBIN_IS_DEMO_SERVER (self), FALSE);
  g_return_val_if_fail (self->thread == NULL, FALSE);

  self->port = port;
  g_free (self->key);
  self->key = key != NULL ? g_strdup (key) : make_key ();
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->is_started = FALSE;
  self->thread = g_thread_new ("bobbin-demo", thread_func, self);
  g_mutex_lock (&self->lock);
  while (!self->is_started)
    g_cond_wait (&self->started, &self->lock);
  g_mutex_unlock (&self->lock);
  if (self->start_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->start_error));
      bobbin_demo_server_stop (self);
      return FALSE;
    }

  return TRUE;
}

static void
add_idle (BobbinDemoServer *self,
          int               priority,
          GSourceFunc       func)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
}

static gboolean
quit_cb (gpointer user_data)
{
  BobbinDemoServer *self = user_data;

  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

static gboolean
stop_cb (gpointer user_data)
{
  BobbinDemoServer *self = user_data;

  g_ptr_array_set_size (self->talks, 0);
  soup_server_disconnect (self->soup);
  /* What was cancelled comes back once more, before this. */
  add_idle (self, G_PRIORITY_LOW, quit_cb);

  return G_SOURCE_REMOVE;
}

void
bobbin_demo_server_stop (BobbinDemoServer *self)
{
  g_return_if_fail (BOBBIN_IS_DEMO_SERVER (self));

  if (self->thread == NULL)
    return;
  add_idle (self, G_PRIORITY_HIGH, stop_cb);
  g_thread_join (g_steal_pointer (&self->thread));
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
}

guint16
bobbin_demo_server_get_port (BobbinDemoServer *self)
{
  return self->port;
}

const char *
bobbin_demo_server_get_base_url (BobbinDemoServer *self)
{
  return self->base_url;
}

const char *
bobbin_demo_server_get_key (BobbinDemoServer *self)
{
  return self->key;
}

const char *
bobbin_demo_server_get_agent_id (BobbinDemoServer *self)
{
  return AGENT_ID;
}

/* --- faults and settings, any thread --- */

void
bobbin_demo_server_set_speed (BobbinDemoServer *self,
                              guint             word_ms)
{
  g_mutex_lock (&self->lock);
  self->word_ms = word_ms;
  g_mutex_unlock (&self->lock);
}

guint
_bobbin_demo_server_get_speed (BobbinDemoServer *self)
{
  guint word_ms;

  g_mutex_lock (&self->lock);
  word_ms = self->word_ms;
  g_mutex_unlock (&self->lock);

  return word_ms;
}

gboolean
_bobbin_demo_server_get_pong (BobbinDemoServer *self)
{
  gboolean pong;

  g_mutex_lock (&self->lock);
  pong = self->pong;
  g_mutex_unlock (&self->lock);

  return pong;
}

gboolean
_bobbin_demo_server_get_json (BobbinDemoServer *self)
{
  gboolean reply_json;

  g_mutex_lock (&self->lock);
  reply_json = self->reply_json;
  g_mutex_unlock (&self->lock);

  return reply_json;
}

guint
_bobbin_demo_server_next_number (BobbinDemoServer *self)
{
  guint number;

  g_mutex_lock (&self->lock);
  number = ++self->number;
  g_mutex_unlock (&self->lock);

  return number;
}

static gboolean
set_word (char      **place,
          const char *value,
          gboolean    valid)
{
  if (!valid)
    return FALSE;
  g_free (*place);
  *place = g_strdup (value);

  return TRUE;
}

/* Returns: 1 for a setting, 0 for none, -1 for one with a value it cannot have. */
static int
apply_setting (BobbinDemoServer *self,
               JsonObject       *object)
{
  static const char *const auths[] = { "both", "bearer", "bare", NULL };
  const char *word;

  if (json_object_has_member (object, "expire"))
    {
      word = bobbin_json_get_string (object, "expire");
      return set_word (&self->expire_all, word, bobbin_demo_is_expiry (word)) ? 1 : -1;
    }
  if (json_object_has_member (object, "unknown_threads"))
    {
      word = bobbin_json_get_string (object, "unknown_threads");
      return set_word (&self->unknown_threads, word, bobbin_demo_is_expiry (word) || g_strcmp0 (word, "accept") == 0) ? 1 : -1;
    }
  if (json_object_has_member (object, "auth"))
    {
      word = bobbin_json_get_string (object, "auth");
      return set_word (&self->auth, word, word != NULL && g_strv_contains (auths, word)) ? 1 : -1;
    }
  if (json_object_has_member (object, "reply"))
    {
      word = bobbin_json_get_string (object, "reply");
      self->reply_json = g_strcmp0 (word, "json") == 0;
      return self->reply_json || g_strcmp0 (word, "stream") == 0 ? 1 : -1;
    }
  if (json_object_has_member (object, "pong"))
    {
      self->pong = bobbin_json_get_bool (object, "pong", TRUE);
      return 1;
    }
  if (json_object_has_member (object, "speed"))
    {
      self->word_ms = (guint) CLAMP (bobbin_json_get_int (object, "speed", BOBBIN_DEMO_SPEED_HUMAN), 0, 60000);
      return 1;
    }

  return 0;
}

gboolean
bobbin_demo_server_queue_fault (BobbinDemoServer *self,
                                const char       *fault,
                                GError          **error)
{
  g_autoptr(JsonObject) object = NULL;
  BobbinDemoFault *parsed;
  int applied;

  g_return_val_if_fail (BOBBIN_IS_DEMO_SERVER (self) && fault != NULL, FALSE);

  object = bobbin_json_parse_object (fault, -1, error);
  if (object == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  applied = apply_setting (self, object);
  g_mutex_unlock (&self->lock);
  if (applied > 0)
    return TRUE;
  if (applied < 0)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "A setting of the demo server cannot have this value");
      return FALSE;
    }
  parsed = bobbin_demo_fault_parse (object, error);
  if (parsed == NULL)
    return FALSE;
  _bobbin_demo_server_add_fault (self, parsed);

  return TRUE;
}

void
bobbin_demo_server_clear_faults (BobbinDemoServer *self)
{
  g_mutex_lock (&self->lock);
  reset_settings (self);
  g_mutex_unlock (&self->lock);
}

void
_bobbin_demo_server_add_fault (BobbinDemoServer *self,
                               BobbinDemoFault  *fault)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->faults, fault);
  g_mutex_unlock (&self->lock);
}

BobbinDemoFault *
_bobbin_demo_server_take_fault (BobbinDemoServer   *self,
                                BobbinDemoFaultType type,
                                BobbinDemoLinkKind  kind)
{
  BobbinDemoFault *taken = NULL;

  g_mutex_lock (&self->lock);
  for (GList *l = self->faults.head; l != NULL && taken == NULL; l = l->next)
    {
      BobbinDemoFault *fault = l->data;

      if (fault->type != type || (fault->on >= 0 && fault->on != (int) kind))
        continue;
      taken = bobbin_demo_fault_copy (fault);
      if (fault->times > 0 && --fault->times == 0)
        {
          bobbin_demo_fault_free (fault);
          g_queue_delete_link (&self->faults, l);
          break;
        }
    }
  g_mutex_unlock (&self->lock);

  return taken;
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
  GPtrArray *copies = g_ptr_array_new_with_free_func ((GDestroyNotify) chat_free);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->chats->len; i++)
    g_ptr_array_add (copies, chat_copy (g_ptr_array_index (self->chats, i)));
  g_mutex_unlock (&self->lock);

  return copies;
}

void
bobbin_demo_server_set_chat_func (BobbinDemoServer  *self,
                                  BobbinDemoChatFunc func,
                                  gpointer           user_data)
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

/* --- threads of conversation, the server's thread --- */

BobbinDemoThread *
_bobbin_demo_server_new_thread (BobbinDemoServer *self,
                                const char       *id)
{
  BobbinDemoThread *thread = g_new0 (BobbinDemoThread, 1);

  thread->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  thread->history = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_replace (self->threads, thread->id, thread);

  return thread;
}

/* Does what bobbin_demo_server_queue_fault() asked for in another thread. */
static void
expire_all (BobbinDemoServer *self)
{
  g_autofree char *how = NULL;
  GHashTableIter iter;
  gpointer value;

  g_mutex_lock (&self->lock);
  how = g_steal_pointer (&self->expire_all);
  g_mutex_unlock (&self->lock);
  if (how == NULL)
    return;
  g_hash_table_iter_init (&iter, self->threads);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BobbinDemoThread *thread = value;

      g_free (thread->expired);
      thread->expired = g_strdup (how);
    }
}

BobbinDemoThread *
_bobbin_demo_server_find_thread (BobbinDemoServer *self,
                                 const char       *id)
{
  return g_hash_table_lookup (self->threads, id);
}

BobbinDemoThread *
_bobbin_demo_server_resolve_thread (BobbinDemoServer *self,
                                    const char       *id,
                                    const char      **ret_how)
{
  BobbinDemoThread *thread;
  const char *how = NULL;
  g_autofree char *unknown = NULL;

  expire_all (self);
  thread = _bobbin_demo_server_find_thread (self, id);
  g_mutex_lock (&self->lock);
  unknown = g_strdup (self->unknown_threads);
  g_mutex_unlock (&self->lock);
  if (thread != NULL)
    how = thread->expired;
  else if (strcmp (unknown, "accept") != 0)
    how = g_intern_string (unknown);
  if (how == NULL)
    return thread != NULL ? thread : _bobbin_demo_server_new_thread (self, id);
  if (strcmp (how, "silent") == 0)
    return _bobbin_demo_server_new_thread (self, NULL);
  *ret_how = how;

  return NULL;
}

void
_bobbin_demo_server_rename_thread (BobbinDemoServer *self,
                                   BobbinDemoThread *thread)
{
  g_autofree char *old = g_strdup (thread->id);

  g_hash_table_steal (self->threads, old);
  g_free (thread->id);
  thread->id = g_uuid_string_random ();
  g_hash_table_replace (self->threads, thread->id, thread);
  /* The old one is gone for good. */
  _bobbin_demo_server_new_thread (self, old)->expired = g_strdup ("loud");
}

/* --- talks --- */

static gboolean
free_talk_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
_bobbin_demo_server_adopt (BobbinDemoServer *self,
                           gpointer          talk)
{
  g_ptr_array_add (self->talks, talk);
  g_mutex_lock (&self->lock);
  self->counters.connections = self->talks->len;
  g_mutex_unlock (&self->lock);
}

void
_bobbin_demo_server_talk_ended (BobbinDemoServer *self,
                                gpointer          talk)
{
  g_autoptr(GSource) source = NULL;
  guint position;

  if (!g_ptr_array_find (self->talks, talk, &position))
    return;
  g_ptr_array_steal_index_fast (self->talks, position);
  g_mutex_lock (&self->lock);
  self->counters.connections = self->talks->len;
  g_mutex_unlock (&self->lock);
  /* Not now: it is the talk's own code that tells. */
  source = g_idle_source_new ();
  g_source_set_callback (source, free_talk_cb, talk, (GDestroyNotify) bobbin_demo_talk_free);
  g_source_attach (source, self->context);
}

gboolean
_bobbin_demo_server_is_authorized (BobbinDemoServer *self,
                                   const char       *header)
{
  gboolean bearer, bare;

  if (header == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  bearer = strcmp (self->auth, "bare") != 0;
  bare = strcmp (self->auth, "bearer") != 0;
  g_mutex_unlock (&self->lock);
  if (g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    return bearer && strcmp (header + 7, self->key) == 0;

  return bare && strcmp (header, self->key) == 0;
}
