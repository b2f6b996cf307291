#include "config.h"
#include "sidebar/bobbin-sidebar-row.h"

#include "sidebar/bobbin-activity-text.h"
#include "sidebar/bobbin-thread-groups.h"
#include "ui-fixture.h"

static void
assert_label (BobbinSidebarRow *row,
              const char       *expected)
{
  g_autofree char *label = bobbin_sidebar_row_dup_label (row);

  g_assert_cmpstr (label, ==, expected);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, expected);
}

static BobbinSidebarRow *
new_row (void)
{
  g_autoptr(BobbinManualClock) clock = bobbin_manual_clock_new (UI_FIXTURE_NOW_US);

  return BOBBIN_SIDEBAR_ROW (g_object_ref_sink (bobbin_sidebar_row_new (BOBBIN_CLOCK (clock))));
}

static void
test_thread (void)
{
  BobbinSidebarRow *row = new_row ();
  BobbinThread *thread = bobbin_thread_new (0, 1);

  bobbin_thread_set_last_used_us (thread, UI_FIXTURE_NOW_US);
  bobbin_sidebar_row_set_item (row, G_OBJECT (thread));
  assert_label (row, "New Conversation, 15:30, ");

  bobbin_thread_set_title (thread, "Title", BOBBIN_TITLE_USER);
  bobbin_thread_set_snippet (thread, "## a **bold**\nline with `code`");
  assert_label (row, "Title, 15:30, a bold line with code");
  bobbin_thread_set_title (thread, "Ti\u202etle\n", BOBBIN_TITLE_USER);
  bobbin_thread_set_snippet (thread, "a **bold**\x1b \u2067line with\t`code`");
  assert_label (row, "Title, 15:30, a bold line with code");
  /* A draft is shown by its own words, until it is gone or something more pressing is to be told. */
  bobbin_thread_set_draft (thread, "> quoted\nand an **idea**");
  assert_label (row, "Title, Draft, 15:30, quoted and an idea");
  bobbin_thread_set_stored_activity (thread, BOBBIN_ACTIVITY_FAILED);
  assert_label (row, "Title, Failed, 15:30, a bold line with code");
  bobbin_thread_set_stored_activity (thread, BOBBIN_ACTIVITY_NONE);
  bobbin_thread_set_draft (thread, "");
  assert_label (row, "Title, Draft, 15:30");
  bobbin_thread_set_draft (thread, NULL);
  assert_label (row, "Title, 15:30, a bold line with code");

  bobbin_sidebar_row_set_item (row, NULL);
  g_assert_finalize_object (thread);
  g_assert_finalize_object (row);
}

static void
test_every_activity (void)
{
  BobbinSidebarRow *row = new_row ();
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 1);

  bobbin_sidebar_row_set_item (row, G_OBJECT (thread));
  for (guint activity = 0; activity <= BOBBIN_ACTIVITY_APPROVAL; activity++)
    {
      GtkWidget *state;

      bobbin_thread_set_live_activity (thread, activity);
      state = gtk_widget_get_first_child (GTK_WIDGET (row));
      g_assert_true ((bobbin_activity_get_label (activity) == NULL) == (activity == BOBBIN_ACTIVITY_NONE));
      if (activity == BOBBIN_ACTIVITY_NONE)
        g_assert_null (state);
      else if (activity == BOBBIN_ACTIVITY_ANSWERING)
        g_assert_true (gtk_spinner_get_spinning (GTK_SPINNER (state)));
      else
        {
          g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (state)), ==, bobbin_activity_get_icon (activity));
          g_assert_true (gtk_icon_theme_has_icon (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                                  bobbin_activity_get_icon (activity)));
        }
      g_assert_true (state == NULL || gtk_widget_get_next_sibling (state) == NULL);
    }
  g_assert_finalize_object (row);
}

static void
test_heading (void)
{
  BobbinSidebarRow *row = new_row ();
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 1);
  g_autoptr(BobbinThreadGroup) heading = bobbin_thread_group_new ("Today");
  int row_height, heading_height;

  bobbin_sidebar_row_set_item (row, G_OBJECT (thread));
  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_VERTICAL, -1, &row_height, NULL, NULL, NULL);
  bobbin_sidebar_row_set_item (row, G_OBJECT (heading));
  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_VERTICAL, -1, &heading_height, NULL, NULL, NULL);
  assert_label (row, "Today");
  g_assert_cmpint (heading_height, <, row_height);
  g_assert_null (gtk_widget_get_first_child (GTK_WIDGET (row)));
  g_assert_finalize_object (row);
}

/* Long, broken and foreign text is drawn without a word of complaint. */
static void
test_drawn (void)
{
  GtkWidget *window = gtk_window_new ();
  BobbinSidebarRow *row = new_row ();
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 1);
  g_autofree char *filling = g_strnfill (100000, 'w');
  const char *texts[] = { "", "short", "שלום עולם", "日本語のタイトル", "\n\n\t", filling };

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (row));
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (row)));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint direction = GTK_TEXT_DIR_LTR; direction <= GTK_TEXT_DIR_RTL; direction++)
      {
        g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new ();
        g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (row));

        bobbin_thread_set_title (thread, texts[i], BOBBIN_TITLE_USER);
        bobbin_thread_set_snippet (thread, texts[i]);
        bobbin_sidebar_row_set_item (row, G_OBJECT (thread));
        gtk_widget_set_direction (GTK_WIDGET (row), direction);
        ui_settle ();
        gdk_paintable_snapshot (paintable, snapshot, 240, 60);
        bobbin_sidebar_row_set_item (row, NULL);
      }
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (row);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/sidebar-row/thread", test_thread);
  g_test_add_func ("/sidebar-row/every-activity", test_every_activity);
  g_test_add_func ("/sidebar-row/heading", test_heading);
  g_test_add_func ("/sidebar-row/drawn", test_drawn);

  return g_test_run ();
}
