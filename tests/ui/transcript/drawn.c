#include "config.h"

#include "drawn.h"

typedef void (*TextFunc) (const graphene_rect_t *bounds, gpointer data);

/* The bounds of each piece of text. @dx, @dy: where the node's coordinates begin. */
static void
each_text (GskRenderNode *node,
           float          dx,
           float          dy,
           TextFunc       func,
           gpointer       data)
{
  graphene_rect_t bounds;

  switch ((int) gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        each_text (gsk_container_node_get_child (node, i), dx, dy, func, data);
      break;
    case GSK_TRANSFORM_NODE:
      {
        float x;
        float y;

        g_assert_cmpint (gsk_transform_get_category (gsk_transform_node_get_transform (node)), >=,
                         GSK_TRANSFORM_CATEGORY_2D_TRANSLATE);
        gsk_transform_to_translate (gsk_transform_node_get_transform (node), &x, &y);
        each_text (gsk_transform_node_get_child (node), dx + x, dy + y, func, data);
      }
      break;
    case GSK_CLIP_NODE:
      each_text (gsk_clip_node_get_child (node), dx, dy, func, data);
      break;
    case GSK_ROUNDED_CLIP_NODE:
      each_text (gsk_rounded_clip_node_get_child (node), dx, dy, func, data);
      break;
    case GSK_OPACITY_NODE:
      each_text (gsk_opacity_node_get_child (node), dx, dy, func, data);
      break;
    case GSK_DEBUG_NODE:
      each_text (gsk_debug_node_get_child (node), dx, dy, func, data);
      break;
    case GSK_TEXT_NODE:
      gsk_render_node_get_bounds (node, &bounds);
      graphene_rect_offset (&bounds, dx, dy);
      func (&bounds, data);
      break;
    default:
      break;
    }
}

/* (nullable) */
static GskRenderNode *
draw (GtkWidget *widget)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));

  return gtk_snapshot_free_to_node (snapshot);
}

typedef struct
{
  gboolean *rows; /* of pixels with text */
  int       n;
} Rows;

static void
mark_rows (const graphene_rect_t *bounds,
           gpointer               data)
{
  Rows *rows = data;

  for (int y = (int) bounds->origin.y; y < bounds->origin.y + bounds->size.height; y++)
    if (y >= 0 && y < rows->n)
      rows->rows[y] = TRUE;
}

int
drawn_largest_gap (GtkWidget *widget)
{
  int height = gtk_widget_get_height (widget);
  g_autofree gboolean *marked = g_new0 (gboolean, (gsize) height);
  Rows rows = { marked, height };
  GskRenderNode *node = draw (widget);
  int largest = 0;
  int gap = 0;

  if (node == NULL)
    return height;

  each_text (node, 0, 0, mark_rows, &rows);
  gsk_render_node_unref (node);
  for (int y = 0; y < height; y++)
    {
      gap = marked[y] ? 0 : gap + 1;
      largest = MAX (largest, gap);
    }

  return largest;
}

static void
widen (const graphene_rect_t *bounds,
       gpointer               data)
{
  graphene_rect_t *all = data;

  if (all->size.width > 0)
    graphene_rect_union (all, bounds, all);
  else
    *all = *bounds;
}

void
drawn_text_sides (GtkWidget *widget,
                  int       *ret_left,
                  int       *ret_right)
{
  GskRenderNode *node = draw (widget);
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  g_assert_nonnull (node);
  each_text (node, 0, 0, widen, &all);
  gsk_render_node_unref (node);
  *ret_left = (int) all.origin.x;
  *ret_right = (int) (all.origin.x + all.size.width);
}
