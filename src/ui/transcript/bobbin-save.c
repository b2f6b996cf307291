#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-save.h"

#include "app/bobbin-fit.h"
#include "model/bobbin-attachment.h"
#include "util/bobbin-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

/* What is to be written: the bytes, or a file to be copied. */
typedef struct
{
  GBytes *bytes;  /* (nullable) */
  GFile  *file;   /* (nullable) */
} Saving;

static void
saving_free (gpointer  data,
             GClosure *closure)
{
  Saving *saving = data;

  g_clear_pointer (&saving->bytes, g_bytes_unref);
  g_clear_object (&saving->file);
  g_free (saving);
}

static void
say_failure (GtkWidget    *window,
             const GError *error)
{
  GtkWidget *dialog;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  dialog = bobbin_fit_dialog (GTK_WINDOW (window), _("The File Was Not Saved"), error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
copied_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkWidget) window = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_file_copy_finish (G_FILE (source), result, &error))
    say_failure (window, error);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GtkWidget) window = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    say_failure (window, error);
}

void
bobbin_save_bytes_to (GtkWidget *parent,
                      GFile     *file,
                      GBytes    *bytes)
{
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, written_cb,
                                       g_object_ref (gtk_widget_get_root (parent)));
}

static void
response_cb (GtkFileChooserNative *chooser,
             int                   response,
             Saving               *saving)
{
  GtkWindow *window = gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (chooser));

  if (response == GTK_RESPONSE_ACCEPT && window != NULL)
    {
      g_autoptr(GFile) to = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      /* the mode of our private copy is not the person's wish for theirs */
      if (saving->file != NULL)
        g_file_copy_async (saving->file, to, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, G_PRIORITY_DEFAULT,
                           NULL, NULL, NULL, copied_cb, g_object_ref (window));
      else
        bobbin_save_bytes_to (GTK_WIDGET (window), to, saving->bytes);
    }
  g_object_unref (chooser);
}

static void
ask (GtkWidget  *parent,
     const char *name,
     Saving     *saving)
{
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save File"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE,
                                                               _("_Save"), _("_Cancel"));
  g_autofree char *clean = bobbin_text_clean_name (name != NULL && *name != '\0' ? name : _("file"));

  g_strdelimit (clean, "/", '_');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), clean);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  /* the reference held while it is open goes in the callback */
  g_signal_connect_data (chooser, "response", G_CALLBACK (response_cb), saving, saving_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
bobbin_save_bytes (GtkWidget  *parent,
                   const char *name,
                   GBytes     *bytes)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->bytes = g_bytes_ref (bytes);
  ask (parent, name, saving);
}

void
bobbin_save_text (GtkWidget  *parent,
                  const char *name,
                  const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  bobbin_save_bytes (parent, name, bytes);
}

void
bobbin_save_attachment (GtkWidget        *parent,
                        BobbinAttachment *attachment)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->file = g_file_new_for_path (bobbin_attachment_get_path (attachment));
  ask (parent, bobbin_attachment_get_shown_name (attachment), saving);
}
