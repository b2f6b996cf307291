#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-sidebar-private.h"

#include "app/bobbin-thread-menu.h"
#include "model/bobbin-thread.h"
#include "sidebar/bobbin-sidebar-row.h"
#include "util/bobbin-id.h"

/* Rows a page up or down moves by. */
#define PAGE_ROWS 8

static guint
n_items (BobbinSidebar *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->selection));
}

guint
_bobbin_sidebar_skip_headings (BobbinSidebar *self,
                               guint          from,
                               int            step)
{
  guint n = n_items (self);

  for (guint i = from; i < n; i += (guint) step)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (!BOBBIN_IS_THREAD_GROUP (item))
        return i;
    }

  return G_MAXUINT;
}

static void
picked_cb (GtkListItem   *list_item,
           GParamSpec    *pspec,
           BobbinSidebar *self)
{
  if (gtk_list_item_get_child (list_item) != NULL && self->selection != NULL)
    _bobbin_sidebar_show_picked (self, list_item);
}

void
_bobbin_sidebar_redraw_rows (BobbinSidebar *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    bobbin_sidebar_row_update (BOBBIN_SIDEBAR_ROW (gtk_list_item_get_child (g_ptr_array_index (self->bound, i))));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          BobbinSidebar            *self)
{
  GtkWidget *row = bobbin_sidebar_row_new (bobbin_library_get_clock (self->library));

  bobbin_sidebar_row_set_labels (BOBBIN_SIDEBAR_ROW (row), bobbin_library_get_labels (self->library));
  gtk_list_item_set_child (list_item, row);
  g_signal_connect (list_item, "notify::selected", G_CALLBACK (picked_cb), self);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         BobbinSidebar            *self)
{
  GObject *item = gtk_list_item_get_item (list_item);
  GtkWidget *row = gtk_list_item_get_child (list_item);
  GtkWidget *parent = gtk_widget_get_parent (row);
  gboolean heading = BOBBIN_IS_THREAD_GROUP (item);

  gtk_list_item_set_selectable (list_item, !heading);
  gtk_list_item_set_activatable (list_item, !heading);
  bobbin_sidebar_row_set_item (BOBBIN_SIDEBAR_ROW (row), item);
  bobbin_sidebar_row_set_picking (BOBBIN_SIDEBAR_ROW (row), bobbin_row_selection_get_picking (self->selection),
                                  gtk_list_item_get_selected (list_item));
  if (heading)
    gtk_widget_add_css_class (parent, "heading-row");
  else
    gtk_widget_remove_css_class (parent, "heading-row");
  g_ptr_array_add (self->bound, list_item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item,
           BobbinSidebar            *self)
{
  g_ptr_array_remove_fast (self->bound, list_item);
  bobbin_sidebar_row_set_item (BOBBIN_SIDEBAR_ROW (gtk_list_item_get_child (list_item)), NULL);
}

/* The row that holds the keyboard, as GtkListView of 4.8 does not tell. */
static GtkListItem *
focused_item (BobbinSidebar *self)
{
  GtkWidget *focused = gtk_widget_get_focus_child (GTK_WIDGET (self->list));

  for (guint i = 0; focused != NULL && i < self->bound->len; i++)
    {
      GtkListItem *list_item = g_ptr_array_index (self->bound, i);

      if (gtk_widget_get_parent (gtk_list_item_get_child (list_item)) == focused)
        return list_item;
    }

  return NULL;
}

static gboolean
focus_row (BobbinSidebar *self,
           guint          position)
{
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *list_item = g_ptr_array_index (self->bound, i);

      if (gtk_list_item_get_position (list_item) == position)
        return gtk_widget_grab_focus (gtk_widget_get_parent (gtk_list_item_get_child (list_item)));
    }

  return FALSE;
}

void
_bobbin_sidebar_focus_row (BobbinSidebar *self,
                           guint          position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  focus_row (self, position);
}

void
_bobbin_sidebar_go_to (BobbinSidebar *self,
                       guint          position)
{
  if (position >= n_items (self))
    return;

  _bobbin_sidebar_focus_row (self, position);
  /* What was found is looked at in the list and opened with Enter: opening takes the keyboard along. */
  if (!self->folded && !_bobbin_sidebar_is_searching (self) && !bobbin_row_selection_get_picking (self->selection))
    bobbin_row_selection_set_selected (self->selection, position);
}

static guint
position_from_key (BobbinSidebar *self,
                   guint          from,
                   guint          keyval)
{
  guint last = n_items (self) - 1;

  switch (keyval)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return from == 0 ? G_MAXUINT : _bobbin_sidebar_skip_headings (self, from - 1, -1);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return _bobbin_sidebar_skip_headings (self, from + 1, 1);
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return _bobbin_sidebar_skip_headings (self, 0, 1);
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return _bobbin_sidebar_skip_headings (self, last, -1);
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      return from <= PAGE_ROWS ? _bobbin_sidebar_skip_headings (self, 0, 1)
                               : _bobbin_sidebar_skip_headings (self, from - PAGE_ROWS, -1);
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      return from + PAGE_ROWS >= last ? _bobbin_sidebar_skip_headings (self, last, -1)
                                      : _bobbin_sidebar_skip_headings (self, from + PAGE_ROWS, 1);
    default:
      return G_MAXUINT;
    }
}

/* Back to the row, or wherever the keyboard was; GTK would go on to the next widget. */
static void
menu_closed_cb (GtkPopover    *popover,
                BobbinSidebar *self)
{
  GtkWidget *focus = self->menu_focus;

  g_clear_weak_pointer (&self->menu_focus);
  if (focus != NULL && gtk_widget_get_root (focus) == gtk_widget_get_root (GTK_WIDGET (self)))
    gtk_widget_grab_focus (focus);
}

static void
popup_menu (BobbinSidebar *self,
            BobbinThread  *thread,
            double         x,
            double         y)
{
  g_autoptr(GMenuModel) menu = bobbin_thread_menu_new (thread, BOBBIN_THREAD_MENU_LIST, 0);

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_set_weak_pointer (&self->menu_focus, gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self))));
  self->popover = gtk_popover_menu_new_from_model (menu);
  g_signal_connect (self->popover, "closed", G_CALLBACK (menu_closed_cb), self);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static BobbinThread *
thread_of (GtkListItem *list_item)
{
  GObject *item = list_item != NULL ? gtk_list_item_get_item (list_item) : NULL;

  return BOBBIN_IS_THREAD (item) ? BOBBIN_THREAD (item) : NULL;
}

static gboolean
popup_at_focus (BobbinSidebar *self)
{
  GtkListItem *list_item = focused_item (self);
  BobbinThread *thread = thread_of (list_item);
  graphene_rect_t bounds;

  if (thread == NULL
      || !gtk_widget_compute_bounds (gtk_list_item_get_child (list_item), GTK_WIDGET (self), &bounds))
    return FALSE;

  popup_menu (self, thread, bounds.origin.x + bounds.size.width / 2, bounds.origin.y + bounds.size.height / 2);

  return TRUE;
}

static gboolean
act_on_focus (BobbinSidebar *self,
              const char    *action)
{
  BobbinThread *thread = thread_of (focused_item (self));
  g_autofree char *id = NULL;

  if (thread == NULL)
    return FALSE;

  id = bobbin_id_to_string (bobbin_thread_get_id (thread));
  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", id);

  return TRUE;
}

/* Space picks, with Ctrl the first too; Shift and an arrow pick on the way; Escape ends it. */
static gboolean
pick_by_key (BobbinSidebar  *self,
             guint           keyval,
             GdkModifierType modifiers)
{
  gboolean picking = bobbin_row_selection_get_picking (self->selection);
  GtkListItem *list_item = focused_item (self);
  BobbinThread *thread = thread_of (list_item);
  guint to;

  if (picking && keyval == GDK_KEY_Escape && modifiers == 0)
    {
      bobbin_sidebar_set_picking (self, FALSE);
      return TRUE;
    }
  if (keyval == GDK_KEY_a && modifiers == GDK_CONTROL_MASK)
    {
      bobbin_row_selection_set_narrowed (self->selection, _bobbin_sidebar_is_searching (self));
      return gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->selection));
    }
  if (thread == NULL)
    return FALSE;
  if ((keyval == GDK_KEY_space || keyval == GDK_KEY_KP_Space) && (modifiers == GDK_CONTROL_MASK || (picking && modifiers == 0)))
    {
      bobbin_row_selection_pick (self->selection, gtk_list_item_get_position (list_item),
                                 !bobbin_row_selection_is_picked (self->selection, thread));
      return TRUE;
    }
  if (modifiers != GDK_SHIFT_MASK || (keyval != GDK_KEY_Up && keyval != GDK_KEY_Down))
    return FALSE;

  to = position_from_key (self, gtk_list_item_get_position (list_item), keyval);
  bobbin_row_selection_pick (self->selection, gtk_list_item_get_position (list_item), TRUE);
  if (to != G_MAXUINT)
    {
      bobbin_row_selection_pick (self->selection, to, TRUE);
      _bobbin_sidebar_focus_row (self, to);
    }

  return TRUE;
}

/* Ahead of the list's own keys, which would stop at headings. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        modifiers,
                BobbinSidebar         *self)
{
  GtkListItem *list_item;
  guint to;

  modifiers &= gtk_accelerator_get_default_mod_mask ();
  if (pick_by_key (self, keyval, modifiers))
    return TRUE;
  if (keyval == GDK_KEY_Menu || (keyval == GDK_KEY_F10 && modifiers == GDK_SHIFT_MASK))
    return popup_at_focus (self);
  if (modifiers != 0 || n_items (self) == 0)
    return FALSE;
  if (keyval == GDK_KEY_Delete || keyval == GDK_KEY_KP_Delete)
    return bobbin_row_selection_get_picking (self->selection)
             ? gtk_widget_activate_action (GTK_WIDGET (self), "win.change-selected", "s", "bin")
             : act_on_focus (self, "win.delete-thread");
  if (keyval == GDK_KEY_F2)
    return act_on_focus (self, "win.rename-thread");

  if (keyval == GDK_KEY_Escape && _bobbin_sidebar_is_searching (self))
    {
      _bobbin_sidebar_focus_search (self);
      return TRUE;
    }

  list_item = focused_item (self);
  if (list_item == NULL)
    return FALSE;

  to = position_from_key (self, gtk_list_item_get_position (list_item), keyval);
  if (to == G_MAXUINT && (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up) && _bobbin_sidebar_is_searching (self))
    _bobbin_sidebar_focus_search (self);
  if (to == G_MAXUINT)
    return keyval == GDK_KEY_Up || keyval == GDK_KEY_Down;
  _bobbin_sidebar_go_to (self, to);

  return TRUE;
}

static BobbinThread *
thread_at (BobbinSidebar *self,
           double         x,
           double         y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row;

  if (widget == NULL)
    return NULL;

  /* The pick may be the row, its parent (the list's own widget) or the state icon within. */
  row = BOBBIN_IS_SIDEBAR_ROW (widget) ? widget : gtk_widget_get_ancestor (widget, BOBBIN_TYPE_SIDEBAR_ROW);
  if (row == NULL)
    row = gtk_widget_get_first_child (widget);
  if (!BOBBIN_IS_SIDEBAR_ROW (row))
    return NULL;

  return BOBBIN_IS_THREAD (bobbin_sidebar_row_get_item (BOBBIN_SIDEBAR_ROW (row)))
           ? BOBBIN_THREAD (bobbin_sidebar_row_get_item (BOBBIN_SIDEBAR_ROW (row))) : NULL;
}

static void
popup_at (BobbinSidebar *self,
          double         x,
          double         y,
          GtkGesture    *gesture)
{
  BobbinThread *thread = thread_at (self, x, y);
  double to_x, to_y;

  if (thread == NULL)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->list), GTK_WIDGET (self), x, y, &to_x, &to_y);
  popup_menu (self, thread, to_x, to_y);
}

static void
right_click_cb (GtkGestureClick *gesture,
                int              n_press,
                double           x,
                double           y,
                BobbinSidebar   *self)
{
  popup_at (self, x, y, GTK_GESTURE (gesture));
}

static void
long_press_cb (GtkGestureLongPress *gesture,
               double               x,
               double               y,
               BobbinSidebar       *self)
{
  popup_at (self, x, y, GTK_GESTURE (gesture));
}

static void
open_item (BobbinSidebar *self,
           GObject       *item,
           gboolean       activated)
{
  if (BOBBIN_IS_THREAD (item))
    g_signal_emit (self, _bobbin_sidebar_signals[BOBBIN_SIDEBAR_OPEN_THREAD], 0, item, activated);
  else if (BOBBIN_IS_SEARCH_RESULT (item) && activated)
    g_signal_emit (self, _bobbin_sidebar_signals[BOBBIN_SIDEBAR_OPEN_RESULT], 0, item);
}

static void
activate_cb (GtkListView   *list,
             guint          position,
             BobbinSidebar *self)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (bobbin_row_selection_get_picking (self->selection))
    {
      if (BOBBIN_IS_THREAD (item))
        bobbin_row_selection_pick (self->selection, position,
                                   !bobbin_row_selection_is_picked (self->selection, BOBBIN_THREAD (item)));
      return;
    }
  open_item (self, item, TRUE);
}

static void
selected_cb (BobbinRowSelection *selection,
             GParamSpec         *pspec,
             BobbinSidebar      *self)
{
  GObject *selected = bobbin_row_selection_get_selected_item (selection);
  g_autoptr(GObject) item = NULL;

  if (self->syncing || selected == NULL || (!self->folded && selected == (GObject *) self->selected))
    return;

  item = g_object_ref (selected);

  /* Narrow, and among what was found, only the pointer selects: that is a choice. Wide, the arrows do too, and the
   * keyboard stays in the list. */
  open_item (self, item, self->folded || BOBBIN_IS_SEARCH_RESULT (item));
  /* So that the same one can be chosen again. */
  if ((self->folded || BOBBIN_IS_SEARCH_RESULT (item)) && self->library != NULL)
    _bobbin_sidebar_sync_selection (self);
}

void
_bobbin_sidebar_sync_selection (BobbinSidebar *self)
{
  guint position = self->folded ? G_MAXUINT : bobbin_thread_groups_find (self->groups, self->selected);

  self->syncing = TRUE;
  bobbin_row_selection_set_selected (self->selection, position == G_MAXUINT ? GTK_INVALID_LIST_POSITION : position);
  self->syncing = FALSE;
}

/* The next page is asked for one screen ahead of the end. */
static void
scrolled_cb (GtkAdjustment *adjustment,
             BobbinSidebar *self)
{
  double value = gtk_adjustment_get_value (adjustment);
  double left = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_value (adjustment)
                - gtk_adjustment_get_page_size (adjustment);

  if (self->view == NULL)
    return;
  /* Back at the top, what lies far below is let go. */
  if (value <= gtk_adjustment_get_lower (adjustment))
    bobbin_thread_view_trim (self->view);
  if (left >= gtk_adjustment_get_page_size (adjustment))
    return;

  _bobbin_sidebar_find_more (self);
  if (bobbin_thread_view_get_has_more (self->view))
    bobbin_thread_view_load_more (self->view);
  else if (_bobbin_sidebar_is_home (self) && bobbin_library_get_has_more (self->library))
    bobbin_library_load_more (self->library);
}

/* The list became shorter than the screen: nobody can scroll it. */
static void
resized_cb (GtkAdjustment *adjustment,
            BobbinSidebar *self)
{
  if (self->view != NULL && gtk_adjustment_get_page_size (adjustment) > 0
      && gtk_adjustment_get_upper (adjustment) < 2 * gtk_adjustment_get_page_size (adjustment))
    bobbin_thread_view_load_more (self->view);
}

void
_bobbin_sidebar_init_list (BobbinSidebar *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (right_click_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect (press, "pressed", G_CALLBACK (long_press_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (press));

  g_signal_connect (self->list, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self, 0);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (resized_cb), self, 0);
}
