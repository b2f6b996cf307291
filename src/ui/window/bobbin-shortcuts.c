#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-shortcuts.h"

#include <glib/gi18n.h>

static const BobbinShortcut table[] = {
  { N_("Conversations"), N_("New conversation"), "<Control>n", "win.new-conversation" },
  { NULL, N_("Search conversations"), "<Control><Shift>f", "win.search" },
  { NULL, N_("Open conversation by ID"), "<Control>o", "win.open-thread-by-id" },
  { NULL, N_("Next conversation"), "<Control>Page_Down <Alt>Right", "win.next-conversation" },
  { NULL, N_("Previous conversation"), "<Control>Page_Up", "win.previous-conversation" },
  { NULL, N_("Rename conversation"), "<Control>r", "win.rename-thread('')" },
  { NULL, N_("Pin or unpin conversation"), "<Control>d", "win.pin-thread('')" },
  { NULL, N_("Archive conversation"), "<Control>e", "win.archive-thread('')" },
  { NULL, N_("Delete conversation"), "<Control><Shift>Delete", "win.delete-thread('')" },
  { NULL, N_("Open conversation in a new window"), "<Control><Shift>n", "win.open-thread-in-window('')" },
  { NULL, N_("Undo delete or archive"), "<Control>z", "win.undo" },

  { N_("Message"), N_("Write a message"), "<Control>l", "win.focus-composer" },
  { NULL, N_("Send"), "Return", NULL },
  { NULL, N_("Break the line"), "<Shift>Return", NULL },
  { NULL, N_("Recall an earlier message"), "Up", NULL },
  { NULL, N_("Previous message of yours"), "<Alt>Up", NULL },
  { NULL, N_("Next message of yours"), "<Alt>Down", NULL },
  { NULL, N_("Find in the conversation"), "<Control>f", NULL },
  { NULL, N_("Next match"), "<Control>g F3", NULL },
  { NULL, N_("Previous match"), "<Control><Shift>g <Shift>F3", NULL },

  { N_("In the list"), N_("Rename"), "F2", NULL },
  { NULL, N_("Delete"), "Delete", NULL },
  { NULL, N_("Show menu"), "<Shift>F10 Menu", NULL },

  { N_("Window"), N_("Main menu"), "F10", NULL },
  { NULL, N_("Conversation menu"), "<Control>m", "win.conversation-menu" },
  { NULL, N_("Show or hide the list"), "F9", "win.toggle-sidebar" },
  { NULL, N_("Show or hide the outline"), "F8", NULL },
  { NULL, N_("Next pane"), "F6", "win.next-pane" },
  { NULL, N_("Back to the list"), "<Alt>Left", "win.show-list" },
  { NULL, N_("Close window"), "<Control>w", "window.close" },

  { N_("Program"), N_("Preferences"), "<Control>comma", "app.preferences" },
  { NULL, N_("Keyboard shortcuts"), "<Control>question", "win.show-help-overlay" },
  { NULL, N_("Quit"), "<Control>q", "app.quit" },
};

const BobbinShortcut *
bobbin_shortcuts_get_table (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (table);

  return table;
}

void
bobbin_shortcuts_install (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto(GStrv) accels = g_strsplit (table[i].accels, " ", -1);

      if (table[i].action != NULL)
        gtk_application_set_accels_for_action (application, table[i].action, (const char *const *) accels);
    }
}

/* The button in its header bar has an icon only. */
static void
name_search_button (GtkWidget *widget)
{
  if (GTK_IS_TOGGLE_BUTTON (widget))
    {
      gtk_widget_set_tooltip_text (widget, _("Search"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search"), -1);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_search_button (child);
}

/* GtkShortcutsWindow of 4.8 can only be built from a description, so one is written. */
GtkWidget *
bobbin_shortcuts_new_window (void)
{
  g_autoptr(GString) xml = g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'>"
                                         "<property name='modal'>1</property><child>"
                                         "<object class='GtkShortcutsSection'>"
                                         "<property name='section-name'>all</property>");
  g_autoptr(GtkBuilder) builder = NULL;
  GtkWidget *window;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *title = g_markup_escape_text (_(table[i].title), -1);
      g_autofree char *accels = g_markup_escape_text (table[i].accels, -1);

      if (table[i].group != NULL)
        {
          g_autofree char *group = g_markup_escape_text (_(table[i].group), -1);

          g_string_append_printf (xml, "%s<child><object class='GtkShortcutsGroup'>"
                                  "<property name='title'>%s</property>",
                                  i > 0 ? "</object></child>" : "", group);
        }
      g_string_append_printf (xml, "<child><object class='GtkShortcutsShortcut'><property name='title'>%s</property>"
                              "<property name='accelerator'>%s</property></object></child>", title, accels);
    }
  g_string_append (xml, "</object></child></object></child></object></interface>");

  builder = gtk_builder_new_from_string (xml->str, (gssize) xml->len);

  /* The builder's reference goes with it; a top-level window lives on GTK's own until it is
   * destroyed. */
  window = GTK_WIDGET (gtk_builder_get_object (builder, "window"));
  name_search_button (gtk_window_get_titlebar (GTK_WINDOW (window)));

  return window;
}
