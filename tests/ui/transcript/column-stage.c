#include "config.h"

#include "column-stage.h"

#include "messages.h"
#include "stage.h"

void
column_stage_up (Stage        *stage,
                 gconstpointer n)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *column = bobbin_column_new ();

  stage->messages = messages_mixed (GPOINTER_TO_UINT (n));
  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (stage->messages));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  stage->window = stage_new (scrolled, COLUMN_WIDTH, COLUMN_HEIGHT);
  stage->column = BOBBIN_COLUMN (column);
  stage->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

void
column_stage_down (Stage        *stage,
                   gconstpointer n)
{
  GtkWidget *column = GTK_WIDGET (stage->column);

  g_object_add_weak_pointer (G_OBJECT (column), (gpointer *) &column);
  stage_free (stage->window);
  g_assert_null (column);
  g_assert_finalize_object (stage->messages);
}

double
column_from_end (Stage *stage)
{
  return gtk_adjustment_get_upper (stage->adjustment) - gtk_adjustment_get_page_size (stage->adjustment) -
         gtk_adjustment_get_value (stage->adjustment);
}

double
column_line_y (Stage            *stage,
               const ColumnLine *line)
{
  BobbinMessageView *row = bobbin_column_get_row (stage->column, line->message);
  double x;
  double y;

  g_assert_nonnull (row);
  g_assert_true (gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (stage->column), 0, 0, &x, &y));
  return y + bobbin_message_view_get_y (row, &line->locus);
}
