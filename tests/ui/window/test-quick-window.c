#include "config.h"
#include "window/bobbin-quick-window.h"

#include "model/bobbin-draft.h"
#include "ui-fixture.h"

static GtkWidget *
open_quick (UiFixture    *fixture,
            BobbinThread *thread)
{
  GtkWidget *window = bobbin_quick_window_new (NULL, fixture->library, fixture->settings, thread);

  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window));

  return window;
}

static GtkEditable *
entry_of (GtkWidget *window)
{
  return GTK_EDITABLE (ui_find (window, GTK_TYPE_ENTRY, NULL));
}

static void
close_quick (GtkWidget *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  g_assert_true (gtk_widget_activate_action (window, "window.close", NULL));
  ui_wait_until (window == NULL);
}

/* What is typed is a draft from the first letter on, and is there again. */
static void
test_draft (void)
{
  UiFixture fixture;
  GtkWidget *window;
  g_autoptr(BobbinThread) thread = NULL;

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Demo");
  window = open_quick (&fixture, NULL);
  g_assert_null (bobbin_quick_window_get_thread (BOBBIN_QUICK_WINDOW (window)));
  gtk_editable_set_text (entry_of (window), "why is");
  thread = g_object_ref (bobbin_quick_window_get_thread (BOBBIN_QUICK_WINDOW (window)));
  close_quick (window);

  window = open_quick (&fixture, thread);
  ui_wait_until (g_str_equal (gtk_editable_get_text (entry_of (window)), "why is"));
  gtk_editable_set_text (entry_of (window), "");
  g_assert_null (bobbin_quick_window_get_thread (BOBBIN_QUICK_WINDOW (window)));
  close_quick (window);
  /* Nothing was said: it is not left in the list. */
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (fixture.library)), ==, 0);
  g_clear_object (&thread);
  ui_fixture_close (&fixture);
}

static void
sent_cb (BobbinQuickWindow *window,
         BobbinThread      *thread,
         BobbinThread     **ret_thread)
{
  g_set_object (ret_thread, thread);
}

static void
test_send (void)
{
  UiFixture fixture;
  GtkWidget *window;
  BobbinAccount *second;
  GtkDropDown *agents;
  g_autoptr(BobbinThread) thread = NULL;

  ui_fixture_open (&fixture);
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "First");
  second = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Second");
  window = open_quick (&fixture, NULL);
  g_signal_connect (window, "sent", G_CALLBACK (sent_cb), &thread);
  agents = GTK_DROP_DOWN (ui_find (window, GTK_TYPE_DROP_DOWN, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (gtk_drop_down_get_model (agents)), ==, 2);

  /* Nothing is nothing to send. */
  g_signal_emit_by_name (entry_of (window), "activate");
  g_assert_null (thread);

  /* What is typed moves along with the choice. */
  gtk_editable_set_text (entry_of (window), "why is the sky blue?");
  gtk_drop_down_set_selected (agents, 1);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  g_signal_emit_by_name (entry_of (window), "activate");
  g_assert_nonnull (thread);
  g_assert_cmpint (bobbin_thread_get_account_id (thread), ==, bobbin_account_get_id (second));
  ui_wait_until (window == NULL);
  ui_wait_until (g_list_model_get_n_items (bobbin_library_get_threads (fixture.library)) == 1);

  /* And is remembered. */
  window = open_quick (&fixture, NULL);
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (ui_find (window, GTK_TYPE_DROP_DOWN, NULL))), ==, 1);
  close_quick (window);
  g_settings_reset (fixture.settings, "quick-agent");
  g_clear_object (&thread);
  ui_fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/quick-window/draft", test_draft);
  g_test_add_func ("/quick-window/send", test_send);

  return g_test_run ();
}
