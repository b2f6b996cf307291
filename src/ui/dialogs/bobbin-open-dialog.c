#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-open-dialog.h"

#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "model/bobbin-account.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-library.h"

#include <glib/gi18n.h>

typedef struct
{
  BobbinWindow  *window;   /* weak */
  BobbinLibrary *library;
  GtkEditable   *entry;    /* borrowed from the dialog, as the next */
  GtkDropDown   *accounts; /* (nullable) with one account there is nothing to choose */
} Open;

static void
open_free (gpointer  data,
           GClosure *closure)
{
  Open *open = data;

  g_clear_weak_pointer (&open->window);
  g_object_unref (open->library);
  g_free (open);
}

static void
attached_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinWindow) window = BOBBIN_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThread) thread = bobbin_library_find_thread_finish (BOBBIN_LIBRARY (source), result, &error);

  if (thread != NULL)
    bobbin_window_open_thread (window, thread);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = bobbin_error_dup_sentence (error);

      bobbin_window_toast (window, text);
    }
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Open             *open)
{
  guint position = open->accounts != NULL ? gtk_drop_down_get_selected (open->accounts) : 0;
  g_autoptr(BobbinAccount) account = g_list_model_get_item (bobbin_library_get_accounts (open->library), position);
  g_autofree char *id = g_strstrip (g_strdup (gtk_editable_get_text (open->entry)));

  if (!g_str_equal (response, "open") || *id == '\0' || account == NULL || open->window == NULL)
    return;

  bobbin_library_attach_thread_async (open->library, account, id, NULL, attached_cb, g_object_ref (open->window));
}

static void
changed_cb (GtkEditable      *entry,
            AdwMessageDialog *dialog)
{
  g_autofree char *id = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "open", *id != '\0');
}

static GtkWidget *
make_account_choice (BobbinLibrary *library,
                     BobbinAccount *current)
{
  GListModel *accounts = bobbin_library_get_accounts (library);
  guint n = g_list_model_get_n_items (accounts);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  GtkWidget *choice;
  guint selected = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      gtk_string_list_append (names, bobbin_account_get_name (account));
      if (account == current)
        selected = i;
    }

  choice = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), selected);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Account"), -1);

  return choice;
}

void
bobbin_open_dialog_present (BobbinWindow  *window,
                            BobbinLibrary *library)
{
  AdwMessageDialog *dialog =
      ADW_MESSAGE_DIALOG (bobbin_fit_dialog (GTK_WINDOW (window), _("Open Conversation by ID"),
                                             _("Goes on with a conversation you began elsewhere. "
                                               "What was said before shows only if the service can tell.")));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();
  Open *open = g_new0 (Open, 1);

  g_set_weak_pointer (&open->window, window);
  open->library = g_object_ref (library);
  open->entry = GTK_EDITABLE (entry);

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Conversation ID"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Conversation ID"), -1);
  gtk_box_append (GTK_BOX (box), entry);
  if (g_list_model_get_n_items (bobbin_library_get_accounts (library)) > 1)
    {
      open->accounts = GTK_DROP_DOWN (make_account_choice (library, bobbin_window_get_account (window)));
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (open->accounts));
    }

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "open", _("_Open"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "open", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "open");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, box);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), dialog, 0);
  changed_cb (GTK_EDITABLE (entry), dialog);

  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), open, open_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}
