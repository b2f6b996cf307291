/* Copying what is selected: at once where it is loaded, else page by page from the store, in all three forms. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "session/bobbin-pager.h"

#define READ_PAGE 100 /* messages */

/* A copy that is being read. */
typedef struct
{
  BobbinPager  *pager;      /* owned, as all here */
  GdkClipboard *clipboard;
  GCancellable *cancellable;
  BobbinCopy   *copy;
  BobbinPlace   start;
  BobbinPlace   end;
  guint         next;
  guint         last;       /* position of the last message, included */
} Job;

static void
job_free (Job *job)
{
  g_object_unref (job->pager);
  g_object_unref (job->clipboard);
  g_object_unref (job->cancellable);
  bobbin_copy_free (job->copy);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static gboolean
is_part (BobbinColumn *self,
         BobbinBlock  *block)
{
  return bobbin_block_get_kind (block) != BOBBIN_BLOCK_THINKING ||
         (self != NULL && bobbin_view_state_get_expanded (self->state, bobbin_block_get_id (block)));
}

static void
add_part (BobbinColumn      *self,
          BobbinCopy        *copy,
          BobbinMessage     *message,
          const BobbinPlace *start,
          const BobbinPlace *end)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);
      gsize from;
      gsize to;

      if (is_part (self, block) && _bobbin_place_range (start, end, message, i, &from, &to))
        bobbin_copy_add_block (copy, message, block, from, to);
    }
}

static void
give (BobbinCopy   *copy,
      GdkClipboard *clipboard)
{
  g_autoptr(GdkContentProvider) content = NULL;

  if (bobbin_copy_is_empty (copy))
    return;

  content = bobbin_copy_to_content (copy);
  gdk_clipboard_set_content (clipboard, content);
}

static void read_next (Job *job);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Job) job = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = bobbin_pager_read_finish (BOBBIN_PAGER (source), result, &error);

  if (messages == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("What is selected could not be read: %s", error->message);
      return;
    }

  for (guint i = 0; i < messages->len; i++)
    add_part (NULL, job->copy, g_ptr_array_index (messages, i), &job->start, &job->end);
  read_next (g_steal_pointer (&job));
}

/* Takes the job. */
static void
read_next (Job *job)
{
  guint first = job->next;

  if (first > job->last)
    {
      give (job->copy, job->clipboard);
      job_free (job);
      return;
    }

  job->next = MIN (first + READ_PAGE, job->last + 1);
  bobbin_pager_read_async (job->pager, first, job->next, job->cancellable, read_cb, job);
}

/* FALSE: part of it is not loaded. */
static gboolean
add_span (BobbinColumn      *self,
          BobbinCopy        *copy,
          const BobbinPlace *start,
          const BobbinPlace *end)
{
  guint n = g_list_model_get_n_items (self->model);
  guint position = 0;

  if (BOBBIN_IS_PAGER (self->model) && !bobbin_pager_find (BOBBIN_PAGER (self->model), start->message_id, &position))
    position = 0;
  for (; position < n && _bobbin_column_get_id (self, position) <= end->message_id; position++)
    {
      BobbinMessage *message = _bobbin_column_get_message (self, position);

      if (message == NULL)
        return FALSE;
      add_part (self, copy, message, start, end);
    }

  return TRUE;
}

static void
add_local (BobbinColumn *self,
           BobbinCopy   *copy)
{
  bobbin_copy_add_prose (copy, self->local, MIN (self->local_from, self->local_to), MAX (self->local_from, self->local_to));
}

static void
copy_unloaded (BobbinColumn      *self,
               GdkClipboard      *clipboard,
               const BobbinPlace *start,
               const BobbinPlace *end)
{
  Job *job = g_new0 (Job, 1);

  g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
  self->copying = g_cancellable_new ();
  job->pager = g_object_ref (BOBBIN_PAGER (self->model));
  job->clipboard = g_object_ref (clipboard);
  job->cancellable = g_object_ref (self->copying);
  job->copy = bobbin_copy_new ();
  job->start = *start;
  job->end = *end;
  if (!bobbin_pager_find (job->pager, start->message_id, &job->next))
    job->next = 0;
  if (!bobbin_pager_find (job->pager, end->message_id, &job->last))
    job->last = g_list_model_get_n_items (self->model) - 1;
  read_next (job);
}

void
_bobbin_column_copy_selection (BobbinColumn *self,
                               GdkClipboard *clipboard)
{
  g_autoptr(BobbinCopy) copy = bobbin_copy_new ();
  BobbinPlace start;
  BobbinPlace end;

  if (self->local != NULL)
    add_local (self, copy);
  else if (self->model == NULL || !_bobbin_column_get_span (self, &start, &end))
    return;
  else if (!add_span (self, copy, &start, &end))
    {
      copy_unloaded (self, clipboard, &start, &end);
      return;
    }

  give (copy, clipboard);
}

char *
bobbin_column_dup_selected_text (BobbinColumn *self)
{
  g_autoptr(BobbinCopy) copy = bobbin_copy_new ();
  BobbinPlace start;
  BobbinPlace end;

  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), NULL);

  if (self->local != NULL)
    add_local (self, copy);
  else if (self->model != NULL && _bobbin_column_get_span (self, &start, &end))
    add_span (self, copy, &start, &end);

  return copy->text->len > 0 ? g_strdup (copy->text->str) : NULL;
}
