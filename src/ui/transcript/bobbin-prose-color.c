/* Colours of the code in a prose widget: asked for when a card is near the screen, again when more came or the theme changed. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include <adwaita.h>

#define PAUSE_US G_USEC_PER_SEC /* code that is still written is coloured this often */

/* What a card wants coloured. */
typedef struct
{
  BobbinProse *self;  /* borrowed: the job lives in its piece */
  gsize        start; /* source: of the card's first piece */
} Order;

static void
spread_spans (BobbinProse *self,
              guint        first,
              GArray      *spans)
{
  guint offset = 0;
  guint k = 0;

  for (guint i = first;; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);
      guint length = _bobbin_prose_block (self, i)->length;

      g_clear_pointer (&piece->flow.spans, g_array_unref);
      piece->flow.spans = g_array_new (FALSE, FALSE, sizeof (BobbinFlowSpan));
      for (; k < spans->len; k++)
        {
          BobbinFlowSpan span = g_array_index (spans, BobbinFlowSpan, k);

          if (span.start >= offset + length)
            break;
          span.start = MAX (span.start, offset) - offset;
          span.end = MIN (span.end - MIN (span.end, offset), length);
          if (span.start < span.end)
            g_array_append_val (piece->flow.spans, span);
          if (g_array_index (spans, BobbinFlowSpan, k).end > offset + length)
            break; /* goes on in the next piece */
        }
      bobbin_flow_drop (&piece->flow);
      if (_bobbin_prose_ends_card (self, i) || i + 1 == self->pieces->len)
        return;
      offset += length + (prose_piece (self, i + 1)->joins ? 0 : 1);
    }
}

static void
done_cb (GArray   *spans,
         gpointer  user_data)
{
  Order *order = user_data;
  BobbinProse *self = order->self;

  for (guint i = 0; i < self->pieces->len; i++)
    if (_bobbin_prose_starts_card (self, i) && _bobbin_prose_block (self, i)->start == order->start)
      {
        spread_spans (self, i, spans);
        gtk_widget_queue_draw (GTK_WIDGET (self));
        return;
      }
}

static char *
card_code (BobbinProse *self,
           guint        first)
{
  GString *code = g_string_new (NULL);

  for (guint i = first;; i++)
    {
      BobbinFlowText text = _bobbin_prose_flow_text (self, i);

      if (i > first && !prose_piece (self, i)->joins)
        g_string_append_c (code, '\n');
      g_string_append_len (code, text.text, text.block->length);
      if (_bobbin_prose_ends_card (self, i))
        return g_string_free (code, FALSE);
    }
}

void
_bobbin_prose_color_card (BobbinProse *self,
                          guint        index,
                          guint        n_lines)
{
  BobbinPiece *piece = prose_piece (self, index);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  gint64 now = clock != NULL ? gdk_frame_clock_get_frame_time (clock) : 0;
  AdwStyleManager *manager = adw_style_manager_get_default ();
  BobbinHighlightLook look = (adw_style_manager_get_dark (manager) ? BOBBIN_HIGHLIGHT_DARK : 0) |
                             (adw_style_manager_get_high_contrast (manager) ? BOBBIN_HIGHLIGHT_CONTRAST : 0);
  g_autofree char *code = NULL;
  gsize length = 0;
  Order *order;
  guint last = index;

  for (;; last++)
    {
      length += _bobbin_prose_block (self, last)->length + 1;
      if (_bobbin_prose_ends_card (self, last))
        break;
    }
  if (piece->colored == length && piece->look == look)
    return;
  if (n_lines > BOBBIN_HIGHLIGHT_LINES_MAX || (last >= self->n_frozen && !self->final && now - piece->colored_us < PAUSE_US))
    return;

  piece->colored = length;
  piece->colored_us = now;
  piece->look = look;
  code = card_code (self, index);
  g_clear_pointer (&piece->highlight, bobbin_highlight_free);
  if (piece->order == NULL)
    piece->order = g_new0 (Order, 1);
  order = piece->order;
  *order = (Order) { self, _bobbin_prose_block (self, index)->start };
  piece->highlight = bobbin_highlight_new (code, _bobbin_prose_block (self, index)->info, look, done_cb, order);
}

guint
bobbin_prose_get_n_colored (BobbinProse *self)
{
  guint n = 0;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      const GArray *spans = prose_piece (self, i)->flow.spans;

      n += spans != NULL ? spans->len : 0;
    }

  return n;
}
