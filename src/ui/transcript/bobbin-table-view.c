#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-table-view.h"

#include "bobbin-save.h"
#include "bobbin-table-grid.h"

#include <glib/gi18n.h>

#define SORT_AT_ONCE 4000 /* rows: more are sorted in a thread */

struct _BobbinTableView
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinTable     *table;
  BobbinViewState *state;       /* (nullable) */
  gint64           block_id;
  guint           *order;       /* (nullable) as shown */
  GCancellable    *sorting;     /* (nullable) */
  /* template children */
  GtkWidget       *box;
  GtkLabel        *title;
  GtkLabel        *size;
  GtkWidget       *spinner;
  GtkWidget       *menu_button;
  GMenuModel      *copy_menu;
  GtkWidget       *scrolled;
  GtkWidget       *viewport;
  GtkWidget       *more;
  GtkLabel        *note;
  /* child of scrolled */
  BobbinTableGrid *grid;

  guint            told_rows;   /* what the words are of: as they were last set */
  guint            told_columns;
  guint            told_lost;
  gboolean         told_all;
  gboolean         told;
  int              column;      /* sorted by, -1 */
  gboolean         descending;
  gboolean         all;
};

G_DEFINE_FINAL_TYPE (BobbinTableView, bobbin_table_view, GTK_TYPE_WIDGET)

static char *
dup_rows (guint n)
{
  return g_strdup_printf (ngettext ("%'u row", "%'u rows", n), n);
}

/* A table that is written changes with each letter, what is said of it with each row. */
static gboolean
is_told (BobbinTableView *self,
         guint            n_rows,
         guint            n_columns,
         guint            n_lost,
         const char      *title)
{
  gboolean same = self->told && self->told_rows == n_rows && self->told_columns == n_columns && self->told_lost == n_lost &&
                  self->told_all == self->all && g_str_equal (gtk_label_get_label (self->title), title);

  self->told = TRUE;
  self->told_rows = n_rows;
  self->told_columns = n_columns;
  self->told_lost = n_lost;
  self->told_all = self->all;

  return same;
}

static void
tell_words (BobbinTableView *self,
            const char      *title)
{
  guint n_rows = bobbin_table_get_n_rows (self->table);
  guint n_columns = bobbin_table_get_n_columns (self->table);
  guint n_lost = bobbin_table_get_n_lost (self->table);
  g_autofree char *rows = dup_rows (n_rows);
  g_autofree char *columns = g_strdup_printf (ngettext ("%'u column", "%'u columns", n_columns), n_columns);
  g_autofree char *size = g_strdup_printf ("%s, %s", rows, columns);
  g_autofree char *name = NULL;
  GString *note = g_string_new (NULL);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->size, rows);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->size), size);
  /* Translators: a table's title, its rows and columns */
  name = g_strdup_printf (_("%1$s, %2$s, %3$s"), gtk_label_get_label (self->title), rows, columns);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  if (n_columns > BOBBIN_TABLE_GRID_COLUMNS)
    g_string_append_printf (note, _("The first %1$u of %2$'u columns are shown; copying takes all."),
                            BOBBIN_TABLE_GRID_COLUMNS, n_columns);
  if (self->all && n_rows > BOBBIN_TABLE_GRID_ROWS_MAX)
    g_string_append_printf (note, _("%1$sThe first %2$'u of %3$'u rows are shown; copying takes all."), note->len > 0 ? " " : "",
                            BOBBIN_TABLE_GRID_ROWS_MAX, n_rows);
  if (n_lost > 0)
    g_string_append_printf (note, ngettext ("%1$s%2$'u more row is too much and was left out.",
                                            "%1$s%2$'u more rows are too much and were left out.", n_lost),
                            note->len > 0 ? " " : "", n_lost);
  gtk_label_set_label (self->note, note->str);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note->len > 0);
  g_string_free (note, TRUE);
}

static void
update_words (BobbinTableView *self)
{
  const char *given = bobbin_table_get_title (self->table);
  const char *title = given != NULL ? given : _("Table");

  if (!is_told (self, bobbin_table_get_n_rows (self->table), bobbin_table_get_n_columns (self->table),
                bobbin_table_get_n_lost (self->table), title))
    tell_words (self, title);
}

static void
update_more (BobbinTableView *self)
{
  guint n_rows = bobbin_table_get_n_rows (self->table);
  gboolean more = bobbin_table_grid_get_n_shown (self->grid) < MIN (n_rows, BOBBIN_TABLE_GRID_ROWS_MAX);

  gtk_widget_set_visible (self->more, more);
  if (more)
    {
      g_autofree char *label = g_strdup_printf (ngettext ("Show All %'u Row", "Show All %'u Rows", n_rows), n_rows);

      gtk_button_set_label (GTK_BUTTON (self->more), label);
    }
}

static void
show (BobbinTableView *self)
{
  bobbin_table_grid_set_table (self->grid, self->table, self->all);
  update_more (self);
  update_words (self);
  if (self->state != NULL)
    {
      bobbin_view_state_set_slot (self->state, self->block_id, BOBBIN_VIEW_SORT,
                                  self->column < 0 ? 0 : (self->column + 1) * (self->descending ? -1 : 1));
      bobbin_view_state_set_slot (self->state, self->block_id, BOBBIN_VIEW_ALL, self->all);
    }
}

/* Sorting */

static void
apply_order (BobbinTableView *self,
             guint           *order)
{
  g_free (self->order);
  self->order = order;
  gtk_widget_set_visible (self->spinner, FALSE);
  bobbin_table_grid_set_order (self->grid,
                               order != NULL ? g_memdup2 (order, bobbin_table_get_n_rows (self->table) * sizeof (guint)) : NULL,
                               self->column, self->descending);
}

typedef struct
{
  BobbinTable *table;
  guint        column;
  gboolean     descending;
} SortTask;

static void
sort_task_free (gpointer data)
{
  SortTask *task = data;

  bobbin_table_unref (task->table);
  g_free (task);
}

static void
sort_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  SortTask *sort = data;

  g_task_return_pointer (task, bobbin_table_sort (sort->table, sort->column, sort->descending), g_free);
}

static void
sorted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BobbinTableView *self = BOBBIN_TABLE_VIEW (source);
  guint *order = g_task_propagate_pointer (G_TASK (result), NULL);

  if (order == NULL)
    return; /* another order was asked for, or the widget goes */

  g_clear_object (&self->sorting);
  apply_order (self, order);
}

static void
stop_sorting (BobbinTableView *self)
{
  if (self->sorting != NULL)
    g_cancellable_cancel (self->sorting);
  g_clear_object (&self->sorting);
}

static void
sort (BobbinTableView *self)
{
  g_autoptr(GTask) task = NULL;
  SortTask *data;

  stop_sorting (self);
  if (self->column < 0 || (guint) self->column >= bobbin_table_get_n_columns (self->table))
    {
      self->column = -1;
      apply_order (self, NULL);
      return;
    }
  if (bobbin_table_get_n_rows (self->table) <= SORT_AT_ONCE)
    {
      apply_order (self, bobbin_table_sort (self->table, (guint) self->column, self->descending));
      return;
    }

  gtk_widget_set_visible (self->spinner, TRUE);
  self->sorting = g_cancellable_new ();
  data = g_new0 (SortTask, 1);
  data->table = bobbin_table_ref (self->table);
  data->column = (guint) self->column;
  data->descending = self->descending;
  task = g_task_new (self, self->sorting, sorted_cb, NULL);
  g_task_set_source_tag (task, sort);
  g_task_set_task_data (task, data, sort_task_free);
  g_task_run_in_thread (task, sort_thread);
}

/* Up, down, as it came. */
static void
sort_cb (BobbinTableView *self,
         guint            column)
{
  if (self->column != (int) column)
    {
      self->column = (int) column;
      self->descending = FALSE;
    }
  else if (!self->descending)
    self->descending = TRUE;
  else
    self->column = -1;
  show (self);
  sort (self);
}

static void
more_clicked_cb (BobbinTableView *self)
{
  self->all = TRUE;
  show (self);
}

/* Copying and saving */

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinTableView *self = BOBBIN_TABLE_VIEW (widget);
  const char *format = g_variant_get_string (parameter, NULL);
  BobbinTableFormat as = g_str_equal (format, "csv") ? BOBBIN_TABLE_CSV
                         : g_str_equal (format, "markdown") ? BOBBIN_TABLE_MARKDOWN : BOBBIN_TABLE_TSV;
  g_autofree char *text = bobbin_table_to_text (self->table, as, self->order);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
copy_cell_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  BobbinTableView *self = BOBBIN_TABLE_VIEW (widget);
  int row;
  int column;

  if (!bobbin_table_grid_get_cursor (self->grid, &row, &column))
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          row < 0 ? bobbin_table_get_name (self->table, (guint) column)
                                  : bobbin_table_get_text (self->table, (guint) row, (guint) column));
}

static void
save_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  BobbinTableView *self = BOBBIN_TABLE_VIEW (widget);
  g_autofree char *text = bobbin_table_to_text (self->table, BOBBIN_TABLE_CSV, self->order);
  const char *title = bobbin_table_get_title (self->table);
  g_autofree char *name = g_strconcat (title != NULL ? title : _("Table"), ".csv", NULL);

  bobbin_save_text (widget, name, text);
}

static gboolean
unparent_cb (gpointer user_data)
{
  gtk_widget_unparent (user_data);

  return G_SOURCE_REMOVE;
}

static void
menu_closed_cb (GtkWidget *popover)
{
  /* not within its own signal; its action comes after it */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_cb, g_object_ref (popover), g_object_unref);
}

static void
menu_cb (BobbinTableView *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenuItem) all = g_menu_item_new_section (NULL, self->copy_menu);
  GtkWidget *popover;
  GdkRectangle area;
  double x;
  double y;

  g_menu_append (menu, _("Copy Cell"), "table.copy-cell");
  g_menu_append_item (menu, all);
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  bobbin_table_grid_get_cursor_area (self->grid, &area);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->grid), GTK_WIDGET (self), area.x, area.y, &x, &y);
  area.x = (int) x;
  area.y = (int) y;
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &area);
  g_signal_connect (popover, "closed", G_CALLBACK (menu_closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/* Not before it is asked for: a menu is many widgets, and few tables are copied. */
static void
create_menu_cb (GtkMenuButton *button,
                gpointer       user_data)
{
  BobbinTableView *self = user_data;

  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (self->copy_menu));
}

/* Object */

static void
bobbin_table_view_dispose (GObject *object)
{
  BobbinTableView *self = BOBBIN_TABLE_VIEW (object);
  GtkWidget *child;

  stop_sorting (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_TABLE_VIEW);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_table_view_parent_class)->dispose (object);
}

static void
bobbin_table_view_finalize (GObject *object)
{
  BobbinTableView *self = BOBBIN_TABLE_VIEW (object);

  bobbin_table_unref (self->table);
  g_clear_pointer (&self->state, bobbin_view_state_unref);
  g_free (self->order);

  G_OBJECT_CLASS (bobbin_table_view_parent_class)->finalize (object);
}

static void
bobbin_table_view_class_init (BobbinTableViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (BOBBIN_TYPE_TABLE_GRID);
  object_class->dispose = bobbin_table_view_dispose;
  object_class->finalize = bobbin_table_view_finalize;

  gtk_widget_class_set_css_name (widget_class, "tableview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-table-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, size);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, spinner);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, menu_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, copy_menu);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, viewport);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, grid);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, more);
  gtk_widget_class_bind_template_child (widget_class, BobbinTableView, note);
  gtk_widget_class_bind_template_callback (widget_class, sort_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_clicked_cb);
  gtk_widget_class_install_action (widget_class, "table.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "table.copy-cell", NULL, copy_cell_action);
  gtk_widget_class_install_action (widget_class, "table.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy-cell", NULL);
}

static void
bobbin_table_view_init (BobbinTableView *self)
{
  self->column = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->menu_button), create_menu_cb, self, NULL);
}

GtkWidget *
bobbin_table_view_new (BobbinTable *table)
{
  BobbinTableView *self = g_object_new (BOBBIN_TYPE_TABLE_VIEW, NULL);

  self->table = bobbin_table_ref (table);
  show (self);

  return GTK_WIDGET (self);
}

gboolean
bobbin_table_view_is_fresh (BobbinTableView *self)
{
  g_return_val_if_fail (BOBBIN_IS_TABLE_VIEW (self), FALSE);

  return self->column < 0 && !self->all && self->state == NULL && gtk_widget_get_focus_child (GTK_WIDGET (self)) == NULL;
}

void
bobbin_table_view_renew (BobbinTableView *self,
                         BobbinTable     *table)
{
  g_return_if_fail (BOBBIN_IS_TABLE_VIEW (self));

  gtk_adjustment_set_value (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), 0);
  bobbin_table_view_set_table (self, table);
}

BobbinTable *
bobbin_table_view_get_table (BobbinTableView *self)
{
  g_return_val_if_fail (BOBBIN_IS_TABLE_VIEW (self), NULL);

  return self->table;
}

void
bobbin_table_view_set_table (BobbinTableView *self,
                             BobbinTable     *table)
{
  g_return_if_fail (BOBBIN_IS_TABLE_VIEW (self));

  stop_sorting (self);
  if (self->table != table)
    {
      g_autoptr(BobbinTable) before = self->table;

      self->table = bobbin_table_ref (table);
    }
  g_clear_pointer (&self->order, g_free);
  show (self);
  if (self->column >= 0)
    sort (self);
}

void
bobbin_table_view_bind_state (BobbinTableView *self,
                              BobbinViewState *state,
                              gint64           block_id)
{
  int column = bobbin_view_state_get_slot (state, block_id, BOBBIN_VIEW_SORT);

  g_return_if_fail (BOBBIN_IS_TABLE_VIEW (self));
  g_return_if_fail (self->state == NULL);

  self->column = ABS (column) - 1;
  self->descending = column < 0;
  self->all = bobbin_view_state_get_slot (state, block_id, BOBBIN_VIEW_ALL);
  self->state = bobbin_view_state_ref (state);
  self->block_id = block_id;
  show (self);
  if (self->column >= 0)
    sort (self);
}

void
bobbin_table_view_set_visible_range (BobbinTableView *self,
                                     int              top,
                                     int              bottom)
{
  double x;
  double y = 0;

  g_return_if_fail (BOBBIN_IS_TABLE_VIEW (self));

  gtk_widget_translate_coordinates (GTK_WIDGET (self->grid), GTK_WIDGET (self), 0, 0, &x, &y);
  bobbin_table_grid_set_visible_range (self->grid, top - (int) y, bottom - (int) y);
}

void
bobbin_table_view_set_selected (BobbinTableView *self,
                                gboolean         selected)
{
  g_return_if_fail (BOBBIN_IS_TABLE_VIEW (self));

  bobbin_table_grid_set_selected (self->grid, selected);
}

void
bobbin_table_view_set_search (BobbinTableView *self,
                              const char      *text)
{
  g_return_if_fail (BOBBIN_IS_TABLE_VIEW (self));

  bobbin_table_grid_set_search (self->grid, text);
}

void
bobbin_table_view_set_plain (BobbinTableView *self)
{
  g_return_if_fail (BOBBIN_IS_TABLE_VIEW (self));

  gtk_widget_add_css_class (GTK_WIDGET (self), "plain");
  gtk_widget_set_visible (GTK_WIDGET (self->title), FALSE);
}
