/* What is done with threads: saving, naming, pinning, putting away, finding. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-session-private.h"

#include "util/bobbin-id.h"

/* Saving */

static gboolean
dirty_cb (gpointer user_data)
{
  BobbinLibrary *self = user_data;

  self->dirty_timer = 0;
  _bobbin_library_save_dirty (self);

  return G_SOURCE_REMOVE;
}

typedef struct
{
  BobbinLibrary *library; /* owned */
  BobbinThread  *thread;  /* owned */
} SaveThread;

static void
thread_saved_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autofree SaveThread *save = user_data;
  g_autoptr(BobbinLibrary) self = save->library;
  g_autoptr(BobbinThread) thread = save->thread;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinFailure) failure = NULL;

  if (bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      _bobbin_library_store_worked (self);
      return;
    }
  if (self->closed)
    return;

  g_hash_table_add (self->dirty, g_object_ref (thread));
  if (self->dirty_timer == 0)
    self->dirty_timer = bobbin_clock_add (self->clock, BOBBIN_SESSION_STORE_WAIT_MS, dirty_cb, self);
  failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);
  failure->code = BOBBIN_ERROR_STORE;
  _bobbin_library_store_failed (self, failure);
}

void
bobbin_library_save_thread (BobbinLibrary *self,
                            BobbinThread  *thread)
{
  g_autoptr(BobbinThread) keep = NULL;
  SaveThread *save;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_THREAD (thread));

  if (self->closed)
    return;

  keep = g_object_ref (thread);
  g_hash_table_remove (self->dirty, thread);
  if (_bobbin_library_ensure_thread (self, thread, FALSE))
    _bobbin_library_place_thread (self, thread);
  else if (_bobbin_library_ensure_thread (self, thread, TRUE))
    return;

  save = g_new0 (SaveThread, 1);
  save->library = g_object_ref (self);
  save->thread = g_object_ref (thread);
  bobbin_store_save_thread_async (self->store, thread, NULL, thread_saved_cb, save);
}

gboolean
_bobbin_library_ensure_thread (BobbinLibrary *self,
                               BobbinThread  *thread,
                               gboolean       create)
{
  g_autoptr(BobbinThread) keep = g_object_ref (thread);

  if (!g_hash_table_contains (self->fresh, thread))
    return TRUE;
  if (!create || self->closed)
    return FALSE;

  g_hash_table_remove (self->fresh, thread);
  bobbin_library_save_thread (self, _bobbin_library_intern_thread (self, thread));
  _bobbin_library_emit_thread_added (self, thread);

  return TRUE;
}

void
_bobbin_library_save_dirty (BobbinLibrary *self)
{
  g_autofree gpointer *threads = NULL;
  guint n_threads;

  bobbin_clock_clear (self->clock, &self->dirty_timer);
  threads = g_hash_table_get_keys_as_array (self->dirty, &n_threads);
  for (guint i = 0; i < n_threads; i++)
    bobbin_library_save_thread (self, threads[i]);
}

/* What a person does with threads */

BobbinThread *
bobbin_library_new_thread (BobbinLibrary *self,
                           BobbinAccount *account,
                           const char    *agent_id,
                           const char    *agent_name)
{
  BobbinThread *thread;
  gint64 now_us;

  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (account), NULL);

  now_us = bobbin_clock_now_us (self->clock);
  thread = bobbin_thread_new (0, bobbin_account_get_id (account));
  bobbin_thread_set_agent_id (thread, agent_id != NULL ? agent_id : bobbin_account_get_agent_id (account));
  bobbin_thread_set_agent_name (thread, agent_name);
  bobbin_thread_set_created_us (thread, now_us);
  bobbin_thread_set_last_used_us (thread, now_us);
  g_hash_table_add (self->fresh, g_object_ref (thread));

  return thread;
}

void
bobbin_library_rename_thread (BobbinLibrary *self,
                              BobbinThread  *thread,
                              const char    *title)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_THREAD (thread));

  if (bobbin_thread_set_title (thread, title, BOBBIN_TITLE_USER))
    {
      bobbin_library_save_thread (self, thread);
      _bobbin_library_thread_renamed (self, thread, title);
    }
}

void
bobbin_library_pin_thread (BobbinLibrary *self,
                           BobbinThread  *thread,
                           gboolean       pinned)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_THREAD (thread));

  bobbin_thread_set_pinned (thread, pinned);
  bobbin_library_save_thread (self, thread);
  _bobbin_library_regroup_views (self);
}

void
bobbin_library_archive_thread (BobbinLibrary *self,
                               BobbinThread  *thread,
                               gboolean       archived)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_THREAD (thread));

  bobbin_thread_set_archived (thread, archived);
  bobbin_library_save_thread (self, thread);
}

void
bobbin_library_bin_thread (BobbinLibrary *self,
                           BobbinThread  *thread,
                           gboolean       binned)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_THREAD (thread));

  if (binned)
    _bobbin_library_close_session (self, bobbin_thread_get_id (thread));
  /* One that was never written needs no bin. */
  if (binned && !_bobbin_library_ensure_thread (self, thread, FALSE))
    return;

  bobbin_thread_set_deleted_us (thread, binned ? bobbin_clock_now_us (self->clock) : 0);
  bobbin_library_save_thread (self, thread);
  _bobbin_library_thread_binned (self, thread, binned);
}

/* Finding */

typedef struct
{
  char          *id;
  BobbinAccount *account; /* owned; NULL: only look */
} FindThread;

static void
find_thread_free (FindThread *find)
{
  g_free (find->id);
  g_clear_object (&find->account);
  g_free (find);
}

/* Of an account that another process added, nothing can be said before the next start. */
static gboolean
is_known (BobbinLibrary *self,
          BobbinThread  *thread)
{
  return thread != NULL && bobbin_library_find_account (self, bobbin_thread_get_account_id (thread)) != NULL;
}

static BobbinThread *
attach (BobbinLibrary *self,
        FindThread    *find)
{
  g_autoptr(BobbinThread) thread = bobbin_library_new_thread (self, find->account, NULL, NULL);

  bobbin_thread_set_server_id (thread, find->id);
  _bobbin_library_ensure_thread (self, thread, TRUE);

  return g_steal_pointer (&thread);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  FindThread *find = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_store_load_thread_finish (BOBBIN_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (is_known (self, thread))
    g_task_return_pointer (task, g_object_ref (_bobbin_library_intern_thread (self, thread)), g_object_unref);
  else if (thread == NULL && find->account != NULL && !self->closed)
    g_task_return_pointer (task, attach (self, find), g_object_unref);
  else
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "There is no conversation “%s”", find->id);
}

static void
found_by_id_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  FindThread *find = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_store_load_thread_finish (BOBBIN_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (is_known (self, thread))
    g_task_return_pointer (task, g_object_ref (_bobbin_library_intern_thread (self, thread)), g_object_unref);
  else
    bobbin_store_find_thread_async (self->store, 0, find->id, g_task_get_cancellable (task), found_cb,
                                    g_object_ref (task));
}

void
bobbin_library_find_thread_async (BobbinLibrary       *self,
                                  const char          *id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  FindThread *find;
  gint64 thread_id;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (id != NULL);

  find = g_new0 (FindThread, 1);
  find->id = g_strdup (id);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_find_thread_async);
  g_task_set_task_data (task, find, (GDestroyNotify) find_thread_free);
  if (bobbin_id_parse (id, &thread_id))
    bobbin_store_load_thread_async (self->store, thread_id, cancellable, found_by_id_cb, g_steal_pointer (&task));
  else
    bobbin_store_find_thread_async (self->store, 0, id, cancellable, found_cb, g_steal_pointer (&task));
}

void
bobbin_library_attach_thread_async (BobbinLibrary       *self,
                                    BobbinAccount       *account,
                                    const char          *server_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  FindThread *find;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_ACCOUNT (account));
  g_return_if_fail (server_id != NULL && *server_id != '\0');

  find = g_new0 (FindThread, 1);
  find->id = g_strdup (server_id);
  find->account = g_object_ref (account);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_attach_thread_async);
  g_task_set_task_data (task, find, (GDestroyNotify) find_thread_free);
  bobbin_store_find_thread_async (self->store, bobbin_account_get_id (account), server_id, cancellable, found_cb,
                                  g_steal_pointer (&task));
}

BobbinThread *
bobbin_library_find_thread_finish (BobbinLibrary *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
