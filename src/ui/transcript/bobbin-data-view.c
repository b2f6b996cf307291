#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-data-view.h"

#include "bobbin-cards.h"
#include "bobbin-chart-view.h"
#include "bobbin-json-view.h"
#include "bobbin-table-view.h"
#include "model/bobbin-block.h"
#include "util/bobbin-json-index.h"

#include <glib/gi18n.h>
#include <string.h>

#define READ_AT_ONCE (32 * 1024) /* bytes: more is read in a thread */

struct _BobbinDataView
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinBlock     *block;
  BobbinViewState *state;
  GCancellable    *reading;  /* (nullable) */
  GtkWidget       *child;    /* (nullable) */
};

G_DEFINE_FINAL_TYPE (BobbinDataView, bobbin_data_view, GTK_TYPE_WIDGET)

/* What was read; made in a thread. */
typedef struct
{
  BobbinBlockKind  kind;
  char            *text;
  BobbinJsonIndex *json;   /* (nullable): not JSON */
  BobbinTable     *table;  /* (nullable): not a table */
  BobbinChart     *chart;  /* (nullable): not a chart */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_pointer (&reading->json, bobbin_json_index_unref);
  g_clear_pointer (&reading->table, bobbin_table_unref);
  g_clear_pointer (&reading->chart, bobbin_chart_unref);
  g_free (reading->text);
  g_free (reading);
}

static void
read_json (Reading *reading)
{
  reading->json = bobbin_json_index_new (reading->text, -1, NULL);
  if (reading->json != NULL && reading->kind == BOBBIN_BLOCK_TABLE)
    reading->table = bobbin_table_new_from_json (reading->json);
  if (reading->json != NULL && reading->kind == BOBBIN_BLOCK_CHART)
    reading->chart = bobbin_chart_new_from_json (reading->json);
}

static void
set_child (BobbinDataView *self,
           GtkWidget      *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
show_reading (BobbinDataView *self)
{
  GtkWidget *label = gtk_label_new (_("Reading data…"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  set_child (self, label);
}

static void
show (BobbinDataView *self,
      Reading        *reading)
{
  if (reading->table != NULL)
    {
      GtkWidget *view = self->child;

      if (view != NULL && BOBBIN_IS_TABLE_VIEW (view))
        {
          bobbin_table_view_set_table (BOBBIN_TABLE_VIEW (view), reading->table);
          return;
        }
      view = bobbin_table_view_new (reading->table);
      bobbin_table_view_bind_state (BOBBIN_TABLE_VIEW (view), self->state, bobbin_block_get_id (self->block));
      gtk_widget_set_halign (view, GTK_ALIGN_START);
      set_child (self, view);
    }
  else if (reading->chart != NULL)
    {
      if (self->child != NULL && BOBBIN_IS_CHART_VIEW (self->child))
        bobbin_chart_view_set_chart (BOBBIN_CHART_VIEW (self->child), reading->chart);
      else
        set_child (self, bobbin_chart_view_new (reading->chart, self->state, bobbin_block_get_id (self->block)));
    }
  else if (reading->json != NULL && reading->kind == BOBBIN_BLOCK_JSON)
    {
      GtkWidget *view = bobbin_json_view_new_for_index (_("Data"), reading->json);

      bobbin_json_view_set_framed (BOBBIN_JSON_VIEW (view));
      set_child (self, view);
    }
  else
    {
      set_child (self, bobbin_data_card_new (self->block, self->state));
    }
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  read_json (data);
  g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  BobbinDataView *self = BOBBIN_DATA_VIEW (source);

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return; /* the widget went, or the data was exchanged */

  g_clear_object (&self->reading);
  show (self, g_task_get_task_data (G_TASK (result)));
}

static void
stop_reading (BobbinDataView *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
update (BobbinDataView *self)
{
  const char *data = bobbin_block_get_data (self->block);
  const char *text = data != NULL ? data : bobbin_block_get_text (self->block);
  Reading *reading = g_new0 (Reading, 1);

  stop_reading (self);
  reading->kind = bobbin_block_get_kind (self->block);
  reading->text = g_strdup (text);
  if (strlen (text) > READ_AT_ONCE)
    {
      g_autoptr(GTask) task = NULL;

      if (self->child == NULL)
        show_reading (self);
      self->reading = g_cancellable_new ();
      task = g_task_new (self, self->reading, read_cb, NULL);
      g_task_set_source_tag (task, update);
      g_task_set_task_data (task, reading, reading_free);
      g_task_run_in_thread (task, read_thread);
      return;
    }

  read_json (reading);
  show (self, reading);
  reading_free (reading);
}

static void
bobbin_data_view_dispose (GObject *object)
{
  BobbinDataView *self = BOBBIN_DATA_VIEW (object);

  stop_reading (self);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_data_view_parent_class)->dispose (object);
}

static void
bobbin_data_view_finalize (GObject *object)
{
  BobbinDataView *self = BOBBIN_DATA_VIEW (object);

  g_clear_object (&self->block);
  g_clear_pointer (&self->state, bobbin_view_state_unref);

  G_OBJECT_CLASS (bobbin_data_view_parent_class)->finalize (object);
}

static void
bobbin_data_view_class_init (BobbinDataViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_data_view_dispose;
  object_class->finalize = bobbin_data_view_finalize;
  gtk_widget_class_set_css_name (widget_class, "dataview");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bobbin_data_view_init (BobbinDataView *self)
{
}

GtkWidget *
bobbin_data_view_new (BobbinBlock     *block,
                      BobbinViewState *state)
{
  BobbinDataView *self = g_object_new (BOBBIN_TYPE_DATA_VIEW, NULL);

  self->block = g_object_ref (block);
  self->state = bobbin_view_state_ref (state);
  g_signal_connect_object (block, "notify::data", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
