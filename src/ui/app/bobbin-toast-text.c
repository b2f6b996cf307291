#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-toast-text.h"

struct _BobbinToastText
{
  GtkWidget parent_instance;

  GtkWidget *label;     /* owned, as child */
  int        limit;     /* the width it was made, in pixels; 0: not yet */
  guint      resize_id; /* non-0 while it will ask for another height */
};

G_DEFINE_FINAL_TYPE (BobbinToastText, bobbin_toast_text, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
bobbin_toast_text_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_toast_text_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  BobbinToastText *self = BOBBIN_TOAST_TEXT (widget);
  int least, whole, size;

  gtk_widget_measure (self->label, GTK_ORIENTATION_HORIZONTAL, -1, &least, &whole, NULL, NULL);
  size = whole;
  if (self->limit > 0)
    size = CLAMP (self->limit, least, size);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least;
      *natural = size;
    }
  else
    {
      gtk_widget_measure (self->label, orientation, for_size < 0 ? size : MAX (for_size, least), NULL, &size, NULL, NULL);
      *minimum = *natural = size;
      /* The least of any width, where that is not told. */
      if (for_size < 0)
        gtk_widget_measure (self->label, orientation, whole, NULL, minimum, NULL, NULL);
    }
}

static gboolean
resize_cb (gpointer user_data)
{
  BobbinToastText *self = user_data;

  self->resize_id = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));

  return G_SOURCE_REMOVE;
}

static void
bobbin_toast_text_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  BobbinToastText *self = BOBBIN_TOAST_TEXT (widget);

  gtk_widget_allocate (self->label, width, height, -1, NULL);
  if (self->limit == width)
    return;

  /* not here, where sizes are given */
  self->limit = width;
  if (self->resize_id == 0)
    self->resize_id = g_idle_add (resize_cb, self);
}

static void
bobbin_toast_text_dispose (GObject *object)
{
  BobbinToastText *self = BOBBIN_TOAST_TEXT (object);

  g_clear_handle_id (&self->resize_id, g_source_remove);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_toast_text_parent_class)->dispose (object);
}

static void
bobbin_toast_text_class_init (BobbinToastTextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_toast_text_dispose;
  widget_class->get_request_mode = bobbin_toast_text_get_request_mode;
  widget_class->measure = bobbin_toast_text_measure;
  widget_class->size_allocate = bobbin_toast_text_size_allocate;
}

static void
bobbin_toast_text_init (BobbinToastText *self)
{
}

GtkWidget *
bobbin_toast_text_new (GtkLabel *label)
{
  BobbinToastText *self;

  g_return_val_if_fail (GTK_IS_LABEL (label), NULL);

  self = g_object_new (BOBBIN_TYPE_TOAST_TEXT, NULL);
  self->label = GTK_WIDGET (label);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  return GTK_WIDGET (self);
}
