#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-print.h"

#include "dialogs/bobbin-print-pages.h"
#include "dialogs/bobbin-progress-dialog.h"
#include "dialogs/bobbin-transfer.h"
#include "export/bobbin-export-text.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store.h"
#include "util/bobbin-error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* Of layout, before the main loop has its turn. */
#define SLICE_US 8000

typedef struct
{
  /* owned */
  GtkWindow            *parent;      /* (nullable) */
  BobbinStore          *store;
  BobbinThread         *thread;
  char                 *path;        /* (nullable): of the PDF; else the printer is asked for */
  char                 *unfinished;
  char                 *title;
  char                 *date;
  GPtrArray            *items;
  BobbinMessageRun     *run;
  guint                 at_message;
  BobbinPrintPages     *pages;
  BobbinProgressDialog *progress;    /* (nullable) */
  GtkPrintOperation    *operation;
  guint                 idle;
} Print;

static void
print_free (gpointer data)
{
  Print *self = data;

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->unfinished != NULL)
    g_unlink (self->unfinished);
  g_clear_pointer (&self->progress, bobbin_progress_dialog_close);
  g_clear_object (&self->operation);
  g_clear_pointer (&self->pages, bobbin_print_pages_free);
  g_clear_pointer (&self->run, bobbin_message_run_free);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->parent);
  g_object_unref (self->store);
  g_object_unref (self->thread);
  g_free (self->path);
  g_free (self->unfinished);
  g_free (self->title);
  g_free (self->date);
  g_free (self);
}

/* The operation */

static void
begin_print_cb (GtkPrintOperation *operation,
                GtkPrintContext   *context,
                Print             *self)
{
  PangoContext *pango = gtk_print_context_create_pango_context (context);

  pango_cairo_context_set_resolution (pango, 72);
  self->pages = bobbin_print_pages_new (self->items, pango, gtk_print_context_get_width (context),
                                        gtk_print_context_get_height (context), self->title, self->date);
  g_object_unref (pango);
}

/* Called again until all pages are known. */
static gboolean
paginate_cb (GtkPrintOperation *operation,
             GtkPrintContext   *context,
             Print             *self)
{
  gboolean done = bobbin_print_pages_step (self->pages, SLICE_US);

  if (self->progress != NULL)
    bobbin_progress_dialog_set (self->progress, (guint64) (1000 * bobbin_print_pages_get_done (self->pages)), 1000);
  if (done)
    gtk_print_operation_set_n_pages (operation, (int) bobbin_print_pages_get_n (self->pages));

  return done;
}

static void
draw_page_cb (GtkPrintOperation *operation,
              GtkPrintContext   *context,
              int                page,
              Print             *self)
{
  bobbin_print_pages_draw (self->pages, gtk_print_context_get_cairo_context (context), (guint) page);
}

static void
cancelled_cb (GCancellable      *cancellable,
              GtkPrintOperation *operation)
{
  gtk_print_operation_cancel (operation);
}

static void
finish_file (GTask *task)
{
  Print *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (g_chmod (self->unfinished, 0600) != 0 || g_rename (self->unfinished, self->path) != 0)
    {
      g_autofree char *name = g_filename_display_basename (self->path);

      g_set_error (&error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("“%s” may not be written there: choose another place"), name);
      g_task_return_error (task, error);
      return;
    }

  g_clear_pointer (&self->unfinished, g_free);
  g_task_return_int (task, self->pages != NULL ? (gssize) bobbin_print_pages_get_n (self->pages) : 0);
}

static void
done_cb (GtkPrintOperation       *operation,
         GtkPrintOperationResult  result,
         GTask                   *task)
{
  Print *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    {
      g_autoptr(GError) reason = NULL;

      gtk_print_operation_get_error (operation, &reason);
      g_set_error (&error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("the conversation could not be printed (%s): choose another place or printer"),
                   reason != NULL ? reason->message : "");
      g_task_return_error (task, error);
    }
  else if (result == GTK_PRINT_OPERATION_RESULT_CANCEL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  else if (self->path != NULL)
    finish_file (task);
  else
    g_task_return_int (task, (gssize) bobbin_print_pages_get_n (self->pages));
  g_object_unref (task);
}

/* Items are there: on to the pages. The task goes with the operation. */
static void
run_operation (GTask *task)
{
  Print *self = g_task_get_task_data (task);
  g_autoptr(GtkPageSetup) setup = gtk_page_setup_new ();
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  self->operation = gtk_print_operation_new ();
  gtk_page_setup_set_top_margin (setup, 18, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, 18, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, 20, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, 20, GTK_UNIT_MM);
  gtk_print_operation_set_default_page_setup (self->operation, setup);
  gtk_print_operation_set_unit (self->operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (self->operation, self->title);
  gtk_print_operation_set_allow_async (self->operation, TRUE);
  gtk_print_operation_set_embed_page_setup (self->operation, TRUE);
  if (self->path != NULL)
    gtk_print_operation_set_export_filename (self->operation, self->unfinished);
  else
    {
      /* The print dialog comes; GTK tells the rest. */
      g_clear_pointer (&self->progress, bobbin_progress_dialog_close);
      gtk_print_operation_set_show_progress (self->operation, TRUE);
    }
  g_signal_connect (self->operation, "begin-print", G_CALLBACK (begin_print_cb), self);
  g_signal_connect (self->operation, "paginate", G_CALLBACK (paginate_cb), self);
  g_signal_connect (self->operation, "draw-page", G_CALLBACK (draw_page_cb), self);
  g_signal_connect (self->operation, "done", G_CALLBACK (done_cb), task);
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), self->operation, 0);
  gtk_print_operation_run (self->operation, self->path != NULL ? GTK_PRINT_OPERATION_ACTION_EXPORT : GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                           self->parent, NULL);
}

/* Reading */

static void read_on (GTask *task);

static gboolean
items_cb (gpointer user_data)
{
  GTask *task = user_data;
  Print *self = g_task_get_task_data (task);
  gint64 until_us = g_get_monotonic_time () + SLICE_US;

  for (; self->at_message < self->run->messages->len; self->at_message++)
    {
      if (g_get_monotonic_time () > until_us)
        return G_SOURCE_CONTINUE;
      if (g_array_index (self->run->hidden, gint64, self->at_message) == 0)
        bobbin_print_items_add_message (self->items, self->run->messages->pdata[self->at_message]);
    }

  self->idle = 0;
  if (self->run->next_id != 0)
    read_on (task);
  else
    run_operation (task);

  return G_SOURCE_REMOVE;
}

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  GTask *task = user_data;
  Print *self = g_task_get_task_data (task);
  GError *error = NULL;
  BobbinMessageRun *run = bobbin_store_read_messages_finish (BOBBIN_STORE (source), result, &error);

  if (run == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  g_clear_pointer (&self->run, bobbin_message_run_free);
  self->run = run;
  self->at_message = 0;
  self->idle = g_idle_add (items_cb, task);
}

static void
read_on (GTask *task)
{
  Print *self = g_task_get_task_data (task);

  bobbin_store_read_messages_async (self->store, bobbin_thread_get_id (self->thread), self->run != NULL ? self->run->next_id : 0,
                                    g_task_get_cancellable (task), run_cb, task);
}

/* @path: (nullable) */
static void
start (GtkWindow           *parent,
       BobbinStore         *store,
       BobbinThread        *thread,
       const char          *path,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GCancellable) own = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  GTask *task = g_task_new (NULL, own, callback, user_data);
  Print *self = g_new0 (Print, 1);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, self, print_free);
  self->parent = parent != NULL ? g_object_ref (parent) : NULL;
  self->store = g_object_ref (store);
  self->thread = g_object_ref (thread);
  self->path = g_strdup (path);
  if (path != NULL)
    {
      g_autofree char *dir = g_path_get_dirname (path);

      self->unfinished = g_strdup_printf ("%s/.bobbin-%08x.pdf", dir, g_random_int ());
    }
  self->title = bobbin_export_dup_title (thread);
  self->date = g_date_time_format (now, "%x");
  self->items = bobbin_print_items_new (self->title);
  if (parent != NULL)
    self->progress = bobbin_progress_dialog_new (parent, path != NULL ? _("Saving as PDF") : _("Preparing to Print"), own);
  read_on (task);
}

void
bobbin_print_to_file_async (GtkWindow           *parent,
                            BobbinStore         *store,
                            BobbinThread        *thread,
                            const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  start (parent, store, thread, path, cancellable, callback, user_data);
}

gboolean
bobbin_print_to_file_finish (GAsyncResult  *result,
                             guint         *ret_n_pages,
                             GError       **error)
{
  gssize n = g_task_propagate_int (G_TASK (result), error);

  if (n < 0)
    return FALSE;
  if (ret_n_pages != NULL)
    *ret_n_pages = (guint) n;

  return TRUE;
}

static void
printed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GtkWindow) parent = user_data;
  g_autoptr(GError) error = NULL;

  if (!bobbin_print_to_file_finish (result, NULL, &error))
    bobbin_transfer_tell_failure (parent, _("The Conversation Was Not Printed"), error);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GtkWindow) parent = user_data;
  g_autoptr(GError) error = NULL;

  if (bobbin_print_to_file_finish (result, NULL, &error))
    bobbin_transfer_tell (parent, _("PDF saved"));
  else
    bobbin_transfer_tell_failure (parent, _("The PDF Was Not Saved"), error);
}

void
bobbin_print_thread (GtkWindow    *parent,
                     BobbinStore  *store,
                     BobbinThread *thread)
{
  start (parent, store, thread, NULL, NULL, printed_cb, g_object_ref (parent));
}

typedef struct
{
  BobbinStore  *store;
  BobbinThread *thread;
} Asked;

static void
asked_free (gpointer  data,
            GClosure *closure)
{
  Asked *asked = data;

  g_object_unref (asked->store);
  g_object_unref (asked->thread);
  g_free (asked);
}

static void
chosen_cb (GtkFileChooserNative *chooser,
           int                   response,
           Asked                *asked)
{
  GtkWindow *parent = gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (chooser));

  if (response == GTK_RESPONSE_ACCEPT && parent != NULL)
    {
      g_autofree char *path = bobbin_transfer_dup_path (parent, GTK_FILE_CHOOSER (chooser), "pdf");

      if (path != NULL)
        start (parent, asked->store, asked->thread, path, NULL, saved_cb, g_object_ref (parent));
    }
  g_object_unref (chooser);
}

void
bobbin_print_thread_to_pdf (GtkWindow    *parent,
                            BobbinStore  *store,
                            BobbinThread *thread)
{
  g_autofree char *title = bobbin_export_dup_title (thread);
  Asked *asked = g_new0 (Asked, 1);

  asked->store = g_object_ref (store);
  asked->thread = g_object_ref (thread);
  bobbin_transfer_ask_where (parent, _("Save as PDF"), title, "pdf", G_CALLBACK (chosen_cb), asked, asked_free);
}
