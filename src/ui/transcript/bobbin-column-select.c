/* What is selected in a column: two places in the thread, which outlive the widgets that show them and need not be loaded;
 * ids rise with the place in the thread. Only text inside an unfolded card is selected within its own widget. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

void
_bobbin_place_set (BobbinPlace *place,
                   gint64       message_id,
                   gint64       block_id,
                   gsize        offset)
{
  *place = (BobbinPlace) { message_id, block_id, offset };
}

/* Where in its message a place is: before the first block -1, behind the last one G_MAXINT. */
static int
block_rank (BobbinMessage     *message,
            const BobbinPlace *place)
{
  if (place->block_id == 0)
    return place->offset == 0 ? -1 : G_MAXINT;

  for (guint i = 0; message != NULL && i < bobbin_message_get_n_blocks (message); i++)
    if (bobbin_block_get_id (bobbin_message_get_block (message, i)) == place->block_id)
      return (int) i;

  return 0;
}

/* The two ends in order; FALSE when nothing is selected. */
gboolean
_bobbin_column_get_span (BobbinColumn *self,
                         BobbinPlace  *ret_start,
                         BobbinPlace  *ret_end)
{
  gboolean swap;

  if (self->from.message_id == 0 || self->to.message_id == 0)
    return FALSE;

  if (self->from.message_id != self->to.message_id)
    {
      swap = self->from.message_id > self->to.message_id;
    }
  else
    {
      BobbinMessageView *row = _bobbin_column_row_of (self, self->from.message_id);
      BobbinMessage *message = row != NULL ? bobbin_message_view_get_message (row) : NULL;
      int from = block_rank (message, &self->from);
      int to = block_rank (message, &self->to);

      swap = from != to ? from > to : self->from.offset > self->to.offset;
    }

  *ret_start = swap ? self->to : self->from;
  *ret_end = swap ? self->from : self->to;

  return TRUE;
}

gboolean
_bobbin_place_range (const BobbinPlace *start,
                     const BobbinPlace *end,
                     BobbinMessage     *message,
                     guint              index,
                     gsize             *ret_from,
                     gsize             *ret_to)
{
  BobbinBlock *block = bobbin_message_get_block (message, index);
  gint64 id = bobbin_message_get_id (message);
  gsize length = bobbin_block_get_length (block);
  gboolean whole_from = TRUE;
  gboolean whole_to = TRUE;
  int first;
  int last;

  if (id < start->message_id || id > end->message_id)
    return FALSE;

  first = id == start->message_id ? block_rank (message, start) : -1;
  last = id == end->message_id ? block_rank (message, end) : G_MAXINT;
  if ((int) index < first || (int) index > last)
    return FALSE;

  *ret_from = 0;
  *ret_to = length;
  if ((int) index == first)
    {
      *ret_from = MIN (start->offset, length);
      whole_from = start->offset == 0;
    }
  if ((int) index == last)
    {
      *ret_to = MIN (end->offset, length);
      whole_to = end->offset > 0;
    }

  /* what has no text of its own is in or out */
  return length > 0 ? *ret_from < *ret_to : whole_from && whole_to;
}

static gboolean
has_prose (BobbinBlock *block)
{
  BobbinBlockKind kind = bobbin_block_get_kind (block);

  return kind == BOBBIN_BLOCK_TEXT || kind == BOBBIN_BLOCK_CODE || kind == BOBBIN_BLOCK_THINKING;
}

static void
apply_span (BobbinColumn      *self,
            BobbinMessageView *row,
            gboolean           some,
            const BobbinPlace *start,
            const BobbinPlace *end)
{
  BobbinMessage *message = bobbin_message_view_get_message (row);

  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);
      GtkWidget *view = bobbin_message_view_get_view (row, bobbin_block_get_id (block));
      BobbinProse *prose = bobbin_message_view_get_prose (row, bobbin_block_get_id (block));
      gsize from = 0;
      gsize to = 0;
      gboolean selected = some && _bobbin_place_range (start, end, message, i, &from, &to);

      if (prose != NULL && has_prose (block))
        bobbin_prose_set_selection (prose, selected ? from : 0, selected ? to : 0);
      else if (view != NULL && selected)
        gtk_widget_add_css_class (view, "selected-block");
      else if (view != NULL)
        gtk_widget_remove_css_class (view, "selected-block");
    }
}

void
_bobbin_column_apply_selection (BobbinColumn      *self,
                                BobbinMessageView *row)
{
  BobbinPlace start;
  BobbinPlace end;

  if (_bobbin_column_get_span (self, &start, &end))
    apply_span (self, row, TRUE, &start, &end);
}

void
_bobbin_column_apply_all (BobbinColumn *self)
{
  BobbinPlace start = { 0, 0, 0 };
  BobbinPlace end = { 0, 0, 0 };
  gboolean some = _bobbin_column_get_span (self, &start, &end);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    apply_span (self, row, some, &start, &end);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "selection.clear", some || self->local != NULL);
}

void
_bobbin_column_set_local (BobbinColumn *self,
                          BobbinProse  *prose,
                          gsize         from,
                          gsize         to)
{
  if (self->local != NULL && self->local != prose)
    bobbin_prose_set_selection (self->local, 0, 0);
  g_set_weak_pointer (&self->local, prose);
  self->local_from = from;
  self->local_to = to;
  if (prose != NULL)
    bobbin_prose_set_selection (prose, MIN (from, to), MAX (from, to));
}

void
_bobbin_column_clear_selection (BobbinColumn *self)
{
  self->from = self->to = (BobbinPlace) { 0, 0, 0 };
  _bobbin_column_set_local (self, NULL, 0, 0);
  if (self->rows != NULL)
    _bobbin_column_apply_all (self);
}

gboolean
_bobbin_column_has_selection (BobbinColumn *self)
{
  if (self->local != NULL)
    return self->local_from != self->local_to;

  return self->from.message_id != 0 && memcmp (&self->from, &self->to, sizeof self->from) != 0;
}
