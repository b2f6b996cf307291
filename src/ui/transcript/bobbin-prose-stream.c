/* A prose widget whose text is being written: what came is read and drawn at the pace of the display, and what else that takes is done
 * as seldom as it can be. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "model/bobbin-block.h"

#define READ_US 25000 /* between two looks at the text: every other frame */
#define ROOM_US 70000 /* between two times that it asks for more room: each lays out and draws all that is seen anew */

int
bobbin_prose_get_growth (BobbinProse *self)
{
  int asked;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  if (self->width <= 0)
    return 0;

  gtk_widget_measure (GTK_WIDGET (self), GTK_ORIENTATION_VERTICAL, self->width, &asked, NULL, NULL, NULL);

  return self->height - asked;
}

/* What is being written is drawn by the prose widget alone: more of it moves no other widget, as long as it has the room. */
static gboolean
ends_in_text (BobbinProse *self)
{
  const BobbinPiece *last = self->pieces->len > 0 ? prose_piece (self, self->pieces->len - 1) : NULL;

  return last != NULL &&
         (last->kind == BOBBIN_MARKUP_PARAGRAPH || last->kind == BOBBIN_MARKUP_HEADING || last->kind == BOBBIN_MARKUP_CODE);
}

/* A new size asked for lays out the whole window; room that is given without being asked for does not. */
static void
ask_for_room (BobbinProse *self)
{
  gboolean handled = FALSE;

  if (bobbin_prose_get_growth (self) >= 0)
    g_signal_emit_by_name (self, "grew", &handled);
  if (!handled)
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* Reads what came, and has done about it what costs least. Letters are drawn in every frame, a new line when there is room for it. */
static void
take_in (BobbinProse *self,
         gint64       now)
{
  gboolean text = ends_in_text (self);
  gboolean due = now - self->room_us >= ROOM_US;

  if ((!text && !due) || now - self->read_us < READ_US)
    return;

  self->read_us = now;
  _bobbin_prose_place_grown (self);
  text = text && ends_in_text (self);
  if (text && (!due || self->height == gtk_widget_get_height (GTK_WIDGET (self))))
    {
      self->cramped = self->height != gtk_widget_get_height (GTK_WIDGET (self));
      _bobbin_prose_follow_later (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }

  self->room_us = now;
  self->cramped = FALSE;
  if (self->height == gtk_widget_get_height (GTK_WIDGET (self)))
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  else
    ask_for_room (self);
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  BobbinProse *self = BOBBIN_PROSE (widget);

  if ((self->grown || self->cramped) && self->width > 0 && gtk_widget_get_mapped (widget))
    {
      take_in (self, gdk_frame_clock_get_frame_time (clock));
      return G_SOURCE_CONTINUE;
    }

  self->tick = 0;
  self->cramped = FALSE;
  if (self->grown)
    _bobbin_prose_text_changed (self);

  return G_SOURCE_REMOVE;
}

/* Once a frame is as often as anybody sees it. */
void
_bobbin_prose_appended (BobbinProse *self)
{
  self->grown = TRUE;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    _bobbin_prose_text_changed (self);
  else if (self->tick == 0 && !self->dirty)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}
