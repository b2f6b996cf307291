/* At twice the size of text every screen must still fit into 360 pixels: this measures the least width of each. Run again in a language
 * nobody speaks (tests/support/pseudo-locale.py), whose words are longer by two fifths, at the usual size. */
#include "config.h"
#include "account/bobbin-account-editor.h"
#include "account/bobbin-preferences.h"
#include "app/bobbin-button-bar.h"
#include "app/bobbin-fit.h"
#include "app/bobbin-note.h"
#include "app/bobbin-toast-text.h"
#include "composer/bobbin-attachment-chip.h"
#include "composer/bobbin-composer.h"
#include "messages.h"
#include "model/bobbin-draft.h"
#include "session/bobbin-session.h"
#include "sidebar/bobbin-date-range.h"
#include "sidebar/bobbin-search-filters.h"
#include "sidebar/bobbin-sidebar.h"
#include "transcript/bobbin-column.h"
#include "transcript/bobbin-transcript.h"
#include "ui-fixture.h"
#include "window/bobbin-banner.h"
#include "window/bobbin-conversation.h"
#include "window/bobbin-window.h"

#include <glib/gi18n.h>

#define NARROW 360
#define LOW    294
#define LONG   "A name that is so long that no window of a telephone has room for all of it in one line"

/* Tells which widgets ask for the room, from the outside in. */
static void
tell (GtkWidget     *widget,
      int            depth,
      GtkOrientation orientation)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int least;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, orientation, orientation == GTK_ORIENTATION_VERTICAL ? NARROW : -1, &least, NULL, NULL, NULL);
      if (least < NARROW / 4)
        continue;
      g_test_message ("%*s%s %s: %d", depth * 2, "", G_OBJECT_TYPE_NAME (child), gtk_buildable_get_buildable_id (GTK_BUILDABLE (child)), least);
      tell (child, depth + 1, orientation);
    }
}

static void
assert_narrow (GtkWidget  *widget,
               const char *what)
{
  int least;

  /* what a window draws around itself is not of its size */
  if (GTK_IS_WINDOW (widget))
    widget = gtk_widget_get_first_child (widget);
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  if (least > NARROW)
    {
      g_test_message ("%s asks for %d pixels", what, least);
      tell (widget, 0, GTK_ORIENTATION_HORIZONTAL);
      g_test_fail ();
    }
}

/* Nor does it ask for more than the height of a telephone on its side. */
static void
assert_low (GtkWidget  *window,
            const char *what)
{
  int least;

  gtk_widget_measure (gtk_widget_get_first_child (window), GTK_ORIENTATION_VERTICAL, NARROW, &least, NULL, NULL, NULL);
  if (least > LOW)
    {
      g_test_message ("%s asks for %d pixels of height", what, least);
      tell (gtk_widget_get_first_child (window), 0, GTK_ORIENTATION_VERTICAL);
      g_test_fail ();
    }
}

static GtkWidget *
open_window (UiFixture *fixture)
{
  GtkWidget *window = bobbin_window_new (NULL, fixture->library, fixture->settings);

  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 640);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0);

  return window;
}

static void
close_window (GtkWidget *window)
{
  GtkWidget *weak = window;

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &weak);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait_until (weak == NULL);
}

static void
test_welcome (void)
{
  UiFixture fixture;
  GtkWidget *window;

  ui_fixture_open (&fixture);
  window = open_window (&fixture);
  assert_narrow (window, "the welcome page");
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_window (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinThread *thread;
  BobbinSession *session;
  GtkWidget *window;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("abc", 3);
  int chip;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, LONG);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "Second");
  thread = ui_fixture_add_thread (&fixture, account, LONG, LONG, 0);
  window = open_window (&fixture);
  assert_narrow (window, "the list");
  assert_low (window, "the list");

  bobbin_window_open_thread (BOBBIN_WINDOW (window), thread);
  session = bobbin_conversation_get_session (BOBBIN_CONVERSATION (ui_find (window, BOBBIN_TYPE_CONVERSATION, NULL)));
  bobbin_draft_set_text (bobbin_session_get_draft (session), LONG LONG LONG, 0);
  ui_settle ();
  assert_narrow (window, "a conversation");

  bobbin_session_attach_bytes (session, bytes, LONG ".txt", "text/plain");
  ui_wait_until (g_list_model_get_n_items (bobbin_draft_get_attachments (bobbin_session_get_draft (session))) == 1);
  gtk_widget_measure (ui_find (window, BOBBIN_TYPE_ATTACHMENT_CHIP, NULL), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &chip, NULL, NULL);
  g_assert_cmpint (chip, <=, NARROW - 40); /* its button is in sight */
  bobbin_window_show_notice (BOBBIN_WINDOW (window), BOBBIN_NOTICE_STORE_FAILED, LONG LONG);
  bobbin_window_toast (BOBBIN_WINDOW (window), LONG);
  bobbin_transcript_find (BOBBIN_TRANSCRIPT (ui_find (window, BOBBIN_TYPE_TRANSCRIPT, NULL)));
  ui_settle ();
  assert_narrow (window, "a conversation with a file, a notice and a search");
  gtk_widget_activate_action (window, "win.search", NULL);
  ui_settle ();
  assert_narrow (window, "the search");
  close_window (window);
  ui_fixture_close (&fixture);
}

/* Where no more than a letter or two of the title of the list would be left, there is an icon. */
static void
test_list_title (void)
{
  UiFixture fixture;
  GtkWidget *window, *squeezer;

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, LONG);
  window = open_window (&fixture);
  squeezer = ui_find (ui_find (window, BOBBIN_TYPE_SIDEBAR, NULL), ADW_TYPE_SQUEEZER, NULL);
  gtk_widget_activate_action (window, "win.show-list", NULL);
  ui_wait_until (gtk_widget_get_mapped (squeezer));
  ui_settle ();
  if (g_getenv ("BOBBIN_PSEUDO") == NULL)
    g_assert_true (GTK_IS_IMAGE (adw_squeezer_get_visible_child (ADW_SQUEEZER (squeezer))));
  gtk_window_set_default_size (GTK_WINDOW (window), 590, 640);
  ui_wait_until (GTK_IS_LABEL (adw_squeezer_get_visible_child (ADW_SQUEEZER (squeezer))));
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_banner (void)
{
  GtkWidget *banner = g_object_ref_sink (bobbin_banner_new ());

  bobbin_banner_show (BOBBIN_BANNER (banner), BOBBIN_BANNER_STYLE_INFO, LONG, LONG, "Send It Along",
                      "conversation.send-context", "conversation.dismiss");
  assert_narrow (banner, "a banner");
  g_object_unref (banner);
}

/* The label below @widget with those words, which is on the screen. */
static GtkWidget *
find_label (GtkWidget  *widget,
            const char *words)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), words))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_label (child, words);

  return found;
}

/* In a window as low as it can be the words of a notice are scrolled, and what one writes in stays. */
static void
test_low_notice (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  GtkWidget *window, *composer, *banner;
  graphene_rect_t bounds;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "First");
  window = open_window (&fixture);
  bobbin_window_open_thread (BOBBIN_WINDOW (window), ui_fixture_add_thread (&fixture, account, "a", "x", 0));
  bobbin_window_show_notice (BOBBIN_WINDOW (window), BOBBIN_NOTICE_MEMORY_KEYS, LONG " " LONG);
  ui_settle ();
  assert_low (window, "a conversation with a notice");

  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, LOW);
  ui_wait_until (gtk_widget_get_height (window) <= LOW + 40);
  ui_settle ();
  composer = ui_find (window, BOBBIN_TYPE_COMPOSER, NULL);
  g_assert_true (gtk_widget_compute_bounds (composer, window, &bounds));
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, gtk_widget_get_height (window));

  /* where there is room all of it is seen */
  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 700);
  ui_wait_until (gtk_widget_get_height (window) >= 640);
  ui_settle ();
  banner = ui_find (ui_find (window, BOBBIN_TYPE_CONVERSATION, NULL), BOBBIN_TYPE_BANNER, NULL);
  g_assert_true (gtk_widget_compute_bounds (find_label (banner, LONG " " LONG), banner, &bounds));
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, gtk_widget_get_height (banner));
  close_window (window);
  ui_fixture_close (&fixture);
}

/* A text beside a long button would be a tall narrow column, and the button too: it goes below, in one line. */
static void
test_note (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *banner = bobbin_banner_new ();
  GtkWidget *note, *label, *button;
  graphene_rect_t text, press;
  int nat;

  bobbin_banner_show (BOBBIN_BANNER (banner), BOBBIN_BANNER_STYLE_INFO, "The agent does not remember the earlier conversation.", NULL,
                      "Send It Along", "conversation.send-context", "conversation.dismiss");
  gtk_widget_set_valign (banner, GTK_ALIGN_START);
  gtk_window_set_child (GTK_WINDOW (window), banner);
  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 640);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0);
  ui_settle ();

  note = ui_find (banner, BOBBIN_TYPE_NOTE, NULL);
  label = gtk_widget_get_first_child (note);
  button = gtk_widget_get_last_child (note);
  gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &nat, NULL, NULL);
  g_assert_cmpint (gtk_widget_get_allocated_width (button), ==, nat);
  g_assert_true (gtk_widget_compute_bounds (label, note, &text));
  g_assert_true (gtk_widget_compute_bounds (button, note, &press));
  if (g_getenv ("BOBBIN_PSEUDO") == NULL)
    {
      g_assert_cmpfloat (text.origin.y + text.size.height, <=, press.origin.y);
      g_assert_cmpfloat (text.size.width, >, NARROW / 2);
    }
  g_assert_cmpfloat (press.origin.x + press.size.width, <=, gtk_widget_get_width (note));

  /* where there is room they are beside each other */
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 640);
  ui_wait_until (gtk_widget_get_width (banner) > 1000);
  ui_settle ();
  g_assert_true (gtk_widget_compute_bounds (label, note, &text));
  g_assert_true (gtk_widget_compute_bounds (button, note, &press));
  g_assert_cmpfloat (text.origin.x + text.size.width, <=, press.origin.x);
  close_window (window);
}

/* Buttons that have no room beside each other are in two lines, not in syllables, at the end of each. */
static void
test_buttons (void)
{
  static const char *const labels[] = { "Reload", "Undo", "Clear…", "Edit" };
  GtkWidget *window = gtk_window_new ();
  GtkWidget *bar = bobbin_button_bar_new ();
  GtkWidget *button;
  graphene_rect_t first, last;
  int width, height;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      button = gtk_button_new_with_label (labels[i]);
      bobbin_fit_button (GTK_BUTTON (button));
      bobbin_button_bar_append (BOBBIN_BUTTON_BAR (bar), button);
    }
  gtk_window_set_child (GTK_WINDOW (window), bar);
  gtk_widget_measure (bar, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_measure (bar, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
  for (int wide = width; wide >= width - 10; wide -= 10)
    {
      int high;

      gtk_widget_measure (bar, GTK_ORIENTATION_VERTICAL, wide, &high, NULL, NULL, NULL);
      g_assert_cmpint (high, ==, wide == width ? height : 2 * height + 6);
      gtk_widget_allocate (bar, wide, high, -1, NULL);
      for (button = gtk_widget_get_first_child (bar); button != NULL; button = gtk_widget_get_next_sibling (button))
        {
          int natural;

          gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
          g_assert_cmpint (gtk_widget_get_allocated_width (button), ==, natural);
        }
      g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_first_child (bar), bar, &first));
      g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_last_child (bar), bar, &last));
      g_assert_cmpfloat (last.origin.x + last.size.width, ==, wide);
      g_assert_true ((last.origin.y > first.origin.y) == (wide < width));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* All of a toast is within its frame, in a window that is narrow and in one that became it. */
static void
test_toast (void)
{
  static const int widths[] = { NARROW, 1000, NARROW };
  UiFixture fixture;
  BobbinThread *thread;
  GtkWidget *window, *label, *toast;
  int height;

  ui_fixture_open (&fixture);
  thread = ui_fixture_add_thread (&fixture, ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, LONG), "Invoices of the quarter", "a", 0);
  window = open_window (&fixture);
  bobbin_window_open_thread (BOBBIN_WINDOW (window), thread);
  gtk_widget_activate_action (window, "win.delete-thread", "s", "");
  ui_settle ();
  label = ui_find (window, BOBBIN_TYPE_TOAST_TEXT, NULL);
  g_assert_nonnull (label);
  label = gtk_widget_get_first_child (label);
  for (toast = label; !g_str_equal (gtk_widget_get_css_name (toast), "toast"); )
    toast = gtk_widget_get_parent (toast);
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (window), widths[i], 640);
      ui_wait_until ((gtk_widget_get_width (window) > 900) == (widths[i] > 900));
      ui_settle ();
      ui_wait_until ((pango_layout_get_pixel_size (gtk_label_get_layout (GTK_LABEL (label)), NULL, &height), height)
                     <= gtk_widget_get_height (label));
      g_assert_cmpint (height, <=, gtk_widget_get_height (toast));
    }
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_editor (void)
{
  UiFixture fixture;

  ui_fixture_open (&fixture);
  for (guint service = 0; service < BOBBIN_N_SERVICES; service++)
    {
      g_autofree char *name = g_strdup_printf ("%u", service);
      BobbinAccount *account = ui_fixture_add_account (&fixture, (BobbinService) service, name);
      GtkWidget *editor = bobbin_account_editor_new (fixture.library, account);

      gtk_window_present (GTK_WINDOW (editor));
      ui_wait_until (gtk_widget_get_mapped (editor));
      assert_narrow (editor, name);
      if (service != BOBBIN_SERVICE_DEMO)
        {
          gtk_widget_activate_action (editor, "editor.check", NULL);
          ui_settle ();
          assert_narrow (editor, "a connection check");
        }
      close_window (editor);
    }
  ui_fixture_close (&fixture);
}

/* How many of the tabs below @widget can be told: by a name that is not cut, or by a tooltip. */
static guint
count_told (GtkWidget *widget,
            gboolean   within)
{
  guint told = 0;

  within = within || ADW_IS_VIEW_SWITCHER_BAR (widget);
  if (within && GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget))
    return !pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget)));
  if (within && GTK_IS_TOGGLE_BUTTON (widget) && gtk_widget_get_tooltip_text (widget) != NULL)
    return *gtk_widget_get_tooltip_text (widget) != '\0';
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    told += count_told (child, within);

  return told;
}

static GtkWidget *
find_row (GtkWidget *widget,
          GType      type,
          const char *title)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_row (child, type, title);

  return found;
}

static void
test_preferences (void)
{
  UiFixture fixture;
  GtkWidget *window, *row, *value;

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, LONG);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "Second");
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 640);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window));
  assert_narrow (window, "the preferences");
  ui_wait_until (gtk_widget_get_mapped (ui_find (window, ADW_TYPE_VIEW_SWITCHER_BAR, NULL)));
  ui_wait_until (count_told (window, FALSE) == 6);

  g_settings_set_int (fixture.settings, "retention-days", 365);
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (window), "history");
  row = find_row (window, ADW_TYPE_COMBO_ROW, _("Move Unused Conversations to the Bin"));
  ui_wait_until (gtk_widget_get_mapped (row) && gtk_widget_get_width (row) > 0);
  ui_settle ();
  value = find_label (row, C_("retention", "After a Year"));
  g_assert_nonnull (value);
  g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (value))));
  g_settings_reset (fixture.settings, "retention-days");
  close_window (window);
  ui_fixture_close (&fixture);
}

/* What an action of the main window opens. */
static void
check_opened (GtkWidget  *window,
              const char *action,
              const char *target)
{
  GtkWidget *other = NULL, *weak;

  gtk_widget_activate_action (window, action, target != NULL ? "s" : NULL, target);
  ui_wait_until ((other = ui_newest_window (window)) != NULL && gtk_widget_get_width (other) > 0);
  assert_narrow (other, action);
  weak = other;
  g_object_add_weak_pointer (G_OBJECT (weak), (gpointer *) &weak);
  gtk_window_close (GTK_WINDOW (other));
  ui_wait_until (weak == NULL);
}

static void
test_dialogs (void)
{
  UiFixture fixture;
  BobbinThread *thread;
  GtkWidget *window, *sidebar, *filters, *range;
  g_autoptr(BobbinLabel) label = bobbin_label_new (0, LONG, BOBBIN_LABEL_RED);

  ui_fixture_open (&fixture);
  thread = ui_fixture_add_thread (&fixture, ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, LONG), LONG, LONG, 400);
  bobbin_library_add_label (fixture.library, label, NULL);
  window = open_window (&fixture);
  bobbin_window_open_thread (BOBBIN_WINDOW (window), thread);
  check_opened (window, "win.clean-up", NULL);
  check_opened (window, "win.edit-labels", NULL);
  check_opened (window, "win.label-thread", "");
  check_opened (window, "win.rename-thread", "");
  check_opened (window, "win.export-thread", "");
  check_opened (window, "win.open-thread-by-id", NULL);

  sidebar = ui_find (window, BOBBIN_TYPE_SIDEBAR, NULL);
  bobbin_sidebar_pick (BOBBIN_SIDEBAR (sidebar), thread);
  ui_settle ();
  assert_narrow (window, "many picked");
  bobbin_sidebar_set_picking (BOBBIN_SIDEBAR (sidebar), FALSE);
  bobbin_sidebar_search (BOBBIN_SIDEBAR (sidebar), "name");
  filters = ui_find (sidebar, BOBBIN_TYPE_SEARCH_FILTERS, NULL);
  gtk_widget_activate_action (window, "win.show-list", NULL);
  ui_wait_until (gtk_widget_get_mapped (filters));
  gtk_widget_activate_action (filters, "filter.date", "i", -1);
  ui_wait_until ((range = ui_find (filters, BOBBIN_TYPE_DATE_RANGE, NULL)) != NULL && gtk_widget_get_mapped (range));
  assert_narrow (gtk_popover_get_child (GTK_POPOVER (range)), "the days of a search");
  gtk_popover_popdown (GTK_POPOVER (range));
  close_window (window);
  ui_fixture_close (&fixture);
}

/* Every kind of message, block by block. */
static void
test_messages (void)
{
  GListStore *stores[] = { messages_gallery (), messages_blocks ("charts"), messages_blocks ("data"), messages_blocks ("agent") };

  for (guint i = 0; i < G_N_ELEMENTS (stores); i++)
    {
      GtkWidget *window = gtk_window_new ();
      GtkWidget *scrolled = gtk_scrolled_window_new ();
      GtkWidget *column = bobbin_column_new ();

      bobbin_column_set_service (BOBBIN_COLUMN (column), TRUE, TRUE);
      bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (stores[i]));
      gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
      gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
      gtk_window_set_child (GTK_WINDOW (window), scrolled);
      gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 4000);
      gtk_window_present (GTK_WINDOW (window));
      ui_wait_until (gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0);
      ui_settle ();
      for (GtkWidget *row = gtk_widget_get_first_child (column); row != NULL; row = gtk_widget_get_next_sibling (row))
        if (gtk_widget_should_layout (row))
          assert_narrow (row, G_OBJECT_TYPE_NAME (row));
      close_window (window);
      g_object_unref (stores[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":minimize,maximize,close", NULL);
  if (g_getenv ("BOBBIN_PSEUDO") != NULL)
    {
      bindtextdomain (GETTEXT_PACKAGE, g_getenv ("BOBBIN_PSEUDO"));
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      textdomain (GETTEXT_PACKAGE);
      g_assert_true (g_str_has_prefix (_("Clean Up"), "["));
    }
  else
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 2 * 96 * 1024, NULL);

  g_test_add_func ("/large-text/welcome", test_welcome);
  g_test_add_func ("/large-text/window", test_window);
  g_test_add_func ("/large-text/list-title", test_list_title);
  g_test_add_func ("/large-text/banner", test_banner);
  g_test_add_func ("/large-text/low-notice", test_low_notice);
  g_test_add_func ("/large-text/note", test_note);
  g_test_add_func ("/large-text/buttons", test_buttons);
  g_test_add_func ("/large-text/toast", test_toast);
  g_test_add_func ("/large-text/editor", test_editor);
  g_test_add_func ("/large-text/preferences", test_preferences);
  g_test_add_func ("/large-text/dialogs", test_dialogs);
  g_test_add_func ("/large-text/messages", test_messages);

  return g_test_run ();
}
