#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-transfer-private.h"

#include "app/bobbin-fit.h"
#include "export/bobbin-export-text.h"
#include "model/bobbin-account.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-library.h"
#include "util/bobbin-error.h"
#include "util/bobbin-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#define MAX_NAME 80 /* characters */

/* Choosers */

/* Fit for every file system: "a/b: c" is no name of a file. */
static char *
dup_file_name (const char *name,
               const char *extension)
{
  g_autofree char *clean = bobbin_text_clean_name (name);
  g_autofree char *cut = bobbin_text_truncate (clean, MAX_NAME);

  g_strdelimit (cut, "/\\:*?\"<>|", '_');
  while (*cut == '.')
    *cut = '_';

  return g_strdup_printf ("%s.%s", *cut != '\0' ? cut : _("Conversation"), extension);
}

void
bobbin_transfer_ask_where (GtkWindow      *parent,
                           const char     *title,
                           const char     *name,
                           const char     *extension,
                           GCallback       callback,
                           gpointer        user_data,
                           GClosureNotify  destroy)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *file_name = dup_file_name (name, extension);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), file_name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_data (chooser, "response", callback, user_data, destroy, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

char *
bobbin_transfer_dup_path (GtkWindow      *parent,
                          GtkFileChooser *chooser,
                          const char     *extension)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (chooser);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *base = path != NULL ? g_path_get_basename (path) : NULL;
  g_autoptr(GError) error = NULL;

  if (path == NULL)
    {
      g_set_error_literal (&error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("this place is not on this computer: choose a folder that is"));
      bobbin_transfer_tell_failure (parent, _("Choose Another Place"), error);
      return NULL;
    }
  /* The chooser has asked about what it knows the name of; with another name something else could be lost. */
  if (extension != NULL && strchr (base, '.') == NULL)
    {
      g_autofree char *longer = g_strconcat (path, ".", extension, NULL);

      if (!g_file_test (longer, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&longer);
    }

  return g_steal_pointer (&path);
}

/* Export */

static const struct
{
  BobbinExportFormat  format;
  const char         *title;
  const char         *subtitle;
} forms[] = {
  { BOBBIN_EXPORT_HTML, N_("Web Page"), N_("To read and to share, with pictures and files inside") },
  { BOBBIN_EXPORT_MARKDOWN, N_("Markdown"), N_("Text with its markup, to go on writing") },
  { BOBBIN_EXPORT_TEXT, N_("Plain Text"), N_("To read anywhere") },
  { BOBBIN_EXPORT_JSON, N_("JSON"), N_("Everything of it, to be imported again") },
};

static void
export_chosen_cb (GtkFileChooserNative *chooser,
                  int                   response,
                  BobbinTransfer       *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    self->path = bobbin_transfer_dup_path (self->parent, GTK_FILE_CHOOSER (chooser),
                                           bobbin_export_format_get_extension (self->format));
  g_object_unref (chooser);
  if (self->path != NULL)
    _bobbin_transfer_run_export (self);
  else
    _bobbin_transfer_free (self);
}

/* Takes @self. */
static void
ask_where_to_export (BobbinTransfer *self)
{
  g_autofree char *title = self->thread != NULL ? bobbin_export_dup_title (self->thread) : g_strdup (_("Conversations"));

  bobbin_transfer_ask_where (self->parent, _("Export"), title, bobbin_export_format_get_extension (self->format),
                             G_CALLBACK (export_chosen_cb), self, NULL);
}

static void
form_toggled_cb (GtkCheckButton *button,
                 BobbinTransfer *self)
{
  if (gtk_check_button_get_active (button))
    self->format = (BobbinExportFormat) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "format"));
}

static GtkWidget *
make_forms (BobbinTransfer *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkCheckButton *first = NULL;

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Format"), -1);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *check = gtk_check_button_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(forms[i].title));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(forms[i].subtitle));
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, _(forms[i].title),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(forms[i].subtitle), -1);
      g_object_set_data (G_OBJECT (check), "format", GUINT_TO_POINTER (forms[i].format));
      gtk_check_button_set_group (GTK_CHECK_BUTTON (check), first);
      first = first != NULL ? first : GTK_CHECK_BUTTON (check);
      g_signal_connect (check, "toggled", G_CALLBACK (form_toggled_cb), self);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_check_button_set_active (first, TRUE);

  return list;
}

static void
form_response_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  BobbinTransfer   *self)
{
  if (g_str_equal (response, "export"))
    ask_where_to_export (self);
  else
    _bobbin_transfer_free (self);
}

void
bobbin_transfer_export (GtkWindow              *parent,
                        BobbinLibrary          *library,
                        BobbinThread           *thread,
                        const BobbinThreadPick *pick)
{
  const char *heading = thread != NULL ? _("Export Conversation") : pick != NULL ? _("Export Conversations") : _("Export All Conversations");
  GtkWidget *dialog = bobbin_fit_dialog (parent, heading, NULL);
  BobbinTransfer *self = _bobbin_transfer_new (parent, library);

  g_set_object (&self->thread, thread);
  self->pick = thread == NULL && pick != NULL ? bobbin_thread_pick_copy (pick) : NULL;
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), make_forms (self));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "export", _("_Export…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "export", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "export");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (form_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bobbin_transfer_export_to (GtkWindow          *parent,
                           BobbinLibrary      *library,
                           BobbinThread       *thread,
                           BobbinExportFormat  format,
                           const char         *path)
{
  BobbinTransfer *self = _bobbin_transfer_new (parent, library);

  g_set_object (&self->thread, thread);
  self->format = format;
  self->path = g_strdup (path);
  _bobbin_transfer_run_export (self);
}

/* Import */

static void
import_chosen_cb (GtkFileChooserNative *chooser,
                  int                   response,
                  BobbinTransfer       *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    self->path = bobbin_transfer_dup_path (self->parent, GTK_FILE_CHOOSER (chooser), NULL);
  g_object_unref (chooser);
  if (self->path != NULL)
    _bobbin_transfer_run_import (self, FALSE);
  else
    _bobbin_transfer_free (self);
}

/* Takes @self. */
static void
ask_what_to_import (BobbinTransfer *self)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Import"), self->parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Import"), _("_Cancel"));
  g_autoptr(GtkFileFilter) known = gtk_file_filter_new ();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (known, _("Exports and backups"));
  gtk_file_filter_add_suffix (known, "json");
  gtk_file_filter_add_suffix (known, "zip");
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), known);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (import_chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
account_selected_cb (AdwComboRow    *row,
                     GParamSpec     *pspec,
                     BobbinTransfer *self)
{
  g_autoptr(BobbinAccount) account = g_list_model_get_item (bobbin_library_get_accounts (self->library), adw_combo_row_get_selected (row));

  if (account != NULL)
    self->account_id = bobbin_account_get_id (account);
}

static GtkWidget *
make_account_choice (BobbinTransfer *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  GListModel *accounts = bobbin_library_get_accounts (self->library);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      gtk_string_list_append (names, bobbin_account_get_name (account));
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Account"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (names));
  g_signal_connect (row, "notify::selected", G_CALLBACK (account_selected_cb), self);
  gtk_list_box_append (GTK_LIST_BOX (list), row);

  return list;
}

static void
account_response_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     BobbinTransfer   *self)
{
  if (g_str_equal (response, "import"))
    ask_what_to_import (self);
  else
    _bobbin_transfer_free (self);
}

void
bobbin_transfer_import (GtkWindow     *parent,
                        BobbinLibrary *library)
{
  BobbinTransfer *self = _bobbin_transfer_new (parent, library);
  GtkWidget *dialog;

  if (g_list_model_get_n_items (bobbin_library_get_accounts (library)) < 2)
    {
      ask_what_to_import (self);
      return;
    }

  dialog = bobbin_fit_dialog (parent, _("Import Conversations"),
                              _("From Bobbin, AgentFlow or ChatGPT. Conversations of accounts that are here go back to these; "
                                "all others go to:"));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), make_account_choice (self));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "import", _("_Choose File…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "import", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "import");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (account_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bobbin_transfer_import_from (GtkWindow     *parent,
                             BobbinLibrary *library,
                             const char    *path,
                             gint64         account_id)
{
  BobbinTransfer *self = _bobbin_transfer_new (parent, library);

  self->path = g_strdup (path);
  self->account_id = account_id;
  _bobbin_transfer_run_import (self, FALSE);
}

/* Backup */

static void
back_up_chosen_cb (GtkFileChooserNative *chooser,
                   int                   response,
                   BobbinTransfer       *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    self->path = bobbin_transfer_dup_path (self->parent, GTK_FILE_CHOOSER (chooser), "zip");
  g_object_unref (chooser);
  if (self->path != NULL)
    _bobbin_transfer_run_back_up (self);
  else
    _bobbin_transfer_free (self);
}

void
bobbin_transfer_back_up (GtkWindow     *parent,
                         BobbinLibrary *library)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  /* Translators: the name of a file; %s is a date such as 2026-11-28. */
  g_autofree char *name = g_strdup_printf (_("Bobbin Backup %s"), day);

  bobbin_transfer_ask_where (parent, _("Back Up"), name, "zip", G_CALLBACK (back_up_chosen_cb), _bobbin_transfer_new (parent, library), NULL);
}

void
bobbin_transfer_back_up_to (GtkWindow     *parent,
                            BobbinLibrary *library,
                            const char    *path)
{
  BobbinTransfer *self = _bobbin_transfer_new (parent, library);

  self->path = g_strdup (path);
  _bobbin_transfer_run_back_up (self);
}
