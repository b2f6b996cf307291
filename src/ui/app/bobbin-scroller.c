#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-scroller.h"

struct _BobbinScroller
{
  GtkWidget  parent_instance;
  int        least;
  /* child */
  GtkWidget *window;
  /* borrowed, within it */
  GtkWidget *content;
};

G_DEFINE_FINAL_TYPE (BobbinScroller, bobbin_scroller, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
bobbin_scroller_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_scroller_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  BobbinScroller *self = BOBBIN_SCROLLER (widget);
  int least;

  gtk_widget_measure (self->content, orientation, orientation == GTK_ORIENTATION_VERTICAL ? for_size : -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;

  gtk_widget_measure (self->window, orientation, for_size, &least, NULL, NULL, NULL);
  *natural = MAX (*minimum, least);
  *minimum = MAX (MIN (*minimum, self->least), least);
}

static void
bobbin_scroller_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  gtk_widget_size_allocate (BOBBIN_SCROLLER (widget)->window, &(GtkAllocation) { 0, 0, width, height }, -1);
}

/* GtkScrolledWindow would be a stop of the Tab key even where all of its child is seen, and when it may not have the focus it keeps the
 * key to itself. */
static gboolean
bobbin_scroller_focus (GtkWidget        *widget,
                       GtkDirectionType  direction)
{
  BobbinScroller *self = BOBBIN_SCROLLER (widget);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->window));
  double height = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_lower (adjustment);

  return gtk_widget_child_focus (height > gtk_adjustment_get_page_size (adjustment) ? self->window : self->content, direction);
}

static void
bobbin_scroller_dispose (GObject *object)
{
  BobbinScroller *self = BOBBIN_SCROLLER (object);

  self->content = NULL;
  g_clear_pointer (&self->window, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_scroller_parent_class)->dispose (object);
}

static void
bobbin_scroller_class_init (BobbinScrollerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_scroller_dispose;
  widget_class->get_request_mode = bobbin_scroller_get_request_mode;
  widget_class->measure = bobbin_scroller_measure;
  widget_class->size_allocate = bobbin_scroller_size_allocate;
  widget_class->focus = bobbin_scroller_focus;
}

static void
bobbin_scroller_init (BobbinScroller *self)
{
}

GtkWidget *
bobbin_scroller_new (GtkWidget *child,
                     int        least)
{
  BobbinScroller *self;

  g_return_val_if_fail (GTK_IS_WIDGET (child), NULL);

  self = g_object_new (BOBBIN_TYPE_SCROLLER, NULL);
  self->least = least;
  self->content = child;
  /* a scrollbar would have a height of its own, more than a line of words takes */
  self->window = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "vscrollbar-policy", GTK_POLICY_EXTERNAL,
                               "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, "child", child, NULL);
  gtk_widget_set_parent (self->window, GTK_WIDGET (self));

  return GTK_WIDGET (self);
}

void
bobbin_scroller_set_label (BobbinScroller *self,
                           const char     *label)
{
  g_return_if_fail (BOBBIN_IS_SCROLLER (self));
  g_return_if_fail (label != NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->window), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
