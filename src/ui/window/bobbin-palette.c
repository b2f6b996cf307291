#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-palette.h"

#include "model/bobbin-account.h"
#include "session/bobbin-library.h"
#include "store/bobbin-store.h"
#include "util/bobbin-fuzzy.h"
#include "util/bobbin-id.h"
#include "window/bobbin-shortcuts.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_THREADS 8
#define PAGE_ROWS   6

/* A row: an action of the table or a conversation. */
typedef struct
{
  char       *title;
  char       *detail;    /* (nullable) beside it: the account */
  const char *action;    /* static: detailed name; NULL: a conversation */
  const char *accels;    /* (nullable) static */
  char       *thread_id; /* (nullable) */
  guint       score;
} Item;

struct _BobbinPalette
{
  AdwWindow parent_instance;

  /* owned */
  BobbinLibrary  *library;
  BobbinFuzzy    *fuzzy;
  GPtrArray      *threads;     /* of Item: what the store found for the query */
  GCancellable   *searching;   /* (nullable) the look-up under way */
  /* borrowed */
  BobbinWindow   *window;      /* weak pointer */
  GtkSearchEntry *entry;
  GtkListBox     *list;
  GtkStack       *stack;
  GtkScrolledWindow *scroller;
};

G_DEFINE_FINAL_TYPE (BobbinPalette, bobbin_palette, ADW_TYPE_WINDOW)

static void
item_free (Item *item)
{
  g_free (item->title);
  g_free (item->detail);
  g_free (item->thread_id);
  g_free (item);
}

static int
compare_items (gconstpointer a,
               gconstpointer b)
{
  const Item *first = *(Item *const *) a;
  const Item *second = *(Item *const *) b;

  return first->score < second->score ? 1 : first->score > second->score ? -1 : 0;
}

/* g_ptr_array_sort() keeps no order among equals; the table's own order is worth keeping. */
static void
insert_item (GPtrArray *items,
             Item      *item)
{
  guint place = items->len;

  while (place > 0 && compare_items (&items->pdata[place - 1], &item) > 0)
    place--;
  g_ptr_array_insert (items, (int) place, item);
}

/* By its title; else, behind all those, by the action's own name, which says "thread" as the manual and other programs do. */
static guint
score_action (BobbinPalette        *self,
              const BobbinShortcut *shortcut)
{
  guint score = bobbin_fuzzy_score (self->fuzzy, _(shortcut->title));
  const char *name = strchr (shortcut->action, '.') + 1;
  g_autofree char *words = NULL;

  if (score > 0)
    return score;

  words = g_strdelimit (g_strndup (name, strcspn (name, "(")), "-", ' ');

  return MIN (bobbin_fuzzy_score (self->fuzzy, words), 1);
}

static GPtrArray *
list_actions (BobbinPalette *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  for (guint i = 0; i < n; i++)
    {
      guint score = table[i].action != NULL ? score_action (self, &table[i]) : 0;
      Item *item;

      if (score == 0 || g_str_equal (table[i].action, "win.command-palette") || self->window == NULL
          || !bobbin_window_can_activate (self->window, table[i].action))
        continue;
      item = g_new0 (Item, 1);
      item->title = g_strdup (_(table[i].title));
      item->action = table[i].action;
      item->accels = table[i].accels;
      item->score = score;
      insert_item (items, item);
    }

  return items;
}

/* Rows */

static GtkWidget *
new_heading (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "palette-heading");

  return label;
}

/* Above the first of each kind. */
static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       user_data)
{
  Item *item = g_object_get_data (G_OBJECT (row), "item");
  Item *last = before != NULL ? g_object_get_data (G_OBJECT (before), "item") : NULL;

  if (last != NULL && (last->action == NULL) == (item->action == NULL))
    gtk_list_box_row_set_header (row, NULL);
  else if (gtk_list_box_row_get_header (row) == NULL)
    gtk_list_box_row_set_header (row, new_heading (item->action == NULL ? _("Conversations") : _("Actions")));
}

/* The first of its keys, as the person would see it on them. */
static char *
dup_keys (const char *accels)
{
  g_auto(GStrv) names = g_strsplit (accels, " ", 2);
  guint key = 0;
  GdkModifierType modifiers = 0;

  return gtk_accelerator_parse (names[0], &key, &modifiers) ? gtk_accelerator_get_label (key, modifiers) : NULL;
}

static GtkWidget *
new_row (Item *item)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (item->title);
  g_autofree char *keys = item->accels != NULL ? dup_keys (item->accels) : NULL;
  const char *beside = item->detail != NULL ? item->detail : keys;
  g_autofree char *name = beside != NULL ? g_strdup_printf ("%s, %s", item->title, beside) : g_strdup (item->title);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (box), title);
  if (beside != NULL)
    {
      GtkWidget *label = gtk_label_new (beside);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "caption");
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE); /* the keyboard stays in the entry */
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (row), "item", item);

  return row;
}

/* Rows borrow their items, which come and go with them. */
static void
add_rows (BobbinPalette *self,
          GPtrArray     *items)
{
  for (guint i = 0; i < items->len; i++)
    if (((Item *) items->pdata[i])->score > 0)
      gtk_list_box_append (self->list, new_row (items->pdata[i]));
}

static void
scroll_to (BobbinPalette *self,
           GtkWidget     *row)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  graphene_rect_t bounds;

  if (gtk_widget_compute_bounds (row, GTK_WIDGET (self->list), &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y, bounds.origin.y + bounds.size.height);
}

static void
select_row (BobbinPalette *self,
            int            position)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, position);

  gtk_list_box_select_row (self->list, row);
  if (row == NULL)
    {
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT);
      return;
    }
  /* The first has its heading above it. */
  if (position == 0)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  else
    scroll_to (self, GTK_WIDGET (row));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT, row, -1);
}

static void
clear_rows (BobbinPalette *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

/* What fits better goes first; with nothing typed, what was used last. */
static void
show_results (BobbinPalette *self)
{
  g_autoptr(GPtrArray) actions = list_actions (self);
  guint best_action = actions->len > 0 ? ((Item *) actions->pdata[0])->score : 0;
  guint best_thread = 0;
  gboolean threads_first;

  for (guint i = 0; i < self->threads->len; i++)
    {
      Item *item = self->threads->pdata[i];

      item->score = bobbin_fuzzy_score (self->fuzzy, item->title);
      best_thread = MAX (best_thread, item->score);
    }
  threads_first = best_thread > best_action || bobbin_fuzzy_is_empty (self->fuzzy);

  clear_rows (self);
  if (threads_first)
    add_rows (self, self->threads);
  add_rows (self, actions);
  if (!threads_first)
    add_rows (self, self->threads);
  g_object_set_data_full (G_OBJECT (self->list), "actions", g_steal_pointer (&actions), (GDestroyNotify) g_ptr_array_unref);

  gtk_stack_set_visible_child_name (self->stack, gtk_list_box_get_row_at_index (self->list, 0) != NULL ? "list" : "none");
  select_row (self, 0);
}

/* Conversations */

static Item *
new_thread_item (BobbinPalette  *self,
                 BobbinTitleHit *hit)
{
  gboolean several = g_list_model_get_n_items (bobbin_library_get_accounts (self->library)) > 1;
  BobbinAccount *account = several ? bobbin_library_find_account (self->library, hit->account_id) : NULL;
  Item *item = g_new0 (Item, 1);

  item->title = g_strdup (hit->title);
  item->thread_id = bobbin_id_to_string (hit->thread_id);
  if (hit->archived)
    item->detail = g_strdup (_("Archived"));
  else if (account != NULL)
    item->detail = g_strdup (bobbin_account_get_name (account));

  return item;
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinPalette) self = BOBBIN_PALETTE (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) hits = bobbin_store_find_titles_finish (BOBBIN_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->searching == NULL)
    return;

  g_clear_object (&self->searching);
  clear_rows (self);
  g_ptr_array_set_size (self->threads, 0);
  for (guint i = 0; hits != NULL && i < hits->len; i++)
    g_ptr_array_add (self->threads, new_thread_item (self, hits->pdata[i]));
  show_results (self);
}

/* The actions are there at once; the conversations of the letters before stay until the store has answered. */
static void
query_changed_cb (BobbinPalette *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  g_clear_pointer (&self->fuzzy, bobbin_fuzzy_free);
  self->fuzzy = bobbin_fuzzy_new (query);
  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  self->searching = g_cancellable_new ();
  bobbin_store_find_titles_async (bobbin_library_get_store (self->library), query, MAX_THREADS, self->searching, found_cb,
                                  g_object_ref (self));
  show_results (self);
}

/* Doing it: the palette goes first, so that the keyboard is where it was. */
static void
row_activated_cb (BobbinPalette *self,
                  GtkListBoxRow *row)
{
  Item *item = g_object_get_data (G_OBJECT (row), "item");
  g_autofree char *thread_id = g_strdup (item->thread_id);
  const char *action = item->action;
  g_autoptr(BobbinWindow) window = self->window != NULL ? g_object_ref (self->window) : NULL;

  gtk_window_close (GTK_WINDOW (self));
  if (window == NULL)
    return;

  gtk_window_present (GTK_WINDOW (window));
  if (action == NULL)
    bobbin_window_open_id (window, thread_id);
  else
    bobbin_window_activate_detailed (window, action);
}

static void
entry_activated_cb (BobbinPalette *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    row_activated_cb (self, row);
}

static int
count_rows (BobbinPalette *self)
{
  int n = 0;

  while (gtk_list_box_get_row_at_index (self->list, n) != NULL)
    n++;

  return n;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                BobbinPalette         *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int at = row != NULL ? gtk_list_box_row_get_index (row) : -1;
  int n = count_rows (self);
  int by;

  if ((state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK)) != 0 || n == 0)
    return GDK_EVENT_PROPAGATE;

  switch (keyval)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      by = 1;
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      by = -1;
      break;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      by = MIN (PAGE_ROWS, n - 1 - at);
      break;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      by = -MIN (PAGE_ROWS, at);
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }

  select_row (self, (at + by + n) % n);
  return GDK_EVENT_STOP;
}

static void
bobbin_palette_dispose (GObject *object)
{
  BobbinPalette *self = BOBBIN_PALETTE (object);

  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  g_clear_weak_pointer (&self->window);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_PALETTE);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_palette_parent_class)->dispose (object);
}

static void
bobbin_palette_finalize (GObject *object)
{
  BobbinPalette *self = BOBBIN_PALETTE (object);

  g_clear_pointer (&self->fuzzy, bobbin_fuzzy_free);
  g_clear_pointer (&self->threads, g_ptr_array_unref);

  G_OBJECT_CLASS (bobbin_palette_parent_class)->finalize (object);
}

static void
bobbin_palette_class_init (BobbinPaletteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_palette_dispose;
  object_class->finalize = bobbin_palette_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-palette.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinPalette, entry);
  gtk_widget_class_bind_template_child (widget_class, BobbinPalette, list);
  gtk_widget_class_bind_template_child (widget_class, BobbinPalette, stack);
  gtk_widget_class_bind_template_child (widget_class, BobbinPalette, scroller);
  gtk_widget_class_bind_template_callback (widget_class, query_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_palette_init (BobbinPalette *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->threads = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  self->fuzzy = bobbin_fuzzy_new ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
bobbin_palette_new (BobbinWindow  *window,
                    BobbinLibrary *library)
{
  BobbinPalette *self = g_object_new (BOBBIN_TYPE_PALETTE, "transient-for", window, NULL);
  int width = gtk_widget_get_width (GTK_WIDGET (window));
  int height = gtk_widget_get_height (GTK_WIDGET (window));

  self->library = g_object_ref (library);
  g_set_weak_pointer (&self->window, window);
  /* Inside of the window, also where that is small. */
  if (width > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), MIN (560, MAX (width - 24, 300)), MIN (460, MAX (height - 48, 240)));
  query_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));

  return GTK_WIDGET (self);
}

void
bobbin_palette_set_query (BobbinPalette *self,
                          const char    *query)
{
  g_return_if_fail (BOBBIN_IS_PALETTE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), query);
}
