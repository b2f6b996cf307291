#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-button-bar.h"

#define GAP 6

struct _BobbinButtonBar
{
  GtkWidget parent_instance; /* its children are the buttons */
};

G_DEFINE_FINAL_TYPE (BobbinButtonBar, bobbin_button_bar, GTK_TYPE_WIDGET)

static void
get_size (GtkWidget *button,
          int        width,
          int       *ret_width,
          int       *ret_height)
{
  int size;

  gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &size, NULL, NULL);
  size = MIN (size, MAX (width, 1));
  gtk_widget_measure (button, GTK_ORIENTATION_VERTICAL, size, NULL, ret_height, NULL, NULL);
  *ret_width = size;
}

/* The buttons of a line that begins with @first; returns the first one of the next. */
static GtkWidget *
take_line (GtkWidget *first,
           int        width,
           int       *ret_width,
           int       *ret_height)
{
  GtkWidget *button;
  int sum = 0, line = 0;

  for (button = first; button != NULL; button = gtk_widget_get_next_sibling (button))
    {
      int wide, high;

      if (!gtk_widget_should_layout (button))
        continue;
      get_size (button, width, &wide, &high);
      if (sum > 0 && sum + GAP + wide > width)
        break;
      sum += wide + (sum > 0 ? GAP : 0);
      line = MAX (line, high);
    }
  *ret_width = sum;
  *ret_height = line;

  return button;
}

static GtkSizeRequestMode
bobbin_button_bar_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_button_bar_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  GtkWidget *button = gtk_widget_get_first_child (widget);
  int wide, high;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      int sum = 0;

      while (button != NULL)
        {
          button = take_line (button, for_size < 0 ? G_MAXINT / 2 : for_size, &wide, &high);
          sum += high + (sum > 0 ? GAP : 0);
        }
      *minimum = *natural = sum;
      return;
    }

  take_line (button, G_MAXINT / 2, natural, &high);
  *minimum = 0;
  for (; button != NULL; button = gtk_widget_get_next_sibling (button))
    if (gtk_widget_should_layout (button))
      {
        gtk_widget_measure (button, orientation, -1, &wide, NULL, NULL, NULL);
        *minimum = MAX (*minimum, wide);
      }
  *natural = MAX (*natural, *minimum);
}

static void
bobbin_button_bar_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *button = gtk_widget_get_first_child (widget);
  int y = 0;

  while (button != NULL)
    {
      int sum, line, x;
      GtkWidget *next = take_line (button, width, &sum, &line);

      x = width - sum;
      for (; button != next; button = gtk_widget_get_next_sibling (button))
        {
          int wide, high;

          if (!gtk_widget_should_layout (button))
            continue;
          get_size (button, width, &wide, &high);
          gtk_widget_size_allocate (button, &(GtkAllocation) { rtl ? width - x - wide : x, y, wide, line }, -1);
          x += wide + GAP;
        }
      y += line + GAP;
    }
}

static void
bobbin_button_bar_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_button_bar_parent_class)->dispose (object);
}

static void
bobbin_button_bar_class_init (BobbinButtonBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_button_bar_dispose;
  widget_class->get_request_mode = bobbin_button_bar_get_request_mode;
  widget_class->measure = bobbin_button_bar_measure;
  widget_class->size_allocate = bobbin_button_bar_size_allocate;
}

static void
bobbin_button_bar_init (BobbinButtonBar *self)
{
}

GtkWidget *
bobbin_button_bar_new (void)
{
  return g_object_new (BOBBIN_TYPE_BUTTON_BAR, NULL);
}

void
bobbin_button_bar_append (BobbinButtonBar *self,
                          GtkWidget       *button)
{
  g_return_if_fail (BOBBIN_IS_BUTTON_BAR (self));
  g_return_if_fail (GTK_IS_WIDGET (button));

  gtk_widget_insert_before (button, GTK_WIDGET (self), NULL);
}
