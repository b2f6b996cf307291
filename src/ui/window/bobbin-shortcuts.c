#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-shortcuts.h"

#include <glib/gi18n.h>

static const BobbinShortcut table[] = {
  { N_("Conversations"), N_("New conversation"), "<Control>n", "win.new-conversation", 0 },
  { NULL, N_("Search conversations"), "<Control><Shift>f", "win.search", 0 },
  { NULL, N_("Open conversation by ID"), "<Control>o", "win.open-thread-by-id", 0 },
  { NULL, N_("Next conversation"), "<Control>Page_Down", "win.next-conversation", 0 },
  { NULL, N_("Previous conversation"), "<Control>Page_Up", "win.previous-conversation", 0 },
  { NULL, N_("Rename conversation"), "<Control>r", "win.rename-thread('')", 0 },
  { NULL, N_("Pin or unpin conversation"), "<Control>d", "win.pin-thread('')", 0 },
  { NULL, N_("Archive conversation"), "<Control>e", "win.archive-thread('')", 0 },
  { NULL, N_("Delete conversation"), "<Control><Shift>Delete", "win.delete-thread('')", 0 },
  { NULL, N_("Mark conversation as unread"), NULL, "win.mark-thread-unread('')", 0 },
  { NULL, N_("Open conversation in a new window"), "<Control><Shift>n", "win.open-thread-in-window('')", 0 },
  { NULL, N_("Print conversation"), "<Control>p", "win.print-thread('')", 0 },
  { NULL, N_("Export conversation"), NULL, "win.export-thread('')", 0 },
  { NULL, N_("Save conversation as PDF"), NULL, "win.save-thread-as-pdf('')", 0 },
  { NULL, N_("Export all conversations in the list"), NULL, "win.export-listed", 0 },
  { NULL, N_("Import conversations"), NULL, "win.import", 0 },
  { NULL, N_("Back to what was open before"), "<Alt>Left", "win.go-back", 0 },
  { NULL, N_("Forward again"), "<Alt>Right", "win.go-forward", 0 },
  { NULL, N_("Undo the last change of conversations"), "<Control>z", "win.undo", 0 },
  { NULL, N_("Labels of the conversation"), NULL, "win.label-thread('')", 0 },
  { NULL, N_("Edit labels"), NULL, "win.edit-labels", 0 },
  { NULL, N_("Select conversations"), NULL, "win.select-conversations", 0 },
  { NULL, N_("Clean up"), NULL, "win.clean-up", 0 },
  { NULL, N_("Copy the ID of the conversation"), NULL, "win.copy-thread-id('')", 0 },
  { NULL, N_("Change the agent"), NULL, "win.change-agent('')", 0 },
  { NULL, N_("State and metadata of the conversation"), NULL, "win.show-thread-state", 0 },
  { NULL, N_("Add a message on the server"), NULL, "win.add-message", 0 },
  { NULL, N_("Show the archive"), NULL, "win.show-folder('archive')", 0 },
  { NULL, N_("Show the bin"), NULL, "win.show-folder('bin')", 0 },
  { NULL, N_("Show what expires soon"), NULL, "win.show-folder('expiring')", 0 },

  { N_("Message"), N_("Write a message"), "<Control>l", "win.focus-composer", 0 },
  { NULL, N_("Send"), "Return", NULL, 0 },
  { NULL, N_("Break the line"), "<Shift>Return", NULL, 0 },
  { NULL, N_("Attach files"), "<Control><Shift>o", "win.attach-files", 0 },
  { NULL, N_("Stop the answer"), "<Control><Shift>s", "win.stop-answer", 0 },
  { NULL, N_("Recall an earlier message"), "Up", NULL, 0 },
  { NULL, N_("Previous message of yours"), "<Alt>Up", NULL, 0 },
  { NULL, N_("Next message of yours"), "<Alt>Down", NULL, 0 },
  { NULL, N_("Find in the conversation"), "<Control>f", "conversation.find", BOBBIN_SHORTCUT_OWN_KEY },
  { NULL, N_("Next match"), "<Control>g F3", NULL, 0 },
  { NULL, N_("Previous match"), "<Control><Shift>g <Shift>F3", NULL, 0 },

  { N_("In the list"), N_("Rename"), "F2", NULL, 0 },
  { NULL, N_("Select several"), "<Control>space", NULL, 0 },
  { NULL, N_("Select all"), "<Control>a", NULL, 0 },
  { NULL, N_("Delete"), "Delete", NULL, 0 },
  { NULL, N_("Show menu"), "<Shift>F10 Menu", NULL, 0 },

  { N_("Window"), N_("Find an action or a conversation"), "<Control>k", "win.command-palette", 0 },
  { NULL, N_("Main menu"), "F10", NULL, 0 },
  { NULL, N_("Conversation menu"), "<Control>m", "win.conversation-menu", 0 },
  { NULL, N_("Show or hide the list"), "F9", "win.toggle-sidebar", 0 },
  { NULL, N_("Show or hide the outline"), "F8", "conversation.outline", BOBBIN_SHORTCUT_OWN_KEY },
  { NULL, N_("Next pane"), "F6", "win.next-pane", 0 },
  { NULL, N_("Back to the list"), NULL, "win.show-list", 0 },
  { NULL, N_("Larger text"), "<Control>plus <Control>equal <Control>KP_Add", "app.text-larger", 0 },
  { NULL, N_("Smaller text"), "<Control>minus <Control>KP_Subtract", "app.text-smaller", 0 },
  { NULL, N_("Normal text size"), "<Control>0 <Control>KP_0", "app.text-normal", 0 },
  { NULL, N_("New window"), NULL, "app.new-window", 0 },
  { NULL, N_("Close window"), "<Control>w", "window.close", 0 },

  { N_("Program"), N_("Quick question"), NULL, "app.quick-ask", 0 },
  { NULL, N_("Add an account"), NULL, "app.add-account", 0 },
  { NULL, N_("Try the demo agent"), NULL, "app.try-demo", 0 },
  { NULL, N_("Preferences"), "<Control>comma", "app.preferences", 0 },
  { NULL, N_("Keyboard shortcuts"), "<Control>question", "win.show-help-overlay", 0 },
  { NULL, N_("About Bobbin"), NULL, "app.about", 0 },
  { NULL, N_("Quit"), "<Control>q", "app.quit", 0 },
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
      g_auto(GStrv) accels = g_strsplit (table[i].accels != NULL ? table[i].accels : "", " ", -1);

      if (table[i].action != NULL && table[i].accels != NULL && (table[i].flags & BOBBIN_SHORTCUT_OWN_KEY) == 0)
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
      g_autofree char *accels = g_markup_escape_text (table[i].accels != NULL ? table[i].accels : "", -1);

      if (table[i].group != NULL)
        {
          g_autofree char *group = g_markup_escape_text (_(table[i].group), -1);

          g_string_append_printf (xml, "%s<child><object class='GtkShortcutsGroup'>"
                                  "<property name='title'>%s</property>",
                                  i > 0 ? "</object></child>" : "", group);
        }
      if (*accels == '\0')
        continue; /* only the palette knows it */
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
