#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server.h"

#include "demo/bobbin-demo-server-private.h"
#include "demo/bobbin-demo-talk.h"

/* The same in every program, so that an account made at one start works at the next. */
#define AGENT_ID "de300000-0b0b-4b1d-8a9e-000000000001"

G_DEFINE_FINAL_TYPE (BobbinDemoServer, bobbin_demo_server, G_TYPE_OBJECT)

static void
bobbin_demo_server_finalize (GObject *object)
{
  BobbinDemoServer *self = BOBBIN_DEMO_SERVER (object);

  bobbin_demo_server_stop (self);
  _bobbin_demo_server_reset_settings (self);
  g_free (self->unknown_threads);
  g_free (self->auth);
  g_free (self->base_url);
  g_free (self->key);
  g_free (self->expire_all);
  g_clear_error (&self->start_error);
  g_hash_table_unref (self->threads);
  g_hash_table_unref (self->remembered);
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
  _bobbin_demo_server_reset_settings (self);
  self->word_ms = BOBBIN_DEMO_SPEED_HUMAN;
  self->threads = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) bobbin_demo_thread_free);
  self->remembered = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) bobbin_demo_thread_free);
  self->talks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_demo_talk_free);
  self->chats = g_ptr_array_new_with_free_func ((GDestroyNotify) _bobbin_demo_chat_free);
}

BobbinDemoServer *
bobbin_demo_server_new (void)
{
  return g_object_new (BOBBIN_TYPE_DEMO_SERVER, NULL);
}

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
listen_locally (BobbinDemoServer  *self,
                GError           **error)
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
bobbin_demo_server_start (BobbinDemoServer  *self,
                          guint16            port,
                          const char        *key,
                          GError           **error)
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
  g_mutex_lock (&self->lock);
  self->counters.connections = 0;
  g_mutex_unlock (&self->lock);
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
