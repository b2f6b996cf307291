/* A prose widget towards assistive tools: every piece near the screen is also a child widget whose name is its text. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"
#include "bobbin-links.h"
#include "bobbin-proxy.h"

#define OPEN_PAUSE_US G_USEC_PER_SEC /* the paragraph being written is told at most this often */

void
bobbin_prose_popup_link (BobbinProse        *self,
                         const GdkRectangle *rect,
                         const char         *uri)
{
  /* a popover is placed by a layout manager, which this widget has none of */
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  GdkRectangle place = *rect;
  double x;
  double y;

  g_return_if_fail (BOBBIN_IS_PROSE (self));

  if (parent == NULL || !gtk_widget_translate_coordinates (GTK_WIDGET (self), parent, rect->x, rect->y, &x, &y))
    return;
  place.x = (int) x;
  place.y = (int) y;
  bobbin_links_popup (parent, &place, uri);
}

static void
link_activated_cb (BobbinProxy *proxy,
                   BobbinProse *self)
{
  GdkRectangle rect = { 0, 0, gtk_widget_get_width (GTK_WIDGET (proxy)), gtk_widget_get_height (GTK_WIDGET (proxy)) };
  double x;
  double y;

  gtk_widget_translate_coordinates (GTK_WIDGET (proxy), GTK_WIDGET (self), 0, 0, &x, &y);
  rect.x = (int) x;
  rect.y = (int) y;
  bobbin_prose_popup_link (self, &rect, bobbin_proxy_get_text (proxy));
}

static GtkWidget *
nth_proxy (BobbinProse       *self,
           GPtrArray         *proxies,
           guint              n,
           GtkAccessibleRole  role)
{
  if (n == proxies->len)
    {
      GtkWidget *proxy = bobbin_proxy_new (role);

      gtk_widget_insert_before (proxy, GTK_WIDGET (self), NULL);
      g_ptr_array_add (proxies, proxy);
      if (role == GTK_ACCESSIBLE_ROLE_LINK)
        g_signal_connect_object (proxy, "activate", G_CALLBACK (link_activated_cb), self, 0);
    }

  return g_ptr_array_index (proxies, n);
}

static void
trim_proxies (GPtrArray *proxies,
              guint      n)
{
  while (proxies->len > n)
    {
      gtk_widget_unparent (g_ptr_array_index (proxies, proxies->len - 1));
      g_ptr_array_set_size (proxies, (int) proxies->len - 1);
    }
}

static void
put_proxy (GtkWidget           *proxy,
           const GdkRectangle  *place)
{
  gtk_widget_measure (proxy, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (proxy, place, -1);
}

/* One proxy an address, where its first line is. */
static void
put_links (BobbinProse *self,
           BobbinPiece *piece,
           guint       *n)
{
  const char *text = bobbin_prose_get_text (self, NULL);

  for (guint i = 0; piece->flow.links != NULL && i < piece->flow.links->len; i++)
    {
      const BobbinTextLink *link = &g_array_index (piece->flow.links, BobbinTextLink, i);
      GtkWidget *proxy = nth_proxy (self, self->links, (*n)++, GTK_ACCESSIBLE_ROLE_LINK);
      GdkRectangle start;
      GdkRectangle end;

      bobbin_prose_get_offset_rect (self, link->start, &start);
      bobbin_prose_get_offset_rect (self, link->end, &end);
      if (end.y == start.y && end.x > start.x)
        start.width = end.x - start.x;
      else
        start.width = MAX (self->width - start.x, 1);
      bobbin_proxy_set_text (BOBBIN_PROXY (proxy), text + link->start, link->end - link->start);
      put_proxy (proxy, &start);
    }
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
  guint n_links = 0;

  _bobbin_prose_near (self, &near_top, &near_bottom);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);
      const BobbinSegment *segment = bobbin_segmenter_get (self->segmenter, i);
      GtkWidget *proxy;

      if (piece->n_lines == 0 || piece->y + piece->height <= near_top || piece->y >= near_bottom)
        continue;

      proxy = nth_proxy (self, self->proxies, n++, GTK_ACCESSIBLE_ROLE_GROUP);
      if (i + 1 < self->pieces->len || bobbin_proxy_get_text (BOBBIN_PROXY (proxy)) == NULL || is_time (self))
        bobbin_proxy_set_text (BOBBIN_PROXY (proxy), text + segment->start, segment->end - segment->start);
      put_proxy (proxy, &(GdkRectangle) { 0, piece->y, self->width, piece->height });
      put_links (self, piece, &n_links);
    }

  trim_proxies (self->proxies, n);
  trim_proxies (self->links, n_links);
}

/* The pointer says where an address is. */
static void
motion_cb (BobbinProse *self,
           double       x,
           double       y)
{
  g_autofree char *link = bobbin_prose_dup_link_at (self, x, y);

  if (self->over_link == (link != NULL))
    return;

  self->over_link = link != NULL;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), self->over_link ? "pointer" : "text");
}

void
_bobbin_prose_init_links (BobbinProse *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}
