/* Picking many conversations: the header and the bar below change, rows get checks. What is done with them is the window's. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-sidebar-private.h"

#include "model/bobbin-thread.h"
#include "sidebar/bobbin-sidebar-row.h"

#include <glib/gi18n.h>

#define CHECKS_SLICE 8

static guint
n_picked (BobbinSidebar *self)
{
  guint n_ids = bobbin_row_selection_get_n_ids (self->selection);

  if (!bobbin_row_selection_get_all (self->selection))
    return n_ids;

  return self->n_all > n_ids ? self->n_all - n_ids : 0;
}

static void
update_count (BobbinSidebar *self)
{
  guint n = n_picked (self);
  g_autofree char *text = NULL;

  if (n == 0)
    text = g_strdup (_("Select Conversations"));
  else
    text = g_strdup_printf (ngettext ("%u Selected", "%u Selected", n), n);
  gtk_label_set_label (self->pick_title, text);
  for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->pick_buttons)); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    gtk_widget_set_sensitive (button, n > 0);
  g_signal_emit (self, _bobbin_sidebar_signals[BOBBIN_SIDEBAR_PICKED_CHANGED], 0);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinSidebar) self = BOBBIN_SIDEBAR (user_data);
  g_autoptr(GError) error = NULL;
  guint n;

  if (!bobbin_store_count_threads_finish (BOBBIN_STORE (source), result, &n, &error) || self->library == NULL)
    return;

  self->n_all = n;
  if (bobbin_row_selection_get_picking (self->selection))
    update_count (self);
}

/* Not all of them are loaded: the store knows how many there are. */
static void
count_all (BobbinSidebar *self)
{
  g_autoptr(BobbinThreadPick) pick = bobbin_thread_pick_new (NULL, 0);

  self->n_all = MAX (self->n_all, bobbin_thread_groups_get_n_threads (self->groups));
  bobbin_library_pick_view (self->library, self->view, pick);
  bobbin_store_count_threads_async (bobbin_library_get_store (self->library), &pick->query, NULL, counted_cb, g_object_ref (self));
}

static GtkWidget *
add_button (BobbinSidebar *self,
            const char    *icon,
            const char    *label,
            const char    *target)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.change-selected");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (self->pick_buttons, button);

  return button;
}

static void
fill_buttons (BobbinSidebar *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->pick_buttons))) != NULL)
    gtk_box_remove (self->pick_buttons, child);

  if (self->folder == BOBBIN_FOLDER_BIN)
    {
      add_button (self, "bobbin-restore-symbolic", _("Restore"), "restore");
      add_button (self, "bobbin-trash-symbolic", _("Delete Now…"), "purge");
      return;
    }
  if (self->folder == BOBBIN_FOLDER_ARCHIVED)
    add_button (self, "bobbin-restore-symbolic", _("Unarchive"), "unarchive");
  else
    add_button (self, "bobbin-archive-symbolic", _("Archive"), "archive");
  if (self->folder == BOBBIN_FOLDER_ACTIVE)
    add_button (self, "bobbin-pin-symbolic", _("Pin or Unpin"), "pin");
  add_button (self, "bobbin-unread-symbolic", _("Mark as Read or Unread"), "read");
  add_button (self, "bobbin-label-symbolic", _("Labels…"), "label");
  add_button (self, "bobbin-save-symbolic", _("Export…"), "export");
  add_button (self, "bobbin-trash-symbolic", _("Delete"), "bin");
}

static void
close_cb (GtkButton     *button,
          BobbinSidebar *self)
{
  bobbin_sidebar_set_picking (self, FALSE);
}

static void
all_cb (GtkButton     *button,
        BobbinSidebar *self)
{
  if (bobbin_row_selection_get_all (self->selection) && bobbin_row_selection_get_n_ids (self->selection) == 0)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  else
    gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->selection));
}

static GtkWidget *
make_icon_button (const char *icon,
                  const char *label,
                  GCallback   callback,
                  gpointer    user_data)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (button, "clicked", callback, user_data);

  return button;
}

/* A header bar of its own, which stands in for the other. */
static void
make_bars (BobbinSidebar *self)
{
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (title, "title");
  self->pick_title = GTK_LABEL (title);
  self->pick_header = ADW_HEADER_BAR (adw_header_bar_new ());
  adw_header_bar_set_title_widget (self->pick_header, title);
  adw_header_bar_set_show_end_title_buttons (self->pick_header, FALSE);
  adw_header_bar_set_show_start_title_buttons (self->pick_header, FALSE);
  adw_header_bar_pack_start (self->pick_header,
                             make_icon_button ("bobbin-close-symbolic", _("Stop Selecting"), G_CALLBACK (close_cb), self));
  adw_header_bar_pack_end (self->pick_header,
                           make_icon_button ("bobbin-select-all-symbolic", _("Select All or None"), G_CALLBACK (all_cb), self));
  gtk_box_insert_child_after (self->box, GTK_WIDGET (self->pick_header), GTK_WIDGET (self->header));

  self->pick_buttons = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2));
  gtk_widget_set_hexpand (GTK_WIDGET (self->pick_buttons), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pick_buttons), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Selected Conversations"), -1);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->pick_buttons));
  gtk_widget_add_css_class (bar, "toolbar");
  gtk_widget_add_css_class (bar, "pick-bar");
  self->pick_bar = bar;
  gtk_box_append (self->box, bar);
}

static void
make_foot_bar (BobbinSidebar *self)
{
  self->foot_button = gtk_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (self->foot_button), TRUE);
  gtk_widget_set_hexpand (self->foot_button, TRUE);
  self->foot_bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->foot_bar, "toolbar");
  gtk_widget_add_css_class (self->foot_bar, "pick-bar");
  gtk_box_append (GTK_BOX (self->foot_bar), self->foot_button);
  gtk_box_append (self->box, self->foot_bar);
}

/* Emptying, and keeping what a server is about to forget, are offered where there is something. */
void
_bobbin_sidebar_update_bars (BobbinSidebar *self)
{
  gboolean binned = self->folder == BOBBIN_FOLDER_BIN;
  gboolean shown = (binned || self->expiring) && !bobbin_row_selection_get_picking (self->selection) &&
                   !_bobbin_sidebar_is_searching (self) && bobbin_thread_groups_get_n_threads (self->groups) > 0;

  if (shown && self->foot_bar == NULL)
    make_foot_bar (self);
  if (self->foot_bar == NULL)
    return;

  if (shown)
    {
      gtk_button_set_label (GTK_BUTTON (self->foot_button), binned ? _("_Empty…") : _("_Export All…"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->foot_button), binned ? "win.empty-bin" : "win.export-listed");
    }
  gtk_widget_set_visible (self->foot_bar, shown);
}

static gboolean
is_in_sight (BobbinSidebar *self,
             GtkWidget     *row)
{
  graphene_rect_t bounds;

  return !gtk_widget_get_mapped (row) || !gtk_widget_compute_bounds (row, GTK_WIDGET (self->scroller), &bounds) ||
         (bounds.origin.y < gtk_widget_get_height (GTK_WIDGET (self->scroller)) && bounds.origin.y + bounds.size.height > 0);
}

static gboolean
is_settled (BobbinSidebar *self,
            GtkListItem   *list_item)
{
  gboolean wanted = bobbin_row_selection_get_picking (self->selection) && BOBBIN_IS_THREAD (gtk_list_item_get_item (list_item));

  return bobbin_sidebar_row_is_picking (BOBBIN_SIDEBAR_ROW (gtk_list_item_get_child (list_item))) == wanted;
}

static void
set_check (BobbinSidebar *self,
           GtkListItem   *list_item)
{
  bobbin_sidebar_row_set_picking (BOBBIN_SIDEBAR_ROW (gtk_list_item_get_child (list_item)),
                                  bobbin_row_selection_get_picking (self->selection), gtk_list_item_get_selected (list_item));
}

/* GtkListView keeps two hundred rows, of which a dozen are seen. */
static gboolean
checks_cb (gpointer user_data)
{
  BobbinSidebar *self = user_data;
  guint n = 0;

  for (guint i = 0; i < self->bound->len && n < CHECKS_SLICE; i++)
    if (!is_settled (self, g_ptr_array_index (self->bound, i)))
      {
        set_check (self, g_ptr_array_index (self->bound, i));
        n++;
      }
  if (n == CHECKS_SLICE)
    return G_SOURCE_CONTINUE;

  self->checks_id = 0;
  return G_SOURCE_REMOVE;
}

void
_bobbin_sidebar_show_picked (BobbinSidebar *self,
                             GtkListItem   *list_item)
{
  if (is_settled (self, list_item) || is_in_sight (self, gtk_list_item_get_child (list_item)))
    set_check (self, list_item);
  else if (self->checks_id == 0)
    self->checks_id = g_idle_add (checks_cb, self);
}

static void
mode_changed_cb (BobbinRowSelection *selection,
                 BobbinSidebar      *self)
{
  gboolean picking = bobbin_row_selection_get_picking (selection);

  if (self->pick_header == NULL)
    make_bars (self);

  self->n_all = 0;
  if (picking)
    {
      fill_buttons (self);
      update_count (self);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->header), !picking);
  gtk_widget_set_visible (GTK_WIDGET (self->pick_header), picking);
  gtk_widget_set_visible (self->pick_bar, picking);
  for (guint i = 0; i < self->bound->len; i++)
    _bobbin_sidebar_show_picked (self, g_ptr_array_index (self->bound, i));
  _bobbin_sidebar_update_bars (self);
}

static void
picked_changed_cb (BobbinRowSelection *selection,
                   BobbinSidebar      *self)
{
  if (!bobbin_row_selection_get_picking (selection))
    return;

  if (bobbin_row_selection_get_all (selection) && self->n_all == 0)
    count_all (self);
  update_count (self);
}

void
_bobbin_sidebar_init_pick (BobbinSidebar *self)
{
  g_signal_connect_object (self->selection, "mode-changed", G_CALLBACK (mode_changed_cb), self, 0);
  g_signal_connect_object (self->selection, "picked-changed", G_CALLBACK (picked_changed_cb), self, 0);
}

void
bobbin_sidebar_set_picking (BobbinSidebar *self,
                            gboolean       picking)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));
  g_return_if_fail (self->library != NULL);

  if (picking == bobbin_row_selection_get_picking (self->selection))
    return;

  bobbin_row_selection_set_narrowed (self->selection, _bobbin_sidebar_is_searching (self));
  bobbin_row_selection_set_picking (self->selection, picking);
  bobbin_sidebar_focus_list (self);
}

gboolean
bobbin_sidebar_get_picking (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), FALSE);

  return self->selection != NULL && bobbin_row_selection_get_picking (self->selection);
}

void
bobbin_sidebar_pick (BobbinSidebar *self,
                     BobbinThread  *thread)
{
  guint position;

  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  position = bobbin_thread_groups_find (self->groups, thread);
  bobbin_sidebar_set_picking (self, TRUE);
  if (position != G_MAXUINT)
    bobbin_row_selection_pick (self->selection, position, TRUE);
}

guint
bobbin_sidebar_get_n_picked (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), 0);

  return bobbin_sidebar_get_picking (self) ? n_picked (self) : 0;
}

gboolean
bobbin_sidebar_is_picked (BobbinSidebar *self,
                          BobbinThread  *thread)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), FALSE);

  return bobbin_sidebar_get_picking (self) && bobbin_row_selection_is_picked (self->selection, thread) &&
         bobbin_thread_groups_find (self->groups, thread) != G_MAXUINT;
}

BobbinThreadPick *
bobbin_sidebar_dup_pick (BobbinSidebar *self)
{
  BobbinThreadPick *pick;

  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), NULL);

  pick = bobbin_thread_pick_new (NULL, 0);
  g_array_unref (pick->ids);
  pick->ids = bobbin_row_selection_dup_ids (self->selection);
  if (bobbin_row_selection_get_all (self->selection))
    bobbin_library_pick_view (self->library, self->view, pick);

  return pick;
}

BobbinThreadPick *
bobbin_sidebar_dup_listed (BobbinSidebar *self)
{
  BobbinThreadPick *pick;

  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), NULL);

  pick = bobbin_thread_pick_new (NULL, 0);
  bobbin_library_pick_view (self->library, self->view, pick);

  return pick;
}
