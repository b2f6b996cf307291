#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-rename-dialog.h"

#include "app/bobbin-fit.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-library.h"
#include "util/bobbin-id.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct
{
  BobbinLibrary *library;
  BobbinThread  *thread;
  GtkEditable   *entry; /* borrowed from the dialog */
} Rename;

static void
rename_free (gpointer data,
             GClosure *closure)
{
  Rename *rename = data;

  g_object_unref (rename->library);
  g_object_unref (rename->thread);
  g_free (rename);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Rename           *rename)
{
  g_autofree char *title = NULL;
  g_autofree char *before = NULL;
  g_autofree char *id = NULL;

  if (!g_str_equal (response, "rename"))
    return;

  title = g_strstrip (g_strdup (gtk_editable_get_text (rename->entry)));
  if (*title == '\0' || g_strcmp0 (title, bobbin_thread_get_title (rename->thread)) == 0)
    return;

  before = g_strdup (bobbin_thread_get_title (rename->thread));
  bobbin_library_rename_thread (rename->library, rename->thread, title);
  id = bobbin_id_to_string (bobbin_thread_get_id (rename->thread));
  gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (dialog))), "win.thread-renamed", "(ss)", id,
                              before != NULL ? before : "");
}

static void
changed_cb (GtkEditable      *entry,
            AdwMessageDialog *dialog)
{
  g_autofree char *title = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "rename", *title != '\0');
}

void
bobbin_rename_dialog_present (GtkWindow     *parent,
                              BobbinLibrary *library,
                              BobbinThread  *thread)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (bobbin_fit_dialog (parent, _("Rename Conversation"), NULL));
  GtkWidget *entry = gtk_entry_new ();
  const char *title = bobbin_thread_get_title (thread);
  Rename *rename = g_new0 (Rename, 1);

  rename->library = g_object_ref (library);
  rename->thread = g_object_ref (thread);
  rename->entry = GTK_EDITABLE (entry);

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "rename", _("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "rename");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, entry);

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Title"), -1);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), dialog, 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), title != NULL ? title : "");
  changed_cb (GTK_EDITABLE (entry), dialog);
  gtk_editable_select_region (GTK_EDITABLE (entry), 0, -1);

  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), rename, rename_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}
