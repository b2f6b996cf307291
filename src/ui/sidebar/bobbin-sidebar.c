#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-sidebar.h"

#include "model/bobbin-account.h"
#include "model/bobbin-thread.h"
#include "sidebar/bobbin-sidebar-private.h"

#include <glib/gi18n.h>

guint _bobbin_sidebar_signals[BOBBIN_SIDEBAR_N_SIGNALS];

G_DEFINE_FINAL_TYPE (BobbinSidebar, bobbin_sidebar, GTK_TYPE_WIDGET)

static void
make_menu_cb (GtkMenuButton *button,
              gpointer       user_data)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) threads = g_menu_new ();
  g_autoptr(GMenu) folders = g_menu_new ();
  g_autoptr(GMenu) program = g_menu_new ();

  if (gtk_menu_button_get_popover (button) != NULL)
    return;

  g_menu_append (threads, _("_New Window"), "app.new-window");
  g_menu_append (threads, _("_Open Conversation by ID…"), "win.open-thread-by-id");
  g_menu_append (threads, _("_Import…"), "win.import");
  g_menu_append (threads, _("_Select Conversations"), "win.select-conversations");
  g_menu_append (folders, _("A_rchived Conversations"), "win.show-folder('archive')");
  g_menu_append (folders, _("_Deleted Conversations"), "win.show-folder('bin')");
  g_menu_append (folders, _("_Clean Up…"), "win.clean-up");
  g_menu_append (program, _("_Preferences"), "app.preferences");
  g_menu_append (program, _("_Keyboard Shortcuts"), "win.show-help-overlay");
  g_menu_append (program, _("_About Bobbin"), "app.about");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (threads));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (folders));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (program));
  gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (G_MENU_MODEL (menu)));
}

static const char *
empty_title (BobbinSidebar *self)
{
  if (_bobbin_sidebar_is_searching (self))
    return _("No Results");
  if (self->label_id != 0)
    return _("Nothing With This Label");
  if (self->expiring)
    return _("Nothing Expires Soon");
  if (self->folder == BOBBIN_FOLDER_ARCHIVED)
    return _("Nothing Archived");
  if (self->folder == BOBBIN_FOLDER_BIN)
    return _("Nothing Deleted");

  return _("No Conversations Yet");
}

static const char *
empty_description (BobbinSidebar *self)
{
  if (_bobbin_sidebar_is_searching (self) && bobbin_search_filters_is_active (self->filters))
    return _("Try other words, or clear the filters.");
  if (_bobbin_sidebar_is_searching (self))
    return _("Try other words.");
  if (self->label_id != 0)
    return _("Give conversations labels from their menus.");
  if (self->expiring)
    return _("Some services forget a conversation that was not used for a time. Those that are near it are listed here.");
  if (self->folder == BOBBIN_FOLDER_ARCHIVED)
    return _("Conversations you archive are kept here.");
  if (self->folder == BOBBIN_FOLDER_BIN)
    return _("Deleted conversations stay here for 30 days.");

  return _("What you write about is listed here.");
}

void
_bobbin_sidebar_update_empty (BobbinSidebar *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0 && self->search == NULL &&
                   (self->view == NULL || self->folder == BOBBIN_FOLDER_ACTIVE || bobbin_thread_view_get_loaded (self->view));

  if (empty && self->empty_page == NULL)
    {
      self->empty_page = g_object_new (ADW_TYPE_STATUS_PAGE, "vexpand", TRUE, NULL);
      gtk_widget_add_css_class (GTK_WIDGET (self->empty_page), "compact");
      gtk_box_insert_child_after (self->box, GTK_WIDGET (self->empty_page), GTK_WIDGET (self->scroller));
    }

  gtk_widget_set_visible (GTK_WIDGET (self->scroller), !empty);
  if (self->empty_page == NULL)
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->empty_page), empty);
  if (empty)
    g_object_set (self->empty_page,
                  "icon-name", _bobbin_sidebar_is_searching (self) ? "bobbin-search-symbolic"
                                                                   : "bobbin-conversation-symbolic",
                  "title", empty_title (self),
                  "description", empty_description (self),
                  NULL);
}

static void
groups_changed_cb (GListModel    *groups,
                   guint          position,
                   guint          removed,
                   guint          added,
                   BobbinSidebar *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (self->library == NULL)
    return;

  _bobbin_sidebar_sync_selection (self);
  _bobbin_sidebar_update_empty (self);
  _bobbin_sidebar_update_bars (self);

  /* The list holds on to the row that was on top; who is at the top wants to see what comes
   * there. */
  if (position <= 1 && gtk_adjustment_get_value (adjustment) <= gtk_adjustment_get_lower (adjustment)
      && g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static gint64
chosen_account (BobbinSidebar *self)
{
  guint selected = self->account_filter != NULL ? gtk_drop_down_get_selected (self->account_filter) : 0;
  g_autoptr(BobbinAccount) account = NULL;

  if (selected > 0 && selected != GTK_INVALID_LIST_POSITION)
    account = g_list_model_get_item (bobbin_library_get_accounts (self->library), selected - 1);

  return account != NULL ? bobbin_account_get_id (account) : 0;
}

static void
filter_changed_cb (GtkDropDown   *filter,
                   GParamSpec    *pspec,
                   BobbinSidebar *self)
{
  _bobbin_sidebar_set_account (self, chosen_account (self));
}

void
_bobbin_sidebar_set_searching (BobbinSidebar *self,
                               gboolean       searching)
{
  if (self->account_filter != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->account_filter), !searching);
  if (searching)
    bobbin_search_filters_set_account (self->filters, chosen_account (self));
  else
    bobbin_search_filters_reset (self->filters);
}

/* "All Accounts", then the accounts by name: rebuilt when they change, which is rare. */
static void
accounts_changed_cb (GListModel    *accounts,
                     guint          position,
                     guint          removed,
                     guint          added,
                     BobbinSidebar *self)
{
  guint n = g_list_model_get_n_items (accounts);
  g_autoptr(GtkStringList) names = NULL;

  if (n < 2)
    {
      if (self->account_filter != NULL)
        {
          gtk_box_remove (self->box, GTK_WIDGET (g_steal_pointer (&self->account_filter)));
          _bobbin_sidebar_set_account (self, 0);
        }
      return;
    }

  names = gtk_string_list_new (NULL);
  gtk_string_list_append (names, _("All Accounts"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      gtk_string_list_append (names, bobbin_account_get_name (account));
    }

  if (self->account_filter == NULL)
    {
      GtkWidget *filter = gtk_drop_down_new (NULL, NULL);

      gtk_widget_add_css_class (filter, "account-filter");
      gtk_accessible_update_property (GTK_ACCESSIBLE (filter), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Account"), -1);
      gtk_widget_set_tooltip_text (filter, _("Show Conversations of"));
      g_signal_connect (filter, "notify::selected", G_CALLBACK (filter_changed_cb), self);
      self->account_filter = GTK_DROP_DOWN (filter);
      gtk_box_insert_child_after (self->box, filter,
                                  self->search_bar != NULL ? GTK_WIDGET (self->search_bar) : GTK_WIDGET (self->header));
    }
  gtk_drop_down_set_model (self->account_filter, G_LIST_MODEL (names));
}

void
_bobbin_sidebar_set_hidden (BobbinSidebar *self,
                            gboolean       hidden)
{
  bobbin_thread_groups_set_threads (self->groups, hidden || self->view == NULL ? NULL : bobbin_thread_view_get_model (self->view));
  _bobbin_sidebar_update_bars (self);
}

void
bobbin_sidebar_set_library (BobbinSidebar *self,
                            BobbinLibrary *library)
{
  g_autoptr(GListStore) models = NULL;
  GListModel *accounts;

  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));
  g_return_if_fail (BOBBIN_IS_LIBRARY (library));
  g_return_if_fail (self->library == NULL);

  self->library = g_object_ref (library);
  self->groups = bobbin_thread_groups_new (bobbin_library_get_clock (library));
  self->results = g_list_store_new (G_TYPE_OBJECT);
  models = g_list_store_new (G_TYPE_LIST_MODEL);
  g_list_store_append (models, self->groups);
  g_list_store_append (models, self->results);

  self->selection =
    bobbin_row_selection_new (G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&models)))));

  _bobbin_sidebar_init_view (self);
  _bobbin_sidebar_init_pick (self);
  _bobbin_sidebar_show_view (self);
  _bobbin_sidebar_init_list (self);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  /* After the selection model's own handler, which it needs to be up to date. */
  g_signal_connect_object (self->groups, "items-changed", G_CALLBACK (groups_changed_cb), self, G_CONNECT_AFTER);

  accounts = bobbin_library_get_accounts (library);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (accounts_changed_cb), self, 0);
  accounts_changed_cb (accounts, 0, 0, 0, self);
}

void
bobbin_sidebar_set_selected (BobbinSidebar *self,
                             BobbinThread  *thread)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  g_set_object (&self->selected, thread);
  if (self->library != NULL)
    _bobbin_sidebar_sync_selection (self);
}

void
bobbin_sidebar_set_folded (BobbinSidebar *self,
                           gboolean       folded)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  self->folded = folded;
  adw_header_bar_set_show_end_title_buttons (self->header, folded);
  if (self->library != NULL)
    _bobbin_sidebar_sync_selection (self);
}

int
bobbin_sidebar_get_width (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), 0);

  return self->width;
}

void
bobbin_sidebar_set_width (BobbinSidebar *self,
                          int            width)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  width = CLAMP (width, BOBBIN_SIDEBAR_MIN_WIDTH, BOBBIN_SIDEBAR_MAX_WIDTH);
  if (self->width == width)
    return;

  self->width = width;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
bobbin_sidebar_focus_list (BobbinSidebar *self)
{
  guint position;

  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  if (self->library == NULL)
    return;

  position = bobbin_thread_groups_find (self->groups, self->selected);
  if (position == G_MAXUINT)
    position = _bobbin_sidebar_skip_headings (self, 0, 1);
  if (position == G_MAXUINT)
    {
      gtk_widget_child_focus (GTK_WIDGET (self->header), GTK_DIR_TAB_FORWARD);
      return;
    }

  _bobbin_sidebar_go_to (self, position);
}

BobbinThread *
bobbin_sidebar_ref_neighbour (BobbinSidebar *self,
                              BobbinThread  *thread,
                              int            step)
{
  guint position;
  g_autoptr(GObject) item = NULL;

  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), NULL);

  if (self->library == NULL)
    return NULL;

  position = bobbin_thread_groups_find (self->groups, thread);
  if (position == G_MAXUINT)
    position = step > 0 ? _bobbin_sidebar_skip_headings (self, 0, 1) : G_MAXUINT;
  else if (step < 0 && position == 0)
    return NULL;
  else
    position = _bobbin_sidebar_skip_headings (self, position + (guint) step, step);
  if (position == G_MAXUINT)
    return NULL;

  item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  return BOBBIN_IS_THREAD (item) ? BOBBIN_THREAD (g_steal_pointer (&item)) : NULL;
}

void
bobbin_sidebar_set_new_menu (BobbinSidebar *self,
                             GMenuModel    *menu)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  adw_split_button_set_menu_model (self->new_button, menu);
}

BobbinBanner *
bobbin_sidebar_get_notice_bar (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), NULL);

  return self->notice_bar;
}

void
bobbin_sidebar_check_day (BobbinSidebar *self)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  if (self->groups != NULL)
    bobbin_thread_groups_check_day (self->groups);
}

GListModel *
bobbin_sidebar_get_model (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), NULL);

  return G_LIST_MODEL (self->selection);
}

/* The least width is fixed, so that the window folds at the same width however wide the person
 * made the list. */
static void
bobbin_sidebar_measure (GtkWidget     *widget,
                        GtkOrientation orientation,
                        int            for_size,
                        int           *minimum,
                        int           *natural,
                        int           *minimum_baseline,
                        int           *natural_baseline)
{
  BobbinSidebar *self = BOBBIN_SIDEBAR (widget);

  gtk_widget_measure (GTK_WIDGET (self->box), orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (*minimum, BOBBIN_SIDEBAR_MIN_WIDTH);
      *natural = MAX (*minimum, self->width);
    }
}

static void
bobbin_sidebar_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  BobbinSidebar *self = BOBBIN_SIDEBAR (widget);

  gtk_widget_allocate (GTK_WIDGET (self->box), width, height, baseline, NULL);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
bobbin_sidebar_dispose (GObject *object)
{
  BobbinSidebar *self = BOBBIN_SIDEBAR (object);

  g_clear_handle_id (&self->again_id, g_source_remove);
  g_clear_handle_id (&self->checks_id, g_source_remove);
  if (self->search != NULL)
    g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
  if (self->filters != NULL)
    g_signal_handlers_disconnect_by_data (self->filters, self);
  if (self->account_filter != NULL)
    g_signal_handlers_disconnect_by_data (self->account_filter, self);
  if (self->selection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->selection, self);
      gtk_list_view_set_model (self->list, NULL);
      gtk_list_view_set_factory (self->list, NULL);
    }

  if (self->popover != NULL)
    g_signal_handlers_disconnect_by_data (self->popover, self);
  g_clear_weak_pointer (&self->menu_focus);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_SIDEBAR);
  self->account_filter = NULL;
  self->search_bar = NULL;
  self->search_entry = NULL;
  self->search_head = NULL;
  self->filters = NULL;
  self->found_label = NULL;
  self->pick_header = NULL;
  self->foot_bar = NULL;
  self->foot_button = NULL;
  g_clear_object (&self->selection);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_clear_object (&self->view);
  g_clear_object (&self->groups);
  g_clear_object (&self->results);
  g_clear_object (&self->selected);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_sidebar_parent_class)->dispose (object);
}

static void
bobbin_sidebar_finalize (GObject *object)
{
  g_clear_pointer (&BOBBIN_SIDEBAR (object)->bound, g_ptr_array_unref);

  G_OBJECT_CLASS (bobbin_sidebar_parent_class)->finalize (object);
}

static void
bobbin_sidebar_class_init (BobbinSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_sidebar_dispose;
  object_class->finalize = bobbin_sidebar_finalize;
  widget_class->measure = bobbin_sidebar_measure;
  widget_class->size_allocate = bobbin_sidebar_size_allocate;

  _bobbin_sidebar_signals[BOBBIN_SIDEBAR_OPEN_THREAD] =
    g_signal_new ("open-thread", BOBBIN_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BOBBIN_TYPE_THREAD, G_TYPE_BOOLEAN);
  _bobbin_sidebar_signals[BOBBIN_SIDEBAR_OPEN_RESULT] =
    g_signal_new ("open-result", BOBBIN_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOBBIN_TYPE_SEARCH_RESULT);
  _bobbin_sidebar_signals[BOBBIN_SIDEBAR_PICKED_CHANGED] =
    g_signal_new ("picked-changed", BOBBIN_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (BOBBIN_TYPE_BANNER);
  gtk_widget_class_set_css_name (widget_class, "bobbinsidebar");
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, header);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, view_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, new_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, folder_back);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, search_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, scroller);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, BobbinSidebar, notice_bar);
}

/* The two halves of a split button have no names of their own for a screen reader. */
static void
name_new_button (BobbinSidebar *self)
{
  const char *names[] = { _("New Conversation"), _("Start With…") };
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->new_button)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *half = GTK_IS_MENU_BUTTON (child) ? gtk_widget_get_first_child (child) : child;

      if (n >= G_N_ELEMENTS (names) || !GTK_IS_BUTTON (half))
        continue;
      if (half != child)
        gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, names[n], -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (half), GTK_ACCESSIBLE_PROPERTY_LABEL, names[n++], -1);
    }
}

static gboolean
enter_list_cb (gpointer user_data)
{
  BobbinSidebar *self = user_data;
  guint position;

  if (self->library == NULL || !gtk_widget_has_focus (GTK_WIDGET (self->scroller)))
    return G_SOURCE_REMOVE;

  position = bobbin_thread_groups_find (self->groups, self->selected);
  if (position == G_MAXUINT)
    position = _bobbin_sidebar_skip_headings (self, 0, 1);
  if (position != G_MAXUINT)
    _bobbin_sidebar_focus_row (self, position);

  return G_SOURCE_REMOVE;
}

/* A list view whose first item is a heading takes no focus, and what scrolls it would hold it instead: nothing could be done there.
 * Not within the change of focus itself. Nothing is opened: who only passes by with Tab did not choose. */
static void
scroller_focus_cb (BobbinSidebar *self)
{
  if (gtk_widget_has_focus (GTK_WIDGET (self->scroller)))
    g_idle_add_full (G_PRIORITY_HIGH_IDLE, enter_list_cb, g_object_ref (self), g_object_unref);
}

static void
bobbin_sidebar_init (BobbinSidebar *self)
{
  self->bound = g_ptr_array_new ();
  self->width = 300;

  gtk_widget_init_template (GTK_WIDGET (self));
  name_new_button (self);
  gtk_menu_button_set_create_popup_func (self->menu_button, make_menu_cb, self, NULL);
  _bobbin_sidebar_init_search (self);
  g_signal_connect_object (self->scroller, "notify::has-focus", G_CALLBACK (scroller_focus_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
bobbin_sidebar_get_header (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), NULL);

  return GTK_WIDGET (self->header);
}
