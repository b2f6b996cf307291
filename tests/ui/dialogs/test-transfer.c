#include "config.h"
#include "ui-fixture.h"

#include "dialogs/bobbin-transfer-page.h"
#include "dialogs/bobbin-transfer.h"
#include "model/bobbin-block.h"
#include "store/bobbin-store.h"

#include <glib/gstdio.h>
#include <string.h>

static GtkWidget *
find_dialog (void)
{
  GListModel *tops = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (tops); i++)
    {
      g_autoptr(GtkWidget) top = g_list_model_get_item (tops, i);

      if (ADW_IS_MESSAGE_DIALOG (top) && gtk_widget_get_visible (top))
        return top;
    }

  return NULL;
}

static const char *
dialog_body (void)
{
  GtkWidget *dialog = find_dialog ();

  return dialog != NULL ? adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)) : "";
}

static void
close_dialog (void)
{
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_wait_until (find_dialog () == NULL);
}

/* Out of one profile, into another that shows it, and once more. */
static void
test_there_and_back (void)
{
  UiFixture fixture;
  g_autofree char *dir = g_dir_make_tmp ("bobbin-transfer-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "all.json", NULL);
  g_autofree char *bad = g_build_filename (dir, "bad.json", NULL);
  GtkWidget *window = adw_preferences_window_new ();
  GListModel *threads;
  BobbinThread *thread;

  ui_fixture_open (&fixture);
  gtk_window_present (GTK_WINDOW (window));
  threads = bobbin_library_get_threads (fixture.library);
  thread = ui_fixture_add_thread (&fixture, ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Demo"), "Tides", "", 3);
  bobbin_transfer_export_to (GTK_WINDOW (window), fixture.library, thread, BOBBIN_EXPORT_JSON, path);
  ui_wait_until (g_file_test (path, G_FILE_TEST_EXISTS));
  ui_settle ();
  ui_fixture_close (&fixture);

  ui_fixture_open (&fixture);
  threads = bobbin_library_get_threads (fixture.library);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Other");
  bobbin_transfer_import_from (GTK_WINDOW (window), fixture.library, path, 0);
  ui_wait_until (strstr (dialog_body (), "1 conversation imported") != NULL);
  ui_wait_until (g_list_model_get_n_items (threads) == 1);
  close_dialog ();
  bobbin_transfer_import_from (GTK_WINDOW (window), fixture.library, path, 0);
  ui_wait_until (strstr (dialog_body (), "1 conversation was here already") != NULL);
  close_dialog ();
  g_assert_cmpuint (g_list_model_get_n_items (threads), ==, 1);

  g_assert_true (g_file_set_contents (bad, "{\"messages\":[", -1, NULL));
  bobbin_transfer_import_from (GTK_WINDOW (window), fixture.library, bad, 0);
  ui_wait_until (strstr (dialog_body (), "“bad.json” is damaged") != NULL);
  close_dialog ();

  g_unlink (bad);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  ui_fixture_close (&fixture);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A form is chosen first, by name and by keyboard. */
static void
test_forms (void)
{
  UiFixture fixture;
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *check;

  ui_fixture_open (&fixture);
  gtk_window_present (GTK_WINDOW (window));
  bobbin_transfer_export (GTK_WINDOW (window), fixture.library, NULL, NULL);
  ui_wait_until (find_dialog () != NULL);
  check = ui_find (find_dialog (), GTK_TYPE_CHECK_BUTTON, NULL);
  g_assert_nonnull (check);
  gtk_test_accessible_assert_property (check, GTK_ACCESSIBLE_PROPERTY_LABEL, "Web Page");
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  close_dialog ();
  ui_fixture_close (&fixture);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_page (void)
{
  UiFixture fixture;
  GtkWidget *page;

  ui_fixture_open (&fixture);
  page = g_object_ref_sink (bobbin_transfer_page_new (fixture.library));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (ui_find (page, ADW_TYPE_ACTION_ROW, NULL))), ==, "Export");
  g_assert_nonnull (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (ui_find (page, ADW_TYPE_ACTION_ROW, NULL))));
  g_object_unref (page);
  ui_fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();

  g_test_add_func ("/transfer/there-and-back", test_there_and_back);
  g_test_add_func ("/transfer/forms", test_forms);
  g_test_add_func ("/transfer/page", test_page);

  return g_test_run ();
}
