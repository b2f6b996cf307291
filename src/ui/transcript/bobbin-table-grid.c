#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-table-grid-private.h"

#include <adwaita.h>
#include <string.h>

#define LAYOUTS_MAX 4000
#define CELL_BYTES  1000 /* of a cell that are drawn */
#define ARROW_SIZE  12
#define LEFT_TO_RIGHT 0x200e /* a mark without width */

G_DEFINE_FINAL_TYPE (BobbinTableGrid, bobbin_table_grid, GTK_TYPE_WIDGET)

/* Layouts */

guint
_bobbin_table_grid_get_row (BobbinTableGrid *self,
                            guint            shown_row)
{
  return self->order != NULL ? self->order[shown_row] : shown_row;
}

/* Of the first letter, as Pango takes it for the paragraph's. */
static PangoDirection
find_direction (const char *text)
{
  static const GUnicodeScript rtl[] = { G_UNICODE_SCRIPT_ARABIC, G_UNICODE_SCRIPT_HEBREW, G_UNICODE_SCRIPT_SYRIAC,
                                        G_UNICODE_SCRIPT_THAANA, G_UNICODE_SCRIPT_NKO };

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (c == LEFT_TO_RIGHT)
        return PANGO_DIRECTION_LTR;
      if (!g_unichar_isalpha (c))
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (rtl); i++)
        if (g_unichar_get_script (c) == rtl[i])
          return PANGO_DIRECTION_RTL;
      return PANGO_DIRECTION_LTR;
    }

  return PANGO_DIRECTION_NEUTRAL;
}

static void
set_align (BobbinTableGrid *self,
           PangoLayout     *layout,
           guint            column)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  PangoDirection direction = find_direction (pango_layout_get_text (layout));
  gboolean base_rtl = pango_context_get_base_dir (pango_layout_get_context (layout)) == PANGO_DIRECTION_RTL;
  BobbinAlign align = bobbin_table_get_align (self->table, column);
  gboolean right = (align == BOBBIN_ALIGN_END) != rtl;

  /* Pango turns left and right round in text that runs against the interface; a column is one line all the same. */
  if (direction != PANGO_DIRECTION_NEUTRAL && (direction == PANGO_DIRECTION_RTL) != base_rtl)
    right = !right;
  if (align == BOBBIN_ALIGN_CENTER)
    pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  else if (right)
    pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  else
    pango_layout_set_alignment (layout, PANGO_ALIGN_LEFT);
}

/* Digits of one width, so that numbers stand below each other; names are bold. */
static void
set_attributes (PangoLayout *layout,
                gboolean     head)
{
  PangoAttrList *attrs = pango_layout_get_attributes (layout);

  attrs = attrs != NULL ? pango_attr_list_copy (attrs) : pango_attr_list_new ();
  pango_attr_list_insert (attrs, pango_attr_font_features_new ("tnum=1"));
  if (head)
    pango_attr_list_insert (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
}

static PangoLayout *
make_layout (BobbinTableGrid *self,
             int              shown_row,
             guint            column)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  guint row = shown_row >= 0 ? _bobbin_table_grid_get_row (self, (guint) shown_row) : 0;
  const char *text = shown_row < 0 ? bobbin_table_get_name (self->table, column)
                                   : bobbin_table_get_text (self->table, row, column);
  const char *markup = shown_row < 0 ? bobbin_table_get_name_markup (self->table, column)
                                     : bobbin_table_get_markup (self->table, row, column);
  gsize length = strlen (text);

  if (markup != NULL && length <= CELL_BYTES)
    {
      pango_layout_set_markup (layout, markup, -1);
    }
  else
    {
      gboolean plain = shown_row < 0 || bobbin_table_get_content (self->table, column) == BOBBIN_TABLE_TEXT;
      g_autoptr(GString) shown = g_string_new (NULL);

      for (length = MIN (length, CELL_BYTES); (text[length] & 0xc0) == 0x80;)
        length--;
      /* numbers and dates are not turned round where the interface runs from right to left */
      if (!plain)
        g_string_append_unichar (shown, LEFT_TO_RIGHT);
      g_string_append_len (shown, text, (gssize) length);
      pango_layout_set_text (layout, shown->str, (int) shown->len);
    }
  set_attributes (layout, shown_row < 0);
  if (self->uniform)
    {
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_single_paragraph_mode (layout, TRUE);
    }
  else
    {
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
    }
  set_align (self, layout, column);

  return layout;
}

PangoLayout *
_bobbin_table_grid_get_layout (BobbinTableGrid *self,
                               int              shown_row,
                               guint            column)
{
  guint64 row = shown_row >= 0 ? _bobbin_table_grid_get_row (self, (guint) shown_row) + 1 : 0;
  gpointer key = GSIZE_TO_POINTER (row * BOBBIN_TABLE_COLUMNS_MAX + column + 1);
  PangoLayout *layout = g_hash_table_lookup (self->layouts, key);

  if (layout == NULL)
    {
      layout = make_layout (self, shown_row, column);
      g_hash_table_insert (self->layouts, key, layout);
    }

  return layout;
}

/* Drawing */

static gboolean
holds_search (BobbinTableGrid *self,
              const char      *text)
{
  g_autofree char *folded = NULL;

  if (self->search == NULL || *text == '\0')
    return FALSE;
  folded = g_utf8_casefold (text, -1);

  return strstr (folded, self->search) != NULL;
}

static void
snapshot_cell (BobbinTableGrid *self,
               GtkSnapshot     *snapshot,
               int              row,
               guint            column,
               const GdkRGBA   *color)
{
  PangoLayout *layout = _bobbin_table_grid_get_layout (self, row, column);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int arrow = row < 0 && self->sorted == (int) column ? ARROW_SIZE + 2 : 0;
  GdkRectangle area;
  int height;

  _bobbin_table_grid_get_cell_area (self, row, column, &area);
  pango_layout_set_width (layout, MAX (area.width - 2 * TABLE_PAD_X - arrow, 1) * PANGO_SCALE);
  if (holds_search (self, row < 0 ? bobbin_table_get_name (self->table, column)
                                  : bobbin_table_get_text (self->table, _bobbin_table_grid_get_row (self, (guint) row), column)))
    gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 0.96f, 0.83f, 0.18f, 0.45f },
                               &GRAPHENE_RECT_INIT (area.x, area.y, area.width, area.height));
  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (area.x + TABLE_PAD_X + (rtl ? arrow : 0),
                                                          area.y + (row < 0 ? MAX ((area.height - height) / 2, 0)
                                                                            : TABLE_PAD_Y)));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_arrow (BobbinTableGrid *self,
                GtkSnapshot     *snapshot,
                const GdkRGBA   *color)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr(GtkIconPaintable) icon = NULL;
  GdkRectangle area;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int x;

  if (self->sorted < 0 || (guint) self->sorted >= self->n_columns || self->head_height == 0)
    return;

  icon = gtk_icon_theme_lookup_icon (theme, self->descending ? "bobbin-down-symbolic" : "bobbin-up-symbolic", NULL, ARROW_SIZE,
                                     gtk_widget_get_scale_factor (GTK_WIDGET (self)), GTK_TEXT_DIR_NONE, 0);
  _bobbin_table_grid_get_cell_area (self, -1, (guint) self->sorted, &area);
  x = rtl ? area.x + 4 : area.x + area.width - ARROW_SIZE - 6;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, area.y + (area.height - ARROW_SIZE) / 2));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ARROW_SIZE, ARROW_SIZE, color, 1);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_head (BobbinTableGrid *self,
               GtkSnapshot     *snapshot,
               const GdkRGBA   *color)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  GdkRGBA tint = *color;
  GdkRectangle area;

  tint.alpha = 0.05f;
  gtk_snapshot_append_color (snapshot, &tint, &GRAPHENE_RECT_INIT (0, 0, width, self->head_height));
  if (self->hover_column >= 0)
    {
      _bobbin_table_grid_get_cell_area (self, -1, (guint) self->hover_column, &area);
      gtk_snapshot_append_color (snapshot, &tint, &GRAPHENE_RECT_INIT (area.x, area.y, area.width, area.height));
    }
  for (guint i = 0; i < self->n_columns; i++)
    snapshot_cell (self, snapshot, -1, i, color);
  snapshot_arrow (self, snapshot, color);
}

static void
bobbin_table_grid_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  BobbinTableGrid *self = BOBBIN_TABLE_GRID (widget);
  GtkStyleContext *css = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget);
  GHashTableIter iter;
  gpointer cell;
  GdkRGBA color;
  GdkRGBA rule;
  int first;
  int last;

  if (self->table == NULL)
    return;

  if (g_hash_table_size (self->layouts) > LAYOUTS_MAX)
    g_hash_table_remove_all (self->layouts);
  gtk_style_context_get_color (css, &color);
  rule = color;
  rule.alpha = adw_style_manager_get_high_contrast (adw_style_manager_get_default ()) ? 0.5f : 0.12f;
  _bobbin_table_grid_get_near (self, &first, &last);

  if (self->head_height > 0)
    snapshot_head (self, snapshot, &color);
  for (int row = first; row < last; row++)
    {
      int top = _bobbin_table_grid_get_top (self, row);

      if (top > 0)
        gtk_snapshot_append_color (snapshot, &rule, &GRAPHENE_RECT_INIT (0, top, width, 1));
      for (guint i = 0; i < self->n_columns; i++)
        snapshot_cell (self, snapshot, row, i, &color);
    }
  if (self->selected)
    {
      if (!gtk_style_context_lookup_color (css, "accent_bg_color", &rule))
        rule = color;
      rule.alpha = 0.35f;
      gtk_snapshot_append_color (snapshot, &rule, &GRAPHENE_RECT_INIT (0, 0, width, gtk_widget_get_height (widget)));
    }
  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, NULL, &cell))
    gtk_widget_snapshot_child (widget, cell, snapshot);
}

static void
bobbin_table_grid_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  BobbinTableGrid *self = BOBBIN_TABLE_GRID (widget);

  _bobbin_table_grid_ensure_sizes (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = _bobbin_table_grid_get_left (self, self->n_columns);
  else
    *natural = _bobbin_table_grid_get_top (self, (int) self->n_rows);
  *minimum = *natural;
}

static void
bobbin_table_grid_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  _bobbin_table_grid_update_cells (BOBBIN_TABLE_GRID (widget));
}

static void
bobbin_table_grid_direction_changed (GtkWidget        *widget,
                                     GtkTextDirection  before)
{
  g_hash_table_remove_all (BOBBIN_TABLE_GRID (widget)->layouts);
  GTK_WIDGET_CLASS (bobbin_table_grid_parent_class)->direction_changed (widget, before);
}

static void
bobbin_table_grid_dispose (GObject *object)
{
  BobbinTableGrid *self = BOBBIN_TABLE_GRID (object);

  _bobbin_table_grid_drop_cells (self);

  G_OBJECT_CLASS (bobbin_table_grid_parent_class)->dispose (object);
}

static void
bobbin_table_grid_finalize (GObject *object)
{
  BobbinTableGrid *self = BOBBIN_TABLE_GRID (object);

  g_clear_pointer (&self->table, bobbin_table_unref);
  g_free (self->order);
  g_free (self->search);
  g_hash_table_unref (self->layouts);
  g_hash_table_unref (self->cells);
  g_array_unref (self->lefts);
  g_array_unref (self->tops);

  G_OBJECT_CLASS (bobbin_table_grid_parent_class)->finalize (object);
}

static void
bobbin_table_grid_class_init (BobbinTableGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_table_grid_dispose;
  object_class->finalize = bobbin_table_grid_finalize;
  widget_class->measure = bobbin_table_grid_measure;
  widget_class->size_allocate = bobbin_table_grid_size_allocate;
  widget_class->snapshot = bobbin_table_grid_snapshot;
  widget_class->direction_changed = bobbin_table_grid_direction_changed;
  gtk_widget_class_set_css_name (widget_class, "tablegrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TABLE);
  g_signal_new ("sort", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  g_signal_new ("menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  _bobbin_table_grid_install_input (widget_class);
}

static void
bobbin_table_grid_init (BobbinTableGrid *self)
{
  self->layouts = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->cells = g_hash_table_new (NULL, NULL);
  self->lefts = g_array_new (FALSE, FALSE, sizeof (int));
  self->tops = g_array_new (FALSE, FALSE, sizeof (int));
  self->sorted = -1;
  self->hover_column = -1;
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  _bobbin_table_grid_init_input (self);
}

GtkWidget *
bobbin_table_grid_new (void)
{
  return g_object_new (BOBBIN_TYPE_TABLE_GRID, NULL);
}

static void
renew (BobbinTableGrid *self)
{
  self->renewed = TRUE;
  g_hash_table_remove_all (self->layouts);
  self->serial = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
bobbin_table_grid_set_table (BobbinTableGrid *self,
                             BobbinTable     *table,
                             gboolean         all)
{
  guint n_rows = bobbin_table_get_n_rows (table);

  g_return_if_fail (BOBBIN_IS_TABLE_GRID (self));

  if (self->table != table)
    {
      g_clear_pointer (&self->table, bobbin_table_unref);
      self->table = bobbin_table_ref (table);
      g_clear_pointer (&self->order, g_free);
      self->sorted = -1;
    }
  /* a few rows more than are shown at first are shown at once */
  self->n_rows = all || n_rows <= BOBBIN_TABLE_GRID_ROWS + 5 ? MIN (n_rows, BOBBIN_TABLE_GRID_ROWS_MAX) : BOBBIN_TABLE_GRID_ROWS;
  self->n_columns = MIN (bobbin_table_get_n_columns (table), BOBBIN_TABLE_GRID_COLUMNS);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_ROW_COUNT, (int) n_rows,
                                  GTK_ACCESSIBLE_RELATION_COL_COUNT, (int) bobbin_table_get_n_columns (table), -1);
  renew (self);
}

void
bobbin_table_grid_set_order (BobbinTableGrid *self,
                             guint           *order,
                             int              column,
                             gboolean         descending)
{
  g_return_if_fail (BOBBIN_IS_TABLE_GRID (self));

  g_free (self->order);
  self->order = order;
  self->sorted = column;
  self->descending = descending;
  renew (self);
}

void
bobbin_table_grid_set_visible_range (BobbinTableGrid *self,
                                     int              top,
                                     int              bottom)
{
  int before[2];
  int now[2];

  g_return_if_fail (BOBBIN_IS_TABLE_GRID (self));

  _bobbin_table_grid_get_near (self, &before[0], &before[1]);
  self->vis_top = top;
  self->vis_bottom = MAX (bottom, top + 1);
  _bobbin_table_grid_get_near (self, &now[0], &now[1]);
  if (before[0] != now[0] || before[1] != now[1])
    {
      gtk_widget_queue_allocate (GTK_WIDGET (self));
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

void
bobbin_table_grid_set_selected (BobbinTableGrid *self,
                                gboolean         selected)
{
  g_return_if_fail (BOBBIN_IS_TABLE_GRID (self));

  if (self->selected == selected)
    return;
  self->selected = selected;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
bobbin_table_grid_set_search (BobbinTableGrid *self,
                              const char      *text)
{
  g_return_if_fail (BOBBIN_IS_TABLE_GRID (self));

  g_clear_pointer (&self->search, g_free);
  if (text != NULL && *text != '\0')
    self->search = g_utf8_casefold (text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
bobbin_table_grid_get_n_shown (BobbinTableGrid *self)
{
  g_return_val_if_fail (BOBBIN_IS_TABLE_GRID (self), 0);

  return self->n_rows;
}

guint
bobbin_table_grid_get_n_layouts (BobbinTableGrid *self)
{
  g_return_val_if_fail (BOBBIN_IS_TABLE_GRID (self), 0);

  return g_hash_table_size (self->layouts);
}
