#include "config.h"
#include "sidebar/bobbin-row-selection.h"
#include "sidebar/bobbin-sidebar.h"

#include "app/bobbin-time-text.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "sidebar/bobbin-date-range.h"
#include "sidebar/bobbin-search-filters.h"
#include "sidebar/bobbin-sidebar-row.h"
#include "store/bobbin-store.h"
#include "ui-fixture.h"
#include "util/bobbin-id.h"

#include <string.h>

typedef struct
{
  UiFixture      ui;
  BobbinAccount *account;
  GtkWidget     *window;
  BobbinSidebar *sidebar;
  BobbinThread  *opened;    /* borrowed: last "open-thread" */
  guint          n_opened;
} Fixture;

static void
opened_cb (BobbinSidebar *sidebar,
           BobbinThread  *thread,
           gboolean       activated,
           Fixture       *fixture)
{
  fixture->opened = thread;
  fixture->n_opened++;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  ui_fixture_open (&fixture->ui);
  fixture->account = ui_fixture_add_account (&fixture->ui, BOBBIN_SERVICE_NEBELUS, "First");
  ui_fixture_add_thread (&fixture->ui, fixture->account, "apples", "red", 0);
  ui_fixture_add_thread (&fixture->ui, fixture->account, "bananas", "yellow", 0);
  ui_fixture_add_thread (&fixture->ui, fixture->account, "cherries", "red too", 1);

  fixture->sidebar = g_object_new (BOBBIN_TYPE_SIDEBAR, NULL);
  g_signal_connect (fixture->sidebar, "open-thread", G_CALLBACK (opened_cb), fixture);
  bobbin_sidebar_set_library (fixture->sidebar, fixture->ui.library);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 300, 500);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->sidebar));
  gtk_window_present (GTK_WINDOW (fixture->window));
  ui_wait_until (gtk_widget_get_height (GTK_WIDGET (fixture->sidebar)) > 0);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  BobbinSidebar *weak = fixture->sidebar;

  g_object_add_weak_pointer (G_OBJECT (weak), (gpointer *) &weak);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  ui_wait_until (weak == NULL);
  ui_fixture_close (&fixture->ui);
}

static void
assert_items (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *items = ui_dup_items (bobbin_sidebar_get_model (fixture->sidebar));

  g_assert_cmpstr (items, ==, expected);
}

static BobbinRowSelection *
selection_of (Fixture *fixture)
{
  return BOBBIN_ROW_SELECTION (bobbin_sidebar_get_model (fixture->sidebar));
}

static guint
selected_position (BobbinRowSelection *selection)
{
  g_autoptr(GtkBitset) set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (selection));

  return gtk_bitset_is_empty (set) ? GTK_INVALID_LIST_POSITION : gtk_bitset_get_minimum (set);
}

static BobbinThread *
titled (Fixture    *fixture,
        const char *title)
{
  GListModel *threads = bobbin_library_get_threads (fixture->ui.library);

  for (guint i = 0; i < g_list_model_get_n_items (threads); i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (threads, i);

      if (g_str_equal (bobbin_thread_get_title (thread), title))
        return thread;
    }

  g_assert_not_reached ();
}

static void
test_rows (Fixture      *fixture,
           gconstpointer data)
{
  GtkWidget *list = ui_find (GTK_WIDGET (fixture->sidebar), GTK_TYPE_LIST_VIEW, NULL);
  guint n_rows = 0;

  assert_items (fixture, "[Today] apples bananas [Yesterday] cherries");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Conversations");
  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      g_autofree char *label =
          bobbin_sidebar_row_dup_label (BOBBIN_SIDEBAR_ROW (gtk_widget_get_first_child (row)));

      gtk_test_accessible_assert_role (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label);
      n_rows++;
    }
  g_assert_cmpuint (n_rows, ==, 5);
}

static void
test_select (Fixture      *fixture,
             gconstpointer data)
{
  BobbinRowSelection *selection = selection_of (fixture);

  g_assert_cmpuint (selected_position (selection), ==, GTK_INVALID_LIST_POSITION);
  bobbin_sidebar_set_selected (fixture->sidebar, titled (fixture, "bananas"));
  g_assert_cmpuint (selected_position (selection), ==, 2);
  g_assert_cmpuint (fixture->n_opened, ==, 0);

  bobbin_row_selection_set_selected (selection, 1);
  g_assert_cmpuint (fixture->n_opened, ==, 1);
  g_assert_true (fixture->opened == titled (fixture, "apples"));
}

/* The open conversation stays selected when it moves to the top. */
static void
test_moves (Fixture      *fixture,
            gconstpointer data)
{
  BobbinThread *thread = titled (fixture, "cherries");

  bobbin_sidebar_set_selected (fixture->sidebar, thread);
  bobbin_thread_set_last_used_us (thread, UI_FIXTURE_NOW_US + 1000);
  assert_items (fixture, "[Today] cherries apples bananas");
  g_assert_true (bobbin_row_selection_get_selected_item (selection_of (fixture)) == G_OBJECT (thread));
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
test_folded (Fixture      *fixture,
             gconstpointer data)
{
  bobbin_sidebar_set_selected (fixture->sidebar, titled (fixture, "bananas"));
  bobbin_sidebar_set_folded (fixture->sidebar, TRUE);
  /* Nothing is selected, so that a click on the one that was open opens it again. */
  g_assert_cmpuint (selected_position (selection_of (fixture)), ==, GTK_INVALID_LIST_POSITION);
  for (guint i = 1; i <= 2; i++)
    {
      gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection_of (fixture)), 2, TRUE);
      g_assert_cmpuint (fixture->n_opened, ==, i);
      g_assert_true (fixture->opened == titled (fixture, "bananas"));
      g_assert_cmpuint (selected_position (selection_of (fixture)), ==, GTK_INVALID_LIST_POSITION);
    }
  bobbin_row_selection_set_selected (selection_of (fixture), 1);
  g_assert_true (fixture->opened == titled (fixture, "apples"));
  bobbin_sidebar_set_folded (fixture->sidebar, FALSE);
  g_assert_cmpuint (selected_position (selection_of (fixture)), ==, 2);
}

static void
test_neighbour (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(BobbinThread) next = bobbin_sidebar_ref_neighbour (fixture->sidebar, titled (fixture, "bananas"), 1);
  g_autoptr(BobbinThread) before = bobbin_sidebar_ref_neighbour (fixture->sidebar, titled (fixture, "cherries"), -1);
  g_autoptr(BobbinThread) past = bobbin_sidebar_ref_neighbour (fixture->sidebar, titled (fixture, "cherries"), 1);
  g_autoptr(BobbinThread) top = bobbin_sidebar_ref_neighbour (fixture->sidebar, titled (fixture, "apples"), -1);
  g_autoptr(BobbinThread) none = bobbin_sidebar_ref_neighbour (fixture->sidebar, NULL, 1);

  g_assert_true (next == titled (fixture, "cherries"));
  g_assert_true (before == titled (fixture, "bananas"));
  g_assert_null (past);
  g_assert_null (top);
  g_assert_true (none == titled (fixture, "apples"));
}

static gboolean
lists (Fixture    *fixture,
       const char *expected)
{
  g_autofree char *items = ui_dup_items (bobbin_sidebar_get_model (fixture->sidebar));

  return g_str_equal (items, expected);
}

static void
test_search (Fixture      *fixture,
             gconstpointer data)
{
  GtkWidget *entry;
  GtkWidget *page;

  bobbin_sidebar_start_search (fixture->sidebar);
  entry = ui_find (GTK_WIDGET (fixture->sidebar), GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search Conversations");
  gtk_editable_set_text (GTK_EDITABLE (entry), "appl");
  ui_wait_until (lists (fixture, "[In Titles] apples"));

  gtk_editable_set_text (GTK_EDITABLE (entry), "nowhere");
  ui_wait_until ((page = ui_find (GTK_WIDGET (fixture->sidebar), ADW_TYPE_STATUS_PAGE, NULL)) != NULL);
  g_assert_cmpstr (adw_status_page_get_title (ADW_STATUS_PAGE (page)), ==, "No Results");
  g_assert_true (gtk_widget_get_visible (page));

  bobbin_sidebar_stop_search (fixture->sidebar);
  ui_wait_until (g_list_model_get_n_items (bobbin_sidebar_get_model (fixture->sidebar)) == 5);
  g_assert_false (gtk_widget_get_visible (page));
}

static void
add_message (Fixture      *fixture,
             BobbinThread *thread,
             BobbinRole    role,
             const char   *text)
{
  static gint64 later;
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, role, UI_FIXTURE_NOW_US + later++);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_block_set_text (block, text);
  bobbin_message_add_block (message, block);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_store_save_message_async (bobbin_library_get_store (fixture->ui.library), bobbin_thread_get_id (thread), message, NULL, NULL, NULL);
}

static GtkEditable *
type (Fixture    *fixture,
      const char *text)
{
  GtkWidget *entry;

  bobbin_sidebar_start_search (fixture->sidebar);
  entry = ui_find (GTK_WIDGET (fixture->sidebar), GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);

  return GTK_EDITABLE (entry);
}

/* As the key would: TRUE when the list took it. */
static gboolean
press (GtkWidget *list,
       guint      keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (list);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr(GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
    }

  return handled;
}

static GtkLabel *
count_label (Fixture *fixture)
{
  GtkWidget *label = gtk_widget_get_next_sibling (ui_find (GTK_WIDGET (fixture->sidebar), BOBBIN_TYPE_SEARCH_FILTERS, NULL));

  g_assert_true (GTK_IS_LABEL (label));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_ROLE_STATUS);

  return GTK_LABEL (label);
}

#define wait_items(fixture, expected) ui_wait_until (lists (fixture, expected))

/* The filters hold for what is found, and one that is set leaves only that in the list. */
static void
test_search_filters (Fixture      *fixture,
                     gconstpointer data)
{
  GtkWidget *filters, *clear;

  add_message (fixture, titled (fixture, "apples"), BOBBIN_ROLE_USER, "which pie is best");
  add_message (fixture, titled (fixture, "bananas"), BOBBIN_ROLE_ASSISTANT, "a pie of apples");
  type (fixture, "pie");
  wait_items (fixture, "[In Messages] <a pie of apples> <which pie is best>");
  g_assert_cmpstr (gtk_label_get_label (count_label (fixture)), ==, "2 results");

  filters = ui_find (GTK_WIDGET (fixture->sidebar), BOBBIN_TYPE_SEARCH_FILTERS, NULL);
  g_assert_true (gtk_widget_get_mapped (filters));
  clear = gtk_widget_get_last_child (filters);
  g_assert_false (gtk_widget_get_visible (clear));
  gtk_widget_activate_action (filters, "filter.role", "i", 1 << BOBBIN_ROLE_USER);
  wait_items (fixture, "[In Messages] <which pie is best>");
  g_assert_cmpstr (gtk_label_get_label (count_label (fixture)), ==, "1 result");
  g_assert_true (gtk_widget_get_visible (clear));
  gtk_widget_activate_action (filters, "filter.role", "i", 0);
  gtk_widget_activate_action (filters, "filter.text", NULL);
  ui_wait_until (ui_find (GTK_WIDGET (fixture->sidebar), ADW_TYPE_STATUS_PAGE, NULL) != NULL);
  g_signal_emit_by_name (clear, "clicked");
  wait_items (fixture, "[In Messages] <a pie of apples> <which pie is best>");
  g_assert_false (gtk_widget_get_visible (clear));

  /* The next search begins with everything. */
  gtk_widget_activate_action (filters, "filter.date", "i", 1);
  bobbin_sidebar_stop_search (fixture->sidebar);
  wait_items (fixture, "[Today] apples bananas [Yesterday] cherries");
  g_assert_false (gtk_widget_get_mapped (filters));
  g_assert_false (bobbin_search_filters_is_active (BOBBIN_SEARCH_FILTERS (filters)));
}

/* Conversations with a label; days from a calendar, of which either may be open. */
static void
test_label_and_dates (Fixture      *fixture,
                      gconstpointer data)
{
  BobbinThread *apples = titled (fixture, "apples");
  g_autoptr(BobbinLabel) fruit = bobbin_label_new (0, "Fruit", BOBBIN_LABEL_GREEN);
  g_autofree char *id = bobbin_id_to_string (bobbin_label_get_id (fruit));
  g_autoptr(GArray) holders = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 holder = bobbin_thread_get_id (apples);
  GtkWidget *filters, *range;
  BobbinSearchQuery query = { NULL };
  gint64 today;

  add_message (fixture, apples, BOBBIN_ROLE_USER, "which pie is best");
  add_message (fixture, titled (fixture, "bananas"), BOBBIN_ROLE_ASSISTANT, "a pie of apples");
  type (fixture, "pie");
  wait_items (fixture, "[In Messages] <a pie of apples> <which pie is best>");
  filters = ui_find (GTK_WIDGET (fixture->sidebar), BOBBIN_TYPE_SEARCH_FILTERS, NULL);
  g_array_append_val (holders, holder);
  bobbin_library_add_label (fixture->ui.library, fruit, holders);
  gtk_widget_activate_action (filters, "filter.label", "s", id);
  wait_items (fixture, "[In Messages] <which pie is best>");
  g_assert_true (bobbin_search_filters_is_active (BOBBIN_SEARCH_FILTERS (filters)));
  bobbin_library_delete_label_async (fixture->ui.library, fruit, NULL, NULL, NULL);
  wait_items (fixture, "[In Messages] <a pie of apples> <which pie is best>");
  g_assert_false (bobbin_search_filters_is_active (BOBBIN_SEARCH_FILTERS (filters)));

  /* The calendar opens on today, and nothing is held back before a day is chosen. */
  gtk_widget_activate_action (filters, "filter.date", "i", -1);
  ui_wait_until ((range = ui_find (filters, BOBBIN_TYPE_DATE_RANGE, NULL)) != NULL && gtk_widget_get_mapped (range));
  g_assert_false (bobbin_search_filters_is_active (BOBBIN_SEARCH_FILTERS (filters)));
  today = bobbin_time_day_start (UI_FIXTURE_NOW_US, 0);
  bobbin_date_range_set (BOBBIN_DATE_RANGE (range), 0, bobbin_time_day_start (today, -3));
  g_signal_emit_by_name (range, "changed");
  bobbin_search_filters_fill (BOBBIN_SEARCH_FILTERS (filters), &query);
  g_assert_cmpint (query.from_us, ==, 0);
  g_assert_cmpint (query.until_us, ==, bobbin_time_day_start (today, -2));
  ui_wait_until (ui_find (GTK_WIDGET (fixture->sidebar), ADW_TYPE_STATUS_PAGE, NULL) != NULL);
  bobbin_date_range_set (BOBBIN_DATE_RANGE (range), today, 0);
  g_signal_emit_by_name (range, "changed");
  bobbin_search_filters_fill (BOBBIN_SEARCH_FILTERS (filters), &query);
  g_assert_cmpint (query.from_us, ==, today);
  g_assert_cmpint (query.until_us, ==, 0);
  gtk_popover_popdown (GTK_POPOVER (range));
}

/* A day before the first is the first too: no choice finds nothing. */
static void
test_date_range (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *range = bobbin_date_range_new ();
  GtkCalendar *calendar = GTK_CALENDAR (ui_find (range, GTK_TYPE_CALENDAR, NULL));
  gint64 today = bobbin_time_day_start (g_get_real_time (), 0);
  gint64 before = bobbin_time_day_start (today, -40);
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_local (before / G_USEC_PER_SEC);
  g_autofree char *one = bobbin_date_range_dup_text (today, today);
  g_autofree char *span = bobbin_date_range_dup_text (before, today);
  GtkWidget *first_button, *other;
  gint64 first, last;

  g_assert_null (bobbin_date_range_dup_text (0, 0));
  g_assert_null (strstr (one, "–"));
  g_assert_nonnull (strstr (span, "–"));

  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), range);
  gtk_window_set_child (GTK_WINDOW (window), button);
  bobbin_date_range_set (BOBBIN_DATE_RANGE (range), today, today);
  first_button = ui_find (range, GTK_TYPE_TOGGLE_BUTTON, NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (gtk_widget_get_next_sibling (first_button)), TRUE);
  gtk_calendar_select_day (calendar, day);
  bobbin_date_range_get (BOBBIN_DATE_RANGE (range), &first, &last);
  g_assert_cmpint (first, ==, before);
  g_assert_cmpint (last, ==, before);

  /* One button opens the end again, and takes today. */
  other = gtk_widget_get_last_child (gtk_popover_get_child (GTK_POPOVER (range)));
  g_signal_emit_by_name (other, "clicked");
  bobbin_date_range_get (BOBBIN_DATE_RANGE (range), &first, &last);
  g_assert_cmpint (last, ==, 0);
  g_signal_emit_by_name (other, "clicked");
  bobbin_date_range_get (BOBBIN_DATE_RANGE (range), &first, &last);
  g_assert_cmpint (last, ==, today);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Titles that no loaded conversation has are found all the same. */
static void
test_search_titles (Fixture      *fixture,
                    gconstpointer data)
{
  bobbin_library_archive_thread (fixture->ui.library, titled (fixture, "bananas"), TRUE);
  type (fixture, "banan");
  wait_items (fixture, "[In Titles] <bananas>");
}

/* Page after page, as the list is scrolled; the number says that there is more until it is known. */
static void
test_search_pages (Fixture      *fixture,
                   gconstpointer data)
{
  GListModel *model = bobbin_sidebar_get_model (fixture->sidebar);
  GtkWidget *scroller = ui_find (GTK_WIDGET (fixture->sidebar), GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));

  for (guint i = 0; i < 120; i++)
    add_message (fixture, titled (fixture, "cherries"), BOBBIN_ROLE_USER, "plum");
  type (fixture, "plum");
  ui_wait_until (g_list_model_get_n_items (model) >= 51);
  g_assert_cmpuint (g_list_model_get_n_items (model), <=, 53);
  g_assert_nonnull (strstr (gtk_label_get_label (count_label (fixture)), "More than 5"));
  ui_wait_until ((gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment)),
                  g_list_model_get_n_items (model) >= 121));
  ui_wait_until (strstr (gtk_label_get_label (count_label (fixture)), "More") == NULL);
}

/* Down from the entry into what was found, nothing opened by passing; Up and Escape back. */
static void
test_search_keys (Fixture      *fixture,
                  gconstpointer data)
{
  GtkWidget *list = ui_find (GTK_WIDGET (fixture->sidebar), GTK_TYPE_LIST_VIEW, NULL);
  GtkEditable *entry = type (fixture, "ana");

  wait_items (fixture, "[In Titles] bananas");
  bobbin_sidebar_focus_list (fixture->sidebar);
  ui_wait_until (gtk_widget_get_focus_child (list) != NULL);
  g_assert_cmpuint (fixture->n_opened, ==, 0);
  g_assert_true (press (list, GDK_KEY_Escape));
  ui_wait_until (gtk_widget_get_focus_child (list) == NULL);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)), GTK_WIDGET (entry)));
  bobbin_sidebar_focus_list (fixture->sidebar);
  ui_wait_until (gtk_widget_get_focus_child (list) != NULL);
  g_assert_true (press (list, GDK_KEY_Up));
  ui_wait_until (gtk_widget_get_focus_child (list) == NULL);
}

/* All of it fits into the narrowest list, in more lines. */
static void
test_search_narrow (Fixture      *fixture,
                    gconstpointer data)
{
  GtkWidget *filters;
  int minimum, low, high;

  type (fixture, "x");
  filters = ui_find (GTK_WIDGET (fixture->sidebar), BOBBIN_TYPE_SEARCH_FILTERS, NULL);
  gtk_widget_measure (filters, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <, BOBBIN_SIDEBAR_MIN_WIDTH - 18);
  gtk_widget_measure (filters, GTK_ORIENTATION_VERTICAL, 220, &high, NULL, NULL, NULL);
  gtk_widget_measure (filters, GTK_ORIENTATION_VERTICAL, 2000, &low, NULL, NULL, NULL);
  g_assert_cmpint (high, >, low);
}

/* Tab from the header comes to a row, and opens nothing. */
static void
test_tab (Fixture      *fixture,
          gconstpointer data)
{
  GtkWidget *focus = NULL;

  gtk_widget_child_focus (bobbin_sidebar_get_header (fixture->sidebar), GTK_DIR_TAB_FORWARD);
  for (guint i = 0; i < 6; i++)
    {
      gtk_widget_child_focus (fixture->window, GTK_DIR_TAB_FORWARD);
      ui_settle ();
      focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
      g_assert_false (GTK_IS_SCROLLED_WINDOW (focus));
      if (gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_VIEW) != NULL)
        break;
    }
  g_assert_nonnull (gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_VIEW));
  g_assert_nonnull (ui_find (focus, BOBBIN_TYPE_SIDEBAR_ROW, NULL));
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
test_account_filter (Fixture      *fixture,
                     gconstpointer data)
{
  BobbinAccount *second;
  GtkWidget *filter;

  g_assert_null (ui_find (GTK_WIDGET (fixture->sidebar), GTK_TYPE_DROP_DOWN, NULL));
  second = ui_fixture_add_account (&fixture->ui, BOBBIN_SERVICE_NEBELUS, "Second");
  ui_fixture_add_thread (&fixture->ui, second, "dates", "brown", 0);
  filter = ui_find (GTK_WIDGET (fixture->sidebar), GTK_TYPE_DROP_DOWN, NULL);
  g_assert_nonnull (filter);
  assert_items (fixture, "[Today] apples bananas dates [Yesterday] cherries");

  gtk_drop_down_set_selected (GTK_DROP_DOWN (filter), 2);
  assert_items (fixture, "[Today] dates");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (filter), 1);
  assert_items (fixture, "[Today] apples bananas [Yesterday] cherries");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (filter), 0);
  assert_items (fixture, "[Today] apples bananas dates [Yesterday] cherries");
}

static void
test_folders (Fixture      *fixture,
              gconstpointer data)
{
  bobbin_library_archive_thread (fixture->ui.library, titled (fixture, "bananas"), TRUE);
  assert_items (fixture, "[Today] apples [Yesterday] cherries");

  bobbin_sidebar_set_folder (fixture->sidebar, BOBBIN_FOLDER_ARCHIVED);
  ui_wait_until (g_list_model_get_n_items (bobbin_sidebar_get_model (fixture->sidebar)) == 2);
  assert_items (fixture, "[Today] bananas");
  bobbin_sidebar_set_folder (fixture->sidebar, BOBBIN_FOLDER_ACTIVE);
  assert_items (fixture, "[Today] apples [Yesterday] cherries");
}

static GtkWidget *
button_of (Fixture    *fixture,
           const char *target)
{
  GtkWidget *found = NULL;
  GPtrArray *all = g_ptr_array_new ();

  g_ptr_array_add (all, fixture->sidebar);
  for (guint i = 0; i < all->len && found == NULL; i++)
    {
      GtkWidget *widget = g_ptr_array_index (all, i);
      GVariant *value = GTK_IS_BUTTON (widget) ? gtk_actionable_get_action_target_value (GTK_ACTIONABLE (widget)) : NULL;

      if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) && g_str_equal (g_variant_get_string (value, NULL), target))
        found = widget;
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
        g_ptr_array_add (all, child);
    }
  g_ptr_array_unref (all);

  return found;
}

/* Ctrl+click begins, Shift+click goes on, a plain click drops; all means all, whatever is added to it. */
static void
test_pick (Fixture      *fixture,
           gconstpointer data)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (selection_of (fixture));
  g_autoptr(BobbinThreadPick) some = NULL;
  g_autoptr(BobbinThreadPick) all = NULL;

  bobbin_sidebar_set_selected (fixture->sidebar, titled (fixture, "apples"));
  g_assert_false (bobbin_sidebar_get_picking (fixture->sidebar));
  gtk_selection_model_select_item (selection, 2, FALSE);
  g_assert_true (bobbin_sidebar_get_picking (fixture->sidebar));
  g_assert_cmpuint (bobbin_sidebar_get_n_picked (fixture->sidebar), ==, 2);
  /* Headings in between are none. */
  gtk_selection_model_select_range (selection, 2, 3, TRUE);
  g_assert_cmpuint (bobbin_sidebar_get_n_picked (fixture->sidebar), ==, 3);
  g_assert_false (gtk_selection_model_is_selected (selection, 3));
  gtk_selection_model_select_item (selection, 1, TRUE);
  g_assert_cmpuint (bobbin_sidebar_get_n_picked (fixture->sidebar), ==, 2);
  g_assert_false (bobbin_sidebar_is_picked (fixture->sidebar, titled (fixture, "apples")));
  g_assert_cmpuint (fixture->n_opened, ==, 0);
  some = bobbin_sidebar_dup_pick (fixture->sidebar);
  g_assert_false (some->all);
  g_assert_cmpuint (some->ids->len, ==, 2);
  g_assert_true (gtk_widget_get_sensitive (button_of (fixture, "archive")));

  gtk_selection_model_select_all (selection);
  ui_wait_until (bobbin_sidebar_get_n_picked (fixture->sidebar) == 3);
  gtk_selection_model_unselect_item (selection, 2);
  g_assert_cmpuint (bobbin_sidebar_get_n_picked (fixture->sidebar), ==, 2);
  all = bobbin_sidebar_dup_pick (fixture->sidebar);
  g_assert_true (all->all);
  g_assert_cmpuint (all->ids->len, ==, 1);

  gtk_selection_model_unselect_all (selection);
  g_assert_cmpuint (bobbin_sidebar_get_n_picked (fixture->sidebar), ==, 0);
  g_assert_false (gtk_widget_get_sensitive (button_of (fixture, "archive")));
  bobbin_sidebar_set_picking (fixture->sidebar, FALSE);
  /* What is open is shown again. */
  g_assert_cmpuint (selected_position (selection_of (fixture)), ==, 1);
}

static gboolean
shows_text (GtkWidget  *widget,
            const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (shows_text (child, text))
      return TRUE;

  return FALSE;
}

/* The list of a label follows what is labelled, and its name. */
static void
test_label_view (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(BobbinLabel) label = bobbin_label_new (0, "Fruit", BOBBIN_LABEL_RED);
  g_autofree char *id = bobbin_id_to_string (bobbin_label_get_id (label));
  g_autofree char *what = g_strconcat ("label:", id, NULL);
  g_autoptr(GArray) holders = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 thread_id = bobbin_thread_get_id (titled (fixture, "bananas"));

  g_array_append_val (holders, thread_id);
  bobbin_library_add_label (fixture->ui.library, label, holders);
  bobbin_sidebar_show (fixture->sidebar, what);
  assert_items (fixture, "[Today] bananas");
  bobbin_library_change_label (fixture->ui.library, label, "Yellow Fruit", BOBBIN_LABEL_YELLOW);
  g_assert_true (shows_text (GTK_WIDGET (fixture->sidebar), "Yellow Fruit"));
  bobbin_sidebar_show (fixture->sidebar, "active");
  assert_items (fixture, "[Today] apples bananas [Yesterday] cherries");
}

static void
test_width (Fixture      *fixture,
            gconstpointer data)
{
  int minimum, natural;

  bobbin_sidebar_set_width (fixture->sidebar, 5000);
  g_assert_cmpint (bobbin_sidebar_get_width (fixture->sidebar), ==, BOBBIN_SIDEBAR_MAX_WIDTH);
  gtk_widget_measure (GTK_WIDGET (fixture->sidebar), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, BOBBIN_SIDEBAR_MIN_WIDTH);
  g_assert_cmpint (natural, ==, BOBBIN_SIDEBAR_MAX_WIDTH);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
#define ADD(name, func) g_test_add ("/sidebar/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("rows", test_rows);
  ADD ("select", test_select);
  ADD ("moves", test_moves);
  ADD ("folded", test_folded);
  ADD ("neighbour", test_neighbour);
  ADD ("search", test_search);
  ADD ("label-and-dates", test_label_and_dates);
  g_test_add_func ("/sidebar/date-range", test_date_range);
  ADD ("search-filters", test_search_filters);
  ADD ("search-titles", test_search_titles);
  ADD ("search-pages", test_search_pages);
  ADD ("search-keys", test_search_keys);
  ADD ("search-narrow", test_search_narrow);
  ADD ("tab", test_tab);
  ADD ("account-filter", test_account_filter);
  ADD ("pick", test_pick);
  ADD ("label-view", test_label_view);
  ADD ("folders", test_folders);
  ADD ("width", test_width);

  return g_test_run ();
}
