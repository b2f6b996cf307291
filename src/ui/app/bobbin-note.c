#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-note.h"

struct _BobbinNote
{
  GtkWidget parent_instance;

  /* owned, as children */
  GtkWidget *text;
  GtkWidget *button; /* (nullable) */
  int        gap;
};

G_DEFINE_FINAL_TYPE (BobbinNote, bobbin_note, GTK_TYPE_WIDGET)

/* Where the two go in a width. */
typedef struct
{
  gboolean beside;
  int      text_width;
  int      text_height;
  int      button_width;
  int      button_height;
  int      height; /* of both */
} Plan;

static gboolean
has_button (BobbinNote *self)
{
  return self->button != NULL && gtk_widget_should_layout (self->button);
}

static int
height_for (GtkWidget *child,
            int        width)
{
  int least, height;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, MAX (width, least), NULL, &height, NULL, NULL);

  return height;
}

static void
make_plan (BobbinNote *self,
           int         width,
           Plan       *plan)
{
  int least, rest, height;

  *plan = (Plan) { .text_width = width };
  plan->text_height = plan->height = height_for (self->text, width);
  if (!has_button (self))
    return;

  gtk_widget_measure (self->button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &plan->button_width, NULL, NULL);
  plan->button_width = MIN (plan->button_width, width);
  plan->button_height = height_for (self->button, plan->button_width);
  plan->height += self->gap + plan->button_height;

  gtk_widget_measure (self->text, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  rest = width - self->gap - plan->button_width;
  if (rest < least || rest <= 0)
    return;

  height = height_for (self->text, rest);
  if (MAX (height, plan->button_height) > plan->height)
    return;

  plan->beside = TRUE;
  plan->text_width = rest;
  plan->text_height = height;
  plan->height = MAX (height, plan->button_height);
}

static GtkSizeRequestMode
bobbin_note_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_note_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  BobbinNote *self = BOBBIN_NOTE (widget);
  int least, size;

  gtk_widget_measure (self->text, GTK_ORIENTATION_HORIZONTAL, -1, minimum, natural, NULL, NULL);
  if (has_button (self))
    {
      gtk_widget_measure (self->button, GTK_ORIENTATION_HORIZONTAL, -1, &least, &size, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += self->gap + size;
    }
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      Plan plan;

      make_plan (self, for_size < 0 ? *natural : MAX (for_size, *minimum), &plan);
      *minimum = *natural = plan.height;
    }
}

static void
bobbin_note_size_allocate (GtkWidget *widget,
                           int        width,
                           int        height,
                           int        baseline)
{
  BobbinNote *self = BOBBIN_NOTE (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation place;
  Plan plan;
  int top;

  make_plan (self, width, &plan);
  top = MAX (0, (height - plan.height) / 2);
  place = (GtkAllocation) { rtl ? width - plan.text_width : 0, top, plan.text_width, plan.text_height };
  if (plan.beside)
    place.y += (plan.height - plan.text_height) / 2;
  gtk_widget_size_allocate (self->text, &place, -1);
  if (!has_button (self))
    return;

  place = (GtkAllocation) { rtl ? 0 : width - plan.button_width, top, plan.button_width, plan.button_height };
  place.y += plan.beside ? (plan.height - plan.button_height) / 2 : plan.height - plan.button_height;
  gtk_widget_size_allocate (self->button, &place, -1);
}

static void
bobbin_note_dispose (GObject *object)
{
  BobbinNote *self = BOBBIN_NOTE (object);

  g_clear_pointer (&self->text, gtk_widget_unparent);
  g_clear_pointer (&self->button, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_note_parent_class)->dispose (object);
}

static void
bobbin_note_class_init (BobbinNoteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_note_dispose;
  widget_class->get_request_mode = bobbin_note_get_request_mode;
  widget_class->measure = bobbin_note_measure;
  widget_class->size_allocate = bobbin_note_size_allocate;
}

static void
bobbin_note_init (BobbinNote *self)
{
}

GtkWidget *
bobbin_note_new (GtkWidget *text,
                 GtkWidget *button,
                 int        gap)
{
  BobbinNote *self;

  g_return_val_if_fail (GTK_IS_WIDGET (text), NULL);
  g_return_val_if_fail (button == NULL || GTK_IS_WIDGET (button), NULL);

  self = g_object_new (BOBBIN_TYPE_NOTE, NULL);
  self->gap = gap;
  self->text = text;
  gtk_widget_set_parent (text, GTK_WIDGET (self));
  self->button = button;
  if (button != NULL)
    gtk_widget_set_parent (button, GTK_WIDGET (self));

  return GTK_WIDGET (self);
}
