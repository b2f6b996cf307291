#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-json-view.h"

#include "bobbin-cards.h"
#include "bobbin-json-tree.h"
#include "bobbin-prose.h"

#include <glib/gi18n.h>
#include <string.h>

#define READ_AT_ONCE (32 * 1024)
#define ROWS_FIRST   24      /* unfolded at first */
#define MATCHES_MAX  1000
#define RAW_MAX      8000    /* bytes of the text that are shown; copying takes all */
#define LINE_CHARS   160
#define SEARCHABLE   8       /* values: less is seen at a glance */

struct _BobbinJsonView
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinJsonIndex *json;     /* (nullable) */
  char            *text;     /* (nullable) as it came; NULL: the source of json */
  GCancellable    *reading;  /* (nullable) */
  /* template children */
  GtkWidget       *box;
  GtkWidget       *head;
  GtkLabel        *title;
  GtkWidget       *raw_button;
  GtkToggleButton *search_button;
  GtkWidget       *search_bar;
  GtkEditable     *entry;
  GtkLabel        *count;
  GtkWidget       *place;
  GMenuModel      *copy_menu;
  /* child of place; (nullable): the text is shown */
  BobbinJsonTree  *tree;

  guint            match;    /* value, BOBBIN_JSON_NONE */
  gboolean         raw;
};

G_DEFINE_FINAL_TYPE (BobbinJsonView, bobbin_json_view, GTK_TYPE_WIDGET)

/* Pango takes the square of the length for a line without a space that is to be broken: no line is that long. */
static char *
break_lines (const char *text)
{
  GString *broken = g_string_new (NULL);
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      n = *p == '\n' ? 0 : n + 1;
      if (n > LINE_CHARS)
        {
          g_string_append_c (broken, '\n');
          n = 1;
        }
      g_string_append_unichar (broken, g_utf8_get_char (p));
    }

  return g_string_free (broken, FALSE);
}

static char *
dup_all (BobbinJsonView *self,
         gsize           max)
{
  g_autofree char *source = self->text == NULL ? bobbin_json_index_dup_source (self->json, 0) : NULL;
  const char *text = source != NULL ? source : self->text;

  /* a large one is not indented: that would take longer than anyone waits */
  if (strlen (text) > 8 * READ_AT_ONCE)
    {
      if (max > 0 && strlen (text) > max)
        {
          const char *end = g_utf8_find_prev_char (text, text + max);

          return g_strdup_printf ("%.*s…", end != NULL ? (int) (end - text) : 0, text);
        }
      return g_strdup (text);
    }

  return bobbin_cards_pretty_json (text, max);
}

static void
set_place (BobbinJsonView *self,
           GtkWidget      *child)
{
  GtkWidget *before = gtk_widget_get_first_child (self->place);

  if (before != NULL)
    gtk_box_remove (GTK_BOX (self->place), before);
  self->tree = BOBBIN_IS_JSON_TREE (child) ? BOBBIN_JSON_TREE (child) : NULL;
  gtk_box_append (GTK_BOX (self->place), child);
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
menu_cb (BobbinJsonView *self)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (self->copy_menu);
  GdkRectangle area;
  double x;
  double y;

  bobbin_json_tree_get_cursor_area (self->tree, &area);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->tree), GTK_WIDGET (self), area.x, area.y, &x, &y);
  area.x = (int) x;
  area.y = (int) y;
  area.width = MIN (area.width, 200);
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &area);
  g_signal_connect (popover, "closed", G_CALLBACK (menu_closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
show (BobbinJsonView *self)
{
  gboolean tree = self->json != NULL && !self->raw;
  GtkWidget *child;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "json.raw", self->json != NULL);
  gtk_widget_set_visible (self->raw_button, self->json != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->search_button), tree && bobbin_json_index_get_size (self->json) > SEARCHABLE);
  if (tree)
    {
      BobbinJsonRows *rows = bobbin_json_rows_new (self->json);

      bobbin_json_rows_unfold_first (rows, ROWS_FIRST);
      child = bobbin_json_tree_new ();
      bobbin_json_tree_set_rows (BOBBIN_JSON_TREE (child), rows);
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      gtk_label_get_label (self->title), -1);
      g_signal_connect_object (child, "menu", G_CALLBACK (menu_cb), self, G_CONNECT_SWAPPED);
    }
  else
    {
      g_autofree char *text = dup_all (self, RAW_MAX);
      g_autofree char *broken = break_lines (text);

      child = bobbin_prose_new_for_text (broken, BOBBIN_GRAMMAR_BARE, NULL);
      gtk_toggle_button_set_active (self->search_button, FALSE);
    }
  set_place (self, child);
}

/* Reading */

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, bobbin_json_index_new (data, -1, NULL), (GDestroyNotify) bobbin_json_index_unref);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  BobbinJsonView *self = BOBBIN_JSON_VIEW (source);
  g_autoptr(GError) error = NULL;
  BobbinJsonIndex *json = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    return; /* cancelled: the widget goes */

  g_clear_object (&self->reading);
  self->json = json;
  show (self);
}

static void
read_later (BobbinJsonView *self)
{
  g_autoptr(GTask) task = NULL;
  GtkWidget *label = gtk_label_new (_("Reading data…"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  set_place (self, label);
  gtk_widget_set_visible (self->raw_button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->search_button), FALSE);
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, read_cb, NULL);
  g_task_set_source_tag (task, read_later);
  g_task_set_task_data (task, g_strdup (self->text), g_free);
  g_task_run_in_thread (task, read_thread);
}

/* Searching */

static void
show_match (BobbinJsonView *self,
            guint           node)
{
  const char *text = gtk_editable_get_text (self->entry);
  g_autofree char *words = NULL;
  guint last;
  guint n = bobbin_json_index_count_matches (self->json, text, BOBBIN_JSON_NONE, MATCHES_MAX, &last);
  guint at = node != BOBBIN_JSON_NONE ? bobbin_json_index_count_matches (self->json, text, node, MATCHES_MAX, &last) + 1 : 0;

  self->match = node;
  if (node != BOBBIN_JSON_NONE)
    bobbin_json_tree_show (self->tree, node, TRUE);
  if (*text == '\0')
    words = g_strdup ("");
  else if (n == 0)
    words = g_strdup (_("Nothing found"));
  else
    /* Translators: the second of seven places where something was found; %3$s is "+" when there are still more */
    words = g_strdup_printf (_("%1$u of %2$u%3$s"), at, n, n == MATCHES_MAX ? "+" : "");
  gtk_label_set_label (self->count, words);
}

static void
search_changed_cb (BobbinJsonView *self)
{
  const char *text = gtk_editable_get_text (self->entry);

  if (self->tree == NULL)
    return;
  bobbin_json_tree_set_search (self->tree, text);
  show_match (self, bobbin_json_index_search (self->json, text, BOBBIN_JSON_NONE));
}

static void
next_cb (BobbinJsonView *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  guint node;

  if (self->tree == NULL || *text == '\0')
    return;
  node = bobbin_json_index_search (self->json, text, self->match);
  if (node == BOBBIN_JSON_NONE)
    node = bobbin_json_index_search (self->json, text, BOBBIN_JSON_NONE);
  show_match (self, node);
}

static void
previous_cb (BobbinJsonView *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  guint node;

  if (self->tree == NULL || *text == '\0')
    return;
  bobbin_json_index_count_matches (self->json, text, self->match, MATCHES_MAX, &node);
  if (node == BOBBIN_JSON_NONE)
    bobbin_json_index_count_matches (self->json, text, BOBBIN_JSON_NONE, MATCHES_MAX, &node);
  show_match (self, node);
}

static void
stop_search_cb (BobbinJsonView *self)
{
  gtk_toggle_button_set_active (self->search_button, FALSE);
}

static void
search_toggled_cb (BobbinJsonView *self)
{
  gboolean active = gtk_toggle_button_get_active (self->search_button);

  gtk_widget_set_visible (self->search_bar, active);
  if (active)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->entry));
      return;
    }
  gtk_editable_set_text (self->entry, "");
  if (self->tree != NULL)
    bobbin_json_tree_set_search (self->tree, NULL);
  self->match = BOBBIN_JSON_NONE;
}

/* Actions */

static char *
dup_copied (BobbinJsonView *self,
            const char     *what)
{
  guint node = self->tree != NULL ? bobbin_json_tree_get_cursor (self->tree) : BOBBIN_JSON_NONE;

  if (g_str_equal (what, "all") || node == BOBBIN_JSON_NONE)
    return dup_all (self, 0);
  if (g_str_equal (what, "path"))
    return bobbin_json_index_dup_path (self->json, node);
  if (g_str_equal (what, "json"))
    {
      g_autofree char *source = bobbin_json_index_dup_source (self->json, node);

      return strlen (source) > 8 * READ_AT_ONCE ? g_steal_pointer (&source) : bobbin_cards_pretty_json (source, 0);
    }

  return bobbin_json_index_dup_text (self->json, node, 0);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_autofree char *text = dup_copied (BOBBIN_JSON_VIEW (widget), g_variant_get_string (parameter, NULL));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinJsonView *self = BOBBIN_JSON_VIEW (widget);

  if (self->tree != NULL)
    gtk_toggle_button_set_active (self->search_button, TRUE);
}

/* Object */

static void
bobbin_json_view_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  g_value_set_boolean (value, BOBBIN_JSON_VIEW (object)->raw);
}

static void
bobbin_json_view_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  BobbinJsonView *self = BOBBIN_JSON_VIEW (object);

  if (self->raw == g_value_get_boolean (value))
    return;
  self->raw = g_value_get_boolean (value);
  g_object_notify_by_pspec (object, pspec);
  show (self);
}

static void
bobbin_json_view_dispose (GObject *object)
{
  BobbinJsonView *self = BOBBIN_JSON_VIEW (object);
  GtkWidget *child;

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->tree = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_JSON_VIEW);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_json_view_parent_class)->dispose (object);
}

static void
bobbin_json_view_finalize (GObject *object)
{
  BobbinJsonView *self = BOBBIN_JSON_VIEW (object);

  g_clear_pointer (&self->json, bobbin_json_index_unref);
  g_free (self->text);

  G_OBJECT_CLASS (bobbin_json_view_parent_class)->finalize (object);
}

static void
bobbin_json_view_class_init (BobbinJsonViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_json_view_dispose;
  object_class->finalize = bobbin_json_view_finalize;
  object_class->get_property = bobbin_json_view_get_property;
  object_class->set_property = bobbin_json_view_set_property;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_boolean ("raw", NULL, NULL, FALSE, G_PARAM_READWRITE |
                                                         G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));

  gtk_widget_class_set_css_name (widget_class, "jsonview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-json-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, head);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, raw_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, search_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, entry);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, count);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, place);
  gtk_widget_class_bind_template_child (widget_class, BobbinJsonView, copy_menu);
  gtk_widget_class_bind_template_callback (widget_class, search_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_install_action (widget_class, "json.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "json.search", NULL, search_action);
  gtk_widget_class_install_property_action (widget_class, "json.raw", "raw");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "json.copy", "s", "value");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "json.copy", "s", "path");
}

static void
bobbin_json_view_init (BobbinJsonView *self)
{
  self->match = BOBBIN_JSON_NONE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

static BobbinJsonView *
make (const char *title)
{
  BobbinJsonView *self = g_object_new (BOBBIN_TYPE_JSON_VIEW, NULL);

  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);

  return self;
}

GtkWidget *
bobbin_json_view_new (const char *title,
                      const char *text)
{
  BobbinJsonView *self = make (title);

  self->text = g_strdup (text);
  if (strlen (text) > READ_AT_ONCE)
    {
      read_later (self);
      return GTK_WIDGET (self);
    }
  self->json = bobbin_json_index_new (text, -1, NULL);
  show (self);

  return GTK_WIDGET (self);
}

GtkWidget *
bobbin_json_view_new_for_index (const char      *title,
                                BobbinJsonIndex *json)
{
  BobbinJsonView *self = make (title);

  self->json = bobbin_json_index_ref (json);
  show (self);

  return GTK_WIDGET (self);
}

void
bobbin_json_view_set_framed (BobbinJsonView *self)
{
  g_return_if_fail (BOBBIN_IS_JSON_VIEW (self));

  gtk_widget_add_css_class (GTK_WIDGET (self), "framed");
}

void
bobbin_json_view_set_visible_range (BobbinJsonView *self,
                                    int             top,
                                    int             bottom)
{
  GtkWidget *child;
  double x;
  double y = 0;

  g_return_if_fail (BOBBIN_IS_JSON_VIEW (self));

  child = gtk_widget_get_first_child (self->place);
  if (child == NULL)
    return;
  gtk_widget_translate_coordinates (child, GTK_WIDGET (self), 0, 0, &x, &y);
  if (self->tree != NULL)
    bobbin_json_tree_set_visible_range (self->tree, top - (int) y, bottom - (int) y);
  else if (BOBBIN_IS_PROSE (child))
    bobbin_prose_set_visible_range (BOBBIN_PROSE (child), top - (int) y, bottom - (int) y);
}

guint
bobbin_json_view_search (BobbinJsonView *self,
                         const char     *text)
{
  guint last;

  g_return_val_if_fail (BOBBIN_IS_JSON_VIEW (self), 0);

  if (self->tree == NULL)
    return 0;
  bobbin_json_tree_set_search (self->tree, text);
  if (text == NULL || *text == '\0')
    return 0;
  bobbin_json_tree_show (self->tree, bobbin_json_index_search (self->json, text, BOBBIN_JSON_NONE), TRUE);

  return bobbin_json_index_count_matches (self->json, text, BOBBIN_JSON_NONE, MATCHES_MAX, &last);
}

GtkWidget *
bobbin_json_view_get_match (BobbinJsonView *self,
                            GdkRectangle   *ret_area)
{
  g_return_val_if_fail (BOBBIN_IS_JSON_VIEW (self), NULL);
  g_return_val_if_fail (self->tree != NULL, NULL);

  bobbin_json_tree_get_cursor_area (self->tree, ret_area); /* the search put it there */
  return GTK_WIDGET (self->tree);
}

BobbinJsonIndex *
bobbin_json_view_get_json (BobbinJsonView *self)
{
  g_return_val_if_fail (BOBBIN_IS_JSON_VIEW (self), NULL);

  return self->json;
}
