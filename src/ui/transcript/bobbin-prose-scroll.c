/* What is wider than its place in a prose widget: code whose lines are not broken and large formulas. They are scrolled sideways,
 * by a slider below them, a touchpad or the wheel with Shift. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "model/bobbin-block.h"

#define LAST_BIT     30
#define WHEEL_STEP   40 /* pixels */
#define REVEAL_ROOM  40
#define SLIDER_ABOVE 12 /* the lower edge of a card */

static guint
card_bit (BobbinProse *self,
          guint        index)
{
  guint card = prose_piece (self, prose_piece (self, index)->head)->card;

  return 1u << MIN (MAX (card, 1) - 1, LAST_BIT);
}

gboolean
_bobbin_prose_is_flat (BobbinProse *self,
                       guint        index)
{
  return self->unwrapped != 0 && !self->bare && prose_piece (self, index)->kind == BOBBIN_MARKUP_CODE &&
         (self->unwrapped & card_bit (self, index)) != 0;
}

/* As far as it is laid out. */
static int
content_width (BobbinProse *self,
               guint        head)
{
  int width = 0;

  for (guint i = head; i < self->pieces->len && prose_piece (self, i)->head == head; i++)
    width = MAX (width, prose_piece (self, i)->flow.natural);

  return PANGO_PIXELS_CEIL (width);
}

gboolean
_bobbin_prose_is_wide (BobbinProse *self,
                       guint        index)
{
  const BobbinPiece *piece = prose_piece (self, index);

  if (piece->kind != BOBBIN_MARKUP_MATH && !_bobbin_prose_is_flat (self, index))
    return FALSE;

  return content_width (self, piece->head) > piece->width;
}

int
_bobbin_prose_shift (BobbinProse *self,
                     guint        index)
{
  return prose_piece (self, prose_piece (self, index)->head)->scroll;
}

static void
scroll_to (BobbinProse *self,
           guint        head,
           double       to)
{
  BobbinPiece *piece = prose_piece (self, head);
  int most = MAX (content_width (self, head) - piece->width, 0);
  int scroll = (int) CLAMP (to, 0, most);

  if (scroll == piece->scroll)
    return;

  piece->scroll = scroll;
  if (piece->slider != NULL)
    gtk_adjustment_set_value (gtk_scrollbar_get_adjustment (GTK_SCROLLBAR (piece->slider)), scroll);
  _bobbin_prose_update_proxies (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
slider_moved_cb (BobbinProse   *self,
                 GtkAdjustment *adjustment)
{
  for (guint i = 0; i < self->pieces->len; i++)
    {
      GtkWidget *slider = prose_piece (self, i)->slider;

      if (slider != NULL && gtk_scrollbar_get_adjustment (GTK_SCROLLBAR (slider)) == adjustment)
        {
          scroll_to (self, i, gtk_adjustment_get_value (adjustment));
          return;
        }
    }
}

static GtkWidget *
slider_new (BobbinProse *self)
{
  GtkAdjustment *adjustment = gtk_adjustment_new (0, 0, 0, WHEEL_STEP, 0, 0);
  GtkWidget *slider = gtk_scrollbar_new (GTK_ORIENTATION_HORIZONTAL, adjustment);

  /* code and formulas run from left to right everywhere */
  gtk_widget_set_direction (slider, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (slider, "overlay-indicator");
  gtk_widget_set_cursor_from_name (slider, "default");
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (slider_moved_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_before (slider, GTK_WIDGET (self), NULL);

  return slider;
}

static void
allocate_slider (BobbinProse *self,
                 guint        index)
{
  BobbinPiece *piece = prose_piece (self, index);
  int content = content_width (self, index);
  GtkAllocation area = { piece->x, 0, piece->width, 0 };

  piece->scroll = CLAMP (piece->scroll, 0, content - piece->width);
  if (piece->slider == NULL)
    piece->slider = slider_new (self);
  gtk_adjustment_configure (gtk_scrollbar_get_adjustment (GTK_SCROLLBAR (piece->slider)), piece->scroll, 0, content, WHEEL_STEP,
                            piece->width, piece->width);
  gtk_widget_measure (piece->slider, GTK_ORIENTATION_VERTICAL, -1, &area.height, NULL, NULL, NULL);
  area.y = piece->kind == BOBBIN_MARKUP_CODE ? _bobbin_prose_card_bottom (self, index) - MAX (area.height, SLIDER_ABOVE)
                                             : piece->y + piece->height;
  gtk_widget_measure (piece->slider, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (piece->slider, &area, -1);
}

void
_bobbin_prose_allocate_sliders (BobbinProse *self,
                                guint        first,
                                guint        last,
                                int          near_top,
                                int          near_bottom)
{
  for (guint i = first; i < last; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);

      if (piece->head != i || (piece->kind != BOBBIN_MARKUP_MATH && piece->kind != BOBBIN_MARKUP_CODE))
        continue;
      if (_bobbin_prose_is_wide (self, i) && piece->y < near_bottom &&
          (piece->kind == BOBBIN_MARKUP_MATH ? piece->end : _bobbin_prose_card_bottom (self, i)) > near_top)
        {
          allocate_slider (self, i);
          continue;
        }
      g_clear_pointer (&piece->slider, gtk_widget_unparent);
      if (!_bobbin_prose_is_wide (self, i))
        piece->scroll = 0;
    }
}

void
_bobbin_prose_set_wrap (BobbinProse *self,
                        guint        index,
                        gboolean     wrap)
{
  guint bit = card_bit (self, index);

  if (wrap == ((self->unwrapped & bit) == 0))
    return;

  self->unwrapped ^= bit;
  if (self->state != NULL)
    bobbin_view_state_set_slot (self->state, bobbin_block_get_id (self->block), BOBBIN_VIEW_FLAT, (int) self->unwrapped);
  for (guint i = 0; i < self->pieces->len; i++)
    if (prose_piece (self, i)->kind == BOBBIN_MARKUP_CODE && card_bit (self, i) == bit)
      {
        bobbin_flow_unlay (&prose_piece (self, i)->flow);
        prose_piece (self, i)->flow.width = -1;
        prose_piece (self, i)->scroll = 0;
      }
  self->width = -1;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
_bobbin_prose_reveal (BobbinProse *self,
                      gsize        offset)
{
  GdkRectangle rect;
  guint low = 0;
  guint high = self->pieces->len;
  BobbinPiece *piece;

  if (self->width <= 0 || self->dirty || high == 0)
    return;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (_bobbin_prose_block (self, middle)->start <= offset)
        low = middle;
      else
        high = middle;
    }
  piece = prose_piece (self, low);
  if (!_bobbin_prose_is_wide (self, low))
    return;

  bobbin_prose_get_offset_rect (self, offset, &rect);
  if (rect.x < piece->x)
    scroll_to (self, piece->head, prose_piece (self, piece->head)->scroll + rect.x - piece->x - REVEAL_ROOM);
  else if (rect.x + rect.width + REVEAL_ROOM > piece->x + piece->width)
    scroll_to (self, piece->head,
               prose_piece (self, piece->head)->scroll + rect.x + rect.width + REVEAL_ROOM - piece->x - piece->width);
}

/* The wide piece at a height; G_MAXUINT: none. */
static guint
wide_at (BobbinProse *self,
         double       y)
{
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const BobbinPiece *piece = prose_piece (self, i);

      if (y < piece->end)
        return y >= piece->y && _bobbin_prose_is_wide (self, i) ? piece->head : G_MAXUINT;
    }

  return G_MAXUINT;
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           gpointer                  user_data)
{
  BobbinProse *self = user_data;
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  double step = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL ? WHEEL_STEP : 1;
  guint head;
  int before;

  /* up and down is for the transcript */
  if (event == NULL || ABS (dx) <= ABS (dy) || self->pointer_y < 0)
    return FALSE;
  head = wide_at (self, self->pointer_y);
  if (head == G_MAXUINT)
    return FALSE;

  before = prose_piece (self, head)->scroll;
  scroll_to (self, head, before + dx * step);

  return prose_piece (self, head)->scroll != before;
}

static void
pointer_cb (BobbinProse *self,
            double       x,
            double       y)
{
  self->pointer_y = y;
}

void
_bobbin_prose_init_scroll (BobbinProse *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->pointer_y = -1;
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (pointer_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (pointer_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}
