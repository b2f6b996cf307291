/* The pointer and the keyboard in a column: selecting, copying, opening addresses, scrolling. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "bobbin-message-editor.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#define AUTOSCROLL_PART 4  /* pixels beyond the view that scroll one pixel a frame */
#define AUTOSCROLL_MAX  60 /* pixels a frame */
#define FOCUS_MARGIN    12 /* pixels around what has the focus */

/* The pointer */

static BobbinProse *
prose_above (GtkWidget *widget)
{
  while (widget != NULL && !BOBBIN_IS_PROSE (widget) && !BOBBIN_IS_COLUMN (widget))
    widget = gtk_widget_get_parent (widget);

  return widget != NULL && BOBBIN_IS_PROSE (widget) ? BOBBIN_PROSE (widget) : NULL;
}

static BobbinMessageView *
row_above (GtkWidget *widget)
{
  return BOBBIN_MESSAGE_VIEW (gtk_widget_get_ancestor (widget, BOBBIN_TYPE_MESSAGE_VIEW));
}

/* The row at @y, or the nearest one. */
static BobbinMessageView *
row_near (BobbinColumn *self,
          double        y)
{
  BobbinMessageView *found = NULL;

  for (guint i = self->first; i < self->last; i++)
    {
      BobbinMessage *message = _bobbin_column_get_message (self, i);
      BobbinMessageView *row = message != NULL ? g_hash_table_lookup (self->rows, message) : NULL;
      double x;
      double top;

      if (row == NULL || !gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (self), 0, 0, &x, &top))
        continue;
      if (found != NULL && top > y)
        break;
      found = row;
    }

  return found;
}

static gsize
hit (BobbinColumn *self,
     BobbinProse  *prose,
     double        x,
     double        y)
{
  double px;
  double py;

  gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (prose), x, y, &px, &py);
  return bobbin_prose_hit (prose, px, py);
}

/* Moves the end of the selection to a point. */
static void
extend_to (BobbinColumn *self,
           double        x,
           double        y)
{
  BobbinMessageView *row;
  BobbinProse *prose;
  gint64 block_id;
  gboolean behind;
  double px;
  double py;

  if (self->local != NULL)
    {
      _bobbin_column_set_local (self, self->local, self->local_from, hit (self, self->local, x, y));
      return;
    }

  row = row_near (self, y);
  if (row == NULL || self->from.message_id == 0)
    return;
  gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (row), x, y, &px, &py);
  block_id = bobbin_message_view_pick_block (row, py, &behind);
  if (block_id == 0)
    return;

  /* a card, an image: in or out, as the pointer is in its lower or upper half */
  prose = bobbin_message_view_get_prose (row, block_id);
  _bobbin_place_set (&self->to, bobbin_message_get_id (bobbin_message_view_get_message (row)), block_id,
                     prose != NULL ? hit (self, prose, x, y) : behind ? G_MAXSIZE : 0);
  _bobbin_column_apply_all (self);
}

/* What is between two blank lines; of code, all. */
static void
find_paragraph (BobbinProse *prose,
                gsize        offset,
                gsize       *ret_from,
                gsize       *ret_to)
{
  gsize length;
  const char *text = bobbin_prose_get_text (prose, &length);
  BobbinBlock *block = bobbin_prose_get_block (prose);
  const char *end;

  *ret_from = 0;
  *ret_to = length;
  if (block != NULL && bobbin_block_get_kind (block) == BOBBIN_BLOCK_CODE)
    return;

  for (gsize i = MIN (offset, length); i > 1; i--)
    if (text[i - 1] == '\n' && text[i - 2] == '\n')
      {
        *ret_from = i;
        break;
      }
  end = strstr (text + MIN (offset, length), "\n\n");
  if (end != NULL)
    *ret_to = (gsize) (end - text);
}

/* One press: from here. Two: the word. Three: the paragraph. */
static void
begin_at (BobbinColumn *self,
          BobbinProse  *prose,
          gsize         offset,
          int           n_press)
{
  BobbinMessageView *row = row_above (GTK_WIDGET (prose));
  BobbinBlock *block = bobbin_prose_get_block (prose);
  gsize from = offset;
  gsize to = offset;

  if (n_press == 2)
    {
      to = bobbin_prose_move (prose, offset, GTK_MOVEMENT_WORDS, 1);
      from = bobbin_prose_move (prose, to, GTK_MOVEMENT_WORDS, -1);
    }
  else if (n_press > 2)
    {
      find_paragraph (prose, offset, &from, &to);
    }

  _bobbin_column_clear_selection (self);
  if (block == NULL || row == NULL || bobbin_message_view_get_prose (row, bobbin_block_get_id (block)) != prose)
    {
      _bobbin_column_set_local (self, prose, from, to);
    }
  else
    {
      gint64 message_id = bobbin_message_get_id (bobbin_message_view_get_message (row));

      _bobbin_place_set (&self->from, message_id, bobbin_block_get_id (block), from);
      _bobbin_place_set (&self->to, message_id, bobbin_block_get_id (block), to);
      _bobbin_column_apply_all (self);
    }
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static char *
dup_link (BobbinColumn *self,
          BobbinProse  *prose,
          double        x,
          double        y)
{
  double px;
  double py;

  gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (prose), x, y, &px, &py);
  return bobbin_prose_dup_link_at (prose, px, py);
}

static void
pressed_cb (BobbinColumn *self,
            int           n_press,
            double        x,
            double        y,
            GtkGesture   *gesture)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  BobbinProse *prose = prose_above (picked);
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (prose == NULL)
    {
      _bobbin_column_clear_selection (self);
      return;
    }

  self->selecting = TRUE;
  g_free (self->link);
  self->link = n_press == 1 ? dup_link (self, prose, x, y) : NULL;
  if ((state & GDK_SHIFT_MASK) != 0 && (self->from.message_id != 0 || self->local != NULL))
    extend_to (self, x, y);
  else
    begin_at (self, prose, hit (self, prose, x, y), MIN (n_press, 3));
}

/* An address is shown when the button goes up where it went down: otherwise its text was selected. */
static void
released_cb (BobbinColumn *self,
             int           n_press,
             double        x,
             double        y)
{
  g_autofree char *pressed = g_steal_pointer (&self->link);
  BobbinProse *prose = prose_above (gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT));
  g_autofree char *link = prose != NULL ? dup_link (self, prose, x, y) : NULL;
  double px;
  double py;

  if (pressed == NULL || _bobbin_column_has_selection (self) || g_strcmp0 (pressed, link) != 0)
    return;

  gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (prose), x, y, &px, &py);
  bobbin_prose_popup_link (prose, &(GdkRectangle) { (int) px, (int) py, 1, 1 }, link);
}

/* While the pointer is held above or below the view, the view goes there. */
static gboolean
autoscroll_cb (GtkWidget     *widget,
               GdkFrameClock *clock,
               gpointer       user_data)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);
  int height = gtk_widget_get_height (widget);
  double beyond = self->drag_y < 0 ? self->drag_y : self->drag_y > height ? self->drag_y - height : 0;

  if (!self->selecting || beyond == 0)
    {
      self->autoscroll_id = 0;
      return G_SOURCE_REMOVE;
    }

  gtk_adjustment_set_value (self->vadjustment, gtk_adjustment_get_value (self->vadjustment) +
                                                 CLAMP (beyond / AUTOSCROLL_PART, -AUTOSCROLL_MAX, AUTOSCROLL_MAX));
  extend_to (self, self->drag_x, CLAMP (self->drag_y, 0, height));

  return G_SOURCE_CONTINUE;
}

static void
drag_update_cb (BobbinColumn   *self,
                double          offset_x,
                double          offset_y,
                GtkGestureDrag *gesture)
{
  double x;
  double y;

  if (!self->selecting || !gtk_gesture_drag_get_start_point (gesture, &x, &y))
    return;

  /* the reader works here now: the text must not run away below the pointer */
  if (ABS (offset_x) + ABS (offset_y) > 4)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      _bobbin_column_set_following (self, FALSE);
      self->drag_x = x + offset_x;
      self->drag_y = y + offset_y;
      extend_to (self, self->drag_x, self->drag_y);
      if ((self->drag_y < 0 || self->drag_y > gtk_widget_get_height (GTK_WIDGET (self))) && self->autoscroll_id == 0)
        self->autoscroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), autoscroll_cb, NULL, NULL);
    }
}

static void
drag_end_cb (BobbinColumn *self)
{
  if (!self->selecting)
    return;

  self->selecting = FALSE;
  if (_bobbin_column_has_selection (self))
    _bobbin_column_copy_selection (self, gtk_widget_get_primary_clipboard (GTK_WIDGET (self)));
}

/* The keyboard */

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);
  BobbinMessageView *row = _bobbin_column_get_focus_row (self);

  if (_bobbin_column_has_selection (self))
    _bobbin_column_copy_selection (self, gtk_widget_get_clipboard (widget));
  else if (row != NULL)
    gtk_widget_activate_action (GTK_WIDGET (row), "message.copy", NULL);
}

static void
select_all_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);
  BobbinMessageView *row = _bobbin_column_get_focus_row (self);
  BobbinMessage *message = row != NULL ? bobbin_message_view_get_message (row) : NULL;
  gint64 id = message != NULL ? bobbin_message_get_id (message) : 0;
  guint n = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
  gint64 first = id;
  gint64 last = id;

  if (n == 0)
    return;

  /* the message; once more, or without one: the thread */
  if (id == 0 || (self->from.message_id == id && self->to.message_id == id && self->from.block_id == 0 &&
                  self->to.block_id == 0))
    {
      first = _bobbin_column_get_id (self, 0);
      last = _bobbin_column_get_id (self, n - 1);
    }
  _bobbin_column_set_local (self, NULL, 0, 0);
  _bobbin_place_set (&self->from, first, 0, 0);
  _bobbin_place_set (&self->to, last, 0, G_MAXSIZE);
  _bobbin_column_apply_all (self);
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  _bobbin_column_clear_selection (BOBBIN_COLUMN (widget));
}

/* The end of a message as a place in its first or last text. */
static void
settle_end (BobbinColumn      *self,
            BobbinMessageView *row)
{
  g_autoptr(GPtrArray) texts = bobbin_message_view_list_prose (row);
  BobbinBlock *block;

  if (texts->len == 0)
    return;

  block = bobbin_prose_get_block (g_ptr_array_index (texts, self->to.offset == 0 ? 0 : texts->len - 1));
  _bobbin_place_set (&self->to, self->to.message_id, bobbin_block_get_id (block),
                     self->to.offset == 0 ? 0 : bobbin_block_get_length (block));
}

/* The text before or after @prose, of this message or of the next one that is there. */
static BobbinProse *
neighbour_text (BobbinColumn *self,
                BobbinProse  *prose,
                int           step)
{
  BobbinMessageView *row = row_above (GTK_WIDGET (prose));
  g_autoptr(GPtrArray) texts = bobbin_message_view_list_prose (row);
  guint position;
  guint index;

  if (!g_ptr_array_find (texts, prose, &index))
    return NULL;
  if (step > 0 ? index + 1 < texts->len : index > 0)
    return g_ptr_array_index (texts, step > 0 ? index + 1 : index - 1);

  if (!_bobbin_column_find (self, bobbin_message_view_get_message (row), &position))
    return NULL;
  while (step > 0 ? position + 1 < self->last : position > self->first)
    {
      BobbinMessage *message = _bobbin_column_get_message (self, position += (guint) step);
      BobbinMessageView *other = message != NULL ? bobbin_column_get_row (self, message) : NULL;
      g_autoptr(GPtrArray) others = other != NULL ? bobbin_message_view_list_prose (other) : NULL;

      if (others != NULL && others->len > 0)
        return g_ptr_array_index (others, step > 0 ? 0 : others->len - 1);
    }

  return NULL;
}

/* Begins at the first text of the message with the focus, when nothing is selected yet. */
static BobbinProse *
ensure_begun (BobbinColumn *self)
{
  BobbinMessageView *row = _bobbin_column_get_focus_row (self);
  BobbinMessageView *shown;

  if (self->local != NULL)
    return self->local;
  if (self->to.message_id == 0 && row != NULL)
    {
      g_autoptr(GPtrArray) texts = bobbin_message_view_list_prose (row);

      if (texts->len > 0 && bobbin_prose_get_block (g_ptr_array_index (texts, 0)) != NULL)
        begin_at (self, g_ptr_array_index (texts, 0), 0, 1);
    }
  if (self->to.message_id == 0)
    return NULL;

  shown = _bobbin_column_row_of (self, self->to.message_id);
  if (shown != NULL && self->to.block_id == 0)
    settle_end (self, shown);
  return shown != NULL ? bobbin_message_view_get_prose (shown, self->to.block_id) : NULL;
}

/* Scrolls just so far that the end of the selection can be seen. */
static void
show_end (BobbinColumn *self,
          BobbinProse  *prose,
          gsize         offset)
{
  GdkRectangle rect;
  double x;
  double y;
  double value = gtk_adjustment_get_value (self->vadjustment);
  int page = gtk_widget_get_height (GTK_WIDGET (self));

  bobbin_prose_get_offset_rect (prose, offset, &rect);
  gtk_widget_translate_coordinates (GTK_WIDGET (prose), GTK_WIDGET (self), rect.x, rect.y, &x, &y);
  if (y < 0)
    gtk_adjustment_set_value (self->vadjustment, value + y);
  else if (y + rect.height > page)
    gtk_adjustment_set_value (self->vadjustment, value + y + rect.height - page);
}

static void
extend_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);
  BobbinProse *prose = ensure_begun (self);
  int step;
  int count;
  gsize before;
  gsize after;

  if (prose == NULL)
    return;

  g_variant_get (parameter, "(ii)", &step, &count);
  before = self->local != NULL ? self->local_to : self->to.offset;
  after = bobbin_prose_move (prose, before, step, count);
  if (self->local != NULL)
    {
      _bobbin_column_set_local (self, prose, self->local_from, after);
    }
  else if (after != before)
    {
      self->to.offset = after;
    }
  else
    {
      /* over the edge of this text into the next one */
      BobbinProse *other = neighbour_text (self, prose, count > 0 ? 1 : -1);

      if (other != NULL)
        {
          BobbinBlock *block = bobbin_prose_get_block (other);

          prose = other;
          after = count > 0 ? 0 : bobbin_block_get_length (block);
          _bobbin_place_set (&self->to, bobbin_message_get_id (bobbin_message_view_get_message (row_above (GTK_WIDGET (other)))),
                             bobbin_block_get_id (block), after);
        }
    }
  _bobbin_column_apply_all (self);
  show_end (self, prose, after);
}

static void
scroll_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);
  GtkAdjustment *vadjustment = self->vadjustment;
  double page = gtk_adjustment_get_page_size (vadjustment);
  double value = gtk_adjustment_get_value (vadjustment);
  double pages = g_variant_get_double (parameter);

  if (pages >= 1000)
    bobbin_column_follow (self);
  else if (pages <= -1000)
    gtk_adjustment_set_value (vadjustment, gtk_adjustment_get_lower (vadjustment));
  else
    gtk_adjustment_set_value (vadjustment, value + pages * page);
}

static void show_editor_action (GtkWidget *widget, const char *name, GVariant *parameter);

static void
bind_extend (GtkWidgetClass  *widget_class,
             guint            key,
             GdkModifierType  modifiers,
             GtkMovementStep  step,
             int              count)
{
  gtk_widget_class_add_binding_action (widget_class, key, modifiers | GDK_SHIFT_MASK, "selection.extend", "(ii)", (int) step,
                                       count);
}

void
_bobbin_column_install_input (GtkWidgetClass *widget_class)
{
  static const struct { guint key; double pages; } scrolls[] = {
    { GDK_KEY_Page_Up, -0.9 }, { GDK_KEY_Page_Down, 0.9 }, { GDK_KEY_Home, -1000 }, { GDK_KEY_End, 1000 },
    { GDK_KEY_KP_Page_Up, -0.9 }, { GDK_KEY_KP_Page_Down, 0.9 }, { GDK_KEY_KP_Home, -1000 }, { GDK_KEY_KP_End, 1000 },
    { GDK_KEY_Up, -0.08 }, { GDK_KEY_Down, 0.08 },
  };

  gtk_widget_class_install_action (widget_class, "selection.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "selection.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "selection.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "selection.extend", "(ii)", extend_action);
  gtk_widget_class_install_action (widget_class, "column.scroll", "d", scroll_action);
  gtk_widget_class_install_action (widget_class, "column.show-editor", NULL, show_editor_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "selection.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, GDK_CONTROL_MASK, "selection.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "selection.select-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "selection.clear", NULL);
  bind_extend (widget_class, GDK_KEY_Left, 0, GTK_MOVEMENT_VISUAL_POSITIONS, -1);
  bind_extend (widget_class, GDK_KEY_Right, 0, GTK_MOVEMENT_VISUAL_POSITIONS, 1);
  bind_extend (widget_class, GDK_KEY_Left, GDK_CONTROL_MASK, GTK_MOVEMENT_WORDS, -1);
  bind_extend (widget_class, GDK_KEY_Right, GDK_CONTROL_MASK, GTK_MOVEMENT_WORDS, 1);
  bind_extend (widget_class, GDK_KEY_Up, 0, GTK_MOVEMENT_DISPLAY_LINES, -1);
  bind_extend (widget_class, GDK_KEY_Down, 0, GTK_MOVEMENT_DISPLAY_LINES, 1);
  bind_extend (widget_class, GDK_KEY_Home, 0, GTK_MOVEMENT_DISPLAY_LINE_ENDS, -1);
  bind_extend (widget_class, GDK_KEY_End, 0, GTK_MOVEMENT_DISPLAY_LINE_ENDS, 1);
  bind_extend (widget_class, GDK_KEY_Home, GDK_CONTROL_MASK, GTK_MOVEMENT_BUFFER_ENDS, -1);
  bind_extend (widget_class, GDK_KEY_End, GDK_CONTROL_MASK, GTK_MOVEMENT_BUFFER_ENDS, 1);
  for (guint i = 0; i < G_N_ELEMENTS (scrolls); i++)
    gtk_widget_class_add_binding_action (widget_class, scrolls[i].key, 0, "column.scroll", "d", scrolls[i].pages);
}

/* (nullable): what is to be seen as a whole: of a message being written, its buttons too. */
static GtkWidget *
find_focus (BobbinColumn *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *editor;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return NULL;

  editor = gtk_widget_get_ancestor (focus, BOBBIN_TYPE_MESSAGE_EDITOR);
  return editor != NULL ? editor : focus;
}

/* What has the focus is brought into view, but a message of which some is seen already stays. */
static void
bring_into_view (BobbinColumn *self,
                 GtkWidget    *focus)
{
  int page = gtk_widget_get_height (GTK_WIDGET (self));
  BobbinMessageView *row = row_above (focus);
  graphene_rect_t bounds;
  guint position;
  double move = 0;

  /* a row that waits out of sight is nowhere */
  if (row != NULL && self->last > self->first && _bobbin_column_find (self, bobbin_message_view_get_message (row), &position) &&
      (position < self->first || position >= self->last))
    {
      bobbin_column_scroll_to (self, position, &(BobbinLocus) { 0, 0, 0 }, FOCUS_MARGIN);
      self->focus_late = TRUE; /* it may be deep in the row */
      return;
    }
  if (!gtk_widget_compute_bounds (focus, GTK_WIDGET (self), &bounds))
    return;
  if (BOBBIN_IS_MESSAGE_VIEW (focus) && bounds.origin.y < page && bounds.origin.y + bounds.size.height > 0)
    return;

  if (bounds.origin.y < 0)
    move = bounds.origin.y - FOCUS_MARGIN;
  else if (bounds.origin.y + bounds.size.height > page)
    move = MIN (bounds.origin.y + bounds.size.height - page + FOCUS_MARGIN, bounds.origin.y);
  if (move != 0)
    {
      gboolean menu_late = self->menu_late;

      gtk_adjustment_set_value (self->vadjustment, gtk_adjustment_get_value (self->vadjustment) + move);
      self->menu_late = menu_late; /* it waits for what is brought into view, too */
    }
}

static int
get_editor_height (GtkWidget *focus)
{
  return BOBBIN_IS_MESSAGE_EDITOR (focus) ? gtk_widget_get_height (focus) : 0;
}

void
_bobbin_column_show_focus (BobbinColumn *self)
{
  GtkWidget *focus = find_focus (self);

  self->focus_height = 0;
  if (focus == NULL || self->selecting)
    return;

  /* made a moment ago, it is nowhere yet */
  if (gtk_widget_get_height (focus) == 0)
    {
      self->focus_late = TRUE;
      return;
    }

  bring_into_view (self, focus);
  self->focus_height = get_editor_height (focus);
}

/* After a layout. A message being written takes more room as it gets longer, and at first when its text is laid out. */
void
_bobbin_column_show_focus_late (BobbinColumn *self)
{
  GtkWidget *focus = find_focus (self);
  int height = focus != NULL ? get_editor_height (focus) : 0;
  gboolean wanted = focus != NULL && (self->focus_late || height > self->focus_height);

  self->focus_late = FALSE;
  self->focus_height = height;
  if (wanted)
    bring_into_view (self, focus);
}

/* Something was written: the editor is seen, or, where the view is lower, some of it. */
static void
show_editor_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);
  GtkWidget *focus = find_focus (self);
  int page = gtk_widget_get_height (widget);
  graphene_rect_t bounds;

  if (focus == NULL || !BOBBIN_IS_MESSAGE_EDITOR (focus))
    return;

  if (self->waiting)
    self->focus_late = TRUE;
  else if (gtk_widget_compute_bounds (focus, widget, &bounds) &&
           (bounds.size.height <= page || bounds.origin.y >= page || bounds.origin.y + bounds.size.height <= 0))
    bring_into_view (self, focus);
}

void
_bobbin_column_init_input (BobbinColumn *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_gesture_group (click, drag);
  _bobbin_column_init_menu (self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "selection.clear", FALSE);
}
