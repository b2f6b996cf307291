/* Intents of the rows about what lies on the server: files that are fetched, messages that are deleted there. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-save.h"
#include "bobbin-transcript-private.h"

#include "app/bobbin-fit.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "session/bobbin-session.h"
#include "ui/app/bobbin-failure-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static void
say_failure (BobbinTranscript *self,
             const char       *title,
             const GError     *error)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *words = NULL;
  GtkWidget *dialog;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !GTK_IS_WINDOW (root))
    return;

  words = bobbin_error_dup_sentence (error);
  dialog = bobbin_fit_dialog (GTK_WINDOW (root), title, words);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Files */

typedef struct
{
  BobbinTranscript *transcript; /* owned */
  BobbinBlock      *block;      /* owned */
  gint64            id;
  gboolean          save;
} Fetch;

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Fetch *fetch = user_data;
  g_autoptr(BobbinTranscript) self = fetch->transcript;
  g_autoptr(BobbinBlock) block = fetch->block;
  g_autoptr(GError) error = NULL;
  gboolean fetched = bobbin_session_fetch_file_finish (BOBBIN_SESSION (source), result, &error);

  if (self->fetches != NULL)
    g_hash_table_remove (self->fetches, &fetch->id);
  if (!fetch->save || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (!fetched)
    say_failure (self, _("The File Could Not Be Fetched"), error);
  else if (bobbin_block_get_attachment (block) != NULL)
    bobbin_save_attachment (GTK_WIDGET (self), bobbin_block_get_attachment (block));
}

static void
fetch_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(BobbinMessage) message = NULL;
  BobbinBlock *block;
  Fetch *fetch;
  gint64 message_id;
  gint64 block_id;
  gboolean save;

  g_variant_get (parameter, "(xxb)", &message_id, &block_id, &save);
  message = _bobbin_transcript_find_message (self, message_id, NULL);
  block = message != NULL ? _bobbin_transcript_find_block (message, block_id) : NULL;
  if (block == NULL || bobbin_block_get_progress (block) >= 0)
    return;

  fetch = g_new0 (Fetch, 1);
  fetch->transcript = g_object_ref (self);
  fetch->block = g_object_ref (block);
  fetch->id = block_id;
  fetch->save = save;
  g_hash_table_replace (self->fetches, g_memdup2 (&block_id, sizeof block_id), g_object_ref (cancellable));
  bobbin_session_fetch_file_async (self->session, message, block, cancellable, fetched_cb, fetch);
}

static void
cancel_fetch_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  gint64 id = g_variant_get_int64 (parameter);
  GCancellable *cancellable = g_hash_table_lookup (self->fetches, &id);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

static void
source_fetched_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BobbinTranscript) self = BOBBIN_TRANSCRIPT (user_data);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = bobbin_session_fetch_source_finish (BOBBIN_SESSION (source), result, &name, &error);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (bytes == NULL)
    say_failure (self, _("The File Could Not Be Fetched"), error);
  else
    bobbin_save_bytes (GTK_WIDGET (self), name, bytes);
}

static void
fetch_source_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);

  if (self->session != NULL)
    bobbin_session_fetch_source_async (self->session, g_variant_get_string (parameter, NULL), NULL, source_fetched_cb,
                                       g_object_ref (self));
}

static void
name_sources_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autoptr(BobbinMessage) message = NULL;
  BobbinBlock *block;
  gint64 message_id;
  gint64 block_id;

  g_variant_get (parameter, "(xx)", &message_id, &block_id);
  message = _bobbin_transcript_find_message (self, message_id, NULL);
  block = message != NULL ? _bobbin_transcript_find_block (message, block_id) : NULL;
  if (block != NULL)
    bobbin_session_name_sources (self->session, message, block);
}

static void
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);

  if (self->session != NULL)
    bobbin_session_stop (self->session);
}

/* Deleting */

typedef struct
{
  BobbinTranscript *transcript; /* owned */
  BobbinMessage    *message;    /* owned */
} Deletion;

static void
deletion_free (gpointer  data,
               GClosure *closure)
{
  Deletion *deletion = data;

  g_object_unref (deletion->transcript);
  g_object_unref (deletion->message);
  g_free (deletion);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinTranscript) self = BOBBIN_TRANSCRIPT (user_data);
  g_autoptr(GError) error = NULL;

  if (!bobbin_session_delete_on_server_finish (BOBBIN_SESSION (source), result, &error))
    say_failure (self, _("The Message Was Not Deleted"), error);
}

static void
delete_response_cb (AdwMessageDialog *dialog,
                    const char       *response,
                    Deletion         *deletion)
{
  BobbinTranscript *self = deletion->transcript;

  if (g_str_equal (response, "delete") && self->session != NULL)
    bobbin_session_delete_on_server_async (self->session, deletion->message, NULL, deleted_cb, g_object_ref (self));
}

/* There it cannot be taken back. */
static void
ask_to_delete (BobbinTranscript *self,
               BobbinMessage    *message)
{
  Deletion *deletion = g_new0 (Deletion, 1);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = bobbin_fit_dialog (GTK_WINDOW (root), _("Delete Message?"),
                                         _("It is deleted from this computer and from the server, and the agent "
                                           "will no longer know of it. This cannot be undone."));

  deletion->transcript = g_object_ref (self);
  deletion->message = g_object_ref (message);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (delete_response_cb), deletion, deletion_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
delete_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autoptr(BobbinMessage) message = _bobbin_transcript_find_message (self, g_variant_get_int64 (parameter), NULL);

  if (message == NULL)
    return;
  if (bobbin_session_deletes_on_server (self->session, message))
    ask_to_delete (self, message);
  else
    bobbin_session_delete_message (self->session, message);
}

/* What the rows offer beside reading. */
void
_bobbin_transcript_update_service (BobbinTranscript *self)
{
  BobbinBackend *backend = self->session != NULL ? bobbin_session_get_backend (self->session) : NULL;

  bobbin_column_set_service (self->column, backend != NULL && bobbin_backend_can (backend, BOBBIN_CAN_DOWNLOAD),
                             backend != NULL && bobbin_backend_can (backend, BOBBIN_CAN_EDIT_HISTORY));
}

void
_bobbin_transcript_install_remote (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "transcript.fetch", "(xxb)", fetch_action);
  gtk_widget_class_install_action (widget_class, "transcript.cancel-fetch", "x", cancel_fetch_action);
  gtk_widget_class_install_action (widget_class, "transcript.fetch-source", "s", fetch_source_action);
  gtk_widget_class_install_action (widget_class, "transcript.name-sources", "(xx)", name_sources_action);
  gtk_widget_class_install_action (widget_class, "transcript.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "transcript.delete", "x", delete_action);
}
