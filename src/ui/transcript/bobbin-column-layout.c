/* Where the rows of a column are. The invariants are in bobbin-column.h. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "model/bobbin-message.h"
#include "session/bobbin-pager.h"

#define SIDE_MARGIN  18     /* at least, at both sides */
#define END_MARGIN   18     /* above the first and below the last row */
#define KEEP         600    /* pixels beyond the view that exist as widgets */
#define WALK_PAGES   4      /* farther moves start from the heights instead of walking row by row */
#define OUT_OF_SIGHT -100000 /* where a row with the focus waits */
#define PASSES       4      /* rows may change their height when they learn what is visible */

static const char sample[] = "the quick brown fox jumps over the lazy dog and does it once more for good measure";

/* As wide as text is comfortable to read in the present font. */
static int
text_width (BobbinColumn *self)
{
  guint serial = pango_context_get_serial (gtk_widget_get_pango_context (GTK_WIDGET (self)));

  if (self->text_serial != serial)
    {
      g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), sample);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      self->text_width = width * (int) self->chars / (int) (sizeof sample - 1);
      self->text_serial = serial;
    }

  return self->text_width;
}

void
bobbin_column_set_chars (BobbinColumn *self,
                         guint         chars)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));
  g_return_if_fail (chars > 0);

  if (self->chars == chars)
    return;

  self->chars = chars;
  self->text_serial = 0;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static gboolean grew_cb (BobbinColumn *self);

static BobbinMessageView *
row_at (BobbinColumn *self,
        guint         position)
{
  BobbinMessage *message;

  if (position >= g_list_model_get_n_items (self->model))
    return NULL;

  message = _bobbin_column_get_message (self, position);
  return message != NULL ? g_hash_table_lookup (self->rows, message) : NULL;
}

/* In the order of the messages, for the keyboard and for assistive tools. */
static void
insert_row (BobbinColumn     *self,
            BobbinMessageView *row,
            guint             position)
{
  BobbinMessageView *before = position > 0 ? row_at (self, position - 1) : NULL;
  BobbinMessageView *after = row_at (self, position + 1);

  if (before != NULL)
    gtk_widget_insert_after (GTK_WIDGET (row), GTK_WIDGET (self), GTK_WIDGET (before));
  else
    gtk_widget_insert_before (GTK_WIDGET (row), GTK_WIDGET (self), GTK_WIDGET (after));
}

/* The message at @position; one that is not loaded is taken to be like @message, until it is known. */
static BobbinMessage *
neighbour (BobbinColumn  *self,
           BobbinMessage *message,
           guint          position)
{
  BobbinMessage *found = _bobbin_column_get_message (self, position);

  return found != NULL ? found : message;
}

/* Of a long text its start is laid out no farther than it is near: it may come in from below, or not be reached at all. What is seen
 * is told when the row has its place. */
static void
expect_little (BobbinMessageView *row)
{
  g_autoptr(GPtrArray) texts = bobbin_message_view_list_prose (row);

  for (guint i = 0; i < texts->len; i++)
    bobbin_prose_set_visible_range (texts->pdata[i], 0, 1);
}

/* (nullable): NULL when the message is not loaded. */
static BobbinMessageView *
ensure_row (BobbinColumn *self,
            guint         position)
{
  BobbinMessage *message = _bobbin_column_get_message (self, position);
  BobbinMessageView *row = row_at (self, position);
  guint n = g_list_model_get_n_items (self->model);

  if (message == NULL)
    return NULL;
  if (row == NULL)
    {
      row = BOBBIN_MESSAGE_VIEW (bobbin_message_view_new (message, self->state));
      g_signal_connect_object (row, "grew", G_CALLBACK (grew_cb), self, G_CONNECT_SWAPPED);
      g_hash_table_insert (self->rows, message, row);
      insert_row (self, row, position);
      expect_little (row);
      _bobbin_column_apply_selection (self, row);
      _bobbin_column_apply_matches (self, row);
    }
  bobbin_message_view_set_neighbours (row, position > 0 ? neighbour (self, message, position - 1) : NULL,
                                     position + 1 < n ? neighbour (self, message, position + 1) : NULL);
  bobbin_message_view_set_quiet (row, self->quiet && position + 1 == n);
  bobbin_message_view_set_activity (row, self->activity);
  bobbin_message_view_set_new (row, self->new_id != 0 && bobbin_message_get_id (message) == self->new_id);

  return row;
}

/* Whole pixels, also where it is only thought. */
static int
height_at (BobbinColumn *self,
           guint         position)
{
  return (int) bobbin_heights_get (self->heights, position);
}

/* Never less than the row needs, even where the window is narrower. */
static int
row_width (BobbinColumn     *self,
           BobbinMessageView *row)
{
  int minimum;

  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);

  return MAX (self->column_width, minimum);
}

static int
size_row (BobbinColumn     *self,
          BobbinMessageView *row,
          guint             position)
{
  int height;

  if (row == NULL)
    {
      /* what is thought must not change while rows are placed by it */
      height = height_at (self, position);
      bobbin_heights_set (self->heights, position, height);
      return height;
    }

  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_VERTICAL, row_width (self, row), NULL, &height, NULL, NULL);
  height += bobbin_message_view_get_growth (row);
  bobbin_heights_set (self->heights, position, height);

  return height;
}

static void
put_row (BobbinColumn     *self,
         BobbinMessageView *row,
         double            top,
         int               height)
{
  int x = (self->width - self->column_width) / 2;

  if (row == NULL)
    return;

  gtk_widget_size_allocate (GTK_WIDGET (row), &(GtkAllocation) { x, (int) top, row_width (self, row), height }, -1);
}

static gboolean
is_placed (BobbinColumn     *self,
           BobbinMessageView *row)
{
  for (guint i = self->first; i < self->last; i++)
    if (_bobbin_column_get_message (self, i) == bobbin_message_view_get_message (row))
      return TRUE;

  return FALSE;
}

/* Rows out of reach go. One that has the focus or an open menu stays, out of sight, so that neither is lost. */
static void
drop_rows (BobbinColumn *self)
{
  GHashTableIter iter;
  gpointer row;
  guint n = 0;

  for (guint i = self->first; i < self->last; i++)
    n += row_at (self, i) != NULL;
  if (g_hash_table_size (self->rows) == n)
    return;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      if (is_placed (self, row))
        continue;
      if (_bobbin_column_get_focus_row (self) == row || bobbin_message_get_id (bobbin_message_view_get_message (row)) == self->menu_id)
        {
          int height;

          gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, row_width (self, row), NULL, &height, NULL, NULL);
          put_row (self, row, OUT_OF_SIGHT, height);
          continue;
        }
      g_hash_table_iter_remove (&iter);
      gtk_widget_unparent (row);
    }
}

void
_bobbin_column_remove_rows (BobbinColumn *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      g_hash_table_iter_remove (&iter);
      gtk_widget_unparent (row);
    }
  self->first = self->last = 0;
}

/* The row the layout starts from, and its top. */
static double
start_row (BobbinColumn *self,
           double        value,
           int           page,
           guint        *ret_position)
{
  guint n = g_list_model_get_n_items (self->model);
  BobbinMessageView *row;
  int height;

  if (self->following)
    {
      row = ensure_row (self, n - 1);
      height = size_row (self, row, n - 1);
      *ret_position = n - 1;
      /* the end is where it was, or wherever: nothing above it is held on to */
      return value + page - END_MARGIN - height;
    }

  if (ABS (self->anchor_y - value) > WALK_PAGES * page)
    {
      double lower = gtk_adjustment_get_lower (self->vadjustment) + END_MARGIN;

      self->anchor = bobbin_heights_find (self->heights, value - lower);
      self->anchor_y = lower + bobbin_heights_get_top (self->heights, self->anchor);
      self->locus = (BobbinLocus) { 0, 0, 0 };
    }

  row = ensure_row (self, self->anchor);
  height = size_row (self, row, self->anchor);
  put_row (self, row, 0, height);
  *ret_position = self->anchor;
  if (row == NULL)
    return self->anchor_y - (self->held ? 0 : self->locus.dy);

  return self->anchor_y - bobbin_message_view_get_y (row, &self->locus);
}

/* Makes rows from the start row up and down until the view and its margins are covered. */
static void
place_rows (BobbinColumn *self,
            double        value,
            int           page)
{
  guint n = g_list_model_get_n_items (self->model);
  guint position;
  double top = start_row (self, value, page, &position);
  double bottom = top + height_at (self, position);
  guint first = position;
  guint last = position + 1;

  while (last < n && bottom < value + page + KEEP)
    {
      bottom += size_row (self, ensure_row (self, last), last);
      last++;
    }
  while (first > 0 && top > value - KEEP)
    {
      first--;
      top -= size_row (self, ensure_row (self, first), first);
    }
  /* the walk may have started far outside */
  while (last - first > 1 && bottom - height_at (self, last - 1) > value + page + KEEP)
    bottom -= height_at (self, --last);
  while (last - first > 1 && top + height_at (self, first) < value - KEEP)
    top += height_at (self, first++);

  /* a short conversation starts at the top of the view */
  if (self->following && first == 0 && top - END_MARGIN > value)
    top = value + END_MARGIN;

  self->first = first;
  self->last = last;
  self->first_top = top;
}

static void
configure (BobbinColumn *self,
           double        value,
           int           page)
{
  double lower = self->first_top - bobbin_heights_get_top (self->heights, self->first) - END_MARGIN;
  double upper = lower + bobbin_heights_get_total (self->heights) + 2 * END_MARGIN;

  upper = MAX (upper, lower + page);
  value = CLAMP (value, lower, upper - page);
  if (value != gtk_adjustment_get_value (self->vadjustment) || lower != gtk_adjustment_get_lower (self->vadjustment) ||
      upper != gtk_adjustment_get_upper (self->vadjustment))
    self->moved = TRUE;
  self->configuring = TRUE;
  gtk_adjustment_configure (self->vadjustment, value, lower, upper, page * 0.1, page * 0.9, page);
  self->configuring = FALSE;
}

/* A row needs more room, and has it in this frame: nothing around the column changes, so nothing around it is laid out, but for a
 * scrollbar that comes. That it moves is told before, or there would be a second layout. */
static gboolean
grew_cb (BobbinColumn *self)
{
  GtkAdjustment *adjustment = self->vadjustment;
  int page = adjustment != NULL ? (int) gtk_adjustment_get_page_size (adjustment) : 0;

  if (adjustment == NULL || self->first >= self->last ||
      gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_lower (adjustment) <= page)
    return FALSE;

  if (self->following)
    {
      place_rows (self, gtk_adjustment_get_value (adjustment), page);
      configure (self, gtk_adjustment_get_value (adjustment), page);
      self->moved = FALSE;
    }
  gtk_widget_queue_allocate (GTK_WIDGET (self));

  return TRUE;
}

/* Tells the rows what of them is on the screen; FALSE when one of them has another height now. */
static gboolean
tell_visible (BobbinColumn *self,
              double        value,
              int           page)
{
  double top = self->first_top;
  gboolean same = TRUE;

  for (guint i = self->first; i < self->last; i++)
    {
      BobbinMessageView *row = row_at (self, i);
      double height = height_at (self, i);

      if (row == NULL)
        {
          top += height;
          continue;
        }
      put_row (self, row, top - value, (int) height);
      bobbin_message_view_set_visible_range (row, (int) (value - top), (int) (value - top) + page);
      if (size_row (self, row, i) != (int) height)
        same = FALSE;
      else
        put_row (self, row, top - value, (int) height); /* within an allocation a request for another one is lost */
      top += height;
    }

  return same;
}

/* Takes the first line of row @position on the screen as the new anchor. FALSE: where it is is a guess, as the row is not loaded or
 * its text not read so far. */
static gboolean
take_line (BobbinColumn *self,
           guint         position,
           double        top,
           double        value,
           int           page)
{
  BobbinMessageView *row = row_at (self, position);
  BobbinLocus locus = { 0, 0, (int) MAX (value - top, 0) };
  gboolean known = row != NULL && bobbin_message_view_locate (row, MAX (value - top, 0), value + page - top, &locus);

  self->anchor = position;
  self->locus = locus;
  self->anchor_y = top + (row != NULL ? bobbin_message_view_get_y (row, &self->locus) : self->locus.dy);

  return known;
}

/* Takes the line at the top of the view as the new anchor: of what is there, as nobody reads the rest. The start of a row is
 * known, whatever is in it. */
static void
take_anchor (BobbinColumn *self,
             double        value,
             int           page)
{
  double top = self->first_top;
  gboolean taken = FALSE;

  if (self->held && row_at (self, self->anchor) == NULL)
    return;

  self->held = FALSE;
  for (guint i = self->first; i < self->last; i++)
    {
      double height = height_at (self, i);

      if (taken && top >= value + page)
        return;
      if (top + height > value || i + 1 == self->last)
        {
          if ((!taken || row_at (self, i) != NULL) && take_line (self, i, top, value, page))
            return;
          taken = TRUE;
        }
      top += height;
    }
}

/* GTK skips an allocation of the same size, and a request made in the midst of the passes would then stay marked on the row, where it
 * stops all later ones. Another baseline, which nothing in a row stands on, makes it another allocation; to ask for one would have
 * all of the window laid out once more. */
static void
put_row_anew (BobbinColumn      *self,
              BobbinMessageView *row,
              double             top,
              int                height)
{
  int baseline = gtk_widget_get_allocated_baseline (GTK_WIDGET (row)) < 0 ? 0 : -1;
  GtkAllocation area = { (self->width - self->column_width) / 2, (int) top, row_width (self, row), height };

  gtk_widget_size_allocate (GTK_WIDGET (row), &area, baseline);
}

/* Whatever the passes came to, every row has a place: one without cannot be drawn. */
static void
settle (BobbinColumn *self,
        double        value)
{
  double top = self->first_top;

  for (guint i = self->first; i < self->last; i++)
    {
      BobbinMessageView *row = row_at (self, i);
      int height = size_row (self, row, i);

      if (row != NULL)
        put_row_anew (self, row, top - value, height);
      top += height;
    }
}

static void
lay_out (BobbinColumn *self,
         int           page)
{
  double value = gtk_adjustment_get_value (self->vadjustment);
  gboolean settled = FALSE;

  for (guint pass = 0; pass < PASSES && !settled; pass++)
    {
      place_rows (self, value, page);
      configure (self, value, page);
      if (ABS (gtk_adjustment_get_value (self->vadjustment) - value) >= 1)
        {
          value = gtk_adjustment_get_value (self->vadjustment);
          continue; /* beyond an end: other rows may be wanted */
        }
      settled = tell_visible (self, value, page);
    }
  if (!settled)
    {
      /* the anchor stays where it is; what is still to be found out waits for the next frame */
      place_rows (self, value, page);
      configure (self, value, page);
      value = gtk_adjustment_get_value (self->vadjustment);
      self->unsettled = TRUE;
    }

  settle (self, value);
  take_anchor (self, value, page);
  drop_rows (self);
  settle (self, value); /* again: the steps between may have marked a row */
  if (gtk_adjustment_get_upper (self->vadjustment) - gtk_adjustment_get_lower (self->vadjustment) <= page)
    _bobbin_column_set_following (self, TRUE);
}

static void
configure_empty (BobbinColumn *self,
                 int           page)
{
  self->configuring = TRUE;
  gtk_adjustment_configure (self->vadjustment, 0, 0, page, 0, 0, page);
  self->configuring = FALSE;
}

/* The window has another size: from there down to the column, all of which changed, too, everything is laid out. A column that alone
 * changes, as when a pane beside it slides in, may be reached without what is around the two. */
static gboolean
window_resized (BobbinColumn *self)
{
  int width = self->root != NULL ? gtk_widget_get_width (GTK_WIDGET (self->root)) : 0;
  int height = self->root != NULL ? gtk_widget_get_height (GTK_WIDGET (self->root)) : 0;
  gboolean resized = width != self->root_width || height != self->root_height;

  self->root_width = width;
  self->root_height = height;

  return resized;
}

void
_bobbin_column_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);
  int text = text_width (self);
  gboolean resized = width != self->width ||
                     (self->vadjustment != NULL && height != (int) gtk_adjustment_get_page_size (self->vadjustment));

  if (self->menu != NULL)
    gtk_popover_present (GTK_POPOVER (self->menu));
  if (resized)
    self->match_late = self->match_shown;
  self->asked = (window_resized (self) && resized) || self->waiting;
  self->waiting = FALSE;
  self->width = width;
  self->column_width = MAX (MIN (width - 2 * SIDE_MARGIN, text), 1);
  if (self->hadjustment != NULL)
    gtk_adjustment_configure (self->hadjustment, 0, 0, width, 0, 0, width);
  if (self->vadjustment == NULL)
    return;

  if (self->model == NULL || g_list_model_get_n_items (self->model) == 0)
    {
      configure_empty (self, height);
      return;
    }

  lay_out (self, height);
  if (BOBBIN_IS_PAGER (self->model))
    bobbin_pager_want (BOBBIN_PAGER (self->model), self->first, self->last);
  _bobbin_column_laid_out (self);
}

/* What is below a widget whose own allocation is skipped, as it keeps its size, may be allocated all the same, and
 * ask for a size then: a text that makes the widgets for assistive tools, rows that come, the scrollbar that
 * moves. All up to the widget that is being laid out is marked, and nothing but that one ever heard of it: what
 * is marked is not drawn (GTK warns of that), nor are later requests passed on. So all of them are asked once
 * more, while the layout of this frame can still be done again: once, as then all are laid out. That the column
 * was asked for a size within the layout is seen by its being measured anew here: the scrolled window measures
 * this way whenever it is laid out itself. */
void
_bobbin_column_window_laid_out (BobbinColumn *self)
{
  gint64 frame = gdk_frame_clock_get_frame_counter (self->clock);
  int least;

  self->measured = FALSE;
  gtk_widget_measure (GTK_WIDGET (self), GTK_ORIENTATION_VERTICAL, -1, &least, NULL, NULL, NULL);
  if (self->asked || (!self->measured && !self->moved) || self->repaired == frame)
    {
      self->asked = self->moved = FALSE;
      return;
    }

  self->repaired = frame;
  self->moved = FALSE;
  for (GtkWidget *widget = GTK_WIDGET (self); widget != NULL; widget = gtk_widget_get_parent (widget))
    gtk_widget_queue_allocate (widget);
}
