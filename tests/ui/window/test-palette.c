#include "config.h"
#include "window/bobbin-palette.h"

#include "ui-fixture.h"

static BobbinWindow *
open_window (UiFixture *fixture)
{
  GtkWidget *window = bobbin_window_new (NULL, fixture->library, fixture->settings);

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0);

  return BOBBIN_WINDOW (window);
}

static void
destroy (gpointer window)
{
  GtkWidget *weak = window;

  g_object_add_weak_pointer (G_OBJECT (weak), (gpointer *) &weak);
  gtk_window_destroy (GTK_WINDOW (weak));
  ui_wait_until (weak == NULL);
}

static GtkListBox *
list_of (GtkWidget *palette)
{
  return GTK_LIST_BOX (ui_find (palette, GTK_TYPE_LIST_BOX, NULL));
}

static const char *
first_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_label (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (first_label (child) != NULL)
      return first_label (child);

  return NULL;
}

/* "title; title" of the first @n rows. */
static char *
dup_rows (GtkWidget *palette,
          int        n)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GtkListBoxRow *row;

  for (int i = 0; i < n && (row = gtk_list_box_get_row_at_index (list_of (palette), i)) != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", first_label (gtk_list_box_row_get_child (row)));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
has_rows (GtkWidget  *palette,
          const char *wanted)
{
  g_autofree char *rows = dup_rows (palette, 3);

  return g_str_has_prefix (rows, wanted);
}

static void
test_find (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinThread *march;
  BobbinWindow *window;
  GtkWidget *palette;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Demo");
  march = ui_fixture_add_thread (&fixture, account, "Report of March", "x", 2);
  ui_fixture_add_thread (&fixture, account, "Arch linux", "x", 1);
  window = open_window (&fixture);
  palette = bobbin_palette_new (window, fixture.library);
  gtk_window_present (GTK_WINDOW (palette));

  /* Nothing typed: what was used last, then everything that can be done. */
  ui_wait_until (has_rows (palette, "Arch linux; Report of March; New conversation"));
  /* An action goes first where it fits better, a conversation where that does. */
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "archi");
  ui_wait_until (has_rows (palette, "Show the archive"));
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "mar");
  ui_wait_until (has_rows (palette, "Report of March"));
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "open thread");
  ui_wait_until (has_rows (palette, "Open conversation by ID"));
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "xyzzy");
  ui_wait_until (gtk_list_box_get_row_at_index (list_of (palette), 0) == NULL);

  /* Only what can be done: nothing is open that could be renamed. */
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "rename conv");
  ui_settle ();
  g_assert_null (gtk_list_box_get_row_at_index (list_of (palette), 0));

  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "mar");
  ui_wait_until (has_rows (palette, "Report of March"));
  g_object_add_weak_pointer (G_OBJECT (palette), (gpointer *) &palette);
  g_signal_emit_by_name (ui_find (palette, GTK_TYPE_SEARCH_ENTRY, NULL), "activate");
  ui_wait_until (bobbin_window_get_thread (window) == march);
  ui_wait_until (palette == NULL);

  /* It is open now. */
  palette = bobbin_palette_new (window, fixture.library);
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "rename conv");
  ui_wait_until (has_rows (palette, "Rename conversation"));
  destroy (palette);

  destroy (window);
  ui_fixture_close (&fixture);
}

/* With no account there is still something to do, and nothing that needs one is offered. */
static void
test_empty (void)
{
  UiFixture fixture;
  BobbinWindow *window;
  GtkWidget *palette;

  ui_fixture_open (&fixture);
  window = open_window (&fixture);
  palette = bobbin_palette_new (window, fixture.library);
  gtk_window_present (GTK_WINDOW (palette));
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "new conv");
  ui_settle ();
  g_assert_null (gtk_list_box_get_row_at_index (list_of (palette), 0));
  bobbin_palette_set_query (BOBBIN_PALETTE (palette), "keyboard");
  ui_wait_until (has_rows (palette, "Keyboard shortcuts"));
  destroy (palette);
  destroy (window);
  ui_fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/palette/find", test_find);
  g_test_add_func ("/palette/empty", test_empty);

  return g_test_run ();
}
