/* Files for the draft: chosen, pasted, dropped. */
#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-composer-private.h"

#include "session/bobbin-session.h"

#include <glib/gi18n.h>

#define LONG_TEXT 10000 /* characters: from here a pasted text is offered to become a file */

static void
insert_text (BobbinComposer *self,
             const char     *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (buffer, text, -1);
  gtk_text_buffer_end_user_action (buffer);
  gtk_text_view_scroll_mark_onscreen (self->text_view, gtk_text_buffer_get_insert (buffer));
}

/* A link of a browser comes as a list of files too. Nobody asked for what is behind it: it is words. */
static gboolean
is_link (GFile *file)
{
  return g_file_has_uri_scheme (file, "http") || g_file_has_uri_scheme (file, "https");
}

void
bobbin_composer_add_files (BobbinComposer *self,
                           GSList         *files)
{
  g_autoptr(GString) links = g_string_new (NULL);

  g_return_if_fail (BOBBIN_IS_COMPOSER (self));

  if (self->session == NULL)
    return;

  _bobbin_composer_show_problem (self, NULL);
  for (GSList *l = files; l != NULL; l = l->next)
    if (is_link (l->data))
      {
        g_autofree char *uri = g_file_get_uri (l->data);

        g_string_append_printf (links, "%s%s", links->len > 0 ? "\n" : "", uri);
      }
    else
      {
        bobbin_session_attach_file (self->session, G_FILE (l->data));
      }
  if (links->len > 0)
    insert_text (self, links->str);
}

/* Choosing */

static void
chosen_cb (BobbinComposer *self,
           int             response)
{
  g_autoptr(GListModel) files = NULL;
  g_autoptr(GSList) list = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));
  for (guint i = files != NULL ? g_list_model_get_n_items (files) : 0; i > 0; i--)
    list = g_slist_prepend (list, g_list_model_get_item (files, i - 1));

  bobbin_composer_add_files (self, list);
  g_slist_foreach (list, (GFunc) (void (*) (void)) g_object_unref, NULL);
  g_clear_object (&self->chooser);
  bobbin_composer_grab_focus (self);
}

void
_bobbin_composer_choose_files (BobbinComposer *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->session == NULL || self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Attach Files"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Attach"), _("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* Images: the encoding to PNG is done by a thread of its own */

static void
encode_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  g_task_return_pointer (task, gdk_texture_save_to_png_bytes (task_data), (GDestroyNotify) g_bytes_unref);
}

static void
encoded_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BobbinComposer *self = BOBBIN_COMPOSER (source);
  g_autoptr(GBytes) bytes = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Cancelled when another conversation is shown. */
  if (bytes != NULL && self->session != NULL)
    bobbin_session_attach_bytes (self->session, bytes, _("Pasted Image.png"), "image/png");
}

static void
attach_texture (BobbinComposer *self,
                GdkTexture     *texture)
{
  g_autoptr(GTask) task = g_task_new (self, self->cancellable, encoded_cb, NULL);

  g_task_set_source_tag (task, attach_texture);
  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  g_task_run_in_thread (task, encode_thread);
}

/* Pasting */

static void
files_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BobbinComposer) self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (value != NULL)
    bobbin_composer_add_files (self, g_value_get_boxed (value));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _bobbin_composer_show_problem (self, _("What is in the clipboard could not be read."));
}

static void
texture_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(BobbinComposer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, &error);

  if (texture != NULL)
    attach_texture (self, texture);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _bobbin_composer_show_problem (self, _("The image in the clipboard could not be read."));
}

/* The keyboard does not go nowhere with what is folded away. */
void
_bobbin_composer_take_focus_from (BobbinComposer *self,
                                  GtkRevealer    *revealer)
{
  if (gtk_widget_get_focus_child (GTK_WIDGET (revealer)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

void
_bobbin_composer_clear_offer (BobbinComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);

  _bobbin_composer_take_focus_from (self, self->offer_revealer);
  gtk_revealer_set_reveal_child (self->offer_revealer, FALSE);
  self->pasting_file = FALSE;
  if (self->paste_start == NULL)
    return;

  gtk_text_buffer_delete_mark (buffer, self->paste_start);
  gtk_text_buffer_delete_mark (buffer, self->paste_end);
  self->paste_start = NULL;
  self->paste_end = NULL;
}

/* The text is in the draft already, so nothing is lost if the offer is ignored. */
static void
offer_file (BobbinComposer *self,
            GtkTextIter    *end,
            glong           n_chars)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *words = NULL;
  GtkTextIter start = *end;

  _bobbin_composer_clear_offer (self);
  gtk_text_iter_backward_chars (&start, (int) n_chars);
  self->paste_start = gtk_text_buffer_create_mark (buffer, NULL, &start, TRUE);
  self->paste_end = gtk_text_buffer_create_mark (buffer, NULL, end, FALSE);
  words = g_strdup_printf (ngettext ("The pasted text has %'ld character. Attach it as a file instead?",
                                     "The pasted text has %'ld characters. Attach it as a file instead?", (gulong) n_chars),
                           n_chars);
  gtk_label_set_label (self->offer_label, words);
  gtk_revealer_set_reveal_child (self->offer_revealer, TRUE);
}

void
_bobbin_composer_paste_as_file (BobbinComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  GtkTextIter start;
  GtkTextIter end;

  if (self->session == NULL || self->paste_start == NULL)
    return;

  gtk_text_buffer_get_iter_at_mark (buffer, &start, self->paste_start);
  gtk_text_buffer_get_iter_at_mark (buffer, &end, self->paste_end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  bytes = g_bytes_new (text, strlen (text));
  self->pasting_file = TRUE;
  _bobbin_composer_take_focus_from (self, self->offer_revealer);
  gtk_revealer_set_reveal_child (self->offer_revealer, FALSE);
  bobbin_session_attach_bytes (self->session, bytes, _("Pasted Text.txt"), "text/plain");
}

/* Only now that the file is there the text goes: it may have been refused. */
void
_bobbin_composer_attached (BobbinComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start;
  GtkTextIter end;

  if (!self->pasting_file || self->paste_start == NULL)
    return;

  gtk_text_buffer_get_iter_at_mark (buffer, &start, self->paste_start);
  gtk_text_buffer_get_iter_at_mark (buffer, &end, self->paste_end);
  gtk_text_buffer_delete (buffer, &start, &end);
  _bobbin_composer_clear_offer (self);
}

static void
text_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BobbinComposer) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter end;
  glong n_chars;

  if (text == NULL)
    return; /* nothing to paste, or another conversation is shown now */

  n_chars = g_utf8_strlen (text, -1);
  insert_text (self, text);
  if (n_chars > LONG_TEXT && gtk_widget_get_visible (self->attach_button))
    {
      gtk_text_buffer_get_iter_at_mark (buffer, &end, gtk_text_buffer_get_insert (buffer));
      offer_file (self, &end, n_chars);
    }
}

/* Files before images before text: a copied file also comes as its name, a copied cell of a sheet also as a picture. */
static void
paste_cb (BobbinComposer *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  GdkContentFormats *formats = gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard));
  gboolean can_attach = gtk_widget_get_visible (self->attach_button);

  if (self->session == NULL)
    {
      gdk_content_formats_unref (formats);
      return;
    }

  g_signal_stop_emission_by_name (self->text_view, "paste-clipboard");
  formats = gdk_content_formats_union_deserialize_gtypes (formats);
  if (can_attach && gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, self->cancellable, files_read_cb,
                                    g_object_ref (self));
  else if (can_attach && !gdk_content_formats_contain_gtype (formats, G_TYPE_STRING) &&
           gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE))
    gdk_clipboard_read_texture_async (clipboard, self->cancellable, texture_read_cb, g_object_ref (self));
  else
    gdk_clipboard_read_text_async (clipboard, self->cancellable, text_read_cb, g_object_ref (self));
  gdk_content_formats_unref (formats);
}

/* Dropping */

static gboolean
drop_cb (BobbinComposer *self,
         const GValue   *value)
{
  if (self->session == NULL)
    return FALSE;

  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    bobbin_composer_add_files (self, g_value_get_boxed (value));
  else if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    attach_texture (self, g_value_get_object (value));
  else
    return FALSE;

  bobbin_composer_grab_focus (self);
  return TRUE;
}

void
_bobbin_composer_init_files (BobbinComposer *self)
{
  /* the list first: with G_TYPE_FILE only the first of several files would come */
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  /* before the text view, which would take the file's address as text */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  g_signal_connect_object (self->text_view, "paste-clipboard", G_CALLBACK (paste_cb), self, G_CONNECT_SWAPPED);
}
