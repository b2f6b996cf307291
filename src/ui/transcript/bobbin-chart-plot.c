#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-chart-plot.h"

#include "bobbin-chart-draw.h"

#include <adwaita.h>
#include <cairo-svg.h>
#include <math.h>

#define WIDTH         640
#define WIDTH_MIN     180
#define HEIGHT_MIN    200
#define HEIGHT_MAX    320
#define IMAGE_WIDTH   800
#define IMAGE_HEIGHT  450

struct _BobbinChartPlot
{
  GtkWidget          parent_instance;
  /* owned */
  BobbinChart       *chart;
  GskRenderNode     *node;      /* (nullable): what was drawn last, without the values pointed at */
  char              *shown;     /* (nullable): those values */

  BobbinChartPlaces  places;
  int                node_width;
  int                node_height;
  int                index;     /* pointed at, -1: none */
};

G_DEFINE_FINAL_TYPE (BobbinChartPlot, bobbin_chart_plot, GTK_TYPE_WIDGET)

static void
drop_node (BobbinChartPlot *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
get_style (BobbinChartPlot  *self,
           BobbinChartStyle *ret_style)
{
  AdwStyleManager *manager = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  GtkStyleContext *css = gtk_widget_get_style_context (GTK_WIDGET (self));

  *ret_style = (BobbinChartStyle) { 0 };
  gtk_style_context_get_color (css, &ret_style->text);
  if (!gtk_style_context_lookup_color (css, "window_bg_color", &ret_style->background))
    ret_style->background = (GdkRGBA) { 1, 1, 1, 1 };
  ret_style->dark = adw_style_manager_get_dark (manager);
  ret_style->high_contrast = adw_style_manager_get_high_contrast (manager);
}

/* Values */

static void
update_name (BobbinChartPlot *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->shown != NULL ? self->shown : "", -1);
}

static void
point_at (BobbinChartPlot *self,
          int              index)
{
  if (self->index == index)
    return;

  self->index = index;
  g_clear_pointer (&self->shown, g_free);
  if (index >= 0)
    self->shown = bobbin_chart_dup_values (self->chart, (guint) index);
  update_name (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot_guide (BobbinChartPlot        *self,
                GtkSnapshot            *snapshot,
                const BobbinChartStyle *style,
                double                 *ret_x,
                double                 *ret_y)
{
  gboolean pie = self->places.type == BOBBIN_CHART_PIE || self->places.type == BOBBIN_CHART_DOUGHNUT;
  GdkRGBA line = style->text;

  if (pie)
    {
      *ret_x = self->places.x + self->places.width / 2;
      *ret_y = self->places.y + self->places.height / 2;
      return;
    }
  bobbin_chart_get_point (self->chart, &self->places, 0, (guint) self->index, ret_x, ret_y);
  if (isnan (*ret_y))
    *ret_y = self->places.y + self->places.height / 2;
  if (isnan (*ret_x))
    *ret_x = self->places.x + self->places.width / 2;
  line.alpha = 0.5f;
  if (self->places.horizontal)
    gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT ((float) self->places.x, (float) *ret_y, (float) self->places.width, 1));
  else
    gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT ((float) *ret_x, (float) self->places.y, 1, (float) self->places.height));
}

/* The values in a box beside the place, on the side where there is more room. */
static void
snapshot_values (BobbinChartPlot        *self,
                 GtkSnapshot            *snapshot,
                 const BobbinChartStyle *style)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->shown);
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  GskRoundedRect box;
  GdkRGBA edge = style->text;
  double x = 0;
  double y = 0;
  int text_width;
  int text_height;

  snapshot_guide (self, snapshot, style, &x, &y);
  pango_layout_set_width (layout, MAX (width - 40, 60) * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  x = x + 12 + text_width + 16 > width ? MAX (x - text_width - 28, 2) : x + 12;
  y = CLAMP (y - text_height / 2.0 - 6, 2, MAX (gtk_widget_get_height (GTK_WIDGET (self)) - text_height - 14, 2));
  edge.alpha = 0.25f;
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) text_width + 16, (float) text_height + 12), 6);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &style->background, &box.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &box, (float[4]) { 1, 1, 1, 1 }, (GdkRGBA[4]) { edge, edge, edge, edge });
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x + 8, (float) y + 6));
  gtk_snapshot_append_layout (snapshot, layout, &style->text);
  gtk_snapshot_restore (snapshot);
}

static void
draw (BobbinChartPlot        *self,
      const BobbinChartStyle *style,
      int                     width,
      int                     height)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  bobbin_chart_draw (self->chart, style, cr, gtk_widget_get_pango_context (GTK_WIDGET (self)), width, height, &self->places);
  cairo_destroy (cr);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  self->node = gtk_snapshot_free_to_node (snapshot);
  self->node_width = width;
  self->node_height = height;
}

static void
bobbin_chart_plot_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  BobbinChartPlot *self = BOBBIN_CHART_PLOT (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  BobbinChartStyle style;

  get_style (self, &style);
  if (self->node == NULL || self->node_width != width || self->node_height != height)
    draw (self, &style, width, height);
  gtk_snapshot_append_node (snapshot, self->node);
  if (self->shown != NULL)
    snapshot_values (self, snapshot, &style);
}

static GtkSizeRequestMode
bobbin_chart_plot_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_chart_plot_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = WIDTH_MIN;
      *natural = WIDTH;
      return;
    }
  /* The least of any width, where that is not told. */
  *minimum = for_size < 0 ? HEIGHT_MIN : CLAMP ((int) (for_size * 0.5), HEIGHT_MIN, HEIGHT_MAX);
  *natural = for_size < 0 ? HEIGHT_MAX : *minimum;
}

static void
bobbin_chart_plot_css_changed (GtkWidget         *widget,
                               GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (bobbin_chart_plot_parent_class)->css_changed (widget, change);
  drop_node (BOBBIN_CHART_PLOT (widget));
}

/* Pointer and keyboard */

static void
motion_cb (BobbinChartPlot *self,
           double           x,
           double           y)
{
  guint index;

  point_at (self, bobbin_chart_hit (self->chart, &self->places, x, y, &index) ? (int) index : -1);
}

static void
leave_cb (BobbinChartPlot *self)
{
  point_at (self, -1);
}

static void
pressed_cb (BobbinChartPlot *self,
            int              n_press,
            double           x,
            double           y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  motion_cb (self, x, y);
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  BobbinChartPlot *self = BOBBIN_CHART_PLOT (widget);
  gboolean pie = self->places.type == BOBBIN_CHART_PIE || self->places.type == BOBBIN_CHART_DOUGHNUT;
  int n = (int) (pie ? bobbin_chart_get_n_slices (self->chart) : bobbin_chart_get_n_labels (self->chart));
  int by = g_variant_get_int32 (args);

  if (n == 0)
    return FALSE;
  point_at (self, CLAMP (self->index < 0 ? (by > 0 ? 0 : n - 1) : self->index + by, 0, n - 1));

  return TRUE;
}

static gboolean
leave_values_cb (GtkWidget *widget,
                 GVariant  *args,
                 gpointer   user_data)
{
  BobbinChartPlot *self = BOBBIN_CHART_PLOT (widget);

  if (self->index < 0)
    return FALSE;
  point_at (self, -1);

  return TRUE;
}

/* Object */

static void
bobbin_chart_plot_finalize (GObject *object)
{
  BobbinChartPlot *self = BOBBIN_CHART_PLOT (object);

  g_clear_pointer (&self->chart, bobbin_chart_unref);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_free (self->shown);

  G_OBJECT_CLASS (bobbin_chart_plot_parent_class)->finalize (object);
}

static void
bobbin_chart_plot_class_init (BobbinChartPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_chart_plot_finalize;
  widget_class->get_request_mode = bobbin_chart_plot_get_request_mode;
  widget_class->measure = bobbin_chart_plot_measure;
  widget_class->snapshot = bobbin_chart_plot_snapshot;
  widget_class->css_changed = bobbin_chart_plot_css_changed;
  gtk_widget_class_set_css_name (widget_class, "chartplot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, move_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, move_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, move_cb, "i", -G_MAXINT16 * 100);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, move_cb, "i", G_MAXINT16 * 100);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, leave_values_cb, NULL);
}

static void
bobbin_chart_plot_init (BobbinChartPlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  AdwStyleManager *manager = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  self->index = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (drop_node), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (drop_node), self, G_CONNECT_SWAPPED);
}

GtkWidget *
bobbin_chart_plot_new (BobbinChart *chart)
{
  BobbinChartPlot *self = g_object_new (BOBBIN_TYPE_CHART_PLOT, NULL);

  self->chart = bobbin_chart_ref (chart);

  return GTK_WIDGET (self);
}

void
bobbin_chart_plot_set_chart (BobbinChartPlot *self,
                             BobbinChart     *chart)
{
  BobbinChart *before;

  g_return_if_fail (BOBBIN_IS_CHART_PLOT (self));

  before = self->chart;
  self->chart = bobbin_chart_ref (chart);
  bobbin_chart_unref (before);
  point_at (self, -1);
  drop_node (self);
}

const char *
bobbin_chart_plot_get_shown (BobbinChartPlot *self)
{
  g_return_val_if_fail (BOBBIN_IS_CHART_PLOT (self), NULL);

  return self->shown;
}

/* Images */

static cairo_status_t
write_cb (void                *closure,
          const unsigned char *data,
          unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

static void
draw_image (BobbinChartPlot *self,
            cairo_surface_t *surface,
            double           scale)
{
  BobbinChartStyle style = { { 0.13f, 0.13f, 0.13f, 1 }, { 1, 1, 1, 1 }, FALSE, FALSE, TRUE };
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, scale, scale);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  bobbin_chart_draw (self->chart, &style, cr, gtk_widget_get_pango_context (GTK_WIDGET (self)), IMAGE_WIDTH, IMAGE_HEIGHT, NULL);
  cairo_destroy (cr);
}

GBytes *
bobbin_chart_plot_to_png (BobbinChartPlot *self,
                          int              scale)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface;

  g_return_val_if_fail (BOBBIN_IS_CHART_PLOT (self), NULL);

  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, IMAGE_WIDTH * scale, IMAGE_HEIGHT * scale);
  draw_image (self, surface, scale);
  cairo_surface_write_to_png_stream (surface, write_cb, bytes);
  cairo_surface_destroy (surface);

  return g_byte_array_free_to_bytes (bytes);
}

GBytes *
bobbin_chart_plot_to_svg (BobbinChartPlot *self)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface;

  g_return_val_if_fail (BOBBIN_IS_CHART_PLOT (self), NULL);

  surface = cairo_svg_surface_create_for_stream (write_cb, bytes, IMAGE_WIDTH, IMAGE_HEIGHT);
  draw_image (self, surface, 1);
  cairo_surface_destroy (surface);

  return g_byte_array_free_to_bytes (bytes);
}
