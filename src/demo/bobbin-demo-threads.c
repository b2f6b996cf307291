#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server-private.h"

#include <string.h>

BobbinDemoThread *
bobbin_demo_thread_new (const char *id)
{
  BobbinDemoThread *self = g_new0 (BobbinDemoThread, 1);

  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->history = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
bobbin_demo_thread_free (BobbinDemoThread *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->expired);
  g_ptr_array_unref (self->history);
  g_free (self);
}

/* --- threads of conversation, the server's thread --- */

BobbinDemoThread *
_bobbin_demo_server_new_thread (BobbinDemoServer *self,
                                const char       *id)
{
  BobbinDemoThread *thread = bobbin_demo_thread_new (id);

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

/* Returns: (nullable): the thread of an earlier run, known from here on. */
static BobbinDemoThread *
recall (BobbinDemoServer *self,
        const char       *id)
{
  BobbinDemoThread *thread;

  g_mutex_lock (&self->lock);
  thread = g_hash_table_lookup (self->remembered, id);
  if (thread != NULL)
    g_hash_table_steal (self->remembered, id);
  g_mutex_unlock (&self->lock);
  if (thread != NULL)
    g_hash_table_replace (self->threads, thread->id, thread);

  return thread;
}

BobbinDemoThread *
_bobbin_demo_server_resolve_thread (BobbinDemoServer  *self,
                                    const char        *id,
                                    const char       **ret_how)
{
  BobbinDemoThread *thread;
  const char *how = NULL;
  g_autofree char *unknown = NULL;

  expire_all (self);
  thread = _bobbin_demo_server_find_thread (self, id);
  if (thread == NULL)
    thread = recall (self, id);
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
