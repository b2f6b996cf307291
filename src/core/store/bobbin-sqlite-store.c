/* The one implementation of BobbinStore. Two threads: one owns the database and runs operations in the order submitted, one
 * copies files into the profile so that a large attachment delays no draft. What they finish is handed back to the main
 * context, where alone tasks and the store's last reference are let go. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-error.h"
#include "util/bobbin-folder.h"

#define BOBBIN_TYPE_SQLITE_STORE (bobbin_sqlite_store_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSqliteStore, bobbin_sqlite_store, BOBBIN, SQLITE_STORE, GObject)

struct _BobbinSqliteStore
{
  GObject        parent_instance;
  /* owned */
  char          *data_dir;        /* NULL in memory */
  char          *attachments_dir;
  BobbinStoreDb *db;              /* the database thread's; ours again when it has ended */
  GThreadPool   *pool;            /* NULL once closed */
  GThreadPool   *files;
};

typedef struct
{
  GTask         *task;
  BobbinStoreOp *op;
  gpointer       result;
  GError        *error;
} Job;

static void bobbin_sqlite_store_iface_init (BobbinStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinSqliteStore, bobbin_sqlite_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_STORE, bobbin_sqlite_store_iface_init))

static gboolean
complete_cb (gpointer data)
{
  Job *job = data;
  GDestroyNotify free_result = job->op->info->free_result;

  _bobbin_store_op_free (job->op);
  if (job->error != NULL)
    g_task_return_error (job->task, job->error);
  else
    g_task_return_pointer (job->task, job->result, free_result);
  g_object_unref (job->task);
  g_free (job);

  return G_SOURCE_REMOVE;
}

static void
complete (Job *job)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (job->task));
  g_source_set_callback (source, complete_cb, job, NULL);
  g_source_attach (source, g_task_get_context (job->task));
}

static void
work_cb (gpointer data,
         gpointer user_data)
{
  BobbinSqliteStore *self = user_data;
  Job *job = data;

  _bobbin_db_execute (self->db, job->op->info, job->op->args, g_task_get_cancellable (job->task), &job->result, &job->error);
  complete (job);
}

static void
files_cb (gpointer data,
          gpointer user_data)
{
  BobbinSqliteStore *self = user_data;
  Job *job = data;

  if (job->op->info->prepare (self->attachments_dir, job->op->args, g_task_get_cancellable (job->task), &job->error))
    g_thread_pool_push (self->pool, job, NULL);
  else
    complete (job);
}

static void
bobbin_sqlite_store_submit (BobbinStore   *store,
                            GTask         *task,
                            BobbinStoreOp *op)
{
  BobbinSqliteStore *self = BOBBIN_SQLITE_STORE (store);
  Job *job;

  if (self->pool == NULL)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The database of conversations is closed");
      _bobbin_store_op_free (op);
      g_object_unref (task);
      return;
    }

  /* The outcome is known only when the database says so: a cancelled wait must not hide a failed write. */
  g_task_set_check_cancellable (task, op->info->mode == BOBBIN_STORE_READ);
  job = g_new0 (Job, 1);
  job->task = task;
  job->op = op;
  g_thread_pool_push (op->info->prepare != NULL ? self->files : self->pool, job, NULL);
}

static void
bobbin_sqlite_store_iface_init (BobbinStoreInterface *iface)
{
  iface->submit = bobbin_sqlite_store_submit;
}

static void
close_store (BobbinSqliteStore *self)
{
  if (self->pool == NULL)
    return;

  /* Files first: what they finish goes to the database. */
  g_thread_pool_free (g_steal_pointer (&self->files), FALSE, TRUE);
  g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, TRUE);
  _bobbin_db_close (self->db);
  g_clear_pointer (&self->db, _bobbin_db_free);
  if (self->data_dir == NULL && self->attachments_dir != NULL)
    bobbin_folder_remove (self->attachments_dir);
}

static void
bobbin_sqlite_store_finalize (GObject *object)
{
  BobbinSqliteStore *self = BOBBIN_SQLITE_STORE (object);

  /* Every job holds a reference, so nothing is pending here. */
  close_store (self);
  g_free (self->data_dir);
  g_free (self->attachments_dir);

  G_OBJECT_CLASS (bobbin_sqlite_store_parent_class)->finalize (object);
}

static void
bobbin_sqlite_store_class_init (BobbinSqliteStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_sqlite_store_finalize;
}

static void
bobbin_sqlite_store_init (BobbinSqliteStore *self)
{
  g_autoptr(GError) error = NULL;

  self->db = _bobbin_db_new ();
  self->pool = g_thread_pool_new (work_cb, self, 1, TRUE, &error);
  if (self->pool == NULL)
    g_error ("no thread for the database: %s", error->message);
  self->files = g_thread_pool_new (files_cb, self, 1, FALSE, NULL);
}

BobbinStore *
bobbin_sqlite_store_new (const char *data_dir)
{
  BobbinSqliteStore *self = g_object_new (BOBBIN_TYPE_SQLITE_STORE, NULL);

  self->data_dir = g_strdup (data_dir);
  if (data_dir != NULL)
    self->attachments_dir = g_build_filename (data_dir, "attachments", NULL);

  return BOBBIN_STORE (self);
}

const char *
bobbin_store_get_attachments_dir (BobbinStore *self)
{
  g_return_val_if_fail (BOBBIN_IS_STORE (self), NULL);

  return BOBBIN_IS_SQLITE_STORE (self) ? BOBBIN_SQLITE_STORE (self)->attachments_dir : NULL;
}

static gboolean
open_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  *ret_result = _bobbin_db_open (db, args, error);

  return *ret_result != NULL;
}

static gboolean
flush_prepare (const char    *attachments_dir,
               gpointer       args,
               GCancellable  *cancellable,
               GError       **error)
{
  return TRUE;
}

static gboolean
flush_run (BobbinStoreDb  *db,
           gpointer        args,
           gpointer       *ret_result,
           GError        **error)
{
  return TRUE;
}

static const BobbinStoreOpInfo open_info =
  { "open", BOBBIN_STORE_OPEN, NULL, open_run, g_free, (GDestroyNotify) bobbin_store_report_free };
/* Through the thread for files, so that imports submitted before are in the database as well. */
static const BobbinStoreOpInfo flush_info = { "flush", BOBBIN_STORE_DURABLE, flush_prepare, flush_run, NULL, NULL };

void
bobbin_store_open_async (BobbinStore         *store,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  BobbinSqliteStore *self = BOBBIN_SQLITE_STORE (store);

  if (self->attachments_dir == NULL)
    self->attachments_dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  if (self->db != NULL)
    self->db->attachments_dir = self->attachments_dir;
  _bobbin_store_submit (store, bobbin_store_open_async, &open_info, g_strdup (self->data_dir), cancellable, callback, user_data);
}

BobbinStoreReport *
bobbin_store_open_finish (BobbinStore   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_open_async, error);
}

void
bobbin_store_close (BobbinStore *self)
{
  g_return_if_fail (BOBBIN_IS_SQLITE_STORE (self));

  close_store (BOBBIN_SQLITE_STORE (self));
}

void
bobbin_store_flush_async (BobbinStore         *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_flush_async, &flush_info, NULL, cancellable, callback, user_data);
}
