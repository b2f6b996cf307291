#include "config.h"
#include "window/bobbin-shortcuts.h"

#include "app/bobbin-application.h"
#include "window/bobbin-conversation.h"
#include "window/bobbin-window.h"

#include <string.h>

static void
test_parse (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  g_assert_nonnull (table[0].group);
  for (guint i = 0; i < n; i++)
    {
      g_auto(GStrv) accels = g_strsplit (table[i].accels != NULL ? table[i].accels : "", " ", -1);

      g_assert_nonnull (table[i].title);
      g_assert_true (table[i].accels != NULL || table[i].action != NULL);
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
class_has (GType       type,
           const char *name)
{
  g_autoptr(GTypeClass) klass = g_type_class_ref (type);
  GType owner;
  const char *action, *property;
  const GVariantType *parameter;

  for (guint i = 0; gtk_widget_class_query_action (GTK_WIDGET_CLASS (klass), i, &owner, &action, &parameter, &property); i++)
    if (g_str_equal (action, name))
      return TRUE;

  return FALSE;
}

static gboolean
table_has (const char *name)
{
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  for (guint i = 0; i < n; i++)
    if (table[i].action != NULL && g_str_has_prefix (table[i].action, name)
        && (table[i].action[strlen (name)] == '\0' || table[i].action[strlen (name)] == '('))
      return TRUE;

  return FALSE;
}

/* What can be done can be found in the table, unless it only makes sense where its button is. */
static void
test_complete (void)
{
  static const char *const elsewhere[] = {
    "win.new-conversation-with", /* one for each agent */
    "win.restore-thread",        /* of a toast, as the next */
    "win.undo-step",
    "win.thread-renamed",        /* of a dialog */
    "win.change-selected",       /* of the bar below the list, while many are picked */
    "win.empty-bin",             /* of the bin */
    "win.purge-thread",
    "win.keep-thread-alive",     /* of what expires */
    "win.select-thread",         /* of a menu of the list */
    "win.start-over",            /* of a failure */
    "win.show-message-metadata", /* of the details of a message */
    "win.edit-current-account",  /* of a banner */
    "win.dismiss-notice",
    "win.previous-pane",         /* Shift and the key of the next one */
    "conversation.try-now", "conversation.send-context", "conversation.dismiss", "conversation.focus-composer",
    "app.open-thread", "app.approve", "app.reject", /* of notifications */
    "app.search", "app.open-match", /* of the search of the desktop */
    "app.edit-account",          /* of a row */
    "app.new-conversation",      /* of the desktop: win.new-conversation is the same */
    "app.open-again",            /* of the window that says why the profile cannot be opened */
    NULL
  };
  const GType types[] = { BOBBIN_TYPE_WINDOW, BOBBIN_TYPE_CONVERSATION };
  g_autoptr(GApplication) application = G_APPLICATION (bobbin_application_new ());
  g_auto(GStrv) names = NULL;
  g_autoptr(GError) error = NULL;
  guint n = 0;

  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    {
      g_autoptr(GTypeClass) klass = g_type_class_ref (types[t]);
      GType owner;
      const char *action, *property;
      const GVariantType *parameter;

      for (guint i = 0; gtk_widget_class_query_action (GTK_WIDGET_CLASS (klass), i, &owner, &action, &parameter, &property); i++)
        if (owner == types[t])
          {
            g_test_message ("%s", action);
            g_assert_true (table_has (action) || g_strv_contains (elsewhere, action));
            n++;
          }
    }
  g_assert_cmpuint (n, >, 20);

  /* As a service it opens nothing by itself. */
  g_application_set_flags (application, G_APPLICATION_NON_UNIQUE | G_APPLICATION_IS_SERVICE);
  g_assert_true (g_application_register (application, NULL, &error));
  g_assert_no_error (error);
  names = g_action_group_list_actions (G_ACTION_GROUP (application));
  g_assert_cmpuint (g_strv_length (names), >, 10);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat ("app.", names[i], NULL);

      g_test_message ("%s", name);
      g_assert_true (table_has (name) || g_strv_contains (elsewhere, name));
    }
}

/* Every key of the table is in the help window, and nothing else is. */

static void
collect (GtkWidget  *widget,
         GHashTable *keys)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (widget))
    {
      char *title, *accels;

      g_object_get (widget, "title", &title, "accelerator", &accels, NULL);
      g_hash_table_insert (keys, title, accels);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect (child, keys);
}

static void
test_help (void)
{
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GtkWidget *window = bobbin_shortcuts_new_window ();
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  gtk_window_present (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  collect (window, keys);
  for (guint i = 0; i < n; i++)
    {
      g_test_message ("%s", table[i].title);
      g_assert_cmpstr (g_hash_table_lookup (keys, table[i].title), ==, table[i].accels);
      g_hash_table_remove (keys, table[i].title);
    }
  g_assert_cmpuint (g_hash_table_size (keys), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
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
        g_assert_true (class_has (BOBBIN_TYPE_WINDOW, name));
      else if (g_str_has_prefix (name, "conversation."))
        g_assert_true (class_has (BOBBIN_TYPE_CONVERSATION, name));
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
    { "<Control>n", "win.new-conversation" }, { "<Control><Shift>f", "win.search" }, { "<Control>f", "conversation.find" },
    { "<Control>k", "win.command-palette" }, { "F6", "win.next-pane" }, { "<Control>0 <Control>KP_0", "app.text-normal" },
  };
  guint n;
  const BobbinShortcut *table = bobbin_shortcuts_get_table (&n);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < n; j++)
        found |= g_strcmp0 (table[j].accels, rows[i].accel) == 0 && g_strcmp0 (table[j].action, rows[i].action) == 0;
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
  g_test_add_func ("/shortcuts/complete", test_complete);
  g_test_add_func ("/shortcuts/help", test_help);
  g_test_add_func ("/shortcuts/window", test_window);

  return g_test_run ();
}
