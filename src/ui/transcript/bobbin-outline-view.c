#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-outline-view.h"

#include "session/bobbin-outliner.h"
#include "session/bobbin-session.h"

#include <glib/gi18n.h>

#define INDENT   14  /* pixels a level */
#define PLACE_MS 300 /* after which it is where it will be */

struct _BobbinOutlineView
{
  GtkWidget           parent_instance;
  /* owned */
  BobbinSession      *session;   /* (nullable) */
  BobbinOutliner     *outliner;  /* (nullable): made when the list is first seen */
  GtkSingleSelection *selection;
  /* children */
  GtkWidget          *stack;
  GtkWidget          *list;

  gint64              message_id; /* the place, 0: not known */
  gint64              block_id;
  gsize               offset;
  gboolean            used;       /* the reader works in the list */
  guint               place_id;
  GtkWidget          *before;     /* (nullable), weak: what had the focus */
};

enum { SIGNAL_GO, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BobbinOutlineView, bobbin_outline_view, GTK_TYPE_WIDGET)

/* Rows */

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1); /* as wide as there is room */
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), gtk_image_new ());
  gtk_box_append (GTK_BOX (row), label);
  gtk_list_item_set_child (list_item, row);
}

static const char *
icon_of (const BobbinOutlineItem *item)
{
  return item->kind == BOBBIN_OUTLINE_TOOLS ? "bobbin-tool-symbolic" : "bobbin-conversation-symbolic";
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item)
{
  const BobbinOutlineItem *item = bobbin_outline_entry_get_item (gtk_list_item_get_item (list_item));
  GtkWidget *row = gtk_list_item_get_child (list_item);
  GtkWidget *icon = gtk_widget_get_first_child (row);
  GtkWidget *label = gtk_widget_get_last_child (row);
  g_autofree char *counted = NULL;
  gboolean heading = item->kind == BOBBIN_OUTLINE_HEADING;

  if (item->n > 1)
    /* Translators: names of tools, then how often they were called in a row */
    counted = g_strdup_printf (/* Translators: the name of a tool, and how often it was called in a row */
                               ngettext ("%1$s (%2$u call)", "%1$s (%2$u calls)", item->n), item->text, item->n);
  gtk_label_set_label (GTK_LABEL (label), counted != NULL ? counted : item->text);
  gtk_widget_set_tooltip_text (row, gtk_label_get_label (GTK_LABEL (label)));
  gtk_widget_set_visible (icon, !heading);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), icon_of (item));
  gtk_widget_set_margin_start (row, heading ? INDENT * (int) (MIN (item->level, 4) - 1) + 24 : item->kind == BOBBIN_OUTLINE_TOOLS ? 24 : 0);
  if (item->kind == BOBBIN_OUTLINE_PROMPT)
    gtk_widget_remove_css_class (row, "dim-label");
  else
    gtk_widget_add_css_class (row, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_label (GTK_LABEL (label)),
                                  -1);
}

static void
activate_cb (BobbinOutlineView *self,
             guint              position)
{
  g_autoptr(BobbinOutlineEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  const BobbinOutlineItem *item;

  if (entry == NULL)
    return;

  item = bobbin_outline_entry_get_item (entry);
  g_signal_emit (self, signals[SIGNAL_GO], 0, item->message_id, item->block_id, (guint) item->offset);
}

/* The place */

static void
select_place (BobbinOutlineView *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->outliner == NULL || self->message_id == 0)
    return;

  bobbin_outliner_find (self->outliner, self->message_id, self->block_id, self->offset, &position);
  if (gtk_single_selection_get_selected (self->selection) == position)
    return;

  gtk_single_selection_set_selected (self->selection, position);
  /* a list the keyboard is in does not scroll away, once the reader found the place in it */
  if (position != GTK_INVALID_LIST_POSITION && self->place_id == 0 &&
      (!self->used || gtk_widget_get_focus_child (self->list) == NULL))
    gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", position);
}

static void
changed_cb (BobbinOutlineView *self)
{
  gboolean some = g_list_model_get_n_items (G_LIST_MODEL (self->outliner)) > 0;

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), some ? "list" : "empty");
  select_place (self);
}

static void
begin (BobbinOutlineView *self)
{
  if (self->session == NULL || self->outliner != NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->outliner = bobbin_outliner_new (self->session);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->outliner));
  g_signal_connect_object (self->outliner, "items-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  bobbin_outliner_start (self->outliner);
  changed_cb (self);
}

static gboolean
place_cb (gpointer user_data)
{
  BobbinOutlineView *self = user_data;
  guint position = gtk_single_selection_get_selected (self->selection);

  self->place_id = 0;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", position);

  return G_SOURCE_REMOVE;
}

static void
bobbin_outline_view_map (GtkWidget *widget)
{
  BobbinOutlineView *self = BOBBIN_OUTLINE_VIEW (widget);

  GTK_WIDGET_CLASS (bobbin_outline_view_parent_class)->map (widget);

  /* a list scrolls only once it has its rows and a size (GTK 4.8 shows nothing at all when asked before) */
  self->used = FALSE;
  if (self->place_id == 0)
    self->place_id = g_timeout_add (PLACE_MS, place_cb, self);
  begin (self);
  select_place (self);
}

/* From a key or a press on, the list is the reader's. */
static gboolean
used_cb (BobbinOutlineView *self)
{
  self->used = TRUE;
  return GDK_EVENT_PROPAGATE;
}

static void
bobbin_outline_view_dispose (GObject *object)
{
  BobbinOutlineView *self = BOBBIN_OUTLINE_VIEW (object);

  g_clear_handle_id (&self->place_id, g_source_remove);
  g_clear_weak_pointer (&self->before);
  bobbin_outline_view_set_session (self, NULL);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (bobbin_outline_view_parent_class)->dispose (object);
}

static void
bobbin_outline_view_class_init (BobbinOutlineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_outline_view_dispose;
  widget_class->map = bobbin_outline_view_map;

  signals[SIGNAL_GO] = g_signal_new ("go", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                     G_TYPE_INT64, G_TYPE_INT64, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "outlineview");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "conversation.outline", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bobbin_outline_view_init (BobbinOutlineView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkWidget *empty = gtk_label_new (_("Your messages and the headings of the answers appear here."));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->list = gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->list), TRUE);
  gtk_widget_add_css_class (self->list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Outline"), -1);
  g_signal_connect_swapped (self->list, "activate", G_CALLBACK (activate_cb), self);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (used_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_label_set_wrap (GTK_LABEL (empty), TRUE);
  gtk_label_set_justify (GTK_LABEL (empty), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (empty, "dim-label");
  gtk_widget_set_margin_start (empty, 18);
  gtk_widget_set_margin_end (empty, 18);
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), empty, "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "list");
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}

GtkWidget *
bobbin_outline_view_new (void)
{
  return g_object_new (BOBBIN_TYPE_OUTLINE_VIEW, NULL);
}

void
bobbin_outline_view_set_session (BobbinOutlineView *self,
                                 BobbinSession     *session)
{
  g_return_if_fail (BOBBIN_IS_OUTLINE_VIEW (self));

  if (self->session == session)
    return;

  if (self->outliner != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->outliner, self);
      gtk_single_selection_set_model (self->selection, NULL);
    }
  g_clear_object (&self->outliner);
  g_set_object (&self->session, session);
  self->message_id = 0;
  begin (self);
}

void
bobbin_outline_view_set_place (BobbinOutlineView *self,
                               gint64             message_id,
                               gint64             block_id,
                               gsize              offset)
{
  g_return_if_fail (BOBBIN_IS_OUTLINE_VIEW (self));

  self->message_id = message_id;
  self->block_id = block_id;
  self->offset = offset;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    select_place (self);
}

void
bobbin_outline_view_take_focus (BobbinOutlineView *self)
{
  GtkRoot *root;

  g_return_if_fail (BOBBIN_IS_OUTLINE_VIEW (self));

  root = gtk_widget_get_root (GTK_WIDGET (self));
  g_set_weak_pointer (&self->before, root != NULL ? gtk_root_get_focus (root) : NULL);
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

gboolean
bobbin_outline_view_return_focus (BobbinOutlineView *self)
{
  GtkRoot *root;
  GtkWidget *focus;

  g_return_val_if_fail (BOBBIN_IS_OUTLINE_VIEW (self), FALSE);

  root = gtk_widget_get_root (GTK_WIDGET (self));
  focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  if (focus != NULL && focus != GTK_WIDGET (self) && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return TRUE; /* it is where the reader put it */

  return self->before != NULL && gtk_widget_get_mapped (self->before) && gtk_widget_grab_focus (self->before);
}
