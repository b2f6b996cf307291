#include "config.h"
#include "window/bobbin-window.h"

#include "account/bobbin-welcome.h"
#include "app/bobbin-thread-menu.h"
#include "composer/bobbin-composer.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-block.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-message.h"
#include "session/bobbin-session.h"
#include "sidebar/bobbin-sidebar.h"
#include "transcript/bobbin-column.h"
#include "ui-fixture.h"
#include "util/bobbin-id.h"
#include "window/bobbin-conversation.h"

static BobbinWindow *
open_window (UiFixture *fixture)
{
  GtkWidget *window = bobbin_window_new (NULL, fixture->library, fixture->settings);

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0);

  return BOBBIN_WINDOW (window);
}

/* The window must go, and with it all that it made. */
static void
close_window (BobbinWindow *window)
{
  GtkWidget *weak = GTK_WIDGET (window);

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &weak);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait_until (weak == NULL);
}

static BobbinSidebar *
sidebar_of (BobbinWindow *window)
{
  return BOBBIN_SIDEBAR (ui_find (GTK_WIDGET (window), BOBBIN_TYPE_SIDEBAR, NULL));
}

static BobbinConversation *
conversation_of (BobbinWindow *window)
{
  return BOBBIN_CONVERSATION (ui_find (GTK_WIDGET (window), BOBBIN_TYPE_CONVERSATION, NULL));
}

static void
assert_rows (BobbinWindow *window,
             const char   *expected)
{
  g_autofree char *items = ui_dup_items (bobbin_sidebar_get_model (sidebar_of (window)));

  g_assert_cmpstr (items, ==, expected);
}

static void
activate (BobbinWindow *window,
          const char   *action,
          BobbinThread *thread)
{
  g_autofree char *id = thread != NULL ? bobbin_id_to_string (bobbin_thread_get_id (thread)) : g_strdup ("");

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), action, "s", id));
}

static void
test_welcome (void)
{
  UiFixture fixture;
  BobbinWindow *window;

  ui_fixture_open (&fixture);
  window = open_window (&fixture);
  g_assert_nonnull (ui_find (GTK_WIDGET (window), BOBBIN_TYPE_WELCOME, NULL));
  g_assert_nonnull (ui_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "app.try-demo"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.new-conversation", NULL);
  g_assert_null (bobbin_window_get_thread (window));

  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  g_assert_null (ui_find (GTK_WIDGET (window), BOBBIN_TYPE_WELCOME, NULL));
  g_assert_nonnull (conversation_of (window));
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_new_conversation (void)
{
  UiFixture fixture;
  BobbinWindow *window;
  BobbinThread *thread;
  BobbinSession *session;

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  window = open_window (&fixture);
  g_assert_null (bobbin_window_get_thread (window));

  bobbin_window_new_conversation (window, NULL, NULL, "typed before");
  thread = bobbin_window_get_thread (window);
  g_assert_nonnull (thread);
  g_assert_cmpstr (bobbin_thread_get_agent_id (thread), ==, "agent");
  session = bobbin_conversation_get_session (conversation_of (window));
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (session)), ==, "typed before");
  /* Never sent by itself. */
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_session_get_messages (session)), ==, 0);
  g_assert_cmpint (bobbin_session_get_state (session), ==, BOBBIN_SESSION_IDLE);

  /* With a draft it is no longer untouched; an empty one is used again. */
  bobbin_window_new_conversation (window, NULL, NULL, NULL);
  g_assert_true (bobbin_window_get_thread (window) != thread);
  thread = bobbin_window_get_thread (window);
  bobbin_window_new_conversation (window, NULL, NULL, NULL);
  g_assert_true (bobbin_window_get_thread (window) == thread);

  close_window (window);
  ui_fixture_close (&fixture);
}

static GtkWidget *
find_words (GtkWidget  *widget,
            const char *words)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), words))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_words (child, words);

  return found;
}

/* Nobody is told to choose from a list with nothing in it. */
static void
test_empty_page (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;
  BobbinThread *thread;
  GtkWidget *text;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  window = open_window (&fixture);
  text = find_words (GTK_WIDGET (window), "Choose one from the list, or start a new one.");
  g_assert_nonnull (text);
  g_assert_false (gtk_widget_get_visible (text));
  thread = ui_fixture_add_thread (&fixture, account, "a", "x", 0);
  assert_rows (window, "[Today] a");
  g_assert_true (gtk_widget_get_visible (text));

  activate (window, "win.archive-thread", thread);
  assert_rows (window, "");
  g_assert_false (gtk_widget_get_visible (text));
  activate (window, "win.restore-thread", thread);
  assert_rows (window, "[Today] a");
  g_assert_true (gtk_widget_get_visible (text));

  activate (window, "win.delete-thread", thread);
  assert_rows (window, "");
  g_assert_false (gtk_widget_get_visible (text));
  bobbin_sidebar_set_folder (sidebar_of (window), BOBBIN_FOLDER_BIN);
  ui_wait_until (gtk_widget_get_visible (text));
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_delete_undo (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;
  g_autoptr(BobbinThread) first = NULL;
  BobbinThread *second;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  first = g_object_ref (ui_fixture_add_thread (&fixture, account, "a", "x", 0));
  second = ui_fixture_add_thread (&fixture, account, "b", "y", 0);
  window = open_window (&fixture);
  bobbin_window_open_thread (window, first);
  assert_rows (window, "[Today] a b");

  activate (window, "win.delete-thread", NULL);
  assert_rows (window, "[Today] b");
  g_assert_cmpint (bobbin_thread_get_deleted_us (first), !=, 0);
  /* The neighbour takes its place. */
  g_assert_true (bobbin_window_get_thread (window) == second);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL));
  assert_rows (window, "[Today] a b");
  g_assert_true (bobbin_window_get_thread (window) == first);

  activate (window, "win.archive-thread", first);
  assert_rows (window, "[Today] b");
  activate (window, "win.restore-thread", first);
  assert_rows (window, "[Today] a b");
  g_assert_false (bobbin_thread_get_archived (first));

  close_window (window);
  g_clear_object (&first);
  ui_fixture_close (&fixture);
}

/* The step can be taken back once it is written. */
static gboolean
is_undone (BobbinWindow *window,
           const char   *rows)
{
  g_autofree char *items = NULL;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  items = ui_dup_items (bobbin_sidebar_get_model (sidebar_of (window)));

  return g_str_equal (items, rows);
}

/* Many at once, and one undo for all of them: each is what it was. */
static void
test_change_selected (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;
  BobbinSidebar *sidebar;
  g_autoptr(BobbinThread) first = NULL;
  GtkSelectionModel *selection;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  first = g_object_ref (ui_fixture_add_thread (&fixture, account, "a", "x", 0));
  ui_fixture_add_thread (&fixture, account, "b", "y", 0);
  ui_fixture_add_thread (&fixture, account, "c", "z", 0);
  window = open_window (&fixture);
  sidebar = sidebar_of (window);
  selection = GTK_SELECTION_MODEL (bobbin_sidebar_get_model (sidebar));
  bobbin_window_open_thread (window, first);
  bobbin_library_pin_thread (fixture.library, first, TRUE);
  ui_settle ();
  assert_rows (window, "[Pinned] a [Today] b c");

  gtk_selection_model_select_item (selection, 3, FALSE);
  g_assert_cmpuint (bobbin_sidebar_get_n_picked (sidebar), ==, 2);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.change-selected", "s", "pin"));
  g_assert_false (bobbin_sidebar_get_picking (sidebar));
  assert_rows (window, "[Pinned] a b [Today] c");
  ui_wait_until (is_undone (window, "[Pinned] a [Today] b c"));
  assert_rows (window, "[Pinned] a [Today] b c");

  gtk_selection_model_select_all (selection);
  ui_wait_until (bobbin_sidebar_get_n_picked (sidebar) == 3);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.change-selected", "s", "bin"));
  assert_rows (window, "");
  g_assert_null (bobbin_window_get_thread (window));
  ui_wait_until (is_undone (window, "[Pinned] a [Today] b c"));
  assert_rows (window, "[Pinned] a [Today] b c");
  ui_settle ();

  close_window (window);
  g_clear_object (&first);
  ui_fixture_close (&fixture);
}

/* Back and forward over what was open; what was deleted meanwhile is passed over; one window closed leaves the other. */
static void
test_history (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window, *other;
  BobbinThread *a, *b, *c;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  a = ui_fixture_add_thread (&fixture, account, "a", "x", 0);
  b = ui_fixture_add_thread (&fixture, account, "b", "y", 0);
  c = ui_fixture_add_thread (&fixture, account, "c", "z", 0);
  window = open_window (&fixture);
  bobbin_window_open_thread (window, a);
  bobbin_window_open_thread (window, b);
  bobbin_window_open_thread (window, c);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.go-back", NULL);
  ui_wait_until (bobbin_window_get_thread (window) == b);

  other = open_window (&fixture);
  bobbin_window_open_thread (other, b);
  g_assert_true (bobbin_conversation_get_session (conversation_of (other)) == bobbin_conversation_get_session (conversation_of (window)));
  bobbin_library_bin_thread (fixture.library, b, TRUE);
  g_assert_null (bobbin_window_get_thread (window));
  g_assert_null (bobbin_window_get_thread (other));
  bobbin_window_open_thread (other, c);
  close_window (other);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.go-back", NULL);
  ui_wait_until (bobbin_window_get_thread (window) == a);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.go-forward", NULL);
  ui_wait_until (bobbin_window_get_thread (window) == c);
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_pin_and_step (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;
  BobbinThread *a, *b;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  a = ui_fixture_add_thread (&fixture, account, "a", "x", 0);
  b = ui_fixture_add_thread (&fixture, account, "b", "y", 40);
  window = open_window (&fixture);
  assert_rows (window, "[Today] a [February] b");

  activate (window, "win.pin-thread", b);
  assert_rows (window, "[Pinned] b [Today] a");
  bobbin_window_open_thread (window, b);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.next-conversation", NULL);
  g_assert_true (bobbin_window_get_thread (window) == a);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.next-conversation", NULL);
  g_assert_true (bobbin_window_get_thread (window) == a);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.previous-conversation", NULL);
  g_assert_true (bobbin_window_get_thread (window) == b);

  close_window (window);
  ui_fixture_close (&fixture);
}

/* The item is there only for services that can. */
static gboolean
menu_offers (BobbinThread      *thread,
             BobbinCapabilities can,
             const char        *action)
{
  g_autoptr(GMenuModel) menu = bobbin_thread_menu_new (thread, BOBBIN_THREAD_MENU_HEADER, can);

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr(GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      for (int j = 0; section != NULL && j < g_menu_model_get_n_items (section); j++)
        {
          g_autofree char *name = NULL;

          g_menu_model_get_item_attribute (section, j, G_MENU_ATTRIBUTE_ACTION, "s", &name);
          if (g_strcmp0 (name, action) == 0)
            return TRUE;
        }
    }

  return FALSE;
}

static GtkWindow *
dialog_over (BobbinWindow *window)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) other = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (other) == GTK_WINDOW (window))
        return other;
    }

  return NULL;
}

static void
test_change_agent (void)
{
  UiFixture fixture;
  g_autoptr(GListStore) agents = g_list_store_new (BOBBIN_TYPE_AGENT);
  g_autoptr(BobbinAgent) ada = NULL;
  g_autoptr(BobbinAgent) bert = NULL;
  BobbinAccount *nebelus, *entities;
  BobbinThread *thread;
  BobbinWindow *window;
  GtkWindow *dialog;
  GtkWidget *entry, *list;

  ui_fixture_open (&fixture);
  nebelus = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  entities = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_ENTITIES, "Second");
  ada = bobbin_agent_new (bobbin_account_get_id (entities), "asst_a", "Ada <b>", NULL);
  bert = bobbin_agent_new (bobbin_account_get_id (entities), "asst_b", "Bert", NULL);
  g_list_store_append (agents, ada);
  g_list_store_append (agents, bert);
  bobbin_store_save_agents_async (fixture.store, bobbin_account_get_id (entities), G_LIST_MODEL (agents), NULL, NULL, NULL);
  thread = ui_fixture_add_thread (&fixture, nebelus, "a", "x", 0);
  g_assert_false (menu_offers (thread, bobbin_registry_get_capabilities (BOBBIN_SERVICE_NEBELUS), "win.change-agent"));
  g_assert_true (menu_offers (thread, bobbin_registry_get_capabilities (BOBBIN_SERVICE_ENTITIES), "win.change-agent"));

  window = open_window (&fixture);
  activate (window, "win.change-agent", thread);
  g_assert_null (dialog_over (window));

  thread = ui_fixture_add_thread (&fixture, entities, "b", "y", 0);
  bobbin_window_open_thread (window, thread);
  ui_settle ();
  activate (window, "win.change-agent", NULL);
  dialog = dialog_over (window);
  g_assert_nonnull (dialog);
  entry = ui_find (GTK_WIDGET (dialog), GTK_TYPE_ENTRY, NULL);
  list = ui_find (GTK_WIDGET (dialog), GTK_TYPE_LIST_BOX, NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "agent");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "change"));
  gtk_widget_activate (GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1)));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "asst_b");
  gtk_editable_set_text (GTK_EDITABLE (entry), "asst_x");
  gtk_test_accessible_assert_state (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1), GTK_ACCESSIBLE_STATE_SELECTED,
                                    FALSE);
  gtk_editable_set_text (GTK_EDITABLE (entry), " asst_b ");
  g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "change"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "change");
  g_assert_cmpstr (bobbin_thread_get_agent_id (thread), ==, "asst_b");
  g_assert_cmpstr (bobbin_conversation_get_subtitle (conversation_of (window)), ==, "Bert");
  gtk_window_destroy (dialog);

  close_window (window);
  ui_fixture_close (&fixture);
}

static gint64
add_message (UiFixture    *fixture,
             BobbinThread *thread,
             guint         n,
             const char   *text)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, n % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT,
                                                         UI_FIXTURE_NOW_US - G_USEC_PER_SEC * (1000 - n));
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_store_save_message_async (fixture->store, bobbin_thread_get_id (thread), message, NULL, NULL, NULL);

  return bobbin_message_get_id (message);
}

/* The message at the top of the view; 0 while the end is followed. */
static gint64
read_message (BobbinWindow *window)
{
  BobbinColumn *column = BOBBIN_COLUMN (ui_find (GTK_WIDGET (window), BOBBIN_TYPE_COLUMN, NULL));
  BobbinMessage *message;
  BobbinLocus locus;
  int pixels;

  if (column == NULL || !bobbin_column_get_anchor (column, &message, &locus, &pixels))
    return 0;

  return bobbin_message_get_id (message);
}

/* A hit opens the conversation where it is, however far back, and whether or not it is open already. */
static void
test_open_hit (void)
{
  UiFixture fixture;
  gint64 ids[200];
  BobbinSearchHit hit = { 0 };
  BobbinThread *thread;
  BobbinWindow *window;

  ui_fixture_open (&fixture);
  thread = ui_fixture_add_thread (&fixture, ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "First"), "a", "x", 0);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = add_message (&fixture, thread, i, i == 21 ? "the needle in it" : "hay\n\nand more hay\n\nand more");
  window = open_window (&fixture);

  hit.thread_id = bobbin_thread_get_id (thread);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(BobbinSearchResult) result = NULL;

      hit.message_id = ids[i == 0 ? 21 : 121];
      hit.excerpt = (char *) "the \356\200\200needle\356\200\201 in it";
      result = bobbin_search_result_new (&hit);
      g_signal_emit_by_name (sidebar_of (window), "open-result", result);
      ui_wait_until (bobbin_window_get_thread (window) == thread);
      ui_wait_until (read_message (window) >= hit.message_id - 1 && read_message (window) != 0);
      ui_settle ();
      /* It, or what is above its first line. */
      g_assert_cmpint (read_message (window), >=, ids[i == 0 ? 20 : 120]);
      g_assert_cmpint (read_message (window), <=, hit.message_id);
    }

  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_state_kept (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinThread *thread;
  BobbinWindow *window;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  thread = ui_fixture_add_thread (&fixture, account, "kept", "x", 0);
  window = open_window (&fixture);
  bobbin_window_open_thread (window, thread);
  bobbin_sidebar_set_width (sidebar_of (window), 350);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-sidebar", NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (sidebar_of (window))));
  gtk_window_close (GTK_WINDOW (window));
  ui_settle ();

  g_assert_cmpint (g_settings_get_int (fixture.settings, "sidebar-width"), ==, 350);
  g_assert_false (g_settings_get_boolean (fixture.settings, "sidebar-visible"));

  window = open_window (&fixture);
  g_assert_cmpint (bobbin_sidebar_get_width (sidebar_of (window)), ==, 350);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (sidebar_of (window))));
  bobbin_window_restore (window);
  ui_wait_until (bobbin_window_get_thread (window) == thread);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-sidebar", NULL);
  gtk_window_close (GTK_WINDOW (window));
  ui_settle ();
  ui_fixture_close (&fixture);
}

static void
test_notices (void)
{
  UiFixture fixture;
  BobbinWindow *window;
  BobbinBanner *bar;
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_STORE, BOBBIN_CERTAINTY_UNSENT, "The disk is full");
  BobbinStoreReport report = { .recovered = TRUE, .salvaged_threads = 3,
                               .broken_path = (char *) "/nowhere/bobbin.db.broken" };

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  window = open_window (&fixture);
  bar = bobbin_conversation_get_notice_bar (conversation_of (window));
  g_assert_null (bobbin_banner_get_text (bar));

  bobbin_window_tell_report (window, &report);
  g_assert_nonnull (strstr (bobbin_banner_get_text (bar), "3 conversations were recovered"));
  g_assert_nonnull (strstr (bobbin_banner_get_text (bar), "/nowhere/bobbin.db.broken"));

  bobbin_window_show_notice (window, BOBBIN_NOTICE_STORE_FAILED, "Heavier");
  g_assert_cmpstr (bobbin_banner_get_text (bar), ==, "Heavier");
  bobbin_window_show_notice (window, BOBBIN_NOTICE_MEMORY_KEYS, "Lighter");
  g_assert_cmpstr (bobbin_banner_get_text (bar), ==, "Heavier");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.dismiss-notice", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.dismiss-notice", NULL);
  g_assert_cmpstr (bobbin_banner_get_text (bar), ==, "Lighter");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.dismiss-notice", NULL);
  g_assert_null (bobbin_banner_get_text (bar));

  g_signal_emit_by_name (fixture.library, "store-failed", failure);
  g_assert_nonnull (bobbin_banner_get_text (bar));
  /* It goes by itself when there is room again. */
  g_signal_emit_by_name (fixture.library, "store-recovered");
  g_assert_null (bobbin_banner_get_text (bar));

  close_window (window);
  ui_fixture_close (&fixture);
}

/* Before there is an account too. */
static void
test_welcome_notice (void)
{
  UiFixture fixture;
  BobbinWindow *window;
  BobbinBanner *bar;
  BobbinStoreReport report = { .read_only = TRUE };

  ui_fixture_open (&fixture);
  window = open_window (&fixture);
  bobbin_window_tell_report (window, &report);
  bar = BOBBIN_BANNER (ui_find (ui_find (GTK_WIDGET (window), BOBBIN_TYPE_WELCOME, NULL), BOBBIN_TYPE_BANNER, NULL));
  g_assert_nonnull (strstr (bobbin_banner_get_text (bar), "cannot be written"));

  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  g_assert_nonnull (bobbin_banner_get_text (bobbin_conversation_get_notice_bar (conversation_of (window))));
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_needs_key (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;
  GtkWidget *button;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  window = open_window (&fixture);
  bobbin_window_new_conversation (window, account, NULL, NULL);
  g_assert_cmpstr (bobbin_conversation_get_subtitle (conversation_of (window)), ==, "First");

  bobbin_account_set_needs_key (account, TRUE);
  g_assert_nonnull (strstr (bobbin_conversation_get_subtitle (conversation_of (window)), "Needs a key"));
  bobbin_conversation_set_alone (conversation_of (window), TRUE, FALSE);
  g_assert_cmpstr (bobbin_conversation_get_subtitle (conversation_of (window)), ==, "Needs a key");
  bobbin_conversation_set_alone (conversation_of (window), FALSE, FALSE);
  button = ui_find (GTK_WIDGET (conversation_of (window)), GTK_TYPE_BUTTON, "win.edit-current-account");
  g_assert_nonnull (button);
  bobbin_account_set_needs_key (account, FALSE);
  g_assert_cmpstr (bobbin_conversation_get_subtitle (conversation_of (window)), ==, "First");

  close_window (window);
  ui_fixture_close (&fixture);
}

/* The demo agent's account takes no key: none is asked for. */
static void
test_keyless (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;
  GtkWidget *button;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Demo");
  window = open_window (&fixture);
  bobbin_window_new_conversation (window, account, NULL, NULL);
  bobbin_account_set_needs_key (account, TRUE);
  g_assert_cmpstr (bobbin_conversation_get_subtitle (conversation_of (window)), ==, "Demo");
  button = ui_find (GTK_WIDGET (conversation_of (window)), GTK_TYPE_BUTTON, "win.edit-current-account");
  g_assert_null (button);

  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_narrow (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;
  int minimum_width, minimum_height;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  ui_fixture_add_thread (&fixture, account, "a", "x", 0);
  window = open_window (&fixture);
  bobbin_window_new_conversation (window, account, NULL, NULL);
  ui_settle ();

  gtk_widget_measure (adw_application_window_get_content (ADW_APPLICATION_WINDOW (window)), GTK_ORIENTATION_HORIZONTAL,
                      -1, &minimum_width, NULL, NULL, NULL);
  gtk_widget_measure (adw_application_window_get_content (ADW_APPLICATION_WINDOW (window)), GTK_ORIENTATION_VERTICAL,
                      360, &minimum_height, NULL, NULL, NULL);
  g_assert_cmpint (minimum_width, <=, 360);
  g_assert_cmpint (minimum_height, <=, 294);

  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_account_removed (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinWindow *window;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  window = open_window (&fixture);
  bobbin_window_open_thread (window, ui_fixture_add_thread (&fixture, account, "a", "x", 0));
  bobbin_library_remove_account_async (fixture.library, account, NULL, NULL, NULL);
  ui_wait_until (ui_find (GTK_WIDGET (window), BOBBIN_TYPE_WELCOME, NULL) != NULL);
  g_assert_null (bobbin_window_get_thread (window));

  close_window (window);
  ui_fixture_close (&fixture);
}

static gboolean
has_keyboard (BobbinWindow *window,
              GType         pane)
{
  GtkWidget *focus;

  ui_settle ();
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  return focus != NULL && gtk_widget_get_ancestor (focus, pane) != NULL;
}

/* F6 goes round all panes, Shift+F6 the other way. */
static void
test_panes (void)
{
  UiFixture fixture;
  BobbinWindow *window;
  GType round[] = { BOBBIN_TYPE_SIDEBAR, BOBBIN_TYPE_COLUMN, BOBBIN_TYPE_COMPOSER };
  BobbinAccount *account;
  BobbinThread *thread;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  thread = ui_fixture_add_thread (&fixture, account, "one", "words", 0);
  window = open_window (&fixture);
  bobbin_window_open_thread (window, thread);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.focus-composer", NULL);
  g_assert_true (has_keyboard (window, BOBBIN_TYPE_COMPOSER));
  for (guint i = 0; i < 4; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.next-pane", NULL);
      g_assert_true (has_keyboard (window, round[i % G_N_ELEMENTS (round)]));
    }
  for (guint i = 3; i > 0; i--)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.previous-pane", NULL);
      g_assert_true (has_keyboard (window, round[(i + 2) % G_N_ELEMENTS (round)]));
    }
  close_window (window);
  ui_fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/window/welcome", test_welcome);
  g_test_add_func ("/window/new-conversation", test_new_conversation);
  g_test_add_func ("/window/empty-page", test_empty_page);
  g_test_add_func ("/window/delete-undo", test_delete_undo);
  g_test_add_func ("/window/change-selected", test_change_selected);
  g_test_add_func ("/window/history", test_history);
  g_test_add_func ("/window/pin-and-step", test_pin_and_step);
  g_test_add_func ("/window/change-agent", test_change_agent);
  g_test_add_func ("/window/open-hit", test_open_hit);
  g_test_add_func ("/window/state-kept", test_state_kept);
  g_test_add_func ("/window/notices", test_notices);
  g_test_add_func ("/window/welcome-notice", test_welcome_notice);
  g_test_add_func ("/window/needs-key", test_needs_key);
  g_test_add_func ("/window/keyless", test_keyless);
  g_test_add_func ("/window/narrow", test_narrow);
  g_test_add_func ("/window/account-removed", test_account_removed);
  g_test_add_func ("/window/panes", test_panes);

  return g_test_run ();
}
