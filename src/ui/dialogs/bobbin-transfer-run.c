#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-transfer-private.h"

#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "export/bobbin-backup.h"
#include "export/bobbin-importer.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-library.h"
#include "util/bobbin-error.h"
#include "window/bobbin-window.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

BobbinTransfer *
_bobbin_transfer_new (GtkWindow     *parent,
                      BobbinLibrary *library)
{
  BobbinTransfer *self = g_new0 (BobbinTransfer, 1);

  self->parent = g_object_ref (parent);
  self->library = g_object_ref (library);
  self->cancellable = g_cancellable_new ();

  return self;
}

void
_bobbin_transfer_free (gpointer data)
{
  BobbinTransfer *self = data;

  g_clear_pointer (&self->progress, bobbin_progress_dialog_close);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->thread);
  bobbin_thread_pick_free (self->pick);
  g_object_unref (self->library);
  g_object_unref (self->parent);
  g_free (self->path);
  g_free (self);
}

/* Telling */

void
bobbin_transfer_tell (GtkWindow  *parent,
                      const char *text)
{
  if (BOBBIN_IS_WINDOW (parent))
    bobbin_window_toast (BOBBIN_WINDOW (parent), text);
  else if (ADW_IS_PREFERENCES_WINDOW (parent))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (parent), adw_toast_new (text));
}

/* What the core says begins small and has no full stop: it stands after "bobbin: ", too. */
static char *
dup_sentence (const char *text)
{
  gunichar first = g_utf8_get_char_validated (text, -1);
  GString *out = g_string_new (NULL);

  if (first == (gunichar) -1 || first == (gunichar) -2 || first == 0)
    return g_string_free (out, FALSE);

  g_string_append_unichar (out, g_unichar_totitle (first));
  g_string_append (out, g_utf8_next_char (text));
  if (out->str[out->len - 1] != '.')
    g_string_append_c (out, '.');

  return g_string_free (out, FALSE);
}

static void
show_message (GtkWindow  *parent,
              const char *heading,
              const char *body)
{
  GtkWidget *dialog = bobbin_fit_dialog (parent, heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bobbin_transfer_tell_failure (GtkWindow    *parent,
                              const char   *heading,
                              const GError *error)
{
  gboolean ours = error->domain == BOBBIN_ERROR && (error->code == BOBBIN_ERROR_FILE || error->code == BOBBIN_ERROR_INVALID ||
                                                    error->code == BOBBIN_ERROR_TOO_LARGE || error->code == BOBBIN_ERROR_NOT_SUPPORTED);
  g_autofree char *body = ours ? dup_sentence (error->message) : bobbin_error_dup_sentence (error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_message (parent, heading, body);
}

static void
progress_cb (guint64  n_done,
             guint64  total,
             gpointer user_data)
{
  BobbinTransfer *self = user_data;

  if (self->progress != NULL)
    bobbin_progress_dialog_set (self->progress, n_done, total);
}

/* Export */

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BobbinTransfer *self = user_data;
  g_autoptr(GError) error = NULL;
  BobbinExportSum sum;

  g_clear_pointer (&self->progress, bobbin_progress_dialog_close);
  if (!bobbin_export_finish (BOBBIN_STORE (source), result, &sum, &error))
    bobbin_transfer_tell_failure (self->parent, _("Nothing Was Exported"), error);
  else if (sum.n_missing > 0)
    {
      g_autofree char *body = g_strdup_printf (ngettext ("%u attached file is gone from the disk and is not in it.",
                                                         "%u attached files are gone from the disk and are not in it.", sum.n_missing),
                                               sum.n_missing);

      show_message (self->parent, _("Exported"), body);
    }
  else
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u conversation exported", "%u conversations exported", sum.n_threads),
                                               sum.n_threads);

      bobbin_transfer_tell (self->parent, text);
    }
  _bobbin_transfer_free (self);
}

void
_bobbin_transfer_run_export (BobbinTransfer *self)
{
  self->progress = bobbin_progress_dialog_new (self->parent, _("Exporting"), self->cancellable);
  if (self->pick != NULL)
    bobbin_export_picked_async (bobbin_library_get_store (self->library), self->pick, self->format, self->path, progress_cb, self,
                                self->cancellable, exported_cb, self);
  else
    bobbin_export_async (bobbin_library_get_store (self->library), self->thread != NULL ? bobbin_thread_get_id (self->thread) : 0,
                         self->format, self->path, progress_cb, self, self->cancellable, exported_cb, self);
}

/* Import */

/* Takes @line. */
static void
add_line (GString *out,
          guint    n,
          char    *line)
{
  if (n > 0)
    g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", line);
  g_free (line);
}

static char *
dup_account_of_import (const BobbinImportSum *sum)
{
  GString *out = g_string_new (NULL);

  add_line (out, sum->n_accounts, g_strdup_printf (ngettext ("%u account restored. It asks for its key when it is used.",
                                                             "%u accounts restored. They ask for their keys when they are used.",
                                                             sum->n_accounts), sum->n_accounts));
  add_line (out, sum->n_threads, g_strdup_printf (ngettext ("%u conversation imported.", "%u conversations imported.", sum->n_threads),
                                                  sum->n_threads));
  add_line (out, sum->n_grown, g_strdup_printf (ngettext ("%u conversation was here and got newer messages.",
                                                          "%u conversations were here and got newer messages.", sum->n_grown),
                                                sum->n_grown));
  add_line (out, sum->n_known, g_strdup_printf (ngettext ("%u conversation was here already.", "%u conversations were here already.",
                                                          sum->n_known), sum->n_known));
  add_line (out, sum->n_unfit, g_strdup_printf (ngettext ("%u conversation was left out: its messages belong to another one here.",
                                                          "%u conversations were left out: their messages belong to others here.",
                                                          sum->n_unfit), sum->n_unfit));
  if (out->len == 0)
    g_string_append (out, _("There was nothing in it."));

  return g_string_free (out, FALSE);
}

static void
restore_response_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     BobbinTransfer   *self)
{
  if (g_str_equal (response, "restore"))
    _bobbin_transfer_run_import (self, TRUE);
  else
    _bobbin_transfer_free (self);
}

/* Takes @self. */
static void
confirm_restore (BobbinTransfer *self)
{
  GtkWidget *dialog = bobbin_fit_dialog (self->parent, _("Restore From Backup?"),
                                         _("This is a backup of a whole profile. Its accounts, conversations, drafts and files are added; "
                                           "what is here stays. Keys are not in it: accounts ask for theirs."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "restore", _("_Restore"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "restore", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "restore");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (restore_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BobbinTransfer *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *body = NULL;
  BobbinImportSum sum;
  gboolean done = bobbin_import_finish (BOBBIN_STORE (source), result, &sum, &error);

  g_clear_pointer (&self->progress, bobbin_progress_dialog_close);
  bobbin_library_reread (self->library);
  if (!done && g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED) && sum.is_backup)
    {
      confirm_restore (self);
      return;
    }

  body = dup_account_of_import (&sum);
  if (done)
    show_message (self->parent, sum.is_backup ? _("Backup Restored") : _("Import Finished"), body);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_message (self->parent, _("Import Stopped"), body);
  else
    bobbin_transfer_tell_failure (self->parent, _("The Import Failed"), error);
  _bobbin_transfer_free (self);
}

void
_bobbin_transfer_run_import (BobbinTransfer *self,
                             gboolean        restore)
{
  self->progress = bobbin_progress_dialog_new (self->parent, restore ? _("Restoring") : _("Importing"), self->cancellable);
  bobbin_import_async (bobbin_library_get_store (self->library), self->path, self->account_id, restore, progress_cb, self,
                       self->cancellable, imported_cb, self);
}

/* Backup */

static void
backed_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  BobbinTransfer *self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->progress, bobbin_progress_dialog_close);
  if (bobbin_backup_finish (BOBBIN_STORE (source), result, NULL, &error))
    bobbin_transfer_tell (self->parent, _("Backup saved"));
  else
    bobbin_transfer_tell_failure (self->parent, _("The Backup Was Not Made"), error);
  _bobbin_transfer_free (self);
}

void
_bobbin_transfer_run_back_up (BobbinTransfer *self)
{
  self->progress = bobbin_progress_dialog_new (self->parent, _("Making a Backup"), self->cancellable);
  bobbin_backup_async (bobbin_library_get_store (self->library), self->path, progress_cb, self, self->cancellable, backed_up_cb, self);
}
