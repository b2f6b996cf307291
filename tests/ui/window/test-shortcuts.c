#include "config.h"
#include "window/bobbin-shortcuts.h"

#include "window/bobbin-window.h"

static void
test_parse (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  g_assert_nonnull (table[0].group);
  for (guint i = 0; i < n; i++)
    {
      g_auto(GStrv) accels = g_strsplit (table[i].accels, " ", -1);

      g_assert_nonnull (table[i].title);
      for (guint j = 0; accels[j] != NULL; j++)
        {
          guint key = 0;
          GdkModifierType modifiers = 0;

          g_test_message ("%s", accels[j]);
          g_assert_true (gtk_accelerator_parse (accels[j], &key, &modifiers));
          g_assert_cmpuint (key, !=, 0);
          /* One key, one meaning. */
          g_assert_true (g_hash_table_add (seen, gtk_accelerator_name (key, modifiers)) || table[i].action == NULL);
        }
    }
}

static gboolean
window_has (const char *name)
{
  g_autoptr(GTypeClass) klass = g_type_class_ref (BOBBIN_TYPE_WINDOW);
  GType owner;
  const char *action, *property;
  const GVariantType *type;

  for (guint i = 0; gtk_widget_class_query_action (GTK_WIDGET_CLASS (klass), i, &owner, &action, &type, &property); i++)
    if (g_str_equal (action, name))
      return TRUE;

  return FALSE;
}

static void
test_actions (void)
{
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr(GVariant) target = NULL;
      g_autoptr(GError) error = NULL;

      if (table[i].action == NULL)
        continue;
      g_assert_true (g_action_parse_detailed_name (table[i].action, &name, &target, &error));
      g_assert_no_error (error);
      if (g_str_has_prefix (name, "win.") || g_str_has_prefix (name, "window."))
        g_assert_true (window_has (name));
      else
        g_assert_true (g_str_has_prefix (name, "app."));
    }
}

/* The standard ones of the platform mean what they mean everywhere. */
static void
test_standard (void)
{
  static const struct { const char *accel; const char *action; } rows[] = {
    { "<Control>q", "app.quit" }, { "<Control>w", "window.close" }, { "<Control>comma", "app.preferences" },
    { "<Control>question", "win.show-help-overlay" }, { "F9", "win.toggle-sidebar" },
    { "<Control>n", "win.new-conversation" }, { "<Control><Shift>f", "win.search" }, { "<Control>f", NULL },
  };
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < n; j++)
        found |= g_str_equal (table[j].accels, rows[i].accel) && g_strcmp0 (table[j].action, rows[i].action) == 0;
      g_test_message ("%s", rows[i].accel);
      g_assert_true (found);
    }
}

static void
test_window (void)
{
  GtkWidget *window = bobbin_shortcuts_new_window ();

  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (window));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (window);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/shortcuts/parse", test_parse);
  g_test_add_func ("/shortcuts/standard", test_standard);
  g_test_add_func ("/shortcuts/actions", test_actions);
  g_test_add_func ("/shortcuts/window", test_window);

  return g_test_run ();
}
