#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-undo.h"

#include "model/bobbin-thread.h"

BobbinUndo *
bobbin_undo_new (void)
{
  static guint serial;
  BobbinUndo *self = g_new0 (BobbinUndo, 1);

  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_thread_changed_free);
  self->serial = ++serial;

  return self;
}

BobbinUndo *
bobbin_undo_new_for (BobbinThread           *thread,
                     BobbinThreadChangeKind  kind)
{
  BobbinUndo *self = bobbin_undo_new ();
  BobbinThreadChanged *changed = g_new0 (BobbinThreadChanged, 1);
  gint64 id = bobbin_thread_get_id (thread);
  gint64 deleted_us = bobbin_thread_get_deleted_us (thread);

  self->thread = g_object_ref (thread);
  changed->kind = kind;
  changed->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (changed->ids, id);
  if (kind == BOBBIN_CHANGE_RESTORE)
    {
      changed->deleted_us = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_val (changed->deleted_us, deleted_us);
    }
  g_ptr_array_add (self->changes, changed);

  return self;
}

void
bobbin_undo_free (BobbinUndo *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->changes);
  g_clear_object (&self->label);
  g_clear_pointer (&self->holders, g_array_unref);
  g_clear_object (&self->thread);
  g_free (self->title);
  g_free (self);
}
