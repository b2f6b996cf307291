#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-json-tree.h"

#include "bobbin-proxy.h"

#include <glib/gi18n.h>
#include <string.h>

#define INDENT     18
#define ARROW      12
#define PAD_Y      3
#define PAD_X      6
#define NEAR_PX    400
#define TEXT_BYTES 400  /* of a value that are drawn */
#define ITEMS_MAX  80   /* lines that exist for assistive tools */
#define ITEMS_STEP 10
#define PAGE_ROWS  10
#define WIDTH      360  /* what it would like to have */

struct _BobbinJsonTree
{
  GtkWidget       parent_instance;
  /* owned */
  BobbinJsonRows *rows;     /* (nullable) */
  GHashTable     *items;    /* row + 1 → BobbinProxy, children */
  char           *search;   /* (nullable) folded */

  int             row_height; /* 0: to be measured */
  guint           serial;
  int             vis_top;
  int             vis_bottom; /* not above vis_top: not known */
  guint           cursor;
};

G_DEFINE_FINAL_TYPE (BobbinJsonTree, bobbin_json_tree, GTK_TYPE_WIDGET)

static guint
n_rows (BobbinJsonTree *self)
{
  return self->rows != NULL ? bobbin_json_rows_get_n (self->rows) : 0;
}

static void
ensure_height (BobbinJsonTree *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics;
  int line;

  if (self->row_height > 0 && self->serial == pango_context_get_serial (context))
    return;

  self->serial = pango_context_get_serial (context);
  metrics = pango_context_get_metrics (context, NULL, NULL);
  line = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);
  self->row_height = PANGO_PIXELS_CEIL (line) + 2 * PAD_Y;
  pango_font_metrics_unref (metrics);
}

static guint
row_at (BobbinJsonTree *self,
        double          y)
{
  guint n = n_rows (self);

  return n == 0 || y < 0 ? 0 : MIN ((guint) (y / self->row_height), n - 1);
}

/* Words */

static char *
dup_more (const BobbinJsonRow *row,
          gboolean             text)
{
  if (text)
    return g_strdup_printf (ngettext ("%'u more line", "%'u more lines", row->count), row->count);

  return g_strdup_printf (ngettext ("%'u more", "%'u more", row->count), row->count);
}

static char *
dup_value (BobbinJsonTree      *self,
           guint                index,
           const BobbinJsonRow *row)
{
  BobbinJsonIndex *json = bobbin_json_rows_get_json (self->rows);
  guint count = bobbin_json_index_get_count (json, row->node);
  gboolean array = bobbin_json_index_is (json, row->node, BOBBIN_JSON_ARRAY);

  if (row->kind == BOBBIN_JSON_ROW_MORE)
    return dup_more (row, bobbin_json_index_is (json, row->node, BOBBIN_JSON_STRING));
  if (row->kind == BOBBIN_JSON_ROW_VALUE && row->unfolded && count > 0)
    return array ? g_strdup_printf (ngettext ("%'u item", "%'u items", count), count)
                 : g_strdup_printf (ngettext ("%'u member", "%'u members", count), count);
  if (row->kind == BOBBIN_JSON_ROW_VALUE && bobbin_json_index_is (json, row->node, BOBBIN_JSON_STRING))
    {
      g_autofree char *text = bobbin_json_rows_dup_text (self->rows, index, TEXT_BYTES);

      /* Translators: a text in quotes */
      return g_strdup_printf (_("“%s”"), text);
    }

  return bobbin_json_rows_dup_text (self->rows, index, TEXT_BYTES);
}

/* The name of a member, or the place of an item; NULL at the top. */
static char *
dup_name (BobbinJsonTree      *self,
          const BobbinJsonRow *row)
{
  BobbinJsonIndex *json = bobbin_json_rows_get_json (self->rows);
  guint parent = bobbin_json_index_get_parent (json, row->node);
  char *name;
  guint position = 0;

  if (row->kind != BOBBIN_JSON_ROW_VALUE || parent == BOBBIN_JSON_NONE)
    return NULL;
  name = bobbin_json_index_dup_name (json, row->node);
  if (name != NULL)
    return name;
  for (guint child = bobbin_json_index_get_first (json, parent); child != row->node && position < BOBBIN_JSON_ROWS_MAX;
       child = bobbin_json_index_get_next (json, child))
    position++;

  return g_strdup_printf ("%u", position);
}

/* Drawing */

static void
append_part (GString       *text,
             PangoAttrList *attrs,
             const char    *part,
             PangoAttribute *attribute)
{
  attribute->start_index = (guint) text->len;
  g_string_append (text, part);
  attribute->end_index = (guint) text->len;
  pango_attr_list_insert (attrs, attribute);
}

static PangoAttribute *
color_of (BobbinJsonTree      *self,
          const BobbinJsonRow *row)
{
  GtkStyleContext *css = gtk_widget_get_style_context (GTK_WIDGET (self));
  BobbinJsonType type = bobbin_json_index_get_type (bobbin_json_rows_get_json (self->rows), row->node);
  GdkRGBA accent;

  if (row->kind == BOBBIN_JSON_ROW_VALUE && (type == BOBBIN_JSON_ARRAY || type == BOBBIN_JSON_OBJECT))
    return pango_attr_foreground_alpha_new (39000);
  if (row->kind == BOBBIN_JSON_ROW_TEXT || type == BOBBIN_JSON_STRING ||
      !gtk_style_context_lookup_color (css, "accent_color", &accent))
    return pango_attr_weight_new (PANGO_WEIGHT_NORMAL);

  return pango_attr_foreground_new ((guint16) (accent.red * 65535), (guint16) (accent.green * 65535),
                                    (guint16) (accent.blue * 65535));
}

static PangoLayout *
make_layout (BobbinJsonTree *self,
             guint           index,
             int             width)
{
  const BobbinJsonRow *row = bobbin_json_rows_get (self->rows, index);
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  PangoAttrList *attrs = pango_attr_list_new ();
  g_autofree char *name = dup_name (self, row);
  g_autofree char *value = dup_value (self, index, row);
  g_autoptr(GString) text = g_string_new (NULL);
  PangoAttribute *color;

  if (name != NULL)
    {
      append_part (text, attrs, name, pango_attr_weight_new (PANGO_WEIGHT_SEMIBOLD));
      g_string_append (text, "  ");
    }
  color = row->kind == BOBBIN_JSON_ROW_MORE ? pango_attr_style_new (PANGO_STYLE_ITALIC) : color_of (self, row);
  if (color->klass->type == PANGO_ATTR_FOREGROUND)
    {
      /* Text is dimmed a little; the colour is too light for that. */
      PangoAttribute *opaque = pango_attr_foreground_alpha_new (G_MAXUINT16);

      opaque->start_index = (guint) text->len;
      pango_attr_list_insert (attrs, opaque);
    }
  append_part (text, attrs, value, color);
  pango_layout_set_text (layout, text->str, (int) text->len);
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, MAX (width, 1) * PANGO_SCALE);

  return layout;
}

static int
indent_of (const BobbinJsonRow *row)
{
  return PAD_X + MIN (row->depth, 12) * INDENT;
}

static void
snapshot_arrow (BobbinJsonTree *self,
                GtkSnapshot    *snapshot,
                gboolean        unfolded,
                const GdkRGBA  *color)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr(GtkIconPaintable) icon = NULL;

  icon = gtk_icon_theme_lookup_icon (theme, unfolded ? "bobbin-down-symbolic" : "bobbin-next-symbolic", NULL, ARROW,
                                     gtk_widget_get_scale_factor (GTK_WIDGET (self)),
                                     gtk_widget_get_direction (GTK_WIDGET (self)), 0);
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ARROW, ARROW, color, 1);
}

static gboolean
holds_search (BobbinJsonTree *self,
              PangoLayout    *layout)
{
  g_autofree char *folded = NULL;

  if (self->search == NULL)
    return FALSE;
  folded = g_utf8_casefold (pango_layout_get_text (layout), -1);

  return strstr (folded, self->search) != NULL;
}

static void
snapshot_row (BobbinJsonTree *self,
              GtkSnapshot    *snapshot,
              guint           index,
              const GdkRGBA  *color)
{
  const BobbinJsonRow *row = bobbin_json_rows_get (self->rows, index);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int indent = indent_of (row);
  int text_width = width - indent - ARROW - 6 - PAD_X;
  int y = (int) index * self->row_height;
  g_autoptr(PangoLayout) layout = make_layout (self, index, text_width);
  PangoRectangle text;

  if (holds_search (self, layout))
    gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 0.96f, 0.83f, 0.18f, 0.45f },
                               &GRAPHENE_RECT_INIT (0, y, width, self->row_height));
  if (row->kind == BOBBIN_JSON_ROW_VALUE && bobbin_json_rows_can_unfold (self->rows, index))
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (rtl ? width - indent - ARROW : indent,
                                                              y + (self->row_height - ARROW) / 2));
      snapshot_arrow (self, snapshot, row->unfolded, color);
      gtk_snapshot_restore (snapshot);
    }
  /* Which side a line stands at within its layout goes by the direction of its words: it belongs to the arrow, whatever they are. */
  pango_layout_get_pixel_extents (layout, NULL, &text);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((rtl ? PAD_X + text_width - text.width : indent + ARROW + 6) - text.x,
                                                          y + PAD_Y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
get_range (BobbinJsonTree *self,
           int             margin,
           guint           otherwise,
           guint          *ret_first,
           guint          *ret_last)
{
  *ret_first = 0;
  *ret_last = MIN (n_rows (self), otherwise);
  if (self->vis_bottom <= self->vis_top || n_rows (self) == 0)
    return;

  ensure_height (self);
  *ret_first = row_at (self, self->vis_top - margin);
  *ret_last = row_at (self, self->vis_bottom + margin) + 1;
}

static void
bobbin_json_tree_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  BobbinJsonTree *self = BOBBIN_JSON_TREE (widget);
  GHashTableIter iter;
  gpointer item;
  GdkRGBA color;
  guint first;
  guint last;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  get_range (self, NEAR_PX, 100, &first, &last);
  for (guint row = first; row < last; row++)
    snapshot_row (self, snapshot, row, &color);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    gtk_widget_snapshot_child (widget, item, snapshot);
}

static void
bobbin_json_tree_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  BobbinJsonTree *self = BOBBIN_JSON_TREE (widget);

  ensure_height (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 100;
      *natural = WIDTH;
      return;
    }
  *minimum = *natural = (int) n_rows (self) * self->row_height;
}

/* Lines for assistive tools and the keyboard */

static void
drop_items (BobbinJsonTree *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      g_hash_table_iter_remove (&iter);
      gtk_widget_unparent (item);
    }
}

static void
toggle (BobbinJsonTree *self,
        guint           row)
{
  gboolean focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;

  if (row >= n_rows (self) || !bobbin_json_rows_can_unfold (self->rows, row))
    return;

  bobbin_json_rows_set_unfolded (self->rows, row, !bobbin_json_rows_get (self->rows, row)->unfolded);
  bobbin_json_tree_show (self, BOBBIN_JSON_NONE, !focus);
}

static void
item_activated_cb (BobbinJsonTree *self)
{
  toggle (self, self->cursor);
}

static GtkWidget *
ensure_item (BobbinJsonTree *self,
             guint           index)
{
  gpointer key = GUINT_TO_POINTER (index + 1);
  GtkWidget *item = g_hash_table_lookup (self->items, key);
  const BobbinJsonRow *row = bobbin_json_rows_get (self->rows, index);
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;
  g_autofree char *text = NULL;

  if (item != NULL)
    return item;

  name = dup_name (self, row);
  value = dup_value (self, index, row);
  text = name != NULL ? g_strdup_printf ("%s: %s", name, value) : g_strdup (value);
  item = bobbin_proxy_new (GTK_ACCESSIBLE_ROLE_TREE_ITEM);
  bobbin_proxy_set_text (BOBBIN_PROXY (item), text, strlen (text));
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LEVEL, row->depth + 1, -1);
  if (row->kind == BOBBIN_JSON_ROW_VALUE && bobbin_json_rows_can_unfold (self->rows, index))
    gtk_accessible_update_state (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_STATE_EXPANDED, row->unfolded, -1);
  gtk_widget_set_focusable (item, index == self->cursor);
  g_signal_connect_object (item, "activate", G_CALLBACK (item_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_before (item, GTK_WIDGET (self), NULL);
  g_hash_table_insert (self->items, key, item);

  return item;
}

static void
update_items (BobbinJsonTree *self)
{
  GHashTableIter iter;
  gpointer key;
  gpointer item;
  guint first;
  guint last;

  get_range (self, 0, 20, &first, &last);
  first = first / ITEMS_STEP * ITEMS_STEP;
  last = MIN (MIN ((last / ITEMS_STEP + 1) * ITEMS_STEP, n_rows (self)), first + ITEMS_MAX);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &key, &item))
    {
      guint row = GPOINTER_TO_UINT (key) - 1;

      if ((row >= first && row < last) || (row == self->cursor && row < n_rows (self)))
        continue;
      g_hash_table_iter_remove (&iter);
      gtk_widget_unparent (item);
    }
  for (guint row = first; row < last; row++)
    ensure_item (self, row);
  if (self->cursor < n_rows (self))
    ensure_item (self, self->cursor);

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &key, &item))
    {
      GtkAllocation area = { 0, (int) (GPOINTER_TO_UINT (key) - 1) * self->row_height, gtk_widget_get_width (GTK_WIDGET (self)),
                             self->row_height };

      gtk_widget_measure (item, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      gtk_widget_size_allocate (item, &area, -1);
    }
}

static void
bobbin_json_tree_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  update_items (BOBBIN_JSON_TREE (widget));
}

static void
set_cursor (BobbinJsonTree *self,
            guint           row,
            gboolean        focus)
{
  guint before_row = self->cursor;
  GtkWidget *before;
  GtkWidget *item;

  if (n_rows (self) == 0)
    return;

  self->cursor = MIN (row, n_rows (self) - 1);
  update_items (self);
  item = g_hash_table_lookup (self->items, GUINT_TO_POINTER (self->cursor + 1));
  gtk_widget_set_focusable (item, TRUE);
  if (focus)
    gtk_widget_grab_focus (item);
  before = g_hash_table_lookup (self->items, GUINT_TO_POINTER (before_row + 1));
  if (before != NULL && before != item)
    gtk_widget_set_focusable (before, FALSE);
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  BobbinJsonTree *self = BOBBIN_JSON_TREE (widget);
  int by = g_variant_get_int32 (args);
  int row = (int) self->cursor + by;

  if ((row < 0 && by == -1) || (row >= (int) n_rows (self) && by == 1))
    return FALSE; /* out of the tree */
  set_cursor (self, (guint) MAX (row, 0), TRUE);

  return TRUE;
}

/* Right: unfolds, or goes inside. Left: folds, or goes to what is around. */
static gboolean
turn_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  BobbinJsonTree *self = BOBBIN_JSON_TREE (widget);
  gboolean in = g_variant_get_boolean (args) != (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
  const BobbinJsonRow *row = self->cursor < n_rows (self) ? bobbin_json_rows_get (self->rows, self->cursor) : NULL;

  if (row == NULL)
    return FALSE;
  if (bobbin_json_rows_can_unfold (self->rows, self->cursor) && row->unfolded != in)
    toggle (self, self->cursor);
  else if (in && row->unfolded)
    set_cursor (self, self->cursor + 1, TRUE);
  else if (!in)
    set_cursor (self, bobbin_json_rows_get_parent (self->rows, self->cursor), TRUE);

  return TRUE;
}

static gboolean
menu_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  g_signal_emit_by_name (widget, "menu");

  return TRUE;
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BobbinJsonTree  *self)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  if (n_rows (self) == 0)
    return;

  set_cursor (self, row_at (self, y), TRUE);
  if (button == GDK_BUTTON_SECONDARY)
    g_signal_emit_by_name (self, "menu");
  else
    toggle (self, self->cursor);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
bobbin_json_tree_dispose (GObject *object)
{
  drop_items (BOBBIN_JSON_TREE (object));

  G_OBJECT_CLASS (bobbin_json_tree_parent_class)->dispose (object);
}

static void
bobbin_json_tree_finalize (GObject *object)
{
  BobbinJsonTree *self = BOBBIN_JSON_TREE (object);

  g_clear_pointer (&self->rows, bobbin_json_rows_free);
  g_hash_table_unref (self->items);
  g_free (self->search);

  G_OBJECT_CLASS (bobbin_json_tree_parent_class)->finalize (object);
}

static void
bobbin_json_tree_class_init (BobbinJsonTreeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_json_tree_dispose;
  object_class->finalize = bobbin_json_tree_finalize;
  widget_class->measure = bobbin_json_tree_measure;
  widget_class->size_allocate = bobbin_json_tree_size_allocate;
  widget_class->snapshot = bobbin_json_tree_snapshot;
  gtk_widget_class_set_css_name (widget_class, "jsontree");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TREE);
  g_signal_new ("menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, move_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, move_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Up, 0, move_cb, "i", -PAGE_ROWS);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Down, 0, move_cb, "i", PAGE_ROWS);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, move_cb, "i", -1000000);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, move_cb, "i", 1000000);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, turn_cb, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, turn_cb, "b", FALSE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_cb, NULL);
}

static void
bobbin_json_tree_init (BobbinJsonTree *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->items = g_hash_table_new (NULL, NULL);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
bobbin_json_tree_new (void)
{
  return g_object_new (BOBBIN_TYPE_JSON_TREE, NULL);
}

void
bobbin_json_tree_set_rows (BobbinJsonTree *self,
                           BobbinJsonRows *rows)
{
  g_return_if_fail (BOBBIN_IS_JSON_TREE (self));

  drop_items (self);
  g_clear_pointer (&self->rows, bobbin_json_rows_free);
  self->rows = rows;
  self->cursor = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

BobbinJsonRows *
bobbin_json_tree_get_rows (BobbinJsonTree *self)
{
  g_return_val_if_fail (BOBBIN_IS_JSON_TREE (self), NULL);

  return self->rows;
}

void
bobbin_json_tree_set_visible_range (BobbinJsonTree *self,
                                    int             top,
                                    int             bottom)
{
  guint before[2];
  guint now[2];

  g_return_if_fail (BOBBIN_IS_JSON_TREE (self));

  get_range (self, NEAR_PX, 100, &before[0], &before[1]);
  self->vis_top = top;
  self->vis_bottom = MAX (bottom, top + 1);
  get_range (self, NEAR_PX, 100, &now[0], &now[1]);
  if (before[0] != now[0] || before[1] != now[1])
    {
      gtk_widget_queue_allocate (GTK_WIDGET (self));
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

void
bobbin_json_tree_set_search (BobbinJsonTree *self,
                             const char     *text)
{
  g_return_if_fail (BOBBIN_IS_JSON_TREE (self));

  g_clear_pointer (&self->search, g_free);
  if (text != NULL && *text != '\0')
    self->search = g_utf8_casefold (text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* BOBBIN_JSON_NONE: only what changed is shown anew. */
gboolean
bobbin_json_tree_show (BobbinJsonTree *self,
                       guint           node,
                       gboolean        quietly)
{
  guint row = self->cursor;

  g_return_val_if_fail (BOBBIN_IS_JSON_TREE (self), FALSE);

  if (self->rows == NULL)
    return FALSE;
  if (node != BOBBIN_JSON_NONE)
    row = bobbin_json_rows_reveal (self->rows, node);
  drop_items (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (row == BOBBIN_JSON_NONE)
    return FALSE;
  ensure_height (self);
  set_cursor (self, row, !quietly);

  return TRUE;
}

guint
bobbin_json_tree_get_cursor (BobbinJsonTree *self)
{
  g_return_val_if_fail (BOBBIN_IS_JSON_TREE (self), BOBBIN_JSON_NONE);

  return self->cursor < n_rows (self) ? bobbin_json_rows_get (self->rows, self->cursor)->node : BOBBIN_JSON_NONE;
}

void
bobbin_json_tree_get_cursor_area (BobbinJsonTree *self,
                                  GdkRectangle   *ret_area)
{
  g_return_if_fail (BOBBIN_IS_JSON_TREE (self));

  *ret_area = (GdkRectangle) { 0, (int) self->cursor * self->row_height, gtk_widget_get_width (GTK_WIDGET (self)), self->row_height };
}
