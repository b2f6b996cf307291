/* What was found in a column: all matches in the rows that exist are marked, one of them as the present one. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "bobbin-card.h"
#include "bobbin-json-view.h"
#include "bobbin-table-view.h"
#include "bobbin-tool-group.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#define MARKED_MAX 2000 /* matches of one text */
#define EASY_TOP   24   /* pixels from the edges of the view within which a match is seen well */
#define EASY_END   72

/* A walk through the widgets of one block. */
typedef struct
{
  BobbinColumn *column;
  GArray       *ranges;
  gboolean      is_current;  /* the present match is in this block */
  guint         seen;        /* matches so far */
  BobbinProse  *found;       /* where the present match is */
  gsize         offset;
  GtkWidget    *lines;       /* (nullable): else the data it is in: its first line with a match */
  GdkRectangle  line;
} Walk;

static void
mark_prose (Walk        *walk,
            BobbinProse *prose)
{
  guint nth = walk->column->current.nth;
  int current = -1;
  gsize length;
  const char *text = bobbin_prose_get_text (prose, &length);

  g_array_set_size (walk->ranges, 0);
  if (walk->column->needle != NULL)
    bobbin_needle_find (walk->column->needle, text, length, MARKED_MAX, walk->ranges);
  if (walk->is_current && walk->found == NULL && walk->ranges->len > 0 && nth >= walk->seen &&
      nth < walk->seen + walk->ranges->len)
    {
      current = (int) (nth - walk->seen);
      walk->found = prose;
      walk->offset = g_array_index (walk->ranges, BobbinRange, current).start;
    }
  walk->seen += walk->ranges->len;
  bobbin_prose_set_matches (prose, (const BobbinTextRange *) (gpointer) walk->ranges->data, walk->ranges->len, current);
}

/* Its lines are not counted: the text of the block is, whose order and repetitions they need not have. */
static void
mark_json (Walk           *walk,
           BobbinJsonView *view)
{
  guint n = bobbin_json_view_search (view, walk->column->needle != NULL ? walk->column->search : NULL);

  if (n > 0 && walk->is_current && walk->lines == NULL)
    walk->lines = bobbin_json_view_get_match (view, &walk->line);
}

static void
mark_widget (Walk      *walk,
             GtkWidget *widget)
{
  if (BOBBIN_IS_PROSE (widget))
    {
      mark_prose (walk, BOBBIN_PROSE (widget));
      bobbin_prose_set_search (BOBBIN_PROSE (widget), walk->column->needle != NULL ? walk->column->search : NULL);
      return;
    }
  if (BOBBIN_IS_JSON_VIEW (widget))
    {
      mark_json (walk, BOBBIN_JSON_VIEW (widget));
      return;
    }
  if (BOBBIN_IS_TABLE_VIEW (widget))
    {
      bobbin_table_view_set_search (BOBBIN_TABLE_VIEW (widget), walk->column->needle != NULL ? walk->column->search : NULL);
      return;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    mark_widget (walk, child);
}

static Walk
mark_row (BobbinColumn      *self,
          BobbinMessageView *row)
{
  BobbinMessage *message = bobbin_message_view_get_message (row);
  g_autoptr(GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BobbinRange));
  Walk found = { .column = self };

  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      gint64 block_id = bobbin_block_get_id (bobbin_message_get_block (message, i));
      GtkWidget *view = bobbin_message_view_get_view (row, block_id);
      Walk walk = { .column = self, .ranges = ranges };

      if (view == NULL)
        continue;
      walk.is_current = self->current.message_id == bobbin_message_get_id (message) && self->current.block_id == block_id;
      mark_widget (&walk, view);
      if (walk.is_current)
        found = walk;
    }

  return found;
}

void
_bobbin_column_apply_matches (BobbinColumn      *self,
                              BobbinMessageView *row)
{
  if (self->needle != NULL)
    mark_row (self, row);
}

static void
mark_all (BobbinColumn *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    mark_row (self, row);
}

void
bobbin_column_set_search (BobbinColumn *self,
                          const char   *text)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  if (g_strcmp0 (self->search, text) == 0)
    return;

  g_free (self->search);
  self->search = g_strdup (text);
  g_clear_pointer (&self->needle, bobbin_needle_free);
  self->needle = text != NULL ? bobbin_needle_new (text) : NULL;
  self->current = (BobbinFindPlace) { 0, 0, 0 };
  self->match_shown = FALSE;
  mark_all (self);
}

/* Puts the match where it is seen well, unless it is. */
static void
bring_into_view (BobbinColumn      *self,
                 BobbinMessageView *row,
                 const Walk        *walk)
{
  gint64 block_id = self->current.block_id;
  GtkWidget *view = bobbin_message_view_get_view (row, block_id);
  int page = gtk_widget_get_height (GTK_WIDGET (self));
  BobbinLocus locus = { block_id, 0, 0 };
  GdkRectangle rect = { 0, 0, 1, 1 };
  GtkWidget *at = walk->found != NULL ? GTK_WIDGET (walk->found) : walk->lines != NULL ? walk->lines : view;
  guint position;
  double x;
  double y;
  double inside;

  if (at == NULL || !_bobbin_column_find (self, bobbin_message_view_get_message (row), &position))
    return;

  if (walk->found != NULL)
    bobbin_prose_get_offset_rect (walk->found, walk->offset, &rect);
  else if (walk->lines != NULL)
    rect = walk->line;
  if (!gtk_widget_translate_coordinates (at, GTK_WIDGET (self), rect.x, rect.y, &x, &y) ||
      !gtk_widget_translate_coordinates (at, view, rect.x, rect.y, &x, &inside))
    return;
  if (!self->following && y >= EASY_TOP && y + rect.height <= page - EASY_END)
    return;

  if (walk->found != NULL && bobbin_message_view_get_prose (row, block_id) == walk->found)
    locus.offset = walk->offset;
  else
    locus.dy = (int) inside;
  bobbin_column_scroll_to (self, position, &locus, page / 3);
}

gboolean
bobbin_column_show_match (BobbinColumn          *self,
                          const BobbinFindPlace *place)
{
  BobbinMessageView *row = NULL;
  GHashTableIter iter;
  gpointer candidate;
  GtkWidget *view;
  Walk walk;

  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), FALSE);

  self->current = *place;
  mark_all (self);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &candidate))
    if (bobbin_message_get_id (bobbin_message_view_get_message (candidate)) == place->message_id)
      row = candidate;
  if (row == NULL)
    return FALSE;

  view = bobbin_message_view_get_view (row, place->block_id);
  if (view != NULL)
    bobbin_tool_groups_reveal (view);
  if (view != NULL && BOBBIN_IS_CARD (view) && !bobbin_card_get_expanded (BOBBIN_CARD (view)))
    bobbin_card_set_expanded (BOBBIN_CARD (view), TRUE);
  walk = mark_row (self, row);
  bring_into_view (self, row, &walk);
  self->match_shown = TRUE;

  return TRUE;
}
