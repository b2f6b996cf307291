#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-progress-dialog.h"

#include "app/bobbin-fit.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* What takes less is not worth a window that comes and goes. */
#define DELAY_MS 300

struct _BobbinProgressDialog
{
  GtkWidget    *dialog;      /* weak: it goes with its parent */
  GtkWidget    *bar;         /* weak */
  GCancellable *cancellable;
  guint         timer;
};

static void
response_cb (AdwMessageDialog     *dialog,
             const char           *response,
             BobbinProgressDialog *self)
{
  g_cancellable_cancel (self->cancellable);
}

static gboolean
show_cb (gpointer user_data)
{
  BobbinProgressDialog *self = user_data;

  self->timer = 0;
  if (self->dialog != NULL)
    gtk_window_present (GTK_WINDOW (self->dialog));

  return G_SOURCE_REMOVE;
}

BobbinProgressDialog *
bobbin_progress_dialog_new (GtkWindow    *parent,
                            const char   *heading,
                            GCancellable *cancellable)
{
  BobbinProgressDialog *self = g_new0 (BobbinProgressDialog, 1);
  GtkWidget *dialog = bobbin_fit_dialog (parent, heading, NULL);
  GtkWidget *bar = gtk_progress_bar_new ();

  self->cancellable = g_object_ref (cancellable);
  gtk_widget_set_size_request (bar, 240, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, heading, -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), bar);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  g_set_weak_pointer (&self->dialog, dialog);
  g_set_weak_pointer (&self->bar, bar);
  self->timer = g_timeout_add (DELAY_MS, show_cb, self);

  return self;
}

void
bobbin_progress_dialog_set (BobbinProgressDialog *self,
                            guint64               done,
                            guint64               total)
{
  if (self->bar == NULL)
    return;

  if (total > 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), CLAMP ((double) done / (double) total, 0, 1));
  else
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->bar));
}

void
bobbin_progress_dialog_close (BobbinProgressDialog *self)
{
  GtkWidget *dialog = self->dialog;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (dialog != NULL)
    {
      g_signal_handlers_disconnect_by_data (dialog, self);
      gtk_window_destroy (GTK_WINDOW (dialog));
    }
  g_clear_weak_pointer (&self->dialog);
  g_clear_weak_pointer (&self->bar);
  g_object_unref (self->cancellable);
  g_free (self);
}
