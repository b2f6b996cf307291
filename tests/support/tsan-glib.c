/* Tells the thread sanitizer what it cannot see. GLib is not built with it, so that whatever a thread gives to another through
 * GLib looks like a race. These functions stand in front of GLib's own and say "released" and "acquired" where GLib hands
 * something over, and nowhere else: a race of ours stays one. Linked into the tests of a build with -Db_sanitize=thread. */
#include <dlfcn.h>
#include <gio/gio.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

typedef struct
{
  GFunc    func;
  gpointer user_data;
} Pool;

static void
run (gpointer data,
     gpointer user_data)
{
  Pool *pool = user_data;

  __tsan_acquire (pool);
  __tsan_acquire (data);
  pool->func (data, pool->user_data);
  __tsan_release (pool);
}

/* The small @pool is kept for ever: a test makes few. */
GThreadPool *
g_thread_pool_new_full (GFunc            func,
                        gpointer         user_data,
                        GDestroyNotify   item_free_func,
                        int              max_threads,
                        gboolean         exclusive,
                        GError         **error)
{
  Pool *pool = g_new (Pool, 1);

  pool->func = func;
  pool->user_data = user_data;
  __tsan_release (pool);
  return REAL (g_thread_pool_new_full) (run, pool, item_free_func, max_threads, exclusive, error);
}

GThreadPool *
g_thread_pool_new (GFunc      func,
                   gpointer   user_data,
                   int        max_threads,
                   gboolean   exclusive,
                   GError   **error)
{
  return g_thread_pool_new_full (func, user_data, NULL, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool  *pool,
                    gpointer      data,
                    GError      **error)
{
  __tsan_release (data);
  return REAL (g_thread_pool_push) (pool, data, error);
}

/* The library's pool belongs to its threads by now: that it is looked at is not to be judged. */
__attribute__ ((no_sanitize_thread)) void
g_thread_pool_free (GThreadPool *pool,
                    gboolean     immediate,
                    gboolean     wait)
{
  Pool *ours = pool->user_data;

  REAL (g_thread_pool_free) (pool, immediate, wait);
  __tsan_acquire (ours);
}

typedef struct
{
  GSourceFunc    func;
  gpointer       data;
  GDestroyNotify notify;
} Callback;

static gboolean
dispatch (gpointer user_data)
{
  Callback *callback = user_data;

  __tsan_acquire (callback);
  __tsan_acquire (g_main_current_source ());
  return callback->func (callback->data);
}

static void
callback_free (gpointer user_data)
{
  Callback *callback = user_data;

  __tsan_acquire (callback);
  if (callback->notify != NULL)
    callback->notify (callback->data);
  g_free (callback);
}

/* Only of idle and timeout sources: the callbacks of others take other arguments. */
void
g_source_set_callback (GSource        *source,
                       GSourceFunc     func,
                       gpointer        data,
                       GDestroyNotify  notify)
{
  Callback *callback;

  if (source->source_funcs != &g_idle_funcs && source->source_funcs != &g_timeout_funcs)
    {
      REAL (g_source_set_callback) (source, func, data, notify);
      return;
    }

  callback = g_new (Callback, 1);
  *callback = (Callback) { func, data, notify };
  __tsan_release (callback);
  REAL (g_source_set_callback) (source, dispatch, callback, callback_free);
}

guint
g_source_attach (GSource      *source,
                 GMainContext *context)
{
  __tsan_release (source);
  return REAL (g_source_attach) (source, context);
}

void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock) (mutex);
  __tsan_acquire (mutex);
}

void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_mutex_unlock) (mutex);
}
