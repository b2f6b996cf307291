#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-transfer-bar.h"

#include "bobbin-message-view.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *bar;      /* (nullable): of an upload */
  GtkWidget *words;
  GtkWidget *spinner;  /* (nullable): of a download, whose length is not known */
} Parts;

static void
progress_cb (BobbinBlock *block,
             GParamSpec  *pspec,
             GtkWidget   *box)
{
  Parts *parts = g_object_get_data (G_OBJECT (box), "parts");
  double progress = bobbin_block_get_progress (block);

  gtk_widget_set_visible (box, progress >= 0);
  if (parts->bar != NULL && progress >= 0)
    {
      /* Translators: how much of a file was sent. %d is a number, %% the percent sign. */
      g_autofree char *words = g_strdup_printf (_("%d %%"), (int) (progress * 100));

      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (parts->bar), progress);
      gtk_label_set_text (GTK_LABEL (parts->words), words);
    }
  if (parts->spinner != NULL)
    gtk_spinner_set_spinning (GTK_SPINNER (parts->spinner), progress >= 0);
}

static void
add_label (GtkWidget  *box,
           Parts      *parts,
           const char *text)
{
  parts->words = gtk_label_new (text);
  gtk_widget_add_css_class (parts->words, "caption");
  gtk_widget_add_css_class (parts->words, "dim-label");
  gtk_widget_add_css_class (parts->words, "numeric");
  gtk_box_append (GTK_BOX (box), parts->words);
}

static const char *
get_name (BobbinBlock *block)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);

  if (attachment != NULL)
    return bobbin_attachment_get_shown_name (attachment);

  return bobbin_block_get_name (block) != NULL ? bobbin_block_get_name (block) : "";
}

static void
add_upload (GtkWidget   *box,
            Parts       *parts,
            BobbinBlock *block)
{
  g_autofree char *name = bobbin_text_isolate (get_name (block));
  /* Translators: %s is the name of a file */
  g_autofree char *label = g_strdup_printf (_("Uploading “%s”"), name);

  parts->bar = gtk_progress_bar_new ();
  gtk_widget_set_hexpand (parts->bar, TRUE);
  gtk_widget_set_valign (parts->bar, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (parts->bar, 96, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parts->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (GTK_BOX (box), parts->bar);
  add_label (box, parts, "");
  gtk_label_set_width_chars (GTK_LABEL (parts->words), 5);
  gtk_label_set_xalign (GTK_LABEL (parts->words), 1);
}

static void
add_download (GtkWidget *box,
              Parts     *parts)
{
  parts->spinner = gtk_spinner_new ();
  gtk_box_append (GTK_BOX (box), parts->spinner);
  add_label (box, parts, _("Downloading…"));
  gtk_widget_set_hexpand (parts->words, TRUE);
  gtk_label_set_xalign (GTK_LABEL (parts->words), 0);
}

static void
add_cancel (GtkWidget   *box,
            BobbinBlock *block,
            gboolean     upload)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("bobbin-close-symbolic");
  g_autofree char *name = bobbin_text_isolate (get_name (block));
  g_autofree char *label = g_strdup_printf (upload ? _("Cancel upload of “%s”") : _("Cancel download of “%s”"), name);

  gtk_widget_set_tooltip_text (button, upload ? _("Cancel Upload") : _("Cancel Download"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "small-icon");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), upload ? "transcript.stop" : "transcript.cancel-fetch");
  if (!upload)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", bobbin_block_get_id (block));
  gtk_box_append (GTK_BOX (box), button);
}

GtkWidget *
bobbin_transfer_bar_new (BobbinBlock *block,
                         gboolean     upload)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  Parts *parts = g_new0 (Parts, 1);

  gtk_widget_add_css_class (box, "transfer");
  if (upload)
    add_upload (box, parts, block);
  else
    add_download (box, parts);
  add_cancel (box, block, upload);
  g_object_set_data_full (G_OBJECT (box), "parts", parts, g_free);
  g_signal_connect_object (block, "notify::progress", G_CALLBACK (progress_cb), box, 0);
  progress_cb (block, NULL, box);

  return box;
}

GtkWidget *
bobbin_transfer_bar_wrap (GtkWidget   *view,
                          BobbinBlock *block,
                          gboolean     upload)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_box_append (GTK_BOX (box), view);
  gtk_box_append (GTK_BOX (box), bobbin_transfer_bar_new (block, upload));

  return box;
}

gboolean
bobbin_transfer_fetch (GtkWidget   *widget,
                       BobbinBlock *block,
                       gboolean     save)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, BOBBIN_TYPE_MESSAGE_VIEW);

  if (row == NULL)
    return FALSE;

  return gtk_widget_activate_action (row, "transcript.fetch", "(xxb)",
                                     bobbin_message_get_id (bobbin_message_view_get_message (BOBBIN_MESSAGE_VIEW (row))),
                                     bobbin_block_get_id (block), save);
}

gboolean
bobbin_transfer_is_remote (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;

  return object != NULL && bobbin_json_get_string (object, "url") == NULL &&
         (bobbin_json_get_node (object, "file_id") != NULL || bobbin_json_get_node (object, "path") != NULL ||
          bobbin_json_get_node (object, "data_base64") != NULL);
}
