/* What another process writes into the profile, the command line say, is seen while the window runs: the write-ahead log of the
 * database changes, and the newest threads are read again. Without inotify nothing is watched: polling would cost more than it
 * brings. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"

#define NEWEST 20
#define DELAY_MS 1000

/* A thread that a session of ours works on, or that we could not write yet, is as we have it. */
static gboolean
is_ours (BobbinLibrary *self,
         BobbinThread  *thread)
{
  gint64 id = bobbin_thread_get_id (thread);

  return g_hash_table_contains (self->sessions, &id) || g_hash_table_contains (self->dirty, thread);
}

static void
update (BobbinThread *known,
        BobbinThread *read)
{
  bobbin_thread_set_title (known, bobbin_thread_get_title (read), bobbin_thread_get_title_origin (read));
  bobbin_thread_set_server_id (known, bobbin_thread_get_server_id (read));
  bobbin_thread_set_agent_name (known, bobbin_thread_get_agent_name (read));
  bobbin_thread_set_snippet (known, bobbin_thread_get_snippet (read));
  bobbin_thread_set_unread (known, bobbin_thread_get_unread (read));
  bobbin_thread_set_draft (known, bobbin_thread_get_draft (read));
  bobbin_thread_set_stored_activity (known, bobbin_thread_get_stored_activity (read));
  bobbin_thread_set_last_used_us (known, bobbin_thread_get_last_used_us (read));
}

static void
newest_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_threads_finish (BOBBIN_STORE (source), result, &error);

  if (self->closed || page == NULL)
    return;

  for (guint i = 0; i < page->len; i++)
    {
      BobbinThread *read = page->pdata[i];
      BobbinThread *thread = _bobbin_library_intern_thread (self, read);
      gboolean is_new = thread == read;

      /* Of an account that another process added, nothing can be said before the next start. */
      if (bobbin_library_find_account (self, bobbin_thread_get_account_id (thread)) == NULL || is_ours (self, thread))
        continue;
      if (!is_new)
        update (thread, read);
      _bobbin_library_place_thread (self, thread);
      if (is_new)
        _bobbin_library_emit_thread_added (self, thread);
    }
  _bobbin_library_update_expiry (self);
}

static gboolean
delay_cb (gpointer user_data)
{
  BobbinLibrary *self = user_data;
  BobbinThreadQuery query = { .folder = BOBBIN_FOLDER_ACTIVE, .limit = NEWEST };

  self->watch_timer = 0;
  bobbin_store_list_threads_async (self->store, &query, self->cancellable, newest_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
changed_cb (GFileMonitor      *monitor,
            GFile             *file,
            GFile             *other,
            GFileMonitorEvent  event,
            BobbinLibrary     *self)
{
  if (self->watch_timer == 0)
    self->watch_timer = bobbin_clock_add (self->clock, DELAY_MS, delay_cb, self);
}

void
_bobbin_library_watch (BobbinLibrary *self)
{
  g_autofree char *dir = g_path_get_dirname (bobbin_store_get_attachments_dir (self->store));
  g_autofree char *database = g_build_filename (dir, "bobbin.db", NULL);
  g_autoptr(GFile) file = g_file_new_build_filename (dir, "bobbin.db-wal", NULL);
  g_autoptr(GFileMonitor) monitor = NULL;

  /* One in memory is nobody else's, and the folder is not its own. */
  if (!g_file_test (database, G_FILE_TEST_IS_REGULAR))
    return;

  monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (monitor == NULL || g_str_equal (G_OBJECT_TYPE_NAME (monitor), "GPollFileMonitor"))
    return;

  self->monitor = g_steal_pointer (&monitor);
  g_file_monitor_set_rate_limit (self->monitor, DELAY_MS);
  g_signal_connect (self->monitor, "changed", G_CALLBACK (changed_cb), self);
}

void
_bobbin_library_unwatch (BobbinLibrary *self)
{
  bobbin_clock_clear (self->clock, &self->watch_timer);
  if (self->monitor == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
}
