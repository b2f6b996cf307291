#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-wrap-layout.h"

struct _BobbinWrapLayout
{
  GtkLayoutManager parent_instance;

  int gap;
};

G_DEFINE_FINAL_TYPE (BobbinWrapLayout, bobbin_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Returns how high it is. */
static int
lay_out (BobbinWrapLayout *self,
         GtkWidget        *widget,
         int               width,
         gboolean          allocate)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0, line = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition size;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_get_preferred_size (child, NULL, &size);
      size.width = MIN (size.width, MAX (width, 1));
      if (x > 0 && x + size.width > width)
        {
          x = 0;
          y += line + self->gap;
          line = 0;
        }
      if (allocate)
        gtk_widget_size_allocate (child, &(GtkAllocation) { rtl ? width - x - size.width : x, y, size.width, size.height }, -1);
      x += size.width + self->gap;
      line = MAX (line, size.height);
    }

  return y + line;
}

static GtkSizeRequestMode
bobbin_wrap_layout_get_request_mode (GtkLayoutManager *manager,
                                     GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_wrap_layout_measure (GtkLayoutManager *manager,
                            GtkWidget        *widget,
                            GtkOrientation    orientation,
                            int               for_size,
                            int              *minimum,
                            int              *natural,
                            int              *minimum_baseline,
                            int              *natural_baseline)
{
  BobbinWrapLayout *self = BOBBIN_WRAP_LAYOUT (manager);
  int widest = 0, sum = 0;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = lay_out (self, widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
      return;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int least, size;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, orientation, -1, &least, &size, NULL, NULL);
      widest = MAX (widest, least);
      sum += size + self->gap;
    }
  *minimum = widest;
  *natural = MAX (widest, sum - self->gap);
}

static void
bobbin_wrap_layout_allocate (GtkLayoutManager *manager,
                             GtkWidget        *widget,
                             int               width,
                             int               height,
                             int               baseline)
{
  lay_out (BOBBIN_WRAP_LAYOUT (manager), widget, width, TRUE);
}

static void
bobbin_wrap_layout_class_init (BobbinWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = bobbin_wrap_layout_get_request_mode;
  layout_class->measure = bobbin_wrap_layout_measure;
  layout_class->allocate = bobbin_wrap_layout_allocate;
}

static void
bobbin_wrap_layout_init (BobbinWrapLayout *self)
{
}

GtkLayoutManager *
bobbin_wrap_layout_new (int gap)
{
  BobbinWrapLayout *self = g_object_new (BOBBIN_TYPE_WRAP_LAYOUT, NULL);

  self->gap = gap;

  return GTK_LAYOUT_MANAGER (self);
}
