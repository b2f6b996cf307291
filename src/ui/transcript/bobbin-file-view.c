#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-file-view.h"

#include "app/bobbin-fit.h"
#include "bobbin-save.h"
#include "bobbin-transfer-bar.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static void
save_cb (GtkWidget        *button,
         BobbinAttachment *attachment)
{
  bobbin_save_attachment (button, attachment);
}

/* Programs may be opened by nothing but their own wish: what can run is only saved. */
static gboolean
may_open (BobbinAttachment *attachment)
{
  g_autofree char *type = g_content_type_from_mime_type (bobbin_attachment_get_content_type (attachment));
  g_autofree char *guessed = g_content_type_guess (bobbin_attachment_get_shown_name (attachment), NULL, 0, NULL);

  return type != NULL && !g_content_type_can_be_executable (type) && !g_content_type_can_be_executable (guessed);
}

/* A copy under its own name, so that the other program sees a name and cannot change ours. */
static GFile *
make_copy (BobbinAttachment  *attachment,
           GError           **error)
{
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", error);
  g_autofree char *path = dir != NULL ? g_build_filename (dir, bobbin_attachment_get_shown_name (attachment), NULL) : NULL;
  g_autoptr(GFile) from = g_file_new_for_path (bobbin_attachment_get_path (attachment));
  g_autoptr(GFile) to = path != NULL ? g_file_new_for_path (path) : NULL;

  if (to == NULL || !g_file_copy (from, to, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, error))
    return NULL;

  return g_steal_pointer (&to);
}

static void
open_response_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  BobbinAttachment *attachment)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (dialog));
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) copy = NULL;
  g_autofree char *uri = NULL;

  if (!g_str_equal (response, "open"))
    return;
  copy = make_copy (attachment, &error);
  if (copy == NULL)
    {
      g_warning ("The file could not be copied to be opened: %s", error->message);
      return;
    }
  uri = g_file_get_uri (copy);
  gtk_show_uri (window, uri, GDK_CURRENT_TIME);
}

/* Files come from strangers: another program opens one only when the person says so again. */
static void
open_cb (GtkWidget        *button,
         BobbinAttachment *attachment)
{
  GtkRoot *root = gtk_widget_get_root (button);
  g_autofree char *title = g_strdup_printf (_("Open “%s”?"), bobbin_attachment_get_shown_name (attachment));
  GtkWidget *dialog = bobbin_fit_dialog (GTK_WINDOW (root), title,
                                         _("It comes from the agent and is opened by another program. "
                                           "Open it only if you expect it."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "open", _("_Open"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (open_response_cb), g_object_ref (attachment),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource    *source,
                 double            x,
                 double            y,
                 BobbinAttachment *attachment)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) copy = make_copy (attachment, &error);

  return copy != NULL ? gdk_content_provider_new_typed (G_TYPE_FILE, copy) : NULL;
}

static void
add_drag (GtkWidget        *row,
          BobbinAttachment *attachment)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect_data (source, "prepare", G_CALLBACK (drag_prepare_cb), g_object_ref (attachment),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
}

static void
add_button (GtkWidget        *box,
            BobbinAttachment *attachment,
            const char       *icon,
            const char       *tooltip,
            const char       *format,
            GCallback         callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  g_autofree char *name = bobbin_text_isolate (bobbin_attachment_get_shown_name (attachment));
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);
  g_autofree char *label = g_strjoinv (name, parts);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_data (button, "clicked", callback, g_object_ref (attachment),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
make_icon (const char *type)
{
  g_autofree char *content_type = g_content_type_from_mime_type (type != NULL ? type : "application/octet-stream");
  g_autoptr(GIcon) icon = g_content_type_get_symbolic_icon (content_type != NULL ? content_type : "application/octet-stream");

  return gtk_image_new_from_gicon (icon);
}

static GtkWidget *
add_caption (GtkWidget  *box,
             const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

/* Icon, name, and a line about it; buttons may follow. */
static GtkWidget *
make_row (const char *content_type,
          const char *name,
          const char *about)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = gtk_label_new (name != NULL ? name : _("File"));

  gtk_widget_add_css_class (box, "file-row");
  gtk_box_append (GTK_BOX (box), make_icon (content_type));
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (title, name);
  gtk_box_append (GTK_BOX (texts), title);
  add_caption (texts, about);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), texts);

  return box;
}

GtkWidget *
bobbin_file_view_new (BobbinAttachment *attachment,
                      const char       *name)
{
  g_autofree char *size = attachment != NULL ? bobbin_text_size (bobbin_attachment_get_size (attachment)) : NULL;
  GtkWidget *box = make_row (attachment != NULL ? bobbin_attachment_get_content_type (attachment) : NULL,
                             attachment != NULL ? bobbin_attachment_get_shown_name (attachment) : name,
                             size != NULL ? size : _("Not on this computer"));

  if (attachment == NULL)
    return box;
  if (may_open (attachment))
    add_button (box, attachment, "bobbin-next-symbolic", _("Open…"), _("Open “%s”…"), G_CALLBACK (open_cb));
  add_button (box, attachment, "bobbin-save-symbolic", _("Save As…"), _("Save “%s” As…"), G_CALLBACK (save_cb));
  add_drag (box, attachment);

  return box;
}

static void
fetch_cb (GtkWidget   *button,
          BobbinBlock *block)
{
  bobbin_transfer_fetch (button, block, TRUE);
}

/* It cannot be asked for twice. */
static void
progress_cb (BobbinBlock *block,
             GParamSpec  *pspec,
             GtkWidget   *button)
{
  gtk_widget_set_sensitive (button, bobbin_block_get_progress (block) < 0);
}

GtkWidget *
bobbin_file_view_new_for_remote (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  gint64 size = object != NULL ? bobbin_json_get_int (object, "size", -1) : -1;
  const char *told = object != NULL ? bobbin_json_get_string (object, "name") : NULL;
  g_autofree char *name = told != NULL ? bobbin_text_clean_name (told) : g_strdup (bobbin_block_get_name (block));
  g_autofree char *isolated = bobbin_text_isolate (name != NULL ? name : _("File"));
  g_autofree char *label = g_strdup_printf (_("Save “%s” As…"), isolated);
  g_autofree char *size_words = size >= 0 ? bobbin_text_size (size) : NULL;
  /* Translators: where a file is that was not fetched yet; %s is its size. */
  g_autofree char *about = size_words != NULL ? g_strdup_printf (_("On the server, %s"), size_words) : g_strdup (_("On the server"));
  const char *type = object != NULL ? bobbin_json_get_string (object, "content_type") : NULL;
  g_autofree char *guess = type == NULL && name != NULL ? g_content_type_guess (name, NULL, 0, NULL) : NULL;
  g_autofree char *guessed = guess != NULL ? g_content_type_get_mime_type (guess) : NULL;
  GtkWidget *box = make_row (type != NULL ? type : guessed, name, about);
  GtkWidget *button = gtk_button_new_from_icon_name ("bobbin-save-symbolic");

  gtk_widget_set_tooltip_text (button, _("Save As…"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (fetch_cb), block, 0);
  g_signal_connect_object (block, "notify::progress", G_CALLBACK (progress_cb), button, 0);
  progress_cb (block, NULL, button);
  gtk_box_append (GTK_BOX (box), button);

  return box;
}
