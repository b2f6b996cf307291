/* A prose widget towards assistive tools: every piece near the screen is also a child widget whose name is its text. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"
#include "bobbin-proxy.h"

#define OPEN_PAUSE_US G_USEC_PER_SEC /* the paragraph being written is told at most this often */

static GtkWidget *
nth_proxy (BobbinProse *self,
           guint        n)
{
  if (n == self->proxies->len)
    {
      GtkWidget *proxy = bobbin_proxy_new (GTK_ACCESSIBLE_ROLE_GROUP);

      gtk_widget_insert_before (proxy, GTK_WIDGET (self), NULL);
      g_ptr_array_add (self->proxies, proxy);
    }

  return g_ptr_array_index (self->proxies, n);
}

/* The piece that is still written is told now and then; TRUE when now. */
static gboolean
is_time (BobbinProse *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  gint64 now = clock != NULL ? gdk_frame_clock_get_frame_time (clock) : 0;

  if (self->final)
    return TRUE;
  if (now - self->proxies_us < OPEN_PAUSE_US)
    return FALSE;

  self->proxies_us = now;
  return TRUE;
}

void
_bobbin_prose_update_proxies (BobbinProse *self)
{
  const char *text = bobbin_prose_get_text (self, NULL);
  int near_top;
  int near_bottom;
  guint n = 0;

  _bobbin_prose_near (self, &near_top, &near_bottom);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);
      const BobbinSegment *segment = bobbin_segmenter_get (self->segmenter, i);
      GtkWidget *proxy;

      if (piece->n_lines == 0 || piece->y + piece->height <= near_top || piece->y >= near_bottom)
        continue;

      proxy = nth_proxy (self, n++);
      if (i + 1 < self->pieces->len || bobbin_proxy_get_text (BOBBIN_PROXY (proxy)) == NULL || is_time (self))
        bobbin_proxy_set_text (BOBBIN_PROXY (proxy), text + segment->start, segment->end - segment->start);
      gtk_widget_measure (proxy, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      gtk_widget_size_allocate (proxy, &(GtkAllocation) { 0, piece->y, self->width, piece->height }, -1);
    }

  while (self->proxies->len > n)
    {
      gtk_widget_unparent (g_ptr_array_index (self->proxies, self->proxies->len - 1));
      g_ptr_array_set_size (self->proxies, self->proxies->len - 1);
    }
}
