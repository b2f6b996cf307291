/* A prose widget towards assistive tools: every piece near the screen is also a child widget whose name is its text. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"
#include "markup/bobbin-math-tree.h"

#include "bobbin-links.h"
#include "bobbin-proxy.h"

#define PROXIES_MAX   160 /* pieces, and as many links: more are not on a screen, but in a text whose visible part is not known */
#define BETWEEN_MAX 64  /* children looked over */
#define FOLLOW_MS     1000 /* the proxies of a text that is being written follow it this often, as what is said of it */
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
  bobbin_prose_popup_link (self, &rect, bobbin_proxy_get_target (proxy));
}

static GtkWidget *
make_proxy (BobbinProse       *self,
            GtkAccessibleRole  role)
{
  GtkWidget *proxy = _bobbin_prose_take_spare (self, BOBBIN_TYPE_PROXY, role);

  if (proxy != NULL)
    return proxy;

  proxy = bobbin_proxy_new (role);
  if (role == GTK_ACCESSIBLE_ROLE_LINK)
    g_signal_connect_object (proxy, "activate", G_CALLBACK (link_activated_cb), self, 0);

  return proxy;
}

/* Those that are known by @n and what follows it stay with what they stand for; others go, or come in between. A role is for
 * life. */
static GtkWidget *
nth_proxy (BobbinProse       *self,
           GPtrArray         *proxies,
           guint              n,
           GtkAccessibleRole  role,
           gsize              key)
{
  GtkWidget *before = n > 0 ? g_ptr_array_index (proxies, n - 1) : NULL;
  GtkWidget *proxy;

  while (n < proxies->len)
    {
      proxy = g_ptr_array_index (proxies, n);
      if (bobbin_proxy_get_key (BOBBIN_PROXY (proxy)) > key)
        break;
      if (bobbin_proxy_get_key (BOBBIN_PROXY (proxy)) == key &&
          gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (proxy)) == role)
        return proxy;
      g_ptr_array_remove_index (proxies, n);
      _bobbin_prose_put_spare (self, proxy);
    }

  proxy = make_proxy (self, role);
  bobbin_proxy_set_key (BOBBIN_PROXY (proxy), key);
  if (before != NULL)
    gtk_widget_insert_after (proxy, GTK_WIDGET (self), before);
  else
    gtk_widget_insert_before (proxy, GTK_WIDGET (self), n < proxies->len ? g_ptr_array_index (proxies, n) : NULL);
  g_ptr_array_insert (proxies, (int) n, proxy);

  return proxy;
}

static void
trim_proxies (BobbinProse *self,
              GPtrArray   *proxies,
              guint        n)
{
  while (proxies->len > n)
    _bobbin_prose_put_spare (self, g_ptr_array_steal_index (proxies, proxies->len - 1));
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
           guint        index,
           guint       *n)
{
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  GArray *runs = text.block->runs;
  const BobbinMarkupRun *before = NULL;

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (runs, BobbinMarkupRun, i);
      GdkRectangle start;
      GdkRectangle end;
      GtkWidget *proxy;

      if (!(run->flags & (BOBBIN_RUN_LINK | BOBBIN_RUN_IMAGE)) || run->target == 0)
        continue;
      if (*n == PROXIES_MAX)
        return;
      /* a link may be of several runs */
      if (before != NULL && before->target == run->target && before->end == run->start)
        continue;
      before = run;
      proxy = nth_proxy (self, self->links, (*n)++, GTK_ACCESSIBLE_ROLE_LINK,
                         bobbin_markup_block_to_source (text.block, run->start));
      bobbin_prose_get_offset_rect (self, bobbin_markup_block_to_source (text.block, run->start), &start);
      bobbin_prose_get_offset_rect (self, bobbin_markup_block_to_source (text.block, run->end), &end);
      if (end.y == start.y && end.x > start.x)
        start.width = end.x - start.x;
      else
        start.width = MAX (self->width - start.x, 1);
      bobbin_proxy_set_text (BOBBIN_PROXY (proxy), text.text + run->start, run->end - run->start);
      bobbin_proxy_set_target (BOBBIN_PROXY (proxy), bobbin_markup_block_target (text.block, run));
      put_proxy (proxy, &start);
    }
}

static GtkAccessibleRole
piece_role (BobbinProse *self,
            guint        index)
{
  const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);

  if (block->kind == BOBBIN_MARKUP_HEADING)
    return GTK_ACCESSIBLE_ROLE_HEADING;
  if (block->kind == BOBBIN_MARKUP_RULE)
    return GTK_ACCESSIBLE_ROLE_SEPARATOR;
  if (block->kind == BOBBIN_MARKUP_MATH)
    return GTK_ACCESSIBLE_ROLE_IMG;
  if (block->n_boxes > 0 && block->boxes[block->n_boxes - 1].kind != BOBBIN_BOX_QUOTE && block->boxes[block->n_boxes - 1].first)
    return GTK_ACCESSIBLE_ROLE_LIST_ITEM;

  return GTK_ACCESSIBLE_ROLE_GROUP;
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

static char *
dup_formula (const char *tex)
{
  g_autoptr(BobbinMathTree) tree = bobbin_math_parse (tex != NULL ? tex : "", -1);

  return bobbin_math_tree_dup_text (tree);
}

/* (transfer full) (nullable): the text with its formulas as they can be read aloud; NULL when there are none. */
static char *
dup_read (const BobbinMarkupBlock *block,
          const char              *text)
{
  GString *read = NULL;
  guint at = 0;

  if (block->kind == BOBBIN_MARKUP_MATH)
    return dup_formula (block->info);

  for (guint i = 0; block->runs != NULL && i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);
      g_autofree char *formula = NULL;

      if ((run->flags & BOBBIN_RUN_MATH) == 0)
        continue;
      if (read == NULL)
        read = g_string_sized_new (block->length);
      formula = dup_formula (bobbin_markup_block_target (block, run));
      g_string_append_len (read, text + at, run->start - at);
      g_string_append (read, formula);
      at = run->end;
    }
  if (read == NULL)
    return NULL;

  g_string_append_len (read, text + at, block->length - at);

  return g_string_free (read, FALSE);
}

static void
put_piece (BobbinProse *self,
           guint        index,
           guint       *n)
{
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  BobbinPiece *piece = prose_piece (self, index);
  GtkAccessibleRole role = piece_role (self, index);
  GtkWidget *proxy = nth_proxy (self, self->proxies, (*n)++, role, text.block->start);

  if (role == GTK_ACCESSIBLE_ROLE_HEADING)
    bobbin_proxy_set_level (BOBBIN_PROXY (proxy), (int) text.block->level);
  if (index + 1 < self->pieces->len || bobbin_proxy_get_text (BOBBIN_PROXY (proxy)) == NULL || is_time (self))
    {
      g_autofree char *read = dup_read (text.block, text.text);

      bobbin_proxy_set_text (BOBBIN_PROXY (proxy), read != NULL ? read : text.text,
                             read != NULL ? strlen (read) : text.block->length);
    }
  put_proxy (proxy, &(GdkRectangle) { 0, piece->y, self->width, piece->height });
}

/* Whether the child stands behind @last. What is between them waits to be used, or comes to its own place later. */
static gboolean
stands_behind (GtkWidget *child,
               GtkWidget *last)
{
  GtkWidget *before = gtk_widget_get_prev_sibling (child);

  for (guint i = 0; i < BETWEEN_MAX && before != last && before != NULL; i++)
    before = gtk_widget_get_prev_sibling (before);

  return before == last;
}

/* The keyboard and assistive tools go through the children in the order of the text. To move one costs a layout of all that is
 * around it. */
static gboolean
follow (BobbinProse *self,
        GtkWidget   *child,
        GtkWidget  **last)
{
  gboolean moved;

  if (child == NULL)
    return FALSE;

  moved = !stands_behind (child, *last);
  if (moved)
    gtk_widget_insert_after (child, GTK_WIDGET (self), *last);
  *last = child;

  return moved;
}

static void
follow_proxies (BobbinProse *self,
                guint        index,
                guint       *n,
                guint       *n_links,
                GtkWidget  **before)
{
  guint first_link = *n_links;

  put_piece (self, index, n);
  put_links (self, index, n_links);
  follow (self, g_ptr_array_index (self->proxies, *n - 1), before);
  for (guint k = first_link; k < *n_links; k++)
    follow (self, g_ptr_array_index (self->links, k), before);
}

void
_bobbin_prose_update_proxies (BobbinProse *self)
{
  GtkWidget *before = NULL;
  gboolean moved = FALSE;
  int near_top;
  int near_bottom;
  guint first;
  guint last;
  guint n = 0;
  guint n_links = 0;

  _bobbin_prose_near (self, &near_top, &near_bottom);

  _bobbin_prose_pieces_in (self, near_top, near_bottom, &first, &last);

  for (guint i = first; i < last && n < PROXIES_MAX; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);

      moved |= follow (self, piece->frame, &before);
      moved |= follow (self, piece->host, &before);
      /* a table and a picture speak for themselves */
      if (piece->n_lines > 0 && piece->y + piece->height > near_top && piece->y < near_bottom && !_bobbin_prose_is_hosted (piece))
        follow_proxies (self, i, &n, &n_links, &before);
      moved |= follow (self, piece->slider, &before);
    }

  trim_proxies (self, self->proxies, n);
  trim_proxies (self, self->links, n_links);
  if (moved)
    _bobbin_prose_allocate_hosted (self); /* what was moved has no place any more */
}

static gboolean
later_cb (gpointer user_data)
{
  BobbinProse *self = user_data;

  self->later = 0;
  self->followed_us = 0;
  gtk_widget_queue_allocate (GTK_WIDGET (self));

  return G_SOURCE_REMOVE;
}

void
_bobbin_prose_follow_later (BobbinProse *self)
{
  if (self->later == 0)
    self->later = g_timeout_add (FOLLOW_MS, later_cb, self);
}

/* Each widget that comes or goes costs a layout of the window. */
void
_bobbin_prose_follow_proxies (BobbinProse *self)
{
  gint64 now = g_get_monotonic_time ();

  if (!self->final && self->fed > 0 && now - self->followed_us < FOLLOW_MS * 1000)
    {
      _bobbin_prose_follow_later (self);
      return;
    }

  g_clear_handle_id (&self->later, g_source_remove);
  self->followed_us = now;
  _bobbin_prose_update_proxies (self);
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
