#include "config.h"
#include "account/bobbin-account-editor.h"

#include "account/bobbin-account-editor-private.h"
#include "account/bobbin-doctor-view.h"
#include "secret/bobbin-secrets.h"
#include "ui-fixture.h"

typedef struct
{
  UiFixture            ui;
  BobbinAccountEditor *editor;
  guint                n_saved;
} Fixture;

static void
saved_cb (BobbinAccountEditor *editor,
          BobbinAccount       *account,
          const char          *warning,
          Fixture             *fixture)
{
  fixture->n_saved++;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  ui_fixture_open (&fixture->ui);
  fixture->n_saved = 0;
}

static void
open_editor (Fixture       *fixture,
             BobbinAccount *account)
{
  fixture->editor = BOBBIN_ACCOUNT_EDITOR (bobbin_account_editor_new (fixture->ui.library, account));
  g_signal_connect (fixture->editor, "saved", G_CALLBACK (saved_cb), fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->editor), (gpointer *) &fixture->editor);
  gtk_window_present (GTK_WINDOW (fixture->editor));
  ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (fixture->editor)));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->editor != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->editor));
  ui_wait_until (fixture->editor == NULL);
  ui_fixture_close (&fixture->ui);
}

static void
type (GtkWidget  *row,
      const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  char **ret_key = user_data;
  char *key = bobbin_secrets_lookup_finish (BOBBIN_SECRETS (source), result, NULL);

  *ret_key = g_strdup (key != NULL ? key : "");
  bobbin_secret_free (key);
}

static void
assert_key (Fixture       *fixture,
            BobbinAccount *account,
            const char    *expected)
{
  g_autofree char *key = NULL;

  bobbin_secrets_lookup_async (fixture->ui.secrets, bobbin_account_get_id (account), BOBBIN_SECRET_KEY, NULL,
                               found_cb, &key);
  ui_wait_until (key != NULL);
  g_assert_cmpstr (key, ==, expected);
}

static void
test_fields (Fixture      *fixture,
             gconstpointer data)
{
  open_editor (fixture, NULL);
  g_assert_true (bobbin_account_editor_get_is_new (fixture->editor));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->editor->name_row)), ==, "Nebelus");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->editor->url_row)), ==,
                   bobbin_registry_get_default_url (BOBBIN_SERVICE_NEBELUS));
  g_assert_true (gtk_widget_get_visible (fixture->editor->key_row));

  adw_combo_row_set_selected (fixture->editor->service_row, fixture->editor->n_services - 1);
  g_assert_false (gtk_widget_get_visible (fixture->editor->key_row));
  g_assert_false (gtk_widget_get_visible (fixture->editor->url_row));
  g_assert_false (gtk_widget_get_visible (fixture->editor->check_group));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->editor->name_row)), !=, "Nebelus");
}

static void
test_url (Fixture      *fixture,
          gconstpointer data)
{
  static const struct { const char *url; gboolean ok; } rows[] = {
    { "https://agents.example.com", TRUE }, { "http://agents.example.com", FALSE }, { "http://127.0.0.1:80", TRUE },
    { "ftp://x", FALSE }, { "https://", FALSE },
  };

  open_editor (fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].url);
      type (fixture->editor->url_row, rows[i].url);
      g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->editor->problem)) == !rows[i].ok);
      g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (fixture->editor->save_button)) == rows[i].ok);
      gtk_test_accessible_assert_state (GTK_ACCESSIBLE (fixture->editor->url_row), GTK_ACCESSIBLE_STATE_INVALID,
                                        rows[i].ok ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE);
    }
  /* Empty is not wrong, only not done. */
  type (fixture->editor->url_row, "");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->editor->problem)));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (fixture->editor->save_button)));
}

static void
test_add (Fixture      *fixture,
          gconstpointer data)
{
  BobbinAccount *account;

  open_editor (fixture, NULL);
  type (fixture->editor->name_row, " Mine ");
  type (fixture->editor->url_row, "http://127.0.0.1:9");
  type (fixture->editor->key_row, " made-up-key\n");
  type (fixture->editor->agent_row, "agent-7");
  adw_combo_row_set_selected (fixture->editor->transport_row, BOBBIN_TRANSPORT_SSE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->editor), "editor.save", NULL);
  ui_wait_until (fixture->editor == NULL);

  g_assert_cmpuint (fixture->n_saved, ==, 1);
  account = bobbin_library_find_account_by_name (fixture->ui.library, "Mine");
  g_assert_nonnull (account);
  g_assert_cmpstr (bobbin_account_get_agent_id (account), ==, "agent-7");
  g_assert_cmpint (bobbin_account_get_transport (account), ==, BOBBIN_TRANSPORT_SSE);
  assert_key (fixture, account, "made-up-key");
}

static void
test_edit (Fixture      *fixture,
           gconstpointer data)
{
  BobbinAccount *account = ui_fixture_add_account (&fixture->ui, BOBBIN_SERVICE_NEBELUS, "Before");

  open_editor (fixture, account);
  g_assert_false (bobbin_account_editor_get_is_new (fixture->editor));
  /* A key is never shown again. */
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->editor->key_row)), ==, "");
  type (fixture->editor->name_row, "After");
  /* Nothing changes before it is saved. */
  g_assert_cmpstr (bobbin_account_get_name (account), ==, "Before");
  gtk_widget_activate_action (GTK_WIDGET (fixture->editor), "editor.save", NULL);
  ui_wait_until (fixture->editor == NULL);
  g_assert_cmpstr (bobbin_account_get_name (account), ==, "After");
  assert_key (fixture, account, "a made-up key");
}

static void
test_name_taken (Fixture      *fixture,
                 gconstpointer data)
{
  ui_fixture_add_account (&fixture->ui, BOBBIN_SERVICE_NEBELUS, "Taken");
  open_editor (fixture, NULL);
  type (fixture->editor->url_row, "https://agents.example.com");
  type (fixture->editor->name_row, "Taken");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->editor->problem)));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (fixture->editor->save_button)));
  type (fixture->editor->name_row, "Free");
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (fixture->editor->save_button)));
}

/* No service leaves a group without a row, which is a line across the page. */
static void
test_groups (Fixture      *fixture,
             gconstpointer data)
{
  open_editor (fixture, NULL);
  for (guint i = 0; i < fixture->editor->n_services; i++)
    {
      gboolean any;

      adw_combo_row_set_selected (fixture->editor->service_row, i);
      any = gtk_widget_get_visible (GTK_WIDGET (fixture->editor->transport_row)) || gtk_widget_get_visible (fixture->editor->plain_row)
            || gtk_widget_get_visible (GTK_WIDGET (fixture->editor->pin_row));
      g_assert_true (gtk_widget_get_visible (fixture->editor->connection_group) == any);
    }
}

static gboolean
is_in_view (GtkWidget *widget,
            GtkWidget *scrolled)
{
  graphene_rect_t place;

  return widget != NULL && gtk_widget_compute_bounds (widget, scrolled, &place) && place.size.height > 0 && place.origin.y >= 0
         && place.origin.y + place.size.height <= gtk_widget_get_height (scrolled);
}

/* What a check found is told beside its steps, and scrolled into view. */
static void
test_verdict (Fixture      *fixture,
              gconstpointer data)
{
  GtkWidget *scrolled;
  GtkAdjustment *adjustment;

  open_editor (fixture, NULL);
  type (fixture->editor->url_row, "http://127.0.0.1:9");
  gtk_widget_activate_action (GTK_WIDGET (fixture->editor), "editor.check", NULL);
  ui_wait_until (g_str_equal (gtk_label_get_label (fixture->editor->verdict), "The connection does not work yet"));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (fixture->editor->verdict), "error"));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (fixture->editor->check_button)));

  scrolled = gtk_widget_get_ancestor (GTK_WIDGET (fixture->editor->check_box), GTK_TYPE_SCROLLED_WINDOW);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  ui_wait_until (gtk_adjustment_get_value (adjustment) > 0);
  ui_wait_until (is_in_view (bobbin_doctor_view_get_failed (BOBBIN_DOCTOR_VIEW (fixture->editor->doctor_view)), scrolled));
}

/* Closing in the middle of a check must not wait for it, nor keep anything. */
static void
test_close_while_checking (Fixture      *fixture,
                           gconstpointer data)
{
  open_editor (fixture, NULL);
  type (fixture->editor->url_row, "http://127.0.0.1:9");
  gtk_widget_activate_action (GTK_WIDGET (fixture->editor), "editor.check", NULL);
  g_assert_nonnull (fixture->editor->doctor_view);
  gtk_window_destroy (GTK_WINDOW (fixture->editor));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
#define ADD(name, func) g_test_add ("/account-editor/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("fields", test_fields);
  ADD ("url", test_url);
  ADD ("add", test_add);
  ADD ("edit", test_edit);
  ADD ("name-taken", test_name_taken);
  ADD ("groups", test_groups);
  ADD ("verdict", test_verdict);
  ADD ("close-while-checking", test_close_while_checking);

  return g_test_run ();
}
