#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-bubble.h"

#define SHARE 0.85

struct _BobbinBubble
{
  GtkWidget  parent_instance;
  /* owned */
  GtkWidget *child;
};

G_DEFINE_FINAL_TYPE (BobbinBubble, bobbin_bubble, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
bobbin_bubble_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
child_width (BobbinBubble *self,
             int           width)
{
  int minimum;
  int natural;

  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);

  return MAX (MIN (natural, (int) (width * SHARE)), minimum);
}

static void
bobbin_bubble_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  BobbinBubble *self = BOBBIN_BUBBLE (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL && for_size > 0)
    for_size = child_width (self, for_size);
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
bobbin_bubble_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  BobbinBubble *self = BOBBIN_BUBBLE (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int wide = child_width (self, width);

  gtk_widget_size_allocate (self->child, &(GtkAllocation) { rtl ? 0 : width - wide, 0, wide, height }, -1);
}

static void
bobbin_bubble_dispose (GObject *object)
{
  BobbinBubble *self = BOBBIN_BUBBLE (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_bubble_parent_class)->dispose (object);
}

static void
bobbin_bubble_class_init (BobbinBubbleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_bubble_dispose;
  widget_class->get_request_mode = bobbin_bubble_get_request_mode;
  widget_class->measure = bobbin_bubble_measure;
  widget_class->size_allocate = bobbin_bubble_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "bubble");
}

static void
bobbin_bubble_init (BobbinBubble *self)
{
}

GtkWidget *
bobbin_bubble_new (GtkWidget *child)
{
  BobbinBubble *self = g_object_new (BOBBIN_TYPE_BUBBLE, NULL);

  self->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));

  return GTK_WIDGET (self);
}
