#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-transfer-page.h"

#include "dialogs/bobbin-transfer.h"
#include "session/bobbin-library.h"

#include <glib/gi18n.h>

typedef void (*TransferFunc) (GtkWindow *parent, BobbinLibrary *library);

static void
export_all (GtkWindow     *parent,
            BobbinLibrary *library)
{
  bobbin_transfer_export (parent, library, NULL, NULL);
}

static const struct
{
  guint         group;
  const char   *title;
  const char   *subtitle;
  const char   *button;
  TransferFunc  run;
} rows[] = {
  { 0, N_("Export"), N_("Every conversation that is not in the bin, in one file"), N_("Export…"), export_all },
  { 0, N_("Import"), N_("From Bobbin, AgentFlow or ChatGPT"), N_("Import…"), bobbin_transfer_import },
  { 1, N_("Back Up"), N_("Accounts, conversations, drafts and files, in one archive"), N_("Back Up…"), bobbin_transfer_back_up },
  { 1, N_("Restore"), N_("Adds what a backup has; what is here stays"), N_("Restore…"), bobbin_transfer_import },
};

static void
clicked_cb (GtkWidget     *button,
            BobbinLibrary *library)
{
  guint row = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "row"));

  rows[row].run (GTK_WINDOW (gtk_widget_get_root (button)), library);
}

static GtkWidget *
make_row (BobbinLibrary *library,
          guint          i)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(rows[i].title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(rows[i].subtitle));
  /* Not as its label: the row names it. */
  gtk_button_set_child (GTK_BUTTON (button), gtk_label_new (_(rows[i].button)));
  gtk_widget_add_css_class (button, "text-button");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (button), "row", GUINT_TO_POINTER (i));
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), library, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);

  return row;
}

GtkWidget *
bobbin_transfer_page_new (BobbinLibrary *library)
{
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *groups[2];

  adw_preferences_page_set_name (ADW_PREFERENCES_PAGE (page), "data");
  /* Translators: a page of the preferences: export, import and backup of what the program keeps. */
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), _("Data"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (page), "bobbin-save-symbolic");
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      groups[i] = adw_preferences_group_new ();
      adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (groups[i]));
    }
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (groups[0]), _("Conversations"));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (groups[1]), _("Everything"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (groups[1]),
                                         _("Keys stay in the keyring and are not in a backup: accounts ask for theirs."));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (groups[rows[i].group]), make_row (library, i));

  return page;
}
