#include "config.h"

#include "drawn.h"

/* Marks the rows of pixels that text is drawn in. @offset: where the node's coordinates begin. */
static void
mark_text (GskRenderNode *node,
           float          offset,
           gboolean      *rows,
           int            n_rows)
{
  graphene_rect_t bounds;

  switch ((int) gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        mark_text (gsk_container_node_get_child (node, i), offset, rows, n_rows);
      break;
    case GSK_TRANSFORM_NODE:
      {
        float x;
        float y;

        g_assert_cmpint (gsk_transform_get_category (gsk_transform_node_get_transform (node)), >=,
                         GSK_TRANSFORM_CATEGORY_2D_TRANSLATE);
        gsk_transform_to_translate (gsk_transform_node_get_transform (node), &x, &y);
        mark_text (gsk_transform_node_get_child (node), offset + y, rows, n_rows);
      }
      break;
    case GSK_CLIP_NODE:
      mark_text (gsk_clip_node_get_child (node), offset, rows, n_rows);
      break;
    case GSK_ROUNDED_CLIP_NODE:
      mark_text (gsk_rounded_clip_node_get_child (node), offset, rows, n_rows);
      break;
    case GSK_OPACITY_NODE:
      mark_text (gsk_opacity_node_get_child (node), offset, rows, n_rows);
      break;
    case GSK_DEBUG_NODE:
      mark_text (gsk_debug_node_get_child (node), offset, rows, n_rows);
      break;
    case GSK_TEXT_NODE:
      gsk_render_node_get_bounds (node, &bounds);
      for (int y = (int) (bounds.origin.y + offset); y < bounds.origin.y + bounds.size.height + offset; y++)
        if (y >= 0 && y < n_rows)
          rows[y] = TRUE;
      break;
    default:
      break;
    }
}

int
drawn_largest_gap (GtkWidget *widget)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autofree gboolean *rows = g_new0 (gboolean, (gsize) height);
  GskRenderNode *node;
  int largest = 0;
  int gap = 0;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return height;

  mark_text (node, 0, rows, height);
  gsk_render_node_unref (node);
  for (int y = 0; y < height; y++)
    {
      gap = rows[y] ? 0 : gap + 1;
      largest = MAX (largest, gap);
    }

  return largest;
}
