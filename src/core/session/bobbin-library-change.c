/* What is done with many threads at once, and back. What is loaded changes at once, so that nothing saved meanwhile undoes it; the
 * store does the rest in one step. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"
#include "session/bobbin-thread-view-private.h"

#define PURGE_STEP 20

/* Accounts whose servers' copies go with what is deleted here, as JSON. */
static char *
dup_deleting (BobbinLibrary *self)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (bobbin_library_account_deletes (self, account))
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT, text->len > 1 ? "," : "", bobbin_account_get_id (account));
    }
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

static GHashTable *
make_set (const GArray *ids)
{
  GHashTable *set = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    g_hash_table_add (set, &g_array_index (ids, gint64, i));

  return set;
}

/* Of what is known, what @pick means. */
static GPtrArray *
list_picked (BobbinLibrary          *self,
             const BobbinThreadPick *pick)
{
  GPtrArray *picked = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) known = NULL;
  g_autoptr(GHashTable) set = NULL;

  if (!pick->all)
    {
      for (guint i = 0; pick->ids != NULL && i < pick->ids->len; i++)
        {
          BobbinThread *thread = _bobbin_library_find_known (self, g_array_index (pick->ids, gint64, i));

          if (thread != NULL)
            g_ptr_array_add (picked, g_object_ref (thread));
        }
      return picked;
    }

  known = _bobbin_library_list_known (self);
  set = make_set (pick->ids);
  for (guint i = 0; i < known->len; i++)
    {
      BobbinThread *thread = known->pdata[i];
      gint64 id = bobbin_thread_get_id (thread);

      if (_bobbin_thread_query_matches (&pick->query, thread) && !g_hash_table_contains (set, &id) &&
          !_bobbin_library_is_fresh (self, thread))
        g_ptr_array_add (picked, g_object_ref (thread));
    }

  return picked;
}

/* Whether it was otherwise. */
static gboolean
set_one (BobbinThread             *thread,
         const BobbinThreadChange *change)
{
  gboolean binned = bobbin_thread_get_deleted_us (thread) != 0;

  switch (change->kind)
    {
    case BOBBIN_CHANGE_PIN:
    case BOBBIN_CHANGE_UNPIN:
      if (bobbin_thread_get_pinned (thread) == (change->kind == BOBBIN_CHANGE_PIN))
        return FALSE;
      bobbin_thread_set_pinned (thread, change->kind == BOBBIN_CHANGE_PIN);
      return TRUE;
    case BOBBIN_CHANGE_ARCHIVE:
    case BOBBIN_CHANGE_UNARCHIVE:
      if (bobbin_thread_get_archived (thread) == (change->kind == BOBBIN_CHANGE_ARCHIVE))
        return FALSE;
      bobbin_thread_set_archived (thread, change->kind == BOBBIN_CHANGE_ARCHIVE);
      return TRUE;
    case BOBBIN_CHANGE_MARK_READ:
    case BOBBIN_CHANGE_MARK_UNREAD:
      if (bobbin_thread_get_unread (thread) == (change->kind == BOBBIN_CHANGE_MARK_UNREAD))
        return FALSE;
      bobbin_thread_set_unread (thread, change->kind == BOBBIN_CHANGE_MARK_UNREAD);
      return TRUE;
    case BOBBIN_CHANGE_BIN:
    case BOBBIN_CHANGE_RESTORE:
      if (binned == (change->kind == BOBBIN_CHANGE_BIN))
        return FALSE;
      bobbin_thread_set_deleted_us (thread, change->kind == BOBBIN_CHANGE_BIN ? change->now_us : 0);
      return TRUE;
    case BOBBIN_CHANGE_ADD_LABEL:
    case BOBBIN_CHANGE_REMOVE_LABEL:
      if (bobbin_thread_has_label (thread, change->label_id) == (change->kind == BOBBIN_CHANGE_ADD_LABEL))
        return FALSE;
      bobbin_thread_set_label (thread, change->label_id, change->kind == BOBBIN_CHANGE_ADD_LABEL);
      return TRUE;
    case BOBBIN_N_CHANGES:
    default:
      g_return_val_if_reached (FALSE);
    }
}

static const BobbinThreadChangeKind opposites[BOBBIN_N_CHANGES] = {
  [BOBBIN_CHANGE_PIN] = BOBBIN_CHANGE_UNPIN,
  [BOBBIN_CHANGE_UNPIN] = BOBBIN_CHANGE_PIN,
  [BOBBIN_CHANGE_ARCHIVE] = BOBBIN_CHANGE_UNARCHIVE,
  [BOBBIN_CHANGE_UNARCHIVE] = BOBBIN_CHANGE_ARCHIVE,
  [BOBBIN_CHANGE_MARK_READ] = BOBBIN_CHANGE_MARK_UNREAD,
  [BOBBIN_CHANGE_MARK_UNREAD] = BOBBIN_CHANGE_MARK_READ,
  [BOBBIN_CHANGE_BIN] = BOBBIN_CHANGE_RESTORE,
  [BOBBIN_CHANGE_RESTORE] = BOBBIN_CHANGE_BIN,
  [BOBBIN_CHANGE_ADD_LABEL] = BOBBIN_CHANGE_REMOVE_LABEL,
  [BOBBIN_CHANGE_REMOVE_LABEL] = BOBBIN_CHANGE_ADD_LABEL,
};

typedef struct
{
  GPtrArray          *touched; /* loaded threads that changed */
  BobbinThreadChange  change;  /* what they were given; delete_by is not kept */
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_ptr_array_unref (step->touched);
  g_free (step);
}

/* They write what they have, as the threads are now: before the change. */
static void
close_sessions (BobbinLibrary            *self,
                GPtrArray                *threads,
                const BobbinThreadChange *change)
{
  for (guint i = 0; change->kind == BOBBIN_CHANGE_BIN && i < threads->len; i++)
    _bobbin_library_close_session (self, bobbin_thread_get_id (threads->pdata[i]));
}

/* Sets what is loaded, as far as it is not so yet; after the store was asked, so that what is read from now on is so too. */
static void
set_loaded (BobbinLibrary *self,
            GPtrArray     *threads,
            Step          *step)
{
  for (guint i = 0; i < threads->len; i++)
    if (set_one (threads->pdata[i], &step->change))
      g_ptr_array_add (step->touched, g_object_ref (threads->pdata[i]));
  _bobbin_library_refresh_views (self, step->touched);
  if (step->change.kind == BOBBIN_CHANGE_PIN || step->change.kind == BOBBIN_CHANGE_UNPIN)
    _bobbin_library_regroup_views (self);
}

/* Pages that were on their way brought some as they were before. */
static void
set_late_ones (BobbinLibrary             *self,
               const BobbinThreadChanged *changed,
               Step                      *step)
{
  for (guint i = 0; i < changed->ids->len; i++)
    {
      BobbinThread *thread = _bobbin_library_find_known (self, g_array_index (changed->ids, gint64, i));

      if (thread != NULL)
        set_one (thread, &step->change);
    }
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  Step *step = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThreadChanged) changed = bobbin_store_change_threads_finish (BOBBIN_STORE (source), result, &error);

  if (changed == NULL)
    {
      BobbinThreadChange back = step->change;

      back.kind = opposites[step->change.kind];
      back.now_us = bobbin_clock_now_us (self->clock);
      for (guint i = 0; i < step->touched->len && !self->closed; i++)
        set_one (step->touched->pdata[i], &back);
      if (!self->closed)
        _bobbin_library_refresh_views (self, step->touched);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!self->closed)
    {
      if (changed->kind == BOBBIN_CHANGE_BIN || changed->kind == BOBBIN_CHANGE_RESTORE)
        {
          _bobbin_library_load_changes (self);
          _bobbin_library_expect_purge (self);
        }
      /* Others, not loaded so far, may belong where there is room now. */
      if (changed->ids->len > step->touched->len)
        {
          set_late_ones (self, changed, step);
          _bobbin_library_reload_views (self);
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&changed), (GDestroyNotify) bobbin_thread_changed_free);
}

void
bobbin_library_change_threads_async (BobbinLibrary          *self,
                                     const BobbinThreadPick *pick,
                                     BobbinThreadChangeKind  kind,
                                     gint64                  label_id,
                                     gboolean                keep_remote,
                                     GCancellable           *cancellable,
                                     GAsyncReadyCallback     callback,
                                     gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GPtrArray) picked = NULL;
  g_autofree char *deleting = NULL;
  BobbinThreadChange change = { .kind = kind, .label_id = label_id };
  Step *step;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (pick != NULL && (guint) kind < BOBBIN_N_CHANGES);

  step = g_new0 (Step, 1);
  step->touched = g_ptr_array_new_with_free_func (g_object_unref);
  change.now_us = bobbin_clock_now_us (self->clock);
  change.due_us = change.now_us + BOBBIN_LIBRARY_UNDO_MS * G_GINT64_CONSTANT (1000);
  step->change = change;
  change.delete_by = deleting = keep_remote ? g_strdup ("[]") : dup_deleting (self);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_change_threads_async);
  g_task_set_task_data (task, step, step_free);
  picked = list_picked (self, pick);
  close_sessions (self, picked, &change);
  bobbin_store_change_threads_async (self->store, pick, &change, NULL, changed_cb, g_steal_pointer (&task));
  set_loaded (self, picked, step);
}

BobbinThreadChanged *
bobbin_library_change_threads_finish (BobbinLibrary *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bobbin_library_undo_change_async (BobbinLibrary             *self,
                                  const BobbinThreadChanged *changed,
                                  GCancellable              *cancellable,
                                  GAsyncReadyCallback        callback,
                                  gpointer                   user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *deleting = NULL;
  BobbinThreadChange change = { 0, };
  Step *step;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (changed != NULL);

  step = g_new0 (Step, 1);
  step->touched = g_ptr_array_new_with_free_func (g_object_unref);
  change.kind = opposites[changed->kind];
  change.label_id = changed->label_id;
  change.now_us = bobbin_clock_now_us (self->clock);
  change.due_us = change.now_us + BOBBIN_LIBRARY_UNDO_MS * G_GINT64_CONSTANT (1000);
  step->change = change;
  change.delete_by = deleting = dup_deleting (self);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_change_threads_async);
  g_task_set_task_data (task, step, step_free);
  for (guint i = 0; i < changed->ids->len; i++)
    {
      BobbinThread *thread = _bobbin_library_find_known (self, g_array_index (changed->ids, gint64, i));

      if (thread != NULL)
        g_ptr_array_add (threads, g_object_ref (thread));
    }
  close_sessions (self, threads, &change);
  bobbin_store_undo_change_async (self->store, changed, &change, NULL, changed_cb, g_steal_pointer (&task));
  set_loaded (self, threads, step);
  for (guint i = 0; changed->deleted_us != NULL && i < changed->ids->len; i++)
    {
      BobbinThread *thread = _bobbin_library_find_known (self, g_array_index (changed->ids, gint64, i));

      if (thread != NULL && bobbin_thread_get_deleted_us (thread) != 0)
        bobbin_thread_set_deleted_us (thread, g_array_index (changed->deleted_us, gint64, i));
    }
}

/* For good */

typedef struct
{
  BobbinThreadPick *pick;      /* (nullable) */
  guint             n_deleted;
} Purge;

static void
purge_free (gpointer data)
{
  Purge *purge = data;

  bobbin_thread_pick_free (purge->pick);
  g_free (purge);
}

static void
purged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinLibrary *self = g_task_get_source_object (task);
  Purge *purge = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = NULL;
  gint64 oldest_us;

  if (!bobbin_store_purge_finish (BOBBIN_STORE (source), result, &ids, &oldest_us, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  purge->n_deleted += ids->len;
  if (!self->closed)
    _bobbin_library_threads_purged (self, ids);
  if (ids->len == PURGE_STEP && !self->closed)
    bobbin_store_purge_async (self->store, 0, purge->pick, PURGE_STEP, g_task_get_cancellable (task), purged_cb, g_object_ref (task));
  else
    g_task_return_int (task, (gssize) purge->n_deleted);
}

void
bobbin_library_purge_async (BobbinLibrary          *self,
                            const BobbinThreadPick *pick,
                            GCancellable           *cancellable,
                            GAsyncReadyCallback     callback,
                            gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  Purge *purge;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  purge = g_new0 (Purge, 1);
  purge->pick = pick != NULL ? bobbin_thread_pick_copy (pick) : NULL;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_library_purge_async);
  g_task_set_task_data (task, purge, purge_free);
  bobbin_store_purge_async (self->store, 0, purge->pick, PURGE_STEP, cancellable, purged_cb, g_steal_pointer (&task));
}

gssize
bobbin_library_purge_finish (BobbinLibrary *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
