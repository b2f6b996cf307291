#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-find-marks.h"

#define WIDTH  10
#define HEIGHT 2   /* of a mark */
#define MARGIN 3   /* the track ends before the widget does */

struct _BobbinFindMarks
{
  GtkWidget  parent_instance;
  /* owned */
  GArray    *places; /* of float */
};

G_DEFINE_FINAL_TYPE (BobbinFindMarks, bobbin_find_marks, GTK_TYPE_WIDGET)

static void
bobbin_find_marks_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : 1;
}

/* One mark a line of pixels, however many places fall on it. */
static void
bobbin_find_marks_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  BobbinFindMarks *self = BOBBIN_FIND_MARKS (widget);
  GtkStyleContext *css = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget) - 2 * MARGIN - HEIGHT;
  g_autofree guint8 *drawn = NULL;
  GdkRGBA color;

  if (height <= 0)
    return;

  gtk_style_context_get_color (css, &color);
  drawn = g_new0 (guint8, (gsize) height + 1);
  for (guint i = 0; i < self->places->len; i++)
    {
      int y = CLAMP ((int) (g_array_index (self->places, float, i) * (float) height), 0, height);

      if (drawn[y])
        continue;
      drawn[y] = 1;
      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (2, MARGIN + y, width - 4, HEIGHT));
    }
}

static void
bobbin_find_marks_finalize (GObject *object)
{
  g_array_unref (BOBBIN_FIND_MARKS (object)->places);

  G_OBJECT_CLASS (bobbin_find_marks_parent_class)->finalize (object);
}

static void
bobbin_find_marks_class_init (BobbinFindMarksClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_find_marks_finalize;
  widget_class->measure = bobbin_find_marks_measure;
  widget_class->snapshot = bobbin_find_marks_snapshot;
  gtk_widget_class_set_css_name (widget_class, "findmarks");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
bobbin_find_marks_init (BobbinFindMarks *self)
{
  self->places = g_array_new (FALSE, FALSE, sizeof (float));
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

void
bobbin_find_marks_set_places (BobbinFindMarks *self,
                              const float     *places,
                              guint            n)
{
  g_return_if_fail (BOBBIN_IS_FIND_MARKS (self));

  g_array_set_size (self->places, 0);
  if (n > 0)
    g_array_append_vals (self->places, places, n);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
bobbin_find_marks_get_n (BobbinFindMarks *self)
{
  g_return_val_if_fail (BOBBIN_IS_FIND_MARKS (self), 0);

  return self->places->len;
}
