/* What is selected in a column. A selection is two places in the model, so that it outlives the
 * widgets that show it; only text inside an unfolded card is selected within its own widget. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

static void
place_clear (BobbinPlace *place)
{
  g_clear_object (&place->message);
  place->block_id = 0;
  place->offset = 0;
}

void
_bobbin_place_set (BobbinPlace   *place,
                   BobbinMessage *message,
                   gint64         block_id,
                   gsize          offset)
{
  g_set_object (&place->message, message);
  place->block_id = block_id;
  place->offset = offset;
}

static guint
block_index (BobbinMessage *message,
             gint64         block_id)
{
  guint n = bobbin_message_get_n_blocks (message);

  for (guint i = 0; i < n; i++)
    if (bobbin_block_get_id (bobbin_message_get_block (message, i)) == block_id)
      return i;

  return 0;
}

/* The two ends in order; FALSE when nothing is selected or a message went. */
static gboolean
get_span (BobbinColumn *self,
          BobbinPlace  *ret_start,
          BobbinPlace  *ret_end,
          guint        *ret_first,
          guint        *ret_last)
{
  gboolean swap;

  if (self->from.message == NULL || self->to.message == NULL ||
      !_bobbin_column_find (self, self->from.message, ret_first))
    return FALSE;
  if (self->from.message == self->to.message)
    *ret_last = *ret_first;
  else if (!_bobbin_column_find (self, self->to.message, ret_last))
    return FALSE;

  if (*ret_first != *ret_last)
    swap = *ret_first > *ret_last;
  else if (self->from.block_id != self->to.block_id)
    swap = block_index (self->from.message, self->from.block_id) > block_index (self->to.message, self->to.block_id);
  else
    swap = self->from.offset > self->to.offset;

  *ret_start = swap ? self->to : self->from;
  *ret_end = swap ? self->from : self->to;
  if (swap)
    {
      guint first = *ret_first;

      *ret_first = *ret_last;
      *ret_last = first;
    }

  return TRUE;
}

/* What of block @index of the message at @position is within the span. */
static gboolean
block_range (BobbinMessage     *message,
             guint              index,
             guint              position,
             const BobbinPlace *start,
             const BobbinPlace *end,
             guint              first,
             guint              last,
             gsize             *ret_from,
             gsize             *ret_to)
{
  BobbinBlock *block = bobbin_message_get_block (message, index);
  guint start_block = position == first ? block_index (message, start->block_id) : 0;
  guint end_block = position == last ? block_index (message, end->block_id) : G_MAXUINT;

  if (position < first || position > last || index < start_block || index > end_block)
    return FALSE;

  *ret_from = position == first && index == start_block ? start->offset : 0;
  *ret_to = position == last && index == end_block ? end->offset : bobbin_block_get_length (block);
  *ret_to = MIN (*ret_to, bobbin_block_get_length (block));
  return *ret_from < *ret_to;
}

static void
apply_span (BobbinColumn      *self,
            BobbinMessageView  *row,
            gboolean           some,
            const BobbinPlace *start,
            const BobbinPlace *end,
            guint              first,
            guint              last)
{
  BobbinMessage *message = bobbin_message_view_get_message (row);
  g_autoptr(GPtrArray) texts = bobbin_message_view_list_prose (row);
  guint position = 0;

  some = some && _bobbin_column_find (self, message, &position);
  for (guint i = 0; i < texts->len; i++)
    {
      BobbinProse *prose = g_ptr_array_index (texts, i);
      BobbinBlock *block = bobbin_prose_get_block (prose);
      gsize from = 0;
      gsize to = 0;

      if (some && block != NULL &&
          !block_range (message, block_index (message, bobbin_block_get_id (block)), position, start, end, first, last,
                        &from, &to))
        from = to = 0;
      bobbin_prose_set_selection (prose, from, to);
    }
}

void
_bobbin_column_apply_selection (BobbinColumn     *self,
                                BobbinMessageView *row)
{
  BobbinPlace start;
  BobbinPlace end;
  guint first = 0;
  guint last = 0;

  if (self->from.message != NULL)
    apply_span (self, row, get_span (self, &start, &end, &first, &last), &start, &end, first, last);
}

void
_bobbin_column_apply_all (BobbinColumn *self)
{
  BobbinPlace start;
  BobbinPlace end;
  guint first = 0;
  guint last = 0;
  gboolean some = get_span (self, &start, &end, &first, &last);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    apply_span (self, row, some, &start, &end, first, last);
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
  place_clear (&self->from);
  place_clear (&self->to);
  _bobbin_column_set_local (self, NULL, 0, 0);
  if (self->rows != NULL)
    _bobbin_column_apply_all (self);
}

static gboolean
is_selectable (BobbinColumn *self,
               BobbinBlock  *block)
{
  BobbinBlockKind kind = bobbin_block_get_kind (block);

  return kind == BOBBIN_BLOCK_TEXT || kind == BOBBIN_BLOCK_CODE ||
         (kind == BOBBIN_BLOCK_THINKING && bobbin_view_state_get_expanded (self->state, bobbin_block_get_id (block)));
}

char *
bobbin_column_dup_selected_text (BobbinColumn *self)
{
  GString *text = g_string_new (NULL);
  BobbinPlace start;
  BobbinPlace end;
  guint first = 0;
  guint last = 0;

  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), NULL);

  if (self->local != NULL)
    {
      gsize from = MIN (self->local_from, self->local_to);

      g_string_append_len (text, bobbin_prose_get_text (self->local, NULL) + from,
                           (gssize) (MAX (self->local_from, self->local_to) - from));
    }
  else if (get_span (self, &start, &end, &first, &last))
    {
      for (guint position = first; position <= last; position++)
        {
          BobbinMessage *message = _bobbin_column_get_message (self, position);

          for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
            {
              BobbinBlock *block = bobbin_message_get_block (message, i);
              gsize from;
              gsize to;

              if (!is_selectable (self, block) ||
                  !block_range (message, i, position, &start, &end, first, last, &from, &to))
                continue;
              if (text->len > 0)
                g_string_append (text, "\n\n");
              g_string_append_len (text, bobbin_block_get_text (block) + from, (gssize) (to - from));
            }
        }
    }

  return g_string_free (text, text->len == 0);
}
